//! Cards of the transistor.

use super::heated::{Heated, UNKNOWNS};
use super::parameters::HicumModel;
use super::temperature::LEAST_RESISTANCE;
use super::transport::{Constants, Heating};
use super::{B, BI, BP, C, CI, Common, E, EI, FIRST, Flicker, Hicum, LATE, LATE_CHARGE, NODES, S, SI};
use crate::circuit::{Circuit, Model};
use crate::devices::adjustable::{Adjustable, Principal, TEMPERATURE, number};
use crate::devices::assembly::{GROUND_UNKNOWN, Unknown, UnknownKind};
use crate::devices::construct::Construction;
use crate::devices::junction::{critical_voltage, kelvin};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::devices::thermal_node::Unheated;
use crate::head_of_file;
use crate::netlist::dialect::Dialect;
use crate::reference::Status;

/// Numbers of Q cards with a model of level 8.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[number("area", 1.0), number("m", 1.0), TEMPERATURE],
    model: HicumModel::TABLE,
};

/// Parameters of a Q card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["area"], "", "1", "Factor on currents, conductances and capacitances; or the first value"),
    NamedParameter::new(&["dt"], "K", "0", "How much warmer the transistor is than the circuit"),
    NamedParameter::new(&["ic"], "V, V", "", "vbe and vce at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("hole_charge.rs"),
        head_of_file!("transit.rs"),
        head_of_file!("spreading.rs"),
        head_of_file!("base.rs"),
        head_of_file!("depletion.rs"),
        head_of_file!("temperature.rs"),
    ],
    element: CARD,
    models: &[ModelTable::numbers("npn, pnp with level=8", HicumModel::TABLE)],
    quantities: super::QUANTITIES,
    noise: &[
        ("rcx", "4kT/rcx"),
        ("rbx", "4kT/rbx"),
        ("rbi", "4kT/rbi, at the bias"),
        ("re", "4kT/re"),
        ("rsu", "4kT/rsu"),
        ("iavl", "2q·|iavl|"),
        ("ibci", "2q·|ibci|"),
        ("ibep", "2q·|ip|, of all from bp to ei"),
        ("ijbcx", "2q·|ijbcx|"),
        ("ijsc", "2q·|ijsc|"),
        ("it", "2q·|itf − itr|"),
        ("ibei", "2q·|ii|, of all from bi to ei"),
        ("1overfbe", "kf·|ii + ip|^af/f"),
        ("1overfre", "kfre·|ire|^afre/f"),
    ],
    status: Status::Differs("the hole charge is solved for at all currents"),
    ngspice: &["hicum2"],
    otherwise: &[],
    ..Page::new(
        "hicum",
        "Bipolar transistor HICUM/L2",
        "Q1 collector base emitter [substrate [temperature]] MODEL [area] [off] [ic=vbe,vce] [parameter=…]",
    )
};

/// What stands for the transit time of a transistor that has none without a current, s.
const UNIT_TIME: f64 = 1e-12;

/// Whether a model of bipolar transistors is one of HICUM.
pub fn is_meant(circuit: &Circuit, model: &Model) -> bool {
    let Some(level) = model.parameter("level").and_then(|level| level.value.number()) else { return false };
    match circuit.dialect {
        Dialect::Xyce => level == 234.0,
        _ => level == 8.0,
    }
}

/// What a card makes of a transistor at one temperature, in K, with the model and the temperature of its parameters.
#[derive(Clone)]
struct Made {
    transistor: Hicum,
    model: HicumModel,
    temperature: f64,
    nominal: f64,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let Some(made) = c.make_alike(|c| make(c, card)) else { return };
    let Made { transistor, model, temperature, nominal } = made;
    let nodes = nodes(&mut c, &model, transistor.common.constants.is_delayed);
    let has_node = c.element.nodes.len() > 4;
    if transistor.common.constants.heating == Heating::None {
        if has_node {
            let rise = c.terminal(4);
            c.assembly.add_auxiliary(c.id, Unheated, [rise]);
        }
        return c.assembly.add(c.id, transistor, nodes);
    }
    let capacitance = transistor.common.size * model.thermal_capacitance;
    let heated = Heated { common: transistor.common, model, temperature, nominal, capacitance };
    let rise = if has_node { c.terminal(4) } else { c.assembly.internal_node(c.id, "t") };
    let unknowns: [Unknown; UNKNOWNS] = std::array::from_fn(|index| if index < NODES { nodes[index] } else { rise });
    c.assembly.add(c.id, heated, unknowns);
}

/// Unknowns of terminals, inner nodes and late quantities: without a resistance between them, inner nodes are those before.
fn nodes(c: &mut Construction, m: &HicumModel, is_delayed: bool) -> [Unknown; NODES] {
    let mut nodes = [GROUND_UNKNOWN; NODES];
    for terminal in [C, B, E, S] {
        if terminal < c.element.nodes.len() {
            nodes[terminal] = c.terminal(terminal);
        }
    }
    let behind = [
        (CI, C, "ci", m.outer_collector),
        (BP, B, "bp", m.outer_base),
        (BI, BP, "bi", m.inner_base),
        (EI, E, "ei", m.emitter_resistance),
        (SI, S, "si", m.substrate_resistance),
    ];
    for (inner, outer, name, resistance) in behind {
        let is_there = resistance >= LEAST_RESISTANCE;
        nodes[inner] = if is_there { c.assembly.internal_node(c.id, name) } else { nodes[outer] };
    }
    if is_delayed {
        for (unknown, name) in [(FIRST, "xf1"), (LATE, "xf2"), (LATE_CHARGE, "xf")] {
            nodes[unknown] = c.assembly.auxiliary(c.id, name, UnknownKind::Current);
        }
    }
    nodes
}

