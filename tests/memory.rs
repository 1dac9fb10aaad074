//! Devices that remember: memories are clean at every start, rejected steps leave no trace, DC finds the rest.

mod common;

use common::{last, plot, system, vector};
use ferrospice::analysis::output::{Output, PlotKind, Point, Unknowns, Unwatched};
use ferrospice::analysis::{operating_point, transient};
use ferrospice::circuit::Analysis;
use ferrospice::mna::{Statistics, System};
use ferrospice::results::plot::{Data, Plot};

/// Keeps times and all unknowns.
#[derive(Default)]
struct Keep(Vec<Vec<f64>>);

impl Output for Keep {
    fn begin(&mut self, _kind: &PlotKind, _system: &System) {}

    fn point(&mut self, point: &Point) -> bool {
        if let Unknowns::Real(x) = point.unknowns {
            self.0.push([point.axis].into_iter().chain(x.iter().copied()).collect());
        }
        true
    }

    fn end(&mut self, _statistics: &Statistics) {}
}

const BLOCKS: &str = "v1 s 0 spikes(rate=50k count=20 start=3u)\n\
    a1 s k kern\nr1 k out 1k\nc1 out 0 1n\nd1 out 0 dm\n\
    a2 s 0 post null count\na3 post out n1 n2 k1\nr2 n1 0 1k\nr3 n2 0 1k\n\
    i1 0 m 1u\na4 %i m fire lif\nt1 k 0 far 0 z0=1k td=7u\nr4 far 0 500\na5 post train stdp\nr5 train 0 1k\nr6 fire 0 1k\n\
    .model kern kernel(points=[0 -1.8 30u -1.8 30u 0.5 60u 0.5])\n.model dm d\n.model count counter_neuron(count=3 delay=5u)\n\
    .model k1 refractory_switch(ron=10)\n.model lif lif_neuron(c=10p)\n.model stdp stdp_train(width=2u period=4u)\n";

fn run(system: &mut System) -> Vec<Vec<f64>> {
    let card = system.circuit.analyses.iter().find_map(|card| match &card.analysis {
        Analysis::Transient(card) => Some(card.clone()),
        _ => None,
    });
    let mut output = Keep::default();
    transient::run(system, &card.unwrap(), &mut output).unwrap_or_else(|failure| panic!("{:?}", failure.diagnostics));
    output.0
}

#[test]
fn a_second_analysis_of_the_same_system_starts_with_clean_memories() {
    let mut system = system(&format!("{BLOCKS}.tran 1u 300u"));
    let first = run(&mut system);
    let rest = system.initial_unknowns();
    let mut x = rest.clone();
    operating_point::find(&mut system, &mut x, &[], &mut Unwatched)
        .unwrap_or_else(|failure| panic!("{:?}", failure.diagnostics));
    let second = run(&mut system);
    assert!(first.len() > 300);
    assert_eq!(first, second);
}

#[test]
fn blocks_are_at_rest_in_dc_whatever_their_inputs() {
    let deck = BLOCKS.replace("v1 s 0 spikes(rate=50k count=20 start=3u)", "v1 s 0 1");
    let plot = plot(&format!("{deck}.save all @a2[count] @a3[away]\n.op"));
    for name in ["v(k)", "v(post)", "v(fire)", "v(train)", "v(far)", "@a2[count]", "@a3[away]"] {
        assert_eq!(last(&plot, name), 0.0, "{name}");
    }
}

/// The same edges whatever the steps are, though other parts of the circuit reject many of them.
#[test]
fn rejected_steps_leave_no_trace() {
    let crossings = |options: &str, step: &str| {
        let cubic = "b1 x 0 i=1m*pwr(v(x),3)-1m*sin(3*v(k))\nr9 x 0 1meg\nc9 x 0 0.1n";
        let mut run = common::run(&format!("{BLOCKS}{cubic}\n{options}\n.tran {step} 300u")).runs.remove(0);
        let rejected = run.statistics[0].rejected_steps;
        assert!(rejected > 10, "{options}: only {rejected} steps were rejected");
        let plot = run.plots.remove(0);
        let (time, post) = (vector(&plot, "time"), vector(&plot, "v(post)"));
        let pairs = time.windows(2).zip(post.windows(2)).filter(|(_, y)| y[0] < 0.5 && y[1] >= 0.5);
        let found: Vec<f64> = pairs.map(|(t, y)| t[0] + (t[1] - t[0]) * (0.5 - y[0]) / (y[1] - y[0])).collect();
        found
    };
    // Every third of twenty spikes, 20 µs apart, fires 5 µs later.
    let wanted: Vec<f64> = (0..5).map(|k| 3e-6 + 20e-6 * f64::from(3 * k + 2) + 5.05e-6).collect();
    for (options, step) in [("", "1u"), (".options reltol=1e-6 method=gear", "1u"), (".options method=trbdf2", "0.1u")]
    {
        let found = crossings(options, step);
        assert_eq!(found.len(), wanted.len(), "{options}: {found:?}");
        for (found, wanted) in found.iter().zip(&wanted) {
            assert!((found - wanted).abs() < 5e-9, "{options}: {found} should be {wanted}");
        }
    }
}

