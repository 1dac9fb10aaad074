//! T: lossless transmission line, exact by the method of characteristics.
//!
//! ```text
//! w1 = v1 + z0·i1,   w2 = v2 + z0·i2           waves that leave the ports into the line (i into the port)
//! v1 − z0·i1 = w2(t − td),   v2 − z0·i2 = w1(t − td)
//! DC: the same without delay, v1 = v2 and i1 = −i2;   small signals: w(t − td) → w·e^(−jω·td)
//! ```
//! `T1 a 0 b 0 z0=50 td=10n`, or `f=` and `nl=` (length in wavelengths at f, default 0.25) for td = nl/f; without either f is 1 GHz, as in
//! ngspice. With td = 0 the line is that of DC always. `ic=v1,i1,v2,i2` with `uic`. The waves of accepted points are kept for td; between them a parabola through smooth points, a straight line
//! beside corners. Corners of a wave come out td later as breakpoints. No step is longer than td, nor longer than lets
//! the third derivative of a wave between its points be followed.
//! Sources: F. H. Branin, Proc. IEEE 55, 2012 (1967); ngspice-39 manual, section 6.1.

use std::collections::VecDeque;
use std::f64::consts::TAU;

use faer::c64;

use super::adjustable::{Adjustable, ElementNumber, Principal, given};
use super::assembly::UnknownKind;
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Moment, Occurrence, QuantityInfo};
use super::page::Page;
use super::parameters::{NamedParameter, Unknowns};
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// A line; unknowns: first port (2), second port (2), their currents.
pub struct TransmissionLine {
    /// Ω
    impedance: f64,
    /// s
    delay: f64,
    /// v1, i1, v2, i2 of a start from initial conditions.
    initial: [f64; 4],
    /// Corners of waves become time points.
    passes_corners: bool,
    /// Largest error of a wave over a step, as part of the wave.
    tolerance: f64,
    /// None at rest.
    past: Option<Past>,
}

/// Waves at an accepted point.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    time: f64,
    waves: [f64; 2],
    /// The step after this point began at a corner.
    is_corner: bool,
}

/// What has entered the line and not yet left it.
#[derive(Default)]
pub struct Past {
    /// Ascending; the first is the last one that is older than the line is long.
    samples: VecDeque<Sample>,
    /// When corners come out.
    corners: VecDeque<f64>,
    /// How large the waves have been lately; forgotten as they leave the line.
    largest: [f64; 2],
}

/// Part of the larger slope by which a slope must change for a corner to be passed on.
const CORNER: f64 = 1e-3;

/// Error of a wave over a step, in `reltol`: what has entered the line comes out of it again.
const ACCURACY: f64 = 2.0;

/// A wave is small against this, in volts, whatever it is small against itself.
const LEAST: f64 = 1e-3;

/// Samples older than the line is long that are kept for the parabola.
const BEFORE: usize = 2;

/// Hz: at which a line without `td` and `f` is `nl` wavelengths long.
const FREQUENCY: f64 = 1e9;

/// Numbers of T cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[
        given("z0"),
        ElementNumber { dynamic: true, ..given("f") },
        ElementNumber { dynamic: true, ..given("td") },
        ElementNumber { dynamic: true, ..given("nl") },
    ],
    model: &[],
};

/// Parameters of a T card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["z0", "zo"], "Ω", "", "Characteristic impedance"),
    NamedParameter::new(&["td"], "s", "nl/f", "Delay"),
    NamedParameter::new(&["f"], "Hz", "", "Frequency at which the line is `nl` wavelengths long"),
    NamedParameter::new(&["nl"], "", "0.25", "Length in wavelengths at `f`"),
    NamedParameter::new(
        &["ic"],
        "V, A, V, A",
        "0",
        "Voltages and currents at both ends at the start of `.tran … uic`: `v1,i1,v2,i2`",
    ),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("transmission_line.rs")],
    element: CARD,
    ngspice: &["Tranline"],
    otherwise: &["v1", "v2", "i1", "i2"],
    ..Page::new(
        "transmission_line",
        "Lossless transmission line",
        "T1 a+ a- b+ b- z0=… td=…\nT1 a+ a- b+ b- z0=… f=… [nl=0.25]",
    )
};

