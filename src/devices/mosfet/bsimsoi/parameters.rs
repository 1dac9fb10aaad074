//! Model cards of BSIMSOI: parameters that depend on the geometry, and the reading of a card.

use super::general_parameters::General;
use crate::circuit::Model;
use crate::circuit::element::Parameter;
use crate::devices::mosfet::bsim::binned::{Values, binned, joined, position};
use crate::devices::parameters::{NamedParameter, ParameterInfo, Unknowns};
use crate::diagnostic::Diagnostic;

binned! {
    cdsc: ["cdsc"], "F/m²", 2.4e-4, "Coupling of drain, source and channel";
    cdscb: ["cdscb"], "F/(V·m²)", 0.0, "Dependence of cdsc on the body";
    cdscd: ["cdscd"], "F/(V·m²)", 0.0, "Dependence of cdsc on the drain";
    cit: ["cit"], "F/m²", 0.0, "Capacitance of interface states";
    nfactor: ["nfactor"], "", 1.0, "Factor of the depletion capacitance in the subthreshold swing";
    vsat: ["vsat"], "m/s", 8e4, "Saturation velocity";
    at: ["at"], "m/s", 3.3e4, "Temperature coefficient of vsat";
    a0: ["a0"], "", 1.0, "Bulk charge";
    ags: ["ags"], "1/V", 0.0, "Dependence of the bulk charge on the gate";
    a1: ["a1"], "1/V", 0.0, "Non-saturation, with the gate";
    a2: ["a2"], "", 1.0, "Non-saturation";
    keta: ["keta"], "1/V", -0.6, "Dependence of the bulk charge on the body";
    ketas: ["ketas"], "V", 0.0, "Added to the surface potential in the bulk charge";
    nsub: ["nsub"], "1/cm³", 6e16, "Doping of the substrate below the buried oxide; negative of the other kind than the body";
    nch: ["nch"], "1/cm³", f64::NAN, "Channel doping (default: 1.7e17, or from gamma1)";
    nsd: ["nsd"], "1/cm³", 1e20, "Doping of source and drain: of mtrlmod=1 alone";
    ngate: ["ngate"], "1/cm³", 0.0, "Gate doping; 0 for no depletion of the gate";
    k1: ["k1"], "√V", f64::NAN, "First body effect coefficient (default: 0.53 with k2, otherwise from gamma1 and gamma2)";
    k1w1: ["k1w1"], "m", 0.0, "Dependence of k1 on the width";
    k1w2: ["k1w2"], "m", 0.0, "Added to the width in it";
    k2: ["k2"], "", f64::NAN, "Second body effect coefficient (default: −0.0186 with k1, otherwise from gamma1 and gamma2)";
    k3: ["k3"], "", 0.0, "Narrow width";
    k3b: ["k3b"], "1/V", 0.0, "Dependence of k3 on the body";
    kb1: ["kb1"], "", 1.0, "Factor on the charge of the back gate";
    kt1: ["kt1"], "V", -0.11, "Temperature coefficient of the threshold";
    kt1l: ["kt1l"], "V·m", 0.0, "Dependence of kt1 on the length";
    kt2: ["kt2"], "", 0.022, "Dependence of kt1 on the body";
    w0: ["w0"], "m", 2.5e-6, "Narrow width";
    lpe0: ["lpe0", "nlx"], "m", 1.74e-7, "Lateral non-uniform doping";
    lpeb: ["lpeb"], "m", 0.0, "Lateral non-uniform doping, of the body effect";
    dvt0: ["dvt0"], "", 2.2, "Short channel";
    dvt1: ["dvt1"], "", 0.53, "Short channel, in its exponent";
    dvt2: ["dvt2"], "1/V", -0.032, "Short channel, with the body";
    dvt0w: ["dvt0w"], "", 0.0, "Narrow and short channel";
    dvt1w: ["dvt1w"], "1/m", 5.3e6, "Narrow and short channel, in its exponent";
    dvt2w: ["dvt2w"], "1/V", -0.032, "Narrow and short channel, with the body";
    dvtp0: ["dvtp0"], "m", 0.0, "Threshold shift of pockets";
    dvtp1: ["dvtp1"], "1/V", 0.0, "The same, with the drain";
    dvtp2: ["dvtp2"], "V·m^dvtp3", 0.0, "Second threshold shift of pockets";
    dvtp3: ["dvtp3"], "", 0.0, "Exponent of the length in it";
    dvtp4: ["dvtp4"], "1/V", 0.0, "The same, with the drain";
    vth0: ["vth0", "vtho"], "V", f64::NAN, "Threshold voltage (default: from vfb)";
    vfb: ["vfb"], "V", f64::NAN, "Flat-band voltage (default: from vth0, without that −1)";
    u0: ["u0"], "m²/Vs", f64::NAN, "Mobility; above 1 in cm²/Vs (default: 0.067, p-channel 0.025)";
    ute: ["ute"], "", -1.5, "Temperature exponent of the mobility";
    ua: ["ua"], "m/V", 2.25e-9, "Fall of the mobility with the field";
    ua1: ["ua1"], "m/V", 4.31e-9, "Temperature coefficient of ua";
    ub: ["ub"], "m²/V²", 5.87e-19, "Fall of the mobility with the field's square";
    ub1: ["ub1"], "m²/V²", -7.61e-18, "Temperature coefficient of ub";
    uc: ["uc"], "m/V²", f64::NAN, "Fall of the mobility with the body (default: −4.65e-11, with mobmod=3 −0.0465 1/V)";
    uc1: ["uc1"], "m/V²", f64::NAN, "Temperature coefficient of uc (default: −5.6e-11, with mobmod=3 −0.056 1/V)";
    ud: ["ud"], "", 0.0, "Fall of the mobility by charges (mobmod 4)";
    ud1: ["ud1"], "", 0.0, "Temperature exponent of ud";
    ucs: ["ucs"], "", f64::NAN, "Exponent of the charges' screening (mobmod 4; default: 1.67, p-channel 1)";
    ucste: ["ucste"], "", -4.775e-3, "Temperature exponent of ucs";
    eu: ["eu"], "", f64::NAN, "Exponent of the field (mobmod 4; default: 1.67, p-channel 1)";
    voff: ["voff"], "V", -0.08, "Offset of the threshold in the subthreshold region";
    minv: ["minv"], "", 0.0, "Shape of the overdrive in moderate inversion";
    delta: ["delta"], "V", 0.01, "Smoothness at vdsat";
    rdsw: ["rdsw"], "Ω·µm^wr", 100.0, "Drain-source resistance of unit width (rdsmod 0)";
    rsw: ["rsw"], "Ω·µm^wr", 50.0, "Source resistance of unit width (rdsmod 1)";
    rdw: ["rdw"], "Ω·µm^wr", 50.0, "Drain resistance of unit width (rdsmod 1)";
    prwg: ["prwg"], "1/V", 0.0, "Dependence of the resistances on the gate";
    prwb: ["prwb"], "1/√V", 0.0, "Dependence of the resistances on the body";
    prt: ["prt"], "Ω·µm^wr", 0.0, "Temperature coefficient of the resistances";
    wr: ["wr"], "", 1.0, "Exponent of the width in the resistances";
    eta0: ["eta0"], "", 0.08, "Drain-induced lowering of the threshold";
    etab: ["etab"], "1/V", -0.07, "Dependence of eta0 on the body";
    dsub: ["dsub"], "", f64::NAN, "Drain-induced lowering, in its exponent (default: drout)";
    drout: ["drout"], "", 0.56, "Drain-induced lowering of the output resistance, in its exponent";
    pclm: ["pclm"], "", 1.3, "Channel-length modulation";
    pdiblc1: ["pdiblc1"], "", 0.39, "Drain-induced lowering of the output resistance, short channels";
    pdiblc2: ["pdiblc2"], "", 0.0086, "The same, any channel";
    pdiblcb: ["pdiblcb"], "1/V", 0.0, "Its dependence on the body";
    pvag: ["pvag"], "", 0.0, "Dependence of the output resistance on the gate";
    fprout: ["fprout"], "V/√m", 0.0, "Fall of the output resistance by pockets";
    pdits: ["pdits"], "1/V", 1e-20, "Threshold shift of the drain, in the output resistance";
    pditsd: ["pditsd"], "1/V", 0.0, "The same, with the drain";
    xj: ["xj"], "m", f64::NAN, "Junction depth (default: tsi)";
    dwg: ["dwg"], "m/V", 0.0, "Dependence of the width on the gate";
    dwb: ["dwb"], "m/√V", 0.0, "Dependence of the width on the body";
    b0: ["b0"], "m", 0.0, "Bulk charge of narrow channels";
    b1: ["b1"], "m", 0.0, "Bulk charge of narrow channels";
    cgsl: ["cgsl"], "F/m", 0.0, "Overlap of the lightly doped source per width";
    cgdl: ["cgdl"], "F/m", 0.0, "Overlap of the lightly doped drain per width";
    ckappa: ["ckappa"], "V", 0.6, "Dependence of both on the voltage";
    delvt: ["delvt"], "V", 0.0, "Shift of the threshold in charges";
    acde: ["acde"], "m/V", 1.0, "Exponent of the charge's thickness in accumulation and depletion (capmod 3)";
    moin: ["moin"], "", 15.0, "Dependence of the surface potential on the gate (capmod 3)";
    noff: ["noff"], "", 1.0, "Smoothness of the charges at the threshold";
    voffcv: ["voffcv"], "V", 0.0, "Offset of the threshold in charges (vgstcvmod 2)";
    minvcv: ["minvcv"], "", 0.0, "minv of the charges (vgstcvmod 2)";
    alpha0: ["alpha0"], "", 0.0, "Impact ionisation";
    beta0: ["beta0"], "1/V", 0.0, "Impact ionisation, in its exponent";
    beta1: ["beta1"], "", 0.0, "Impact ionisation, in its exponent";
    beta2: ["beta2"], "V", 0.1, "Impact ionisation, in its exponent";
    vdsatii0: ["vdsatii0"], "V", 0.9, "Saturation voltage of impact ionisation";
    lii: ["lii"], "V·m", 0.0, "Its dependence on the length";
    esatii: ["esatii"], "V/m", 1e7, "Its field";
    sii0: ["sii0"], "1/V", 0.5, "Its dependence on the gate";
    sii1: ["sii1"], "1/V", 0.1, "Its dependence on the gate";
    sii2: ["sii2"], "", 0.0, "Its dependence on the gate";
    siid: ["siid"], "1/V", 0.0, "Its dependence on the drain";
    fbjtii: ["fbjtii"], "", 0.0, "Part of the parasitic transistor's current in it (iiimod 0)";
    abjtii: ["abjtii"], "", 0.0, "Ionisation by the parasitic transistor, in its exponent (iiimod 1)";
    cbjtii: ["cbjtii"], "1/V", 0.0, "The same, with the length (iiimod 1)";
    ebjtii: ["ebjtii"], "1/V", 0.0, "The same (iiimod 1)";
    mbjtii: ["mbjtii"], "", 0.4, "The same, exponent (iiimod 1)";
    vbci: ["vbci"], "V", 0.0, "The same, potential (iiimod 1)";
    agidl: ["agidl"], "S", 0.0, "Leakage induced by the gate at the drain";
    bgidl: ["bgidl"], "V/m", 2.3e9, "The same, in its exponent";
    cgidl: ["cgidl"], "V³", 0.5, "The same, with the body";
    egidl: ["egidl", "ngidl"], "V", 1.2, "Bending of the bands for it";
    rgidl: ["rgidl"], "", 1.0, "The gate's share in it (gidlmod 1)";
    kgidl: ["kgidl"], "V", 0.0, "The body's effect on it (gidlmod 1)";
    fgidl: ["fgidl"], "V", 0.0, "The body's effect on it (gidlmod 1)";
    agisl: ["agisl"], "S", f64::NAN, "Leakage induced by the gate at the source (default: agidl)";
    bgisl: ["bgisl"], "V/m", f64::NAN, "The same, in its exponent (default: bgidl)";
    cgisl: ["cgisl"], "V³", f64::NAN, "The same, with the body (default: cgidl)";
    egisl: ["egisl"], "V", f64::NAN, "Bending of the bands for it (default: egidl)";
    rgisl: ["rgisl"], "", f64::NAN, "The gate's share in it (default: rgidl)";
    kgisl: ["kgisl"], "V", f64::NAN, "The body's effect on it (default: kgidl)";
    fgisl: ["fgisl"], "V", f64::NAN, "The body's effect on it (default: fgidl)";
    ndiode: ["ndiode"], "", 1.0, "Emission coefficient of the source junction";
    ndioded: ["ndioded"], "", f64::NAN, "That of the drain junction (default: ndiode)";
    nrecf0: ["nrecf0"], "", 2.0, "Emission coefficient of recombination at the source, forward";
    nrecf0d: ["nrecf0d"], "", f64::NAN, "That at the drain (default: nrecf0)";
    nrecr0: ["nrecr0"], "", 10.0, "The same, in reverse";
    nrecr0d: ["nrecr0d"], "", f64::NAN, "That at the drain (default: nrecr0)";
    ntun: ["ntun"], "", 10.0, "Emission coefficient of tunnelling at the source";
    ntund: ["ntund"], "", f64::NAN, "That at the drain (default: ntun)";
    ntrecf: ["ntrecf"], "", 0.0, "Temperature coefficient of nrecf0";
    ntrecr: ["ntrecr"], "", 0.0, "Temperature coefficient of nrecr0";
    isbjt: ["isbjt"], "A/m²", 1e-6, "Saturation current of the parasitic transistor at the source";
    idbjt: ["idbjt"], "A/m²", f64::NAN, "That at the drain (default: isbjt)";
    isdif: ["isdif"], "A/m²", 0.0, "Saturation current of the source junction";
    iddif: ["iddif"], "A/m²", f64::NAN, "That of the drain junction (default: isdif)";
    isrec: ["isrec"], "A/m²", 1e-5, "Recombination at the source";
    idrec: ["idrec"], "A/m²", f64::NAN, "That at the drain (default: isrec)";
    istun: ["istun"], "A/m²", 0.0, "Tunnelling at the source";
    idtun: ["idtun"], "A/m²", f64::NAN, "That at the drain (default: istun)";
    xbjt: ["xbjt"], "", 1.0, "Temperature exponent of isbjt and idbjt";
    xdif: ["xdif"], "", f64::NAN, "Temperature exponent of isdif (default: xbjt)";
    xdifd: ["xdifd"], "", f64::NAN, "That of iddif (default: xdif)";
    xrec: ["xrec"], "", 1.0, "Temperature exponent of isrec";
    xrecd: ["xrecd"], "", f64::NAN, "That of idrec (default: xrec)";
    xtun: ["xtun"], "", 0.0, "Temperature exponent of istun";
    xtund: ["xtund"], "", f64::NAN, "That of idtun (default: xtun)";
    vrec0: ["vrec0"], "V", 0.0, "Dependence of recombination at the source on the voltage, in reverse";
    vrec0d: ["vrec0d"], "V", f64::NAN, "That at the drain (default: vrec0)";
    vtun0: ["vtun0"], "V", 0.0, "Dependence of tunnelling at the source on the voltage";
    vtun0d: ["vtun0d"], "V", f64::NAN, "That at the drain (default: vtun0)";
    nbjt: ["nbjt"], "", 1.0, "Exponent of the length in the parasitic transistor's current";
    lbjt0: ["lbjt0"], "m", 0.2e-6, "Length of it";
    ndif: ["ndif"], "", -1.0, "Exponent of the length in the charge of diffusion";
    vabjt: ["vabjt"], "V", 10.0, "Early voltage of the parasitic transistor";
    aely: ["aely"], "V/m", 0.0, "Its dependence on the length";
    ahli: ["ahli"], "", 0.0, "High injection at the source";
    ahlid: ["ahlid"], "", f64::NAN, "High injection at the drain (default: ahli)";
    vsdfb: ["vsdfb"], "V", f64::NAN, "Flat-band voltage of source and drain against the back gate (default: from nsub)";
    vsdth: ["vsdth"], "V", f64::NAN, "Threshold of source and drain against the back gate (default: from nsub)";
    alphagb1: ["alphagb1"], "1/V", 0.35, "First coefficient of the gate's current to the body in inversion";
    betagb1: ["betagb1"], "1/V²", 0.03, "Second coefficient of it";
    alphagb2: ["alphagb2"], "1/V", 0.43, "First coefficient of the gate's current to the body in accumulation";
    betagb2: ["betagb2"], "1/V²", 0.05, "Second coefficient of it";
    aigbcp2: ["aigbcp2"], "", 0.043, "Current of the gate of the other kind over the body's contact";
    bigbcp2: ["bigbcp2"], "1/V", 0.0054, "The same";
    cigbcp2: ["cigbcp2"], "1/V", 0.0075, "The same";
    aigc: ["aigc"], "√(Fs²/g)/m", f64::NAN, "Current of gate and channel (default: 0.43, p-channel 0.31)";
    bigc: ["bigc"], "√(Fs²/g)/(m·V)", f64::NAN, "The same (default: 0.054, p-channel 0.024)";
    cigc: ["cigc"], "1/V", f64::NAN, "The same (default: 0.075, p-channel 0.03)";
    aigsd: ["aigsd"], "√(Fs²/g)/m", f64::NAN, "Current of gate and ends (default: 0.43, p-channel 0.31)";
    bigsd: ["bigsd"], "√(Fs²/g)/(m·V)", f64::NAN, "The same (default: 0.054, p-channel 0.024)";
    cigsd: ["cigsd"], "1/V", f64::NAN, "The same (default: 0.075, p-channel 0.03)";
    nigc: ["nigc"], "", 1.0, "Slope of the current of gate and channel";
    pigcd: ["pigcd"], "1/V", 1.0, "Fall of the gate's current along the channel";
    poxedge: ["poxedge"], "", 1.0, "Factor on the oxide's thickness at the ends";
    xrcrg1: ["xrcrg1"], "", 12.0, "Gate resistance of the channel: of rgatemod=2 and 3 alone";
    xrcrg2: ["xrcrg2"], "", 1.0, "The same, of diffusion";
}

