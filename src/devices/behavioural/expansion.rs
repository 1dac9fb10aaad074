//! Expressions in power series around an operating point, for distortion.
//!
//! Functions with corners are straight here, as are tables and curves through points.

use super::guarded;
use super::program::{Moment, Operation, Program, Workspace, interpolate};
use crate::circuit::bound::{BinaryOperator, Function, UnaryOperator};
use crate::numerics::power_series::{PowerSeries, Product};
use crate::numerics::scalar::Scalar;

/// The program's value at `x`, whose values it has been evaluated at: `workspace` still holds those of all operations.
pub fn expand(program: &Program, x: &[PowerSeries], moment: Moment, workspace: &Workspace) -> PowerSeries {
    let mut series: Vec<PowerSeries> = Vec::with_capacity(program.operations.len());
    for (operation, &value) in program.operations.iter().zip(&workspace.values) {
        let at = |slot: u32| series[slot as usize];
        series.push(match *operation {
            Operation::Constant(value) => PowerSeries::from(value),
            Operation::Input(input) => x[program.inputs[input as usize] as usize],
            Operation::Time => PowerSeries::from(moment.time),
            Operation::Frequency => PowerSeries::from(moment.frequency),
            Operation::Unary(UnaryOperator::Negate, a) => -at(a),
            Operation::Unary(UnaryOperator::Not, _) => PowerSeries::from(value),
            Operation::Binary(operator, a, b) => binary(operator, at(a), at(b), value),
            Operation::Function(which, a) => function(which, at(a), value),
            Operation::Function2(which, a, b) => function2(which, at(a), at(b), value),
            Operation::Select([condition, yes, no]) => at(if at(condition).value != 0.0 { yes } else { no }),
            Operation::Interpolate(a, table) => {
                straight(at(a), value, interpolate(&program.tables[table as usize], at(a).value).1)
            }
            Operation::Curve(a, curve) => straight(at(a), value, program.curves[curve as usize].at(at(a).value).1),
        });
    }
    series.last().copied().unwrap_or(PowerSeries::from(0.0))
}

fn straight(x: PowerSeries, value: f64, slope: f64) -> PowerSeries {
    x.function(value, slope, || [0.0, 0.0])
}

/// The function with this value and the derivative `slope`, from which further ones follow.
fn primitive(x: PowerSeries, value: f64, slope: impl Fn(PowerSeries) -> PowerSeries) -> PowerSeries {
    let mut probe = PowerSeries::from(x.value);
    probe.set(Product::Z, faer::c64::new(1.0, 0.0));
    let slope = slope(probe);
    x.function(value, slope.value, || [slope.coefficient(Product::Z).re, 2.0 * slope.coefficient(Product::Z2).re])
}

fn binary(operator: BinaryOperator, a: PowerSeries, b: PowerSeries, value: f64) -> PowerSeries {
    match operator {
        BinaryOperator::Add => a + b,
        BinaryOperator::Subtract => a - b,
        BinaryOperator::Multiply => a * b,
        BinaryOperator::Divide => a / b,
        BinaryOperator::Power => power(a, b, value),
        BinaryOperator::MagnitudePower => power(a.abs(), b, value),
        _ => {
            let (by_a, by_b) = guarded::binary_slopes(operator, a.value, b.value, value);
            straight(a, value, by_a) + straight(b, 0.0, by_b)
        }
    }
}

/// The power of this value; of a negative base by the magnitude, with the sign that the value has.
fn power(base: PowerSeries, exponent: PowerSeries, value: f64) -> PowerSeries {
    let sign = if value < 0.0 { -1.0 } else { 1.0 };
    if exponent == PowerSeries::from(exponent.value) {
        return base.abs().powf(exponent.value) * sign;
    }
    if base.value == 0.0 {
        return PowerSeries::from(value);
    }
    (base.abs().ln() * exponent).exp() * sign
}

fn function(which: Function, x: PowerSeries, value: f64) -> PowerSeries {
    let one = PowerSeries::from(1.0);
    match which {
        Function::Abs => x.abs(),
        Function::Asin => primitive(x, value, |x| (one - x * x).sqrt().recip()),
        Function::Acos => primitive(x, value, |x| -(one - x * x).sqrt().recip()),
        Function::Asinh => primitive(x, value, |x| (x * x + 1.0).sqrt().recip()),
        Function::Acosh => primitive(x, value, |x| (x * x - 1.0).sqrt().recip()),
        Function::Atan => x.atan(),
        Function::Atanh => primitive(x, value, |x| (one - x * x).recip()),
        Function::Cos => x.cos(),
        Function::Cosh => x.cosh(),
        Function::Erf => primitive(x, value, |x| (-(x * x)).exp() * std::f64::consts::FRAC_2_SQRT_PI),
        Function::Erfc => primitive(x, value, |x| (-(x * x)).exp() * -std::f64::consts::FRAC_2_SQRT_PI),
        Function::Exp if value.is_finite() => x.function(value, value, || [value, value]),
        Function::Ln if x.value > 0.0 => x.ln(),
        Function::Log10 if x.value > 0.0 => x.ln() * std::f64::consts::LOG10_E,
        Function::Sin => x.sin(),
        Function::Sinh => x.sinh(),
        Function::Sqr => x * x,
        Function::Sqrt if x.value > 0.0 => x.sqrt(),
        Function::Tan => x.tan(),
        Function::Tanh => x.tanh(),
        _ => straight(x, value, guarded::slope(which, x.value, value)),
    }
}

