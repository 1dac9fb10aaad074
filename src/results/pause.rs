//! Where a transient analysis pauses, so that a script can look at it, change the circuit, and go on.

use super::plot::Header;
use crate::analysis::output::Checkpoint;

/// Relation between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Equal,
    Different,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

/// One side of a relation.
#[derive(Debug, Clone, PartialEq)]
pub enum Side {
    Number(f64),
    /// A vector, in lower case.
    Vector(String),
}

/// `when a > b`
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub left: Side,
    pub relation: Relation,
    pub right: Side,
}

/// Where to pause: all that is given must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Breakpoint {
    /// After so many points.
    pub after: Option<usize>,
    pub when: Vec<Comparison>,
}

/// A transient analysis that may pause.
#[derive(Debug, Default)]
pub struct Pause {
    pub breakpoints: Vec<Breakpoint>,
    /// Points before this part of the analysis.
    pub before: usize,
    /// Where this part begins; none at time 0.
    pub resume: Option<Checkpoint>,
    /// The circuit has changed since.
    pub is_altered: bool,
    /// The breakpoint that was reached.
    pub reached: Option<usize>,
    /// Where the analysis stands then.
    pub checkpoint: Option<Checkpoint>,
    names: Vec<String>,
    last: Vec<f64>,
    points: usize,
}

impl Comparison {
    /// Whether it holds at `row`, which comes after `last`; equality also between the two.
    fn holds(&self, names: &[String], last: &[f64], row: &[f64]) -> bool {
        let difference = |row: &[f64]| Some(self.left.value(names, row)? - self.right.value(names, row)?);
        let Some(now) = difference(row) else { return false };
        match self.relation {
            Relation::Equal => now == 0.0 || difference(last).is_some_and(|before| before * now < 0.0),
            Relation::Different => now != 0.0,
            Relation::Greater => now > 0.0,
            Relation::Less => now < 0.0,
            Relation::GreaterOrEqual => now >= 0.0,
            Relation::LessOrEqual => now <= 0.0,
        }
    }

    /// The time that it names, which is then a time point.
    fn time(&self) -> Option<f64> {
        match (&self.left, &self.right) {
            (Side::Vector(name), Side::Number(time)) | (Side::Number(time), Side::Vector(name)) if name == "time" => {
                Some(*time)
            }
            _ => None,
        }
    }
}

impl Side {
    fn value(&self, names: &[String], row: &[f64]) -> Option<f64> {
        match self {
            Side::Number(number) => Some(*number),
            Side::Vector(name) => {
                let branch = name.strip_suffix("#branch").map(|element| format!("i({element})"));
                let whole = format!("v({name})");
                let is_it = |other: &String| other == name || *other == whole || Some(other) == branch.as_ref();
                row.get(names.iter().position(is_it)?).copied()
            }
        }
    }
}

impl Pause {
    /// An analysis that begins at time 0.
    pub fn new(breakpoints: Vec<Breakpoint>) -> Self {
        Pause { breakpoints, ..Pause::default() }
    }

    /// One that goes on from `checkpoint`, before which there were `before` points.
    pub fn after(breakpoints: Vec<Breakpoint>, before: usize, checkpoint: Checkpoint, is_altered: bool) -> Self {
        Pause { breakpoints, before, resume: Some(checkpoint), is_altered, ..Pause::default() }
    }

    /// The times that are to be points.
    pub fn times(&self) -> Vec<f64> {
        self.breakpoints.iter().flat_map(|breakpoint| &breakpoint.when).filter_map(Comparison::time).collect()
    }

    /// The plot begins.
    pub fn begin(&mut self, header: &Header) {
        self.names = header.columns.iter().map(|column| column.name.to_ascii_lowercase()).collect();
        self.points = 0;
    }

    /// Takes a point; whether the analysis is to pause behind it.
    pub fn row(&mut self, row: &[f64]) -> bool {
        self.points += 1;
        // What goes on begins with the point that it ended with.
        let is_new = self.before == 0 || self.points > 1;
        let count = self.before + self.points - usize::from(self.before > 0);
        let holds = |breakpoint: &Breakpoint| {
            breakpoint.after.is_none_or(|after| after == count)
                && breakpoint.when.iter().all(|comparison| comparison.holds(&self.names, &self.last, row))
        };
        self.reached = self.breakpoints.iter().position(holds).filter(|_| is_new);
        self.last.clear();
        self.last.extend_from_slice(row);
        self.reached.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::plot::{Column, VectorKind};

    #[test]
    fn relations_hold_where_they_say() {
        let names = ["time", "v(a)", "i(v1)"];
        let columns = names.map(|name| Column { name: name.into(), kind: VectorKind::Other });
        let header = Header {
            title: String::new(),
            name: String::new(),
            step: String::new(),
            complex: false,
            has_axis: true,
            columns: columns.into(),
        };
        let first = |left: &str, relation, right: Side| {
            let when = vec![Comparison { left: Side::Vector(left.into()), relation, right }];
            let mut pause = Pause { breakpoints: vec![Breakpoint { after: None, when }], ..Pause::default() };
            pause.begin(&header);
            (0..10).position(|k| pause.row(&[f64::from(k), 2.0 * f64::from(k), 5.5]))
        };
        assert_eq!(first("a", Relation::Greater, Side::Number(4.0)), Some(3));
        assert_eq!(first("v(a)", Relation::GreaterOrEqual, Side::Vector("v1#branch".into())), Some(3));
        assert_eq!(first("a", Relation::Equal, Side::Vector("i(v1)".into())), Some(3));
        assert_eq!(first("time", Relation::Equal, Side::Number(2.0)), Some(2));
        assert_eq!(first("b", Relation::Less, Side::Number(2.0)), None);
    }

    #[test]
    fn points_are_counted_over_all_parts() {
        let after = |count| Breakpoint { after: Some(count), when: Vec::new() };
        let mut pause = Pause { breakpoints: vec![after(3), after(5)], ..Pause::default() };
        let rows = |pause: &mut Pause| (1..).find(|_| pause.row(&[0.0])).unwrap();
        assert_eq!((rows(&mut pause), pause.reached), (3, Some(0)));
        let mut rest = Pause { before: 3, ..pause };
        rest.points = 0;
        // The third point comes again.
        assert_eq!((rows(&mut rest), rest.reached), (3, Some(1)));
    }
}
