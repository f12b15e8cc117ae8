//! The clearing house: our own pallets, and how they are wired to each other.
//!
//! Everything here is an arrow of the design: a pallet names traits, this file names who implements
//! them. The tuple in `Waterfall` *is* the order in which losses are borne.

use crate::{
	constants::{
		pallets::{
			CLEARING_HOUSE, DEPOSIT_QUEUE, INSURANCE_FUND, MUTUAL_POOL, OPTION_VAULTS, STAKERS,
			TREASURY,
		},
		time::MILLISECS_PER_BLOCK,
	},
	genesis::assets::USD,
	governance::{
		emergency::InSafeMode, GuardLengthMax, ListingAdmin, OracleAdmin, RampLengthMax,
		RampLengthMin, RiskAdmin, RiskGuardian, RootOr,
	},
	priorities, AccountId, Assets, Balances, Margin, Options, OracleMembers, PriceFeed, RiskParams,
	RiskPool, Runtime, RuntimeCall, RuntimeHoldReason, SpotOracle, Timestamp, VolatilityOracle,
};
use ballast_primitives::{AssetId, UnderlyingId};
use ballast_traits::MutualPool;
use frame_support::{
	parameter_types,
	traits::{ConstU32, ConstU64, Contains, EitherOf, SortedMembers},
	PalletId,
};
use sp_runtime::{traits::AccountIdConversion, transaction_validity::TransactionPriority};

parameter_types! {
	/// The currency of all values, premiums and margins.
	pub const QuoteAsset: AssetId = USD.id;
	/// Holds every deposit.
	pub const ClearingHouseId: PalletId = CLEARING_HOUSE;
	/// The mutual pool's account at the clearing house.
	pub const MutualPoolId: PalletId = MUTUAL_POOL;
	/// The insurance fund's account at the clearing house.
	pub const InsuranceFundId: PalletId = INSURANCE_FUND;
	/// Where deposits into the pool wait to be priced.
	pub const DepositQueueId: PalletId = DEPOSIT_QUEUE;
	/// The vaults' accounts at the clearing house are derived from it.
	pub const OptionVaultsId: PalletId = OPTION_VAULTS;
	/// The treasury's account: its part of fees comes into its margin account.
	pub TreasuryAccount: AccountId = TREASURY.into_account_truncating();
	/// The stakers' account: their part of revenue comes into its margin account.
	pub StakersAccount: AccountId = STAKERS.into_account_truncating();
	/// Bitcoin, whose implied volatility is known longest.
	pub const VolatilityReference: UnderlyingId = UnderlyingId(1);
	/// Priority of operators' feeds.
	pub const FeedPriority: TransactionPriority = priorities::FEED;
	/// Priority of the offchain workers' liquidations.
	pub const LiquidationPriority: TransactionPriority = priorities::LIQUIDATION;
}

/// Calls that feed one of the oracles.
pub struct OracleFeeds;
impl Contains<RuntimeCall> for OracleFeeds {
	fn contains(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::SpotOracle(orml_oracle::Call::feed_values { .. })
				| RuntimeCall::VolatilityOracle(orml_oracle::Call::feed_values { .. })
		)
	}
}

/// Members of the oracle.
pub struct Operators;
impl Contains<AccountId> for Operators {
	fn contains(who: &AccountId) -> bool {
		OracleMembers::sorted_members().binary_search(who).is_ok()
	}
}

/// Accounts of the clearing house that are not users': they have a capital rule of their own.
pub struct OwnAccounts;
impl Contains<AccountId> for OwnAccounts {
	fn contains(who: &AccountId) -> bool {
		*who == RiskPool::pool_account()
			|| *who == RiskPool::insurance_account()
			|| *who == RiskPool::queue_account()
	}
}

