//! From cards to transistors.

use super::Bsim4;
use super::channel::Channel;
use super::charges::Charges;
use super::derived::Process;
use super::diffusion;
use super::general_parameters::General;
use super::geometry::Geometry;
use super::junctions::{End, Form, Junction};
use super::networks::{JunctionApart, Substrate};
use super::noise::Noise;
use super::page::{CARD, SIZE};
use super::parameters::Bsim4Model;
use super::resistances::{GateResistance, OverlapsApart, electrode, lightly_doped};
use super::stress::Layout;
use super::tunnelling::Tunnelling;
use crate::circuit::{Circuit, Model};
use crate::devices::assembly::Unknown;
use crate::devices::construct::Construction;
use crate::devices::mosfet::bsim::card::{self, Mismatch};
use crate::devices::mosfet::bsim::leakage::{Leakage, LeakyEnd};
use crate::devices::parameters::Unknowns;
use crate::devices::series_resistance::{SeriesResistance, behind};
use crate::diagnostic::Diagnostic;
use crate::netlist::dialect::Dialect;

/// Whether a model of MOS transistors is one of BSIM4.
pub fn is_meant(circuit: &Circuit, model: &Model) -> bool {
    let Some(level) = model.parameter("level").and_then(|level| level.value.number()) else { return false };
    match circuit.dialect {
        Dialect::Hspice | Dialect::Pspice => level == 54.0,
        _ => [14.0, 54.0].contains(&level),
    }
}

/// Card and model of a transistor.
struct Given {
    model: Bsim4Model,
    process: Process,
}

pub fn construct(mut c: Construction) {
    let Some(card) = c.model() else { return };
    c.check_parameters(CARD, Unknowns::Warn);
    if c.element.nodes.len() != 4 {
        let message = format!("`{}` needs 4 nodes: drain, gate, source and bulk", c.element.name);
        return c.error(Diagnostic::error(message).at(c.element.span));
    }
    let polarity = if &*card.kind == "pmos" { -1.0 } else { 1.0 };
    let mut model = Bsim4Model::of(card, polarity, c.diagnostics);
    choose(&c, &mut model.general);
    let Some(process) = process(&mut c, card, &model, polarity) else { return };
    let given = Given { model, process };
    let transistor = given.transistor(&c);
    let terminals = given.ends(&mut c, &transistor);
    c.assembly.add(c.id, transistor, terminals);
}

/// What a transistor's card chooses in place of its model's.
fn choose(c: &Construction, general: &mut General) {
    let own = |name: &str, of_model: &mut f64| {
        if let Some(value) = c.parameter(name) {
            *of_model = value;
        }
    };
    own("rgatemod", &mut general.rgatemod);
    own("rbodymod", &mut general.rbodymod);
    own("geomod", &mut general.geomod);
    own("rgeomod", &mut general.rgeomod);
    own("xgw", &mut general.xgw);
    own("ngcon", &mut general.ngcon);
}

fn fingers(c: &Construction) -> f64 {
    c.parameter("nf").filter(|&fingers| fingers >= 1.0).unwrap_or(1.0)
}

/// Reports choices that are not there.
fn check_choices(c: &mut Construction, card: &Model) -> bool {
    let before = c.diagnostics.len();
    for name in ["trnqsmod", "acnqsmod"] {
        if let Some(parameter) = c.element.parameter(name).or(card.parameter(name))
            && parameter.value.number() != Some(0.0)
        {
            let message = format!("`{name}` is not there: charges follow without delay");
            c.error(Diagnostic::error(message).at(parameter.span).hint("0 is the only one there is"));
        }
    }
    let is_error = c.diagnostics.len() > before;
    if let Some(parameter) = card.parameter("tnoimod")
        && parameter.value.number() == Some(2.0)
    {
        let message = "`tnoimod=2` is not there: noise is that of `tnoimod=1`".to_string();
        c.error(Diagnostic::warning(message).at(parameter.span));
    }
    !is_error
}

/// The transistor's parameters; `None` after an error.
fn process(c: &mut Construction, card: &Model, model: &Bsim4Model, polarity: f64) -> Option<Process> {
    let general = &model.general;
    if !check_choices(c, card) {
        return None;
    }
    let size = |name: &str, of_model: f64| {
        c.parameter(name).or(Some(of_model).filter(|size| size.is_finite())).unwrap_or(SIZE)
    };
    let geometry = Geometry::new(general, [size("l", general.length), size("w", general.width)], fingers(c));
    if !geometry.is_possible() {
        card::reject_geometry(c, card);
        return None;
    }
    let (temperatures, mismatch) = (card::temperatures(c, general.tnom), Mismatch::of(c));
    let process = Process::new(model, polarity, geometry, temperatures, &layout(c, general), mismatch);
    let (p, materials) = (&process.parameters, &process.materials);
    let named = [
        ("toxe", materials.thickness),
        ("toxp", materials.physical_thickness),
        ("ndep", p.ndep),
        ("xj", p.xj),
        ("vsat", p.vsat),
        ("u0", p.u0),
        ("delta", p.delta),
        ("φ", process.potential),
    ];
    c.check_positive(card, &named).then_some(process)
}

