//! `.disto` against closed forms, against transient analyses, and of one kind of distortion against the other.

mod common;

use common::{run, vector};
use faer::c64;
use ferrospice::results::plot::{Data, Plot};

fn plots(text: &str) -> Vec<Plot> {
    run(text).runs.remove(0).plots
}

fn first(plot: &Plot, name: &str) -> c64 {
    let index = plot.column(name).unwrap_or_else(|| panic!("no vector {name}"));
    match &plot.data {
        Data::Complex(columns) => columns[index][0],
        Data::Real(_) => panic!("{name} is real"),
    }
}

fn near(found: c64, expected: c64, relative: f64, what: &str) {
    assert!((found - expected).norm() <= relative * expected.norm(), "{what}: {found} instead of {expected}");
}

/// i = a·v + b·v² + c·v³ behind a resistor, as an expression: amplitudes follow from the products of cosines.
#[test]
fn an_expression_distorts_as_its_polynomial_says() {
    let (a, b, c, r, c0) = (1e-3, 4e-4, 3e-4, 1e3, 20e-9);
    let (m1, m2) = (0.1, 0.2);
    let deck = format!(
        "v1 in 0 0.3 distof1 {m1} distof2 {m2} 40\nr1 in a {r}\nb1 a 0 i={a}*v(a)+{b}*v(a)**2+{c}*v(a)^3\nc1 a 0 {c0}\n"
    );
    let level = {
        let mut v: f64 = 0.15;
        for _ in 0..50 {
            v -= (v + r * (a * v + b * v * v + c * v * v * v) - 0.3) / (1.0 + r * (a + 2.0 * b * v + 3.0 * c * v * v));
        }
        v
    };
    let (g1, g2, g3) = (a + 2.0 * b * level + 3.0 * c * level * level, 2.0 * b + 6.0 * c * level, 6.0 * c);
    let (f1, f2) = (7e3, 0.6 * 7e3);
    let admittance = |f: f64| c64::new(1.0 / r + g1, std::f64::consts::TAU * f * c0);
    let phase = 40f64.to_radians();
    let x1 = c64::new(m1 / r, 0.0) / admittance(f1);
    let x2 = c64::new(m2 / r * phase.cos(), m2 / r * phase.sin()) / admittance(f2);
    let double = -(x1 * x1) * (0.25 * g2) / admittance(2.0 * f1);
    let triple = -(x1 * double * (0.5 * g2) + x1 * x1 * x1 * (g3 / 24.0)) / admittance(3.0 * f1);
    let sum = -(x1 * x2) * (0.5 * g2) / admittance(f1 + f2);
    let difference = -(x1 * x2.conj()) * (0.5 * g2) / admittance(f1 - f2);
    let third = (double * x2.conj() + difference * x1) * (0.5 * g2) + x1 * x1 * x2.conj() * (g3 / 8.0);
    let third = -third / admittance(2.0 * f1 - f2);

    let harmonics = plots(&format!("{deck}.disto lin 1 {f1} {f1}"));
    assert_eq!(harmonics[0].header.name, "DISTORTION - 2nd harmonic");
    near(first(&harmonics[0], "v(a)"), double, 1e-9, "2·f1");
    near(first(&harmonics[1], "v(a)"), triple, 1e-9, "3·f1");
    let products = plots(&format!("{deck}.disto lin 1 {f1} {f1} 0.6"));
    for (plot, expected) in products.iter().zip([sum, difference, third]) {
        near(first(plot, "v(a)"), expected, 1e-9, &plot.header.name);
        // The sources of a tone drive nothing elsewhere, so that the same current flows through both elements.
        near(first(plot, "i(v1)"), first(plot, "v(a)") / r, 1e-9, "current");
        assert_eq!(first(plot, "v(in)"), c64::new(0.0, 0.0));
    }
    assert_eq!(products.len(), 3);
}

/// Without anything that stores, two tones of one size make twice the second and three times the third harmonic.
#[test]
fn products_of_two_tones_are_multiples_of_the_harmonics() {
    let deck = "v1 in 0 0.7 distof1 5m distof2 5m\nr1 in b 100\nvcc c 0 3\nrc c d 1k\nq1 d b 0 n\n.model n npn(bf=80 vaf=50 is=1e-15 ikf=2m)\n";
    let harmonics = plots(&format!("{deck}.disto lin 1 1k 1k"));
    let products = plots(&format!("{deck}.disto lin 1 1k 1k 0.9"));
    for name in ["v(b)", "v(d)", "i(vcc)"] {
        let (double, triple) = (first(&harmonics[0], name), first(&harmonics[1], name));
        assert!(double.norm() > 0.0 && triple.norm() > 0.0);
        near(first(&products[0], name), double * 2.0, 1e-10, "f1 + f2");
        near(first(&products[1], name), double * 2.0, 1e-10, "f1 − f2");
        near(first(&products[2], name), triple * 3.0, 1e-10, "2·f1 − f2");
    }
}

