//! The values of `.measure` cards.

use std::sync::Arc;

use super::card::MeasureCard;
use super::quantity::{Condition, Count, Edge, Limits, Place, Quantity, Statistic, Window};
use super::{Measure, Measured, comparison, cycles};
use crate::circuit::Circuit;
use crate::circuit::options::FourierSettings;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::dialect::Dialect;
use crate::results::card_text::Operand;
use crate::results::fft::{Band, Transform};
use crate::results::fourier;
use crate::results::plot::Plot;
use crate::results::plot_selector::{AnalysisName, choose};
use crate::results::reduction as reduce;
use crate::results::scope::Scope;
use crate::results::series;

/// Evaluates `cards` on the plots of one run. Cards can use each other's results, whatever their order.
pub fn evaluate(cards: &[MeasureCard], circuit: &Circuit, plots: &[Plot], transforms: &[Transform]) -> Vec<Measure> {
    evaluate_knowing(cards, circuit, plots, transforms, Vec::new())
}

/// The same where further values have names, as the vectors of one value of a script.
pub fn evaluate_knowing(
    cards: &[MeasureCard],
    circuit: &Circuit,
    plots: &[Plot],
    transforms: &[Transform],
    known: Vec<(Arc<str>, f64)>,
) -> Vec<Measure> {
    let run = Run { circuit, plots, transforms };
    let mut measures: Vec<Option<Measure>> = vec![None; cards.len()];
    let mut values: Vec<_> = known.into_iter().map(|(name, value)| (name, Ok(value))).collect();
    loop {
        let mut progress = false;
        for index in 0..cards.len() {
            if measures[index].is_some() {
                continue;
            }
            let measure = one(&cards[index], &run, &values);
            // A result that is still to come may be what is missing.
            let waits = |other: usize| {
                other != index && measures[other].is_none() && cards[index].quantity.mentions(&cards[other].name)
            };
            if measure.outcome.is_err() && (0..cards.len()).any(waits) {
                continue;
            }
            values.push((measure.name.clone(), measure.value()));
            measures[index] = Some(measure);
            progress = true;
        }
        if !progress {
            break;
        }
    }
    let left = |(card, measure): (&MeasureCard, Option<Measure>)| measure.unwrap_or_else(|| one(card, &run, &values));
    cards.iter().zip(measures).map(left).collect()
}

type Values = [(Arc<str>, Result<f64, String>)];

/// What measures are taken of.
struct Run<'a> {
    circuit: &'a Circuit,
    plots: &'a [Plot],
    transforms: &'a [Transform],
}

fn one(card: &MeasureCard, run: &Run, values: &Values) -> Measure {
    let &Run { circuit, plots, transforms } = run;
    let attempt = |plot| Measuring { scope: Scope::new(plot, circuit, values), circuit, transforms }.measured(card);
    // Transforms belong to no plot.
    let analysis = card.analysis.filter(|&analysis| analysis != AnalysisName::Fft);
    let outcome = choose(plots, analysis, attempt).map(|(_, measured)| measured);
    let outcome = outcome.map_err(|error| error.message).and_then(|measured| {
        if measured.value.is_nan() { Err("the result is not a number".into()) } else { Ok(measured) }
    });
    let options = &circuit.options;
    // With `measfail=0` HSPICE shows 0, Xyce −1.
    let shown = if circuit.dialect == Dialect::Xyce { -1.0 } else { 0.0 };
    let shown = (!options.measure_fails).then_some(shown);
    Measure {
        name: card.name.clone(),
        analysis: card.analysis,
        outcome,
        fallback: options.measure_default.or(card.fallback).or(shown),
        fails_aloud: options.measure_fails,
        precision: card.precision.or(options.measure_digits).unwrap_or(6),
        span: card.span,
    }
}

struct Measuring<'a> {
    scope: Scope<'a>,
    circuit: &'a Circuit,
    transforms: &'a [Transform],
}

type Curve = (Vec<f64>, Vec<f64>);

/// Most further values of a measure that continues.
const MOST_PLACES: usize = 10_000;

/// A value without details.
fn plain(value: f64) -> Measured {
    Measured { value, details: Vec::new() }
}

