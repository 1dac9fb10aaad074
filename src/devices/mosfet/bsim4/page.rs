//! What the manual says of BSIM4, and its cards' parameters.

use super::parameters::{OTHERS, TABLE};
use super::quantities;
use crate::devices::adjustable::{Adjustable, Principal, TEMPERATURE, given, number};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::head_of_file;
use crate::reference::Status;

/// Length and width of transistors that give none, m.
pub const SIZE: f64 = 5e-6;

/// Numbers of M cards with a BSIM4 model.
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
        given("sa"),
        given("sb"),
        given("sd"),
        given("sca"),
        given("scb"),
        given("scc"),
        given("sc"),
        given("xgw"),
        given("delvto"),
        number("mulu0", 1.0),
        TEMPERATURE,
    ],
    model: TABLE,
};

/// Parameters of an M card.
pub const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["w"], "m", "5e-6", "Channel width, of all fingers"),
    NamedParameter::new(&["l"], "m", "5e-6", "Channel length"),
    NamedParameter::new(&["nf"], "", "1", "Number of fingers, each w/nf wide"),
    NamedParameter::new(&["min"], "", "0", "Of even fingers: 1 for fewest sources, 0 for fewest drains"),
    NamedParameter::new(&["ad"], "m²", "from geomod", "Area of the drain"),
    NamedParameter::new(&["as"], "m²", "from geomod", "Area of the source"),
    NamedParameter::new(&["pd"], "m", "from geomod", "Perimeter of the drain"),
    NamedParameter::new(&["ps"], "m", "from geomod", "Perimeter of the source"),
    NamedParameter::new(&["nrd"], "□", "from rgeomod", "Squares of the drain, of `rsh`"),
    NamedParameter::new(&["nrs"], "□", "from rgeomod", "Squares of the source, of `rsh`"),
    NamedParameter::new(&["sa"], "m", "0", "From the gate to the isolation at one end; 0 for no stress"),
    NamedParameter::new(&["sb"], "m", "0", "From the gate to the isolation at the other end"),
    NamedParameter::new(&["sd"], "m", "2·dmcg", "From finger to finger"),
    NamedParameter::new(&["sca", "scb", "scc"], "", "from sc", "Integrals of the doping from the well's edges"),
    NamedParameter::new(&["sc"], "m", "0", "From the gate to the well's edge"),
    NamedParameter::new(&["xgw"], "m", "of the model", "From the gate's contact to the channel"),
    NamedParameter::new(&["ngcon"], "", "of the model", "Contacts of the gate: 1 or 2"),
    NamedParameter::new(&["rbdb", "rbsb", "rbpb", "rbps", "rbpd"], "Ω", "of the model", "Resistances of the substrate"),
    NamedParameter::new(
        &["geomod", "rgeomod", "rgatemod", "rbodymod"],
        "",
        "of the model",
        "Choices of geometry, of the resistance of ends, of the gate, of the substrate",
    ),
    NamedParameter::new(&["delvto", "delvt0"], "V", "0", "Shift of the threshold"),
    NamedParameter::new(&["mulu0"], "", "1", "Factor on the mobility"),
    NamedParameter::new(&["ic"], "V, V, V", "", "vds, vgs and vbs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
    NamedParameter::new(&["trnqsmod", "acnqsmod"], "", "0", "Charges that follow with a delay: 0 alone"),
    NamedParameter::ignored(&["wnflag"], "Which width bins of HSPICE count"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("geometry.rs"),
        head_of_file!("materials.rs"),
        head_of_file!("derived.rs"),
        head_of_file!("stress.rs"),
        head_of_file!("threshold.rs"),
        head_of_file!("channel.rs"),
        head_of_file!("output.rs"),
        head_of_file!("mobility.rs"),
        head_of_file!("tunnelling.rs"),
        head_of_file!("../bsim/leakage.rs"),
        head_of_file!("charges.rs"),
        head_of_file!("junctions.rs"),
        head_of_file!("diffusion.rs"),
        head_of_file!("resistances.rs"),
        head_of_file!("networks.rs"),
        head_of_file!("noise.rs"),
    ],
    element: CARD,
    models: &[ModelTable { title: "nmos, pmos with level=14 or 54", numbers: TABLE, others: OTHERS }],
    quantities: quantities::QUANTITIES,
    noise: &[
        ("rd", "4kT/rd"),
        ("rs", "4kT/rs"),
        ("rg", "4kT/rg of the electrode"),
        ("rbpb", "4kT/rbpb"),
        ("rbpd", "4kT/rbpd"),
        ("rbps", "4kT/rbps"),
        ("rbdb", "4kT/rbdb"),
        ("rbsb", "4kT/rbsb"),
        ("id", "4kT·ntnoi·µ·|Qinv|/(leff² + µ·|Qinv|·rds), or as `tnoimod` says"),
        ("1overf", "unified, or kf·|id|^af/(f^ef·leff²·cox) with fnoimod=0"),
        ("igs", "2q·|i|, to the source by overlap and channel"),
        ("igd", "2q·|i|, to the drain by overlap and channel"),
        ("igb", "2q·|i|, to the bulk"),
    ],
    status: Status::Differs(
        "without delay of the channel's charge (`trnqsmod`, `acnqsmod`) and without correlated noise (`tnoimod=2`); stress and the well's edge also \
         change the mobility, which ngspice 39 leaves out",
    ),
    ngspice: &["BSIM4", "BSIM4v5", "BSIM4v6", "BSIM4v7"],
    otherwise: &["icvds", "icvgs", "icvbs"],
    ..Page::new(
        "bsim4",
        "MOS transistor BSIM4",
        "M1 drain gate source bulk MODEL [l=…] [w=…] [nf=…] [off] [ic=vds,vgs,vbs] [parameter=…]",
    )
};
