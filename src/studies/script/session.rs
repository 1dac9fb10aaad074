//! What a script knows while it runs: its variables, vectors and what it changed in the circuit.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::breakpoints::{Numbered, Paused};
use super::control_flow::Flow;
use super::variables::Variables;
use super::{Console, ScriptEnd, ScriptSettings};
use crate::circuit::analysis_card::Transient;
use crate::circuit::{Circuit, Overrides};
use crate::diagnostic::{Diagnostic, Report, Span};
use crate::netlist::script::{VectorExpression, parse_vector_expressions};
use crate::netlist::{Addition, Deck, Own};
use crate::results::Sink;
use crate::results::vectors::table::PageLayout;
use crate::results::vectors::{Definition, Evaluator, OPERATION_LIMIT, VectorStore, VectorValue};
use crate::studies::deck_run::StepRun;

/// Why a command has no result.
#[derive(Debug)]
pub enum Problem {
    /// To be pointed at the command's line.
    Said(String),
    /// Points at its place already.
    Reported(Report),
}

impl From<String> for Problem {
    fn from(message: String) -> Self {
        Problem::Said(message)
    }
}

impl From<&str> for Problem {
    fn from(message: &str) -> Self {
        Problem::Said(message.into())
    }
}

pub type Outcome<T = ()> = Result<T, Problem>;

/// A deck with further cards, and what it was made of.
pub struct Variant {
    pub own: Own,
    pub additions: Vec<Addition>,
    pub deck: Arc<Deck>,
}

pub struct Session<'a, 's, 'c> {
    pub deck: &'a Deck,
    pub settings: ScriptSettings<'a>,
    pub sinks: Vec<&'s mut dyn Sink>,
    pub overrides: Overrides,
    /// Cards of `save` and `option`.
    pub additions: Vec<Addition>,
    /// What the last analysis was run on: loops run the same one again and again.
    pub variant: Option<Variant>,
    pub variables: Variables,
    pub store: VectorStore,
    pub definitions: HashMap<String, Vec<Definition>>,
    /// As the last analysis saw it.
    pub circuit: Option<Arc<Circuit>>,
    pub last_transient: Option<Transient>,
    pub analysis_time: Duration,
    pub start: Instant,
    pub failed: bool,
    pub interrupted: bool,
    /// Commands that have been named as not supported.
    pub named: HashSet<String>,
    /// Text that is redirected to a file.
    pub capture: Option<String>,
    /// Everything that was run, where it is to be kept.
    pub runs: Vec<StepRun>,
    pub random: RefCell<ChaCha8Rng>,
    /// `fourier` commands so far.
    pub fouriers: usize,
    /// Other names of commands, with what they stand for.
    pub aliases: HashMap<String, String>,
    /// What `stop` has set, and how many there have been.
    pub breakpoints: Vec<Numbered>,
    pub breakpoint_count: usize,
    /// The analysis that waits for `resume`.
    pub paused: Option<Paused>,
    /// The label that `goto` leads to.
    pub target: String,
    pub jumps: usize,
    console: &'c mut (dyn Console + 'c),
}

