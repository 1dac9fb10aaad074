//! `.noise`, `.tf`, `.pz` and `.sens` against closed forms and against each other.

mod common;

use common::{failure, run, vector};
use faer::c64;
use ferrospice::results::plot::{Data, Plot};

const BOLTZMANN: f64 = 1.380649e-23;
const CHARGE: f64 = 1.602176634e-19;
/// 27 °C
const TEMPERATURE: f64 = 300.15;

fn near(found: f64, expected: f64, relative: f64, what: &str) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{what}: {found:e} instead of {expected:e}");
}

/// The plots of the only run.
fn plots(text: &str) -> Vec<Plot> {
    run(text).runs.remove(0).plots
}

fn value(plot: &Plot, name: &str) -> f64 {
    vector(plot, name)[0]
}

fn complex(plot: &Plot, name: &str) -> Vec<c64> {
    let index = plot.column(name).unwrap_or_else(|| panic!("no vector {name}"));
    match &plot.data {
        Data::Complex(columns) => columns[index].clone(),
        Data::Real(_) => panic!("{name} is real"),
    }
}

#[test]
fn noise_of_a_network_of_resistors_is_that_of_its_resistance() {
    let plots = plots("v1 in 0 ac 1\nr1 in out 1k\nr2 out 0 3k\n.noise v(out) v1 dec 2 1 1k 1");
    let (spectra, totals) = (&plots[0], &plots[1]);
    let density = 4.0 * BOLTZMANN * TEMPERATURE * 750.0;
    for value in vector(spectra, "onoise_spectrum") {
        near(value, density.sqrt(), 1e-7, "at the output");
    }
    for value in vector(spectra, "inoise_spectrum") {
        near(value, density.sqrt() / 0.75, 1e-7, "at the input");
    }
    // The larger resistor drives the smaller one: shares of 3/4 and 1/4.
    near(vector(spectra, "onoise_r1")[0], (0.75 * density).sqrt(), 1e-7, "r1");
    near(vector(spectra, "onoise_r2")[0], (0.25 * density).sqrt(), 1e-7, "r2");
    near(value(totals, "onoise_total"), (density * 999.0).sqrt(), 1e-7, "total");
    near(value(totals, "inoise_total_r1"), (0.75 * density * 999.0).sqrt() / 0.75, 1e-7, "total of r1 at the input");
}

#[test]
fn noise_of_a_hot_resistor_and_of_a_silent_one() {
    let plots = plots("i1 0 a ac 1\nr1 a 0 1k temp=127\nr2 a 0 1k noisy=0\n.noise v(a) i1 lin 1 1k 1k 1");
    let current = 4.0 * BOLTZMANN * (TEMPERATURE + 100.0) / 1e3;
    near(vector(&plots[0], "inoise_spectrum")[0], current.sqrt(), 1e-7, "current noise");
}

#[test]
fn resistances_that_are_not_there_have_a_noise_of_nothing() {
    let plots = plots(
        "v1 in 0 0.7 ac 1\nq1 out in 0 m\nr1 vdd out 1k\nvdd vdd 0 5\n.model m npn rc=1\n.noise v(out) v1 lin 1 1k 1k 1",
    );
    for part in ["rb", "re"] {
        assert_eq!(value(&plots[0], &format!("onoise_q1_{part}")), 0.0, "{part}");
    }
    assert!(value(&plots[0], "onoise_q1_rc") > 0.0);
}

#[test]
fn a_source_without_influence_is_named_and_the_noise_is_found_all_the_same() {
    let run = run("v1 in 0 ac 1\nr0 in 0 1k\nv2 a 0 1\nr1 a out 1k\nr2 out 0 1k\n.noise v(out) v1 lin 1 1k 1k")
        .runs
        .remove(0);
    let density = (4.0 * BOLTZMANN * TEMPERATURE * 500.0).sqrt();
    near(value(&run.plots[0], "onoise_spectrum"), density, 1e-7, "at the output");
    near(value(&run.plots[0], "inoise_spectrum"), density * 1e10, 1e-7, "over the least gain");
    assert!(run.warnings.iter().any(|warning| warning.message.contains("`v1` has no influence")));
}

#[test]
fn noise_on_a_capacitor_is_kt_over_c() {
    let plots = plots("v1 in 0 ac 1\nr1 in out 10k\nc1 out 0 1n\n.noise v(out) v1 dec 200 1 1g");
    let corner = 1.0 / (2.0 * std::f64::consts::PI * 1e-5);
    let part = ((1e9 / corner).atan() - (1.0 / corner).atan()) * 2.0 / std::f64::consts::PI;
    let expected = (BOLTZMANN * TEMPERATURE / 1e-9 * part).sqrt();
    near(value(&plots[1], "onoise_total"), expected, 1e-5, "kT/C");
    assert_eq!(plots[1].header.columns.len(), 2, "contributions were not asked for");
}

