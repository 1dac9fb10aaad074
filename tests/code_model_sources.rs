//! XSPICE's oscillators, one-shots, delays, magnetic circuits and parts by closed forms; the references of ngspice are in `ngspice_references`.

use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

use ferrospice::circuit::Overrides;
use ferrospice::netlist::Deck;
use ferrospice::studies::deck_run::{DeckRun, Keep, run_deck};

fn attempt_in(folder: &Path, cards: &str) -> Result<DeckRun, String> {
    let name = folder.join("deck.cir").display().to_string();
    let deck = Deck::from_text(&name, &format!("title\n{cards}\n.end\n"), folder).unwrap();
    run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).map_err(|report| report.to_string())
}

fn attempt(cards: &str) -> Result<DeckRun, String> {
    attempt_in(Path::new("."), cards)
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

/// Between the points by straight lines.
fn at(curve: &[(f64, f64)], time: f64) -> f64 {
    let next = curve.partition_point(|point| point.0 < time).clamp(1, curve.len() - 1);
    let ((t0, y0), (t1, y1)) = (curve[next - 1], curve[next]);
    if t1 > t0 { y0 + (y1 - y0) * (time - t0) / (t1 - t0) } else { y1 }
}

/// Times at which the curve passes `level`.
fn crossings(curve: &[(f64, f64)], level: f64) -> Vec<f64> {
    let passes = |pair: &[(f64, f64)]| (pair[0].1 > level) != (pair[1].1 > level);
    let pairs = curve.windows(2).filter(|pair| passes(pair));
    pairs.map(|pair| pair[0].0 + (pair[1].0 - pair[0].0) * (level - pair[0].1) / (pair[1].1 - pair[0].1)).collect()
}

fn assert_times(found: &[f64], expected: &[f64], tolerance: f64) {
    let near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < tolerance);
    assert!(found.len() == expected.len() && near, "{found:?}, not {expected:?}");
}

#[test]
fn the_phase_is_the_integral_of_the_frequency() {
    // A sweep from 1 to 3 kHz in 4 ms, far from the steps of `.tran`.
    let run =
        run("v1 c 0 pwl(0 1 4m 3)\na1 c s m\n.model m sine(cntl_array=[0 1] freq_array=[0 1k] out_low=1 out_high=3)\n\
        .tran 1m 4m 0 1m\n.options reltol=1e-5");
    let values = curve(&run, "v(s)");
    for &(t, value) in &values {
        let phase = 1e3 * t + 0.5 * (2e3 / 4e-3) * t * t;
        let expected = 2.0 + (TAU * phase).sin();
        assert!((value - expected).abs() < 1e-3, "{t}: {value}, not {expected}");
    }
    // A period of the highest frequency has its points.
    assert!(values.len() > 300, "{}", values.len());
}

#[test]
fn edges_of_a_square_wave_are_where_they_belong_whatever_the_step_is() {
    let run = run("v1 c 0 1\na1 c q m\n\
        .model m square(cntl_array=[0 1] freq_array=[0 1k] out_low=0 out_high=1 duty_cycle=0.25 rise_time=1u fall_time=2u)\n.tran 0.5m 4m 0 0.5m");
    let values = curve(&run, "v(q)");
    let middles: Vec<f64> = (0..4).flat_map(|k| [0.75 + f64::from(k), 1.0 + f64::from(k)]).collect();
    let expected: Vec<f64> =
        middles.iter().map(|&ms| 1e-3 * ms + if ms.fract() > 0.0 { 0.5e-6 } else { 1e-6 }).collect();
    assert_times(&crossings(&values, 0.5), &expected[..7], 2e-9);
    assert!(values.iter().all(|&(_, value)| (-1e-9..1.0 + 1e-9).contains(&value)));
}

