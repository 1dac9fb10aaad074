//! Runs every analysis of a deck, for every combination of its `.step` values.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::elaborated_sweep;
use super::steps::{self, Step};
use crate::analysis::{self, Output, Progress};
use crate::circuit::options::Restart;
use crate::circuit::{Analysis, Circuit, Overrides, SweepTarget, elaborate};
use crate::diagnostic::{Diagnostic, Report};
use crate::mna::Statistics;
use crate::mna::journal::Attempt;
use crate::netlist::Deck;
use crate::netlist::dialect::Dialect;
use crate::results::across::{self, Across, Part, RunPoint};
use crate::results::array_snapshot::{ArraySnapshot, ArrayTaker};
use crate::results::bias_card::BiasCard;
use crate::results::cards::ResultCards;
use crate::results::check::{self, CheckResult};
use crate::results::checkpoint_file::Checkpoints;
use crate::results::fft::{self, Transform};
use crate::results::fourier::{self, Spectrum};
use crate::results::measure::{self, AutoStop, Measure};
use crate::results::measure_file::{self, MeasuredRun};
use crate::results::output_file;
use crate::results::pause::Pause;
use crate::results::plot::Plot;
use crate::results::print_file::{self, PrintFile};
use crate::results::result_card;
use crate::results::sink::{Memory, replay};
use crate::results::summary::{RunResults, Summary};
use crate::results::{Recorder, Sink};

/// Results of one deck.
#[derive(Debug)]
pub struct DeckRun {
    pub runs: Vec<StepRun>,
    /// What is computed from all runs together, where the deck has `.step` cards.
    pub across: Option<Across>,
    /// Statistics of the runs of a Monte Carlo analysis.
    pub summary: Option<Summary>,
    pub interrupted: bool,
}

impl DeckRun {
    /// Name and contents of the files that cards ask for; `deck` is the deck's own name.
    pub fn files(&self, deck: &str) -> Vec<(String, Vec<u8>)> {
        let printed = self.printed(deck).into_iter().map(|(name, contents)| (name, contents.into_bytes()));
        let of_run = |(index, run): (usize, &StepRun)| {
            let own = run.files.iter().map(move |(name, contents)| (name_of_run(name, index), contents.clone()));
            own.collect::<Vec<(String, Vec<u8>)>>()
        };
        let measured = self.measured(deck).into_iter().map(|(name, contents)| (name, contents.into_bytes()));
        let results = self.results().map(|contents| (format!("{deck}.res"), contents.into_bytes()));
        printed.chain(self.runs.iter().enumerate().flat_map(of_run)).chain(measured).chain(results).collect()
    }

    /// The warnings of each run that no run before it has given: what is wrong with a deck's text is so in all of them.
    pub fn warnings(&self) -> Vec<Vec<Diagnostic>> {
        let mut seen = FxHashSet::default();
        let mut is_new = |warning: &&Diagnostic| {
            let place = warning.labels.first().map(|label| label.span);
            seen.insert((warning.message.clone(), place))
        };
        let of_run = |run: &StepRun| -> Vec<Diagnostic> {
            run.circuit.warnings.iter().chain(&run.warnings).filter(&mut is_new).cloned().collect()
        };
        self.runs.iter().map(of_run).collect()
    }

    /// The file of `.result` cards, which there is for steps alone.
    fn results(&self) -> Option<String> {
        let rows = self.runs.iter().filter(|run| !run.results.is_empty() && !run.step.values.is_empty());
        let rows = rows.map(|run| result_card::Row { stepped: &run.step.values, results: &run.results });
        let rows: Vec<result_card::Row> = rows.collect();
        (!rows.is_empty()).then(|| result_card::contents(&rows))
    }

