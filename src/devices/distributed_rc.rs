//! U: uniform distributed RC line, as lumps of resistors and capacitors.
//!
//! ```text
//! n1 ─R1─┬─R2─┬─ … ─R2─┬─R1─ n2     N lumps of two resistors each, from both ends to the middle
//!        C1   C2       C1           Ri = R1·k^(i−1), Ci = C1·k^(i−1); the middle node has CN alone
//!        └────┴────────┴── common
//! R1 = rperl·l·(1 − k)/(2·(1 − k^N)),   C1 = cperl·l·(k − 1)/(k^(N−1)·(k + 1) − 2)
//! N: n on the card, or ln(w·((k − 1)/k)²)/ln k, w = 2π·fmax·rperl·cperl·l²; 3 at least, and 3 for w < 35
//! ```
//! The resistances add up to rperl·l and the capacitances to cperl·l. With k = 1 all lumps are alike (and `n` must be given). With isperl
//! the capacitors are diodes from the line to the common node, their zero-bias capacitances being Ci, their saturation currents shares of
//! isperl·l in the same proportion, and their series resistances rsperl·l·N·k^(1−i).
//!
//! Noise: thermal noise of the resistors, shot noise of the diodes, as one sum.
//!
//! Sources: L. Gertzberg, Analytical Modeling for Computer Aided Device Development (1974), as described in the ngspice-39 manual,
//! section 6.3.

use super::adjustable::{Adjustable, Principal, given};
use super::assembly::Unknown;
use super::capacitor::Capacitor;
use super::construct::Construction;
use super::diode::{Diode, DiodeModel};
use super::junction::kelvin;
use super::page::{ModelTable, Page};
use super::parameters::{NamedParameter, Unknowns};
use super::series_resistance::{SeriesResistance, behind};
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// URC model cards.
    pub struct DistributedModel {
        progression: ["k"], "", 1.5, "Ratio of neighbouring lumps";
        frequency: ["fmax"], "Hz", 1e9, "Highest frequency of interest";
        resistance: ["rperl"], "Ω/m", 1000.0, "Resistance per length";
        capacitance: ["cperl"], "F/m", 1e-12, "Capacitance per length";
        saturation: ["isperl"], "A/m", 0.0, "Saturation current per length, if the line is of diodes";
        series: ["rsperl"], "Ω/m", 0.0, "Resistance of the diodes per length";
    }
}

/// Numbers of U cards.
pub const NUMBERS: Adjustable =
    Adjustable { principal: Principal::None, element: &[given("l")], model: DistributedModel::TABLE };

/// Parameters of a U card.
const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["l"], "m", "", "Length"),
    NamedParameter::new(&["n"], "", "of k and fmax", "Number of lumps"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("distributed_rc.rs")],
    element: CARD,
    models: &[ModelTable::numbers("urc", DistributedModel::TABLE)],
    noise: &[("", "4kT/R of the resistors and 2q·|i| of the diodes")],
    status: Status::Differs("`m` on the card, and k = 1; noise is that of the whole line"),
    ngspice: &["URC"],
    otherwise: &["urc", "gnd"],
    ..Page::new("distributed_rc", "Uniform distributed RC line", "U1 a b common MODEL l=… [n=…]")
};

/// Lumps of one line at most.
const MOST: f64 = 1000.0;

/// A line of `count` lumps: resistances, capacitances and saturation currents of the first one, and their ratio.
struct Line {
    count: u32,
    ratio: f64,
    /// Ω
    resistance: f64,
    /// F
    capacitance: f64,
    /// Diodes of isperl: A and Ω.
    diodes: Option<[f64; 2]>,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let owner = format!("model `{}`", card.name);
    let model = DistributedModel::of(card, c.diagnostics);
    let before = c.diagnostics.len();
    for (name, value) in [("k", model.progression), ("rperl", model.resistance), ("cperl", model.capacitance)] {
        if !(value > 0.0 && value.is_finite()) {
            let span = card.parameter(name).map_or(card.span, |parameter| parameter.span);
            c.error(Diagnostic::error(format!("`{name}` of {owner} must be positive")).at(span));
        }
    }
    if c.diagnostics.len() > before {
        return;
    }
    match line(&c, &model) {
        Ok(line) => place(&mut c, &line),
        Err(diagnostic) => c.error(diagnostic),
    }
}

