//! What follows from cards and geometry at the card's temperature.
//!
//! ```text
//! cox = ε_ox/tox,  cbox = ε_ox/tbox,  csi = ε_si/tsi,  qsi = q·nch·(1 + lpe0/leff)·tsi
//! litl = √(3·3.9/epsrox·xj·tox),  k1' = k1·(1 + k1w1/(weff + k1w2)),  k1ox = k1'·tox/toxm,  k2ox = k2·tox/toxm
//! soimod 3: Vbs0t = 0.8 − ½·qsi/csi + vbsa below vbs0pd is 0, above vbs0fd 2, and 1 between
//! parasitic transistor: e^(−½·(leff/ln)²),  (lbjt0·(1/leff + 1/ln))^nbjt,  1 + ldif0·(lbjt0·(1/leff + 1/ln))^ndif
//! stress of sa, sb, sd: as BSIM4's, without the well's edge
//! ```
//! Source: BSIMSOI4.4 manual, UC Berkeley (2010).

use super::general_parameters::General;
use super::geometry::{Geometry, Layout, or};
use super::limits::{LEAST, bounded_exp};
use super::parameters::{Binned, SoiModel};
use super::warm::{WarmBody, weak};
use crate::devices::mosfet::bsim::limits::one_plus;
use crate::devices::mosfet::bsim::temperatures::{CHARGE, OXIDE, SILICON, Temperatures};
use crate::numerics::scalar::Scalar;

/// Which body a transistor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Film {
    /// soimod 0
    PartlyDepleted,
    /// soimod 1
    Between,
    /// soimod 2: without a body.
    FullyDepleted,
}

/// A transistor's constants, voltages as of an n-channel, of one finger.
#[derive(Debug, Clone)]
pub struct Process {
    pub m: General,
    pub p: Binned,
    pub layout: Layout,
    pub geometry: Geometry,
    pub temperatures: Temperatures,
    /// 1 for n-channel, −1 for p-channel.
    pub polarity: f64,
    pub film: Film,
    pub is_heated: bool,
    /// F/m²
    pub oxide: f64,
    pub buried: f64,
    pub silicon: f64,
    /// qsi, C/m²
    pub film_charge: f64,
    /// litl and √(ε_si·tox/ε_ox)
    pub characteristic: f64,
    pub short_scale: f64,
    /// k1', k1ox, k2ox
    pub k1: f64,
    pub k1_oxide: f64,
    pub k2_oxide: f64,
    /// vth0 and vfb with shifts, and vth0 of the card.
    pub threshold: f64,
    pub flat_band: f64,
    pub plain_threshold: f64,
    pub eta0: f64,
    /// √φ at the card's temperature.
    pub root: f64,
    pub mobility: f64,
    pub stress: Stress,
    /// dvtp2/leff^dvtp3, V
    pub second_pocket: f64,
    /// ½ + atan(minv)/π, and that of the charges.
    pub shape: f64,
    pub charge_shape: f64,
    /// Of the parasitic transistor.
    pub transport: f64,
    pub length_ratio: f64,
    pub diffusion_ratio: f64,
    pub early: f64,
    /// vtfbphi1 and vgsteffvth of mobmod 4, V.
    pub phonon_offset: f64,
    pub coulomb_scale: f64,
    /// vfbsd, V
    pub end_flat_band: f64,
    /// 1 + (clc/leff)^cle
    pub short_charge: f64,
    /// tox − dtoxcv, m
    pub charge_thickness: f64,
    /// ldeb, m, and acde with the doping.
    pub debye: f64,
    pub thickness_exponent: f64,
    /// (toxref/toxqm)^ntox/toxqm², and at the ends.
    pub oxide_ratio: f64,
    pub end_oxide_ratio: f64,
    /// toxqm, m
    pub current_thickness: f64,
}

/// Mobility and velocity under stress.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stress {
    /// ku0's factor of the geometry, 1/sa + 1/sb of it and of the reference, 1/m, and kvsat; none without stress.
    pub factor: f64,
    pub inverse: f64,
    pub reference: f64,
    pub kvsat: f64,
    /// Shifts of vth0, k2 and eta0.
    shifts: [f64; 3],
}