/// At a load of 1 Ω the gain is gm, so that output and input noise make 4kT·⅔ together; the rest is flicker noise of the current.
#[test]
fn thermal_and_flicker_noise_of_bsim1_and_bsim2() {
    for (model, af) in [
        ("level=4 tox=0.02 vfb=-0.8 phi=0.7 k1=0.6 muz=500 mus=550 vdd=5 n0=1.2", 1.2),
        ("level=5 tox=0.02 vfb=-0.8 phi=0.7 k1=0.6", 1.1),
    ] {
        let card = |kf: f64| {
            format!(
                "v1 d 0 3\nr1 d a 1 noisy=0\nv2 g 0 1.6 ac 1\nm1 a g 0 0 mm l=2u w=4u m=2\n.model mm nmos({model} kf={kf} af={af})\n"
            )
        };
        let spectrum = |kf: f64| {
            let plot = plots(&format!("{}.noise v(a) v2 lin 1 10 10", card(kf))).remove(0);
            [value(&plot, "onoise_spectrum"), value(&plot, "inoise_spectrum")]
        };
        let [out, referred] = spectrum(0.0);
        near(out * referred, 4.0 * BOLTZMANN * TEMPERATURE * 2.0 / 3.0, 1e-3, model);
        let current = -value(&plots(&format!("{}.op", card(0.0)))[0], "i(v1)") / 2.0;
        // Of two transistors, cox in F/cm².
        let cox: f64 = 3.453e-13 / 0.02e-4;
        let flicker = 2.0 * 1e-24 * current.powf(af) / (10.0 * 2e-6 * 4e-6 * cox * cox);
        let [with, _] = spectrum(1e-24);
        near(with * with - out * out, flicker, 1e-3, model);
    }
}

#[test]
fn shot_and_flicker_noise_of_a_diode() {
    let deck = |kf: f64, af: f64| {
        format!("i1 0 a dc 1m ac 1\nd1 a 0 di\n.model di d(is=1e-15 kf={kf} af={af})\n.noise v(a) i1 dec 1 1 10k 1")
    };
    let shot = 2.0 * CHARGE * 1e-3;
    near(vector(&plots(&deck(0.0, 1.0))[0], "inoise_spectrum")[2], shot.sqrt(), 1e-5, "shot");
    let spectra = &plots(&deck(1e-14, 1.2))[0];
    for (frequency, value) in vector(spectra, "frequency").iter().zip(vector(spectra, "inoise_spectrum")) {
        let flicker = 1e-14 * 1e-3f64.powf(1.2) / frequency;
        near(value, (shot + flicker).sqrt(), 1e-5, "shot and flicker");
    }
    // The differential resistance of the junction turns it into a voltage.
    let resistance = BOLTZMANN * TEMPERATURE / CHARGE / 1e-3;
    near(vector(spectra, "onoise_d1_id")[0], shot.sqrt() * resistance, 1e-4, "at the output");
}

#[test]
fn measures_of_spectra() {
    let run = run("v1 in 0 ac 1\nr1 in out 1k\nc1 out 0 1n\n.noise v(out) v1 dec 100 10 10meg\n\
        .measure noise flat find onoise_spectrum at=100\n.measure noise corner when onoise_spectrum='flat/sqrt(2)'\n\
        .measure noise power param='sqrt(integral(onoise_spectrum*onoise_spectrum))'\n\
        .measure noise alias find onoise at=100\n.measure noise input find inoise at=100");
    let value = |index: usize| run.runs[0].measures[index].value().unwrap();
    near(value(0), (4.0 * BOLTZMANN * TEMPERATURE * 1e3).sqrt(), 1e-6, "flat");
    near(value(1), 1.0 / (2.0 * std::f64::consts::PI * 1e-6), 1e-3, "corner");
    near(value(2), (BOLTZMANN * TEMPERATURE / 1e-9).sqrt(), 1e-2, "kT/C");
    assert_eq!(value(3), value(0));
    near(value(4), value(0), 1e-6, "at the input");
}

#[test]
fn contributions_add_up() {
    let plots = plots(
        ".model bip npn(is=1e-15 bf=100 rb=100 re=2 rc=5 kf=1e-15)\nvcc vcc 0 10\nv1 in 0 ac 1\nr1 in b1 1k\nc1 b1 b 1u\n\
         rb vcc b 500k\nrc vcc c 2k\nq1 c b 0 bip\n.noise v(c) v1 dec 5 10 10meg 1",
    );
    for (plot, prefix, sum) in [(&plots[0], "onoise_", "onoise_spectrum"), (&plots[1], "onoise_total_", "onoise_total")]
    {
        let devices = ["q1", "r1", "rb", "rc"].map(|name| vector(plot, &format!("{prefix}{name}")));
        let parts = ["rb", "rc", "re", "ic", "ib", "1overf"].map(|name| vector(plot, &format!("{prefix}q1_{name}")));
        for (index, total) in vector(plot, sum).iter().enumerate() {
            let together =
                |vectors: &[Vec<f64>]| vectors.iter().map(|vector| vector[index].powi(2)).sum::<f64>().sqrt();
            near(together(&devices), *total, 1e-12, plot.header.name.as_str());
            near(together(&parts), devices[0][index], 1e-12, "parts of q1");
        }
    }
}

