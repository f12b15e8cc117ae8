//! Covered positions, which take no part in margin.

use super::types::CoveredPosition;
use crate::{settlement::Payoff, Account, Config, Cover, Pallet};
use ballast_math::{
	fixed::{Rounding, Q64},
	requirement::{value_range, Book},
};
use ballast_primitives::{arithmetic, Amount, MarketState, Moment, Quantity, Series, Usd};
use ballast_traits::{InspectMarket, InspectSeries};
use sp_runtime::{ArithmeticError, DispatchError};

use alloc::vec::Vec;

impl<T: Config> Pallet<T> {
	/// Each covered position, and the value of all of them with what covers them.
	pub(super) fn covered(
		account: &Account,
		now: Moment,
	) -> Result<(Vec<CoveredPosition>, Usd), DispatchError> {
		let mut all = Vec::new();
		let mut sum = Usd::ZERO;
		for (id, position) in account.positions() {
			let (Some(cover), Some(series)) = (position.cover, T::Series::series(id)) else {
				continue;
			};
			let (folded, money) = Self::folded(id, &position, &T::Series::sides(id))?;
			let market = T::Market::state(series.underlying);
			let mark = Self::mark_of(&series, folded.quantity, market.as_ref(), now)?;
			let mark = mark.checked_add(money)?;
			let cover_value = match cover {
				Cover::Cash(amount) => amount,
				Cover::Units(units) => value(units, market.as_ref())?,
			};
			sum = sum.checked_add(cover_value)?.checked_add(mark)?;
			let quantity = folded.quantity;
			all.push(CoveredPosition { series: id, quantity, cover, cover_value, mark });
		}
		Ok((all, sum))
	}

	/// What contracts are worth at the last accepted price: what they paid, once they are settled.
	fn mark_of(
		series: &Series,
		quantity: Quantity,
		market: Option<&MarketState>,
		now: Moment,
	) -> Result<Usd, ArithmeticError> {
		if let Some(payoff) = Payoff::of(series)? {
			let owed = Amount::floor(payoff.owed, quantity)?;
			return if series.is_in_kind() {
				value(owed.in_units(), market)
			} else {
				Ok(owed.in_quote())
			};
		}
		let Some(market) = market else { return Ok(Usd::ZERO) };
		let averaging = T::Market::averaging(series.underlying, series.expiry);
		let legs = [market.leg(now, series, averaging, quantity)?];
		let book = Book { spot: market.spot.to_q64()?, units: Q64::ZERO, legs: &legs };
		let range = value_range(&book, Q64::ZERO).map_err(arithmetic)?;
		Usd::from_q64(range.mark, Rounding::Nearest)
	}
}

/// Of units of the underlying, rounded down; nothing where there never was a price.
fn value(units: Quantity, market: Option<&MarketState>) -> Result<Usd, ArithmeticError> {
	market.map_or(Ok(Usd::ZERO), |market| market.spot.value_floor(units))
}
