//! `.measure`, `.four` and result expressions against closed forms.

use std::path::Path;

use ferrospice::circuit::Overrides;
use ferrospice::netlist::Deck;
use ferrospice::results::measure::Measure;
use ferrospice::studies::deck_run::{Keep, StepRun, run_deck};

/// R C step response, 1 ms time constant, 0 V to 1 V and back after 5 ms.
const STEP: &str = "rc\n.param tau=1m\nv1 in 0 pulse(0 1 0 1n 1n 5m 20m) ac 1\nr1 in out 1k\nc1 out 0 {tau/1k}\n\
    .options reltol=1e-6\n.tran 5u 10m\n";

fn run(deck: &str) -> Result<StepRun, String> {
    let deck = Deck::from_text("deck.cir", deck, Path::new(".")).map_err(|report| report.to_string())?;
    let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true);
    let mut run = run.map_err(|report| report.to_string())?;
    Ok(run.runs.remove(0))
}

fn measures(base: &str, cards: &str) -> Vec<Measure> {
    run(&format!("{base}{cards}.end\n")).unwrap().measures
}

/// The only measure's value.
fn value(base: &str, card: &str) -> f64 {
    measures(base, &format!(".measure {card}\n"))[0].value().unwrap()
}

fn assert_near(found: f64, expected: f64, relative: f64, what: &str) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{what}: {found:e} instead of {expected:e}");
}

#[test]
fn closed_forms_of_a_step_response() {
    let tau = 1e-3;
    let decayed = |t: f64| 1.0 - (-t / tau).exp();
    let mean = 1.0 - tau / 1e-3 * (decayed(2e-3) - decayed(1e-3));
    let cases: &[(&str, f64)] = &[
        ("tran a trig v(out) val=0.1 rise=1 targ v(out) val=0.9 rise=1", 9f64.ln() * tau),
        ("tran a trig at=1m targ v(out) val=0.9 rise=1", 10f64.ln() * tau - 1e-3),
        ("tran a when v(out)=0.5", 2f64.ln() * tau),
        ("tran a when v(out)=0.5 fall=1", 5e-3 + (decayed(5e-3) / 0.5).ln() * tau),
        ("tran a when v(out)=0.5 cross=last", 5e-3 + (decayed(5e-3) / 0.5).ln() * tau),
        ("tran a when v(out)=0.5 td=1m", 5e-3 + (decayed(5e-3) / 0.5).ln() * tau),
        ("tran a when v(out)='v(in)/2' rise=1", 2f64.ln() * tau),
        ("tran a find v(in) when v(out)=0.5", 1.0),
        ("tran a find v(out) at=2m", decayed(2e-3)),
        ("tran a find par('2*v(out)') at='2*tau'", 2.0 * decayed(2e-3)),
        ("tran a deriv v(out) at=1m", (-1f64).exp() / tau),
        ("tran a deriv v(out) when v(out)=0.5", 500.0),
        ("tran a max v(out)", decayed(5e-3)),
        ("tran a max_at v(out)", 5e-3),
        ("tran a min v(out) from=1m to=2m", decayed(1e-3)),
        ("tran a min_at v(out) from=1m to=2m", 1e-3),
        ("tran a pp v(out) from=1m to=2m", decayed(2e-3) - decayed(1e-3)),
        ("tran a avg v(out) from=1m to=2m", mean),
        ("tran a integ v(out) from=1m to=2m", mean * 1e-3),
        ("tran a integral v(out) td=1m to=2m", mean * 1e-3),
        ("tran a rms v(in) from=1m to=2m", 1.0),
        ("tran a max 'v(in)-v(out)' from=1m to=2m", (-1f64).exp()),
        ("a max v(out)", decayed(5e-3)),
        ("tran a param='fit_exp_tau(window(time,10u,5m), window(v(out),10u,5m))'", tau),
        ("tran a param='fit_exp_r2(window(time,10u,5m), window(v(out),10u,5m))'", 1.0),
        ("tran a param='increasing(window(v(out),10u,4.9m))'", 1.0),
        ("tran a param='monotone(v(out))+2'", 2.0),
        ("tran a param='at(v(out),1m)'", decayed(1e-3)),
        ("tran a param='crossing(v(out),0.5,2)'", 5e-3 + (decayed(5e-3) / 0.5).ln() * tau),
        ("tran a param='crossing(v(out),0.5,-2)'", 2f64.ln() * tau),
        ("tran a param='argmax(v(out))'", 5e-3),
        ("tran a param='max(max(-v(out), 2))*length(5)'", 2.0),
        ("tran a param='integral(window(v(out),1m,2m))'", mean * 1e-3),
        ("tran a param='at(deriv(v(out)),1m)*1k'", (-1f64).exp() / tau * 1e3),
        ("tran a param='std(v(in)*0+3)+1'", 1.0),
        ("tran a expr 'pi*tau'", std::f64::consts::PI * tau),
    ];
    for (card, expected) in cases {
        assert_near(value(STEP, card), *expected, 2e-4, card);
    }
}

