//! Cash as a lending market.

use crate::{mock::*, CashState};
use ballast_mocks::MockRevenue;
use ballast_primitives::{
	params::CashRules,
	time::{DAY, YEAR},
	Ratio, Usd,
};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::assert_ok;
use proptest::prelude::*;

/// Bob owes 40,000 of the 140,000 that Alice and Carol have.
fn lent() {
	deposit(ALICE, 100_000);
	coins(BOB, 10_000);
	assert_ok!(Margin::transfer(&BOB, &CAROL, usd(40_000)));
}

fn pass(seconds: u64) {
	Now::mutate(|now| *now += seconds);
}

/// Of all accounts: cash, and what has not been paid to the insurance fund.
fn all_cash() -> Usd {
	let margin = Margin::cash_market().margin;
	let mut everybody = crate::Accounts::<Test>::iter_keys();
	everybody.try_fold(margin, |sum, who| sum.checked_add(cash(who))).unwrap()
}

#[test]
fn loans_pay_and_balances_earn_by_utilisation() {
	build_and_execute(|| {
		lent();
		let view = Margin::cash_market_view().unwrap();
		assert_eq!((view.debt, view.credit), (usd(40_000), usd(140_000)));
		// 40 / 140 of the cash is lent: 2% + 10% x (2/7) / 0.8.
		assert_eq!(view.utilisation, Ratio::from_inner(285_714_285_714_285_715));
		let rate = view.borrow_rate.into_inner();
		assert!((55_714_285_714_285_714..55_714_285_714_285_720).contains(&rate), "{rate}");
		let earned = view.supply_rate.into_inner();
		// 5.5714% x 2/7 x 90%.
		assert!((14_326_530_612_244_890..14_326_530_612_244_899).contains(&earned), "{earned}");
		pass(YEAR);
		// 40,000 x 5.5714% = 2,228.57; nine tenths to 100,000 : 40,000.
		let near = |value: Usd, exact: i128| (value.into_inner() - exact).abs() < 1_000_000;
		assert!(near(cash(BOB), -42_228_571_428_571_428_571_429), "{:?}", cash(BOB));
		assert!(near(cash(ALICE), 101_432_653_061_224_489_795_918), "{:?}", cash(ALICE));
		assert!(near(cash(CAROL), 40_573_061_224_489_795_918_367), "{:?}", cash(CAROL));
		let margin = Margin::cash_market().margin;
		assert!(near(margin, 222_857_142_857_142_857_143), "{margin:?}");
		// Nothing was written, nobody was touched.
		assert_eq!(CashState::<Test>::get().margin, Usd::ZERO);
		sweep();
		assert!(near(cash(FUND), 222_857_142_857_142_857_143));
		assert_eq!(CashState::<Test>::get().margin, Usd::ZERO);
	});
}

#[test]
fn the_house_is_told_of_the_interest_that_is_its_revenue() {
	build_and_execute(|| {
		lent();
		pass(YEAR);
		// Whoever divides revenue refuses: the interest stays where it was.
		MockRevenue::mock_on_revenue(|_| Err("broken".into()));
		sweep();
		assert_eq!(cash(FUND), Usd::ZERO);
		MockRevenue::mock_on_revenue(|amount| {
			assert_eq!(amount, cash(FUND));
			sp_io::storage::set(b"told", &amount.into_inner().to_le_bytes());
			Ok(())
		});
		sweep();
		let told = sp_io::storage::get(b"told").expect("it was told");
		assert_eq!(told.as_ref(), cash(FUND).into_inner().to_le_bytes());
		assert!(cash(FUND) > usd(222));
	});
}

#[test]
fn borrowers_pay_at_least_what_others_earn() {
	build_and_execute(|| {
		lent();
		let held = all_cash();
		for seconds in [1, 3, 60, 3_599, DAY, 77 * DAY + 1] {
			pass(seconds);
			sweep();
			assert!(all_cash() <= held, "{:?} of {held:?}", all_cash());
			let lost = held.checked_sub(all_cash()).unwrap();
			assert!(lost <= Usd::from_inner(1_000), "{lost:?}");
		}
	});
}

