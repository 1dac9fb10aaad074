//! Noise of the channel; the gate's currents have shot noise.
//!
//! ```text
//! thermal, tnoimod 0: 4·k·T·ntnoi·µ·|Qinv|/(leff² + µ·|Qinv|·rds),  Qinv = coxeff·wcv·lcv·(u + (a·vdse)²/(12·u)), u = vgst − ½·a·vdse, a and vdse those of
//!                    the charges with vgst
//!          tnoimod 1: 4·k·T·(β·(gm + gmbs) + gds)²·vdse/id,  β = rnoia·(1 + tnoia·leff·e²),  e = vgst/(esat·leff)
//!                     before version 4.6 less 4·k·T·θ²·(gm + gmbs + gds)²·vdse/id,  θ = rnoib·(1 + tnoib·leff·e²)
//! flicker, fnoimod 0: kf·|id|^af/(f^ef·leff²·cox)
//!          fnoimod 1: S·W/(S + W),  W = noia·k·T·id²/(10¹⁰·weff·leff·f^ef·N*²)
//! S = q²·k·T·id·µ/(10¹⁰·f^ef·a'·cox·l²)·(noia·ln((N0 + N*)/(Nl + N*)) + noib·(N0 − Nl) + ½·noic·(N0² − Nl²))
//!   + k·T·id²/(10¹⁰·f^ef·l²·weff)·Δl·(noia + noib·Nl + noic·Nl²)/(Nl + N*)²
//! N0 = cox·vgst/q,  Nl = N0·(1 − a·vdse/(vgst + 2·Vt)),  N* = k·T/q²·(cox + ε/xdep + cit),
//! Δl = litl·ln(((vds − vdse)/litl + em)/esat) ≥ 0,  l = leff − 2·lintnoi,  a' = a·(1 + keta·vbseff)
//! ```
//! With tnoimod=1 the part of the channel's noise that BSIM4 puts into the source's resistance (rnoib, tnoib) is in the channel: the gate
//! does not see it. Before version 4.6 that resistance had next to nothing of it, so that it was lost: process kits were fitted with that. Source: BSIM4.6.4 manual, chapter 9; Hung et al., IEEE Trans. Electron Devices 37, 1323 (1990).

use super::derived::Process;
use super::general_parameters::General;
use crate::devices::constants::{CHARGE, K_OVER_Q};
use crate::devices::mosfet::bsim::flicker::{Flicker, FlickerBias};
use crate::devices::mosfet::bsim::temperatures;

/// The noise's parameters, of one finger.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    tnoimod: f64,
    fnoimod: f64,
    /// K
    pub temperature: f64,
    flicker: f64,
    flicker_exponent: f64,
    pub frequency_exponent: f64,
    of_carriers: Flicker,
    ntnoi: f64,
    /// rnoia and tnoia·leff.
    induced: [f64; 2],
    /// rnoib and tnoib·leff where that part is lost.
    lost: [f64; 2],
    /// Of thermal noise, m.
    length: f64,
    /// Thermal voltage as the model has it, V.
    thermal: f64,
    /// cox + cit, and ε/xdep0.
    states: f64,
    depletion: f64,
    vsat: f64,
}

/// What the noise depends on, of one finger.
#[derive(Debug, Clone, Copy)]
pub struct NoiseBias {
    pub carriers: FlickerBias,
    /// gds and gm + gmbs of the end that acts as source, S.
    pub output: f64,
    pub gain: f64,
    pub resistance: f64,
    /// id/vdse, S.
    pub per_volt: f64,
    /// Charge of the inversion layer, C.
    pub inversion: f64,
    /// xdep/xdep0
    pub widening: f64,
}

impl Noise {
    pub fn new(process: &Process, m: &General, version: f64) -> Self {
        let or = |own: f64, of_n: f64, of_p: f64| match (own.is_nan(), process.polarity > 0.0) {
            (false, _) => own,
            (true, true) => of_n,
            (true, false) => of_p,
        };
        let (length, oxide) = (process.geometry.length, process.materials.oxide);
        Noise {
            tnoimod: m.tnoimod,
            fnoimod: m.fnoimod,
            temperature: process.temperatures.own,
            flicker: m.kf / (length * length * oxide),
            flicker_exponent: m.af,
            frequency_exponent: m.ef,
            of_carriers: Flicker {
                noia: or(m.noia, 6.25e41, 6.188e40),
                noib: or(m.noib, 3.125e26, 1.5e25),
                noic: m.noic,
                em: m.em,
                length: length - 2.0 * m.lintnoi,
                width: process.geometry.width,
                oxide,
                characteristic: process.characteristic,
                vsat: process.parameters.vsat,
                units: 1e10,
            },
            ntnoi: m.ntnoi,
            induced: [m.rnoia, m.tnoia * length],
            lost: if version < 4.6 { [m.rnoib, m.tnoib * length] } else { [0.0; 2] },
            length,
            thermal: process.temperatures.thermal(),
            states: oxide + process.parameters.cit,
            depletion: process.materials.substrate / process.depletion,
            vsat: process.parameters.vsat,
        }
    }

    /// Conductance whose thermal noise it is, S.
    pub fn thermal(&self, at: &NoiseBias) -> f64 {
        if self.tnoimod == 0.0 {
            let carried = at.carriers.mobility * at.inversion.abs();
            return self.ntnoi * carried / (self.length * self.length + carried * at.resistance);
        }
        if at.per_volt <= 0.0 {
            return 0.0;
        }
        let field = 2.0 * self.vsat / at.carriers.mobility * self.length;
        let driven = (at.carriers.overdrive / field).powi(2);
        let [beta, theta] = [self.induced, self.lost].map(|[own, growth]| own * (1.0 + driven * growth));
        let lost = (theta * (at.gain + at.output)).powi(2);
        ((beta * at.gain + at.output).powi(2) - lost).max(0.0) / at.per_volt
    }

    /// A²/Hz at 1 Hz.
    pub fn flicker(&self, at: &NoiseBias) -> f64 {
        if self.fnoimod == 0.0 {
            return self.flicker * at.carriers.current.abs().powf(self.flicker_exponent);
        }
        let boltzmann = K_OVER_Q * CHARGE * self.temperature;
        let states = self.thermal / temperatures::CHARGE * (self.states + self.depletion / at.widening);
        let of = &self.of_carriers;
        let area = 1e10 * of.width * self.length * states * states;
        let weak = of.noia * boltzmann / area * at.carriers.current.powi(2);
        of.density(&at.carriers, boltzmann, states, weak)
    }
}
