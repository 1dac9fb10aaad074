//! Behavioural elements (stub, replaced below).

use super::construct::Construction;

pub struct Behavioural;

pub fn construct_resistor(_c: &mut Construction) -> bool {
    false
}
pub fn construct_capacitor(_c: &mut Construction) -> bool {
    false
}
pub fn construct_inductor(_c: &mut Construction) -> bool {
    false
}
pub fn construct_controlled(_c: &mut Construction) -> bool {
    false
}
