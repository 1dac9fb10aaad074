//! The list of devices: by the card's letter, or for letters that have several, by the kind of model.
//!
//! A new device is its file, its `mod` line, and a line of the list. (A macro that made both lines would hide the files from
//! the formatter.)

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::adjustable::{Adjustable, UNLISTED};
use super::assembly::{Assembly, Constructor, Plan};
use super::cells::part::{self, PartConstructor};
use super::construct::Construction;
use super::memristors::{
    self, MemristorModel, level,
    linear_ion_drift::{self, LinearIonDrift},
    log_exponential::{self, LogExponential},
    mean_metastable_switch::{self, MeanMetastableSwitch},
    nonlinear_ion_drift::{self, NonlinearIonDrift},
    pershin::{self, Pershin},
    simmons::{self, Simmons},
    stanford_rram,
    team::{self, Team},
    threshold_selector::{self, ThresholdSelector},
    vteam::{self, Vteam},
    yakopcic::{self, Yakopcic},
};
use super::mosfet::early::{bsim1, bsim2};
use super::mosfet::{bsim3, bsim4, bsimsoi};
use super::page::Page;
use super::{behavioural, bipolar, blocks, code_models, crossbar, sense, source_card};
use super::{
    capacitor, controlled_sources, coupled_lines, current_source, diode, distributed_rc, gallium_arsenide, hicum,
    inductor, jfet, lossy_line, mesfet, mosfet, resistor, switch, transmission_line, vbic, vdmos, voltage_source,
};
use crate::circuit::element::Value;
use crate::circuit::{Circuit, Element, ElementId, Model};
use crate::diagnostic::Diagnostic;

/// One kind of device.
struct Entry {
    letter: u8,
    /// Kinds of model; none: the letter alone decides.
    kinds: &'static [&'static str],
    /// Whether a model of such a kind is meant, where levels of a kind have devices of their own.
    is_meant: Option<fn(&Circuit, &Model) -> bool>,
    construct: Constructor,
    /// How the device is made a part of the cells of an array, if it can be.
    part: Option<PartConstructor>,
    /// The numbers of its cards.
    numbers: &'static Adjustable,
    /// What the manual says of it.
    page: &'static Page,
}

impl Entry {
    const fn with(mut self, numbers: &'static Adjustable) -> Self {
        self.numbers = numbers;
        self
    }

    const fn when(mut self, is_meant: fn(&Circuit, &Model) -> bool) -> Self {
        self.is_meant = Some(is_meant);
        self
    }
}

const fn device(letter: u8, kinds: &'static [&'static str], construct: Constructor, page: &'static Page) -> Entry {
    Entry { letter, kinds, is_meant: None, construct, part: None, numbers: &UNLISTED, page }
}

/// Kinds of model of A cards that are rejected by name.
const fn rejected(kinds: &'static [&'static str], construct: Constructor) -> Entry {
    device(b'a', kinds, construct, &NO_PAGE)
}

const NO_PAGE: Page = Page::new("", "", "");

/// A memristor with one state: an N card, and a part of cells.
const fn memristor<M: MemristorModel>(kinds: &'static [&'static str], page: &'static Page) -> Entry {
    let part = Some(part::construct::<M> as PartConstructor);
    Entry { letter: b'n', kinds, is_meant: None, construct: memristors::construct::<M>, part, numbers: &UNLISTED, page }
}

/// Kinds of model of Z cards of level 5 and 6.
const HETEROSTRUCTURE: &[&str] = &["nmf", "pmf", "nhfet", "phfet"];

