//! `set`, `let`, `define` and what chooses plots.

use super::commands::Call;
use super::session::{Outcome, Problem, Session};
use super::variables::{Variable, assignments};
use crate::mna::vectors::VectorKind;
use crate::results::value::Samples;
use crate::results::vectors::{Definition, NamedVector};

/// Variables that are options of the simulator too.
pub const SIMULATOR_OPTIONS: &[&str] = &[
    "temp", "tnom", "reltol", "abstol", "vntol", "gmin", "trtol", "chgtol", "itl1", "itl2", "itl4", "method", "maxord",
];

/// Variables that mean something to commands, and what.
pub const VARIABLES: &[(&str, &str)] = &[
    ("filetype", "`write` makes raw files that are `binary` or `ascii`"),
    ("appendwrite", "`write` and `wrdata` add to the end of a file"),
    ("wr_singlescale", "`wrdata` writes the scale once"),
    ("wr_vecnames", "`wrdata` writes the names of the vectors first"),
    ("numdgt", "Digits of printed numbers"),
    ("units", "`degrees`: angles are in degrees"),
    ("rndseed", "Seed of random numbers"),
    ("curplot", "The current plot; to set it is `setplot`"),
    ("curplotname, plots", "The current plot's name, and all plots; they are not set"),
];

impl Session<'_, '_, '_> {
    /// `set name`, `set name=value`, `set name = ( a b )`; without arguments the list of all.
    pub fn set(&mut self, call: &Call) -> Outcome {
        let found = assignments(&call.text)?;
        if found.is_empty() {
            let text = self.variables.listed();
            self.say(&text);
        }
        for (name, value) in found {
            let name = name.to_lowercase();
            if let (true, Variable::Text(text)) = (SIMULATOR_OPTIONS.contains(&name.as_str()), &value) {
                self.add_card(format!(".options {name}={}", text.to_lowercase()), call);
            }
            if let ("curplot", Variable::Text(text)) = (name.as_str(), &value) {
                self.choose_plot(text)?;
                continue;
            }
            if let ("rndseed", Variable::Text(text)) = (name.as_str(), &value) {
                self.seed_random(text.trim().parse().map_err(|_| "expected a whole number")?);
            }
            self.variables.set(&name, value);
        }
        Ok(())
    }

    /// `let name = expression`, `let name[index] = expression`
    pub fn let_vector(&mut self, call: &Call) -> Outcome {
        let text = call.text.to_lowercase();
        if text.trim().is_empty() {
            return self.display(call);
        }
        let Some((left, right)) = text.split_once('=') else { return Err("expected `let name = expression`".into()) };
        let (name, index) = match left.split_once('[') {
            Some((name, index)) => {
                let index = index.trim_end().strip_suffix(']').ok_or("a `[` without its `]`")?;
                (name.trim(), Some(index.to_string()))
            }
            None => (left.trim(), None),
        };
        let (plot, name) = match name.split_once('.') {
            Some((plot, name)) if self.store.plot_named(plot).is_some() => (self.store.plot_named(plot), name),
            _ => (None, name),
        };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '#' | '-' | '(' | ')');
        if name.is_empty() || name == "all" || !name.chars().all(is_name) {
            return Err(format!("`{name}` cannot be the name of a vector").into());
        }
        let value = self.value(right)?;
        let plot = plot.unwrap_or_else(|| self.store.home(name));
        let vector = match index {
            None => NamedVector { name: name.into(), kind: value.kind, samples: value.samples, hidden: false },
            Some(index) => {
                let at = self.value(&index)?.first().unwrap_or(-1.0);
                let old = self.store.plots[plot].find(name).cloned();
                with_element(old.ok_or_else(|| format!("there is no vector `{name}`"))?, at, &value.samples)?
            }
        };
        self.store.plots[plot].set(vector);
        Ok(())
    }

    pub fn unlet(&mut self, call: &Call) -> Outcome {
        for name in call.words() {
            if !self.store.current_mut().remove(&name.to_lowercase()) {
                return Err(format!("there is no vector `{name}` that can be removed").into());
            }
        }
        Ok(())
    }

    /// `define f(a, b) expression`
    pub fn define(&mut self, call: &Call) -> Outcome {
        let text = call.text.to_lowercase();
        let expected = "expected `define name(a, b) expression`";
        let (head, body) = text.split_once(')').ok_or(expected)?;
        let (name, arguments) = head.split_once('(').ok_or(expected)?;
        let arguments: Vec<_> = arguments.split(',').map(|argument| argument.trim().into()).collect();
        let body = body.trim().trim_start_matches('=');
        let expressions = self.expressions(body)?;
        let [(body, _)] = &expressions[..] else { return Err(Problem::from(expected)) };
        let definition = Definition { arguments, body: body.clone() };
        let known = self.definitions.entry(name.trim().to_string()).or_default();
        known.retain(|other| other.arguments.len() != definition.arguments.len());
        known.push(definition);
        Ok(())
    }

    /// `setplot [name|new|previous|next]`; without a name the list of plots.
    pub fn set_plot(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        let Some(name) = words.first() else {
            let text = self.plot_list();
            self.say(&text);
            return Ok(());
        };
        self.choose_plot(name)
    }

    /// Makes the plot that `name` says the current one.
    fn choose_plot(&mut self, name: &str) -> Outcome {
        let last = self.store.plots.len() - 1;
        match name.to_lowercase().as_str() {
            "new" => {
                let type_name = self.store.next_type_name("unknown");
                let (title, date) = (self.deck.title.to_string(), (self.settings.date)());
                let name = "Anonymous".to_string();
                let plot = crate::results::vectors::VectorPlot {
                    type_name,
                    title,
                    name,
                    date,
                    vectors: Vec::new(),
                    scale: None,
                };
                self.store.add(plot);
            }
            // The list begins with the newest plot.
            "previous" => self.store.current = (self.store.current + 1).min(last),
            "next" => self.store.current = self.store.current.saturating_sub(1),
            name => {
                let found = self.store.plot_named(name);
                self.store.current = found.ok_or_else(|| format!("there is no plot `{name}`"))?;
            }
        }
        Ok(())
    }

    fn plot_list(&self) -> String {
        let mut text = String::from("List of plots available:\n\n");
        for (index, plot) in self.store.plots.iter().enumerate().rev() {
            let mark = if index == self.store.current { "Current " } else { "\t" };
            text.push_str(&format!("{mark}{}\t{} ({})\n", plot.type_name, plot.title, plot.name));
        }
        text
    }

    /// `setscale vector`
    pub fn set_scale(&mut self, call: &Call) -> Outcome {
        let name = call.text.trim().to_lowercase();
        let position = self.store.current().position(&name);
        self.store.current_mut().scale = Some(position.ok_or_else(|| format!("there is no vector `{name}`"))?);
        Ok(())
    }

    /// `settype voltage vector …`
    pub fn set_type(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        let Some((kind, names)) = words.split_first() else { return Err("expected `settype type vectors`".into()) };
        let kind = match kind.to_lowercase().as_str() {
            "time" => VectorKind::Time,
            "frequency" => VectorKind::Frequency,
            "voltage" => VectorKind::Voltage,
            "current" => VectorKind::Current,
            _ => VectorKind::Other,
        };
        for name in names {
            let plot = self.store.current_mut();
            let position = plot.position(&name.to_lowercase()).ok_or_else(|| format!("there is no vector `{name}`"))?;
            plot.vectors[position].kind = kind;
        }
        Ok(())
    }

    /// `destroy [all|name …]`: without a name the current plot.
    pub fn destroy(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        match words.first().map(|word| word.to_lowercase()).as_deref() {
            None => self.store.remove(self.store.current),
            Some("all") => {
                self.store.plots.truncate(1);
                self.store.current = 0;
            }
            Some(_) => {
                for name in &words {
                    let found = self.store.plot_named(name).ok_or_else(|| format!("there is no plot `{name}`"))?;
                    self.store.remove(found);
                }
            }
        }
        Ok(())
    }
}

