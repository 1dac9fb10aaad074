//! Sources that read a file.
//!
//! ```text
//! A1 %vd([p1 n1 p2 n2]) F1
//! .model F1 filesource(file="waves.txt" amploffset=[0 0] amplscale=[1 1] timeoffset=0 timescale=1 timerelative=false amplstep=false)
//! t = timeoffset + timescale·(first column)
//! out k = amploffset[k] + amplscale[k]·(column k + 1)
//! ```
//! Between the lines of the file the outputs go by straight lines, or with `amplstep` stay as they are until the next one. Empty lines and lines that begin with `#`,
//! `*` or `;` are skipped. As in ngspice 39 the outputs rise from 0 at time 0 to the first line's (with `amplstep` they are 0 until then), are 0 after the last one,
//! and `timerelative` leaves out `timeoffset`. At the operating point the time is 0. Source: ngspice-39 manual, chapter 8, File Source, and
//! what ngspice does.

use std::sync::Arc;

use super::CONNECTIONS;
use super::card::Card;
use super::connections::{Output, Reported, drive_by, paired};
use crate::circuit::element::Connection;
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::netlist::number::parse_number;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Model card, beside its vectors and file.
    pub struct Parameters {
        offset: ["timeoffset"], "s", 0.0, "Added to all times";
        scale: ["timescale"], "", 1.0, "Factor on all times";
        relative: ["timerelative"], "", 0.0, "1: `timeoffset` is left out";
        step: ["amplstep"], "", 0.0, "1: steps in place of straight lines";
    }
}

/// Vectors and the file of the model card.
const OTHERS: &[NamedParameter] = &[
    NamedParameter::new(&["amploffset"], "V or A", "0", "Added to the outputs, one number for each"),
    NamedParameter::new(&["amplscale"], "", "1", "Factors on the columns, one for each output"),
    NamedParameter::new(&["file"], "", "", "File with a column of times and one for each output"),
];

const EXAMPLE: &str = "A1 %vd([p1 n1 p2 n2]) F1";

/// One output; unknown: its value.
struct FileSource {
    times: Arc<[f64]>,
    values: Box<[f64]>,
    is_step: bool,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("filesource.rs"), CONNECTIONS],
    models: &[ModelTable { title: "filesource", numbers: Parameters::TABLE, others: OTHERS }],
    ngspice: &["filesource"],
    ..Page::new("filesource", "Source that reads a file", "A1 %v([out …]) MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, OTHERS) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    if card.demand(&mut c, &[("timescale", p.scale > 0.0, "must be positive")]) {
        // What is wrong has been reported.
        let _ = place(&mut c, &card, &p);
    }
}

fn place(c: &mut Construction, card: &Card, p: &Parameters) -> Result<(), Reported> {
    let outputs = outputs(c)?;
    let offsets = card.vector_of(c, "amploffset", outputs.len(), 0.0).ok_or(Reported)?;
    let scales = card.vector_of(c, "amplscale", outputs.len(), 1.0).ok_or(Reported)?;
    let [times, columns @ ..] = &*read(c, card, outputs.len()).map_err(|error| {
        c.error(error);
        Reported
    })?
    else {
        return Err(Reported);
    };
    let offset = if p.relative != 0.0 { 0.0 } else { p.offset };
    let times: Arc<[f64]> = times.iter().map(|time| offset + p.scale * time).collect();
    for (index, output) in outputs.into_iter().enumerate() {
        let values = columns[index].iter().map(|value| offsets[index] + scales[index] * value).collect();
        let value = c.assembly.internal_node(c.id, "value");
        let device = FileSource { times: times.clone(), values, is_step: p.step != 0.0 };
        c.assembly.add_auxiliary(c.id, device, [value]);
        drive_one(c, output, value);
    }
    Ok(())
}

