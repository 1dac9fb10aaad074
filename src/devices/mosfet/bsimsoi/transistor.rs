//! What flows and is stored in a transistor, whatever its temperature is.

use std::sync::Arc;

use super::body::Voltages;
use super::channel::Conduction;
use super::charges::{Charges, Overlaps};
use super::film::{Film, Process};
use super::limits::LEAST;
use super::warm::Warm;
use crate::devices::device::Environment;
use crate::devices::field_effect::BulkLimits;
use crate::devices::junction::critical_voltage;
use crate::devices::mosfet::bsim::leakage::{Leakage, LeakyEnd};
use crate::numerics::scalar::{Over, Scalar};

/// Voltages that matter: vds, vgs, vbs and ves, as of an n-channel.
pub const VOLTAGES: usize = 4;

/// Drain, gate, source, back gate and body: the order of the unknowns.
pub const NODES: usize = 5;

/// Part of gmin that lies from body to source and from gate to drain.
const LEAST_CONDUCTANCE: f64 = 1e-6;

/// Longest step of the body's voltage between two iterations, V.
const LONGEST_STEP: f64 = 0.2;

/// While a solution is sought at rest, a body that moves by more than this, in volts, has not settled, however small its currents are:
/// it stops just short of where it is wanted.
const STILL: f64 = 1e-3;
const NOT_QUITE: f64 = 1.0 - 1e-9;

/// A transistor but for what follows from its temperature.
#[derive(Clone)]
pub struct Transistor {
    pub process: Arc<Process>,
    pub overlaps: Overlaps,
    /// Of drain and source.
    leakages: [Leakage; 2],
    /// Transistors in parallel.
    pub multiplier: f64,
    pub off: bool,
    /// vds, vgs, vbs of `ic=`, as of nodes.
    pub initial: Option<[f64; 3]>,
    /// Where limits of the body's junctions begin, V.
    critical: f64,
    /// Threshold about which steps are limited, and thermal voltage, V.
    threshold: f64,
    thermal: f64,
}

/// The transistor at a bias of either sign, of one finger, voltages as of an n-channel; pairs are of drain and source.
#[derive(Clone, Copy)]
pub struct Bias<S> {
    /// From drain to source: of the channel, and of the parasitic transistor, A.
    pub current: S,
    pub collector: S,
    /// From an end into the body: ionised, and induced by the gate, A.
    pub ionised: [S; 2],
    pub leakage: [S; 2],
    /// From the body into an end, A, and the current whose charge is stored there.
    pub junctions: [S; 2],
    pub stored: [S; 2],
    /// Out of the gate: by way of the channel and through the overlaps into the ends, and into the body, A.
    pub through_channel: [S; 2],
    pub through_ends: [S; 2],
    pub to_body: S,
    /// Of the channel alone, of all fingers: drain and source, gate, body, back gate.
    pub ends: [S; 2],
    pub charges: Charges<S>,
    /// For its present direction.
    pub conduction: Conduction<S>,
}

/// Into drain, gate and body, A, and charges of drain, gate, back gate and body, of one transistor; and the heat in W.
#[derive(Clone, Copy)]
pub struct Flows<S> {
    pub currents: [S; 3],
    pub charges: [S; 4],
    pub heat: S,
}

impl<S: Scalar> Flows<S> {
    pub fn map<T>(self, to: impl Fn(S) -> T) -> Flows<T> {
        Flows { currents: self.currents.map(&to), charges: self.charges.map(&to), heat: to(self.heat) }
    }
}

