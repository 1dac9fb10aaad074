//! The channel between source and drain, and what the gate stores in it.
//!
//! ```text
//! vgt = vgs − vto + σ·vds,  σ = sigma0/(1 + s),  s = e^((vgs − vto − vsigmat)/vsigma)
//! vgte = c·Vt·(2 + u + √(δ² + u²)),  u = vgt/(2c·Vt) − 1                            c = ½ of levels 2 and 3, 1 of the others
//! id = g·vdse·(1 + λ·vds),  vdse = vds/(1 + (vds/vs)^m)^(1/m),  vs = isat/g,  g = gi/(1 + gi·(rsi + rdi)),  gi = q·n·μ·W/L
//! Cgs = cf + ⅔·2/(1 + P)·C·(1 − ((vs − v)/(2vs − v))²),  Cgd = cf + ⅔·2/(1 + 1/P)·C·(1 − (vs/(2vs − v))²)
//!       v = vds/(1 + (vds/vs)^mc)^(1/mc),  P = p + (1 − p)·e^(−vds/vs) of levels 5 and 6, else 1
//! ```
//! for vds ≥ 0; source and drain change places for vds < 0. n, isat and C are those of the layers below.

use super::layers::Layer;
use crate::numerics::scalar::Scalar;

/// Below so many subthreshold voltages nothing is left of the channel.
const OFF: f64 = -100.0;

/// How the channel turns on. Voltages as of an n-channel.
#[derive(Debug, Clone)]
pub struct TurnOn {
    /// vto, V
    pub threshold: f64,
    /// ks and vsg: how much the threshold rises with the source above the side gate's voltage.
    pub side: [f64; 2],
    /// sigma0
    pub feedback: f64,
    /// vsigmat and vsigma, V
    pub feedback_at: [f64; 2],
    /// δ
    pub smoothness: f64,
    /// c
    pub part: f64,
    pub thermal: f64,
    /// η·Vt
    pub subthreshold: f64,
}

/// The gate's voltage over the threshold.
#[derive(Debug, Clone, Copy)]
pub struct Overdrive<S> {
    pub gate: S,
    /// vgt
    pub plain: S,
    /// vgte
    pub effective: S,
    /// ∂vgt/∂vgs
    pub share: S,
}

/// Bends of current and capacitances at saturation, and what follows saturation.
#[derive(Debug, Clone)]
pub struct Knee {
    /// m
    pub current: f64,
    /// alpha: what vgte adds to m, 1/V.
    pub growth: f64,
    /// mc
    pub capacitance: f64,
    /// p; none: 1.
    pub partition: Option<f64>,
    /// λ, 1/V
    pub modulation: f64,
}

/// One transistor's channel; W/L and so on are in the layer's numbers.
#[derive(Debug, Clone)]
pub struct Channel {
    pub turn_on: TurnOn,
    pub layer: Layer,
    pub knee: Knee,
    /// cf, F
    pub fringe: f64,
}

/// Current from drain to source in A, and capacitances of the gate to source and drain in F.
#[derive(Debug, Clone, Copy)]
pub struct Conduction<S> {
    pub current: S,
    pub source: S,
    pub drain: S,
}

impl TurnOn {
    /// At a gate voltage, for vds ≥ 0 and a voltage of the source over ground.
    #[inline(always)]
    fn overdrive<S: Scalar>(&self, gate: S, across: S, source: S) -> Overdrive<S> {
        let [slope, side] = self.side;
        let mut over = gate - self.threshold;
        if slope != 0.0 {
            over -= (source - side) * slope;
        }
        let (mut plain, mut share) = (over, S::constant(1.0));
        if self.feedback != 0.0 {
            let [at, width] = self.feedback_at;
            let step = ((over - at) * (-1.0 / width)).logistic();
            plain += step * across * self.feedback;
            share = -(across * step * (-step + 1.0) * (self.feedback / width)) + 1.0;
        }
        let scale = self.part * self.thermal;
        let u = plain * (0.5 / scale) - 1.0;
        let effective = (u + (u * u + self.smoothness * self.smoothness).sqrt() + 2.0) * scale;
        Overdrive { gate, plain, effective, share }
    }
}

/// v/(1 + (v/at)^power)^(1/power)
#[inline(always)]
fn saturate<S: Scalar>(v: S, at: S, power: f64) -> S {
    let ratio = (v / at).powf(power);
    v * (ratio + 1.0).powf(-1.0 / power)
}

/// The same with a power that depends on the bias.
#[inline(always)]
fn saturate_by<S: Scalar>(v: S, at: S, power: S) -> S {
    if v.value() <= 0.0 {
        return v;
    }
    let ratio = ((v / at).ln() * power).exp();
    v * (-(ratio.ln_1p() / power)).exp()
}

impl Channel {
    /// At vgs and vds of either sign.
    #[inline(always)]
    pub fn at<S: Scalar>(&self, vgs: S, vds: S, source: S) -> Conduction<S> {
        if vds.value() >= 0.0 {
            return self.forward(vgs, vds, source);
        }
        let Conduction { current, source, drain } = self.forward(vgs - vds, -vds, source);
        Conduction { current: -current, source: drain, drain: source }
    }

    #[inline(always)]
    fn forward<S: Scalar>(&self, vgs: S, vds: S, source: S) -> Conduction<S> {
        let over = self.turn_on.overdrive(vgs, vds, source);
        let fringe = S::constant(self.fringe);
        if over.plain.value() < OFF * self.turn_on.subthreshold {
            return Conduction { current: S::zero(), source: fringe, drain: fringe };
        }
        let found = self.layer.at(&over, self.turn_on.subthreshold);
        let knee = &self.knee;
        let saturation = found.saturation / found.conductance;
        let effective = if knee.growth == 0.0 {
            saturate(vds, saturation, knee.current)
        } else {
            saturate_by(vds, saturation, over.effective * knee.growth + knee.current)
        };
        let current = found.conductance * effective * (vds * knee.modulation + 1.0);
        let bend = saturate(vds, saturation, knee.capacitance);
        let total = (saturation * 2.0 - bend).recip();
        let (near, far) = ((saturation - bend) * total, saturation * total);
        let rest = |part: S| (-(part * part) + 1.0) * found.capacitance;
        let (at_source, at_drain) = match knee.partition {
            None => (rest(near) * (2.0 / 3.0), rest(far) * (2.0 / 3.0)),
            Some(p) => {
                let part = (-(vds / saturation)).exp() * (1.0 - p) + p;
                let half = (part + 1.0).recip() * (4.0 / 3.0);
                (rest(near) * half, rest(far) * half * part)
            }
        };
        Conduction { current, source: at_source + fringe, drain: at_drain + fringe }
    }
}
