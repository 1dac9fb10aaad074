//! The neuron between two layers as a deck: from a pair's current difference to the voltage of a word line of the next layer.
//!
//! The circuit engine sweeps the deck's input current in its own `.dc` analysis, once for each layer, with the parameters
//! `ifull` (A), the current difference that stands for the next layer's full scale, and `vfull` (V), the read voltage. Every
//! neuron then follows the curve that was found, straight between its points and level beyond its ends; gains of pairs scale its
//! current. The ideal neuron is max(I, 0)·vfull/ifull.

use std::path::Path;
use std::sync::Arc;

use faer::{Mat, MatRef};

use super::report::NeuronReport;
use super::study::Neuron;
use crate::circuit::Overrides;
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::Deck;
use crate::results::reduction::between;
use crate::studies::deck_run::{Keep, run_deck};

/// Points of the curve that the report keeps, at most.
const REPORTED: usize = 200;

/// A deck that turns currents into voltages.
pub struct NeuronDeck {
    deck: Deck,
    output: String,
}

/// What its circuit does, for one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Current difference of the next layer's full scale, A.
    pub full_current: f64,
    /// Read voltage, V.
    pub full_voltage: f64,
    /// Activation that these stand for.
    full_scale: f64,
    /// Current and voltage, by rising current.
    points: Vec<[f64; 2]>,
}

impl NeuronDeck {
    /// Reads the deck that `neuron` names, relative to `folder`; none if it names none.
    ///
    /// # Errors
    /// The deck cannot be read or run with its own parameters, or gives no curve.
    pub fn read(neuron: &Neuron, folder: &Path) -> Result<Option<NeuronDeck>, Report> {
        let Some(file) = &neuron.deck else { return Ok(None) };
        let path = folder.join(file);
        if !path.is_file() {
            let error = Diagnostic::error(format!("there is no neuron deck `{}`", path.display()));
            return Err(Report::message(error.hint("`neuron.deck` is relative to the study")));
        }
        let found = NeuronDeck { deck: Deck::read(&path)?, output: neuron.output.clone() };
        found.sweep(&Overrides::default())?;
        Ok(Some(found))
    }

    /// The curve of neurons before a layer that is driven by up to `full_voltage`, V, which stands for `full_current`, A, and for
    /// the activation `full_scale`.
    ///
    /// # Errors
    /// The deck has no parameter `ifull` or `vfull`, or its circuit has no solution with these.
    pub fn curve(&self, full_current: f64, full_voltage: f64, full_scale: f64) -> Result<Arc<Curve>, Diagnostic> {
        let parameters = vec![(Arc::from("ifull"), full_current), (Arc::from("vfull"), full_voltage)];
        let overrides = Overrides { parameters, ..Overrides::default() };
        let points = self.sweep(&overrides).map_err(|report| {
            report
                .into_first_error("the neuron's deck does not run")
                .hint(format!("in the neuron's deck with ifull = {full_current:e} A and vfull = {full_voltage} V"))
        })?;
        Ok(Arc::new(Curve { full_current, full_voltage, full_scale, points }))
    }

    fn sweep(&self, overrides: &Overrides) -> Result<Vec<[f64; 2]>, Report> {
        let run = run_deck(&self.deck, overrides, &mut [], Keep::Plots, &|_| true)?;
        let plots = run.runs.first().map(|run| &run.plots[..]).unwrap_or_default();
        let plot = plots.iter().find(|plot| plot.header.has_axis && plot.len() > 1);
        let Some(plot) = plot else {
            let error = Diagnostic::error("the neuron's deck has no sweep of its input current");
            return Err(Report::message(error.hint("give it one: .dc iin {-ifull} {1.2*ifull} {ifull/200}")));
        };
        let Some(column) = plot.column(&self.output) else {
            let names: Vec<&str> = plot.header.columns.iter().map(|column| &*column.name).collect();
            let error = Diagnostic::error(format!("the neuron's deck gives no `{}`", self.output));
            let error = error.nearest(&self.output, names.iter().copied());
            return Err(Report::message(error.hint("name its output: [neuron] output = \"v(out)\"")));
        };
        let pairs = plot.axis().into_iter().zip(plot.real(column));
        let mut points: Vec<[f64; 2]> = pairs.map(|(current, voltage)| [current, voltage]).collect();
        points.sort_by(|a, b| a[0].total_cmp(&b[0]));
        Ok(points)
    }
}

impl Curve {
    /// Voltage at a current difference.
    pub fn voltage(&self, current: f64) -> f64 {
        let (first, last) = (self.points[0], self.points[self.points.len() - 1]);
        if current <= first[0] || current.is_nan() {
            return first[1];
        }
        if current >= last[0] {
            return last[1];
        }
        let after = self.points.partition_point(|point| point[0] <= current);
        let (a, b) = (self.points[after - 1], self.points[after]);
        between(a.into(), b.into(), current)
    }

    /// Activations of the next layer from values of W·x.
    pub fn activations(&self, values: MatRef<'_, f64>) -> Mat<f64> {
        let scale = self.full_current / self.full_scale;
        let activation = |value: f64| self.voltage(value * scale) / self.full_voltage * self.full_scale;
        Mat::from_fn(values.nrows(), values.ncols(), |row, column| activation(values[(row, column)]))
    }

    /// How far it is from max(I, 0)·vfull/ifull up to full scale.
    pub fn report(&self) -> NeuronReport {
        let inside = self.points.iter().filter(|point| point[0].abs() <= self.full_current * (1.0 + 1e-9));
        let error = |point: &[f64; 2]| point[1] / self.full_voltage - point[0].max(0.0) / self.full_current;
        let errors: Vec<f64> = inside.map(error).collect();
        let squares: f64 = errors.iter().map(|error| error * error).sum();
        let step = self.points.len().div_ceil(REPORTED);
        NeuronReport {
            full_current: self.full_current,
            full_voltage: self.full_voltage,
            rms_error: (squares / errors.len().max(1) as f64).sqrt(),
            worst_error: errors.iter().fold(0.0, |worst, error| worst.max(error.abs())),
            curve: self.points.iter().step_by(step).copied().collect(),
        }
    }
}
