//! What other pallets let go of an account, under the rule of withdrawals.

use crate::mock::*;
use ballast_primitives::{params::CashRules, Price, Quality, Quantity, SeriesId, Usd};
use ballast_traits::{InspectAccounts, MutateAccounts};
use core::cell::Cell;
use frame_support::{
	assert_noop, assert_ok, dispatch::DispatchResult, storage::with_storage_layer,
};
use proptest::prelude::*;
use sp_runtime::DispatchError;

/// Cash leaves for somebody else.
fn pay(who: u64, amount: Usd) -> DispatchResult {
	Margin::releasing(&who, || <Margin as MutateAccounts<u64>>::transfer(&who, &DAVE, amount))
}

/// Hundredths of a bitcoin leave for somebody else.
fn hand_over(who: u64, hundredths: i128) -> DispatchResult {
	let quantity = units(hundredths * 10_000_000_000_000_000);
	Margin::releasing(&who, || Margin::transfer_units(&who, &DAVE, BTC, quantity))
}

fn free(who: u64) -> Usd {
	Margin::withdrawable(&who).unwrap()
}

fn one_more(amount: Usd) -> Usd {
	amount.checked_add(Usd::from_inner(1)).unwrap()
}

#[test]
fn what_nothing_needs_leaves_to_the_last_unit() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		coins(ALICE, 50);
		let done = Margin::releasing(&ALICE, || {
			<Margin as MutateAccounts<u64>>::transfer(&ALICE, &BOB, usd(100))?;
			Margin::transfer_units(&ALICE, &BOB, BTC, Margin::units(&ALICE, BTC))?;
			Ok(7)
		});
		assert_eq!(done, Ok(7));
		assert_eq!(Margin::account_view(&ALICE), None);
		assert_eq!(cash(BOB), usd(100));
	});
}

#[test]
fn nothing_leaves_while_withdrawals_are_blocked() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		Blocked::put(true);
		let ran = Cell::new(false);
		let attempt = || {
			Margin::releasing(&ALICE, || {
				ran.set(true);
				Ok(())
			})
		};
		assert_noop!(attempt(), Error::WithdrawalsBlocked);
		assert!(!ran.get());
		Blocked::put(false);
		assert_ok!(attempt());
		assert!(ran.get());
	});
}

#[test]
fn a_loan_cannot_arise_nor_grow() {
	build_and_execute(|| {
		deposit(ALICE, 10);
		deposit(BOB, 10_000);
		coins(ALICE, 100);
		// A bitcoin would carry the loan.
		assert_ok!(with_storage_layer(|| {
			Margin::guarded(&ALICE, || Margin::transfer(&ALICE, &DAVE, usd(11)))?;
			Margin::transfer(&DAVE, &ALICE, usd(11))
		}));
		assert_noop!(pay(ALICE, one_more(usd(10))), Error::InsufficientCash);
		assert_ok!(pay(ALICE, usd(10)));
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&ALICE, &BOB, usd(5_000)));
		assert_noop!(pay(ALICE, Usd::from_inner(1)), Error::InsufficientCash);
		// Cash that comes in is none that leaves; units leave as far as the loan does without them.
		assert_ok!(Margin::releasing(&ALICE, || Margin::transfer(&BOB, &ALICE, usd(1))));
		assert_noop!(hand_over(ALICE, 60), Error::BelowInitialMargin);
		assert_ok!(hand_over(ALICE, 20));
		assert_eq!(cash(ALICE), usd(-4_999));
	});
}

#[test]
fn initial_margin_stays() {
	build_and_execute(|| {
		deposit(ALICE, 100_000);
		deposit(BOB, 10_000);
		trade(BOB, ALICE, CALL, 1, 900);
		let most = free(ALICE);
		assert!(most.is_positive() && most < cash(ALICE));
		assert_noop!(pay(ALICE, one_more(most)), Error::BelowInitialMargin);
		assert_ok!(pay(ALICE, most));
		assert_eq!(health(ALICE).equity, health(ALICE).initial);
		// Whoever is below it releases nothing, and nothing at all least of all.
		set_spot(ON_BTC, 10_500);
		assert_noop!(pay(ALICE, Usd::ZERO), Error::BelowInitialMargin);
	});
}

