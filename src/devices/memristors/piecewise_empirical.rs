//! PEM: piecewise empirical memristor, Xyce's `memristor level=4`.
//!
//! ```text
//! i = x·h(v),   h = I1·e^(v/V1) − I2·e^(−v/V2) + G0·v − (I1 − I2)
//! dx/dt = C1·g(v)·f₊(x)  v ≥ 0,   C2·g(v)·f₋(x)  v < 0
//! g = e^(D1·(v − Vp)) − 1  v ≥ Vp,   e^(D2·(v − Vn)) − 1  v ≤ Vn,   0 between
//! ```
//! f₊ and f₋ are tables in the files `fxpdata` and `fxmdata`, lines of `x,f` with x increasing; between the points they are
//! straight lines, beyond them constant. x stops at the last x of f₊ and at the first of f₋. File names are relative to the
//! folder of the file with the model card; unquoted names are taken in lower case. At constant voltage x moves by
//! ∫dx/f(x) = C·g·t. Source: Xyce Reference Guide, memristor level 4, with its names and defaults.

use std::sync::Arc;

use super::window::Window;
use super::{Card, MemristorModel, UNKNOWNS};
use crate::circuit::element::Value;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Piecewise empirical memristor.
    pub struct Parameters {
        voltage_positive: ["v1"], "V", 1.0, "Voltage scale of the forward exponential";
        voltage_negative: ["v2"], "V", 1.0, "Voltage scale of the reverse exponential";
        current_positive: ["i1"], "A", 1.0, "Amplitude of the forward exponential";
        current_negative: ["i2"], "A", 1.0, "Amplitude of the reverse exponential";
        conductance: ["g0"], "S", 1.0, "Conductance";
        threshold_positive: ["vp"], "V", 1e-2, "Positive threshold voltage";
        threshold_negative: ["vn"], "V", -1e-2, "Negative threshold voltage; negative";
        slope_positive: ["d1"], "1/V", 1.0, "Slope beyond the positive threshold";
        slope_negative: ["d2"], "1/V", 1.0, "Slope beyond the negative threshold";
        rate_positive: ["c1"], "1/s", 1.0, "Rate at positive voltages";
        rate_negative: ["c2"], "1/s", 1.0, "Rate at negative voltages";
        initial: ["xo", "x0"], "", f64::NAN, "Initial state (default: the least)";
    }
}

type Table = Arc<[(f64, f64)]>;

/// A piecewise empirical memristor; the unknown is (x − x_min)/(x_max − x_min).
#[derive(Clone)]
pub struct PiecewiseEmpirical {
    p: Parameters,
    positive: Table,
    negative: Table,
    least: f64,
    most: f64,
    start: f64,
}

/// Reads lines of `x,f`, x increasing; `%`, `#` and `*` begin comments.
fn points(text: &str) -> Result<Table, String> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['%', '#', '*']) {
            continue;
        }
        let mut fields = line.split(|c: char| c == ',' || c.is_whitespace()).filter(|field| !field.is_empty());
        let mut next = || fields.next()?.parse::<f64>().ok().filter(|number| number.is_finite());
        let (Some(x), Some(f)) = (next(), next()) else {
            return Err(format!("has no x and f in line {}", number + 1));
        };
        if points.last().is_some_and(|last| x <= last.0) {
            return Err(format!("must have increasing x, line {} has not", number + 1));
        }
        points.push((x, f));
    }
    if points.len() < 2 {
        return Err("needs at least two points".into());
    }
    Ok(points.into())
}

fn table(card: &mut Card, name: &str, default: &str) -> Option<Table> {
    let file: Arc<str> = match card.parameter(name).map(|parameter| &parameter.value) {
        None => default.into(),
        Some(Value::Word(word)) => word.clone(),
        Some(_) => {
            card.error(name, "must be the name of a file");
            return None;
        }
    };
    let read = card.read_text(name, &file).map_err(|error| format!("cannot be read: {error}"));
    read.and_then(|text| points(&text))
        .map_err(|problem| card.error(name, &format!("names `{file}`, which {problem}")))
        .ok()
}

