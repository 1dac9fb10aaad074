//! Arrays with wire resistance: against the simulator on the same network written out, limits, and laws of networks.

mod common;
#[path = "common/crossbars.rs"]
mod crossbars;

use common::{last, plot};
use crossbars::{Numbers, assert_near, largest, netlist, resistors, variants};
use ferrospice::arrays::conservation::{Balance, balance};
use ferrospice::arrays::{Cell, Crossbar, Drive, Driving, LinearCells, NestedDissection, PortReduction};
use ferrospice::diagnostic::Diagnostic;

fn assert_agrees_with_simulator(array: &Crossbar, seed: u64) {
    let mut numbers = Numbers::new(seed);
    let (conductances, inputs) = (numbers.conductances(array), numbers.inputs(array));
    let plot = plot(&netlist(array, &Drive::inputs(&inputs), &resistors(&conductances)));
    let what = format!("{array:?}");
    let expected: Vec<f64> = (0..array.columns).map(|j| last(&plot, &format!("i(vsense{j})"))).collect();
    let reduction = PortReduction::new(array, &conductances).unwrap();
    assert_near(&what, &reduction.currents(&inputs).unwrap(), &expected, 1e-9);

    let analysis = NestedDissection::new(array).unwrap();
    let voltages = analysis.factor(&conductances).unwrap().voltages(&inputs).unwrap();
    let nodes = |letter: char| -> Vec<f64> {
        let places = (0..array.rows).flat_map(|i| (0..array.columns).map(move |j| (i, j)));
        places.map(|(i, j)| last(&plot, &format!("v({letter}{i}_{j})"))).collect()
    };
    assert_near(&what, &voltages.word, &nodes('u'), 1e-9);
    let scale = largest(&inputs);
    for (found, expected) in voltages.bit.iter().zip(nodes('b')) {
        assert!((found - expected).abs() <= 1e-9 * scale, "{what}: {found:e}, expected {expected:e}");
    }
}

#[test]
fn one_cell_as_the_simulator_has_it() {
    variants(1, 1).iter().enumerate().for_each(|(k, array)| assert_agrees_with_simulator(array, k as u64 + 1));
}

#[test]
fn one_row_as_the_simulator_has_it() {
    variants(1, 19).iter().enumerate().for_each(|(k, array)| assert_agrees_with_simulator(array, k as u64));
}

#[test]
fn one_column_as_the_simulator_has_it() {
    variants(17, 1).iter().enumerate().for_each(|(k, array)| assert_agrees_with_simulator(array, k as u64));
}

#[test]
fn small_arrays_as_the_simulator_has_them() {
    variants(7, 5).iter().enumerate().for_each(|(k, array)| assert_agrees_with_simulator(array, k as u64));
}

#[test]
fn thin_and_square_arrays_as_the_simulator_has_them() {
    for (rows, columns) in [(2, 40), (33, 3), (16, 16)] {
        for (k, array) in variants(rows, columns).iter().enumerate().filter(|(k, _)| k % 4 == 3) {
            assert_agrees_with_simulator(array, k as u64);
        }
    }
}

/// An array with all resistances, large enough for blocked elimination and several tasks.
fn large(driving: Driving) -> Crossbar {
    Crossbar { word_segment: 1.5, bit_segment: 0.6, driver: 20.0, sense: 5.0, driving, ..Crossbar::ideal(70, 90) }
}

#[test]
fn ideal_wires_give_the_product_of_conductances_and_inputs() {
    for driving in [Driving::LeftEnd, Driving::BothEnds] {
        let array = Crossbar { driving, ..Crossbar::ideal(40, 30) };
        let mut numbers = Numbers::new(3);
        let (conductances, inputs) = (numbers.conductances(&array), numbers.inputs(&array));
        let expected: Vec<f64> = (0..30).map(|j| (0..40).map(|i| conductances[i * 30 + j] * inputs[i]).sum()).collect();
        let found = PortReduction::new(&array, &conductances).unwrap().currents(&inputs).unwrap();
        assert_near("product", &found, &expected, 1e-12);
        assert_eq!(array.unknowns(), 0);
    }
}

