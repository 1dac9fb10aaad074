//! Heat maps: a matrix as coloured squares, row 0 at the top, and a bar that says what the colours mean.

use plotters::backend::DrawingBackend;
use plotters::style::RGBColor;

use super::axis::Axis;
use super::canvas::{self, Anchor, Canvas};
use super::draw::{INK, PAPER};
use super::{PNG_SCALE, SUPERSAMPLING, SVG_SCALE, nominal_svg};
use crate::diagnostic::Diagnostic;
use crate::numerics::npy::Matrix;

/// Nominal size, pixels.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 620;
const TITLE_SIZE: f64 = 17.0;
const LABEL_SIZE: f64 = 15.0;
const TICK_SIZE: f64 = 13.0;

/// More rows or columns than this are not told apart: a square shows the mean of several cells.
const MOST_SQUARES: usize = 128;

/// Viridis (van der Walt and Smith, 2015) at nine places; in between by straight lines.
const COLOURS: [(u8, u8, u8); 9] = [
    (68, 1, 84),
    (71, 44, 122),
    (59, 81, 139),
    (44, 113, 142),
    (33, 144, 141),
    (39, 173, 129),
    (92, 200, 99),
    (170, 220, 50),
    (253, 231, 37),
];

/// Where nothing can be shown: not a number, or not positive on a logarithmic scale.
const NOTHING: RGBColor = RGBColor(220, 220, 220);

/// A matrix to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    pub title: String,
    /// What the values are, and their unit without prefix.
    pub label: String,
    pub unit: String,
    pub values: Matrix,
    /// Rows and columns of what is shown, if `values` are those of blocks of it ([`reduced`]).
    pub size: Option<[usize; 2]>,
    /// What rows and columns are.
    pub axes: [&'static str; 2],
    /// Colours by the logarithm.
    pub logarithmic: bool,
}

/// [`HeatMap::axes`] of an array's cells.
pub const LINES: [&str; 2] = ["Word line", "Bit line"];

/// A rectangle in nominal pixels.
#[derive(Clone, Copy)]
struct Frame {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl HeatMap {
    /// The map as SVG text.
    ///
    /// # Errors
    /// The drawing library failed.
    pub fn to_svg(&self) -> Result<String, Diagnostic> {
        let text = canvas::svg(WIDTH * SVG_SCALE, HEIGHT * SVG_SCALE, |area| {
            self.draw(&Canvas::new(area, f64::from(SVG_SCALE), false))
        })?;
        Ok(nominal_svg(&text, WIDTH, HEIGHT))
    }

    /// The map as the contents of a PNG file.
    ///
    /// # Errors
    /// The drawing library failed.
    pub fn to_png(&self) -> Result<Vec<u8>, Diagnostic> {
        let scale = PNG_SCALE * SUPERSAMPLING;
        let pixels = canvas::bitmap(WIDTH * scale, HEIGHT * scale, |area| {
            self.draw(&Canvas::new(area, f64::from(scale), true))
        })?;
        canvas::png(&pixels, WIDTH * scale, SUPERSAMPLING)
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), Diagnostic> {
        canvas.background(PAPER)?;
        let (width, height) = (f64::from(WIDTH), f64::from(HEIGHT));
        canvas.text(&self.title, (width / 2.0, 14.0), TITLE_SIZE, INK, Anchor::Top)?;
        let room = Frame { left: 80.0, top: 46.0, width: width - 230.0, height: height - 110.0 };
        let axis = self.axis();
        let frame = self.fitted(room);
        self.draw_squares(canvas, &axis, frame)?;
        let bar = Frame { left: frame.left + frame.width + 60.0, width: 22.0, ..room };
        let bar = Frame { height: frame.height.max(0.5 * room.height), ..bar };
        self.draw_bar(canvas, &axis, bar)
    }

    /// The largest part of `room` in which cells are squares, or nearly: long arrays are stretched.
    fn fitted(&self, room: Frame) -> Frame {
        let [rows, columns] = self.size().map(|count| count.max(1) as f64);
        let square = (room.width / columns).min(room.height / rows);
        let width = (square * columns).max(0.2 * room.width);
        let height = (square * rows).max(0.2 * room.height);
        Frame { width, height, ..room }
    }

    fn size(&self) -> [usize; 2] {
        self.size.unwrap_or([self.values.rows, self.values.columns])
    }

