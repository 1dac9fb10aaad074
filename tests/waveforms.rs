//! Waveforms of independent sources.

use std::path::Path;

use ferrospice::circuit::element::Value;
use ferrospice::circuit::{Circuit, Overrides, elaborate};
use ferrospice::diagnostic::Diagnostic;
use ferrospice::netlist::Deck;
use ferrospice::waveforms::{Waveform, WaveformContext, construct};

fn circuit(source: &str, folder: &Path) -> Circuit {
    let text = format!("title\nV1 a 0 {source}\nR1 a 0 1\n.tran 1n 100n\n");
    let name = folder.join("deck.cir");
    let deck = Deck::from_text(name.to_str().unwrap_or("deck.cir"), &text, folder).unwrap_or_else(|e| panic!("{e}"));
    elaborate(&deck, &Overrides::default()).unwrap_or_else(|report| panic!("{report}"))
}

fn build(source: &str, folder: &Path) -> Result<Box<dyn Waveform>, Diagnostic> {
    let circuit = circuit(source, folder);
    let element = circuit.element(circuit.element_index["v1"]);
    for value in &element.values {
        if let Value::Call(call) = &value.item {
            let context = WaveformContext { circuit: &circuit, span: value.span, name: "v1" };
            return construct(call, &element.parameters, &context);
        }
    }
    panic!("no waveform in {source}");
}

fn waveform(source: &str) -> Box<dyn Waveform> {
    build(source, Path::new(".")).unwrap_or_else(|error| panic!("{source}: {error}"))
}

fn assert_values(source: &str, wanted: &[(f64, f64)]) {
    let waveform = waveform(source);
    for &(time, value) in wanted {
        let found = waveform.value(time);
        assert!((found - value).abs() < 1e-9, "{source} at {time}: {found} should be {value}");
    }
}

/// Corners up to `stop`.
fn corners(source: &str, stop: f64) -> Vec<f64> {
    let waveform = waveform(source);
    let mut corners = vec![0.0];
    while let Some(next) = waveform.breakpoint(corners[corners.len() - 1]).filter(|&time| time < stop) {
        assert!(next > corners[corners.len() - 1]);
        corners.push(next);
    }
    corners.remove(0);
    corners
}

#[test]
fn polygon() {
    assert_values("pwl(1 1 2 3 4 2)", &[(0.0, 1.0), (1.5, 2.0), (2.0, 3.0), (3.0, 2.5), (9.0, 2.0)]);
    assert_values("pwl(1 1 2 3 4 2 td=1)", &[(2.5, 2.0), (9.0, 2.0)]);
    assert_values("pwl(0 0 1 1 2 1 3 0) r=0", &[(0.5, 0.5), (3.5, 0.5), (9.5, 0.5), (7.5, 1.0)]);
    assert_values("pwl(0 0 1 1 2 -1 3 0) r=1 td=0.5", &[(2.0, 0.0), (4.5, -1.0)]);
    assert_eq!(corners("pwl(1 1 2 3 4 2)", 9.0), [1.0, 2.0, 4.0]);
    assert_eq!(corners("pwl(0 0 1 1 2 1 3 0) r=0", 6.5), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[test]
fn polygon_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("wave.txt"), "* time, value\n0, 1\n1n 3 # peak\n\n3n,2\n").expect("a file");
    let found = build("pwl file=\"wave.txt\"", folder.path()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.value(0.5e-9), 2.0);
    assert_eq!(found.value(2e-9), 2.5);
    assert_eq!(found.breakpoint(1e-9), Some(3e-9));
}

#[test]
fn exponential() {
    let part = |time: f64, constant: f64| 1.0 - (-time / constant).exp();
    assert_values(
        "exp(1 5 1 2 5 3)",
        &[(0.5, 1.0), (2.0, 1.0 + 4.0 * part(1.0, 2.0)), (6.0, 1.0 + 4.0 * (part(5.0, 2.0) - part(1.0, 3.0)))],
    );
    assert_eq!(corners("exp(1 5 1 2 5 3)", 9.0), [1.0, 5.0]);
    // Times that are missing or zero are the output step.
    assert_values("exp(0 1)", &[(1e-9, 0.0), (2e-9, part(1.0, 1.0)), (3e-9, part(2.0, 1.0) - part(1.0, 1.0))]);
}

