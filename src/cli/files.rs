//! Files and folders that commands write.

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::results::output_file::{reason, write_file};

/// Writes a whole file; what was there stays until the new contents are complete.
pub fn write(path: &Path, contents: &[u8]) -> Result<(), Diagnostic> {
    write_file(path, contents)
        .map_err(|error| Diagnostic::error(format!("cannot write `{}`: {}", path.display(), reason(&error))))
}

/// Makes `folder` and those around it where they are not there.
pub fn make_folder(folder: &Path) -> Result<(), Diagnostic> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Diagnostic::error(format!("cannot make the folder `{}`: {error}", folder.display())))
}
