//! Units of an asset between two accounts, and strikes locked for a caller that knows what else stands
//! behind them.

use crate::{mock::*, MAX_ASSETS};
use ballast_primitives::{AssetId, Price, Quality, Quantity, SeriesId, Usd};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{
	assert_noop, assert_ok, dispatch::DispatchResult, storage::with_storage_layer,
};

fn give(from: u64, to: u64, asset: AssetId, quantity: Quantity) -> DispatchResult {
	Margin::transfer_units(&from, &to, asset, quantity)
}

fn lock(who: u64, id: SeriesId) -> DispatchResult {
	<Margin as MutateAccounts<u64>>::secure_put(&who, id)
}

fn hundredths(count: i128) -> Quantity {
	units(count * 10_000_000_000_000_000)
}

fn btc(who: u64) -> Quantity {
	Margin::units(&who, BTC)
}

#[test]
fn units_move_to_the_last_part_and_are_told() {
	build_and_execute(|| {
		coins(ALICE, 150);
		assert_ok!(give(ALICE, BOB, BTC, units(1)));
		let (from, to, asset, quantity) = (ALICE, BOB, BTC, units(1));
		let told = Event::CollateralTransferred { from, to, asset, quantity };
		assert_eq!(events().last(), Some(&told));
		assert_eq!((btc(ALICE), btc(BOB)), (units(1_499_999_999_999_999_999), units(1)));
		assert_ok!(give(ALICE, BOB, BTC, btc(ALICE)));
		assert_eq!((btc(ALICE), btc(BOB)), (Quantity::ZERO, hundredths(150)));
		// Nothing is left of an account that has nothing.
		assert_eq!(Margin::account_view(&ALICE), None);
		assert_ok!(Margin::withdraw_collateral(signed(BOB), BTC, centi_btc(150)));
	});
}

#[test]
fn what_the_ledger_says_of_an_asset() {
	build_and_execute(|| {
		coins(ALICE, 3);
		deposit(ALICE, 1);
		assert_eq!((btc(ALICE), Margin::units(&ALICE, ETH)), (hundredths(3), Quantity::ZERO));
		assert_eq!((Margin::units(&ALICE, USD), btc(BOB)), (Quantity::ZERO, Quantity::ZERO));
		// As it was deposited, or as it is.
		assert_eq!([USD, BTC, ETH].map(<Margin as InspectAccounts<u64>>::decimals), [6, 8, 18]);
	});
}

#[test]
fn nothing_and_to_oneself_change_nothing() {
	build_and_execute(|| {
		coins(ALICE, 100);
		let before = root();
		assert_ok!(give(ALICE, BOB, BTC, Quantity::ZERO));
		assert_ok!(give(ALICE, ALICE, BTC, Quantity::ONE));
		assert_eq!(before, root());
		let more = hundredths(101);
		assert_noop!(give(ALICE, ALICE, BTC, more), Error::InsufficientCollateral);
	});
}

#[test]
fn only_what_is_there_and_no_quote_currency() {
	build_and_execute(|| {
		coins(ALICE, 100);
		deposit(ALICE, 1_000);
		let refused = |from, asset, quantity, error: Error| {
			assert_noop!(give(from, BOB, asset, quantity), error);
		};
		refused(ALICE, BTC, units(-1), Error::AmountNegative);
		refused(ALICE, USD, units(1), Error::AssetNotEligible);
		refused(ALICE, BTC, units(1_000_000_000_000_000_001), Error::InsufficientCollateral);
		refused(ALICE, ETH, units(1), Error::InsufficientCollateral);
		refused(ALICE, JUNK, units(1), Error::InsufficientCollateral);
		refused(CAROL, BTC, units(1), Error::InsufficientCollateral);
		assert!(give(ALICE, BOB, BTC, units(i128::MIN)).is_err());
		assert!(give(ALICE, BOB, BTC, units(i128::MAX)).is_err());
	});
}

#[test]
fn a_receiver_without_room_for_another_asset_is_refused() {
	new_test_ext().execute_with(|| {
		coins(ALICE, 200);
		let mut full = Margin::load(&BOB);
		for asset in 100..100 + MAX_ASSETS {
			full.set_collateral(asset, Quantity::ONE).unwrap();
		}
		Margin::store(&BOB, full.clone());
		assert_noop!(give(ALICE, BOB, BTC, Quantity::ONE), Error::TooManyCollaterals);
		full.set_collateral(100, Quantity::ZERO).unwrap();
		Margin::store(&BOB, full);
		assert_ok!(give(ALICE, BOB, BTC, Quantity::ONE));
		// What it holds already needs no room.
		assert_ok!(give(ALICE, BOB, BTC, Quantity::ONE));
		assert_eq!(btc(BOB), Quantity::from_int(2));
	});
}

