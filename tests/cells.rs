//! Cells of arrays: the devices of the cards, with derivatives, inverses and spread.

mod common;

use ferrospice::arrays::cells::DynamicCells;
use ferrospice::arrays::laws::CellBranch;
use ferrospice::circuit::{Circuit, Overrides, elaborate};
use ferrospice::devices::cells::DeviceCells;

fn circuit(cards: &str) -> Circuit {
    elaborate(&common::deck(&format!("{cards}\nr1 1 0 1")), &Overrides::default()).unwrap()
}

const FEO: &str = ".include device_models/feo.lib";
const FE2O3: &str = ".include device_models/fe2o3.lib";
const SELECTOR: &str = ".model switch threshold_selector(vth=0.3 vhold=0.1 delta=20m goff=1n)";

/// Every derivative against central differences.
fn check_derivatives(cells: &DeviceCells, drops: &[f64], states: &[f64]) {
    for &v in drops {
        let at = cells.linearise(0, v, states);
        let near = |a: f64, b: f64, scale: f64, what: &str| {
            assert!((a - b).abs() <= 2e-5 * (a.abs() + b.abs()) + 1e-7 * scale, "{what} at {v} V: {a} and {b}");
        };
        let h = 1e-6;
        let (high, low) = (cells.linearise(0, v + h, states), cells.linearise(0, v - h, states));
        near(at.conductance, (high.current - low.current) / (2.0 * h), at.conductance, "∂I/∂v");
        assert_eq!(cells.current(0, v, states), at.current);
        let branch = cells.branch(0, v, states);
        near(branch.1, at.conductance, at.conductance, "conductance");
        for k in 0..cells.states() {
            let scale = at.rate[k].abs();
            near(at.rate_by_voltage[k], (high.rate[k] - low.rate[k]) / (2.0 * h), scale, "∂r/∂v");
            let (mut up, mut down) = (states.to_vec(), states.to_vec());
            up[k] += h;
            down[k] -= h;
            let (up, down) = (cells.linearise(0, v, &up), cells.linearise(0, v, &down));
            near(at.current_by_state[k], (up.current - down.current) / (2.0 * h), at.current.abs(), "∂I/∂s");
            for row in 0..cells.states() {
                let scale = at.rate[row].abs();
                near(at.rate_by_state[row][k], (up.rate[row] - down.rate[row]) / (2.0 * h), scale, "∂r/∂s");
            }
        }
    }
}

#[test]
fn derivatives_are_those_of_the_currents_and_rates() {
    let drops = [-1.4, -0.3, 0.05, 0.7, 1.1];
    let feo = circuit(FEO);
    check_derivatives(&DeviceCells::of_models(&feo, &["feo"], None, 0.0, 1).unwrap(), &drops, &[0.4]);
    let fe2o3 = circuit(FE2O3);
    let cells = DeviceCells::of_models(&fe2o3, &["fe2o3_soft", "fe2o3_hard"], None, 15.0, 1).unwrap();
    check_derivatives(&cells, &drops, &[0.4, 0.7]);
    let selected = circuit(&format!("{FEO}\n{SELECTOR}"));
    let cells = DeviceCells::of_models(&selected, &["feo"], Some("switch"), 200.0, 1).unwrap();
    check_derivatives(&cells, &drops, &[0.4, 0.6]);
}

#[test]
fn a_cell_carries_the_current_of_the_same_devices_in_a_circuit() {
    let deck = "v1 te 0 1.3\nrs te core 15\nn1 core 0 fe2o3_soft x0=0.3\nn2 core 0 fe2o3_hard x0=0.6\n.op";
    let plot = common::plot(&format!("{FE2O3}\n{deck}"));
    let expected = -common::vector(&plot, "i(v1)")[0];
    let circuit = circuit(FE2O3);
    let cells = DeviceCells::of_models(&circuit, &["fe2o3_soft", "fe2o3_hard"], None, 15.0, 1).unwrap();
    let current = cells.current(0, 1.3, &[0.3, 0.6]);
    assert!((current - expected).abs() < 1e-9 * expected.abs(), "{current} and {expected}");
}

#[test]
fn states_are_found_from_conductances() {
    let circuit = circuit(FEO);
    let cells = DeviceCells::of_models(&circuit, &["feo"], None, 0.0, 1).unwrap();
    for target in [5e-6, 20e-6, 94.9e-6, 95e-6] {
        let state = cells.state_of_conductance(0, target, 0.1).unwrap();
        assert!((cells.current(0, 0.1, &[state]) / 0.1 - target).abs() < 1e-9 * target);
        assert!((state - (target - 5e-6) / 90e-6).abs() < 1e-9);
    }
    assert!(cells.state_of_conductance(0, 4e-6, 0.1).is_none());
    assert!(cells.state_of_conductance(0, 96e-6, 0.1).is_none());
    for x in [0.0, 0.25, 1.0] {
        assert!((cells.state_at(0, 0, x).unwrap() - x).abs() < 1e-11);
    }
}

#[test]
fn cells_differ_by_their_spread_and_held_cells_are_a_law() {
    let cards = format!("{FEO}\n.model wide ako:feo log_exponential(sigma_g=0.1 seed=3)");
    let circuit = circuit(&cards);
    let cells = DeviceCells::of_models(&circuit, &["wide"], None, 0.0, 400).unwrap();
    let states = vec![0.5; 400];
    let law = cells.held(&states);
    let read: Vec<f64> = (0..400).map(|cell| law.at(cell, 0.1).0 / 0.1).collect();
    let mean = read.iter().sum::<f64>() / 400.0;
    let spread = (read.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / 399.0).sqrt() / mean;
    // Four standard errors.
    assert!((mean / 50e-6 - 1.0).abs() < 0.02 && (spread / 0.1 - 1.0).abs() < 0.15, "{mean} ± {spread}");
    let (forward, backward) = (law.at(7, 0.1).0, law.at(7, -0.1).0);
    assert_eq!(forward, -backward);
}
