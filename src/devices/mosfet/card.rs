//! Cards of MOS transistors, and what follows from them at the transistor's temperature.
//!
//! Source: ngspice-39 manual, chapter 11; Antognetti and Massobrio, chapter 4, for derived parameters and temperature.

use super::channel::Channel;
use super::meyer::Meyer;
use super::{Mosfet, Noise};
use crate::devices::adjustable::{Adjustable, Principal, TEMPERATURE, given, number};
use crate::devices::constants::{CHARGE, silicon_gap, thermal_voltage};
use crate::devices::construct::Construction;
use crate::devices::junction::{Depletion, critical_voltage, kelvin, potential_at, saturation_or_none};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// NMOS and PMOS model cards.
    pub struct MosfetModel {
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
        side_grading: ["mjsw"], "", f64::NAN, "Sidewall grading coefficient (0.5; levels 2 and 3 0.33)";
        saturation_density: ["js"], "A/m²", 0.0, "Bulk junction saturation current density";
        charge_share: ["xqc"], "", 1.0, "Up to 0.5: the gate's charge is conserved, in place of Meyer's capacitances (SPICE2, PSpice)";
        capacitance_model: ["capop"], "", 0.0, "4: the same (HSPICE)";
        oxide_thickness: ["tox"], "m", 0.0, "Oxide thickness";
        doping: ["nsub"], "1/cm³", 0.0, "Substrate doping";
        surface_states: ["nss"], "1/cm²", 0.0, "Surface state density";
        gate_type: ["tpg"], "", 1.0, "Gate: 1 opposite to the substrate, −1 same, 0 aluminium";
        lateral_diffusion: ["ld"], "m", 0.0, "Lateral diffusion";
        mobility: ["u0", "uo"], "cm²/Vs", 600.0, "Surface mobility";
        forward_bias: ["fc"], "", 0.5, "Where depletion charge becomes quadratic, as part of pb";
        tnom: ["tnom"], "°C", f64::NAN, "Temperature of the parameters";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 1.0, "Flicker noise exponent";
        noise_level: ["nlev"], "", 2.0, "Equations of the noise, if given";
        noise_factor: ["gdsnoi"], "", 1.0, "Factor on the channel noise (nlev=3)";
        junction_depth: ["xj"], "m", 0.0, "Depth of drain and source (levels 2, 3)";
        fast_states: ["nfs"], "1/cm²", 0.0, "Fast surface states, for weak inversion (levels 2, 3)";
        velocity: ["vmax"], "m/s", 0.0, "Maximum drift velocity (levels 2, 3)";
        delta: ["delta"], "", 0.0, "Width effect on the threshold (levels 2, 3)";
        critical_field: ["ucrit"], "V/cm", 1e4, "Field at which mobility falls (level 2)";
        critical_exponent: ["uexp"], "", 0.0, "Exponent with which it falls (level 2)";
        #[allow(dead_code, reason = "without effect, as in ngspice")]
        transverse: ["utra"], "", 0.0, "Transverse field coefficient";
        effective_charge: ["neff"], "", 1.0, "Factor on the channel's charge (level 2)";
        eta: ["eta"], "", 0.0, "Effect of the drain on the threshold (level 3)";
        theta: ["theta"], "1/V", 0.0, "Effect of the gate on mobility (level 3)";
        kappa: ["kappa"], "", 0.2, "Saturation field factor (level 3)";
        threshold_shift: ["delvto", "delvt0"], "V", 0.0, "Shift of the threshold (level 3)";
        length_correction: ["xl"], "m", 0.0, "Added to the length (level 3)";
        width_correction: ["xw"], "m", 0.0, "Added to the width (level 3)";
        width_reduction: ["wd"], "m", 0.0, "Taken from the width on both sides (level 3)";
        saturation_factor: ["kv"], "V^(1−nv)", 2.0, "Saturation voltage factor (level 6)";
        saturation_exponent: ["nv"], "", 0.5, "Saturation voltage exponent (level 6)";
        power_current: ["kc"], "A/V^nc", 5e-5, "Saturation current factor (level 6)";
        power_exponent: ["nc"], "", 1.0, "Saturation current exponent (level 6)";
        linear_body: ["gamma1"], "", 0.0, "Linear bulk effect (level 6)";
        sigma: ["sigma"], "", 0.0, "Effect of the drain on the threshold (level 6)";
        modulation0: ["lambda0"], "1/V", 0.0, "Channel-length modulation (level 6)";
        modulation1: ["lambda1"], "1/V²", 0.0, "Effect of the bulk on it (level 6)";
        width: ["w"], "m", f64::NAN, "Width of transistors that give none";
        length: ["l"], "m", f64::NAN, "Length of transistors that give none";
        shortest: ["lmin"], "m", 0.0, "Least length of this bin";
        longest: ["lmax"], "m", f64::INFINITY, "Largest length of this bin";
        narrowest: ["wmin"], "m", 0.0, "Least width of this bin";
        widest: ["wmax"], "m", f64::INFINITY, "Largest width of this bin";
    }
}

