//! The times of a spike train: regular, jittered, Poisson, listed, or read from a file; some left out, some put in.
//!
//! ```text
//! regular   t_k = start + (k + jitter·g_k)/rate,   g_k normal, clipped at ±3; times are sorted, so the order is kept
//! Poisson   gaps dead + e,   e exponential with mean 1/rate − dead; the first spike is one e after start
//! ```
//! Random numbers are ChaCha8's with the given seed, the same on every platform.

use std::path::Path;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Exp1, StandardNormal};

use crate::diagnostic::{Diagnostic, SourceMap, Span};

/// No deck needs more, and a rate in the wrong unit makes more by mistake.
pub const MOST_SPIKES: f64 = 1e7;

/// What a train is made from.
pub enum Source {
    /// Spikes per second, jitter in periods.
    Regular { rate: f64, jitter: f64 },
    /// Spikes per second, dead time in s.
    Poisson { rate: f64, dead: f64 },
    /// Times in s.
    Listed(Vec<f64>),
}

/// A train that is generated: at most `count` spikes from `start` to `stop` seconds.
pub struct Extent {
    pub start: f64,
    pub stop: f64,
    /// `None`: as many as come before `stop`.
    pub count: Option<usize>,
    /// However many come before `stop`, no more than these.
    pub most: usize,
    pub seed: u64,
}

/// Times of the spikes of `source`, ascending.
pub fn times(source: Source, extent: &Extent) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(extent.seed);
    let most = extent.count.unwrap_or(extent.most);
    let mut times: Vec<f64> = match source {
        Source::Listed(times) => times,
        Source::Regular { rate, jitter } => {
            let nominal = (0..most).map(|index| (index, extent.start + index as f64 / rate));
            let wanted = nominal.take_while(|&(_, time)| extent.count.is_some() || time <= extent.stop);
            let displaced = wanted.map(|(_, time)| match jitter {
                0.0 => time,
                _ => {
                    let normal: f64 = StandardNormal.sample(&mut random);
                    time + jitter * normal.clamp(-3.0, 3.0) / rate
                }
            });
            displaced.collect()
        }
        Source::Poisson { rate, dead } => {
            let mean = 1.0 / rate - dead;
            let mut next = extent.start - dead;
            let all = std::iter::repeat_with(|| {
                let exponential: f64 = Exp1.sample(&mut random);
                next += dead + mean * exponential;
                next
            });
            all.take(most).take_while(|&time| extent.count.is_some() || time <= extent.stop).collect()
        }
    };
    times.sort_by(f64::total_cmp);
    times
}

/// Puts spikes in at fractional positions (20.5 is midway between spikes 20 and 21) and takes out those numbered `drop`;
/// both count the spikes of `times` from 0.
///
/// # Errors
/// A number that no spike has, in words.
pub fn change(times: &[f64], drop: &[f64], insert: &[f64]) -> Result<Vec<f64>, String> {
    let count = times.len();
    let inside = |position: f64| position >= 0.0 && position <= count as f64 - 1.0;
    if let Some(number) = drop.iter().find(|&&number| !inside(number) || number.fract() != 0.0) {
        return Err(format!("`drop` must name spikes from 0 to {}, not {number}", count as f64 - 1.0));
    }
    if let Some(position) = insert.iter().find(|&&position| !inside(position)) {
        return Err(format!("`insert` must lie between the spikes 0 and {}, not at {position}", count as f64 - 1.0));
    }
    let kept = times.iter().enumerate().filter(|&(index, _)| !drop.contains(&(index as f64))).map(|(_, &time)| time);
    let inserted = insert.iter().map(|&position| {
        let (before, part) = (times[position as usize], position.fract());
        let after = times.get(position as usize + 1).copied().unwrap_or(before);
        before + part * (after - before)
    });
    let mut all: Vec<f64> = kept.chain(inserted).collect();
    all.sort_by(f64::total_cmp);
    Ok(all)
}

/// Reads a file with one time in seconds per line; `#` begins a comment.
///
/// # Errors
/// The file cannot be read, a line is no time, or the times do not increase.
pub fn read(sources: &SourceMap, path: &Path, span: Span) -> Result<Vec<f64>, Diagnostic> {
    let problem = |message: String| Diagnostic::error(format!("`{}` {message}", path.display())).at(span);
    let text = sources.read_text(path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    let mut times: Vec<f64> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        let time = crate::netlist::number::parse_number(line).filter(|time| time.is_finite() && *time >= 0.0);
        let Some(time) = time else {
            return Err(problem(format!("has no time in seconds in line {}: `{line}`", number + 1)));
        };
        if times.last().is_some_and(|&before| time <= before) {
            return Err(problem(format!("must have increasing times, line {} has not", number + 1)));
        }
        times.push(time);
    }
    if times.is_empty() { Err(problem("has no times".into())) } else { Ok(times) }
}
