//! What the pool asks and bids: mark from Black-76 at the accepted spot and the volatility of the
//! expiry, and the spread of `ballast_math::quoting`.

use crate::{pallet::*, types::Quote};
use ballast_math::{
	black76::Greeks,
	fixed::{Rounding, Q64},
	quoting::{quote, Contract, SpreadRules},
	MathError,
};
use ballast_primitives::{
	arithmetic, params::PoolRules, MarketState, Price, Quantity, Series, SeriesId, SeriesState,
	Usd, Volatility,
};
use ballast_traits::{InspectMarket, InspectSeries, RiskParameters};
use frame_support::pallet_prelude::*;
use sp_runtime::ArithmeticError;

/// The least spreads as kernel numbers.
fn spread_rules(rules: &PoolRules) -> Result<SpreadRules, ArithmeticError> {
	Ok(SpreadRules {
		of_mark: rules.spread_of_mark.to_q64()?,
		of_volatility: rules.spread_of_volatility.to_q64()?,
		of_spot: rules.spread_of_spot.to_q64()?,
	})
}

/// A quote at a mark, for a quantity. Ask up, bid down; premium of buying up, of selling down.
fn quote_at(
	greeks: &Greeks,
	volatility: Q64,
	spot: Price,
	rules: &PoolRules,
	quantity: Quantity,
) -> Result<Quote, ArithmeticError> {
	// The kernel's error may leave a worthless option one unit below zero.
	let mark = greeks.price.max(Q64::ZERO);
	let contract = Contract { mark, vega: greeks.vega, spot: spot.to_q64()? };
	let terms = quote(&spread_rules(rules)?, &contract).map_err(arithmetic)?;
	let ask = Price::from_q64(terms.ask, Rounding::Ceil)?;
	let bid = Price::from_q64(terms.bid, Rounding::Floor)?;
	Ok(Quote {
		mark: Price::from_q64(mark, Rounding::Nearest)?,
		volatility: Volatility::from_q64(volatility, Rounding::Nearest)?,
		delta: Quantity::from_q64(greeks.delta, Rounding::Nearest)?,
		vega: Usd::from_q64(greeks.vega, Rounding::Nearest)?,
		spread_of_mark: Price::from_q64(terms.of_mark, Rounding::Ceil)?,
		spread_of_volatility: Price::from_q64(terms.of_volatility, Rounding::Ceil)?,
		spread_of_spot: Price::from_q64(terms.of_spot, Rounding::Ceil)?,
		spread: Price::from_q64(terms.spread, Rounding::Ceil)?,
		ask,
		bid,
		buy_premium: ask.value_ceil(quantity)?,
		sell_premium: bid.value_floor(quantity)?,
		can_buy: true,
		can_sell: true,
	})
}

impl<T: Config> Pallet<T> {
	/// What the pool asks and bids for `quantity` contracts now, without looking at its capital.
	///
	/// The band of delta and the time before expiry bind both sides and closing orders too: outside
	/// them mark is too uncertain for anybody to trade on it; a position is closed by settlement.
	pub(crate) fn price(
		id: SeriesId,
		quantity: Quantity,
	) -> Result<(Series, Quote), DispatchError> {
		ensure!(quantity.is_positive(), Error::<T>::QuantityTooSmall);
		let series = T::Series::series(id).ok_or(Error::<T>::SeriesUnknown)?;
		let (now, rules) = (T::Market::now(), T::Parameters::pool());
		let live = series.state == SeriesState::Live && now < series.expiry;
		ensure!(live, Error::<T>::SeriesExpired);
		let left = series.expiry.saturating_sub(now);
		ensure!(left > rules.quote_until, Error::<T>::TooCloseToExpiry);
		let market = T::Market::state(series.underlying)
			.filter(MarketState::is_usable)
			.ok_or(Error::<T>::PriceStale)?;
		let (greeks, volatility) = market
			.greeks(now, series.kind, series.strike, series.expiry)
			.map_err(Self::outside_range)?;
		Self::ensure_quoted_delta(greeks.delta, &rules)?;
		let quote = quote_at(&greeks, volatility, market.spot, &rules, quantity)?;
		Ok((series, quote))
	}

	fn ensure_quoted_delta(delta: Q64, rules: &PoolRules) -> DispatchResult {
		let size = delta.checked_abs().ok_or_else(|| arithmetic(MathError::Overflow))?;
		let band = rules.delta_min.to_q64()?..=rules.delta_max.to_q64()?;
		ensure!(band.contains(&size), Error::<T>::OutsideQuotedDelta);
		Ok(())
	}

	/// The model refuses what it has no error bound for.
	fn outside_range(error: ArithmeticError) -> DispatchError {
		match error {
			ArithmeticError::Underflow => Error::<T>::OutsidePricingRange.into(),
			other => other.into(),
		}
	}

	/// The quote for a quantity, and whether the pool's capital carries either side of it.
	pub fn quote(id: SeriesId, quantity: Quantity) -> Result<Quote, DispatchError> {
		let (_, quote) = Self::price(id, quantity)?;
		Ok(Quote {
			can_buy: Self::ensure_capacity((id, quantity.checked_neg()?)).is_ok(),
			can_sell: Self::ensure_capacity((id, quantity)).is_ok(),
			..quote
		})
	}
}
