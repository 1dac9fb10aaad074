//! Model bins: the cards `nch.1`, `nch.2`, … are one model `nch`, for transistors of different sizes.
//!
//! A transistor takes the first of them with lmin ≤ l ≤ lmax and wmin ≤ w ≤ wmax. Source: ngspice-39 manual, section 11.1.

use super::scope::ScopeId;
use super::{Elaborator, Reported};
use crate::circuit::Model;
use crate::circuit::element::Element;
use crate::circuit::model::ModelId;
use crate::diagnostic::Diagnostic;
use crate::netlist::card::ModelCard;

/// Relative slack of sizes, for rounding.
const SLACK: f64 = 1e-9;

impl<'d> Elaborator<'d> {
    /// The first bin of the model `name`.
    pub fn first_bin(&self, from: ScopeId, name: &str) -> Option<(ScopeId, &'d ModelCard)> {
        self.search(from, |scope| scope.blocks.iter().find_map(|block| block.bins(name).next()))
    }

    /// The bins of the model that `name` is a bin of.
    fn fellows(&self, from: ScopeId, name: &str) -> Vec<&'d ModelCard> {
        let Some((base, _)) = name.rsplit_once('.') else { return Vec::new() };
        let found = self.search(from, |scope| {
            let bins: Vec<&'d ModelCard> = scope.blocks.iter().flat_map(|block| block.bins(base)).collect();
            (!bins.is_empty()).then_some(bins)
        });
        found.map(|(_, bins)| bins).unwrap_or_default()
    }

    /// Takes the bin for the size of `element`, which has the first one of its model until now.
    pub fn choose_bin(&mut self, element: &mut Element, scope: ScopeId) -> Result<(), Reported> {
        let Some(first) = element.model.filter(|_| element.letter == b'm') else { return Ok(()) };
        let model = self.circuit.model(first);
        let local = model.name.rsplit_once(':').map_or(&*model.name, |(_, local)| local).to_string();
        let [length, width] = self.size(element);
        if fits(model, length, width) {
            return Ok(());
        }
        let bins = self.fellows(scope, &local);
        let Some(name) = bins.first().and_then(|card| card.bin_of()) else { return Ok(()) };
        for bin in &bins {
            let Some(found) = self.model(scope, &bin.name.text) else { continue };
            let id: ModelId = found?;
            if fits(self.circuit.model(id), length, width) {
                element.model = Some(id);
                return Ok(());
            }
        }
        let message = format!("no bin of the model `{name}` is for l={length} m and w={width} m");
        Err(self
            .report(Diagnostic::error(message).at(element.span).label(self.circuit.model(first).span, "the first bin")))
    }

    /// l and w in m; the width is that of one finger.
    fn size(&self, element: &Element) -> [f64; 2] {
        let number = |name: &str| element.parameter(name).and_then(|parameter| parameter.value.number());
        let options = &self.circuit.options;
        let fingers = number("nf").filter(|&fingers| fingers > 0.0).unwrap_or(1.0);
        [number("l").unwrap_or(options.defl), number("w").unwrap_or(options.defw) / fingers]
    }
}

fn fits(model: &Model, length: f64, width: f64) -> bool {
    let limit = |name: &str| model.parameter(name).and_then(|parameter| parameter.value.number());
    let within = |value: f64, low: Option<f64>, high: Option<f64>| {
        low.is_none_or(|low| value >= low * (1.0 - SLACK)) && high.is_none_or(|high| value <= high * (1.0 + SLACK))
    };
    within(length, limit("lmin"), limit("lmax")) && within(width, limit("wmin"), limit("wmax"))
}
