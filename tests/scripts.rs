//! Command scripts: what they print against ngspice 39 (`tests/scripts/make_outputs.sh` made the outputs), what they do by
//! closed forms, and what is wrong with them by its line.

use std::path::Path;

use ferrospice::circuit::Overrides;
use ferrospice::diagnostic::Report;
use ferrospice::netlist::Deck;
use ferrospice::results::raw_reader;
use ferrospice::studies::script::command_table::COMMANDS;
use ferrospice::studies::script::{Console, ScriptEnd, ScriptSettings, run_script};

/// Everything that a script says.
#[derive(Default)]
struct Transcript {
    text: String,
    reports: String,
}

impl Console for Transcript {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn report(&mut self, report: &Report) {
        self.reports.push_str(&report.render(false));
    }
}

fn run_in(folder: &Path, deck: &Deck) -> (Transcript, ScriptEnd) {
    let mut transcript = Transcript::default();
    let folder = Some(folder.to_path_buf());
    let settings = ScriptSettings { date: &|| "today".into(), folder, ..ScriptSettings::default() };
    let end = run_script(deck, settings, Vec::new(), &mut transcript);
    (transcript, end)
}

/// Runs `commands` on a divider of 1 kΩ and 1 kΩ with 1 µF.
fn script(commands: &str) -> (Transcript, ScriptEnd) {
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), &divider(commands))
}

fn divider(commands: &str) -> Deck {
    let circuit = "divider\nv1 in 0 dc 1 ac 1\nr1 in out 1k\nr2 out 0 1k\nc1 out 0 1u\n";
    let text = format!("{circuit}.control\n{commands}\n.endc\n.end\n");
    Deck::from_text("deck.cir", &text, Path::new(".")).unwrap()
}

/// What is printed, without what ngspice says of its own accord.
fn essential(text: &str) -> Vec<String> {
    const OWN: &[&str] = &[
        "Note:",
        "Circuit:",
        "Doing analysis",
        "No. of Data Rows",
        "Initial Transient",
        "Node ",
        "----  ",
        "Reset re-loads",
        "Date:",
        "--------------------------",
    ];
    let mut lines = Vec::new();
    let mut in_solution = false;
    for line in text.lines() {
        let line = line.trim_end();
        // Node voltages of the transient's operating point, up to two empty lines.
        in_solution = line.starts_with("Initial Transient") || (in_solution && !line.starts_with("No. of Data"));
        let own = OWN.iter().any(|own| line.starts_with(own)) || line.trim().is_empty() || line == "\x0c";
        if !own && !in_solution {
            lines.push(line.to_lowercase());
        }
    }
    lines
}

/// Numbers agree within the relative tolerance, everything else to the letter; dates behind the names of plots do not count.
fn agree(ours: &str, reference: &str, tolerance: f64) -> bool {
    if reference.trim_start().starts_with(char::is_alphabetic) && ours.trim_start().contains("today") {
        return reference.trim_start().starts_with(ours.trim_start().trim_end_matches("today").trim_end());
    }
    let split = |line: &str| -> Vec<String> {
        line.split([' ', '\t', ',']).filter(|word| !word.is_empty()).map(String::from).collect()
    };
    let (ours, reference) = (split(ours), split(reference));
    let word = |(a, b): (&String, &String)| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= tolerance * b.abs() + 1e-12,
        _ => a == b,
    };
    ours.len() == reference.len() && ours.iter().zip(&reference).all(word)
}

fn compare(name: &str, tolerance: f64) {
    let path = Path::new("tests/scripts").join(name);
    let deck = Deck::read(&path.with_extension("cir")).unwrap_or_else(|report| panic!("{report}"));
    let folder = tempfile::tempdir().unwrap();
    let (transcript, _) = run_in(folder.path(), &deck);
    assert_eq!(transcript.reports, "", "{name}");
    let reference = essential(&std::fs::read_to_string(path.with_extension("out")).unwrap());
    let ours = essential(&transcript.text);
    for (index, (ours, reference)) in ours.iter().zip(&reference).enumerate() {
        assert!(agree(ours, reference, tolerance), "{name}, line {index}:\n{ours}\nngspice:\n{reference}");
    }
    assert_eq!(ours.len(), reference.len(), "{name}: {:?}", ours.last());
}

#[test]
fn vectors_and_tables_are_those_of_ngspice() {
    compare("arithmetic", 2e-6);
}

#[test]
fn loops_and_choices_are_those_of_ngspice() {
    compare("control_flow", 2e-6);
}

