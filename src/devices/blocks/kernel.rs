//! Waveform-generation block: every rising edge of the input starts a kernel of straight lines.
//!
//! ```text
//! A1 in out K1
//! .model K1 kernel(points=[0 -1.8 30u -1.8 30u 0.5 200u 0.5] mode=add threshold=0.5 rise=0.1u gain=1)
//! y(t) = gain·Σ K(t − t_k)      mode=add: over all edges t_k
//! y(t) = gain·K(t − t_k)        mode=restart: of the last edge; from the value before in one `rise`
//! ```
//! `points` are times in s after the edge, and values in V (or A). A jump — two points at one time, or a first or last value
//! other than 0 — becomes an edge that begins at its time and lasts `rise`. The output is a voltage source, with `%i` a
//! current source that drives a positive current out of the port; `%vd (p n)` makes ports differential.
//! Source: W. He et al., Sci. Rep. 4, 4755 (2014), figure 3 (the spike kernel with linear superposition).

use super::card::BlockCard;
use super::edge::EdgeDetector;
use super::output::OutputSource;
use super::playback::{Overlap, Playback};
use super::ports::{self, PortSpecification, Role};
use super::shape::Shape;
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Kernel model card, beside `points` and `mode`.
    pub struct Parameters {
        threshold: ["threshold"], "V", 0.5, "Input at whose rising edge the kernel starts";
        hysteresis: ["hysteresis"], "V", 0.0, "How far the input must fall below the threshold before the next edge";
        rise: ["rise"], "s", 1e-7, "Duration of a jump";
        gain: ["gain"], "", 1.0, "Factor on all values";
    }
}

/// Plays a shape after every rising edge; unknowns: input, output and its branch current.
pub struct ShapeGenerator {
    detector: EdgeDetector,
    playback: Playback,
    output: OutputSource,
    gain: f64,
}

const PORTS: [PortSpecification; 2] =
    [PortSpecification::new("in", Role::VoltageInput), PortSpecification::new("out", Role::Output)];

/// Lists and words of the model card.
const OTHERS: &[NamedParameter] = &[
    NamedParameter::new(&["points"], "s, V", "", "Times after the edge and values there: `[t v t v …]`"),
    NamedParameter::new(&["mode"], "", "add", "`add`: every edge adds another one; `restart`: an edge begins anew"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("kernel.rs")],
    models: &[ModelTable { title: "kernel", numbers: Parameters::TABLE, others: OTHERS }],
    quantities: <ShapeGenerator as Device<5>>::QUANTITIES,
    status: Status::OnlyHere,
    ..Page::new("kernel", "Spike kernel", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = BlockCard::of(&mut c, OTHERS) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Reject, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[("rise", p.rise > 0.0, "must be positive"), ("hysteresis", p.hysteresis >= 0.0, "must not be negative")],
    );
    let Some(overlap) = card.overlap(&mut c, Overlap::Add) else { return };
    let Some(points) = card.list(&mut c, "points", None).filter(|_| valid) else { return };
    if points.len() % 2 == 1 {
        let hint = "write `points=[0 -1.8 30u -1.8 30u 0.5 200u 0.5]`";
        return c.error(card.error("points", "needs pairs of time and value").hint(hint));
    }
    let pairs: Vec<(f64, f64)> = points.chunks(2).map(|pair| (pair[0], pair[1])).collect();
    match Shape::of_points(&pairs, p.rise) {
        Ok(shape) => place(c, shape, overlap, (p.threshold, p.hysteresis), (p.rise, p.gain), "A1 in out K1"),
        Err(reason) => {
            let hint = "a jump takes `rise` seconds from its time on; give its two points different times to set them";
            c.error(card.error("points", &format!("is wrong: {reason}")).hint(hint));
        }
    }
}

/// Adds the device that plays `shape`.
pub fn place(
    mut c: Construction,
    shape: Shape,
    overlap: Overlap,
    (threshold, hysteresis): (f64, f64),
    (rise, gain): (f64, f64),
    example: &str,
) {
    let Some([input, output]) = ports::read(&mut c, &PORTS, example) else { return };
    let device = ShapeGenerator {
        detector: EdgeDetector::new(threshold, hysteresis),
        playback: Playback::new(shape, overlap, rise),
        output: OutputSource { is_current: output.is_current, multiplier: c.multiplier() },
        gain,
    };
    let branch = c.assembly.branch(c.id);
    c.assembly.add(c.id, device, [input.p, input.n, output.p, output.n, branch]);
}

impl ShapeGenerator {
    fn value(&self, environment: &Environment) -> f64 {
        environment.time.map_or(0.0, |time| self.gain * self.playback.value(time))
    }
}

impl Device<5> for ShapeGenerator {
    const LINEAR: bool = true;
    const MEMORY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "y", unit: "V or A", description: "Value of the output source" },
        QuantityInfo { name: "i", unit: "A", description: "Current into the output port" },
    ];

    fn equations<S: Scalar>(&self, &[_, _, p, n, current]: &[S; 5], environment: &Environment) -> Contribution<S, 5> {
        let [fp, fn_, row] = self.output.equations([p, n, current], self.value(environment));
        Contribution::resistive([S::zero(), S::zero(), fp, fn_, row])
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.playback.breakpoint(time)
    }

    fn event(&self, x: &[f64; 5]) -> f64 {
        self.detector.event(x[0] - x[1])
    }

    fn forget(&mut self) {
        self.playback.clear();
    }

    fn begin(&mut self, x: &[f64; 5], _from_initial: bool) {
        self.playback.clear();
        self.detector.begin(x[0] - x[1]);
    }

    fn accept(&mut self, x: &mut [f64; 5], moment: &Moment) -> Occurrence {
        self.playback.prune(moment.time);
        match self.detector.accept(x[0] - x[1], moment.time) {
            Some(edge) if edge.rising => {
                self.playback.start(edge.time);
                Occurrence::Corner
            }
            _ => Occurrence::Nothing,
        }
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.detector.memory(tape);
        self.playback.memory(tape);
    }

    fn quantity(&self, index: usize, x: &[f64; 5], environment: &Environment) -> f64 {
        [self.value(environment), x[4]][index]
    }
}
