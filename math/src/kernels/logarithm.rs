//! The natural logarithm.

use super::{
	mantissa::Mantissa,
	product::mul_hi_short,
	tables::{LN_2, LN_CELL, LN_POLY},
};
use crate::{
	error::MathError,
	fixed::Q64,
	wide::{join, mul_hi, mul_words, split},
};

/// `-ln(f)` in 120 fractional bits for `f = bits / 2^128` in (0, 1). Error: at most 1.6e-21 (2^-69) absolute,
/// and at most 2e-19 (2^-62.1) of the result and 2^-119.
///
/// `f = 2^-e g` with `g` in [1/2, 1); the cell's short factor `u` brings `g u` to `1 - r`, `r` in
/// [0, 2^-7), exactly to 113 bits; `-ln f = e ln 2 + ln u + r (1 + s)` with `s` from the polynomial.
/// The last cell has `u = 1`, so that a logarithm near zero keeps its leading digits.
#[inline(always)]
pub(crate) fn minus_ln(bits: u128) -> u128 {
	let shift = bits.leading_zeros();
	let g = bits << shift;
	let index = ((g >> 120) & 0x7f) as usize;
	#[allow(clippy::indexing_slicing, reason = "the index has 7 bits, the table 128 entries")]
	let (factor, factor_ln) = LN_CELL[index];
	// g u = g + g * factor / 2^15 < 1
	let (g1, g0) = split(g >> 15);
	let (carry, low) = mul_words(g0, factor);
	let product = join(g1 * factor + carry, low);
	let r = 0u128.wrapping_sub(g.wrapping_add(product));
	let t = (r >> 64) as u64;
	let [c0, c1, c2, c3, c4, c5, c6] = LN_POLY;
	let p = c5 + mul_hi_short(t, c6);
	let p = c4 + mul_hi_short(t, p);
	let p = c3 + mul_hi_short(t, p);
	let p = c2 + mul_hi_short(t, p);
	let p = c1 + mul_hi_short(t, p);
	let p = c0 + mul_hi_short(t, p);
	let s = mul_hi(t, p);
	// r s with the leading 64 digits of r, so that it is relative to r
	let zeros = r.leading_zeros().min(127);
	let lead = ((r << zeros) >> 64) as u64;
	let bent = join(mul_hi(lead, s), 0) >> zeros;
	// At most 127 ln 2 + ln 2: 7 integer bits and 120 fractional bits.
	LN_2 * shift as u128 + factor_ln + ((r + bent) >> 8)
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
	let zeros = bits.leading_zeros();
	// x = g 2^(64 - zeros), g in [1/2, 1)
	let small = minus_ln(bits << zeros);
	let power = 64 - zeros as i64;
	let whole = LN_2 as i128 * power as i128;
	let value = whole - small as i128;
	Ok(Q64::from_bits((value + (1 << 55)) >> 56))
}

/// `(is negative, |ln(x)|)` of a positive number, absolute error below 2^-69 and relative below 2^-62 (but
/// above one near one, where it cancels); zero stays zero for one.
#[inline(always)]
pub(crate) fn ln_mantissa(x: Mantissa) -> (bool, Mantissa) {
	let whole = LN_2 as i128 * x.exponent() as i128;
	let value = whole - minus_ln(join(x.word(), 0)) as i128;
	(value < 0, Mantissa::from_u128(value.unsigned_abs(), 8))
}
