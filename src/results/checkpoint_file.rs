//! Checkpoints of transient analyses as files, and when they are written.
//!
//! A file is the line `ferrospice checkpoint 1`, a line of JSON (time in s, fingerprint of the circuit, number of values), and the values as
//! 64-bit floating point numbers, least significant byte first.

use std::fs;
use std::path::Path;

use super::fourier::significant;
use super::output_file::{reason, write_file};
use crate::analysis::output::Checkpoint;
use crate::circuit::options::Restart;
use crate::diagnostic::Diagnostic;

const MAGIC: &str = "ferrospice checkpoint 1";

/// Checkpoints of the runs of a deck.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    settings: Restart,
    /// Time from which on the next one is due.
    due: f64,
    /// What the first transient analysis begins with.
    pub resume: Option<Checkpoint>,
    /// The first file that could not be written.
    pub error: Option<Diagnostic>,
}

impl Default for Checkpoints {
    /// None at all.
    fn default() -> Self {
        Checkpoints { settings: Restart::default(), due: f64::INFINITY, resume: None, error: None }
    }
}

impl Checkpoints {
    /// As `settings` ask for.
    ///
    /// # Errors
    /// The checkpoint to begin with cannot be read.
    pub fn new(settings: &Restart) -> Result<Self, Diagnostic> {
        let resume = settings.from.as_deref().map(|file| read(Path::new(file))).transpose()?;
        let mut checkpoints = Checkpoints { settings: settings.clone(), due: 0.0, resume, error: None };
        checkpoints.plan(checkpoints.resume.as_ref().map_or(0.0, |checkpoint| checkpoint.time));
        Ok(checkpoints)
    }

    /// Whether one is to be written at `time`; `last` at the end of the analysis.
    pub fn wants(&self, time: f64, last: bool) -> bool {
        if last { self.settings.file.is_some() } else { time >= self.due }
    }

    /// Writes one.
    pub fn take(&mut self, checkpoint: &Checkpoint) {
        self.plan(checkpoint.time);
        let name = match (&self.settings.file, &self.settings.job) {
            (Some(file), _) => file.clone(),
            (None, Some(job)) => format!("{job}{}", significant(checkpoint.time, 6)),
            (None, None) => return,
        };
        if let Err(error) = write_file(Path::new(&name), &contents(checkpoint)) {
            let message = format!("cannot write the checkpoint `{name}`: {}", reason(&error));
            self.error.get_or_insert_with(|| Diagnostic::error(message));
        }
    }

    /// Finds when the next one after `time` is due.
    fn plan(&mut self, time: f64) {
        let intervals = &self.settings.intervals;
        let current = intervals.iter().rposition(|&(start, _)| start <= time);
        let next = intervals.get(current.map_or(0, |index| index + 1)).map(|&(start, _)| start);
        let within = current.map(|index| intervals[index]).filter(|(_, every)| *every > 0.0).map(|(start, every)| {
            // A point that is late by rounding only does not count twice.
            start + every * (((time - start) / every * (1.0 + 1e-9)).floor() + 1.0)
        });
        self.due = within.into_iter().chain(next).fold(f64::INFINITY, f64::min);
    }
}

/// The bytes of a file with `checkpoint`.
fn contents(checkpoint: &Checkpoint) -> Vec<u8> {
    let Checkpoint { time, fingerprint, values } = checkpoint;
    let head = serde_json::json!({"time": time, "fingerprint": format!("{fingerprint:016x}"), "values": values.len()});
    let mut bytes = format!("{MAGIC}\n{head}\n").into_bytes();
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// Reads a checkpoint.
///
/// # Errors
/// The file cannot be read, or is none.
pub fn read(path: &Path) -> Result<Checkpoint, Diagnostic> {
    let name = path.display();
    let bytes =
        fs::read(path).map_err(|error| Diagnostic::error(format!("cannot read the checkpoint `{name}`: {error}")))?;
    parse(&bytes).ok_or_else(|| Diagnostic::error(format!("`{name}` is no checkpoint, or not all of it")))
}

fn parse(bytes: &[u8]) -> Option<Checkpoint> {
    let rest = bytes.strip_prefix(MAGIC.as_bytes())?.strip_prefix(b"\n")?;
    let end = rest.iter().position(|&byte| byte == b'\n')?;
    let head: serde_json::Value = serde_json::from_slice(&rest[..end]).ok()?;
    let values: Vec<f64> = rest[end + 1..]
        .chunks_exact(8)
        .map(|chunk| f64::from_le_bytes(<[u8; 8]>::try_from(chunk).unwrap_or_default()))
        .collect();
    let complete = head["values"].as_u64()? == values.len() as u64 && (rest.len() - end - 1) % 8 == 0;
    let fingerprint = u64::from_str_radix(head["fingerprint"].as_str()?, 16).ok()?;
    complete.then_some(Checkpoint { time: head["time"].as_f64()?, fingerprint, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_hold_what_was_written_and_damage_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let checkpoint = Checkpoint { time: 1.5e-6, fingerprint: u64::MAX, values: vec![1.0, -0.1, f64::INFINITY] };
        write_file(&path, &contents(&checkpoint)).unwrap();
        assert_eq!(read(&path).unwrap(), checkpoint);
        let bytes = fs::read(&path).unwrap();
        for length in 0..bytes.len() {
            assert!(parse(&bytes[..length]).is_none());
        }
    }

    #[test]
    fn intervals_follow_each_other() {
        let intervals = vec![(0.0, 1.0), (10.0, 5.0)];
        let mut checkpoints =
            Checkpoints { settings: Restart { intervals, ..Restart::default() }, ..Checkpoints::default() };
        let mut due = Vec::new();
        for time in [0.0, 1.1, 9.0, 9.9, 10.0, 17.0] {
            checkpoints.plan(time);
            due.push(checkpoints.due);
        }
        assert_eq!(due, [1.0, 2.0, 10.0, 10.0, 15.0, 20.0]);
    }
}
