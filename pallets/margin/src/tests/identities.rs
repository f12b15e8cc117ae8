//! Random histories: the money identity and every other invariant after each step.

use crate::mock::*;
use ballast_primitives::{
	time::DAY, Price, Quality, Quantity, Ratio, SeriesId, SeriesState, UnderlyingId, Usd,
};
use ballast_traits::MutateAccounts;
use frame_support::{
	dispatch::{DispatchResult, DispatchResultWithPostInfo},
	storage::with_storage_layer,
	traits::Hooks,
};
use proptest::prelude::*;

const PEOPLE: [u64; 5] = [ALICE, BOB, CAROL, DAVE, POOL];
const SERIES: [SeriesId; 7] = [CALL, PUT, HIGH_CALL, ETH_CALL, EARLY_CALL, EARLY_PUT, IN_KIND];

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
	Exercise(u64, SeriesId, i64),
	Tick(u64),
	NextBlock,
	Pass(u64),
	Deleverage(u64, SeriesId, i64, u64),
	Secure(u64, SeriesId),
	Release(u64, SeriesId),
	Permit(u64, u64),
	Positions(u64, u64, SeriesId, i64, i64),
	Units(u64, u64, i64),
	Lock(u64, SeriesId),
	Leave(u64, u64, i64, i64),
}

fn person() -> impl Strategy<Value = u64> {
	prop::sample::select(PEOPLE.to_vec())
}

fn series() -> impl Strategy<Value = SeriesId> {
	prop::sample::select(SERIES.to_vec())
}

fn puts() -> impl Strategy<Value = SeriesId> {
	prop::sample::select(vec![PUT, EARLY_PUT])
}

fn american() -> impl Strategy<Value = SeriesId> {
	prop::sample::select(vec![EARLY_CALL, EARLY_PUT])
}

fn underlying() -> impl Strategy<Value = UnderlyingId> {
	prop::sample::select(vec![ON_BTC, ON_ETH])
}

/// Quantities and premiums with odd last digits, so that roundings happen.
fn step() -> impl Strategy<Value = Step> {
	prop_oneof![6 => plain_step(), 4 => early_step(), 1 => vault_step()]
}

fn quantities() -> std::ops::Range<i64> {
	1..3_000_000_000_000_000_000
}

/// What early exercise, deleveraging, covers, interest and transfers by permit add.
fn early_step() -> impl Strategy<Value = Step> {
	use Step::*;
	let money = 0i64..2_000_000_000_000_000_000;
	let signed = -3_000_000_000_000_000_000i64..3_000_000_000_000_000_000;
	prop_oneof![
		4 => (person(), american(), quantities()).prop_map(|(a, b, c)| Exercise(a, b, c)),
		3 => (5_000u64..20_000).prop_map(Tick),
		4 => Just(NextBlock),
		1 => (1u64..40_000).prop_map(Pass),
		3 => (person(), series(), quantities(), 0u64..5_000)
			.prop_map(|(a, b, c, d)| Deleverage(a, b, c, d)),
		3 => (person(), puts()).prop_map(|(a, b)| Secure(a, b)),
		1 => (person(), puts()).prop_map(|(a, b)| Release(a, b)),
		1 => (person(), person()).prop_map(|(a, b)| Permit(a, b)),
		2 => (person(), person(), series(), signed, money)
			.prop_map(|(a, b, c, d, e)| Positions(a, b, c, d, e)),
	]
}

/// What vaults add.
fn vault_step() -> impl Strategy<Value = Step> {
	use Step::*;
	let money = 0i64..2_000_000_000_000_000_000;
	prop_oneof![
		2 => (person(), person(), quantities()).prop_map(|(a, b, c)| Units(a, b, c)),
		1 => (person(), puts()).prop_map(|(a, b)| Lock(a, b)),
		2 => (person(), person(), money, quantities())
			.prop_map(|(a, b, c, d)| Leave(a, b, c, d)),
	]
}

fn plain_step() -> impl Strategy<Value = Step> {
	use Step::*;
	let quantity = quantities();
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
	let _ = with_storage_layer(|| act(step));
}

fn settle_once(id: SeriesId, price: u64) {
	// A settled series is not settled again.
	if !matches!(Listed::get(id).unwrap().state, SeriesState::Settled { .. }) {
		settle_at(id, Price::from_inner(u128::from(price) * 1_000_000_000_000_000 + 7));
	}
}

