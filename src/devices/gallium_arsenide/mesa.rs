//! Cards of level 2, 3 and 4. T is the temperature of the source, Δ = T − Tnom.
//!
//! ```text
//! vto − tvto·Δ + ks·(v(source) − vsg),   λ·(1 − T/tlambda),   η·(1 + T/teta0) + teta1/T,   R·(1 + rtc1·Δ + rtc2·Δ²)
//! 1/μ = 1/(mu·(T/tmu)^xtm0) + 1/(mu1·(tmu/T)^xtm1 + mu2·(tmu/T)^xtm2),   the second term with mu1 or mu2
//! ```
//! As in ngspice tlambda, teta0, teta1 and tmu are in °C on the card and in K in these formulas; without them tmu is
//! 300.15 K, teta1 is 0 and the others are infinite. The drain's junction (but its ggr) and rd, rf have the temperature of the drain.

use super::channel::{Channel, Knee, TurnOn};
use super::gate::{Forward, GateDiode};
use super::layers::{Junction, Layer, Sheet, Thin, Uniform};
use super::{CARD, ELEMENT, NOISE, QUANTITIES, Resistances, Transistor, add, kelvin_or};
use crate::circuit::Model;
use crate::devices::adjustable::{Adjustable, Principal};
use crate::devices::constants::{CHARGE, K_OVER_Q, REFERENCE_TEMPERATURE};
use crate::devices::construct::Construction;
use crate::devices::junction::kelvin;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// NMF and PMF model cards of level 2 to 4.
    pub struct MesaModel {
        level: ["level"], "", 2.0, "Model level";
        threshold: ["vto", "vt0"], "V", -1.26, "Pinch-off voltage";
        modulation: ["lambda"], "1/V", 0.045, "Output conductance";
        #[expect(dead_code)]
        modulation_high: ["lambdahf"], "1/V", 0.045, "Output conductance at high frequencies";
        beta: ["beta"], "A/V²", 0.0085, "Transconductance parameter (level 3)";
        velocity: ["vs"], "m/s", 1.5e5, "Saturation velocity";
        drain_resistance: ["rd"], "Ω", 0.0, "Drain resistance";
        source_resistance: ["rs"], "Ω", 0.0, "Source resistance";
        gate_resistance: ["rg"], "Ω", 0.0, "Gate resistance";
        at_source: ["ri"], "Ω", 0.0, "Resistance in series with the gate-source capacitance";
        at_drain: ["rf"], "Ω", 0.0, "Resistance in series with the gate-drain capacitance";
        inner_drain: ["rdi"], "Ω", 0.0, "Drain resistance as a part of the channel";
        inner_source: ["rsi"], "Ω", 0.0, "Source resistance as a part of the channel";
        barrier: ["phib"], "J", 0.5 * CHARGE, "Height of the Schottky barrier";
        #[expect(dead_code)]
        barrier_slope: ["phib1", "tphib"], "J/K", 0.0, "Temperature coefficient of phib";
        richardson: ["astar"], "A/(m²·K²)", 4e4, "Richardson constant";
        conductance: ["ggr"], "S/m²", 40.0, "Conductance of the gate in reverse";
        growth: ["del"], "", 0.04, "Growth of the current in reverse";
        conductance_slope: ["xchi", "tggr"], "1/K", 0.033, "Temperature coefficient of ggr";
        emission: ["n"], "", 1.0, "Emission coefficient of the gate";
        ideality: ["eta"], "", 1.73, "Subthreshold ideality factor";
        knee: ["m"], "", 2.5, "Shape of the knee";
        capacitance_knee: ["mc"], "", 3.0, "Shape of the knee of the capacitances";
        knee_slope: ["alpha"], "1/V", 0.0, "Dependence of m on the gate (level 2)";
        feedback: ["sigma0"], "", 0.081, "Effect of the drain on the threshold";
        feedback_at: ["vsigmat"], "V", 1.01, "Overdrive at which it ends";
        feedback_width: ["vsigma"], "V", 0.1, "Width of that end";
        mobility: ["mu"], "m²/(V·s)", 0.23, "Mobility";
        mobility_slope: ["theta"], "m²/(V²·s)", 0.0, "Dependence of the mobility on the gate (level 2)";
        mobility1: ["mu1"], "m²/(V·s)", 0.0, "Second mobility";
        mobility2: ["mu2"], "m²/(V·s)", 0.0, "Third mobility";
        depth: ["d"], "m", 0.12e-6, "Depth of the channel (levels 2, 4)";
        doping: ["nd"], "1/m³", 2e23, "Doping of the channel (level 2)";
        upper_depth: ["du"], "m", 0.035e-6, "Depth of the upper layer (level 3)";
        upper_doping: ["ndu"], "1/m³", 1e22, "Doping of the upper layer (level 3)";
        thin_depth: ["th"], "m", 0.01e-6, "Thickness of the doped layer (level 3)";
        thin_doping: ["ndelta"], "1/m³", 6e24, "Doping of the doped layer (level 3)";
        smoothness: ["delta"], "", 5.0, "Width of the transition at the threshold";
        compression: ["tc"], "1/V", 0.0, "Compression of the transconductance (levels 2, 3)";
        threshold_slope: ["tvto", "alphat"], "V/K", 0.0, "Temperature coefficient of vto";
        modulation_at: ["tlambda"], "°C", f64::INFINITY, "Temperature of lambda";
        ideality_at: ["teta0"], "°C", f64::INFINITY, "Temperature of eta";
        ideality_more: ["teta1"], "°C", 0.0, "Second temperature of eta";
        mobility_at: ["tmu"], "°C", 27.0, "Temperature of the mobility";
        mobility_exponent: ["xtm0"], "", 0.0, "Temperature exponent of mu";
        mobility_exponent1: ["xtm1"], "", 0.0, "Temperature exponent of mu1";
        mobility_exponent2: ["xtm2"], "", 0.0, "Temperature exponent of mu2";
        side_slope: ["ks"], "", 0.0, "Effect of the side gate on the threshold";
        side_voltage: ["vsg"], "V", 0.0, "Voltage of the side gate";
        #[expect(dead_code)]
        trap_temperature: ["tf"], "°C", 27.0, "Temperature of the traps";
        #[expect(dead_code)]
        frequency: ["flo"], "Hz", 0.0, "Frequency at which lambda changes; 0 for none";
        #[expect(dead_code)]
        frequency_width: ["delfo"], "Hz", 0.0, "Width of that change";
        #[expect(dead_code)]
        drift: ["ag"], "", 0.0, "Dispersion of the transconductance";
        resistance_slope: ["rtc1"], "1/K", 0.0, "First-order temperature coefficient of resistances";
        resistance_square: ["rtc2"], "1/K²", 0.0, "Second-order temperature coefficient of resistances";
        factor: ["zeta"], "", 1.0, "Factor of the saturation current (level 2)";
        most_density: ["nmax"], "1/m²", 2e16, "Largest sheet density (level 4)";
        density_knee: ["gamma"], "", 3.0, "Shape of its approach (level 4)";
        permittivity: ["epsi"], "F/m", 12.244 * 8.854_18e-12, "Permittivity (level 4)";
        capacitance_above: ["cas"], "", 1.0, "Factor of the capacitance above threshold (level 4)";
        capacitance_below: ["cbs"], "", 1.0, "Factor of the capacitance below threshold (level 4)";
    }
}

