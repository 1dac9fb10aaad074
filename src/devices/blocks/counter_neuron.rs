//! Counter neuron: fires after a number of input spikes (the study's integrator with its comparator).
//!
//! ```text
//! A1 in reset out [level] P1
//! .model P1 counter_neuron(count=9 delay=0 width=1u amplitude=1 rise=0.1u refractory=0 threshold=0.5)
//! ```
//! Rising edges of `in` are counted. At the `count`-th one the counter returns to 0, and `delay` seconds after that edge the
//! output gives a pulse: an edge of `rise` that begins then, `amplitude` for `width` (at half amplitude), and back. Edges
//! that come during the delay count for the next pulse. Edges are not counted while `reset` is above the threshold, which also
//! holds the counter at 0, nor within `refractory` seconds after the beginning of a pulse.
//! `level`, which may be `null` or missing, is at counted/`count` volts: the integrator's voltage. `reset` may be `null`.
//! Source: W. He et al., Sci. Rep. 4, 4755 (2014), figure 4a (nine pre spikes per post spike).

use super::card::BlockCard;
use super::edge::{Edge, EdgeDetector};
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
    /// Counter neuron model card.
    pub struct Parameters {
        threshold: ["threshold"], "V", 0.5, "Input, and reset, above which there is a spike";
        hysteresis: ["hysteresis"], "V", 0.0, "How far inputs must fall below the threshold before the next edge";
        count: ["count"], "", 9.0, "Number of input spikes per output spike";
        delay: ["delay"], "s", 0.0, "From the last input spike to the output spike";
        width: ["width"], "s", 1e-6, "Width of the output spike";
        amplitude: ["amplitude"], "V or A", 1.0, "Height of the output spike";
        rise: ["rise"], "s", 1e-7, "Duration of its edges";
        refractory: ["refractory"], "s", 0.0, "Time after an output spike in which inputs are not counted";
    }
}

/// A counter; unknowns: in (2), reset (2), out (2), its current, level (2), its current.
struct CounterNeuron {
    parameters: Parameters,
    output: OutputSource,
    input: EdgeDetector,
    reset: EdgeDetector,
    counted: f64,
    /// Beginnings of output spikes, some still to come.
    fired: Vec<f64>,
    pulses: Playback,
    /// Last change of the level: its time, and the level before.
    step: (f64, f64),
}

const PORTS: [PortSpecification; 4] = [
    PortSpecification::new("in", Role::VoltageInput),
    PortSpecification::optional("reset", Role::VoltageInput),
    PortSpecification::new("out", Role::Output),
    PortSpecification::optional("level", Role::VoltageInput),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("counter_neuron.rs")],
    models: &[ModelTable { title: "counter_neuron", numbers: Parameters::TABLE, others: &[] }],
    quantities: <CounterNeuron as Device<10>>::QUANTITIES,
    status: Status::OnlyHere,
    ..Page::new("counter_neuron", "Counting neuron", "A1 in reset out [level] MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = BlockCard::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Reject, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("count", p.count >= 1.0 && p.count.fract() == 0.0, "must be a whole number from 1 on"),
            ("delay", p.delay >= 0.0, "must not be negative"),
            ("rise", p.rise > 0.0, "must be positive"),
            ("width", p.width >= p.rise, "must not be shorter than `rise`"),
            ("refractory", p.refractory >= 0.0, "must not be negative"),
            ("hysteresis", p.hysteresis >= 0.0, "must not be negative"),
        ],
    );
    let ports = ports::read(&mut c, &PORTS, "A1 in reset out level P1").filter(|_| valid);
    let Some([input, reset, output, level]) = ports else { return };
    let Ok(pulse) = Shape::of_steps(&[(0.0, p.amplitude), (p.width, 0.0)], p.rise) else { return };
    let device = CounterNeuron {
        output: OutputSource { is_current: output.is_current, multiplier: c.multiplier() },
        input: EdgeDetector::new(p.threshold, p.hysteresis),
        // A reset that is not connected never comes.
        reset: EdgeDetector::new(if reset.is_connected { p.threshold } else { f64::INFINITY }, p.hysteresis),
        counted: 0.0,
        fired: Vec::new(),
        pulses: Playback::new(pulse, Overlap::Add, p.rise),
        step: (f64::NEG_INFINITY, 0.0),
        parameters: p,
    };
    let branch = c.assembly.branch(c.id);
    // A level that goes nowhere has a node of its own, where its source is at rest.
    let level_node = if level.is_connected { level.p } else { c.assembly.internal_node(c.id, "level") };
    let level_branch = c.assembly.auxiliary(c.id, "ilevel", UnknownKind::Current);
    let unknowns = [input.p, input.n, reset.p, reset.n, output.p, output.n, branch, level_node, level.n, level_branch];
    c.assembly.add(c.id, device, unknowns);
}

