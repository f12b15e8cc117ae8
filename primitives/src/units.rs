//! Units: 18-decimal fixed point numbers that cannot be mixed.
//!
//! The legal products are the ones defined here: `Price x Quantity -> Usd`, `Usd x Ratio -> Usd`,
//! `Quantity x Ratio -> Quantity`, `Price x Ratio -> Price`. Every product and quotient names its
//! rounding (`_floor` towards minus infinity, `_ceil` towards plus infinity); sums are checked.
//! [`ArithmeticError::Overflow`] is the only error unless stated otherwise.

use ballast_math::{
	fixed::{Rounding, Q64},
	MathError,
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{
	fixed_point::{FixedI128, FixedU128},
	traits::{CheckedAdd, CheckedSub},
	FixedPointNumber,
};
use sp_core::U256;
use sp_runtime::ArithmeticError;

/// One in the 18-decimal scale of every unit.
pub const ACCURACY: u128 = 1_000_000_000_000_000_000;

/// Maps an error of the mathematics to the error a dispatchable returns.
pub fn arithmetic(error: MathError) -> ArithmeticError {
	match error {
		MathError::DivisionByZero => ArithmeticError::DivisionByZero,
		MathError::OutOfDomain | MathError::NoConvergence => ArithmeticError::Underflow,
		MathError::Overflow => ArithmeticError::Overflow,
	}
}

/// `a b / c` of magnitudes, rounded down or up.
fn mul_div(a: u128, b: u128, c: u128, up: bool) -> Result<u128, ArithmeticError> {
	let divisor = U256::from(c);
	let product = U256::from(a).full_mul(U256::from(b));
	let product = U256::try_from(product).map_err(|_| ArithmeticError::Overflow)?;
	let quotient = product.checked_div(divisor).ok_or(ArithmeticError::DivisionByZero)?;
	let rest = product.checked_rem(divisor).ok_or(ArithmeticError::DivisionByZero)?;
	let quotient = u128::try_from(quotient).map_err(|_| ArithmeticError::Overflow)?;
	if up && !rest.is_zero() {
		quotient.checked_add(1).ok_or(ArithmeticError::Overflow)
	} else {
		Ok(quotient)
	}
}

/// `a b / c` with the sign of `a`, rounded towards minus (`up = false`) or plus infinity.
fn mul_div_signed(a: i128, b: u128, c: u128, up: bool) -> Result<i128, ArithmeticError> {
	let negative = a < 0;
	let magnitude = mul_div(a.unsigned_abs(), b, c, up != negative)?;
	let value = i128::try_from(magnitude).map_err(|_| ArithmeticError::Overflow)?;
	if negative {
		value.checked_neg().ok_or(ArithmeticError::Overflow)
	} else {
		Ok(value)
	}
}

macro_rules! unit {
	($(#[$doc:meta])* $name:ident($fixed:ty, $inner:ty)) => {
		$(#[$doc])*
		#[derive(
			Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode,
			DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
		)]
		pub struct $name($fixed);

		impl $name {
			/// Nothing.
			pub const ZERO: Self = Self(<$fixed>::from_inner(0));
			/// One.
			pub const ONE: Self = Self(<$fixed>::from_inner(1_000_000_000_000_000_000));

			/// From the 18-decimal integer.
			pub const fn from_inner(inner: $inner) -> Self {
				Self(<$fixed>::from_inner(inner))
			}

			/// The 18-decimal integer.
			pub const fn into_inner(self) -> $inner {
				self.0.into_inner()
			}

			/// Whether this is nothing.
			pub const fn is_zero(self) -> bool {
				self.into_inner() == 0
			}

			/// Sum.
			pub fn checked_add(self, other: Self) -> Result<Self, ArithmeticError> {
				self.0.checked_add(&other.0).map(Self).ok_or(ArithmeticError::Overflow)
			}

			/// Difference.
			pub fn checked_sub(self, other: Self) -> Result<Self, ArithmeticError> {
				self.0.checked_sub(&other.0).map(Self).ok_or(ArithmeticError::Underflow)
			}

			/// As a kernel number, to nearest; [`Self::from_q64`] gives it back unchanged.
			pub fn to_q64(self) -> Result<Q64, ArithmeticError> {
				let inner =
					i128::try_from(self.into_inner()).map_err(|_| ArithmeticError::Overflow)?;
				Q64::from_e18(inner).ok_or(ArithmeticError::Overflow)
			}

			/// From a kernel number.
			pub fn from_q64(value: Q64, rounding: Rounding) -> Result<Self, ArithmeticError> {
				let inner = value.to_e18(rounding).ok_or(ArithmeticError::Overflow)?;
				let inner =
					<$inner>::try_from(inner).map_err(|_| ArithmeticError::Underflow)?;
				Ok(Self::from_inner(inner))
			}
		}
	};
}

unit! {
	/// Quote currency per unit of an asset or per contract, never negative.
	Price(FixedU128, u128)
}
unit! {
	/// A signed amount of the quote currency.
	Usd(FixedI128, i128)
}
unit! {
	/// A signed amount of the asset that a series settles in: quote currency or units of its underlying.
	Amount(FixedI128, i128)
}
unit! {
	/// A signed number of contracts, or of units of an asset.
	Quantity(FixedI128, i128)
}
unit! {
	/// A share of something, never negative: 0.05 is five per cent.
	Ratio(FixedU128, u128)
}
unit! {
	/// Annualised volatility: 0.8 is eighty per cent a year.
	Volatility(FixedU128, u128)
}

unit! {
	/// A signed rate a year, continuously compounded: 0.05 is five per cent.
	Rate(FixedI128, i128)
}
unit! {
	/// A signed share in (-1, 1): how two things move together.
	Correlation(FixedI128, i128)
}

macro_rules! signed {
	($name:ident) => {
		impl $name {
			/// With the other sign.
			pub fn checked_neg(self) -> Result<Self, ArithmeticError> {
				self.into_inner()
					.checked_neg()
					.map(Self::from_inner)
					.ok_or(ArithmeticError::Overflow)
			}

			/// Magnitude.
			pub fn checked_abs(self) -> Result<Self, ArithmeticError> {
				if self.is_negative() {
					self.checked_neg()
				} else {
					Ok(self)
				}
			}

			/// Less than nothing.
			pub const fn is_negative(self) -> bool {
				self.into_inner() < 0
			}

			/// More than nothing.
			pub const fn is_positive(self) -> bool {
				self.into_inner() > 0
			}

			/// This share of it, rounded towards minus infinity.
			pub fn times_floor(self, share: Ratio) -> Result<Self, ArithmeticError> {
				mul_div_signed(self.into_inner(), share.into_inner(), ACCURACY, false)
					.map(Self::from_inner)
			}

			/// This share of it, rounded towards plus infinity.
			pub fn times_ceil(self, share: Ratio) -> Result<Self, ArithmeticError> {
				mul_div_signed(self.into_inner(), share.into_inner(), ACCURACY, true)
					.map(Self::from_inner)
			}
		}
	};
}
signed!(Usd);
signed!(Amount);
signed!(Quantity);

impl Price {
	/// From whole quote units.
	pub const fn from_int(whole: u64) -> Self {
		Self::from_inner((whole as u128).saturating_mul(ACCURACY))
	}

	/// Value of a quantity at this price, rounded towards minus infinity.
	pub fn value_floor(self, quantity: Quantity) -> Result<Usd, ArithmeticError> {
		mul_div_signed(quantity.into_inner(), self.into_inner(), ACCURACY, false)
			.map(Usd::from_inner)
	}

	/// Value of a quantity at this price, rounded towards plus infinity.
	pub fn value_ceil(self, quantity: Quantity) -> Result<Usd, ArithmeticError> {
		mul_div_signed(quantity.into_inner(), self.into_inner(), ACCURACY, true)
			.map(Usd::from_inner)
	}

	/// This share of it, rounded down.
	pub fn times_floor(self, share: Ratio) -> Result<Self, ArithmeticError> {
		mul_div(self.into_inner(), share.into_inner(), ACCURACY, false).map(Self::from_inner)
	}

	/// This share of it, rounded up.
	pub fn times_ceil(self, share: Ratio) -> Result<Self, ArithmeticError> {
		mul_div(self.into_inner(), share.into_inner(), ACCURACY, true).map(Self::from_inner)
	}

	/// `self / whole`, rounded down. [`ArithmeticError::DivisionByZero`] if `whole` is zero.
	pub fn share_of_floor(self, whole: Self) -> Result<Ratio, ArithmeticError> {
		mul_div(self.into_inner(), ACCURACY, whole.into_inner(), false).map(Ratio::from_inner)
	}

	/// `self / whole`, rounded up. [`ArithmeticError::DivisionByZero`] if `whole` is zero.
	pub fn share_of_ceil(self, whole: Self) -> Result<Ratio, ArithmeticError> {
		mul_div(self.into_inner(), ACCURACY, whole.into_inner(), true).map(Ratio::from_inner)
	}

	/// `|self - other| / other`, rounded up. [`ArithmeticError::DivisionByZero`] if `other` is zero.
	pub fn deviation_ceil(self, other: Self) -> Result<Ratio, ArithmeticError> {
		let gap = self.into_inner().abs_diff(other.into_inner());
		mul_div(gap, ACCURACY, other.into_inner(), true).map(Ratio::from_inner)
	}
}

impl Usd {
	/// From whole quote units.
	pub const fn from_int(whole: i64) -> Self {
		Self::from_inner((whole as i128).saturating_mul(ACCURACY as i128))
	}

	/// How many contracts or units this amount (not negative) pays for at a price, rounded down.
	/// [`ArithmeticError::DivisionByZero`] if the price is zero.
	pub fn quantity_at_floor(self, price: Price) -> Result<Quantity, ArithmeticError> {
		let amount = u128::try_from(self.into_inner()).map_err(|_| ArithmeticError::Underflow)?;
		let inner = mul_div(amount, ACCURACY, price.into_inner(), false)?;
		let inner = i128::try_from(inner).map_err(|_| ArithmeticError::Overflow)?;
		Ok(Quantity::from_inner(inner))
	}

	/// `self / other` of two amounts that are not negative, rounded down.
	pub fn share_of_floor(self, whole: Self) -> Result<Ratio, ArithmeticError> {
		let part = u128::try_from(self.into_inner()).map_err(|_| ArithmeticError::Underflow)?;
		let whole = u128::try_from(whole.into_inner()).map_err(|_| ArithmeticError::Underflow)?;
		mul_div(part, ACCURACY, whole, false).map(Ratio::from_inner)
	}
}

impl Amount {
	/// What this many contracts are worth at so much each, rounded towards minus infinity.
	pub fn floor(each: Price, quantity: Quantity) -> Result<Self, ArithmeticError> {
		each.value_floor(quantity).map(Self::of_quote)
	}

	/// The same, rounded towards plus infinity.
	pub fn ceil(each: Price, quantity: Quantity) -> Result<Self, ArithmeticError> {
		each.value_ceil(quantity).map(Self::of_quote)
	}

	/// How many contracts this amount (not negative) pays for at so much each, rounded down.
	/// [`ArithmeticError::DivisionByZero`] for nothing each.
	pub fn quantity_at_floor(self, each: Price) -> Result<Quantity, ArithmeticError> {
		self.in_quote().quantity_at_floor(each)
	}

	/// An amount of quote currency.
	pub const fn of_quote(value: Usd) -> Self {
		Self::from_inner(value.into_inner())
	}

	/// As quote currency, of a series that settles in it.
	pub const fn in_quote(self) -> Usd {
		Usd::from_inner(self.into_inner())
	}

	/// As units of the underlying, of a series that settles in them.
	pub const fn in_units(self) -> Quantity {
		Quantity::from_inner(self.into_inner())
	}
}

impl Quantity {
	/// From whole contracts or units.
	pub const fn from_int(whole: i64) -> Self {
		Self::from_inner((whole as i128).saturating_mul(ACCURACY as i128))
	}
}

impl Ratio {
	/// From hundredths of a per cent.
	pub const fn from_basis_points(points: u32) -> Self {
		Self::from_inner((points as u128).saturating_mul(ACCURACY / 10_000))
	}

	/// From per cent.
	pub const fn from_percent(percent: u32) -> Self {
		Self::from_basis_points(percent.saturating_mul(100))
	}

	/// Product of two shares, rounded down.
	pub fn times_floor(self, other: Self) -> Result<Self, ArithmeticError> {
		mul_div(self.into_inner(), other.into_inner(), ACCURACY, false).map(Self::from_inner)
	}
}

impl Volatility {
	/// From per cent a year.
	pub const fn from_percent(percent: u32) -> Self {
		Self::from_inner((percent as u128).saturating_mul(ACCURACY / 100))
	}
}

impl Rate {
	/// From hundredths of a per cent a year.
	pub const fn from_basis_points(points: i32) -> Self {
		Self::from_inner((points as i128).saturating_mul(ACCURACY as i128 / 10_000))
	}
}

impl Correlation {
	/// From per cent.
	pub const fn from_percent(percent: i32) -> Self {
		Self::from_inner((percent as i128).saturating_mul(ACCURACY as i128 / 100))
	}
}

/// An asset amount (integer units of `10^-decimals`) as an 18-decimal quantity.
/// Exact; [`ArithmeticError::Overflow`] if `decimals > 18` or the amount is beyond the range.
pub fn quantity_from_amount(amount: u128, decimals: u8) -> Result<i128, ArithmeticError> {
	let scale = amount_scale(decimals)?;
	let inner = amount.checked_mul(scale).ok_or(ArithmeticError::Overflow)?;
	i128::try_from(inner).map_err(|_| ArithmeticError::Overflow)
}

/// An 18-decimal quantity that is not negative as an asset amount, rounded down (what leaves the
/// ledger) and what is left over by it, as 18-decimal integer.
pub fn amount_from_quantity_floor(
	inner: i128,
	decimals: u8,
) -> Result<(u128, i128), ArithmeticError> {
	let scale = i128::try_from(amount_scale(decimals)?).map_err(|_| ArithmeticError::Overflow)?;
	if inner < 0 {
		return Err(ArithmeticError::Underflow);
	}
	let whole = inner.checked_div(scale).ok_or(ArithmeticError::DivisionByZero)?;
	let rest = inner.checked_rem(scale).ok_or(ArithmeticError::DivisionByZero)?;
	let amount = u128::try_from(whole).map_err(|_| ArithmeticError::Overflow)?;
	Ok((amount, rest))
}

fn amount_scale(decimals: u8) -> Result<u128, ArithmeticError> {
	let digits = 18u32.checked_sub(u32::from(decimals)).ok_or(ArithmeticError::Overflow)?;
	10u128.checked_pow(digits).ok_or(ArithmeticError::Overflow)
}

/// Keeps the `FixedPointNumber` scale and ours in step.
const _: () = assert!(<FixedU128 as FixedPointNumber>::DIV == ACCURACY);

#[cfg(test)]
mod tests;
