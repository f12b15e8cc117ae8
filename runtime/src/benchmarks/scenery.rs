//! What benchmarks begin with: the largest accounts that there may be, on markets with every operator,
//! set up through the calls and traits that users and pallets have.
//!
//! A benchmark's set-up and what it measures are in one block. So that nothing of the set-up is warm, every
//! set-up ends with [`tick`]: other prices, and every risk array to be computed anew.

use crate::{genesis::assets::USD, AccountId};
use crate::{
	Assets, Margin, Options, OracleMembers, PriceFeed, RiskParams, RiskPool, Runtime,
	RuntimeOrigin, SpotOracle, System, VolatilityOracle,
};
use alloc::{vec, vec::Vec};
use ballast_primitives::{
	params::{OracleRules, UnderlyingRisk},
	time::{DAY, HOUR},
	units::ACCURACY,
	AssetId, Correlation, Moment, OptionKind, Price, Quantity, Rate, Ratio, SeriesId, Settlement,
	Style, SurfaceQuote, UnderlyingId, Usd, Volatility, MAX_AMERICAN_SERIES,
};
use ballast_traits::{InspectAccounts, InspectMarket, InspectSeries, MutateAccounts, MutateMarket};
use frame_benchmarking::account;
use frame_support::{
	assert_ok,
	traits::{
		fungibles::{metadata::Inspect, Mutate},
		Get, Hooks,
	},
	BoundedVec,
};
use pallet_price_feed::TimeScale;

/// Underlyings of the scenery that have options: those of the preset, and as many more as it takes for the
/// collaterals of the largest account.
const UNDERLYINGS: [u16; 8] = [1, 2, 3, 11, 12, 13, 14, 15];
/// The first of those that the preset has not.
const FIRST_NEW: u16 = 11;
/// What the preset has without options: a stable coin and the quote currency.
const SPOT_ONLY: [u16; 2] = [4, 5];
/// Asset of the first of the others.
const FIRST_ASSET: AssetId = 100;
/// Market time at which the scenery opens: 12 March 2020, 08:00 UTC.
const OPENING: Moment = 1_584_000_000;
/// Expiries of the scenery, a week apart.
const EXPIRIES: u64 = 16;
/// Positions of the largest account.
pub const POSITIONS: u32 = pallet_margin::MAX_POSITIONS;
/// Wing slope `psi` at each tenor, in basis points: 0.6 standard deviations at 65%.
const WINGS: [u32; 6] = [540, 764, 1_118, 1_581, 1_937, 2_739];

fn underlyings() -> impl Iterator<Item = UnderlyingId> {
	UNDERLYINGS.into_iter().map(UnderlyingId)
}

/// Opens the markets: as many operators as may be, eight underlyings, prices.
pub fn open() {
	pallet_price_feed::Scale::<Runtime>::put(TimeScale::RealTime);
	pallet_timestamp::Now::<Runtime>::put(OPENING * 1_000);
	set_operators(<Runtime as pallet_price_feed::Config>::MaxOperators::get());
	let grid = pallet_options::Grid {
		strike_step: Price::from_int(1),
		expiry_time: 8 * HOUR,
		days_max: 400,
	};
	for id in underlyings().filter(|id| id.0 >= FIRST_NEW) {
		let asset = FIRST_ASSET + AssetId::from(id.0);
		let owner: AccountId = account("issuer", 0, 0);
		assert_ok!(Assets::force_create(RuntimeOrigin::root(), asset, owner.into(), true, 1));
		let name = vec![b'A' + id.0 as u8];
		let root = RuntimeOrigin::root();
		let decimals = 12;
		assert_ok!(Assets::force_set_metadata(
			root,
			asset,
			name.clone(),
			name.clone(),
			decimals,
			false
		));
		let symbol = BoundedVec::truncate_from(name);
		assert_ok!(Options::add_underlying(RuntimeOrigin::root(), id, asset, symbol, grid));
		let risk = UnderlyingRisk::btc();
		assert_ok!(RiskParams::set_underlying_risk(RuntimeOrigin::root(), id, risk));
	}
	for id in underlyings() {
		pallet_risk_params::OracleRulesOf::<Runtime>::insert(id, OracleRules::default());
	}
	System::set_block_number(1);
	tick(3);
	tick(3);
}

/// Makes so many accounts the oracle's operators.
pub fn set_operators(count: u32) {
	let mut operators: Vec<AccountId> = (0..count).map(operator).collect();
	operators.sort();
	assert_ok!(OracleMembers::reset_members(RuntimeOrigin::root(), operators));
}

