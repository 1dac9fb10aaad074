//! Runs of a stepped deck as points: `steps` measures and checks, figures, targets, and the reductions that go with them.

mod common;

use common::{failure, run};
use ferrospice::circuit::Overrides;
use ferrospice::studies::deck_run::DeckRun;
use ferrospice::studies::reproduction::{self, Status};
use tempfile::TempDir;

fn measured(run: &DeckRun, name: &str) -> f64 {
    let across = run.across.as_ref().expect("steps");
    let found = across.measures.iter().find(|measure| &*measure.name == name);
    found.unwrap_or_else(|| panic!("no measure {name}")).value().unwrap_or_else(|error| panic!("{name}: {error}"))
}

const DIVIDER: &str = ".param r=1k\n.step param r list 1k 2k 4k\nV1 a 0 pwl(0 0 1 1)\nR1 a b 1k\nR2 b 0 {r}\n\
                       .tran 0.1 1\n.measure tran part find v(b) at=1\n";

#[test]
fn a_measure_of_every_run_is_a_curve_over_the_stepped_quantity() {
    let run = run(&format!(
        "{DIVIDER}*.measure steps slope param={{fit_slope(r, 1/part)}}\n*.measure steps most param={{argmax(part)}}\n\
         *.measure steps chosen param={{first(where(part, r==2k))}}\n*.check steps rises increasing(part) > 0\n\
         *.check steps wrong max(part) < 0.5"
    ));
    let across = run.across.as_ref().unwrap();
    assert_eq!(across.plot.column("r"), Some(0));
    assert_eq!(across.plot.real(0), [1e3, 2e3, 4e3]);
    // 1/part = 1 + 1k/r is no line in r, but its ends are known.
    assert!((measured(&run, "chosen") - 2.0 / 3.0).abs() < 1e-9);
    assert_eq!(measured(&run, "most"), 4e3);
    assert!(measured(&run, "slope") < 0.0);
    let passed: Vec<(&str, bool)> = across.checks.iter().map(|check| (check.name.as_str(), check.passed)).collect();
    assert_eq!(passed, [("rises", true), ("wrong", false)]);
    assert!(run.runs.iter().all(|run| run.checks.is_empty() && run.measures.len() == 1));
}

