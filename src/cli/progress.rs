//! A progress bar on a terminal, for what takes longer than a second.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::interrupt;
use super::print::{line, with_unit};
use crate::analysis;
use crate::mna::vectors::VectorKind;

/// Shows how far a run is; nothing if standard error is no terminal.
pub struct Progress {
    start: Instant,
    bar: Mutex<Option<ProgressBar>>,
    enabled: bool,
}

impl Progress {
    pub fn new(quiet: bool) -> Self {
        let enabled = !quiet && std::io::stderr().is_terminal();
        Progress { start: Instant::now(), bar: Mutex::new(None), enabled }
    }

    /// Told how far the run is; false if it shall stop, because of a signal.
    pub fn watch(&self, progress: analysis::Progress) -> bool {
        if self.enabled && self.start.elapsed() > Duration::from_secs(1) {
            self.show(progress);
        }
        !interrupt::is_pending()
    }

    /// Shows that `fraction` is done, and `doing` beside it.
    pub fn part(&self, fraction: f64, doing: &str) {
        if self.enabled && self.start.elapsed() > Duration::from_secs(1) {
            self.draw(fraction, format!("{doing}, "));
        }
    }

    /// Prints a line to standard output, above the bar.
    pub fn line(&self, text: &str) {
        match self.bar.lock().ok().as_deref() {
            Some(Some(bar)) => bar.suspend(|| line(text)),
            _ => line(text),
        }
    }

    fn show(&self, progress: analysis::Progress) {
        let time = progress.time.map_or(String::new(), |time| format!("{}, ", with_unit(time, VectorKind::Time)));
        self.draw(progress.fraction, format!("{time}{} points, ", progress.steps));
    }

    fn draw(&self, fraction: f64, message: String) {
        let Ok(mut bar) = self.bar.lock() else { return };
        let bar = bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}");
            let bar = ProgressBar::new(1000);
            style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        // The library's estimate trusts the first jump of a bar that begins late: it would say that nothing is left.
        let gone = self.start.elapsed();
        let left = gone.mul_f64((1.0 / fraction.clamp(1e-6, 1.0) - 1.0).max(0.0));
        bar.set_message(format!("{message}{:#} gone, {:#} left", HumanDuration(gone), HumanDuration(left)));
        bar.set_position((fraction * 1000.0) as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Ok(mut bar) = self.bar.lock()
            && let Some(bar) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}
