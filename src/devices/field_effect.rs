//! What field-effect transistors share: limiting of gate and drain voltages while Newton's method iterates, and the charges of a gate
//! with junctions to both ends.
//!
//! Source: Nagel, SPICE2 (UCB/ERL M520); `DEVfetlim` and `DEVlimvds` of SPICE3.

use super::junction::limit_junction;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// New gate voltage when Newton's method asks for `wanted` after `previous`: small steps across the threshold.
fn limit_gate(wanted: f64, previous: f64, threshold: f64) -> f64 {
    let far = (2.0 * (previous - threshold)).abs() + 2.0;
    let near = (previous - threshold).abs() + 1.0;
    let well_on = threshold + 3.5;
    let change = wanted - previous;
    if previous < threshold {
        if change <= 0.0 {
            wanted.max(previous - far)
        } else if wanted <= threshold + 0.5 {
            wanted.min(previous + near)
        } else {
            threshold + 0.5
        }
    } else if previous < well_on {
        if change <= 0.0 { wanted.max(threshold - 0.5) } else { wanted.min(threshold + 4.0) }
    } else if change > 0.0 {
        wanted.min(previous + far)
    } else if wanted >= well_on {
        wanted.max(previous - near)
    } else {
        wanted.max(threshold + 2.0)
    }
}

/// New drain voltage likewise.
fn limit_drain(wanted: f64, previous: f64) -> f64 {
    if previous >= 3.5 {
        if wanted > previous {
            wanted.min(3.0 * previous + 2.0)
        } else if wanted < 3.5 {
            wanted.max(2.0)
        } else {
            wanted
        }
    } else if wanted > previous {
        wanted.min(4.0)
    } else {
        wanted.max(-0.5)
    }
}

/// New vds and vgs of a transistor that turns on at `threshold`, as of an n-channel: the gate is limited against the end that acts as
/// its source.
pub fn limit_channel(wanted: [f64; 2], previous: [f64; 2], threshold: f64) -> [f64; 2] {
    let [vds, vgs] = wanted;
    if previous[0] >= 0.0 {
        let gate = limit_gate(vgs, previous[1], threshold);
        let drain = if gate == vgs { vds } else { gate - (vgs - vds) };
        return [limit_drain(drain, previous[0]), gate];
    }
    let vgd = vgs - vds;
    let limited = limit_gate(vgd, previous[1] - previous[0], threshold);
    let drain = -limit_drain(if limited == vgd { -vds } else { limited - vgs }, -previous[0]);
    [drain, if limited == vgd && drain == vds { vgs } else { limited + drain }]
}

/// How the voltages of a transistor with a bulk are limited, as of an n-channel.
pub struct BulkLimits {
    /// Thermal voltage, V.
    pub thermal: f64,
    /// Critical voltages of the bulk's junctions with source and drain.
    pub critical: [f64; 2],
}

impl BulkLimits {
    /// Where to linearise a transistor with drain, gate, source and bulk at `x`; `turn_on` as of [`limit`](Self::limit).
    #[inline(always)]
    pub fn place(
        &self,
        x: &[f64; 4],
        previous: &[f64; 4],
        polarity: f64,
        turn_on: Option<impl Fn(f64, f64) -> f64>,
    ) -> [f64; 4] {
        let voltages = |at: &[f64; 4]| [at[0], at[1], at[3]].map(|voltage| polarity * (voltage - at[2]));
        let wanted = voltages(x);
        let limited = self.limit(wanted, voltages(previous), turn_on);
        if limited == wanted {
            return *x;
        }
        let [vds, vgs, vbs] = limited.map(|voltage| x[2] + polarity * voltage);
        [vds, vgs, x[2], vbs]
    }