/// What the gate induces at an end.
fn leaky_end(process: &Process, drain: bool) -> LeakyEnd {
    let (m, p) = (&process.m, &process.p);
    let mut coefficients = if drain {
        [p.agidl, p.bgidl, p.cgidl, p.egidl, p.rgidl, p.kgidl, p.fgidl]
    } else {
        [p.agisl, p.bgisl, p.cgisl, p.egisl, p.rgisl, p.kgisl, p.fgisl]
    };
    if coefficients[2] == 0.0 {
        // So that the body is without effect.
        coefficients[2] = LEAST;
    }
    LeakyEnd {
        coefficients,
        width: process.geometry.ends[usize::from(!drain)],
        depth: 3.0 * 3.9 / m.epsrox * m.tox,
        offset: 0.0,
        second: m.gidlmod != 0.0,
    }
}

impl Transistor {
    pub fn new(process: Arc<Process>, warm: &Warm<f64>, multiplier: f64) -> Self {
        let of = &warm.ends[1];
        let density = of.diffusion + of.recombination + of.bipolar;
        let saturation = (density * process.geometry.width * process.m.tsi).max(1e-30);
        let has_body = process.film != Film::FullyDepleted;
        Transistor {
            overlaps: Overlaps::new(&process),
            leakages: [true, false].map(|drain| Leakage::new(&leaky_end(&process, drain))),
            multiplier,
            off: false,
            initial: None,
            critical: if has_body { critical_voltage(warm.thermal, saturation) } else { f64::INFINITY },
            threshold: process.threshold,
            thermal: warm.thermal,
            process,
        }
    }

    /// The four voltages of unknowns.
    #[inline(always)]
    pub fn voltages<S: Scalar>(&self, x: &[S; NODES]) -> [S; VOLTAGES] {
        [x[0], x[1], x[4], x[3]].map(|voltage| (voltage - x[2]) * self.process.polarity)
    }

