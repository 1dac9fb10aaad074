//! From the points of an analysis to rows of selected vectors.

use std::io;
use std::sync::Arc;

use super::array_snapshot::ArrayTaker;
use super::checkpoint_file::Checkpoints;
use super::measure::AutoStop;
use super::pause::Pause;
use super::plot::{Column, Header, VectorKind};
use super::selection::{self, Selected};
use super::sink::Sink;
use crate::analysis::output::{Checkpoint, Table, Unknowns};
use crate::analysis::{Output, PlotKind, Point, Progress};
use crate::diagnostic::Diagnostic;
use crate::mna::journal::{Attempt, Journal};
use crate::mna::vectors::{SmallSignalPoint, Vector};
use crate::mna::{Statistics, System};

/// Sends rows of the selected vectors to sinks.
pub struct Recorder<'a> {
    sinks: Vec<&'a mut dyn Sink>,
    /// Vectors needed beyond what the deck saves.
    needed: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// Text about the `.step` under way.
    pub step: String,
    pub warnings: Vec<Diagnostic>,
    pub statistics: Vec<Statistics>,
    /// How operating points were found.
    pub attempts: Vec<Attempt>,
    /// The first error of a sink; the analysis stops there.
    pub error: Option<io::Error>,
    /// Checkpoints to write and to begin with.
    pub checkpoints: Checkpoints,
    /// What `.array` cards ask for.
    pub arrays: ArrayTaker,
    /// Ends a transient analysis whose measures have their values.
    pub auto_stop: Option<AutoStop>,
    /// Where a transient analysis pauses.
    pub pause: Option<&'a mut Pause>,
    watch: Option<&'a mut dyn FnMut(Progress) -> bool>,
    interrupted: bool,
    /// A plot has begun.
    open: bool,
    /// How far the analysis was when it last said so.
    progress: Progress,
    selected: Vec<Selected>,
    has_axis: bool,
    row: Vec<f64>,
    /// Per selected vector: the charge at its terminal at the last point.
    charges: Vec<f64>,
}

impl<'a> Recorder<'a> {
    pub fn new(sinks: Vec<&'a mut dyn Sink>, needed: Vec<(Arc<str>, Vec<Arc<str>>)>) -> Self {
        Recorder {
            sinks,
            needed,
            step: String::new(),
            warnings: Vec::new(),
            statistics: Vec::new(),
            attempts: Vec::new(),
            error: None,
            checkpoints: Checkpoints::default(),
            arrays: ArrayTaker::default(),
            auto_stop: None,
            pause: None,
            watch: None,
            interrupted: false,
            open: false,
            progress: Progress { fraction: 0.0, time: None, steps: 0 },
            selected: Vec::new(),
            has_axis: true,
            row: Vec::new(),
            charges: Vec::new(),
        }
    }

    /// Calls `watch` with how far the analysis is, now and then; it returns false to stop the analysis.
    pub fn watch(&mut self, watch: &'a mut dyn FnMut(Progress) -> bool) {
        self.watch = Some(watch);
    }

    pub fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    fn each_sink(&mut self, mut action: impl FnMut(&mut dyn Sink) -> io::Result<()>) -> bool {
        for sink in &mut self.sinks {
            if let Err(error) = action(*sink) {
                self.error.get_or_insert(error);
                return false;
            }
        }
        !self.interrupted
    }

    fn end_plot(&mut self) {
        let interrupted = std::mem::take(&mut self.interrupted);
        if interrupted {
            self.each_sink(|sink| sink.mark_incomplete());
        }
        self.each_sink(|sink| sink.end());
        self.interrupted = interrupted;
    }

    fn fill_real(&mut self, point: &Point, x: &[f64]) {
        for (index, selected) in self.selected.iter().enumerate() {
            let value = match selected.vector {
                Vector::Unknown(unknown) => x[unknown as usize],
                Vector::Terminal(..) => {
                    let (current, charge) = point.system.terminal(selected.vector, x, point.environment);
                    current + charge_rate(&mut self.charges[index], charge, point.step)
                }
                Vector::Power(_, [p, n]) => {
                    let (current, charge) = point.system.terminal(selected.vector, x, point.environment);
                    (x[p as usize] - x[n as usize])
                        * (current + charge_rate(&mut self.charges[index], charge, point.step))
                }
                vector => point.system.value(vector, x, point.environment),
            };
            self.row.push(value);
        }
    }

    fn fill_complex(&mut self, point: &Point, phasors: &[faer::c64], at: &[f64]) {
        let solution = SmallSignalPoint { environment: point.environment, at, phasors, frequency: point.axis };
        for selected in &self.selected {
            let value = point.system.small_signal_value(selected.vector, &solution);
            self.row.extend([value.re, value.im]);
        }
    }
}

/// dq/dt over the last step, to first order; 0 at the first point.
fn charge_rate(last: &mut f64, charge: f64, step: f64) -> f64 {
    let before = std::mem::replace(last, charge);
    if step > 0.0 { (charge - before) / step } else { 0.0 }
}

