//! Noise of the channel.
//!
//! ```text
//! thermal, noimod 1 and 3:  8/3·k·T·(gm + gds + gmbs)
//!          noimod 2 and 4:  4·k·T·µ·|Qinv|/(leff² + µ·|Qinv|·rds)
//!          noimod 5 and 6:  4/3·k·T·(gm + gds + gmbs)·(3 − min(vds, vdsat)/vdsat)
//! flicker, noimod 1, 4, 5:  kf·|id|^af/(f^ef·leff²·cox)
//!          noimod 2, 3, 6:  S·W/(S + W),  W = noia·k·T/q·id²/(weff·leff·f^ef·4e36)
//! S = q²·k·T/q·id·µ/(10⁸·f^ef·a'·cox·l²)·(noia·ln((N0 + N*)/(Nl + N*)) + noib·(N0 − Nl) + ½·noic·(N0² − Nl²))
//!   + k·T/q·id²/(10⁸·f^ef·l²·weff)·Δl·(noia + noib·Nl + noic·Nl²)/(Nl + N*)²
//! N0 = cox·vgst/q,  Nl = N0·(1 − a·vdse/(vgst + 2·Vt)),  N* = 2e14,  Δl = litl·ln(((vds − vdse)/litl + em)/esat) ≥ 0,  l = leff − 2·lintnoi,  a' = a·(1 + keta·vbseff)
//! ```
//! Source: BSIM3v3.3 manual, chapter 9; Hung et al., IEEE Trans. Electron Devices 37, 1323 (1990).

use super::derived::Process;
use super::parameters::General;
use crate::devices::constants::CHARGE;

/// Of which model a part of the noise is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Spice2,
    Bsim3,
    /// SPICE2's thermal noise, smooth at saturation.
    Smooth,
}

/// k/q as BSIM3's flicker noise has it, V/K.
const K_OVER_Q: f64 = 8.62e-5;

/// Least argument of logarithms.
const LEAST: f64 = 1e-38;

/// The noise's parameters.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    thermal_part: Part,
    flicker_part: Part,
    /// K
    pub temperature: f64,
    flicker: f64,
    flicker_exponent: f64,
    pub frequency_exponent: f64,
    noia: f64,
    noib: f64,
    noic: f64,
    em: f64,
    /// Of thermal and of flicker noise, m.
    length: f64,
    flicker_length: f64,
    width: f64,
    /// F/m²
    oxide: f64,
    /// litl, m.
    characteristic: f64,
    vsat: f64,
}

/// What the noise depends on, of one transistor.
#[derive(Debug, Clone, Copy)]
pub struct NoiseBias {
    pub current: f64,
    /// |gm + gds + gmbs|, S.
    pub conductance: f64,
    /// vds ≥ 0, vdsat, vdse, V.
    pub across: f64,
    pub saturation: f64,
    pub effective: f64,
    pub overdrive: f64,
    /// vgst + 2·Vt, V.
    pub over: f64,
    pub bulk_charge: f64,
    pub plain_bulk_charge: f64,
    pub mobility: f64,
    pub resistance: f64,
    /// Charge of the inversion layer, C.
    pub inversion: f64,
}

impl Noise {
    pub fn new(process: &Process, m: &General, polarity: f64) -> Self {
        let or = |own: f64, of_n: f64, of_p: f64| match (own.is_nan(), polarity > 0.0) {
            (false, _) => own,
            (true, true) => of_n,
            (true, false) => of_p,
        };
        let length = process.geometry.length;
        Noise {
            thermal_part: match m.noimod {
                2.0 | 4.0 => Part::Bsim3,
                5.0 | 6.0 => Part::Smooth,
                _ => Part::Spice2,
            },
            flicker_part: if matches!(m.noimod, 2.0 | 3.0 | 6.0) { Part::Bsim3 } else { Part::Spice2 },
            temperature: process.temperatures.own,
            flicker: m.kf / (length * length * process.oxide),
            flicker_exponent: m.af,
            frequency_exponent: m.ef,
            noia: or(m.noia, 1e20, 9.9e18),
            noib: or(m.noib, 5e4, 2.4e3),
            noic: or(m.noic, -1.4e-12, 1.4e-12),
            em: m.em,
            length,
            flicker_length: length - 2.0 * m.lintnoi,
            width: process.geometry.width,
            oxide: process.oxide,
            characteristic: process.characteristic,
            vsat: process.parameters.vsat,
        }
    }

    /// Conductance whose thermal noise it is, S.
    pub fn thermal(&self, at: &NoiseBias) -> f64 {
        match self.thermal_part {
            Part::Spice2 => 2.0 / 3.0 * at.conductance,
            Part::Smooth => at.conductance / 3.0 * (3.0 - at.across.min(at.saturation) / at.saturation),
            Part::Bsim3 => {
                let carried = at.mobility * at.inversion.abs();
                carried / (self.length * self.length + carried * at.resistance)
            }
        }
    }

    /// A²/Hz at 1 Hz.
    pub fn flicker(&self, at: &NoiseBias) -> f64 {
        if self.flicker_part == Part::Spice2 {
            return self.flicker * at.current.abs().powf(self.flicker_exponent);
        }
        let strong = self.strong(at);
        let weak = self.noia * K_OVER_Q * self.temperature / (self.width * self.length * 4e36) * at.current.powi(2);
        if strong + weak > 0.0 { strong * weak / (strong + weak) } else { 0.0 }
    }

    /// Of strong inversion.
    fn strong(&self, at: &NoiseBias) -> f64 {
        const OFFSET: f64 = 2e14;
        let thermal = K_OVER_Q * self.temperature;
        let current = at.current.abs();
        let critical = 2.0 * self.vsat / at.mobility;
        let shortening = if self.em > 0.0 {
            let field = (at.across - at.effective) / self.characteristic + self.em;
            (self.characteristic * (field / critical).max(LEAST).ln()).max(0.0)
        } else {
            0.0
        };
        let near = self.oxide * at.overdrive / CHARGE;
        let far = near * (1.0 - at.bulk_charge * at.effective / at.over);
        let along = self.noia * ((near + OFFSET) / (far + OFFSET)).max(LEAST).ln()
            + self.noib * (near - far)
            + 0.5 * self.noic * (near * near - far * far);
        let square = 1e8 * self.flicker_length * self.flicker_length;
        let of_channel =
            CHARGE * CHARGE * thermal * current * at.mobility / (square * at.plain_bulk_charge * self.oxide) * along;
        let at_end = (self.noia + self.noib * far + self.noic * far * far) / (far + OFFSET).powi(2);
        of_channel + thermal * current * current / (square * self.width) * shortening * at_end
    }
}
