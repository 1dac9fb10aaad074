//! Xyce's measures of a signal that goes on and off: `on_time`, `off_time`, `duty`, `freq`.
//!
//! ```text
//! on_time   time above `on` per cycle             off_time   time below `off` per cycle
//! duty      part of the time in which the signal has risen above `on` and not yet fallen below `off`
//! freq      (times it went above `on` + times it went below `off`)/2, per unit of time
//! ```
//! Between points the signal is a straight line. Source: Xyce Reference Guide, section on `.MEASURE`.

use crate::results::reduction as reduce;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CycleKind {
    OnTime,
    OffTime,
    Duty,
    Frequency,
}

/// The measure of a curve with at least two points; NaN levels are those that are not given.
///
/// # Errors
/// The signal is never on, or never off.
pub fn measure(kind: CycleKind, x: &[f64], y: &[f64], on: f64, off: f64) -> Result<f64, String> {
    let length = x[x.len() - 1] - x[0];
    let above: Vec<f64> = y.iter().map(|y| y - on).collect();
    let below: Vec<f64> = y.iter().map(|y| off - y).collect();
    match kind {
        CycleKind::OnTime => per_cycle(x, &above, "on"),
        CycleKind::OffTime => per_cycle(x, &below, "off"),
        CycleKind::Frequency => {
            // A signal that begins off has not gone off.
            let went_off = entries(&below).saturating_sub(usize::from(below[0] > 0.0));
            Ok(0.5 * (entries(&above) + went_off) as f64 / length)
        }
        CycleKind::Duty => {
            let time = time_on(x, &above, &below);
            if time > 0.0 { Ok(time / length) } else { Err("the signal is never on".into()) }
        }
    }
}

fn per_cycle(x: &[f64], y: &[f64], what: &str) -> Result<f64, String> {
    let cycles = entries(y);
    if cycles == 0 { Err(format!("the signal is never {what}")) } else { Ok(positive_time(x, y) / cycles as f64) }
}

/// How often `y` becomes positive, the beginning included.
fn entries(y: &[f64]) -> usize {
    let begins = usize::from(y[0] > 0.0);
    begins + y.windows(2).filter(|pair| pair[0] <= 0.0 && pair[1] > 0.0).count()
}

/// For how long `y` is positive.
fn positive_time(x: &[f64], y: &[f64]) -> f64 {
    let part = |(x, y): (&[f64], &[f64])| {
        let step = x[1] - x[0];
        match (y[0] > 0.0, y[1] > 0.0) {
            (true, true) => step,
            (false, false) => 0.0,
            (true, false) => step * y[0] / (y[0] - y[1]),
            (false, true) => step * y[1] / (y[1] - y[0]),
        }
    };
    x.windows(2).zip(y.windows(2)).map(part).sum()
}

/// Time from rising through 0 of `above` until rising through 0 of `below`.
fn time_on(x: &[f64], above: &[f64], below: &[f64]) -> f64 {
    let starts = reduce::crossings(x, above).into_iter().filter(|crossing| crossing.rising);
    let begins = (above[0] > 0.0).then_some(x[0]);
    let mut ends: Vec<f64> = reduce::crossings(x, below)
        .iter()
        .filter(|crossing| crossing.rising)
        .map(|crossing| crossing.position)
        .collect();
    ends.push(x[x.len() - 1]);
    let (mut time, mut until) = (0.0, f64::NEG_INFINITY);
    for start in begins.into_iter().chain(starts.map(|crossing| crossing.position)).filter(|start| *start >= x[0]) {
        if start < until {
            continue;
        }
        until = ends.iter().copied().find(|&end| end > start).unwrap_or(start);
        time += until - start;
    }
    time
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A triangle of period 2 between 0 and 1 for three periods.
    fn triangle() -> (Vec<f64>, Vec<f64>) {
        ((0..=6).map(f64::from).collect(), (0..=6).map(|index| f64::from(index % 2)).collect())
    }

    #[test]
    fn a_triangle() {
        let (x, y) = triangle();
        let of = |kind, on, off| measure(kind, &x, &y, on, off).unwrap();
        assert!((of(CycleKind::OnTime, 0.75, f64::NAN) - 0.5).abs() < 1e-12);
        // The first and last quarter are halves of an off-time.
        assert!((of(CycleKind::OffTime, f64::NAN, 0.25) - 1.5 / 4.0).abs() < 1e-12);
        // From 0.75 rising to 0.25 falling: 0.25 + 0.75 of each period of 2.
        assert!((of(CycleKind::Duty, 0.75, 0.25) - 0.5).abs() < 1e-12);
        assert!((of(CycleKind::Frequency, 0.75, 0.25) - 0.5).abs() < 1e-12);
        assert!(measure(CycleKind::OnTime, &x, &y, 2.0, f64::NAN).is_err());
    }
}
