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
pub mod rules;
pub mod runtime_api;
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use change::GroupKey;
pub use pallet::*;
pub use rules::{Group, Refusal, Rule, Violation};
pub use weights::WeightInfo;

use ballast_primitives::{
	params::{
		CashRules, LiquidationRules, MarginRules, OracleRules, PoolRules, UnderlyingRisk,
		VaultRules,
	},
	UnderlyingId,
};

/// Underlyings whose thresholds may be set, at most: a change of the pool's rules is checked
/// against each of them.
pub const MAX_UNDERLYINGS: u32 = 16;

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
		/// Who may change thresholds.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

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

	/// Rules of the mutual pool and the loss waterfall in force.
	#[pallet::storage]
	pub type Pool<T: Config> = StorageValue<_, PoolRules, ValueQuery>;

	/// Bounds of option vaults in force.
	#[pallet::storage]
	pub type Vaults<T: Config> = StorageValue<_, VaultRules, ValueQuery>;

	/// Block in which each group was last changed: a batch of calls must not walk past the greatest
	/// step.
	#[pallet::storage]
	pub type ChangedAt<T: Config> = StorageMap<_, Twox64Concat, GroupKey, BlockNumberFor<T>>;

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

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// The risk of an underlying was set; all of it is in force from this block on.
		UnderlyingRiskSet {
			/// The underlying.
			underlying: UnderlyingId,
			/// Its risk.
			risk: UnderlyingRisk,
		},
		/// The oracle rules of an underlying were set.
		OracleRulesSet {
			/// The underlying.
			underlying: UnderlyingId,
			/// Its oracle rules.
			rules: OracleRules,
		},
		/// The margin rules were set.
		MarginRulesSet {
			/// The rules.
			rules: MarginRules,
		},
		/// The rules of cash were set.
		CashRulesSet {
			/// The rules.
			rules: CashRules,
		},
		/// The liquidation rules were set.
		LiquidationRulesSet {
			/// The rules.
			rules: LiquidationRules,
		},
		/// The rules of the mutual pool and the waterfall were set.
		PoolRulesSet {
			/// The rules.
			rules: PoolRules,
		},
		/// The bounds of option vaults were set.
		VaultRulesSet {
			/// The rules.
			rules: VaultRules,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// A field is outside its hard range. The number is the field's position in the value,
		/// counted from 0 without `scenarios` and `spot_only`; the runtime API `riskParamsApi.check...` names it.
		/// Choose a value inside the range.
		OutOfRange(u8),
		/// A field moves further from the value in force than one change may. The number is the
		/// field's position, as in `OutOfRange`. Go there in several changes.
		StepTooLarge(u8),
		/// This group was changed in this block already. Submit the next change in a later block.
		ChangedInThisBlock,
		/// As many underlyings have thresholds as the chain carries. Reuse one of their ids.
		TooManyUnderlyings,
		/// `scan_floor` is above `scan_stressed`. Lower the one or raise the other.
		FloorAboveStressed,
		/// `scan_stressed` is above `scan_cap`. Lower the one or raise the other.
		StressedAboveCap,
		/// `fast_half_life` is not below `slow_half_life`. Shorten the one or lengthen the other.
		FastHalfLifeNotBelowSlow,
		/// The two short contingencies together reach `scan_floor`. Lower them or raise it.
		ContingencyNotBelowFloor,
		/// One of `peg_threshold` and `peg_slope` is zero and the other is not: nothing would ever be
		/// required. Set both, or neither.
		PegHalfSet,
		/// `quantity_min` is not a multiple of `quantity_step`. Choose sizes that fit.
		StepDoesNotDivideMinimum,
		/// `quantity_min` is above `position_cap`: nobody could open. Lower the one or raise the
		/// other.
		MinimumAbovePositionCap,
		/// `position_cap` is above `open_interest_cap`. Lower the one or raise the other.
		PositionCapAboveOpenInterestCap,
		/// The pool's `spread_of_spot` reaches some underlying's `short_contingency_maintenance`.
		/// Lower the spread, or raise that contingency first.
		SpreadNotBelowContingency,
		/// `sample_period` is longer than the underlying's `fast_half_life`. Sample more often.
		SampleSlowerThanHalfLife,
		/// `raw_age_max` is above `spot_age_max`: a value would be stale when it is accepted.
		RawOlderThanSpot,
		/// `spot_only` differs from the rules in force, under which options of the underlying may be
		/// listed already. It can be chosen only with the first rules, before the first risk.
		SpotOnlyFixed,
		/// `penalty` reaches `buffer`: a bid late in an auction would not help the account. Lower
		/// the penalty or raise the buffer.
		PenaltyNotBelowBuffer,
		/// `compensation_start` is above `compensation_fast`. The curve must rise.
		CompensationFalls,
		/// `fast_length` is not below `full_length`. The curve must rise.
		FastPartNotShorter,
		/// `keeper_reward_min` is above `keeper_rewards_per_block`: no keeper would be paid in full.
		RewardAboveBlockLimit,
		/// `dust` is above `whole_below_equity`. Lower the dust.
		DustAboveWholeAccount,
		/// `delta_min` is not below `delta_max`: the pool would quote nothing.
		DeltaBandEmpty,
		/// A rate is above the rate at a higher utilisation. The curve must rise.
		RateFalls,
		/// `withdrawal_per_hour` is above `withdrawal_per_day`. Lower the one or raise the other.
		HourAboveDay,
		/// A vault's least delta, distance or length of an auction is above the greatest: no vault could
		/// be set up. Lower the one or raise the other.
		VaultBoundsCross,
		/// A scenario moves spot by more than three scan ranges, or not to a multiple between 0.01
		/// and 10.
		ScenarioSpotOutOfRange,
		/// A scenario's weight is zero or above one. Leave out scenarios that shall not count.
		ScenarioWeightOutOfRange,
		/// Two scenarios have the same moves. Keep the one with the greater weight.
		ScenarioTwice,
		/// No scenario leaves spot where it is. Add one, with volatility up.
		SpotUnmovedMissing,
		/// No scenario moves spot up at weight one. Short calls would be margined by their tails
		/// alone.
		SpotUpMissing,
		/// No scenario moves spot down at weight one. Short puts would be margined by their tails
		/// alone.
		SpotDownMissing,
		/// No scenario moves volatility up. Short options would be margined as if it never rose.
		VolatilityUpMissing,
		/// The scenario set differs from the one in force by more than eight scenarios added or
		/// taken away (replacing one is both). Go there in several changes.
		TooManyScenarioChanges,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let defaults = (
				MarginRules::default().validate(),
				CashRules::default().validate(),
				LiquidationRules::default().validate(),
				PoolRules::default().validate(),
				OracleRules::default().validate(),
				VaultRules::default().validate(),
			);
			let valid = (Ok(()), Ok(()), Ok(()), Ok(()), Ok(()), Ok(()));
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
			Self::do_set_underlying_risk(underlying, value)
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
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_oracle_rules(underlying, value)
		}

		/// Sets the initial-margin factor, the contingencies common to every underlying and the
		/// scenarios over which the worst loss is taken.
		///
		/// One change may add or take away eight scenarios. Ask `riskParamsApi.checkMarginRules`
		/// first. Emits `MarginRulesSet`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::set_margin_rules())]
		pub fn set_margin_rules(origin: OriginFor<T>, value: MarginRules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_margin_rules(value)
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

		/// Sets what the mutual pool charges, how much risk it takes, and what it bears.
		///
		/// Ask `riskParamsApi.checkPoolRules` first. Emits `PoolRulesSet`.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::set_pool_rules())]
		pub fn set_pool_rules(origin: OriginFor<T>, value: PoolRules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_pool_rules(value)
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
			Self::do_set_cash_rules(value)
		}

		/// Sets the bounds within which option vaults are set up: bond, deposits, fees, strikes and
		/// auctions.
		///
		/// Ask `riskParamsApi.checkVaultRules` first. Emits `VaultRulesSet`.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::set_vault_rules())]
		pub fn set_vault_rules(origin: OriginFor<T>, value: VaultRules) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_vault_rules(value)
		}
	}
}
