//! Which plot a card is about.

use super::plot::Plot;
use crate::diagnostic::Diagnostic;

/// An analysis as cards name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnalysisName {
    Transient,
    Ac,
    Dc,
    OperatingPoint,
    Noise,
    Distortion,
    /// What `.fft` cards give.
    Fft,
    /// The runs of a deck with `.step`, seen as points.
    Steps,
}

impl AnalysisName {
    /// All of them.
    pub const ALL: [AnalysisName; 8] = [
        AnalysisName::Transient,
        AnalysisName::Ac,
        AnalysisName::Dc,
        AnalysisName::OperatingPoint,
        AnalysisName::Noise,
        AnalysisName::Distortion,
        AnalysisName::Fft,
        AnalysisName::Steps,
    ];

    /// The analysis called `word`.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|analysis| analysis.name().eq_ignore_ascii_case(word))
    }

    /// As on cards.
    pub fn name(self) -> &'static str {
        match self {
            AnalysisName::Transient => "tran",
            AnalysisName::Ac => "ac",
            AnalysisName::Dc => "dc",
            AnalysisName::OperatingPoint => "op",
            AnalysisName::Noise => "noise",
            AnalysisName::Distortion => "disto",
            AnalysisName::Fft => "fft",
            AnalysisName::Steps => "steps",
        }
    }

    /// In headings, as ngspice writes them.
    pub fn title(self) -> &'static str {
        match self {
            AnalysisName::Transient => "Transient",
            AnalysisName::Ac => "AC",
            AnalysisName::Dc => "DC",
            AnalysisName::OperatingPoint => "Operating Point",
            AnalysisName::Noise => "Noise",
            AnalysisName::Distortion => "Distortion",
            AnalysisName::Fft => "FFT",
            AnalysisName::Steps => "Steps",
        }
    }

    /// The analysis that gave `plot`.
    pub fn of_plot(plot: &Plot) -> Option<Self> {
        let name = plot.header.name.to_ascii_lowercase();
        let word = name.split_whitespace().next()?;
        Some(match word {
            "transient" => AnalysisName::Transient,
            "ac" => AnalysisName::Ac,
            "dc" => AnalysisName::Dc,
            "operating" => AnalysisName::OperatingPoint,
            "noise" => AnalysisName::Noise,
            "distortion" => AnalysisName::Distortion,
            "steps" => AnalysisName::Steps,
            _ => return None,
        })
    }
}

/// The plot that a card is evaluated on, and what `attempt` gives there.
///
/// With `wanted`, the last plot of that analysis. Else the only plot with an axis on which `attempt` finds its vectors, or
/// failing that the operating point. More than one is an error, so that a card never refers to a plot by accident.
pub fn choose<'p, T>(
    plots: &'p [Plot],
    wanted: Option<AnalysisName>,
    attempt: impl Fn(Option<&'p Plot>) -> Result<T, Diagnostic>,
) -> Result<(Option<&'p Plot>, T), Diagnostic> {
    if let Some(wanted) = wanted {
        let Some(plot) = plots.iter().rfind(|plot| AnalysisName::of_plot(plot) == Some(wanted)) else {
            let missing = match wanted {
                AnalysisName::Steps => "the deck has no .step".into(),
                wanted => format!("the deck has no .{} analysis", wanted.name()),
            };
            return Err(Diagnostic::error(missing));
        };
        return Ok((Some(plot), attempt(Some(plot))?));
    }
    // What needs no vectors needs no plot.
    if let Ok(value) = attempt(None) {
        return Ok((None, value));
    }
    let mut found: Option<(&Plot, T)> = None;
    let mut failure: Option<Diagnostic> = None;
    for plot in plots.iter().filter(|plot| plot.header.has_axis) {
        match attempt(Some(plot)) {
            Ok(value) => match &found {
                Some((other, _)) => return Err(ambiguous(other, plot)),
                None => found = Some((plot, value)),
            },
            Err(error) => failure = Some(failure.unwrap_or(error)),
        }
    }
    if let Some((plot, value)) = found {
        return Ok((Some(plot), value));
    }
    for plot in plots.iter().rev().filter(|plot| !plot.header.has_axis) {
        match attempt(Some(plot)) {
            Ok(value) => return Ok((Some(plot), value)),
            Err(error) => failure = Some(failure.unwrap_or(error)),
        }
    }
    match failure {
        Some(error) => Err(error),
        None => Err(attempt(None).err().unwrap_or_else(|| Diagnostic::error("the deck has no analysis"))),
    }
}

fn ambiguous(a: &Plot, b: &Plot) -> Diagnostic {
    let message = format!("both `{}` and `{}` have these vectors", a.header.name, b.header.name);
    Diagnostic::error(message).hint("name the analysis after the keyword: tran, ac, dc or op")
}

/// Whether `plot` is the kind of `wanted`, or any if that is None.
pub fn is_wanted(plot: &Plot, wanted: Option<AnalysisName>) -> bool {
    wanted.is_none_or(|wanted| AnalysisName::of_plot(plot) == Some(wanted))
}