/// Initial conditions of a line: a charged open line of 1 V into its own impedance gives 0.5 V for twice the delay.
#[test]
fn a_charged_line_discharges_in_one_step() {
    let plot = plot("t1 a 0 b 0 z0=50 td=10n ic=1,0,1,0\nr1 a 0 50\nr2 b 0 1g\n.tran 0.1n 30n uic");
    let (time, voltage) = (vector(&plot, "time"), vector(&plot, "v(a)"));
    for (time, voltage) in time.iter().zip(&voltage) {
        match *time {
            time if time < 19.9e-9 => assert!((voltage - 0.5).abs() < 1e-6, "{time}: {voltage}"),
            time if time > 20.2e-9 => assert!(voltage.abs() < 1e-6, "{time}: {voltage}"),
            _ => {}
        }
    }
}

/// What goes into a lossless line comes out of it: the energy of a pulse is that in both terminations.
#[test]
fn a_line_keeps_energy() {
    let plot =
        plot("v1 in 0 pulse(0 1 1n 1n 1n 3n 1)\nr1 in a 20\nt1 a 0 b 0 z0=50 td=4n\nr2 b 0 200\n.tran 0.02n 400n");
    let time = vector(&plot, "time");
    let (source, a, b) = (vector(&plot, "v(in)"), vector(&plot, "v(a)"), vector(&plot, "v(b)"));
    let integral = |power: &dyn Fn(usize) -> f64| -> f64 {
        (1..time.len()).map(|k| (time[k] - time[k - 1]) * 0.5 * (power(k) + power(k - 1))).sum()
    };
    let into = integral(&|k| a[k] * (source[k] - a[k]) / 20.0);
    let out = integral(&|k| b[k] * b[k] / 200.0);
    assert!(out > 1e-12 && (into / out - 1.0).abs() < 1e-3, "{into} in, {out} out");
}

/// Largest error of a step into an open line of R and C alone, against the modes of the diffusion equation.
fn error_of_diffusion(step: &str) -> f64 {
    let plot = plot(&format!(
        "v1 in 0 pulse(0 1 0 1p 1p 1 2)\no1 in 0 out 0 m\nr1 out 0 1g\n.model m ltra(r=2k c=1n len=0.5)\n.tran {step} 0.6u 0 {step}"
    ));
    let product = 1e3 * 0.5e-9;
    let points = vector(&plot, "time").into_iter().zip(vector(&plot, "v(out)")).filter(|(time, _)| *time > 1e-8);
    points.fold(0.0, |worst: f64, (time, found)| {
        let mode = |k: f64| {
            let odd = (2.0 * k + 1.0) * std::f64::consts::FRAC_PI_2;
            (1.0 - 2.0 * (k % 2.0)) * 2.0 / odd * (-odd * odd * time / product).exp()
        };
        let expected = 1.0 - (0..40).map(|k| mode(f64::from(k))).sum::<f64>();
        worst.max((found - expected).abs())
    })
}

#[test]
fn a_step_diffuses_through_a_line_without_inductance() {
    let (coarse, fine) = (error_of_diffusion("4n"), error_of_diffusion("1n"));
    assert!(coarse < 6e-4 && fine < 2e-4 && fine < 0.4 * coarse, "{coarse} {fine}");
}

/// A sine through lossy lines comes to the amplitude and phase of the small-signal analysis, which has the lines exactly.
#[test]
fn a_sine_through_a_lossy_line_is_that_of_the_small_signal_analysis() {
    for (model, duration) in [
        ("r=20 l=250n c=100p len=2", "240n"),
        ("r=300 l=250n c=100p len=2", "300n"),
        ("r=1k c=60p len=1", "300n"),
        ("r=20 l=250n g=2m c=100p len=2", "240n"),
        ("r=1 l=250n g=20m c=100p len=2", "240n"),
        ("r=20 l=250n g=8m c=100p len=2", "240n"),
        ("l=250n g=2m c=100p len=2", "240n"),
        ("r=1k g=5m c=60p len=1", "300n"),
        ("l=250n c=100p len=2", "400n"),
        ("r=10 g=10m len=2", "100n"),
    ] {
        let cards = format!(
            "v1 in 0 sin(0 1 50meg) ac 1\nr1 in a 30\no1 a 0 b 0 m\nr2 b c 40\nl1 c 0 50n\n.model m ltra({model})\n\
             .options reltol=1e-6\n.ac lin 1 50meg 50meg\n.tran 0.1n {duration} 0 0.1n"
        );
        let plots = common::run(&cards).runs.remove(0).plots;
        let Data::Complex(columns) = &plots[0].data else { panic!("no complex numbers") };
        for name in ["v(a)", "v(b)", "i(o1)"] {
            let phasor = columns[plots[0].column(name).unwrap()][0];
            let (times, values) = (vector(&plots[1], "time"), vector(&plots[1], name));
            let start = times.last().unwrap() - 40e-9;
            for (time, found) in times.iter().zip(values).filter(|(time, _)| **time > start) {
                let angle = std::f64::consts::TAU * 50e6 * time;
                let expected = phasor.re * angle.sin() + phasor.im * angle.cos();
                assert!((found - expected).abs() < 2e-3 * phasor.norm(), "{model}, {name}: {found} {expected}");
            }
        }
    }
}

