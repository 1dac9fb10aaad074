//! J with `level=2`: the short-channel field-effect transistor of Parker and Skellern.
//!
//! ```text
//! vgst = vgs − vto − γ·ugd − η·(vgs − ugs) − γh·(vgd − ugd)
//! γ = lfgam − lfg1·ugs + lfg2·ugd,  γh = hfgam − hfg1·ugs + hfg2·ugd,  η = hfeta − hfe1·ugd + hfe2·ugs
//! taug·dugs/dt = vgs − ugs,  taug·dugd/dt = vgd − ugd            (voltages that traps follow)
//! vgt  = vst'·ln(1 + e^(vgst/vst')),  vst' = vst·(1 + mvst·vds)   (vgst without vst)
//! vsat = vgt/(1 + vgt/(mxi·vgt + xi·(vbi − vto)))
//! vdp  = vds·(p/q)·(vgt/(vbi − vto))^(p − q)
//! vdt  = ½·√((vdp·√(1 + z) + vsat)² + z·vsat²) − ½·√((vdp·√(1 + z) − vsat)² + z·vsat²)
//! i    = β·(1 + λ·vds)·(vgt^q − (vgt − vdt)^q)
//! id   = i/(1 + delta·w),  taud·dw/dt = vds·i − w                 (power that heats the channel)
//! ```
//! for vds ≥ 0; source and drain change places for vds < 0. Gate junctions have the current is·(e^(v/(n·Vt)) − 1) − ibd·(e^(−v/vbd) − 1),
//! exponentials going on as tangents beyond e⁴⁰. RD and RS are separate resistors; cds stands between inner drain and source. Capacitances of the gate, with
//! a = ½·xi·(vbi − vto)/(xi + 1):
//!
//! ```text
//! vert = √(vds² + a²),  ve = ½·(vgs + vgd + vert) + acgam·vds
//! vr = (1 − xc)·(ve − vto),  vrt = √(vr² + 0.2²),  vn = ve + ½·(vrt − vr)
//! C = cgs·½·(1 + xc + (1 − xc)·vr/vrt)/√(1 − vn/vbi)              (its tangent beyond fc·vbi)
//! k± = ½·(1 ± vds/vert),  Cgs = C·(k⁺ + acgam) + cgd·(k⁻ + acgam),  Cgd = C·(k⁻ − acgam) + cgd·(k⁺ − acgam)
//! ```
//! They are derivatives of one charge of the gate; which part of it source and drain give follows, as in ngspice, from the path that
//! the voltages take (see the MOS transistor). Over frequency with vds < 0, ngspice 39 exchanges some derivatives by ugs and ugd; here
//! they are those of these equations.
//!
//! Noise: thermal 4kT·⅔·gm, kf·|id|^af/f.
//!
//! Sources: Parker and Skellern, IEEE Trans. Microwave Theory Tech. 45, 1563 (1997); ngspice-39 manual, section 9.2.

use super::construct::Construction;
use super::device::{Contribution, Device, Environment, Lead, Moment, Occurrence, QuantityInfo};
use super::field_effect::{ChargePath, GateJunction};
use super::junction::{Depletion, critical_voltage, kelvin};
use super::noise::{NoiseSource, flicker_of_current};
use super::parameters::Unknowns;
use super::series_resistance::{SeriesResistance, behind};
use crate::devices::assembly::UnknownKind;
use crate::numerics::dual::Dual;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;

