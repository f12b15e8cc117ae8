//! What other pallets see.

use crate::pallet::*;
use alloc::vec::Vec;
use ballast_primitives::{
	AssetId, EndedEpoch, Grid, Moment, OptionKind, Price, Quantity, Series, SeriesId, Side,
	SideChange, Sides, UnderlyingId, Usd,
};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

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

	fn grid(underlying: UnderlyingId) -> Option<Grid> {
		Underlyings::<T>::get(underlying)
			.filter(|listing| listing.active)
			.map(|listing| listing.grid)
	}

	fn open_interest_of(underlying: UnderlyingId) -> Quantity {
		OpenInterestOf::<T>::get(underlying)
	}

	fn sides(id: SeriesId) -> Sides {
		SidesOf::<T>::get(id).unwrap_or_default()
	}

	fn dues() -> Result<Usd, DispatchError> {
		SidesOf::<T>::iter_values().try_fold(Usd::ZERO, |sum, sides| {
			Ok(sum.checked_add(sides.long.due.checked_sub(sides.short.due)?)?)
		})
	}

	fn ended(id: SeriesId, side: Side, epoch: u32) -> Option<EndedEpoch> {
		EndedEpochs::<T>::get(id, (side, epoch))
	}
}

impl<T: Config> MutateSeries for Pallet<T> {
	fn ensure_listed(
		underlying: UnderlyingId,
		kind: OptionKind,
		strike: Price,
		expiry: Moment,
	) -> Result<SeriesId, DispatchError> {
		Self::do_ensure_listed(underlying, kind, strike, expiry)
	}

	fn change_sides(id: SeriesId, long: SideChange, short: SideChange) -> DispatchResult {
		Self::do_change_sides(id, long, short)
	}

	fn fold(
		id: SeriesId,
		side: Side,
		taken: Quantity,
		amount: Price,
	) -> Result<Usd, DispatchError> {
		Self::do_fold(id, side, taken, amount)
	}

	fn complete(id: SeriesId) -> Result<Usd, DispatchError> {
		Self::do_complete(id)
	}
}
