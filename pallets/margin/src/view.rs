//! What the runtime API answers.

use crate::{
	desk::Desk, pallet::Accounts, AccountView, Config, IdentityReport, Pallet, PositionView,
	UnderlyingRequirement,
};
use ballast_traits::InspectSeries;
use sp_runtime::DispatchError;

use alloc::vec::Vec;

impl<T: Config> Pallet<T> {
	/// Cash, collateral and positions, brought up to date; `None` if the account has nothing.
	pub fn account_view(who: &T::AccountId) -> Option<AccountView> {
		let account = Accounts::<T>::get(who)?.at(&Self::cash_market());
		let position = |(id, position)| {
			let sides = T::Series::sides(id);
			let folded = Self::folded(id, &position, &sides).map_or(position, |(now, _)| now);
			PositionView {
				series: id,
				quantity: folded.quantity,
				cover: folded.cover,
				requested: folded.requested(),
				claim: folded.claim(),
			}
		};
		Some(AccountView {
			cash: account.cash(),
			collateral: account.collateral().collect(),
			positions: account.positions().map(position).collect(),
		})
	}

	/// The requirement of each underlying, term by term.
	pub fn requirement_view(
		who: &T::AccountId,
	) -> Result<Vec<UnderlyingRequirement>, DispatchError> {
		let mut desk = Desk::<T>::for_view()?;
		let account = desk.load(who);
		let sorted = desk.sorted(&account, None)?;
		sorted.groups.iter().map(|group| desk.requirement_of(group)).collect()
	}

	/// The money identity, computed from the state of all accounts.
	pub fn check_identities() -> Result<IdentityReport, DispatchError> {
		Self::do_check_identities()
	}
}
