//! What depositors do. Each of them is brought up to date at the stored prices of past turns first, so that no
//! turn has to look at anybody.

use crate::{pallet::*, purse::quantity_of, types::*, VaultOf};
use ballast_primitives::{arithmetic, Usd};
use ballast_traits::{InspectMarket, MutateAccounts, RiskParameters};
use frame_support::pallet_prelude::*;
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	/// Brings a holder up to date: shares for a deposit whose turn has come, assets for a withdrawal. Says
	/// whether there was anything.
	fn bring_up(
		id: VaultId,
		vault: &mut VaultOf<T>,
		who: &T::AccountId,
	) -> Result<(Holder, bool), DispatchError> {
		let mut holder = Holders::<T>::get(id, who);
		let mut changed = false;
		if holder.deposit.is_past(vault.turn) {
			Self::issue(id, vault, who, &mut holder)?;
			changed = true;
		}
		if holder.withdrawal.is_past(vault.turn) {
			Self::pay_withdrawal(id, vault, who, &mut holder)?;
			changed = true;
		}
		Ok((holder, changed))
	}

	fn issue(
		id: VaultId,
		vault: &mut VaultOf<T>,
		who: &T::AccountId,
		holder: &mut Holder,
	) -> DispatchResult {
		let Queued { turn: number, amount } = core::mem::take(&mut holder.deposit);
		let mut turn = Turns::<T>::get(id, number).ok_or(Error::<T>::NothingToClaim)?;
		let (shares, rest) = turn.take_deposit(amount, vault.decimals).map_err(arithmetic)?;
		holder.shares = holder.shares.checked_add(shares).ok_or(ArithmeticError::Overflow)?;
		// Shares that are nobody's leave their value to everybody else's.
		vault.shares = vault.shares.saturating_sub(rest);
		Self::put_turn(id, number, turn);
		let who = who.clone();
		Self::deposit_event(Event::SharesIssued { vault: id, who, amount, shares });
		Ok(())
	}

	fn pay_withdrawal(
		id: VaultId,
		vault: &mut VaultOf<T>,
		who: &T::AccountId,
		holder: &mut Holder,
	) -> DispatchResult {
		let Queued { turn: number, amount: shares } = core::mem::take(&mut holder.withdrawal);
		let mut turn = Turns::<T>::get(id, number).ok_or(Error::<T>::NothingToClaim)?;
		let (amount, rest) = turn.take_withdrawal(shares).map_err(arithmetic)?;
		// What rounding has left is nobody's here and goes back to the vault with the next turn.
		vault.claimable = vault.claimable.saturating_sub(amount).saturating_sub(rest);
		Self::put_turn(id, number, turn);
		Self::pay(vault, &Self::waiting_account(id), who, amount)?;
		let who = who.clone();
		Self::deposit_event(Event::WithdrawalPaid { vault: id, who, shares, amount });
		Ok(())
	}

	fn put_turn(id: VaultId, number: u32, turn: Turn) {
		if turn.is_done() {
			Turns::<T>::remove(id, number);
		} else {
			Turns::<T>::insert(id, number, turn);
		}
	}

	fn put_holder(id: VaultId, who: &T::AccountId, holder: Holder) {
		if holder.is_empty() {
			Holders::<T>::remove(id, who);
		} else {
			Holders::<T>::insert(id, who, holder);
		}
	}

	pub(crate) fn do_deposit(
		who: &T::AccountId,
		id: VaultId,
		amount: AssetAmount,
	) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::AmountZero);
		let mut vault = Self::vault(id)?;
		ensure!(!vault.closed, Error::<T>::VaultIsClosed);
		Self::ensure_large_enough(&vault, amount)?;
		let deposits = vault.deposits.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
		let held = Self::assets_of_round(id, &vault)?;
		ensure!(vault.shares == 0 || held > 0, Error::<T>::VaultWorthless);
		let total = held.checked_add(deposits).ok_or(ArithmeticError::Overflow)?;
		ensure!(total <= vault.terms.capacity, Error::<T>::CapacityExceeded);
		let (mut holder, _) = Self::bring_up(id, &mut vault, who)?;
		T::Accounts::releasing(who, || Self::pay(&vault, who, &Self::waiting_account(id), amount))?;
		vault.deposits = deposits;
		let queued = holder.deposit.amount.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
		holder.deposit = Queued { turn: vault.turn, amount: queued };
		Self::put_holder(id, who, holder);
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::DepositQueued { vault: id, who: who.clone(), amount });
		Ok(())
	}

	/// A deposit is worth the least amount at the last price of its asset, if there is one.
	fn ensure_large_enough(vault: &VaultOf<T>, amount: AssetAmount) -> DispatchResult {
		let quantity = quantity_of(amount, vault.decimals)?;
		let value = match vault.strategy {
			Strategy::CashSecuredPut => Some(Usd::from_inner(quantity.into_inner())),
			Strategy::CoveredCall => T::Market::state(vault.underlying)
				.map(|market| market.spot.value_floor(quantity))
				.transpose()?,
		};
		let least = T::Parameters::vaults().deposit_min;
		ensure!(value.is_none_or(|value| value >= least), Error::<T>::DepositTooSmall);
		Ok(())
	}

	/// Assets behind shares: those of now between rounds, those with which the round began while one runs.
	pub(crate) fn assets_of_round(
		id: VaultId,
		vault: &VaultOf<T>,
	) -> Result<AssetAmount, DispatchError> {
		Ok(match &vault.state {
			State::Selling(Selling { assets, .. }) | State::Locked(Locked { assets, .. }) => {
				*assets
			}
			State::Idle(_) | State::Settled(_) => Self::free_assets(id, vault)?,
		})
	}

	pub(crate) fn do_cancel_deposit(
		who: &T::AccountId,
		id: VaultId,
		amount: AssetAmount,
	) -> DispatchResult {
		ensure!(amount > 0, Error::<T>::AmountZero);
		let mut vault = Self::vault(id)?;
		let (mut holder, _) = Self::bring_up(id, &mut vault, who)?;
		let left = holder.deposit.amount.checked_sub(amount).ok_or(Error::<T>::NothingQueued)?;
		holder.deposit.amount = left;
		vault.deposits = vault.deposits.saturating_sub(amount);
		Self::pay(&vault, &Self::waiting_account(id), who, amount)?;
		Self::put_holder(id, who, holder);
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::DepositCancelled { vault: id, who: who.clone(), amount });
		Ok(())
	}

	pub(crate) fn do_request_withdrawal(
		who: &T::AccountId,
		id: VaultId,
		shares: ShareAmount,
	) -> DispatchResult {
		ensure!(shares > 0, Error::<T>::AmountZero);
		let mut vault = Self::vault(id)?;
		let (mut holder, _) = Self::bring_up(id, &mut vault, who)?;
		holder.shares = holder.shares.checked_sub(shares).ok_or(Error::<T>::InsufficientShares)?;
		let queued =
			holder.withdrawal.amount.checked_add(shares).ok_or(ArithmeticError::Overflow)?;
		holder.withdrawal = Queued { turn: vault.turn, amount: queued };
		vault.withdrawals =
			vault.withdrawals.checked_add(shares).ok_or(ArithmeticError::Overflow)?;
		Self::ensure_enough_stay(&vault)?;
		Self::put_holder(id, who, holder);
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::WithdrawalQueued { vault: id, who: who.clone(), shares });
		Ok(())
	}

	pub(crate) fn do_cancel_withdrawal(
		who: &T::AccountId,
		id: VaultId,
		shares: ShareAmount,
	) -> DispatchResult {
		ensure!(shares > 0, Error::<T>::AmountZero);
		let mut vault = Self::vault(id)?;
		let (mut holder, _) = Self::bring_up(id, &mut vault, who)?;
		let left = holder.withdrawal.amount.checked_sub(shares).ok_or(Error::<T>::NothingQueued)?;
		holder.withdrawal.amount = left;
		holder.shares = holder.shares.checked_add(shares).ok_or(ArithmeticError::Overflow)?;
		vault.withdrawals = vault.withdrawals.saturating_sub(shares);
		Self::ensure_enough_stay(&vault)?;
		Self::put_holder(id, who, holder);
		Vaults::<T>::insert(id, vault);
		Self::deposit_event(Event::WithdrawalCancelled { vault: id, who: who.clone(), shares });
		Ok(())
	}

	pub(crate) fn do_withdraw(
		who: &T::AccountId,
		id: VaultId,
		shares: ShareAmount,
	) -> DispatchResult {
		ensure!(shares > 0, Error::<T>::AmountZero);
		let mut vault = Self::vault(id)?;
		ensure!(matches!(vault.state, State::Idle(_)), Error::<T>::AssetsLocked);
		let (mut holder, _) = Self::bring_up(id, &mut vault, who)?;
		holder.shares = holder.shares.checked_sub(shares).ok_or(Error::<T>::InsufficientShares)?;
		let price = SharePrice { assets: Self::free_assets(id, &vault)?, shares: vault.shares };
		let amount = price.assets_for(shares).map_err(arithmetic)?;
		vault.shares = vault.shares.saturating_sub(shares);
		Self::ensure_enough_stay(&vault)?;
		Self::pay(&vault, &Self::working_account(id), who, amount)?;
		Self::put_holder(id, who, holder);
		Vaults::<T>::insert(id, vault);
		let who = who.clone();
		Self::deposit_event(Event::WithdrawalPaid { vault: id, who, shares, amount });
		Ok(())
	}

	/// None of the shares stay, or enough of them: whoever is left with a few could make them dear (by
	/// interest on a deposit that is cancelled again) and have what newcomers' shares are rounded down by.
	fn ensure_enough_stay(vault: &VaultOf<T>) -> DispatchResult {
		let stay = vault.shares.saturating_sub(vault.withdrawals);
		ensure!(stay == 0 || stay >= SHARES_LEAST, Error::<T>::TooFewSharesStay);
		Ok(())
	}

	pub(crate) fn do_claim(id: VaultId, who: &T::AccountId) -> DispatchResult {
		let mut vault = Self::vault(id)?;
		let (mut holder, mut changed) = Self::bring_up(id, &mut vault, who)?;
		if vault.closed && matches!(vault.state, State::Idle(_)) && !holder.is_empty() {
			Self::pay_everything(id, &mut vault, who, core::mem::take(&mut holder))?;
			changed = true;
		}
		ensure!(changed, Error::<T>::NothingToClaim);
		Self::put_holder(id, who, holder);
		Vaults::<T>::insert(id, vault);
		Ok(())
	}

	/// Of a closed vault in which nothing is locked everything goes to its owner, whoever asks: nobody can
	/// keep its bond and its place by staying away.
	fn pay_everything(
		id: VaultId,
		vault: &mut VaultOf<T>,
		who: &T::AccountId,
		holder: Holder,
	) -> DispatchResult {
		let Holder { shares, deposit, withdrawal } = holder;
		let leaving = shares.checked_add(withdrawal.amount).ok_or(ArithmeticError::Overflow)?;
		if leaving > 0 {
			let price = Self::price_of(id, vault)?;
			let amount = price.assets_for(leaving).map_err(arithmetic)?;
			vault.shares = vault.shares.saturating_sub(leaving);
			vault.withdrawals = vault.withdrawals.saturating_sub(withdrawal.amount);
			Self::pay(vault, &Self::working_account(id), who, amount)?;
			let (who, shares) = (who.clone(), leaving);
			Self::deposit_event(Event::WithdrawalPaid { vault: id, who, shares, amount });
		}
		let amount = deposit.amount;
		if amount > 0 {
			vault.deposits = vault.deposits.saturating_sub(amount);
			Self::pay(vault, &Self::waiting_account(id), who, amount)?;
			let who = who.clone();
			Self::deposit_event(Event::DepositCancelled { vault: id, who, amount });
		}
		Ok(())
	}
}