pub fn construct(mut c: Construction) {
    c.check_parameters(CARD, Unknowns::Warn);
    let impedance = c.parameter("z0").or_else(|| c.parameter("zo"));
    let length = c.parameter("nl").unwrap_or(0.25);
    let example = "write `T1 a 0 b 0 z0=50 td=10n`, or `f=` and `nl=` in place of `td`";
    let Some(impedance) = impedance else {
        let message = format!("`{}` has no characteristic impedance `z0`", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span).hint(example));
    };
    let written = c.parameter("td").or_else(|| c.parameter("f").map(|frequency| length / frequency));
    let delay = written.unwrap_or(length / FREQUENCY);
    if written.is_none() {
        let message = format!("`{}` has no delay: {delay:e} s of `nl` = {length} at 1 GHz is taken", c.element.name);
        c.error(Diagnostic::warning(message).at(c.element.span).hint(example));
    }
    let of_impedance = ("impedance", "positive", impedance > 0.0, impedance, ["z0", "zo"]);
    let of_delay = ("delay", "0 or more", delay >= 0.0, delay, ["td", "f"]);
    for (what, demand, holds, value, names) in [of_impedance, of_delay] {
        if !(holds && value.is_finite()) {
            let parameter = names.iter().find_map(|name| c.element.parameter(name));
            let span = parameter.map_or(c.element.span, |parameter| parameter.span);
            let message = format!("the {what} of `{}` must be {demand}", c.element.name);
            return c.error(Diagnostic::error(message).at(span).hint(example));
        }
    }
    let Some(initial) = initial(&mut c) else { return };
    let unknowns = [
        c.terminal(0),
        c.terminal(1),
        c.terminal(2),
        c.terminal(3),
        c.assembly.branch(c.id),
        c.assembly.auxiliary(c.id, "i2", UnknownKind::Current),
    ];
    let reltol = c.circuit.options.reltol;
    let line = TransmissionLine::new(impedance / c.multiplier(), delay, initial).with_tolerance(reltol);
    c.assembly.add(c.id, line, unknowns);
}

/// `ic=v1,i1,v2,i2`; what is missing is 0.
pub fn initial(c: &mut Construction) -> Option<[f64; 4]> {
    let mut initial = [0.0; 4];
    let Some(parameter) = c.element.parameter("ic") else { return Some(initial) };
    let values: Vec<&Value> = match &parameter.value {
        Value::List(items) => items.iter().map(|item| &item.item).collect(),
        value => vec![value],
    };
    for (index, value) in values.iter().enumerate() {
        match (value, initial.get_mut(index)) {
            (Value::Number(number), Some(place)) => *place = *number,
            _ => {
                let message = format!("`ic` of `{}` must be four numbers", c.element.name);
                c.error(Diagnostic::error(message).at(parameter.span).hint("write `ic=v1,i1,v2,i2`"));
                return None;
            }
        }
    }
    Some(initial)
}

impl Past {
    /// The waves have always been `waves`.
    pub fn new(waves: [f64; 2]) -> Self {
        let first = Sample { time: 0.0, waves, is_corner: true };
        Past { samples: VecDeque::from([first]), corners: VecDeque::new(), largest: waves.map(f64::abs) }
    }

    /// When the first corner after `time` comes out.
    pub fn corner_after(&self, time: f64) -> Option<f64> {
        self.corners.iter().copied().find(|&corner| corner > time)
    }

    /// Wave number `index` at `time`; before the first sample it has always been the same.
    pub fn wave<S: Scalar>(&self, index: usize, time: S) -> S {
        let samples = &self.samples;
        let next = samples.partition_point(|sample| sample.time <= time.value());
        let (Some(before), Some(right)) = (next.checked_sub(1), samples.get(next)) else {
            let end = if next == 0 { samples.front() } else { samples.back() };
            return S::constant(end.map_or(0.0, |sample| sample.waves[index]));
        };
        let left = &samples[before];
        let slope = |a: &Sample, b: &Sample| (b.waves[index] - a.waves[index]) / (b.time - a.time);
        let straight = slope(left, right);
        let smooth_before = before.checked_sub(1).filter(|_| !left.is_corner).map(|other| &samples[other]);
        let smooth_after = samples.get(next + 1).filter(|_| !right.is_corner);
        // Newton's form through a third point that no corner separates from these two.
        let curvature = match (smooth_before, smooth_after) {
            (Some(other), _) => (straight - slope(other, left)) / (right.time - other.time),
            (None, Some(other)) => (slope(right, other) - straight) / (other.time - left.time),
            (None, None) => 0.0,
        };
        (time - left.time) * ((time - right.time) * curvature + straight) + left.waves[index]
    }

    /// Time and waves of the newest point.
    pub fn newest(&self) -> Option<(f64, [f64; 2])> {
        self.samples.back().map(|sample| (sample.time, sample.waves))
    }

