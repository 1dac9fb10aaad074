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

#[test]
fn lines_and_comments() {
    let circuit = circuit(
        "* comment\n  * indented comment\n// slashes\nR1 A 0\r\n* between\n\n+ 1K ; semicolon\r\nr2 a 0 2 $ dollar\nr3 a 0 3 // slashes\n\
         v1 a 0 pwl file=\"Some File;x.txt\"\nr4 a$b 0 4 $comment\n.end\nr5 never 0\n",
    );
    assert_eq!(tail(&circuit, "r1"), "1000");
    assert_eq!(tail(&circuit, "r2"), "2");
    assert_eq!(tail(&circuit, "r3"), "3");
    assert_eq!(tail(&circuit, "v1"), "pwl(file=Some File;x.txt)");
    assert_eq!(nodes(&circuit, "r4"), "a$b 0");
    assert!(!circuit.element_index.contains_key("r5"));
}

#[test]
fn spans_are_exact_across_continuation_lines() {
    let text = "title\n.measure tran x\n* comment\n+ max v(out)\n+ from=1u\nr1 out 0 1\n";
    let circuit = circuit_with(text, &Overrides::default());
    let card = &circuit.cards[0];
    assert_eq!(&*card.keyword, "measure");
    for part in ["max", "v(out)", "from=1u", "tran"] {
        let start = card.text.find(part).unwrap();
        assert_eq!(circuit.sources.text(card.span_of(start..start + part.len())), part);
        assert_eq!(circuit.sources.text(card.span_of_part(&card.text[start..start + part.len()])), part);
    }
}

#[test]
fn starred_checks() {
    let circuit = circuit(
        "*.check v(a) < 1\n*+ && v(a) > 0\n+ && 1\n* comment\n*+ no\n.check 2\n*.checkpoint\nr1 a 0 1\n.save v(a)\n.print tran v(a)\n",
    );
    let cards: Vec<_> = circuit.cards.iter().map(|card| card.keyword.to_string()).collect();
    assert_eq!(cards, ["check", "check", "save", "print"]);
    let words: Vec<&str> = circuit.cards[0].text.split_whitespace().collect();
    assert_eq!(words.join(" "), "v(a) < 1 && v(a) > 0 && 1 no");
}

#[test]
fn parameters_and_functions() {
    let circuit = circuit(
        ".param a={b*2} b='c+1' c=3, d = a > 5 ? 2**3 : 0 e1=-2^2 f1=7%4\n.param double(x)='x*2' t={double(4) && !0 | 0}\n\
         .func hyp(x,y) {sqrt(x**2+y**2)}\n.func fact(n) = {n < 2 ? 1 : n*fact(n-1)}\n.param h=hyp(3,4) n={fact(5)} k={pi > 3} u={1k+1meg} m={max(1,5,3)} z={temper}\n.temp 50\n",
    );
    let expected = [("a", 8.0), ("b", 4.0), ("d", 8.0), ("e1", -4.0), ("f1", 3.0), ("t", 1.0), ("h", 5.0)];
    for (name, value) in
        expected.into_iter().chain([("n", 120.0), ("k", 1.0), ("u", 1_001_000.0), ("m", 5.0), ("z", 50.0)])
    {
        assert_eq!(circuit.parameters[name], value, "{name}");
    }
}

