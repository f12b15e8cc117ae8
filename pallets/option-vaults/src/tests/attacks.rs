//! What has been tried against vaults elsewhere.

use super::*;
use ballast_traits::MutateAccounts;

const UNIT: u128 = 1;

/// A round that sells nothing, and the wait for the next one.
fn quiet_round(id: VaultId) {
	let expiry = open(id).expiry;
	close(id);
	turn(id);
	pass_to(expiry);
}

#[test]
fn no_single_share_is_left_to_be_made_dear() {
	execute(|| {
		for (underlying, one) in [(BTC, COIN), (ETH, SHARE)] {
			let id = open_vault(Strategy::CoveredCall, underlying, terms());
			deposit(ALICE, id, one);
			quiet_round(id);
			let few: DispatchError = Error::<Test>::TooFewSharesStay.into();
			for rest in [1, SHARES_LEAST - 1] {
				assert_refused!(OptionVaults::withdraw(by(ALICE), id, SHARE - rest), few);
				let request = || OptionVaults::request_withdrawal(by(ALICE), id, SHARE - rest);
				assert_refused!(request(), few);
			}
			assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, SHARE));
			assert_refused!(OptionVaults::cancel_withdrawal(by(ALICE), id, 1), few);
			assert_ok!(OptionVaults::cancel_withdrawal(by(ALICE), id, SHARE));
			// The fewest that may stay, and a thousand times their worth in interest that nobody asked for.
			assert_ok!(OptionVaults::withdraw(by(ALICE), id, SHARE - SHARES_LEAST));
			let waiting = OptionVaults::waiting_account(id);
			let gift = contracts(1).times_floor(Ratio::from_basis_points(10)).unwrap();
			assert_ok!(House::transfer_units(&BOB, &waiting, asset(underlying), gift));
			let victim = 3 * one + one / 3;
			deposit(CAROL, id, victim);
			quiet_round(id);
			let value = holder(id, CAROL).value;
			// A share is a tenth of a millionth of a per cent of the deposit at most.
			assert!(
				value <= victim && victim - value <= 2 * UNIT + victim / 1_000_000_000,
				"{value}"
			);
			let had = units(CAROL, underlying);
			let shares = holder(id, CAROL).shares;
			assert_ok!(OptionVaults::withdraw(by(CAROL), id, shares));
			assert!(units(CAROL, underlying) - had >= value - UNIT);
		}
	});
}

#[test]
fn interest_on_a_deposit_that_is_taken_back_buys_nothing_from_newcomers() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		quiet_round(id);
		let all = holder(id, ALICE).shares;
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, all - SHARES_LEAST));
		let waiting = OptionVaults::waiting_account(id);
		assert_ok!(House::transfer(&ALICE, &waiting, Usd::from_int(483)));
		deposit(CAROL, id, 40_000 * DOLLAR);
		quiet_round(id);
		// Four hundred dollars for a millionth of a share: shares are still finer than a cent.
		let value = holder(id, CAROL).value;
		assert!(40_000 * DOLLAR - value <= DOLLAR / 100, "{value}");
	});
}

#[test]
fn what_was_gained_before_newcomers_pays_no_fee_of_theirs() {
	execute(|| {
		let terms = VaultTerms { performance_fee: Ratio::from_percent(20), ..terms() };
		let id = open_vault(Strategy::CoveredCall, BTC, terms);
		deposit(ALICE, id, COIN);
		quiet_round(id);
		// Twice the mark, by what no round has charged for.
		let working = OptionVaults::working_account(id);
		assert_ok!(House::transfer_units(&BOB, &working, asset(BTC), contracts(1)));
		deposit(CAROL, id, 2 * COIN);
		let outcome = round(id, 1_000, contracts(3), 30_000);
		// A tenth of a bitcoin was won: a fifth of it is charged, and nothing of any principal.
		assert_eq!(outcome.performance_fee, COIN / 50);
	});
}

#[test]
fn a_gift_to_the_vault_buys_nothing_from_the_next_depositor() {
	// No call of the clearing house credits another account unasked. If one did:
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 33_334);
		deposit(ALICE, id, COIN);
		quiet_round(id);
		// The least that the vault has ever seen, and a thousand bitcoins on top of it.
		assert_ok!(OptionVaults::withdraw(by(ALICE), id, SHARE));
		let gift = contracts(1_000);
		for place in [OptionVaults::working_account(id), OptionVaults::waiting_account(id)] {
			assert_ok!(House::transfer_units(&ALICE, &place, asset(BTC), gift));
		}
		deposit(CAROL, id, COIN);
		quiet_round(id);
		// It was Alice's gift to herself: Carol has what she paid but for its last digits.
		let value = holder(id, CAROL).value;
		assert!(value <= COIN && COIN - value <= 2 * UNIT, "{value}");
	});
}

