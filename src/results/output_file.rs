//! A file under way: it takes its name when it is complete, so that no half-written one is ever left and an older one stays
//! until then.
//!
//! What is no ordinary file (a pipe, `/dev/stdout`, `/dev/null`) is never replaced: the complete contents go into it. Through a
//! link the file that it leads to is replaced, not the link.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is written beside its place.
#[derive(Debug)]
pub struct OutputFile {
    file: NamedTempFile,
    target: PathBuf,
    /// The target is a pipe or a device.
    special: bool,
}

impl OutputFile {
    /// Starts a file that will be `target`.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn create(target: &Path) -> io::Result<Self> {
        let target = target.canonicalize().unwrap_or_else(|_| target.to_path_buf());
        let special = target.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir());
        let file = if special { NamedTempFile::new() } else { NamedTempFile::new_in(folder_of(&target)) };
        Ok(OutputFile { file: file?, target, special })
    }

    /// Where the file will be.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Writes at the end, past a writer that holds this file.
    ///
    /// # Errors
    /// The disk is full.
    pub fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.file.as_file().write_all(bytes)
    }

    /// Gives the file its name, with the permissions of an ordinary one.
    ///
    /// # Errors
    /// It cannot be renamed, or the pipe or device takes no more.
    pub fn finish(mut self) -> io::Result<()> {
        if self.special {
            self.file.seek(SeekFrom::Start(0))?;
            let mut place = File::options().write(true).open(&self.target)?;
            return io::copy(self.file.as_file_mut(), &mut place).and_then(|_| place.flush());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            self.file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        }
        self.file.persist(&self.target).map(|_| ()).map_err(|error| error.error)
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for OutputFile {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.file.read(bytes)
    }
}

impl Seek for OutputFile {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.file.seek(place)
    }
}

fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a whole file.
///
/// # Errors
/// It cannot be written; what was there is there still.
pub fn write_file(target: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = OutputFile::create(target)?;
    file.write_all(contents)?;
    file.finish()
}

/// Why a file could not be written, without the name of the temporary file that has it now.
pub fn reason(error: &io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<csv::Error>());
    match inner.map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(error)) => reason(error),
        _ if error.get_ref().is_some() && error.kind() != io::ErrorKind::Other => error.kind().to_string(),
        _ => error.to_string(),
    }
}
