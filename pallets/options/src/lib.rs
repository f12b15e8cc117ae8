#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(test),
	deny(
		clippy::unwrap_used,
		clippy::expect_used,
		clippy::indexing_slicing,
		clippy::arithmetic_side_effects
	)
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod expiry;
mod impls;
mod listing;
pub mod runtime_api;
mod sides;
mod try_state;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use expiry::RETENTION;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use ballast_primitives::{
	AssetId, EndedEpoch, Moment, OptionKind, Price, Quantity, Series, SeriesId, Settlement, Side,
	Sides, Style, UnderlyingId,
};

#[allow(clippy::expect_used, reason = "in what the macros of FRAME generate, nowhere else")]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::{string::String, vec::Vec};
	use ballast_traits::{InspectMarket, MutateMarket, RiskParameters};
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Who may list underlyings and series.
		type ListingOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Market time, spot prices and settlement prices.
		type Market: InspectMarket + MutateMarket;

		/// Open-interest caps, and which underlyings have no volatilities.
		type Parameters: RiskParameters;

		/// What benchmarks cannot do by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper;

		/// What the calls and hooks cost.
		type WeightInfo: WeightInfo;
	}

	/// The listed underlyings.
	#[pallet::storage]
	pub type Underlyings<T: Config> = StorageMap<_, Twox64Concat, UnderlyingId, Underlying>;

	/// Ids of the listed underlyings, ascending.
	#[pallet::storage]
	pub type UnderlyingIds<T: Config> =
		StorageValue<_, BoundedVec<UnderlyingId, ConstU32<MAX_UNDERLYINGS>>, ValueQuery>;

	/// The underlying that an asset is one unit of.
	#[pallet::storage]
	pub type UnderlyingOfAsset<T: Config> = StorageMap<_, Twox64Concat, AssetId, UnderlyingId>;

	/// Every series that is not removed. The state stored is `Live` or `Settled`: that a series has
	/// expired is read off market time.
	#[pallet::storage]
	pub type SeriesOf<T: Config> = CountedStorageMap<_, Twox64Concat, SeriesId, Series>;

	/// Id of the next series. Ids are never used again.
	#[pallet::storage]
	pub type NextSeriesId<T: Config> = StorageValue<_, SeriesId, ValueQuery>;

	/// The series with given terms.
	#[pallet::storage]
	pub type SeriesByTerms<T: Config> = StorageMap<_, Blake2_128Concat, Terms, SeriesId>;

	/// Both sides of a series: contracts open, accounts that hold them, fold indexes, money due. None if
	/// the series was never traded.
	#[pallet::storage]
	pub type SidesOf<T: Config> = StorageMap<_, Twox64Concat, SeriesId, Sides>;

	/// How the epochs of a series' sides ended: what a position that was not touched since goes through.
	#[pallet::storage]
	pub type EndedEpochs<T: Config> =
		StorageDoubleMap<_, Twox64Concat, SeriesId, Twox64Concat, (Side, u32), EndedEpoch>;

	/// Contracts open in all series of an underlying that are not settled, expired ones included.
	#[pallet::storage]
	pub type OpenInterestOf<T: Config> =
		StorageMap<_, Twox64Concat, UnderlyingId, Quantity, ValueQuery>;

	/// Expiries with series that are not settled, ascending.
	#[pallet::storage]
	pub type Expiries<T: Config> =
		StorageValue<_, BoundedVec<(Moment, UnderlyingId), ConstU32<MAX_EXPIRIES>>, ValueQuery>;

	/// Series of an expiry that are not settled.
	#[pallet::storage]
	pub type SeriesAt<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		Moment,
		Twox64Concat,
		UnderlyingId,
		BoundedVec<SeriesId, ConstU32<MAX_SERIES_PER_EXPIRY>>,
		ValueQuery,
	>;

	/// Number of series that are not settled.
	#[pallet::storage]
	pub type UnsettledSeries<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// How many of them are American.
	#[pallet::storage]
	pub type UnsettledAmericanSeries<T: Config> = StorageValue<_, u32, ValueQuery>;

	/// The series that the search for removable ones looked at last.
	#[pallet::storage]
	pub type RemovalCursor<T: Config> = StorageValue<_, SeriesId>;

	/// What is listed from the start. The price feed's genesis must be built before.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Underlyings: id, asset, symbol, grid.
		pub underlyings: Vec<(UnderlyingId, AssetId, String, Grid)>,
		/// Series: underlying, kind, style, settlement, strike, expiry in market time.
		pub series: Vec<(UnderlyingId, OptionKind, Style, Settlement, Price, Moment)>,
		/// Nothing.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			for (underlying, asset, symbol, grid) in &self.underlyings {
				let symbol = Symbol::truncate_from(symbol.as_bytes().to_vec());
				let added = Pallet::<T>::do_add_underlying(*underlying, *asset, symbol, *grid);
				assert!(added.is_ok(), "underlying {underlying:?} at genesis: {added:?}");
			}
			for (underlying, kind, style, settlement, strike, expiry) in self.series.iter().copied()
			{
				let terms = Terms { underlying, kind, style, settlement, strike, expiry };
				let listed = Pallet::<T>::do_list_series(terms);
				assert!(listed.is_ok(), "series {terms:?} at genesis: {listed:?}");
			}
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An underlying was listed and is active.
		UnderlyingAdded {
			/// Its id.
			underlying: UnderlyingId,
			/// The asset that is one unit of it.
			asset: AssetId,
			/// Its short name.
			symbol: Symbol,
			/// Which strikes and expiries may be listed.
			grid: Grid,
		},
		/// The grid of an underlying, or whether it is active, was set.
		UnderlyingSet {
			/// Its id.
			underlying: UnderlyingId,
			/// Which strikes and expiries may be listed from now on.
			grid: Grid,
			/// Whether series may be listed and open interest may rise.
			active: bool,
		},
		/// A series was listed and may be traded until its expiry.
		SeriesListed {
			/// Its id.
			series: SeriesId,
			/// The underlying.
			underlying: UnderlyingId,
			/// Call or put.
			kind: OptionKind,
			/// When the right may be used.
			style: Style,
			/// What the payoff is paid in.
			settlement: Settlement,
			/// Strike price.
			strike: Price,
			/// Market time at which it expires.
			expiry: Moment,
		},
		/// A series that had expired was settled. Final.
		SeriesSettled {
			/// Its id.
			series: SeriesId,
			/// Settlement price of the underlying.
			price: Price,
			/// What one contract is worth.
			payoff: Price,
		},
		/// Contracts were taken from every position of one side of a series, pro rata, and from an account
		/// of the other side, which the clearing ledger names.
		SideFolded {
			/// Its id.
			series: SeriesId,
			/// The side of which every position was reduced.
			side: Side,
			/// Contracts taken in all.
			taken: Quantity,
			/// Money per contract that the positions of this side receive (longs) or pay (shorts).
			amount: Price,
			/// Contracts open after it.
			left: Quantity,
		},
		/// Ends of epochs of a series that is being removed were removed; the series itself goes when
		/// none is left.
		EpochsCleared {
			/// Its id.
			series: SeriesId,
			/// How many.
			cleared: u32,
		},
		/// A settled series in which nothing is open was removed. Its id is not used again.
		SeriesRemoved {
			/// Its id.
			series: SeriesId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// No such underlying is listed. Take an id from `optionsApi.underlyings`.
		UnderlyingUnknown,
		/// An underlying with this id is listed already. Choose another id.
		UnderlyingExists,
		/// The underlying is not active: nothing can be listed or opened on it. Closing positions is
		/// possible.
		UnderlyingInactive,
		/// As many underlyings are listed as the chain carries.
		TooManyUnderlyings,
		/// The asset is one unit of another underlying already. Choose another asset.
		AssetTaken,
		/// The symbol is empty. Give the underlying a short name.
		SymbolEmpty,
		/// The grid has no strike step, or its time of day or days ahead are out of range (below
		/// 86,400 seconds, 1 to 1,095 days).
		GridInvalid,
		/// The series is unknown or was removed. Take an id from `optionsApi.seriesOf`.
		SeriesUnknown,
		/// A series with these terms is listed already. Trade that one.
		SeriesExists,
		/// The strike is not a positive multiple of the underlying's strike step.
		StrikeOffGrid,
		/// The strike is beyond ten times spot, below a tenth of it, or beyond what can be priced.
		StrikeTooFar,
		/// No strike was given.
		NoStrikes,
		/// The expiry is not at the underlying's time of day.
		ExpiryOffGrid,
		/// The expiry is less than an hour of market time ahead.
		ExpiryTooSoon,
		/// The expiry is further ahead than the underlying's grid allows.
		ExpiryTooFar,
		/// As many series wait for settlement as the chain, or this expiry, carries. List later.
		TooManySeries,
		/// As many American series wait for settlement as can be margined in a block. List a European
		/// one, or wait until one of them has settled.
		TooManyAmericanSeries,
		/// As many expiries wait for settlement as the chain carries. Choose an expiry that has
		/// series already.
		TooManyExpiries,
		/// The series has expired: nothing can be opened in it. Open a position in a later one.
		SeriesExpired,
		/// The underlying has no risk parameters, so it cannot be traded yet.
		RiskUnset,
		/// The trade would open more contracts on the underlying than its cap. Trade less, or wait
		/// until others close.
		OpenInterestCapExceeded,
		/// More contracts would be closed, or taken, than are open on a side, or more positions would end
		/// than there are. Close less.
		OpenInterestNegative,
		/// The series has not expired yet. Wait until its expiry.
		SeriesNotExpired,
		/// The series is settled already. Nothing is left to do.
		SeriesAlreadySettled,
		/// The settlement price is not known yet. Wait until the settlement window is complete.
		SettlementPriceUnknown,
		/// The series is not settled yet. Settle it first.
		SeriesNotSettled,
		/// Accounts still hold the series, or money of it is due. Wait until every account is settled.
		SeriesInUse,
		/// The series expired less than a week of market time ago and is kept until then.
		SeriesRetained,
		/// Only European calls are settled in the underlying. List a European call, or a series that is
		/// settled in cash.
		InKindMustBeEuropeanCall,
		/// Only spot is fed for the underlying: it is collateral, and options on it cannot be priced.
		NoVolatilitySurface,
		/// The two sides of a series would not have as many contracts. A fault of the clearing ledger.
		SidesDiffer,
		/// Positions would bring more money of folds than is due to them. A fault of the clearing ledger.
		DueExceeded,
		/// The guardian has halted the underlying: nothing can be opened on it for now. Close positions, or
		/// wait; `riskParams.halts` says until which block.
		UnderlyingHalted,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			Self::do_on_idle(remaining)
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Lists an underlying: something that options are written on.
		///
		/// `asset` is the asset of `pallet-assets` that is one unit of it; asset and symbol never
		/// change. It can be traded once its risk parameters are set and a price was accepted.
		/// Emits `UnderlyingAdded`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::add_underlying())]
		pub fn add_underlying(
			origin: OriginFor<T>,
			underlying: UnderlyingId,
			asset: AssetId,
			symbol: Symbol,
			grid: Grid,
		) -> DispatchResult {
			T::ListingOrigin::ensure_origin(origin)?;
			Self::do_add_underlying(underlying, asset, symbol, grid)
		}

		/// Sets which strikes and expiries may be listed on an underlying, and whether it is active.
		///
		/// Series that are listed stay as they are. On an underlying that is not active nothing can
		/// be listed or opened; closing and settlement go on. Emits `UnderlyingSet`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::set_underlying())]
		pub fn set_underlying(
			origin: OriginFor<T>,
			underlying: UnderlyingId,
			grid: Grid,
			active: bool,
		) -> DispatchResult {
			T::ListingOrigin::ensure_origin(origin)?;
			Self::do_set_underlying(underlying, grid, active)
		}

		/// Lists one series: European or American, settled in cash; or a European call that pays in the
		/// underlying.
		///
		/// The underlying needs fed volatilities. The strike is a multiple of the strike step, within a tenth to ten times spot while a
		/// price can be used; the expiry is in market time (seconds since 1970), at the grid's time
		/// of day, at least an hour and at most the grid's days ahead. Emits `SeriesListed`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::list_grid(1))]
		pub fn list_series(
			origin: OriginFor<T>,
			underlying: UnderlyingId,
			kind: OptionKind,
			style: Style,
			settlement: Settlement,
			strike: Price,
			expiry: Moment,
		) -> DispatchResult {
			T::ListingOrigin::ensure_origin(origin)?;
			let terms = Terms { underlying, kind, style, settlement, strike, expiry };
			Self::do_list_series(terms).map(|_| ())
		}

		/// Lists a call and a put of one style at each of these strikes, for one expiry: all of them or
		/// none. Of series that pay in the underlying only the calls.
		///
		/// Emits `SeriesListed` for each.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::list_grid(series_at(*settlement, strikes.len())))]
		pub fn list_grid(
			origin: OriginFor<T>,
			underlying: UnderlyingId,
			style: Style,
			settlement: Settlement,
			expiry: Moment,
			strikes: BoundedVec<Price, ConstU32<MAX_STRIKES>>,
		) -> DispatchResult {
			T::ListingOrigin::ensure_origin(origin)?;
			Self::do_list_grid(underlying, style, settlement, expiry, &strikes)
		}

		/// Settles a series that has expired and whose settlement price is known.
		///
		/// Anyone may call it; nobody has to: the chain settles by itself in blocks that are not
		/// full, and what reads a series sees it settled as soon as the price is known.
		/// Emits `SeriesSettled`.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::settle_series())]
		pub fn settle_series(origin: OriginFor<T>, series: SeriesId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_settle_series(series)
		}

		/// Removes a settled series in which nothing is open, a week of market time after its
		/// expiry.
		///
		/// If many epochs of its sides have ended, a call removes some of them and the next call goes on.
		/// Anyone may call it; the chain does the same by itself in blocks that are not full.
		/// Emits `SeriesRemoved`, or `EpochsCleared` if it has to be called again.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::remove_series())]
		pub fn remove_series(origin: OriginFor<T>, series: SeriesId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_remove_series(series)
		}
	}
}
