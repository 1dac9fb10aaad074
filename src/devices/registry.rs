//! The list of devices: by the card's letter, or for letters that have several, by the kind of model.
//!
//! A new device is its file, its `mod` line, and a line of the list. (A macro that made both lines would hide the files from
//! the formatter.)

use rustc_hash::FxHashSet;

use super::assembly::Assembly;
use super::construct::Construction;
use super::memristors::{
    self, level, linear_ion_drift::LinearIonDrift, log_exponential::LogExponential,
    mean_metastable_switch::MeanMetastableSwitch, nonlinear_ion_drift::NonlinearIonDrift, pershin::Pershin,
    simmons::Simmons, stanford_rram, team::Team, threshold_selector::ThresholdSelector, vteam::Vteam,
    yakopcic::Yakopcic,
};
use super::{behavioural, blocks, sense};
use super::{
    capacitor, controlled_sources, current_source, diode, inductor, mosfet1, resistor, switch, transmission_line,
    voltage_source,
};
use crate::circuit::element::Value;
use crate::circuit::{Circuit, Element, ElementId};
use crate::diagnostic::Diagnostic;

type Constructor = fn(Construction);

/// Letter, kinds of model (none: the letter alone decides), constructor.
const DEVICES: &[(u8, &[&str], Constructor)] = &[
    (b'r', &[], resistor::construct),
    (b'c', &[], capacitor::construct),
    (b'l', &[], inductor::construct),
    (b'k', &[], inductor::construct_coupling),
    (b'v', &[], voltage_source::construct),
    (b'i', &[], current_source::construct),
    (b'e', &[], controlled_sources::construct_e),
    (b'f', &[], controlled_sources::construct_f),
    (b'g', &[], controlled_sources::construct_g),
    (b'h', &[], controlled_sources::construct_h),
    (b'b', &[], behavioural::construct_b),
    (b's', &["sw"], switch::construct_voltage_controlled),
    (b'w', &["csw"], switch::construct_current_controlled),
    (b't', &[], transmission_line::construct),
    (b'd', &["d"], diode::construct),
    (b'm', &["nmos", "pmos"], mosfet1::construct),
    (b'a', &["kernel"], blocks::kernel::construct),
    (b'a', &["refractory_switch"], blocks::refractory_switch::construct),
    (b'a', &["clamp"], blocks::clamp::construct),
    (b'a', &["counter_neuron"], blocks::counter_neuron::construct),
    (b'a', &["lif_neuron"], blocks::lif_neuron::construct),
    (b'a', &["stdp_train"], blocks::stdp_train::construct),
    (b'n', &["linear_ion_drift", "hp"], memristors::construct::<LinearIonDrift>),
    (b'n', &["log_exponential"], memristors::construct::<LogExponential>),
    (b'n', &["vteam"], memristors::construct::<Vteam>),
    (b'n', &["yakopcic"], memristors::construct::<Yakopcic>),
    (b'n', &["nonlinear_ion_drift"], memristors::construct::<NonlinearIonDrift>),
    (b'n', &["simmons_tunnel_barrier"], memristors::construct::<Simmons>),
    (b'n', &["team"], memristors::construct::<Team>),
    (b'n', &["stanford_rram"], stanford_rram::construct),
    (b'n', &["mean_metastable_switch"], memristors::construct::<MeanMetastableSwitch>),
    (b'n', &["threshold_selector"], memristors::construct::<ThresholdSelector>),
    (b'n', &["pershin"], memristors::construct::<Pershin>),
    (b'n', &["memristor"], level::construct),
    (b'y', &["memristor"], level::construct),
    (b'a', &["memristor"], level::construct_code_model),
];

/// Builds all devices of `circuit`; all errors are in the second part.
pub fn assemble(circuit: &Circuit) -> (Assembly, Vec<Diagnostic>) {
    let mut assembly = Assembly::new(circuit);
    let mut diagnostics = Vec::new();
    sense::place(circuit, &mut assembly);
    // Elements that read the states of others come after all of these.
    let (late, early): (Vec<_>, Vec<_>) =
        circuit.elements.iter().enumerate().partition(|(_, element)| sense::uses_states(element));
    for (index, element) in early.into_iter().chain(late) {
        let id = ElementId(index as u32);
        diagnostics.extend(multiplier_error(element));
        match constructor(circuit, id) {
            Ok(construct) => {
                construct(Construction {
                    circuit,
                    id,
                    element,
                    assembly: &mut assembly,
                    diagnostics: &mut diagnostics,
                });
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    assembly.finish();
    // What is wrong with a model is found by every element that uses it.
    let mut seen = FxHashSet::default();
    diagnostics.retain(|diagnostic: &Diagnostic| {
        let place = diagnostic.labels.first().map(|label| label.span);
        seen.insert((diagnostic.message.clone(), place))
    });
    (assembly, diagnostics)
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

fn constructor(circuit: &Circuit, id: ElementId) -> Result<Constructor, Diagnostic> {
    let element = circuit.element(id);
    let mut of_letter = DEVICES.iter().filter(|(letter, ..)| *letter == element.letter).peekable();
    if of_letter.peek().is_none() {
        let letter = char::from(element.letter).to_ascii_uppercase();
        let message = format!("there is no device for `{letter}` cards");
        return Err(Diagnostic::error(message).at(element.span).hint(format!("devices: {}", letters())));
    }
    let Some(model) = element.model.map(|id| circuit.model(id)) else {
        return of_letter.next().map(|device| device.2).ok_or_else(|| Diagnostic::error("no device"));
    };
    let kinds: Vec<&str> = of_letter.clone().flat_map(|(_, kinds, _)| kinds.iter().copied()).collect();
    let found = of_letter.find(|(_, kinds, _)| kinds.is_empty() || kinds.contains(&&*model.kind));
    found.map(|device| device.2).ok_or_else(|| {
        Diagnostic::error(format!("`{}` is no kind of model for `{}`", model.kind, element.name))
            .label(element.span, "used here")
            .label(model.kind_span, "declared here")
            .nearest(&model.kind, kinds.iter().copied())
            .hint(format!("kinds: {}", kinds.join(", ")))
    })
}

fn letters() -> String {
    let mut seen = FxHashSet::default();
    let letters = DEVICES.iter().map(|device| device.0.to_ascii_uppercase()).filter(|&letter| seen.insert(letter));
    letters.map(|letter| char::from(letter).to_string()).collect::<Vec<_>>().join(" ")
}