parameters! {
    /// NJF and PJF model cards of level 2.
    pub struct ParkerSkellernModel {
        #[allow(dead_code)]
        level: ["level"], "", 2.0, "Model level";
        threshold: ["vt0", "vto"], "V", -2.0, "Pinch-off voltage";
        transconductance: ["beta"], "A/V^q", 1e-4, "Transconductance parameter";
        modulation: ["lambda"], "1/V", 0.0, "Channel-length modulation";
        power: ["q"], "", 2.0, "Exponent in saturation";
        linear_power: ["p"], "", 2.0, "Exponent in the linear region";
        knee: ["z"], "", 1.0, "Roundness of the knee";
        saturation_potential: ["xi"], "", 1000.0, "Saturation by velocity, as a factor on vbi − vto";
        saturation_slope: ["mxi"], "", 0.0, "Dependence of xi on the gate";
        subthreshold: ["vst"], "V", 0.0, "Voltage of the exponential below threshold; 0 for none";
        subthreshold_slope: ["mvst"], "1/V", 0.0, "Dependence of vst on the drain";
        drain_feedback: ["lfgam"], "", 0.0, "Drain feedback on the threshold";
        drain_feedback_gate: ["lfg1"], "1/V", 0.0, "Decrease of lfgam with vgs";
        drain_feedback_drain: ["lfg2"], "1/V", 0.0, "Increase of lfgam with vgd";
        fast_feedback: ["hfgam"], "", f64::NAN, "Drain feedback at high frequency (default: lfgam)";
        fast_feedback_gate: ["hfg1"], "1/V", 0.0, "Decrease of hfgam with vgs";
        fast_feedback_drain: ["hfg2"], "1/V", 0.0, "Increase of hfgam with vgd";
        fast_gate: ["hfeta"], "", 0.0, "Gate feedback on the threshold at high frequency";
        fast_gate_drain: ["hfe1"], "1/V", 0.0, "Decrease of hfeta with vgd";
        fast_gate_gate: ["hfe2"], "1/V", 0.0, "Increase of hfeta with vgs";
        trap_time: ["taug"], "s", 0.0, "Time in which traps follow the voltages";
        heating: ["delta"], "1/W", 0.0, "Decrease of the current with the power";
        heat_time: ["taud"], "s", 0.0, "Time in which the channel's temperature follows the power";
        drain_resistance: ["rd"], "Ω", 0.0, "Drain resistance";
        source_resistance: ["rs"], "Ω", 0.0, "Source resistance";
        source_capacitance: ["cgs"], "F", 0.0, "Zero-bias gate-source capacitance";
        drain_capacitance: ["cgd"], "F", 0.0, "Zero-bias gate-drain capacitance";
        channel_capacitance: ["cds"], "F", 0.0, "Drain-source capacitance";
        capacitance_modulation: ["acgam"], "", 0.0, "Effect of the drain on the gate's charge";
        capacitance_left: ["xc"], "", 0.0, "Part of the capacitance that is left below threshold";
        forward_bias: ["fc"], "", 0.5, "Where depletion charge becomes quadratic, as part of vbi";
        potential: ["vbi", "pb"], "V", 1.0, "Gate junction potential";
        saturation: ["is"], "A", 1e-14, "Gate junction saturation current";
        emission: ["n"], "", 1.0, "Gate junction emission coefficient";
        breakdown_current: ["ibd"], "A", 0.0, "Breakdown current of the gate junctions";
        breakdown_potential: ["vbd"], "V", 1.0, "Voltage in which it grows by e";
        tnom: ["tnom", "tref"], "°C", f64::NAN, "Temperature of the parameters";
        flicker: ["kf"], "", 0.0, "Flicker noise coefficient";
        flicker_exponent: ["af"], "", 1.0, "Flicker noise exponent";
        #[allow(dead_code)]
        version: ["ver"], "", 0.0, "Version of the model, without effect";
    }
}

/// Width of the threshold in the capacitances, V.
const WIDTH: f64 = 0.2;

/// Where exponentials of the gate's currents go on as tangents, as in ngspice.
const STEEPEST: f64 = 40.0;

/// Below so many subthreshold voltages nothing is left of the current.
const OFF: f64 = -60.0;

/// The channel; all voltages as of an n-channel, currents with area and multiplier.
struct Channel {
    m: ParkerSkellernModel,
    beta: f64,
    /// (p/q)/(vbi − vto)^(p − q)
    linear: f64,
    /// xi·(vbi − vto), V
    velocity: f64,
    /// delta, 1/W
    heating: f64,
}

