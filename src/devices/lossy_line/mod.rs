//! O: lossy transmission line (LTRA), by convolution with the responses of the line.
//!
//! ```text
//! z·Y·v1 − z·i1 = e^(−γ)·(z·Y·v2 + z·i2),  and with 1 and 2 exchanged     (i into the port)
//! Y = √((g + sc)/(r + sl)),  γ = len·√((r + sl)·(g + sc))
//! DC:                v1 − v2 = r·len·i1,  i2 = −i1
//! small signals:     the same with s = jω
//! transient:         products with z·Y, e^(−γ) and z·Y·e^(−γ) are convolutions, z = √(l/c);
//!                    without inductance z·i1 = A·v1 − B·v2, A = γ·coth γ, B = γ/sinh γ, z = r·len
//! ```
//! Lines of these numbers are there: l and c (a T element); r, l and c; r and c; r and g (whose equations are those of DC at every
//! frequency). Between accepted points voltages and currents are straight lines, over which the convolutions are exact; what
//! arrives as a wave, e^(−αT)·(v + z·i)(t − T), comes from parabolas and passes its corners on, as in T. All of the past is kept, but
//! for points on straight lines. The error falls with the square of the step, without inductance with its power 1.5, and as the
//! step itself after a jump. The step is limited by the delay T, and by the truncation error of the charge c·len·(v + z·i), as of a
//! capacitor; ngspice's parameters for its own control of the step are ignored. There is no noise.
//!
//! Sources: Roychowdhury and Pederson, Proc. 28th Design Automation Conference, 190 (1991); Schutt-Ainé and Mittra, IEEE Trans.
//! Microwave Theory Tech. 36, 529 (1988); ngspice-39 manual, section 6.2.

mod convolution;
mod kernels;

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

/// A line with capacitance and resistance; unknowns: first port (2), second port (2), their currents, and for each port one whose
/// row has the charge that limits the step.
struct LossyLine {
    /// z: √(l/c), or r·len without inductance, Ω.
    impedance: f64,
    /// r·len, Ω
    resistance: f64,
    /// c·len, F
    capacitance: f64,
    /// α = r/(2l), 1/s; infinite without inductance.
    damping: f64,
    /// s; 0 without inductance.
    delay: f64,
    /// e^(−αT): what is left of a wave.
    wave: f64,
    kernels: Kernels,
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
    let has = [m.resistance, m.inductance, m.leakage, m.capacitance].map(|value| value > 0.0);
    let units = c.multiplier();
    match has {
        [false, true, false, true] => {
            let (impedance, delay) =
                ((m.inductance / m.capacitance).sqrt(), m.length * (m.inductance * m.capacitance).sqrt());
            let unknowns = ports(&mut c);
            c.assembly.add(c.id, TransmissionLine::new(impedance / units, delay, initial), unknowns);
        }
        [true, false, true, false] => {
            let impedance = (m.resistance / m.leakage).sqrt() / units;
            let transmission = (-m.length * (m.resistance * m.leakage).sqrt()).exp();
            let unknowns = ports(&mut c);
            c.assembly.add(c.id, ResistiveLine { impedance, transmission }, unknowns);
        }
        [true, _, false, true] => {
            let [p1, n1, p2, n2, i1, i2] = ports(&mut c);
            let charges = ["charge1", "charge2"].map(|name| c.assembly.internal_node(c.id, name));
            let line = LossyLine::new(&m, units, initial);
            c.assembly.add(c.id, line, [p1, n1, p2, n2, i1, i2, charges[0], charges[1]]);
        }
        _ => {
            let message = format!("there is no line of the numbers of {owner}");
            let hint =
                "give l and c; or r, l and c; or r and c; or r and g. Others can be sections of R, L, C and G elements";
            c.error(Diagnostic::error(message).at(card.span).hint(hint));
        }
    }
}

/// The terminals and the currents of both ports.
fn ports(c: &mut Construction) -> [Unknown; 6] {
    let [p1, n1, p2, n2] = c.terminals();
    [p1, n1, p2, n2, c.assembly.branch(c.id), c.assembly.auxiliary(c.id, "i2", UnknownKind::Current)]
}

