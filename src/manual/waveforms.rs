//! The page of waveforms.

use super::ManualPage;
use super::markdown::{Table, codes, plain, section};
use crate::waveforms::{WAVEFORMS, WaveformInfo};

/// The page.
pub fn page() -> ManualPage {
    let mut text = String::from(
        "What V and I sources do over time: `V1 a 0 dc 1 ac 1 pulse(0 1 …)`. Without a value of its own the source has the waveform's \
         value at time 0 in DC analyses. Arguments stand in their order, and may be left out from the end; parentheses and commas \
         may be left out, too.\n\n",
    );
    for waveform in WAVEFORMS {
        text.push_str(&section(&codes(waveform.names), &about(waveform)));
    }
    ManualPage::new("waveforms.md", "Waveforms", text)
}

fn about(waveform: &WaveformInfo) -> String {
    let mut table = Table::new(&["argument", "unit", "default", "meaning"]);
    for argument in waveform.arguments {
        let (unit, default) = (argument.unit.to_string(), argument.default.to_string());
        table.row([codes(argument.names), unit, default, argument.description.into()]);
    }
    format!("{}\nAgainst ngspice: {}.\n\n{}", plain(waveform.text), waveform.status.text(), table.finish())
}