    /// Name and contents of the files of measures: Xyce always writes them, HSPICE's are asked for by `.options measout`.
    fn measured(&self, deck: &str) -> Vec<(String, String)> {
        let Some(circuit) = self.runs.first().map(|run| &run.circuit) else { return Vec::new() };
        let runs = self.runs.iter().map(|run| MeasuredRun {
            measures: &run.measures,
            stepped: &run.step.values,
            temperature: run.circuit.options.temp,
        });
        let runs: Vec<MeasuredRun> = runs.collect();
        match circuit.dialect {
            Dialect::Xyce => measure_file::of_xyce(deck, &runs),
            Dialect::Hspice if circuit.options.writes_measures => {
                let stem = deck.rsplit_once('.').map_or(deck, |(stem, _)| stem);
                measure_file::of_hspice(stem, &circuit.title, &runs)
            }
            _ => Vec::new(),
        }
    }

    /// Name and contents of the files that `.print` cards ask for; `deck` is the deck's own name.
    pub fn printed(&self, deck: &str) -> Vec<(String, String)> {
        let Some(first) = self.runs.first() else { return Vec::new() };
        let of_card = |(index, (file, _)): (usize, &(PrintFile, Vec<print_file::Table>))| {
            let runs = self.runs.iter().filter_map(|run| run.printed.get(index));
            let tables: Vec<print_file::Table> = runs.flat_map(|(_, tables)| tables.iter().cloned()).collect();
            (print_file::file_name(file, deck, &tables), print_file::contents(file, &tables))
        };
        first.printed.iter().enumerate().map(of_card).collect()
    }
}

/// `out.wav`, and of further runs `out.2.wav`, ….
fn name_of_run(name: &str, index: usize) -> String {
    match name.rsplit_once('.').filter(|(_, ending)| !ending.contains(['/', '\\'])) {
        _ if index == 0 => name.into(),
        Some((stem, ending)) => format!("{stem}.{}.{ending}", index + 1),
        None => format!("{name}.{}", index + 1),
    }
}

/// Results of one combination of `.step` values.
#[derive(Debug)]
pub struct StepRun {
    pub step: Step,
    pub circuit: Arc<Circuit>,
    /// The plots, where they were kept in memory.
    pub plots: Vec<Plot>,
    pub statistics: Vec<Statistics>,
    /// How operating points were found.
    pub attempts: Vec<Attempt>,
    /// Warnings of the analyses and of what is computed from their results.
    pub warnings: Vec<Diagnostic>,
    pub measures: Vec<Measure>,
    pub checks: Vec<CheckResult>,
    /// What `.four` cards ask for.
    pub spectra: Vec<Spectrum>,
    /// What `.fft` cards ask for.
    pub transforms: Vec<Transform>,
    /// What `.array` cards ask for.
    pub arrays: Vec<ArraySnapshot>,
    /// What each `.print` card with a file adds to it.
    pub printed: Vec<(PrintFile, Vec<print_file::Table>)>,
    /// Name and contents of what `.wave` and `.savebias` cards ask for.
    pub files: Vec<(String, Vec<u8>)>,
    /// What `.result` cards have at the end.
    pub results: Vec<(String, f64)>,
}

/// Whether a run's plots are kept in memory, besides what the sinks do with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Plots,
    /// The last point of each plot alone.
    LastPoints,
    Nothing,
}

/// Runs `deck`, and once more with each of its alterations; `watch` is told how far it is and returns false to stop.
///
/// # Errors
/// All errors of the deck, or the first analysis that fails, or a file that cannot be written.
pub fn run_deck(
    deck: &Deck,
    overrides: &Overrides,
    sinks: &mut [&mut dyn Sink],
    keep: Keep,
    watch: &(dyn Fn(Progress) -> bool + Sync),
) -> Result<DeckRun, Report> {
    run_elaborated(deck, elaborate(deck, overrides)?, overrides, sinks, keep, watch)
}

