//! Parameters that depend on the geometry: k + lk/leff + wk/weff + pk/(leff·weff).

use crate::circuit::element::{Parameter, Value};
use crate::devices::parameters::{Given, ParameterInfo, Unknowns, read};
use crate::diagnostic::Diagnostic;

/// Beginnings of the names of dependences on length, width and area.
const PREFIXES: [&str; 3] = ["l", "w", "p"];

/// Declares the parameters that depend on the geometry: their table, the names of their dependences, and their values for a transistor.
macro_rules! binned {
    ($($field:ident: [$first:literal $(, $alias:literal)?], $unit:literal, $default:expr, $description:literal;)*) => {
        /// Values for a transistor of one geometry.
        #[derive(Debug, Clone, Copy)]
        #[allow(dead_code)]
        pub struct Binned {
            $(#[doc = concat!($description, ", in ", $unit)] pub $field: f64,)*
        }

        /// All of them.
        pub const BINNED: [$crate::devices::parameters::ParameterInfo; COUNT] = [
            $($crate::devices::parameters::ParameterInfo {
                names: &[$first $(, $alias)?], unit: $unit, default: $default, description: $description, without_effect: false,
            },)*
        ];

        /// How many there are.
        pub const COUNT: usize = [$($first),*].len();

        /// Names of the dependences on length, width and area.
        pub const DEPENDENCES: &[$crate::devices::parameters::NamedParameter] = &[
            $crate::devices::parameters::NamedParameter::new(
                &[$(concat!("l", $first) $(, concat!("l", $alias))?),*], "of it · µm", "0",
                "Added to the parameter behind the l, times 1 µm/leff",
            ),
            $crate::devices::parameters::NamedParameter::new(
                &[$(concat!("w", $first) $(, concat!("w", $alias))?),*], "of it · µm", "0",
                "Added to the parameter behind the w, times 1 µm/weff",
            ),
            $crate::devices::parameters::NamedParameter::new(
                &[$(concat!("p", $first) $(, concat!("p", $alias))?),*], "of it · µm²", "0",
                "Added to the parameter behind the p, times 1 µm²/(leff·weff)",
            ),
        ];

        impl Binned {
            pub fn new(values: impl FnMut(usize) -> f64) -> Self {
                let mut values = (0..COUNT).map(values);
                let mut next = || values.next().unwrap_or(f64::NAN);
                Binned { $($field: next(),)* }
            }
        }
    };
}

pub(in crate::devices::mosfet) use binned;

/// Parameters `other` of a card before those that depend on the geometry.
pub const fn joined<const N: usize>(other: &[ParameterInfo], binned: &[ParameterInfo]) -> [ParameterInfo; N] {
    let mut all = [binned[0]; N];
    let mut index = 0;
    while index < N {
        all[index] = if index < other.len() { other[index] } else { binned[index - other.len()] };
        index += 1;
    }
    all
}

/// Values of a card.
#[derive(Debug, Clone, Copy)]
pub struct Values<const N: usize> {
    /// What stands on the card, and its dependences on 1/leff, 1/weff and 1/(leff·weff).
    pub values: [[f64; N]; 4],
    pub given: Given,
}

impl<const N: usize> Values<N> {
    /// Takes those of `binned` off a card whose other parameters are in `others`, and leaves the rest.
    pub fn read(
        binned: &[ParameterInfo; N],
        others: &[ParameterInfo],
        parameters: impl Iterator<Item = Parameter>,
        owner: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Self, Vec<Parameter>) {
        let (mut plain, mut further) = (Vec::new(), Vec::new());
        let mut values = [[0.0; N]; 4];
        for parameter in parameters {
            match (dependence(binned, others, &parameter.name), &parameter.value) {
                (Some((part, index)), Value::Number(number)) => values[part][index] = *number,
                (None, _) if position(binned, &parameter.name).is_some() => further.push(parameter),
                _ => plain.push(parameter),
            }
        }
        let (own, given) = read(binned, &further, Unknowns::Ignore, owner, diagnostics);
        values[0].copy_from_slice(&own);
        (Values { values, given }, plain)
    }

    /// As if number `k` were not on the card.
    pub fn leave_out(&mut self, k: usize, default: f64) {
        self.given.clear(k);
        self.values[0][k] = default;
        self.values.iter_mut().skip(1).for_each(|part| part[k] = 0.0);
    }

    /// Number `k`, which is not on the card, is number `other`; of dependences on the geometry those that are on the card are its own.
    pub fn follow(&mut self, k: usize, other: usize) {
        self.values[0][k] = self.values[0][other];
        for part in self.values.iter_mut().skip(1) {
            if part[k] == 0.0 {
                part[k] = part[other];
            }
        }
    }

    /// Value number `k`, given what dependences on the geometry are multiplied by.
    pub fn at(&self, k: usize, [length, width, area]: [f64; 3]) -> f64 {
        let [own, of_length, of_width, of_area] = &self.values;
        own[k] + of_length[k] * length + of_width[k] * width + of_area[k] * area
    }
}

/// Which parameter `name` is.
pub fn position(binned: &[ParameterInfo], name: &str) -> Option<usize> {
    binned.iter().position(|info| info.names.contains(&name))
}

/// Which dependence `name` is, from 1, and of which parameter.
pub fn dependence(binned: &[ParameterInfo], others: &[ParameterInfo], name: &str) -> Option<(usize, usize)> {
    if binned.iter().chain(others).any(|info| info.names.contains(&name)) {
        return None;
    }
    let part = PREFIXES.iter().position(|prefix| name.starts_with(prefix))?;
    Some((part + 1, position(binned, &name[1..])?))
}
