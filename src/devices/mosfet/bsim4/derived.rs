//! What follows from model, geometry and temperature before any bias.
//!
//! ```text
//! φ = Vt·ln(ndep/ni) + phin + 0.4,  vbi = Vt·ln(ndep·nsd/ni²),  xdep0 = √(2·ε·φ/(q·ndep))                              (at tnom)
//! tempmod 0: ua, ub, uc, ud, rdsw + (ua1, ub1, uc1, ud1, prt)·(T/tnom − 1),  vsat − at·(T/tnom − 1)
//!      1, 2: the same times 1 + (ua1, …)·(T − tnom),  vsat·(1 − at·(T − tnom));  3: ua·(T/tnom)^ua1, …, the others as 1
//! u0·(1 − up·e^(−leff/lp))·(T/tnom)^ute,  voff·(1 + tvoff·(T − tnom)),  nfactor + tnfactor·(T/tnom − 1),  eta0 + teta0·(T/tnom − 1)
//! k1, k2 from gamma1, gamma2, vbx, vbm where neither is given
//! vfb = vth0 − φ − k1·√φ
//! ```
//! With mtrlmod=1 band gap, ni, ε and the flat-band voltages are those of bg0sub, tbgasub, tbgbsub, ni0sub, epsrsub, easub and phig.
//! Source: BSIM4.6.4 manual, chapters 2, 12 and 13 and appendix A.

use super::general_parameters::General;
use super::geometry::{Geometry, or};
use super::materials::Materials;
use super::parameters::{Binned, Bsim4Model};
use super::stress::{Layout, Strain};
use crate::devices::mosfet::bsim::card::Mismatch;
use crate::devices::mosfet::bsim::temperatures::{CHARGE, Temperatures};

/// A transistor's parameters at its temperature, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    /// With the effects of temperature, layout, and what the card leaves open; vth0 with the sign of an n-channel.
    pub parameters: Binned,
    pub geometry: Geometry,
    pub temperatures: Temperatures,
    pub materials: Materials,
    pub polarity: f64,
    /// k1 and k2 times toxe/toxm.
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
    /// litl, m.
    pub characteristic: f64,
    /// Of the card.
    pub version: f64,
    /// Largest bulk voltage in reverse, V.
    pub lowest_bulk: f64,
    /// Resistances at zero bias and their least values, Ω: in the channel, of the drain's and the source's end.
    pub resistance: [f64; 2],
    pub drain_resistance: [f64; 2],
    pub source_resistance: [f64; 2],
    /// Lowering of the threshold and of the output resistance by the drain.
    pub lowering: f64,
    pub output_lowering: f64,
    /// Flat-band voltages: of the channel, of zero bias, and of the ends, V.
    pub flat_band: f64,
    pub rest_flat_band: f64,
    pub end_flat_band: f64,
    /// voff + voffl/leff and the same of the charges, V.
    pub offset: f64,
    pub charge_offset: f64,
    /// ½ + atan(minv)/π and the same of the charges.
    pub shape: f64,
    pub charge_shape: f64,
    /// Voltages of the thickness of the inverted layer, and of the mobility, V.
    pub layer_offset: f64,
    pub mobility_offset: f64,
}

/// 1/(2·(cosh x − 1)) of a decay over x, as all short-channel effects have it.
pub fn decay(argument: f64) -> f64 {
    use crate::devices::mosfet::bsim::limits::{EXPONENT, LEAST, MOST};
    if argument >= EXPONENT {
        return 1.0 / (MOST - 2.0);
    }
    let e = argument.exp();
    e / ((e - 1.0) * (e - 1.0) + 2.0 * e * LEAST)
}

