//! Model cards of BSIM3: parameters that are the same for all transistors, and those that depend on the geometry.

use crate::circuit::Model;
use crate::circuit::element::{Parameter, Value};
use crate::devices::mosfet::bsim::binned::{Values, binned, joined, position};
use crate::devices::parameters::{NamedParameter, ParameterInfo, Unknowns};
use crate::diagnostic::Diagnostic;
use crate::parameters;

parameters! {
    /// Parameters that do not depend on the geometry.
    pub struct General {
        #[allow(dead_code)]
        level: ["level"], "", 8.0, "Model level";
        mobmod: ["mobmod"], "", 1.0, "Equations of the mobility: 1, 2 or 3";
        capmod: ["capmod"], "", 3.0, "Equations of the charges: 0, 1, 2 or 3";
        noimod: ["noimod"], "", 1.0, "Equations of the noise: 1 to 4; 5 and 6 as 1 and 2, smooth at vdsat";
        #[allow(dead_code)]
        nqsmod: ["nqsmod"], "", 0.0, "Charges that follow with a delay: 0 alone, for none";
        binunit: ["binunit"], "", 1.0, "Unit of length of the dependences on geometry: 1 for µm, others for m";
        tnom: ["tnom", "tref"], "°C", f64::NAN, "Temperature of the parameters";
        tox: ["tox"], "m", 150e-10, "Oxide thickness";
        toxm: ["toxm"], "m", f64::NAN, "Oxide thickness at which the parameters were found (default: tox)";
        xpart: ["xpart"], "", 0.0, "Share of the drain in the channel's charge: below 0.5 40/60, 0.5 50/50, above 0/100";
        lint: ["lint"], "m", 0.0, "Taken from the length at both ends";
        ll: ["ll"], "m^(1+lln)", 0.0, "The same, with the length";
        lln: ["lln"], "", 1.0, "Exponent of the length in it";
        lw: ["lw"], "m^(1+lwn)", 0.0, "The same, with the width";
        lwn: ["lwn"], "", 1.0, "Exponent of the width in it";
        lwl: ["lwl"], "m^(1+lln+lwn)", 0.0, "The same, with their product";
        llc: ["llc"], "m^(1+lln)", f64::NAN, "ll of the capacitances (default: ll)";
        lwc: ["lwc"], "m^(1+lwn)", f64::NAN, "lw of the capacitances (default: lw)";
        lwlc: ["lwlc"], "m^(1+lln+lwn)", f64::NAN, "lwl of the capacitances (default: lwl)";
        wint: ["wint"], "m", 0.0, "Taken from the width at both sides";
        wl: ["wl"], "m^(1+wln)", 0.0, "The same, with the length";
        wln: ["wln"], "", 1.0, "Exponent of the length in it";
        ww: ["ww"], "m^(1+wwn)", 0.0, "The same, with the width";
        wwn: ["wwn"], "", 1.0, "Exponent of the width in it";
        wwl: ["wwl"], "m^(1+wln+wwn)", 0.0, "The same, with their product";
        wlc: ["wlc"], "m^(1+wln)", f64::NAN, "wl of the capacitances (default: wl)";
        wwc: ["wwc"], "m^(1+wwn)", f64::NAN, "ww of the capacitances (default: ww)";
        wwlc: ["wwlc"], "m^(1+wln+wwn)", f64::NAN, "wwl of the capacitances (default: wwl)";
        dlc: ["dlc"], "m", f64::NAN, "lint of the capacitances (default: lint)";
        dwc: ["dwc"], "m", f64::NAN, "wint of the capacitances (default: wint)";
        xl: ["xl"], "m", 0.0, "Added to the length";
        xw: ["xw"], "m", 0.0, "Added to the width";
        cgso: ["cgso"], "F/m", f64::NAN, "Gate-source overlap capacitance per width (default: dlc·cox − cgsl, or 0.6·xj·cox without dlc)";
        cgdo: ["cgdo"], "F/m", f64::NAN, "Gate-drain overlap capacitance per width (default: likewise)";
        cgbo: ["cgbo"], "F/m", f64::NAN, "Gate-bulk overlap capacitance per length (default: 2·dwc·cox)";
        rsh: ["rsh"], "Ω/□", 0.0, "Drain and source sheet resistance";
        js: ["js"], "A/m²", 1e-4, "Bulk junction saturation current density";
        jsw: ["jsw"], "A/m", 0.0, "Bulk junction saturation current of the sidewall";
        nj: ["nj"], "", 1.0, "Emission coefficient of the bulk junctions";
        xti: ["xti"], "", 3.0, "Temperature exponent of their saturation current";
        ijth: ["ijth"], "A", 0.1, "Current above which they are continued by tangents; 0 for nowhere";
        cj: ["cj"], "F/m²", 5e-4, "Zero-bias bottom capacitance of bulk junctions";
        mj: ["mj"], "", 0.5, "Bottom grading coefficient";
        pb: ["pb"], "V", 1.0, "Bottom potential";
        cjsw: ["cjsw"], "F/m", 5e-10, "Zero-bias sidewall capacitance of bulk junctions";
        mjsw: ["mjsw"], "", 0.33, "Sidewall grading coefficient";
        pbsw: ["pbsw"], "V", 1.0, "Sidewall potential";
        cjswg: ["cjswg"], "F/m", f64::NAN, "Zero-bias capacitance of the sidewall at the gate (default: cjsw)";
        mjswg: ["mjswg"], "", f64::NAN, "Its grading coefficient (default: mjsw)";
        pbswg: ["pbswg"], "V", f64::NAN, "Its potential (default: pbsw)";
        tcj: ["tcj"], "1/K", 0.0, "Temperature coefficient of cj";
        tcjsw: ["tcjsw"], "1/K", 0.0, "Temperature coefficient of cjsw";
        tcjswg: ["tcjswg"], "1/K", 0.0, "Temperature coefficient of cjswg";
        tpb: ["tpb"], "V/K", 0.0, "Temperature coefficient of pb, downwards";
        tpbsw: ["tpbsw"], "V/K", 0.0, "Temperature coefficient of pbsw, downwards";
        tpbswg: ["tpbswg"], "V/K", 0.0, "Temperature coefficient of pbswg, downwards";
        noia: ["noia"], "", f64::NAN, "Flicker noise parameter A (default: 1e20, p-channel 9.9e18)";
        noib: ["noib"], "", f64::NAN, "Flicker noise parameter B (default: 5e4, p-channel 2.4e3)";
        noic: ["noic"], "", f64::NAN, "Flicker noise parameter C (default: −1.4e-12, p-channel 1.4e-12)";
        em: ["em"], "V/m", 4.1e7, "Field above which channel-length modulation adds to flicker noise";
        ef: ["ef"], "", 1.0, "Flicker noise frequency exponent";
        af: ["af"], "", 1.0, "Flicker noise exponent (noimod 1, 4)";
        kf: ["kf"], "", 0.0, "Flicker noise coefficient (noimod 1, 4)";
        lintnoi: ["lintnoi"], "m", 0.0, "Taken from the length at both ends, in flicker noise (noimod 2, 3)";
        length: ["l"], "m", f64::NAN, "Length of transistors that give none";
        width: ["w"], "m", f64::NAN, "Width of transistors that give none";
        #[allow(dead_code)]
        lmin: ["lmin"], "m", 0.0, "Least length of this bin";
        #[allow(dead_code)]
        lmax: ["lmax"], "m", f64::INFINITY, "Largest length of this bin";
        #[allow(dead_code)]
        wmin: ["wmin"], "m", 0.0, "Least width of this bin";
        #[allow(dead_code)]
        wmax: ["wmax"], "m", f64::INFINITY, "Largest width of this bin";
    }
}

