//! Oxide, substrate and gate: thicknesses, permittivities, and the band gap at both temperatures.
//!
//! ```text
//! mtrlmod 0: cox = epsrox·ε0/toxe, coxp = epsrox·ε0/toxp, Eg = 1.16 − 7.02e-4·T²/(T + 1108)
//!         1: cox = 3.9·ε0/eot, Eg = bg0sub − tbgasub·T²/(T + tbgbsub), ni = ni0sub·(tnom/300.15)^1.5·e^((Eg(300.15) − Eg(tnom))/(2·Vt))
//!            toxp = eot − 3.9/epsrsub·x, the inverted layer's depth x at vddeot with the sizes leffeot and weffeot; with mtrlcompatmod=1
//!            eot·epsrox/3.9 − dtox
//! ```
//! Source: BSIM4.6.4 manual, chapters 1, 2 and 12.

use super::derived::decay;
use super::general_parameters::General;
use super::geometry::or;
use super::parameters::Binned;
use crate::devices::constants;
use crate::devices::mosfet::bsim::limits::{depleted_gate, one_plus};
use crate::devices::mosfet::bsim::temperatures::{CHARGE, SILICON, Temperatures, gap};

/// Permittivity of the vacuum as the model has it, F/m.
const VACUUM: f64 = 8.85418e-12;

/// Thicknesses in m, permittivities in F/m, capacitances in F/m².
#[derive(Debug, Clone, Copy)]
pub struct Materials {
    pub is_general: bool,
    /// toxe or eot, and toxp.
    pub thickness: f64,
    pub physical_thickness: f64,
    pub oxide_permittivity: f64,
    /// coxe and coxp.
    pub oxide: f64,
    pub physical_oxide: f64,
    pub substrate: f64,
    pub gate: f64,
    /// Relative permittivities of oxide and substrate.
    relative: [f64; 2],
    /// Band gaps at the nominal and the own temperature, eV.
    pub nominal_gap: f64,
    pub gap: f64,
    /// 1/cm³, at the nominal temperature.
    pub intrinsic: f64,
}

impl Materials {
    pub fn new(g: &General, temperatures: &Temperatures) -> Self {
        let is_general = g.mtrlmod != 0.0;
        let compatible = g.mtrlcompatmod != 0.0;
        let (thickness, physical) = if !is_general {
            let thickness = or(g.toxe, if g.toxp.is_nan() { 30e-10 } else { g.toxp + g.dtox });
            (thickness, or(g.toxp, thickness - g.dtox))
        } else {
            let ratio = g.epsrox / 3.9;
            let eot =
                if compatible && !g.is_given("eot") && !g.toxp.is_nan() { (g.toxp + g.dtox) / ratio } else { g.eot };
            (eot, or(g.toxp, ratio * eot - g.dtox))
        };
        let relative_oxide = if is_general { 3.9 } else { g.epsrox };
        let oxide_permittivity = relative_oxide * VACUUM;
        let gap_at = |temperature: f64| {
            if is_general {
                g.bg0sub - g.tbgasub * temperature * temperature / (temperature + g.tbgbsub)
            } else {
                gap(temperature)
            }
        };
        let ratio = temperatures.nominal / 300.15;
        let intrinsic = if is_general {
            let rise = (gap_at(300.15) - gap_at(temperatures.nominal)) / (2.0 * temperatures.nominal_thermal());
            g.ni0sub * ratio * ratio.sqrt() * rise.exp()
        } else {
            temperatures.intrinsic()
        };
        Materials {
            is_general,
            thickness,
            physical_thickness: physical,
            oxide_permittivity,
            oxide: oxide_permittivity / thickness,
            physical_oxide: (if is_general && compatible { g.epsrox * VACUUM } else { oxide_permittivity }) / physical,
            substrate: if is_general { VACUUM * g.epsrsub } else { SILICON },
            gate: if is_general { g.epsrgate * VACUUM } else { SILICON },
            relative: [relative_oxide, g.epsrsub],
            nominal_gap: gap_at(temperatures.nominal),
            gap: gap_at(temperatures.own),
            intrinsic,
        }
    }

    /// √(ε/εox·toxe), √m
    pub fn short_scale(&self) -> f64 {
        (self.substrate / self.oxide_permittivity * self.thickness).sqrt()
    }

    /// litl, m
    pub fn characteristic(&self, junction_depth: f64, version: f64) -> f64 {
        let [oxide, substrate] = self.relative;
        let ratio = if self.is_general {
            substrate / oxide
        } else if version < 4.6 {
            3.0
        } else {
            3.0 * 3.9 / oxide
        };
        (ratio * junction_depth * self.thickness).sqrt()
    }