fn operator(place: u32) -> AccountId {
	account("operator", place, 0)
}

fn spot(underlying: UnderlyingId) -> u128 {
	let cents = match underlying.0 {
		1 => 800_000,
		2 => 20_000,
		3 => 400,
		4 | 5 => 100,
		_ => 10_000,
	};
	cents * (ACCURACY / 100)
}

/// A smile with carry and interest.
fn surface() -> SurfaceQuote {
	let mut surface = SurfaceQuote::flat(Volatility::from_percent(65));
	for (slice, wing) in surface.tenors.iter_mut().zip(WINGS) {
		slice.rho = Correlation::from_percent(-30);
		slice.psi = Ratio::from_basis_points(wing);
		slice.carry = Rate::from_basis_points(200);
		slice.rate = Rate::from_basis_points(300);
	}
	surface
}

/// Goes to the next block, so many seconds later, in which every operator feeds every underlying. The
/// prices are not taken yet.
pub fn feed(seconds: Moment) {
	let block = System::block_number();
	SpotOracle::on_finalize(block);
	VolatilityOracle::on_finalize(block);
	System::set_block_number(block + 1);
	pallet_timestamp::Now::<Runtime>::mutate(|now| *now += seconds * 1_000);
	let round = u128::from(block % 7);
	for place in 0..OracleMembers::members().len() as u32 {
		let origin = || RuntimeOrigin::signed(operator(place));
		let points = 10_000 + u128::from(place % 5) + round;
		let prices = underlyings().chain(SPOT_ONLY.map(UnderlyingId));
		let prices = prices.map(|id| (id, Price::from_inner(spot(id) / 10_000 * points)));
		let prices = BoundedVec::truncate_from(prices.collect());
		assert_ok!(SpotOracle::feed_values(origin(), prices));
		let surfaces = underlyings().map(|id| (id, surface())).collect();
		assert_ok!(VolatilityOracle::feed_values(origin(), BoundedVec::truncate_from(surfaces)));
	}
}

/// The same, and the prices are taken.
pub fn tick(seconds: Moment) {
	feed(seconds);
	PriceFeed::accept_ticks();
	System::reset_events();
}

/// A series of the scenery: strikes from spot on, calls and puts by turns.
fn list(underlying: UnderlyingId, expiry: u64, place: u32, style: Style) -> SeriesId {
	let grid = pallet_options::Underlyings::<Runtime>::get(underlying).map(|listed| listed.grid);
	let step = grid.map_or(ACCURACY, |grid| grid.strike_step.into_inner());
	let around = spot(underlying) / step + u128::from(place / 2 % 4);
	let strike = Price::from_inner(around * step);
	let kind = if place.is_multiple_of(2) { OptionKind::Call } else { OptionKind::Put };
	let expiry = OPENING + (expiry + 2) * 7 * DAY;
	let root = RuntimeOrigin::root();
	let next = pallet_options::NextSeriesId::<Runtime>::get();
	let settlement = Settlement::Cash;
	assert_ok!(Options::list_series(root, underlying, kind, style, settlement, strike, expiry));
	next
}

/// So many series, spread as widely as may be: over every underlying and all expiries. The first ones are
/// American.
pub fn wide(count: u32, american: u32) -> Vec<SeriesId> {
	let all: Vec<UnderlyingId> = underlyings().collect();
	let place_of = |place: usize| {
		let (row, column) = (place / all.len(), place % all.len());
		let expiry = (row * 2 + column % 2) as u64 % EXPIRIES;
		// a call and a put by turns in each row and each column
		let style = if (place as u32) < american { Style::American } else { Style::European };
		list(all[column], expiry, (place + row) as u32, style)
	};
	(0..count as usize).map(place_of).collect()
}

/// So many European series of one underlying, of which the first has this id; listed as far as they are
/// not yet.
pub fn deep(first: u32, count: u32) -> Vec<SeriesId> {
	let place_of = |place: u32| {
		let id = SeriesId(first + place);
		if Options::series(id).is_none() {
			let style = Style::European;
			// behind those of `wide`
			let expiry = EXPIRIES + u64::from(place) % EXPIRIES;
			let listed = list(UnderlyingId(1), expiry, place / EXPIRIES as u32 + 4, style);
			assert_eq!(listed, id);
		}
		id
	};
	(0..count).map(place_of).collect()
}

