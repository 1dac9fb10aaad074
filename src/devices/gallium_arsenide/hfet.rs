//! Cards of level 5 and 6. Δ = T − Tnom: vto − kvto·Δ, mu − kmu·Δ, lambda + klambda·Δ, and nmax − knmax·Δ of level 6.

use super::channel::{Channel, Knee, TurnOn};
use super::gate::{Forward, GateDiode, Series};
use super::layers::{Junction, Layer, Second, Sheet};
use super::{CARD, ELEMENT, NOISE, QUANTITIES, Resistances, Transistor, add};
use crate::circuit::Model;
use crate::devices::adjustable::{Adjustable, Principal};
use crate::devices::constants::{CHARGE, K_OVER_Q};
use crate::devices::construct::Construction;
use crate::devices::junction::kelvin;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::diagnostic::Diagnostic;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

/// Permittivity of aluminium gallium arsenide, F/m.
const PERMITTIVITY: f64 = 12.244 * 8.854_18e-12;

parameters! {
    /// NMF, PMF, NHFET and PHFET model cards of level 5.
    pub struct FirstModel {
        #[allow(dead_code)]
        level: ["level"], "", 5.0, "Model level";
        threshold: ["vt0", "vto"], "V", f64::NAN, "Threshold voltage (default: 0.15, −0.15 of p-channels)";
        modulation: ["lambda"], "1/V", 0.15, "Output conductance";
        drain_resistance: ["rd"], "Ω", 0.0, "Drain resistance";
        source_resistance: ["rs"], "Ω", 0.0, "Source resistance";
        gate_resistance: ["rg"], "Ω", 0.0, "Gate resistance";
        inner_drain: ["rdi"], "Ω", 0.0, "Drain resistance as a part of the channel";
        inner_source: ["rsi"], "Ω", 0.0, "Source resistance as a part of the channel";
        junction_source: ["rgs"], "Ω", 90.0, "Resistance in series with the gate's junction at the source";
        junction_drain: ["rgd"], "Ω", 90.0, "Resistance in series with the gate's junction at the drain";
        at_source: ["ri"], "Ω", 0.0, "Resistance in series with the gate-source capacitance";
        at_drain: ["rf"], "Ω", 0.0, "Resistance in series with the gate-drain capacitance";
        ideality: ["eta"], "", f64::NAN, "Subthreshold ideality factor (default: 1.28, 1.4 of p-channels)";
        knee: ["m"], "", 3.0, "Shape of the knee";
        capacitance_knee: ["mc"], "", 3.0, "Shape of the knee of the capacitances";
        density_knee: ["gamma"], "", 3.0, "Shape of the approach to nmax";
        feedback: ["sigma0"], "", 0.057, "Effect of the drain on the threshold";
        feedback_at: ["vsigmat"], "V", 0.3, "Overdrive at which it ends";
        feedback_width: ["vsigma"], "V", 0.1, "Width of that end";
        mobility: ["mu"], "m²/(V·s)", f64::NAN, "Mobility (default: 0.4, 0.03 of p-channels)";
        depth: ["di"], "m", 0.04e-6, "Depth of the channel";
        smoothness: ["delta"], "", 3.0, "Width of the transition at the threshold";
        velocity: ["vs"], "m/s", f64::NAN, "Saturation velocity (default: 1.5e5, 0.8e5 of p-channels)";
        most_density: ["nmax"], "1/m²", 2e16, "Largest sheet density";
        depth_more: ["deltad"], "m", 4.5e-9, "What the channel is deeper than di";
        drain_first: ["js1d"], "A/m²", 1.0, "Saturation current of the first diode at the drain";
        drain_second: ["js2d"], "A/m²", 1.15e6, "Saturation current of the second diode at the drain";
        source_first: ["js1s"], "A/m²", 1.0, "Saturation current of the first diode at the source";
        source_second: ["js2s"], "A/m²", 1.15e6, "Saturation current of the second diode at the source";
        drain_emission: ["m1d"], "", 1.32, "Emission coefficient of js1d";
        drain_emission2: ["m2d"], "", 6.9, "Emission coefficient of js2d";
        source_emission: ["m1s"], "", 1.32, "Emission coefficient of js1s";
        source_emission2: ["m2s"], "", 6.9, "Emission coefficient of js2s";
        permittivity: ["epsi"], "F/m", PERMITTIVITY, "Permittivity";
        partition: ["p"], "", 1.0, "Sharing of the gate's charge between source and drain";
        #[expect(dead_code)]
        cm3: ["cm3"], "", 0.17, "Of gatemod=1";
        #[expect(dead_code)]
        a1: ["a1"], "", 0.0, "Of gatemod=1";
        #[expect(dead_code)]
        a2: ["a2"], "", 0.0, "Of gatemod=1";
        #[expect(dead_code)]
        mv1: ["mv1"], "", 3.0, "Of gatemod=1";
        #[expect(dead_code)]
        dispersion: ["kappa"], "", 0.0, "Growth of the output conductance over frequency";
        #[expect(dead_code)]
        frequency_width: ["delf"], "Hz", 0.0, "Width of that change";
        #[expect(dead_code)]
        frequency: ["fgds"], "Hz", 0.0, "Frequency of that change; 0 for none";
        #[expect(dead_code)]
        trap_temperature: ["tf"], "°C", 27.0, "Temperature of the traps";
        across: ["cds"], "F", 0.0, "Drain-source capacitance";
        #[expect(dead_code)]
        barrier: ["phib"], "J", 0.5 * CHARGE, "Of gatemod=1";
        #[expect(dead_code)]
        talpha: ["talpha"], "", 1200.0, "Of gatemod=1";
        #[expect(dead_code)]
        mt1: ["mt1"], "", 3.5, "Of gatemod=1";
        #[expect(dead_code)]
        mt2: ["mt2"], "", 9.9, "Of gatemod=1";
        #[expect(dead_code)]
        ck1: ["ck1"], "", 1.0, "Of gatemod=1";
        #[expect(dead_code)]
        ck2: ["ck2"], "", 0.0, "Of gatemod=1";
        #[expect(dead_code)]
        cm1: ["cm1"], "", 3.0, "Of gatemod=1";
        #[expect(dead_code)]
        cm2: ["cm2"], "", 0.0, "Of gatemod=1";
        #[expect(dead_code)]
        richardson: ["astar"], "A/(m²·K²)", 4e4, "Of gatemod=1";
        second_ideality: ["eta1"], "", 2.0, "Ideality factor of the second layer";
        second_depth: ["d1"], "m", 0.03e-6, "Depth of the second layer";
        second_threshold: ["vt1"], "V", f64::NAN, "Threshold of the second layer (default: vto + q·nmax·di/epsi)";
        #[expect(dead_code)]
        eta2: ["eta2"], "", 2.0, "Ideality factor of a third layer";
        #[expect(dead_code)]
        d2: ["d2"], "m", 0.2e-6, "Depth of a third layer";
        #[expect(dead_code)]
        vt2: ["vt2"], "V", 0.0, "Threshold of a third layer";
        conductance: ["ggr"], "S/m²", 40.0, "Conductance of the gate in reverse";
        growth: ["del"], "", 0.04, "Growth of the current in reverse";
        gate_model: ["gatemod"], "", 0.0, "Equations of the gate's current: 0 alone";
        modulation_slope: ["klambda"], "1/(V·K)", 0.0, "Temperature coefficient of lambda";
        mobility_slope: ["kmu"], "m²/(V·s·K)", 0.0, "Temperature coefficient of mu";
        threshold_slope: ["kvto"], "V/K", 0.0, "Temperature coefficient of vto";
    }
}

