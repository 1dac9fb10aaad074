//! Controlled one-shot: a pulse after an edge of its clock.
//!
//! ```text
//! A1 clock control clear out O1         control and clear may be null
//! .model O1 oneshot(cntl_array=[0 2] pw_array=[5u 25u] clk_trig=0.5 pos_edge_trig=true retrig=false out_low=0 out_high=1
//! + rise_time=1n rise_delay=1n fall_delay=1n fall_time=1n)
//! ```
//! At an edge of the clock through `clk_trig` at time t, with the width w(control) at t:
//! ```text
//! the output rises   from t + rise_delay, for rise_time
//! and falls          from t + rise_delay + rise_time + w + fall_delay, for fall_time
//! ```
//! Other edges until it is low again are ignored, or with `retrig` move the fall as if they were the first. While `clear` is
//! above `clk_trig` the output is low, and there are no pulses. w goes through the points of `cntl_array` and `pw_array` by straight lines, which
//! go on beyond the ends; without a control it is that of 0. Edges are located in time. Source: ngspice-39 manual, chapter 8, Controlled One-Shot.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{Reported, drive_by, input, optional_input, output, ports, value_unknown};
use super::pwl;
use crate::devices::blocks::edge::EdgeDetector;
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;

parameters! {
    /// Model card, beside the vectors `cntl_array` and `pw_array`.
    pub struct Parameters {
        trigger: ["clk_trig"], "", 0.5, "Threshold of clock and clear";
        rising: ["pos_edge_trig"], "", 1.0, "1: rising edges of the clock count, 0: falling ones";
        retrigger: ["retrig"], "", 0.0, "1: edges during a pulse prolong it";
        low: ["out_low"], "", 0.0, "Low output";
        high: ["out_high"], "", 1.0, "High output";
        rise: ["rise_time"], "s", 1e-9, "Duration of the rising edge";
        rise_delay: ["rise_delay"], "s", 1e-9, "From the clock's edge to the rise";
        fall_delay: ["fall_delay"], "s", 1e-9, "From the end of the width to the fall";
        fall: ["fall_time"], "s", 1e-9, "Duration of the falling edge";
    }
}

/// Vectors of the model card.
pub const VECTORS: &[NamedParameter] = &[
    NamedParameter::new(&["cntl_array"], "", "", "Controls of the points, rising"),
    NamedParameter::new(&["pw_array"], "s", "", "Widths of the points"),
];

/// When the output begins to rise and to fall, s.
#[derive(Debug, Clone, Copy)]
struct Pulse {
    rise: f64,
    fall: f64,
}

/// Later than everything.
const NEVER: Pulse = Pulse { rise: f64::INFINITY, fall: f64::INFINITY };

/// Unknowns: clock, control, clear, output.
struct OneShot {
    parameters: Parameters,
    widths: [Box<[f64]>; 2],
    clock: EdgeDetector,
    clear: EdgeDetector,
    pulse: Pulse,
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("oneshot.rs"), CONNECTIONS],
    models: &[ModelTable { title: "oneshot", numbers: Parameters::TABLE, others: VECTORS }],
    ngspice: &["oneshot"],
    ..Page::new("oneshot", "Controlled one-shot", "A1 clock control clear out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, VECTORS) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("rise_time", p.rise > 0.0, "must be positive"),
            ("fall_time", p.fall > 0.0, "must be positive"),
            ("rise_delay", p.rise_delay >= 0.0, "must not be negative"),
            ("fall_delay", p.fall_delay >= 0.0, "must not be negative"),
        ],
    );
    let widths = pwl::points(&mut c, &card, ["cntl_array", "pw_array"]);
    if let Some(widths) = widths.filter(|_| valid) {
        // What is wrong has been reported.
        let _ = place(&mut c, p, widths.map(Into::into));
    }
}

