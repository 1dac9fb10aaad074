//! Leaky integrate-and-fire neuron.
//!
//! ```text
//! A1 in out N1            I = gin·v(in), no load on the input
//! A1 %i in out N1         I = the current into the input, which is a virtual ground
//! .model N1 lif_neuron(c=1n gleak=1u gin=1u threshold=0.5 reset=0 refractory=0 width=1u amplitude=1 rise=0.1u v0=0)
//! c·dv/dt = I − gleak·v,   v → reset where v reaches threshold, and stays there for `refractory` seconds
//! ```
//! When it fires the output gives a pulse: an edge of `rise` that begins then, `amplitude` for `width` (at half amplitude), and
//! back. v is a state of the one equation, `@a1[vm]`; DC analyses hold it at `v0`.
//! With constant I the period is refractory + (c/gleak)·ln((I/gleak − reset)/(I/gleak − threshold)).
//! Source: W. Gerstner et al., Neuronal Dynamics (2014), section 1.3.

use super::card::BlockCard;
use super::output::OutputSource;
use super::playback::{Overlap, Playback};
use super::ports::{self, PortSpecification, Role};
use super::shape::Shape;
use crate::devices::assembly::UnknownKind;
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Leaky integrate-and-fire neuron model card.
    pub struct Parameters {
        capacitance: ["c"], "F", 1e-9, "Membrane capacitance";
        leak: ["gleak"], "S", 1e-6, "Leak conductance";
        input: ["gin"], "S", 1e-6, "Membrane current per volt at a voltage input";
        threshold: ["threshold"], "V", 0.5, "Membrane voltage at which it fires";
        reset: ["reset"], "V", 0.0, "Membrane voltage after that";
        refractory: ["refractory"], "s", 0.0, "How long the membrane stays there";
        width: ["width"], "s", 1e-6, "Width of the output spike";
        amplitude: ["amplitude"], "V or A", 1.0, "Height of the output spike";
        rise: ["rise"], "s", 1e-7, "Duration of its edges";
        initial: ["v0"], "V", 0.0, "Membrane voltage at the start";
    }
}

/// A neuron; unknowns: in (2), its current, membrane voltage, out (2), its current.
struct LifNeuron {
    parameters: Parameters,
    senses_current: bool,
    output: OutputSource,
    pulses: Playback,
    /// Time and membrane voltage of the last accepted point.
    last: (f64, f64),
    /// End of the refractory time, while it lasts.
    resting_until: Option<f64>,
}

const PORTS: [PortSpecification; 2] =
    [PortSpecification::new("in", Role::AnyInput), PortSpecification::new("out", Role::Output)];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("lif_neuron.rs")],
    models: &[ModelTable { title: "lif_neuron", numbers: Parameters::TABLE, others: &[] }],
    quantities: <LifNeuron as Device<7>>::QUANTITIES,
    status: Status::OnlyHere,
    ..Page::new("lif_neuron", "Leaky integrate-and-fire neuron", "A1 in out MODEL\nA1 %i in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = BlockCard::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Reject, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("c", p.capacitance > 0.0, "must be positive"),
            ("gleak", p.leak >= 0.0, "must not be negative"),
            ("threshold", p.threshold > p.reset, "must be above `reset`"),
            ("v0", p.initial < p.threshold, "must be below `threshold`"),
            ("refractory", p.refractory >= 0.0, "must not be negative"),
            ("rise", p.rise > 0.0, "must be positive"),
            ("width", p.width >= p.rise, "must not be shorter than `rise`"),
        ],
    );
    let Some([input, output]) = ports::read(&mut c, &PORTS, "A1 %i in out N1").filter(|_| valid) else { return };
    let Ok(pulse) = Shape::of_steps(&[(0.0, p.amplitude), (p.width, 0.0)], p.rise) else { return };
    let branch = c.assembly.branch(c.id);
    let input_branch = c.assembly.auxiliary(c.id, "iin", UnknownKind::Current);
    let membrane = c.assembly.state(c.id, "vm", p.threshold - p.reset, p.initial);
    let device = LifNeuron {
        parameters: p,
        senses_current: input.is_current,
        output: OutputSource { is_current: output.is_current, multiplier: c.multiplier() },
        pulses: Playback::new(pulse, Overlap::Add, p.rise),
        last: (0.0, 0.0),
        resting_until: None,
    };
    c.assembly.add(c.id, device, [input.p, input.n, input_branch, membrane, output.p, output.n, branch]);
}

