//! Elementary functions by table and short polynomial: no division, no loop that depends on data, the
//! same result on every target.
//!
//! | function | range | error at most |
//! |---|---|---|
//! | [`exp`] | up to 43.6 | 4.4e-19 absolute for x <= 0; 3.9e-19 relative and the last place above |
//! | [`ln`] | above 0 | 3e-20 |
//! | [`sqrt`] | 0 and above | 5.5e-20 relative or half the last place |
//! | [`norm_cdf`] | all | 5.3e-19 absolute |
//! | [`norm_pdf`] | all | 3.8e-19 absolute |
//! | [`inverse_cdf`] | between 0 and 1 | 8.4e-20 |
//!
//! Tables are written by `tools/gen_kernels.py` together with a proven bound of each cell: of method, rounded
//! coefficients and integer evaluation, by interval arithmetic (`certified`). The tests assert that the
//! stated bounds follow from those, that the code is the evaluation they were derived for, and compare with
//! vectors computed to 60 digits.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "kernels work on words whose ranges are stated beside each step and bound every sum and shift"
)]

#[cfg(test)]
pub(crate) mod certified;
pub(crate) mod exponential;
pub(crate) mod logarithm;
pub(crate) mod mantissa;
pub(crate) mod normal;
mod product;
pub(crate) mod quantile;
pub(crate) mod reciprocal;
pub(crate) mod root;
pub(crate) mod tables;

pub use exponential::exp;
pub use logarithm::ln;
pub use normal::{norm_cdf, norm_pdf};
pub use quantile::inverse_cdf;
pub use root::sqrt;

#[cfg(test)]
mod tests;
