//! [`Mantissa`]: a positive number with 64 significant bits and its own exponent. The factors of a
//! price and its Greeks span thirty orders of magnitude (a density deep in the tail, the reciprocal of
//! a one-second standard deviation), and only their product has to fit a [`Q64`].
//!
//! Exponents are sums of at most a dozen numbers below 2^10, so that none leaves its width; their sums are
//! wrapping operations for the reason given in [`super::product`].

use crate::{
	error::MathError,
	fixed::Q64,
	wide::{join, mul_hi, mul_words, normalised, shl, split},
};

/// `word * 2^(exponent - 64)`, `word` either zero or with its top bit set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mantissa {
	word: u64,
	exponent: i32,
}

impl Mantissa {
	pub(crate) const ZERO: Self = Self { word: 0, exponent: 0 };
	pub(crate) const ONE: Self = Self { word: 1 << 63, exponent: 1 };

	/// `word * 2^(exponent - 64)`; `word` is normalised here. Exact.
	#[inline(always)]
	pub(crate) const fn new(word: u64, exponent: i32) -> Self {
		if word == 0 {
			return Self::ZERO;
		}
		let shift = word.leading_zeros();
		Self { word: word.wrapping_shl(shift), exponent: exponent.wrapping_sub(shift as i32) }
	}

	/// `bits * 2^(exponent - 128)`, to nearest: relative error at most 2^-64.
	#[inline(always)]
	pub(crate) const fn from_u128(bits: u128, exponent: i32) -> Self {
		if bits == 0 {
			return Self::ZERO;
		}
		let (bits, shift) = normalised(bits);
		let (word, rest) = split(bits);
		let exponent = exponent.wrapping_sub(shift as i32);
		match word.checked_add(rest >> 63) {
			Some(word) => Self { word, exponent },
			None => Self { word: 1 << 63, exponent: exponent.wrapping_add(1) },
		}
	}

	/// The magnitude of a [`Q64`], relative error at most 2^-64 (exact below 1).
	#[inline(always)]
	pub(crate) const fn from_q64(value: Q64) -> Self {
		Self::from_u128(value.to_bits().unsigned_abs(), 64)
	}

	#[inline(always)]
	pub(crate) const fn is_zero(self) -> bool {
		self.word == 0
	}

	#[inline(always)]
	pub(crate) const fn word(self) -> u64 {
		self.word
	}

	#[inline(always)]
	pub(crate) const fn exponent(self) -> i32 {
		self.exponent
	}

	/// The product, truncated: relative error below 2^-63, never above the true product.
	#[inline(always)]
	pub(crate) const fn times(self, other: Self) -> Self {
		let (high, low) = mul_words(self.word, other.word);
		let exponent = self.exponent.wrapping_add(other.exponent);
		if high >> 63 == 1 {
			Self { word: high, exponent }
		} else if high != 0 {
			// two normalised words: the product has at most one leading zero
			Self { word: (high << 1) | (low >> 63), exponent: exponent.wrapping_sub(1) }
		} else {
			Self::ZERO
		}
	}

	/// Times a fraction `fraction / 2^64`, truncated; absolute error below 2^-64 of `self`, and
	/// relative error below 2^-62 when the fraction is at least one quarter.
	#[inline(always)]
	pub(crate) const fn times_fraction(self, fraction: u64) -> Self {
		self.times(Self::new(fraction, 0))
	}

	/// Times 2^`power`. Exact.
	#[inline(always)]
	pub(crate) const fn scaled(self, power: i32) -> Self {
		Self { word: self.word, exponent: self.exponent.wrapping_add(power) }
	}

	/// Multiples of 2^-`fraction_bits`, truncated; `None` when it does not fit.
	#[inline(always)]
	pub(crate) const fn to_fixed(self, fraction_bits: i32) -> Option<u128> {
		let shift = self.exponent.wrapping_add(fraction_bits).wrapping_sub(64);
		if shift <= -64 || self.word == 0 {
			Some(0)
		} else if shift <= 0 {
			Some(self.word.wrapping_shr(shift.unsigned_abs()) as u128)
		} else if shift <= 64 {
			Some(shl(self.word as u128, shift.unsigned_abs()))
		} else {
			None
		}
	}