#[test]
fn measures_of_measures_and_failures() {
    let found = measures(
        STEP,
        ".meas tran peak max v(out)\n.meas tran twice param='2*peak'\n.meas tran never when v(out)=5\n\
         .meas tran from_never param='never+1'\n.meas tran late find v(out) at=1\n.meas ac absent max v(out)\n\
         .meas tran third when v(out)=0.5 rise=3\n",
    );
    assert_near(found[1].value().unwrap(), 2.0 * (1.0 - (-5f64).exp()), 1e-4, "twice");
    for measure in &found[2..] {
        assert!(measure.outcome.is_err(), "{measure:?}");
        assert!(measure.line().ends_with("failed"));
        assert_eq!(measure.warning().unwrap().labels[0].span, measure.span);
    }
    assert!(found[3].value().unwrap_err().contains("`never` failed"));
    assert!(found[0].line().starts_with("peak                =  9.93"), "{}", found[0].line());
}

#[test]
fn small_signal_measures() {
    let base = "rc\nv1 in 0 ac 1\nr1 in out 1k\nc1 out 0 1u\n.ac dec 200 1 100k\n";
    let corner = 1e3 / std::f64::consts::TAU;
    assert_near(value(base, "ac a when vdb(out)=-3.0103"), corner, 1e-4, "corner");
    assert_near(value(base, "ac a find vdb(out) at=1k"), -10.0 * (1.0 + (1e3 / corner).powi(2)).log10(), 1e-4, "db");
    assert_near(value(base, "ac a find vp(out) at=1k"), -(1e3 / corner).atan(), 1e-4, "phase");
    assert_near(value(base, "ac a max vm(out)"), 1.0, 1e-4, "magnitude");
    // Complex operands count with their real part, as in ngspice.
    assert_near(value(base, "ac a find v(out) at=1k"), 1.0 / (1.0 + (1e3 / corner).powi(2)), 1e-3, "real part");
    assert_near(value(base, "ac a param='at(mag(v(out)/v(in)),1k)'"), 0.157177, 1e-4, "ratio");
    let slope = "ac a param='fit_slope(log10(window(frequency,10k,100k)), log10(window(vm(out),10k,100k)))'";
    assert_near(value(base, slope), -1.0, 1e-4, "slope");
    let r2 = "ac a param='r2(log10(window(frequency,10k,100k)), log10(window(vm(out),10k,100k)))'";
    assert_near(value(base, r2), 1.0, 1e-6, "r2");
}

