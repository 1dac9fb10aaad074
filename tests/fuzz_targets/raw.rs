//! A raw file: every plot that can be read has a value of each column at each point.

use ferrospice::results::raw_reader::parse;

pub fn run(data: &[u8]) {
    let Ok(plots) = parse(data) else { return };
    for plot in &plots {
        let width = plot.header.columns.len();
        assert!((0..width).all(|index| plot.real(index).len() == plot.len()));
        let values = if plot.header.complex { 2 * width } else { width };
        assert!((0..plot.len()).all(|point| plot.row(point).len() == values));
        assert!(plot.axis().len() == plot.len() || !plot.header.has_axis);
    }
}