#[test]
fn what_covers_a_call_stays() {
	build_and_execute(|| {
		coins(ALICE, 150);
		trade(BOB, ALICE, IN_KIND, 1, 0);
		assert_eq!(btc(ALICE), hundredths(50));
		assert_noop!(give(ALICE, CAROL, BTC, hundredths(51)), Error::InsufficientCollateral);
		assert_ok!(give(ALICE, CAROL, BTC, hundredths(50)));
		assert_eq!(cover(ALICE, IN_KIND), Some(crate::Cover::Units(Quantity::ONE)));
		// And what comes in covers the next one.
		assert_ok!(give(CAROL, ALICE, BTC, hundredths(50)));
		let half = hundredths(50);
		assert_ok!(Margin::trade(&BOB, &ALICE, IN_KIND, half, Usd::ZERO));
		assert_eq!(btc(ALICE), Quantity::ZERO);
	});
}

#[test]
fn both_sides_are_settled_first() {
	build_and_execute(|| {
		coins(ALICE, 100);
		trade(BOB, ALICE, IN_KIND, 1, 0);
		settle_at(IN_KIND, Price::from_int(12_500));
		// Her cover pays 2,500 / 12,500 of a unit; the rest is hers again.
		let too_much = || with_storage_layer(|| give(ALICE, CAROL, BTC, hundredths(81)));
		assert_noop!(too_much(), Error::InsufficientCollateral);
		assert_ok!(give(ALICE, CAROL, BTC, hundredths(80)));
		assert_ok!(give(CAROL, BOB, BTC, hundredths(80)));
		assert_eq!([btc(ALICE), btc(BOB), btc(CAROL)], [0, 100, 0].map(hundredths));
	});
}

#[test]
fn the_price_and_the_margin_rule_are_not_asked() {
	build_and_execute(|| {
		coins(ALICE, 100);
		deposit(BOB, 10_000);
		trade(BOB, ALICE, CALL, 1, 0);
		assert!(health(ALICE).equity >= health(ALICE).initial);
		set_quality(ON_BTC, Quality::Stale);
		assert_ok!(give(ALICE, BOB, BTC, Quantity::ONE));
		set_quality(ON_BTC, Quality::Good);
		assert!(health(ALICE).equity.is_negative());
	});
}

#[test]
fn strikes_are_locked_whatever_the_margin() {
	build_and_execute(|| {
		deposit(ALICE, 20_000);
		deposit(BOB, 100_000);
		trade(BOB, ALICE, PUT, 1, 0);
		trade(BOB, ALICE, HIGH_CALL, 8, 0);
		// The owner may not: the calls need that cash.
		assert_noop!(Margin::secure_put(signed(ALICE), PUT), Error::BelowInitialMargin);
		assert_ok!(lock(ALICE, PUT));
		let (who, series, amount) = (ALICE, PUT, usd(10_000));
		assert_eq!(events().last(), Some(&Event::PutSecured { who, series, amount }));
		assert_eq!(cash(ALICE), usd(10_000));
		// What is sold then is locked by itself; once more is no more.
		trade(BOB, ALICE, PUT, 1, 0);
		assert_ok!(lock(ALICE, PUT));
		assert_eq!(cover(ALICE, PUT), Some(crate::Cover::Cash(usd(20_000))));
		assert_eq!(cash(ALICE), Usd::ZERO);
		assert_eq!(Margin::check_identities().unwrap().covers, usd(20_000));
	});
}

#[test]
fn no_strike_is_locked_out_of_a_loan() {
	build_and_execute(|| {
		deposit(ALICE, 9_999);
		deposit(BOB, 100_000);
		coins(ALICE, 500);
		trade(BOB, ALICE, PUT, 1, 0);
		assert_noop!(lock(ALICE, PUT), Error::NotCovered);
		deposit(ALICE, 1);
		assert_ok!(lock(ALICE, PUT));
		assert_eq!(cash(ALICE), Usd::ZERO);
	});
}

#[test]
fn only_strikes_of_short_puts_that_are_not_settled() {
	build_and_execute(|| {
		deposit(ALICE, 50_000);
		deposit(BOB, 100_000);
		coins(ALICE, 100);
		trade(BOB, ALICE, PUT, 1, 0);
		trade(BOB, ALICE, CALL, 1, 0);
		trade(BOB, ALICE, IN_KIND, 1, 0);
		assert_noop!(lock(ALICE, CALL), Error::NotAShortPut);
		assert_noop!(lock(ALICE, IN_KIND), Error::NotAShortPut);
		assert_noop!(lock(BOB, PUT), Error::NotAShortPut);
		assert_noop!(lock(ALICE, EARLY_PUT), Error::NotAShortPut);
		assert_noop!(lock(ALICE, SeriesId(99)), Error::SeriesUnknown);
		settle_at(PUT, Price::from_int(10_000));
		assert_noop!(lock(ALICE, PUT), Error::SeriesNotLive);
	});
}
