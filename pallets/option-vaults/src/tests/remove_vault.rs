use super::*;

#[test]
fn an_empty_closed_vault_is_removed_by_anyone_and_its_bond_released() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		round(id, 1_000, contracts(3), 30_000);
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 3 * SHARE));
		set_rules(VaultRules { bond: 7 * BOND, ..rules() });
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		events();
		assert_ok!(OptionVaults::remove_vault(by(DAVE), id));
		assert_eq!(events(), [Event::VaultRemoved { vault: id }]);
		assert_eq!((held(MANAGER), free(MANAGER)), (0, NATIVE));
		assert_eq!(Vaults::<Test>::count(), 0);
		assert_eq!(Rounds::<Test>::iter().count(), 0);
		assert_eq!(Turns::<Test>::iter().count(), 0);
		assert_eq!(Holders::<Test>::iter().count(), 0);
		assert_refused!(OptionVaults::remove_vault(by(DAVE), id), Error::<Test>::VaultUnknown);
		assert_eq!(calls(), 1);
	});
}

#[test]
fn what_nobody_owns_is_the_treasurys() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		round(id, 500, contracts(2), 30_000);
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 54_000 * SHARE));
		// Interest that came when nobody had shares any more.
		earn(OptionVaults::working_account(id), usd(2));
		earn(OptionVaults::waiting_account(id), usd(3));
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		let before = dollars(TREASURY);
		assert_ok!(OptionVaults::remove_vault(by(DAVE), id));
		assert_eq!(dollars(TREASURY) - before, 5 * DOLLAR);
	});
}

#[test]
fn not_while_anybody_has_anything_in_it() {
	execute(|| {
		let terms = VaultTerms { performance_fee: Ratio::from_percent(20), ..terms() };
		let id = open_vault(Strategy::CoveredCall, BTC, terms);
		let remove = || OptionVaults::remove_vault(by(DAVE), id);
		assert_refused!(remove(), Error::<Test>::VaultNotClosed);
		deposit(ALICE, id, 3 * COIN);
		deposit(CAROL, id, COIN);
		set_bid(Some(price(1_000)));
		open(id);
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		let not_empty = || {
			assert_refused!(remove(), Error::<Test>::VaultNotEmpty);
		};
		not_empty();
		buy(BOB, id, contracts(3));
		close(id);
		not_empty();
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, 3 * SHARE));
		assert_ok!(OptionVaults::request_withdrawal(by(CAROL), id, SHARE));
		settle_at(id, price(30_000));
		not_empty();
		turn(id);
		assert_eq!(vault(id).shares, 0);
		// Claims and fees wait.
		not_empty();
		assert_ok!(OptionVaults::claim(by(DAVE), id, ALICE));
		assert_ok!(OptionVaults::claim(by(DAVE), id, CAROL));
		not_empty();
		assert_ok!(OptionVaults::pay_fees(by(DAVE), id));
		assert_ok!(remove());
	});
}

#[test]
fn a_deposit_that_waits_keeps_it() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, COIN);
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		let remove = || OptionVaults::remove_vault(by(DAVE), id);
		assert_refused!(remove(), Error::<Test>::VaultNotEmpty);
		assert_ok!(OptionVaults::cancel_deposit(by(ALICE), id, COIN));
		assert_ok!(remove());
	});
}