#[test]
fn sources() {
    let circuit = circuit(
        "v1 a 0 PULSE(0 1, 0 {1n*2} 1n 1u 2u)\nv2 a 0 dc 1 ac 2 90 sin 0 1 1k\nv3 a 0 PWL(0 0 1u 1 r=0 td=1u)\ni1 a 0 pulse 0 1 ac 1\nv4 a 0 PWL file=\"X.txt\" r=0\n\
         .param amp=3\nv5 a 0 amp\nv6 a 0 sin (0 amp 1meg)\nb1 b 0 v=v(a)*2+1 tc1=1m temp=30\nb2 c 0 i={v(a,b)} m=2\nb3 d 0 v = time*hertz + temper\n",
    );
    assert_eq!(tail(&circuit, "v1"), "pulse(0 1 0 0.000000002 0.000000001 0.000001 0.000002)");
    assert_eq!(tail(&circuit, "v2"), "dc 1 ac 2 90 sin(0 1 1000)");
    assert_eq!(tail(&circuit, "v3"), "pwl(0 0 0.000001 1 r=0 td=0.000001)");
    assert_eq!(tail(&circuit, "i1"), "pulse(0 1) ac 1");
    assert_eq!(tail(&circuit, "v4"), "pwl(file=X.txt r=0)");
    assert_eq!(tail(&circuit, "v5"), "3");
    assert_eq!(tail(&circuit, "v6"), "sin(0 3 1000000)");
    assert_eq!(
        tail(&circuit, "b1"),
        "v=Binary(Add, Binary(Multiply, Node(NodeId(1)), Number(2.0)), Number(1.0)) tc1=0.001 temp=30"
    );
    assert_eq!(tail(&circuit, "b2"), "i=Binary(Subtract, Node(NodeId(1)), Node(NodeId(2))) m=2");
    assert_eq!(tail(&circuit, "b3"), "v=Binary(Add, Binary(Multiply, Time, Frequency), Temperature)");
}

#[test]
fn controlled_sources() {
    let circuit = circuit(
        "v1 a 0 1\nv2 b 0 1\ne1 c 0 a b 2\ne2 d 0 poly(2) (a,0) (b,0) 0 1 {1+1}\ng1 e 0 value={v(a)}\ng2 f 0 VALUE 'v(a)'\ne3 g 0 table {v(a)} = (0,1) (2,3)\n\
         e4 h 0 vol='v(a)'\ng3 i 0 cur=v(a)*2\nf1 j 0 v1 3\nf2 k 0 poly(2) v1 v2 0 1 1\nh1 l 0 v1 {2*2}\n\
         l1 a 0 1u\nl2 b 0 1u\nk1 l1 l2 0.9\n.param kk=0.8\nk2 l1 l2 kk\nw1 m 0 v1 wm on\n.model wm csw it=1m\ns1 n 0 a b sm off\n.model sm sw vt=1\n",
    );
    assert_eq!((nodes(&circuit, "e1"), tail(&circuit, "e1")), ("c 0 a b".into(), "2".into()));
    assert_eq!((nodes(&circuit, "e2"), tail(&circuit, "e2")), ("d 0 a 0 b 0".into(), "poly(2) 0 1 2".into()));
    assert_eq!(tail(&circuit, "g1"), "value=Node(NodeId(1))");
    assert_eq!(tail(&circuit, "g2"), "value=Node(NodeId(1))");
    assert_eq!(tail(&circuit, "e3"), "table(Node(NodeId(1)) 0 1 2 3)");
    assert_eq!(tail(&circuit, "e4"), "vol=Node(NodeId(1))");
    assert_eq!(tail(&circuit, "g3"), "cur=Binary(Multiply, Node(NodeId(1)), Number(2.0))");
    let controls = |name: &str| -> Vec<String> {
        element(&circuit, name).controls.iter().map(|&id| circuit.element(id).name.to_string()).collect()
    };
    assert_eq!((controls("f1"), tail(&circuit, "f1")), (vec!["v1".into()], "3".into()));
    assert_eq!((controls("f2"), tail(&circuit, "f2")), (vec!["v1".into(), "v2".into()], "poly(2) 0 1 1".into()));
    assert_eq!((controls("k1"), tail(&circuit, "k1")), (vec!["l1".into(), "l2".into()], "0.9".into()));
    assert_eq!((controls("k2"), tail(&circuit, "k2")), (vec!["l1".into(), "l2".into()], "0.8".into()));
    assert_eq!((controls("w1"), tail(&circuit, "w1")), (vec!["v1".into()], "on".into()));
    assert_eq!(tail(&circuit, "s1"), "off");
    assert!(element(&circuit, "w1").model.is_some() && element(&circuit, "s1").model.is_some());
}