/// The angle of this value whose changes are those of atan `tangent`.
fn angle(tangent: PowerSeries, value: f64) -> PowerSeries {
    let angle = tangent.atan();
    angle + (value - angle.value)
}

fn function2(which: Function, x: PowerSeries, y: PowerSeries, value: f64) -> PowerSeries {
    match which {
        Function::Pow => power(x, y, value),
        Function::Pwr => power(x.abs(), y, value),
        Function::Pwrs => power(x, y, value),
        Function::Max => x.max(y),
        Function::Min => {
            if x.value <= y.value {
                x
            } else {
                y
            }
        }
        Function::Hypot if value > 0.0 => (x * x + y * y).sqrt(),
        // The angle's part that is not constant is that of either quotient.
        Function::Atan2 if x.value.abs() <= y.value.abs() && y.value != 0.0 => angle(x / y, value),
        Function::Atan2 if x.value != 0.0 => angle(-(y / x), value),
        _ => {
            let (by_x, by_y) = guarded::slopes(which, x.value, y.value, value);
            straight(x, value, by_x) + straight(y, 0.0, by_y)
        }
    }
}

#[cfg(test)]
mod tests {
    use faer::c64;

    use super::*;

    /// x and y move along z; second and third derivatives must be those that differences of first ones have.
    #[test]
    fn bending_is_that_of_the_slopes() {
        let along = |slope: &dyn Fn(f64) -> f64| {
            let h = 1e-3;
            let [a, b, c, d, e] = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|k| slope(k * h));
            [(a - 8.0 * b + 8.0 * d - e) / (12.0 * h), (-a + 16.0 * b - 30.0 * c + 16.0 * d - e) / (12.0 * h * h)]
        };
        let mut compared = 0;
        for &which in
            Function::ALL.iter().filter(|which| !matches!(which, Function::Ddt | Function::Idt | Function::Ddx))
        {
            for (x, y) in [(-0.6, 0.7), (0.35, 1.3), (1.4, -0.8), (1.2, 2.0), (-1.7, 3.0)] {
                let [mut sx, mut sy] = [PowerSeries::from(x), PowerSeries::from(y)];
                sx.set(Product::Z, c64::new(1.0, 0.0));
                sy.set(Product::Z, c64::new(0.5, 0.0));
                let (found, value, wanted): (_, _, [f64; 2]) = match which.arity() {
                    (1, 1) => {
                        let value = guarded::function(which, x);
                        let slope = |t: f64| guarded::slope(which, x + t, guarded::function(which, x + t));
                        (function(which, sx, value), value, along(&slope))
                    }
                    (2, 2) if !matches!(which, Function::Rand | Function::Random | Function::White) => {
                        let value = guarded::function2(which, x, y);
                        let slope = |t: f64| {
                            let (x, y) = (x + t, y + 0.5 * t);
                            let (by_x, by_y) = guarded::slopes(which, x, y, guarded::function2(which, x, y));
                            by_x + 0.5 * by_y
                        };
                        (function2(which, sx, sy, value), value, along(&slope))
                    }
                    _ => continue,
                };
                // Outside of its domain a function is held, with a slope next to the edge of it; of a power the slope by the exponent
                // is left out below 0.
                let inside = !matches!(which, Function::Asin | Function::Acos | Function::Atanh) || x.abs() < 1.0;
                if !inside
                    || which == Function::Pow && x < 0.0
                    || which == Function::Acosh && x <= 1.0
                    || matches!(which, Function::Ln | Function::Log10 | Function::Sqrt) && x < 0.0
                {
                    continue;
                }
                assert!((found.value - value).abs() < 1e-14 * (1.0 + value.abs()), "{which:?}");
                let bends = [2.0 * found.coefficient(Product::Z2).re, 6.0 * found.coefficient(Product::Z3).re];
                for (bend, wanted) in bends.into_iter().zip(wanted) {
                    assert!((bend - wanted).abs() < 2e-6 * (1.0 + wanted.abs()), "{which:?} {x} {y}: {bend} {wanted}");
                }
                compared += 1;
            }
        }
        assert!(compared > 100, "{compared}");
    }
}
