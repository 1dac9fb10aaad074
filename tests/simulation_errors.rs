//! The rendered text of every error and warning of devices and analyses.

mod common;

use ferrospice::circuit::Overrides;
use ferrospice::diagnostic::Report;
use ferrospice::studies::deck_run::{Keep, run_deck};

/// Errors, or warnings of all stages.
fn report(cards: &str) -> String {
    match run_deck(&common::deck(cards), &Overrides::default(), &mut [], Keep::Plots, &|_| true) {
        Err(report) => {
            for diagnostic in &report.diagnostics {
                assert!(!diagnostic.labels.is_empty(), "points at nothing: {diagnostic}");
            }
            steady(&report.to_string())
        }
        Ok(run) => {
            let first = &run.runs[0];
            let warnings = first.circuit.warnings.iter().chain(&first.warnings).cloned().collect();
            format!("no error\n{}", Report::new(first.circuit.sources.clone(), warnings))
        }
    }
}

/// Counts of iterations and times of failures depend on the last bit of `exp` on this machine: they are left out.
fn steady(text: &str) -> String {
    let line = |line: &str| {
        let line = match line.split_once(" iterations)") {
            Some((head, tail)) => format!("{}N iterations){tail}", head.trim_end_matches(|c: char| c.is_ascii_digit())),
            None => line.to_string(),
        };
        match (line.find("became too small at "), line.find(" s (below")) {
            (Some(start), Some(end)) => format!("{}T{}", &line[..start + 20], &line[end..]),
            _ => line,
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

macro_rules! errors {
    ($($name:ident: $deck:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), report($deck));
        })*
    };
}

