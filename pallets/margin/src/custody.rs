//! Deposits and withdrawals: the only ways in and out. Each returns what positions it looked at,
//! which is what its weight depends on. And the rule of withdrawals, for what other pallets let go.

use crate::{
	pallet::Event, settlement::Outcome, Account, Config, Error, Pallet, WeightInfo, MAX_COLLATERALS,
};
use ballast_primitives::{AssetId, Quantity, Usd};
use ballast_traits::{CoverDeficit, InspectSeries, RiskParameters};
use frame_support::{
	dispatch::DispatchResult, ensure, storage::with_storage_layer, traits::Get, weights::Weight,
};
use sp_runtime::DispatchError;

/// What a way out costs an account with so many positions: each of them is valued, or is settled by the
/// touch. The greater of all valued and all settled: anything in between is on the line between them.
pub(crate) fn valued_or_settled<W: WeightInfo>(
	all_valued: fn(u32, u32) -> Weight,
	positions: u32,
	american: u32,
) -> Weight {
	let settled = W::settle(positions).saturating_sub(W::settle(0));
	let all_settled = settled.saturating_add(all_valued(0, american));
	all_valued(positions, american).max(all_settled)
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_deposit(who: &T::AccountId, amount: u128) -> Result<u32, DispatchError> {
		let quote = T::QuoteAsset::get();
		let positions = Self::do_touch(who)?.positions;
		let amount = Usd::from_inner(Self::take_in(quote, who, amount)?.into_inner());
		Self::change_cash(who, amount)?;
		let cash = Self::load(who).cash();
		Self::deposit_event(Event::Deposited { who: who.clone(), amount, cash });
		Ok(positions)
	}

	pub(crate) fn do_withdraw(who: &T::AccountId, amount: u128) -> Result<Outcome, DispatchError> {
		let quote = T::QuoteAsset::get();
		ensure!(!T::Waterfall::withdrawals_blocked(), Error::<T>::WithdrawalsBlocked);
		let touched = Self::do_touch(who)?;
		let value = Usd::from_inner(Self::quantity_of(quote, amount)?.into_inner());
		let mut account = Self::load(who);
		ensure!(value <= account.cash(), Error::<T>::InsufficientCash);
		ensure!(value <= Self::withdrawable_of(&account)?, Error::<T>::BelowInitialMargin);
		Self::limit_withdrawal(quote, Quantity::from_inner(value.into_inner()))?;
		account.change_cash(value.checked_neg()?)?;
		let cash = account.cash();
		Self::store(who, account);
		Self::pay_out(quote, who, amount)?;
		Self::deposit_event(Event::Withdrawn { who: who.clone(), amount: value, cash });
		Ok(touched)
	}

	pub(crate) fn do_deposit_collateral(
		who: &T::AccountId,
		asset: AssetId,
		amount: u128,
	) -> Result<u32, DispatchError> {
		let risk = T::Series::underlying_of(asset).and_then(T::Parameters::underlying);
		let cap = risk.map(|risk| risk.collateral_cap).unwrap_or_default();
		ensure!(cap.is_positive() && asset != T::QuoteAsset::get(), Error::<T>::AssetNotEligible);
		let positions = Self::do_touch(who)?.positions;
		let quantity = Self::take_in(asset, who, amount)?;
		ensure!(Self::holding(asset).total <= cap, Error::<T>::CollateralCapExceeded);
		let mut account = Self::load(who);
		Self::change_collateral(&mut account, asset, quantity)?;
		let kinds = u32::try_from(account.collateral().count()).unwrap_or(u32::MAX);
		ensure!(kinds <= MAX_COLLATERALS, Error::<T>::TooManyCollaterals);
		let total = account.collateral_of(asset);
		Self::store(who, account);
		let who = who.clone();
		Self::deposit_event(Event::CollateralDeposited { who, asset, quantity, total });
		Ok(positions)
	}

	pub(crate) fn do_withdraw_collateral(
		who: &T::AccountId,
		asset: AssetId,
		amount: u128,
	) -> Result<Outcome, DispatchError> {
		ensure!(asset != T::QuoteAsset::get(), Error::<T>::AssetNotEligible);
		let touched = Self::do_touch(who)?;
		let quantity = Self::quantity_of(asset, amount)?;
		let mut account = Self::load(who);
		Self::change_collateral(&mut account, asset, quantity.checked_neg()?)?;
		Self::ensure_headroom(&account)?;
		Self::limit_withdrawal(asset, quantity)?;
		let total = account.collateral_of(asset);
		Self::store(who, account);
		Self::pay_out(asset, who, amount)?;
		let who = who.clone();
		Self::deposit_event(Event::CollateralWithdrawn { who, asset, quantity, total });
		Ok(touched)
	}

	/// Runs `change` and requires what a withdrawal of it would have: cash that fell is not a loan, and
	/// nothing that is gone was margin. Nothing is left of it if it fails.
	pub(crate) fn do_releasing<R>(
		who: &T::AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		ensure!(!T::Waterfall::withdrawals_blocked(), Error::<T>::WithdrawalsBlocked);
		with_storage_layer(|| {
			Self::do_touch(who)?;
			let before = Self::load(who).cash();
			let result = change()?;
			let account = Self::load(who);
			let lent = account.cash().is_negative() && account.cash() < before;
			ensure!(!lent, Error::<T>::InsufficientCash);
			Self::ensure_headroom(&account)?;
			Ok(result)
		})
	}

	/// What is left above initial margin when the net value of the options of each underlying is
	/// not counted: `E - sum of max(IM, net option value)` over underlyings. Long options bear
	/// their own loss and lend nothing to anything else.
	///
	/// `None` if the account owes nothing that a price could change: no options that are not
	/// settled and no loan. What waits for its exercise counts both as contracts and as exercised,
	/// whichever leaves less.
	pub(crate) fn headroom(account: &Account) -> Result<Option<Usd>, DispatchError> {
		let as_it_is = Self::headroom_of(account)?;
		let Some(exercised) = Self::as_exercised(account)? else { return Ok(as_it_is) };
		let exercised = Self::headroom_of(&exercised)?;
		Ok(as_it_is.into_iter().chain(exercised).min())
	}

	fn headroom_of(account: &Account) -> Result<Option<Usd>, DispatchError> {
		let standing = Self::standing(account)?;
		if !standing.has_options() && !account.cash().is_negative() {
			return Ok(None);
		}
		standing.headroom().ok_or_else(|| Error::<T>::PriceNotUsable.into()).map(Some)
	}

	fn ensure_headroom(account: &Account) -> DispatchResult {
		let enough = Self::headroom(account)?.is_none_or(|headroom| !headroom.is_negative());
		ensure!(enough, Error::<T>::BelowInitialMargin);
		Ok(())
	}

	/// `max(0, min(cash, headroom))`.
	pub(crate) fn withdrawable_of(account: &Account) -> Result<Usd, DispatchError> {
		let cash = account.cash();
		let most = Self::headroom(account)?.map_or(cash, |headroom| cash.min(headroom));
		Ok(most.max(Usd::ZERO))
	}
}
