//! Spending from the treasury's account at the clearing house.

use crate::pallet::*;
use ballast_primitives::{AssetId, Quantity, Usd};
use ballast_traits::MutateAccounts;
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	/// See [`Pallet::spend_cash`].
	pub(crate) fn do_spend_cash(beneficiary: T::AccountId, amount: Usd) -> DispatchResult {
		ensure!(amount.is_positive(), Error::<T>::AmountNotPositive);
		let treasury = T::Treasury::get();
		T::Accounts::releasing(&treasury, || {
			T::Accounts::transfer(&treasury, &beneficiary, amount)
		})?;
		Self::deposit_event(Event::CashSpent { beneficiary, amount });
		Ok(())
	}

	/// See [`Pallet::spend_units`].
	pub(crate) fn do_spend_units(
		beneficiary: T::AccountId,
		asset: AssetId,
		quantity: Quantity,
	) -> DispatchResult {
		ensure!(quantity.is_positive(), Error::<T>::AmountNotPositive);
		let treasury = T::Treasury::get();
		T::Accounts::releasing(&treasury, || {
			T::Accounts::transfer_units(&treasury, &beneficiary, asset, quantity)
		})?;
		Self::deposit_event(Event::UnitsSpent { beneficiary, asset, quantity });
		Ok(())
	}
}
