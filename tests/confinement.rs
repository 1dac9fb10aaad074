//! A deck reads and writes what it names and nothing else, and no other program is ever started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

#[test]
fn no_code_starts_another_program() {
    for file in sources(Path::new("src")) {
        let text = fs::read_to_string(&file).unwrap();
        for starter in [
            "process::Command",
            "Command::new",
            "process::{",
            "posix_spawn",
            "execv",
            "fork()",
            "libc::",
            "extern \"C\"",
        ] {
            assert!(!text.contains(starter), "{} has `{starter}`", file.display());
        }
    }
}

/// Files are opened in few places; whoever adds one thinks of [`SourceMap::may_touch_files`] and of half-written files.
///
/// [`SourceMap::may_touch_files`]: ferrospice::diagnostic::SourceMap::may_touch_files
#[test]
fn files_are_opened_in_known_places() {
    const KNOWN: &[&str] = &[
        "src/cli/files.rs",
        "src/cli/infer.rs",
        "src/cli/start_up_file.rs",
        "src/diagnostic.rs",
        "src/netlist/source_text.rs",
        "src/network/idx.rs",
        "src/network/weights.rs",
        "src/results/checkpoint_file.rs",
        "src/results/csv_file.rs",
        "src/results/output_file.rs",
        "src/results/raw_reader.rs",
        "src/studies/deck_files.rs",
        "src/studies/inference/inputs.rs",
        "src/studies/inference/study/file.rs",
        "src/studies/programming/study.rs",
        "src/studies/reproduction.rs",
        "src/studies/script/files.rs",
    ];
    let opens = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().replace("OutputFile::", "");
        [
            "fs::read",
            "fs::write",
            "fs::create",
            "fs::copy",
            "fs::rename",
            "fs::remove",
            "File::open",
            "File::create",
            "File::options",
            "NamedTempFile",
        ]
        .iter()
        .any(|call| code.contains(call))
    };
    let mut found: Vec<String> = sources(Path::new("src"))
        .iter()
        .filter(|file| opens(file))
        .map(|file| file.to_string_lossy().replace('\\', "/"))
        .collect();
    found.sort();
    assert_eq!(found, KNOWN);
}

/// Runs `deck.cir` in `folder/inner`: exit code, output, messages.
fn run(folder: &TempDir, commands: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let inner = folder.path().join("inner");
    fs::create_dir_all(&inner).unwrap();
    let deck = format!("* test\nv1 a 0 1\nr1 a 0 1k\n.control\nop\n{commands}\n.endc\n.end\n");
    fs::write(inner.join("deck.cir"), deck).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrospice"));
    let output = command.current_dir(&inner).args(["run", "deck.cir", "-q"]).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn commands_that_would_start_something_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["shell touch made", "source made.sp", "cd ..", "edit deck.cir"] {
        let (code, _, said) = run(&folder, &format!("{command}\nprint v(a)"), &[]);
        let name = command.split(' ').next().unwrap();
        assert_eq!(code, Some(0), "{command}: {said}");
        assert!(said.contains(&format!("`{name}` is not done: a script runs no other programs and scripts")), "{said}");
    }
    for command in
        ["!touch made", "echo `touch made`", "echo $(touch made)", "set a = `touch made`", "echo x | touch made"]
    {
        run(&folder, command, &[]);
    }
    assert_eq!(names(&folder.path().join("inner")), ["deck.cir"]);
    assert_eq!(names(folder.path()), ["inner"]);
}

#[test]
fn files_are_written_where_they_are_named_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let commands = "write ../above.raw\nwrdata here.data v(a)\nprint v(a) > other.txt\nwrite none/below.raw";
    let (code, _, said) = run(&folder, commands, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error: cannot write `none/below.raw`"), "{said}");
    assert_eq!(names(folder.path()), ["above.raw", "inner"]);
    assert_eq!(names(&folder.path().join("inner")), ["deck.cir", "here.data", "other.txt"]);

    // With `-o` relative names belong to that folder.
    let other = tempfile::tempdir().unwrap();
    let (code, _, said) = run(&other, "write ../above.raw\nwrdata here.data v(a)", &["-o", "out"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(names(other.path()), ["inner"]);
    assert_eq!(names(&other.path().join("inner")), ["above.raw", "deck.cir", "out"]);
    assert_eq!(names(&other.path().join("inner/out")), ["here.data"]);
}
