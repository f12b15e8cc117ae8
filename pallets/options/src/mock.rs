//! A chain with nothing but options; the market and the thresholds are mocks.

use crate as pallet_options;
use crate::Grid;
use ballast_mocks::{MockMarket, MockParameters};
use ballast_primitives::{
	time::{DAY, HOUR},
	AssetId, MarketState, Moment, OptionKind, Price, Quality, Quantity, ScanRange, SeriesId,
	Settlement, SideChange, Style, SurfaceQuote, UnderlyingId, Usd, Volatility,
};
use ballast_traits::MutateSeries;
use frame_support::{derive_impl, traits::Hooks, weights::Weight};
use frame_system::{mocking::MockBlock, EnsureRoot};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::{cell::RefCell, collections::BTreeMap, thread_local};

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Options = pallet_options;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = MockBlock<Test>;
}

impl pallet_options::Config for Test {
	type ListingOrigin = EnsureRoot<u64>;
	type Market = MockMarket;
	type Parameters = MockParameters;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Listed;
	type WeightInfo = ();
}

/// The market of benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Listed;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper for Listed {
	fn open() -> UnderlyingId {
		BTC
	}

	fn pass(seconds: Moment) {
		let now = <MockMarket as ballast_traits::InspectMarket>::now() + seconds;
		set_now(now);
	}

	fn settle(underlying: UnderlyingId, expiry: Moment) {
		set_settlement(underlying, expiry, 8_000);
	}
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = ExtBuilder::default().build();
	ext.commit_all().expect("nothing is open");
	ext
}

pub const BTC: UnderlyingId = UnderlyingId(1);
pub const ETH: UnderlyingId = UnderlyingId(2);
/// Not listed at genesis.
pub const DOT: UnderlyingId = UnderlyingId(3);
pub const BTC_ASSET: AssetId = 2;
pub const ETH_ASSET: AssetId = 3;
pub const DOT_ASSET: AssetId = 4;

/// Midnight of a day; tests begin then.
pub const START: Moment = 18_000 * DAY;
/// The first expiry on the grid.
pub const EXPIRY: Moment = START + 8 * HOUR;

pub const GRID: Grid =
	Grid { strike_step: Price::from_int(500), expiry_time: 8 * HOUR, days_max: 90 };

thread_local! {
	static PRICES: RefCell<BTreeMap<(UnderlyingId, Moment), Price>> = RefCell::default();
	static WATCHED: RefCell<Vec<(UnderlyingId, Moment)>> = RefCell::default();
	static FORGOTTEN: RefCell<Vec<(UnderlyingId, Moment)>> = RefCell::default();
}

pub fn price(whole: u64) -> Price {
	Price::from_int(whole)
}

pub fn contracts(whole: i64) -> Quantity {
	Quantity::from_int(whole)
}

pub fn set_now(now: Moment) {
	MockMarket::mock_now(move || now);
}

/// Every underlying's spot and quality.
pub fn set_spot(spot: u64, quality: Quality) {
	MockMarket::mock_state(move |_| {
		Some(MarketState {
			spot: price(spot),
			spot_at: START,
			volatility: SurfaceQuote::flat(Volatility::from_percent(60)),
			volatility_at: START,
			operators: 3,
			dispersion: Default::default(),
			quality,
			scan: ScanRange::default(),
		})
	});
}

/// The settlement price of an expiry becomes known.
pub fn set_settlement(underlying: UnderlyingId, expiry: Moment, whole: u64) {
	PRICES.with_borrow_mut(|prices| prices.insert((underlying, expiry), price(whole)));
}

/// Expiries that the pallet asked to watch, in order.
pub fn watched() -> Vec<(UnderlyingId, Moment)> {
	WATCHED.with_borrow(Clone::clone)
}

/// Expiries that the pallet let the price feed forget, in order.
pub fn forgotten() -> Vec<(UnderlyingId, Moment)> {
	FORGOTTEN.with_borrow(Clone::clone)
}

/// Runs `on_idle` with a whole block left.
pub fn idle() -> Weight {
	Options::on_idle(System::block_number(), Weight::MAX)
}

