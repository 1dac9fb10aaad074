//! Effective sizes of a transistor, of one of its fingers.
//!
//! ```text
//! leff = l + xl − 2·(lint + ll/L^lln + lw/W^lwn + lwl/(L^lln·W^lwn)),  L = l + xl, W = w/nf + xw
//! weff = w/nf + xw − 2·(wint + wl/L^wln + ww/W^wwn + wwl/(L^wln·W^wwn))
//! ```
//! and the same for the capacitances with dlc, llc, lwc, lwlc and dwc, wlc, wwc, wwlc, and for the junctions with dwj, wlc, wwc, wwlc. A
//! parameter k that depends on the geometry is k + lk/leff + wk/weff + pk/(leff·weff), sizes in µm with binunit=1.
//! Source: Xi, Dunga, Cao, Hu et al., BSIM4.6.4 MOSFET Model, UC Berkeley (2009), chapters 1 and 13.

use super::general_parameters::General;

/// Effective sizes, m.
#[derive(Debug, Clone, Copy)]
pub struct Geometry {
    pub fingers: f64,
    /// Length and width of a finger as drawn, and with xl and xw.
    pub drawn: [f64; 2],
    pub whole: [f64; 2],
    pub length: f64,
    pub width: f64,
    /// Those of the capacitances.
    pub charge_length: f64,
    pub charge_width: f64,
    /// That of the junctions.
    pub junction_width: f64,
    /// 1/leff, 1/weff and 1/(leff·weff) for the dependences of parameters.
    pub dependence: [f64; 3],
}

/// `own` if it stood on the card.
pub fn or(own: f64, other: f64) -> f64 {
    if own.is_nan() { other } else { own }
}

impl Geometry {
    /// Of a drawn length and width, m, of all fingers.
    pub fn new(m: &General, [length, width]: [f64; 2], fingers: f64) -> Self {
        let drawn = [length, width / fingers];
        let whole = [drawn[0] + m.xl, drawn[1] + m.xw];
        let reduction = |[own, by_length, by_width, by_area]: [f64; 4], exponents: [f64; 2]| {
            let (length, width) = (whole[0].powf(exponents[0]), whole[1].powf(exponents[1]));
            2.0 * (own + by_length / length + by_width / width + by_area / (length * width))
        };
        let along = [m.lln, m.lwn];
        let across = [m.wln, m.wwn];
        let of_charge_width = [or(m.dwc, m.wint), or(m.wlc, m.wl), or(m.wwc, m.ww), or(m.wwlc, m.wwl)];
        let [_, by_length, by_width, by_area] = of_charge_width;
        let of_junction_width = [or(m.dwj, of_charge_width[0]), by_length, by_width, by_area];
        let of_charge_length = [or(m.dlc, m.lint), or(m.llc, m.ll), or(m.lwc, m.lw), or(m.lwlc, m.lwl)];
        let effective_length = whole[0] - reduction([m.lint, m.ll, m.lw, m.lwl], along);
        let effective_width = whole[1] - reduction([m.wint, m.wl, m.ww, m.wwl], across);
        let unit = if m.binunit == 1.0 { 1e-6 } else { 1.0 };
        let (by_length, by_width) = (unit / effective_length, unit / effective_width);
        Geometry {
            fingers,
            drawn,
            whole,
            length: effective_length,
            width: effective_width,
            charge_length: whole[0] - reduction(of_charge_length, along),
            charge_width: whole[1] - reduction(of_charge_width, across),
            junction_width: whole[1] - reduction(of_junction_width, across),
            dependence: [by_length, by_width, by_length * by_width],
        }
    }

    /// All sizes are positive.
    pub fn is_possible(&self) -> bool {
        let sizes = [self.length, self.width, self.charge_length, self.charge_width, self.junction_width];
        sizes.iter().all(|&size| size > 0.0)
    }
}