#[test]
fn units_behind_a_short_call_stay() {
	build_and_execute(|| {
		coins(ALICE, 120);
		deposit(BOB, 100_000);
		trade(BOB, ALICE, CALL, 1, 900);
		assert_noop!(hand_over(ALICE, 110), Error::BelowInitialMargin);
		assert_ok!(hand_over(ALICE, 20));
		assert!(health(ALICE).equity >= health(ALICE).initial);
	});
}

#[test]
fn long_options_lend_nothing() {
	build_and_execute(|| {
		deposit(ALICE, 3_000);
		deposit(BOB, 100_000);
		trade(ALICE, BOB, CALL, 1, 0);
		trade(BOB, ALICE, ETH_CALL, 10, 100);
		// Deep in the money: worth more than it can lose in a scenario.
		set_spot(ON_BTC, 14_000);
		let most = free(ALICE);
		assert!(most.is_positive() && most < usd(3_100));
		// The margin rule would count the call.
		let more = most.checked_add(usd(100)).unwrap();
		assert_ok!(with_storage_layer(|| {
			Margin::guarded(&ALICE, || Margin::transfer(&ALICE, &DAVE, more))?;
			Margin::transfer(&DAVE, &ALICE, more)
		}));
		assert_noop!(pay(ALICE, one_more(most)), Error::BelowInitialMargin);
		assert_ok!(pay(ALICE, most));
	});
}

#[test]
fn what_is_being_exercised_hedges_nothing_that_stays() {
	build_and_execute(|| {
		deposit(ALICE, 20_000);
		deposit(BOB, 100_000);
		trade(ALICE, BOB, EARLY_CALL, 1, 0);
		trade(BOB, ALICE, CALL, 1, 0);
		set_spot(ON_BTC, 10_100);
		let hedged = free(ALICE);
		exercise(ALICE, EARLY_CALL, 1);
		let bare = free(ALICE);
		assert!(bare < hedged, "{bare:?} {hedged:?}");
		assert_noop!(pay(ALICE, one_more(bare)), Error::BelowInitialMargin);
		assert_ok!(pay(ALICE, bare));
	});
}

#[test]
fn a_price_that_is_not_usable_keeps_what_depends_on_it() {
	build_and_execute(|| {
		deposit(ALICE, 100_000);
		deposit(BOB, 100_000);
		deposit(CAROL, 100);
		coins(CAROL, 100);
		trade(ALICE, BOB, CALL, 1, 900);
		set_quality(ON_BTC, Quality::Stale);
		assert_noop!(pay(ALICE, usd(1)), Error::PriceNotUsable);
		assert_noop!(pay(BOB, usd(1)), Error::PriceNotUsable);
		// Neither options nor a loan.
		assert_ok!(pay(CAROL, usd(100)));
		assert_ok!(hand_over(CAROL, 100));
	});
}

#[test]
fn what_is_covered_needs_no_price_and_its_cover_stays() {
	build_and_execute(|| {
		coins(ALICE, 150);
		deposit(BOB, 1_000);
		trade(BOB, ALICE, IN_KIND, 1, 40);
		set_quality(ON_BTC, Quality::Stale);
		assert_noop!(hand_over(ALICE, 51), Error::InsufficientCollateral);
		assert_ok!(hand_over(ALICE, 50));
		assert_noop!(pay(ALICE, one_more(usd(40))), Error::InsufficientCash);
		assert_ok!(pay(ALICE, usd(40)));
		assert_eq!(cover(ALICE, IN_KIND), Some(crate::Cover::Units(Quantity::ONE)));
	});
}

#[test]
fn what_is_settled_counts_as_it_is_now() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		trade(ALICE, BOB, CALL, 1, 0);
		settle_at(CALL, Price::from_int(10_400));
		assert_noop!(pay(BOB, one_more(usd(600))), Error::InsufficientCash);
		assert_ok!(pay(BOB, usd(600)));
		assert_ok!(pay(ALICE, usd(400)));
	});
}

