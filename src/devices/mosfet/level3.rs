//! Level 3: the semi-empirical model of short channels.
//!
//! ```text
//! vth = vbi − σ·vds + γ·Fs·√(φ − vbs) + Fn·(φ − vbs),   σ = eta·8.15e-22/(cox·leff³),  Fn = delta·π·εsi/(2·cox·w)
//! Fs  = 1 − (xj/leff)·(((ld + wc)/xj)·√(1 − (wp/(xj + wp))²) − ld/xj),  wp = xd·√(φ − vbs)
//! wc/xj = 0.0631353 + 0.8013292·wp/xj − 0.01110777·(wp/xj)²
//! fb  = γ·Fs/(4·√(φ − vbs)) + Fn,   μs = uo/(1 + theta·(vgs − vth)),  vc = vmax·leff/μs
//! vdsat = (vgs − vth)/(1 + fb), with vmax a + vc − √(a² + vc²) of that a
//! id  = β·μs/uo·(vgs − vth − (1 + fb)·vdsx/2)·vdsx/(1 + vdsx/vc)/(1 − Δl/leff),   vdsx = min(vds, vdsat)
//! Δl  = √(kappa·xd²·(vds − vdsat + vdsat/8)), in the linear region √(kappa·xd²·vdsat/8)·(vds/vdsat)⁴;
//!       with vmax √((e·xd²/2)² + kappa·xd²·(vds − vdsat)) − e·xd²/2 beyond vdsat, e the field at the pinch-off
//! ```
//! With nfs, below von = vth + n·Vt the current falls by e^((vgs − von)/(n·Vt)), n = 1 + q·nfs/cox + Qb/(2·(φ − vbs)·cox).
//!
//! Sources: Vladimirescu and Liu, UCB/ERL M80/7 (1980); Antognetti and Massobrio, chapter 4; ngspice-39 manual, section 11.2.

use super::card::{Context, SILICON_PERMITTIVITY};
use super::channel::{Channel, Conduction};
use crate::devices::constants::CHARGE;
use crate::numerics::scalar::Scalar;

/// Of the depletion width at the cylindrical junction's edge.
const EDGE: [f64; 3] = [0.063_135_3, 0.801_329_2, -0.011_107_77];

/// The semi-empirical channel.
#[derive(Clone)]
pub struct SemiEmpirical {
    beta: f64,
    built_in: f64,
    body_effect: f64,
    surface_potential: f64,
    root: f64,
    length: f64,
    /// σ
    feedback: f64,
    /// Fn
    narrow: f64,
    /// xj and ld in m; no short-channel effect without xj.
    junction_depth: f64,
    diffusion: f64,
    /// xd, m/√V.
    depletion: f64,
    theta: f64,
    /// vmax·leff/uo, V; 0 without velocity saturation.
    critical: f64,
    kappa: f64,
    /// q·nfs/cox; 0 without weak inversion.
    fast_states: f64,
    thermal: f64,
}

/// What bulk bias and drain do to the charge below the gate.
struct Threshold<S> {
    /// φ − vbs
    potential: S,
    /// fb
    factor: S,
    /// Qb/cox
    charge: S,
    threshold: S,
}

impl SemiEmpirical {
    #[inline(always)]
    fn threshold<S: Scalar>(&self, vds: S, vbs: S) -> Threshold<S> {
        let (root, potential) = if vbs.value() <= 0.0 {
            let potential = vbs * -1.0 + self.surface_potential;
            (potential.sqrt(), potential)
        } else {
            let root = (vbs * (0.5 / self.surface_potential) + 1.0).recip() * self.root;
            (root, root * root)
        };
        let body = self.short_channel(root) * self.body_effect;
        let charge = body * root + potential * self.narrow;
        Threshold {
            potential,
            factor: body * 0.25 / root + self.narrow,
            charge,
            threshold: vds * -self.feedback + self.built_in + charge,
        }
    }

