//! Simmons tunnel barrier (Pickett): titanium dioxide, the state is the width w of the barrier.
//!
//! ```text
//! i = ±(j0·A/Δw²)·(φ·e^(−B·√φ) − (φ + u)·e^(−B·√(φ + u))),   u = |v|,   B = 10.246·Δw,   j0·A = 0.0617 A·nm²/V
//! φ = φ0 − u·(w1 + w2)/(2·w) − 1.15·λ·w·ln(w2·(w − w1)/(w1·(w − w2)))/Δw,   λ = λ_m/w
//! w2 = w1 + w·(1 − 9.183·λ/(3·φ0 + 4·λ − 2·u)),   Δw = w2 − w1      (lengths in nm)
//! i > 0:  dw/dt = f_off·sinh(i/i_off)·exp(−e^((w − a_off)/w_c − |i|/b) − w/w_c)
//! i < 0:  dw/dt = f_on·sinh(i/i_on)·exp(−e^((a_on − w)/w_c − |i|/b) − w/w_c)
//! ```
//! in series with the resistance rs of the channel. The barrier formula holds for |v| below the height of the barrier: beyond a
//! voltage u_max(w), found where i stops growing with v, the current goes on as i(u_max)·|v|/u_max. The exponents of
//! the rate are added before e^ is taken, so that nothing overflows, w stops at w_min and w_max, and its speed r becomes
//! r/(1 + |r|/v_max): once it runs away, the double exponential has no limit of its own.
//!
//! Sources: Pickett et al., J. Appl. Phys. 106, 074508 (2009), whose values are the defaults (a_on of TEAM's table is 2 nm);
//! Abdalla & Pickett, ISCAS 2011, 1832 (constants of the barrier, rs).

use std::sync::Arc;

use super::window::Window;
use super::{Card, MemristorModel, UNKNOWNS};
use crate::devices::page::{ModelTable, Page};
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::parameters;

parameters! {
    /// Simmons tunnel barrier.
    pub struct Parameters {
        speed_off: ["f_off", "c_off"], "m/s", 3.5e-6, "Speed of switching off";
        speed_on: ["f_on", "c_on"], "m/s", 40e-6, "Speed of switching on";
        current_off: ["i_off"], "A", 115e-6, "Current scale of switching off";
        current_on: ["i_on"], "A", 8.9e-6, "Current scale of switching on";
        bound_off: ["a_off"], "m", 1.2e-9, "Width where switching off slows down";
        bound_on: ["a_on"], "m", 1.8e-9, "Width where switching on slows down";
        width: ["w_c"], "m", 107e-12, "Scale of the width";
        shift: ["b"], "A", 500e-6, "Current that shifts the bounds by w_c";
        height: ["phi0"], "V", 0.95, "Height of the barrier";
        image: ["lambda_m"], "m", 0.0998e-9, "Length of the image potential";
        inner: ["w1"], "m", 0.1261e-9, "Inner edge of the barrier";
        amplitude: ["j0a"], "A·nm²/V", 0.0617, "Amplitude of the current";
        series: ["rs"], "Ω", 215.0, "Resistance of the channel in series";
        least: ["w_min"], "m", 0.9e-9, "Least width";
        most: ["w_max"], "m", 2.5e-9, "Largest width";
        fastest: ["v_max"], "m/s", 1.0, "Largest speed of the width";
        initial: ["x0", "w0"], "m", 1.2e-9, "Initial width";
    }
}

/// Points of the table of u_max.
const POINTS: usize = 65;

/// A tunnel barrier; the unknown is (w − w_min)/(w_max − w_min).
#[derive(Clone)]
pub struct Simmons {
    p: Parameters,
    /// u_max at widths from w_min to w_max, V.
    limits: Arc<[f64]>,
    start: f64,
}

impl Parameters {
    /// |i| by the barrier formula at voltage `u` ≥ 0 and width `w` in nm.
    fn tunnelling<S: Scalar>(&self, u: S, w: S) -> S {
        let (inner, image) = (self.inner * 1e9, self.image * 1e9);
        let lambda = w.recip() * image;
        let denominator = lambda * 4.0 - u * 2.0 + 3.0 * self.height;
        let outer = w + inner - denominator.recip() * (9.183 * image);
        let thickness = outer - inner;
        let logarithm = (outer * (w - inner) / ((w - outer) * inner)).ln();
        let height = u * (outer + inner) / (w * -2.0) + self.height - logarithm / thickness * (1.15 * image);
        let part = |height: S| height * (thickness * height.sqrt() * -10.246).exp();
        (part(height) - part(height + u)) / (thickness * thickness) * self.amplitude
    }

