//! A chain with the pool, a clearing house of a few lines, and one market.

mod house;

pub use house::*;

use crate as pallet_risk_pool;
use ballast_mocks::{MockAccounts, MockHistory, MockMarket, MockParameters, MockSeries};
use ballast_primitives::{
	params::{FundRules, PoolRules, UnderlyingRisk},
	time::DAY,
	AccountHealth, AccountStatus, Averaging, DailyMove, MarketState, Moment, OptionKind, Price,
	Quality, Quantity, Ratio, ScanRange, Series, SeriesId, SeriesState, Settlement, Style,
	SurfaceQuote, UnderlyingId, Usd, Volatility, HISTORY_DAYS,
};
use ballast_traits::InspectAccounts;
use frame_support::{derive_impl, parameter_types, storage::unhashed, traits::Hooks, PalletId};
use frame_system::mocking::MockBlock;
use parity_scale_codec::{Decode, Encode};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, Weight};

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type RiskPool = pallet_risk_pool;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = MockBlock<Test>;
}

parameter_types! {
	pub const PoolId: PalletId = PalletId(*b"pool/bal");
	pub const InsuranceId: PalletId = PalletId(*b"insr/bal");
	pub const Treasury: u64 = TREASURY;
	pub const Stakers: u64 = STAKERS;
	pub const QueueId: PalletId = PalletId(*b"wait/bal");
	pub const MaxQueued: u32 = 100;
	pub const VolatilityReference: UnderlyingId = BTC;
}

impl pallet_risk_pool::Config for Test {
	type Accounts = MockAccounts;
	type Series = MockSeries;
	type Market = MockMarket;
	type History = MockHistory;
	type VolatilityReference = VolatilityReference;
	type Parameters = MockParameters;
	type Waterfall = (crate::InsuranceFund<Test>, crate::PoolBacking<Test>, Extra);
	type PoolId = PoolId;
	type InsuranceId = InsuranceId;
	type QueueId = QueueId;
	type Treasury = Treasury;
	type Stakers = Stakers;
	type MaxQueued = MaxQueued;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Situations;
	type WeightInfo = ();
}

/// What benchmarks ask for.
#[cfg(feature = "runtime-benchmarks")]
pub struct Situations;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<u64> for Situations {
	fn open() {
		set_cash(insurance(), usd(1_000_000));
		set_cash(DAVE, usd(1_000_000));
		RiskPool::deposit(RuntimeOrigin::signed(DAVE), usd(900_000)).unwrap();
		tick(3);
		RiskPool::process_queue(RuntimeOrigin::signed(DAVE), 1).unwrap();
	}

	fn burden() -> SeriesId {
		set_positions(pool(), vec![(CALL, Quantity::from_int(-1))]);
		CALL
	}

	fn rich(index: u32) -> u64 {
		let who = 1_000 + u64::from(index);
		if cash(who).is_zero() {
			set_cash(who, usd(1_000_000));
		}
		who
	}

	fn largest(held: Option<SeriesId>) -> u64 {
		let who = Self::rich(500);
		set_positions(who, held.into_iter().map(|id| (id, Quantity::from_int(2))).collect());
		who
	}

	fn tick(seconds: Moment) {
		tick(seconds);
	}
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = ExtBuilder::default().build();
	ext.commit_all().expect("nothing is open");
	ext
}

/// A third step of the waterfall that does what the test says; nothing by default.
pub struct Extra;

impl ballast_traits::BearLoss<u64> for Extra {
	fn bear(_: &u64, loss: Usd) -> Result<Vec<ballast_traits::Borne>, DispatchError> {
		match get::<u8>("extra") {
			1 => Ok(vec![ballast_traits::Borne::Pledged(loss, 9_999)]),
			2 => Err(DispatchError::Other("a step of the waterfall failed")),
			3 => Ok(vec![ballast_traits::Borne::Paid(Usd::from_int(1_000_000_000))]),
			_ => Ok(Vec::new()),
		}
	}
}

pub const ALICE: u64 = 1;
pub const BOB: u64 = 2;
pub const CAROL: u64 = 3;
pub const DAVE: u64 = 4;
pub const TREASURY: u64 = 5;
pub const STAKERS: u64 = 6;

