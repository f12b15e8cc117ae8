//! What the pallet makes of the rule of the market's average.

use crate::{mock::*, ClosedSlices, Event, RunningSlices, TimeScale};
use ballast_primitives::{Moment, Price, Rate, Ratio};
use ballast_traits::{InspectMarket, MutateMarket};

const WINDOW: Moment = 1_800;

/// A minute later, every operator feeds this price and 60%.
fn minute(whole: u64) {
	next_block(60);
	feed_all(whole);
	feed_volatility_all(60);
	PriceFeed::accept_ticks();
}

fn minutes(count: u64, whole: u64) {
	(0..count).for_each(|_| minute(whole));
}

fn average() -> Option<Price> {
	PriceFeed::average(BTC).map(|state| state.spot)
}

#[test]
fn there_is_an_average_once_enough_of_the_window_was_usable() {
	ExtBuilder::default().fed().build_and_execute(|| {
		minutes(23, 10_000);
		assert_eq!(average(), None);
		minute(10_000);
		let state = PriceFeed::state(BTC).unwrap();
		assert_eq!(PriceFeed::average(BTC), Some(state));
		assert_eq!(PriceFeed::average(ETH), None);
		// the newest tick begins to count in the next block
		minute(10_600);
		assert_eq!(average(), Some(price(10_000)));
		minute(10_600);
		let state = PriceFeed::state(BTC).unwrap();
		let average = PriceFeed::average(BTC).unwrap();
		// 26 minutes: 25 at 10,000 and one at 10,600
		assert_eq!(average.spot.into_inner(), 10_023_076_923_076_923_076_923);
		assert_eq!((average.spot_at, average.scan), (state.spot_at, state.scan));
		assert_eq!(average.volatility, flat(60));
	});
}

#[test]
fn a_price_that_doubles_in_the_last_minute_moves_it_by_a_thirtieth() {
	ExtBuilder::default().fed().build_and_execute(|| {
		set_rules(|rules| rules.spot_deviation_max = Ratio::ONE);
		minutes(40, 10_000);
		minute(20_000);
		assert_eq!(average(), Some(price(10_000)));
		minute(20_000);
		let moved = average().unwrap().into_inner() - price(10_000).into_inner();
		assert!(moved <= price(10_000).into_inner() / 30 + 1, "{moved}");
		assert!(moved >= price(10_000).into_inner() / 30 - 1, "{moved}");
		// half an hour later it has arrived
		minutes(34, 20_000);
		assert_eq!(average(), Some(price(20_000)));
	});
}

#[test]
fn each_figure_of_the_surface_is_averaged() {
	ExtBuilder::default().fed().build_and_execute(|| {
		minutes(30, 10_000);
		for _ in 0..10 {
			next_block(60);
			feed_all(10_000);
			let mut quote = flat(75);
			quote.tenors[5].rate = Rate::from_inner(60_000_000_000_000_000);
			quote.tenors[0].carry = Rate::from_inner(-30_000_000_000_000_000);
			Operators::get().into_iter().for_each(|operator| feed_volatility(operator, quote));
			PriceFeed::accept_ticks();
		}
		next_block(0);
		PriceFeed::accept_ticks();
		// nine minutes of thirty
		let found = PriceFeed::average(BTC).unwrap().volatility;
		let near = |found: i128, expected: i128| assert!((found - expected).abs() <= 1, "{found}");
		near(found.tenors[2].volatility.into_inner() as i128, 645_000_000_000_000_000);
		near(found.tenors[5].rate.into_inner(), 18_000_000_000_000_000);
		near(found.tenors[0].carry.into_inner(), -9_000_000_000_000_000);
		assert_eq!(found.tenors[0].rate, Rate::ZERO);
	});
}

#[test]
fn a_market_that_cannot_be_used_now_has_no_average() {
	ExtBuilder::default().fed().build_and_execute(|| {
		minutes(40, 10_000);
		assert_eq!(average(), Some(price(10_000)));
		// outside the band, not confirmed
		minute(15_000);
		assert!(average().is_none() && PriceFeed::state(BTC).is_some());
		minute(10_000);
		assert_eq!(average(), Some(price(10_000)));
		next_block(121);
		PriceFeed::accept_ticks();
		assert_eq!(average(), None);
	});
}