binned! {
    cdsc: ["cdsc"], "F/m²", 2.4e-4, "Coupling of drain, source and channel";
    cdscb: ["cdscb"], "F/(V·m²)", 0.0, "Dependence of cdsc on the bulk";
    cdscd: ["cdscd"], "F/(V·m²)", 0.0, "Dependence of cdsc on the drain";
    cit: ["cit"], "F/m²", 0.0, "Capacitance of interface states";
    nfactor: ["nfactor"], "", 1.0, "Factor of the depletion capacitance in the subthreshold swing";
    xj: ["xj"], "m", 0.15e-6, "Junction depth";
    vsat: ["vsat"], "m/s", 8e4, "Saturation velocity";
    at: ["at"], "m/s", 3.3e4, "Temperature coefficient of vsat";
    a0: ["a0"], "", 1.0, "Bulk charge";
    ags: ["ags"], "1/V", 0.0, "Dependence of the bulk charge on the gate";
    a1: ["a1"], "1/V", 0.0, "Non-saturation, with the gate";
    a2: ["a2"], "", 1.0, "Non-saturation";
    keta: ["keta"], "1/V", -0.047, "Dependence of the bulk charge on the bulk";
    nsub: ["nsub"], "1/cm³", 6e16, "Substrate doping";
    nch: ["nch"], "1/cm³", 1.7e17, "Channel doping";
    ngate: ["ngate"], "1/cm³", 0.0, "Gate doping; 0 for no depletion of the gate";
    gamma1: ["gamma1"], "√V", f64::NAN, "Body effect near the surface (default: from nch)";
    gamma2: ["gamma2"], "√V", f64::NAN, "Body effect in the bulk (default: from nsub)";
    vbx: ["vbx"], "V", f64::NAN, "Bulk voltage at which the depletion layer is xt wide (default: from nch and xt)";
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
    nlx: ["nlx"], "m", 1.74e-7, "Lateral non-uniform doping";
    dvt0: ["dvt0"], "", 2.2, "Short channel";
    dvt1: ["dvt1"], "", 0.53, "Short channel, in its exponent";
    dvt2: ["dvt2"], "1/V", -0.032, "Short channel, with the bulk";
    dvt0w: ["dvt0w"], "", 0.0, "Narrow and short channel";
    dvt1w: ["dvt1w"], "1/m", 5.3e6, "Narrow and short channel, in its exponent";
    dvt2w: ["dvt2w"], "1/V", -0.032, "Narrow and short channel, with the bulk";
    drout: ["drout"], "", 0.56, "Drain-induced lowering of the output resistance, in its exponent";
    dsub: ["dsub"], "", f64::NAN, "Drain-induced lowering of the threshold, in its exponent (default: drout)";
    vth0: ["vth0", "vtho"], "V", f64::NAN, "Threshold of long channels at zero bulk bias (default: from vfb)";
    ua: ["ua"], "m/V", 2.25e-9, "First-order decrease of the mobility";
    ua1: ["ua1"], "m/V", 4.31e-9, "Temperature coefficient of ua";
    ub: ["ub"], "(m/V)²", 5.87e-19, "Second-order decrease of the mobility";
    ub1: ["ub1"], "(m/V)²", -7.61e-18, "Temperature coefficient of ub";
    uc: ["uc"], "m/V², 1/V", f64::NAN, "Decrease of the mobility with the bulk (default: −0.0465e-9, mobmod 3 −0.0465)";
    uc1: ["uc1"], "m/V², 1/V", f64::NAN, "Temperature coefficient of uc (default: −0.056e-9, mobmod 3 −0.056)";
    u0: ["u0"], "m²/Vs, cm²/Vs", f64::NAN, "Mobility; above 1 in cm²/Vs (default: 0.067, p-channel 0.025)";
    ute: ["ute"], "", -1.5, "Temperature exponent of the mobility";
    voff: ["voff"], "V", -0.08, "Offset of the threshold in the subthreshold region";
    elm: ["elm"], "", 5.0, "Elmore constant of the channel (without effect: nqsmod)";
    delta: ["delta"], "V", 0.01, "Smoothness at vdsat";
    rdsw: ["rdsw"], "Ω·µm^wr", 0.0, "Drain-source resistance of unit width";
    prwg: ["prwg"], "1/V", 0.0, "Dependence of rdsw on the gate";
    prwb: ["prwb"], "1/√V", 0.0, "Dependence of rdsw on the bulk";
    prt: ["prt"], "Ω·µm^wr", 0.0, "Temperature coefficient of rdsw";
    eta0: ["eta0"], "", 0.08, "Drain-induced lowering of the threshold";
    etab: ["etab"], "1/V", -0.07, "Dependence of eta0 on the bulk";
    pclm: ["pclm"], "", 1.3, "Channel-length modulation";
    pdiblc1: ["pdiblc1"], "", 0.39, "Drain-induced lowering of the output resistance, short channels";
    pdiblc2: ["pdiblc2"], "", 0.0086, "The same, any channel";
    pdiblcb: ["pdiblcb"], "1/V", 0.0, "Its dependence on the bulk";
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
    ckappa: ["ckappa"], "V", 0.6, "Dependence of cgsl and cgdl on the voltage";
    cf: ["cf"], "F/m", f64::NAN, "Fringing capacitance per width (default: from tox)";
    clc: ["clc"], "m", 0.1e-6, "Bulk charge of short channels, in capacitances";
    cle: ["cle"], "", 0.6, "Exponent of the length in it";
    alpha0: ["alpha0"], "m/V", 0.0, "Impact ionisation";
    alpha1: ["alpha1"], "1/V", 0.0, "Impact ionisation, with the length";
    beta0: ["beta0"], "V", 30.0, "Impact ionisation, in its exponent";
    vfbcv: ["vfbcv"], "V", -1.0, "Flat-band voltage (capmod 0)";
    vfb: ["vfb"], "V", f64::NAN, "Flat-band voltage (default: from vth0, without that −1)";
    acde: ["acde"], "m/V", 1.0, "Exponent of the charge's thickness in accumulation and depletion (capmod 3)";
    moin: ["moin"], "V^(3/2)", 15.0, "Dependence of the surface potential on the gate (capmod 3)";
    noff: ["noff"], "", 1.0, "Smoothness of the charges at the threshold";
    voffcv: ["voffcv"], "V", 0.0, "Offset of the threshold in the charges";
}

