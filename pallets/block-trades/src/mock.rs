//! A chain with block trades, a clearing house of a few lines, and one market.

use crate as pallet_block_trades;
use ballast_mocks::{MockAccounts, MockMarket, MockParameters, MockSeries};
use ballast_primitives::{
	params::{TradeRules, UnderlyingRisk},
	time::DAY,
	Averaging, MarketState, Moment, OptionKind, Price, Quality, Quantity, Rate, Ratio, ScanRange,
	Series, SeriesId, SeriesState, Settlement, Style, SurfaceQuote, UnderlyingId, Usd, Volatility,
};
use frame_support::{
	derive_impl, parameter_types,
	storage::unhashed,
	traits::{fungible::InspectHold, ConstU32, Hooks},
};
use frame_system::mocking::MockBlock;
use parity_scale_codec::{Decode, Encode};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult, Weight};

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
		RuntimeTask
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type BlockTrades = pallet_block_trades;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = MockBlock<Test>;
	type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = u128;
	type AccountStore = System;
}

/// Held for an offer, unless a test says otherwise.
pub const DEPOSIT: u128 = 10;

parameter_types! {
	pub static OfferDeposit: u128 = DEPOSIT;
}

impl pallet_block_trades::Config for Test {
	type Accounts = MockAccounts;
	type Series = MockSeries;
	type Market = MockMarket;
	type Parameters = MockParameters;
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type MaxOffersPerAccount = ConstU32<16>;
	type MaxOffers = ConstU32<40>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Traders;
	type WeightInfo = ();
}

/// The accounts of benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Traders;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<u64> for Traders {
	fn open() -> (u64, u64, SeriesId) {
		set_positions(ALICE, vec![(AMERICAN, contracts(1))]);
		set_positions(BOB, vec![(AMERICAN, contracts(2))]);
		(ALICE, BOB, AMERICAN)
	}

	fn tick(seconds: Moment) {
		pass(seconds);
	}
}

pub const ALICE: u64 = 1;
pub const BOB: u64 = 2;
pub const CAROL: u64 = 3;
pub const DAVE: u64 = 4;
/// Has no native token.
pub const POOR: u64 = 5;

pub const BTC: UnderlyingId = UnderlyingId(1);
pub const ETH: UnderlyingId = UnderlyingId(2);
/// A call on BTC at the money, thirty days to expiry at the start.
pub const CALL: SeriesId = SeriesId(1);
/// A put a tenth out of the money.
pub const PUT: SeriesId = SeriesId(2);
/// A call at three times spot: worth next to nothing.
pub const FAR: SeriesId = SeriesId(3);
/// An American put on ETH in the money.
pub const AMERICAN: SeriesId = SeriesId(4);
/// A call on BTC at the money that expires in two days.
pub const SOON: SeriesId = SeriesId(5);
/// Not listed.
pub const NONE: SeriesId = SeriesId(99);

pub const START: Moment = 1_700_000_000;
/// Native token that everybody but one has at the start.
pub const NATIVE: u128 = 1_000;
/// Cash that everybody has at the start.
pub const CASH: i64 = 1_000_000;

/// The rules of trades: the default ones, with this pallet's own deposit.
pub fn trade_rules() -> TradeRules {
	let rules: Option<TradeRules> = get("trades");
	TradeRules { offer_deposit: OfferDeposit::get(), ..rules.unwrap_or_default() }
}

/// Sets the rules of trades, but for the deposit.
pub fn set_trade_rules(rules: TradeRules) {
	put("trades", Some(rules));
}

fn put<V: Encode>(key: &str, value: V) {
	unhashed::put(format!("mock:{key}").as_bytes(), &value);
}

fn get<V: Decode + Default>(key: &str) -> V {
	unhashed::get_or_default(format!("mock:{key}").as_bytes())
}

pub fn usd(whole: i64) -> Usd {
	Usd::from_int(whole)
}

pub fn price(whole: u64) -> Price {
	Price::from_int(whole)
}