#[test]
fn transfer_functions_of_all_kinds_of_ports() {
    let network = "v1 in 0 1\nr1 in out 1k\nr2 out x 2k\nv2 x 0 0\n";
    let by_voltage = &plots(&format!("{network}.tf v(out) v1"))[0];
    near(value(by_voltage, "transfer_function"), 2.0 / 3.0, 1e-12, "gain");
    near(value(by_voltage, "v1#input_impedance"), 3e3, 1e-12, "input");
    near(value(by_voltage, "output_impedance_at_v(out)"), 2e3 / 3.0, 1e-12, "output");
    let to_current = &plots(&format!("{network}.tf i(v2) v1"))[0];
    near(value(to_current, "transfer_function"), 1.0 / 3e3, 1e-12, "transconductance");
    let current = "i1 0 a 1\nr1 a 0 1k\nr2 a b 1k\nr3 b 0 2k\n";
    let by_current = &plots(&format!("{current}.tf v(a,b) i1"))[0];
    near(value(by_current, "transfer_function"), 250.0, 1e-12, "transresistance");
    near(value(by_current, "i1#input_impedance"), 750.0, 1e-12, "input");
    near(value(by_current, "output_impedance_at_v(a,b)"), 750.0, 1e-12, "output");
}

#[test]
fn a_transfer_function_holds_the_states_of_memristors() {
    // x = 1.5 nm of 3 nm, between 1 kΩ and 9 kΩ: 5 kΩ, whatever the state would do.
    let plot = &plots(
        ".model m vteam(ron=1k roff=9k x0=1.5n voff=10 von=-10)\nv1 in 0 1\nr1 in out 5k\nn1 out 0 m\n.tf v(out) v1",
    )[0];
    near(value(plot, "transfer_function"), 0.5, 1e-9, "gain");
}

/// The roots called `what` of a `.pz` plot, by real part.
fn roots(plot: &Plot, what: &str) -> Vec<c64> {
    let names = plot.header.columns.iter().filter(|column| column.name.starts_with(what));
    let mut roots: Vec<c64> = names.map(|column| complex(plot, &column.name)[0]).collect();
    roots.sort_by(|a, b| a.re.total_cmp(&b.re).then(a.im.total_cmp(&b.im)));
    roots
}

fn assert_roots(found: &[c64], expected: &[c64]) {
    assert_eq!(found.len(), expected.len(), "{found:?} instead of {expected:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((*found - *expected).norm() < 1e-9 * expected.norm(), "{found} instead of {expected}");
    }
}

#[test]
fn poles_and_zeros_of_known_networks() {
    let real = |value: f64| c64::new(value, 0.0);
    // A low-pass filter of second order: s² + s·R/L + 1/LC.
    let plot = &plots("v1 in 0 ac 1\nr1 in a 100\nl1 a out 1m\nc1 out 0 10n\n.pz in 0 out 0 vol pz")[0];
    let (half, square): (f64, f64) = (100.0 / 2e-3, 1.0 / (1e-3 * 10e-9));
    let frequency = (square - half * half).sqrt();
    assert_roots(&roots(plot, "pole"), &[c64::new(-half, -frequency), c64::new(-half, frequency)]);
    assert!(roots(plot, "zero").is_empty());
    // A lead network: a zero at −1/(R1·C), a pole at −(R1 + R2)/(R1·R2·C).
    let plot = &plots("v1 in 0 ac 1\nr1 in out 10k\nc1 in out 1n\nr2 out 0 1k\n.pz in 0 out 0 vol pz")[0];
    assert_roots(&roots(plot, "pole"), &[real(-1.1e6)]);
    assert_roots(&roots(plot, "zero"), &[real(-1e5)]);
    // The twin T blocks 1/(R·C) entirely.
    let twin = "v1 1 0 ac 1\nr1 1 2 1k\nr2 2 3 1k\nc3 2 0 2u\nc1 1 4 1u\nc2 4 3 1u\nr3 4 0 500\n.pz 1 0 3 0 vol pz";
    let zeros = roots(&plots(twin)[0], "zero");
    let notch: Vec<c64> = zeros.into_iter().filter(|zero| zero.im != 0.0).collect();
    assert_eq!(notch.len(), 2);
    for zero in notch {
        assert!(zero.re.abs() < 1e-4 && (zero.im.abs() - 1e3).abs() < 1e-4, "{zero}");
    }
    // Fed by a current, the first resistor is no path for the pole.
    let plot = &plots("i1 0 in ac 1\nr1 in 0 1k\nr2 in out 1k\nc1 out 0 1u\n.pz in 0 out 0 cur pol")[0];
    assert_roots(&roots(plot, "pole"), &[real(-500.0)]);
}