/// The style of most tests.
pub const EUROPEAN: Style = Style::European;
/// What most tests are paid in.
pub const CASH: Settlement = Settlement::Cash;

/// Lists a European series on BTC, settled in cash, and returns its id.
pub fn list(kind: OptionKind, strike: u64, expiry: Moment) -> SeriesId {
	let id = crate::NextSeriesId::<Test>::get();
	let root = RuntimeOrigin::root();
	let listed = Options::list_series(root, BTC, kind, EUROPEAN, CASH, price(strike), expiry);
	assert_eq!(listed, Ok(()));
	id
}

/// Contracts that both sides of a series opened, with one position more on each.
pub fn opened(whole: i64) -> SideChange {
	SideChange { opened: contracts(whole), joined: 1, ..Default::default() }
}

/// Contracts that both sides of a series closed; as many positions as before.
pub fn closed(whole: i64) -> SideChange {
	SideChange { closed: contracts(whole), ..Default::default() }
}

/// One account buys contracts from another; neither held any.
pub fn open(id: SeriesId, whole: i64) -> DispatchResult {
	Options::change_sides(id, opened(whole), opened(whole))
}

/// Both close some of them.
pub fn close(id: SeriesId, whole: i64) -> DispatchResult {
	Options::change_sides(id, closed(whole), closed(whole))
}

/// The positions of so many accounts on each side are settled, and they are all.
pub fn finish(id: SeriesId, accounts: u32) -> Result<Usd, DispatchError> {
	let gone = SideChange { left: accounts, ..Default::default() };
	Options::change_sides(id, gone, gone)?;
	Options::complete(id)
}

/// Events of the pallet, in order.
pub fn events() -> Vec<crate::Event<Test>> {
	System::read_events_for_pallet()
}

fn mock_market() {
	PRICES.with_borrow_mut(BTreeMap::clear);
	WATCHED.with_borrow_mut(Vec::clear);
	FORGOTTEN.with_borrow_mut(Vec::clear);
	set_now(START);
	set_spot(8_000, Quality::Good);
	MockMarket::mock_settlement_price(|underlying, expiry| {
		PRICES.with_borrow(|prices| prices.get(&(underlying, expiry)).copied())
	});
	MockMarket::mock_accept_ticks(Weight::zero);
	MockMarket::mock_watch_expiry(|underlying, expiry| {
		WATCHED.with_borrow_mut(|watched| watched.push((underlying, expiry)));
		Ok(())
	});
	MockMarket::mock_forget_expiry(|underlying, expiry| {
		FORGOTTEN.with_borrow_mut(|forgotten| forgotten.push((underlying, expiry)));
		PRICES.with_borrow_mut(|prices| prices.remove(&(underlying, expiry)));
	});
}

/// BTC and ETH listed, spot 8,000 and usable, default thresholds.
pub struct ExtBuilder {
	genesis: crate::GenesisConfig<Test>,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		let underlyings =
			vec![(ETH, ETH_ASSET, "ETH".into(), GRID), (BTC, BTC_ASSET, "BTC".into(), GRID)];
		Self { genesis: crate::GenesisConfig { underlyings, ..Default::default() } }
	}
}

impl ExtBuilder {
	/// With these series listed from the start.
	pub fn series(mut self, series: Vec<(UnderlyingId, OptionKind, Price, Moment)>) -> Self {
		let european = |(id, kind, strike, expiry)| (id, kind, EUROPEAN, CASH, strike, expiry);
		self.genesis.series = series.into_iter().map(european).collect();
		self
	}

	/// The chain at genesis.
	fn build(self) -> sp_io::TestExternalities {
		mock_market();
		MockParameters::mock_defaults();
		let config = RuntimeGenesisConfig { system: Default::default(), options: self.genesis };
		config.build_storage().expect("genesis is valid").into()
	}

	/// Runs a test in block 1 and checks every invariant after it.
	pub fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			System::set_block_number(1);
			test();
			Options::do_try_state().expect("invariants hold");
		});
	}
}
