//! The exponential function.

use super::{
	mantissa::Mantissa,
	tables::{EXP_FRACTION, EXP_INTEGER, EXP_POLY},
};
use crate::{error::MathError, fixed::Q64, wide::mul_hi};

/// The smallest and the largest whole argument with a table entry.
const LOWEST: i64 = -64;
const HIGHEST: i64 = 44;

/// `1 - exp(-fraction / 2^64)` in 64 fractional bits, absolute error below 3 units (1.7e-19).
///
/// The fraction's leading byte selects `c = 1 - exp(-j/256)`; `s = 1 - exp(-t)` of the rest comes from
/// the polynomial, and `1 - (1 - c)(1 - s) = c + (1 - c) s`.
#[inline(always)]
fn one_minus_exp(fraction: u64) -> u64 {
	let index = (fraction >> 56) as usize;
	let t = fraction & ((1 << 56) - 1);
	let [c0, c1, c2, c3, c4] = EXP_POLY;
	let p = c3 - mul_hi(t, c4);
	let p = c2 - mul_hi(t, p);
	let p = c1 - mul_hi(t, p);
	let p = c0 - mul_hi(t, p);
	let s = t - mul_hi(t, mul_hi(t, p));
	#[allow(clippy::indexing_slicing, reason = "the index has 8 bits, the table 256 entries")]
	let c = EXP_FRACTION[index];
	// c <= 1 - e^(-255/256) and s < 2^-8, so the sum stays below one
	c + s - mul_hi(c, s)
}

/// `exp(whole - fraction / 2^64)` for a whole part in -64..=44; relative error below 5e-19.
/// `None` outside.
#[inline(always)]
pub(crate) fn exp_parts(whole: i64, fraction: u64) -> Option<Mantissa> {
	let index = usize::try_from(whole - LOWEST).ok()?;
	let &(word, exponent) = EXP_INTEGER.get(index)?;
	let lost = one_minus_exp(fraction);
	Some(Mantissa::new(word - mul_hi(word, lost), exponent))
}

/// `exp(-y / 2^64)` for `y` in 64 fractional bits; zero from `y = 64` upwards, where it is below 2^-92.
/// Relative error below 5e-19.
#[inline(always)]
pub(crate) fn exp_minus(y: u128) -> Mantissa {
	let whole = (y >> 64) as u64;
	if whole >= 64 {
		return Mantissa::ZERO;
	}
	exp_parts(-(whole as i64), y as u64).unwrap_or(Mantissa::ZERO)
}

/// `e^x`.
///
/// Range: any `x` up to 43.66 (`e^x` < 2^63); below -44.4 the result is zero. Error: at most 1e-18
/// absolute for `x <= 0`, at most 1e-18 relative for `x > 0`; truncated to the last place.
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
