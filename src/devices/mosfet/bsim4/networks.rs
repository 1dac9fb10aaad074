//! The substrate's resistances, and junctions that are at their inner nodes.
//!
//! ```text
//! rbodymod 1: the channel's bulk is behind rbpb, and joined by rbps and rbpd to the junctions' bulks, which are behind rbsb and rbdb
//!          2: rbps0·(leff/1 µm)^rbpsl·(weff/1 µm)^rbpsw·nf^rbpsnf, rbpd likewise; rbpb, rbsb and rbdb each of two such in parallel. Without
//!             rbps0 or rbpd0 rbpb alone; without rbsbx0 and rbsby0, or rbdbx0 and rbdby0, without rbsb and rbdb
//! ```
//! each with gbmin beside it. Source: BSIM4.6.4 manual, chapter 8.

use super::geometry::Geometry;
use super::junction_parameters::JunctionCard;
use super::junctions::Junction;
use crate::devices::device::{Contribution, Device, Environment};
use crate::numerics::scalar::Scalar;

/// Conductances of the substrate, S.
#[derive(Debug, Clone, Copy)]
pub struct Substrate {
    pub channel: f64,
    pub to_drain: f64,
    pub to_source: f64,
    pub drain: f64,
    pub source: f64,
}

impl Substrate {
    /// Of resistances, Ω: rbpb, rbpd, rbps, rbdb, rbsb.
    pub fn given(m: &JunctionCard, resistances: [f64; 5]) -> Self {
        let [channel, to_drain, to_source, drain, source] =
            resistances.map(|resistance| if resistance < 1e-3 { 1e3 } else { m.gbmin + 1.0 / resistance });
        Substrate { channel, to_drain, to_source, drain, source }
    }

    /// Of a transistor's sizes.
    pub fn scaled(m: &JunctionCard, geometry: &Geometry) -> Self {
        let scaled = |own: f64, exponents: [f64; 3]| {
            let sizes = [geometry.length * 1e6, geometry.width * 1e6, geometry.fingers];
            own * sizes.iter().zip(exponents).map(|(size, exponent)| size.powf(exponent)).product::<f64>()
        };
        let parallel = |a: f64, b: f64| a * b / (a + b);
        let along = [m.rbsdbxl, m.rbsdbxw, m.rbsdbxnf];
        let across = [m.rbsdbyl, m.rbsdbyw, m.rbsdbynf];
        let or = |own: f64| if own.is_nan() { 100.0 } else { own };
        let end = |x: f64, y: f64| parallel(scaled(or(x), along), scaled(or(y), across));
        let channel = parallel(
            scaled(m.rbpbx0, [m.rbpbxl, m.rbpbxw, m.rbpbxnf]),
            scaled(m.rbpby0, [m.rbpbyl, m.rbpbyw, m.rbpbynf]),
        );
        let to_drain = scaled(m.rbpd0, [m.rbpdl, m.rbpdw, m.rbpdnf]);
        let to_source = scaled(m.rbps0, [m.rbpsl, m.rbpsw, m.rbpsnf]);
        let ends = [end(m.rbdbx0, m.rbdby0), end(m.rbsbx0, m.rbsby0)];
        let whole = Self::given(m, [channel, to_drain, to_source, ends[0], ends[1]]);
        if m.rbps0.is_nan() || m.rbpd0.is_nan() {
            return Substrate { to_drain: 1e3, to_source: 1e3, drain: m.gbmin, source: m.gbmin, ..whole };
        }
        let without = |x: f64, y: f64| x.is_nan() && y.is_nan();
        if without(m.rbsbx0, m.rbsby0) || without(m.rbdbx0, m.rbdby0) {
            return Substrate { drain: m.gbmin, source: m.gbmin, ..whole };
        }
        whole
    }
}

/// A junction by itself; unknowns: bulk, inner drain or source.
pub struct JunctionApart {
    pub junction: Junction,
    pub polarity: f64,
    pub multiplier: f64,
    /// Thermal voltage, V.
    pub thermal: f64,
}

impl Device<2> for JunctionApart {
    const LIMITED: bool = true;
    const BENDS_OVER: Option<f64> = Some(0.05);

    #[inline]
    fn equations<S: Scalar>(&self, &[bulk, end]: &[S; 2], environment: &Environment) -> Contribution<S, 2> {
        let of = [(bulk - end) * self.polarity];
        let [v] = S::inner(&of);
        let scale = self.polarity * self.multiplier;
        let current = S::outer(&of, self.junction.current(v, environment.gmin)) * scale;
        Contribution::branch(current, S::outer(&of, self.junction.charge(v)) * scale)
    }

    fn limit(&self, x: &[f64; 2], previous: &[f64; 2], _environment: &Environment) -> [f64; 2] {
        let [wanted, before] = [x, previous].map(|x| self.polarity * (x[0] - x[1]));
        let limited = crate::devices::junction::limit_junction(wanted, before, self.thermal, self.junction.critical);
        if limited == wanted { *x } else { [x[1] + self.polarity * limited, x[1]] }
    }
}
