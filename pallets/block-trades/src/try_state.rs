//! The invariants of the README, checked after every test and on demand.

use crate::{pallet::*, types::OfferId, BalanceOf};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::fungible::InspectHold};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant of the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_offers()?;
		Self::try_state_index()?;
		Self::try_state_deposits()
	}

	/// I1: every offer has contracts left, a number that was given out, and a maker who is not its
	/// counterparty; their counter counts them.
	fn try_state_offers() -> Result<(), TryRuntimeError> {
		let mut counted = 0u32;
		for (id, offer) in Offers::<T>::iter() {
			ensure!(offer.quantity.is_positive(), "I1: an offer has nothing left");
			ensure!(id < NextOfferId::<T>::get(), "I1: an offer has a number of the future");
			let own = offer.counterparty.as_ref() == Some(&offer.maker);
			ensure!(!own, "I1: an offer is to its maker");
			counted = counted.saturating_add(1);
		}
		ensure!(counted == Offers::<T>::count(), "I1: the counter of offers is wrong");
		Ok(())
	}

	/// I2: the lists of makers hold exactly the stored offers, each its maker's, in order; none is empty.
	fn try_state_index() -> Result<(), TryRuntimeError> {
		let mut listed: BTreeSet<OfferId> = BTreeSet::new();
		for (maker, ids) in OffersBy::<T>::iter() {
			ensure!(!ids.is_empty(), "I2: an empty list of offers");
			let ordered = ids.iter().zip(ids.iter().skip(1)).all(|(one, next)| one < next);
			ensure!(ordered, "I2: a list of offers is not in order");
			for id in ids {
				let offer = Offers::<T>::get(id).ok_or("I2: a listed offer is not stored")?;
				ensure!(offer.maker == maker, "I2: an offer is listed as somebody else's");
				listed.insert(id);
			}
		}
		let stored: BTreeSet<OfferId> = Offers::<T>::iter_keys().collect();
		ensure!(listed == stored, "I2: a stored offer is not listed");
		Ok(())
	}

	/// I3: what is held of each maker is the sum of its offers' deposits.
	fn try_state_deposits() -> Result<(), TryRuntimeError> {
		let mut sums: BTreeMap<T::AccountId, BalanceOf<T>> = BTreeMap::new();
		for (_, offer) in Offers::<T>::iter() {
			let sum = sums.entry(offer.maker).or_default();
			*sum = sum.checked_add(offer.deposit).ok_or("I3: deposits overflow")?;
		}
		for (maker, sum) in sums {
			let held = T::Currency::balance_on_hold(&HoldReason::Offer.into(), &maker);
			ensure!(held == sum, "I3: what is held is not the sum of the deposits");
		}
		Ok(())
	}
}