    #[inline(always)]
    pub fn bias<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, [vds, vgs, vbs, ves]: [S; VOLTAGES]) -> Bias<S> {
        let (process, none) = (&*self.process, S::zero());
        let forward = vds.value() >= 0.0;
        let (vgd, vbd) = (vgs - vds, vbs - vds);
        let [at_source, at_drain] = [vgs, vgd].map(|voltage| process.gate(warm, voltage));
        let (v, bare) = if forward {
            (Voltages { drain: vds, gate: at_source, body: vbs, back: ves }, vgs)
        } else {
            (Voltages { drain: -vds, gate: at_drain, body: vbd, back: ves - vds }, vgd)
        };
        let at = process.conduct(warm, &v);
        let charges = process.charges(warm, &at, &v, bare);
        let through = process.gate_currents(warm, &at, v.gate, v.drain);
        // What is of the end that acts as source and of the other, as drain and source.
        let ordered = |near: S, far: S| if forward { [far, near] } else { [near, far] };
        let turned = |value: S| if forward { value } else { -value };
        let mut bias = Bias {
            current: turned(at.current),
            collector: none,
            ionised: [none; 2],
            leakage: [none; 2],
            junctions: [none; 2],
            stored: [none; 2],
            through_channel: ordered(through.near, through.far),
            through_ends: process.end_gate_currents([vgd, vgs]),
            to_body: through.body,
            ends: ordered(charges.source, -(charges.gate + charges.body + charges.source + charges.back)),
            charges,
            conduction: at,
        };
        if process.film != Film::FullyDepleted {
            let far = v.body - v.drain;
            let body = process.body_currents(warm, forward, [v.body, far]);
            bias.collector = turned(body.collector);
            let currents = [at.current, body.collector];
            bias.ionised = ordered(none, process.ionised(warm, currents, [at.past, at.overdrive], [v.drain, far]));
            bias.leakage =
                [self.leakages[0].current(vds, at_source, vbd), self.leakages[1].current(-vds, at_drain, vbs)];
            bias.junctions = ordered(body.near.whole, body.far.whole);
            bias.stored = ordered(body.near.stored, body.far.stored);
        }
        bias
    }

    #[inline(always)]
    pub fn flows<P: Scalar, S: Over<P>>(&self, warm: &Warm<P>, voltages: [S; VOLTAGES]) -> Flows<S> {
        let process = &*self.process;
        let [vds, vgs, vbs, ves] = voltages;
        let bias = self.bias(warm, voltages);
        let into_body = [0, 1].map(|end| bias.ionised[end] + bias.leakage[end] - bias.junctions[end]);
        let from_gate = [0, 1].map(|end| bias.through_channel[end] + bias.through_ends[end]);
        let drain = bias.current + bias.collector + into_body[0] - from_gate[0];
        let gate = from_gate[0] + from_gate[1] + bias.to_body;
        let body = -(into_body[0] + into_body[1] + bias.to_body);
        let [to_drain, to_source, to_back] = self.overlaps.charges([vgs - vds, vgs, vgs - ves]);
        let mut charges = [
            bias.ends[0] - to_drain,
            bias.charges.gate + to_drain + to_source + to_back,
            bias.charges.back - to_back,
            bias.charges.body,
        ];
        if process.film != Film::FullyDepleted {
            let of_drain = process.end_charge(warm, true, vbs - vds, bias.stored[0]);
            let of_source = process.end_charge(warm, false, vbs, bias.stored[1]);
            charges[0] -= of_drain;
            charges[3] += of_drain + of_source;
        }
        let fingers = process.layout.fingers;
        Flows {
            currents: [drain, gate, body].map(|current| current * fingers),
            charges,
            heat: bias.current * vds * fingers,
        }
    }

    /// Rows of drain, gate, source, back gate and body, of all transistors.
    #[inline(always)]
    pub fn rows<S: Scalar>(
        &self,
        x: &[S; NODES],
        flows: &Flows<S>,
        environment: &Environment,
    ) -> ([S; NODES], [S; NODES]) {
        let scale = self.process.polarity * self.multiplier;
        let [drain, gate, body] = flows.currents.map(|current| current * scale);
        let least = environment.gmin * LEAST_CONDUCTANCE * self.multiplier;
        let of_body = (x[4] - x[2]) * least;
        let of_gate = (x[1] - x[0]) * least;
        let f = [drain - of_gate, gate + of_gate, -(drain + gate + body) - of_body, S::zero(), body + of_body];
        let [drain, gate, back, body] = flows.charges.map(|charge| charge * scale);
        (f, [drain, gate, -(drain + gate + back + body), back, body])
    }

    pub fn limit(&self, x: &[f64; NODES], previous: &[f64; NODES], environment: &Environment) -> [f64; NODES] {
        let limits = BulkLimits { thermal: self.thermal, critical: [self.critical; 2] };
        let polarity = self.process.polarity;
        let turn_on = environment.time.is_none().then_some(|_: f64, _: f64| self.threshold);
        let without_back = |of: &[f64; NODES]| [of[0], of[1], of[2], of[4]];
        let [drain, gate, source, mut body] =
            limits.place(&without_back(x), &without_back(previous), polarity, turn_on);
        if self.process.film == Film::FullyDepleted {
            return [drain, gate, source, x[3], x[4]];
        }
        // Against the end that acts as source.
        let near = if polarity * (drain - source) >= 0.0 { (source, previous[2]) } else { (drain, previous[0]) };
        let before = previous[4] - near.1;
        let step = body - near.0 - before;
        let mut limited = step.clamp(-LONGEST_STEP, LONGEST_STEP);
        if environment.time.is_none() && limited.abs() > STILL {
            limited *= NOT_QUITE;
        }
        if limited != step {
            body = near.0 + before + limited;
        }
        [drain, gate, source, x[3], body]
    }

    pub fn start(&self) -> [f64; NODES] {
        [0.1, self.threshold + 0.1, 0.0, 0.0, 0.0].map(|voltage| self.process.polarity * voltage)
    }

    pub fn set_initial(&self, x: &mut [f64; NODES]) {
        if let Some([vds, vgs, vbs]) = self.initial {
            (x[0], x[1], x[4]) = (x[2] + vds, x[2] + vgs, x[2] + vbs);
        }
    }
}
