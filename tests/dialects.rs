//! What decks of other simulators mean, by closed forms.

use std::path::Path;

use ferrospice::circuit::{Circuit, Overrides, elaborate};
use ferrospice::diagnostic::Report;
use ferrospice::netlist::Deck;
use ferrospice::netlist::dialect::Dialect;
use ferrospice::results::plot::Data;
use ferrospice::studies::deck_run::{DeckRun, Keep, run_deck};

fn deck(text: &str, dialect: Dialect) -> Deck {
    read(text, |path| Deck::read_in(path, Some(dialect)))
}

fn read(text: &str, read: impl FnOnce(&Path) -> Result<Deck, Report>) -> Deck {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deck.cir");
    std::fs::write(&path, text).unwrap();
    read(&path).unwrap_or_else(|report| panic!("{report}"))
}

fn circuit(text: &str, dialect: Dialect) -> Circuit {
    elaborate(&deck(text, dialect), &Overrides::default()).unwrap_or_else(|report| panic!("{report}"))
}

fn run(text: &str, dialect: Dialect) -> DeckRun {
    run_deck(&deck(text, dialect), &Overrides::default(), &mut [], Keep::Plots, &|_| true)
        .unwrap_or_else(|report| panic!("{report}"))
}

fn measure(run: &DeckRun, name: &str) -> f64 {
    let found = run.runs[0].measures.iter().find(|measure| &*measure.name == name);
    let outcome = &found.unwrap_or_else(|| panic!("no measure {name}")).outcome;
    outcome.as_ref().unwrap_or_else(|error| panic!("{name}: {error:?}")).value
}

fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
}

fn parameter(text: &str, dialect: Dialect) -> f64 {
    circuit(&format!("t\n.param x={text}\nr1 a 0 1\n"), dialect).parameters["x"]
}

#[test]
fn the_same_text_has_each_dialects_meaning() {
    assert_eq!(parameter("{2^3}", Dialect::Ngspice), 8.0);
    assert_eq!(parameter("{2^3}", Dialect::LtSpice), 0.0);
    assert_eq!(parameter("{2^0}", Dialect::Pspice), 1.0);
    assert_eq!(parameter("{~0}", Dialect::LtSpice), 1.0);
    assert_eq!(parameter("1a", Dialect::Hspice), 1e-18);
    assert_eq!(parameter("1a", Dialect::Xyce), 1.0);
    assert_eq!(parameter("2x", Dialect::Hspice), 2e6);
    assert_eq!(parameter("{log(100)}", Dialect::Xyce), 2.0);
    close(parameter("{log(100)}", Dialect::Pspice), 100f64.ln(), 1e-15);
    // kT/q at 27 °C.
    close(parameter("{vt}", Dialect::Xyce), 0.025864925, 1e-8);
}

#[test]
fn dollars_are_comments_or_names() {
    let text = "t\nr1 $g_vdd 0 1 ; c\nv1 $g_vdd 0 2\n";
    assert!(circuit(text, Dialect::Pspice).node_index.contains_key("$g_vdd"));
    let commented = circuit("t\nr1 a 0 1 $ off\nr2 a 0 2 // off\n", Dialect::Ngspice);
    assert_eq!(commented.elements.len(), 2);
    let text = "t\n.param p=2 $ of {v\nr1 $g 0 {3*p} $ half\nr2 $g 0 {p\n+ *2} $\nv1 $g 0 1\n";
    let lone = circuit(text, Dialect::Xyce);
    assert!(lone.elements.len() == 3 && lone.node_index.contains_key("$g") && lone.parameters["p"] == 2.0);
    // In braces it is no comment, and no operator either.
    assert!(elaborate(&deck("t\n.param p={2 $ 3}\nr1 a 0 1\n", Dialect::Xyce), &Overrides::default()).is_err());
}

#[test]
fn random_functions_of_ltspice_belong_to_their_argument() {
    let text = "t\n.param p=rand(3.2) q=random(4)\nb1 a 0 v=white(1e6*time)\nb2 b 0 v=rand(1e6*time)\nb3 c 0 v=random(1e6*time)\n\
        b4 d 0 v=random(v(x))\nv1 x 0 3.7\nv2 y 0 {p}\nv3 z 0 {q}\n.tran 1u 600u 0 0.02u\n\
        .measure tran white avg v(a)\n.measure tran rms rms v(a)\n.measure tran mean avg v(b)\n\
        .measure tran square avg v(b)*v(b)\n.measure tran smooth avg v(c)*v(c)\n.measure tran middle avg v(c)\n\
        .measure tran before find v(b) at=3.1u\n.measure tran behind find v(b) at=3.9u\n.measure tran at find v(c) at=3u\n\
        .measure tran next find v(c) at=4u\n.measure tran bent find v(c) at=3.7u\n.measure tran of_v find v(d) at=9u\n";
    let found = run(text, Dialect::LtSpice);
    let value = |name| measure(&found, name);
    let p = circuit(text, Dialect::LtSpice).parameters["p"];
    let q = circuit(text, Dialect::LtSpice).parameters["q"];
    for (name, expected) in [("before", p), ("behind", p), ("at", p), ("next", q)] {
        close(value(name), expected, 1e-9);
    }
    let between = p + (q - p) * 0.7 * 0.7 * (3.0 - 1.4);
    close(value("of_v"), between, 1e-9);
    // What straight lines between points of 0.02 units miss of a curve that bends by less than 6: 0.02²/8·6.
    close(value("bent"), between, 3e-4);
    // Means and variances of 600 independent numbers, 1/12 each, and of what goes between them: (1 − s)·u + s·u'.
    let within = |value: f64, expected: f64, deviation: f64| close(value, expected, 3.0 * deviation / 600f64.sqrt());
    within(value("mean"), 0.5, 0.289);
    within(value("middle"), 0.5, 0.289);
    within(value("white"), 0.0, 0.289);
    within(value("square") - value("mean").powi(2), 1.0 / 12.0, 0.0745);
    within(value("smooth") - value("middle").powi(2), (1.0 - 1.0 + 2.0 * 13.0 / 35.0) / 12.0, 0.0745);
    within(value("rms").powi(2), 2.0 * 0.391775 / 12.0, 0.0745);
    let other = circuit(&text.replace(".tran", ".options seed=5\n.tran"), Dialect::LtSpice).parameters["p"];
    assert!(p != other && (0.0..1.0).contains(&other) && p != q);
}

#[test]
fn integrals_are_put_back_while_their_reset_is_true() {
    let text = "t\nvr r 0 pulse(0 1 1m 1u 1u 0.5m 2m)\nb1 a 0 v=idt(1000,0.25,v(r))\nb2 b 0 v=idt(-1000*v(r),1,v(r)<0.5)\n\
        b3 c 0 v=sdt(1000,0,v(c)>1)\nr4 d 0 1\nb4 0 d i=idt(2000,-1,v(c)>1)\n.tran 10u 3.4m\n\
        .measure tran runs find v(a) at=0.9m\n.measure tran held find v(a) at=1.2m\n.measure tran again find v(a) at=2.5m\n\
        .measure tran twice find v(a) at=3.2m\n.measure tran first find v(b) at=0.5m\n.measure tran falls find v(b) at=1.4m\n\
        .measure tran back find v(b) at=2m\n.measure tran saw find v(c) at=0.7m\n.measure tran tooth find v(c) at=3.3m\n\
        .measure tran teeth max v(c)\n.measure tran follows find v(d) at=3.3m\n";
    let found = run(text, Dialect::LtSpice);
    let expected = [
        ("runs", 1.15),
        ("held", 0.25),
        // From the middle of the falling edge on.
        ("again", 0.25 + 2.5 - 1.5015),
        ("twice", 0.25),
        ("first", 1.0),
        // v(r) is at half of its height at 1.0005 ms, which is a quarter of the edge's area before the plateau.
        ("falls", 1.0 - (0.5 * 0.75e-3 + 1.4 - 1.001)),
        ("back", 1.0),
        ("saw", 0.7),
        ("tooth", 0.3),
        ("teeth", 1.0),
        ("follows", -0.4),
    ];
    for (name, expected) in expected {
        let found = measure(&found, name);
        assert!((found - expected).abs() < 2e-4, "{name}: {found} {expected}");
    }
}

#[test]
fn global_nodes_of_pspice_are_the_same_in_subcircuits() {
    let text = "t\nv1 $g_vdd 0 2\nx1 o s\n.subckt s o\nr1 $g_vdd o 1k\nr2 o 0 1k\n.ends\n.op\n";
    let run = run(text, Dialect::Pspice);
    let plot = &run.runs[0].plots[0];
    close(plot.real(plot.column("v(o)").unwrap())[0], 1.0, 1e-9);
}

#[test]
fn transfer_functions_answer_as_their_poles_say() {
    let text = "t\nv1 in 0 dc 1 ac 1 pulse(0 1 0 1n 1n 1 2)\n\
        e1 low 0 laplace {v(in)} = {1/(1+s*1m)}\n\
        e2 second 0 in 0 laplace=1/(1+1m*s+1e-6*s**2)\n\
        g3 0 high laplace v(in) = {s*1m/(1+1m*s)}\nr3 high 0 1\n\
        e4 ramp 0 laplace {v(in)} {1/s}\n\
        .options reltol=1e-6\n.tran 10u 5m 0 10u\n.ac lin 1 159.154943 159.154943\n\
        .measure tran low find v(low) at=1m\n.measure tran second find v(second) at=2m\n\
        .measure tran high find v(high) at=1m\n.measure tran ramp find v(ramp) at=4m\n\
        .measure ac corner max vm(low)\n";
    let run = run(text, Dialect::Ngspice);
    let e = (-1.0f64).exp();
    close(measure(&run, "low"), 1.0 - e, 2e-6);
    close(measure(&run, "high"), e, 2e-6);
    close(measure(&run, "ramp"), 4e-3, 1e-8);
    let (angle, root) = (3f64.sqrt(), 3f64.sqrt());
    close(measure(&run, "second"), 1.0 - e * (angle.cos() + angle.sin() / root), 5e-6);
    close(measure(&run, "corner"), 0.5f64.sqrt(), 1e-8);
}

#[test]
fn what_is_no_rational_function_is_said() {
    let text = "t\nv1 a 0 1\ne1 b 0 laplace {v(a)} = {exp(-s*1u)}\nr1 b 0 1\n";
    let report = elaborate(&deck(text, Dialect::Ngspice), &Overrides::default()).err().unwrap().to_string();
    assert!(report.contains("no quotient of polynomials"), "{report}");
}

#[test]
fn switches_of_pspice_and_xyce_are_smooth() {
    let text = "t\nv1 c 0 pwl(0 0 1 1)\nv2 p 0 1\ns1 p a sw off control={v(c)}\nr1 a 0 1k\ns2 p b c 0 vs\nr2 b 0 1k\n\
        s3 p d c 0 down\nr3 d 0 1k\n.model sw switch(ron=1 roff=1meg on=0.8 off=0.2)\n\
        .model vs vswitch(ron=1 roff=1meg von=0.8 voff=0.2)\n.model down vswitch(ron=1 roff=1meg von=0.2 voff=0.8)\n\
        .tran 1m 1 0 1m\n.measure tran a find v(a) at=0.5\n.measure tran b find v(b) at=0.6\n.measure tran c find v(a) at=0.6\n\
        .measure tran d find v(d) at=0.1\n";
    let run = run(text, Dialect::Xyce);
    // In the middle the resistance is the geometric mean.
    close(measure(&run, "a"), 0.5, 1e-6);
    assert_eq!(measure(&run, "b"), measure(&run, "c"));
    close(measure(&run, "d"), 1000.0 / 1001.0, 1e-9);
}

#[test]
fn parameters_of_xyce_may_change_with_time() {
    let text = "t\n.global_param slope={2*time} level={slope+1}\nb1 a 0 v={level}\nr1 a 0 1\n.tran 0.1 1\n\
        .measure tran a find v(a) at=0.5\n";
    close(measure(&run(text, Dialect::Xyce), "a"), 2.0, 1e-9);
}

#[test]
fn initial_conditions_of_xyce_count_without_uic() {
    let text = "t\nc1 a b 1u ic=2\nr1 a 0 1k\nr2 b 0 1k\nl1 c 0 1m ic=3\nr3 c 0 1\n.tran 1u 10m\n\
        .measure tran v find v(a,b) at=0\n.measure tran i find i(l1) at=0\n.measure tran later find v(a,b) at=2m\n";
    let run = run(text, Dialect::Xyce);
    close(measure(&run, "v"), 2.0, 1e-4);
    close(measure(&run, "i"), 3.0, 1e-4);
    close(measure(&run, "later"), 2.0 * (-1.0f64).exp(), 2e-3);
}

#[test]
fn an_inductor_across_a_source_that_begins_at_zero_has_an_operating_point() {
    let text = "t\nv1 a 0 sin(0 1 1k)\nl1 a 0 1m\n.tran 1u 0.5m 0 1u\n.measure tran i find i(l1) at=0.5m\n";
    // i = V/(ωL)·(1 − cos ωt)
    let expected = 2.0 / (2.0 * std::f64::consts::PI * 1e3 * 1e-3);
    close(measure(&run(text, Dialect::Ngspice), "i"), expected, 1e-3);
    let impossible = "t\nv1 a 0 1\nl1 a 0 1m\n.op\n";
    let deck = deck(impossible, Dialect::Ngspice);
    assert!(run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).is_err());
}

#[test]
fn tables_are_gone_through_row_by_row() {
    let text = "t\n.param r=1k v=1\nv1 a 0 {v}\nr1 a 0 {r}\n.data rows\n+ r v\n+ 1k 1\n+ 2k 4\n500 3\n.enddata\n\
        .step data=rows\n.op\n.dc data=rows\n";
    let run = run(text, Dialect::Xyce);
    let currents: Vec<f64> = run
        .runs
        .iter()
        .map(|run| {
            let plot = &run.plots[0];
            plot.real(plot.column("i(v1)").unwrap())[0]
        })
        .collect();
    for (current, expected) in currents.iter().zip([-1e-3, -2e-3, -6e-3]) {
        close(*current, expected, 1e-12);
    }
    assert_eq!(run.runs[1].step.values, [("r".into(), 2e3), ("v".into(), 4.0)]);
    let sweep = &run.runs[0].plots[1];
    assert_eq!(sweep.real(sweep.column("v(a)").unwrap()), [1.0, 4.0, 3.0]);
}

