//! Forgetting an expiry.

use crate::{mock::*, Event, Watched};
use ballast_traits::{InspectMarket, MutateMarket};
use frame_support::{assert_ok, assert_storage_noop};

#[test]
fn a_watched_expiry_is_forgotten() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 100));
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 200));
		PriceFeed::forget_expiry(BTC, START + 100);
		assert!(events().contains(&Event::ExpiryForgotten { underlying: BTC, expiry: START + 100 }));
		assert_eq!(Watched::<Test>::get(BTC).len(), 1);
		PriceFeed::forget_expiry(BTC, START + 200);
		assert!(!Watched::<Test>::contains_key(BTC));
	});
}

#[test]
fn a_settlement_price_is_forgotten() {
	ExtBuilder::default().fed().build_and_execute(|| {
		let expiry = START + 600;
		assert_ok!(PriceFeed::watch_expiry(BTC, expiry));
		set_rules(|rules| rules.settlement_window = 60);
		for _ in 0..60 {
			next_block(10);
			feed_all(10_000);
			PriceFeed::accept_ticks();
		}
		assert_eq!(PriceFeed::settlement_price(BTC, expiry), Some(price(10_000)));
		PriceFeed::forget_expiry(BTC, expiry);
		assert_eq!(PriceFeed::settlement_price(BTC, expiry), None);
	});
}

#[test]
fn what_is_not_known_is_forgotten_already() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(PriceFeed::watch_expiry(BTC, START + 100));
		assert_storage_noop!(PriceFeed::forget_expiry(BTC, START + 101));
		assert_storage_noop!(PriceFeed::forget_expiry(ETH, START + 100));
	});
}
