//! L with `hc`, `bs`, `br`, `a`, `lm` and `n`: a winding on a core with hysteresis, by Chan and others as LTspice has it.
//!
//! ```text
//! upper branch, H falls   B(H) = bs·(H + hc)/(|H + hc| + hc·(bs/br − 1)) + μ0·H
//! lower branch, H rises   B(H) = bs·(H − hc)/(|H − hc| + hc·(bs/br − 1)) + μ0·H
//! first magnetisation     B(H) = half of the sum of both
//! H·lm + B·lg/μ0 = n·i,   flux = n·a·B,   v = d/dt flux
//! ```
//! Where H turns, B leaves along the other branch, moved and stretched in B so that it begins where H has turned and ends where H
//! turned before that (after the first turn: at the opposite point). So every minor loop closes, and B then goes on as if the loop
//! had not been (Madelung's rules); a loop between opposite fields has the branches as they are, moved alone. How LTspice closes
//! minor loops that are not symmetric is not known here and may differ. Turns are located in time.
//!
//! DC and small-signal analyses are on the curve of first magnetisation, as is the start of a transient analysis.
//!
//! Sources: J. H. Chan, A. Vladimirescu, X.-C. Gao, P. Liebmann, J. Valainis, IEEE Trans. CAD 10, 476 (1991); LTspice's help on L;
//! E. Madelung, Ann. Phys. 322, 861 (1905).

use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Moment, Occurrence, QuantityInfo};
use super::parameters::NamedParameter;
use super::{assembly::UnknownKind, parasitics};
use crate::diagnostic::Diagnostic;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;

/// Numbers of the core on an L card.
pub const CARD: [NamedParameter; 7] = [
    NamedParameter::new(&["hc"], "A/m", "", "Coercive field of a core (LTspice)"),
    NamedParameter::new(&["bs"], "T", "", "Saturation of a core, without μ0·H"),
    NamedParameter::new(&["br"], "T", "", "Remanence of a core"),
    NamedParameter::new(&["a"], "m²", "", "Cross section of a core"),
    NamedParameter::new(&["lm"], "m", "", "Length of the path in a core"),
    NamedParameter::new(&["lg"], "m", "0", "Length of the gap of a core"),
    NamedParameter::new(&["n"], "", "", "Number of turns around a core"),
];

/// Vacuum permeability, H/m.
const MU: f64 = 1.256_637_062_12e-6;

/// By how much of `hc` (or of the field, if that is larger) H comes back before it has turned.
const TURN: f64 = 1e-6;

/// Turns that are remembered; a core that has so many loops within each other stays on the last of them.
const MOST_TURNS: usize = 256;

/// A winding on a core; unknowns: terminals, current, H·lm.
struct ChanCore {
    material: Material,
    /// n·a, m²
    linkage: f64,
    turns: f64,
    /// m
    path: f64,
    /// m
    gap: f64,
    units: f64,
    initial: Option<f64>,
    past: Past,
}

#[derive(Clone, Copy)]
struct Material {
    coercivity: f64,
    saturation: f64,
    /// hc·(bs/br − 1), A/m
    shape: f64,
}

/// H in A/m and B in T where H has turned.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Turn {
    field: f64,
    density: f64,
}

/// What the core remembers.
#[derive(Default)]
struct Past {
    /// Turns that no loop around them has wiped out, the first one on the curve of first magnetisation, then on both sides in turn.
    turns: Vec<Turn>,
    /// Farthest field since the last of them, A/m.
    extreme: f64,
    /// 1: H rises, −1: it falls, 0: at rest.
    direction: f64,
}

/// Whether the L card of `c` is one of these.
pub fn is_on_card(c: &crate::circuit::Element) -> bool {
    ["hc", "bs", "br"].iter().any(|name| c.parameter(name).is_some())
}

