//! Effective sizes of a transistor, of one of its fingers, and how it is laid out.
//!
//! ```text
//! leff = l − 2·(lint + ll/l^lln + lw/w^lwn + lwl/(l^lln·w^lwn)),  w = w/nf
//! weff = w/nf − nbc·dwbc − (2 − nbc)·(wint + wl/l^wln + ww/w^wwn + wwl/(l^wln·w^wwn))
//! ```
//! and the same for the capacitances with dlc, llc, lwc, lwlc and dwc, wlc, wwc, wwlc; the body's charge has the length of these less
//! dlcb, that of the back gate dlcb less and 2·dlbg more. Ends have weff/nseg and pdbcp or psbcp. A parameter k that depends on the
//! geometry is k + lk/leff + wk/weff + pk/(leff·weff), sizes in µm with binunit=1.
//! Source: BSIMSOI4.4 manual, UC Berkeley (2010), chapters 2 and 3.

use super::general_parameters::General;

/// What a card says of the layout; lengths in m, areas in m².
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub length: f64,
    pub width: f64,
    pub fingers: f64,
    /// nbc, nseg
    pub isolations: f64,
    pub segments: f64,
    /// pdbcp, psbcp
    pub contact_ends: [f64; 2],
    /// agbcp, agbcp2, agbcpd, aebcp
    pub contact_area: f64,
    pub opposite_area: f64,
    pub current_area: f64,
    pub back_area: f64,
    /// Areas and perimeters of drain and source.
    pub areas: [f64; 2],
    pub perimeters: [f64; 2],
    /// sa, sb, sd
    pub isolation: [f64; 3],
    /// nrb and frbody
    pub body_squares: f64,
    pub body_factor: f64,
    /// rth0 and cth0
    pub heat: [f64; 2],
    /// V
    pub threshold_shift: f64,
    /// bjtoff
    pub without_bipolar: bool,
}

/// Effective sizes of a finger, m; ends are drain and source.
#[derive(Debug, Clone, Copy)]
pub struct Geometry {
    pub length: f64,
    pub width: f64,
    pub ends: [f64; 2],
    pub charge_length: f64,
    pub charge_width: f64,
    pub charge_ends: [f64; 2],
    pub body_length: f64,
    pub back_length: f64,
    /// dlcig with what the length's charge loses.
    pub current_overlap: f64,
    /// 1/leff, 1/weff and 1/(leff·weff) for the dependences of parameters.
    pub dependence: [f64; 3],
}

/// `own` if it stood on the card.
pub fn or(own: f64, other: f64) -> f64 {
    if own.is_nan() { other } else { own }
}

impl Geometry {
    pub fn new(m: &General, layout: &Layout) -> Self {
        let (length, width) = (layout.length, layout.width / layout.fingers);
        let share = |[by_length, by_width, by_area]: [f64; 3], exponents: [f64; 2]| {
            let (length, width) = (length.powf(exponents[0]), width.powf(exponents[1]));
            by_length / length + by_width / width + by_area / (length * width)
        };
        let (along, across) = ([m.lln, m.lwn], [m.wln, m.wwn]);
        let of_charge = share([m.llc, m.lwc, m.lwlc], along);
        let sides = 2.0 - layout.isolations;
        let reduced = |own: f64| width - layout.isolations * m.dwbc - sides * own;
        let effective_length = length - 2.0 * (m.lint + share([m.ll, m.lw, m.lwl], along));
        let effective_width = reduced(m.wint + share([m.wl, m.ww, m.wwl], across));
        let charge_width = reduced(or(m.dwc, m.wint) + share([m.wlc, m.wwc, m.wwlc], across));
        let charge_length = length - 2.0 * (or(m.dlc, m.lint) + of_charge);
        let body_length = charge_length - m.dlcb;
        let ends = |width: f64| layout.contact_ends.map(|contact| width / layout.segments + contact);
        let unit = if m.binunit == 1.0 { 1e-6 } else { 1.0 };
        let (by_length, by_width) = (unit / effective_length, unit / effective_width);
        Geometry {
            length: effective_length,
            width: effective_width,
            ends: ends(effective_width),
            charge_length,
            charge_width,
            charge_ends: ends(charge_width),
            body_length,
            back_length: body_length + 2.0 * m.dlbg,
            current_overlap: or(m.dlcig, m.lint) + of_charge,
            dependence: [by_length, by_width, by_length * by_width],
        }
    }

    /// All sizes are positive.
    pub fn is_possible(&self) -> bool {
        let lengths = [self.length, self.charge_length, self.body_length, self.back_length];
        lengths.iter().chain(&[self.width, self.charge_width]).all(|&size| size > 0.0)
    }
}