#[test]
fn cards_measures_and_resampling_are_those_of_ngspice() {
    compare("transient", 1e-3);
}

#[test]
fn spectra_and_rows_are_those_of_ngspice() {
    compare("spectrum", 1e-4);
}

#[test]
fn raw_files_are_loaded_as_plots() {
    let (transcript, end) = script("op\nlet twice = 2*v(out)\nwrite a.raw twice\ndestroy all\nload a.raw\nprint twice");
    assert!(transcript.text.contains("twice = 1.000000e+00"), "{}", transcript.text);
    assert!(!end.failed, "{}", transcript.reports);
    assert!(script("load none.raw").1.failed);
}

#[test]
fn the_exit_code_is_that_of_quit() {
    assert_eq!(script("quit 7").1.exit_code, Some(7));
    assert_eq!(script("if 1\nquit\nend\nop").1.exit_code, Some(0));
    assert_eq!(script("op").1.exit_code, None);
}

#[test]
fn alterations_change_what_analyses_find_until_reset() {
    let commands =
        "op\nprint v(out)\nalter r2 = 3k\nop\nprint v(out)\nalter v1 dc = 2\nop\nprint v(out)\nreset\nop\nprint v(out)";
    let (transcript, end) = script(commands);
    let values: Vec<&str> = transcript.text.lines().filter(|line| line.starts_with("v(out)")).collect();
    let expected = ["5.000000e-01", "7.500000e-01", "1.500000e+00", "5.000000e-01"];
    assert_eq!(values, expected.map(|value| format!("v(out) = {value}")));
    assert!(!end.failed && transcript.reports.is_empty());
}

#[test]
fn options_of_commands_are_their_variables() {
    let (transcript, _) = script("op\noption numdgt=12\nprint v(out)");
    assert!(transcript.text.contains("v(out) = 5.000000000000e-01"), "{} {}", transcript.text, transcript.reports);
}

#[test]
fn what_was_altered_is_known_before_the_next_analysis() {
    let (transcript, _) = script("op\nprint @r2[resistance]\nalter r2 = 3k\nprint @r2[resistance] @r2[m] @r2[temp]");
    for line in [
        "@r2[resistance] = 1.000000e+03",
        "@r2[resistance] = 3.000000e+03",
        "@r2[m] = 1.000000e+00",
        "@r2[temp] = 2.700000e+01",
    ] {
        assert!(transcript.text.contains(line), "{line}: {} {}", transcript.text, transcript.reports);
    }
}

#[test]
fn constants_of_the_deck_are_vectors_of_the_script() {
    let text = "title\n.param t={2*3}\n.csparam stop={t*1m} two = 2\nv1 a 0 1\nr1 a 0 1\n.control\nprint stop two\n.endc\n.end\n";
    let deck = Deck::from_text("deck.cir", text, Path::new(".")).unwrap();
    let (transcript, _) = run_in(Path::new("."), &deck);
    assert_eq!(transcript.text, "stop = 6.000000e-03\ntwo = 2.000000e+00\n", "{}", transcript.reports);
}

#[test]
fn quantities_are_curves_where_they_were_saved() {
    let (transcript, _) = script(
        "tran 1u 1m\nprint length(@r1[i]) @r1[i]\nsave all @r1[i]\ntran 1u 1m\nlet n = length(@r1[i])\nif n gt 100\necho many\nend",
    );
    // At rest both resistors carry half a milliampere.
    for line in ["length(@r1[i]) = 1.000000e+00", "@r1[i] = 5.000000e-04", "many"] {
        assert!(transcript.text.contains(line), "{line}: {} {}", transcript.text, transcript.reports);
    }
}

#[test]
fn a_waveform_can_be_altered() {
    let (transcript, _) = script("alter @v1[sin] = [ 0 2 1k ]\ntran 1u 1m\nlet top = vecmax(v(in))\nprint top");
    let line = transcript.text.lines().find(|line| line.starts_with("top = ")).unwrap();
    let top: f64 = line["top = ".len()..].parse().unwrap();
    assert!((top - 2.0).abs() < 1e-3, "{top}");
}

