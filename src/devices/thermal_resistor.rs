//! R with a model of level 2: a resistor that heats itself, as Xyce has it.
//!
//! ```text
//! i = m·v/R(T),   R(T) = R0·(1 + tc1·(T − tnom) + tc2·(T − tnom)²)
//! R0 = the card's value, or resistivity·l/a, or rsh·(l − narrow)/(w − narrow)
//! dT/dt = R(T)·(i/m)²/C,   C = heatcapacity·l·a + thermal_heatcapacity·thermal_l·thermal_a
//! ```
//! T in °C is a state, `@r1[t]`: all heat stays. It starts, and is held in DC analyses, at the temperature of the card. Heat capacities
//! are those of a volume (J/(m³·K)), so the model's `density` is without effect. Numbers that Xyce lets depend on `temp` are
//! taken at the circuit's temperature here, and do not follow T: of the card's temperature dependence tc1 and tc2 alone do.
//! Noise: 4kT/R at T.
//!
//! Source: Xyce Reference Guide, Resistor (level 2). Whether `rsh` takes part there as it does here is not certain.

use super::construct::Construction;
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::junction::kelvin;
use super::noise::NoiseSource;
use super::page::ModelTable;
use super::parameters::{NamedParameter, Unknowns};
use crate::circuit::Model;
use crate::diagnostic::Diagnostic;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// R model card of level 2.
    pub struct ThermalModel {
        #[expect(dead_code)]
        level: ["level"], "", 2.0, "Level";
        resistivity: ["resistivity"], "Ω·m", f64::NAN, "Resistivity";
        capacity: ["heatcapacity"], "J/(m³·K)", 0.0, "Heat capacity of the conductor";
        coupled_capacity: ["thermal_heatcapacity"], "J/(m³·K)", 0.0, "Heat capacity of what is heated with it";
        #[expect(dead_code)]
        density: ["density"], "kg/m³", 0.0, "Density";
        sheet: ["rsh"], "Ω/□", 0.0, "Sheet resistance";
        width: ["defw"], "m", 1e-5, "Default width";
        narrow: ["narrow"], "m", 0.0, "Narrowing due to side etching";
        tc1: ["tc1"], "1/K", 0.0, "First-order temperature coefficient";
        tc2: ["tc2"], "1/K²", 0.0, "Second-order temperature coefficient";
        tnom: ["tnom"], "°C", f64::NAN, "Temperature of the resistance";
    }
}

/// Parameters of the card, beside those of any R.
pub const CARD: [NamedParameter; 7] = [
    NamedParameter::new(&["a"], "m²", "", "Cross section (level 2)"),
    NamedParameter::new(&["resistivity"], "Ω·m", "of the model", "Resistivity (level 2)"),
    NamedParameter::new(&["heatcapacity"], "J/(m³·K)", "of the model", "Heat capacity of the conductor (level 2)"),
    NamedParameter::new(
        &["thermal_heatcapacity"],
        "J/(m³·K)",
        "of the model",
        "Heat capacity of what is heated with it (level 2)",
    ),
    NamedParameter::new(&["thermal_a"], "m²", "0", "Cross section of what is heated with it (level 2)"),
    NamedParameter::new(&["thermal_l"], "m", "0", "Length of what is heated with it (level 2)"),
    NamedParameter::ignored(&["density"], "Density (level 2)"),
];

/// The table of the model for the manual.
pub const TABLE: ModelTable = ModelTable::numbers("r level=2", ThermalModel::TABLE);

/// A resistor that heats itself; unknowns: terminals and temperature in °C.
struct ThermalResistor {
    /// At tnom, of one unit.
    resistance: f64,
    tc1: f64,
    tc2: f64,
    tnom: f64,
    /// J/K, of one unit.
    capacity: f64,
    units: f64,
}

/// Whether this is a model of level 2.
pub fn is_thermal(card: &Model) -> bool {
    card.parameter("level").is_some_and(|level| level.value.number() == Some(2.0))
}

/// An R card that names `card` and has the resistance `written`, if any.
pub fn construct(mut c: Construction, card: &Model, written: Option<f64>) {
    let m = ThermalModel::read(&card.parameters, Unknowns::Warn, &format!("model `{}`", card.name), c.diagnostics);
    let number = |name: &str, of_model: f64| c.parameter(name).unwrap_or(of_model);
    let [area, length] = [number("a", 0.0), number("l", 0.0)];
    let coupled = number("thermal_a", 0.0) * number("thermal_l", 0.0);
    let capacity = number("heatcapacity", m.capacity) * length * area
        + number("thermal_heatcapacity", m.coupled_capacity) * coupled;
    let of_shape = || {
        let resistivity = number("resistivity", m.resistivity);
        if resistivity.is_finite() {
            return resistivity * length / area;
        }
        m.sheet * (length - m.narrow) / (number("w", m.width) - m.narrow)
    };
    let resistance = written.unwrap_or_else(of_shape);
    let lacks = if !(resistance > 0.0 && resistance.is_finite()) {
        Some("a resistance: a value, or `resistivity` with `l` and `a`")
    } else if !(capacity > 0.0 && capacity.is_finite()) {
        Some("a heat capacity: `heatcapacity` with `l` and `a`")
    } else {
        None
    };
    if let Some(lacks) = lacks {
        let message = format!("`{}`, which heats itself, needs {lacks}", c.element.name);
        let hint = "`R1 a b m l=0.1 a=1u` and `.model m r level=2 resistivity=1.7e-8 heatcapacity=3.4meg`";
        return c.error(Diagnostic::error(message).at(c.element.span).hint(hint));
    }
    let device = ThermalResistor {
        resistance: resistance * number("scale", 1.0),
        tc1: number("tc1", m.tc1),
        tc2: number("tc2", m.tc2),
        tnom: if m.tnom.is_nan() { c.circuit.options.tnom } else { m.tnom },
        capacity,
        units: c.multiplier(),
    };
    let temperature = c.assembly.state(c.id, "t", 1.0, c.temperature());
    let [p, n] = c.terminals();
    c.assembly.add(c.id, device, [p, n, temperature]);
}

impl ThermalResistor {
    /// Of one unit.
    fn conductance<S: Scalar>(&self, temperature: S) -> S {
        let delta = temperature - self.tnom;
        ((delta * self.tc2 + self.tc1) * delta + 1.0).recip() * (1.0 / self.resistance)
    }
}

impl Device<3> for ThermalResistor {
    const NOISY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo::new("i", "A", "Current"),
        QuantityInfo::new("p", "W", "Power"),
        QuantityInfo::new("r", "Ω", "Resistance"),
    ];

    fn equations<S: Scalar>(&self, &[p, n, temperature]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let voltage = p - n;
        let current = voltage * self.conductance(temperature);
        let heating = voltage * current * (1.0 / self.capacity);
        let zero = S::zero();
        let through = current * self.units;
        Contribution { f: [through, -through, -heating], q: [zero, zero, temperature] }
    }

    fn stores(&self) -> [bool; 3] {
        [false, false, true]
    }

    fn noise(&self, x: &[f64; 3], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let conductance = self.conductance(x[2]) * self.units;
        visit(NoiseSource::thermal("thermal", [0, 1], conductance, kelvin(x[2])));
    }

    fn quantity(&self, index: usize, &[p, n, temperature]: &[f64; 3], _environment: &Environment) -> f64 {
        let (voltage, conductance) = (p - n, self.conductance(temperature) * self.units);
        [voltage * conductance, voltage * voltage * conductance, 1.0 / conductance][index]
    }
}
