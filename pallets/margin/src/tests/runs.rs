//! Each way to pull money out ahead of a loss.

use crate::mock::*;
use ballast_primitives::{params::CashRules, time::DAY, Price, Quantity, Ratio, SeriesId, Usd};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchResult, DispatchResultWithPostInfo},
	storage::with_storage_layer,
};

fn plain(result: DispatchResultWithPostInfo) -> DispatchResult {
	result.map(|_| ()).map_err(|error| error.error)
}

fn withdraw(who: u64, whole: u128) -> DispatchResult {
	with_storage_layer(|| plain(Margin::withdraw(signed(who), dollars(whole))))
}

fn free(who: u64) -> Usd {
	<Margin as InspectAccounts<u64>>::withdrawable(&who).unwrap()
}

/// Alice exercises one call that Bob, without a cent, has written: 5,000 are owed to her.
fn exercised_against_nobody() {
	deposit(ALICE, 1_000);
	deposit(CAROL, 50_000);
	trade(ALICE, BOB, EARLY_CALL, 1, 0);
	exercise(ALICE, EARLY_CALL, 1);
	tick(15_000);
}

#[test]
fn a_claim_is_not_withdrawn_before_it_is_collected() {
	build_and_execute(|| {
		exercised_against_nobody();
		assert_ok!(Margin::touch(&ALICE));
		assert_eq!((cash(ALICE), claim(ALICE, EARLY_CALL)), (usd(1_000), usd(5_000)));
		// It counts, but what she has is her thousand.
		assert_eq!(health(ALICE).equity, usd(6_000));
		assert_eq!(free(ALICE), usd(1_000));
		assert_eq!(withdraw(ALICE, 1_001), Err(Error::InsufficientCash.into()));
		assert_ok!(withdraw(ALICE, 1_000));
	});
}

#[test]
fn a_claim_on_a_bankrupt_writer_is_paid_in_full_and_others_bear_the_deficit() {
	build_and_execute(|| {
		exercised_against_nobody();
		deposit(FUND, 2_000);
		sweep();
		assert_eq!((cash(ALICE), claim(ALICE, EARLY_CALL)), (usd(6_000), Usd::ZERO));
		// Two thousand by the fund, three thousand by nobody yet.
		assert_eq!((cash(FUND), Deficit::get()), (Usd::ZERO, usd(-3_000)));
		assert_eq!(cash(BOB), Usd::ZERO);
	});
}

#[test]
fn a_claim_is_paid_as_far_as_writers_have_paid() {
	build_and_execute(|| {
		deposit(ALICE, 1_000);
		deposit(CAROL, 50_000);
		trade(ALICE, BOB, EARLY_CALL, 1, 0);
		trade(ALICE, CAROL, EARLY_CALL, 1, 0);
		exercise(ALICE, EARLY_CALL, 2);
		tick(15_000);
		assert_ok!(Margin::touch(&CAROL));
		assert_ok!(Margin::touch(&ALICE));
		// Carol has paid 5,000; Bob was not looked at yet.
		assert_eq!((cash(ALICE), claim(ALICE, EARLY_CALL)), (usd(6_000), usd(5_000)));
		assert_ok!(Margin::touch(&BOB));
		assert_ok!(Margin::touch(&ALICE));
		assert_eq!((cash(ALICE), claim(ALICE, EARLY_CALL)), (usd(11_000), Usd::ZERO));
	});
}

#[test]
fn a_gain_is_not_withdrawn_before_the_losers_are_found() {
	build_and_execute(|| {
		deposit(ALICE, 1_000);
		trade(ALICE, BOB, CALL, 1, 0);
		settle_at(CALL, Price::from_int(15_000));
		assert_ok!(Margin::touch(&ALICE));
		assert_eq!((cash(ALICE), health(ALICE).equity), (usd(1_000), usd(6_000)));
		assert_eq!(withdraw(ALICE, 1_001), Err(Error::InsufficientCash.into()));
		sweep();
		assert_eq!(cash(ALICE), usd(6_000));
		// While nobody has paid it, it stays.
		Blocked::put(true);
		assert_eq!(withdraw(ALICE, 1), Err(Error::WithdrawalsBlocked.into()));
	});
}

#[test]
fn what_a_fold_has_cost_is_gone_before_the_account_is_touched() {
	build_and_execute(|| {
		deposit(ALICE, 1_000);
		deposit(BOB, 20_000);
		trade(ALICE, BOB, EARLY_CALL, 1, 0);
		exercise(ALICE, EARLY_CALL, 1);
		tick(15_000);
		// Bob owes 5,000 of his 20,000; nobody has touched him.
		assert_eq!(cash(BOB), usd(20_000));
		assert_eq!(free(BOB), usd(15_000));
		assert_eq!(withdraw(BOB, 15_001), Err(Error::InsufficientCash.into()));
		assert_ok!(withdraw(BOB, 15_000));
	});
}

#[test]
fn cash_that_is_borrowed_does_not_leave() {
	build_and_execute(|| {
		deposit(ALICE, 1_000_000);
		coins(BOB, 10_000);
		assert_eq!(free(BOB), Usd::ZERO);
		assert_eq!(withdraw(BOB, 1), Err(Error::InsufficientCash.into()));
		// Nor by way of another account.
		assert_ok!(Margin::set_transfer_permit(signed(CAROL), BOB, true));
		let give = |cash| {
			with_storage_layer(|| {
				Margin::transfer_positions(signed(BOB), CAROL, Default::default(), cash)
			})
		};
		assert_eq!(give(usd(1)), Err(Error::InsufficientCash.into()));
		// Nor by locking it.
		trade(ALICE, BOB, PUT, 1, 0);
		assert_noop!(Margin::secure_put(signed(BOB), PUT), Error::NotCovered);
	});
}

