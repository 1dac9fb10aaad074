//! Raw files: what is written is read again, and nothing that is read brings the reader down.

use std::path::Path;

use faer::c64;
use ferrospice::results::plot::{Column, Data, Header, Plot, VectorKind};
use ferrospice::results::raw_reader::parse;
use ferrospice::results::raw_writer::RawWriter;
use ferrospice::results::sink::replay;
use proptest::prelude::*;

fn header(name: &str, complex: bool, count: usize) -> Header {
    let kind = if complex { VectorKind::Frequency } else { VectorKind::Time };
    let first = Column { name: kind.name().to_string(), kind };
    let other = |index| Column { name: format!("v(n{index})"), kind: VectorKind::Voltage };
    let columns = std::iter::once(first).chain((1..count).map(other)).collect();
    Header {
        title: "a title: with a colon".into(),
        name: name.into(),
        step: String::new(),
        complex,
        has_axis: true,
        columns,
    }
}

fn real(rows: &[Vec<f64>]) -> Plot {
    let mut plot = Plot::empty(header("Transient Analysis", false, 3));
    rows.iter().for_each(|row| plot.push(row));
    plot
}

fn complex(rows: &[Vec<f64>]) -> Plot {
    let mut plot = Plot::empty(header("AC Analysis", true, 2));
    rows.iter().for_each(|row| plot.push(row));
    plot
}

fn written(plots: &[Plot], ascii: bool) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.raw");
    let mut writer = RawWriter::create(&path, ascii, "today".into()).unwrap();
    plots.iter().for_each(|plot| replay(plot, &mut writer).unwrap());
    writer.finish().unwrap();
    std::fs::read(path).unwrap()
}

/// All values, real and imaginary.
fn values(plot: &Plot) -> Vec<f64> {
    match &plot.data {
        Data::Real(columns) => columns.concat(),
        Data::Complex(columns) => columns.concat().iter().flat_map(|value: &c64| [value.re, value.im]).collect(),
    }
}

fn same(a: f64, b: f64, exact: bool) -> bool {
    (a.is_nan() && b.is_nan()) || a == b || (!exact && (a - b).abs() <= 1e-15 * a.abs())
}

fn floats() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let float = prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(-0.0), Just(f64::MIN_POSITIVE)];
    prop::collection::vec(prop::collection::vec(float, 4), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn round_trip(rows in floats(), ascii: bool) {
        let three: Vec<Vec<f64>> = rows.iter().map(|row| row[..3].to_vec()).collect();
        let plots = [real(&three), complex(&rows)];
        let found = parse(&written(&plots, ascii)).unwrap();
        prop_assert_eq!(found.len(), 2);
        for (found, plot) in found.iter().zip(&plots) {
            prop_assert_eq!(&found.header, &plot.header);
            let (a, b) = (values(found), values(plot));
            prop_assert_eq!(a.len(), b.len());
            prop_assert!(a.iter().zip(&b).all(|(a, b)| same(*b, *a, !ascii)));
        }
    }

    #[test]
    fn damage_is_no_panic(position in 0usize..400, byte: u8, ascii: bool) {
        let mut bytes = written(&[real(&[vec![0.0, 1.0, 2.0], vec![1.0, 2.0, 3.0]])], ascii);
        let position = position % bytes.len();
        bytes[position] = byte;
        let _ = parse(&bytes);
    }
}

#[test]
fn every_truncation_is_an_error() {
    for ascii in [false, true] {
        let bytes = written(&[real(&[vec![0.0, 1.0, 2.0], vec![1.0, 2.0, 3.0]])], ascii);
        let text_end = if ascii { bytes.len() - 1 } else { bytes.len() };
        for length in 0..text_end {
            assert!(parse(&bytes[..length]).is_err(), "{length} of {}", bytes.len());
        }
    }
}

#[test]
fn headers_that_lie() {
    for text in [
        "",
        "nonsense",
        "Title: x\nPlotname: y\nFlags: real\nNo. Variables: 0\nNo. Points: 5\nVariables:\nBinary:\n",
        "Title: x\nNo. Variables: 99999999999999999999\n",
        "Title: x\nFlags: real\nNo. Variables: 2\nNo. Points: 9223372036854775807\nVariables:\n0 a time\n1 b voltage\nBinary:\n12",
        "Title: x\nFlags: real\nNo. Variables: 2\nNo. Points: 9223372036854775807\nVariables:\n0 a time\n1 b voltage\nValues:\n0 1\n2\n",
    ] {
        if let Ok(plots) = parse(text.as_bytes()) {
            assert!(plots.iter().all(|plot| plot.axis().is_empty()));
        }
    }
}

#[test]
fn nothing_is_left_of_an_unfinished_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.raw");
    std::fs::write(&path, "old").unwrap();
    let mut writer = RawWriter::create(&path, false, "today".into()).unwrap();
    replay(&real(&[vec![0.0, 1.0, 2.0]]), &mut writer).unwrap();
    drop(writer);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(RawWriter::create(Path::new("/nowhere/out.raw"), false, String::new()).is_err());
}
