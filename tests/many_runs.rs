//! A program that uses the library for days: memory does not grow from run to run.
#![cfg(target_os = "linux")]

use ferrospice::circuit::Overrides;
use ferrospice::diagnostic::Report;
use ferrospice::netlist::Deck;
use ferrospice::netlist::limits::Limits;
use ferrospice::studies::deck_run::{Keep, run_deck};
use ferrospice::studies::script::{Console, ScriptSettings, run_script};

const DECKS: &[&str] = &[
    "v1 a 0 sin(0 1 1k)\nr1 a b 1k\nc1 b 0 1u\n.tran 10u 2m\n.meas tran peak max v(b)\n.four 1k v(b)",
    "v1 a 0 1 ac 1\nd1 a b dm\nr1 b 0 1k\n.model dm d(is=1e-14 cjo=1p)\n.op\n.ac dec 5 1 1meg\n.noise v(b) v1 dec 2 1 1k\n.dc v1 0 1 0.1",
    "v1 a 0 spikes(rate=10k count=5)\nn1 a 0 m\n.model m vteam(k_on=-1 k_off=1 v_on=-0.5 v_off=0.5)\n.tran 1u 500u",
    "v1 a 0 1\nax [a a a] [0 0] m\n.model m crossbar(g=1u rw=1)\n.op",
    ".param p=1\nv1 a 0 1\nr1 a 0 {p}\n.step param p 1 8 1\n.op\n.meas op i find i(v1) at=0",
    ".subckt s a b\nr1 a b 1k\nb1 b 0 i={v(a)*1u}\n.ends\nx1 a b s\nx2 b c s\nv1 a 0 1\nr1 c 0 1\n.op",
    "v1 a 0 1\nr1 a 0 {nowhere}\n.op",
    "v1 a 0 1\nr1 a 0 1k\n.control\nop\nlet x = vector(1000)\nrepeat 5\nalter r1 = 2k\nop\nend\nprint v(a)\n.endc",
];

struct Nobody;

impl Console for Nobody {
    fn text(&mut self, _text: &str) {}

    fn report(&mut self, _report: &Report) {}
}

fn run(cards: &str) {
    let deck = Deck::from_untrusted("test.cir", format!("t\n{cards}\n.end\n").as_bytes(), Limits::default()).unwrap();
    if deck.script.is_empty() {
        match run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true) {
            Ok(run) => assert!(!run.interrupted),
            Err(report) => assert!(report.to_string().contains("nowhere")),
        }
        return;
    }
    assert!(!run_script(&deck, ScriptSettings::default(), Vec::new(), &mut Nobody).failed);
}

/// Resident memory of this process, bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
    1024 * kilobytes
}

#[test]
fn a_thousand_runs_take_the_memory_of_some() {
    // The allocator and the threads have what they need after some hundreds.
    (0..300).for_each(|number| run(DECKS[number % DECKS.len()]));
    let before = resident();
    (300..1300).for_each(|number| run(DECKS[number % DECKS.len()]));
    let grown = resident().saturating_sub(before);
    // A leak of 8 kB in a run would be as much.
    assert!(grown < 8 << 20, "{grown} bytes more after 1000 runs, {before} before");
}
