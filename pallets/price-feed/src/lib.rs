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

use alloc::vec::Vec;

pub use pallet::*;

mod accept;
pub mod average;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod expiries;
pub mod extension;
pub mod feed;
pub mod history;
mod impls;
mod integrity;
pub mod market;
pub mod observation;
pub mod oracle;
pub mod runtime_api;
pub mod settlement;
pub mod time;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use average::{ClosedSlice, RunningSlice, CLOSED_SLICES};
pub use extension::PrioritiseFeeds;
pub use feed::Refusal;
pub use history::Close;
pub use market::{Market, SPOT_ONLY_SURFACE};
pub use observation::PRICE_MAX;
pub use oracle::{CombineMedian, RawFeeds, RawValue};
pub use runtime_api::{IntegrityView, MarketView};
pub use settlement::Watch;
pub use time::{MarketTime, TimeScale};
pub use weights::WeightInfo;

use ballast_primitives::{
	history::{DailyMove, Day, HISTORY_DAYS},
	Moment, Price, Ratio, SurfaceQuote, UnderlyingId, Volatility,
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Underlyings whose ticks are accepted: the first so many that are listed.
pub const MAX_UNDERLYINGS: u32 = 16;
/// Expiries of one underlying that are watched at a time.
pub const MAX_EXPIRIES: u32 = 64;
/// Expiries of one underlying that are settled in one block; the others follow in the next.
pub const SETTLEMENTS_PER_TICK: usize = 4;

/// Where a settlement price came from.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum PriceSource {
	/// The average over the settlement window.
	Average {
		/// Seconds of the window that were covered by usable prices.
		covered: Moment,
	},
	/// Governance, because no window was covered enough for the governed time.
	Governance,
}

/// A market at genesis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisMarket {
	/// The underlying.
	pub underlying: UnderlyingId,
	/// A price within whose band the first tick must be. Without one the first tick with a quorum
	/// is accepted. In neither case can the market be used before it is fed.
	pub spot: Option<Price>,
	/// Volatilities: realised volatility and scan range begin with them, and the first that are
	/// fed must be within their band. Where only spot is fed (`OracleRules::spot_only`), realised
	/// volatility begins with that of 7 days, and the others are not looked at.
	pub volatility: SurfaceQuote,
	/// Daily moves before the chain's first day, oldest first.
	#[serde(default)]
	pub history: Vec<DailyMove>,
}

#[allow(clippy::expect_used, reason = "in what the macros of FRAME generate, nowhere else")]
#[frame_support::pallet]
pub mod pallet {
	use super::{observation::Observation, *};
	use ballast_traits::{InspectSeries, RiskParameters};
	use frame_support::{
		pallet_prelude::*,
		traits::{Contains, UnixTime},
	};
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The chain's clock.
		type UnixTime: UnixTime;

