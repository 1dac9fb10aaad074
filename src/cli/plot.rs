//! `ferrospice plot`, and the figures of `ferrospice run --plot`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Stop;
use crate::diagnostic::{Diagnostic, Report};
use crate::results::card_text::Operand;
use crate::results::cards::ResultCards;
use crate::results::figure::of_vectors::{Wanted, defaults, figure, parse};
use crate::results::figure::{Figure, Style};
use crate::results::load;
use crate::results::plot::{Plot, VectorKind};
use crate::results::plot_selector::is_wanted;
use crate::results::scope::Scope;
use crate::studies::deck_figures;
use crate::studies::deck_run::{DeckRun, StepRun};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  ferrospice plot out.raw --vectors 'v(out)' 'v(in)' -o out.svg\n  \
    ferrospice plot loop.raw --x 'v(a)' --vectors='-i(v1)' -o loop.png\n  \
    ferrospice plot ac.raw --vectors 'vdb(out)' --log-x -o bode.svg\n  \
    ferrospice plot out.csv --vectors 'v(a)-v(b)' --title 'Drop' -o drop.png")]
pub struct PlotArguments {
    /// Raw file or CSV file. Example: ferrospice plot out.raw -o out.svg
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What to draw, as expressions of vectors; without it, the node voltages. One that begins with a minus needs an equals
    /// sign before it. Example: --vectors 'v(out)' 'v(a)-v(b)' --vectors='-i(v1)'
    #[arg(long, value_name = "VECTOR", num_args = 1..)]
    vectors: Vec<String>,
    /// Draw over this instead of time, frequency or the swept value. Example: --x 'v(in)'
    #[arg(long, value_name = "VECTOR", allow_hyphen_values = true)]
    x: Option<String>,
    /// Logarithmic x axis (the default over frequency). Example: --log-x
    #[arg(long)]
    log_x: bool,
    /// Logarithmic y axis, of magnitudes. Example: --log-y
    #[arg(long)]
    log_y: bool,
    /// Title above the figure; the file's without it. Example: --title 'Step response'
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Which plot of the file, by number from 1 or by name; the first with an axis without it. Example: --plot 2
    #[arg(long, value_name = "N|NAME")]
    plot: Option<String>,
    /// Draw points instead of lines. Example: --points
    #[arg(long)]
    points: bool,
    /// Figure to write, SVG or PNG. Example: -o out.svg
    #[arg(short, long = "output", value_name = "FILE.svg|FILE.png")]
    output: PathBuf,
}

pub fn run(arguments: &PlotArguments) -> Result<(), Stop> {
    let plots = load::plots(&arguments.file)?;
    let plot = choose(&plots, arguments.plot.as_deref())?;
    let operands =
        |texts: &[String]| texts.iter().map(|text| parse(text)).collect::<Result<Vec<Operand>, Diagnostic>>();
    let mut vectors = operands(&arguments.vectors)?;
    if vectors.is_empty() {
        vectors = defaults(plot);
    }
    let wanted = Wanted {
        title: arguments.title.clone().unwrap_or_else(|| plot.header.title.trim_start_matches('*').trim().to_string()),
        vectors,
        x: arguments.x.as_deref().map(parse).transpose()?,
        log_x: arguments.log_x || (arguments.x.is_none() && is_over_frequency(plot)),
        log_y: arguments.log_y,
    };
    let mut drawn = figure(&wanted, &Scope::of_plot(plot))?;
    if arguments.points {
        let series = drawn.panels.iter_mut().flat_map(|panel| &mut panel.series);
        series.for_each(|series| series.style = Style::Points);
    }
    Ok(drawn.write(&arguments.output)?)
}

fn choose<'p>(plots: &'p [Plot], wanted: Option<&str>) -> Result<&'p Plot, Diagnostic> {
    let found = match wanted {
        None => plots.iter().find(|plot| plot.header.has_axis).or(plots.first()),
        Some(wanted) => match wanted.parse::<usize>() {
            Ok(number) => number.checked_sub(1).and_then(|index| plots.get(index)),
            Err(_) => {
                let wanted = wanted.to_lowercase();
                plots.iter().find(|plot| plot.header.name.to_lowercase().contains(&wanted))
            }
        },
    };
    found.ok_or_else(|| {
        let names: Vec<&str> = plots.iter().map(|plot| plot.header.name.as_str()).collect();
        Diagnostic::error(format!("there is no plot `{}`", wanted.unwrap_or_default()))
            .hint(format!("the file holds {}", names.join(", ")))
    })
}

fn is_over_frequency(plot: &Plot) -> bool {
    plot.header.has_axis && plot.header.columns.first().is_some_and(|column| column.kind == VectorKind::Frequency)
}

/// Draws a run: the figures of its `.figure` cards, or else what its `.plot` and `.print` cards name, or the node voltages.
pub fn write_figures(run: &DeckRun, target: &Path) -> Result<(), Stop> {
    let mut figures = deck_figures::draw(run)?;
    if figures.is_empty() {
        for step in &run.runs {
            figures.extend(step_figures(step)?);
        }
    }
    if figures.is_empty() {
        return Err(Diagnostic::error("there is nothing to draw: no analysis of the deck has an axis").into());
    }
    for (index, figure) in figures.iter().enumerate() {
        figure.write(&numbered(target, index))?;
    }
    Ok(())
}

/// `out.svg`, `out.2.svg`, …
pub fn numbered(target: &Path, index: usize) -> PathBuf {
    let extension = target.extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default();
    if index == 0 { target.to_path_buf() } else { target.with_extension(format!("{}.{extension}", index + 1)) }
}

fn step_figures(step: &StepRun) -> Result<Vec<Figure>, Report> {
    let cards = ResultCards::read(&step.circuit)?.prints;
    let title = match step.step.label.as_str() {
        "" => step.circuit.title.trim_start_matches('*').trim().to_string(),
        label => format!("{} ({label})", step.circuit.title.trim_start_matches('*').trim()),
    };
    let mut figures = Vec::new();
    for plot in step.plots.iter().filter(|plot| plot.header.has_axis) {
        let scope = Scope::new(Some(plot), &step.circuit, &[]);
        let draw = |vectors: Vec<Operand>, x: Option<Operand>| {
            let log_x = x.is_none() && is_over_frequency(plot);
            figure(&Wanted { title: title.clone(), vectors, x, log_x, log_y: false }, &scope)
        };
        let mine: Vec<_> = cards.iter().filter(|card| is_wanted(plot, card.analysis)).collect();
        // `.plot` cards say what to draw; `.print` cards only do if there are none.
        let has_plots = mine.iter().any(|card| card.is_plot);
        let before = figures.len();
        for card in mine.into_iter().filter(|card| card.is_plot == has_plots && !card.vectors.is_empty()) {
            match draw(card.vectors.clone(), card.versus.clone()) {
                Ok(figure) => figures.push(figure),
                // A card without analysis is about the plots that have its vectors.
                Err(_) if card.analysis.is_none() => {}
                Err(error) => return Err(Report::message(error)),
            }
        }
        if figures.len() == before {
            figures.push(draw(defaults(plot), None).map_err(Report::message)?);
        }
    }
    Ok(figures)
}