impl Measuring<'_> {
    /// The value of a card; of one that continues the first, and all others as details.
    fn measured(&self, card: &MeasureCard) -> Result<Measured, Diagnostic> {
        let mut first = self.quantity(&card.quantity)?;
        if !card.continues {
            return Ok(first);
        }
        first.details.clear();
        let mut quantity = card.quantity.clone();
        while quantity.go_on() && first.details.len() < MOST_PLACES {
            let Ok(next) = self.quantity(&quantity) else { break };
            first.details.push(("then", next.value));
        }
        Ok(first)
    }

    fn quantity(&self, quantity: &Quantity) -> Result<Measured, Diagnostic> {
        match quantity {
            Quantity::Expression(operand) => self.number(operand).map(plain),
            Quantity::Equation(operand, window) => match self.number(operand) {
                Ok(value) => Ok(plain(value)),
                Err(_) => {
                    let (_, y) = self.window(self.curve(operand)?, window)?;
                    Ok(plain(y[y.len() - 1]))
                }
            },
            Quantity::When(condition) => self.crossing(condition).map(plain),
            Quantity::Between(places) => {
                let [trigger, target] = self.events(places)?;
                Ok(Measured { value: target - trigger, details: vec![("targ", target), ("trig", trigger)] })
            }
            Quantity::Find(operand, place) => {
                let (x, y) = self.curve(operand)?;
                self.value_at(&x, &y, place).map(plain)
            }
            Quantity::Derivative(operand, place) => {
                let (x, y) = self.curve(operand)?;
                let slopes = reduce::derivative(&x, &y);
                self.value_at(&x, &slopes, place).map(plain)
            }
            Quantity::Statistic { kind, operand, window } => self.statistic(*kind, operand, window),
            Quantity::Cycles { kind, operand, on, off, window } => {
                let level = |level: &Option<Operand>| level.as_ref().map_or(Ok(f64::NAN), |level| self.number(level));
                let (x, y) = self.window(self.curve(operand)?, window)?;
                let (on, off) = (level(on)?, level(off)?);
                if *kind != cycles::CycleKind::OffTime && on.is_nan() {
                    return Err(Diagnostic::error("there is no `on=`, the level above which the signal is on"));
                }
                if *kind != cycles::CycleKind::OnTime && off.is_nan() {
                    return Err(Diagnostic::error("there is no `off=`, the level below which the signal is off"));
                }
                cycles::measure(*kind, &x, &y, on, off).map(plain).map_err(Diagnostic::error)
            }
            Quantity::Difference { norm, operands, limits, window } => {
                let (pairs, least) = self.pairs(operands, limits, window)?;
                Ok(plain(norm.of(&pairs, least)))
            }
            Quantity::Deviation { norm, operand, file, columns } => {
                let pairs = self.pairs_with_file(operand, *file, *columns)?;
                Ok(plain(norm.of(&pairs, 0.0)))
            }
            Quantity::Bin(operand, at) => self.bin(operand, at),
            Quantity::Purity { metric, operand, least, most, band } => {
                let transform = self.transform(&operand.text, operand)?;
                let (least, most) = (self.optional(least)?, self.optional(most)?);
                let band = Band { least: least.or(transform.band.least), most: most.or(transform.band.most), ..*band };
                Ok(plain(transform.metric(*metric, &band)))
            }
            Quantity::Fourier { operand, fundamental, harmonics, grid, window } => {
                let count = |number: &Option<Operand>, default: usize| match number {
                    Some(number) => Ok(self.number(number)?.clamp(2.0, 1e6) as usize),
                    None => Ok(default),
                };
                let usual = self.circuit.options.fourier;
                let settings = FourierSettings {
                    harmonics: count(harmonics, usual.harmonics)?,
                    grid: count(grid, usual.grid)?,
                    degree: usual.degree,
                };
                let (x, y) = self.window(self.curve(operand)?, window)?;
                let found = fourier::harmonics(&x, &y, self.number(fundamental)?, settings);
                Ok(plain(fourier::distortion(&found.map_err(Diagnostic::error)?)))
            }
        }
    }

    /// The last transform of the vector written as `text`.
    fn transform(&self, text: &str, operand: &Operand) -> Result<&Transform, Diagnostic> {
        let plain = |text: &str| text.replace(|c: char| c.is_whitespace() || matches!(c, '{' | '}'), "");
        let wanted = plain(text);
        let found = self.transforms.iter().rfind(|transform| plain(&transform.vector) == wanted);
        found.ok_or_else(|| Diagnostic::error(format!("there is no `.fft` of `{wanted}`")).at(operand.span))
    }

    /// `vr(1)`, `vdb(1)`, … next to a frequency; `v(1)` is the amplitude.
    fn bin(&self, operand: &Operand, at: &Operand) -> Result<Measured, Diagnostic> {
        let (kind, arguments) = operand.text.split_once('(').unwrap_or((&operand.text, ""));
        let (base, part) = kind.split_at(kind.len().min(1));
        let transform = self.transform(&format!("{base}({arguments}"), operand)?;
        let frequency = self.number(at)?;
        let bin = transform.bin(frequency).ok_or_else(|| {
            let end = transform.resolution() * (transform.bins.len() - 1) as f64;
            Diagnostic::error(format!("{frequency:e} Hz is outside of the spectrum, 0 to {end:e} Hz"))
        })?;
        let value = transform.bins[bin];
        let measured = match part {
            "r" => value.re,
            "i" => value.im,
            "p" => value.im.atan2(value.re).to_degrees(),
            "db" => 20.0 * transform.amplitude(bin).log10(),
            _ => transform.amplitude(bin),
        };
        Ok(Measured { value: measured, details: vec![("at", bin as f64 * transform.resolution())] })
    }

    fn statistic(&self, kind: Statistic, operand: &Operand, window: &Window) -> Result<Measured, Diagnostic> {
        let (x, y) = self.window(self.curve(operand)?, window)?;
        let found = |index: Option<usize>| {
            index.map(|index| (x[index], y[index])).ok_or_else(|| Diagnostic::error("there are no points"))
        };
        let (largest, smallest) = (reduce::index_of_largest, reduce::index_of_smallest);
        let ends = vec![("from", x[0]), ("to", x[x.len() - 1])];
        let at = |(at, value): (f64, f64)| Measured { value, details: vec![("at", at)] };
        let with = |(at, value): (f64, f64)| Measured { value: at, details: vec![("with", value)] };
        Ok(match kind {
            Statistic::Maximum => at(found(largest(&y))?),
            Statistic::Minimum => at(found(smallest(&y))?),
            Statistic::PositionOfMaximum => with(found(largest(&y))?),
            Statistic::PositionOfMinimum => with(found(smallest(&y))?),
            Statistic::PeakToPeak => Measured { value: found(largest(&y))?.1 - found(smallest(&y))?.1, details: ends },
            Statistic::Average => Measured { value: reduce::mean(&x, &y), details: ends },
            Statistic::RootMeanSquare => Measured { value: reduce::root_mean_square(&x, &y), details: ends },
            Statistic::Integral => Measured { value: reduce::integral(&x, &y), details: ends },
        })
    }

    /// The curve of `operand`; of a complex one the real part, as in ngspice.
    fn curve(&self, operand: &Operand) -> Result<Curve, Diagnostic> {
        let value = series::evaluate(&operand.expression, &self.scope, operand.span)?;
        let Some(axis) = value.axis.clone().or_else(|| self.scope.axis().cloned()) else {
            // An operating point is a curve of one point.
            return match (&self.scope.plot, value.real().first()) {
                (Some(_), Some(&value)) => Ok((vec![0.0], vec![value])),
                _ => Err(Diagnostic::error(format!("`{}` is no curve", operand.text)).at(operand.span)),
            };
        };
        let mut y = value.real();
        if value.axis.is_none() {
            y = vec![y.first().copied().unwrap_or(f64::NAN); axis.len()];
        }
        if y.is_empty() {
            return Err(Diagnostic::error("the analysis gave no points").at(operand.span));
        }
        Ok((axis.to_vec(), y))
    }

    fn number(&self, operand: &Operand) -> Result<f64, Diagnostic> {
        series::number(&operand.expression, &self.scope, operand.span)
    }

    fn count(&self, count: &Count) -> Result<i64, Diagnostic> {
        match count {
            Count::Number(number) => Ok(*number),
            Count::Expression(operand) => Ok(self.number(operand)?.round() as i64),
        }
    }

    fn optional(&self, operand: &Option<Operand>) -> Result<Option<f64>, Diagnostic> {
        operand.as_ref().map(|operand| self.number(operand)).transpose()
    }

    /// The part of a curve within `window`; like ngspice, it takes what there is of a window that reaches further.
    fn window(&self, curve: Curve, window: &Window) -> Result<Curve, Diagnostic> {
        let (mut x, mut y) = curve;
        let (mut from, mut to) = (self.optional(&window.from)?, self.optional(&window.to)?);
        if let Some(places) = &window.events {
            let [trigger, target] = self.events(places)?;
            (from, to) = (Some(trigger), Some(target));
        }
        if let Some(delay) = self.optional(&window.delay)? {
            from = Some(from.unwrap_or(f64::NEG_INFINITY).max(delay));
        }
        if (from.is_none() && to.is_none() && window.part.is_none()) || x.len() < 2 {
            return Ok((x, y));
        }
        if x[0] > x[x.len() - 1] {
            x.reverse();
            y.reverse();
        }
        let (first, last) = (x[0], x[x.len() - 1]);
        let (from, to) = (from.unwrap_or(first), to.unwrap_or(last));
        let (x, y) = reduce::window(&x, &y, from.max(first), to.min(last)).map_err(Diagnostic::error)?;
        let Some((edge, count)) = &window.part else { return Ok((x, y)) };
        let parts = parts(&x, &y, *edge, self.optional(&window.level)?);
        let (from, to) =
            *numbered(&parts, self.count(count)?).ok_or_else(|| Diagnostic::error("there are not as many parts"))?;
        reduce::window(&x, &y, from, to).map_err(Diagnostic::error)
    }

    /// Values of both curves at the points of the first, and the least divisor.
    fn pairs(
        &self,
        operands: &[Operand; 2],
        limits: &Limits,
        window: &Window,
    ) -> Result<(Vec<(f64, f64)>, f64), Diagnostic> {
        let (_, first) = self.window(self.curve(&operands[0])?, window)?;
        let (_, second) = self.window(self.curve(&operands[1])?, window)?;
        const LEAST: f64 = 1e-12;
        let least = self.optional(&limits.divisor)?.unwrap_or(LEAST);
        let smallest = self.optional(&limits.smallest)?.unwrap_or(1e-15);
        let largest = self.optional(&limits.largest)?.unwrap_or(1e15);
        let counts = |(first, _): &(f64, f64)| (smallest..=largest).contains(&first.abs()) || *first == 0.0;
        let pairs: Vec<(f64, f64)> = first.into_iter().zip(second).filter(counts).collect();
        if pairs.is_empty() {
            Err(Diagnostic::error("no point lies within `ymin` and `ymax`"))
        } else {
            Ok((pairs, least))
        }
    }

    /// Values of the curve and of those in the file, at the positions in the file.
    fn pairs_with_file(
        &self,
        operand: &Operand,
        file: Span,
        columns: [usize; 2],
    ) -> Result<Vec<(f64, f64)>, Diagnostic> {
        let sources = &self.circuit.sources;
        let name = sources.text(file).trim_matches('"').to_string();
        let path = sources.beside(file.file, name);
        let (positions, values) =
            comparison::read(sources, &path, columns).map_err(|reason| Diagnostic::error(reason).at(file))?;
        let (x, y) = self.curve(operand)?;
        let at = |(&position, value): (&f64, f64)| {
            let here = reduce::value_at(&x, &y, position);
            here.map(|here| (here, value)).ok_or_else(|| outside(position, &x))
        };
        positions.iter().zip(values).map(at).collect()
    }

    fn events(&self, [trigger, target]: &[Place; 2]) -> Result<[f64; 2], Diagnostic> {
        let trigger = self.place(trigger).map_err(|error| prefixed("trig", error))?;
        Ok([trigger, self.place(target).map_err(|error| prefixed("targ", error))?])
    }

    fn place(&self, place: &Place) -> Result<f64, Diagnostic> {
        match place {
            Place::At(operand) => self.number(operand),
            Place::When(condition) => self.crossing(condition),
        }
    }

    fn value_at(&self, x: &[f64], y: &[f64], place: &Place) -> Result<f64, Diagnostic> {
        let position = self.place(place)?;
        reduce::value_at(x, y, position).ok_or_else(|| outside(position, x))
    }

    fn crossing(&self, condition: &Condition) -> Result<f64, Diagnostic> {
        let (x, left) = self.curve(&condition.left)?;
        let (_, level) = self.curve(&condition.level)?;
        let (delay, from) = (self.optional(&condition.delay)?, self.optional(&condition.from)?);
        let least = delay.unwrap_or(f64::NEG_INFINITY).max(from.unwrap_or(f64::NEG_INFINITY));
        let most = self.optional(&condition.to)?.unwrap_or(f64::INFINITY);
        let unit = if condition.of_maximum { left.iter().copied().fold(f64::NEG_INFINITY, f64::max) } else { 1.0 };
        // What is left of a difference by rounding is 0.
        let size = left.iter().chain(&level).fold(0.0_f64, |size, value| size.max(value.abs()));
        let rounded = |value: f64| if value.abs() <= 1e-12 * size { 0.0 } else { value };
        let difference: Vec<f64> = left.iter().zip(&level).map(|(left, level)| rounded(left - unit * level)).collect();
        let mut found = reduce::crossings(&x, &difference);
        found.retain(|crossing| {
            let wanted = match condition.edge {
                Edge::Rise => crossing.rising,
                Edge::Fall => !crossing.rising,
                Edge::Cross => true,
            };
            wanted && crossing.position >= least && crossing.position <= most
        });
        let crossing =
            numbered(&found, self.count(&condition.count)?).ok_or_else(|| no_crossing(condition, found.len()));
        crossing.map(|crossing| crossing.position)
    }
}