impl Process {
    pub fn new(
        m: &Bsim4Model,
        polarity: f64,
        geometry: Geometry,
        temperatures: Temperatures,
        layout: &Layout,
        mismatch: Mismatch,
    ) -> Self {
        let g = &m.general;
        let mut p = m.at(geometry.dependence);
        if p.a2 > 1.0 {
            (p.a1, p.a2) = (0.0, 1.0);
        }
        let materials = Materials::new(g, &temperatures);
        let resistances = warm(&mut p, g, &temperatures, &geometry);
        let (nominal, intrinsic) = (temperatures.nominal_thermal(), materials.intrinsic);
        if p.ndep.is_nan() {
            p.ndep = if p.gamma1.is_nan() { 1.7e17 } else { 3.01248e22 * (p.gamma1 * materials.oxide).powi(2) };
        }
        let doping = p.ndep * 1e6;
        let potential = nominal * (p.ndep / intrinsic).ln() + p.phin + 0.4;
        let depletion = (2.0 * materials.substrate * potential / (CHARGE * doping)).sqrt();
        body_effect(&mut p, m, potential, materials.oxide);
        let root = potential.sqrt();
        complete_threshold(&mut p, m, &materials, polarity, nominal, potential);
        p.acde *= (p.ndep / 2e16).powf(-0.25);
        let strain = Strain::new(g, &p, &geometry, layout, &temperatures);
        p.u0 *= strain.mobility * mismatch.mobility;
        p.vsat *= strain.velocity;
        p.eta0 += strain.eta0;
        p.k2 += strain.k2;
        p.vth0 = polarity * (p.vth0 + strain.threshold + mismatch.threshold);
        let flat_band = p.vfb + polarity * mismatch.threshold;
        let scale = (materials.substrate / materials.oxide_permittivity * materials.thickness * depletion).sqrt();
        let oxide_ratio = materials.thickness / or(g.toxm, materials.thickness);
        let bent = p.vth0 - flat_band - potential;
        let mut process = Process {
            geometry,
            temperatures,
            polarity,
            k1_oxide: p.k1 * oxide_ratio,
            k2_oxide: p.k2 * oxide_ratio,
            potential,
            built_in: nominal * (p.nsd * p.ndep / (intrinsic * intrinsic)).ln(),
            depletion,
            depletion_capacitance: (CHARGE * materials.substrate * doping / (2.0 * potential)).sqrt(),
            debye: (materials.substrate * nominal / (CHARGE * doping)).sqrt() / 3.0,
            characteristic: materials.characteristic(p.xj, m.version),
            version: m.version,
            lowest_bulk: lowest_bulk(&p, potential),
            resistance: resistances[0],
            drain_resistance: resistances[1],
            source_resistance: resistances[2],
            lowering: decay(p.dsub * geometry.length / scale),
            output_lowering: p.pdiblc1 * decay(p.drout * geometry.length / scale) + p.pdiblc2,
            flat_band,
            rest_flat_band: 0.0,
            end_flat_band: materials.end_flat_band(g, &p, polarity, nominal),
            offset: p.voff + p.voffl / geometry.length,
            charge_offset: p.voffcv + p.voffcvl / geometry.length,
            shape: 0.5 + p.minv.atan() / std::f64::consts::PI,
            charge_shape: 0.5 + p.minvcv.atan() / std::f64::consts::PI,
            layer_offset: (4.0 * bent).max(0.0),
            mobility_offset: (if polarity > 0.0 { 2.0 } else { 2.5 } * bent).max(0.0),
            materials,
            parameters: p,
        };
        process.rest_flat_band = process.threshold_at_rest(g.tempmod) - potential - p.k1 * root;
        process.materials.find_physical_thickness(g, &process.parameters, polarity, flat_band);
        process
    }

    /// Threshold at zero bias.
    fn threshold_at_rest(&self, tempmod: f64) -> f64 {
        let (p, geometry) = (&self.parameters, &self.geometry);
        let scale = self.materials.short_scale() * self.depletion.sqrt();
        let built = self.built_in - self.potential;
        let narrow = p.dvt0w * decay(p.dvt1w * geometry.width * geometry.length / scale) * built;
        let short = p.dvt0 * decay(p.dvt1 * geometry.length / scale) * built;
        let warming = if tempmod >= 2.0 { -p.kt1 * self.temperatures.excess() } else { self.warming() };
        p.vth0 - narrow - short + p.k3 * self.narrowness() + self.non_uniform() + warming
    }

    /// toxe·φ/(weff + w0), V
    pub fn narrowness(&self) -> f64 {
        self.materials.thickness * self.potential / (self.geometry.width + self.parameters.w0)
    }

    /// Effect of lateral non-uniform doping, V.
    pub fn non_uniform(&self) -> f64 {
        self.k1_oxide * ((1.0 + self.parameters.lpe0 / self.geometry.length).sqrt() - 1.0) * self.potential.sqrt()
    }

    /// Effect of the temperature without that of the bulk, V.
    pub fn warming(&self) -> f64 {
        (self.parameters.kt1 + self.parameters.kt1l / self.geometry.length) * self.temperatures.excess()
    }