/// Numbers of M cards.
pub const NUMBERS: Adjustable = Adjustable {
    principal: Principal::None,
    element: &[
        number("m", 1.0),
        number("l", 1e-4),
        number("w", 1e-4),
        given("ad"),
        given("as"),
        given("pd"),
        given("ps"),
        number("nrd", 1.0),
        number("nrs", 1.0),
        TEMPERATURE,
    ],
    model: MosfetModel::TABLE,
};

/// Parameters of an M card.
pub const CARD: &[NamedParameter] = &[
    NamedParameter::new(&["w"], "m", "defw", "Channel width"),
    NamedParameter::new(&["l"], "m", "defl", "Channel length"),
    NamedParameter::new(&["ad"], "m²", "defad", "Area of the drain"),
    NamedParameter::new(&["as"], "m²", "defas", "Area of the source"),
    NamedParameter::new(&["pd"], "m", "0", "Perimeter of the drain"),
    NamedParameter::new(&["ps"], "m", "0", "Perimeter of the source"),
    NamedParameter::new(&["nrd"], "□", "1, of level 6 0", "Squares of the drain, of `rsh`"),
    NamedParameter::new(&["nrs"], "□", "1, of level 6 0", "Squares of the source, of `rsh`"),
    NamedParameter::new(&["ic"], "V, V, V", "", "vds, vgs and vbs at the start of `.tran … uic`"),
    NamedParameter::new(&["off"], "", "", "The operating point is first sought with the transistor off"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("level1.rs"),
        head_of_file!("level2.rs"),
        head_of_file!("level3.rs"),
        head_of_file!("level6.rs"),
        head_of_file!("meyer.rs"),
    ],
    element: CARD,
    models: &[ModelTable::numbers("nmos, pmos", MosfetModel::TABLE)],
    quantities: super::QUANTITIES,
    noise: &[
        ("rd", "4kT/rd"),
        ("rs", "4kT/rs"),
        ("id", "4kT·⅔·gm"),
        ("1overf", "kf·|id|^af/(f·w·leff·cox²), or as `nlev` says"),
    ],
    status: Status::Differs(
        "the gate's charge can be conserved (`xqc`, `capop`); levels 4, 5, 8 and 49, 10 and 58, 14 and 54 are devices of their own",
    ),
    ngspice: &["Mos1", "Mos2", "Mos3", "Mos6", "Mos9"],
    otherwise: &["icvds", "icvgs", "icvbs"],
    ..Page::new(
        "mosfet",
        "MOS transistor",
        "M1 drain gate source bulk MODEL [l=…] [w=…] [off] [ic=vds,vgs,vbs] [parameter=…]",
    )
};

/// Permittivity of silicon dioxide, F/m.
const OXIDE_PERMITTIVITY: f64 = 3.9 * 8.854_214_871e-12;

/// Permittivity of silicon, F/m.
pub const SILICON_PERMITTIVITY: f64 = 11.7 * 8.854_214_871e-12;

/// Intrinsic carrier concentration of silicon, 1/m³.
const INTRINSIC: f64 = 1.45e16;

