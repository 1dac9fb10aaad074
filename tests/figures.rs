//! Figures: the right curves, sane with every input, quick with many points.

use ferrospice::results::figure::{Figure, Panel, Series, Style};

fn figure(series: Vec<Series>, log_x: bool, log_y: bool) -> Figure {
    let panel = Panel {
        x_label: "time".into(),
        x_unit: "s".into(),
        y_label: "voltage".into(),
        y_unit: "V".into(),
        series,
        log_x,
        log_y,
    };
    Figure { title: "A < B & C".into(), panels: vec![panel] }
}

fn series(label: &str, x: Vec<f64>, y: Vec<f64>, style: Style) -> Series {
    Series { label: label.into(), x, y, style, colour: None }
}

#[test]
fn labels_and_prefixes() {
    let x: Vec<f64> = (0..100).map(|index| f64::from(index) * 1e-4).collect();
    let y = x.iter().map(|x| x.sin()).collect();
    let text = figure(
        vec![series("v(a)", x.clone(), y, Style::Line), series("v(b)", x.clone(), x, Style::Dashed)],
        false,
        false,
    );
    let text = text.to_svg().unwrap();
    for wanted in ["time (ms)", "voltage (mV)", "v(a)", "v(b)", "A &lt; B &amp; C", "#0072B2", "#D55E00"] {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(text.starts_with("<svg width=\"800\" height=\"560\" viewBox=\"0 0 8000 5600\""));
}

#[test]
fn odd_data() {
    let odd = [f64::NAN, f64::INFINITY, -1.0, 0.0, 1.0, 1e300, -1e300, 5e-324, f64::NEG_INFINITY];
    for (log_x, log_y) in [(false, false), (true, false), (false, true), (true, true)] {
        for style in [Style::Line, Style::Dashed, Style::Points] {
            for count in 0..odd.len() {
                let (x, y) = (odd[..count].to_vec(), odd[odd.len() - count..].to_vec());
                figure(vec![series("odd", x, y, style)], log_x, log_y).to_svg().unwrap();
            }
        }
    }
    assert!(Figure::default().to_svg().is_ok());
}

#[test]
fn a_million_points() {
    let x: Vec<f64> = (0..1_000_000).map(|index| f64::from(index) * 1e-6).collect();
    let y = x.iter().map(|x| (x * 1e5).sin()).collect();
    let start = std::time::Instant::now();
    let text = figure(vec![series("v(a)", x, y, Style::Line)], false, false).to_svg().unwrap();
    assert!(text.len() < 400_000, "{}", text.len());
    assert!(start.elapsed().as_secs() < 10);
}

#[test]
fn files() {
    let folder = tempfile::tempdir().unwrap();
    let figure = figure(vec![series("v(a)", vec![0.0, 1.0], vec![0.0, 1.0], Style::Line)], false, false);
    figure.write(&folder.path().join("a.png")).unwrap();
    figure.write(&folder.path().join("a.svg")).unwrap();
    assert!(std::fs::read(folder.path().join("a.png")).unwrap().starts_with(b"\x89PNG"));
    assert!(figure.write(&folder.path().join("a.pdf")).is_err());
    assert!(figure.write(&folder.path().join("nowhere/a.svg")).is_err());
}
