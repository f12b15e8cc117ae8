//! Securing a short put: the strike of every contract is locked, and nothing can happen to it.

use crate::{mock::*, Cover};
use ballast_primitives::{
	AccountStatus, Price, Quality, Quantity, Ratio, SeriesId, SurfaceQuote, Usd, Volatility,
};
use ballast_traits::{InspectAccounts, MutateAccounts};
use frame_support::{assert_noop, assert_ok};
use proptest::prelude::*;

fn locked(who: u64, id: SeriesId) -> Usd {
	match cover(who, id) {
		Some(Cover::Cash(amount)) => amount,
		_ => Usd::ZERO,
	}
}

fn written(cash: u128, contracts: i64) {
	deposit(ALICE, cash);
	deposit(BOB, 100_000);
	trade(BOB, ALICE, PUT, contracts, 0);
}

#[test]
fn the_strike_of_every_contract_is_locked_and_no_margin_is_needed() {
	build_and_execute(|| {
		written(20_000, 2);
		assert_ok!(Margin::secure_put(signed(ALICE), PUT));
		assert_eq!((cash(ALICE), locked(ALICE, PUT)), (Usd::ZERO, usd(20_000)));
		let health = health(ALICE);
		assert_eq!((health.equity, health.initial), (Usd::ZERO, Usd::ZERO));
		assert_eq!(health.status, AccountStatus::Safe);
		assert!(!<Margin as InspectAccounts<u64>>::has_lots(&ALICE));
		let secured = Event::PutSecured { who: ALICE, series: PUT, amount: usd(20_000) };
		assert!(events().contains(&secured));
		assert_eq!(Margin::check_identities().unwrap().covers, usd(20_000));
	});
}

#[test]
fn selling_more_locks_more_and_buying_back_releases() {
	build_and_execute(|| {
		written(35_000, 2);
		assert_ok!(Margin::secure_put(signed(ALICE), PUT));
		trade(BOB, ALICE, PUT, 1, 100);
		assert_eq!((cash(ALICE), locked(ALICE, PUT)), (usd(5_100), usd(30_000)));
		let one = Quantity::ONE;
		assert_noop!(Margin::trade(&BOB, &ALICE, PUT, one, usd(9_999)), Error::NotCovered);
		trade(ALICE, BOB, PUT, 3, 0);
		assert_eq!((cash(ALICE), cover(ALICE, PUT)), (usd(35_100), None));
		// What she buys beyond is a long, and what she sells then is not secured.
		trade(ALICE, BOB, PUT, 1, 0);
		trade(BOB, ALICE, PUT, 2, 0);
		assert_eq!(cover(ALICE, PUT), None);
	});
}

#[test]
fn at_expiry_the_cover_pays_and_the_rest_is_cash() {
	build_and_execute(|| {
		written(20_000, 2);
		assert_ok!(Margin::secure_put(signed(ALICE), PUT));
		settle_at(PUT, Price::from_int(6_500));
		sweep();
		assert_eq!((cash(ALICE), cash(BOB)), (usd(13_000), usd(107_000)));
		assert!(!Margin::load(&ALICE).has_positions());
	});
}

#[test]
fn early_exercise_is_paid_out_of_the_cover() {
	build_and_execute(|| {
		deposit(ALICE, 40_000);
		deposit(BOB, 1_000);
		trade(BOB, ALICE, EARLY_PUT, 4, 0);
		assert_ok!(Margin::secure_put(signed(ALICE), EARLY_PUT));
		exercise(BOB, EARLY_PUT, 1);
		tick(8_000);
		sweep();
		// 2,000 paid, 30,000 locked behind three, the rest of the strike released.
		assert_eq!((locked(ALICE, EARLY_PUT), cash(ALICE)), (usd(30_000), usd(8_000)));
		assert_eq!(cash(BOB), usd(3_000));
	});
}

#[test]
fn not_with_a_loan_and_not_with_cash_that_stands_behind_something_else() {
	build_and_execute(|| {
		written(9_999, 1);
		let secure = || Margin::secure_put(signed(ALICE), PUT);
		assert_noop!(secure(), Error::NotCovered);
		// Bitcoin is not cash.
		coins(ALICE, 100);
		assert_noop!(secure(), Error::NotCovered);
		assert_ok!(Margin::withdraw_collateral(signed(ALICE), BTC, centi_btc(100)));
		deposit(ALICE, 1);
		trade(BOB, ALICE, HIGH_CALL, 3, 0);
		let before = health(ALICE);
		assert!(before.equity > before.initial);
		// The calls would lose their margin to a put that needs none.
		assert_noop!(secure(), Error::BelowInitialMargin);
		deposit(ALICE, 20_000);
		assert_ok!(secure());
		let after = health(ALICE);
		assert!(after.equity >= after.initial);
	});
}