#[test]
fn sweeps_and_operating_points() {
    let base = "divider\nv1 in 0 4\nr1 in out 1k\nr2 out 0 3k\n";
    assert_near(value(&format!("{base}.dc v1 0 5 0.5\n"), "dc a find v(out) at=2.2"), 1.65, 1e-9, "find");
    assert_near(value(&format!("{base}.dc v1 0 5 0.5\n"), "dc a when v(out)=1.65"), 2.2, 1e-9, "when");
    assert_near(value(&format!("{base}.dc v1 0 5 0.5\n"), "dc a param='at(sweep,1.7)'"), 1.7, 1e-9, "sweep");
    assert_near(value(&format!("{base}.op\n"), "op a param='v(in,out)'"), 1.0, 1e-9, "op");
    assert_near(value(&format!("{base}.op\n"), "op a max v(out)"), 3.0, 1e-9, "op");
}

#[test]
fn fourier_of_a_square_wave() {
    let deck = "square\nv1 a 0 pulse(-1 1 0 1n 1n 0.5m 1m)\nr1 a 0 1k\n.tran 1u 4m 0 1u\n.four 1k v(a)\n.end\n";
    let spectra = run(deck).unwrap().spectra;
    for (number, (amplitude, _)) in spectra[0].harmonics.iter().enumerate().skip(1) {
        let expected = if number % 2 == 1 { 4.0 / (std::f64::consts::PI * number as f64) } else { 0.0 };
        assert!((amplitude - expected).abs() < 0.012, "{number}: {amplitude} {expected}");
    }
    assert!(spectra[0].table().contains("No. Harmonics: 10, THD: 4"), "{}", spectra[0].table());
}

#[test]
fn malformed_cards() {
    let cards = ".measure\n.measure tran\n.measure tran a\n.measure tran a mxa v(out)\n.measure tran a max\n\
        .measure tran a max v(out) form=1\n.measure tran a trig v(out) val=1\n.measure tran a trig v(out) targ v(in) val=1\n\
        .measure tran a when v(out)=1 rise=0\n.measure tran a find v(out)\n.measure tran a find v(out) at=\n\
        .measure tran a param='1+\n.measure tran a param='1+'\n.four\n.four 1k\n.four 1k v(out) )\n";
    insta::assert_snapshot!("malformed_measures", run(&format!("{STEP}{cards}")).unwrap_err());
}

#[test]
fn spellings_of_other_simulators() {
    let tau = 1e-3;
    let decayed = |t: f64| 1.0 - (-t / tau).exp();
    let mean = 1.0 - tau / 1e-3 * (decayed(2e-3) - decayed(1e-3));
    let t90 = 10f64.ln() * tau;
    let fall = 5e-3 + (decayed(5e-3) / 0.5).ln() * tau;
    let cases: &[(&str, f64)] = &[
        // HSPICE: targets of an optimisation are ignored, `at` may stand without `=`.
        ("tran a max v(out) goal=1 minval=0.1 weight=2", decayed(5e-3)),
        ("tran a trig at 1m targ v(out) val=0.9 rise=1 goal=2m", t90 - 1e-3),
        ("tran a integral v(out) from=1m to='1m+tau'", mean * 1e-3),
        ("tran a param='tau*2'", 2e-3),
        // LTspice: a window between two events.
        ("tran a avg v(out) trig at=1m targ at=2m", mean),
        ("tran a max v(out) trig v(out) val=0.2 rise=1 targ v(out) val=0.5 rise=1", 0.5),
        ("tran a find v(out) when v(in)=0.5 fall=last", decayed(5e-3)),
        ("tran a deriv v(out) at=1m", (-1f64).exp() / tau),
        // Xyce
        ("tran a eqn {v(out)*0+3}", 3.0),
        ("tran a eqn {v(out)} to=1m", decayed(1e-3)),
        ("tran a when v(out)=0.5 cross=-1", fall),
        ("tran a when v(out)=0.5 cross=-2", 2f64.ln() * tau),
        ("tran a on_time v(out) on=0.5", fall - 2f64.ln() * tau),
        ("tran a off_time v(out) off=0.5 to=5m", 2f64.ln() * tau),
        ("tran a duty v(out) on=0.5 off=0.5", (fall - 2f64.ln() * tau) / 10e-3),
        ("tran a freq v(in) on=0.75 off=0.25", 1.0 / 10e-3),
        ("tran a max v(out) rise=1", decayed(5e-3)),
        ("tran a when v(out)=0.5 cross={tau*2000}", fall),
        ("tran a min v(out) fall=last to=8m", decayed(5e-3) * (-3f64).exp()),
        ("tran a avg v(in) rfc_level=0.5 fall=1", 0.5 * 0.5e-9 / 2.0 / 5e-3),
        ("tran a max ('v(out)*2') to=('tau')", 2.0 * decayed(1e-3)),
        ("tran a err1 v(in) v(in) from=1m to=4m", 0.0),
        ("tran a err2 'v(in)+1' 'v(in)*0+1' from=1m to=4m minval=4", 0.25),
        ("tran a param='a+1'", f64::NAN),
    ];
    for (card, expected) in cases.iter().filter(|(_, expected)| !expected.is_nan()) {
        let found = value(STEP, card);
        assert!((found - expected).abs() <= 3e-4 * expected.abs() + 1e-12, "{card}: {found:e} instead of {expected:e}");
    }
}

