//! The functions of result expressions that look at whole curves: `max(y)`, `integral(y)`, `crossing(y, level, n)`, ….
//!
//! `argmax`, `at`, `crossing` and `integral` refer to the axis of the plot (time, frequency, swept value).

use std::sync::Arc;

use super::fit;
use super::reduction as reduce;
use super::samples;
use super::value::Value;
use crate::diagnostic::{Diagnostic, Span};

/// A function of whole curves.
pub struct ReductionInfo {
    pub names: &'static [&'static str],
    /// `y` is a curve, `x` a curve over the same axis.
    pub arguments: &'static str,
    /// Least and largest number of arguments.
    arity: (usize, usize),
    pub meaning: &'static str,
}

const fn reduction(
    names: &'static [&'static str],
    arguments: &'static str,
    arity: (usize, usize),
    meaning: &'static str,
) -> ReductionInfo {
    ReductionInfo { names, arguments, arity, meaning }
}

/// All of them.
pub const REDUCTIONS: &[ReductionInfo] = &[
    reduction(&["max"], "y", (1, 1), "Largest value"),
    reduction(&["min"], "y", (1, 1), "Smallest value"),
    reduction(&["pp"], "y", (1, 1), "Largest less smallest value"),
    reduction(&["first"], "y", (1, 1), "First value"),
    reduction(&["last"], "y", (1, 1), "Last value"),
    reduction(&["length"], "y", (1, 1), "Number of points"),
    reduction(&["mean", "avg"], "y", (1, 1), "Mean over the axis: each point counts by its share"),
    reduction(&["rms"], "y", (1, 1), "Root of the mean square over the axis"),
    reduction(&["std"], "y", (1, 1), "Standard deviation over the axis"),
    reduction(&["sample_mean"], "y", (1, 1), "Mean of the points, all alike"),
    reduction(&["sample_std"], "y", (1, 1), "Standard deviation of the points, all alike, n − 1"),
    reduction(
        &["normal_p"],
        "y",
        (1, 1),
        "Anderson–Darling p value of normality, mean and variance estimated; from 8 points on",
    ),
    reduction(&["argmax"], "y", (1, 1), "Position of the largest value"),
    reduction(&["argmin"], "y", (1, 1), "Position of the smallest value"),
    reduction(&["at"], "y, t", (2, 2), "Value at t"),
    reduction(
        &["crossing"],
        "y, level [, n]",
        (2, 3),
        "Position of the n-th passage of a level (1), from the end if n < 0",
    ),
    reduction(&["integral", "integ"], "y [, x]", (1, 2), "Integral"),
    reduction(&["deriv", "ddt"], "y [, x]", (1, 2), "Derivative, a curve"),
    reduction(&["idt", "sdt"], "y", (1, 2), "Running integral, a curve"),
    reduction(&["increasing"], "y", (1, 1), "1 if no value falls, else 0"),
    reduction(&["decreasing"], "y", (1, 1), "1 if no value rises, else 0"),
    reduction(&["monotone"], "y", (1, 1), "1 if one of both holds"),
    reduction(&["count"], "y", (1, 1), "Number of points that are not 0"),
    reduction(&["window"], "y, from, to", (3, 3), "Part of a curve"),
    reduction(&["where"], "y, condition", (2, 2), "The points where the condition holds"),
    reduction(&["sample"], "y, start, period, count", (4, 4), "y at start, start + period, …, as a curve over 0, 1, …"),
    reduction(&["axis"], "y", (1, 1), "The axis of a curve, as a curve"),
    reduction(&["fit_slope"], "x, y", (2, 2), "Slope of the line through the points"),
    reduction(&["fit_intercept"], "x, y", (2, 2), "The line at x = 0"),
    reduction(&["r2"], "x, y [, model]", (2, 3), "Coefficient of determination of the line, or of a model"),
    reduction(&["fit_exp_tau"], "x, y", (2, 2), "τ of a + b·e^(−x/τ); negative if it grows"),
    reduction(&["fit_exp_r2"], "x, y", (2, 2), "Coefficient of determination of it"),
];

/// Parts of complex curves, and what they are.
pub const PARTS: &[(&str, &str)] = &[
    ("mag", "Magnitude of complex values"),
    ("ph", "Angle of complex values, °"),
    ("db", "20·log10 of the magnitude"),
    ("re", "Real part"),
    ("im", "Imaginary part"),
];