#[test]
fn files_hold_what_the_script_names() {
    let folder = tempfile::tempdir().unwrap();
    let commands = "ac dec 1 10 1k\nlet twice = 2*v(out)\nwrite all.raw\nset filetype=ascii\nwrite two.raw v(out) mag(v(out))\n\
        wrdata columns.txt v(out)\nwrdata plain v(out)\nset wr_singlescale wr_vecnames\nwrdata named.txt mag(v(out)) ph(v(out))\n\
        echo first > notes.txt\necho second >> notes.txt";
    let (transcript, end) = run_in(folder.path(), &divider(commands));
    assert!(!end.failed, "{}", transcript.reports);
    let read = |name: &str| raw_reader::read(&folder.path().join(name)).unwrap().remove(0);
    let all = read("all.raw");
    let names: Vec<&str> = all.header.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["frequency", "v(in)", "v(out)", "twice", "i(v1)"]);
    let two = read("two.raw");
    assert_eq!(two.header.columns.len(), 3);
    // |v(out)| = 1/|2 + jωRC|
    for (point, magnitude) in two.axis().iter().zip(two.real(2)) {
        let expected = 1.0 / 2f64.hypot(std::f64::consts::TAU * point * 1e-3);
        assert!((magnitude - expected).abs() < 1e-9);
    }
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(text("columns.txt").lines().count(), 3);
    assert_eq!(text("plain"), text("columns.txt"));
    assert!(text("columns.txt").lines().all(|line| line.split_whitespace().count() == 3));
    assert!(text("columns.txt").starts_with(" 1.00000000e+01  4.99"));
    let named = text("named.txt");
    let head: Vec<&str> = named.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(head, ["frequency", "mag(v(out))", "ph(v(out))"]);
    assert_eq!(text("notes.txt"), "first\nsecond\n");
    // Nothing is left of temporary files.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 6);
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_and_the_old_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (transcript, end) = run_in(folder.path(), &divider("op\nwrite absent/all.raw\nprint v(out)"));
    assert!(end.failed && transcript.reports.contains("absent/all.raw"), "{}", transcript.reports);
    assert!(transcript.text.contains("v(out) = 5.000000e-01"), "the script goes on");
}

#[test]
fn what_is_wrong_is_shown_with_its_line() {
    let cases = [
        ("op\nprint v(uot)", "there is no vector `v(uot)`", "deck.cir:8"),
        ("op\nlet x = 1 +", "expected an expression", "deck.cir:8"),
        ("op\nprint sqr(2)", "there is no function `sqr`", "deck.cir:8"),
        ("tran 0 -1", "the end must be greater than 0", "deck.cir:7"),
        ("alter r9 = 1", "no device `r9`", "deck.cir:7"),
        ("altermod dd is = 1", "no model `dd`", "deck.cir:7"),
        ("echo $nothing", "there is no variable `nothing`", "deck.cir:7"),
        ("plot v(out)\nplot v(in)", "`plot` draws nothing", "deck.cir:7"),
        ("frobnicate 1", "`frobnicate` is not supported", "deck.cir:7"),
        ("setplot tran7", "there is no plot `tran7`", "deck.cir:7"),
        ("foreach\nend", "expected `foreach name value", "deck.cir:7"),
        ("meas tran x max v(out)", "no analysis has been run", "deck.cir:7"),
    ];
    for (commands, message, place) in cases {
        let (transcript, _) = script(commands);
        let reports = &transcript.reports;
        assert!(reports.contains(message) && reports.contains(place), "{commands}:\n{reports}");
        assert_eq!(reports.matches(message).count(), 1, "{commands}:\n{reports}");
    }
}

#[test]
fn blocks_must_be_closed() {
    for (commands, message) in [
        ("if 1\necho x", "this `if` has no `end`"),
        ("end", "`end` without"),
        ("else", "`else` without `if`"),
        ("while 1\nelse\nend", "`else` without `if`"),
    ] {
        let report = ferrospice::circuit::elaborate(&divider(commands), &Overrides::default()).unwrap_err();
        assert!(report.to_string().contains(message), "{commands}: {report}");
    }
}

#[test]
fn loops_end_when_the_run_is_interrupted() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let watch = |_| count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 100;
    let settings = ScriptSettings { watch: &watch, ..ScriptSettings::default() };
    let deck = divider("while 1\nlet x = 1\nend");
    let end = run_script(&deck, settings, Vec::new(), &mut Transcript::default());
    assert!(end.interrupted);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    /// Whatever stands between `.control` and `.endc`, there is an answer.
    #[test]
    fn no_script_breaks_the_program(words in proptest::collection::vec(0..WORDS.len(), 0..40)) {
        let text: String = words.into_iter().map(|word| WORDS[word]).collect::<Vec<_>>().join(" ").replace(" \n ", "\n");
        let deck = divider(&text);
        if ferrospice::circuit::elaborate(&deck, &Overrides::default()).is_ok() {
            let count = std::sync::atomic::AtomicUsize::new(0);
            let watch = |_| count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 200;
            let folder = tempfile::tempdir().unwrap();
            let folder = Some(folder.path().to_path_buf());
            let settings = ScriptSettings { folder, ascii: true, watch: &watch, ..ScriptSettings::default() };
            run_script(&deck, settings, Vec::new(), &mut Transcript::default());
        }
    }
}