parameters! {
    /// NMF, PMF, NHFET and PHFET model cards of level 6.
    pub struct SecondModel {
        #[allow(dead_code)]
        level: ["level"], "", 6.0, "Model level";
        fringe: ["cf"], "F", 0.0, "Fringe capacitance of the gate at each end";
        second_depth: ["d1"], "m", 0.03e-6, "Depth of the second layer";
        #[expect(dead_code)]
        d2: ["d2"], "m", 0.2e-6, "Depth of a third layer";
        growth: ["del"], "", 0.04, "Growth of the current in reverse";
        smoothness: ["delta"], "", 3.0, "Width of the transition at the threshold";
        depth_more: ["deltad"], "m", 4.5e-9, "What the channel is deeper than di";
        depth: ["di"], "m", 0.04e-6, "Depth of the channel";
        permittivity: ["epsi"], "F/m", PERMITTIVITY, "Permittivity";
        ideality: ["eta"], "", f64::NAN, "Subthreshold ideality factor (default: 1.28, 1.4 of p-channels)";
        second_ideality: ["eta1"], "", 2.0, "Ideality factor of the second layer";
        #[expect(dead_code)]
        eta2: ["eta2"], "", 2.0, "Ideality factor of a third layer";
        density_knee: ["gamma"], "", 3.0, "Shape of the approach to nmax";
        conductance: ["ggr"], "S/m²", 0.0, "Conductance of the gate in reverse";
        saturation: ["js"], "A/m²", 0.0, "Saturation current of the gate";
        modulation_slope: ["klambda"], "1/(V·K)", 0.0, "Temperature coefficient of lambda";
        mobility_slope: ["kmu"], "m²/(V·s·K)", 0.0, "Temperature coefficient of mu";
        density_slope: ["knmax"], "1/(m²·K)", 0.0, "Temperature coefficient of nmax";
        threshold_slope: ["kvto"], "V/K", 0.0, "Temperature coefficient of vto";
        modulation: ["lambda"], "1/V", 0.15, "Output conductance";
        knee: ["m"], "", 3.0, "Shape of the knee";
        capacitance_knee: ["mc"], "", 3.0, "Shape of the knee of the capacitances";
        mobility: ["mu"], "m²/(V·s)", f64::NAN, "Mobility (default: 0.4, 0.03 of p-channels)";
        emission: ["n"], "", 5.0, "Emission coefficient of the gate";
        most_density: ["nmax"], "1/m²", 2e16, "Largest sheet density";
        partition: ["p"], "", 1.0, "Sharing of the gate's charge between source and drain";
        drain_resistance: ["rd"], "Ω", 0.0, "Drain resistance";
        inner_drain: ["rdi"], "Ω", 0.0, "Drain resistance as a part of the channel";
        source_resistance: ["rs"], "Ω", 0.0, "Source resistance";
        inner_source: ["rsi"], "Ω", 0.0, "Source resistance as a part of the channel";
        feedback: ["sigma0"], "", 0.057, "Effect of the drain on the threshold";
        velocity: ["vs"], "m/s", f64::NAN, "Saturation velocity (default: 1.5e5, 0.8e5 of p-channels)";
        feedback_width: ["vsigma"], "V", 0.1, "Width of the end of sigma0";
        feedback_at: ["vsigmat"], "V", 0.3, "Overdrive of that end";
        threshold: ["vt0", "vto"], "V", f64::NAN, "Threshold voltage (default: 0.15, −0.15 of p-channels)";
        second_threshold: ["vt1"], "V", f64::NAN, "Threshold of the second layer (default: vto + q·nmax·di/epsi)";
        #[expect(dead_code)]
        vt2: ["vt2"], "V", 0.0, "Threshold of a third layer";
    }
}