/// Item number `count` from 1 on, from the end if negative.
fn numbered<T>(items: &[T], count: i64) -> Option<&T> {
    let index = if count > 0 { count - 1 } else { items.len() as i64 + count };
    items.get(usize::try_from(index).ok()?)
}

/// Ends of the parts of a curve: from one crossing of `level` to the next in the same direction, or the stretches in which it rises, falls,
/// or does either.
fn parts(x: &[f64], y: &[f64], edge: Edge, level: Option<f64>) -> Vec<(f64, f64)> {
    let wanted = |rising: bool| match edge {
        Edge::Rise => rising,
        Edge::Fall => !rising,
        Edge::Cross => true,
    };
    let last = x[x.len() - 1];
    if let Some(level) = level {
        let shifted: Vec<f64> = y.iter().map(|y| y - level).collect();
        let found = reduce::crossings(x, &shifted).into_iter().filter(|crossing| wanted(crossing.rising));
        let starts: Vec<f64> = found.map(|crossing| crossing.position).collect();
        let ends = starts.iter().skip(1).copied().chain([last]);
        return starts.iter().copied().zip(ends).collect();
    }
    let mut found: Vec<(f64, f64, bool)> = Vec::new();
    for (x, y) in x.windows(2).zip(y.windows(2)).filter(|(_, y)| y[0] != y[1]) {
        let rising = y[1] > y[0];
        match found.last_mut() {
            Some(part) if part.2 == rising => part.1 = x[1],
            _ => found.push((x[0], x[1], rising)),
        }
    }
    found.into_iter().filter(|part| wanted(part.2)).map(|(from, to, _)| (from, to)).collect()
}

fn no_crossing(condition: &Condition, count: usize) -> Diagnostic {
    let edge = match condition.edge {
        Edge::Rise => "rises through",
        Edge::Fall => "falls through",
        Edge::Cross => "crosses",
    };
    let (left, level) = (&condition.left.text, &condition.level.text);
    Diagnostic::error(match count {
        0 => format!("`{left}` never {edge} `{level}` (out of interval)"),
        1 => format!("`{left}` {edge} `{level}` only once (out of interval)"),
        _ => format!("`{left}` {edge} `{level}` only {count} times (out of interval)"),
    })
}

fn outside(position: f64, x: &[f64]) -> Diagnostic {
    Diagnostic::error(format!("{position:e} is outside of the points, {:e} to {:e}", x[0], x[x.len() - 1]))
}

fn prefixed(word: &str, mut error: Diagnostic) -> Diagnostic {
    error.message = format!("{word}: {}", error.message);
    error
}
