//! What follows from model, geometry and temperature before any bias.
//!
//! ```text
//! φ = 2·Vt·ln(nch/ni),  vbi = Vt·ln(nch·nds/ni²),  xdep0 = √(2·ε·φ/(q·nch))              (at tnom; nds = 1e20 per cm³)
//! ua, ub, uc, rdsw + (ua1, ub1, uc1, prt)·(T/tnom − 1),  u0·(T/tnom)^ute,  vsat − at·(T/tnom − 1)
//! k1, k2 from gamma1, gamma2, vbx, vbm where neither is given
//! vfb = vth0 − φ − k1·√φ
//! ```
//! Source: BSIM3v3.3 manual, chapters 2 and 8 and appendix A.

use super::geometry::Geometry;
use super::parameters::{Binned, Bsim3Model};
use crate::devices::mosfet::bsim::card::Mismatch;
use crate::devices::mosfet::bsim::temperatures::{CHARGE, OXIDE, SILICON, Temperatures};

/// A transistor's parameters at its temperature, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    /// With the temperature's effect on ua, ub, uc, u0, vsat, and what the card leaves open.
    pub parameters: Binned,
    pub geometry: Geometry,
    pub temperatures: Temperatures,
    /// Oxide capacitance, F/m².
    pub oxide: f64,
    pub oxide_thickness: f64,
    /// k1 and k2 times tox/toxm.
    pub k1_oxide: f64,
    pub k2_oxide: f64,
    pub potential: f64,
    /// Built-in potential of source and drain, V.
    pub built_in: f64,
    /// Width of the depletion layer at zero bias, m.
    pub depletion: f64,
    /// Its capacitance, F/m².
    pub depletion_capacitance: f64,
    /// Debye length/3, m.
    pub debye: f64,
    /// Characteristic length, m.
    pub characteristic: f64,
    /// Largest bulk voltage in reverse, V.
    pub lowest_bulk: f64,
    /// Source-drain resistance at zero bias, Ω.
    pub resistance: f64,
    /// Lowering of the threshold and of the output resistance by the drain.
    pub lowering: f64,
    pub output_lowering: f64,
    /// Threshold at zero bias, of a long channel with `delvto`, V.
    pub threshold: f64,
    /// Flat-band voltage, and that of the charges at zero bias, V.
    pub flat_band: f64,
    pub charge_flat_band: f64,
}

/// e^x with the floor that BSIM3 has for its exponentials.
const LEAST_EXPONENT: f64 = -34.0;

/// e + 2·e² of a decay, as all short-channel effects have it.
fn decay(argument: f64) -> f64 {
    let e = argument.max(LEAST_EXPONENT).exp();
    e * (1.0 + 2.0 * e)
}

impl Process {
    pub fn new(
        m: &Bsim3Model,
        polarity: f64,
        geometry: Geometry,
        temperatures: Temperatures,
        mismatch: Mismatch,
    ) -> Self {
        let g = &m.general;
        let mut p = m.at(geometry.dependence);
        complete(&mut p, m, polarity);
        let excess = temperatures.excess();
        warm(&mut p, excess, mismatch.mobility);
        let oxide = OXIDE / g.tox;
        let intrinsic = temperatures.intrinsic();
        if !m.is_given("nch") && m.is_given("gamma1") {
            p.nch = 3.021e22 * (p.gamma1 * oxide).powi(2);
        }
        let doping = p.nch * 1e6;
        let potential = 2.0 * temperatures.nominal_thermal() * (p.nch / intrinsic).ln();
        let depletion = (2.0 * SILICON * potential / (CHARGE * doping)).sqrt();
        body_effect(&mut p, m, potential, oxide);
        let root = potential.sqrt();
        if p.vfb.is_nan() {
            p.vfb = if m.is_given("vth0") { polarity * p.vth0 - potential - p.k1 * root } else { -1.0 };
        }
        if p.vth0.is_nan() {
            p.vth0 = polarity * (p.vfb + potential + p.k1 * root);
        }
        p.acde *= (p.nch / 2e16).powf(-0.25);
        let scale = (SILICON / OXIDE * g.tox * depletion).sqrt();
        let lowering = |factor: f64| {
            let e = (-0.5 * factor * geometry.length / scale).exp();
            e + 2.0 * e * e
        };
        let oxide_ratio = if g.toxm.is_nan() { 1.0 } else { g.tox / g.toxm };
        let mut process = Process {
            geometry,
            temperatures,
            oxide,
            oxide_thickness: g.tox,
            k1_oxide: p.k1 * oxide_ratio,
            k2_oxide: p.k2 * oxide_ratio,
            potential,
            built_in: temperatures.nominal_thermal() * (1e20 * p.nch / (intrinsic * intrinsic)).ln(),
            depletion,
            depletion_capacitance: (CHARGE * SILICON * doping / (2.0 * potential)).sqrt(),
            debye: (SILICON * temperatures.nominal_thermal() / (CHARGE * doping)).sqrt() / 3.0,
            characteristic: (3.0 * p.xj * g.tox).sqrt(),
            lowest_bulk: lowest_bulk(&p, potential),
            resistance: (p.rdsw + p.prt * excess) / (geometry.width * 1e6).powf(p.wr),
            lowering: lowering(p.dsub),
            output_lowering: p.pdiblc1 * lowering(p.drout) + p.pdiblc2,
            threshold: polarity * (p.vth0 + mismatch.threshold),
            flat_band: p.vfb + polarity * mismatch.threshold,
            charge_flat_band: 0.0,
            parameters: p,
        };
        process.charge_flat_band = process.threshold_at_rest() - potential - p.k1 * root;
        process
    }

