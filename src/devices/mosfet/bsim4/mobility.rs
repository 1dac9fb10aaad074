//! Mobility in the channel.
//!
//! ```text
//! µ = u0/(1 + fall),  v = vgst + 2·vth − g,  d(x) = ud·(x·toxe/(vgst + 2·√(x² + 1e-4)))²        (g: of the gate's material)
//! mobmod 0: (ua + uc·vbseff)·v/toxe + ub·(v/toxe)² + d(vth)
//!        1: (ua·v/toxe + ub·(v/toxe)²)·(1 + uc·vbseff) + d(vth)
//!        2: (ua + uc·vbseff)·((vgst + c)/toxe)^eu + d(vth),  c = 2·(vth0 − vfb − φ), p-channel 2.5·…, at least 0
//!        3: (ua + uc·vbseff)·((vgst + c)·10⁻⁸/(6·toxe))^eu + ud/(½ + ½·vgst/vgst(vth))^ucs
//!        4, 5, 6: as 0, 1, 2 with v = vgst + c − g and d(c)
//! ```
//! Source: BSIM4.6.4 manual, chapter 5; BSIM4.8 manual for mobmod 4 to 6.

use super::derived::Process;
use super::general_parameters::General;
use crate::devices::mosfet::bsim::limits::{EXPONENT, LEAST, MOST, fallen};
use crate::numerics::scalar::Scalar;

/// What the fall depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// The bulk changes ua.
    Field,
    /// The bulk changes all of it.
    Whole,
    /// A power of the field.
    Power,
    /// The same with Coulomb scattering at the surface of a high-k oxide.
    HighK,
}

/// The mobility's parameters, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Mobility {
    form: Form,
    /// mobmod 4 to 6: the threshold of the card in place of that of the bias.
    fixed: bool,
    thickness: f64,
    /// c and g, V.
    offset: f64,
    gate_offset: f64,
    ua: f64,
    ub: f64,
    uc: f64,
    ud: f64,
    eu: f64,
    ucs: f64,
    pub u0: f64,
    /// vgst at the threshold, V.
    at_threshold: f64,
}

impl Mobility {
    pub fn new(process: &Process, m: &General) -> Self {
        let p = &process.parameters;
        Mobility {
            form: match m.mobmod {
                1.0 | 5.0 => Form::Whole,
                2.0 | 6.0 => Form::Power,
                3.0 => Form::HighK,
                _ => Form::Field,
            },
            fixed: m.mobmod >= 4.0,
            thickness: process.materials.thickness,
            offset: process.mobility_offset,
            gate_offset: process.materials.field_offset(m, process.polarity),
            ua: p.ua,
            ub: p.ub,
            uc: p.uc,
            ud: p.ud,
            eu: p.eu,
            ucs: p.ucs,
            u0: p.u0,
            at_threshold: at_threshold(process),
        }
    }

    /// µ
    #[inline(always)]
    pub fn at<S: Scalar>(&self, overdrive: S, threshold: S, bulk: S) -> S {
        let fall = match self.form {
            Form::Field | Form::Whole => {
                let above = if self.fixed {
                    overdrive + (self.offset - self.gate_offset)
                } else {
                    overdrive + threshold * 2.0 - self.gate_offset
                };
                let field = above * (1.0 / self.thickness);
                let of_field = if self.form == Form::Field {
                    field * (bulk * self.uc + field * self.ub + self.ua)
                } else {
                    field * (field * self.ub + self.ua) * (bulk * self.uc + 1.0)
                };
                self.with_scattering(of_field, overdrive, threshold)
            }
            Form::Power => {
                let power = ((overdrive + self.offset) * (1.0 / self.thickness)).powf(self.eu);
                self.with_scattering(power * (bulk * self.uc + self.ua), overdrive, threshold)
            }
            Form::HighK => {
                let power = ((overdrive + self.offset) * (1e-8 / self.thickness / 6.0)).powf(self.eu);
                let relative = overdrive * (0.5 / self.at_threshold) + 0.5;
                power * (bulk * self.uc + self.ua) + relative.powf(-self.ucs) * self.ud
            }
        };
        fallen(self.u0, fall)
    }

    /// With d.
    #[inline(always)]
    fn with_scattering<S: Scalar>(&self, fall: S, overdrive: S, threshold: S) -> S {
        if self.ud == 0.0 {
            return fall;
        }
        let at = if self.fixed { S::constant(self.offset) } else { threshold };
        let over = at * self.thickness / (overdrive + (at * at + 1e-4).sqrt() * 2.0);
        fall + over * over * self.ud
    }
}

/// vgst where vgs is the threshold, at zero bias.
fn at_threshold(process: &Process) -> f64 {
    let ideality = process.ideality_at_rest();
    let scale = ideality * process.temperatures.thermal();
    let ratio = process.offset / scale;
    let oxide = process.materials.oxide / process.depletion_capacitance;
    let weak = if ratio < -EXPONENT {
        LEAST
    } else if ratio > EXPONENT {
        MOST
    } else {
        ratio.exp()
    };
    scale * 2f64.ln() / (process.shape + ideality * oxide * weak)
}
