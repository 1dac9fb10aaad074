//! Parameter tables: each model or element card lists its parameters once, with unit, default and meaning.
//!
//! The same table reads the card, names the nearest parameter in an error, and feeds the manual.

use crate::circuit::element::{Parameter, Value};
use crate::diagnostic::Diagnostic;

pub use crate::reference::{NamedParameter, has};

/// One parameter of a card.
#[derive(Debug, Clone, Copy)]
pub struct ParameterInfo {
    /// Names on the card; the first is the one to write.
    pub names: &'static [&'static str],
    pub unit: &'static str,
    pub default: f64,
    pub description: &'static str,
    /// Read, and nothing follows from it.
    pub without_effect: bool,
}

/// What to do with a parameter that the table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknowns {
    /// Decks for other simulators carry parameters that do not matter here.
    Warn,
    Reject,
    /// Another table reads the same card.
    Ignore,
}

/// Which parameters stood on the card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given([u128; 2]);

impl Given {
    pub fn set(&mut self, index: usize) {
        self.0[index / 128] |= 1 << (index % 128);
    }

    pub fn clear(&mut self, index: usize) {
        self.0[index / 128] &= !(1 << (index % 128));
    }

    pub fn has(&self, index: usize) -> bool {
        self.0[index / 128] >> (index % 128) & 1 == 1
    }
}

/// Reads `parameters` by `table` into `values` (in table order).
pub fn read(
    table: &[ParameterInfo],
    parameters: &[Parameter],
    unknowns: Unknowns,
    owner: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<f64>, Given) {
    let mut values: Vec<f64> = table.iter().map(|info| info.default).collect();
    let mut given = Given::default();
    for parameter in parameters {
        let position = table.iter().position(|info| info.names.contains(&&*parameter.name));
        match (position, &parameter.value) {
            (Some(index), Value::Number(number)) => {
                values[index] = *number;
                given.set(index);
            }
            (Some(_), _) => diagnostics.push(
                Diagnostic::error(format!("`{}` of {owner} must be a number", parameter.name)).at(parameter.span),
            ),
            (None, _) => diagnostics.extend(unknown(table, parameter, unknowns, owner)),
        }
    }
    (values, given)
}

/// What LTspice's models say about the parts that one buys.
const OF_PARTS: &[&str] = &["mfg", "pn", "type", "iave", "vpk", "ipk", "vceo", "icrating"];

fn unknown(table: &[ParameterInfo], parameter: &Parameter, unknowns: Unknowns, owner: &str) -> Option<Diagnostic> {
    if OF_PARTS.contains(&&*parameter.name) {
        return None;
    }
    let message = format!("unknown parameter `{}` of {owner}", parameter.name);
    let diagnostic = match unknowns {
        Unknowns::Ignore => return None,
        Unknowns::Warn => Diagnostic::warning(message + " is ignored"),
        Unknowns::Reject => Diagnostic::error(message),
    };
    let names = table.iter().flat_map(|info| info.names.iter().copied());
    Some(diagnostic.at(parameter.span).nearest(&parameter.name, names))
}

/// Declares a parameter set: a struct of `f64` fields, its table, and how to read it.
///
/// ```text
/// parameters! {
///     /// Switch model card.
///     pub struct SwitchModel {
///         threshold: ["vt"], "V", 0.0, "Control voltage at which the switch moves";
///         #[expect(dead_code)]
///         rating: ["bv_max"], "V", 0.0, "Largest voltage";
///     }
/// }
/// ```
/// A parameter that other simulators' cards carry and that is without effect here carries the attribute, so that the compiler knows
/// which these are; the manual says so. Where it
/// cannot know, the attribute is `allow` with a reason; `allow` alone is for what is read by its name (`level`).
#[macro_export]
macro_rules! parameters {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$lint:ident(dead_code $(, reason = $reason:literal)?)])? $field:ident: [$($spice:literal),+], $unit:literal, $default:expr, $description:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name {
            $($(#[$lint(dead_code $(, reason = $reason)?)])? #[doc = concat!($description, ", in ", $unit)] pub $field: f64,)*
            /// Which parameters stood on the card.
            pub given: $crate::devices::parameters::Given,
        }

        #[allow(dead_code)]
        impl $name {
            /// All parameters with unit, default and meaning.
            pub const TABLE: &'static [$crate::devices::parameters::ParameterInfo] = &[
                $($crate::devices::parameters::ParameterInfo {
                    names: &[$($spice),+], unit: $unit, default: $default, description: $description,
                    without_effect: false $(|| matches!(stringify!($lint).as_bytes(), b"expect") $(|| !$reason.is_empty())?)?,
                },)*
            ];

            /// Reads the card; what is wrong with it goes to `diagnostics`.
            pub fn read(
                parameters: &[$crate::circuit::element::Parameter],
                unknowns: $crate::devices::parameters::Unknowns,
                owner: &str,
                diagnostics: &mut Vec<$crate::diagnostic::Diagnostic>,
            ) -> Self {
                let (values, given) =
                    $crate::devices::parameters::read(Self::TABLE, parameters, unknowns, owner, diagnostics);
                let mut values = values.into_iter();
                let mut next = || values.next().unwrap_or(f64::NAN);
                $name { $($field: next(),)* given }
            }

            /// What a card without parameters has.
            pub fn defaults() -> Self {
                Self::read(&[], $crate::devices::parameters::Unknowns::Ignore, "", &mut Vec::new())
            }

            /// The same of a model card: read once, unless there is something to say about it.
            pub fn of(card: &$crate::circuit::Model, diagnostics: &mut Vec<$crate::diagnostic::Diagnostic>) -> Self {
                card.reading.get(|| {
                    let before = diagnostics.len();
                    let owner = format!("model `{}`", card.name);
                    let unknowns = $crate::devices::parameters::Unknowns::Warn;
                    let found = Self::read(&card.parameters, unknowns, &owner, diagnostics);
                    (found, diagnostics.len() == before)
                })
            }

            /// Whether the parameter written as `name` stood on the card.
            pub fn is_given(&self, name: &str) -> bool {
                Self::TABLE.iter().position(|info| info.names.contains(&name)).is_some_and(|index| self.given.has(index))
            }
        }
    };
}