/// Numbers of Z cards with a model of level 5.
pub const FIRST_NUMBERS: Adjustable =
    Adjustable { principal: Principal::None, element: ELEMENT, model: FirstModel::TABLE };

/// Numbers of Z cards with a model of level 6.
pub const SECOND_NUMBERS: Adjustable =
    Adjustable { principal: Principal::None, element: ELEMENT, model: SecondModel::TABLE };

const CARD_LINE: &str = "Z1 drain gate source MODEL [l=…] [w=…] [off] [ic=vds,vgs] [parameter=…]";

/// The manual's page of level 5.
pub const FIRST_PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("channel.rs"),
        head_of_file!("layers.rs"),
        head_of_file!("gate.rs"),
        head_of_file!("hfet.rs"),
    ],
    element: CARD,
    models: &[ModelTable::numbers("nmf, pmf, nhfet, phfet with level=5", FirstModel::TABLE)],
    quantities: QUANTITIES,
    noise: NOISE,
    status: Status::Differs(
        "noise is there; without the gate's current by hot electrons (`gatemod=1`) and dispersion (`kappa`)",
    ),
    ngspice: &["HFET1"],
    otherwise: &["icvds", "icvgs"],
    ..Page::new("hfet1", "Heterostructure transistor HFET1", CARD_LINE)
};

/// The manual's page of level 6.
pub const SECOND_PAGE: Page = Page {
    texts: FIRST_PAGE.texts,
    element: CARD,
    models: &[ModelTable::numbers("nmf, pmf, nhfet, phfet with level=6", SecondModel::TABLE)],
    quantities: QUANTITIES,
    noise: &[("rd", "4kT/rd"), ("rs", "4kT/rs"), ("id", "4kT·⅔·gm")],
    status: Status::Differs("noise is there"),
    ngspice: &["HFET2"],
    otherwise: &["icvds", "icvgs"],
    ..Page::new("hfet2", "Heterostructure transistor HFET2", CARD_LINE)
};

