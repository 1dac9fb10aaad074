//! The reference chapters of the manual, made from the tables that the program itself reads.
//!
//! `ferrospice manual` writes them; `tests/manual.rs` sees that what is committed is what would be written.

mod cards;
mod devices;
mod dialects;
mod functions;
mod markdown;
mod measures;
mod ngspice;
mod options;
mod scripts;
mod studies;
mod waveforms;

pub use markdown::{Table, code, plain};

/// A page of the manual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualPage {
    /// Path below `docs/reference`.
    pub path: String,
    pub title: String,
    /// Markdown, without the title.
    pub text: String,
}

impl ManualPage {
    /// A page with this path, title and text.
    pub fn new(path: impl Into<String>, title: impl Into<String>, text: String) -> Self {
        ManualPage { path: path.into(), title: title.into(), text }
    }

    /// The whole file.
    pub fn file(&self) -> String {
        format!(
            "<!-- Made by `ferrospice manual` from the tables of the program; do not edit. -->\n\n# {}\n\n{}\n",
            self.title,
            self.text.trim_end()
        )
    }
}

/// All pages but that of the command line, in the order of the manual.
pub fn pages() -> Vec<ManualPage> {
    let mut pages = vec![
        cards::page(),
        options::page(),
        functions::page(),
        waveforms::page(),
        measures::page(),
        scripts::page(),
        dialects::page(),
        studies::page(),
    ];
    pages.extend(devices::pages());
    pages
}

/// Names of the devices of ngspice 39.
pub fn ngspice_devices() -> Vec<&'static str> {
    ngspice::devices().into_iter().map(|device| device.name).collect()
}
