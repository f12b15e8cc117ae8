//! Option vaults: price per share, fees, the premium auction's curve and the strike that a rule names.
//!
//! A vault writes covered options in rounds. At the end of a round its collateral and its shares fix one
//! price, at which queued deposits come in and queued withdrawals go out. That price is kept as the two
//! numbers themselves, a [`Pot`], so that nothing is lost in a quotient: conversions and comparisons are exact
//! in between and rounded once.
//!
//! Assets are whole numbers of the asset's smallest unit, shares have 18 decimals, prices, rates and deltas 18
//! decimals, times are in seconds, a year has 365 days.
//!
//! | quantity | rounded |
//! |---|---|
//! | shares of a deposit, assets of a withdrawal | down |
//! | fees | down |
//! | the price in an auction | up |
//! | a strike | to the grid, away from the money |
//! | an annualised yield | within its bound |

mod strike;
mod yields;

pub use strike::{strike_at_distance, strike_for_delta, EVALUATIONS_MAX, REACH};
pub use yields::annualised;

use crate::{
	division::{mul_div_ceil, mul_div_floor},
	error::MathError,
	fixed::E18,
	utilisation::YEAR_SECONDS,
	wide::mul_wide_u128,
};
use core::cmp::Ordering;

#[cfg(test)]
mod tests;

/// One in 18 decimals.
const ONE: u128 = E18.unsigned_abs();

/// All of a vault's assets over all of its shares: a price per share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pot {
	/// Assets, in the asset's smallest unit.
	pub assets: u128,
	/// Shares.
	pub shares: u128,
}

impl Pot {
	/// Shares for `amount` of assets, `amount x shares / assets`, rounded down. Where there are none yet,
	/// `amount x first`: with `first` = 10^(18 - decimals) the first share is worth one whole asset.
	///
	/// Assets in a pot without shares go to whoever comes first: the caller keeps none there.
	/// [`MathError::DivisionByZero`] if shares have lost everything (a deposit would be theirs),
	/// [`MathError::Overflow`] beyond 128 bits.
	pub fn shares_floor(&self, amount: u128, first: u128) -> Result<u128, MathError> {
		if self.shares == 0 {
			return amount.checked_mul(first).ok_or(MathError::Overflow);
		}
		mul_div_floor(amount, self.shares, self.assets)
	}

	/// Assets for `shares`, `shares x assets / all shares`, rounded down: never more than all assets for no
	/// more than all shares. Nothing for no shares; else [`MathError::DivisionByZero`] if there are none,
	/// [`MathError::Overflow`] beyond 128 bits.
	pub fn assets_floor(&self, shares: u128) -> Result<u128, MathError> {
		if shares == 0 {
			return Ok(0);
		}
		mul_div_floor(shares, self.assets, self.shares)
	}

	/// Compares two prices per share, exactly. A pot without shares has no price: it orders below every pot
	/// that has one, so it can stand for a high-water mark that was never set.
	pub fn cmp_price(&self, other: &Self) -> Ordering {
		if self.shares == 0 || other.shares == 0 {
			return (self.shares > 0).cmp(&(other.shares > 0));
		}
		mul_wide_u128(self.assets, other.shares).cmp(&mul_wide_u128(other.assets, self.shares))
	}
}

/// Management fee on `locked` assets, `locked x rate x seconds / year`, rounded down and never above `locked`.
/// The rate is a share a year in 18 decimals.
///
/// No value is out of range; the error is that of the division, which the bound rules out.
pub fn management_fee(locked: u128, rate_e18: u128, seconds: u64) -> Result<u128, MathError> {
	let whole = ONE.checked_mul(u128::from(YEAR_SECONDS)).ok_or(MathError::Overflow)?;
	match rate_e18.checked_mul(u128::from(seconds)) {
		Some(part) if part < whole => mul_div_floor(locked, part, whole),
		// all of it or more
		_ => Ok(locked),
	}
}

/// Performance fee: `rate x max(0, assets - shares x high-water price)`, rounded down, what the shares were
/// worth at the high-water mark rounded up. Never above the gain: a rate above one counts as one.
///
/// Nothing where no mark was set (a pot without shares): there is nothing that the price has risen above.
/// No value is out of range; the error is that of the division, which the bound rules out.
pub fn performance_fee(pot: Pot, high_water: Pot, rate_e18: u128) -> Result<u128, MathError> {
	if high_water.shares == 0 {
		return Ok(0);
	}
	let before = match mul_div_ceil(pot.shares, high_water.assets, high_water.shares) {
		// worth more than any assets now
		Err(MathError::Overflow) => return Ok(0),
		before => before?,
	};
	mul_div_floor(pot.assets.saturating_sub(before), rate_e18.min(ONE), ONE)
}

/// The price in a Dutch auction: on a line from `start` down to `end` in `length` seconds, and `end` from then
/// on. Prices per contract in 18 decimals. A start below the end counts as the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DutchCurve {
	/// Price at which it starts.
	pub start: u128,
	/// Price at which it ends, the reserve.
	pub end: u128,
	/// Seconds from the one to the other. An auction without length is at its end.
	pub length: u64,
}

impl DutchCurve {
	/// Price after so many seconds, rounded up: never below `end`, never above what it was before.
	pub fn price_at(&self, elapsed: u64) -> u128 {
		let Some(left) = self.length.checked_sub(elapsed) else {
			return self.end;
		};
		let drop = self.start.saturating_sub(self.end);
		// left <= length, so the quotient is at most the drop, and a length of zero leaves nothing.
		let above = mul_div_ceil(drop, u128::from(left), u128::from(self.length)).unwrap_or(0);
		// at most the start
		self.end.saturating_add(above)
	}
}