/// What both levels have, at the transistor's temperature.
struct Hetero {
    temperature: f64,
    threshold: f64,
    modulation: f64,
    mobility: f64,
    velocity: f64,
    most_density: f64,
    density_knee: f64,
    permittivity: f64,
    depth: f64,
    ideality: f64,
    smoothness: f64,
    feedback: [f64; 3],
    inner: [f64; 2],
    knees: [f64; 2],
    partition: f64,
    /// eta1, d1, vt1
    second: [f64; 3],
    fringe: f64,
}

/// What p-channels have by default and n-channels not.
fn default_of(value: f64, card: &Model, [n, p]: [f64; 2]) -> f64 {
    if !value.is_nan() {
        value
    } else if super::polarity(card) > 0.0 {
        n
    } else {
        p
    }
}

const THRESHOLD: [f64; 2] = [0.15, -0.15];
const MOBILITY: [f64; 2] = [0.4, 0.03];
const VELOCITY: [f64; 2] = [1.5e5, 0.8e5];
const IDEALITY: [f64; 2] = [1.28, 1.4];

/// What the cards of both levels have under the same names.
macro_rules! hetero {
    ($m:ident, $card:ident, $warm:expr, $most_density:expr, $fringe:expr) => {{
        let (temperature, delta) = $warm;
        let threshold = default_of($m.threshold, $card, THRESHOLD);
        Hetero {
            temperature,
            threshold: threshold - $m.threshold_slope * delta,
            modulation: $m.modulation + $m.modulation_slope * delta,
            mobility: default_of($m.mobility, $card, MOBILITY) - $m.mobility_slope * delta,
            velocity: default_of($m.velocity, $card, VELOCITY),
            most_density: $most_density,
            density_knee: $m.density_knee,
            permittivity: $m.permittivity,
            depth: $m.depth + $m.depth_more,
            ideality: default_of($m.ideality, $card, IDEALITY),
            smoothness: $m.smoothness,
            feedback: [$m.feedback, $m.feedback_at, $m.feedback_width],
            inner: [$m.inner_source, $m.inner_drain],
            knees: [$m.knee, $m.capacitance_knee],
            partition: $m.partition,
            second: [
                $m.second_ideality,
                $m.second_depth,
                second_threshold($m.second_threshold, threshold, $m.most_density * $m.depth / $m.permittivity),
            ],
            fringe: $fringe,
        }
    }};
}

pub fn construct_first(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let m = FirstModel::of(card, c.diagnostics);
    if m.gate_model != 0.0 {
        let span = card.parameter("gatemod").map_or(card.span, |parameter| parameter.span);
        let message = format!("model `{}` asks for a gate current by hot electrons, which is not there", card.name);
        return c.error(Diagnostic::error(message).at(span).hint("`gatemod=0`"));
    }
    let positive = [
        ("js1s", m.source_first),
        ("js2s", m.source_second),
        ("js1d", m.drain_first),
        ("js2d", m.drain_second),
        ("m1s", m.source_emission),
        ("m1d", m.drain_emission),
    ];
    let are_positive = c.check_positive(card, &positive);
    let Some([length, width]) = super::size(&mut c).filter(|_| are_positive) else { return };
    let warm = temperature(&c);
    let hetero = hetero!(m, card, warm, m.most_density, 0.5 * m.permittivity * width);
    let gates = m.gates(warm.0, 0.5 * length * width);
    let Some(mut transistor) = hetero.transistor(&mut c, card, [length, width], gates) else { return };
    transistor.across = m.across * transistor.multiplier;
    let resistances = Resistances {
        drain: m.drain_resistance,
        source: m.source_resistance,
        gate: m.gate_resistance,
        at_source: m.at_source,
        at_drain: m.at_drain,
    };
    add(c, transistor, &resistances);
}

impl FirstModel {
    /// Junctions of source and drain at a temperature in K, of half the channel's area in m².
    fn gates(&self, temperature: f64, half: f64) -> [GateDiode; 2] {
        let thermal = K_OVER_Q * temperature;
        let series = |currents: [f64; 2], emissions: [f64; 2], resistance: f64| GateDiode {
            forward: Forward::Series(Series {
                saturations: currents.map(|current| current * half),
                scales: emissions.map(|emission| emission * thermal),
                resistance,
            }),
            conductance: self.conductance * half,
            growth: self.growth / thermal,
        };
        [
            series(
                [self.source_first, self.source_second],
                [self.source_emission, self.source_emission2],
                self.junction_source,
            ),
            series(
                [self.drain_first, self.drain_second],
                [self.drain_emission, self.drain_emission2],
                self.junction_drain,
            ),
        ]
    }
}

