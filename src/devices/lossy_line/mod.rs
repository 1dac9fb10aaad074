//! O, Y: lossy transmission line (LTRA, TXL), by convolution with the responses of the line.
//!
//! ```text
//! z·Y·v1 − z·i1 = e^(−γ)·(z·Y·v2 + z·i2),  and with 1 and 2 exchanged     (i into the port)
//! Y = √((g + sc)/(r + sl)),  γ = len·√((r + sl)·(g + sc))
//! DC and small signals:  (1 + e^(−γ))·(v1 − v2) = (r + sl)·len·S·(i1 − i2),  S = (1 − e^(−γ))/γ,  s = 0 or jω
//!                        (1 + e^(−γ))·(i1 + i2) = (g + sc)·len·S·(v1 + v2)
//! transient:         products with z·Y, e^(−γ) and z·Y·e^(−γ) are convolutions, z = √(l/c);
//!                    of r/l < g/c the same equation times Z/z, so that v and z·i change places;
//!                    without inductance z·i1 = A·v1 − B·v2, A = γ·coth γ, B = γ/sinh γ, z = r·len
//! ```
//! Lines of these numbers are there: l and c (without r and g a T element), r and c, each with any r and g; r and g (whose equations are
//! those of DC at every frequency). Between accepted points voltages and currents are straight lines, over which the convolutions are
//! exact; what arrives as a wave, e^(−½(r/l + g/c)T)·(v + z·i)(t − T), comes from parabolas and passes its corners on, as in T. All of the
//! past is kept, but for points on straight lines. The error falls with the square of the step, without inductance with its power 1.5,
//! and as the step itself after a jump. The step is limited by the delay T, and by the truncation error of the charge
//! c·len·(v + z·i), as of a capacitor; ngspice's parameters for its own control of the step are ignored. There is no noise.
//!
//! A TXL line is the same line: ngspice has a Padé approximation of it, whose reference is ground whatever the card says;
//! at fronts of 0.1 ns its voltages were found to differ by 1 % of the step.
//!
//! Sources: Roychowdhury and Pederson, Proc. 28th Design Automation Conference, 190 (1991); Schutt-Ainé and Mittra, IEEE Trans.
//! Microwave Theory Tech. 36, 529 (1988); ngspice-39 manual, section 6.2.

mod convolution;
mod kernels;
pub mod single;

use std::f64::consts::TAU;
use std::sync::Mutex;

use faer::c64;

use convolution::{Convolution, Response, Signals};
use kernels::Kernels;

use super::adjustable::{Adjustable, Principal};
use super::assembly::{Unknown, UnknownKind};
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Moment, Occurrence, QuantityInfo};
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::transmission_line::{Past, TransmissionLine, initial};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// LTRA model cards.
    pub struct LossyLineModel {
        resistance: ["r"], "Ω/m", 0.0, "Resistance per length";
        inductance: ["l"], "H/m", 0.0, "Inductance per length";
        leakage: ["g"], "S/m", 0.0, "Conductance per length";
        capacitance: ["c"], "F/m", 0.0, "Capacitance per length";
        length: ["len"], "m", 0.0, "Length";
        #[expect(dead_code)]
        relative: ["rel"], "", 1.0, "Relative change of slope at which there is a time point";
        #[expect(dead_code)]
        absolute: ["abs"], "", 1.0, "Absolute change of slope at which there is a time point";
        #[expect(dead_code)]
        compaction_relative: ["compactrel"], "", 1e-3, "Relative tolerance of straight lines";
        #[expect(dead_code)]
        compaction_absolute: ["compactabs"], "", 1e-12, "Absolute tolerance of straight lines";
        #[expect(dead_code)]
        no_control: ["nocontrol"], "", 0.0, "No control of the step";
        #[expect(dead_code)]
        step_limit: ["steplimit"], "", 0.0, "The step is limited by the delay";
        #[expect(dead_code)]
        no_step_limit: ["nosteplimit"], "", 0.0, "It is not";
        #[expect(dead_code)]
        linear: ["lininterp"], "", 0.0, "Linear interpolation";
        #[expect(dead_code)]
        quadratic: ["quadinterp"], "", 0.0, "Quadratic interpolation";
        #[expect(dead_code)]
        mixed: ["mixedinterp"], "", 0.0, "Mixed interpolation";
        #[expect(dead_code)]
        by_newton: ["truncnr"], "", 0.0, "Newton's method for the step";
        #[expect(dead_code)]
        uncut: ["truncdontcut"], "", 0.0, "Steps are not cut for the error of the responses";
    }
}