#[test]
fn behavioural_passives() {
    let circuit = circuit(
        "r1 a b {1k*(1+v(a))}\nr2 a b R='v(a)'\nc1 a b C='v(a)'\nc2 a b Q='v(a)'\nl1 a b L=v(a)*1u\nr3 a 0 r=2k\nr4 a 0 {1k*(1+temper)}\nr5 a 0 rmod 1k l=2u w={1u*2}\n.model rmod r(rsh=1)\nr6 a 0 1k rmod\n",
    );
    for name in ["r1", "r2", "c1", "c2", "l1", "r4"] {
        let shown = tail(&circuit, name);
        assert!(shown.contains("Node") || shown.contains("Temperature"), "{name}: {shown}");
    }
    assert_eq!(tail(&circuit, "r3"), "r=2000");
    assert_eq!(tail(&circuit, "r5"), "1000 l=0.000002 w=0.000002");
    assert!(element(&circuit, "r6").model.is_some());
}

#[test]
fn models() {
    let circuit = circuit(
        ".model base nmos (vto=1 kp = {2*2})\n.model next ako:base nmos(vto=2)\n.model third ako: next (lambda=0.1, level=2)\nm1 d g s b base\n",
    );
    assert_eq!(circuit.models.len(), 3);
    let third = circuit.models.iter().find(|model| &*model.name == "third").unwrap();
    assert_eq!(&*third.kind, "nmos");
    let shown: Vec<String> =
        third.parameters.iter().map(|pair| format!("{}={}", pair.name, show(&pair.value))).collect();
    assert_eq!(shown, ["vto=1", "kp=4", "vto=2", "lambda=0.1", "level=2"]);
    assert_eq!(circuit.sources.text(third.span), ".model third ako: next (lambda=0.1, level=2)");
}

#[test]
fn local_names() {
    let circuit = circuit(
        ".param s=1\n.func f(x) {x+s}\n.model dm d(is=1)\n\
         .subckt one a\n.param s=2\n.model dm d(is={s})\n.func f(x) {x*100}\nd1 a 0 dm\nr1 a 0 {f(s)}\n.ends\n\
         .subckt two a\nd1 a 0 dm\nr1 a 0 {f(s)}\n.ends\nx1 n one\nx2 n two\n",
    );
    assert_eq!(tail(&circuit, "r.x1.r1"), "200");
    assert_eq!(tail(&circuit, "r.x2.r1"), "2");
    let model = |name: &str| &*circuit.model(element(&circuit, name).model.unwrap()).name;
    assert_eq!(model("d.x1.d1"), "x1:dm");
    assert_eq!(model("d.x2.d1"), "dm");
}

#[test]
fn hierarchy() {
    let circuit = circuit(
        ".subckt inner p\nv1 p q 0\nr1 q gnd 1\n.ends\n.subckt outer a\nx2 a inner m=3\nb1 z 0 v=v(x2.q)+i(x2.v1)+v(vdd)+@r.x1.x2.r1[i]\nr2 z vdd 1 m=2\n.ends\n\
         .global vdd\nx1 in outer m=2\nb2 o 0 v=i(v.x1.x2.v1)+v(x1.x2.q)+i(x1.x2.v1)\nf1 in 0 x1.x2.v1 2\n",
    );
    assert_eq!(nodes(&circuit, "r.x1.x2.r1"), "x1.x2.q 0");
    assert_eq!(nodes(&circuit, "r.x1.r2"), "x1.z vdd");
    assert_eq!(element(&circuit, "r.x1.x2.r1").multiplier, 6.0);
    assert_eq!(element(&circuit, "r.x1.r2").multiplier, 2.0);
    assert_eq!(&*circuit.element(element(&circuit, "f1").controls[0]).name, "v.x1.x2.v1");
}

