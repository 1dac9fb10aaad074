//! Every deck in `netlists/` passes its checks; those of published figures are run by `tests/reproduction.rs`.

use assert_cmd::Command;

#[test]
fn all_checks_of_all_netlists_pass() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrospice"));
    let folders: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/netlists"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|folder| !["feo", "fe2o3"].contains(&folder.as_str()))
        .map(|folder| format!("netlists/{folder}"))
        .collect();
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("check").args(folders).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for folder in ["basics", "blocks", "convergence", "crossbars", "logic", "memristors", "synapses"] {
        assert!(text.contains(folder), "{folder} is missing: {text}");
    }
}
