//! P: coupled lossy lines (CPL), by their modes.
//!
//! ```text
//! −dv/dx = R·i + L·di/dt,   −di/dx = G·v + C·dv/dt          matrices of n conductors over a common reference
//! v = V·vm, i = V⁻ᵀ·im:     Vᵀ·C·V, V⁻¹·L·V⁻ᵀ, V⁻¹·R·V⁻ᵀ and Vᵀ·G·V diagonal: every mode is a lossy line (see O)
//! ```
//! `r`, `l`, `g` and `c` of the model are the upper triangles of the matrices, row by row: `c=1p -0.2p 1p` of two lines; off the diagonal
//! `c` and `g` are negative (Maxwell's). `r` and `g` may be left out. Where both losses have the modes of `l` and `c` (equal lines, lines
//! without losses, a homogeneous dielectric with equal resistances, …) the modes are exact at every frequency and over time as O is.
//! Otherwise the modes are those without losses, and the losses stand as lumps between sections of the lines, half a lump at both ends
//! (so DC has all of the resistance); the number of sections grows with the losses, from 16 to 128. The error falls with the square of
//! the number; at frequencies where a section is half a wave long the lumps reflect what a line would not.
//!
//! ngspice has Padé approximations of the responses, and ground as the reference whatever the card says: with fronts of half a
//! nanosecond its voltages were found to differ by up to 2 % of the step at the fronts, and by up to 5 % with unequal resistances.
//! Sources: C. R. Paul, Analysis of Multiconductor Transmission Lines (1994), chapters 4 and 5; ngspice-39 manual, section 6.4.

mod modes;

use modes::{Matrices, Modes, damping};

use super::adjustable::{Adjustable, Principal, given};
use super::assembly::{GROUND_UNKNOWN, Unknown, UnknownKind};
use super::construct::Construction;
use super::device::{Contribution, Device, Environment};
use super::lossy_line;
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns, has};
use super::transmission_line::TransmissionLine;
use crate::circuit::Model;
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::joint_diagonal::Matrix;
use crate::numerics::scalar::Scalar;
use crate::reference::Status;

/// Numbers of P cards.
pub const NUMBERS: Adjustable = Adjustable { principal: Principal::None, element: &[given("length")], model: &[] };

/// Parameters of a P card.
const CARD: &[NamedParameter] = &[NamedParameter::new(&["length", "len"], "m", "of the model", "Length")];

/// Parameters of a CPL model.
const MODEL: &[NamedParameter] = &[
    NamedParameter::new(&["r"], "Ω/m", "0", "Resistances per length, row by row from the diagonal on"),
    NamedParameter::new(&["l"], "H/m", "0", "Inductances per length"),
    NamedParameter::new(&["g"], "S/m", "0", "Conductances per length"),
    NamedParameter::new(&["c"], "F/m", "", "Capacitances per length"),
    NamedParameter::new(&["length", "len"], "m", "", "Length"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("mod.rs")],
    element: CARD,
    models: &[ModelTable { title: "cpl", numbers: &[], others: MODEL }],
    status: Status::Differs("exact modes, or sections of them, and no Padé approximation; both reference nodes count"),
    ngspice: &["CplLines"],
    otherwise: &["pos_nodes", "neg_nodes", "dimension", "cpl"],
    ..Page::new("coupled_lines", "Coupled lossy lines (CPL)", "P1 a1 a2 … gnd1 b1 b2 … gnd2 MODEL [length=…]")
};

/// Sections of lines whose losses couple the modes.
const SECTIONS: [f64; 2] = [16.0, 128.0];

/// Conductors at most.
const MOST: usize = 64;

/// Constant coefficients of some unknowns in their rows.
struct Coefficients<const N: usize>([[f64; N]; N]);

impl<const N: usize> Device<N> for Coefficients<N> {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, x: &[S; N], _environment: &Environment) -> Contribution<S, N> {
        let row = |row: &[f64; N]| row.iter().zip(x).fold(S::zero(), |sum, (&factor, &x)| sum + x * factor);
        Contribution::resistive(self.0.each_ref().map(row))
    }

    fn stores(&self) -> [bool; N] {
        [false; N]
    }
}

/// The charge of a wave on a section, whose truncation error limits the step; unknowns: voltage and current of the wave, and one that the
/// charge stands alone with.
struct WaveCharge {
    /// Ω
    impedance: f64,
    /// F
    capacitance: f64,
}

impl Device<3> for WaveCharge {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[v, i, charging]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let zero = S::zero();
        let wave = v + i * self.impedance;
        Contribution { f: [zero, zero, charging / self.impedance], q: [zero, zero, wave * self.capacitance] }
    }

    fn stores(&self) -> [bool; 3] {
        [false, false, true]
    }
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    match lines(&mut c, card) {
        Ok(lines) => lines.place(&mut c),
        Err(diagnostic) => c.error(diagnostic),
    }
}

/// What a card asks for.
struct Lines {
    matrices: Matrices,
    modes: Modes,
    length: f64,
}