/// Distances around the transistor.
fn layout(c: &Construction, general: &General) -> Layout {
    let or = |name: &str, default: f64| c.parameter(name).unwrap_or(default);
    let names = ["sca", "scb", "scc"];
    let has_any = names.iter().any(|name| c.parameter(name).is_some());
    Layout {
        sa: or("sa", 0.0),
        sb: or("sb", 0.0),
        sd: or("sd", 2.0 * general.dmcg),
        well: has_any.then(|| names.map(|name| or(name, 0.0))),
        sc: or("sc", 0.0),
    }
}

impl Given {
    fn layout(&self, c: &Construction) -> diffusion::Layout {
        let general = &self.model.general;
        diffusion::Layout {
            geomod: general.geomod as u8,
            rgeomod: general.rgeomod as u8,
            fewest_drains: c.parameter("min") != Some(1.0),
            fingers: self.process.geometry.fingers,
            width: self.process.geometry.junction_width,
        }
    }

    /// Area and perimeter of an end.
    fn end(&self, c: &Construction, source: bool) -> End {
        let geometry = &self.process.geometry;
        let of_layout = self.layout(c).end(&self.model.general, source);
        let [area, perimeter] = if source { ["as", "ps"] } else { ["ad", "pd"] };
        let given = |perimeter: f64| {
            if self.model.general.permod == 0.0 {
                perimeter
            } else {
                perimeter - geometry.junction_width * geometry.fingers
            }
        };
        End {
            area: c.parameter(area).unwrap_or(of_layout.area),
            perimeter: c.parameter(perimeter).map_or(of_layout.perimeter, given).max(0.0),
        }
    }

    /// What the gate induces at an end.
    fn leakage(&self, coefficients: [f64; 7]) -> Leakage {
        let process = &self.process;
        Leakage::new(&LeakyEnd {
            coefficients,
            width: process.geometry.junction_width,
            depth: process.materials.leakage_depth(),
            offset: if process.materials.is_general { process.end_flat_band } else { 0.0 },
            second: self.model.general.gidlmod != 0.0,
        })
    }

    fn transistor(&self, c: &Construction) -> Bsim4 {
        let Given { model: Bsim4Model { general, junctions, version, .. }, process } = self;
        let form = Form::new(general.diomod, *version);
        let (p, fingers) = (&process.parameters, process.geometry.fingers);
        Bsim4 {
            channel: Channel::new(process, general),
            charges: Charges::new(process, general),
            tunnelling: Tunnelling::new(process, general),
            drain_leakage: self.leakage([p.agidl, p.bgidl, p.cgidl, p.egidl, p.rgidl, p.kgidl, p.fgidl]),
            source_leakage: self.leakage([p.agisl, p.bgisl, p.cgisl, p.egisl, p.rgisl, p.kgisl, p.fgisl]),
            drain: Junction::drain(process, junctions, form, self.end(c, false)),
            source: Junction::source(process, junctions, form, self.end(c, true)),
            noise: Noise::new(process, general, *version),
            polarity: process.polarity,
            fingers,
            multiplier: c.multiplier() * fingers,
            off: c.word("off"),
            junctions_apart: general.rbodymod != 0.0,
            overlaps_apart: general.rgatemod == 3.0,
            initial: c.list("ic"),
        }
    }

    /// What is between the terminals and the transistor; gives its unknowns.
    fn ends(&self, c: &mut Construction, transistor: &Bsim4) -> [Unknown; 4] {
        let [drain, gate, source, bulk] = c.terminals();
        let (inner_bulk, junction_bulks) = self.substrate(c, bulk);
        let inner_drain = self.end_node(c, drain, false);
        let inner_source = self.end_node(c, source, true);
        let electrode_node = self.electrode(c, gate);
        let unknowns = self.gate(c, transistor, [inner_drain, electrode_node, inner_source, inner_bulk]);
        if self.model.general.rdsmod == 1.0 {
            for (drain_side, outer, end) in [(true, drain, inner_drain), (false, source, inner_source)] {
                let part = lightly_doped(
                    &self.process,
                    drain_side,
                    self.diffusion(c, !drain_side).unwrap_or(1e3),
                    c.multiplier(),
                );
                c.assembly.add_auxiliary(c.id, part, [outer, end, unknowns[1], inner_bulk]);
            }
        }
        if let Some([of_drain, of_source]) = junction_bulks {
            let (polarity, thermal) = (transistor.polarity, transistor.channel.thermal);
            let apart = |junction| JunctionApart { junction, polarity, multiplier: c.multiplier(), thermal };
            let (of_drain_junction, of_source_junction) = (apart(transistor.drain), apart(transistor.source));
            c.assembly.add_auxiliary(c.id, of_drain_junction, [of_drain, inner_drain]);
            c.assembly.add_auxiliary(c.id, of_source_junction, [of_source, inner_source]);
        }
        unknowns
    }

