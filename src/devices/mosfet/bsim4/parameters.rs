//! Model cards of BSIM4: parameters that depend on the geometry, and the reading of a card.

use super::general_parameters::General;
use super::junction_parameters::JunctionCard;
use crate::circuit::Model;
use crate::circuit::element::{Parameter, Value};
use crate::devices::mosfet::bsim::binned::{Values, binned, joined, position};
use crate::devices::parameters::{NamedParameter, ParameterInfo, Unknowns};
use crate::diagnostic::Diagnostic;

binned! {
    cdsc: ["cdsc"], "F/m²", 2.4e-4, "Coupling of drain, source and channel";
    cdscb: ["cdscb"], "F/(V·m²)", 0.0, "Dependence of cdsc on the bulk";
    cdscd: ["cdscd"], "F/(V·m²)", 0.0, "Dependence of cdsc on the drain";
    cit: ["cit"], "F/m²", 0.0, "Capacitance of interface states";
    nfactor: ["nfactor"], "", 1.0, "Factor of the depletion capacitance in the subthreshold swing";
    tnfactor: ["tnfactor"], "", 0.0, "Temperature coefficient of nfactor";
    xj: ["xj"], "m", 0.15e-6, "Junction depth";
    vsat: ["vsat"], "m/s", 8e4, "Saturation velocity";
    at: ["at"], "m/s", 3.3e4, "Temperature coefficient of vsat";
    a0: ["a0"], "", 1.0, "Bulk charge";
    ags: ["ags"], "1/V", 0.0, "Dependence of the bulk charge on the gate";
    a1: ["a1"], "1/V", 0.0, "Non-saturation, with the gate";
    a2: ["a2"], "", 1.0, "Non-saturation";
    keta: ["keta"], "1/V", -0.047, "Dependence of the bulk charge on the bulk";
    nsub: ["nsub"], "1/cm³", 6e16, "Substrate doping";
    ndep: ["ndep"], "1/cm³", f64::NAN, "Channel doping (default: 1.7e17, or from gamma1)";
    nsd: ["nsd"], "1/cm³", 1e20, "Doping of source and drain";
    phin: ["phin"], "V", 0.0, "Added to the surface potential";
    ngate: ["ngate"], "1/cm³", 0.0, "Gate doping; 0 for no depletion of the gate";
    gamma1: ["gamma1"], "√V", f64::NAN, "Body effect near the surface (default: from ndep)";
    gamma2: ["gamma2"], "√V", f64::NAN, "Body effect in the bulk (default: from nsub)";
    vbx: ["vbx"], "V", f64::NAN, "Bulk voltage at which the depletion layer is xt wide (default: from ndep and xt)";
    vbm: ["vbm"], "V", -3.0, "Largest bulk voltage in reverse";
    xt: ["xt"], "m", 1.55e-7, "Depth of the channel's doping";
    k1: ["k1"], "√V", f64::NAN, "First body effect coefficient (default: 0.53 with k2, otherwise from gamma1 and gamma2)";
    kt1: ["kt1"], "V", -0.11, "Temperature coefficient of the threshold";
    kt1l: ["kt1l"], "V·m", 0.0, "Dependence of kt1 on the length";
    kt2: ["kt2"], "", 0.022, "Dependence of kt1 on the bulk";
    k2: ["k2"], "", f64::NAN, "Second body effect coefficient (default: −0.0186 with k1, otherwise from gamma1 and gamma2)";
    k3: ["k3"], "", 80.0, "Narrow width";
    k3b: ["k3b"], "1/V", 0.0, "Dependence of k3 on the bulk";
    w0: ["w0"], "m", 2.5e-6, "Narrow width";
    lpe0: ["lpe0"], "m", 1.74e-7, "Lateral non-uniform doping";
    lpeb: ["lpeb"], "m", 0.0, "Lateral non-uniform doping, of the body effect";
    dvtp0: ["dvtp0"], "m", 0.0, "Threshold shift of pockets";
    dvtp1: ["dvtp1"], "1/V", 0.0, "The same, with the drain";
    dvtp2: ["dvtp2"], "V·m^dvtp3", 0.0, "Second threshold shift of pockets";
    dvtp3: ["dvtp3"], "", 0.0, "Exponent of the length in it";
    dvtp4: ["dvtp4"], "1/V", 0.0, "The same, with the drain";
    dvtp5: ["dvtp5"], "V", 0.0, "The same, of long channels";
    dvt0: ["dvt0"], "", 2.2, "Short channel";
    dvt1: ["dvt1"], "", 0.53, "Short channel, in its exponent";
    dvt2: ["dvt2"], "1/V", -0.032, "Short channel, with the bulk";
    dvt0w: ["dvt0w"], "", 0.0, "Narrow and short channel";
    dvt1w: ["dvt1w"], "1/m", 5.3e6, "Narrow and short channel, in its exponent";
    dvt2w: ["dvt2w"], "1/V", -0.032, "Narrow and short channel, with the bulk";
    drout: ["drout"], "", 0.56, "Drain-induced lowering of the output resistance, in its exponent";
    dsub: ["dsub"], "", f64::NAN, "Drain-induced lowering of the threshold, in its exponent (default: drout)";
    vth0: ["vth0", "vtho"], "V", f64::NAN, "Threshold of long channels at zero bulk bias (default: from vfb)";
    eu: ["eu"], "", f64::NAN, "Exponent of the field in the mobility, mobmod 2, 3, 6 (default: 1.67, p-channel 1)";
    ua: ["ua"], "m/V", f64::NAN, "First-order decrease of the mobility (default: 1e-9, mobmod 2 and 6 1e-15)";
    ua1: ["ua1"], "m/V", 1e-9, "Temperature coefficient of ua";
    ub: ["ub"], "(m/V)²", 1e-19, "Second-order decrease of the mobility";
    ub1: ["ub1"], "(m/V)²", -1e-18, "Temperature coefficient of ub";
    uc: ["uc"], "m/V², 1/V", f64::NAN, "Decrease of the mobility with the bulk (default: −0.0465e-9, mobmod 1 and 5 −0.0465)";
    uc1: ["uc1"], "m/V², 1/V", f64::NAN, "Temperature coefficient of uc (default: −0.056e-9, mobmod 1 and 5 −0.056)";
    ud: ["ud"], "1/m²", f64::NAN, "Coulomb scattering (default: 0, before version 4.6 1e14)";
    ud1: ["ud1"], "1/m²", 0.0, "Temperature coefficient of ud";
    up: ["up"], "", 0.0, "Dependence of the mobility on the length";
    lp: ["lp"], "m", 1e-8, "Length in it";
    ucs: ["ucs"], "", f64::NAN, "Exponent of Coulomb scattering, mobmod 3 (default: 1.67, p-channel 1)";
    ucste: ["ucste"], "", -4.775e-3, "Temperature exponent of ucs";
    u0: ["u0"], "m²/Vs, cm²/Vs", f64::NAN, "Mobility; above 1 in cm²/Vs (default: 0.067, p-channel 0.025)";
    ute: ["ute"], "", -1.5, "Temperature exponent of the mobility";
    voff: ["voff"], "V", -0.08, "Offset of the threshold in the subthreshold region";
    voffl: ["voffl"], "V·m", 0.0, "Dependence of voff on the length";
    tvoff: ["tvoff"], "1/K", 0.0, "Temperature coefficient of voff";
    minv: ["minv"], "", 0.0, "Shape of the overdrive in moderate inversion";
    lambda: ["lambda"], "m³/Vs", f64::NAN, "Velocity overshoot (default: none)";
    vtl: ["vtl"], "m/s", f64::NAN, "Thermal velocity that limits the source (default: none)";
    xn: ["xn"], "", 3.0, "Back-scattering, of vtl";
    delta: ["delta"], "V", 0.01, "Smoothness at vdsat";
    rdsw: ["rdsw"], "Ω·µm^wr", 200.0, "Drain-source resistance of unit width (rdsmod 0)";
    rdswmin: ["rdswmin"], "Ω·µm^wr", 0.0, "The same, at large gate voltages";
    rdw: ["rdw"], "Ω·µm^wr", 100.0, "Drain resistance of unit width (rdsmod 1)";
    rdwmin: ["rdwmin"], "Ω·µm^wr", 0.0, "The same, at large gate voltages";
    rsw: ["rsw"], "Ω·µm^wr", 100.0, "Source resistance of unit width (rdsmod 1)";
    rswmin: ["rswmin"], "Ω·µm^wr", 0.0, "The same, at large gate voltages";
    prwg: ["prwg"], "1/V", 1.0, "Dependence of the resistances on the gate";
    prwb: ["prwb"], "1/√V", 0.0, "Dependence of the resistances on the bulk";
    prt: ["prt"], "Ω·µm^wr", 0.0, "Temperature coefficient of the resistances";
    eta0: ["eta0"], "", 0.08, "Drain-induced lowering of the threshold";
    teta0: ["teta0"], "", 0.0, "Temperature coefficient of eta0";
    etab: ["etab"], "1/V", -0.07, "Dependence of eta0 on the bulk";
    pclm: ["pclm"], "", 1.3, "Channel-length modulation";
    pdiblc1: ["pdiblc1"], "", 0.39, "Drain-induced lowering of the output resistance, short channels";
    pdiblc2: ["pdiblc2"], "", 0.0086, "The same, any channel";
    pdiblcb: ["pdiblcb"], "1/V", 0.0, "Its dependence on the bulk";
    fprout: ["fprout"], "V/√m", 0.0, "Fall of the output resistance by pockets";
    pdits: ["pdits"], "1/V", 0.0, "Threshold shift of the drain, in the output resistance";
    pditsd: ["pditsd"], "1/V", 0.0, "The same, with the drain";
    pditsl: ["pditsl"], "1/m", 0.0, "The same, with the length";
    pscbe1: ["pscbe1"], "V/m", 4.24e8, "Substrate-current-induced body effect, in its exponent";
    pscbe2: ["pscbe2"], "m/V", 1e-5, "Substrate-current-induced body effect";
    pvag: ["pvag"], "", 0.0, "Dependence of the output resistance on the gate";
    wr: ["wr"], "", 1.0, "Exponent of the width in the drain-source resistance";
    dwg: ["dwg"], "m/V", 0.0, "Dependence of the width on the gate";
    dwb: ["dwb"], "m/√V", 0.0, "Dependence of the width on the bulk";
    b0: ["b0"], "m", 0.0, "Bulk charge of narrow channels";
    b1: ["b1"], "m", 0.0, "Bulk charge of narrow channels";
    cgsl: ["cgsl"], "F/m", 0.0, "Overlap of the lightly doped source per width";
    cgdl: ["cgdl"], "F/m", 0.0, "Overlap of the lightly doped drain per width";
    ckappas: ["ckappas"], "V", 0.6, "Dependence of cgsl on the voltage";
    ckappad: ["ckappad"], "V", f64::NAN, "Dependence of cgdl on the voltage (default: ckappas)";
    cf: ["cf"], "F/m", f64::NAN, "Fringing capacitance per width (default: from toxe)";
    clc: ["clc"], "m", 0.1e-6, "Bulk charge of short channels, in capacitances";
    cle: ["cle"], "", 0.6, "Exponent of the length in it";
    alpha0: ["alpha0"], "m/V", 0.0, "Impact ionisation";
    alpha1: ["alpha1"], "1/V", 0.0, "Impact ionisation, with the length";
    beta0: ["beta0"], "V", 0.0, "Impact ionisation, in its exponent";
    agidl: ["agidl"], "S", 0.0, "Leakage induced by the gate at the drain";
    bgidl: ["bgidl"], "V/m", 2.3e9, "The same, in its exponent";
    cgidl: ["cgidl"], "V³", 0.5, "The same, with the bulk";
    egidl: ["egidl"], "V", 0.8, "Bending of the bands for it";
    rgidl: ["rgidl"], "", 1.0, "The gate's share in it (gidlmod 1)";
    kgidl: ["kgidl"], "V", 0.0, "The bulk's effect on it (gidlmod 1)";
    fgidl: ["fgidl"], "V", 0.0, "The bulk's effect on it (gidlmod 1)";
    agisl: ["agisl"], "S", f64::NAN, "Leakage induced by the gate at the source (default: agidl)";
    bgisl: ["bgisl"], "V/m", f64::NAN, "The same, in its exponent (default: bgidl)";
    cgisl: ["cgisl"], "V³", f64::NAN, "The same, with the bulk (default: cgidl)";
    egisl: ["egisl"], "V", f64::NAN, "Bending of the bands for it (default: egidl)";
    rgisl: ["rgisl"], "", f64::NAN, "The gate's share in it (default: rgidl)";
    kgisl: ["kgisl"], "V", f64::NAN, "The bulk's effect on it (default: kgidl)";
    fgisl: ["fgisl"], "V", f64::NAN, "The bulk's effect on it (default: fgidl)";
    aigc: ["aigc"], "√(Fs²/g)/m", f64::NAN, "Current of gate and channel (default: 1.36e-2, p-channel 9.8e-3)";
    bigc: ["bigc"], "√(Fs²/g)/(m·V)", f64::NAN, "The same (default: 1.71e-3, p-channel 7.59e-4)";
    cigc: ["cigc"], "1/V", f64::NAN, "The same (default: 0.075, p-channel 0.03)";
    aigsd: ["aigsd"], "√(Fs²/g)/m", f64::NAN, "Current of gate and ends (default: 1.36e-2, p-channel 9.8e-3)";
    bigsd: ["bigsd"], "√(Fs²/g)/(m·V)", f64::NAN, "The same (default: 1.71e-3, p-channel 7.59e-4)";
    cigsd: ["cigsd"], "1/V", f64::NAN, "The same (default: 0.075, p-channel 0.03)";
    aigs: ["aigs"], "√(Fs²/g)/m", f64::NAN, "aigsd of the source";
    bigs: ["bigs"], "√(Fs²/g)/(m·V)", f64::NAN, "bigsd of the source";
    cigs: ["cigs"], "1/V", f64::NAN, "cigsd of the source";
    aigd: ["aigd"], "√(Fs²/g)/m", f64::NAN, "aigsd of the drain";
    bigd: ["bigd"], "√(Fs²/g)/(m·V)", f64::NAN, "bigsd of the drain";
    cigd: ["cigd"], "1/V", f64::NAN, "cigsd of the drain";
    aigbacc: ["aigbacc"], "√(Fs²/g)/m", 1.36e-2, "Current of gate and bulk in accumulation";
    bigbacc: ["bigbacc"], "√(Fs²/g)/(m·V)", 1.71e-3, "The same";
    cigbacc: ["cigbacc"], "1/V", 0.075, "The same";
    aigbinv: ["aigbinv"], "√(Fs²/g)/m", 1.11e-2, "Current of gate and bulk in inversion";
    bigbinv: ["bigbinv"], "√(Fs²/g)/(m·V)", 9.49e-4, "The same";
    cigbinv: ["cigbinv"], "1/V", 0.006, "The same";
    nigc: ["nigc"], "", 1.0, "Slope of the current of gate and channel";
    nigbacc: ["nigbacc"], "", 1.0, "Slope of that to the bulk in accumulation";
    nigbinv: ["nigbinv"], "", 3.0, "Slope of that to the bulk in inversion";
    eigbinv: ["eigbinv"], "V", 1.1, "Voltage over the oxide from which it flows in inversion";
    ntox: ["ntox"], "", 1.0, "Exponent of the oxide's thickness in the gate's currents";
    pigcd: ["pigcd"], "", f64::NAN, "Fall of the gate's current along the channel (default: from the bias)";
    poxedge: ["poxedge"], "", 1.0, "Factor on the oxide's thickness at the ends";
    xrcrg1: ["xrcrg1"], "", 12.0, "Gate resistance of the channel";
    xrcrg2: ["xrcrg2"], "", 1.0, "Gate resistance of the channel, of diffusion";
    vfbcv: ["vfbcv"], "V", -1.0, "Flat-band voltage (capmod 0)";
    vfb: ["vfb"], "V", f64::NAN, "Flat-band voltage (default: from vth0, without that −1)";
    vfbsdoff: ["vfbsdoff"], "V", 0.0, "Added to the flat-band voltage at the ends";
    tvfbsdoff: ["tvfbsdoff"], "1/K", 0.0, "Temperature coefficient of vfbsdoff";
    acde: ["acde"], "m/V", 1.0, "Exponent of the charge's thickness in accumulation and depletion (capmod 2)";
    moin: ["moin"], "", 15.0, "Dependence of the surface potential on the gate (capmod 2)";
    noff: ["noff"], "", 1.0, "Smoothness of the charges at the threshold";
    voffcv: ["voffcv"], "V", 0.0, "Offset of the threshold in the charges";
    voffcvl: ["voffcvl"], "V·m", 0.0, "Dependence of voffcv on the length (cvchargemod 1)";
    tvoffcv: ["tvoffcv"], "1/K", 0.0, "Temperature coefficient of voffcv";
    minvcv: ["minvcv"], "", 0.0, "minv of the charges (cvchargemod 1)";
    kvth0we: ["kvth0we"], "", 0.0, "Threshold near the well's edge";
    k2we: ["k2we"], "", 0.0, "k2 near the well's edge";
    ku0we: ["ku0we"], "", 0.0, "Mobility near the well's edge";
}

