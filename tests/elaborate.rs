//! Decks and the circuits that they give.

use std::path::Path;

use ferrospice::circuit::element::Value;
use ferrospice::circuit::{Analysis, Circuit, Element, Overrides, SweepTarget, elaborate};
use ferrospice::netlist::Deck;

fn circuit_with(text: &str, overrides: &Overrides) -> Circuit {
    let deck = Deck::from_text("test.cir", text, Path::new(".")).unwrap();
    elaborate(&deck, overrides).unwrap_or_else(|report| panic!("{report}"))
}

/// The circuit of a deck whose title is added.
fn circuit(cards: &str) -> Circuit {
    circuit_with(&format!("title\n{cards}"), &Overrides::default())
}

fn element<'c>(circuit: &'c Circuit, name: &str) -> &'c Element {
    let id = circuit.element_index.get(name).unwrap_or_else(|| panic!("no element {name}"));
    circuit.element(*id)
}

fn nodes(circuit: &Circuit, name: &str) -> String {
    let names: Vec<&str> = element(circuit, name).nodes.iter().map(|&node| circuit.node_name(node)).collect();
    names.join(" ")
}

/// Values and parameters in a form that is easy to compare.
fn show(value: &Value) -> String {
    match value {
        Value::Number(number) => format!("{number}"),
        Value::Word(word) => format!("{word}"),
        Value::Expression(bound) => format!("{bound:?}"),
        Value::Call(call) => {
            let arguments = call.arguments.iter().map(|argument| show(&argument.item));
            let pairs = call.parameters.iter().map(|pair| format!("{}={}", pair.name, show(&pair.value)));
            format!("{}({})", call.function, arguments.chain(pairs).collect::<Vec<_>>().join(" "))
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| show(&item.item)).collect::<Vec<_>>().join(" "))
        }
    }
}

fn tail(circuit: &Circuit, name: &str) -> String {
    let element = element(circuit, name);
    let values = element.values.iter().map(|value| show(&value.item));
    let pairs = element.parameters.iter().map(|pair| format!("{}={}", pair.name, show(&pair.value)));
    values.chain(pairs).collect::<Vec<_>>().join(" ")
}

#[test]
fn divider() {
    let circuit = circuit(
        ".param r=1k\nV1 in 0 DC 5 AC 1\nR1 in out {r}\nR2 out 0 2k tc=1m,2m\nC1 out 0 10pF ic=0.5\n.tran 1n 1u\n.end\n",
    );
    assert_eq!(&*circuit.title, "title");
    assert_eq!(nodes(&circuit, "r1"), "in out");
    assert_eq!(tail(&circuit, "v1"), "dc 5 ac 1");
    assert_eq!(tail(&circuit, "r1"), "1000");
    assert_eq!(tail(&circuit, "r2"), "2000 tc=[0.001 0.002]");
    assert_eq!(tail(&circuit, "c1"), "0.00000000001 ic=0.5");
    assert_eq!(circuit.analyses.len(), 1);
    assert_eq!(circuit.parameters["r"], 1000.0);
}

#[test]
fn subcircuits() {
    let circuit = circuit(
        ".subckt outer a b params: w=2\n.subckt inner p\nR1 p n {w}\n.ends\nx1 a inner w={w*3}\nx2 b inner\nV5 a b 1\nB1 n 0 v=v(a)*i(v5)\n.ends\n\
         xo 1 2 outer m=2\nx3 3 4 outer w=7\n.global vdd\n",
    );
    assert_eq!(nodes(&circuit, "r.xo.x1.r1"), "1 xo.x1.n");
    assert_eq!(tail(&circuit, "r.xo.x1.r1"), "6");
    assert_eq!(tail(&circuit, "r.x3.x2.r1"), "7");
    assert_eq!(element(&circuit, "r.xo.x1.r1").multiplier, 2.0);
    assert_eq!(nodes(&circuit, "b.xo.b1"), "xo.n 0");
}

#[test]
fn sweeps() {
    let circuit = circuit(
        "v1 a 0 1\nr1 a 0 1\n.param p=1\n.dc v1 0 1 0.1 temp list 27 50\n.step param p 1 3 1\n.step dec param p 1 100 10\n",
    );
    let Analysis::Dc(sweeps) = &circuit.analyses[0].analysis else { panic!() };
    assert_eq!(sweeps[0].values.len(), 11);
    assert_eq!(sweeps[1].target, SweepTarget::Temperature);
    assert_eq!(*circuit.steps[0].values, [1.0, 2.0, 3.0]);
    assert_eq!(circuit.steps[1].values.len(), 21);
}
