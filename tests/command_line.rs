//! Every command with its exit code and files.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

const RC: &str =
    "* rc\nv1 in 0 pulse(0 1 0 1n 1n 1 2)\nr1 in out 1k\nc1 out 0 1u\n.tran 10u 5m\n.meas tran peak max v(out)\n";
const GOOD: &str = ".check peak peak ~ 0.9933 abs=1m\n.end\n";
const BAD: &str = ".check peak peak ~ 0.8 abs=1m\n.end\n";
const BROKEN: &str = "* broken\nv1 a 0 1\nr1 a 0 {nope}\n.op\n.end\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Runs the program in `folder`; the arguments are separated by blanks.
fn call(folder: &TempDir, arguments: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrospice"));
    let Output { status, stdout, stderr } =
        // ngspice's start-up file in the user's folder counts.
        command.current_dir(folder.path()).env("HOME", folder.path()).args(arguments.split_whitespace()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn exists(folder: &TempDir, name: &str) -> bool {
    folder.path().join(name).exists()
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn run_writes_every_kind_of_file() {
    let folder = folder(&[("rc.cir", &format!("{RC}{BAD}"))]);
    let (code, out, _) =
        call(&folder, "run rc.cir -q -o made --raw a.raw --csv a.csv --plot a.svg --json a.json --json-vectors");
    assert_eq!(code, 0, "a check that fails does not fail `run`");
    assert!(out.contains("peak                =  9.93") && out.contains("FAIL"), "{out}");
    for name in ["a.raw", "a.csv", "a.svg", "a.json"] {
        assert!(exists(&folder, &format!("made/{name}")), "{name}");
    }
    let json = std::fs::read_to_string(folder.path().join("made/a.json")).unwrap();
    for wanted in ["\"name\": \"peak\"", "\"passed\": false", "\"newton_iterations\"", "\"values\"", "\"v(out)\""] {
        assert!(json.contains(wanted), "{wanted}");
    }
    assert_eq!(call(&folder, "run rc.cir --plot a.pdf").0, 1);
    assert_eq!(call(&folder, "run absent.cir").0, 1);
    assert_eq!(call(&folder, "run").0, 2);
    assert_eq!(call(&folder, "run rc.cir --set r").0, 2);
    assert_eq!(call(&folder, "frobnicate").0, 1);
}

#[test]
fn check_exit_codes_and_reports() {
    let folder = folder(&[
        ("good/a.cir", &format!("{RC}{GOOD}")),
        ("good/deep/b.sp", &format!("{RC}{GOOD}")),
        ("good/no_checks.cir", RC),
        ("good/notes.txt", BAD),
        ("bad.cir", &format!("{RC}{BAD}")),
        ("broken.cir", &format!("{BROKEN}{GOOD}")),
        ("malformed.cir", &format!("{RC}.check peak peak ~ 1\n")),
        ("none/no_checks.cir", RC),
    ]);
    let (code, out, _) = call(&folder, "check good --threads 2");
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("2 checks in 2 decks: 2 passed, 0 failed"), "{out}");
    assert!(out.find("a.cir").unwrap() < out.find("b.sp").unwrap());
    let (code, out, _) = call(&folder, "check good bad.cir --json a.json --junit a.xml");
    assert_eq!(code, 1);
    assert!(out.contains("FAIL") && out.contains("2 passed, 1 failed"), "{out}");
    let junit = std::fs::read_to_string(folder.path().join("a.xml")).unwrap();
    assert!(junit.contains("tests=\"3\" skipped=\"0\" failures=\"1\" errors=\"0\""), "{junit}");
    let json = std::fs::read_to_string(folder.path().join("a.json")).unwrap();
    assert!(json.contains("\"deviation\"") && json.contains("\"passed\": false"));
    let (code, out, error) = call(&folder, "check broken.cir good --junit b.xml");
    assert_eq!(code, 1);
    assert!(error.contains("nope") && out.contains("1 deck could not be run"), "{error}{out}");
    assert!(std::fs::read_to_string(folder.path().join("b.xml")).unwrap().contains("errors=\"1\""));
    let (code, _, error) = call(&folder, "check malformed.cir");
    assert!(code == 1 && error.contains("rel=") && error.contains("malformed.cir:7"), "{error}");
    assert_eq!(call(&folder, "check none").0, 1);
    assert_eq!(call(&folder, "check absent").0, 1);
    assert_eq!(call(&folder, "check").0, 2);
}

#[test]
fn plot_raw_and_csv() {
    let folder = folder(&[("rc.cir", &format!("{RC}.op\n"))]);
    assert_eq!(call(&folder, "run rc.cir -q --raw a.raw --csv a.csv").0, 0);
    assert_eq!(call(&folder, "plot a.raw --vectors v(out) v(in)-v(out) --title Title -o a.svg").0, 0);
    let text = std::fs::read_to_string(folder.path().join("a.svg")).unwrap();
    assert!(text.contains("Title") && text.contains("v(in)-v(out)"));
    assert_eq!(call(&folder, "plot a.csv --x v(in) --vectors v(out) --log-y -o b.png").0, 0);
    assert_eq!(call(&folder, "plot a.raw --plot transient --points -o c.svg").0, 0);
    for wrong in ["--vectors v(nope) -o d.svg", "--plot 9 -o d.svg", "--vectors v( -o d.svg", "-o d.jpg"] {
        let (code, _, error) = call(&folder, &format!("plot a.raw {wrong}"));
        assert!(code == 1 && error.contains("error"), "{wrong}: {error}");
    }
    assert!(!exists(&folder, "d.svg"));
    assert_eq!(call(&folder, "plot absent.raw -o d.svg").0, 1);
    assert_eq!(call(&folder, "plot a.raw").0, 2);
}

#[test]
fn batch_calls() {
    let folder = folder(&[
        ("rc.cir", &format!("{RC}{GOOD}")),
        ("print.cir", &format!("{RC}.print tran v(out)\n.four 200 v(out)\n")),
    ]);
    let (code, out, _) = call(&folder, "-n -D ngbehavior=kiltpsa -b -r out.raw -o out.log rc.cir");
    assert_eq!((code, out.as_str()), (0, ""));
    let log = std::fs::read_to_string(folder.path().join("out.log")).unwrap();
    assert!(
        log.contains("Measurements for Transient Analysis") && log.contains("\npeak                =  9.93"),
        "{log}"
    );
    assert_eq!(call(&folder, "-r second.raw rc.cir").0, 0);
    assert!(exists(&folder, "second.raw"));
    assert_eq!(call(&folder, "-b -D filetype=ascii -r ascii.raw rc.cir").0, 0);
    assert!(std::fs::read_to_string(folder.path().join("ascii.raw")).unwrap().contains("\nValues:\n"));
    let (code, out, _) = call(&folder, "-b print.cir");
    assert_eq!(code, 0);
    assert!(out.contains("Index   time            v(out)") && out.contains("\n1\t"), "{out}");
    assert!(out.contains("Fourier analysis for v(out):"));
    assert_eq!(call(&folder, "-b").0, 2);
}

#[test]
fn the_start_up_file_sets_variables_in_batch_mode() {
    let folder = folder(&[("rc.cir", RC), (".spiceinit", "* of a kit\nset ngbehavior=hsa\nset filetype=ascii\n")]);
    let is_ascii = |arguments: &str| {
        assert_eq!(call(&folder, &format!("{arguments} -r out.raw rc.cir")).0, 0);
        String::from_utf8_lossy(&std::fs::read(folder.path().join("out.raw")).unwrap()).contains("\nValues:\n")
    };
    assert!(is_ascii("-b") && !is_ascii("-b -n") && !is_ascii("--dialect xyce"));
}

#[test]
fn batch_failures_leave_a_log_and_nothing_else() {
    let folder = folder(&[("broken.cir", BROKEN), ("rc.cir", RC), ("kept.raw", "old")]);
    let before = files(folder.path());
    let (code, _, error) = call(&folder, "-b -r out.raw -o out.log broken.cir");
    assert!(code == 1 && error.contains("nope"));
    assert!(std::fs::read_to_string(folder.path().join("out.log")).unwrap().contains("`nope`"));
    assert_eq!(files(folder.path()), before + 1);
    assert_eq!(call(&folder, "-b -r kept.raw broken.cir").0, 1);
    assert_eq!(std::fs::read_to_string(folder.path().join("kept.raw")).unwrap(), "old");
    let (code, _, error) = call(&folder, "-b -r nowhere/out.raw -o second.log rc.cir");
    assert!(code == 1 && error.contains("nowhere"), "{error}");
    assert!(exists(&folder, "second.log"));
    assert_eq!(call(&folder, "-b -o absent.log absent.cir").0, 1);
    assert!(exists(&folder, "absent.log"));
    assert_eq!(call(&folder, "-b -o nowhere/out.log rc.cir").0, 1);
}

#[test]
fn help_shows_examples() {
    let folder = folder(&[]);
    for command in ["", "run", "check", "plot", "train"] {
        let (code, out, _) = call(&folder, &format!("{command} --help"));
        assert!(code == 0 && out.contains("Example"), "{command}: {out}");
    }
}

#[test]
fn several_decks_run_together_and_write_files_of_their_own() {
    let folder = folder(&[("a.cir", RC), ("b.cir", RC), ("bad.cir", BROKEN)]);
    let (code, out, _) = call(&folder, "run a.cir b.cir --csv out.csv -o results --quiet");
    assert_eq!(code, 0);
    assert!(out.find("a.cir:").unwrap() < out.find("b.cir:").unwrap());
    assert!(exists(&folder, "results/a-out.csv") && exists(&folder, "results/b-out.csv"));
    let (code, out, err) = call(&folder, "run bad.cir a.cir --quiet");
    assert_eq!(code, 1);
    assert!(err.contains("nope") && out.contains("peak"), "one broken deck does not stop the other");
}

/// A disk without room, as far as the program can see: no file can grow beyond a kilobyte.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = folder(&[("rc.cir", &format!("{RC}.end\n")), ("a.raw", "old"), ("a.csv", "old"), ("a.svg", "old")]);
    let before = files(folder.path());
    for option in ["--raw a.raw", "--csv a.csv", "--plot a.svg"] {
        let limited = std::process::Command::new("bash")
            .current_dir(folder.path())
            .args([
                "-c",
                "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"",
                env!("CARGO_BIN_EXE_ferrospice"),
                "run",
                "rc.cir",
            ])
            .args(option.split(' '))
            .output()
            .unwrap();
        let message = String::from_utf8(limited.stderr).unwrap();
        assert_eq!(limited.status.code(), Some(1), "{option}: {message}");
        assert!(message.contains("error: cannot write ") && message.contains("too large"), "{option}: {message}");
        assert!(!message.contains(".tmp"), "{option}: {message}");
    }
    for name in ["a.raw", "a.csv", "a.svg"] {
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), "old", "{name}");
    }
    assert_eq!(files(folder.path()), before, "something was left behind");
}

