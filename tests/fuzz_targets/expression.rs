//! One expression in every language: parsed, printed, evaluated as a parameter, as a source of a circuit and by a script.

use ferrospice::circuit::constant::evaluate;
use ferrospice::diagnostic::{Diagnostic, FileId, Span};
use ferrospice::netlist::dialect::NAMES;
use ferrospice::netlist::expression::parse;

use super::netlist;

pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = text.replace(['\n', '\r'], " ");
    for &(_, dialect) in NAMES {
        let Ok(expression) = parse(&text, FileId(0), 0, dialect) else { continue };
        let name = |name: &str| if name.len() < 3 { Some(0.5) } else { None };
        let probe = |_: &str, _: &[&str], _: Span| -> Result<f64, Diagnostic> { Ok(0.25) };
        let _ = evaluate(&expression, &name, &probe);
        // What is printed is an expression again, unless its parentheses are more than may be nested.
        let printed = expression.to_string();
        if let Err(error) = parse(&printed, FileId(0), 0, dialect) {
            assert!(error.message.contains("nested too deeply"), "{text} is printed as {printed}");
        }
    }
    run_text(&format!(".param p={{{text}}}\nr1 a 0 {{p}}\n.op"));
    run_text(&with_probes(&text));
    run_text(&format!("v1 a 0 sin(0 1 1k)\nr1 a 0 1k\n.control\ntran 0.1m 1m\nprint {text}\nlet q = {text}\n.endc"));
}

/// Runs a deck as the target of netlists does.
fn run_text(cards: &str) {
    netlist::run(format!("fuzz\n{cards}\n.end\n").as_bytes());
}

/// A circuit with nodes and elements for an expression to name, and the expression as a voltage and as a current.
fn with_probes(expression: &str) -> String {
    format!(
        "v1 a 0 1 ac 1\nr1 a b 1k\nl1 b c 1m\nc1 c 0 1n\nb1 d 0 v={{{expression}}}\nr2 d 0 1k\nb2 0 e i={{{expression}}}\nr3 e 0 1k\n\
         .op\n.tran 1u 10u\n.ac dec 2 1 1k"
    )
}
