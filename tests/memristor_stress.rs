//! Memristors driven hard: they finish, and keep to physics.

mod common;

use std::f64::consts::TAU;

use common::{failure, last, plot, run, vector};
use ferrospice::results::plot::{Data, Plot};

const WINDOWS: [&str; 5] = ["none", "joglekar", "biolek", "prodromakis", "zha"];

const PEM_FILES: &str = "fxpdata=\"device_models/pem_forward.dat\" fxmdata=\"device_models/pem_reverse.dat\"";

/// The piecewise empirical model with the tables that are shipped.
fn piecewise_empirical() -> String {
    format!("memristor(level=4 i1=1u i2=1u v1=0.5 v2=0.5 g0=1m vp=0.3 vn=-0.3 d1=2 d2=-2 c1=1e4 c2=-1e4 {PEM_FILES})")
}

/// Every model with every window, and the state's bounds.
fn models() -> Vec<(String, f64, f64)> {
    let mut models = Vec::new();
    for window in WINDOWS {
        models.push((format!("hp(window={window} p=2)"), 0.0, 1.0));
        for iv in ["linear", "exponential"] {
            let model = format!("vteam(window={window} iv={iv} p=2 k_on=-10 k_off=10 v_on=-0.3 v_off=0.3)");
            models.push((model, 0.0, 3e-9));
        }
    }
    for window in WINDOWS {
        models.push((format!("nonlinear_ion_drift(window={window})"), 0.0, 1.0));
    }
    for window in WINDOWS.into_iter().chain(["kvatinsky"]) {
        for iv in ["linear", "exponential"] {
            let model = format!("team(window={window} iv={iv} i_on=-1m i_off=1m k_on=-1u k_off=1u)");
            models.push((model, 0.0, 3e-9));
        }
    }
    let others: [(&str, f64, f64); 10] = [
        ("log_exponential", 0.0, 1.0),
        ("log_exponential(polarity=-1 goff=0 set_xi=0 reset_xi=-0.5 rs=10)", 0.0, 1.0),
        (
            "log_exponential(set_k0=[1m 1u] set_v0=[90m 60m] set_vg=[0.4 0.5] set_vw=[20m 30m] set_xi=[0.1 -1])",
            0.0,
            1.0,
        ),
        ("yakopcic(ap=4e7 an=4e7)", 0.0, 1.0),
        ("simmons_tunnel_barrier", 0.9e-9, 2.5e-9),
        ("stanford_rram", 0.1e-9, 1.7e-9),
        ("stanford_rram(thermal=static)", 0.1e-9, 1.7e-9),
        ("mean_metastable_switch", 0.0, 1.0),
        ("threshold_selector", 0.0, 1.0),
        ("pershin(rmin=1k rmax=10k beta=1e9 vt=0.5)", 1e3, 10e3),
    ];
    models.extend(others.map(|(model, low, high)| (model.into(), low, high)));
    models.push((piecewise_empirical(), 0.1, 1.0));
    models
}

/// States within bounds, no memristor gives power, no current without voltage.
fn assert_physical(plot: &Plot, name: &str, (low, high): (f64, f64), context: &str) {
    let slack = 1e-9 * (high - low);
    for x in vector(plot, &format!("x({name})")) {
        assert!((low - slack..=high + slack).contains(&x), "{name}: x = {x} in {context}");
    }
    let (v, i) = (vector(plot, &format!("@{name}[v]")), vector(plot, &format!("@{name}[i]")));
    for (v, i) in v.iter().zip(&i) {
        assert!(v * i >= 0.0 && (*v != 0.0 || *i == 0.0), "{name}: v = {v}, i = {i} in {context}");
    }
}

