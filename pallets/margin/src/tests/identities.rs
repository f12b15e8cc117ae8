//! Random histories: the money identity and every other invariant after each step.

use crate::mock::*;
use ballast_primitives::{Price, Quality, Quantity, Ratio, SeriesId, UnderlyingId, Usd};
use ballast_traits::MutateAccounts;
use frame_support::{
	dispatch::{DispatchResult, DispatchResultWithPostInfo},
	storage::with_storage_layer,
	traits::Hooks,
};
use proptest::prelude::*;

const PEOPLE: [u64; 5] = [ALICE, BOB, CAROL, DAVE, POOL];
const SERIES: [SeriesId; 4] = [CALL, PUT, HIGH_CALL, ETH_CALL];

#[derive(Clone, Debug)]
enum Step {
	Deposit(u64, u64),
	Withdraw(u64, u64),
	DepositCoins(u64, u64),
	WithdrawCoins(u64, u64),
	Trade(u64, u64, SeriesId, i64, i64),
	GuardedTrade(u64, u64, SeriesId, i64, i64),
	Transfer(u64, u64, i64),
	Portfolio(u64, u64, u64),
	Touch(u64),
	Idle,
	Spot(UnderlyingId, u64),
	Quality(UnderlyingId, bool),
	Settle(SeriesId, u64),
}

fn person() -> impl Strategy<Value = u64> {
	prop::sample::select(PEOPLE.to_vec())
}

fn series() -> impl Strategy<Value = SeriesId> {
	prop::sample::select(SERIES.to_vec())
}

fn underlying() -> impl Strategy<Value = UnderlyingId> {
	prop::sample::select(vec![ON_BTC, ON_ETH])
}

/// Quantities and premiums with odd last digits, so that roundings happen.
fn step() -> impl Strategy<Value = Step> {
	use Step::*;
	let quantity = 1i64..3_000_000_000_000_000_000;
	let premium = 0i64..2_000_000_000_000_000_000;
	prop_oneof![
		4 => (person(), 1u64..5_000_000_000).prop_map(|(a, b)| Deposit(a, b)),
		3 => (person(), 1u64..2_000_000_000).prop_map(|(a, b)| Withdraw(a, b)),
		1 => (person(), 1u64..300_000_000).prop_map(|(a, b)| DepositCoins(a, b)),
		1 => (person(), 1u64..300_000_000).prop_map(|(a, b)| WithdrawCoins(a, b)),
		6 => (person(), person(), series(), quantity.clone(), premium.clone())
			.prop_map(|(a, b, c, d, e)| Trade(a, b, c, d, e)),
		2 => (person(), person(), series(), quantity, premium.clone())
			.prop_map(|(a, b, c, d, e)| GuardedTrade(a, b, c, d, e)),
		1 => (person(), person(), premium).prop_map(|(a, b, c)| Transfer(a, b, c)),
		1 => (person(), person(), 1u64..=1_000).prop_map(|(a, b, c)| Portfolio(a, b, c)),
		3 => person().prop_map(Touch),
		2 => Just(Idle),
		1 => (underlying(), 50u64..40_000).prop_map(|(a, b)| Spot(a, b)),
		1 => (underlying(), any::<bool>()).prop_map(|(a, b)| Quality(a, b)),
		2 => (series(), 1u64..25_000_000).prop_map(|(a, b)| Settle(a, b)),
	]
}

fn plain(result: DispatchResultWithPostInfo) -> DispatchResult {
	result.map(|_| ()).map_err(|error| error.error)
}

/// Does a step; that it may be refused is part of the history.
fn run(step: Step) {
	let units = |inner: i64| Quantity::from_inner(inner.into());
	let money = |inner: i64| Usd::from_inner(i128::from(inner) * 100);
	let trade = |a: &u64, b: &u64, id, q, p| Margin::trade(a, b, id, units(q), money(p));
	let _ = with_storage_layer(|| match step {
		Step::Deposit(who, amount) => plain(Margin::deposit(signed(who), amount.into())),
		Step::Withdraw(who, amount) => plain(Margin::withdraw(signed(who), amount.into())),
		Step::DepositCoins(who, amount) => {
			plain(Margin::deposit_collateral(signed(who), BTC, amount.into()))
		}
		Step::WithdrawCoins(who, amount) => {
			plain(Margin::withdraw_collateral(signed(who), BTC, amount.into()))
		}
		Step::Trade(a, b, id, q, p) => trade(&a, &b, id, q, p),
		Step::GuardedTrade(a, b, id, q, p) => Margin::guarded(&a, || trade(&a, &b, id, q, p)),
		Step::Transfer(a, b, amount) => {
			<Margin as MutateAccounts<u64>>::transfer(&a, &b, money(amount))
		}
		Step::Portfolio(a, b, thousandths) => {
			let share = Ratio::from_inner(u128::from(thousandths) * 1_000_000_000_000_000);
			Margin::transfer_portfolio(&a, &b, share)
		}
		Step::Touch(who) => plain(Margin::settle(signed(DAVE), who)),
		Step::Idle => {
			Margin::on_idle(1, whole_block());
			Ok(())
		}
		Step::Spot(id, spot) => {
			set_spot(id, spot);
			Ok(())
		}
		Step::Quality(id, good) => {
			set_quality(id, if good { Quality::Good } else { Quality::Stale });
			Ok(())
		}
		Step::Settle(id, price) => {
			let settled = Listed::get(id).unwrap().state;
			if settled == ballast_primitives::SeriesState::Live {
				settle_at(id, Price::from_inner(u128::from(price) * 1_000_000_000_000_000 + 7));
			}
			Ok(())
		}
	});
}

