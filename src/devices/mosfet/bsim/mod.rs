//! What BSIM3 and BSIM4 share.

pub mod binned;
pub mod body_bias;
pub mod card;
pub mod charges;
pub mod flicker;
pub mod limits;
pub mod saturation;
pub mod temperatures;