#[test]
fn print_cards_of_xyce_write_their_files() {
    let text = "t\nv1 a 0 1\nr1 a 0 2\n.dc v1 1 2 1\n.print dc v(a) i(v1)\n.print dc format=csv file=own.csv v(*)\n";
    let files = run(text, Dialect::Xyce).printed("deck.cir");
    assert_eq!(files[0].0, "deck.cir.prn");
    let expected = "Index  V(A)  I(V1)\n0  1.00000000e+00  -5.00000000e-01\n1  2.00000000e+00  -1.00000000e+00\n\
        End of Xyce(TM) Simulation\n";
    assert_eq!(files[0].1, expected);
    assert_eq!(files[1], ("own.csv".into(), "V(A)\n1.00000000e+00\n2.00000000e+00\n".into()));
}

#[test]
fn definitions_of_one_name_count_as_in_ngspice() {
    let text = "t\n.param a=1\n.param a=2\n.func f(x) {x}\n.func f(x) {2*x}\n.param b={f(a)}\nr1 n 0 1\n";
    let circuit = circuit(text, Dialect::Ngspice);
    assert_eq!((circuit.parameters["a"], circuit.parameters["b"]), (2.0, 4.0));
    assert_eq!(circuit.warnings.len(), 2);
}

#[test]
fn old_encodings_are_read() {
    let deck = Deck::from_text("deck.cir", "t\n.include latin1.inc\n", Path::new("tests/decks")).unwrap();
    elaborate(&deck, &Overrides::default()).unwrap_or_else(|report| panic!("{report}"));
}

/// Value of `name` at every point of the only plot.
fn values(run: &DeckRun, name: &str) -> Vec<f64> {
    let plot = &run.runs[0].plots[0];
    plot.real(plot.column(name).unwrap_or_else(|| panic!("no {name}: {:?}", plot.header.columns)))
}

#[test]
fn parasitics_stand_where_ltspice_has_them() {
    let cards = "t\ni1 0 a ac 1\nc1 a 0 1n rser=2 lser=3n rlshunt=50 rpar=1k cpar=10p m=2\n\
        i2 0 b ac 1\nl2 b 0 1u rser=0.5 rpar=200 cpar=20p\nv3 c 0 ac 1 rser=10 cpar=5p\nr3 c 0 40\n.ac dec 3 100k 1g\n";
    let run = run(cards, Dialect::LtSpice);
    let plot = &run.runs[0].plots[0];
    let ferrospice::results::plot::Data::Complex(columns) = &plot.data else { panic!("complex") };
    let j = faer::c64::new(0.0, 1.0);
    let one = faer::c64::new(1.0, 0.0);
    for (index, frequency) in plot.axis().into_iter().enumerate() {
        let s = j * std::f64::consts::TAU * frequency;
        let series = one * 2.0 + one / (one / (s * 3e-9) + one / 50.0) + one / (s * 1e-9);
        let capacitor = one / (one / series + one / 1e3 + s * 10e-12) / 2.0;
        let inductor = one / (one / (one * 0.5 + s * 1e-6) + one / 200.0 + s * 20e-12);
        let source = one * 0.1 / (one * 0.1 + one / 40.0 + s * 5e-12);
        for (name, expected) in [("v(a)", capacitor), ("v(b)", inductor), ("v(c)", source)] {
            let found = columns[plot.column(name).unwrap()][index];
            assert!((found - expected).norm() < 1e-8 * expected.norm(), "{name} at {frequency}: {found} {expected}");
        }
    }
}

#[test]
fn the_idealised_diode_has_straight_lines_and_limits() {
    let cards = "t\nv1 a 0 0\nd1 a 0 d\nd2 a 0 l n=2 m=3\n.model d d(ron=0.1 roff=1k vfwd=0.5 vrev=2 rrev=1 epsilon=0.2 revepsilon=0.4)\n\
        .model l d(ron=0.5 roff=1meg vfwd=0.2 ilimit=2 revilimit=1u)\n.save @d1[i] @d2[i]\n.dc v1 -3 3 0.1\n";
    let run = run(cards, Dialect::LtSpice);
    let knee = |x: f64, width: f64| {
        if x <= 0.0 {
            0.0
        } else if x >= width {
            x - width / 2.0
        } else {
            x * x / (2.0 * width)
        }
    };
    let axis = run.runs[0].plots[0].axis();
    for ((v, first), second) in axis.into_iter().zip(values(&run, "@d1[i]")).zip(values(&run, "@d2[i]")) {
        close(first, v / 1e3 + knee(v - 0.5, 0.2) * (10.0 - 1e-3) - knee(-v - 2.0, 0.4) * (1.0 - 1e-3), 1e-9);
        let half = v / 2.0;
        let straight = half / 1e6 + knee(half - 0.2, 0.0) * (2.0 - 1e-6);
        let limit = if straight > 0.0 { 2.0 } else { 1e-6 };
        close(second, 3.0 * limit * (straight / limit).tanh(), 1e-9);
    }
}

#[test]
fn functions_on_a_cards_are_rejected_by_name() {
    for (card, name) in [
        ("a1 a 0 0 0 0 0 b 0 and", "`and`"),
        ("a1 a b g\n.model g d_inverter", "`d_inverter`"),
        ("a1 a b g\n.model g spice2poly", "`spice2poly`"),
    ] {
        let deck = deck(&format!("t\nv1 a 0 1\n{card}\nr1 b 0 1\n.op\n"), Dialect::LtSpice);
        let report = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).unwrap_err().to_string();
        assert!(report.contains(name) && report.contains("hint"), "{card}: {report}");
    }
}

#[test]
fn an_inductor_keeps_the_current_that_ic_gives() {
    let cards = "t\nv1 a 0 1\nr1 a b 1\nl1 b c 1m\nr2 c 0 9\n.ic i(l1)=0.3\n.tran 1u 1m\n.meas tran start find i(l1) at=0\n\
        .meas tran later find i(l1) at=0.1m\n";
    let run = run(cards, Dialect::LtSpice);
    close(measure(&run, "start"), 0.3, 1e-6);
    // From 0.3 A to 0.1 A with L/R = 0.1 ms.
    close(measure(&run, "later"), 0.1 + 0.2 * (-1f64).exp(), 1e-4);
}

#[test]
fn quantities_of_devices_have_the_names_of_xyce_and_ngspice() {
    let cards = "t\nv1 d 0 2\nv2 g 0 0\nm1 d g 0 0 nn l=1u w=10u\n.model nn nmos(level=1 vto=0.7 kp=100u)\n.dc v2 1 2 0.5\n\
        .meas dc xyce max {n(m1:gm)}\n.meas dc ngspice max @m1[gm]\n.meas dc drain max id(m1)\n.meas dc power min w(v1)\n";
    let run = run(cards, Dialect::Xyce);
    // In saturation gm = kp·w/l·(vgs − vto).
    close(measure(&run, "xyce"), 1e-3 * 1.3, 1e-9);
    close(measure(&run, "ngspice"), 1e-3 * 1.3, 1e-9);
    close(measure(&run, "drain"), 0.5e-3 * 1.3 * 1.3, 1e-9);
    close(measure(&run, "power"), -1e-3 * 1.3 * 1.3, 1e-9);
}

#[test]
fn startup_turns_the_sources_on_in_twenty_microseconds() {
    // A ramp into an RC circuit: k·(t − τ·(1 − e^(−t/τ))), and what is left of its lag decays after it.
    let text = "t\nv1 in 0 5\nr1 in out 1k\nc1 out 0 5n\n.options reltol=1e-6\n.tran 0 60u 0 50n startup\n\
        .measure tran start find v(out) at=10n\n.measure tran risen find v(out) at=20u\n.measure tran later find v(out) at=30u\n\
        .measure tran source find v(in) at=10u\n";
    let run = run(text, Dialect::LtSpice);
    let (tau, slope): (f64, f64) = (5e-6, 5.0 / 20e-6);
    let risen = slope * (20e-6 - tau * (1.0 - (-4.0f64).exp()));
    close(measure(&run, "start"), 0.0, 1e-5);
    close(measure(&run, "source"), 2.5, 1e-9);
    close(measure(&run, "risen"), risen, 1e-4);
    close(measure(&run, "later"), 5.0 + (risen - 5.0) * (-2.0f64).exp(), 1e-4);
}

#[test]
fn subcircuits_of_ltspice_need_not_declare_their_parameters() {
    let text = "t\nv1 in 0 1\nx1 in out amplifier gain=4\n.subckt amplifier 1 2\ne1 2 0 1 0 {gain}\n.ends\nr1 out 0 1k noiseless\n.op\n\
        .lib standard.dio\n.measure op out param='v(out)'\n";
    let run = run(text, Dialect::LtSpice);
    close(measure(&run, "out"), 4.0, 1e-12);
    assert!(run.runs[0].circuit.warnings.iter().all(|warning| warning.message.contains("own library")));
}

#[test]
fn words_of_hspice_say_what_controls_a_source() {
    let text = "t\nv1 in 0 1\ne1 a 0 vcvs in 0 2\ng1 0 b vccs in 0 3\nr1 b 0 1\nf1 0 c cccs v1 4\nr2 c 0 1\nh1 d 0 ccvs v1 5\nr3 in 0 1\n\
        r4 a 0 1\nr5 d 0 1\ne2 e 0 vcvs 0 6\nr6 e 0 1\nv3 vcvs 0 1\n.op\n\
        .measure op a param='v(a)'\n.measure op b param='v(b)'\n.measure op c param='v(c)'\n.measure op d param='v(d)'\n\
        .measure op e param='v(e)'\n";
    let run = run(text, Dialect::Hspice);
    // The current into v1 is −1 A; a node may have the word for its name.
    for (name, expected) in [("a", 2.0), ("b", 3.0), ("c", -4.0), ("d", -5.0), ("e", 6.0)] {
        close(measure(&run, name), expected, 1e-9);
    }
}

#[test]
fn a_dc_sweep_of_hspice_may_stand_within_another() {
    let text = "t\n.param w=1\nv1 in 0 1\nr1 in 0 {w}\n.dc v1 0 2 1 sweep w 1 3 1\n.measure dc top max i(v1)\n";
    let run = run(text, Dialect::Hspice);
    assert_eq!(run.runs.len(), 3);
    let last = &run.runs[2].plots[0];
    assert_eq!(last.real(last.column("i(v1)").unwrap()).len(), 3);
    close(last.real(last.column("i(v1)").unwrap())[2], -2.0 / 3.0, 1e-9);
}

#[test]
fn models_of_pspice_are_factors() {
    let text = "t\nv1 in 0 1\nr1 in out rmod 2k\n.model rmod res(r=1.5)\nc1 out 0 cmod 1u\n.model cmod cap(c=2)\nr2 out 0 3k\n\
        .tran/op 1m 2m\n.measure tran out find v(out) at=1m\n";
    close(measure(&run(text, Dialect::Pspice), "out"), 0.5, 1e-9);
    let plain = text.replace(".tran/op", ".tran");
    close(measure(&run(&plain, Dialect::Ngspice), "out"), 0.6, 1e-9);
}

#[test]
fn sensitivities_of_xyce_name_their_objective() {
    let text = "t\nv1 in 0 1\nr1 in out 1k\nr2 out 0 3k\n.sens objfunc={v(out)} param=r1:r,r2:r\n";
    let run = run(text, Dialect::Xyce);
    let plot = &run.runs[0].plots[0];
    // ∂/∂R1 R2/(R1 + R2)
    close(plot.real(plot.column("r1").unwrap())[0], -3e3 / 16e6, 1e-12);
}

#[test]
fn a_swept_temperature_gives_what_each_temperature_gives() {
    // One card depends on the temperature in the second circuit, none does in the first.
    for gain in ["2", "2+temper/100"] {
        let circuit = format!(
            "t\n.param gain={{{gain}}}\ne2 p 0 a 0 {{{gain}}}\nrp p 0 1k\nv1 in 0 5\nr1 in a 1k tc1=2m\nd1 a 0 dm\n.model dm d(is=1e-14 rs=10)\nq1 c b 0 qm\n.model qm npn(bf=100)\n\
            rb in b 100k\nrc in c 1k\ne1 o 0 a 0 {{gain}}\nro o 0 1k\n"
        );
        let swept = run(&format!("{circuit}.dc temp -20 100 30\n"), Dialect::Ngspice);
        for (index, temperature) in [-20, 10, 40, 70, 100].into_iter().enumerate() {
            let one = run(&format!("{circuit}.temp {temperature}\n.op\n"), Dialect::Ngspice);
            for node in ["v(a)", "v(c)", "v(o)", "v(p)"] {
                let value = |run: &DeckRun, at: usize| {
                    let plot = &run.runs[0].plots[0];
                    plot.real(plot.column(node).unwrap())[at]
                };
                close(value(&swept, index), value(&one, 0), 1e-5);
            }
        }
    }
}

fn measures(run: &DeckRun, name: &str) -> Vec<f64> {
    let of_run = |run: &ferrospice::studies::deck_run::StepRun| {
        let found = run.measures.iter().find(|measure| &*measure.name == name);
        found.unwrap_or_else(|| panic!("no measure {name}")).value().unwrap()
    };
    run.runs.iter().map(of_run).collect()
}

#[test]
fn each_alter_block_changes_what_the_blocks_before_it_have_left() {
    let text = "t\n.param r=1k\nv1 a 0 6\nr1 a b r\nr2 b 0 rmod 1k\n.model rmod r tc1=0\n.op\n.temp 27\n\
        .measure op v max v(b)\n.alter twice the value\n.param r=2k\n.alter\nr2 b 0 rmod 4k\n\
        .alter 'warmer'\n.model rmod r tc1=0.01\n.temp 127\n.alter\nr3 b 0 1k\n.measure op v max v(b) \n.end\nr4 b 0 1\n";
    let run = run(text, Dialect::Hspice);
    let parallel = 6.0 * (8.0 / 9.0) / (2.0 + 8.0 / 9.0);
    let expected = [3.0, 2.0, 4.0, 4.8, parallel];
    let found = measures(&run, "v");
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).for_each(|(found, expected)| close(*found, expected, 1e-9));
    let labels: Vec<&str> = run.runs.iter().map(|run| &*run.step.label).collect();
    assert_eq!(labels, ["alter=0", "alter=1 twice the value", "alter=2", "alter=3 warmer", "alter=4"]);
    assert_eq!(Dialect::of_text(text), Dialect::Hspice);
}

#[test]
fn alterations_multiply_with_steps_and_are_points_of_their_plot() {
    let text = "t\n.param r=1k\nv1 a 0 1\nr1 a b r\nr2 b 0 1k\n.dc v1 1 1 1 sweep r poi 2 1k 3k\n.measure dc v find v(b) at=1\n\
        .measure steps most max v\n.alter\nr2 b 0 3k\n.measure dc v find v(b) at=1\n";
    let run = run(text, Dialect::Hspice);
    let found = measures(&run, "v");
    found.iter().zip([0.5, 0.25, 0.75, 0.5]).for_each(|(found, expected)| close(*found, expected, 1e-9));
    assert_eq!(run.runs[3].step.label, "alter=1, r=3000");
    close(run.across.unwrap().measures[0].value().unwrap(), 0.75, 1e-9);
}

