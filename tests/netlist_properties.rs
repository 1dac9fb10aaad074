//! Properties of the parser on arbitrary input.

use std::path::Path;

use ferrospice::circuit::{Overrides, elaborate};
use ferrospice::diagnostic::FileId;
use ferrospice::netlist::Deck;
use ferrospice::netlist::dialect::Dialect;
use ferrospice::netlist::expression::{BinaryOperator, Expression, UnaryOperator, parse};
use ferrospice::netlist::number::parse_number;
use proptest::prelude::*;

/// Reads and elaborates; errors must have spans that can be rendered.
fn digest(text: &str) {
    let deck = Deck::from_text("deck.cir", text, Path::new("tests/decks")).unwrap();
    if let Err(report) = elaborate(&deck, &Overrides::default()) {
        assert!(report.has_errors());
        let rendered = report.to_string();
        assert!(!rendered.is_empty());
    }
}

const DECK: &str = "title
.param a=1 b={a*2} c='b+1' f(x)='x*2'
.func g(x,y) {x > y ? x**2 : min(x,y)}
.model nch nmos(vto=1 kp={a}) ako
.model sw1 sw vt=1
.subckt cell p[0:1] q params: w=1u m=2
M1 p0 p1 q 0 nch w={w} l=1u
R1 p0 q {w*1e9} tc=1m,2m
.if (w > 1)
C1 p0 0 '1p*a' ic=0.5
.elseif a == 1
C2 p0 0 1p
.else
L1 p0 0 1u
.endif
.ends cell
X1 n[0:1] out cell w={g(a,b)*1u}
V1 in 0 DC 1 AC 1 SIN(0 1 1k) ; comment
V2 in2 0 PWL 0 0 1u {a} r=0 $ comment
E1 e 0 POLY(2) in 0 out 0 0 1 1
E2 e2 0 TABLE {v(in)} = (0,0) (1,2)
G1 g 0 VALUE={v(in,out)*a+time}
B1 b 0 v=v(in)*i(v1)+@r.x1.r1[i]
+ *2
A1 [in out] %vd(in out) ~e null gate
.model gate d_and(rise_delay=1n in=[1 2 3])
F1 f 0 V1 2
K1 l1 l2 0.5
.ic v(in)=1 v(out)={a}
.options method=gear reltol=1e-4 temp=30
*.check v(out) < 1
*+ && v(in) > 0
.measure tran x max v(out)
.control
run
.endc
.dc v1 0 1 0.1 param a list 1 2
.step param a 1 3 1
.tran 1n 1u uic
.end
";

fn expressions() -> impl Strategy<Value = Expression> {
    let span = ferrospice::diagnostic::Span::default();
    let leaf = prop_oneof![
        (0.0..1e30f64).prop_map(Expression::Number),
        "[abd-z_][a-z0-9_.]{0,5}".prop_map(move |name| Expression::Name(name.into(), span)),
        "[a-z0-9_]{1,4}".prop_map(move |name| {
            Expression::Probe { kind: "v".into(), arguments: vec![name.as_str().into()], span }
        }),
        Just(Expression::Probe { kind: "@".into(), arguments: vec!["r1".into(), "i".into()], span }),
    ];
    let operators = prop::sample::select(vec![
        BinaryOperator::Add,
        BinaryOperator::Subtract,
        BinaryOperator::Multiply,
        BinaryOperator::Divide,
        BinaryOperator::Remainder,
        BinaryOperator::Power,
        BinaryOperator::LessEqual,
        BinaryOperator::NotEqual,
        BinaryOperator::And,
        BinaryOperator::Or,
    ]);
    leaf.prop_recursive(6, 60, 3, move |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            (operators.clone(), boxed.clone(), boxed.clone()).prop_map(|(op, a, b)| Expression::Binary(op, a, b)),
            boxed.clone().prop_map(|a| Expression::Unary(UnaryOperator::Negate, a)),
            boxed.prop_map(|a| Expression::Unary(UnaryOperator::Not, a)),
            [inner.clone(), inner.clone(), inner.clone()].prop_map(|parts| Expression::Conditional(Box::new(parts))),
            prop::collection::vec(inner, 1..3)
                .prop_map(move |arguments| { Expression::Call { function: "max".into(), arguments, span } }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text(text in "\\PC*") {
        digest(&format!("title\n{text}"));
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deck.cir");
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(deck) = Deck::read(&path) {
            let _ = elaborate(&deck, &Overrides::default());
        }
    }

    #[test]
    fn netlist_like_text(text in "([a-zA-Z.*+$;(){}'\"=,\\[\\]:~%0-9 \n]|\\.subckt |\\.ends|\\.if |\\.model |\\.param |poly|\n)*") {
        digest(&text);
    }

    #[test]
    fn mutated_deck(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 1..8)) {
        let mut text: Vec<char> = DECK.chars().collect();
        for (at, with, insert) in edits {
            let character = DECK.chars().nth(with.index(DECK.len())).unwrap_or('\n');
            let place = at.index(text.len());
            if insert { text.insert(place, character) } else { text[place] = character }
        }
        digest(&text.into_iter().collect::<String>());
    }

    #[test]
    fn shuffled_cards(order in Just(DECK.lines().skip(1).collect::<Vec<_>>()).prop_shuffle()) {
        digest(&format!("title\n{}", order.join("\n")));
    }

    #[test]
    fn numbers_round_trip(number in any::<f64>().prop_filter("finite", |number| number.is_finite())) {
        prop_assert_eq!(parse_number(&format!("{number:?}")), Some(number));
        prop_assert_eq!(parse_number(&format!("{number:e}")), Some(number));
    }

    #[test]
    fn any_number_text(text in "[-+0-9.eEkKmMuUnNgG]{0,12}") {
        let _ = parse_number(&text);
    }

    #[test]
    fn expressions_round_trip(expression in expressions()) {
        let printed = expression.to_string();
        let parsed = parse(&printed, FileId(0), 0, Dialect::default()).unwrap_or_else(|error| panic!("{printed}: {error}"));
        prop_assert_eq!(parsed.to_string(), printed);
    }

    #[test]
    fn any_expression_text(text in "[-+*/%^&|!<>=?:(){}',.@\\[\\] a-f0-9\"]{0,60}") {
        let _ = parse(&text, FileId(0), 0, Dialect::default());
    }
}

#[test]
fn the_deck_for_mutation_is_read() {
    let deck = Deck::from_text("deck.cir", DECK, Path::new(".")).unwrap();
    let report = elaborate(&deck, &Overrides::default()).unwrap_err();
    insta::assert_snapshot!("the_deck_for_mutation", report.to_string());
}

#[test]
fn decks_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Deck>();
    shared::<ferrospice::circuit::Circuit>();
}

