//! From cards to transistors.

use std::sync::Arc;

use super::Bsimsoi;
use super::back_gate::BackCharge;
use super::film::{Film, Process};
use super::geometry::{Geometry, Layout};
use super::heated::Heated;
use super::page::{CARD, SIZE};
use super::parameters::SoiModel;
use super::resistances;
use super::transistor::{NODES, Transistor};
use super::tunnelling::ContactTunnelling;
use super::warm::Warm;
use crate::circuit::{Circuit, Model};
use crate::devices::assembly::Unknown;
use crate::devices::construct::Construction;
use crate::devices::mosfet::bsim::card::{self, Mismatch};
use crate::devices::parameters::Unknowns;
use crate::devices::thermal_node::Unheated;
use crate::diagnostic::Diagnostic;
use crate::netlist::dialect::Dialect;

/// Whether a model of MOS transistors is one of BSIMSOI 4.
pub fn is_meant(circuit: &Circuit, model: &Model) -> bool {
    let Some(level) = model.parameter("level").and_then(|level| level.value.number()) else { return false };
    match circuit.dialect {
        Dialect::Ngspice => [10.0, 58.0].contains(&level),
        Dialect::Hspice => level == 70.0,
        _ => false,
    }
}

/// What a card makes of a transistor.
#[derive(Clone)]
struct Made {
    transistor: Transistor,
    warm: Warm<f64>,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    if c.element.nodes.len() < 4 {
        let message = format!("`{}` needs 4 nodes at least: drain, gate, source and back gate", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span));
    }
    let Some(made) = c.make_alike(|c| make(c, card)) else { return };
    let terminals = Terminals::of(&mut c);
    let Made { transistor, warm } = made;
    let (drain, of_drain) = resistances::end_node(&mut c, &transistor.process, true);
    let (source, of_source) = resistances::end_node(&mut c, &transistor.process, false);
    let gate = resistances::gate_node(&mut c, &transistor.process);
    let back = c.terminal(3);
    let body = terminals.body(&mut c, &transistor, &warm, [gate, source]);
    let nodes = [drain, gate, source, back, body];
    add_ends(&mut c, &transistor.process, nodes, [of_drain, of_source]);
    add(&mut c, transistor, warm, nodes, terminals.temperature);
}

/// Charges against the back gate, and resistances that depend on the bias.
fn add_ends(c: &mut Construction, process: &Process, nodes: [Unknown; NODES], diffusions: [Option<f64>; 2]) {
    let [drain, gate, source, back, body] = nodes;
    let multiplier = c.multiplier();
    for (is_drain, inner, terminal, diffusion) in [(true, drain, 0, diffusions[0]), (false, source, 2, diffusions[1])] {
        if let Some(charge) = BackCharge::new(process, is_drain, multiplier) {
            c.assembly.add_auxiliary(c.id, charge, [inner, back]);
        }
        if let Some(diffusion) = diffusion {
            let outer = c.terminal(terminal);
            let part = resistances::lightly_doped(process, is_drain, diffusion, multiplier);
            c.assembly.add_auxiliary(c.id, part, [outer, inner, gate, body]);
        }
    }
}

fn add(c: &mut Construction, transistor: Transistor, warm: Warm<f64>, nodes: [Unknown; NODES], given: Option<Unknown>) {
    let process = &transistor.process;
    if !process.is_heated {
        if let Some(rise) = given {
            c.assembly.add_auxiliary(c.id, Unheated, [rise]);
        }
        return c.assembly.add(c.id, Bsimsoi { transistor, warm }, nodes);
    }
    let layout = &process.layout;
    let size = (process.geometry.width + process.m.wth0) / layout.segments * layout.fingers;
    let [resistance, capacitance] = layout.heat;
    let heated = Heated { conductance: size / resistance, capacitance: capacitance * size, transistor };
    let rise = given.unwrap_or_else(|| c.assembly.internal_node(c.id, "temp"));
    let unknowns = std::array::from_fn(|index| if index < NODES { nodes[index] } else { rise });
    c.assembly.add(c.id, heated, unknowns);
}

/// Nodes of a card beyond the fourth.
#[derive(Debug, Clone, Copy)]
struct Terminals {
    contact: Option<Unknown>,
    body: Option<Unknown>,
    temperature: Option<Unknown>,
}

impl Terminals {
    fn of(c: &mut Construction) -> Self {
        let count = c.element.nodes.len();
        let mut further: Vec<Unknown> = (4..count).map(|index| c.terminal(index)).collect();
        let has_temperature = c.word("tnodeout") || further.len() == 3;
        let temperature = if has_temperature { further.pop() } else { None };
        let mut further = further.into_iter();
        Terminals { contact: further.next(), body: further.next(), temperature }
    }