/// Oxide thickness of levels 2 and 3, and of the noise of the others, without `tox`, m.
const OXIDE_THICKNESS: f64 = 1e-7;

/// What a level's channel is made of, at the transistor's temperature, voltages as of an n-channel.
pub struct Context<'a> {
    pub model: &'a MosfetModel,
    /// kp·w/leff, multiplier included, A/V².
    pub beta: f64,
    /// Threshold without body effect, V.
    pub built_in: f64,
    pub body_effect: f64,
    pub surface_potential: f64,
    /// Effective sizes, m.
    pub length: f64,
    pub width: f64,
    /// Oxide capacitance, F/m².
    pub oxide: f64,
    /// Width of the depletion layer at 1 V, m/√V; 0 without doping.
    pub depletion: f64,
    /// m²/Vs
    pub mobility: f64,
    pub bulk_potential: f64,
    pub thermal: f64,
    /// kc of level 6, A/V^nc.
    pub power_current: f64,
    pub multiplier: f64,
}

/// The model with what it leaves open filled in, at its own temperature.
struct Derived {
    threshold: f64,
    transconductance: f64,
    body_effect: f64,
    surface_potential: f64,
    power_current: f64,
    /// F/m²
    oxide: f64,
}

fn derived<C: Channel>(m: &MosfetModel, polarity: f64, nominal: f64) -> Result<Derived, String> {
    let mut d = Derived {
        threshold: m.threshold,
        transconductance: m.transconductance,
        body_effect: m.body_effect,
        surface_potential: m.surface_potential,
        power_current: m.power_current,
        oxide: 0.0,
    };
    let thickness = if C::has_process() && m.oxide_thickness <= 0.0 { OXIDE_THICKNESS } else { m.oxide_thickness };
    if thickness <= 0.0 {
        return Ok(d);
    }
    d.oxide = OXIDE_PERMITTIVITY / thickness;
    if !m.is_given("kp") {
        d.transconductance = m.mobility * d.oxide * 1e-4;
    }
    if !m.is_given("kc") {
        d.power_current = 0.5 * m.mobility * d.oxide * 1e-4;
    }
    if !m.is_given("nsub") {
        return Ok(d);
    }
    let doping = m.doping * 1e6;
    if doping <= INTRINSIC {
        return Err("must be above the intrinsic concentration, 1.45e10".into());
    }
    if !m.is_given("phi") {
        let intrinsic = if C::LEVEL == 3 { intrinsic(nominal) } else { INTRINSIC };
        d.surface_potential = (2.0 * thermal_voltage(nominal) * (doping / intrinsic).ln()).max(0.1);
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

/// Intrinsic concentration at a temperature in kelvin, 1/m³: only level 3 has it depend on the temperature.
fn intrinsic(temperature: f64) -> f64 {
    let argument = 0.5 * silicon_gap(temperature) * (temperature / 300.0 - 1.0) / thermal_voltage(temperature);
    INTRINSIC * (temperature / 300.0).powf(1.5) * argument.exp()
}

/// Series conductances of drain and source, S; infinite without resistance.
#[derive(Clone, Copy)]
pub struct Series {
    pub drain: f64,
    pub source: f64,
}

/// Reads model and element; `None` after an error.
pub fn read<C: Channel>(c: &mut Construction) -> Option<(Mosfet<C>, Series)> {
    let card = c.model()?;
    let mut model = MosfetModel::of(card, c.diagnostics);
    model.saturation = saturation_or_none(model.saturation);
    let polarity = if &*card.kind == "pmos" { -1.0 } else { 1.0 };
    let nominal = kelvin(if model.tnom.is_nan() { c.circuit.options.tnom } else { model.tnom });
    let derived = match derived::<C>(&model, polarity, nominal) {
        Ok(derived) => derived,
        Err(message) => {
            let span = card.parameter("nsub").map_or(card.span, |parameter| parameter.span);
            c.error(Diagnostic::error(format!("`nsub` of model `{}` {message}", card.name)).at(span));
            return None;
        }
    };
    let (potential, gain) = (derived.surface_potential, derived.transconductance);
    let positive = [("phi", potential), ("pb", model.potential), ("is", model.saturation), ("kp", gain)];
    if !c.check_positive(card, &positive) {
        return None;
    }
    let transistor = transistor(c, &model, &derived, polarity, nominal)?;
    let multiplier = c.multiplier();
    let conductance = |own: f64, given: bool, squares: f64| {
        let resistance = if given { own } else { model.sheet_resistance * squares };
        if resistance > 0.0 { multiplier / resistance } else { f64::INFINITY }
    };
    // Level 6 has series resistances of sheets only where their squares are given.
    let squares = |name: &str| c.parameter(name).unwrap_or(if C::LEVEL == 6 { 0.0 } else { 1.0 });
    let series = Series {
        drain: conductance(model.drain_resistance, model.is_given("rd"), squares("nrd")),
        source: conductance(model.source_resistance, model.is_given("rs"), squares("nrs")),
    };
    Some((transistor, series))
}

/// Effective width and length, m; `None` after an error.
fn sizes<C: Channel>(c: &mut Construction, m: &MosfetModel) -> Option<(f64, f64)> {
    let options = &c.circuit.options;
    let of_model = |size: f64| Some(size).filter(|size| size.is_finite());
    let mut width = c.parameter("w").or(of_model(m.width)).unwrap_or(options.defw);
    let length = c.parameter("l").or(of_model(m.length)).unwrap_or(options.defl);
    let mut length = length - 2.0 * m.lateral_diffusion;
    if C::LEVEL == 3 {
        width += m.width_correction - 2.0 * m.width_reduction;
        length += m.length_correction;
    }
    if length > 0.0 && width > 0.0 {
        return Some((width, length));
    }
    let message = format!("the channel of `{}` must have a positive width and a length above 2·ld", c.element.name);
    c.error(Diagnostic::error(message).at(c.element.span));
    None
}

fn transistor<C: Channel>(
    c: &mut Construction,
    m: &MosfetModel,
    d: &Derived,
    polarity: f64,
    nominal: f64,
) -> Option<Mosfet<C>> {
    let (width, length) = sizes::<C>(c, m)?;
    let multiplier = c.multiplier();
    let temperature = kelvin(c.temperature());
    let context = context::<C>(m, d, polarity, [temperature, nominal], [width, length, multiplier]);
    let bulk = Bulk::new::<C>(c, m, [temperature, nominal]);
    let Context { thermal, surface_potential, .. } = context;
    let [drain_saturation, source_saturation] = bulk.saturations;
    Some(Mosfet {
        channel: C::new(&context),
        polarity,
        threshold: context.built_in + d.body_effect * surface_potential.sqrt(),
        surface_potential,
        thermal,
        drain_saturation,
        source_saturation,
        drain_critical: critical_voltage(thermal, drain_saturation),
        source_critical: critical_voltage(thermal, source_saturation),
        drain_bottom: bulk.bottoms[0],
        source_bottom: bulk.bottoms[1],
        drain_side: bulk.sides[0],
        source_side: bulk.sides[1],
        oxide: d.oxide * width * length * multiplier,
        overlap_source: m.overlap_source * width * multiplier,
        overlap_drain: m.overlap_drain * width * multiplier,
        overlap_bulk: m.overlap_bulk * length * multiplier,
        meyer: (m.charge_share > 0.5 && m.capacitance_model != 4.0).then(Meyer::default),
        noise: noise(m, &context, temperature),
        off: c.word("off"),
        initial: c.list("ic"),
    })
}

fn context<'a, C: Channel>(
    m: &'a MosfetModel,
    d: &Derived,
    polarity: f64,
    [temperature, nominal]: [f64; 2],
    [width, length, multiplier]: [f64; 3],
) -> Context<'a> {
    let (thermal, ratio) = (thermal_voltage(temperature), temperature / nominal);
    let (gap, gap_nominal) = (silicon_gap(temperature), silicon_gap(nominal));
    let surface_potential = potential_at(d.surface_potential, temperature, nominal);
    let shift = if C::LEVEL == 3 { m.threshold_shift } else { 0.0 };
    // ngspice's tVbi: threshold without the square root of the body effect.
    let built_in = polarity * (d.threshold + shift) - d.body_effect * d.surface_potential.sqrt()
        + polarity * 0.5 * (gap_nominal - gap)
        + 0.5 * (surface_potential - d.surface_potential);
    let mobility_falls = ratio * ratio.sqrt();
    let doped = m.is_given("nsub") && m.doping > 0.0;
    Context {
        model: m,
        beta: d.transconductance / mobility_falls * multiplier * width / length,
        built_in,
        body_effect: d.body_effect,
        surface_potential,
        length,
        width,
        oxide: d.oxide,
        depletion: if doped { (2.0 * SILICON_PERMITTIVITY / (CHARGE * m.doping * 1e6)).sqrt() } else { 0.0 },
        mobility: m.mobility * 1e-4 / mobility_falls,
        bulk_potential: potential_at(m.potential, temperature, nominal),
        thermal,
        power_current: d.power_current / mobility_falls,
        multiplier,
    }
}

