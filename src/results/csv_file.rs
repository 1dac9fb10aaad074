//! CSV files: a header line of vector names, then a line per point; complex vectors as two columns.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::plot::Header;
use super::raw_writer::keep;
use super::sink::Sink;

/// Writes plots to a CSV file; a second plot goes to `name.2.csv`, and so on.
pub struct CsvWriter {
    target: PathBuf,
    plots: Vec<(PathBuf, csv::Writer<NamedTempFile>)>,
    step: String,
}

impl CsvWriter {
    pub fn new(target: &Path) -> Self {
        CsvWriter { target: target.to_path_buf(), plots: Vec::new(), step: String::new() }
    }

    /// Gives the files their names.
    pub fn finish(self) -> io::Result<()> {
        for (path, writer) in self.plots {
            let file = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
            keep(file, &path)?;
        }
        Ok(())
    }

    /// Name of the file of plot number `index`.
    fn path(&self, index: usize) -> PathBuf {
        if index == 0 {
            return self.target.clone();
        }
        let extension =
            self.target.extension().map_or("csv".into(), |extension| extension.to_string_lossy().into_owned());
        self.target.with_extension(format!("{}.{extension}", index + 1))
    }
}

impl Sink for CsvWriter {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        let path = self.path(self.plots.len());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut writer = csv::Writer::from_writer(NamedTempFile::new_in(folder)?);
        let names = header.columns.iter().enumerate().flat_map(|(index, column)| {
            if header.complex && index > 0 {
                vec![format!("re({})", column.name), format!("im({})", column.name)]
            } else {
                vec![column.name.clone()]
            }
        });
        writer.write_record(names)?;
        self.step = if header.complex { "complex".into() } else { String::new() };
        self.plots.push((path, writer));
        Ok(())
    }

    fn row(&mut self, row: &[f64]) -> io::Result<()> {
        let complex = !self.step.is_empty();
        if let Some((_, writer)) = self.plots.last_mut() {
            // The axis of a complex plot has no imaginary part.
            let values = row.iter().enumerate().filter(|(index, _)| !(complex && *index == 1));
            writer.write_record(values.map(|(_, value)| format!("{value:e}")))?;
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        match self.plots.last_mut() {
            Some((_, writer)) => writer.flush(),
            None => Ok(()),
        }
    }
}
