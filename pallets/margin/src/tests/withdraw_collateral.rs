use crate::mock::*;
use ballast_primitives::{Quality, Quantity, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{assert_noop, assert_ok};

#[test]
fn collateral_that_nothing_needs_leaves_at_any_price() {
	build_and_execute(|| {
		let before = Assets::balance(BTC, ALICE);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		assert_ok!(Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(30)));
		let (who, asset) = (ALICE, BTC);
		let quantity = Quantity::from_inner(300_000_000_000_000_000);
		let total = Quantity::from_inner(700_000_000_000_000_000);
		let event = Event::CollateralWithdrawn { who, asset, quantity, total };
		assert_eq!(events().last(), Some(&event));
		set_quality(ON_BTC, Quality::Stale);
		Blocked::put(true);
		assert_ok!(Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(70)));
		assert_eq!(Margin::account_view(&ALICE), None);
		assert_eq!(Assets::balance(BTC, ALICE), before);
	});
}

#[test]
fn nothing_more_than_is_held_and_the_quote_currency_are_refused() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		deposit(ALICE, 100);
		let refused = |asset, amount, error: Error| {
			assert_noop!(Margin::withdraw_collateral(signed(ALICE), asset, amount), error);
		};
		refused(BTC, 0, Error::AmountZero);
		refused(BTC, centi_btc(100) + 1, Error::InsufficientCollateral);
		refused(ETH, 1, Error::InsufficientCollateral);
		refused(JUNK, 1, Error::InsufficientCollateral);
		refused(USD, 1, Error::AssetNotEligible);
		assert_noop!(
			Margin::withdraw_collateral(signed(BOB), BTC, 1),
			Error::InsufficientCollateral
		);
	});
}

#[test]
fn cover_of_a_short_call_stays() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(120)));
		deposit(BOB, 100_000);
		trade(BOB, ALICE, CALL, 1, 900);
		assert_noop!(
			Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(110)),
			Error::BelowInitialMargin
		);
		assert_ok!(Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(20)));
		assert!(health(ALICE).equity >= health(ALICE).initial);
	});
}

#[test]
fn collateral_of_a_loan_stays() {
	build_and_execute(|| {
		deposit(BOB, 1_000);
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(100)));
		assert_ok!(<Margin as MutateAccounts<u64>>::transfer(&ALICE, &BOB, Usd::from_int(5_000)));
		assert_noop!(
			Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(60)),
			Error::BelowInitialMargin
		);
		assert_ok!(Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(20)));
	});
}

#[test]
fn an_unusable_price_keeps_what_depends_on_it() {
	build_and_execute(|| {
		assert_ok!(Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(500)));
		deposit(BOB, 100_000);
		trade(BOB, ALICE, CALL, 1, 900);
		set_quality(ON_BTC, Quality::Stale);
		assert_noop!(Margin::withdraw_collateral(signed(ALICE), BTC, 1), Error::PriceNotUsable);
	});
}