/// All parameters but the dependences on the geometry.
pub const TABLE: &[ParameterInfo] = &joined::<{ General::TABLE.len() + COUNT }>(General::TABLE, &BINNED);

/// What stands on cards besides: what is there with one value alone, and what is without effect.
pub const OTHERS: &[NamedParameter] = &[
    DEPENDENCES[0],
    DEPENDENCES[1],
    DEPENDENCES[2],
    NamedParameter::new(&["mtrlmod"], "", "0", "Materials other than silicon: 0 alone"),
    NamedParameter::new(&["rbodymod"], "", "0", "Body network: 0 alone"),
    NamedParameter::new(&["version"], "", "4.4", "Version: equations are those of 4.4 whatever it says"),
    NamedParameter::ignored(&["paramchk"], "Whether parameters are looked at"),
    NamedParameter::ignored(
        &["eot", "epsrsub", "ni0sub", "bg0sub", "tbgasub", "tbgbsub", "phig", "easub", "leffeot", "weffeot", "vddeot"],
        "Materials (mtrlmod 1)",
    ),
    NamedParameter::ignored(&["tempeot", "ados", "bdos", "epsrgate", "toxp", "etsi"], "Materials (mtrlmod 1)"),
    NamedParameter::ignored(&["gbmin", "rbdb", "rbsb"], "Body network (rbodymod 1)"),
    NamedParameter::ignored(
        &["vgs_max", "vgd_max", "vgb_max", "vds_max", "vbs_max", "vbd_max", "vgsr_max", "vgdr_max", "vgbr_max"],
        "Bounds of the voltages",
    ),
    NamedParameter::ignored(&["vbsr_max", "vbdr_max"], "Bounds of the voltages"),
];