#[test]
fn an_alteration_changes_the_section_of_a_library_and_the_kind_of_an_analysis() {
    let folder = tempfile::tempdir().unwrap();
    let library =
        ".lib slow\n.param rr=3k\n.model d1 d is=1f\n.endl\n.lib fast\n.param rr=1k\n.model d1 d is=2f\n.endl\n";
    std::fs::write(folder.path().join("corner.lib"), library).unwrap();
    let read = |text: &str| {
        let path = folder.path().join("deck.sp");
        std::fs::write(&path, text).unwrap();
        Deck::read_in(&path, Some(Dialect::Hspice)).unwrap_or_else(|report| panic!("{report}"))
    };
    let text = "t\n.lib 'corner.lib' slow\nv1 a 0 1\nr1 a b rr\nr2 b 0 1k\nd1 0 b d1\n.dc v1 1 2 1\n.measure dc v find v(b) at=1\n\
        .alter\n.del lib 'corner.lib' SLOW\n.lib 'corner.lib' fast\n.dc v1 1 1 1\n.end\n";
    let run = run_deck(&read(text), &Overrides::default(), &mut [], Keep::Plots, &|_| true).unwrap();
    let found = measures(&run, "v");
    close(found[0], 0.25, 1e-8);
    close(found[1], 0.5, 1e-8);
    assert_eq!(run.runs.iter().map(|run| run.plots[0].len()).collect::<Vec<usize>>(), [2, 1]);
    assert!(run.runs[1].circuit.warnings.is_empty(), "{:?}", run.runs[1].circuit.warnings);
    let wrong = text.replace("SLOW", "other");
    let failed = run_deck(&read(&wrong), &Overrides::default(), &mut [], Keep::Plots, &|_| true);
    let report = failed.err().unwrap().to_string();
    assert!(report.contains("no card before this one reads `corner.lib other`"), "{report}");
}

#[test]
fn alterations_stand_behind_the_deck() {
    let text = "t\nr1 a 0 1\n.subckt s a\n.alter\nr1 a 0 2\n.ends\n.op\n";
    let report = elaborate(&deck(text, Dialect::Hspice), &Overrides::default()).err().unwrap().to_string();
    assert!(report.contains("`.alter` within a subcircuit") && report.contains("deck.cir:4"), "{report}");
    let broken = deck("t\nv1 a 0 1\nr1 a 0 1\n.op\n.alter\nr1 a 0 {q}\n", Dialect::Hspice);
    let report = run_deck(&broken, &Overrides::default(), &mut [], Keep::Plots, &|_| true).err().unwrap().to_string();
    assert!(report.contains("deck.cir:6"), "{report}");
}

#[test]
fn curves_become_sound() {
    let text = "t\nv1 a 0 sin(0 0.5 1k)\nv2 b 0 pwl(0 0 1m 2)\nr1 a 0 1\nr2 b 0 1\n.options reltol=1e-6\n.tran 1u 1m 0 1u\n\
        .wave \"Out.wav\" 16 8k v(a) v(b)/2\n.wave loud.wav 8 4k v(b)\n";
    let files = run(text, Dialect::LtSpice).files("deck.cir");
    assert_eq!(files.iter().map(|(name, _)| &**name).collect::<Vec<&str>>(), ["Out.wav", "loud.wav"]);
    let mut reader = hound::WavReader::new(&*files[0].1).unwrap();
    assert_eq!((reader.spec().channels, reader.spec().sample_rate, reader.spec().bits_per_sample), (2, 8000, 16));
    let samples: Vec<f64> = reader.samples::<i32>().map(|sample| f64::from(sample.unwrap()) / 32767.0).collect();
    assert_eq!(samples.len(), 18);
    for (index, pair) in samples.chunks(2).enumerate() {
        let phase = index as f64 / 8.0;
        close(pair[0], 0.5 * (2.0 * std::f64::consts::PI * phase).sin(), 5e-5);
        close(pair[1], phase, 5e-5);
    }
    let loud = hound::WavReader::new(&*files[1].1).unwrap().into_samples::<i32>();
    // What is louder than ±1 is cut off.
    assert_eq!(loud.map(Result::unwrap).collect::<Vec<i32>>(), [0, 64, 127, 127, 127]);
}

#[test]
fn a_bias_that_was_saved_is_found_again() {
    // Two inverters back to back, which stay where the current has pushed them.
    let latch = "t\nb1 x 0 v={tanh(-5*v(y))}\nr1 x p 1k\nc1 p 0 1n\nb2 y 0 v={tanh(-5*v(p))}\ni1 0 p pulse(0 IP 10u 1u 1u 20u 1)\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Bias.txt");
    for (sign, current) in [(1.0, "3m"), (-1.0, "-3m")] {
        let card = format!(".tran 1u 100u\n.savebias \"{}\" internal time=90u\n", file.display());
        let saved = run(&format!("{}{card}", latch.replace("IP", current)), Dialect::LtSpice).files("deck.cir");
        assert_eq!(saved[0].0, file.display().to_string());
        std::fs::write(&file, &saved[0].1).unwrap();
        let loaded =
            run(&format!("{}.loadbias \"{}\"\n.op\n", latch.replace("IP", "0"), file.display()), Dialect::LtSpice);
        let plot = &loaded.runs[0].plots[0];
        let voltage = plot.real(plot.column("v(p)").unwrap())[0];
        // x = tanh(5·tanh(5x))
        let fixed = (0..50).fold(1.0f64, |x, _| (5.0 * (5.0 * x).tanh()).tanh());
        close(voltage, sign * fixed, 1e-6);
    }
}

#[test]
fn a_transient_analysis_stops_when_everything_is_measured() {
    let text = "t\nv1 a 0 pwl(0 0 1n 1)\nr1 a b 1k\nc1 b 0 1u\n.tran 10u 1 0 10u\n.measure tran half when v(b)=0.5\n\
        .measure tran mean avg v(b) from=0 to=3m\n.measure tran twice param='2*half'\n";
    let whole = run(text, Dialect::Hspice);
    let stopped = run(&format!("{text}.options autostop\n"), Dialect::Hspice);
    let end = |run: &DeckRun| *run.runs[0].plots[0].axis().last().unwrap();
    assert_eq!(end(&whole), 1.0);
    assert!((3e-3..4e-3).contains(&end(&stopped)), "{}", end(&stopped));
    for name in ["half", "mean", "twice"] {
        close(measure(&whole, name), measure(&stopped, name), 1e-12);
    }
    close(measure(&stopped, "half"), 1e-3 * 2f64.ln(), 1e-6);
    // What may still change is waited for.
    let open = run(&format!("{text}.measure tran top max v(b)\n.options autostop\n"), Dialect::Hspice);
    assert_eq!(end(&open), 1.0);
}

#[test]
fn sources_of_ltspice_begin_their_integrals_at_ic_and_answer_as_filters() {
    let text = "t\nv1 in 0 pwl(0 0 1u 1)\nb1 a 0 v=idt(v(in)) ic=2\nb2 b 0 v=v(in)*2 laplace=1/(1+s*1m) window=1 nfft=1024\n\
        b3 0 c i=v(in) laplace=s*1m/(1+s*1m)\nr3 c 0 1\n.options reltol=1e-6\n.tran 0 5m 0 5u\n\
        .measure tran start find v(a) at=0\n.measure tran a find v(a) at=2m\n.measure tran b find v(b) at=1m\n\
        .measure tran c find v(c) at=1m\n";
    let run = run(text, Dialect::LtSpice);
    close(measure(&run, "start"), 2.0, 1e-9);
    close(measure(&run, "a"), 2.0 + 2e-3 - 0.5e-6, 1e-8);
    let e = (-(1e-3 - 0.5e-6) / 1e-3f64).exp();
    close(measure(&run, "b"), 2.0 * (1.0 - e), 1e-5);
    close(measure(&run, "c"), e, 1e-5);
}

fn level(run: &DeckRun, vector: &str, index: usize) -> (f64, f64) {
    let plot = run.runs[0].plots.iter().find(|plot| plot.header.complex).unwrap();
    let ferrospice::results::Data::Complex(columns) = &plot.data else { panic!() };
    let value = columns[plot.column(vector).unwrap()][index];
    (20.0 * value.norm().log10(), value.im.atan2(value.re).to_degrees())
}

#[test]
fn chebyshev_sources_keep_to_their_ripple_and_attenuation() {
    let text = "t\nv1 in 0 dc 1 ac 1\ne1 lp 0 CHEBYSHEV {V(in)} = LP 800 1.2K .1dB 50dB\n\
        e2 bp 0 CHEBYSHEV {V(in)}=BP 800 1.2K 2K 3K .1dB 50dB\ng3 0 hp CHEBYSHEV V(in) = HP (1.2k, 800) 0.1 50\nr3 hp 0 1\n\
        .ac lin 3 800 1200\n.ac lin 3 1200 2000\n.op\n";
    let run = run(text, Dialect::Pspice);
    // Odd order: exactly the ripple at the edge.
    close(level(&run, "v(lp)", 0).0, -0.1, 1e-6);
    assert!(level(&run, "v(lp)", 2).0 < -50.0);
    assert!(level(&run, "v(hp)", 0).0 < -50.0);
    close(level(&run, "v(hp)", 2).0, -0.1, 1e-6);
    assert!(level(&run, "v(bp)", 0).0 < -50.0);
    close(level(&run, "v(bp)", 2).0, -0.1, 1e-6);
    let plot = run.runs[0].plots.iter().find(|plot| !plot.header.has_axis).unwrap();
    close(plot.real(plot.column("v(lp)").unwrap())[0], 1.0, 1e-9);
}

#[test]
fn gains_are_tables_over_frequency() {
    let text = "t\nv1 in 0 dc 1 ac 1\ne1 f 0 FREQ {V(in)*2} = (0,0,0) (1k,-20,-45) (10k,-40,-90) DELAY=0\n\
        g2 0 g in 0 FREQ = mag rad (1k, 0.1, 0.5) (9k, 0.9, 0.5)\nr2 g 0 1\n\
        e3 p 0 freq {v(in)} r_i (1k 1 0) (9k 0 1) delay=1m\n.ac lin 3 1k 9k\n.op\n";
    let run = run(text, Dialect::Ngspice);
    let double = 20.0 * 2f64.log10();
    close(level(&run, "v(f)", 0).0, double - 20.0, 1e-9);
    close(level(&run, "v(f)", 0).1, -45.0, 1e-9);
    close(level(&run, "v(f)", 1).0, double - 20.0 - 20.0 * 5f64.log10(), 1e-9);
    close(level(&run, "v(f)", 1).1, -45.0 - 20.0, 1e-9);
    // 0.1·9^(ln 5/ln 9)
    close(level(&run, "v(g)", 1).0, 20.0 * 0.5f64.log10(), 1e-9);
    close(level(&run, "v(g)", 1).1, 0.5f64.to_degrees(), 1e-9);
    // (1 + j)/2, turned by five whole rounds.
    close(level(&run, "v(p)", 1).0, 20.0 * 0.5f64.sqrt().log10(), 1e-9);
    close(level(&run, "v(p)", 1).1, 45.0, 1e-8);
    let plot = run.runs[0].plots.iter().find(|plot| !plot.header.has_axis).unwrap();
    close(plot.real(plot.column("v(f)").unwrap())[0], 2.0, 1e-12);
    let over_time = deck(&format!("{text}.tran 1u 1m\n"), Dialect::Ngspice);
    let report =
        run_deck(&over_time, &Overrides::default(), &mut [], Keep::Plots, &|_| true).err().unwrap().to_string();
    assert!(report.contains("a table over frequency has no answer over time"), "{report}");
}

#[test]
fn ideal_elements_of_hspice() {
    let text = "t\nv1 in 0 dc 2 ac 1\nr1 in m 1k\nr2 m out 3k\ne1 out 0 opamp 0 m\nr3 out 0 1k\n\
        e2 sec 0 TRANSFORMER pri 0 10\nrs in pri 100\nrl sec 0 1\n\
        e3 lim 0 VCVS in 0 10 MAX=5 MIN=-5\nr4 lim 0 1k\ng4 0 lig VCCS in 0 1m max=1.5m\nr5 lig 0 1k\n.op\n";
    let run = run(text, Dialect::Hspice);
    let plot = &run.runs[0].plots[0];
    let voltage = |name: &str| plot.real(plot.column(name).unwrap())[0];
    close(voltage("v(m)"), 0.0, 1e-12);
    close(voltage("v(out)"), -6.0, 1e-9);
    // 1 Ω behind 10:1 is 100 Ω.
    close(voltage("v(pri)"), 1.0, 1e-9);
    close(voltage("v(sec)"), 0.1, 1e-9);
    close(voltage("v(lim)"), 5.0, 1e-9);
    close(voltage("v(lig)"), 1.5, 1e-9);
}

#[test]
fn curves_through_points_on_cards_and_in_files() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Table.csv"), "x, y\n# comment\n0, 0\n1, 2\n2.5 1 7\n3 1.5\n").unwrap();
    let text = "t\nv1 in 0 pwl(0 0 1 3)\nb1 a 0 v={cubic(v(in), 0, 0, 1, 1, 2, 0)}\nb2 b 0 v={spline(v(in),0,0,1,0,2,0,3,1,4,2,5,3)}\n\
        b3 c 0 v={table(\"Table.csv\", v(in))}\nb4 d 0 v={tablefile(\"Table.csv\")}\ne5 e 0 TABLE {v(in)} = tablefile(\"Table.csv\")\n\
        b6 f 0 v={akima(v(in), \"Table.csv\")}\nb7 g 0 v={wodicka(v(in),0,0,1,0,2,0,3,1,4,2,5,3)}\n\
        b8 h 0 v={bli(v(in),0,0,1,1,2,8,3,27)}\nb9 i 0 v={fasttable(v(in),0,0,3,6)}\n.global_param p={cubic(0.5,0,0,1,1,2,0)}\nb10 j 0 v={p}\n\
        .tran 1m 1 0 1m\n.measure tran a find v(a) at=0.1666666666666\n.measure tran b find v(b) at=0.5\n.measure tran c find v(c) at=0.6666666666666\n\
        .measure tran d find v(d) at=0.5\n.measure tran e find v(e) at=0.1666666666666\n.measure tran f find v(f) at=1\n\
        .measure tran g find v(g) at=0.8333333333333\n.measure tran h find v(h) at=0.5\n.measure tran i find v(i) at=0.5\n\
        .measure tran j find v(j) at=0.5\n";
    let path = folder.path().join("deck.cir");
    std::fs::write(&path, text).unwrap();
    let deck = Deck::read_in(&path, Some(Dialect::Xyce)).unwrap();
    let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).unwrap_or_else(|e| panic!("{e}"));
    let cubic = 1.5 * 0.5 - 0.5 * 0.125;
    let expected = [
        ("a", cubic),
        ("b", -0.0625),
        ("c", 2.0 - 2.0 / 3.0),
        ("d", 1.0),
        ("e", 1.0),
        ("f", 1.5),
        ("g", 0.5),
        ("h", 3.375),
        ("i", 3.0),
        ("j", cubic),
    ];
    for (name, value) in expected {
        // Between time points that are a millisecond apart curves are taken for straight.
        close(measure(&run, name), value, 2e-5);
    }
    let wrong = text.replace("Table.csv", "none.csv");
    std::fs::write(&path, wrong).unwrap();
    let deck = Deck::read_in(&path, Some(Dialect::Xyce)).unwrap();
    let report = elaborate(&deck, &Overrides::default()).err().unwrap().to_string();
    assert!(report.contains("cannot read `none.csv`"), "{report}");
}

