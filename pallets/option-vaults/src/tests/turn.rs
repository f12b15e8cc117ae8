use super::*;

#[test]
fn only_after_a_round_was_settled() {
	execute(|| {
		let id = calls();
		let turn = || OptionVaults::turn(by(DAVE), id);
		let nothing: DispatchError = Error::<Test>::NothingToTurn.into();
		assert_refused!(turn(), nothing);
		deposit(ALICE, id, 3 * COIN);
		open(id);
		assert_refused!(turn(), nothing);
		buy(BOB, id, contracts(1));
		close(id);
		assert_refused!(turn(), nothing);
		settle_at(id, price(30_000));
		assert_ok!(turn());
		assert_refused!(turn(), nothing);
		assert_refused!(OptionVaults::turn(by(DAVE), 9), Error::<Test>::VaultUnknown);
	});
}

#[test]
fn both_ways_at_one_price() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		set_bid(Some(price(1_000)));
		open(id);
		buy(BOB, id, contracts(3));
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, 3 * SHARE));
		deposit(CAROL, id, 31 * COIN / 10);
		close(id);
		settle_at(id, price(30_000));
		events();
		turn(id);
		// All of Alice's shares leave, and as many come.
		let turned = Event::Turned {
			vault: id,
			turn: 1,
			price: per(31 * COIN / 10, 3 * SHARE),
			deposits: 31 * COIN / 10,
			issued: 3 * SHARE,
			withdrawals: 3 * SHARE,
			paid: 31 * COIN / 10,
		};
		assert_eq!(events(), [turned]);
		assert_eq!((vault(id).shares, free_of(id)), (3 * SHARE, 31 * COIN / 10));
		// The high-water mark is the vault's, not a person's.
		assert_eq!(vault(id).high_water, per(31 * COIN / 10, 3 * SHARE));
	});
}

#[test]
fn without_anybody_waiting_nothing_is_stored() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		assert_ok!(OptionVaults::claim(by(DAVE), id, ALICE));
		close(id);
		turn(id);
		assert_eq!(vault(id).turn, 1);
		assert_eq!(Turns::<Test>::iter().count(), 0);
	});
}

#[test]
fn interest_is_everybodys() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		open(id);
		deposit(CAROL, id, 54_000 * DOLLAR);
		earn(OptionVaults::working_account(id), usd(600));
		earn(OptionVaults::waiting_account(id), usd(480));
		close(id);
		turn(id);
		// What waits earns for those who are in.
		assert_eq!(holder(id, ALICE).value, 55_080 * DOLLAR);
		let shares = 54_000 * SHARE * 54_000 / 55_080;
		assert_eq!(holder(id, CAROL).shares, shares);
		assert!(holder(id, CAROL).value <= 54_000 * DOLLAR);
		assert!(holder(id, CAROL).value >= 54_000 * DOLLAR - 1);
	});
}

#[test]
fn of_a_worthless_vault_nobody_can_buy_shares() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		open(id);
		deposit(CAROL, id, 54_000 * DOLLAR);
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
		let working = OptionVaults::working_account(id);
		set_cash(TREASURY, cash(TREASURY).checked_add(cash(working)).unwrap());
		set_cash(working, usd(0));
		close(id);
		turn(id);
		assert_eq!(holder(id, CAROL).queued_deposit, 54_000 * DOLLAR);
		assert_ok!(OptionVaults::cancel_deposit(by(CAROL), id, 54_000 * DOLLAR));
		assert_ok!(OptionVaults::cancel_withdrawal(by(ALICE), id, SHARE));
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 54_000 * SHARE));
		assert_eq!(vault(id).shares, 0);
	});
}

#[test]
fn shares_and_assets_that_roundings_leave_are_the_vaults() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 27_000 * DOLLAR);
		// 270 / 27,000: 1.01 dollars a share.
		let outcome = round(id, 270, contracts(1), 30_000);
		assert_eq!(outcome.price, per(27_270 * DOLLAR, 27_000 * SHARE));
		let newcomers = [(BOB, 60), (CAROL, 70), (DAVE, 80)];
		for (who, dollars) in newcomers {
			deposit(who, id, dollars * DOLLAR);
		}
		open(id);
		let shares_for = |dollars: u128| dollars * SHARE * 100 / 101;
		let issued = shares_for(210);
		assert_eq!(vault(id).shares, 27_000 * SHARE + issued);
		let mut got = 0;
		for (who, dollars) in newcomers {
			assert_ok!(OptionVaults::claim(by(who), id, who));
			let shares = shares_for(dollars);
			assert_eq!(holder(id, who).shares, shares);
			assert_ok!(OptionVaults::request_withdrawal(by(who), id, shares));
			got += shares;
		}
		// What none of the three got is nobody's: it was struck out.
		assert_eq!(vault(id).shares, 27_000 * SHARE + got);
		assert_eq!(issued - got, 2);
		let pot = free_of(id);
		close(id);
		turn(id);
		for who in [BOB, CAROL, DAVE] {
			assert_ok!(OptionVaults::claim(by(who), id, who));
		}
		// Each lost less than a unit, and the pot of those who stay has not become less.
		assert_eq!(vault(id).claimable, 0);
		let left = pot - free_of(id) - waiting_of(id);
		assert!(left <= 210 * DOLLAR && left > 210 * DOLLAR - 4, "{left}");
		let value = holder(id, ALICE).value;
		assert!(value >= 27_270 * DOLLAR);
	});
}
