//! Integration formulas: one type of coefficients for all methods.
//!
//! The circuit is f(x, t) + d/dt q(x) = 0. At a new time point every method replaces the derivative by
//!
//! ```text
//! dq/dt(t_new) ≈ leading·q_new + Σ_j history[j]·q[j] + derivative·q̇[0]
//! ```
//!
//! where `q[0]` is the last accepted charge (or the stage before, for a multi-stage method), `q[1]` the one before it, and
//! `q̇[0]` the derivative that the method itself found there. The local truncation error of the new charge is estimated as
//! `error·Σ_j difference[j]·q[j−1]` (`q[−1]` being the new one), a divided difference over the last points.
//!
//! Sources: Nagel, SPICE2 (UCB/ERL M520, 1975), ch. 5, for the variable-step trapezoidal rule and its error; Brayton,
//! Gustavson & Hachtel (Proc. IEEE 60, 1972) for variable-step BDF; Bank et al. (IEEE TCAD 4, 1985) and Hosea & Shampine
//! (Appl. Numer. Math. 20, 1996) for TR-BDF2.

/// Highest order of the BDF formulas.
pub const MAXIMUM_ORDER: usize = 6;

/// Number of past points that a formula of the highest order and its error estimate need.
pub const HISTORY: usize = MAXIMUM_ORDER + 2;

/// γ of TR-BDF2 for which both stages have the same leading coefficient: 2 − √2.
pub const TR_BDF2_GAMMA: f64 = 2.0 - std::f64::consts::SQRT_2;

/// The formula of one step (or one stage).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Formula {
    /// Backward differentiation of order 1 (backward Euler) to 6.
    Backward { order: usize },
    /// Trapezoidal rule.
    Trapezoidal,
}

/// Weights of one step; see the module documentation. Units: 1/s for the first three.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficients {
    pub order: usize,
    pub leading: f64,
    pub history: [f64; HISTORY],
    /// Number of entries of `history` in use.
    pub depth: usize,
    pub derivative: f64,
}

impl Coefficients {
    /// Weights for a step of `steps[0]` seconds, `steps[1]` being the step before it, and so on.
    ///
    /// `steps` must hold at least as many steps as the order.
    pub fn new(formula: Formula, steps: &[f64]) -> Self {
        match formula {
            Formula::Trapezoidal => Self::trapezoidal(steps[0]),
            Formula::Backward { order } => Self::backward(order, steps),
        }
    }

    fn trapezoidal(step: f64) -> Self {
        let mut history = [0.0; HISTORY];
        history[0] = -2.0 / step;
        Coefficients { order: 2, leading: 2.0 / step, history, depth: 1, derivative: -1.0 }
    }

    /// Derivative at the newest point of the polynomial through it and the `order` points before it (Lagrange's form).
    fn backward(order: usize, steps: &[f64]) -> Self {
        let mut history = [0.0; HISTORY];
        let distances = distances::<{ MAXIMUM_ORDER + 1 }>(steps, order);
        let mut leading = 0.0;
        for j in 0..order {
            leading += 1.0 / distances[j + 1];
            let mut weight = -1.0 / distances[j + 1];
            for k in 0..order {
                if k != j {
                    weight *= distances[k + 1] / (distances[k + 1] - distances[j + 1]);
                }
            }
            history[j] = weight;
        }
        Coefficients { order, leading, history, depth: order, derivative: 0.0 }
    }

    /// Second stage of TR-BDF2 over a whole step of `step` seconds: `q[0]` is the stage at γ·step, `q[1]` the start.
    pub fn tr_bdf2_second_stage(step: f64) -> Self {
        let gamma = TR_BDF2_GAMMA;
        let leading = (2.0 - gamma) / ((1.0 - gamma) * step);
        let mut history = [0.0; HISTORY];
        history[0] = -leading / (gamma * (2.0 - gamma));
        history[1] = leading * (1.0 - gamma) * (1.0 - gamma) / (gamma * (2.0 - gamma));
        Coefficients { order: 2, leading, history, depth: 2, derivative: 0.0 }
    }

    /// dq/dt at the new point.
    pub fn derivative_of(&self, new: f64, history: impl Fn(usize) -> f64, derivative: f64) -> f64 {
        let mut sum = self.leading * new + self.derivative * derivative;
        for j in 0..self.depth {
            sum += self.history[j] * history(j);
        }
        sum
    }
}

/// Times back from the newest point: `[0, h0, h0 + h1, …]`.
fn distances<const M: usize>(steps: &[f64], count: usize) -> [f64; M] {
    let mut distances = [0.0; M];
    for j in 0..count {
        distances[j + 1] = distances[j] + steps[j];
    }
    distances
}

