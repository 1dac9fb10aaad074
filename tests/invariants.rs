//! Laws that hold for every circuit: Kirchhoff's, superposition, passivity; on random circuits.

mod common;

use common::{plot, system, vector};
use ferrospice::analysis::operating_point;
use ferrospice::analysis::output::Unwatched;
use proptest::prelude::*;

/// Resistances between random nodes, and to ground so that none floats.
fn network(nodes: usize) -> impl Strategy<Value = Vec<(usize, usize, f64)>> {
    let branch = (0..nodes, 0..nodes, 0.0f64..4.0).prop_map(|(a, b, decade)| (a, b, 10f64.powf(decade)));
    proptest::collection::vec(branch, nodes..4 * nodes)
}

fn resistors(branches: &[(usize, usize, f64)], nodes: usize) -> String {
    let between = branches.iter().enumerate().filter(|(_, (a, b, _))| a != b);
    let mut text: String = between.map(|(k, (a, b, r))| format!("R{k} n{a} n{b} {r}\n")).collect();
    for node in 0..nodes {
        text.push_str(&format!("Rg{node} n{node} 0 10k\n"));
    }
    text
}

fn voltages(text: &str, nodes: usize) -> Vec<f64> {
    let plot = plot(&format!("{text}\n.op"));
    (0..nodes).map(|node| vector(&plot, &format!("v(n{node})"))[0]).collect()
}

const NODES: usize = 6;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn currents_balance_at_every_node(branches in network(NODES), bias in 0.2f64..3.0) {
        // Diodes and a behavioural load make it nonlinear.
        let text = format!(
            "{}V1 n0 0 {bias}\nI1 0 n1 1m\nD1 n1 n2 d\nD2 n3 0 d\nB1 n4 0 i=1m*pwr(v(n4),3)\n.model d d(is=1e-14)\n.options reltol=1e-6\n.op",
            resistors(&branches, NODES)
        );
        let mut system = system(&text);
        let mut x = system.initial_unknowns();
        operating_point::find(&mut system, &mut x, &[], &mut Unwatched).unwrap();
        for (row, balance) in system.balance(&x).iter().enumerate() {
            let bound = 1e-6 * balance.magnitude + 1e-12;
            prop_assert!(balance.sum.abs() <= bound, "{}: {:?}", system.describe_unknown(row), balance);
        }
    }

    #[test]
    fn responses_of_linear_circuits_add(branches in network(NODES), a in -2.0f64..2.0, b in -2.0f64..2.0) {
        let base = resistors(&branches, NODES);
        let both = voltages(&format!("{base}V1 n0 0 {a}\nI1 0 n3 {b}m"), NODES);
        let first = voltages(&format!("{base}V1 n0 0 {a}\nI1 0 n3 0"), NODES);
        let second = voltages(&format!("{base}V1 n0 0 0\nI1 0 n3 {b}m"), NODES);
        for node in 0..NODES {
            prop_assert!((both[node] - first[node] - second[node]).abs() < 1e-9);
        }
    }

    #[test]
    fn resistor_networks_are_passive_and_reciprocal(branches in network(NODES)) {
        let base = resistors(&branches, NODES);
        let forward = voltages(&format!("{base}I1 0 n0 1m"), NODES);
        let backward = voltages(&format!("{base}I1 0 n5 1m"), NODES);
        prop_assert!(forward[0] > 0.0, "power flows into the network");
        prop_assert!((forward[5] - backward[0]).abs() <= 1e-9 * forward[0].abs().max(1e-3));
        let highest = forward.iter().fold(f64::MIN, |most, &v| most.max(v));
        prop_assert!(highest <= forward[0] * (1.0 + 1e-9), "no node above the driven one");
    }
}

#[test]
fn charge_and_energy_are_conserved_between_capacitors() {
    // 1 uF at 5 V discharges into 2 uF through a resistor: the charge stays, half of the rest of the energy is lost.
    let plot = plot("C1 a 0 1u ic=5\nR1 a b 1k\nC2 b 0 2u ic=0\nRa a 0 1e12\n.options reltol=1e-6\n.tran 10u 20m uic");
    let (a, b) = (vector(&plot, "v(a)"), vector(&plot, "v(b)"));
    for (a, b) in a.iter().zip(&b) {
        assert!((a + 2.0 * b - 5.0).abs() < 1e-5, "{}", a + 2.0 * b);
    }
    assert!((a.last().unwrap() - 5.0 / 3.0).abs() < 1e-4);
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let text = "V1 a 0 SIN(0 1 1k)\nD1 a b d\nR1 b 0 {r}\nC1 b 0 100n\n.model d d\n.param r=1k\n.step param r list 1k 2k 3k 5k 7k\n.tran 10u 3m";
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| common::run(text)).runs.into_iter().flat_map(|run| run.plots).collect::<Vec<_>>()
    };
    assert_eq!(with(1), with(4));
}

/// Devices are evaluated by several threads, but add up in one order: every bit is the same.
#[test]
fn devices_of_a_large_circuit_do_not_depend_on_the_number_of_threads() {
    let stages = 80;
    let mut deck = String::from("vdd vdd 0 3\nvin n0 0 pulse(0 3 1n 0.5n 0.5n 5n 20n)\n");
    for k in 0..stages {
        let next = k + 1;
        deck += &format!(
            "mp{k} n{next} n{k} vdd vdd p w=4u l=1u\nmn{k} n{next} n{k} 0 0 n w=2u l=1u\nc{k} n{next} 0 5f\nd{k} 0 n{next} d\n"
        );
    }
    deck += ".model n nmos(vto=0.6 kp=100u tox=10n lambda=0.02)\n.model p pmos(vto=-0.6 kp=40u tox=10n lambda=0.02)\n";
    deck += ".model d d(is=1e-14 cjo=2f)\n.options noacct OPTION\n.tran 0.1n 15n\n";
    for bypass in [0, 1] {
        let run = |threads: usize| plot(&deck.replace("OPTION", &format!("bypass={bypass} num_threads={threads}")));
        let (one, four) = (run(1), run(4));
        for name in ["time", "v(n1)", "v(n40)", "v(n80)", "i(vdd)"] {
            let (a, b) = (vector(&one, name), vector(&four, name));
            assert!(a.len() > 100 && a == b, "{name}, bypass={bypass}");
        }
    }
}
