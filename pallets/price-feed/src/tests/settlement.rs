//! Settlement prices from the chain's own ticks.

use crate::{mock::*, Event, PriceSource, TimeScale};
use ballast_primitives::{Moment, Price};
use ballast_traits::{InspectMarket, MutateMarket};
use frame_support::assert_ok;

const HOUR: Moment = 3_600;

/// Blocks of so many seconds until a moment, with the price that each shows.
fn until(moment: Moment, seconds: Moment, mut whole: impl FnMut(Moment) -> Option<u64>) {
	while PriceFeed::now() < moment {
		next_block(seconds);
		if let Some(whole) = whole(PriceFeed::now()) {
			feed_all(whole);
		}
		PriceFeed::accept_ticks();
	}
}

fn settled(expiry: Moment) -> Option<Price> {
	PriceFeed::settlement_price(BTC, expiry)
}

#[test]
fn the_average_is_weighted_by_time_within_the_exact_window() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + HOUR;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		// 10,000 up to ten minutes before expiry, then 10,600; and 9,500 at expiry itself
		until(expiry, 30, |now| {
			Some(match now {
				_ if now >= expiry => 9_700,
				_ if now >= expiry - 600 => 10_600,
				_ => 10_000,
			})
		});
		// (10,000 * 20 + 10,600 * 10) / 30
		assert_eq!(settled(expiry), Some(price(10_200)));
		assert!(events().contains(&Event::SettlementPriceSet {
			underlying: BTC,
			expiry,
			price: price(10_200),
			source: PriceSource::Average { covered: 1_800 },
		}));
	});
}

#[test]
fn blocks_that_straddle_the_bounds_count_in_part() {
	ExtBuilder::default().fed().build_and_execute(|| {
		// the window is [START + 1000, START + 1060]; ticks every 100 s, the first second later
		let expiry = START + 1_060;
		set_rules(|rules| rules.settlement_window = 60);
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		next_block(20);
		feed_all(10_000);
		PriceFeed::accept_ticks();
		// ticks at 120, 220, ... 920, 1020, 1120: 10,000 for 20 s of the window and 10,300 for 40 s
		until(START + 1_120, 100, |now| Some(if now >= START + 1_020 { 10_300 } else { 10_000 }));
		assert_eq!(settled(expiry), Some(price(10_200)));
	});
}

#[test]
fn a_settlement_price_never_changes() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + HOUR;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		until(expiry, 60, |_| Some(10_000));
		assert_eq!(settled(expiry), Some(price(10_000)));
		until(expiry + HOUR, 60, |_| Some(10_900));
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		until(expiry + 2 * HOUR, 60, |_| Some(9_900));
		assert_eq!(settled(expiry), Some(price(10_000)));
	});
}

#[test]
fn a_missing_feed_moves_the_window_later() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + HOUR;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		// no feed from 20 minutes before expiry to 10 minutes after
		let (from, to) = (expiry - 1_200, expiry + 600);
		let feeds = |now: Moment| (now < from || now >= to).then_some(10_000);
		until(expiry, 60, feeds);
		assert!(!PriceFeed::state(BTC).unwrap().is_usable());
		assert_eq!(settled(expiry), None);
		assert!(events().contains(&Event::SettlementWindowMoved {
			underlying: BTC,
			expiry,
			ends_at: expiry + 300,
		}));
		// 80% of half an hour is 24 minutes: from 10 to 34 minutes after expiry, and the first
		// window that ends there or later, in steps of five minutes, ends at 35
		until(expiry + 2_099, 60, |now| (now >= to).then_some(10_400));
		let end = PriceFeed::now();
		assert!(end >= expiry + 2_100);
		assert_eq!(settled(expiry), Some(price(10_400)));
		assert!(events().contains(&Event::SettlementPriceSet {
			underlying: BTC,
			expiry,
			price: price(10_400),
			source: PriceSource::Average { covered: 1_500 },
		}));
	});
}

#[test]
fn eighty_per_cent_of_the_window_are_enough() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + HOUR;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		// the last tick is six minutes and two minutes of age before expiry: 24 of 30 are covered
		until(expiry, 60, |now| (now <= expiry - 480).then_some(10_000));
		assert_eq!(settled(expiry), Some(price(10_000)));
	});
}

#[test]
fn less_than_eighty_per_cent_are_not() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + HOUR;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		until(expiry, 60, |now| (now < expiry - 480).then_some(10_000));
		assert_eq!(settled(expiry), None);
	});
}

