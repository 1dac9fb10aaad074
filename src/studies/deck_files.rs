//! Decks in folders.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;

/// `path` itself if it is a file; of a folder the files below it with one of `extensions` (in lower case), by name.
///
/// # Errors
/// The path or a folder below it cannot be read.
pub fn find(path: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, Diagnostic> {
    let mut decks = Vec::new();
    collect(path, true, extensions, &mut decks)?;
    Ok(decks)
}

fn collect(path: &Path, is_given: bool, extensions: &[&str], decks: &mut Vec<PathBuf>) -> Result<(), Diagnostic> {
    let failed = |error: std::io::Error| Diagnostic::error(format!("cannot read `{}`: {error}", path.display()));
    let kind = std::fs::metadata(path).map_err(failed)?;
    if !kind.is_dir() {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        if is_given || extension.is_some_and(|extension| extensions.contains(&extension.as_str())) {
            decks.push(path.to_path_buf());
        }
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut inside: Vec<PathBuf> = entries
        .into_iter()
        // A link to a folder could lead around in circles.
        .filter(|entry| !entry.file_type().is_ok_and(|kind| kind.is_symlink()) || entry.path().is_file())
        .map(|entry| entry.path())
        .collect();
    inside.sort();
    inside.iter().try_for_each(|path| collect(path, false, extensions, decks))
}
