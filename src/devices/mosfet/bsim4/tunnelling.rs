//! Current through the gate's oxide.
//!
//! ```text
//! J(V, a, b, c) = e^(−B·toxe·(a + (a·c − b)·V − b·c·V²))
//! vfbe as in the charges, vacc = vfbz − vfbe, vdep = k1'·(√(k1'²/4 + vgse − vfbe − vbseff − vgst) − k1'/2) + vgst
//! igc  = A·r·weff·leff·vgse·nigc·Vt·ln(1 + e^((vgse − v)/(nigc·Vt)))·J(vdep, aigc, bigc, cigc)   v: vth0 (igcmod 1), vth (2)
//!        to the source times (x + e^(−x) − 1 + 1e-4)/(x² + 2e-4), to the drain times (1 − (x + 1)·e^(−x) + 1e-4)/(x² + 2e-4),
//!        x = pigcd·vdse, pigcd by default B·toxe/vgst²·(1 − vdse/(2·vgst))
//! igs  = A·re·weff·dlcig·vgs·u·J(u, aigs, bigs, cigs)·…, u = √((vgs − vfbsd − vfbsdoff)² + 1e-4), toxe·poxedge in place of toxe; igd likewise
//! igb  = A·r·weff·leff·(vgse − vbseff)·nigbacc·Vt·ln(1 + e^((vfbz − vgse + vbseff)/(nigbacc·Vt)))·J(vacc, aigbacc, bigbacc, cigbacc)
//!      + the same with vdep, nigbinv, vdep − eigbinv, aigbinv, …, 0.7561·A, 1.31724·B
//! ```
//! r = (toxref/toxe)^ntox/toxe², A = 4.97232e-7, B = 7.45669e11 (p-channel 3.42537e-7 and 1.16645e12, igb as n-channel). With tempmod
//! 2 and 3 Vt is that of tnom. Source: BSIM4.6.4 manual, chapter 4.

use super::channel::Conduction;
use super::derived::Process;
use super::general_parameters::General;
use super::geometry::or;
use crate::devices::mosfet::bsim::limits::{bounded_exp, softened};
use crate::numerics::scalar::Scalar;

/// One path: A·area·r, and the exponent's factor with its three coefficients.
#[derive(Debug, Clone, Copy)]
struct Path {
    size: f64,
    /// −B·toxe·(a, a·c − b, −b·c)
    exponents: [f64; 3],
}

impl Path {
    fn new(size: f64, barrier: f64, [a, b, c]: [f64; 3]) -> Self {
        Path { size, exponents: [a, a * c - b, -b * c].map(|part| -barrier * part) }
    }

    /// size·J(V)
    #[inline(always)]
    fn at<S: Scalar>(&self, v: S) -> S {
        let [constant, linear, square] = self.exponents;
        bounded_exp(v * (v * square + linear) + constant) * self.size
    }
}

/// The gate's currents, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Tunnelling {
    /// Into channel, source and drain: igcmod.
    to_channel: Option<ToChannel>,
    /// Into the bulk: igbmod.
    to_bulk: Option<ToBulk>,
}

#[derive(Debug, Clone, Copy)]
struct ToChannel {
    path: Path,
    /// nigc·Vt
    scale: f64,
    /// Threshold of the card; none for that of the bias.
    threshold: Option<f64>,
    /// pigcd; NaN from the bias, with B·toxe.
    pigcd: f64,
    barrier: f64,
    source: Path,
    drain: Path,
    /// vfbsd + vfbsdoff
    end_flat_band: f64,
}

#[derive(Debug, Clone, Copy)]
struct ToBulk {
    accumulated: Path,
    inverted: Path,
    accumulated_scale: f64,
    inverted_scale: f64,
    eigbinv: f64,
}

/// Currents out of the gate at vds ≥ 0, into source and drain by way of the channel, and into the bulk, A.
pub struct GateCurrents<S> {
    pub source: S,
    pub drain: S,
    pub bulk: S,
}

/// Voltages over the oxide: in accumulation, and in depletion and inversion.
pub struct OxideVoltages<S> {
    pub flat_band: f64,
    pub accumulated: S,
    pub inverted: S,
}

