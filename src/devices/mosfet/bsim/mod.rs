//! What BSIM3 and BSIM4 share.

pub mod binned;
pub mod charges;
pub mod limits;
pub mod saturation;
pub mod temperatures;