/// Drivers alone have a closed form: every word line is a voltage divider.
#[test]
fn ideal_wires_with_drivers_divide_voltages() {
    let array = Crossbar { driver: 100.0, ..Crossbar::ideal(25, 12) };
    let mut numbers = Numbers::new(4);
    let (conductances, inputs) = (numbers.conductances(&array), numbers.inputs(&array));
    let line = |i: usize| inputs[i] / (1.0 + 100.0 * conductances[i * 12..(i + 1) * 12].iter().sum::<f64>());
    let expected: Vec<f64> = (0..12).map(|j| (0..25).map(|i| conductances[i * 12 + j] * line(i)).sum()).collect();
    let found = PortReduction::new(&array, &conductances).unwrap().currents(&inputs).unwrap();
    assert_near("divider", &found, &expected, 1e-12);
}

#[test]
fn both_solvers_agree_on_a_large_array() {
    for driving in [Driving::LeftEnd, Driving::BothEnds] {
        let array = large(driving);
        let mut numbers = Numbers::new(5);
        let (conductances, inputs) = (numbers.conductances(&array), numbers.inputs(&array));
        let currents = PortReduction::new(&array, &conductances).unwrap().currents(&inputs).unwrap();
        let analysis = NestedDissection::new(&array).unwrap();
        let voltages = analysis.factor(&conductances).unwrap().voltages(&inputs).unwrap();
        let sensed: Vec<f64> =
            voltages.bit[69 * 90..].iter().map(|voltage| voltage / (array.bit_segment + array.sense)).collect();
        assert_near("sensed currents", &currents, &sensed, 1e-11);
    }
}

fn balance_of(cells: &LinearCells, array: &Crossbar, inputs: &[f64]) -> Balance {
    let voltages = cells.voltages(inputs).unwrap();
    balance(array, inputs, &voltages, &cells.device_currents(&voltages)).unwrap()
}

#[test]
fn currents_and_power_balance() {
    let arrays = variants(9, 13).into_iter().chain([large(Driving::LeftEnd), large(Driving::BothEnds)]);
    for (seed, array) in arrays.enumerate() {
        let mut numbers = Numbers::new(seed as u64);
        let analysis = NestedDissection::new(&array).unwrap();
        let cells = analysis.factor(&numbers.conductances(&array)).unwrap();
        let balance = balance_of(&cells, &array, &numbers.inputs(&array));
        assert!(balance.relative_imbalance() <= 1e-9, "{array:?}: {balance:?}");
        assert!(balance.relative_power_error() <= 1e-9, "{array:?}: {balance:?}");
        assert!(balance.dissipated > 0.0);
    }
}

/// The judge must see a wrong voltage, on every node and in any kind of array.
#[test]
fn a_wrong_voltage_breaks_the_balance() {
    for (seed, array) in variants(4, 3).iter().enumerate() {
        let mut numbers = Numbers::new(seed as u64);
        let conductances = vec![1e-4; array.cells()];
        let inputs = numbers.inputs(array);
        let analysis = NestedDissection::new(array).unwrap();
        let cells = analysis.factor(&conductances).unwrap();
        let voltages = cells.voltages(&inputs).unwrap();
        for k in 0..array.cells() {
            for word in [true, false] {
                let mut wrong = voltages.clone();
                let voltage = if word { &mut wrong.word[k] } else { &mut wrong.bit[k] };
                *voltage += 1e-6;
                let balance = balance(array, &inputs, &wrong, &cells.device_currents(&wrong)).unwrap();
                assert!(balance.relative_imbalance() > 1e-6, "{array:?}, cell {k}: {balance:?}");
            }
        }
    }
}