const DEVICES: &[Entry] = &[
    device(b'r', &[], resistor::construct, &resistor::PAGE).with(&resistor::NUMBERS),
    device(b'c', &[], capacitor::construct, &capacitor::PAGE).with(&capacitor::NUMBERS),
    device(b'l', &[], inductor::construct, &inductor::PAGE).with(&inductor::NUMBERS),
    device(b'k', &[], inductor::construct_coupling, &inductor::COUPLING_PAGE).with(&inductor::COUPLING_NUMBERS),
    device(b'v', &[], voltage_source::construct, &voltage_source::PAGE).with(&source_card::NUMBERS),
    device(b'i', &[], current_source::construct, &current_source::PAGE).with(&current_source::NUMBERS),
    device(b'e', &[], controlled_sources::construct_e, &controlled_sources::PAGE).with(&controlled_sources::NUMBERS),
    device(b'f', &[], controlled_sources::construct_f, &controlled_sources::PAGE)
        .with(&controlled_sources::MULTIPLIED_NUMBERS),
    device(b'g', &[], controlled_sources::construct_g, &controlled_sources::PAGE)
        .with(&controlled_sources::MULTIPLIED_NUMBERS),
    device(b'h', &[], controlled_sources::construct_h, &controlled_sources::PAGE).with(&controlled_sources::NUMBERS),
    device(b'b', &[], behavioural::construct_b, &behavioural::PAGE),
    device(b's', &["sw", "vswitch", "switch", "iswitch"], switch::construct_voltage_controlled, &switch::PAGE)
        .with(&switch::NUMBERS),
    device(b'w', &["csw", "iswitch"], switch::construct_current_controlled, &switch::PAGE).with(&switch::NUMBERS),
    device(b't', &[], transmission_line::construct, &transmission_line::PAGE).with(&transmission_line::NUMBERS),
    device(b'u', &["urc"], distributed_rc::construct, &distributed_rc::PAGE).with(&distributed_rc::NUMBERS),
    device(b'o', &["ltra"], lossy_line::construct, &lossy_line::PAGE).with(&lossy_line::NUMBERS),
    device(b'y', &["txl"], lossy_line::single::construct, &lossy_line::single::PAGE).with(&lossy_line::single::NUMBERS),
    device(b'p', &["cpl"], coupled_lines::construct, &coupled_lines::PAGE).with(&coupled_lines::NUMBERS),
    device(b'd', &["d"], diode::construct, &diode::PAGE).with(&diode::NUMBERS),
    device(b'j', &["njf", "pjf"], jfet::construct, &jfet::PAGE).with(&jfet::NUMBERS),
    device(b'z', &["nmf", "pmf"], gallium_arsenide::construct, &gallium_arsenide::PAGE)
        .with(&gallium_arsenide::NUMBERS)
        .when(gallium_arsenide::is_mesa),
    device(b'z', HETEROSTRUCTURE, gallium_arsenide::construct_first, &gallium_arsenide::FIRST_PAGE)
        .with(&gallium_arsenide::FIRST_NUMBERS)
        .when(gallium_arsenide::is_first),
    device(b'z', HETEROSTRUCTURE, gallium_arsenide::construct_second, &gallium_arsenide::SECOND_PAGE)
        .with(&gallium_arsenide::SECOND_NUMBERS)
        .when(gallium_arsenide::is_second),
    device(b'z', &["nmf", "pmf"], mesfet::construct, &mesfet::PAGE).with(&mesfet::NUMBERS),
    device(b'q', &["npn", "pnp"], vbic::construct, &vbic::PAGE).with(&vbic::NUMBERS).when(vbic::is_meant),
    device(b'q', &["npn", "pnp"], hicum::construct, &hicum::PAGE).with(&hicum::NUMBERS).when(hicum::is_meant),
    device(b'q', &["npn", "pnp", "lpnp"], bipolar::construct, &bipolar::PAGE).with(&bipolar::NUMBERS),
    device(b'm', &["nmos", "pmos"], bsim1::construct, &bsim1::PAGE).with(&bsim1::NUMBERS).when(bsim1::is_meant),
    device(b'm', &["nmos", "pmos"], bsim2::construct, &bsim2::PAGE).with(&bsim2::NUMBERS).when(bsim2::is_meant),
    device(b'm', &["nmos", "pmos"], bsim3::construct, &bsim3::PAGE).with(&bsim3::NUMBERS).when(bsim3::is_meant),
    device(b'm', &["nmos", "pmos"], bsim4::construct, &bsim4::PAGE).with(&bsim4::NUMBERS).when(bsim4::is_meant),
    device(b'm', &["nmos", "pmos"], bsimsoi::construct, &bsimsoi::PAGE).with(&bsimsoi::NUMBERS).when(bsimsoi::is_meant),
    device(b'm', &["nmos", "pmos"], mosfet::construct, &mosfet::PAGE).with(&mosfet::NUMBERS),
    device(b'm', &["vdmos", "vdmosn", "vdmosp"], vdmos::construct, &vdmos::PAGE).with(&vdmos::NUMBERS),
    device(b'a', &["kernel"], blocks::kernel::construct, &blocks::kernel::PAGE),
    device(b'a', &["refractory_switch"], blocks::refractory_switch::construct, &blocks::refractory_switch::PAGE),
    device(b'a', &["clamp"], blocks::clamp::construct, &blocks::clamp::PAGE),
    device(b'a', &["counter_neuron"], blocks::counter_neuron::construct, &blocks::counter_neuron::PAGE),
    device(b'a', &["lif_neuron"], blocks::lif_neuron::construct, &blocks::lif_neuron::PAGE),
    device(b'a', &["stdp_train"], blocks::stdp_train::construct, &blocks::stdp_train::PAGE),
    device(b'a', &["crossbar"], crossbar::construct, &crossbar::PAGE),
    device(b'a', &["gain"], code_models::gain::construct, &code_models::gain::PAGE),
    device(b'a', &["summer"], code_models::summer::construct, &code_models::summer::PAGE),
    device(b'a', &["mult"], code_models::mult::construct, &code_models::mult::PAGE),
    device(b'a', &["divide"], code_models::divide::construct, &code_models::divide::PAGE),
    device(b'a', &["limit"], code_models::limit::construct, &code_models::limit::PAGE),
    device(b'a', &["int"], code_models::int::construct, &code_models::int::PAGE),
    device(b'a', &["d_dt"], code_models::d_dt::construct, &code_models::d_dt::PAGE),
    device(b'a', &["hyst"], code_models::hyst::construct, &code_models::hyst::PAGE),
    device(b'a', &["slew"], code_models::slew::construct, &code_models::slew::PAGE),
    device(b'a', &["pwl"], code_models::pwl::construct, &code_models::pwl::PAGE),
    device(b'a', &["aswitch"], code_models::aswitch::construct, &code_models::aswitch::PAGE),
    device(b'a', &["s_xfer"], code_models::s_xfer::construct, &code_models::s_xfer::PAGE),
    device(b'a', &["ilimit"], code_models::ilimit::construct, &code_models::ilimit::PAGE),
    device(b'a', &["climit"], code_models::climit::construct, &code_models::climit::PAGE),
    device(b'a', &["zener"], code_models::zener::construct, &code_models::zener::PAGE),
    device(b'a', &["sine"], code_models::sine::construct, &code_models::sine::PAGE),
    device(b'a', &["square"], code_models::square::construct, &code_models::square::PAGE),
    device(b'a', &["triangle"], code_models::triangle::construct, &code_models::triangle::PAGE),
    device(b'a', &["oneshot"], code_models::oneshot::construct, &code_models::oneshot::PAGE),
    device(b'a', &["delay"], code_models::delay::construct, &code_models::delay::PAGE),
    device(b'a', &["multi_input_pwl"], code_models::multi_input_pwl::construct, &code_models::multi_input_pwl::PAGE),
    device(b'a', &["pwlts"], code_models::pwlts::construct, &code_models::pwlts::PAGE),
    device(b'a', &["filesource"], code_models::filesource::construct, &code_models::filesource::PAGE),
    device(b'a', &["pswitch"], code_models::pswitch::construct, &code_models::pswitch::PAGE),
    device(b'a', &["potentiometer"], code_models::potentiometer::construct, &code_models::potentiometer::PAGE),
    device(b'a', &["sidiode"], code_models::sidiode::construct, &code_models::sidiode::PAGE),
    device(b'a', &["core"], code_models::core::construct, &code_models::core::PAGE),
    device(b'a', &["lcouple"], code_models::lcouple::construct, &code_models::lcouple::PAGE),
    device(b'a', &["capacitoric"], code_models::reactance::construct_capacitor, &code_models::reactance::PAGE),
    device(b'a', &["inductoric"], code_models::reactance::construct_inductor, &code_models::reactance::PAGE),
    device(b'a', &["cmeter"], code_models::meter::construct_capacitance, &code_models::meter::PAGE),
    device(b'a', &["lmeter"], code_models::meter::construct_inductance, &code_models::meter::PAGE),
    memristor::<LinearIonDrift>(&["linear_ion_drift", "hp"], &linear_ion_drift::PAGE),
    memristor::<LogExponential>(&["log_exponential"], &log_exponential::PAGE),
    memristor::<Vteam>(&["vteam"], &vteam::PAGE),
    memristor::<Yakopcic>(&["yakopcic"], &yakopcic::PAGE),
    memristor::<NonlinearIonDrift>(&["nonlinear_ion_drift"], &nonlinear_ion_drift::PAGE),
    memristor::<Simmons>(&["simmons_tunnel_barrier"], &simmons::PAGE),
    memristor::<Team>(&["team"], &team::PAGE),
    device(b'n', &["stanford_rram"], stanford_rram::construct, &stanford_rram::PAGE),
    memristor::<MeanMetastableSwitch>(&["mean_metastable_switch"], &mean_metastable_switch::PAGE),
    memristor::<ThresholdSelector>(&["threshold_selector"], &threshold_selector::PAGE),
    memristor::<Pershin>(&["pershin"], &pershin::PAGE),
    device(b'n', &["memristor"], level::construct, &level::PAGE),
    device(b'y', &["memristor"], level::construct, &level::PAGE),
    device(b'a', &["memristor"], level::construct_code_model, &level::PAGE),
];

