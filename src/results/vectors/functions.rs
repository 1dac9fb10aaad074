//! Functions of vectors, by ngspice's names.

use std::f64::consts::{PI, TAU};

use faer::c64;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, Poisson, StandardNormal, StandardUniform};

use super::arithmetic::{map, to_complex, to_real};
use super::named_vector::length;
use super::series_functions;
use crate::reference::Status;
use crate::results::value::Samples;

/// What functions depend on besides their argument.
pub struct Surroundings<'a> {
    /// Values of the scale, as long as the argument; empty without one.
    pub scale: &'a [f64],
    /// `set units=degrees`
    pub degrees: bool,
    pub random: &'a mut ChaCha8Rng,
    /// Values that a function may make up.
    pub most: usize,
}

impl Surroundings<'_> {
    fn radians(&self, angle: f64) -> f64 {
        if self.degrees { angle.to_radians() } else { angle }
    }

    fn angle(&self, radians: f64) -> f64 {
        if self.degrees { radians.to_degrees() } else { radians }
    }
}

/// All functions: names, meaning, and how they stand against ngspice.
pub const FUNCTIONS: &[(&[&str], &str, Status)] = &[
    (&["abs", "mag", "magnitude"], "Magnitude", Status::Same),
    (&["ph", "phase"], "Angle of complex values", Status::Same),
    (&["cph", "cphase"], "Angle without jumps", Status::Same),
    (&["unwrap"], "An angle (real values) without jumps", Status::Same),
    (&["re", "real"], "Real part", Status::Same),
    (&["im", "imag"], "Imaginary part", Status::Same),
    (&["j"], "Times the imaginary unit", Status::Same),
    (&["conj"], "Complex conjugate", Status::Same),
    (&["db"], "20·log10 of the magnitude", Status::Same),
    (&["ln", "log"], "Natural logarithm", Status::Same),
    (&["log10"], "Logarithm to base 10", Status::Same),
    (&["exp"], "e^x", Status::Same),
    (&["sqrt"], "Square root; imaginary of negative numbers", Status::Same),
    (&["sin"], "Sine", Status::Same),
    (&["cos"], "Cosine", Status::Same),
    (&["tan"], "Tangent", Status::Same),
    (&["sinh"], "Hyperbolic sine", Status::Same),
    (&["cosh"], "Hyperbolic cosine", Status::Same),
    (&["tanh"], "Hyperbolic tangent", Status::Same),
    (&["atan"], "Arc tangent", Status::Same),
    (&["floor"], "Next whole number downwards", Status::Same),
    (&["ceil"], "Next whole number upwards", Status::Same),
    (&["nint"], "Nearest whole number, halves to even", Status::Same),
    (&["pos"], "1 where positive, else 0", Status::Same),
    (&["length"], "Number of values", Status::Same),
    (&["mean"], "Mean of the values, all alike", Status::Same),
    (&["stddev"], "Standard deviation of the values, n − 1", Status::Same),
    (&["vecmin", "minimum"], "Smallest value", Status::Same),
    (&["vecmax", "maximum"], "Largest value", Status::Same),
    (&["norm"], "Divided by the largest magnitude", Status::Same),
    (&["avg"], "Running mean", Status::Same),
    (&["vecd"], "Differences from value to value", Status::Same),
    (&["sortorder"], "Numbers of the values from the smallest to the largest", Status::Same),
    (&["deriv"], "Derivative over the scale, of the parabola through three points", Status::Same),
    (&["integ"], "Running integral over the scale", Status::Same),
    (&["group_delay"], "−1/(2π)·d(angle)/d(frequency)", Status::Same),
    (&["interpolate"], "Values at the scale of the current plot", Status::Same),
    (&["vector"], "0, 1, …, n − 1", Status::Same),
    (&["cvector"], "The same, complex", Status::OnlyHere),
    (&["unitvec"], "n ones", Status::Same),
    (&["rnd"], "Whole random numbers below each value", Status::Same),
    (&["sunif"], "Uniform in −1 … 1", Status::Same),
    (&["sgauss"], "Normal of deviation 1", Status::Same),
    (&["exponential"], "Exponential of this mean", Status::Same),
    (&["poisson"], "Poisson of this mean", Status::Same),
];

/// Functions of ngspice that are not here, and their meaning.
pub const ABSENT: &[(&str, &str)] = &[("fft, ifft", "Fourier transform of a vector")];

/// All names.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().flat_map(|(names, ..)| names.iter().copied())
}

