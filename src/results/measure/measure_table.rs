//! The table of what can be measured.

use super::cycles::CycleKind;
use super::quantity::Statistic;
use crate::reference::Status;
use crate::results::fft::Metric;

/// How the rest of the card is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Statistic(Statistic),
    Cycles(CycleKind),
    /// Of the spectra of `.measure fft` alone.
    Spectrum(Metric),
    /// Each in its own way.
    Other,
}

/// A word that says what is measured.
#[derive(Debug, Clone, Copy)]
pub struct MeasureInfo {
    pub word: &'static str,
    pub kind: Kind,
    pub syntax: &'static str,
    pub meaning: &'static str,
    pub status: Status,
}

const fn measure(
    word: &'static str,
    kind: Kind,
    syntax: &'static str,
    meaning: &'static str,
    status: Status,
) -> MeasureInfo {
    MeasureInfo { word, kind, syntax, meaning, status }
}

/// All of them.
pub const MEASURES: &[MeasureInfo] = &[
    measure(
        "trig",
        Kind::Other,
        "trig PLACE targ PLACE",
        "Distance from one place to the other; a place is `at=x`, or `y val=level` or `y=z` with `rise=n`, `fall=n` or `cross=n` (or `last`, −1, −2, …) and `td=`, `from=`, `to=`",
        Status::Differs("`y=z` may be an expression; counts from the end"),
    ),
    measure("when", Kind::Other, "when y=level …", "Where y has this level", Status::Same),
    measure("find", Kind::Other, "find y at=x, find y when …", "Value at a place", Status::Same),
    measure("deriv", Kind::Other, "deriv y at=x, deriv y when …", "Slope at a place", Status::Same),
    measure("derivative", Kind::Other, "derivative y at=x …", "The same as `deriv`", Status::Same),
    measure(
        "avg",
        Kind::Statistic(Statistic::Average),
        "avg y [from=…] [to=…] [td=…]",
        "Mean over the axis",
        Status::Same,
    ),
    measure(
        "rms",
        Kind::Statistic(Statistic::RootMeanSquare),
        "rms y [from=…] [to=…] [td=…]",
        "Root of the mean square over the axis",
        Status::Same,
    ),
    measure(
        "integ",
        Kind::Statistic(Statistic::Integral),
        "integ y [from=…] [to=…] [td=…]",
        "Integral over the axis",
        Status::Same,
    ),
    measure(
        "integral",
        Kind::Statistic(Statistic::Integral),
        "integral y [from=…] [to=…] [td=…]",
        "The same as `integ`",
        Status::Same,
    ),
    measure("max", Kind::Statistic(Statistic::Maximum), "max y [from=…] [to=…] [td=…]", "Largest value", Status::Same),
    measure("min", Kind::Statistic(Statistic::Minimum), "min y [from=…] [to=…] [td=…]", "Smallest value", Status::Same),
    measure(
        "pp",
        Kind::Statistic(Statistic::PeakToPeak),
        "pp y [from=…] [to=…] [td=…]",
        "Largest less smallest value",
        Status::Same,
    ),
    measure(
        "max_at",
        Kind::Statistic(Statistic::PositionOfMaximum),
        "max_at y [from=…] [to=…] [td=…]",
        "Where the largest value is",
        Status::Same,
    ),
    measure(
        "min_at",
        Kind::Statistic(Statistic::PositionOfMinimum),
        "min_at y [from=…] [to=…] [td=…]",
        "Where the smallest value is",
        Status::Same,
    ),
    measure(
        "param",
        Kind::Other,
        "param='expression'",
        "An expression of parameters and other measures",
        Status::Differs("measures may use each other in any order, and curves by reductions"),
    ),
    measure("expr", Kind::Other, "expr {expression}", "The same as `param` (Xyce)", Status::OnlyHere),
    measure(
        "eqn",
        Kind::Other,
        "eqn {expression}",
        "An expression; of a curve the last value (Xyce)",
        Status::OnlyHere,
    ),
    measure(
        "on_time",
        Kind::Cycles(CycleKind::OnTime),
        "on_time y on=level",
        "How long y is on, as a mean over the cycles (Xyce)",
        Status::OnlyHere,
    ),
    measure(
        "off_time",
        Kind::Cycles(CycleKind::OffTime),
        "off_time y off=level",
        "How long y is off, as a mean over the cycles (Xyce)",
        Status::OnlyHere,
    ),
    measure(
        "duty",
        Kind::Cycles(CycleKind::Duty),
        "duty y on=… off=…",
        "Part of the time for which y is on (Xyce)",
        Status::OnlyHere,
    ),
    measure(
        "freq",
        Kind::Cycles(CycleKind::Frequency),
        "freq y on=… off=…",
        "Frequency of the cycles (Xyce)",
        Status::OnlyHere,
    ),
    measure(
        "err",
        Kind::Other,
        "err y z [minval=…] [ymin=…] [ymax=…]",
        "Root mean square of the relative deviation of z from y (HSPICE)",
        Status::OnlyHere,
    ),
    measure("err1", Kind::Other, "err1 y z …", "The same as `err`", Status::OnlyHere),
    measure("err2", Kind::Other, "err2 y z …", "Mean of the relative deviation (HSPICE)", Status::OnlyHere),
    measure("err3", Kind::Other, "err3 y z …", "Mean of the logarithmic deviation (HSPICE)", Status::OnlyHere),
    measure(
        "error",
        Kind::Other,
        "error y file=FILE comp_function=l1norm|l2norm|infnorm [indepvarcol=0] [depvarcol=1]",
        "Deviation of y from a column of a file (Xyce)",
        Status::OnlyHere,
    ),
    measure(
        "four",
        Kind::Other,
        "four y at=f [numfreq=10] [gridsize=200]",
        "Total harmonic distortion, % (Xyce)",
        Status::OnlyHere,
    ),
    measure(
        "thd",
        Kind::Spectrum(Metric::Distortion),
        "thd y [minfreq=…] [maxfreq=…] [nbharm=…] [binsiz=…]",
        "Of the last `.fft` of y: total harmonic distortion, dB",
        Status::OnlyHere,
    ),
    measure(
        "sndr",
        Kind::Spectrum(Metric::NoiseAndDistortion),
        "sndr y …",
        "The same: signal to noise and distortion, dB",
        Status::OnlyHere,
    ),
    measure("snr", Kind::Spectrum(Metric::Noise), "snr y …", "The same: signal to noise, dB", Status::OnlyHere),
    measure("enob", Kind::Spectrum(Metric::Bits), "enob y …", "The same: effective number of bits", Status::OnlyHere),
    measure(
        "sfdr",
        Kind::Spectrum(Metric::FreeRange),
        "sfdr y …",
        "The same: spurious-free dynamic range, dB",
        Status::OnlyHere,
    ),
];

/// What `word` measures.
pub fn named(word: &str) -> Option<&'static MeasureInfo> {
    MEASURES.iter().find(|measure| measure.word == word)
}

/// What is measured of a spectrum by `word`.
pub fn metric(word: &str) -> Option<Metric> {
    match named(word)?.kind {
        Kind::Spectrum(metric) => Some(metric),
        _ => None,
    }
}
