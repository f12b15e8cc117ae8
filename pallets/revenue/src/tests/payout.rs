use super::*;

#[test]
fn a_page_is_paid_by_points_commission_and_stake() {
	execute(|| {
		set_commission(FIRST, ALICE, percent(10));
		closed_with(400);
		assert_ok!(pay(FIRST, ALICE, 0));
		// 300 of 400 are Alice's: 30 commission, 270 by stake.
		assert_eq!((owed(ALICE), owed(CAROL), owed(DAVE)), (usd(57), usd(81), usd(162)));
		let rewarded = |staker, amount| Event::Rewarded { staker, payee: staker, amount };
		assert_eq!(
			events(),
			[
				rewarded(ALICE, usd(57)),
				rewarded(CAROL, usd(81)),
				rewarded(DAVE, usd(162)),
				Event::PaidOut { era: FIRST, validator: ALICE, page: 0, amount: usd(300) },
			]
		);
		let left = Pot { amount: usd(400), unpaid: usd(100) };
		assert_eq!(Pots::<Test>::get(FIRST), Some(left));
		assert_ok!(pay(FIRST, BOB, 0));
		assert_eq!(owed(BOB), usd(100));
		assert_eq!(Pots::<Test>::get(FIRST).unwrap().unpaid, usd(0));
		assert_eq!(Reserved::<Test>::get(), usd(400));
	});
}

#[test]
fn pages_are_paid_each_once_and_the_commission_with_their_stake() {
	execute(|| {
		set_points(FIRST, vec![(ALICE, 1)]);
		set_commission(FIRST, ALICE, percent(50));
		let nominators = (100..106).map(|who| (who, 100)).collect();
		set_stake(FIRST, ALICE, 400, nominators);
		closed_with(1_000);
		assert_ok!(pay(FIRST, ALICE, 1));
		// Two of ten parts of the commission are on the second page.
		assert_eq!((owed(ALICE), owed(104), owed(100)), (usd(100), usd(50), usd(0)));
		assert_refused!(pay(FIRST, ALICE, 1), Error::<Test>::AlreadyPaid);
		assert_ok!(pay(FIRST, ALICE, 0));
		assert_eq!((owed(ALICE), owed(104), owed(100)), (usd(700), usd(50), usd(50)));
		assert_refused!(pay(FIRST, ALICE, 0), Error::<Test>::AlreadyPaid);
		assert_refused!(pay(FIRST, ALICE, 2), Error::<Test>::PageUnknown);
		assert_eq!(Pots::<Test>::get(FIRST).unwrap().unpaid, usd(0));
	});
}

#[test]
fn only_eras_that_are_over_and_known_are_paid() {
	execute(|| {
		earn(usd(400));
		assert_refused!(pay(FIRST, ALICE, 0), Error::<Test>::EraNotOver);
		assert_refused!(pay(FIRST + 1, ALICE, 0), Error::<Test>::EraNotOver);
		next_era();
		set_era(FIRST + KEPT);
		assert_ok!(pay(FIRST, ALICE, 0));
		set_era(FIRST + KEPT + 1);
		assert_refused!(pay(FIRST, BOB, 0), Error::<Test>::EraForgotten);
	});
}

#[test]
fn without_pot_points_or_stake_there_is_nothing_to_pay() {
	execute(|| {
		next_era();
		assert_refused!(pay(FIRST, ALICE, 0), Error::<Test>::NoPot);
		set_points(FIRST + 1, vec![(BOB, 10)]);
		earn(usd(10));
		next_era();
		assert_refused!(pay(FIRST + 1, ALICE, 0), Error::<Test>::NothingEarned);
		assert_refused!(pay(FIRST + 1, BOB, 0), Error::<Test>::PageUnknown);
		let unsigned = Revenue::payout(RuntimeOrigin::none(), FIRST + 1, BOB, 0);
		assert_eq!(unsigned.map_err(|error| error.error), Err(DispatchError::BadOrigin));
	});
}

#[test]
fn whoever_named_another_account_is_paid_there_and_whoever_named_none_not_at_all() {
	execute(|| {
		set_payee(CAROL, Some(EVE));
		set_payee(DAVE, None);
		closed_with(400);
		assert_ok!(pay(FIRST, ALICE, 0));
		assert_eq!((owed(ALICE), owed(CAROL), owed(DAVE)), (usd(30), usd(0), usd(0)));
		assert_eq!(owed(EVE), usd(90));
		// Dave's 180 stay in the pot.
		assert_eq!(Pots::<Test>::get(FIRST).unwrap().unpaid, usd(280));
	});
}

#[test]
fn stakes_that_do_not_add_up_cannot_take_more_than_the_pot() {
	execute(|| {
		use ballast_mocks::MockStaking;
		closed_with(400);
		MockStaking::mock_exposure(|_, _, _| {
			Some(ballast_traits::ExposurePage {
				total: 100,
				own: 100,
				page_total: 100,
				nominators: vec![(CAROL, 100)],
			})
		});
		let refused = DispatchError::Arithmetic(sp_runtime::ArithmeticError::Underflow);
		assert_refused!(pay(FIRST, ALICE, 0), refused);
	});
}

#[test]
fn the_weight_is_that_of_the_page() {
	use crate::WeightInfo;
	execute(|| {
		closed_with(400);
		let info = Revenue::payout(by(EVE), FIRST, ALICE, 0).unwrap();
		assert_eq!(info.actual_weight, Some(<() as WeightInfo>::payout(2)));
	});
}
