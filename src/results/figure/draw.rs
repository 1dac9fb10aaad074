//! The house style.

use plotters::backend::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Position};
use super::decimate::decimate;
use super::{Figure, Panel, Series, Style};
use crate::diagnostic::Diagnostic;

/// Okabe and Ito's palette, which colour-blind readers can tell apart; the yellow, pale on white, comes last.
const PALETTE: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(60, 60, 60),
    RGBColor(240, 228, 66),
];
pub const INK: RGBColor = RGBColor(40, 40, 40);
const GRID: RGBColor = RGBColor(228, 228, 228);
pub const PAPER: RGBColor = RGBColor(255, 255, 255);

const TITLE_SIZE: f64 = 17.0;
const LABEL_SIZE: f64 = 15.0;
const TICK_SIZE: f64 = 13.0;
const LEGEND_ROW: f64 = 22.0;
const EDGE: f64 = 14.0;

/// Draws `figure` on the whole of `canvas`.
pub fn figure<DB: DrawingBackend>(figure: &Figure, canvas: &Canvas<DB>) -> Result<(), Diagnostic> {
    canvas.background(PAPER)?;
    let (width, height) = figure.size();
    let (width, height) = (f64::from(width), f64::from(height));
    let mut top = EDGE;
    if !figure.title.is_empty() {
        let title = fitting(canvas, &figure.title, width - 2.0 * EDGE, TITLE_SIZE);
        canvas.text(&title, (width / 2.0, top), TITLE_SIZE, INK, Anchor::Top)?;
        top += TITLE_SIZE + 16.0;
    }
    let axes: Vec<(Axis, Axis)> = figure.panels.iter().map(axes).collect();
    let tick_width = axes.iter().flat_map(|(_, y)| &y.ticks).map(|(_, text)| canvas.text_width(text, TICK_SIZE));
    // All panels begin at the same place, so that their axes line up.
    let left = EDGE + LABEL_SIZE + 12.0 + tick_width.fold(20.0, f64::max) + 10.0;
    let each = (height - top) / figure.panels.len().max(1) as f64;
    for (index, (panel, (x, y))) in figure.panels.iter().zip(&axes).enumerate() {
        let upper = top + each * index as f64;
        let entries = legend(canvas, panel, width - left - EDGE - 10.0);
        let legend_height = entries.iter().map(|entry| entry.row + 1).max().unwrap_or(0) as f64 * LEGEND_ROW;
        let frame =
            Frame { left, right: width - EDGE - 14.0, top: upper + legend_height + 6.0, bottom: upper + each - 58.0 };
        draw_legend(canvas, &entries, (left, upper + LEGEND_ROW / 2.0))?;
        draw_panel(canvas, panel, x, y, &frame)?;
    }
    Ok(())
}

/// Pixels of the axes' rectangle.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Frame {
    fn position(&self, x: f64, y: f64) -> Position {
        (self.left + x * (self.right - self.left), self.bottom - y * (self.bottom - self.top))
    }
}

fn axes(panel: &Panel) -> (Axis, Axis) {
    let xs = || panel.series.iter().flat_map(|series| series.x.iter().copied());
    let ys = || panel.series.iter().flat_map(|series| series.y.iter().copied());
    let magnitudes = || ys().map(f64::abs);
    let over_axis = panel.series.iter().all(|series| series.x.is_sorted() && series.style != Style::Points);
    let x = Axis::new(
        range(xs(), panel.log_x),
        panel.log_x,
        if over_axis { 0.0 } else { 0.04 },
        &panel.x_label,
        &panel.x_unit,
    );
    let y_range = if panel.log_y { range(magnitudes(), true) } else { range(ys(), false) };
    (x, Axis::new(y_range, panel.log_y, 0.05, &panel.y_label, &panel.y_unit))
}

