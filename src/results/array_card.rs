//! `.array`: a quantity of all cells of an array as a file of numbers, or as a heat map.
//!
//! ```text
//! .array [op|dc|tran] g(axbar) file="g.npy"              also .csv; a row for each word line
//! .array tran v(axbar.wl) at=1m file="wordlines.svg" [log] [title="…"]       also .png
//! ```
//! `at` is a time or a swept value; without it the last point counts.

use std::sync::Arc;

use super::card_text::CardText;
use super::plot_selector::AnalysisName;
use super::scope::Scope;
use super::series;
use crate::circuit::Circuit;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;

/// A `.array` card.
#[derive(Debug, Clone)]
pub struct ArrayCard {
    pub analysis: Option<AnalysisName>,
    /// `g`, `i`, `x`, … or `wl` and `bl` for voltages of the lines.
    pub quantity: Arc<str>,
    /// Flat name.
    pub element: Arc<str>,
    pub at: Option<f64>,
    pub file: String,
    pub title: String,
    /// Colours by the logarithm.
    pub logarithmic: bool,
    pub span: Span,
}

const EXAMPLE: &str = "for example: .array tran g(axbar) at=1m file=\"g.svg\"";

/// What a file's name may end in.
const ENDINGS: [&str; 4] = ["npy", "csv", "svg", "png"];

/// Reads a `.array` card.
///
/// # Errors
/// The card is malformed, or names no element of `circuit`.
pub fn parse(card: &DotCard, circuit: &Circuit) -> Result<ArrayCard, Diagnostic> {
    let mut text = CardText::new(card);
    let read = read(&mut text, card.span, circuit);
    read.map_err(|error| if error.hints.is_empty() { error.hint(EXAMPLE) } else { error })
}

fn read(text: &mut CardText, span: Span, circuit: &Circuit) -> Result<ArrayCard, Diagnostic> {
    let analysis = AnalysisName::named(text.peek());
    if matches!(analysis, Some(AnalysisName::Ac | AnalysisName::Steps)) {
        return Err(text.unexpected("`op`, `dc` or `tran`"));
    }
    if analysis.is_some() {
        text.word();
    }
    let (quantity, element) = quantity(text, circuit)?;
    let (mut at, mut file, mut title, mut logarithmic) = (None, None, String::new(), false);
    while !text.is_at_end() {
        if text.accept_option("at") {
            let operand = text.expression()?;
            let scope = Scope::new(None, circuit, &[]);
            at = Some(series::number(&operand.expression, &scope, operand.span)?);
        } else if text.accept_option("file") {
            file = Some(text.file_name()?);
        } else if text.accept_option("title") {
            title = text.file_name()?.0;
        } else if text.accept_word("log") {
            logarithmic = true;
        } else {
            return Err(text.unexpected("`at=`, `file=`, `title=` or `log`"));
        }
    }
    let (file, place) = file.ok_or_else(|| text.unexpected("`file=\"…\"`"))?;
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    if !ENDINGS.contains(&ending.as_str()) {
        let error = Diagnostic::error(format!("`{file}` is no name for the values of an array")).at(place);
        return Err(error.hint("they are written as .npy or .csv, and drawn as .svg or .png"));
    }
    Ok(ArrayCard { analysis, quantity, element, at, file, title, logarithmic, span })
}

/// `g(axbar)`, or `v(axbar.wl)`.
fn quantity(text: &mut CardText, circuit: &Circuit) -> Result<(Arc<str>, Arc<str>), Diagnostic> {
    let kind = text.word().ok_or_else(|| text.unexpected("a quantity, as in `g(axbar)`"))?.0.to_lowercase();
    text.expect("(")?;
    let (name, place) = text.word().ok_or_else(|| text.unexpected("the name of an array"))?;
    text.expect(")")?;
    let name = name.to_lowercase();
    let line = name.rsplit_once('.').filter(|(_, line)| kind == "v" && matches!(*line, "wl" | "bl" | "inner"));
    let (element, quantity) = match line {
        Some((element, line)) if !circuit.element_index.contains_key(&*name) => (element, line),
        _ => (name.as_str(), kind.as_str()),
    };
    if !circuit.element_index.contains_key(element) {
        let known = circuit.element_index.keys().map(|name| &**name).filter(|name| name.starts_with('a'));
        return Err(Diagnostic::error(format!("there is no array `{element}`")).at(place).nearest(element, known));
    }
    Ok((quantity.into(), element.into()))
}
