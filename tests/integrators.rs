//! Orders of convergence, measured, and what the methods do to energy.

mod common;

use common::{last, plot, run, vector};

/// Largest error of an RC low-pass's response to a sine after fifteen time constants, at a fixed step. The tolerances are so wide that
/// nothing but the largest step limits the steps; what the start did has decayed.
fn error(method: &str, step: f64) -> f64 {
    let deck = format!(
        "V1 a 0 SIN(0 1 0.1)\nR1 a b 1\nC1 b 0 1\n\
         .options {method} reltol=1e3 trtol=1e6 abstol=1e3 chgtol=1e3 vntol=1e3\n\
         .tran {step} 20 0 {step}"
    );
    let plot = plot(&deck);
    let omega = 0.1 * std::f64::consts::TAU;
    let exact = |t: f64| {
        let steady = ((omega * t).sin() - omega * (omega * t).cos()) / (1.0 + omega * omega);
        steady + omega / (1.0 + omega * omega) * (-t).exp()
    };
    let points = plot.axis().into_iter().zip(vector(&plot, "v(b)"));
    let late = points.filter(|(time, _)| (15.0..19.0).contains(time));
    late.fold(0.0, |worst, (time, value)| worst.max((value - exact(time)).abs()))
}

/// log2 of the ratio of errors when the step is halved.
fn order(method: &str, step: f64) -> f64 {
    (error(method, step) / error(method, step / 2.0)).log2()
}

#[test]
fn backward_formulas_converge_with_their_orders() {
    for (maximum, step) in [(1, 0.05), (2, 0.05), (3, 0.1), (4, 0.2), (5, 0.2), (6, 0.2)] {
        let found = order(&format!("method=gear maxord={maximum}"), step);
        assert!((found - f64::from(maximum)).abs() < 0.35, "order {maximum} converges with {found:.2}");
    }
}

#[test]
fn trapezoidal_rule_and_tr_bdf2_converge_with_order_two() {
    for method in ["method=trap", "method=trbdf2"] {
        let found = order(method, 0.05);
        assert!((found - 2.0).abs() < 0.2, "{method} converges with order {found:.2}");
    }
}

#[test]
fn tr_bdf2_is_more_accurate_than_bdf2_at_the_same_step() {
    assert!(error("method=trbdf2", 0.05) < error("method=gear maxord=2", 0.05));
}

#[test]
fn tighter_tolerances_give_smaller_errors() {
    let deck = |reltol: f64, method: &str| {
        format!(
            "V1 a 0 PULSE(0 1 0 1n 1n 1 2)\nR1 a b 1k\nC1 b 0 1u\n\
             .options reltol={reltol} method={method}\n.tran 0.1m 3m 0 1m"
        )
    };
    for method in ["trap", "gear", "trbdf2"] {
        let worst = |reltol: f64| {
            let plot = plot(&deck(reltol, method));
            let (time, voltage) = (plot.axis(), vector(&plot, "v(b)"));
            let exact = |t: f64| 1.0 - (-t / 1e-3).exp();
            time.iter().zip(&voltage).fold(0.0f64, |worst, (&t, v)| worst.max((v - exact(t)).abs()))
        };
        let (loose, tight) = (worst(1e-3), worst(1e-6));
        assert!(loose < 2e-2, "{method}: {loose:.1e} at reltol=1e-3");
        assert!(tight < 3e-4 && tight < loose / 5.0, "{method}: {tight:.1e} at reltol=1e-6");
    }
}

#[test]
fn backward_euler_damps_an_lc_tank_and_the_trapezoidal_rule_does_not() {
    let energy = |method: &str| {
        let plot = plot(&format!("L1 a 0 1\nC1 a 0 1 ic=1\n.options {method}\n.tran 0.1 62.8 0 0.1 uic"));
        0.5 * (last(&plot, "v(a)").powi(2) + last(&plot, "i(l1)").powi(2))
    };
    assert!((energy("method=trap") - 0.5).abs() < 5e-3);
    assert!(energy("method=gear maxord=1") < 0.1);
}

#[test]
fn ringing_of_the_trapezoidal_rule_is_damped() {
    // An inductor's voltage after its current is switched off: the plain rule alternates for ever.
    let ripple = |guard: &str| {
        let plot = plot(&format!(
            "I1 0 a PULSE(0 1m 1u 1p 1p 1 2)\nL1 a 0 1m\nR1 a 0 1meg\n\
             .options {guard} reltol=1\n.tran 1n 1.2u 0 1n"
        ));
        let (time, voltage) = (plot.axis(), vector(&plot, "v(a)"));
        let late = time.iter().zip(&voltage).filter(|(t, _)| **t > 1.1e-6);
        late.fold(0.0f64, |worst, (_, v)| worst.max(v.abs()))
    };
    assert!(ripple("") < 1.0, "{}", ripple(""));
}

#[test]
fn statistics_count_what_was_done() {
    let run = run("V1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\n.tran 10u 1m");
    let statistics = run.runs[0].statistics[0];
    assert_eq!(statistics.steps + 1, run.runs[0].plots[0].len());
    assert!(statistics.newton_iterations >= statistics.steps);
    assert!(statistics.factorisations >= 1);
}

/// A 555 of comparators without hysteresis: when the capacitor reaches a threshold the output takes the cause away again, faster than
/// any step, until the slow copy of the output has followed. The period is ln 2·(Ra + 2·Rb)·C.
#[test]
fn comparators_that_switch_themselves_off_do_not_stop_time() {
    let plot = plot(
        "Vcc vcc 0 5\nRa vcc d 10k\nRb d t 10k\nC1 t 0 10n ic=0\n\
         Bset set 0 v = v(t) < 5/3 ? 1 : 0\nBres res 0 v = v(t) > 10/3 ? 1 : 0\n\
         Bq q 0 v = v(set)>0.5 ? 5 : (v(res)>0.5 ? 0 : v(qd))\nRq q qd 1k\nCq qd 0 100p ic=0\n\
         S1 d 0 nq 0 sw\nBn nq 0 v = 5 - v(q)\n.model sw sw vt=2.5 vh=0.1 ron=10 roff=100meg\n\
         .tran 1u 0.6m uic",
    );
    let (time, values) = (plot.axis(), vector(&plot, "v(t)"));
    let rising: Vec<f64> =
        (1..time.len()).filter(|&k| values[k - 1] < 2.5 && values[k] >= 2.5).map(|k| time[k]).collect();
    let period = std::f64::consts::LN_2 * 30e3 * 10e-9;
    assert_eq!(rising.len(), 3, "{rising:?}");
    // The first charge begins at 0 V.
    assert!(((rising[2] - rising[1]) / period - 1.0).abs() < 5e-3, "{rising:?}");
}
