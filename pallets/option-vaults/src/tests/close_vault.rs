use super::*;

#[test]
fn a_closed_vault_takes_nothing_and_begins_nothing() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		round(id, 1_000, contracts(3), 30_000);
		deposit(CAROL, id, COIN);
		events();
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		assert_eq!(events(), [Event::VaultClosed { vault: id }]);
		let closed: DispatchError = Error::<Test>::VaultIsClosed.into();
		assert_refused!(OptionVaults::deposit(by(BOB), id, COIN), closed);
		assert_refused!(OptionVaults::open_round(by(BOB), id), closed);
		assert_refused!(OptionVaults::close_vault(by(MANAGER), id), closed);
		idle();
		idle();
		assert!(matches!(vault(id).state, State::Idle(_)));
		// Everybody leaves.
		assert_ok!(OptionVaults::cancel_deposit(by(CAROL), id, COIN));
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 3 * SHARE));
		assert_eq!(vault(id).shares, 0);
	});
}

#[test]
fn a_round_that_runs_is_settled() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		set_bid(Some(price(1_000)));
		open(id);
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		// What is offered may still be bought.
		buy(BOB, id, contracts(3));
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
		close(id);
		settle_at(id, price(44_000));
		turn(id);
		// Whoever asks: what was withdrawn, and of a closed vault all that stays.
		assert_ok!(OptionVaults::claim(by(BOB), id, ALICE));
		assert_eq!((vault(id).shares, holder(id, ALICE)), (0, HolderView::default()));
		// 3.1 - 0.75: the withdrawal that waited is rounded down, its rest is the last one's.
		let shared = 235 * COIN / 100 / 3;
		assert_eq!(units(ALICE, BTC), (PLENTY as u128) * COIN - 3 * COIN + 235 * COIN / 100);
		assert!(shared * 3 < 235 * COIN / 100);
	});
}

#[test]
fn nobody_keeps_its_bond_by_staying_away() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let expiry = open(id).expiry;
		close(id);
		turn(id);
		deposit(CAROL, id, COIN);
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
		let refused = || OptionVaults::claim(by(DAVE), id, CAROL);
		assert_refused!(refused(), Error::<Test>::NothingToClaim);
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		for who in [ALICE, CAROL] {
			assert_ok!(OptionVaults::claim(by(DAVE), id, who));
			assert_eq!(units(who, BTC), (PLENTY as u128) * COIN);
		}
		// Its series takes a place of the listing until it expires.
		assert_refused!(OptionVaults::remove_vault(by(DAVE), id), Error::<Test>::TooEarly);
		pass_to(expiry);
		assert_ok!(OptionVaults::remove_vault(by(DAVE), id));
		assert_eq!(held(MANAGER), 0);
	});
}

#[test]
fn only_the_manager_closes() {
	execute(|| {
		let id = calls();
		assert_refused!(OptionVaults::close_vault(by(ALICE), id), Error::<Test>::NotManager);
		assert_refused!(OptionVaults::close_vault(by(ALICE), 9), Error::<Test>::VaultUnknown);
	});
}