/// What is known by name alone, to be rejected with it.
const REJECTED: &[Entry] = &[
    rejected(code_models::digital::DIGITAL, code_models::digital::construct_digital),
    rejected(code_models::digital::OTHERS, code_models::digital::construct_other),
];

/// Builds all devices of `circuit`; all errors are in the second part.
pub fn assemble(circuit: &Circuit) -> (Assembly, Vec<Diagnostic>) {
    let mut assembly = Assembly::default();
    let diagnostics = assemble_in(circuit, &mut assembly);
    (assembly, diagnostics)
}

/// The same in the storage of an earlier assembly; returns all errors.
pub fn assemble_in(circuit: &Circuit, assembly: &mut Assembly) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    assembly.begin(circuit);
    let plan = assembly.plan.take().unwrap_or_else(|| plan(circuit, &mut assembly.observed, &mut diagnostics));
    sense::place(circuit, &plan.sensed, assembly);
    for &(id, construct) in &plan.cards {
        let element = circuit.element(id);
        diagnostics.extend(multiplier_error(element));
        construct(Construction { circuit, id, element, assembly: &mut *assembly, diagnostics: &mut diagnostics });
    }
    assembly.plan = Some(plan);
    assembly.finish();
    // What is wrong with a model is found by every element that uses it.
    let mut seen = FxHashSet::default();
    diagnostics.retain(|diagnostic: &Diagnostic| {
        let place = diagnostic.labels.first().map(|label| label.span);
        seen.insert((without_paths(&diagnostic.message), place))
    });
    diagnostics
}

