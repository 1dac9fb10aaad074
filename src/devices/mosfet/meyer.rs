//! Meyer's capacitances of the gate, to source, drain and bulk.
//!
//! ```text
//! u = vgs − von, v = max(vdsat, 25 mV), Cox of the whole channel
//! u ≥ 0:            W = ⅔·Cox, Cgb = 0
//! −φ/2 < u < 0:     W = ⅔·Cox·(1 + 2·u/φ), Cgb = −Cox·u/φ
//! −φ < u ≤ −φ/2:    W = 0, Cgb = −Cox·u/φ;      below: Cgb = Cox
//! vds < v:          Cgs = W·(1 − (v − vds)²/(2·v − vds)²), Cgd = W·(1 − v²/(2·v − vds)²)
//! else:             Cgs = W, Cgd = 0
//! ```
//! for vds ≥ 0; source and drain change places for vds < 0. They belong to no charge. Over time each is followed along the path that
//! its voltage takes, q = q₀ + ∫ C dv from v₀, q₀ of an earlier time point; the sum of the four terminals' charges stays 0, but what a
//! cycle leaves behind on the gate does not. SPICE takes the mean of C at both ends for the integral, which is most of the error of its
//! ring oscillators; here it is Simpson's rule, with what C follows from halfway between both ends in the middle.
//!
//! Sources: Meyer, RCA Review 32, 42 (1971); ngspice-39, against whose `@m1[cgs]` they are tested.

use crate::devices::field_effect::ChargePath;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// Least saturation voltage, V.
const LEAST_SATURATION: f64 = 0.025;

/// The gate of a transistor.
#[derive(Debug, Clone, Copy)]
pub struct Oxide {
    /// Capacitance of the whole channel, F.
    pub capacitance: f64,
    /// φ, V.
    pub potential: f64,
}

/// What the capacitances follow from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<S> {
    /// Overdrive of the source end, V.
    pub source: S,
    /// Overdrive of the drain end, V.
    pub drain: S,
    /// vds, V
    pub across: S,
    /// vdsat of the present direction, V.
    pub saturation: S,
}

impl<S: Scalar> Place<S> {
    /// Capacitances from gate to source, drain and bulk in F.
    #[inline(always)]
    pub fn capacitances(&self, oxide: &Oxide) -> [S; 3] {
        let forward = self.across.value() >= 0.0;
        let (past, across) = if forward { (self.source, self.across) } else { (self.drain, -self.across) };
        let found = forward_capacitances(past, across, self.saturation, oxide.potential, oxide.capacitance);
        if forward { found } else { [found[1], found[0], found[2]] }
    }

    /// The same halfway between `other` and here, out of the way of what is called for every transistor.
    #[cold]
    #[inline(never)]
    fn capacitances_halfway_from(&self, other: &Place<f64>, oxide: &Oxide) -> [S; 3] {
        let middle = |here: S, there: f64| (here + there) * 0.5;
        let place = Place {
            source: middle(self.source, other.source),
            drain: middle(self.drain, other.drain),
            across: middle(self.across, other.across),
            saturation: middle(self.saturation, other.saturation),
        };
        place.capacitances(oxide)
    }
}

/// Capacitances at the overdrive `past` for `across` ≥ 0 from drain to source.
#[inline(always)]
fn forward_capacitances<S: Scalar>(past: S, across: S, saturation: S, potential: f64, oxide: f64) -> [S; 3] {
    let bulk = if past.value() >= 0.0 {
        S::zero()
    } else if past.value() > -potential {
        past * (-oxide / potential)
    } else {
        S::constant(oxide)
    };
    if past.value() <= -0.5 * potential {
        return [S::zero(), S::zero(), bulk];
    }
    let full = 2.0 / 3.0 * oxide;
    let whole = if past.value() >= 0.0 { S::constant(full) } else { past * (2.0 * full / potential) + full };
    let saturation = if saturation.value() > LEAST_SATURATION { saturation } else { S::constant(LEAST_SATURATION) };
    if across.value() >= saturation.value() {
        return [whole, S::zero(), bulk];
    }
    let (left, total) = (saturation - across, saturation * 2.0 - across);
    let part = |of: S| {
        let ratio = of / total;
        whole * (ratio * ratio * -1.0 + 1.0)
    };
    [part(left), part(saturation), bulk]
}

/// The charges of the three capacitances along their way.
#[derive(Debug, Clone, Default)]
pub struct Meyer {
    path: ChargePath<3>,
    /// Where the path has come to.
    last: Place<f64>,
}

impl Meyer {
    /// Charges at these voltages of the gate against source, drain and bulk.
    #[inline(always)]
    pub fn charges<S: Scalar>(&self, voltages: [S; 3], place: &Place<S>, oxide: &Oxide) -> [S; 3] {
        let halfway = || Some(place.capacitances_halfway_from(&self.last, oxide));
        self.path.charges(voltages, place.capacitances(oxide), halfway)
    }

    pub fn forget(&mut self) {
        self.path.forget();
    }

    /// Whether the voltages have moved so far that the path must be followed.
    pub fn is_far(&self, voltages: &[f64; 3]) -> bool {
        self.path.is_far(voltages)
    }

    /// The path has come to these voltages, or begins there.
    pub fn follow(&mut self, voltages: [f64; 3], place: Place<f64>, oxide: &Oxide) {
        let halfway = || Some(place.capacitances_halfway_from(&self.last, oxide));
        self.path.follow(voltages, place.capacitances(oxide), halfway);
        self.last = place;
    }

    pub fn memory(&mut self, tape: &mut Tape) {
        self.path.memory(tape);
        let Place { source, drain, across, saturation } = &mut self.last;
        [source, drain, across, saturation].into_iter().for_each(|number| tape.number(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OXIDE: f64 = 3e-15;

    fn at(past: f64, across: f64) -> [f64; 3] {
        let place = Place { source: past, drain: past - across, across, saturation: past.max(0.0) };
        place.capacitances(&Oxide { capacitance: OXIDE, potential: 0.6 })
    }

    #[test]
    fn limits_are_those_of_meyer() {
        let close = |found: [f64; 3], expected: [f64; 3]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b * OXIDE).abs() < 1e-12 * OXIDE), "{found:?}");
        };
        close(at(1.0, 2.0), [2.0 / 3.0, 0.0, 0.0]);
        close(at(1.0, 0.0), [0.5, 0.5, 0.0]);
        close(at(-0.15, 1.0), [1.0 / 3.0, 0.0, 0.25]);
        close(at(-0.45, 1.0), [0.0, 0.0, 0.75]);
        close(at(-2.0, 1.0), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn nothing_jumps_between_the_regions() {
        for across in [0.0, 0.01, 0.3, 1.0] {
            for past in [-0.6, -0.3, 0.0, LEAST_SATURATION, 0.3, 1.0] {
                let (below, above) = (at(past - 1e-9, across), at(past + 1e-9, across));
                assert!(below.iter().zip(above).all(|(a, b)| (a - b).abs() < 1e-7 * OXIDE), "{past} {across}");
            }
        }
    }
}
