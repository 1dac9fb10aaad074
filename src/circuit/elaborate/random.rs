//! Random functions in the expressions of parameters, and the cards that ask for Monte Carlo runs.
//!
//! ```text
//! agauss(nominal, variation, sigma)   normal, deviation variation/sigma        gauss: the same with nominal·variation
//! aunif(nominal, variation)           uniform in nominal ± variation           unif: the same with nominal·variation
//! limit(nominal, variation)           nominal + variation or nominal − variation
//! gauss(sigma), mc(nominal, tolerance), flat(x)                                as in LTspice
//! rand()                              uniform in 0 … 1, as in Xyce
//! ```
//! ngspice (in every `ngbehavior`) and LTspice draw in every run, HSPICE and Xyce only in those of a Monte Carlo analysis; in others they
//! take the nominal value.
//! A parameter is drawn once per run and instance; in HSPICE every use of it draws anew. Sources: ngspice-39 manual, sections 2.9.5 and
//! 19.2; LTspice's help on `.param`; HSPICE User Guide: Simulation and Analysis, "Monte Carlo analysis"; Xyce Reference Guide.

use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::card_cursor::CardCursor;
use super::scope::TOP;
use super::{Elaborator, Reported};
use crate::circuit::analysis_card::{Sampling, StepCard, SweepTarget};
use crate::circuit::random_function;
use crate::circuit::sample::{self, Distribution};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::dialect::Dialect;
use crate::netlist::token::TokenKind;

/// Whether `name` with that many arguments draws; `limit` with three and `rand` with one are other functions.
pub fn is_random(name: &str, count: usize) -> bool {
    random_function::named(name).is_some() && !matches!((name, count), ("limit", 3) | ("rand", 1..))
}

/// A seed that is another one in every process, and the same for all runs of one.
pub fn seed_of_this_process() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // Few enough digits to be written on a card.
        since.map_or(1, |since| since.as_nanos() as u64 % 1_000_000_007)
    })
}

/// What samples are drawn for, and what Xyce's `.options samples` says about them.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    pub owner: Owner,
    /// The element whose model is evaluated.
    pub device: Owner,
    /// Draws for it so far.
    pub count: u32,
    pub samples: Option<u64>,
    pub latin: bool,
}

/// The element, model or parameter whose card is evaluated: prefix of its scope, and name.
#[derive(Debug, Clone, Default)]
pub struct Owner {
    pub scope: Arc<str>,
    pub name: Arc<str>,
}

impl<'d> Elaborator<'d> {
    /// Evaluates with draws that belong to what is called `name` in the scope with the prefix `scope`.
    pub fn drawing_for<T>(&mut self, scope: &Arc<str>, name: &Arc<str>, evaluate: impl FnOnce(&mut Self) -> T) -> T {
        let owner = Owner { scope: scope.clone(), name: name.clone() };
        let owner = std::mem::replace(&mut self.drawing.owner, owner);
        let count = std::mem::replace(&mut self.drawing.count, 0);
        let result = evaluate(self);
        (self.drawing.owner, self.drawing.count) = (owner, count);
        result
    }

    /// Whether every use of a random parameter is a draw of its own.
    pub fn redraws(&self) -> bool {
        self.deck.dialect == Dialect::Hspice && !self.deck.read_by_ngspice && self.overrides.sample.is_some()
    }

    /// The value of a random function.
    pub fn random(&mut self, name: &str, numbers: &[f64], span: Span) -> Result<f64, Reported> {
        let (least, most) = random_function::named(name).map_or((0, 0), |function| function.arity);
        if !(least..=most).contains(&numbers.len()) {
            let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let message = format!("`{name}` takes {wanted} arguments, not {}", numbers.len());
            return Err(self.report(Diagnostic::error(message).at(span)));
        }
        let at = |index: usize| numbers.get(index).copied();
        let nominal = match (name, numbers.len()) {
            ("gauss", 1) | ("flat", _) => 0.0,
            ("rand", 0) => 0.5,
            _ => numbers[0],
        };
        let always = self.deck.read_by_ngspice || !matches!(self.deck.dialect, Dialect::Hspice | Dialect::Xyce);
        if !(always || self.overrides.sample.is_some()) {
            return Ok(nominal);
        }
        self.drawing.count += 1;
        self.draws += 1;
        let Owner { scope, name: owner } = &self.drawing.owner;
        let key = format!("{scope}.{owner}:{}", self.drawing.count);
        let (seed, sample) = (self.circuit.options.seed, self.overrides.sample);
        let uniform = || 2.0 * sample::uniform(seed, sample, &key) - 1.0;
        let normal = || sample::normal(seed, sample, &key);
        let variation = at(1).unwrap_or(0.0);
        let sigma = at(2).filter(|&sigma| sigma != 0.0).unwrap_or(1.0);
        Ok(match (name, numbers.len()) {
            ("gauss", 1) => numbers[0] * normal(),
            ("gauss", _) => nominal + nominal * variation / sigma * normal(),
            ("agauss", _) => nominal + variation / sigma * normal(),
            ("unif" | "mc", _) => nominal + nominal * variation * uniform(),
            ("aunif", _) => nominal + variation * uniform(),
            ("limit", _) => nominal + variation * uniform().signum(),
            ("flat", _) => numbers[0] * uniform(),
            _ => 0.5 * (uniform() + 1.0),
        })
    }

