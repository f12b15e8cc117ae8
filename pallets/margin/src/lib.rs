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

pub mod account;
mod accounts;
mod arrays;
mod bankruptcy;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
pub mod cash;
mod covers;
mod custody;
mod desk;
mod errors;
mod events;
mod exercise;
pub mod explain;
mod fold;
mod holdings;
mod ledger;
pub mod limits;
mod portfolio;
mod positions;
mod requirement;
mod rule;
pub mod runtime_api;
mod settlement;
mod standing;
mod stored_risk;
mod sweep;
mod trade;
mod transfers;
mod try_state;
pub mod types;
mod view;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use account::{
	Account, CashIndex, Cover, Exercising, Full, Position, StoredAccount, MAX_ASSETS,
	MAX_COLLATERALS, MAX_POSITIONS,
};
pub use cash::{CashMarket, CashMarketView};
pub use explain::types::AccountExplanation;
pub use limits::Outflow;
pub use pallet::*;
pub use stored_risk::{StoredRisk, Tick};
pub use types::{
	AccountView, ExercisePot, ExerciseQueue, ExerciseRequest, Expiries, Holding, IdentityReport,
	Pass, PositionView, Settling, TransferList, UnderlyingRequirement, MAX_EXERCISE_REQUESTS,
	MAX_EXPIRIES,
};
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

/// Target of log lines.
pub(crate) const LOG_TARGET: &str = "runtime::margin";

#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
#[allow(
	clippy::expect_used,
	clippy::useless_conversion,
	reason = "in what FRAME's macros expand to; the calls below only delegate"
)]
pub mod pallet {
	use super::*;
	use ballast_primitives::{
		Amount, AssetId, Price, Quantity, SeriesId, Usd, MAX_AMERICAN_SERIES,
	};
	use ballast_traits::{
		CoverDeficit, InspectMarket, InspectSeries, MutateMarket, MutateSeries, OnRevenue,
		RiskParameters,
	};
	use frame_support::{
		pallet_prelude::*,
		traits::fungibles::{metadata, Inspect, Mutate},
		traits::Contains,
		PalletId,
	};
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The quote currency and the collateral assets.
		type Assets: Inspect<Self::AccountId, AssetId = AssetId, Balance = u128>
			+ Mutate<Self::AccountId>
			+ metadata::Inspect<Self::AccountId>;

		/// The asset in which everything is valued and paid.
		#[pallet::constant]
		type QuoteAsset: Get<AssetId>;

		/// Names the custody account.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Prices and market time.
		type Market: InspectMarket + MutateMarket;

		/// Underlyings and series.
		type Series: InspectSeries + MutateSeries;

		/// Thresholds.
		type Parameters: RiskParameters;

		/// Where deficits go.
		type Waterfall: CoverDeficit<Self::AccountId>;

		/// Told of interest margin that the insurance fund has received.
		type Revenue: OnRevenue;

		/// Accounts with a capital rule of their own (the mutual pool, the insurance fund): no margin
		/// rule, no position cap, no resolution here. Must contain the waterfall's successor.
		type Exempt: Contains<Self::AccountId>;

		/// What benchmarks cannot do by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::AccountId>;