/// Least and largest of the values that an axis can show.
fn range(values: impl Iterator<Item = f64>, logarithmic: bool) -> Option<(f64, f64)> {
    let shown = values.filter(|value| value.is_finite() && (!logarithmic || *value > 0.0));
    shown.fold(None, |range, value| match range {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

fn draw_panel<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    panel: &Panel,
    x: &Axis,
    y: &Axis,
    frame: &Frame,
) -> Result<(), Diagnostic> {
    for (value, _) in &x.ticks {
        let at = x.part(*value);
        canvas.line(&[frame.position(at, 0.0), frame.position(at, 1.0)], GRID, 0.8)?;
    }
    for (value, _) in &y.ticks {
        let at = y.part(*value);
        canvas.line(&[frame.position(0.0, at), frame.position(1.0, at)], GRID, 0.8)?;
    }
    for (index, series) in panel.series.iter().enumerate() {
        draw_series(canvas, series, colour(series, index), |sx, sy| {
            let sy = if panel.log_y { sy.abs() } else { sy };
            frame.position(x.part(sx), y.part(sy))
        })?;
    }
    canvas.rectangle((frame.left, frame.top), (frame.right, frame.bottom), INK, 1.0)?;
    draw_ticks(canvas, x, y, frame)?;
    let middle = (frame.left + frame.right) / 2.0;
    canvas.text(&x.label, (middle, frame.bottom + 32.0), LABEL_SIZE, INK, Anchor::Top)?;
    let label = fitting(canvas, &y.label, frame.bottom - frame.top + 40.0, LABEL_SIZE);
    canvas.text(&label, (EDGE + LABEL_SIZE, (frame.top + frame.bottom) / 2.0), LABEL_SIZE, INK, Anchor::Upwards)
}

fn colour(series: &Series, index: usize) -> RGBColor {
    PALETTE[series.colour.unwrap_or(index) % PALETTE.len()]
}

fn draw_ticks<DB: DrawingBackend>(canvas: &Canvas<DB>, x: &Axis, y: &Axis, frame: &Frame) -> Result<(), Diagnostic> {
    const LONG: f64 = 6.0;
    const SHORT: f64 = 3.0;
    let below = |at: f64, length: f64| {
        let (px, py) = frame.position(x.part(at), 0.0);
        [(px, py), (px, py + length)]
    };
    let beside = |at: f64, length: f64| {
        let (px, py) = frame.position(0.0, y.part(at));
        [(px - length, py), (px, py)]
    };
    let mut free_from = f64::NEG_INFINITY;
    for (at, text) in &x.ticks {
        canvas.line(&below(*at, LONG), INK, 1.0)?;
        let [_, (px, py)] = below(*at, LONG);
        let half = canvas.text_width(text, TICK_SIZE) / 2.0;
        if px - half > free_from {
            canvas.text(text, (px, py + 5.0), TICK_SIZE, INK, Anchor::Top)?;
            free_from = px + half + 6.0;
        }
    }
    for (at, text) in &y.ticks {
        let [(px, py), _] = beside(*at, LONG);
        canvas.line(&beside(*at, LONG), INK, 1.0)?;
        canvas.text(text, (px - 4.0, py), TICK_SIZE, INK, Anchor::Right)?;
    }
    for &at in &x.minor {
        canvas.line(&below(at, SHORT), INK, 0.8)?;
    }
    for &at in &y.minor {
        canvas.line(&beside(at, SHORT), INK, 0.8)?;
    }
    Ok(())
}

fn draw_series<DB: DrawingBackend>(
    canvas: &Canvas<DB>,
    series: &Series,
    colour: RGBColor,
    place: impl Fn(f64, f64) -> Position,
) -> Result<(), Diagnostic> {
    let points: Vec<Position> = series.x.iter().zip(&series.y).map(|(&x, &y)| place(x, y)).collect();
    let is_shown = |point: &Position| point.0.is_finite() && point.1.is_finite();
    // Points that cannot be shown leave gaps.
    for run in points.split(|point| !is_shown(point)).filter(|run| !run.is_empty()).flat_map(decimate) {
        match series.style {
            Style::Points => run.iter().try_for_each(|&at| canvas.dot(at, 2.6, colour))?,
            Style::Line if run.len() == 1 => canvas.dot(run[0], 2.6, colour)?,
            Style::Line => canvas.line(&run, colour, 1.8)?,
            Style::Dashed => dashes(&run).iter().try_for_each(|dash| canvas.line(dash, colour, 1.8))?,
        }
    }
    Ok(())
}

/// Pieces of a line, 7 pixels drawn and 5 not.
fn dashes(points: &[Position]) -> Vec<Vec<Position>> {
    const LENGTHS: [f64; 2] = [7.0, 5.0];
    let mut pieces = Vec::new();
    let (mut kind, mut left) = (0, LENGTHS[0]);
    let mut piece: Vec<Position> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let distance = (to.0 - from.0).hypot(to.1 - from.1);
            if distance < left {
                left -= distance;
                piece.push(to);
                break;
            }
            let part = left / distance;
            from = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            piece.push(from);
            if kind == 0 {
                pieces.push(std::mem::take(&mut piece));
            }
            piece = vec![from];
            kind = 1 - kind;
            left = LENGTHS[kind];
        }
    }
    if kind == 0 {
        pieces.push(piece);
    }
    pieces
}

