//! Governance sets a settlement price that the market never gave.

use crate::{mock::*, Error, Event, PriceSource, Watched};
use ballast_primitives::Price;
use ballast_traits::{InspectMarket, MutateMarket};
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use sp_runtime::DispatchError;

const EXPIRY: u64 = START + 7_200;
const DAY: u64 = 86_400;

/// An expiry without any feed in its window, so many seconds after it.
fn missed(seconds: u64, test: impl FnOnce()) {
	ExtBuilder::default().fed().build_and_execute(|| {
		assert_ok!(PriceFeed::watch_expiry(BTC, EXPIRY));
		next_block(7_200 + seconds);
		PriceFeed::accept_ticks();
		assert_eq!(PriceFeed::settlement_price(BTC, EXPIRY), None);
		test();
	});
}

fn set(price: Price) -> sp_runtime::DispatchResult {
	PriceFeed::set_settlement_price(RawOrigin::Root.into(), BTC, EXPIRY, price)
}

#[test]
fn the_day_is_governed() {
	let overdue = |seconds| {
		set_rules(|rules| rules.settlement_overdue = seconds);
		set(price(9_000))
	};
	missed(7_200, || {
		assert_noop!(overdue(7_201), Error::<Test>::SettlementNotOverdue);
		assert_ok!(overdue(7_200));
	});
}

#[test]
fn a_missed_price_is_set_after_a_day() {
	missed(DAY, || {
		assert_ok!(set(price(9_000)));
		assert_eq!(PriceFeed::settlement_price(BTC, EXPIRY), Some(price(9_000)));
		assert!(Watched::<Test>::get(BTC).is_empty());
		assert!(events().contains(&Event::SettlementPriceSet {
			underlying: BTC,
			expiry: EXPIRY,
			price: price(9_000),
			source: PriceSource::Governance,
		}));
		// and never again
		assert_noop!(set(price(9_001)), Error::<Test>::SettlementPriceKnown);
	});
}

#[test]
fn not_before() {
	missed(DAY - 1, || {
		assert_noop!(set(price(9_000)), Error::<Test>::SettlementNotOverdue);
	});
}

#[test]
fn only_governance_may() {
	missed(DAY, || {
		assert_noop!(
			PriceFeed::set_settlement_price(RawOrigin::Signed(1).into(), BTC, EXPIRY, price(9_000)),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn the_price_is_within_the_cap_of_the_last_accepted_one() {
	missed(DAY, || {
		// BTC's cap is 32%
		for whole in [0, 1, 6_799, 13_201, u64::MAX] {
			assert_noop!(set(price(whole)), Error::<Test>::PriceOutsideCap);
		}
		assert_ok!(set(price(6_800)));
	});
}

#[test]
fn an_expiry_that_nobody_watches_is_refused() {
	missed(DAY, || {
		for (underlying, expiry) in [(BTC, EXPIRY + 1), (ETH, EXPIRY)] {
			assert_noop!(
				PriceFeed::set_settlement_price(
					RawOrigin::Root.into(),
					underlying,
					expiry,
					price(9_000)
				),
				Error::<Test>::ExpiryNotWatched
			);
		}
	});
}

#[test]
fn an_underlying_without_any_price_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(PriceFeed::watch_expiry(BTC, EXPIRY));
		next_block(7_200 + DAY);
		assert_noop!(set(price(9_000)), Error::<Test>::PriceNeverAccepted);
	});
}