/// Whether the numbers of a card are within the model's bounds.
fn check(c: &mut Construction, card: &Model, m: &HicumModel) -> bool {
    let positive = [
        ("c10", m.transfer),
        ("qp0", m.hole_charge),
        ("rhjei", m.emitter_depletion_smoothing),
        ("ibeis", m.emitter_saturation),
        ("ibcis", m.collector_saturation),
        ("mbei", m.emitter_emission),
        ("mrei", m.recombination_emission),
        ("mbep", m.perimeter_emission),
        ("mrep", m.perimeter_recombination_emission),
        ("mcf", m.forward_emission),
        ("mbci", m.collector_emission),
        ("mbcx", m.outer_collector_emission),
        ("msf", m.substrate_emission),
        ("msc", m.substrate_junction_emission),
        ("vdei", m.emitter_potential),
        ("vdep", m.perimeter_potential),
        ("vdci", m.collector_potential),
        ("vdcx", m.outer_collector_potential),
        ("vds", m.substrate_potential),
        ("zei", m.emitter_grading),
        ("zep", m.perimeter_grading),
        ("zci", m.collector_grading),
        ("zcx", m.outer_collector_grading),
        ("zs", m.substrate_grading),
        ("zsp", m.substrate_perimeter_grading),
        ("gtfe", m.emitter_time_exponent),
        ("ahc", m.saturation_smoothing),
        ("rci0", m.inner_collector),
        ("vlim", m.drift_voltage),
        ("vpt", m.reach_through),
        ("aick", m.critical_smoothing),
        ("delck", m.critical_exponent),
        ("acbar", m.barrier_smoothing),
    ];
    c.check_positive(card, &positive)
}

fn make(c: &mut Construction, card: &Model) -> Option<Made> {
    let model = HicumModel::of(card, c.diagnostics);
    let is_right = check(c, card, &model);
    let area = c.area().filter(|_| is_right)?;
    let warmer = c.parameter("dt").unwrap_or(0.0);
    let temperature = kelvin(c.temperature() + warmer);
    let nominal = kelvin(if model.tnom.is_nan() { c.circuit.options.tnom } else { model.tnom });
    let warm = model.at_temperature(temperature, nominal);
    let common = common(c, &model, area, [&warm.emitter, &warm.collector].map(|of| of.saturation), warm.thermal);
    let common = Common { polarity: if &*card.kind == "pnp" { -1.0 } else { 1.0 }, ..common };
    Some(Made { transistor: Hicum { common, warm }, model, temperature, nominal })
}

fn common(c: &Construction, m: &HicumModel, area: f64, saturations: [f64; 2], thermal: f64) -> Common {
    let constants = Constants::new(m);
    let has_substrate = m.substrate_resistance >= LEAST_RESISTANCE;
    Common {
        polarity: 1.0,
        size: area * c.multiplier(),
        multiplier: c.multiplier(),
        constants,
        substrate: if has_substrate { [1.0 / m.substrate_resistance, m.substrate_shunt] } else { [0.0; 2] },
        parasitic: [1.0 - m.emitter_partition, m.emitter_partition].map(|part| part * m.emitter_parasitic),
        delays: [m.current_delay, m.charge_delay],
        unit_time: if m.transit > 0.0 { m.transit } else { UNIT_TIME },
        thermal,
        critical: saturations.map(|saturation| critical_voltage(thermal, saturation * area)),
        flicker: Flicker {
            base: [m.flicker, m.flicker_exponent],
            emitter: [m.emitter_flicker, m.emitter_flicker_exponent],
            is_at_perimeter: m.flicker_node != -1.0,
        },
        stores: stores(m, &constants),
        off: c.word("off"),
        initial: c.list("ic"),
    }
}

/// Rows with a dynamic part.
fn stores(m: &HicumModel, constants: &Constants) -> [bool; NODES] {
    let minority = m.transit > 0.0 || m.emitter_time > 0.0 || m.saturation_time > 0.0;
    let inner = m.emitter_capacitance > 0.0 || minority || m.transit_width != 0.0 || m.transit_jam != 0.0;
    let outer = m.outer_collector_capacitance + m.collector_parasitic;
    let substrate = m.substrate_transit > 0.0 && m.substrate_transfer > 0.0;
    let branches = [
        (BI, EI, inner),
        // The minority charge depends on this voltage too.
        (BI, CI, m.collector_capacitance + m.reverse_transit > 0.0 || inner),
        (BP, EI, m.perimeter_capacitance > 0.0),
        (BP, CI, outer > 0.0 || substrate),
        (B, CI, outer > 0.0),
        (BP, BI, m.crowding_capacitance > 0.0),
        (B, E, m.emitter_parasitic > 0.0),
        (BP, E, m.emitter_parasitic > 0.0),
        (SI, CI, m.substrate_capacitance > 0.0),
        (S, C, m.substrate_perimeter_capacitance > 0.0),
        (S, SI, m.substrate_shunt > 0.0),
        (FIRST, LATE, constants.is_delayed && m.current_delay > 0.0),
        (LATE_CHARGE, LATE_CHARGE, constants.is_delayed && m.charge_delay > 0.0),
        // What is late is stored across these.
        (BI, EI, constants.is_delayed),
    ];
    let mut stores = [false; NODES];
    for (from, to, does) in branches {
        stores[from] |= does;
        stores[to] |= does;
    }
    stores
}
