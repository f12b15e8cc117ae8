//! The exponential function.

use super::{
	mantissa::Mantissa,
	product::{minus, mul_hi_short},
	tables::{EXP_FRACTION, EXP_INTEGER, EXP_POLY},
};
use crate::{error::MathError, fixed::Q64, wide::mul_hi};

/// The smallest and the largest whole argument with a table entry.
const LOWEST: i64 = -64;
const HIGHEST: i64 = 44;

/// `1 - exp(-fraction / 2^64)` in 64 fractional bits; absolute error below 2.6 units (1.4e-19).
///
/// The fraction's leading byte selects `c = 1 - exp(-j/256)`; `s = 1 - exp(-t)` of the rest comes from
/// the polynomial, and `1 - (1 - c)(1 - s) = c + (1 - c) s`.
#[inline(always)]
fn one_minus_exp(fraction: u64) -> u64 {
	let index = (fraction >> 56) as usize;
	// the rest with all its 64 bits, so that products carry 8 and 16 digits more than `s` needs
	let rest = fraction << 8;
	let t = rest >> 8;
	let [c0, c1, c2, c3, c4] = EXP_POLY;
	let p = minus(c3, t, c4);
	let p = minus(c2, t, p);
	let p = minus(c1, t, p);
	let p = minus(c0, t, p);
	let s = t.wrapping_sub(mul_hi_short(rest, mul_hi_short(rest, p)) >> 16);
	#[allow(clippy::indexing_slicing, reason = "the index has 8 bits, the table 256 entries")]
	let c = EXP_FRACTION[index];
	// c <= 1 - e^(-255/256) and s < 2^-8, so the sum stays below one
	c.wrapping_add(s).wrapping_sub(mul_hi(c, s))
}

/// `exp(whole - fraction / 2^64)` for a whole part in -64..=44; relative error at most 3.9e-19.
/// `None` outside.
#[inline(always)]
pub(crate) fn exp_parts(whole: i64, fraction: u64) -> Option<Mantissa> {
	let (word, exponent) = exp_word(whole, fraction)?;
	Some(Mantissa::new(word, exponent))
}

/// The same as a word of at least 2^61 and its exponent.
#[inline(always)]
pub(super) fn exp_word(whole: i64, fraction: u64) -> Option<(u64, i32)> {
	let index = usize::try_from(whole.wrapping_sub(LOWEST)).ok()?;
	let &(word, exponent) = EXP_INTEGER.get(index)?;
	let lost = one_minus_exp(fraction);
	// at most the word itself
	Some((word.wrapping_sub(mul_hi(word, lost)), exponent))
}

/// `exp(-y / 2^64)` for `y` in 64 fractional bits; zero from `y = 64` upwards, where it is below 2^-92.
/// Relative error at most 3.9e-19.
#[inline(always)]
pub(crate) fn exp_minus(y: u128) -> Mantissa {
	let whole = (y >> 64) as u64;
	if whole >= 64 {
		return Mantissa::ZERO;
	}
	exp_parts((whole as i64).wrapping_neg(), y as u64).unwrap_or(Mantissa::ZERO)
}

/// `e^x`.
///
/// Range: any `x` up to 43.66 (`e^x` < 2^63); below -44.4 the result is zero. Error: at most 4.4e-19
/// absolute for `x <= 0`, at most 3.9e-19 relative and the last place for `x > 0`; truncated.
/// `Overflow` above the range.
///
/// Method: whole part and leading byte of the fraction from tables, the rest from a polynomial of
/// degree 6 (`tools/gen_kernels.py`).
pub fn exp(x: Q64) -> Result<Q64, MathError> {
	if x < Q64::from_int(LOWEST) {
		return Ok(Q64::ZERO);
	}
	if x > Q64::from_int(HIGHEST) {
		return Err(MathError::Overflow);
	}
	// x = whole - fraction with the whole part rounded up
	let negated = -x.to_bits();
	let whole = -((negated >> 64) as i64);
	exp_parts(whole, negated as u64).ok_or(MathError::Overflow)?.to_q64(false)
}