const WORDS: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\n",
    "op",
    "print",
    "let",
    "set",
    "echo",
    "alter",
    "if",
    "else",
    "end",
    "end",
    "while",
    "repeat",
    "foreach",
    "break",
    "continue",
    "write f.raw",
    "wrdata f",
    "setplot",
    "display",
    "define f(a)",
    "meas",
    "x",
    "y",
    "v(out)",
    "v(a",
    "i(v1)",
    "$x",
    "$&y",
    "$#x",
    "$?x[1]",
    "{$x}",
    "=",
    "==",
    "[",
    "]",
    "[1,2]",
    "(",
    ")",
    "1",
    "2k",
    "-",
    "+",
    "*",
    "/",
    "^",
    ",",
    "?",
    ":",
    "<",
    ">",
    "&",
    "|",
    "~",
    "'",
    "\"",
    "é",
    "µ(1)",
    "vdb(é)",
    "all",
    "@r1[i]",
    "const.pi",
    "op1.v(out)",
    "vector(3)",
    "length(",
    "mean(v(out))",
    "j(",
    "destroy",
    "unlet y",
    "save all",
    "altermod",
    "reset",
    ";",
    "$ ",
    "\\",
    "tran 1u 5u",
    "linearize",
    "quit",
];

#[test]
fn what_stands_on_cards_is_shown() {
    let (transcript, _) = script("alter r2 = 3k\nshow r2\nshow c1 : ic\nshow q\nshowmod");
    let words: Vec<&str> = transcript.text.split_whitespace().collect();
    let start = words.iter().position(|word| *word == "device").unwrap();
    assert_eq!(words[start..start + 4], ["device", "r2", "value", "3000"]);
    assert_eq!(words[start + 4..start + 6], ["device", "c1"]);
    assert_eq!(words[start + 6..], ["No", "matching", "instances", "No", "matching", "models"]);
}

#[test]
fn currents_of_sources_are_quantities_of_theirs() {
    let commands = "op\nprint @v1[i] @v1[p]\ntran 1u 10u\nlet most = vecmax(-@v1[i])\nprint most";
    let (transcript, _) = script(commands);
    assert_eq!(transcript.reports, "");
    assert!(transcript.text.contains("@v1[i] = -5.00000e-04\n@v1[p] = -5.00000e-04\n"), "{}", transcript.text);
    assert!(transcript.text.contains("most = 5.000000e-04\n"), "{}", transcript.text);
}

#[test]
fn nodes_with_numbers_are_printed_as_voltages() {
    let text = "t\nv1 1 0 3\nr1 1 2 1k\nr2 2 0 2k\n.control\nop\nprint all\nprint 2\n.endc\n.end\n";
    let folder = tempfile::tempdir().unwrap();
    let (transcript, _) = run_in(folder.path(), &Deck::from_text("deck.cir", text, Path::new(".")).unwrap());
    assert_eq!(transcript.text.matches("v(2) = 2.000000e+00\n").count(), 1, "{}", transcript.text);
    assert!(transcript.text.contains("v(1) = 3.000000e+00\n"), "{}", transcript.text);
}

#[test]
fn slopes_are_of_parabolas_at_the_ends_as_well() {
    // Of x³ as ngspice 39 has them.
    let (transcript, _) =
        script("compose x values 0 1 2 3 4 5 6\nlet y = x^3\nsetscale x\nlet b = deriv(y)\nprint line b");
    assert!(transcript.text.contains("-2.00000e+00"), "{}", transcript.text);
    assert!(transcript.text.contains("1.060000e+02"), "{}", transcript.text);
}