#[test]
fn joglekar_comes_back_with_the_charge() {
    // A current source gives no charge over whole cycles, whatever the bounds did meanwhile.
    for amplitude in ["100u", "1m", "5m"] {
        let deck = format!(
            "i1 0 a sin(0 {amplitude} 1)\nn1 a 0 m x0=0.1\n.model m hp(p=7)\n.tran 1m 20\n.save x(n1) @n1[v] @n1[i]"
        );
        let plot = plot(&deck);
        assert_physical(&plot, "n1", (0.0, 1.0), &deck);
        let end = last(&plot, "x(n1)");
        assert!((end - 0.1).abs() < 0.02, "{amplitude}: {end}");
        let most = vector(&plot, "x(n1)").into_iter().fold(0.0, f64::max);
        assert!(amplitude == "100u" || most > 0.999, "{amplitude}: {most}");
    }
    // A voltage source gives no flux; charge is a function of flux.
    let plot = plot(
        "v1 a 0 sin(0 10 1)\nn1 a 0 m x0=0.1\n.model m hp(p=7)\n.options reltol=1e-5\n.tran 1m 50\n.save x(n1) @n1[v] @n1[i]",
    );
    assert_physical(&plot, "n1", (0.0, 1.0), "a voltage source");
    let end = last(&plot, "x(n1)");
    assert!((end - 0.1).abs() < 5e-3, "{end}");
}

#[test]
fn ten_in_series_and_parallel() {
    let kinds = ["h", "t", "y"];
    for wave in ["sin(0 6 1)", "pulse(-6 6 0 0.5 0.5 1n 1)"] {
        let mut deck = format!("v1 in 0 {wave}\nrs in a 10\n");
        for index in 0..10 {
            let (p, n) = [("a", "b"), ("b", "0"), ("a", "0")][index % 3];
            let (p, n) = if index % 2 == 0 { (p, n) } else { (n, p) };
            deck += &format!("n{index} {p} {n} {}\n", kinds[index / 2 % 3]);
        }
        deck += ".model h hp(window=biolek)\n.model t vteam(k_on=-1n k_off=1n v_on=-0.5 v_off=0.5)\n\
            .model y yakopcic(eta=-1)\n.save all i(v1) v(in) v(a) v(b)";
        for index in 0..10 {
            deck += &format!(" x(n{index}) @n{index}[v] @n{index}[i]");
        }
        let plot = plot(&(deck + "\n.tran 2m 3"));
        for index in 0..10 {
            let high = if index / 2 % 3 == 1 { 3e-9 } else { 1.0 };
            assert_physical(&plot, &format!("n{index}"), (0.0, high), wave);
        }
        // What flows into the middle node flows out of it.
        let currents: Vec<Vec<f64>> = (0..10).map(|index| vector(&plot, &format!("@n{index}[i]"))).collect();
        for point in 0..currents[0].len() {
            let mut sum = 0.0;
            let mut size = 1e-9;
            for (index, current) in currents.iter().enumerate().filter(|(index, _)| index % 3 != 2) {
                let into = if (index % 3 == 0) == (index % 2 == 0) { 1.0 } else { -1.0 };
                sum += into * current[point];
                size += current[point].abs();
            }
            assert!(sum.abs() < 1e-3 * size, "{sum} of {size} at point {point}");
        }
    }
}

#[test]
fn imply_gate_truth_table() {
    for (p, q) in [(false, false), (false, true), (true, false), (true, true)] {
        let state = |on: bool| if on { "0" } else { "3n" };
        let plot = plot(&format!(
            "vp p 0 pulse(0 0.9 10n 1n 1n 10u 1)\nvq q 0 pulse(0 1.5 10n 1n 1n 10u 1)\nnp g p m x0={}\nnq g q m x0={}\n\
             rg g 0 10k\n.model m vteam(ron=1k roff=100k d=3n k_on=-1 k_off=1 alpha_on=3 alpha_off=3 v_on=-1.1 v_off=1.1)\n\
             .tran 1n 12u\n.save @np[r] @nq[r]",
            state(p),
            state(q)
        ));
        let is_on = |name: &str| last(&plot, name) < 60e3;
        assert_eq!(is_on("@np[r]"), p, "p = {p}, q = {q}");
        assert_eq!(is_on("@nq[r]"), !p || q, "p = {p}, q = {q}");
    }
}

