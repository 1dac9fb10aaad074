//! The page of `ferrospice infer`: one self-contained HTML file.

mod confusion;
mod further;
mod headline;
mod layers;
mod maps;
mod stages;
mod sweeps;
mod text;

use std::fmt::Write;

use super::report::Report;
use crate::diagnostic::Diagnostic;
use crate::results::figure::Figure;
use crate::studies::html::{self, escaped};

pub use confusion::table as confusion_table;
pub use sweeps::{figures as sweep_figures, over_epochs, over_seeds};

/// The page for `report`; `text` is the study as it stands in its file.
///
/// # Errors
/// A figure cannot be drawn.
pub fn html(report: &Report, text: &str) -> Result<String, Diagnostic> {
    let mut body = String::new();
    headline::write(&mut body, report);
    let first = report.points.first().and_then(|point| point.variants.first());
    if let Some(variant) = first {
        stages::write(&mut body, &variant.result);
        confusion::write(&mut body, report, &variant.result);
        layers::write(&mut body, &variant.result)?;
        maps::write(&mut body, &variant.result)?;
    }
    sweeps::write(&mut body, report)?;
    if let Some(variant) = first {
        further::write(&mut body, &variant.result)?;
    }
    let _ = write!(body, "<h2>The study</h2><pre>{}</pre>", escaped(text));
    let _ = write!(
        body,
        "<details><summary>With every default</summary><pre>{}</pre></details><p>Written by {}.</p>",
        escaped(&toml::to_string(&report.study).unwrap_or_default()),
        escaped(&report.program)
    );
    Ok(html::page(headline::title(report), &body))
}

/// A figure with its caption.
fn figure(body: &mut String, figure: &Figure, caption: &str) -> Result<(), Diagnostic> {
    let svg = figure.to_svg()?;
    let _ = write!(body, "<figure>{}<figcaption>{}</figcaption></figure>", html::figure(&svg), escaped(caption));
    Ok(())
}