/// The same where the circuit of `deck` with `overrides` is at hand.
///
/// # Errors
/// As [`run_deck`].
pub fn run_elaborated(
    deck: &Deck,
    circuit: Circuit,
    overrides: &Overrides,
    sinks: &mut [&mut dyn Sink],
    keep: Keep,
    watch: &(dyn Fn(Progress) -> bool + Sync),
) -> Result<DeckRun, Report> {
    let alterations = deck.alterations();
    if alterations.is_empty() {
        return run_one(deck, circuit, Step::only(overrides), sinks, keep, watch);
    }
    let count = alterations.len() as f64 + 1.0;
    let mut all = DeckRun { runs: Vec::new(), across: None, summary: None, interrupted: false };
    for number in 0..=alterations.len() {
        let title = number.checked_sub(1).map_or("", |last| &*alterations[last].title);
        let part = |here: Progress| watch(Progress { fraction: (number as f64 + here.fraction) / count, ..here });
        let base = Step::altered(overrides, number, title);
        let altered = (number > 0).then(|| deck.altered(number));
        let run = match &altered {
            None => run_one(deck, elaborate(deck, overrides)?, base, sinks, keep, &part)?,
            Some(altered) => run_one(altered, elaborate(altered, overrides)?, base, sinks, keep, &part)?,
        };
        all.interrupted |= run.interrupted;
        all.runs.extend(run.runs);
        if all.interrupted {
            break;
        }
    }
    // Blocks may have cards of their own; those about all runs stand in the deck.
    let circuit = Arc::new(circuit);
    all.across = Some(across::evaluate(&ResultCards::read(&circuit)?, &circuit, &points_of(&all.runs)));
    Ok(all)
}

/// Runs the analyses of a circuit without steps, of which a transient one may pause.
///
/// # Errors
/// As [`run_deck`].
pub fn run_pausing(
    deck: &Deck,
    circuit: Circuit,
    overrides: &Overrides,
    pause: &mut Pause,
    watch: &dyn Fn(Progress) -> bool,
) -> Result<DeckRun, Report> {
    let (step, circuit) = (Step::only(overrides), Arc::new(circuit));
    let (run, interrupted) =
        run_step(deck, circuit, step, Destination { sinks: &mut [], keep: Keep::Plots, pause: Some(pause) }, watch)?;
    Ok(DeckRun { runs: vec![run], across: None, summary: None, interrupted })
}

/// Where the points of a run go.
struct Destination<'a, 's> {
    sinks: &'a mut [&'s mut dyn Sink],
    keep: Keep,
    pause: Option<&'a mut Pause>,
}

fn points_of(runs: &[StepRun]) -> Vec<RunPoint<'_>> {
    runs.iter().map(|run| RunPoint { stepped: &run.step.values, measures: &run.measures }).collect()
}

/// Runs a deck, whose circuit without steps is `circuit`, with all its steps, within the run `base`.
fn run_one(
    deck: &Deck,
    circuit: Circuit,
    base: Step,
    sinks: &mut [&mut dyn Sink],
    keep: Keep,
    watch: &(dyn Fn(Progress) -> bool + Sync),
) -> Result<DeckRun, Report> {
    let circuit = Arc::new(circuit);
    // Malformed cards are better found before a long simulation than after it.
    let cards = ResultCards::read(&circuit)?;
    if circuit.steps.is_empty() {
        let (run, interrupted) = run_step(deck, circuit, base, Destination { sinks, keep, pause: None }, watch)?;
        let across = cards.ask_for_steps().then(|| across::evaluate(&cards, &run.circuit, &[]));
        return Ok(DeckRun { runs: vec![run], across, summary: None, interrupted });
    }
    let steps = steps::expand(&circuit, &base);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let count = steps.len() as f64;
    // What sinks take is known when all runs are over.
    let inner = if sinks.is_empty() { keep } else { Keep::Plots };
    let one = |step: Step| {
        let circuit = Arc::new(elaborate(deck, &step.overrides)?);
        let part = |here: Progress| {
            let fraction = done.load(std::sync::atomic::Ordering::Relaxed) as f64 / count;
            watch(Progress { fraction, ..here })
        };
        let mut result = run_step(deck, circuit, step, Destination { sinks: &mut [], keep: inner, pause: None }, &part);
        // Of many runs only what is asked for is kept.
        if let Ok((run, _)) = &mut result
            && inner != Keep::Plots
        {
            run.plots.iter_mut().for_each(Plot::keep_last);
        }
        done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        result
    };
    let results: Vec<Result<(StepRun, bool), Report>> = steps.into_par_iter().map(one).collect();
    let mut runs = Vec::new();
    let mut interrupted = false;
    for result in results {
        let (mut run, stopped) = result?;
        for sink in sinks.iter_mut() {
            for plot in &run.plots {
                replay(plot, *sink).map_err(|error| cannot_write(&error))?;
            }
        }
        if keep == Keep::Nothing {
            run.plots.clear();
        }
        interrupted |= stopped;
        runs.push(run);
    }
    let across = Some(across::evaluate(&cards, &circuit, &points_of(&runs)));
    let is_drawn = circuit.steps.iter().any(|card| matches!(card.target, SweepTarget::Sample(_)));
    let results = runs.iter().map(|run| RunResults { measures: &run.measures, checks: &run.checks });
    let summary = is_drawn.then(|| Summary::of(&results.collect::<Vec<RunResults>>()));
    Ok(DeckRun { runs, across, summary, interrupted })
}