#[test]
fn measures_of_xyce_continue_count_from_the_maximum_and_stand_in_files() {
    let text = "t\n.global_param a=2\nv1 in 0 sin(0 {a} 1k)\nr1 in 0 1\n.step a 2 4 2\n.tran 1u 2m 0 1u\n.options measure measdgt=4\n\
        .measure tran half when v(in) frac_max=0.5 rise=1\n.measure tran_cont zero when v(in)=0.5 rise=1\n\
        .measure tran rise trig v(in) frac_max=0.5 rise=1 targ v(in) frac_max=0.5 fall=1\n.measure tran never when v(in)=9\n";
    let run = run(text, Dialect::Xyce);
    close(measure(&run, "half"), 1e-3 / 12.0, 1e-7);
    close(measure(&run, "rise"), 1e-3 / 3.0, 1e-7);
    let zero = run.runs[0].measures.iter().find(|measure| &*measure.name == "zero").unwrap().outcome.clone().unwrap();
    assert_eq!(zero.details.len(), 1);
    close(zero.details[0].1 - zero.value, 1e-3, 1e-7);
    let files = run.files("deck.cir");
    let names: Vec<&str> = files.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["deck.cir.mt0", "deck.cir.mt1"]);
    let first = String::from_utf8(files[0].1.clone()).unwrap();
    assert!(first.starts_with("HALF = 8.3333e-05\nZERO = ") && first.ends_with("NEVER = FAILED\n"), "{first}");
}

#[test]
fn files_of_measures_of_hspice_have_a_row_for_each_step() {
    let text = "a title\n.option measout=1\n.param r=1k\nv1 a 0 1\nr1 a b r\nr2 b 0 1k\n.dc v1 1 1 1 sweep r poi 2 1k 3k\n\
        .measure dc vb find v(b) at=1\n.alter\n.param r=1k\nr2 b 0 3k\n";
    let files = run(text, Dialect::Hspice).files("deck.sp");
    assert_eq!(files.iter().map(|(name, _)| &**name).collect::<Vec<&str>>(), ["deck.ms0", "deck.ms1"]);
    let words = |index: usize| {
        let text = String::from_utf8(files[index].1.clone()).unwrap();
        text.lines()
            .skip(2)
            .map(|line| line.split_whitespace().map(String::from).collect())
            .collect::<Vec<Vec<String>>>()
    };
    assert_eq!(words(0)[0], ["r", "vb", "temper", "alter#"]);
    assert_eq!(words(0)[2], ["3.0000e+03", "2.500000e-01", "2.7000e+01", "1"]);
    assert_eq!(words(1)[1], ["1.0000e+03", "7.500000e-01", "2.7000e+01", "2"]);
}

#[test]
fn what_is_stepped_through_needs_no_other_definition_in_ltspice() {
    let text = "t\nv1 a 0 1\nr1 a b {r}\nr2 b 0 1k\n.step dec param r 1k 10k 1\n.step param unused list 1 2\n.op\n.measure op v max v(b)\n";
    let run = run(text, Dialect::LtSpice);
    let found = measures(&run, "v");
    found.iter().zip([0.5, 0.5, 1.0 / 11.0, 1.0 / 11.0]).for_each(|(found, expected)| close(*found, expected, 1e-9));
    assert_eq!(found.len(), 4);
}

#[test]
fn charges_and_fluxes_of_ltspice_are_functions_of_x() {
    let text = "t\nv1 a 0 sin(0 1 1k)\nc1 a 0 q=x*1u+0.5u*x*x*x\ni2 0 b sin(0 1 1k)\nl2 b 0 flux=1m*tanh(x)\n.param x=3\n\
        .options reltol=1e-6\n.tran 0 1.2m 0 1u\n.measure tran i find i(v1) at=1.1m\n.measure tran v find v(b) at=1.1m\n";
    let run = run(text, Dialect::LtSpice);
    let angle = 2.0 * std::f64::consts::PI * 1.1;
    let (x, rate) = (angle.sin(), 2e3 * std::f64::consts::PI * angle.cos());
    close(measure(&run, "i"), -(1e-6 + 1.5e-6 * x * x) * rate, 2e-6);
    close(measure(&run, "v"), 1e-3 * (1.0 - x.tanh().powi(2)) * rate, 2e-3);
}

#[test]
fn noise_has_the_frequencies_of_ac_in_pspice() {
    let text = "t\nv1 a 0 ac 1\nr1 a b 1k\nr2 b 0 1k\n.ac dec 2 10 1k\n.noise v(b) v1 10\n";
    let run = run(text, Dialect::Pspice);
    let plot = run.runs[0].plots.iter().find(|plot| plot.column("onoise_spectrum").is_some()).unwrap();
    assert_eq!(plot.len(), 5);
    // √(4kT·500 Ω)
    let expected = (4.0 * 1.380649e-23 * 300.15 * 500.0f64).sqrt();
    close(plot.real(plot.column("onoise_spectrum").unwrap())[0], expected, 1e-6 * expected);
}

#[test]
fn controlled_sources_of_hspice_are_tables() {
    let text = "t\nv1 in 0 1.5\ne1 a 0 pwl(1) in 0 0,0 1,2 3,4\nr1 a 0 1k\ng1 0 b pwl(1) in 0 (0,0) (1,2m) (3,4m)\nr2 b 0 1k\n.op\n";
    let run = run(text, Dialect::Hspice);
    let plot = &run.runs[0].plots[0];
    for name in ["v(a)", "v(b)"] {
        close(plot.real(plot.column(name).unwrap())[0], 2.5, 1e-9);
    }
}

#[test]
fn ltspice_draws_anew_in_every_step_and_measures_without_equals_signs() {
    let text = "t\nv1 a 0 pulse(0 1 0 1n 1n 1 2)\nr1 a b {mc(1k,0.5)}\nc1 b 0 1u\n.step param run 1 4 1\n.tran 5m\n\
        .meas tran mean avg v(b) from 1m to 3m\n.meas tran at1 find v(b) at 1m\n.meas tran tau param -1m/ln(1-at1)/1u\n";
    let run = run(text, Dialect::LtSpice);
    let found = measures(&run, "tau");
    assert!(found.iter().all(|r| (500.0 * 0.99..1500.0 * 1.01).contains(r)), "{found:?}");
    assert!(found.windows(2).all(|pair| (pair[0] - pair[1]).abs() > 1e-3), "{found:?}");
    for (mean, r) in measures(&run, "mean").iter().zip(found) {
        let tau = r * 1e-6;
        close(*mean, 1.0 - tau * ((-1e-3 / tau).exp() - (-3e-3 / tau).exp()) / 2e-3, 1e-3);
    }
}

#[test]
fn waveforms_of_pspice_repeat() {
    let text = "t\nv1 a 0 pwl time_scale_factor=1u value_scale_factor=2 (0,0) (1,5) repeat for 2 (1,0) (2,5) endrepeat (8,1)\n\
        v2 b 0 pwl repeat forever (0,0) (1u,1) endrepeat\nr1 a 0 1\nr2 b 0 1\n.tran 10n 10u 0 10n skipbp\n\
        .measure tran a find v(a) at=2.5u\n.measure tran b find v(a) at=4.5u\n.measure tran c find v(a) at=9u\n\
        .measure tran d find v(b) at=7.25u\n";
    let run = run(text, Dialect::Pspice);
    // Repetitions from 1 to 3 and from 3 to 5 µs, then 1 after 8 µs more.
    close(measure(&run, "a"), 5.0, 1e-6);
    close(measure(&run, "b"), 5.0, 1e-6);
    close(measure(&run, "c"), 10.0 - 8.0 * 4.0 / 8.0, 1e-6);
    close(measure(&run, "d"), 0.25, 1e-6);
}

#[test]
fn models_of_pspice_have_sizes_and_hspice_names_the_source_of_poles() {
    let text = "t\nvd d 0 5\nvg g 0 3\nm1 d g 0 0 power\n.model power nmos(level=1 vto=2 kp=20u w=.3 l=2u)\n.op\n.measure op i max i(vd)\n";
    close(measure(&run(text, Dialect::Pspice), "i"), -0.5 * 20e-6 * 0.3 / 2e-6, 1e-6);
    let poles = "t\nv1 a 0 dc 0 ac 1\nr1 a b 1k\nc1 b 0 1u\n.pz v(b) v1\n";
    let found = run(poles, Dialect::Hspice);
    let plot = &found.runs[0].plots[0];
    let ferrospice::results::Data::Complex(columns) = &plot.data else { panic!() };
    close(columns[plot.column("pole(1)").unwrap()][0].re, -1000.0, 1e-6);
}

#[test]
fn sizes_are_scaled_and_phases_stand_behind_a_comma() {
    let text = "t\n.option scale=1u\nvd d 0 3\nvg g 0 2\nm1 d g 0 0 nm w=20 l=2 ad=4 pd=3\n.model nm nmos level=1 vto=0.6 kp=100u\n.op\n\
        .measure op i max i(vd)\n";
    close(measure(&run(text, Dialect::Hspice), "i"), -0.5 * 100e-6 * 10.0 * 1.4 * 1.4, 1e-9);
    let text = "t\nv1 a 0 ac=0.5,0\nv2 b a dc=1 ac=0.5,90\nr1 b 0 1 tol=5 pwr=0.1\n.ac lin 1 1 1\n";
    let run = run(text, Dialect::Hspice);
    close(level(&run, "v(b)", 0).0, 20.0 * 0.5f64.sqrt().log10(), 1e-9);
    close(level(&run, "v(b)", 0).1, 45.0, 1e-9);
    assert!(run.runs[0].circuit.warnings.is_empty());
}

#[test]
fn what_says_nothing_about_the_circuit_is_no_error() {
    let text =
        "t\nv1 a 0 1\ni1 0 b 1m load\nr1 a b 1k\nd1 b 0 d1\n.model d1 d(is=1f iave=1 vpk=50 mfg=x type=silicon)\n.op\n";
    let ltspice = run(text, Dialect::LtSpice);
    let messages: Vec<&str> = ltspice.runs[0].circuit.warnings.iter().map(|warning| &*warning.message).collect();
    assert!(messages.iter().all(|message| !message.contains("unknown")), "{messages:?}");
    let hspice = run("t\nv1 a 0 pulse(0 1 0 1n 1n 1 2)\nr1 a 0 1\n.tran 1u 10u start=5u\n", Dialect::Hspice);
    close(hspice.runs[0].plots[0].axis()[0], 5e-6, 1e-6);
    let pspice = run("t\n.lib \"nom.lib\"\nv1 a 0 1\nr1 a 0 1\n.op\n", Dialect::Pspice);
    assert_eq!(pspice.runs.len(), 1);
}

#[test]
fn the_current_of_a_terminal_flows_into_it_whatever_the_channel() {
    let text = "t\nv1 d 0 -2\nv2 g 0 -1\nm1 d g 0 0 pp l=1u w=10u\n.model pp pmos(level=1 vto=-0.7 kp=100u)\nq1 d g 0 qp\n\
        .model qp pnp(is=1e-16 bf=50)\n.op\n.meas op drain param='id(m1)'\n.meas op collector param='ic(q1)'\n\
        .meas op all param='i(v1)'\n.meas op channel param='@m1[id]'\n";
    let run = run(text, Dialect::LtSpice);
    close(measure(&run, "drain"), -0.5e-3 * 0.3 * 0.3, 1e-9);
    close(measure(&run, "channel"), 0.5e-3 * 0.3 * 0.3, 1e-9);
    close(measure(&run, "all"), -measure(&run, "drain") - measure(&run, "collector"), 1e-9);
}

#[test]
fn parameters_of_models_need_no_equals_sign() {
    let text = "t\nv1 c 0 5\nr1 c b 430k\nq1 c b 0 q\n.model q npn bf 20 is = 1e-16 br 2 rb 0\n.op\n.meas op gain param='@q1[ic]/@q1[ib]'\n";
    close(measure(&run(text, Dialect::Ngspice), "gain"), 20.0, 1e-3);
}

#[test]
fn currents_into_terminals_hold_charge_and_add_up_to_nothing() {
    let text = "t\nvc c 0 5\nvb b 0 sin(0.6 0.1 1meg)\nq1 c b e s qm\nre e 0 100\nvs s 0 -1\n\
        .model qm npn(is=1e-16 bf=100 rb=100 rc=10 re=1 cje=2p cjc=1p cjs=1p xcjc=0.5 tf=0.1n)\n\
        vg g 0 pwl(0 0 1u 1)\nm1 0 g 0 0 mn w=10u l=1u\n.model mn nmos(level=1 vto=5 tox=1 cgso=1n cgdo=2n)\n\
        x1 c cell\n.subckt cell a\nr1 a 0 1k\nm2 a a 0 0 mo w=3u l=2u\n.model mo nmos(vto=1)\n.ends\n\
        .tran 1n 1u\n.measure tran sum max {abs(ic(q1)+ib(q1)+ie(q1)+is(q1))}\n.measure tran moved max {abs(is(q1))}\n\
        .measure tran base max {abs(ib(q1)+i(vb))}\n.measure tran gate find ig(m1) at=0.5u\n\
        .measure tran inside find i(x1:r1) at=0.5u\n.measure tran power find w(x1:r1) at=0.5u\n\
        .measure tran width find x1:m2:w at=0.5u\n.measure tran length find @x1.m2[l] at=0.5u\n\
        .measure tran node find n(b) at=0\n.measure tran branch find n(vc_branch) at=0.5u\n.measure tran same find i(vc) at=0.5u\n";
    let run = run(text, Dialect::Xyce);
    assert!(measure(&run, "sum") < 1e-12 && measure(&run, "moved") > 1e-8);
    // The currents of charges are differences of the points, of first order.
    close(measure(&run, "base"), 0.0, 3e-6);
    close(measure(&run, "gate"), (1e-9 + 2e-9) * 10e-6 * 1e6, 1e-12);
    close(measure(&run, "inside"), 5e-3, 1e-9);
    close(measure(&run, "power"), 25e-3, 1e-9);
    close(measure(&run, "width"), 3e-6, 1e-18);
    close(measure(&run, "length"), 2e-6, 1e-18);
    close(measure(&run, "node"), 0.6, 1e-9);
    assert_eq!(measure(&run, "branch"), measure(&run, "same"));
}