#[test]
fn measures_may_come_before_what_they_use() {
    let found = measures(
        STEP,
        ".meas tran late find v(out) at='2*half'\n.meas tran half param='first/2'\n.meas tran first when v(out)=0.5\n\
         .meas tran round param='round+1'\n",
    );
    assert_near(found[0].value().unwrap(), 0.5, 1e-4, "late");
    assert_near(found[1].value().unwrap(), 0.5e-3 * 2f64.ln(), 1e-4, "half");
    assert!(found[3].value().is_err());
}

#[test]
fn failed_measures_have_values_where_that_is_asked_for() {
    let card = ".meas tran never when v(out)=5 default_val=7\n.meas tran more param='never+1'\n";
    let found = measures(STEP, card);
    assert!(found[0].line().ends_with("failed"));
    assert_eq!(found[1].value().unwrap(), 8.0);
    let shown = measures(STEP, &format!("{card}.options measfail=0\n"));
    assert!(shown[0].line().ends_with("=  7.000000e+00"), "{}", shown[0].line());
    let zero = measures(STEP, ".meas tran never when v(out)=5\n.options measfail=0 measdgt=3\n");
    assert!(zero[0].line().ends_with("=  0.000e+00"), "{}", zero[0].line());
    let option = measures(STEP, &format!("{card}.options measure measfail=0 default_val=-10\n"));
    assert_eq!(option[0].value().unwrap(), -10.0);
    let digits = measures(STEP, ".meas tran a param='pi' precision=2\n");
    assert!(digits[0].line().ends_with("=  3.14e+00"), "{}", digits[0].line());
}

#[test]
fn of_large_circuits_only_what_measures_name_is_kept() {
    let mut deck = String::from("title\nv1 n0 0 sin(0 1 1k)\n");
    for index in 1..=300 {
        deck.push_str(&format!("r{index} n{} n{index} 1\nc{index} n{index} 0 1p\n", index - 1));
    }
    deck.push_str(
        ".tran 10u 1m\n.measure tran a max v(n300)\n.measure tran b max v(n7,n8)\n.measure tran c min i(v1)\n.end\n",
    );
    let deck = Deck::from_text("deck.cir", &deck, Path::new(".")).unwrap();
    let run = |keep| run_deck(&deck, &Overrides::default(), &mut [], keep, &|_| true).unwrap().runs.remove(0);
    let (whole, part) = (run(Keep::Plots), run(Keep::Nothing));
    for (whole, part) in whole.measures.iter().zip(&part.measures) {
        assert_eq!(whole.value().unwrap(), part.value().unwrap());
    }
    let last = run(Keep::LastPoints);
    let columns = last.plots[0].header.columns.len();
    assert!(columns < 20 && whole.plots[0].header.columns.len() > 300, "{columns}");
}

