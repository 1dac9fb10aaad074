//! What stands on the cards of devices (`m`, `temp`, `dtemp`, `off`, `ic`), and what is shown of them, under ngspice's names.

mod common;

use common::{circuit, run, vector};
use faer::c64;
use ferrospice::results::plot::{Data, Plot};

/// A device between node a and ground: its card, in which `{n}` is its number and `{x}` what is added, and what it needs.
struct Case {
    card: &'static str,
    rest: &'static str,
    /// Depends on its temperature.
    warm: bool,
}

const fn case(card: &'static str, rest: &'static str, warm: bool) -> Case {
    Case { card, rest, warm }
}

const CASES: &[Case] = &[
    case("r{n} a 0 1k tc1=2m {x}", "", true),
    case("c{n} a 0 1u tc1=2m {x}", "", true),
    case("l{n} a 0 10m tc1=2m {x}", "", true),
    case("b{n} a 0 i=1m*v(a) tc1=2m {x}", "", true),
    case("i{n} a 0 dc 1m ac 1m {x}", "", false),
    case("g{n} a 0 a 0 1m {x}", "", false),
    case("f{n} a 0 v2 0.5 {x}", "v2 c 0 0\ni2 0 c dc 1m ac 1m", false),
    case("s{n} a 0 a 0 ms {x}", ".model ms sw(vt=0.1 ron=100)", false),
    case("w{n} a 0 v1 mw {x}", ".model mw csw(it=10 roff=100)", false),
    case("d{n} a 0 md {x}", ".model md d(is=1e-14 cjo=10p rs=10)", true),
    case("j{n} a 0 0 mj {x}", ".model mj njf(beta=1m is=1e-14 cgs=1p rd=10 tcv=2m)", true),
    case("q{n} a b 0 mq {x}", ".model mq npn(is=1e-15 cje=1p rb=100 rc=10)\nv9 b 0 0.65", true),
    case("q{n} a b 0 mq {x}", ".model mq npn(level=4 is=1e-15 cje=1p rbx=100 rcx=10)\nv9 b 0 0.65", true),
    case("q{n} a b 0 mq {x}", ".model mq npn(level=8 ibeis=1e-17 t0=1p rbi0=50 rcx=10)\nv9 b 0 0.7", true),
    case("m{n} a b 0 0 mm l=1u w=10u {x}", ".model mm nmos(vto=0.5 kp=50u rd=10 cbd=1p)\nv9 b 0 1.5", true),
    case("m{n} a b 0 0 mm l=1u w=10u {x}", ".model mm nmos(level=2 vto=0.5 kp=50u rd=10 cbd=1p)\nv9 b 0 1.5", true),
    case("m{n} a b 0 0 mm l=1u w=10u {x}", ".model mm nmos(level=3 vto=0.5 kp=50u rd=10 cbd=1p)\nv9 b 0 1.5", true),
    case("m{n} a b 0 0 mm l=1u w=10u {x}", ".model mm nmos(level=6 vto=0.5 kc=50u rd=10 cbd=1p)\nv9 b 0 1.5", true),
    case("m{n} a b 0 0 mm l=1u w=10u nrd=2 {x}", ".model mm nmos(level=8 vth0=0.5 rsh=10)\nv9 b 0 1.5", true),
    case("m{n} a b 0 0 mm l=0.1u w=1u nrd=2 {x}", ".model mm nmos(level=14 vth0=0.4 rsh=10)\nv9 b 0 1.5", true),
    case(
        "m{n} a b 0 0 mm l=0.1u w=1u nf=2 {x}",
        ".model mm nmos(level=54 vth0=0.4 toxe=2n igcmod=1 rdsmod=1 rgatemod=3 rbodymod=1)\nv9 b 0 1.5",
        true,
    ),
    case("m{n} a b 0 mm {x}", ".model mm vdmos(vto=0.5 kp=2m rd=10 rg=5 cjo=1p cgs=1n cgdmax=1n)\nv9 b 0 1.5", true),
    case("z{n} a 0 0 mz {x}", ".model mz nmf(beta=1m is=1e-14 cgs=1p rd=10)", false),
    case("z{n} a 0 0 mz {x}", ".model mz nmf(level=2 rd=10 ri=10)", true),
    case("z{n} a 0 0 mz {x}", ".model mz nmf(level=3 rg=10)", true),
    case("z{n} a 0 0 mz {x}", ".model mz nmf(level=4)", true),
    case("z{n} a b 0 mz {x}", ".model mz nmf(level=5 rd=10 rf=10 cds=1f)\nv9 b 0 0.5", true),
    case("z{n} a b 0 mz {x}", ".model mz nhfet(level=6 js=1 cf=1f)\nv9 b 0 0.5", true),
    case("n{n} a 0 mn {x}", ".model mn linear_ion_drift(x0=0.5)", false),
    case("n{n} a 0 mn {x}", ".model mn log_exponential(x0=0.5)", false),
];

