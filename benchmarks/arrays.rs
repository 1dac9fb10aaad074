//! Solvers of arrays: reduction, factorisation and relaxation of square arrays and of a whole layer of 784 × 1024.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ferrospice::arrays::cells::CellLaw;
use ferrospice::arrays::laws::{LinearLaw, PowerLaw, PowerShape, SquareLaw};
use ferrospice::arrays::{ArraySolver, Crossbar, Drive, Method, NestedDissection, Options, PortReduction};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Inputs that are solved together.
const INPUTS: usize = 8;

struct Case {
    array: Crossbar,
    conductances: Vec<f64>,
    inputs: Vec<Vec<f64>>,
}

impl Case {
    /// Conductances uniform between two values in S, wires of `wire` Ω per segment; half of the inputs 0, others up to 0.3 V.
    fn new(rows: usize, columns: usize, wire: f64, range: [f64; 2]) -> Case {
        let mut generator = ChaCha8Rng::seed_from_u64(1);
        let mut uniform = || (generator.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        let conductances = (0..rows * columns).map(|_| range[0] + (range[1] - range[0]) * uniform()).collect();
        let inputs = (0..INPUTS).map(|_| (0..rows).map(|_| (0.6 * uniform() - 0.3).max(0.0)).collect()).collect();
        let array = Crossbar { word_segment: wire, bit_segment: wire, ..Crossbar::ideal(rows, columns) };
        Case { array, conductances, inputs }
    }

    fn relax<C: CellLaw>(&self, cells: &C, count: usize) {
        let drives: Vec<Drive> = self.inputs[..count].iter().map(|inputs| Drive::inputs(inputs)).collect();
        let options = Options { method: Method::Relaxation, ..Options::default() };
        let sensed = ArraySolver::new(&self.array, cells, options).and_then(|solver| solver.currents(&drives));
        black_box(sensed.expect("a solution").currents);
    }
}

const FEO: [f64; 2] = [5e-6, 95e-6];

fn sizes() -> impl Iterator<Item = (usize, usize)> {
    [64, 128, 256, 512].into_iter().map(|n| (n, n)).chain([(784, 1024)])
}

fn linear(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("linear arrays");
    group.sample_size(10);
    for (rows, columns) in sizes() {
        let case = Case::new(rows, columns, 1.0, FEO);
        let size = format!("{rows}x{columns}");
        group.bench_function(BenchmarkId::new("port reduction", &size), |bencher| {
            bencher.iter(|| black_box(PortReduction::new(&case.array, &case.conductances).expect("a reduction")));
        });
        let analysis = NestedDissection::new(&case.array).expect("an analysis");
        group.bench_function(BenchmarkId::new("nested dissection, factor and one solution", &size), |bencher| {
            bencher.iter(|| {
                let cells = analysis.factor(&case.conductances).expect("a factor");
                black_box(cells.voltages(&case.inputs[0]).expect("a solution"))
            });
        });
        let cells = LinearLaw { conductances: case.conductances.clone() };
        group.bench_function(BenchmarkId::new("relaxation, one input", &size), |bencher| {
            bencher.iter(|| case.relax(&cells, 1));
        });
    }
    group.finish();
}

fn nonlinear(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("nonlinear arrays");
    group.sample_size(10);
    for (rows, columns) in sizes().chain([(512, 20)]) {
        let case = Case::new(rows, columns, 1.0, FEO);
        let size = format!("{rows}x{columns}");
        let square = SquareLaw { conductances: case.conductances.clone(), slope: 10.0 };
        let power = PowerLaw { conductances: case.conductances.clone(), shape: PowerShape::new(0.004, 2.0, 0.1) };
        for count in [1, INPUTS] {
            group.bench_function(BenchmarkId::new(format!("square law, inputs: {count}"), &size), |bencher| {
                bencher.iter(|| case.relax(&square, count));
            });
            group.bench_function(BenchmarkId::new(format!("FeO's power law, inputs: {count}"), &size), |bencher| {
                bencher.iter(|| case.relax(&power, count));
            });
        }
    }
    group.finish();
}

/// Cells of 100 Ω to 1 kΩ, where most of the voltage falls along the wires.
fn strong_drop(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("strong drop along the wires");
    group.sample_size(10);
    for wire in [1.0, 10.0] {
        let case = Case::new(784, 1024, wire, [1e-3, 1e-2]);
        let cells = SquareLaw { conductances: case.conductances.clone(), slope: 10.0 };
        group.bench_function(BenchmarkId::new("square law, 8 inputs", format!("{wire} Ω")), |bencher| {
            bencher.iter(|| case.relax(&cells, INPUTS));
        });
    }
    group.finish();
}

criterion_group!(benches, linear, nonlinear, strong_drop);
criterion_main!(benches);
