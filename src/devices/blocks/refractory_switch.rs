//! Refractory switch (K1 of the study): one node that is taken from one throw to another for a while after a trigger.
//!
//! ```text
//! A1 trigger common normal stdp K1
//! .model K1 refractory_switch(hold=8u delay=0 rise=0.2u ron=1 roff=1g threshold=0.5 retrigger=0)
//! i(common → normal) = g(1 − s)·v,   i(common → stdp) = g(s)·v,   ln g(s) = ln goff + s·(ln gon − ln goff)
//! s = p²·(3 − 2p),   p rises from 0 to 1 within `rise` from t on and falls from 1 to 0 within `rise` from t + `hold` on
//! ```
//! where t is `delay` after a rising edge of the trigger. Both half-way points come `rise`/2 late, so that `stdp` is connected
//! for `hold`. In the middle both throws have the same conductance √(gon·goff): neither shorted together (make before break)
//! nor both open. While the switch is away, edges are ignored; with `retrigger=1` they start `hold` afresh.
//! At rest, and in DC analyses, `common` is connected to `normal`.
//! Source: W. He et al., Sci. Rep. 4, 4755 (2014), figure 4a.

use std::collections::VecDeque;

use super::card::BlockCard;
use super::edge::EdgeDetector;
use super::ports::{self, PortSpecification, Role};
use crate::devices::construct::Construction;
use crate::devices::device::{Contribution, Device, Environment, Moment, Occurrence, QuantityInfo};
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::Unknowns;
use crate::head_of_file;
use crate::numerics::scalar::Scalar;
use crate::numerics::tape::Tape;
use crate::parameters;
use crate::reference::Status;

parameters! {
    /// Refractory switch model card.
    pub struct Parameters {
        threshold: ["threshold"], "V", 0.5, "Trigger voltage whose rising edge moves the switch";
        hysteresis: ["hysteresis"], "V", 0.0, "How far the trigger must fall below the threshold before the next edge";
        hold: ["hold"], "s", 8e-6, "How long the switch is away";
        delay: ["delay"], "s", 0.0, "From the trigger's edge to the switch's moving";
        rise: ["rise"], "s", 2e-7, "Duration of a transition";
        on_resistance: ["ron"], "Ω", 1.0, "Resistance of the connected throw";
        off_resistance: ["roff"], "Ω", 1e9, "Resistance of the other throw";
        retrigger: ["retrigger"], "", 0.0, "1: an edge while the switch is away starts the hold afresh";
    }
}

/// A switch with two throws; unknowns: trigger (2), common, normal, stdp.
struct RefractorySwitch {
    parameters: Parameters,
    multiplier: f64,
    detector: EdgeDetector,
    /// When triggers still to come take effect.
    pending: VecDeque<f64>,
    /// Start of the last way out and of the last way back; −∞ before the first.
    away: (f64, f64),
}

const REST: (f64, f64) = (f64::NEG_INFINITY, f64::NEG_INFINITY);

const PORTS: [PortSpecification; 4] = [
    PortSpecification::new("trigger", Role::VoltageInput),
    PortSpecification::new("common", Role::Terminal),
    PortSpecification::new("normal", Role::Terminal),
    PortSpecification::new("stdp", Role::Terminal),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("refractory_switch.rs")],
    models: &[ModelTable { title: "refractory_switch", numbers: Parameters::TABLE, others: &[] }],
    quantities: <RefractorySwitch as Device<5>>::QUANTITIES,
    status: Status::OnlyHere,
    ..Page::new("refractory_switch", "Refractory switch", "A1 trigger common normal stdp MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = BlockCard::of(&mut c, &[]) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Reject, &card.owner, c.diagnostics);
    let valid = card.demand(
        &mut c,
        &[
            ("rise", p.rise > 0.0, "must be positive"),
            ("hold", p.hold >= p.rise, "must not be shorter than `rise`"),
            ("delay", p.delay >= 0.0, "must not be negative"),
            ("hysteresis", p.hysteresis >= 0.0, "must not be negative"),
            ("ron", p.on_resistance > 0.0, "must be positive"),
            ("roff", p.off_resistance > p.on_resistance, "must be larger than `ron`"),
            ("retrigger", p.retrigger == 0.0 || p.retrigger == 1.0, "must be 0 or 1"),
        ],
    );
    let ports = ports::read(&mut c, &PORTS, "A1 trigger common normal stdp K1").filter(|_| valid);
    let Some([trigger, common, normal, stdp]) = ports else { return };
    let device = RefractorySwitch {
        multiplier: c.multiplier(),
        detector: EdgeDetector::new(p.threshold, p.hysteresis),
        pending: VecDeque::new(),
        away: REST,
        parameters: p,
    };
    c.assembly.add(c.id, device, [trigger.p, trigger.n, common.p, normal.p, stdp.p]);
}

