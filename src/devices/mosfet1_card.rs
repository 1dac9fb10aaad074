//! Cards of the level-1 MOSFET, and what follows from them at the transistor's temperature.
//!
//! Source: ngspice-39 manual, chapter 11; `MOS1temp` of SPICE3 for derived parameters and temperature.

use super::constants::{CHARGE, silicon_gap, thermal_voltage};
use super::construct::Construction;
use super::junction::{Depletion, critical_voltage, kelvin, potential_at};
use super::mosfet1::Mosfet1;
use super::parameters::Unknowns;
use crate::circuit::Model;
use crate::circuit::element::Value;
use crate::diagnostic::Diagnostic;
use crate::parameters;

parameters! {
    /// NMOS and PMOS model cards of level 1.
    pub struct Mosfet1Model {
        level: ["level"], "", 1.0, "Model level";
        threshold: ["vto", "vt0"], "V", 0.0, "Threshold voltage at zero bulk bias";
        transconductance: ["kp"], "A/V²", 2e-5, "Transconductance parameter";
        body_effect: ["gamma"], "√V", 0.0, "Bulk threshold parameter";
        surface_potential: ["phi"], "V", 0.6, "Surface potential";
        modulation: ["lambda"], "1/V", 0.0, "Channel-length modulation";
        drain_resistance: ["rd"], "Ω", 0.0, "Drain resistance";
        source_resistance: ["rs"], "Ω", 0.0, "Source resistance";
        bulk_drain_capacitance: ["cbd"], "F", 0.0, "Zero-bias bulk-drain capacitance";
        bulk_source_capacitance: ["cbs"], "F", 0.0, "Zero-bias bulk-source capacitance";
        saturation: ["is"], "A", 1e-14, "Bulk junction saturation current";
        potential: ["pb"], "V", 0.8, "Bulk junction potential";
        overlap_source: ["cgso"], "F/m", 0.0, "Gate-source overlap capacitance per width";
        overlap_drain: ["cgdo"], "F/m", 0.0, "Gate-drain overlap capacitance per width";
        overlap_bulk: ["cgbo"], "F/m", 0.0, "Gate-bulk overlap capacitance per length";
        sheet_resistance: ["rsh"], "Ω/□", 0.0, "Drain and source sheet resistance";
        bottom_capacitance: ["cj"], "F/m²", 0.0, "Zero-bias bottom capacitance of bulk junctions";
        bottom_grading: ["mj"], "", 0.5, "Bottom grading coefficient";
        side_capacitance: ["cjsw"], "F/m", 0.0, "Zero-bias sidewall capacitance of bulk junctions";
        side_grading: ["mjsw"], "", 0.5, "Sidewall grading coefficient";
        saturation_density: ["js"], "A/m²", 0.0, "Bulk junction saturation current density";
        oxide_thickness: ["tox"], "m", 0.0, "Oxide thickness";
        doping: ["nsub"], "1/cm³", 0.0, "Substrate doping";
        surface_states: ["nss"], "1/cm²", 0.0, "Surface state density";
        gate_type: ["tpg"], "", 1.0, "Gate: 1 opposite to the substrate, −1 same, 0 aluminium";
        lateral_diffusion: ["ld"], "m", 0.0, "Lateral diffusion";
        mobility: ["uo", "u0"], "cm²/Vs", 600.0, "Surface mobility";
        forward_bias: ["fc"], "", 0.5, "Where depletion charge becomes quadratic, as part of pb";
        tnom: ["tnom"], "°C", f64::NAN, "Temperature of the parameters";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 1.0, "Flicker noise exponent";
        noise_model: ["nlev"], "", 2.0, "Noise model (no effect)";
        noise_factor: ["gdsnoi"], "", 1.0, "Channel noise factor (no effect)";
    }
}

/// Parameters of an M card.
pub const KNOWN: &[&str] = &["w", "l", "ad", "as", "pd", "ps", "nrd", "nrs", "ic"];

/// Permittivity of silicon dioxide, F/m.
const OXIDE_PERMITTIVITY: f64 = 3.9 * 8.854_214_871e-12;

/// Permittivity of silicon, F/m.
const SILICON_PERMITTIVITY: f64 = 11.7 * 8.854_214_871e-12;

