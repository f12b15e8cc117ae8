//! What is listed: plain types that know nothing of the pallet.

pub use ballast_primitives::grid::{Grid, DAYS_MAX, STRIKE_MAX};
use ballast_primitives::{
	time::HOUR, AssetId, Moment, OptionKind, Price, Quantity, Series, SeriesId, SeriesState,
	Settlement, Sides, Style, UnderlyingId, Usd,
};
use frame_support::{traits::ConstU32, BoundedVec};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Underlyings that may be listed, at most.
pub const MAX_UNDERLYINGS: u32 = 16;
/// Series of the chain that are not settled, at most.
pub const MAX_SERIES: u32 = 1_024;
/// Series of one underlying with one expiry, at most: 64 strikes, calls and puts.
pub const MAX_SERIES_PER_EXPIRY: u32 = 128;
/// Pairs of underlying and expiry with series that are not settled, at most.
pub const MAX_EXPIRIES: u32 = 256;
/// Strikes listed by one call, at most.
pub const MAX_STRIKES: u32 = 32;
/// Bytes of a symbol, at most.
pub const MAX_SYMBOL: u32 = 16;

/// A strike is at most this many times spot, and at least spot divided by it.
pub const STRIKE_TO_SPOT_MAX: u128 = 10;
/// Least time from the listing of a series to its expiry.
pub const LIFE_MIN: Moment = HOUR;

/// Short name of an underlying, such as `BTC`.
pub type Symbol = BoundedVec<u8, ConstU32<MAX_SYMBOL>>;

/// An underlying of options.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Underlying {
	/// The asset of `pallet-assets` that is one unit of it. Never changes.
	pub asset: AssetId,
	/// Short name. Never changes.
	pub symbol: Symbol,
	/// Which strikes and expiries may be listed.
	pub grid: Grid,
	/// Whether series may be listed and open interest may rise.
	pub active: bool,
}

/// What tells one series from another.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Terms {
	/// The underlying.
	pub underlying: UnderlyingId,
	/// Call or put.
	pub kind: OptionKind,
	/// When the right may be used.
	pub style: Style,
	/// What the payoff is paid in.
	pub settlement: Settlement,
	/// Strike price.
	pub strike: Price,
	/// Market time at which it expires.
	pub expiry: Moment,
}

impl Terms {
	/// A new series with these terms.
	pub const fn list(self) -> Series {
		Series {
			underlying: self.underlying,
			kind: self.kind,
			style: self.style,
			settlement: self.settlement,
			strike: self.strike,
			expiry: self.expiry,
			state: SeriesState::Live,
		}
	}

	/// Whether there can be such a series: what pays in the underlying is a European call, whose payoff
	/// is always less than the units that cover it.
	pub const fn is_possible(&self) -> bool {
		match self.settlement {
			Settlement::Cash => true,
			Settlement::InKind => {
				matches!((self.kind, self.style), (OptionKind::Call, Style::European))
			}
		}
	}
}

/// What is listed at each strike of a grid.
pub const fn kinds_of(settlement: Settlement) -> &'static [OptionKind] {
	match settlement {
		Settlement::Cash => &[OptionKind::Call, OptionKind::Put],
		Settlement::InKind => &[OptionKind::Call],
	}
}

/// How many series that is at so many strikes.
pub fn series_at(settlement: Settlement, strikes: usize) -> u32 {
	let series = kinds_of(settlement).len().saturating_mul(strikes);
	u32::try_from(series).unwrap_or(u32::MAX)
}

impl From<&Series> for Terms {
	fn from(series: &Series) -> Self {
		Self {
			underlying: series.underlying,
			kind: series.kind,
			style: series.style,
			settlement: series.settlement,
			strike: series.strike,
			expiry: series.expiry,
		}
	}
}

/// A series as the runtime API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SeriesInfo {
	/// Its id.
	pub id: SeriesId,
	/// The series with its state now.
	pub series: Series,
	/// Contracts open: long total = short total.
	pub open_interest: Quantity,
	/// Accounts that hold it long.
	pub longs: u32,
	/// Accounts that hold it short.
	pub shorts: u32,
	/// Whether contracts were ever taken from all positions of a side: quantities that accounts have in
	/// storage are then not those of now, which the clearing ledger's views tell.
	pub folded: bool,
	/// Money that folds owe to longs and that is not in their accounts yet.
	pub due_to_longs: Usd,
	/// Money that folds ask of shorts and that is not taken from their accounts yet.
	pub due_from_shorts: Usd,
}

impl SeriesInfo {
	/// A series with its sides.
	pub const fn new(id: SeriesId, series: Series, sides: &Sides) -> Self {
		Self {
			id,
			series,
			open_interest: sides.long.total,
			longs: sides.long.holders,
			shorts: sides.short.holders,
			folded: sides.is_folded(),
			due_to_longs: sides.long.due,
			due_from_shorts: sides.short.due,
		}
	}
}