    /// Threshold at zero bias.
    fn threshold_at_rest(&self) -> f64 {
        let (p, geometry) = (&self.parameters, &self.geometry);
        let scale = self.short_scale() * self.depletion.sqrt();
        let built = self.built_in - self.potential;
        let narrow = p.dvt0w * decay(-0.5 * p.dvt1w * geometry.width * geometry.length / scale) * built;
        let short = p.dvt0 * decay(-0.5 * p.dvt1 * geometry.length / scale) * built;
        self.threshold - narrow - short + p.k3 * self.narrowness() + self.non_uniform() + self.warming()
    }

    /// √(ε/εox·tox), √m
    pub fn short_scale(&self) -> f64 {
        (SILICON / OXIDE * self.oxide_thickness).sqrt()
    }

    /// tox·φ/(weff + w0), V
    pub fn narrowness(&self) -> f64 {
        self.oxide_thickness * self.potential / (self.geometry.width + self.parameters.w0)
    }

    /// Effect of lateral non-uniform doping, V.
    pub fn non_uniform(&self) -> f64 {
        self.k1_oxide * ((1.0 + self.parameters.nlx / self.geometry.length).sqrt() - 1.0) * self.potential.sqrt()
    }

    /// Effect of the temperature without that of the bulk, V.
    pub fn warming(&self) -> f64 {
        (self.parameters.kt1 + self.parameters.kt1l / self.geometry.length) * self.temperatures.excess()
    }
}

/// Fills in the defaults that depend on the kind of transistor, on `mobmod`, and on other parameters.
fn complete(p: &mut Binned, m: &Bsim3Model, polarity: f64) {
    let per_volt = m.general.mobmod == 3.0;
    let fill = |value: &mut f64, default: f64| {
        if value.is_nan() {
            *value = default;
        }
    };
    fill(&mut p.u0, if polarity > 0.0 { 0.067 } else { 0.025 });
    fill(&mut p.uc, if per_volt { -0.0465 } else { -0.0465e-9 });
    fill(&mut p.uc1, if per_volt { -0.056 } else { -0.056e-9 });
    fill(&mut p.dsub, p.drout);
    fill(&mut p.cf, 2.0 * OXIDE / std::f64::consts::PI * (1.0 + 0.4e-6 / m.general.tox).ln());
    if p.u0 > 1.0 {
        p.u0 *= 1e-4;
    }
}

fn warm(p: &mut Binned, excess: f64, mobility: f64) {
    p.ua += p.ua1 * excess;
    p.ub += p.ub1 * excess;
    p.uc += p.uc1 * excess;
    p.u0 *= (1.0 + excess).powf(p.ute) * mobility;
    p.vsat -= p.at * excess;
}

/// k1 and k2, from the dopings where neither is on the card.
fn body_effect(p: &mut Binned, m: &Bsim3Model, potential: f64, oxide: f64) {
    if m.is_given("k1") || m.is_given("k2") {
        if p.k1.is_nan() {
            p.k1 = 0.53;
        }
        if p.k2.is_nan() {
            p.k2 = -0.0186;
        }
        return;
    }
    if p.vbx.is_nan() {
        p.vbx = potential - 7.7348e-4 * p.nch * p.xt * p.xt;
    }
    let (at_depth, deepest) = (-p.vbx.abs(), -p.vbm.abs());
    let of_doping = |doping: f64| 5.753e-12 * doping.sqrt() / oxide;
    if p.gamma1.is_nan() {
        p.gamma1 = of_doping(p.nch);
    }
    if p.gamma2.is_nan() {
        p.gamma2 = of_doping(p.nsub);
    }
    let rise = (potential - at_depth).sqrt() - potential.sqrt();
    let bend = (potential * (potential - deepest)).sqrt() - potential;
    p.k2 = (p.gamma1 - p.gamma2) * rise / (2.0 * bend + deepest);
    p.k1 = p.gamma2 - 2.0 * p.k2 * (potential - deepest).sqrt();
}

fn lowest_bulk(p: &Binned, potential: f64) -> f64 {
    let lowest = if p.k2 < 0.0 {
        let half = 0.5 * p.k1 / p.k2;
        (0.9 * (potential - half * half)).clamp(-30.0, -3.0)
    } else {
        -30.0
    };
    lowest.min(-p.vbm.abs())
}