fn line(c: &Construction, model: &DistributedModel) -> Result<Line, Diagnostic> {
    let name = &c.element.name;
    let place = |parameter: &str| c.element.parameter(parameter).map_or(c.element.span, |parameter| parameter.span);
    let length = c.parameter("l").filter(|length| *length > 0.0 && length.is_finite()).ok_or_else(|| {
        Diagnostic::error(format!("`{name}` needs a positive length"))
            .at(place("l"))
            .hint("write `U1 a b 0 MODEL l=50u`")
    })?;
    let (k, resistance, capacitance) = (model.progression, model.resistance * length, model.capacitance * length);
    let count = match c.parameter("n") {
        Some(count) => count,
        None if k == 1.0 => {
            let message = format!("`{name}` needs its number of lumps, `n`, since `k` is 1");
            return Err(Diagnostic::error(message).at(c.element.span));
        }
        None => lumps(k, std::f64::consts::TAU * model.frequency * resistance * capacitance),
    };
    if !(1.0..=MOST).contains(&count) || count.fract() != 0.0 {
        let message = format!("`{name}` would have {count} lumps: the number must be a whole one from 1 to {MOST}");
        return Err(Diagnostic::error(message).at(place("n")).hint("give `n`, or a larger `k` or smaller `fmax`"));
    }
    // Of both halves together, in units of the first lump.
    let (resistors, capacitors) = if k == 1.0 {
        (2.0 * count, 2.0 * count - 1.0)
    } else {
        (2.0 * (k.powf(count) - 1.0) / (k - 1.0), (k.powf(count - 1.0) * (k + 1.0) - 2.0) / (k - 1.0))
    };
    let diodes = [model.saturation * length / capacitors, model.series * length * count];
    Ok(Line {
        count: count as u32,
        ratio: k,
        resistance: resistance / resistors,
        capacitance: capacitance / capacitors,
        diodes: (model.saturation > 0.0).then_some(diodes),
    })
}

/// The number of lumps at which the first one is short at the highest frequency; `product` is 2π·fmax·R·C.
fn lumps(k: f64, product: f64) -> f64 {
    let share = (k - 1.0) / k;
    if product < 35.0 { 3.0 } else { ((product * share * share).ln() / k.ln()).floor().max(3.0) }
}

/// Makes the lumps from both ends; those of the middle share their inner node.
fn place(c: &mut Construction, line: &Line) {
    let [mut low, mut high, common] = c.terminals();
    for index in 1..=line.count {
        let size = line.ratio.powi(index as i32 - 1);
        let next_low = c.assembly.internal_node(c.id, format!("lo{index}"));
        let is_middle = index == line.count;
        let next_high = if is_middle { next_low } else { c.assembly.internal_node(c.id, format!("hi{index}")) };
        resistor(c, line.resistance * size, [low, next_low]);
        resistor(c, line.resistance * size, [high, next_high]);
        store(c, line, size, [next_low, common], format!("dlo{index}"));
        if !is_middle {
            store(c, line, size, [next_high, common], format!("dhi{index}"));
        }
        (low, high) = (next_low, next_high);
    }
}

fn resistor(c: &mut Construction, resistance: f64, unknowns: [Unknown; 2]) {
    let part = SeriesResistance::new("", resistance, c.multiplier(), kelvin(c.temperature()));
    c.assembly.add_auxiliary(c.id, part, unknowns);
}

/// The capacitor of a lump, or its diode with an inner node called `inner`.
fn store(c: &mut Construction, line: &Line, size: f64, [node, common]: [Unknown; 2], inner: String) {
    let Some([saturation, series]) = line.diodes else {
        let capacitor = Capacitor::new(line.capacitance * size * c.multiplier());
        c.assembly.add_auxiliary(c.id, capacitor, [node, common]);
        return;
    };
    let (capacitance, recombination_emission) = (line.capacitance, 1.0);
    let card = DiodeModel { saturation, capacitance, recombination_emission, ..DiodeModel::defaults() };
    let mut diode = Diode::new(c, &card, size, 0.0);
    diode.noise_name = "";
    let part = SeriesResistance::new("", series / size, c.multiplier(), kelvin(c.temperature()));
    let anode = behind(c, node, inner, part);
    c.assembly.add_auxiliary(c.id, diode, [anode, common]);
}
