//! [`Real`]: a [`Q64`] whose operators are checked. The formulas of this module are long sums of products;
//! an overflow is carried along and reported once, at the end of the formula.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "the operators of `Real` wrap on purpose and mark the result as lost; shifts are by constants"
)]

use core::ops::{Add, Mul, Neg, Sub};

use crate::{
	error::MathError,
	fixed::Q64,
	kernels::{self, mantissa::Mantissa},
	wide::{mul_wide_u128, split},
};

/// `bits / 2^64`, meaningless once `lost`. Sums are exact, products truncated towards zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Real {
	bits: i128,
	lost: bool,
}

impl Real {
	pub(super) const ZERO: Self = Self::from_bits(0);
	pub(super) const ONE: Self = Self::from_bits(1 << 64);
	pub(super) const LOST: Self = Self { bits: 0, lost: true };

	pub(super) const fn from_bits(bits: i128) -> Self {
		Self { bits, lost: false }
	}

	/// A fraction in 64 bits. Exact.
	pub(super) const fn from_fraction(fraction: u64) -> Self {
		Self::from_bits(fraction as i128)
	}

	/// Relative error at most 2^-63, or the last place.
	pub(super) fn from_mantissa(value: Mantissa) -> Self {
		value.to_q64(false).map_or(Self::LOST, Self::from)
	}

	pub(super) const fn is_lost(self) -> bool {
		self.lost
	}

	pub(super) const fn is_negative(self) -> bool {
		self.bits < 0
	}

	pub(super) const fn is_positive(self) -> bool {
		self.bits > 0
	}

	pub(super) const fn bits(self) -> i128 {
		self.bits
	}

	/// The value, or `Overflow` if any step on the way to it did not fit.
	pub(super) const fn value(self) -> Result<Q64, MathError> {
		if self.lost {
			Err(MathError::Overflow)
		} else {
			Ok(Q64::from_bits(self.bits))
		}
	}

	/// The magnitude, relative error at most 2^-64.
	pub(super) fn magnitude(self) -> Mantissa {
		Mantissa::from_u128(self.bits.unsigned_abs(), 64)
	}

	pub(super) const fn half(self) -> Self {
		Self { bits: self.bits >> 1, lost: self.lost }
	}

	pub(super) fn double(self) -> Self {
		self + self
	}

	pub(super) fn abs(self) -> Self {
		if self.is_negative() {
			-self
		} else {
			self
		}
	}

	pub(super) fn at_least(self, floor: Self) -> Self {
		Self { bits: self.bits.max(floor.bits), lost: self.lost || floor.lost }
	}

	pub(super) fn at_most(self, ceiling: Self) -> Self {
		Self { bits: self.bits.min(ceiling.bits), lost: self.lost || ceiling.lost }
	}

	/// `1 / self`, relative error below 2^-61 or the last place; zero has none.
	pub(super) fn recip(self) -> Self {
		let inverse = self.magnitude().reciprocal().map_or(Self::LOST, Self::from_mantissa);
		let inverse = Self { lost: inverse.lost || self.lost, ..inverse };
		if self.is_negative() {
			-inverse
		} else {
			inverse
		}
	}

	/// `e^self`: 1e-18 absolute below one, relative above.
	pub(super) fn exp(self) -> Self {
		self.map(kernels::exp)
	}

	/// The natural logarithm, 1e-19.
	pub(super) fn ln(self) -> Self {
		self.map(kernels::ln)
	}

	/// The square root of a number that is zero or more but for rounding.
	pub(super) fn sqrt(self) -> Self {
		self.at_least(Self::ZERO).map(kernels::sqrt)
	}

	fn map(self, kernel: fn(Q64) -> Result<Q64, MathError>) -> Self {
		if self.lost {
			return Self::LOST;
		}
		kernel(Q64::from_bits(self.bits)).map_or(Self::LOST, Self::from)
	}

	/// `(1 - e^-u) / u` for `u >= 0`, error below 1e-14: what an annuity of one pays over a time whose
	/// interest is `u`, per unit of that time.
	pub(super) fn mean_discount(u: Self) -> Self {
		/// 2^-9: below it the series to the fourth power is within 2^-9*5/720 = 4e-17.
		const SERIES: i128 = 1 << 55;
		const SIXTH: Real = Real::from_bits((1 << 64) / 6);
		const TWELFTH_HALF: Real = Real::from_bits((1 << 64) / 24);
		const FIFTH: Real = Real::from_bits((1 << 64) / 120);
		if u.bits < SERIES {
			let tail = SIXTH - u * (TWELFTH_HALF - u * FIFTH);
			return Self::ONE - u * (Self::ONE.half() - u * tail);
		}
		(Self::ONE - (-u).exp()) * u.recip()
	}
}

impl From<Q64> for Real {
	fn from(value: Q64) -> Self {
		Self::from_bits(value.to_bits())
	}
}

impl Add for Real {
	type Output = Self;

	fn add(self, other: Self) -> Self {
		let (bits, over) = self.bits.overflowing_add(other.bits);
		Self { bits, lost: self.lost | other.lost | over }
	}
}

impl Sub for Real {
	type Output = Self;

	fn sub(self, other: Self) -> Self {
		let (bits, over) = self.bits.overflowing_sub(other.bits);
		Self { bits, lost: self.lost | other.lost | over }
	}
}

impl Neg for Real {
	type Output = Self;

	fn neg(self) -> Self {
		let (bits, over) = self.bits.overflowing_neg();
		Self { bits, lost: self.lost | over }
	}
}

impl Mul for Real {
	type Output = Self;

	#[inline]
	fn mul(self, other: Self) -> Self {
		let (high, low) = mul_wide_u128(self.bits.unsigned_abs(), other.bits.unsigned_abs());
		let (carry, _) = split(low);
		let magnitude = ((high << 64) | carry as u128) as i128;
		let bits =
			if (self.bits < 0) == (other.bits < 0) { magnitude } else { magnitude.wrapping_neg() };
		// the magnitude has to stay below 2^127
		Self { bits, lost: self.lost | other.lost | (high >> 63 != 0) }
	}
}