/// As many American series as there may be, which expire half a year after all others.
pub fn american() -> Vec<SeriesId> {
	let place_of = |place| list(UnderlyingId(1), 3 * EXPIRIES, place, Style::American);
	(0..MAX_AMERICAN_SERIES).map(place_of).collect()
}

/// Goes past the expiry of the first so many series, and makes their settlement prices known.
pub fn expire(count: u32) {
	let all = || listed(count).into_iter().filter_map(Options::series);
	let last = all().map(|series| series.expiry).max().unwrap_or_default();
	tick(last + 2 * DAY - PriceFeed::now());
	for series in all() {
		settle(series.underlying, series.expiry);
	}
}

/// Sets the settlement price of an expiry that has passed for long to today's, if there is none.
pub fn settle(underlying: UnderlyingId, expiry: Moment) {
	if PriceFeed::settlement_price(underlying, expiry).is_none() {
		let price = PriceFeed::state(underlying).expect("it has a price").spot;
		let root = RuntimeOrigin::root();
		assert_ok!(PriceFeed::set_settlement_price(root, underlying, expiry, price));
	}
}

/// Cash of the ledger.
pub const fn dollars(whole: i64) -> Usd {
	Usd::from_int(whole)
}

/// An account with this much cash, brought in by itself.
pub fn funded(name: &'static str, index: u32, whole: u128) -> AccountId {
	let who: AccountId = account(name, index, 0);
	assert_ok!(Assets::mint_into(USD.id, &who, USD.units(whole) * 2));
	assert_ok!(Margin::deposit(RuntimeOrigin::signed(who.clone()), USD.units(whole)));
	who
}

/// The same with every collateral besides.
pub fn collateralised(name: &'static str, index: u32, whole: u128) -> AccountId {
	let who = funded(name, index, whole);
	for underlying in underlyings() {
		let asset = Options::asset(underlying).unwrap_or_default();
		let amount = 10u128.pow(u32::from(Assets::decimals(asset)) + 1);
		assert_ok!(Assets::mint_into(asset, &who, amount * 2));
		let origin = RuntimeOrigin::signed(who.clone());
		assert_ok!(Margin::deposit_collateral(origin, asset, amount));
	}
	who
}

/// Whoever takes the other side of what accounts of the scenery hold in a series: another one for every so
/// many series as an account can hold.
pub fn counterparty(series: SeriesId) -> AccountId {
	let index = series.0 / POSITIONS;
	let who: AccountId = account("counterparty", index, 0);
	if Margin::cash(&who).is_zero() {
		funded("counterparty", index, 1_000_000_000);
	}
	who
}

/// Gives an account a contract of each series, bought and sold in no regular order.
pub fn take_positions(who: &AccountId, series: &[SeriesId]) {
	for (place, id) in series.iter().enumerate() {
		let other = counterparty(*id);
		let buys = place.count_ones() % 2 == 0;
		let (buyer, seller) = if buys { (who, &other) } else { (&other, who) };
		assert_ok!(Margin::trade(buyer, seller, *id, Quantity::from_int(1), Usd::ZERO));
	}
	assert_eq!(Margin::positions(who).len(), series.len());
}

/// The first so many series that were listed.
pub fn listed(count: u32) -> Vec<SeriesId> {
	(0..count).map(SeriesId).collect()
}

/// Takes cash out of an account until its equity is nine tenths of its maintenance margin, or minus one
/// tenth of it.
pub fn impoverish(who: &AccountId, is_insolvent: bool) {
	let health = Margin::health(who).expect("prices are usable");
	let tenth = health.maintenance.times_floor(Ratio::from_percent(10)).expect("small");
	let debt = tenth.checked_neg().expect("small");
	let rest = health.maintenance.checked_sub(tenth).expect("small");
	leave(who, if is_insolvent { debt } else { rest });
}

/// Takes cash out of an account until its equity is this.
pub fn leave(who: &AccountId, equity: Usd) {
	let health = Margin::health(who).expect("prices are usable");
	let excess = health.equity.checked_sub(equity).expect("small");
	assert_ok!(Margin::transfer(who, &counterparty(SeriesId(0)), excess));
}

/// Puts money into the mutual pool and the insurance fund.
pub fn endow_house() {
	let provider = funded("provider", 0, 200_000_000);
	let origin = || RuntimeOrigin::signed(provider.clone());
	assert_ok!(RiskPool::deposit(origin(), dollars(100_000_000)));
	assert_ok!(RiskPool::donate_insurance(origin(), dollars(10_000_000)));
	tick(3);
	assert_ok!(RiskPool::process_queue(origin(), 1));
}
