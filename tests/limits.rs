//! What a few characters can ask for is bounded: each limit is an error with its place and a hint, long before memory is short.

mod common;

use std::fs;
use std::path::Path;

use ferrospice::circuit::{Overrides, elaborate};
use ferrospice::diagnostic::Report;
use ferrospice::netlist::Deck;
use ferrospice::netlist::limits::Limits;
use ferrospice::studies::deck_run::{Keep, run_deck};
use ferrospice::studies::script::{Console, ScriptSettings, run_script};

const SMALL: Limits = Limits {
    elements: 1000,
    instances: 300,
    nodes: 2000,
    cells: 100,
    points: 500,
    runs: 50,
    values: 10_000,
    rounds: 100,
};

fn deck(cards: &str) -> Deck {
    Deck::from_untrusted("test.cir", format!("test\n{cards}\n.end\n").as_bytes(), SMALL).unwrap()
}

/// What is said of a deck that cannot be run.
fn complaint(cards: &str) -> String {
    match run_deck(&deck(cards), &Overrides::default(), &mut [], Keep::Plots, &|_| true) {
        Ok(_) => panic!("this deck should not run:\n{cards}"),
        Err(report) => report.render(false),
    }
}

#[derive(Default)]
struct Listener(String);

impl Console for Listener {
    fn text(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn report(&mut self, report: &Report) {
        self.0.push_str(&report.render(false));
    }
}

/// What a script prints and reports.
fn said(commands: &str) -> String {
    let deck = deck(&format!("v1 a 0 1\nr1 a 0 1k\n.control\n{commands}\n.endc"));
    let mut listener = Listener::default();
    run_script(&deck, ScriptSettings::default(), Vec::new(), &mut listener);
    listener.0
}

/// Twenty levels of ten instances each are 10²⁰ resistors.
fn tower(levels: usize) -> String {
    let mut cards = String::from(".subckt s0 a b\nr1 a b 1k\n.ends\n");
    for level in 1..=levels {
        cards += &format!(".subckt s{level} a b\n");
        (0..10).for_each(|number| cards += &format!("x{number} a b s{}\n", level - 1));
        cards += ".ends\n";
    }
    format!("{cards}x1 1 0 s{levels}\nv1 1 0 1\n.op")
}

#[test]
fn circuits_stop_growing() {
    let found = complaint(&tower(20));
    assert!(found.contains("the circuit grows beyond 300 subcircuit instances"), "{found}");
    assert!(found.contains("test.cir:") && found.contains("hint: "), "{found}");
    let many: String = (0..1001).map(|number| format!("r{number} a 0 1\n")).collect();
    assert!(complaint(&format!("{many}.op")).contains("the circuit grows beyond 1000 elements"));
    let wide: String = (0..30).map(|number| format!("x{number} a{number}[0:99] s\n")).collect();
    let found = complaint(&format!(".subckt s p[0:99]\nr1 p0 0 1\n.ends\n{wide}.op"));
    assert!(found.contains("the circuit grows beyond 2000 nodes"), "{found}");
}

/// The limits that every deck has stop the tower too, in less memory than a small machine has.
#[test]
fn the_usual_limits_are_finite() {
    let usual = Limits::default();
    assert!(usual.elements <= 10_000_000 && usual.instances <= 4_000_000 && usual.nodes <= 20_000_000);
    assert_eq!(common::deck("r1 a 0 1").limits, usual);
}

#[test]
fn buses_and_arrays_stop_growing() {
    for cards in ["x1 a[0:999999999] s\n.subckt s p\n.ends", "r1 a[0:2000] 0 1", ".global g[0:18446744073709551615]"] {
        let found = complaint(&format!("{cards}\n.op"));
        assert!(found.contains("nodes\n") && found.contains("are possible here"), "{found}");
    }
    let found = complaint(".subckt s p[0:1999] q[0:1999]\nr1 p0 0 1\n.ends\nr1 a 0 1\n.op");
    assert!(found.contains("`q[0:1999]` would be 2000 nodes"), "{found}");
    let found = complaint("ax [w[0:10]] [b[0:9]] m\n.model m crossbar(g=1u)\n.op");
    assert!(found.contains("an array of 11 × 10 is too large") && found.contains("at most 100 cells"), "{found}");
}

#[test]
fn sweeps_stop_growing() {
    let circuit = "v1 a 0 1 ac 1\nv2 b a 1\nr1 b 0 1k\n.param p=1\n";
    for (card, wanted) in [
        (".dc v1 0 1 1e-12", "too many values"),
        (".dc v1 0 1 0.01 v2 0 1 0.01", "too many points together"),
        (".dc v1 0 1 0.1 v2 0 1 0.1 r1 1 2 0.1 v1 0 1 0.1 v2 0 1 0.1 r1 1 2 0.1", "too many points together"),
        (".step param p 0 1 1e-12\n.op", "too many values"),
        (".step param p 1 40 1\n.step v1 1 40 1\n.op", "the deck would be run 1600 times"),
        (".mc 1000000\n.op", "the number of runs must lie between 1 and 50"),
        (".mc 40\n.temp 1 2 3\n.op", "the deck would be run 120 times"),
        (".ac lin 1000000000 1 2", "too many frequencies"),
        (".ac dec 100 1 1e300", "too many frequencies"),
        (".noise v(b) v1 oct 100 1 1e300", "too many frequencies"),
        (".ac dec 10 1 {1e308*10}", "overflow"),
        (".tran 1n {1e308*10}", "overflow"),
    ] {
        let found = complaint(&format!("{circuit}{card}"));
        let overflows = wanted == "overflow" && found.contains("finite");
        assert!(found.contains(wanted) || overflows, "{card}: {found}");
        assert!(found.contains("test.cir:"), "{card}: {found}");
    }
}

#[test]
fn sources_make_up_a_bounded_number_of_values() {
    for (wave, wanted) in [
        ("trnoise(1 1e-15)", "values would be drawn"),
        ("trnoise(0 0 0 0 1 1e-15 1e-15)", "values would be drawn"),
        ("trrandom(1 1e-15)", "values would be drawn"),
        ("spikes(rate=1e15)", "this train has"),
        ("spikes(rate=1 count=100000)", "must be a whole number from 0 to 1e4"),
    ] {
        let found = complaint(&format!("v1 a 0 {wave}\nr1 a 0 1k\n.tran 1u 1"));
        assert!(found.contains(wanted) && found.contains("test.cir:"), "{wave}: {found}");
    }
}

#[test]
fn files_within_files_have_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    for level in 0..70 {
        let text = format!(".include f{}.inc\n", level + 1);
        fs::write(folder.path().join(format!("f{level}.inc")), text).unwrap();
    }
    fs::write(folder.path().join("deck.cir"), "deep\n.include f0.inc\nr1 a 0 1\n.op\n.end\n").unwrap();
    fs::write(folder.path().join("self.cir"), "self\n.include self.cir\n.op\n.end\n").unwrap();
    let said = |name: &str| {
        let deck = Deck::read(&folder.path().join(name)).unwrap();
        elaborate(&deck, &Overrides::default()).unwrap_err().to_string()
    };
    let found = said("deck.cir");
    assert!(found.contains("more than 64 files within each other") && found.contains("f62.inc:1:"), "{found}");
    assert!(found.contains("hint: "), "{found}");
    assert!(said("self.cir").contains("includes itself"));
}

