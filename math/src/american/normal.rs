//! The normal distribution function times an exponential, without the overflow or the loss of digits that
//! a large exponential times a small tail would bring.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "the operators of `Real` are checked; the shifts are by constants"
)]

use super::real::Real;
use crate::kernels::{
	norm_cdf, norm_pdf,
	normal::{mills, MILLS_END},
	tables,
};

/// 1 / sqrt(2 pi).
const INV_SQRT_2PI: Real = Real::from_fraction(tables::INV_SQRT_2PI >> 1);
/// Exponents below this count as zero: e^-44 is 8e-20.
pub(super) const EXPONENT_MIN: Real = Real::from_bits(-(44 << 64));

/// `exp(x^2/2) Phi(-x)` for `x >= 0`, error below 1e-12 of itself beyond the table (11.25) and 2e-19 in it.
pub(super) fn scaled_tail(x: Real) -> Real {
	match u64::try_from(x.bits() >> 4) {
		Ok(q60) if q60 < MILLS_END && !x.is_lost() => Real::from_fraction(mills(q60)),
		_ => far_tail(x),
	}
}

/// Laplace's continued fraction `1/(x + 1/(x + 2/(x + 3/(x + ...))))`, eight levels: at 11.25 and beyond
/// within 1e-12 of itself.
fn far_tail(x: Real) -> Real {
	let mut rest = x;
	for level in (1..=8i128).rev() {
		rest = x + Real::from_bits(level << 64) * rest.recip();
	}
	INV_SQRT_2PI * rest.recip()
}

/// `Phi(x)`, error at most 1e-18.
pub(super) fn cdf(x: Real) -> Real {
	match x.value() {
		Ok(value) => Real::from(norm_cdf(value)),
		Err(_) => x,
	}
}

/// `phi(x)`, error at most 1e-18.
pub(super) fn density(x: Real) -> Real {
	match x.value() {
		Ok(value) => Real::from(norm_pdf(value)),
		Err(_) => x,
	}
}

/// `exp(a) Phi(x)`: for `x <= 0` as `exp(a - x^2/2) R(-x)`, so that `a` may be large where `Phi(x)` is
/// small. Error below 2e-18 of max(1, the result, exp(a) if x > 0).
pub(super) fn tilted_cdf(a: Real, x: Real) -> Real {
	if x.is_positive() {
		let tail = tilted_cdf(a, -x);
		return a.exp() - tail;
	}
	let exponent = a - (x * x).half();
	if below(exponent, EXPONENT_MIN) {
		return Real::ZERO;
	}
	exponent.exp() * scaled_tail(-x)
}

/// `a < b`, both of them known.
pub(super) fn below(a: Real, b: Real) -> bool {
	!a.is_lost() && !b.is_lost() && a.bits() < b.bits()
}
