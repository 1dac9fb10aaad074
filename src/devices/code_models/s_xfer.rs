//! Transfer function in s.
//!
//! ```text
//! A1 in out X1
//! .model X1 s_xfer(num_coeff=[1] den_coeff=[1 1] in_offset=0 gain=1 int_ic=[0] denormalized_freq=1)
//! out = gain·N(s)/D(s)·(in + in_offset)
//! D(d/dt) x = gain·(in + in_offset),   out = N(d/dt) x
//! ```
//! Coefficients begin with the highest power; with `denormalized_freq` = w they are those of s/w. x and its derivatives are
//! states that are held at `int_ic` (the highest derivative first) before time 0, so that the output need not be in equilibrium then.
//! Source: ngspice-39 manual, section 8.2.16.

use super::CONNECTIONS;
use super::calculation::Calculation;
use super::card::Card;
use super::connections::{drive, input, output, ports, value_unknown};
use crate::devices::assembly::{Unknown, UnknownName};
use crate::devices::behavioural::Behavioural;
use crate::devices::construct::Construction;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::{NamedParameter, Unknowns};
use crate::head_of_file;
use crate::parameters;

parameters! {
    /// Model card, beside the vectors `num_coeff`, `den_coeff` and `int_ic`.
    pub struct Parameters {
        in_offset: ["in_offset"], "", 0.0, "Added to the input";
        gain: ["gain"], "", 1.0, "Factor";
        frequency: ["denormalized_freq"], "rad/s", 1.0, "Frequency in units of which s is";
    }
}

/// Vectors of the model card.
pub const VECTORS: &[NamedParameter] = &[
    NamedParameter::new(&["num_coeff"], "", "", "Coefficients of the numerator, the highest power first"),
    NamedParameter::new(&["den_coeff"], "", "", "Coefficients of the denominator, the highest power first"),
    NamedParameter::new(&["int_ic"], "", "0", "Initial values of the integrators"),
];

/// The manual's page.
pub const PAGE: Page = Page {
    texts: &[head_of_file!("s_xfer.rs"), CONNECTIONS],
    models: &[ModelTable { title: "s_xfer", numbers: Parameters::TABLE, others: VECTORS }],
    ngspice: &["s_xfer"],
    ..Page::new("s_xfer", "Transfer function", "A1 in out MODEL")
};

pub fn construct(mut c: Construction) {
    let Some(card) = Card::of(&mut c, VECTORS) else { return };
    let p = Parameters::read(&card.numbers, Unknowns::Warn, &card.owner, c.diagnostics);
    let Some(numerator) = card.vector(&mut c, "num_coeff") else { return };
    let Some(denominator) = card.vector(&mut c, "den_coeff") else { return };
    let Some(initial) = card.vector(&mut c, "int_ic") else { return };
    let order = denominator.len().saturating_sub(1);
    let valid = card.demand(
        &mut c,
        &[
            (
                "den_coeff",
                denominator.first().is_some_and(|&highest| highest != 0.0),
                "must begin with a value other than 0",
            ),
            ("num_coeff", !numerator.is_empty(), "needs at least one value"),
            ("num_coeff", numerator.len() <= denominator.len(), "must not have more values than `den_coeff`"),
            ("int_ic", initial.len() <= order.max(1), "must not have more values than there are integrators"),
            ("denormalized_freq", p.frequency > 0.0, "must be positive"),
        ],
    );
    let mut u = Calculation::default();
    let Ok([from, to]) = ports(&mut c, ["in", "out"], "A1 in out X1") else { return };
    let (Ok(measured), Ok(to)) = (input(&mut c, from, "in", &mut u), output(&mut c, to, "out")) else { return };
    if !valid {
        return;
    }
    let drive_value = u.scaled(measured, p.in_offset, p.gain);
    let excitation = value_unknown(&mut c, "excitation", u.finish(drive_value));
    let lowest_first = |coefficients: &[f64]| -> Vec<f64> {
        let terms = coefficients.iter().rev().enumerate();
        terms.map(|(power, value)| value / p.frequency.powi(power as i32)).collect()
    };
    let (numerator, denominator) = (lowest_first(&numerator), lowest_first(&denominator));
    let states = states(&mut c, &denominator, &initial);
    let mut y = Calculation::default();
    let highest = integrate(&mut c, &states, &denominator, excitation);
    let derivatives = states.unknowns.iter().copied().chain([highest]);
    let mut total = y.constant(0.0);
    for (power, (unknown, coefficient)) in derivatives.zip(&numerator).enumerate() {
        let derivative = y.unknown(unknown);
        let term = y.scaled(derivative, 0.0, coefficient * states.scale.powi(power as i32));
        total = y.sum(total, term);
    }
    drive(&mut c, to, y.finish(total));
}

/// The derivatives of x below the highest, the k-th in units of scale^k so that all are of the same size.
struct States {
    unknowns: Vec<Unknown>,
    scale: f64,
}

fn states(c: &mut Construction, denominator: &[f64], initial: &[f64]) -> States {
    let order = denominator.len() - 1;
    let ratio = (denominator[0] / denominator[order]).abs();
    let scale = if order == 0 || ratio == 0.0 { 1.0 } else { ratio.powf(1.0 / order as f64) };
    let held = |power: usize| {
        let value = initial.len().checked_sub(power + 1).map_or(0.0, |index| initial[index]);
        value / scale.powi(power as i32)
    };
    let values: Vec<f64> = (0..order).map(held).collect();
    let name = UnknownName::Internal(c.id, "integrator".into());
    let unknowns = values.into_iter().map(|value| c.assembly.held_state(name.clone(), value)).collect();
    States { unknowns, scale }
}

/// Makes the equations of the states; the unknown that is the highest derivative of x.
fn integrate(c: &mut Construction, states: &States, denominator: &[f64], excitation: Unknown) -> Unknown {
    let order = denominator.len() - 1;
    let scale = states.scale;
    let highest_factor = denominator[order] * scale.powi(order as i32);
    let mut right = Calculation::default();
    let mut total = right.unknown(excitation);
    for (power, &unknown) in states.unknowns.iter().enumerate() {
        let state = right.unknown(unknown);
        let term = right.scaled(state, 0.0, denominator[power] * scale.powi(power as i32));
        total = right.difference(total, term);
    }
    let value = right.scaled(total, 0.0, 1.0 / highest_factor);
    let highest = value_unknown(c, "highest", right.finish(value));
    for (power, &unknown) in states.unknowns.iter().enumerate() {
        let next = states.unknowns.get(power + 1).copied().unwrap_or(highest);
        let mut rate = Calculation::default();
        let derivative = rate.unknown(next);
        let value = rate.scaled(derivative, 0.0, scale);
        c.assembly.add_behavioural(None, Behavioural::integral(rate.finish(value), unknown));
    }
    highest
}