#[test]
fn poles_of_a_ladder_are_those_of_its_matrix() {
    // n equal sections open at the end: s = −2/RC·(1 − cos((2k − 1)·π/(2n + 1))).
    let count = 6;
    let mut deck = String::from("v1 n0 0 ac 1\n");
    for index in 1..=count {
        deck.push_str(&format!("r{index} n{} n{index} 1k\nc{index} n{index} 0 1n\n", index - 1));
    }
    let plot = &plots(&format!("{deck}.pz n0 0 n{count} 0 vol pz"))[0];
    let angle = |k: usize| (2 * k - 1) as f64 * std::f64::consts::PI / (2 * count + 1) as f64;
    let mut expected: Vec<c64> = (1..=count).map(|k| c64::new(-2e6 * (1.0 - angle(k).cos()), 0.0)).collect();
    expected.reverse();
    assert_roots(&roots(plot, "pole"), &expected);
}

#[test]
fn poles_of_stages_that_drive_each_other_keep_apart() {
    // −R/L of each stage, however large the gain between them, and three that are equal.
    let stages = [2e9, 7e8, 3e7, 5e5, 5e5, 5e5];
    let mut deck = String::from("iin 1 0 ac 1\n");
    for (index, rate) in stages.iter().enumerate() {
        let node = index + 1;
        if index > 0 {
            deck.push_str(&format!("g{node} {node} 0 {index} 0 1\n"));
        }
        deck.push_str(&format!("r{node} {node} 0 {rate:e}\nl{node} {node} 0 1\n"));
    }
    let plot = &plots(&format!("{deck}.pz 1 0 6 0 cur pol"))[0];
    let expected: Vec<c64> = stages.iter().map(|rate| c64::new(-rate, 0.0)).collect();
    assert_roots(&roots(plot, "pole"), &expected);
}

/// Elements and models of a circuit in which every kind of device has a say, without its analyses.
const MIXED: &str = "\
.param isat=1e-14 rload=3.3k gain=120 vthreshold=0.7 cload=20p vdrive=1.4
.model bip npn(is=2e-15 bf={gain} vaf=80 rb=150 re=1 rc=8 cje=2p cjc=1p tf=0.3n)
.model mos nmos(level=1 vto={vthreshold} kp=110u gamma=0.4 lambda=0.04 phi=0.65 tox=20n)
.model di d(is={isat} n=1.2 rs=12 cjo=2p)
vcc vcc 0 12
vin in 0 dc {vdrive} ac 1
rs in g 1k
m1 d g s 0 mos w=20u l=2u
rs2 s 0 200
rd vcc d 2k
d1 d b di
r2 b 0 22k
rc vcc c {rload}
re e 0 4.7k
q1 c b e bip
cl c 0 {cload}
.options reltol=1e-10 abstol=1e-16 vntol=1e-12
";

/// The value of `name` in the last plot of MIXED with `parameter` multiplied by `factor`.
fn with(parameter: &str, factor: f64, analysis: &str, name: &str) -> c64 {
    let start = MIXED.find(&format!("{parameter}=")).unwrap() + parameter.len() + 1;
    let end = start + MIXED[start..].find([' ', '\n']).unwrap();
    let changed = format!("{}{{{}*{factor:?}}}{}\n{analysis}", &MIXED[..start], &MIXED[start..end], &MIXED[end..]);
    let plot = plots(&changed).pop().unwrap();
    if plot.header.complex { complex(&plot, name)[0] } else { c64::new(value(&plot, name), 0.0) }
}

#[test]
fn sensitivities_are_what_changing_the_number_does() {
    let numbers = [
        ("rload", "rc", 3.3e3, 1e-4),
        ("gain", "q1:bf", 120.0, 1e-3),
        ("vthreshold", "m1:vto", 0.7, 1e-4),
        ("vdrive", "vin", 1.4, 1e-4),
        ("cload", "cl", 20e-12, 1e-3),
        ("isat", "d1:is", 1e-14, 1e-3),
    ];
    let direct = &plots(&format!("{MIXED}.sens v(c)"))[0];
    let waves = &plots(&format!("{MIXED}.sens v(c) ac lin 1 5meg 5meg"))[0];
    for (parameter, vector, number, step) in numbers {
        let change = |analysis: &str| {
            let [above, below] = [1.0 + step, 1.0 - step].map(|factor| with(parameter, factor, analysis, "v(c)"));
            (above - below) / (2.0 * step * number)
        };
        if vector != "cl" {
            near(value(direct, vector), change(".op").re, 1e-5, vector);
        }
        // The shift of the operating point is part of it.
        let (found, expected) = (complex(waves, vector)[0], change(".ac lin 1 5meg 5meg"));
        assert!((found - expected).norm() < 1e-5 * expected.norm(), "{vector}: {found} instead of {expected}");
    }
}

