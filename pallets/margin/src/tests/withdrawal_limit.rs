//! How fast an asset may leave the clearing house.

use crate::{mock::*, Outflows};
use ballast_primitives::{
	params::CashRules,
	time::{DAY, HOUR},
	Quality, Quantity,
};
use frame_support::{assert_noop, assert_ok};

/// One per cent an hour, ten a day, a thousand dollars exempt.
fn limited(whole: u128) {
	CashGroup::put(CashRules::default());
	deposit(ALICE, whole);
}

fn take(whole: u128) -> Result<(), frame_support::pallet_prelude::DispatchError> {
	frame_support::storage::with_storage_layer(|| {
		Margin::withdraw(signed(ALICE), dollars(whole)).map(|_| ()).map_err(|error| error.error)
	})
}

fn room() -> Quantity {
	Margin::withdrawal_room(USD).unwrap()
}

fn pass(seconds: u64) {
	Now::mutate(|now| *now += seconds);
}

fn full() -> Result<(), frame_support::pallet_prelude::DispatchError> {
	Err(Error::WithdrawalLimit.into())
}

#[test]
fn one_per_cent_leaves_in_an_hour() {
	build_and_execute(|| {
		limited(1_000_000);
		assert_eq!(room(), Quantity::from_int(10_000));
		assert_eq!(take(10_001), full());
		assert_ok!(take(10_000));
		assert_eq!(room(), Quantity::ZERO);
		assert_eq!(take(1_001), full());
		// Half an hour later there is room for about half of it.
		pass(HOUR / 2);
		let half = room();
		assert!(half > Quantity::from_int(4_990) && half <= Quantity::from_int(5_000), "{half:?}");
		assert_ok!(take(4_990));
		assert_eq!(take(1_001), full());
	});
}

#[test]
fn ten_per_cent_leaves_in_a_day_and_as_much_as_drains() {
	build_and_execute(|| {
		limited(1_000_000);
		let mut taken = 0;
		let mut hours = 0;
		// As much as there is room for, every hour.
		while hours < 24 {
			let some = (room().into_inner() / 1_000_000_000_000_000_000) as u128;
			if some > 0 {
				assert_ok!(take(some));
			}
			taken += some;
			hours += 1;
			pass(HOUR);
			if hours == 10 {
				// One per cent each, of which the daily bucket has lost some.
				assert!((95_000..=100_000).contains(&taken), "{taken}");
			}
		}
		// A bucket of a tenth that drains a tenth a day.
		assert!((150_000..=200_000).contains(&taken), "{taken}");
		// Then a tenth a day.
		let before = taken;
		for _ in 0..24 {
			let some = (room().into_inner() / 1_000_000_000_000_000_000) as u128;
			if some > 0 {
				assert_ok!(take(some));
			}
			taken += some;
			pass(HOUR);
		}
		assert!(taken - before <= 100_000, "{}", taken - before);
	});
}

#[test]
fn small_withdrawals_pass_up_to_as_much_again() {
	build_and_execute(|| {
		limited(1_000_000);
		assert_ok!(take(10_000));
		for _ in 0..10 {
			assert_ok!(take(1_000));
		}
		// Ten thousand in small pieces: that is the end of it, for everybody.
		assert_eq!(take(1_000), full());
		assert_eq!(take(1), full());
		deposit(BOB, 5_000);
		assert_noop!(Margin::withdraw(signed(BOB), dollars(1)), Error::WithdrawalLimit);
		pass(HOUR / 10);
		assert_ok!(take(900));
	});
}

#[test]
fn a_deposit_just_before_raises_nothing() {
	build_and_execute(|| {
		limited(1_000_000);
		assert_ok!(take(10_000));
		deposit(BOB, 900_000_000);
		assert_eq!(room(), Quantity::ZERO);
		assert_eq!(take(5_000), full());
		// With time it counts: half of it in a day.
		pass(DAY);
		let later = room();
		assert!(later > Quantity::from_int(4_000_000), "{later:?}");
		assert!(later < Quantity::from_int(5_000_000), "{later:?}");
	});
}

#[test]
fn nor_does_one_after_months_without_a_withdrawal() {
	build_and_execute(|| {
		limited(1_000_000);
		pass(90 * DAY);
		deposit(BOB, 900_000_000);
		assert_eq!(room(), Quantity::from_int(10_000));
		assert_eq!(take(10_001), full());
		assert_ok!(take(10_000));
	});
}

#[test]
fn many_small_deposits_raise_it_no_faster_than_one() {
	build_and_execute(|| {
		limited(1_000_000);
		for _ in 0..10 {
			deposit(BOB, 90_000_000);
		}
		assert_eq!(room(), Quantity::from_int(10_000));
		for _ in 0..24 {
			pass(HOUR);
			deposit(BOB, 1);
		}
		// The more often it is brought up to date, the closer to 1 - 1/e of the way.
		let later = room();
		assert!(later < Quantity::from_int(6_000_000), "{later:?}");
		assert!(later > Quantity::from_int(4_000_000), "{later:?}");
	});
}

#[test]
fn every_asset_has_its_own_and_a_small_one_needs_a_price() {
	build_and_execute(|| {
		limited(1_000_000);
		coins(ALICE, 10_000);
		let coin =
			|hundredths| Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(hundredths));
		assert_eq!(Margin::withdrawal_room(BTC).unwrap(), Quantity::ONE);
		assert_ok!(coin(100));
		assert_ok!(take(10_000));
		assert_noop!(coin(11), Error::WithdrawalLimit);
		// A tenth of a bitcoin is a thousand dollars.
		assert_ok!(coin(10));
		set_quality(ON_BTC, Quality::Stale);
		assert_noop!(coin(10), Error::WithdrawalLimit);
	});
}

#[test]
fn a_limit_of_everything_is_none() {
	build_and_execute(|| {
		let all = ballast_primitives::Ratio::ONE;
		let rules = CashRules { withdrawal_per_hour: all, ..CashRules::default() };
		CashGroup::put(CashRules { withdrawal_per_day: all, ..rules });
		deposit(ALICE, 1);
		deposit(BOB, 1_000);
		assert_eq!(room(), Quantity::from_int(1_001));
		assert_ok!(Margin::withdraw(signed(BOB), dollars(1_000)));
		assert!(Outflows::<Test>::get(USD).is_some());
	});
}