/// Numbers of O cards.
pub const NUMBERS: Adjustable = Adjustable { principal: Principal::None, element: &[], model: LossyLineModel::TABLE };

/// Parameters of an O card.
const CARD: &[NamedParameter] = &[NamedParameter::new(
    &["ic"],
    "V, A, V, A",
    "0",
    "Voltages and currents at both ends at the start of `.tran … uic`: `v1,i1,v2,i2`",
)];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("mod.rs"), head_of_file!("kernels.rs")],
    element: CARD,
    models: &[ModelTable::numbers("ltra", LossyLineModel::TABLE)],
    quantities: <LossyLine as Device<8>>::QUANTITIES,
    status: Status::Differs("its own control of the step: the parameters of ngspice's are ignored"),
    ngspice: &["LTRA"],
    otherwise: &["v1", "v2", "i1", "i2", "ltra"],
    ..Page::new("lossy_line", "Lossy transmission line (LTRA)", "O1 a+ a- b+ b- MODEL")
};

/// Part of a wave that is nothing once it has passed the line.
const NOTHING: f64 = 1e-12;

/// What a line is per length, and its length: Ω/m, H/m, S/m, F/m, m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    pub resistance: f64,
    pub inductance: f64,
    pub leakage: f64,
    pub capacitance: f64,
    pub length: f64,
}

/// A line with capacitance and losses; unknowns: first port (2), second port (2), their currents, and for each port one whose
/// row has the charge that limits the step.
struct LossyLine {
    /// Of the whole line: Ω, H, S, F; the length is 1.
    line: Line,
    /// z: √(l/c), or r·len without inductance, Ω.
    impedance: f64,
    /// r/l < g/c: currents and voltages have changed places in the convolutions.
    by_currents: bool,
    /// s; 0 without inductance.
    delay: f64,
    /// What is left of a wave; 0 without inductance.
    wave: f64,
    kernels: Kernels,
    /// What the kernels make of what is constant, without waves.
    gains: [f64; 3],
    /// v1, i1, v2, i2 of a start from initial conditions.
    initial: [f64; 4],
    /// None at rest.
    memory: Option<Memory>,
}

/// What has happened since the start.
#[derive(Default)]
struct Memory {
    waves: Past,
    convolution: Convolution,
    /// Time of the last trial point and what the past gives there: it is the same at every iteration.
    last: Mutex<Option<(f64, Response)>>,
}

/// A line of resistance and leakage, without memory; unknowns: first port (2), second port (2), their currents.
struct ResistiveLine {
    /// √(r/g), Ω
    impedance: f64,
    /// e^(−len·√(r·g))
    transmission: f64,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let owner = format!("model `{}`", card.name);
    let m = LossyLineModel::of(card, c.diagnostics);
    let before = c.diagnostics.len();
    for (name, value) in
        [("r", m.resistance), ("l", m.inductance), ("g", m.leakage), ("c", m.capacitance), ("len", m.length)]
    {
        if value.is_nan() || value < 0.0 || name == "len" && value == 0.0 {
            let span = card.parameter(name).map_or(card.span, |parameter| parameter.span);
            let what = if name == "len" { "must be positive" } else { "must not be negative" };
            c.error(Diagnostic::error(format!("`{name}` of {owner} {what}")).at(span));
        }
    }
    let Some(initial) = initial(&mut c) else { return };
    if c.diagnostics.len() > before {
        return;
    }
    let line = Line {
        resistance: m.resistance,
        inductance: m.inductance,
        leakage: m.leakage,
        capacitance: m.capacitance,
        length: m.length,
    };
    let (id, units, terminals) = (c.id, c.multiplier(), c.terminals());
    let currents = [c.assembly.branch(id), c.assembly.auxiliary(id, "i2", UnknownKind::Current)];
    if !place(&mut c, "", line.times(units), initial, terminals, currents) {
        let message = format!("there is no line of the numbers of {owner}");
        let hint = "give l and c, or r and c, each with any r and g; or r and g. Others can be sections of R, L, C and G elements";
        c.error(Diagnostic::error(message).at(card.span).hint(hint));
    }
}

