//! The vaults' accounts at the clearing house, and amounts that move between them and everybody else's.
//!
//! A vault has two accounts. Its *working* account holds what backs shares: free assets, premiums, covered
//! shorts. Its *waiting* account holds what does not take part in a round: deposits that wait, withdrawals
//! that were not claimed, fees. What the waiting account has beyond these (interest on cash, roundings)
//! goes to the working account at the next turn. Nobody can put anything into either unasked.

use crate::{pallet::*, types::*, VaultOf};
use alloc::vec::Vec;
use ballast_primitives::{
	units::{amount_from_quantity_floor, quantity_from_amount},
	Quantity, Usd,
};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{dispatch::DispatchResult, traits::Get};
use sp_runtime::{traits::AccountIdConversion, ArithmeticError, DispatchError};

/// An amount as the ledger counts it. Exact.
pub(crate) fn quantity_of(amount: AssetAmount, decimals: u8) -> Result<Quantity, ArithmeticError> {
	Ok(Quantity::from_inner(quantity_from_amount(amount, decimals)?))
}

/// A quantity of the ledger in the asset's smallest unit, rounded down; nothing if negative.
pub(crate) fn amount_floor(
	quantity: Quantity,
	decimals: u8,
) -> Result<AssetAmount, ArithmeticError> {
	if !quantity.is_positive() {
		return Ok(0);
	}
	Ok(amount_from_quantity_floor(quantity.into_inner(), decimals)?.0)
}

/// The same rounded up.
pub(crate) fn amount_ceil(
	quantity: Quantity,
	decimals: u8,
) -> Result<AssetAmount, ArithmeticError> {
	if !quantity.is_positive() {
		return Ok(0);
	}
	let (amount, rest) = amount_from_quantity_floor(quantity.into_inner(), decimals)?;
	amount.checked_add(u128::from(rest > 0)).ok_or(ArithmeticError::Overflow)
}

impl<T: Config> Pallet<T> {
	/// Account of what backs a vault's shares.
	pub fn working_account(id: VaultId) -> T::AccountId {
		T::PalletId::get().into_sub_account_truncating((b'v', id))
	}

	/// Account of what waits outside a vault's rounds.
	pub fn waiting_account(id: VaultId) -> T::AccountId {
		T::PalletId::get().into_sub_account_truncating((b'w', id))
	}

	/// What an account has free of a vault's asset, in the ledger's units.
	pub(crate) fn free(vault: &VaultOf<T>, who: &T::AccountId) -> Quantity {
		match vault.strategy {
			Strategy::CoveredCall => T::Accounts::units(who, vault.asset),
			Strategy::CashSecuredPut => Quantity::from_inner(T::Accounts::cash(who).into_inner()),
		}
	}

	/// What backs a vault's shares, as far as it is free: everything, while it has no options.
	pub(crate) fn free_assets(
		id: VaultId,
		vault: &VaultOf<T>,
	) -> Result<AssetAmount, ArithmeticError> {
		amount_floor(Self::free(vault, &Self::working_account(id)), vault.decimals)
	}

	/// Moves an amount of a vault's asset between two accounts. Looks at nobody's margin.
	pub(crate) fn pay(
		vault: &VaultOf<T>,
		from: &T::AccountId,
		to: &T::AccountId,
		amount: AssetAmount,
	) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		let quantity = quantity_of(amount, vault.decimals)?;
		match vault.strategy {
			Strategy::CoveredCall => T::Accounts::transfer_units(from, to, vault.asset, quantity),
			Strategy::CashSecuredPut => {
				T::Accounts::transfer(from, to, Usd::from_inner(quantity.into_inner()))
			}
		}
	}

	/// What a vault's waiting account owes.
	pub(crate) fn owed_by_waiting(vault: &VaultOf<T>) -> Result<AssetAmount, ArithmeticError> {
		[vault.claimable, vault.fees.manager, vault.fees.treasury]
			.into_iter()
			.try_fold(vault.deposits, u128::checked_add)
			.ok_or(ArithmeticError::Overflow)
	}

	/// Moves what the waiting account has and owes nobody to what backs shares.
	pub(crate) fn sweep_surplus(id: VaultId, vault: &VaultOf<T>) -> DispatchResult {
		let waiting = Self::waiting_account(id);
		let held = amount_floor(Self::free(vault, &waiting), vault.decimals)?;
		let surplus = held.saturating_sub(Self::owed_by_waiting(vault)?);
		Self::pay(vault, &waiting, &Self::working_account(id), surplus)
	}

	/// A stored vault.
	pub(crate) fn vault(id: VaultId) -> Result<VaultOf<T>, DispatchError> {
		Vaults::<T>::get(id).ok_or_else(|| Error::<T>::VaultUnknown.into())
	}

	/// Numbers of all vaults, ascending.
	pub(crate) fn vault_ids() -> Vec<VaultId> {
		let mut ids: Vec<VaultId> = Vaults::<T>::iter_keys().collect();
		ids.sort_unstable();
		ids
	}
}