/// A simulation without end, told to stop once some of it is on the disk.
#[cfg(unix)]
#[test]
fn signals_end_a_run_with_what_there_is_by_then() {
    const LONG: &str = "* long\nv1 a 0 sin(0 1 1meg)\nr1 a b 1k\nc1 b 0 1n\n.tran 1n 1000\n.end\n";
    let written = |folder: &TempDir| {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().metadata().unwrap().len());
        files.max().unwrap_or(0)
    };
    for (signal, arguments) in
        [("-INT", "run long.cir -q --raw a.raw --csv a.csv"), ("-TERM", "-b -r a.raw -o a.log long.cir")]
    {
        let folder = folder(&[("long.cir", LONG)]);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ferrospice"));
        let mut child = command
            .current_dir(folder.path())
            .args(arguments.split(' '))
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        while written(&folder) < 1 << 18 {
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("incomplete"));
        let raw = ferrospice::results::raw_reader::read(&folder.path().join("a.raw")).unwrap();
        assert_eq!(raw[0].header.name, "Transient Analysis (incomplete)");
        let time = raw[0].real(0);
        assert!(time.len() > 1000 && time.windows(2).all(|pair| pair[0] < pair[1]) && time[time.len() - 1] < 1000.0);
        if signal == "-INT" {
            let csv = std::fs::read_to_string(folder.path().join("a.csv")).unwrap();
            assert!(csv.ends_with("# incomplete: interrupted here\n"));
            assert_eq!(csv.lines().count(), time.len() + 2);
        }
        assert_eq!(files(folder.path()), 3, "something was left behind");
    }
}

