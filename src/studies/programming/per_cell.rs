//! Programming of cells one by one, each between ideal sources: what a whole layer's devices reach without their array.
//!
//! Cells of a card without spread that got the same pulses are in the same state, and amplitudes are whole numbers of steps.
//! So every sequence of pulses is simulated once, however many cells take it; nothing is interpolated. With spread every
//! cell is simulated by itself.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::device::{CellCard, CellStates, Device, Direction};
use super::plan::{Knowledge, Plan, Progress, Step};
use super::programmed::Programmed;
use super::settings::{Approach, PulseMethod, PulseSettings};
use crate::diagnostic::Diagnostic;

/// Programs one cell for each target (S) from the card's initial state, by `settings.method`. Targets beyond the range of
/// the staircase are those at its end.
///
/// # Errors
/// Cards, settings or targets that are not possible; a time point without a solution.
pub fn achieved(card: &CellCard, targets: &[f64], settings: &PulseSettings) -> Result<Programmed, Diagnostic> {
    if let Some(target) = targets.iter().find(|target| !(target.is_finite() && **target >= 0.0)) {
        return Err(Diagnostic::error(format!("a cell cannot be programmed to {target} S")));
    }
    let varies = card.varies();
    let cells = card.cells(if varies { targets.len().max(1) } else { 1 })?;
    let device = Device::new(&cells, settings)?;
    let knowledge = Knowledge::of(&device)?;
    let [least, most] = knowledge.staircase.range;
    let targets: Vec<f64> = targets.iter().map(|target| target.clamp(least, most)).collect();
    let outcomes = match settings.method {
        PulseMethod::OpenLoop => open_loop(&device, &knowledge, &targets, varies)?,
        PulseMethod::WriteVerify if varies => {
            let one = |(cell, target): (usize, &f64)| write_one(&device, &knowledge, cell, *target);
            targets.par_iter().enumerate().map(one).collect::<Result<_, _>>()?
        }
        PulseMethod::WriteVerify => write_alike(&device, &knowledge, &targets)?,
    };
    Ok(Programmed {
        conductances: outcomes.iter().map(|outcome| outcome.conductance).collect(),
        pulses: outcomes.iter().map(|outcome| outcome.pulses).collect(),
        reached: outcomes.iter().map(|outcome| outcome.reached).collect(),
        range: knowledge.staircase.range,
        energy: outcomes.iter().map(|outcome| outcome.energy).sum(),
    })
}

/// Of one cell.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    conductance: f64,
    pulses: u32,
    reached: bool,
    energy: f64,
}

/// As many pulses as bring the first cell of the card nearest to the target.
fn open_loop(
    device: &Device,
    knowledge: &Knowledge,
    targets: &[f64],
    varies: bool,
) -> Result<Vec<Outcome>, Diagnostic> {
    let staircase = &knowledge.staircase;
    let (levels, before) = match device.settings.approach {
        Approach::Up => (&staircase.up, 0),
        Approach::Down => (&staircase.down, staircase.up.len() - 1),
    };
    let nearest = |target: f64| {
        let distance = |count: &usize| (levels[*count] - target).abs();
        (0..levels.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0)
    };
    let outcome = |target: f64, count: usize, conductance: f64, energy: f64| Outcome {
        conductance,
        pulses: (before + count) as u32,
        reached: (conductance - target).abs() <= knowledge.tolerance,
        energy,
    };
    if !varies {
        let energies = climb(device, 0, before, levels.len() - 1)?;
        let one = |&target: &f64| {
            let count = nearest(target);
            outcome(target, count, levels[count], energies[count].1)
        };
        return Ok(targets.iter().map(one).collect());
    }
    let one = |(cell, &target): (usize, &f64)| {
        let count = nearest(target);
        let (conductance, energy) = climb(device, cell, before, count)?[count];
        Ok(outcome(target, count, conductance, energy))
    };
    targets.par_iter().enumerate().map(one).collect()
}