fn place(c: &mut Construction, p: Parameters, widths: [Box<[f64]>; 2]) -> Result<(), Reported> {
    let [clock, control, clear, to] = ports(c, ["clk", "cntl_in", "clear", "out"], "A1 clock null null out O1")?;
    let mut of_clock = Calculation::default();
    let clock = input(c, clock, "clk", &mut of_clock)?;
    let clock = value_unknown(c, "clock", of_clock.finish(clock));
    let mut optional = |port, name, what, missing: f64| -> Result<_, Reported> {
        let mut y = Calculation::default();
        let found = optional_input(c, port, name, &mut y)?;
        let value = found.unwrap_or_else(|| y.constant(missing));
        Ok(value_unknown(c, what, y.finish(value)))
    };
    let control = optional(control, "cntl_in", "control", 0.0)?;
    let clear = optional(clear, "clear", "clear", p.trigger - 1.0)?;
    let to = output(c, to, "out")?;
    let value = c.assembly.internal_node(c.id, "value");
    let detector = EdgeDetector::new(p.trigger, 0.0);
    let device = OneShot { parameters: p, widths, clock: detector, clear: detector, pulse: NEVER };
    c.assembly.add_auxiliary(c.id, device, [clock, control, clear, value]);
    drive_by(c, to, value);
    Ok(())
}

impl OneShot {
    fn width(&self, control: f64) -> f64 {
        let [controls, widths] = &self.widths;
        let last = controls.len() - 1;
        let right = controls.partition_point(|&point| point <= control).clamp(1, last);
        let slope = (widths[right] - widths[right - 1]) / (controls[right] - controls[right - 1]);
        (widths[right - 1] + slope * (control - controls[right - 1])).max(0.0)
    }

    fn value(&self, time: f64) -> f64 {
        let Parameters { low, high, rise, fall, .. } = self.parameters;
        let part = |start: f64, duration: f64| ((time - start) / duration).clamp(0.0, 1.0);
        low + (high - low) * (part(self.pulse.rise, rise) - part(self.pulse.fall, fall)).max(0.0)
    }

    /// An edge of the clock; whether it changes anything.
    fn trigger(&mut self, time: f64, control: f64) -> bool {
        let p = &self.parameters;
        let is_over = self.pulse.fall == f64::INFINITY || time >= self.pulse.fall + p.fall;
        if !is_over && p.retrigger == 0.0 {
            return false;
        }
        let rise = time + p.rise_delay;
        let fall = rise + p.rise + self.width(control) + p.fall_delay;
        self.pulse = Pulse { rise: if is_over { rise } else { self.pulse.rise }, fall };
        true
    }
}

impl Device<4> for OneShot {
    const LINEAR: bool = true;
    const MEMORY: bool = true;

    fn equations<S: Scalar>(&self, &[_, _, _, y]: &[S; 4], environment: &Environment) -> Contribution<S, 4> {
        let time = environment.time.filter(|_| environment.frequency.is_none());
        let value = time.map_or(self.parameters.low, |time| self.value(time));
        Contribution::resistive([S::zero(), S::zero(), S::zero(), y - value])
    }

    fn stores(&self) -> [bool; 4] {
        [false; 4]
    }

    fn depends_on_time(&self) -> bool {
        true
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let Pulse { rise, fall } = self.pulse;
        let corners = [rise, rise + self.parameters.rise, fall, fall + self.parameters.fall];
        corners.into_iter().filter(|&corner| corner > time && corner.is_finite()).reduce(f64::min)
    }

    fn event(&self, x: &[f64; 4]) -> f64 {
        self.clock.event(x[0]).max(self.clear.event(x[2]))
    }

    fn forget(&mut self) {
        self.pulse = NEVER;
    }

    fn begin(&mut self, x: &[f64; 4], _from_initial: bool) {
        self.forget();
        self.clock.begin(x[0]);
        self.clear.begin(x[2]);
    }

    fn accept(&mut self, x: &mut [f64; 4], moment: &Moment) -> Occurrence {
        let edge = self.clock.accept(x[0], moment.time);
        let clears = self.clear.accept(x[2], moment.time).is_some_and(|edge| edge.rising);
        if self.clear.is_above() {
            self.pulse = NEVER;
            return if clears { Occurrence::Corner } else { Occurrence::Nothing };
        }
        let counts = edge.filter(|edge| edge.rising == (self.parameters.rising != 0.0));
        match counts {
            Some(edge) if self.trigger(edge.time, x[1]) => Occurrence::Corner,
            _ => Occurrence::Nothing,
        }
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.clock.memory(tape);
        self.clear.memory(tape);
        tape.number(&mut self.pulse.rise);
        tape.number(&mut self.pulse.fall);
    }
}