/// Intrinsic carrier concentration of silicon, 1/m³.
const INTRINSIC: f64 = 1.45e16;

/// The model with what it leaves open filled in, at its own temperature.
struct Derived {
    threshold: f64,
    transconductance: f64,
    body_effect: f64,
    surface_potential: f64,
    /// F/m²
    oxide: f64,
}

fn derived(m: &Mosfet1Model, polarity: f64, nominal: f64) -> Result<Derived, String> {
    let mut d = Derived {
        threshold: m.threshold,
        transconductance: m.transconductance,
        body_effect: m.body_effect,
        surface_potential: m.surface_potential,
        oxide: 0.0,
    };
    if m.oxide_thickness <= 0.0 {
        return Ok(d);
    }
    d.oxide = OXIDE_PERMITTIVITY / m.oxide_thickness;
    if !m.is_given("kp") {
        d.transconductance = m.mobility * d.oxide * 1e-4;
    }
    if !m.is_given("nsub") {
        return Ok(d);
    }
    let doping = m.doping * 1e6;
    if doping <= INTRINSIC {
        return Err("must be above the intrinsic concentration, 1.45e10".into());
    }
    if !m.is_given("phi") {
        d.surface_potential = (2.0 * thermal_voltage(nominal) * (doping / INTRINSIC).ln()).max(0.1);
    }
    let gap = silicon_gap(nominal);
    let fermi = polarity * 0.5 * d.surface_potential;
    let gate = if m.gate_type == 0.0 { 3.2 } else { 3.25 + 0.5 * gap - polarity * m.gate_type * 0.5 * gap };
    let work_function = gate - (3.25 + 0.5 * gap + fermi);
    if !m.is_given("gamma") {
        d.body_effect = (2.0 * SILICON_PERMITTIVITY * CHARGE * doping).sqrt() / d.oxide;
    }
    if !m.is_given("vto") {
        let flat_band = work_function - m.surface_states * 1e4 * CHARGE / d.oxide;
        let bending = d.body_effect * d.surface_potential.sqrt() + d.surface_potential;
        d.threshold = flat_band + polarity * bending;
    }
    Ok(d)
}

/// Series conductances of drain and source, S; infinite without resistance.
pub struct Series {
    pub drain: f64,
    pub source: f64,
}

/// Reads model and element; `None` after an error.
pub fn read(c: &mut Construction) -> Option<(Mosfet1, Series)> {
    let card = c.model()?;
    let owner = format!("model `{}`", card.name);
    let model = Mosfet1Model::read(&card.parameters, Unknowns::Warn, &owner, c.diagnostics);
    let polarity = if &*card.kind == "pmos" { -1.0 } else { 1.0 };
    let nominal = kelvin(if model.tnom.is_nan() { c.circuit.options.tnom } else { model.tnom });
    let derived = match derived(&model, polarity, nominal) {
        Ok(derived) => derived,
        Err(message) => {
            let span = card.parameter("nsub").map_or(card.span, |parameter| parameter.span);
            c.error(Diagnostic::error(format!("`nsub` of {owner} {message}")).at(span));
            return None;
        }
    };
    check(c, card, &owner, &model, &derived)?;
    let transistor = transistor(c, &model, &derived, polarity, nominal)?;
    let multiplier = c.multiplier();
    let conductance = |own: f64, given: bool, squares: f64| {
        let resistance = if given { own } else { model.sheet_resistance * squares };
        if resistance > 0.0 { multiplier / resistance } else { f64::INFINITY }
    };
    let squares = |name: &str| c.parameter(name).unwrap_or(1.0);
    let series = Series {
        drain: conductance(model.drain_resistance, model.is_given("rd"), squares("nrd")),
        source: conductance(model.source_resistance, model.is_given("rs"), squares("nrs")),
    };
    Some((transistor, series))
}

fn check(c: &mut Construction, card: &Model, owner: &str, m: &Mosfet1Model, d: &Derived) -> Option<()> {
    let checks = [("phi", d.surface_potential), ("pb", m.potential), ("is", m.saturation), ("kp", d.transconductance)];
    let before = c.diagnostics.len();
    for (name, value) in checks {
        if value.is_nan() || value <= 0.0 {
            let span = card.parameter(name).map_or(card.span, |parameter| parameter.span);
            c.error(Diagnostic::error(format!("`{name}` of {owner} must be positive")).at(span));
        }
    }
    (c.diagnostics.len() == before).then_some(())
}