#[test]
fn bus_ranges() {
    let circuit = circuit(
        ".subckt array wl[0:2] bl[1:0]\nr1 wl0 bl1 1\nr2 wl2 bl0 1\nr3 a[3] 0 1\n.ends\nx1 w[2:0] b[0:1] array\nr1 n[0:1] 5\na1 [w[0:2] x] ~y %vd(p q) %vd[a b c d] null %vnam v1 gate\n\
         .model gate d_nor\nv1 v 0 1\n.subckt d_q a\n.ends\n",
    );
    assert_eq!(nodes(&circuit, "r.x1.r1"), "w2 b0");
    assert_eq!(nodes(&circuit, "r.x1.r2"), "w0 b1");
    assert_eq!(nodes(&circuit, "r.x1.r3"), "x1.a[3] 0");
    assert_eq!(nodes(&circuit, "r1"), "n0 n1");
    assert_eq!(nodes(&circuit, "a1"), "w0 w1 w2 x y p q a b c d");
    let ports = &element(&circuit, "a1").ports;
    assert_eq!(ports.len(), 6);
    assert_eq!((ports[0].vector, ports[0].connections.len()), (true, 4));
    assert!(ports[1].connections[0].inverted);
    assert_eq!(ports[2].connections[0].nodes.len(), 2);
    assert_eq!(ports[3].connections.len(), 2);
    assert!(ports[4].connections[0].nodes.is_empty());
    assert_eq!(ports[5].connections[0].source, Some(circuit.element_index["v1"]));
}

#[test]
fn conditionals() {
    let circuit = circuit(
        ".param mode=2 size=3\n.if (mode == 1)\nr1 a 0 1\n.param late=1\n.elseif (mode == 2)\nr1 a 0 2\n.param late=5\n.if (size > 2)\nr2 a 0 {late}\n.endif\n.else\nr1 a 0 3\n.endif\n\
         .subckt s a params: w=1\n.if (w > 1)\nc1 a 0 {w}\n.else\nl1 a 0 {w}\n.endif\n.ends\nx1 a s\nx2 a s w=2\n",
    );
    assert_eq!(tail(&circuit, "r1"), "2");
    assert_eq!(tail(&circuit, "r2"), "5");
    assert_eq!(tail(&circuit, "l.x1.l1"), "1");
    assert_eq!(tail(&circuit, "c.x2.c1"), "2");
    assert_eq!(circuit.parameters["late"], 5.0);
}

#[test]
fn transistors() {
    let circuit = circuit(
        ".model n nmos\n.model q npn\n.model dd d\n.model j njf\n.model mem vteam\nm1 d g s b n w=1u l=2u\nm2 d g s b t1 t2 t3 n\nm3 d g s b t1 n\nq1 c b e q 2\nq2 c b e s q off\nd1 a k dd\nd2 a k t dd 3\nj1 d g s j\nn1 p m st mem x0=0.1\n",
    );
    let counts = ["m1", "m2", "m3", "q1", "q2", "d1", "d2", "j1", "n1"].map(|name| element(&circuit, name).nodes.len());
    assert_eq!(counts, [4, 7, 5, 3, 4, 2, 3, 3, 3]);
    assert_eq!(tail(&circuit, "q1"), "2");
    assert_eq!(tail(&circuit, "d2"), "3");
    assert_eq!(tail(&circuit, "n1"), "x0=0.1");
}

#[test]
fn options() {
    let circuit = circuit(
        ".options reltol=1e-4 method=gear maxord=3 rshunt=1e12 interp filetype=ascii numdgt={4+4} itl5=0 savecurrents\n.option temp=40 tnom=25 ; c\n.options noacct list node\nr1 a 0 1\n",
    );
    let options = &circuit.options;
    assert_eq!((options.reltol, options.maxord, options.gshunt, options.numdgt), (1e-4, 3, 1e-12, 8));
    assert!(options.interpolate && options.ascii);
    assert_eq!((options.temp, options.tnom), (40.0, 25.0));
    // Options of other simulators are named once.
    let notes: Vec<&str> = circuit.warnings.iter().map(|warning| &*warning.message).collect();
    assert_eq!(notes, ["the options `itl5`, `savecurrents`, `noacct`, `list`, `node` are without effect here"]);
}

