//! Areas, perimeters and resistances of source and drain from the layout, where the card has none.
//!
//! With T = dmcg − dmcgt + dmci, S = dmcg − dmcgt, M = dmdg − dmcgt (dmci as it is): an end by itself has an area of T·weffcj and a
//! perimeter of 2·T + weffcj, a shared one S·weffcj and 2·S, a merged one M·weffcj and 2·M. geomod says which those at the outside are,
//! those between fingers are shared; `min` which of drain and source are more for an even number of fingers. Perimeters have no side at the
//! gate; of given ones permod=1 takes weffcj·nf off (where it is still in them with permod 0 it stays).
//!
//! ```text
//! contacts across the whole width: rsh·S/weffcj per end;  contacts at a point: rsh·weffcj/(3·T) by itself, rsh·weffcj/(6·S) shared
//! ```
//! in parallel, by rgeomod. Source: BSIM4.6.4 manual, chapter 11.

use super::general_parameters::General;
use super::geometry::or;
use super::junctions::End;

/// What the layout is.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub geomod: u8,
    pub rgeomod: u8,
    /// An odd number of drains, of even fingers.
    pub fewest_drains: bool,
    pub fingers: f64,
    /// weffcj
    pub width: f64,
}

/// How an outer end is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outer {
    Isolated,
    Shared,
    Merged,
}

/// dmcg, dmci and dmdg less dmcgt, m.
struct Distances {
    gate: f64,
    edge: f64,
    merged: f64,
}

impl Distances {
    fn new(m: &General) -> Self {
        Distances { gate: m.dmcg - m.dmcgt, edge: or(m.dmci, m.dmcg), merged: m.dmdg - m.dmcgt }
    }
}

impl Layout {
    /// Which the outer ends of source or drain are.
    fn outer(&self, source: bool) -> Outer {
        use Outer::{Isolated, Merged, Shared};
        let [of_source, of_drain] = match self.geomod {
            1 => [Isolated, Shared],
            2 => [Shared, Isolated],
            3 => [Shared, Shared],
            4 => [Isolated, Merged],
            5 => [Shared, Merged],
            6 => [Merged, Isolated],
            7 => [Merged, Shared],
            8 => [Merged, Merged],
            9 => [Isolated, Shared],
            10 => [Shared, Isolated],
            _ => [Isolated, Isolated],
        };
        if source { of_source } else { of_drain }
    }

    /// Halves of ends at the outside and between fingers.
    fn counts(&self, source: bool) -> [f64; 2] {
        let fingers = self.fingers.floor();
        if fingers % 2.0 != 0.0 {
            return [1.0, 2.0 * ((self.fingers - 1.0) / 2.0).max(0.0)];
        }
        if self.fewest_drains != source {
            [0.0, self.fingers]
        } else {
            [2.0, 2.0 * (self.fingers / 2.0 - 1.0).max(0.0)]
        }
    }

    /// Area and perimeter.
    pub fn end(&self, m: &General, source: bool) -> End {
        let at = Distances::new(m);
        let whole = at.gate + at.edge;
        let isolated = [whole * self.width, 2.0 * whole + self.width];
        let shared = [at.gate * self.width, 2.0 * at.gate];
        let merged = [at.merged * self.width, 2.0 * at.merged];
        let outer = match self.outer(source) {
            Outer::Isolated => isolated,
            Outer::Shared => shared,
            Outer::Merged => merged,
        };
        let sum = |k: usize| {
            if self.geomod < 9 {
                let [outside, between] = self.counts(source);
                return outside * outer[k] + between * shared[k];
            }
            if self.outer(source) == Outer::Isolated {
                isolated[k] + (self.fingers - 1.0) * shared[k]
            } else {
                self.fingers * shared[k]
            }
        };
        End { area: sum(0), perimeter: sum(1) }
    }

    /// Resistance, Ω.
    pub fn resistance(&self, m: &General, source: bool) -> f64 {
        if self.rgeomod == 0 {
            return 0.0;
        }
        let at = Distances::new(m);
        let wide = m.rsh * at.gate / self.width;
        let parallel = |a: f64, b: f64| {
            if a <= 0.0 {
                b
            } else if b <= 0.0 {
                a
            } else {
                a * b / (a + b)
            }
        };
        let per = |resistance: f64, count: f64| if count == 0.0 { 0.0 } else { resistance / count };
        if self.geomod >= 9 {
            return if self.outer(source) == Outer::Isolated {
                parallel(0.5 * wide, if self.fingers == 2.0 { 0.0 } else { wide / (self.fingers - 2.0) })
            } else {
                wide / self.fingers
            };
        }
        let [outside, between] = self.counts(source);
        let is_wide = if source { [1, 2, 5].contains(&self.rgeomod) } else { [1, 3, 7].contains(&self.rgeomod) };
        let outer = match self.outer(source) {
            Outer::Merged => {
                let merged = m.rsh * at.merged / self.width;
                // As the model has it, of one end where both are merged or the other is isolated.
                if [5, 7].contains(&self.geomod) { per(merged, outside) } else { merged }
            }
            _ if is_wide => per(wide, outside),
            Outer::Isolated => per(m.rsh * self.width / (3.0 * (at.gate + at.edge)), outside),
            Outer::Shared => per(m.rsh * self.width / (6.0 * at.gate), outside),
        };
        parallel(per(wide, between), outer)
    }
}