fn lines(c: &mut Construction, card: &Model) -> Result<Lines, Diagnostic> {
    let name = &c.element.name;
    let nodes = c.element.nodes.len();
    let count = nodes / 2 - 1;
    if !nodes.is_multiple_of(2) || !(1..=MOST).contains(&count) {
        let message = format!("`{name}` has {nodes} nodes: there are as many at one end as at the other, up to {MOST}");
        let error = Diagnostic::error(message).at(c.element.span);
        return Err(error.hint("write `P1 a1 a2 0 b1 b2 0 MODEL` for two lines over ground"));
    }
    let number = |name: &str| card.parameter(name).and_then(|parameter| parameter.value.number());
    let length = ["length", "len"].iter().find_map(|name| c.parameter(name).or_else(|| number(name)));
    let length = length.filter(|length| *length > 0.0 && length.is_finite()).ok_or_else(|| {
        let error = Diagnostic::error(format!("`{name}` needs a positive length")).at(c.element.span);
        error.hint("write `length=` on its card or its model's")
    })?;
    for parameter in card.parameters.iter().filter(|parameter| !has(MODEL, &parameter.name)) {
        let message = format!("unknown parameter `{}` of model `{}` is ignored", parameter.name, card.name);
        c.diagnostics.push(Diagnostic::warning(message).at(parameter.span));
    }
    let units = c.multiplier();
    let matrices = Matrices {
        resistance: matrix(card, "r", count, 1.0 / units)?,
        inductance: matrix(card, "l", count, 1.0 / units)?,
        leakage: matrix(card, "g", count, units)?,
        capacitance: matrix(card, "c", count, units)?,
    };
    let modes = matrices.modes(length).map_err(|wrong| {
        let error = Diagnostic::error(format!("the matrices of model `{}` are not those of lines: {wrong}", card.name));
        error.at(card.span).hint("off the diagonal `c` and `g` are negative, and `l` is less than on it")
    })?;
    Ok(Lines { matrices, modes, length })
}

/// The matrix whose upper triangle is the list `name` of the model.
fn matrix(card: &Model, name: &str, count: usize, factor: f64) -> Result<Matrix, Diagnostic> {
    let mut matrix = vec![vec![0.0; count]; count];
    let Some(parameter) = card.parameter(name) else { return Ok(matrix) };
    let values: Vec<f64> = match &parameter.value {
        Value::List(items) => items.iter().map(|item| item.item.number().unwrap_or(f64::NAN)).collect(),
        single => vec![single.number().unwrap_or(f64::NAN)],
    };
    let wanted = count * (count + 1) / 2;
    if values.len() != wanted || values.iter().any(|value| !value.is_finite()) {
        let message = format!("`{name}` of model `{}` must be {wanted} numbers for lines of {count}", card.name);
        return Err(Diagnostic::error(message)
            .at(parameter.span)
            .hint("rows of the matrix, each from the diagonal on"));
    }
    let places = (0..count).flat_map(|row| (row..count).map(move |column| (row, column)));
    for ((row, column), value) in places.zip(values) {
        (matrix[row][column], matrix[column][row]) = (value * factor, value * factor);
    }
    Ok(matrix)
}

/// One end of all conductors: their nodes, and the reference.
struct End {
    nodes: Vec<Unknown>,
    reference: Unknown,
}

impl Lines {
    fn place(&self, c: &mut Construction) {
        let count = self.matrices.count();
        let terminals: Vec<Unknown> = (0..2 * count + 2).map(|index| c.terminal(index)).collect();
        let end =
            |first: usize| End { nodes: terminals[first..first + count].to_vec(), reference: terminals[first + count] };
        let (near, far) = (end(0), end(count + 1));
        if self.modes.exact {
            return self.section(c, "", self.length, &near, &far);
        }
        let sections = (64.0 * damping(&self.modes.lines)).ceil().clamp(SECTIONS[0], SECTIONS[1]);
        let length = self.length / sections;
        let mut left = self.lump(c, "first", 0.5 * length, near, false);
        for section in 1..=sections as usize {
            let names = [format!("s{section}"), format!("r{section}")];
            let is_last = section == sections as usize;
            let right = inner(c, &names[0], count);
            self.section(c, &names[0], length, &left, &right);
            if is_last {
                let end = self.lump(c, "last", 0.5 * length, right, true);
                for (k, (a, b)) in end.nodes.iter().zip(&far.nodes).enumerate() {
                    let current = c.assembly.auxiliary(c.id, &format!("end{k}"), UnknownKind::Current);
                    let joined = [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [1.0, -1.0, 0.0]];
                    c.assembly.add_auxiliary(c.id, Coefficients(joined), [*a, *b, current]);
                }
                return;
            }
            left = self.lump(c, &names[1], length, right, true);
        }
    }