    /// The body's node, with what is between it and its contact.
    fn body(
        &self,
        c: &mut Construction,
        transistor: &Transistor,
        warm: &Warm<f64>,
        [gate, source]: [Unknown; 2],
    ) -> Unknown {
        let (process, multiplier) = (&transistor.process, c.multiplier());
        if process.film == Film::FullyDepleted {
            return source;
        }
        let Some(contact) = self.contact else { return c.assembly.internal_node(c.id, "body") };
        if let Some(part) = ContactTunnelling::new(process, warm, multiplier) {
            c.assembly.add_auxiliary(c.id, part, [gate, contact]);
        }
        let has_resistance = process.m.rbody != 0.0 || process.m.rbsh != 0.0;
        if self.body.is_none() && !has_resistance {
            return contact;
        }
        let body = self.body.unwrap_or_else(|| c.assembly.internal_node(c.id, "body"));
        c.assembly.add_auxiliary(c.id, resistances::of_body(process, 1.0, multiplier), [body, contact]);
        body
    }
}

/// Reports choices that are not there.
fn check_choices(c: &mut Construction, card: &Model) -> bool {
    let before = c.diagnostics.len();
    let choices: [(&str, &[f64], &str); 6] = [
        ("mtrlmod", &[0.0], "silicon"),
        ("rbodymod", &[0.0], "no network"),
        ("rgatemod", &[0.0, 1.0], "no resistance, or that of the electrode"),
        ("capmod", &[2.0, 3.0], "with weak inversion, and with the charge's depth"),
        ("soimod", &[0.0, 1.0, 2.0, 3.0], "0 to 3"),
        ("mobmod", &[1.0, 2.0, 3.0, 4.0], "1 to 4"),
    ];
    for (name, there, what) in choices {
        let Some(parameter) = c.element.parameter(name).or(card.parameter(name)) else { continue };
        if !parameter.value.number().is_some_and(|number| there.contains(&number)) {
            let numbers: Vec<String> = there.iter().map(f64::to_string).collect();
            let message = format!("`{name}` of BSIMSOI is there as {} alone ({what})", numbers.join(", "));
            c.error(Diagnostic::error(message).at(parameter.span));
        }
    }
    c.diagnostics.len() == before
}

fn make(c: &mut Construction, card: &Model) -> Option<Made> {
    if !check_choices(c, card) {
        return None;
    }
    let polarity = if &*card.kind == "pmos" { -1.0 } else { 1.0 };
    let model = SoiModel::of(card, polarity, c.diagnostics);
    let layout = layout(c, &model);
    let geometry = Geometry::new(&model.general, &layout);
    if !geometry.is_possible() {
        card::reject_geometry(c, card);
        return None;
    }
    let temperatures = card::temperatures(c, model.general.tnom);
    let process = Process::new(&model, polarity, layout, geometry, temperatures, c.parameter("soimod"));
    let (m, p) = (&process.m, &process.p);
    let named = [
        ("tox", m.tox),
        ("tbox", m.tbox),
        ("tsi", m.tsi),
        ("nch", p.nch),
        ("xj", p.xj),
        ("vsat", p.vsat),
        ("u0", p.u0),
        ("delta", p.delta),
        ("ckappa", p.ckappa),
        ("φ", process.root),
    ];
    if !c.check_positive(card, &named) {
        return None;
    }
    let warm = process.at_temperature(temperatures.own);
    let mut transistor = Transistor::new(Arc::new(process), &warm, c.multiplier());
    transistor.off = c.word("off");
    transistor.initial = c.list("ic");
    Some(Made { transistor, warm })
}

/// What the card says of the layout.
fn layout(c: &Construction, model: &SoiModel) -> Layout {
    let m = &model.general;
    let or = |name: &str, default: f64| c.parameter(name).unwrap_or(default);
    let size = |name: &str, of_model: f64| {
        c.parameter(name).or(Some(of_model).filter(|size| size.is_finite())).unwrap_or(SIZE)
    };
    let contact_area = or("agbcp", 0.0);
    Layout {
        length: size("l", m.length),
        width: size("w", m.width),
        fingers: or("nf", 1.0).max(1.0),
        isolations: or("nbc", 0.0),
        segments: or("nseg", 1.0).max(1.0),
        contact_ends: [or("pdbcp", 0.0), or("psbcp", 0.0)],
        contact_area,
        opposite_area: or("agbcp2", 0.0),
        current_area: or("agbcpd", contact_area),
        back_area: or("aebcp", 0.0),
        areas: [or("ad", 0.0), or("as", 0.0)],
        perimeters: [or("pd", 0.0), or("ps", 0.0)],
        isolation: ["sa", "sb", "sd"].map(|name| or(name, 0.0)),
        body_squares: or("nrb", 1.0),
        body_factor: or("frbody", m.frbody),
        heat: [or("rth0", m.rth0), or("cth0", m.cth0)],
        threshold_shift: Mismatch::of(c).threshold,
        without_bipolar: or("bjtoff", 0.0) == 1.0,
    }
}
