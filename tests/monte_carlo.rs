//! Monte Carlo runs: distributions of what is drawn, what belongs together, and what the runs say together.

mod common;

use ferrospice::circuit::Overrides;
use ferrospice::netlist::Deck;
use ferrospice::netlist::dialect::Dialect;
use ferrospice::results::summary::Summary;
use ferrospice::studies::deck_run::{DeckRun, Keep, run_deck};

fn in_dialect(text: &str, dialect: Dialect) -> DeckRun {
    let text = format!("title\n{text}\n.end\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.cir");
    std::fs::write(&path, text).unwrap();
    let deck = Deck::read_in(&path, Some(dialect)).unwrap();
    run_deck(&deck, &Overrides::default(), &mut [], Keep::LastPoints, &|_| true).unwrap_or_else(|e| panic!("{e}"))
}

fn run(text: &str) -> DeckRun {
    in_dialect(text, Dialect::Ngspice)
}

/// The values of a measure, in the order of the runs.
fn values(run: &DeckRun, name: &str) -> Vec<f64> {
    let value = |step: &ferrospice::studies::deck_run::StepRun| {
        step.measures.iter().find(|measure| &*measure.name == name).unwrap().value().unwrap()
    };
    run.runs.iter().map(value).collect()
}

fn summary(run: &DeckRun) -> &Summary {
    run.summary.as_ref().expect("a summary")
}

/// One ampere through a resistor: its voltage is its value.
fn resistor(value: &str, cards: &str) -> String {
    format!("i1 0 a 1\nr1 a 0 {value}\n.op\n.measure op r param='v(a)'\n{cards}")
}

#[test]
fn distributions_have_their_mean_and_deviation() {
    // Function, mean, standard deviation, least and largest value.
    let cases: [(&str, f64, f64, f64, f64); 8] = [
        ("agauss(1k, 60, 3)", 1e3, 20.0, 900.0, 1100.0),
        ("gauss(1k, 0.06, 3)", 1e3, 20.0, 900.0, 1100.0),
        ("aunif(1k, 50)", 1e3, 50.0 / 3f64.sqrt(), 950.0, 1050.0),
        ("unif(1k, 0.05)", 1e3, 50.0 / 3f64.sqrt(), 950.0, 1050.0),
        ("limit(1k, 50)", 1e3, 50.0, 950.0, 1050.0),
        ("mc(1k, 0.05)", 1e3, 50.0 / 3f64.sqrt(), 950.0, 1050.0),
        ("1k+flat(50)", 1e3, 50.0 / 3f64.sqrt(), 950.0, 1050.0),
        ("1k+gauss(20)", 1e3, 20.0, 900.0, 1100.0),
    ];
    const COUNT: f64 = 2000.0;
    for (function, mean, deviation, least, largest) in cases {
        let run = run(&resistor(&format!("{{{function}}}"), ".mc 2000"));
        let spread = &summary(&run).measures[0];
        // Four standard errors.
        assert!((spread.mean() - mean).abs() < 4.0 * deviation / COUNT.sqrt(), "{function}: {}", spread.mean());
        assert!(
            (spread.sigma() / deviation - 1.0).abs() < 4.0 / (2.0 * COUNT).sqrt(),
            "{function}: {}",
            spread.sigma()
        );
        assert!(spread.values[0] >= least && spread.values[1999] <= largest, "{function}");
    }
}

#[test]
fn a_latin_hypercube_has_a_better_mean() {
    let error = |kind: &str| {
        let run = run(&resistor("{agauss(1k, 60, 3)}", &format!(".mc 200 seed=4 type={kind}")));
        (summary(&run).measures[0].mean() - 1e3).abs()
    };
    assert!(error("lhs") < 0.05, "{}", error("lhs"));
    assert!(error("mc") < 6.0);
}