/// The gate's capacitances at a pair of voltages.
struct Gate {
    /// Zero-bias capacitances, F.
    source: f64,
    drain: f64,
    potential: f64,
    threshold: f64,
    /// a, V
    width: f64,
    modulation: f64,
    left: f64,
    /// fc·vbi, V
    tangent: f64,
}

/// The intrinsic transistor; unknowns: inner drain, gate, inner source, ugs, ugd, w.
struct ParkerSkellern {
    polarity: f64,
    channel: Channel,
    gate: Gate,
    charges: ChargePath<2>,
    /// F
    across: f64,
    saturation: f64,
    /// n·Vt
    scale: f64,
    critical: f64,
    breakdown: f64,
    multiplier: f64,
    /// K, of the thermal noise.
    temperature: f64,
    flicker: f64,
    off: bool,
    initial: Option<[f64; 2]>,
}

/// Adds a transistor whose card and level have been looked at.
pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(super::jfet::CARD, Unknowns::Warn);
    let model = ParkerSkellernModel::of(card, c.diagnostics);
    let woo = model.potential - model.threshold;
    let are_positive = c.check_positive(
        card,
        &[
            ("is", model.saturation),
            ("n", model.emission),
            ("vbi", model.potential),
            ("vbd", model.breakdown_potential),
            ("q", model.power),
            ("p", model.linear_power),
            ("xi", model.saturation_potential),
            ("vto", woo),
        ],
    );
    let Some(area) = c.area().filter(|_| are_positive) else { return };
    let polarity = if &*card.kind == "pjf" { -1.0 } else { 1.0 };
    let size = area * c.multiplier();
    let transistor = ParkerSkellern::new(&c, model, polarity, size);
    let m = &transistor.channel.m;
    let [drain, gate, source] = c.terminals();
    let part = |name, resistance| SeriesResistance::new(name, resistance, size, transistor.temperature);
    let (behind_drain, behind_source) = (part("rd", m.drain_resistance), part("rs", m.source_resistance));
    let drain = behind(&mut c, drain, "drain", behind_drain);
    let source = behind(&mut c, source, "source", behind_source);
    let traps = ["ugs", "ugd"].map(|name| c.assembly.auxiliary(c.id, name, UnknownKind::Voltage));
    let power = c.assembly.auxiliary(c.id, "w", UnknownKind::Current);
    c.assembly.add(c.id, transistor, [drain, gate, source, traps[0], traps[1], power]);
}

impl Channel {
    /// Current before heating, for vds ≥ 0 and the voltages ugs and ugd that traps have reached.
    #[inline(always)]
    fn forward<S: Scalar>(&self, vgs: S, vgd: S, [ugs, ugd]: [S; 2]) -> S {
        let m = &self.m;
        let vds = vgs - vgd;
        let slow = ugd * m.drain_feedback_drain - ugs * m.drain_feedback_gate + m.drain_feedback;
        let fast = ugd * m.fast_feedback_drain - ugs * m.fast_feedback_gate + m.fast_feedback;
        let gate = ugs * m.fast_gate_gate - ugd * m.fast_gate_drain + m.fast_gate;
        let over = vgs - m.threshold - slow * ugd - gate * (vgs - ugs) - fast * (vgd - ugd);
        let on = if m.subthreshold > 0.0 {
            let scale = (vds * m.subthreshold_slope + 1.0) * m.subthreshold;
            let part = over / scale;
            if part.value() < OFF {
                return S::zero();
            }
            part.softplus() * scale
        } else {
            over
        };
        if on.value() <= 0.0 {
            return S::zero();
        }
        let saturation = on / (on / (on * m.saturation_slope + self.velocity) + 1.0);
        let drive = vds * on.powf(m.linear_power - m.power) * (self.linear * (1.0 + m.knee).sqrt());
        let round = saturation * saturation * m.knee;
        let (sum, difference) = (drive + saturation, drive - saturation);
        let effective = ((sum * sum + round).sqrt() - (difference * difference + round).sqrt()) * 0.5;
        let power = |v: S| if m.power == 2.0 { v * v } else { v.max(S::zero()).powf(m.power) };
        (power(on) - power(on - effective)) * (vds * m.modulation + 1.0) * self.beta
    }