impl<'a, 's, 'c> Session<'a, 's, 'c> {
    pub fn new(
        deck: &'a Deck,
        settings: ScriptSettings<'a>,
        sinks: Vec<&'s mut dyn Sink>,
        console: &'c mut (dyn Console + 'c),
    ) -> Self {
        Session {
            deck,
            overrides: settings.overrides.clone(),
            settings,
            sinks,
            additions: Vec::new(),
            variant: None,
            variables: Variables::default(),
            store: VectorStore::default(),
            definitions: HashMap::new(),
            circuit: None,
            last_transient: None,
            analysis_time: Duration::ZERO,
            start: Instant::now(),
            failed: false,
            interrupted: false,
            named: HashSet::new(),
            capture: None,
            runs: Vec::new(),
            random: RefCell::new(ChaCha8Rng::seed_from_u64(0)),
            fouriers: 0,
            aliases: HashMap::new(),
            breakpoints: Vec::new(),
            breakpoint_count: 0,
            paused: None,
            target: String::new(),
            jumps: 0,
            console,
        }
    }

    pub fn end(self, flow: Flow) -> ScriptEnd {
        let exit_code = if let Flow::Quit(code) = flow { Some(code) } else { None };
        ScriptEnd {
            exit_code,
            failed: self.failed,
            interrupted: self.interrupted,
            overrides: self.overrides,
            runs: self.runs,
            additions: self.additions,
        }
    }

    /// Text for the reader, or for the file that it is redirected to.
    pub fn say(&mut self, text: &str) {
        match &mut self.capture {
            Some(captured) => captured.push_str(text),
            None => self.console.text(text),
        }
    }

    pub fn report(&mut self, report: &Report) {
        if !report.diagnostics.is_empty() {
            self.failed |= report.has_errors();
            self.console.report(report);
        }
    }

    /// A warning about the line at `span`.
    pub fn warn(&mut self, span: Span, message: String) {
        let warning = Diagnostic::warning(message).at(span);
        self.report(&Report::new(self.deck.sources.clone(), vec![warning]));
    }

    /// Reports why the command at `span` failed; `text` is the line with its variables put in.
    pub fn fail(&mut self, span: Span, text: &str, problem: Problem) {
        let report = match problem {
            Problem::Reported(report) => report,
            Problem::Said(message) => {
                let mut error = Diagnostic::error(message).at(span);
                if self.deck.sources.text(span) != text && self.deck.sources.text(span).contains('$') {
                    error = error.hint(format!("with its variables put in the line is `{text}`"));
                }
                Report::new(self.deck.sources.clone(), vec![error])
            }
        };
        self.report(&report);
    }

    /// Expressions side by side, with their text.
    pub fn expressions(&self, text: &str) -> Outcome<Vec<(VectorExpression, String)>> {
        parse_vector_expressions(text).map_err(|(message, at)| {
            let found = text.get(at..).unwrap_or_default().trim();
            let found = if found.is_empty() { "the end".to_string() } else { format!("`{found}`") };
            Problem::Said(format!("{message}, found {found}"))
        })
    }

    fn with_evaluator<T>(&self, action: impl FnOnce(&mut Evaluator) -> T) -> T {
        let quantity = |name: &str| self.device_quantity(name);
        let mut random = self.random.borrow_mut();
        let mut evaluator = Evaluator {
            store: &self.store,
            definitions: &self.definitions,
            quantity: &quantity,
            degrees: self.variables.text("units").is_some_and(|units| units.eq_ignore_ascii_case("degrees")),
            random: &mut random,
            most_values: self.deck.limits.values,
            operations: OPERATION_LIMIT,
        };
        action(&mut evaluator)
    }

    /// The values of all expressions of `text`; those that have none are reported in `problems`.
    pub fn values(&self, text: &str, problems: &mut Vec<String>) -> Outcome<Vec<VectorValue>> {
        let expressions = self.expressions(text)?;
        Ok(self.with_evaluator(|evaluator| {
            let mut values = Vec::new();
            for (expression, text) in &expressions {
                match evaluator.all(expression, text) {
                    Ok(found) => values.extend(found),
                    Err(problem) => problems.push(problem),
                }
            }
            values
        }))
    }

    /// The value of the one expression that `text` is.
    pub fn value(&self, text: &str) -> Outcome<VectorValue> {
        let expressions = self.expressions(text)?;
        let [(expression, _)] = &expressions[..] else {
            let what = if expressions.is_empty() { "an expression is expected" } else { "one expression is expected" };
            return Err(what.into());
        };
        Ok(self.with_evaluator(|evaluator| evaluator.one(expression))?)
    }

    /// Whether the condition holds.
    pub fn condition(&self, text: &str) -> Outcome<bool> {
        Ok(self.value(text)?.is_true())
    }

    pub fn seed_random(&mut self, seed: u64) {
        self.random = RefCell::new(ChaCha8Rng::seed_from_u64(seed));
    }

    pub fn layout(&self) -> PageLayout {
        let number = |name: &str, least: f64| self.variables.number(name).map(|value| value.max(least) as usize);
        PageLayout {
            width: number("width", 40.0).unwrap_or(80),
            height: number("height", 20.0).unwrap_or(60),
            digits: self.digits().unwrap_or(6),
            no_break: self.variables.is_set("nobreak"),
            no_scale: self.variables.is_set("noprintscale"),
        }
    }

    /// `set numdgt`
    pub fn digits(&self) -> Option<usize> {
        self.variables.number("numdgt").filter(|&digits| digits > 1.0).map(|digits| digits.min(16.0) as usize)
    }
}
