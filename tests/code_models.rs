//! XSPICE's code models by closed forms; the references of ngspice are in `ngspice_references`.

use std::path::Path;

use ferrospice::circuit::Overrides;
use ferrospice::netlist::Deck;
use ferrospice::studies::deck_run::{DeckRun, Keep, run_deck};

fn attempt(cards: &str) -> Result<DeckRun, String> {
    let deck = Deck::from_text("deck.cir", &format!("title\n{cards}\n.end\n"), Path::new(".")).unwrap();
    run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).map_err(|report| report.to_string())
}

fn run(cards: &str) -> DeckRun {
    attempt(cards).unwrap_or_else(|report| panic!("{report}"))
}

/// Axis and values of `name`.
fn curve(run: &DeckRun, name: &str) -> Vec<(f64, f64)> {
    let plot = &run.runs[0].plots[0];
    let index = plot.column(name).unwrap_or_else(|| panic!("no {name}"));
    plot.axis().into_iter().zip(plot.real(index)).collect()
}

#[test]
fn an_integral_waits_at_its_limit_until_the_input_turns() {
    let run = run("v1 in 0 sin(0 1 1k)\na1 in out i\n\
        .model i int(gain=8000 out_lower_limit=-0.5 out_upper_limit=1 limit_range=1u)\n.tran 1u 1.2m 0 1u");
    let omega = std::f64::consts::TAU * 1e3;
    let growth = 8000.0 / omega;
    for (t, value) in curve(&run, "v(out)") {
        // Up to the limit in the first half period, down to the other one in the second, up again.
        let expected = if t < 0.5e-3 {
            (growth * (1.0 - (omega * t).cos())).min(1.0)
        } else if t < 1e-3 {
            (1.0 - growth * (1.0 + (omega * t).cos())).max(-0.5)
        } else {
            -0.5 + growth * (1.0 - (omega * t).cos())
        };
        assert!((value - expected).abs() < 3e-3, "{t}: {value}, not {expected}");
    }
}

#[test]
fn an_output_slews_at_its_rates() {
    let run = run(
        "v1 in 0 pulse(0 1 10u 1n 1n 400u 1m)\na1 in out s\n.model s slew(rise_slope=10k fall_slope=5k)\n.tran 1u 0.9m",
    );
    for (t, value) in curve(&run, "v(out)") {
        let rising = (1e4 * (t - 10e-6)).clamp(0.0, 1.0);
        let expected = if t < 410e-6 { rising } else { (1.0 - 5e3 * (t - 410e-6)).max(0.0) };
        assert!((value - expected).abs() < 1e-2, "{t}: {value}, not {expected}");
    }
}

#[test]
fn hysteresis_has_two_branches() {
    let run = run("v1 in 0 sin(0 1 1k)\na1 in out h\n\
        .model h hyst(in_low=-0.1 in_high=0.1 hyst=0.5 out_lower_limit=0 out_upper_limit=2 input_domain=0.01 fraction=false)\n.tran 1u 3m 0 1u");
    let values = curve(&run, "v(out)");
    let at = |time: f64| values.iter().find(|(t, _)| *t >= time).unwrap().1;
    // Rising through 0.4…0.6, falling through −0.4…−0.6.
    assert!(at(0.05e-3) < 1e-6 && (at(0.15e-3) - 2.0).abs() < 1e-6);
    assert!((at(0.55e-3) - 2.0).abs() < 1e-6 && at(0.7e-3) < 1e-6 && at(1.05e-3) < 1e-6);
    let middle = 0.5f64.asin() / std::f64::consts::TAU * 1e-3;
    assert!((at(1e-3 + middle) - 1.0).abs() < 0.08, "{}", at(1e-3 + middle));
}

#[test]
fn a_supply_bears_what_the_output_gives() {
    let run = run(
        "v1 in 0 0\nvp p 0 5\nvn n 0 -5\na1 in p n out a\n.model a ilimit(gain=10 r_out_source=10 r_out_sink=10 i_limit_source=30m i_limit_sink=20m)\n\
        rl out 0 100\n.dc v1 -1 1 0.1",
    );
    let (source, sink, out) = (curve(&run, "i(vp)"), curve(&run, "i(vn)"), curve(&run, "v(out)"));
    for ((&(v, out), &(_, source)), &(_, sink)) in out.iter().zip(&source).zip(&sink) {
        let current = ((10.0 * v).clamp(-5.0, 5.0) / 110.0).clamp(-20e-3, 30e-3);
        assert!((out - 100.0 * current).abs() < 1e-4, "{v}: {out}");
        assert!((source + current.max(0.0)).abs() < 1e-6 && (sink - (-current).max(0.0)).abs() < 1e-6, "{v}");
    }
}

#[test]
fn the_nodes_of_a_switch_may_stand_alone() {
    let out = |switch: &str| {
        let deck =
            format!("v1 c 0 0\nv2 in 0 1\n{switch}\n.model s aswitch(r_off=3k r_on=1k)\nr1 out 0 1k\n.dc v1 0 1 1");
        curve(&run(&deck), "v(out)")
    };
    assert_eq!(out("a1 c (in out) s"), out("a1 c %gd(in out) s"));
    assert!((out("a1 c in out s")[1].1 - 0.5).abs() < 1e-9);
}

#[test]
fn wrong_cards_are_pointed_at() {
    let cases = [
        ("a1 [a b] c m\n.model m summer(in_gain=[1 2 3])", "3 values for 2 inputs"),
        ("a1 a m\n.model m gain", "takes 2: in, out"),
        ("a1 [a b] c m\n.model m gain", "takes one connection"),
        ("a1 ~a b m\n.model m gain", "not digital"),
        ("a1 %g(a) b m\n.model m gain", "cannot be `%g`"),
        ("a1 null b m\n.model m gain", "must be connected"),
        ("a1 a b m\n.model m pwl(x_array=[1 0] y_array=[0 1])", "must rise"),
        ("a1 a b m\n.model m pwl(x_array=[0 1] y_array=[0])", "as many values"),
        ("a1 a b m\n.model m s_xfer(num_coeff=[1 2 3] den_coeff=[1 1])", "more values than `den_coeff`"),
        ("a1 a %gd(b c) m\n.model m aswitch(cntl_on=0)", "must differ"),
        ("a1 a b m\n.model m limit(out_lower_limit=1 out_upper_limit=0)", "must be above"),
        ("a1 a b m\n.model m d_nand", "is digital"),
    ];
    for (cards, message) in cases {
        let report = attempt(&format!("v1 a 0 1\nr1 b 0 1\nr2 c 0 1\n{cards}\n.op")).unwrap_err();
        assert!(report.contains(message), "{cards}:\n{report}");
    }
}

#[test]
fn an_unknown_parameter_is_a_warning_as_in_ngspice() {
    let run = run("v1 a 0 1\na1 a b m\n.model m gain(gian=2 gain=3)\nr1 b 0 1\n.dc v1 1 2 1");
    let warnings: Vec<&str> = run.runs[0].warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert!(warnings.iter().any(|warning| warning.contains("unknown parameter `gian`")), "{warnings:?}");
    assert_eq!(curve(&run, "v(b)")[0].1, 3.0);
}
