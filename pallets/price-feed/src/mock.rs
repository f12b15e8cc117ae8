//! A runtime with this pallet alone, operators that a test sets, and a clock that a test moves.

use crate::{self as pallet_price_feed, GenesisMarket, RawFeeds, RawValue, TimeScale};
use ballast_mocks::{MockParameters, MockSeries};
use ballast_primitives::{
	params::{OracleRules, UnderlyingRisk},
	Moment, Price, SurfaceQuote, UnderlyingId, Volatility,
};
use ballast_traits::{InspectMarket, MutateMarket};
use core::time::Duration;
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, Hooks, Nothing, UnixTime},
};
use frame_system::EnsureRoot;
use sp_runtime::BuildStorage;
use std::{cell::RefCell, collections::BTreeMap};

pub const BTC: UnderlyingId = UnderlyingId(1);
pub const ETH: UnderlyingId = UnderlyingId(2);
/// Listed by `ExtBuilder::spot_only` alone; of it only spot is fed.
pub const USDT: UnderlyingId = UnderlyingId(3);
/// When every test begins.
pub const START: Moment = 1_700_000_000;

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
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type PriceFeed = pallet_price_feed;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
}

parameter_types! {
	pub static Clock: Moment = START;
	pub static Operators: Vec<u64> = vec![1, 2, 3, 4, 5];
}

impl UnixTime for Clock {
	fn now() -> Duration {
		Duration::from_secs(Clock::get())
	}
}

type Fed<Value> = RefCell<BTreeMap<(u64, UnderlyingId), (Value, Moment)>>;

thread_local! {
	static PRICES: Fed<Price> = const { RefCell::new(BTreeMap::new()) };
	static VOLATILITIES: Fed<SurfaceQuote> = const { RefCell::new(BTreeMap::new()) };
}

/// What operators have fed, newest values only, as the oracle keeps it.
pub struct Fake;

fn raw_of<V: Copy>(fed: &Fed<V>, key: &UnderlyingId) -> Vec<RawValue<u64, V>> {
	let fed = fed.borrow();
	let of = |operator: u64| {
		let (value, fed_at) = fed.get(&(operator, *key)).copied()?;
		Some(RawValue { operator, value, fed_at })
	};
	Operators::get().into_iter().filter_map(of).collect()
}

impl RawFeeds<u64, UnderlyingId, Price> for Fake {
	fn raw(key: &UnderlyingId) -> Vec<RawValue<u64, Price>> {
		PRICES.with(|fed| raw_of(fed, key))
	}
	fn operators() -> u32 {
		Operators::get().len() as u32
	}
}

impl RawFeeds<u64, UnderlyingId, SurfaceQuote> for Fake {
	fn raw(key: &UnderlyingId) -> Vec<RawValue<u64, SurfaceQuote>> {
		VOLATILITIES.with(|fed| raw_of(fed, key))
	}
	fn operators() -> u32 {
		Operators::get().len() as u32
	}
}

impl pallet_price_feed::Config for Test {
	type UnixTime = Clock;
	type BlockTime = frame_support::traits::ConstU64<3>;
	type Spot = Fake;
	type Volatilities = Fake;
	type Series = MockSeries;
	type Parameters = MockParameters;
	type GovernanceOrigin = EnsureRoot<u64>;
	type IsFeed = Nothing;
	type IsOperator = Nothing;
	type FeedPriority = ConstU64<{ u64::MAX }>;
	type MaxOperators = ConstU32<16>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Feeds;
	type WeightInfo = ();
}

/// Operators of benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Feeds;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper for Feeds {
	fn open() -> UnderlyingId {
		Self::leave_operators(16);
		feed_volatility_all(60);
		tick(10_000);
		BTC
	}

	fn leave_operators(count: u32) {
		Operators::set((1..=u64::from(count)).collect());
	}

	fn feed(seconds: Moment) {
		let block = System::block_number();
		System::set_block_number(block + 1);
		Clock::set(Clock::get() + seconds);
		feed_all(10_000 + block % 7);
		feed_volatility_all(60 + (block % 7) as u32);
	}
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = ExtBuilder::default().build();
	ext.commit_all().expect("nothing is open");
	ext
}

/// A price in whole units.
pub fn price(whole: u64) -> Price {
	Price::from_int(whole)
}

/// A volatility quote, the same per cent at every tenor.
pub fn flat(percent: u32) -> SurfaceQuote {
	SurfaceQuote::flat(Volatility::from_percent(percent))
}

/// An operator feeds a price of an underlying now.
pub fn feed_of(underlying: UnderlyingId, operator: u64, price: Price) {
	let now = PriceFeed::now();
	PRICES.with(|fed| fed.borrow_mut().insert((operator, underlying), (price, now)));
}

/// An operator feeds a price of BTC now.
pub fn feed(operator: u64, whole: u64) {
	feed_of(BTC, operator, price(whole));
}

