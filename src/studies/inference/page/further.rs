//! What else was compared: programming by pulses, read pulses through the full model, tiles in the circuit engine.

use std::fmt::Write;

use super::super::report::{Outcome, ProgrammingReport};
use super::figure;
use super::layers::histogram;
use super::text::{quantity, share};
use crate::diagnostic::Diagnostic;
use crate::results::fourier::significant;

pub fn write(body: &mut String, outcome: &Outcome) -> Result<(), Diagnostic> {
    if let Some(report) = &outcome.programming {
        programming(body, report)?;
    }
    if outcome.transient.is_some() || outcome.tiles.is_some() {
        body.push_str("<h2>Independent checks</h2><ul>");
    }
    if let Some(check) = &outcome.transient {
        let _ = write!(
            body,
            "<li>{} images as read pulses through the devices' full model, states live: bit-line currents differ from the \
             static ones by at most {} of the largest; the reads changed conductances by {} (rms) and {} (worst cell); {} \
             images changed their class.</li>",
            check.images,
            significant(check.worst_current, 3),
            share(check.rms_disturb),
            share(check.worst_disturb),
            check.changed_classes
        );
    }
    if let Some(check) = &outcome.tiles {
        let _ = write!(
            body,
            "<li>{} tiles of the mapped layers as flat netlists in the circuit engine: bit-line currents differ by at most {} \
             of the largest.</li>",
            check.tiles,
            significant(check.worst_current, 3)
        );
    }
    if outcome.transient.is_some() || outcome.tiles.is_some() {
        body.push_str("</ul>");
    }
    Ok(())
}

fn programming(body: &mut String, report: &ProgrammingReport) -> Result<(), Diagnostic> {
    let _ = write!(
        body,
        "<h2>Writing</h2><p>The conductances of {} cells are off by {} in the mean, {} rms and {} at worst, of G_m.</p>",
        report.cells,
        share(report.mean_error),
        share(report.rms_error),
        share(report.worst_error)
    );
    if report.pulses > 0 {
        let _ = write!(
            body,
            "<p>They were written by {} pulses, at most {} a cell, with {} in all; {} cells missed the tolerance.</p>",
            report.pulses,
            report.most_pulses,
            quantity(report.energy, "J"),
            report.failed
        );
    }
    figure(body, &histogram(&report.histogram, "Errors of writing", "error of a conductance, of G_m"), "All cells")
}
