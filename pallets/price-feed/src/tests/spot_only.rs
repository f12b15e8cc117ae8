//! Underlyings of which only spot is fed: collateral, and the quote currency itself.

use crate::{mock::*, Error, Event, GenesisMarket, Markets, SPOT_ONLY_SURFACE};
use ballast_mocks::{MockParameters, MockSeries};
use ballast_primitives::{
	params::{OracleRules, UnderlyingRisk},
	time::{years_between, YEAR},
	MarketState, Price, Quality, Ratio, Volatility,
};
use ballast_traits::{InspectHistory, InspectMarket, MutateMarket};
use frame_support::{assert_noop, assert_ok};

const DAY: u64 = 86_400;

/// A price in ten-thousandths.
fn parts(ten_thousandths: u64) -> Price {
	Price::from_inner(u128::from(ten_thousandths) * 100_000_000_000_000)
}

/// Every operator feeds this price of USDT, in ten-thousandths, and ticks are accepted.
fn feed_usdt(ten_thousandths: u64) {
	Operators::get().into_iter().for_each(|id| feed_of(USDT, id, parts(ten_thousandths)));
	PriceFeed::accept_ticks();
}

/// A block so many seconds later in which every operator feeds this price of USDT.
fn tick_usdt(seconds: u64, ten_thousandths: u64) {
	next_block(seconds);
	feed_usdt(ten_thousandths);
}

fn state() -> MarketState {
	PriceFeed::state(USDT).unwrap()
}

fn float(inner: u128) -> f64 {
	inner as f64 / 1e18
}

/// The target of a stable asset at a volatility.
fn target(sigma: f64) -> f64 {
	(0.75 * 3.0 * sigma / 365f64.sqrt() + 0.25 * 0.08).clamp(0.02, 0.20)
}

fn genesis(volatility: u32) -> GenesisMarket {
	GenesisMarket {
		underlying: USDT,
		spot: Some(parts(10_000)),
		volatility: flat(volatility),
		history: vec![],
	}
}

#[test]
fn spot_alone_makes_a_market() {
	ExtBuilder::default().spot_only().build_and_execute(|| {
		assert_eq!(PriceFeed::state(USDT), None);
		feed_usdt(9_995);
		let state = state();
		assert_eq!((state.spot, state.spot_at, state.operators), (parts(9_995), START, 5));
		assert_eq!(state.quality, Quality::Good);
		// the surface is a constant, as old as spot
		assert_eq!((state.volatility, state.volatility_at), (SPOT_ONLY_SURFACE, START));
		let years = years_between(START, START + 90 * DAY);
		assert_eq!(state.forward(years), state.spot.to_q64());
		assert_eq!(state.discount(years), Ok(ballast_math::Q64::ONE));
		// BTC, of which nothing was fed, is as unknown as before
		assert_eq!(PriceFeed::state(BTC), None);
	});
}

#[test]
fn the_range_of_an_unknown_asset_begins_at_that_of_a_stressed_market() {
	ExtBuilder::default().spot_only().build_and_execute(|| {
		feed_usdt(10_000);
		let scan = state().scan;
		assert!((float(scan.initial.into_inner()) - 0.08).abs() < 1e-15, "{scan:?}");
		assert!(scan.initial >= Ratio::from_percent(8), "rounded up");
		assert_eq!(scan.maintenance, scan.initial);
		let realised = Markets::<Test>::get(USDT).unwrap().realised.unwrap();
		let sigma = 0.08 * 365f64.sqrt() / 3.0;
		assert!((float(realised.slow.into_inner()) - sigma).abs() < 1e-15);
		assert_eq!(realised.fast, realised.slow);
	});
}

#[test]
fn genesis_gives_the_volatility_with_which_realised_volatility_begins() {
	let market = ExtBuilder::default().markets(vec![genesis(6)]).spot_only();
	market.build_and_execute(|| {
		let market = Markets::<Test>::get(USDT).unwrap();
		assert_eq!(market.volatility.value(), None);
		let realised = market.realised.unwrap();
		let six = Volatility::from_percent(6);
		assert_eq!((realised.fast, realised.slow), (six, six));
		assert!((float(market.scan.unwrap().target.into_inner()) - target(0.06)).abs() < 1e-15);
		// the price given is a band, and not usable
		assert_eq!((state().spot, state().quality), (parts(10_000), Quality::Stale));
		tick_usdt(3, 10_010);
		assert_eq!((state().spot, state().quality), (parts(10_010), Quality::Good));
	});
}

#[test]
fn quality_is_that_of_spot_alone() {
	ExtBuilder::default().spot_only().build_and_execute(|| {
		feed_usdt(10_000);
		// days without any volatility
		for _ in 0..2_000 {
			tick_usdt(100, 10_000);
		}
		assert_eq!(state().quality, Quality::Good);
		assert_eq!(state().volatility_at, state().spot_at);
		let now = Clock::get();
		Clock::set(now + 120);
		assert_eq!(state().quality, Quality::Good);
		Clock::set(now + 121);
		assert_eq!(state().quality, Quality::Stale);
		tick_usdt(0, 10_000);
		assert_eq!(state().quality, Quality::Good);
		// outside the band
		tick_usdt(3, 8_000);
		assert_eq!((state().spot, state().quality), (parts(10_000), Quality::Unconfirmed));
		(0..3).for_each(|_| tick_usdt(3, 8_000));
		assert_eq!((state().spot, state().quality), (parts(8_000), Quality::Good));
		Operators::set(vec![1, 2]);
		next_block(3);
		PriceFeed::accept_ticks();
		assert_eq!(state().quality, Quality::TooFewOperators);
	});
}