/// Adds a line between two ports (p1, n1, p2, n2) whose currents are unknowns, with `prefix` before the names of its inner
/// unknowns; false if there is none of such numbers.
pub fn place(
    c: &mut Construction,
    prefix: &str,
    line: Line,
    initial: [f64; 4],
    [p1, n1, p2, n2]: [Unknown; 4],
    [i1, i2]: [Unknown; 2],
) -> bool {
    let unknowns = [p1, n1, p2, n2, i1, i2];
    let whole = line.whole();
    let has = [whole.resistance, whole.inductance, whole.leakage, whole.capacitance].map(|value| value > 0.0);
    match has {
        [false, true, false, true] => {
            let (impedance, delay) = whole.wave();
            let line = TransmissionLine::new(impedance, delay, initial).with_tolerance(c.circuit.options.reltol);
            c.assembly.add(c.id, line, unknowns);
        }
        [true, false, true, false] => {
            let impedance = (whole.resistance / whole.leakage).sqrt();
            let transmission = (-(whole.resistance * whole.leakage).sqrt()).exp();
            c.assembly.add(c.id, ResistiveLine { impedance, transmission }, unknowns);
        }
        [_, true, _, true] | [true, false, _, true] => {
            let charges = ["charge1", "charge2"].map(|name| c.assembly.internal_node(c.id, format!("{prefix}{name}")));
            c.assembly.add(c.id, LossyLine::new(whole, initial), [p1, n1, p2, n2, i1, i2, charges[0], charges[1]]);
        }
        _ => return false,
    }
    true
}

/// v1, i1, v2, i2.
fn ports_of(x: &[f64; 8]) -> [f64; 4] {
    [x[0] - x[1], x[4], x[2] - x[3], x[5]]
}

impl Line {
    /// So many lines in parallel.
    pub fn times(self, units: f64) -> Self {
        Line {
            resistance: self.resistance / units,
            inductance: self.inductance / units,
            leakage: self.leakage * units,
            capacitance: self.capacitance * units,
            ..self
        }
    }

    /// The same line as one of length 1.
    fn whole(self) -> Self {
        let length = self.length;
        Line {
            resistance: self.resistance * length,
            inductance: self.inductance * length,
            leakage: self.leakage * length,
            capacitance: self.capacitance * length,
            length: 1.0,
        }
    }

    /// Impedance in Ω and delay in s of a line of length 1.
    fn wave(self) -> (f64, f64) {
        ((self.inductance / self.capacitance).sqrt(), (self.inductance * self.capacitance).sqrt())
    }

    /// e^(−γ), (r + sl)·S and (g + sc)·S of a line of length 1 at s = jω.
    fn transfer(self, omega: f64) -> [c64; 3] {
        let series = c64::new(self.resistance, omega * self.inductance);
        let shunt = c64::new(self.leakage, omega * self.capacitance);
        let constant = (series * shunt).sqrt();
        let wave = (-constant).exp();
        let share = if constant.norm() < 1e-5 { 1.0 - 0.5 * constant } else { (1.0 - wave) / constant };
        [wave, series * share, shunt * share]
    }
}