    /// The same for any vds.
    #[inline(always)]
    fn current<S: Scalar>(&self, vgs: S, vgd: S, [ugs, ugd]: [S; 2]) -> S {
        if vgs.value() >= vgd.value() {
            self.forward(vgs, vgd, [ugs, ugd])
        } else {
            -self.forward(vgd, vgs, [ugd, ugs])
        }
    }

    /// Current at rest, where traps and temperature have followed.
    fn at_rest<S: Scalar>(&self, vgs: S, vgd: S) -> S {
        let current = self.current(vgs, vgd, [vgs, vgd]);
        current / (current * (vgs - vgd) * self.heating + 1.0)
    }
}

impl Gate {
    /// Cgs and Cgd.
    #[inline(always)]
    fn capacitances<S: Scalar>(&self, vgs: S, vgd: S) -> [S; 2] {
        let vds = vgs - vgd;
        let vert = (vds * vds + self.width * self.width).sqrt();
        let effective = (vgs + vgd + vert) * 0.5 + vds * self.modulation;
        let over = (effective - self.threshold) * (1.0 - self.left);
        let joined = (over * over + WIDTH * WIDTH).sqrt();
        let depleting = effective + (joined - over) * 0.5;
        let rest = |v: S| (v * (-1.0 / self.potential) + 1.0).sqrt();
        let growth = if depleting.value() < self.tangent {
            rest(depleting).recip()
        } else {
            let at = 1.0 - self.tangent / self.potential;
            ((depleting - self.tangent) * (0.5 / (self.potential * at)) + 1.0) * (1.0 / at.sqrt())
        };
        let whole = growth * (over / joined * (1.0 - self.left) + (1.0 + self.left)) * (0.5 * self.source);
        let near = (vds / vert + 1.0) * 0.5;
        let far = near * -1.0 + 1.0;
        let a = self.modulation;
        [whole * (near + a) + (far + a) * self.drain, whole * (far - a) + (near - a) * self.drain]
    }
}

impl ParkerSkellern {
    fn new(c: &Construction, mut m: ParkerSkellernModel, polarity: f64, size: f64) -> Self {
        let temperature = kelvin(c.temperature());
        let nominal = kelvin(if m.tnom.is_nan() { c.circuit.options.tnom } else { m.tnom });
        let thermal = super::constants::thermal_voltage(temperature);
        let junction = |capacitance: f64| {
            Depletion::new(capacitance * size, m.potential, 0.5, m.forward_bias.min(0.95))
                .at_temperature(temperature, nominal)
        };
        let (source, drain) = (junction(m.source_capacitance), junction(m.drain_capacitance));
        let potential = source.potential;
        let saturation = m.saturation * ((temperature / nominal - 1.0) * 1.11 / thermal).exp() * size;
        if m.fast_feedback.is_nan() {
            m.fast_feedback = m.drain_feedback;
        }
        let woo = potential - m.threshold;
        let (scale, multiplier) = (m.emission * thermal, c.multiplier());
        let gate = Gate {
            source: source.capacitance,
            drain: drain.capacitance,
            potential,
            threshold: m.threshold,
            width: 0.5 * m.saturation_potential * woo / (m.saturation_potential + 1.0),
            modulation: m.capacitance_modulation,
            left: m.capacitance_left,
            tangent: m.forward_bias.min(0.95) * potential,
        };
        ParkerSkellern {
            polarity,
            across: m.channel_capacitance * size,
            breakdown: m.breakdown_current * size,
            flicker: m.flicker * multiplier.powf(1.0 - m.flicker_exponent),
            channel: Channel {
                beta: m.transconductance * size,
                linear: m.linear_power / m.power * woo.powf(m.power - m.linear_power),
                velocity: m.saturation_potential * woo,
                heating: m.heating / size,
                m,
            },
            gate,
            charges: ChargePath::default(),
            saturation,
            scale,
            critical: critical_voltage(scale, saturation),
            multiplier,
            temperature,
            off: c.word("off"),
            initial: c.list("ic"),
        }
    }

