//! Arrays of nonlinear cells: against the simulator and the exact linear solvers, conservation, limits, symmetry.

mod common;
#[path = "common/crossbars.rs"]
mod crossbars;

use std::sync::Mutex;

use common::{last, plot};
use crossbars::{Numbers, assert_near, largest, netlist, resistors, variants};
use ferrospice::arrays::cells::CellLaw;
use ferrospice::arrays::conservation::driven_balance;
use ferrospice::arrays::laws::{LinearLaw, MixedPowerLaw, PowerLaw, PowerShape, SinhLaw, SquareLaw};
use ferrospice::arrays::{
    ArraySolver, Crossbar, Drive, Driving, Method, NodeVoltages, Options, PortReduction, Statistics,
};

fn forced(method: Method) -> Options {
    Options { method, ..Options::default() }
}

fn solve<C: CellLaw>(array: &Crossbar, cells: &C, drive: &Drive) -> (NodeVoltages, Vec<f64>, Statistics) {
    ArraySolver::new(array, cells, Options::default()).unwrap().voltages(drive, None).unwrap()
}

/// Currents through the cells by the law alone.
fn cell_currents<C: CellLaw>(cells: &C, voltages: &NodeVoltages) -> Vec<f64> {
    let drops = voltages.word.iter().zip(&voltages.bit).map(|(word, bit)| word - bit);
    drops.enumerate().map(|(cell, drop)| cells.branch(cell, &[drop]).0[0]).collect()
}

/// Kirchhoff's law at every node, and power, by code that shares nothing with the solver.
fn assert_balanced<C: CellLaw>(array: &Crossbar, cells: &C, drive: &Drive, voltages: &NodeVoltages) {
    let balance = driven_balance(array, drive, voltages, &cell_currents(cells, voltages)).unwrap();
    assert!(balance.relative_imbalance() <= 1.01e-9, "{array:?}: {balance:?}");
    assert!(balance.relative_power_error() <= 1e-8, "{array:?}: {balance:?}");
}

fn square(numbers: &mut Numbers, array: &Crossbar) -> SquareLaw {
    SquareLaw { conductances: numbers.conductances(array), slope: 6.0 }
}

fn sinh(numbers: &mut Numbers, array: &Crossbar) -> SinhLaw {
    SinhLaw { conductances: numbers.conductances(array), scale: 0.1 }
}

/// The conduction of the FeO card.
fn power(numbers: &mut Numbers, array: &Crossbar) -> PowerLaw {
    PowerLaw { conductances: numbers.conductances(array), shape: PowerShape::new(0.004, 2.0, 0.1) }
}

fn random(numbers: &mut Numbers, count: usize) -> Vec<f64> {
    (0..count).map(|_| 0.6 * numbers.uniform() - 0.2).collect()
}

/// Sensed currents and node voltages of square-law cells as the simulator has them.
fn assert_agrees_with_simulator(array: &Crossbar, seed: u64) {
    let mut numbers = Numbers::new(seed);
    let cells = square(&mut numbers, array);
    let (word, bit) = (random(&mut numbers, array.rows), random(&mut numbers, array.columns));
    let drive = Drive { word: &word, bit: &bit };
    let source = |k: usize, word: &str, bit: &str| {
        let conductance = cells.conductances[k];
        format!("Bcell{k} {word} {bit} i={{{conductance:e}*v({word},{bit})*(1+6*abs(v({word},{bit})))}}")
    };
    let plot = plot(&netlist(array, &drive, &source));
    let expected: Vec<f64> = (0..array.columns).map(|j| last(&plot, &format!("i(vsense{j})"))).collect();
    let (voltages, currents, _) = solve(array, &cells, &drive);
    let scale = largest(&cell_currents(&cells, &voltages)).max(largest(&expected));
    for (found, expected) in currents.iter().zip(&expected) {
        assert!((found - expected).abs() <= 1e-9 * scale + 1e-15, "{array:?}: {found:e}, expected {expected:e}");
    }
    let places = (0..array.cells()).map(|cell| (cell / array.columns, cell % array.columns));
    for ((i, j), (word, bit)) in places.zip(voltages.word.iter().zip(&voltages.bit)) {
        let expected = (last(&plot, &format!("v(u{i}_{j})")), last(&plot, &format!("v(b{i}_{j})")));
        assert!((word - expected.0).abs() <= 1e-8 && (bit - expected.1).abs() <= 1e-8, "{array:?}: cell {i}, {j}");
    }
    assert_balanced(array, &cells, &drive, &voltages);
}

