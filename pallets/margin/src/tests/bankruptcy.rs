use crate::mock::*;
use ballast_mocks::MockWaterfall;
use ballast_primitives::{Price, Quality, Quantity, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok};

/// Bob owes 3,000 on an expired call and has 1,000 and `hundredths` of a coin.
fn bob_fails(hundredths: u128) {
	deposit(BOB, 1_000);
	if hundredths > 0 {
		assert_ok!(Margin::deposit_collateral(signed(BOB), BTC, centi_btc(hundredths)));
	}
	trade(ALICE, BOB, CALL, 1, 0);
	settle_at(CALL, Price::from_int(13_000));
}

#[test]
fn a_bare_debt_is_covered_at_touch_and_the_winner_is_paid_in_full() {
	build_and_execute(|| {
		deposit(FUND, 500);
		bob_fails(0);
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!(Margin::account_view(&BOB), None);
		assert_eq!(cash(FUND), Usd::ZERO);
		assert_eq!(Deficit::get(), Usd::from_int(-1_500));
		let (who, deficit) = (BOB, Usd::from_int(2_000));
		let event = Event::BankruptcyResolved { who, deficit, collateral: Usd::ZERO };
		assert_eq!(events().last(), Some(&event));
		Margin::do_try_state().unwrap();
		assert_ok!(Margin::settle(signed(DAVE), ALICE));
		assert_eq!(cash(ALICE), Usd::from_int(3_000));
		// Only what is there can leave: the deficit account's part is not.
		assert_noop!(Margin::withdraw(signed(ALICE), dollars(3_000)), Error::InsufficientLiquidity);
	});
}

#[test]
fn collateral_goes_to_the_fund_at_mark_and_only_the_rest_is_a_deficit() {
	build_and_execute(|| {
		deposit(FUND, 5_000);
		bob_fails(15);
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!(Margin::account_view(&BOB), None);
		let fund = Margin::account_view(&FUND).unwrap();
		assert_eq!(fund.collateral, vec![(BTC, Quantity::from_inner(150_000_000_000_000_000))]);
		// 1,500 for the collateral, 500 for the deficit.
		assert_eq!(fund.cash, Usd::from_int(3_000));
		assert_eq!(Deficit::get(), Usd::ZERO);
		let (deficit, collateral) = (Usd::from_int(500), Usd::from_int(1_500));
		let event = Event::BankruptcyResolved { who: BOB, deficit, collateral };
		assert_eq!(events().last(), Some(&event));
	});
}

#[test]
fn a_loan_that_collateral_covers_is_no_deficit() {
	build_and_execute(|| {
		bob_fails(25);
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!(cash(BOB), Usd::from_int(-2_000));
		assert_eq!(health(BOB).equity, Usd::from_int(500));
		assert_eq!(Deficit::get(), Usd::ZERO);
	});
}

#[test]
fn without_a_usable_price_of_its_collateral_it_waits() {
	build_and_execute(|| {
		bob_fails(15);
		set_quality(ON_BTC, Quality::Stale);
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!(cash(BOB), Usd::from_int(-2_000));
		assert_eq!(Deficit::get(), Usd::ZERO);
		set_quality(ON_BTC, Quality::Good);
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!(Deficit::get(), Usd::from_int(-500));
		// The fund had no cash: it holds the collateral against what it owes.
		assert_eq!(cash(FUND), Usd::from_int(-1_500));
		assert_eq!(health(FUND).equity, Usd::ZERO);
	});
}

#[test]
fn an_account_with_live_positions_is_not_resolved_here() {
	build_and_execute(|| {
		trade(BOB, ALICE, ETH_CALL, 1, 0);
		bob_fails(0);
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!(cash(BOB), Usd::from_int(-2_000));
		assert_eq!(Deficit::get(), Usd::ZERO);
	});
}

#[test]
fn those_who_bear_losses_are_never_resolved() {
	build_and_execute(|| {
		deposit(ALICE, 1);
		trade(ALICE, POOL, CALL, 1, 0);
		trade(ALICE, FUND, CALL, 1, 0);
		settle_at(CALL, Price::from_int(10_500));
		assert_ok!(Margin::settle(signed(DAVE), POOL));
		assert_ok!(Margin::settle(signed(DAVE), FUND));
		assert_eq!((cash(POOL), cash(FUND)), (Usd::from_int(-500), Usd::from_int(-500)));
	});
}

#[test]
fn a_waterfall_that_does_not_cover_exactly_is_undone_and_asked_again() {
	build_and_execute(|| {
		deposit(FUND, 5_000);
		bob_fails(0);
		// It takes the fund's money and does not credit the defaulter.
		MockWaterfall::mock_cover(|_, deficit| Margin::transfer(&FUND, &CAROL, deficit));
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!((cash(BOB), cash(FUND)), (Usd::from_int(-2_000), Usd::from_int(5_000)));
		// The winner is paid all the same.
		assert_ok!(Margin::settle(signed(DAVE), ALICE));
		assert_eq!(cash(ALICE), Usd::from_int(3_000));
		MockWaterfall::mock_cover(|who, deficit| Margin::transfer(&FUND, who, deficit));
		assert_ok!(Margin::settle(signed(DAVE), BOB));
		assert_eq!(Margin::account_view(&BOB), None);
	});
}

#[test]
fn a_deposit_after_a_default_is_the_owners_own() {
	build_and_execute(|| {
		bob_fails(0);
		deposit(BOB, 10);
		assert_eq!(cash(BOB), Usd::from_int(10));
		assert_eq!(Deficit::get(), Usd::from_int(-2_000));
	});
}
