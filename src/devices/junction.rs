//! What all pn junctions share: limiting, depletion charge, and the scaling of a potential with temperature.

use super::constants::{CELSIUS_TO_KELVIN, REFERENCE_TEMPERATURE, silicon_gap, thermal_voltage};
use crate::numerics::scalar::Scalar;

/// New junction voltage when Newton's method asks for `wanted` after `previous`: logarithmic beyond the critical voltage, so
/// that an exponential cannot run away.
///
/// Into reverse there is nothing to limit: no current runs away there, and with hundreds of volts ngspice's correction for
/// negative voltages takes more iterations than a time point has. Source: Nagel, SPICE2 (UCB/ERL M520), section 4.2.
pub fn limit_junction(wanted: f64, previous: f64, thermal: f64, critical: f64) -> f64 {
    if wanted > critical && (wanted - previous).abs() > 2.0 * thermal {
        if previous > 0.0 {
            let argument = (wanted - previous) / thermal;
            if argument > 0.0 {
                previous + thermal * (2.0 + (argument - 2.0).ln())
            } else {
                previous - thermal * (2.0 + (2.0 - argument).ln())
            }
        } else {
            thermal * (wanted / thermal).ln()
        }
    } else {
        wanted
    }
}

/// Is·(e^(v/s) − 1), and in reverse SPICE's cubic approach to −Is.
#[inline(always)]
pub fn exponential<S: Scalar>(v: S, saturation: f64, scale: f64) -> S {
    if v.value() >= -3.0 * scale {
        ((v * (1.0 / scale)).exp_limited(300.0) - 1.0) * saturation
    } else {
        let ratio = (v * (std::f64::consts::E / (3.0 * scale))).recip();
        (ratio * ratio * ratio + 1.0) * -saturation
    }
}

/// Voltage above which a junction's exponential is limited.
pub fn critical_voltage(thermal: f64, saturation: f64) -> f64 {
    thermal * (thermal / (std::f64::consts::SQRT_2 * saturation)).ln()
}

/// ∫dx/(1 − x)^m up to where 1 − x is `argument`, whose power 1 − m is `power`.
#[inline(always)]
fn filled(grading: f64, argument: f64, power: f64) -> f64 {
    if grading == 1.0 { -argument.ln() } else { (1.0 - power) / (1.0 - grading) }
}

/// A depletion capacitance: zero-bias value, potential, grading, and where it turns into its tangent.
#[derive(Debug, Clone, Copy)]
pub struct Depletion {
    pub capacitance: f64,
    pub potential: f64,
    pub grading: f64,
    /// `fc`, as part of the potential.
    tangent_at: f64,
    /// Charge at the start of the tangent, and capacitance and its slope there, F and F/V.
    tangent: [f64; 3],
}

impl Depletion {
    /// F, V, and numbers; `tangent_at` below 1.
    pub fn new(capacitance: f64, potential: f64, grading: f64, tangent_at: f64) -> Self {
        let rest = 1.0 - tangent_at;
        let charge = capacitance * potential * filled(grading, rest, rest.powf(1.0 - grading));
        let scale = capacitance / rest.powf(1.0 + grading);
        let tangent = [charge, scale * (1.0 - tangent_at), scale * grading / potential];
        Depletion { capacitance, potential, grading, tangent_at, tangent }
    }

    /// The same junction with another zero-bias capacitance and potential.
    pub fn with(&self, capacitance: f64, potential: f64) -> Self {
        Self::new(capacitance, potential, self.grading, self.tangent_at)
    }

    /// Charge at `v`: ∫C dv with C = cj/(1 − v/φ)^m below fc·φ and its tangent above.
    ///
    /// Value and slope are found for plain numbers and joined by the chain rule, since this is in every transistor's loop.
    pub fn charge<S: Scalar>(&self, v: S) -> S {
        let Depletion { capacitance, potential, grading, tangent_at, .. } = *self;
        if capacitance == 0.0 {
            return S::zero();
        }
        let (at, knee) = (v.value(), tangent_at * potential);
        if at == 0.0 {
            return v.function(0.0, capacitance, || self.bend(1.0));
        }
        if at < knee {
            let argument = 1.0 - at / potential;
            let power = if grading == 0.5 { argument.sqrt() } else { argument.powf(1.0 - grading) };
            let charge = potential * capacitance * filled(grading, argument, power);
            return v.function(charge, capacitance * power / argument, || self.bend(argument));
        }
        let [charge, start, slope] = self.tangent;
        let past = at - knee;
        v.function(charge + past * (start + 0.5 * slope * past), start + slope * past, || [slope, 0.0])
    }

    /// Slope and curvature of the capacitance below the knee, `argument` being 1 − v/φ.
    fn bend(&self, argument: f64) -> [f64; 2] {
        let slope = self.capacitance * self.grading / self.potential * argument.powf(-1.0 - self.grading);
        [slope, slope * (1.0 + self.grading) / (self.potential * argument)]
    }

    /// Scaled from the temperature of its parameters to another, both in kelvin (SPICE2; ngspice's `DIOtempUpdate`).
    pub fn at_temperature(&self, temperature: f64, nominal: f64) -> Depletion {
        let gamma = |at: f64, potential: f64| (potential - at) / at;
        let reference_potential = potential_at_reference(self.potential, nominal);
        let old = gamma(reference_potential, self.potential);
        let at_reference = self.capacitance / (1.0 + self.grading * (4e-4 * (nominal - REFERENCE_TEMPERATURE) - old));
        let potential = potential_from_reference(reference_potential, temperature);
        let new = gamma(reference_potential, potential);
        let capacitance = at_reference * (1.0 + self.grading * (4e-4 * (temperature - REFERENCE_TEMPERATURE) - new));
        self.with(capacitance, potential)
    }
}

/// −2·Vt·(1.5·ln(T/300.15 K) + (arguments of the band gaps)): the shift of a potential with temperature.
fn potential_shift(temperature: f64) -> f64 {
    let gap = silicon_gap(temperature);
    let thermal = thermal_voltage(temperature);
    let argument = -gap / (2.0 * thermal) + 1.115_068_2 / (2.0 * thermal_voltage(REFERENCE_TEMPERATURE));
    -2.0 * thermal * (1.5 * (temperature / REFERENCE_TEMPERATURE).ln() + argument)
}

fn potential_at_reference(potential: f64, nominal: f64) -> f64 {
    (potential - potential_shift(nominal)) / (nominal / REFERENCE_TEMPERATURE)
}

fn potential_from_reference(potential: f64, temperature: f64) -> f64 {
    temperature / REFERENCE_TEMPERATURE * potential + potential_shift(temperature)
}

/// A junction potential moved from `nominal` to `temperature`, both in kelvin.
pub fn potential_at(potential: f64, temperature: f64, nominal: f64) -> f64 {
    potential_from_reference(potential_at_reference(potential, nominal), temperature)
}

/// A saturation current, A, of which 0 is a junction without current: what stands for it is lost in any other current.
pub fn saturation_or_none(current: f64) -> f64 {
    if current == 0.0 { 1e-40 } else { current }
}

/// °C to K.
pub fn kelvin(celsius: f64) -> f64 {
    celsius + CELSIUS_TO_KELVIN
}
