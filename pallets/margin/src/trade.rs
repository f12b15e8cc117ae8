//! Trades by novation; cash and units between accounts.

use crate::{
	pallet::{Event, OpenExpiries},
	Account, Config, Error, Pallet,
};
use ballast_primitives::{AssetId, Moment, Quantity, SeriesId, SeriesState, Usd};
use ballast_traits::{InspectMarket, InspectSeries};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};

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
		Self::ensure_not_exercised(&short_side, id, quantity)?;
		Self::move_contracts(
			(seller, &mut short_side),
			(buyer, &mut long_side),
			id,
			&series,
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

	/// Contracts that are being exercised cannot be sold.
	pub(crate) fn ensure_not_exercised(
		account: &Account,
		id: SeriesId,
		sold: Quantity,
	) -> DispatchResult {
		let position = account.position(id);
		let left = position.quantity.checked_sub(sold)?;
		let free = position.requested().is_zero() || left >= position.requested();
		ensure!(free, Error::<T>::BeingExercised);
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

	/// Units that cover a short are not the payer's to give.
	pub(crate) fn do_transfer_units(
		from: &T::AccountId,
		to: &T::AccountId,
		asset: AssetId,
		quantity: Quantity,
	) -> DispatchResult {
		ensure!(!quantity.is_negative(), Error::<T>::AmountNegative);
		ensure!(asset != T::QuoteAsset::get(), Error::<T>::AssetNotEligible);
		if quantity.is_zero() {
			return Ok(());
		}
		Self::do_settle(from)?;
		Self::do_settle(to)?;
		let mut giver = Self::load(from);
		Self::change_collateral(&mut giver, asset, quantity.checked_neg()?)?;
		if from == to {
			return Ok(());
		}
		let mut taker = Self::load(to);
		Self::change_collateral(&mut taker, asset, quantity)?;
		Self::store(from, giver);
		Self::store(to, taker);
		let (from, to) = (from.clone(), to.clone());
		Self::deposit_event(Event::CollateralTransferred { from, to, asset, quantity });
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