pub const BTC: UnderlyingId = UnderlyingId(1);
pub const ETH: UnderlyingId = UnderlyingId(2);
/// A call on BTC at the money, thirty days to expiry at the start.
pub const CALL: SeriesId = SeriesId(1);
/// A put a tenth out of the money.
pub const PUT: SeriesId = SeriesId(2);
/// A call at three times spot: far outside the quoted band.
pub const FAR: SeriesId = SeriesId(3);
/// A put on ETH a tenth out of the money.
pub const ETH_PUT: SeriesId = SeriesId(4);
/// Market time at the start.
pub const START: Moment = 1_700_000_000;

fn put<V: Encode>(key: &str, value: V) {
	unhashed::put(format!("mock:{key}").as_bytes(), &value);
}

fn get<V: Decode + Default>(key: &str) -> V {
	unhashed::get_or_default(format!("mock:{key}").as_bytes())
}

pub fn usd(whole: i64) -> Usd {
	Usd::from_int(whole)
}

pub fn shares(whole: i64) -> Quantity {
	Quantity::from_int(whole)
}

pub fn pool() -> u64 {
	RiskPool::own_accounts().pool
}

pub fn insurance() -> u64 {
	RiskPool::own_accounts().insurance
}

pub fn queue() -> u64 {
	RiskPool::own_accounts().queue
}

/// Makes the third step of the waterfall pledge (1), fail (2) or claim to have paid too much (3).
pub fn set_extra_step(what: u8) {
	put("extra", what);
}

pub fn set_usable(usable: bool) {
	put("unusable", !usable);
}

pub fn set_settled(id: SeriesId, state: SeriesState) {
	put(&format!("state:{}", id.0), (true, state));
}

pub fn now() -> Moment {
	get::<Moment>("now")
}

pub fn set_rules(rules: PoolRules) {
	put("rules", Some(rules));
}

pub fn rules() -> PoolRules {
	get::<Option<PoolRules>>("rules").unwrap_or_default()
}

/// Time passes: a later block at a later moment, without a new tick.
pub fn pass(seconds: Moment) {
	System::set_block_number(System::block_number() + 1);
	put("now", now() + seconds);
}

/// A later block with a new tick.
pub fn tick(seconds: Moment) {
	pass(seconds);
	put("spot_at", now());
	put("vol_at", now());
}

/// Only spot has a new tick.
pub fn tick_spot_only(seconds: Moment) {
	pass(seconds);
	put("spot_at", now());
}

pub fn idle() -> Weight {
	RiskPool::on_idle(System::block_number(), Weight::from_parts(2_000_000_000_000, u64::MAX))
}

pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

/// What a failed call may not change.
pub fn state() -> Vec<u8> {
	sp_io::storage::root(sp_runtime::StateVersion::V1)
}

fn mock_market() {
	MockMarket::mock_now(now);
	MockMarket::mock_accept_ticks(|| Weight::from_parts(7, 0));
	MockMarket::mock_averaging(|_, _| get("averaging"));
	MockMarket::mock_state(|underlying| {
		let spot = match underlying {
			BTC => 30_000,
			ETH => 2_000,
			_ => return None,
		};
		let spot =
			Price::from_int(spot).times_floor(get::<Option<Ratio>>("spot").unwrap_or(Ratio::ONE));
		Some(MarketState {
			spot: spot.unwrap(),
			spot_at: get("spot_at"),
			volatility: SurfaceQuote::flat(Volatility::from_percent(80)),
			volatility_at: get("vol_at"),
			operators: 5,
			dispersion: Ratio::ZERO,
			quality: if get("unusable") { Quality::Stale } else { Quality::Good },
			scan: ScanRange::default(),
		})
	});
}

/// Every spot price, as a share of that at the start.
pub fn set_spot(share: Ratio) {
	put("spot", Some(share));
}

/// What is known of the settlement prices of every expiry.
pub fn set_averaging(averaging: Averaging) {
	put("averaging", Some(averaging));
}

