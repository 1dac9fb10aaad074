//! Sparse LU on circuit-like matrices, compared with dense solutions and with residuals.

use faer::linalg::solvers::Solve;
use faer::{Mat, c64};
use ferrospice::numerics::sparse::{
    Factor, Field, Kind, Pattern, PivotOptions, Refactored, SingularCause, Symbolic, Workspace,
};
use proptest::prelude::*;

/// A matrix under construction: entries may repeat and then add up.
#[derive(Clone, Debug, Default)]
struct Stamps {
    n: usize,
    entries: Vec<(u32, u32)>,
    values: Vec<f64>,
}

impl Stamps {
    fn new(n: usize) -> Self {
        Stamps { n, ..Default::default() }
    }

    fn add(&mut self, row: usize, column: usize, value: f64) {
        self.entries.push((row as u32, column as u32));
        self.values.push(value);
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

/// Deterministic numbers in [0, 1): 64-bit linear congruences.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() * limit as f64) as usize
    }

    fn vector(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.next() - 0.5).collect()
    }
}

/// Nodes with random resistors over six decades, controlled sources and voltage sources; zero diagonals in the
/// branch rows.
fn circuit(nodes: usize, sources: usize, seed: u64) -> Stamps {
    let mut random = Random(seed);
    let mut stamps = Stamps::new(nodes + sources);
    for node in 0..nodes {
        stamps.add(node, node, 1e-9);
        let conductance = 10f64.powf(-6.0 * random.next());
        stamps.conductance(node, (node + 1) % nodes, conductance);
        let other = random.below(nodes);
        if other != node {
            stamps.conductance(node, other, 10f64.powf(-6.0 * random.next()));
        }
        if node % 5 == 0 {
            stamps.add(node, random.below(nodes), 0.02 * random.next());
        }
    }
    for source in 0..sources {
        stamps.voltage_source(nodes + source, source * (nodes / sources));
    }
    stamps
}

/// Laplacian of a grid, grounded everywhere by a small conductance: symmetric positive definite.
fn grid(side: usize) -> Stamps {
    let mut stamps = Stamps::new(side * side);
    for row in 0..side {
        for column in 0..side {
            let node = row * side + column;
            stamps.add(node, node, 1e-3);
            if column + 1 < side {
                stamps.conductance(node, node + 1, 1.0 + (node % 7) as f64);
            }
            if row + 1 < side {
                stamps.conductance(node, node + side, 1.0 + (node % 3) as f64);
            }
        }
    }
    stamps
}

fn factor<T: Field>(pattern: &Pattern, values: &[T]) -> Factor<T> {
    let symbolic = Symbolic::analyze(pattern, None).unwrap();
    Factor::new(&symbolic, values, &PivotOptions::default()).unwrap()
}

/// Largest |b − A x| relative to |A| |x| + |b|.
fn backward_error<T: Field>(pattern: &Pattern, values: &[T], x: &[T], right: &[T]) -> f64 {
    let mut residual = right.to_vec();
    pattern.multiply_accumulate(-T::ONE, values, x, &mut residual);
    let mut bound: Vec<f64> = right.iter().map(|value| value.magnitude()).collect();
    let magnitudes: Vec<f64> = values.iter().map(|value| value.magnitude()).collect();
    let solution: Vec<f64> = x.iter().map(|value| value.magnitude()).collect();
    pattern.multiply_accumulate(1.0, &magnitudes, &solution, &mut bound);
    residual.iter().zip(&bound).fold(0.0, |worst, (value, bound)| {
        let error = if *bound > 0.0 { value.magnitude() / bound } else { value.magnitude() };
        if error.is_nan() { f64::INFINITY } else { f64::max(worst, error) }
    })
}

fn transpose(pattern: &Pattern, values: &[f64]) -> (Pattern, Vec<f64>) {
    let mut stamps = Stamps::new(pattern.n);
    for column in 0..pattern.n {
        for slot in pattern.column(column) {
            stamps.add(column, pattern.rows[slot] as usize, values[slot]);
        }
    }
    stamps.finish()
}