/// Conductance and energy after the `before` SET pulses of a full staircase and each of `count` pulses towards the targets.
fn climb(device: &Device, cell: usize, before: usize, count: usize) -> Result<Vec<(f64, f64)>, Diagnostic> {
    let (mut states, mut energy) = (device.start(cell), 0.0);
    for _ in 0..before {
        energy += device.apply(cell, &mut states, Direction::Up, device.settings.set.amplitude)?;
    }
    let direction = if before == 0 { Direction::Up } else { Direction::Down };
    let mut points = vec![(device.conductance(cell, &states), energy)];
    for _ in 0..count {
        energy += device.apply(cell, &mut states, direction, device.pulse(direction).amplitude)?;
        points.push((device.conductance(cell, &states), energy));
    }
    Ok(points)
}

/// Write-verify of a cell with spread of its own.
fn write_one(device: &Device, knowledge: &Knowledge, cell: usize, target: f64) -> Result<Outcome, Diagnostic> {
    let preset = knowledge.preset(device, cell)?;
    let (mut states, mut energy, mut plan) = (preset.states, preset.energy, Plan::new(target));
    loop {
        let conductance = device.conductance(cell, &states);
        energy += device.energy_of_read(conductance);
        let Some((direction, level)) = plan.next(conductance, knowledge, device) else {
            let reached = plan.progress == Progress::Reached;
            return Ok(Outcome { conductance, pulses: preset.pulses + plan.pulses, reached, energy });
        };
        energy += device.apply(cell, &mut states, direction, device.amplitude(level))?;
    }
}

/// A state that some cells are in, and what it conducts, S.
struct Place {
    states: CellStates,
    conductance: f64,
}

/// A cell on its way.
struct Walker {
    plan: Plan,
    place: usize,
    energy: f64,
}

/// Write-verify of cells that are alike: all take their next pulse together, and each different one is simulated once.
fn write_alike(device: &Device, knowledge: &Knowledge, targets: &[f64]) -> Result<Vec<Outcome>, Diagnostic> {
    let preset = knowledge.preset(device, 0)?;
    let mut places = vec![Place { states: preset.states, conductance: device.conductance(0, &preset.states) }];
    let mut known: FxHashMap<(usize, Step), (usize, f64)> = FxHashMap::default();
    let walker = |&target: &f64| Walker { plan: Plan::new(target), place: 0, energy: preset.energy };
    let mut walkers: Vec<Walker> = targets.iter().map(walker).collect();
    loop {
        let steps: Vec<Option<Step>> = walkers
            .par_iter_mut()
            .map(|walker| {
                let conductance = places[walker.place].conductance;
                if walker.plan.progress != Progress::Pending {
                    return None;
                }
                walker.energy += device.energy_of_read(conductance);
                walker.plan.next(conductance, knowledge, device)
            })
            .collect();
        let mut new = Vec::new();
        for (walker, step) in walkers.iter().zip(&steps) {
            if let Some(step) = step
                && let std::collections::hash_map::Entry::Vacant(entry) = known.entry((walker.place, *step))
            {
                entry.insert((places.len() + new.len(), 0.0));
                new.push((walker.place, *step));
            }
        }
        let made = new.par_iter().map(|&(place, (direction, level))| {
            let mut states = places[place].states;
            let energy = device.apply(0, &mut states, direction, device.amplitude(level))?;
            Ok((Place { states, conductance: device.conductance(0, &states) }, energy))
        });
        let made: Vec<(Place, f64)> = made.collect::<Result<_, Diagnostic>>()?;
        for (key, (place, energy)) in new.into_iter().zip(made) {
            known.insert(key, (places.len(), energy));
            places.push(place);
        }
        let mut moved = false;
        for (walker, step) in walkers.iter_mut().zip(&steps) {
            if let Some((place, energy)) = step.and_then(|step| known.get(&(walker.place, step))) {
                (walker.place, moved) = (*place, true);
                walker.energy += energy;
            }
        }
        if !moved {
            let outcome = |walker: &Walker| Outcome {
                conductance: places[walker.place].conductance,
                pulses: preset.pulses + walker.plan.pulses,
                reached: walker.plan.progress == Progress::Reached,
                energy: walker.energy,
            };
            return Ok(walkers.iter().map(outcome).collect());
        }
    }
}
