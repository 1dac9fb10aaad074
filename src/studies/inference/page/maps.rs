//! Pictures of the cells: what was written, and where the circuit's weights are off.

use std::fmt::Write;

use super::super::report::{Outcome, Squares};
use crate::diagnostic::Diagnostic;
use crate::numerics::npy::Matrix;
use crate::results::figure::heat_map::{HeatMap, LINES};
use crate::studies::html::{self, escaped};

pub fn write(body: &mut String, outcome: &Outcome) -> Result<(), Diagnostic> {
    let layers =
        outcome.layers.iter().enumerate().filter_map(|(number, layer)| Some((number + 1, layer.maps.as_ref()?)));
    for (number, maps) in layers {
        if number == 1 {
            body.push_str("<h2>Cells</h2><p>Large arrays as means of blocks of cells.</p>");
        }
        body.push_str("<div class=\"pair\">");
        let map = map(&maps.conductances, format!("Layer {number}: conductances"), LINES, ("Conductance", "S"));
        figure(body, &map, &format!("Layer {number}: conductances as written"))?;
        if let Some(errors) = &maps.weight_errors {
            let axes = ["Input", "Output"];
            let map = self::map(errors, format!("Layer {number}: errors"), axes, ("|error| of weights, of W_m", ""));
            figure(
                body,
                &map,
                &format!("Layer {number}: errors of the circuit's weights, read off its transfer matrix"),
            )?;
        }
        body.push_str("</div>");
    }
    Ok(())
}

fn map(squares: &Squares, title: String, axes: [&'static str; 2], (label, unit): (&str, &str)) -> HeatMap {
    let [rows, columns] = squares.blocks;
    let values = Matrix { rows, columns, values: squares.means.iter().map(|mean| f64::from(*mean)).collect() };
    let size = Some(squares.size);
    HeatMap { title, label: label.into(), unit: unit.into(), values, size, axes, logarithmic: false }
}

/// Ten thousand squares are smaller as pixels.
fn figure(body: &mut String, map: &HeatMap, caption: &str) -> Result<(), Diagnostic> {
    let image = html::embedded_png(&map.to_png()?, caption);
    let _ = write!(body, "<figure>{image}<figcaption>{}</figcaption></figure>", escaped(caption));
    Ok(())
}
