//! M of level 5: BSIM2, the Berkeley short-channel IGFET model 2.
//!
//! Level 5 is that of ngspice and LTspice; HSPICE's is 39. Lengths on the card are in m, tox, dl and dw of the model in µm. What is above
//! twice vdd and vgg and below twice vbb counts as that. Impact ionisation adds to the current of the drain into the source.
//!
//! Source: Jeng, Design and Modeling of Deep-Submicrometer MOSFETs, UCB/ERL M90/90 (1990).

mod channel;
mod charges;
mod parameters;

use super::card::{Reading, Shared};
use super::construct::{Level, numbers, page};
use crate::circuit::{Circuit, Model};
use crate::devices::adjustable::Adjustable;
use crate::devices::construct::Construction;
use crate::devices::mosfet::bsim::binned::joined;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::ParameterInfo;
use crate::head_of_file;
use crate::netlist::dialect::Dialect;
use crate::reference::Status;
use channel::Bsim2Channel;
use parameters::{BINNED, Binned, COUNT, DEPENDENCES, General};

/// Numbers of a card that do not depend on the geometry, and all of them.
const PLAIN: [ParameterInfo; General::TABLE.len() + Shared::TABLE.len()] = joined(General::TABLE, Shared::TABLE);
const TABLE: &[ParameterInfo] = &joined::<{ PLAIN.len() + COUNT }>(&PLAIN, &BINNED);

const LEVEL: Level<General, Bsim2Channel, COUNT> = Level {
    reading: Reading { binned: &BINNED, plain: &PLAIN, general: General::read },
    positive: |card| [("tox", card.general.tox), ("phi", card.values.values[0][1])],
    channel: |process, card| Bsim2Channel::new(process, &card.general, Binned::new(card.at(process))),
};

/// Numbers of M cards with a BSIM2 model.
pub const NUMBERS: Adjustable = numbers(TABLE);

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("channel.rs"),
        head_of_file!("charges.rs"),
        head_of_file!("../junction.rs"),
        head_of_file!("../mod.rs"),
    ],
    models: &[ModelTable { title: "nmos, pmos with level=5", numbers: TABLE, others: DEPENDENCES }],
    status: Status::Differs("`vbb` counts with either sign"),
    ngspice: &["BSIM2"],
    ..page("bsim2", "MOS transistor BSIM2")
};

/// Whether a model of MOS transistors is one of BSIM2.
pub fn is_meant(circuit: &Circuit, model: &Model) -> bool {
    let level = model.parameter("level").and_then(|level| level.value.number());
    match circuit.dialect {
        Dialect::Ngspice | Dialect::LtSpice => level == Some(5.0),
        Dialect::Hspice => level == Some(39.0),
        Dialect::Pspice | Dialect::Xyce => false,
    }
}

pub fn construct(c: Construction) {
    LEVEL.construct(c);
}
