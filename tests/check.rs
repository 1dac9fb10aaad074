//! `.check`: every form passes and fails.

use std::path::Path;

use ferrospice::circuit::Overrides;
use ferrospice::netlist::Deck;
use ferrospice::results::check::CheckResult;
use ferrospice::studies::deck_run::{Keep, run_deck};

const STEP: &str = "rc\n.param tau=1m\nv1 in 0 pulse(0 1 0 1n 1n 20m 40m) ac 1\nr1 in out 1k\nc1 out 0 {tau/1k}\n\
    .options reltol=1e-6\n.tran 5u 5m\n.measure tran rise trig v(out) val=0.1 rise=1 targ v(out) val=0.9 rise=1\n\
    .measure tran never when v(out)=5\n";

fn run(deck: &str, folder: &Path) -> Result<Vec<CheckResult>, String> {
    let name = folder.join("deck.cir");
    let deck = Deck::from_text(&name.display().to_string(), deck, folder).map_err(|report| report.to_string())?;
    let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Nothing, &|_| true);
    Ok(run.map_err(|report| report.to_string())?.runs.into_iter().flat_map(|step| step.checks).collect())
}

fn check(base: &str, claim: &str) -> CheckResult {
    let mut checks = run(&format!("{base}.check {claim}\n.end\n"), Path::new(".")).unwrap();
    assert_eq!(checks.len(), 1);
    checks.remove(0)
}

/// Each with a claim that holds and one that does not.
const FORMS: &[(&str, &str)] = &[
    ("a max(v(out)) in [0.99, 1]", "a max(v(out)) in [0.995, 1]"),
    ("a max(v(out)) in [0.99, {tau*1k}]", "a max(v(out)) in [0, 0.99]"),
    ("a rise ~ {ln(9)*tau} rel=0.1%", "a rise ~ {ln(8)*tau} rel=0.1%"),
    ("a rise ~ {ln(9)*tau} rel=1e-3 abs=1n", "a rise ~ {ln(9)*tau} abs=1f"),
    ("a at(v(out), tau) ~ 0.632 abs=1m", "a at(v(out), tau) ~ 0.632 abs=0.01m"),
    ("a rise < 2.2m", "a rise < 2.19m"),
    ("a rise <= 2.2m", "a rise <= 2.19m"),
    ("a rise > 2.19m", "a rise > 2.2m"),
    ("a rise >= 2.19m", "a rise >= 2.2m"),
    ("tran a rise < 2.2m", "tran a rise < 2.19m"),
    ("a tran rise < 2.2m", "ac a rise < 2.2m"),
    ("a curve v(out) ~ {1-exp(-time/tau)} rel=0.1%", "a curve v(out) ~ {1-exp(-time/tau/1.01)} rel=0.1%"),
    ("a curve v(out) ~ {1-exp(-time/tau)} abs=1m from=1m to=2m", "a curve v(out) ~ 0.8 abs=1m from=1m to=2m"),
    ("a curve v(in) ~ 1 abs=1u from=1u to=5m", "a curve v(in) ~ 1 abs=1u from=0 to=5m"),
    ("a curve v(out) ~ {v(in)-v(in,out)} abs=1n", "a curve v(out) ~ {v(in)} abs=1n"),
    ("a increasing(v(out)) > 0.5", "a decreasing(v(out)) > 0.5"),
];

#[test]
fn every_form_can_hold_and_fail() {
    for (right, wrong) in FORMS {
        let result = check(STEP, right);
        assert!(result.passed, "{result:?}");
        assert!(result.reason.is_none() && result.simulated.is_some());
        let result = check(STEP, wrong);
        assert!(!result.passed, "{result:?}");
        assert!(result.reason.is_some() || result.deviation.unwrap() > result.tolerance.unwrap_or(0.0), "{result:?}");
    }
}

#[test]
fn nothing_passes_by_accident() {
    let cases = [
        ("a never ~ 1 rel=1000", "`never` failed"),
        ("a v(nowhere) < 1", "`v(nowhere)`"),
        ("a v(out) < 5", "curve"),
        ("a max(window(v(out), 2m, 1m)) < 5", "empty"),
        ("a max(window(v(out), 1m, 9m)) < 5", "beyond"),
        ("a curve v(out) ~ {v(out)} abs=1 from=2m to=2m", "nothing to compare"),
        ("a curve v(out) ~ {v(out)} abs=1 from=2m to=6m", "beyond"),
        ("a curve v(out) ~ {sqrt(v(out)-2)} abs=1000", ""),
        ("a sqrt(-max(v(out))) ~ 0 abs=1000", "not a number"),
        ("a max(v(out)) ~ {sqrt(-1)} abs=1000", ""),
        ("a max(v(out)) ~ 5 rel=-1", "no tolerance"),
        ("a max(v(out)) ~ 5 rel={1/0}", "no tolerance"),
        ("a max(v(out)) in [2, 0]", "no interval"),
        ("a sqrt(-max(v(out))) > -1", "not a number"),
        ("a crossing(v(out), 0.5, 2) > 0", "crossed 1 times"),
        ("dc a max(v(out)) > 0", "no .dc analysis"),
        ("a fit_slope(window(time,1m,2m), v(out)) > 0", ""),
    ];
    for (claim, reason) in cases {
        let result = check(STEP, claim);
        assert!(!result.passed, "{claim}: {result:?}");
        assert!(result.reason.clone().unwrap_or_default().contains(reason), "{claim}: {result:?}");
    }
}