    fn axis(&self) -> Axis {
        let shown = self.values.values.iter().filter(|value| value.is_finite());
        let shown = shown.filter(|value| !self.logarithmic || **value > 0.0);
        let range = shown.fold(None, |range: Option<(f64, f64)>, &value| {
            Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        Axis::new(range, self.logarithmic, 0.0, &self.label, &self.unit)
    }

    fn draw_squares<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<DB>,
        axis: &Axis,
        frame: Frame,
    ) -> Result<(), Diagnostic> {
        let shown = reduced(&self.values);
        let (across, down) = (frame.width / shown.columns as f64, frame.height / shown.rows as f64);
        for (index, &value) in shown.values.iter().enumerate() {
            let (row, column) = ((index / shown.columns) as f64, (index % shown.columns) as f64);
            let from = (frame.left + column * across, frame.top + row * down);
            canvas.filled_rectangle(from, (from.0 + across, from.1 + down), colour(axis, value, self.logarithmic))?;
        }
        let end = (frame.left + frame.width, frame.top + frame.height);
        canvas.rectangle((frame.left, frame.top), end, INK, 1.0)?;
        let [rows, columns] = self.size();
        for (count, horizontal) in [(columns, true), (rows, false)] {
            for index in marks(count) {
                let part = (index as f64 + 0.5) / count as f64;
                let text = index.to_string();
                if horizontal {
                    let at = (frame.left + part * frame.width, end.1 + 7.0);
                    canvas.text(&text, at, TICK_SIZE, INK, Anchor::Top)?;
                } else {
                    let at = (frame.left - 8.0, frame.top + part * frame.height);
                    canvas.text(&text, at, TICK_SIZE, INK, Anchor::Right)?;
                }
            }
        }
        let below = (frame.left + frame.width / 2.0, end.1 + 28.0);
        canvas.text(self.axes[1], below, LABEL_SIZE, INK, Anchor::Top)?;
        let beside = (frame.left - 50.0, frame.top + frame.height / 2.0);
        canvas.text(self.axes[0], beside, LABEL_SIZE, INK, Anchor::Upwards)
    }

    fn draw_bar<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, axis: &Axis, frame: Frame) -> Result<(), Diagnostic> {
        const STRIPES: usize = 64;
        let stripe = frame.height / STRIPES as f64;
        for index in 0..STRIPES {
            let from = (frame.left, frame.top + frame.height - (index + 1) as f64 * stripe);
            let part = (index as f64 + 0.5) / STRIPES as f64;
            canvas.filled_rectangle(from, (from.0 + frame.width, from.1 + stripe), mixed(part))?;
        }
        let end = (frame.left + frame.width, frame.top + frame.height);
        canvas.rectangle((frame.left, frame.top), end, INK, 1.0)?;
        for (value, text) in &axis.ticks {
            let at = (end.0 + 8.0, end.1 - axis.part(*value) * frame.height);
            canvas.line(&[(end.0, at.1), (end.0 + 4.0, at.1)], INK, 1.0)?;
            canvas.text(text, at, TICK_SIZE, INK, Anchor::Left)?;
        }
        let beside = (frame.left - 10.0, frame.top + frame.height / 2.0);
        canvas.text(&axis.label, beside, LABEL_SIZE, INK, Anchor::Upwards)
    }
}

/// Up to nine numbers of rows or columns.
fn marks(count: usize) -> impl Iterator<Item = usize> {
    let raw = count.div_ceil(9).max(1);
    let power = 10usize.pow(raw.ilog10());
    let step = [1, 2, 5, 10].into_iter().map(|factor| factor * power).find(|&step| step >= raw).unwrap_or(raw);
    (0..count).step_by(step)
}

fn colour(axis: &Axis, value: f64, logarithmic: bool) -> RGBColor {
    if !value.is_finite() || (logarithmic && value <= 0.0) { NOTHING } else { mixed(axis.part(value)) }
}

/// The colour at `part`, 0 to 1, of the scale.
fn mixed(part: f64) -> RGBColor {
    let place = part.clamp(0.0, 1.0) * (COLOURS.len() - 1) as f64;
    let first = (place.floor() as usize).min(COLOURS.len() - 2);
    let share = place - first as f64;
    let (from, to) = (COLOURS[first], COLOURS[first + 1]);
    let mix = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// Means of blocks of cells, so that there are at most `MOST_SQUARES` each way.
pub fn reduced(matrix: &Matrix) -> Matrix {
    let (down, across) = (matrix.rows.div_ceil(MOST_SQUARES).max(1), matrix.columns.div_ceil(MOST_SQUARES).max(1));
    if down == 1 && across == 1 {
        return matrix.clone();
    }
    let (rows, columns) = (matrix.rows.div_ceil(down), matrix.columns.div_ceil(across));
    let mean = |index: usize| {
        let (row, column) = (index / columns * down, index % columns * across);
        let block = (row..(row + down).min(matrix.rows)).flat_map(|row| {
            let start = row * matrix.columns;
            matrix.values[start + column..start + (column + across).min(matrix.columns)].iter().copied()
        });
        let (count, sum) = block.fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
        sum / count
    };
    Matrix { rows, columns, values: (0..rows * columns).map(mean).collect() }
}

#[cfg(test)]
mod tests {
    use super::{HeatMap, LINES, marks, mixed, reduced};
    use crate::numerics::npy::Matrix;

    #[test]
    fn large_matrices_are_reduced_to_means() {
        let matrix = Matrix { rows: 300, columns: 2, values: (0..600).map(f64::from).collect() };
        let small = reduced(&matrix);
        assert_eq!((small.rows, small.columns), (100, 2));
        assert_eq!(small.values[..2], [2.0, 3.0]);
    }

    #[test]
    fn every_cell_is_drawn_in_the_colour_of_its_value() {
        let values = Matrix { rows: 2, columns: 2, values: vec![0.0, 1.0, f64::NAN, 0.5] };
        let (title, label, unit) = ("t".into(), "State".into(), String::new());
        let map = HeatMap { title, label, unit, values, size: None, axes: LINES, logarithmic: false };
        let svg = map.to_svg().unwrap();
        for colour in ["#440154", "#FDE725", "#DCDCDC", "#21908D"] {
            assert!(svg.contains(colour), "{colour}");
        }
        assert!(svg.contains("Bit line") && svg.contains("Word line"));
        assert_eq!(mixed(0.0).0, 68);
        assert_eq!(marks(8).count(), 8);
        assert_eq!(marks(1024).collect::<Vec<_>>(), [0, 200, 400, 600, 800, 1000]);
    }
}
