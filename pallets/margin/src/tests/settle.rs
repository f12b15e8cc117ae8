use crate::{mock::*, Settling};
use ballast_primitives::{Amount, Price, Quantity, SeriesId, Usd};
use ballast_traits::MutateAccounts;
use frame_support::assert_ok;

fn settle(who: u64) {
	assert_ok!(Margin::settle(signed(DAVE), who));
}

fn settling(id: SeriesId) -> Option<Settling> {
	crate::Settlements::<Test>::get(id)
}

#[test]
fn a_short_pays_and_then_a_long_is_paid() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		trade(ALICE, BOB, CALL, 2, 0);
		settle_at(CALL, Price::from_int(10_300));
		settle(BOB);
		assert_eq!(cash(BOB), Usd::from_int(400));
		let expected = Settling {
			collected: Amount::of_quote(Usd::from_int(600)),
			paid: Amount::ZERO,
			longs_open: Quantity::from_int(2),
			shorts_open: Quantity::ZERO,
		};
		assert_eq!(settling(CALL), Some(expected));
		Margin::do_try_state().unwrap();
		settle(ALICE);
		assert_eq!(cash(ALICE), Usd::from_int(600));
		assert_eq!(settling(CALL), None);
		assert_eq!(SidesOf::get(CALL).long.total, Quantity::ZERO);
		let paid = Usd::from_int(600);
		let (collected, all_paid) = (Amount::of_quote(paid), Amount::of_quote(paid));
		assert_eq!(
			events()[events().len() - 2..],
			[
				Event::SeriesCompleted { series: CALL, collected, paid: all_paid },
				Event::PositionSettled {
					who: ALICE,
					series: CALL,
					quantity: Quantity::from_int(2),
					amount: paid
				},
			]
		);
	});
}

#[test]
fn a_winner_is_paid_as_far_as_losers_were_found() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		deposit(CAROL, 1_000);
		trade(ALICE, BOB, CALL, 1, 0);
		trade(ALICE, CAROL, CALL, 3, 0);
		settle_at(CALL, Price::from_int(10_300));
		// Nothing is collected yet: the whole claim stays, counts, and cannot be withdrawn.
		settle(ALICE);
		assert_eq!(cash(ALICE), Usd::ZERO);
		assert_eq!(health(ALICE).equity, Usd::from_int(1_200));
		assert_eq!(health(ALICE).maintenance, Usd::ZERO);
		assert_eq!(Margin::withdrawable_of(&Margin::load(&ALICE)).unwrap(), Usd::ZERO);
		settle(BOB);
		settle(ALICE);
		assert_eq!(cash(ALICE), Usd::from_int(300));
		assert_eq!(quantity(ALICE, CALL), Quantity::from_int(3));
		assert_eq!(health(ALICE).equity, Usd::from_int(1_200));
		Margin::do_try_state().unwrap();
		settle(CAROL);
		settle(ALICE);
		assert_eq!(cash(ALICE), Usd::from_int(1_200));
		assert_eq!(settling(CALL), None);
	});
}

#[test]
fn a_loan_is_not_collected_but_the_last_short_opens_the_door() {
	build_and_execute(|| {
		deposit(BOB, 100);
		assert_ok!(Margin::deposit_collateral(signed(BOB), BTC, centi_btc(100)));
		deposit(CAROL, 1_000);
		trade(ALICE, BOB, CALL, 1, 0);
		trade(ALICE, CAROL, CALL, 1, 0);
		settle_at(CALL, Price::from_int(10_300));
		settle(BOB);
		// Bob had 100 of 300: the rest is a loan against his collateral.
		assert_eq!(cash(BOB), Usd::from_int(-200));
		assert_eq!(settling(CALL).unwrap().collected.in_quote(), Usd::from_int(100));
		settle(ALICE);
		assert!(cash(ALICE) <= Usd::from_int(100));
		assert!(cash(ALICE) > Usd::from_inner(99_999_999_999_999_999_000));
		Margin::do_try_state().unwrap();
		settle(CAROL);
		settle(ALICE);
		assert!(cash(ALICE) > Usd::from_inner(599_999_999_999_999_999_000));
		assert!(cash(ALICE) <= Usd::from_int(600));
		// What is booked is more than what is there: she can withdraw what was paid in.
		assert_eq!(Margin::check_identities().unwrap().held, Usd::from_int(1_100));
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(599)));
	});
}

#[test]
fn out_of_the_money_positions_just_go() {
	build_and_execute(|| {
		deposit(BOB, 5);
		trade(ALICE, BOB, CALL, 2, 0);
		settle_at(CALL, Price::from_int(10_000));
		settle(ALICE);
		settle(BOB);
		assert_eq!(Margin::account_view(&ALICE), None);
		assert_eq!(cash(BOB), Usd::from_int(5));
		assert_eq!(settling(CALL), None);
	});
}

#[test]
fn a_put_pays_what_is_missing_to_its_strike() {
	build_and_execute(|| {
		deposit(BOB, 5_000);
		trade(ALICE, BOB, PUT, 1, 0);
		settle_at(PUT, Price::from_int(6_000));
		settle(BOB);
		settle(ALICE);
		assert_eq!((cash(ALICE), cash(BOB)), (Usd::from_int(4_000), Usd::from_int(1_000)));
	});
}

#[test]
fn a_long_leg_pays_for_a_short_leg_of_the_same_account() {
	build_and_execute(|| {
		deposit(CAROL, 2_000);
		// Alice has a call spread, Carol is short the lower call, Dave long the higher one.
		trade(ALICE, CAROL, CALL, 1, 0);
		trade(DAVE, ALICE, HIGH_CALL, 1, 0);
		settle_at(CALL, Price::from_int(11_500));
		settle_at(HIGH_CALL, Price::from_int(11_500));
		settle(CAROL);
		settle(ALICE);
		assert_eq!(cash(ALICE), Usd::from_int(1_000));
		settle(DAVE);
		assert_eq!(cash(DAVE), Usd::from_int(500));
	});
}

#[test]
fn payoffs_round_against_the_account_and_the_rest_is_the_houses() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		let third = Quantity::from_inner(333_333_333_333_333_333);
		assert_ok!(<Margin as MutateAccounts<u64>>::trade(&ALICE, &BOB, CALL, third, Usd::ZERO));
		let payoff = Price::from_inner(10_000_333_333_333_333_333_333);
		settle_at(CALL, payoff);
		settle(BOB);
		settle(ALICE);
		let paid = Usd::from_int(1_000).checked_sub(cash(BOB)).unwrap();
		assert_eq!(paid.checked_sub(cash(ALICE)).unwrap(), Usd::from_inner(1));
		assert_eq!(Margin::check_identities().unwrap().residue, Usd::from_inner(1));
	});
}

#[test]
fn an_expired_series_without_a_price_stays_frozen() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		trade(ALICE, BOB, CALL, 1, 0);
		expire(CALL);
		set_spot(ON_BTC, 10_700);
		let before = root();
		settle(ALICE);
		settle(BOB);
		assert_eq!(before, root());
		// It is worth what it would pay at spot.
		assert_eq!(health(ALICE).equity, Usd::from_int(700));
		assert!(health(BOB).maintenance.is_positive());
	});
}

#[test]
fn an_account_that_does_not_exist_is_settled_already() {
	build_and_execute(|| {
		let before = root();
		settle(CAROL);
		assert_eq!(before, root());
	});
}