impl pallet_risk_params::Config for Runtime {
	type AdminOrigin = RootOr<RiskAdmin>;
	type OracleOrigin = RootOr<EitherOf<OracleAdmin, RiskAdmin>>;
	type ListingOrigin = RootOr<EitherOf<ListingAdmin, RiskAdmin>>;
	type GuardianOrigin = RootOr<RiskGuardian>;
	type GuardLengthMax = GuardLengthMax;
	type RampLengthMin = RampLengthMin;
	type RampLengthMax = RampLengthMax;
	type AllHalted = InSafeMode;
	type WeightInfo = pallet_risk_params::weights::SubstrateWeight<Runtime>;
}

impl pallet_price_feed::Config for Runtime {
	type UnixTime = Timestamp;
	type BlockTime = ConstU64<{ MILLISECS_PER_BLOCK / 1_000 }>;
	type Spot = SpotOracle;
	type Volatilities = VolatilityOracle;
	type Series = Options;
	type Parameters = RiskParams;
	type GovernanceOrigin = RootOr<OracleAdmin>;
	type IsFeed = OracleFeeds;
	type IsOperator = Operators;
	type FeedPriority = FeedPriority;
	type MaxOperators = super::oracle::MaxOperators;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Helper;
	type WeightInfo = pallet_price_feed::weights::SubstrateWeight<Runtime>;
}

impl pallet_options::Config for Runtime {
	type ListingOrigin = RootOr<ListingAdmin>;
	type Market = PriceFeed;
	type Parameters = RiskParams;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Helper;
	type WeightInfo = pallet_options::weights::SubstrateWeight<Runtime>;
}

impl pallet_margin::Config for Runtime {
	type Assets = Assets;
	type QuoteAsset = QuoteAsset;
	type PalletId = ClearingHouseId;
	type Market = PriceFeed;
	type Series = Options;
	type Parameters = RiskParams;
	type Waterfall = RiskPool;
	type Revenue = RiskPool;
	type Exempt = OwnAccounts;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Helper;
	type WeightInfo = pallet_margin::weights::SubstrateWeight<Runtime>;
}

impl pallet_risk_pool::Config for Runtime {
	type Accounts = Margin;
	type Series = Options;
	type Market = PriceFeed;
	type History = PriceFeed;
	type VolatilityReference = VolatilityReference;
	type Parameters = RiskParams;
	type Waterfall =
		(pallet_risk_pool::InsuranceFund<Runtime>, pallet_risk_pool::PoolBacking<Runtime>);
	type PoolId = MutualPoolId;
	type InsuranceId = InsuranceFundId;
	type QueueId = DepositQueueId;
	type Treasury = TreasuryAccount;
	type Stakers = StakersAccount;
	type MaxQueued = ConstU32<1_024>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Helper;
	type WeightInfo = pallet_risk_pool::weights::SubstrateWeight<Runtime>;
}

impl pallet_liquidation::Config for Runtime {
	type Market = PriceFeed;
	type Parameters = RiskParams;
	type Accounts = Margin;
	type Pool = RiskPool;
	type Deficits = RiskPool;
	type Exempt = OwnAccounts;
	type LiquidationPriority = LiquidationPriority;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Helper;
	type WeightInfo = pallet_liquidation::weights::SubstrateWeight<Runtime>;
}

impl pallet_block_trades::Config for Runtime {
	type Accounts = Margin;
	type Series = Options;
	type Market = PriceFeed;
	type Parameters = RiskParams;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type MaxOffersPerAccount = ConstU32<16>;
	type MaxOffers = ConstU32<4_096>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Helper;
	type WeightInfo = pallet_block_trades::weights::SubstrateWeight<Runtime>;
}

impl pallet_option_vaults::Config for Runtime {
	type Accounts = Margin;
	type Series = Options;
	type Market = PriceFeed;
	type Parameters = RiskParams;
	type Pool = RiskPool;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type QuoteAsset = QuoteAsset;
	type PalletId = OptionVaultsId;
	type Treasury = TreasuryAccount;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Helper;
	type WeightInfo = pallet_option_vaults::weights::SubstrateWeight<Runtime>;
}