#[test]
fn currents_of_devices_have_phasors() {
    let text = "t\nv1 a 0 dc 1 ac 1\nr1 a b 1k\nc1 b 0 1u\nd1 a 0 dm\n.model dm d(is=1e-14)\ni1 0 b ac 1m\n\
        r2 b 0 1k\n.ac lin 1 159.154943 159.154943\n\
        .measure ac c find im(c1) at=159.154943\n.measure ac drop find vm(b) at=159.154943\n\
        .measure ac sum max {mag(i(r1)+i1(x)-i(c1)-i(r2))}\n.measure ac d find ir(d1) at=159.154943\n\
        .measure ac source find ir(i1) at=159.154943\n";
    let text = text.replace("+i1(x)", "+i(i1)");
    let run = run(&text, Dialect::LtSpice);
    // ωC = 1 mS
    close(measure(&run, "c"), 1e-3 * measure(&run, "drop"), 1e-10);
    close(measure(&run, "sum"), 0.0, 1e-12);
    close(measure(&run, "source"), 1e-3, 1e-15);
    let thermal = 0.025864925;
    close(
        measure(&run, "d"),
        1e-14 * (1.0f64 / thermal).exp() / thermal,
        0.02 * 1e-14 * (1.0f64 / thermal).exp() / thermal,
    );
}

#[test]
fn noise_is_squared_in_xyce_and_a_root_elsewhere() {
    let text = "t\nv1 a 0 dc 1 ac 1\nr1 a b 1k\nr2 b 0 3k\n.noise v(b) v1 dec 1 1 10\n\
        .measure noise out max onoise\n.measure noise input max inoise\n.measure noise voltage max v(onoise)\n\
        .measure noise part max dno(r1)\n.measure noise other max dno(r2)\n.measure noise back max dni(r1)\n";
    let thermal = 4.0 * 1.380649e-23 * 300.15;
    let squared = run(text, Dialect::Xyce);
    close(measure(&squared, "out"), thermal * 750.0, 1e-6 * thermal * 750.0);
    close(measure(&squared, "part") + measure(&squared, "other"), measure(&squared, "out"), 1e-24);
    // Back at the source, the noise of r1 alone is 4kT·r1.
    close(measure(&squared, "back"), thermal * 1e3, 1e-6 * thermal * 1e3);
    let root = run(text, Dialect::LtSpice);
    for (name, other) in [("out", "out"), ("input", "input"), ("voltage", "out")] {
        let expected = measure(&squared, other).sqrt();
        close(measure(&root, name), expected, 1e-9 * expected);
    }
}

#[test]
fn preprocessing_mends_what_has_no_equations() {
    let text = "t\n.preprocess replaceground true\n.preprocess removeunused r,v,q\n\
        .preprocess addresistors oneterminal 1meg\n.preprocess addresistors nodcpath 2meg\n\
        v1 1 ground 2\nr1 1 gnd! 1k\nr3 3 3 0\nv9 1 1 1\nq1 1 1 1 qm\n.model qm npn\nc1 1 4 1u\nc2 4 0 1u\nr5 1 5 1meg\n.op\n";
    let circuit = circuit(text, Dialect::Xyce);
    let names: Vec<&str> = circuit.elements.iter().map(|element| &*element.name).collect();
    assert_eq!(names, ["v1", "r1", "c1", "c2", "r5", "rone_terminal_5", "rno_dc_path_4"]);
    assert!(!circuit.node_index.contains_key("ground"));
    let run = run(text, Dialect::Xyce);
    let plot = &run.runs[0].plots[0];
    close(plot.real(plot.column("v(5)").unwrap())[0], 1.0, 1e-9);
    close(plot.real(plot.column("v(4)").unwrap())[0], 0.0, 1e-9);
    let wrong = "t\n.preprocess addresistors somewhere 1\nv1 1 0 1\n";
    assert!(elaborate(&deck(wrong, Dialect::Xyce), &Overrides::default()).is_err());
}

#[test]
fn conditions_may_name_nodes_alone() {
    let text = "t\nv1 1 0 1\nr1 1 2 1k\nc1 2 0 1u\nr3 3 0 1k\nc3 3 0 1u\n.ic 2 0.5 v(3) 0.25\n.nodeset 1 1.0\n.dcvolt x=1\n\
        .tran 10u 1m\n.measure tran a find v(2) at=0\n.measure tran b find v(3) at=0\n";
    let run = run(text, Dialect::Xyce);
    close(measure(&run, "a"), 0.5, 1e-9);
    close(measure(&run, "b"), 0.25, 1e-9);
}

#[test]
fn waveforms_are_functions_too() {
    let cases = [
        ("pulse(1 3 10u 5u 7u 20u 50u)", "spice_pulse(1,3,10u,5u,7u,20u,50u)"),
        ("sin(1 2 10k 20u 1k)", "spice_sin(1,2,10k,20u,1k)"),
        ("exp(0 1 10u 5u 100u 9u)", "spice_exp(0,1,10u,5u,100u,9u)"),
        ("sffm(0 1 20k 3 2k)", "spice_sffm(0,1,20k,3,2k)"),
    ];
    let mut text = "t\n.tran 0.5u 200u 0 0.5u\n".to_string();
    for (index, (source, function)) in cases.iter().enumerate() {
        text += &format!("v{index} a{index} 0 {source}\nb{index} b{index} 0 v={{{function}}}\n");
        text += &format!(".measure tran d{index} max {{abs(v(a{index})-v(b{index}))}}\n");
        text += &format!(".measure tran p{index} pp v(a{index})\n");
    }
    let run = run(&text, Dialect::Xyce);
    for index in 0..cases.len() {
        assert!(measure(&run, &format!("p{index}")) > 0.9);
        close(measure(&run, &format!("d{index}")), 0.0, 1e-6);
    }
    assert_eq!(parameter("{fmod(7,4)+m(-2)}", Dialect::Xyce), 5.0);
}

#[test]
fn an_objective_may_be_any_expression() {
    // O = (v − 3)²/2 with v = 5·r2/(r1 + r2) = 3.75.
    let text = "t\nva 1 0 5\nr1 1 2 1k\nr2 2 0 3k\n.sens objfunc={0.5*(v(2)-3.0)**2.0} param=r1:r,r2:r\n";
    let run = run(text, Dialect::Xyce);
    let plot = &run.runs[0].plots[0];
    let value = |name: &str| plot.real(plot.column(name).unwrap_or_else(|| panic!("{name}")))[0];
    close(value("va"), 0.75 * 0.75, 1e-9);
    close(value("r1"), -0.75 * 5.0 * 3e3 / 16e6, 1e-9);
    close(value("r2"), 0.75 * 5.0 * 1e3 / 16e6, 1e-9);
    // At the corner of an RC, v = 1/(1 + j) and dv/dr = −jωC·v².
    let text =
        "t\nv1 1 0 ac 1\nr1 1 2 1k\nc1 2 0 1u\n.ac lin 1 159.154943 159.154943\n.sens acobjfunc={v(2)} param=r1:r\n";
    let run = self::run(text, Dialect::Xyce);
    let plot = run.runs[0].plots.iter().find(|plot| plot.column("r1").is_some()).unwrap();
    let Data::Complex(columns) = &plot.data else { panic!("phasors are complex") };
    let slope = columns[plot.column("r1").unwrap()][0];
    close(slope.re, -0.5e-3, 1e-9);
    close(slope.im, 0.0, 1e-9);
}

#[test]
fn frequencies_stand_in_lists_and_tables() {
    let text = "t\nv1 1 0 ac 1\nr1 1 2 1k\nc1 2 0 1u\n.data tab\n+ freq r1\n+ 100 1k\n+ 100 2k\n+ 1000 3k\n.enddata\n.ac data=tab\n";
    let amplitudes = |text: &str, dialect: Dialect| -> Vec<f64> {
        let run = run(text, dialect);
        let plot = &run.runs[0].plots[0];
        let Data::Complex(columns) = &plot.data else { panic!("phasors are complex") };
        columns[plot.column("v(2)").unwrap()].iter().map(|value| value.re.hypot(value.im)).collect()
    };
    let expected = |f: f64, r: f64| 1.0 / (1.0 + (std::f64::consts::TAU * f * r * 1e-6).powi(2)).sqrt();
    let found = amplitudes(text, Dialect::Xyce);
    for (found, (f, r)) in found.iter().zip([(100.0, 1e3), (100.0, 2e3), (1e3, 3e3)]) {
        close(*found, expected(f, r), 1e-12);
    }
    assert_eq!(found.len(), 3);
    let listed = text.replace(".ac data=tab", ".ac poi 2 100 1k");
    for (found, f) in amplitudes(&listed, Dialect::Hspice).iter().zip([100.0, 1e3]) {
        close(*found, expected(f, 1e3), 1e-12);
    }
}

#[test]
fn what_pspice_and_xyce_put_in_brackets_is_a_node() {
    let text = "t\nv1 a 0 5\nr1 a c 1k\nib 0 b 10u\nq1 c b 0 [s] qm\nrs s 0 1k\n.model qm npn(bf=100 cjs=1p)\n.op\n.dc v1 5 5 1\n\
        .measure dc x find v([c]) at=5\n.measure dc y find v(c) at=5\n";
    let run = run(text, Dialect::Pspice);
    assert_eq!(measure(&run, "x"), measure(&run, "y"));
    assert!(circuit(text, Dialect::Pspice).node_index.contains_key("s"));
}

#[test]
fn a_caret_between_numbers_is_a_power_in_pspice() {
    assert_eq!(parameter("{1+2*3^2}", Dialect::Pspice), 19.0);
    assert_eq!(parameter("{(3>2)^(2>1)}", Dialect::Pspice), 0.0);
    assert_eq!(parameter("{(3>2)^(1>2)}", Dialect::Pspice), 1.0);
    let warned = circuit("t\n.param a=2 x={a^2}\nr1 1 0 {x+1}\n", Dialect::LtSpice);
    assert!(warned.warnings.iter().any(|warning| warning.message.contains("exclusive or")));
}

#[test]
fn connected_nodes_are_one_and_spans_of_time_are_joined() {
    let text = "t\nv1 a 0 1\nr1 a b 1k\nr2 c 0 1k\n.connect b c\n.connect 0 d\nr3 a d 1k\n.tran 1u 10u 5u 100u start=20u\n\
        .measure tran x find v(c) at=50u\n.measure tran i find i(v1) at=50u\n";
    let run = run(text, Dialect::Hspice);
    close(measure(&run, "x"), 0.5, 1e-9);
    close(measure(&run, "i"), -1.5e-3, 1e-9);
    let plot = &run.runs[0].plots[0];
    // The first point at or behind the start.
    assert!((20e-6..25e-6).contains(&plot.axis()[0]));
    close(*plot.axis().last().unwrap(), 100e-6, 1e-12);
}

/// The magnetisation of a core against the equations integrated along the known field, its loop's area against the energy that the
/// source loses, and the ratio of voltages against that of turns.
#[test]
fn cores_have_the_hysteresis_of_jiles_and_atherton() {
    let [ms, a, k, c, gap] = [420e3, 26.0, 18.0, 0.1, 0.001 / 8.49];
    let text = "t\ni1 0 a sin(0 0.5 50)\nl1 a 0 20\nl2 b 0 10\nr2 b 0 1meg\nk1 l1 l2 0.9999 steel\n\
        .model steel core(level=2 ms=420k a=26 k=18 c=0.1 area=1.17 path=8.49 gap=0.001)\n.options reltol=1e-5\n\
        .save all @k1[b] @k1[h]\n.tran 10u 60m 0 10u\n";
    let run = run(text, Dialect::Pspice);
    let (times, found, field) = (values(&run, "time"), values(&run, "@k1[b]"), values(&run, "@k1[h]"));
    let mu = 1.256_637_062_12e-6;
    let applied = |time: f64| 20.0 * 0.5 * (std::f64::consts::TAU * 50.0 * time).sin() / 8.49e-2;
    let slope = |h: f64, m: f64, direction: f64| {
        let effective: f64 = h - gap * m;
        let size = effective.abs() + a;
        let distance = ms * effective / size - m;
        let reversible = c * ms * a / (size * size);
        let irreversible = (1.0 - c) * (distance * direction).max(0.0) / k;
        (reversible + irreversible) / (1.0 + gap * (reversible + irreversible))
    };
    let (mut m, mut time, step) = (0.0, 0.0, 2e-7);
    let mut largest: f64 = 0.0;
    for ((&at, &b), &h) in times.iter().zip(&found).zip(&field) {
        while time < at {
            let (h0, h1) = (applied(time), applied(time + step));
            let direction = (h1 - h0).signum();
            let half = m + 0.5 * (h1 - h0) * slope(h0, m, direction);
            m += (h1 - h0) * slope(0.5 * (h0 + h1), half, direction);
            time += step;
        }
        let expected = mu * (applied(at) + (1.0 - gap) * m);
        assert!((b - expected).abs() < 4e-3, "{at}: {b} {expected}");
        assert!((h - (applied(at) - gap * m)).abs() < 1.0, "{at}: {h}");
        largest = largest.max(b.abs());
    }
    assert!(largest > 0.3 && largest < mu * ms, "{largest}");
    // Over the last two periods.
    let (voltage, other, current) = (values(&run, "v(a)"), values(&run, "v(b)"), values(&run, "time"));
    let integral = |y: &dyn Fn(usize) -> f64| -> f64 {
        (1..times.len())
            .filter(|&n| times[n] > 20e-3)
            .map(|n| 0.5 * (times[n] - times[n - 1]) * (y(n) + y(n - 1)))
            .sum()
    };
    let energy = integral(&|n| voltage[n] * 0.5 * (std::f64::consts::TAU * 50.0 * current[n]).sin());
    let loops: f64 = (1..times.len())
        .filter(|&n| times[n] > 20e-3)
        .map(|n| 0.5 * (field[n] + field[n - 1]) * (found[n] - found[n - 1]))
        .sum::<f64>()
        * 1.17e-4
        * 8.49e-2;
    assert!(energy > 0.0 && (energy / loops - 1.0).abs() < 0.02, "{energy} {loops}");
    for (v1, v2) in voltage.iter().zip(&other) {
        assert!((v2 - 0.5 * v1).abs() < 0.01 * v1.abs() + 1e-3, "{v1} {v2}");
    }
}

const CHAN: &str = "hc=16 bs=0.44 br=0.1 a=25u lm=19.8m n=1000";