/// The message with local names of elements and models: those in each instance of a subcircuit have the same thing wrong with them.
fn without_paths(message: &str) -> String {
    let local = |(index, part): (usize, &'_ str)| match part.rsplit_once([':', '.']) {
        Some((_, name)) if index % 2 == 1 => name.to_string(),
        _ => part.to_string(),
    };
    message.split('`').enumerate().map(local).collect()
}

/// How to assemble `circuit`; quantities that expressions read go to `observed`, elements without a device go to `diagnostics`.
fn plan(circuit: &Circuit, observed: &mut FxHashSet<(ElementId, Arc<str>)>, diagnostics: &mut Vec<Diagnostic>) -> Plan {
    let mut plan = Plan { sensed: sense::sensed(circuit, observed), cards: Vec::with_capacity(circuit.elements.len()) };
    // Elements that read the states of others come after all of these.
    let (late, early): (Vec<_>, Vec<_>) =
        circuit.elements.iter().enumerate().partition(|(_, element)| sense::uses_states(element));
    for (index, _) in early.into_iter().chain(late) {
        let id = ElementId(index as u32);
        match entry(circuit, id) {
            Ok(entry) => plan.cards.push((id, entry.construct)),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    plan
}

/// What is wrong with the `m=` of an element.
fn multiplier_error(element: &Element) -> Option<Diagnostic> {
    let parameter = element.parameter("m")?;
    match parameter.value {
        Value::Number(multiplier) if multiplier.is_nan() || multiplier <= 0.0 => {
            let diagnostic = Diagnostic::error(format!("`m` of `{}` must be positive", element.name));
            Some(diagnostic.at(parameter.span).hint("it is the number of devices in parallel"))
        }
        _ => None,
    }
}

fn entry(circuit: &Circuit, id: ElementId) -> Result<&'static Entry, Diagnostic> {
    let element = circuit.element(id);
    let mut of_letter = DEVICES.iter().filter(|device| device.letter == element.letter).peekable();
    if of_letter.peek().is_none() {
        let shown = char::from(element.letter.to_ascii_uppercase());
        let error = Diagnostic::error(format!("there is no device for `{shown}` cards")).at(element.span);
        return Err(error.hint(format!("devices: {}", letters())));
    }
    let Some(model) = element.model.map(|id| circuit.model(id)) else {
        return of_letter.next().ok_or_else(|| Diagnostic::error("no device"));
    };
    let known = of_letter.clone();
    let is_of_kind = |device: &Entry| device.kinds.is_empty() || device.kinds.contains(&&*model.kind);
    let is_meant = |device: &Entry| device.is_meant.is_none_or(|is_meant| is_meant(circuit, model));
    let found = of_letter.find(|device| is_of_kind(device) && is_meant(device));
    let rejected =
        || REJECTED.iter().find(|device| device.letter == element.letter && device.kinds.contains(&&*model.kind));
    let found = found.or_else(rejected);
    found.ok_or_else(|| {
        // Levels of a kind may have devices of their own.
        let mut seen = FxHashSet::default();
        let all = known.flat_map(|device| device.kinds.iter().copied());
        let kinds: Vec<&str> = all.filter(|kind| seen.insert(*kind)).collect();
        Diagnostic::error(format!("`{}` is no kind of model for `{}`", model.kind, element.name))
            .label(element.span, "used here")
            .label(model.kind_span, "declared here")
            .nearest(&model.kind, kinds.iter().copied())
            .hint(format!("kinds: {}", kinds.join(", ")))
    })
}

fn letters() -> String {
    let mut seen = FxHashSet::default();
    let letters = DEVICES.iter().map(|device| device.letter.to_ascii_uppercase()).filter(|&letter| seen.insert(letter));
    letters.map(|letter| char::from(letter).to_string()).collect::<Vec<_>>().join(" ")
}

/// The numbers of the cards of `id`.
pub fn adjustable(circuit: &Circuit, id: ElementId) -> &'static Adjustable {
    entry(circuit, id).map_or(&UNLISTED, |entry| entry.numbers)
}

/// How a device of this kind of model is made a part of the cells of an array, and the kinds for which there is a way.
pub(super) fn part_constructor(kind: &str) -> Result<PartConstructor, Vec<&'static str>> {
    let parts = DEVICES.iter().filter_map(|device| Some((device.kinds, device.part?)));
    let found = parts.clone().find(|(kinds, _)| kinds.contains(&kind)).map(|(_, part)| part);
    found.ok_or_else(|| parts.flat_map(|(kinds, _)| kinds.iter().copied()).collect())
}

/// What the manual says of the devices: their letter, their kinds of model, and their page, in the order of the list.
pub fn pages() -> impl Iterator<Item = (u8, &'static [&'static str], &'static Page)> {
    DEVICES.iter().map(|device| (device.letter, device.kinds, device.page))
}
