//! [`Q64`]: signed binary fixed point with 64 fractional bits, the number of the pricing path.
//!
//! Range +-9.2e18, one unit in the last place is 2^-64 = 5.4e-20, finer than the 18 decimals of the
//! ledger: a ledger value converted in and out again (to nearest) comes back unchanged. WebAssembly
//! has no 64 x 64 -> 128 bit multiply, so a `Q64` product is made of word products (`wide`) instead
//! of the 256-bit division that an 18-decimal product takes.
//!
//! Every operation is exact or rounded as named, and returns `None` when the result does not fit.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "shifts are by constants; the sums that are not checked are bounded by the widths stated beside them"
)]

use crate::wide::{div_fraction, join, mul_wide, mul_words, split};

/// One in 18-decimal fixed point, the ledger's scale.
pub const E18: i128 = 1_000_000_000_000_000_000;

/// How a result that does not fit the last place is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
	/// Towards minus infinity.
	Floor,
	/// Towards plus infinity.
	Ceil,
	/// To the nearest, ties away from zero.
	Nearest,
}

impl Rounding {
	/// Whether the magnitude of an inexact result goes up by one unit: `at_least_half` says that
	/// the part cut off is half a unit or more.
	const fn increments(self, negative: bool, at_least_half: bool) -> bool {
		match self {
			Self::Floor => negative,
			Self::Ceil => !negative,
			Self::Nearest => at_least_half,
		}
	}
}

/// Signed fixed point with 64 fractional bits: the value is `bits / 2^64`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Q64(i128);

impl Q64 {
	/// Zero.
	pub const ZERO: Self = Self(0);
	/// One.
	pub const ONE: Self = Self(1 << 64);
	/// The largest value, 2^63 - 2^-64.
	pub const MAX: Self = Self(i128::MAX);
	/// The smallest value, -2^63.
	pub const MIN: Self = Self(i128::MIN);

	/// The value `bits / 2^64`. Exact.
	#[inline]
	pub const fn from_bits(bits: i128) -> Self {
		Self(bits)
	}

	/// The value times 2^64. Exact.
	#[inline]
	pub const fn to_bits(self) -> i128 {
		self.0
	}

	/// A whole number. Exact: every `i64` fits.
	#[inline]
	pub const fn from_int(value: i64) -> Self {
		Self((value as i128) << 64)
	}

	/// `num / den`, rounded. `None` for a zero denominator or a quotient out of range.
	pub fn from_ratio(num: i128, den: i128, rounding: Rounding) -> Option<Self> {
		div_scaled(num, den, rounding)
	}

	/// From 18-decimal fixed point, to nearest (half a unit: 2.7e-20). [`Q64::to_e18`] to nearest
	/// gives the same number back. `None` beyond +-9.2e18.
	pub fn from_e18(value: i128) -> Option<Self> {
		let magnitude = value.unsigned_abs();
		let one = E18.unsigned_abs();
		let whole = magnitude / one;
		if whole >> 64 != 0 {
			return None;
		}
		// The rest is below 2^60, so shifted by 64 and with half a divisor added it fits.
		let fraction = (((magnitude % one) << 64) + one / 2) / one;
		from_magnitude(value < 0, (whole << 64).checked_add(fraction)?)
	}

	/// To 18-decimal fixed point, rounded. Always fits today's scale; an `Option` all the same so
	/// that callers treat every conversion alike.
	pub fn to_e18(self, rounding: Rounding) -> Option<i128> {
		let (whole, fraction) = split(self.0.unsigned_abs());
		// whole * 1e18 <= 2^63 * 2^60 and the fraction adds less than 2^60.
		let low = mul_wide(fraction, E18 as u64);
		let (carry, cut) = split(low);
		let mut magnitude = mul_wide(whole, E18 as u64).wrapping_add(carry as u128);
		let negative = self.is_negative();
		if cut != 0 && rounding.increments(negative, cut >> 63 == 1) {
			magnitude = magnitude.wrapping_add(1);
		}
		signed(negative, magnitude)
	}

	/// `self + other`, exact; `None` on overflow.
	#[inline]
	pub const fn checked_add(self, other: Self) -> Option<Self> {
		match self.0.checked_add(other.0) {
			Some(bits) => Some(Self(bits)),
			None => None,
		}
	}

	/// `self - other`, exact; `None` on overflow.
	#[inline]
	pub const fn checked_sub(self, other: Self) -> Option<Self> {
		match self.0.checked_sub(other.0) {
			Some(bits) => Some(Self(bits)),
			None => None,
		}
	}

