//! The ways to solve an array agree: every node flattened into the circuit, reduced to its ports, or relaxed between them.

mod common;

use common::{failure, last, plot, vector};
use ferrospice::results::plot::Plot;

/// An array between sources, whose bit lines have ammeters; `parameters` are those of its model.
fn deck(rows: usize, columns: usize, parameters: &str, solver: &str, rest: &str) -> String {
    let mut text = format!(".include device_models/feo.lib\nAx [w[0:{}]] [b[0:{}]] xbar\n", rows - 1, columns - 1);
    text += &format!(".model xbar crossbar({parameters} solver={solver})\n");
    (0..rows).for_each(|i| text += &format!("Vw{i} w{i} 0 {{v{}}}\n", i % 3));
    (0..columns).for_each(|j| text += &format!("Vb{j} b{j} 0 0\n"));
    text + rest
}

fn close(a: f64, b: f64, largest: f64, what: &str) {
    assert!((a - b).abs() <= largest, "{what}: {a} and {b}");
}

/// Currents of all sources, A.
fn currents(plot: &Plot, rows: usize, columns: usize) -> Vec<f64> {
    let names = (0..rows).map(|i| format!("i(vw{i})")).chain((0..columns).map(|j| format!("i(vb{j})")));
    names.map(|name| last(plot, &name)).collect()
}

const INPUTS: &str = ".param v0=0.3 v1=-0.2 v2=0.1\n.options reltol=1e-9 abstol=1e-16 vntol=1e-12\n";

#[test]
fn operating_points_agree_to_1e_9_of_the_largest_current() {
    for (rows, columns) in [(1, 1), (1, 9), (8, 1), (7, 12)] {
        for wires in ["rw=2 rb=3", "rw=0 rb=5", "rw=4 rb=0 rdriver=10 rsense=20", "rw=1 rb=1 both_ends=1"] {
            for cell in ["cell=linear g=\"uniform(10u 1m)\" seed=4", "cell=feo g0=\"uniform(5u 95u)\" seed=2"] {
                let saved = ".op\n.save all @ax[wl_0_0] @ax[bl_0_0] @ax[i_0_0]\n";
                let found = |solver: &str| {
                    plot(&deck(rows, columns, &format!("{cell} {wires}"), solver, &(INPUTS.to_string() + saved)))
                };
                let flat = found("flattened");
                let expected = currents(&flat, rows, columns);
                let largest = expected.iter().fold(0.0f64, |largest, current| largest.max(current.abs()));
                let others: &[&str] =
                    if cell.contains("linear") { &["reduced", "relaxation"] } else { &["relaxation"] };
                for solver in others {
                    let other = found(solver);
                    for (a, b) in currents(&other, rows, columns).iter().zip(&expected) {
                        close(*a, *b, 1e-9 * largest, &format!("{solver} {rows}×{columns} {wires} {cell}"));
                    }
                    let nodes = ["v(ax.wl[0][0])", "v(ax.bl[0][0])"];
                    // An ideal wire is the port itself, and called so.
                    for name in nodes.into_iter().filter(|_| wires == "rw=2 rb=3") {
                        close(last(&other, name), last(&flat, name), 1e-9, name);
                    }
                    close(last(&other, "i(ax[0][0])"), last(&flat, "i(ax[0][0])"), 1e-9 * largest, "cell");
                }
            }
        }
    }
}

