//! Underlyings and option series.

use alloc::vec::Vec;
use ballast_primitives::{AssetId, Quantity, Series, SeriesId, UnderlyingId};
use frame_support::dispatch::DispatchResult;

/// What is listed.
pub trait InspectSeries {
	/// A series with its state; `None` if unknown or removed. One storage read.
	fn series(id: SeriesId) -> Option<Series>;

	/// The asset of `pallet-assets` that is one unit of this underlying; `None` if unknown.
	fn asset(underlying: UnderlyingId) -> Option<AssetId>;

	/// The underlying that this asset is a unit of; `None` if it is none's.
	fn underlying_of(asset: AssetId) -> Option<UnderlyingId>;

	/// All listed underlyings, in order of their ids.
	fn underlyings() -> Vec<UnderlyingId>;

	/// Contracts open in a series: long total = short total, exactly.
	fn open_interest(id: SeriesId) -> Quantity;
}

/// What the clearing ledger tells the listing.
pub trait MutateSeries {
	/// The long total of a series (and with it the short total) changed by `change`.
	/// Fails on a rise in a series that is not live (`SeriesExpired`) or above the underlying's
	/// open-interest cap (`OpenInterestCapExceeded`), and if the total would become negative.
	/// The ledger must keep it above zero while any account, long or short, holds the series: a
	/// settled series in which nothing is open is removed in time.
	fn change_open_interest(id: SeriesId, change: Quantity) -> DispatchResult;
}
