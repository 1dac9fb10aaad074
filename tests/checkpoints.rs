//! A transient analysis that goes on from a checkpoint gives the waveforms of one that was never interrupted.

use std::path::Path;

use ferrospice::circuit::Overrides;
use ferrospice::circuit::options::Restart;
use ferrospice::results::plot::Plot;
use ferrospice::studies::deck_run::{Keep, run_deck};

mod common;

fn run(text: &str, restart: Option<Restart>) -> Result<Plot, String> {
    let overrides = Overrides { restart, ..Overrides::default() };
    let run = run_deck(&common::deck(text), &overrides, &mut [], Keep::Plots, &|_| true);
    let mut run = run.map_err(|report| report.render(false))?;
    Ok(run.runs.remove(0).plots.pop().unwrap())
}

fn writing(file: &Path, every: f64) -> Option<Restart> {
    let file = Some(file.to_string_lossy().into_owned());
    Some(Restart { file, intervals: vec![(0.0, every)], ..Restart::default() })
}

fn reading(file: &Path) -> Option<Restart> {
    Some(Restart { from: Some(file.to_string_lossy().into_owned()), ..Restart::default() })
}

/// Runs `circuit` to `stop` at once, and to `middle` and on from there; the points after `middle` must be the same.
fn goes_on(circuit: &str, step: &str, middle: &str, stop: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    // The first run stops in the middle by Ctrl-C, so that both runs have the same stop time, which steps depend on.
    let deck = format!("{circuit}\n.tran {step} {stop}");
    let middle = ferrospice::netlist::number::parse_number(middle).unwrap();
    let whole = run(&deck, None).unwrap();
    let overrides = Overrides { restart: writing(&file, 1e9), ..Overrides::default() };
    let watch = |progress: ferrospice::analysis::Progress| progress.time.is_none_or(|time| time < middle);
    let first = run_deck(&common::deck(&deck), &overrides, &mut [], Keep::Plots, &watch).unwrap();
    assert!(first.interrupted);
    let first = first.runs[0].plots[0].clone();
    let second = run(&deck, reading(&file)).unwrap();
    let (axis, again) = (whole.axis(), second.axis());
    assert!(again[0] >= middle && again[0] < 1.2 * middle, "{}", again[0]);
    // Where both runs step alike, until roundings that differ have grown to another step.
    const ALIKE: usize = 200;
    let from = first.len() - 1;
    for (index, column) in whole.header.columns.iter().enumerate() {
        let (whole, second) = (whole.real(index), second.real(index));
        let largest = whole.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        for (a, b) in whole[from..].iter().zip(&second).take(ALIKE) {
            assert!((a - b).abs() <= 1e-9 * largest, "{}: {b} instead of {a}\n{circuit}", column.name);
        }
        // The rest is the same waveform.
        for (time, value) in again.iter().zip(&second).skip(ALIKE) {
            let expected = ferrospice::results::reduction::value_at(&axis, &whole, *time).unwrap();
            let close = (expected - value).abs() <= 2e-3 * largest;
            assert!(close, "{} at {time}: {value} instead of {expected}\n{circuit}", column.name);
        }
    }
}

#[test]
fn circuits_with_charges_fluxes_and_junctions() {
    goes_on(
        "v1 a 0 sin(0 5 1k)\nr1 a b 100\nl1 b c 1m\nd1 c d di\nc1 d 0 1u\nr2 d 0 1k\n.model di d(is=1e-14 tt=10n cjo=10p)",
        "1u",
        "1.3m",
        "4m",
    );
    goes_on(
        "v1 a 0 pulse(0 1 0 1u 1u 50u 100u)\nr1 a b 1k\nc1 b 0 20n\n.options method=gear maxord=5",
        "1u",
        "130u",
        "400u",
    );
    goes_on("v1 a 0 pulse(0 1 0 1u 1u 50u 100u)\nr1 a b 1k\nc1 b 0 20n\n.options method=trbdf2", "1u", "130u", "400u");
}

#[test]
fn memristors_switches_and_random_sources() {
    let memristor = ".model m vteam(ron=1k roff=100k x0=1n voff=0.3 von=-0.3 koff=1e-6 kon=-1e-6)\n\
        v1 a 0 sin(0 1 1k)\nn1 a b m\nr1 b 0 100";
    goes_on(memristor, "2u", "1.1m", "3m");
    let switch =
        "v1 a 0 sin(0 1 1k)\ns1 a b a 0 sw\nr1 b 0 1k\nc1 b 0 10n\n.model sw sw(vt=0.3 vh=0.1 ron=10 roff=1meg)";
    goes_on(switch, "2u", "1.4m", "3m");
    goes_on("v1 a 0 trnoise(0.1 5u 0 0)\nr1 a b 1k\nc1 b 0 10n", "2u", "203u", "600u");
}

