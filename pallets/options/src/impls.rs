//! What other pallets see.

use crate::pallet::*;
use alloc::vec::Vec;
use ballast_primitives::{AssetId, Quantity, Series, SeriesId, UnderlyingId};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::dispatch::DispatchResult;

impl<T: Config> InspectSeries for Pallet<T> {
	fn series(id: SeriesId) -> Option<Series> {
		SeriesOf::<T>::get(id).map(Self::with_state)
	}

	fn asset(underlying: UnderlyingId) -> Option<AssetId> {
		Underlyings::<T>::get(underlying).map(|listing| listing.asset)
	}

	fn underlying_of(asset: AssetId) -> Option<UnderlyingId> {
		UnderlyingOfAsset::<T>::get(asset)
	}

	fn underlyings() -> Vec<UnderlyingId> {
		UnderlyingIds::<T>::get().into_inner()
	}

	fn open_interest(id: SeriesId) -> Quantity {
		OpenInterest::<T>::get(id).unwrap_or(Quantity::ZERO)
	}
}

impl<T: Config> MutateSeries for Pallet<T> {
	fn change_open_interest(id: SeriesId, change: Quantity) -> DispatchResult {
		Self::do_change_open_interest(id, change)
	}
}
