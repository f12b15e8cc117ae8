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

mod accounts;
mod arrays;
mod bankruptcy;
mod custody;
mod holdings;
mod ledger;
mod portfolio;
mod requirement;
mod rule;
pub mod runtime_api;
mod settlement;
mod standing;
mod stored_risk;
mod sweep;
mod trade;
mod try_state;
pub mod types;
mod view;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use stored_risk::{StoredRisk, Tick};
pub use types::{
	Account, AccountView, Expiries, Full, Holding, IdentityReport, Pass, Position, Settling,
	UnderlyingRequirement, MAX_COLLATERALS, MAX_EXPIRIES, MAX_POSITIONS,
};
pub use weights::WeightInfo;

/// Target of log lines.
pub(crate) const LOG_TARGET: &str = "runtime::margin";

#[frame_support::pallet]
#[allow(
	clippy::expect_used,
	clippy::useless_conversion,
	reason = "in what FRAME's macros expand to; the calls below only delegate"
)]
pub mod pallet {
	use super::*;
	use ballast_primitives::{AssetId, Quantity, SeriesId, Usd, MAX_AMERICAN_SERIES};
	use ballast_traits::{
		CoverDeficit, InspectMarket, InspectSeries, MutateMarket, MutateSeries, RiskParameters,
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

		/// Accounts with a capital rule of their own (the mutual pool, the insurance fund): no margin
		/// rule, no position cap, no resolution here. Must contain the waterfall's successor.
		type Exempt: Contains<Self::AccountId>;

		/// What the calls cost.
		type WeightInfo: WeightInfo;
	}

	/// Margin accounts. An account without anything is not stored.
	#[pallet::storage]
	pub type Accounts<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Account>;

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

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Quote currency was deposited; `cash` is the account's balance after it.
		Deposited { who: T::AccountId, amount: Usd, cash: Usd },
		/// Quote currency was withdrawn; `cash` is the account's balance after it.
		Withdrawn { who: T::AccountId, amount: Usd, cash: Usd },
		/// Collateral was deposited; the account now holds `total` units of it.
		CollateralDeposited {
			who: T::AccountId,
			asset: AssetId,
			quantity: Quantity,
			total: Quantity,
		},
		/// Collateral was withdrawn; the account still holds `total` units of it.
		CollateralWithdrawn {
			who: T::AccountId,
			asset: AssetId,
			quantity: Quantity,
			total: Quantity,
		},
		/// Contracts were bought and sold; the buyer paid `premium` for all of them.
		Traded {
			buyer: T::AccountId,
			seller: T::AccountId,
			series: SeriesId,
			quantity: Quantity,
			premium: Usd,
		},
		/// Cash moved between two accounts.
		CashTransferred { from: T::AccountId, to: T::AccountId, amount: Usd },
		/// Contracts (negative: shorts) moved between two accounts without being traded.
		PositionTransferred {
			from: T::AccountId,
			to: T::AccountId,
			series: SeriesId,
			quantity: Quantity,
		},
		/// Collateral moved between two accounts.
		CollateralTransferred {
			from: T::AccountId,
			to: T::AccountId,
			asset: AssetId,
			quantity: Quantity,
		},
		/// Contracts of a settled series turned into cash: `amount` is what the account received,
		/// negative what it paid.
		PositionSettled { who: T::AccountId, series: SeriesId, quantity: Quantity, amount: Usd },
		/// Every position of a series is settled. `collected` is what shorts could pay, `paid` what
		/// longs received; the difference is a loss that others bear.
		SeriesCompleted { series: SeriesId, collected: Usd, paid: Usd },
		/// An account with nothing left but a debt was brought to zero: its collateral went to the
		/// fund at mark, the waterfall bore `deficit`.
		BankruptcyResolved { who: T::AccountId, deficit: Usd, collateral: Usd },
		/// Cash was credited that the deficit account carries.
		DeficitCredited { who: T::AccountId, amount: Usd },
		/// Cash was taken in repayment of the deficit account.
		DeficitDebited { from: T::AccountId, amount: Usd },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The amount or quantity is zero. Name one that is greater.
		AmountZero,
		/// The amount is negative. Name one that is not.
		AmountNegative,
		/// The clearing house does not take this asset as collateral. Take one of an underlying with
		/// a collateral cap above zero; deposit the quote currency with `deposit`.
		AssetNotEligible,
		/// The clearing house holds as much of this asset as it may. Deposit less, or another asset.
		CollateralCapExceeded,
		/// The account does not have that much cash. Withdraw at most its cash.
		InsufficientCash,
		/// The account does not hold that much of the asset.
		InsufficientCollateral,
		/// The account would not meet initial margin. Deposit, or close positions, first.
		BelowInitialMargin,
		/// A price that this needs is stale, unconfirmed or fed by too few operators. Wait for the
		/// next accepted tick; deposits are possible meanwhile.
		PriceNotUsable,
		/// An account holds at most 64 positions. Close one, or use another account.
		TooManyPositions,
		/// An account holds at most 8 collateral assets. Withdraw one, or use another account.
		TooManyCollaterals,
		/// There are positions in too many expiries. Trade an expiry that is open already.
		TooManyExpiries,
		/// Withdrawals wait while losses that nobody has paid exceed the insurance fund.
		WithdrawalsBlocked,
		/// The clearing house does not hold this much now: it is lent, or not collected yet. Withdraw
		/// less, or later.
		InsufficientLiquidity,
		/// There is no such series.
		SeriesUnknown,
		/// The series has expired: its positions are frozen until they are settled.
		SeriesNotLive,
		/// The underlying has no risk parameters: it cannot be traded.
		NotTradable,
		/// The position would be larger than one account may hold in one series. Trade less.
		PositionCapExceeded,
		/// Both sides are the same account.
		SelfTrade,
		/// The share is zero or above one.
		ShareOutOfRange,
		/// The listing's open interest is not the sum of positions. Not caused by users: report it.
		OpenInterestMismatch,
		/// The waterfall did not bring a deficit to exactly zero. Not caused by users: report it.
		DeficitNotCovered,
		/// Your own balance of the asset is smaller than that. Deposit at most what you have.
		InsufficientBalance,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
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
			let weight = T::WeightInfo::withdraw(touched.positions, touched.american);
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
			let weight = T::WeightInfo::withdraw_collateral(touched.positions, touched.american);
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
	}
}