/// Whether a parameter is none of the tables'.
fn is_other(parameter: &Parameter) -> bool {
    OTHERS[DEPENDENCES.len()..].iter().any(|other| other.is_called(&parameter.name))
}

/// A model card.
#[derive(Debug, Clone, Copy)]
pub struct SoiModel {
    pub general: General,
    values: Values<COUNT>,
}

impl SoiModel {
    /// Reads a card: once, unless there is something to say about it.
    pub fn of(card: &Model, polarity: f64, diagnostics: &mut Vec<Diagnostic>) -> Self {
        card.reading.get(|| {
            let before = diagnostics.len();
            let found = Self::read(&card.parameters, polarity, &format!("model `{}`", card.name), diagnostics);
            (found, diagnostics.len() == before)
        })
    }

    fn read(parameters: &[Parameter], polarity: f64, owner: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let told = parameters.iter().filter(|parameter| !is_other(parameter)).cloned();
        let (values, plain) = Values::read(&BINNED, General::TABLE, told, owner, diagnostics);
        let general = General::read(&plain, Unknowns::Warn, owner, diagnostics);
        let mut model = SoiModel { general, values };
        model.complete(polarity);
        model
    }

    /// Values for a transistor, given what dependences on the geometry are multiplied by.
    pub fn at(&self, dependence: [f64; 3]) -> Binned {
        Binned::new(|k| self.values.at(k, dependence))
    }