/// v1, i1, v2, i2.
fn ports_of(x: &[f64; 8]) -> [f64; 4] {
    [x[0] - x[1], x[4], x[2] - x[3], x[5]]
}

impl LossyLine {
    fn new(m: &LossyLineModel, units: f64, initial: [f64; 4]) -> Self {
        let (resistance, capacitance) = (m.resistance * m.length / units, m.capacitance * m.length * units);
        if m.inductance == 0.0 {
            let kernels = Kernels::Diffusive(resistance * capacitance);
            let (damping, delay, wave) = (f64::INFINITY, 0.0, 0.0);
            let (impedance, memory) = (resistance, None);
            return LossyLine { impedance, resistance, capacitance, damping, delay, wave, kernels, initial, memory };
        }
        let impedance = (m.inductance / m.capacitance).sqrt() / units;
        let (delay, damping) = (m.length * (m.inductance * m.capacitance).sqrt(), m.resistance / (2.0 * m.inductance));
        let (kernels, wave) = (Kernels::damped(delay, damping), (-damping * delay).exp());
        LossyLine { impedance, resistance, capacitance, damping, delay, wave, kernels, initial, memory: None }
    }

    /// 1 if part of the admittance is immediate.
    fn direct(&self) -> f64 {
        if self.damping.is_finite() { 1.0 } else { 0.0 }
    }

    /// What is convolved: of a line without inductance voltages alone.
    fn signals(&self, [v1, i1, v2, i2]: [f64; 4]) -> Signals {
        let impedance = if self.damping.is_finite() { self.impedance } else { 0.0 };
        [v1, impedance * i1, v2, impedance * i2]
    }

    /// What the convolutions give at `time`: of what never changes, the kernels without their waves leave this much.
    fn response(&self, memory: &Memory, time: f64) -> Response {
        let gains = if self.damping.is_finite() { [-1.0, 1.0 - self.wave, -self.wave] } else { [1.0, 0.0, 1.0] };
        let known = || memory.convolution.response(&self.kernels, gains, time);
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
        std::array::from_fn(|near| {
            let far = 1 - near;
            let wave = if self.wave > 0.0 { self.wave * memory.waves.wave(far, time - self.delay) } else { 0.0 };
            voltages[near] * (self.direct() + admittance)
                - currents[near]
                - voltages[far] * product
                - currents[far] * transmission
                + (known[0][near] - known[1][far] - known[2][far] - wave)
        })
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
            _ if environment.frequency.is_some() => [i1 * -self.impedance, i2 * -self.impedance],
            (Some(memory), Some(time)) => self.rows(x, memory, time),
            _ => [v1 - v2 - i1 * self.resistance, (i1 + i2) * self.resistance],
        };
        // The charges stand alone in their rows: the step is all that they are for.
        let charge = |voltage: S, current: S| {
            let wave = if self.direct() > 0.0 { voltage + current * self.impedance } else { voltage };
            wave * self.capacitance
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
        let mut matrix = [[c64::new(0.0, 0.0); 8]; 8];
        if frequency == 0.0 {
            // The rows of DC: what follows would leave i1 = −i2 in both.
            for (place, sign) in [1.0, -1.0, -1.0, 1.0].into_iter().enumerate() {
                matrix[4][place] = c64::new(sign, 0.0);
            }
            matrix[4][4] = c64::new(self.impedance - self.resistance, 0.0);
            (matrix[5][4], matrix[5][5]) = (self.resistance.into(), (self.impedance + self.resistance).into());
            return Some(matrix);
        }
        let s = c64::new(0.0, TAU * frequency);
        let (admittance, constant) = if self.damping.is_finite() {
            let damped = s + 2.0 * self.damping;
            ((s / damped).sqrt(), (s * damped).sqrt() * self.delay)
        } else {
            let root = (s * (self.resistance * self.capacitance)).sqrt();
            (root, root)
        };
        let transmission = (-constant).exp();
        for (row, [p, n], [far_p, far_n], far) in [(4, [0, 1], [2, 3], 5), (5, [2, 3], [0, 1], 4)] {
            (matrix[row][p], matrix[row][n]) = (admittance, -admittance);
            (matrix[row][far_p], matrix[row][far_n]) = (-admittance * transmission, admittance * transmission);
            matrix[row][far] = -transmission * self.impedance;
        }
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
