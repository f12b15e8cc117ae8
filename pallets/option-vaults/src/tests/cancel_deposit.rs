use super::*;

#[test]
fn before_its_turn_a_deposit_is_taken_back_in_parts() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		deposit(CAROL, id, COIN);
		events();
		assert_ok!(OptionVaults::cancel_deposit(by(ALICE), id, COIN));
		let event = Event::DepositCancelled { vault: id, who: ALICE, amount: COIN };
		assert_eq!(events(), [event]);
		assert_eq!(units(ALICE, BTC), (PLENTY as u128 - 2) * COIN);
		assert_eq!((vault(id).deposits, waiting_of(id)), (3 * COIN, 3 * COIN));
		assert_ok!(OptionVaults::cancel_deposit(by(ALICE), id, 2 * COIN));
		assert!(!Holders::<Test>::contains_key(id, ALICE));
		let cancel = |amount| OptionVaults::cancel_deposit(by(CAROL), id, amount);
		assert_refused!(cancel(COIN + 1), Error::<Test>::NothingQueued);
		assert_refused!(cancel(0), Error::<Test>::AmountZero);
		// Prices, rounds and the end of the vault do not matter.
		set_usable(false);
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		assert_ok!(cancel(COIN));
	});
}

#[test]
fn during_a_round_too() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		deposit(ALICE, id, COIN);
		assert_ok!(OptionVaults::cancel_deposit(by(ALICE), id, COIN / 2));
		assert_eq!(holder(id, ALICE).queued_deposit, COIN / 2);
		assert_eq!(holder(id, ALICE).shares, 3 * SHARE);
	});
}

#[test]
fn after_its_turn_it_is_shares() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		let cancel = || OptionVaults::cancel_deposit(by(ALICE), id, 1);
		assert_refused!(cancel(), Error::<Test>::NothingQueued);
	});
}
