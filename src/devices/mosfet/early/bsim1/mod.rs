//! M of level 4: BSIM1, the Berkeley short-channel IGFET model.
//!
//! Level 4 is that of ngspice, LTspice and PSpice; HSPICE's is 13. Lengths on the card are in m, tox, dl and dw of the model in µm.
//!
//! The current of diffusion is limited after its factor 1 − e^(−vds/Vt), as in SPICE3: above threshold it rises from 0 to its limit within
//! less than any voltage that matters. In ngspice 39 Newton's method does not find an inverter's output there: in DC it is found 1 mV
//! beyond the supply, and transients end. Here e^(vgst/(n·Vt)) goes up to 10⁵ times the limit, so that the rise takes 0.3 µV; that changes
//! currents at 30 mV and more by less than 10⁻⁵. ngspice's gds is not the derivative of that current, nor its gmbs with the bulk forward.
//! Where e^(vgst/(n·Vt)) exceeds all numbers, at 9 V with n = ½, its transistors have no current.
//!
//! Sources: Sheu, Scharfetter, Ko and Jeng, IEEE J. Solid-State Circuits SC-22, 558 (1987); Pierret, UCB/ERL M84/99 (1984).

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
use channel::Bsim1Channel;
use parameters::{BINNED, Binned, COUNT, DEPENDENCES, General};

/// Numbers of a card that do not depend on the geometry, and all of them.
const PLAIN: [ParameterInfo; General::TABLE.len() + Shared::TABLE.len()] = joined(General::TABLE, Shared::TABLE);
const TABLE: &[ParameterInfo] = &joined::<{ PLAIN.len() + COUNT }>(&PLAIN, &BINNED);

const LEVEL: Level<General, Bsim1Channel, COUNT> = Level {
    reading: Reading { binned: &BINNED, plain: &PLAIN, general: General::read },
    positive: |card| [("tox", card.general.tox), ("tox", card.general.tox)],
    channel: |process, card| Bsim1Channel::new(process, &card.general, Binned::new(card.at(process))),
};

/// Numbers of M cards with a BSIM1 model.
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
    models: &[ModelTable { title: "nmos, pmos with level=4", numbers: TABLE, others: DEPENDENCES }],
    status: Status::Differs("the current near vds = 0 is one that Newton's method finds"),
    ngspice: &["BSIM1"],
    ..page("bsim1", "MOS transistor BSIM1")
};

/// Whether a model of MOS transistors is one of BSIM1.
pub fn is_meant(circuit: &Circuit, model: &Model) -> bool {
    let level = model.parameter("level").and_then(|level| level.value.number());
    match circuit.dialect {
        Dialect::Ngspice | Dialect::LtSpice | Dialect::Pspice => level == Some(4.0),
        Dialect::Hspice => level == Some(13.0),
        Dialect::Xyce => false,
    }
}

pub fn construct(c: Construction) {
    LEVEL.construct(c);
}