#[test]
fn a_write_pulse_moves_the_states_alike() {
    let sources = "Ax [w[0:5]] [b[0:4]] xbar
.include device_models/feo.lib
Vw0 w0 0 PULSE(0 0.65 1u 0.5u 0.5u 100u 1)
Vw1 w1 0 0
Vw2 w2 0 0
Vw3 w3 0 0
Vw4 w4 0 0
Vw5 w5 0 0
Vb0 b0 0 PULSE(0 -0.65 1u 0.5u 0.5u 100u 1)
Vb1 b1 0 0
Vb2 b2 0 PULSE(0 -0.65 1u 0.5u 0.5u 100u 1)
Vb3 b3 0 0
Vb4 b4 0 0
.tran 1u 120u
.save all @ax[x_0_0] @ax[x_0_1] @ax[x_1_0] @ax[x_0_2] @ax[x_5_4] i(vb0)
.options reltol=1e-5
";
    let model = |solver: &str| format!("{sources}.model xbar crossbar(cell=feo g0=20u rw=20 rb=30 solver={solver})\n");
    let (flat, relaxed) = (plot(&model("flattened")), plot(&model("relaxation")));
    let written = last(&flat, "x(ax[0][0])");
    assert!(written > 0.15, "the pulse writes: {written}");
    for cell in ["[0][0]", "[0][1]", "[1][0]", "[0][2]", "[5][4]"] {
        let name = format!("x(ax{cell})");
        close(last(&relaxed, &name), last(&flat, &name), 5e-5, &name);
    }
    let peak = |plot: &Plot| vector(plot, "i(vb0)").iter().fold(0.0f64, |peak, current| peak.max(current.abs()));
    close(peak(&relaxed), peak(&flat), 2e-4 * peak(&flat), "current");
}

#[test]
fn ports_that_no_source_fixes_are_solved_too() {
    let circuit = "Vin in 0 0.5
R0 in w0 1k
R1 in w1 2k
R2 w1 w2 3k
R3 b0 0 500
R4 b1 0 0.1
Rf b2 out 1k
Eamp out 0 0 b2 1e6
.op
.save all
";
    for cell in ["cell=linear g=\"uniform(10u 1m)\"", "cell=feo g0=\"uniform(5u 95u)\""] {
        let deck = |solver: &str| {
            format!(
                ".include device_models/feo.lib\nAx [w[0:2]] [b[0:2]] xbar\n.model xbar crossbar({cell} rw=5 rb=7 solver={solver})\n{circuit}"
            )
        };
        let flat = plot(&deck("flattened"));
        let others: &[&str] = if cell.contains("linear") { &["reduced", "relaxation"] } else { &["relaxation"] };
        for solver in others {
            let other = plot(&deck(solver));
            for node in ["v(w0)", "v(w1)", "v(w2)", "v(b0)", "v(b1)", "v(out)"] {
                close(
                    last(&other, node),
                    last(&flat, node),
                    1e-6 * last(&flat, node).abs() + 2e-9,
                    &format!("{solver} {node}"),
                );
            }
        }
    }
}

#[test]
fn the_automatic_choice_is_the_same_solution() {
    let deck = |solver: &str| {
        deck(64, 64, "cell=feo g0=\"uniform(5u 95u)\" rw=1 rb=1", solver, &format!("{INPUTS}.op\n.save all\n"))
    };
    let (automatic, flat) = (plot(&deck("auto")), plot(&deck("flattened")));
    let expected = currents(&flat, 64, 64);
    let largest = expected.iter().fold(0.0f64, |largest, current| largest.max(current.abs()));
    for (a, b) in currents(&automatic, 64, 64).iter().zip(&expected) {
        close(*a, *b, 1e-9 * largest, "automatic");
    }
    assert!(automatic.header.columns.len() < 64 * 64, "nodes inside are no vectors of their own");
}

#[test]
fn a_way_that_is_not_for_an_array_is_refused() {
    let report = |parameters: &str, solver: &str, rest: &str| {
        failure(&deck(2, 2, parameters, solver, &format!("{INPUTS}{rest}\n")))
    };
    assert!(report("cell=feo", "reduced", ".op").contains("the cells are not linear"));
    assert!(report("cell=linear g=1u cw=1f", "reduced", ".op").contains("capacitances"));
    assert!(report("cell=feo", "relaxation", ".ac dec 1 1 10").contains("`.ac`"));
    assert!(report("cell=feo", "relax", ".op").contains("solvers: auto, flattened, reduced, relaxation"));
}