/// `vector` with one element replaced; it grows if the element is just behind its end.
fn with_element(mut vector: NamedVector, at: f64, value: &Samples) -> Outcome<NamedVector> {
    let count = vector.len();
    if at < 0.0 || at.round() as usize > count {
        return Err(format!("the index {at} is outside of the vector, which has {count} values").into());
    }
    let at = at.round() as usize;
    if let (Samples::Real(values), Samples::Complex(_)) = (&vector.samples, value) {
        let complex = values.iter().map(|&value| faer::c64::new(value, 0.0)).collect();
        vector.samples = Samples::Complex(complex);
    }
    match (&mut vector.samples, value) {
        (Samples::Real(values), Samples::Real(new)) => put(values, at, new.first().copied())?,
        (Samples::Complex(values), Samples::Complex(new)) => put(values, at, new.first().copied())?,
        (Samples::Complex(values), Samples::Real(new)) => {
            put(values, at, new.first().map(|&value| faer::c64::new(value, 0.0)))?;
        }
        (Samples::Real(_), Samples::Complex(_)) => {}
    }
    Ok(vector)
}

fn put<T>(values: &mut Vec<T>, at: usize, value: Option<T>) -> Outcome {
    let Some(value) = value else { return Err("the right side has no value".into()) };
    match values.get_mut(at) {
        Some(place) => *place = value,
        None => values.push(value),
    }
    Ok(())
}