/// One curve's name in the legend.
struct Entry {
    text: String,
    colour: RGBColor,
    style: Style,
    row: usize,
    x: f64,
}

/// Above the data, in rows; nothing for a single curve, which the axis names.
fn legend<DB: DrawingBackend>(canvas: &Canvas<DB>, panel: &Panel, width: f64) -> Vec<Entry> {
    const SAMPLE: f64 = 36.0;
    const GAP: f64 = 22.0;
    if panel.series.len() < 2 && panel.series.iter().all(|series| series.label == panel.y_label) {
        return Vec::new();
    }
    let (mut row, mut x) = (0, 0.0);
    let mut entries = Vec::new();
    for (index, series) in panel.series.iter().enumerate().filter(|(_, series)| !series.label.is_empty()) {
        let text = fitting(canvas, &series.label, width - SAMPLE, TICK_SIZE);
        let needed = SAMPLE + canvas.text_width(&text, TICK_SIZE);
        if x > 0.0 && x + needed > width {
            (row, x) = (row + 1, 0.0);
        }
        entries.push(Entry { text, colour: colour(series, index), style: series.style, row, x });
        x += needed + GAP;
    }
    entries
}

fn draw_legend<DB: DrawingBackend>(canvas: &Canvas<DB>, entries: &[Entry], at: Position) -> Result<(), Diagnostic> {
    for entry in entries {
        let (x, y) = (at.0 + entry.x, at.1 + entry.row as f64 * LEGEND_ROW);
        match entry.style {
            Style::Points => canvas.dot((x + 14.0, y), 3.0, entry.colour)?,
            Style::Line => canvas.line(&[(x, y), (x + 28.0, y)], entry.colour, 2.2)?,
            Style::Dashed => {
                dashes(&[(x, y), (x + 31.0, y)]).iter().try_for_each(|dash| canvas.line(dash, entry.colour, 2.2))?;
            }
        }
        canvas.text(&entry.text, (x + 34.0, y), TICK_SIZE, INK, Anchor::Left)?;
    }
    Ok(())
}

/// `text`, cut with an ellipsis if it is wider than `width`.
fn fitting<DB: DrawingBackend>(canvas: &Canvas<DB>, text: &str, width: f64, size: f64) -> String {
    if canvas.text_width(text, size) <= width {
        return text.to_string();
    }
    let mut characters: Vec<char> = text.chars().collect();
    while characters.pop().is_some() {
        let cut = format!("{}…", characters.iter().collect::<String>().trim_end());
        if canvas.text_width(&cut, size) <= width {
            return cut;
        }
    }
    String::new()
}
