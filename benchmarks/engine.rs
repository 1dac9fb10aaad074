//! Whole analyses inside the process: parsing and elaboration, an operating point, transients.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ferrospice::analysis::{self, Output, PlotKind, Point};
use ferrospice::circuit::{Circuit, Overrides, elaborate};
use ferrospice::mna::{Statistics, System};
use ferrospice::netlist::Deck;

/// Takes points and forgets them.
struct Nothing;

impl Output for Nothing {
    fn begin(&mut self, _kind: &PlotKind, _system: &System) {}

    fn point(&mut self, point: &Point) -> bool {
        black_box(point.axis);
        true
    }

    fn end(&mut self, _statistics: &Statistics) {}
}

fn circuit(text: &str) -> Arc<Circuit> {
    let deck = Deck::from_text("bench.cir", text, Path::new(".")).expect("readable");
    Arc::new(elaborate(&deck, &Overrides::default()).expect("a valid deck"))
}

fn resistive_crossbar(n: usize) -> String {
    let mut text = String::from("crossbar\n");
    for i in 0..n {
        text.push_str(&format!("Vw{i} w{i}_in 0 1\nRd{i} w{i}_in w{i}_0 1\n"));
        for j in 0..n {
            text.push_str(&format!("Rc{i}_{j} w{i}_{j} b{i}_{j} {}\n", 1000 + (i * 7919 + j * 104_729) % 99_000));
            if j + 1 < n {
                text.push_str(&format!("Rw{i}_{j} w{i}_{j} w{i}_{} 1\n", j + 1));
            }
            if i + 1 < n {
                text.push_str(&format!("Rb{i}_{j} b{i}_{j} b{}_{j} 1\n", i + 1));
            }
        }
    }
    for j in 0..n {
        text.push_str(&format!("Rs{j} b{}_{j} 0 1\n", n - 1));
    }
    text + ".op\n.end\n"
}

fn bench(c: &mut Criterion) {
    let crossbar = resistive_crossbar(64);
    c.bench_function("parse and elaborate a 64 x 64 crossbar", |b| b.iter(|| circuit(black_box(&crossbar))));
    let decks = [
        ("operating point of a 64 x 64 crossbar", crossbar.clone()),
        (
            "RC low-pass, 10,000 points",
            "rc\nV1 a 0 SIN(0 1 1k)\nR1 a b 1k\nC1 b 0 1u\n.tran 1u 10m 0 1u\n.end\n".into(),
        ),
        (
            "HP memristor, 10,000 points",
            "hp\nV1 a 0 SIN(0 1 1)\nN1 a 0 m\n.model m linear_ion_drift\n.tran 0.1m 1 0 0.1m\n.end\n".into(),
        ),
        (
            "diode clipper, 10,000 points",
            "clip\nV1 a 0 SIN(0 3 1k)\nR1 a b 1k\nD1 b 0 d\nD2 0 b d\n.model d d\n.tran 1u 10m 0 1u\n.end\n".into(),
        ),
    ];
    for (name, text) in decks {
        let circuit = circuit(&text);
        let analysis = circuit.analyses[0].analysis.clone();
        let run = |circuit: Arc<Circuit>| analysis::run(&circuit, &analysis, &mut Nothing).expect("a solution");
        c.bench_function(name, |b| b.iter_batched(|| circuit.clone(), run, BatchSize::SmallInput));
    }
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = bench }
criterion_main!(benches);
