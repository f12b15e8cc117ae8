//! Moving positions and cash between two accounts without a trade: between the accounts of one owner, or to
//! whoever agreed to receive.

use crate::{
	pallet::{Event, TransferPermits},
	Config, Error, Pallet, TransferList,
};
use ballast_primitives::{SeriesState, Usd};
use ballast_traits::{InspectMarket, InspectSeries};
use frame_support::{dispatch::DispatchResult, ensure};

impl<T: Config> Pallet<T> {
	/// Shorts are debts: nobody receives them unasked.
	pub(crate) fn do_set_permit(
		receiver: &T::AccountId,
		sender: &T::AccountId,
		allowed: bool,
	) -> DispatchResult {
		ensure!(receiver != sender, Error::<T>::SelfTrade);
		if allowed {
			TransferPermits::<T>::insert(receiver, sender, ());
		} else {
			TransferPermits::<T>::remove(receiver, sender);
		}
		let (receiver, sender) = (receiver.clone(), sender.clone());
		Self::deposit_event(Event::TransferPermitSet { receiver, sender, allowed });
		Ok(())
	}

	/// Both accounts must meet their margin rule afterwards.
	pub(crate) fn do_transfer_positions(
		from: &T::AccountId,
		to: &T::AccountId,
		positions: &TransferList,
		cash: Usd,
	) -> DispatchResult {
		ensure!(from != to, Error::<T>::SelfTrade);
		ensure!(TransferPermits::<T>::contains_key(to, from), Error::<T>::NotPermitted);
		ensure!(!cash.is_negative(), Error::<T>::AmountNegative);
		Self::do_guarded(from, || {
			Self::do_guarded(to, || Self::move_positions(from, to, positions, cash))
		})
	}

	fn move_positions(
		from: &T::AccountId,
		to: &T::AccountId,
		positions: &TransferList,
		cash: Usd,
	) -> DispatchResult {
		let (mut giver, mut taker) = (Self::load(from), Self::load(to));
		ensure!(cash <= giver.cash().max(Usd::ZERO), Error::<T>::InsufficientCash);
		let before = if cash.is_positive() { Self::headroom(&giver)? } else { None };
		giver.change_cash(cash.checked_neg()?)?;
		taker.change_cash(cash)?;
		for (id, quantity) in positions.iter().copied() {
			let series = T::Series::series(id).ok_or(Error::<T>::SeriesUnknown)?;
			let live = series.state == SeriesState::Live && T::Market::now() < series.expiry;
			ensure!(live, Error::<T>::SeriesNotLive);
			ensure!(Self::is_usable(series.underlying), Error::<T>::PriceNotUsable);
			let held = giver.quantity_of(id);
			let part = quantity.checked_abs()? <= held.checked_abs()?
				&& quantity.is_negative() == held.is_negative();
			ensure!(part && !quantity.is_zero(), Error::<T>::InsufficientPosition);
			Self::ensure_not_exercised(&giver, id, quantity)?;
			Self::move_contracts((from, &mut giver), (to, &mut taker), id, &series, quantity)?;
			let (from, to) = (from.clone(), to.clone());
			Self::deposit_event(Event::PositionTransferred { from, to, series: id, quantity });
		}
		if cash.is_positive() {
			// Cash leaves this account as by a withdrawal: long options lend nothing to it.
			let after = Self::headroom(&giver)?;
			let allowed = after.is_none_or(|after| {
				!after.is_negative() || before.is_some_and(|before| after >= before)
			});
			ensure!(allowed, Error::<T>::BelowInitialMargin);
		}
		Self::store(from, giver);
		Self::store(to, taker);
		if cash.is_positive() {
			let (from, to) = (from.clone(), to.clone());
			Self::deposit_event(Event::CashTransferred { from, to, amount: cash });
		}
		Ok(())
	}
}
