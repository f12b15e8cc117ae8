//! Arguments in 18-decimal fixed point, taken exactly.
//!
//! Rounding a decimal to a [`Q64`] costs up to 2.7e-20, which short options with a small forward feel:
//! `d1` moves by the relative change of the forward over `sigma sqrt(T)`. Here the quotient of forward
//! and strike, the rate and the time come from the decimals themselves.

use super::{Deviation, Greeks, Kind, Moneyness, Prepared, Quote, TimeToExpiry};
use crate::{
	error::MathError,
	fixed::{E18, Q64},
	kernels::mantissa::Mantissa,
};

/// 0.01 and 10.
const VOLATILITY_MIN: i128 = E18 / 100;
const VOLATILITY_MAX: i128 = E18 * 10;

/// An 18-decimal integer with 64 significant bits, for values up to 2^64; relative error below 9/8 2^-64: half of
/// the last digit and the quotient's three more.
pub(super) fn mantissa_e18(value: u128) -> Result<Mantissa, MathError> {
	let zeros = value.leading_zeros();
	let bits = (value.checked_shl(zeros).unwrap_or(0))
		.checked_div(E18.unsigned_abs())
		.ok_or(MathError::DivisionByZero)?;
	Ok(Mantissa::from_u128(bits, 128i32.saturating_sub_unsigned(zeros)))
}

fn q64(value: i128) -> Result<Q64, MathError> {
	Q64::from_e18(value).ok_or(MathError::Overflow)
}

impl Prepared {
	/// [`Prepared::with_time`] from 18-decimal integers: strike in the quote currency, discount factor.
	pub fn from_e18(strike: i128, time: TimeToExpiry, discount: i128) -> Result<Self, MathError> {
		let mut series = Self::without_rate(q64(strike)?, time, q64(discount)?)?;
		series.strike_e18 = Some(strike.unsigned_abs());
		series.set_rate(discount.unsigned_abs(), E18.unsigned_abs())?;
		Ok(series)
	}

	/// [`Prepared::at_forward`] from an 18-decimal integer. Exact if the strike was given so too.
	pub fn at_forward_e18(&self, forward: i128) -> Result<Moneyness, MathError> {
		match self.strike_e18 {
			Some(strike) if forward >= 0 => {
				self.moneyness(q64(forward)?, forward.unsigned_abs(), strike)
			}
			_ => self.at_forward(q64(forward)?),
		}
	}

	/// [`Prepared::at_volatility`] from an 18-decimal integer.
	pub fn at_volatility_e18(&self, volatility: i128) -> Result<Deviation, MathError> {
		if volatility != 0 && !(VOLATILITY_MIN..=VOLATILITY_MAX).contains(&volatility) {
			return Err(MathError::OutOfDomain);
		}
		self.deviation(mantissa_e18(volatility.unsigned_abs())?)
	}

	/// [`Prepared::price`] from 18-decimal integers.
	pub fn price_e18(&self, forward: i128, volatility: i128, kind: Kind) -> Result<Q64, MathError> {
		let deviation = self.at_volatility_e18(volatility)?;
		if deviation.is_flat() {
			return self.intrinsic(q64(forward)?, kind);
		}
		self.value(&self.at_forward_e18(forward)?, &deviation, kind)
	}

	/// [`Prepared::greeks`] from 18-decimal integers.
	pub fn greeks_e18(
		&self,
		forward: i128,
		volatility: i128,
		kind: Kind,
	) -> Result<Greeks, MathError> {
		let deviation = self.at_volatility_e18(volatility)?;
		if deviation.is_flat() {
			return self.greeks(q64(forward)?, Q64::ZERO, kind);
		}
		self.greeks_at(&self.at_forward_e18(forward)?, &deviation, kind)
	}

	/// [`Prepared::quote`] from 18-decimal integers.
	pub fn quote_e18(&self, forward: i128, volatility: i128) -> Result<Quote, MathError> {
		let deviation = self.at_volatility_e18(volatility)?;
		if deviation.is_flat() {
			return self.quote(q64(forward)?, Q64::ZERO);
		}
		self.quote_at(&self.at_forward_e18(forward)?, &deviation)
	}
}