#[test]
fn sensitivity_to_a_temperature_and_to_an_initial_state() {
    let diode = |temp: f64| format!("v1 a 0 1\nr1 a b 1k\nd1 b 0 di temp={temp}\n.model di d(is=1e-14)\n");
    let found = value(&plots(&format!("{}.sens v(b)", diode(50.0)))[0], "d1_temp");
    let at = |temp: f64| value(&plots(&format!("{}.op", diode(temp)))[0], "v(b)");
    near(found, (at(50.01) - at(49.99)) / 0.02, 1e-4, "temperature");
    let memristor = |x0: f64| {
        format!(".model m vteam(ron=1k roff=9k voff=10 von=-10)\nv1 in 0 1\nr1 in out 5k\nn1 out 0 m x0={x0}\n")
    };
    let found = value(&plots(&format!("{}.sens v(out)", memristor(1.5e-9)))[0], "n1_x0");
    let at = |x0: f64| value(&plots(&format!("{}.op", memristor(x0)))[0], "v(out)");
    near(found, (at(1.501e-9) - at(1.499e-9)) / 2e-12, 1e-5, "initial state");
}

#[test]
fn sensitivities_of_coupled_inductors() {
    let deck = |l1: f64, k: f64, analysis: &str| {
        format!("v1 a 0 ac 1\nr1 a b 50\nl1 b 0 {l1:e}\nl2 c 0 2m\nk1 l1 l2 {k}\nr2 c 0 200\n{analysis}")
    };
    let found = &plots(&deck(1e-3, 0.6, ".sens v(c) ac lin 1 10k 10k"))[0];
    let at = |l1: f64, k: f64| complex(&plots(&deck(l1, k, ".ac lin 1 10k 10k"))[0], "v(c)")[0];
    let expected = [
        ("l1", (at(1.0001e-3, 0.6) - at(0.9999e-3, 0.6)) / 2e-7),
        ("k1", (at(1e-3, 0.60006) - at(1e-3, 0.59994)) / 1.2e-4),
    ];
    for (name, expected) in expected {
        let found = complex(found, name)[0];
        assert!((found - expected).norm() < 1e-5 * expected.norm(), "{name}: {found} instead of {expected}");
    }
}

#[test]
fn a_number_at_its_bound_is_varied_to_one_side() {
    // An ideal transformer cannot be coupled more closely.
    let deck = |k: f64, analysis: &str| {
        format!("v1 a 0 ac 1\nr1 a b 50\nl1 b 0 1m\nl2 c 0 2m\nk1 l1 l2 {k:?}\nr2 c 0 200\n{analysis}")
    };
    let found = complex(&plots(&deck(1.0, ".sens v(c) ac lin 1 10k 10k"))[0], "k1")[0];
    let at = |k: f64| complex(&plots(&deck(k, ".ac lin 1 10k 10k"))[0], "v(c)")[0];
    // Of second order.
    let expected = (at(1.0) * 3.0 - at(1.0 - 1e-4) * 4.0 + at(1.0 - 2e-4)) / 2e-4;
    assert!((found - expected).norm() < 1e-4 * expected.norm(), "{found} instead of {expected}");
}

#[test]
fn sensitivities_of_delays_and_of_sources() {
    // e^(−jω·td) on a matched line.
    let deck = "v1 in 0 ac 2 30\nr1 in a 50\nt1 a 0 b 0 z0=50 td=1n\nr2 b 0 50\n.sens v(b) ac lin 1 100meg 100meg";
    let plot = &plots(deck)[0];
    let omega = 2.0 * std::f64::consts::PI * 1e8;
    let phase = 30f64.to_radians() - omega * 1e-9;
    let output = c64::new(phase.cos(), phase.sin());
    let expected = [
        ("t1_td", output * c64::new(0.0, -omega)),
        ("v1_acmag", output * 0.5),
        ("v1_acphase", output * c64::new(0.0, 1f64.to_radians())),
    ];
    for (name, expected) in expected {
        let found = complex(plot, name)[0];
        assert!((found - expected).norm() < 1e-6 * expected.norm(), "{name}: {found} instead of {expected}");
    }
}

#[test]
fn wrong_cards_are_pointed_at() {
    let base = "v1 a 0 1\nr1 a b 1k\nr2 b 0 1k\nc1 b 0 1n\n";
    let cards = [
        ".noise",
        ".noise v(b)",
        ".noise v(b) r1 dec 1 1 10",
        ".noise v(b) v1 dec 1 10 1",
        ".noise v(x) v1 dec 1 1 10",
        ".tf v(b)",
        ".tf b v1",
        ".tf v(b) r1",
        ".pz a 0 b 0",
        ".pz a 0 b 0 vol all",
        ".pz a 0 b",
        ".sens",
        ".sens b",
        ".sens v(b) ac",
        ".sens v(b) ac dec 10 1 10 more",
        ".sens objfunc={2*v(b} param=r1:r",
    ];
    let text: Vec<String> = cards.iter().map(|card| failure(&format!("{base}{card}"))).collect();
    insta::assert_snapshot!("wrong_small_signal_cards", text.join("\n"));
}

