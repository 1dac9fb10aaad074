//! What channel, charges and noise follow from beside the parameters: the oxide and the sizes.

/// Permittivity of silicon dioxide as the models have it, F/cm.
const OXIDE: f64 = 3.453e-13;

/// Thermal voltage at 27 °C with the constants of 2014, as the models have it in ngspice 39, V.
pub const THERMAL: f64 = 8.617_330_34e-5 * 300.15;

/// Oxide and effective sizes.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    /// F/cm²
    pub oxide: f64,
    /// m
    pub length: f64,
    pub width: f64,
}

impl Process {
    /// Thickness of the oxide in µm.
    pub fn new(thickness: f64, [length, width]: [f64; 2]) -> Self {
        Process { oxide: OXIDE / (thickness * 1e-4), length, width }
    }

    /// What turns a mobility in cm²/Vs into A/V².
    pub fn shape(&self) -> f64 {
        self.oxide * self.width / self.length
    }

    /// Capacitance of the gate, F.
    pub fn gate_oxide(&self) -> f64 {
        self.oxide * self.length * self.width * 1e4
    }

    /// Factors of the dependences on length, width and both: 1 over them in µm.
    pub fn dependence(&self) -> [f64; 3] {
        let [length, width] = [1e-6 / self.length, 1e-6 / self.width];
        [length, width, length * width]
    }
}
