//! A memristor's state can be given, saved and restored.

mod common;

use assert_cmd::Command;
use common::{failure, last, plot, vector};

const MODEL: &str = ".model hp linear_ion_drift(window=joglekar p=2)";

#[test]
fn a_state_is_given_on_the_element_the_model_or_an_ic_card() {
    for (card, expected) in [("N1 a 0 hp x0=0.4", 0.4), ("N1 a 0 hp", 0.1), ("N1 a 0 hp x0=0.4\n.ic x(n1)=0.7", 0.7)] {
        let plot = plot(&format!("V1 a 0 0\n{card}\n{MODEL}\n.op"));
        assert!((last(&plot, "x(n1)") - expected).abs() < 1e-12, "{card}");
    }
    assert!(failure(&format!("V1 a 0 0\nN1 a 0 hp\n.ic x(n2)=0.7\n{MODEL}\n.op")).contains("did you mean `n1`"));
}

#[test]
fn two_runs_joined_by_a_saved_state_equal_one_long_run() {
    let folder = tempfile::tempdir().unwrap();
    let deck = |name: &str, source: &str, more: &str| {
        let path = folder.path().join(name);
        let text =
            format!("{name}\n{source}\nN1 a 0 hp x0=0.2\n{MODEL}\n{more}\n.options reltol=1e-6\n.tran 1m 1\n.end\n");
        std::fs::write(&path, text).unwrap();
        path
    };
    let run = |arguments: &[&std::ffi::OsStr]| {
        Command::cargo_bin("ferrospice").unwrap().arg("run").args(arguments).assert().success();
    };
    let [first, second, whole] = [
        deck("first.cir", "V1 a 0 1", ""),
        deck("second.cir", "V1 a 0 1", ".include \"state.inc\""),
        deck("whole.cir", "V1 a 0 1", ""),
    ];
    let state = folder.path().join("state.inc");
    run(&[first.as_os_str(), "--save-state".as_ref(), state.as_os_str()]);
    let csv = folder.path().join("second.csv");
    run(&[second.as_os_str(), "--csv".as_ref(), csv.as_os_str()]);
    let end: f64 =
        std::fs::read_to_string(csv).unwrap().lines().last().unwrap().rsplit(',').next().unwrap().parse().unwrap();
    let text = std::fs::read_to_string(whole).unwrap().replace(".tran 1m 1", ".tran 1m 2");
    let body = text.split_once('\n').unwrap().1.replace(".end\n", "");
    let long = plot(&body);
    let expected = *vector(&long, "x(n1)").last().unwrap();
    assert!((end - expected).abs() < 1e-5, "{end} instead of {expected}");
}

/// Every state is shown once, under its own name: the gap as x, the temperature as t.
#[test]
fn states_have_names_of_their_own() {
    let plot = common::plot(
        "V1 a 0 sin(0 1 1k)\nN7 a 0 s\nN8 a 0 h\nB1 b 0 v=x(n8)\nR1 b 0 1\n.model s stanford_rram\n.model h hp\n.tran 10u 1m",
    );
    let names: Vec<&str> = plot.header.columns.iter().map(|column| column.name.as_str()).collect();
    for name in ["x(n7)", "t(n7)", "x(n8)"] {
        assert_eq!(names.iter().filter(|other| **other == name).count(), 1, "{names:?}");
    }
}