impl RefractorySwitch {
    /// 0 at rest, 1 away.
    fn position(&self, time: f64) -> f64 {
        let part = |start: f64| ((time - start) / self.parameters.rise).clamp(0.0, 1.0);
        part(self.away.0) - part(self.away.1)
    }

    /// Conductances of the throws to `normal` and `stdp`, S.
    fn conductances(&self, environment: &Environment) -> [f64; 2] {
        let p = environment.time.map_or(0.0, |time| self.position(time));
        let s = p * p * (3.0 - 2.0 * p);
        let (on, off) = (-self.parameters.on_resistance.ln(), -self.parameters.off_resistance.ln());
        [1.0 - s, s].map(|s| self.multiplier * (off + s * (on - off)).exp())
    }

    /// A trigger takes effect.
    fn trigger(&mut self, time: f64) {
        let Parameters { hold, rise, retrigger, .. } = self.parameters;
        let (_, back) = self.away;
        if time >= back + rise {
            self.away = (time, time + hold);
        } else if retrigger == 1.0 && time < back {
            self.away.1 = time + hold;
        } else if retrigger == 1.0 {
            // On its way back it turns round where it is.
            self.away = (time - rise * self.position(time), time + hold);
        }
    }
}

impl Device<5> for RefractorySwitch {
    const MEMORY: bool = true;
    const QUANTITIES: &'static [QuantityInfo] = &[
        QuantityInfo { name: "away", unit: "", description: "0 when common is connected to normal, 1 when to stdp" },
        QuantityInfo { name: "gnormal", unit: "S", description: "Conductance from common to normal" },
        QuantityInfo { name: "gstdp", unit: "S", description: "Conductance from common to stdp" },
    ];

    fn equations<S: Scalar>(
        &self,
        &[_, _, common, normal, stdp]: &[S; 5],
        environment: &Environment,
    ) -> Contribution<S, 5> {
        let [to_normal, to_stdp] = self.conductances(environment);
        let (first, second) = ((common - normal) * to_normal, (common - stdp) * to_stdp);
        Contribution::resistive([S::zero(), S::zero(), first + second, -first, -second])
    }

    fn stores(&self) -> [bool; 5] {
        [false; 5]
    }

    fn breakpoint(&self, time: f64) -> Option<f64> {
        let rise = self.parameters.rise;
        let corners = [self.away.0, self.away.0 + rise, self.away.1, self.away.1 + rise];
        self.pending.iter().copied().chain(corners).filter(|&corner| corner > time).reduce(f64::min)
    }

    fn event(&self, x: &[f64; 5]) -> f64 {
        self.detector.event(x[0] - x[1])
    }

    fn forget(&mut self) {
        self.pending.clear();
        self.away = REST;
    }

    fn begin(&mut self, x: &[f64; 5], _from_initial: bool) {
        self.forget();
        self.detector.begin(x[0] - x[1]);
    }

    fn accept(&mut self, x: &mut [f64; 5], moment: &Moment) -> Occurrence {
        let edge = self.detector.accept(x[0] - x[1], moment.time).filter(|edge| edge.rising);
        self.pending.extend(edge.map(|edge| edge.time + self.parameters.delay));
        let mut occurrence = if edge.is_some() { Occurrence::Corner } else { Occurrence::Nothing };
        // The step ended at this time, up to rounding.
        let reached = moment.time * (1.0 + 4.0 * f64::EPSILON);
        while let Some(&time) = self.pending.front().filter(|&&time| time <= reached) {
            self.pending.pop_front();
            self.trigger(time);
            occurrence = Occurrence::Corner;
        }
        occurrence
    }

    fn memory(&mut self, tape: &mut Tape) {
        self.detector.memory(tape);
        let mut pending: Vec<f64> = self.pending.drain(..).collect();
        tape.list(&mut pending, 0.0, Tape::number);
        self.pending = pending.into();
        tape.number(&mut self.away.0);
        tape.number(&mut self.away.1);
    }

    fn quantity(&self, index: usize, _x: &[f64; 5], environment: &Environment) -> f64 {
        let [normal, stdp] = self.conductances(environment);
        [environment.time.map_or(0.0, |time| self.position(time)), normal, stdp][index]
    }
}
