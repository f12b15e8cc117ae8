//! The square root.

use super::{mantissa::Mantissa, tables::RSQRT_SEED};
use crate::{
	error::MathError,
	fixed::Q64,
	wide::{mul_hi, mul_wide, split},
};

/// `sqrt(n)` to nearest for `n` in [2^126, 2^128): at most half a unit from the true root, except that a
/// root above 2^64 - 1/2 gives 2^64 - 1.
///
/// 1/sqrt from a seed within 2^-7.9 and three Newton steps `y (3 - n y^2) / 2` (2^-15.2, 2^-29.8,
/// 2^-58), then the root from the exact remainder, and one unit either way decided by it.
pub(super) fn root_u128(n: u128) -> u64 {
	let (top, _) = split(n);
	let index = ((top >> 56) - 64) as usize;
	#[allow(clippy::indexing_slicing, reason = "top >= 2^62, so the index is 0..192")]
	let seed = RSQRT_SEED[index] as u64;
	// y in 31 fractional bits, at most 2; n in 32
	let high = top >> 32;
	let y = seed << 16;
	let y = newton_32(high, y);
	let y = newton_32(high, y);
	// third step in 62 fractional bits: 1 - n y^2 is below 2^-28, so the product has 62 bits
	let error = (1i64 << 62) - mul_hi(top, y * y) as i64;
	let y = ((y << 31) as i64 + ((y as i64 * (error >> 4)) >> 28)) as u64;
	// first root, within 2^7 units; the remainder restores it
	let root = (mul_wide(top, y) >> 62).min(u64::MAX as u128) as u64;
	let remainder = n.wrapping_sub(mul_wide(root, root)) as i128;
	let step = ((remainder >> 40) * (y >> 32) as i128) >> 55;
	let root = (root as i128 + step).min(u64::MAX as i128) as u64;
	nearest(n, root)
}

/// One Newton step on 1/sqrt(n): `n` in 32 fractional bits within [1/4, 1), `y` in 31 fractional bits
/// and below 2.
#[inline(always)]
fn newton_32(n: u64, y: u64) -> u64 {
	let square = (y * y) >> 32;
	// n y^2 in 62 bits, near one
	let error = (1i64 << 62) - (n * square) as i64;
	let next = (y as i64 + ((y as i64 * (error >> 31)) >> 32)) as u64;
	// at n = 1/4 the truncations above could reach 2, whose square does not fit
	next.min(0xffff_ffff)
}

/// The square root of a mantissa, relative error below 2^-63.
pub(crate) fn sqrt_mantissa(x: Mantissa) -> Mantissa {
	if x.is_zero() {
		return Mantissa::ZERO;
	}
	let wide = (x.word() as u128) << 64;
	// an even exponent leaves the root's exponent whole
	let (wide, exponent) =
		if x.exponent() & 1 == 0 { (wide, x.exponent()) } else { (wide >> 1, x.exponent() + 1) };
	Mantissa::new(root_u128(wide), exponent / 2)
}

/// `sqrt(x)`.
///
/// Range: `x >= 0`, else `OutOfDomain`. Error: at most half a unit (2.7e-20) or 5.5e-20 of the result,
/// whichever is larger: the result is to nearest among numbers with 64 significant bits, and exact
/// for squares of such numbers with at most 32 fractional bits.
///
/// Method: table seed, Newton steps, exact remainder; no division.
pub fn sqrt(x: Q64) -> Result<Q64, MathError> {
	if x.is_negative() {
		return Err(MathError::OutOfDomain);
	}
	if x.is_zero() {
		return Ok(Q64::ZERO);
	}
	let bits = x.to_bits().unsigned_abs();
	// sqrt(bits 2^-64) = sqrt(bits 2^2s) 2^-(32 + s); 2s even zeros in front of the leading one or two
	let half = bits.leading_zeros() / 2;
	let root = root_u128(bits << (2 * half));
	// root 2^-(32 + half), wanted in 64 fractional bits: shift by 32 - half
	let shifted = if half <= 32 {
		(root as u128) << (32 - half)
	} else {
		// half > 32: bits < 2^63. Rounded once, from the exact remainder.
		nearest(bits << 64, root >> (half - 32)) as u128
	};
	Ok(Q64::from_bits(shifted as i128))
}

/// The root of `n` to nearest, from a candidate within one unit of it.
#[inline(always)]
fn nearest(n: u128, root: u64) -> u64 {
	let remainder = n.wrapping_sub(mul_wide(root, root)) as i128;
	if remainder > root as i128 {
		root.saturating_add(1)
	} else if remainder <= -(root as i128) {
		root - 1
	} else {
		root
	}
}
