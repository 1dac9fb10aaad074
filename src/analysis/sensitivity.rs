//! `.sens`: derivatives of an output by every number p on the cards of every element.
//!
//! ```text
//! DC:  f(x, p) = 0,  Aᵀ·y = reading of the output        ∂output/∂p = −yᵀ·∂f/∂p
//! AC:  A·X = e,  A = G + jωC,  Aᵀ·y = reading            ∂output/∂p = yᵀ·(∂e/∂p − (dA/dp)·X)
//!      dA/dp = ∂A/∂p + ∂A/∂x·dx/dp,  J·dx/dp = −∂f/∂p
//! ```
//! One adjoint solution serves all numbers. ∂/∂p is taken of one element's equations alone, with its card changed to either side
//! (see [`Neighbourhood`]), so that nothing cancels but what belongs together. The last term is the shift of the operating
//! point, which changes the small-signal matrix of every nonlinear device; ngspice leaves it out.
//!
//! Sources: Director & Rohrer, IEEE Trans. Circuit Theory 16, 318 (1969); ngspice-39 manual, section 15.3.7 (names of the vectors).

use faer::c64;

use super::Failure;
use super::adjoint::{Linearised, reading};
use super::output::{Output, Progress, Table};
use super::small_signal::frequencies;
use crate::circuit::ElementId;
use crate::circuit::analysis_card::{FrequencySweep, Sensitivity};
use crate::devices::adjustable::{self, CardNumber};
use crate::devices::assembly::UnknownKind;
use crate::devices::device::Tone;
use crate::mna::System;
use crate::mna::element_system::{ElementSystem, Equations, Neighbourhood};
use crate::mna::vectors::VectorKind;
use crate::numerics::newton::Problem;

/// By which part of itself a number is changed to either side, once and twice, or by how much if it is 0. Exponents of junctions make
/// errors of (40·STEP)⁴/30, and rounding one over STEP.
const STEP: f64 = 2e-4;

/// By how much the largest voltage moves where the matrix is differentiated along the shift of the operating point, V.
const SHIFT: f64 = 5e-4;

/// Runs the analysis and sends one table: a row, or in AC a row for each frequency.
pub fn run(system: &mut System, card: &Sensitivity, output: &mut dyn Output) -> Result<(), Failure> {
    let table = sensitivities(system, card, output)?;
    output.table(&table, system);
    Ok(())
}

/// The table of a system at rest.
pub fn sensitivities(system: &mut System, card: &Sensitivity, output: &mut dyn Output) -> Result<Table, Failure> {
    let mut at_rest = Linearised::held(system, output)?;
    let reading = reading(system, card.output)?;
    let mut adjoint = reading.clone();
    at_rest.solve_transposed(system, &mut adjoint)?;
    let waves = match &card.sweep {
        Some(sweep) => waves(system, &at_rest, sweep, &reading)?,
        None => Vec::new(),
    };
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    let count = system.circuit.elements.len();
    for element in 0..count {
        for number in numbers(system, ElementId(element as u32), &at_rest.x, card.sweep.is_some()) {
            let of_number = match number.sides {
                None => vec![c64::new(-along(&number.force, &adjoint).re, 0.0)],
                Some(sides) => of_waves(system, &mut at_rest, number.force, sides, &waves)?,
            };
            columns.push((number.name, VectorKind::Other));
            values.push(of_number);
        }
        system.statistics.steps += 1;
        output.progress(Progress::of(element + 1, count));
        if !output.goes_on() {
            break;
        }
    }
    Ok(table(columns, &values, &waves))
}

/// A number, its ∂f/∂p over unknowns of the whole, and for AC the equations to either side.
struct Varied {
    name: String,
    force: Vec<(usize, f64)>,
    sides: Option<Sides>,
}

/// The equations of an element with a number at four values around its own, and the weights that give the derivative there.
struct Sides {
    systems: [ElementSystem; 4],
    weights: [f64; 4],
}

/// Where these values are, in steps, and their weights times the step: on both sides, or on one where the other has no device (a coupling
/// of 1, a state at its bound).
const SCHEMES: [([f64; 4], [f64; 4]); 3] = [
    ([-2.0, -1.0, 1.0, 2.0], [1.0 / 12.0, -8.0 / 12.0, 8.0 / 12.0, -1.0 / 12.0]),
    ([1.0, 2.0, 3.0, 4.0], [-26.0 / 6.0, 57.0 / 6.0, -42.0 / 6.0, 11.0 / 6.0]),
    ([-1.0, -2.0, -3.0, -4.0], [26.0 / 6.0, -57.0 / 6.0, 42.0 / 6.0, -11.0 / 6.0]),
];

impl Sides {
    /// The derivative by the number of what `values` gives of each of the systems, to fourth order.
    fn slope<T>(&mut self, values: impl Fn(&mut ElementSystem) -> Vec<T>) -> Vec<T>
    where
        T: Copy + std::ops::Add<Output = T> + std::ops::Mul<f64, Output = T>,
    {
        let values = self.systems.each_mut().map(values);
        weighted(self.weights, values.each_ref().map(Vec::as_slice))
    }
}