pub fn construct(c: &mut Construction) {
    let names = ["hc", "bs", "br", "a", "lm", "n"];
    let numbers = names.map(|name| c.parameter(name));
    for (name, number) in names.iter().zip(numbers) {
        if number.is_none_or(|number| number.is_nan() || number <= 0.0) {
            let message = format!("the core of `{}` needs a positive `{name}`", c.element.name);
            let hint = "`L1 a b hc=16 bs=0.44 br=0.1 a=25u lm=20m lg=0.1m n=1000`, in units of the SI";
            return c.error(Diagnostic::error(message).at(c.element.span).hint(hint));
        }
    }
    let [coercivity, saturation, remanence, area, path, turns] = numbers.map(|number| number.unwrap_or(f64::NAN));
    let gap = c.parameter("lg").unwrap_or(0.0);
    if remanence >= saturation || gap < 0.0 {
        let what = if gap < 0.0 { "`lg` must not be negative" } else { "`br` must be below `bs`" };
        let message = format!("{what} on the core of `{}`", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span));
    }
    let core = ChanCore {
        material: Material { coercivity, saturation, shape: coercivity * (saturation / remanence - 1.0) },
        linkage: turns * area,
        turns,
        path,
        gap,
        units: c.multiplier(),
        initial: c.parameter("ic"),
        past: Past::default(),
    };
    let inner = parasitics::place(c);
    let branch = c.assembly.branch(c.id);
    let force = c.assembly.auxiliary(c.id, "force", UnknownKind::Current);
    let unknowns = [inner, c.terminal(1), branch, force];
    c.assembly.add(c.id, core, unknowns);
}

impl Material {
    /// B on the lower (`direction` 1) or upper (−1) branch of the major loop.
    fn branch<S: Scalar>(&self, direction: f64, field: S) -> S {
        let shifted = field - direction * self.coercivity;
        let size = shifted.abs() + self.shape;
        shifted / size * self.saturation + field * MU
    }

    fn first<S: Scalar>(&self, field: S) -> S {
        (self.branch(-1.0, field) + self.branch(1.0, field)) * 0.5
    }

    /// The branch from the last of `turns` to where it ends.
    fn between<S: Scalar>(&self, direction: f64, from: Turn, to: Turn, field: S) -> S {
        let at = |field: f64| self.branch(direction, field);
        let (begin, end) = (at(from.field), at(to.field));
        let stretch = if begin == end { 1.0 } else { (to.density - from.density) / (end - begin) };
        (self.branch(direction, field) - begin) * stretch + from.density
    }

    /// B after those turns.
    fn density<S: Scalar>(&self, turns: &[Turn], field: S) -> S {
        let count = turns_at(turns, field.value());
        let Some((&from, before)) = turns[..count].split_last() else { return self.first(field) };
        let to = before.last().map_or(Turn { field: -from.field, density: -from.density }, |turn| *turn);
        self.between(direction_after(turns, count), from, to, field)
    }
}

/// The way that H goes after the first `count` of the turns.
fn direction_after(turns: &[Turn], count: usize) -> f64 {
    let first = turns.first().map_or(1.0, |turn| turn.field.signum());
    if count.is_multiple_of(2) { first } else { -first }
}

/// How many of the turns still matter at `field`, which has gone on beyond the ends of loops within others.
fn turns_at(turns: &[Turn], field: f64) -> usize {
    let mut count = turns.len();
    while count > 0 {
        let end = if count == 1 { -turns[0].field } else { turns[count - 2].field };
        if (field - end) * direction_after(turns, count) <= 0.0 {
            break;
        }
        count = count.saturating_sub(2);
    }
    count
}

impl Past {
    /// By how much H has come back from where it was farthest.
    fn returned(&self, field: f64) -> f64 {
        (self.extreme - field) * self.direction
    }