	/// Multiples of 2^-60 to nearest in a word; `None` from 16 upwards.
	#[inline(always)]
	pub(crate) const fn to_q60(self) -> Option<u64> {
		nearest_q60(self.word, 0, self.exponent)
	}

	/// The product in multiples of 2^-60, rounded once: at most half of one off. `None` from 16 upwards.
	#[inline(always)]
	pub(crate) const fn product_q60(self, other: Self) -> Option<u64> {
		let (high, low) = mul_words(self.word, other.word);
		nearest_q60(high, low, self.exponent.wrapping_add(other.exponent))
	}

	/// As a [`Q64`] with the given sign, truncated towards zero.
	#[inline(always)]
	pub(crate) fn to_q64(self, negative: bool) -> Result<Q64, MathError> {
		let exponent = self.exponent;
		let bits = if self.word == 0 || exponent <= -64 {
			0
		} else if exponent <= 0 {
			self.word.wrapping_shr(exponent.unsigned_abs()) as i128
		} else if exponent < 64 {
			// the word at 64 fractional bits, its leading one below the sign: shifts count modulo 64
			let up = exponent.unsigned_abs();
			join(self.word.wrapping_shr(up.wrapping_neg()), self.word.wrapping_shl(up)) as i128
		} else {
			return Err(MathError::Overflow);
		};
		Ok(Q64::from_bits(if negative { bits.wrapping_neg() } else { bits }))
	}

	/// The quotient `1 / self`, relative error below 2^-62. `None` for zero.
	#[inline(always)]
	pub(crate) fn reciprocal(self) -> Option<Self> {
		if self.word == 0 {
			return None;
		}
		// self = D 2^exponent with D in [1/2, 1); 1/D in (1, 2] has 63 fractional bits.
		Some(Self {
			word: super::reciprocal::reciprocal(self.word),
			exponent: 1i32.wrapping_sub(self.exponent),
		})
	}

	/// `1 - fraction / 2^64`, exact except that one becomes one.
	#[inline(always)]
	pub(crate) const fn complement(fraction: u64) -> Self {
		if fraction == 0 {
			Self::ONE
		} else {
			Self::new(fraction.wrapping_neg(), 0)
		}
	}

	/// `self` as a fraction in 64 bits, truncated, for a value at most one; one saturates to
	/// 1 - 2^-64.
	#[inline(always)]
	pub(crate) const fn to_fraction(self) -> u64 {
		if self.exponent > 0 {
			u64::MAX
		} else if self.exponent <= -64 {
			0
		} else {
			self.word.wrapping_shr(self.exponent.unsigned_abs())
		}
	}

	/// `floor(self * fraction)` in 64 fractional bits for `self` at most one.
	#[inline(always)]
	pub(crate) const fn of_fraction(self, fraction: u64) -> u64 {
		if self.exponent > 0 {
			return fraction;
		}
		if self.exponent <= -64 {
			return 0;
		}
		mul_hi(self.word, fraction).wrapping_shr(self.exponent.unsigned_abs())
	}
}

/// `(high + low / 2^64) 2^(exponent - 64)` in multiples of 2^-60, to nearest; `None` from 16 upwards.
/// `high` has at most one leading zero.
#[inline(always)]
const fn nearest_q60(high: u64, low: u64, exponent: i32) -> Option<u64> {
	let shift = 4i32.wrapping_sub(exponent);
	if shift < 0 {
		if high == 0 {
			// a factor of zero, whose exponent means nothing
			Some(0)
		} else if shift == -1 && high >> 63 == 0 {
			((high << 1) | (low >> 63)).checked_add((low >> 62) & 1)
		} else {
			None
		}
	} else if shift == 0 {
		high.checked_add(low >> 63)
	} else if shift > 64 {
		Some(0)
	} else {
		// One bit more than wanted, so that adding its half cannot overflow.
		let doubled = high.wrapping_shr(shift.unsigned_abs().wrapping_sub(1));
		Some((doubled >> 1).wrapping_add(doubled & 1))
	}
}
