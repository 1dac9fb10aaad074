//! Model cards of BSIM1: those of the channel that are the same for all transistors, and those that depend on the geometry.

use crate::devices::mosfet::bsim::binned::binned;
use crate::parameters;

parameters! {
    /// Parameters that do not depend on the geometry.
    pub struct General {
        muz: ["muz"], "cm²/Vs", 0.0, "Mobility at small vds and at the threshold";
        tox: ["tox"], "µm", 0.0, "Oxide thickness, always to be given";
        vdd: ["vdd"], "V", 0.0, "Drain voltage of mus";
        #[allow(dead_code, reason = "without effect, as in ngspice")]
        temp: ["temp"], "°C", 0.0, "Temperature of the parameters";
        xpart: ["xpart"], "", 0.0, "Shares of drain and source in the channel's charge: 0 for 40/60, others for 0/100";
        #[allow(dead_code, reason = "without effect, as in ngspice")]
        wdf: ["wdf"], "µm", 0.0, "Width of drain and source";
    }
}

binned! {
    vfb: ["vfb"], "V", 0.0, "Flat-band voltage";
    phi: ["phi"], "V", 0.0, "Surface potential, at least 0.1";
    k1: ["k1"], "√V", 0.0, "Body effect, at least 0";
    k2: ["k2"], "", 0.0, "Sharing of the depletion charge with drain and source, at least 0";
    eta: ["eta"], "", 0.0, "Effect of the drain on the threshold";
    x2e: ["x2e"], "1/V", 0.0, "Dependence of eta on the bulk";
    x3e: ["x3e"], "1/V", 0.0, "Dependence of eta on the drain";
    x2mz: ["x2mz"], "cm²/V²s", 0.0, "Dependence of muz on the bulk";
    mus: ["mus"], "cm²/Vs", 0.0, "Mobility at vds = vdd and at the threshold";
    x2ms: ["x2ms"], "cm²/V²s", 0.0, "Dependence of mus on the bulk";
    x3ms: ["x3ms"], "cm²/V²s", 0.0, "Dependence of mus on the drain, at least 0";
    u0: ["u0"], "1/V", 0.0, "Effect of the gate on the mobility";
    x2u0: ["x2u0"], "1/V²", 0.0, "Dependence of u0 on the bulk";
    u1: ["u1"], "µm/V", 0.0, "Velocity saturation";
    x2u1: ["x2u1"], "µm/V²", 0.0, "Dependence of u1 on the bulk";
    x3u1: ["x3u1"], "µm/V²", 0.0, "Dependence of u1 on the drain";
    n0: ["n0"], "", 0.0, "Subthreshold slope; from 200 on there is no subthreshold current";
    nb: ["nb"], "1/V", 0.0, "Dependence of n0 on the bulk";
    nd: ["nd"], "1/V", 0.0, "Dependence of n0 on the drain";
}