/// Many alike lumps of a distributed RC line: an open end sees 1/cosh √(jω·R·C), and at low frequencies the noise of all of R.
#[test]
fn distributed_line_approaches_its_closed_form() {
    let cards = "v1 in 0 ac 1\nu1 in out 0 line l=2 n=300\n.model line urc(k=1 rperl=1k cperl=1n)";
    let plots = plots(&format!("{cards}\n.ac lin 4 30k 300k\n.noise v(out) v1 lin 1 1 1 1"));
    let product = 2e3 * 2e-9;
    for (frequency, found) in vector(&plots[0], "frequency").into_iter().zip(complex(&plots[0], "v(out)")) {
        let root = c64::new(0.0, std::f64::consts::TAU * frequency * product).sqrt();
        let expected = 2.0 / (root.exp() + (-root).exp());
        assert!((found - expected).norm() < 1e-5, "{found} instead of {expected}");
    }
    let density = (4.0 * BOLTZMANN * TEMPERATURE * 2e3).sqrt();
    near(vector(&plots[1], "onoise_spectrum")[0], density, 1e-6, "noise of the line");
    near(vector(&plots[1], "onoise_u1")[0], density, 1e-6, "its own");
}

/// In DC a line is its resistance: transfer, resistances, and what an ohm more does; .ac at 0 Hz is the same.
#[test]
fn lines_are_their_resistance_in_dc() {
    for (line, resistance) in [
        ("t1 a 0 d 0 z0=50 td=1n", 0.0),
        ("o1 a 0 d 0 m\n.model m ltra(l=250n c=100p len=1)", 0.0),
        ("o1 a 0 d 0 m\n.model m ltra(r=10 l=250n c=100p len=2)", 20.0),
        ("o1 a 0 d 0 m\n.model m ltra(r=10 c=100p len=2)", 20.0),
        ("y1 a 0 d 0 m\n.model m txl(r=10 l=250n c=100p length=2)", 20.0),
        (
            "p1 a e 0 d f 0 m\nr3 e 0 1\nr4 f 0 1\n.model m cpl(r=10 0 20 l=250n 10n 200n c=100p -20p 90p length=2)",
            20.0,
        ),
    ] {
        let cards = format!("v1 in 0 dc 1 ac 1\nr1 in a 50\n{line}\nr2 d 0 75\n.tf v(d) v1\n.sens v(d)\n.ac lin 1 0 0");
        let plots = plots(&cards);
        let total = 125.0 + resistance;
        near(value(&plots[0], "transfer_function"), 75.0 / total, 1e-9, line);
        near(value(&plots[0], "v1#input_impedance"), total, 1e-9, line);
        near(value(&plots[0], "output_impedance_at_v(d)"), 75.0 * (total - 75.0) / total, 1e-9, line);
        near(value(&plots[1], "v1"), 75.0 / total, 1e-6, line);
        near(value(&plots[1], "r1"), -75.0 / (total * total), 1e-6, line);
        if resistance > 0.0 && line.starts_with('o') {
            near(value(&plots[1], "o1:r"), -2.0 * 75.0 / (total * total), 1e-6, line);
        }
        near(complex(&plots[2], "v(d)")[0].re, 75.0 / total, 1e-9, line);
    }
}

#[test]
fn a_port_has_its_resistance_in_series() {
    // As ngspice 39 has it: 0.4680851 V and 0.3404255 V.
    let plot = plots("v1 in 0 dc 1 ac 1 portnum 1 z0=50\nv2 out 0 dc 0.5 portnum 2 z0=75 distof1 1 0 distof2 0.1\nr1 in 0 50\nr2 in out 100\nr3 out 0 100\n.op")
        .remove(0);
    near(value(&plot, "v(in)"), 0.022 / 0.047, 1e-9, "in");
    near(value(&plot, "v(out)"), 0.2 + 0.3 * 0.022 / 0.047, 1e-9, "out");
}

/// A row of complex numbers.
type Row = Vec<c64>;

/// What a hundred terms of the exponential series make of a matrix, by squaring.
fn exponential(matrix: &[Row]) -> Vec<Row> {
    let n = matrix.len();
    let product = |a: &[Row], b: &[Row]| -> Vec<Row> {
        let entry = |row: &Row, column: usize| row.iter().zip(b).map(|(x, other)| x * other[column]).sum();
        a.iter().map(|row| (0..n).map(|column| entry(row, column)).collect()).collect()
    };
    let squarings = 12;
    let small: Vec<Row> =
        matrix.iter().map(|row| row.iter().map(|x| x / f64::from(1 << squarings)).collect()).collect();
    let one = |row: usize, column: usize| c64::new(f64::from(u8::from(row == column)), 0.0);
    let mut sum: Vec<Row> = (0..n).map(|row| (0..n).map(|column| one(row, column)).collect()).collect();
    let mut term = sum.clone();
    for k in 1..20 {
        term = product(&term, &small);
        term.iter_mut().flatten().for_each(|x| *x /= f64::from(k));
        sum.iter_mut().flatten().zip(term.iter().flatten()).for_each(|(x, more)| *x += more);
    }
    (0..squarings).fold(sum, |power, _| product(&power, &power))
}

