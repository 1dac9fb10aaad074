//! `.step` cards as lists of overrides.

use crate::circuit::{Circuit, Overrides, SweepTarget};

/// One combination of `.step` values.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `rr=1000, temp=50`; empty without `.step` cards.
    pub label: String,
    /// Name and value of each stepped quantity, the outermost first.
    pub values: Vec<(String, f64)>,
    pub overrides: Overrides,
}

/// All combinations of the `.step` cards of `circuit`, the last card varying fastest.
pub fn expand(circuit: &Circuit, base: &Overrides) -> Vec<Step> {
    let mut steps = vec![Step { label: String::new(), values: Vec::new(), overrides: base.clone() }];
    for card in &circuit.steps {
        let one = |step: &Step, value: f64| {
            let mut next = step.clone();
            let name = apply(circuit, &mut next.overrides, &card.target, value);
            next.values.push((name, value));
            let pairs: Vec<String> = next.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
            next.label = pairs.join(", ");
            next
        };
        steps = steps.iter().flat_map(|step| card.values.iter().map(move |&value| one(step, value))).collect();
    }
    steps
}

/// Adds one stepped value to `overrides`; returns the quantity's name.
pub fn apply(circuit: &Circuit, overrides: &mut Overrides, target: &SweepTarget, value: f64) -> String {
    match target {
        SweepTarget::Parameter(name) => {
            overrides.parameters.retain(|(other, _)| other != name);
            overrides.parameters.push((name.clone(), value));
            name.to_string()
        }
        SweepTarget::Temperature => {
            overrides.temperature = Some(value);
            "temp".into()
        }
        SweepTarget::Element(element) => {
            let name = circuit.element(*element).name.clone();
            overrides.elements.push((name.clone(), "".into(), value));
            name.to_string()
        }
        SweepTarget::ElementParameter(element, parameter) => {
            overrides.elements.push((element.clone(), parameter.clone(), value));
            format!("{element}.{parameter}")
        }
        SweepTarget::Model(model, parameter) => {
            overrides.models.push((model.clone(), parameter.clone(), value));
            format!("{model}({parameter})")
        }
    }
}
