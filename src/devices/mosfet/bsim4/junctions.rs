//! Junctions of source and drain with the bulk.
//!
//! ```text
//! isat = as·jss(T) + ps·jsws(T) + weffcj·nf·jswgs(T), without area and perimeter 0, before version 4.6 10⁻¹⁴ A;  js(T) = js·(e^(Eg/Vt at tnom − Eg/Vt)·(T/tnom)^xtis)^(1/njs)
//! diomod 0: isat·(e^(v/s) − 1 + xjbvs·(e^(−bvs/s) − e^(−(bvs + v)/s))) + gmin·v,  s = njs·Vt
//!        1: isat·(e^(v/s) − 1) + gmin·v up to the current ijthsfwd, then its tangent
//!        2: as 0 between −ijthsrev and ijthsfwd, then tangents
//! traps:  −as·jtss(T)·(e^(−v/(njts(T)·Vt0)·vtss/(vtss − v)) − 1), and of the sidewalls;  jtss(T) = jtss·e^(Eg0/Vt·xtss·(T/tnom − 1)),
//!         njts(T) = njts·(1 + tnjts·(T/tnom − 1)), at the gate times 1 + √(jtweff/weffcj)
//! q: cjs·as of pbs and mjs, cjsws·ps of pbsws and mjsws, cjswgs·weffcj·nf of pbswgs and mjswgs; forward the capacitance's tangent at 0
//! ```
//! cjs·(1 + tcj·(T − tnom)), pbs − tpb·(T − tnom), and likewise the others. The same for the drain.
//! Source: BSIM4.6.4 manual, chapters 10 and 12.

use super::derived::Process;
use super::geometry::or;
use super::junction_parameters::JunctionCard;
use crate::devices::junction::{Depletion, critical_voltage};
use crate::devices::mosfet::bsim::limits::{EXPONENT, LEAST, continued_exp};
use crate::numerics::scalar::Scalar;

/// Least potential, V.
const LEAST_POTENTIAL: f64 = 0.01;

/// Which equations of the current.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Current {
    Breakdown,
    Tangent,
    Both,
}

/// Which equations.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    current: Current,
    /// Saturation current without area and perimeter, A.
    least: f64,
}

impl Form {
    pub fn new(diomod: f64, version: f64) -> Self {
        let current = match diomod {
            0.0 => Current::Breakdown,
            2.0 => Current::Both,
            _ => Current::Tangent,
        };
        Form { current, least: if version < 4.6 { 1e-14 } else { 0.0 } }
    }
}

/// The card's parameters of one end.
struct OfEnd {
    /// Bottom, sidewall, sidewall at the gate.
    saturation: [f64; 3],
    emission: f64,
    exponent: f64,
    /// Largest forward and reverse current.
    limits: [f64; 2],
    breakdown: f64,
    breakdown_factor: f64,
    capacitances: [f64; 3],
    gradings: [f64; 3],
    potentials: [f64; 3],
    traps: [f64; 3],
    trap_emission: [f64; 3],
    trap_exponent: [f64; 3],
    trap_slope: [f64; 3],
    trap_voltage: [f64; 3],
}

impl OfEnd {
    fn source(m: &JunctionCard) -> Self {
        OfEnd {
            saturation: [m.jss, m.jsws, m.jswgs],
            emission: m.njs,
            exponent: m.xtis,
            limits: [m.ijthsfwd, m.ijthsrev],
            breakdown: m.bvs,
            breakdown_factor: m.xjbvs,
            capacitances: [m.cjs, m.cjsws, or(m.cjswgs, m.cjsws)],
            gradings: [m.mjs, m.mjsws, or(m.mjswgs, m.mjsws)],
            potentials: [m.pbs, m.pbsws, or(m.pbswgs, m.pbsws)],
            traps: [m.jtss, m.jtssws, m.jtsswgs],
            trap_emission: [m.njts, m.njtssw, m.njtsswg],
            trap_exponent: [m.xtss, m.xtssws, m.xtsswgs],
            trap_slope: [m.tnjts, m.tnjtssw, m.tnjtsswg],
            trap_voltage: [m.vtss, m.vtssws, m.vtsswgs],
        }
    }