/// The branches of Chan's core, upper (−1) and lower (1).
fn branch(direction: f64, h: f64) -> f64 {
    let (hc, bs, br, mu) = (16.0, 0.44, 0.1, 1.256_637_062_12e-6);
    let shifted = h - direction * hc;
    bs * shifted / (shifted.abs() + hc * (bs / br - 1.0)) + mu * h
}

/// Where a curve of points passes `level` on its way in `direction`, what the other curve has there.
fn at_crossing(x: &[f64], y: &[f64], level: f64, direction: f64, from: usize) -> f64 {
    let passes = |n: usize| (x[n] - level) * direction < 0.0 && (x[n + 1] - level) * direction >= 0.0;
    let n = (from..x.len() - 1).find(|&n| passes(n)).expect("no crossing");
    y[n] + (y[n + 1] - y[n]) * (level - x[n]) / (x[n + 1] - x[n])
}

#[test]
fn the_major_loop_of_a_chan_core_has_its_three_numbers() {
    let text = format!("t\ni1 0 a sin(0 63.36m 50)\nl1 a 0 {CHAN}\n.save all @l1[b] @l1[h]\n.tran 1u 60m 0 1u\n");
    let run = run(&text, Dialect::LtSpice);
    let (times, b, h) = (values(&run, "time"), values(&run, "@l1[b]"), values(&run, "@l1[h]"));
    let from = times.iter().position(|time| *time > 25e-3).unwrap();
    // The tips at 200·hc are half of the loop's width from either branch.
    let width = 0.5 * (branch(-1.0, 3200.0) - branch(1.0, 3200.0));
    for direction in [-1.0, 1.0] {
        close(at_crossing(&h, &b, 0.0, direction, from), -direction * 0.1, width + 2e-4);
        close(at_crossing(&b, &h, 0.0, direction, from), direction * 16.0, 0.05);
    }
    let most = b.iter().copied().fold(0.0, f64::max);
    close(most, 0.5 * (branch(-1.0, 3200.0) + branch(1.0, 3200.0)), 1e-5);
    // Without what a vacuum has, B goes against bs as bs·(1 − hc·(bs/br − 1)/H).
    close((most - 1.256_637_062_12e-6 * 3200.0) / (1.0 - 54.4 / 3200.0), 0.44, 1e-3);
    // Every point of the last two periods is on a branch.
    for n in from..times.len() - 1 {
        let direction = (h[n + 1] - h[n]).signum();
        if h[n].abs() < 3199.0 {
            close(b[n], branch(direction, h[n]), width + 1e-5);
        }
    }
    // What a period loses is the area times the volume of a loop that both branches, moved, close at the tips.
    let v = values(&run, "v(a)");
    let i = |n: usize| h[n] * 19.8e-3 / 1000.0;
    let lost: f64 = (from..times.len())
        .filter(|&n| times[n] > 40e-3)
        .map(|n| 0.5 * (times[n] - times[n - 1]) * (v[n] * i(n) + v[n - 1] * i(n - 1)))
        .sum();
    let steps = 64_000;
    let step = 6400.0 / f64::from(steps);
    let area: f64 = (0..steps)
        .map(|n| -3200.0 + (f64::from(n) + 0.5) * step)
        .map(|h| (branch(-1.0, h) - branch(1.0, h) - 2.0 * width) * step)
        .sum();
    let expected = area * 25e-6 * 19.8e-3;
    assert!((lost / expected - 1.0).abs() < 0.01, "{lost} {expected}");
}

/// A loop within the loop closes, and is forgotten; a gap takes its share of n·i; it goes on from a checkpoint's kind of memory.
#[test]
fn minor_loops_of_a_chan_core_close() {
    let current = |h: f64| h * 19.8e-3 / 1000.0;
    let pwl = |fields: &[f64]| -> String {
        fields.iter().enumerate().map(|(n, &h)| format!(" {n}m {}", current(h))).collect()
    };
    let with_loop = [0.0, 60.0, -5.0, 25.0, 0.0, 20.0, -5.0, -30.0, 200.0];
    let without = [0.0, 60.0, 60.0, 60.0, 60.0, 60.0, -5.0, -30.0, 200.0];
    let run_of = |fields: &[f64], more: &str| {
        let text = format!(
            "t\ni1 0 a pwl({})\nl1 a 0 {CHAN} {more}\n.save all @l1[b] @l1[h]\n.tran 5u 8m 0 5u\n\
            .measure tran turn find @l1[b] at=2m\n.measure tran back find @l1[b] at=6m\n.measure tran on find @l1[b] at=7m\n\
            .measure tran tip find @l1[b] at=1m\n.measure tran end find @l1[b] at=8m\n.measure tran inner find @l1[b] at=3m\n",
            pwl(fields)
        );
        run(&text, Dialect::LtSpice)
    };
    let (inner, plain) = (run_of(&with_loop, ""), run_of(&without, ""));
    let first = |h: f64| 0.5 * (branch(1.0, h) + branch(-1.0, h));
    close(measure(&inner, "tip"), first(60.0), 1e-6);
    // From a tip on the first curve the branch is moved alone.
    let down = |h: f64| first(60.0) + branch(-1.0, h) - branch(-1.0, 60.0);
    close(measure(&inner, "turn"), down(-5.0), 1e-5);
    close(measure(&inner, "back"), down(-5.0), 1e-5);
    close(measure(&inner, "on"), down(-30.0), 1e-5);
    for name in ["tip", "back", "on", "end"] {
        close(measure(&inner, name), measure(&plain, name), 1e-5);
    }
    // It rises on its way back to the tip, below the way down.
    let share = (branch(1.0, 25.0) - branch(1.0, -5.0)) / (branch(1.0, 60.0) - branch(1.0, -5.0));
    close(measure(&inner, "inner"), down(-5.0) + share * (first(60.0) - down(-5.0)), 1e-5);
    // Beyond everything it is on the first curve again.
    close(measure(&inner, "end"), first(200.0), 1e-5);

    let gapped = run_of(&with_loop, "lg=0.1m");
    let (times, b, h) = (values(&gapped, "time"), values(&gapped, "@l1[b]"), values(&gapped, "@l1[h]"));
    for n in 0..times.len() {
        let place = (times[n] * 1e3).min(7.999_999);
        let (left, right) = (with_loop[place as usize], with_loop[place as usize + 1]);
        let applied = 19.8e-3 * (left + (right - left) * place.fract());
        close(h[n] * 19.8e-3 + b[n] * 0.1e-3 / 1.256_637_062_12e-6, applied, 1e-5 + 1e-4 * applied.abs());
    }
}

/// A current heats a conductor whose resistance grows: T = tnom + (e^(tc1·i²·R·t/C) − 1)/tc1.
#[test]
fn a_thermal_resistor_runs_away_as_the_exponential_says() {
    let text = "t\ni1 0 a 100\nr1 a 0 copper l=0.1 a=1u\ni2 0 b 300\nr2 b 0 copper l=0.1 a=1u m=3 tc1=4m\n\
        i3 0 c 100\nr3 c 0 copper l=0.1 a=1u thermal_a=2u thermal_l=0.1 thermal_heatcapacity=1.7meg\n\
        i4 0 d 100\nr4 d 0 1.7m copper l=0.1 a=1u tc1=0 tc2=0 temp=40\n\
        .model copper r (level=2 resistivity=1.7e-8 density=8900 heatcapacity=3.4meg tc1=4m tnom=27)\n\
        .options timeint reltol=1e-6\n.save all @r1[t] @r2[t] @r3[t] @r4[t] @r1[r] @r1[p]\n.tran 10m 5 uic\n\
        .measure tran t1 find @r1[t] at=5\n.measure tran t2 find @r2[t] at=5\n.measure tran t3 find @r3[t] at=5\n\
        .measure tran t4 find @r4[t] at=5\n.measure tran r1 find @r1[r] at=5\n.measure tran heat integ @r1[p]\n";
    let run = run(text, Dialect::Xyce);
    let rise = |factor: f64| 27.0 + (factor.exp() - 1.0) / 4e-3;
    close(measure(&run, "t1"), rise(1.0), 0.05);
    close(measure(&run, "t2"), rise(1.0), 0.05);
    close(measure(&run, "t3"), rise(0.5), 0.05);
    close(measure(&run, "t4"), 40.0 + 250.0, 0.01);
    close(measure(&run, "r1"), 1.7e-3 * 1f64.exp(), 1e-6);
    close(measure(&run, "heat") / (measure(&run, "t1") - 27.0), 0.34, 1e-4);
}

/// Options of `.print` count wherever they stand on the card.
#[test]
fn options_of_print_may_stand_behind_the_vectors() {
    let text = "t\nv1 a 0 1\nr1 a 0 1k\n.dc v1 1 2 1\n.print dc format=csv v(a) precision=3 file=out.csv\n";
    let files = run(text, Dialect::Xyce).files("deck.cir");
    let (name, contents) = &files[0];
    assert_eq!(name, "out.csv");
    assert_eq!(String::from_utf8_lossy(contents), "V(A)\n1.000e+00\n2.000e+00\n");
}

#[test]
fn a_core_that_is_not_there_is_said() {
    let text = "t\nv1 a 0 sin(0 1 50)\nl1 a 0 20\nk1 l1 0.999 steel\n.tran 1m 20m\n";
    let report = run_deck(&deck(text, Dialect::Xyce), &Overrides::default(), &mut [], Keep::Plots, &|_| true);
    assert!(report.err().unwrap().to_string().contains("`steel`"));
}

/// A deck whose only analysis is not here fails; beside another one the card is skipped.
#[test]
fn analyses_that_are_not_here_are_no_success() {
    let attempt = |cards: &str| {
        let text = format!("t\nv1 a 0 1\nr1 a 0 1k\n{cards}\n");
        run_deck(&deck(&text, Dialect::Xyce), &Overrides::default(), &mut [], Keep::Plots, &|_| true)
    };
    assert!(attempt(".hb 1k").err().unwrap().to_string().contains("`.hb`"));
    assert!(attempt(".hb 1k\n.op").is_ok());
}

/// As ngspice 39 has them in behavioural sources and in parameters.
#[test]
fn powers_of_ngspice_are_those_of_magnitudes() {
    let sources = [
        ("v(x)^3", 8.0),
        ("v(x)**3", 8.0),
        ("pow(v(x),3)", 8.0),
        ("pwr(v(x),3)", -8.0),
        ("2**3**2", 64.0),
        ("-v(x)^2", -4.0),
        ("pow(v(x),2.5)", 32f64.sqrt()),
        ("v(x)^v(y)", 8.0),
    ];
    let mut text = "t\nv1 x 0 -2\nv2 y 0 3\n".to_string();
    for (index, (expression, _)) in sources.iter().enumerate() {
        text += &format!("b{index} b{index} 0 v={expression}\n.measure op m{index} max v(b{index})\n");
    }
    let run = run(&(text + ".op\n"), Dialect::Ngspice);
    for (index, (expression, expected)) in sources.iter().enumerate() {
        let found = measure(&run, &format!("m{index}"));
        assert!((found - expected).abs() < 1e-9, "{expression}: {found}");
    }
    let parameters =
        [("(-2)^3", 8.0), ("pow(-2,3)", -8.0), ("pwr(-2,3)", 8.0), ("2^3^2", 64.0), ("(-2)^2.5", 32f64.sqrt())];
    for (expression, expected) in parameters {
        close(parameter(&format!("{{{expression}}}"), Dialect::Ngspice), expected, 1e-12);
    }
    close(parameter("{(-2)**3}", Dialect::LtSpice), -8.0, 1e-12);
    close(parameter("{2**3**2}", Dialect::LtSpice), 512.0, 1e-9);
}

/// Newton's method across 0 of a power's magnitude: i = |v|³·sign by `pwr`, and the mirrored branch of `^`.
#[test]
fn powers_of_magnitudes_have_their_slopes() {
    let text = "t\ni1 0 a 8\nb1 a 0 i=pwr(v(a),3)\ni2 b 0 8\nb2 b 0 i=pwr(v(b),3)\ni3 0 c 8\nb3 c 0 i=v(c)^3+1e-3*v(c)\n\
        .nodeset v(c)=1\n.op\n.measure op up max v(a)\n.measure op down max v(b)\n.measure op third max v(c)\n";
    let run = run(text, Dialect::Ngspice);
    close(measure(&run, "up"), 2.0, 1e-6);
    close(measure(&run, "down"), -2.0, 1e-6);
    close(measure(&run, "third"), 2.0, 1e-3);
}

#[test]
fn tables_of_pspice_and_xyce_stand_in_expressions() {
    let text = "t\n.param p={table {1.5} = (0,0) (1,2) (2,6)}\nv1 x 0 1.5\nb1 a 0 v={table {v(x)} = (0,0) (1,2) (2,6)}\n\
        b2 b 0 v={2*TABLE {v(x)-0.5} (0,0),(1,2) + 1}\nb3 c 0 v={table(v(x),0,0,1,2,2,6)}\n\
        e1 d 0 table={v(x)} = (0,0) (1,2) (2,6)\ne2 e 0 value={table {v(x)} = 0,0 1,2 2,6}\n\
        e3 f 0 TABLE {v(x)} = (0,0) (2,-4)\ng1 0 g value={1e-3*table{v(x)}=(-1,-1)(3,3)}\nrg g 0 1k\n\
        b4 h 0 v={spline {v(x)} = (0,0) (1,1) (2,2) (3,3)}\nb5 k 0 v={p}\n\
        b6 m 0 v=table {v(x)} = (0,0) (1,2) (2,6)\n.op\n";
    for dialect in [Dialect::Xyce, Dialect::Pspice] {
        let run = run(text, dialect);
        let plot = &run.runs[0].plots[0];
        for (name, expected) in [
            ("a", 4.0),
            ("b", 5.0),
            ("c", 4.0),
            ("d", 4.0),
            ("e", 4.0),
            ("f", -3.0),
            ("g", 1.5),
            ("h", 1.5),
            ("k", 4.0),
            ("m", 4.0),
        ] {
            close(plot.real(plot.column(&format!("v({name})")).unwrap())[0], expected, 1e-9);
        }
    }
    let open = "t\nv1 x 0 1\nb1 a 0 v={table {v(x)} = (0,0) (1}\n.op\n";
    let report = elaborate(&deck(open, Dialect::Xyce), &Overrides::default()).err().unwrap().to_string();
    assert!(report.contains("expected a value"), "{report}");
}

