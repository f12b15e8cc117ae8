//! A turn: every deposit and withdrawal that waits takes place, at one price, whoever and how many they are.

use crate::{pallet::*, types::*, VaultOf};
use ballast_primitives::arithmetic;
use core::cmp::Ordering;
use frame_support::pallet_prelude::*;
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_turn(id: VaultId) -> DispatchResult {
		let mut vault = Self::vault(id)?;
		let State::Settled(settled) = vault.state else {
			return Err(Error::<T>::NothingToTurn.into());
		};
		Self::take_turn(id, &mut vault)?;
		vault.state = State::Idle(settled.turn());
		vault.round = vault.round.saturating_add(1);
		Vaults::<T>::insert(id, vault);
		Ok(())
	}

	/// Withdrawals go out and deposits come in, both at the price of now, while nothing is locked.
	pub(crate) fn take_turn(id: VaultId, vault: &mut VaultOf<T>) -> DispatchResult {
		Self::sweep_surplus(id, vault)?;
		let assets = Self::free_assets(id, vault)?;
		let price = SharePrice { assets, shares: vault.shares };
		let (deposits, withdrawals) = (vault.deposits, vault.withdrawals);
		// Of a vault that has lost everything no share can be bought and none is worth anything: deposits
		// wait to be taken back.
		let worthless = vault.shares > 0 && assets == 0;
		if worthless || (deposits == 0 && withdrawals == 0) {
			return Ok(());
		}
		// What is above the mark when newcomers come in was gained before them, or is a rounding: it is no gain
		// of theirs that could pay a fee.
		let risen = price.pot().cmp_price(&vault.high_water.pot()) == Ordering::Greater;
		if vault.shares == 0 {
			vault.high_water = SharePrice::first(vault.decimals);
		} else if deposits > 0 && risen {
			vault.high_water = price;
		}
		let paid =
			if withdrawals == 0 { 0 } else { price.assets_for(withdrawals).map_err(arithmetic)? };
		let issued = if deposits == 0 {
			0
		} else {
			price.shares_for(deposits, vault.decimals).map_err(arithmetic)?
		};
		let (working, waiting) = (Self::working_account(id), Self::waiting_account(id));
		Self::pay(vault, &working, &waiting, paid)?;
		Self::pay(vault, &waiting, &working, deposits)?;
		vault.shares = vault
			.shares
			.checked_sub(withdrawals)
			.and_then(|shares| shares.checked_add(issued))
			.ok_or(ArithmeticError::Overflow)?;
		vault.claimable = vault.claimable.checked_add(paid).ok_or(ArithmeticError::Overflow)?;
		vault.deposits = vault.deposits.saturating_sub(deposits);
		vault.withdrawals = 0;
		let turn = Turn { price, deposits, issued, withdrawals, paid };
		let number = vault.turn;
		Turns::<T>::insert(id, number, turn);
		vault.turn = number.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		Self::deposit_event(Event::Turned {
			vault: id,
			turn: number,
			price,
			deposits,
			issued,
			withdrawals,
			paid,
		});
		Ok(())
	}
}