errors! {
    unknown_letter: "y1 a 0 b 0 cmod\np1 a 0 foo\nv1 a 0 1\n.op";
    device_that_is_not_there: "v1 a 0 1\ny1 a 0 b 0 n\n.model n npn\n.op";
    unknown_kind: "n1 a 0 m\n.model m vtem(ron=1k)\nv1 a 0 1\n.op";
    kind_of_another_letter: "m1 a b 0 0 m\nd1 a 0 m\n.model m vteam(ron=1k)\nv1 a 0 1\n.op";
    missing_model: "n1 a 0 memristr\nn2 a 0\n.model memristor vteam\nv1 a 0 1\n.op";
    memristor_nodes: "n1 a b c m\n.model m vteam\nv1 a 0 1\n.op";
    unknown_memristor_parameter: "n1 a 0 m rom=2\n.model m vteam(rone=1k)\nv1 a 0 1\n.op";
    unknown_model_parameter: "d1 a 0 d arae=2\n.model d d(iss=1)\nv1 a 0 1\n.op";
    floating_node: "v1 a 0 1\nc1 a b 1n\nc2 b 0 1n\nr1 a 0 1\n.op";
    floating_node_in_transient: "v1 a 0 1\nc1 a b 1n\nc2 b 0 1n\nr1 a 0 1\n.tran 1n 10n";
    floating_node_in_subcircuit: ".subckt s p\nc1 p mid 1n\nc2 mid 0 1n\n.ends\nv1 a 0 1\nx1 a s\n.op";
    floating_gate: "v1 a 0 1\nm1 a g 0 0 n\n.model n nmos\n.op";
    no_ground: "v1 a b 1\nr1 a b 1\n.op";
    two_voltage_sources: "v1 a 0 1\nv2 a 0 2\nr1 a 0 1\n.op";
    three_voltage_sources: "v1 a b 1\nv2 b c 1\nv3 c a 1\nr1 a 0 1\n.op";
    voltage_source_and_inductor: "v1 a 0 1\nl1 a 0 1m\n.op";
    controlled_and_independent_source: "v1 a 0 1\nr1 a 0 1\ne1 a 0 b 0 2\nv2 b 0 1\n.op";
    shorted_source: "v1 a a 1\nr1 a 0 1\n.op";
    current_cutset: "i1 a 0 1\ni2 a b 1\nr1 b 0 1\n.op";
    current_into_capacitor: "i1 0 a 1\nc1 a 0 1n\n.op";
    zero_row: "v1 a 0 1\ng1 b 0 a 0 1\nr1 a b 1\ng2 b 0 b 0 -1\n.op";
    source_that_follows_itself: "e1 a 0 a 0 1\nr1 a 0 1\n.op";
    current_that_feeds_itself: "v1 a 0 1\nf1 a 0 v1 -1\n.op";
    cancelling_resistors: "i1 0 a 1\nr1 a 0 1k\nr2 a 0 -1k\n.op";
    no_operating_point: "b1 a 0 i=v(a)**2+1\nr1 a 0 1k\n.op";
    no_operating_point_of_a_voltage: "b1 a 0 v=v(a)**2+1\nr1 a 0 1k\n.op";
    no_operating_point_in_a_sweep: "v1 c 0 -1\nb1 a 0 i=v(a)**2+v(c)\nr1 a 0 1k\n.dc v1 -1 1 0.5";
    switch_without_position: "v1 a 0 1\nr1 a b 1k\ns1 b 0 b 0 s\n.model s sw(vt=0.5 vh=0 ron=1 roff=1meg)\n.op";
    blow_up: "v1 in 0 pulse(0 1 1n 1n 1n 1 2)\nb1 a 0 i=-v(a)**2-v(in)\nc1 a 0 1\nr1 a 0 1g\n.tran 10m 10";
    overflow: "v1 in 0 1\nb1 a 0 v=1e200*v(in)*1e200*v(in)\nr1 a 0 1\n.op";
    overflow_of_a_current: "v1 in 0 1\nr1 a 0 1\nb1 a 0 i=1e300*v(in)*1e300*v(a)\n.op";
    overflow_in_transient: "v1 in 0 pwl(0 0 1 1)\nb1 a 0 v=1e200*v(in)*1e200*v(in)\nr1 a 0 1\n.tran 10m 1";
    overflow_of_a_linear_circuit: "v1 in 0 1\ne1 a 0 in 0 1e200\ne2 b 0 a 0 1e200\nr1 b 0 1\n.op";
    overflow_of_phasors: "v1 in 0 ac 1\ne1 a 0 in 0 1e200\ne2 b 0 a 0 1e200\nr1 b 0 1\n.ac lin 1 1 1";
    overflow_of_a_conductance: "v1 a 0 1\ng1 a 0 a 0 1e308 m=100\n.op";
    digital_model_missing: "a1 a b gate\nv1 a 0 1\nr1 b 0 1\n.op";
    digital_kind: "a1 a b gate\n.model gate frobnicator(x=1)\nv1 a 0 1\nr1 b 0 1\n.op";
    sweep_of_a_capacitor: "v1 a 0 1\nc1 a 0 1n\nr1 a 0 1\n.dc c1 1n 2n 1n\n.dc v2 1 2 1";
    sweep_of_unknown_parameters: "v1 a 0 1\nd1 a 0 d\n.model d d\n.dc d(iss) 1 2 1";
    step_of_a_diode: "v1 a 0 1\nd1 a 0 d\nn1 a 0 m\n.model d d\n.model m hp\n.step d1 1 2 1\n.step n1 1 2 1\n.op";
    step_of_unknown_parameter: "v1 a 0 1\nn1 a 0 m\n.model m vteam\n.step n1(foo) 1 2 1\n.op";
    coupling: "v1 a 0 1\nr1 a b 1\nl1 b 0 1\nl2 c 0 1\nr2 c 0 1\nk1 l1 l2 1.5\nk2 l1 r2 0.5\nk3 l1 0.3\nk4 l1 l1 0.2\n.op";
    multiplier_of_a_resistor: "r1 a 0 1k m=0\nr2 a 0 1k m=-1\nv1 a 0 1\n.op";
    dc_point_without_solution: "v1 a 0 0\nb1 b 0 i=v(b)**2+v(a)\nr1 b 0 1\n.dc v1 0 1 0.2";
    zero_resistance: "v1 a 0 1\nr1 a b 0\nr2 b 0 1\n.op";
    wrong_memristors: "v1 a 0 1\nn1 a 0 m ron=-1\nn2 a 0 m2 x0=2 m=0 vread=0\nn3 a 0 m2 window=foo\nn4 a 0 m4\nn5 a 0 m iv=cubic x0=1\n.model m vteam\n.model m2 linear_ion_drift\n.model m4 yakopcic(b=-1)\n.op";
    wrong_log_exponential: "v1 a 0 1\nn1 a 0 m goff=1 polarity=0\nn2 a 0 m x0=1.1 tau_ret=-1\nn3 a 0 m set_k0=[1 2]\nn4 a 0 m set_v0=0\nn5 a 0 m reset_vg=-1\nn6 a 0 m reset_xi=sharp\nn7 a 0 m seed=1.5 sigma_v=-1\nn8 a 0 m set_vo=1\n.model m log_exponential\n.op";
    wrong_nonlinear_drift: "v1 a 0 1\nn1 a 0 m q=12\nn2 a 0 m beta=-1 c=-1\nn3 a 0 m window=foo\nn4 a 0 m x0=1.5 alhpa=2\n.model m nonlinear_ion_drift\n.op";
    wrong_team: "v1 a 0 1\nn1 a 0 m i_on=1u\nn2 a 0 m x_off=-1n\nn3 a 0 m window=foo\nn4 a 0 m iv=cubic\nn5 a 0 m x0=4n k_on=1\n.model m team\n.op";
    wrong_simmons: "v1 a 0 1\nn1 a 0 m w_c=0\nn2 a 0 m w_min=0.4n\nn3 a 0 m w_max=0.5n\nn4 a 0 m x0=5n rs=-1\n.model m simmons_tunnel_barrier\n.op";
    wrong_stanford: "v1 a 0 1\nn1 a 0 m beta=4\nn2 a 0 m thermal=hot\nn3 a 0 m gap_max=0.05n\nn4 a 0 m gap_ini=2n cth=0\nn5 a 0 m x0=0\n.model m stanford_rram\n.op";
    wrong_metastable: "v1 a 0 1\nn1 a 0 m tau=0 phi=2\nn2 a 0 m voff=-0.27 x0=-1\n.model m mean_metastable_switch\n.op";
    wrong_selector: "v1 a 0 1\nn1 a 0 m vhold=0.5\nn2 a 0 m ron=0 tau_on=-1n\n.model m threshold_selector\n.op";
    wrong_code_memristors: "v1 a 0 1\na1 %gd(a 0) m rinit=1\na2 a m\na3 %gd(a 0) m rmin=-1 vt=-1\na4 %gd(a 0) m rmax=1\n.model m memristor\n.op";
    wrong_levels: "v1 a 0 1\nymemristor r1 a 0 m\nymemristor r2 a 0 m5\nymemristor r3 a 0 m4\nymemristor\nypde r4 a 0 m\nymemristor r5 a 0 m2\n.model m memristor\n.model m5 memristor level=5\n.model m4 memristor level=4 vn=1 fxpdata=\"nothing.dat\" fxmdata=3\n.model m2 memristor level=2 kon=1 d=3n\n.op";
    bad_memristor_cards: "v1 a 0 1\nymemristor r1 a 0 m5\nymemristor r3 a 0 m4\nn1 a 0 m2 alphaon=-1\n.model m5 memristor level=5\n.model m4 memristor level=4 vn=1 fxpdata=\"nothing.dat\" fxmdata=3\n.model m2 memristor level=2 kon=1 d=3n\n.op";
    noise_of_memristors: "v1 a 0 1\nymemristor r1 a 0 m ivrelation=1\n.model m memristor level=2 ion=8.9u resnoise=true resseed=3\n.op";
    wrong_diodes: "v1 a 0 1\nd1 a 0 d\nd2 a 0 d area=3\n.model d d(is=-1 n=0)\nd3 a 0 good -2\n.model good d\n.op";
    wrong_transistors: "v1 a 0 1\nm1 a a 0 0 n\nm2 a a 0 0 good w=-1 l=0\n.model n nmos(kp=-1)\n.model good nmos\n.op";
    wrong_switches: "v1 a 0 1\ns1 a 0 a 0 s\ns2 a 0 a 0 t\n.model s sw(ron=0)\n.model t sw(roff=-1)\n.op";
    wrong_waveforms: "v2 b 0 pwl(0 0 1 1 0.5 2)\nv4 d 0 foo(1 2)\nr1 b d 1\n.tran 1n 10n";
    wrong_spikes: "v1 a 0 spikes(rate=-1)\nv2 b 0 spikes(times=[2u 1u])\nv3 c 0 spikes(file=\"nowhere.txt\")\nv4 d 0 spikes(rate=1k width=0)\nv5 e 0 spikes(rate=1k jitter=-0.1)\nv6 f 0 spikes(rate=1meg)\nv7 g 0 spikes(1u 2u)\nv8 h 0 spikes(rat=1k)\nv9 i 0 spikes()\nv10 j 0 spikes(rate=1k times=[1u])\nv11 k 0 spikes(rate=40k poisson=1 dead=31u)\nv12 l 0 spikes(times=[1u] jitter=0.1)\nv13 m 0 spikes(rate=1k count=3 drop=3)\nv14 n 0 spikes(rate=1k count=3 insert=2.5)\nv15 o 0 spikes(rate=1t)\nr1 a b 1\n.tran 1u 10m";
    wrong_block_ports: "a1 a k\na2 a b c k\na3 %d a b k\na4 [a b] b k\na5 ~a b k\na6 null b k\na7 a %g b k\na8 %i a b k\na9 a k1\na10 a b k\n.model k kernel(points=[0 0 1u 1 2u 0])\n.model k1 refractory_switch\nv1 a b 1\nr1 a 0 1\n.tran 1u 10u";
    wrong_kernels: "a1 a b k1\na2 a b k2\na3 a b k3\na4 a b k4\na5 a b k5\na6 a b k6\na7 a b k7 gain=2\n.model k1 kernel\n.model k2 kernel(points=[0 1 1u])\n.model k3 kernel(points=[1u 1 0 0])\n.model k4 kernel(points=[0 1 0.05u 1 1u 0])\n.model k5 kernel(points=[0 0 1u 1 2u 0] mode=sum rise=0)\n.model k6 kernel(points=foo gian=2)\n.model k7 kernel(points=[0 0 1u 1 2u 0])\nv1 a 0 1\n.tran 1u 10u";
    wrong_blocks: "a1 a b 0 c1\na2 a 0 b n1\na3 a b l1\na4 a b t1\na5 a b 0 0 s1\na6 a 0 c2\n.model c1 counter_neuron(count=2.5 delay=-1)\n.model n1 counter_neuron(width=0)\n.model l1 lif_neuron(threshold=-1 c=0)\n.model t1 stdp_train(period=4u amplitudes=[])\n.model s1 refractory_switch(hold=0.1u ron=0 retrigger=2)\n.model c2 clamp(vhigh=-3 width=0)\nv1 a 0 1\n.tran 1u 10u";
    wrong_lines: "t1 a 0 b 0\nt2 a 0 b 0 z0=50\nt3 a 0 b 0 z0=-50 td=1n\nt4 a 0 b 0 z0=50 td=-1n\nt5 a 0 b 0 z0=50 td=1n ic=1,2,3,4,5\nt6 a 0 b 0 z0=50 td=1n len=3\nv1 a 0 1\nr1 b 0 1\n.tran 1n 10n";
    small_signal_without_source: "v1 a 0 1\nr1 a 0 1\n.ac dec 1 1 10";
    transient_times: "v1 a 0 1\nr1 a 0 1\n.tran 0 1\n.tran 1 0\n.tran -1n 1\n.tran 1 -1\n.tran 1n 1u 2u\n.tran 1n 1u 0 -1";
    no_analysis: "v1 a 0 1\nr1 a 0 1";
    out_of_domain: "v1 a 0 -1\nb1 b 0 v=ln(v(a))+sqrt(v(a))+1/v(0)\nr1 b 0 1\n.op";
}
