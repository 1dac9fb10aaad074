//! Elementary functions of several numbers at once, from products and sums that become vector instructions.

use super::lanes::{Lanes, map};

/// Adding it rounds a number to an integer, which then stands in the lowest bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;

/// ln 2 in two parts: the first has so few digits that its products with small integers are exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Beyond e^700 nothing is exact any more.
const LARGEST_EXPONENT: f64 = 700.0;

/// e^x to a few units of the last place, for |x| up to 700; beyond that e^±700.
#[inline(always)]
pub(super) fn exp<const L: usize>(x: &Lanes<L>) -> Lanes<L> {
    // Taylor series up to r^13/13! for |r| ≤ ln(2)/2.
    const SERIES: [f64; 13] = [
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    map(|l| {
        let x = x[l].clamp(-LARGEST_EXPONENT, LARGEST_EXPONENT);
        let shifted = x.mul_add(std::f64::consts::LOG2_E, ROUNDING);
        let whole = shifted - ROUNDING;
        let rest = (-whole).mul_add(LN_2_LOW, (-whole).mul_add(LN_2_HIGH, x));
        let mut sum = 1.0 / 6_227_020_800.0;
        for coefficient in SERIES {
            sum = rest.mul_add(sum, coefficient);
        }
        sum * f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52))
    })
}

/// ln x to a few units of the last place of max(1, |ln x|), for positive normal numbers.
#[inline(always)]
pub(super) fn ln<const L: usize>(x: &Lanes<L>) -> Lanes<L> {
    /// Bits of 2^52, whose last bits count ones.
    const COUNTER: u64 = 0x4330_0000_0000_0000;
    /// √½ in the upper bits: mantissas are taken from there to √2.
    const HALF_ROOT: u64 = 0x3fe6_a09e_667f_3bcd;
    map(|l| {
        let bits = x[l].to_bits();
        let exponent = bits.wrapping_sub(HALF_ROOT).wrapping_add(1023 << 52) >> 52;
        let mantissa = f64::from_bits(bits.wrapping_sub(exponent << 52).wrapping_add(1023 << 52));
        let exponent = f64::from_bits(COUNTER | exponent) - (4_503_599_627_370_496.0 + 1023.0);
        // ln m = 2·artanh(s), s = (m − 1)/(m + 1)
        let s = (mantissa - 1.0) / (mantissa + 1.0);
        let square = s * s;
        let mut sum = 1.0 / 23.0;
        for divisor in [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
            sum = square.mul_add(sum, 1.0 / divisor);
        }
        let series = 2.0 * s * square * sum;
        exponent.mul_add(LN_2_HIGH, 2.0 * s + exponent.mul_add(LN_2_LOW, series))
    })
}

/// x^(−1/4) to a few units of the last place, for positive normal numbers.
#[inline(always)]
pub(super) fn inverse_fourth_root<const L: usize>(x: &Lanes<L>) -> Lanes<L> {
    // −¼ of the logarithm that the bits nearly are.
    const MAGIC: u64 = 0x4feb_0000_0000_0000;
    map(|l| {
        let mut root = f64::from_bits(MAGIC.wrapping_sub(x[l].to_bits() >> 2));
        // With ε = 1 − x·p⁴ the root is p·(1 − ε)^(−1/4) = p·(1 + ε/4 + 5ε²/32 + …); |ε| is 1/8 at first, then 1e-3.
        let error = |root: f64| (-x[l]).mul_add((root * root) * (root * root), 1.0);
        let first = error(root);
        root = (root * first).mul_add(first.mul_add(5.0 / 32.0, 0.25), root);
        let second = error(root);
        let series = second.mul_add(195.0 / 2048.0, 15.0 / 128.0).mul_add(second, 5.0 / 32.0);
        root = (root * second).mul_add(series.mul_add(second, 0.25), root);
        root
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decades(from: i32, to: i32) -> impl Iterator<Item = f64> {
        (from * 100..to * 100).map(|k| 10f64.powf(f64::from(k) / 100.0))
    }

    #[test]
    fn exponentials_are_those_of_the_library() {
        for x in (-69_999..70_000).step_by(37).map(|k| f64::from(k) * 0.01) {
            let [found] = exp(&[x]);
            assert!((found / x.exp() - 1.0).abs() < 1e-15, "e^{x}: {found:e}");
        }
        assert_eq!(exp(&[0.0, 1e9, -1e9]), [1.0, exp(&[700.0])[0], exp(&[-700.0])[0]]);
    }

    #[test]
    fn logarithms_are_those_of_the_library() {
        for x in decades(-300, 300).chain((1..4000).map(|k| f64::from(k) * 1e-3)) {
            let [found] = ln(&[x]);
            assert!((found - x.ln()).abs() <= 1e-15 * x.ln().abs().max(0.3), "ln {x:e}: {found:e}");
        }
        assert_eq!(ln(&[1.0]), [0.0]);
    }

    #[test]
    fn fourth_roots_are_those_of_the_library() {
        for x in decades(-300, 300).chain((1..4000).map(|k| f64::from(k) * 0.25)) {
            let [found] = inverse_fourth_root(&[x]);
            assert!((found * x.sqrt().sqrt() - 1.0).abs() < 1e-15, "{x:e}: {found:e}");
        }
    }
}