impl CounterNeuron {
    fn level(&self, time: f64) -> f64 {
        let (start, before) = self.step;
        let part = ((time - start) / self.parameters.rise).clamp(0.0, 1.0);
        before + part * (self.counted / self.parameters.count - before)
    }

    /// The counter moves; the level follows within one edge.
    fn set(&mut self, counted: f64, time: f64) {
        self.step = (time, self.level(time));
        self.counted = counted;
    }

    /// A spike came in.
    fn count(&mut self, time: f64) {
        let Parameters { count, delay, refractory, .. } = self.parameters;
        let is_refractory = self.fired.iter().any(|&fired| time >= fired && time < fired + refractory);
        if self.reset.is_above() || is_refractory {
            return;
        }
        if self.counted + 1.0 < count {
            return self.set(self.counted + 1.0, time);
        }
        self.set(0.0, time);
        self.fired.push(time + delay);
        self.pulses.start(time + delay);
    }
}

impl Device<10> for CounterNeuron {
    const LINEAR: bool = true;
    const MEMORY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "count", unit: "", description: "Spikes counted since the last output spike" },
        QuantityInfo { name: "level", unit: "V", description: "Integrator voltage" },
        QuantityInfo { name: "y", unit: "V or A", description: "Value of the output source" },
    ];

    fn equations<S: Scalar>(&self, x: &[S; 10], environment: &Environment) -> Contribution<S, 10> {
        let value = environment.time.map_or(0.0, |time| self.pulses.value(time));
        let level = environment.time.map_or(0.0, |time| self.level(time));
        let mut f = [S::zero(); 10];
        f[4..7].copy_from_slice(&self.output.equations([x[4], x[5], x[6]], value));
        let voltage = OutputSource { is_current: false, multiplier: 1.0 };
        f[7..10].copy_from_slice(&voltage.equations([x[7], x[8], x[9]], level));
        Contribution::resistive(f)
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let level = Some(self.step.0 + self.parameters.rise).filter(|&end| end > time);
        self.pulses.breakpoint(time).into_iter().chain(level).reduce(f64::min)
    }

    fn event(&self, x: &[f64; 10]) -> f64 {
        self.input.event(x[0] - x[1]).max(self.reset.event(x[2] - x[3]))
    }

    fn forget(&mut self) {
        self.counted = 0.0;
        self.fired.clear();
        self.pulses.clear();
        self.step = (f64::NEG_INFINITY, 0.0);
    }

    fn begin(&mut self, x: &[f64; 10], _from_initial: bool) {
        self.forget();
        self.input.begin(x[0] - x[1]);
        self.reset.begin(x[2] - x[3]);
    }

    fn accept(&mut self, x: &mut [f64; 10], moment: &Moment) -> Occurrence {
        self.pulses.prune(moment.time);
        let refractory = self.parameters.refractory;
        self.fired.retain(|&fired| fired + refractory >= moment.time);
        let is_rising = |edge: &Edge| edge.rising;
        let reset = self.reset.accept(x[2] - x[3], moment.time).filter(is_rising);
        let input = self.input.accept(x[0] - x[1], moment.time).filter(is_rising);
        if let Some(edge) = reset
            && self.counted > 0.0
        {
            self.set(0.0, edge.time);
        }
        if let Some(edge) = input {
            self.count(edge.time);
        }
        if reset.or(input).is_some() { Occurrence::Corner } else { Occurrence::Nothing }
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.input.memory(tape);
        self.reset.memory(tape);
        tape.number(&mut self.counted);
        tape.list(&mut self.fired, 0.0, Tape::number);
        self.pulses.memory(tape);
        tape.number(&mut self.step.0);
        tape.number(&mut self.step.1);
    }

    fn quantity(&self, index: usize, _x: &[f64; 10], environment: &Environment) -> f64 {
        let time = environment.time.unwrap_or(0.0);
        [self.counted, self.level(time), self.pulses.value(time)][index]
    }
}
