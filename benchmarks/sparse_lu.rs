//! First factorisation, refactorisation and solution of typical circuit matrices.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ferrospice::numerics::sparse::{Factor, Pattern, PivotOptions, Refactored, Symbolic, Workspace};

/// A matrix by its stamps.
#[derive(Default)]
struct Stamps {
    n: usize,
    entries: Vec<(u32, u32)>,
    values: Vec<f64>,
}

impl Stamps {
    fn add(&mut self, row: usize, column: usize, value: f64) {
        self.entries.push((row as u32, column as u32));
        self.values.push(value);
        self.n = self.n.max(row + 1).max(column + 1);
    }

    fn conductance(&mut self, a: usize, b: usize, value: f64) {
        self.add(a, a, value);
        self.add(b, b, value);
        self.add(a, b, -value);
        self.add(b, a, -value);
    }

    fn voltage_source(&mut self, branch: usize, node: usize) {
        self.add(branch, node, 1.0);
        self.add(node, branch, 1.0);
    }

    fn finish(&self) -> (Pattern, Vec<f64>) {
        let (pattern, slots) = Pattern::from_entries(self.n, &self.entries);
        let mut values = vec![0.0; pattern.nnz()];
        for (&slot, &value) in slots.iter().zip(&self.values) {
            values[slot as usize] += value;
        }
        (pattern, values)
    }
}

/// Deterministic numbers in [0, 1).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() * limit as f64) as usize
    }
}

/// Resistors in series, a capacitor at every node, a source in front.
fn ladder(nodes: usize) -> Stamps {
    let mut stamps = Stamps::default();
    for node in 0..nodes {
        stamps.add(node, node, 1e-3);
        if node + 1 < nodes {
            stamps.conductance(node, node + 1, 1.0);
        }
    }
    stamps.voltage_source(nodes, 0);
    stamps
}

/// Square mesh of resistors with a capacitor at every node and one transconductance, which rules Cholesky out.
fn mesh(side: usize) -> Stamps {
    let mut stamps = Stamps::default();
    for node in 0..side * side {
        stamps.add(node, node, 1e-3);
        if node % side + 1 < side {
            stamps.conductance(node, node + 1, 1.0);
        }
        if node + side < side * side {
            stamps.conductance(node, node + side, 1.0);
        }
    }
    stamps.add(1, 0, 1e-4);
    stamps
}

/// Random resistors and transconductances, mostly between close nodes, and two supply rails that reach a tenth of
/// all nodes each.
fn rails(nodes: usize, reach: usize) -> Stamps {
    let mut random = Random(7);
    let mut stamps = Stamps::default();
    for node in 0..nodes {
        stamps.add(node, node, 1e-3);
        for _ in 0..2 {
            let other = (node + 1 + random.below(reach)).min(nodes - 1);
            if other != node {
                stamps.conductance(node, other, random.next());
            }
        }
        if node % 4 == 0 {
            stamps.add(node, random.below(reach).wrapping_add(node).min(nodes - 1), 0.1 * random.next());
        }
        if node % 10 < 2 {
            stamps.conductance(node, nodes + node % 10, 0.5);
        }
    }
    stamps.voltage_source(nodes + 2, nodes);
    stamps.voltage_source(nodes + 3, nodes + 1);
    stamps
}

/// Crossbar with wire resistance; sources drive the word lines, the bit lines end in virtual grounds (sources too).
fn crossbar(side: usize) -> Stamps {
    let mut random = Random(3);
    let mut stamps = Stamps::default();
    let (word, bit) = (|i: usize, j: usize| i * side + j, |i: usize, j: usize| side * side + i * side + j);
    let lines = 2 * side * side;
    for i in 0..side {
        for j in 0..side {
            stamps.conductance(word(i, j), bit(i, j), 1e-5 + 1e-3 * random.next());
            if j + 1 < side {
                stamps.conductance(word(i, j), word(i, j + 1), 1.0);
            }
            if i + 1 < side {
                stamps.conductance(bit(i, j), bit(i + 1, j), 1.0);
            }
        }
        stamps.conductance(word(i, 0), lines + i, 1.0);
        stamps.conductance(bit(side - 1, i), lines + side + i, 1.0);
        stamps.voltage_source(lines + 2 * side + i, lines + i);
        stamps.voltage_source(lines + 3 * side + i, lines + side + i);
    }
    stamps
}

/// Five unknowns: a source, a resistor, a device, a capacitor.
fn tiny() -> Stamps {
    let mut stamps = Stamps::default();
    stamps.conductance(0, 1, 1e-3);
    stamps.conductance(1, 2, 2e-3);
    stamps.conductance(2, 3, 1e-3);
    stamps.add(2, 2, 1e-6);
    stamps.add(3, 3, 1e-4);
    stamps.voltage_source(4, 0);
    stamps
}

fn bench_matrix(criterion: &mut Criterion, name: &str, stamps: &Stamps) {
    let (pattern, values) = stamps.finish();
    let analyze = || Symbolic::analyze(&pattern, Some(&values)).expect("regular pattern");
    let create = |symbolic: &Symbolic| Factor::new(symbolic, &values, &PivotOptions::default()).expect("regular");
    let symbolic = analyze();
    let mut factor = create(&symbolic);
    let mut work = Workspace::new();
    let right: Vec<f64> = (0..pattern.n).map(|k| 1.0 + k as f64).collect();
    let mut x = right.clone();

    let mut group = criterion.benchmark_group(name);
    group.sample_size(10);
    group.bench_function("analyze and factor", |bencher| bencher.iter(|| black_box(create(&analyze()))));
    group.bench_function("refactor", |bencher| {
        bencher.iter(|| assert_eq!(factor.refactor(black_box(&values)), Refactored::Healthy));
    });
    group.bench_function("solve", |bencher| {
        bencher.iter(|| {
            x.copy_from_slice(&right);
            factor.solve(black_box(&mut x), &mut work);
        });
    });
    group.finish();
}

fn sparse_lu(criterion: &mut Criterion) {
    bench_matrix(criterion, "tiny", &tiny());
    bench_matrix(criterion, "ladder 100k", &ladder(100_000));
    bench_matrix(criterion, "mesh 100x100", &mesh(100));
    bench_matrix(criterion, "rails 10k", &rails(10_000, 30));
    bench_matrix(criterion, "rails 100k", &rails(100_000, 300));
    bench_matrix(criterion, "crossbar 64x64", &crossbar(64));
    bench_matrix(criterion, "crossbar 128x128", &crossbar(128));
}

criterion_group!(benches, sparse_lu);
criterion_main!(benches);
