//! `.csparam name={expression}`: numbers of the deck that its script sees as constants.

use super::session::{Outcome, Problem, Session};
use crate::diagnostic::Report;
use crate::mna::vectors::VectorKind;
use crate::results::card_text::CardText;
use crate::results::scope::Scope;
use crate::results::series;
use crate::results::value::Samples;
use crate::results::vectors::NamedVector;

impl Session<'_, '_, '_> {
    /// Puts the values of all `.csparam` cards into the plot of constants.
    pub fn read_constants(&mut self) -> Outcome {
        if !self.deck.top.dot_cards.iter().any(|card| &*card.keyword == "csparam") {
            return Ok(());
        }
        let circuit = self.present_circuit()?;
        let reported = |error| Problem::Reported(Report::new(circuit.sources.clone(), vec![error]));
        for card in circuit.cards.iter().filter(|card| &*card.keyword == "csparam") {
            let mut text = CardText::new(card);
            while let Some((name, _)) = text.word() {
                text.expect("=").map_err(reported)?;
                let operand = text.expression().map_err(reported)?;
                let scope = Scope::new(None, &circuit, &[]);
                let value = series::number(&operand.expression, &scope, operand.span).map_err(reported)?;
                let (name, samples) = (name.to_string(), Samples::Real(vec![value]));
                self.store.plots[0].set(NamedVector { name, kind: VectorKind::Other, samples, hidden: false });
            }
            text.finish().map_err(reported)?;
        }
        Ok(())
    }
}
