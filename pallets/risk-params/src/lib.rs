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
mod benchmarking;
mod change;
mod errors;
mod events;
pub mod guardian;
mod in_force;
mod proposal;
pub mod ramp;
pub mod rules;
pub mod runtime_api;
mod try_state;
mod value;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use change::GroupKey;
pub use guardian::{Guard, GuardEnd};
pub use pallet::*;
pub use proposal::Proposal;
pub use ramp::{Ramp, RampEnd, RAMP_STEPS};
pub use rules::{Group, Refusal, Rule, Violation};
pub use value::GuardedValue;
pub use weights::WeightInfo;

use ballast_primitives::{
	params::{
		CashRules, FundRules, LiquidationRules, MarginRules, OracleRules, PoolRules, TradeRules,
		UnderlyingRisk, VaultRules,
	},
	UnderlyingId,
};
use frame_support::pallet_macros::import_section;

/// Underlyings whose thresholds may be set, at most: a change of the pool's rules is checked
/// against each of them.
pub const MAX_UNDERLYINGS: u32 = 16;

#[import_section(events::events)]
#[import_section(errors::errors)]
#[allow(clippy::expect_used, reason = "in what the macros of FRAME generate, nowhere else")]
#[allow(
	clippy::large_enum_variant,
	reason = "a risk is large; calls and events are made one at a time, encoded and dropped"
)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Who may change every threshold, and lift what the guardian has done.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who may change oracle rules.
		type OracleOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who may change the bounds of option vaults.
		type ListingOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who may tighten thresholds and halt underlyings for a while.
		type GuardianOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Blocks that what the guardian does may last, at most.
		type GuardLengthMax: Get<BlockNumberFor<Self>>;

		/// Blocks over which maintenance margin is tightened, at least.
		type RampLengthMin: Get<BlockNumberFor<Self>>;

		/// Blocks over which a group may be ramped, at most.
		type RampLengthMax: Get<BlockNumberFor<Self>>;

		/// Whether every underlying is closed to new open interest, as in an emergency.
		type AllHalted: Get<bool>;

		/// What the calls cost.
		type WeightInfo: WeightInfo;
	}

	/// Risk of each underlying. An underlying without one cannot be traded.
	#[pallet::storage]
	pub type UnderlyingRisks<T: Config> =
		CountedStorageMap<_, Twox64Concat, UnderlyingId, UnderlyingRisk>;

	/// Oracle rules of each underlying; the default rules are in force where none were set.
	#[pallet::storage]
	pub type OracleRulesOf<T: Config> =
		CountedStorageMap<_, Twox64Concat, UnderlyingId, OracleRules>;

	/// Margin rules in force.
	#[pallet::storage]
	pub type Margin<T: Config> = StorageValue<_, MarginRules, ValueQuery>;

	/// Rules of cash in force: interest and limits of withdrawals.
	#[pallet::storage]
	pub type Cash<T: Config> = StorageValue<_, CashRules, ValueQuery>;

	/// Liquidation rules in force.
	#[pallet::storage]
	pub type Liquidation<T: Config> = StorageValue<_, LiquidationRules, ValueQuery>;

	/// Rules of the mutual pool in force.
	#[pallet::storage]
	pub type Pool<T: Config> = StorageValue<_, PoolRules, ValueQuery>;

	/// Bounds of option vaults in force.
	#[pallet::storage]
	pub type Vaults<T: Config> = StorageValue<_, VaultRules, ValueQuery>;

	/// Rules of the insurance fund, the loss waterfall and revenue in force.
	#[pallet::storage]
	pub type Funds<T: Config> = StorageValue<_, FundRules, ValueQuery>;

	/// Rules of trades between two accounts in force.
	#[pallet::storage]
	pub type Trades<T: Config> = StorageValue<_, TradeRules, ValueQuery>;

	/// Block in which each group was last changed: a batch of calls must not walk past the greatest
	/// step.
	#[pallet::storage]
	pub type ChangedAt<T: Config> = StorageMap<_, Twox64Concat, GroupKey, BlockNumberFor<T>>;

	/// Groups that the guardian has tightened: until when, over which value of governance, and the way of its
	/// own.
	#[pallet::storage]
	pub type Guards<T: Config> = StorageMap<_, Twox64Concat, GroupKey, Guard<BlockNumberFor<T>>>;

	/// Underlyings that are closed to new open interest, and the first block in which they are not.
	#[pallet::storage]
	pub type Halts<T: Config> = StorageMap<_, Twox64Concat, UnderlyingId, BlockNumberFor<T>>;

	/// Groups on their way to a new value of governance. The value in force is where it is always read.
	#[pallet::storage]
	pub type Ramps<T: Config> = StorageMap<_, Twox64Concat, GroupKey, Ramp<BlockNumberFor<T>>>;

	/// The first block in which a guard or a halt may be over, or a ramp has a step.
	#[pallet::storage]
	pub type NextDue<T: Config> = StorageValue<_, BlockNumberFor<T>>;

	/// Thresholds with which the chain starts. They obey hard ranges and the rules between fields,
	/// not the greatest steps.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Underlyings with their risk and oracle rules.
		pub underlyings: Vec<(UnderlyingId, UnderlyingRisk, OracleRules)>,
		/// Margin rules, if not the default.
		pub margin: Option<MarginRules>,
		/// Rules of cash, if not the default.
		pub cash: Option<CashRules>,
		/// Liquidation rules, if not the default.
		pub liquidation: Option<LiquidationRules>,
		/// Rules of the pool, if not the default.
		pub pool: Option<PoolRules>,
		/// Bounds of vaults, if not the default.
		pub vaults: Option<VaultRules>,
		/// Rules of the insurance fund, the waterfall and revenue, if not the default.
		pub funds: Option<FundRules>,
		/// Rules of trades between two accounts, if not the default.
		pub trades: Option<TradeRules>,
		/// Nothing.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			self.put();
			let checked = Pallet::<T>::do_try_state();
			assert!(checked.is_ok(), "thresholds at genesis: {checked:?}");
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(now: BlockNumberFor<T>) -> Weight {
			Self::do_turn(now)
		}

		fn integrity_test() {
			let defaults = (
				MarginRules::default().validate(),
				CashRules::default().validate(),
				LiquidationRules::default().validate(),
				PoolRules::default().validate(),
				OracleRules::default().validate(),
				VaultRules::default().validate(),
				FundRules::default().validate(),
				TradeRules::default().validate(),
			);
			let valid = (Ok(()), Ok(()), Ok(()), Ok(()), Ok(()), Ok(()), Ok(()), Ok(()));
			assert_eq!(defaults, valid, "default thresholds");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Sets how risky an underlying is: scan range, volatility moves, contingencies, peg,
		/// caps and order sizes, as a whole.
		///
		/// What raises maintenance margin comes in steps over an hour of governance (`RampBegun`), the rest
		/// at once; maintenance scan ranges move at `scan_ramp_per_hour` as ever. `ramp` takes longer.
		///
		/// The first value of an underlying is bound by hard ranges and by the rules between fields;
		/// each later one also by the greatest steps from the value in force. Ask
		/// `riskParamsApi.checkUnderlyingRisk` first: it names the rule and the field.
		/// Emits `UnderlyingRiskSet`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::set_underlying_risk())]
		pub fn set_underlying_risk(
			origin: OriginFor<T>,
			underlying: UnderlyingId,
			value: UnderlyingRisk,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set(GuardedValue::Underlying(underlying, value))
		}

		/// Sets when a median of the operators' values becomes a price of this underlying, and how
		/// long it may be used.
		///
		/// The first value of an underlying has no greatest step, and alone chooses whether only its
		/// spot is fed; once the underlying has a risk, that is settled too. Ask
		/// `riskParamsApi.checkOracleRules` first. Emits `OracleRulesSet`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::set_oracle_rules())]
		pub fn set_oracle_rules(
			origin: OriginFor<T>,
			underlying: UnderlyingId,
			value: OracleRules,
		) -> DispatchResult {
			T::OracleOrigin::ensure_origin(origin)?;
			Self::do_set_oracle_rules(underlying, value)
		}

		/// Sets the initial-margin factor, the contingencies common to every underlying and the
		/// scenarios over which the worst loss is taken.
		///
		/// One change may add or take away eight scenarios. What raises maintenance margin comes in steps
		/// over an hour of governance (`RampBegun`): a new scenario gains its weight, one that it replaces
		/// stays until the end. Ask `riskParamsApi.checkMarginRules` first. Emits `MarginRulesSet`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::set_margin_rules())]
		pub fn set_margin_rules(origin: OriginFor<T>, value: MarginRules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set(GuardedValue::Margin(value))
		}

		/// Sets the liquidation auction's curve, buffer, penalty and rewards.
		///
		/// Ask `riskParamsApi.checkLiquidationRules` first. Emits `LiquidationRulesSet`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::set_liquidation_rules())]
		pub fn set_liquidation_rules(
			origin: OriginFor<T>,
			value: LiquidationRules,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_liquidation_rules(value)
		}

		/// Sets what the mutual pool charges and how much risk it takes.
		///
		/// Ask `riskParamsApi.checkPoolRules` first. Emits `PoolRulesSet`.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::set_pool_rules())]
		pub fn set_pool_rules(origin: OriginFor<T>, value: PoolRules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set(GuardedValue::Pool(value))
		}

		/// Sets the interest that loans pay and lenders earn, how far cash is lent, and how fast money
		/// may leave.
		///
		/// The rates hold from the clearing house's next accrual of interest on. Ask
		/// `riskParamsApi.checkCashRules` first. Emits `CashRulesSet`.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::set_cash_rules())]
		pub fn set_cash_rules(origin: OriginFor<T>, value: CashRules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set(GuardedValue::Cash(value))
		}

		/// Sets the bounds within which option vaults are set up: bond, deposits, fees, strikes and
		/// auctions.
		///
		/// Ask `riskParamsApi.checkVaultRules` first. Emits `VaultRulesSet`.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::set_vault_rules())]
		pub fn set_vault_rules(origin: OriginFor<T>, value: VaultRules) -> DispatchResult {
			T::ListingOrigin::ensure_origin(origin)?;
			Self::do_set_vault_rules(value)
		}

		/// Tightens a group until a block, at which what governance has is in force again by itself.
		///
		/// For the guardian. Of each field the tighter is in force: this one, or that of governance, whose own
		/// ramp goes on meanwhile. A field that shall not be guarded is as governance has set it, or where its ramp
		/// leads, and so is every field without a tighter direction; all others are no looser, and within one
		/// step. What raises maintenance margin comes in steps over an hour of governance, as in a change of
		/// governance. What ends before it begins fails. Emits `Guarded`.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::guard().max(T::WeightInfo::guard_of_pool()))]
		pub fn guard(
			origin: OriginFor<T>,
			value: GuardedValue,
			until: BlockNumberFor<T>,
		) -> DispatchResult {
			T::GuardianOrigin::ensure_origin(origin)?;
			Self::do_guard(value, until)
		}

		/// Closes an underlying to new open interest until a block. Positions can be closed, settled
		/// and liquidated all the same.
		///
		/// For the guardian. Emits `UnderlyingHalted`.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::halt())]
		pub fn halt(
			origin: OriginFor<T>,
			underlying: UnderlyingId,
			until: BlockNumberFor<T>,
		) -> DispatchResult {
			T::GuardianOrigin::ensure_origin(origin)?;
			Self::do_halt(underlying, until)
		}

		/// Ends what the guardian has made of a group before its time. Emits `GuardEnded`.
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::lift_guard())]
		pub fn lift_guard(origin: OriginFor<T>, key: GroupKey) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_lift_guard(key)
		}

		/// Opens an underlying that the guardian has halted before its time. Emits `HaltEnded`.
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::lift_halt())]
		pub fn lift_halt(origin: OriginFor<T>, underlying: UnderlyingId) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_lift_halt(underlying)
		}

		/// Sets how much the insurance fund shall have, what an event window may use of it and of the
		/// pool, and who receives the clearing house's revenue beyond that.
		///
		/// The four shares of revenue must be one together. Ask `riskParamsApi.checkFundRules` first.
		/// Emits `FundRulesSet`.
		#[pallet::call_index(11)]
		#[pallet::weight(T::WeightInfo::set_fund_rules())]
		pub fn set_fund_rules(origin: OriginFor<T>, value: FundRules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_fund_rules(value)
		}

		/// Sets how far from mark two accounts may trade, and what an offer costs and how long it lives.
		///
		/// Offers that are stored keep their deposit and their end. Ask
		/// `riskParamsApi.checkTradeRules` first. Emits `TradeRulesSet`.
		#[pallet::call_index(12)]
		#[pallet::weight(T::WeightInfo::set_trade_rules())]
		pub fn set_trade_rules(origin: OriginFor<T>, value: TradeRules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_trade_rules(value)
		}

		/// Sets a group in steps over this many blocks: every number goes from the value in force to the
		/// new one on a straight line, rounded down, up or down, in at most 100 steps.
		///
		/// Order sizes change at once; scenarios that are new or weigh more gain their weight on the way,
		/// those that weigh less or go stay until the end. At least an hour, at most 28 days of
		/// governance. Each value on the way must be valid. Ask `riskParamsApi.checkRamp` first. Emits the
		/// event of the group and `RampBegun`.
		#[pallet::call_index(13)]
		#[pallet::weight(T::WeightInfo::ramp().max(T::WeightInfo::ramp_of_pool()))]
		pub fn ramp(
			origin: OriginFor<T>,
			value: GuardedValue,
			over: BlockNumberFor<T>,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_ramp(value, over)
		}

		/// Stops a group on its way: what has moved goes back to where it was when the ramp began, by the
		/// rules of any change (what is looser at once). What had come at once stays.
		///
		/// Not while a guard is in force. Emits `RampEnded`.
		#[pallet::call_index(14)]
		#[pallet::weight(T::WeightInfo::cancel_ramp())]
		pub fn cancel_ramp(origin: OriginFor<T>, key: GroupKey) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_cancel_ramp(key)
		}
	}
}
