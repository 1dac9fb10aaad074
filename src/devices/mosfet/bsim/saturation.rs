//! Where the channel of Berkeley's models saturates, and how the drain's voltage goes over into that.

use crate::numerics::scalar::Scalar;

/// λ of the non-saturating channel.
#[derive(Debug, Clone, Copy)]
pub struct NonSaturation {
    pub a1: f64,
    pub a2: f64,
}

impl NonSaturation {
    /// λ
    #[inline(always)]
    fn factor<S: Scalar>(&self, overdrive: S) -> S {
        if self.a1 == 0.0 {
            S::constant(self.a2)
        } else if self.a1 > 0.0 {
            let rest = 1.0 - self.a2;
            let below = overdrive * -self.a1 + (rest - 0.0001);
            (below + (below * below + 0.0004 * rest).sqrt()) * -0.5 + (self.a2 + rest)
        } else {
            let above = overdrive * self.a1 + (self.a2 - 0.0001);
            (above + (above * above + 0.0004 * self.a2).sqrt()) * 0.5
        }
    }

    /// Whether λ is 1 at any bias.
    #[inline(always)]
    fn is_plain(&self) -> bool {
        self.a1 == 0.0 && self.a2 == 1.0
    }

    /// 2/λ − 1 and 1/λ
    #[inline(always)]
    fn shares<S: Scalar>(&self, overdrive: S) -> [S; 2] {
        let inverse = if self.is_plain() { S::constant(1.0) } else { self.factor(overdrive).recip() };
        [inverse * 2.0 - 1.0, inverse]
    }

    /// vdsat of a, esat·leff, rds·vsat·cox·w, vgst and vgst + 2·Vt.
    #[inline(always)]
    pub fn voltage<S: Scalar>(&self, a: S, field: S, drop: S, overdrive: S, over: S) -> S {
        if self.is_plain() && drop.value() == 0.0 {
            return field * over / (a * field + over);
        }
        let [share, inverse] = self.shares(overdrive);
        let dropped = a * drop;
        let square = a * (dropped - 1.0 + inverse) * 2.0;
        let linear = over * share + a * field + over * dropped * 3.0;
        let constant = over * (field + over * drop * 2.0);
        let root = (linear * linear - square * constant * 2.0).sqrt();
        // The root with a sum below, since without rds and λ there is no square.
        constant * 2.0 / (linear + root)
    }

    /// The Early voltage at vdsat.
    #[inline(always)]
    pub fn early<S: Scalar>(&self, a: S, field: S, drop: S, overdrive: S, over: S, voltage: S) -> S {
        let [share, _] = self.shares(overdrive);
        let left = a * voltage / over * -0.5 + 1.0;
        (field + voltage + drop * overdrive * left * 2.0) / (share + drop * a)
    }
}

/// vdse: vds, and vdsat beyond it, joined over `smoothness`.
#[inline(always)]
pub fn effective_drain<S: Scalar>(vds: S, saturation: S, smoothness: f64) -> S {
    let rest = saturation - vds - smoothness;
    let root = (rest * rest + saturation * (4.0 * smoothness)).sqrt();
    let effective = saturation - (rest + root) * 0.5;
    // What rounding leaves.
    if effective.value() > vds.value() || vds.value() == 0.0 {
        effective + (vds.value() - effective.value())
    } else {
        effective
    }
}