/// A voltage source has a branch of its own.
fn drive_one(c: &mut Construction, output: Output, value: Unknown) {
    use crate::devices::assembly::{UnknownKind, UnknownName};
    use crate::devices::behavioural::Behavioural;
    if output.is_current || !c.assembly.branches.contains_key(&c.id) {
        return drive_by(c, output, value);
    }
    let branch = c.assembly.unknown(UnknownName::Internal(c.id, "branch".into()), UnknownKind::Current);
    let mut y = super::calculation::Calculation::default();
    let slot = y.unknown(value);
    c.assembly.add_behavioural(None, Behavioural::voltage(y.finish(slot), output.p, output.n, branch));
}

fn outputs(c: &mut Construction) -> Result<Vec<Output>, Reported> {
    let connections: Vec<&Connection> = c.element.ports.iter().flat_map(|port| &port.connections).collect();
    let mode = |connection: &&Connection| connection.mode.as_deref().unwrap_or("v").to_string();
    let modes: Vec<String> = connections.iter().map(mode).collect();
    let known = modes.iter().all(|mode| *mode == modes[0] && matches!(&**mode, "v" | "vd" | "i" | "id"));
    let found = if connections.is_empty() || !known {
        None
    } else if modes[0].ends_with('d') {
        paired(c, &connections)
    } else {
        let single = |connection: &&Connection| match &*connection.nodes {
            [node] if !connection.inverted => Some([c.assembly.node(*node), GROUND_UNKNOWN]),
            _ => None,
        };
        connections.iter().map(single).collect()
    };
    let Some(found) = found else {
        let message = format!("the ports of `{}` must be outputs: %v, %vd, %i or %id", c.element.name);
        c.error(Diagnostic::error(message).at(c.element.span).hint(format!("write `{EXAMPLE}`")));
        return Err(Reported);
    };
    let is_current = modes[0].starts_with('i');
    Ok(found.into_iter().map(|[p, n]| Output { p, n, is_current }).collect())
}

/// The columns of the file: times, and values for each output.
fn read(c: &Construction, card: &Card, count: usize) -> Result<Vec<Vec<f64>>, Diagnostic> {
    let Some((name, parameter)) = card.word("file").zip(card.model.parameter("file")) else {
        return Err(card.error("file", "must be the name of a file").hint("write `file=\"waves.txt\"`"));
    };
    let sources = &c.circuit.sources;
    let path = sources.beside(parameter.span.file, name);
    let problem = |message: String| Diagnostic::error(format!("`{name}` {message}")).at(parameter.span);
    let text = sources.read_text(&path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    let mut columns = vec![Vec::new(); count + 1];
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', '*', ';']) {
            continue;
        }
        let mut fields = line.split(|c: char| c == ',' || c.is_whitespace()).filter(|field| !field.is_empty());
        for column in &mut columns {
            let Some(value) = fields.next().and_then(parse_number) else {
                return Err(problem(format!("needs {} numbers in line {}", count + 1, number + 1)));
            };
            column.push(value);
        }
    }
    if columns[0].is_empty() || columns[0].windows(2).any(|pair| pair[0] > pair[1]) {
        return Err(problem("needs times that do not decrease".into()));
    }
    Ok(columns)
}

impl FileSource {
    /// What a jump at `time` goes from.
    fn value(&self, time: f64) -> f64 {
        let times = &self.times;
        // Lines that are reached up to rounding are not over yet: the step that ends there sees none of the jump.
        let next = times.partition_point(|&point| point < time * (1.0 - 4.0 * f64::EPSILON));
        match (next.checked_sub(1), times.get(next)) {
            (Some(before), Some(_)) if self.is_step => self.values[before],
            (None, Some(_)) if self.is_step && times[0] > 0.0 => 0.0,
            (None, Some(&right)) if right > 0.0 && time < right => self.values[0] * (time / right).max(0.0),
            (None, Some(_)) => self.values[0],
            (Some(before), Some(&right)) => {
                let part = (time - times[before]) / (right - times[before]);
                self.values[before] + part * (self.values[next] - self.values[before])
            }
            (_, None) => 0.0,
        }
    }
}

impl Device<1> for FileSource {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[y]: &[S; 1], environment: &Environment) -> Contribution<S, 1> {
        Contribution::resistive([y - self.value(environment.time.unwrap_or(0.0)) * environment.source_scale])
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.times.get(self.times.partition_point(|&point| point <= time)).copied()
    }
}
