//! What Berkeley's models share: BSIM3 and BSIM4, in part also BSIM1 and BSIM2.

pub mod binned;
pub mod body_bias;
pub mod card;
pub mod charges;
pub mod flicker;
pub mod limits;
pub mod quantities;
pub mod saturation;
pub mod temperatures;