fn transistor(c: &mut Construction, m: &Mosfet1Model, d: &Derived, polarity: f64, nominal: f64) -> Option<Mosfet1> {
    let options = &c.circuit.options;
    let size = |name: &str, default: f64| c.parameter(name).unwrap_or(default);
    let (width, length) = (size("w", options.defw), size("l", options.defl) - 2.0 * m.lateral_diffusion);
    if !(length > 0.0 && width > 0.0) {
        let message = format!("the channel of `{}` must have a positive width and a length above 2·ld", c.element.name);
        c.error(Diagnostic::error(message).at(c.element.span));
        return None;
    }
    let multiplier = c.multiplier();
    let temperature = kelvin(c.temperature());
    let (thermal, ratio) = (thermal_voltage(temperature), temperature / nominal);
    let (gap, gap_nominal) = (silicon_gap(temperature), silicon_gap(nominal));
    let surface_potential = potential_at(d.surface_potential, temperature, nominal);
    // ngspice's tVbi: threshold without the square root of the body effect.
    let built_in = polarity * d.threshold - d.body_effect * d.surface_potential.sqrt()
        + polarity * 0.5 * (gap_nominal - gap)
        + 0.5 * (surface_potential - d.surface_potential);
    let growth = (gap_nominal / thermal_voltage(nominal) - gap / thermal).exp();
    let (drain_area, source_area) = (size("ad", options.defad), size("as", options.defas));
    let by_density = m.saturation_density > 0.0 && drain_area > 0.0 && source_area > 0.0;
    let saturation =
        |area: f64| multiplier * growth * if by_density { m.saturation_density * area } else { m.saturation };
    let junction = |capacitance: f64, grading: f64| {
        let at_nominal =
            Depletion { capacitance, potential: m.potential, grading, tangent_at: m.forward_bias.min(0.95) };
        at_nominal.at_temperature(temperature, nominal)
    };
    let bottom = |given: bool, own: f64, area: f64| {
        let capacitance = if given { own } else { m.bottom_capacitance * area };
        junction(capacitance * multiplier, m.bottom_grading)
    };
    let side = |perimeter: f64| junction(m.side_capacitance * perimeter * multiplier, m.side_grading);
    let (drain_saturation, source_saturation) = (saturation(drain_area), saturation(source_area));
    Some(Mosfet1 {
        polarity,
        beta: d.transconductance / (ratio * ratio.sqrt()) * multiplier * width / length,
        built_in,
        threshold: built_in + d.body_effect * surface_potential.sqrt(),
        body_effect: d.body_effect,
        surface_potential,
        root: surface_potential.sqrt(),
        modulation: m.modulation,
        thermal,
        drain_saturation,
        source_saturation,
        drain_critical: critical_voltage(thermal, drain_saturation),
        source_critical: critical_voltage(thermal, source_saturation),
        drain_bottom: bottom(m.is_given("cbd"), m.bulk_drain_capacitance, drain_area),
        source_bottom: bottom(m.is_given("cbs"), m.bulk_source_capacitance, source_area),
        drain_side: side(size("pd", 0.0)),
        source_side: side(size("ps", 0.0)),
        oxide: d.oxide * width * length * multiplier,
        overlap_source: m.overlap_source * width * multiplier,
        overlap_drain: m.overlap_drain * width * multiplier,
        overlap_bulk: m.overlap_bulk * length * multiplier,
        off: c.element.values.iter().any(|value| matches!(&value.item, Value::Word(word) if &**word == "off")),
        initial: initial(c),
    })
}

/// `ic=vds,vgs,vbs`
fn initial(c: &Construction) -> Option<[f64; 3]> {
    let number = |value: &Value| match value {
        Value::Number(number) => *number,
        _ => 0.0,
    };
    let mut found = [0.0; 3];
    match &c.element.parameter("ic")?.value {
        Value::List(items) => found.iter_mut().zip(items).for_each(|(to, item)| *to = number(&item.item)),
        single => found[0] = number(single),
    }
    Some(found)
}
