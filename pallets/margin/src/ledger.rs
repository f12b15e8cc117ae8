//! Reading and writing accounts, and the door between the ledger and `pallet-assets`.

use crate::{
	pallet::{Accounts, CashState, Holdings},
	Account, Config, Error, Full, Holding, Pallet, StoredAccount,
};
use ballast_primitives::{
	units::{amount_from_quantity_floor, quantity_from_amount},
	AssetId, Quantity, Usd,
};
use frame_support::{
	dispatch::DispatchResult,
	ensure,
	traits::{
		fungibles::{metadata::Inspect as _, Inspect as _, Mutate as _},
		tokens::Preservation,
		Get,
	},
};
use sp_runtime::{traits::AccountIdConversion, DispatchError};

impl<T: Config> Pallet<T> {
	/// The account of `pallet-assets` in which everything deposited lies.
	pub fn custody_account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// An account with the interest on its cash, empty if it does not exist.
	pub(crate) fn load(who: &T::AccountId) -> Account {
		match Accounts::<T>::get(who) {
			Some(stored) => stored.at(&Self::cash_market()),
			None => Account::default(),
		}
	}

	/// Stores an account, and what changed of the sums of loans and balances; an empty one is removed.
	pub(crate) fn store(who: &T::AccountId, account: Account) {
		let mut market = Self::cash_market();
		let before = Accounts::<T>::get(who).map_or(Usd::ZERO, |stored| stored.cash_at(&market));
		market.moved(before, account.cash());
		market.roundings = market.roundings.saturating_add(1);
		if account.is_empty() {
			Accounts::<T>::remove(who);
		} else {
			Accounts::<T>::insert(who, StoredAccount::new(account, &market));
		}
		CashState::<T>::put(market);
	}

	/// Adds to an account's cash.
	pub(crate) fn change_cash(who: &T::AccountId, change: Usd) -> DispatchResult {
		let mut account = Self::load(who);
		account.change_cash(change)?;
		Self::store(who, account);
		Ok(())
	}

	/// Adds to the units that an account holds of an asset.
	pub(crate) fn change_collateral(
		account: &mut Account,
		asset: AssetId,
		change: Quantity,
	) -> DispatchResult {
		let quantity = account.collateral_of(asset).checked_add(change)?;
		ensure!(!quantity.is_negative(), Error::<T>::InsufficientCollateral);
		account
			.set_collateral(asset, quantity)
			.map_err(|Full| Error::<T>::TooManyCollaterals.into())
	}

	/// What the ledger holds of an asset.
	pub(crate) fn holding(asset: AssetId) -> Holding {
		Holdings::<T>::get(asset).unwrap_or_else(|| Holding {
			decimals: T::Assets::decimals(asset),
			total: Quantity::ZERO,
		})
	}

	/// Takes an amount of an asset into custody and says what it is in the ledger. Exact.
	pub(crate) fn take_in(
		asset: AssetId,
		from: &T::AccountId,
		amount: u128,
	) -> Result<Quantity, DispatchError> {
		ensure!(amount > 0, Error::<T>::AmountZero);
		let mut holding = Self::holding(asset);
		let quantity = Quantity::from_inner(quantity_from_amount(amount, holding.decimals)?);
		Self::note_deposit(asset, quantity)?;
		holding.total = holding.total.checked_add(quantity)?;
		ensure!(T::Assets::balance(asset, from) >= amount, Error::<T>::InsufficientBalance);
		let custody = Self::custody_account();
		// An asset that is not sufficient can be held only by an account that something provides for.
		if !frame_system::Pallet::<T>::account_exists(&custody) {
			frame_system::Pallet::<T>::inc_providers(&custody);
		}
		T::Assets::transfer(asset, from, &custody, amount, Preservation::Expendable)?;
		Self::ensure_custody(asset, &holding)?;
		Holdings::<T>::insert(asset, holding);
		Ok(quantity)
	}

	/// The ledger quantity of an amount that is to leave. Exact.
	pub(crate) fn quantity_of(asset: AssetId, amount: u128) -> Result<Quantity, DispatchError> {
		ensure!(amount > 0, Error::<T>::AmountZero);
		let inner = quantity_from_amount(amount, Self::holding(asset).decimals)?;
		Ok(Quantity::from_inner(inner))
	}

	/// Pays an amount of an asset out of custody. Fails with `InsufficientLiquidity` if the ledger
	/// does not hold it (it is lent to accounts with negative cash).
	pub(crate) fn pay_out(asset: AssetId, to: &T::AccountId, amount: u128) -> DispatchResult {
		let mut holding = Self::holding(asset);
		let quantity = Self::quantity_of(asset, amount)?;
		ensure!(holding.total >= quantity, Error::<T>::InsufficientLiquidity);
		holding.total = holding.total.checked_sub(quantity)?;
		let custody = Self::custody_account();
		T::Assets::transfer(asset, &custody, to, amount, Preservation::Expendable)?;
		Self::ensure_custody(asset, &holding)?;
		Holdings::<T>::insert(asset, holding);
		Ok(())
	}

	/// Custody must hold what the ledger says: an asset whose transfers do not arrive in full, or
	/// whose minimum balance swallows a rest, must not be booked.
	fn ensure_custody(asset: AssetId, holding: &Holding) -> DispatchResult {
		let (amount, rest) =
			amount_from_quantity_floor(holding.total.into_inner(), holding.decimals)?;
		let needed = if rest > 0 { amount.saturating_add(1) } else { amount };
		let balance = T::Assets::balance(asset, &Self::custody_account());
		ensure!(balance >= needed, Error::<T>::InsufficientLiquidity);
		Ok(())
	}
}