#[test]
fn a_request_to_exercise_frees_nothing_that_the_contracts_did_not() {
	build_and_execute(|| {
		deposit(ALICE, 10_000);
		deposit(BOB, 100_000);
		trade(ALICE, BOB, EARLY_CALL, 3, 0);
		trade(BOB, ALICE, HIGH_CALL, 3, 0);
		set_spot(ON_BTC, 10_500);
		let before = free(ALICE);
		assert!(before.is_positive());
		let asked = with_storage_layer(|| {
			plain(Margin::request_exercise(signed(ALICE), EARLY_CALL, Quantity::ONE))
		});
		assert_ok!(asked);
		assert!(free(ALICE) <= before);
		// The bare call that remains is margined from now on.
		assert!(free(ALICE) < before, "{before:?}");
	});
}

#[test]
fn positions_do_not_escape_to_an_account_that_cannot_carry_them() {
	build_and_execute(|| {
		deposit(ALICE, 30_000);
		deposit(BOB, 100_000);
		trade(BOB, ALICE, CALL, 2, 0);
		assert_ok!(Margin::set_transfer_permit(signed(CAROL), ALICE, true));
		let list = vec![(CALL, Quantity::from_int(-2))].try_into().unwrap();
		let escape = with_storage_layer(|| {
			Margin::transfer_positions(signed(ALICE), CAROL, list, Usd::ZERO)
		});
		assert_eq!(escape, Err(Error::BelowInitialMargin.into()));
	});
}

#[test]
fn a_cover_is_out_of_reach_in_every_way() {
	build_and_execute(|| {
		deposit(ALICE, 10_000);
		coins(ALICE, 100);
		deposit(BOB, 100_000);
		trade(BOB, ALICE, PUT, 1, 0);
		trade(BOB, ALICE, IN_KIND, 1, 0);
		assert_ok!(Margin::secure_put(signed(ALICE), PUT));
		assert_eq!(withdraw(ALICE, 1), Err(Error::InsufficientCash.into()));
		assert_noop!(
			Margin::withdraw_collateral(signed(ALICE), BTC, 1),
			Error::InsufficientCollateral
		);
		assert_ok!(Margin::set_transfer_permit(signed(CAROL), ALICE, true));
		assert_ok!(Margin::transfer_portfolio(&ALICE, &CAROL, Ratio::ONE));
		assert_eq!(held(CAROL, PUT), Quantity::ZERO);
		assert_eq!(held(CAROL, IN_KIND), Quantity::ZERO);
		assert_eq!(health(ALICE).equity, Usd::ZERO);
	});
}

#[test]
fn a_run_takes_no_more_than_the_limit_however_many_run() {
	build_and_execute(|| {
		CashGroup::put(CashRules::default());
		let runners: Vec<u64> = (1_000..1_100).collect();
		for who in &runners {
			assert_ok!(Margin::deposit(signed(ALICE), dollars(10_000)));
			<Margin as MutateAccounts<u64>>::transfer(&ALICE, who, usd(10_000)).unwrap();
		}
		// A million in all, of which the first deposit counts at once.
		Now::mutate(|now| *now += 400 * DAY);
		assert_ok!(withdraw(1_000, 1));
		let room = Margin::withdrawal_room(USD).unwrap().into_inner() / 1_000_000_000_000_000_000;
		assert!((9_900..=10_000).contains(&room), "{room}");
		let mut gone = 0;
		for amount in [10_000, 1_000, 999, 100, 1] {
			for who in &runners {
				while withdraw(*who, amount).is_ok() {
					gone += amount;
				}
			}
		}
		// One per cent, and as much again in small pieces.
		assert!(gone <= 20_000, "{gone}");
		assert!(gone >= 19_000, "{gone}");
	});
}

#[test]
fn a_trade_with_an_accomplice_moves_no_more_than_margin_allows() {
	build_and_execute(|| {
		deposit(ALICE, 20_000);
		deposit(BOB, 20_000);
		deposit(CAROL, 100_000);
		trade(CAROL, ALICE, CALL, 2, 0);
		let before = health(ALICE);
		let excess = before.equity.checked_sub(before.initial).unwrap();
		let buy = |premium| {
			with_storage_layer(|| {
				Margin::guarded(&ALICE, || {
					Margin::trade(&ALICE, &BOB, ETH_CALL, Quantity::from_int(1), premium)
				})
			})
		};
		let too_much = excess.checked_add(usd(100)).unwrap();
		assert_eq!(buy(too_much), Err(Error::BelowInitialMargin.into()));
		assert_ok!(buy(usd(30)));
	});
}

#[test]
fn a_second_request_does_not_exercise_what_was_exercised() {
	build_and_execute(|| {
		deposit(ALICE, 1_000);
		deposit(BOB, 50_000);
		trade(ALICE, BOB, EARLY_CALL, 2, 0);
		let one = Quantity::ONE;
		let ask = |id: SeriesId| plain(Margin::request_exercise(signed(ALICE), id, one));
		assert_ok!(ask(EARLY_CALL));
		assert_ok!(ask(EARLY_CALL));
		tick(15_000);
		sweep();
		assert_eq!(cash(ALICE), usd(11_000));
		tick(16_000);
		assert_eq!((cash(ALICE), claim(ALICE, EARLY_CALL)), (usd(11_000), Usd::ZERO));
		assert_noop!(
			Margin::request_exercise(signed(ALICE), EARLY_CALL, one),
			Error::InsufficientPosition
		);
	});
}
