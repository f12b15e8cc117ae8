//! Elementary functions by table and short polynomial: no division, no loop that depends on data, the
//! same result on every target.
//!
//! | function | range | error at most |
//! |---|---|---|
//! | [`exp`] | up to 43.6 | 1e-18 absolute for x <= 0, 1e-18 relative above, plus the last place |
//! | [`ln`] | above 0 | 1.1e-19 |
//! | [`sqrt`] | 0 and above | 5.5e-20 relative or half the last place |
//! | [`norm_cdf`], [`norm_pdf`] | all | 1e-18 absolute |
//!
//! Tables are written by `tools/gen_kernels.py` together with an enclosed bound of each cell's
//! polynomial; the tests assert those bounds and compare with vectors computed to 60 digits.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "kernels work on words whose ranges are stated beside each step and bound every sum and shift"
)]

pub(crate) mod exponential;
pub(crate) mod logarithm;
pub(crate) mod mantissa;
pub(crate) mod normal;
pub(crate) mod reciprocal;
pub(crate) mod root;
pub(crate) mod tables;

pub use exponential::exp;
pub use logarithm::ln;
pub use normal::{norm_cdf, norm_pdf};
pub use root::sqrt;

#[cfg(test)]
mod tests;
