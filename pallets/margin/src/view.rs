//! What the runtime API answers.

use crate::{
	pallet::Accounts, requirement::Rules, AccountView, Config, IdentityReport, Pallet,
	UnderlyingRequirement,
};
use sp_runtime::DispatchError;

use alloc::vec::Vec;

impl<T: Config> Pallet<T> {
	/// Cash, collateral and positions; `None` if the account has nothing.
	pub fn account_view(who: &T::AccountId) -> Option<AccountView> {
		Accounts::<T>::get(who).map(Into::into)
	}

	/// The requirement of each underlying, term by term.
	pub fn requirement_view(
		who: &T::AccountId,
	) -> Result<Vec<UnderlyingRequirement>, DispatchError> {
		let sorted = Self::sorted(&Self::load(who), None)?;
		let rules = Rules::for_view::<T>()?;
		sorted.groups.iter().map(|group| Self::requirement_of(group, &rules)).collect()
	}

	/// The money identity, computed from the state of all accounts.
	pub fn check_identities() -> Result<IdentityReport, DispatchError> {
		Self::do_check_identities()
	}
}