impl Output for Recorder<'_> {
    fn begin(&mut self, kind: &PlotKind, system: &System) {
        self.arrays.begin(kind, system);
        let (mut selected, missing) = selection::select(system, &self.needed);
        if matches!(kind, PlotKind::Ac) {
            // Voltages across devices and powers have no small-signal value.
            selected.retain_mut(|item| {
                let vector = system.small_signal_vector(item.vector);
                item.vector = vector.unwrap_or(item.vector);
                vector.is_some()
            });
        }
        for name in missing {
            let diagnostic = Diagnostic::warning(format!("there is no vector `{name}` to save"));
            self.warnings.push(diagnostic);
        }
        let axis = match kind {
            PlotKind::OperatingPoint => None,
            PlotKind::Transient => Some(Column { name: "time".into(), kind: VectorKind::Time }),
            PlotKind::Ac => Some(Column { name: "frequency".into(), kind: VectorKind::Frequency }),
            PlotKind::Dc { axis, kind } => Some(Column { name: dc_axis(axis, *kind), kind: *kind }),
        };
        self.has_axis = axis.is_some();
        let columns = axis.into_iter().chain(selected.iter().map(|item| item.column.clone())).collect();
        let header = Header {
            title: system.circuit.title.to_string(),
            name: kind.name().to_string(),
            step: self.step.clone(),
            complex: matches!(kind, PlotKind::Ac),
            has_axis: self.has_axis,
            columns,
        };
        self.charges = vec![0.0; selected.len()];
        self.selected = selected;
        self.open = true;
        if let Some(stop) = &mut self.auto_stop {
            stop.begin(&header);
        }
        if let Some(pause) = &mut self.pause {
            pause.begin(&header);
        }
        self.each_sink(|sink| sink.begin(&header));
    }

    fn point(&mut self, point: &Point) -> bool {
        self.arrays.point(point);
        self.row.clear();
        match point.unknowns {
            Unknowns::Real(x) => {
                if self.has_axis {
                    self.row.push(point.axis);
                }
                self.fill_real(point, x);
            }
            Unknowns::Complex { phasors, at } => {
                self.row.extend([point.axis, 0.0]);
                self.fill_complex(point, phasors, at);
            }
        }
        let row = std::mem::take(&mut self.row);
        let go_on = self.each_sink(|sink| sink.row(&row));
        let pauses = self.pause.as_mut().is_some_and(|pause| pause.row(&row));
        let is_over = pauses || self.auto_stop.as_mut().is_some_and(|stop| stop.row(&row));
        self.row = row;
        go_on && !is_over
    }

    fn table(&mut self, table: &Table, system: &System) {
        let axis = table.axis.iter();
        let column = |(name, kind): &(String, VectorKind)| Column { name: name.clone(), kind: *kind };
        let header = Header {
            title: system.circuit.title.to_string(),
            name: table.name.clone(),
            step: self.step.clone(),
            complex: table.complex,
            has_axis: table.axis.is_some(),
            columns: axis.chain(&table.columns).map(column).collect(),
        };
        self.each_sink(|sink| sink.begin(&header));
        for row in &table.rows {
            self.each_sink(|sink| sink.row(row));
        }
        self.end_plot();
    }

    fn end(&mut self, statistics: &Statistics) {
        self.statistics.push(*statistics);
        // A table has ended already, and an interruption may come before any plot.
        if std::mem::take(&mut self.open) {
            self.end_plot();
        }
    }

    fn journal(&mut self, journal: &Journal) {
        self.attempts.extend_from_slice(journal.attempts());
    }

    fn warn(&mut self, diagnostic: Diagnostic) {
        self.warnings.push(diagnostic);
    }

    fn resume(&mut self) -> Option<Checkpoint> {
        let paused = self.pause.as_mut().and_then(|pause| pause.resume.take());
        paused.or_else(|| self.checkpoints.resume.take())
    }

    fn is_altered(&self) -> bool {
        self.pause.as_ref().is_some_and(|pause| pause.is_altered)
    }

    fn times(&self) -> Vec<f64> {
        self.pause.as_ref().map_or_else(Vec::new, |pause| pause.times())
    }

    fn wants_checkpoint(&self, time: f64, last: bool) -> bool {
        let pauses = last && self.pause.as_ref().is_some_and(|pause| pause.reached.is_some());
        pauses || self.checkpoints.wants(time, last)
    }

    fn checkpoint(&mut self, checkpoint: &Checkpoint) {
        match &mut self.pause {
            Some(pause) => pause.checkpoint = Some(checkpoint.clone()),
            None => self.checkpoints.take(checkpoint),
        }
    }

    fn progress(&mut self, progress: Progress) {
        self.progress = progress;
        self.goes_on();
    }

    fn goes_on(&mut self) -> bool {
        if let Some(watch) = &mut self.watch {
            self.interrupted |= !watch(self.progress);
        }
        !self.interrupted
    }
}

/// ngspice writes the axis of a voltage sweep as `v(v-sweep)`.
fn dc_axis(name: &str, kind: VectorKind) -> String {
    match kind {
        VectorKind::Voltage => format!("v({name})"),
        VectorKind::Current => format!("i({name})"),
        _ => name.to_string(),
    }
}
