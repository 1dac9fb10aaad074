//! Model cards of BSIM2: those of the channel that are the same for all transistors, and those that depend on the geometry.

use crate::devices::mosfet::bsim::binned::binned;
use crate::parameters;

parameters! {
    /// Parameters that do not depend on the geometry.
    pub struct General {
        mu0: ["mu0"], "cm²/Vs", 400.0, "Mobility at small vds";
        tox: ["tox"], "µm", 0.03, "Oxide thickness";
        vdd: ["vdd"], "V", 5.0, "Drain voltage of mus0; vds counts up to twice it";
        vgg: ["vgg"], "V", 5.0, "Largest gate voltage: vgs counts up to twice it";
        vbb: ["vbb"], "V", -5.0, "Largest reverse bias of the bulk, of either sign: vbs counts down to twice it";
        temp: ["temp"], "°C", 27.0, "Temperature of the channel";
        xpart: ["xpart"], "", 0.0, "Above 1 the channel has no charge; drain and source always share it 40/60";
        #[allow(dead_code, reason = "without effect, as in ngspice")]
        wdf: ["wdf"], "µm", 10.0, "Width of drain and source";
    }
}

binned! {
    vfb: ["vfb"], "V", -1.0, "Flat-band voltage";
    phi: ["phi"], "V", 0.75, "Surface potential";
    k1: ["k1"], "√V", 0.8, "Body effect";
    k2: ["k2"], "", 0.0, "Sharing of the depletion charge with drain and source";
    eta0: ["eta0"], "", 0.0, "Effect of the drain on the threshold";
    etab: ["etab"], "1/V", 0.0, "Dependence of eta0 on the bulk";
    mu0b: ["mu0b"], "cm²/V²s", 0.0, "Dependence of mu0 on the bulk";
    mus0: ["mus0"], "cm²/Vs", 500.0, "Mobility at vds = vdd, at least 1.01·mu0";
    musb: ["musb"], "cm²/V²s", 0.0, "Dependence of mus0 on the bulk";
    mu20: ["mu20"], "", 1.5, "How the mobility goes over into saturation";
    mu2b: ["mu2b"], "1/V", 0.0, "Dependence of mu20 on the bulk";
    mu2g: ["mu2g"], "1/V", 0.0, "Dependence of mu20 on the gate";
    mu30: ["mu30"], "cm²/V²s", 10.0, "Linear dependence of the mobility on the drain";
    mu3b: ["mu3b"], "cm²/V³s", 0.0, "Dependence of mu30 on the bulk";
    mu3g: ["mu3g"], "cm²/V³s", 0.0, "Dependence of mu30 on the gate";
    mu40: ["mu40"], "cm²/V³s", 0.0, "Quadratic dependence of the mobility on the drain";
    mu4b: ["mu4b"], "cm²/V⁴s", 0.0, "Dependence of mu40 on the bulk";
    mu4g: ["mu4g"], "cm²/V⁴s", 0.0, "Dependence of mu40 on the gate";
    ua0: ["ua0"], "1/V", 0.2, "Linear effect of the gate on the mobility";
    uab: ["uab"], "1/V²", 0.0, "Dependence of ua0 on the bulk";
    ub0: ["ub0"], "1/V²", 0.0, "Quadratic effect of the gate on the mobility";
    ubb: ["ubb"], "1/V³", 0.0, "Dependence of ub0 on the bulk";
    u10: ["u10"], "1/V", 0.1, "Velocity saturation";
    u1b: ["u1b"], "1/V²", 0.0, "Dependence of u10 on the bulk";
    u1d: ["u1d"], "", 0.0, "Dependence of u10 on the drain";
    n0: ["n0"], "", 1.4, "Subthreshold slope; 0 for no subthreshold current";
    nb: ["nb"], "√V", 0.5, "Dependence of n0 on the bulk";
    nd: ["nd"], "1/V", 0.0, "Dependence of n0 on the drain";
    vof0: ["vof0"], "", 1.8, "Logarithm of a factor on the subthreshold current";
    vofb: ["vofb"], "1/V", 0.0, "Dependence of vof0 on the bulk";
    vofd: ["vofd"], "1/V", 0.0, "Dependence of vof0 on the drain";
    ai0: ["ai0"], "", 0.0, "Factor of impact ionisation; 0 for none";
    aib: ["aib"], "1/V", 0.0, "Dependence of ai0 on the bulk";
    bi0: ["bi0"], "V", 0.0, "Voltage of impact ionisation";
    bib: ["bib"], "", 0.0, "Dependence of bi0 on the bulk";
    vghigh: ["vghigh"], "V", 0.2, "vgs − vth from which the channel is in strong inversion";
    vglow: ["vglow"], "V", -0.15, "vgs − vth up to which it is in weak inversion";
}
