//! Ranges, units and ticks of an axis.

/// An axis with its range and ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub low: f64,
    pub high: f64,
    pub logarithmic: bool,
    /// Position and text.
    pub ticks: Vec<(f64, String)>,
    /// Positions of ticks without text.
    pub minor: Vec<f64>,
    /// Label with unit.
    pub label: String,
}

impl Axis {
    /// An axis for values between `low` and `high`; `margin` is the part of the range left free on either side.
    pub fn new(range: Option<(f64, f64)>, logarithmic: bool, margin: f64, label: &str, unit: &str) -> Axis {
        let (low, high) = range.unwrap_or(if logarithmic { (1.0, 10.0) } else { (0.0, 1.0) });
        if logarithmic {
            Self::logarithmic(low, high, margin, label, unit)
        } else {
            Self::linear(low, high, margin, label, unit)
        }
    }

    fn linear(low: f64, high: f64, margin: f64, label: &str, unit: &str) -> Axis {
        let (low, high) = widened(low, high, margin);
        let (exponent, prefix) = scaling(low.abs().max(high.abs()), unit);
        let factor = 10f64.powi(exponent);
        let step = nice_step((high - low) / factor / 8.0);
        let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
        let first = (low / factor / step - 1e-6).ceil() as i64;
        let last = (high / factor / step + 1e-6).floor() as i64;
        let tick = |index: i64| {
            let value = index as f64 * step;
            (value * factor, minus(&format!("{value:.decimals$}")))
        };
        let ticks = (first..=last.min(first.saturating_add(30))).map(tick).collect();
        let label = if prefix.is_empty() { label.to_string() } else { format!("{label} ({prefix})") };
        Axis { low, high, logarithmic: false, ticks, minor: Vec::new(), label }
    }

    fn logarithmic(low: f64, high: f64, margin: f64, label: &str, unit: &str) -> Axis {
        let (low, high) = widened(low.log10(), high.log10(), margin);
        let (first, last) = (low.floor() as i32, high.ceil() as i32);
        let every = ((last - first) / 8 + 1).max(1);
        let inside = |value: &f64| (low - 1e-9..=high + 1e-9).contains(&value.log10());
        let (mut ticks, mut minor) = (Vec::new(), Vec::new());
        let narrow = high - low < 1.5;
        for decade in first..=last {
            for digit in 1..10 {
                let value = f64::from(digit) * 10f64.powi(decade);
                if !inside(&value) {
                    continue;
                }
                let labelled =
                    if digit == 1 { decade.rem_euclid(every) == 0 } else { narrow && matches!(digit, 2 | 5) };
                if labelled {
                    ticks.push((value, logarithmic_text(digit, decade, unit)));
                } else if every == 1 || digit == 1 {
                    minor.push(value);
                }
            }
        }
        let label = if unit.is_empty() { label.to_string() } else { format!("{label} ({unit})") };
        Axis { low: 10f64.powf(low), high: 10f64.powf(high), logarithmic: true, ticks, minor, label }
    }

    /// Where `value` lies between the ends, 0…1; NaN if it cannot be shown.
    pub fn part(&self, value: f64) -> f64 {
        if self.logarithmic {
            return (value.log10() - self.low.log10()) / (self.high.log10() - self.low.log10());
        }
        (value - self.low) / (self.high - self.low)
    }
}

/// The range with margins, and never empty.
fn widened(low: f64, high: f64, margin: f64) -> (f64, f64) {
    // A difference within rounding is noise, which must not fill the figure.
    if high - low <= 1e-9 * low.abs().max(high.abs()) {
        let space = if low == 0.0 && high == 0.0 { 1.0 } else { 0.1 * low.abs().max(high.abs()) };
        return (low - space, high + space);
    }
    (low - margin * (high - low), high + margin * (high - low))
}

/// 1, 2 or 5 times a power of ten, at least `step`.
fn nice_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let nice = [1.0, 2.0, 5.0].into_iter().find(|nice| nice * power >= step * 0.999);
    nice.unwrap_or(10.0) * power
}

const PREFIXES: [&str; 13] = ["a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"];

/// Exponent of the unit's prefix for values up to `largest`, and the unit with it (`×10⁻⁶` without a unit).
fn scaling(largest: f64, unit: &str) -> (i32, String) {
    if largest == 0.0 || !largest.is_finite() {
        return (0, unit.to_string());
    }
    let exponent = (((largest.log10() + 1e-9) / 3.0).floor() as i32 * 3).clamp(-18, 18);
    if !unit.is_empty() && unit != "dB" && unit != "rad" && unit != "°" {
        return (exponent, format!("{}{unit}", PREFIXES[(exponent / 3 + 6) as usize]));
    }
    if unit.is_empty() && !(-2..4).contains(&(largest.log10().floor() as i32)) {
        return (exponent, format!("×10{}", superscript(exponent)));
    }
    (0, unit.to_string())
}

fn logarithmic_text(digit: i32, decade: i32, unit: &str) -> String {
    if matches!(unit, "Hz" | "Ω") && (-3..=12).contains(&decade) {
        let group = decade.div_euclid(3);
        return format!("{}{}", digit * 10i32.pow(decade.rem_euclid(3) as u32), PREFIXES[(group + 6) as usize]);
    }
    if digit == 1 { format!("10{}", superscript(decade)) } else { format!("{digit}·10{}", superscript(decade)) }
}

fn superscript(number: i32) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => c.to_digit(10).and_then(|digit| char::from_u32('⁰' as u32 + digit)).unwrap_or(c),
    };
    number.to_string().chars().map(digit).collect()
}

/// A true minus sign, and none before zero.
fn minus(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_string(),
        Some(rest) => format!("−{rest}"),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers() {
        let axis = Axis::new(Some((0.0, 5e-3)), false, 0.0, "time", "s");
        let texts: Vec<&str> = axis.ticks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!((texts, axis.label.as_str()), (vec!["0", "1", "2", "3", "4", "5"], "time (ms)"));
        let axis = Axis::new(Some((1.0, 1e5)), true, 0.0, "frequency", "Hz");
        let texts: Vec<&str> = axis.ticks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["1", "10", "100", "1k", "10k", "100k"]);
        assert_eq!(superscript(-12), "⁻¹²");
    }

    #[test]
    fn odd_ranges_do_no_harm() {
        for (low, high) in [(0.0, 0.0), (1.0, 1.0), (-1e300, 1e300), (1e-300, 2e-300)] {
            assert!(!Axis::new(Some((low, high)), false, 0.05, "y", "V").ticks.is_empty());
        }
    }
}
