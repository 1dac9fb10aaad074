//! Y: a single lossy line as ngspice's TXL has it. The equations are those of O.

use super::{Line, place};
use crate::devices::adjustable::{Adjustable, Principal, given};
use crate::devices::assembly::UnknownKind;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// TXL model cards.
    pub struct SingleLineModel {
        resistance: ["r"], "Ω/m", 0.0, "Resistance per length";
        inductance: ["l"], "H/m", 0.0, "Inductance per length";
        leakage: ["g"], "S/m", 0.0, "Conductance per length";
        capacitance: ["c"], "F/m", 0.0, "Capacitance per length";
        length: ["length", "len"], "m", 0.0, "Length";
    }
}

/// Numbers of Y cards with a line.
pub const NUMBERS: Adjustable =
    Adjustable { principal: Principal::None, element: &[given("length")], model: SingleLineModel::TABLE };

/// Parameters of a Y card.
const CARD: &[NamedParameter] = &[NamedParameter::new(&["length", "len"], "m", "of the model", "Length")];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("single.rs"), head_of_file!("mod.rs"), head_of_file!("kernels.rs")],
    element: CARD,
    models: &[ModelTable::numbers("txl", SingleLineModel::TABLE)],
    status: Status::Differs("the exact line and not a Padé approximation of it; both ground nodes count"),
    ngspice: &["TransLine"],
    otherwise: &["pos_node", "neg_node", "txl"],
    ..Page::new("single_line", "Single lossy line (TXL)", "Y1 a gnd1 b gnd2 MODEL [length=…]")
};

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let m = SingleLineModel::of(card, c.diagnostics);
    let length = c.parameter("length").or_else(|| c.parameter("len")).unwrap_or(m.length);
    let numbers = [("r", m.resistance), ("l", m.inductance), ("g", m.leakage), ("c", m.capacitance)];
    for (name, value) in numbers {
        if value.is_nan() || value < 0.0 {
            let span = card.parameter(name).map_or(card.span, |parameter| parameter.span);
            c.error(Diagnostic::error(format!("`{name}` of model `{}` must not be negative", card.name)).at(span));
            return;
        }
    }
    if !(length > 0.0 && length.is_finite()) {
        let error = Diagnostic::error(format!("`{}` needs a positive length", c.element.name)).at(c.element.span);
        return c.error(error.hint("write `length=` on its card or its model's"));
    }
    if c.element.nodes.len() != 4 {
        let error = Diagnostic::error(format!("`{}` needs 4 nodes", c.element.name)).at(c.element.span);
        return c.error(error.hint("write `Y1 a 0 b 0 MODEL`"));
    }
    let line = Line {
        resistance: m.resistance,
        inductance: m.inductance,
        leakage: m.leakage,
        capacitance: m.capacitance,
        length,
    };
    let (id, units, terminals) = (c.id, c.multiplier(), c.terminals());
    let currents = ["i1", "i2"].map(|name| c.assembly.auxiliary(id, name, UnknownKind::Current));
    if !place(&mut c, "", line.times(units), [0.0; 4], terminals, currents) {
        let error =
            Diagnostic::error(format!("there is no line of the numbers of model `{}`", card.name)).at(card.span);
        c.error(error.hint("give l and c, or r and c, each with any r and g"));
    }
}