    /// Capacitance of the depletion layer and of the ends over the oxide's, without bias but for the gate's effect.
    pub fn ideality_at_rest(&self) -> f64 {
        let p = &self.parameters;
        let scale = self.materials.short_scale() * self.depletion.sqrt();
        let coupling = p.cdsc * decay(p.dvt1 * self.geometry.length / scale);
        let ratio = (p.nfactor * self.materials.substrate / self.depletion + coupling + p.cit) / self.materials.oxide;
        crate::devices::mosfet::bsim::limits::one_plus(ratio)
    }
}

/// Moves the parameters to the transistor's temperature; gives the resistances, Ω: of the channel, of drain and source.
fn warm(p: &mut Binned, g: &General, temperatures: &Temperatures, geometry: &Geometry) -> [[f64; 2]; 3] {
    let (excess, difference) = (temperatures.excess(), temperatures.difference());
    let ratio = 1.0 + excess;
    p.ucs = (p.ucs * ratio.powf(p.ucste)).max(0.0);
    let slopes = [p.ua1, p.ub1, p.uc1, p.ud1];
    for (value, slope) in [&mut p.ua, &mut p.ub, &mut p.uc, &mut p.ud].into_iter().zip(slopes) {
        match g.tempmod {
            0.0 => *value += slope * excess,
            3.0 => *value *= ratio.powf(slope),
            _ => *value *= 1.0 + slope * difference,
        }
    }
    let adds = g.tempmod == 0.0;
    p.vsat = if adds { p.vsat - p.at * excess } else { p.vsat * (1.0 - p.at * difference) };
    let wide = (geometry.junction_width * 1e6).powf(p.wr);
    let warmed = |value: f64| {
        let warm = if adds { value + p.prt * excess } else { value * (1.0 + p.prt * difference) };
        warm.max(0.0) / wide
    };
    let resistances = [[p.rdsw, p.rdswmin], [p.rdw, p.rdwmin], [p.rsw, p.rswmin]].map(|pair| pair.map(warmed));
    if p.u0 > 1.0 {
        p.u0 *= 1e-4;
    }
    p.u0 *= (1.0 - p.up * (-geometry.length / p.lp).exp()) * ratio.powf(p.ute);
    p.eu = p.eu.max(0.0);
    p.vfbsdoff *= 1.0 + p.tvfbsdoff * difference;
    p.voff *= 1.0 + p.tvoff * difference;
    p.voffcv *= 1.0 + p.tvoffcv * difference;
    p.nfactor += p.tnfactor * excess;
    p.eta0 += p.teta0 * excess;
    resistances
}

/// Flat-band voltage and threshold, each from the other, or from the materials.
fn complete_threshold(
    p: &mut Binned,
    m: &Bsim4Model,
    materials: &Materials,
    polarity: f64,
    thermal: f64,
    potential: f64,
) {
    let bend = potential + p.k1 * potential.sqrt();
    if p.vfb.is_nan() {
        p.vfb = if !p.vth0.is_nan() {
            polarity * p.vth0 - bend
        } else if m.general.mtrlmod != 0.0 && m.general.is_given("phig") && m.is_given("nsub") {
            materials.flat_band(&m.general, polarity * thermal * (p.nsub / materials.intrinsic).ln())
        } else {
            -1.0
        };
    }
    if p.vth0.is_nan() {
        p.vth0 = polarity * (p.vfb + bend);
    }
}

/// k1 and k2, from the dopings where neither is on the card.
fn body_effect(p: &mut Binned, m: &Bsim4Model, potential: f64, oxide: f64) {
    if m.is_given("k1") || m.is_given("k2") {
        p.k1 = or(p.k1, 0.53);
        p.k2 = or(p.k2, -0.0186);
        return;
    }
    let at_depth = -or(p.vbx, potential - 7.7348e-4 * p.ndep * p.xt * p.xt).abs();
    let deepest = -p.vbm.abs();
    let of_doping = |doping: f64| 5.753e-12 * doping.sqrt() / oxide;
    let (near, far) = (or(p.gamma1, of_doping(p.ndep)), or(p.gamma2, of_doping(p.nsub)));
    let rise = (potential - at_depth).sqrt() - potential.sqrt();
    let bend = (potential * (potential - deepest)).sqrt() - potential;
    p.k2 = (near - far) * rise / (2.0 * bend + deepest);
    p.k1 = far - 2.0 * p.k2 * (potential - deepest).sqrt();
}

fn lowest_bulk(p: &Binned, potential: f64) -> f64 {
    let lowest = if p.k2 < 0.0 {
        let half = 0.5 * p.k1 / p.k2;
        (0.9 * (potential - half * half)).clamp(-30.0, -3.0)
    } else {
        -30.0
    };
    lowest.min(p.vbm)
}