/// Junctions of the bulk with drain and source, in that order.
struct Bulk {
    saturations: [f64; 2],
    bottoms: [Depletion; 2],
    sides: [Depletion; 2],
}

impl Bulk {
    fn new<C: Channel>(c: &Construction, m: &MosfetModel, [temperature, nominal]: [f64; 2]) -> Self {
        let (options, multiplier) = (&c.circuit.options, c.multiplier());
        let size = |name: &str, default: f64| c.parameter(name).unwrap_or(default);
        let areas = [size("ad", options.defad), size("as", options.defas)];
        let growth = (silicon_gap(nominal) / thermal_voltage(nominal)
            - silicon_gap(temperature) / thermal_voltage(temperature))
        .exp();
        let by_density = m.saturation_density > 0.0 && areas.iter().all(|&area| area > 0.0);
        let junction = |capacitance: f64, grading: f64| {
            let tangent_at = m.forward_bias.min(0.95);
            let capacitance = capacitance * multiplier;
            Depletion::new(capacitance, m.potential, grading, tangent_at).at_temperature(temperature, nominal)
        };
        let mut per_area = m.bottom_capacitance;
        if C::has_process() && m.is_given("nsub") && !m.is_given("cj") {
            per_area = (SILICON_PERMITTIVITY * CHARGE * m.doping * 1e6 / (2.0 * m.potential)).sqrt();
        }
        let default_grading = if C::has_process() { 0.33 } else { 0.5 };
        let side_grading = if m.side_grading.is_nan() { default_grading } else { m.side_grading };
        let bottom =
            |given: bool, own: f64, area: f64| junction(if given { own } else { per_area * area }, m.bottom_grading);
        let side = |perimeter: f64| junction(m.side_capacitance * perimeter, side_grading);
        Bulk {
            saturations: areas
                .map(|area| multiplier * growth * if by_density { m.saturation_density * area } else { m.saturation }),
            bottoms: [
                bottom(m.is_given("cbd"), m.bulk_drain_capacitance, areas[0]),
                bottom(m.is_given("cbs"), m.bulk_source_capacitance, areas[1]),
            ],
            sides: [side(size("pd", 0.0)), side(size("ps", 0.0))],
        }
    }
}

fn noise(m: &MosfetModel, context: &Context, temperature: f64) -> Noise {
    let &Context { width, length, multiplier, .. } = context;
    // Without `tox`, ngspice takes 0.1 µm.
    let oxide = if context.oxide > 0.0 { context.oxide } else { OXIDE_PERMITTIVITY / OXIDE_THICKNESS };
    let level = if m.is_given("nlev") { m.noise_level } else { f64::NAN };
    let area = width * length * multiplier;
    let flicker = if level == 0.0 {
        m.flicker / (length * length * oxide)
    } else if level.is_nan() {
        m.flicker / (area * oxide * oxide)
    } else {
        m.flicker / (area * oxide)
    };
    Noise {
        temperature,
        flicker,
        exponent: m.flicker_exponent,
        of_conductance: level >= 2.0,
        overdrive: (level == 3.0).then_some(context.beta * m.noise_factor),
    }
}