#[test]
fn lines_and_blocks_that_remember() {
    goes_on(
        "v1 a 0 pulse(0 1 0 1n 1n 8n 40n)\nr1 a b 30\nt1 b 0 c 0 z0=50 td=7n\nr2 c 0 200\nc1 c 0 5p",
        "0.2n",
        "50n",
        "150n",
    );
    goes_on(
        "v1 a 0 pulse(0 1 0 4n 4n 12n 40n)\nr1 a b 30\no1 b 0 c 0 m\nr2 c d 200\no2 d 0 e 0 n\nc1 e 0 5p\n\
         .model m ltra(r=20 l=250n c=100p len=1.4)\n.model n ltra(r=1k c=20p len=0.5)",
        "0.2n",
        "50n",
        "100n",
    );
    let blocks = "v1 in 0 spikes(rate=20k count=30)\na1 in out k1\n\
        .model k1 kernel(points=[0 0 5u 1 60u 0] rise=1u)\nr1 out b 1k\nc1 b 0 10n\n\
        a2 in 0 fire lev p1\n.model p1 counter_neuron(count=3)\nr2 fire 0 1k\nr3 lev 0 1k\n\
        a3 fire x y z sw\n.model sw refractory_switch(hold=30u)\nvx x 0 1\nr4 y 0 1k\nr5 z 0 1k\n\
        a4 b spike n1\n.model n1 lif_neuron(c=10p gin=1u gleak=0.05u threshold=0.2)\nr6 spike 0 1k";
    goes_on(blocks, "1u", "420u", "1m");
}

#[test]
fn a_later_stop_time_lengthens_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let circuit = "v1 a 0 sin(0 1 1k)\nr1 a b 1k\nc1 b 0 100n\n.options reltol=1e-5\n";
    run(&format!("{circuit}.tran 1u 2m"), writing(&file, 1e9)).unwrap();
    let longer = run(&format!("{circuit}.tran 1u 4m"), reading(&file)).unwrap();
    let whole = run(&format!("{circuit}.tran 1u 4m"), None).unwrap();
    assert!((longer.axis()[0] - 2e-3).abs() < 1e-12);
    let [a, b] = [&whole, &longer].map(|plot| common::last(plot, "v(b)"));
    assert!((a - b).abs() < 1e-4, "{a} {b}");
}

#[test]
fn files_of_xyce_have_the_job_and_the_time() {
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("Job").to_string_lossy().into_owned();
    let circuit = "v1 a 0 sin(0 1 1k)\nr1 a b 1k\nc1 b 0 100n\n";
    let whole =
        run(&format!("{circuit}.tran 1u 1m 0 10u\n.options restart pack=0 job=\"{job}\" initial_interval=0.25m"), None)
            .unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() == 3 || names.len() == 4, "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("Job")), "{names:?}");
    let second = names.iter().find(|name| name.starts_with("Job0.0005") || name.starts_with("Job0.0005")).unwrap();
    let time = second.strip_prefix("Job").unwrap();
    for card in [format!("file=\"{job}{time}\""), format!("job=\"{job}\" start_time={time}")] {
        let plot = run(&format!("{circuit}.tran 1u 1m 0 10u\n.options restart {card}"), None).unwrap();
        assert!((common::last(&plot, "v(b)") - common::last(&whole, "v(b)")).abs() < 1e-12);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let circuit = "v1 a 0 sin(0 1 1k)\nr1 a b 1k\nc1 b 0 100n\n";
    run(&format!("{circuit}.tran 1u 1m"), writing(&file, 1e9)).unwrap();
    let other = run(&format!("{circuit}r2 b c 1k\nr3 c 0 1k\n.tran 1u 2m"), reading(&file)).unwrap_err();
    assert!(other.contains("belongs to another circuit"), "{other}");
    let over = run(&format!("{circuit}.tran 1u 1m"), reading(&file)).unwrap_err();
    assert!(over.contains("later stop time"), "{over}");
    std::fs::write(&file, "no checkpoint").unwrap();
    let damaged = run(&format!("{circuit}.tran 1u 2m"), reading(&file)).unwrap_err();
    assert!(damaged.contains("is no checkpoint"), "{damaged}");
    let missing = run(&format!("{circuit}.tran 1u 2m"), reading(&folder.path().join("nowhere"))).unwrap_err();
    assert!(missing.contains("cannot read"), "{missing}");
    let several =
        run(&format!("{circuit}.tran 1u 1m\n.step param x list 1 2\n.param x=1"), writing(&file, 1e-4)).unwrap_err();
    assert!(several.contains("single run"), "{several}");
}
