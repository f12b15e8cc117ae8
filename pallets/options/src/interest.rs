//! Open interest.

use crate::pallet::*;
use ballast_primitives::{Quantity, Series, SeriesId, SeriesState};
use ballast_traits::{InspectMarket, RiskParameters};
use frame_support::{dispatch::DispatchResult, ensure, pallet_prelude::DispatchError};

impl<T: Config> Pallet<T> {
	/// Books a change of a series' long total. No event: the ledger's event of the trade or the
	/// settlement behind it says the same.
	pub(crate) fn do_change_open_interest(id: SeriesId, change: Quantity) -> DispatchResult {
		let series = SeriesOf::<T>::get(id).ok_or(Error::<T>::SeriesUnknown)?;
		if change.is_zero() {
			return Ok(());
		}
		let open = OpenInterest::<T>::get(id).unwrap_or(Quantity::ZERO).checked_add(change)?;
		ensure!(!open.is_negative(), Error::<T>::OpenInterestNegative);
		if change.is_positive() {
			Self::ensure_may_rise(&series, change)?;
		}
		if matches!(series.state, SeriesState::Live) {
			let total = OpenInterestOf::<T>::get(series.underlying).checked_add(change)?;
			OpenInterestOf::<T>::insert(series.underlying, total);
		}
		OpenInterest::<T>::insert(id, open);
		Ok(())
	}

	/// A rise needs a live series, an active underlying and room under its cap.
	fn ensure_may_rise(series: &Series, change: Quantity) -> Result<(), DispatchError> {
		let live = matches!(series.state, SeriesState::Live) && T::Market::now() < series.expiry;
		ensure!(live, Error::<T>::SeriesExpired);
		let active = Underlyings::<T>::get(series.underlying).is_some_and(|listing| listing.active);
		ensure!(active, Error::<T>::UnderlyingInactive);
		let risk = T::Parameters::underlying(series.underlying).ok_or(Error::<T>::RiskUnset)?;
		let total = OpenInterestOf::<T>::get(series.underlying).checked_add(change)?;
		ensure!(total <= risk.open_interest_cap, Error::<T>::OpenInterestCapExceeded);
		Ok(())
	}
}
