//! What field-effect transistors share: limiting of gate and drain voltages while Newton's method iterates, and the charges of a gate
//! with junctions to both ends.
//!
//! Source: Nagel, SPICE2 (UCB/ERL M520); `DEVfetlim` and `DEVlimvds` of SPICE3.

use super::junction::limit_junction;
use super::mosfet::Meyer;
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
    /// New vds, vgs, vbs. In DC the transistor turns on at `turn_on`, a function of |vds| and of the bias of the end that acts as its
    /// source; over time (none) a step starts near its end, and only exponentials need limits.
    #[inline(always)]
    pub fn limit(&self, wanted: [f64; 3], before: [f64; 3], turn_on: Option<impl Fn(f64, f64) -> f64>) -> [f64; 3] {
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

/// Charges towards source and drain of a gate whose capacitances both depend on both voltages, vgs and vgd: along the path that these
/// take.
#[derive(Default)]
pub struct GatePath(Meyer);

/// Neither voltage nor capacitance of the third part of a MOS gate.
fn padded<S: Scalar>([source, drain]: [S; 2]) -> [S; 3] {
    [source, drain, S::zero()]
}

impl GatePath {
    #[inline(always)]
    pub fn charges<S: Scalar>(&self, voltages: [S; 2], capacitances: [S; 2]) -> [S; 2] {
        let [source, drain, _] = self.0.charges(padded(voltages), padded(capacitances));
        [source, drain]
    }

    pub fn forget(&mut self) {
        self.0.forget();
    }

    /// A path begins at these voltages.
    pub fn begin(&mut self, voltages: [f64; 2], capacitances: [f64; 2]) {
        self.0.forget();
        self.0.follow(padded(voltages), padded(capacitances));
    }

    /// Follows the path if it has come far.
    pub fn keep_up(&mut self, voltages: [f64; 2], capacitances: impl FnOnce() -> [f64; 2]) {
        if self.0.is_far(&padded(voltages)) {
            self.0.follow(padded(voltages), padded(capacitances()));
        }
    }

    pub fn memory(&mut self, tape: &mut Tape) {
        self.0.memory(tape);
    }
}
