//! Revenue of the clearing house: what becomes of penalties and of the interest margin.
//!
//! All of it comes into the insurance fund's account first and counts as insurance until it is divided.
//! That is not done where it arises: a division touches four accounts, and a liquidation must not depend
//! on any of them.

use crate::pallet::*;
use ballast_primitives::{Ratio, Usd};
use ballast_traits::{MutateAccounts, OnRevenue, RiskParameters};
use frame_support::pallet_prelude::*;

/// Revenue from which on it is worth the writes to divide it.
pub(crate) const REVENUE_LEAST: Usd = Usd::ONE;

impl<T: Config> Pallet<T> {
	/// Whether there is something to divide, and no event window is open: until it closes the next
	/// deficit may need it.
	pub(crate) fn is_revenue_due() -> bool {
		Undivided::<T>::get() >= REVENUE_LEAST && !Window::<T>::exists()
	}

	/// Divides what has come in, as far as it lies beyond what the fund shall have and what the deficit
	/// account is owed. Each part is rounded down; what is left stays with the fund, and so does the
	/// pool's part while nobody has shares of it.
	pub(crate) fn divide_revenue() -> DispatchResult {
		let revenue = Undivided::<T>::take();
		let rules = T::Parameters::funds();
		let needed = rules.insurance_target.checked_sub(DeficitAccount::<T>::get())?;
		let beyond = Self::insurance_fund().checked_sub(needed)?.max(Usd::ZERO);
		let divided = revenue.min(beyond);
		let fund = Self::insurance();
		let pay = |to: &T::AccountId, share: Ratio| -> Result<Usd, DispatchError> {
			let amount = divided.times_floor(share)?;
			if amount.is_positive() {
				T::Accounts::transfer(&fund, to, amount)?;
			}
			Ok(amount)
		};
		let has_owners = TotalShares::<T>::get().is_positive();
		let pool_share = if has_owners { rules.pool_share } else { Ratio::ZERO };
		let pool = pay(&Self::pool(), pool_share)?;
		let treasury = pay(&T::Treasury::get(), rules.treasury_share)?;
		let stakers = pay(&T::Stakers::get(), rules.staker_share)?;
		let insurance = revenue.checked_sub(pool)?.checked_sub(treasury)?.checked_sub(stakers)?;
		Self::deposit_event(Event::RevenueDivided { insurance, pool, treasury, stakers });
		Ok(())
	}
}

impl<T: Config> OnRevenue for Pallet<T> {
	fn on_revenue(amount: Usd) -> DispatchResult {
		ensure!(!amount.is_negative(), Error::<T>::AmountNotPositive);
		let rest = amount.checked_sub(Self::repay(amount)?)?;
		if rest.is_positive() {
			Undivided::<T>::try_mutate(|undivided| -> DispatchResult {
				*undivided = undivided.checked_add(rest)?;
				Ok(())
			})?;
		}
		Ok(())
	}
}
