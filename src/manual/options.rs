//! The page of options.

use super::ManualPage;
use super::markdown::{Table, code, codes, section};
use crate::circuit::ignored_options::{OF_NGSPICE, OF_OTHERS, PACKAGES};
use crate::circuit::option_table::OPTIONS;

/// The page.
pub fn page() -> ManualPage {
    let mut table = Table::new(&["option", "unit", "default", "meaning", "ngspice"]);
    for option in OPTIONS {
        let default = option.default();
        table.row([code(option.name), option.unit.into(), default, option.meaning.into(), option.status.text()]);
    }
    let mut ignored = Table::new(&["option", "what it is in ngspice"]);
    for (name, meaning) in OF_NGSPICE {
        ignored.row([code(name), meaning.to_string()]);
    }
    let text = format!(
        "`.options name=value …`. An option that is on or off is set by its name alone, or by `1`, `yes`, `true`, `on` and their \
         contraries. `.options` of Xyce begin with a package ({}); of these `timeint`, `device`, `measure`, `fft`, `samples` and \
         `restart` are read.\n\n{}{}{}",
        codes(PACKAGES),
        table.finish(),
        section("Options of ngspice that are accepted and ignored", &ignored.finish()),
        section("Options of other simulators that are accepted and ignored", &codes(OF_OTHERS)),
    );
    ManualPage::new("options.md", "Options", text)
}