#[test]
fn several_steps_have_the_number_of_the_run_as_axis() {
    let run = run(&format!("{DIVIDER}.param k=1\n.step param k list 1 2\n*.measure steps n param={{length(part)}}"));
    let plot = &run.across.as_ref().unwrap().plot;
    let names: Vec<&str> = plot.header.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["step", "r", "k", "part"]);
    assert_eq!(plot.real(1), [1e3, 1e3, 2e3, 2e3, 4e3, 4e3]);
    assert_eq!(plot.real(2), [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
    assert_eq!(measured(&run, "n"), 6.0);
}

#[test]
fn a_measure_that_fails_in_one_run_fails_every_check_on_all() {
    let run = run(&format!(
        "{DIVIDER}.measure tran crossed when v(b)=0.6\n*.check steps all min(crossed) > 0\n*.check steps one max(crossed) > 0"
    ));
    assert!(run.across.unwrap().checks.iter().all(|check| !check.passed));
}

#[test]
fn steps_without_step_cards_fail_and_say_so() {
    let run = run("V1 a 0 1\nR1 a 0 1\n.op\n*.check steps never 1 > 0");
    let check = &run.across.unwrap().checks[0];
    // Even what needs no vector is not true of no runs.
    assert_eq!((check.passed, check.reason.as_deref()), (false, Some("the deck has no .step")));
}

#[test]
fn samples_of_a_curve() {
    let run = run("V1 a 0 pwl(0 0 1 10)\nR1 a 0 1\n.tran 0.01 1\n.func squared(y) {y*y}\n.func ramp() {v(a)}\n\
         .measure tran third param={at(sample(v(a), 0.1, 0.2, 4), 2)}\n\
         .measure tran line param={fit_slope(axis(sample(v(a), 0.1, 0.2, 4)), sample(v(a), 0.1, 0.2, 4))}\n\
         .measure tran f param={max(squared(ramp()))}\n\
         .measure tran outside param={last(sample(v(a), 0.1, 0.2, 9))}\n\
         .measure tran spread param={sample_std(sample(v(a), 0.1, 0.2, 3))}\n\
         .measure tran none param={max(where(v(a), v(a) > 99))}\n\
         .measure tran wrong param={squared(1, 2)}\n.func loop(x) {loop(x)}\n.measure tran endless param={loop(1)}");
    let value = |name: &str| {
        run.runs[0]
            .measures
            .iter()
            .find(|measure| &*measure.name == name)
            .unwrap()
            .value()
            .map_err(|error| error.clone())
    };
    assert!((value("third").unwrap() - 5.0).abs() < 1e-9);
    assert!((value("line").unwrap() - 2.0).abs() < 1e-9);
    assert!((value("f").unwrap() - 100.0).abs() < 1e-9);
    assert!((value("spread").unwrap() - 2.0).abs() < 1e-9);
    assert!(value("outside").unwrap_err().contains("outside of"));
    assert!(value("none").unwrap_err().contains("no point fulfils"));
    assert!(value("wrong").unwrap_err().contains("takes 1 arguments, not 2"));
    assert!(value("endless").unwrap_err().contains("without end"));
}

#[test]
fn malformed_cards_are_pointed_at() {
    let base = "V1 a 0 1\nR1 a 0 1\n.op\n.check fine v(a) > 0\n";
    for (card, message) in [
        ("*.target figure=\"1\" value=\"x\"", "a target needs `id=`"),
        ("*.target id=\"X1\"", "a target needs `value=`"),
        ("*.target id=\"X1\" value=\"{1+}\"", "expected"),
        ("*.target id=\"X1\" value=\"{1\"", "without a `}`"),
        ("*.target id=\"X1\" value=\"1\" colour=\"red\"", "`colour` is nothing that a target has"),
        ("*.target id=\"X1\" value=\"1\" checks=\"fin\"", "the deck has no check `fin`"),
        ("*.target id=\"X1\" value=\"1\"\n*.target id=\"X1\" value=\"1\"", "there are two targets called `X1`"),
        ("*.figure tran title=\"x\"", "expected `curve y={…}`"),
        ("*.figure tran curve x={v(a)}", "expected `y={…}`"),
        ("*.figure tran curve y={v(a)} fit=spline", "expected `line` or `exp`"),
        ("*.figure tran colour", "expected `title=`"),
    ] {
        let report = failure(&format!("{base}{card}"));
        assert!(report.contains(message) && report.contains("test.cir:"), "{card}: {report}");
    }
}

/// Runs the only deck of a folder as a target.
fn target(text: &str) -> Vec<reproduction::Target> {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("x.cir"), format!("title\n{text}\n.end\n")).unwrap();
    let decks = reproduction::find(folder.path()).unwrap();
    decks.iter().flat_map(|deck| reproduction::run(deck, &Overrides::default())).collect()
}

#[test]
fn a_target_passes_by_its_own_checks() {
    let targets = target(&format!(
        "{DIVIDER}*.check steps low max(part) < 0.9\n*.check steps high max(part) > 0.9\n\
         *.target id=\"X2\" value=\"{{max(part)}} of {{1/3}}\" checks=\"high\"\n*.target id=\"X1\" value=\"{{min(part)}}\"\n\
         *.figure steps xlabel=\"R\" ylabel=\"part\" logx curve x={{r}} y={{part}} points fit=line\n\
         *.figure tran xlabel=\"t\" ylabel=\"V\" curve y={{v(b)}}"
    ));
    let found: Vec<(&str, Status, &str)> =
        targets.iter().map(|target| (target.id.as_str(), target.status, target.value.as_str())).collect();
    assert_eq!(found, [("X2", Status::Miss, "0.8 of 0.3333"), ("X1", Status::Pass, "0.5")]);
    assert!(targets.iter().all(|target| target.figures.len() == 2));
    assert!(targets[0].figures[1].contains("r=4000"));
}

#[test]
fn a_target_without_checks_or_with_a_deck_that_fails_is_a_miss() {
    let unchecked = target("V1 a 0 1\nR1 a 0 1\n.op\n*.target id=\"X1\" value=\"{v(a)} V\"");
    assert_eq!((unchecked[0].status, unchecked[0].value.as_str()), (Status::Miss, "1 V"));
    let broken = target("V1 a 0 1\nV2 a 0 2\n.op\n*.check c v(a) > 0\n*.target id=\"X1\" value=\"{v(a)} V\"");
    assert_eq!(broken[0].status, Status::Miss);
    assert!(broken[0].value.starts_with("the deck could not be run: "), "{}", broken[0].value);
}

#[test]
fn ids_are_ordered_as_people_do() {
    let mut ids = vec!["B1", "A10+", "A2", "A10", "A1"];
    ids.sort_by_key(|id| reproduction::order(id));
    assert_eq!(ids, ["A1", "A2", "A10", "A10+", "B1"]);
    assert!(reproduction::find(std::path::Path::new("nowhere")).is_err());
}
