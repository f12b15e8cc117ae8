use super::*;

fn claim(id: VaultId, holder: AccountId) -> DispatchResult {
	OptionVaults::claim(by(DAVE), id, holder)
}

#[test]
fn anyone_pays_anyone_what_a_turn_has_brought() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let nothing: DispatchError = Error::<Test>::NothingToClaim.into();
		assert_refused!(claim(id, ALICE), nothing);
		open(id);
		events();
		assert_ok!(claim(id, ALICE));
		let (amount, shares) = (3 * COIN, 3 * SHARE);
		let issued = Event::SharesIssued { vault: id, who: ALICE, amount, shares };
		assert_eq!(events(), [issued]);
		assert_refused!(claim(id, ALICE), nothing);
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
		assert_refused!(claim(id, ALICE), nothing);
		close(id);
		turn(id);
		events();
		let had = units(ALICE, BTC);
		assert_ok!(claim(id, ALICE));
		let paid = Event::WithdrawalPaid { vault: id, who: ALICE, shares: SHARE, amount: COIN };
		assert_eq!(events(), [paid]);
		assert_eq!(units(ALICE, BTC), had + COIN);
		assert_eq!((vault(id).claimable, waiting_of(id)), (0, 0));
		assert_refused!(claim(id, ALICE), nothing);
		assert_refused!(claim(id, BOB), nothing);
		assert_refused!(claim(9, BOB), Error::<Test>::VaultUnknown);
	});
}

#[test]
fn a_claim_waits_as_long_as_it_must_and_bears_no_later_result() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		deposit(CAROL, id, 3 * COIN);
		open(id);
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, 3 * SHARE));
		close(id);
		turn(id);
		pass_to(FRIDAY);
		for _ in 0..3 {
			round(id, 1_000, contracts(1), 44_000);
		}
		// Carol's deposit of the first turn is shares at its price, Alice's claim is what it was.
		assert_eq!(holder(id, ALICE).claimable, 3 * COIN);
		assert_eq!(holder(id, CAROL).shares, 3 * SHARE);
		assert_ok!(claim(id, ALICE));
		assert_ok!(claim(id, CAROL));
		assert_eq!(units(ALICE, BTC), PLENTY as u128 * COIN);
		assert_eq!(Turns::<Test>::iter().count(), 0);
	});
}

#[test]
fn who_has_no_room_is_paid_later() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
		close(id);
		set_full(ALICE, true);
		// Nobody else's turn is held up.
		turn(id);
		assert_refused!(claim(id, ALICE), DispatchError::Other("TooManyCollaterals"));
		set_full(ALICE, false);
		assert_ok!(claim(id, ALICE));
	});
}
