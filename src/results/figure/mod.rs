//! Figures for papers: SVG and PNG in one house style.
//!
//! A [`Figure`] is data and labels; [`Figure::to_svg`] and [`Figure::write`] draw it.

mod axis;
mod canvas;
mod decimate;
mod draw;
pub mod heat_map;
pub mod of_vectors;

use std::path::Path;

use super::output_file::{reason, write_file};
use crate::diagnostic::Diagnostic;

/// Width of a figure at its nominal size, pixels.
const WIDTH: u32 = 800;
/// Height of a figure with one panel, pixels.
const HEIGHT: u32 = 560;
/// Further height for each further panel, pixels.
const PANEL_HEIGHT: u32 = 260;
/// The SVG's inner units per pixel: the drawing library has whole coordinates only.
const SVG_SCALE: u32 = 10;
/// Pixels of a PNG per nominal pixel, each way.
const PNG_SCALE: u32 = 2;
/// Every pixel of a PNG is the mean of so many squared.
const SUPERSAMPLING: u32 = 2;

/// A figure: panels above each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figure {
    pub title: String,
    pub panels: Vec<Panel>,
}

/// Curves over a pair of axes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Panel {
    pub x_label: String,
    /// Unit without prefix (`s`, `V`); ticks are scaled to a fitting one. Empty for none.
    pub x_unit: String,
    pub y_label: String,
    pub y_unit: String,
    pub series: Vec<Series>,
    pub log_x: bool,
    /// Of negative values the magnitude is shown.
    pub log_y: bool,
}

/// One curve.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// In the legend; without one the curve is not there.
    pub label: String,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub style: Style,
    /// Number of its colour in the palette; by its place among the curves if None.
    pub colour: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    #[default]
    Line,
    Dashed,
    Points,
}

impl Figure {
    /// Width and height in pixels at nominal size.
    pub fn size(&self) -> (u32, u32) {
        (WIDTH, HEIGHT + PANEL_HEIGHT * self.panels.len().saturating_sub(1) as u32)
    }

    /// The figure as SVG text.
    ///
    /// # Errors
    /// The drawing library failed.
    pub fn to_svg(&self) -> Result<String, Diagnostic> {
        let (width, height) = self.size();
        let text = canvas::svg(width * SVG_SCALE, height * SVG_SCALE, |area| {
            draw::figure(self, &canvas::Canvas::new(area, f64::from(SVG_SCALE), false))
        })?;
        Ok(nominal_svg(&text, width, height))
    }

    /// The figure as the contents of a PNG file.
    ///
    /// # Errors
    /// The drawing library failed.
    pub fn to_png(&self) -> Result<Vec<u8>, Diagnostic> {
        let (width, height) = self.size();
        let scale = PNG_SCALE * SUPERSAMPLING;
        let pixels = canvas::bitmap(width * scale, height * scale, |area| {
            draw::figure(self, &canvas::Canvas::new(area, f64::from(scale), true))
        })?;
        canvas::png(&pixels, width * scale, SUPERSAMPLING)
    }

    /// Writes the figure to `path`, as PNG or SVG by its extension.
    ///
    /// # Errors
    /// The extension is neither, or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Diagnostic> {
        let contents = match path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).as_deref() {
            Some("svg") => self.to_svg()?.into_bytes(),
            Some("png") => self.to_png()?,
            _ => {
                let error = Diagnostic::error(format!("`{}` is no name for a figure", path.display()));
                return Err(error.hint("figures are written as .svg or .png"));
            }
        };
        write_file(path, &contents)
            .map_err(|error| Diagnostic::error(format!("cannot write `{}`: {}", path.display(), reason(&error))))
    }
}

/// SVG text as drawn, at its nominal size and with fonts that stand in for ours.
fn nominal_svg(text: &str, width: u32, height: u32) -> String {
    let inner = format!("width=\"{}\" height=\"{}\"", width * SVG_SCALE, height * SVG_SCALE);
    let outer = format!("width=\"{width}\" height=\"{height}\"");
    text.replacen(&inner, &outer, 1)
        .replace("font-family=\"DejaVu Sans\"", "font-family=\"DejaVu Sans, Verdana, Helvetica, sans-serif\"")
}
