//! The product of the inner steps of a polynomial.
//!
//! WebAssembly makes a 64 x 64 -> 128 bit product of four 32-bit halves ([`crate::wide`]). Where errors shrink
//! with every step that follows, the lowest quarter can be left out: the same result on every target, a
//! quarter of the products and half of the additions less there.
//!
//! Sums and products keep their width, for the reason stated beside each: they are wrapping operations because
//! overflow checks, which the runtime is compiled with, would cost a comparison and a branch for each.

/// High word of the product of two 64-bit numbers without its lowest quarter: at most the true product
/// over 2^64, and less than three units below it (two truncated quarters and the one left out).
///
/// The sum is at most the product, so it fits.
#[inline(always)]
pub(super) const fn mul_hi_short(a: u64, b: u64) -> u64 {
	const LOW: u64 = 0xffff_ffff;
	let (a1, a0) = (a >> 32, a & LOW);
	let (b1, b0) = (b >> 32, b & LOW);
	a1.wrapping_mul(b1)
		.wrapping_add(a1.wrapping_mul(b0) >> 32)
		.wrapping_add(a0.wrapping_mul(b1) >> 32)
}

/// `c + t p`, a step of a polynomial with growing terms; the table's coefficients keep it below one.
#[inline(always)]
pub(super) const fn plus(c: u64, t: u64, p: u64) -> u64 {
	let product = mul_hi_short(t, p);
	debug_assert!(product <= !c);
	c.wrapping_add(product)
}

/// `c - t p`, a step of a polynomial whose signs alternate; the table's coefficients keep it from falling
/// below zero.
#[inline(always)]
pub(super) const fn minus(c: u64, t: u64, p: u64) -> u64 {
	let product = mul_hi_short(t, p);
	debug_assert!(product <= c);
	c.wrapping_sub(product)
}
