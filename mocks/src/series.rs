//! Mock of the listing.

use ballast_primitives::{AssetId, Quantity, Series, SeriesId, UnderlyingId};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::dispatch::DispatchResult;

/// Settable [`InspectSeries`] and [`MutateSeries`].
pub struct MockSeries;

slots! { MockSeries:
	series / mock_series(id: SeriesId) -> Option<Series>;
	asset / mock_asset(underlying: UnderlyingId) -> Option<AssetId>;
	underlying_of / mock_underlying_of(asset: AssetId) -> Option<UnderlyingId>;
	underlyings / mock_underlyings() -> Vec<UnderlyingId>;
	open_interest / mock_open_interest(id: SeriesId) -> Quantity;
	change_open_interest / mock_change_open_interest(id: SeriesId, change: Quantity) -> DispatchResult;
}

impl InspectSeries for MockSeries {
	fn series(id: SeriesId) -> Option<Series> {
		call::series(id)
	}
	fn asset(underlying: UnderlyingId) -> Option<AssetId> {
		call::asset(underlying)
	}
	fn underlying_of(asset: AssetId) -> Option<UnderlyingId> {
		call::underlying_of(asset)
	}
	fn underlyings() -> Vec<UnderlyingId> {
		call::underlyings()
	}
	fn open_interest(id: SeriesId) -> Quantity {
		call::open_interest(id)
	}
}

impl MutateSeries for MockSeries {
	fn change_open_interest(id: SeriesId, change: Quantity) -> DispatchResult {
		call::change_open_interest(id, change)
	}
}
