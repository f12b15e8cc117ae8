//! Products wider than the machine's: 64 x 64 -> 128 bits and 128 x 128 -> 256 bits.
//!
//! WebAssembly (MVP) has neither; the compiler then calls a general 128 x 128 routine. The products
//! below are made of four 32-bit halves there, and of the native instruction elsewhere. Both ways are
//! exact, so results do not depend on the target.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "every sum and shift below is bounded by the widths stated beside it"
)]

/// Exact product of two 64-bit numbers, from 32-bit halves.
///
/// Each half product is at most (2^32 - 1)^2 = 2^64 - 2^33 + 1, so the two 32-bit carries added to it
/// still fit 64 bits.
#[inline(always)]
#[cfg_attr(
	not(target_arch = "wasm32"),
	allow(dead_code, reason = "the other targets' tests use it")
)]
pub(crate) const fn mul_halves(a: u64, b: u64) -> (u64, u64) {
	const LOW: u64 = 0xffff_ffff;
	let (a1, a0) = (a >> 32, a & LOW);
	let (b1, b0) = (b >> 32, b & LOW);
	let low = a0 * b0;
	let mid = a1 * b0 + (low >> 32);
	let mid2 = a0 * b1 + (mid & LOW);
	(a1 * b1 + (mid >> 32) + (mid2 >> 32), (mid2 << 32) | (low & LOW))
}

/// Exact product of two 64-bit numbers as (high, low) words.
#[inline(always)]
pub(crate) const fn mul_words(a: u64, b: u64) -> (u64, u64) {
	#[cfg(target_arch = "wasm32")]
	{
		mul_halves(a, b)
	}
	#[cfg(not(target_arch = "wasm32"))]
	{
		let product = (a as u128) * (b as u128);
		((product >> 64) as u64, product as u64)
	}
}

/// Exact product of two 64-bit numbers.
#[inline(always)]
pub(crate) const fn mul_wide(a: u64, b: u64) -> u128 {
	let (high, low) = mul_words(a, b);
	join(high, low)
}

/// High word of the product of two 64-bit numbers: `floor(a b / 2^64)`.
#[inline(always)]
pub(crate) const fn mul_hi(a: u64, b: u64) -> u64 {
	mul_words(a, b).0
}

/// `high * 2^64 + low`.
#[inline(always)]
pub(crate) const fn join(high: u64, low: u64) -> u128 {
	((high as u128) << 64) | low as u128
}

/// The (high, low) words of `a`.
#[inline(always)]
pub(crate) const fn split(a: u128) -> (u64, u64) {
	((a >> 64) as u64, a as u64)
}

/// Exact product of two 128-bit numbers as (high, low) halves.
///
/// The middle sum adds a 64-bit carry and two low words: below 3 * 2^64. The high sum is bounded by
/// the product itself, which fits 256 bits.
#[inline(always)]
pub(crate) const fn mul_wide_u128(a: u128, b: u128) -> (u128, u128) {
	let (a1, a0) = split(a);
	let (b1, b0) = split(b);
	let low = mul_wide(a0, b0);
	let (c1, c0) = mul_words(a1, b0);
	let (d1, d0) = mul_words(a0, b1);
	let mid = (low >> 64) + c0 as u128 + d0 as u128;
	let high = mul_wide(a1, b1) + c1 as u128 + d1 as u128 + (mid >> 64);
	(high, join(mid as u64, low as u64))
}

/// `floor(numerator * 2^64 / divisor)` for `numerator < divisor`, with whether anything is left over
/// and whether the remainder is at least half of the divisor.
///
/// Knuth's algorithm D for one quotient word: the estimate from the leading words is at most two too
/// large. `None` for a zero divisor.
pub(crate) fn div_fraction(numerator: u128, divisor: u128) -> Option<(u64, bool, bool)> {
	if divisor == 0 {
		return None;
	}
	let shift = divisor.leading_zeros();
	let divisor = divisor << shift;
	// numerator < divisor, so shifting both keeps it within 128 bits.
	let numerator = numerator << shift;
	let (d1, d0) = split(divisor);
	let d1_wide = d1 as u128;
	let mut quotient = (numerator / d1_wide).min(u64::MAX as u128);
	// remainder of the estimate against the leading word, in units of 2^64
	let mut rest = numerator - quotient * d1_wide;
	while rest >> 64 == 0 && quotient * d0 as u128 > rest << 64 {
		quotient -= 1;
		rest += d1_wide;
	}
	// numerator * 2^64 - quotient * divisor lies in [0, divisor): its low 128 bits are all of it.
	let remainder = (rest << 64).wrapping_sub(quotient * d0 as u128);
	Some((quotient as u64, remainder != 0, remainder >= divisor - remainder))
}
