//! Who watches a run can end it at any time, also while an operating point is sought; what there is by then is kept and marked.

mod common;

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferrospice::analysis::output::{Output, PlotKind, Point};
use ferrospice::analysis::{self, Progress};
use ferrospice::circuit::Overrides;
use ferrospice::mna::{Statistics, System};
use ferrospice::results::csv_file::CsvWriter;
use ferrospice::results::raw_writer::RawWriter;
use ferrospice::results::{Sink, raw_reader};
use ferrospice::studies::deck_run::{DeckRun, Keep, run_deck};

/// Too few iterations for Newton's method alone: gmin stepping, source stepping and pseudo-transient take their turns.
const HARD: &str = "v1 in 0 5\nr1 in a 10\nd1 a b dm\nd2 b c dm\nd3 c 0 dm\nq1 in a e qm\nre e 0 100\nd4 e f dm\nrf f 0 1\n\
    .model dm d(is=1e-15)\n.model qm npn(is=1e-15 bf=200)\n.options itl1=5 itl2=5\n";

/// The run that is asked to end at the question with this number, and how many questions there were.
fn stopped(deck: &str, at: usize, sinks: &mut [&mut dyn Sink]) -> (Result<DeckRun, String>, usize) {
    let asked = AtomicUsize::new(0);
    let watch = |_: Progress| asked.fetch_add(1, Ordering::Relaxed) < at;
    let run = run_deck(&common::deck(deck), &Overrides::default(), sinks, Keep::Plots, &watch);
    (run.map_err(|report| report.to_string()), asked.into_inner())
}

#[test]
fn every_analysis_ends_while_it_seeks_its_operating_point() {
    for analysis in [
        ".op",
        ".dc v1 1 5 1",
        ".ac dec 2 1 1k",
        ".tran 1u 10u",
        ".tf v(f) v1",
        ".noise v(f) v1 dec 2 1 1k",
        ".sens v(f)",
        ".pz in 0 f 0 vol pz",
        ".dc temp 0 50 25",
    ] {
        let deck = format!("{}{analysis}", HARD.replace("v1 in 0 5", "v1 in 0 5 ac 1"));
        let (whole, questions) = stopped(&deck, usize::MAX, &mut []);
        // That there is no solution within so few iterations is possible; that nobody is asked before is not.
        assert!(questions > 5, "{analysis}: {questions} questions, {whole:?}");
        for at in 0..questions.min(12) {
            let (run, asked) = stopped(&deck, at, &mut []);
            let run = run.unwrap_or_else(|report| panic!("{analysis} at {at}: {report}"));
            assert!(run.interrupted, "{analysis} at {at}");
            assert!(asked <= at + 4, "{analysis} went on for {} questions", asked - at);
        }
    }
}

#[test]
fn what_is_written_then_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let (raw_file, csv_file) = (folder.path().join("a.raw"), folder.path().join("a.csv"));
    for (analysis, name) in
        [(".op", "Operating Point"), (".tran 1u 10u", "Transient Analysis"), (".ac dec 2 1 1k", "AC Analysis")]
    {
        let mut raw = RawWriter::create(&raw_file, false, String::new()).unwrap();
        let mut csv = CsvWriter::new(&csv_file);
        let (run, _) = stopped(&format!("{HARD}v9 z 0 ac 1\n{analysis}"), 2, &mut [&mut raw, &mut csv]);
        assert!(run.unwrap().interrupted);
        raw.finish().unwrap();
        csv.finish().unwrap();
        let plots = raw_reader::read(&raw_file).unwrap();
        assert_eq!(plots[0].header.name, format!("{name} (incomplete)"));
        assert_eq!((plots.len(), plots[0].len()), (1, 0));
        let text = std::fs::read_to_string(&csv_file).unwrap();
        assert!(text.ends_with("# incomplete: interrupted here\n") && text.lines().count() == 2, "{text}");
    }
}

/// An analysis before it records anything (`tstart`) is asked too.
#[test]
fn a_transient_ends_before_its_first_recorded_point() {
    let deck = "v1 a 0 sin(0 1 1k)\nr1 a b 1k\nc1 b 0 1u\n.tran 1u 1000 999";
    let (run, asked) = stopped(deck, 50, &mut []);
    let run = run.unwrap();
    assert!(run.interrupted && asked < 60);
    assert_eq!(run.runs[0].plots[0].len(), 0);
}

/// Asks for an end once, and is then not asked again.
#[test]
fn an_interruption_is_no_failure() {
    struct Once(Cell<usize>);

    impl Output for Once {
        fn begin(&mut self, _kind: &PlotKind, _system: &System) {}

        fn point(&mut self, _point: &Point) -> bool {
            panic!("there is no point")
        }

        fn end(&mut self, _statistics: &Statistics) {}

        fn goes_on(&mut self) -> bool {
            self.0.set(self.0.get() + 1);
            self.0.get() < 4
        }
    }

    let circuit = common::circuit(&format!("{HARD}.op"));
    let mut output = Once(Cell::new(0));
    analysis::run(&circuit, &circuit.analyses[0].analysis, &mut output).unwrap();
    assert_eq!(output.0.get(), 4);
}
