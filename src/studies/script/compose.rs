//! `compose`: a vector from a list of values, or from the description of a row.

use rand_distr::{Distribution, StandardNormal, StandardUniform};

use super::commands::Call;
use super::session::{Outcome, Session};
use crate::netlist::number::parse_number;
use crate::numerics::spacing::{Spacing, whole};
use crate::results::plot::VectorKind;
use crate::results::value::Samples;
use crate::results::vectors::NamedVector;

/// The numbers behind `start=`, `step=`, ….
struct Row<'t> {
    pairs: Vec<(&'t str, f64)>,
}

impl Row<'_> {
    fn get(&self, name: &str) -> Option<f64> {
        self.pairs.iter().rev().find(|(found, _)| *found == name).map(|(_, value)| *value)
    }

    /// First and last value.
    fn ends(&self) -> Option<(f64, f64)> {
        match (self.get("center"), self.get("span")) {
            (Some(center), Some(span)) => Some((center - 0.5 * span, center + 0.5 * span)),
            _ => Some((self.get("start")?, self.get("stop")?)),
        }
    }
}

impl Session<'_, '_, '_> {
    /// `compose name values v …`, `compose name start=a stop=b step=c`, and ngspice's other descriptions.
    pub fn compose(&mut self, call: &Call) -> Outcome {
        let text = call.text.trim();
        let (name, rest) = text.split_once(char::is_whitespace).ok_or("expected `compose name values v …`")?;
        let rest = rest.trim();
        let samples = match rest.split_once(char::is_whitespace) {
            Some((word, list)) if word.eq_ignore_ascii_case("values") => self.listed(list)?,
            _ => Samples::Real(self.row(&rest.to_lowercase())?),
        };
        let vector = NamedVector { name: name.to_lowercase(), kind: VectorKind::Other, samples, hidden: false };
        self.store.current_mut().set(vector);
        Ok(())
    }

    /// Numbers, or expressions in parentheses, one behind the other.
    fn listed(&self, text: &str) -> Outcome<Samples> {
        let mut problems = Vec::new();
        let values = self.values(text, &mut problems)?;
        match problems.into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(Samples::Real(values.iter().flat_map(|value| value.real()).collect())),
        }
    }

    fn row(&self, text: &str) -> Outcome<Vec<f64>> {
        let plain = text.replace('=', " ");
        let words: Vec<&str> = plain.split_whitespace().collect();
        let pairs = words.chunks(2).map(|pair| Some((pair[0], parse_number(pair.get(1)?)?)));
        let Some(pairs) = pairs.collect::<Option<Vec<_>>>() else {
            return Err(format!("expected `name=number` pairs, found `{text}`").into());
        };
        let row = Row { pairs };
        let most = self.deck.limits.values;
        let count = |name: &str| row.get(name).map(|count| count.clamp(0.0, most as f64) as usize);
        let random = &mut *self.random.borrow_mut();
        if let Some(count) = count("gauss") {
            let (mean, deviation) = (row.get("mean").unwrap_or(0.0), row.get("sd").unwrap_or(1.0));
            let normal = (0..count).map(|_| mean + deviation * Distribution::<f64>::sample(&StandardNormal, random));
            return Ok(normal.collect());
        }
        if let Some(count) = count("unif").or(count("random")) {
            let (mean, span) = (row.get("mean").unwrap_or(0.5), row.get("span").unwrap_or(1.0));
            let uniform = (0..count).map(|_| Distribution::<f64>::sample(&StandardUniform, random));
            return Ok(uniform.map(|part| mean + span * (part - 0.5)).collect());
        }
        spaced(&row, most).ok_or_else(|| format!("`{text}` does not describe a row of values").into())
    }
}

/// Values at equal distances, or at equal distances of their logarithms.
fn spaced(row: &Row, most: usize) -> Option<Vec<f64>> {
    let few = |count: f64| (0.0..most as f64).contains(&count).then_some(count as usize);
    let evenly = |spacing: Spacing, points: f64, first: f64, last: f64| {
        few(spacing.intervals(points, first, last)).map(|_| spacing.values(points, first, last, false))
    };
    let per = [("dec", Spacing::Decade), ("oct", Spacing::Octave)];
    let per = per.into_iter().find_map(|(name, spacing)| Some((row.get(name)?, spacing)));
    if let (Some((points, spacing)), Some((first, last))) = (per, row.ends()) {
        return evenly(spacing, points, first, last).filter(|_| last >= first);
    }
    if let (Some(points), Some((first, last))) = (row.get("log"), row.ends()) {
        let exponents = evenly(Spacing::Linear, points, first.ln(), last.ln())?;
        return Some(exponents.into_iter().map(f64::exp).collect());
    }
    match (row.ends(), row.get("step"), row.get("lin"), row.get("start")) {
        (Some((first, last)), None, Some(points), _) => evenly(Spacing::Linear, points, first, last),
        (Some((first, last)), Some(step), _, _) => {
            let last_index = few(whole((last - first) / step))?;
            Some((0..=last_index).map(|index| first + index as f64 * step).collect())
        }
        (None, Some(step), Some(points), Some(first)) => {
            Some((0..few(points)?).map(|index| first + index as f64 * step).collect())
        }
        _ => None,
    }
}
