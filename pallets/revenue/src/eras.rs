//! The turn of eras: pots are closed, and forgotten when they are too old.

use crate::{pallet::*, Pot, WeightInfo, LOG_TARGET};
use ballast_primitives::Usd;
use ballast_traits::{EraIndex, InspectAccounts, InspectStaking};
use frame_support::{pallet_prelude::*, storage::with_storage_layer, weights::WeightMeter};

/// A pot smaller than this is not worth closing: it grows on in the next era.
pub(crate) const POT_LEAST: Usd = Usd::ONE;

/// Pages of an old era that are forgotten in one block.
pub const PAGES_FORGOTTEN: u32 = 64;

impl<T: Config> Pallet<T> {
	/// Closes the pot of the era that was, if another one has begun.
	pub(crate) fn follow_eras() -> Weight {
		let seen = CurrentEra::<T>::get();
		let Some(active) = T::Staking::active_era() else { return T::WeightInfo::same_era() };
		if seen == Some(active) {
			return T::WeightInfo::same_era();
		}
		let turn = || -> DispatchResult {
			match seen {
				Some(era) => Self::close_pot(era)?,
				None => OldestEra::<T>::put(active),
			}
			CurrentEra::<T>::put(active);
			Ok(())
		};
		if let Err(error) = with_storage_layer(turn) {
			log::error!(target: LOG_TARGET, "pot not closed: {error:?}");
		}
		T::WeightInfo::turn_of_era()
	}

	/// What has come in and is nobody's yet becomes the era's pot. Where nobody earned points it waits for
	/// the next era.
	fn close_pot(era: EraIndex) -> DispatchResult {
		let reserved = Reserved::<T>::get();
		let amount = T::Accounts::cash(&T::Stakers::get()).checked_sub(reserved)?;
		if amount < POT_LEAST || T::Staking::total_points(era) == 0 {
			return Ok(());
		}
		Pots::<T>::insert(era, Pot { amount, unpaid: amount });
		Reserved::<T>::put(reserved.checked_add(amount)?);
		Self::deposit_event(Event::PotClosed { era, amount });
		Ok(())
	}

	/// The first era whose pot may still be paid out while `active` is the active one.
	pub(crate) fn oldest_payable(active: EraIndex) -> EraIndex {
		active.saturating_sub(T::Staking::eras_kept())
	}

	/// Forgets, with the weight that is left, at most a fifth of a block.
	pub(crate) fn do_idle(remaining: Weight) -> Weight {
		let fifth = T::BlockWeights::get().max_block.saturating_div(5);
		let mut meter = WeightMeter::with_limit(remaining.min(fifth));
		if meter.try_consume(T::WeightInfo::idle()).is_err() {
			return Weight::zero();
		}
		let era = OldestEra::<T>::get();
		let due = CurrentEra::<T>::get().is_some_and(|active| era < Self::oldest_payable(active));
		if due && meter.try_consume(T::WeightInfo::forget()).is_ok() {
			if let Err(error) = with_storage_layer(|| Self::forget(era)) {
				log::error!(target: LOG_TARGET, "era {era} not forgotten: {error:?}");
			}
		}
		meter.consumed()
	}

	/// What an old pot has left is free for the next one; then its pages go, some at a time.
	pub(crate) fn forget(era: EraIndex) -> DispatchResult {
		if let Some(Pot { unpaid, .. }) = Pots::<T>::take(era) {
			Reserved::<T>::try_mutate(|reserved| -> DispatchResult {
				*reserved = reserved.checked_sub(unpaid)?;
				Ok(())
			})?;
			Self::deposit_event(Event::PotExpired { era, amount: unpaid });
		}
		let left = PaidPages::<T>::clear_prefix(era, PAGES_FORGOTTEN, None).maybe_cursor;
		if left.is_none() {
			OldestEra::<T>::put(era.saturating_add(1));
		}
		Ok(())
	}
}