#[test]
fn a_gift_during_a_round_is_everybodys_and_pays_the_performance_fee() {
	execute(|| {
		let terms = VaultTerms { performance_fee: Ratio::from_percent(20), ..terms() };
		let id = open_vault(Strategy::CoveredCall, BTC, terms);
		deposit(ALICE, id, COIN);
		deposit(CAROL, id, 3 * COIN);
		set_bid(Some(price(1_500)));
		open(id);
		buy(BOB, id, contracts(2));
		deposit(DAVE, id, COIN);
		close(id);
		let working = OptionVaults::working_account(id);
		assert_ok!(House::transfer_units(&MANAGER, &working, asset(BTC), hundredths(10)));
		let outcome = settle_at(id, price(30_000));
		assert_eq!(outcome.performance_fee, 20 * COIN / 100 / 5);
		turn(id);
		assert_eq!(holder(id, CAROL).value, 3 * holder(id, ALICE).value);
		assert!(holder(id, DAVE).value <= COIN);
	});
}

#[test]
fn who_deposits_when_a_gain_is_known_pays_for_it() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		set_bid(Some(price(1_000)));
		open(id);
		buy(BOB, id, contracts(3));
		close(id);
		pass_to(FRIDAY);
		set_settled(BTC, FRIDAY, price(30_000));
		// A tenth of a bitcoin is won, and nobody has settled it yet; nor turned, later.
		deposit(CAROL, id, 31 * COIN);
		assert_ok!(OptionVaults::settle_round(by(CAROL), id));
		deposit(DAVE, id, 31 * COIN);
		turn(id);
		assert_eq!(holder(id, CAROL).shares, 30 * SHARE);
		for who in [CAROL, DAVE] {
			assert_eq!(holder(id, who).value, 31 * COIN);
		}
		assert_eq!(holder(id, ALICE).value, 31 * COIN / 10);
	});
}

#[test]
fn who_leaves_when_a_loss_is_known_bears_it() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 2 * COIN);
		deposit(CAROL, id, 2 * COIN);
		set_bid(Some(price(1_500)));
		open(id);
		buy(BOB, id, contracts(4));
		close(id);
		pass_to(FRIDAY);
		set_settled(BTC, FRIDAY, price(44_000));
		let locked: DispatchError = Error::<Test>::AssetsLocked.into();
		assert_refused!(OptionVaults::withdraw(by(CAROL), id, SHARE), locked);
		assert_ok!(OptionVaults::request_withdrawal(by(CAROL), id, SHARE));
		assert_ok!(OptionVaults::settle_round(by(CAROL), id));
		assert_refused!(OptionVaults::withdraw(by(CAROL), id, SHARE), locked);
		assert_ok!(OptionVaults::request_withdrawal(by(CAROL), id, SHARE));
		turn(id);
		// 4 + 0.2 - 1 = 3.2 for four shares.
		assert_eq!(holder(id, CAROL).claimable, 16 * COIN / 10);
		assert_eq!(holder(id, ALICE).value, 16 * COIN / 10);
	});
}

#[test]
fn a_deposit_cancelled_with_the_result_known_was_never_at_risk() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		set_bid(Some(price(1_000)));
		open(id);
		buy(BOB, id, contracts(3));
		close(id);
		deposit(CAROL, id, 3 * COIN);
		settle_at(id, price(44_000));
		assert_ok!(OptionVaults::cancel_deposit(by(CAROL), id, 3 * COIN));
		turn(id);
		assert_eq!(holder(id, ALICE).value, 235 * COIN / 100);
		assert_eq!(units(CAROL, BTC), PLENTY as u128 * COIN);
	});
}

#[test]
fn premiums_of_a_round_that_runs_cannot_be_taken() {
	execute(|| {
		let id = puts();
		deposit(ALICE, id, 54_000 * DOLLAR);
		set_bid(Some(price(500)));
		open(id);
		buy(BOB, id, contracts(2));
		assert_eq!(free_of(id), 1_000 * DOLLAR);
		let locked: DispatchError = Error::<Test>::AssetsLocked.into();
		assert_refused!(OptionVaults::withdraw(by(ALICE), id, SHARE), locked);
		assert_refused!(OptionVaults::claim(by(ALICE), id, CAROL), Error::<Test>::NothingToClaim);
		assert_refused!(OptionVaults::pay_fees(by(MANAGER), id), Error::<Test>::NoFees);
	});
}

/// The manager buys in the last second of the auction.
fn sniped(id: VaultId) -> Price {
	pass_to(selling(id).auction.ends - 1);
	events();
	buy(MANAGER, id, contracts(1));
	match events()[..] {
		[Event::ContractsSold { price, .. }] => price,
		_ => panic!("it was sold"),
	}
}

fn share_of_mark(id: VaultId) -> Price {
	mark_now(id).times_ceil(vault(id).terms.reserve).unwrap()
}

/// What the auction asks by itself.
fn offered_by_curve(id: VaultId) -> Price {
	selling(id).auction.price_at(now())
}

#[test]
fn the_manager_buys_at_the_reserve_at_best() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let reserve = open(id).auction.reserve;
		assert!(sniped(id) >= reserve && reserve > share_of_mark(id));
	});
}

