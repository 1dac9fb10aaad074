//! All plots of a script, and which of them is the current one.

use faer::c64;
use rustc_hash::FxHashMap;

use super::named_vector::{NamedVector, VectorPlot};
use crate::results::plot::{Plot, VectorKind};
use crate::results::value::Samples;

/// The plots, the first of which holds constants.
#[derive(Debug, Clone)]
pub struct VectorStore {
    pub plots: Vec<VectorPlot>,
    pub current: usize,
    /// How many plots of each type there have been.
    counts: FxHashMap<String, usize>,
}

impl Default for VectorStore {
    fn default() -> Self {
        VectorStore { plots: vec![constants()], current: 0, counts: FxHashMap::default() }
    }
}

impl VectorStore {
    /// Adds the plot of an analysis and makes it the current one.
    pub fn add_plot(&mut self, plot: &Plot, date: String, is_hidden: impl Fn(&str) -> bool) {
        let type_name = self.next_type_name(type_of(&plot.header.name));
        self.add(VectorPlot::of_plot(plot, type_name, date, is_hidden));
    }

    pub fn add(&mut self, plot: VectorPlot) {
        self.plots.push(plot);
        self.current = self.plots.len() - 1;
    }

    /// `tran1`, `tran2`, …
    pub fn next_type_name(&mut self, kind: &str) -> String {
        let count = self.counts.entry(kind.to_string()).or_default();
        *count += 1;
        format!("{kind}{count}")
    }

    /// Removes a plot, whose type name the next one of its type has again.
    pub fn take_back(&mut self, index: usize) {
        let Some(name) = self.plots.get(index).map(|plot| plot.type_name.clone()) else { return };
        let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if let Some(count) = self.counts.get_mut(kind) {
            *count -= 1;
        }
        self.remove(index);
    }

    pub fn current(&self) -> &VectorPlot {
        &self.plots[self.current]
    }

    pub fn current_mut(&mut self) -> &mut VectorPlot {
        &mut self.plots[self.current]
    }

    /// The number of the plot with this type name.
    pub fn plot_named(&self, type_name: &str) -> Option<usize> {
        self.plots.iter().position(|plot| plot.type_name.eq_ignore_ascii_case(type_name))
    }

    /// The plot that an assignment to `name` changes: the current one, or the constants if only they have such a vector. So a
    /// loop's variable that was made before all analyses lasts over them.
    pub fn home(&self, name: &str) -> usize {
        let is_constant = self.current().find(name).is_none() && self.plots[0].find(name).is_some();
        if is_constant { 0 } else { self.current }
    }

    /// Removes a plot, but never the constants; the current plot is then the last one.
    pub fn remove(&mut self, index: usize) {
        if index > 0 && index < self.plots.len() {
            self.plots.remove(index);
            self.current = match self.current {
                current if current == index => self.plots.len() - 1,
                current if current > index => current - 1,
                current => current,
            };
        }
    }

    /// The plot and the vector in it that `name` means: in the current plot, in the plot that it is prefixed with, or a
    /// constant.
    pub fn find(&self, name: &str) -> Option<(usize, &NamedVector)> {
        let within = |plot: usize, name: &str| self.plots[plot].find(name).map(|vector| (plot, vector));
        let prefixed = || {
            let (plot, name) = name.split_once('.')?;
            within(self.plot_named(plot)?, name)
        };
        within(self.current, name).or_else(prefixed).or_else(|| within(0, name))
    }

    /// The vectors, by name, that `all`, `allv`, `alli` or `ally` mean, perhaps with a plot in front; None for another name.
    pub fn wildcard(&self, name: &str) -> Option<(usize, Vec<&NamedVector>)> {
        let (plot, word) = match name.split_once('.') {
            Some((plot, word)) => (self.plot_named(plot)?, word),
            None => (self.current, name),
        };
        let found = &self.plots[plot];
        let scale = found.scale_vector().map(|vector| vector.name.as_str());
        let wanted = |vector: &&NamedVector| {
            !vector.hidden
                && match word {
                    "allv" => vector.kind == VectorKind::Voltage,
                    "alli" => vector.kind == VectorKind::Current,
                    "ally" => Some(vector.name.as_str()) != scale,
                    _ => true,
                }
        };
        if !matches!(word, "all" | "allv" | "alli" | "ally") {
            return None;
        }
        let mut vectors: Vec<&NamedVector> = found.vectors.iter().filter(wanted).collect();
        vectors.sort_by(|a, b| a.name.cmp(&b.name));
        Some((plot, vectors))
    }
}

/// The type that a plot's name in raw files means.
fn type_of(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    const TYPES: &[(&str, &str)] = &[
        ("transient", "tran"),
        ("operating", "op"),
        ("dc", "dc"),
        ("ac", "ac"),
        ("noise", "noise"),
        ("integrated noise", "noise"),
        ("distortion", "disto"),
        ("transfer", "tf"),
        ("pole", "pz"),
        ("sensitivity", "sens"),
        ("ac sensitivity", "sens"),
        ("spectrum", "sp"),
        ("sp", "sp"),
    ];
    TYPES.iter().rev().find(|(begin, _)| name.starts_with(begin)).map_or("unknown", |(_, kind)| kind)
}

/// ngspice's constants, in SI units.
fn constants() -> VectorPlot {
    const CONSTANTS: &[(&str, f64)] = &[
        ("yes", 1.0),
        ("true", 1.0),
        ("no", 0.0),
        ("false", 0.0),
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("c", 299_792_458.0),
        ("kelvin", -273.15),
        ("echarge", 1.602_176_634e-19),
        ("boltz", 1.380_649e-23),
        ("planck", 6.626_070_15e-34),
    ];
    let vector =
        |name: &str, samples| NamedVector { name: name.into(), kind: VectorKind::Other, samples, hidden: false };
    let mut vectors: Vec<NamedVector> =
        CONSTANTS.iter().map(|(name, value)| vector(name, Samples::Real(vec![*value]))).collect();
    vectors.push(vector("i", Samples::Complex(vec![c64::new(0.0, 1.0)])));
    VectorPlot {
        type_name: "const".into(),
        title: "Constant values".into(),
        name: "constants".into(),
        date: String::new(),
        vectors,
        scale: None,
    }
}