#[test]
fn overrides() {
    let text = "title\n.param r=1k\n.if (r > 5k)\nc1 a 0 1p\n.endif\n.model dm d(is=1)\nv1 a 0 dc 1 ac 2\nr1 a 0 {r}\nr2 a 0 r=5\nr3 a 0 {v(a)} tc1=1\nd1 a 0 dm\n.param t={temper}\n";
    let deck = Deck::from_text("deck.cir", text, Path::new(".")).unwrap();
    let overrides = Overrides {
        parameters: vec![("r".into(), 1e4)],
        temperature: Some(85.0),
        elements: vec![("v1".into(), "".into(), 3.0), ("r2".into(), "".into(), 7.0), ("r3".into(), "tc1".into(), 2.0)],
        models: vec![("dm".into(), "is".into(), 9.0)],
        ..Overrides::default()
    };
    let circuit = elaborate(&deck, &overrides).unwrap();
    assert_eq!(tail(&circuit, "r1"), "10000");
    assert_eq!(tail(&circuit, "c1"), "0.000000000001");
    assert_eq!(tail(&circuit, "v1"), "dc 3 ac 2");
    assert_eq!(tail(&circuit, "r2"), "r=7");
    assert!(matches!(element(&circuit, "r3").parameter("tc1").unwrap().value, Value::Number(2.0)));
    assert!(matches!(circuit.models[0].parameter("is").unwrap().value, Value::Number(9.0)));
    assert_eq!((circuit.parameters["t"], circuit.options.temp), (85.0, 85.0));
    assert!(elaborate(&deck, &Overrides::default()).is_ok());
    let wrong = Overrides { parameters: vec![("rr".into(), 1.0)], ..Overrides::default() };
    assert!(elaborate(&deck, &wrong).is_err());
}

#[test]
fn conditions_and_steps() {
    let circuit = circuit(
        "r1 a b 1\nv1 a 0 1\n.model q npn(bf=1)\n.ic v(a)=1 v(b)={2*2}\n.nodeset v(a)=3\n.step v1 0 5 0.1\n.step temp list 0 27 85\n.step npn q(bf) 50 150 50\n.step model q(bf) list 1 2\n\
         .step oct r1 1 8 1\n.step r1 lin 1 2 0.1\n.dc v1 0 1 0.5 r1 dec 1 100 2\n.ac dec 10 1 1meg\n.op\n.tran 1n 10u 1u 5n uic\n",
    );
    assert_eq!(circuit.initial_conditions.len(), 2);
    assert_eq!(circuit.initial_conditions[1].1, 4.0);
    assert_eq!(circuit.nodesets[0].1, 3.0);
    let lengths: Vec<usize> = circuit.steps.iter().map(|step| step.values.len()).collect();
    assert_eq!(lengths, [51, 3, 3, 2, 4, 11]);
    assert_eq!(circuit.steps[2].target, SweepTarget::Model("q".into(), "bf".into()));
    assert_eq!(circuit.analyses.len(), 4);
    let Analysis::Transient(transient) = &circuit.analyses[3].analysis else { panic!() };
    assert!(transient.use_initial_conditions);
    assert_eq!((transient.start, transient.max_step), (1e-6, Some(5e-9)));
}

#[test]
fn included_files() {
    let text = "title\n.lib library.lib typical\n.include \"part.inc\"\nr2 b 0 {corner}\n";
    let deck = Deck::from_text("deck.cir", text, Path::new("tests/decks")).unwrap();
    let circuit = elaborate(&deck, &Overrides::default()).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(tail(&circuit, "r2"), "1");
    assert_eq!(tail(&circuit, "c7"), "0.000000000001");
    assert!(circuit.element_index.contains_key("r1"));
}

