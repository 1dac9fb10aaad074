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
//! its voltage takes, q = q₀ + ½·(C(v) + C(v₀))·(v − v₀) with v₀, q₀ of an earlier time point, as in SPICE; the sum of the four
//! terminals' charges stays 0, but what a cycle leaves behind on the gate does not.
//!
//! Sources: Meyer, RCA Review 32, 42 (1971); ngspice-39, against whose `@m1[cgs]` they are tested.

use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// Least saturation voltage, V.
const LEAST_SATURATION: f64 = 0.025;

/// Voltages of a device that moved by less than this, in volts, are continued from the earlier point.
const SHORT: f64 = 1e-3;

/// Capacitances from gate to source, drain and bulk in F, at the overdrive `past`, for `across` ≥ 0 from drain to source.
#[inline(always)]
pub fn capacitances<S: Scalar>(past: S, across: S, saturation: S, potential: f64, oxide: f64) -> [S; 3] {
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

/// What a transistor remembers of an earlier time point.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    voltages: [f64; 3],
    capacitances: [f64; 3],
    charges: [f64; 3],
}

/// The charges of the three capacitances along their way.
#[derive(Debug, Clone, Default)]
pub struct Meyer {
    /// None at rest: in DC and small-signal analyses.
    last: Option<Last>,
}

impl Meyer {
    /// Charges at these voltages, where the capacitances are these.
    #[inline(always)]
    pub fn charges<S: Scalar>(&self, voltages: [S; 3], capacitances: [S; 3]) -> [S; 3] {
        let ([a, b, c], [at_a, at_b, at_c]) = (voltages, capacitances);
        [self.charge(0, a, at_a), self.charge(1, b, at_b), self.charge(2, c, at_c)]
    }

    #[inline(always)]
    fn charge<S: Scalar>(&self, k: usize, voltage: S, capacitance: S) -> S {
        match &self.last {
            // The slope alone counts.
            None => voltage * capacitance.value(),
            Some(last) => (voltage - last.voltages[k]) * (capacitance + last.capacitances[k]) * 0.5 + last.charges[k],
        }
    }

    pub fn forget(&mut self) {
        self.last = None;
    }

    /// Whether the voltages have moved so far that the path must be followed.
    pub fn is_far(&self, voltages: &[f64; 3]) -> bool {
        let far = |last: &Last| last.voltages.iter().zip(voltages).any(|(last, now)| (last - now).abs() > SHORT);
        self.last.as_ref().is_none_or(far)
    }

    /// The path has come to these voltages, or begins there.
    pub fn follow(&mut self, voltages: [f64; 3], capacitances: [f64; 3]) {
        let charges = self.charges(voltages, capacitances);
        self.last = Some(Last { voltages, capacitances, charges });
    }

    pub fn memory(&mut self, tape: &mut Tape) {
        let mut last = self.last.unwrap_or_default();
        let mut is_there = self.last.is_some();
        tape.truth(&mut is_there);
        for numbers in [&mut last.voltages, &mut last.capacitances, &mut last.charges] {
            tape.numbers(numbers);
        }
        self.last = is_there.then_some(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::dual::Dual;

    const OXIDE: f64 = 3e-15;

    fn at(past: f64, across: f64) -> [f64; 3] {
        capacitances(past, across, past.max(0.0), 0.6, OXIDE)
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

    #[test]
    fn a_charge_follows_its_path() {
        let mut meyer = Meyer::default();
        let (start, from) = ([1.0, 0.5, 1.5], [1e-15, 2e-15, 0.0]);
        assert_eq!(meyer.charges(start, from), [1e-15, 1e-15, 0.0]);
        meyer.follow(start, from);
        assert!(!meyer.is_far(&start) && meyer.is_far(&[1.0, 0.52, 1.5]));
        let (voltages, capacitances) = ([1.2, 0.5, 1.5], [3e-15, 2e-15, 0.0]);
        let found = meyer.charges(voltages, capacitances);
        assert!((found[0] - (1e-15 + 0.2 * 2e-15)).abs() < 1e-30 && found[1] == 1e-15);
        meyer.follow(voltages, capacitances);
        assert_eq!(meyer.charges(voltages, capacitances), found, "the charge does not jump");
        // At rest the slope is the capacitance.
        meyer.forget();
        let v = Dual::<1>::variable(2.0, 0);
        assert_eq!(meyer.charges([v; 3], [v * 1e-15; 3])[0].gradient[0], 2e-15);
    }
}