/// The mirrored network, driven where this one is sensed, has the transposed transfer matrix.
#[test]
fn mirrored_array_has_the_transposed_transfer_matrix() {
    let array = Crossbar { driving: Driving::LeftEnd, ..large(Driving::LeftEnd) };
    let conductances = Numbers::new(6).conductances(&array);
    let mirror = Crossbar {
        rows: array.columns,
        columns: array.rows,
        word_segment: array.bit_segment,
        bit_segment: array.word_segment,
        driver: array.sense,
        sense: array.driver,
        ..array
    };
    // Drivers sit before column 0 and senses after the last row, so both orders are reversed.
    let (last_row, last_column) = (array.rows - 1, array.columns - 1);
    let cell = |k: usize| (last_row - k % mirror.columns) * array.columns + last_column - k / mirror.columns;
    let mirrored: Vec<f64> = (0..mirror.cells()).map(|k| conductances[cell(k)]).collect();
    let forward = PortReduction::new(&array, &conductances).unwrap();
    let backward = PortReduction::new(&mirror, &mirrored).unwrap();
    let (forward, backward) = (forward.transfer(), backward.transfer());
    let scale = (0..array.rows).map(|i| forward[(0, i)].abs()).fold(0.0, f64::max);
    for j in 0..array.columns {
        for i in 0..array.rows {
            let difference = forward[(j, i)] - backward[(last_row - i, last_column - j)];
            assert!(difference.abs() <= 1e-12 * scale, "output {j}, input {i}");
        }
    }
}

/// The port matrix is that of a network of resistors: symmetric, an M-matrix, row sums of 0, no power out of it.
#[test]
fn ports_are_passive() {
    let arrays = variants(12, 9).into_iter().chain([large(Driving::LeftEnd), large(Driving::BothEnds)]);
    for (seed, array) in arrays.enumerate() {
        let conductances = Numbers::new(seed as u64).conductances(&array);
        let matrix = PortReduction::new(&array, &conductances).unwrap().port_matrix();
        let n = array.rows + array.columns;
        assert_eq!(matrix.nrows(), n);
        let scale = (0..n).map(|k| matrix[(k, k)]).fold(0.0, f64::max);
        for row in 0..n {
            let sum: f64 = (0..n).map(|column| matrix[(row, column)]).sum();
            assert!(sum.abs() <= 1e-12 * scale, "{array:?}: row {row} sums to {sum:e} of {scale:e}");
            for column in 0..row {
                assert_eq!(matrix[(row, column)], matrix[(column, row)]);
                assert!(matrix[(row, column)] <= 1e-15 * scale);
            }
        }
        let smallest = matrix.self_adjoint_eigenvalues(faer::Side::Lower).unwrap()[0];
        assert!(smallest >= -1e-12 * scale, "{array:?}: eigenvalue {smallest:e} of {scale:e}");
    }
}

#[test]
fn updated_cells_give_what_a_new_reduction_gives() {
    for array in [large(Driving::LeftEnd), large(Driving::BothEnds), Crossbar { sense: 3.0, ..Crossbar::ideal(31, 40) }]
    {
        let mut numbers = Numbers::new(8);
        let mut conductances = numbers.conductances(&array);
        let mut reduction = PortReduction::new(&array, &conductances).unwrap();
        for round in 0..6 {
            let cells: Vec<Cell> = (0..=round)
                .map(|_| Cell {
                    row: (numbers.uniform() * array.rows as f64) as usize,
                    column: (numbers.uniform() * array.columns as f64) as usize,
                    conductance: 1e-3 * numbers.uniform(),
                })
                .collect();
            cells.iter().for_each(|cell| conductances[cell.row * array.columns + cell.column] = cell.conductance);
            let before = reduction.transfer().to_owned();
            reduction.update(&cells).unwrap();
            assert!(reduction.transfer() != before);
            assert_eq!(reduction.conductances(), conductances);
            assert!(reduction.transfer() == PortReduction::new(&array, &conductances).unwrap().transfer());
        }
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let array = large(Driving::BothEnds);
    let mut numbers = Numbers::new(9);
    let (conductances, inputs) = (numbers.conductances(&array), numbers.inputs(&array));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let reduce = || {
            let reduction = PortReduction::new(&array, &conductances).unwrap();
            (reduction.port_matrix(), reduction.currents(&inputs).unwrap())
        };
        pool.install(reduce)
    };
    let (alone, together) = (with(1), with(4));
    assert!(alone.0 == together.0);
    assert_eq!(alone.1, together.1);
}

