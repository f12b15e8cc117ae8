use crate::mock::*;
use ballast_primitives::{Quality, Usd};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{assert_noop, assert_ok};

/// What Alice may withdraw, found by trying: whole dollars.
fn most_of(who: u64) -> Usd {
	Margin::withdrawable(&who).unwrap()
}

#[test]
fn cash_leaves_and_an_empty_account_is_gone() {
	build_and_execute(|| {
		let before = Assets::balance(USD, ALICE);
		deposit(ALICE, 100);
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(40)));
		assert_eq!(cash(ALICE), Usd::from_int(60));
		let (amount, cash) = (Usd::from_int(40), Usd::from_int(60));
		assert_eq!(events().last(), Some(&Event::Withdrawn { who: ALICE, amount, cash }));
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(60)));
		assert_eq!(Assets::balance(USD, ALICE), before);
		assert_eq!(Margin::account_view(&ALICE), None);
		assert_eq!(Assets::balance(USD, Margin::custody_account()), 0);
	});
}

#[test]
fn nothing_and_more_than_cash_are_refused() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		deposit(BOB, 1_000);
		assert_noop!(Margin::withdraw(signed(ALICE), 0), Error::AmountZero);
		for amount in [dollars(100) + 1, dollars(1_000_000_000)] {
			assert_noop!(Margin::withdraw(signed(ALICE), amount), Error::InsufficientCash);
		}
		assert_noop!(Margin::withdraw(signed(DAVE), 1), Error::InsufficientCash);
		assert!(Margin::withdraw(signed(ALICE), u128::MAX).is_err());
	});
}

#[test]
fn an_account_with_shorts_keeps_initial_margin() {
	build_and_execute(|| {
		deposit(ALICE, 100_000);
		deposit(BOB, 10_000);
		trade(BOB, ALICE, CALL, 1, 900);
		let health_before = health(ALICE);
		let most = most_of(ALICE);
		// Short options lend nothing: what may leave is what is above initial margin.
		assert_eq!(most, health_before.equity.checked_sub(health_before.initial).unwrap());
		let whole = most.into_inner() as u128 / 1_000_000_000_000;
		assert_noop!(Margin::withdraw(signed(ALICE), whole + 1), Error::BelowInitialMargin);
		assert_ok!(Margin::withdraw(signed(ALICE), whole));
		assert!(health(ALICE).equity >= health(ALICE).initial);
		assert!(most_of(ALICE) < Usd::from_inner(1_000_000_000_000));
	});
}

#[test]
fn long_options_need_no_margin_beyond_their_value_and_lend_nothing() {
	build_and_execute(|| {
		deposit(ALICE, 5_000);
		deposit(BOB, 100_000);
		trade(ALICE, BOB, CALL, 1, 900);
		// All cash may leave although the position needs initial margin: it is its own.
		assert!(health(ALICE).initial.is_positive());
		assert_eq!(most_of(ALICE), Usd::from_int(4_100));
		// A short on another underlying must be covered by cash, not by the bought option.
		trade(BOB, ALICE, ETH_CALL, 10, 100);
		let health = health(ALICE);
		let requirement = Margin::requirement_view(&ALICE).unwrap();
		let eth = requirement.iter().find(|part| part.underlying == ON_ETH).unwrap();
		let btc = requirement.iter().find(|part| part.underlying == ON_BTC).unwrap();
		let cash_and_short = health.equity.checked_sub(btc.options).unwrap();
		assert_eq!(most_of(ALICE), cash_and_short.checked_sub(eth.initial).unwrap());
		assert_ok!(Margin::withdraw(
			signed(ALICE),
			most_of(ALICE).into_inner() as u128 / 1_000_000_000_000
		));
	});
}

#[test]
fn collateral_covers_a_short_but_a_withdrawal_never_makes_a_loan() {
	build_and_execute(|| {
		deposit(ALICE, 10);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		assert_eq!(most_of(ALICE), Usd::from_int(10));
		assert_noop!(Margin::withdraw(signed(ALICE), dollars(11)), Error::InsufficientCash);
		deposit(BOB, 100_000);
		// A covered call: the premium is cash and may leave.
		trade(BOB, ALICE, CALL, 1, 900);
		assert_eq!(most_of(ALICE), Usd::from_int(910));
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(910)));
	});
}

#[test]
fn withdrawals_wait_while_losses_are_open() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		Blocked::put(true);
		assert_noop!(Margin::withdraw(signed(ALICE), dollars(1)), Error::WithdrawalsBlocked);
		assert_eq!(most_of(ALICE), Usd::ZERO);
		Blocked::put(false);
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(1)));
	});
}

#[test]
fn an_unusable_price_blocks_only_those_who_depend_on_it() {
	build_and_execute(|| {
		for who in [ALICE, BOB, CAROL] {
			deposit(who, 100_000);
		}
		trade(ALICE, BOB, CALL, 1, 900);
		assert_ok!(Margin::deposit_collateral(signed(CAROL), BTC, centi_btc(100)));
		set_quality(ON_BTC, Quality::Stale);
		assert_noop!(Margin::withdraw(signed(ALICE), 1), Error::PriceNotUsable);
		assert_noop!(Margin::withdraw(signed(BOB), 1), Error::PriceNotUsable);
		// Carol has no options and no loan.
		assert_ok!(Margin::withdraw(signed(CAROL), dollars(100_000)));
	});
}

#[test]
fn an_unusable_collateral_lends_nothing_to_other_positions() {
	build_and_execute(|| {
		deposit(ALICE, 3_000);
		deposit(BOB, 100_000);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		trade(BOB, ALICE, ETH_CALL, 10, 100);
		assert_eq!(most_of(ALICE), Usd::from_int(3_100));
		set_quality(ON_BTC, Quality::TooFewOperators);
		let health = health(ALICE);
		let without = health.equity.checked_sub(health.collateral).unwrap();
		assert_eq!(most_of(ALICE), without.checked_sub(health.initial).unwrap());
		assert!(most_of(ALICE) < Usd::from_int(3_100));
	});
}

#[test]
fn what_is_lent_cannot_leave() {
	build_and_execute(|| {
		deposit(ALICE, 100);
		deposit(BOB, 1);
		assert_ok!(Margin::deposit_collateral(signed(BOB), BTC, centi_btc(100)));
		// Bob pays Alice with money that he borrows from her.
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&BOB, &ALICE, Usd::from_int(50)));
		assert_eq!(cash(BOB), Usd::from_int(-49));
		assert_noop!(Margin::withdraw(signed(ALICE), dollars(150)), Error::InsufficientLiquidity);
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(101)));
	});
}

#[test]
fn a_rest_below_the_smallest_unit_stays_in_the_account() {
	build_and_execute(|| {
		deposit(ALICE, 10);
		let crumb = Usd::from_inner(999_999);
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&ALICE, &BOB, crumb));
		assert_noop!(Margin::withdraw(signed(ALICE), dollars(10)), Error::InsufficientCash);
		assert_ok!(Margin::withdraw(signed(ALICE), dollars(10) - 1));
		assert_eq!(cash(ALICE), Usd::from_inner(1_000_000_000_000 - 999_999));
		assert_noop!(Margin::withdraw(signed(ALICE), 1), Error::InsufficientCash);
	});
}