/// The weighted sum of values on four places.
fn weighted<T>([wa, wb, wc, wd]: [f64; 4], [a, b, c, d]: [&[T]; 4]) -> Vec<T>
where
    T: Copy + std::ops::Add<Output = T> + std::ops::Mul<f64, Output = T>,
{
    // Pairs of opposite weights first, whose values are nearly the same.
    (0..a.len()).map(|index| (a[index] * wa + d[index] * wd) + (b[index] * wb + c[index] * wc)).collect()
}

/// An element whose numbers are varied, at `x`.
struct Subject<'a> {
    neighbourhood: Neighbourhood<'a>,
    /// Its equations as they were varied last.
    system: ElementSystem,
    x: &'a [f64],
}

impl Subject<'_> {
    fn equations(&mut self, numbers: &[(&CardNumber, f64)]) -> Option<(Vec<usize>, Equations)> {
        self.neighbourhood.equations(&mut self.system, numbers, self.x)
    }
}

/// The numbers of `element` with what they do to its equations at `x`; their sides are made `with_dynamic` alone.
fn numbers(system: &System, element: ElementId, x: &[f64], with_dynamic: bool) -> Vec<Varied> {
    let numbers = adjustable::numbers(&system.circuit, element);
    if numbers.is_empty() {
        return Vec::new();
    }
    let Some(neighbourhood) = Neighbourhood::new(system, element) else { return Vec::new() };
    let Some(mut as_written) = neighbourhood.with(&[]) else { return Vec::new() };
    let written = as_written.equations(x);
    let mut subject = Subject { neighbourhood, system: as_written, x };
    // A default that a device derives from other numbers is none of its own: with the table's value the device is another one.
    let mut is_own = |number: &CardNumber| {
        let pinned = subject.equations(&[(number, number.value)]);
        pinned.is_some_and(|(_, pinned)| pinned == written)
    };
    let own: Vec<&CardNumber> = numbers.iter().filter(|number| !number.is_default || is_own(number)).collect();
    let wanted = own.iter().filter(|number| with_dynamic || !number.dynamic);
    wanted.filter_map(|number| varied(&mut subject, number, &own, with_dynamic)).collect()
}

fn varied(subject: &mut Subject, number: &CardNumber, all: &[&CardNumber], with_sides: bool) -> Option<Varied> {
    let step = if number.value == 0.0 { STEP } else { STEP * number.value.abs() };
    // Other numbers stay where they are, even if they would follow this one.
    let others = all.iter().filter(|other| other.is_default && other.place != number.place);
    let others: Vec<(&CardNumber, f64)> = others.map(|&other| (other, other.value)).collect();
    let moved = |steps: f64| -> Vec<(&CardNumber, f64)> {
        let changed = (number, number.value + steps * step);
        others.iter().copied().chain([changed]).collect()
    };
    let mut four = |places: [f64; 4]| -> Option<Vec<(Vec<usize>, Equations)>> {
        places.iter().map(|&place| subject.equations(&moved(place))).collect()
    };
    let (found, (steps, weights)) = SCHEMES.iter().find_map(|&scheme| Some((four(scheme.0)?, scheme)))?;
    let places = found[0].0.clone();
    if found.iter().any(|(other, _)| *other != places) {
        return None;
    }
    let weights = weights.map(|weight| weight / step);
    let slopes = weighted(weights, [0, 1, 2, 3].map(|side| found[side].1.0.as_slice()));
    let force = places.into_iter().zip(slopes).filter(|(_, force)| *force != 0.0).collect();
    let sides = if with_sides {
        let side = |steps: f64| subject.neighbourhood.with(&moved(steps));
        Some(Sides { systems: [side(steps[0])?, side(steps[1])?, side(steps[2])?, side(steps[3])?], weights })
    } else {
        None
    };
    Some(Varied { name: number.name.clone(), force, sides })
}

fn along(force: &[(usize, f64)], adjoint: &[c64]) -> c64 {
    force.iter().fold(c64::new(0.0, 0.0), |sum, &(row, value)| sum + adjoint[row] * value)
}

/// The solution at a frequency, and what reaches the output from each row.
struct Wave {
    frequency: f64,
    solution: Vec<c64>,
    adjoint: Vec<c64>,
}

fn waves(
    system: &mut System,
    at_rest: &Linearised,
    sweep: &FrequencySweep,
    reading: &[c64],
) -> Result<Vec<Wave>, Failure> {
    let mut linearised = Linearised::at(system, at_rest.x.clone())?;
    let excitation = system.phasors(Tone::Ac);
    let one = |frequency: f64| {
        linearised.tune(system, frequency)?;
        let (mut solution, mut adjoint) = (excitation.clone(), reading.to_vec());
        linearised.solve(system, &mut solution)?;
        linearised.solve_transposed(system, &mut adjoint)?;
        Ok(Wave { frequency, solution, adjoint })
    };
    frequencies(sweep).into_iter().map(one).collect()
}