/// All names, for hints.
pub fn names() -> impl Iterator<Item = &'static str> {
    let reductions = REDUCTIONS.iter().flat_map(|info| info.names.iter().copied());
    reductions.chain(PARTS.iter().map(|(name, _)| *name))
}

/// Least and largest number of arguments.
fn arity(name: &str) -> Option<(usize, usize)> {
    REDUCTIONS.iter().find(|info| info.names.contains(&name)).map(|info| info.arity)
}

/// The value of the function called `name`; None if it is none of these.
pub fn call(name: &str, arguments: &[Value], span: Span) -> Option<Result<Value, Diagnostic>> {
    let (least, most) = arity(name)?;
    if matches!(name, "max" | "min") && arguments.len() != 1 {
        return None;
    }
    if !(least..=most).contains(&arguments.len()) {
        let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
        let message = format!("`{name}` takes {wanted} arguments, not {}", arguments.len());
        return Some(Err(Diagnostic::error(message).at(span)));
    }
    if arguments.iter().any(Value::is_complex) && name != "length" {
        let error = Diagnostic::error(format!("`{name}` needs real values, and these are complex")).at(span);
        return Some(Err(error.hint("take a part first: mag(…), ph(…), db(…), re(…) or im(…)")));
    }
    let result = Call { name, arguments }.value();
    Some(result.map_err(|reason| Diagnostic::error(format!("`{name}`: {reason}")).at(span)))
}

struct Call<'a> {
    name: &'a str,
    arguments: &'a [Value],
}

