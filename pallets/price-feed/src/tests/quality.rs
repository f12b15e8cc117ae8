//! Quality is decided at the moment of reading.

use crate::mock::*;
use ballast_primitives::{Quality, SurfaceQuote};
use ballast_traits::{InspectMarket, MutateMarket};

fn quality() -> Quality {
	PriceFeed::state(BTC).unwrap().quality
}

#[test]
fn a_price_goes_stale_with_time_alone() {
	ExtBuilder::default().fed().build_and_execute(|| {
		Clock::set(START + 120);
		assert_eq!(quality(), Quality::Good);
		Clock::set(START + 121);
		assert_eq!(quality(), Quality::Stale);
		assert!(!PriceFeed::state(BTC).unwrap().is_usable());
	});
}

#[test]
fn a_volatility_goes_stale_on_its_own() {
	ExtBuilder::default().fed().build_and_execute(|| {
		for _ in 0..36 {
			next_block(100);
			feed_all(10_000);
			PriceFeed::accept_ticks();
			assert_eq!(quality(), Quality::Good);
		}
		next_block(1);
		PriceFeed::accept_ticks();
		assert_eq!(quality(), Quality::Stale);
		feed_volatility_all(60);
		next_block(1);
		PriceFeed::accept_ticks();
		assert_eq!(quality(), Quality::Good);
	});
}

#[test]
fn too_few_operators_of_volatility_count_too() {
	ExtBuilder::default().fed().build_and_execute(|| {
		Operators::set(vec![1, 2, 3, 6, 7]);
		next_block(3);
		feed_all(10_000);
		Operators::set(vec![3, 6, 7]);
		PriceFeed::accept_ticks();
		// three have fed prices, one of them volatilities
		assert_eq!(quality(), Quality::TooFewOperators);
		next_block(3);
		for operator in [6, 7] {
			feed_volatility(operator, SurfaceQuote { ..flat(60) });
		}
		PriceFeed::accept_ticks();
		assert_eq!(quality(), Quality::Good);
	});
}

#[test]
fn fresh_operators_are_needed_at_every_look() {
	ExtBuilder::default().fed().build_and_execute(|| {
		// two operators go on; the values of the others expire
		for second in (10..=120).step_by(10) {
			next_block(10);
			feed(1, 10_000);
			feed(2, 10_000);
			PriceFeed::accept_ticks();
			assert_eq!(quality(), Quality::Good, "after {second} s");
		}
		next_block(1);
		PriceFeed::accept_ticks();
		assert_eq!(quality(), Quality::TooFewOperators);
	});
}

#[test]
fn governance_changes_what_is_usable_at_once() {
	ExtBuilder::default().fed().build_and_execute(|| {
		set_rules(|rules| rules.operators_min = 6);
		assert_eq!(quality(), Quality::TooFewOperators);
		Clock::set(START + 60);
		set_rules(|rules| rules.spot_age_max = 59);
		assert_eq!(quality(), Quality::Stale);
	});
}