#[test]
fn circuits_are_solved_to_rounding() {
    for seed in 0..20 {
        let (nodes, sources) = (20 + 40 * seed as usize, 1 + seed as usize);
        let (pattern, values) = circuit(nodes, sources, seed).finish();
        let symbolic = Symbolic::analyze(&pattern, Some(&values)).unwrap();
        let factor = Factor::new(&symbolic, &values, &PivotOptions::default()).unwrap();
        let right = Random(seed + 99).vector(pattern.n);
        let (mut x, mut work) = (right.clone(), Workspace::new());
        let report = factor.solve_refined(&values, &mut x, &mut work);
        let error = backward_error(&pattern, &values, &x, &right);
        assert!(error < 1e-14, "seed {seed}: {error:e}, before refinement {report:?}");
    }
}

#[test]
fn transposed_systems_are_solved() {
    for seed in 0..10 {
        let (pattern, values) = circuit(30 + 50 * seed as usize, 3, seed).finish();
        let factor = factor(&pattern, &values);
        let right = Random(seed).vector(pattern.n);
        let (mut y, mut work) = (right.clone(), Workspace::new());
        factor.solve_transposed(&mut y, &mut work);
        let (transposed, transposed_values) = transpose(&pattern, &values);
        let error = backward_error(&transposed, &transposed_values, &y, &right);
        assert!(error < 1e-10, "seed {seed}: {error:e}");
    }
}

#[test]
fn complex_systems_are_solved_both_ways() {
    let (pattern, real) = circuit(200, 4, 5).finish();
    let mut random = Random(17);
    let values: Vec<c64> = real.iter().map(|&value| c64::new(value, value.abs() * random.next())).collect();
    let symbolic = Symbolic::analyze(&pattern, Some(&real)).unwrap();
    let mut factor = Factor::new(&symbolic, &values, &PivotOptions::default()).unwrap();
    let right: Vec<c64> = (0..pattern.n).map(|_| c64::new(random.next(), random.next())).collect();
    let mut work = Workspace::new();
    for scale in [1.0, 1.5] {
        let values: Vec<c64> = values.iter().map(|value| c64::new(value.re, value.im * scale)).collect();
        assert_eq!(factor.update(&values), Ok(Kind::Refactored));
        let mut x = right.clone();
        factor.solve_refined(&values, &mut x, &mut work);
        assert!(backward_error(&pattern, &values, &x, &right) < 1e-14);
        let mut y = right.clone();
        factor.solve_transposed(&mut y, &mut work);
        let mut product = right.clone();
        pattern.multiply_transposed_accumulate(-c64::ONE, &values, &y, &mut product);
        let size = y.iter().fold(1.0, |size, value| f64::max(size, value.magnitude()));
        assert!(product.iter().all(|value| value.magnitude() < 1e-10 * size));
    }
}

#[test]
fn refactor_equals_a_fresh_factorisation() {
    for nodes in [8, 60, 3000] {
        let (pattern, mut values) = circuit(nodes, 2, 3).finish();
        let mut kept = factor(&pattern, &values);
        let mut random = Random(4);
        for value in &mut values {
            *value *= 1.0 + 0.2 * random.next();
        }
        assert_eq!(kept.refactor(&values), Refactored::Healthy);
        assert_eq!((kept.factorizations(), kept.refactorizations()), (1, 1));
        let fresh = factor(&pattern, &values);
        let right = random.vector(pattern.n);
        let (mut a, mut b, mut work) = (right.clone(), right, Workspace::new());
        kept.solve_refined(&values, &mut a, &mut work);
        fresh.solve_refined(&values, &mut b, &mut work);
        let size = b.iter().fold(0.0, |size, value| f64::max(size, value.abs()));
        let worst = a.iter().zip(&b).fold(0.0, |worst, (a, b)| f64::max(worst, (a - b).abs()));
        assert!(worst <= 1e-9 * size, "{nodes} nodes: {worst:e} of {size:e}");
    }
}

#[test]
fn refactoring_the_same_values_reproduces_the_solution() {
    // Large enough for the general loops and small enough for the list of operations, respectively.
    for nodes in [10, 4000] {
        let (pattern, values) = circuit(nodes, 2, 8).finish();
        let mut factor = factor(&pattern, &values);
        let right = Random(1).vector(pattern.n);
        let mut work = Workspace::new();
        let mut first = right.clone();
        factor.solve(&mut first, &mut work);
        assert_eq!(factor.refactor(&values), Refactored::Healthy);
        let mut second = right.clone();
        factor.solve(&mut second, &mut work);
        let size = first.iter().fold(0.0, |size, value| f64::max(size, value.abs()));
        assert!(first.iter().zip(&second).all(|(a, b)| (a - b).abs() <= 1e-8 * size));
        assert!(backward_error(&pattern, &values, &second, &right) < 1e-9);
    }
}

