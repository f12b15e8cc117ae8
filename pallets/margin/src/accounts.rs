//! What the other pallets see of the ledger.

use crate::{requirement::Rules, Config, Pallet};
use ballast_primitives::{AccountHealth, Quantity, Ratio, SeriesId, UnderlyingId, Usd};
use ballast_traits::{CoverDeficit, InspectAccounts, MutateAccounts};
use sp_runtime::{DispatchError, DispatchResult};

use alloc::vec::Vec;

impl<T: Config> InspectAccounts<T::AccountId> for Pallet<T> {
	fn health(who: &T::AccountId) -> Result<AccountHealth, DispatchError> {
		Ok(Self::standing(&Self::load(who))?.health()?)
	}

	fn cash(who: &T::AccountId) -> Usd {
		Self::load(who).cash()
	}

	fn withdrawable(who: &T::AccountId) -> Result<Usd, DispatchError> {
		if T::Waterfall::withdrawals_blocked() {
			return Ok(Usd::ZERO);
		}
		Self::withdrawable_of(&Self::load(who))
	}

	fn positions(who: &T::AccountId) -> Vec<(SeriesId, Quantity)> {
		Self::load(who).positions().collect()
	}

	fn next_after(who: Option<&T::AccountId>) -> Option<T::AccountId> {
		Self::account_after(who)
	}

	fn stress_loss(
		who: &T::AccountId,
		change: Option<(SeriesId, Quantity)>,
	) -> Result<Usd, DispatchError> {
		let sorted = Self::sorted(&Self::load(who), change)?;
		let rules = Rules::load::<T>()?;
		sorted
			.groups
			.iter()
			.try_fold(Usd::ZERO, |sum, group| Ok(sum.checked_add(Self::scan_loss(group, &rules)?)?))
	}

	fn unusable(who: &T::AccountId) -> Vec<UnderlyingId> {
		// Sorting fails only where a sum of quantities does, which no ledger total can reach.
		let sorted = Self::sorted(&Self::load(who), None).unwrap_or_default();
		let ids = sorted.groups.iter().map(|group| group.underlying);
		ids.filter(|underlying| !Self::is_usable(*underlying)).collect()
	}
}

impl<T: Config> MutateAccounts<T::AccountId> for Pallet<T> {
	fn touch(who: &T::AccountId) -> DispatchResult {
		Self::do_touch(who).map(|_| ())
	}

	fn transfer(from: &T::AccountId, to: &T::AccountId, amount: Usd) -> DispatchResult {
		Self::do_transfer(from, to, amount)
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

	fn guarded<R>(
		who: &T::AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		Self::do_guarded(who, change)
	}
}