pub fn contracts(whole: i64) -> Quantity {
	Quantity::from_int(whole)
}

/// Hundredths of a contract: the step and the least quantity of BTC.
pub fn hundredths(count: i128) -> Quantity {
	Quantity::from_inner(count * 10_000_000_000_000_000)
}

pub fn now() -> Moment {
	get("now")
}

/// A later block at a later moment.
pub fn pass(seconds: Moment) {
	System::set_block_number(System::block_number() + 1);
	put("now", now() + seconds);
}

pub fn set_usable(usable: bool) {
	put("unusable", !usable);
}

/// Every spot price, as a share of that at the start.
pub fn set_spot(share: Ratio) {
	put("spot", Some(share));
}

pub fn set_volatility(volatility: Volatility) {
	put("volatility", Some(volatility));
}

/// Interest rate a year, at every tenor.
pub fn set_rate(rate: Rate) {
	put("rate", rate);
}

/// What is known of the settlement price of every expiry.
pub fn set_averaging(averaging: Averaging) {
	put("averaging", Some(averaging));
}

/// A series is in this state, whatever time it is.
pub fn set_state(id: SeriesId, state: SeriesState) {
	put(&format!("state:{}", id.0), (true, state));
}

/// A series is no longer listed.
pub fn remove_series(id: SeriesId) {
	put(&format!("removed:{}", id.0), true);
}

/// Takes the risk rules of all underlyings out of force.
pub fn remove_risk_rules() {
	put("unruled", true);
}

pub fn cash(who: u64) -> Usd {
	get(&format!("cash:{who}"))
}

fn set_cash(who: u64, amount: Usd) {
	put(&format!("cash:{who}"), amount);
}

pub fn positions(who: u64) -> Vec<(SeriesId, Quantity)> {
	get(&format!("positions:{who}"))
}

pub fn set_positions(who: u64, positions: Vec<(SeriesId, Quantity)>) {
	put(&format!("positions:{who}"), positions);
}

pub fn position(who: u64, id: SeriesId) -> Quantity {
	let held = positions(who).into_iter().find(|(series, _)| *series == id);
	held.map_or(Quantity::ZERO, |(_, quantity)| quantity)
}

/// Whether the margin rule refuses this account.
pub fn set_below_margin(who: u64, below: bool) {
	put(&format!("below:{who}"), below);
}

/// Whether the margin requirement of this account cannot be computed.
pub fn set_overflowing(who: u64) {
	put(&format!("overflowing:{who}"), true);
}

/// Whether the ledger refuses trades.
pub fn set_refusing_trades() {
	put("refusing", true);
}

/// Native token held for offers.
pub fn held(who: u64) -> u128 {
	Balances::balance_on_hold(&crate::HoldReason::Offer.into(), &who)
}

pub fn free(who: u64) -> u128 {
	Balances::free_balance(who)
}

pub fn idle() -> Weight {
	BlockTrades::on_idle(System::block_number(), Weight::from_parts(2_000_000_000_000, u64::MAX))
}

pub fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

fn trade(
	buyer: &u64,
	seller: &u64,
	series: SeriesId,
	quantity: Quantity,
	premium: Usd,
) -> DispatchResult {
	assert!(quantity.is_positive() && !premium.is_negative() && buyer != seller);
	if get("refusing") {
		return Err(DispatchError::Other("PositionCapExceeded"));
	}
	set_cash(*buyer, cash(*buyer).checked_sub(premium)?);
	set_cash(*seller, cash(*seller).checked_add(premium)?);
	for (who, change) in [(*buyer, quantity), (*seller, quantity.checked_neg()?)] {
		let mut all = positions(who);
		match all.iter_mut().find(|(id, _)| *id == series) {
			Some((_, held)) => *held = held.checked_add(change)?,
			None => all.push((series, change)),
		}
		all.retain(|(_, held)| !held.is_zero());
		set_positions(who, all);
	}
	Ok(())
}