impl Stress {
    fn new(m: &General, layout: &Layout) -> Self {
        let (length, fingers, [sa, sb, sd]) = (layout.length, layout.fingers, layout.isolation);
        if sa <= 0.0 || sb <= 0.0 || (fingers > 1.0 && sd <= 0.0) {
            return Stress { factor: 1.0, ..Stress::default() };
        }
        let width = layout.width / fingers + m.wlod.max(0.0);
        let scaled = |[by_length, by_width, by_both]: [f64; 3], exponents: [f64; 2]| {
            let (length, width) = (length.powf(exponents[0]), width.powf(exponents[1]));
            1.0 + by_length / length + by_width / width + by_both / (length * width)
        };
        let factor = scaled([m.lku0, m.wku0, m.pku0], [m.llodku0, m.wlodku0]);
        let of_threshold = scaled([m.lkvth0, m.wkvth0, m.pkvth0], [m.llodvth, m.wlodvth]);
        let of_threshold = (of_threshold * of_threshold + 1e-9).sqrt();
        let half = 0.5 * length;
        let mean = |from: f64| {
            let each = (0..fingers as usize).map(|k| 1.0 / (from + half + k as f64 * (sd + length)));
            each.sum::<f64>() / fingers
        };
        let inverse = mean(sa) + mean(sb);
        let reference = 1.0 / (m.saref + half) + 1.0 / (m.sbref + half);
        let beyond = inverse - reference;
        let shifts = [
            m.kvth0 / of_threshold * beyond,
            m.stk2 / of_threshold.powf(m.lodk2) * beyond,
            m.steta0 / of_threshold.powf(m.lodeta0) * beyond,
        ];
        Stress { factor, inverse, reference, kvsat: m.kvsat.clamp(-1.0, 1.0), shifts }
    }
}

impl Film {
    fn new(m: &General, p: &Binned, own: Option<f64>, length: f64) -> Self {
        let charge = CHARGE * p.nch * (1.0 + p.lpe0 / length) * 1e6 * m.tsi;
        let body = 0.8 - 0.5 * charge * m.tsi / SILICON + m.vbsa;
        match own.unwrap_or(m.soimod) {
            1.0 => Film::Between,
            2.0 => Film::FullyDepleted,
            3.0 if body > m.vbs0fd => Film::FullyDepleted,
            3.0 if body >= m.vbs0pd => Film::Between,
            _ => Film::PartlyDepleted,
        }
    }
}

impl Process {
    pub fn new(
        model: &SoiModel,
        polarity: f64,
        layout: Layout,
        geometry: Geometry,
        temperatures: Temperatures,
        soimod: Option<f64>,
    ) -> Self {
        let m = model.general;
        let p = completed(model, &geometry);
        let stress = Stress::new(&m, &layout);
        let toxqm = or(m.toxqm, m.tox);
        let ratio = |thickness: f64| (m.toxref / thickness).powf(m.ntox) / (thickness * thickness);
        let lengths = p.lbjt0 * (1.0 / geometry.length + 1.0 / m.ln.max(1e-15));
        let shape = |minv: f64| 0.5 + minv.atan() / std::f64::consts::PI;
        let mut process = Process {
            m,
            p,
            layout,
            geometry,
            temperatures,
            polarity,
            film: Film::new(&m, &p, soimod, layout.length),
            is_heated: m.shmod == 1.0 && layout.heat[0] != 0.0,
            oxide: OXIDE / m.tox,
            buried: OXIDE / m.tbox,
            silicon: SILICON / m.tsi,
            film_charge: CHARGE * p.nch * (1.0 + p.lpe0 / geometry.length) * 1e6 * m.tsi,
            characteristic: (3.0 * 3.9 / m.epsrox * p.xj * m.tox).sqrt(),
            short_scale: (SILICON / OXIDE * m.tox).sqrt(),
            k1: f64::NAN,
            k1_oxide: f64::NAN,
            k2_oxide: f64::NAN,
            threshold: f64::NAN,
            flat_band: f64::NAN,
            plain_threshold: f64::NAN,
            eta0: p.eta0 + stress.shifts[2],
            root: f64::NAN,
            mobility: if p.u0 > 1.0 { p.u0 * 1e-4 } else { p.u0 },
            stress,
            second_pocket: p.dvtp2 / geometry.length.powf(p.dvtp3),
            shape: shape(p.minv),
            charge_shape: shape(p.minvcv),
            transport: bounded_exp(-0.5 * (geometry.length / m.ln.max(1e-15)).powi(2)),
            length_ratio: lengths.powf(p.nbjt),
            diffusion_ratio: 1.0 + m.ldif0 * lengths.powf(p.ndif),
            early: (p.vabjt + p.aely * geometry.length).max(1.0),
            phonon_offset: 0.0,
            coulomb_scale: 1.0,
            end_flat_band: if p.ngate > 0.0 { temperatures.nominal_thermal() * (p.ngate / 1e20).ln() } else { 0.0 },
            short_charge: 1.0 + (m.clc / geometry.length).powf(m.cle),
            charge_thickness: m.tox - m.dtoxcv,
            debye: (SILICON * temperatures.nominal_thermal() / (CHARGE * p.nch * 1e6)).sqrt() / 3.0,
            thickness_exponent: p.acde * (p.nch / 2e16).powf(-0.25),
            oxide_ratio: ratio(toxqm),
            end_oxide_ratio: ratio(toxqm * p.poxedge),
            current_thickness: toxqm,
        };
        process.set_threshold(model);
        process
    }