    /// Conductance of the diffusion of an end, S; none without resistance.
    fn diffusion(&self, c: &Construction, source: bool) -> Option<f64> {
        let general = &self.model.general;
        let squares = c.parameter(if source { "nrs" } else { "nrd" });
        let resistance = match squares {
            Some(squares) => general.rsh * squares,
            None => self.layout(c).resistance(general, source),
        };
        (resistance > 0.0).then(|| 1.0 / resistance)
    }

    /// The inner node of drain or source.
    fn end_node(&self, c: &mut Construction, terminal: Unknown, source: bool) -> Unknown {
        let name = if source { "source" } else { "drain" };
        if self.model.general.rdsmod == 1.0 {
            return c.assembly.internal_node(c.id, name);
        }
        let Some(conductance) = self.diffusion(c, source) else { return terminal };
        let temperature = self.process.temperatures.own;
        let name_of_noise = if source { "rs" } else { "rd" };
        let conductance = conductance * c.multiplier();
        behind(c, terminal, name, SeriesResistance { conductance, name: name_of_noise, temperature })
    }

    /// The node behind the gate's electrode.
    fn electrode(&self, c: &mut Construction, gate: Unknown) -> Unknown {
        if ![1.0, 3.0].contains(&self.model.general.rgatemod) {
            return gate;
        }
        let conductance = electrode(&self.process, &self.model.general) * c.multiplier();
        let temperature = self.process.temperatures.own;
        let name = if self.model.general.rgatemod == 3.0 { "midgate" } else { "gate" };
        behind(c, gate, name, SeriesResistance { conductance, name: "rg", temperature })
    }

    /// The gate's resistance through the channel; gives the transistor's unknowns.
    fn gate(
        &self,
        c: &mut Construction,
        transistor: &Bsim4,
        [drain, outer, source, bulk]: [Unknown; 4],
    ) -> [Unknown; 4] {
        let general = &self.model.general;
        if general.rgatemod < 2.0 {
            return [drain, outer, source, bulk];
        }
        let in_series = if general.rgatemod == 2.0 { electrode(&self.process, general) } else { f64::INFINITY };
        let part = GateResistance::new(&self.process, transistor, in_series);
        let gate = c.assembly.internal_node(c.id, "gate");
        c.assembly.add_auxiliary(c.id, part, [outer, drain, gate, source, bulk]);
        if transistor.overlaps_apart {
            let (overlaps, polarity) = (transistor.charges.overlaps, transistor.polarity);
            let apart = OverlapsApart { overlaps, polarity, multiplier: transistor.multiplier };
            c.assembly.add_auxiliary(c.id, apart, [drain, outer, source, bulk]);
        }
        [drain, gate, source, bulk]
    }

    /// The bulk's node at the channel, and those at the junctions of drain and source where they have their own.
    fn substrate(&self, c: &mut Construction, bulk: Unknown) -> (Unknown, Option<[Unknown; 2]>) {
        let card = &self.model.junctions;
        let parts = match self.model.general.rbodymod {
            0.0 => return (bulk, None),
            2.0 => Substrate::scaled(card, &self.process.geometry),
            _ => {
                let own = |name: &str, of_model: f64| c.parameter(name).unwrap_or(of_model);
                let resistances = [
                    own("rbpb", card.rbpb),
                    own("rbpd", card.rbpd),
                    own("rbps", card.rbps),
                    own("rbdb", card.rbdb),
                    own("rbsb", card.rbsb),
                ];
                Substrate::given(card, resistances)
            }
        };
        let temperature = self.process.temperatures.own;
        let multiplier = c.multiplier();
        let resistance = |name: &'static str, conductance: f64| SeriesResistance {
            conductance: conductance * multiplier,
            name,
            temperature,
        };
        let inner = behind(c, bulk, "body", resistance("rbpb", parts.channel));
        let of_drain = behind(c, bulk, "dbody", resistance("rbdb", parts.drain));
        let of_source = behind(c, bulk, "sbody", resistance("rbsb", parts.source));
        c.assembly.add_auxiliary(c.id, resistance("rbpd", parts.to_drain), [inner, of_drain]);
        c.assembly.add_auxiliary(c.id, resistance("rbps", parts.to_source), [inner, of_source]);
        (inner, Some([of_drain, of_source]))
    }
}