#[test]
fn volatilities_that_are_fed_all_the_same_change_nothing() {
	ExtBuilder::default().spot_only().build_and_execute(|| {
		feed_usdt(10_000);
		let before = Markets::<Test>::get(USDT);
		next_block(3);
		for operator in 1..=5u64 {
			let percent = if operator < 3 { 0 } else { 300 };
			feed_volatility_of(USDT, operator, flat(percent));
		}
		PriceFeed::accept_ticks();
		assert_eq!(events(), vec![]);
		let mut expected = before.unwrap();
		expected.updated_at = Some(START + 3);
		let market = Markets::<Test>::get(USDT).unwrap();
		assert_eq!((market.volatility, market.realised), (expected.volatility, expected.realised));
		assert_eq!(market.scan, expected.scan);
		assert_eq!((state().volatility, state().quality), (SPOT_ONLY_SURFACE, Quality::Good));
	});
}

#[test]
fn the_range_follows_realised_volatility_alone() {
	let market = ExtBuilder::default().markets(vec![genesis(6)]).spot_only();
	market.build_and_execute(|| {
		feed_usdt(10_000);
		tick_usdt(300, 9_800);
		let rate = 0.98f64.ln().powi(2) * YEAR as f64 / 300.0;
		let mixed = |life: f64| {
			let d = 0.5f64.powf(300.0 / life);
			(0.0036 * d + rate * (1.0 - d)).sqrt()
		};
		let market = Markets::<Test>::get(USDT).unwrap();
		let realised = market.realised.unwrap();
		assert!((float(realised.fast.into_inner()) - mixed(14_400.0)).abs() < 1e-12);
		assert!((float(realised.slow.into_inner()) - mixed(259_200.0)).abs() < 1e-12);
		let wanted = target(mixed(14_400.0));
		assert!(wanted > 0.08, "{wanted}");
		assert!((float(market.scan.unwrap().target.into_inner()) - wanted).abs() < 1e-12);
		assert_eq!(state().scan.initial, market.scan.unwrap().target);
		assert!(state().scan.maintenance < state().scan.initial, "on its way at the ramp's speed");
		assert!(events().iter().any(|event| matches!(event,
			Event::ScanRangeMoved { underlying: USDT, initial, .. } if *initial == state().scan.initial)));
	});
}

#[test]
fn no_expiry_can_be_watched() {
	ExtBuilder::default().spot_only().build_and_execute(|| {
		assert_noop!(PriceFeed::watch_expiry(USDT, START + DAY), Error::<Test>::SpotOnly);
		assert_ok!(PriceFeed::watch_expiry(BTC, START + DAY));
	});
}

#[test]
fn without_a_risk_no_expiry_can_be_watched_either() {
	ExtBuilder::default().build_and_execute(|| {
		MockParameters::mock_underlying(|_| None);
		assert_noop!(PriceFeed::watch_expiry(BTC, START + DAY), Error::<Test>::UnderlyingUnknown);
		MockParameters::mock_underlying(|_| Some(UnderlyingRisk::btc()));
		assert_ok!(PriceFeed::watch_expiry(BTC, START + DAY));
	});
}

#[test]
fn a_watched_expiry_where_only_spot_is_fed_is_found() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(PriceFeed::watch_expiry(BTC, START + DAY));
		set_rules(|rules| rules.spot_only = true);
		assert_eq!(
			PriceFeed::do_try_state(),
			Err("I9: an expiry is watched where only spot is fed".into())
		);
		set_rules(|_| {});
	});
}

#[test]
fn there_is_no_volatility_and_no_chain_to_look_at() {
	ExtBuilder::default().spot_only().fed().build_and_execute(|| {
		feed_usdt(10_000);
		tick_usdt(3, 10_000);
		let now = PriceFeed::now();
		assert_eq!(PriceFeed::volatility_view(USDT, price(1), now + DAY), None);
		assert_eq!(PriceFeed::integrity_view(USDT, vec![(now + DAY, vec![price(1)])]), None);
		Clock::set(now + 30);
		let view = PriceFeed::market_view(USDT).unwrap();
		assert_eq!((view.spot_age, view.volatility_age, view.spot_only), (30, 30, true));
		assert_eq!((Some(view.state), view.watched), (PriceFeed::state(USDT), vec![]));
		assert!(!PriceFeed::market_view(BTC).unwrap().spot_only);
		assert!(PriceFeed::volatility_view(BTC, price(1), now + DAY).is_some());
	});
}

#[test]
fn days_close_without_a_volatility() {
	ExtBuilder::default().spot_only().build_and_execute(|| {
		let to_midnight = || DAY - Clock::get() % DAY;
		for price in [10_000, 9_900] {
			tick_usdt(to_midnight() - 10, price);
			tick_usdt(20, price);
		}
		let moves = PriceFeed::daily_moves(USDT);
		assert_eq!(moves.len(), 1);
		// ln 0.99
		assert_eq!((moves[0].spot, moves[0].volatility), (-10_050, None));
	});
}

#[test]
fn an_underlying_that_was_fed_volatilities_before_its_rules_forgets_nothing_and_uses_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		MockSeries::mock_underlyings(|| vec![USDT]);
		MockParameters::mock_underlying(|_| None);
		(1..=5).for_each(|operator| feed_volatility_of(USDT, operator, flat(300)));
		feed_usdt(10_000);
		assert_eq!(PriceFeed::state(USDT), None);
		MockParameters::mock_oracle(|_| OracleRules { spot_only: true, ..Default::default() });
		MockParameters::mock_underlying(|_| Some(UnderlyingRisk::stable()));
		tick_usdt(3, 10_000);
		assert_eq!(state().volatility, SPOT_ONLY_SURFACE);
		assert!((float(state().scan.initial.into_inner()) - 0.08).abs() < 1e-15);
	});
}