#[test]
fn a_loop_variable_made_before_all_analyses_lasts_over_them() {
    // The loop of ngspice's manual: r2 at 1 kΩ, 2 kΩ and 3 kΩ beside r1 of 1 kΩ.
    let commands = "let value = 1k\nlet stop = 3k\nwhile value le stop\nalter r2 = value\nop\nprint v(out)\nlet value = value + 1k\nend\n\
        let list = vector(3)\nprint value const.value";
    let (transcript, _) = script(commands);
    assert_eq!(transcript.reports, "");
    for wanted in ["5.000000e-01", "6.666667e-01", "7.500000e-01"] {
        assert_eq!(transcript.text.matches(&format!("v(out) = {wanted}\n")).count(), 1, "{}", transcript.text);
    }
    assert!(transcript.text.ends_with("value = 4.000000e+03\nconst.value = 4.000000e+03\n"), "{}", transcript.text);
}

#[test]
fn a_reset_takes_options_back() {
    // r1 has 2 kΩ at 127 °C and 1.5 kΩ at 77 °C, as ngspice 39 has it before and after.
    let commands = "alter r1 tc1 = 0.01\nset temp=127\nop\nprint v(out)\nreset\nop\nprint v(out)\nalter r1 tc1 = 0.01\n\
        option temp=77\nsave v(out)\nop\nprint v(out)\nreset\nop\nprint all";
    let (transcript, _) = script(commands);
    assert_eq!(transcript.reports, "");
    let voltages: Vec<&str> = transcript.text.lines().filter_map(|line| line.strip_prefix("v(out) = ")).collect();
    assert_eq!(voltages, ["3.333333e-01", "5.000000e-01", "4.000000e-01"], "{}", transcript.text);
    assert!(transcript.text.ends_with("out = 5.000000e-01\n"), "{}", transcript.text);
}

/// An RC circuit that is paused, changed and resumed follows its exponentials; points are counted as in ngspice.
#[test]
fn analyses_pause_and_go_on() {
    let circuit = "rc\nv1 in 0 dc 1\nr1 in out 1k\nc1 out 0 1u ic=0\n";
    let commands = "stop when time = 1m\nstatus\ntran 10u 5m uic 10u\nlet first = v(out)[length(time)-1]\nprint first time[length(time)-1]\n\
        alter v1 dc = 3\ndelete all\nresume\nprint v(out)[length(time)-1] time[length(time)-1]\nsetplot\n\
        stop after 10\nstop when v(out) > 2.5 when time > 1m\ntran 10u 5m uic\nprint length(time)\nstep 5\nprint length(time)\n\
        resume\nlet high = v(out)[length(time)-1] > 2.5 and v(out)[length(time)-2] <= 2.5\nprint high\nresume\nresume\ndelete all\nresume\nprint time[length(time)-1]\nresume";
    let commands = commands.replace(" 10u\nlet", "\nlet");
    let text = format!("{circuit}.control\n{commands}\n.endc\n.end\n");
    let folder = tempfile::tempdir().unwrap();
    let (transcript, _) = run_in(folder.path(), &Deck::from_text("deck.cir", &text, Path::new(".")).unwrap());
    let numbers: Vec<(String, f64)> = transcript
        .text
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .filter_map(|(name, number)| Some((name.to_string(), number.parse().ok()?)))
        .collect();
    let expected =
        [1.0 - (-1.0f64).exp(), 1e-3, 3.0 - (2.0 + (-1.0f64).exp()) * (-4.0f64).exp(), 5e-3, 10.0, 15.0, 1.0, 5e-3];
    assert_eq!(numbers.len(), expected.len(), "{}\n{}", transcript.text, transcript.reports);
    for ((name, found), expected) in numbers.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-3 * expected, "{name}: {found} {expected}");
    }
    assert!(transcript.text.contains("1    stop when time = 1m"), "{}", transcript.text);
    assert!(transcript.reports.contains("no analysis is paused"), "{}", transcript.reports);
    // The parts are one plot.
    assert!(transcript.text.contains("tran1") && !transcript.text.contains("tran2"), "{}", transcript.text);
}

#[test]
fn scripts_jump_to_labels() {
    let (transcript, _) =
        script("let n = 0\nlabel again\nlet n = n + 1\nif n < 3\ngoto again\nend\necho $&n\ngoto nowhere\necho end");
    assert_eq!(transcript.text, "3\nend\n");
    assert!(transcript.reports.contains("no label `nowhere`"), "{}", transcript.reports);
    let (transcript, _) = script("shell ls\nrspice x\ntrace v(out)");
    assert_eq!(transcript.text, "");
    for name in ["shell", "rspice", "trace"] {
        assert!(transcript.reports.contains(&format!("`{name}`")), "{}", transcript.reports);
    }
}

