//! The margin rule: what an account's owner may change.

use crate::{standing::Standing, Config, Error, Pallet};
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
		let before = Self::standing(&Self::load(who))?;
		let result = change()?;
		let after = Self::standing(&Self::load(who))?;
		Self::ensure_margin_rule(&before, &after)?;
		Ok(result)
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