/// The value of the function called `name`; None if there is no such function.
///
/// # Errors
/// Says why there is no value.
pub fn apply(name: &str, argument: &Samples, around: &mut Surroundings) -> Option<Result<Samples, String>> {
    if length(argument) == 0 {
        return names().any(|known| known == name).then(|| Err(format!("`{name}` of a vector without values")));
    }
    let found = parts(name, argument, around)
        .or_else(|| elementwise(name, argument, around))
        .or_else(|| statistics(name, argument))
        .or_else(|| drawn(name, argument, around));
    found.map(Ok).or_else(|| counted(name, argument, around)).or_else(|| checked(name, argument, around))
}

/// Real numbers made of complex ones.
fn parts(name: &str, argument: &Samples, around: &Surroundings) -> Option<Samples> {
    let each = |part: &dyn Fn(c64) -> f64| Some(Samples::Real(to_complex(argument).into_iter().map(part).collect()));
    match name {
        "mag" | "magnitude" | "abs" => each(&|value| value.re.hypot(value.im)),
        "ph" | "phase" => each(&|value| around.angle(value.im.atan2(value.re))),
        "cph" | "cphase" => {
            let phases = to_complex(argument).into_iter().map(|value| value.im.atan2(value.re)).collect();
            Some(Samples::Real(series_functions::unwrapped(phases, PI).into_iter().map(|p| around.angle(p)).collect()))
        }
        "unwrap" => {
            let half = if around.degrees { 180.0 } else { PI };
            Some(Samples::Real(series_functions::unwrapped(to_real(argument), half)))
        }
        "real" | "re" => each(&|value| value.re),
        "imag" | "im" => each(&|value| value.im),
        _ => None,
    }
}

fn elementwise(name: &str, argument: &Samples, around: &Surroundings) -> Option<Samples> {
    let radians = |angle: f64| around.radians(angle);
    let turned = |value: c64| if around.degrees { value * (PI / 180.0) } else { value };
    Some(match name {
        "conj" => map(argument, |x| x, |z| z.conj()),
        "j" => Samples::Complex(to_complex(argument).into_iter().map(|z| z * c64::new(0.0, 1.0)).collect()),
        "exp" => map(argument, f64::exp, |z| z.exp()),
        "sqrt" => match argument {
            // Of negative numbers the root is imaginary.
            Samples::Real(values) if values.iter().any(|&value| value < 0.0) => {
                Samples::Complex(values.iter().map(|&value| c64::new(value, 0.0).sqrt()).collect())
            }
            _ => map(argument, f64::sqrt, |z| z.sqrt()),
        },
        "sin" => map(argument, |x| radians(x).sin(), |z| turned(z).sin()),
        "cos" => map(argument, |x| radians(x).cos(), |z| turned(z).cos()),
        "tan" => map(argument, |x| radians(x).tan(), |z| turned(z).tan()),
        "sinh" => map(argument, |x| radians(x).sinh(), |z| turned(z).sinh()),
        "cosh" => map(argument, |x| radians(x).cosh(), |z| turned(z).cosh()),
        "tanh" => map(argument, |x| radians(x).tanh(), |z| turned(z).tanh()),
        "atan" => Samples::Real(to_real(argument).into_iter().map(|x| around.angle(x.atan())).collect()),
        "floor" => map(argument, f64::floor, |z| c64::new(z.re.floor(), z.im.floor())),
        "ceil" => map(argument, f64::ceil, |z| c64::new(z.re.ceil(), z.im.ceil())),
        "nint" => map(argument, f64::round_ties_even, |z| c64::new(z.re.round_ties_even(), z.im.round_ties_even())),
        "pos" => {
            Samples::Real(to_real(argument).into_iter().map(|value| if value > 0.0 { 1.0 } else { 0.0 }).collect())
        }
        _ => return None,
    })
}

/// One number from a whole vector, and curves that follow from several values.
fn statistics(name: &str, argument: &Samples) -> Option<Samples> {
    let count = length(argument) as f64;
    let real = || to_real(argument);
    let fold = |least: bool| {
        let better = |a: f64, b: f64| if least { a.min(b) } else { a.max(b) };
        let pick = |values: Vec<f64>| values.into_iter().reduce(better).unwrap_or(f64::NAN);
        match argument {
            Samples::Real(values) => Samples::Real(vec![pick(values.clone())]),
            Samples::Complex(values) => {
                let (re, im) = (values.iter().map(|z| z.re).collect(), values.iter().map(|z| z.im).collect());
                Samples::Complex(vec![c64::new(pick(re), pick(im))])
            }
        }
    };
    Some(match name {
        "length" => Samples::Real(vec![count]),
        "vecmin" | "minimum" => fold(true),
        "vecmax" | "maximum" => fold(false),
        // Over the points, all alike.
        "mean" => match argument {
            Samples::Real(values) => Samples::Real(vec![values.iter().sum::<f64>() / count]),
            Samples::Complex(values) => Samples::Complex(vec![values.iter().sum::<c64>() / count]),
        },
        "stddev" => {
            let values = to_complex(argument);
            let mean = values.iter().sum::<c64>() / count;
            let squares: f64 = values.iter().map(|value| (value - mean).norm_sqr()).sum();
            Samples::Real(vec![if count > 1.0 { (squares / (count - 1.0)).sqrt() } else { 0.0 }])
        }
        "norm" => {
            let largest = to_complex(argument).iter().map(|value| value.norm()).fold(0.0, f64::max);
            if largest == 0.0 { argument.clone() } else { map(argument, |x| x / largest, |z| z / largest) }
        }
        "avg" => Samples::Real(series_functions::running_mean(&real())),
        "vecd" => Samples::Real(series_functions::differences(&real())),
        "sortorder" => Samples::Real(series_functions::order(&real())),
        _ => return None,
    })
}