#[test]
fn crossbar_writes_its_diagonal() {
    let mut deck = String::from(
        ".model m vteam(ron=1k roff=100k d=3n k_on=-1 k_off=1 alpha_on=3 alpha_off=3 v_on=-1.1 v_off=1.1)\n.save v(r0)",
    );
    for line in 0..4 {
        // All lines rest at half the voltage while another is written.
        let pwl = |level: f64| {
            let mut points = String::from("pwl(0 0");
            for slot in 0..4 {
                let (value, begin) = (if slot == line { level } else { 0.8 }, 1 + 3 * slot);
                points += &format!(" {begin}u 0 {begin}.01u {value} {}u {value} {}.01u 0", begin + 2, begin + 2);
            }
            points + ")"
        };
        deck += &format!("\n.save v(c{line})\nvr{line} r{line} 0 {}\nvc{line} c{line} 0 {}", pwl(1.6), pwl(0.0));
        for column in 0..4 {
            deck += &format!("\nn{line}{column} c{column} r{line} m x0=3n\n.save x(n{line}{column})");
        }
    }
    let plot = plot(&(deck + "\n.tran 10n 14u"));
    for row in 0..4 {
        for column in 0..4 {
            let x = last(&plot, &format!("x(n{row}{column})"));
            let wanted = if row == column { 0.0 } else { 3e-9 };
            assert!((x - wanted).abs() < 1e-11, "cell {row} {column}: {x}");
        }
    }
}

#[test]
fn every_kind_from_its_bounds() {
    for (model, low, high) in models() {
        for start in [low, high, 0.5 * (low + high)] {
            for drive in ["v1 a 0 sin(0 2 1k)", "i1 0 a sin(0 1m 1k)\nr1 a 0 1meg"] {
                let deck = format!(
                    "{drive}\nn1 a 0 m x0={start:e}\nn2 0 a m x0={start:e}\n.model m {model}\n.tran 5u 3m\n\
                     .save x(n1) x(n2) @n1[v] @n1[i] @n2[v] @n2[i]"
                );
                let plot = plot(&deck);
                for name in ["n1", "n2"] {
                    assert_physical(&plot, name, (low, high), &deck);
                }
            }
        }
    }
}

#[test]
fn very_fast_thresholds() {
    for model in [
        "vteam(k_on=-1meg k_off=1meg v_on=-0.5 v_off=0.5)",
        "vteam(k_on=-1meg k_off=1meg v_on=-0.5 v_off=0.5 window=biolek)",
        "vteam(k_on=-1meg k_off=1meg v_on=-0.5 v_off=0.5 window=joglekar)",
        "yakopcic(ap=1e12 an=1e12)",
    ] {
        let high = if model.starts_with('v') { 3e-9 } else { 1.0 };
        let deck = format!(
            "v1 a 0 sin(0 1 1k)\nrs a b 10\nn1 b 0 m\n.model m {model}\n.tran 10u 5m\n.save x(n1) @n1[v] @n1[i]"
        );
        let plot = plot(&deck);
        assert_physical(&plot, "n1", (0.0, high), &deck);
        let x = vector(&plot, "x(n1)");
        let range = x.iter().fold(0.0_f64, |most, x| most.max(*x)) - x.iter().fold(f64::MAX, |least, x| least.min(*x));
        assert!(range > 0.5 * high, "it switches: {range} in {deck}");
    }
}

/// A threshold law to the tenth power, driven hundreds of thresholds beyond it, asks for more than 1e20 ranges per second; on the way
/// back the current rises as the state falls, which runs away. The state is at the bound that the voltage drives it to.
#[test]
fn powers_of_overdrive() {
    let laws = ["iv=linear", "iv=exponential", "iv=exponential window=biolek p=7"];
    let windows = ["", "window=kvatinsky w_c=1e-14", "window=kvatinsky w_c=1e-12", "window=kvatinsky w_c=1e-10"];
    let mut models = vec!["linear_ion_drift(mu=1e{e} window=biolek p=10)".to_string()];
    models.extend(
        laws.map(|law| {
            format!("vteam({law} k_off=1e{{e}} k_on=-1e{{e}} alpha_off=10 alpha_on=10 v_off=0.02 v_on=-0.02)")
        }),
    );
    models.extend(windows.map(|window| {
        format!("team({window} k_off=1e{{e}} k_on=-1e{{e}} alpha_off=10 alpha_on=10 i_off=10u i_on=-10u)")
    }));
    for model in models {
        for exponent in [-4, 2, 8, 14] {
            let model = model.replace("{e}", &exponent.to_string());
            let high = if model.starts_with("linear") { 1.0 } else { 3e-9 };
            for resistance in [1, 50, 10_000] {
                let deck = format!(
                    "v1 a 0 sin(0 1 1meg)\nr1 a b {resistance}\nn1 b 0 m\n.model m {model}\n.tran 1n 2u\n\
                     .save v(a) x(n1) @n1[v] @n1[i]"
                );
                let plot = plot(&deck);
                assert_physical(&plot, "n1", (0.0, high), &deck);
                let (time, x) = (vector(&plot, "time"), vector(&plot, "x(n1)"));
                // Behind 10 kΩ a device of low resistance stays near its threshold.
                for (&time, &x) in time.iter().zip(&x).filter(|_| resistance < 1000) {
                    let phase = (time * 1e6).fract();
                    if phase > 0.2 && phase < 0.3 {
                        assert!(x > 0.99 * high, "x = {x} at {time} in {deck}");
                    } else if phase > 0.7 && phase < 0.8 && !model.starts_with("linear") {
                        assert!(x < 0.01 * high, "x = {x} at {time} in {deck}");
                    }
                }
            }
        }
    }
}

