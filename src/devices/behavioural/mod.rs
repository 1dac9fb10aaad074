//! Behavioural elements: B, and what E, F, G, H, R, C and L have in place of a constant.
//!
//! ```text
//! B  i = m·u, or v(p) − v(n) = u, scaled by tc1 and tc2
//! R  i = m·(v(p) − v(n))/R                     C  i = m·C·dv/dt, or q = m·Q
//! L  v(p) − v(n) = L/m·di/dt                   E, H: voltages; F, G: currents
//! ```
//! An expression is compiled once (`compiler`) into a straight-line `program` whose values and derivatives need no
//! allocation. Source: ngspice-39 manual, chapter 5.

mod builder;
mod compiler;
mod corners;
mod delay;
mod elements;
mod expansion;
mod frequency_table;
mod group;
pub mod guarded;
mod laplace;
mod polynomial;
mod program;
mod reset_integral;

pub(super) use builder::Builder;
pub use elements::{
    PAGE, construct_b, construct_capacitor, construct_controlled, construct_inductor, construct_limited,
    construct_resistor, value_unknown,
};
pub use group::{Behavioural, BehaviouralGroup, Part};
pub(super) use program::{Operation, Program, Slot};