/// All parameters but the dependences on the geometry.
pub const TABLE: &[ParameterInfo] = &joined::<{ NUMBER_OF_OTHERS + COUNT }>(&OTHERS_WITH_VALUES, &BINNED);

const NUMBER_OF_OTHERS: usize = General::TABLE.len() + JunctionCard::TABLE.len();
const OTHERS_WITH_VALUES: [ParameterInfo; NUMBER_OF_OTHERS] =
    joined::<NUMBER_OF_OTHERS>(General::TABLE, JunctionCard::TABLE);

/// What stands on cards besides: the version, and what is without effect.
pub const OTHERS: &[NamedParameter] = &[
    DEPENDENCES[0],
    DEPENDENCES[1],
    DEPENDENCES[2],
    NamedParameter::new(
        &["version"],
        "",
        "4.8",
        "Version: equations and defaults that are newer than it do not count, otherwise they are those of 4.8",
    ),
    NamedParameter::new(&["trnqsmod", "acnqsmod"], "", "0", "Charges that follow with a delay: 0 alone"),
    NamedParameter::ignored(&["paramchk"], "Whether parameters are looked at"),
    NamedParameter::ignored(
        &["tnoic", "rnoic", "gidlclamp", "idovvdsc"],
        "Details of other versions' noise and derivatives",
    ),
    NamedParameter::ignored(
        &["vgs_max", "vgd_max", "vgb_max", "vds_max", "vbs_max", "vbd_max", "vgsr_max", "vgdr_max", "vgbr_max"],
        "Bounds of the voltages",
    ),
    NamedParameter::ignored(&["vbsr_max", "vbdr_max"], "Bounds of the voltages"),
    NamedParameter::ignored(&["tlev", "tlevc", "capop", "hspver", "acm", "calcacm"], "Choices of HSPICE"),
];

