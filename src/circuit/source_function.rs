//! Xyce's functions that are made of others: `fmod`, and its waveforms `spice_pulse(…)` and their like.

use std::sync::{Arc, OnceLock};

use crate::diagnostic::{FileId, Span};
use crate::netlist::card::{FunctionCard, Name};
use crate::netlist::dialect::Dialect;
use crate::netlist::expression;

/// A function, its arguments with what they are if they are left out, and what it gives.
struct Definition {
    name: &'static str,
    arguments: &'static [(&'static str, f64)],
    body: &'static str,
}

/// Of what is not there nothing happens: never again, no delay, no damping.
const NEVER: f64 = 1e30;

const DEFINITIONS: &[Definition] = &[
    Definition { name: "fmod", arguments: &[("x", 0.0), ("y", 1.0)], body: "x % y" },
    Definition {
        name: "spice_pulse",
        arguments: &[
            ("v1", 0.0),
            ("v2", 0.0),
            ("td", 0.0),
            ("tr", 1e-12),
            ("tf", 1e-12),
            ("pw", NEVER),
            ("per", NEVER),
        ],
        body: "time < td ? v1 : table((time - td) % per, 0, v1, tr, v2, tr + pw, v2, tr + pw + tf, v1)",
    },
    Definition {
        name: "spice_sin",
        arguments: &[("v0", 0.0), ("va", 0.0), ("fr", 0.0), ("td", 0.0), ("theta", 0.0), ("phase", 0.0)],
        body: "time < td ? v0 + va*sin(phase*pi/180) \
               : v0 + va*exp(-(time - td)*theta)*sin(2*pi*(fr*(time - td) + phase/360))",
    },
    Definition {
        name: "spice_exp",
        arguments: &[("v1", 0.0), ("v2", 0.0), ("td1", 0.0), ("tau1", 1e-12), ("td2", NEVER), ("tau2", 1e-12)],
        body: "v1 + (time < td1 ? 0 : (v2 - v1)*(1 - exp(-(time - td1)/tau1))) \
               + (time < td2 ? 0 : (v1 - v2)*(1 - exp(-(time - td2)/tau2)))",
    },
    Definition {
        name: "spice_sffm",
        arguments: &[("v0", 0.0), ("va", 0.0), ("fc", 0.0), ("mdi", 0.0), ("fs", 0.0)],
        body: "v0 + va*sin(2*pi*fc*time + mdi*sin(2*pi*fs*time))",
    },
];

/// The function called `name`, and what its arguments are if they are left out.
pub fn source_function(name: &str) -> Option<(&'static FunctionCard, &'static [(&'static str, f64)])> {
    static CARDS: OnceLock<Vec<FunctionCard>> = OnceLock::new();
    let cards = CARDS.get_or_init(|| DEFINITIONS.iter().filter_map(card).collect());
    let card = cards.iter().find(|card| &*card.name.text == name)?;
    let definition = DEFINITIONS.iter().find(|definition| definition.name == name)?;
    Some((card, definition.arguments))
}

/// Names of the functions, with their arguments.
pub fn source_functions() -> impl Iterator<Item = (&'static str, String)> {
    DEFINITIONS.iter().map(|definition| {
        let arguments: Vec<&str> = definition.arguments.iter().map(|(name, _)| *name).collect();
        (definition.name, arguments.join(", "))
    })
}

fn card(definition: &Definition) -> Option<FunctionCard> {
    let body = expression::parse(definition.body, FileId::default(), 0, Dialect::Ngspice).ok()?;
    let name = Name { text: definition.name.into(), span: Span::default() };
    Some(FunctionCard {
        name,
        arguments: definition.arguments.iter().map(|(name, _)| Arc::from(*name)).collect(),
        body,
    })
}
