//! Every output, on a disk without room, in a folder that takes no files, and into what is no ordinary file.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const RC: &str = "* rc\nv1 in 0 pulse(0 1 0 1n 1n 1 2)\nr1 in out 1k\nc1 out 0 1u\n.tran 10u 1m\n";
const SCRIPT: &str = "* script\nv1 a 0 1\nr1 a 0 1k\n.control\nop\n@\n.endc\n.end\n";

/// Arguments, the script's own command if there is one, and the file that is written.
const OUTPUTS: &[(&str, &str, &str)] = &[
    ("run deck.cir -q --raw", "", "old.raw"),
    ("run deck.cir -q --csv", "", "old.csv"),
    ("run deck.cir -q --plot", "", "old.svg"),
    ("run deck.cir -q --plot", "", "old.png"),
    ("run deck.cir -q --json", "", "old.json"),
    ("run state.cir -q --save-state", "", "old.inc"),
    ("run deck.cir -q --checkpoint", "", "old.state"),
    ("run print.cir -q", "", "old.prn"),
    ("run array.cir -q", "", "old.npy"),
    ("run script.cir -q", "write old.raw", "old.raw"),
    ("run script.cir -q", "wrdata old.data v(a)", "old.data"),
    ("run script.cir -q", "print v(a) > old.txt", "old.txt"),
    ("run script.cir -q", "echo more >> old.txt", "old.txt"),
    ("-b deck.cir -r", "", "old.raw"),
    ("-b deck.cir -o", "", "old.log"),
    ("plot waves.csv -o", "", "old.svg"),
    ("check deck.cir --json", "", "old.json"),
    ("check deck.cir --junit", "", "old.xml"),
    ("compare deck.cir deck.cir --csv", "", "old.csv"),
    ("compare deck.cir deck.cir --json", "", "old.json"),
];

fn folder(command: &str, old: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let rc = format!("{RC}.meas tran peak max v(out)\n.check peak peak in [0,1]\n");
    write("deck.cir", &format!("{rc}.end\n"));
    write("state.cir", "* state\nv1 a 0 1\nn1 a 0 m\n.model m hp\n.tran 1m 10m\n.end\n");
    write("print.cir", &format!("{rc}.print tran v(out) file=old.prn\n.end\n"));
    let array =
        "* array\nv1 a 0 1\nax [a] [0] m\n.model m crossbar(g=1u rw=1)\n.op\n.array op g(ax) file=\"old.npy\"\n.end\n";
    write("array.cir", array);
    write("script.cir", &SCRIPT.replace('@', command));
    write("waves.csv", "time,v(a)\n0,0\n1,1\n");
    write(old, "old");
    folder
}

/// The program in `folder`; with `room` no file can grow beyond so many blocks of 1 kB. Exit code and what it says.
fn call(folder: &Path, arguments: &[&str], room: Option<u32>) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_ferrospice");
    let mut command = match room {
        Some(room) => {
            let mut shell = Command::new("bash");
            shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {room}; exec \"$0\" \"$@\""), program]);
            shell
        }
        None => Command::new(program),
    };
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The words of a call; the file is the last, unless a card or command names it.
fn words<'a>(arguments: &'a str, file: &'a str) -> Vec<&'a str> {
    let named = arguments.ends_with("-q");
    arguments.split(' ').chain((!named).then_some(file)).collect()
}

#[test]
fn without_room_there_is_an_error_and_what_was_there_stays() {
    for (arguments, command, file) in OUTPUTS {
        let folder = folder(command, file);
        let before = names(folder.path());
        let (code, said) = call(folder.path(), &words(arguments, file), Some(0));
        let about = format!("{arguments} {command} {file}: {said}");
        assert_eq!(code, Some(1), "{about}");
        assert!(said.contains("error: cannot write ") && said.contains("too large"), "{about}");
        assert!(said.contains(file) || said.contains("results"), "{about}");
        assert!(!said.contains(".tmp"), "{about}");
        assert_eq!(fs::read_to_string(folder.path().join(file)).unwrap(), "old", "{about}");
        assert_eq!(names(folder.path()), before, "{about}");
    }
}