/// As ngspice 39 writes them: its order of analyses, its names and types.
#[test]
fn raw_files_of_batch_mode_are_those_of_ngspice() {
    let deck = "t\nv1 in 0 0.8 ac 1\nvd d 0 3\nr1 d out 1k\nm1 out in 0 0 n w=10u l=1u\nl1 out end 1u\nre end 0 10k\n\
        .model n nmos level=1 vto=0.5 tox=50n\n.save all @m1[id] @m1[gm] @m1[vgs] @m1[cgs] @m1[qgs] @r1[p] @r1[resistance] @l1[i]\n\
        .noise v(out) v1 dec 1 1k 10k\n.tf v(out) v1\n.tran 1n 2n\n.op\n.dc v1 0 1 1\n.dc temp 0 50 25\n.ac dec 1 1k 10k\n.end\n";
    let folder = folder(&[("all.cir", deck)]);
    assert_eq!(call(&folder, "-b -r all.raw all.cir").0, 0);
    let bytes = std::fs::read(folder.path().join("all.raw")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let plots: Vec<&str> = text.split("Plotname: ").skip(1).collect();
    let names: Vec<&str> = plots.iter().map(|plot| plot.lines().next().unwrap()).collect();
    let dc = "DC transfer characteristic";
    let spectra = "Noise Spectral Density Curves";
    let order = [
        "AC Analysis",
        dc,
        dc,
        "Operating Point",
        "Transient Analysis",
        "Transfer Function",
        spectra,
        "Integrated Noise",
    ];
    assert_eq!(names, order);
    assert!(plots[1].contains("\ttemp-sweep\ttemp-sweep\n"), "the last of a kind comes first");
    for vector in [
        "i(@m1[id])\tcurrent",
        "@m1[gm]\tadmittance",
        "v(@m1[vgs])\tvoltage",
        "@m1[cgs]\tcapacitance",
        "@m1[qgs]\tcharge",
        "@r1[p]\tpower",
        "v(@r1[resistance])\tvoltage",
        "i(@l1[i])\tcurrent",
        "i(l1)\tcurrent",
    ] {
        assert!(plots[3].contains(&format!("\t{vector}\n")), "{vector}");
    }
    assert!(plots[5].contains("\tv(Transfer_function)\tvoltage\n"));
    assert!(plots[7].contains("\tv(onoise_total)\tvoltage\n"));
}

#[test]
fn a_run_goes_on_from_its_checkpoint() {
    let folder = folder(&[("rc.cir", &format!("{RC}.end\n"))]);
    let (code, ..) = call(&folder, "run rc.cir -q --csv whole.csv --checkpoint state --checkpoint-every 1m -o out");
    assert_eq!(code, 0);
    assert!(exists(&folder, "out/state"));
    // The file is that of the end: nothing is left to do until a later stop time.
    let (code, _, errors) = call(&folder, "run rc.cir -q --restart out/state");
    assert_eq!(code, 1);
    assert!(errors.contains("later stop time"), "{errors}");
    std::fs::write(folder.path().join("longer.cir"), RC.replace(" 5m", " 8m")).unwrap();
    let (code, text, errors) = call(&folder, "run longer.cir -q --restart out/state --csv rest.csv");
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(text.contains("peak                =  9.99"), "{text}");
    let rest = std::fs::read_to_string(folder.path().join("rest.csv")).unwrap();
    let first: f64 = rest.lines().nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    assert!((first - 5e-3).abs() < 1e-12);
    let (code, _, errors) = call(&folder, "run rc.cir --checkpoint-every 1m");
    assert_eq!(code, 2, "{errors}");
}

#[test]
fn monte_carlo_runs_end_with_a_summary() {
    let deck = "spread\ni1 0 a 1\nr1 a 0 {aunif(1k, 100)}\n.op\n.mc 40\n.measure op r param='v(a)'\n.check low r > 900\n.end\n";
    let folder = folder(&[("spread.cir", deck)]);
    let (code, one, _) = call(&folder, "run spread.cir -q --threads 1 --json one.json");
    assert_eq!(code, 0);
    assert!(one.starts_with("40 runs\nr\n  mean "), "{one}");
    assert!(one.contains("low                  passes in 40 of 40 runs: yield 100.00 %"), "{one}");
    let (_, two, _) = call(&folder, "run spread.cir -q --threads 2");
    assert_eq!(one, two);
    let json = std::fs::read_to_string(folder.path().join("one.json")).unwrap();
    assert!(json.contains("\"sigma\""), "{json}");
}

#[test]
fn tables_of_small_signal_analyses_are_printed() {
    let deck =
        "filter\nv1 in 0 ac 1\nr1 in a 100\nl1 a out 1m\nc1 out 0 10n\n.pz in 0 out 0 vol pol\n.tf v(out) v1\n.end\n";
    let folder = folder(&[("filter.cir", deck)]);
    let (code, text, _) = call(&folder, "run filter.cir -q");
    assert_eq!(code, 0);
    assert!(text.contains("Pole-Zero Analysis\n  pole(1)  -5.000000e4 + "), "{text}");
    assert!(text.contains("Transfer Function\n  transfer_function"), "{text}");
}

/// Header lines of a raw file up to `Binary:`, and the bytes behind.
fn raw_parts(path: &Path) -> (Vec<String>, usize) {
    let bytes = std::fs::read(path).unwrap();
    let mark = b"Binary:\n";
    let at = bytes.windows(mark.len()).position(|window| window == mark).unwrap();
    let lines = std::str::from_utf8(&bytes[..at]).unwrap().lines().map(String::from).collect();
    (lines, bytes.len() - at - mark.len())
}

#[test]
fn raw_files_have_the_layout_that_other_readers_need() {
    // spicelib and the readers of LTspice's files want these keys in this form.
    let ac = RC.replace("v1 in 0", "v1 in 0 ac 1").replace(".tran 10u 5m", ".ac dec 5 1 1k").replace(".meas tran", "*");
    let folder = folder(&[("tran.cir", &format!("{RC}.end\n")), ("ac.cir", &format!("{ac}.end\n"))]);
    for (name, flags, size) in [("tran", "real", 8), ("ac", "complex", 16)] {
        let (code, _, errors) = call(&folder, &format!("-b -r {name}.raw {name}.cir"));
        assert_eq!(code, 0, "{errors}");
        let (lines, length) = raw_parts(&folder.path().join(format!("{name}.raw")));
        let field = |key: &str| {
            let found = lines.iter().filter_map(|line| line.strip_prefix(key)).collect::<Vec<_>>();
            assert_eq!(found.len(), 1, "{key}: {lines:?}");
            found[0].trim().to_string()
        };
        let keys =
            ["Title:", "Date:", "Command:", "Plotname:", "Flags:", "No. Variables:", "No. Points:", "Variables:"];
        let order: Vec<usize> =
            keys.iter().map(|key| lines.iter().position(|line| line.starts_with(key)).unwrap()).collect();
        assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert!(field("Command:").starts_with("ngspice"), "by this spicelib knows whose file it is");
        assert_eq!(field("Flags:"), flags);
        let (variables, points): (usize, usize) =
            (field("No. Variables:").parse().unwrap(), field("No. Points:").parse().unwrap());
        let described = &lines[8..];
        assert_eq!(described.len(), variables);
        for (index, line) in described.iter().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert!(line.starts_with('\t') && words.len() >= 3 && words[0] == index.to_string(), "{line}");
        }
        assert_eq!(length, points * variables * size);
    }
}

