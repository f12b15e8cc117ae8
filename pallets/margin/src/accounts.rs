//! What the other pallets see of the ledger.

use crate::{desk::Desk, Config, Pallet, Position, WeightInfo, MAX_POSITIONS};
use ballast_primitives::{
	AccountHealth, AssetId, Price, Quantity, Ratio, SeriesId, UnderlyingId, Usd,
};
use ballast_traits::{CoverDeficit, InspectAccounts, InspectSeries, MutateAccounts};
use frame_support::{storage::with_transaction, weights::Weight};
use sp_runtime::{DispatchError, DispatchResult, TransactionOutcome};

use alloc::vec::Vec;

impl<T: Config> InspectAccounts<T::AccountId> for Pallet<T> {
	fn health(who: &T::AccountId) -> Result<AccountHealth, DispatchError> {
		Desk::<T>::new()?.health(who)
	}

	fn healths(who: &[T::AccountId]) -> Vec<Result<AccountHealth, DispatchError>> {
		match Desk::<T>::new() {
			Ok(mut desk) => who.iter().map(|who| desk.health(who)).collect(),
			Err(error) => who.iter().map(|_| Err(error)).collect(),
		}
	}

	fn cash(who: &T::AccountId) -> Usd {
		Self::load(who).cash()
	}

	fn decimals(asset: AssetId) -> u8 {
		Self::holding(asset).decimals
	}

	fn units(who: &T::AccountId, asset: AssetId) -> Quantity {
		Self::load(who).collateral_of(asset)
	}

	fn withdrawable(who: &T::AccountId) -> Result<Usd, DispatchError> {
		if T::Waterfall::withdrawals_blocked() {
			return Ok(Usd::ZERO);
		}
		// What folds and settlements have brought, or taken, counts as if the account were touched.
		with_transaction(|| {
			let touched = Self::do_settle(who);
			TransactionOutcome::Rollback(
				touched.and_then(|_| Self::withdrawable_of(&Self::load(who))),
			)
		})
	}

	fn positions(who: &T::AccountId) -> Vec<(SeriesId, Quantity)> {
		let folded = |(id, position): (SeriesId, Position)| {
			let sides = T::Series::sides(id);
			// Folding fails only beyond what any ledger total can reach.
			let folded = Self::folded(id, &position, &sides);
			(id, folded.map_or(position.quantity, |(position, _)| position.quantity))
		};
		let positions = Self::load(who).positions().map(folded).collect::<Vec<_>>();
		positions.into_iter().filter(|(_, quantity)| !quantity.is_zero()).collect()
	}

	fn has_lots(who: &T::AccountId) -> bool {
		let account = Self::load(who);
		let lots = account
			.positions()
			.any(|(_, position)| position.cover.is_none() && !position.quantity.is_zero());
		lots || account.has_collateral()
	}

	fn next_after(who: Option<&T::AccountId>) -> Option<T::AccountId> {
		Self::account_after(who)
	}

	fn stress_loss(
		who: &T::AccountId,
		change: Option<(SeriesId, Quantity)>,
	) -> Result<Usd, DispatchError> {
		let mut desk = Desk::<T>::new()?;
		let account = desk.load(who);
		let sorted = desk.sorted(&account, change)?;
		sorted
			.groups
			.iter()
			.try_fold(Usd::ZERO, |sum, group| Ok(sum.checked_add(desk.scan_loss(group)?)?))
	}

	fn collaterals(who: &T::AccountId) -> Vec<UnderlyingId> {
		let account = Self::load(who);
		let mut held: Vec<_> =
			account.collateral().filter_map(|(asset, _)| T::Series::underlying_of(asset)).collect();
		held.sort();
		held
	}

	fn unusable(who: &T::AccountId) -> Vec<UnderlyingId> {
		// Sorting fails only where a sum of quantities does, which no ledger total can reach.
		let sorted = Desk::<T>::for_view()
			.and_then(|mut desk| desk.sorted(&Self::load(who), None))
			.unwrap_or_default();
		let ids = sorted.groups.iter().map(|group| group.underlying);
		ids.filter(|underlying| !Self::is_usable(*underlying)).collect()
	}
}

impl<T: Config> MutateAccounts<T::AccountId> for Pallet<T> {
	fn touch_weight() -> Weight {
		T::WeightInfo::settle(MAX_POSITIONS)
	}

	fn touch(who: &T::AccountId) -> DispatchResult {
		Self::do_touch(who).map(|_| ())
	}

	fn transfer(from: &T::AccountId, to: &T::AccountId, amount: Usd) -> DispatchResult {
		Self::do_transfer(from, to, amount)
	}

	fn transfer_units(
		from: &T::AccountId,
		to: &T::AccountId,
		asset: AssetId,
		quantity: Quantity,
	) -> DispatchResult {
		Self::do_transfer_units(from, to, asset, quantity)
	}

	fn secure_put(who: &T::AccountId, series: SeriesId) -> DispatchResult {
		Self::do_lock_strikes(who, series)
	}

	fn credit_deficit(who: &T::AccountId, amount: Usd) -> DispatchResult {
		Self::do_credit_deficit(who, amount)
	}

	fn debit_deficit(from: &T::AccountId, amount: Usd) -> DispatchResult {
		Self::do_debit_deficit(from, amount)
	}

	fn trade(
		buyer: &T::AccountId,
		seller: &T::AccountId,
		series: SeriesId,
		quantity: Quantity,
		premium: Usd,
	) -> DispatchResult {
		Self::do_trade(buyer, seller, series, quantity, premium)
	}

	fn transfer_portfolio(from: &T::AccountId, to: &T::AccountId, share: Ratio) -> DispatchResult {
		Self::do_transfer_portfolio(from, to, share)
	}

	fn deleverage(
		who: &T::AccountId,
		series: SeriesId,
		quantity: Quantity,
		price: Price,
	) -> DispatchResult {
		Self::do_deleverage(who, series, quantity, price)
	}

	fn releasing<R>(
		who: &T::AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		Self::do_releasing(who, change)
	}

	fn guarded<R>(
		who: &T::AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		Self::do_guarded(who, change)
	}
}
