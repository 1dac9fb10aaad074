//! A whole study: all points of its sweeps, all seeds, with results kept as they come.

use sha2::{Digest, Sha256};

use super::inputs::{Inputs, hexadecimal};
use super::report::{NetworkFacts, Outcome, Point, Report, Spread, Variant};
use super::study::{Plan, Study, StudyFile};
use super::variant;
use super::wires::Transfers;
use crate::diagnostic::{self, Diagnostic};

/// What program and version the results are of.
const PROGRAM: &str = concat!("ferrospice ", env!("CARGO_PKG_VERSION"));

/// Where results of single variants are kept.
pub trait Store {
    /// The result with this key, if there is one.
    fn load(&self, key: &str) -> Option<Outcome>;

    /// Keeps a result.
    ///
    /// # Errors
    /// It cannot be written.
    fn save(&self, key: &str, outcome: &Outcome) -> Result<(), Diagnostic>;
}

/// Keeps nothing.
pub struct NoStore;

impl Store for NoStore {
    fn load(&self, _key: &str) -> Option<Outcome> {
        None
    }

    fn save(&self, _key: &str, _outcome: &Outcome) -> Result<(), Diagnostic> {
        Ok(())
    }
}

/// Runs `plans`, the points of `file`; `watch` is told the share that is done and what is being done.
///
/// # Errors
/// A file that the study names is missing or broken, or does not fit; arrays cannot be solved; a result cannot be kept.
pub fn run(
    file: &StudyFile,
    plans: &[Plan],
    store: &dyn Store,
    watch: &(dyn Fn(f64, &str) + Sync),
) -> Result<Report, diagnostic::Report> {
    let total: u64 = plans.iter().map(|plan| plan.study.run.seeds).sum();
    let transfers = Transfers::default();
    let (mut inputs, mut facts): (Option<Inputs>, Option<NetworkFacts>) = (None, None);
    let (mut points, mut done) = (Vec::new(), 0_u64);
    for plan in plans {
        let read = match inputs.take() {
            Some(inputs) if inputs.serve(&plan.study) => inputs,
            _ => Inputs::read(&plan.study, &file.folder)?,
        };
        facts.get_or_insert_with(|| NetworkFacts { sizes: read.network.sizes(), software: read.reference.accuracy });
        let mut variants = Vec::new();
        for seed in (0..plan.study.run.seeds).map(|number| plan.study.run.seed.wrapping_add(number)) {
            let doing = format!("variant {} of {total}", done + 1);
            let part = |share: f64| watch((done as f64 + share) / total as f64, &doing);
            part(0.0);
            let mut study = plan.study.clone();
            if done > 0 {
                // Thousands of points are for one figure only.
                study.validation.scatter = 0;
            }
            let result = one(&study, seed, &read, &transfers, store, &part).map_err(diagnostic::Report::message)?;
            variants.push(Variant { seed, result });
            done += 1;
        }
        points.push(point(plan, variants));
        inputs = Some(read);
    }
    let Some(network) = facts else {
        return Err(diagnostic::Report::message(Diagnostic::error("there is nothing to run")));
    };
    Ok(Report { program: PROGRAM.into(), study: file.study.clone(), network, points })
}

fn one(
    study: &Study,
    seed: u64,
    inputs: &Inputs,
    transfers: &Transfers,
    store: &dyn Store,
    watch: &(dyn Fn(f64) + Sync),
) -> Result<Outcome, Diagnostic> {
    let key = key(study, seed, &inputs.digest)?;
    if let Some(outcome) = store.load(&key) {
        return Ok(outcome);
    }
    let outcome = variant::run(study, seed, &inputs.setup(transfers, None), watch)?;
    store.save(&key, &outcome)?;
    Ok(outcome)
}

fn point(plan: &Plan, variants: Vec<Variant>) -> Point {
    let accuracies: Vec<f64> = variants.iter().map(|variant| variant.result.accuracy.accuracy).collect();
    Point { sweep: plan.sweep, settings: plan.settings.clone(), accuracy: Spread::of(&accuracies), variants }
}

/// Names everything that decides a result: program, values of the study, seed, and contents of files.
fn key(study: &Study, seed: u64, digest: &str) -> Result<String, Diagnostic> {
    let failed = |error| Diagnostic::error(format!("cannot write the study as text: {error}"));
    let mut values = serde_json::to_value(study).map_err(failed)?;
    if let Some(values) = values.as_object_mut() {
        // What decides nothing about one variant.
        for name in ["title", "run", "sweep", "target"] {
            values.remove(name);
        }
    }
    let text = format!("{PROGRAM}\n{values}\n{seed}\n{digest}\n");
    Ok(hexadecimal(&Sha256::digest(text.as_bytes())))
}