/// The front of a wave has lost e^(−αT) when it arrives, and a line of little resistance is a lossless one.
#[test]
fn a_front_is_damped_by_the_resistance_on_its_way() {
    let cards = |line: &str| {
        format!("v1 in 0 pulse(0 2 1n 1p 1p 1 2)\nr1 in a 50\n{line}\nr2 b 0 50\nc2 b 0 0.01p\n.tran 50p 60n 0 50p")
    };
    let at = |plot: &Plot, time: f64| {
        let (times, values) = (vector(plot, "time"), vector(plot, "v(b)"));
        let next = times.partition_point(|&other| other < time);
        let part = (time - times[next - 1]) / (times[next] - times[next - 1]);
        values[next - 1] + part * (values[next] - values[next - 1])
    };
    // T = 10 ns, α = 4e7/s; then the line fills to the divider of its 40 Ω.
    let damped = plot(&cards("o1 a 0 b 0 m\n.model m ltra(r=20 l=250n c=100p len=2)"));
    assert!(at(&damped, 10.99e-9).abs() < 1e-9);
    let front = at(&damped, 11.01e-9);
    assert!((front - (-0.4f64).exp()).abs() < 1e-3, "{front}");
    let end = last(&damped, "v(b)");
    assert!((end - 100.0 / 140.0).abs() < 2e-3, "{end}");
    let mut little =
        plot(&cards("o1 a 0 b 0 m\n.model m ltra(r=1m l=250n c=100p len=2)").replace("r2 b 0 50", "r2 b 0 300"));
    let lossless = plot(&cards("t1 a 0 b 0 z0=50 td=10n").replace("r2 b 0 50", "r2 b 0 300"));
    for time in [5e-9, 10.5e-9, 11.5e-9, 25e-9, 31.5e-9, 58e-9] {
        let (found, expected) = (at(&little, time), at(&lossless, time));
        assert!((found - expected).abs() < 1e-4, "{time}: {found} {expected}");
    }
    // Charged to 1 V and not driven, half of it is left at an end that is matched.
    let charged =
        "o1 a 0 b 0 m ic=1,0,1,0\nr1 a 0 50\nr2 b 0 1g\n.model m ltra(r=1m l=250n c=100p len=2)\n.tran 0.1n 30n uic";
    little = plot(charged);
    let (times, values) = (vector(&little, "time"), vector(&little, "v(a)"));
    let early = times.iter().zip(values).filter(|(time, _)| **time > 1e-9 && **time < 19e-9);
    early.for_each(|(time, value)| assert!((value - 0.5).abs() < 1e-3, "{time}: {value}"));
    assert!(last(&little, "v(a)").abs() < 1e-3);
}

/// Two equal coupled lines are half the sum and half the difference of what their even and odd modes do as single lines; with losses
/// that couple the modes a little, so that there are sections, nearly so.
#[test]
fn coupled_lines_are_the_sum_of_their_modes() {
    let source = "v1 in 0 pulse(0 1 1n 1n 1n 8n 100n)\nr1 in a 50\nr2 b 0 75\n.tran 20p 40n 0 20p\n";
    let single = |model: &str| plot(&format!("{source}y1 a 0 b 0 m\n.model m txl({model} length=1)"));
    let (even, odd) = (single("r=2 l=360n c=100p g=0.2m"), single("r=2 l=240n c=140p g=0.6m"));
    let at = |plot: &Plot, name: &str, time: f64| {
        let (times, values) = (vector(plot, "time"), vector(plot, name));
        let next = times.partition_point(|&other| other < time).clamp(1, times.len() - 1);
        let part = (time - times[next - 1]) / (times[next] - times[next - 1]);
        values[next - 1] + part * (values[next] - values[next - 1])
    };
    for (resistances, tolerance) in [("2 0 2", 1e-3), ("2 0 2.0001", 1e-2)] {
        let pair = plot(&format!(
            "{source}r3 c 0 50\nr4 d 0 75\np1 a c 0 b d 0 m\n\
             .model m cpl r={resistances} l=300n 60n 300n g=0.4m -0.2m 0.4m c=120p -20p 120p length=1"
        ));
        for step in 1..200 {
            let time = 0.2e-9 * f64::from(step);
            for (near, far, name) in [("v(a)", "v(c)", "v(a)"), ("v(b)", "v(d)", "v(b)")] {
                let (e, o) = (at(&even, name, time), at(&odd, name, time));
                for (found, expected) in [(at(&pair, near, time), 0.5 * (e + o)), (at(&pair, far, time), 0.5 * (e - o))]
                {
                    assert!((found - expected).abs() < tolerance, "{resistances} {time} {name}: {found} {expected}");
                }
            }
        }
    }
}