#[test]
fn structural_deficiency_names_the_unknowns() {
    // Unknown 2 occurs in no equation, equation 4 holds no unknown.
    let mut stamps = Stamps::new(5);
    for k in [0, 1, 3] {
        stamps.add(k, k, 1.0);
    }
    stamps.add(2, 3, 1.0);
    stamps.add(0, 4, 1.0);
    stamps.add(2, 4, 1.0);
    let (pattern, _) = stamps.finish();
    let error = Symbolic::analyze(&pattern, None).unwrap_err();
    assert_eq!((error.rows, error.columns), (vec![4], vec![2]));
}

#[test]
fn two_voltage_sources_in_parallel_are_singular() {
    // The pattern is regular thanks to the conductance's diagonal, the values are not.
    let mut stamps = Stamps::new(3);
    stamps.add(0, 0, 1e-3);
    stamps.voltage_source(1, 0);
    stamps.voltage_source(2, 0);
    let (pattern, _) = stamps.finish();
    assert!(Symbolic::analyze(&pattern, None).is_err());

    let mut stamps = Stamps::new(2);
    stamps.conductance(0, 1, 0.5);
    let (pattern, values) = stamps.finish();
    let symbolic = Symbolic::analyze(&pattern, Some(&values)).unwrap();
    let error = Factor::new(&symbolic, &values, &PivotOptions::default()).err().unwrap();
    assert_eq!(error.cause, SingularCause::NoPivot);
    assert!(error.unknown < 2);
}

#[test]
fn pivots_below_the_absolute_threshold_are_singular() {
    let (pattern, _) = Pattern::from_entries(2, &[(0, 0), (1, 1)]);
    let symbolic = Symbolic::analyze(&pattern, None).unwrap();
    let options = PivotOptions { absolute: 1e-13, ..Default::default() };
    let error = Factor::new(&symbolic, &[1.0, 1e-14], &options).err().unwrap();
    assert_eq!((error.unknown, error.cause), (1, SingularCause::NoPivot));
    let mut factor = Factor::new(&symbolic, &[1.0, 1.0], &options).unwrap();
    assert_eq!(factor.update(&[1e-14, 1.0]).unwrap_err().unknown, 0);
    assert_eq!(factor.update(&[1.0, 1.0]), Ok(Kind::Refactored), "recovers");
}

#[test]
fn numbers_that_are_not_finite_name_their_place() {
    for nodes in [6, 400] {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let (pattern, values) = circuit(nodes, 1, 2).finish();
            let mut healthy = factor(&pattern, &values);
            for slot in (0..pattern.nnz()).step_by(3) {
                let mut broken = values.clone();
                broken[slot] = bad;
                let symbolic = Symbolic::analyze(&pattern, Some(&broken)).unwrap();
                let error = Factor::new(&symbolic, &broken, &PivotOptions::default()).err().unwrap();
                assert_eq!(error.cause, SingularCause::NotFinite);
                assert!(pattern.column(error.unknown).contains(&slot));
                assert_eq!(error.equation, pattern.rows[slot] as usize);
                assert_eq!(healthy.refactor(&broken), Refactored::Unhealthy, "slot {slot}");
                assert_eq!(healthy.update(&broken), Err(error));
            }
            assert!(healthy.update(&values).is_ok(), "recovers");
        }
    }
}

#[test]
fn permuted_matrix_is_block_upper_triangular() {
    for seed in 0..10 {
        // Sparse enough to fall into many blocks.
        let mut random = Random(seed);
        let mut stamps = Stamps::new(100);
        for k in 0..100 {
            stamps.add((k * 37 + 11) % 100, k, 1.0);
            stamps.add(random.below(100), k, 1.0);
        }
        let (pattern, _) = stamps.finish();
        let symbolic = Symbolic::analyze(&pattern, None).unwrap();
        let mut row_position = vec![usize::MAX; 100];
        for (position, &row) in symbolic.row_order().iter().enumerate() {
            row_position[row as usize] = position;
        }
        let blocks: Vec<_> = symbolic.blocks().collect();
        assert!(blocks.len() > 1, "the test needs several blocks");
        assert_eq!((blocks[0].start, blocks[blocks.len() - 1].end), (0, 100));
        assert!(blocks.windows(2).all(|pair| pair[0].end == pair[1].start));
        for block in blocks {
            for position in block.clone() {
                let column = symbolic.column_order()[position] as usize;
                let rows = &pattern.rows[pattern.column(column)];
                assert!(rows.iter().all(|&row| row_position[row as usize] < block.end));
                assert!(rows.contains(&symbolic.row_order()[position]), "no structural zero on the diagonal");
            }
        }
    }
}