    /// `.mc runs [seed=…] [type=mc|lhs]`, and HSPICE's `sweep monte=runs`.
    pub fn monte_carlo(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let here = cursor.here();
        let count = self.number_token(cursor, "the number of runs")?;
        self.check_run_count(count, here)?;
        let mut latin = self.drawing.latin;
        cursor.skip_separators();
        if self.deck.dialect == Dialect::Pspice && matches!(cursor.peek_word(), Some("tran" | "ac" | "dc")) {
            self.skip_collating_function(cursor);
        }
        while !cursor.at_end() {
            let (here, key) = (cursor.here(), cursor.peek_word().unwrap_or("").to_string());
            let has_value = cursor.at_key();
            cursor.advance();
            cursor.accept(TokenKind::Equals);
            match &*key {
                "seed" if has_value => self.circuit.options.seed = self.number_token(cursor, "a seed")?.max(0.0) as u64,
                "type" if has_value => {
                    latin = cursor.peek_word() == Some("lhs");
                    cursor.advance();
                }
                _ => {
                    let error =
                        Diagnostic::error(format!("`{key}` has no meaning for a Monte Carlo analysis")).at(here);
                    let error = error
                        .hint("`.mc 100 seed=1 type=lhs`; distributions stand in parameters, as in agauss(1k, 50, 3)");
                    return Err(self.report(error));
                }
            }
            cursor.skip_separators();
        }
        self.push_samples(count.round() as u64, latin, Vec::new(), span);
        Ok(())
    }

    /// PSpice's `tran v(out) ymax list output all` behind the number of runs.
    fn skip_collating_function(&mut self, cursor: &mut CardCursor<'d>) {
        let first = cursor.position();
        while !(cursor.at_end() || cursor.at_key() && cursor.peek_word() == Some("seed")) {
            cursor.advance();
        }
        let message = "what PSpice computes of the runs is not computed here";
        let warning = Diagnostic::warning(message).at(cursor.span_since(first));
        self.warn(warning.hint("the summary has mean, deviation and quantiles of every `.measure`"));
    }

    fn check_run_count(&mut self, count: f64, span: Span) -> Result<(), Reported> {
        let most = self.deck.limits.runs;
        let message = format!("the number of runs must lie between 1 and {most}");
        self.require((1.0..=most as f64).contains(&count), &message, span)
    }