/// Every operator feeds the same price of BTC now.
pub fn feed_all(whole: u64) {
	Operators::get().into_iter().for_each(|operator| feed(operator, whole));
}

/// An operator feeds volatilities of an underlying now.
pub fn feed_volatility_of(underlying: UnderlyingId, operator: u64, quote: SurfaceQuote) {
	let now = PriceFeed::now();
	VOLATILITIES.with(|fed| fed.borrow_mut().insert((operator, underlying), (quote, now)));
}

/// An operator feeds volatilities of BTC now.
pub fn feed_volatility(operator: u64, quote: SurfaceQuote) {
	feed_volatility_of(BTC, operator, quote);
}

/// Every operator feeds the same volatility of BTC now.
pub fn feed_volatility_all(percent: u32) {
	Operators::get().into_iter().for_each(|operator| feed_volatility(operator, flat(percent)));
}

/// Ends this block and begins the next, so many seconds later.
pub fn next_block(seconds: Moment) {
	let block = System::block_number();
	PriceFeed::on_finalize(block);
	System::reset_events();
	System::set_block_number(block + 1);
	Clock::set(Clock::get() + seconds);
	PriceFeed::on_initialize(block + 1);
}

/// A block, three seconds later, in which every operator feeds this price and ticks are accepted.
pub fn tick(whole: u64) {
	next_block(3);
	feed_all(whole);
	PriceFeed::accept_ticks();
}

/// The accepted price of BTC.
pub fn spot() -> Price {
	PriceFeed::state(BTC).unwrap().spot
}

/// This pallet's events of this block.
pub fn events() -> Vec<crate::Event<Test>> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::PriceFeed(event) => Some(event),
			_ => None,
		})
		.collect()
}

/// The oracle rules for BTC and ETH from now on.
pub fn set_rules(change: impl FnOnce(&mut OracleRules)) {
	let mut rules = OracleRules::default();
	change(&mut rules);
	MockParameters::mock_oracle(move |_| rules.clone());
}

/// The oracle rules for USDT from now on; the others have the default.
pub fn set_rules_of_usdt(change: impl FnOnce(&mut OracleRules)) {
	let mut rules = OracleRules { spot_only: true, ..Default::default() };
	change(&mut rules);
	MockParameters::mock_oracle(
		move |id| {
			if id == USDT {
				rules.clone()
			} else {
				OracleRules::default()
			}
		},
	);
}

/// A chain on which BTC has starting volatilities of 60% and ETH is listed without any.
pub struct ExtBuilder {
	time_scale: TimeScale,
	markets: Vec<GenesisMarket>,
	is_fed: bool,
	is_spot_only_listed: bool,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		let btc =
			GenesisMarket { underlying: BTC, spot: None, volatility: flat(60), history: vec![] };
		Self {
			time_scale: TimeScale::RealTime,
			markets: vec![btc],
			is_fed: false,
			is_spot_only_listed: false,
		}
	}
}

impl ExtBuilder {
	pub fn time_scale(mut self, time_scale: TimeScale) -> Self {
		self.time_scale = time_scale;
		self
	}

	pub fn markets(mut self, markets: Vec<GenesisMarket>) -> Self {
		self.markets = markets;
		self
	}

	/// With a tick of 10,000 and 60% accepted in the first block.
	pub fn fed(mut self) -> Self {
		self.is_fed = true;
		self
	}

	/// With USDT, of which only spot is fed, and its own risk.
	pub fn spot_only(mut self) -> Self {
		self.is_spot_only_listed = true;
		self
	}

	fn build(&self) -> sp_io::TestExternalities {
		Clock::set(START);
		Operators::set(vec![1, 2, 3, 4, 5]);
		PRICES.with(|fed| fed.borrow_mut().clear());
		VOLATILITIES.with(|fed| fed.borrow_mut().clear());
		MockParameters::mock_defaults();
		MockSeries::mock_underlyings(|| vec![BTC, ETH]);
		if self.is_spot_only_listed {
			MockSeries::mock_underlyings(|| vec![BTC, ETH, USDT]);
			set_rules_of_usdt(|_| {});
			MockParameters::mock_underlying(|id| {
				Some(if id == USDT { UnderlyingRisk::stable() } else { UnderlyingRisk::btc() })
			});
		}
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		pallet_price_feed::GenesisConfig::<Test> {
			time_scale: self.time_scale,
			markets: self.markets.clone(),
			..Default::default()
		}
		.assimilate_storage(&mut storage)
		.unwrap();
		sp_io::TestExternalities::new(storage)
	}

	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			System::set_block_number(1);
			if self.is_fed {
				feed_all(10_000);
				feed_volatility_all(60);
				PriceFeed::accept_ticks();
				System::reset_events();
			}
			test();
			PriceFeed::do_try_state().unwrap();
		});
	}
}
