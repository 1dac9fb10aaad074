//! Built-in laws of cells, evaluated for several inputs at once.

use super::cells::CellLaw;
use super::elementary::{exp, inverse_fourth_root, ln};
use super::lanes::{Lanes, map, splat};

/// A law that is told one voltage at a time, by a function that is not known before the program runs: for devices of cards, whose
/// equations are too long for lanes.
pub struct OneByOne<'a>(pub &'a dyn CellBranch);

/// What [`OneByOne`] asks.
pub trait CellBranch: Sync {
    /// Current of `cell`, A, and its derivative, S, at a voltage drop.
    fn at(&self, cell: usize, drop: f64) -> (f64, f64);

    /// As [`CellLaw::linear_conductances`].
    fn conductances(&self) -> Option<&[f64]> {
        None
    }
}

impl CellLaw for OneByOne<'_> {
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let branches = drops.map(|drop| self.0.at(cell, drop));
        (branches.map(|branch| branch.0), branches.map(|branch| branch.1))
    }

    fn linear_conductances(&self) -> Option<&[f64]> {
        self.0.conductances()
    }
}

impl CellBranch for MixedPowerLaw {
    fn at(&self, cell: usize, drop: f64) -> (f64, f64) {
        let ([current], [conductance]) = self.branch(cell, &[drop]);
        (current, conductance)
    }
}

/// Resistors: I = g·v.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearLaw {
    /// g of each cell, S, row by row.
    pub conductances: Vec<f64>,
}

/// I = g·v·(1 + a·|v|)
#[derive(Debug, Clone, PartialEq)]
pub struct SquareLaw {
    /// g of each cell, S, row by row.
    pub conductances: Vec<f64>,
    /// a, 1/V
    pub slope: f64,
}

/// I = g·V0·sinh(v/V0)
#[derive(Debug, Clone, PartialEq)]
pub struct SinhLaw {
    /// g of each cell, S, row by row.
    pub conductances: Vec<f64>,
    /// V0, V
    pub scale: f64,
}

/// Ohmic below a corner Vt and v^m above it (space-charge-limited conduction), as the log-exponential memristor conducts:
///
/// ```text
/// I = G·h(v),   h(v) = v·(1 + (v/Vt)⁴)^((m−1)/4)/(1 + (Vread/Vt)⁴)^((m−1)/4)
/// ```
///
/// so that G is the conductance at Vread.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerLaw {
    /// G of each cell, S, row by row.
    pub conductances: Vec<f64>,
    pub shape: PowerShape,
}

/// Two power laws in parallel, I = Gon·h(v; on) + Goff·h(v; off), of each cell: x·gon and (1 − x)·goff of a memristor whose
/// two ends of the range conduct by different laws.
#[derive(Debug, Clone, PartialEq)]
pub struct MixedPowerLaw {
    pub on: PowerLaw,
    pub off: PowerLaw,
}

/// The function h of [`PowerLaw`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerShape {
    /// 1/Vt, 1/V
    inverse_corner: f64,
    /// (m − 1)/4
    power: f64,
    /// 1/(1 + (Vread/Vt)⁴)^((m−1)/4)
    norm: f64,
}

impl PowerShape {
    /// Corner Vt and read voltage Vread in V, exponent m; Vt and m positive.
    pub fn new(corner: f64, exponent: f64, read_voltage: f64) -> PowerShape {
        let power = (exponent - 1.0) / 4.0;
        let norm = (1.0 + (read_voltage / corner).powi(4)).powf(power);
        PowerShape { inverse_corner: 1.0 / corner, power, norm: 1.0 / norm }
    }

    /// h and its derivative.
    #[inline(always)]
    fn at<const L: usize>(&self, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let fourth: Lanes<L> = map(|l| {
            let part = drops[l] * self.inverse_corner;
            let square = part * part;
            square * square
        });
        let base: Lanes<L> = map(|l| 1.0 + fourth[l]);
        // z^(p−1), z = base; h = v·z^p and h' = z^(p−1)·(z + 4p·(v/Vt)⁴)
        let lower: Lanes<L> = if self.power == 0.25 {
            let root = inverse_fourth_root(&base);
            map(|l| self.norm * root[l] * root[l] * root[l])
        } else {
            let logarithm = ln(&base);
            let power: Lanes<L> = exp(&map(|l| (self.power - 1.0) * logarithm[l]));
            map(|l| self.norm * power[l])
        };
        let rise = 4.0 * self.power;
        (map(|l| drops[l] * (base[l] * lower[l])), map(|l| lower[l] * rise.mul_add(fourth[l], base[l])))
    }
}

impl CellLaw for LinearLaw {
    #[inline(always)]
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let conductance = self.conductances[cell];
        (map(|l| conductance * drops[l]), splat(conductance))
    }

    fn linear_conductances(&self) -> Option<&[f64]> {
        Some(&self.conductances)
    }
}

impl CellLaw for SquareLaw {
    #[inline(always)]
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let conductance = self.conductances[cell];
        let slope = conductance * self.slope;
        let rise: Lanes<L> = map(|l| slope * drops[l].abs());
        (map(|l| drops[l] * (conductance + rise[l])), map(|l| conductance + 2.0 * rise[l]))
    }
}

impl CellLaw for SinhLaw {
    #[inline(always)]
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let (conductance, inverse) = (self.conductances[cell], 1.0 / self.scale);
        let grown: Lanes<L> = exp(&map(|l| drops[l].abs() * inverse));
        let shrunk: Lanes<L> = map(|l| 1.0 / grown[l]);
        let half = 0.5 * conductance;
        let current = half * self.scale;
        (map(|l| (current * (grown[l] - shrunk[l])).copysign(drops[l])), map(|l| half * (grown[l] + shrunk[l])))
    }
}

impl CellLaw for PowerLaw {
    #[inline(always)]
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let conductance = self.conductances[cell];
        let (current, slope) = self.shape.at(drops);
        (map(|l| conductance * current[l]), map(|l| conductance * slope[l]))
    }
}

impl CellLaw for MixedPowerLaw {
    #[inline(always)]
    fn branch<const L: usize>(&self, cell: usize, drops: &[f64; L]) -> ([f64; L], [f64; L]) {
        let (on, off) = (self.on.branch(cell, drops), self.off.branch(cell, drops));
        (map(|l| on.0[l] + off.0[l]), map(|l| on.1[l] + off.1[l]))
    }
}