    /// What Xyce's `.options samples` says; false for what it says to others.
    pub fn sampling_option(&mut self, name: &str, cursor: &mut CardCursor<'d>) -> Result<bool, Reported> {
        match name {
            "numsamples" => {
                let here = cursor.here();
                let count = self.number_token(cursor, "the number of runs")?;
                self.check_run_count(count, here)?;
                self.drawing.samples = Some(count.round() as u64);
            }
            "seed" => self.circuit.options.seed = self.number_token(cursor, "a seed")?.max(0.0) as u64,
            "sample_type" => {
                self.drawing.latin = cursor.peek_word() == Some("lhs");
                cursor.advance();
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The seed of a `.mc` card, which must be known before anything is drawn.
    pub fn early_seed(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        while !cursor.at_end() {
            if cursor.at_key() && cursor.peek_word() == Some("seed") {
                cursor.move_to(cursor.position() + 2);
                self.circuit.options.seed = self.number_token(cursor, "a seed")?.max(0.0) as u64;
            } else {
                cursor.advance();
            }
        }
        Ok(())
    }

    fn push_samples(&mut self, count: u64, latin: bool, quantities: Vec<(SweepTarget, Distribution)>, span: Span) {
        let target = SweepTarget::Sample(Arc::new(Sampling { count, latin, quantities }));
        let values = (1..=count).map(|number| number as f64).collect();
        self.circuit.steps.push(StepCard { target, values, span });
    }

    /// Xyce's `.sampling useexpr=true`, or `.sampling param=r1,r2 type=normal,uniform means=… std_deviations=… lower_bounds=…
    /// upper_bounds=…`; the number of runs stands in `.options samples numsamples=…`.
    pub fn sampling(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let mut lists = Lists::default();
        cursor.skip_separators();
        while !cursor.at_end() {
            let (here, key) = (cursor.here(), cursor.peek_word().unwrap_or("").to_string());
            cursor.advance();
            if !cursor.accept(TokenKind::Equals) {
                return Err(self.report(Diagnostic::error("expected `name=value`").at(here)));
            }
            loop {
                let here = cursor.here();
                match &*key {
                    "param" | "type" | "useexpr" => {
                        let word = cursor.positional_word().map_or("", |(word, _)| word).to_string();
                        lists.words(&key).push((word, here));
                    }
                    "means" | "std_deviations" | "lower_bounds" | "upper_bounds" => {
                        let number = self.number_token(cursor, "a number")?;
                        lists.numbers(&key).push(number);
                    }
                    _ => {
                        let error = Diagnostic::error(format!("`{key}` is not known on a `.sampling` card")).at(here);
                        return Err(self.report(
                            error.hint("param, type, means, std_deviations, lower_bounds, upper_bounds, useexpr"),
                        ));
                    }
                }
                if !cursor.accept(TokenKind::Comma) {
                    break;
                }
            }
            cursor.skip_separators();
        }
        let Some(count) = self.drawing.samples else {
            let error = Diagnostic::error("the number of runs is missing").at(span);
            return Err(self.report(error.hint("`.options samples numsamples=100`")));
        };
        let quantities = lists.parameters.iter().enumerate();
        let quantities = quantities.map(|(index, (name, span))| {
            let target = self.sampled_target(name, *span)?;
            Ok((target, lists.distribution(index).map_err(|error| self.report(error))?))
        });
        let quantities = quantities.collect::<Result<Vec<_>, Reported>>()?;
        self.push_samples(count, self.drawing.latin, quantities, span);
        Ok(())
    }

    fn sampled_target(&mut self, name: &str, span: Span) -> Result<SweepTarget, Reported> {
        if self.parameter(TOP, name).is_some() {
            return Ok(SweepTarget::Parameter(name.into()));
        }
        self.named_target(name, span, super::sweep::STEP_LETTERS)
    }
}

/// The lists of a `.sampling` card.
#[derive(Default)]
struct Lists {
    parameters: Vec<(String, Span)>,
    types: Vec<(String, Span)>,
    flags: Vec<(String, Span)>,
    means: Vec<f64>,
    deviations: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Lists {
    fn words(&mut self, key: &str) -> &mut Vec<(String, Span)> {
        match key {
            "param" => &mut self.parameters,
            "type" => &mut self.types,
            _ => &mut self.flags,
        }
    }

    fn numbers(&mut self, key: &str) -> &mut Vec<f64> {
        match key {
            "means" => &mut self.means,
            "std_deviations" => &mut self.deviations,
            "lower_bounds" => &mut self.low,
            _ => &mut self.high,
        }
    }

    fn distribution(&self, index: usize) -> Result<Distribution, Diagnostic> {
        let (kind, span) =
            self.types.get(index).map_or(("uniform", self.parameters[index].1), |(kind, span)| (kind, *span));
        let number = |list: &[f64], name: &str| {
            let missing =
                || Diagnostic::error(format!("`{name}` has no value for `{}`", self.parameters[index].0)).at(span);
            list.get(index).copied().ok_or_else(missing)
        };
        let bound = |list: &[f64], default: f64| list.get(index).copied().unwrap_or(default);
        match kind {
            "uniform" => Ok(Distribution::Uniform {
                low: number(&self.low, "lower_bounds")?,
                high: number(&self.high, "upper_bounds")?,
            }),
            "normal" => Ok(Distribution::Normal {
                mean: number(&self.means, "means")?,
                deviation: number(&self.deviations, "std_deviations")?,
                low: bound(&self.low, f64::NEG_INFINITY),
                high: bound(&self.high, f64::INFINITY),
            }),
            _ => {
                Err(Diagnostic::error(format!("there is no distribution `{kind}`")).at(span).hint("uniform or normal"))
            }
        }
    }
}
