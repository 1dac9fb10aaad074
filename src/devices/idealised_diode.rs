//! D with LTspice's idealised model: straight lines for on, off and breakdown.
//!
//! ```text
//! off:        i = v/roff
//! v > vfwd:   the slope becomes 1/ron, linearly within epsilon above vfwd
//! v < −vrev:  the slope becomes 1/rrev, linearly within revepsilon below −vrev
//! i > 0: i → ilimit·tanh(i/ilimit),   i < 0: i → revilimit·tanh(i/revilimit)
//! ```
//! A model is an idealised one if it has any of these parameters. `m` diodes in parallel and `n=` of the card in series. It has no
//! charge and no noise. Sources: LTspice's help on D; `Simple Idealized Diode` (Analog Devices).

use super::construct::Construction;
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::page::ModelTable;
use super::parameters::{NamedParameter, Unknowns};
use crate::circuit::Model;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Idealised D model card.
    pub struct IdealisedDiodeModel {
        on: ["ron"], "Ω", 1.0, "Resistance when on";
        off: ["roff"], "Ω", f64::INFINITY, "Resistance when off (default: 1/gmin)";
        forward: ["vfwd"], "V", 0.0, "Forward voltage from which on it conducts";
        reverse: ["vrev"], "V", f64::INFINITY, "Reverse breakdown voltage";
        reverse_resistance: ["rrev"], "Ω", f64::NAN, "Resistance in breakdown (default: ron)";
        limit: ["ilimit"], "A", f64::INFINITY, "Limit of the forward current";
        reverse_limit: ["revilimit"], "A", f64::INFINITY, "Limit of the reverse current";
        epsilon: ["epsilon"], "V", 0.0, "Width of the transition above vfwd";
        reverse_epsilon: ["revepsilon"], "V", 0.0, "Width of the transition below −vrev";
    }
}

/// The model card, for the manual.
pub const TABLE: ModelTable = ModelTable::numbers("d (idealised)", IdealisedDiodeModel::TABLE);

/// Parameters of a D card with such a model.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["n"], "", "1", "Diodes in series"),
    NamedParameter::ignored(&["area"], "Area"),
    NamedParameter::ignored(&["off"], "The operating point is first sought with the diode off"),
    NamedParameter::ignored(&["w"], "Width"),
    NamedParameter::ignored(&["l"], "Length"),
    NamedParameter::ignored(&["ic"], "Voltage at the start"),
];

struct IdealisedDiode {
    /// Conductances, S.
    on: f64,
    off: f64,
    reverse: f64,
    model: IdealisedDiodeModel,
    /// Diodes in series and in parallel.
    series: f64,
    multiplier: f64,
}

/// Whether `model` has a parameter of the idealised diode.
pub fn is_meant(model: &Model) -> bool {
    let has = |parameter: &str| IdealisedDiodeModel::TABLE.iter().any(|info| info.names.contains(&parameter));
    model.parameters.iter().any(|parameter| has(&parameter.name))
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let owner = format!("model `{}`", card.name);
    let mut model = IdealisedDiodeModel::read(&card.parameters, Unknowns::Ignore, &owner, c.diagnostics);
    if model.reverse_resistance.is_nan() {
        model.reverse_resistance = model.on;
    }
    model.reverse = model.reverse.abs();
    let positive = [
        ("ron", model.on),
        ("roff", model.off),
        ("rrev", model.reverse_resistance),
        ("ilimit", model.limit),
        ("revilimit", model.reverse_limit),
    ];
    let before = c.diagnostics.len();
    for (name, _) in positive.iter().filter(|(_, value)| *value <= 0.0) {
        let span = card.parameter(name).map_or(card.span, |parameter| parameter.span);
        let message = format!("`{name}` of {owner} must be positive");
        c.error(crate::diagnostic::Diagnostic::error(message).at(span));
    }
    if c.diagnostics.len() > before {
        return;
    }
    let off = if model.off.is_finite() { 1.0 / model.off } else { c.circuit.options.gmin };
    let (on, reverse) = (1.0 / model.on, 1.0 / model.reverse_resistance);
    let (series, multiplier) = (c.parameter("n").unwrap_or(1.0), c.multiplier());
    let device = IdealisedDiode { on, off, reverse, model, series, multiplier };
    let unknowns = c.terminals();
    c.assembly.add(c.id, device, unknowns);
}

/// ∫ of a slope that rises from 0 to 1 while x goes from 0 to `width`.
fn knee<S: Scalar>(x: S, width: f64) -> S {
    if x.value() <= 0.0 {
        S::zero()
    } else if x.value() >= width {
        x - 0.5 * width
    } else {
        x * x * (0.5 / width)
    }
}

impl IdealisedDiode {
    fn current<S: Scalar>(&self, voltage: S) -> S {
        let (m, v) = (&self.model, voltage * (1.0 / self.series));
        let mut i = v * self.off + knee(v - m.forward, m.epsilon) * (self.on - self.off);
        if m.reverse < f64::INFINITY {
            i -= knee(-v - m.reverse, m.reverse_epsilon) * (self.reverse - self.off);
        }
        let limit = if i.value() > 0.0 { m.limit } else { m.reverse_limit };
        let limited = if limit < f64::INFINITY { (i * (1.0 / limit)).tanh() * limit } else { i };
        limited * self.multiplier
    }
}

impl Device<2> for IdealisedDiode {
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "i", unit: "A", description: "Current" },
        QuantityInfo { name: "id", unit: "A", description: "Current" },
        QuantityInfo { name: "vd", unit: "V", description: "Voltage" },
        QuantityInfo { name: "p", unit: "W", description: "Power" },
    ];

    fn equations<S: Scalar>(&self, &[p, n]: &[S; 2], _environment: &Environment) -> Contribution<S, 2> {
        Contribution::branch(self.current(p - n), S::zero())
    }

    fn stores(&self) -> [bool; 2] {
        [false; 2]
    }

    fn quantity(&self, index: usize, &[p, n]: &[f64; 2], _environment: &Environment) -> f64 {
        let (voltage, current) = (p - n, self.current(p - n));
        [current, current, voltage, voltage * current][index]
    }
}
