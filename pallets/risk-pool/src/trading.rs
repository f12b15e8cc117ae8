//! Trades with the pool at its quote.

use crate::{pallet::*, types::Side};
use ballast_primitives::{params::OpeningFault, Moment, Quantity, SeriesId, UnderlyingId, Usd};
use ballast_traits::{InspectAccounts, InspectMarket, MutateAccounts, RiskParameters};
use frame_support::{pallet_prelude::*, storage::with_storage_layer};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_buy(
		who: &T::AccountId,
		series: SeriesId,
		quantity: Quantity,
		max_premium: Usd,
		deadline: Moment,
	) -> DispatchResult {
		ensure!(T::Market::now() <= deadline, Error::<T>::DeadlinePassed);
		let (underlying, premium) = Self::ready_to_trade(who, series, quantity, Side::Buy)?;
		ensure!(premium <= max_premium, Error::<T>::SlippageExceeded);
		let pool = Self::pool();
		T::Accounts::guarded(who, || T::Accounts::trade(who, &pool, series, quantity, premium))?;
		Self::follow_book(underlying);
		Self::deposit_event(Event::Bought { who: who.clone(), series, quantity, premium });
		Ok(())
	}

	pub(crate) fn do_sell(
		who: &T::AccountId,
		series: SeriesId,
		quantity: Quantity,
		min_premium: Usd,
		deadline: Moment,
	) -> DispatchResult {
		ensure!(T::Market::now() <= deadline, Error::<T>::DeadlinePassed);
		Self::sell_at_bid(who, series, quantity, min_premium, |trade| {
			T::Accounts::guarded(who, trade)
		})?;
		Ok(())
	}

	/// For a seller whose margin the caller looks after.
	pub(crate) fn do_buy_from(
		seller: &T::AccountId,
		series: SeriesId,
		quantity: Quantity,
		min_premium: Usd,
	) -> Result<Usd, DispatchError> {
		with_storage_layer(|| {
			Self::sell_at_bid(seller, series, quantity, min_premium, |trade| trade())
		})
	}

	/// The pool buys at its bid. `run` carries out the trade, under what rule binds the seller.
	fn sell_at_bid(
		who: &T::AccountId,
		series: SeriesId,
		quantity: Quantity,
		min_premium: Usd,
		run: impl FnOnce(&dyn Fn() -> DispatchResult) -> DispatchResult,
	) -> Result<Usd, DispatchError> {
		let (underlying, premium) = Self::ready_to_trade(who, series, quantity, Side::Sell)?;
		ensure!(premium >= min_premium, Error::<T>::SlippageExceeded);
		let pool = Self::pool();
		run(&|| T::Accounts::trade(&pool, who, series, quantity, premium))?;
		Self::follow_book(underlying);
		Self::deposit_event(Event::Sold { who: who.clone(), series, quantity, premium });
		Ok(premium)
	}

	/// Everything but the limits of price and time and the margin of `who`: returns the underlying and
	/// the premium.
	///
	/// Capital is measured before the premium and the spread reach the pool, which errs on its side.
	fn ready_to_trade(
		who: &T::AccountId,
		id: SeriesId,
		quantity: Quantity,
		side: Side,
	) -> Result<(UnderlyingId, Usd), DispatchError> {
		let (series, quote) = Self::price(id, quantity)?;
		Self::ensure_quantity(who, id, series.underlying, quantity, side)?;
		Self::ensure_capacity((id, side.of_pool(quantity)?))?;
		let premium = match side {
			Side::Buy => quote.buy_premium,
			Side::Sell => quote.sell_premium,
		};
		Ok((series.underlying, premium))
	}

	/// An order that opens (leaves `who` with more contracts, or with contracts of the other sign)
	/// has a least quantity and a step, and needs an underlying that is not halted; for an order that only
	/// closes none of this holds.
	///
	/// Open interest says too little: it stays the same when the pool closes and `who` opens.
	fn ensure_quantity(
		who: &T::AccountId,
		id: SeriesId,
		underlying: UnderlyingId,
		quantity: Quantity,
		side: Side,
	) -> DispatchResult {
		let risk =
			T::Parameters::underlying(underlying).ok_or(Error::<T>::UnderlyingWithoutRules)?;
		let positions = T::Accounts::positions(who);
		let held = positions.iter().find(|(series, _)| *series == id);
		let held = held.map_or(Quantity::ZERO, |(_, quantity)| *quantity);
		let after = held.checked_add(side.of_user(quantity)?)?;
		let turned = held.is_negative() != after.is_negative() && !after.is_zero();
		if !turned && after.checked_abs()? < held.checked_abs()? {
			return Ok(());
		}
		ensure!(!T::Parameters::is_halted(underlying), Error::<T>::UnderlyingHalted);
		match risk.opening_fault(quantity) {
			None => Ok(()),
			Some(OpeningFault::TooSmall) => Err(Error::<T>::QuantityTooSmall.into()),
			Some(OpeningFault::OffStep) => Err(Error::<T>::QuantityOffStep.into()),
		}
	}
}