#[test]
fn a_triangle_has_its_corners() {
    let run = run(
        "v1 c 0 1\na1 c t m\n.model m triangle(cntl_array=[0 1] freq_array=[0 1k] duty_cycle=0.2)\n.tran 0.5m 3m 0 0.5m",
    );
    let values = curve(&run, "v(t)");
    for k in 0..3 {
        for (part, expected) in [(0.0, -1.0), (0.1, 0.0), (0.2, 1.0), (0.6, 0.0), (0.9, -0.75)] {
            let found = at(&values, 1e-3 * (f64::from(k) + part));
            assert!((found - expected).abs() < 5e-3, "{k} + {part}: {found}, not {expected}");
        }
    }
}

#[test]
fn oscillators_rest_at_the_operating_point_and_stop_at_negative_frequencies() {
    let run = run(
        "v1 c 0 -1\na1 c s m\n.model m sine(cntl_array=[0 1] freq_array=[0 1k] out_low=1 out_high=3)\n.tran 10u 1m",
    );
    assert!(curve(&run, "v(s)").iter().all(|&(_, value)| (value - 2.0).abs() < 1e-9));
}

#[test]
fn a_one_shot_answers_its_clock_and_not_its_pulses() {
    // Clock edges at 10, 60, 80 and 200 µs; the control is 1 until 100 µs, then 3.
    let clock = "v1 k 0 pwl(0 0 9.5u 0 10.5u 1 20u 1 21u 0 59.5u 0 60.5u 1 70u 1 71u 0 79.5u 0 80.5u 1 90u 1 91u 0 199.5u 0 200.5u 1)\n\
        v2 c 0 pwl(0 1 100u 1 101u 3)\n";
    let pulse = |more: &str| {
        let deck = format!(
            "{clock}a1 k c null o m\n.model m oneshot(cntl_array=[0 2] pw_array=[10u 30u] rise_time=2u fall_time=4u rise_delay=3u fall_delay=1u{more})\n.tran 50u 300u 0 50u"
        );
        crossings(&curve(&run(&deck), "v(o)"), 0.5)
    };
    // t + 3 + 1 and t + 3 + 2 + 20 + 1 + 2; the width at 3 is 40 µs.
    assert_times(&pulse(""), &[14e-6, 38e-6, 64e-6, 88e-6, 204e-6, 248e-6], 5e-9);
    assert_times(&pulse(" retrig=true"), &[14e-6, 38e-6, 64e-6, 108e-6, 204e-6, 248e-6], 5e-9);
    assert_times(&pulse(" pos_edge_trig=false"), &[24.5e-6, 48.5e-6, 74.5e-6, 98.5e-6], 5e-9);
}

#[test]
fn clear_ends_a_pulse_at_once() {
    let run = run("v1 k 0 pulse(0 1 10u 1u 1u 5u 50u)\nv2 r 0 pwl(0 0 20u 0 21u 1 62u 1 63u 0)\na1 k null r o m\n\
        .model m oneshot(cntl_array=[0 1] pw_array=[30u 30u] rise_time=1u fall_time=1u)\n.tran 50u 160u 0 50u");
    // The edge at 60 µs falls into the time of `clear`.
    assert_times(&crossings(&curve(&run, "v(o)"), 0.5), &[11.001e-6, 20.5e-6, 111.001e-6, 142.002e-6], 5e-8);
}

#[test]
fn a_delay_shifts_waves_and_their_corners() {
    let run = run("v1 a 0 sin(0 1 10k)\nv2 p 0 pulse(0 1 20u 1u 1u 50u 300u)\nv3 c 0 0.25\n\
        a1 a x null m\na2 p y null m\na3 a z c n\n.model m delay(delay=30u)\n.model n delay(has_delay_cnt=true delmin=10u delmax=50u)\n\
        .tran 2u 250u 0 2u");
    let past = |t: f64, delay: f64| if t > delay { (TAU * 1e4 * (t - delay)).sin() } else { 0.0 };
    for (name, delay) in [("v(x)", 30e-6), ("v(z)", 20e-6)] {
        for (t, value) in curve(&run, name) {
            assert!((value - past(t, delay)).abs() < 6e-3, "{name} at {t}: {value}, not {}", past(t, delay));
        }
    }
    assert_times(&crossings(&curve(&run, "v(y)"), 0.5), &[50.5e-6, 101.5e-6], 1e-9);
}

