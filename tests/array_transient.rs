//! Arrays over time against the circuit engine, closed forms and conservation laws.

mod common;

use std::fmt::Write;

use ferrospice::arrays::cells::DynamicCells;
use ferrospice::arrays::conservation::driven_balance;
use ferrospice::arrays::laws::OneByOne;
use ferrospice::arrays::transient::{ArrayTransient, LineVoltages, TransientOptions, Waveform, drive_cell, pulse};
use ferrospice::arrays::{ArraySolver, Crossbar, Drive, Driving, Options};
use ferrospice::circuit::{Circuit, Overrides, elaborate};
use ferrospice::devices::cells::DeviceCells;

const FEO: &str = ".include device_models/feo.lib";
const EDGE: f64 = 10e-6;
const WIDTH: f64 = 1e-3;

/// Part of its way by which a cell may be off that is integrated in one step from corner to corner: these ways are shorter than the
/// absolute tolerance of states, 1e-6, here and in the engine.
const LATENT: f64 = 0.1;

fn circuit() -> Circuit {
    elaborate(&common::deck(&format!("{FEO}\nr1 1 0 1")), &Overrides::default()).unwrap()
}

fn feo(circuit: &Circuit, count: usize) -> DeviceCells {
    DeviceCells::of_models(circuit, &["feo"], None, 0.0, count).unwrap()
}

fn array(size: usize, driving: Driving) -> Crossbar {
    Crossbar { word_segment: 2.0, bit_segment: 3.0, driver: 10.0, sense: 5.0, driving, ..Crossbar::ideal(size, size) }
}

/// States all over the range.
fn states(cells: usize) -> Vec<f64> {
    (0..cells).map(|cell| (cell * 7 % 23) as f64 / 23.0).collect()
}

/// A pulse on row 1 and columns 0 and 2 at V/2.
fn selected(array: &Crossbar, amplitude: f64) -> Waveform {
    let mut on = LineVoltages::rest(array);
    on.word[1] = 0.5 * amplitude;
    on.bit[0] = -0.5 * amplitude;
    on.bit[2] = -0.5 * amplitude;
    Waveform::pulse(LineVoltages::rest(array), on, EDGE, WIDTH)
}

/// The same array as a flat netlist; its last states, and the current of every bit line in the middle of the pulse.
fn by_engine(array: &Crossbar, states: &[f64], amplitude: f64, options: &str) -> (Vec<f64>, Vec<f64>) {
    let (rows, columns) = (array.rows, array.columns);
    let mut deck = format!("{FEO}\n");
    let source_of =
        |voltage: f64| format!("PWL(0 0 {EDGE} {voltage} {} {voltage} {} 0)", EDGE + WIDTH, WIDTH + 2.0 * EDGE);
    for i in 0..rows {
        let source = if i == 1 { source_of(0.5 * amplitude) } else { "0".into() };
        writeln!(deck, "vw{i} iw{i} 0 {source}\nrw{i} iw{i} u{i}_0 {}", array.word_segment + array.driver).unwrap();
        for j in 1..columns {
            writeln!(deck, "rw{i}_{j} u{i}_{} u{i}_{j} {}", j - 1, array.word_segment).unwrap();
        }
        if array.driving == Driving::BothEnds {
            writeln!(deck, "re{i} u{i}_{} iw{i} {}", columns - 1, array.word_segment + array.driver).unwrap();
        }
    }
    for j in 0..columns {
        let source = if j == 0 || j == 2 { source_of(-0.5 * amplitude) } else { "0".into() };
        writeln!(deck, "vb{j} ib{j} 0 {source}\nrb{j} b{}_{j} ib{j} {}", rows - 1, array.bit_segment + array.sense)
            .unwrap();
        for i in 1..rows {
            writeln!(deck, "rb{i}_{j} b{}_{j} b{i}_{j} {}", i - 1, array.bit_segment).unwrap();
        }
        for i in 0..rows {
            let x = states[i * columns + j];
            writeln!(deck, "n{i}_{j} u{i}_{j} b{i}_{j} feo x0={x}").unwrap();
        }
    }
    let stop = WIDTH + 2.0 * EDGE;
    writeln!(deck, ".options {options}\n.tran {} {stop} 0 {}", stop / 50.0, stop / 50.0).unwrap();
    let plot = common::plot(&deck);
    let last = |name: &str| *common::vector(&plot, name).last().unwrap();
    let cells = (0..rows).flat_map(|i| (0..columns).map(move |j| format!("x(n{i}_{j})")));
    let time = common::vector(&plot, "time");
    let middle = time.iter().position(|t| *t >= EDGE + 0.5 * WIDTH).unwrap();
    let (a, b) = (time[middle - 1], time[middle]);
    let part = (EDGE + 0.5 * WIDTH - a) / (b - a);
    let current = |j: usize| {
        let values = common::vector(&plot, &format!("i(vb{j})"));
        values[middle - 1] + part * (values[middle] - values[middle - 1])
    };
    (cells.map(|name| last(&name)).collect(), (0..columns).map(current).collect())
}

