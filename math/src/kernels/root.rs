//! The square root.

use super::{mantissa::Mantissa, tables::RSQRT_SEED};
use crate::{
	error::MathError,
	fixed::Q64,
	wide::{mul_hi, mul_wide, shl, split},
};

/// `sqrt(n)` to nearest for `n` in [2^126, 2^128): at most half a unit from the true root, except that a
/// root above 2^64 - 1/2 gives 2^64 - 1.
///
/// 1/sqrt from a seed within 2^-7.9 and three Newton steps `y (3 - n y^2) / 2` (2^-15.2, 2^-29.8,
/// 2^-58), then the root from the exact remainder, and one unit either way decided by it.
pub(super) fn root_u128(n: u128) -> u64 {
	let (top, _) = split(n);
	let index = (top >> 56).wrapping_sub(64) as usize;
	#[allow(clippy::indexing_slicing, reason = "top >= 2^62, so the index is 0..192")]
	let seed = RSQRT_SEED[index] as u64;
	// y in 31 fractional bits, at most 2; n in 32
	let high = top >> 32;
	let y = seed << 16;
	let y = newton_32(high, y);
	let y = newton_32(high, y);
	// third step in 62 fractional bits: 1 - n y^2 is below 2^-28, so the product has 62 bits
	let error = (1i64 << 62).wrapping_sub(mul_hi(top, y.wrapping_mul(y)) as i64);
	let y = (y << 31).wrapping_add_signed((y as i64).wrapping_mul(error >> 4) >> 28);
	// first root, within 2^7 units; the remainder restores it
	let root = (mul_wide(top, y) >> 62).min(u64::MAX as u128) as u64;
	let remainder = n.wrapping_sub(mul_wide(root, root)) as i128;
	// about 2 root 2^7 / 2^40 times 2^94 / root: below 2^63
	let step = ((remainder >> 40) as i64).wrapping_mul((y >> 32) as i64) >> 55;
	let root = root.saturating_add_signed(step);
	nearest(n, root)
}

/// One Newton step on 1/sqrt(n): `n` in 32 fractional bits within [1/4, 1), `y` in 31 fractional bits
/// and below 2.
#[inline(always)]
fn newton_32(n: u64, y: u64) -> u64 {
	let square = y.wrapping_mul(y) >> 32;
	// n y^2 in 62 bits, near one
	let error = (1i64 << 62).wrapping_sub(n.wrapping_mul(square) as i64);
	let next = y.wrapping_add_signed((y as i64).wrapping_mul(error >> 31) >> 32);
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
	let (wide, exponent) = if x.exponent() & 1 == 0 {
		(wide, x.exponent())
	} else {
		(wide >> 1, x.exponent().wrapping_add(1))
	};
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
	let root = root_u128(shl(bits, half << 1));
	// root 2^-(32 + half), wanted in 64 fractional bits: shift by 32 - half
	let shifted = if half <= 32 {
		shl(root as u128, 32u32.wrapping_sub(half))
	} else {
		// half > 32: bits < 2^63. Rounded once, from the exact remainder.
		nearest(bits << 64, root.wrapping_shr(half.wrapping_sub(32))) as u128
	};
	Ok(Q64::from_bits(shifted as i128))
}

/// The root of `n` to nearest, from a candidate within one unit of it.
#[inline(always)]
fn nearest(n: u128, root: u64) -> u64 {
	let remainder = n.wrapping_sub(mul_wide(root, root)) as i128;
	if remainder > root as i128 {
		root.saturating_add(1)
	} else if remainder <= (root as i128).wrapping_neg() {
		root.wrapping_sub(1)
	} else {
		root
	}
}