/// Currents of the supply in the operating point and at 1 kHz.
fn currents(case: &Case, added: &[&str], options: &str) -> [c64; 2] {
    let cards: Vec<String> = added
        .iter()
        .enumerate()
        .map(|(index, added)| case.card.replace("{n}", &(index + 1).to_string()).replace("{x}", added))
        .collect();
    let text = format!(
        "v1 s 0 dc 0.7 ac 1\nr0 s a 100\n{}\n{}\n.options {options} reltol=1e-6\n.op\n.ac lin 1 1k 1k",
        cards.join("\n"),
        case.rest
    );
    let plots = run(&text).runs.remove(0).plots;
    [&plots[0], &plots[1]].map(|plot| first(plot, "i(v1)"))
}

fn first(plot: &Plot, name: &str) -> c64 {
    let index = plot.column(name).unwrap_or_else(|| panic!("no vector {name}"));
    match &plot.data {
        Data::Complex(columns) => columns[index][0],
        Data::Real(columns) => c64::new(columns[index][0], 0.0),
    }
}

fn alike(found: [c64; 2], expected: [c64; 2], what: &str) {
    for (found, expected) in found.into_iter().zip(expected) {
        let difference = (found - expected).norm();
        assert!(difference <= 1e-4 * expected.norm() + 1e-11, "{what}: {found} instead of {expected}");
    }
}

#[test]
fn m_is_the_number_of_devices_in_parallel() {
    for case in CASES {
        let two = currents(case, &["", ""], "");
        alike(currents(case, &["m=2"], ""), two, case.card);
        let one = currents(case, &[""], "");
        assert!((one[0] - two[0]).norm() + (one[1] - two[1]).norm() > 1e-9, "{}: m changes nothing", case.card);
    }
}

#[test]
fn m_of_a_line_divides_its_impedance() {
    // Two lines side by side are a loop of shorts in DC, so this one is compared with its closed form.
    let line = |card| case(card, "r9 b 0 75", false);
    let half = currents(&line("t{n} a 0 b 0 z0=25 td=100u {x}"), &[""], "");
    alike(currents(&line("t{n} a 0 b 0 z0=50 td=100u {x}"), &["m=2"], ""), half, "t");
    // Of lines with resistance two can be side by side.
    for model in ["r=1k l=1m c=1u len=0.1", "r=1k c=1u len=0.1", "r=1k g=1m len=0.1"] {
        let rest = format!(".model mo ltra({model})\nr9 b 0 75");
        let lossy = Case { card: "o{n} a 0 b 0 mo {x}", rest: rest.leak(), warm: false };
        alike(currents(&lossy, &["m=2"], ""), currents(&lossy, &["", ""], ""), model);
    }
}

#[test]
fn temp_and_dtemp_are_the_temperature_of_one_device() {
    for case in CASES.iter().filter(|case| case.warm) {
        let warm = currents(case, &[""], "temp=80");
        alike(currents(case, &["temp=80"], ""), warm, case.card);
        alike(currents(case, &["dtemp=53"], ""), warm, case.card);
        let cold = currents(case, &[""], "");
        assert!((cold[0] - warm[0]).norm() + (cold[1] - warm[1]).norm() > 1e-9, "{}: temp changes nothing", case.card);
    }
}

