//! Model cards of kind `memristor`: by letter and level.
//!
//! ```text
//! A      ngspice's code model                           pershin.rs
//! N, Y   level=2 TEAM, level=3 Yakopcic, level=4 PEM    team.rs, yakopcic.rs, piecewise_empirical.rs
//! ```
//! N and Y cards are Xyce's `YMEMRISTOR name n+ n- model`, with its names and defaults; the element is then called
//! `ymemristor!name`. What differs: x is not scaled by `xscaling`; random telegraph noise (`resnoise`, `xnoise`) is not simulated;
//! of level 2 x starts at `xon` and `ion` is negative; of level 3 x starts at 0 and `vn` is a magnitude as published.
//! Source: Xyce Reference Guide, memristor.

use super::pershin::Pershin;
use super::piecewise_empirical::PiecewiseEmpirical;
use super::team::Team;
use super::yakopcic::Yakopcic;
use super::{Card, MemristorModel, add, read_with};
use crate::circuit::element::Value;
use crate::devices::construct::Construction;
use crate::diagnostic::Diagnostic;

/// Parameters of random telegraph noise, and the scale of x.
const WITHOUT_EFFECT: &[&str] = &[
    "level",
    "xscaling",
    "resnoise",
    "resseed",
    "reslambda",
    "restd",
    "reseptd",
    "resdelta",
    "resdeltagrad",
    "xnoise",
    "xseed",
    "xlambda",
    "xtd",
    "xeptd",
    "xdelta",
    "xdeltagrad",
];

/// Levels 3's defaults where they are usable.
const YAKOPCIC_DEFAULTS: &[(&str, f64)] = &[
    ("eta", 1.0),
    ("vp", 0.01),
    ("vn", 0.01),
    ("ap", 1.0),
    ("an", 1.0),
    ("a1", 1.0),
    ("a2", 1.0),
    ("b", 1.0),
    ("alphap", 1.0),
    ("alphan", 1.0),
    ("x0", 0.0),
];

/// N and Y.
pub fn construct(mut c: Construction) {
    let Some(model) = c.model() else { return };
    let level = model.parameters.iter().rev().find(|parameter| &*parameter.name == "level");
    let place = level.map_or(model.span, |parameter| parameter.span);
    match level.map(|parameter| &parameter.value) {
        Some(Value::Number(2.0)) => with(&mut c, team),
        Some(Value::Number(3.0)) => with(&mut c, yakopcic),
        Some(Value::Number(4.0)) => with(&mut c, |card| {
            strip(card);
            PiecewiseEmpirical::read(card)
        }),
        _ => {
            let message = format!("`level` of model `{}` must be 2, 3 or 4", model.name);
            let hint =
                "2 is TEAM, 3 Yakopcic, 4 the piecewise empirical model; without level it is ngspice's, for A cards";
            c.error(Diagnostic::error(message).at(place).hint(hint));
        }
    }
}

/// A
pub fn construct_code_model(mut c: Construction) {
    if c.element.nodes.len() != 2 {
        let message = format!("the memristor `{}` needs one port with two nodes", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span).hint("for example `a1 %gd(1 2) model`"));
    }
    with(&mut c, Pershin::read);
}

fn with<M: MemristorModel>(c: &mut Construction, read: impl FnOnce(&mut Card) -> Option<M>) {
    if let Some(common) = read_with(c, read) {
        add(c, common);
    }
}

fn strip(card: &mut Card) {
    for name in ["resnoise", "xnoise"] {
        let is_on = match card.word(name).as_deref() {
            None | Some("0" | "false") => false,
            Some(_) => true,
        };
        if is_on {
            card.warn(name, "has no effect: noise of memristors is not simulated");
        }
    }
    card.remove(WITHOUT_EFFECT);
}

fn team(card: &mut Card) -> Option<Team> {
    strip(card);
    let start = card.number("xon").unwrap_or(0.0);
    card.default("x0", start);
    for (from, to) in [("wt", "window"), ("ivrelation", "iv")] {
        card.rename(from, to);
    }
    // Xyce counts Kvatinsky's window as number 4; the thickness of the others is xoff − xon here.
    card.replace_word("window", "4", "kvatinsky");
    card.remove(&["d"]);
    if let Some(threshold) = card.number("ion").filter(|&threshold| threshold > 0.0) {
        card.warn("ion", "is taken to be negative");
        card.set("ion", -threshold);
    }
    Team::read(card)
}

fn yakopcic(card: &mut Card) -> Option<Yakopcic> {
    strip(card);
    for &(name, value) in YAKOPCIC_DEFAULTS {
        card.default(name, value);
    }
    Yakopcic::read(card)
}
