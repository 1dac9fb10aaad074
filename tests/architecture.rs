//! The layout is a promise: folders use only what comes before them, only the command line prints, files stay readable.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every folder (or file) of `src` and what it may use, in the order that data flows.
const MAY_USE: &[(&str, &[&str])] = &[
    ("diagnostic", &[]),
    ("reference", &[]),
    ("numerics", &[]),
    ("arrays", &["diagnostic", "numerics"]),
    ("network", &["diagnostic", "numerics"]),
    ("netlist", &["diagnostic", "reference"]),
    ("circuit", &["diagnostic", "reference", "netlist", "numerics"]),
    ("waveforms", &["diagnostic", "reference", "netlist", "circuit", "numerics"]),
    ("devices", &["diagnostic", "reference", "netlist", "circuit", "waveforms", "numerics", "arrays"]),
    ("mna", &["diagnostic", "circuit", "devices", "numerics"]),
    ("analysis", &["diagnostic", "circuit", "devices", "mna", "numerics"]),
    ("results", &["diagnostic", "reference", "netlist", "circuit", "devices", "mna", "analysis", "numerics"]),
    (
        "studies",
        &[
            "diagnostic",
            "reference",
            "netlist",
            "circuit",
            "devices",
            "mna",
            "analysis",
            "results",
            "numerics",
            "arrays",
            "network",
        ],
    ),
    ("manual", &["reference", "netlist", "circuit", "waveforms", "devices", "results", "studies"]),
    (
        "cli",
        &[
            "diagnostic",
            "netlist",
            "circuit",
            "devices",
            "waveforms",
            "mna",
            "analysis",
            "results",
            "studies",
            "network",
            "manual",
        ],
    ),
];

/// What of `devices` the later stages may name: what all devices share, never one of them.
const SHARED_BY_DEVICES: &[&str] =
    &["adjustable", "array_view", "assembly", "cells", "device", "group", "noise", "registry"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Name of the top-level module that `file` belongs to.
fn module(file: &Path) -> String {
    let inside = file.strip_prefix("src").unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_string()
}

/// Code without comments and without unit tests (they stand at the end of a file).
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Paths that follow `crate::`, as `module::next`.
fn uses(code: &str) -> BTreeSet<(String, String)> {
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    code.match_indices("crate::")
        .map(|(at, found)| {
            let rest = &code[at + found.len()..];
            let first = word(rest);
            let next = rest[first.len()..].strip_prefix("::").map(word).unwrap_or_default();
            (first, next)
        })
        .collect()
}

#[test]
fn folders_use_only_earlier_stages() {
    let mut wrong = Vec::new();
    for file in sources(Path::new("src")) {
        let module = module(&file);
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let (_, allowed) = MAY_USE
            .iter()
            .find(|(name, _)| *name == module)
            .unwrap_or_else(|| panic!("`{module}` is not in the list: where does it stand in the flow of data?"));
        for (used, _) in uses(&code(&file)) {
            // Macros of the crate are named without a folder.
            let is_module = MAY_USE.iter().any(|(name, _)| *name == used);
            if is_module && used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses crate::{used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "against the flow of data:\n{}", wrong.join("\n"));
}

#[test]
fn later_stages_name_no_device() {
    let mut wrong = Vec::new();
    for file in sources(Path::new("src")) {
        if !matches!(module(&file).as_str(), "mna" | "analysis" | "results" | "studies") {
            continue;
        }
        for (used, next) in uses(&code(&file)) {
            if used == "devices" && !SHARED_BY_DEVICES.contains(&next.as_str()) {
                wrong.push(format!("{} names crate::devices::{next}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    for file in sources(Path::new("src")) {
        if module(&file) == "cli" {
            continue;
        }
        let code = code(&file);
        for printer in ["println!", "print!(", "eprintln!", "eprint!(", "stdout()", "stderr()", "dbg!"] {
            assert!(!code.contains(printer), "{} uses {printer}", file.display());
        }
    }
}

#[test]
fn files_stay_below_six_hundred_lines() {
    let long: Vec<String> = sources(Path::new("src"))
        .into_iter()
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .filter(|(lines, _)| *lines > 600)
        .map(|(lines, file)| format!("{}: {lines}", file.display()))
        .collect();
    assert!(long.is_empty(), "is there a second noun in them?\n{}", long.join("\n"));
}