/// Numbers of Z cards with a model of level 2 to 4.
pub const NUMBERS: Adjustable = Adjustable { principal: Principal::None, element: ELEMENT, model: MesaModel::TABLE };

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[
        head_of_file!("mod.rs"),
        head_of_file!("channel.rs"),
        head_of_file!("layers.rs"),
        head_of_file!("gate.rs"),
        head_of_file!("mesa.rs"),
    ],
    element: CARD,
    models: &[ModelTable::numbers("nmf, pmf with level=2, 3 or 4", MesaModel::TABLE)],
    quantities: QUANTITIES,
    noise: NOISE,
    status: Status::Differs("noise is there; without dispersion (`lambdahf`)"),
    ngspice: &["MESA"],
    otherwise: &["icvds", "icvgs"],
    ..Page::new("mesa", "MESFET MESA", "Z1 drain gate source MODEL [l=…] [w=…] [off] [ic=vds,vgs] [parameter=…]")
};

/// Permittivity of gallium arsenide, F/m.
const PERMITTIVITY: f64 = 12.244 * 8.854_18e-12;

/// Temperatures of source and drain and of the parameters, and what follows from them.
struct Warm {
    source: f64,
    drain: f64,
    nominal: f64,
    thermal: f64,
    ideality: f64,
    mobility: f64,
    modulation: f64,
    threshold: f64,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    let model = MesaModel::of(card, c.diagnostics);
    let positive = [
        ("m", model.knee),
        ("mc", model.capacitance_knee),
        ("mu", model.mobility),
        ("vs", model.velocity),
        ("eta", model.ideality),
        ("n", model.emission),
        ("astar", model.richardson),
        ("vsigma", model.feedback_width),
        ("d", model.depth),
        ("nd", model.doping),
        ("du", model.upper_depth),
        ("th", model.thin_depth),
        ("ndu", model.upper_doping),
        ("ndelta", model.thin_doping),
        ("nmax", model.most_density),
        ("gamma", model.density_knee),
        ("epsi", model.permittivity),
    ];
    let are_positive = c.check_positive(card, &positive);
    let Some(size) = super::size(&mut c).filter(|_| are_positive) else { return };
    let warm = model.warm(&c, card);
    let transistor = model.transistor(&c, card, &warm, size);
    let resistance = |value: f64, temperature: f64| model.resistance(value, temperature, &warm);
    let resistances = Resistances {
        drain: resistance(model.drain_resistance, warm.drain),
        source: resistance(model.source_resistance, warm.source),
        gate: resistance(model.gate_resistance, warm.source),
        at_source: resistance(model.at_source, warm.source),
        at_drain: resistance(model.at_drain, warm.drain),
    };
    add(c, transistor, &resistances);
}

