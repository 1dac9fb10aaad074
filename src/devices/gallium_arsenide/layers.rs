//! Charge of the channel, the current at which it saturates, and its capacitance.
//!
//! ```text
//! level 2, a layer of doping nd and depth d: b = e^(−vgt/(η·Vt)),  1/n = 1/(nd·d·(1 − √(1 − vgte/vpo))) + b/nb,  nb = ε·η·Vt/(q·d)
//!     vpo = q·nd·d²/(2ε),  μ = mu + theta·vgt,  β = 2ε·vs·zeta·W/(d·(vpo + 3·vs·L/μ))
//!     ia = 2β·vgte²/((1 + 2β·vgte·rsi + √(1 + 4β·vgte·rsi))·(1 + tc·vgte)),  1/isat = 1/ia + b/ib,  ib = q·nb·μ·Vt·W/L
//!     1/C = √(1 − vgt/vpo)/Ci + b/Ci,  Ci = ε·W·L/d
//! level 3, a thin layer (ndelta, th) below one of depth du (ndu), depleted down to the depth h:
//!     vpu = q·ndu·du²/(2ε),  vpd = q·ndelta·th·(2du + th)/(2ε)
//!     vgte ≤ vpd:  h = √(du² + 2ε·(vpd − vgte)/(q·ndelta)),  na = ndelta·(du + th − h)
//!     else:        h = du·√((vpu + vpd − vgte)/vpu),  na = ndelta·th + ndu·(du − h)
//!     1/n = 1/na + b/nb,  nb = ε·η·Vt/(q·(du + th)),  ia as above of beta,  ib = ε·η·Vt²·W/(du·L)
//!     1/C = h/(ε·W·L) + b/Ci,  Ci = ε·W·L/(du + th)
//! level 4 to 6, a channel at a heterojunction d (di + deltad) deep:
//!     nm = 2n0·ln(1 + ½·e^(vgt/(η·Vt))),  n0 = ε·η·Vt/(2q·d),  n = nm/(1 + (nm/nmax)^γ)^(1/γ),  gm = q·nm·μ·W/L
//!     im = gm·vgte/(1 + gm·rsi + √(1 + 2gm·rsi + (vgte·μ/(vs·L))²)),  isat = im/(1 + (im/(q·nmax·vs·W))^γ)^(1/γ)
//!     1/C = (1/cas + 2b/cbs)·(1 + (nm/nmax)^γ)^(1 + 1/γ)/Ci,  Ci = ε·W·L/d
//!     levels 5 and 6: ·∂vgt/∂vgs, and in parallel W·L/(d1/ε + eta1·Vt·e^(−(vgs − vt1)/(eta1·Vt)))
//! ```

use super::channel::Overdrive;
use crate::devices::constants::CHARGE;
use crate::numerics::scalar::Scalar;

/// Least rest of the undepleted layer in a capacitance: without one nothing bounds it.
const LEAST_REST: f64 = 1e-4;

/// At an overdrive: conductance in S, saturation current in A, capacitance in F.
#[derive(Debug, Clone, Copy)]
pub struct Layered<S> {
    pub conductance: S,
    pub saturation: S,
    pub capacitance: S,
}

/// What all layers have: q·W/L, resistances within the channel, Ω, and mobility, m²/(V·s).
#[derive(Debug, Clone)]
pub struct Sheet {
    pub scale: f64,
    /// rsi and rsi + rdi
    pub source: f64,
    pub total: f64,
    pub mobility: f64,
}

#[derive(Debug, Clone)]
pub enum Layer {
    Uniform(Uniform),
    Thin(Thin),
    Junction(Junction),
}

/// Level 2.
#[derive(Debug, Clone)]
pub struct Uniform {
    pub sheet: Sheet,
    /// theta
    pub slope: f64,
    /// nd·d
    pub most: f64,
    /// nb
    pub below: f64,
    /// vpo, V
    pub pinch: f64,
    /// 2ε·vs·zeta·W/d
    pub gain: f64,
    /// 3·vs·L
    pub velocity: f64,
    /// tc
    pub compression: f64,
    pub thermal: f64,
    pub capacitance: f64,
}

/// Level 3.
#[derive(Debug, Clone)]
pub struct Thin {
    pub sheet: Sheet,
    pub beta: f64,
    pub compression: f64,
    /// ndu, ndelta
    pub doping: [f64; 2],
    /// du, th
    pub depth: [f64; 2],
    /// ε, F/m
    pub permittivity: f64,
    /// vpu, vpd
    pub pinch: [f64; 2],
    pub below: f64,
    /// ib
    pub below_current: f64,
    /// ε·W·L
    pub area: f64,
}

/// Levels 4 to 6.
#[derive(Debug, Clone)]
pub struct Junction {
    pub sheet: Sheet,
    /// n0
    pub density: f64,
    pub most: f64,
    /// γ
    pub bend: f64,
    /// vs·L/μ
    pub velocity: f64,
    /// q·nmax·vs·W
    pub most_current: f64,
    /// Ci, F
    pub capacitance: f64,
    /// cas, cbs
    pub factors: [f64; 2],
    pub second: Option<Second>,
}

