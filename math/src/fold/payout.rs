//! [`Payout`]: money per contract with 96 fractional bits, 256 bits wide.

use super::Direction;
use crate::{division::div_wide, error::MathError, fixed::E18, wide::mul_wide_u128};

/// Money per contract that a side has paid since its epoch began, weighted by survival: units of
/// `2^-96` of `1e-18` of the money. Not negative.
///
/// A payout stays below `2^96` times the largest amount of an event of its epoch (plus a unit per
/// event of a short side), because the survivals that weight them add up to one: 224 bits of the 256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payout {
	/// Upper 128 bits. (Declared first: the derived order is the order of the numbers.)
	high: u128,
	/// Lower 128 bits.
	low: u128,
}

impl Payout {
	/// Nothing paid.
	pub const ZERO: Self = Self { high: 0, low: 0 };

	/// `high 2^128 + low` units. Exact.
	pub const fn from_parts(high: u128, low: u128) -> Self {
		Self { high, low }
	}

	/// The upper and the lower 128 bits. Exact.
	pub const fn parts(self) -> (u128, u128) {
		(self.high, self.low)
	}

	/// `self + survival x amount`. Exact.
	pub(super) fn checked_add_product(
		self,
		survival: u128,
		amount: u128,
	) -> Result<Self, MathError> {
		let (high, low) = mul_wide_u128(survival, amount);
		let (low, carry) = self.low.overflowing_add(low);
		let high = self
			.high
			.checked_add(high)
			.and_then(|high| high.checked_add(u128::from(carry)))
			.ok_or(MathError::Overflow)?;
		Ok(Self { high, low })
	}

	/// `self - earlier`. Exact; [`MathError::OutOfDomain`] if it would be negative: a payout never
	/// falls within an epoch.
	pub(super) fn since(self, earlier: Self) -> Result<Self, MathError> {
		let (low, borrow) = self.low.overflowing_sub(earlier.low);
		let high = self
			.high
			.checked_sub(earlier.high)
			.and_then(|high| high.checked_sub(u128::from(borrow)))
			.ok_or(MathError::OutOfDomain)?;
		Ok(Self { high, low })
	}

	/// Money for `quantity` (18 decimals) that entered at `survival`: `quantity x self / survival` in
	/// 18 decimals, rounded for the house: down to a long, up from a short. Exact in between.
	pub(super) fn money(
		self,
		quantity: u128,
		survival: u128,
		direction: Direction,
	) -> Result<u128, MathError> {
		if self == Self::ZERO || quantity == 0 {
			return Ok(0);
		}
		if survival == 0 {
			return Err(MathError::DivisionByZero);
		}
		// quantity x self in 384 bits: the three parts of 128.
		let (carry, low) = mul_wide_u128(self.low, quantity);
		let (top, middle) = mul_wide_u128(self.high, quantity);
		let (middle, more) = middle.overflowing_add(carry);
		let top = top.checked_add(u128::from(more)).ok_or(MathError::Overflow)?;
		// By the survival, then by 1e18: rounding down twice is rounding down once.
		let (high, rest) = div_wide((top, middle), survival).ok_or(MathError::Overflow)?;
		let (low, rest) = div_wide((rest, low), survival).ok_or(MathError::Overflow)?;
		let (money, cut) = div_wide((high, low), E18.unsigned_abs()).ok_or(MathError::Overflow)?;
		match direction {
			Direction::Short if rest != 0 || cut != 0 => {
				money.checked_add(1).ok_or(MathError::Overflow)
			}
			_ => Ok(money),
		}
	}
}
