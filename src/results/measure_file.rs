//! Files of measures as Xyce and HSPICE write them beside their other results: `deck.cir.mt0` of transient analyses, `.ma0` of
//! `.ac`, `.ms0` of `.dc` and `.op`; the number is that of the run (Xyce) or of the alteration (HSPICE).

use std::fmt::Write as _;

use super::measure::Measure;
use super::plot_selector::AnalysisName;
use super::print_table::scientific;

/// The measures of one run, and what it is.
pub struct MeasuredRun<'a> {
    pub measures: &'a [Measure],
    /// Name and value of each stepped quantity.
    pub stepped: &'a [(String, f64)],
    /// Temperature of the circuit, °C.
    pub temperature: f64,
}

/// The letter of the files for an analysis.
fn letter(analysis: Option<AnalysisName>) -> Option<char> {
    match analysis {
        None | Some(AnalysisName::Transient) => Some('t'),
        Some(AnalysisName::Ac) => Some('a'),
        Some(AnalysisName::Dc | AnalysisName::OperatingPoint) => Some('s'),
        Some(AnalysisName::Noise | AnalysisName::Distortion | AnalysisName::Fft | AnalysisName::Steps) => None,
    }
}

fn of_letter(run: &MeasuredRun, wanted: char) -> Vec<Measure> {
    run.measures.iter().filter(|measure| letter(measure.analysis) == Some(wanted)).cloned().collect()
}

/// Xyce's files: a line for each measure, a file for each run.
pub fn of_xyce(deck: &str, runs: &[MeasuredRun]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        for letter in ['t', 'a', 's'] {
            let mut text = String::new();
            for measure in of_letter(run, letter) {
                let value = measure.value().map_or("FAILED".into(), |value| scientific(value, measure.precision));
                let _ = writeln!(text, "{} = {value}", measure.name.to_uppercase());
            }
            if !text.is_empty() {
                files.push((format!("{deck}.m{letter}{number}"), text));
            }
        }
    }
    files
}

/// HSPICE's files: a row for each step, a file for each alteration.
pub fn of_hspice(stem: &str, title: &str, runs: &[MeasuredRun]) -> Vec<(String, String)> {
    let alteration = |run: &MeasuredRun| {
        run.stepped.first().filter(|(name, _)| name == "alter").map_or(0, |(_, number)| *number as usize)
    };
    let mut files: Vec<(String, String)> = Vec::new();
    for run in runs {
        for letter in ['t', 'a', 's'] {
            let measures = of_letter(run, letter);
            if measures.is_empty() {
                continue;
            }
            let number = alteration(run);
            let file = format!("{stem}.m{letter}{number}");
            let stepped = run.stepped.iter().filter(|(name, _)| name != "alter");
            let (mut names, mut values): (Vec<String>, Vec<String>) =
                stepped.map(|(name, value)| (name.clone(), scientific(*value, 4))).unzip();
            for measure in &measures {
                names.push(measure.name.to_string());
                values
                    .push(measure.value().map_or("failed".into(), |value| scientific(value, measure.precision.max(4))));
            }
            names.extend(["temper".into(), "alter#".into()]);
            values.extend([scientific(run.temperature, 4), (number + 1).to_string()]);
            let row = |words: &[String]| words.iter().map(|word| format!("{word:<17}")).collect::<String>() + "\n";
            if files.last().is_none_or(|(last, _)| *last != file) {
                let version = env!("CARGO_PKG_VERSION");
                let head = format!("$DATA1 SOURCE='ferrospice' VERSION='{version}'\n.TITLE '{title}'\n{}", row(&names));
                files.push((file, head));
            }
            if let Some((_, text)) = files.last_mut() {
                text.push_str(&row(&values));
            }
        }
    }
    files
}