impl MesaModel {
    /// A resistance in Ω at a temperature in K.
    fn resistance(&self, value: f64, temperature: f64, warm: &Warm) -> f64 {
        let delta = temperature - warm.nominal;
        value * (1.0 + delta * (self.resistance_slope + delta * self.resistance_square))
    }

    fn warm(&self, c: &Construction, card: &Model) -> Warm {
        let at = |name: &str| kelvin(c.parameter(name).unwrap_or(c.temperature()));
        let (source, drain, nominal) = (at("ts"), at("td"), kelvin(c.circuit.options.tnom));
        let on_card = |name: &str, value: f64, default: f64| kelvin_or(card, name, value, default);
        let mobility_at = on_card("tmu", self.mobility_at, REFERENCE_TEMPERATURE);
        let ratio = source / mobility_at;
        let mut mobility = self.mobility * ratio.powf(self.mobility_exponent);
        if self.mobility1 != 0.0 || self.mobility2 != 0.0 {
            let phonons = self.mobility1 * ratio.powf(-self.mobility_exponent1)
                + self.mobility2 * ratio.powf(-self.mobility_exponent2);
            mobility = 1.0 / (1.0 / mobility + 1.0 / phonons);
        }
        let ideality = self.ideality * (1.0 + source / on_card("teta0", self.ideality_at, f64::INFINITY))
            + on_card("teta1", self.ideality_more, 0.0) / source;
        Warm {
            source,
            drain,
            nominal,
            thermal: K_OVER_Q * source,
            ideality,
            mobility,
            modulation: self.modulation * (1.0 - source / on_card("tlambda", self.modulation_at, f64::INFINITY)),
            threshold: self.threshold - self.threshold_slope * (source - nominal),
        }
    }