    /// Fills in defaults that depend on the kind of transistor, on `mobmod`, or on other parameters.
    fn complete(&mut self, polarity: f64) {
        let kind = |n: f64, p: f64| if polarity > 0.0 { n } else { p };
        let per_volt = self.general.mobmod == 3.0;
        let constants = [
            ("u0", kind(0.067, 0.025)),
            ("uc", if per_volt { -0.0465 } else { -0.0465e-9 }),
            ("uc1", if per_volt { -0.056 } else { -0.056e-9 }),
            ("ucs", kind(1.67, 1.0)),
            ("eu", kind(1.67, 1.0)),
            ("xj", self.general.tsi),
            ("aigc", kind(0.43, 0.31)),
            ("bigc", kind(0.054, 0.024)),
            ("cigc", kind(0.075, 0.03)),
            ("aigsd", kind(0.43, 0.31)),
            ("bigsd", kind(0.054, 0.024)),
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

/// Parameters that are by default another one, after that.
const FOLLOWS: &[(&str, &str)] = &[
    ("dsub", "drout"),
    ("agisl", "agidl"),
    ("bgisl", "bgidl"),
    ("cgisl", "cgidl"),
    ("egisl", "egidl"),
    ("rgisl", "rgidl"),
    ("kgisl", "kgidl"),
    ("fgisl", "fgidl"),
    ("ndioded", "ndiode"),
    ("nrecf0d", "nrecf0"),
    ("nrecr0d", "nrecr0"),
    ("ntund", "ntun"),
    ("idbjt", "isbjt"),
    ("iddif", "isdif"),
    ("idrec", "isrec"),
    ("idtun", "istun"),
    ("xdif", "xbjt"),
    ("xdifd", "xdif"),
    ("xrecd", "xrec"),
    ("xtund", "xtun"),
    ("vrec0d", "vrec0"),
    ("vtun0d", "vtun0"),
    ("ahlid", "ahli"),
];
