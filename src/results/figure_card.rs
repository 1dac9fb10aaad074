//! `.figure`: a figure of a deck's results in the axes of a paper.
//!
//! ```text
//! *.figure [tran|dc|ac|steps] title="…" xlabel="Voltage (V)" ylabel="Current (A)" [logx] [logy]
//! *+ curve x={v(te)} y={abs(i(vte))} [label="…"] [points|line|dashed] [fit=line|exp] [by=quantity] [curve …] [panel …]
//! ```
//! `x` is the axis unless given. Over the curves of an analysis every run of a stepped deck adds its own; over `steps` there is one
//! curve, or one for each value of `by`. A fit is drawn dashed; with logarithmic axes a line is fitted to the logarithms.

use super::card_text::{CardText, Operand};
use super::figure::Style;
use super::plot_selector::AnalysisName;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;

/// A `.figure` card.
#[derive(Debug, Clone)]
pub struct FigureCard {
    pub analysis: Option<AnalysisName>,
    pub title: String,
    pub panels: Vec<PanelCard>,
    pub span: Span,
}

/// A pair of axes.
#[derive(Debug, Clone, Default)]
pub struct PanelCard {
    pub x_label: String,
    pub y_label: String,
    pub log_x: bool,
    pub log_y: bool,
    pub curves: Vec<CurveCard>,
}

#[derive(Debug, Clone)]
pub struct CurveCard {
    /// None for the axis.
    pub x: Option<Operand>,
    pub y: Operand,
    pub label: String,
    pub style: Style,
    pub fit: Option<Fit>,
    /// The stepped quantity whose values have their own curves.
    pub by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    Line,
    Exponential,
}

const EXAMPLE: &str = "for example: *.figure tran title=\"Loop\" xlabel=\"Voltage (V)\" ylabel=\"Current (A)\" logy curve \
                       x={v(a)} y={abs(i(va))}";

/// Reads a `.figure` card.
///
/// # Errors
/// The card is malformed; the error points at the place.
pub fn parse(card: &DotCard) -> Result<FigureCard, Diagnostic> {
    let mut text = CardText::new(card);
    read(&mut text, card.span).map_err(|error| if error.hints.is_empty() { error.hint(EXAMPLE) } else { error })
}

fn read(text: &mut CardText, span: Span) -> Result<FigureCard, Diagnostic> {
    let analysis = AnalysisName::named(text.peek());
    if analysis.is_some() {
        text.word();
    }
    let mut figure = FigureCard { analysis, title: String::new(), panels: vec![PanelCard::default()], span };
    while !text.is_at_end() {
        if text.accept_option("title") {
            figure.title = text.file_name()?.0;
            continue;
        }
        if text.accept_word("panel") {
            figure.panels.push(PanelCard::default());
            continue;
        }
        let Some(panel) = figure.panels.last_mut() else { continue };
        panel_option(text, panel)?;
    }
    if figure.panels.iter().any(|panel| panel.curves.is_empty()) {
        return Err(text.unexpected("`curve y={…}`"));
    }
    // Several curves need names; one is named by the axis.
    for panel in figure.panels.iter_mut().filter(|panel| panel.curves.len() > 1) {
        for curve in panel.curves.iter_mut().filter(|curve| curve.label.is_empty()) {
            curve.label = curve.y.text.trim_matches(['{', '}']).to_string();
        }
    }
    Ok(figure)
}

fn panel_option(text: &mut CardText, panel: &mut PanelCard) -> Result<(), Diagnostic> {
    if text.accept_option("xlabel") {
        panel.x_label = text.file_name()?.0;
    } else if text.accept_option("ylabel") {
        panel.y_label = text.file_name()?.0;
    } else if text.accept_word("logx") {
        panel.log_x = true;
    } else if text.accept_word("logy") {
        panel.log_y = true;
    } else if text.accept_word("curve") {
        panel.curves.push(curve(text)?);
    } else {
        return Err(text.unexpected("`title=`, `xlabel=`, `ylabel=`, `logx`, `logy`, `curve` or `panel`"));
    }
    Ok(())
}

fn curve(text: &mut CardText) -> Result<CurveCard, Diagnostic> {
    let (mut x, mut y, mut label) = (None, None, None);
    let (mut style, mut fit, mut by) = (Style::Line, None, None);
    loop {
        if text.accept_option("x") {
            x = Some(text.expression()?);
        } else if text.accept_option("y") {
            y = Some(text.expression()?);
        } else if text.accept_option("label") {
            label = Some(text.file_name()?.0);
        } else if text.accept_option("by") {
            let name = text.word().ok_or_else(|| text.unexpected("a stepped quantity"))?;
            by = Some(name.0.to_string());
        } else if text.accept_option("fit") {
            fit = Some(match text.peek() {
                "line" => Fit::Line,
                "exp" => Fit::Exponential,
                _ => return Err(text.unexpected("`line` or `exp`")),
            });
            text.word();
        } else if text.accept_word("points") {
            style = Style::Points;
        } else if text.accept_word("dashed") {
            style = Style::Dashed;
        } else if !text.accept_word("line") {
            break;
        }
    }
    let y = y.ok_or_else(|| text.unexpected("`y={…}`"))?;
    let label = label.unwrap_or_default();
    Ok(CurveCard { x, y, label, style, fit, by })
}