#[test]
fn several_analyses() {
    let base = format!("{STEP}.ac dec 100 1 100k\n.op\n");
    assert!(check(&base, "ac a max(vm(out)) ~ 1 rel=1%").passed);
    assert!(check(&base, "op a v(out) ~ 0 abs=1m").passed);
    // A number in only one of them.
    assert!(check(&base, "a max(v(out)) > 0.9").passed);
    let result = check(&base, "a max(vm(out)) > 0");
    assert!(!result.passed && result.reason.unwrap().contains("both"));
    let curve = "ac a curve vm(out) ~ {1/sqrt(1+(2*pi*frequency*tau)^2)} rel=1e-6";
    assert!(check(&base, curve).passed);
    assert!(!check(&base, &curve.replace("2*pi", "6.2")).passed);
}

#[test]
fn reference_files() {
    let folder = tempfile::tempdir().unwrap();
    let curve = |tau: f64| -> String {
        let row = |index: i32| {
            let time = f64::from(index) * 2e-5;
            format!("{time:e},0,{:e}\n", 1.0 - (-time / tau).exp())
        };
        "time,v(other),v(out)\n".to_string() + &(0..=200).map(row).collect::<String>()
    };
    std::fs::write(folder.path().join("right.csv"), curve(1e-3)).unwrap();
    std::fs::write(folder.path().join("wrong.csv"), curve(1.1e-3)).unwrap();
    std::fs::write(folder.path().join("far.csv"), "time,v(out)\n1,2\n3,4\n").unwrap();
    std::fs::write(folder.path().join("Odd.csv"), "time,v(out)\n1,x\n").unwrap();
    let one =
        |claim: &str| run(&format!("{STEP}.check a curve v(out) ~ file {claim}\n"), folder.path()).unwrap().remove(0);
    assert!(one("\"right.csv\" rel=0.1%").passed);
    assert!(one("\"right.csv\" rel=0.1% column=v(out) from=0 to=1m").passed);
    assert!(!one("\"wrong.csv\" rel=0.1%").passed);
    assert!(!one("\"right.csv\" rel=0.1% column=v(other)").passed);
    let reason = |claim: &str| one(claim).reason.unwrap();
    assert!(reason("\"right.csv\" rel=0.1% column=nope").contains("no column"));
    assert!(reason("\"right.csv\" rel=0.1% from=0 to=5m").contains("beyond"));
    assert!(reason("\"far.csv\" abs=100").contains("nothing to compare"));
    assert!(reason("\"absent.csv\" abs=100").contains("cannot read"));
    assert!(reason("\"Odd.csv\" abs=100").contains("no number"));
}

#[test]
fn steps_are_checked_one_by_one() {
    let deck = "divider\n.param r=1k\nv1 a 0 1\nr1 a b {r}\nr2 b 0 1k\n.op\n.step param r list 1k 3k\n\
        .check half v(b) ~ 0.5 abs=1u\n.check law v(b) ~ {1k/(1k+r)} rel=1e-6\n";
    let passed: Vec<bool> = run(deck, Path::new(".")).unwrap().iter().map(|check| check.passed).collect();
    assert_eq!(passed, [true, true, false, true]);
}

#[test]
fn malformed_cards() {
    let cards = ".check\n.check a\n.check a v(out)\n.check a max(v(out)) = 1\n.check a max(v(out)) == 1\n\
        .check a max(v(out)) ~ 1\n.check a max(v(out)) ~ 1 rle=1\n.check a max(v(out)) in 1, 2\n\
        .check a max(v(out)) in [1, 2\n.check a 0 < max(v(out)) < 1\n.check a curve v(out)\n.check a curve v(out) ~ {1}\n\
        .check a curve v(out) ~ file\n.check a curve v(out) ~ {1} column=x rel=1\n.check a max(v(out)) ~ 1 rel=1 extra\n\
        .check b max(v(out) < 1\n.check c rise < 1\n.check c rise < 2\n";
    insta::assert_snapshot!("malformed_checks", run(&format!("{STEP}{cards}"), Path::new("")).unwrap_err());
}
