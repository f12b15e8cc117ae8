//! The real oracle: two instances of orml-oracle with a list of members, market time as their
//! clock, and the transaction extension.

use crate::{
	self as pallet_price_feed, CombineMedian, GenesisMarket, MarketTime, PrioritiseFeeds, TimeScale,
};
use ballast_mocks::{MockParameters, MockSeries};
use ballast_primitives::{
	params::OracleRules, Moment, Price, Quality, SurfaceQuote, UnderlyingId, Volatility,
};
use ballast_traits::{InspectMarket, MutateMarket};
use core::time::Duration;
use frame_support::{
	assert_noop, assert_ok, derive_impl,
	dispatch::{DispatchInfo, GetDispatchInfo},
	parameter_types,
	traits::{ConstU32, ConstU64, Contains, Hooks, SortedMembers, UnixTime},
	BoundedVec,
};
use frame_system::{EnsureRoot, RawOrigin};
use orml_oracle::{Instance1, Instance2};
use parity_scale_codec::Encode;
use sp_runtime::{
	traits::{DispatchTransaction, TransactionExtension, TxBaseImplication},
	transaction_validity::TransactionSource,
	BuildStorage,
};

mod extension;

const BTC: UnderlyingId = UnderlyingId(1);
const START: Moment = 1_700_000_000;
const ROOT_OPERATOR: u64 = 99;
const FIRST: u64 = u64::MAX / 2;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask
	)]
	pub struct Real;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type SpotOracle = orml_oracle<Instance1>;
	#[runtime::pallet_index(2)]
	pub type VolatilityOracle = orml_oracle<Instance2>;
	#[runtime::pallet_index(3)]
	pub type PriceFeed = pallet_price_feed;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Real {
	type Block = frame_system::mocking::MockBlock<Real>;
}

parameter_types! {
	pub static Clock: Moment = START;
	pub static Operators: Vec<u64> = vec![1, 2, 3, 4, 5];
	pub const RootOperator: u64 = ROOT_OPERATOR;
}

impl UnixTime for Clock {
	fn now() -> Duration {
		Duration::from_secs(Clock::get())
	}
}

pub struct Members;

impl SortedMembers<u64> for Members {
	fn sorted_members() -> Vec<u64> {
		Operators::get()
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn add(who: &u64) {
		Operators::mutate(|members| members.push(*who));
	}
}

impl Contains<u64> for Members {
	fn contains(who: &u64) -> bool {
		Operators::get().contains(who)
	}
}

pub struct Feeds;

impl Contains<RuntimeCall> for Feeds {
	fn contains(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::SpotOracle(orml_oracle::Call::feed_values { .. })
				| RuntimeCall::VolatilityOracle(orml_oracle::Call::feed_values { .. })
		)
	}
}

impl orml_oracle::Config<Instance1> for Real {
	type OnNewData = ();
	type CombineData = CombineMedian<Self, MockParameters, Instance1>;
	type Time = MarketTime<Real>;
	type OracleKey = UnderlyingId;
	type OracleValue = Price;
	type RootOperatorAccountId = RootOperator;
	type Members = Members;
	type WeightInfo = ();
	type MaxHasDispatchedSize = ConstU32<20>;
	type MaxFeedValues = ConstU32<5>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}

impl orml_oracle::Config<Instance2> for Real {
	type OnNewData = ();
	type CombineData = CombineMedian<Self, MockParameters, Instance2>;
	type Time = MarketTime<Real>;
	type OracleKey = UnderlyingId;
	type OracleValue = SurfaceQuote;
	type RootOperatorAccountId = RootOperator;
	type Members = Members;
	type WeightInfo = ();
	type MaxHasDispatchedSize = ConstU32<20>;
	type MaxFeedValues = ConstU32<5>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}