    /// Fs
    #[inline(always)]
    fn short_channel<S: Scalar>(&self, root: S) -> S {
        if self.junction_depth == 0.0 || self.depletion == 0.0 {
            return S::constant(1.0);
        }
        let width = root * (self.depletion / self.junction_depth);
        let diffusion = self.diffusion / self.junction_depth;
        let edge = width * width * EDGE[2] + width * EDGE[1] + (EDGE[0] + diffusion);
        let part = width / (width + 1.0);
        let cosine = (part * part * -1.0 + 1.0).sqrt();
        (edge * cosine - diffusion) * (-self.junction_depth / self.length) + 1.0
    }

    /// Δl; with velocity saturation its factor on the current and vc are given.
    #[inline(always)]
    fn shortening<S: Scalar>(&self, vds: S, vdsat: S, critical: Option<(S, S)>) -> S {
        let alpha = self.depletion * self.depletion;
        let linear = vds.value() <= vdsat.value();
        let shortening = match critical {
            _ if alpha == 0.0 || self.kappa == 0.0 => return S::zero(),
            Some(_) if linear => return S::zero(),
            // The field at pinch-off: i/(leff·∂i/∂vds), ∂i/∂vds = i·(1 − fd)/vc.
            Some((fraction, critical)) => {
                let field = critical / ((fraction * -1.0 + 1.0) * self.length) * self.kappa;
                let half = field * (0.5 * alpha);
                (half * half + (vds - vdsat) * (self.kappa * alpha)).sqrt() - half
            }
            None if linear => {
                let part = vds / vdsat;
                let square = part * part;
                (vdsat * (self.kappa * alpha / 8.0)).sqrt() * square * square
            }
            None => ((vds - vdsat * 0.875) * (self.kappa * alpha)).sqrt(),
        };
        if shortening.value() > 0.5 * self.length {
            shortening.recip() * (-0.25 * self.length * self.length) + self.length
        } else {
            shortening
        }
    }
}

impl Channel for SemiEmpirical {
    const LEVEL: u8 = 3;

    fn new(context: &Context) -> Self {
        let m = context.model;
        SemiEmpirical {
            beta: context.beta,
            built_in: context.built_in,
            body_effect: context.body_effect,
            surface_potential: context.surface_potential,
            root: context.surface_potential.sqrt(),
            length: context.length,
            feedback: m.eta * 8.15e-22 / (context.oxide * context.length.powi(3)),
            narrow: m.delta * 0.5 * std::f64::consts::PI * SILICON_PERMITTIVITY / context.oxide / context.width,
            junction_depth: m.junction_depth,
            diffusion: m.lateral_diffusion,
            depletion: context.depletion,
            theta: m.theta,
            critical: m.velocity * context.length / context.mobility,
            kappa: m.kappa,
            fast_states: CHARGE * m.fast_states * 1e4 / context.oxide,
            thermal: context.thermal,
        }
    }

    #[inline(always)]
    fn conduct<S: Scalar>(&self, vds: S, vgs: S, vbs: S) -> Conduction<S> {
        let Threshold { potential, factor, charge, threshold, .. } = self.threshold(vds, vbs);
        let weak = self.fast_states > 0.0;
        let slope = if weak { charge / (potential * 2.0) + (1.0 + self.fast_states) } else { S::zero() };
        let turn_on = if weak { threshold + slope * self.thermal } else { threshold };
        let below = vgs.value() <= turn_on.value();
        if below && !weak {
            return Conduction::none(turn_on);
        }
        let over = if below { turn_on } else { vgs } - threshold;
        let scattering = over * self.theta + 1.0;
        let mut saturation = over / (factor + 1.0);
        let critical = (self.critical > 0.0).then(|| scattering * self.critical);
        if let Some(critical) = critical {
            saturation = saturation + critical - (saturation * saturation + critical * critical).sqrt();
        }
        let end = vds.min(saturation);
        let mut current = (over - (factor + 1.0) * end * 0.5) * end * self.beta / scattering;
        let fraction = critical.map(|critical| ((end / critical + 1.0).recip(), critical));
        if let Some((fraction, _)) = fraction {
            current = current * fraction;
        }
        let shortening = self.shortening(vds, saturation, fraction);
        current = current / (shortening * (-1.0 / self.length) + 1.0);
        if below {
            current = current * ((vgs - turn_on) / (slope * self.thermal)).exp();
        }
        Conduction { current, turn_on, saturation }
    }
}