/// Beyond a threshold to the tenth power, a state that falls lets the current rise: within a second's sine it runs to its bound in
/// picoseconds, far below the shortest step.
#[test]
fn a_state_runs_away() {
    for (window, amplitude) in [("none", 1.2), ("none", 3.0), ("biolek p=2", 1.2)] {
        let deck = format!(
            "v1 a 0 sin(0 {amplitude} 1)\nn1 a 0 m\n.model m team(ron=50 roff=1k k_on=-4.68e-13 k_off=1.46e-9 alpha_on=10 \
             alpha_off=10 i_off=115u i_on=-8.9u window={window})\n.tran 1m 2\n.save v(a) x(n1) @n1[v] @n1[i]"
        );
        let plot = plot(&deck);
        assert_physical(&plot, "n1", (0.0, 3e-9), &deck);
        let (time, x) = (vector(&plot, "time"), vector(&plot, "x(n1)"));
        for (&time, &x) in time.iter().zip(&x) {
            if (time.fract() - 0.25).abs() < 0.1 {
                assert!(x > 2.9e-9, "x = {x} at {time} in {deck}");
            } else if (time.fract() - 0.75).abs() < 0.1 {
                assert!(x < 0.1e-9, "x = {x} at {time} in {deck}");
            }
        }
    }
}

/// A tunnel barrier as a subcircuit of sources whose width is a capacitor's voltage: at zero width, where Newton's method would
/// begin, the expressions overflow; from the width that `ic=` gives they all follow.
#[test]
fn a_width_of_zero_is_no_start() {
    let plot = plot(
        "v1 a 0 pwl(0 0.5 1 1)\nc1 w 0 1n ic=1.2\nr1 w 0 1e19\ne1 gap 0 value={v(w)-0.2}\n\
         e2 b 0 value={exp(0.1/v(gap)**2)}\ng1 a 0 value={v(b)*v(a)/v(gap)**2*1m}\n.tran 10m 1 uic",
    );
    for (v, i) in vector(&plot, "v(a)").iter().zip(vector(&plot, "i(v1)")) {
        let wanted = 1e-3 * 0.1f64.exp() * v;
        assert!((i + wanted).abs() < 1e-6 * wanted, "{i:e} A at {v} V");
    }
    assert!((last(&plot, "v(gap)") - 1.0).abs() < 1e-6);
}

#[test]
fn ten_thousand_cycles() {
    let plot = plot(
        "v1 a 0 sin(0 1 10)\nn1 a 0 m x0=0.3\n.model m hp\n.options reltol=1e-5\n.tran 5m 1000\n.save x(n1) @n1[v] @n1[i]",
    );
    assert_physical(&plot, "n1", (0.0, 1.0), "10000 cycles");
    let end = last(&plot, "x(n1)");
    assert!((end - 0.3).abs() < 0.01, "{end}");
}