#[test]
fn called_as_xyce_is_raw_files_have_its_layout() {
    // PySpice 1.5 reads these keys in this order, and nothing else; currents by `#branch`, the axis of a sweep by `sweep`.
    let dc = RC.replace(".tran 10u 5m", ".dc v1 0 5 0.1").replace(".meas tran", "*");
    let folder = folder(&[("tran.cir", &format!("{RC}.end\n")), ("dc.cir", &format!("{dc}.end\n"))]);
    for (name, axis) in [("tran", "time"), ("dc", "sweep")] {
        let (code, _, errors) = call(&folder, &format!("-r {name}.raw {name}.cir"));
        assert_eq!(code, 0, "{errors}");
        let (lines, _) = raw_parts(&folder.path().join(format!("{name}.raw")));
        let keys: Vec<&str> = lines[..7].iter().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(keys, ["Title", "Date", "Plotname", "Flags", "No. Variables", "No. Points", "Variables"]);
        let names: Vec<&str> = lines[7..].iter().map(|line| line.split_whitespace().nth(1).unwrap()).collect();
        assert_eq!(names, [axis, "IN", "OUT", "V1#branch"]);
    }
}

#[test]
fn scripts_run_and_their_exit_code_counts() {
    let circuit = "* divider\nv1 in 0 1\nr1 in out 1k\nr2 out 0 1k\n.op\n";
    let deck = |commands: &str| format!("{circuit}.control\n{commands}\n.endc\n.end\n");
    let folder = folder(&[
        ("ok.cir", &deck("run\nprint v(out)\nwrite s.raw")),
        ("quit.cir", &deck("op\nquit 4")),
        ("wrong.cir", &deck("op\nprint v(nowhere)")),
        ("settings.cir", &deck("alter r2 = 3k\necho changed")),
    ]);
    let (code, out, errors) = call(&folder, "-b -r all.raw ok.cir");
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(out.contains("v(out) = 5.000000e-01") && exists(&folder, "s.raw") && exists(&folder, "all.raw"), "{out}");
    assert_eq!(call(&folder, "run quit.cir").0, 4);
    assert_eq!(call(&folder, "-b quit.cir").0, 4);
    let (code, _, errors) = call(&folder, "run wrong.cir");
    assert!(code == 1 && errors.contains("wrong.cir:8"), "{errors}");
    // Without a command that runs an analysis the cards are run, on what the script made of the circuit.
    let (code, out, _) = call(&folder, "run -q settings.cir");
    assert!(code == 0 && out.contains("changed") && out.contains("750.000000 mV"), "{out}");
    let (code, _, _) = call(&folder, "-b -o log.txt ok.cir");
    let log = std::fs::read_to_string(folder.path().join("log.txt")).unwrap();
    assert!(code == 0 && log.contains("v(out) = 5.000000e-01"), "{log}");
    // Files go into the folder that is asked for.
    assert_eq!(call(&folder, "run -q -o made ok.cir").0, 0);
    assert!(exists(&folder, "made/s.raw"));
}
