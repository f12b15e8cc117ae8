//! Series that pay in their underlying: every short is covered by a unit, from the trade to the end.

use crate::{mock::*, Cover};
use ballast_primitives::{AccountStatus, Price, Quantity, Ratio, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok};

fn locked(who: u64) -> Quantity {
	match cover(who, IN_KIND) {
		Some(Cover::Units(units)) => units,
		_ => Quantity::ZERO,
	}
}

fn btc(who: u64) -> Quantity {
	Margin::load(&who).collateral_of(BTC)
}

fn written() {
	coins(ALICE, 300);
	deposit(BOB, 10_000);
	trade(BOB, ALICE, IN_KIND, 2, 1_000);
}

#[test]
fn a_sale_locks_a_unit_for_each_contract_and_needs_no_margin() {
	build_and_execute(|| {
		written();
		assert_eq!((locked(ALICE), btc(ALICE)), (Quantity::from_int(2), Quantity::ONE));
		// What is left of it and the premium are hers; the rest is nobody's to take.
		assert_eq!(health(ALICE).equity, usd(11_000));
		assert_eq!(health(ALICE).options, Usd::ZERO);
		assert_noop!(
			Margin::trade(&BOB, &ALICE, IN_KIND, Quantity::from_int(2), Usd::ZERO),
			Error::NotCovered
		);
		assert_noop!(
			Margin::trade(&ALICE, &BOB, IN_KIND, Quantity::from_int(3), Usd::ZERO),
			Error::NotCovered
		);
		trade(BOB, ALICE, IN_KIND, 1, 0);
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(1_000)));
		assert_eq!(health(ALICE).status, AccountStatus::Safe);
	});
}

#[test]
fn what_is_bought_back_is_released() {
	build_and_execute(|| {
		written();
		trade(ALICE, BOB, IN_KIND, 1, 100);
		assert_eq!((locked(ALICE), btc(ALICE)), (Quantity::ONE, Quantity::from_int(2)));
		trade(ALICE, BOB, IN_KIND, 1, 0);
		assert_eq!((cover(ALICE, IN_KIND), btc(ALICE)), (None, Quantity::from_int(3)));
		assert_ok!(Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(300)));
	});
}

#[test]
fn at_expiry_units_are_delivered_and_the_rest_of_the_cover_is_released() {
	build_and_execute(|| {
		written();
		settle_at(IN_KIND, Price::from_int(12_500));
		// (12,500 - 10,000) / 12,500 = a fifth of a bitcoin each.
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!((btc(BOB), held(BOB, IN_KIND)), (Quantity::ZERO, Quantity::from_int(2)));
		// What is owed in units moves with their price.
		assert_eq!(health(BOB).collateral, usd(4_000));
		set_spot(ON_BTC, 20_000);
		assert_eq!(health(BOB).collateral, usd(8_000));
		sweep();
		assert_eq!(btc(BOB), units(400_000_000_000_000_000));
		assert_eq!(btc(ALICE), units(2_600_000_000_000_000_000));
		let (quantity, paid) = (Quantity::from_int(2), units(400_000_000_000_000_000));
		let delivered =
			Event::PositionDelivered { who: BOB, series: IN_KIND, quantity, units: paid };
		assert!(events().contains(&delivered));
		assert_ok!(Margin::withdraw_collateral(signed(BOB), BTC, centi_btc(40)));
	});
}

#[test]
fn an_odd_price_leaves_its_rounding_with_the_house() {
	build_and_execute(|| {
		written();
		settle_at(IN_KIND, Price::from_inner(30_000_000_000_000_000_000_007));
		sweep();
		let (short, long) = (btc(ALICE), btc(BOB));
		let left = Quantity::from_int(3).checked_sub(short).unwrap().checked_sub(long).unwrap();
		assert!(!left.is_negative() && left <= units(4), "{left:?}");
	});
}

#[test]
fn out_of_the_money_everything_is_released() {
	build_and_execute(|| {
		written();
		settle_at(IN_KIND, Price::from_int(9_000));
		sweep();
		assert_eq!((btc(ALICE), btc(BOB)), (Quantity::from_int(3), Quantity::ZERO));
	});
}

#[test]
fn a_cover_cannot_be_withdrawn_sold_or_taken_by_a_liquidation() {
	build_and_execute(|| {
		written();
		assert_noop!(
			Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(101)),
			Error::InsufficientCollateral
		);
		trade(BOB, ALICE, CALL, 1, 0);
		assert_ok!(Margin::transfer_portfolio(&ALICE, &CAROL, Ratio::ONE));
		assert_eq!((locked(ALICE), btc(ALICE)), (Quantity::from_int(2), Quantity::ZERO));
		assert_eq!((held(CAROL, CALL), btc(CAROL)), (Quantity::from_int(-1), Quantity::ONE));
	});
}

#[test]
fn a_short_moves_to_another_account_only_where_there_is_a_cover() {
	build_and_execute(|| {
		written();
		assert_ok!(Margin::set_transfer_permit(signed(CAROL), ALICE, true));
		let list = vec![(IN_KIND, Quantity::from_int(-1))].try_into().unwrap();
		let give = |list| Margin::transfer_positions(signed(ALICE), CAROL, list, Usd::ZERO);
		assert_noop!(give(Clone::clone(&list)), Error::NotCovered);
		coins(CAROL, 100);
		assert_ok!(give(list));
		assert_eq!((locked(ALICE), btc(ALICE)), (Quantity::ONE, Quantity::from_int(2)));
		assert_eq!((locked(CAROL), btc(CAROL)), (Quantity::ONE, Quantity::ZERO));
	});
}