#[test]
fn nothing_is_left_of_what_fails() {
	build_and_execute(|| {
		deposit(ALICE, 1_000);
		deposit(BOB, 1_000);
		coins(ALICE, 10);
		trade(ALICE, BOB, CALL, 1, 0);
		settle_at(CALL, Price::from_int(10_400));
		let (before, told) = (root(), events());
		let attempt = || {
			Margin::releasing(&BOB, || -> DispatchResult {
				Margin::transfer_units(&ALICE, &BOB, BTC, units(7))?;
				<Margin as MutateAccounts<u64>>::transfer(&BOB, &CAROL, usd(601))
			})
		};
		assert_eq!(attempt(), Err(Error::InsufficientCash.into()));
		assert_eq!((root(), events()), (before.clone(), told));
		// Its own error, from the middle.
		let failing = Margin::releasing(&BOB, || -> Result<(), DispatchError> {
			<Margin as MutateAccounts<u64>>::transfer(&BOB, &CAROL, usd(1))?;
			Err(DispatchError::Other("not today"))
		});
		assert_eq!(failing, Err(DispatchError::Other("not today")));
		assert_eq!(root(), before);
	});
}

#[test]
fn inside_a_storage_layer_and_inside_one_another() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		deposit(BOB, 100);
		coins(BOB, 100);
		let swap = |cash: i64| {
			with_storage_layer(|| {
				Margin::releasing(&ALICE, || {
					Margin::releasing(&BOB, || {
						Margin::transfer(&ALICE, &BOB, usd(cash))?;
						Margin::transfer_units(&BOB, &ALICE, BTC, units(5))
					})
				})
			})
		};
		let before = root();
		assert_eq!(swap(101), Err(Error::InsufficientCash.into()));
		assert_eq!(root(), before);
		assert_ok!(swap(100));
		assert_eq!((cash(ALICE), cash(BOB)), (Usd::ZERO, usd(200)));
		assert_eq!(Margin::units(&ALICE, BTC), units(5));
	});
}

#[test]
fn the_limit_of_what_may_leave_the_house_does_not_apply() {
	build_and_execute(|| {
		CashGroup::put(CashRules::default());
		deposit(ALICE, 1_000_000);
		let all = Margin::withdraw(signed(ALICE), dollars(1_000_000));
		assert_eq!(all.map_err(|error| error.error), Err(Error::WithdrawalLimit.into()));
		let room = Margin::withdrawal_room(USD).unwrap();
		assert_ok!(pay(ALICE, usd(1_000_000)));
		assert_eq!(Margin::withdrawal_room(USD), Ok(room));
	});
}

fn series() -> impl Strategy<Value = SeriesId> {
	prop::sample::select(vec![CALL, PUT, HIGH_CALL, ETH_CALL, EARLY_CALL, EARLY_PUT, IN_KIND])
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

	#[test]
	fn what_may_be_withdrawn_may_leave_and_not_one_unit_more(
		start in 1_000u64..20_000,
		trades in prop::collection::vec((series(), any::<bool>(), 1i64..200), 0..6),
		coins in 0u128..200,
		spot in 8_000u64..12_000,
		asks in any::<bool>(),
	) {
		new_test_ext().execute_with(|| {
			deposit(ALICE, start.into());
			if coins > 0 {
				Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(coins)).unwrap();
			}
			for (id, buys, hundredths) in trades {
				let quantity = units(i128::from(hundredths) * 10_000_000_000_000_000);
				let (buyer, seller) = if buys { (ALICE, POOL) } else { (POOL, ALICE) };
				// One that wants a cover that is not there is refused.
				let _ = with_storage_layer(|| {
					Margin::trade(&buyer, &seller, id, quantity, Usd::ZERO)
				});
			}
			set_spot(ON_BTC, spot);
			let early = held(ALICE, EARLY_CALL);
			if asks && early.is_positive() {
				let _ = with_storage_layer(|| Margin::do_request_exercise(&ALICE, EARLY_CALL, early));
			}
			let most = free(ALICE);
			let before = root();
			prop_assert!(pay(ALICE, one_more(most)).is_err());
			prop_assert_eq!(root(), before);
			if most.is_positive() {
				prop_assert_eq!(pay(ALICE, most), Ok(()));
				let after = health(ALICE);
				prop_assert!(!after.cash.is_negative() && after.equity >= after.initial);
			}
			Margin::do_try_state().unwrap();
			Ok(())
		})?;
	}
}
