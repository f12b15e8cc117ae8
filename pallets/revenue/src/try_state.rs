//! The invariants of the README, checked after every test and on demand.

use crate::pallet::*;
use ballast_primitives::Usd;
use ballast_traits::InspectAccounts;
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchError, TryRuntimeError};

impl<T: Config> Pallet<T> {
	/// Checks every invariant of the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_reserved()?;
		Self::try_state_cash()?;
		Self::try_state_eras()
	}

	/// I1: what is spoken for is what pots have not paid out and what is owed; nothing owed is zero or
	/// less, and no pot has paid more than it had.
	fn try_state_reserved() -> Result<(), TryRuntimeError> {
		let mut sum = Usd::ZERO;
		for pot in Pots::<T>::iter_values() {
			ensure!(!pot.unpaid.is_negative(), "I1: a pot has paid more than it had");
			ensure!(pot.unpaid <= pot.amount, "I1: a pot has more than it had");
			sum = sum.checked_add(pot.unpaid).map_err(DispatchError::from)?;
		}
		for owed in Owed::<T>::iter_values() {
			ensure!(owed.is_positive(), "I1: nothing, or less, is owed");
			sum = sum.checked_add(owed).map_err(DispatchError::from)?;
		}
		ensure!(sum == Reserved::<T>::get(), "I1: what is spoken for does not add up");
		Ok(())
	}

	/// I2: the stakers' account has the cash that is spoken for.
	fn try_state_cash() -> Result<(), TryRuntimeError> {
		let cash = T::Accounts::cash(&T::Stakers::get());
		ensure!(Reserved::<T>::get() <= cash, "I2: what is spoken for is not there");
		Ok(())
	}

	/// I3: pots and pages are of eras that are over and not forgotten; pages but those of the era that is
	/// being forgotten are of eras with a pot.
	fn try_state_eras() -> Result<(), TryRuntimeError> {
		let (oldest, current) = (OldestEra::<T>::get(), CurrentEra::<T>::get());
		let known = |era| era >= oldest && current.is_some_and(|current| era < current);
		ensure!(
			Pots::<T>::iter_keys().all(known),
			"I3: a pot of an era that is not over, or forgotten"
		);
		for (era, _) in PaidPages::<T>::iter_keys() {
			ensure!(known(era), "I3: a page of an era that is not over, or forgotten");
			ensure!(era == oldest || Pots::<T>::contains_key(era), "I3: a page without a pot");
		}
		Ok(())
	}
}