impl LossyLine {
    fn new(line: Line, initial: [f64; 4]) -> Self {
        let Line { resistance, inductance, leakage, capacitance, .. } = line;
        if inductance == 0.0 {
            let tau = resistance * capacitance;
            let (kernels, root) = (Kernels::diffusive(tau, leakage / capacitance), (resistance * leakage).sqrt());
            let gains = if root > 0.0 { [root / root.tanh(), 0.0, root / root.sinh()] } else { [1.0, 0.0, 1.0] };
            let (impedance, delay, wave, by_currents, memory) = (resistance, 0.0, 0.0, false, None);
            return LossyLine { line, impedance, by_currents, delay, wave, kernels, gains, initial, memory };
        }
        let (impedance, delay) = line.wave();
        let dampings = [resistance / (2.0 * inductance), leakage / (2.0 * capacitance)];
        let (kernels, wave) = (Kernels::damped(delay, dampings), (-delay * (dampings[0] + dampings[1])).exp());
        let [low, high] = [dampings[0].min(dampings[1]), dampings[0].max(dampings[1])];
        let (admittance, transmission) = ((low / high).sqrt(), (-2.0 * delay * (low * high).sqrt()).exp());
        let gains = [admittance - 1.0, transmission - wave, admittance * transmission - wave];
        let (by_currents, memory) = (dampings[0] < dampings[1], None);
        LossyLine { line, impedance, by_currents, delay, wave, kernels, gains, initial, memory }
    }

    /// 1 if part of the admittance is immediate.
    fn direct(&self) -> f64 {
        if self.line.inductance > 0.0 { 1.0 } else { 0.0 }
    }

    /// What is convolved: of a line without inductance voltages alone.
    fn signals(&self, [v1, i1, v2, i2]: [f64; 4]) -> Signals {
        let impedance = if self.line.inductance > 0.0 { self.impedance } else { 0.0 };
        let [w1, w2] = [impedance * i1, impedance * i2];
        if self.by_currents { [w1, v1, w2, v2] } else { [v1, w1, v2, w2] }
    }

    /// What the convolutions give at `time`.
    fn response(&self, memory: &Memory, time: f64) -> Response {
        let known = || memory.convolution.response(&self.kernels, self.gains, time);
        let Ok(mut last) = memory.last.lock() else { return known() };
        match *last {
            Some((at, response)) if at == time => response,
            _ => last.insert((time, known())).1,
        }
    }

    /// The rows of the ports over time.
    fn rows<S: Scalar>(&self, x: &[S; 8], memory: &Memory, time: f64) -> [S; 2] {
        let Response { known, weights: [admittance, transmission, product] } = self.response(memory, time);
        let voltages = [x[0] - x[1], x[2] - x[3]];
        let currents = [x[4] * self.impedance, x[5] * self.impedance];
        let (first, second, sign) =
            if self.by_currents { (currents, voltages, -1.0) } else { (voltages, currents, 1.0) };
        std::array::from_fn(|near| {
            let far = 1 - near;
            let wave = if self.wave > 0.0 { self.wave * memory.waves.wave(far, time - self.delay) } else { 0.0 };
            first[near] * (self.direct() + admittance)
                - second[near]
                - first[far] * (sign * product)
                - second[far] * (sign * transmission)
                + (known[0][near] - sign * (known[1][far] + known[2][far] + wave))
        })
    }

    /// The rows of the ports in DC.
    fn steady<S: Scalar>(&self, x: &[S; 8]) -> [S; 2] {
        let [wave, series, shunt] = self.line.transfer(0.0).map(|value| value.re);
        let (v1, v2, i1, i2) = (x[0] - x[1], x[2] - x[3], x[4], x[5]);
        [(v1 - v2) * (1.0 + wave) - (i1 - i2) * series, ((i1 + i2) * (1.0 + wave) - (v1 + v2) * shunt) * self.impedance]
    }

    fn add(&mut self, time: f64, signals: Signals, after_corner: bool) -> bool {
        let (delay, has_waves) = (self.delay, self.has_waves());
        let Some(memory) = &mut self.memory else { return false };
        memory.last = Mutex::default();
        memory.convolution.add(time, signals);
        has_waves && memory.waves.add(time, [signals[0] + signals[1], signals[2] + signals[3]], after_corner, delay)
    }

    fn has_waves(&self) -> bool {
        self.wave > NOTHING
    }
}