#[test]
fn batches_are_single_inputs_side_by_side() {
    let array = large(Driving::LeftEnd);
    let mut numbers = Numbers::new(10);
    let conductances = numbers.conductances(&array);
    let inputs: Vec<Vec<f64>> = (0..5).map(|_| numbers.inputs(&array)).collect();
    let batch = faer::Mat::from_fn(array.rows, 5, |i, k| inputs[k][i]);
    let reduction = PortReduction::new(&array, &conductances).unwrap();
    let currents = reduction.batch_currents(batch.as_ref()).unwrap();
    let analysis = NestedDissection::new(&array).unwrap();
    let cells = analysis.factor(&conductances).unwrap();
    let voltages = cells.batch_voltages(batch.as_ref()).unwrap();
    for (k, inputs) in inputs.iter().enumerate() {
        assert_near("currents", currents.col_as_slice(k), &reduction.currents(inputs).unwrap(), 1e-13);
        assert_near("voltages", &voltages[k].bit, &cells.voltages(inputs).unwrap().bit, 1e-12);
    }
}

fn message<T>(result: Result<T, Diagnostic>) -> String {
    match result {
        Ok(_) => panic!("this should be refused"),
        Err(diagnostic) => std::iter::once(diagnostic.message).chain(diagnostic.hints).collect::<Vec<_>>().join("; "),
    }
}

#[test]
fn wrong_values_are_refused_with_their_place() {
    let array = Crossbar { word_segment: 1.0, ..Crossbar::ideal(2, 3) };
    let good = [1e-3; 6];
    let with = |value: f64| [1e-3, 1e-3, 1e-3, 1e-3, 1e-3, value];
    let mut messages = vec![
        message(PortReduction::new(&Crossbar::ideal(0, 3), &[])),
        message(NestedDissection::new(&Crossbar::ideal(3, 0))),
        message(NestedDissection::new(&Crossbar::ideal(usize::MAX, 3))),
        message(PortReduction::new(&Crossbar { bit_segment: -1.0, ..array }, &good)),
        message(NestedDissection::new(&Crossbar { driver: f64::NAN, ..array })),
        message(PortReduction::new(&array, &good[1..])),
        message(PortReduction::new(&array, &with(-1e-3))),
        message(PortReduction::new(&array, &with(f64::NAN))),
        message(PortReduction::new(&Crossbar { word_segment: 1e-300, ..array }, &with(f64::MAX))),
        message(PortReduction::new(&Crossbar::ideal(1, 30_000), &vec![1.0; 30_000])),
    ];
    let analysis = NestedDissection::new(&array).unwrap();
    messages.push(message(analysis.factor(&with(f64::INFINITY))));
    messages.push(message(analysis.factor(&good).unwrap().voltages(&[1.0])));
    let mut reduction = PortReduction::new(&array, &good).unwrap();
    let transfer = reduction.transfer().to_owned();
    messages.push(message(
        reduction.update(&[Cell { row: 0, column: 0, conductance: 2.0 }, Cell { row: 2, column: 0, conductance: 1.0 }]),
    ));
    messages.push(message(reduction.update(&[Cell { row: 1, column: 2, conductance: -1.0 }])));
    messages.push(message(reduction.currents(&[1.0, f64::NAN])));
    messages.push(message(reduction.currents(&[1.0])));
    messages.push(message(reduction.batch_currents(faer::Mat::zeros(3, 1).as_ref())));
    let voltages = analysis.factor(&good).unwrap().voltages(&[1.0, 1.0]).unwrap();
    messages.push(message(balance(&array, &[1.0, 1.0], &voltages, &good[1..])));
    assert!(reduction.transfer() == transfer);
    insta::assert_snapshot!(messages.join("\n"));
}