pub fn construct_second(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let m = SecondModel::of(card, c.diagnostics);
    let are_positive = c.check_positive(card, &[("n", m.emission)]);
    let Some([length, width]) = super::size(&mut c).filter(|_| are_positive) else { return };
    let warm = temperature(&c);
    let hetero = hetero!(m, card, warm, m.most_density - m.density_slope * warm.1, m.fringe);
    let (thermal, half) = (K_OVER_Q * warm.0, 0.5 * length * width);
    let gate = GateDiode {
        forward: Forward::Exponential { saturation: m.saturation * half, scale: m.emission * thermal },
        conductance: m.conductance * half,
        growth: m.growth / thermal,
    };
    let Some(transistor) = hetero.transistor(&mut c, card, [length, width], [gate.clone(), gate]) else { return };
    let resistances = Resistances { drain: m.drain_resistance, source: m.source_resistance, ..Resistances::default() };
    add(c, transistor, &resistances);
}

/// Of the card in K, and how much warmer it is than the parameters.
fn temperature(c: &Construction) -> (f64, f64) {
    (kelvin(c.temperature()), c.temperature() - c.circuit.options.tnom)
}

fn second_threshold(value: f64, threshold: f64, charge_over_capacitance: f64) -> f64 {
    if value.is_nan() { threshold + CHARGE * charge_over_capacitance } else { value }
}

impl Hetero {
    fn transistor(
        &self,
        c: &mut Construction,
        card: &Model,
        size: [f64; 2],
        [source, drain]: [GateDiode; 2],
    ) -> Option<Transistor> {
        let positive = [
            ("mu", self.mobility),
            ("nmax", self.most_density),
            ("vs", self.velocity),
            ("eta", self.ideality),
            ("gamma", self.density_knee),
            ("di", self.depth),
            ("epsi", self.permittivity),
            ("m", self.knees[0]),
            ("mc", self.knees[1]),
            ("vsigma", self.feedback[2]),
            ("eta1", self.second[0]),
            ("d1", self.second[1]),
        ];
        if !c.check_positive(card, &positive) {
            return None;
        }
        let thermal = K_OVER_Q * self.temperature;
        let [feedback, at, width] = self.feedback;
        Some(Transistor {
            polarity: super::polarity(card),
            multiplier: c.multiplier(),
            channel: Channel {
                turn_on: TurnOn {
                    threshold: self.threshold,
                    side: [0.0; 2],
                    feedback,
                    feedback_at: [at, width],
                    smoothness: self.smoothness,
                    part: 1.0,
                    thermal,
                    subthreshold: self.ideality * thermal,
                },
                layer: self.layer(thermal, size),
                knee: Knee {
                    current: self.knees[0],
                    growth: 0.0,
                    capacitance: self.knees[1],
                    partition: (self.partition != 1.0).then_some(self.partition),
                    modulation: self.modulation,
                },
                fringe: self.fringe,
            },
            source,
            drain,
            across: 0.0,
            charges: Default::default(),
            temperature: self.temperature,
            off: c.word("off"),
            initial: c.list("ic"),
        })
    }

    fn layer(&self, thermal: f64, [length, width]: [f64; 2]) -> Layer {
        let [inner_source, inner_drain] = self.inner;
        let [ideality, depth, threshold] = self.second;
        let area = length * width;
        Layer::Junction(Junction {
            sheet: Sheet {
                scale: CHARGE * width / length,
                source: inner_source,
                total: inner_source + inner_drain,
                mobility: self.mobility,
            },
            density: 0.5 * self.permittivity * self.ideality * thermal / (CHARGE * self.depth),
            most: self.most_density,
            bend: self.density_knee,
            velocity: self.velocity / self.mobility * length,
            most_current: CHARGE * self.most_density * self.velocity * width,
            capacitance: self.permittivity * area / self.depth,
            factors: [1.0, 1.0],
            second: Some(Second { area, depth: depth / self.permittivity, scale: ideality * thermal, threshold }),
        })
    }
}