    fn drain(m: &JunctionCard) -> Self {
        let s = Self::source(m);
        let each = |own: [f64; 3], other: [f64; 3]| std::array::from_fn(|k| or(own[k], other[k]));
        OfEnd {
            saturation: each([m.jsd, m.jswd, m.jswgd], s.saturation),
            emission: or(m.njd, s.emission),
            exponent: or(m.xtid, s.exponent),
            limits: [or(m.ijthdfwd, s.limits[0]), or(m.ijthdrev, s.limits[1])],
            breakdown: or(m.bvd, s.breakdown),
            breakdown_factor: or(m.xjbvd, s.breakdown_factor),
            capacitances: each([m.cjd, m.cjswd, m.cjswgd], s.capacitances),
            gradings: each([m.mjd, m.mjswd, m.mjswgd], s.gradings),
            potentials: each([m.pbd, m.pbswd, m.pbswgd], s.potentials),
            traps: each([m.jtsd, m.jtsswd, m.jtsswgd], s.traps),
            trap_emission: each([m.njtsd, m.njtsswd, m.njtsswgd], s.trap_emission),
            trap_exponent: each([m.xtsd, m.xtsswd, m.xtsswgd], s.trap_exponent),
            trap_slope: each([m.tnjtsd, m.tnjtsswd, m.tnjtsswgd], s.trap_slope),
            trap_voltage: each([m.vtsd, m.vtsswd, m.vtsswgd], s.trap_voltage),
        }
    }
}

/// A current by traps.
#[derive(Debug, Clone, Copy)]
struct Trap {
    saturation: f64,
    /// njts(T)·Vt0
    scale: f64,
    voltage: f64,
}

/// One junction, of all fingers.
#[derive(Debug, Clone, Copy)]
pub struct Junction {
    form: Current,
    saturation: f64,
    /// njs·Vt
    scale: f64,
    pub critical: f64,
    breakdown: f64,
    breakdown_factor: f64,
    /// xjbvs·e^(−bvs/s)
    at_rest: f64,
    /// Voltage, current and slope from which it is continued by tangents: forward, reverse.
    forward: [f64; 3],
    reverse: [f64; 3],
    traps: [Trap; 3],
    has_traps: bool,
    depletions: [Depletion; 3],
}

/// Area, m², and perimeter, m, of an end.
#[derive(Debug, Clone, Copy)]
pub struct End {
    pub area: f64,
    pub perimeter: f64,
}

impl Junction {
    pub fn source(process: &Process, m: &JunctionCard, form: Form, end: End) -> Self {
        Self::new(process, m, &OfEnd::source(m), form, end)
    }

    pub fn drain(process: &Process, m: &JunctionCard, form: Form, end: End) -> Self {
        Self::new(process, m, &OfEnd::drain(m), form, end)
    }

    fn new(process: &Process, m: &JunctionCard, of: &OfEnd, form: Form, end: End) -> Self {
        let (temperatures, materials) = (&process.temperatures, &process.materials);
        let (thermal, nominal) = (temperatures.thermal(), temperatures.nominal_thermal());
        let (scale, excess) = (of.emission * thermal, temperatures.excess());
        let width = process.geometry.junction_width;
        let sizes = [end.area, end.perimeter, width * process.geometry.fingers];
        let growth = materials.nominal_gap / nominal - materials.gap / thermal + of.exponent * (1.0 + excess).ln();
        let growth = (growth / of.emission).exp();
        let saturation = if end.area <= 0.0 && end.perimeter <= 0.0 {
            form.least
        } else {
            of.saturation.iter().zip(sizes).map(|(density, size)| density * size).sum::<f64>() * growth
        };
        let traps = std::array::from_fn(|k| {
            let warm = continued_exp(of.trap_exponent[k] * materials.nominal_gap / thermal * excess);
            let at_gate = if k == 2 { 1.0 + (m.jtweff.max(0.0) / width).sqrt() } else { 1.0 };
            Trap {
                saturation: warm * sizes[k] * of.traps[k] * at_gate,
                scale: nominal * of.trap_emission[k] * (1.0 + of.trap_slope[k] * excess),
                voltage: of.trap_voltage[k],
            }
        });
        let slopes = [[m.tcj, m.tpb], [m.tcjsw, m.tpbsw], [m.tcjswg, m.tpbswg]];
        let depletions = std::array::from_fn(|k| {
            let [rise, fall] = slopes[k].map(|slope| slope * temperatures.difference());
            let capacitance = sizes[k] * of.capacitances[k] * (1.0 + rise).max(0.0);
            let potential = (of.potentials[k] - fall).max(LEAST_POTENTIAL);
            Depletion::new(capacitance, potential, of.gradings[k], 0.0)
        });
        let mut junction = Junction {
            form: form.current,
            saturation: saturation.max(0.0),
            scale,
            critical: critical_voltage(scale, saturation.max(1e-30)),
            breakdown: of.breakdown,
            breakdown_factor: of.breakdown_factor,
            at_rest: 0.0,
            forward: [f64::INFINITY, 0.0, 0.0],
            reverse: [f64::NEG_INFINITY, 0.0, 0.0],
            has_traps: traps.iter().any(|trap: &Trap| trap.saturation > 0.0),
            traps,
            depletions,
        };
        if junction.saturation > 0.0 {
            junction.find_tangents(of);
        }
        junction
    }

