//! K with a model of kind CORE: windings on one magnetic core with hysteresis, by Jiles and Atherton as PSpice and Xyce have it.
//!
//! ```text
//! Ha = Σ N·i/path,   g = gap/path,   He = Ha − g·M + α·M,   B = μ0·(Ha + (1 − g)·M)
//! Man  = ms·He/(|He| + a),   Man' = ms·a/(|He| + a)²,   Δ = Man − M
//! Mirr' = (Δ·sign(dHa/dt) + |Δ|)/(2·(k − α·|Δ|))                 the walls move only towards the anhysteretic curve
//! dM/dt = P·dHa/dt,   P = (c·Man' + (1 − c)·Mirr')/(1 + (g − α)·c·Man' + g·(1 − c)·Mirr')
//! flux of a winding: N·area·μ0·((κ·Σ N·i + (1 − κ)·N·i)/path + (1 − g)·M),   κ: the coefficient on the K card
//! ```
//! The values of the L cards are numbers of turns. `area` is in cm², `path` and `gap` are in cm. M is a state that is 0 at the start
//! and is held in DC analyses; small signals see the reversible part (c), as small excursions do. A winding without a core is as it is
//! without K. What Xyce's card has for its own scaling of the equations is ignored.
//!
//! Sources: D. C. Jiles and D. L. Atherton, J. Magn. Magn. Mater. 61, 48 (1986); Xyce Reference Guide, Nonlinear Mutual Inductors.

use super::assembly::UnknownKind;
use super::construct::Construction;
use super::device::{Contribution, Device, Environment, QuantityInfo};
use super::page::ModelTable;
use super::parameters::{NamedParameter, Unknowns, has};
use crate::circuit::element::Parameter;
use crate::circuit::{Circuit, ElementId};
use crate::diagnostic::Diagnostic;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// CORE model cards.
    pub struct CoreModel {
        #[expect(dead_code)]
        level: ["level"], "", 1.0, "Level: 1 and 2 have the same equations";
        saturation: ["ms"], "A/m", 1e6, "Magnetisation in saturation";
        shape: ["a"], "A/m", 1000.0, "Field at which half of it is there without hysteresis";
        flexing: ["c"], "", 0.2, "Reversible part";
        pinning: ["k", "kirr"], "A/m", 500.0, "Pinning of the domain walls";
        coupling: ["alpha"], "", 0.0, "Field of the domains at each other, as part of the magnetisation";
        area: ["area"], "cm²", 0.1, "Cross section";
        path: ["path"], "cm", 1.0, "Length of the magnetic path";
        gap: ["gap"], "cm", 0.0, "Length of the air gap";
    }
}

/// Numbers of Xyce's and PSpice's cards that are about units, smoothing and scaling.
const OTHERS: &[NamedParameter] = &[
    NamedParameter::ignored(&["betah"], "Xyce: smoothing"),
    NamedParameter::ignored(&["betam"], "Xyce: smoothing"),
    NamedParameter::ignored(&["bhsiunits"], "Xyce: units of output"),
    NamedParameter::ignored(&["delv"], "Xyce: smoothing"),
    NamedParameter::ignored(&["delvscaling"], "Xyce: scaling"),
    NamedParameter::ignored(&["constdelvscaling"], "Xyce: scaling"),
    NamedParameter::ignored(&["factorms"], "Xyce: scaling"),
    NamedParameter::ignored(&["includemeqn"], "Xyce: scaling"),
    NamedParameter::ignored(&["meqnscaling"], "Xyce: scaling"),
    NamedParameter::ignored(&["mvarscaling"], "Xyce: scaling"),
    NamedParameter::ignored(&["outputstatevars"], "Xyce: output"),
    NamedParameter::ignored(&["pzerotol"], "Xyce: scaling"),
    NamedParameter::ignored(&["reqnscaling"], "Xyce: scaling"),
    NamedParameter::ignored(&["rvarscaling"], "Xyce: scaling"),
    NamedParameter::ignored(&["tc1"], "Temperature coefficient"),
    NamedParameter::ignored(&["tc2"], "Temperature coefficient"),
    NamedParameter::ignored(&["tnom"], "Temperature of the parameters"),
    NamedParameter::ignored(&["pack"], "PSpice: stacking factor"),
];

/// The table of the model for the manual.
pub const TABLE: ModelTable = ModelTable { title: "core", numbers: CoreModel::TABLE, others: OTHERS };

/// Quantities of the core.
pub const QUANTITIES: &[QuantityInfo] = <Core as Device<3>>::QUANTITIES;

/// Vacuum permeability, H/m.
const MU: f64 = 1.256_637_062_12e-6;

/// Rate of the field, as part of `a` per second, below which its sign is smooth.
const SMOOTH: f64 = 1e-6;

/// Least part of `k` that the domains' field leaves of the pinning.
const LEAST_PINNING: f64 = 1e-3;

/// The hysteresis; unknowns: Σ N·i in A, rate of the field in A/m/s, magnetisation in A/m.
struct Core {
    saturation: f64,
    shape: f64,
    flexing: f64,
    pinning: f64,
    coupling: f64,
    /// m
    path: f64,
    /// gap/path
    gap: f64,
}

/// A winding; unknowns: terminals, current, Σ N·i, magnetisation.
struct Winding {
    turns: f64,
    /// μ0·area, H·m
    permeance: f64,
    path: f64,
    gap: f64,
    coefficient: f64,
}