fn mock_series() {
	MockSeries::mock_underlyings(|| vec![BTC, ETH]);
	MockSeries::mock_series(|id| {
		if get(&format!("removed:{}", id.0)) {
			return None;
		}
		let (underlying, kind, strike) = match id {
			CALL => (BTC, OptionKind::Call, 30_000),
			PUT => (BTC, OptionKind::Put, 27_000),
			FAR => (BTC, OptionKind::Call, 90_000),
			ETH_PUT => (ETH, OptionKind::Put, 1_800),
			_ => return None,
		};
		let changed: Option<(bool, SeriesState)> =
			unhashed::get(format!("mock:state:{}", id.0).as_bytes());
		Some(Series {
			underlying,
			kind,
			style: Style::European,
			settlement: Settlement::Cash,
			strike: Price::from_int(strike),
			expiry: START + 30 * DAY,
			state: changed.map_or(SeriesState::Live, |(_, state)| state),
		})
	});
}

/// A series is no longer listed.
pub fn remove_series(id: SeriesId) {
	put(&format!("removed:{}", id.0), true);
}

/// How many days of history there are: all of them by default.
pub fn set_days_of_history(days: u32) {
	put("days", Some(days));
}

/// Days of calm and storm, different for each underlying; volatility of options is known for BTC.
fn daily_moves(underlying: UnderlyingId) -> Vec<DailyMove> {
	let days = get::<Option<u32>>("days").unwrap_or(HISTORY_DAYS);
	let mut state = u64::from(underlying.0);
	let mut next = |width: i32| {
		state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
		(state >> 33) as i32 % width - width / 2
	};
	(0..days)
		.map(|day| {
			let storm = if day % 100 < 10 { 3 } else { 1 };
			let (spot, change) = (storm * next(80_000), storm * next(60_000));
			DailyMove { day, spot, volatility: (underlying == BTC).then_some(change) }
		})
		.collect()
}

fn mock_parameters() {
	MockParameters::mock_defaults();
	MockParameters::mock_underlying(|underlying| {
		(underlying != BTC || !get::<bool>("unruled")).then(UnderlyingRisk::btc)
	});
	MockParameters::mock_pool(rules);
	MockParameters::mock_funds(fund_rules);
}

/// Takes the risk rules of BTC out of force.
pub fn remove_risk_rules() {
	put("unruled", true);
}

/// Four people with a million each.
#[derive(Default)]
pub struct ExtBuilder {
	provided: i64,
	insured: i64,
}

impl ExtBuilder {
	/// Alice owns the whole pool: this many shares, bought at one.
	pub fn provided(mut self, whole: i64) -> Self {
		self.provided = whole;
		self
	}

	/// The insurance fund has this.
	pub fn insured(mut self, whole: i64) -> Self {
		self.insured = whole;
		self
	}

	/// The chain in block 1.
	fn build(self) -> sp_io::TestExternalities {
		let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
		let mut ext = sp_io::TestExternalities::from(storage);
		ext.execute_with(|| {
			mock_accounts();
			mock_market();
			mock_series();
			mock_parameters();
			MockHistory::mock_daily_moves(daily_moves);
			System::set_block_number(1);
			put("now", START);
			put("spot_at", START);
			put("vol_at", START);
			set_stress_per_contract(10_000);
			for who in [ALICE, BOB, CAROL, DAVE] {
				set_cash(who, usd(1_000_000));
			}
			set_cash(insurance(), usd(self.insured));
			if self.provided > 0 {
				RiskPool::deposit(RuntimeOrigin::signed(ALICE), usd(self.provided)).unwrap();
				tick(3);
				RiskPool::process_queue(RuntimeOrigin::signed(ALICE), 1).unwrap();
				assert_eq!(crate::Shares::<Test>::get(ALICE), shares(self.provided));
				set_cash(ALICE, usd(1_000_000));
			}
			System::reset_events();
		});
		ext
	}

	/// Runs a test in block 1 and checks every invariant after it.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			RiskPool::do_try_state().expect("invariants hold");
			assert!(MockAccounts::cash(&queue()) >= Usd::ZERO);
		});
	}
}
