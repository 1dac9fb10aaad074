//! Write-verify of a whole array, row by row, through its wires.
//!
//! Every pulse and every read is a transient of the whole array with the states of all cells live. A row is first set to the
//! upper end of the range, if targets are approached downwards: all its cells by one word-line voltage, which leaves the other
//! rows at rest. Then each column gets a bit-line voltage of its own, by what was read of its cell, until all are read within
//! the tolerance; columns that are done are inhibited. Later rounds read all rows again and repair what other rows have disturbed.

use super::array_report::{ArrayProgramming, Disturb};
use super::biasing::{Selection, whole_row};
use super::device::{CellStates, Device, Direction};
use super::plan::{Knowledge, PRESET_RISE, Plan, Progress, Step};
use super::settings::{Approach, PulseMethod, PulseSettings};
use crate::arrays::conservation::driven_balance;
use crate::arrays::transient::{ArrayTransient, LineVoltages, Waveform};
use crate::arrays::{Crossbar, Drive};
use crate::devices::cells::DeviceCells;
use crate::diagnostic::Diagnostic;

/// Most pulses that set a row to the upper end of the range.
const MOST_PRESETS: u32 = 40;

/// Programs `array`, whose cells are in their initial states, to `targets` (S, by rows) and tells what came of it. `watch` is
/// told the part that is done.
///
/// # Errors
/// Settings or targets that do not fit; a time point without a solution.
pub fn write_array(
    array: &Crossbar,
    cells: &DeviceCells,
    targets: &[f64],
    settings: &PulseSettings,
    watch: &mut (dyn FnMut(f64) + Send),
) -> Result<ArrayProgramming, Diagnostic> {
    // Within the pool a parallel part of a microsecond begins and ends without the operating system.
    rayon::scope(|_| write_rows(array, cells, targets, settings, watch))
}

fn write_rows(
    array: &Crossbar,
    cells: &DeviceCells,
    targets: &[f64],
    settings: &PulseSettings,
    watch: &mut (dyn FnMut(f64) + Send),
) -> Result<ArrayProgramming, Diagnostic> {
    array.validate_conductances(targets)?;
    if settings.method == PulseMethod::OpenLoop {
        return Err(Diagnostic::error("an array is not programmed in open loop")
            .hint("its wires change what a pulse does: use `method = \"write_verify\"`"));
    }
    let device = Device::new(cells, settings)?;
    let knowledge = Knowledge::of(&device)?;
    let [least, most] = knowledge.staircase.range;
    let plans = targets.iter().map(|target| Plan::new(target.clamp(least, most))).collect();
    let transient = ArrayTransient::new(array, cells, device.options())?;
    let mut writing = Writing {
        array,
        device: &device,
        knowledge,
        transient,
        plans,
        after_row: vec![0.0; array.cells()],
        read: vec![0.0; array.cells()],
        row_pulses: 0,
        reads: 0,
        imbalance: 0.0,
    };
    let rounds = settings.rounds;
    if settings.approach == Approach::Down {
        for row in 0..array.rows {
            writing.preset(row)?;
            watch(0.2 * (row + 1) as f64 / array.rows as f64);
        }
    }
    for round in 0..rounds {
        for row in 0..array.rows {
            writing.write_row(row)?;
            let part = (round * array.rows + row + 1) as f64 / (rounds * array.rows) as f64;
            watch(0.2 + 0.8 * part);
        }
        if round + 1 < rounds {
            writing.plans.iter_mut().for_each(Plan::renew);
        }
    }
    writing.finish(targets)
}

/// The array while it is written.
struct Writing<'a> {
    array: &'a Crossbar,
    device: &'a Device<'a>,
    knowledge: Knowledge,
    transient: ArrayTransient<'a, DeviceCells>,
    plans: Vec<Plan>,
    /// Conductances when their row was done in the last round, S.
    after_row: Vec<f64>,
    /// Conductances as last read, S.
    read: Vec<f64>,
    row_pulses: u64,
    reads: u64,
    /// Largest sum of currents at a node in fractions of the largest current of a cell, at the ends of the pulses.
    imbalance: f64,
}

