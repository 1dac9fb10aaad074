//! What Berkeley's models share: BSIM3, BSIM4 and BSIMSOI, in part also BSIM1 and BSIM2.

pub mod binned;
pub mod body_bias;
pub mod card;
pub mod charges;
pub mod end_resistance;
pub mod flicker;
pub mod leakage;
pub mod limits;
pub mod quantities;
pub mod saturation;
pub mod temperatures;
