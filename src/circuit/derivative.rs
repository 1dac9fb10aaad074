//! Symbolic derivatives of bound expressions: what `ddx` stands for.

use std::f64::consts::{LN_10, PI};

use super::bound::{BinaryOperator, Bound, Function, UnaryOperator};
use BinaryOperator::{Add, Divide, Greater, Less, LessEqual, Multiply, Power, Subtract};

/// Why there is no derivative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDerivative {
    /// This function has none that could be written down.
    Of(Function),
    /// The expression would have more operations than are allowed.
    TooLarge,
}

/// The derivative of `of` by whatever equals `by`, with every `by` replaced by `value` afterwards.
///
/// Other quantities are held. At corners it is the slope on one side, as Newton's method has it. At most `budget` operations.
pub fn derivative(of: &Bound, by: &Bound, value: &Bound, budget: u32) -> Result<Bound, NoDerivative> {
    let mut rules = Rules { by, value, budget };
    rules.slope(of)
}

struct Rules<'a> {
    by: &'a Bound,
    value: &'a Bound,
    budget: u32,
}

type Slope = Result<Bound, NoDerivative>;

fn number(value: f64) -> Bound {
    Bound::Number(value)
}

/// a ∘ b, without what is known to do nothing.
fn binary(operator: BinaryOperator, a: Bound, b: Bound) -> Bound {
    use Bound::Number;
    match (operator, a, b) {
        (_, Number(a), Number(b)) => number(operator.value(a, b)),
        (Add, Number(0.0), b) => b,
        (Add | Subtract, a, Number(0.0)) => a,
        (Subtract, Number(0.0), b) => Bound::Unary(UnaryOperator::Negate, Box::new(b)),
        (Multiply, Number(0.0), _) | (Multiply, _, Number(0.0)) | (Divide, Number(0.0), _) => number(0.0),
        (Multiply, Number(1.0), b) => b,
        (Multiply | Divide | Power, a, Number(1.0)) => a,
        (operator, a, b) => Bound::Binary(operator, Box::new(a), Box::new(b)),
    }
}

fn call(function: Function, argument: Bound) -> Bound {
    match argument {
        Bound::Number(x) => number(super::function_value::function_value(function, &[x])),
        argument => Bound::Call(function, vec![argument]),
    }
}

fn choose(condition: Bound, yes: Bound, no: Bound) -> Bound {
    match condition {
        Bound::Number(condition) => {
            if condition != 0.0 {
                yes
            } else {
                no
            }
        }
        _ if yes == no => yes,
        condition => Bound::Conditional(Box::new([condition, yes, no])),
    }
}

fn squared(x: Bound) -> Bound {
    call(Function::Sqr, x)
}

fn negated(x: Bound) -> Bound {
    binary(Subtract, number(0.0), x)
}

/// d/dx of `random(x)` or `white(x)` with a seed: the rise to the next number times that of the polynomial in between.
fn place_slope(function: Function, x: Bound, seed: Bound) -> Bound {
    let at = |x: Bound| Bound::Call(function, vec![x, seed.clone()]);
    let place = call(Function::Floor, x.clone());
    let part = binary(Subtract, x, place.clone());
    let rise = binary(Subtract, at(binary(Add, place.clone(), number(1.0))), at(place));
    let bow = binary(Multiply, part.clone(), binary(Subtract, number(1.0), part));
    let bow = if function == Function::White {
        binary(Multiply, number(30.0), squared(bow))
    } else {
        binary(Multiply, number(6.0), bow)
    };
    binary(Multiply, bow, rise)
}

/// 1/√x
fn inverse_root(x: Bound) -> Bound {
    binary(Divide, number(1.0), call(Function::Sqrt, x))
}

