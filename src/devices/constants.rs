//! Physical constants, as ngspice has them.

/// Boltzmann constant over elementary charge, V/K.
pub const K_OVER_Q: f64 = 8.617_333_262_145_179e-5;

/// 0 °C in kelvin.
pub const CELSIUS_TO_KELVIN: f64 = 273.15;

/// Reference temperature of model equations, 300.15 K.
pub const REFERENCE_TEMPERATURE: f64 = 300.15;

/// Elementary charge, C.
pub const CHARGE: f64 = 1.602_176_634e-19;

/// Thermal voltage kT/q at `temperature` kelvin, V.
pub fn thermal_voltage(temperature: f64) -> f64 {
    K_OVER_Q * temperature
}

/// Band gap of silicon at `temperature` kelvin, eV (Sze; SPICE2).
pub fn silicon_gap(temperature: f64) -> f64 {
    1.16 - 7.02e-4 * temperature * temperature / (temperature + 1108.0)
}
