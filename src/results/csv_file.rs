//! CSV files: a header line of vector names, then a line per point; complex vectors as two columns.

use std::io;
use std::path::{Path, PathBuf};

use super::output_file::OutputFile;
use super::plot::{Column, Header, Plot, kind_of_name};
use super::sink::Sink;
use crate::diagnostic::Diagnostic;

/// Writes plots to a CSV file; a second plot goes to `name.2.csv`, and so on.
pub struct CsvWriter {
    target: PathBuf,
    plots: Vec<csv::Writer<OutputFile>>,
    /// The plot under way is complex.
    complex: bool,
}

impl CsvWriter {
    pub fn new(target: &Path) -> Self {
        CsvWriter { target: target.to_path_buf(), plots: Vec::new(), complex: false }
    }

    /// Gives the files their names.
    pub fn finish(self) -> io::Result<()> {
        let whole = |writer: csv::Writer<OutputFile>| writer.into_inner().map_err(csv::IntoInnerError::into_error);
        // All are complete before the first gets its name.
        let files = self.plots.into_iter().map(whole).collect::<io::Result<Vec<OutputFile>>>()?;
        files.into_iter().try_for_each(OutputFile::finish)
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
        let mut writer = csv::Writer::from_writer(OutputFile::create(&path)?);
        let names = header.columns.iter().enumerate().flat_map(|(index, column)| {
            if header.complex && index > 0 {
                vec![format!("re({})", column.name), format!("im({})", column.name)]
            } else {
                vec![column.name.clone()]
            }
        });
        writer.write_record(names)?;
        self.complex = header.complex;
        self.plots.push(writer);
        Ok(())
    }

    fn row(&mut self, row: &[f64]) -> io::Result<()> {
        let complex = self.complex;
        if let Some(writer) = self.plots.last_mut() {
            // The axis of a complex plot has no imaginary part.
            let values = row.iter().enumerate().filter(|(index, _)| !(complex && *index == 1));
            writer.write_record(values.map(|(_, value)| format!("{value:e}")))?;
        }
        Ok(())
    }

    fn mark_incomplete(&mut self) -> io::Result<()> {
        match self.plots.last_mut() {
            Some(writer) => {
                writer.flush()?;
                writer.get_ref().append(b"# incomplete: interrupted here\n")
            }
            None => Ok(()),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        match self.plots.last_mut() {
            Some(writer) => writer.flush(),
            None => Ok(()),
        }
    }
}

/// Reads a CSV file with a header line; the first column is the axis. Pairs `re(x)`, `im(x)` become complex vectors.
///
/// # Errors
/// The file cannot be read, or a field is no number.
pub fn read(path: &Path) -> Result<Plot, Diagnostic> {
    let failed = |reason: String| Diagnostic::error(format!("cannot read `{}`: {reason}", path.display()));
    let text = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let separator =
        if text.iter().take_while(|&&byte| byte != b'\n').any(|&byte| byte == b'\t') { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).delimiter(separator).from_reader(&*text);
    let names: Vec<String> =
        reader.headers().map_err(|error| failed(error.to_string()))?.iter().map(String::from).collect();
    if names.is_empty() {
        return Err(failed("it has no header line".into()));
    }
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| failed(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let number =
            |field: &str| field.parse::<f64>().map_err(|_| failed(format!("line {line}: `{field}` is no number")));
        rows.push(record.iter().map(number).collect::<Result<Vec<f64>, Diagnostic>>()?);
    }
    Ok(assemble(path, &names, &rows))
}

fn assemble(path: &Path, names: &[String], rows: &[Vec<f64>]) -> Plot {
    let part = |index: usize, prefix: &str| names.get(index)?.strip_prefix(prefix)?.strip_suffix(')');
    let is_pair = |index: usize| part(index, "re(").is_some() && part(index, "re(") == part(index + 1, "im(");
    let complex = (1..names.len()).any(is_pair);
    let (mut columns, mut sources) = (Vec::new(), Vec::new());
    let mut index = 0;
    while index < names.len() {
        let pair = is_pair(index);
        let name = if pair { part(index, "re(").unwrap_or_default() } else { names[index].as_str() };
        columns.push(Column { name: name.to_string(), kind: kind_of_name(name) });
        sources.push((index, pair.then_some(index + 1)));
        index += if pair { 2 } else { 1 };
    }
    let title = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let header = Header { title, name: "CSV".into(), step: String::new(), complex, has_axis: true, columns };
    let mut plot = Plot::empty(header);
    for row in rows {
        let values = sources.iter().flat_map(|(re, im)| {
            let second = complex.then(|| im.map_or(0.0, |im| row[im]));
            std::iter::once(row[*re]).chain(second)
        });
        plot.push(&values.collect::<Vec<f64>>());
    }
    plot
}