#[test]
fn small_signals_are_delayed_too() {
    let run = run("v1 a 0 ac 1\na1 a x null m\nr1 x 0 1\n.model m delay(delay=30u)\n.ac lin 5 1k 20k");
    let plot = &run.runs[0].plots[0];
    let index = plot.column("v(x)").unwrap();
    let ferrospice::results::plot::Data::Complex(columns) = &plot.data else { panic!("not complex") };
    for (frequency, value) in plot.axis().into_iter().zip(&columns[index]) {
        let angle = -TAU * frequency * 30e-6;
        assert!((value.re - angle.cos()).abs() < 1e-9 && (value.im - angle.sin()).abs() < 1e-9, "{frequency}: {value}");
    }
}

#[test]
fn windings_on_a_linear_core_are_an_inductor_and_a_transformer() {
    // L = N²·µ·area/length = 100²·1e-3·1e-4/0.1 = 10 mH.
    let run = run(
        "v1 a 0 pulse(0 1 0 1n 1n 1)\nr1 a b 10\na1 (b 0) (m1 0) w1\na2 (c 0) (m1 m2) w2\na3 (m2 0) k\nr2 c 0 1g\n\
        .model w1 lcouple(num_turns=100)\n.model w2 lcouple(num_turns=50)\n\
        .model k core(h_array=[-1k 1k] b_array=[-1 1] area=1e-4 length=0.1)\n.tran 10u 5m\n.options reltol=1e-5",
    );
    let (current, primary, secondary) = (curve(&run, "i(a1)"), curve(&run, "v(b)"), curve(&run, "v(c)"));
    for (((t, i), (_, v1)), (_, v2)) in current.into_iter().zip(primary).zip(secondary) {
        let expected = 0.1 * (1.0 - (-t / 1e-3).exp());
        assert!((i - expected).abs() < 1e-4, "{t}: {i}, not {expected}");
        assert!(t < 1e-6 || (v1 + 2.0 * v2).abs() < 1e-3 || (v1 - 2.0 * v2).abs() < 1e-3, "{t}: {v1}, {v2}");
    }
}

#[test]
fn a_core_with_hysteresis_loses_the_area_of_its_loop() {
    let run = run("v1 m 0 sin(0 4 50)\na1 (m 0) k\n\
        .model k core(mode=2 in_low=-1 in_high=1 hyst=0.5 out_lower_limit=-2m out_upper_limit=3m input_domain=1m fraction=false)\n\
        .tran 20u 60m 0 20u");
    let (force, current) = (curve(&run, "v(m)"), curve(&run, "i(v1)"));
    let steps = force.windows(2).zip(current.windows(2)).filter(|(f, _)| f[0].0 >= 20e-3 && f[1].0 <= 40e-3 + 1e-9);
    let area: f64 = steps.map(|(f, i)| 0.5 * (f[0].1 + f[1].1) * -(i[1].1 - i[0].1)).sum();
    assert!((area - 2.0 * 0.5 * 5e-3).abs() < 1e-4, "{area}");
}

#[test]
fn reactances_start_where_they_are_held() {
    let run = run("v1 a 0 1\nr1 a c 1k\na1 (c 0) k\n.model k capacitoric(c=1u ic=3)\nr2 a l 10\na2 (l 0) h\n\
        .model h inductoric(l=10m ic=-2)\n.tran 10u 5m\n.options reltol=1e-5");
    for ((t, capacitor), (_, inductor)) in curve(&run, "v(c)").into_iter().zip(curve(&run, "v(l)")) {
        let decay = (-t / 1e-3).exp();
        assert!((capacitor - (1.0 + 2.0 * decay)).abs() < 1e-3, "{t}: {capacitor}");
        assert!((inductor - 21.0 * decay).abs() < 5e-3, "{t}: {inductor}");
    }
}

