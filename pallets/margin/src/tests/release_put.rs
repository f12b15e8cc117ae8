//! Releasing what secures a short put.

use crate::mock::*;
use ballast_primitives::{Quality, Quantity};
use frame_support::{assert_noop, assert_ok};

fn secured(cash: u128) {
	deposit(ALICE, cash);
	deposit(BOB, 10_000);
	trade(BOB, ALICE, PUT, 1, 500);
	assert_ok!(Margin::secure_put(signed(ALICE), PUT));
}

#[test]
fn what_was_locked_is_cash_again_if_margin_is_met_without_it() {
	build_and_execute(|| {
		secured(9_500);
		assert_eq!(cash(ALICE), usd(0));
		assert_ok!(Margin::release_put(signed(ALICE), PUT));
		assert_eq!((cash(ALICE), cover(ALICE, PUT)), (usd(10_000), None));
		let released = Event::PutReleased { who: ALICE, series: PUT, amount: usd(10_000) };
		assert!(events().contains(&released));
		assert!(health(ALICE).maintenance.is_positive());
		assert_noop!(Margin::release_put(signed(ALICE), PUT), Error::NotCovered);
	});
}

#[test]
fn it_stays_while_another_loss_needs_it() {
	build_and_execute(|| {
		secured(12_500);
		trade(BOB, ALICE, CALL, 1, 900);
		set_spot(ON_BTC, 25_000);
		// The call has cost her all she had beside the cover, which is not for that.
		assert!(health(ALICE).equity.is_negative());
		assert_noop!(Margin::release_put(signed(ALICE), PUT), Error::BelowInitialMargin);
		assert_eq!(cover(ALICE, PUT), Some(crate::Cover::Cash(usd(10_000))));
	});
}

#[test]
fn not_at_an_unusable_price_and_not_of_what_units_cover() {
	build_and_execute(|| {
		secured(20_000);
		set_quality(ON_BTC, Quality::Stale);
		assert_noop!(Margin::release_put(signed(ALICE), PUT), Error::PriceNotUsable);
		set_quality(ON_BTC, Quality::Good);
		coins(ALICE, 100);
		trade(BOB, ALICE, IN_KIND, 1, 0);
		assert_noop!(Margin::release_put(signed(ALICE), IN_KIND), Error::NotCovered);
		assert_noop!(Margin::release_put(signed(BOB), PUT), Error::NotCovered);
		assert_eq!(held(ALICE, PUT), Quantity::from_int(-1));
	});
}
