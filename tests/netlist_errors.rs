//! The rendered text of every error.

use std::path::Path;

use ferrospice::circuit::{Overrides, elaborate};
use ferrospice::diagnostic::Report;
use ferrospice::netlist::Deck;

/// Errors and warnings of a deck whose title is added.
fn report(cards: &str) -> String {
    let deck = Deck::from_text("deck.cir", &format!("title\n{cards}"), Path::new("tests/decks")).unwrap();
    match elaborate(&deck, &Overrides::default()) {
        Ok(circuit) => format!("no error\n{}", Report::new(circuit.sources, circuit.warnings)),
        Err(report) => report.to_string(),
    }
}

macro_rules! errors {
    ($($name:ident: $deck:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), report($deck));
        })*
    };
}

errors! {
    undefined_parameter: ".param width=1\nr1 a 0 {widht*2}\n.param x={nowhere}\n";
    undefined_function: ".func double(x) {2*x}\nr1 a 0 {duoble(2)}\nr2 a 0 {sqtr(2)}\n";
    undefined_model: "m9 1 2 3 4 5 6 7 8 nch\n.model nch nmos(vto=1)\nm1 d g s b nhc w=1u l=1u\nd1 a 0 dmod\nr1 a 0 rmod\ns1 a b c d switch\n";
    undefined_subcircuit: ".subckt cell a b\nr1 a b 1k\n.ends\nx1 1 2 cel\nx2 1 2 3 cell\n";
    undefined_element: "v1 a 0 1\nf1 b 0 v2 2\nh1 c 0 v1 2\nb1 d 0 v=i(v3)+v(nowhere)\nk1 l1 l2 0.9\n";
    wrong_node_count: "r1\nr2 a\nr3 a {2}\nc1 a[0:3] 1p\nm1 d g s\nq1 c b\nd1 a\nx1\ne1 a b c\n";
    duplicates: ".param a=1 a=2\n.model m d\n.model m d\n.subckt s a\n.ends\n.subckt s b\n.ends\nr1 a b 1\nr1 c d 2\n.func f(x) {x}\n.func f(y) {y}\n.subckt t a a\n.ends\nx1 1 u\nx1 2 u\n.subckt u a\nr1 a 0 1\nr1 a 0 2\n.ends\n";
    bad_numbers: "r1 a 0 1k5\nv1 a 0 1..2\nc1 a 0 1e999\nv2 a 0 pulse(0 1 3x3)\n.tran 1n 1q2\nr2 a 0 1 tc=2z2\n";
    bad_expressions: ".param a={1+} b=2\n.param c=(1+2\nr1 a 0 {1+*2}\nr2 a 0 {2\nr3 a 0 '3\nr4 a 0 {4 5}\nr5 a 0 {}\nr6 a 0 }\nv1 a 0 \"text\nr7 a 0 {a ? 1}\nr8 a 0 {max(1,}\n";
    not_finite: ".param a={1/0} b={sqrt(-1)} c={a+1}\nr1 x 0 {ln(0)}\n";
    parameter_cycle: ".param a={b} b={c+1} c={a*2} d={d}\nr1 x 0 {a}\n";
    missing_ends: "r1 a 0 1\n.subckt s a b\nr1 a b 1\n";
    missing_endif: ".param a=1\n.if (a)\nr1 a 0 1\n";
    missing_endif_in_subcircuit: ".subckt s a\n.if (1)\nr1 a 0 1\n.ends\nx1 b s\n";
    missing_endl: "r1 a 0 1\n.lib tt\nr2 a 0 1\n";
    stray_ends: ".ends\n.endif\n.else\n.endl\n.endc\n.elseif 1\n";
    wrong_ends: ".subckt s a\nr1 a 0 1\n.ends t\n";
    twice_else: ".if 1\n.else\n.else\n.endif\n";
    recursive_subcircuit: ".subckt a x\nxb x b\n.ends\n.subckt b x\nxa x a\n.ends\nx1 1 a\n";
    recursive_function: ".func f(x) {f(x)+1}\n.param a={f(1)}\nb1 a 0 v={f(v(a))}\n";
    recursive_model: ".model a ako:b\n.model b ako:a\n.model c ako:d nmos\nm1 1 2 3 4 a\n";
    wrong_base: ".model a nmos vto=1\n.model b ako:a pmos(vto=2)\n";
    growing_expression: ".func f(x) {x*x}\n.func g(x) {f(f(f(f(f(x)))))}\n.func h(x) {g(g(g(g(g(g(x))))))}\nb1 a 0 v={h(v(a))}\n";
    deep_expression: &format!(".param a={}1{}\n", "(".repeat(5000), ")".repeat(5000));
    missing_file: ".include nowhere.inc\n.lib 'nowhere.lib' tt\n";
    recursive_include: ".include recursive.inc\n";
    recursive_library: ".lib library.lib loop\n";
    missing_section: ".lib library.lib typcal\n";
    unterminated_section: ".lib library.lib open\n";
    not_text: ".include binary.inc\n";
    error_in_include: ".include wrong.inc\nr1 a 0 {also_undefined}\n";
    unknown_card: ".trann 1n 1u\n.frobnicate\n";
    unknown_option: ".options reltoll=1e-3 savecurrents foo=2\n.options method=euler filetype=xml reltol=-1 reltol maxord=9 temp=-300\n";
    unsupported_analyses: ".hb 1k\n.pss 1k 1\n";
    control_block: "r1 a 0 1\n.control\nif v(a) > 1\nrun\n.endc\n.control\nrun\nend\n.endc\n";
    open_control_block: ".control\nrun\n";
    bad_analyses: ".tran\n.tran 0 1\n.tran 1n -1\n.tran 1n 1u 2u\n.ac 10 1 1k\n.ac dec 10 0 1k\n.ac dec 10 10 1\n.dc v9 0 1 0.1\nv1 a 0 1\n.dc v1 0 1 -0.1\n.dc v1 0 1 0\n.dc v1 0 1 1e-12\n.step dec v1 0 1 3\n.step param nope 1 2 1\n.step model nope(bf) 1 2 1\n.dc\n";
    bad_conditions: ".ic v(a)=1 b=2\n.nodeset v(nowhere)=1\nr1 a 0 1\n";
    behavioural_parameter: "r1 a 0 1\n.param p={v(a)} q={time}\n";
    argument_counts: ".func f(x,y) {x+y}\n.param a={f(1)} b={max()} c={atan2(1)} d={sin(1,2)}\n";
    subcircuit_parameter: ".subckt s a params: width=1\nr1 a 0 {width}\n.ends\nx1 b s widht=2\nx2 b s width\nx3 b s width=\nx4 b s width=2 3\n";
    continuation_without_card: "+ r1 a 0 1\nr2 a 0 1\n";
    wide_range: "x1 a[0:99999999] s\nr1 a[0:1] {1}\n";
    odd_card: "?r1 a 0 1\n=\n0r a 0 1\n";
    unclosed_lists: ".model m gate\na1 [a b c m\na2 a ] m\nv1 a 0 pulse(1 2\n";
    commands_in_subcircuit: ".subckt s a\nr1 a 0 1\n.tran 1n 1u\n.ends\nx1 b s\n";
    poly_dimension: "e1 a 0 poly(0) 1\ne2 a 0 poly(x) 1\ne3 a 0 poly(2) b 0 c\n";
    failed_card_hides_followers: ".param a={1+} b={a}\nr1 x 0 {a}\nv1 y 0 {\nf1 x 0 v1 2\n.model mm nmos(a=})\nm1 1 2 3 4 mm\n";
}