#[test]
fn after_a_jump_in_the_auction_the_share_of_mark_is_the_floor() {
	execute(|| {
		for (id, jump) in [(calls(), 36_000), (puts(), 24_000)] {
			set_spot(BTC, price(30_000));
			let amount = if vault(id).asset == QUOTE { 54_000 * DOLLAR } else { 3 * COIN };
			deposit(ALICE, id, amount);
			let start = open(id).auction.start;
			set_spot_only(BTC, price(jump));
			pass_to(selling(id).auction.ends - 1);
			let least = share_of_mark(id);
			assert!(least.into_inner() > 10 * start.into_inner());
			assert_eq!(offered(id, contracts(1)).price, least);
			assert_eq!(sniped(id), least);
			// Parts are no cheaper.
			assert_eq!(offered(id, hundredths(1)).price, least);
		}
	});
}

#[test]
fn nobody_pays_less_than_the_pool_bids() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let reserve = open(id).auction.reserve;
		let bid = above(reserve.checked_add(reserve).unwrap());
		set_bid(Some(bid));
		assert_eq!(sniped(id), bid);
		set_bid(Some(Price::ZERO));
		assert!(offered(id, contracts(1)).price < bid);
	});
}

#[test]
fn after_a_fall_the_reserve_is_still_the_floor() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let reserve = open(id).auction.reserve;
		set_spot_only(BTC, price(300));
		assert!(sniped(id) >= reserve);
		// The premium is a share of what the asset is worth now.
		let paid = selling(id).premium;
		let worth = reserve.into_inner() / 300 / 10_000_000_000;
		assert!(paid >= worth, "{paid}");
	});
}

#[test]
fn a_strike_set_after_a_jump_is_that_of_the_average() {
	execute(|| {
		for up in [true, false] {
			let id = calls();
			set_spot(BTC, price(30_000));
			deposit(ALICE, id, 3 * COIN);
			// Whoever moved spot for a moment and opens the round gets no other strike.
			set_spot_only(BTC, price(if up { 60_000 } else { 15_000 }));
			let Selling { strike, auction, .. } = open(id);
			assert_eq!(strike, price(33_000));
			assert_eq!(share_of_mark(id) > auction.start, up);
			assert_eq!(sniped(id), share_of_mark(id).max(offered_by_curve(id)));
		}
	});
}

#[test]
fn no_announcement_changes_the_round_that_runs_nor_the_next() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		let greedy = VaultTerms {
			management_fee: Ratio::from_percent(2),
			performance_fee: Ratio::from_percent(20),
			start: Ratio::from_percent(90),
			reserve: Ratio::from_percent(90),
			..terms()
		};
		let announce = || {
			assert_ok!(OptionVaults::schedule_terms(by(MANAGER), id, greedy));
		};
		set_bid(Some(price(1_000)));
		open(id);
		announce();
		buy(BOB, id, contracts(3));
		announce();
		close(id);
		announce();
		let outcome = settle_at(id, price(30_000));
		assert_eq!((outcome.management_fee, outcome.performance_fee), (0, 0));
		announce();
		turn(id);
		// What was announced before this round began is its notice.
		let outcome = round(id, 1_000, contracts(3), 30_000);
		assert_eq!((outcome.management_fee, outcome.performance_fee), (0, 0));
		let outcome = round(id, 1_000, contracts(3), 30_000);
		assert!(outcome.management_fee > 0 && outcome.performance_fee > 0);
	});
}

#[test]
fn the_manager_cannot_charge_for_a_gain_twice() {
	execute(|| {
		let terms = VaultTerms { performance_fee: Ratio::from_percent(20), ..terms() };
		let id = open_vault(Strategy::CoveredCall, BTC, terms);
		deposit(ALICE, id, 3 * COIN);
		round(id, 1_000, contracts(3), 30_000);
		let fees = vault(id).fees;
		// Coming and going moves neither price nor mark.
		for _ in 0..3 {
			deposit(MANAGER, id, 50 * COIN);
			open(id);
			assert_ok!(OptionVaults::claim(by(MANAGER), id, MANAGER));
			let shares = holder(id, MANAGER).shares;
			assert_ok!(OptionVaults::request_withdrawal(by(MANAGER), id, shares));
			let expiry = selling(id).expiry;
			close(id);
			turn(id);
			pass_to(expiry);
			assert_ok!(OptionVaults::claim(by(MANAGER), id, MANAGER));
		}
		assert_eq!(vault(id).fees, fees);
		assert!(units(MANAGER, BTC) <= PLENTY as u128 * COIN);
	});
}

#[test]
fn claims_go_to_their_owner_whoever_calls() {
	execute(|| {
		let id = calls();
		deposit(ALICE, id, 3 * COIN);
		quiet_round(id);
		open(id);
		assert_ok!(OptionVaults::claim(by(BOB), id, ALICE));
		assert_ok!(OptionVaults::request_withdrawal(by(ALICE), id, 3 * SHARE));
		close(id);
		turn(id);
		let had = units(BOB, BTC);
		assert_ok!(OptionVaults::claim(by(BOB), id, ALICE));
		assert_eq!((units(BOB, BTC), units(ALICE, BTC)), (had, PLENTY as u128 * COIN));
	});
}