impl Tunnelling {
    pub fn new(process: &Process, m: &General) -> Self {
        let (p, geometry) = (&process.parameters, &process.geometry);
        let thickness = process.materials.thickness;
        let thermal =
            if m.tempmod < 2.0 { process.temperatures.thermal() } else { process.temperatures.nominal_thermal() };
        let ratio = |thickness: f64| (m.toxref / thickness).powf(p.ntox) / (thickness * thickness);
        let (strength, barrier) =
            if process.polarity > 0.0 { (4.97232e-7, 7.45669e11) } else { (3.42537e-7, 1.16645e12) };
        let area = geometry.width * geometry.length * ratio(thickness);
        let at_edge = thickness * p.poxedge;
        let edge = |overlap: f64, coefficients: [f64; 3]| {
            let size = strength * geometry.width * overlap * ratio(at_edge);
            Path::new(size, barrier * at_edge, coefficients)
        };
        let of_source = or(m.dlcig, m.lint);
        let of_drain = or(m.dlcigd, of_source);
        let to_channel = ToChannel {
            path: Path::new(strength * area, barrier * thickness, [p.aigc, p.bigc, p.cigc]),
            scale: p.nigc * thermal,
            threshold: (m.igcmod == 1.0).then_some(p.vth0),
            pigcd: p.pigcd,
            barrier: barrier * thickness,
            source: edge(of_source, [p.aigs, p.bigs, p.cigs]),
            drain: edge(of_drain, [p.aigd, p.bigd, p.cigd]),
            end_flat_band: process.end_flat_band + p.vfbsdoff,
        };
        let (strength, barrier) = (4.97232e-7 * area, 7.45669e11 * thickness);
        let to_bulk = ToBulk {
            accumulated: Path::new(strength, barrier, [p.aigbacc, p.bigbacc, p.cigbacc]),
            inverted: Path::new(0.75610 * strength, 1.31724 * barrier, [p.aigbinv, p.bigbinv, p.cigbinv]),
            accumulated_scale: p.nigbacc * thermal,
            inverted_scale: p.nigbinv * thermal,
            eigbinv: p.eigbinv,
        };
        Tunnelling {
            to_channel: (m.igcmod != 0.0).then_some(to_channel),
            to_bulk: (m.igbmod != 0.0).then_some(to_bulk),
        }
    }

    pub fn flows(&self) -> bool {
        self.to_channel.is_some() || self.to_bulk.is_some()
    }

    /// The currents of the channel and to the bulk at vds ≥ 0.
    #[inline(always)]
    pub fn at<S: Scalar>(&self, at: &Conduction<S>, oxide: &OxideVoltages<S>, bulk: S) -> GateCurrents<S> {
        let none = S::zero();
        let [source, drain] = self.to_channel.as_ref().map_or([none; 2], |part| part.at(at, oxide.inverted));
        let bulk = self.to_bulk.as_ref().map_or(none, |part| part.at(at.gate - bulk, oxide));
        GateCurrents { source, drain, bulk }
    }

    /// Currents through the overlaps to source and drain at vgs and vgd.
    #[inline(always)]
    pub fn at_ends<S: Scalar>(&self, vgs: S, vgd: S) -> [S; 2] {
        let Some(part) = &self.to_channel else { return [S::zero(); 2] };
        let end = |v: S, path: &Path| {
            let past = v - part.end_flat_band;
            let over = (past * past + 1e-4).sqrt();
            v * over * path.at(over)
        };
        [end(vgs, &part.source), end(vgd, &part.drain)]
    }
}

impl ToChannel {
    /// To source and drain.
    #[inline(always)]
    fn at<S: Scalar>(&self, at: &Conduction<S>, over_oxide: S) -> [S; 2] {
        let past = match self.threshold {
            Some(threshold) => at.gate - threshold,
            None => at.gate - at.threshold,
        };
        let current = at.gate * softened(past, S::constant(self.scale)) * self.path.at(over_oxide);
        let x = if self.pigcd.is_nan() {
            let over = at.overdrive + 1e-20;
            at.effective * (at.effective / over * -0.5 + 1.0) * self.barrier / (over * over)
        } else {
            at.effective * self.pigcd
        };
        let e = bounded_exp(-x);
        let scale = current / (x * x + 2e-4);
        [scale * (x + e + (1e-4 - 1.0)), scale * ((x + 1.0) * e * -1.0 + (1.0 + 1e-4))]
    }
}

impl ToBulk {
    #[inline(always)]
    fn at<S: Scalar>(&self, vgb: S, oxide: &OxideVoltages<S>) -> S {
        let accumulated = softened(vgb * -1.0 + oxide.flat_band, S::constant(self.accumulated_scale));
        let inverted = softened(oxide.inverted - self.eigbinv, S::constant(self.inverted_scale));
        vgb * (accumulated * self.accumulated.at(oxide.accumulated) + inverted * self.inverted.at(oxide.inverted))
    }
}