    fn transistor(&self, c: &Construction, card: &Model, warm: &Warm, size: [f64; 2]) -> Transistor {
        let [length, width] = size;
        let permittivity = if self.level == 4.0 { self.permittivity } else { PERMITTIVITY };
        let channel = Channel {
            turn_on: TurnOn {
                threshold: warm.threshold,
                side: [self.side_slope, self.side_voltage],
                feedback: self.feedback,
                feedback_at: [self.feedback_at, self.feedback_width],
                smoothness: self.smoothness,
                part: if self.level == 4.0 { 1.0 } else { 0.5 },
                thermal: warm.thermal,
                subthreshold: warm.ideality * warm.thermal,
            },
            layer: self.layer(warm, size),
            knee: Knee {
                current: self.knee,
                growth: if self.level == 2.0 { self.knee_slope } else { 0.0 },
                capacitance: self.capacitance_knee,
                partition: None,
                modulation: warm.modulation,
            },
            fringe: 0.5 * permittivity * width,
        };
        let junction = |temperature: f64| self.junction(temperature, warm, length * width);
        Transistor {
            polarity: super::polarity(card),
            multiplier: c.multiplier(),
            channel,
            source: junction(warm.source),
            drain: junction(warm.drain),
            across: 0.0,
            charges: Default::default(),
            temperature: warm.source,
            off: c.word("off"),
            initial: c.list("ic"),
        }
    }

    fn layer(&self, warm: &Warm, [length, width]: [f64; 2]) -> Layer {
        let source = self.resistance(self.inner_source, warm.source, warm);
        let sheet = Sheet {
            scale: CHARGE * width / length,
            source,
            total: source + self.resistance(self.inner_drain, warm.drain, warm),
            mobility: warm.mobility,
        };
        let (epsilon, area) = (PERMITTIVITY, length * width);
        let below = |permittivity: f64, depth: f64| permittivity * warm.ideality * warm.thermal / (CHARGE * depth);
        match self.level {
            3.0 => {
                let ([du, th], per) = ([self.upper_depth, self.thin_depth], 0.5 * CHARGE / epsilon);
                Layer::Thin(Thin {
                    sheet,
                    beta: self.beta,
                    compression: self.compression,
                    doping: [self.upper_doping, self.thin_doping],
                    depth: [du, th],
                    permittivity: epsilon,
                    pinch: [per * self.upper_doping * du * du, per * self.thin_doping * th * (2.0 * du + th)],
                    below: below(epsilon, du + th),
                    below_current: CHARGE * below(epsilon, du) * warm.thermal * width / length,
                    area: epsilon * area,
                })
            }
            4.0 => Layer::Junction(Junction {
                density: 0.5 * below(self.permittivity, self.depth),
                most: self.most_density,
                bend: self.density_knee,
                velocity: self.velocity / warm.mobility * length,
                most_current: CHARGE * self.most_density * self.velocity * width,
                capacitance: self.permittivity * area / self.depth,
                factors: [self.capacitance_above, self.capacitance_below],
                second: None,
                sheet,
            }),
            _ => Layer::Uniform(Uniform {
                slope: self.mobility_slope,
                most: self.doping * self.depth,
                below: below(epsilon, self.depth),
                pinch: 0.5 * CHARGE / epsilon * self.doping * self.depth * self.depth,
                gain: 2.0 * epsilon * self.velocity * self.factor * width / self.depth,
                velocity: 3.0 * self.velocity * length,
                compression: self.compression,
                thermal: warm.thermal,
                capacitance: epsilon * area / self.depth,
                sheet,
            }),
        }
    }

    fn junction(&self, temperature: f64, warm: &Warm, area: f64) -> GateDiode {
        let thermal = K_OVER_Q * temperature;
        let barrier = self.barrier / CHARGE;
        let saturation = 0.5 * self.richardson * temperature * temperature * (-barrier / thermal).exp() * area;
        GateDiode {
            forward: Forward::Exponential { saturation, scale: self.emission * thermal },
            conductance: self.conductance * (self.conductance_slope * (warm.source - warm.nominal)).exp() * area,
            growth: self.growth / thermal,
        }
    }
}
