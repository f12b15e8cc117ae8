//! The invariants of the README, checked after every test and on demand.

use crate::{pallet::*, purse::amount_floor, types::*, VaultOf};
use ballast_primitives::Quantity;
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{
	ensure,
	storage::{with_transaction, TransactionOutcome},
	traits::fungible::InspectHold,
};
use sp_runtime::{DispatchError, TryRuntimeError};

impl<T: Config> Pallet<T> {
	/// Checks every invariant of the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		let mut counted = 0u32;
		for (id, vault) in Vaults::<T>::iter() {
			ensure!(id < NextVaultId::<T>::get(), "V1: a vault has a number of the future");
			Self::try_state_shares(id, &vault)?;
			Self::try_state_queues(id, &vault)?;
			Self::try_state_waiting(id, &vault)?;
			Self::try_state_working(id, &vault)?;
			Self::try_state_bond(&vault)?;
			counted = counted.saturating_add(1);
		}
		ensure!(counted == Vaults::<T>::count(), "V1: the counter of vaults is wrong");
		for id in Holders::<T>::iter_keys()
			.map(|(id, _)| id)
			.chain(Turns::<T>::iter_keys().map(|(id, _)| id))
		{
			ensure!(
				Vaults::<T>::contains_key(id),
				"V1: something is left of a vault that is not there"
			);
		}
		Ok(())
	}

	/// V2: shares = those of holders + those that wait to leave + those issued and not taken up.
	fn try_state_shares(id: VaultId, vault: &VaultOf<T>) -> Result<(), TryRuntimeError> {
		let held = Holders::<T>::iter_prefix_values(id).map(|holder| holder.shares);
		let issued = Turns::<T>::iter_prefix_values(id).map(|turn| turn.issued);
		let sum = held.chain(issued).try_fold(vault.withdrawals, u128::checked_add);
		ensure!(sum == Some(vault.shares), "V2: shares are not what people have");
		Ok(())
	}

	/// V3: what the vault and its turns say is queued is what holders have queued.
	fn try_state_queues(id: VaultId, vault: &VaultOf<T>) -> Result<(), TryRuntimeError> {
		let sum = |of: fn(&Holder) -> Queued, turn: u32| {
			Holders::<T>::iter_prefix_values(id)
				.map(|holder| of(&holder))
				.filter(|queued| queued.amount > 0 && queued.turn == turn)
				.try_fold(0u128, |sum, queued| sum.checked_add(queued.amount))
		};
		let deposit: fn(&Holder) -> Queued = |holder| holder.deposit;
		let withdrawal: fn(&Holder) -> Queued = |holder| holder.withdrawal;
		ensure!(sum(deposit, vault.turn) == Some(vault.deposits), "V3: deposits that wait");
		ensure!(
			sum(withdrawal, vault.turn) == Some(vault.withdrawals),
			"V3: withdrawals that wait"
		);
		let mut paid = 0u128;
		for (number, turn) in Turns::<T>::iter_prefix(id) {
			ensure!(number < vault.turn && !turn.is_done(), "V3: a turn that should not be there");
			ensure!(sum(deposit, number) == Some(turn.deposits), "V3: deposits of a turn");
			ensure!(sum(withdrawal, number) == Some(turn.withdrawals), "V3: withdrawals of a turn");
			paid = paid.saturating_add(turn.paid);
		}
		ensure!(paid == vault.claimable, "V3: claims are not those of turns");
		Ok(())
	}

	/// V4: the waiting account has what it owes.
	fn try_state_waiting(id: VaultId, vault: &VaultOf<T>) -> Result<(), TryRuntimeError> {
		let waiting = Self::waiting_account(id);
		let held = amount_floor(Self::free(vault, &waiting), vault.decimals);
		let owed = Self::owed_by_waiting(vault);
		ensure!(
			matches!((held, owed), (Ok(held), Ok(owed)) if held >= owed),
			"V4: a vault owes more than it has waiting"
		);
		ensure!(T::Accounts::positions(&waiting).is_empty(), "V4: options where none should be");
		Ok(())
	}

	/// V5: the working account is never in debt; it is short what was sold of the round's series at most, and
	/// has no options between rounds.
	fn try_state_working(id: VaultId, vault: &VaultOf<T>) -> Result<(), TryRuntimeError> {
		let working = Self::working_account(id);
		ensure!(!Self::free(vault, &working).is_negative(), "V5: a vault is in debt");
		// What has expired and is not touched yet counts as if it were.
		let positions = with_transaction(|| {
			let touched = T::Accounts::touch(&working);
			TransactionOutcome::Rollback(touched.map(|()| T::Accounts::positions(&working)))
		});
		let positions: Result<_, DispatchError> = positions;
		let positions = positions.map_err(|_| "V5: a vault's account cannot be touched")?;
		let sold = match &vault.state {
			State::Selling(Selling { series, sold, .. })
			| State::Locked(Locked { series, sold, .. }) => Some((*series, *sold)),
			State::Idle(_) | State::Settled(_) => None,
		};
		for (series, quantity) in positions {
			let most = sold.filter(|(round, _)| *round == series).map(|(_, sold)| sold);
			let short = quantity.checked_neg().unwrap_or(Quantity::ZERO);
			let fits = most.is_some_and(|most| short.is_positive() && short <= most);
			ensure!(fits, "V5: a vault has options that its round did not write");
		}
		Ok(())
	}

	/// V6: at least its bond is held of a vault's manager.
	fn try_state_bond(vault: &VaultOf<T>) -> Result<(), TryRuntimeError> {
		let held = T::Currency::balance_on_hold(&HoldReason::VaultBond.into(), &vault.manager);
		ensure!(held >= vault.bond, "V6: a bond is not held");
		Ok(())
	}
}