/// d/dx of functions of one argument that are smooth or have corners; None of steps, whose slope is 0.
fn outer_slope(function: Function, x: Bound) -> Option<Bound> {
    let one = || number(1.0);
    Some(match function {
        Function::Abs => choose(binary(Less, x, number(0.0)), number(-1.0), one()),
        Function::Acos => negated(inverse_root(binary(Subtract, one(), squared(x)))),
        Function::Acosh => inverse_root(binary(Subtract, squared(x), one())),
        Function::Asin => inverse_root(binary(Subtract, one(), squared(x))),
        Function::Asinh => inverse_root(binary(Add, squared(x), one())),
        Function::Atan => binary(Divide, one(), binary(Add, one(), squared(x))),
        Function::Atanh => binary(Divide, one(), binary(Subtract, one(), squared(x))),
        Function::Cos => negated(call(Function::Sin, x)),
        Function::Cosh => call(Function::Sinh, x),
        Function::Erf => binary(Multiply, number(2.0 / PI.sqrt()), call(Function::Exp, negated(squared(x)))),
        Function::Erfc => binary(Multiply, number(-2.0 / PI.sqrt()), call(Function::Exp, negated(squared(x)))),
        Function::Exp => call(Function::Exp, x),
        Function::Ln => binary(Divide, one(), x),
        Function::Log10 => binary(Divide, number(1.0 / LN_10), x),
        Function::Sin => call(Function::Cos, x),
        Function::Sinh => call(Function::Cosh, x),
        Function::Sqr => binary(Multiply, number(2.0), x),
        Function::Sqrt => binary(Multiply, number(0.5), inverse_root(x)),
        Function::Tan => binary(Add, one(), squared(call(Function::Tan, x))),
        Function::Tanh => binary(Subtract, one(), squared(call(Function::Tanh, x))),
        Function::U2 => {
            let above = binary(Greater, x.clone(), number(0.0));
            binary(BinaryOperator::And, above, binary(Less, x, one()))
        }
        Function::Uramp => binary(Greater, x, number(0.0)),
        _ => return None,
    })
}