fn run_step(
    deck: &Deck,
    circuit: Arc<Circuit>,
    step: Step,
    Destination { sinks, keep, pause }: Destination,
    watch: &dyn Fn(Progress) -> bool,
) -> Result<(StepRun, bool), Report> {
    if circuit.analyses.is_empty() && !deck.absent_analyses.is_empty() {
        return Err(Report::new(deck.sources.clone(), deck.absent_analyses.clone()));
    }
    let cards = ResultCards::read(&circuit)?;
    let whole = keep == Keep::Plots || cards.need_plots();
    let named_in = if keep == Keep::Plots { None } else { crate::results::needed::text(&circuit) };
    let mut memory = Memory::new(!whole, named_in);
    let mut targets: Vec<&mut dyn Sink> = sinks.iter_mut().map(|sink| &mut **sink as &mut dyn Sink).collect();
    if whole || keep == Keep::LastPoints {
        targets.push(&mut memory);
    }
    let mut call = |progress: Progress| watch(progress);
    let needed = crate::results::needed::vectors(&circuit);
    let mut recorder = Recorder::new(targets, needed);
    recorder.step = step.label.clone();
    recorder.pause = pause;
    recorder.arrays = ArrayTaker::new(cards.arrays.clone());
    if circuit.options.stops_when_measured {
        recorder.auto_stop = AutoStop::new(&cards.measures, &circuit);
    }
    let restart = &circuit.options.restart;
    if *restart != Restart::default() {
        if step.overrides.restart.is_none() {
            circuit.sources.may_touch_files().map_err(|error| cannot_write(&error))?;
        }
        if !step.values.is_empty() {
            let error = Diagnostic::error("checkpoints belong to a single run, and this deck has several");
            return Err(Report::message(error.hint("take out `.step`, `.mc` or `.options restart`")));
        }
        recorder.checkpoints = Checkpoints::new(restart).map_err(Report::message)?;
    }
    recorder.watch(&mut call);
    for card in &circuit.analyses {
        run_analysis(deck, &circuit, &step.overrides, &card.analysis, &mut recorder)?;
        if let Some(error) = recorder.error.take() {
            return Err(cannot_write(&error));
        }
        if let Some(error) = recorder.checkpoints.error.take() {
            return Err(Report::message(error));
        }
        if !recorder.arrays.errors.is_empty() {
            return Err(Report::new(circuit.sources.clone(), std::mem::take(&mut recorder.arrays.errors)));
        }
        if recorder.was_interrupted() {
            break;
        }
    }
    let interrupted = recorder.was_interrupted();
    let (statistics, attempts, mut warnings) = (recorder.statistics, recorder.attempts, recorder.warnings);
    let (arrays, missed) = recorder.arrays.finish();
    warnings.extend(missed);
    let empty = StepRun {
        step,
        circuit,
        plots: memory.plots,
        statistics,
        attempts,
        warnings,
        measures: Vec::new(),
        checks: Vec::new(),
        spectra: Vec::new(),
        transforms: Vec::new(),
        arrays,
        printed: Vec::new(),
        files: Vec::new(),
        results: Vec::new(),
    };
    let mut run = evaluate(empty, &cards);
    add_files(&mut run, &cards, deck.limits.values);
    if run.circuit.analyses.is_empty() {
        let warning = Diagnostic::warning("the deck asks for no analysis");
        run.warnings.push(warning.hint("add `.op`, `.dc`, `.ac` or `.tran`"));
    }
    if let Some(line) = deck.script.lines().first() {
        let warning = Diagnostic::warning("the commands between `.control` and `.endc` are not run here");
        run.warnings.push(warning.at(line.span).hint("`ferrospice run` and `ferrospice -b` run them"));
    }
    if keep == Keep::Nothing {
        run.plots.clear();
    }
    Ok((run, interrupted))
}

