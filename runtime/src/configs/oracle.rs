//! Who may feed prices and volatilities, and how what they feed is combined.
//!
//! Nothing of ours reads the combined values directly: they say neither how old they are nor how
//! many operators stand behind them.

use crate::{
	governance::{OracleAdmin, RootOr},
	AccountId, OracleMembers, RiskParams, Runtime, RuntimeEvent, SpotOracle, VolatilityOracle,
};
use ballast_primitives::{Price, SurfaceQuote, UnderlyingId};
use frame_support::{
	parameter_types,
	traits::{ChangeMembers, ConstU32},
	PalletId,
};
use pallet_price_feed::{CombineMedian, MarketTime};
use sp_runtime::traits::AccountIdConversion;

/// The oracle of spot prices.
pub type SpotOracleInstance = orml_oracle::Instance1;
/// The oracle of at-the-money volatilities.
pub type VolatilityOracleInstance = orml_oracle::Instance2;

/// Most operators.
pub type MaxOperators = ConstU32<16>;

/// Makes both oracles forget what a removed operator has fed.
pub struct ForgetRemovedOperators;
impl ChangeMembers<AccountId> for ForgetRemovedOperators {
	fn change_members_sorted(
		incoming: &[AccountId],
		outgoing: &[AccountId],
		sorted_new: &[AccountId],
	) {
		SpotOracle::change_members_sorted(incoming, outgoing, sorted_new);
		VolatilityOracle::change_members_sorted(incoming, outgoing, sorted_new);
	}
}

impl pallet_membership::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type AddOrigin = RootOr<OracleAdmin>;
	type RemoveOrigin = RootOr<OracleAdmin>;
	type SwapOrigin = RootOr<OracleAdmin>;
	type ResetOrigin = RootOr<OracleAdmin>;
	type PrimeOrigin = RootOr<OracleAdmin>;
	type MembershipInitialized = ();
	type MembershipChanged = ForgetRemovedOperators;
	type MaxMembers = MaxOperators;
	type WeightInfo = pallet_membership::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
	/// Under which account a value fed by the root origin is recorded. Nobody has its key.
	pub RootOperatorAccountId: AccountId = PalletId(*b"bal/root").into_account_truncating();
	/// Accounts that can feed in one block: every operator, and root.
	pub const MaxHasDispatchedSize: u32 = 17;
}

impl orml_oracle::Config<SpotOracleInstance> for Runtime {
	type OnNewData = ();
	type CombineData = CombineMedian<Self, RiskParams, SpotOracleInstance>;
	type Time = MarketTime<Runtime>;
	type OracleKey = UnderlyingId;
	type OracleValue = Price;
	type RootOperatorAccountId = RootOperatorAccountId;
	type Members = OracleMembers;
	type WeightInfo = ();
	type MaxHasDispatchedSize = MaxHasDispatchedSize;
	type MaxFeedValues = ConstU32<32>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = benchmark_helper::Feeds;
}

impl orml_oracle::Config<VolatilityOracleInstance> for Runtime {
	type OnNewData = ();
	type CombineData = CombineMedian<Self, RiskParams, VolatilityOracleInstance>;
	type Time = MarketTime<Runtime>;
	type OracleKey = UnderlyingId;
	type OracleValue = SurfaceQuote;
	type RootOperatorAccountId = RootOperatorAccountId;
	type Members = OracleMembers;
	type WeightInfo = ();
	type MaxHasDispatchedSize = MaxHasDispatchedSize;
	type MaxFeedValues = ConstU32<32>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = benchmark_helper::Feeds;
}

#[cfg(feature = "runtime-benchmarks")]
mod benchmark_helper {
	use ballast_primitives::{Price, SurfaceQuote, UnderlyingId, Volatility};
	use frame_support::{traits::Get, BoundedVec};

	/// As many feeds as one call may carry, each for another underlying.
	pub struct Feeds;

	fn for_every_underlying<Value: Clone, L: Get<u32>>(
		value: Value,
	) -> BoundedVec<(UnderlyingId, Value), L> {
		let feeds = (0u16..).take(L::get() as usize).map(|id| (UnderlyingId(id), value.clone()));
		BoundedVec::truncate_from(feeds.collect())
	}

	impl<L: Get<u32>> orml_oracle::BenchmarkHelper<UnderlyingId, Price, L> for Feeds {
		fn get_currency_id_value_pairs() -> BoundedVec<(UnderlyingId, Price), L> {
			for_every_underlying(Price::from_int(60_000))
		}
	}

	impl<L: Get<u32>> orml_oracle::BenchmarkHelper<UnderlyingId, SurfaceQuote, L> for Feeds {
		fn get_currency_id_value_pairs() -> BoundedVec<(UnderlyingId, SurfaceQuote), L> {
			for_every_underlying(SurfaceQuote::flat(Volatility::from_percent(60)))
		}
	}
}
