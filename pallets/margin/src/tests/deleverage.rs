//! Deleveraging: contracts end against everybody on the other side, at a price that the caller decided on.

use crate::mock::*;
use ballast_primitives::{Price, Quality, Quantity, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok};

fn price(whole: u64) -> Price {
	Price::from_int(whole)
}

fn prepare() {
	for who in [ALICE, BOB, CAROL] {
		deposit(who, 100_000);
	}
	trade(ALICE, CAROL, CALL, 3, 0);
	trade(BOB, CAROL, CALL, 1, 0);
}

#[test]
fn shorts_end_against_all_longs_and_pay_at_once() {
	build_and_execute(|| {
		prepare();
		assert_ok!(Margin::deleverage(&CAROL, CALL, Quantity::from_int(2), price(800)));
		assert_eq!(cash(CAROL), usd(98_400));
		assert_eq!(held(CAROL, CALL), Quantity::from_int(-2));
		assert_eq!(held(ALICE, CALL), units(1_500_000_000_000_000_000));
		assert_eq!(held(BOB, CALL), units(500_000_000_000_000_000));
		// It counts in equity before anybody is touched.
		assert_eq!(SidesOf::get(CALL).long.due, usd(1_600));
		sweep();
		assert_eq!((cash(ALICE), cash(BOB)), (usd(101_200), usd(100_400)));
		let (who, series, quantity) = (CAROL, CALL, Quantity::from_int(-2));
		let (price, amount) = (price(800), usd(1_600));
		assert!(events().contains(&Event::Deleveraged { who, series, quantity, price, amount }));
	});
}

#[test]
fn longs_end_against_all_shorts_and_are_paid_what_is_collected() {
	build_and_execute(|| {
		prepare();
		assert_ok!(Margin::deleverage(&ALICE, CALL, Quantity::from_int(3), price(500)));
		assert_eq!((claim(ALICE, CALL), cash(ALICE)), (usd(1_500), usd(100_000)));
		assert_ok!(Margin::touch(&ALICE));
		assert_eq!(cash(ALICE), usd(100_000));
		assert_ok!(Margin::touch(&CAROL));
		assert_ok!(Margin::touch(&ALICE));
		assert_eq!((cash(ALICE), cash(CAROL)), (usd(101_500), usd(98_500)));
		assert_eq!((held(BOB, CALL), held(CAROL, CALL)), (Quantity::ONE, Quantity::from_int(-1)));
	});
}

#[test]
fn equity_is_the_same_before_and_after_a_touch() {
	build_and_execute(|| {
		prepare();
		assert_ok!(Margin::deleverage(&CAROL, CALL, Quantity::ONE, price(900)));
		for who in [ALICE, BOB, CAROL] {
			let before = health(who).equity;
			assert_ok!(Margin::touch(&who));
			assert_eq!(health(who).equity, before);
		}
	});
}

#[test]
fn it_works_at_any_quality_and_at_a_price_of_nothing() {
	build_and_execute(|| {
		prepare();
		set_quality(ON_BTC, Quality::Stale);
		assert_ok!(Margin::deleverage(&CAROL, CALL, Quantity::from_int(4), Price::ZERO));
		sweep();
		let cash = [ALICE, BOB, CAROL].map(cash);
		assert_eq!(cash, [usd(100_000); 3]);
		assert_eq!(SidesOf::get(CALL).long.holders, 0);
	});
}

#[test]
fn no_more_than_is_held_and_nothing_that_is_covered() {
	build_and_execute(|| {
		prepare();
		let end = |who, id, quantity| {
			<Margin as MutateAccounts<u64>>::deleverage(&who, id, quantity, price(1))
		};
		let more = units(1_000_000_000_000_000_001);
		assert_noop!(end(BOB, CALL, more), Error::InsufficientPosition);
		assert_noop!(end(DAVE, CALL, units(1)), Error::InsufficientPosition);
		assert_noop!(end(BOB, CALL, Quantity::ZERO), Error::AmountZero);
		trade(BOB, ALICE, PUT, 1, 0);
		assert_ok!(Margin::secure_put(signed(ALICE), PUT));
		assert_noop!(end(ALICE, PUT, Quantity::ONE), Error::Covered);
		coins(CAROL, 100);
		trade(BOB, CAROL, IN_KIND, 1, 0);
		assert_noop!(end(CAROL, IN_KIND, Quantity::ONE), Error::Covered);
		assert_noop!(end(BOB, IN_KIND, Quantity::ONE), Error::Covered);
		expire(CALL);
		assert_noop!(end(BOB, CALL, Quantity::ONE), Error::SeriesNotLive);
	});
}

#[test]
fn a_short_that_cannot_pay_owes_a_loan() {
	build_and_execute(|| {
		prepare();
		let all = cash(CAROL);
		assert_ok!(Margin::transfer(&CAROL, &POOL, all));
		assert_ok!(Margin::deleverage(&CAROL, CALL, Quantity::from_int(4), price(100)));
		assert_eq!(cash(CAROL), usd(-400));
		// Nothing but a debt is left: the next touch books it as a deficit.
		assert_ok!(Margin::touch(&CAROL));
		assert_eq!((cash(CAROL), Deficit::get()), (Usd::ZERO, usd(-400)));
	});
}
