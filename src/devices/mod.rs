//! Devices: what stands on the cards, as equations.
//!
//! A device is one file with its equations, parameters, units and source, and one line in the list of [`registry`].

pub mod adjustable;
pub mod array_view;
pub mod assembly;
pub mod behavioural;
pub mod blocks;
pub mod bypass;
pub mod cells;
pub mod code_models;
pub mod construct;
pub mod crossbar;
pub mod device;
pub mod group;
pub mod noise;
pub mod page;
mod parallel_evaluation;
pub mod parameters;
pub mod registry;
mod source_card;

mod bipolar;
mod capacitor;
mod chan_core;
mod constants;
mod controlled_sources;
mod coupled_lines;
mod current_source;
mod diode;
mod distributed_rc;
mod field_effect;
mod gallium_arsenide;
mod hicum;
mod idealised_diode;
mod inductor;
mod jfet;
mod junction;
mod lossy_line;
mod magnetic_core;
pub mod memristors;
mod mesfet;
mod mosfet;
mod parasitics;
mod parker_skellern;
mod resistor;
mod sense;
mod series_resistance;
pub mod stamp;
mod switch;
mod thermal_node;
mod thermal_resistor;
mod transmission_line;
mod uniform_group;
mod vbic;
mod vdmos;
mod voltage_source;
