use super::*;

#[test]
fn not_before_the_settlement_price_is_known() {
	execute(|| {
		let id = calls();
		let settle = || OptionVaults::settle_round(by(DAVE), id);
		assert_refused!(settle(), Error::<Test>::NotLocked);
		deposit(ALICE, id, 3 * COIN);
		set_bid(Some(price(1_000)));
		open(id);
		assert_refused!(settle(), Error::<Test>::NotLocked);
		buy(BOB, id, contracts(3));
		close(id);
		let early: DispatchError = Error::<Test>::NotSettledYet.into();
		assert_refused!(settle(), early);
		pass_to(FRIDAY);
		assert_refused!(settle(), early);
		pass(7_200);
		set_settled(BTC, FRIDAY, price(30_000));
		events();
		assert_ok!(settle());
		let outcome = Outcome { price: per(31 * COIN / 10, 3 * SHARE), ..Default::default() };
		assert_eq!(events(), [Event::RoundSettled { vault: id, round: 0, outcome }]);
		assert_refused!(settle(), Error::<Test>::NotLocked);
	});
}

#[test]
fn somebody_else_may_have_touched_the_vaults_account() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		set_bid(Some(price(1_000)));
		open(id);
		buy(BOB, id, contracts(3));
		close(id);
		pass_to(FRIDAY);
		set_settled(BTC, FRIDAY, price(44_000));
		let working = OptionVaults::working_account(id);
		assert_ok!(<House as ballast_traits::MutateAccounts<AccountId>>::touch(&working));
		OptionVaults::do_try_state().unwrap();
		let outcome = settle_at(id, price(44_000));
		assert_eq!(outcome.payoff, 75 * COIN / 100);
	});
}

#[test]
fn a_round_whose_series_was_removed_meanwhile_is_settled() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		open(id);
		buy(BOB, id, contracts(3));
		close(id);
		let expiry = locked(id).expiry;
		pass_to(expiry + 8 * DAY);
		set_spot(BTC, price(44_000));
		set_settled(BTC, expiry, price(44_000));
		let working = OptionVaults::working_account(id);
		assert_ok!(<House as ballast_traits::MutateAccounts<AccountId>>::touch(&working));
		// Everybody is settled, so the listing forgets it.
		ballast_mocks::MockSeries::mock_series(|_| None);
		assert_ok!(OptionVaults::settle_round(by(DAVE), id));
		let outcome = OptionVaults::rounds_of(id).last().unwrap().outcome;
		assert_eq!(outcome.payoff, 75 * COIN / 100);
		turn(id);
	});
}

#[test]
fn rounds_are_kept_for_two_years() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		for _ in 0..ROUNDS_KEPT + 3 {
			open(id);
			close(id);
			turn(id);
			pass(2 * WEEK);
		}
		let kept: Vec<u32> =
			OptionVaults::rounds_of(id).iter().map(|record| record.round).collect();
		assert_eq!(kept, (3..ROUNDS_KEPT + 3).collect::<Vec<_>>());
		// Nothing of them is left of a vault that is removed.
		assert_ok!(OptionVaults::close_vault(by(MANAGER), id));
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, 3 * SHARE));
		assert_ok!(OptionVaults::remove_vault(by(DAVE), id));
		assert_eq!(Rounds::<Test>::iter().count(), 0);
	});
}
