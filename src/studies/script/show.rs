//! `show` and `showmod`: what stands on the cards of elements and models, as the circuit is now.

use super::commands::Call;
use super::session::{Outcome, Problem, Session};
use crate::circuit::element::{Parameter, Value};
use crate::circuit::{Circuit, elaborate};
use crate::results::fourier::significant;

/// What a command asks for: names or letters, and parameters behind a colon.
struct Wanted {
    names: Vec<String>,
    parameters: Vec<String>,
}

impl Wanted {
    fn read(call: &Call) -> Wanted {
        let text = call.text.replace(',', " ").to_lowercase();
        let (names, parameters) = text.split_once(':').unwrap_or((&text, ""));
        let words = |text: &str| text.split_whitespace().filter(|word| *word != "all").map(str::to_owned).collect();
        Wanted { names: words(names), parameters: words(parameters) }
    }

    /// Whether one of these names is meant: all are without any.
    fn has(&self, names: &[&str]) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| names.contains(&wanted.as_str()))
    }

    fn rows(&self, parameters: &[Parameter]) -> String {
        let shown = |name: &str| self.parameters.is_empty() || self.parameters.iter().any(|wanted| wanted == name);
        let rows = parameters.iter().filter(|parameter| shown(&parameter.name));
        rows.map(|parameter| row(&parameter.name, &text_of(&parameter.value))).collect()
    }
}

fn row(name: &str, value: &str) -> String {
    format!("{name:>11} {value:>21}\n")
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Number(number) => significant(*number, 6),
        Value::Word(word) => word.to_string(),
        Value::List(items) => items.iter().map(|item| text_of(&item.item)).collect::<Vec<String>>().join(","),
        Value::Expression(_) => "an expression".into(),
        Value::Call(call) => call.function.to_string(),
    }
}

impl Session<'_, '_, '_> {
    /// The circuit with everything that the script has changed.
    fn altered_circuit(&self) -> Outcome<Circuit> {
        elaborate(self.deck, &self.overrides).map_err(Problem::Reported)
    }

    /// `show [element|letter …] [: parameter …]`
    pub(super) fn show(&mut self, call: &Call) -> Outcome {
        let (wanted, circuit) = (Wanted::read(call), self.altered_circuit()?);
        let mut text = String::new();
        for element in &circuit.elements {
            let letter = char::from(element.letter).to_string();
            if !wanted.has(&[&element.name, &letter]) {
                continue;
            }
            text.push_str(&row("device", &element.name));
            text.extend(element.model.map(|id| row("model", &circuit.model(id).name)));
            if wanted.parameters.is_empty() {
                text.extend(element.values.iter().map(|value| row("value", &text_of(&value.item))));
            }
            text.push_str(&wanted.rows(&element.parameters));
            text.push('\n');
        }
        self.say(if text.is_empty() { "No matching instances\n" } else { &text });
        Ok(())
    }

    /// `showmod [model|element …] [: parameter …]`
    pub(super) fn show_models(&mut self, call: &Call) -> Outcome {
        let (wanted, circuit) = (Wanted::read(call), self.altered_circuit()?);
        let mut text = String::new();
        for (index, model) in circuit.models.iter().enumerate() {
            let users =
                circuit.elements.iter().filter(|element| element.model.is_some_and(|id| id.0 as usize == index));
            let users: Vec<&str> = users.map(|element| &*element.name).collect();
            if wanted.has(&[&model.name]) || users.iter().any(|user| wanted.has(&[user])) {
                text.push_str(&row("model", &model.name));
                text.push_str(&row("kind", &model.kind));
                text.push_str(&wanted.rows(&model.parameters));
                text.push('\n');
            }
        }
        self.say(if text.is_empty() { "No matching models\n" } else { &text });
        Ok(())
    }
}
