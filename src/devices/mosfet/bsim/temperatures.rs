//! Temperatures of Berkeley's models, and what silicon is at them.

/// Boltzmann constant over charge, charge and permittivities, as the models have them, V/K, C and F/m.
const K_OVER_Q: f64 = 8.617_087e-5;
pub const CHARGE: f64 = 1.602_19e-19;
pub const SILICON: f64 = 1.035_94e-10;
pub const OXIDE: f64 = 3.453_133e-11;

/// Temperatures of a transistor and of its parameters.
#[derive(Debug, Clone, Copy)]
pub struct Temperatures {
    /// K
    pub own: f64,
    pub nominal: f64,
}

impl Temperatures {
    /// Thermal voltage, V.
    pub fn thermal(&self) -> f64 {
        K_OVER_Q * self.own
    }

    pub fn nominal_thermal(&self) -> f64 {
        K_OVER_Q * self.nominal
    }

    /// T/tnom − 1
    pub fn excess(&self) -> f64 {
        self.own / self.nominal - 1.0
    }

    /// T − tnom, K.
    pub fn difference(&self) -> f64 {
        self.own - self.nominal
    }

    /// The band gaps over the thermal voltages at both temperatures, nominal less own.
    pub fn gap_difference(&self) -> f64 {
        gap(self.nominal) / self.nominal_thermal() - gap(self.own) / self.thermal()
    }

    /// Intrinsic concentration at the nominal temperature, 1/cm³.
    pub fn intrinsic(&self) -> f64 {
        let ratio = self.nominal / 300.15;
        let argument = 21.556_598_1 - gap(self.nominal) / (2.0 * self.nominal_thermal());
        1.45e10 * ratio * ratio.sqrt() * argument.exp()
    }
}

/// Band gap of silicon, eV.
pub fn gap(temperature: f64) -> f64 {
    1.16 - 7.02e-4 * temperature * temperature / (temperature + 1108.0)
}
