//! `.noise`: spectral densities of the noise at an output, by device, and their integrals.
//!
//! ```text
//! Aᵀ·y = reading of the output        H = y[a] − y[b] for a current from unknown a to unknown b
//! onoise² = Σ |H|²·S(f)               inoise² = onoise²/|gain from the input source|²
//! total = √∫ onoise² df, the density of each source between two frequencies taken as a power of the frequency, and for the
//!         input's total divided by the gain at the second one
//! ```
//! One adjoint solution per frequency gives all transfers at once. Source: Rohrer et al., IEEE JSSC 6, 204 (1971);
//! ngspice-39 manual, section 15.3.4 (names of the vectors).

use super::Failure;
use super::adjoint::{Linearised, dot, excitation, reading};
use super::output::{Output, Progress, Table};
use super::small_signal::frequencies;
use crate::circuit::ElementId;
use crate::circuit::analysis_card::{Noise, OutputQuantity};
use crate::diagnostic::Diagnostic;
use crate::mna::System;
use crate::mna::vectors::VectorKind;

/// Density and integral of one contribution.
#[derive(Debug, Clone)]
struct Contribution {
    /// `d1_id`, or `d1` for all of a device.
    name: String,
    element: ElementId,
    /// Of several sources of the device.
    part: bool,
    density: f64,
    /// Of the density at the input.
    input_density: f64,
    output_total: f64,
    input_total: f64,
}

/// Runs the analysis and sends two tables: spectra and integrals.
pub fn run(system: &mut System, card: &Noise, output: &mut dyn Output) -> Result<(), Failure> {
    let mut linearised = Linearised::new(system, output)?;
    let sources = system.noise_sources(&linearised.x);
    let (row, drive) = (reading(system, card.output)?, excitation(system, card.source)?);
    let mut parts = contributions(system, &sources);
    let all = parts.len() - 1;
    let frequencies = frequencies(&card.sweep);
    let mut spectra = spectra_table(system, card, &parts);
    let places = places(&parts, &sources);
    let mut last: Option<(f64, Vec<f64>)> = None;
    for (index, &frequency) in frequencies.iter().enumerate() {
        linearised.tune(system, frequency)?;
        let mut y = row.clone();
        linearised.solve_transposed(system, &mut y)?;
        let mut gain = dot(&y, &drive).norm_sqr();
        if gain == 0.0 {
            gain = NO_GAIN;
            if last.is_none() {
                output.warn(without_influence(system, card));
            }
        }
        parts.iter_mut().for_each(|part| part.density = 0.0);
        let mut here = Vec::with_capacity(sources.len());
        for (index, (source, place)) in sources.iter().zip(&places).enumerate() {
            let transfer = (y[source.between[0]] - y[source.between[1]]).norm_sqr();
            let density = transfer * source.source.density(frequency);
            let added = last.as_ref().map_or(0.0, |(before, densities): &(f64, Vec<f64>)| {
                integral(*before, frequency, densities[index], density)
            });
            for &place in place.iter().chain([&all]) {
                parts[place].density += density;
                parts[place].output_total += added;
                parts[place].input_total += added / gain;
            }
            here.push(density);
        }
        parts.iter_mut().for_each(|part| part.input_density = part.density / gain);
        last = Some((frequency, here));
        system.statistics.steps += 1;
        spectra.rows.push(spectra_row(card, frequency, &parts));
        output.progress(Progress::of(index + 1, frequencies.len()));
        if !output.goes_on() {
            break;
        }
    }
    output.table(&spectra, system);
    output.table(&totals_table(card, system, &parts), system);
    Ok(())
}

/// The square of the gain that noise at the input is found with where the source does not reach the output, as in ngspice.
const NO_GAIN: f64 = 1e-20;

fn without_influence(system: &System, card: &Noise) -> Diagnostic {
    let element = system.circuit.element(card.source);
    let message = format!("`{}` has no influence on the output", element.name);
    let warning = Diagnostic::warning(message).at(element.span);
    warning.hint("noise at the input is that at the output, over a gain of 1e-10")
}

