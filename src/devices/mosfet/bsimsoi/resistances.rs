//! Resistances between terminals and transistor.
//!
//! ```text
//! drain, source: rsh·nrd, rsh·nrs; with rdsmod=1 and rsh that in series with those of the lightly doped ends, as BSIM4's
//! gate, rgatemod 1: rshg·(xgw + weff/(3·nseg·ngcon))/(ngcon·nf·(l − xgl)), or 1 mΩ where that is none
//! body: frbody·rbody·rhalo/(2·rbody + rhalo·leff)·weff/(nseg·nf) + rbsh·nrb, at least 1 mΩ
//! ```
//! Source: BSIMSOI4.4 manual, chapters 4 and 7.

use super::film::Process;
use crate::devices::assembly::Unknown;
use crate::devices::construct::Construction;
use crate::devices::mosfet::bsim::end_resistance::EndResistance;
use crate::devices::series_resistance::{SeriesResistance, behind};

/// Conductance of the diffusion of an end, S; none without resistance.
fn diffusion(c: &Construction, process: &Process, drain: bool) -> Option<f64> {
    let squares = c.parameter(if drain { "nrd" } else { "nrs" }).unwrap_or(1.0);
    let resistance = process.m.rsh * squares;
    (resistance > 0.0).then(|| 1.0 / resistance)
}

/// The resistance of a lightly doped end and its diffusion.
pub fn lightly_doped(process: &Process, drain: bool, diffusion: f64, multiplier: f64) -> EndResistance {
    let (m, p) = (&process.m, &process.p);
    let excess = process.temperatures.excess();
    let width = (process.geometry.width * 1e6).powf(p.wr) * process.layout.fingers;
    let own = if drain { [p.rdw, m.rdwmin] } else { [p.rsw, m.rswmin] };
    EndResistance {
        name: if drain { "rd" } else { "rs" },
        diffusion,
        own: own.map(|part| (part + p.prt * excess).max(0.0) / width),
        prwg: p.prwg,
        prwb: p.prwb,
        flat_band: process.end_flat_band,
        polarity: process.polarity,
        multiplier,
        temperature: process.temperatures.own,
    }
}

/// The node of an end, and the conductance of its diffusion in S where its resistance depends on the bias.
pub fn end_node(c: &mut Construction, process: &Process, drain: bool) -> (Unknown, Option<f64>) {
    let terminal = c.terminal(if drain { 0 } else { 2 });
    let Some(conductance) = diffusion(c, process, drain) else { return (terminal, None) };
    let name = if drain { "drain" } else { "source" };
    if process.m.rdsmod == 1.0 {
        return (c.assembly.internal_node(c.id, name), Some(conductance));
    }
    let conductance = conductance * c.multiplier();
    let noise = if drain { "rd" } else { "rs" };
    let part = SeriesResistance { conductance, name: noise, temperature: process.temperatures.own };
    (behind(c, terminal, name, part), None)
}

/// The gate behind its electrode.
pub fn gate_node(c: &mut Construction, process: &Process) -> Unknown {
    let terminal = c.terminal(1);
    let m = &process.m;
    if c.parameter("rgatemod").unwrap_or(m.rgatemod) != 1.0 {
        return terminal;
    }
    let (layout, geometry) = (&process.layout, &process.geometry);
    let path = m.xgw + geometry.width / layout.segments / 3.0 / m.ngcon;
    let resistance = m.rshg * path / (m.ngcon * layout.fingers * (layout.length - m.xgl));
    let conductance = if resistance > 0.0 { 1.0 / resistance } else { 1e3 };
    let conductance = conductance * c.multiplier();
    behind(c, terminal, "gate", SeriesResistance { conductance, name: "rg", temperature: process.temperatures.own })
}

/// The resistance from the body to its contact; `least` Ω/□ where the model has none.
pub fn of_body(process: &Process, least: f64, multiplier: f64) -> SeriesResistance {
    let (m, layout, geometry) = (&process.m, &process.layout, &process.geometry);
    let sheet = if m.rbody == 0.0 && m.rbsh == 0.0 { least } else { m.rbody };
    let width = geometry.width / layout.segments / layout.fingers;
    let own = if sheet == 0.0 {
        0.0
    } else {
        layout.body_factor * sheet * m.rhalo / (2.0 * sheet + m.rhalo * geometry.length) * width
    };
    let outer = layout.body_squares * m.rbsh;
    let resistance = if own < 1e-3 { outer.max(1e-3) } else { own + outer };
    SeriesResistance { conductance: multiplier / resistance, name: "rbody", temperature: process.temperatures.own }
}
