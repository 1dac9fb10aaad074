//! x
use super::cells::CellLaw;
use super::drive::Drive;
use super::geometry::Crossbar;
use super::line_relaxation::LineRelaxation;
use super::rounds::Limits;

pub fn probe<C: CellLaw, const L: usize>(array: &Crossbar, law: &C, drives: &[Drive], repeat: usize) -> String {
    let mut r = LineRelaxation::<C, L>::new(array, law);
    let mut o = Default::default();
    for _ in 0..repeat {
        r.start(drives);
        o = r.relax(&Limits { relative: 1e-9, absolute: 1e-18, most_rounds: 200 });
    }
    format!("{o:?}")
}