#[test]
fn off_changes_the_way_to_the_operating_point_alone() {
    for case in CASES.iter().filter(|case| "djqm".contains(&case.card[..1])) {
        let usual = currents(case, &[""], "");
        alike(currents(case, &["off"], ""), usual, case.card);
        alike(currents(case, &["off=1"], ""), usual, case.card);
    }
}

#[test]
fn none_of_them_is_unknown_to_any_device() {
    for case in CASES {
        let card = case.card.replace("{n}", "1").replace("{x}", "m=2 temp=30 dtemp=1");
        let (_, diagnostics) = ferrospice::mna::System::new(circuit(&format!(
            "v1 s 0 dc 0.7 ac 1\nr0 s a 100\n{card}\n{}\n.op",
            case.rest
        )));
        let found: Vec<&str> = diagnostics.iter().map(|diagnostic| &*diagnostic.message).collect();
        assert!(found.is_empty(), "{}: {found:?}", case.card);
    }
}

#[test]
fn ic_is_where_a_transient_analysis_starts_with_uic() {
    let starts = [
        ("c1 a 0 1u ic=0.3", "v(a)", 0.3),
        ("l1 a 0 1 ic=0.3m", "i(l1)", 0.3e-3),
        ("d1 a 0 md ic=0.3\n.model md d(cjo=1n)", "v(a)", 0.3),
        ("j1 a b 0 mj ic=0.3,-0.2\n.model mj njf(cgs=1n cgd=1n)", "v(a)", 0.3),
        ("q1 a b 0 mq ic=0.2,0.3\n.model mq npn(cje=1n cjc=1n)", "v(a)", 0.3),
        ("m1 a b 0 0 mm ic=0.3,0.2,0\n.model mm nmos(cbd=1n)", "v(a)", 0.3),
        ("t1 a 0 b 0 z0=50 td=1u ic=0.3,0,0,0", "v(b)", 0.3 * 1000.0 / 1050.0),
    ];
    for (cards, name, expected) in starts {
        let text = format!("r0 0 a 1k\nr9 b 0 1k\n{cards}\n.tran 1n 10n uic");
        let plot = run(&text).runs.remove(0).plots.remove(0);
        let found = vector(&plot, name)[0];
        assert!((found - expected).abs() <= 1e-6, "{cards}: {name} = {found} instead of {expected}");
    }
}

#[test]
fn tlev_chooses_the_temperature_equations_of_bipolar_transistors() {
    // Base and collector current at 80 °C as ngspice 39 has them, µA.
    let expected = [(0, 0.5023910, 37.28667), (1, 7.965336e-3, 37.28667), (3, 6.080030e-3, 3.652261e-2)];
    for (level, base, collector) in expected {
        let text = format!(
            "v1 c 0 0.7\nv2 b 0 0.6\nq1 c b 0 mq\n.temp 80\n.model mq npn(xtb=1.5 tlev={level} ise=1e-13 ne=1.8 isc=1e-13 nc=1.7)\n.op"
        );
        let plot = run(&text).runs.remove(0).plots.remove(0);
        for (name, expected) in [("i(v2)", base), ("i(v1)", collector)] {
            let found = -1e6 * vector(&plot, name)[0];
            assert!(
                (found - expected).abs() <= 2e-4 * expected,
                "tlev={level}: {name} is {found} instead of {expected}"
            );
        }
    }
}

#[test]
fn quantities_have_the_names_and_values_of_ngspice() {
    // As ngspice 39 has them, or their own definition where it has none.
    let text = "v1 1 0 0.6\nd1 1 0 dm\nl1 1 2 1m\nr2 2 0 1k\ns1 1 3 1 0 sm on\nr3 3 0 100\n.model sm sw(vt=0.1 ron=100)\n\
                .model dm d(cjo=1p tt=1n)\n.save all @d1[id] @d1[c] @d1[cd] @d1[gd] @d1[qd] @d1[charge] @d1[p] @l1[current] \
                @s1[i] @s1[p]\n.op";
    let plot = run(text).runs.remove(0).plots.remove(0);
    let expected = [
        ("@d1[id]", 1.187196e-4),
        ("@d1[c]", 1.187196e-4),
        ("@d1[cd]", 6.145622e-12),
        ("@d1[gd]", 4.589987e-3),
        ("@d1[qd]", 8.529985e-13),
        ("@d1[charge]", 8.529985e-13),
        ("@d1[p]", 0.6 * 1.187196e-4),
        ("@l1[current]", 6e-4),
        ("@s1[i]", 3e-3),
        ("@s1[p]", 0.9e-3),
    ];
    for (name, expected) in expected {
        let found = vector(&plot, name)[0];
        assert!((found - expected).abs() <= 1e-4 * expected, "{name} is {found} instead of {expected}");
    }
}