/// All parameters but the dependences on the geometry.
pub const TABLE: &[ParameterInfo] = &joined::<{ General::TABLE.len() + COUNT }>(General::TABLE, &BINNED);

/// What stands on cards besides: the version, and what is without effect.
pub const OTHERS: &[NamedParameter] = &[
    DEPENDENCES[0],
    DEPENDENCES[1],
    DEPENDENCES[2],
    NamedParameter::new(
        &["version"],
        "",
        "3.3",
        "Version of the equations, as 3.2.4 or 3.24: before 3.3 and 3.2 charges differ",
    ),
    NamedParameter::ignored(&["paramchk"], "Whether parameters are looked at"),
    NamedParameter::ignored(&["acnqsmod"], "Delay of the channel's charge over frequency"),
    NamedParameter::ignored(&["tlev", "tlevc", "capop", "hspver"], "Choices of HSPICE"),
];

/// Whether a parameter is without effect: one of those, or a method of finding areas that is 0, for none.
fn is_silent(parameter: &Parameter) -> bool {
    let is_method = ["acm", "calcacm"].contains(&&*parameter.name) && parameter.value.number() == Some(0.0);
    is_method || OTHERS[DEPENDENCES.len()..].iter().any(|other| other.is_called(&parameter.name))
}

/// The version that a card without one has.
const VERSION: f64 = 3.3;

