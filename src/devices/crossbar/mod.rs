//! A: crossbars, arrays of cells between word and bit lines with wire resistance.
//!
//! ```text
//! Axbar [wl[0:7]] [bl[0:7]] XBAR
//! .model XBAR crossbar(cell=feo g0="uniform(5u 95u)" rw=1 rb=1)
//! ```
//! The geometry is that of [`Crossbar`]: word lines are driven at their left ends, before column 0, bit lines are sensed at
//! their lower ends, after the last row, and any circuit may be connected to them. A cell is a conductance, or one or more
//! memristors in parallel, with a resistance and a selector in series ([`DeviceCells`](super::cells::DeviceCells)), and
//! perhaps a transistor before its bit line, whose gates have ports of their own, one for each row.

mod card;
pub mod cells;
mod choice;
pub mod description;
mod faults;
mod flatten;
mod group;
mod interior;
mod laws;
mod ports;
mod read_cells;
mod solved;
mod transistors;
mod values;
mod weights;
mod wires;

use std::sync::Arc;

use self::card::CrossbarCard;
use self::cells::ArrayCells;
use self::description::{Description, Solver};
use self::solved::Solved;
use self::values::Place;
use super::construct::Construction;
use super::page::{ModelTable, Page};
use crate::arrays::{Crossbar, Driving, PortReduction};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::reference::Status;

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("mod.rs"), head_of_file!("values.rs")],
    models: &[ModelTable { title: "crossbar", numbers: card::Parameters::TABLE, others: card::WORDS }],
    quantities: solved::QUANTITIES,
    status: Status::OnlyHere,
    ..Page::new(
        "crossbar",
        "Crossbar",
        "A1 [WORD LINES …] [BIT LINES …] MODEL [parameter=…]\nA1 [WORD LINES …] [BIT LINES …] [GATE LINES …] [bulk] MODEL",
    )
};

pub fn construct(mut c: Construction) {
    let Some((card, description)) = describe(&mut c) else { return };
    match choice::choose(&c, &card, &description) {
        Ok((Solver::Auto | Solver::Flattened, _)) => flatten::flatten(&mut c, description),
        Ok((solver, fixed)) => solve(&mut c, description, solver, fixed),
        Err(error) => c.error(*error),
    }
}

/// Adds the array as one device between its ports.
fn solve(c: &mut Construction, description: Description, solver: Solver, fixed: bool) {
    let mut reduced = None;
    if let (Solver::Reduced, ArrayCells::Linear(conductances)) = (solver, &*description.cells) {
        match PortReduction::new(&description.geometry, conductances) {
            Ok(reduction) => reduced = Some(reduction.port_matrix()),
            Err(error) => return c.error(error.at(c.element.span)),
        }
    }
    let states = flatten::states(c, &description);
    let group = Solved::new(Arc::new(description), states, fixed, reduced);
    c.assembly.add_group(Some(c.id), Box::new(group));
}

/// Reads the card; none after an error.
fn describe<'b>(c: &mut Construction<'b>) -> Option<(CrossbarCard<'b>, Description)> {
    let card = CrossbarCard::new(c)?;
    let p = card.numbers(c)?;
    let solver = solver(&card).map_err(|error| c.error(error)).ok()?;
    let transistor = transistors::read(c, &card, &p)?;
    let ports = ports::read(c, transistor.is_some())?;
    let geometry = Crossbar {
        rows: ports.word.len(),
        columns: ports.bit.len(),
        word_segment: p.word_segment,
        bit_segment: p.bit_segment,
        driver: p.driver,
        sense: p.sense,
        driving: if p.both_ends == 1.0 { Driving::BothEnds } else { Driving::LeftEnd },
    };
    let most = c.circuit.limits.cells;
    if geometry.cells() > most {
        let (rows, columns) = (geometry.rows, geometry.columns);
        let error = Diagnostic::error(format!("an array of {rows} × {columns} is too large for a circuit"));
        c.error(error.at(c.element.span).hint(format!("arrays have at most {most} cells here")));
        return None;
    }
    if let Err(error) = geometry.validate() {
        c.error(error.at(c.element.span));
        return None;
    }
    let place = Place { rows: geometry.rows, columns: geometry.columns, name: &card.name, seed: p.seed };
    let cells = read_cells::read(c, &card, &p, &place)?;
    let description = Description {
        name: c.element.name.clone(),
        geometry,
        word_capacitance: p.word_capacitance,
        bit_capacitance: p.bit_capacitance,
        ports,
        cells: Arc::new(cells),
        transistor,
        multiplier: c.multiplier(),
        solver,
    };
    Some((card, description))
}

fn solver(card: &CrossbarCard) -> Result<Solver, Diagnostic> {
    let Some(word) = card.word("solver")? else { return Ok(Solver::default()) };
    Solver::named(word).ok_or_else(|| {
        let error = card.error("solver", "is unknown").nearest(word, Solver::NAMES);
        error.hint(format!("solvers: {}", Solver::NAMES.join(", ")))
    })
}
