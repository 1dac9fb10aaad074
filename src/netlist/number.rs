//! Numbers with SPICE's scale suffixes and units: `1`, `-2.5e-3`, `10pF`, `1kOhm`, `3meg`.

use nom::branch::alt;
use nom::bytes::complete::{tag_no_case, take_while};
use nom::character::complete::{char, digit0, digit1, one_of};
use nom::combinator::{map, opt, value, verify};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::dialect::Dialect;

/// The value of `text` if the whole of it is a number, with any suffix and unit, as ngspice reads it.
pub fn parse_number(text: &str) -> Option<f64> {
    parse_number_in(text, Dialect::Ngspice)
}

/// The same as `dialect` has it: not all have `a` for atto (it is the unit A elsewhere), and some have `x` for mega.
pub fn parse_number_in(text: &str, dialect: Dialect) -> Option<f64> {
    match number(text, dialect) {
        Ok(("", value)) => Some(value),
        _ => None,
    }
}

/// The number at the beginning of `text`, and the letters, digits or percent signs behind it that are no unit, as `5` in `4k5`. LTspice's
/// models have 4k5 for 4.5k; elsewhere it is 4k, as ngspice reads it.
pub fn parse_begun_number(text: &str, dialect: Dialect) -> Option<(f64, &str)> {
    let (rest, value) = number(text, dialect).ok()?;
    // A blank is missing between two numbers.
    let is_next = rest.strip_prefix(['+', '-']).is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()));
    if rest.starts_with(|c: char| !c.is_ascii_alphanumeric() && c != '%') && !is_next {
        return None;
    }
    let begun = &text[..text.len() - rest.len()];
    let digits = begun.trim_end_matches(char::is_alphabetic);
    let suffix = &begun[digits.len()..];
    if dialect == Dialect::LtSpice && !suffix.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = parse_number_in(&format!("{digits}.{rest}{suffix}"), dialect).unwrap_or(value);
        return Some((value, rest));
    }
    Some((value, rest))
}

/// A number at the beginning of `input`, with an optional sign.
pub(crate) fn number(input: &str, dialect: Dialect) -> IResult<&str, f64> {
    let (input, sign) = opt(one_of("+-")).parse(input)?;
    let (input, magnitude) = unsigned_number(input, dialect)?;
    Ok((input, if sign == Some('-') { -magnitude } else { magnitude }))
}

/// A number without a sign; its suffix and unit go with it.
pub(crate) fn unsigned_number(input: &str, dialect: Dialect) -> IResult<&str, f64> {
    scaled_number(input, dialect, dialect.has_atto())
}

/// The same in an expression.
pub(crate) fn unsigned_number_of_expression(input: &str, dialect: Dialect) -> IResult<&str, f64> {
    scaled_number(input, dialect, dialect.has_atto_in_expressions())
}

fn scaled_number(input: &str, dialect: Dialect, has_atto: bool) -> IResult<&str, f64> {
    let (input, (whole, fraction)) = mantissa(input)?;
    let (input, exponent) = map(opt(exponent), Option::unwrap_or_default).parse(input)?;
    let (input, scale) = map(opt(|input| scale(input, dialect, has_atto)), Option::unwrap_or_default).parse(input)?;
    let (input, _unit) = take_while(|c: char| c.is_alphabetic() || matches!(c, '_' | '°'))(input)?;
    Ok((input, scaled(whole, fraction, exponent, scale)))
}

fn mantissa(input: &str) -> IResult<&str, (&str, &str)> {
    let fraction = map(opt(preceded(char('.'), digit0)), Option::unwrap_or_default);
    verify((digit0, fraction), |(whole, fraction): &(&str, &str)| !whole.is_empty() || !fraction.is_empty())
        .parse(input)
}

fn exponent(input: &str) -> IResult<&str, i64> {
    let (input, _) = one_of("eE")(input)?;
    let (input, sign) = opt(one_of("+-")).parse(input)?;
    let (input, digits) = digit1(input)?;
    // An exponent too long for an i64 is far beyond what an f64 holds, either way.
    let magnitude = digits.parse::<i64>().unwrap_or(i64::MAX).min(1_000_000);
    Ok((input, if sign == Some('-') { -magnitude } else { magnitude }))
}

/// A suffix as factor and power of ten, so that `2.2u` is exactly the f64 nearest to 2.2e-6.
#[derive(Clone, Copy)]
struct Scale {
    factor: u64,
    power: i64,
}

impl Default for Scale {
    fn default() -> Self {
        Scale { factor: 1, power: 0 }
    }
}

fn scale(input: &str, dialect: Dialect, has_atto: bool) -> IResult<&str, Scale> {
    let power = |power| Scale { factor: 1, power };
    let atto = if has_atto { "aA" } else { "" };
    let mega = if dialect.has_x_for_mega() { "xX" } else { "" };
    alt((
        value(power(6), tag_no_case("meg")),
        value(Scale { factor: 254, power: -7 }, tag_no_case("mil")),
        value(power(12), one_of("tT")),
        value(power(9), one_of("gG")),
        value(power(3), one_of("kK")),
        value(power(-3), one_of("mM")),
        value(power(-6), one_of("uUµμ")),
        value(power(-9), one_of("nN")),
        value(power(-12), one_of("pP")),
        value(power(-15), one_of("fF")),
        value(power(-18), one_of(atto)),
        value(power(6), one_of(mega)),
    ))
    .parse(input)
}

/// Powers of ten that an f64 holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

fn scaled(whole: &str, fraction: &str, exponent: i64, scale: Scale) -> f64 {
    let power = exponent + scale.power - fraction.len() as i64;
    if whole.len() + fraction.len() <= 15 {
        let digits = whole.bytes().chain(fraction.bytes()).fold(0u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        let digits = digits * scale.factor;
        if digits < 1 << 53 && power.unsigned_abs() < POWERS.len() as u64 {
            let ten = POWERS[power.unsigned_abs() as usize];
            return if power < 0 { digits as f64 / ten } else { digits as f64 * ten };
        }
    }
    let plain = format!("{whole}{fraction}e{power}").parse::<f64>().unwrap_or(f64::NAN);
    plain * scale.factor as f64
}

#[cfg(test)]
mod tests {
    use super::parse_number;

    #[test]
    fn suffixes_and_units() {
        let cases = [
            ("1", 1.0),
            ("-2.5e-3", -2.5e-3),
            ("10pF", 10e-12),
            ("1kOhm", 1e3),
            ("2.2u", 2.2e-6),
            ("2.2µF", 2.2e-6),
            ("1e-3V", 1e-3),
            ("3meg", 3e6),
            ("1MIL", 25.4e-6),
            ("1m", 1e-3),
            (".5", 0.5),
            ("5.", 5.0),
            ("+7g", 7e9),
            ("1t", 1e12),
            ("3a", 3e-18),
            ("1V", 1.0),
            ("1e400", f64::INFINITY),
            ("12345678901234567890", 12345678901234567890.0),
        ];
        for (text, value) in cases {
            assert_eq!(parse_number(text), Some(value), "{text}");
        }
    }

    #[test]
    fn not_numbers() {
        for text in ["", ".", "k", "1k5", "1..2", "--1", "1e+", "1 2", "e5"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }
}