/// Solves a·x = b.
fn solve(mut a: Vec<Row>, mut b: Row) -> Row {
    let n = a.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|&x, &y| a[x][column].norm().total_cmp(&a[y][column].norm())).unwrap();
        a.swap(column, pivot);
        b.swap(column, pivot);
        for row in (0..n).filter(|&row| row != column) {
            let factor = a[row][column] / a[column][column];
            let pivot_row = a[column].clone();
            a[row].iter_mut().zip(&pivot_row).for_each(|(x, other)| *x -= factor * other);
            let from = b[column];
            b[row] -= factor * from;
        }
    }
    (0..n).map(|row| b[row] / a[row][row]).collect()
}

/// The matrix whose upper triangle is `list`.
fn symmetric(list: &str, n: usize) -> Vec<Vec<f64>> {
    let numbers = list.split(' ').map(|word| word.parse::<f64>().unwrap());
    let mut matrix = vec![vec![0.0; n]; n];
    let places = (0..n).flat_map(|row| (row..n).map(move |column| (row, column)));
    for ((row, column), number) in places.zip(numbers) {
        (matrix[row][column], matrix[column][row]) = (number, number);
    }
    matrix
}

/// Voltages at both ends of lines between 50 Ω, 1 V behind the first, by the exponential of the lines' equations.
fn ends_of_lines(n: usize, [r, l, g, c]: [&str; 4], length: f64, frequency: f64) -> Row {
    let [r, l, g, c] = [r, l, g, c].map(|list| symmetric(list, n));
    let omega = std::f64::consts::TAU * frequency;
    let zero = c64::new(0.0, 0.0);
    let mut matrix = vec![vec![zero; 2 * n]; 2 * n];
    for row in 0..n {
        for column in 0..n {
            matrix[row][n + column] = -c64::new(r[row][column], omega * l[row][column]) * length;
            matrix[n + row][column] = -c64::new(g[row][column], omega * c[row][column]) * length;
        }
    }
    let chain = exponential(&matrix);
    // Unknowns: v1, i1, v2, i2 (along the line).
    let mut equations = vec![vec![zero; 4 * n]; 4 * n];
    let mut right = vec![zero; 4 * n];
    for k in 0..2 * n {
        equations[k][..2 * n].copy_from_slice(&chain[k]);
        equations[k][2 * n + k] = c64::new(-1.0, 0.0);
    }
    for k in 0..n {
        (equations[2 * n + k][k], equations[2 * n + k][n + k]) = (c64::new(1.0, 0.0), c64::new(50.0, 0.0));
        (equations[3 * n + k][2 * n + k], equations[3 * n + k][3 * n + k]) = (c64::new(1.0, 0.0), c64::new(-50.0, 0.0));
    }
    right[2 * n] = c64::new(1.0, 0.0);
    let solution = solve(equations, right);
    solution[..n].iter().chain(&solution[2 * n..3 * n]).copied().collect()
}

/// Lines with all losses, alone and coupled, against the exponential of dx of their equations; those whose losses couple the modes
/// are sections, whose error falls with their number.
#[test]
fn lossy_lines_are_those_of_their_equations() {
    let cases: [(&str, usize, [&str; 4], f64, f64); 8] = [
        ("o", 1, ["20", "250e-9", "2e-3", "100e-12"], 1.4, 1e-9),
        ("y", 1, ["1", "250e-9", "20e-3", "100e-12"], 1.4, 1e-9),
        ("y", 1, ["1e3", "0", "5e-3", "60e-12"], 1.4, 1e-9),
        ("y", 1, ["0", "250e-9", "2e-3", "100e-12"], 0.7, 1e-9),
        ("p", 2, ["2 0.5 2", "300e-9 60e-9 300e-9", "1e-3 -0.2e-3 1e-3", "120e-12 -20e-12 120e-12"], 1.4, 1e-9),
        ("p", 2, ["0 0 0", "300e-9 60e-9 400e-9", "0 0 0", "120e-12 -20e-12 90e-12"], 1.4, 1e-9),
        // A homogeneous dielectric: L·C = 1/v², so that any R of equal conductors has its modes.
        (
            "p",
            2,
            [
                "3 0 3",
                "3.8095238095238096e-7 9.523809523809524e-8 3.8095238095238096e-7",
                "0 0 0",
                "1.12e-10 -2.8e-11 1.12e-10",
            ],
            1.0,
            1e-9,
        ),
        (
            "p",
            3,
            [
                "1 0 0 4 0 2",
                "300e-9 60e-9 20e-9 320e-9 60e-9 300e-9",
                "0 0 0 0 0 0",
                "120e-12 -20e-12 -3e-12 120e-12 -20e-12 120e-12",
            ],
            1.0,
            3e-4,
        ),
    ];
    for (letter, n, matrices, length, tolerance) in cases {
        let nodes = |name: &str| (1..=n).map(|k| format!("{name}{k} ")).collect::<String>();
        let [r, l, g, c] = matrices;
        let kind = match letter {
            "o" => "ltra",
            "y" => "txl",
            _ => "cpl",
        };
        let size = if letter == "p" { "length" } else { "len" };
        let loads: String =
            (1..=n).map(|k| format!("rs{k} {} a{k} 50\nrl{k} b{k} 0 50\n", if k == 1 { "in" } else { "0" })).collect();
        let cards = format!(
            "v1 in 0 ac 1\n{loads}{letter}1 {}0 {}0 m\n.model m {kind}(r={r} l={l} g={g} c={c} {size}={length})\n\
             .ac lin 8 1meg 400meg",
            nodes("a"),
            nodes("b")
        );
        let plot = plots(&cards).remove(0);
        for (index, frequency) in vector(&plot, "frequency").into_iter().enumerate() {
            let expected = ends_of_lines(n, matrices, length, frequency);
            for (k, expected) in expected.iter().enumerate() {
                let name = if k < n { format!("v(a{})", k + 1) } else { format!("v(b{})", k + 1 - n) };
                let found = complex(&plot, &name)[index];
                assert!((found - expected).norm() < tolerance, "{cards}\n{frequency} {name}: {found} {expected}");
            }
        }
    }
}