#[test]
fn ddx_is_a_partial_derivative() {
    let text = "t\n.param a=0.5 d={ddx(a**3,a)} e={ddx(ddx(a**3*b,a),b)} b=0.5\n.func f(z) {ddx(z**2,z)}\n\
        v1 x 0 2\nv2 y 0 3\nr1 x 0 1\n\
        b1 p 0 v={ddx(v(x)**3*v(y), v(x))}\nb2 q 0 v={ddx(sin(a*v(y)), a)}\nb3 r 0 v={f(v(x))+f(3)}\n\
        b4 s 0 v={ddx(i(v1)**2, i(v1))}\nb5 t 0 v={ddx(exp(v(x,y)), v(x,y))}\n\
        b6 u 0 v={ddx(if(v(x)>1, v(x)*v(y), 0), v(y))}\nb7 w 0 v={ddx(table(v(x),0,0,1,2,4,5),v(x))}\nb8 k 0 v={ddx(time**2,time)}\n\
        .tran 0.1 1\n.measure tran k find v(k) at=0.5\n";
    let run = run(text, Dialect::Xyce);
    let parameters = &run.runs[0].circuit.parameters;
    close(parameters["d"], 0.75, 1e-12);
    // ∂²(a³b)/∂a∂b = 3a², where a and b are equal.
    close(parameters["e"], 0.75, 1e-12);
    let expected = [
        ("p", 36.0),
        ("q", 3.0 * 1.5f64.cos()),
        ("r", 10.0),
        ("s", -4.0),
        ("t", (-1.0f64).exp()),
        ("u", 2.0),
        ("w", 1.0),
    ];
    for (name, expected) in expected {
        close(values(&run, &format!("v({name})"))[0], expected, 1e-9);
    }
    close(measure(&run, "k"), 1.0, 1e-6);
    for wrong in ["ddx(ddt(v(x)),v(x))", "ddx(v(x),2)", "ddx(v(x))"] {
        let text = format!("t\nv1 x 0 1\nb1 a 0 v={{{wrong}}}\n.op\n");
        assert!(elaborate(&deck(&text, Dialect::Xyce), &Overrides::default()).is_err(), "{wrong}");
    }
}

/// The Jacobian of a derivative is the second derivative: v + v³ = 10, found through d/dv (v²/2 + v⁴/4).
#[test]
fn newtons_method_goes_through_ddx() {
    let text = "t\ni1 0 a 10\nb1 a 0 i={ddx(v(a)**2/2+v(a)**4/4, v(a))}\n.op\n";
    close(values(&run(text, Dialect::Xyce), "v(a)")[0], 2.0, 1e-9);
}

#[test]
fn delays_are_exact_in_time_and_frequency() {
    let text = "t\nv1 a 0 dc 0.5 ac 1 sin(0.5 1 1k)\nb1 b 0 v=delay(v(a),0.2m)\nb2 0 c i=absdelay(2*v(a),0.1m,1m)*1m\nr2 c 0 1k\n\
        b3 d 0 v=delay(v(a),0)\nv2 p 0 pulse(0 1 0.3m 1n 1n 1 2)\nb4 e 0 v=delay(v(p),0.25m)\n\
        .options reltol=1e-6\n.tran 1u 2m 0 1u\n.ac lin 1 1k 1k\n\
        .meas tran before find v(b) at=0.15m\n.meas tran later find v(b) at=1.45m\n.meas tran current find v(c) at=1.35m\n\
        .meas tran none max abs(v(d)-v(a))\n.meas tran edge when v(e)=0.5\n.meas ac gain find vm(b) at=1k\n.meas ac angle find vp(b) at=1k\n";
    let run = run(text, Dialect::LtSpice);
    let sine = |t: f64| 0.5 + (std::f64::consts::TAU * 1e3 * t).sin();
    close(measure(&run, "before"), 0.5, 1e-9);
    close(measure(&run, "later"), sine(1.25e-3), 1e-5);
    close(measure(&run, "current"), 2.0 * sine(1.25e-3), 2e-5);
    close(measure(&run, "none"), 0.0, 1e-9);
    close(measure(&run, "edge"), 0.55e-3, 2e-9);
    close(measure(&run, "gain"), 1.0, 1e-9);
    let angle = measure(&run, "angle");
    let turn = -std::f64::consts::TAU * 0.2;
    assert!((angle - turn).abs() < 1e-9 || (angle - turn.to_degrees()).abs() < 1e-6, "{angle}");
    let wrong = "t\nv1 a 0 1\nb1 b 0 v=delay(v(a),v(a))\nr1 b 0 1\n.op\n";
    assert!(run_deck(&deck(wrong, Dialect::LtSpice), &Overrides::default(), &mut [], Keep::Plots, &|_| true).is_err());
}

#[test]
fn currents_of_behavioural_elements_have_phasors() {
    let text = "t\nv1 a 0 dc 2 ac 1\nr1 a 0 r={100*(1+v(a))}\nb1 a 0 i={v(a)**2*1m}\ng1 a 0 value={3m*v(a)}\nc1 a 0 c={1u*(1+v(a))}\n\
        e1 d 0 value={2*v(a)}\nr2 d 0 1k\nc2 a 0 q={1u*v(a)**2}\n.ac lin 1 159.154943 159.154943\n\
        .measure ac r find ir(r1) at=159.154943\n.measure ac b find ir(b1) at=159.154943\n\
        .measure ac g find ir(g1) at=159.154943\n.measure ac c find ii(c1) at=159.154943\n.measure ac q find ii(c2) at=159.154943\n\
        .measure ac e find ir(e1) at=159.154943\n.measure ac sum max {mag(i(r1)+i(b1)+i(g1)+i(c1)+i(c2)+i(v1))}\n";
    let run = run(text, Dialect::Xyce);
    // i = v/(100(1 + v)): di/dv = 1/(100(1 + v)²).
    close(measure(&run, "r"), 1.0 / 900.0, 1e-12);
    close(measure(&run, "b"), 4e-3, 1e-12);
    close(measure(&run, "g"), 3e-3, 1e-12);
    close(measure(&run, "c"), 3e-3, 1e-10);
    close(measure(&run, "q"), 4e-3, 1e-10);
    close(measure(&run, "e"), -2e-3, 1e-12);
    close(measure(&run, "sum"), 0.0, 1e-12);
}

#[test]
fn sensitivities_of_xyce_follow_its_sweep() {
    let text = "t\nva 1 0 5\nr1 1 2 1k\nr2 2 0 3k\n.dc SWEEP 1 3 1\n.sens objfunc={v(2)} param=r1:r,r2:r\n";
    let table = |sweep: &str| {
        let run = run(&text.replace("SWEEP", sweep), Dialect::Xyce);
        let plot = run.runs[0].plots.iter().find(|plot| plot.header.name.starts_with("Sens")).unwrap();
        let column = |name: &str| plot.real(plot.column(name).unwrap_or_else(|| panic!("{name}")));
        (plot.axis(), column("r2"), column("va"))
    };
    let (axis, by_resistance, by_source) = table("va");
    assert_eq!(axis, [1.0, 2.0, 3.0]);
    for (voltage, (found, gain)) in axis.iter().zip(by_resistance.iter().zip(&by_source)) {
        close(*found, voltage * 1e3 / 16e6, 1e-12);
        close(*gain, 0.75, 1e-9);
    }
    // The resistor itself is swept.
    for (resistance, found) in [1f64, 2.0, 3.0].iter().zip(&table("r2").1) {
        close(*found, 5.0 * 1e3 / (1e3 + resistance).powi(2), 1e-9);
    }
}

#[test]
fn print_cards_of_xyce_choose_times_and_scale_them() {
    let text = "t\nv1 in 0 pwl(0 0 1m 1)\nx2 in out outer\n.subckt outer a b\nxa a b inner\n.ends\n.subckt inner port b\nr1 port b 1k\n\
        r2 b 0 1k\n.ends\n.tran 10u 1m\n.options output initial_interval=0.25m 0.5m 0.1m\n\
        .print tran timescalefactor=1e3 filter=0.3 precision=3 v(in) v(X2:XA:port)\n.print sens v(in)\n.print es v(in)\n";
    let run = run(text, Dialect::Xyce);
    let (_, contents) = &run.printed("deck.cir")[0];
    let rows: Vec<Vec<f64>> = contents
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with("End"))
        .map(|line| line.split_whitespace().skip(1).map(|word| word.parse().unwrap()).collect())
        .collect();
    let times: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(times, [0.0, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
    for row in &rows {
        let value = if row[0] < 0.3 { 0.0 } else { row[0] };
        close(row[1], value, 1e-6);
        close(row[2], value, 1e-6);
    }
    let warnings: Vec<&str> = run.runs[0].warnings.iter().map(|warning| &*warning.message).collect();
    for name in ["`.print sens`", "`.print es`"] {
        assert!(warnings.iter().any(|warning| warning.contains(name)), "{warnings:?}");
    }
}

#[test]
fn a_devices_name_in_ltspices_noise_is_its_part() {
    let text = "t\nv1 a 0 ac 1\nr1 a b 1k\nr2 b 0 3k\n.noise v(b) v1 dec 1 1 10\n.measure noise part max v(r1)\n\
        .measure noise same max dno(r1)\n";
    let run = run(text, Dialect::LtSpice);
    let thermal: f64 = 4.0 * 1.380649e-23 * 300.15;
    close(measure(&run, "part"), 0.75 * (thermal * 1e3).sqrt(), 1e-15);
    assert_eq!(measure(&run, "part"), measure(&run, "same"));
}

#[test]
fn a_level_that_is_not_here_is_named_with_those_that_are() {
    let text = "t\nv1 d 0 5\nm1 d d 0 0 power\n.model power nmos(level=18)\n.op\n";
    let report = run_deck(&deck(text, Dialect::Xyce), &Overrides::default(), &mut [], Keep::Plots, &|_| true);
    let report = report.err().unwrap().to_string();
    assert!(report.contains("level 18") && report.contains("1 (Shichman and Hodges)"), "{report}");
}

#[test]
fn levels_of_bipolar_transistors_are_those_of_the_dialect() {
    for (dialect, levels) in
        [(Dialect::Ngspice, ["4 (VBIC)", "8 (HICUM/L2)"]), (Dialect::Xyce, ["10 (VBIC)", "234 (HICUM/L2)"])]
    {
        let text = "t\nv1 c 0 5\nq1 c c 0 0 mq\n.model mq npn(level=7)\n.op\n";
        let report = run_deck(&deck(text, dialect), &Overrides::default(), &mut [], Keep::Plots, &|_| true);
        let report = report.err().unwrap().to_string();
        assert!(report.contains("level 7") && levels.iter().all(|level| report.contains(level)), "{report}");
    }
}

#[test]
fn vbic_has_another_level_in_xyce() {
    let current = |level: u32, dialect: Dialect| {
        let text = format!(
            "t\nvc c 0 1\nvb b 0 0.7\nq1 c b 0 0 mq\n.model mq npn(level={level} vef=10 rci=20)\n.op\n\
             .measure op i max i(vc)\n"
        );
        measure(&run(&text, dialect), "i")
    };
    let expected = current(4, Dialect::Ngspice);
    // is·e^(v/Vt)/q1 less a little for the resistance.
    assert!((-7e-5..-4e-5).contains(&expected), "{expected}");
    for (level, dialect) in [(9, Dialect::Ngspice), (11, Dialect::Xyce), (12, Dialect::Xyce)] {
        assert_eq!(current(level, dialect), expected, "{dialect:?}");
    }
}

#[test]
fn hicum_has_another_level_in_xyce() {
    let current = |level: u32, dialect: Dialect| {
        let text = format!(
            "t\nvc c 0 1\nvb b 0 0.7\nq1 c b 0 0 mq\n.model mq npn(level={level} rcx=10 re=1)\n.op\n.measure op i max i(vc)\n"
        );
        measure(&run(&text, dialect), "i")
    };
    let expected = current(8, Dialect::Ngspice);
    // c10·e^(v/Vt)/qp0.
    assert!((-6.5e-5..-5.5e-5).contains(&expected), "{expected}");
    for (level, dialect) in [(8, Dialect::LtSpice), (8, Dialect::Pspice), (8, Dialect::Hspice), (234, Dialect::Xyce)] {
        assert_eq!(current(level, dialect), expected, "{dialect:?}");
    }
}

#[test]
fn bsim3_has_another_level_in_every_dialect() {
    let current = |level: u32, dialect: Dialect| {
        let text = format!(
            "t\nvd d 0 1\nvg g 0 1.2\nm1 d g 0 0 mm l=0.3u w=2u\n.model mm nmos(level={level} version=3.2.2 tox=6n vth0=0.5)\n.op\n\
             .measure op i max i(vd)\n"
        );
        measure(&run(&text, dialect), "i")
    };
    let expected = current(8, Dialect::Ngspice);
    assert!(expected < -1e-5, "{expected}");
    let others = [
        (49, Dialect::Ngspice),
        (9, Dialect::Xyce),
        (7, Dialect::Pspice),
        (8, Dialect::LtSpice),
        (53, Dialect::Hspice),
    ];
    for (level, dialect) in others {
        assert_eq!(current(level, dialect), expected, "{dialect:?}");
    }
}

#[test]
fn bsim1_and_bsim2_have_other_levels_in_other_dialects() {
    let current = |level: u32, dialect: Dialect| {
        let text = format!(
            "t\nvd d 0 3\nvg g 0 2\nm1 d g 0 0 mm l=2u w=2u\n.model mm nmos(level={level} tox=0.02 vfb=-0.8 phi=0.7 k1=0.6 muz=500 \
             mus=550 vdd=5 mu0=500)\n.op\n.measure op i max i(vd)\n"
        );
        measure(&run(&text, dialect), "i")
    };
    for (own, others) in [
        (4, vec![(4, Dialect::LtSpice), (4, Dialect::Pspice), (13, Dialect::Hspice)]),
        (5, vec![(5, Dialect::LtSpice), (39, Dialect::Hspice)]),
    ] {
        let expected = current(own, Dialect::Ngspice);
        assert!(expected < -1e-5, "{expected}");
        for (level, dialect) in others {
            assert_eq!(current(level, dialect), expected, "{dialect:?}");
        }
    }
}

/// Level 9 is ngspice's other level 3, and BSIM3 in Xyce.
#[test]
fn level_nine_of_ngspice_is_the_semi_empirical_model() {
    let current = |level: u32| {
        let model = "vto=0.6 tox=20n uo=500 nsub=1e16 theta=0.05 vmax=1e5 delta=0.5 xj=0.2u";
        let text = format!(
            "t\nvd d 0 3\nvg g 0 2\nm1 d g 0 0 mm l=2u w=2u\n.model mm nmos(level={level} {model})\n.op\n.measure op i max i(vd)\n"
        );
        measure(&run(&text, Dialect::Ngspice), "i")
    };
    assert_eq!(current(9), current(3));
    assert!(current(3) < -1e-5);
}

#[test]
fn bsim4_has_another_level_in_every_dialect() {
    let current = |level: u32, dialect: Dialect| {
        let text = format!(
            "t\nvd d 0 1\nvg g 0 0.9\nm1 d g 0 0 mm l=0.1u w=1u\n.model mm nmos(level={level} version=4.6.5 toxe=2n vth0=0.4)\n.op\n\
             .measure op i max i(vd)\n"
        );
        measure(&run(&text, dialect), "i")
    };
    let expected = current(14, Dialect::Ngspice);
    assert!(expected < -1e-5, "{expected}");
    let others = [
        (54, Dialect::Ngspice),
        (14, Dialect::Xyce),
        (54, Dialect::Xyce),
        (14, Dialect::LtSpice),
        (54, Dialect::Hspice),
    ];
    for (level, dialect) in others {
        assert_eq!(current(level, dialect), expected, "{dialect:?}");
    }
}

#[test]
fn bsimsoi_has_two_levels_in_ngspice_and_another_in_hspice() {
    let current = |level: u32, dialect: Dialect| {
        let text = format!(
            "t\nvd d 0 1\nvg g 0 1.2\nm1 d g 0 0 0 mm l=0.2u w=1u\n.model mm nmos(level={level} tox=3n vth0=0.4)\n.op\n\
             .measure op i max i(vd)\n"
        );
        measure(&run(&text, dialect), "i")
    };
    let expected = current(10, Dialect::Ngspice);
    assert!(expected < -1e-5, "{expected}");
    assert_eq!(current(58, Dialect::Ngspice), expected);
    assert_eq!(current(70, Dialect::Hspice), expected);
}

#[test]
fn ngspice_reads_the_language_of_others_in_its_own_way() {
    let text = "t\n.param drawn={agauss(0,1,1)}\nv1 x 0 -2\nb1 a 0 v=pow(v(x),3)\nb2 b 0 v=pwr(v(x),3)\nb3 c 0 v=v(x)**3\n\
                b4 d 0 v={2**3^2}\nb5 e 0 v={5A}\n.op\n.end\n";
    let of = |read_by_ngspice: bool, dialect: Dialect| {
        let by_ngspice = |path: &Path| Deck::read_by_ngspice(path, dialect);
        let deck = if read_by_ngspice { read(text, by_ngspice) } else { deck(text, dialect) };
        let drawn = elaborate(&deck, &Overrides::default()).unwrap().parameters["drawn"];
        let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).unwrap();
        (["v(a)", "v(b)", "v(c)", "v(d)", "v(e)"].map(|name| values(&run, name)[0]), drawn)
    };
    let (powers, drawn) = of(false, Dialect::Hspice);
    assert_eq!((powers, drawn), ([-8.0, 8.0, -8.0, 512.0, 5e-18], 0.0));
    let (powers, drawn) = of(true, Dialect::Hspice);
    assert_eq!(powers, [8.0, -8.0, -8.0, 64.0, 5.0]);
    assert!(drawn != 0.0);
    assert_eq!(of(true, Dialect::Pspice).0, [8.0, -8.0, 8.0, 64.0, 5.0]);
    assert_eq!(of(true, Dialect::LtSpice).0, [-8.0, -8.0, -8.0, 64.0, 5.0]);
}

