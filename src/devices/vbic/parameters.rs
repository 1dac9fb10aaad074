//! Numbers of NPN and PNP model cards of level 4.

use crate::parameters;

parameters! {
    /// NPN and PNP model cards of level 4, 9, 11 or 12.
    pub struct VbicModel {
        #[allow(dead_code)]
        level: ["level"], "", 4.0, "Model level";
        tnom: ["tnom", "tref"], "°C", f64::NAN, "Temperature of the parameters";
        outer_collector: ["rcx"], "Ω", 0.0, "Outer collector resistance";
        inner_collector: ["rci"], "Ω", 0.1, "Inner collector resistance, of the epitaxial layer without bias";
        drift_voltage: ["vo"], "V", 0.0, "Voltage at which carriers in the epitaxial layer saturate; 0 for none";
        doping: ["gamm"], "", 0.0, "Doping of the epitaxial layer, as a part of its injection";
        high_current: ["hrcf"], "", 1.0, "Factor of the epitaxial layer's resistance at high currents";
        outer_base: ["rbx"], "Ω", 0.0, "Outer base resistance";
        inner_base: ["rbi"], "Ω", 0.1, "Inner base resistance without bias";
        emitter_resistance: ["re"], "Ω", 0.0, "Emitter resistance";
        substrate_resistance: ["rs"], "Ω", 0.0, "Substrate resistance";
        parasitic_base: ["rbp"], "Ω", 0.1, "Base resistance of the parasitic transistor";
        saturation: ["is"], "A", 1e-16, "Transport saturation current";
        forward_emission: ["nf"], "", 1.0, "Forward emission coefficient";
        reverse_emission: ["nr"], "", 1.0, "Reverse emission coefficient";
        forward_bias: ["fc"], "", 0.9, "Where depletion capacitances stop growing, as part of the potential";
        emitter_overlap: ["cbeo"], "F", 0.0, "Overlap capacitance of base and emitter";
        emitter_capacitance: ["cje"], "F", 0.0, "Zero-bias base-emitter capacitance";
        emitter_potential: ["pe"], "V", 0.75, "Base-emitter potential";
        emitter_grading: ["me"], "", 0.33, "Base-emitter grading coefficient";
        emitter_smoothing: ["aje"], "V", -0.5, "Width of the bend of the base-emitter capacitance; below 0 a tangent as in SPICE";
        collector_overlap: ["cbco"], "F", 0.0, "Overlap capacitance of base and collector";
        collector_capacitance: ["cjc"], "F", 0.0, "Zero-bias capacitance of the inner base-collector junction";
        epitaxial_charge: ["qco"], "C", 0.0, "Charge of the epitaxial layer";
        outer_capacitance: ["cjep"], "F", 0.0, "Zero-bias capacitance of the outer base-collector junction";
        collector_potential: ["pc"], "V", 0.75, "Base-collector potential";
        collector_grading: ["mc"], "", 0.33, "Base-collector grading coefficient";
        collector_smoothing: ["ajc"], "V", -0.5, "As aje, of the base-collector capacitances";
        substrate_capacitance: ["cjcp"], "F", 0.0, "Zero-bias collector-substrate capacitance";
        substrate_potential: ["ps"], "V", 0.75, "Collector-substrate potential";
        substrate_grading: ["ms"], "", 0.33, "Collector-substrate grading coefficient";
        substrate_smoothing: ["ajs"], "V", -0.5, "As aje, of the collector-substrate capacitance";
        emitter_ideal: ["ibei"], "A", 1e-18, "Ideal base-emitter saturation current";
        inner_part: ["wbe"], "", 1.0, "Part of the base-emitter junction at the inner base";
        emitter_ideal_emission: ["nei"], "", 1.0, "Emission coefficient of ibei";
        emitter_leak: ["iben"], "A", 0.0, "Non-ideal base-emitter saturation current";
        emitter_leak_emission: ["nen"], "", 2.0, "Emission coefficient of iben";
        collector_ideal: ["ibci"], "A", 1e-16, "Ideal base-collector saturation current";
        collector_ideal_emission: ["nci"], "", 1.0, "Emission coefficient of ibci and ibeip";
        collector_leak: ["ibcn"], "A", 0.0, "Non-ideal base-collector saturation current";
        collector_leak_emission: ["ncn"], "", 2.0, "Emission coefficient of ibcn and ibenp";
        avalanche: ["avc1"], "1/V", 0.0, "Avalanche at the base-collector junction";
        avalanche_exponent: ["avc2"], "", 0.0, "Exponent of the avalanche";
        parasitic_saturation: ["isp"], "A", 0.0, "Saturation current of the parasitic transistor";
        parasitic_part: ["wsp"], "", 1.0, "Part of it at the outer base";
        parasitic_emission: ["nfp"], "", 1.0, "Emission coefficient of the parasitic transistor";
        outer_ideal: ["ibeip"], "A", 0.0, "Ideal saturation current of the outer base-collector junction";
        outer_leak: ["ibenp"], "A", 0.0, "Non-ideal saturation current of the outer base-collector junction";
        substrate_ideal: ["ibcip"], "A", 0.0, "Ideal collector-substrate saturation current";
        substrate_ideal_emission: ["ncip"], "", 1.0, "Emission coefficient of ibcip";
        substrate_leak: ["ibcnp"], "A", 0.0, "Non-ideal collector-substrate saturation current";
        substrate_leak_emission: ["ncnp"], "", 2.0, "Emission coefficient of ibcnp";
        forward_early: ["vef"], "V", 0.0, "Forward Early voltage; 0 for none";
        reverse_early: ["ver"], "V", 0.0, "Reverse Early voltage; 0 for none";
        forward_knee: ["ikf"], "A", 0.0, "Corner of the forward gain at high currents; 0 for none";
        reverse_knee: ["ikr"], "A", 0.0, "Corner of the reverse gain at high currents; 0 for none";
        parasitic_knee: ["ikp"], "A", 0.0, "Corner of the parasitic gain at high currents; 0 for none";
        transit: ["tf"], "s", 0.0, "Forward transit time";
        transit_width: ["qtf"], "", 0.0, "Dependence of tf on the width of the base";
        transit_bias: ["xtf"], "", 0.0, "Bias dependence of tf";
        transit_voltage: ["vtf"], "V", 0.0, "Dependence of tf on the collector's voltage; 0 for none";
        transit_current: ["itf"], "A", 0.0, "Dependence of tf on the current; 0 for none";
        reverse_transit: ["tr"], "s", 0.0, "Reverse transit time";
        #[expect(dead_code)]
        delay: ["td"], "s", 0.0, "Delay of the forward current";
        flicker: ["kfn"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["afn"], "", 1.0, "Flicker noise exponent of the current";
        flicker_frequency: ["bfn"], "", 1.0, "Flicker noise exponent of the frequency";
        xre: ["xre"], "", 0.0, "Temperature exponent of re";
        xrb: ["xrb"], "", 0.0, "Temperature exponent of rbx and rbi, unless they have their own";
        xrbi: ["xrbi"], "", f64::NAN, "Temperature exponent of rbi";
        xrc: ["xrc"], "", 0.0, "Temperature exponent of rcx and rci, unless they have their own";
        xrci: ["xrci"], "", f64::NAN, "Temperature exponent of rci";
        xrs: ["xrs"], "", 0.0, "Temperature exponent of rs";
        xvo: ["xvo"], "", 0.0, "Temperature exponent of vo";
        ea: ["ea"], "eV", 1.12, "Activation energy of is";
        eaie: ["eaie"], "eV", 1.12, "Activation energy of ibei";
        eaic: ["eaic"], "eV", 1.12, "Activation energy of ibci and ibeip";
        eais: ["eais"], "eV", 1.12, "Activation energy of ibcip";
        eane: ["eane"], "eV", 1.12, "Activation energy of iben";
        eanc: ["eanc"], "eV", 1.12, "Activation energy of ibcn and ibenp";
        eans: ["eans"], "eV", 1.12, "Activation energy of ibcnp";
        xis: ["xis"], "", 3.0, "Temperature exponent of is";
        xii: ["xii"], "", 3.0, "Temperature exponent of ideal base currents";
        xin: ["xin"], "", 3.0, "Temperature exponent of non-ideal base currents";
        tnf: ["tnf"], "1/K", 0.0, "Temperature coefficient of nf and nr";
        tavc: ["tavc"], "1/K", 0.0, "Temperature coefficient of avc2";
        thermal_resistance: ["rth"], "K/W", 0.0, "Thermal resistance";
        thermal_capacitance: ["cth"], "J/K", 0.0, "Thermal capacitance";
        reach_through: ["vrt"], "V", 0.0, "Reverse voltage beyond which the base-collector capacitances are constant; 0 for none";
        reach_smoothing: ["art"], "", 0.1, "Smoothness of that";
        substrate_fixed: ["ccso"], "F", 0.0, "Constant collector-substrate capacitance";
        base_charge: ["qbm"], "", 0.0, "Base charge: 0 of VBIC, 1 as of Gummel and Poon";
        knee_exponent: ["nkf"], "", 0.5, "Exponent of the gain's fall at high currents";
        xikf: ["xikf"], "", 0.0, "Temperature exponent of ikf";
        xrcx: ["xrcx"], "", f64::NAN, "Temperature exponent of rcx";
        xrbx: ["xrbx"], "", f64::NAN, "Temperature exponent of rbx";
        xrbp: ["xrbp"], "", 0.0, "Temperature exponent of rbp";
        reverse_saturation: ["isrr"], "", 1.0, "Reverse saturation current as part of is";
        xisr: ["xisr"], "", 0.0, "Temperature exponent of isrr";
        dear: ["dear"], "eV", 0.0, "Activation energy of isrr";
        eap: ["eap"], "eV", 1.12, "Activation energy of isp";
        breakdown_voltage: ["vbbe"], "V", 0.0, "Base-emitter breakdown voltage; 0 for none";
        breakdown_emission: ["nbbe"], "", 1.0, "Emission coefficient of the breakdown";
        breakdown_current: ["ibbe"], "A", 1e-6, "Current of the breakdown";
        tvbbe1: ["tvbbe1"], "1/K", 0.0, "First-order temperature coefficient of vbbe";
        tvbbe2: ["tvbbe2"], "1/K²", 0.0, "Second-order temperature coefficient of vbbe";
        tnbbe: ["tnbbe"], "1/K", 0.0, "Temperature coefficient of nbbe";
        warmer: ["dtemp"], "K", 0.0, "How much warmer transistors of this model are than the circuit";
        #[expect(dead_code)]
        version: ["vers"], "", 1.2, "Version of the model";
        #[expect(dead_code)]
        reference_version: ["vref"], "", 0.0, "Least version of the model";
        #[expect(dead_code)]
        most_be: ["vbe_max"], "V", f64::INFINITY, "Largest base-emitter voltage";
        #[expect(dead_code)]
        most_bc: ["vbc_max"], "V", f64::INFINITY, "Largest base-collector voltage";
        #[expect(dead_code)]
        most_ce: ["vce_max"], "V", f64::INFINITY, "Largest collector-emitter voltage";
    }
}