/// A pad between ports of 50 Ω and 100 Ω: waves by hand, Y and Z by inspection; and a series element has no Z.
#[test]
fn scattering_parameters_of_pads() {
    let cards = "v1 a 0 ac 1 portnum 1 z0 50\nv2 b 0 portnum 2 z0 100\nr1 a m 30\nr2 b m 20\nr3 m 0 40\nc1 m 0 10p\n.sp lin 3 1meg 1g";
    let plot = plots(cards).remove(0);
    for (index, frequency) in vector(&plot, "frequency").into_iter().enumerate() {
        let find = |name: &str| complex(&plot, name)[index];
        let shunt = 1.0 / c64::new(1.0 / 40.0, std::f64::consts::TAU * frequency * 10e-12);
        let [z11, z12, z22] = [shunt + 30.0, shunt, shunt + 20.0];
        let determinant = z11 * z22 - z12 * z12;
        let all = (z11 + 50.0) * (z22 + 100.0) - z12 * z12;
        for (name, expected) in [
            ("z_1_1", z11),
            ("z_1_2", z12),
            ("z_2_1", z12),
            ("z_2_2", z22),
            ("y_1_1", z22 / determinant),
            ("y_1_2", -z12 / determinant),
            ("y_2_2", z11 / determinant),
            ("s_1_1", ((z11 - 50.0) * (z22 + 100.0) - z12 * z12) / all),
            ("s_2_1", 2.0 * z12 * 5000f64.sqrt() / all),
            ("s_1_2", 2.0 * z12 * 5000f64.sqrt() / all),
            ("s_2_2", ((z11 + 50.0) * (z22 - 100.0) - z12 * z12) / all),
        ] {
            assert!(
                (find(name) - expected).norm() < 1e-9 * expected.norm().max(1.0),
                "{name}: {} {expected}",
                find(name)
            );
        }
    }
    // As HSPICE and Xyce write it.
    let same = plots(
        &cards
            .replace("v1 a 0 ac 1 portnum 1 z0 50", "p1 a 0 port=1 z0=50 ac 1")
            .replace(".sp ", ".lin sparcalc=1\n.ac "),
    );
    let table = same.iter().find(|plot| plot.column("s_1_1").is_some()).unwrap();
    assert_eq!(complex(table, "s_2_1"), complex(&plot, "s_2_1"));
    let series = plots("v1 a 0 ac 1 portnum 1\nv2 b 0 portnum 2\nr1 a b 100\n.sp lin 1 1 1").remove(0);
    near(complex(&series, "s_1_1")[0].re, 0.5, 1e-12, "s11");
    near(complex(&series, "s_2_1")[0].re, 0.5, 1e-12, "s21");
    near(complex(&series, "y_1_2")[0].re, -0.01, 1e-12, "y12");
    let size = complex(&series, "z_1_1")[0].norm();
    assert!(size.is_nan() || size > 1e12, "{size}");
}

/// A network without losses scatters all power.
#[test]
fn scattering_of_a_network_without_losses_is_unitary() {
    let cards = "v1 a 0 portnum 1 z0 50\nv2 b 0 portnum 2 z0 75\nv3 c 0 portnum 3 z0 30\nl1 a m 20n\nl2 m b 30n\nc1 m c 3p\nt1 c 0 d 0 z0=40 td=0.3n\nc2 d 0 2p\n.sp dec 3 10meg 3g";
    let plot = plots(cards).remove(0);
    for index in 0..vector(&plot, "frequency").len() {
        for i in 1..=3 {
            for j in 1..=3 {
                let s = |row: usize, column: usize| complex(&plot, &format!("s_{row}_{column}"))[index];
                let sum: c64 = (1..=3).map(|k| s(k, i).conj() * s(k, j)).sum();
                assert!((sum - f64::from(u8::from(i == j))).norm() < 1e-9, "{index} {i} {j}: {sum}");
                assert!((s(i, j) - s(j, i)).norm() < 1e-9);
            }
        }
    }
}
