use super::*;

fn request(who: AccountId, id: VaultId, shares: u128) -> DispatchResult {
	OptionVaults::request_withdrawal(by(who), id, shares)
}

#[test]
fn shares_wait_for_the_next_turn() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		set_bid(Some(price(1_000)));
		open(id);
		buy(BOB, id, contracts(3));
		events();
		assert_ok!(request(ALICE, id, SHARE));
		assert_ok!(request(ALICE, id, SHARE));
		let event = Event::WithdrawalQueued { vault: id, who: ALICE, shares: SHARE };
		assert_eq!(events()[1..], [event.clone(), event]);
		assert_eq!((vault(id).withdrawals, vault(id).shares), (2 * SHARE, 3 * SHARE));
		// They bear the result of the round like any other.
		assert_eq!(holder(id, ALICE).queued_withdrawal, 2 * SHARE);
		close(id);
		settle_at(id, price(44_000));
		turn(id);
		// Two thirds of 2.35, rounded down.
		let paid = 2 * 235 * COIN / 100 / 3;
		assert_eq!((holder(id, ALICE).claimable, vault(id).claimable), (paid, paid));
		assert_eq!((vault(id).withdrawals, vault(id).shares), (0, SHARE));
		assert_eq!(free_of(id), 235 * COIN / 100 - paid);
		// A later request takes up the earlier one.
		let had = units(ALICE, BTC);
		assert_ok!(request(ALICE, id, SHARE));
		assert_eq!(units(ALICE, BTC), had + paid);
		assert_eq!(holder(id, ALICE).queued_withdrawal, SHARE);
	});
}

#[test]
fn only_shares_that_one_has() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let too_many: DispatchError = Error::<Test>::InsufficientShares.into();
		assert_refused!(request(ALICE, id, 1), too_many);
		open(id);
		assert_refused!(request(ALICE, id, 3 * SHARE + 1), too_many);
		assert_refused!(request(ALICE, id, 0), Error::<Test>::AmountZero);
		assert_ok!(request(ALICE, id, 3 * SHARE));
		assert_refused!(request(ALICE, id, 1), too_many);
		assert_refused!(request(BOB, id, 1), too_many);
		assert_refused!(request(BOB, 9, 1), Error::<Test>::VaultUnknown);
	});
}

#[test]
fn a_part_of_a_withdrawal_that_rounds_to_nothing_pays_nothing() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		// A unit is 10^10 of the smallest shares.
		assert_ok!(request(ALICE, id, 9_999_999_999));
		close(id);
		turn(id);
		assert_eq!(holder(id, ALICE).claimable, 0);
		assert_ok!(OptionVaults::claim(by(ALICE), id, ALICE));
		assert_eq!(free_of(id), 3 * COIN);
		assert_eq!(Turns::<Test>::iter().count(), 0);
	});
}
