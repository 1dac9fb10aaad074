//! Commands that print.

use super::commands::Call;
use super::session::{Outcome, Session};
use super::words::split;
use crate::results::plot::VectorKind;
use crate::results::vectors::{VectorValue, table};

impl Session<'_, '_, '_> {
    /// `echo [-n] words`
    pub fn echo(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        let (words, end) = match words.split_first() {
            Some((first, rest)) if first == "-n" => (rest, ""),
            _ => (&words[..], "\n"),
        };
        let text = format!("{}{end}", words.join(" "));
        self.say(&text);
        Ok(())
    }

    /// `print [col|line] expressions`
    pub fn print(&mut self, call: &Call) -> Outcome {
        let (first, rest) = call.text.split_once(char::is_whitespace).unwrap_or((&call.text, ""));
        let (form, text) = match first.to_lowercase().as_str() {
            "col" => (Some(true), rest),
            "line" => (Some(false), rest),
            _ => (None, call.text.as_str()),
        };
        let mut problems = Vec::new();
        let mut values = self.values(text, &mut problems)?;
        // A node that is called by a number does not look like one.
        let is_number = |value: &VectorValue| value.name.bytes().all(|byte| byte.is_ascii_digit());
        for value in values.iter_mut().filter(|value| value.kind == VectorKind::Voltage && is_number(value)) {
            value.name = format!("v({})", value.name);
        }
        let layout = self.layout();
        let several = values.iter().any(|value| value.plot != values[0].plot);
        if form.unwrap_or(values.iter().any(|value| value.len() > 1)) {
            if let Some(first) = values.first() {
                let text = table::columns(&values, &self.store.plots[first.plot], layout);
                self.say(&text);
            }
        } else {
            if several {
                let plots = &self.store.plots;
                values
                    .iter_mut()
                    .for_each(|value| value.name = format!("{}.{}", plots[value.plot].type_name, value.name));
            }
            let text = table::lines(&values, layout.digits);
            self.say(&text);
        }
        match problems.into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(()),
        }
    }

    /// `display [names]`
    pub fn display(&mut self, call: &Call) -> Outcome {
        let mut plot = self.store.current().clone();
        let names: Vec<String> = split(&call.text.to_lowercase());
        if !names.is_empty() {
            plot.vectors.retain(|vector| names.contains(&vector.name));
        }
        let text = table::display(&plot);
        self.say(&text);
        Ok(())
    }

    /// The cards of the deck, numbered.
    pub fn listing(&mut self) -> Outcome {
        let Some(file) = self.deck.sources.files().first() else { return Ok(()) };
        let visible = file.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let lines: String = visible.map(|(index, line)| format!("{:>6} : {}\n", index + 1, line.trim_end())).collect();
        let text = format!("\t{}\n\n{lines}", self.deck.title);
        self.say(&text);
        Ok(())
    }

    /// Times so far.
    pub fn usage(&mut self, _call: &Call) -> Outcome {
        let text = format!(
            "Total analysis time (seconds) = {:.3}\n\nTotal elapsed time (seconds) = {:.3}\n\n",
            self.analysis_time.as_secs_f64(),
            self.start.elapsed().as_secs_f64()
        );
        self.say(&text);
        Ok(())
    }
}