/// Small enough, a sine through time has the same harmonics: charges, and all that bends, count.
#[test]
fn harmonics_are_those_of_a_transient_analysis() {
    let stages = [
        (
            "diode",
            "v1 in 0 dc 0.65 SOURCE 4m\nr1 in out 20\nd1 out 0 d\n.model d d(is=1e-14 cjo=2n tt=20n rs=1)\n",
            0.01,
        ),
        (
            "bipolar",
            "v1 in 0 dc 0.75 SOURCE 2m\nr1 in b 100\nvcc c 0 5\nrc c out 500\nq1 out b 0 q\n.model q npn(bf=100 vaf=60 is=1e-16 cje=80p cjc=300p tf=2n rb=50)\n",
            0.02,
        ),
        (
            "mos",
            "v1 in 0 dc 1.5 SOURCE 20m\nm1 out in 0 0 m w=50u l=2u\nvd d 0 5\nrd d out 3k\ncl out 0 30p\n.model m nmos(vto=0.8 kp=60u lambda=0.03 gamma=0.3 phi=0.7 theta=0.05 level=3)\n",
            0.02,
        ),
        (
            "jfet",
            "v1 in 0 dc -0.5 SOURCE 50m\nj1 out in 0 j\nvd d 0 8\nrd d out 2k\n.model j njf(vto=-2 beta=1m lambda=0.02 cgs=5p cgd=2p)\n",
            0.02,
        ),
    ];
    for (what, deck, tolerance) in stages {
        let small = plots(&format!("{}.disto lin 1 1meg 1meg", deck.replace("SOURCE", "distof1")));
        let (before, rest) = deck.split_once("SOURCE ").unwrap();
        let (size, rest) = rest.split_once('\n').unwrap();
        let dc = before.split_whitespace().last().unwrap();
        let transient = format!("{before}sin({dc} {size} 1meg 0 0 90)\n{rest}.tran 2n 6u 0 2n\n.four 1meg v(out)\n")
            + ".options reltol=1e-6 abstol=1e-15 vntol=1e-9 chgtol=1e-20 trtol=1\n";
        let run = run(&transient).runs.remove(0);
        let harmonics = &run.spectra[0].harmonics;
        for (plot, number) in small.iter().zip([2, 3]) {
            let (found, expected) = (first(plot, "v(out)").norm(), harmonics[number].0);
            // The third harmonic of a square law is nothing.
            if expected > 1e-4 * harmonics[1].0 || number == 2 {
                assert!((found / expected - 1.0).abs() < tolerance, "{what}, {number}: {found:e} {expected:e}");
            }
        }
    }
}

/// v = R(x)·i with dx/dt = µ·Ron/D²·i: to the second order i₂ = −R′·x₁·i₁/(2·R) with x₁ = µ·Ron/D²·i₁/(jω), the pinched loop's.
#[test]
fn a_memristor_distorts_by_its_state() {
    let deck =
        "v1 a 0 distof1 0.1\nn1 a 0 m x0=0.4\n.model m linear_ion_drift(ron=100 roff=16k d=10n uv=1e-14 window=none)\n";
    let plots = plots(&format!("{deck}.disto dec 1 1 10k"));
    let frequencies = vector(&plots[0], "frequency");
    let Data::Complex(columns) = &plots[0].data else { panic!("real") };
    let found = &columns[plots[0].column("i(v1)").unwrap_or_else(|| panic!("no current"))];
    let (resistance, slope) = (100.0 * 0.4 + 16e3 * 0.6, 100.0 - 16e3);
    for (frequency, found) in frequencies.iter().zip(found) {
        let current = c64::new(0.1 / resistance, 0.0);
        let state = current * (1e-14 * 100.0 / 1e-16) / c64::new(0.0, std::f64::consts::TAU * frequency);
        // Out of the source, into the memristor.
        near(-*found, -(state * current) * (0.5 * slope / resistance), 1e-6, "second harmonic");
    }
    assert_eq!(found.len(), 5);
}

#[test]
fn what_is_not_distorting_is_named() {
    let error = common::failure("v1 a 0 1\nr1 a 0 1k\n.disto dec 2 1k 10k 1.5");
    assert!(error.contains("at most 1"), "{error}");
    let linear = plots("v1 a 0 1 distof1 1\nr1 a b 1k\nc1 b 0 1n\n.disto dec 2 1k 10k");
    assert_eq!(first(&linear[0], "v(b)"), c64::new(0.0, 0.0));
}