    /// Step over which the error of a wave between its points, h³·w‴/12 as of the trapezoidal rule, is `tolerance` of what the waves
    /// have been in the line; none without four points that no corner separates.
    pub fn accurate_step(&self, tolerance: f64) -> Option<f64> {
        let first = self.samples.len().checked_sub(4).filter(|_| tolerance.is_finite())?;
        let last: [Sample; 4] = std::array::from_fn(|k| self.samples[first + k]);
        if last[1].is_corner || last[2].is_corner {
            return None;
        }
        let steps = (0..2).map(|index| {
            let [a, b, c, d] = last.map(|sample| (sample.time, sample.waves[index]));
            let slope = |from: (f64, f64), to: (f64, f64)| (to.1 - from.1) / (to.0 - from.0);
            let (early, late) = ((slope(b, c) - slope(a, b)) / (c.0 - a.0), (slope(c, d) - slope(b, c)) / (d.0 - b.0));
            let third = 6.0 * (late - early) / (d.0 - a.0);
            (12.0 * tolerance * (self.largest[index] + LEAST) / third.abs()).cbrt()
        });
        steps.filter(|step| !step.is_nan()).reduce(f64::min)
    }

    /// A new point; true if a corner was found that will come out `delay` later.
    pub fn add(&mut self, time: f64, waves: [f64; 2], after_corner: bool, delay: f64) -> bool {
        let count = self.samples.len();
        let mut found = false;
        if let Some(last) = self.samples.back_mut() {
            last.is_corner = after_corner;
            let last = *last;
            let kept = (1.0 - (time - last.time) / delay).max(0.0);
            self.largest = std::array::from_fn(|index| waves[index].abs().max(kept * self.largest[index]));
            let older = count.checked_sub(2).map_or(last, |index| self.samples[index]);
            found = after_corner && turns(&older, &last, &Sample { time, waves, is_corner: false });
            if found {
                self.corners.push_back(last.time + delay);
            }
        }
        self.samples.push_back(Sample { time, waves, is_corner: false });
        let outside = self.samples.partition_point(|sample| sample.time < time - delay);
        self.samples.drain(..outside.saturating_sub(BEFORE));
        while self.corners.front().is_some_and(|&corner| corner <= time) {
            self.corners.pop_front();
        }
        found
    }

    /// Writes it, or reads it back.
    pub fn memory(&mut self, tape: &mut Tape) {
        let mut samples: Vec<Sample> = self.samples.drain(..).collect();
        let blank = Sample { time: 0.0, waves: [0.0; 2], is_corner: false };
        tape.list(&mut samples, blank, |tape, sample| {
            tape.number(&mut sample.time);
            tape.numbers(&mut sample.waves);
            tape.truth(&mut sample.is_corner);
        });
        self.samples = samples.into();
        let mut corners: Vec<f64> = self.corners.drain(..).collect();
        tape.list(&mut corners, 0.0, Tape::number);
        self.corners = corners.into();
        tape.numbers(&mut self.largest);
    }
}

/// Whether the slope of a wave changes at `b`.
fn turns(a: &Sample, b: &Sample, c: &Sample) -> bool {
    (0..2).any(|index| {
        let slope = |from: &Sample, to: &Sample| match to.time - from.time {
            0.0 => 0.0,
            step => (to.waves[index] - from.waves[index]) / step,
        };
        let (before, after) = (slope(a, b), slope(b, c));
        let largest = before.abs().max(after.abs());
        // Below that it is rounding.
        let floor = 1e-9 * b.waves[index].abs().max(c.waves[index].abs()) / (c.time - b.time);
        (after - before).abs() > CORNER * largest && largest > floor
    })
}

impl TransmissionLine {
    /// A line of an impedance in Ω and a delay in s; `initial` is v1, i1, v2, i2 of a start from initial conditions.
    pub fn new(impedance: f64, delay: f64, initial: [f64; 4]) -> Self {
        TransmissionLine { impedance, delay, initial, passes_corners: true, tolerance: f64::INFINITY, past: None }
    }

    /// The line with steps over which a wave's error is small for this relative tolerance.
    pub fn with_tolerance(self, reltol: f64) -> Self {
        TransmissionLine { tolerance: ACCURACY * reltol, ..self }
    }

    /// A line whose steps something else limits, and not the corners on it.
    pub fn without_corners(self) -> Self {
        TransmissionLine { passes_corners: false, ..self }
    }

    fn waves(&self, x: &[f64; 6]) -> [f64; 2] {
        [x[0] - x[1] + self.impedance * x[4], x[2] - x[3] + self.impedance * x[5]]
    }
}