/// Whether a parameter is none of the tables'.
fn is_other(parameter: &Parameter) -> bool {
    OTHERS[DEPENDENCES.len()..].iter().any(|other| other.is_called(&parameter.name))
}

/// The version that a card without one has.
const VERSION: f64 = 4.8;

/// 4.6.5 is 4.65.
fn number_of_version(value: &Value) -> Option<f64> {
    let Value::Word(text) = value else { return value.number() };
    let (whole, rest) = text.split_once('.')?;
    format!("{whole}.{}", rest.replace('.', "")).parse().ok()
}

/// A model card.
#[derive(Debug, Clone, Copy)]
pub struct Bsim4Model {
    pub general: General,
    pub junctions: JunctionCard,
    pub version: f64,
    values: Values<COUNT>,
}

impl Bsim4Model {
    /// Reads a card: once, unless there is something to say about it.
    pub fn of(card: &Model, polarity: f64, diagnostics: &mut Vec<Diagnostic>) -> Self {
        card.reading.get(|| {
            let before = diagnostics.len();
            let found = Self::read(&card.parameters, polarity, &format!("model `{}`", card.name), diagnostics);
            (found, diagnostics.len() == before)
        })
    }

    pub fn read(parameters: &[Parameter], polarity: f64, owner: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let told = parameters.iter().filter(|parameter| !is_other(parameter)).cloned();
        let (values, plain) = Values::read(&BINNED, &OTHERS_WITH_VALUES, told, owner, diagnostics);
        let is_of_junctions =
            |parameter: &Parameter| JunctionCard::TABLE.iter().any(|info| info.names.contains(&&*parameter.name));
        let (of_junctions, general): (Vec<_>, Vec<_>) = plain.into_iter().partition(is_of_junctions);
        let mut model = Bsim4Model {
            general: General::read(&general, Unknowns::Warn, owner, diagnostics),
            junctions: JunctionCard::read(&of_junctions, Unknowns::Ignore, owner, diagnostics),
            version: VERSION,
            values,
        };
        let version = parameters.iter().rev().find(|parameter| &*parameter.name == "version");
        let version = version.and_then(|parameter| number_of_version(&parameter.value)).unwrap_or(VERSION);
        model.version = version;
        model.leave_out_newer();
        model.complete(polarity);
        model
    }

