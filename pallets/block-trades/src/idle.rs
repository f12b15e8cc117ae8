//! What the pallet does by itself at the end of a block.

use crate::{pallet::*, WeightInfo, LOG_TARGET};
use frame_support::{pallet_prelude::*, storage::with_storage_layer, weights::WeightMeter};

/// Offers looked at per block, at most.
pub(crate) const IDLE_LOOKS: u32 = 16;

impl<T: Config> Pallet<T> {
	/// The most that `on_idle` may use: a fifth of a block.
	pub(crate) fn idle_limit() -> Weight {
		T::BlockWeights::get().max_block.saturating_div(5)
	}

	/// Looks at the next few offers in the order of storage and removes those that nobody can accept
	/// any more. Returns the weight used.
	pub(crate) fn do_idle(remaining: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(remaining.min(Self::idle_limit()));
		if meter.try_consume(T::WeightInfo::idle_base()).is_err() || Offers::<T>::count() == 0 {
			return meter.consumed();
		}
		let mut cursor = SweepCursor::<T>::get();
		for _ in 0..IDLE_LOOKS {
			if meter.try_consume(T::WeightInfo::idle_look()).is_err() {
				break;
			}
			let mut after = match cursor {
				Some(id) => Offers::<T>::iter_from(Offers::<T>::hashed_key_for(id)),
				None => Offers::<T>::iter(),
			};
			let Some((id, offer)) = after.next() else {
				cursor = None;
				break;
			};
			cursor = Some(id);
			if Self::is_open(&offer) {
				continue;
			}
			// One that cannot be removed must not hold up those behind it.
			if let Err(error) = with_storage_layer(|| Self::expire(id, offer)) {
				log::error!(target: LOG_TARGET, "offer {id} not removed: {error:?}");
			}
		}
		SweepCursor::<T>::set(cursor);
		meter.consumed()
	}
}
