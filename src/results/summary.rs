//! What the runs of a Monte Carlo analysis say together: statistics of their measures, and how often their checks pass.
//!
//! ```text
//! mean, sigma with n − 1;  quantiles by linear interpolation between order statistics (Hyndman & Fan, type 7)
//! yield = runs that pass/all runs
//! ```
//! A run in which a measure failed has no value of it; a check that could not be evaluated does not pass. Source of the quantiles:
//! Hyndman & Fan, The American Statistician 50, 361 (1996).

use std::fmt::Write as _;
use std::sync::Arc;

use super::check::CheckResult;
use super::measure::Measure;
use super::samples;

/// Which part of the values lies below the quantiles that are shown.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Bars of a histogram.
const BARS: usize = 10;

/// All runs together.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub runs: usize,
    pub measures: Vec<Spread>,
    pub checks: Vec<Yield>,
    /// Runs in which all checks pass.
    pub passed: usize,
}

/// The values of one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    pub name: Arc<str>,
    /// Runs in which the measure failed.
    pub failed: usize,
    /// Ascending.
    pub values: Vec<f64>,
}

/// How often a check passes.
#[derive(Debug, Clone, PartialEq)]
pub struct Yield {
    pub name: Arc<str>,
    pub passed: usize,
}

/// The measures and checks of a run.
#[derive(Debug, Clone, Copy)]
pub struct RunResults<'a> {
    pub measures: &'a [Measure],
    pub checks: &'a [CheckResult],
}

impl Summary {
    pub fn of(runs: &[RunResults]) -> Summary {
        let first = runs.first();
        let spread = |(index, measure): (usize, &Measure)| {
            let found = runs.iter().filter_map(|run| run.measures.get(index)?.outcome.as_ref().ok());
            let mut values: Vec<f64> = found.map(|measured| measured.value).collect();
            values.sort_by(f64::total_cmp);
            Spread { name: measure.name.clone(), failed: runs.len() - values.len(), values }
        };
        let share = |(index, check): (usize, &CheckResult)| {
            let passes = |run: &&RunResults| run.checks.get(index).is_some_and(|check| check.passed);
            Yield { name: check.name.as_str().into(), passed: runs.iter().filter(passes).count() }
        };
        let all = |run: &&RunResults| run.checks.iter().all(|check| check.passed);
        Summary {
            runs: runs.len(),
            measures: first.map_or(&[][..], |run| run.measures).iter().enumerate().map(spread).collect(),
            checks: first.map_or(&[][..], |run| run.checks).iter().enumerate().map(share).collect(),
            passed: runs.iter().filter(all).count(),
        }
    }

    /// Tables for a person.
    pub fn text(&self) -> String {
        let mut text = format!("{} runs\n", self.runs);
        for measure in &self.measures {
            text.push_str(&measure.text());
        }
        for check in &self.checks {
            let part = 100.0 * check.passed as f64 / self.runs as f64;
            let _ = writeln!(
                text,
                "{:<20} passes in {} of {} runs: yield {part:.2} %",
                check.name, check.passed, self.runs
            );
        }
        if self.checks.len() > 1 {
            let part = 100.0 * self.passed as f64 / self.runs as f64;
            let _ =
                writeln!(text, "{:<20} pass in {} of {} runs: yield {part:.2} %", "all checks", self.passed, self.runs);
        }
        text
    }
}

impl Spread {
    pub fn mean(&self) -> f64 {
        samples::mean(&self.values)
    }

    /// Standard deviation with n − 1; 0 of a single value.
    pub fn sigma(&self) -> f64 {
        if self.values.len() < 2 { 0.0 } else { samples::standard_deviation(&self.values) }
    }

    /// The value below which the part `part` of all values lies; NaN without values.
    pub fn quantile(&self, part: f64) -> f64 {
        let Some(last) = self.values.len().checked_sub(1) else { return f64::NAN };
        let place = part * last as f64;
        let (below, above) = (place.floor() as usize, place.ceil() as usize);
        self.values[below] + (self.values[above] - self.values[below]) * (place - below as f64)
    }

    /// Left end, width, and number of values of each bar.
    pub fn histogram(&self) -> (f64, f64, [usize; BARS]) {
        let (Some(&low), Some(&high)) = (self.values.first(), self.values.last()) else {
            return (f64::NAN, 0.0, [0; BARS]);
        };
        let width = (high - low) / BARS as f64;
        let mut bars = [0; BARS];
        for value in &self.values {
            let bar = if width > 0.0 { ((value - low) / width) as usize } else { 0 };
            bars[bar.min(BARS - 1)] += 1;
        }
        (low, width, bars)
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.name);
        if self.failed > 0 {
            let _ = writeln!(text, "  failed in {} runs", self.failed);
        }
        if self.values.is_empty() {
            return text;
        }
        let (low, high) = (self.values[0], self.values[self.values.len() - 1]);
        let _ = writeln!(text, "  mean {:.6e}  sigma {:.6e}  min {low:.6e}  max {high:.6e}", self.mean(), self.sigma());
        let quantiles: Vec<String> =
            QUANTILES.iter().map(|&part| format!("{:.0} % {:.6e}", 100.0 * part, self.quantile(part))).collect();
        let _ = writeln!(text, "  {}", quantiles.join("  "));
        let (start, width, bars) = self.histogram();
        let most = bars.iter().copied().max().unwrap_or(1).max(1);
        if width > 0.0 {
            for (index, &count) in bars.iter().enumerate() {
                let bar = "#".repeat((40 * count).div_ceil(most));
                let _ = writeln!(text, "  {:>13.6e} {count:>6} {bar}", start + width * index as f64);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_four_values() {
        let spread = Spread { name: "a".into(), failed: 1, values: vec![1.0, 2.0, 4.0, 5.0] };
        assert_eq!(spread.mean(), 3.0);
        assert_eq!(spread.quantile(0.5), 3.0);
        assert_eq!(spread.quantile(0.25), 1.75);
        assert_eq!(spread.histogram(), (1.0, 0.4, [1, 0, 1, 0, 0, 0, 0, 1, 0, 1]));
        assert!(spread.text().contains("failed in 1 runs"));
    }
}
