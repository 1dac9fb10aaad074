//! What both models make of the bulk's voltage.

use super::limits::{kept_positive, one_plus};
use crate::numerics::scalar::Scalar;

/// What follows from the bulk's voltage.
#[derive(Debug, Clone, Copy)]
pub struct BodyBias<S> {
    /// vbseff, V.
    pub bulk: S,
    /// √φs − √φ, √V.
    pub rise: S,
    /// Threshold at vds = 0, V; of BSIM4 without pockets.
    pub threshold: S,
    /// Lowering of the threshold per vds.
    pub lowering: S,
    /// n − 1 at vds = 0, and its growth with vds, 1/V.
    pub ideality: S,
    pub ideality_slope: S,
    /// Bulk charge without the gate's effect, before its limits.
    pub bulk_charge: S,
    /// The gate's effect on it, 1/V.
    pub bulk_charge_slope: S,
    /// Factor on it that depends on the bulk.
    pub bulk_charge_factor: S,
    /// Factor on the output resistance of drain-induced lowering.
    pub output_factor: S,
}

/// What `at` makes of the bulk's voltage, with derivatives by it alone where they are made.
#[inline(always)]
pub fn of_bulk<S: Scalar>(vbs: S, at: impl Fn(S::Inner<1>) -> BodyBias<S::Inner<1>>) -> BodyBias<S> {
    let of = [vbs];
    let [inner] = S::inner(&of);
    at(inner).map(|value| S::outer(&of, value))
}

impl<S: Copy> BodyBias<S> {
    #[inline(always)]
    fn map<T>(&self, to: impl Fn(S) -> T) -> BodyBias<T> {
        BodyBias {
            bulk: to(self.bulk),
            rise: to(self.rise),
            threshold: to(self.threshold),
            lowering: to(self.lowering),
            ideality: to(self.ideality),
            ideality_slope: to(self.ideality_slope),
            bulk_charge: to(self.bulk_charge),
            bulk_charge_slope: to(self.bulk_charge_slope),
            bulk_charge_factor: to(self.bulk_charge_factor),
            output_factor: to(self.output_factor),
        }
    }
}

impl<S: Scalar> BodyBias<S> {
    /// n
    #[inline(always)]
    pub fn ideality_at(&self, vds: S) -> S {
        one_plus(self.ideality_slope * vds + self.ideality)
    }

    /// The bulk charge at vgst = 0.
    #[inline(always)]
    pub fn bulk_charge_at_rest(&self) -> S {
        kept_positive(self.bulk_charge) * self.bulk_charge_factor
    }
}