impl Rules<'_> {
    fn spend(&mut self, operations: u32) -> Result<(), NoDerivative> {
        self.budget = self.budget.checked_sub(operations).ok_or(NoDerivative::TooLarge)?;
        Ok(())
    }

    /// `part` itself, with the value of the variable in its place.
    fn copy(&mut self, part: &Bound) -> Slope {
        self.spend(1)?;
        if part == self.by {
            return Ok(self.value.clone());
        }
        Ok(match part {
            Bound::Unary(operator, a) => match self.copy(a)? {
                Bound::Number(a) => number(operator.value(a)),
                a => Bound::Unary(*operator, Box::new(a)),
            },
            Bound::Binary(operator, a, b) => match (self.copy(a)?, self.copy(b)?) {
                (Bound::Number(a), Bound::Number(b)) => number(operator.value(a, b)),
                (a, b) => Bound::Binary(*operator, Box::new(a), Box::new(b)),
            },
            Bound::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                choose(self.copy(condition)?, self.copy(yes)?, self.copy(no)?)
            }
            Bound::Call(function, arguments) => {
                let arguments = arguments.iter().map(|argument| self.copy(argument)).collect::<Result<Vec<_>, _>>()?;
                let numbers: Option<Vec<f64>> = arguments.iter().map(as_number).collect();
                match numbers {
                    // A `ddx` that is left is the variable of another one.
                    Some(numbers) if !matches!(function, Function::Idt | Function::Ddx) => {
                        number(super::function_value::function_value(*function, &numbers))
                    }
                    _ => Bound::Call(*function, arguments),
                }
            }
            other => other.clone(),
        })
    }

    fn slope(&mut self, of: &Bound) -> Slope {
        self.spend(1)?;
        if of == self.by {
            return Ok(number(1.0));
        }
        match of {
            Bound::Unary(UnaryOperator::Negate, a) => Ok(negated(self.slope(a)?)),
            Bound::Binary(operator, a, b) => self.of_operation(*operator, a, b),
            Bound::Conditional(parts) => self.choice(&parts[0], &parts[1], &parts[2]),
            Bound::Call(function, arguments) => self.of_call(*function, arguments),
            _ => Ok(number(0.0)),
        }
    }

    fn choice(&mut self, condition: &Bound, yes: &Bound, no: &Bound) -> Slope {
        Ok(choose(self.copy(condition)?, self.slope(yes)?, self.slope(no)?))
    }

    fn of_operation(&mut self, operator: BinaryOperator, a: &Bound, b: &Bound) -> Slope {
        if !matches!(
            operator,
            Add | Subtract | Multiply | Divide | Power | BinaryOperator::Remainder | BinaryOperator::MagnitudePower
        ) {
            return Ok(number(0.0));
        }
        let (by_a, by_b) = (self.slope(a)?, self.slope(b)?);
        if by_a == number(0.0) && by_b == number(0.0) {
            return Ok(by_a);
        }
        if matches!(operator, Add | Subtract) {
            return Ok(binary(operator, by_a, by_b));
        }
        let (a, b) = (self.copy(a)?, self.copy(b)?);
        Ok(match operator {
            Multiply => binary(Add, binary(Multiply, by_a, b), binary(Multiply, a, by_b)),
            Divide => {
                let part = binary(Divide, by_a, b.clone());
                let fall = binary(Divide, binary(Multiply, a, by_b), squared(b));
                binary(Subtract, part, fall)
            }
            BinaryOperator::Remainder => {
                let whole = call(Function::Trunc, binary(Divide, a, b));
                binary(Subtract, by_a, binary(Multiply, whole, by_b))
            }
            BinaryOperator::MagnitudePower => {
                let by_a = binary(Multiply, by_a, call(Function::Sgn, a.clone()));
                self.power(call(Function::Abs, a), b, by_a, by_b)?
            }
            _ => self.power(a, b, by_a, by_b)?,
        })
    }

    /// The slope of aᵇ: b·aᵇ⁻¹·da + aᵇ·ln a·db.
    fn power(&mut self, a: Bound, b: Bound, by_a: Bound, by_b: Bound) -> Slope {
        let lower = binary(Power, a.clone(), binary(Subtract, b.clone(), number(1.0)));
        let of_base = binary(Multiply, binary(Multiply, b.clone(), lower), by_a);
        if by_b == number(0.0) {
            return Ok(of_base);
        }
        let growth = binary(Multiply, binary(Power, a.clone(), b), call(Function::Ln, a));
        Ok(binary(Add, of_base, binary(Multiply, growth, by_b)))
    }

    fn of_call(&mut self, function: Function, arguments: &[Bound]) -> Slope {
        match (function, arguments) {
            (Function::If, [condition, yes, no]) => return self.choice(condition, yes, no),
            (Function::Max, [first, rest @ ..]) => return self.extreme(Greater, first, rest),
            (Function::Min, [first, rest @ ..]) => return self.extreme(Less, first, rest),
            (Function::Limit, [x, a, b]) => {
                let low = Bound::Call(Function::Min, vec![a.clone(), b.clone()]);
                let high = Bound::Call(Function::Max, vec![a.clone(), b.clone()]);
                let above = Bound::Call(Function::Max, vec![x.clone(), low]);
                return self.slope(&Bound::Call(Function::Min, vec![above, high]));
            }
            (Function::Pow, [x, y]) => return self.of_operation(Power, x, y),
            (Function::Pwr, [x, y]) => return self.of_operation(BinaryOperator::MagnitudePower, x, y),
            (Function::Table | Function::Pwl, [x, points @ ..]) => return self.table(function, x, points),
            _ => {}
        }
        let slopes = arguments.iter().map(|argument| self.slope(argument)).collect::<Result<Vec<_>, _>>()?;
        if slopes.iter().all(|slope| *slope == number(0.0)) {
            return Ok(number(0.0));
        }
        let copies = arguments.iter().map(|argument| self.copy(argument)).collect::<Result<Vec<_>, _>>()?;
        self.chain(function, copies, slopes)
    }

    /// The slope of a function whose arguments are `copies` and have `slopes`.
    fn chain(&mut self, function: Function, mut copies: Vec<Bound>, mut slopes: Vec<Bound>) -> Slope {
        let (last, last_slope) = (copies.pop(), slopes.pop());
        let (Some(y), Some(dy)) = (last, last_slope) else { return Ok(number(0.0)) };
        let (Some(x), Some(dx)) = (copies.pop(), slopes.pop()) else {
            if matches!(function, Function::Ddt | Function::Idt | Function::Ddx) {
                return Err(NoDerivative::Of(function));
            }
            return Ok(outer_slope(function, y).map_or(number(0.0), |slope| binary(Multiply, slope, dy)));
        };
        match function {
            Function::Atan2 => {
                let rise = binary(Subtract, binary(Multiply, y.clone(), dx), binary(Multiply, x.clone(), dy));
                Ok(binary(Divide, rise, binary(Add, squared(x), squared(y))))
            }
            Function::Hypot => {
                let rise = binary(Add, binary(Multiply, x.clone(), dx), binary(Multiply, y.clone(), dy));
                let length = Bound::Call(Function::Hypot, vec![x, y]);
                Ok(binary(Divide, rise, length))
            }
            Function::Rand => Ok(number(0.0)),
            Function::Random | Function::White => {
                let slope = place_slope(function, x, y);
                Ok(binary(Multiply, slope, dx))
            }
            // |x|ʸ with the sign of x.
            Function::Pwrs => {
                let size = call(Function::Abs, x.clone());
                let sign = call(Function::Sgn, x);
                self.power(size, y, dx, binary(Multiply, sign, dy))
            }
            Function::Sign => {
                let sign = binary(
                    Multiply,
                    call(Function::Sgn, x),
                    choose(binary(Less, y, number(0.0)), number(-1.0), number(1.0)),
                );
                Ok(binary(Multiply, sign, dx))
            }
            function => Err(NoDerivative::Of(function)),
        }
    }

    /// The slope of the largest or smallest of several.
    fn extreme(&mut self, wins: BinaryOperator, first: &Bound, rest: &[Bound]) -> Slope {
        let (mut best, mut slope) = (self.copy(first)?, self.slope(first)?);
        let function = if wins == Greater { Function::Max } else { Function::Min };
        for other in rest {
            let (copy, of_other) = (self.copy(other)?, self.slope(other)?);
            let condition = binary(wins, copy.clone(), best.clone());
            let mut size = 0u32;
            best.walk(&mut |_| size = size.saturating_add(1));
            self.spend(size)?;
            slope = choose(condition, of_other, slope);
            best = Bound::Call(function, vec![best, copy]);
        }
        Ok(slope)
    }

    /// The slope of the segment in which `x` lies; the points must be constants.
    fn table(&mut self, function: Function, x: &Bound, points: &[Bound]) -> Slope {
        let inner = self.slope(x)?;
        let copies = points.iter().map(|point| self.copy(point)).collect::<Result<Vec<_>, _>>()?;
        let numbers: Option<Vec<f64>> = copies.iter().map(as_number).collect();
        let Some(numbers) = numbers else { return Err(NoDerivative::Of(function)) };
        let points: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let slopes: Vec<f64> =
            points.windows(2).map(|pair| (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0)).collect();
        let x = self.copy(x)?;
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(number(0.0)) };
        let beyond = binary(
            BinaryOperator::Or,
            binary(Less, x.clone(), number(first.0)),
            binary(LessEqual, number(last.0), x.clone()),
        );
        let slope = choose(beyond, number(0.0), self.segment(&x, &points, &slopes)?);
        Ok(binary(Multiply, slope, inner))
    }

    /// By halves, so that the expression is no deeper than it must be.
    fn segment(&mut self, x: &Bound, points: &[(f64, f64)], slopes: &[f64]) -> Slope {
        self.spend(1)?;
        let [slope] = slopes else {
            let middle = slopes.len() / 2;
            if middle == 0 {
                return Ok(number(0.0));
            }
            let before = self.segment(x, &points[..=middle], &slopes[..middle])?;
            let behind = self.segment(x, &points[middle..], &slopes[middle..])?;
            return Ok(choose(binary(Less, x.clone(), number(points[middle].0)), before, behind));
        };
        Ok(number(*slope))
    }
}

