//! Delay.
//!
//! ```text
//! A1 in out null D1
//! .model D1 delay(delay=1u)
//! A1 in out control D2
//! .model D2 delay(has_delay_cnt=true delmin=1u delmax=10u)
//! out(t) = in(t − d),   d = delay, or delmin + (delmax − delmin)·control, with the control within 0 … 1
//! ```
//! Before time 0 the input has always been what it is at the operating point. Accepted points are kept, and corners of the input come out as
//! corners where the delay is constant; no step is longer than that, nor than a tenth of `delmax` where it is controlled. In small-signal analysis
//! out = in·e^(−jω·d), where XSPICE has 0, at d of a control of 0. Source: ngspice-39 manual, chapter 8, Analog Delay.

use std::f64::consts::TAU;

use faer::c64;

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Reported, drive_by, input, optional_input, output, ports, value_unknown};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::devices::transmission_line::Past;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Delay model card.
    pub struct Parameters {
        delay: ["delay"], "s", 0.0, "Delay, where it is not controlled";
        controlled: ["has_delay_cnt"], "", 0.0, "1: the control sets the delay";
        least: ["delmin"], "s", 0.0, "Delay at a control of 0";
        largest: ["delmax"], "s", 0.0, "Delay at a control of 1";
        buffer: ["buffer_size"], "", 1024.0, "Points that XSPICE keeps; here all of the delay are";
    }
}

/// Unknowns: input, control within 0 … 1, output.
struct Delay {
    /// s, of a control of 0
    least: f64,
    /// s, by how much the control changes it
    span: f64,
    /// s, relative to which truncation errors of the input's points are seen
    tolerance: f64,
    /// None at rest.
    past: Option<Past>,
}

/// Longest step where the delay is controlled, as a part of the longest delay.
const LONGEST: f64 = 0.1;

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("delay.rs"), CONNECTIONS],
    models: &[ModelTable { title: "delay", numbers: Parameters::TABLE, others: &[] }],
    status: Status::Differs("small signals are delayed, where ngspice has none; `buffer_size` is without effect"),
    ngspice: &["delay"],
    ..Page::new("delay", "Delay", "A1 in out control MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let is_controlled = p.controlled != 0.0;
    let valid = card.demand(
        &mut c,
        &[
            ("delay", is_controlled || p.delay > 0.0, "must be given, and positive"),
            ("delmin", !is_controlled || p.least >= 0.0, "must not be negative"),
            ("delmax", !is_controlled || p.largest > p.least, "must be above `delmin`"),
        ],
    );
    if valid {
        // What is wrong has been reported.
        let _ = place(&mut c, &p, is_controlled);
    }
}

fn place(c: &mut Construction, p: &Parameters, is_controlled: bool) -> Result<(), Reported> {
    let [from, to, control] = ports(c, ["in", "out", "cntl"], "A1 in out null D1")?;
    let mut x = Calculation::default();
    let measured = input(c, from, "in", &mut x)?;
    let measured = value_unknown(c, "input", x.finish(measured));
    let to = output(c, to, "out")?;
    let mut y = Calculation::default();
    let control = optional_input(c, control, "cntl", &mut y)?.filter(|_| is_controlled);
    let part = match control {
        Some(control) => y.limited(control, [0.0, 1.0], 0.0),
        None => y.constant(0.0),
    };
    let part = value_unknown(c, "control", y.finish(part));
    let value = c.assembly.internal_node(c.id, "value");
    let [least, span] = if is_controlled { [p.least, p.largest - p.least] } else { [p.delay, 0.0] };
    let tolerance = 2.0 * c.circuit.options.reltol;
    c.assembly.add_auxiliary(c.id, Delay { least, span, tolerance, past: None }, [measured, part, value]);
    drive_by(c, to, value);
    Ok(())
}

impl Delay {
    fn longest(&self) -> f64 {
        self.least + self.span
    }

    /// The input at `then`, which may be after the last accepted point: the step under way is a straight line to `input` at `now`.
    fn input_at<S: Scalar>(&self, past: &Past, then: S, now: f64, input: S) -> S {
        match past.newest() {
            Some((last, [value, _])) if then.value() > last && now > last => {
                (then - last) * (1.0 / (now - last)) * (input - value) + value
            }
            _ => past.wave(0, then),
        }
    }
}

impl Device<3> for Delay {
    const MEMORY: bool = true;
    const EVENTS: bool = false;

    fn equations<S: Scalar>(&self, &[u, part, w]: &[S; 3], environment: &Environment) -> Contribution<S, 3> {
        let row = match (&self.past, environment.time) {
            // What arrives is a phasor; see `admittance`.
            _ if environment.frequency.is_some() => w,
            (Some(past), Some(time)) => w - self.input_at(past, part * -self.span + (time - self.least), time, u),
            _ => w - u,
        };
        Contribution::resistive([S::zero(), S::zero(), row])
    }

    fn stores(&self) -> [bool; 3] {
        [false; 3]
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.past.as_ref().filter(|_| self.span == 0.0)?.corner_after(time)
    }

    fn forget(&mut self) {
        self.past = None;
    }

    fn begin(&mut self, x: &[f64; 3], _from_initial: bool) {
        self.past = Some(Past::new([x[0], 0.0]));
    }

    fn accept(&mut self, x: &mut [f64; 3], moment: &Moment) -> Occurrence {
        let (waves, longest) = ([x[0], 0.0], self.longest());
        let found = self.past.as_mut().is_some_and(|past| past.add(moment.time, waves, moment.after_corner, longest));
        if found && self.span == 0.0 { Occurrence::CornersAhead } else { Occurrence::Nothing }
    }

    fn longest_step(&self) -> Option<f64> {
        let longest = if self.span == 0.0 { self.least } else { self.least.max(LONGEST * self.longest()) };
        let accurate = self.past.as_ref().and_then(|past| past.accurate_step(self.tolerance));
        Some(accurate.map_or(longest, |step| step.min(longest)))
    }

    fn admittance(&self, frequency: f64) -> Option<[[c64; 3]; 3]> {
        let angle = -TAU * frequency * self.least;
        let zero = c64::new(0.0, 0.0);
        Some([[zero; 3], [zero; 3], [c64::new(-angle.cos(), -angle.sin()), zero, zero]])
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.past.get_or_insert_default().memory(tape);
    }
}