#[test]
fn decks_that_are_not_trusted_name_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let name = |file: &str| folder.path().join(file).display().to_string();
    fs::write(name("a.inc"), "r1 a 0 1k\n").unwrap();
    fs::write(name("a.csv"), "0,0\n1,1\n").unwrap();
    let before = fs::read_dir(folder.path()).unwrap().count();
    let refused = "this deck may name no files";
    for cards in [
        format!(".include \"{}\"\n.op", name("a.inc")),
        format!(".lib \"{}\" tt\n.op", name("a.inc")),
        format!("v1 a 0 pwl(file=\"{}\")\nr1 a 0 1\n.tran 1 1", name("a.csv")),
        format!("v1 a 0 spikes(file=\"{}\")\nr1 a 0 1\n.tran 1 1", name("a.csv")),
        format!("ax [a] [0] m\nv1 a 0 1\n.model m crossbar(g=\"{}\")\n.op", name("a.csv")),
        format!("v1 a 0 1\nr1 a 0 1\n.options restart file=\"{}\"\n.tran 1 1", name("a.csv")),
        format!("v1 a 0 1\nr1 a 0 1\n.options restart job=\"{}\" initial_interval=1\n.tran 1 1", name("job")),
    ] {
        let found = complaint(&cards);
        assert!(found.contains(refused), "{cards}: {found}");
    }
    for command in ["write", "wrdata", "print v(a) >", "echo x >>"] {
        let vectors = if command.starts_with('w') { " v(a)" } else { "" };
        let found = said(&format!("op\n{command} {}{vectors}", name("made.txt")));
        assert!(found.contains(refused), "{command}: {found}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before);
}

#[test]
fn scripts_stop_growing() {
    for (commands, wanted) in [
        ("while 1\nlet x = 1\nend", "this loop has gone round 100 times"),
        ("repeat\nlet x = 1\nend", "this loop has gone round 100 times"),
        ("repeat 1e300\nlet x = 1\nend", "this loop has gone round 100 times"),
        ("let x = vector(1e12)", "`vector` would make 1e12 values, and 10000 are possible"),
        ("let x = unitvec(-1e12)", "are possible"),
        ("set a = xxxxxxxxxxxxxxxxx\nrepeat 40\nset a = $a$a\nend", "the line grows beyond 1048576 bytes"),
        ("define f(x) f(x)+f(x)\nlet y = f(1)", "are nested more than"),
        ("define f(x) f(x+x)\nlet y = f(1)", "grows beyond"),
        ("define f(x) f(x)\nlet y = f(1)", "are nested more than"),
    ] {
        let found = said(commands);
        assert!(found.contains(wanted), "{commands}: {found}");
        assert!(found.contains("test.cir:"), "{commands}: {found}");
    }
    let twice = |level: usize| format!("define f{level}(x) f{}(x)+f{}(x)\n", level - 1, level - 1);
    let doubled: String = (1..40).map(twice).collect();
    assert!(said(&format!("define f0(x) x\n{doubled}let y = f39(1)")).contains("grows beyond 100000 operations"));
    let deep = |text: String| said(&format!("let x = {text}"));
    assert!(deep(format!("{}1{}", "(".repeat(300), ")".repeat(300))).contains("nested more than 200 deep"));
    assert!(deep(format!("{}1", "-".repeat(100_000))).contains("nested more than 200 deep"));
    assert!(deep(format!("{}1", "!".repeat(100_000))).contains("nested more than 200 deep"));
    assert!(deep(format!("1{}", "^2".repeat(100_000))).contains("nested more than 200 deep"));
    assert!(deep(format!("1{}", "+1".repeat(100_000))).contains("more than 1000 operators"));
    assert!(!said(&format!("let x = 1{}\nprint x", "+1".repeat(900))).contains("error"));
}

/// The deepest expression that is allowed is evaluated on the smallest stack that is in use.
#[test]
fn the_deepest_expressions_fit_a_small_stack() {
    let work = || {
        let found = said(&format!("define f(x) {}f(x){}\nlet y = f(1)", "-(".repeat(90), ")".repeat(90)));
        assert!(found.contains("are nested more than"), "{found}");
        let sum = vec!["1"; 990].join("+");
        let cards = format!(
            ".param p={{{sum}}}\nv1 a 0 1\nr1 a 0 {{p}}\nb1 b 0 v={{{}}}\nr2 b 0 1\n.op",
            sum.replace('1', "v(a)")
        );
        let deck = deck(&cards);
        run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).unwrap();
    };
    // That of the threads that run steps.
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn studies_stop_growing() {
    use ferrospice::studies::inference::study::parse;
    let head = "[network]\nweights = \"w\"\n[device]\ng_min = 1e-6\ng_max = 1e-4\n";
    let values = (0..100).map(|value| format!("{value}.0")).collect::<Vec<_>>().join(", ");
    let axis = format!("{{ parameter = \"array.driver\", values = [{values}] }}");
    let times = vec![axis; 9].join(", ");
    for (lines, wanted) in [
        (format!("[[sweep]]\nparameter = \"array.driver\"\nvalues = [{values}]\ntimes = [{times}]\n"), "variants"),
        ("[run]\nseeds = 9000000000000000000\n".to_string(), "variants"),
    ] {
        let report = parse("study.toml", &format!("{head}{lines}"), Path::new("."), &[]).unwrap_err().to_string();
        assert!(report.contains(wanted) && report.contains("at most 1000000 are possible"), "{report}");
    }
}