#[test]
fn with_room_every_output_is_written_and_nothing_else() {
    for (arguments, command, file) in OUTPUTS {
        let folder = folder(command, file);
        let before = names(folder.path());
        let (code, said) = call(folder.path(), &words(arguments, file), None);
        assert_eq!(code, Some(0), "{arguments} {command}: {said}");
        assert_ne!(fs::read(folder.path().join(file)).unwrap(), b"old", "{arguments} {command}");
        assert_eq!(names(folder.path()), before, "{arguments} {command}");
    }
}

/// A file in the place of the folder takes no files from anyone, not even from root.
#[test]
fn a_folder_that_takes_no_files_is_an_error() {
    for (arguments, _, file) in OUTPUTS.iter().filter(|(arguments, ..)| !arguments.ends_with("-q")) {
        let folder = folder("", file);
        let before = names(folder.path());
        let place = format!("waves.csv/{file}");
        let (code, said) = call(folder.path(), &words(arguments, &place), None);
        assert_eq!(code, Some(1), "{arguments}: {said}");
        assert!(said.contains("error: cannot write ") && !said.contains(".tmp"), "{arguments}: {said}");
        assert_eq!(names(folder.path()), before, "{arguments}");
    }
    let folder = folder("", "old");
    for arguments in ["run deck.cir -o waves.csv/out --raw a.raw", "compare deck.cir deck.cir -o waves.csv/out"] {
        let (code, said) = call(folder.path(), &arguments.split(' ').collect::<Vec<_>>(), None);
        assert_eq!(code, Some(1), "{arguments}: {said}");
        assert!(said.contains("error: cannot make the folder `waves.csv/out`"), "{arguments}: {said}");
    }
}

/// A pipe is written into, not replaced; so is what a link leads to.
#[test]
fn pipes_and_links_stay_what_they_are() {
    for option in ["--raw", "--csv", "--json"] {
        let folder = folder("", "real");
        assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
        let pipe = folder.path().join("pipe");
        let reader = std::thread::spawn(move || fs::read(pipe).unwrap());
        let (code, said) = call(folder.path(), &["run", "deck.cir", "-q", option, "pipe"], None);
        assert_eq!(code, Some(0), "{option}: {said}");
        assert!(reader.join().unwrap().len() > 100, "{option}");
        assert!(!folder.path().join("pipe").metadata().unwrap().is_file(), "{option}");

        std::os::unix::fs::symlink("real", folder.path().join("link")).unwrap();
        let (code, said) = call(folder.path(), &["run", "deck.cir", "-q", option, "link"], None);
        assert_eq!(code, Some(0), "{option}: {said}");
        assert!(folder.path().join("link").symlink_metadata().unwrap().is_symlink(), "{option}");
        assert!(fs::read(folder.path().join("real")).unwrap().len() > 100, "{option}");
    }
}

/// `/dev/full` is the disk that Linux has for this test.
#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error_and_stays_a_device() {
    for option in ["--raw", "--csv", "--plot", "--json", "--checkpoint"] {
        let folder = folder("", "old");
        // The name decides about the kind of figure.
        std::os::unix::fs::symlink("/dev/full", folder.path().join("full.svg")).unwrap();
        let (code, said) = call(folder.path(), &["run", "deck.cir", "-q", option, "full.svg"], None);
        assert_eq!(code, Some(1), "{option}: {said}");
        assert!(said.contains("error: cannot write ") && said.contains("No space left"), "{option}: {said}");
        assert!(!fs::metadata("/dev/full").unwrap().is_file());
    }
    let folder = folder("", "old");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrospice"));
    let output = command.current_dir(folder.path()).args(["run", "deck.cir", "-q"]).stdout(full).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: cannot write to standard output: No space left"), "{said}");
}