/// The derivative of the output at each frequency by the number with `sides`.
fn of_waves(
    system: &mut System,
    at_rest: &mut Linearised,
    force: Vec<(usize, f64)>,
    mut sides: Sides,
    waves: &[Wave],
) -> Result<Vec<c64>, Failure> {
    let shift = shift_of_matrix(system, at_rest, &force)?;
    let own = matrix_slopes(&mut sides, &at_rest.x);
    let entries = sides.systems[0].entries();
    let places = sides.systems[0].places().to_vec();
    let excitation = sides.slope(|system| system.phasors());
    let of_wave = |wave: &Wave| {
        let omega = std::f64::consts::TAU * wave.frequency;
        let mut sum = c64::new(0.0, 0.0);
        for (&place, &force) in places.iter().zip(&excitation) {
            sum += wave.adjoint[place] * force;
        }
        let admittances = sides.slope(|system| system.admittances(wave.frequency));
        for (slot, &[row, column]) in entries.iter().enumerate() {
            let entry = c64::new(own.0[slot], omega * own.1[slot]) + admittances[slot];
            sum -= wave.adjoint[row] * entry * wave.solution[column];
        }
        if let Some((conductance, capacitance)) = &shift {
            let pattern = system.pattern();
            for column in 0..system.len() {
                for slot in pattern.column(column) {
                    let entry = c64::new(conductance[slot], omega * capacitance[slot]);
                    sum -= wave.adjoint[pattern.rows[slot] as usize] * entry * wave.solution[column];
                }
            }
        }
        sum
    };
    Ok(waves.iter().map(of_wave).collect())
}

type Matrices = (Vec<f64>, Vec<f64>);

/// ∂G/∂p and ∂C/∂p of the element by slot.
fn matrix_slopes(sides: &mut Sides, x: &[f64]) -> Matrices {
    let both = sides.slope(|system| {
        let (conductance, capacitance) = system.small_signal(x);
        conductance.into_iter().chain(capacitance).collect()
    });
    let (conductance, capacitance) = both.split_at(both.len() / 2);
    (conductance.to_vec(), capacitance.to_vec())
}

fn quotient(above: &Matrices, below: &Matrices, width: f64) -> Matrices {
    let part = |above: &[f64], below: &[f64]| above.iter().zip(below).map(|(a, b)| (a - b) / width).collect();
    (part(&above.0, &below.0), part(&above.1, &below.1))
}

/// What the shift of the operating point does to the matrix of the whole; `None` if nothing.
fn shift_of_matrix(
    system: &mut System,
    at_rest: &mut Linearised,
    force: &[(usize, f64)],
) -> Result<Option<Matrices>, Failure> {
    if force.is_empty() || system.is_linear() {
        return Ok(None);
    }
    let mut shift = vec![c64::new(0.0, 0.0); system.len() + 1];
    force.iter().for_each(|&(row, value)| shift[row] -= value);
    at_rest.solve(system, &mut shift)?;
    let size = |(value, unknown): (&c64, &UnknownKind)| match unknown {
        UnknownKind::State { scale } => value.re.abs() / scale,
        UnknownKind::Discrete => 0.0,
        _ => value.re.abs(),
    };
    let kinds: Vec<UnknownKind> = system.unknowns.iter().map(|info| info.kind).collect();
    let largest = shift.iter().zip(&kinds).map(size).fold(0.0, f64::max);
    if largest == 0.0 {
        return Ok(None);
    }
    let length = SHIFT / largest;
    let mut at = |sign: f64| {
        let moved: Vec<f64> = at_rest.x.iter().zip(&shift).map(|(x, shift)| x + sign * length * shift.re).collect();
        system.small_signal(&moved)
    };
    // Of fourth order, so that the steps can be long against the rounding of the voltages.
    let near = quotient(&at(1.0), &at(-1.0), 2.0 * length);
    let far = quotient(&at(2.0), &at(-2.0), 4.0 * length);
    let joined = |near: &[f64], far: &[f64]| near.iter().zip(far).map(|(near, far)| (4.0 * near - far) / 3.0).collect();
    Ok(Some((joined(&near.0, &far.0), joined(&near.1, &far.1))))
}

fn table(columns: Vec<(String, VectorKind)>, values: &[Vec<c64>], waves: &[Wave]) -> Table {
    let name = "Sensitivity Analysis".to_string();
    if waves.is_empty() {
        let row = values.iter().map(|values| values[0].re).collect();
        return Table { name, axis: None, columns, rows: vec![row], complex: false };
    }
    let row = |(index, wave): (usize, &Wave)| {
        let parts = values.iter().flat_map(|values| [values[index].re, values[index].im]);
        [wave.frequency, 0.0].into_iter().chain(parts).collect()
    };
    let rows = waves.iter().enumerate().map(row).collect();
    let axis = Some(("frequency".to_string(), VectorKind::Frequency));
    Table { name, axis, columns, rows, complex: true }
}