#[test]
fn static_analyses_hold_the_state() {
    let plot_of_op = plot("v1 a 0 1\nn1 a 0 m x0=0.25\n.model m hp\n.op");
    let wanted = 1.0 / (100.0 * 0.25 + 16e3 * 0.75);
    assert!((last(&plot_of_op, "i(v1)") + wanted).abs() < 1e-9 * wanted);
    let sweep = plot("v1 a 0 0\nn1 a 0 m x0=0.25\n.model m hp\n.dc v1 -2 2 0.1\n.save x(n1) i(v1) v(a)");
    for ((x, i), v) in vector(&sweep, "x(n1)").iter().zip(vector(&sweep, "i(v1)")).zip(vector(&sweep, "v(a)")) {
        assert!((x - 0.25).abs() < 1e-12 && (i + v * wanted).abs() < 1e-9 * wanted);
    }
    let steps = run("v1 a 0 1\nn1 a 0 m\n.model m hp\n.step n1(x0) list 0 0.5 1\n.op").runs;
    let currents: Vec<f64> = steps.iter().map(|step| last(&step.plots[0], "i(v1)")).collect();
    for (current, resistance) in currents.iter().zip([16e3, 8050.0, 100.0]) {
        assert!((current * resistance + 1.0).abs() < 1e-9, "{currents:?}");
    }
}

/// With i = v/M(x) and dx/dt = k·i: Z = M + I·(dM/dx)·k/(jω) around the bias I.
#[test]
fn small_signals_include_the_state() {
    let plot = plot("v1 a 0 1 ac 1\nn1 a 0 m x0=0.5\n.model m hp(window=none)\n.ac dec 5 10m 1k\n.save i(v1)");
    let Data::Complex(columns) = &plot.data else { panic!("not complex") };
    let (resistance, slope, rate) = (8050.0, 100.0 - 16e3, 1e-14 * 100.0 / 1e-16);
    for (frequency, current) in columns[0].iter().zip(&columns[1]) {
        let reactance = -(slope * rate / resistance) / (TAU * frequency.re);
        let size = resistance * resistance + reactance * reactance;
        // −1/Z
        let (re, im) = (-resistance / size, reactance / size);
        assert!((current.re - re).hypot(current.im - im) < 1e-6 * re.hypot(im), "{frequency}: {current} {re} {im}");
    }
}

#[test]
fn restart_from_a_state() {
    for (model, start) in [("hp(window=biolek)", 0.3), ("hp(p=3)", 0.3), ("yakopcic", 0.3)] {
        let deck = |start: f64, stop: &str, delay: &str| {
            format!(
                "v1 a 0 sin(0 1 1 0 0 {delay})\nn1 a 0 m x0={start:e}\n.model m {model}\n.tran 0.2m {stop}\n.save x(n1)"
            )
        };
        let whole = last(&plot(&deck(start, "1.25", "0")), "x(n1)");
        let half = last(&plot(&deck(start, "0.75", "0")), "x(n1)");
        let again = last(&plot(&deck(half, "0.5", "270")), "x(n1)");
        assert!((whole - again).abs() < 2e-3, "{model}: {whole} {again}");
    }
}

/// A memristor that is switched off entirely has no conductance at all.
#[test]
fn current_into_a_closed_yakopcic_has_no_solution() {
    let report = failure("i1 0 a 1m\nn1 a 0 m x0=0\n.model m yakopcic\n.op");
    assert!(report.contains("n1 a 0 m x0=0"), "{report}");
}

/// Driven into one bound and then the other for long, the state leaves each at once.
#[test]
fn bounds_hold_nothing_back() {
    let models = [
        ("nonlinear_ion_drift(window=biolek)".into(), 1.6, 0.0, 1.0),
        ("nonlinear_ion_drift(window=none)".into(), 1.6, 0.0, 1.0),
        ("team(i_on=-1m i_off=1m k_on=-0.1m k_off=0.1m)".into(), 2.0, 0.0, 3e-9),
        ("team(i_on=-1m i_off=1m k_on=-0.1m k_off=0.1m window=kvatinsky iv=exponential)".into(), 2.0, 0.0, 3e-9),
        ("stanford_rram".into(), 2.0, 0.1e-9, 1.7e-9),
        ("stanford_rram(thermal=static)".into(), 2.0, 0.1e-9, 1.7e-9),
        ("mean_metastable_switch".into(), 1.0, 0.0, 1.0),
        ("pershin(rmin=1k rmax=10k beta=1e9 vt=0.5)".into(), 2.0, 1e3, 10e3),
        (piecewise_empirical(), 2.0, 0.1, 1.0),
    ];
    for (model, amplitude, low, high) in models {
        let deck = format!(
            "v1 a 0 pulse({amplitude} -{amplitude} 20m 1u 1u 20m 40m)\nn1 a 0 m\n.model m {model}\n.tran 10u 80m\n\
             .save x(n1) @n1[v] @n1[i]"
        );
        let plot = plot(&deck);
        assert_physical(&plot, "n1", (low, high), &deck);
        let (time, x) = (vector(&plot, "time"), vector(&plot, "x(n1)"));
        let at = |moment: f64| (x[time.partition_point(|&t| t < moment)] - low) / (high - low);
        let ends: Vec<f64> = [19.9e-3, 39.9e-3, 59.9e-3, 79.9e-3].map(at).into();
        let first = ends[0].round();
        for (index, end) in ends.iter().enumerate() {
            let wanted = if index % 2 == 0 { first } else { 1.0 - first };
            assert!((end - wanted).abs() < 0.1, "{ends:?} in {deck}");
        }
    }
}

