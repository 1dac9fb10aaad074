//! Figures of what was recognised.

use super::report::{Accuracy, Class, Spread};

/// 97.5 % quantile of the standard normal distribution.
const QUANTILE: f64 = 1.959963984540054;

impl Accuracy {
    /// `correct` of `of` with Wilson's 95 % confidence interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927).
    pub fn new(correct: usize, of: usize) -> Accuracy {
        let (count, square) = (of as f64, QUANTILE * QUANTILE);
        let share = correct as f64 / count;
        let centre = (share + square / (2.0 * count)) / (1.0 + square / count);
        let variance = share * (1.0 - share) / count + square / (4.0 * count * count);
        let half = QUANTILE / (1.0 + square / count) * variance.sqrt();
        // The interval ends exactly at 0 for no and at 1 for all, up to rounding.
        Accuracy { correct, of, accuracy: share, low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
    }

    /// The share of `answers` that are the labels.
    pub fn of_answers(answers: &[u8], labels: &[u8]) -> Accuracy {
        let correct = answers.iter().zip(labels).filter(|(answer, label)| answer == label).count();
        Accuracy::new(correct, labels.len())
    }
}

impl std::fmt::Display for Accuracy {
    /// `88.06 % (8806 of 10000)`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} % ({} of {})", 100.0 * self.accuracy, self.correct, self.of)
    }
}

/// A row for each label, a column for each answer: numbers of images.
pub fn confusion(answers: &[u8], labels: &[u8], classes: usize) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; classes]; classes];
    for (answer, label) in answers.iter().zip(labels) {
        if let Some(count) = table.get_mut(usize::from(*label)).and_then(|row| row.get_mut(usize::from(*answer))) {
            *count += 1;
        }
    }
    table
}

/// Precision and recall of each class of a confusion matrix.
pub fn classes(confusion: &[Vec<usize>]) -> Vec<Class> {
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let class = |number: usize| {
        let images = confusion[number].iter().sum();
        let answers = confusion.iter().map(|row| row[number]).sum();
        let correct = confusion[number][number];
        Class { images, precision: share(correct, answers), recall: share(correct, images) }
    };
    (0..confusion.len()).map(class).collect()
}

impl Spread {
    /// Mean and sample standard deviation; all 0 of nothing.
    pub fn of(values: &[f64]) -> Spread {
        let count = values.len();
        let mean = values.iter().sum::<f64>() / count.max(1) as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (count > 1).then(|| (squares / (count - 1) as f64).sqrt());
        let least = values.iter().copied().reduce(f64::min).unwrap_or_default();
        let greatest = values.iter().copied().reduce(f64::max).unwrap_or_default();
        Spread { count, mean, deviation, least, greatest }
    }
}
