//! Reciprocal and ratio without division: a table seed and three Newton steps.

use super::tables::RECIPROCAL_SEED;
use crate::wide::{join, mul_wide, mul_words, normalised, shl, split};

/// `2^127 / divisor` for a divisor with its top bit set, that is 1/D in 63 fractional bits for
/// `D = divisor / 2^64` in [1/2, 1); saturates at `D = 1/2`. Relative error below 2^-62.
///
/// The seed is within 2^-8.9 of 1/D; the steps square that to 2^-17.8, 2^-35.6 and 2^-71. The last
/// adds a correction below 2^-35 computed to 2^-66, and truncates to 2^-63.
#[inline(always)]
pub(crate) fn reciprocal(divisor: u64) -> u64 {
	let index = ((divisor >> 55) & 0xff) as usize;
	#[allow(clippy::indexing_slicing, reason = "the index has 8 bits, the table 256 entries")]
	let seed = RECIPROCAL_SEED[index] as i64;
	let high = (divisor >> 32) as i64;
	// 1 - D y in 47 bits, |.| < 2^39; the product with the seed has 55 bits
	let error = (1i64 << 47).wrapping_sub(high.wrapping_mul(seed));
	let y = (seed << 16).wrapping_add(seed.wrapping_mul(error) >> 31) as u64;
	// y: 31 fractional bits, at most 2^32 (D = 1/2 overshoots by 2^-18 at the most)
	let product =
		(divisor >> 32).wrapping_mul(y).wrapping_add((divisor & 0xffff_ffff).wrapping_mul(y) >> 32);
	let error = (1u64 << 63).wrapping_sub(product) as i64;
	// |error| < 2^46 in 63 bits; the shift by 16 keeps its product with y below 2^63
	let y = (y << 31).wrapping_add_signed((y as i64).wrapping_mul(error >> 16) >> 16);
	// y: 62 fractional bits, within 2^-35.6; 1 - D y in 126 bits is below 2^91
	let (product_high, product_low) = mul_words(divisor, y);
	let error = (1u128 << 126).wrapping_sub(join(product_high, product_low)) as i128;
	let correction = ((y >> 32) as i64).wrapping_mul((error >> 60) as i64) >> 33;
	let doubled = (y as u128) << 1;
	let result = doubled.wrapping_add(correction as i128 as u128);
	// truncation at D = 1 - 2^-64 must not lose the top bit
	if result >> 64 == 0 {
		(result as u64).max(1 << 63)
	} else {
		u64::MAX
	}
}

/// `smaller / larger` in 128 fractional bits for `0 < smaller < larger`: below the true ratio by less
/// than 2^-118.
///
/// One quotient word from an under-estimated reciprocal, its exact remainder, and a second quotient
/// word from the remainder.
#[inline(always)]
pub(crate) fn ratio(smaller: u128, larger: u128) -> u128 {
	let (larger, shift) = normalised(larger);
	let (n1, n0) = split(shl(smaller, shift));
	let (d1, d0) = split(larger);
	// The divisor's own low word and the reciprocal's error are below 8 units together.
	let inverse = reciprocal(d1).saturating_sub(8);
	let quotient = (mul_wide(n1, inverse) >> 63) as u64;
	// smaller 2^64 - quotient * larger, 192 bits: below 2^133, since the quotient is short by less than
	// 2^-59. Its leading 128 bits are enough.
	let (low1, low0) = split(mul_wide(quotient, d0));
	let rest = join(n1, n0)
		.wrapping_sub(mul_wide(quotient, d1))
		.wrapping_sub((low1 as u128).wrapping_add((low0 != 0) as u128));
	// rest < 2^69: five bits off make it a word with 123 fractional bits
	let correction = mul_wide((rest >> 5) as u64, inverse) >> 58;
	join(quotient, 0).wrapping_add(correction)
}
