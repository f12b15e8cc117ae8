use super::*;

fn cancel(who: AccountId, id: VaultId, shares: u128) -> DispatchResult {
	OptionVaults::cancel_withdrawal(by(who), id, shares)
}

#[test]
fn before_their_turn_shares_may_stay_after_all() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, 2 * SHARE));
		events();
		assert_ok!(cancel(ALICE, id, SHARE));
		let event = Event::WithdrawalCancelled { vault: id, who: ALICE, shares: SHARE };
		assert_eq!(events(), [event]);
		assert_eq!(holder(id, ALICE).shares, 2 * SHARE);
		assert_eq!((vault(id).withdrawals, vault(id).shares), (SHARE, 3 * SHARE));
		let none: DispatchError = Error::<Test>::NothingQueued.into();
		assert_refused!(cancel(ALICE, id, SHARE + 1), none);
		assert_refused!(cancel(ALICE, id, 0), Error::<Test>::AmountZero);
		assert_refused!(cancel(BOB, id, 1), none);
		assert_ok!(cancel(ALICE, id, SHARE));
		assert_eq!(vault(id).withdrawals, 0);
		assert_refused!(cancel(ALICE, id, 1), none);
	});
}

#[test]
fn after_their_turn_they_are_gone() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
		close(id);
		turn(id);
		assert_refused!(cancel(ALICE, id, SHARE), Error::<Test>::NothingQueued);
		assert_eq!(holder(id, ALICE).claimable, COIN);
	});
}
