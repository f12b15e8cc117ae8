//! Trades by novation, and cash between accounts.

use crate::{
	pallet::{Event, OpenExpiries},
	Account, Config, Error, Full, Pallet,
};
use ballast_primitives::{Moment, Quantity, SeriesId, SeriesState, UnderlyingId, Usd};
use ballast_traits::{InspectMarket, InspectSeries, MutateSeries, RiskParameters};
use frame_support::{dispatch::DispatchResult, ensure, traits::Contains};
use sp_runtime::ArithmeticError;

/// Part of the long total of a series that a quantity is.
fn long(quantity: Quantity) -> Quantity {
	quantity.max(Quantity::ZERO)
}

/// Change of a series' long total when two accounts go from `before` to `after`.
fn long_change(before: [Quantity; 2], after: [Quantity; 2]) -> Result<Quantity, ArithmeticError> {
	let sum = |[one, other]: [Quantity; 2]| long(one).checked_add(long(other));
	sum(after)?.checked_sub(sum(before)?)
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_trade(
		buyer: &T::AccountId,
		seller: &T::AccountId,
		id: SeriesId,
		quantity: Quantity,
		premium: Usd,
	) -> DispatchResult {
		ensure!(quantity.is_positive(), Error::<T>::AmountZero);
		ensure!(!premium.is_negative(), Error::<T>::AmountNegative);
		ensure!(buyer != seller, Error::<T>::SelfTrade);
		let series = T::Series::series(id).ok_or(Error::<T>::SeriesUnknown)?;
		let live = series.state == SeriesState::Live && T::Market::now() < series.expiry;
		ensure!(live, Error::<T>::SeriesNotLive);
		ensure!(Self::is_usable(series.underlying), Error::<T>::PriceNotUsable);
		Self::do_touch(buyer)?;
		Self::do_touch(seller)?;
		let (mut long_side, mut short_side) = (Self::load(buyer), Self::load(seller));
		Self::move_contracts(
			(seller, &mut short_side),
			(buyer, &mut long_side),
			id,
			series.underlying,
			quantity,
		)?;
		long_side.change_cash(premium.checked_neg()?)?;
		short_side.change_cash(premium)?;
		Self::store(buyer, long_side);
		Self::store(seller, short_side);
		Self::note_expiry(series.expiry)?;
		let (buyer, seller) = (buyer.clone(), seller.clone());
		Self::deposit_event(Event::Traded { buyer, seller, series: id, quantity, premium });
		Ok(())
	}

	/// Moves contracts (negative: shorts) of a series that is not settled, checks the caps of whoever
	/// grows by it, and tells the listing how open interest changed.
	pub(crate) fn move_contracts(
		(from, from_account): (&T::AccountId, &mut Account),
		(to, to_account): (&T::AccountId, &mut Account),
		id: SeriesId,
		underlying: UnderlyingId,
		quantity: Quantity,
	) -> DispatchResult {
		let before = [from_account.quantity_of(id), to_account.quantity_of(id)];
		let after = [before[0].checked_sub(quantity)?, before[1].checked_add(quantity)?];
		Self::ensure_position_cap(from, underlying, before[0], after[0])?;
		Self::ensure_position_cap(to, underlying, before[1], after[1])?;
		from_account.set_quantity(id, after[0]).map_err(|Full| Error::<T>::TooManyPositions)?;
		to_account.set_quantity(id, after[1]).map_err(|Full| Error::<T>::TooManyPositions)?;
		let change = long_change(before, after)?;
		if change.is_zero() {
			return Ok(());
		}
		T::Series::change_open_interest(id, change)?;
		if change.is_negative() {
			Self::forget_array(id);
		}
		Ok(())
	}

	/// A position that grows must stay within the cap, unless its account is exempt.
	fn ensure_position_cap(
		who: &T::AccountId,
		underlying: UnderlyingId,
		before: Quantity,
		after: Quantity,
	) -> DispatchResult {
		let size = after.checked_abs()?;
		if size <= before.checked_abs()? || T::Exempt::contains(who) {
			return Ok(());
		}
		let risk = T::Parameters::underlying(underlying).ok_or(Error::<T>::NotTradable)?;
		ensure!(size <= risk.position_cap, Error::<T>::PositionCapExceeded);
		Ok(())
	}

	/// Remembers that there are positions of an expiry, for the settlement sweep.
	fn note_expiry(expiry: Moment) -> DispatchResult {
		let mut expiries = OpenExpiries::<T>::get();
		if expiries.contains(&expiry) {
			return Ok(());
		}
		expiries.try_insert(expiry).map_err(|_| Error::<T>::TooManyExpiries)?;
		OpenExpiries::<T>::put(expiries);
		Ok(())
	}

	pub(crate) fn do_transfer(
		from: &T::AccountId,
		to: &T::AccountId,
		amount: Usd,
	) -> DispatchResult {
		ensure!(!amount.is_negative(), Error::<T>::AmountNegative);
		if from == to || amount.is_zero() {
			return Ok(());
		}
		Self::do_settle(from)?;
		Self::do_settle(to)?;
		Self::change_cash(from, amount.checked_neg()?)?;
		Self::change_cash(to, amount)?;
		let (from, to) = (from.clone(), to.clone());
		Self::deposit_event(Event::CashTransferred { from, to, amount });
		Ok(())
	}

	pub(crate) fn do_credit_deficit(who: &T::AccountId, amount: Usd) -> DispatchResult {
		ensure!(!amount.is_negative(), Error::<T>::AmountNegative);
		Self::do_settle(who)?;
		Self::change_cash(who, amount)?;
		Self::deposit_event(Event::DeficitCredited { who: who.clone(), amount });
		Ok(())
	}

	pub(crate) fn do_debit_deficit(from: &T::AccountId, amount: Usd) -> DispatchResult {
		ensure!(!amount.is_negative(), Error::<T>::AmountNegative);
		Self::do_settle(from)?;
		Self::change_cash(from, amount.checked_neg()?)?;
		Self::deposit_event(Event::DeficitDebited { from: from.clone(), amount });
		Ok(())
	}
}