#[test]
fn meters_add_up_what_is_at_a_node() {
    let run = run("v1 a 0 1\nc1 a 0 1u\nc2 b a 2u\nrb b 0 1\nl1 b 0 1m\nl2 d b 1m\nrd d 0 1\na1 a x c\na2 b y l\n\
        .model c cmeter(gain=1e6)\n.model l lmeter(gain=1e3)\n.dc v1 0 1 1");
    assert!((curve(&run, "v(x)")[0].1 - 3.0).abs() < 1e-9 && (curve(&run, "v(y)")[0].1 - 0.5).abs() < 1e-9);
}

#[test]
fn a_file_is_played() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("w.txt"), "# t y\n0 1\n1, 3\n2 -1\n").unwrap();
    let deck = "a1 %vd([p 0]) m\n.model m filesource(file=\"w.txt\" timescale=1m amplscale=[2] amploffset=[1] STEP)\n.tran 0.5m 1.9m 0 0.5m";
    let run = |step: &str| {
        let found = attempt_in(folder.path(), &deck.replace("STEP", step)).unwrap_or_else(|report| panic!("{report}"));
        curve(&found, "v(p)")
    };
    let (lines, steps) = (run(""), run("amplstep=true"));
    for (time, line, step) in [(0.5e-3, 5.0, 3.0), (0.999e-3, 6.996, 3.0), (1.5e-3, 3.0, 7.0)] {
        assert!((at(&lines, time) - line).abs() < 1e-9 && (at(&steps, time) - step).abs() < 1e-9, "{time}");
    }
    let report = attempt_in(folder.path(), &deck.replace("w.txt", "no.txt").replace("STEP", "")).unwrap_err();
    assert!(report.contains("`no.txt` cannot be read"), "{report}");
}

#[test]
fn wrong_cards_are_pointed_at() {
    let cases = [
        ("a1 a b m\n.model m sine", "`cntl_array` of model `m` needs at least two values"),
        ("a1 a b m\n.model m sine(cntl_array=[0 1] freq_array=[1])", "as many values as `cntl_array`"),
        ("a1 a b m\n.model m square(cntl_array=[0 1] freq_array=[1 2] duty_cycle=2)", "must be between 0 and 1"),
        ("a1 a b m\n.model m oneshot(cntl_array=[0 1] pw_array=[1 2])", "takes 4: clk, cntl_in, clear, out"),
        ("a1 a b null m\n.model m delay", "`delay` of model `m` must be given"),
        ("a1 a b c m\n.model m delay(has_delay_cnt=true delmin=1u)", "must be above `delmin`"),
        ("a1 a (b 0) m\n.model m lcouple", "must have pairs of nodes: l, mmf_out"),
        ("a1 (a 0) m\n.model m core(h_array=[0 1] b_array=[0 1])", "`area` of model `m` must be given"),
        ("a1 [(a 0) b] (c 0) m\n.model m multi_input_pwl(x=[0 1] y=[0 1])", "pairs of nodes"),
        (
            "a1 [(a 0)] (c 0) m\n.model m multi_input_pwl(x=[0 1] y=[0 1] model=\"xor\")",
            "must be and, nand, or, or nor",
        ),
        ("a1 a b c m\n.model m potentiometer(position=1.5)", "must be within 0 and 1"),
        ("a1 (a 0) (b 0) m\n.model m pswitch(cntl_on=0)", "must differ"),
        ("a1 (a 0) m\n.model m sidiode(ron=-1)", "must be positive"),
        ("a1 %v([b]) m\n.model m filesource", "must be the name of a file"),
        ("a1 a b m\n.model m table2d", "not simulated here"),
    ];
    for (cards, message) in cases {
        let report = attempt(&format!("v1 a 0 1\nr1 b 0 1\nr2 c 0 1\n{cards}\n.op")).unwrap_err();
        assert!(report.contains(message), "{cards}:\n{report}");
    }
}