#[test]
fn only_short_puts_that_pay_cash() {
	build_and_execute(|| {
		written(50_000, 1);
		let secure = |who, id| Margin::secure_put(signed(who), id);
		trade(BOB, ALICE, CALL, 1, 0);
		assert_noop!(secure(ALICE, CALL), Error::NotAShortPut);
		assert_noop!(secure(BOB, PUT), Error::NotAShortPut);
		assert_noop!(secure(ALICE, EARLY_PUT), Error::NotAShortPut);
		assert_noop!(secure(ALICE, SeriesId(99)), Error::SeriesUnknown);
		set_quality(ON_BTC, Quality::Stale);
		assert_noop!(secure(ALICE, PUT), Error::PriceNotUsable);
		settle_at(PUT, Price::from_int(10_000));
		assert_noop!(secure(ALICE, PUT), Error::SeriesNotLive);
	});
}

#[test]
fn a_portfolio_transfer_leaves_it_where_its_cover_is() {
	build_and_execute(|| {
		written(30_000, 2);
		assert_ok!(Margin::secure_put(signed(ALICE), PUT));
		trade(BOB, ALICE, HIGH_CALL, 1, 0);
		assert_ok!(Margin::transfer_portfolio(&ALICE, &CAROL, Ratio::ONE));
		assert_eq!(held(ALICE, PUT), Quantity::from_int(-2));
		assert_eq!(held(CAROL, HIGH_CALL), Quantity::from_int(-1));
		assert_eq!(locked(ALICE, PUT), usd(20_000));
	});
}

/// A short is rounded up at every fold, so the last unit of a put outlives its cover. What it owes then is
/// some thousand units of 1e-18 dollars, out of cash.
#[test]
fn dust_that_folding_leaves_may_outlive_its_cover_by_units() {
	build_and_execute(|| {
		deposit(ALICE, 1);
		deposit(BOB, 1_000_000);
		deposit(CAROL, 1_000_000);
		let one = units(1);
		assert_ok!(Margin::trade(&CAROL, &ALICE, EARLY_PUT, one, Usd::ZERO));
		trade(CAROL, BOB, EARLY_PUT, 64, 0);
		assert_ok!(Margin::secure_put(signed(ALICE), EARLY_PUT));
		assert_eq!(locked(ALICE, EARLY_PUT), Usd::from_inner(10_000));
		for half in [32, 16, 8, 4, 2, 1] {
			exercise(CAROL, EARLY_PUT, half);
			tick(5_000);
			sweep();
		}
		assert_eq!(held(ALICE, EARLY_PUT), units(-1));
		let lost = usd(1).checked_sub(cash(ALICE)).unwrap();
		// Six times half a unit at 5,000; four of them were locked.
		assert_eq!((locked(ALICE, EARLY_PUT), lost), (Usd::ZERO, Usd::from_inner(15_000)));
	});
}

#[derive(Clone, Debug)]
enum Path {
	Tick(u64),
	Volatility(u64),
	Quality(bool),
	Exercise(i64),
	Trade(i64),
	Withdraw,
	Touch,
}

fn path() -> impl Strategy<Value = Path> {
	prop_oneof![
		4 => (1u64..40_000).prop_map(Path::Tick),
		2 => (5u64..500).prop_map(Path::Volatility),
		1 => any::<bool>().prop_map(Path::Quality),
		3 => (1i64..2_000_000_000_000_000_000).prop_map(Path::Exercise),
		1 => (-1_000_000_000_000_000_000i64..1_000_000_000_000_000_000).prop_map(Path::Trade),
		1 => Just(Path::Withdraw),
		1 => Just(Path::Touch),
	]
}