    /// What follows from the surface potential at the card's temperature.
    fn set_threshold(&mut self, model: &SoiModel) {
        let (p, polarity) = (self.p, self.polarity);
        let warm = WarmBody::at(self, self.temperatures.own);
        let (potential, root) = (warm.potential, warm.root);
        let [k1, k2] = body_effect(self, model, potential);
        self.k1 = k1 * (1.0 + p.k1w1 / (self.geometry.width + p.k1w2).max(1e-8));
        self.k1_oxide = self.k1 * self.m.tox / or(self.m.toxm, self.m.tox);
        self.k2_oxide = (k2 + self.stress.shifts[1]) * self.m.tox / or(self.m.toxm, self.m.tox);
        self.root = root;
        let rise = potential + self.k1 * root;
        let (vth0, vfb) = match (model.is_given("vth0"), model.is_given("vfb")) {
            (true, true) => (polarity * p.vth0, p.vfb),
            (true, false) => (polarity * p.vth0, polarity * p.vth0 - rise),
            (false, true) => (p.vfb + rise, p.vfb),
            (false, false) => (rise - 1.0, -1.0),
        };
        self.p.k1 = k1;
        self.plain_threshold = vth0;
        self.threshold = vth0 + polarity * (self.stress.shifts[0] + self.layout.threshold_shift);
        self.flat_band = vfb + polarity * self.layout.threshold_shift;
        self.set_mobility(&warm);
    }

    /// Voltages of mobmod 4.
    fn set_mobility(&mut self, warm: &WarmBody<f64>) {
        let p = &self.p;
        let past = self.threshold - self.flat_band - warm.potential;
        self.phonon_offset = (past * if self.polarity > 0.0 { 2.0 } else { 2.5 }).max(0.0);
        if self.m.mobmod != 4.0 {
            return;
        }
        let e = (p.dvt1 * self.geometry.length / (self.short_scale * warm.depletion.sqrt())).min(100.0).exp();
        let theta = e / ((e - 1.0).powi(2) + 2.0 * e * LEAST);
        let rest = (p.nfactor * SILICON / warm.depletion + p.cdsc * theta + p.cit) / self.oxide;
        let ideality = one_plus(rest);
        let scale = ideality * self.temperatures.nominal_thermal();
        let below = bounded_exp(p.voff / scale) * self.oxide / warm.depletion_capacitance;
        self.coulomb_scale = scale * std::f64::consts::LN_2 / (self.shape + below * ideality);
    }

    /// Short- and narrow-channel shift of the threshold at no bias, over what is built in.
    pub fn shift_at_rest<P: Scalar>(&self, depletion: P) -> P {
        let scale = depletion.sqrt() * self.short_scale;
        let length = self.geometry.length;
        let short = weak(scale.recip() * (-0.5 * self.p.dvt1 * length));
        let narrow = weak(scale.recip() * (-0.5 * self.p.dvt1w * self.geometry.width * length));
        short * self.p.dvt0 + narrow * self.p.dvt0w
    }
}

/// The parameters at a geometry, within the model's bounds.
fn completed(model: &SoiModel, geometry: &Geometry) -> Binned {
    let (m, mut p) = (&model.general, model.at(geometry.dependence));
    if p.nch.is_nan() {
        let by_gamma = m.gamma1 * OXIDE / m.tox;
        p.nch = if m.gamma1.is_nan() { 1.7e17 } else { 3.021e22 * by_gamma * by_gamma };
    }
    if m.soimod == 2.0 {
        // More than this the gate cannot deplete.
        p.nch = p.nch.min((1.12 - 0.1) / CHARGE * 2e-6 * SILICON / (m.tsi * m.tsi));
    }
    p.rdsw = p.rdsw.max(0.0);
    if p.a2 > 1.0 {
        (p.a1, p.a2) = (0.0, 1.0);
    }
    p.a2 = p.a2.max(0.01);
    p
}

/// k1 and k2.
fn body_effect(process: &Process, model: &SoiModel, potential: f64) -> [f64; 2] {
    let (m, p) = (&process.m, &process.p);
    if model.is_given("k1") || model.is_given("k2") {
        return [or(p.k1, 0.53), or(p.k2, -0.0186)];
    }
    let gamma = |own: f64, doping: f64| or(own, 5.753e-12 * doping.abs().sqrt() / process.oxide);
    let (near, far) = (gamma(m.gamma1, p.nch), gamma(m.gamma2, p.nsub));
    let vbx = -or(m.vbx, potential - 7.7348e-4 * p.nch * m.xt * m.xt).abs();
    let vbm = -m.vbm.abs();
    let rise = (potential - vbx).sqrt() - potential.sqrt();
    let span = (potential * (potential - vbm)).sqrt() - potential;
    let k2 = (near - far) * rise / (2.0 * span + vbm);
    [far - 2.0 * k2 * (potential - vbm).sqrt(), k2]
}