#[test]
fn a_price_in_doubt_does_not_count() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + 2_000;
		set_rules(|rules| {
			rules.settlement_window = 600;
			rules.confirming_rounds = 100;
		});
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		// in the window the operators say 8,000 and the breaker says wait
		until(expiry, 10, |now| Some(if now >= expiry - 600 { 8_000 } else { 10_000 }));
		assert_eq!(settled(expiry), None);
	});
}

#[test]
fn a_price_without_a_quorum_does_not_count() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + 2_000;
		set_rules(|rules| {
			rules.settlement_window = 600;
			rules.spot_age_max = 3_000;
		});
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		// everybody but one stops two minutes before the window: their values expire as it begins,
		// although the accepted price is young enough
		until(expiry, 10, |now| {
			if now < expiry - 720 {
				return Some(10_000);
			}
			feed(1, 10_000);
			None
		});
		assert_eq!(settled(expiry), None);
	});
}

#[test]
fn half_an_hour_a_block_settles_at_expiry() {
	let scale = TimeScale::PerBlock { start: START, seconds: 1_800 };
	ExtBuilder::default().time_scale(scale).build_and_execute(|| {
		set_rules(|rules| {
			rules.spot_age_max = 1_800;
			rules.raw_age_max = 1_800;
			rules.volatility_age_max = 7_200;
		});
		let expiry = START + 5 * 1_800;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		for whole in [10_000, 10_100, 10_200, 10_300] {
			feed_all(whole);
			PriceFeed::accept_ticks();
			assert_eq!(settled(expiry), None);
			next_block(0);
		}
		// block 5 is the expiry; the tick of block 4 covers the window
		assert_eq!(PriceFeed::now(), expiry);
		feed_all(10_400);
		PriceFeed::accept_ticks();
		assert_eq!(settled(expiry), Some(price(10_300)));
	});
}

#[test]
fn half_an_hour_a_block_with_a_block_missing() {
	let scale = TimeScale::PerBlock { start: START, seconds: 1_800 };
	ExtBuilder::default().time_scale(scale).build_and_execute(|| {
		set_rules(|rules| {
			rules.spot_age_max = 1_800;
			rules.raw_age_max = 1_800;
		});
		let expiry = START + 4 * 1_800;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		for whole in [Some(10_000), Some(10_100), None, None, Some(10_400)] {
			if let Some(whole) = whole {
				feed_all(whole);
			}
			PriceFeed::accept_ticks();
			assert_eq!(settled(expiry), None);
			next_block(0);
		}
		feed_all(10_500);
		PriceFeed::accept_ticks();
		assert_eq!(settled(expiry), Some(price(10_400)));
	});
}

#[test]
fn many_expiries_at_once_settle_in_turn_at_the_right_price() {
	ExtBuilder::default().fed().build_and_execute(|| {
		set_rules(|rules| rules.settlement_window = 60);
		let expiries: Vec<Moment> = (0..10).map(|n| START + 600 + n).collect();
		for expiry in &expiries {
			assert_ok!(PriceFeed::watch_expiry(BTC, *expiry));
		}
		until(START + 540, 10, |_| Some(10_000));
		until(START + 600, 60, |_| Some(10_000));
		// all ten expire before this block, after which the price is another one
		until(START + 660, 60, |_| Some(10_800));
		let known =
			|expiries: &[Moment]| expiries.iter().filter(|e| settled(**e).is_some()).count();
		assert_eq!(known(&expiries), 5);
		next_block(3);
		PriceFeed::accept_ticks();
		next_block(3);
		PriceFeed::accept_ticks();
		for expiry in expiries {
			assert_eq!(settled(expiry), Some(price(10_000)), "{}", expiry - START);
		}
	});
}

#[test]
fn an_expiry_listed_within_its_window_has_what_it_can_see() {
	ExtBuilder::default().fed().build_and_execute(|| {
		until(START + 1_000, 10, |_| Some(10_000));
		// the window began 1,200 s ago
		let expiry = PriceFeed::now() + 600;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		until(expiry, 10, |_| Some(10_200));
		assert_eq!(settled(expiry), None);
		until(expiry + 900, 10, |_| Some(10_200));
		// 25 minutes are covered, the first ten seconds of them at 10,000
		let average = Price::from_inner(10_198_666_666_666_666_666_667);
		assert_eq!(settled(expiry), Some(average));
	});
}

#[test]
fn a_long_halt_costs_a_bounded_number_of_steps() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + HOUR;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		until(START + 3_000, 60, |_| Some(10_000));
		next_block(30 * 86_400);
		PriceFeed::accept_ticks();
		assert_eq!(settled(expiry), None);
		let resumed = PriceFeed::now();
		until(resumed + 2_100, 60, |_| Some(10_500));
		assert_eq!(settled(expiry), Some(price(10_500)));
	});
}
