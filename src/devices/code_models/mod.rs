//! XSPICE's analog code models on `A` cards, one file each.
//!
//! ```text
//! A1 [a %vd(b c)] out sum          ports, in the order of the model; several connections in brackets
//! .model sum summer(in_gain=[1 2])
//! ```
//! A connection is a node with, before it, how it is used: `%v` voltage to ground (the default), `%vd (p n)` between two nodes, `%i` and
//! `%id (p n)` a current (an input is a virtual short circuit, an output a current source that draws its value out of p), `%vnam
//! source` the current of a voltage source, `%g` and `%gd (p n)` a controlled conductance.
//!
//! Source: ngspice-39 manual, chapter 8. What differs: a model's equations are solved with all others, exactly, where XSPICE
//! takes the derivative of an integral from the step before.

// `connections` makes inputs and outputs of ports, `calculation` composes what stands between.
mod calculation;
mod card;
mod connections;
mod curve;
mod oscillator;

pub mod aswitch;
pub mod climit;
pub mod core;
pub mod d_dt;
pub mod delay;
pub mod digital;
pub mod divide;
pub mod filesource;
pub mod gain;
pub mod hyst;
pub mod ilimit;
pub mod int;
pub mod lcouple;
pub mod limit;
pub mod meter;
pub mod mult;
pub mod multi_input_pwl;
pub mod oneshot;
pub mod potentiometer;
pub mod pswitch;
pub mod pwl;
pub mod pwlts;
pub mod reactance;
pub mod s_xfer;
pub mod sidiode;
pub mod sine;
pub mod slew;
pub mod square;
pub mod summer;
pub mod triangle;
pub mod zener;

/// How ports are connected, for the manual's pages.
const CONNECTIONS: &str = crate::head_of_file!("mod.rs");