#[test]
fn every_element_draws_its_own_and_a_parameter_once() {
    let deck = "i1 0 a 1\nr1 a 0 {agauss(1k, 60, 3)}\ni2 0 b 1\nr2 b 0 {agauss(1k, 60, 3)}\n\
        .param shared=agauss(1k, 60, 3)\ni3 0 c 1\nr3 c 0 {shared}\ni4 0 d 1\nr4 d 0 {shared}\n\
        .subckt part p\ni1 0 p 1\nr1 p 0 {own}\n.param own=agauss(1k, 60, 3)\n.ends\nx1 e part\nx2 f part\n\
        .op\n.mc 5\n";
    let measures: String =
        ["a", "b", "c", "d", "e", "f"].map(|node| format!(".measure op m{node} param='v({node})'\n")).concat();
    for dialect in [Dialect::Ngspice, Dialect::LtSpice, Dialect::Hspice] {
        let run = in_dialect(&format!("{deck}{measures}"), dialect);
        let [a, b, c, d, e, f] = ["ma", "mb", "mc", "md", "me", "mf"].map(|name| values(&run, name));
        assert!(a.iter().zip(&b).all(|(a, b)| a != b), "two elements");
        assert!(e.iter().zip(&f).all(|(e, f)| e != f), "two instances");
        // In HSPICE each use of a random parameter draws anew.
        let same = c.iter().zip(&d).all(|(c, d)| c == d);
        assert_eq!(same, dialect != Dialect::Hspice, "{dialect:?}");
    }
}

#[test]
fn runs_differ_and_the_seed_repeats_them() {
    let draws = |cards: &str| values(&run(&resistor("{agauss(1k, 60, 3)}", cards)), "r");
    let first = draws(".mc 6 seed=1");
    assert_eq!(first, draws(".options seed=1\n.mc 6"));
    assert_ne!(first, draws(".mc 6 seed=2"));
    assert!((0..6).all(|a| (0..a).all(|b| first[a] != first[b])));
    // Another element changes no draw, and more runs none of those before.
    assert_eq!(
        first,
        values(&run(&resistor("{agauss(1k, 60, 3)}", "rx a2 0 {unif(1, 1)}\nix 0 a2 1\n.mc 6 seed=1")), "r")
    );
    assert_eq!(first[..], draws(".mc 9 seed=1")[..6]);
}

#[test]
fn nominal_values_without_monte_carlo() {
    let once = |dialect| values(&in_dialect(&resistor("{agauss(1k, 60, 3)}", ""), dialect), "r")[0];
    assert_eq!([once(Dialect::Hspice), once(Dialect::Xyce)].map(f64::round), [1e3, 1e3]);
    assert!((once(Dialect::Ngspice) - 1e3).abs() > 1e-3);
    let monte = in_dialect(
        "i1 0 a 1\nr1 a 0 'agauss(1k, 60, 3)'\n.tran 1n 10n sweep monte=20\n.measure tran r param='last(v(a))'",
        Dialect::Hspice,
    );
    assert_eq!(monte.runs.len(), 20);
    assert!(summary(&monte).measures[0].sigma() > 5.0);
}

#[test]
fn sampling_of_elements_and_parameters() {
    let deck = ".param gain=2\ni1 0 a 1\nr1 a 0 1k\ne1 b 0 a 0 {gain}\nr2 b 0 1k\n.op\n\
        .measure op r param='v(a)'\n.measure op g param='v(b)/v(a)'\n\
        .sampling param=r1,gain type=normal,uniform means=1000,0 std_deviations=20,0 lower_bounds=960,1.5 upper_bounds=1e9,2.5\n\
        .options samples numsamples=400 seed=3 sample_type=lhs\n";
    let run = in_dialect(deck, Dialect::Xyce);
    let [r, g] = &summary(&run).measures[..] else { panic!("two measures") };
    assert_eq!(r.values.len(), 400);
    assert!(r.values[0] >= 960.0 && (g.mean() - 2.0).abs() < 0.01 && g.values[0] >= 1.5 && g.values[399] <= 2.5);
    // The mean of a normal distribution cut at −2σ.
    assert!((r.mean() - 1001.105).abs() < 0.2, "{}", r.mean());
    let expressions = in_dialect(
        ".param rr=agauss(1k, 60, 3)\ni1 0 a 1\nr1 a 0 {rr}\n.op\n.measure op r param='v(a)'\n\
         .sampling useexpr=true\n.options samples numsamples=50",
        Dialect::Xyce,
    );
    assert!(summary(&expressions).measures[0].sigma() > 10.0);
}