#[test]
fn cholesky_and_lu_agree_on_grids() {
    let (pattern, values) = grid(180).finish();
    let symbolic = Symbolic::analyze(&pattern, Some(&values)).unwrap();
    assert_eq!(symbolic.cholesky_candidates(), 1);
    let mut factor = Factor::new(&symbolic, &values, &PivotOptions::default()).unwrap();
    assert_eq!(factor.cholesky_block_count(), 1);
    // One unsymmetric stamp, as of a transistor, makes the block one for LU.
    let mut unsymmetric = values.clone();
    unsymmetric[pattern.slot(1, 0).unwrap()] -= 1e-6;
    let general = Factor::new(&symbolic, &unsymmetric, &PivotOptions::default()).unwrap();
    assert_eq!(general.cholesky_block_count(), 0);

    let right = Random(3).vector(pattern.n);
    let mut work = Workspace::new();
    let (mut by_cholesky, mut by_lu) = (right.clone(), right.clone());
    factor.solve(&mut by_cholesky, &mut work);
    general.solve(&mut by_lu, &mut work);
    assert!(backward_error(&pattern, &values, &by_cholesky, &right) < 1e-13);
    assert!(backward_error(&pattern, &unsymmetric, &by_lu, &right) < 1e-13);
    let size = by_lu.iter().fold(0.0, |size, value| f64::max(size, value.abs()));
    assert!(by_cholesky.iter().zip(&by_lu).all(|(a, b)| (a - b).abs() < 1e-4 * size));

    // Indefinite or unsymmetric new values: falls back to LU, and to Cholesky again at the next fresh factor.
    assert_eq!(factor.update(&unsymmetric), Ok(Kind::Factored));
    assert_eq!(factor.cholesky_block_count(), 0);
    let mut indefinite = values.clone();
    indefinite[pattern.slot(5, 5).unwrap()] = -3.0;
    let mut x = right.clone();
    let factor = Factor::new(&symbolic, &indefinite, &PivotOptions::default()).unwrap();
    assert_eq!(factor.cholesky_block_count(), 0);
    factor.solve_refined(&indefinite, &mut x, &mut work);
    assert!(backward_error(&pattern, &indefinite, &x, &right) < 1e-13);
}

#[test]
fn cholesky_block_below_voltage_sources_solves_both_ways() {
    let side = 180;
    let mut stamps = grid(side);
    stamps.n += side;
    for line in 0..side {
        stamps.voltage_source(side * side + line, line * side);
    }
    let (pattern, mut values) = stamps.finish();
    let symbolic = Symbolic::analyze(&pattern, Some(&values)).unwrap();
    let mut factor = Factor::new(&symbolic, &values, &PivotOptions::default()).unwrap();
    assert_eq!(factor.cholesky_block_count(), 1);
    let right = Random(3).vector(pattern.n);
    let mut work = Workspace::new();
    for step in 0..3 {
        let mut x = right.clone();
        factor.solve(&mut x, &mut work);
        assert!(backward_error(&pattern, &values, &x, &right) < 1e-12);
        let mut y = right.clone();
        factor.solve_transposed(&mut y, &mut work);
        let (transposed, transposed_values) = transpose(&pattern, &values);
        assert!(backward_error(&transposed, &transposed_values, &y, &right) < 1e-12);
        let slot = pattern.slot(2 * side + 2, 2 * side + 2).unwrap();
        values[slot] += f64::from(step + 1);
        assert_eq!(factor.update(&values), Ok(Kind::Refactored));
    }
    let smallest = factor.smallest_pivot().unwrap();
    assert!(smallest.relative > 0.0 && smallest.relative <= 1.0, "{smallest:?}");
}

