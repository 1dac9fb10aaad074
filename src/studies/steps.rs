//! `.step` cards as lists of overrides.

use crate::circuit::analysis_card::Sampling;
use crate::circuit::sample::{self, Sample};
use crate::circuit::{Circuit, Overrides, SweepTarget};
use crate::netlist::dialect::Dialect;

/// One combination of `.step` values.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `rr=1000, temp=50`; empty without `.step` and `.alter` cards.
    pub label: String,
    /// Name and value of each stepped quantity, the outermost first.
    pub values: Vec<(String, f64)>,
    pub overrides: Overrides,
}

impl Step {
    /// The only run of a deck.
    pub fn only(overrides: &Overrides) -> Step {
        Step { label: String::new(), values: Vec::new(), overrides: overrides.clone() }
    }

    /// The run of a deck with its first `number` alterations, the last of which is called `title`.
    pub fn altered(overrides: &Overrides, number: usize, title: &str) -> Step {
        let label = format!("alter={number} {title}").trim_end().into();
        Step { label, values: vec![("alter".into(), number as f64)], overrides: overrides.clone() }
    }
}

/// All combinations of the `.step` cards of `circuit`, the last card varying fastest, within the run `base`.
pub fn expand(circuit: &Circuit, base: &Step) -> Vec<Step> {
    let outer = base.values.len();
    let mut steps = vec![base.clone()];
    for card in &circuit.steps {
        let one = |step: &Step, value: f64| {
            let mut next = step.clone();
            apply(circuit, &mut next.overrides, &card.target, value);
            match &card.target {
                // What the row sets says more than its number.
                SweepTarget::Table(table) => {
                    let row = &table.rows[value as usize];
                    let names = table.columns.iter().map(|column| name_of(circuit, column));
                    next.values.extend(names.zip(row.iter().copied()));
                }
                SweepTarget::Sample(sampling) => {
                    next.values.push((name_of(circuit, &card.target), value));
                    for (target, drawn) in draws(circuit, sampling, value) {
                        next.values.push((name_of(circuit, target), drawn));
                    }
                }
                target => next.values.push((name_of(circuit, target), value)),
            }
            let pairs = next.values[outer..].iter().map(|(name, value)| format!("{name}={value}"));
            let outer = Some(base.label.clone()).filter(|label| !label.is_empty());
            next.label = outer.into_iter().chain(pairs).collect::<Vec<String>>().join(", ");
            next
        };
        steps = steps.iter().flat_map(|step| card.values.iter().map(move |&value| one(step, value))).collect();
    }
    if circuit.dialect == Dialect::LtSpice {
        draw_anew(&mut steps);
    }
    steps
}

/// In LTspice random functions draw anew in every step: `.step param run 1 100 1` is its Monte Carlo analysis.
fn draw_anew(steps: &mut [Step]) {
    let count = steps.len() as u64;
    for (index, step) in steps.iter_mut().enumerate() {
        step.overrides.sample.get_or_insert(Sample { number: index as u64 + 1, count, latin: false });
    }
}

/// The quantity's name.
fn name_of(circuit: &Circuit, target: &SweepTarget) -> String {
    match target {
        SweepTarget::Parameter(name) => name.to_string(),
        SweepTarget::Temperature => "temp".into(),
        SweepTarget::Element(element) => circuit.element(*element).name.to_string(),
        SweepTarget::ElementParameter(element, parameter) => format!("{element}.{parameter}"),
        SweepTarget::Model(model, parameter) => format!("{model}({parameter})"),
        SweepTarget::Table(_) => "row".into(),
        SweepTarget::Sample(_) => "run".into(),
    }
}

/// Adds one stepped value to `overrides`.
pub fn apply(circuit: &Circuit, overrides: &mut Overrides, target: &SweepTarget, value: f64) {
    match target {
        SweepTarget::Parameter(name) => {
            overrides.parameters.retain(|(other, _)| other != name);
            overrides.parameters.push((name.clone(), value));
        }
        SweepTarget::Temperature => overrides.temperature = Some(value),
        SweepTarget::Element(element) => {
            overrides.elements.push((circuit.element(*element).name.clone(), "".into(), value));
        }
        SweepTarget::ElementParameter(element, parameter) => {
            overrides.elements.push((element.clone(), parameter.clone(), value));
        }
        SweepTarget::Model(model, parameter) => overrides.models.push((model.clone(), parameter.clone(), value)),
        SweepTarget::Sample(sampling) => {
            overrides.sample = Some(sample(sampling, value));
            for (target, drawn) in draws(circuit, sampling, value) {
                apply(circuit, overrides, target, drawn);
            }
        }
        SweepTarget::Table(table) => {
            for (column, &value) in table.columns.iter().zip(&table.rows[value as usize]) {
                apply(circuit, overrides, column, value);
            }
        }
    }
}

fn sample(sampling: &Sampling, number: f64) -> Sample {
    Sample { number: number as u64, count: sampling.count, latin: sampling.latin }
}

/// What run `number` draws for the quantities of `sampling`.
fn draws<'s>(
    circuit: &'s Circuit,
    sampling: &'s Sampling,
    number: f64,
) -> impl Iterator<Item = (&'s SweepTarget, f64)> + 's {
    let run = sample(sampling, number);
    sampling.quantities.iter().map(move |(target, distribution)| {
        let name = format!("sampling:{}", name_of(circuit, target));
        (target, distribution.quantile(sample::uniform(circuit.options.seed, Some(run), &name)))
    })
}
