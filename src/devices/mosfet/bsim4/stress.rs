//! Effects of the layout around a transistor: stress of the trench's isolation, and doping near the edge of the well.
//!
//! ```text
//! 1/S = Σ 1/(nf·(sa + l/2 + i·(sd + l))) + Σ 1/(nf·(sb + l/2 + i·(sd + l))),  i = 0 … nf − 1
//! 1/R = 1/(saref + l/2) + 1/(sbref + l/2),  κ = 1 + lku0/L^llodku0 + wku0/W^wlodku0 + pku0/(L^llodku0·W^wlodku0)
//! ρ = ku0/(κ·(1 + tku0·(T/tnom − 1)))·1/S, ρr the same of 1/R
//! u0·(1 + ρ)/(1 + ρr),  vsat·(1 + kvsat·ρ)/(1 + kvsat·ρr)
//! vth0 + kvth0/κv·(1/S − 1/R),  k2 + stk2/κv^lodk2·(1/S − 1/R),  eta0 + steta0/κv^lodeta0·(1/S − 1/R)
//! s = sca + web·scb + wec·scc:  vth0 + kvth0we·s,  k2 + k2we·s,  u0·(1 + ku0we·s)
//! ```
//! ngspice 39 leaves out what stress and the well's edge do to u0. sca, scb and scc follow from sc where they are not given. Source: BSIM4.6.4 manual, chapters 14 and 15.

use super::general_parameters::General;
use super::geometry::Geometry;
use super::parameters::Binned;
use crate::devices::mosfet::bsim::temperatures::Temperatures;

/// Distances on an element's card, m.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub sa: f64,
    pub sb: f64,
    pub sd: f64,
    /// sca, scb, scc; none where the card has none.
    pub well: Option<[f64; 3]>,
    pub sc: f64,
}

/// What they do.
#[derive(Debug, Clone, Copy)]
pub struct Strain {
    /// Factors.
    pub mobility: f64,
    pub velocity: f64,
    /// Added.
    pub threshold: f64,
    pub k2: f64,
    pub eta0: f64,
}

/// What keeps numbers from 0.
const DELTA: f64 = 1e-9;

impl Strain {
    pub fn new(g: &General, p: &Binned, geometry: &Geometry, layout: &Layout, temperatures: &Temperatures) -> Self {
        let mut strain = Strain { mobility: 1.0, velocity: 1.0, threshold: 0.0, k2: 0.0, eta0: 0.0 };
        let fingers = geometry.fingers;
        if layout.sa > 0.0 && layout.sb > 0.0 && (fingers == 1.0 || (fingers > 1.0 && layout.sd > 0.0)) {
            strain.isolate(g, geometry, layout, temperatures.excess());
        }
        if g.wpemod == 1.0 {
            let [a, b, c] = layout.well.unwrap_or_else(|| near_edge(g, layout.sc, geometry.drawn[1]));
            let near = a.max(0.0) + g.web * b.max(0.0) + g.wec * c.max(0.0);
            strain.threshold += p.kvth0we * near;
            strain.k2 += p.k2we * near;
            strain.mobility *= (1.0 + p.ku0we * near).max(0.0);
        }
        strain
    }

    /// Of the isolation.
    fn isolate(&mut self, g: &General, geometry: &Geometry, layout: &Layout, excess: f64) {
        let (length, fingers) = (geometry.drawn[0], geometry.fingers);
        let (whole_length, width) = (geometry.whole[0], geometry.whole[1] + g.wlod.max(0.0));
        let growth = |[by_length, by_width, by_both]: [f64; 3], [along, across]: [f64; 2]| {
            let (length, width) = (whole_length.powf(along), width.powf(across));
            1.0 + by_length / length + by_width / width + by_both / (length * width)
        };
        let of_mobility = growth([g.lku0, g.wku0, g.pku0], [g.llodku0, g.wlodku0]) * (1.0 + g.tku0 * excess) + DELTA;
        let of_threshold = growth([g.lkvth0, g.wkvth0, g.pkvth0], [g.llodvth, g.wlodvth]);
        let of_threshold = (of_threshold * of_threshold + DELTA).sqrt();
        let inverse = |end: f64| {
            let at = |finger: usize| 1.0 / fingers / (end + 0.5 * length + finger as f64 * (layout.sd + length));
            (0..fingers as usize).map(at).sum::<f64>()
        };
        let here = inverse(layout.sa) + inverse(layout.sb);
        let reference = 1.0 / (g.saref + 0.5 * length) + 1.0 / (g.sbref + 0.5 * length);
        let [rho, rho_reference] = [here, reference].map(|inverse| g.ku0 / of_mobility * inverse);
        let kvsat = g.kvsat.clamp(-1.0, 1.0);
        self.mobility = (1.0 + rho) / (1.0 + rho_reference);
        self.velocity = (1.0 + kvsat * rho) / (1.0 + kvsat * rho_reference);
        self.threshold = g.kvth0 / of_threshold * (here - reference);
        self.k2 = g.stk2 / of_threshold.powf(g.lodk2) * (here - reference);
        self.eta0 = g.steta0 / of_threshold.powf(g.lodeta0) * (here - reference);
    }
}

/// sca, scb and scc of a single edge at a distance.
fn near_edge(g: &General, distance: f64, width: f64) -> [f64; 3] {
    if distance <= 0.0 {
        return [0.0; 3];
    }
    let (far, reference) = (distance + width, g.scref);
    let part = |part: f64, rate: f64| {
        let at = |distance: f64| (part * distance + part * part * reference) * (-rate * distance / reference).exp();
        (at(distance) - at(far)) / width
    };
    [reference * reference / (distance * far), part(0.1, 10.0), part(0.05, 20.0)]
}