#[test]
fn permuted_identity_is_solved_to_the_last_bits() {
    for n in [0usize, 1, 2, 7, 1000] {
        let target = |k: usize| (k * 3 + 1) % n;
        let entries: Vec<(u32, u32)> = (0..n).map(|k| (target(k) as u32, k as u32)).collect();
        let (pattern, slots) = Pattern::from_entries(n, &entries);
        let mut values = vec![0.0; n];
        slots.iter().enumerate().for_each(|(k, &slot)| values[slot as usize] = (k + 1) as f64);
        let mut factor = factor(&pattern, &values);
        assert_eq!(factor.update(&values), Ok(Kind::Refactored));
        let mut right: Vec<f64> = vec![0.0; n];
        (0..n).for_each(|k| right[target(k)] = 2.0 * (k + 1) as f64);
        let mut work = Workspace::new();
        let mut y: Vec<f64> = (0..n).map(|k| (k + 1) as f64).collect();
        factor.solve(&mut right, &mut work);
        factor.solve_transposed(&mut y, &mut work);
        assert!(right.iter().chain(&y).all(|&x| (x - 2.0).abs() < 1e-15 || (x - 1.0).abs() < 1e-15), "n = {n}");
        assert_eq!(factor.smallest_pivot().is_none(), n == 0);
    }
}

#[test]
fn degraded_pivots_are_replaced() {
    for nodes in [2usize, 3000] {
        // A chain whose diagonal pivots are fine at first; then one of them nearly vanishes.
        let mut stamps = Stamps::new(nodes);
        for k in 0..nodes {
            stamps.add(k, k, 4.0);
            if k + 1 < nodes {
                stamps.add(k, k + 1, 1.0);
                stamps.add(k + 1, k, -1.0);
            }
        }
        let (pattern, mut values) = stamps.finish();
        let mut factor = factor(&pattern, &values);
        for k in 0..nodes {
            values[pattern.slot(k, k).unwrap()] = 1e-14;
        }
        assert_eq!(factor.refactor(&values), Refactored::Unhealthy);
        assert_eq!(factor.update(&values), Ok(Kind::Factored));
        assert_eq!((factor.factorizations(), factor.refactorizations()), (2, 2));
        let right = Random(6).vector(nodes);
        let (mut x, mut work) = (right.clone(), Workspace::new());
        factor.solve(&mut x, &mut work);
        assert!(backward_error(&pattern, &values, &x, &right) < 1e-12);
        assert_eq!(factor.update(&values), Ok(Kind::Refactored), "the new pivots suit");
    }
}

#[test]
fn smallest_pivot_names_the_weak_unknown() {
    let mut stamps = Stamps::new(4);
    for k in 0..3 {
        stamps.conductance(k, k + 1, 1.0);
    }
    stamps.add(0, 0, 1.0);
    let (pattern, mut values) = stamps.finish();
    let healthy = factor(&pattern, &values).smallest_pivot().unwrap();
    assert!(healthy.relative > 0.1, "{healthy:?}");
    // Without its path to ground the last pivot is only what is left of gmin.
    values[0] = 1.0 + 1e-9;
    let weak = factor(&pattern, &values).smallest_pivot().unwrap();
    assert!(weak.relative < 1e-8 && weak.relative > 1e-11, "{weak:?}");
}

#[test]
fn user_order_is_obeyed_within_blocks() {
    let (pattern, values) = grid(12).finish();
    let order: Vec<u32> = (0..144).map(|k| (k * 5) % 144).collect();
    let symbolic = Symbolic::analyze_with_order(&pattern, &order).unwrap();
    assert_eq!(symbolic.column_order(), order);
    let factor = Factor::new(&symbolic, &values, &PivotOptions::default()).unwrap();
    let right = Random(3).vector(144);
    let (mut x, mut work) = (right.clone(), Workspace::new());
    factor.solve(&mut x, &mut work);
    assert!(backward_error(&pattern, &values, &x, &right) < 1e-13);
}

#[test]
fn a_partial_order_is_obeyed_where_it_covers_most_of_a_block() {
    let (pattern, values) = grid(12).finish();
    let first: Vec<u32> = (0..100).map(|k| (k * 7) % 100).collect();
    let symbolic = Symbolic::analyze_with_partial_order(&pattern, Some(&values), &first).unwrap();
    assert_eq!(symbolic.column_order()[..100], first);
    let mut all = symbolic.column_order().to_vec();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..144));
    let factor = Factor::new(&symbolic, &values, &PivotOptions::default()).unwrap();
    let right = Random(3).vector(144);
    let (mut x, mut work) = (right.clone(), Workspace::new());
    factor.solve(&mut x, &mut work);
    assert!(backward_error(&pattern, &values, &x, &right) < 1e-13);
    // A few unknowns, or one that is not there, leave the block to minimum degree.
    let few = Symbolic::analyze_with_partial_order(&pattern, Some(&values), &[3, 1, 500]).unwrap();
    assert_eq!(few.column_order(), Symbolic::analyze(&pattern, Some(&values)).unwrap().column_order());
}