		/// Seconds between two blocks, where market time is the chain's own.
		type BlockTime: Get<Moment>;
		/// The operators' spot prices.
		type Spot: RawFeeds<Self::AccountId, UnderlyingId, Price>;
		/// The operators' volatilities.
		type Volatilities: RawFeeds<Self::AccountId, UnderlyingId, SurfaceQuote>;
		/// Which underlyings are listed.
		type Series: InspectSeries;
		/// The thresholds.
		type Parameters: RiskParameters;
		/// Who may set a settlement price that was missed.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;
		/// Which calls feed an oracle.
		type IsFeed: Contains<<Self as frame_system::Config>::RuntimeCall>;
		/// Who are the operators.
		type IsOperator: Contains<Self::AccountId>;
		/// Priority of an operator's feed in the transaction pool: above that of all else.
		#[pallet::constant]
		type FeedPriority: Get<TransactionPriority>;
		/// Operators whose values are read.
		#[pallet::constant]
		type MaxOperators: Get<u32>;
		/// What benchmarks cannot do by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper;
		/// What calls and hooks weigh.
		type WeightInfo: WeightInfo;
	}

	/// How market time runs. Set at genesis.
	#[pallet::storage]
	pub type Scale<T: Config> = StorageValue<_, TimeScale, ValueQuery>;

	/// The block in which ticks were accepted last.
	#[pallet::storage]
	pub type AcceptedIn<T: Config> = StorageValue<_, BlockNumberFor<T>>;

	/// The markets.
	#[pallet::storage]
	pub type Markets<T: Config> = StorageMap<_, Twox64Concat, UnderlyingId, Market>;

	/// The expiries whose settlement price is waited for, in order of time.
	#[pallet::storage]
	pub type Watched<T: Config> = StorageMap<
		_,
		Twox64Concat,
		UnderlyingId,
		BoundedVec<Watch, ConstU32<MAX_EXPIRIES>>,
		ValueQuery,
	>;

	/// Settlement prices, by underlying and expiry. Never changed; removed when nobody needs them.
	#[pallet::storage]
	pub type SettlementPrices<T: Config> =
		StorageDoubleMap<_, Twox64Concat, UnderlyingId, Twox64Concat, Moment, Price>;

	/// The part of the market's average that is being filled.
	#[pallet::storage]
	pub type RunningSlices<T: Config> = StorageMap<_, Twox64Concat, UnderlyingId, RunningSlice>;

	/// The parts of the market's average that are over, earliest first. Those of a window at most;
	/// written only when one is over.
	#[pallet::storage]
	pub type ClosedSlices<T: Config> = StorageMap<
		_,
		Twox64Concat,
		UnderlyingId,
		BoundedVec<ClosedSlice, ConstU32<CLOSED_SLICES>>,
		ValueQuery,
	>;

	/// How underlyings moved, day by day, oldest first.
	#[pallet::storage]
	pub type History<T: Config> = StorageMap<
		_,
		Twox64Concat,
		UnderlyingId,
		BoundedVec<DailyMove, ConstU32<HISTORY_DAYS>>,
		ValueQuery,
	>;

	/// The last day that has closed.
	#[pallet::storage]
	pub type LastClose<T: Config> = StorageMap<_, Twox64Concat, UnderlyingId, Close>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// How market time runs.
		pub time_scale: TimeScale,
		/// The markets.
		pub markets: Vec<GenesisMarket>,
		/// Nothing.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Scale::<T>::put(self.time_scale);
			assert!(self.markets.len() <= MAX_UNDERLYINGS as usize, "too many markets");
			for GenesisMarket { underlying, spot, volatility, history } in &self.markets {
				assert!(spot.is_none_or(|price| price.is_plausible()), "price out of range");
				assert!(volatility.is_plausible(), "surface out of range or not free of arbitrage");
				let days =
					BoundedVec::<DailyMove, ConstU32<HISTORY_DAYS>>::try_from(history.clone());
				assert!(days.is_ok(), "history too long");
				History::<T>::insert(underlying, days.unwrap_or_default());
				let rules = T::Parameters::oracle(*underlying);
				let mut market = Market::at_genesis(*spot, *volatility, &rules);
				if let Some(risk) = T::Parameters::underlying(*underlying) {
					let update = market.update_scan(&risk, &rules, 0);
					assert!(update.is_ok(), "scan range out of range");
				}
				Markets::<T>::insert(underlying, market);
			}
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A spot price was accepted: it holds until the next is.
		TickAccepted {
			/// The underlying.
			underlying: UnderlyingId,
			/// Median of the operators' fresh prices.
			price: Price,
			/// Operators behind it.
			operators: u32,
			/// `(highest - lowest) / median` of their prices.
			dispersion: Ratio,
		},
		/// The operators' median was refused; the last accepted price holds.
		TickRefused {
			/// The underlying.
			underlying: UnderlyingId,
			/// The median that was refused.
			price: Price,
			/// Why.
			reason: Refusal,
		},
		/// Volatilities were accepted.
		VolatilityAccepted {
			/// The underlying.
			underlying: UnderlyingId,
			/// Median of the operators' fresh volatilities, tenor by tenor.
			volatility: SurfaceQuote,
			/// Operators behind them.
			operators: u32,
		},
		/// The operators' median volatilities were refused; the last accepted ones hold.
		VolatilityRefused {
			/// The underlying.
			underlying: UnderlyingId,
			/// The median that was refused.
			volatility: SurfaceQuote,
			/// Why.
			reason: Refusal,
		},
		/// An operator's value cannot be true (a price of zero, a volatility outside [0.01, 10]) and
		/// does not count.
		ValueIgnored {
			/// The underlying.
			underlying: UnderlyingId,
			/// Who fed it.
			operator: T::AccountId,
		},
		/// An underlying's tick could not be processed; nothing of it has changed.
		TickFailed {
			/// The underlying.
			underlying: UnderlyingId,
			/// What went wrong.
			error: DispatchError,
		},
		/// A day has ended: its close, and how far it is from the close before.
		DayClosed {
			/// The underlying.
			underlying: UnderlyingId,
			/// The day, counted from 1970-01-01 UTC.
			day: Day,
			/// The price in force at its end.
			price: Price,
			/// The at-the-money volatility of 30 days in force at its end.
			volatility: Option<Volatility>,
			/// The move that was added to the history; none at the first close.
			moved: Option<DailyMove>,
		},
		/// The range by which spot moves in the scenarios has changed.
		ScanRangeMoved {
			/// The underlying.
			underlying: UnderlyingId,
			/// Range of maintenance margin, which moves towards the target at a bounded speed.
			maintenance: Ratio,
			/// Range of initial margin.
			initial: Ratio,
			/// The target.
			target: Ratio,
		},
		/// An expiry is being watched for its settlement price.
		ExpiryWatched {
			/// The underlying.
			underlying: UnderlyingId,
			/// The expiry.
			expiry: Moment,
		},
		/// Too little of a settlement window was covered by usable prices: it has moved later.
		SettlementWindowMoved {
			/// The underlying.
			underlying: UnderlyingId,
			/// The expiry.
			expiry: Moment,
			/// Where the window ends now.
			ends_at: Moment,
		},
		/// The settlement price of an expiry is known and will never change.
		SettlementPriceSet {
			/// The underlying.
			underlying: UnderlyingId,
			/// The expiry.
			expiry: Moment,
			/// The price.
			price: Price,
			/// Where it came from.
			source: PriceSource,
		},
		/// An expiry is no longer watched, or its settlement price was removed.
		ExpiryForgotten {
			/// The underlying.
			underlying: UnderlyingId,
			/// The expiry.
			expiry: Moment,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The underlying is not listed, or has no risk parameters. List it first.
		UnderlyingUnknown,
		/// Only spot is fed of this underlying: it is collateral, and has no options. Take another
		/// underlying.
		SpotOnly,
		/// The expiry is not in the future. Take a later one.
		ExpiryNotInFuture,
		/// As many expiries of this underlying are watched as can be. Wait until one is settled.
		TooManyExpiries,
		/// Nobody waits for the settlement price of this expiry. Check underlying and expiry.
		ExpiryNotWatched,
		/// The settlement price of this expiry is known and cannot be changed.
		SettlementPriceKnown,
		/// A day has not passed since this expiry: the market may still give the price. Wait.
		SettlementNotOverdue,
		/// The price is farther from the last accepted one than the cap of the scan range. Take one
		/// that is nearer.
		PriceOutsideCap,
		/// No price was ever accepted for this underlying. Wait for the operators.
		PriceNeverAccepted,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Charges for the acceptance of this block's ticks, whoever does it.
		fn on_initialize(_block: BlockNumberFor<T>) -> Weight {
			Self::weight_of_ticks()
		}

		/// Accepts this block's ticks if nothing before has.
		fn on_finalize(_block: BlockNumberFor<T>) {
			Self::do_accept_ticks();
		}

		fn integrity_test() {
			assert!(T::MaxOperators::get() > 0, "values of no operator would be read");
			assert!(T::FeedPriority::get() > 0, "feeds would not come first");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_block: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Set the settlement price of an expiry for which no window was covered enough.
		///
		/// For governance, `settlement_overdue` of the oracle rules after the expiry at the earliest. The price must be within the cap
		/// of the scan range of the last accepted price, and is final.
		///
		/// - `underlying`: the underlying of the expired series.
		/// - `expiry`: their expiry, in seconds of market time.
		/// - `price`: the settlement price.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::set_settlement_price())]
		pub fn set_settlement_price(
			origin: OriginFor<T>,
			underlying: UnderlyingId,
			expiry: Moment,
			price: Price,
		) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_set_settlement_price(underlying, expiry, price)
		}
	}
}