/// The array with its cells in `states` after the pulse; `observe` sees every time point.
fn pulsed<'a>(
    array: &Crossbar,
    cells: &'a DeviceCells,
    amplitude: f64,
    options: TransientOptions,
    observe: &mut dyn FnMut(&ArrayTransient<DeviceCells>),
) -> ArrayTransient<'a, DeviceCells> {
    let mut transient = ArrayTransient::new(array, cells, options).unwrap();
    transient.set_states(&states(array.cells())).unwrap();
    transient.run(&selected(array, amplitude), observe).unwrap();
    transient
}

#[test]
fn a_write_pulse_agrees_with_the_circuit_engine() {
    for (driving, amplitude) in [(Driving::LeftEnd, 1.6), (Driving::BothEnds, -1.8)] {
        let array = array(6, driving);
        let circuit = circuit();
        let cells = feo(&circuit, array.cells());
        let start = states(array.cells());
        let mut points: Vec<(f64, Vec<f64>)> = Vec::new();
        let options = TransientOptions { reltol: 1e-5, ..TransientOptions::default() };
        let transient =
            pulsed(&array, &cells, amplitude, options, &mut |at| points.push((at.time(), at.bit_currents())));
        let (states, currents) = by_engine(&array, &start, amplitude, "reltol=1e-7");
        let worst = |ours: &[f64]| ours.iter().zip(&states).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let coarse = pulsed(&array, &cells, amplitude, TransientOptions::default(), &mut |_| {});
        // Truncation errors add up over the steps, and fall with the tolerance.
        let (fine, coarse) = (worst(transient.states()), worst(coarse.states()));
        assert!(fine < 0.2 * coarse, "{fine} at reltol 1e-5, {coarse} at 1e-3");
        for (k, (ours, reference)) in transient.states().iter().zip(&states).enumerate() {
            let moved = (reference - start[k]).abs();
            // Within the tolerance, and whatever moved at all, by a disturb too, moved as far as there.
            let error = (ours - reference).abs();
            assert!(error <= 3e-4 * reference.abs() + 1e-6, "cell {k}: {ours} and {reference}, from {}", start[k]);
            assert!(error <= LATENT * moved + 1e-10, "cell {k}: {ours} and {reference}, from {}", start[k]);
        }
        let middle = EDGE + 0.5 * WIDTH;
        let after = points.iter().position(|point| point.0 >= middle).unwrap();
        let (a, b) = (&points[after - 1], &points[after]);
        let largest = currents.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        for (j, reference) in currents.iter().enumerate() {
            let ours = a.1[j] + (middle - a.0) / (b.0 - a.0) * (b.1[j] - a.1[j]);
            assert!((ours - reference).abs() <= 2e-3 * largest, "bit line {j}: {ours} and {reference}");
        }
    }
}

/// The states at constant voltage, from `x0`: device-physics closed form of one logarithmic SET channel.
fn closed_form(x0: f64, voltage: f64, time: f64) -> f64 {
    let (k0, v0, vg, vw, xi) = (1.16438e-2, 0.09, 0.45, 0.02, 0.04f64);
    let rate = k0 * (voltage / v0).exp() / (1.0 + (-(voltage - vg) / vw).exp());
    let kappa = rate / (xi * (1.0 / xi).exp_m1());
    let z0 = ((x0 - 1.0) / xi).exp();
    1.0 + xi * (z0 * (-kappa * time).exp() - (-kappa * time).exp_m1()).ln()
}