#[test]
fn one_cell_as_the_simulator_has_it() {
    variants(1, 1).iter().enumerate().for_each(|(k, array)| assert_agrees_with_simulator(array, k as u64 + 1));
}

#[test]
fn one_row_or_column_as_the_simulator_has_it() {
    for (k, array) in variants(1, 11).iter().chain(&variants(9, 1)).enumerate() {
        assert_agrees_with_simulator(array, k as u64);
    }
}

#[test]
fn small_arrays_as_the_simulator_has_them() {
    variants(5, 4).iter().enumerate().for_each(|(k, array)| assert_agrees_with_simulator(array, k as u64));
}

#[test]
fn thin_and_square_arrays_as_the_simulator_has_them() {
    for (rows, columns) in [(2, 21), (18, 3), (8, 8)] {
        for (k, array) in variants(rows, columns).iter().enumerate().filter(|(k, _)| k % 4 == 3) {
            assert_agrees_with_simulator(array, k as u64);
        }
    }
}

/// Linear cells through every method, and bit lines at given voltages against the simulator.
#[test]
fn linear_cells_are_solved_alike_by_all_methods() {
    for (seed, array) in variants(13, 9).iter().enumerate() {
        let mut numbers = Numbers::new(seed as u64);
        let cells = LinearLaw { conductances: numbers.conductances(array) };
        let inputs: Vec<Vec<f64>> = (0..5).map(|_| numbers.inputs(array)).collect();
        let drives: Vec<Drive> = inputs.iter().map(|inputs| Drive::inputs(inputs)).collect();
        let reduction = PortReduction::new(array, &cells.conductances).unwrap();
        for method in [Method::Relaxation, Method::NestedDissection, Method::PortReduction, Method::Automatic] {
            let sensed = ArraySolver::new(array, &cells, forced(method)).unwrap().currents(&drives).unwrap();
            assert!(method == Method::Automatic || sensed.statistics.method == method);
            for (k, inputs) in inputs.iter().enumerate() {
                let expected = reduction.currents(inputs).unwrap();
                assert_near(&format!("{method:?}, {array:?}"), sensed.currents.col_as_slice(k), &expected, 1e-9);
            }
        }
    }
}

#[test]
fn linear_cells_with_given_bit_line_voltages_as_the_simulator_has_them() {
    for (seed, array) in variants(4, 6).iter().enumerate() {
        let mut numbers = Numbers::new(seed as u64);
        let cells = LinearLaw { conductances: numbers.conductances(array) };
        let (word, bit) = (random(&mut numbers, 4), random(&mut numbers, 6));
        let drive = Drive { word: &word, bit: &bit };
        let plot = plot(&netlist(array, &drive, &resistors(&cells.conductances)));
        let expected: Vec<f64> = (0..6).map(|j| last(&plot, &format!("i(vsense{j})"))).collect();
        let (_, currents, _) = solve(array, &cells, &drive);
        assert_near(&format!("{array:?}"), &currents, &expected, 1e-9);
    }
}

/// Larger arrays of every law, where all modes of the coarse space and every row buffer are at work.
#[test]
fn every_law_balances_on_arrays_of_all_kinds() {
    for (seed, array) in variants(33, 41).iter().enumerate().filter(|(k, _)| k % 3 == 2) {
        let mut numbers = Numbers::new(seed as u64);
        let (word, bit) = (random(&mut numbers, array.rows), random(&mut numbers, array.columns));
        let drive = Drive { word: &word, bit: &bit };
        let cells = square(&mut numbers, array);
        assert_balanced(array, &cells, &drive, &solve(array, &cells, &drive).0);
        let cells = sinh(&mut numbers, array);
        assert_balanced(array, &cells, &drive, &solve(array, &cells, &drive).0);
        let cells = power(&mut numbers, array);
        assert_balanced(array, &cells, &drive, &solve(array, &cells, &drive).0);
        let off = PowerLaw { shape: PowerShape::new(0.03, 2.4, 0.1), ..power(&mut numbers, array) };
        let cells = MixedPowerLaw { on: cells, off };
        assert_balanced(array, &cells, &drive, &solve(array, &cells, &drive).0);
    }
}

/// Wires that take most of the voltage.
#[test]
fn strong_drop_along_the_wires_converges() {
    for (wire, rounds) in [(10.0, 25), (100.0, 30)] {
        let array = Crossbar { word_segment: wire, bit_segment: wire, ..Crossbar::ideal(48, 64) };
        let mut numbers = Numbers::new(11);
        let conductances = (0..array.cells()).map(|_| 1.0 / (100.0 + 900.0 * numbers.uniform())).collect();
        let cells = SquareLaw { conductances, slope: 10.0 };
        let inputs = numbers.inputs(&array);
        let drive = Drive::inputs(&inputs);
        let (voltages, _, statistics) = solve(&array, &cells, &drive);
        assert_balanced(&array, &cells, &drive, &voltages);
        assert!(statistics.rounds <= rounds && statistics.fallbacks == 0, "{statistics:?}");
    }
}