/// Every source, every device, and last the sum.
fn contributions(system: &System, sources: &[crate::mna::noise::ElementNoise]) -> Vec<Contribution> {
    let new = |name: String, element: ElementId, part: bool| Contribution {
        name,
        element,
        part,
        density: 0.0,
        input_density: 0.0,
        output_total: 0.0,
        input_total: 0.0,
    };
    let mut found: Vec<Contribution> = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let device = system.circuit.element(source.element).name.to_string();
        if !source.source.name.is_empty() {
            found.push(new(format!("{device}_{}", source.source.name), source.element, true));
        }
        if sources.get(index + 1).is_none_or(|next| next.element != source.element) {
            found.push(new(device, source.element, false));
        }
    }
    found.push(new("spectrum".into(), ElementId(u32::MAX), false));
    found
}

/// The contributions that each source belongs to.
fn places(parts: &[Contribution], sources: &[crate::mna::noise::ElementNoise]) -> Vec<Vec<usize>> {
    let mut next_part = parts.iter().enumerate().filter(|(_, part)| part.part).map(|(index, _)| index);
    let whole = |element: ElementId| parts.iter().position(|part| part.element == element && !part.part);
    let of = |source: &crate::mna::noise::ElementNoise| {
        let own = if source.source.name.is_empty() { None } else { next_part.next() };
        own.into_iter().chain(whole(source.element)).collect()
    };
    sources.iter().map(of).collect()
}

/// ∫ between two frequencies of a density that is a power of the frequency.
fn integral(f0: f64, f1: f64, s0: f64, s1: f64) -> f64 {
    if s0 <= 0.0 || s1 <= 0.0 || f0 <= 0.0 {
        return 0.5 * (s0 + s1) * (f1 - f0);
    }
    let exponent = (s1 / s0).ln() / (f1 / f0).ln();
    if (exponent + 1.0).abs() < 1e-10 {
        return s0 * f0 * (f1 / f0).ln();
    }
    (s1 * f1 - s0 * f0) / (exponent + 1.0)
}

fn kinds(card: &Noise, system: &System) -> [VectorKind; 2] {
    let input = system.circuit.element(card.source).letter == b'i';
    let output = matches!(card.output, OutputQuantity::Current(_));
    [output, input].map(|current| if current { VectorKind::Current } else { VectorKind::Voltage })
}

fn spectra_table(system: &System, card: &Noise, parts: &[Contribution]) -> Table {
    let density = |kind: VectorKind| match kind {
        VectorKind::Current => VectorKind::CurrentDensity,
        _ => VectorKind::VoltageDensity,
    };
    let [output, input] = kinds(card, system).map(density);
    let shown = parts[..parts.len() - 1].iter().filter(|_| card.by_device);
    let mut columns: Vec<(String, VectorKind)> = shown.map(|part| (format!("onoise_{}", part.name), output)).collect();
    columns.push(("onoise_spectrum".into(), output));
    columns.push(("inoise_spectrum".into(), input));
    Table {
        name: "Noise Spectral Density Curves".into(),
        axis: Some(("frequency".into(), VectorKind::Frequency)),
        columns,
        rows: Vec::new(),
        complex: false,
    }
}

fn spectra_row(card: &Noise, frequency: f64, parts: &[Contribution]) -> Vec<f64> {
    let mut row = vec![frequency];
    if card.by_device {
        row.extend(parts[..parts.len() - 1].iter().map(|part| part.density.sqrt()));
    }
    let total = &parts[parts.len() - 1];
    row.extend([total.density.sqrt(), total.input_density.sqrt()]);
    row
}

fn totals_table(card: &Noise, system: &System, parts: &[Contribution]) -> Table {
    let [output, input] = kinds(card, system);
    let (mut columns, mut row) = (Vec::new(), Vec::new());
    for part in parts {
        let is_sum = part.element == ElementId(u32::MAX);
        if !card.by_device && !is_sum {
            continue;
        }
        let name = if is_sum { String::new() } else { format!("_{}", part.name) };
        columns.push((format!("onoise_total{name}"), output));
        columns.push((format!("inoise_total{name}"), input));
        row.extend([part.output_total.sqrt(), part.input_total.sqrt()]);
    }
    Table { name: "Integrated Noise".into(), axis: None, columns, rows: vec![row], complex: false }
}
