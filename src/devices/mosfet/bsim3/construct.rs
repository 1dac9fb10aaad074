//! From cards to transistors.

use super::Bsim3;
use super::channel::Channel;
use super::charges::Charges;
use super::derived::Process;
use super::geometry::Geometry;
use super::junctions::{End, Junction};
use super::noise::Noise;
use super::parameters::{Bsim3Model, OTHERS, TABLE};
use crate::circuit::{Circuit, Model};
use crate::devices::adjustable::{Adjustable, Principal, TEMPERATURE, given, number};
use crate::devices::construct::Construction;
use crate::devices::mosfet::bsim::card::{self, Mismatch};
use crate::devices::mosfet::bsim::quantities::QUANTITIES;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::devices::series_resistance::{SeriesResistance, behind};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::netlist::dialect::Dialect;
use crate::reference::Status;

/// Length and width of transistors that give none, m.
const SIZE: f64 = 5e-6;

/// Numbers of M cards with a BSIM3 model.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[
        number("m", 1.0),
        number("l", SIZE),
        number("w", SIZE),
        given("ad"),
        given("as"),
        given("pd"),
        given("ps"),
        number("nrd", 1.0),
        number("nrs", 1.0),
        given("delvto"),
        number("mulu0", 1.0),
        TEMPERATURE,
    ],
    model: TABLE,
};

/// Parameters of an M card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["w"], "m", "5e-6", "Channel width"),
    NamedParameter::new(&["l"], "m", "5e-6", "Channel length"),
    NamedParameter::new(&["nf"], "", "1", "Number of fingers, each w/nf wide"),
    NamedParameter::new(&["ad"], "m²", "0", "Area of the drain"),
    NamedParameter::new(&["as"], "m²", "0", "Area of the source"),
    NamedParameter::new(&["pd"], "m", "0", "Perimeter of the drain"),
    NamedParameter::new(&["ps"], "m", "0", "Perimeter of the source"),
    NamedParameter::new(&["nrd"], "□", "1", "Squares of the drain, of `rsh`"),
    NamedParameter::new(&["nrs"], "□", "1", "Squares of the source, of `rsh`"),
    NamedParameter::new(&["delvto", "delvt0"], "V", "0", "Shift of the threshold"),
    NamedParameter::new(&["mulu0"], "", "1", "Factor on the mobility"),
    NamedParameter::new(&["ic"], "V, V, V", "", "vds, vgs and vbs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
    NamedParameter::new(&["nqsmod"], "", "0", "Charges that follow with a delay: 0 alone"),
    NamedParameter::ignored(&["acnqsmod"], "The same over frequency"),
    NamedParameter::ignored(&["geo"], "Which ends are shared (of `acm`)"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("geometry.rs"),
        head_of_file!("derived.rs"),
        head_of_file!("threshold.rs"),
        head_of_file!("channel.rs"),
        head_of_file!("charges.rs"),
        head_of_file!("junctions.rs"),
        head_of_file!("noise.rs"),
    ],
    element: CARD,
    models: &[ModelTable { title: "nmos, pmos with level=8 or 49", numbers: TABLE, others: OTHERS }],
    quantities: QUANTITIES,
    noise: &[
        ("rd", "4kT/rd"),
        ("rs", "4kT/rs"),
        ("id", "8/3·kT·(gm + gds + gmbs), or as `noimod` says"),
        ("1overf", "kf·|id|^af/(f^ef·leff²·cox), or as `noimod` says"),
    ],
    status: Status::Differs(
        "without delay of the channel's charge (`nqsmod`) and without `acm`; xl and xw count in all versions",
    ),
    ngspice: &["BSIM3", "BSIM3v32", "BSIM3v1"],
    otherwise: &["icvds", "icvgs", "icvbs"],
    ..Page::new(
        "bsim3",
        "MOS transistor BSIM3",
        "M1 drain gate source bulk MODEL [l=…] [w=…] [off] [ic=vds,vgs,vbs] [parameter=…]",
    )
};