fn interpolated<S: Scalar>(table: &[(f64, f64)], x: S) -> S {
    let next = table.partition_point(|point| point.0 < x.value());
    if next == 0 || next == table.len() {
        return S::constant(table[next.min(table.len() - 1)].1);
    }
    let ((x0, f0), (x1, f1)) = (table[next - 1], table[next]);
    (x - x0) * ((f1 - f0) / (x1 - x0)) + f0
}

/// Words and lists of the model card.
pub const WORDS: &[NamedParameter] = &[
    NamedParameter::new(&["fxpdata"], "", "filep.dat", "File of x and f(x), at positive voltages"),
    NamedParameter::new(&["fxmdata"], "", "filem.dat", "File of x and f(x), at negative voltages"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("piecewise_empirical.rs")],
    models: &[ModelTable { title: "piecewise_empirical", numbers: Parameters::TABLE, others: WORDS }],
    ..super::page::<PiecewiseEmpirical>("piecewise_empirical", "Piecewise empirical")
};

impl MemristorModel for PiecewiseEmpirical {
    fn read(card: &mut Card) -> Option<Self> {
        let numbers = card.numbers(WORDS);
        let owner = card.owner().to_string();
        let p = Parameters::read(&numbers, UNKNOWNS, &owner, card.diagnostics());
        for (name, value) in [
            ("v1", p.voltage_positive),
            ("v2", p.voltage_negative),
            ("vp", p.threshold_positive),
            ("d1", p.slope_positive),
        ] {
            card.positive(name, value);
        }
        for (name, value) in [("i1", p.current_positive), ("i2", p.current_negative), ("g0", p.conductance)] {
            if value.is_nan() || value < 0.0 {
                card.error(name, "must not be negative");
            }
        }
        if p.threshold_negative >= 0.0 {
            card.warn("vn", "is not negative: x moves at every voltage below `vp`, as the equations say");
        }
        let positive = table(card, "fxpdata", "filep.dat");
        let negative = table(card, "fxmdata", "filem.dat");
        let (positive, negative) = (positive?, negative?);
        let (least, most) = (negative[0].0, positive[positive.len() - 1].0);
        if least < 0.0 || most <= least {
            card.error(
                "fxpdata",
                "must end at a larger x than that at which fxmdata begins, which must not be negative",
            );
            return None;
        }
        let initial = if p.initial.is_nan() { least } else { p.initial };
        card.within("xo", initial, least, most);
        Some(PiecewiseEmpirical { p, positive, negative, least, most, start: (initial - least) / (most - least) })
    }

    fn start(&self) -> f64 {
        self.start
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        Window::HARD.state(s) * (self.most - self.least) + self.least
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        let p = &self.p;
        let exponential = |x: S| if x.value() < 80.0 { x.exp_m1() } else { x.exp_limited(80.0) };
        let forward = exponential(v * (1.0 / p.voltage_positive)) * p.current_positive;
        let reverse = exponential(v * (-1.0 / p.voltage_negative)) * p.current_negative;
        self.published(s) * (forward - reverse + v * p.conductance)
    }

    fn rate<S: Scalar>(&self, v: S, s: S, _current: S) -> S {
        let p = &self.p;
        let x = self.published(s);
        let (table, rate, threshold, slope) = if v.value() >= p.threshold_positive {
            (&self.positive, p.rate_positive, p.threshold_positive, p.slope_positive)
        } else if v.value() <= p.threshold_negative {
            (&self.negative, p.rate_negative, p.threshold_negative, p.slope_negative)
        } else {
            return S::zero();
        };
        let drive = ((v - threshold) * slope).exp_limited(80.0) - 1.0;
        Window::HARD.rate(s, drive * interpolated(table, x) * (rate / (self.most - self.least)))
    }
}