    /// Lines of the modes between two ends.
    fn section(&self, c: &mut Construction, prefix: &str, length: f64, near: &End, far: &End) {
        for (mode, line) in self.modes.lines.iter().enumerate() {
            let line = lossy_line::Line { length, ..*line };
            let name = |what: &str| format!("{prefix}{what}{}", mode + 1);
            let [w1, w2] = [("near", near), ("far", far)].map(|(what, end)| self.port(c, &name(what), mode, end));
            let currents = ["i1_", "i2_"].map(|what| c.assembly.auxiliary(c.id, &name(what), UnknownKind::Current));
            let nodes = [w1, GROUND_UNKNOWN, w2, GROUND_UNKNOWN];
            if !self.modes.exact {
                lossless(c, &name("charge"), &line, nodes, currents);
                continue;
            }
            // `c` and `l`, or `c` and `r`, are there: modes were found.
            let found = lossy_line::place(c, &name("mode"), line, [0.0; 4], nodes, currents);
            if !found {
                let error = Diagnostic::error(format!("`{}` has lines without `l` and `r`", c.element.name));
                return c.error(error.at(c.element.span));
            }
        }
    }

    /// The node of a mode at an end: an ideal transformer.
    fn port(&self, c: &mut Construction, name: &str, mode: usize, end: &End) -> Unknown {
        let node = c.assembly.internal_node(c.id, name.to_owned());
        let current = c.assembly.auxiliary(c.id, &format!("i_{name}"), UnknownKind::Current);
        c.assembly.add(c.id, Coefficients([[0.0, -1.0], [1.0, 0.0]]), [node, current]);
        for (&conductor, &turns) in end.nodes.iter().zip(&self.modes.turns[mode]) {
            let coefficients = Coefficients([[0.0, 0.0, turns], [0.0, 0.0, -turns], [-turns, turns, 0.0]]);
            c.assembly.add_auxiliary(c.id, coefficients, [conductor, end.reference, current]);
        }
        node
    }

    /// The losses of a length from an end on, and the end behind them; `before` is whether conductance stands before as well.
    fn lump(&self, c: &mut Construction, name: &str, length: f64, end: End, before: bool) -> End {
        let is_middle = before && name != "last";
        if before {
            self.shunt(c, if is_middle { 0.5 * length } else { length }, &end);
        }
        let behind = End {
            reference: if name == "first" { end.reference } else { GROUND_UNKNOWN },
            ..inner(c, name, end.nodes.len())
        };
        self.series(c, name, length, &end, &behind);
        if !before || is_middle {
            self.shunt(c, if is_middle { 0.5 * length } else { length }, &behind);
        }
        behind
    }

    fn series(&self, c: &mut Construction, name: &str, length: f64, from: &End, to: &End) {
        let currents: Vec<Unknown> = (0..from.nodes.len())
            .map(|k| c.assembly.auxiliary(c.id, &format!("{name}i{k}"), UnknownKind::Current))
            .collect();
        for (k, row) in self.matrices.resistance.iter().enumerate() {
            for (j, &resistance) in row.iter().enumerate() {
                let part = -resistance * length;
                if k == j {
                    let own = Coefficients([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [1.0, -1.0, part]]);
                    c.assembly.add_auxiliary(c.id, own, [from.nodes[k], to.nodes[k], currents[k]]);
                } else if part != 0.0 {
                    c.assembly.add_auxiliary(c.id, Coefficients([[0.0, part], [0.0, 0.0]]), [currents[k], currents[j]]);
                }
            }
        }
    }

    fn shunt(&self, c: &mut Construction, length: f64, end: &End) {
        for (k, row) in self.matrices.leakage.iter().enumerate() {
            for (j, &leakage) in row.iter().enumerate().filter(|(_, leakage)| **leakage != 0.0) {
                let g = leakage * length;
                if k == j {
                    c.assembly.add_auxiliary(c.id, Coefficients([[g, -g], [-g, g]]), [end.nodes[k], end.reference]);
                } else {
                    let coupled = Coefficients([[0.0, g, -g], [0.0; 3], [0.0, -g, g]]);
                    c.assembly.add_auxiliary(c.id, coupled, [end.nodes[k], end.nodes[j], end.reference]);
                }
            }
        }
    }
}

/// A section of a mode without its losses.
fn lossless(c: &mut Construction, name: &str, line: &lossy_line::Line, nodes: [Unknown; 4], currents: [Unknown; 2]) {
    let impedance = (line.inductance / line.capacitance).sqrt();
    let delay = line.length * (line.inductance * line.capacitance).sqrt();
    let [a, b, d, e] = nodes;
    let section = TransmissionLine::new(impedance, delay, [0.0; 4]).without_corners();
    c.assembly.add_auxiliary(c.id, section, [a, b, d, e, currents[0], currents[1]]);
    let charging = c.assembly.internal_node(c.id, name.to_owned());
    let charge = WaveCharge { impedance, capacitance: line.capacitance * line.length };
    c.assembly.add_auxiliary(c.id, charge, [a, currents[0], charging]);
}

/// New nodes over ground.
fn inner(c: &mut Construction, name: &str, count: usize) -> End {
    let nodes = (1..=count).map(|k| c.assembly.internal_node(c.id, format!("{name}n{k}"))).collect();
    End { nodes, reference: GROUND_UNKNOWN }
}
