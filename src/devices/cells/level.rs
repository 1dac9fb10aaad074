//! Monotonic functions of a state, inverted.

/// Where the monotonic function `of` has the value `target`, sought from `start`; where it is flat, the end of the flat part. None
/// if it never has it.
pub fn level(of: &dyn Fn(f64) -> f64, start: f64, target: f64) -> Option<f64> {
    let rises = of(start + 1.0) + of(start + 1e-3) > of(start - 1.0) + of(start - 1e-3);
    let sign = if rises { 1.0 } else { -1.0 };
    // At the bounds of a device rounding must not decide.
    let margin = 1e-12 * target.abs();
    let below = |s: f64| sign * (of(s) - target) < -margin;
    let above = |s: f64| sign * (of(s) - target) > margin;
    // The supremum of what is below and the infimum of what is above; one of them may be infinite where `of` has bounds.
    let lower = edge(&|s| below(s), start, 1.0);
    let upper = edge(&|s| above(s), start, -1.0);
    let close = |s: f64| (of(s) - target).abs() <= 1e-9 * (target.abs() + (of(start + 1.0) - of(start - 1.0)).abs());
    match (lower, upper) {
        (Some(lower), Some(upper)) => Some(0.5 * (lower + upper)),
        (Some(end), None) | (None, Some(end)) => Some(end).filter(|&end| close(end)),
        (None, None) => None,
    }
}

/// The end, in the direction of `sign`, of the half-line on which `holds`; none if that is nowhere or everywhere.
fn edge(holds: &dyn Fn(f64) -> bool, start: f64, sign: f64) -> Option<f64> {
    const FARTHEST: f64 = 1e4;
    let search = |wanted: bool, direction: f64| {
        let mut distance = 1e-3;
        while distance <= FARTHEST {
            let s = start + direction * distance;
            if holds(s) == wanted {
                return Some(s);
            }
            distance *= 2.0;
        }
        None
    };
    let (mut inside, mut outside) =
        if holds(start) { (start, search(false, sign)?) } else { (search(true, -sign)?, start) };
    for _ in 0..100 {
        let middle = 0.5 * (inside + outside);
        if holds(middle) { inside = middle } else { outside = middle }
    }
    Some(0.5 * (inside + outside))
}