    /// Over how much a gate's field spreads for leakage at the ends, m.
    pub fn leakage_depth(&self) -> f64 {
        if self.is_general { self.relative[1] * self.thickness / self.relative[0] } else { 3.0 * self.thickness }
    }

    /// q·ε·n/cox² of a gate, V.
    pub fn gate_doping(&self, ngate: f64) -> f64 {
        1e6 * constants::CHARGE * self.gate * ngate / (self.oxide * self.oxide)
    }

    /// Flat-band voltage of gate and substrate with the substrate's Fermi potential, with the sign of an n-channel.
    pub fn flat_band(&self, g: &General, fermi: f64) -> f64 {
        let half = 0.5 * self.nominal_gap;
        g.phig - (g.easub + half + fermi.clamp(-half, half))
    }

    /// Flat-band voltage of gate and ends, V.
    pub fn end_flat_band(&self, g: &General, p: &Binned, polarity: f64, thermal: f64) -> f64 {
        if self.is_general {
            let half = 0.5 * self.nominal_gap;
            let fermi = (thermal * (p.nsd / self.intrinsic).ln()).min(half);
            return g.phig - (g.easub + half - polarity * fermi);
        }
        if p.ngate > 0.0 { thermal * (p.ngate / p.nsd).ln() } else { 0.0 }
    }

    /// Twice what the fields of the mobility have too much with this gate, V.
    pub fn field_offset(&self, g: &General, polarity: f64) -> f64 {
        if self.is_general && g.mtrlcompatmod == 0.0 {
            2.0 * polarity * (g.phig - g.easub - 0.5 * self.nominal_gap + 0.45)
        } else {
            0.0
        }
    }

    /// toxp from eot.
    pub fn find_physical_thickness(&mut self, g: &General, p: &Binned, polarity: f64, flat_band: f64) {
        if !self.is_general || g.mtrlcompatmod != 0.0 {
            return;
        }
        let thermal = Temperatures { own: g.tempeot, nominal: g.tempeot }.thermal();
        let potential = thermal * (p.ndep / self.intrinsic).ln() + p.phin + 0.4;
        let built_in = thermal * (p.nsd * p.ndep / (self.intrinsic * self.intrinsic)).ln();
        let supply = polarity * or(g.vddeot, 1.5 * polarity);
        let gate = if p.ngate > 1e18 && p.ngate < 1e25 {
            depleted_gate(supply, flat_band + potential, self.gate_doping(p.ngate))
        } else {
            supply
        };
        let depletion = (2.0 * self.substrate * potential / (CHARGE * p.ndep * 1e6)).sqrt();
        let scale = self.short_scale() * depletion.sqrt();
        let built = built_in - potential;
        let root = potential.sqrt();
        let excess = g.tempeot / (temperature_of(g)) - 1.0;
        let short = decay(p.dvt1 * g.leffeot / scale);
        let narrow = p.dvt0w * decay(p.dvt1w * g.weffeot * g.leffeot / scale) * built;
        let k1 = p.k1 * self.thickness / or(g.toxm, self.thickness);
        let uneven = k1 * ((1.0 + p.lpe0 / g.leffeot).sqrt() - 1.0) * root;
        let mut threshold =
            p.vth0 + (k1 - p.k1) * root * (1.0 + p.lpeb / g.leffeot).sqrt() - p.dvt0 * short * built - narrow
                + p.k3 * self.thickness * potential / (g.weffeot + p.w0)
                + uneven
                + (p.kt1 + p.kt1l / g.leffeot) * excess;
        if p.dvtp0 > 0.0 {
            let ideality = one_plus((p.nfactor * self.substrate / depletion + p.cdsc * short + p.cit) / self.oxide);
            threshold -= ideality * thermal * (g.leffeot / (g.leffeot + 2.0 * p.dvtp0)).ln();
        }
        let above = gate - threshold + (4.0 * (p.vth0 - flat_band - potential)).max(0.0);
        let mut found = self.thickness;
        for _ in 0..5 {
            let before = found;
            let spread = (above / (2e8 * found)).powf(0.7 * g.bdos);
            found = self.thickness - self.relative[0] / self.relative[1] * g.ados * 1.9e-9 / (1.0 + spread);
            if (found - before).abs() <= 1e-12 {
                break;
            }
        }
        self.physical_thickness = found;
        self.physical_oxide = self.oxide_permittivity / found;
    }
}

/// Nominal temperature, K.
fn temperature_of(g: &General) -> f64 {
    or(g.tnom, 27.0) + 273.15
}