impl Call<'_> {
    fn value(&self) -> Result<Value, String> {
        let y = self.arguments[0].real();
        if y.is_empty() {
            return Err("there are no points".into());
        }
        // Without an axis there is one point.
        let x: Arc<[f64]> = self.arguments[0].axis.clone().unwrap_or_else(|| Arc::from([0.0]));
        if let Some(series) = self.series(&x, &y) {
            return series;
        }
        self.reduced(&x, &y).map(Value::number)
    }

    /// Functions that give curves.
    fn series(&self, x: &Arc<[f64]>, y: &[f64]) -> Option<Result<Value, String>> {
        Some(match self.name {
            "deriv" | "ddt" => self.path(x).and_then(|path| match y.len() {
                1 => Err("one point has no derivative".into()),
                _ => Ok(Value::real_series(x.clone(), reduce::derivative(&path, y))),
            }),
            "idt" | "sdt" => Ok(Value::real_series(x.clone(), reduce::running_integral(x, y))),
            "window" => self.number(1).and_then(|from| {
                let (x, y) = reduce::window(x, y, from, self.number(2)?)?;
                Ok(Value::real_series(x.into(), y))
            }),
            "axis" => Ok(Value::real_series(x.clone(), x.to_vec())),
            "where" => self.chosen(x, y),
            "sample" => self.sampled(x, y),
            _ => return None,
        })
    }

    /// The points of y where the second argument is not 0.
    fn chosen(&self, x: &[f64], y: &[f64]) -> Result<Value, String> {
        let condition = self.curve(1, y.len())?;
        let keep = |values: &[f64]| -> Vec<f64> {
            values.iter().zip(&condition).filter(|(_, condition)| **condition != 0.0).map(|(value, _)| *value).collect()
        };
        let axis = keep(x);
        if axis.is_empty() {
            Err("no point fulfils the condition".into())
        } else {
            Ok(Value::real_series(axis.into(), keep(y)))
        }
    }

    /// y at `start`, `start + period`, …: a curve over 0, 1, ….
    fn sampled(&self, x: &[f64], y: &[f64]) -> Result<Value, String> {
        let (start, period, count) = (self.number(1)?, self.number(2)?, self.number(3)?);
        if count.fract() != 0.0 || !(1.0..1e7).contains(&count) {
            return Err(format!("the number of samples must be 1, 2, …, not {count}"));
        }
        let axis: Vec<f64> = (0..count as usize).map(|index| index as f64).collect();
        let at = |index: &f64| {
            let position = start + index * period;
            let found = reduce::value_at(x, y, position);
            found.ok_or_else(|| format!("{position:e} is outside of {:e} … {:e}", x[0], x[x.len() - 1]))
        };
        let values = axis.iter().map(at).collect::<Result<Vec<f64>, String>>()?;
        Ok(Value::real_series(axis.into(), values))
    }

    fn reduced(&self, x: &[f64], y: &[f64]) -> Result<f64, String> {
        let position = |index: Option<usize>| index.map_or(f64::NAN, |index| x[index]);
        let truth = |truth: bool| f64::from(u8::from(truth));
        Ok(match self.name {
            "max" => reduce::extreme(y, reduce::index_of_largest),
            "min" => reduce::extreme(y, reduce::index_of_smallest),
            "pp" => reduce::extreme(y, reduce::index_of_largest) - reduce::extreme(y, reduce::index_of_smallest),
            "argmax" => position(reduce::index_of_largest(y)),
            "argmin" => position(reduce::index_of_smallest(y)),
            "mean" | "avg" => reduce::mean(x, y),
            "rms" => reduce::root_mean_square(x, y),
            "std" => reduce::standard_deviation(x, y),
            "integral" | "integ" => reduce::integral(&self.path(x)?, y),
            "first" => y[0],
            "last" => y[y.len() - 1],
            "length" => y.len() as f64,
            "count" => y.iter().filter(|&&value| value != 0.0 && !value.is_nan()).count() as f64,
            "sample_mean" => samples::mean(y),
            "sample_std" => samples::standard_deviation(y),
            "normal_p" => samples::normality(y),
            "increasing" => truth(reduce::is_monotone(y, 1.0)),
            "decreasing" => truth(reduce::is_monotone(y, -1.0)),
            "monotone" => truth(reduce::is_monotone(y, 1.0) || reduce::is_monotone(y, -1.0)),
            "at" => {
                let position = self.number(1)?;
                let found = reduce::value_at(x, y, position);
                found.ok_or_else(|| format!("{position:e} is outside of {:e} … {:e}", x[0], x[x.len() - 1]))?
            }
            "crossing" => self.crossing(x, y)?,
            _ => self.fitted(y)?,
        })
    }

    /// Position of the n-th passage of a level, in either direction; a negative n counts from the end.
    fn crossing(&self, x: &[f64], y: &[f64]) -> Result<f64, String> {
        let level = self.number(1)?;
        let count = if self.arguments.len() > 2 { self.number(2)? } else { 1.0 };
        if count == 0.0 || count.fract() != 0.0 {
            return Err(format!("the number of the crossing must be 1, 2, … or -1, -2, …, not {count}"));
        }
        let shifted: Vec<f64> = y.iter().map(|value| value - level).collect();
        let found = reduce::crossings(x, &shifted);
        let index = if count > 0.0 { count - 1.0 } else { found.len() as f64 + count };
        let crossing = (index >= 0.0).then(|| found.get(index as usize)).flatten();
        crossing.map(|crossing| crossing.position).ok_or_else(|| {
            format!("the level {level:e} is crossed {} times, so there is no crossing {count}", found.len())
        })
    }

    /// Functions of (x, y) or of (x, y, model), all curves; the first argument is x.
    fn fitted(&self, x: &[f64]) -> Result<f64, String> {
        let y = self.curve(1, x.len())?;
        let line = || fit::line(x, &y).ok_or("a line needs points with two different x");
        let exponential = || fit::exponential(x, &y).ok_or("no exponential fits the points");
        Ok(match self.name {
            "fit_slope" => line()?.0,
            "fit_intercept" => line()?.1,
            "fit_exp_r2" => exponential()?.r2,
            "fit_exp_tau" => exponential()?.tau,
            "r2" if self.arguments.len() > 2 => fit::determination(&y, &self.curve(2, x.len())?),
            _ => {
                let (slope, intercept) = line()?;
                let model: Vec<f64> = x.iter().map(|x| intercept + slope * x).collect();
                fit::determination(&y, &model)
            }
        })
    }

    /// What to integrate or differentiate over: the second argument, or the axis.
    fn path(&self, x: &[f64]) -> Result<Vec<f64>, String> {
        if self.arguments.len() > 1 { self.curve(1, x.len()) } else { Ok(x.to_vec()) }
    }

    fn curve(&self, index: usize, length: usize) -> Result<Vec<f64>, String> {
        let values = self.arguments[index].real();
        if values.len() == length { Ok(values) } else { Err("the curves have different numbers of points".into()) }
    }

    fn number(&self, index: usize) -> Result<f64, String> {
        self.arguments[index].as_number().ok_or_else(|| format!("argument {} must be a number", index + 1))
    }
}