/// Conductances over seven decades, and cells that are open altogether.
#[test]
fn extreme_cells_converge() {
    let array = Crossbar { word_segment: 3.0, bit_segment: 1.0, driver: 50.0, ..Crossbar::ideal(40, 30) };
    let mut numbers = Numbers::new(12);
    let inputs = numbers.inputs(&array);
    let drive = Drive::inputs(&inputs);
    let conductances = (0..array.cells()).map(|_| 10f64.powf(-9.0 + 7.0 * numbers.uniform())).collect();
    let cells = SquareLaw { conductances, slope: 10.0 };
    assert_balanced(&array, &cells, &drive, &solve(&array, &cells, &drive).0);
    let open = SquareLaw { conductances: vec![0.0; array.cells()], slope: 10.0 };
    let (voltages, currents, _) = solve(&array, &open, &drive);
    assert!(currents.iter().all(|current| *current == 0.0));
    assert_eq!(voltages.word, (0..array.cells()).map(|cell| inputs[cell / 30]).collect::<Vec<f64>>());
    let (_, currents, _) = solve(&array, &cells, &Drive::inputs(&[0.0; 40]));
    assert!(currents.iter().all(|current| *current == 0.0));
}

/// A law so steep that relaxation alone loses its way: the fallback finds the solution.
#[test]
fn steep_cells_fall_back_and_converge() {
    let array = Crossbar { word_segment: 20.0, bit_segment: 20.0, driver: 1e3, ..Crossbar::ideal(12, 10) };
    let mut numbers = Numbers::new(13);
    let inputs: Vec<f64> = (0..12).map(|_| 3.0 * numbers.uniform()).collect();
    let drive = Drive::inputs(&inputs);
    let cells = SinhLaw { conductances: numbers.conductances(&array), scale: 0.02 };
    let options = Options { most_rounds: 3, ..Options::default() };
    let (voltages, currents, statistics) =
        ArraySolver::new(&array, &cells, options).unwrap().voltages(&drive, None).unwrap();
    assert_eq!(statistics.fallbacks, 1);
    assert_balanced(&array, &cells, &drive, &voltages);
    let (_, relaxed, statistics) = solve(&array, &cells, &drive);
    assert_near("fallback", &currents, &relaxed, 1e-8);
    assert!(statistics.rounds > 3);
}

#[test]
fn ideal_wires_give_the_sum_of_the_cells_currents() {
    for driving in [Driving::LeftEnd, Driving::BothEnds] {
        let array = Crossbar { driving, ..Crossbar::ideal(14, 9) };
        let mut numbers = Numbers::new(14);
        let cells = power(&mut numbers, &array);
        let (word, bit) = (random(&mut numbers, 14), random(&mut numbers, 9));
        let current = |i: usize, j: usize| cells.branch(i * 9 + j, &[word[i] - bit[j]]).0[0];
        let expected: Vec<f64> = (0..9).map(|j| (0..14).map(|i| current(i, j)).sum()).collect();
        let (_, currents, _) = solve(&array, &cells, &Drive { word: &word, bit: &bit });
        assert_near("sum", &currents, &expected, 1e-14);
    }
}

/// A wire of almost no resistance is almost an ideal one.
#[test]
fn small_resistances_approach_ideal_wires() {
    let ideal = Crossbar { driver: 30.0, sense: 20.0, ..Crossbar::ideal(20, 15) };
    let small = Crossbar { word_segment: 1e-9, bit_segment: 1e-9, ..ideal };
    let mut numbers = Numbers::new(15);
    let cells = power(&mut numbers, &ideal);
    let inputs = numbers.inputs(&ideal);
    let (_, expected, _) = solve(&ideal, &cells, &Drive::inputs(&inputs));
    let (_, found, _) = solve(&small, &cells, &Drive::inputs(&inputs));
    assert_near("small wires", &found, &expected, 1e-8);
}

