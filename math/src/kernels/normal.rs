//! The standard normal distribution.
//!
//! `Phi(-x) = exp(-x^2/2) R(x)` for `x >= 0`, with `R` the Mills ratio over sqrt(2 pi) (Cody's erfcx
//! scaling): `R` is smooth and falls from 1/2 to 0.035, so a table of short polynomials serves it, and
//! the tail keeps its *relative* accuracy because the exponential does.

use super::{
	exponential::exp_minus,
	mantissa::Mantissa,
	product::minus,
	tables::{INV_SQRT_2PI, MILLS},
};
use crate::{
	fixed::Q64,
	wide::{mul_hi, mul_wide},
};

/// Arguments from here on (11.25, in 60 fractional bits) are beyond the table of [`mills`].
pub(crate) const MILLS_END: u64 = 180 << 56;

/// `exp(x^2/2) Phi(-x)` in 64 fractional bits for `x` in 60 fractional bits; error at most 1.6 units
/// (8.4e-20). Beyond the table's end the last cell's edge is used.
#[inline(always)]
pub(crate) fn mills(x: u64) -> u64 {
	let x = x.min(MILLS_END - 1);
	let t = (x << 4) & ((1 << 60) - 1);
	#[allow(clippy::indexing_slicing, reason = "x is below the table's end")]
	let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9] = MILLS[(x >> 56) as usize];
	let p = minus(c8, t, c9);
	let p = minus(c7, t, p);
	let p = minus(c6, t, p);
	let p = minus(c5, t, p);
	let p = minus(c4, t, p);
	let p = minus(c3, t, p);
	let p = minus(c2, t, p);
	let p = minus(c1, t, p);
	// the ratio itself, above zero
	c0.wrapping_sub(mul_hi(t, p))
}

/// `exp(-x^2/2)` for `x` in 60 fractional bits, relative error at most 4.4e-19.
#[inline(always)]
pub(crate) fn bell(x: u64) -> Mantissa {
	exp_minus(mul_wide(x, x) >> 57)
}

/// `exp(-x^2/2) / sqrt(2 pi)` from `exp(-x^2/2)`.
#[inline(always)]
pub(crate) fn density(bell: Mantissa) -> Mantissa {
	bell.times(Mantissa::new(INV_SQRT_2PI, -1))
}

/// `Phi(-x)` for `x` in 60 fractional bits below [`MILLS_END`]. Relative error at most 2.9e-18, however small
/// the result; at most 1e-18 up to 2 and 1.6e-18 up to 5.
#[inline(always)]
pub(crate) fn tail(x: u64) -> Mantissa {
	bell(x).times_fraction(mills(x))
}

/// `|x|` in 60 fractional bits, to nearest; saturates at 16.
#[inline(always)]
fn magnitude_q60(x: Q64) -> u64 {
	let rounded = x.to_bits().unsigned_abs().wrapping_add(8) >> 4;
	u64::try_from(rounded).unwrap_or(u64::MAX)
}

/// The standard normal distribution function `Phi(x)`.
///
/// Range: every `x`; result in [0, 1]. Error: at most 5.3e-19 absolute. `Phi(x) + Phi(-x) = 1` exactly, and
/// `Phi(0) = 1/2` exactly.
///
/// Method: Mills ratio table times exponential (see the module).
pub fn norm_cdf(x: Q64) -> Q64 {
	let distance = magnitude_q60(x);
	let tail = if distance >= MILLS_END { 0 } else { tail(distance).to_fraction() as i128 };
	if x.is_positive() {
		Q64::from_bits((1i128 << 64).wrapping_sub(tail))
	} else {
		Q64::from_bits(tail)
	}
}

/// The standard normal density `phi(x) = exp(-x^2/2) / sqrt(2 pi)`.
///
/// Range: every `x`; result in [0, 0.3989]. Error: at most 3.8e-19 absolute.
pub fn norm_pdf(x: Q64) -> Q64 {
	let distance = magnitude_q60(x);
	if distance >= MILLS_END {
		return Q64::ZERO;
	}
	// below one half, so it fits a word of fraction bits
	Q64::from_bits(density(bell(distance)).to_fraction() as i128)
}