/// The margin rule of this house: cash is never below nothing.
fn guard(who: &u64) -> DispatchResult {
	if get(&format!("overflowing:{who}")) {
		return Err(sp_runtime::ArithmeticError::Overflow.into());
	}
	if get(&format!("below:{who}")) || cash(*who).is_negative() {
		return Err(DispatchError::Other("BelowInitialMargin"));
	}
	Ok(())
}

fn mock_accounts() {
	MockAccounts::mock_positions(|who| positions(*who));
	MockAccounts::mock_trade(trade);
	MockAccounts::mock_guard(guard);
}

fn mock_market() {
	MockMarket::mock_now(now);
	MockMarket::mock_averaging(|_, _| get("averaging"));
	MockMarket::mock_state(|underlying| {
		let spot = if underlying == BTC { 30_000 } else { 2_000 };
		let share = get::<Option<Ratio>>("spot").unwrap_or(Ratio::ONE);
		let volatility = get::<Option<Volatility>>("volatility");
		let mut surface = SurfaceQuote::flat(volatility.unwrap_or(Volatility::from_percent(80)));
		surface.tenors.iter_mut().for_each(|tenor| tenor.rate = get("rate"));
		Some(MarketState {
			spot: price(spot).times_floor(share).unwrap(),
			spot_at: now(),
			volatility: surface,
			volatility_at: now(),
			operators: 5,
			dispersion: Ratio::ZERO,
			quality: if get("unusable") { Quality::Stale } else { Quality::Good },
			scan: ScanRange::default(),
		})
	});
}

fn mock_series() {
	MockSeries::mock_series(|id| {
		if get(&format!("removed:{}", id.0)) {
			return None;
		}
		let european = Style::European;
		let (underlying, kind, style, strike, days) = match id {
			CALL => (BTC, OptionKind::Call, european, 30_000, 30),
			PUT => (BTC, OptionKind::Put, european, 27_000, 30),
			FAR => (BTC, OptionKind::Call, european, 300_000, 30),
			AMERICAN => (ETH, OptionKind::Put, Style::American, 2_600, 30),
			SOON => (BTC, OptionKind::Call, european, 30_000, 2),
			_ => return None,
		};
		let changed: Option<(bool, SeriesState)> =
			unhashed::get(format!("mock:state:{}", id.0).as_bytes());
		Some(Series {
			underlying,
			kind,
			style,
			settlement: Settlement::Cash,
			strike: price(strike),
			expiry: START + days * DAY,
			state: changed.map_or(SeriesState::Live, |(_, state)| state),
		})
	});
}

/// The chain in block 1.
pub fn build() -> sp_io::TestExternalities {
	let mut config = RuntimeGenesisConfig::default();
	config.balances.balances =
		[ALICE, BOB, CAROL, DAVE].into_iter().map(|who| (who, NATIVE)).collect();
	let mut ext = sp_io::TestExternalities::from(config.build_storage().unwrap());
	ext.execute_with(|| {
		OfferDeposit::set(DEPOSIT);
		mock_accounts();
		mock_market();
		mock_series();
		MockParameters::mock_defaults();
		MockParameters::mock_trades(trade_rules);
		MockParameters::mock_underlying(|_| (!get::<bool>("unruled")).then(UnderlyingRisk::btc));
		System::set_block_number(1);
		put("now", START);
		for who in [ALICE, BOB, CAROL, DAVE, POOR] {
			set_cash(who, usd(CASH));
		}
	});
	ext
}

/// Runs a test in block 1 and checks every invariant after it.
pub fn execute(test: impl FnOnce()) {
	build().execute_with(|| {
		test();
		BlockTrades::do_try_state().expect("invariants hold");
	});
}

/// The state in which benchmarks are tested: committed, since each of them goes back to it.
#[cfg(feature = "runtime-benchmarks")]
pub fn committed_test_ext() -> sp_io::TestExternalities {
	let mut ext = build();
	ext.commit_all().expect("nothing is open");
	ext
}