/// A Simmons barrier is driven by currents, at which its edges stop it.
#[test]
fn a_tunnel_barrier_switches_both_ways() {
    let deck = "i1 0 a pulse(0.45m -0.6m 1 1m 1m 1 2)\nn1 a 0 m\n.model m simmons_tunnel_barrier\n.tran 1m 4\n\
        .save x(n1) @n1[v] @n1[i]";
    let plot = plot(deck);
    assert_physical(&plot, "n1", (0.9e-9, 2.5e-9), deck);
    let (time, x) = (vector(&plot, "time"), vector(&plot, "x(n1)"));
    let at = |moment: f64| x[time.partition_point(|&t| t < moment)];
    assert!(at(0.99) > at(1.99) + 0.03e-9 && at(2.99) > at(1.99) + 0.03e-9, "{} {} {}", at(0.99), at(1.99), at(2.99));
    assert!((at(0.99) - at(2.99)).abs() < 0.01e-9 && (at(1.99) - at(3.99)).abs() < 0.01e-9);
}

/// Area of the loop in the positive half of the first period.
fn lobe(model: &str, amplitude: f64, frequency: f64) -> f64 {
    let (step, stop) = (1e-3 / frequency, 0.5 / frequency);
    let deck = format!(
        "v1 a 0 sin(0 {amplitude} {frequency})\nn1 a 0 m\n.model m {model}\n.options reltol=1e-5\n\
         .tran {step:e} {stop:e}\n.save x(n1) @n1[v] @n1[i]"
    );
    let plot = plot(&deck);
    let (v, i) = (vector(&plot, "@n1[v]"), vector(&plot, "@n1[i]"));
    let area: f64 = (1..v.len()).map(|k| 0.5 * (i[k] + i[k - 1]) * (v[k] - v[k - 1])).sum();
    let peak = i.iter().fold(0.0_f64, |most, i| most.max(i.abs()));
    let at_zero = i.last().unwrap().abs();
    assert!(at_zero < 1e-6 * peak, "{at_zero} of {peak} without voltage: {deck}");
    area.abs() / (peak * amplitude)
}

#[test]
fn loops_shrink_with_frequency() {
    let mut wrong = Vec::new();
    for (model, amplitude, frequency) in [
        ("nonlinear_ion_drift(c=0 x0=0.5)".to_string(), 1.1, 30.0),
        ("team(i_on=-0.1m i_off=0.1m k_on=-1p k_off=1p)".into(), 0.5, 1.0),
        ("simmons_tunnel_barrier".into(), 0.75, 0.2),
        ("stanford_rram(gap_ini=0.9n)".into(), 1.45, 5e6),
        ("stanford_rram(gap_ini=0.9n thermal=static)".into(), 1.45, 5e6),
        ("mean_metastable_switch".into(), 0.5, 5e3),
        ("pershin(rmin=1k rmax=10k beta=1e6 vt=0.5)".into(), 1.0, 50.0),
        (piecewise_empirical(), 1.0, 30e3),
    ] {
        let areas = [1.0, 16.0, 256.0].map(|factor| lobe(&model, amplitude, factor * frequency));
        if !(areas[0] > 1e-4 && areas[1] < 0.7 * areas[0] && areas[2] < 0.2 * areas[1]) {
            wrong.push(format!("{model}: {areas:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
