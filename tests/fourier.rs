//! `.four`, `.fft` and the measures of spectra against closed forms.

mod common;

use common::run;
use ferrospice::studies::deck_run::StepRun;

fn one(text: &str) -> StepRun {
    run(text).runs.remove(0)
}

fn near(found: f64, expected: f64, absolute: f64, what: &str) {
    assert!((found - expected).abs() <= absolute, "{what}: {found} instead of {expected}");
}

fn measured(run: &StepRun, name: &str) -> f64 {
    let measure = run.measures.iter().find(|measure| &*measure.name == name).unwrap_or_else(|| panic!("no {name}"));
    measure.value().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Two sines and a mean: 1 V + 2 V at 1 kHz + 0.5 V at 3 kHz.
const TWO_SINES: &str = "v1 a b sin(1 2 1k)\nv2 b 0 sin(0 0.5 3k)\nr1 a 0 1k\n.tran 1u 4m 0 1u\n.options reltol=1e-6\n";

#[test]
fn harmonics_of_two_sines() {
    for settings in
        ["", ".options nfreqs=6 fourgridsize=400 polydegree=3", ".options polydegree=0", ".options polydegree=2"]
    {
        let run = one(&format!("{TWO_SINES}{settings}\n.four 1k v(a) v(b)"));
        assert_eq!(run.spectra.len(), 2);
        let harmonics = &run.spectra[0].harmonics;
        assert_eq!(harmonics.len(), if settings.contains("nfreqs") { 6 } else { 10 });
        for (number, expected) in [(0, 1.0), (1, 2.0), (2, 0.0), (3, 0.5), (4, 0.0)] {
            near(harmonics[number].0, expected, 2e-4, settings);
        }
        near(harmonics[1].1, 0.0, 0.05, "phase of a sine");
        near(run.spectra[1].harmonics[3].0, 0.5, 2e-4, "second vector");
        near(run.spectra[1].harmonics[1].0, 0.0, 2e-4, "second vector");
        let table = run.spectra[0].table();
        assert!(table.contains("THD: 25") || table.contains("THD: 24.9"), "{table}");
    }
}

#[test]
fn polynomials_of_higher_degree_follow_a_coarse_sine() {
    let deck = |degree: usize| {
        format!("v1 a 0 sin(0 1 1k)\nr1 a 0 1k\n.tran 50u 2m 0 50u\n.options interp polydegree={degree}\n.four 1k v(a)")
    };
    let error = |degree: usize| (one(&deck(degree)).spectra[0].harmonics[1].0 - 1.0).abs();
    assert!(error(1) > 1e-3, "{}", error(1));
    assert!(error(3) < 0.1 * error(1), "{} {}", error(3), error(1));
}

#[test]
fn harmonics_and_periods_on_the_card() {
    let run = one(&format!("{TWO_SINES}.four 1k 3 -1 v(a)"));
    let harmonics = &run.spectra[0].harmonics;
    assert_eq!(harmonics.len(), 4);
    near(harmonics[3].0, 0.5, 2e-4, "over all periods");
}

#[test]
fn a_transform_has_the_amplitudes_of_its_sines() {
    let run = one(&format!(
        "{TWO_SINES}.fft v(a) np=256 start=1m stop=3m\n\
         .measure fft thd thd v(a)\n.measure fft sndr sndr v(a)\n.measure fft snr snr v(a)\n.measure fft enob enob v(a)\n\
         .measure fft sfdr sfdr v(a)\n.measure fft re3 find vr(a) at=3k\n.measure fft im3 find vi(a) at=3.1k\n\
         .measure fft mean find v(a) at=0\n.measure fft half param='re3/2'\n.measure fft phase find vp(a) at=3k\n\
         .measure fft db find vdb(a) at=3k"
    ));
    let transform = &run.transforms[0];
    assert_eq!(transform.bins.len(), 129);
    near(transform.resolution(), 500.0, 1e-6, "resolution");
    assert_eq!(transform.fundamental, 1);
    near(measured(&run, "mean"), 1.0, 1e-4, "mean");
    near(measured(&run, "re3"), 0.0, 1e-3, "a sine has no cosine");
    near(measured(&run, "im3"), -0.5, 1e-3, "a sine");
    near(measured(&run, "half"), 0.0, 1e-3, "measure of a measure");
    near(measured(&run, "phase"), -90.0, 0.1, "phase");
    near(measured(&run, "db"), 20.0 * 0.5f64.log10(), 0.01, "decibels");
    assert!(transform.table().contains("Window: RECT"), "{}", transform.table());
}

#[test]
fn purity_of_a_distorted_sine() {
    // Harmonics of 1 %, and a tone between them of 0.1 %.
    let deck = "v1 a b sin(0 1 1k)\nv2 b c sin(0 10m 2k)\nv3 c 0 sin(0 1m 2.5k)\nr1 a 0 1k\n.tran 0.2u 2m 0 0.2u\n\
        .options reltol=1e-7\n.fft v(a) np=1024 freq=1k\n\
        .measure fft thd thd v(a)\n.measure fft snr snr v(a)\n.measure fft sndr sndr v(a)\n.measure fft enob enob v(a)\n\
        .measure fft sfdr sfdr v(a)\n.measure fft high sfdr v(a) minfreq=2.4k\n.measure fft first thd v(a) nbharm=1";
    let run = one(deck);
    near(measured(&run, "thd"), -40.0, 0.05, "thd");
    near(measured(&run, "snr"), 60.0, 0.2, "snr");
    let both = -10.0 * (1e-4 + 1e-6f64).log10();
    near(measured(&run, "sndr"), both, 0.05, "sndr");
    near(measured(&run, "enob"), (both - 1.76) / 6.02, 0.01, "enob");
    near(measured(&run, "sfdr"), 40.0, 0.05, "sfdr");
    near(measured(&run, "high"), 60.0, 0.2, "sfdr above the second harmonic");
    near(measured(&run, "first"), -200.0, 1e-9, "no harmonic but the first");
}

#[test]
fn windows_weigh_a_constant() {
    // Of a constant, bin k is twice the transform of the window itself; N = 8.
    let at = |window: &str, bin: usize| {
        let run = one(&format!("v1 a 0 1\nr1 a 0 1\n.tran 10m 1\n.fft v(a) np=8 window={window} format=unorm"));
        run.transforms[0].amplitude(bin)
    };
    let by_hand = |weights: [f64; 8], bin: usize| {
        let turn = |index: usize| -2.0 * std::f64::consts::PI * (bin * index) as f64 / 8.0;
        let re: f64 = weights.iter().enumerate().map(|(index, weight)| weight * turn(index).cos()).sum();
        let im: f64 = weights.iter().enumerate().map(|(index, weight)| weight * turn(index).sin()).sum();
        re.hypot(im) / if bin == 0 { 8.0 } else { 4.0 }
    };
    let part = |index: usize| index as f64 / 7.0;
    let hann = std::array::from_fn(|index| 0.5 - 0.5 * (2.0 * std::f64::consts::PI * part(index)).cos());
    let bart = std::array::from_fn(|index| 1.0 - (2.0 * part(index) - 1.0).abs());
    for bin in 0..4 {
        near(at("hann", bin), by_hand(hann, bin), 1e-12, "hann");
        near(at("bart", bin), by_hand(bart, bin), 1e-12, "bart");
        near(at("rect", bin), by_hand([1.0; 8], bin), 1e-12, "rect");
    }
    // What Xyce's manual of tests shows for these two: 0.4375 and 0.5200051.
    near(at("hann", 0), 0.4375, 1e-7, "hann");
    near(at("hann", 1), 0.5200051, 1e-7, "hann");
    // Far from the line, of 64 points: the side lobes that the windows are named for, in dB below the line.
    let far = |window: &str, bin: usize| {
        let run = one(&format!("v1 a 0 1\nr1 a 0 1\n.tran 10m 1\n.fft v(a) np=64 window={window} format=unorm"));
        let transform = &run.transforms[0];
        20.0 * (transform.amplitude(bin) / (2.0 * transform.amplitude(0))).log10()
    };
    let limits =
        [("hann", -31.0), ("hamm", -40.0), ("black", -64.0), ("harris", -88.0), ("kaiser", -66.0), ("gauss", -52.0)];
    for (window, limit) in limits {
        let largest = (6..30).map(|bin| far(window, bin)).fold(f64::NEG_INFINITY, f64::max);
        assert!(largest < limit, "{window}: {largest} dB");
    }
}

#[test]
fn malformed_fft_cards() {
    let base = "v1 a 0 sin(0 1 1k)\nr1 a 0 1k\n.tran 1u 1m\n";
    let cards =
        ".fft\n.fft v(a) np=none\n.fft v(a) window=welch\n.fft v(a) format=raw\n.fft v(a) np=\n.measure fft x thd";
    insta::assert_snapshot!("malformed_fft_cards", common::failure(&format!("{base}{cards}")));
}
