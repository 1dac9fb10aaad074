//! `ferrospice compare` and `ferrospice reproduce` as commands: tables, files, errors and exit codes.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

fn call(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_ferrospice")).current_dir(folder.path()).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn folder(decks: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in decks {
        fs::write(folder.path().join(name), format!("{name}\n{text}\n.end\n")).unwrap();
    }
    folder
}

fn ramp(slope: f64, step: f64) -> String {
    format!(
        "V1 a 0 pwl(0 0 1 {slope})\nR1 a 0 1k\n.tran {step} 1\n.measure tran peak max v(a)\n.measure tran energy param={{integral(v(a)*v(a)/1k)}}"
    )
}

#[test]
fn measures_stand_side_by_side() {
    let only = ".measure tran only param={2*peak}";
    let folder = folder(&[("one.cir", &ramp(1.0, 0.1)), ("two.cir", &format!("{}\n{only}", ramp(2.0, 0.07)))]);
    let (code, text, _) = call(&folder, &["compare", "one.cir", "two.cir", "--csv", "t.csv", "--json", "t.json"]);
    assert_eq!(code, 0);
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["measure", "one", "two"]);
    assert_eq!(lines[1], ["peak", "1", "2"]);
    assert_eq!(lines[3], ["only", "-", "4"]);
    let csv = fs::read_to_string(folder.path().join("t.csv")).unwrap();
    assert!(csv.starts_with("measure,one,two\npeak,1e0,2e0\n") && csv.contains("only,,4e0"), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("t.json")).unwrap()).unwrap();
    assert_eq!(json["measures"][2]["values"][0], serde_json::Value::Null);
    assert_eq!(json["decks"][1], "two");
}

#[test]
fn the_difference_of_two_runs_is_exact_on_their_common_grid() {
    // 2t − t on grids that do not match: at most 1 at the end, rms 1/√3.
    let folder = folder(&[("one.cir", &ramp(1.0, 0.1)), ("two.cir", &ramp(2.0, 0.07))]);
    let arguments =
        ["compare", "one.cir", "two.cir", "--difference", "v(a)", "--overlay", "v(a)", "-o", "out", "--json", "d.json"];
    let (code, text, error) = call(&folder, &arguments);
    assert_eq!(code, 0, "{error}");
    assert!(text.contains("difference of v(a): at most 1 at 1 time (s), rms 577.4m"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("d.json")).unwrap()).unwrap();
    let rms = json["differences"][0]["rms"].as_f64().unwrap();
    assert!((rms - 1.0 / 3f64.sqrt()).abs() < 1e-9);
    let page = fs::read_to_string(folder.path().join("out/index.html")).unwrap();
    assert_eq!(page.matches("<svg").count(), 2);
    assert!(folder.path().join("out/figure-2.svg").exists());
}

#[test]
fn decks_of_equal_names_are_told_apart() {
    let folder = folder(&[("one.cir", &ramp(1.0, 0.1))]);
    let (_, text, _) = call(&folder, &["compare", "one.cir", "one.cir"]);
    assert!(text.lines().next().unwrap().contains("one (1)") && text.contains("one (2)"), "{text}");
}

#[test]
fn misuse_and_missing_vectors() {
    let decks = folder(&[("one.cir", &ramp(1.0, 0.1)), ("two.cir", &ramp(2.0, 0.1)), ("bad.cir", "R1 a\n.op")]);
    let code = |arguments: &[&str]| call(&decks, arguments).0;
    assert_eq!(code(&["compare"]), 2);
    assert_eq!(code(&["compare", "one.cir", "--difference", "v(a)"]), 2);
    assert_eq!(code(&["compare", "one.cir", "--overlay", "v(a)"]), 2);
    let (failed, _, error) = call(&decks, &["compare", "one.cir", "two.cir", "--overlay", "v(b)", "-o", "out"]);
    assert_eq!(failed, 1);
    assert!(error.contains("there is no vector, parameter or measure `v(b)`") && error.contains("one.cir"), "{error}");
    assert_eq!(code(&["compare", "one.cir", "bad.cir"]), 1);
    assert_eq!(code(&["compare", "one.cir", "nowhere.cir"]), 1);
    assert!(!Path::new(&decks.path().join("out/index.html")).exists());
}

const TARGET: &str = "V1 a 0 2\nR1 a 0 1k\n.op\n*.check two v(a) ~ 2 abs=1u\n*.check three v(a) ~ 3 abs=1u\n\
                      *.target id=\"X1\" value=\"{v(a)} V\" checks=\"two\"\n*.target id=\"X2\" value=\"{v(a)} V\"";

#[test]
fn reproduce_shows_misses_and_strict_fails_on_them() {
    let folder = folder(&[("x.cir", TARGET)]);
    let (code, text, _) = call(&folder, &["reproduce", "--decks", ".", "-o", "page"]);
    assert_eq!(code, 0);
    assert!(text.contains("X1    pass  2 V") && text.contains("X2    MISS  2 V"), "{text}");
    assert!(text.contains("1 of 2 targets pass."));
    let page = fs::read_to_string(folder.path().join("page/index.html")).unwrap();
    assert!(page.contains("badge miss") && page.contains("badge pass"));
    assert_eq!(call(&folder, &["reproduce", "--decks", ".", "-o", "page", "--strict"]).0, 1);
    assert_eq!(call(&folder, &["reproduce", "x1", "--decks", ".", "-o", "page", "--strict"]).0, 0);
}

#[test]
fn reproduce_says_what_is_not_there() {
    let decks = folder(&[("x.cir", TARGET)]);
    let (code, _, error) = call(&decks, &["reproduce", "X9", "--decks", "."]);
    assert_eq!(code, 1);
    assert!(error.contains("there is no target `X9`") && error.contains("X1 X2"), "{error}");
    let (code, _, error) = call(&decks, &["reproduce"]);
    assert_eq!(code, 1);
    assert!(error.contains("--decks"), "{error}");
    fs::write(decks.path().join("y.cir"), format!("again\n{TARGET}\n.end\n")).unwrap();
    let (code, _, error) = call(&decks, &["reproduce", "--decks", "."]);
    assert_eq!(code, 1);
    assert!(error.contains("two decks or studies have the target `X1`"), "{error}");
    fs::create_dir(decks.path().join("empty")).unwrap();
    let (code, _, error) = call(&decks, &["reproduce", "--decks", "empty"]);
    assert_eq!(code, 1);
    assert!(error.contains("has a .target card"), "{error}");
}