    /// Takes the accepted `field` into account; true if H has turned.
    fn accept(&mut self, material: &Material, field: f64) -> bool {
        let count = turns_at(&self.turns, field);
        if count < self.turns.len() {
            self.turns.truncate(count);
            self.direction = if count == 0 { field.signum() } else { direction_after(&self.turns, count) };
            self.extreme = field;
            return false;
        }
        if self.direction == 0.0 {
            self.extreme = field;
            self.direction = if field == 0.0 { 0.0 } else { field.signum() };
            return false;
        }
        if self.returned(field) < 0.0 {
            self.extreme = field;
        }
        if self.returned(field) <= material.least_return(field) || self.turns.len() >= MOST_TURNS {
            return false;
        }
        // On the first curve through 0 there is nothing to turn from.
        if self.turns.is_empty() && field * self.direction <= 0.0 {
            self.direction = -self.direction;
            self.extreme = field;
            return false;
        }
        let density = material.density(&self.turns, field);
        self.turns.push(Turn { field, density });
        self.direction = -self.direction;
        self.extreme = field;
        true
    }
}

impl Material {
    fn least_return(&self, field: f64) -> f64 {
        TURN * self.coercivity.max(field.abs())
    }
}

impl ChanCore {
    fn density<S: Scalar>(&self, force: S) -> S {
        self.material.density(&self.past.turns, force * (1.0 / self.path))
    }

    /// What n·i exceeds H·lm and the gap's share by, A.
    fn imbalance<S: Scalar>(&self, current: S, force: S) -> S {
        force + self.density(force) * (self.gap / MU) - current * (self.turns / self.units)
    }
}

impl Device<4> for ChanCore {
    const MEMORY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo::new("i", "A", "Current"),
        QuantityInfo::new("flux", "Wb", "Flux of all turns"),
        QuantityInfo::new("h", "A/m", "Field in the core"),
        QuantityInfo::new("b", "T", "Flux density"),
    ];

    fn equations<S: Scalar>(&self, &[p, n, i, force]: &[S; 4], _environment: &Environment) -> Contribution<S, 4> {
        let zero = S::zero();
        let flux = self.density(force) * self.linkage;
        Contribution { f: [i, -i, p - n, self.imbalance(i, force)], q: [zero, zero, -flux, zero] }
    }

    fn stores(&self) -> [bool; 4] {
        [false, false, true, false]
    }

    fn initial(&self, x: &mut [f64; 4]) {
        let Some(current) = self.initial else { return };
        x[2] = current;
        // The share of the core grows with the current: halves find it.
        let (mut low, mut high) = (0.0, current * self.turns / self.units);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if self.imbalance(current, middle) * current < 0.0 { low = middle } else { high = middle }
        }
        x[3] = 0.5 * (low + high);
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn event(&self, x: &[f64; 4]) -> f64 {
        let field = x[3] / self.path;
        let is_inside = turns_at(&self.past.turns, field) == self.past.turns.len();
        if self.past.direction == 0.0 || !is_inside || self.past.turns.len() >= MOST_TURNS {
            return -1.0;
        }
        (self.past.returned(field) - self.material.least_return(field)) / self.material.coercivity
    }

    fn forget(&mut self) {
        self.past = Past::default();
    }

    fn begin(&mut self, x: &[f64; 4], _from_initial: bool) {
        self.past = Past::default();
        self.past.accept(&self.material, x[3] / self.path);
    }

    fn accept(&mut self, x: &mut [f64; 4], _moment: &Moment) -> Occurrence {
        if self.past.accept(&self.material, x[3] / self.path) { Occurrence::Corner } else { Occurrence::Nothing }
    }

    fn memory(&mut self, tape: &mut Tape) {
        tape.list(&mut self.past.turns, Turn { field: 0.0, density: 0.0 }, |tape, turn| {
            tape.number(&mut turn.field);
            tape.number(&mut turn.density);
        });
        tape.number(&mut self.past.extreme);
        tape.number(&mut self.past.direction);
    }

    fn quantity(&self, index: usize, &[_, _, i, force]: &[f64; 4], _environment: &Environment) -> f64 {
        let density = self.density(force);
        [i, self.linkage * density, force / self.path, density][index]
    }
}