#[test]
fn large_flat_deck() {
    let mut text = String::from("title\n");
    for index in 0..100_000 {
        text += &format!("R{index} n{index} n{} 1.{index}k\nC{index} n{index} 0 10pF\n", index + 1);
    }
    let deck = Deck::from_text("deck.cir", &text, Path::new(".")).unwrap();
    let circuit = elaborate(&deck, &Overrides::default()).unwrap();
    assert_eq!(circuit.elements.len(), 200_000);
    assert_eq!(circuit.nodes.len(), 100_002);
}

#[test]
fn long_chains() {
    let sum = vec!["1"; 990].join("+");
    digest(&format!("title\n.param a={sum}\nr1 a 0 {{a}}\n"));
    digest(&format!("title\n.param a={}\n", vec!["1"; 100_000].join("+")));
    digest(&format!("title\n.param a={}1\n", "-".repeat(100_000)));
    digest(&format!("title\n.param a={}1\n", "2**".repeat(100_000)));
    digest(&format!("title\n.param a={}1\n", "1?1:".repeat(100_000)));
    digest(&format!("title\nv1 a 0 {}\n", "a(".repeat(100_000)));
    digest(&format!("title\nv1 a 0 {}\n", "[".repeat(100_000)));
    digest(&format!("title\n{}", ".if 1\n".repeat(100_000)));
    digest(&format!("title\n{}", ".subckt a b\n".repeat(100_000)));
    let chain: String = (1..100_000).map(|index| format!(".param p{index}={{p{}+1}}\n", index + 1)).collect();
    digest(&format!("title\n{chain}.param p100000=1\n"));
    let models: String = (1..10_000).map(|index| format!(".model m{index} ako:m{}\n", index + 1)).collect();
    digest(&format!("title\n{models}.model m10000 d\n"));
    let nested: String = (1..300).map(|index| format!(".subckt s{index} a\nx1 a s{}\n.ends\n", index + 1)).collect();
    digest(&format!("title\n{nested}.subckt s300 a\nr1 a 0 1\n.ends\nx1 b s1\n"));
    let functions: String = (1..1000).map(|index| format!(".func f{index}(x) {{f{}(x+1)}}\n", index + 1)).collect();
    digest(&format!("title\n{functions}.func f1000(x) {{x}}\nb1 a 0 v=f1(v(a))\n"));
}

#[test]
fn many_errors() {
    let cell = ".subckt cell a\nb1 a 0 v=v(nowhere)+i(vnone)\nr1 a 0 {undefined}\n.ends\n";
    let instances: String = (0..20_000).map(|index| format!("x{index} n{index} cell\n")).collect();
    let deck = Deck::from_text("deck.cir", &format!("title\n{cell}{instances}"), Path::new(".")).unwrap();
    assert_eq!(elaborate(&deck, &Overrides::default()).unwrap_err().diagnostics.len(), 2);
    digest(&format!("title\n{}", "r 1k\nf1 a b v9 3\nq {\n".repeat(20_000)));
    digest("title\nd1 a[0:18446744073709551615] b m\nn1 a[5:18446744073709551615] m\n.model m d\n");
}