/// Whether the inductor `id` is a winding on a core.
pub fn is_winding(circuit: &Circuit, id: ElementId) -> bool {
    circuit.models.iter().any(|model| &*model.kind == "core")
        && circuit.elements.iter().any(|k| k.letter == b'k' && k.model.is_some() && k.controls.contains(&id))
}

/// K with a core, whose coefficient is `coefficient`.
pub fn construct(mut c: Construction, coefficient: f64) {
    let Some(card) = c.model() else { return };
    if &*card.kind != "core" {
        let message = format!("`{}` is no core: its kind is `{}`", card.name, card.kind);
        return c.error(Diagnostic::error(message).at(c.element.span).label(card.kind_span, "declared here"));
    }
    if !c.check_level(card, "core", &[(1.0, "Jiles and Atherton"), (2.0, "Jiles and Atherton")]) {
        return;
    }
    let owner = format!("model `{}`", card.name);
    let known: Vec<Parameter> =
        card.parameters.iter().filter(|parameter| !has(OTHERS, &parameter.name)).cloned().collect();
    let m = CoreModel::read(&known, Unknowns::Warn, &owner, c.diagnostics);
    let positive = [("ms", m.saturation), ("a", m.shape), ("k", m.pinning), ("area", m.area), ("path", m.path)];
    if !c.check_positive(card, &positive) {
        return;
    }
    let (path, gap) = (m.path * 1e-2, m.gap / m.path);
    let force = c.assembly.auxiliary(c.id, "force", UnknownKind::Current);
    let rate = c.assembly.auxiliary(c.id, "rate", UnknownKind::Current);
    let magnetisation = c.assembly.state(c.id, "m", m.saturation, 0.0);
    let core = Core {
        saturation: m.saturation,
        shape: m.shape,
        flexing: m.flexing,
        pinning: m.pinning,
        coupling: m.coupling,
        path,
        gap,
    };
    c.assembly.add(c.id, core, [force, rate, magnetisation]);
    for &id in &c.element.controls {
        let inductor = c.circuit.element(id);
        let turns = inductor.values.first().and_then(|value| value.item.number());
        let Some(turns) = turns.or_else(|| inductor.parameter("l")?.value.number()).filter(|turns| *turns > 0.0) else {
            let error = Diagnostic::error(format!("`{}` on a core needs its number of turns", inductor.name));
            return c.error(error.at(inductor.span).hint("write it in place of the inductance: `L1 a b 100`"));
        };
        let winding = Winding { turns, permeance: MU * m.area * 1e-4, path, gap, coefficient };
        let [p, n] = [inductor.nodes[0], inductor.nodes[1]].map(|node| c.assembly.node(node));
        let current = c.assembly.branch(id);
        c.assembly.add(id, winding, [p, n, current, force, magnetisation]);
    }
}

impl Core {
    /// dM/dHa at the field of `force` and the magnetisation, while the field changes at `rate`.
    fn slope<S: Scalar>(&self, force: S, rate: S, magnetisation: S) -> S {
        let field = force / self.path + magnetisation * (self.coupling - self.gap);
        let size = field.abs() + self.shape;
        let without = field / size * self.saturation;
        let reversible = (size * size).recip() * (self.saturation * self.shape * self.flexing);
        let distance = without - magnetisation;
        let smooth = SMOOTH * self.shape;
        let direction = rate / (rate * rate + smooth * smooth).sqrt();
        let pinning = (distance.abs() * -self.coupling + self.pinning).max(S::constant(LEAST_PINNING * self.pinning));
        let irreversible = (distance * direction + distance.abs()) / pinning * (0.5 * (1.0 - self.flexing));
        let reaction = reversible * (self.gap - self.coupling) + irreversible * self.gap + 1.0;
        (reversible + irreversible) / reaction
    }
}

impl Device<3> for Core {
    const QUANTITIES: &'static [QuantityInfo] =
        &[QuantityInfo::new("h", "A/m", "Field in the core"), QuantityInfo::new("b", "T", "Flux density")];

    fn equations<S: Scalar>(&self, &[force, rate, m]: &[S; 3], _environment: &Environment) -> Contribution<S, 3> {
        let zero = S::zero();
        Contribution { f: [force, -rate, -(self.slope(force, rate, m) * rate)], q: [zero, force / self.path, m] }
    }

    fn stores(&self) -> [bool; 3] {
        [false, true, true]
    }

    fn quantity(&self, index: usize, &[force, _, m]: &[f64; 3], _environment: &Environment) -> f64 {
        let field = force / self.path - self.gap * m;
        [field, MU * (field + m)][index]
    }
}

impl Device<5> for Winding {
    const LINEAR: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[QuantityInfo::new("i", "A", "Current")];

    fn equations<S: Scalar>(&self, &[p, n, i, force, m]: &[S; 5], _environment: &Environment) -> Contribution<S, 5> {
        let own = i * self.turns;
        let field = (force * self.coefficient + own * (1.0 - self.coefficient)) / self.path + m * (1.0 - self.gap);
        let zero = S::zero();
        Contribution {
            f: [i, -i, p - n, -own, zero],
            q: [zero, zero, field * -(self.turns * self.permeance), zero, zero],
        }
    }

    fn quantity(&self, _index: usize, x: &[f64; 5], _environment: &Environment) -> f64 {
        x[2]
    }
}
