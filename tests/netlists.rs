//! Every deck in `netlists/` passes its checks.

use assert_cmd::Command;

#[test]
fn all_checks_of_all_netlists_pass() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrospice"));
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["check", "netlists"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for folder in ["basics", "blocks", "logic", "memristors"] {
        assert!(text.contains(folder), "{folder} is missing: {text}");
    }
}
