use super::*;
use crate::WeightInfo;
use ballast_mocks::MockMarket;
use frame_support::{traits::Hooks, weights::Weight};
use std::{cell::Cell, rc::Rc};

#[test]
fn a_block_with_nothing_to_do_costs_a_look() {
	ExtBuilder::default().build_and_execute(|| {
		LastNav::<Test>::put(NavRecord { nav: usd(0), at: now() });
		let before = state();
		assert_eq!(idle(), <() as WeightInfo>::idle());
		assert_eq!(state(), before);
	});
}

#[test]
fn deposits_are_priced_without_anybodys_call() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		idle();
		assert_eq!(shares_of(BOB), shares(0));
		tick(3);
		idle();
		assert_eq!(shares_of(BOB), shares(500));
	});
}

#[test]
fn withdrawals_are_paid_without_anybodys_call() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		assert_ok!(RiskPool::request_withdrawal(by(ALICE), shares(500)));
		tick(7 * DAY);
		idle();
		assert_eq!(cash(ALICE), usd(1_000_500));
	});
}

#[test]
fn a_block_executes_a_bounded_number() {
	ExtBuilder::default().build_and_execute(|| {
		for _ in 0..20 {
			assert_ok!(RiskPool::deposit(by(BOB), usd(10)));
		}
		tick(3);
		idle();
		assert_eq!(shares_of(BOB), shares(80));
	});
}

#[test]
fn ticks_are_accepted_before_prices_are_used() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		let accepted = Rc::new(Cell::new(0));
		let count = accepted.clone();
		MockMarket::mock_accept_ticks(move || {
			count.set(count.get() + 1);
			Weight::from_parts(7, 0)
		});
		LastNav::<Test>::put(NavRecord { nav: usd(1_000), at: now() });
		idle();
		assert_eq!(accepted.get(), 0);
		assert_ok!(RiskPool::deposit(by(BOB), usd(10)));
		tick(3);
		idle();
		assert_eq!(accepted.get(), 1);
	});
}

#[test]
fn without_weight_nothing_happens() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		tick(3);
		let before = state();
		let used = RiskPool::on_idle(System::block_number(), Weight::from_parts(1_000, u64::MAX));
		assert_eq!((used, state()), (Weight::zero(), before));
	});
}

#[test]
fn weight_used_is_at_most_weight_given_and_what_ticks_took() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		for limit in [10u64, 1_000_000_000, 20_000_000_000, 60_000_000_000, 2_000_000_000_000] {
			for _ in 0..9 {
				assert_ok!(RiskPool::deposit(by(BOB), usd(10)));
			}
			tick(3_600);
			let given = Weight::from_parts(limit, u64::MAX);
			let used = RiskPool::on_idle(System::block_number(), given);
			assert!(used.ref_time() <= limit + 7, "{used:?} of {given:?}");
		}
	});
}

#[test]
fn nothing_is_executed_while_withdrawals_are_blocked() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(RiskPool::deposit(by(BOB), usd(500)));
		DeficitAccount::<Test>::put(usd(-2));
		tick(3);
		idle();
		assert_eq!(shares_of(BOB), shares(0));
	});
}

#[test]
fn the_window_closes_and_the_fund_repays_once() {
	ExtBuilder::default().provided(1_000).insured(1_000).build_and_execute(|| {
		use ballast_traits::CoverDeficit;
		assert_ok!(RiskPool::cover(&DAVE, usd(2_000)));
		// 600 from the fund, 200 from the pool.
		assert_eq!(DeficitAccount::<Test>::get(), usd(-1_200));
		tick(DAY - 1);
		idle();
		assert!(Window::<Test>::get().is_some());
		tick(1);
		events();
		idle();
		assert_eq!(Window::<Test>::get(), None);
		// 60% of the 400 that were left.
		assert_eq!(DeficitAccount::<Test>::get(), usd(-960));
		assert_eq!(cash(insurance()), usd(160));
		assert_eq!(
			events(),
			[
				Event::WindowClosed { insurance_paid: usd(600), pool_paid: usd(200) },
				Event::DeficitRepaid { amount: usd(240), deficit_account: usd(-960) },
			]
		);
		tick(DAY);
		idle();
		assert_eq!(DeficitAccount::<Test>::get(), usd(-960));
	});
}

#[test]
fn net_asset_value_is_recorded_every_hour_while_prices_are_usable() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		tick(3_600);
		idle();
		assert_eq!(LastNav::<Test>::get(), NavRecord { nav: usd(1_000), at: now() });
		pool_gains(100);
		tick(3_599);
		idle();
		assert_eq!(LastNav::<Test>::get().nav, usd(1_000));
		give_the_pool_risk();
		set_usable(false);
		tick(1);
		idle();
		assert_eq!(LastNav::<Test>::get().nav, usd(1_000));
		set_usable(true);
		idle();
		assert_eq!(LastNav::<Test>::get(), NavRecord { nav: usd(1_100), at: now() });
	});
}