    /// New vds, vgs, vbs. In DC the transistor turns on at `turn_on`, a function of |vds| and of the bias of the end that acts as its
    /// source; over time (none) a step starts near its end, and only exponentials need limits.
    #[inline(always)]
    fn limit(&self, wanted: [f64; 3], before: [f64; 3], turn_on: Option<impl Fn(f64, f64) -> f64>) -> [f64; 3] {
        // None of the rules below is about steps as short as this.
        if wanted.iter().zip(&before).all(|(wanted, before)| (wanted - before).abs() < self.thermal) {
            return wanted;
        }
        let [mut vds, mut vgs, mut vbs] = wanted;
        if let Some(turn_on) = turn_on {
            let bulk = if before[0] >= 0.0 { before[2] } else { before[2] - before[0] };
            [vds, vgs] = limit_channel([vds, vgs], [before[0], before[1]], turn_on(before[0].abs(), bulk));
        }
        if vds >= 0.0 {
            vbs = limit_junction(vbs, before[2], self.thermal, self.critical[0]);
        } else {
            let (vbd, vbd_before) = (vbs - vds, before[2] - before[0]);
            let limited = limit_junction(vbd, vbd_before, self.thermal, self.critical[1]);
            vbs = if limited == vbd { vbs } else { limited + vds };
        }
        [vds, vgs, vbs]
    }
}

/// Limits of a gate with junctions to both ends: scale and critical voltage of their exponentials and the pinch-off voltage, V.
pub struct GateJunction {
    pub scale: f64,
    pub critical: f64,
    pub threshold: f64,
}

impl GateJunction {
    /// Where to linearise the transistor with drain, gate and source at `x`; `wanted` and `before` are vgs and vds as of an n-channel.
    pub fn limit(&self, x: &[f64; 3], polarity: f64, wanted: [f64; 2], before: [f64; 2]) -> [f64; 3] {
        let limited = |wanted: f64, before: f64| {
            limit_gate(limit_junction(wanted, before, self.scale, self.critical), before, self.threshold)
        };
        let [vgs, vgd] = [wanted[0], wanted[0] - wanted[1]];
        let (gs, gd) = (limited(vgs, before[0]), limited(vgd, before[0] - before[1]));
        if gs == vgs && gd == vgd {
            return *x;
        }
        [x[1] - polarity * gd, x[1], x[1] - polarity * gs]
    }
}

/// Voltages of a device that moved by less than this, in volts, are continued from the earlier point.
const SHORT: f64 = 1e-3;

/// Over a way no longer than this, in volts, the mean of a capacitance is that of its ends, whatever it depends on.
const LONG: f64 = 0.02;

/// Charges of `K` capacitances that belong to no charge, since each depends on all of the voltages: along the path that these take,
/// q = q₀ + ∫ C dv from v₀, q₀ of an earlier time point.
#[derive(Debug, Clone, Default)]
pub struct ChargePath<const K: usize> {
    /// None at rest: in DC and small-signal analyses.
    last: Option<PathPoint<K>>,
}

/// Where a path has come to.
#[derive(Debug, Clone, Copy)]
struct PathPoint<const K: usize> {
    voltages: [f64; K],
    capacitances: [f64; K],
    charges: [f64; K],
}

impl<const K: usize> ChargePath<K> {
    /// Charges at these voltages, with the capacitances there and halfway from where the path has come to (if any): Simpson's rule on a long way.
    #[inline(always)]
    pub fn charges<S: Scalar>(&self, voltages: [S; K], at: [S; K], halfway: impl FnOnce() -> Option<[S; K]>) -> [S; K] {
        let mut charges = [S::zero(); K];
        let Some(last) = &self.last else {
            // The slope alone counts.
            for k in 0..K {
                charges[k] = voltages[k] * at[k].value();
            }
            return charges;
        };
        let is_long = (0..K).any(|k| (voltages[k].value() - last.voltages[k]).abs() > LONG);
        // Loops, since closures of `from_fn` would be called, and their arguments go through memory.
        if is_long && let Some(halfway) = halfway() {
            for k in 0..K {
                let mean = (halfway[k] * 4.0 + at[k] + last.capacitances[k]) * (1.0 / 6.0);
                charges[k] = (voltages[k] - last.voltages[k]) * mean + last.charges[k];
            }
        } else {
            for k in 0..K {
                let mean = (at[k] + last.capacitances[k]) * 0.5;
                charges[k] = (voltages[k] - last.voltages[k]) * mean + last.charges[k];
            }
        }
        charges
    }