#[test]
fn opposite_inputs_give_opposite_currents() {
    let array = Crossbar { word_segment: 5.0, bit_segment: 2.0, sense: 40.0, ..Crossbar::ideal(23, 17) };
    let mut numbers = Numbers::new(16);
    let cells = sinh(&mut numbers, &array);
    let (word, bit) = (random(&mut numbers, 23), random(&mut numbers, 17));
    let (_, currents, _) = solve(&array, &cells, &Drive { word: &word, bit: &bit });
    let opposite = |values: &[f64]| values.iter().map(|value| -value).collect::<Vec<f64>>();
    let (_, found, _) = solve(&array, &cells, &Drive { word: &opposite(&word), bit: &opposite(&bit) });
    assert_eq!(found, opposite(&currents));
}

/// Nothing but differences of voltages counts.
#[test]
fn a_common_voltage_changes_nothing() {
    let array = Crossbar { word_segment: 5.0, bit_segment: 2.0, driver: 10.0, ..Crossbar::ideal(12, 19) };
    let mut numbers = Numbers::new(17);
    let cells = square(&mut numbers, &array);
    let (word, bit) = (random(&mut numbers, 12), random(&mut numbers, 19));
    let (_, expected, _) = solve(&array, &cells, &Drive { word: &word, bit: &bit });
    let shifted = |values: &[f64]| values.iter().map(|value| value + 0.7).collect::<Vec<f64>>();
    let (_, found, _) = solve(&array, &cells, &Drive { word: &shifted(&word), bit: &shifted(&bit) });
    assert_near("shifted", &found, &expected, 1e-9);
}

fn many(numbers: &mut Numbers, array: &Crossbar, count: usize) -> Vec<Vec<f64>> {
    (0..count).map(|_| numbers.inputs(array)).collect()
}

#[test]
fn threads_do_not_change_a_bit() {
    let array = Crossbar { word_segment: 2.0, bit_segment: 2.0, ..Crossbar::ideal(40, 50) };
    let mut numbers = Numbers::new(18);
    let cells = power(&mut numbers, &array);
    let inputs = many(&mut numbers, &array, 37);
    let drives: Vec<Drive> = inputs.iter().map(|inputs| Drive::inputs(inputs)).collect();
    let solver = ArraySolver::new(&array, &cells, Options::default()).unwrap();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| solver.currents(&drives).unwrap())
    };
    let (alone, together) = (with(1), with(4));
    assert!(alone.currents == together.currents);
    assert_eq!(alone.statistics, together.statistics);
    assert_eq!((alone.statistics.inputs, alone.statistics.batches), (37, 5));
    assert!(alone.statistics.largest_relative_imbalance <= 1e-9);
}

/// Whatever the batch, each input gets the solution that it has alone; observers see every input once.
#[test]
fn batches_are_single_inputs_side_by_side() {
    let array = Crossbar { word_segment: 2.0, bit_segment: 3.0, sense: 10.0, ..Crossbar::ideal(21, 26) };
    let mut numbers = Numbers::new(19);
    let cells = square(&mut numbers, &array);
    let solver = ArraySolver::new(&array, &cells, Options::default()).unwrap();
    for count in [2, 5, 9, 12, 14] {
        let inputs = many(&mut numbers, &array, count);
        let drives: Vec<Drive> = inputs.iter().map(|inputs| Drive::inputs(inputs)).collect();
        let seen = Mutex::new(vec![0; count]);
        let sensed = solver
            .observed(&drives, &|solution| {
                assert_balanced(&array, &cells, &drives[solution.input], solution.voltages);
                seen.lock().unwrap()[solution.input] += 1;
            })
            .unwrap();
        assert_eq!(seen.into_inner().unwrap(), vec![1; count]);
        for (k, drive) in drives.iter().enumerate() {
            let (_, expected, _) = solve(&array, &cells, drive);
            assert_near("batch", sensed.currents.col_as_slice(k), &expected, 1e-8);
        }
    }
}

#[test]
fn a_solution_nearby_saves_rounds() {
    let array = Crossbar { word_segment: 2.0, bit_segment: 2.0, driver: 100.0, ..Crossbar::ideal(40, 40) };
    let mut numbers = Numbers::new(20);
    let cells = power(&mut numbers, &array);
    let inputs = numbers.inputs(&array);
    let solver = ArraySolver::new(&array, &cells, Options::default()).unwrap();
    let (voltages, _, cold) = solver.voltages(&Drive::inputs(&inputs), None).unwrap();
    let nearby: Vec<f64> = inputs.iter().map(|input| input * (1.0 + 1e-6)).collect();
    let (_, expected, _) = solver.voltages(&Drive::inputs(&nearby), None).unwrap();
    let (_, found, warm) = solver.voltages(&Drive::inputs(&nearby), Some(&voltages)).unwrap();
    assert_near("warm start", &found, &expected, 1e-8);
    assert!(warm.rounds + 2 <= cold.rounds, "{warm:?}, {cold:?}");
}