#[test]
fn self_inclusion_of_the_top_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("top.cir");
    std::fs::write(&path, "title\n.include top.cir\n").unwrap();
    let report = elaborate(&Deck::read(&path).unwrap(), &Overrides::default()).unwrap_err();
    assert!(report.diagnostics[0].message.ends_with("includes itself"));
}

#[test]
fn inclusion_depth() {
    let folder = tempfile::tempdir().unwrap();
    for level in 0..70 {
        let text = format!("title\n.include {}.inc\n", level + 1);
        std::fs::write(folder.path().join(format!("{level}.inc")), text.trim_start_matches("title\n")).unwrap();
    }
    let deck = Deck::from_text("deck.cir", "title\n.include 0.inc\n", folder.path()).unwrap();
    let report = elaborate(&deck, &Overrides::default()).unwrap_err();
    assert_eq!(report.diagnostics[0].message, "more than 64 files within each other, or 10000 in all");
}

#[test]
fn instance_depth() {
    let nested: String = (1..150).map(|level| format!(".subckt s{level} a\nx1 a s{}\n.ends\n", level + 1)).collect();
    let report = report(&format!("{nested}.subckt s150 a\nr1 a 0 1\n.ends\nx1 b s1\n"));
    insta::assert_snapshot!("instance_depth", report);
}

#[test]
fn unreadable_deck() {
    let report = Deck::read(Path::new("tests/decks/nowhere.cir")).unwrap_err();
    insta::assert_snapshot!("unreadable_deck", report.to_string());
}

#[test]
fn subcircuits_that_double() {
    let mut cards = String::from("title\n.subckt s0 a\nr1 a 0 1\n.ends\n");
    for level in 1..40 {
        let inner = level - 1;
        cards += &format!(".subckt s{level} a\nx1 a s{inner}\nx2 a s{inner}\n.ends\n");
    }
    cards += "x1 a s12\n";
    let deck = Deck::from_text("deck.cir", &cards, Path::new(".")).unwrap();
    assert_eq!(elaborate(&deck, &Overrides::default()).unwrap().elements.len(), 4096);
}