    /// Largest voltage up to which the barrier formula gives a growing current at width `w` in nm.
    fn limit(&self, w: f64) -> f64 {
        let step = 1e-2;
        let (mut last, mut u) = (0.0, 0.0);
        while u < 2.0 * self.height {
            let current = self.tunnelling(u + step, w);
            if current.is_nan() || current <= last {
                break;
            }
            (last, u) = (current, u + step);
        }
        0.9 * u
    }

    fn check(&self, card: &mut Card) {
        for (name, value) in [
            ("f_off", self.speed_off),
            ("f_on", self.speed_on),
            ("i_off", self.current_off),
            ("i_on", self.current_on),
            ("a_off", self.bound_off),
            ("a_on", self.bound_on),
            ("w_c", self.width),
            ("b", self.shift),
            ("phi0", self.height),
            ("lambda_m", self.image),
            ("w1", self.inner),
            ("j0a", self.amplitude),
            ("v_max", self.fastest),
        ] {
            card.positive(name, value);
        }
        if self.series.is_nan() || self.series < 0.0 {
            card.error("rs", "must not be negative");
        }
    }
}

impl Simmons {
    fn width<S: Scalar>(&self, s: S) -> S {
        Window::HARD.state(s) * (self.p.most - self.p.least) + self.p.least
    }

    /// u_max at the state `s`, between the points of the table.
    fn limit<S: Scalar>(&self, s: S) -> S {
        let place = Window::HARD.state(s) * (POINTS - 1) as f64;
        let index = (place.value() as usize).min(POINTS - 2);
        (place - index as f64) * (self.limits[index + 1] - self.limits[index]) + self.limits[index]
    }
}

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("simmons.rs")],
    models: &[ModelTable { title: "simmons_tunnel_barrier", numbers: Parameters::TABLE, others: &[] }],
    ..super::page::<Simmons>("simmons_tunnel_barrier", "Simmons tunnel barrier")
};

impl MemristorModel for Simmons {
    fn read(card: &mut Card) -> Option<Self> {
        let owner = card.owner().to_string();
        let parameters = card.own_parameters();
        let p = Parameters::read(&parameters, UNKNOWNS, &owner, card.diagnostics());
        p.check(card);
        if p.most.is_nan() || p.most <= p.least {
            card.error("w_max", "must be larger than w_min");
            return None;
        }
        card.within("x0", p.initial, p.least, p.most);
        let width = |index: usize| p.least + (p.most - p.least) * index as f64 / (POINTS - 1) as f64;
        let limits: Arc<[f64]> = (0..POINTS).map(|index| p.limit(width(index) * 1e9)).collect();
        if limits.iter().any(|&limit| limit < 0.05) {
            card.error("w_min", "is too small: the image potential leaves no barrier");
            return None;
        }
        Some(Simmons { p, limits, start: (p.initial - p.least) / (p.most - p.least) })
    }

    fn start(&self) -> f64 {
        self.start
    }

    fn published<S: Scalar>(&self, s: S) -> S {
        self.width(s)
    }

    fn current<S: Scalar>(&self, v: S, s: S) -> S {
        let (u, w, limit) = (v.abs(), self.width(s) * 1e9, self.limit(s));
        let size =
            if u.value() <= limit.value() { self.p.tunnelling(u, w) } else { self.p.tunnelling(limit, w) * u / limit };
        if v.value() < 0.0 { -size } else { size }
    }

    fn rate<S: Scalar>(&self, _v: S, s: S, current: S) -> S {
        let p = &self.p;
        let (w, size) = (self.width(s), current.abs());
        let off = current.value() > 0.0;
        let (speed, scale) = if off { (p.speed_off, p.current_off) } else { (-p.speed_on, p.current_on) };
        let edge = if off { (w - p.bound_off) * (1.0 / p.width) } else { (w - p.bound_on) * (-1.0 / p.width) };
        let closing = (edge - size * (1.0 / p.shift)).exp_limited(30.0) + w * (1.0 / p.width);
        let drive = size * (1.0 / scale);
        let sinh = ((drive - closing).exp_limited(60.0) - (-drive - closing).exp_limited(60.0)) * 0.5;
        let speed = sinh * speed;
        Window::HARD.rate(s, speed / (speed.abs() * (1.0 / p.fastest) + 1.0) * (1.0 / (p.most - p.least)))
    }

    fn series_resistance(&self) -> f64 {
        self.p.series
    }
}
