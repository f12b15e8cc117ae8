//! Products wider than the machine's: 64 x 64 -> 128 bits and 128 x 128 -> 256 bits.
//!
//! WebAssembly (MVP) has neither; the compiler then calls a general 128 x 128 routine. The products
//! below are made of four 32-bit halves there, and of the native instruction elsewhere. Both ways are
//! exact, so results do not depend on the target. Nor has WebAssembly a 128-bit shift: shifts by a number that
//! is not a constant are made of words too.
//!
//! No sum or product below leaves its width, for the reason stated beside it: hence wrapping operations, which
//! overflow checks (on in the runtime) do not slow down.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "every sum and shift below is bounded by the widths stated beside it"
)]

/// The low half of a word.
const LOW: u64 = 0xffff_ffff;

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
	let (a1, a0) = (a >> 32, a & LOW);
	let (b1, b0) = (b >> 32, b & LOW);
	let low = a0.wrapping_mul(b0);
	let mid = a1.wrapping_mul(b0).wrapping_add(low >> 32);
	let mid2 = a0.wrapping_mul(b1).wrapping_add(mid & LOW);
	let high = a1.wrapping_mul(b1).wrapping_add(mid >> 32).wrapping_add(mid2 >> 32);
	(high, (mid2 << 32) | (low & LOW))
}

/// The high word of the same product.
///
/// The compiler takes the high word of [`mul_halves`] alone for what it is and calls its general 128 x 128
/// routine. It does not see through the carry of the two middle products' low halves when these are added at
/// the top of a word.
#[inline(always)]
#[cfg_attr(
	not(target_arch = "wasm32"),
	allow(dead_code, reason = "the other targets' tests use it")
)]
pub(crate) const fn mul_hi_halves(a: u64, b: u64) -> u64 {
	let (a1, a0) = (a >> 32, a & LOW);
	let (b1, b0) = (b >> 32, b & LOW);
	let mid = a1.wrapping_mul(b0).wrapping_add(a0.wrapping_mul(b0) >> 32);
	let mid2 = a0.wrapping_mul(b1);
	let (_, carry) = (mid << 32).overflowing_add(mid2 << 32);
	a1.wrapping_mul(b1).wrapping_add(mid >> 32).wrapping_add(mid2 >> 32).wrapping_add(carry as u64)
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
	#[cfg(target_arch = "wasm32")]
	{
		mul_hi_halves(a, b)
	}
	#[cfg(not(target_arch = "wasm32"))]
	{
		mul_words(a, b).0
	}
}

/// `a 2^by`, what leaves the width cut off; zero from 128 upwards.
#[inline(always)]
pub(crate) const fn shl(a: u128, by: u32) -> u128 {
	let (high, low) = split(a);
	if by < 64 {
		// of a word, shifts count modulo 64: the second is by 63 - by
		join(high.wrapping_shl(by) | (low >> 1).wrapping_shr(!by), low.wrapping_shl(by))
	} else if by < 128 {
		join(low.wrapping_shl(by), 0)
	} else {
		0
	}
}

/// `floor(a / 2^by)`; zero from 128 upwards.
#[inline(always)]
pub(crate) const fn shr(a: u128, by: u32) -> u128 {
	let (high, low) = split(a);
	if by < 64 {
		join(high.wrapping_shr(by), low.wrapping_shr(by) | (high << 1).wrapping_shl(!by))
	} else if by < 128 {
		high.wrapping_shr(by) as u128
	} else {
		0
	}
}

/// `a` with its leading one at the top, and by how much it was shifted: 128 for zero.
#[inline(always)]
pub(crate) const fn normalised(a: u128) -> (u128, u32) {
	let (high, low) = split(a);
	if high == 0 {
		let by = low.leading_zeros();
		(join(low.wrapping_shl(by), 0), by.wrapping_add(64))
	} else {
		let by = high.leading_zeros();
		(shl(a, by), by)
	}
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
	let mid = (low >> 64).wrapping_add(c0 as u128).wrapping_add(d0 as u128);
	let sum = (c1 as u128).wrapping_add(d1 as u128).wrapping_add(mid >> 64);
	let high = mul_wide(a1, b1).wrapping_add(sum);
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
	let (divisor, shift) = normalised(divisor);
	// numerator < divisor, so shifting both keeps it within 128 bits.
	let (n1, n0) = split(shl(numerator, shift));
	let (d1, d0) = split(divisor);
	// the estimate and its remainder against the leading word, in units of 2^64
	let (mut quotient, mut rest) = if n1 < d1 {
		let (quotient, rest) = div_words(n1, n0, d1);
		(quotient, rest as u128)
	} else {
		// n1 = d1: the estimate is held within a word
		(u64::MAX, (n0 as u128).wrapping_add(d1 as u128))
	};
	while rest >> 64 == 0 && mul_wide(quotient, d0) > rest << 64 {
		quotient = quotient.wrapping_sub(1);
		rest = rest.wrapping_add(d1 as u128);
	}
	// numerator * 2^64 - quotient * divisor lies in [0, divisor): its low 128 bits are all of it.
	let remainder = (rest << 64).wrapping_sub(mul_wide(quotient, d0));
	Some((quotient, remainder != 0, remainder >= divisor.wrapping_sub(remainder)))
}

/// Quotient and remainder of `high 2^64 + low` by a divisor with its top bit set and above `high`.
///
/// Knuth's algorithm D with digits of 32 bits.
#[inline(always)]
const fn div_words(high: u64, low: u64, divisor: u64) -> (u64, u64) {
	let (q1, rest) = div_digit(high, low >> 32, divisor);
	let (q0, rest) = div_digit(rest, low & LOW, divisor);
	((q1 << 32) | q0, rest)
}

/// Quotient and remainder of `high 2^32 + digit` by the same: the quotient is a digit.
#[inline(always)]
const fn div_digit(high: u64, digit: u64, divisor: u64) -> (u64, u64) {
	let (d1, d0) = (divisor >> 32, divisor & LOW);
	// at most two too large (Knuth, The Art of Computer Programming 2, 4.3.1, theorem B)
	let mut quotient = high / d1;
	let mut rest = high.wrapping_sub(quotient.wrapping_mul(d1));
	while rest >> 32 == 0
		&& (quotient >> 32 != 0 || quotient.wrapping_mul(d0) > ((rest << 32) | digit))
	{
		quotient = quotient.wrapping_sub(1);
		rest = rest.wrapping_add(d1);
	}
	let whole = (high << 32) | digit;
	(quotient, whole.wrapping_sub(quotient.wrapping_mul(divisor)))
}
