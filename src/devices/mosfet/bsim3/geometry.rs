//! Effective sizes of a transistor.
//!
//! ```text
//! leff = l + xl − 2·(lint + ll/l^lln + lw/w^lwn + lwl/(l^lln·w^lwn))
//! weff = w + xw − 2·(wint + wl/l^wln + ww/w^wwn + wwl/(l^wln·w^wwn))
//! ```
//! and the same for the capacitances with dlc, llc, lwc, lwlc and dwc, wlc, wwc, wwlc. A parameter k that depends on the geometry is
//! k + lk/leff + wk/weff + pk/(leff·weff), sizes in µm with binunit=1. Source: BSIM3v3.3 manual, chapters 1 and 8.

use super::parameters::General;

/// Effective sizes, m.
#[derive(Debug, Clone, Copy)]
pub struct Geometry {
    pub length: f64,
    pub width: f64,
    /// Those of the capacitances.
    pub charge_length: f64,
    pub charge_width: f64,
    /// 1/leff, 1/weff and 1/(leff·weff) for the dependences of parameters.
    pub dependence: [f64; 3],
}

/// `own` if it stood on the card.
fn or(own: f64, other: f64) -> f64 {
    if own.is_nan() { other } else { own }
}

impl Geometry {
    /// Of a drawn length and width, m.
    pub fn new(m: &General, [length, width]: [f64; 2]) -> Self {
        let (whole_length, whole_width) = (length + m.xl, width + m.xw);
        let reduction = |[own, by_length, by_width, by_area]: [f64; 4], exponents: [f64; 2]| {
            let (length, width) = (length.powf(exponents[0]), width.powf(exponents[1]));
            2.0 * (own + by_length / length + by_width / width + by_area / (length * width))
        };
        let along = [m.lln, m.lwn];
        let across = [m.wln, m.wwn];
        let of_length = [m.lint, m.ll, m.lw, m.lwl];
        let of_width = [m.wint, m.wl, m.ww, m.wwl];
        let of_charge_length = [or(m.dlc, m.lint), or(m.llc, m.ll), or(m.lwc, m.lw), or(m.lwlc, m.lwl)];
        let of_charge_width = [or(m.dwc, m.wint), or(m.wlc, m.wl), or(m.wwc, m.ww), or(m.wwlc, m.wwl)];
        let (effective_length, effective_width) =
            (whole_length - reduction(of_length, along), whole_width - reduction(of_width, across));
        let unit = if m.binunit == 1.0 { 1e-6 } else { 1.0 };
        let (by_length, by_width) = (unit / effective_length, unit / effective_width);
        Geometry {
            length: effective_length,
            width: effective_width,
            charge_length: whole_length - reduction(of_charge_length, along),
            charge_width: whole_width - reduction(of_charge_width, across),
            dependence: [by_length, by_width, by_length * by_width],
        }
    }

    /// All sizes are positive.
    pub fn is_possible(&self) -> bool {
        [self.length, self.width, self.charge_length, self.charge_width].iter().all(|&size| size > 0.0)
    }
}
