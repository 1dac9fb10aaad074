//! The flicker noise of strong inversion: its formula is in the files of the two models, which differ in its numbers.

use crate::devices::constants::CHARGE;

/// Least argument of logarithms.
const LEAST: f64 = 1e-38;

/// The channel's parameters.
#[derive(Debug, Clone, Copy)]
pub struct Flicker {
    pub noia: f64,
    pub noib: f64,
    pub noic: f64,
    pub em: f64,
    /// l and weff, m.
    pub length: f64,
    pub width: f64,
    /// F/m²
    pub oxide: f64,
    /// litl, m.
    pub characteristic: f64,
    pub vsat: f64,
    /// Units of the square of l: 10⁸ or 10¹⁰.
    pub units: f64,
}

/// What it depends on.
#[derive(Debug, Clone, Copy)]
pub struct FlickerBias {
    pub current: f64,
    /// vds ≥ 0 and vdse, V.
    pub across: f64,
    pub effective: f64,
    pub overdrive: f64,
    /// vgst + 2·Vt, V.
    pub over: f64,
    pub bulk_charge: f64,
    pub plain_bulk_charge: f64,
    pub mobility: f64,
}

impl Flicker {
    /// S in A²/Hz at 1 Hz, with k·T as the model has it and N*; `weak` is W, with which it is in parallel.
    pub fn density(&self, at: &FlickerBias, thermal: f64, states: f64, weak: f64) -> f64 {
        let strong = self.strong(at, thermal, states);
        if strong + weak > 0.0 { strong * weak / (strong + weak) } else { 0.0 }
    }

    fn strong(&self, at: &FlickerBias, thermal: f64, states: f64) -> f64 {
        let current = at.current.abs();
        let critical = 2.0 * self.vsat / at.mobility;
        let shortening = if self.em > 0.0 {
            let field = (at.across - at.effective) / self.characteristic + self.em;
            (self.characteristic * (field / critical).max(LEAST).ln()).max(0.0)
        } else {
            0.0
        };
        let near = self.oxide * at.overdrive / CHARGE;
        let far = near * (1.0 - at.bulk_charge * at.effective / at.over);
        let along = self.noia * ((near + states) / (far + states)).max(LEAST).ln()
            + self.noib * (near - far)
            + 0.5 * self.noic * (near * near - far * far);
        let square = self.units * self.length * self.length;
        let of_channel =
            CHARGE * CHARGE * thermal * current * at.mobility / (square * at.plain_bulk_charge * self.oxide) * along;
        let at_end = (self.noia + self.noib * far + self.noic * far * far) / (far + states).powi(2);
        of_channel + thermal * current * current / (square * self.width) * shortening * at_end
    }
}
