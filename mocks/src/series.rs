//! Mock of the listing.

use ballast_primitives::{
	AssetId, EndedEpoch, Grid, Moment, OptionKind, Price, Quantity, Series, SeriesId, Side,
	SideChange, Sides, UnderlyingId, Usd,
};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

/// Settable [`InspectSeries`] and [`MutateSeries`].
pub struct MockSeries;

slots! { MockSeries:
	series / mock_series(id: SeriesId) -> Option<Series>;
	asset / mock_asset(underlying: UnderlyingId) -> Option<AssetId>;
	underlying_of / mock_underlying_of(asset: AssetId) -> Option<UnderlyingId>;
	underlyings / mock_underlyings() -> Vec<UnderlyingId>;
	open_interest_of / mock_open_interest_of(underlying: UnderlyingId) -> Quantity;
	sides / mock_sides(id: SeriesId) -> Sides;
	dues / mock_dues() -> Result<Usd, DispatchError>;
	ended / mock_ended(id: SeriesId, side: Side, epoch: u32) -> Option<EndedEpoch>;
	grid / mock_grid(underlying: UnderlyingId) -> Option<Grid>;
	ensure_listed / mock_ensure_listed(underlying: UnderlyingId, kind: OptionKind, strike: Price, expiry: Moment) -> Result<SeriesId, DispatchError>;
	change_sides / mock_change_sides(id: SeriesId, long: SideChange, short: SideChange) -> DispatchResult;
	fold / mock_fold(id: SeriesId, side: Side, taken: Quantity, amount: Price) -> Result<Usd, DispatchError>;
	complete / mock_complete(id: SeriesId) -> Result<Usd, DispatchError>;
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
	fn grid(underlying: UnderlyingId) -> Option<Grid> {
		call::grid(underlying)
	}
	fn open_interest_of(underlying: UnderlyingId) -> Quantity {
		call::open_interest_of(underlying)
	}
	fn sides(id: SeriesId) -> Sides {
		call::sides(id)
	}
	fn dues() -> Result<Usd, DispatchError> {
		call::dues()
	}
	fn ended(id: SeriesId, side: Side, epoch: u32) -> Option<EndedEpoch> {
		call::ended(id, side, epoch)
	}
}

impl MutateSeries for MockSeries {
	fn ensure_listed(
		underlying: UnderlyingId,
		kind: OptionKind,
		strike: Price,
		expiry: Moment,
	) -> Result<SeriesId, DispatchError> {
		call::ensure_listed(underlying, kind, strike, expiry)
	}
	fn change_sides(id: SeriesId, long: SideChange, short: SideChange) -> DispatchResult {
		call::change_sides(id, long, short)
	}
	fn fold(
		id: SeriesId,
		side: Side,
		taken: Quantity,
		amount: Price,
	) -> Result<Usd, DispatchError> {
		call::fold(id, side, taken, amount)
	}
	fn complete(id: SeriesId) -> Result<Usd, DispatchError> {
		call::complete(id)
	}
}