impl Device<6> for TransmissionLine {
    const MEMORY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "i", unit: "A", description: "Current into the first port" },
        QuantityInfo { name: "i2", unit: "A", description: "Current into the second port" },
        QuantityInfo { name: "td", unit: "s", description: "Delay" },
    ];

    fn equations<S: Scalar>(&self, x: &[S; 6], environment: &Environment) -> Contribution<S, 6> {
        let (v1, v2, i1, i2) = (x[0] - x[1], x[2] - x[3], x[4], x[5]);
        let reflected = [v1 - i1 * self.impedance, v2 - i2 * self.impedance];
        let [row1, row2] = match (&self.past, environment.time) {
            // The waves that arrive are a phasor's; see `admittance`.
            _ if environment.frequency.is_some() => reflected,
            (Some(past), Some(time)) => {
                let arriving = time - self.delay;
                [reflected[0] - past.wave(1, arriving), reflected[1] - past.wave(0, arriving)]
            }
            _ => [reflected[0] - v2 - i2 * self.impedance, reflected[1] - v1 - i1 * self.impedance],
        };
        Contribution::resistive([i1, -i1, i2, -i2, row1, row2])
    }

    fn stores(&self) -> [bool; 6] {
        [false; 6]
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.past.as_ref()?.corner_after(time)
    }

    fn forget(&mut self) {
        self.past = None;
    }

    fn begin(&mut self, x: &[f64; 6], from_initial: bool) {
        let [v1, i1, v2, i2] = self.initial;
        let waves = if from_initial { [v1 + self.impedance * i1, v2 + self.impedance * i2] } else { self.waves(x) };
        self.past = Some(Past::new(waves)).filter(|_| self.delay > 0.0);
    }

    fn accept(&mut self, x: &mut [f64; 6], moment: &Moment) -> Occurrence {
        let (waves, delay) = (self.waves(x), self.delay);
        let found = self.past.as_mut().is_some_and(|past| past.add(moment.time, waves, moment.after_corner, delay));
        if !self.passes_corners {
            self.past.iter_mut().for_each(|past| past.corners.clear());
            return Occurrence::Nothing;
        }
        if found { Occurrence::CornersAhead } else { Occurrence::Nothing }
    }

    fn longest_step(&self) -> Option<f64> {
        let accurate = self.past.as_ref().and_then(|past| past.accurate_step(self.tolerance));
        Some(accurate.map_or(self.delay, |step| step.min(self.delay))).filter(|&step| step > 0.0)
    }

    fn admittance(&self, frequency: f64) -> Option<[[c64; 6]; 6]> {
        let angle = -TAU * frequency * self.delay;
        let arriving = c64::new(-angle.cos(), -angle.sin());
        let mut matrix = [[c64::new(0.0, 0.0); 6]; 6];
        for (row, [p, n, current]) in [(4, [2, 3, 5]), (5, [0, 1, 4])] {
            matrix[row][p] = arriving;
            matrix[row][n] = -arriving;
            matrix[row][current] = arriving * self.impedance;
        }
        Some(matrix)
    }

    fn memory(&mut self, tape: &mut Tape) {
        if self.delay > 0.0 {
            self.past.get_or_insert_default().memory(tape);
        }
    }

    fn quantity(&self, index: usize, x: &[f64; 6], _environment: &Environment) -> f64 {
        [x[4], x[5], self.delay][index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parabolas_are_exact_between_corners_and_lines_beside_them() {
        let mut past = Past::default();
        past.samples.push_back(Sample { time: 0.0, waves: [0.0; 2], is_corner: true });
        for time in [1.0, 3.0, 4.0] {
            past.add(time, [time * time, 7.0], false, 100.0);
        }
        assert_eq!([0.5, 2.0, 3.5, -1.0, 4.0].map(|time| past.wave(0, time)), [0.25, 4.0, 12.25, 0.0, 16.0]);
        // h³·6/12 is 0.01 of 64 V, whatever the other wave does.
        let mut cubic = Past::default();
        for time in [1.0, 2.0, 3.0, 4.0_f64] {
            assert_eq!(cubic.accurate_step(0.01), None);
            cubic.add(time, [time.powi(3), 7.0], false, 100.0);
        }
        let step = cubic.accurate_step(0.01).expect("four points");
        assert!((step.powi(3) / 2.0 - 0.01 * (64.0 + LEAST)).abs() < 1e-9, "{step}");
        cubic.add(5.0, [0.0; 2], true, 100.0);
        assert_eq!(cubic.accurate_step(0.01), None, "a corner at 4");
        // At 4 the wave turns back.
        assert!(past.add(5.0, [9.0, 7.0], true, 100.0));
        assert_eq!(past.corners, [104.0]);
        assert_eq!(past.wave(0, 4.5), 12.5);
        assert!(!past.add(6.0, [2.0, 7.0], false, 100.0));
    }
}