/// A model card.
#[derive(Debug, Clone, Copy)]
pub struct Bsim3Model {
    pub general: General,
    /// 3.24 for 3.2.4.
    pub version: f64,
    values: Values<COUNT>,
}

impl Bsim3Model {
    /// Reads a card: once, unless there is something to say about it.
    pub fn of(card: &Model, diagnostics: &mut Vec<Diagnostic>) -> Self {
        card.reading.get(|| {
            let before = diagnostics.len();
            let found = Self::read(&card.parameters, &format!("model `{}`", card.name), diagnostics);
            (found, diagnostics.len() == before)
        })
    }

    fn read(parameters: &[Parameter], owner: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let told = parameters.iter().filter(|parameter| !is_silent(parameter)).cloned();
        let (values, plain) = Values::read(&BINNED, General::TABLE, told, owner, diagnostics);
        let version = parameters.iter().rev().find(|parameter| &*parameter.name == "version");
        let version = version.and_then(|parameter| number_of_version(&parameter.value)).unwrap_or(VERSION);
        Bsim3Model { version, general: General::read(&plain, Unknowns::Warn, owner, diagnostics), values }
    }

    /// Values for a transistor, given what dependences on the geometry are multiplied by.
    pub fn at(&self, dependence: [f64; 3]) -> Binned {
        Binned::new(|k| self.values.at(k, dependence))
    }

    /// Whether a parameter that may depend on the geometry stood on the card.
    pub fn is_given(&self, name: &str) -> bool {
        position(&BINNED, name).is_some_and(|index| self.values.given.has(index))
    }
}

/// 3.2.4 and 3.24 are the same.
fn number_of_version(value: &Value) -> Option<f64> {
    let Value::Word(text) = value else { return value.number() };
    let (whole, rest) = text.split_once('.')?;
    format!("{whole}.{}", rest.replace('.', "")).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::mosfet::bsim::binned;

    fn dependence(name: &str) -> Option<(usize, usize)> {
        binned::dependence(&BINNED, General::TABLE, name)
    }

    fn position(name: &str) -> Option<usize> {
        binned::position(&BINNED, name)
    }

    #[test]
    fn versions_are_written_with_one_dot_or_two() {
        assert_eq!(number_of_version(&Value::Word("3.2.4".into())), Some(3.24));
        assert_eq!(number_of_version(&Value::Number(3.24)), Some(3.24));
        assert_eq!(number_of_version(&Value::Word("3.3.0".into())), Some(3.3));
        assert_eq!(number_of_version(&Value::Word("new".into())), None);
    }

    #[test]
    fn names_of_dependences_are_those_of_parameters_behind_a_letter() {
        assert_eq!(dependence("lk1"), position("k1").map(|index| (1, index)));
        assert_eq!(dependence("pvtho"), position("vth0").map(|index| (3, index)));
        for name in ["pclm", "wr", "w0", "lint", "pvag", "lwl", "k1", "pk"] {
            assert_eq!(dependence(name), None, "{name}");
        }
        assert_eq!(dependence("ppclm"), position("pclm").map(|index| (3, index)));
        for (part, row) in DEPENDENCES.iter().enumerate() {
            assert!(row.names.iter().all(|name| dependence(name).is_some_and(|(found, _)| found == part + 1)));
        }
    }
}
