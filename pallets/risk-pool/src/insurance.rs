//! The insurance fund: gifts, penalties, what it pays to keepers, and repaying the deficit account.

use crate::pallet::*;
use ballast_primitives::Usd;
use ballast_traits::{InspectAccounts, MutateAccounts, OnRevenue, RiskParameters};
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	/// A gift must not make a loan and must leave the giver within its margin rule. Unlike a
	/// withdrawal it is not blocked by an open deficit account: it is how that ends.
	pub(crate) fn do_donate_insurance(who: &T::AccountId, amount: Usd) -> DispatchResult {
		ensure!(amount.is_positive(), Error::<T>::AmountNotPositive);
		ensure!(amount <= T::Accounts::cash(who), Error::<T>::InsufficientCash);
		let fund = Self::insurance();
		T::Accounts::guarded(who, || T::Accounts::transfer(who, &fund, amount))?;
		Self::deposit_event(Event::InsuranceDonated { from: who.clone(), amount });
		Self::repay(amount).map(|_| ())
	}

	/// Books a penalty; `from` need not be able to afford it (what it lacks is its deficit).
	pub(crate) fn do_collect_penalty(from: &T::AccountId, amount: Usd) -> DispatchResult {
		ensure!(!amount.is_negative(), Error::<T>::AmountNotPositive);
		if amount.is_zero() {
			return Ok(());
		}
		T::Accounts::transfer(from, &Self::insurance(), amount)?;
		Self::deposit_event(Event::PenaltyCollected { from: from.clone(), amount });
		Self::on_revenue(amount)
	}

	/// Pays a keeper what the fund has beyond its floor and the block's cap leaves; returns it.
	pub(crate) fn do_pay_keeper(keeper: &T::AccountId, amount: Usd) -> Result<Usd, DispatchError> {
		let block = frame_system::Pallet::<T>::block_number();
		let (paid_in, paid) = KeeperRewards::<T>::get();
		let paid = if paid_in == block { paid } else { Usd::ZERO };
		let left = T::Parameters::liquidation().keeper_rewards_per_block.checked_sub(paid)?;
		let floor = T::Parameters::funds().insurance_floor;
		let reward = amount.min(left).min(Self::insurance_fund().checked_sub(floor)?);
		if !reward.is_positive() {
			return Ok(Usd::ZERO);
		}
		T::Accounts::transfer(&Self::insurance(), keeper, reward)?;
		KeeperRewards::<T>::put((block, paid.checked_add(reward)?));
		Self::deposit_event(Event::KeeperPaid { keeper: keeper.clone(), amount: reward });
		Ok(reward)
	}

	/// What the insurance fund can pay: its cash, never negative.
	pub(crate) fn insurance_fund() -> Usd {
		T::Accounts::cash(&Self::insurance()).max(Usd::ZERO)
	}

	/// Repays the deficit account from the insurance fund, at most `budget`; returns what it repaid.
	pub(crate) fn repay(budget: Usd) -> Result<Usd, DispatchError> {
		let deficit = DeficitAccount::<T>::get();
		let amount = budget.min(deficit.checked_neg()?).min(Self::insurance_fund());
		if !amount.is_positive() {
			return Ok(Usd::ZERO);
		}
		T::Accounts::debit_deficit(&Self::insurance(), amount)?;
		let deficit_account = deficit.checked_add(amount)?;
		DeficitAccount::<T>::put(deficit_account);
		Self::deposit_event(Event::DeficitRepaid { amount, deficit_account });
		Ok(amount)
	}
}