#[test]
fn quantities_of_p_channels_are_those_of_n_channels() {
    // As ngspice 39 has them.
    let names = "@m1[id] @m1[is] @m1[ib] @m1[ibs] @m1[ibd] @m1[vgs] @m1[vbd] @m1[vdsat] @m1[von] @m1[cgs] @m1[cgd] @m1[cgb] \
                 @m1[cbs] @m1[cbd] @m1[gmb] @j1[id] @j1[ig] @j1[is] @j1[igd] @r1[resistance] @r1[i]";
    let text = format!(
        "v1 1 0 0.6\nr1 1 0 1k m=2 temp=77 tc1=1m\nv4 4 0 -3\nv5 5 0 -1.5\nv6 6 0 0.5\nm1 4 5 0 6 pm w=10u l=1u ad=10p as=10p\n\
         .model pm pmos(vto=-0.7 kp=50u gamma=0.5 lambda=0.02 tox=20n cj=1m cgso=1n cgdo=1n cgbo=1n)\nv7 7 0 0.5\nj1 4 7 0 jm\n\
         .model jm pjf(vto=-2 beta=1m lambda=0.02 cgs=1p cgd=2p)\n.save all {names}\n.op"
    );
    let plot = run(&text).runs.remove(0).plots.remove(0);
    let expected = [
        1.164485e-4,
        -1.16449e-4,
        -4.02e-12,
        -5.1e-13,
        -3.51e-12,
        1.5,
        -3.5,
        -0.662894,
        -0.837106,
        2.151048e-14,
        1e-14,
        1e-15,
        7.844645e-15,
        4.313311e-15,
        8.374590e-5,
        2.385e-3,
        -4.02e-12,
        -2.385e-3,
        -3.51e-12,
        1000.0,
        1.142857e-3,
    ];
    for (name, expected) in names.split_whitespace().zip(expected) {
        let found = vector(&plot, name)[0];
        assert!((found - expected).abs() <= 1e-4 * expected.abs(), "{name} is {found} instead of {expected}");
    }
}

#[test]
fn a_junction_of_grading_1_has_a_logarithmic_charge() {
    // C = cj/(1 + v/φ) and Q = cj·φ·ln(1 + v/φ) at the reverse voltage v.
    let text = "v1 k 0 dc 3 ac 1 pwl(0 0 1u 3)\nd1 0 k md\n.model md d(is=1e-20 cjo=1n vj=0.5 m=1)\n.ac lin 1 1meg 1meg\n\
        .tran 1n 1u 0 1n\n.options reltol=1e-5\n";
    let run = run(text);
    let plots = &run.runs[0].plots;
    let Data::Complex(columns) = &plots[0].data else { panic!() };
    let current = columns[plots[0].column("i(v1)").unwrap()][0];
    let expected = std::f64::consts::TAU * 1e6 * 1e-9 / (1.0 + 3.0 / 0.5);
    assert!((-current.im / expected - 1.0).abs() < 1e-6, "{current} {expected}");
    let (time, current) = (vector(&plots[1], "time"), vector(&plots[1], "i(v1)"));
    let charge: f64 = (1..time.len()).map(|k| -0.5 * (time[k] - time[k - 1]) * (current[k] + current[k - 1])).sum();
    let expected = 1e-9 * 0.5 * 7f64.ln();
    assert!((charge / expected - 1.0).abs() < 1e-3, "{charge} {expected}");
}