	/// `-self`, exact; `None` for [`Q64::MIN`].
	#[inline]
	pub const fn checked_neg(self) -> Option<Self> {
		match self.0.checked_neg() {
			Some(bits) => Some(Self(bits)),
			None => None,
		}
	}

	/// `|self|`, exact; `None` for [`Q64::MIN`].
	#[inline]
	pub const fn checked_abs(self) -> Option<Self> {
		match self.0.checked_abs() {
			Some(bits) => Some(Self(bits)),
			None => None,
		}
	}

	/// `self * other`, rounded as named (error below one unit, half a unit to nearest); `None` on
	/// overflow.
	#[inline]
	pub fn checked_mul(self, other: Self, rounding: Rounding) -> Option<Self> {
		let negative = self.is_negative() != other.is_negative();
		let (mut magnitude, cut) = product(self.0.unsigned_abs(), other.0.unsigned_abs())?;
		if cut != 0 && rounding.increments(negative, cut >> 63 == 1) {
			magnitude = magnitude.checked_add(1)?;
		}
		from_magnitude(negative, magnitude)
	}

	/// `self / other`, rounded as named (error below one unit, half a unit to nearest); `None` on
	/// overflow or a zero divisor. Slow (two 128-bit divisions): keep it out of inner loops.
	pub fn checked_div(self, other: Self, rounding: Rounding) -> Option<Self> {
		div_scaled(self.0, other.0, rounding)
	}

	/// Below zero.
	#[inline]
	pub const fn is_negative(self) -> bool {
		self.0 < 0
	}

	/// Above zero.
	#[inline]
	pub const fn is_positive(self) -> bool {
		self.0 > 0
	}

	/// Zero.
	#[inline]
	pub const fn is_zero(self) -> bool {
		self.0 == 0
	}
}

/// `num * 2^64 / den` as the bits of a `Q64`, rounded.
fn div_scaled(num: i128, den: i128, rounding: Rounding) -> Option<Q64> {
	let negative = (num < 0) != (den < 0);
	let (top, bottom) = (num.unsigned_abs(), den.unsigned_abs());
	let (whole, rest) = whole_and_rest(top, bottom)?;
	if whole >> 64 != 0 {
		return None;
	}
	let (fraction, inexact, at_least_half) = div_fraction(rest, bottom)?;
	let mut magnitude = (whole << 64) | fraction as u128;
	if inexact && rounding.increments(negative, at_least_half) {
		magnitude = magnitude.checked_add(1)?;
	}
	from_magnitude(negative, magnitude)
}

/// Quotient and remainder. A division of 128 bits is slow, and seldom needed: none for a quotient below one,
/// and one of 64 bits where the numbers have no more.
#[inline]
fn whole_and_rest(top: u128, bottom: u128) -> Option<(u128, u128)> {
	if top < bottom {
		return Some((0, top));
	}
	match (u64::try_from(top), u64::try_from(bottom)) {
		(Ok(top), Ok(bottom)) => {
			Some((top.checked_div(bottom)?.into(), top.checked_rem(bottom)?.into()))
		}
		_ => Some((top.checked_div(bottom)?, top.checked_rem(bottom)?)),
	}
}

/// The product over 2^64 and the word cut off; `None` from 2^128 upwards. Products with a high word that is
/// zero are left out: one of the factors is often below one.
#[inline]
fn product(a: u128, b: u128) -> Option<(u128, u64)> {
	let ((a1, a0), (b1, b0)) = (split(a), split(b));
	let (carry, cut) = mul_words(a0, b0);
	// Both crossed products are below 2^128, what they may leave of it with the carry is seen below.
	let mut magnitude = carry as u128;
	if a1 != 0 {
		// (2^64 - 1)^2 and a word fit
		magnitude = magnitude.wrapping_add(mul_wide(a1, b0));
	}
	if b1 != 0 {
		magnitude = magnitude.checked_add(mul_wide(a0, b1))?;
		if a1 != 0 {
			let (over, top) = mul_words(a1, b1);
			if over != 0 {
				return None;
			}
			magnitude = magnitude.checked_add(join(top, 0))?;
		}
	}
	Some((magnitude, cut))
}

/// The `Q64` of a sign and a magnitude in bits; `None` when it does not fit.
#[inline]
fn from_magnitude(negative: bool, magnitude: u128) -> Option<Q64> {
	signed(negative, magnitude).map(Q64)
}

/// The `i128` of a sign and a magnitude; `None` when it does not fit.
#[inline]
fn signed(negative: bool, magnitude: u128) -> Option<i128> {
	if magnitude >> 127 == 0 {
		let value = magnitude as i128;
		Some(if negative { value.wrapping_neg() } else { value })
	} else {
		(negative && magnitude == 1 << 127).then_some(i128::MIN)
	}
}