    fn find_tangents(&mut self, of: &OfEnd) {
        let (scale, saturation) = (self.scale, self.saturation);
        if self.form != Current::Tangent {
            let exponent = of.breakdown / scale;
            let e = if exponent > EXPONENT { LEAST } else { (-exponent).exp() };
            self.at_rest = of.breakdown_factor * e;
        }
        if self.form == Current::Breakdown {
            return;
        }
        let rest = self.at_rest;
        let part = 1.0 + of.limits[0] / saturation - rest;
        let e = 0.5 * (part + (part * part + 4.0 * rest).sqrt());
        let (current, slope) = (saturation * (e - rest / e + rest - 1.0), saturation * (e + rest / e) / scale);
        self.forward = [scale * e.ln(), current, slope];
        if self.form == Current::Both {
            let ratio = of.limits[1] / saturation;
            let ratio = if ratio < 1.0 { 10.0 } else { ratio };
            let at = -of.breakdown - scale * ((ratio - 1.0) / of.breakdown_factor).ln();
            let broken = of.breakdown_factor * (-(of.breakdown + at) / scale).exp();
            self.reverse = [at, saturation * (1.0 + broken), -saturation * broken / scale];
        }
    }

    /// Current out of the bulk.
    #[inline(always)]
    pub fn current<S: Scalar>(&self, v: S, gmin: f64) -> S {
        let leak = v * gmin;
        let through = if self.saturation == 0.0 { leak } else { self.diode(v) + leak };
        if self.has_traps { through - self.by_traps(v) } else { through }
    }

    #[inline(always)]
    fn diode<S: Scalar>(&self, v: S) -> S {
        let at = v.value();
        let ratio = v * (1.0 / self.scale);
        if at > self.forward[0] {
            return (v - self.forward[0]) * self.forward[2] + self.forward[1];
        }
        let e = if ratio.value() < -EXPONENT && self.form != Current::Breakdown {
            S::constant(LEAST)
        } else {
            ratio.exp_limited(300.0)
        };
        match self.form {
            Current::Tangent => (e - 1.0) * self.saturation,
            Current::Both if at < self.reverse[0] => {
                (e - 1.0) * ((v - self.reverse[0]) * self.reverse[2] + self.reverse[1])
            }
            _ => {
                let exponent = (v + self.breakdown) * (-1.0 / self.scale);
                let broken = if self.form == Current::Both && exponent.value() < -EXPONENT {
                    S::constant(LEAST)
                } else {
                    exponent.exp_limited(300.0)
                };
                (e - broken * self.breakdown_factor + (self.at_rest - 1.0)) * self.saturation
            }
        }
    }

    #[inline(always)]
    fn by_traps<S: Scalar>(&self, v: S) -> S {
        let mut sum = S::zero();
        for trap in &self.traps {
            if trap.saturation == 0.0 {
                continue;
            }
            let far = trap.voltage - v.value() < 1e-3 * trap.voltage;
            let ratio = v * (-1.0 / trap.scale);
            let exponent = if far { ratio * 1e3 } else { ratio * trap.voltage / (v * -1.0 + trap.voltage) };
            sum += (continued_exp(exponent) - 1.0) * trap.saturation;
        }
        sum
    }

    #[inline(always)]
    pub fn charge<S: Scalar>(&self, v: S) -> S {
        self.depletions[0].charge(v) + self.depletions[1].charge(v) + self.depletions[2].charge(v)
    }
}