    /// The same where the capacitances follow from the voltages alone.
    #[inline(always)]
    pub fn charges_of<S: Scalar>(&self, voltages: [S; K], capacitances: impl Fn([S; K]) -> [S; K]) -> [S; K] {
        self.charges(voltages, capacitances(voltages), || Some(capacitances(self.halfway_to(voltages))))
    }

    fn halfway_to<S: Scalar>(&self, voltages: [S; K]) -> [S; K] {
        let from = self.last.map_or([0.0; K], |last| last.voltages);
        std::array::from_fn(|k| (voltages[k] + from[k]) * 0.5)
    }

    pub fn forget(&mut self) {
        self.last = None;
    }

    /// Whether the voltages have moved so far that the path must be followed.
    pub fn is_far(&self, voltages: &[f64; K]) -> bool {
        let far =
            |last: &PathPoint<K>| last.voltages.iter().zip(voltages).any(|(last, now)| (last - now).abs() > SHORT);
        self.last.as_ref().is_none_or(far)
    }

    /// The path has come to these voltages, or begins there; capacitances as of [`charges`](Self::charges).
    pub fn follow(&mut self, voltages: [f64; K], at: [f64; K], halfway: impl FnOnce() -> Option<[f64; K]>) {
        let charges = self.charges(voltages, at, halfway);
        self.last = Some(PathPoint { voltages, capacitances: at, charges });
    }

    /// A path begins at these voltages.
    pub fn begin(&mut self, voltages: [f64; K], capacitances: impl Fn([f64; K]) -> [f64; K]) {
        self.forget();
        self.follow(voltages, capacitances(voltages), || None);
    }

    /// Follows the path if it has come far.
    pub fn keep_up(&mut self, voltages: [f64; K], capacitances: impl Fn([f64; K]) -> [f64; K]) {
        if self.is_far(&voltages) {
            let halfway = capacitances(self.halfway_to(voltages));
            self.follow(voltages, capacitances(voltages), || Some(halfway));
        }
    }

    pub fn memory(&mut self, tape: &mut Tape) {
        let zero = [0.0; K];
        let mut last = self.last.unwrap_or(PathPoint { voltages: zero, capacitances: zero, charges: zero });
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

    #[test]
    fn a_charge_follows_its_path() {
        let mut path = ChargePath::default();
        let straight = |[a, b]: [f64; 2]| [a * 1e-15, b * 2e-15];
        assert_eq!(path.charges_of([1.0, 0.5], straight), [1e-15, 0.5e-15], "at rest");
        path.begin([1.0, 0.5], straight);
        assert!(!path.is_far(&[1.0, 0.5]) && path.is_far(&[1.0, 0.52]));
        let found = path.charges_of([1.2, 0.5], straight);
        assert!((found[0] - (1e-15 + 0.2 * 1.1e-15)).abs() < 1e-30 && found[1] == 0.5e-15);
        path.keep_up([1.2, 0.5], straight);
        assert_eq!(path.charges_of([1.2, 0.5], straight), found, "the charge does not jump");
        // At rest the slope is the capacitance.
        path.forget();
        let v = Dual::<1>::variable(2.0, 0);
        assert_eq!(path.charges_of([v; 2], |[v, _]| [v * 1e-15; 2])[0].gradient[0], 2e-15);
    }

    #[test]
    fn a_charge_that_is_a_cubic_is_exact() {
        let (charge, capacitance) = (|v: f64| v + v * v + v.powi(3), |[v]: [f64; 1]| [1.0 + 2.0 * v + 3.0 * v * v]);
        let mut path = ChargePath::default();
        path.begin([0.0], capacitance);
        assert!((path.charges_of([2.0], capacitance)[0] - charge(2.0)).abs() < 1e-12);
    }
}
