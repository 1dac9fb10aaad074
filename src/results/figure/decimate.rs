//! Fewer points with the same picture.

use super::canvas::Position;

/// Points for a line through `points`, of which there may be millions: per pixel column the first, lowest, highest and
/// last if the line only goes right, else all that lie half a pixel apart, without what was drawn before (cycles of a loop).
///
/// The result is the pieces of the line.
pub fn decimate(points: &[Position]) -> Vec<Vec<Position>> {
    const ENOUGH: usize = 2000;
    if points.len() <= ENOUGH {
        return vec![points.to_vec()];
    }
    if points.windows(2).all(|pair| pair[1].0 >= pair[0].0) {
        vec![by_column(points)]
    } else {
        without_repeats(&by_distance(points))
    }
}

fn by_column(points: &[Position]) -> Vec<Position> {
    let mut kept = Vec::new();
    // Two columns per nominal pixel, since figures are drawn finer than that.
    for column in points.chunk_by(|a, b| (a.0 * 2.0).floor() == (b.0 * 2.0).floor()) {
        let by_height = |a: &usize, b: &usize| column[*a].1.total_cmp(&column[*b].1);
        let lowest = (0..column.len()).min_by(by_height).unwrap_or(0);
        let highest = (0..column.len()).max_by(by_height).unwrap_or(0);
        let mut indices = [0, lowest.min(highest), lowest.max(highest), column.len() - 1].to_vec();
        indices.dedup();
        kept.extend(indices.into_iter().map(|index| column[index]));
    }
    kept
}

fn by_distance(points: &[Position]) -> Vec<Position> {
    let mut kept: Vec<Position> = Vec::new();
    for &point in points {
        let near = |last: &Position| (last.0 - point.0).hypot(last.1 - point.1) < 0.5;
        if !kept.last().is_some_and(near) {
            kept.push(point);
        }
    }
    kept.extend(points.last());
    kept
}

/// The pieces of a line that were not drawn yet, to within half a pixel.
fn without_repeats(points: &[Position]) -> Vec<Vec<Position>> {
    let cell = |point: Position| ((point.0 * 2.0).round() as i32, (point.1 * 2.0).round() as i32);
    let mut drawn = rustc_hash::FxHashSet::default();
    let mut pieces: Vec<Vec<Position>> = Vec::new();
    let mut goes_on = false;
    for pair in points.windows(2) {
        let (from, to) = (cell(pair[0]), cell(pair[1]));
        let is_new = drawn.insert((from.min(to), from.max(to)));
        match pieces.last_mut() {
            Some(piece) if is_new && goes_on => piece.push(pair[1]),
            _ if is_new => pieces.push(pair.to_vec()),
            _ => {}
        }
        goes_on = is_new;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_drawn_once() {
        let angle = |index: i32| std::f64::consts::TAU * f64::from(index % 1000) / 1000.0;
        let point = |index| (300.0 + 200.0 * angle(index).cos(), 300.0 + 200.0 * angle(index).sin());
        let points: Vec<Position> = (0..100_000).map(point).collect();
        assert!(decimate(&points).concat().len() <= 2200);
    }

    #[test]
    fn peaks_survive() {
        let mut points: Vec<Position> = (0..1_000_000).map(|index| (f64::from(index) * 5e-4, 1.0)).collect();
        points[543_210].1 = 77.0;
        let kept = decimate(&points).concat();
        assert!(kept.len() < 5000 && kept.iter().any(|point| point.1 == 77.0));
        assert_eq!((kept[0], kept[kept.len() - 1]), (points[0], points[999_999]));
    }
}
