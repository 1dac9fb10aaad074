//! The page of measures and spectra.

use super::ManualPage;
use super::markdown::{Table, code, codes, section};
use crate::results::fft::window::WINDOWS;
use crate::results::measure::measure_table::MEASURES;
use crate::results::plot_selector::AnalysisName;

/// The page.
pub fn page() -> ManualPage {
    let analyses: Vec<&str> = AnalysisName::ALL.iter().map(|analysis| analysis.name()).collect();
    let mut measures = Table::new(&["what", "gives", "ngspice"]);
    for info in MEASURES {
        measures.row([code(info.syntax), info.meaning.into(), info.status.text()]);
    }
    let mut windows = Table::new(&["window", "weight at u of 0 … 1"]);
    for (names, _, _, weight) in WINDOWS {
        windows.row([codes(names), weight.to_string()]);
    }
    let text = format!(
        "`.measure [ANALYSIS] NAME WHAT`, of one of the analyses {}; `steps` are the runs of a deck with `.step`.\n\n{}\
         `precision=` is the number of digits behind the point; `default_val=` what other cards see of a failed measure. `goal=`, \
         `weight=` and `minval=` of an optimisation are ignored, as in ngspice.\n\n{}",
        codes(&analyses),
        measures.finish(),
        section(
            "Windows of `.fft`",
            &(windows.finish()
                + "u runs from 0 at the first point to 1 at the last one, with `.options fft_mode=1` one point later.")
        ),
    );
    ManualPage::new("measures.md", "Measures", text)
}
