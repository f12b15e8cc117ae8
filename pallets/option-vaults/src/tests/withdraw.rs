use super::*;

fn withdraw(who: AccountId, id: VaultId, shares: u128) -> DispatchResult {
	OptionVaults::withdraw(by(who), id, shares)
}

#[test]
fn between_rounds_shares_are_paid_at_once() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		round(id, 1_000, contracts(3), 30_000);
		events();
		let had = units(ALICE, BTC);
		assert_ok!(withdraw(ALICE, id, SHARE));
		// A third of 3.1, rounded down.
		let (shares, amount) = (SHARE, 31 * COIN / 30);
		let paid = Event::WithdrawalPaid { vault: id, who: ALICE, shares, amount };
		assert_eq!(events()[1..], [paid]);
		assert_eq!(units(ALICE, BTC) - had, amount);
		assert_eq!((vault(id).shares, free_of(id)), (2 * SHARE, 31 * COIN / 10 - amount));
		let too_many: DispatchError = Error::<Test>::InsufficientShares.into();
		assert_refused!(withdraw(ALICE, id, 2 * SHARE + 1), too_many);
		assert_refused!(withdraw(BOB, id, 1), too_many);
		assert_refused!(withdraw(BOB, id, 0), Error::<Test>::AmountZero);
		assert_ok!(withdraw(ALICE, id, 2 * SHARE));
		assert!(!Holders::<Test>::contains_key(id, ALICE));
		assert_eq!(free_of(id), 0);
	});
}

#[test]
fn shares_that_are_queued_to_leave_are_not_paid_twice() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		round(id, 1_000, contracts(3), 30_000);
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, 2 * SHARE));
		let too_many: DispatchError = Error::<Test>::InsufficientShares.into();
		assert_refused!(withdraw(ALICE, id, 2 * SHARE), too_many);
		assert_ok!(withdraw(ALICE, id, SHARE));
	});
}

#[test]
fn what_is_locked_cannot_leave() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let locked: DispatchError = Error::<Test>::AssetsLocked.into();
		open(id);
		assert_refused!(withdraw(ALICE, id, 1), locked);
		buy(BOB, id, contracts(1));
		close(id);
		assert_refused!(withdraw(ALICE, id, 1), locked);
		settle_at(id, price(30_000));
		assert_refused!(withdraw(ALICE, id, 1), locked);
		turn(id);
		assert_ok!(withdraw(ALICE, id, 1));
	});
}
