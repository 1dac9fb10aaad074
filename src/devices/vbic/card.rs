//! Cards of the transistor.

use super::heated::Heated;
use super::parameters::VbicModel;
use super::transport::Constants;
use super::{B, BI, BP, BX, C, CI, CX, Common, E, EI, NODES, S, SI, Vbic};
use crate::circuit::{Circuit, Model};
use crate::devices::adjustable::{Adjustable, Principal, TEMPERATURE, number};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown};
use crate::devices::construct::Construction;
use crate::devices::junction::{critical_voltage, kelvin};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::devices::thermal_node::Unheated;
use crate::head_of_file;
use crate::netlist::dialect::Dialect;
use crate::reference::Status;

/// Numbers of Q cards with a model of level 4.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[number("area", 1.0), number("m", 1.0), TEMPERATURE],
    model: VbicModel::TABLE,
};

/// Parameters of a Q card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["area"], "", "1", "Factor on currents, conductances and capacitances; or the first value"),
    NamedParameter::new(&["ic"], "V, V", "", "vbe and vce at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("depletion.rs"),
        head_of_file!("temperature.rs"),
        head_of_file!("transport.rs"),
    ],
    element: CARD,
    models: &[ModelTable::numbers("npn, pnp with level=4 or 9", VbicModel::TABLE)],
    quantities: super::QUANTITIES,
    noise: &[
        ("rc", "4kT/rcx"),
        ("rci", "4kT/rci, at the bias"),
        ("rb", "4kT/rbx"),
        ("rbi", "4kT·qb/rbi"),
        ("re", "4kT/re"),
        ("rbp", "4kT·qbp/rbp"),
        ("rs", "4kT/rs"),
        ("ic", "2q·If/qb"),
        ("ib", "2q·|ibe|"),
        ("ibep", "2q·|ibep|"),
        ("iccp", "2q·|iccp|"),
        ("1overfbe", "kfn·|ibe|^afn/f^bfn"),
        ("1overfbep", "kfn·|ibep|^afn/f^bfn"),
    ],
    status: Status::Differs(
        "kT/q is that of the transistor's temperature; overlap capacitances and self-heating count over frequency too",
    ),
    ngspice: &["VBIC"],
    otherwise: &["icvbe", "icvce"],
    ..Page::new(
        "vbic",
        "Bipolar transistor VBIC",
        "Q1 collector base emitter [substrate [temperature]] MODEL [area] [off] [ic=vbe,vce] [parameter=…]",
    )
};

/// Resistances that stand on the card are at least so large, as in ngspice, Ω.
const LEAST_RESISTANCE: f64 = 0.01;

/// Whether a model of bipolar transistors is one of VBIC.
pub fn is_meant(circuit: &Circuit, model: &Model) -> bool {
    let Some(level) = model.parameter("level").and_then(|level| level.value.number()) else { return false };
    match circuit.dialect {
        Dialect::Xyce => [10.0, 11.0, 12.0].contains(&level),
        _ => [4.0, 9.0].contains(&level),
    }
}

/// What a card makes of a transistor at one temperature, in K, with the model and the temperature of its parameters.
#[derive(Clone)]
struct Made {
    transistor: Vbic,
    model: VbicModel,
    temperature: f64,
    nominal: f64,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let Some(made) = c.make_alike(|c| make(c, card)) else { return };
    let nodes = nodes(&mut c, &made.model);
    let Made { transistor, model, temperature, nominal } = made;
    if c.element.nodes.len() < 5 || model.thermal_resistance <= 0.0 {
        if c.element.nodes.len() > 4 {
            let rise = c.terminal(4);
            c.assembly.add_auxiliary(c.id, Unheated, [rise]);
        }
        return c.assembly.add(c.id, transistor, nodes);
    }
    let size = transistor.common.size;
    let (conductance, capacitance) = (size / model.thermal_resistance, size * model.thermal_capacitance);
    let heated = Heated { common: transistor.common, model, temperature, nominal, conductance, capacitance };
    let rise = c.terminal(4);
    let unknowns = std::array::from_fn(|index| if index < NODES { nodes[index] } else { rise });
    c.assembly.add(c.id, heated, unknowns);
}

