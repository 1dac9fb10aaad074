//! E and G whose gain is a table over frequency.
//!
//! ```text
//! y = H(f)·u,   H between two entries: ln|H| over ln f and the angle over f by straight lines (`r_i`: both parts over f)
//! ```
//! times e^(−j2πf·delay). Beyond the ends H is that of the first or last entry, in PSpice 0. At the operating point the gain is Re H(0). A table
//! says nothing about time. Source: PSpice Reference Guide, chapter 3, Analog Behavioral Modeling, FREQ.

use std::f64::consts::TAU;

use faer::c64;

use super::elements::value_unknown;
use crate::circuit::Analysis;
use crate::circuit::element::{CallValue, Value};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::dialect::Dialect;
use crate::numerics::scalar::Scalar;

/// An entry: frequency, Hz, and two numbers of the gain.
type Entry = [f64; 3];

#[derive(Debug, Clone)]
struct Table {
    entries: Vec<Entry>,
    /// The numbers are real and imaginary part, not magnitude and angle (rad).
    by_parts: bool,
    /// s
    delay: f64,
    /// Beyond the ends there is nothing.
    ends: bool,
}

impl Table {
    fn gain(&self, frequency: f64) -> c64 {
        let angle = -TAU * frequency * self.delay;
        self.undelayed(frequency) * c64::new(angle.cos(), angle.sin())
    }

    fn undelayed(&self, frequency: f64) -> c64 {
        let next = self.entries.partition_point(|entry| entry[0] < frequency);
        let [left, right] = match (next.checked_sub(1).map(|before| self.entries[before]), self.entries.get(next)) {
            (Some(left), Some(&right)) => [left, right],
            (None, Some(&first)) if first[0] == frequency || !self.ends => [first, first],
            (Some(last), None) if !self.ends => [last, last],
            _ => return c64::new(0.0, 0.0),
        };
        let part = |over: &dyn Fn(f64) -> f64| {
            let (from, to) = (over(left[0]), over(right[0]));
            if to > from { (over(frequency) - from) / (to - from) } else { 0.0 }
        };
        let linear = part(&|f| f);
        let between = |index: usize, part: f64| left[index] + (right[index] - left[index]) * part;
        if self.by_parts {
            return c64::new(between(1, linear), between(2, linear));
        }
        // There is no logarithm of 0.
        let by_logarithm = if left[0] > 0.0 { part(&f64::ln) } else { linear };
        let magnitude = match left[1] > 0.0 && right[1] > 0.0 {
            true => left[1] * (right[1] / left[1]).powf(by_logarithm),
            false => between(1, by_logarithm),
        };
        let angle = between(2, linear);
        c64::new(magnitude * angle.cos(), magnitude * angle.sin())
    }
}

/// Unknowns: p, n, u, branch current.
struct Voltage(Table);

/// Unknowns: p, n, u.
struct Current(Table);

impl Device<4> for Voltage {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[p, n, u, i]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        Contribution::resistive([i, -i, S::zero(), p - n - u * self.0.gain(0.0).re])
    }

    fn admittance(&self, frequency: f64) -> Option<[[c64; 4]; 4]> {
        let mut matrix = [[c64::new(0.0, 0.0); 4]; 4];
        matrix[3][2] = c64::new(self.0.gain(0.0).re, 0.0) - self.0.gain(frequency);
        Some(matrix)
    }
}

impl Device<3> for Current {
    const LINEAR: bool = true;

    fn equations<S: Scalar>(&self, &[_, _, u]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let current = u * self.0.gain(0.0).re;
        Contribution::resistive([current, -current, S::zero()])
    }

    fn admittance(&self, frequency: f64) -> Option<[[c64; 3]; 3]> {
        let mut matrix = [[c64::new(0.0, 0.0); 3]; 3];
        let further = self.0.gain(frequency) - c64::new(self.0.gain(0.0).re, 0.0);
        (matrix[0][2], matrix[1][2]) = (further, -further);
        Some(matrix)
    }
}

/// The source of the card: input, `[f a b f a b …]`, and the words and delay in front and behind.
pub fn construct(c: &mut Construction, is_voltage: bool, call: &CallValue, span: Span) {
    let Some(table) = read(c, call, span) else { return };
    if c.circuit.analyses.iter().any(|card| matches!(card.analysis, Analysis::Transient(_))) {
        let error = Diagnostic::error("a table over frequency has no answer over time").at(span);
        c.error(error.hint("write a transfer function: `laplace {v(in)} = {1/(1 + s*1m)}` or `chebyshev …`"));
        return;
    }
    let Some(input) = call.arguments.first() else { return };
    let Some(input) = value_unknown(c, &input.item, input.span) else { return };
    let [p, n] = [c.terminal(0), c.terminal(1)];
    if is_voltage {
        let branch = c.assembly.branch(c.id);
        c.assembly.add(c.id, Voltage(table), [p, n, input, branch]);
    } else {
        c.assembly.add(c.id, Current(table), [p, n, input]);
    }
}

fn read(c: &mut Construction, call: &CallValue, span: Span) -> Option<Table> {
    let (mut decibels, mut degrees, mut by_parts) = (true, true, false);
    let mut numbers = Vec::new();
    for argument in &call.arguments[1..] {
        match &argument.item {
            Value::Number(number) => numbers.push(*number),
            Value::Word(word) if matches!(&**word, "db" | "mag" | "deg" | "rad" | "r_i") => match &**word {
                "db" | "mag" => decibels = &**word == "db",
                "r_i" => by_parts = true,
                _ => degrees = &**word == "deg",
            },
            _ => {
                let error = Diagnostic::error("expected a frequency, a gain or an angle").at(argument.span);
                c.error(error.hint("write `freq {v(in)} = (f, dB, degrees) …`; words: mag, rad, r_i"));
                return None;
            }
        }
    }
    let entry = |numbers: &[f64]| {
        let [f, a, b] = [numbers[0], numbers[1], numbers[2]];
        match by_parts {
            true => [f, a, b],
            false => [f, if decibels { 10f64.powf(a / 20.0) } else { a }, if degrees { b.to_radians() } else { b }],
        }
    };
    let entries: Vec<Entry> = numbers.chunks_exact(3).map(entry).collect();
    let rising = entries.windows(2).all(|pair| pair[0][0] < pair[1][0]) && entries.first().is_some_and(|e| e[0] >= 0.0);
    if !rising || !numbers.len().is_multiple_of(3) {
        let error = Diagnostic::error("a table over frequency has rows of three numbers, with rising frequencies");
        c.error(error.at(span));
        return None;
    }
    let delay = call.parameters.iter().find(|parameter| &*parameter.name == "delay");
    let delay = delay.and_then(|parameter| parameter.value.number()).unwrap_or(0.0);
    Some(Table { entries, by_parts, delay, ends: c.circuit.dialect == Dialect::Pspice })
}
