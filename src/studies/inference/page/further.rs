//! What else was compared: programming by pulses, read pulses through the full model, tiles in the circuit engine.

use std::fmt::Write;

use super::super::report::{Outcome, ProgrammingReport, TransientCheck};
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
        pulses(body, check);
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

/// One item for all layers, and one for each.
fn pulses(body: &mut String, check: &TransientCheck) {
    let _ = write!(
        body,
        "<li>{} images as read pulses through the devices' full model, states live: {} recognised; {} images changed their \
         class.",
        check.images, check.accuracy, check.changed_classes
    );
    body.push_str("<ul>");
    for (number, layer) in check.layers.iter().enumerate() {
        let _ = write!(
            body,
            "<li>Layer {}, {} reads: bit-line currents differ from the circuit's by {} of the largest (rms; at most {}), from \
             those of the same devices with their states held by at most {}; all reads together changed conductances by {} \
             (rms) and {} (worst cell); an image takes {}.</li>",
            number + 1,
            layer.reads,
            significant(layer.rms_current, 3),
            significant(layer.worst_current, 3),
            significant(layer.worst_held, 3),
            share(layer.rms_disturb),
            share(layer.worst_disturb),
            quantity(layer.energy, "J"),
        );
    }
    body.push_str("</ul></li>");
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