#[test]
fn pulse() {
    assert_values("pulse(0 1)", &[(0.0, 0.0), (0.5e-9, 0.5), (50e-9, 1.0)]);
    assert_values("pulse(0 1 1 1 1 5 2)", &[(1.5, 0.5), (2.5, 1.0), (3.5, 0.5), (4.5, 1.0)]);
    assert_values("pulse(0 1 0 1 1 1 4 2)", &[(0.5, 0.5), (6.5, 0.5), (9.0, 0.0), (100.0, 0.0)]);
    assert_eq!(corners("pulse(0 1 1 1 1 1 4 2)", 99.0), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
    // A pulse that its period cuts off jumps within a millionth of the period, and holds its value until then.
    assert_eq!(corners("pulse(0 1 1 1 1 5 2)", 4.5), [1.0, 2.0, 3.0, 3.000002, 4.0]);
    assert_values("pulse(0 1 1 1 1 5 2)", &[(3.0, 1.0), (3.000002, 2e-6)]);
}

#[test]
fn modulated() {
    use std::f64::consts::TAU;
    let t: f64 = 0.123;
    let angle = TAU * 7.0 * t + 2.0 * (TAU * 3.0 * t).sin();
    assert_values("sffm(0.5 2 7 2 3)", &[(t, 0.5 + 2.0 * angle.sin())]);
    let s = t - 0.1;
    assert_values(
        "am(2 3 5 40 0.1)",
        &[(0.05, 0.0), (t, 2.0 * (3.0 + (TAU * 5.0 * s).sin()) * (TAU * 40.0 * s).sin())],
    );
}

#[test]
fn mistakes_are_reported() {
    for (source, part) in [
        ("pwl(0 0 2 1 1 3)", "increase"),
        ("pwl(0 0 1)", "pairs"),
        ("pwl(0 0 1 1) r=0.5", "one of the times"),
        ("pwl file=\"nothing.txt\"", "nothing.txt"),
        ("sffm()", "offset"),
    ] {
        let error = build(source, Path::new(".")).err().unwrap_or_else(|| panic!("no error: {source}"));
        assert!(error.message.contains(part), "{source}: {error}");
        assert!(!error.labels.is_empty());
    }
}

/// Times of the spikes of `source` up to `stop`: every fourth corner is the start of a rising edge, `rise`/2 before the time.
fn spike_times(source: &str, rise: f64, stop: f64) -> Vec<f64> {
    let waveform = waveform(source);
    let mut times = Vec::new();
    let mut corner = -1.0;
    for number in 0.. {
        match waveform.breakpoint(corner).filter(|&next| next < stop) {
            Some(next) => corner = next,
            None => return times,
        }
        if number % 4 == 0 {
            times.push(corner + 0.5 * rise);
        }
    }
    times
}

fn assert_times(source: &str, wanted: &[f64]) {
    let found = spike_times(source, 1e-7, 1.0);
    assert_eq!(found.len(), wanted.len(), "{source}: {found:?}");
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-15 + 1e-12 * wanted, "{source}: {found} should be {wanted}");
    }
}

#[test]
fn spikes_are_trapezoids_at_their_times() {
    assert_values(
        "spikes(times=[5u 9u] width=2u rise=1u amplitude=3 base=1)",
        &[
            (0.0, 1.0),
            (4.5e-6, 1.0),
            (5e-6, 2.0),
            (5.5e-6, 3.0),
            (6.5e-6, 3.0),
            (7e-6, 2.0),
            (7.5e-6, 1.0),
            (9e-6, 2.0),
        ],
    );
    assert_times("spikes(rate=10k count=3 start=30u)", &[30e-6, 130e-6, 230e-6]);
    assert_times("spikes(rate=10k count=4 drop=2 insert=0.5)", &[0.0, 50e-6, 100e-6, 300e-6]);
    assert_times("spikes(times=[1u 5u 9u] drop=[0 2])", &[5e-6]);
    // Without a count the train lasts as long as the analysis, 100 ns here.
    assert_eq!(spike_times("spikes(rate=50meg width=1n)", 1e-10, 1.0).len(), 6);
}

#[test]
fn spikes_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |text: &str| {
        std::fs::write(folder.path().join("Spikes.txt"), text).expect("a file");
        build("spikes(file=\"Spikes.txt\")", folder.path())
    };
    let found = file("# pre neuron\n1e-6\n\n5u # second\n").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.breakpoint(2.5e-6).map(|time| (time * 1e9).round()), Some(4950.0));
    for (text, part) in [("", "no times"), ("1u\nfoo\n", "line 2: `foo`"), ("2u\n1u\n", "line 2"), ("-1u\n", "line 1")]
    {
        let error = file(text).err().unwrap_or_else(|| panic!("no error: {text}"));
        assert!(error.message.contains(part), "{text}: {error}");
    }
}