#[test]
fn one_cell_follows_the_closed_form() {
    let circuit = circuit();
    let cells = feo(&circuit, 1);
    let array = Crossbar::ideal(1, 1);
    for voltage in [1.0, 1.3] {
        let mut transient = ArrayTransient::new(
            &array,
            &cells,
            TransientOptions { reltol: 1e-6, state_tolerance: 1e-9, ..Default::default() },
        )
        .unwrap();
        let on = LineVoltages { word: vec![0.75 * voltage], bit: vec![-0.25 * voltage] };
        // The edges are too short to count.
        let rest = LineVoltages::rest(&array);
        transient.run(&Waveform::pulse(rest, on, 1e-9, 1e-3), &mut |_| {}).unwrap();
        let expected = closed_form(0.0, voltage, 1e-3);
        assert!((transient.states()[0] - expected).abs() < 1e-4 * expected, "{:?} and {expected}", transient.states());
        // The same by the driver of a single cell, and with one pulse as two of half the width.
        let options = TransientOptions { reltol: 1e-6, state_tolerance: 1e-9, ..Default::default() };
        let mut state = [0.0];
        for _ in 0..2 {
            drive_cell(&cells, 0, &mut state, &pulse(voltage, 1e-9, 0.5e-3), &options).unwrap();
        }
        assert!((state[0] - expected).abs() < 1e-4 * expected, "{state:?} and {expected}");
    }
}

#[test]
fn cells_with_steps_of_their_own_stay_within_the_tolerance() {
    let array = array(16, Driving::BothEnds);
    let circuit = circuit();
    let cells = feo(&circuit, array.cells());
    let start = states(array.cells());
    let exact = TransientOptions { reltol: 1e-4, latency: 0.0, ..TransientOptions::default() };
    let bypassed = TransientOptions { latency: 0.5, ..exact };
    for amplitude in [1.5, -1.8] {
        let all = pulsed(&array, &cells, amplitude, exact, &mut |_| {});
        let few = pulsed(&array, &cells, amplitude, bypassed, &mut |_| {});
        assert!(few.statistics().active < all.statistics().active / 2, "{:?}", few.statistics());
        for (k, (a, b)) in all.states().iter().zip(few.states()).enumerate() {
            assert!((a - b).abs() <= 1e-4 * a.abs() + 1e-6, "cell {k}: {a} and {b}");
            // A disturb of no importance is not lost either.
            assert!((a - b).abs() <= LATENT * (a - start[k]).abs() + 1e-10, "cell {k}: {a} and {b} from {}", start[k]);
        }
        assert!((all.energy() / few.energy() - 1.0).abs() < 1e-3);
    }
}

#[test]
fn cells_of_any_model_are_carried_by_their_linearisation() {
    let text = ".include device_models/fe2o3.lib\nr1 1 0 1";
    let circuit = elaborate(&common::deck(text), &Overrides::default()).unwrap();
    let array = array(5, Driving::LeftEnd);
    let cells = DeviceCells::of_models(&circuit, &["fe2o3_soft", "fe2o3_hard"], None, 15.0, array.cells()).unwrap();
    let run = |bypass: f64| {
        let options = TransientOptions { bypass, ..TransientOptions::default() };
        let mut transient = ArrayTransient::new(&array, &cells, options).unwrap();
        transient.run(&selected(&array, -1.6), &mut |_| {}).unwrap();
        transient
    };
    let (with, without) = (run(TransientOptions::default().bypass), run(0.0));
    let moved = without.states()[2 * 5] - cells.start(5)[0];
    assert!(moved > 0.01, "the selected cell moved by {moved}");
    for (a, b) in with.states().iter().zip(without.states()) {
        assert!((a - b).abs() <= 1e-6 * b.abs() + 1e-9, "{a} and {b}");
    }
}

