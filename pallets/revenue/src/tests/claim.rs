use super::*;

#[test]
fn anybody_sends_what_is_owed_to_whom_it_is_owed() {
	execute(|| {
		closed_with(400);
		assert_ok!(pay(FIRST, ALICE, 0));
		assert_ok!(pay(FIRST, BOB, 0));
		System::reset_events();
		assert_ok!(Revenue::claim(by(EVE), CAROL));
		assert_eq!((cash(CAROL), cash(STAKERS)), (usd(90), usd(310)));
		assert_eq!((owed(CAROL), Reserved::<Test>::get()), (usd(0), usd(310)));
		assert_eq!(events(), [Event::Claimed { who: CAROL, amount: usd(90) }]);
		assert_refused!(Revenue::claim(by(EVE), CAROL), Error::<Test>::NothingOwed);
		assert_refused!(Revenue::claim(by(EVE), EVE), Error::<Test>::NothingOwed);
	});
}

#[test]
fn eras_add_up_until_they_are_claimed() {
	execute(|| {
		closed_with(400);
		set_points(FIRST + 1, vec![(BOB, 10)]);
		set_stake(FIRST + 1, BOB, 50, vec![]);
		earn(usd(5));
		next_era();
		assert_ok!(pay(FIRST, BOB, 0));
		assert_ok!(pay(FIRST + 1, BOB, 0));
		assert_eq!(owed(BOB), usd(105));
		assert_ok!(Revenue::claim(by(BOB), BOB));
		assert_eq!(cash(BOB), usd(105));
	});
}

#[test]
fn whoever_cannot_receive_is_owed_on() {
	execute(|| {
		closed_with(400);
		assert_ok!(pay(FIRST, BOB, 0));
		set_refusing(BOB, true);
		assert_refused!(Revenue::claim(by(EVE), BOB), DispatchError::Other("recipient refuses"));
		assert_eq!(owed(BOB), usd(100));
		set_refusing(BOB, false);
		assert_ok!(Revenue::claim(by(EVE), BOB));
	});
}

#[test]
fn nothing_is_paid_on_credit() {
	execute(|| {
		closed_with(400);
		assert_ok!(pay(FIRST, BOB, 0));
		set_cash(STAKERS, usd(99));
		assert!(Revenue::do_try_state().is_err());
		assert_refused!(Revenue::claim(by(EVE), BOB), Error::<Test>::InsufficientCash);
		set_cash(STAKERS, usd(400));
	});
}

#[test]
fn a_claim_is_signed() {
	execute(|| {
		assert_refused!(Revenue::claim(RuntimeOrigin::none(), BOB), DispatchError::BadOrigin);
	});
}
