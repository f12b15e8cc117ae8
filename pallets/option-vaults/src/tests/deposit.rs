use super::*;

#[test]
fn a_deposit_waits_for_its_turn() {
	execute(|| {
		let id = calls();
		events();
		deposit(ALICE, id, 2 * COIN);
		deposit(ALICE, id, COIN);
		let event = |amount| Event::DepositQueued { vault: id, who: ALICE, amount };
		assert_eq!(events(), [event(2 * COIN), event(COIN)]);
		assert_eq!(units(ALICE, BTC), (PLENTY as u128 - 3) * COIN);
		assert_eq!((vault(id).deposits, waiting_of(id), free_of(id)), (3 * COIN, 3 * COIN, 0));
		let view = HolderView { queued_deposit: 3 * COIN, ..Default::default() };
		assert_eq!(holder(id, ALICE), view);
		open(id);
		let view = HolderView { shares: 3 * SHARE, value: 3 * COIN, ..Default::default() };
		assert_eq!(holder(id, ALICE), view);
		assert_eq!((vault(id).deposits, waiting_of(id), free_of(id)), (0, 0, 3 * COIN));
		// The next deposit takes up the shares of the first.
		events();
		deposit(ALICE, id, COIN);
		let (amount, shares) = (3 * COIN, 3 * SHARE);
		let issued = Event::SharesIssued { vault: id, who: ALICE, amount, shares };
		assert_eq!(events(), [issued, event(COIN)]);
		assert_eq!(Turns::<Test>::iter().count(), 0);
	});
}

#[test]
fn its_value_has_a_least() {
	execute(|| {
		let (calls, puts) = (calls(), puts());
		let small: DispatchError = Error::<Test>::DepositTooSmall.into();
		// Ten dollars at 30,000 are 33,333.3 units.
		assert_refused!(OptionVaults::deposit(by(ALICE), calls, 33_333), small);
		deposit(ALICE, calls, 33_334);
		assert_refused!(OptionVaults::deposit(by(ALICE), puts, 10 * DOLLAR - 1), small);
		deposit(ALICE, puts, 10 * DOLLAR);
		// At the last price, usable or not.
		set_usable(false);
		assert_refused!(OptionVaults::deposit(by(ALICE), calls, 33_333), small);
		assert_refused!(OptionVaults::deposit(by(ALICE), calls, 0), Error::<Test>::AmountZero);
	});
}

#[test]
fn the_vault_has_a_capacity() {
	execute(|| {
		let capacity = 5 * COIN;
		let id = open_vault(Strategy::CoveredCall, BTC, VaultTerms { capacity, ..terms() });
		let full: DispatchError = Error::<Test>::CapacityExceeded.into();
		assert_refused!(OptionVaults::deposit(by(ALICE), id, 5 * COIN + 1), full);
		deposit(ALICE, id, 3 * COIN);
		assert_refused!(OptionVaults::deposit(by(CAROL), id, 2 * COIN + 1), full);
		set_bid(Some(price(1_000)));
		open(id);
		buy(BOB, id, contracts(3));
		// What is locked counts, the premium of the round does not yet.
		assert_refused!(OptionVaults::deposit(by(CAROL), id, 2 * COIN + 1), full);
		deposit(CAROL, id, COIN);
		close(id);
		settle_at(id, price(30_000));
		let left = 9 * COIN / 10;
		assert_refused!(OptionVaults::deposit(by(CAROL), id, left + 1), full);
		deposit(CAROL, id, left);
		turn(id);
		assert_refused!(OptionVaults::deposit(by(CAROL), id, COIN), full);
	});
}

#[test]
fn only_what_one_has_and_need_not_keep() {
	execute(|| {
		let (calls, puts) = (calls(), puts());
		let all = PLENTY as u128;
		let more = OptionVaults::deposit(by(ALICE), puts, all * DOLLAR + 1);
		assert_eq!(more, Err(DispatchError::Other("BelowInitialMargin")));
		assert_refused!(
			OptionVaults::deposit(by(ALICE), calls, all * COIN + 1),
			DispatchError::Other("InsufficientCollateral")
		);
		set_cash(ALICE, usd(PLENTY));
		set_cash(OptionVaults::waiting_account(puts), usd(0));
		set_below_margin(BOB);
		let below = DispatchError::Other("BelowInitialMargin");
		assert_refused!(OptionVaults::deposit(by(BOB), puts, 100 * DOLLAR), below);
		assert_refused!(OptionVaults::deposit(by(BOB), calls, COIN), below);
		assert_refused!(OptionVaults::deposit(by(BOB), 9, COIN), Error::<Test>::VaultUnknown);
	});
}

#[test]
fn a_vault_that_has_lost_everything_takes_none() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		deposit(CAROL, id, 27_000 * DOLLAR);
		open(id);
		// What backs the shares is gone, which no option can bring about.
		assert_ok!(OptionVaults::claim(by(DAVE), id, ALICE));
		close(id);
		turn(id);
		let working = OptionVaults::working_account(id);
		set_cash(TREASURY, cash(TREASURY).checked_add(cash(working)).unwrap());
		set_cash(working, usd(0));
		let worthless: DispatchError = Error::<Test>::VaultWorthless.into();
		assert_refused!(OptionVaults::deposit(by(BOB), id, 100 * DOLLAR), worthless);
		// Shares can be given up.
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 54_000 * SHARE));
		assert_ok!(OptionVaults::withdraw(by(CAROL), id, 27_000 * SHARE));
		deposit(BOB, id, 27_000 * DOLLAR);
		pass_to(FRIDAY);
		open(id);
		assert_eq!(holder(id, BOB).shares, 27_000 * SHARE);
	});
}