/// Adds what the cards compute from the plots of `run`.
fn evaluate(mut run: StepRun, cards: &ResultCards) -> StepRun {
    for card in &cards.transforms {
        match fft::evaluate(card, &run.circuit, &run.plots) {
            Ok(transforms) => run.transforms.extend(transforms),
            Err(error) => run.warnings.push(error.as_warning()),
        }
    }
    run.measures = measure::evaluate(&cards.measures_of(Part::EachRun), &run.circuit, &run.plots, &run.transforms);
    run.checks = check::evaluate(&cards.checks_of(Part::EachRun), &run.circuit, &run.plots, &run.measures);
    run.warnings.extend(run.measures.iter().filter_map(Measure::warning));
    for card in &cards.fouriers {
        match fourier::evaluate(card, &run.circuit, &run.plots) {
            Ok(spectra) => run.spectra.extend(spectra),
            Err(error) => {
                run.warnings.push(error.as_warning());
            }
        }
    }
    for card in &cards.results {
        match card.evaluate(&run.circuit, &run.plots) {
            Ok(result) => run.results.push(result),
            Err(error) => run.warnings.push(error.as_warning()),
        }
    }
    for card in &cards.prints {
        let Some(file) = &card.file else { continue };
        let mut missing = Vec::new();
        run.printed.push((file.clone(), print_file::tables(card, &run.circuit, &run.plots, &mut missing)));
        run.warnings.extend(missing.into_iter().map(Diagnostic::as_warning));
    }
    run.warnings.extend(cards.warnings.iter().cloned());
    // Each analysis finds the same ones.
    let mut seen = FxHashSet::default();
    run.warnings.retain(|warning| seen.insert(warning.message.clone()));
    run
}

/// Adds the files of `.wave` and `.savebias` cards, of at most `most` values.
fn add_files(run: &mut StepRun, cards: &ResultCards, most: usize) {
    let waves = cards.waves.iter().map(|card| (&card.file, card.contents(&run.circuit, &run.plots, most)));
    let bytes = |card: &BiasCard| card.contents(&run.circuit, &run.plots).map(String::into_bytes);
    let biases = cards.biases.iter().map(|card| (&card.file, bytes(card)));
    for (file, contents) in waves.chain(biases) {
        match contents {
            Ok(contents) => run.files.push((file.clone(), contents)),
            Err(error) => run.warnings.push(error.as_warning()),
        }
    }
}

fn run_analysis(
    deck: &Deck,
    circuit: &Arc<Circuit>,
    overrides: &Overrides,
    analysis: &Analysis,
    output: &mut dyn Output,
) -> Result<(), Report> {
    if let Analysis::Dc(sweeps) = analysis
        && elaborated_sweep::is_needed(sweeps)
    {
        return elaborated_sweep::run(deck, circuit, overrides, sweeps, output).map(|_| ());
    }
    if let Analysis::Sensitivity(card) = analysis
        && !card.along.is_empty()
    {
        return elaborated_sweep::run_sensitivities(deck, circuit, overrides, card, output);
    }
    if let Analysis::Ac(sweep) = analysis
        && let (Some(table), Some(frequencies)) = (&sweep.table, &sweep.listed)
    {
        return elaborated_sweep::run_frequencies(deck, circuit, overrides, table, frequencies, output);
    }
    analysis::run(circuit, analysis, output)
        .map(|_| ())
        .map_err(|failure| Report::new(circuit.sources.clone(), failure.diagnostics))
}

fn cannot_write(error: &std::io::Error) -> Report {
    let reason = output_file::reason(error);
    Report::message(Diagnostic::error(format!("cannot write the results: {reason}")))
}
