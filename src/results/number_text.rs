//! Numbers as people read them.

use super::fourier::significant;

/// A number with SPICE's suffixes, so that those of one row can be compared at a glance: `16.84u`.
pub fn engineering(value: f64, digits: usize) -> String {
    const SUFFIXES: [&str; 10] = ["f", "p", "n", "u", "m", "", "k", "meg", "g", "t"];
    let exponent = (value.abs().log10() / 3.0 + 1e-12).floor();
    if value == 0.0 || !(-5.0..=4.0).contains(&exponent) {
        return significant(value, digits);
    }
    let index = exponent as i32;
    format!("{}{}", significant(value / 10f64.powi(3 * index), digits), SUFFIXES[(index + 5) as usize])
}

#[cfg(test)]
mod tests {
    use super::engineering;

    #[test]
    fn suffixes_are_those_of_spice() {
        let texts = [1.684e-5, 1e4, -2.5e6, 0.0, 999.0, 1e3, 3e-30].map(|value| engineering(value, 4));
        assert_eq!(texts, ["16.84u", "10k", "-2.5meg", "0", "999", "1k", "3e-30"]);
    }
}
