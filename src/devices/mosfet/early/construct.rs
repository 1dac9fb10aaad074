//! From cards to transistors.

use super::card::{Card, Reading};
use super::channel::Channel;
use super::junction::{Junction, Overlaps};
use super::technology::Process;
use super::{Noise, Transistor};
use crate::devices::adjustable::{Adjustable, ElementNumber, Principal, TEMPERATURE, given, number};
use crate::devices::construct::Construction;
use crate::devices::junction::kelvin;
use crate::devices::mosfet::bsim::card;
use crate::devices::mosfet::bsim::quantities::QUANTITIES;
use crate::devices::page::Page;
use crate::devices::parameters::{NamedParameter, ParameterInfo, Unknowns};
use crate::devices::series_resistance::{SeriesResistance, behind};
use crate::diagnostic::Diagnostic;

/// Length and width of transistors that give none, m.
const SIZE: f64 = 5e-6;

/// Parameters of an M card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["w"], "m", "5e-6", "Channel width"),
    NamedParameter::new(&["l"], "m", "5e-6", "Channel length"),
    NamedParameter::new(&["ad"], "m²", "0", "Area of the drain"),
    NamedParameter::new(&["as"], "m²", "0", "Area of the source"),
    NamedParameter::new(&["pd"], "m", "0", "Perimeter of the drain"),
    NamedParameter::new(&["ps"], "m", "0", "Perimeter of the source"),
    NamedParameter::new(&["nrd"], "□", "1", "Squares of the drain, of `rsh`"),
    NamedParameter::new(&["nrs"], "□", "1", "Squares of the source, of `rsh`"),
    NamedParameter::new(&["ic"], "V, V, V", "", "vds, vgs and vbs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
];

/// Numbers of M cards.
const NUMBERS: &[ElementNumber] = &[
    number("m", 1.0),
    number("l", SIZE),
    number("w", SIZE),
    given("ad"),
    given("as"),
    given("pd"),
    given("ps"),
    number("nrd", 1.0),
    number("nrs", 1.0),
    TEMPERATURE,
];

/// Those and the ones of a model.
pub const fn numbers(model: &'static [ParameterInfo]) -> Adjustable {
    Adjustable { principal: Principal::None, element: NUMBERS, model }
}

/// A page of the manual to fill in.
pub const fn page(file: &'static str, title: &'static str) -> Page {
    Page {
        element: CARD,
        quantities: QUANTITIES,
        noise: &[
            ("rd", "4kT/rd"),
            ("rs", "4kT/rs"),
            ("id", "4kT·⅔·gm"),
            ("1overf", "kf·|id|^af/(f·weff·leff·cox²), cox in F/cm²"),
        ],
        // ngspice's are `vds`, `vgs` and `vbs`.
        otherwise: &["vds", "vgs", "vbs"],
        ..Page::new(file, title, "M1 drain gate source bulk MODEL [l=…] [w=…] [off] [ic=vds,vgs,vbs] [parameter=…]")
    }
}

/// How transistors of a level are made.
pub struct Level<G, C, const N: usize> {
    pub reading: Reading<G, N>,
    /// Parameters that must be positive, the first of them the thickness of the oxide in µm.
    pub positive: fn(&Card<G, N>) -> [(&'static str, f64); 2],
    pub channel: fn(&Process, &Card<G, N>) -> C,
}

impl<G: Copy + Send + Sync + 'static, C: Channel, const N: usize> Level<G, C, N> {
    pub fn construct(&self, mut c: Construction) {
        let Some(card) = c.model() else { return };
        c.check_parameters(CARD, Unknowns::Warn);
        if c.element.nodes.len() != 4 {
            let message = format!("`{}` needs 4 nodes: drain, gate, source and bulk", c.element.name);
            return c.error(Diagnostic::error(message).at(c.element.span));
        }
        let model = self.reading.card(card, c.diagnostics);
        let positive = (self.positive)(&model);
        if !c.check_positive(card, &positive) {
            return;
        }
        let [length, width] = ["l", "w"].map(|name| c.parameter(name).unwrap_or(SIZE));
        let Some(process) = model.process(positive[0].1, [length, width]) else {
            return card::reject_geometry(&mut c, card);
        };
        let polarity = if &*card.kind == "pmos" { -1.0 } else { 1.0 };
        let transistor = self.transistor(&c, &model, &process, polarity);
        let part = |name, squares| {
            let resistance = model.shared.rsh * c.parameter(squares).unwrap_or(1.0);
            SeriesResistance::new(name, resistance, c.multiplier(), transistor.noise.temperature)
        };
        let (of_drain, of_source) = (part("rd", "nrd"), part("rs", "nrs"));
        let [drain, gate, source, bulk] = c.terminals();
        let drain = behind(&mut c, drain, "drain", of_drain);
        let source = behind(&mut c, source, "source", of_source);
        c.assembly.add(c.id, transistor, [drain, gate, source, bulk]);
    }

    fn transistor(&self, c: &Construction, model: &Card<G, N>, process: &Process, polarity: f64) -> Transistor<C> {
        let (shared, size) = (&model.shared, |name: &str| c.parameter(name).unwrap_or(0.0));
        let width = c.parameter("w").unwrap_or(SIZE);
        Transistor {
            channel: (self.channel)(process, model),
            drain: Junction::new(shared, size("ad"), size("pd")),
            source: Junction::new(shared, size("as"), size("ps")),
            overlaps: Overlaps::new(shared, width, process.length),
            noise: Noise {
                temperature: kelvin(c.temperature()),
                flicker: shared.kf / (process.width * process.length * process.oxide * process.oxide),
                exponent: shared.af,
            },
            polarity,
            multiplier: c.multiplier(),
            off: c.word("off"),
            initial: c.list("ic"),
        }
    }
}