#[test]
fn distances_from_a_file_and_distortion() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Data.csv"), "TIME,A,B\n0,0,0\n2e-3,1,9\n4e-3,3,9\n").unwrap();
    let text = "ramp\nv1 a 0 pwl(0 0 4m 2)\nr1 a 0 1\nv2 b 0 sin(0 1 1k)\nv3 c b sin(0 0.1 2k)\nr2 c 0 1\n.tran 10u 4m 0 10u\n\
        .meas tran one error v(a) file=Data.csv comp_function=l1norm indepvarcol=0 depvarcol=1\n\
        .meas tran two error v(a) file=\"Data.csv\" comp_function=l2norm\n\
        .meas tran most error v(a) file=Data.csv comp_function=infnorm depvarcol=2\n\
        .meas tran thd four v(c) at=1k\n.meas tran part four v(c) at=1k numfreq=2 to=2m\n.end\n";
    let path = folder.path().join("deck.cir");
    std::fs::write(&path, text).unwrap();
    let deck = Deck::read(&path).unwrap();
    let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).unwrap();
    let value = |index: usize| run.runs[0].measures[index].value().unwrap();
    assert_near(value(0), 1.0, 1e-6, "l1");
    assert_near(value(1), 1.0, 1e-6, "l2");
    assert_near(value(2), 8.0, 1e-6, "largest");
    assert_near(value(3), 10.0, 2e-3, "thd");
    assert_eq!(value(4), 0.0);
}

#[test]
fn a_sine_rises_through_zero_where_it_begins() {
    // As in ngspice; its negative does not fall there.
    let sine = "t\nv1 a 0 sin(0 1 1k)\nv2 b 0 sin(0 -1 1k)\nr1 a b 1\n.options reltol=1e-6\n.tran 1u 6m 0 1u\n";
    let cases = [
        ("tran x when v(a)=0 rise=1", 0.0),
        ("tran x when v(a)=0 cross=2", 0.5e-3),
        ("tran x when v(a)=0 cross=4", 1.5e-3),
        ("tran x when v(b)=0 cross=1", 0.5e-3),
        ("tran x when v(b)=0 fall=1", 1e-3),
        // `from=` of one place counts for the other.
        ("tran x trig v(a) val=0.5 rise=1 targ v(a) val=0.5 rise=2 from=2.2m", 1e-3),
        ("tran x trig v(a) val=0.5 rise=1 from=2.2m targ v(a) val=0.5 rise=2", 1e-3),
    ];
    for (card, expected) in cases {
        let found = value(sine, card);
        assert!((found - expected).abs() < 1e-8, "{card}: {found:e}");
    }
}

#[test]
fn a_curve_that_rests_at_a_level_passes_it_once() {
    let pulse = "t\nv1 a 0 pulse(0 1 1m 0.1m 0.1m 1m 3m)\nr1 a 0 1\n.tran 1u 6m\n";
    for (card, expected) in [
        ("tran x when v(a)=1 rise=1", 1.1e-3),
        ("tran x when v(a)=1 fall=1", 2.1e-3),
        ("tran x when v(a)=1 cross=3", 4.1e-3),
        ("tran x when v(a)=0 fall=1", 2.2e-3),
        ("tran x when v(a)=0 rise=1", 4e-3),
    ] {
        let found = value(pulse, card);
        assert!((found - expected).abs() < 1e-8, "{card}: {found:e}");
    }
}

#[test]
fn a_pulse_that_its_period_cuts_off_is_followed_to_its_end() {
    // Each period of 1 ms begins with a rise of 1 ns from 0, which takes nothing from a time constant of 1 ms.
    let cut = "t\nv1 in 0 pulse(0 1 0 1n 1n 1m 1m)\nr1 in out 1k\nc1 out 0 1u\n.tran 20u 5m\n";
    for at in [0.9e-3_f64, 1.5e-3, 4.5e-3] {
        let found = value(cut, &format!("tran x find v(out) at={at}"));
        let expected = 1.0 - (-at / 1e-3).exp();
        assert!((found - expected).abs() < 2e-4, "{at}: {found} instead of {expected}");
    }
}