		/// What the calls cost.
		type WeightInfo: WeightInfo;
	}

	/// Margin accounts. An account without anything is not stored.
	#[pallet::storage]
	pub type Accounts<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, StoredAccount>;

	/// What the ledger holds of each asset. Amounts enter and leave only here: an unsolicited
	/// transfer to the custody account changes nobody's equity.
	#[pallet::storage]
	pub type Holdings<T: Config> = StorageMap<_, Twox64Concat, AssetId, Holding>;

	/// Progress of every series whose settlement has begun and is not complete.
	#[pallet::storage]
	pub type Settlements<T: Config> = StorageMap<_, Twox64Concat, SeriesId, Settling>;

	/// Expiries of which there are, or may be, positions.
	#[pallet::storage]
	pub type OpenExpiries<T: Config> = StorageValue<_, Expiries, ValueQuery>;

	/// The pass of the settlement sweep that is under way.
	#[pallet::storage]
	pub type Sweep<T: Config> = StorageValue<_, Pass<T::AccountId>>;

	/// Settlements of positions so far: each leaves at most one unit (1e-18) with the house.
	#[pallet::storage]
	pub type Roundings<T: Config> = StorageValue<_, u64, ValueQuery>;

	/// Risk arrays of series with open contracts, each with the tick it was computed from. One of an
	/// older tick is not used: it is computed anew where it is needed next, and stored.
	#[pallet::storage]
	pub type SeriesRisks<T: Config> = StorageMap<_, Twox64Concat, SeriesId, StoredRisk>;

	/// Cash as a lending market: indexes and sums of loans and balances.
	#[pallet::storage]
	pub type CashState<T: Config> = StorageValue<_, CashMarket, ValueQuery>;

	/// Requests to exercise that wait for a tick, in order of arrival.
	#[pallet::storage]
	pub type ExerciseRequests<T: Config> = StorageValue<_, ExerciseQueue<T::AccountId>, ValueQuery>;

	/// What early exercise of a series owes and has collected, while it owes anything.
	#[pallet::storage]
	pub type ExercisePots<T: Config> =
		StorageMap<_, Twox64Concat, SeriesId, ExercisePot, ValueQuery>;

	/// Whether positions were folded that the settlement sweep has not visited since.
	#[pallet::storage]
	pub type UnsweptFolds<T: Config> = StorageValue<_, bool, ValueQuery>;

	/// What has left of each asset lately.
	#[pallet::storage]
	pub type Outflows<T: Config> = StorageMap<_, Twox64Concat, AssetId, Outflow>;

	/// Who may transfer positions to whom: receiver, sender.
	#[pallet::storage]
	pub type TransferPermits<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, T::AccountId, ()>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Self::do_exercises()
		}

		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			Self::do_sweep(remaining)
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Deposit quote currency into your margin account.
		///
		/// `amount` is in the asset's smallest unit (USD has 6 decimals: 1000000 is one dollar). It is
		/// taken from your balance of the asset. Repays a negative cash balance first.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::deposit(MAX_POSITIONS))]
		pub fn deposit(
			origin: OriginFor<T>,
			#[pallet::compact] amount: u128,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let positions = Self::do_deposit(&who, amount)?;
			Ok(Some(T::WeightInfo::deposit(positions)).into())
		}

		/// Withdraw quote currency from your margin account.
		///
		/// At most your cash, and only as far as initial margin stays covered without counting the
		/// value of long options (`MarginApi_withdrawable` says how much). Never creates a loan.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::withdraw(MAX_POSITIONS, MAX_AMERICAN_SERIES))]
		pub fn withdraw(
			origin: OriginFor<T>,
			#[pallet::compact] amount: u128,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let touched = Self::do_withdraw(&who, amount)?;
			let weight = custody::valued_or_settled::<T::WeightInfo>(
				T::WeightInfo::withdraw,
				touched.positions,
				touched.american,
			);
			Ok(Some(weight).into())
		}

		/// Deposit an asset, for example BTC, as collateral.
		///
		/// It counts at its market price, margined like a position; it covers short calls on the same
		/// underlying. `amount` is in the asset's smallest unit.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::deposit_collateral(MAX_POSITIONS))]
		pub fn deposit_collateral(
			origin: OriginFor<T>,
			#[pallet::compact] asset: AssetId,
			#[pallet::compact] amount: u128,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let positions = Self::do_deposit_collateral(&who, asset, amount)?;
			Ok(Some(T::WeightInfo::deposit_collateral(positions)).into())
		}

		/// Withdraw collateral, as far as initial margin stays covered without it.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::withdraw_collateral(MAX_POSITIONS, MAX_AMERICAN_SERIES))]
		pub fn withdraw_collateral(
			origin: OriginFor<T>,
			#[pallet::compact] asset: AssetId,
			#[pallet::compact] amount: u128,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let touched = Self::do_withdraw_collateral(&who, asset, amount)?;
			let weight = custody::valued_or_settled::<T::WeightInfo>(
				T::WeightInfo::withdraw_collateral,
				touched.positions,
				touched.american,
			);
			Ok(Some(weight).into())
		}

		/// Turn an account's expired positions into cash now, without waiting for the chain to do so.
		///
		/// Anyone may call it for any account. Positions whose payoff is not collected yet stay, and
		/// are paid later.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::settle(MAX_POSITIONS))]
		pub fn settle(origin: OriginFor<T>, account: T::AccountId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let positions = Self::do_touch(&account)?.positions;
			Ok(Some(T::WeightInfo::settle(positions)).into())
		}

		/// Exercise contracts of an American series early, all or some of those you hold.
		///
		/// They are exercised at the first price of the underlying that the chain accepts after this call;
		/// the request cannot be taken back or put off and the contracts cannot be sold meanwhile. Out of
		/// the money then, it lapses. The account must meet initial margin without these contracts, as if
		/// they were exercised now, or be no worse than before. What they are worth then counts for your
		/// margin at once and becomes cash as assigned writers pay. At expiry nobody has to ask: what is in the money is exercised.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::request_exercise(MAX_POSITIONS))]
		pub fn request_exercise(
			origin: OriginFor<T>,
			series: SeriesId,
			quantity: Quantity,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let positions = Self::do_request_exercise(&who, series, quantity)?;
			Ok(Some(T::WeightInfo::request_exercise(positions)).into())
		}

		/// Secure a short put with cash: the strike of every contract is locked until the position shrinks,
		/// is exercised or expires. It then needs no margin and can never be liquidated.
		///
		/// What is locked earns no interest and cannot be withdrawn, and stands behind nothing else: the
		/// account must meet initial margin without it, or be no worse than before. Selling more of the
		/// series locks more.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::release_put(MAX_POSITIONS, MAX_AMERICAN_SERIES))]
		pub fn secure_put(origin: OriginFor<T>, series: SeriesId) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_secure(&who, series)?;
			Ok(().into())
		}

		/// Release the cash behind a secured put, if you meet initial margin without it.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::release_put(MAX_POSITIONS, MAX_AMERICAN_SERIES))]
		pub fn release_put(origin: OriginFor<T>, series: SeriesId) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_unsecure(&who, series)?;
			Ok(().into())
		}

		/// Agree, or no longer agree, to receive positions and cash from another account.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::set_transfer_permit())]
		pub fn set_transfer_permit(
			origin: OriginFor<T>,
			sender: T::AccountId,
			allowed: bool,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_permit(&who, &sender, allowed)
		}

		/// Move positions (negative quantities: shorts), with cash if you like, to an account that agreed
		/// to receive from you (`set_transfer_permit`). Not a trade: no premium, no pool.
		///
		/// Both accounts must meet initial margin afterwards, or be no worse than before.
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::transfer_positions(
			u32::try_from(positions.len()).unwrap_or(MAX_POSITIONS)
		))]
		pub fn transfer_positions(
			origin: OriginFor<T>,
			to: T::AccountId,
			positions: TransferList,
			cash: Usd,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_transfer_positions(&who, &to, &positions, cash)
		}
	}
}
