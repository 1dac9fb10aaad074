//! `stop`, `step`, `resume`, `status` and `delete`: transient analyses that pause.

use super::commands::Call;
use super::session::{Outcome, Problem, Session};
use crate::analysis::output::Checkpoint;
use crate::circuit::{Analysis, Overrides, elaborate};
use crate::netlist::Deck;
use crate::netlist::number::parse_number;
use crate::results::pause::{Breakpoint, Comparison, Pause, Relation, Side};
use crate::results::plot::Plot;
use crate::studies::deck_run::{StepRun, run_pausing};

/// A breakpoint with the number and the text that `status` shows.
pub struct Numbered {
    number: usize,
    text: String,
    breakpoint: Breakpoint,
}

/// A transient analysis that waits to be resumed.
pub struct Paused {
    deck: Deck,
    checkpoint: Checkpoint,
    /// Its points so far.
    plot: Plot,
    overrides: Overrides,
}

/// Words and signs of relations.
const RELATIONS: &[(&str, &str, Relation)] = &[
    ("ge", ">=", Relation::GreaterOrEqual),
    ("le", "<=", Relation::LessOrEqual),
    ("ne", "<>", Relation::Different),
    ("eq", "=", Relation::Equal),
    ("gt", ">", Relation::Greater),
    ("lt", "<", Relation::Less),
];

/// `after 10 when v(out) > 0.3 when time = 2m`
fn breakpoint(text: &str) -> Result<Breakpoint, String> {
    let expected = "expected `stop after points` or `stop when vector > value`";
    let mut found = Breakpoint::default();
    let lower = text.to_lowercase();
    // Every part begins with its word.
    let mut rest = lower.trim();
    while !rest.is_empty() {
        let (word, tail) = rest.split_once(char::is_whitespace).ok_or(expected)?;
        let next = [" after ", " when "].iter().filter_map(|word| tail.find(word)).min().unwrap_or(tail.len());
        let (part, behind) = tail.split_at(next);
        match word {
            "after" => found.after = Some(part.trim().parse::<usize>().map_err(|_| expected)?),
            "when" => found.when.push(comparison(part).ok_or(expected)?),
            _ => return Err(expected.into()),
        }
        rest = behind.trim();
    }
    if found == Breakpoint::default() { Err(expected.into()) } else { Ok(found) }
}

fn comparison(text: &str) -> Option<Comparison> {
    let by_word = |(word, _, relation): &(&str, &str, Relation)| {
        text.split_once(&format!(" {word} ")).map(|(left, right)| (left, right, *relation))
    };
    let by_sign = |(_, sign, relation): &(&str, &str, Relation)| {
        text.split_once(sign).map(|(left, right)| (left, right, *relation))
    };
    let (left, right, relation) = RELATIONS.iter().find_map(by_word).or_else(|| RELATIONS.iter().find_map(by_sign))?;
    let side = |text: &str| {
        let text: String = text.split_whitespace().collect();
        let number = parse_number(&text);
        (!text.is_empty()).then(|| number.map_or(Side::Vector(text), Side::Number))
    };
    Some(Comparison { left: side(left)?, relation, right: side(right)? })
}

