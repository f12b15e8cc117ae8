//! From a pot to those who staked.

use crate::{
	pallet::*,
	shares::{page_due, PageDue},
};
use ballast_primitives::{arithmetic, Usd};
use ballast_traits::{EraIndex, InspectAccounts, InspectStaking, MutateAccounts, PageIndex};
use frame_support::pallet_prelude::*;
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	/// See [`Pallet::payout`]; returns how many nominators were on the page.
	///
	/// Shares are booked, not transferred: a transfer brings both accounts up to date first, and a page
	/// of accounts full of expired options would take most of a block.
	pub(crate) fn do_payout(
		era: EraIndex,
		validator: T::AccountId,
		page: PageIndex,
	) -> Result<u32, DispatchError> {
		let active = T::Staking::active_era().ok_or(Error::<T>::EraNotOver)?;
		ensure!(era < active, Error::<T>::EraNotOver);
		ensure!(era >= Self::oldest_payable(active), Error::<T>::EraForgotten);
		let mut pot = Pots::<T>::get(era).ok_or(Error::<T>::NoPot)?;
		let key = (validator.clone(), page);
		ensure!(!PaidPages::<T>::contains_key(era, &key), Error::<T>::AlreadyPaid);
		let points = T::Staking::points(era, &validator);
		ensure!(points > 0, Error::<T>::NothingEarned);
		let stake = T::Staking::exposure(era, &validator, page).ok_or(Error::<T>::PageUnknown)?;
		let commission = T::Staking::commission(era, &validator);
		let amount =
			u128::try_from(pot.amount.into_inner()).map_err(|_| ArithmeticError::Underflow)?;
		let due = page_due(amount, points, T::Staking::total_points(era), commission, &stake);
		let PageDue { validator: own, nominators } = due.map_err(arithmetic)?;

		let mut paid = Self::reward(validator.clone(), own)?;
		for (nominator, share) in nominators {
			paid = paid.checked_add(Self::reward(nominator, share)?)?;
		}
		pot.unpaid = pot.unpaid.checked_sub(paid)?;
		// No page of a validator's is due more than its part: this fails only if stakes do not add up.
		ensure!(!pot.unpaid.is_negative(), ArithmeticError::Underflow);
		Pots::<T>::insert(era, pot);
		PaidPages::<T>::insert(era, key, ());
		Self::deposit_event(Event::PaidOut { era, validator, page, amount: paid });
		Ok(u32::try_from(stake.nominators.len()).unwrap_or(u32::MAX))
	}

	/// Owes a staker's share to whom it named; returns what is owed. Of a staker that named nobody the
	/// share stays in the pot.
	fn reward(staker: T::AccountId, share: u128) -> Result<Usd, DispatchError> {
		let amount = i128::try_from(share).map_err(|_| ArithmeticError::Overflow)?;
		let amount = Usd::from_inner(amount);
		if !amount.is_positive() {
			return Ok(Usd::ZERO);
		}
		let Some(payee) = T::Staking::payee(&staker) else { return Ok(Usd::ZERO) };
		Owed::<T>::try_mutate(&payee, |owed| -> DispatchResult {
			*owed = Some(owed.unwrap_or(Usd::ZERO).checked_add(amount)?);
			Ok(())
		})?;
		Self::deposit_event(Event::Rewarded { staker, payee, amount });
		Ok(amount)
	}

	/// See [`Pallet::claim`].
	pub(crate) fn do_claim(who: T::AccountId) -> DispatchResult {
		let amount = Owed::<T>::take(&who).ok_or(Error::<T>::NothingOwed)?;
		let stakers = T::Stakers::get();
		ensure!(amount <= T::Accounts::cash(&stakers), Error::<T>::InsufficientCash);
		T::Accounts::transfer(&stakers, &who, amount)?;
		let reserved = Reserved::<T>::get().checked_sub(amount)?;
		Reserved::<T>::put(reserved);
		Self::deposit_event(Event::Claimed { who, amount });
		Ok(())
	}
}
