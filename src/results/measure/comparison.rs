//! How far two curves are from each other: HSPICE's `err…` measures and Xyce's `error`.
//!
//! ```text
//! err, err1   √(1/n·Σ ((m − c)/max(minval, |m|))²)         err2   1/n·Σ |(m − c)/max(minval, |m|)|
//! err3        1/n·Σ |ln|m/c| / ln max(minval, |m|)|
//! l1norm      Σ |m − c|          l2norm   √(Σ (m − c)²)          infnorm   max |m − c|
//! ```
//! over the points of the first curve, or for `error` over those of the file. Sources: HSPICE User Guide: Simulation and Analysis,
//! "Error function"; Xyce Reference Guide, section on `.MEASURE`.

use std::path::Path;

use crate::diagnostic::SourceMap;

/// How deviations are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    RelativeSquare,
    RelativeAbsolute,
    Logarithmic,
    Sum,
    RootOfSquares,
    Largest,
}

impl Norm {
    /// That of an `err…` measure.
    pub fn of_measure(word: &str) -> Option<Self> {
        Some(match word {
            "err" | "err1" => Norm::RelativeSquare,
            "err2" => Norm::RelativeAbsolute,
            "err3" => Norm::Logarithmic,
            _ => return None,
        })
    }

    /// That of Xyce's `comp_function=`.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "l1norm" => Norm::Sum,
            "l2norm" => Norm::RootOfSquares,
            "infnorm" => Norm::Largest,
            _ => return None,
        })
    }

    /// Of pairs (m, c); `least` is the least divisor.
    pub fn of(self, pairs: &[(f64, f64)], least: f64) -> f64 {
        let count = pairs.len() as f64;
        let size = |m: f64| m.abs().max(least);
        let sum = |term: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|&(m, c)| term(m, c)).sum::<f64>();
        match self {
            Norm::RelativeSquare => (sum(&|m, c| ((m - c) / size(m)).powi(2)) / count).sqrt(),
            Norm::RelativeAbsolute => sum(&|m, c| ((m - c) / size(m)).abs()) / count,
            Norm::Logarithmic => sum(&|m, c| ((m / c).abs().ln() / size(m).ln()).abs()) / count,
            Norm::Sum => sum(&|m, c| (m - c).abs()),
            Norm::RootOfSquares => sum(&|m, c| (m - c).powi(2)).sqrt(),
            Norm::Largest => pairs.iter().map(|&(m, c)| (m - c).abs()).fold(0.0, f64::max),
        }
    }
}

/// Two columns, counted from 0, of a file of numbers: CSV, Xyce's `.prn`, or blanks between them. Lines that begin with no number are
/// headings.
///
/// # Errors
/// The file cannot be read, or has no such columns.
pub fn read(sources: &SourceMap, path: &Path, [x, y]: [usize; 2]) -> Result<(Vec<f64>, Vec<f64>), String> {
    let text = sources.read_text(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let words = line.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
        let numbers: Vec<Option<f64>> = words.map(|word| word.parse().ok()).collect();
        if let (Some(Some(at)), Some(Some(value))) = (numbers.get(x), numbers.get(y)) {
            xs.push(*at);
            ys.push(*value);
        }
    }
    if xs.is_empty() {
        return Err(format!("`{}` has no numbers in columns {x} and {y}, counted from 0", path.display()));
    }
    Ok((xs, ys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_of_two_points() {
        let pairs = [(2.0, 1.0), (4.0, 6.0)];
        assert!((Norm::RelativeSquare.of(&pairs, 1e-12) - 0.5).abs() < 1e-12);
        assert!((Norm::RelativeAbsolute.of(&pairs, 8.0) - 3.0 / 16.0).abs() < 1e-12);
        assert_eq!(Norm::Sum.of(&pairs, 0.0), 3.0);
        assert_eq!(Norm::RootOfSquares.of(&pairs, 0.0), 5f64.sqrt());
        assert_eq!(Norm::Largest.of(&pairs, 0.0), 2.0);
        let logarithm = 0.5 * (1.0 + (1.5f64).ln() / (4f64).ln());
        assert!((Norm::Logarithmic.of(&pairs, 1e-12) - logarithm).abs() < 1e-12);
    }
}