#[test]
fn a_resistor_of_a_micro_ohm_carries_picoamperes_exactly() {
    // The current of 1.5·10⁻¹¹ A through 1 µΩ is 1.5·10⁻¹⁷ V, less than the rounding of 0.3 V; the source of v(int)/5 in series
    // holds it by a gain of 10¹¹ Ω.
    let text = "r1 p q 1k\nv1 q 0 0.3\nrs p a 1u\nvs a b 0\ne1 b 0 value={v(int)/v(c)}\nv2 c 0 5\ng1 0 int value={i(vs)}\n\
        r2 int 0 100g\n.op\n";
    let current = vector(&run(text).runs[0].plots[0], "i(v1)")[0];
    assert!((current / (-0.3 / 2e10) - 1.0).abs() < 1e-3, "{current}");
    // Parallel ones share the current, whatever their own currents are called.
    let run = run("i1 0 a 1\nr1 a 0 1u\nr2 a 0 3u\nb1 b 0 i=i(r2)\nr3 b 0 1\n.op\n");
    let plot = &run.runs[0].plots[0];
    assert!((vector(plot, "v(a)")[0] / 0.75e-6 - 1.0).abs() < 1e-9);
    assert!((vector(plot, "v(b)")[0] / -0.25 - 1.0).abs() < 1e-9);
}

#[test]
fn what_a_card_leaves_out_is_what_ngspice_takes() {
    // A resistor without a value has 1 mΩ.
    let found = run("v1 a 0 1\nr1 a b\nr2 b 0 1m\n.op");
    assert!((vector(&found.runs[0].plots[0], "v(b)")[0] - 0.5).abs() < 1e-9);
    assert!(found.runs[0].warnings.iter().any(|warning| warning.message.contains("`r1` has no resistance")));
    // A line without a delay is a quarter of a wavelength at 1 GHz, one of delay 0 is none.
    let deck = "v1 s 0 0 ac 1 pulse(0 1 1n 1n 1n 5n 1)\nr1 s a 50\nt1 a 0 b 0 z0=50 {x}\nr2 b 0 50\n.ac lin 1 1g 1g\n.tran 0.1n 5n";
    for (delay, angle, late) in [("", -90.0_f64, 0.25e-9), ("nl=0.5", -180.0, 0.5e-9), ("td=0", 0.0, 0.0)] {
        let found = run(&deck.replace("{x}", delay));
        assert_eq!(found.runs[0].warnings.is_empty(), delay == "td=0", "{delay}");
        let small = first(&found.runs[0].plots[0], "v(b)");
        assert!((small - c64::from_polar(0.5, angle.to_radians())).norm() < 1e-9, "{delay}: {small}");
        let plot = &found.runs[0].plots[1];
        for (time, value) in plot.axis().into_iter().zip(vector(plot, "v(b)")) {
            let expected = 0.5 * ((time - late - 1e-9) / 1e-9).clamp(0.0, 1.0);
            assert!((value - expected).abs() < 1e-4, "{delay} at {time}: {value}, not {expected}");
        }
    }
}

#[test]
fn terminals_are_named_as_on_probe() {
    let found = run(
        "v1 c 0 1\nv2 b 0 0.7\nr1 c d 1k\nq1 d b 0 q\nm1 c b e 0 n\nr2 e 0 1k\n.model q npn\n.model n nmos(vto=0.1 kp=1m)\n\
        .probe i(q1,1) i(q1:b) i(m1,3) i(r1,1) vd(r1) vd(q1:1:2) vd(m1:d:0) vd(q1:c, m1:3)\n.op",
    );
    assert!(found.runs[0].warnings.is_empty(), "{:?}", found.runs[0].warnings);
    let plot = &found.runs[0].plots[0];
    let value = |name: &str| vector(plot, name)[0];
    let pairs = [
        (value("i(q1,1)"), value("vd(r1)") / 1e3),
        (value("i(r1,1)"), value("vd(r1)") / 1e3),
        (value("i(m1,3)"), -value("v(e)") / 1e3),
        (value("vd(q1:1:2)"), value("v(d)") - value("v(b)")),
        (value("vd(m1:d:0)"), value("v(c)")),
        (value("vd(q1:c,m1:3)"), value("v(d)") - value("v(e)")),
        (value("i(q1:b)"), -value("i(v2)")),
    ];
    for (found, expected) in pairs {
        assert!((found - expected).abs() < 1e-9 && expected != 0.0, "{found}, not {expected}: {pairs:?}");
    }
}