impl pallet_price_feed::Config for Real {
	type UnixTime = Clock;
	type BlockTime = frame_support::traits::ConstU64<3>;
	type Spot = SpotOracle;
	type Volatilities = VolatilityOracle;
	type Series = MockSeries;
	type Parameters = MockParameters;
	type GovernanceOrigin = EnsureRoot<u64>;
	type IsFeed = Feeds;
	type IsOperator = Members;
	type FeedPriority = ConstU64<FIRST>;
	type MaxOperators = ConstU32<16>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::mock::Feeds;
	type WeightInfo = pallet_price_feed::weights::SubstrateWeight<Real>;
}

fn price(whole: u64) -> Price {
	Price::from_int(whole)
}

fn flat(percent: u32) -> SurfaceQuote {
	SurfaceQuote::flat(Volatility::from_percent(percent))
}

fn build_and_execute(time_scale: TimeScale, test: impl FnOnce()) {
	Clock::set(START);
	Operators::set(vec![1, 2, 3, 4, 5]);
	MockParameters::mock_defaults();
	MockSeries::mock_underlyings(|| vec![BTC]);
	let mut storage = frame_system::GenesisConfig::<Real>::default().build_storage().unwrap();
	let market =
		GenesisMarket { underlying: BTC, spot: None, volatility: flat(60), history: vec![] };
	pallet_price_feed::GenesisConfig::<Real> {
		time_scale,
		markets: vec![market],
		..Default::default()
	}
	.assimilate_storage(&mut storage)
	.unwrap();
	sp_io::TestExternalities::new(storage).execute_with(|| {
		System::set_block_number(1);
		test();
		PriceFeed::do_try_state().unwrap();
	});
}

fn feed_call(whole: u64) -> RuntimeCall {
	let values = BoundedVec::truncate_from(vec![(BTC, price(whole))]);
	RuntimeCall::SpotOracle(orml_oracle::Call::feed_values { values })
}

fn other_call() -> RuntimeCall {
	RuntimeCall::System(frame_system::Call::remark { remark: vec![1] })
}

fn feed(operator: u64, whole: u64) -> sp_runtime::DispatchResult {
	let values = BoundedVec::truncate_from(vec![(BTC, price(whole))]);
	SpotOracle::feed_values(RawOrigin::Signed(operator).into(), values)
		.map(|_| ())
		.map_err(|error| error.error)
}

fn feed_volatilities(percent: u32) {
	for operator in Operators::get() {
		let values = BoundedVec::truncate_from(vec![(BTC, flat(percent))]);
		assert_ok!(VolatilityOracle::feed_values(RawOrigin::Signed(operator).into(), values));
	}
}

fn feed_all(whole: u64) {
	for operator in Operators::get() {
		assert_ok!(feed(operator, whole));
	}
}

fn next_block() {
	let block = System::block_number();
	PriceFeed::on_finalize(block);
	SpotOracle::on_finalize(block);
	VolatilityOracle::on_finalize(block);
	System::set_block_number(block + 1);
	Clock::set(Clock::get() + 3);
	PriceFeed::on_initialize(block + 1);
}

fn spot() -> Price {
	PriceFeed::state(BTC).unwrap().spot
}

#[test]
fn values_fed_to_the_oracle_become_the_accepted_tick() {
	build_and_execute(TimeScale::RealTime, || {
		for (operator, whole) in [(1, 9_990), (2, 10_020), (3, 10_000), (4, 9_980), (5, 10_010)] {
			assert_ok!(feed(operator, whole));
		}
		feed_volatilities(62);
		PriceFeed::accept_ticks();
		let state = PriceFeed::state(BTC).unwrap();
		assert_eq!((state.spot, state.volatility), (price(10_000), flat(62)));
		assert_eq!((state.operators, state.quality), (5, Quality::Good));
	});
}