    #[inline(always)]
    fn gate_current<S: Scalar>(&self, v: S, gmin: f64) -> S {
        let exponential = |v: S| v.exp_limited(STEEPEST) - 1.0;
        let forward = exponential(v * (1.0 / self.scale)) * self.saturation + v * (gmin * self.multiplier);
        if self.breakdown == 0.0 {
            return forward;
        }
        forward - exponential(v * (-1.0 / self.channel.m.breakdown_potential)) * self.breakdown
    }

    /// vgs and vgd as of an n-channel.
    fn voltages<S: Scalar>(&self, x: &[S; 6]) -> [S; 2] {
        [(x[1] - x[2]) * self.polarity, (x[1] - x[0]) * self.polarity]
    }

    fn has_capacitance(&self) -> bool {
        self.gate.source > 0.0 || self.gate.drain > 0.0
    }
}

impl Device<6> for ParkerSkellern {
    const LIMITED: bool = true;
    const NOISY: bool = true;
    const MEMORY: bool = true;
    const EVENTS: bool = false;
    const LEADS: &'static [Lead] = &[("id", &[0]), ("ig", &[1]), ("is", &[2])];
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo::new("vgs", "V", "Gate-source voltage, as of an n-channel"),
        QuantityInfo::new("vgd", "V", "Gate-drain voltage, as of an n-channel"),
        QuantityInfo::new("ig", "A", "Gate current"),
        QuantityInfo::new("id", "A", "Drain current"),
        QuantityInfo::new("is", "A", "Source current"),
        QuantityInfo::new("igd", "A", "Gate-drain current"),
        QuantityInfo::new("gm", "S", "Transconductance at rest"),
        QuantityInfo::new("gds", "S", "Drain-source conductance at rest"),
        QuantityInfo::new("ggs", "S", "Gate-source conductance"),
        QuantityInfo::new("ggd", "S", "Gate-drain conductance"),
        QuantityInfo::new("p", "W", "Power"),
        QuantityInfo::new("vtrap", "V", "Gate-drain voltage that traps have reached"),
        QuantityInfo::new("vpave", "W", "Power that heats the channel"),
    ];

    #[inline]
    fn equations<S: Scalar>(&self, x: &[S; 6], environment: &Environment) -> Contribution<S, 6> {
        let (p, m) = (self.polarity, &self.channel.m);
        let [vgs, vgd] = self.voltages(x);
        let [traps @ .., power] = [x[3], x[4], x[5]];
        let cold = self.channel.current(vgs, vgd, traps);
        let channel = cold / (power * self.channel.heating + 1.0);
        let (gs, gd) = (self.gate_current(vgs, environment.gmin), self.gate_current(vgd, environment.gmin));
        let [source, drain] = if self.has_capacitance() {
            self.charges.charges_of([vgs, vgd], |[vgs, vgd]| self.gate.capacitances(vgs, vgd))
        } else {
            [S::zero(); 2]
        };
        let across = (vgs - vgd) * self.across;
        let heat = cold * (vgs - vgd);
        Contribution {
            f: [(channel - gd) * p, (gs + gd) * p, -(channel + gs) * p, traps[0] - vgs, traps[1] - vgd, power - heat],
            q: [
                (across - drain) * p,
                (source + drain) * p,
                -(across + source) * p,
                traps[0] * m.trap_time,
                traps[1] * m.trap_time,
                power * m.heat_time,
            ],
        }
    }

    fn limit(&self, x: &[f64; 6], previous: &[f64; 6], _environment: &Environment) -> [f64; 6] {
        let threshold = self.channel.m.threshold;
        let limits = GateJunction { scale: self.scale, critical: self.critical, threshold };
        let [[vgs, vgd], [before_gs, before_gd]] = [self.voltages(x), self.voltages(previous)];
        let outer = [x[0], x[1], x[2]];
        let [d, g, s] = limits.limit(&outer, self.polarity, [vgs, vgs - vgd], [before_gs, before_gs - before_gd]);
        [d, g, s, x[3], x[4], x[5]]
    }

    fn is_off(&self) -> bool {
        self.off
    }

    fn start(&self) -> [f64; 6] {
        [0.0, -self.polarity, 0.0, -1.0, -1.0, 0.0]
    }

    fn stores(&self) -> [bool; 6] {
        let any = self.has_capacitance() || self.across > 0.0;
        let (traps, heat) = (self.channel.m.trap_time > 0.0, self.channel.m.heat_time > 0.0);
        [any, any, any, traps, traps, heat]
    }

    fn initial(&self, x: &mut [f64; 6]) {
        if let Some([vds, vgs]) = self.initial {
            (x[0], x[1]) = (x[2] + vds, x[2] + vgs);
        }
    }

    fn has_initial(&self) -> bool {
        self.initial.is_some()
    }

    fn forget(&mut self) {
        self.charges.forget();
    }

    fn begin(&mut self, x: &[f64; 6], _from_initial: bool) {
        let [vgs, vgd] = self.voltages(x);
        self.charges.begin([vgs, vgd], |[vgs, vgd]| self.gate.capacitances(vgs, vgd));
    }

    fn accept(&mut self, x: &mut [f64; 6], _moment: &Moment) -> Occurrence {
        let [vgs, vgd] = self.voltages(x);
        if self.has_capacitance() {
            self.charges.keep_up([vgs, vgd], |[vgs, vgd]| self.gate.capacitances(vgs, vgd));
        }
        Occurrence::Nothing
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.charges.memory(tape);
    }

    fn noise(&self, x: &[f64; 6], _environment: &Environment, visit: &mut dyn FnMut(NoiseSource)) {
        let [vgs, vgd] = self.voltages(x);
        let current = self.channel.at_rest(Dual::<1>::variable(vgs, 0), Dual::<1>::variable(vgd, 0));
        visit(NoiseSource::thermal("id", [0, 2], 2.0 / 3.0 * current.gradient[0], self.temperature));
        let exponent = self.channel.m.flicker_exponent;
        visit(NoiseSource::flicker([0, 2], flicker_of_current(self.flicker, current.value, exponent)));
    }

    fn quantity(&self, index: usize, x: &[f64; 6], environment: &Environment) -> f64 {
        let (p, [vgs, vgd]) = (self.polarity, self.voltages(x));
        let [g, d]: [Dual<2>; 2] = Dual::variables(&[vgs, vgs - vgd]);
        let channel = self.channel.at_rest(g, g - d);
        let gs = self.gate_current(Dual::<1>::variable(vgs, 0), environment.gmin);
        let gd = self.gate_current(Dual::<1>::variable(vgd, 0), environment.gmin);
        let now = self.channel.current(vgs, vgd, [x[3], x[4]]) / (x[5] * self.channel.heating + 1.0);
        let (id, ig) = (now - gd.value, gs.value + gd.value);
        [
            vgs,
            vgd,
            p * ig,
            p * id,
            -p * (id + ig),
            p * gd.value,
            channel.gradient[0],
            channel.gradient[1],
            gs.gradient[0],
            gd.gradient[0],
            (id * (vgs - vgd)).abs() + (ig * vgs).abs(),
            x[4],
            x[5],
        ][index]
    }
}
