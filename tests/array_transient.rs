//! Arrays over time against the circuit engine, closed forms and conservation laws.

mod common;

use std::fmt::Write;

use ferrospice::arrays::transient::{ArrayTransient, LineVoltages, TransientOptions, Waveform};
use ferrospice::arrays::{Crossbar, Driving};
use ferrospice::circuit::{Circuit, Overrides, elaborate};
use ferrospice::devices::cells::DeviceCells;

const FEO: &str = ".include device_models/feo.lib";
const EDGE: f64 = 10e-6;
const WIDTH: f64 = 1e-3;

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
    let pulse = |voltage: f64| format!("PWL(0 0 {EDGE} {voltage} {} {voltage} {} 0)", EDGE + WIDTH, WIDTH + 2.0 * EDGE);
    for i in 0..rows {
        let source = if i == 1 { pulse(0.5 * amplitude) } else { "0".into() };
        writeln!(deck, "vw{i} iw{i} 0 {source}\nrw{i} iw{i} u{i}_0 {}", array.word_segment + array.driver).unwrap();
        for j in 1..columns {
            writeln!(deck, "rw{i}_{j} u{i}_{} u{i}_{j} {}", j - 1, array.word_segment).unwrap();
        }
        if array.driving == Driving::BothEnds {
            writeln!(deck, "re{i} u{i}_{} iw{i} {}", columns - 1, array.word_segment + array.driver).unwrap();
        }
    }
    for j in 0..columns {
        let source = if j == 0 || j == 2 { pulse(-0.5 * amplitude) } else { "0".into() };
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

#[test]
fn a_write_pulse_agrees_with_the_circuit_engine() {
    for (driving, amplitude) in [(Driving::LeftEnd, 1.6), (Driving::BothEnds, -1.8)] {
        let array = array(6, driving);
        let circuit = circuit();
        let cells = feo(&circuit, array.cells());
        let start = states(array.cells());
        let mut transient = ArrayTransient::new(&array, &cells, TransientOptions::default()).unwrap();
        transient.set_states(&start).unwrap();
        let mut points: Vec<(f64, Vec<f64>)> = Vec::new();
        let middle = EDGE + 0.5 * WIDTH;
        transient.run(&selected(&array, amplitude), &mut |at| points.push((at.time(), at.bit_currents()))).unwrap();
        let (states, currents) = by_engine(&array, &start, amplitude, "reltol=1e-5");
        for (k, (ours, reference)) in transient.states().iter().zip(&states).enumerate() {
            let moved = (reference - start[k]).abs();
            println!("{k} {ours} {reference} {moved}");
            assert!(
                (ours - reference).abs() <= 3e-3 * moved + 3e-6,
                "cell {k}: {ours} and {reference}, from {}",
                start[k]
            );
        }
        let after = points.iter().position(|point| point.0 >= middle).unwrap();
        let (a, b) = (&points[after - 1], &points[after]);
        let largest = currents.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        for (j, reference) in currents.iter().enumerate() {
            let ours = a.1[j] + (middle - a.0) / (b.0 - a.0) * (b.1[j] - a.1[j]);
            assert!((ours - reference).abs() <= 2e-3 * largest, "bit line {j}: {ours} and {reference}");
        }
        println!("{:?}", transient.statistics());
    }
}