#[test]
fn transistors_take_the_bin_of_their_size() {
    let bins = ".model n.1 nmos(vto=1 lmin=1u lmax=2u wmin=1u wmax=5u)\n.model n.2 nmos(vto=2 lmin=2u lmax=4u wmin=1u wmax=5u)\n\
        .model n.3 nmos(vto=3 lmin=1u lmax=4u wmin=5u wmax=9u)\n";
    let cards = "title\nm1 d g 0 0 n l=1.5u w=2u\nm2 d g 0 0 n l=3u w=2u\nm3 d g 0 0 n w={6u} l=3u\nm4 d g 0 0 n.2 l=3u w=2u\nr1 d g 1\n";
    let deck = Deck::from_text("deck.cir", &format!("{cards}{bins}"), Path::new(".")).unwrap();
    let circuit = elaborate(&deck, &Overrides::default()).unwrap();
    let bin = |name: &str| circuit.model(element(&circuit, name).model.unwrap()).name.to_string();
    assert_eq!(["m1", "m2", "m3", "m4"].map(bin), ["n.1", "n.2", "n.3", "n.2"]);
    for (option, taken) in [("", "n.2"), (".option wnflag=1", "n.2"), (".option wnflag=0", "n.3")] {
        let circuit =
            circuit_with(&format!("title\nm1 d g 0 0 n l=3u w=6u nf=3\n{option}\n{bins}"), &Overrides::default());
        assert_eq!(&*circuit.model(element(&circuit, "m1").model.unwrap()).name, taken, "{option}");
    }
    let deck = Deck::from_text("deck.cir", &format!("title\nm1 d g 0 0 n l=9u w=2u\n{bins}"), Path::new(".")).unwrap();
    let report = elaborate(&deck, &Overrides::default()).unwrap_err().to_string();
    assert!(report.contains("no bin of the model `n`"), "{report}");
}

#[test]
fn a_guess_for_all_nodes_leaves_named_ones_alone() {
    let circuit = circuit("r1 a b 1\nr2 b c 1\nv1 a 0 1\n.nodeset v(b)=3\n.nodeset all=0.5\n.nodeset v(c)=2");
    let mut guesses: Vec<(&str, f64)> =
        circuit.nodesets.iter().map(|(node, value, _)| (circuit.node_name(*node), *value)).collect();
    guesses.sort_by(|a, b| a.0.cmp(b.0));
    assert_eq!(guesses, [("a", 0.5), ("b", 3.0), ("c", 2.0)]);
}

#[test]
fn only_the_bin_that_is_taken_is_evaluated() {
    // The other bins ask for a parameter that is not there.
    let text = "title\nx1 d g fet l=3 w=2\nx2 d g fet l=0.5 w=8 nf=2\nr1 d g 1\n.option scale=1u\n.subckt fet d g\n.param l=1 w=1 nf=1 edge=2u\n\
        m1 d g 0 0 n l={l} w={w} nf={nf}\n.model n.0 nmos(vto={absent} lmin=1u lmax={edge} wmin=1u wmax=5u)\n\
        .model n.1 nmos(vto={l} lmin={edge} lmax=4u wmin=1u wmax=5u)\n.model n.2 nmos(vto=7 lmax=edge lmin=0.1u wmin=1u wmax=5u)\n.ends\n";
    let circuit = circuit_with(text, &Overrides::default());
    let bin = |name: &str| circuit.model(element(&circuit, name).model.unwrap());
    assert_eq!(["m.x1.m1", "m.x2.m1"].map(|name| bin(name).name.to_string()), ["x1:n.1", "x2:n.2"]);
    assert_eq!(bin("m.x1.m1").parameter("vto").unwrap().value.number(), Some(3.0));
}

#[test]
fn what_process_kits_write_is_understood() {
    let text = "title\ninclude \"absent.spice\"\n.param a='2*b' dev/gauss='0.1*b' b=3 lot/uniform=1, c=1\n\
        .model m r rsh=100 dw={\"-b/2\"}\nr1 x 0 m l=10 w=1\n";
    let circuit = circuit_with(text, &Overrides::default());
    assert_eq!(["a", "b", "c"].map(|name| circuit.parameters[name]), [6.0, 3.0, 1.0]);
    let model = circuit.model(element(&circuit, "r1").model.unwrap());
    assert_eq!(model.parameter("dw").unwrap().value.number(), Some(-1.5));
    let warnings: Vec<&str> = circuit.warnings.iter().map(|warning| &*warning.message).collect();
    assert_eq!(warnings, ["`include` without its dot was skipped"]);
}
