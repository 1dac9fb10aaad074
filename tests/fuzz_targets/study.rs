//! A TOML file as each kind of study.

use std::path::Path;

use ferrospice::studies::inference::study;
use ferrospice::studies::programming::ProgrammingStudy;

pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match study::parse("study.toml", text, Path::new("no such folder"), &[]).and_then(|file| file.plans()) {
        Ok(plans) => assert!(!plans.is_empty()),
        Err(report) => drop(report.render(false)),
    }
    let _ = ProgrammingStudy::parse("study.toml", text);
}
