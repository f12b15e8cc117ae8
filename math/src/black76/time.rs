//! Time to expiry with the precision that short options need.

use super::decimal::mantissa_e18;
use crate::{
	error::MathError,
	fixed::{E18, Q64},
	kernels::{mantissa::Mantissa, root::sqrt_mantissa},
	wide::{join, mul_wide, split},
};

/// Seconds in the year of 365 days by which times are counted.
pub const SECONDS_PER_YEAR: u64 = 31_536_000;

/// One second in years, in 124 fractional bits: 99 digits.
const PER_SECOND: u128 = (1 << 124) / SECONDS_PER_YEAR as u128;

/// The longest time, in years.
const YEARS_MAX: u64 = 3;

/// Time to expiry, with 64 significant bits whatever its length (a [`Q64`] of years holds one second
/// with 39).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeToExpiry {
	years: Mantissa,
	root: Mantissa,
	over: bool,
}

impl TimeToExpiry {
	/// From whole seconds, 0 to 94,608,000 (three years); `OutOfDomain` beyond. Relative error below
	/// 1.01 2^-64.
	pub fn from_seconds(seconds: u64) -> Result<Self, MathError> {
		if seconds > YEARS_MAX.saturating_mul(SECONDS_PER_YEAR) {
			return Err(MathError::OutOfDomain);
		}
		// seconds < 2^27 and the constant below 2^100, so both products and their sum fit
		let (high, low) = split(PER_SECOND);
		let bits = join(high.wrapping_mul(seconds), 0).wrapping_add(mul_wide(low, seconds));
		Ok(Self::new(Mantissa::from_u128(bits, 4), seconds == 0))
	}

	/// From years of 365 days, 0 to 3; `OutOfDomain` otherwise. Exact. Less than one second (as the
	/// nearest representable number below counts it) is no time.
	pub fn from_years(years: Q64) -> Result<Self, MathError> {
		const SECOND: i128 = (1 << 64) / SECONDS_PER_YEAR as i128;
		if years.is_negative() || years > Q64::from_int(YEARS_MAX as i64) {
			return Err(MathError::OutOfDomain);
		}
		Ok(Self::new(Mantissa::from_q64(years), years.to_bits() < SECOND))
	}

	/// From years of 365 days in 18 decimals, 0 to 3; `OutOfDomain` otherwise. Relative error below
	/// 9/8 2^-64. Less than 31,709,791,983e-18 years (one second, rounded down) is no time.
	pub fn from_years_e18(years: i128) -> Result<Self, MathError> {
		const SECOND: i128 = E18 / SECONDS_PER_YEAR as i128;
		let limit = E18.checked_mul(YEARS_MAX as i128).ok_or(MathError::Overflow)?;
		if years < 0 || years > limit {
			return Err(MathError::OutOfDomain);
		}
		Ok(Self::new(mantissa_e18(years.unsigned_abs())?, years < SECOND))
	}

	fn new(years: Mantissa, over: bool) -> Self {
		Self { years, root: sqrt_mantissa(years), over }
	}

	/// Less than a second is left: options are worth their intrinsic value.
	pub const fn is_over(&self) -> bool {
		self.over
	}

	pub(crate) const fn years(&self) -> Mantissa {
		self.years
	}

	/// The square root of the years.
	pub(crate) const fn root(&self) -> Mantissa {
		self.root
	}
}
