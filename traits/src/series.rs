//! Underlyings and option series.

use alloc::vec::Vec;
use ballast_primitives::{
	AssetId, EndedEpoch, Grid, Moment, OptionKind, Price, Quantity, Series, SeriesId, Side,
	SideChange, Sides, UnderlyingId, Usd,
};
use frame_support::{dispatch::DispatchResult, pallet_prelude::DispatchError};

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

	/// Which strikes and expiries an underlying's series may have; `None` if it is unknown or not active.
	fn grid(underlying: UnderlyingId) -> Option<Grid>;

	/// Contracts open in a series: long total = short total, exactly.
	fn open_interest(id: SeriesId) -> Quantity {
		Self::sides(id).long.total
	}

	/// Contracts open in all series of an underlying that are not settled.
	fn open_interest_of(underlying: UnderlyingId) -> Quantity;

	/// Totals and fold indexes of both sides of a series; empty ones if it was never traded. One
	/// storage read.
	fn sides(id: SeriesId) -> Sides;

	/// Sum over all series of what folds owe longs less what they are owed by shorts. Reads every
	/// series: for invariants.
	fn dues() -> Result<Usd, DispatchError>;

	/// How an epoch of a side ended; `None` if it has not. One storage read.
	fn ended(id: SeriesId, side: Side, epoch: u32) -> Option<EndedEpoch>;
}

/// What the clearing ledger tells the listing.
pub trait MutateSeries {
	/// The European series with these terms, listed now if it was not: a call settled in the underlying, or
	/// a put settled in cash. Fails if the terms are off the underlying's grid, or as many series or
	/// expiries are listed as may be.
	fn ensure_listed(
		underlying: UnderlyingId,
		kind: OptionKind,
		strike: Price,
		expiry: Moment,
	) -> Result<SeriesId, DispatchError>;

	/// Books what happened to the positions of both sides of a series: trades, transfers, touches.
	/// Totals change by `opened - closed` of their side, which must be the same on both; `due` falls by
	/// what touches brought. Once a series has expired only `joined`, `left` and `brought` may be
	/// other than nothing: its totals stay until [`MutateSeries::complete`].
	/// Fails on a rise in a series that is not live (`SeriesExpired`) or above the underlying's
	/// open-interest cap (`OpenInterestCapExceeded`), and if more is closed or gone than there is.
	fn change_sides(id: SeriesId, long: SideChange, short: SideChange) -> DispatchResult;

	/// Takes `taken` contracts from all positions of `side` pro rata, at `amount` each, for an account
	/// of the other side that ends as many of its own; both totals fall by `taken`. The caller takes
	/// the contracts from that account and books the money that is returned: what it pays (positions of
	/// longs were taken, rounded up) or receives (of shorts, rounded down).
	/// Fails if the side has less, or if the series is not live.
	fn fold(id: SeriesId, side: Side, taken: Quantity, amount: Price)
		-> Result<Usd, DispatchError>;

	/// Every position of a settled series is settled (`holders` is zero on both sides): its totals and
	/// what rounding left in `due` are nothing from now on. Returns `due` of longs less `due` of shorts:
	/// money that nobody is owed any more.
	fn complete(id: SeriesId) -> Result<Usd, DispatchError>;
}
