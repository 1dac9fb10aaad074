//! Raw files, as SPICE3 and ngspice write them: a text header per plot, then binary or ASCII values.
//!
//! Points are streamed; the number of points is filled in when the plot ends. In Xyce's layout (`Xyce -r`) there is no line about the
//! command, and vectors are called after its unknowns: `OUT`, `V1#branch`, `sweep`.

use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::output_file::OutputFile;
use super::plot::Header;
use super::raw_name::in_ngspice;
use super::sink::Sink;

/// Whose reader a raw file is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Ngspice,
    Xyce,
}

/// Writes one raw file.
pub struct RawWriter {
    file: BufWriter<OutputFile>,
    ascii: bool,
    layout: Layout,
    date: String,
    /// Behind the name of the plot under way, where an incomplete one is marked.
    name_end: u64,
    incomplete: Option<u64>,
    /// Where the number of points of the plot under way stands.
    points_at: u64,
    points: usize,
    complex: bool,
    bytes: Vec<u8>,
}

impl RawWriter {
    /// Starts a file that will be `target`; `date` goes into the headers.
    pub fn create(target: &Path, ascii: bool, date: String) -> io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 16, OutputFile::create(target)?);
        Ok(RawWriter {
            file,
            ascii,
            layout: Layout::default(),
            date,
            name_end: 0,
            incomplete: None,
            points_at: 0,
            points: 0,
            complex: false,
            bytes: Vec::new(),
        })
    }

    /// The same for another reader.
    pub fn with_layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Begins with what another file holds: plots that the new ones follow.
    pub fn begin_with(&mut self, contents: &[u8]) -> io::Result<()> {
        self.file.write_all(contents)
    }

    /// Gives the file its name.
    pub fn finish(self) -> io::Result<()> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        if let Some(place) = self.incomplete {
            file = marked(file, place)?;
        }
        file.finish()
    }

    fn write_ascii(&mut self, row: &[f64]) -> io::Result<()> {
        let mut values = row.chunks(if self.complex { 2 } else { 1 });
        let text = |value: &[f64]| match value {
            [re, im] => format!("{},{}", scientific(*re), scientific(*im)),
            [value] => scientific(*value),
            _ => String::new(),
        };
        if let Some(first) = values.next() {
            writeln!(self.file, " {}\t{}", self.points, text(first))?;
        }
        for value in values {
            writeln!(self.file, "\t{}", text(value))?;
        }
        writeln!(self.file)
    }
}

/// What Xyce calls the unknown behind a vector of ngspice's name.
fn xyce_name(name: &str, is_axis: bool) -> String {
    let inner = |function: &str| name.strip_prefix(function)?.strip_prefix('(')?.strip_suffix(')');
    match (inner("v"), inner("i")) {
        _ if is_axis && matches!(name, "time" | "frequency") => name.to_string(),
        _ if is_axis => "sweep".into(),
        (Some(node), _) if !node.contains(',') => node.to_uppercase(),
        (_, Some(element)) => format!("{}#branch", element.to_uppercase()),
        _ => name.to_string(),
    }
}

/// The file with a mark at `place`, behind the name of its last plot.
fn marked(mut file: OutputFile, place: u64) -> io::Result<OutputFile> {
    let mut copy = BufWriter::new(OutputFile::create(file.target())?);
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut (&mut file).take(place), &mut copy)?;
    copy.write_all(b" (incomplete)")?;
    io::copy(&mut file, &mut copy)?;
    copy.into_inner().map_err(io::IntoInnerError::into_error)
}

/// 17 significant digits with an exponent of at least two digits, as C's `%.15e` writes it.
fn scientific(value: f64) -> String {
    let text = format!("{value:.15e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
            format!("{mantissa}e{sign}{digits:0>2}")
        }
        None => text,
    }
}

impl Sink for RawWriter {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        let step = if header.step.is_empty() { String::new() } else { format!(" ({})", header.step) };
        let flags = if header.complex { "complex" } else { "real" };
        write!(self.file, "Title: {}\nDate: {}\n", header.title, self.date)?;
        if self.layout == Layout::Ngspice {
            writeln!(self.file, "Command: ngspice-39 compatible: ferrospice {}", env!("CARGO_PKG_VERSION"))?;
        }
        write!(self.file, "Plotname: {}{step}", header.name)?;
        self.name_end = self.file.stream_position()?;
        write!(self.file, "\nFlags: {flags}\nNo. Variables: {}\nNo. Points: ", header.columns.len())?;
        self.points_at = self.file.stream_position()?;
        write!(self.file, "{:<12}\nVariables:\n", 0)?;
        for (index, column) in header.columns.iter().enumerate() {
            let grid = if index == 0 && header.complex { "\tgrid=3" } else { "" };
            let (name, kind) = match self.layout {
                Layout::Ngspice => in_ngspice(&header.name, column),
                Layout::Xyce => (xyce_name(&column.name, index == 0 && header.has_axis), column.kind),
            };
            writeln!(self.file, "\t{index}\t{name}\t{}{grid}", kind.name())?;
        }
        self.file.write_all(if self.ascii { b"Values:\n" } else { b"Binary:\n" })?;
        self.complex = header.complex;
        self.points = 0;
        Ok(())
    }

    fn row(&mut self, row: &[f64]) -> io::Result<()> {
        if self.ascii {
            self.write_ascii(row)?;
        } else {
            self.bytes.clear();
            self.bytes.extend(row.iter().flat_map(|value| value.to_le_bytes()));
            self.file.write_all(&self.bytes)?;
        }
        self.points += 1;
        Ok(())
    }

    fn mark_incomplete(&mut self) -> io::Result<()> {
        self.incomplete = Some(self.name_end);
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let end = self.file.stream_position()?;
        self.file.seek(SeekFrom::Start(self.points_at))?;
        write!(self.file, "{:<12}", self.points)?;
        self.file.seek(SeekFrom::Start(end))?;
        Ok(())
    }
}