/// Whether a model of MOS transistors is one of BSIM3.
pub fn is_meant(circuit: &Circuit, model: &Model) -> bool {
    let Some(level) = model.parameter("level").and_then(|level| level.value.number()) else { return false };
    match circuit.dialect {
        Dialect::Xyce if level == 9.0 => true,
        Dialect::Pspice | Dialect::LtSpice if level == 7.0 => true,
        _ => [8.0, 49.0, 53.0].contains(&level),
    }
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    if c.element.nodes.len() != 4 {
        let message = format!("`{}` needs 4 nodes: drain, gate, source and bulk", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span));
    }
    let model = Bsim3Model::of(card, c.diagnostics);
    let polarity = if &*card.kind == "pmos" { -1.0 } else { 1.0 };
    let Some(process) = process(&mut c, card, &model, polarity) else { return };
    let general = &model.general;
    let size = |name: &str| c.parameter(name).unwrap_or(0.0);
    let fingers = fingers(&c);
    let junction = |area: &str, perimeter: &str| {
        let end = End { area: size(area) / fingers, perimeter: size(perimeter) / fingers };
        Junction::new(general, &process.temperatures, end, process.geometry.width)
    };
    let temperature = process.temperatures.own;
    let multiplier = c.multiplier() * fingers;
    let transistor = Bsim3 {
        channel: Channel::new(&process, general.mobmod),
        charges: (general.xpart >= 0.0).then(|| Charges::new(&process, &model)),
        drain: junction("ad", "pd"),
        source: junction("as", "ps"),
        noise: Noise::new(&process, general, polarity),
        polarity,
        multiplier,
        thermal: process.temperatures.thermal(),
        off: c.word("off"),
        initial: c.list("ic"),
    };
    let part = |name, squares| {
        let resistance = general.rsh * c.parameter(squares).unwrap_or(1.0);
        SeriesResistance::new(name, resistance, c.multiplier(), temperature)
    };
    let (of_drain, of_source) = (part("rd", "nrd"), part("rs", "nrs"));
    let [drain, gate, source, bulk] = c.terminals();
    let drain = behind(&mut c, drain, "drain", of_drain);
    let source = behind(&mut c, source, "source", of_source);
    c.assembly.add(c.id, transistor, [drain, gate, source, bulk]);
}

fn fingers(c: &Construction) -> f64 {
    c.parameter("nf").filter(|&fingers| fingers >= 1.0).unwrap_or(1.0)
}

/// The transistor's parameters; `None` after an error.
fn process(c: &mut Construction, card: &Model, model: &Bsim3Model, polarity: f64) -> Option<Process> {
    let general = &model.general;
    let positive = [("tox", general.tox), ("nj", general.nj), ("pb", general.pb), ("pbsw", general.pbsw)];
    if !c.check_positive(card, &positive) {
        return None;
    }
    let of_card = c.element.parameter("nqsmod");
    if let Some(parameter) = of_card.or(card.parameter("nqsmod"))
        && parameter.value.number() != Some(0.0)
    {
        let message = "`nqsmod` is not there: charges follow without delay".to_string();
        let diagnostic = Diagnostic::error(message).at(parameter.span);
        c.error(diagnostic.hint("0 is the only one there is"));
        return None;
    }
    let size = |name: &str, of_model: f64| {
        c.parameter(name).or(Some(of_model).filter(|size| size.is_finite())).unwrap_or(SIZE)
    };
    let geometry = Geometry::new(general, [size("l", general.length), size("w", general.width) / fingers(c)]);
    if !geometry.is_possible() {
        card::reject_geometry(c, card);
        return None;
    }
    let (temperatures, mismatch) = (card::temperatures(c, general.tnom), Mismatch::of(c));
    let process = Process::new(model, polarity, geometry, temperatures, mismatch);
    let p = &process.parameters;
    let named =
        [("nch", p.nch), ("xj", p.xj), ("vsat", p.vsat), ("u0", p.u0), ("delta", p.delta), ("φ", process.potential)];
    c.check_positive(card, &named).then_some(process)
}
