//! Noise of the channel; currents of the gate and of the body's junctions have shot noise.
//!
//! ```text
//! thermal, tnoimod 0: 4·k·T·ntnoi·µ·|Qi|/(leff² + µ·|Qi|·rds),  Qi of the charges
//!          tnoimod 1: 4·k·T·((β·(gm + gmbs) + gds)² − θ²·(gm + gmbs + gds)²)·vdse/id,
//!                     β = rnoia·(1 + tnoia·leff·e²), θ = rnoib·(1 + tnoib·leff·e²) ≤ 0.9 and 0.9·β,  e = vgst/(esat·leff)
//!          tnoimod 2: 4·k·T·ntnoi·⅔·|gm + gds + gmbs|
//! flicker, fnoimod 0: kf·weff·nf/w0flk·|id·w0flk/(weff·nf)|^af/(f^ef·leff^bf·cox),  without w0flk kf·|id|^af/(f^ef·leff^bf·cox)
//!          fnoimod 1: as BSIM4's, with N* = Vt/q·(cox + ε_si/Xdep + cit)
//! ```
//! T is the transistor's temperature. What tnoimod=1 adds to the noise of the source's resistance is left out.
//! Source: BSIMSOI4.4 manual, chapter 6.

use super::geometry::or;
use super::transistor::{Bias, NODES, Transistor};
use super::warm::Warm;
use crate::devices::constants::{CHARGE, K_OVER_Q};
use crate::devices::mosfet::bsim::flicker::{Flicker, FlickerBias};
use crate::devices::mosfet::bsim::temperatures::{self, SILICON};
use crate::devices::noise::NoiseSource;
use crate::numerics::dual::Dual;

/// What the channel's noise depends on, of all fingers of one transistor.
struct Channel {
    current: f64,
    /// gds, and gm + gmbs, of the end that acts as source, S.
    output: f64,
    gain: f64,
    bias: Bias<Dual<4>>,
}

impl Transistor {
    fn channel(&self, warm: &Warm<f64>, x: &[f64; NODES]) -> Channel {
        let voltages = self.voltages(x);
        let bias = self.bias(warm, Dual::<4>::variables(&voltages));
        let fingers = self.process.layout.fingers;
        let [by_drain, by_gate, by_body, by_back] = (bias.current + bias.collector).gradient.map(|by| by * fingers);
        let (output, gain) = if voltages[0] >= 0.0 {
            (by_drain, by_gate + by_body)
        } else {
            (by_drain + by_gate + by_body + by_back, -(by_gate + by_body))
        };
        let far = usize::from(voltages[0] < 0.0);
        let beside = bias.ionised[far] + bias.leakage[far] - bias.junctions[far];
        let along = (bias.current + bias.collector).value.abs() + beside.value;
        Channel { current: along * fingers, output, gain, bias }
    }

    /// Conductance of its thermal noise, S.
    fn thermal(&self, warm: &Warm<f64>, at: &Channel) -> f64 {
        let (m, length) = (&self.process.m, self.process.geometry.length);
        let conduction = &at.bias.conduction;
        let mobility = conduction.mobility.value;
        if m.tnoimod == 2.0 {
            return m.ntnoi * 2.0 / 3.0 * (at.gain + at.output).abs();
        }
        if m.tnoimod == 0.0 {
            let carried = mobility * at.bias.charges.inversion.value.abs();
            let resistance = conduction.resistance.value / self.process.layout.fingers;
            return m.ntnoi * carried / (length * length + carried * resistance);
        }
        let e = conduction.overdrive.value * mobility / (2.0 * warm.vsat * length);
        let beta = m.rnoia * (1.0 + e * e * m.tnoia * length);
        let theta = (m.rnoib * (1.0 + e * e * m.tnoib * length)).min(0.9).min(0.9 * beta);
        let per_ampere = if at.current == 0.0 { 1e9 } else { (conduction.effective.value / at.current).min(1e9) };
        ((beta * at.gain + at.output).powi(2) - (theta * (at.gain + at.output)).powi(2)) * per_ampere
    }

    /// A²/Hz at 1 Hz.
    fn flicker(&self, warm: &Warm<f64>, at: &Channel, across: f64) -> f64 {
        let (m, geometry, oxide) = (&self.process.m, &self.process.geometry, self.process.oxide);
        let width = geometry.width * self.process.layout.fingers;
        let current = at.current.abs();
        if m.fnoimod == 0.0 {
            let (share, current) =
                if m.w0flk > 0.0 { (width / m.w0flk, current * m.w0flk / width) } else { (1.0, current) };
            return share * m.kf * current.powf(m.af) / (geometry.length.powf(m.bf) * oxide);
        }
        let is_n = self.process.polarity > 0.0;
        let of = Flicker {
            noia: or(m.noia, if is_n { 6.25e41 } else { 6.188e40 }),
            noib: or(m.noib, if is_n { 3.125e26 } else { 1.5e25 }),
            noic: m.noic,
            em: m.em,
            length: geometry.length,
            width,
            oxide,
            characteristic: self.process.characteristic,
            vsat: warm.vsat,
            units: 1e10,
        };
        let conduction = &at.bias.conduction;
        let bulk_charge = conduction.bulk_charge.value;
        let states = oxide + SILICON / conduction.threshold.depletion.value + self.process.p.cit;
        let states = warm.thermal / temperatures::CHARGE * states;
        let boltzmann = K_OVER_Q * CHARGE * warm.temperature;
        let weak = of.noia * boltzmann / (1e10 * width * geometry.length * states * states) * current * current;
        let carriers = FlickerBias {
            current,
            across,
            effective: conduction.effective.value,
            overdrive: conduction.overdrive.value,
            over: conduction.over.value,
            bulk_charge,
            plain_bulk_charge: bulk_charge,
            mobility: conduction.mobility.value,
        };
        of.density(&carriers, boltzmann, states, weak)
    }

    pub fn noise(&self, warm: &Warm<f64>, x: &[f64; NODES], visit: &mut dyn FnMut(NoiseSource)) {
        let at = self.channel(warm, x);
        let m = &self.process.m;
        let conductance = self.thermal(warm, &at) * self.multiplier;
        visit(NoiseSource::thermal("id", [0, 2], conductance, warm.temperature));
        let across = self.voltages(x)[0].abs();
        let flicker = NoiseSource::flicker([0, 2], self.flicker(warm, &at, across) * self.multiplier);
        visit(NoiseSource { exponent: m.ef, ..flicker });
        let all = self.process.layout.fingers * self.multiplier;
        let bias = &at.bias;
        visit(NoiseSource::shot("fb_ibs", [2, 4], m.noif * bias.junctions[1].value * all));
        visit(NoiseSource::shot("fb_ibd", [0, 4], m.noif * bias.junctions[0].value * all));
        let [to_drain, to_source] = [0, 1].map(|end| (bias.through_channel[end] + bias.through_ends[end]).value * all);
        visit(NoiseSource::shot("igs", [1, 2], to_source));
        visit(NoiseSource::shot("igd", [1, 0], to_drain));
        visit(NoiseSource::shot("igb", [1, 4], bias.to_body.value * all));
    }
}