    /// Values for a transistor, given what dependences on the geometry are multiplied by.
    pub fn at(&self, dependence: [f64; 3]) -> Binned {
        Binned::new(|k| self.values.at(k, dependence))
    }

    /// Takes out what a version does not have.
    fn leave_out_newer(&mut self) {
        let version = self.version;
        let general = &mut self.general;
        let last_mobility = if version < 4.6 { 2.0 } else { 3.0 };
        if version < 4.8 && general.mobmod > last_mobility {
            general.mobmod = 0.0;
        }
        let mut left_out: Vec<&str> = Vec::new();
        if version < 4.7 {
            general.gidlmod = 0.0;
            left_out.extend(["dvtp2", "dvtp4", "dvtp5", "tnfactor", "teta0", "tvoffcv"]);
        }
        if version < 4.6 {
            general.mtrlmod = 0.0;
            left_out.extend(["agisl", "bgisl", "cgisl", "egisl"]);
            if general.tempmod == 3.0 {
                general.tempmod = 0.0;
            }
        }
        for index in left_out.into_iter().filter_map(|name| position(&BINNED, name)) {
            self.values.leave_out(index, BINNED[index].default);
        }
    }

    /// Fills in defaults that depend on the kind of transistor, on `mobmod`, or on other parameters.
    fn complete(&mut self, polarity: f64) {
        let kind = |n: f64, p: f64| if polarity > 0.0 { n } else { p };
        let per_volt = matches!(self.general.mobmod, 1.0 | 5.0);
        let powers = matches!(self.general.mobmod, 2.0 | 6.0);
        let constants = [
            ("u0", kind(0.067, 0.025)),
            ("ud", if self.version < 4.6 { 1e14 } else { 0.0 }),
            ("eu", kind(1.67, 1.0)),
            ("ucs", kind(1.67, 1.0)),
            ("ua", if powers { 1e-15 } else { 1e-9 }),
            ("uc", if per_volt { -0.0465 } else { -0.0465e-9 }),
            ("uc1", if per_volt { -0.056 } else { -0.056e-9 }),
            ("aigc", kind(1.36e-2, 9.8e-3)),
            ("bigc", kind(1.71e-3, 7.59e-4)),
            ("cigc", kind(0.075, 0.03)),
            ("aigsd", kind(1.36e-2, 9.8e-3)),
            ("bigsd", kind(1.71e-3, 7.59e-4)),
            ("cigsd", kind(0.075, 0.03)),
        ];
        for (name, value) in constants {
            if let Some(index) = position(&BINNED, name)
                && !self.values.given.has(index)
            {
                self.values.values[0][index] = value;
            }
        }
        for (name, other) in FOLLOWS {
            if let (Some(index), Some(from)) = (position(&BINNED, name), position(&BINNED, other))
                && !self.values.given.has(index)
            {
                self.values.follow(index, from);
            }
        }
    }

    /// Whether a parameter that may depend on the geometry stood on the card.
    pub fn is_given(&self, name: &str) -> bool {
        position(&BINNED, name).is_some_and(|index| self.values.given.has(index))
    }
}

/// Parameters that are by default another one.
const FOLLOWS: &[(&str, &str)] = &[
    ("dsub", "drout"),
    ("ckappad", "ckappas"),
    ("agisl", "agidl"),
    ("bgisl", "bgidl"),
    ("cgisl", "cgidl"),
    ("egisl", "egidl"),
    ("rgisl", "rgidl"),
    ("kgisl", "kgidl"),
    ("fgisl", "fgidl"),
    ("aigs", "aigsd"),
    ("bigs", "bigsd"),
    ("cigs", "cigsd"),
    ("aigd", "aigsd"),
    ("bigd", "bigsd"),
    ("cigd", "cigsd"),
];
