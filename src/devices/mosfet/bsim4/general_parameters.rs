//! Parameters of BSIM4's model cards that do not depend on the geometry.

use crate::parameters;

parameters! {
    /// Parameters that do not depend on the geometry: oxide, sizes, choices of equations, resistances.
    pub struct General {
        #[allow(dead_code)]
        level: ["level"], "", 14.0, "Model level";
        mobmod: ["mobmod"], "", 0.0, "Equations of the mobility: 0 to 6";
        capmod: ["capmod"], "", 2.0, "Equations of the charges: 0, 1 or 2";
        cvchargemod: ["cvchargemod"], "", 0.0, "Equations of the charges' overdrive: 0 or 1";
        rdsmod: ["rdsmod"], "", 0.0, "Resistance of the lightly doped ends: 0 in the channel, 1 outside";
        rbodymod: ["rbodymod"], "", 0.0, "Substrate network: 0 none, 1 of given resistances, 2 of scaled ones";
        rgatemod: ["rgatemod"], "", 0.0, "Gate resistance: 0 none, 1 of the electrode, 2 with the channel's in one, 3 in two nodes";
        permod: ["permod"], "", 1.0, "Whether pd and ps have the side at the gate in them";
        geomod: ["geomod"], "", 0.0, "How ends are shared, 0 to 10";
        rgeomod: ["rgeomod"], "", 0.0, "How ends are contacted, 0 (no resistance) to 8";
        diomod: ["diomod"], "", 1.0, "Equations of the junctions: 0, 1 or 2";
        fnoimod: ["fnoimod"], "", 1.0, "Flicker noise: 0 of SPICE2, 1 unified";
        tnoimod: ["tnoimod"], "", 0.0, "Thermal noise: 0 of the charge, 1 of the conductances";
        igcmod: ["igcmod"], "", 0.0, "Current of the gate to channel and ends: 0 none, 1, or 2 with the threshold of the bias";
        igbmod: ["igbmod"], "", 0.0, "Current of the gate to the bulk: 0 none, or 1";
        tempmod: ["tempmod"], "", 0.0, "Equations of the temperature: 0 to 3";
        mtrlmod: ["mtrlmod"], "", 0.0, "Materials: 0 silicon, 1 by their parameters";
        mtrlcompatmod: ["mtrlcompatmod"], "", 0.0, "With mtrlmod=1, whether toxp is found as with 0";
        gidlmod: ["gidlmod"], "", 0.0, "Equations of gate-induced leakage: 0 or 1";
        wpemod: ["wpemod"], "", 0.0, "Whether the well's edge counts";
        binunit: ["binunit"], "", 1.0, "Unit of length of the dependences on geometry: 1 for µm, others for m";
        tnom: ["tnom", "tref"], "°C", f64::NAN, "Temperature of the parameters";
        toxe: ["toxe"], "m", f64::NAN, "Electrical oxide thickness (default: 3 nm, with toxp toxp + dtox)";
        toxp: ["toxp"], "m", f64::NAN, "Physical oxide thickness (default: toxe − dtox)";
        toxm: ["toxm"], "m", f64::NAN, "Oxide thickness at which the parameters were found (default: toxe)";
        toxref: ["toxref"], "m", 30e-10, "Oxide thickness of the gate current's parameters";
        dtox: ["dtox"], "m", 0.0, "toxe − toxp";
        epsrox: ["epsrox"], "", 3.9, "Relative permittivity of the gate's oxide";
        eot: ["eot"], "m", 15e-10, "Equivalent thickness of silicon dioxide (mtrlmod 1)";
        vddeot: ["vddeot"], "V", f64::NAN, "Gate voltage at which eot was found (default: 1.5, p-channel −1.5)";
        tempeot: ["tempeot"], "K", 300.15, "Temperature at which eot was found";
        leffeot: ["leffeot"], "m", 1.0, "Length at which eot was found";
        weffeot: ["weffeot"], "m", 10.0, "Width at which eot was found";
        ados: ["ados"], "", 1.0, "Thickness of the inverted layer's charge";
        bdos: ["bdos"], "", 1.0, "Its exponent";
        epsrgate: ["epsrgate"], "", 11.7, "Relative permittivity of the gate";
        epsrsub: ["epsrsub"], "", 11.7, "Relative permittivity of the substrate";
        phig: ["phig"], "eV", 4.05, "Work function of the gate";
        easub: ["easub"], "eV", 4.05, "Electron affinity of the substrate";
        ni0sub: ["ni0sub"], "1/cm³", 1.45e10, "Intrinsic concentration at 300.15 K";
        bg0sub: ["bg0sub"], "eV", 1.16, "Band gap at 0 K";
        tbgasub: ["tbgasub"], "eV/K", 7.02e-4, "First temperature coefficient of the band gap";
        tbgbsub: ["tbgbsub"], "K", 1108.0, "Second temperature coefficient of the band gap";
        lc: ["lc"], "m", 5e-9, "Length of back-scattering, of vtl";
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
        dwj: ["dwj"], "m", f64::NAN, "wint of the junctions (default: dwc)";
        dlcig: ["dlcig"], "m", f64::NAN, "Overlap of gate and source, of its current (default: lint)";
        dlcigd: ["dlcigd"], "m", f64::NAN, "Overlap of gate and drain (default: dlcig)";
        xl: ["xl"], "m", 0.0, "Added to the length";
        xw: ["xw"], "m", 0.0, "Added to the width";
        xgw: ["xgw"], "m", 0.0, "From the gate's contact to the channel";
        xgl: ["xgl"], "m", 0.0, "Taken from the gate's length";
        ngcon: ["ngcon"], "", 1.0, "Contacts of the gate: 1 or 2";
        rshg: ["rshg"], "Ω/□", 0.1, "Gate electrode sheet resistance";
        rsh: ["rsh"], "Ω/□", 0.0, "Drain and source sheet resistance";
        dmcg: ["dmcg"], "m", 0.0, "From the middle of a contact to the gate's edge";
        dmci: ["dmci"], "m", f64::NAN, "From the middle of a contact to the edge of the diffusion (default: dmcg)";
        dmdg: ["dmdg"], "m", 0.0, "Half the distance of merged gates";
        dmcgt: ["dmcgt"], "m", 0.0, "Taken from dmcg and dmdg";
        cgso: ["cgso"], "F/m", f64::NAN, "Gate-source overlap capacitance per width (default: dlc·cox − cgsl, or 0.6·xj·cox without dlc)";
        cgdo: ["cgdo"], "F/m", f64::NAN, "Gate-drain overlap capacitance per width (default: likewise)";
        cgbo: ["cgbo"], "F/m", f64::NAN, "Gate-bulk overlap capacitance per length (default: 2·dwc·cox)";
        rnoia: ["rnoia"], "", 0.577, "Induced noise, tnoimod 1";
        rnoib: ["rnoib"], "", 0.5164, "Part of the noise that is in the source, tnoimod 1";
        tnoia: ["tnoia"], "1/m", 1.5, "Dependence of rnoia on the length";
        tnoib: ["tnoib"], "1/m", 3.5, "Dependence of rnoib on the length";
        ntnoi: ["ntnoi"], "", 1.0, "Factor on the thermal noise, tnoimod 0";
        noia: ["noia"], "", f64::NAN, "Flicker noise parameter A (default: 6.25e41, p-channel 6.188e40)";
        noib: ["noib"], "", f64::NAN, "Flicker noise parameter B (default: 3.125e26, p-channel 1.5e25)";
        noic: ["noic"], "", 8.75e9, "Flicker noise parameter C";
        em: ["em"], "V/m", 4.1e7, "Field above which channel-length modulation adds to flicker noise";
        ef: ["ef"], "", 1.0, "Flicker noise frequency exponent";
        af: ["af"], "", 1.0, "Flicker noise exponent (fnoimod 0)";
        kf: ["kf"], "", 0.0, "Flicker noise coefficient (fnoimod 0)";
        lintnoi: ["lintnoi"], "m", 0.0, "Taken from the length at both ends, in flicker noise (fnoimod 1)";
        web: ["web"], "", 0.0, "Weight of scb";
        wec: ["wec"], "", 0.0, "Weight of scc";
        scref: ["scref"], "m", 1e-6, "Reference distance of the well's edge";
        saref: ["saref"], "m", 1e-6, "Reference of sa";
        sbref: ["sbref"], "m", 1e-6, "Reference of sb";
        wlod: ["wlod"], "m", 0.0, "Added to the width, of stress";
        ku0: ["ku0"], "m", 0.0, "Mobility under stress";
        kvsat: ["kvsat"], "", 0.0, "Saturation velocity under stress, −1 to 1";
        kvth0: ["kvth0"], "V·m", 0.0, "Threshold under stress";
        tku0: ["tku0"], "", 0.0, "Temperature coefficient of ku0";
        llodku0: ["llodku0"], "", 0.0, "Exponent of the length in ku0";
        wlodku0: ["wlodku0"], "", 0.0, "Exponent of the width in ku0";
        llodvth: ["llodvth"], "", 0.0, "Exponent of the length in kvth0";
        wlodvth: ["wlodvth"], "", 0.0, "Exponent of the width in kvth0";
        lku0: ["lku0"], "m^llodku0", 0.0, "Dependence of ku0 on the length";
        wku0: ["wku0"], "m^wlodku0", 0.0, "Dependence of ku0 on the width";
        pku0: ["pku0"], "m^(llodku0+wlodku0)", 0.0, "Dependence of ku0 on both";
        lkvth0: ["lkvth0"], "m^llodvth", 0.0, "Dependence of kvth0 on the length";
        wkvth0: ["wkvth0"], "m^wlodvth", 0.0, "Dependence of kvth0 on the width";
        pkvth0: ["pkvth0"], "m^(llodvth+wlodvth)", 0.0, "Dependence of kvth0 on both";
        stk2: ["stk2"], "m", 0.0, "k2 under stress";
        lodk2: ["lodk2"], "", 1.0, "Exponent of kvth0's factor in it";
        steta0: ["steta0"], "m", 0.0, "eta0 under stress";
        lodeta0: ["lodeta0"], "", 1.0, "Exponent of kvth0's factor in it";
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
