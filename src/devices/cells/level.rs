//! Monotonic functions of a state, inverted.

/// A place and the value of a function there.
type Point = (f64, f64);

/// A state that is nothing beside this is known to this part of it.
const SMALLEST: f64 = 1e-3;

/// More than bisection takes between the farthest places.
const MOST_ITERATIONS: usize = 200;

/// Where the monotonic function `of` has the value `target`, sought from `start`; where it is flat, the end of the flat part. None
/// if it never has it.
pub fn level(of: &dyn Fn(f64) -> f64, start: f64, target: f64) -> Option<f64> {
    let rises = of(start + 1.0) + of(start + 1e-3) > of(start - 1.0) + of(start - 1e-3);
    let sign = if rises { 1.0 } else { -1.0 };
    let root = |shift: f64| {
        let of = |s: f64| sign * (of(s) - target) + shift;
        Some(crossing(&of, bracket(&of, start)?))
    };
    let is_steep = |s: f64| {
        let near = 1e-9 * s.abs().max(SMALLEST);
        sign * (of(s - near) - target) < 0.0 && sign * (of(s + near) - target) > 0.0
    };
    if let Some(s) = root(0.0).filter(|&s| is_steep(s)) {
        return Some(s);
    }
    // At the bounds of a device rounding must not decide: the supremum of what is below by a margin and the infimum of what is
    // above by it; there is none of them where `of` has bounds.
    let scale = target.abs() + (of(start + 1.0) - of(start - 1.0)).abs();
    let margin = 1e-12 * scale;
    let close = |s: f64| (of(s) - target).abs() <= 1e-9 * scale;
    match (root(margin), root(-margin)) {
        (Some(lower), Some(upper)) => Some(0.5 * (lower + upper)),
        (Some(end), None) | (None, Some(end)) => Some(end).filter(|&end| close(end)),
        (None, None) => None,
    }
}

/// Places below and above `start` where the rising function `of` is negative and positive; none if it is so nowhere.
fn bracket(of: &dyn Fn(f64) -> f64, start: f64) -> Option<[Point; 2]> {
    let reach = |direction: f64| {
        let places = (0..24).map(|k| start + direction * SMALLEST * f64::from(1 << k));
        places.map(|s| (s, of(s))).find(|(_, value)| direction * value > 0.0)
    };
    Some([reach(-1.0)?, reach(1.0)?])
}

/// Where `of` changes its sign between two places.
///
/// T. R. Chandrupatla, Adv. Eng. Software 28 (1997): inverse quadratic interpolation where it can be trusted, else bisection.
fn crossing(of: &dyn Fn(f64) -> f64, [mut b, mut a]: [Point; 2]) -> f64 {
    let mut part = 0.5;
    for _ in 0..MOST_ITERATIONS {
        let s = a.0 + part * (b.0 - a.0);
        let new = (s, of(s));
        let mut c = a;
        if (new.1 > 0.0) != (a.1 > 0.0) {
            (c, b) = (b, a);
        }
        a = new;
        let best = if a.1.abs() < b.1.abs() { a } else { b };
        let width = 2.0 * f64::EPSILON * best.0.abs().max(SMALLEST) / (b.0 - a.0).abs();
        if best.1 == 0.0 || width > 0.5 || width.is_nan() {
            return best.0;
        }
        let (xi, phi) = ((a.0 - b.0) / (c.0 - b.0), (a.1 - b.1) / (c.1 - b.1));
        part = if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
            a.1 / (b.1 - a.1) * c.1 / (b.1 - c.1) + (c.0 - a.0) / (b.0 - a.0) * a.1 / (c.1 - a.1) * b.1 / (c.1 - b.1)
        } else {
            0.5
        };
        part = part.clamp(width, 1.0 - width);
    }
    a.0
}