/// New vectors of as many values as the argument says.
fn counted(name: &str, argument: &Samples, around: &Surroundings) -> Option<Result<Samples, String>> {
    let first = to_real(argument).first().copied().unwrap_or(0.0).abs().round();
    let make: fn(usize) -> Samples = match name {
        "vector" => |count| Samples::Real((0..count).map(|index| index as f64).collect()),
        "cvector" => |count| Samples::Complex((0..count).map(|index| c64::new(index as f64, 0.0)).collect()),
        "unitvec" => |count| Samples::Real(vec![1.0; count]),
        _ => return None,
    };
    if first > around.most as f64 {
        return Some(Err(format!("`{name}` would make {first:e} values, and {} are possible", around.most)));
    }
    Some(Ok(make(first as usize)))
}

/// New vectors: a random value for each value.
fn drawn(name: &str, argument: &Samples, around: &mut Surroundings) -> Option<Samples> {
    let values = to_real(argument);
    let mut drawn = |draw: &mut dyn FnMut(f64, &mut ChaCha8Rng) -> f64| {
        Some(Samples::Real(values.iter().map(|&value| draw(value, around.random)).collect()))
    };
    match name {
        "rnd" => drawn(&mut |most, random| {
            let uniform: f64 = StandardUniform.sample(random);
            (uniform * most.abs()).floor()
        }),
        "sunif" => drawn(&mut |_, random| {
            let uniform: f64 = StandardUniform.sample(random);
            2.0 * uniform - 1.0
        }),
        "sgauss" => drawn(&mut |_, random| StandardNormal.sample(random)),
        "exponential" => drawn(&mut |mean, random| {
            let unit: f64 = Exp1.sample(random);
            mean * unit
        }),
        "poisson" => {
            drawn(&mut |mean, random| Poisson::new(mean).map_or(f64::NAN, |distribution| distribution.sample(random)))
        }
        _ => None,
    }
}

/// Functions that are not defined for every argument.
fn checked(name: &str, argument: &Samples, around: &Surroundings) -> Option<Result<Samples, String>> {
    let no_scale = || Err(format!("`{name}` needs a vector with a scale"));
    let has_scale = around.scale.len() == length(argument);
    Some(match name {
        "db" | "log10" | "log" | "ln" => logarithm(name, argument),
        "deriv" | "integ" | "group_delay" if !has_scale => no_scale(),
        "deriv" => Ok(series_functions::derivative(around.scale, argument)),
        "integ" => Ok(Samples::Real(crate::results::reduction::running_integral(around.scale, &to_real(argument)))),
        "group_delay" => {
            let phases = to_complex(argument).into_iter().map(|value| value.im.atan2(value.re)).collect();
            let slopes =
                series_functions::derivative(around.scale, &Samples::Real(series_functions::unwrapped(phases, PI)));
            Ok(Samples::Real(to_real(&slopes).into_iter().map(|slope| -slope / TAU).collect()))
        }
        _ => return None,
    })
}

fn logarithm(name: &str, argument: &Samples) -> Result<Samples, String> {
    let size = |value: &c64| value.norm();
    if to_complex(argument).iter().any(|value| size(value) == 0.0) {
        return Err(format!("`{name}` of 0"));
    }
    if name == "db" {
        let levels = to_complex(argument).iter().map(|value| 20.0 * size(value).log10()).collect();
        return Ok(Samples::Real(levels));
    }
    if let Samples::Real(values) = argument
        && values.iter().any(|&value| value < 0.0)
    {
        return Err(format!("`{name}` of a negative number"));
    }
    Ok(match name {
        "log10" => map(argument, f64::log10, |z| z.ln() / std::f64::consts::LN_10),
        _ => map(argument, f64::ln, |z| z.ln()),
    })
}
