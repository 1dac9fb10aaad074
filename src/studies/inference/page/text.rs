//! Numbers as the page shows them.

use super::super::report::Accuracy;
use crate::results::fourier::significant;

/// `88.06 %`
pub fn percent(share: f64) -> String {
    format!("{:.2}\u{a0}%", 100.0 * share)
}

/// `88.06 % (8806 of 10000)`
pub fn accuracy(accuracy: &Accuracy) -> String {
    format!("{} ({} of {})", percent(accuracy.accuracy), accuracy.correct, accuracy.of)
}

/// `87.41 … 88.68 %`
pub fn interval(accuracy: &Accuracy) -> String {
    format!("{:.2} … {:.2} %", 100.0 * accuracy.low, 100.0 * accuracy.high)
}

/// A value with a prefix before its unit: `1.25 mA`.
pub fn quantity(value: f64, unit: &str) -> String {
    const PREFIXES: [&str; 9] = ["f", "p", "n", "µ", "m", "", "k", "M", "G"];
    let exponent = (value.abs().log10() / 3.0 + 1e-12).floor();
    if value == 0.0 || !(-5.0..=3.0).contains(&exponent) {
        return format!("{} {unit}", significant(value, 4));
    }
    let power = exponent as i32;
    format!("{} {}{unit}", significant(value / 10f64.powi(3 * power), 4), PREFIXES[(power + 5) as usize])
}

/// A share that may be tiny: `0.013 %`, `0`.
pub fn share(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        rounding if rounding < 1e-12 => "< 1e-10\u{a0}%".into(),
        _ => format!("{}\u{a0}%", significant(100.0 * value, 3)),
    }
}
