//! Several inputs side by side: numbers in lanes, and the widest instructions that the processor has for them.
//!
//! Loops over `[f64; L]` become vector instructions where the processor's are allowed; [`vectorised`] allows them for
//! all that is inlined into its argument. The results are the same to the last bit with any of them, because every
//! operation is rounded as IEEE 754 says and products are fused with sums only where the code says so.

use pulp::{Arch, Simd, WithSimd};

/// One number for each of `L` inputs.
pub(super) type Lanes<const L: usize> = [f64; L];

/// Work for [`vectorised`]: mark `run` and all that it calls in inner loops `#[inline(always)]`.
pub(super) trait Work {
    type Output;
    fn run(self) -> Self::Output;
}

struct Vectorised<W>(W);

impl<W: Work> WithSimd for Vectorised<W> {
    type Output = W::Output;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> W::Output {
        struct Call<W>(W);
        impl<W: Work> pulp::NullaryFnOnce for Call<W> {
            type Output = W::Output;

            #[inline(always)]
            fn call(self) -> W::Output {
                self.0.run()
            }
        }
        simd.vectorize(Call(self.0))
    }
}

/// Runs `work` with the widest instructions there are.
pub(super) fn vectorised<W: Work>(work: W) -> W::Output {
    Arch::new().dispatch(Vectorised(work))
}

/// The same of a closure that is marked `#[inline(always)]`.
pub(super) fn vectorise<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

#[inline(always)]
pub(super) fn splat<const L: usize>(value: f64) -> Lanes<L> {
    [value; L]
}

/// `f` of every lane.
#[inline(always)]
pub(super) fn map<const L: usize>(mut f: impl FnMut(usize) -> f64) -> Lanes<L> {
    let mut result = [0.0; L];
    for (lane, value) in result.iter_mut().enumerate() {
        *value = f(lane);
    }
    result
}

/// a·factor + c, rounded once.
#[inline(always)]
pub(super) fn scaled<const L: usize>(a: &Lanes<L>, factor: f64, c: &Lanes<L>) -> Lanes<L> {
    map(|l| a[l].mul_add(factor, c[l]))
}

/// The larger magnitude; NaN stays NaN.
#[inline(always)]
pub(super) fn raise<const L: usize>(largest: &mut Lanes<L>, values: &Lanes<L>) {
    for l in 0..L {
        let magnitude = values[l].abs();
        largest[l] = if magnitude <= largest[l] || largest[l].is_nan() { largest[l] } else { magnitude };
    }
}
