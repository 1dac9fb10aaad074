//! Letters of elements that ngspice has and that are not here.

use crate::diagnostic::Diagnostic;

/// A letter, what it is in ngspice, and what to write instead.
pub const ABSENT_LETTERS: &[(u8, &str, &str)] = &[
    (b'p', "coupled lossy lines (CPL)", "sections of L elements coupled by K, with C between them"),
    (b'y', "a single lossy line (TXL)", "an O element with a model of kind ltra"),
];

/// The error about a card of `letter`, without its place.
pub fn error(letter: u8) -> Diagnostic {
    let shown = char::from(letter.to_ascii_uppercase());
    let error = Diagnostic::error(format!("there is no device for `{shown}` cards"));
    match ABSENT_LETTERS.iter().find(|(other, ..)| *other == letter) {
        Some((_, what, instead)) => error.hint(format!("in ngspice it is {what}; instead: {instead}")),
        None => error,
    }
}
