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
use super::{Card, MemristorModel, add, pershin, piecewise_empirical, read_with, team, yakopcic};
use crate::circuit::element::Value;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::reference::Status;

/// Parameters of random telegraph noise, and the scale of x.
const WITHOUT_EFFECT: &[NamedParameter] = &[
    NamedParameter::ignored(&["xscaling"], "Scale of x"),
    NamedParameter::ignored(
        &["resnoise", "resseed", "reslambda", "restd", "reseptd", "resdelta", "resdeltagrad"],
        "Telegraph noise of the resistance",
    ),
    NamedParameter::ignored(
        &["xnoise", "xseed", "xlambda", "xtd", "xeptd", "xdelta", "xdeltagrad"],
        "Telegraph noise of x",
    ),
];

/// Which model it is.
const LEVEL: &[NamedParameter] =
    &[NamedParameter::new(&["level"], "", "", "2 TEAM, 3 Yakopcic, 4 piecewise empirical")];

/// What TEAM has no need of: the thickness follows from its bounds.
const THICKNESS: &[NamedParameter] = &[NamedParameter::ignored(&["d"], "Thickness (level 2)")];

/// The manual's page.
pub const PAGE: Page = Page {
    models: &[
        ModelTable { title: "memristor (N and Y cards)", numbers: &[], others: LEVEL },
        ModelTable { title: "memristor, level=2", numbers: team::Parameters::TABLE, others: team::WORDS },
        ModelTable { title: "memristor, level=3", numbers: yakopcic::Parameters::TABLE, others: &[] },
        ModelTable {
            title: "memristor, level=4",
            numbers: piecewise_empirical::Parameters::TABLE,
            others: piecewise_empirical::WORDS,
        },
        ModelTable { title: "memristor, any level", numbers: &[], others: WITHOUT_EFFECT },
        ModelTable { title: "memristor (A cards)", numbers: pershin::Parameters::TABLE, others: &[] },
    ],
    status: Status::Differs(
        "the A card is ngspice's code model, and its state moves in small-signal analyses too; the others are Xyce's",
    ),
    ngspice: &["memristor"],
    card: "N1 n+ n- MODEL [parameter of the model=…]\nYMEMRISTOR NAME n+ n- MODEL [parameter of the model=…]\nA1 %gd(n+ n-) MODEL",
    texts: &[head_of_file!("level.rs"), head_of_file!("pershin.rs"), head_of_file!("piecewise_empirical.rs")],
    ..super::page::<Pershin>("memristor", "Memristor cards of other simulators")
};

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
        Some(Value::Number(2.0)) => with(&mut c, read_team),
        Some(Value::Number(3.0)) => with(&mut c, read_yakopcic),
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
    card.remove(LEVEL);
}

fn read_team(card: &mut Card) -> Option<Team> {
    strip(card);
    let start = card.number("xon").unwrap_or(0.0);
    card.default("x0", start);
    for (from, to) in [("wt", "window"), ("ivrelation", "iv")] {
        card.rename(from, to);
    }
    // Xyce counts Kvatinsky's window as number 4; the thickness of the others is xoff − xon here.
    card.replace_word("window", "4", "kvatinsky");
    card.remove(THICKNESS);
    if let Some(threshold) = card.number("ion").filter(|&threshold| threshold > 0.0) {
        card.warn("ion", "is taken to be negative");
        card.set("ion", -threshold);
    }
    Team::read(card)
}

fn read_yakopcic(card: &mut Card) -> Option<Yakopcic> {
    strip(card);
    for &(name, value) in YAKOPCIC_DEFAULTS {
        card.default(name, value);
    }
    Yakopcic::read(card)
}
