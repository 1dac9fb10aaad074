//! The widest instructions that the processor has.
//!
//! Loops over short arrays become vector instructions where the processor's are allowed, and [`vectorise`] allows them for all that
//! is inlined into its argument. The results are the same to the last bit with any of them, because every operation is rounded as
//! IEEE 754 says and products are fused with sums only where the code says so.

use pulp::Arch;

/// Runs a closure that is marked `#[inline(always)]`, as must be what it calls in inner loops.
pub fn vectorise<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}
