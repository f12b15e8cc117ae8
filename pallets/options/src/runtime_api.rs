//! What is listed, for user interfaces.

use crate::types::{SeriesInfo, Terms, Underlying};
use alloc::vec::Vec;
use ballast_primitives::{Quantity, SeriesId, UnderlyingId};
use ballast_traits::InspectSeries;

sp_api::decl_runtime_apis! {
	/// Underlyings and series with their state now.
	pub trait OptionsApi {
		/// Every listed underlying, in order of ids.
		fn underlyings() -> Vec<(UnderlyingId, Underlying)>;

		/// A series with its state, open interest and sides; none if unknown or removed.
		fn series(id: SeriesId) -> Option<SeriesInfo>;

		/// Every series of an underlying that is not removed, in order of ids.
		fn series_of(underlying: UnderlyingId) -> Vec<SeriesInfo>;

		/// The series with these terms, if it is listed.
		fn series_by_terms(terms: Terms) -> Option<SeriesInfo>;

		/// Contracts open in all series of an underlying that are not settled: what its
		/// open-interest cap is compared with.
		fn open_interest_of(underlying: UnderlyingId) -> Quantity;
	}
}

impl<T: crate::Config> crate::Pallet<T> {
	/// Every listed underlying, in order of ids.
	pub fn listed_underlyings() -> Vec<(UnderlyingId, Underlying)> {
		let ids = crate::UnderlyingIds::<T>::get();
		ids.into_iter()
			.filter_map(|id| crate::Underlyings::<T>::get(id).map(|listing| (id, listing)))
			.collect()
	}

	/// A series with its state, open interest and sides.
	pub fn series_info(id: SeriesId) -> Option<SeriesInfo> {
		<Self as InspectSeries>::series(id).map(|series| Self::info(id, series))
	}

	/// The series with these terms.
	pub fn series_by_terms(terms: Terms) -> Option<SeriesInfo> {
		crate::SeriesByTerms::<T>::get(terms).and_then(Self::series_info)
	}
}
