//! `.disto`: small-signal distortion by Volterra series.
//!
//! ```text
//! x = x₀ + Σ P(kω₁ ± lω₂)·e^(j(kω₁ ± lω₂)t) + conjugate        P: half of the amplitudes
//! (G + jωC)·P(ω) = −[f + jω·q](ω)        f, q of all products of lower order; at ω₁ and ω₂ the sources
//! ```
//! With one tone the second and third harmonic; with two, f1 + f2, f1 − f2 and 2·f1 − f2, where f2 stays while f1 is swept. Values
//! are amplitudes at those frequencies, over f1.
//!
//! Sources: S. Narayanan, Bell Syst. Tech. J. 46, 991 (1967); J. S. Roychowdhury, SPICE3 distortion analysis, UCB/ERL M89/48 (1989);
//! ngspice-39 manual, section 15.3.3 (names of the plots).

use faer::c64;

use super::Failure;
use super::adjoint::Linearised;
use super::output::{Output, Progress, Table};
use super::small_signal::frequencies;
use crate::circuit::analysis_card::Distortion;
use crate::devices::assembly::UnknownName;
use crate::devices::device::Tone;
use crate::diagnostic::Diagnostic;
use crate::mna::System;
use crate::mna::vectors::{Vector, VectorKind};
use crate::numerics::power_series::{PowerSeries, Product};

/// The system around its operating point, with what is known of the products so far.
struct Expansion<'a> {
    system: &'a mut System,
    linearised: Linearised,
    x: Vec<PowerSeries>,
    /// What the sources have of the first tone.
    first: Vec<c64>,
}

/// Finds the operating point, then the products at every frequency, and sends a table for each product.
pub fn run(system: &mut System, card: &Distortion, output: &mut dyn Output) -> Result<(), Failure> {
    let linearised = Linearised::new(system, output)?;
    warn(system, output);
    let shown = shown(system);
    let names: &[&str] = match card.second {
        Some(_) => &["IM: f1+f2", "IM: f1-f2", "IM: 2f1-f2"],
        None => &["2nd harmonic", "3rd harmonic"],
    };
    let mut tables: Vec<Table> = names.iter().map(|name| table(system, name, &shown)).collect();
    let (first, second) = (system.phasors(Tone::First), system.phasors(Tone::Second));
    let mut expansion = Expansion { system, linearised, x: Vec::new(), first };
    // The second tone stays at its frequency.
    let second = match card.second.map(|ratio| ratio * card.sweep.start) {
        Some(frequency) => Some((frequency, expansion.solve(halves(&second), frequency)?)),
        None => None,
    };
    let frequencies = frequencies(&card.sweep);
    for (index, &frequency) in frequencies.iter().enumerate() {
        let products = match &second {
            Some((second, response)) => expansion.intermodulation(frequency, *second, response)?,
            None => expansion.harmonics(frequency)?,
        };
        for (table, product) in tables.iter_mut().zip(products) {
            let parts = shown.iter().flat_map(|&unknown| [2.0 * product[unknown].re, 2.0 * product[unknown].im]);
            table.rows.push([frequency, 0.0].into_iter().chain(parts).collect());
        }
        expansion.system.statistics.steps += 1;
        output.progress(Progress::of(index + 1, frequencies.len()));
        if !output.goes_on() {
            break;
        }
    }
    tables.iter().for_each(|table| output.table(table, expansion.system));
    Ok(())
}

impl Expansion<'_> {
    fn harmonics(&mut self, frequency: f64) -> Result<Vec<Vec<c64>>, Failure> {
        self.forget();
        self.first_tone(frequency)?;
        Ok(vec![self.product(Product::Z2, 2.0 * frequency)?, self.product(Product::Z3, 3.0 * frequency)?])
    }

    /// With a second tone of this frequency, whose own response is known.
    fn intermodulation(&mut self, first: f64, second: f64, response: &[c64]) -> Result<Vec<Vec<c64>>, Failure> {
        self.forget();
        self.first_tone(first)?;
        self.set(Product::W, response);
        let sum = self.product(Product::ZW, first + second)?;
        // From here on w turns backwards.
        for x in &mut self.x {
            x.set(Product::W, x.coefficient(Product::W).conj());
            x.set(Product::ZW, c64::new(0.0, 0.0));
        }
        let difference = self.product(Product::ZW, first - second)?;
        self.product(Product::Z2, 2.0 * first)?;
        Ok(vec![sum, difference, self.product(Product::Z2W, 2.0 * first - second)?])
    }

    /// Back to the operating point.
    fn forget(&mut self) {
        self.x = self.linearised.x.iter().map(|&x| PowerSeries::from(x)).collect();
    }

    fn first_tone(&mut self, frequency: f64) -> Result<(), Failure> {
        let right = halves(&self.first);
        let found = self.solve(right, frequency)?;
        self.set(Product::Z, &found);
        Ok(())
    }

    /// What the bending of the equations makes of the products known so far.
    fn product(&mut self, product: Product, frequency: f64) -> Result<Vec<c64>, Failure> {
        let right = self.system.bend(&self.x, product, frequency);
        let found = self.solve(right, frequency)?;
        self.set(product, &found);
        Ok(found)
    }

    fn set(&mut self, product: Product, found: &[c64]) {
        self.x.iter_mut().zip(found).for_each(|(x, found)| x.set(product, *found));
    }

    fn solve(&mut self, mut right: Vec<c64>, frequency: f64) -> Result<Vec<c64>, Failure> {
        self.linearised.tune(self.system, frequency)?;
        self.linearised.solve(self.system, &mut right)?;
        Ok(right)
    }
}

/// What of these amplitudes is at the positive frequency.
fn halves(amplitudes: &[c64]) -> Vec<c64> {
    amplitudes.iter().map(|value| value * 0.5).collect()
}

/// Says which elements are taken as linear.
fn warn(system: &System, output: &mut dyn Output) {
    let straightened = system.straightened();
    let Some(&first) = straightened.first() else { return };
    let element = system.circuit.element(first);
    let others = match straightened.len() - 1 {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    let message = format!("the distortion by `{}`{others} is not included: taken as linear", element.name);
    output.warn(Diagnostic::warning(message).at(element.span));
}

/// Node voltages and the currents of branches.
fn shown(system: &System) -> Vec<usize> {
    let named = |index: &usize| matches!(system.unknowns[*index].name, UnknownName::Node(_) | UnknownName::Branch(_));
    (0..system.len()).filter(named).collect()
}

fn table(system: &System, name: &str, shown: &[usize]) -> Table {
    let column = |&index: &usize| (system.unknown_name(index), system.vector_kind(Vector::Unknown(index as u32)));
    Table {
        name: format!("DISTORTION - {name}"),
        axis: Some(("frequency".into(), VectorKind::Frequency)),
        columns: shown.iter().map(column).collect(),
        rows: Vec::new(),
        complex: true,
    }
}
