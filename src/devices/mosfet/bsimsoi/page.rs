//! What the manual says of BSIMSOI, and its cards' parameters.

use super::parameters::{OTHERS, TABLE};
use super::quantities;
use crate::devices::adjustable::{Adjustable, Principal, TEMPERATURE, given, number};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::reference::Status;

/// Length and width of transistors that give none, m.
pub const SIZE: f64 = 5e-6;

/// Numbers of M cards with a BSIMSOI model.
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
        given("nrd"),
        given("nrs"),
        given("nrb"),
        given("frbody"),
        given("rth0"),
        given("cth0"),
        given("pdbcp"),
        given("psbcp"),
        given("agbcp"),
        given("agbcp2"),
        given("agbcpd"),
        given("aebcp"),
        given("sa"),
        given("sb"),
        given("sd"),
        given("delvto"),
        TEMPERATURE,
    ],
    model: TABLE,
};

/// Parameters of an M card.
pub const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["w"], "m", "5e-6", "Channel width, of all fingers"),
    NamedParameter::new(&["l"], "m", "5e-6", "Channel length"),
    NamedParameter::new(&["nf"], "", "1", "Number of fingers, each w/nf wide"),
    NamedParameter::new(&["ad"], "m²", "0", "Area of the drain over the back gate"),
    NamedParameter::new(&["as"], "m²", "0", "Area of the source over the back gate"),
    NamedParameter::new(&["pd"], "m", "0", "Perimeter of the drain"),
    NamedParameter::new(&["ps"], "m", "0", "Perimeter of the source"),
    NamedParameter::new(&["nrd"], "□", "1", "Squares of the drain, of `rsh`"),
    NamedParameter::new(&["nrs"], "□", "1", "Squares of the source, of `rsh`"),
    NamedParameter::new(&["nrb"], "□", "1", "Squares of the body's contact, of `rbsh`"),
    NamedParameter::new(&["frbody"], "", "of the model", "Factor on the body's resistance"),
    NamedParameter::new(&["nbc"], "", "0", "Isolations of the body's contact"),
    NamedParameter::new(&["nseg"], "", "1", "Segments of the width"),
    NamedParameter::new(&["pdbcp"], "m", "0", "Perimeter of the body's contact at the drain"),
    NamedParameter::new(&["psbcp"], "m", "0", "Perimeter of the body's contact at the source"),
    NamedParameter::new(&["agbcp"], "m²", "0", "Area of gate over body that the contact adds"),
    NamedParameter::new(&["agbcp2"], "m²", "0", "The same, of a gate of the other kind"),
    NamedParameter::new(&["agbcpd"], "m²", "agbcp", "The same as agbcp, of the gate's current"),
    NamedParameter::new(&["aebcp"], "m²", "0", "Area of body over back gate that the contact adds"),
    NamedParameter::new(&["sa"], "m", "0", "From the gate to the isolation at one end; 0 for no stress"),
    NamedParameter::new(&["sb"], "m", "0", "From the gate to the isolation at the other end"),
    NamedParameter::new(&["sd"], "m", "0", "From finger to finger"),
    NamedParameter::new(&["rth0"], "K·m/W", "of the model", "Thermal resistance of unit width"),
    NamedParameter::new(&["cth0"], "W·s/(m·K)", "of the model", "Thermal capacitance of unit width"),
    NamedParameter::new(&["bjtoff"], "", "0", "1: without the parasitic transistor's collector current"),
    NamedParameter::new(&["tnodeout"], "", "", "The last node is the temperature"),
    NamedParameter::new(
        &["soimod", "rgatemod", "rbodymod"],
        "",
        "of the model",
        "Choices of body, gate and body network",
    ),
    NamedParameter::new(&["delvto", "delvt0"], "V", "0", "Shift of the threshold"),
    NamedParameter::new(&["ic"], "V, V, V", "", "vds, vgs and vbs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
    NamedParameter::ignored(
        &["vbsusr", "debug"],
        "Body voltage of small-signal analyses, and inner quantities as nodes",
    ),
    NamedParameter::ignored(&["rbdb", "rbsb"], "Body network (rbodymod 1)"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("geometry.rs"),
        head_of_file!("film.rs"),
        head_of_file!("warm.rs"),
        head_of_file!("body.rs"),
        head_of_file!("channel.rs"),
        head_of_file!("junctions.rs"),
        head_of_file!("../bsim/leakage.rs"),
        head_of_file!("tunnelling.rs"),
        head_of_file!("charges.rs"),
        head_of_file!("back_gate.rs"),
        head_of_file!("resistances.rs"),
        head_of_file!("noise.rs"),
    ],
    element: CARD,
    models: &[ModelTable { title: "nmos, pmos with level=10 or 58", numbers: TABLE, others: OTHERS }],
    quantities: quantities::QUANTITIES,
    noise: &[
        ("rd", "4kT/rd"),
        ("rs", "4kT/rs"),
        ("rg", "4kT/rg of the electrode"),
        ("rbody", "4kT/rbody"),
        ("id", "4kT·ntnoi·µ·|Qi|/(leff² + µ·|Qi|·rds), or as `tnoimod` says"),
        ("1overf", "unified, or as `fnoimod=0` says"),
        ("fb_ibs", "2q·noif·|ibs|"),
        ("fb_ibd", "2q·noif·|ibd|"),
        ("igs", "2q·|i|, to the source by overlap and channel"),
        ("igd", "2q·|i|, to the drain by overlap and channel"),
        ("igb", "2q·|i|, to the body"),
    ],
    status: Status::Differs(
        "without materials (`mtrlmod`), gate resistance of the channel (`rgatemod` 2 and 3) and body network (`rbodymod`)",
    ),
    ngspice: &["B4SOI"],
    otherwise: &["vbsusr", "debug"],
    ..Page::new(
        "bsimsoi",
        "MOS transistor BSIMSOI",
        "M1 drain gate source back-gate [contact [body [temperature]]] MODEL [l=…] [w=…] [nf=…] [tnodeout] [off] [ic=vds,vgs,vbs] [parameter=…]",
    )
};