/// A sparse matrix with a random permutation's entries, so that it is structurally regular, and more at random.
fn matrices() -> impl Strategy<Value = (Stamps, Vec<f64>)> {
    (1usize..25).prop_flat_map(|n| {
        let permutation = Just((0..n).collect::<Vec<usize>>()).prop_shuffle();
        let diagonal = prop::collection::vec(0.5f64..2.0, n);
        let rest = prop::collection::vec((0..n, 0..n, -1.0f64..1.0), 0..3 * n);
        let right = prop::collection::vec(-1.0f64..1.0, n);
        (permutation, diagonal, rest, right).prop_map(move |(permutation, diagonal, rest, right)| {
            let mut stamps = Stamps::new(n);
            for (column, (&row, &value)) in permutation.iter().zip(&diagonal).enumerate() {
                stamps.add(row, column, value);
            }
            rest.into_iter().for_each(|(row, column, value)| stamps.add(row, column, value));
            (stamps, right)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lu_matches_dense_solutions((stamps, right) in matrices(), scale in -8i32..8) {
        let (pattern, mut values) = stamps.finish();
        // Badly scaled rows must not matter.
        for (slot, value) in values.iter_mut().enumerate() {
            *value *= 10f64.powi(scale * (pattern.rows[slot] % 3) as i32);
        }
        let mut dense = Mat::<f64>::zeros(pattern.n, pattern.n);
        for column in 0..pattern.n {
            pattern.column(column).for_each(|slot| dense[(pattern.rows[slot] as usize, column)] = values[slot]);
        }
        let symbolic = Symbolic::analyze(&pattern, Some(&values)).unwrap();
        let Ok(mut factor) = Factor::new(&symbolic, &values, &PivotOptions::default()) else {
            let smallest = dense.singular_values().unwrap().last().copied().unwrap();
            prop_assert!(smallest < 1e-12 * dense.norm_max(), "regular matrix called singular");
            return Ok(());
        };
        let mut work = Workspace::new();
        for round in 0..2 {
            let mut x = right.clone();
            factor.solve_refined(&values, &mut x, &mut work);
            let error = backward_error(&pattern, &values, &x, &right);
            prop_assert!(error < 1e-12, "round {round}: {error:e}");
            let right_column = Mat::from_fn(pattern.n, 1, |row, _| right[row]);
            let reference = dense.full_piv_lu().solve(&right_column);
            let mut columns = dense.clone();
            for row in 0..pattern.n {
                let largest = (0..pattern.n).fold(0.0, |size, column| f64::max(size, dense[(row, column)].abs()));
                (0..pattern.n).for_each(|column| columns[(row, column)] /= largest);
            }
            let singular = columns.singular_values().unwrap();
            let condition = singular[0] / singular[pattern.n - 1];
            let size = (0..pattern.n).fold(0.0, |size, row| f64::max(size, reference[(row, 0)].abs()));
            for row in 0..pattern.n {
                let difference = (x[row] - reference[(row, 0)]).abs();
                prop_assert!(difference <= 1e-12 * condition.max(10.0) * size, "{difference:e} of {size:e}, condition {condition:e}");
            }
            prop_assert!(factor.update(&values).is_ok());
        }
    }

    #[test]
    fn transposed_lu_solves((stamps, right) in matrices()) {
        let (pattern, values) = stamps.finish();
        let symbolic = Symbolic::analyze(&pattern, Some(&values)).unwrap();
        let Ok(factor) = Factor::new(&symbolic, &values, &PivotOptions::default()) else { return Ok(()) };
        let (mut y, mut work) = (right.clone(), Workspace::new());
        factor.solve_transposed(&mut y, &mut work);
        let (transposed, transposed_values) = transpose(&pattern, &values);
        prop_assert!(backward_error(&transposed, &transposed_values, &y, &right) < 1e-9);
    }
}