fn act(step: Step) -> DispatchResult {
	let money = |inner: i64| Usd::from_inner(i128::from(inner) * 100);
	let units = |inner: i64| units(inner.into());
	let trade = |a: &u64, b: &u64, id, q, p| Margin::trade(a, b, id, units(q), money(p));
	match step {
		Step::Deposit(who, amount) => plain(Margin::deposit(signed(who), amount.into()))?,
		Step::Withdraw(who, amount) => plain(Margin::withdraw(signed(who), amount.into()))?,
		Step::DepositCoins(who, amount) => {
			plain(Margin::deposit_collateral(signed(who), BTC, amount.into()))?
		}
		Step::WithdrawCoins(who, amount) => {
			plain(Margin::withdraw_collateral(signed(who), BTC, amount.into()))?
		}
		Step::Trade(a, b, id, q, p) => trade(&a, &b, id, q, p)?,
		Step::GuardedTrade(a, b, id, q, p) => Margin::guarded(&a, || trade(&a, &b, id, q, p))?,
		Step::Transfer(a, b, amount) => {
			<Margin as MutateAccounts<u64>>::transfer(&a, &b, money(amount))?
		}
		Step::Portfolio(a, b, thousandths) => {
			let share = Ratio::from_inner(u128::from(thousandths) * 1_000_000_000_000_000);
			Margin::transfer_portfolio(&a, &b, share)?
		}
		Step::Touch(who) => plain(Margin::settle(signed(DAVE), who))?,
		Step::Idle => {
			Margin::on_idle(1, whole_block());
		}
		Step::Spot(id, spot) => set_spot(id, spot),
		Step::Quality(id, good) => {
			set_quality(id, if good { Quality::Good } else { Quality::Stale })
		}
		Step::Settle(id, price) => settle_once(id, price),
		Step::Exercise(who, id, q) => {
			// More than is held is all of it.
			let most = held(who, id).max(Quantity::ZERO);
			plain(Margin::request_exercise(signed(who), id, units(q).min(most)))?
		}
		Step::Tick(spot) => accept(spot),
		Step::NextBlock => next_block(),
		Step::Pass(seconds) => Now::mutate(|now| *now += seconds),
		Step::Deleverage(who, id, q, price) => {
			let most = held(who, id).checked_abs()?;
			Margin::deleverage(&who, id, units(q).min(most), Price::from_int(price))?
		}
		Step::Secure(who, id) => plain(Margin::secure_put(signed(who), id))?,
		Step::Release(who, id) => plain(Margin::release_put(signed(who), id))?,
		Step::Permit(a, b) => Margin::set_transfer_permit(signed(b), a, true)?,
		Step::Positions(a, b, id, q, cash) => {
			let list = vec![(id, units(q))].try_into().unwrap();
			Margin::transfer_positions(signed(a), b, list, money(cash))?
		}
		Step::Units(a, b, q) => Margin::transfer_units(&a, &b, BTC, units(q))?,
		Step::Lock(who, id) => <Margin as MutateAccounts<u64>>::secure_put(&who, id)?,
		Step::Leave(a, b, cash, q) => Margin::releasing(&a, || {
			<Margin as MutateAccounts<u64>>::transfer(&a, &b, money(cash))?;
			Margin::transfer_units(&a, &b, BTC, units(q))
		})?,
	}
	Ok(())
}

/// Series that expire one after another.
fn spread_expiries() {
	for (index, id) in (0..).zip(SERIES) {
		Listed::mutate(id, |series| series.as_mut().unwrap().expiry += index * 5 * DAY);
	}
}

/// Settles everything and sweeps until nothing is left to do.
fn wind_up() {
	for id in [ON_BTC, ON_ETH] {
		set_quality(id, Quality::Good);
	}
	for id in SERIES {
		run(Step::Settle(id, 11_111_111));
	}
	run(Step::NextBlock);
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
			spread_expiries();
			for step in steps {
				run(step.clone());
				let checked = Margin::do_try_state();
				prop_assert!(checked.is_ok(), "{:?} after {:?}", checked, step);
			}
			wind_up();
			let checked = Margin::do_try_state();
			prop_assert!(checked.is_ok(), "{:?} at the end", checked);
			prop_assert_eq!(crate::Settlements::<Test>::iter_keys().count(), 0);
			prop_assert_eq!(crate::ExercisePots::<Test>::iter_keys().count(), 0);
			prop_assert!(crate::ExerciseRequests::<Test>::get().is_empty());
			for id in SERIES {
				let sides = SidesOf::get(id);
				for side in [sides.long, sides.short] {
					// So that the listing may forget it.
					prop_assert_eq!((side.total, side.holders, side.due), Default::default());
				}
			}
			// Nobody is left with a position, and nobody but the funds with a bare debt.
			for who in crate::Accounts::<Test>::iter_keys() {
				let account = Margin::load(&who);
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
				// One that wants a cover that is not there is refused.
				let _ = with_storage_layer(|| {
					Margin::trade(&buyer, &seller, id, quantity, Usd::ZERO)
				});
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