impl Device<8> for LossyLine {
    const MEMORY: bool = true;
    const EVENTS: bool = false;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo::new("i", "A", "Current into the first port"),
        QuantityInfo::new("i2", "A", "Current into the second port"),
        QuantityInfo::new("td", "s", "Delay"),
    ];

    fn equations<S: Scalar>(&self, x: &[S; 8], environment: &Environment) -> Contribution<S, 8> {
        let (v1, v2, i1, i2) = (x[0] - x[1], x[2] - x[3], x[4], x[5]);
        let rows = match (&self.memory, environment.time) {
            // See `admittance`.
            _ if environment.frequency.is_some() => [S::zero(); 2],
            (Some(memory), Some(time)) => self.rows(x, memory, time),
            _ => self.steady(x),
        };
        // The charges stand alone in their rows: the step is all that they are for.
        let charge = |voltage: S, current: S| {
            let wave = if self.direct() > 0.0 { voltage + current * self.impedance } else { voltage };
            wave * self.line.capacitance
        };
        let mut q = [S::zero(); 8];
        (q[6], q[7]) = (charge(v1, i1), charge(v2, i2));
        let conductance = 1.0 / self.impedance;
        Contribution { f: [i1, -i1, i2, -i2, rows[0], rows[1], x[6] * conductance, x[7] * conductance], q }
    }

    fn stores(&self) -> [bool; 8] {
        [false, false, false, false, false, false, true, true]
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        self.memory.as_ref()?.waves.corner_after(time)
    }

    fn forget(&mut self) {
        self.memory = None;
    }

    fn begin(&mut self, x: &[f64; 8], from_initial: bool) {
        let signals = self.signals(if from_initial { self.initial } else { ports_of(x) });
        let waves = Past::new([signals[0] + signals[1], signals[2] + signals[3]]);
        self.memory = Some(Memory { waves, convolution: Convolution::new(signals), last: Mutex::default() });
    }

    fn accept(&mut self, x: &mut [f64; 8], moment: &Moment) -> Occurrence {
        let found = self.add(moment.time, self.signals(ports_of(x)), moment.after_corner);
        if found { Occurrence::CornersAhead } else { Occurrence::Nothing }
    }

    fn longest_step(&self) -> Option<f64> {
        self.has_waves().then_some(self.delay)
    }

    fn admittance(&self, frequency: f64) -> Option<[[c64; 8]; 8]> {
        let [wave, series, shunt] = self.line.transfer(TAU * frequency);
        let (both, shunt) = (1.0 + wave, shunt * self.impedance);
        let mut matrix = [[c64::new(0.0, 0.0); 8]; 8];
        matrix[4][..6].copy_from_slice(&[both, -both, -both, both, -series, series]);
        matrix[5][..4].copy_from_slice(&[-shunt, shunt, -shunt, shunt]);
        (matrix[5][4], matrix[5][5]) = (both * self.impedance, both * self.impedance);
        Some(matrix)
    }

    fn memory(&mut self, tape: &mut Tape) {
        let memory = self.memory.get_or_insert_default();
        memory.waves.memory(tape);
        memory.convolution.memory(tape);
        memory.last = Mutex::default();
    }

    fn quantity(&self, index: usize, x: &[f64; 8], _environment: &Environment) -> f64 {
        [x[4], x[5], self.delay][index]
    }
}

impl Device<6> for ResistiveLine {
    const LINEAR: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo::new("i", "A", "Current into the first port"),
        QuantityInfo::new("i2", "A", "Current into the second port"),
    ];

    fn equations<S: Scalar>(&self, x: &[S; 6], _environment: &Environment) -> Contribution<S, 6> {
        let (v1, v2, i1, i2) = (x[0] - x[1], x[2] - x[3], x[4], x[5]);
        let wave = |v: S, i: S| v + i * self.impedance;
        let row = |v: S, i: S, arriving: S| v - i * self.impedance - arriving * self.transmission;
        Contribution::resistive([i1, -i1, i2, -i2, row(v1, i1, wave(v2, i2)), row(v2, i2, wave(v1, i1))])
    }

    fn stores(&self) -> [bool; 6] {
        [false; 6]
    }

    fn quantity(&self, index: usize, x: &[f64; 6], _environment: &Environment) -> f64 {
        [x[4], x[5]][index]
    }
}
