//! `TRNOISE` and `TRRANDOM`: variance, spectrum, distribution, and that the seed decides.

use std::path::Path;

use ferrospice::circuit::element::Value;
use ferrospice::circuit::{Overrides, elaborate};
use ferrospice::netlist::Deck;
use ferrospice::waveforms::{Waveform, WaveformContext, construct};

mod common;

/// The waveform of the source called `name`.
fn waveform(source: &str, name: &str, options: &str) -> Box<dyn Waveform> {
    let text = format!("title\nV1 a 0 {source}\nR1 a 0 1\n.tran 1n 100u\n{options}\n");
    let deck = Deck::from_text("deck.cir", &text, Path::new(".")).unwrap();
    let circuit = elaborate(&deck, &Overrides::default()).unwrap_or_else(|report| panic!("{report}"));
    let element = circuit.element(circuit.element_index["v1"]);
    let call = element.values.iter().find_map(|value| match &value.item {
        Value::Call(call) => Some((call, value.span)),
        _ => None,
    });
    let (call, span) = call.unwrap();
    let context = WaveformContext { circuit: &circuit, span, name };
    construct(call, &element.parameters, &context).unwrap_or_else(|error| panic!("{error}"))
}

/// Values at the middle of what is held or at the samples.
fn samples(waveform: &dyn Waveform, step: f64, offset: f64, count: usize) -> Vec<f64> {
    (0..count).map(|index| waveform.value((index as f64 + offset) * step)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / values.len() as f64
}

#[test]
fn white_noise_has_its_variance_and_no_memory() {
    let noise = waveform("dc 0 trnoise(20m 1n 0 0)", "v1", "");
    let values = samples(&*noise, 1e-9, 0.0, 100_000);
    assert_eq!(values[0], 0.0);
    // Five standard errors of 100 000 values.
    let error = 5.0 / (values.len() as f64).sqrt();
    assert!(mean(&values).abs() < error * 0.02);
    assert!((variance(&values) / 4e-4 - 1.0).abs() < error * 2f64.sqrt());
    let lagged = values.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / values.len() as f64;
    assert!(lagged.abs() < error * 4e-4);
    // Straight lines between the samples.
    let (a, b) = (noise.value(10e-9), noise.value(11e-9));
    assert!((noise.value(10.25e-9) - (0.75 * a + 0.25 * b)).abs() < 1e-12);
    let corner = noise.breakpoint(10.25e-9).unwrap();
    assert!((corner - 11e-9).abs() < 1e-20);
}

/// Mean power of `values` in bands of an octave, by plain Fourier sums at one frequency per band averaged over segments.
fn power(values: &[f64], period: usize) -> f64 {
    let segments = values.chunks_exact(4096);
    let count = segments.len() as f64;
    let of_segment = |segment: &[f64]| {
        let angle = |index: usize| 2.0 * std::f64::consts::PI * (index % period) as f64 / period as f64;
        let re: f64 = segment.iter().enumerate().map(|(index, value)| value * angle(index).cos()).sum();
        let im: f64 = segment.iter().enumerate().map(|(index, value)| value * angle(index).sin()).sum();
        (re * re + im * im) / segment.len() as f64
    };
    segments.map(of_segment).sum::<f64>() / count
}

#[test]
fn flicker_noise_falls_with_its_exponent() {
    for exponent in [0.5, 1.0, 1.5] {
        let noise = waveform(&format!("dc 0 trnoise(0 1n {exponent} 1m)"), "v1", "");
        let values = samples(&*noise, 1e-9, 0.0, 98_304);
        assert_eq!(values[0], 0.0);
        // From 1/16 to 1/512 of the sampling rate; the mean of several lines of each.
        let level = |period: usize| power(&values, period) + power(&values, period * 2);
        let slope = (level(512) / level(16)).log2() / 5.0;
        assert!((slope - exponent).abs() < 0.25, "exponent {exponent}: {slope}");
    }
}

#[test]
fn telegraph_noise_has_its_times_and_two_levels() {
    let noise = waveform("dc 0 trnoise(0 0 0 0 15m 22n 50n)", "v1", "");
    let values = samples(&*noise, 1e-9, 0.0, 100_000);
    let away = values.iter().filter(|&&value| value == 0.015).count() as f64 / values.len() as f64;
    let rest = values.iter().filter(|&&value| value == 0.0).count() as f64 / values.len() as f64;
    assert!(away + rest > 0.998, "{away} {rest}");
    // Mean times 22 and 50 ns: about 1400 of each.
    assert!((away - 50.0 / 72.0).abs() < 0.05, "{away}");
    let changes = values.windows(2).filter(|pair| (pair[0] > 0.0075) != (pair[1] > 0.0075)).count() as f64;
    assert!((changes / (2.0 * 100e-6 / 72e-9) - 1.0).abs() < 0.12, "{changes}");
    let mut time = 0.0;
    for _ in 0..100 {
        let next = noise.breakpoint(time).unwrap();
        assert!(next > time);
        time = next;
    }
}

#[test]
fn held_values_have_their_distributions() {
    let cases: [(&str, f64, f64); 4] = [
        ("trrandom(1 1n 0 2 5)", 5.0, 4.0 / 3.0),
        ("trrandom(2 1n 0 2 5)", 5.0, 4.0),
        ("trrandom(3 1n 0 2 5)", 7.0, 4.0),
        ("trrandom(4 1n 0 2 5)", 7.0, 2.0),
    ];
    for (source, expected, spread) in cases {
        let random = waveform(&format!("dc 0 {source}"), "v1", "");
        let values = samples(&*random, 1e-9, 0.5, 90_000);
        assert!((mean(&values) - expected).abs() < 5.0 * (spread / 9e4f64).sqrt(), "{source}: {}", mean(&values));
        // Exponential values have the largest fourth moment, 9.
        assert!((variance(&values) / spread - 1.0).abs() < 5.0 * (8.0 / 9e4f64).sqrt(), "{source}");
        let held = [0.1, 0.9].map(|offset| random.value((7.0 + offset) * 1e-9));
        assert_eq!(held[0], held[1], "{source}");
    }
    let delayed = waveform("dc 0 trrandom(2 1n 20n 1 100)", "v1", "");
    assert_eq!(delayed.value(19.9e-9), 0.0);
    assert!(delayed.value(20.5e-9) > 90.0);
    assert!((delayed.breakpoint(0.0).unwrap() - 20e-9).abs() < 1e-15);
}

#[test]
fn the_seed_and_the_name_decide() {
    let value = |name: &str, options: &str| waveform("dc 0 trnoise(1 1n 1 1)", name, options).value(50e-9);
    assert_eq!(value("v1", ".options seed=7"), value("v1", ".options seed=7"));
    assert_ne!(value("v1", ".options seed=7"), value("v1", ".options seed=8"));
    assert_ne!(value("v1", ".options seed=7"), value("v2", ".options seed=7"));
}

#[test]
fn noise_through_a_circuit_adds_to_the_dc_value() {
    let deck = "v1 a 0 dc 2 trnoise(0.1 1n 0 0)\nr1 a b 1k\nc1 b 0 0.1p\n.tran 1n 2u\n.options seed=3";
    let plot = common::plot(deck);
    let values = common::vector(&plot, "v(a)");
    assert_eq!(values[0], 2.0);
    assert!((mean(&values) - 2.0).abs() < 0.05);
    assert!((variance(&values).sqrt() - 0.08).abs() < 0.03, "{}", variance(&values).sqrt());
    assert_eq!(common::vector(&common::plot(deck), "v(b)"), common::vector(&plot, "v(b)"));
    let operating_point = common::plot("v1 a 0 dc 2 trnoise(0.1 1n 0 0)\nr1 a 0 1k\n.op");
    assert_eq!(common::last(&operating_point, "v(a)"), 2.0);
}

#[test]
fn wrong_arguments_are_refused() {
    let sources = [
        "trnoise(1 -1n)",
        "trnoise(1 1e-15)",
        "trnoise(0 1n 3 1)",
        "trnoise(0 0 0 0 1)",
        "trnoise(0 0 0 0 1 0 1n)",
        "trrandom",
        "trrandom(1)",
        "trrandom(1 0)",
        "trrandom(5 1n)",
        "trrandom(4 1n 0 -1)",
    ];
    let text: Vec<String> =
        sources.iter().map(|source| common::failure(&format!("v1 a 0 {source}\nr1 a 0 1\n.tran 1n 1u"))).collect();
    insta::assert_snapshot!("wrong_random_sources", text.join("\n"));
}
