//! Commands with files: `write`, `wrdata`, `load`, and output that `>` sends to one.
//!
//! A file is written beside its place and then renamed, so that the old one stays until the new one is complete.

use std::path::{Path, PathBuf};

use super::commands::Call;
use super::session::{Outcome, Session};
use crate::results::output_file::{reason, write_file};
use crate::results::print_table::{push_scientific, scientific};
use crate::results::raw_reader;
use crate::results::raw_writer::RawWriter;
use crate::results::sink::replay;
use crate::results::value::Samples;
use crate::results::vectors::{NamedVector, VectorValue, plot_of};

impl Session<'_, '_, '_> {
    fn path(&self, name: &str) -> Outcome<PathBuf> {
        let refused = |error| format!("`{name}` cannot be used: {error}");
        self.deck.sources.may_touch_files().map_err(refused)?;
        let name = Path::new(name);
        Ok(match &self.settings.folder {
            Some(folder) if name.is_relative() => folder.join(name),
            _ => name.to_path_buf(),
        })
    }

    /// What is in the file already, where the script wants to add to it.
    fn kept(&self, path: &Path, appended: bool) -> Outcome<Vec<u8>> {
        if !appended || !path.exists() {
            return Ok(Vec::new());
        }
        std::fs::read(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()).into())
    }

    fn write_bytes(&self, name: &str, contents: &[u8], appended: bool) -> Outcome {
        let path = self.path(name)?;
        let mut all = self.kept(&path, appended)?;
        all.extend_from_slice(contents);
        write_file(&path, &all).map_err(|error| format!("cannot write `{}`: {}", path.display(), reason(&error)).into())
    }

    pub fn write_text(&mut self, name: &str, text: &str, appended: bool) -> Outcome {
        self.write_bytes(name, text.as_bytes(), appended)
    }

    /// `write file [expressions]`: a raw file, one plot after another.
    pub fn write(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        let Some(file) = words.first() else { return Err("expected the name of a file".into()) };
        let text = rest_of(&call.text);
        self.write_vectors(file, if text.is_empty() { "all" } else { text })
    }

    /// Every vector of the current plot.
    pub fn write_all(&mut self, file: &str) -> Outcome {
        self.write_vectors(file, "all")
    }

    /// `load file …`: the plots of raw files.
    pub fn load(&mut self, call: &Call) -> Outcome {
        let names = call.words();
        if names.is_empty() {
            return Err("expected the name of a raw file".into());
        }
        for name in names {
            let plots = raw_reader::read(&self.path(&name)?).map_err(|error| error.message)?;
            for plot in &plots {
                self.store.add_plot(plot, (self.settings.date)(), |_| false);
            }
        }
        Ok(())
    }

    fn write_vectors(&mut self, file: &str, text: &str) -> Outcome {
        let mut problems = Vec::new();
        let values = self.values(text, &mut problems)?;
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem.into());
        }
        let ascii = match self.variables.text("filetype") {
            Some(kind) => kind.eq_ignore_ascii_case("ascii"),
            None => self.settings.ascii,
        };
        let path = self.path(file)?;
        let failed = |error: std::io::Error| format!("cannot write `{}`: {}", path.display(), reason(&error));
        let kept = self.kept(&path, self.variables.is_set("appendwrite"))?;
        let mut writer = RawWriter::create(&path, ascii, (self.settings.date)()).map_err(failed)?;
        writer.begin_with(&kept).map_err(failed)?;
        let mut numbers: Vec<usize> = Vec::new();
        for value in &values {
            if !numbers.contains(&value.plot) {
                numbers.push(value.plot);
            }
        }
        for number in numbers {
            let plot = &self.store.plots[number];
            let scale = plot.scale_vector();
            let of_plot = values.iter().filter(|value| value.plot == number);
            let others = of_plot.filter(|value| scale.is_none_or(|scale| scale.name != value.name)).map(vector_of);
            let others: Vec<NamedVector> = others.collect();
            let vectors: Vec<&NamedVector> = scale.into_iter().chain(&others).collect();
            let written = plot_of(&plot.title, &plot.name, scale.is_some(), &vectors);
            replay(&written, &mut writer).map_err(failed)?;
        }
        writer.finish().map_err(failed)?;
        let kind = if ascii { "ASCII" } else { "binary" };
        self.say(&format!("{kind} raw file \"{file}\"\n"));
        Ok(())
    }

    /// `wrs2p file`: the scattering parameters of two ports in the current plot, as a file of Touchstone; `Rbase` is the resistance.
    pub fn write_touchstone(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        let file = words.first().map_or("s_param.s2p", String::as_str);
        let resistance = self.value("Rbase").map_err(|_| "a vector `Rbase` with the ports' resistance is missing")?;
        let resistance = resistance.first().unwrap_or(50.0);
        let mut columns = vec![reals(&self.value("frequency")?.samples)];
        for name in ["S_1_1", "S_2_1", "S_1_2", "S_2_2"] {
            match self.value(name)?.samples {
                Samples::Complex(values) => {
                    columns.push(values.iter().map(|value| value.re).collect());
                    columns.push(values.iter().map(|value| value.im).collect());
                }
                Samples::Real(values) => columns.extend([values.clone(), vec![0.0; values.len()]]),
            }
        }
        let date = (self.settings.date)();
        let title = self.store.current().title.clone();
        let mut text =
            format!("!2-port S-parameter file\n!Title: {title}\n!Generated at {date}\n# Hz S RI R {resistance}\n");
        text.push_str("!freq  ReS11  ImS11  ReS21  ImS21  ReS12  ImS12  ReS22  ImS22\n");
        for row in 0..columns[0].len() {
            let words = columns.iter().map(|column| scientific(column.get(row).copied().unwrap_or(f64::NAN), 6));
            text.push_str(&words.collect::<Vec<String>>().join("  "));
            text.push('\n');
        }
        self.write_text(file, &text, false)
    }

    /// `wrdata file expressions`: columns of scale and value for each vector.
    pub fn write_columns(&mut self, call: &Call) -> Outcome {
        let words = call.words();
        let Some(file) = words.first() else { return Err("expected the name of a file".into()) };
        let mut problems = Vec::new();
        let values = self.values(rest_of(&call.text), &mut problems)?;
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem.into());
        }
        if values.is_empty() {
            return Err("expected vectors to write".into());
        }
        let text = self.columns_text(&values);
        self.write_bytes(file, text.as_bytes(), self.variables.is_set("appendwrite"))
    }

    fn columns_text(&self, values: &[VectorValue]) -> String {
        let digits = self.digits().unwrap_or(8);
        let (single_scale, names) = (self.variables.is_set("wr_singlescale"), self.variables.is_set("wr_vecnames"));
        let count = values.iter().map(VectorValue::len).max().unwrap_or(0);
        let mut columns: Vec<(String, Vec<f64>)> = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let scale = self.store.plots[value.plot].scale_vector().filter(|scale| scale.len() == count);
            if index == 0 || !single_scale {
                let (name, values) = match scale {
                    Some(scale) => (scale.name.clone(), reals(&scale.samples)),
                    None => ("index".into(), (0..count).map(|index| index as f64).collect()),
                };
                columns.push((name, values));
            }
            columns.push((value.name.clone(), reals(&value.samples)));
            if let Samples::Complex(values) = &value.samples {
                columns.push((value.name.clone(), values.iter().map(|value| value.im).collect()));
            }
        }
        let mut text = String::new();
        if names {
            columns.iter().for_each(|(name, _)| text.push_str(&format!(" {name:<width$}", width = digits + 7)));
            text.push('\n');
        }
        for row in 0..count {
            for (_, values) in &columns {
                let value = values.get(row).or(values.last()).copied().unwrap_or(0.0);
                if !value.is_sign_negative() {
                    text.push(' ');
                }
                push_scientific(&mut text, value, digits);
                text.push(' ');
            }
            text.push('\n');
        }
        text
    }
}

fn reals(samples: &Samples) -> Vec<f64> {
    match samples {
        Samples::Real(values) => values.clone(),
        Samples::Complex(values) => values.iter().map(|value| value.re).collect(),
    }
}

fn vector_of(value: &VectorValue) -> NamedVector {
    NamedVector { name: value.name.clone(), kind: value.kind, samples: value.samples.clone(), hidden: false }
}

/// What follows the first word, which may be quoted.
fn rest_of(text: &str) -> &str {
    let text = text.trim_start();
    let end = match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].find(quote).map_or(text.len(), |end| end + 2),
        _ => text.find(char::is_whitespace).unwrap_or(text.len()),
    };
    text[end..].trim_start()
}