#[test]
fn what_was_before_an_outage_longer_than_the_window_does_not_count() {
	ExtBuilder::default().fed().build_and_execute(|| {
		minutes(40, 10_000);
		next_block(WINDOW + 600);
		feed_all(10_900);
		feed_volatility_all(60);
		PriceFeed::accept_ticks();
		assert_eq!(average(), None);
		minutes(23, 10_900);
		assert_eq!(average(), None);
		minute(10_900);
		assert_eq!(average(), Some(price(10_900)));
	});
}

#[test]
fn a_gap_within_the_window_leaves_the_rest() {
	ExtBuilder::default().fed().build_and_execute(|| {
		minutes(40, 10_000);
		// the last price counts for two minutes of the seven
		next_block(420);
		feed_all(10_000);
		feed_volatility_all(60);
		PriceFeed::accept_ticks();
		assert_eq!(average(), Some(price(10_000)));
		// coverage of 25 minutes in 30 is too little for nine tenths
		set_rules(|rules| rules.settlement_coverage = Ratio::from_percent(90));
		assert_eq!(average(), None);
		minutes(30, 10_000);
		assert_eq!(average(), Some(price(10_000)));
	});
}

#[test]
fn another_window_begins_anew() {
	ExtBuilder::default().fed().build_and_execute(|| {
		minutes(40, 10_000);
		assert!(ClosedSlices::<Test>::get(BTC).is_full());
		set_rules(|rules| rules.settlement_window = 600);
		assert_eq!(average(), None);
		minute(10_000);
		assert_eq!(ClosedSlices::<Test>::get(BTC).len(), 0);
		assert_eq!(average(), None);
		minutes(7, 10_000);
		assert_eq!(average(), Some(price(10_000)));
		assert!(PriceFeed::do_try_state().is_ok());
	});
}

#[test]
fn a_market_of_which_only_spot_is_fed_has_no_average() {
	ExtBuilder::default().spot_only().fed().build_and_execute(|| {
		for _ in 0..40 {
			next_block(60);
			feed_of(USDT, 1, price(1));
			feed_of(USDT, 2, price(1));
			feed_of(USDT, 3, price(1));
			PriceFeed::accept_ticks();
		}
		assert!(PriceFeed::state(USDT).unwrap().is_usable());
		assert_eq!(PriceFeed::average(USDT), None);
		assert_eq!(RunningSlices::<Test>::get(USDT), None);
	});
}

#[test]
fn a_tick_never_fails_because_of_its_average() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let age = 1_000_000_000;
		set_rules(|rules| {
			rules.settlement_window = 6 * 2 * age;
			rules.spot_age_max = age;
			rules.volatility_age_max = age;
			rules.spot_deviation_max = Ratio::from_inner(u128::MAX);
		});
		next_block(3);
		feed_all(1_000_000_000_000);
		feed_volatility_all(60);
		PriceFeed::accept_ticks();
		assert!(RunningSlices::<Test>::get(BTC).is_some());
		// 10^30 for 200 million seconds is more than a sum can be
		next_block(200_000_000);
		feed_all(1_000_000_000_000);
		feed_volatility_all(60);
		PriceFeed::accept_ticks();
		assert_eq!(RunningSlices::<Test>::get(BTC), None);
		assert!(events().iter().any(|event| matches!(event, Event::TickAccepted { .. })));
		assert!(!events().iter().any(|event| matches!(event, Event::TickFailed { .. })));
		next_block(3);
		PriceFeed::accept_ticks();
		assert!(RunningSlices::<Test>::get(BTC).is_some());
	});
}

#[test]
fn where_a_block_is_worth_a_window_the_average_is_the_last_tick() {
	// blocks that begin when a slice does: else the slice that two of them share is mixed
	let start = START - START % WINDOW;
	let scale = TimeScale::PerBlock { start, seconds: WINDOW as u32 };
	ExtBuilder::default().time_scale(scale).fed().build_and_execute(|| {
		set_rules(|rules| {
			rules.spot_age_max = 6 * 3_600;
			rules.raw_age_max = 6 * 3_600;
			rules.volatility_age_max = 2 * 86_400;
		});
		for whole in [10_000, 10_500, 11_000] {
			let before = spot();
			tick(whole);
			assert_eq!(average(), Some(before));
			assert_eq!(spot(), price(whole));
		}
	});
}
