//! `PWL(t1 v1 t2 v2 … r=t td=t)` or `PWL file="name"`: straight lines between points.
//!
//! v1 before the first point, the last value after the last one. `td` delays everything; with `r` the part from `r` to the last
//! point is repeated for ever (`r` must be one of the times, −1 for no repetition). A file has two columns, time and
//! value, separated by blanks or commas; comments begin with `*`, `#` or `;`. HSPICE's `PL(v1 t1 v2 t2 …)` has each value before
//! its time. Source: ngspice-39 manual, section 4.1.4.

use super::Waveform;
use super::arguments::Arguments;
use crate::circuit::element::{Spanned, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::reference::NamedParameter;

/// Straight lines between points.
struct Polygon {
    /// Times in ascending order, and values.
    points: Vec<(f64, f64)>,
    delay: f64,
    /// Start of the part that is repeated.
    repeat: Option<f64>,
}

/// Most points that repetitions are written out to.
const MOST_POINTS: usize = 10_000_000;

/// In their order, or by name.
pub const ARGUMENTS: &[NamedParameter] = &[
    NamedParameter::new(&["t v …"], "s, V or A", "", "Times and values in turn"),
    NamedParameter::new(
        &["repeat forever (t,v) … endrepeat"],
        "",
        "",
        "PSpice: what is between is repeated, also `repeat for n`; times in it count from its beginning",
    ),
    NamedParameter::new(&["time_scale_factor"], "", "1", "Factor on all times (PSpice)"),
    NamedParameter::new(&["value_scale_factor"], "", "1", "Factor on all values (PSpice)"),
    NamedParameter::new(&["r", "repeat"], "s", "none", "Where the part that is repeated for ever begins"),
    NamedParameter::new(&["td", "delay"], "s", "0", "Delay"),
    NamedParameter::new(&["file"], "", "", "File with two columns in place of the points"),
];

pub fn construct(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    let points = match (arguments.named("file"), &*arguments.call.arguments) {
        (Some(file), _) => {
            let Value::Word(name) = &file.value else {
                return Err(arguments.error("`file` needs a name in quotes", file.span));
            };
            read_file(arguments, name, file.span)?
        }
        // Xyce: `pwl file name`.
        (None, [Spanned { item: Value::Word(word), .. }, name]) if &**word == "file" => {
            let written = arguments.sources().text(name.span).trim_matches('"');
            read_file(arguments, written, name.span)?
        }
        _ => match repeated(arguments)? {
            Some(points) => points,
            None => listed(arguments, false)?,
        },
    };
    finish(arguments, points)
}

/// HSPICE's `pl(v1 t1 v2 t2 …)`: the same with each value before its time.
pub fn construct_values_first(arguments: &mut Arguments) -> Result<Box<dyn Waveform>, Diagnostic> {
    let points = listed(arguments, true)?;
    finish(arguments, points)
}

fn finish(arguments: &Arguments, points: Vec<(f64, f64)>) -> Result<Box<dyn Waveform>, Diagnostic> {
    let delay = arguments.named_number("td").or_else(|| arguments.named_number("delay")).unwrap_or(0.0);
    let repeat = repeat(arguments, &points)?;
    Ok(Box::new(Polygon { points, delay, repeat }))
}

/// The points between the parentheses, times or values first.
fn listed(arguments: &Arguments, values_first: bool) -> Result<Vec<(f64, f64)>, Diagnostic> {
    let count = arguments.len();
    if count == 0 || count % 2 == 1 {
        let span = arguments.span_at(count.saturating_sub(1));
        return Err(arguments.error("`pwl` needs pairs of time and value", span));
    }
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(count / 2);
    for index in (0..count).step_by(2) {
        let (time_at, value_at) = if values_first { (index + 1, index) } else { (index, index + 1) };
        let time = arguments.required_at(time_at, "a time")?;
        let value = arguments.required_at(value_at, "a value")?;
        // Two values at one time are a jump, which takes a moment.
        let time = match points.last() {
            Some(&(before, _)) if time == before => before + before.abs().mul_add(1e-9, 1e-15),
            _ => time,
        };
        if let Some(&(before, _)) = points.last()
            && time <= before
        {
            let message = format!("the times of `pwl` must increase, {time} comes after {before}");
            return Err(arguments.error(message, arguments.span_at(index)));
        }
        points.push((time, value));
    }
    Ok(points)
}

/// PSpice's `pwl time_scale_factor=… value_scale_factor=… (t,v) repeat for n (t,v) … endrepeat (t,v)`: the points with the repetitions
/// written out, those `forever` up to the end of the analysis; times within a repetition are since its beginning. `None`
/// without any of these words.
fn repeated(arguments: &Arguments) -> Result<Option<Vec<(f64, f64)>>, Diagnostic> {
    let word = |item: &Value| match item {
        Value::Word(word) => Some(word.to_string()),
        _ => None,
    };
    let all = &arguments.call.arguments;
    let scale = |name: &str| arguments.named_number(name);
    let (of_time, of_value) = (scale("time_scale_factor"), scale("value_scale_factor"));
    if !all.iter().any(|item| word(&item.item).as_deref() == Some("repeat")) && of_time.or(of_value).is_none() {
        return Ok(None);
    }
    let (of_time, of_value) = (of_time.unwrap_or(1.0), of_value.unwrap_or(1.0));
    let (mut points, mut offset, mut index) = (Vec::<(f64, f64)>::new(), 0.0, 0);
    // Where the repetition under way began, and how often it is still to be read.
    let mut again: Option<(usize, f64)> = None;
    while index < all.len() {
        match word(&all[index].item).as_deref() {
            Some("repeat") => {
                let forever = all.get(index + 1).and_then(|next| word(&next.item)).as_deref() == Some("forever");
                let count = if forever { f64::INFINITY } else { arguments.required_at(index + 2, "a number")? };
                index += if forever { 2 } else { 3 };
                again = Some((index, count - 1.0));
                offset = points.last().map_or(0.0, |point| point.0);
            }
            Some("endrepeat") => {
                let last = points.last().map_or(0.0, |point| point.0);
                let goes_on = again.filter(|(_, left)| *left > 0.0 && last < arguments.context.end() && last > offset);
                match goes_on {
                    Some((begin, left)) if points.len() < MOST_POINTS => {
                        (index, again) = (begin, Some((begin, left - 1.0)));
                    }
                    _ => index += 1,
                }
                offset = last;
            }
            _ => {
                let time = arguments.required_at(index, "a time")? * of_time + offset;
                let value = arguments.required_at(index + 1, "a value")? * of_value;
                let before = points.last().map_or(f64::NEG_INFINITY, |point| point.0);
                // A jump takes a moment.
                let time = if time == before { before + before.abs().mul_add(1e-9, 1e-15) } else { time };
                if time < before {
                    let message = format!("the times of `pwl` must increase, {time} comes after {before}");
                    return Err(arguments.error(message, arguments.span_at(index)));
                }
                points.push((time, value));
                index += 2;
            }
        }
    }
    Ok(Some(points))
}

fn repeat(arguments: &Arguments, points: &[(f64, f64)]) -> Result<Option<f64>, Diagnostic> {
    let Some(parameter) = arguments.named("r").or_else(|| arguments.named("repeat")) else { return Ok(None) };
    let Value::Number(start) = parameter.value else {
        return Err(arguments.error("a time is expected here", parameter.span));
    };
    if start < 0.0 {
        return Ok(None);
    }
    let near = |time: f64| (time - start).abs() <= 1e-9 * start.abs();
    let last = points.last().map_or(0.0, |point| point.0);
    let found = start == 0.0 || points.iter().any(|point| near(point.0));
    if !found || start >= last {
        let message = format!("`r` must be 0 or one of the times before the last, {last}");
        return Err(arguments.error(message, parameter.span));
    }
    Ok(Some(start))
}

fn read_file(arguments: &Arguments, name: &str, span: Span) -> Result<Vec<(f64, f64)>, Diagnostic> {
    let path = arguments.path(name);
    let problem = |message: String| Diagnostic::error(format!("`{}` {message}", path.display())).at(span);
    let text = arguments.sources().read_text(&path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split(['#', ';']).next().unwrap_or("").trim();
        if line.is_empty() || line.starts_with('*') {
            continue;
        }
        let mut fields = line.split(|c: char| c == ',' || c.is_whitespace()).filter(|field| !field.is_empty());
        let mut next = || fields.next().and_then(crate::netlist::number::parse_number);
        let (Some(time), Some(value)) = (next(), next()) else {
            return Err(problem(format!("has no time and value in line {}", number + 1)));
        };
        if points.last().is_some_and(|point| time <= point.0) {
            return Err(problem(format!("must have increasing times, line {} has not", number + 1)));
        }
        points.push((time, value));
    }
    if points.is_empty() { Err(problem("has no points".into())) } else { Ok(points) }
}

impl Polygon {
    fn first(&self) -> (f64, f64) {
        self.points.first().copied().unwrap_or((0.0, 0.0))
    }

    fn last(&self) -> (f64, f64) {
        self.points.last().copied().unwrap_or((0.0, 0.0))
    }

    /// Time within the points, and what was taken off it.
    fn folded(&self, time: f64) -> (f64, f64) {
        let since = time - self.delay;
        let end = self.last().0;
        match self.repeat {
            Some(start) if since > end => {
                let period = end - start;
                let taken = ((since - start) / period).floor() * period;
                (since - taken, taken + self.delay)
            }
            _ => (since, self.delay),
        }
    }
}

impl Waveform for Polygon {
    fn value(&self, time: f64) -> f64 {
        let (time, _) = self.folded(time);
        let next = self.points.partition_point(|point| point.0 <= time);
        match (next.checked_sub(1), self.points.get(next)) {
            (Some(before), Some(right)) => {
                let left = self.points[before];
                left.1 + (right.1 - left.1) * (time - left.0) / (right.0 - left.0)
            }
            (None, _) => self.first().1,
            (_, None) => self.last().1,
        }
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        // A corner that equals `time` up to rounding has been reached.
        let reached = time + time.abs() * 8.0 * f64::EPSILON;
        let (folded, taken) = self.folded(reached);
        let next = self.points.partition_point(|point| point.0 <= folded);
        if let Some(point) = self.points.get(next) {
            return Some(point.0 + taken).filter(|&corner| corner > time);
        }
        // At the very end of the points: the first one of the repetition.
        let start = self.repeat?;
        let after = self.points.iter().find(|point| point.0 > start)?;
        Some(after.0 + taken + self.last().0 - start)
    }
}