#[test]
fn a_loan_is_repaid_by_a_deposit_and_what_remains_earns() {
	build_and_execute(|| {
		lent();
		pass(YEAR);
		deposit(BOB, 50_000);
		assert!(cash(BOB) > usd(7_771) && cash(BOB) < usd(7_772));
		let market = Margin::cash_market();
		assert!(market.debt < 10, "{}", market.debt);
		// No loan, no interest.
		let before = cash(ALICE);
		pass(YEAR);
		assert_eq!(cash(ALICE), before);
	});
}

#[test]
fn nobody_borrows_more_while_too_much_is_lent() {
	build_and_execute(|| {
		deposit(ALICE, 50_000);
		coins(BOB, 10_000);
		let borrow = |amount| {
			frame_support::storage::with_storage_layer(|| {
				Margin::guarded(&BOB, || Margin::transfer(&BOB, &CAROL, usd(amount)))
			})
		};
		// 200 / (50 + 200) is 80%; a dollar more is more.
		assert_ok!(borrow(200_000));
		assert_eq!(borrow(1), Err(Error::NothingToBorrow.into()));
		// Whoever has cash of his own uses that.
		deposit(BOB, 100_000);
		assert!(cash(BOB).is_negative());
		assert_ok!(borrow(50_000));
	});
}

#[test]
fn a_new_rate_reaches_no_further_back_than_the_last_block() {
	build_and_execute(|| {
		lent();
		pass(DAY);
		sweep();
		let before = cash(BOB);
		let dear = Ratio::from_percent(100);
		CashGroup::put(CashRules { rate_at_zero: dear, rate_at_kink: dear, ..no_limit() });
		assert_eq!(cash(BOB), before);
		pass(DAY);
		// 100% a year for a day: 40,006 / 365.
		let paid = before.checked_sub(cash(BOB)).unwrap();
		assert!(paid > usd(109) && paid < usd(110), "{paid:?}");
	});
}

#[test]
fn rules_that_cannot_be_computed_charge_nothing() {
	build_and_execute(|| {
		lent();
		CashGroup::put(CashRules { kink: Ratio::ZERO, ..no_limit() });
		pass(DAY);
		assert_eq!(cash(BOB), usd(-40_000));
		assert_ok!(Margin::deposit(signed(BOB), 1));
	});
}

#[test]
fn what_is_locked_earns_nothing_and_is_not_lent() {
	build_and_execute(|| {
		lent();
		deposit(DAVE, 10_000);
		trade(POOL, DAVE, PUT, 1, 0);
		assert_eq!(Margin::cash_market_view().unwrap().credit, usd(150_000));
		assert_ok!(Margin::secure_put(signed(DAVE), PUT));
		assert_eq!(Margin::cash_market_view().unwrap().credit, usd(140_000));
		pass(29 * DAY);
		assert_eq!(cash(DAVE), Usd::ZERO);
		assert_eq!(cover(DAVE, PUT), Some(crate::Cover::Cash(usd(10_000))));
	});
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

	#[test]
	fn interest_is_never_created(
		steps in prop::collection::vec((0usize..4, 0usize..4, 0i64..1_000_000_000_000_000_000, 0u64..400_000), 1..40),
	) {
		new_test_ext().execute_with(|| {
			let people = [ALICE, BOB, CAROL, DAVE];
			for who in people {
				deposit(who, 10);
			}
			for (from, to, amount, seconds) in steps {
				let amount = Usd::from_inner(i128::from(amount) * 37);
				<Margin as MutateAccounts<u64>>::transfer(&people[from], &people[to], amount).unwrap();
				prop_assert!(all_cash() <= usd(40));
				pass(seconds);
				prop_assert!(all_cash() <= usd(40), "{:?}", all_cash());
				sweep();
				prop_assert!(all_cash() <= usd(40));
				Margin::do_try_state().unwrap();
			}
			// Forty dollars were deposited: what is gone is roundings.
			let lost = usd(40).checked_sub(all_cash()).unwrap().into_inner();
			prop_assert!(lost < 4_000, "{}", lost);
			let view = <Margin as InspectAccounts<u64>>::cash(&ALICE);
			prop_assert_eq!(view, Margin::load(&ALICE).cash());
			Ok(())
		})?;
	}
}