#[test]
fn what_other_programs_leave_in_decks_does_no_harm() {
    // A bracket of a model card whose continuation was forgotten, pins without a connection, units, and a temperature that is none.
    let text = "t\n.options temp=27°C\n.temp hot\nv1 a 0 1\nx1 a 0 n1 n2 gate\n.subckt gate a b ? ?\nr1 a b rm 1k\n.model rm r(tc1=1m\n)\n.ends\n.op\n.end\n";
    let found = circuit(text, Dialect::Ngspice);
    assert_eq!(found.options.temp, 27.0);
    let messages: Vec<&str> = found.warnings.iter().map(|warning| &*warning.message).collect();
    assert!(messages.iter().any(|message| message.contains("a card cannot begin with `)`")), "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("`hot` is no temperature")), "{messages:?}");
    assert_eq!(run(text, Dialect::Ngspice).runs.len(), 1);
    let braced = "t\nx1 a 0 half\nv1 a 0 1\n.subckt half 1 2 {r=2k  k=2}\nr1 1 2 {r/k}\n.ends\n.op\n.end\n";
    assert_eq!(values(&run(braced, Dialect::Ngspice), "i(v1)"), [-1e-3]);
    // Of two pins of one name the first is connected.
    let twice = "t\nv1 a 0 1\nx1 a 0 n1 gate\n.subckt gate a b a\nr1 a b 1k\n.ends\n.\n.op\n.end\n";
    assert_eq!(values(&run(twice, Dialect::Ngspice), "i(v1)"), [-1e-3]);
}

#[test]
fn what_is_wrong_in_a_library_matters_where_it_is_used() {
    let library = ".subckt good a b params:r=2k\nr1 a b {r}\n.ends\n.subckt bad a b\nr1 a b {1+}\n.ends\n\u{1a}\n";
    let good = circuit(&format!("t\nx1 a 0 good\nv1 a 0 1\n{library}"), Dialect::Ngspice);
    let messages: Vec<&str> = good.warnings.iter().map(|warning| &*warning.message).collect();
    assert!(
        messages.iter().any(|message| message.contains("expected an operand") || message.contains("expected")),
        "{messages:?}"
    );
    let bad = deck(&format!("t\nx1 a 0 bad\nv1 a 0 1\n{library}"), Dialect::Ngspice);
    assert!(elaborate(&bad, &Overrides::default()).is_err());
    // Nodes with a default, as digital parts of PSpice have them.
    let part =
        "t\nx1 a 0 gate\n.subckt gate a b\n+ optional: dpwr=$g_dpwr dgnd=$g_dgnd\n+ params: r=3\nr1 a b {r}\n.ends\n";
    assert_eq!(circuit(part, Dialect::Pspice).elements.len(), 1);
}

#[test]
fn lateral_transistors_and_exponents_of_gain_as_elsewhere() {
    // `lpnp` is a pnp; an exponent beyond 1 is 1; a MOS transistor may have no bulk junctions.
    let current = |model: &str| {
        let text = format!("t\nv1 e 0 0.8\nq1 0 0 e m\n.model m {model}\n.op\n.measure op i param='i(v1)'\n.end\n");
        measure(&run(&text, Dialect::Ngspice), "i")
    };
    assert_eq!(current("lpnp(is=1f bf=50)"), current("pnp(is=1f bf=50)"));
    assert_eq!(current("pnp(is=1f ikf=1m nkf=1.5)"), current("pnp(is=1f ikf=1m nkf=1)"));
    assert!(current("pnp(is=1f ikf=1m nkf=1)") != current("pnp(is=1f ikf=1m nkf=0.9)"));
    let text = "t\nv1 d 0 -0.5\nm1 d d 0 0 n\n.model n nmos(is=0 vto=1)\n.op\n.measure op i param='i(v1)'\n.end\n";
    assert!(measure(&run(text, Dialect::Ngspice), "i").abs() < 1e-11);
}

#[test]
fn a_floating_node_starts_at_zero() {
    // A divider of capacitors follows a step by its ratio, as the charge between them is 0.
    let text = "t\nv1 a 0 pulse(0 3 1u 1n 1n 1 2)\nc1 a b 1n\nc2 b 0 2n\n.tran 10n 3u\n.measure tran b find v(b) at=2u\n.end\n";
    let found = run(text, Dialect::Ngspice);
    close(measure(&found, "b"), 1.0, 1e-6);
    let warnings: Vec<&str> = found.runs[0].warnings.iter().map(|warning| &*warning.message).collect();
    assert!(warnings.iter().any(|warning| warning.contains("node `b` has no DC path to ground")), "{warnings:?}");
    // A state that a source integrates on a capacitor, without a resistor beside it.
    let text = "t\nb1 0 y i=time>1m?2:0\nc1 y 0 1m\n.tran 1u 2m\n.measure tran y find v(y) at=2m\n.end\n";
    close(measure(&run(text, Dialect::Ngspice), "y"), 2.0, 1e-3);
}

#[test]
fn sweeps_and_lines_as_hspice_writes_them() {
    let text = "t\nv1 a 0 pl(0 0 2 1m 2 2m)\nr1 a 0 1\n.dc v1 start=1 stop='1+1' step=0.5\n.tran 1u 2m\n\
        .measure dc last max v(a)\n.measure dc first min v(a)\n.measure tran half find v(a) at=0.5m\n.end\n";
    let found = run(text, Dialect::Hspice);
    close(measure(&found, "first"), 1.0, 1e-12);
    close(measure(&found, "last"), 2.0, 1e-12);
    close(measure(&found, "half"), 1.0, 1e-9);
}

#[test]
fn a_quotient_of_voltages_that_begin_at_zero() {
    // The first linearisation divides by nothing.
    let text = "t\nv1 a 0 2.5\nr1 a b 1k\nv2 c 0 0.7\nr2 c d 1k\nb1 e 0 v=v(b)/v(d)\nr3 e 0 1k\n.op\n\
        .measure op e param='v(e)'\n.end\n";
    for dialect in [Dialect::Ngspice, Dialect::LtSpice, Dialect::Xyce] {
        close(measure(&run(text, dialect), "e"), 2.5 / 0.7, 1e-9);
    }
}

#[test]
fn models_of_transistors_may_have_sizes_in_every_language() {
    let deck = |level: &str, card: &str, model: &str| {
        format!(
            "t\nvd d 0 2\nvg g 0 2\nm1 d g 0 0 nm {card}\n.model nm nmos(level={level} {model})\n.op\n\
             .measure op i max i(vd)\n"
        )
    };
    for dialect in [Dialect::Ngspice, Dialect::LtSpice, Dialect::Pspice, Dialect::Hspice, Dialect::Xyce] {
        for level in ["1", "2", "3", "6", "49", "54"] {
            let current = |card: &str, model: &str| measure(&run(&deck(level, card, model), dialect), "i");
            let expected = current("w=20u l=2u", "");
            assert!(expected < -1e-6, "{level}: {expected}");
            close(current("", "w=20u l=2u"), expected, 1e-9 * expected.abs());
            // The transistor's own size counts.
            close(current("w=20u", "w=1u l=2u"), expected, 1e-9 * expected.abs());
        }
    }
}

#[test]
fn a_parameter_defined_twice_leaves_the_rest_of_its_card() {
    let text = "t\nx1 a 0 part\nv1 a 0 12\n.subckt part p n\nr1 p n {r}\n.param d={e*2}\n.param t=85 d=2 e=3 r={d*e}\n.ends\n.op\n\
        .measure op i max i(v1)\n";
    close(measure(&run(text, Dialect::LtSpice), "i"), -2.0, 1e-12);
}

#[test]
fn numbers_with_something_behind_them_are_read_as_far_as_they_go() {
    let current = |value: &str, dialect| {
        let text = format!("t\nv1 a 0 9\nr1 a 0 {value}\n.op\n.measure op i max i(v1)\n");
        let circuit = circuit(&text, dialect);
        assert_eq!(circuit.warnings.len(), 1, "{value}");
        assert!(circuit.warnings[0].message.contains("is read as"), "{}", circuit.warnings[0].message);
        measure(&run(&text, dialect), "i")
    };
    close(current("4k5", Dialect::Ngspice), -9.0 / 4e3, 1e-15);
    close(current("4k5", Dialect::LtSpice), -9.0 / 4.5e3, 1e-15);
    close(current("36.s238n", Dialect::Ngspice), -9.0 / 36.0, 1e-15);
    close(current("25%", Dialect::Pspice), -9.0 / 25.0, 1e-15);
}

#[test]
fn several_coefficients_after_one_input_are_a_polynomial() {
    let text = "t\nv1 a 0 2\nr0 a 0 1\ne1 e 0 a 0 1 10 100\nr1 e 0 1\ng1 0 g a 0 1 10 100\nr2 g 0 1\nf1 0 f v1 1 10 100\nr3 f 0 1\n\
        h1 h 0 v1 1 10 100\nr4 h 0 1\ne2 x 0 a 0 1 {5*2}\nr5 x 0 1\n.op\n.measure op e max v(e)\n.measure op g max v(g)\n\
        .measure op f max v(f)\n.measure op h max v(h)\n.measure op x max v(x)\n";
    for dialect in [Dialect::Ngspice, Dialect::LtSpice, Dialect::Pspice] {
        let run = run(text, dialect);
        // 1 + 10·x + 100·x² with x = 2 V or −2 A.
        for (name, value) in [("e", 421.0), ("g", 421.0), ("f", 381.0), ("h", 381.0), ("x", 21.0)] {
            close(measure(&run, name), value, 1e-9);
        }
    }
}

#[test]
fn a_delayed_source_is_its_input_of_before() {
    let cards = "v1 a 0 sin(0 1 1meg) ac 1\nr1 a 0 1k\nydelay d1 b 0 a 0 td=0.3u\ne2 c 0 delay a 0 td=0.3u scale=2\n\
                 g3 0 d a 0 1m td=0.3u\nr3 d 0 1k\n";
    let found = run(&format!("t\n{cards}.tran 10n 3u 0 5n\n.end\n"), Dialect::Xyce);
    let input = |time: f64| if time < 0.0 { 0.0 } else { (std::f64::consts::TAU * 1e6 * time).sin() };
    let times = found.runs[0].plots[0].axis();
    for (name, gain) in [("v(b)", 1.0), ("v(c)", 2.0), ("v(d)", 1.0)] {
        for (time, value) in times.iter().zip(values(&found, name)) {
            let expected = gain * input(time - 0.3e-6);
            assert!((value - expected).abs() < 2e-3 * gain, "{name} at {time}: {value}, not {expected}");
        }
    }
}

#[test]
fn results_of_steps_are_rows_of_a_file() {
    let text = "t\n.global_param rr=1k\nv1 a 0 4\nr1 a b {rr}\nr2 b 0 1k\n.step rr 1k 3k 2k\n.tran 1u 10u\n.result {v(b)}\n\
                .result {v(a)+v(b)}\n.end\n";
    let files = run(text, Dialect::Xyce).files("deck.cir");
    let (_, contents) = files.iter().find(|(name, _)| name == "deck.cir.res").expect("the file");
    let lines: Vec<&str> = std::str::from_utf8(contents).unwrap().lines().collect();
    assert_eq!(lines[0], "STEP   RR   {V(B)}   {V(A)+V(B)}");
    assert_eq!(lines[1], "0   1.00000000e+03   2.00000000e+00   6.00000000e+00");
    assert_eq!(lines[2], "1   3.00000000e+03   1.00000000e+00   5.00000000e+00");
    assert_eq!(lines[3], "End of Xyce(TM) Parameter Sweep");
    // Without steps there is no such file.
    let once = run(&text.replace(".step rr 1k 3k 2k\n", ""), Dialect::Xyce).files("deck.cir");
    assert!(once.iter().all(|(name, _)| !name.ends_with(".res")));
}