#[test]
fn jitter_has_its_deviation_and_its_limit() {
    let source = |seed: i32| format!("spikes(rate=10k count=4000 start=1m jitter=0.05 seed={seed})");
    let times = spike_times(&source(1), 1e-7, 1.0);
    let displaced: Vec<f64> = times.iter().zip(0..).map(|(time, k)| (time - 1e-3) * 1e4 - f64::from(k)).collect();
    let count = displaced.len() as f64;
    let mean = displaced.iter().sum::<f64>() / count;
    let deviation = (displaced.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / count).sqrt();
    // Four standard errors; clipping at 3σ lowers the deviation by 0.5 %.
    assert_eq!(times.len(), 4000);
    assert!(mean.abs() < 4.0 * 0.05 / count.sqrt(), "{mean}");
    assert!((deviation / 0.05 - 0.995).abs() < 4.0 / (2.0 * count).sqrt(), "{deviation}");
    assert!(displaced.iter().all(|d| d.abs() <= 0.15 + 1e-9));
    assert_eq!(times, spike_times(&source(1), 1e-7, 1.0));
    assert_ne!(times, spike_times(&source(2), 1e-7, 1.0));
}

#[test]
fn poisson_trains_have_their_rate_and_dead_time() {
    let times = spike_times("spikes(rate=10k count=4000 poisson=1 dead=31u)", 1e-7, 10.0);
    let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let deviation = (gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64).sqrt();
    assert!(gaps.iter().all(|&gap| gap >= 31e-6 * (1.0 - 1e-9)));
    // Beyond the dead time the gaps are exponential, with equal mean and deviation of 69 µs.
    let standard_error = 69e-6 / (gaps.len() as f64).sqrt();
    assert!((mean - 100e-6).abs() < 4.0 * standard_error, "{mean}");
    assert!((deviation - 69e-6).abs() < 6.0 * standard_error, "{deviation}");
}

/// The numbers are part of the deck's meaning: the same on every machine and in every version.
#[test]
fn random_spikes_are_the_same_everywhere() {
    let times = spike_times("spikes(rate=10k count=3 start=100u jitter=0.05 seed=7)", 1e-7, 1.0);
    let rounded: Vec<f64> = times.iter().map(|time| (time * 1e12).round()).collect();
    assert_eq!(rounded, [96_123_140.0, 193_082_891.0, 304_448_565.0]);
}

#[test]
fn pattern_of_bits() {
    // Edges of 2 (up) and 1 (down) around the multiples of 10, from 5 on.
    let source = "pat(3 1 5 2 1 10 b0110)";
    let wanted = [
        (0.0, 1.0),
        (14.0, 1.0),
        (14.5, 1.5),
        (15.0, 2.0),
        (16.0, 3.0),
        (34.5, 3.0),
        (35.25, 1.5),
        (36.0, 1.0),
        (99.0, 1.0),
    ];
    assert_values(source, &wanted);
    assert_eq!(corners(source, 99.0), [14.0, 16.0, 34.5, 35.5]);
    // Once more, and for ever; the last bit meets the first one.
    assert_values(
        "pat(1 0 0 2 2 10 b10 r=1)",
        &[(5.0, 1.0), (10.0, 0.5), (15.0, 0.0), (20.0, 0.5), (25.0, 1.0), (35.0, 0.0), (45.0, 0.0)],
    );
    assert_values("pat 1 0 0 2 2 10 b10 r=-1", &[(1000.0, 0.5), (1005.0, 1.0), (1015.0, 0.0)]);
    assert_eq!(corners("pat(1 0 0 2 2 10 b10 -1)", 30.5), [9.0, 11.0, 19.0, 21.0, 29.0]);
    assert!(corners("pat(1 0 0 2 2 10 b11 -1)", 99.0).is_empty());
    for wrong in ["pat(1 0 0 2 2 10 1010)", "pat(1 0 0 2 2 10 b12)", "pat(1 0 0 0 2 10 b10)", "pat(1 0 0 2 2 10)"] {
        assert!(build(wrong, Path::new(".")).is_err(), "{wrong}");
    }
}