fn as_number(bound: &Bound) -> Option<f64> {
    match bound {
        Bound::Number(value) => Some(*value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::circuit::function_value::function_value;

    fn value(bound: &Bound, x: f64) -> f64 {
        match bound {
            Bound::Number(value) => *value,
            Bound::Time => x,
            Bound::Unary(operator, a) => operator.value(value(a, x)),
            Bound::Binary(operator, a, b) => operator.value(value(a, x), value(b, x)),
            Bound::Conditional(parts) => value(&parts[if value(&parts[0], x) != 0.0 { 1 } else { 2 }], x),
            Bound::Call(function, arguments) => {
                let numbers: Vec<f64> = arguments.iter().map(|argument| value(argument, x)).collect();
                function_value(*function, &numbers)
            }
            other => panic!("{other:?}"),
        }
    }

    /// Of every function, against differences.
    #[test]
    fn derivatives_are_the_limits_of_differences() {
        for &function in Function::ALL {
            let constants: &[f64] = match function {
                Function::Absdelay | Function::Ddt | Function::Ddx | Function::Idt => continue,
                Function::Akima | Function::Bli | Function::Cubic | Function::Wodicka => continue,
                Function::Pwl | Function::Table => &[-3.0, 1.0, 0.0, 2.0, 1.0, -1.0, 2.0, 5.0],
                Function::If | Function::Limit => &[-0.5, 0.62],
                Function::Rand | Function::Random | Function::White => &[3.0],
                _ if function.arity().0 == 2 => &[0.7],
                _ if function.arity().1 > 2 => &[0.2, 0.6],
                _ => &[],
            };
            // The variable in front, inside of another function; and at the end.
            let inner = Bound::Call(Function::Sqr, vec![Bound::Time]);
            let mut first = vec![inner.clone()];
            first.extend(constants.iter().map(|constant| Bound::Number(*constant)));
            let mut last = first.clone();
            if !matches!(function, Function::Pwl | Function::Table) && !function.is_of_place() {
                last.reverse();
            }
            for arguments in [first, last] {
                let bound = match (function, <[Bound; 3]>::try_from(arguments)) {
                    // Bound as what they are made of.
                    (Function::Dnlim | Function::Uplim, Ok([x, y, z])) => {
                        Bound::soft_limit(function == Function::Uplim, x, y, z)
                    }
                    (_, Ok(arguments)) => Bound::Call(function, arguments.into()),
                    (_, Err(arguments)) => Bound::Call(function, arguments),
                };
                let slope = derivative(&bound, &Bound::Time, &Bound::Time, 1000).unwrap();
                for x in [0.3, 0.77, 0.9, 1.2] {
                    let h = 1e-6;
                    let expected = (value(&bound, x + h) - value(&bound, x - h)) / (2.0 * h);
                    if expected.is_finite() {
                        let found = value(&slope, x);
                        assert!(
                            (found - expected).abs() < 1e-7 * (1.0 + expected.abs()),
                            "{function:?} {x} {found} {expected}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn operations_have_the_slopes_of_calculus() {
        let x = || Bound::Time;
        let scaled = binary(Multiply, number(2.5), x());
        for operator in
            [Add, Subtract, Multiply, Divide, Power, BinaryOperator::Remainder, BinaryOperator::MagnitudePower]
        {
            for bound in [
                binary(operator, scaled.clone(), call(Function::Exp, x())),
                binary(operator, call(Function::Exp, x()), scaled.clone()),
            ] {
                let slope = derivative(&bound, &x(), &x(), 1000).unwrap();
                let (at, h) = (0.4, 1e-6);
                let expected = (value(&bound, at + h) - value(&bound, at - h)) / (2.0 * h);
                assert!((value(&slope, at) - expected).abs() < 1e-8 * (1.0 + expected.abs()), "{operator:?}");
            }
        }
        let of_itself = derivative(&binary(Power, x(), number(3.0)), &x(), &number(2.0), 100).unwrap();
        assert_eq!(of_itself, number(12.0));
        assert_eq!(derivative(&scaled, &x(), &x(), 1), Err(NoDerivative::TooLarge));
    }
}
