//! Mean metastable switch (Knowm): the mean of many two-state switches.
//!
//! ```text
//! dx/dt = (P_on·(1 − x) − P_off·x)/τ
//! P_on  = 1/(1 + e^(−(v − V_on)/V_T)),   P_off = 1/(1 + e^((v + V_off)/V_T)),   V_T = k·T/q
//! i = φ·v·(x/Ron + (1 − x)/Roff) + (1 − φ)·i_s
//! i_s = α_f·(e^(β_f·v) − 1) − α_r·(e^(−β_r·v) − 1)
//! ```
//! x is the part of the switches that are on. At constant voltage x goes to P_on/(P_on + P_off) with the time constant
//! τ/(P_on + P_off); with no voltage very slowly to 1/2. The Schottky current i_s is written with −1 in both terms, so that no
//! current flows without voltage whatever the α. Source: Nugent & Molter, PLoS ONE 9, e85175 (2014); Molter & Nugent, CNNA
//! 2016.

use super::{Card, MemristorModel, UNKNOWNS};
use crate::devices::constants::thermal_voltage;
use crate::devices::page::{ModelTable, Page};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Mean metastable switch.
    pub struct Parameters {
        on: ["ron"], "Ω", 500.0, "Resistance with all switches on";
        off: ["roff"], "Ω", 1500.0, "Resistance with all switches off";
        threshold_on: ["von"], "V", 0.27, "Threshold of switching on; positive";
        threshold_off: ["voff"], "V", 0.27, "Magnitude of the threshold of switching off; positive";
        time: ["tau", "tc"], "s", 1e-4, "Time constant of the switches";
        temperature: ["t"], "K", f64::NAN, "Temperature of the switches (default: the element's)";
        share: ["phi"], "", 1.0, "Part of the current through the switches; the rest is Schottky current";
        forward: ["schottkyforwardalpha", "alphaf"], "A", 0.0, "Forward amplitude of the Schottky current";
        forward_slope: ["schottkyforwardbeta", "betaf"], "1/V", 1.0, "Forward slope of the Schottky current";
        reverse: ["schottkyreversealpha", "alphar"], "A", 0.0, "Reverse amplitude of the Schottky current";
        reverse_slope: ["schottkyreversebeta", "betar"], "1/V", 1.0, "Reverse slope of the Schottky current";
        initial: ["x0", "xinit"], "", 0.0, "Initial state, 0…1";
    }
}

/// A mean metastable switch; the unknown is x.
#[derive(Clone)]
pub struct MeanMetastableSwitch {
    p: Parameters,
    /// 1/V_T, 1/V
    slope: f64,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("mean_metastable_switch.rs")],
    models: &[ModelTable { title: "mean_metastable_switch", numbers: Parameters::TABLE, others: &[] }],
    ..super::page::<MeanMetastableSwitch>("mean_metastable_switch", "Mean metastable switch")
};

impl MemristorModel for MeanMetastableSwitch {
    fn read(card: &mut Card) -> Option<Self> {
        let owner = card.owner().to_string();
        let parameters = card.own_parameters();
        let p = Parameters::read(&parameters, UNKNOWNS, &owner, card.diagnostics());
        let temperature = if p.temperature.is_nan() { card.temperature() } else { p.temperature };
        for (name, value) in [
            ("ron", p.on),
            ("roff", p.off),
            ("von", p.threshold_on),
            ("voff", p.threshold_off),
            ("tau", p.time),
            ("t", temperature),
            ("schottkyforwardbeta", p.forward_slope),
            ("schottkyreversebeta", p.reverse_slope),
        ] {
            card.positive(name, value);
        }
        for (name, value) in [("schottkyforwardalpha", p.forward), ("schottkyreversealpha", p.reverse)] {
            if value.is_nan() || value < 0.0 {
                card.error(name, "must not be negative");
            }
        }
        card.within("phi", p.share, 0.0, 1.0);
        card.within("x0", p.initial, 0.0, 1.0);
        Some(MeanMetastableSwitch { p, slope: 1.0 / thermal_voltage(temperature) })
    }

    fn start(&self) -> f64 {
        self.p.initial
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        s.max(S::zero()).min(S::constant(1.0))
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        let p = &self.p;
        let conductance = self.published(s) * (1.0 / p.on - 1.0 / p.off) + 1.0 / p.off;
        let switches = v * conductance * p.share;
        if p.share == 1.0 {
            return switches;
        }
        let exponential = |x: S| if x.value() < 80.0 { x.exp_m1() } else { x.exp_limited(80.0) };
        let forward = exponential(v * p.forward_slope) * p.forward;
        let reverse = exponential(v * -p.reverse_slope) * p.reverse;
        switches + (forward - reverse) * (1.0 - p.share)
    }

    fn rate<S: Scalar>(&self, v: S, s: S, _current: S) -> S {
        let p = &self.p;
        let on = ((v - p.threshold_on) * self.slope).logistic();
        let off = ((v + p.threshold_off) * -self.slope).logistic();
        (on * (s * -1.0 + 1.0) - off * s) * (1.0 / p.time)
    }
}
