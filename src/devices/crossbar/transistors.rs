//! 1T1R: a level-1 MOSFET between the memristor of a cell and its bit line.

use super::card::{CrossbarCard, Parameters};
use crate::circuit::element::{Parameter, Value};
use crate::circuit::{Element, ModelId};
use crate::devices::construct::Construction;
use crate::devices::mosfet::{self, Mosfet1};
use crate::diagnostic::Diagnostic;

/// The transistor of every cell, if `transistor=` names one; none in the first place after an error.
pub fn read<'b>(c: &mut Construction<'b>, card: &CrossbarCard<'b>, p: &Parameters) -> Option<Option<Mosfet1>> {
    let model = match card.word("transistor") {
        Ok(None) => return unused_size(c, card).then_some(None),
        Ok(Some(word)) => card.find_model(c.circuit, "transistor", word),
        Err(error) => Err(error),
    };
    let model = model.map_err(|error| c.error(error)).ok()?;
    let kind = &*model.kind;
    let level = model.parameter("level").is_none_or(|level| level.value.number() == Some(1.0));
    if !matches!(kind, "nmos" | "pmos") || !level {
        let error = card.error("transistor", "must be a model of kind `nmos` or `pmos`, level 1");
        c.error(error.label(model.kind_span, "declared here"));
        return None;
    }
    if kind == "pmos" && c.element.ports.len() < 4 {
        c.error(card.error("transistor", "is a p-channel one, which needs a bulk: give it as the last port"));
        return None;
    }
    let id = c.circuit.models.iter().position(|other| std::ptr::eq(other, model))?;
    let span = card.span_of("transistor");
    let sizes = [("w", p.width), ("l", p.length)].into_iter().filter(|(_, size)| !size.is_nan());
    let sizes = sizes.map(|(name, size)| Parameter { name: name.into(), value: Value::Number(size), span });
    let own = c.element.parameters.iter().filter(|own| matches!(&*own.name, "m" | "temp" | "dtemp")).cloned();
    let element = Element {
        model: Some(ModelId(id as u32)),
        parameters: sizes.chain(own).collect(),
        values: Box::default(),
        ..c.element.clone()
    };
    let mut of_cell = Construction {
        circuit: c.circuit,
        id: c.id,
        element: &element,
        assembly: c.assembly,
        diagnostics: c.diagnostics,
    };
    let (mut transistor, series) = mosfet::read(&mut of_cell)?;
    // Cells have no way of their own through a run.
    transistor.meyer = None;
    if series.drain.is_finite() || series.source.is_finite() {
        c.error(card.error("transistor", "has series resistances, which cells have as `cell_rs`"));
        return None;
    }
    Some(Some(transistor))
}

/// Sizes without a transistor are a slip.
fn unused_size(c: &mut Construction, card: &CrossbarCard) -> bool {
    let given = ["w", "l"].into_iter().find(|name| card.parameter(name).is_some());
    if let Some(name) = given {
        let error: Diagnostic = card.error(name, "is for cells with a transistor");
        c.error(error.hint("name its model: transistor=…"));
    }
    given.is_none()
}
