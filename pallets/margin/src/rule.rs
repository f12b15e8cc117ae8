//! The margin rule: what an account's owner may change.

use crate::{desk::Desk, standing::Standing, Account, Config, Error, Pallet};
use frame_support::{dispatch::DispatchResult, ensure, traits::Contains};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Runs `change` and requires the margin rule afterwards.
	pub(crate) fn do_guarded<R>(
		who: &T::AccountId,
		change: impl FnOnce() -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		if T::Exempt::contains(who) {
			return change();
		}
		Self::do_touch(who)?;
		let (before, before_exercised) = Self::standings(who)?;
		let result = change()?;
		let (after, after_exercised) = Self::standings(who)?;
		Self::ensure_margin_rule(&before, &after)?;
		if let Some(after_exercised) = after_exercised {
			let before = before_exercised.as_ref().unwrap_or(&before);
			Self::ensure_margin_rule(before, &after_exercised)?;
		}
		Self::ensure_may_borrow(before.cash(), after.cash())?;
		Ok(result)
	}

	/// How an account stands, and how it would if what it asked to exercise were exercised at the price
	/// in force: contracts that are about to end must not carry the margin of what stays.
	fn standings(who: &T::AccountId) -> Result<(Standing, Option<Standing>), DispatchError> {
		let account = Self::load(who);
		let mut desk = Desk::<T>::new()?;
		let standing = desk.standing(&account)?;
		let exercised = Self::as_exercised(&account)?;
		let exercised = exercised.map(|account| desk.standing(&account)).transpose()?;
		Ok((standing, exercised))
	}

	/// Marks an account and computes its requirement.
	pub(crate) fn standing(account: &Account) -> Result<Standing, DispatchError> {
		Desk::<T>::new()?.standing(account)
	}

	/// `E >= IM`, with holdings on unusable prices at their least value; or neither `X` nor
	/// `E - IM` fell and `MM` did not rise.
	///
	/// What is held on an unusable price must not have changed. It then adds the same to both sides
	/// of every comparison, so the rule decides for the rest.
	fn ensure_margin_rule(before: &Standing, after: &Standing) -> DispatchResult {
		ensure!(before.frozen == after.frozen, Error::<T>::PriceNotUsable);
		if after.equity_least()? >= after.initial() {
			return Ok(());
		}
		let gained = after.equity()?.checked_sub(before.equity()?)?;
		let maintenance = after.maintenance().checked_sub(before.maintenance())?;
		let initial = after.initial().checked_sub(before.initial())?;
		let no_worse = !maintenance.is_positive() && gained >= maintenance && gained >= initial;
		ensure!(no_worse, Error::<T>::BelowInitialMargin);
		Ok(())
	}
}
