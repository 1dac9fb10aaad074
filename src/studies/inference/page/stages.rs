//! Where accuracy is lost on the way from software to the circuit.

use std::fmt::Write;

use super::super::report::{Outcome, Stage, StageName};
use super::text::{interval, percent, share};

pub fn write(body: &mut String, outcome: &Outcome) {
    if outcome.stages.is_empty() {
        return;
    }
    body.push_str(
        "<h2>From software to the circuit</h2><p>Each row adds one thing to the row above; the last is the whole circuit. \
         The error of a layer is the rms difference between its outputs and the ideal W·x, both from ideal activations, in \
         fractions of the rms of the ideal W·x.</p>\
         <table><tr><th>With</th><th colspan=\"2\">Accuracy</th><th>95 % confidence interval</th>",
    );
    let layers = outcome.stages.iter().map(|stage| stage.errors.len()).max().unwrap_or(0);
    for layer in 1..=layers {
        let _ = write!(body, "<th>Error of layer {layer}</th>");
    }
    body.push_str("</tr>");
    outcome.stages.iter().for_each(|stage| row(body, stage));
    body.push_str("</table>");
}

fn row(body: &mut String, stage: &Stage) {
    let accuracy = &stage.accuracy;
    let class = if stage.active { "" } else { " class=\"quiet\"" };
    let _ = write!(
        body,
        "<tr{class}><td>{}{}</td><td>{}</td><td class=\"bar\"><div style=\"width:{:.1}%\"></div></td><td>{}</td>",
        name(stage.name),
        if stage.active { "" } else { " – not asked for" },
        percent(accuracy.accuracy),
        100.0 * accuracy.accuracy,
        interval(accuracy)
    );
    for error in &stage.errors {
        let _ = write!(body, "<td>{}</td>", share(*error));
    }
    body.push_str("</tr>");
}

fn name(stage: StageName) -> &'static str {
    match stage {
        StageName::Software => "software",
        StageName::Mapped => "weights as conductances in their range",
        StageName::Quantised => "conductances on their levels",
        StageName::Written => "errors of writing",
        StageName::Read => "the cells' own I–V, coding, read-out",
        StageName::Wires => "voltage drop along the wires",
        StageName::Compensated => "compensation of that drop",
    }
}