/// The second layer of levels 5 and 6, which has capacitance alone.
#[derive(Debug, Clone)]
pub struct Second {
    /// W·L, d1/ε, eta1·Vt, vt1
    pub area: f64,
    pub depth: f64,
    pub scale: f64,
    pub threshold: f64,
}

impl Sheet {
    fn conductance<S: Scalar>(&self, density: S, mobility: S) -> S {
        let inner = density * mobility * self.scale;
        inner / (inner * self.total + 1.0)
    }
}

/// Saturation current from 2β·vgte and what is left of it below threshold.
#[inline(always)]
fn saturation<S: Scalar>(twice: S, over: S, source: f64, compression: f64, below: S) -> S {
    let drop = twice * source;
    let above = twice * over / ((drop + 1.0 + (drop * 2.0 + 1.0).sqrt()) * (over * compression + 1.0));
    above / (above * below + 1.0)
}

impl Layer {
    /// With η·Vt = `scale`.
    #[inline(always)]
    pub fn at<S: Scalar>(&self, over: &Overdrive<S>, scale: f64) -> Layered<S> {
        match self {
            Layer::Uniform(layer) => layer.at(over, scale),
            Layer::Thin(layer) => layer.at(over, scale),
            Layer::Junction(layer) => layer.at(over, scale),
        }
    }
}

impl Uniform {
    #[inline(always)]
    fn at<S: Scalar>(&self, over: &Overdrive<S>, scale: f64) -> Layered<S> {
        let left = (over.plain * (-1.0 / scale)).exp();
        let mobility = over.plain * self.slope + self.sheet.mobility;
        let rest = (over.effective * (-1.0 / self.pinch) + 1.0).max(S::zero());
        let undepleted = (-rest.sqrt() + 1.0) * self.most;
        let density = (undepleted.recip() + left * (1.0 / self.below)).recip();
        let twice = (mobility.recip() * self.velocity + self.pinch).recip() * over.effective * (2.0 * self.gain);
        let below = left / (mobility * (self.sheet.scale * self.below * self.thermal));
        let open = (over.plain * (-1.0 / self.pinch) + 1.0).max(S::constant(LEAST_REST));
        Layered {
            conductance: self.sheet.conductance(density, mobility),
            saturation: saturation(twice, over.effective, self.sheet.source, self.compression, below),
            capacitance: (open.sqrt() + left).recip() * self.capacitance,
        }
    }
}

impl Thin {
    #[inline(always)]
    fn at<S: Scalar>(&self, over: &Overdrive<S>, scale: f64) -> Layered<S> {
        let left = (over.plain * (-1.0 / scale)).exp();
        let ([upper, thin], [du, th], [pinch_upper, pinch_thin]) = (self.doping, self.depth, self.pinch);
        let beyond = -over.effective + pinch_thin;
        let (edge, undepleted) = if beyond.value() >= 0.0 {
            let edge = (beyond * (2.0 * self.permittivity / (CHARGE * thin)) + du * du).sqrt();
            (edge, (-edge + (du + th)) * thin)
        } else if beyond.value() > -pinch_upper {
            let edge = (beyond * (1.0 / pinch_upper) + 1.0).sqrt() * du;
            (edge, (-edge + du) * upper + thin * th)
        } else {
            // All of both layers conducts.
            (S::constant(du), S::constant(thin * th + upper * du))
        };
        let density = (undepleted.recip() + left * (1.0 / self.below)).recip();
        let twice = over.effective * (2.0 * self.beta);
        let below = left * (1.0 / self.below_current);
        Layered {
            conductance: self.sheet.conductance(density, S::constant(self.sheet.mobility)),
            saturation: saturation(twice, over.effective, self.sheet.source, self.compression, below),
            capacitance: (edge + left * (du + th)).recip() * self.area,
        }
    }
}

impl Junction {
    #[inline(always)]
    fn at<S: Scalar>(&self, over: &Overdrive<S>, scale: f64) -> Layered<S> {
        let argument = over.plain * (1.0 / scale);
        let whole = (argument - std::f64::consts::LN_2).softplus() * (2.0 * self.density);
        let bend = (whole * (1.0 / self.most)).powf(self.bend) + 1.0;
        let density = whole / bend.powf(1.0 / self.bend);
        let unbent = whole * (self.sheet.mobility * self.sheet.scale);
        let (drop, speed) = (unbent * self.sheet.source, over.effective * (1.0 / self.velocity));
        let current = unbent * over.effective / (drop + 1.0 + (drop * 2.0 + speed * speed + 1.0).sqrt());
        let most = ((current * (1.0 / self.most_current)).powf(self.bend) + 1.0).powf(-1.0 / self.bend);
        let [above, below] = self.factors;
        let left = (-argument).exp() * (2.0 / below) + 1.0 / above;
        let mut capacitance = (left * bend.powf(1.0 + 1.0 / self.bend)).recip() * self.capacitance;
        if let Some(second) = &self.second {
            let empty = ((over.gate - second.threshold) * (-1.0 / second.scale)).exp_limited(300.0);
            capacitance = capacitance * over.share + (empty * second.scale + second.depth).recip() * second.area;
        }
        Layered {
            conductance: self.sheet.conductance(density, S::constant(self.sheet.mobility)),
            saturation: current * most,
            capacitance,
        }
    }
}