#[test]
fn yield_of_checks_and_failed_measures() {
    let run = run(&resistor(
        "{aunif(1k, 100)}",
        ".mc 1000\n.check low r > 950\n.check both r < 1050\n.measure op odd param='1/(v(a) > 1000)-1/(v(a) > 1000)+1'",
    ));
    let summary = summary(&run);
    let [low, both] = &summary.checks[..] else { panic!("two checks") };
    // 75 % each, 50 % together; four standard errors.
    for (passed, part) in [(low.passed, 0.75), (both.passed, 0.75), (summary.passed, 0.5)] {
        assert!((passed as f64 / 1000.0 - part).abs() < 4.0 * (part * (1.0 - part) / 1000.0f64).sqrt(), "{passed}");
    }
    let odd = &summary.measures[1];
    assert!(odd.failed > 400 && odd.values.len() + odd.failed == 1000);
    assert!(summary.text().contains("yield"), "{}", summary.text());
}

#[test]
fn wrong_cards_are_pointed_at() {
    let cards = [
        ".mc",
        ".mc 0",
        ".mc 5 tran v(a) ymax",
        ".sampling useexpr=true",
        ".options samples numsamples=5\n.sampling param=r9",
        ".options samples numsamples=5\n.sampling param=r1 type=gamma",
        ".options samples numsamples=5\n.sampling param=r1 type=normal",
        ".options samples numsamples=5\n.sampling points=3",
        ".param p=agauss(1)\nr2 a 0 {p}",
        "b1 b 0 v={agauss(v(a), 1, 1)}\nr3 b 0 1",
    ];
    let text: Vec<String> = cards.iter().map(|card| common::failure(&resistor("1k", card))).collect();
    insta::assert_snapshot!("wrong_monte_carlo_cards", text.join("\n"));
}

#[test]
fn tolerances_of_pspice_belong_to_devices_or_to_lots() {
    let deck = |tolerance: &str| {
        format!(
            "i1 0 a 1\ni2 0 b 1\nr1 a 0 rmod 1k\nr2 b 0 rmod 1k\n.model rmod res(r=1 {tolerance})\n.op\n\
            .measure op a param='v(a)'\n.measure op b param='v(b)'\n.mc 500"
        )
    };
    let of = |tolerance: &str| {
        let run = in_dialect(&deck(tolerance), Dialect::Pspice);
        (values(&run, "a"), values(&run, "b"))
    };
    let deviation = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
    };
    let (a, b) = of("dev=10%");
    assert!(a.iter().zip(&b).all(|(a, b)| a != b), "every device draws its own");
    assert!(a.iter().all(|value| (900.0..=1100.0).contains(value)));
    assert!((deviation(&a) - 100.0 / 3f64.sqrt()).abs() < 6.0, "{}", deviation(&a));
    let (a, b) = of("lot/gauss=3%");
    assert_eq!(a, b, "a lot is one draw");
    assert!((deviation(&a) - 30.0).abs() < 4.0, "{}", deviation(&a));
    let (a, b) = of("dev 1% lot=10%");
    let apart = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart > 0.0 && apart <= 20.0 && deviation(&a) > 40.0, "{apart}");
    // Without Monte Carlo runs they are without effect.
    let nominal = in_dialect(&deck("dev=10%").replace(".mc 500", ""), Dialect::Pspice);
    assert_eq!(values(&nominal, "a"), [1e3]);
}

#[test]
fn a_tolerance_needs_a_parameter_and_a_number() {
    for model in ["res(dev=5%)", "res(r=1 dev=much)", "res(r=1 lot)"] {
        let text = format!("t\nr1 a 0 rmod 1\n.model rmod {model}\n.op\n");
        let deck = Deck::from_text("deck.cir", &text, std::path::Path::new(".")).unwrap();
        let found = run_deck(&deck, &Overrides::default(), &mut [], Keep::LastPoints, &|_| true);
        let said = found.err().map(|report| report.to_string()).unwrap_or_default();
        assert!(said.contains("expected a tolerance behind a parameter"), "{model}: {said}");
    }
}
