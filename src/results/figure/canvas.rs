//! Thin layer over the drawing library: scaled coordinates, the font, and the two kinds of file.

use std::sync::OnceLock;

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, FontStyle, FontTransform, IntoFont, RGBColor, TextStyle, register_font};

use crate::diagnostic::Diagnostic;

const FONT: &str = "DejaVu Sans";
static FONT_DATA: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSans.ttf");

/// A point in nominal pixels.
pub type Position = (f64, f64);

/// How a text lies around its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Left end, at mid-height.
    Left,
    /// Right end, at mid-height.
    Right,
    /// Centre of the upper edge.
    Top,
    /// Centre of the lower edge of text that reads upwards.
    Upwards,
}

/// An area to draw on in nominal pixels.
pub struct Canvas<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    scale: f64,
    /// Draw lines segment by segment: filling the outline of a whole path leaves holes where it crosses itself.
    segmented: bool,
}

fn make_font_known() {
    static KNOWN: OnceLock<()> = OnceLock::new();
    KNOWN.get_or_init(|| {
        // Fails only for data that is no font, which the tests would show.
        let _ = register_font(FONT, FontStyle::Normal, FONT_DATA);
    });
}

fn failed(error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error(format!("cannot draw the figure: {error}"))
}

/// Draws to SVG text.
pub fn svg(
    width: u32,
    height: u32,
    draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), Diagnostic>,
) -> Result<String, Diagnostic> {
    make_font_known();
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
        draw(&area)?;
        area.present().map_err(failed)?;
    }
    Ok(text)
}

/// Draws to pixels, three bytes each.
pub fn bitmap(
    width: u32,
    height: u32,
    draw: impl FnOnce(&DrawingArea<BitMapBackend<'_>, Shift>) -> Result<(), Diagnostic>,
) -> Result<Vec<u8>, Diagnostic> {
    make_font_known();
    let mut pixels = vec![255u8; width as usize * height as usize * 3];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
        draw(&area)?;
        area.present().map_err(failed)?;
    }
    Ok(pixels)
}

/// A PNG file of `pixels`, every `factor` squared of which become one.
pub fn png(pixels: &[u8], width: u32, factor: u32) -> Result<Vec<u8>, Diagnostic> {
    let (source_width, factor) = (width as usize, factor as usize);
    let (columns, rows) = (source_width / factor, pixels.len() / 3 / source_width / factor);
    let mut small = Vec::with_capacity(columns * rows * 3);
    for row in 0..rows {
        for column in 0..columns {
            for channel in 0..3 {
                let mut sum = 0usize;
                for part in 0..factor * factor {
                    let (x, y) = (column * factor + part % factor, row * factor + part / factor);
                    sum += usize::from(pixels[(y * source_width + x) * 3 + channel]);
                }
                small.push((sum / (factor * factor)) as u8);
            }
        }
    }
    let mut contents = Vec::new();
    let mut encoder = png::Encoder::new(&mut contents, columns as u32, rows as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&small).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(contents)
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    pub fn new(area: &'a DrawingArea<DB, Shift>, scale: f64, segmented: bool) -> Self {
        Canvas { area, scale, segmented }
    }

    fn point(&self, (x, y): Position) -> (i32, i32) {
        ((x * self.scale).round() as i32, (y * self.scale).round() as i32)
    }

    fn style(&self, size: f64, colour: RGBColor, anchor: Anchor) -> TextStyle<'static> {
        let (horizontal, vertical, transform) = match anchor {
            Anchor::Left => (HPos::Left, VPos::Center, FontTransform::None),
            Anchor::Right => (HPos::Right, VPos::Center, FontTransform::None),
            Anchor::Top => (HPos::Center, VPos::Top, FontTransform::None),
            Anchor::Upwards => (HPos::Center, VPos::Bottom, FontTransform::Rotate270),
        };
        let font = (FontFamily::Name(FONT), size * self.scale).into_font().transform(transform);
        TextStyle { color: colour.to_backend_color(), ..TextStyle::from(font) }.pos(Pos::new(horizontal, vertical))
    }

    pub fn background(&self, colour: RGBColor) -> Result<(), Diagnostic> {
        self.area.fill(&colour).map_err(failed)
    }

    pub fn rectangle(&self, from: Position, to: Position, colour: RGBColor, width: f64) -> Result<(), Diagnostic> {
        let stroke = colour.stroke_width(self.stroke(width));
        let corners = [from, (to.0, from.1), to, (from.0, to.1), from];
        self.area.draw(&PathElement::new(corners.map(|corner| self.point(corner)).to_vec(), stroke)).map_err(failed)
    }

    pub fn filled_rectangle(&self, from: Position, to: Position, colour: RGBColor) -> Result<(), Diagnostic> {
        let corners = [self.point(from), self.point(to)];
        self.area.draw(&Rectangle::new(corners, colour.filled())).map_err(failed)
    }

    fn stroke(&self, width: f64) -> u32 {
        (width * self.scale).round().max(1.0) as u32
    }

    /// A line through `points`.
    pub fn line(&self, points: &[Position], colour: RGBColor, width: f64) -> Result<(), Diagnostic> {
        let stroke = colour.stroke_width(self.stroke(width));
        let mut points: Vec<(i32, i32)> = points.iter().map(|&point| self.point(point)).collect();
        points.dedup();
        if !self.segmented || points.len() < 3 {
            return self.area.draw(&PathElement::new(points, stroke)).map_err(failed);
        }
        let radius = (width * self.scale / 2.0).floor() as i32;
        for pair in points.windows(2) {
            self.area.draw(&PathElement::new(pair.to_vec(), stroke)).map_err(failed)?;
            self.area.draw(&Circle::new(pair[1], radius, colour.filled())).map_err(failed)?;
        }
        Ok(())
    }

    pub fn dot(&self, at: Position, radius: f64, colour: RGBColor) -> Result<(), Diagnostic> {
        let radius = (radius * self.scale).round() as i32;
        self.area.draw(&Circle::new(self.point(at), radius, colour.filled())).map_err(failed)
    }

    pub fn text(
        &self,
        text: &str,
        at: Position,
        size: f64,
        colour: RGBColor,
        anchor: Anchor,
    ) -> Result<(), Diagnostic> {
        let style = self.style(size, colour, anchor);
        // The library centres the box of a line, in which digits stand too high.
        let lower = if matches!(anchor, Anchor::Left | Anchor::Right) { 0.14 * size } else { 0.0 };
        let at = (at.0, at.1 + lower);
        self.area.draw(&Text::new(text.to_string(), self.point(at), style)).map_err(failed)
    }

    /// Width of `text` in nominal pixels.
    pub fn text_width(&self, text: &str, size: f64) -> f64 {
        let style = self.style(size, RGBColor(0, 0, 0), Anchor::Left);
        // The layout fails for no text that the font has; without it, a good guess.
        let measured = self.area.estimate_text_size(text, &style).map(|(width, _)| f64::from(width) / self.scale);
        measured.unwrap_or(0.6 * size * text.chars().count() as f64)
    }
}
