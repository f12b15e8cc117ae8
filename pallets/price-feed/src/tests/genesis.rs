//! Genesis: starting volatilities, starting prices and the time scale.

use crate::{mock::*, GenesisMarket, Markets, TimeScale};
use ballast_primitives::{Quality, Ratio, Volatility};
use ballast_traits::{InspectMarket, MutateMarket};

fn market(spot: Option<u64>, percent: u32) -> GenesisMarket {
	GenesisMarket {
		underlying: BTC,
		spot: spot.map(price),
		volatility: flat(percent),
		history: vec![],
	}
}

#[test]
fn a_market_without_a_price_is_not_known_but_its_range_is() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(PriceFeed::state(BTC), None);
		let market = Markets::<Test>::get(BTC).unwrap();
		let realised = market.realised.unwrap();
		let sixty = Volatility::from_percent(60);
		assert_eq!((realised.fast, realised.slow), (sixty, sixty));
		let scan = market.scan.unwrap();
		assert_eq!(scan.maintenance, scan.target);
		assert!(scan.target > Ratio::from_percent(14) && scan.target < Ratio::from_percent(15));
		assert_eq!(market.updated_at, None);
	});
}

#[test]
fn a_starting_price_is_stale_until_it_is_fed() {
	ExtBuilder::default().markets(vec![market(Some(10_000), 60)]).build_and_execute(|| {
		let state = PriceFeed::state(BTC).unwrap();
		assert_eq!((state.spot, state.spot_at), (price(10_000), 0));
		assert_eq!(state.quality, Quality::Stale);
		feed_all(10_100);
		PriceFeed::accept_ticks();
		// the volatilities are still those of genesis
		assert_eq!(PriceFeed::state(BTC).unwrap().quality, Quality::Stale);
		next_block(3);
		feed_volatility_all(62);
		PriceFeed::accept_ticks();
		assert_eq!(PriceFeed::state(BTC).unwrap().quality, Quality::Good);
	});
}

#[test]
fn a_starting_price_holds_the_first_tick_within_its_band() {
	ExtBuilder::default().markets(vec![market(Some(10_000), 60)]).build_and_execute(|| {
		tick(20_000);
		assert_eq!(spot(), price(10_000));
		for _ in 0..3 {
			tick(20_000);
		}
		assert_eq!(spot(), price(20_000));
	});
}

#[test]
fn a_starting_price_counts_for_no_settlement() {
	ExtBuilder::default().markets(vec![market(Some(10_000), 60)]).build_and_execute(|| {
		set_rules(|rules| rules.settlement_window = 60);
		PriceFeed::watch_expiry(BTC, START + 90).unwrap();
		for _ in 0..40 {
			next_block(3);
			PriceFeed::accept_ticks();
		}
		assert_eq!(PriceFeed::settlement_price(BTC, START + 90), None);
	});
}

#[test]
fn real_time_is_the_clock() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(PriceFeed::now(), START);
		next_block(7);
		assert_eq!(PriceFeed::now(), START + 7);
	});
}

#[test]
fn time_per_block_does_not_look_at_the_clock() {
	let scale = TimeScale::PerBlock { start: 1_583_971_200, seconds: 1_800 };
	ExtBuilder::default().time_scale(scale).build_and_execute(|| {
		assert_eq!(PriceFeed::now(), 1_583_971_200 + 1_800);
		next_block(3);
		next_block(3);
		assert_eq!(PriceFeed::now(), 1_583_971_200 + 3 * 1_800);
	});
}

#[test]
#[should_panic(expected = "price out of range")]
fn a_price_of_zero_is_no_start() {
	ExtBuilder::default().markets(vec![market(Some(0), 60)]).build_and_execute(|| {});
}

#[test]
#[should_panic(expected = "surface out of range")]
fn a_volatility_of_zero_is_no_start() {
	ExtBuilder::default().markets(vec![market(None, 0)]).build_and_execute(|| {});
}
