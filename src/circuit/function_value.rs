//! What the built-in functions give for numbers.

use super::bound::Function;
use super::random_function::of_place;
use crate::numerics::curve::{Curve, CurveKind};

/// The value of `function`, whose arity the arguments have. NaN for `idt` and others that need more than numbers.
pub fn function_value(function: Function, arguments: &[f64]) -> f64 {
    let x = arguments.first().copied().unwrap_or(f64::NAN);
    let y = arguments.get(1).copied().unwrap_or(f64::NAN);
    match function {
        Function::Abs => x.abs(),
        Function::Acos => x.acos(),
        Function::Acosh => x.acosh(),
        Function::Asin => x.asin(),
        Function::Asinh => x.asinh(),
        Function::Atan => x.atan(),
        Function::Atan2 => x.atan2(y),
        Function::Atanh => x.atanh(),
        Function::Buf => f64::from(x > 0.5),
        Function::Ceil => x.ceil(),
        Function::Cos => x.cos(),
        Function::Cosh => x.cosh(),
        Function::Absdelay => x,
        Function::Ddt => 0.0,
        Function::Dnlim | Function::Uplim => {
            let width = arguments.get(2).copied().unwrap_or(f64::NAN);
            let side = if function == Function::Uplim { -1.0 } else { 1.0 };
            let inside = side * (x - y) / width;
            y + side * width * if inside > 1.0 { inside } else { (inside - 1.0).exp() }
        }
        Function::Erf => libm::erf(x),
        Function::Erfc => libm::erfc(x),
        Function::Exp => x.exp(),
        Function::Floor => x.floor(),
        Function::Hypot => x.hypot(y),
        Function::If => if_value(arguments),
        Function::Ddx | Function::Idt => f64::NAN,
        Function::Int | Function::Trunc => x.trunc(),
        Function::Inv => f64::from(x <= 0.5),
        Function::Limit => limit(x, y, arguments.get(2).copied().unwrap_or(f64::NAN)),
        Function::Ln => x.ln(),
        Function::Log10 => x.log10(),
        Function::Max => arguments.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Function::Min => arguments.iter().copied().fold(f64::INFINITY, f64::min),
        Function::Nint => x.round_ties_even(),
        Function::Pow => x.powf(y),
        Function::Akima | Function::Bli | Function::Cubic | Function::Wodicka => {
            let points: Vec<(f64, f64)> = arguments[1..].chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            curve_kind(function).and_then(|kind| Curve::new(kind, &points)).map_or(f64::NAN, |curve| curve.at(x).0)
        }
        Function::Pwl | Function::Table => interpolate(x, &arguments[1.min(arguments.len())..]),
        Function::Pwr => x.abs().powf(y),
        Function::Pwrs => sign(x) * x.abs().powf(y),
        Function::Rand | Function::Random | Function::White => of_place(function, x, y).0,
        Function::Round => x.round(),
        Function::Sgn => sign(x),
        Function::Sign => x.abs().copysign(if y < 0.0 { -1.0 } else { 1.0 }),
        Function::Sin => x.sin(),
        Function::Sinh => x.sinh(),
        Function::Sqr => x * x,
        Function::Sqrt => x.sqrt(),
        Function::Stp | Function::U => step(x),
        Function::Tan => x.tan(),
        Function::Tanh => x.tanh(),
        Function::U2 => x.clamp(0.0, 1.0),
        Function::Uramp => x.max(0.0),
    }
}

/// The curve that a function of points is.
pub fn curve_kind(function: Function) -> Option<CurveKind> {
    Some(match function {
        Function::Akima => CurveKind::Akima,
        Function::Bli => CurveKind::Lagrange,
        Function::Cubic => CurveKind::Cubic,
        Function::Wodicka => CurveKind::Wodicka,
        _ => return None,
    })
}

/// `if(condition, yes, no)`: everything but 0 is true.
fn if_value(arguments: &[f64]) -> f64 {
    match *arguments {
        [condition, yes, no] => {
            if condition != 0.0 {
                yes
            } else {
                no
            }
        }
        _ => f64::NAN,
    }
}

/// -1, 0 or 1.
pub fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

/// 0 below 0, 1 above, and in between at 0 itself.
pub fn step(x: f64) -> f64 {
    if x < 0.0 {
        0.0
    } else if x > 0.0 {
        1.0
    } else {
        x + 0.5
    }
}

/// `x` kept between the two bounds, whichever of them is lower.
pub fn limit(x: f64, a: f64, b: f64) -> f64 {
    if x.is_nan() || a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    x.clamp(a.min(b), a.max(b))
}

/// Linear interpolation between `x0, y0, x1, y1, …`, constant beyond the ends.
pub fn interpolate(x: f64, points: &[f64]) -> f64 {
    let point = |index: usize| (points[2 * index], points[2 * index + 1]);
    let count = points.len() / 2;
    if count == 0 || x.is_nan() {
        return f64::NAN;
    }
    let (first, last) = (point(0), point(count - 1));
    if x <= first.0 {
        return first.1;
    }
    for index in 1..count {
        let (left, right) = (point(index - 1), point(index));
        if x < right.0 {
            return left.1 + (right.1 - left.1) * (x - left.0) / (right.0 - left.0);
        }
    }
    last.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions() {
        let value = |name: &str, arguments: &[f64]| function_value(Function::named(name).unwrap(), arguments);
        assert_eq!(value("log", &[1f64.exp()]), 1.0);
        assert_eq!(value("nint", &[2.5]), 2.0);
        assert_eq!(value("int", &[-2.7]), -2.0);
        assert_eq!(value("pwr", &[-2.0, 2.0]), 4.0);
        assert_eq!(value("pwrs", &[-2.0, 2.0]), -4.0);
        assert_eq!(value("limit", &[5.0, 3.0, 1.0]), 3.0);
        assert_eq!(value("sign", &[3.0, -1.0]), -3.0);
        assert_eq!(value("table", &[0.5, 0.0, 0.0, 1.0, 10.0]), 5.0);
        assert_eq!(value("table", &[7.0, 0.0, 0.0, 1.0, 10.0]), 10.0);
        assert_eq!(value("uramp", &[-1.0]), 0.0);
    }
}