impl Session<'_, '_, '_> {
    /// `stop after n`, `stop when vector relation value`, several together.
    pub fn stop(&mut self, call: &Call) -> Outcome {
        let breakpoint = breakpoint(&call.text)?;
        self.breakpoint_count += 1;
        let text = format!("stop {}", call.text.trim());
        self.breakpoints.push(Numbered { number: self.breakpoint_count, text, breakpoint });
        Ok(())
    }

    /// `delete n …|all`
    pub fn delete(&mut self, call: &Call) -> Outcome {
        for word in call.words() {
            match word.parse::<usize>() {
                _ if word == "all" => self.breakpoints.clear(),
                Ok(number) => self.breakpoints.retain(|other| other.number != number),
                Err(_) => return Err("expected `all` or the numbers that `status` shows".into()),
            }
        }
        Ok(())
    }

    /// `status`
    pub fn status(&mut self) -> Outcome {
        let lines: Vec<String> =
            self.breakpoints.iter().map(|other| format!("{:<4} {}\n", other.number, other.text)).collect();
        self.say(&lines.concat());
        Ok(())
    }

    /// `resume`
    pub fn resume(&mut self, _call: &Call) -> Outcome {
        let breakpoints = self.breakpoints.iter().map(|other| other.breakpoint.clone()).collect();
        self.go_on(breakpoints)
    }

    /// `step [n]`
    pub fn step(&mut self, call: &Call) -> Outcome {
        let text = call.text.trim();
        let count =
            if text.is_empty() { Ok(1) } else { text.parse::<usize>().map_err(|_| "expected a number of points") }?;
        let Some(paused) = &self.paused else { return Err("no analysis is paused".into()) };
        self.go_on(vec![Breakpoint { after: Some(paused.plot.len() + count), when: Vec::new() }])
    }

    fn go_on(&mut self, breakpoints: Vec<Breakpoint>) -> Outcome {
        let Some(paused) = self.paused.take() else { return Err("no analysis is paused".into()) };
        let Paused { deck, checkpoint, plot, overrides } = paused;
        let is_altered = overrides != self.overrides;
        let pause = Pause::after(breakpoints, plot.len(), checkpoint, is_altered);
        self.run_until(&deck, pause, Some(plot))
    }

    /// Runs `deck` with the breakpoints that there are.
    pub(super) fn analyse_pausing(&mut self, deck: &Deck) -> Outcome {
        let breakpoints = self.breakpoints.iter().map(|other| other.breakpoint.clone()).collect();
        self.paused = None;
        self.run_until(deck, Pause::new(breakpoints), None)
    }

    /// Runs until the analyses end or pause; `before` are the points of the part before.
    fn run_until(&mut self, deck: &Deck, mut pause: Pause, before: Option<Plot>) -> Outcome {
        let overrides = self.overrides.clone();
        let circuit = elaborate(deck, &overrides).map_err(Problem::Reported)?;
        if !circuit.steps.is_empty() {
            return Err("an analysis with `.step` does not pause: take back `stop` by `delete all`".into());
        }
        let transients = circuit.analyses.iter().filter(|card| matches!(card.analysis, Analysis::Transient(_)));
        if transients.count() == 0 {
            pause.breakpoints.clear();
        }
        let watch = self.settings.watch;
        let run = run_pausing(deck, circuit, &overrides, &mut pause, &|progress| watch(progress));
        let run = run.map_err(Problem::Reported)?;
        self.interrupted |= run.interrupted;
        for mut run in run.runs {
            if let (Some(before), Some(last)) = (before.clone(), run.plots.last_mut()) {
                *last = joined(before, last);
                self.forget_paused();
            }
            self.paused_here(deck, &mut pause, &run);
            self.take(deck, &run)?;
            if self.settings.keep_runs {
                self.runs.push(run);
            }
        }
        Ok(())
    }

    /// Keeps what an analysis that has paused goes on from, and says where it stands.
    fn paused_here(&mut self, deck: &Deck, pause: &mut Pause, run: &StepRun) {
        let (Some(reached), Some(checkpoint), Some(plot)) = (pause.reached, pause.checkpoint.take(), run.plots.last())
        else {
            return;
        };
        let numbered = self.breakpoints.iter().find(|other| other.breakpoint == pause.breakpoints[reached]);
        let what =
            numbered.map_or(String::new(), |other| format!("{} : condition met: {}\n", other.number, other.text));
        self.say(&format!("{what}the transient analysis pauses at {:e} s\n", checkpoint.time));
        let overrides = self.overrides.clone();
        self.paused = Some(Paused { deck: deck.clone(), checkpoint, plot: plot.clone(), overrides });
    }

    /// The plot of an analysis that goes on takes the place of what there was of it.
    fn forget_paused(&mut self) {
        let kind = self.store.plots.iter().rposition(|plot| plot.name.starts_with("Transient"));
        if let Some(index) = kind {
            self.store.take_back(index);
        }
    }
}

/// The points of an analysis before and after its pause, which both have the point between.
fn joined(mut before: Plot, after: &Plot) -> Plot {
    for index in 1..after.len() {
        before.push(&after.row(index));
    }
    before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_breakpoint() {
        let vector = |name: &str| Side::Vector(name.into());
        let when = |left, relation, right| Comparison { left, relation, right };
        let found = breakpoint("after 10 when V(out) > 0.3 when time eq 2m").unwrap();
        assert_eq!(found.after, Some(10));
        let first = when(vector("v(out)"), Relation::Greater, Side::Number(0.3));
        assert_eq!(found.when, [first, when(vector("time"), Relation::Equal, Side::Number(2e-3))]);
        assert_eq!(
            breakpoint("when v(a)>=v(b)").unwrap().when,
            [when(vector("v(a)"), Relation::GreaterOrEqual, vector("v(b)"))]
        );
        assert_eq!(
            breakpoint("when a <> 1").unwrap().when,
            [when(vector("a"), Relation::Different, Side::Number(1.0))]
        );
        assert!(breakpoint("").is_err() && breakpoint("when a").is_err() && breakpoint("after x").is_err());
    }
}
