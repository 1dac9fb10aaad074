//! Reads results from files, raw or CSV, by their extension.

use std::path::Path;

use super::plot::Plot;
use super::{csv_file, raw_reader};
use crate::diagnostic::Diagnostic;

/// All plots of `path`; a CSV file is one plot.
///
/// # Errors
/// The file cannot be read or makes no sense.
pub fn plots(path: &Path) -> Result<Vec<Plot>, Diagnostic> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("csv" | "tsv" | "txt") => Ok(vec![csv_file::read(path)?]),
        _ => raw_reader::read(path),
    }
}

/// The column `name` of `path` over the first one. Unless the name was given explicitly, the second column will do if
/// there are just two.
pub fn curve(path: &Path, name: &str, explicit: bool) -> Result<(Vec<f64>, Vec<f64>), Diagnostic> {
    let plots = plots(path)?;
    for plot in &plots {
        let only = (!explicit && plot.header.columns.len() == 2).then_some(1);
        if let Some(index) = plot.column(name).or_else(|| plot.column(&format!("v({name})"))).or(only) {
            return Ok((plot.real(0), plot.real(index)));
        }
    }
    let names: Vec<&str> =
        plots.iter().flat_map(|plot| &plot.header.columns).map(|column| column.name.as_str()).collect();
    let error = Diagnostic::error(format!("`{}` has no column `{name}`", path.display()));
    Err(error.hint(format!("its columns are {}; name one with column=…", names.join(", "))))
}
