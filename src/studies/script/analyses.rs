//! Commands that run analyses, and `meas`.

use std::sync::Arc;

use super::commands::Call;
use super::session::{Outcome, Problem, Session, Variant};
use crate::analysis::Progress;
use crate::circuit::Analysis;
use crate::diagnostic::{Diagnostic, Report};
use crate::netlist::{Addition, Deck, DotCard, Own};
use crate::results::measure::{self, Measure};
use crate::results::plot::{Plot, VectorKind};
use crate::results::plot_selector::AnalysisName;
use crate::results::sink::replay;
use crate::results::value::Samples;
use crate::results::vectors::NamedVector;
use crate::studies::deck_run::{Keep, StepRun, run_deck};

impl Session<'_, '_, '_> {
    /// `tran 1u 1m` and the like: the card of this name.
    pub fn analysis_command(&mut self, call: &Call) -> Outcome {
        let own = Own::CircuitAnd(match call.name.as_str() {
            "op" => "op",
            "dc" => "dc",
            "ac" => "ac",
            "tran" => "tran",
            "noise" => "noise",
            "tf" => "tf",
            "pz" => "pz",
            "sp" => "sp",
            "disto" => "disto",
            _ => "sens",
        });
        let card = format!(".{} {}", call.name, call.text.to_lowercase());
        let mut additions = self.additions.clone();
        additions.push(Addition { card, span: call.line.span });
        let deck = self.variant(own, additions);
        self.analyse(&deck)
    }

    /// The deck with `additions`. Copying that of a process kit takes longer than most analyses, so the last one is kept.
    fn variant(&mut self, own: Own, additions: Vec<Addition>) -> Arc<Deck> {
        if let Some(last) = self.variant.take_if(|last| last.own == own && last.additions == additions) {
            return self.variant.insert(last).deck.clone();
        }
        self.variant = None;
        let deck = Arc::new(self.deck.variant(own, &additions));
        self.variant.insert(Variant { own, additions, deck }).deck.clone()
    }

    /// `run [file]`: the analyses of the deck's cards.
    pub fn run_cards(&mut self, call: &Call) -> Outcome {
        let deck = self.variant(Own::Everything, self.additions.clone());
        self.analyse(&deck)?;
        match call.words().first() {
            Some(file) => self.write_all(file),
            None => Ok(()),
        }
    }

    fn analyse(&mut self, deck: &Deck) -> Outcome {
        let start = std::time::Instant::now();
        let watch = self.settings.watch;
        let overrides = self.overrides.clone();
        if !self.breakpoints.is_empty() {
            let outcome = self.analyse_pausing(deck);
            self.analysis_time += start.elapsed();
            return outcome;
        }
        let run = run_deck(deck, &overrides, &mut [], Keep::Plots, &|progress: Progress| watch(progress));
        self.analysis_time += start.elapsed();
        let run = run.map_err(Problem::Reported)?;
        self.interrupted |= run.interrupted;
        for step in run.runs {
            self.take(deck, &step)?;
            if self.settings.keep_runs {
                self.runs.push(step);
            }
        }
        Ok(())
    }

    /// Takes over what an analysis found.
    pub(super) fn take(&mut self, deck: &Deck, run: &StepRun) -> Outcome {
        let warnings = run.circuit.warnings.iter().chain(&run.warnings).cloned();
        let fresh: Vec<Diagnostic> = warnings.filter(|warning| self.named.insert(key(warning))).collect();
        self.report(&Report::new(deck.sources.clone(), fresh));
        self.circuit = Some(run.circuit.clone());
        let transient = run.circuit.analyses.iter().rev().find_map(|card| match &card.analysis {
            Analysis::Transient(transient) => Some(transient.clone()),
            _ => None,
        });
        self.last_transient = transient.or(self.last_transient.take());
        for plot in &run.plots {
            self.add_plot(plot, run)?;
        }
        let counts = run.statistics.iter().map(|statistics| format!("\nNo. of Data Rows : {}\n", statistics.steps));
        let counts: String = counts.collect();
        self.say(&counts);
        self.say_measures(&run.measures);
        Ok(())
    }

    fn add_plot(&mut self, plot: &Plot, run: &StepRun) -> Outcome {
        for sink in &mut self.sinks {
            replay(plot, &mut **sink).map_err(|error| format!("cannot write the results: {error}"))?;
        }
        let saved = run.circuit.cards.iter().filter(|card| matches!(&*card.keyword, "save" | "probe"));
        let saved: Vec<Arc<str>> = saved.map(|card| card.text.clone()).collect();
        let is_hidden = |name: &str| name.starts_with('@') && !saved.iter().any(|text| text.contains(name));
        let date = (self.settings.date)();
        self.store.add_plot(plot, date, is_hidden);
        Ok(())
    }

    fn say_measures(&mut self, measures: &[Measure]) {
        let mut heading = None;
        for measure in measures {
            let title = measure.analysis.map_or("all", AnalysisName::title);
            if heading != Some(title) {
                self.say(&format!("\n  Measurements for {title} Analysis\n\n"));
                heading = Some(title);
            }
            self.say(&format!("{}\n", measure.line()));
            self.keep_measure(measure);
        }
    }

    /// Measures are vectors of one value.
    fn keep_measure(&mut self, measure: &Measure) {
        if let Ok(value) = measure.value() {
            let samples = Samples::Real(vec![value]);
            let name = measure.name.to_string();
            let vector = NamedVector { name, kind: VectorKind::Other, samples, hidden: false };
            self.store.current_mut().set(vector);
        }
    }

    /// The vectors of one value, those of the current plot before constants; measures can name them.
    fn single_values(&self) -> Vec<(Arc<str>, f64)> {
        let constants = self.store.plots.first().into_iter();
        let vectors = std::iter::once(self.store.current()).chain(constants).flat_map(|plot| &plot.vectors);
        let single = vectors.filter_map(|vector| match &vector.samples {
            Samples::Real(values) if values.len() == 1 => Some((vector.name.to_lowercase().into(), values[0])),
            _ => None,
        });
        single.collect()
    }

    /// `meas tran name max v(out)`: what the card of this name computes, of the current plot.
    pub fn measure(&mut self, call: &Call) -> Outcome {
        let text = call.text.to_lowercase();
        let (sources, file, start) = self.deck.with_text(call.line.span, &text);
        let span = crate::diagnostic::Span::new(file, start, start + text.len());
        let card = DotCard { keyword: "measure".into(), text: text.into(), span, offset: start };
        let reported = |diagnostic| Problem::Reported(Report::new(sources.clone(), vec![diagnostic]));
        let card = measure::parse(&card).map_err(reported)?;
        let Some(circuit) = self.circuit.clone() else { return Err("no analysis has been run".into()) };
        let plot = self.store.current().to_plot();
        for measure in measure::evaluate_knowing(&[card], &circuit, &[plot], &[], self.single_values()) {
            self.say(&format!("{}\n", measure.line()));
            if let Some(warning) = measure.warning() {
                self.report(&Report::new(sources.clone(), vec![warning]));
            }
            self.keep_measure(&measure);
        }
        Ok(())
    }
}

/// What tells warnings apart, so that a loop does not repeat them.
fn key(warning: &Diagnostic) -> String {
    let place = warning.labels.first().map(|label| label.span.start);
    format!("{place:?} {}", warning.message)
}
