//! Random circuits of all devices: every analysis ends, with finite values or with an error that points at the deck.

mod common;

use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferrospice::circuit::Overrides;
use ferrospice::results::plot::Data;
use ferrospice::studies::deck_run::{Keep, run_deck};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

/// Points after which an analysis is stopped.
const POINTS: usize = 300;

/// Where an element is and what it is worth: four nodes, a magnitude, a number between −1 and 1, a choice.
type Draw = (char, [u8; 4], f64, f64, u8);

fn draw() -> impl Strategy<Value = Draw> {
    let letter =
        prop::sample::select(vec!['r', 'r', 'r', 'c', 'l', 'v', 'i', 'd', 'm', 's', 'b', 'e', 'g', 'n', 'n', 'a']);
    (letter, [0u8..5, 0u8..5, 0u8..5, 0u8..5], -12.0..9.0f64, -1.0..1.0f64, any::<u8>())
}

fn card(index: usize, &(letter, [a, b, c, d], exponent, signed, choice): &Draw) -> String {
    let size = 10f64.powf(exponent);
    let small = 10f64.powf(exponent / 6.0) * signed;
    let name = format!("{letter}{index}");
    match letter {
        'r' => format!("{name} {a} {b} {size:e}"),
        'c' => format!("{name} {a} {b} {:e}", size * 1e-6),
        'l' => format!("{name} {a} {b} {:e}", size * 1e-4),
        'v' | 'i' => {
            let wave = match choice % 4 {
                0 => String::new(),
                1 => format!("sin(0 {small:e} 1meg)"),
                2 => format!("pulse(0 {small:e} 0.1u 1n 1n 0.3u 1u)"),
                _ => format!("pwl(0 0 1u {small:e} 2u {:e})", -small),
            };
            format!("{name} {a} {b} {small:e} ac 1 {wave}")
        }
        'd' => format!("{name} {a} {b} dm area={:e}", 10f64.powf(exponent / 4.0)),
        'm' => {
            format!("{name} {a} {b} {c} {d} {} w={:e} l=1u", ["mn", "mp"][choice as usize % 2], 1e-5 * (1.0 + signed))
        }
        's' => format!("{name} {a} {b} {c} {d} sm"),
        'e' | 'g' => format!("{name} {a} {b} {c} {d} {small:e}"),
        'a' => format!("{name} [{a} {b}] [{c} {d}] {}", ["xl", "xm", "xs"][choice as usize % 3]),
        'n' => format!(
            "{name} {a} {b} {}",
            ["hp", "vt", "ya", "jo", "pr", "le", "ti", "st", "si", "mm", "se"][choice as usize % 11]
        ),
        _ => {
            let function = match choice % 8 {
                0 => format!("v({c})**2*{small:e}"),
                1 => format!("exp(v({c}))*{small:e}"),
                2 => format!("{small:e}/v({c})"),
                3 => format!("ln(v({c}))+v({d})"),
                4 => format!("v({c})>{small:e} ? v({d}) : 1"),
                5 => format!("tanh({size:e}*v({c},{d}))"),
                6 => format!("sqrt(v({c}))*sin(time*1e6)"),
                _ => format!("ddt(v({c}))*{:e}", small * 1e-9),
            };
            format!("{name} {a} {b} {}={{{function}}}", ["v", "i"][choice as usize / 8 % 2])
        }
    }
}

const MODELS: &str = ".model dm d(is=1e-14 cjo=1p tt=1n rs=1)\n.model mn nmos(vto=0.7 kp=50u cgso=1n cgdo=1n)\n\
    .model mp pmos(vto=-0.7 kp=20u lambda=0.02)\n.model sm sw(vt=0.5 vh=0.1 ron=1 roff=1meg)\n\
    .model hp hp(window=biolek)\n.model jo hp(p=7)\n.model vt vteam(k_on=-1 k_off=1 v_on=-0.5 v_off=0.5)\n\
    .model ya yakopcic\n.model pr hp(window=prodromakis p=3 x0=1)\n\
    .model le log_exponential(x0=0.5 rs=10)\n.model ti nonlinear_ion_drift\n.model st stanford_rram\n\
    .model si simmons_tunnel_barrier\n.model mm mean_metastable_switch\n.model se threshold_selector\n\
    .model xl crossbar(g=[1u 1 0 1m] rw=1 rdriver=1m cw=1p)\n.model xm crossbar(cell=[le ya] rw=1k rb=1)\n\
    .model xs crossbar(cell=hp selector=se cell_rs=1 both_ends=1 rw=1)\n";

fn deck(draws: &[Draw], analysis: &str) -> String {
    let mut text = String::from(MODELS);
    // Every node is mentioned, so that expressions find theirs, and most circuits have a path to ground.
    for node in 1..5 {
        writeln!(text, "rg{node} {node} 0 1g").unwrap();
    }
    for (index, draw) in draws.iter().enumerate() {
        writeln!(text, "{}", card(index, draw)).unwrap();
    }
    text + analysis
}

/// What is wrong with the outcome of `text`.
fn fault(text: &str) -> Option<String> {
    let calls = AtomicUsize::new(0);
    let watch = |_: ferrospice::analysis::Progress| calls.fetch_add(1, Ordering::Relaxed) < POINTS;
    match run_deck(&common::deck(text), &Overrides::default(), &mut [], Keep::Plots, &watch) {
        Ok(run) => {
            let plots = run.runs.iter().flat_map(|run| &run.plots);
            let mut finite = plots.map(|plot| match &plot.data {
                Data::Real(columns) => columns.iter().flatten().all(|value| value.is_finite()),
                // Small-signal values of device quantities are not computed.
                Data::Complex(columns) => (columns.iter().zip(&plot.header.columns))
                    .filter(|(_, column)| !column.name.starts_with("x("))
                    .all(|(values, _)| values.iter().all(|value| value.re.is_finite() && value.im.is_finite())),
            });
            (!finite.all(|one| one)).then(|| "a value is not finite".to_string())
        }
        Err(report) => {
            let bare =
                report.diagnostics.iter().find(|diagnostic| diagnostic.is_error() && diagnostic.labels.is_empty());
            bare.map(|diagnostic| format!("points at nothing: {diagnostic}"))
        }
    }
}

fn cases() -> u32 {
    std::env::var("FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

fn config(seed: u64) -> Config {
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(seed);
    Config {
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::with_cases(cases())
    }
}

macro_rules! analyses {
    ($($name:ident: $seed:literal, $analysis:literal;)*) => {
        $(#[test]
        fn $name() {
            proptest!(config($seed), |(draws in prop::collection::vec(draw(), 1..14))| {
                let text = deck(&draws, $analysis);
                let fault = fault(&text);
                prop_assert!(fault.is_none(), "{}\n{text}", fault.unwrap_or_default());
            });
        })*
    };
}

analyses! {
    operating_points: 1, ".op";
    transients: 2, ".tran 20n 2u";
    transients_with_gear_from_initial_conditions: 3, ".options method=gear\n.tran 20n 2u uic";
    small_signals: 4, ".ac dec 2 1 1g";
    sweeps: 5, "vsweep 1 9 0\n.dc vsweep -2 2 0.25";
}