#[test]
fn currents_and_energy_balance_at_every_time_point() {
    for (driving, latency) in [(Driving::LeftEnd, 0.0), (Driving::BothEnds, 0.5)] {
        let array = array(9, driving);
        let circuit = circuit();
        let cells = feo(&circuit, array.cells());
        let options = TransientOptions { latency, ..TransientOptions::default() };
        let (mut points, mut last, mut energy) = (0, (0.0, 0.0), 0.0);
        let transient = pulsed(&array, &cells, 1.6, options, &mut |at| {
            let drive = Drive { word: &at.drive().word, bit: &at.drive().bit };
            let voltages = at.voltages();
            // The cells' currents anew, from voltages and states.
            let current =
                |cell: usize| cells.current(cell, voltages.word[cell] - voltages.bit[cell], &at.states()[cell..=cell]);
            let currents: Vec<f64> = (0..array.cells()).map(current).collect();
            let balance = driven_balance(&array, &drive, &voltages, &currents).unwrap();
            assert!(balance.imbalance <= 1e-9 * balance.largest_current + 1e-18, "{balance:?} at {}", at.time());
            let error = (balance.supplied - balance.dissipated).abs();
            assert!(error <= 1e-8 * balance.dissipated + 1e-18, "{balance:?} at {}", at.time());
            energy += 0.5 * (at.time() - last.0) * (last.1 + balance.dissipated);
            last = (at.time(), balance.dissipated);
            points += 1;
        });
        assert!(points > 6 && energy > 0.0);
        assert!((transient.energy() / energy - 1.0).abs() < 1e-6, "{} and {energy}", transient.energy());
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    // Large enough for the lines to be swept in parallel.
    let array = Crossbar { rows: 70, ..array(64, Driving::BothEnds) };
    let array = Crossbar { word_segment: 0.05, bit_segment: 0.05, ..array };
    let circuit = circuit();
    let cells = feo(&circuit, array.cells());
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let transient = pulsed(&array, &cells, -1.7, TransientOptions::default(), &mut |_| {});
            (transient.states().to_vec(), transient.currents(), transient.energy(), transient.statistics())
        })
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn waveforms_that_do_not_fit_are_refused() {
    let array = array(3, Driving::LeftEnd);
    let circuit = circuit();
    let cells = feo(&circuit, array.cells());
    assert!(ArrayTransient::new(&Crossbar::ideal(2, 2), &cells, TransientOptions::default()).is_err());
    let mut transient = ArrayTransient::new(&array, &cells, TransientOptions::default()).unwrap();
    assert!(transient.set_states(&[0.5; 8]).is_err());
    let rest = LineVoltages::rest(&array);
    let narrow = LineVoltages { word: vec![1.0; 3], bit: vec![0.0; 2] };
    let nan = LineVoltages { word: vec![f64::NAN; 3], bit: vec![0.0; 3] };
    for (on, edge) in [(narrow, 1e-6), (nan, 1e-6), (rest.clone(), 0.0), (rest.clone(), f64::INFINITY)] {
        let error = transient.run(&Waveform::pulse(rest.clone(), on, edge, 1e-3), &mut |_| {}).unwrap_err();
        assert!(!error.message.is_empty());
    }
}

/// Wires that take most of the voltage, where relaxing lines in turn alone takes thousands of sweeps.
#[test]
fn strong_drops_are_found_in_few_sweeps() {
    for driving in [Driving::LeftEnd, Driving::BothEnds] {
        let array = Crossbar {
            word_segment: 100.0,
            bit_segment: 60.0,
            driving,
            ..Crossbar { sense: 5.0, ..Crossbar::ideal(96, 130) }
        };
        let circuit = circuit();
        let cells = feo(&circuit, array.cells());
        let states = states(array.cells());
        let word: Vec<f64> = (0..array.rows).map(|row| 0.01 * (row % 11) as f64).collect();
        let (held, drive) = (cells.held(&states), [Drive::inputs(&word)]);
        let law = OneByOne(&held);
        let held = ArraySolver::new(&array, &law, Options::default()).unwrap();
        let held = held.currents(&drive).unwrap().currents;
        let mut transient = ArrayTransient::new(&array, &cells, TransientOptions::default()).unwrap();
        transient.set_states(&states).unwrap();
        let rest = LineVoltages::rest(&array);
        let on = LineVoltages { word: word.clone(), bit: rest.bit.clone() };
        transient.run(&Waveform::new(rest).to(1e-9, on), &mut |_| {}).unwrap();
        let largest = held.norm_max();
        for (column, current) in transient.bit_currents().iter().enumerate() {
            assert!(
                (current - held[(column, 0)]).abs() < 1e-8 * largest,
                "{column}: {current} and {}",
                held[(column, 0)]
            );
        }
        let sweeps = transient.statistics().sweeps;
        assert!(sweeps < 60, "{sweeps} sweeps");
    }
}