/// Weights of a divided difference of order `order` over the newest point (weight 0) and `order` points before it.
///
/// The difference approximates the derivative of that order divided by its factorial.
pub fn divided_difference(order: usize, steps: &[f64]) -> [f64; HISTORY + 1] {
    let distances = distances::<{ HISTORY + 1 }>(steps, order);
    let mut weights = [0.0; HISTORY + 1];
    for j in 0..=order {
        let mut product = 1.0;
        for k in 0..=order {
            if k != j {
                product *= distances[k] - distances[j];
            }
        }
        weights[j] = 1.0 / product;
    }
    weights
}

/// Weights that extrapolate a polynomial of `order` through `order + 1` past points, `steps[1]`, `steps[2]`, … apart,
/// by `steps[0]`.
pub fn predictor(order: usize, steps: &[f64]) -> [f64; HISTORY] {
    let mut weights = [0.0; HISTORY];
    let distances = distances::<{ HISTORY + 1 }>(steps, order + 1);
    for j in 0..=order {
        let mut weight = 1.0;
        for k in 0..=order {
            if k != j {
                weight *= distances[k + 1] / (distances[k + 1] - distances[j + 1]);
            }
        }
        weights[j] = weight;
    }
    weights
}

/// Factor that turns a divided difference of order + 1 into the local truncation error of the charge, for the given steps.
///
/// BDF k: Π distances/leading; trapezoidal rule: h³/2 (q‴/12 = difference/2).
pub fn truncation_constant(formula: Formula, steps: &[f64]) -> f64 {
    match formula {
        Formula::Trapezoidal => 0.5 * steps[0].powi(3),
        Formula::Backward { order } => {
            let distances = distances::<{ MAXIMUM_ORDER + 1 }>(steps, order);
            let product: f64 = distances[1..=order].iter().product();
            let leading: f64 = distances[1..=order].iter().map(|distance| 1.0 / distance).sum();
            product / leading
        }
    }
}

/// Weights of q̇ at the start, at the inner stage and at the end, and the factor in front (to be multiplied by the step), of
/// the error estimate of TR-BDF2 (Hosea & Shampine, eq. 2.9).
pub fn tr_bdf2_error() -> ([f64; 3], f64) {
    let gamma = TR_BDF2_GAMMA;
    let factor = 2.0 * (-3.0 * gamma * gamma + 4.0 * gamma - 2.0) / (12.0 * (2.0 - gamma));
    ([1.0 / gamma, -1.0 / (gamma * (1.0 - gamma)), 1.0 / (1.0 - gamma)], factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [f64; 8] = [0.3, 0.5, 0.2, 0.7, 0.4, 0.6, 0.35, 0.25];

    fn past(j: usize) -> f64 {
        -STEPS[..j].iter().sum::<f64>()
    }

    #[test]
    fn backward_formulas_differentiate_polynomials_of_their_order_exactly() {
        for order in 1..=MAXIMUM_ORDER {
            let coefficients = Coefficients::new(Formula::Backward { order }, &STEPS);
            let polynomial = |t: f64| (1.0 + 0.5 * t).powi(order as i32);
            let exact = order as f64 * 0.5;
            let found = coefficients.derivative_of(polynomial(0.0), |j| polynomial(past(j + 1)), 0.0);
            assert!((found - exact).abs() < 1e-10 * exact, "order {order}: {found} instead of {exact}");
        }
    }

    #[test]
    fn divided_difference_gives_the_leading_coefficient() {
        for order in 1..=MAXIMUM_ORDER + 1 {
            let weights = divided_difference(order, &STEPS);
            let sum: f64 = (0..=order).map(|j| weights[j] * past(j).powi(order as i32)).sum();
            assert!((sum - 1.0).abs() < 1e-9, "order {order}: {sum}");
        }
    }

    #[test]
    fn predictor_extrapolates_polynomials_exactly() {
        for order in 0..MAXIMUM_ORDER {
            let weights = predictor(order, &STEPS);
            let polynomial = |t: f64| (2.0 + t).powi(order as i32);
            let found: f64 = (0..=order).map(|j| weights[j] * polynomial(past(j + 1))).sum();
            assert!((found - polynomial(0.0)).abs() < 1e-9, "order {order}");
        }
    }

    #[test]
    fn both_stages_of_tr_bdf2_have_the_same_leading_coefficient() {
        let step = 0.7;
        let first = Coefficients::new(Formula::Trapezoidal, &[TR_BDF2_GAMMA * step]);
        let second = Coefficients::tr_bdf2_second_stage(step);
        assert!((first.leading - second.leading).abs() < 1e-12 * first.leading);
    }
}