fn walk(step: &Path, id: SeriesId, writer: u64) {
	match step {
		Path::Tick(spot) => tick(*spot),
		Path::Volatility(percent) => Markets::mutate(ON_BTC, |state| {
			let volatility = SurfaceQuote::flat(Volatility::from_percent(*percent as u32));
			state.as_mut().unwrap().volatility = volatility;
		}),
		Path::Quality(good) => {
			set_quality(ON_BTC, if *good { Quality::Good } else { Quality::Stale })
		}
		Path::Exercise(inner) => {
			let most = held(BOB, id);
			let _ = frame_support::storage::with_storage_layer(|| {
				Margin::do_request_exercise(&BOB, id, units((*inner).into()).min(most))
			});
		}
		Path::Trade(inner) => {
			let (buyer, seller) = if *inner < 0 { (writer, BOB) } else { (BOB, writer) };
			// What she buys back leaves a short: beyond it she would have something else.
			let most = held(writer, id).checked_abs().unwrap();
			let quantity = units(i128::from(inner.abs()) + 1);
			let quantity = if *inner < 0 { quantity.min(most) } else { quantity };
			let _ = frame_support::storage::with_storage_layer(|| {
				Margin::trade(&buyer, &seller, id, quantity, Usd::ZERO)
			});
		}
		Path::Withdraw => {
			let free = Margin::withdrawable(&writer).unwrap_or_default().into_inner() as u128;
			let _ = frame_support::storage::with_storage_layer(|| {
				Margin::withdraw(signed(writer), free / 1_000_000_000_000)
			});
		}
		Path::Touch => Margin::touch(&writer).unwrap(),
	}
}

/// As the design demands of whoever has nothing else.
fn assert_untouchable(who: u64) -> Result<(), TestCaseError> {
	let health = health(who);
	prop_assert!(health.equity >= health.initial, "{:?}", health);
	prop_assert!(health.maintenance == Usd::ZERO);
	let fine = matches!(health.status, AccountStatus::Safe);
	prop_assert!(fine, "{:?}", health);
	Ok(())
}

proptest! {
	#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

	#[test]
	fn whoever_has_only_secured_puts_is_never_liquidated(
		early in any::<bool>(),
		quantity in 1i128..5_000_000_000_000_000_000,
		path in prop::collection::vec(path(), 1..40),
		price in 1u64..20_000,
	) {
		let id = if early { EARLY_PUT } else { PUT };
		new_test_ext().execute_with(|| {
			deposit(ALICE, 50_000);
			deposit(BOB, 1_000_000);
			Margin::trade(&BOB, &ALICE, id, units(quantity), Usd::ZERO).unwrap();
			Margin::secure_put(signed(ALICE), id).unwrap();
			// Not a cent beside the cover.
			let free = cash(ALICE).into_inner() as u128 / 1_000_000_000_000;
			Margin::withdraw(signed(ALICE), free).unwrap();
			for step in path {
				walk(&step, id, ALICE);
				if cover(ALICE, id).is_none() {
					// All of it was exercised: what is sold from here on is not secured.
					return Ok(());
				}
				assert_untouchable(ALICE)?;
				Margin::do_try_state().unwrap();
			}
			set_quality(ON_BTC, Quality::Good);
			settle_at(id, Price::from_int(price));
			next_block();
			sweep();
			prop_assert!(!cash(ALICE).is_negative());
			prop_assert_eq!(Deficit::get(), Usd::ZERO);
			Ok(())
		})?;
	}

	#[test]
	fn whoever_has_only_covered_calls_in_kind_is_never_liquidated(
		quantity in 1i128..5_000_000_000_000_000_000,
		path in prop::collection::vec(path(), 1..40),
		price in 1u64..60_000,
	) {
		new_test_ext().execute_with(|| {
			coins(ALICE, 500);
			deposit(BOB, 1_000_000);
			Margin::trade(&BOB, &ALICE, IN_KIND, units(quantity), Usd::ZERO).unwrap();
			for step in path {
				walk(&step, IN_KIND, ALICE);
				// Whatever is not locked leaves as far as it may.
				if held(ALICE, IN_KIND).is_negative() {
					let health = health(ALICE);
					let safe = matches!(
						health.status,
						AccountStatus::Safe | AccountStatus::BelowInitial | AccountStatus::Unknown
					);
					prop_assert!(safe && !health.excess_worst.is_negative(), "{:?}", health);
				}
				Margin::do_try_state().unwrap();
			}
			settle_at(IN_KIND, Price::from_int(price));
			sweep();
			prop_assert!(!Margin::load(&ALICE).has_positions());
			prop_assert_eq!(Deficit::get(), Usd::ZERO);
			Ok(())
		})?;
	}
}
