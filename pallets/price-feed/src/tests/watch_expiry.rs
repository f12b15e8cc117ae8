//! Watching an expiry.

use crate::{mock::*, Error, Event, Watched, MAX_EXPIRIES};
use ballast_primitives::UnderlyingId;
use ballast_traits::MutateMarket;
use frame_support::{assert_noop, assert_ok};

fn watched() -> Vec<u64> {
	Watched::<Test>::get(BTC).iter().map(|watch| watch.expiry()).collect()
}

#[test]
fn expiries_are_watched_in_order_of_time() {
	ExtBuilder::default().build_and_execute(|| {
		for expiry in [START + 300, START + 100, START + 200] {
			assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
			assert!(events().contains(&Event::ExpiryWatched { underlying: BTC, expiry }));
		}
		assert_eq!(watched(), vec![START + 100, START + 200, START + 300]);
	});
}

#[test]
fn watching_twice_changes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 100));
		System::reset_events();
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 100));
		assert_eq!(watched(), vec![START + 100]);
		assert_eq!(events(), vec![]);
	});
}

#[test]
fn the_past_and_the_present_are_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(PriceFeed::watch_expiry(BTC, START), Error::<Test>::ExpiryNotInFuture);
		assert_noop!(PriceFeed::watch_expiry(BTC, 0), Error::<Test>::ExpiryNotInFuture);
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 1));
	});
}

#[test]
fn an_underlying_that_is_not_listed_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(
			PriceFeed::watch_expiry(UnderlyingId(9), START + 100),
			Error::<Test>::UnderlyingUnknown
		);
	});
}

#[test]
fn there_is_a_limit_per_underlying() {
	ExtBuilder::default().build_and_execute(|| {
		for n in 1..=u64::from(MAX_EXPIRIES) {
			assert_ok!(PriceFeed::watch_expiry(BTC, START + n));
		}
		assert_noop!(PriceFeed::watch_expiry(BTC, START + 1_000), Error::<Test>::TooManyExpiries);
		// one that is watched already is no news, and another underlying has its own limit
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 1));
		assert_ok!(PriceFeed::watch_expiry(ETH, START + 1_000));
		// place again once one is forgotten
		PriceFeed::forget_expiry(BTC, START + 1);
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 1_000));
	});
}