/// Settles everything and sweeps until nothing is left to do.
fn wind_up() {
	for id in [ON_BTC, ON_ETH] {
		set_quality(id, Quality::Good);
	}
	for id in SERIES {
		run(Step::Settle(id, 11_111_111));
	}
	for _ in 0..4 {
		run(Step::Idle);
	}
	for who in PEOPLE {
		run(Step::Touch(who));
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(96))]

	#[test]
	fn every_identity_holds_after_every_step(steps in prop::collection::vec(step(), 1..60)) {
		new_test_ext().execute_with(|| {
			for step in steps {
				run(step.clone());
				let checked = Margin::do_try_state();
				prop_assert!(checked.is_ok(), "{:?} after {:?}", checked, step);
			}
			wind_up();
			let checked = Margin::do_try_state();
			prop_assert!(checked.is_ok(), "{:?} at the end", checked);
			prop_assert_eq!(crate::Settlements::<Test>::iter_keys().count(), 0);
			for id in SERIES {
				prop_assert_eq!(Interest::get(id), Quantity::ZERO);
			}
			// Nobody is left with a position, and nobody but the funds with a bare debt.
			for (who, account) in crate::Accounts::<Test>::iter() {
				prop_assert!(!account.has_positions());
				let bare = account.cash().is_negative() && !account.has_collateral();
				prop_assert!(!bare || [POOL, FUND].contains(&who), "{} {:?}", who, account);
			}
			Ok(())
		})?;
	}

	#[test]
	fn a_guarded_change_never_leaves_an_account_below_both_rules(
		start in 1u64..20_000,
		trades in prop::collection::vec((series(), any::<bool>(), 1i64..2_000, 0i64..3_000), 1..12),
		spot in 8_000u64..12_000,
	) {
		new_test_ext().execute_with(|| {
			deposit(ALICE, start.into());
			for (index, (id, buys, hundredths, premium)) in trades.into_iter().enumerate() {
				if index == 4 {
					set_spot(ON_BTC, spot);
				}
				let before = health(ALICE);
				let quantity = Quantity::from_inner(i128::from(hundredths) * 10_000_000_000_000_000);
				let (buyer, seller) = if buys { (ALICE, POOL) } else { (POOL, ALICE) };
				let premium = Usd::from_int(premium);
				let done = with_storage_layer(|| {
					Margin::guarded(&ALICE, || {
						<Margin as MutateAccounts<u64>>::trade(&buyer, &seller, id, quantity, premium)
					})
				});
				let after = health(ALICE);
				if done.is_err() {
					prop_assert_eq!(before, after);
					continue;
				}
				let above = |health: &ballast_primitives::AccountHealth| {
					health.equity.checked_sub(health.initial).unwrap()
				};
				let allowed = !above(&after).is_negative()
					|| (after.excess_best >= before.excess_best
						&& above(&after) >= above(&before)
						&& after.maintenance <= before.maintenance);
				prop_assert!(allowed, "{:?} -> {:?}", before, after);
			}
			Ok(())
		})?;
	}

	#[test]
	fn a_withdrawal_of_what_is_withdrawable_passes_and_one_unit_more_does_not(
		start in 1_000u64..20_000,
		trades in prop::collection::vec((series(), any::<bool>(), 1i64..200), 0..6),
		coins in 0u64..200,
	) {
		new_test_ext().execute_with(|| {
			deposit(ALICE, start.into());
			deposit(DAVE, 1_000_000);
			if coins > 0 {
				Margin::deposit_collateral(signed(ALICE), BTC, centi_btc(coins.into())).unwrap();
			}
			for (id, buys, hundredths) in trades {
				let quantity = Quantity::from_inner(i128::from(hundredths) * 10_000_000_000_000_000);
				let (buyer, seller) = if buys { (ALICE, POOL) } else { (POOL, ALICE) };
				Margin::trade(&buyer, &seller, id, quantity, Usd::ZERO).unwrap();
			}
			let most = Margin::withdrawable_of(&Margin::load(&ALICE)).unwrap();
			prop_assert!(most <= cash(ALICE) && !most.is_negative());
			let units = most.into_inner() as u128 / 1_000_000_000_000;
			let attempt = |units| with_storage_layer(|| Margin::withdraw(signed(ALICE), units));
			prop_assert!(attempt(units + 1).is_err());
			if units > 0 {
				prop_assert!(attempt(units).is_ok());
				let after = health(ALICE);
				prop_assert!(!after.cash.is_negative());
				prop_assert!(after.equity >= after.initial);
			}
			Ok(())
		})?;
	}
}
