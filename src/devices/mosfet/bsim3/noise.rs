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
use crate::devices::mosfet::bsim::flicker::{Flicker, FlickerBias};

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

/// N*
const STATES: f64 = 2e14;

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
    of_carriers: Flicker,
    /// Of thermal noise, m.
    length: f64,
}

/// What the noise depends on, of one transistor.
#[derive(Debug, Clone, Copy)]
pub struct NoiseBias {
    pub carriers: FlickerBias,
    /// |gm + gds + gmbs|, S.
    pub conductance: f64,
    /// vdsat, V.
    pub saturation: f64,
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
            of_carriers: Flicker {
                noia: or(m.noia, 1e20, 9.9e18),
                noib: or(m.noib, 5e4, 2.4e3),
                noic: or(m.noic, -1.4e-12, 1.4e-12),
                em: m.em,
                length: length - 2.0 * m.lintnoi,
                width: process.geometry.width,
                oxide: process.oxide,
                characteristic: process.characteristic,
                vsat: process.parameters.vsat,
                units: 1e8,
            },
            length,
        }
    }

    /// Conductance whose thermal noise it is, S.
    pub fn thermal(&self, at: &NoiseBias) -> f64 {
        match self.thermal_part {
            Part::Spice2 => 2.0 / 3.0 * at.conductance,
            Part::Smooth => at.conductance / 3.0 * (3.0 - at.carriers.across.min(at.saturation) / at.saturation),
            Part::Bsim3 => {
                let carried = at.carriers.mobility * at.inversion.abs();
                carried / (self.length * self.length + carried * at.resistance)
            }
        }
    }

    /// A²/Hz at 1 Hz.
    pub fn flicker(&self, at: &NoiseBias) -> f64 {
        if self.flicker_part == Part::Spice2 {
            return self.flicker * at.carriers.current.abs().powf(self.flicker_exponent);
        }
        let (thermal, of) = (K_OVER_Q * self.temperature, &self.of_carriers);
        let weak = of.noia * thermal / (of.width * self.length * 4e36) * at.carriers.current.powi(2);
        of.density(&at.carriers, thermal, STATES, weak)
    }
}