/// As ngspice 39 writes them, for a pad of 20 Ω, 10 pF and 10 nH between 50 Ω and 100 Ω.
#[test]
fn scattering_parameters_go_to_a_file_of_touchstone() {
    let circuit =
        "sp\nv1 in 0 dc 0 ac 1 portnum 1 z0 50\nv2 out 0 portnum 2 z0 100\nr1 in m 20\nc1 m 0 10p\nl1 m out 10n\n";
    let commands = "sp lin 3 1meg 100meg\nlet Rbase = 50\nwrs2p pad.s2p";
    let text = format!("{circuit}.control\n{commands}\n.endc\n.end\n");
    let folder = tempfile::tempdir().unwrap();
    let (transcript, _) = run_in(folder.path(), &Deck::from_text("deck.cir", &text, Path::new(".")).unwrap());
    let file =
        std::fs::read_to_string(folder.path().join("pad.s2p")).unwrap_or_else(|_| panic!("{}", transcript.reports));
    let lines: Vec<&str> = file.lines().filter(|line| !line.starts_with('!')).collect();
    assert_eq!(lines[0], "# Hz S RI R 50");
    assert_eq!(
        lines[3].split_whitespace().collect::<Vec<&str>>().join(" "),
        "1.000000e+08 3.696701e-01 -1.862513e-01 7.755721e-01 -2.331100e-01 7.755721e-01 -2.331100e-01 -2.418198e-01 -1.527413e-01"
    );
}

#[test]
fn a_script_without_its_end_goes_on_to_the_end_of_the_deck() {
    let text = "t\nv1 a 0 2\nr1 a 0 1k\n.control\nop\nprint v(a)\n.end\nr2 b 0 1\n";
    let deck = Deck::from_text("deck.cir", text, Path::new(".")).unwrap();
    let (transcript, end) = run_in(tempfile::tempdir().unwrap().path(), &deck);
    assert!(transcript.text.contains("v(a) = 2.000000e+00"), "{}", transcript.text);
    assert!(!end.failed, "{}", transcript.reports);
}

#[test]
fn the_current_plot_can_be_set() {
    let (transcript, end) = script("tran 1u 10u\nop\nset curplot = tran1\nprint length(time) > 5\nprint v(out)[0]");
    assert!(!end.failed, "{}", transcript.reports);
    assert!(script("op\nset curplot = tran9").1.failed);
}

#[test]
fn braces_around_expressions_are_dropped() {
    // As ngspice has it, so that they do not group.
    let (transcript, end) = script("op\nlet a = {2*v(out)}\nlet b = 2*{1+a}\nprint a b");
    assert!(!end.failed, "{}", transcript.reports);
    assert!(transcript.text.contains("a = 1.000000e+00\nb = 3.000000e+00"), "{}", transcript.text);
}

#[test]
fn measures_of_a_script_know_its_vectors() {
    let (transcript, end) =
        script("tran 1u 1m uic\nlet half = 0.5m\nmeas tran there find time at=half\nprint there/half");
    assert!(!end.failed, "{}", transcript.reports);
    assert!(transcript.text.contains("there/half = 1.000000e+00"), "{}", transcript.text);
    // A parameter that is handed on to the script is a vector of it, too.
    let text = "t\n.csparam place={2m}\nv1 a 0 sin(0 1 1k)\nr1 a 0 1\n.control\ntran 1u 3m\nmeas tran y find v(a) at=place\nprint y\n.endc\n";
    let deck = Deck::from_text("deck.cir", text, Path::new(".")).unwrap();
    let (_, end) = run_in(tempfile::tempdir().unwrap().path(), &deck);
    assert!(!end.failed);
}

#[test]
fn tables_of_harmonics_can_go_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = "t\nv1 a 0 sin(0 1 1k)\nr1 a 0 1\n.control\ntran 1u 2m\nfourier 1k v(a) > harmonics.txt\n.endc\n";
    let deck = Deck::from_text("deck.cir", text, Path::new(".")).unwrap();
    let (transcript, end) = run_in(folder.path(), &deck);
    assert!(!end.failed, "{}", transcript.reports);
    let table = std::fs::read_to_string(folder.path().join("harmonics.txt")).unwrap();
    assert!(table.contains("Fourier analysis for v(a)") && !transcript.text.contains("Fourier"), "{table}");
}

#[test]
fn names_are_those_of_one_command() {
    let names: Vec<&str> = COMMANDS.iter().flat_map(|command| command.names.iter().copied()).collect();
    for (index, name) in names.iter().enumerate() {
        assert!(!names[..index].contains(name), "{name}");
    }
}