#[test]
fn an_operator_feeds_once_a_block() {
	build_and_execute(TimeScale::RealTime, || {
		assert_ok!(feed(1, 10_000));
		assert_noop!(feed(1, 10_100), orml_oracle::Error::<Real, Instance1>::AlreadyFeeded);
		assert_noop!(feed(6, 10_100), orml_oracle::Error::<Real, Instance1>::NoPermission);
	});
}

#[test]
fn feeds_are_stamped_with_market_time() {
	let scale = TimeScale::PerBlock { start: 1_000_000, seconds: 1_800 };
	build_and_execute(scale, || {
		assert_ok!(feed(1, 10_000));
		let raw = SpotOracle::raw_values(1, BTC).unwrap();
		assert_eq!(raw.timestamp, 1_001_800);
		// half an hour a block: yesterday's value is stale under rules made for seconds
		next_block();
		feed_volatilities(60);
		for operator in 2..=3 {
			assert_ok!(feed(operator, 10_000));
		}
		PriceFeed::accept_ticks();
		assert_eq!(PriceFeed::state(BTC), None);
	});
}

#[test]
fn the_oracles_stale_combined_value_is_never_used() {
	build_and_execute(TimeScale::RealTime, || {
		feed_all(10_000);
		feed_volatilities(60);
		next_block();
		assert_eq!(spot(), price(10_000));
		Clock::set(START + 200);
		assert_ok!(feed(1, 10_300));
		PriceFeed::accept_ticks();
		// the oracle goes on saying 10,000; the market says stale
		assert_eq!(SpotOracle::get(&BTC).unwrap().value, price(10_000));
		assert_eq!(PriceFeed::state(BTC).unwrap().quality, Quality::Stale);
	});
}

#[test]
fn a_removed_member_and_root_do_not_count() {
	build_and_execute(TimeScale::RealTime, || {
		feed_volatilities(60);
		for (operator, whole) in [(1, 10_000), (2, 10_200), (3, 10_400), (4, 10_800)] {
			assert_ok!(feed(operator, whole));
		}
		let values = BoundedVec::truncate_from(vec![(BTC, price(90_000))]);
		assert_ok!(SpotOracle::feed_values(RawOrigin::Root.into(), values));
		Operators::set(vec![1, 2, 3, 5]);
		PriceFeed::accept_ticks();
		let state = PriceFeed::state(BTC).unwrap();
		assert_eq!((state.spot, state.operators), (price(10_200), 3));
	});
}

#[test]
fn the_oracle_combines_by_the_median_of_what_is_fresh_and_can_be_true() {
	build_and_execute(TimeScale::RealTime, || {
		assert_ok!(feed(1, 0));
		assert_ok!(feed(2, 10_000));
		assert_ok!(feed(3, 10_200));
		assert_eq!(SpotOracle::get(&BTC), None);
		assert_ok!(feed(4, 10_400));
		assert_eq!(SpotOracle::get(&BTC).unwrap().value, price(10_200));
		assert_ok!(feed(5, 10_600));
		assert_eq!(SpotOracle::get(&BTC).unwrap().value, price(10_300));
		feed_volatilities(70);
		assert_eq!(VolatilityOracle::get(&BTC).unwrap().value, flat(70));
		// the quorum and the ages are the governed ones
		next_block();
		MockParameters::mock_oracle(|_| OracleRules { operators_min: 5, ..Default::default() });
		Clock::set(START + 60);
		assert_ok!(feed(1, 20_000));
		assert_eq!(SpotOracle::get(&BTC).unwrap().value, price(10_400));
		MockParameters::mock_oracle(|_| OracleRules { raw_age_max: 59, ..Default::default() });
		assert_ok!(feed(2, 20_000));
		assert_eq!(SpotOracle::get(&BTC).unwrap().value, price(10_400));
		MockParameters::mock_oracle(|_| OracleRules { raw_age_max: 60, ..Default::default() });
		assert_ok!(feed(3, 20_000));
		assert_eq!(SpotOracle::get(&BTC).unwrap().value, price(20_000));
	});
}
