//! The natural logarithm.

use super::{
	mantissa::Mantissa,
	product::plus,
	tables::{LN_2, LN_CELL, LN_POLY},
};
use crate::{
	error::MathError,
	fixed::Q64,
	wide::{join, mul_hi, mul_words, normalised, shr, split},
};

/// `-ln(f)` in 120 fractional bits for `f = bits / 2^128` in (0, 1). Error: at most 1.6e-21 (2^-69) absolute,
/// and at most 2e-19 (2^-62.1) of the result and 2^-119.
///
/// `f = 2^-e g` with `g` in [1/2, 1); the cell's short factor `u` brings `g u` to `1 - r`, `r` in
/// [0, 2^-7), exactly to 113 bits; `-ln f = e ln 2 + ln u + r (1 + s)` with `s` from the polynomial.
/// The last cell has `u = 1`, so that a logarithm near zero keeps its leading digits.
#[inline(always)]
pub(crate) fn minus_ln(bits: u128) -> u128 {
	let (g, shift) = normalised(bits);
	let index = ((g >> 120) & 0x7f) as usize;
	#[allow(clippy::indexing_slicing, reason = "the index has 7 bits, the table 128 entries")]
	let (factor, factor_ln) = LN_CELL[index];
	// g u = g + g * factor / 2^15 < 1
	let (g1, g0) = split(g >> 15);
	let (carry, low) = mul_words(g0, factor);
	let product = join(g1.wrapping_mul(factor).wrapping_add(carry), low);
	let r = 0u128.wrapping_sub(g.wrapping_add(product));
	let t = (r >> 64) as u64;
	let [c0, c1, c2, c3, c4, c5, c6] = LN_POLY;
	let p = plus(c5, t, c6);
	let p = plus(c4, t, p);
	let p = plus(c3, t, p);
	let p = plus(c2, t, p);
	let p = plus(c1, t, p);
	let p = plus(c0, t, p);
	let s = mul_hi(t, p);
	// r s with the leading 64 digits of r, so that it is relative to r
	let (lead, zeros) = normalised(r);
	let bent = shr(join(mul_hi((lead >> 64) as u64, s), 0), zeros);
	// At most 127 ln 2 + ln 2: 7 integer bits and 120 fractional bits.
	times_ln_2(shift).wrapping_add(factor_ln).wrapping_add(r.wrapping_add(bent) >> 8)
}

/// `count ln 2` in 120 fractional bits, for a count of at most 256.
#[inline(always)]
const fn times_ln_2(count: u32) -> u128 {
	let (high, low) = split(LN_2);
	let (carry, low) = mul_words(low, count as u64);
	join(high.wrapping_mul(count as u64).wrapping_add(carry), low)
}

/// `2^exponent / exp(small)`, its logarithm in 120 fractional bits.
#[inline(always)]
const fn with_exponent(exponent: i32, small: u128) -> i128 {
	debug_assert!(exponent.unsigned_abs() <= 180);
	// 180 ln 2 is below 2^7, and with seven bits before the point it fits
	let whole = times_ln_2(exponent.unsigned_abs()) as i128;
	let whole = if exponent < 0 { whole.wrapping_neg() } else { whole };
	whole.wrapping_sub(small as i128)
}

/// `ln(x)`.
///
/// Range: `x > 0`, else `OutOfDomain`. Error: at most 3e-20 (0.53 units): to nearest but for close ties.
///
/// Method: `minus_ln` of the fraction left after the leading power of two is taken off.
pub fn ln(x: Q64) -> Result<Q64, MathError> {
	if !x.is_positive() {
		return Err(MathError::OutOfDomain);
	}
	let bits = x.to_bits().unsigned_abs();
	let (g, zeros) = normalised(bits);
	// x = g 2^(64 - zeros), g in [1/2, 1)
	let value = with_exponent(64i32.wrapping_sub_unsigned(zeros), minus_ln(g));
	Ok(Q64::from_bits(value.wrapping_add(1 << 55) >> 56))
}

/// `(is negative, |ln(x)|)` of a positive number, absolute error below 2^-69 and relative below 2^-62 (but
/// above one near one, where it cancels); zero stays zero for one.
#[inline(always)]
pub(crate) fn ln_mantissa(x: Mantissa) -> (bool, Mantissa) {
	let value = with_exponent(x.exponent(), minus_ln(join(x.word(), 0)));
	(value < 0, Mantissa::from_u128(value.unsigned_abs(), 8))
}