/// Unknowns of terminals and inner nodes: without a resistance between them, inner nodes are those before.
fn nodes(c: &mut Construction, m: &VbicModel) -> [Unknown; NODES] {
    let mut nodes = [GROUND_UNKNOWN; NODES];
    for terminal in [C, B, E, S] {
        if terminal < c.element.nodes.len() {
            nodes[terminal] = c.terminal(terminal);
        }
    }
    let behind = [
        (CX, C, "cx", m.outer_collector),
        (CI, CX, "ci", m.inner_collector),
        (BX, B, "bx", m.outer_base),
        (BI, BX, "bi", m.inner_base),
        (EI, E, "ei", m.emitter_resistance),
        (BP, CX, "bp", m.parasitic_base),
        (SI, S, "si", m.substrate_resistance),
    ];
    for (inner, outer, name, resistance) in behind {
        nodes[inner] = if resistance > 0.0 { c.assembly.internal_node(c.id, name) } else { nodes[outer] };
    }
    nodes
}

fn make(c: &mut Construction, card: &Model) -> Option<Made> {
    let mut model = VbicModel::of(card, c.diagnostics);
    let positive = [
        ("is", model.saturation),
        ("nf", model.forward_emission),
        ("nr", model.reverse_emission),
        ("nei", model.emitter_ideal_emission),
        ("nen", model.emitter_leak_emission),
        ("nci", model.collector_ideal_emission),
        ("ncn", model.collector_leak_emission),
        ("nfp", model.parasitic_emission),
        ("ncip", model.substrate_ideal_emission),
        ("ncnp", model.substrate_leak_emission),
        ("pe", model.emitter_potential),
        ("pc", model.collector_potential),
        ("ps", model.substrate_potential),
        ("nkf", model.knee_exponent),
    ];
    let are_positive = c.check_positive(card, &positive);
    let area = c.area().filter(|_| are_positive)?;
    if c.circuit.dialect != Dialect::Xyce {
        raise_resistances(&mut model);
    }
    let temperature = kelvin(c.temperature() + model.warmer);
    let nominal = kelvin(if model.tnom.is_nan() { c.circuit.options.tnom } else { model.tnom });
    let polarity = if &*card.kind == "pnp" { -1.0 } else { 1.0 };
    let warm = model.at_temperature(temperature, nominal);
    let size = area * c.multiplier();
    let common = Common {
        polarity,
        size,
        multiplier: c.multiplier(),
        constants: Constants::new(&model),
        overlaps: [model.emitter_overlap * size, model.collector_overlap * size],
        thermal: warm.thermal,
        critical: critical_voltage(warm.thermal, warm.forward.saturation * area),
        flicker: model.flicker,
        flicker_exponent: model.flicker_exponent,
        flicker_frequency: model.flicker_frequency,
        stores: stores(&model),
        off: c.word("off"),
        initial: c.list("ic"),
    };
    Some(Made { transistor: Vbic { common, warm }, model, temperature, nominal })
}

fn raise_resistances(m: &mut VbicModel) {
    let named = [
        ("rcx", &mut m.outer_collector),
        ("rci", &mut m.inner_collector),
        ("rbx", &mut m.outer_base),
        ("rbi", &mut m.inner_base),
        ("re", &mut m.emitter_resistance),
        ("rs", &mut m.substrate_resistance),
        ("rbp", &mut m.parasitic_base),
    ];
    let position = |name: &str| VbicModel::TABLE.iter().position(|info| info.names.contains(&name));
    for (name, resistance) in named {
        if position(name).is_some_and(|index| m.given.has(index)) {
            *resistance = resistance.max(LEAST_RESISTANCE);
        }
    }
}

/// Rows with a dynamic part.
fn stores(m: &VbicModel) -> [bool; NODES] {
    let outer = m.outer_capacitance > 0.0 || m.reverse_transit > 0.0 && m.parasitic_saturation > 0.0;
    let branches = [
        (BI, EI, m.emitter_capacitance > 0.0 || m.transit > 0.0),
        (BX, EI, m.emitter_capacitance > 0.0 && m.inner_part < 1.0),
        (BI, CI, m.collector_capacitance + m.reverse_transit + m.epitaxial_charge > 0.0),
        (BI, CX, m.epitaxial_charge > 0.0),
        (BX, BP, outer),
        // The forward current of the parasitic transistor depends on this voltage too.
        (BI, CI, outer && m.parasitic_part < 1.0),
        (SI, BP, m.substrate_capacitance + m.substrate_fixed > 0.0),
        (B, E, m.emitter_overlap > 0.0),
        (B, C, m.collector_overlap > 0.0),
    ];
    let mut stores = [false; NODES];
    for (from, to, does) in branches {
        stores[from] |= does;
        stores[to] |= does;
    }
    stores
}
