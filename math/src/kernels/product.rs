//! The product of the inner steps of a polynomial.
//!
//! WebAssembly makes a 64 x 64 -> 128 bit product of four 32-bit halves ([`crate::wide`]). Where errors shrink
//! with every step that follows, the lowest quarter can be left out: the same result on every target, a
//! quarter of the products and half of the additions less there.

/// High word of the product of two 64-bit numbers without its lowest quarter: at most the true product
/// over 2^64, and less than three units below it (two truncated quarters and the one left out).
///
/// The sum is at most the product, so it fits.
#[inline(always)]
pub(super) const fn mul_hi_short(a: u64, b: u64) -> u64 {
	const LOW: u64 = 0xffff_ffff;
	let (a1, a0) = (a >> 32, a & LOW);
	let (b1, b0) = (b >> 32, b & LOW);
	a1 * b1 + ((a1 * b0) >> 32) + ((a0 * b1) >> 32)
}