impl Writing<'_> {
    /// SET pulses of rising amplitude until all cells of the row are read at the upper end of the range.
    fn preset(&mut self, row: usize) -> Result<(), Diagnostic> {
        let most = self.knowledge.staircase.range[1];
        let mut rise = 0.0;
        for _ in 0..MOST_PRESETS {
            let read = self.read_row(row)?;
            let least = read.iter().fold(f64::INFINITY, |a, b| a.min(*b));
            let amplitude = self.knowledge.up.amplitude(least, most) + rise;
            if least >= most - self.knowledge.tolerance || amplitude > self.device.most() {
                break;
            }
            let on = whole_row(self.array, row, self.device.sign(Direction::Up) * amplitude);
            self.pulse(on, Direction::Up)?;
            self.plans[row * self.array.columns..][..self.array.columns].iter_mut().for_each(|plan| plan.pulses += 1);
            rise += PRESET_RISE;
        }
        Ok(())
    }

    /// Reads and pulses until every cell of the row is where it shall be, or is given up.
    fn write_row(&mut self, row: usize) -> Result<(), Diagnostic> {
        let cells = row * self.array.columns..(row + 1) * self.array.columns;
        loop {
            let read = self.read_row(row)?;
            self.read[cells.clone()].copy_from_slice(&read);
            let (knowledge, device) = (&self.knowledge, self.device);
            let pending = |plan: &mut Plan, read: &f64| match plan.progress {
                Progress::Failed => None,
                _ => plan.next(*read, knowledge, device),
            };
            let steps: Vec<Option<Step>> =
                self.plans[cells.clone()].iter_mut().zip(&read).map(|(plan, read)| pending(plan, read)).collect();
            if steps.iter().all(Option::is_none) {
                break;
            }
            for direction in [Direction::Down, Direction::Up] {
                let amplitude = |step: &Option<Step>| {
                    step.filter(|step| step.0 == direction).map(|step| self.device.amplitude(step.1))
                };
                let amplitudes: Vec<Option<f64>> = steps.iter().map(amplitude).collect();
                if amplitudes.iter().any(Option::is_some) {
                    let selection = Selection { row, sign: self.device.sign(direction), amplitudes: &amplitudes };
                    self.pulse(selection.voltages(self.array, self.device.settings.scheme), direction)?;
                }
            }
        }
        for cell in cells {
            self.after_row[cell] = self.conductance(cell);
        }
        Ok(())
    }

    fn pulse(&mut self, on: LineVoltages, direction: Direction) -> Result<(), Diagnostic> {
        self.row_pulses += 1;
        let (edge, width) = (self.device.settings.edge, self.device.pulse(direction).width);
        let rest = LineVoltages::rest(self.array);
        self.transient.run(&Waveform::new(rest.clone()).to(edge, on.clone()).to(width, on.clone()), &mut |_| {})?;
        self.check_currents()?;
        self.transient.run(&Waveform::new(on).to(edge, rest), &mut |_| {})
    }

    /// Conductances of the cells of a row as the sensed currents show them at the end of a read pulse, S.
    fn read_row(&mut self, row: usize) -> Result<Vec<f64>, Diagnostic> {
        self.reads += 1;
        let settings = self.device.settings;
        let (edge, width, voltage) = (settings.edge, settings.verify_width, settings.verify_voltage);
        let on = whole_row(self.array, row, voltage);
        let rest = LineVoltages::rest(self.array);
        self.transient.run(&Waveform::new(rest.clone()).to(edge, on.clone()).to(width, on.clone()), &mut |_| {})?;
        let read = self.transient.bit_currents().iter().map(|current| current / voltage).collect();
        self.transient.run(&Waveform::new(on).to(edge, rest), &mut |_| {})?;
        Ok(read)
    }

    /// Kirchhoff's current law at every node, by code that shares nothing with the solver.
    fn check_currents(&mut self) -> Result<(), Diagnostic> {
        let drive = self.transient.drive();
        let drive = Drive { word: &drive.word, bit: &drive.bit };
        let (voltages, currents) = (self.transient.voltages(), self.transient.currents());
        let balance = driven_balance(self.array, &drive, &voltages, &currents)?;
        self.imbalance = self.imbalance.max(balance.relative_imbalance());
        Ok(())
    }

    /// Of the device itself, S.
    fn conductance(&self, cell: usize) -> f64 {
        let count = self.transient.states().len() / self.array.cells();
        let mut states = CellStates::default();
        states[..count].copy_from_slice(&self.transient.states()[cell * count..][..count]);
        self.device.conductance(cell, &states)
    }

    /// Reads everything once more and draws up the report.
    fn finish(mut self, targets: &[f64]) -> Result<ArrayProgramming, Diagnostic> {
        for row in 0..self.array.rows {
            let read = self.read_row(row)?;
            self.read[row * self.array.columns..][..read.len()].copy_from_slice(&read);
        }
        let conductances: Vec<f64> = (0..self.array.cells()).map(|cell| self.conductance(cell)).collect();
        let [least, most] = self.knowledge.staircase.range;
        let width = most - least;
        let relative = |values: &[f64]| -> Vec<f64> {
            let wanted = self.plans.iter().map(|plan| plan.target);
            values.iter().zip(wanted).map(|(value, wanted)| (value - wanted) / width).collect()
        };
        let (errors, read_errors) = (relative(&conductances), relative(&self.read));
        let moved: Vec<f64> =
            conductances.iter().zip(&self.after_row).map(|(end, then)| (end - then) / width).collect();
        let failed = read_errors.iter().filter(|error| error.abs() > self.device.settings.tolerance).count();
        let given_up = self.plans.iter().filter(|plan| plan.progress == Progress::Failed).count();
        let outside = targets.iter().filter(|target| !(least..=most).contains(*target)).count();
        let (statistics, energy) = (self.transient.statistics(), self.transient.energy());
        Ok(ArrayProgramming {
            rows: self.array.rows,
            columns: self.array.columns,
            range: [least, most],
            tolerance: self.device.settings.tolerance,
            outside,
            failed,
            given_up,
            errors: (&errors[..]).into(),
            read_errors: (&read_errors[..]).into(),
            disturb: Disturb::of(&moved),
            pulses: self.plans.iter().map(|plan| u64::from(plan.pulses)).sum(),
            most_pulses: self.plans.iter().map(|plan| plan.pulses).max().unwrap_or(0),
            row_pulses: self.row_pulses,
            reads: self.reads,
            energy,
            time: self.transient.time(),
            imbalance: self.imbalance,
            statistics,
            conductances,
        })
    }
}