impl LifNeuron {
    /// dv/dt of the membrane, V/s.
    fn rate<S: Scalar>(&self, x: &[S; 7]) -> S {
        if self.resting_until.is_some() {
            return S::zero();
        }
        let current = if self.senses_current { x[2] } else { (x[0] - x[1]) * self.parameters.input };
        (current - x[3] * self.parameters.leak) * (1.0 / self.parameters.capacitance)
    }

    /// The membrane passed the threshold between the last point and `x`.
    fn fire(&mut self, x: &mut [f64; 7], time: f64) {
        let Parameters { threshold, reset, refractory, .. } = self.parameters;
        let (start, before) = self.last;
        let part = ((threshold - before) / (x[3] - before)).clamp(0.0, 1.0);
        let fired = start + part * (time - start);
        self.pulses.start(fired);
        x[3] = reset;
        if refractory > 0.0 && fired + refractory > time {
            self.resting_until = Some(fired + refractory);
        } else {
            // What has been charged since it fired.
            x[3] = (reset + self.rate(x) * (time - fired - refractory)).min(threshold);
        }
    }
}

impl Device<7> for LifNeuron {
    const MEMORY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "vm", unit: "V", description: "Membrane voltage" },
        QuantityInfo { name: "i", unit: "A", description: "Current into the membrane" },
        QuantityInfo { name: "y", unit: "V or A", description: "Value of the output source" },
    ];

    fn equations<S: Scalar>(&self, x: &[S; 7], environment: &Environment) -> Contribution<S, 7> {
        let value = environment.time.map_or(0.0, |time| self.pulses.value(time));
        let [p, n, current] = self.output.equations([x[4], x[5], x[6]], value);
        let input = if self.senses_current { x[0] - x[1] } else { x[2] };
        let zero = S::zero();
        let f = [x[2], -x[2], input, -self.rate(x), p, n, current];
        Contribution { f, q: [zero, zero, zero, x[3], zero, zero, zero] }
    }

    fn stores(&self) -> [bool; 7] {
        [false, false, false, true, false, false, false]
    }

    fn initial(&self, x: &mut [f64; 7]) {
        x[3] = self.parameters.initial;
    }

    fn has_initial(&self) -> bool {
        true
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let rested = self.resting_until.filter(|&end| end > time);
        self.pulses.breakpoint(time).into_iter().chain(rested).reduce(f64::min)
    }

    fn event(&self, x: &[f64; 7]) -> f64 {
        if self.resting_until.is_some() { -1.0 } else { x[3] - self.parameters.threshold }
    }

    fn forget(&mut self) {
        self.pulses.clear();
        self.resting_until = None;
    }

    fn begin(&mut self, x: &[f64; 7], _from_initial: bool) {
        self.forget();
        self.last = (0.0, x[3]);
    }

    fn accept(&mut self, x: &mut [f64; 7], moment: &Moment) -> Occurrence {
        self.pulses.prune(moment.time);
        let reached = moment.time * (1.0 + 4.0 * f64::EPSILON);
        let mut occurrence = Occurrence::Nothing;
        if self.resting_until.is_some_and(|end| end <= reached) {
            self.resting_until = None;
            occurrence = Occurrence::Corner;
        } else if self.event(x) > 0.0 {
            self.fire(x, moment.time);
            occurrence = Occurrence::Jump;
        }
        self.last = (moment.time, x[3]);
        occurrence
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.pulses.memory(tape);
        tape.number(&mut self.last.0);
        tape.number(&mut self.last.1);
        tape.optional(&mut self.resting_until);
    }

    fn quantity(&self, index: usize, x: &[f64; 7], environment: &Environment) -> f64 {
        let current = if self.senses_current { x[2] } else { (x[0] - x[1]) * self.parameters.input };
        [x[3], current, environment.time.map_or(0.0, |time| self.pulses.value(time))][index]
    }
}