/// Slopes of all laws against finite differences, for one lane and for eight, at any voltage.
#[test]
fn slopes_of_the_laws_are_their_derivatives() {
    fn check<C: CellLaw>(cells: &C) {
        for k in -60..=60 {
            let drop = 1e-4 * f64::from(k).signum() * 1.15f64.powi(f64::from(k).abs() as i32);
            let step = 1e-5 * drop.abs().max(1e-6);
            let ([after], _) = cells.branch(0, &[drop + step]);
            let ([before], _) = cells.branch(0, &[drop - step]);
            let (currents, slopes) = cells.branch(0, &[drop; 8]);
            let (current, [slope]) = cells.branch(0, &[drop]);
            assert!(((after - before) / (2.0 * step) / slope - 1.0).abs() < 1e-5, "{drop}: {slope:e}");
            assert_eq!((currents, slopes), ([current[0]; 8], [slope; 8]));
            assert_eq!(current[0] > 0.0, drop > 0.0);
        }
        assert_eq!(cells.branch(0, &[0.0]).0, [0.0]);
    }
    let conductances = vec![3e-5];
    check(&LinearLaw { conductances: conductances.clone() });
    check(&SquareLaw { conductances: conductances.clone(), slope: 8.0 });
    check(&SinhLaw { conductances: conductances.clone(), scale: 0.07 });
    for exponent in [0.7, 1.0, 1.5, 2.0, 3.1] {
        check(&PowerLaw { conductances: conductances.clone(), shape: PowerShape::new(0.01, exponent, 0.1) });
    }
}

/// The power law is that of the log-exponential memristor in the simulator, as the FeO card has it.
#[test]
fn the_power_law_is_the_card_s() {
    for (exponent, state) in [(2.0, 0.3), (2.0, 1.0), (2.6, 0.3), (1.4, 0.0)] {
        let card = format!(
            ".model m log_exponential(gon=95u goff=5u von=4m mon={exponent} voff=4m moff={exponent} vread=0.1)"
        );
        let conductances = vec![state * 95e-6 + (1.0 - state) * 5e-6];
        let cells = PowerLaw { conductances, shape: PowerShape::new(0.004, exponent, 0.1) };
        for drop in [-0.3, -0.002, 0.001, 0.05, 0.1, 0.29] {
            let plot = plot(&format!(
                "V1 a 0 {drop}\nN1 a 0 m x0={state}\n{card}\n.options gmin=0 reltol=1e-12 abstol=1e-20\n.op\n"
            ));
            let (found, expected) = (cells.branch(0, &[drop]).0[0], -last(&plot, "i(v1)"));
            assert!(
                (found / expected - 1.0).abs() < 1e-9,
                "m = {exponent}, {drop} V: {found:e}, expected {expected:e}"
            );
        }
    }
}

#[test]
fn wrong_requests_are_refused() {
    let array = Crossbar { word_segment: 1.0, ..Crossbar::ideal(2, 3) };
    let cells = SquareLaw { conductances: vec![1e-4; 6], slope: 1.0 };
    let linear = LinearLaw { conductances: vec![1e-4, 1e-4, 1e-4, 1e-4, -1.0, 1e-4] };
    let mut messages = Vec::new();
    let mut note = |diagnostic: Option<ferrospice::diagnostic::Diagnostic>| {
        let diagnostic = diagnostic.expect("this should be refused");
        messages.push(std::iter::once(diagnostic.message).chain(diagnostic.hints).collect::<Vec<_>>().join("; "));
    };
    note(ArraySolver::new(&Crossbar::ideal(0, 2), &cells, Options::default()).err());
    note(ArraySolver::new(&array, &cells, forced(Method::PortReduction)).err());
    note(ArraySolver::new(&array, &linear, Options::default()).err());
    let solver = ArraySolver::new(&array, &cells, Options::default()).unwrap();
    let good = [0.1, 0.2];
    note(solver.currents(&[Drive::inputs(&[0.1])]).err());
    note(solver.currents(&[Drive { word: &good, bit: &[0.0; 2] }]).err());
    note(solver.currents(&[Drive { word: &good, bit: &[0.0, f64::NAN, 0.0] }]).err());
    note(solver.voltages(&Drive::inputs(&good), Some(&NodeVoltages { word: vec![0.0; 6], bit: Vec::new() })).err());
    let broken = SquareLaw { conductances: vec![f64::NAN; 6], slope: 1.0 };
    note(ArraySolver::new(&array, &broken, Options::default()).unwrap().currents(&[Drive::inputs(&good)]).err());
    insta::assert_snapshot!(messages.join("\n"));
}
