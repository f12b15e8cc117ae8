//! Whatever providers do, in whatever order, while the pool gains and loses.

use super::*;
use ballast_primitives::params::FundRules;
use ballast_traits::{CoverDeficit, MutualPool};
use proptest::prelude::*;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
	Deposit(u64, i64),
	CancelDeposit(u64, u64),
	Request(u64, u32),
	CancelWithdrawal(u64, u64),
	Gain(i64),
	Default(i64),
	Income(i64),
	Penalty(i64),
	Wait(Moment),
}

fn provider() -> impl Strategy<Value = u64> {
	prop_oneof![Just(ALICE), Just(BOB), Just(CAROL)]
}

fn act() -> impl Strategy<Value = Act> {
	prop_oneof![
		4 => (provider(), 10i64..50_000).prop_map(|(who, amount)| Act::Deposit(who, amount)),
		1 => (provider(), 0u64..30).prop_map(|(who, ticket)| Act::CancelDeposit(who, ticket)),
		3 => (provider(), 1u32..=100).prop_map(|(who, part)| Act::Request(who, part)),
		1 => (provider(), 0u64..20).prop_map(|(who, ticket)| Act::CancelWithdrawal(who, ticket)),
		3 => (-3_000i64..3_000).prop_map(Act::Gain),
		1 => (1i64..2_000).prop_map(Act::Default),
		1 => (1i64..2_000).prop_map(Act::Income),
		1 => (1i64..2_000).prop_map(Act::Penalty),
		6 => (1u64..4 * DAY).prop_map(Act::Wait),
	]
}

/// In a storage layer, as calls are; what is refused changes nothing.
fn call(what: impl FnOnce() -> DispatchResult) {
	let _ = frame_support::storage::with_storage_layer(what);
}

/// Does it; returns what it added to the pool's equity from outside.
fn apply(act: &Act) -> i128 {
	let before = cash(pool()).into_inner();
	match *act {
		Act::Deposit(who, amount) => call(|| RiskPool::deposit(by(who), usd(amount))),
		Act::CancelDeposit(who, ticket) => call(|| RiskPool::cancel_deposit(by(who), ticket)),
		Act::Request(who, part) => {
			let held = shares_of(who).times_floor(Ratio::from_percent(part)).unwrap();
			call(|| RiskPool::request_withdrawal(by(who), held));
		}
		Act::CancelWithdrawal(who, ticket) => {
			call(|| RiskPool::cancel_withdrawal(by(who), ticket));
		}
		// Dave is the other side of the pool's gains.
		Act::Gain(amount) => {
			pool_gains(amount);
			set_cash(DAVE, cash(DAVE).checked_sub(usd(amount)).unwrap());
			return cash(pool()).into_inner() - before;
		}
		Act::Default(amount) => {
			call(|| RiskPool::cover(&DAVE, usd(amount)));
			return cash(pool()).into_inner() - before;
		}
		Act::Income(amount) => call(|| RiskPool::donate_insurance(by(DAVE), usd(amount))),
		Act::Penalty(amount) => {
			call(|| RiskPool::collect_penalty(&DAVE, usd(amount)));
		}
		Act::Wait(seconds) => {
			tick(seconds);
			System::reset_events();
			idle();
			return events().iter().map(revenue_of_the_pool).sum();
		}
	}
	0
}

fn revenue_of_the_pool(event: &Event<Test>) -> i128 {
	match event {
		Event::RevenueDivided { pool, .. } => pool.into_inner(),
		_ => 0,
	}
}

/// The insurance fund has more than its target at the start.
fn divide_revenue() {
	set_fund_rules(FundRules { insurance_target: usd(2_500), ..Default::default() });
}

/// What a provider could have at most now: cash, pending deposits, shares and claims at their value.
fn worth(who: u64) -> i128 {
	let view = RiskPool::provider_view(&who);
	let valuation = RiskPool::value_of(cash(pool())).unwrap();
	let pending: i128 = view.deposits.iter().map(|deposit| deposit.value.into_inner()).sum();
	let claims: i128 = Withdrawals::<Test>::iter_prefix_values(who)
		.map(|queued| valuation.due(queued.claim().unwrap()).unwrap() as i128)
		.sum();
	cash(who).into_inner() + pending + view.value.unwrap().into_inner() + claims
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

	#[test]
	fn money_is_conserved_and_every_invariant_holds(
		acts in prop::collection::vec(act(), 1..60)
	) {
		ExtBuilder::default().insured(3_000).build_and_execute(|| {
			divide_revenue();
			let before = all_money();
			for act in &acts {
				apply(act);
				assert_eq!(all_money(), before, "{act:?}");
				RiskPool::do_try_state().unwrap_or_else(|error| panic!("{act:?}: {error:?}"));
			}
		});
	}

	#[test]
	fn providers_together_have_what_they_brought_and_the_pool_earned(
		acts in prop::collection::vec(act(), 1..60)
	) {
		ExtBuilder::default().insured(3_000).build_and_execute(|| {
			divide_revenue();
			let mut profit = 0i128;
			for act in &acts {
				let before = cash(pool()).into_inner();
				profit += apply(act);
				let providers: i128 =
					[ALICE, BOB, CAROL].iter().map(|who| cash(*who).into_inner()).sum();
				let left = cash(pool()).into_inner() + cash(queue()).into_inner();
				assert_eq!(providers + left, usd(3_000_000).into_inner() + profit, "{act:?}");
				// Only the market can bring the pool below nothing: it is never paid empty.
				if !matches!(act, Act::Gain(_)) {
					assert!(cash(pool()).into_inner() >= before.min(0), "{act:?}");
				}
			}
		});
	}

	#[test]
	fn without_profit_of_the_pool_nobody_gains(
		acts in prop::collection::vec(act(), 1..60)
	) {
		ExtBuilder::default().insured(3_000).build_and_execute(|| {
			for act in &acts {
				// Losses never turn back into gains here: with them a late depositor would rightly
				// share in a recovery.
				if matches!(act, Act::Gain(_) | Act::Default(_)) {
					continue;
				}
				apply(act);
				for who in [ALICE, BOB, CAROL] {
					// What others lose by rounding, 1e-18 at a time, falls to those who stay.
					let brought = usd(1_000_000).into_inner() + 1_000;
					assert!(worth(who) <= brought, "{who} after {act:?}");
				}
			}
		});
	}

	#[test]
	fn no_request_or_payment_lowers_the_price(
		acts in prop::collection::vec(act(), 1..60)
	) {
		ExtBuilder::default().insured(3_000).build_and_execute(|| {
			divide_revenue();
			for act in &acts {
				let before = RiskPool::pool_view().unwrap();
				apply(act);
				let after = RiskPool::pool_view().unwrap();
				if matches!(act, Act::Gain(_) | Act::Default(_)) {
					continue;
				}
				// Claims together are rounded up by at most a unit for each level.
				let slack = 200 * 10u128.pow(18)
					/ (before.shares.into_inner() as u128 + 1_000 * 10u128.pow(18)) + 2;
				assert!(
					after.price.into_inner() + slack >= before.price.into_inner(),
					"{act:?}: {:?} to {:?}", before.price, after.price
				);
			}
		});
	}
}
