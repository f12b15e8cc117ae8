//! What becomes of revenue.

use super::*;
use crate::revenue::REVENUE_LEAST;
use ballast_primitives::params::FundRules;
use ballast_traits::{CoverDeficit, MutualPool, OnRevenue};
use proptest::prelude::*;

fn percent(value: u32) -> Ratio {
	Ratio::from_percent(value)
}

/// A target, a half for the pool, and the rest in parts of 20, 20 and 10 per cent.
fn rules(target: i64) -> FundRules {
	FundRules {
		insurance_target: usd(target),
		pool_share: percent(50),
		insurance_share: percent(20),
		treasury_share: percent(20),
		staker_share: percent(10),
		..Default::default()
	}
}

/// The fund, the pool, the treasury and the stakers.
fn balances() -> [Usd; 4] {
	[cash(insurance()), cash(pool()), cash(TREASURY), cash(STAKERS)]
}

/// A penalty of Bob's.
fn penalty(amount: i64) {
	assert_ok!(RiskPool::collect_penalty(&BOB, usd(amount)));
}

/// The end of a block.
fn end_of_block() {
	System::reset_events();
	idle();
}

#[test]
fn beyond_the_target_everybody_receives_its_share_at_the_end_of_the_block() {
	ExtBuilder::default().provided(1_000).insured(500).build_and_execute(|| {
		set_fund_rules(rules(500));
		penalty(100);
		assert_eq!(balances(), [usd(600), usd(1_000), usd(0), usd(0)]);
		assert_eq!(Undivided::<Test>::get(), usd(100));
		end_of_block();
		assert_eq!(balances(), [usd(520), usd(1_050), usd(20), usd(10)]);
		assert_eq!(Undivided::<Test>::get(), usd(0));
		let (insurance, pool) = (usd(20), usd(50));
		let divided =
			Event::RevenueDivided { insurance, pool, treasury: usd(20), stakers: usd(10) };
		assert_eq!(events(), [divided]);
		end_of_block();
		assert_eq!(events(), []);
	});
}

#[test]
fn below_the_target_all_of_it_is_the_funds_and_stays() {
	ExtBuilder::default().provided(1_000).insured(500).build_and_execute(|| {
		set_fund_rules(rules(600));
		penalty(100);
		end_of_block();
		assert_eq!(balances(), [usd(600), usd(1_000), usd(0), usd(0)]);
		// A lower target divides what comes, not what came.
		set_fund_rules(rules(100));
		end_of_block();
		assert_eq!(balances(), [usd(600), usd(1_000), usd(0), usd(0)]);
		penalty(10);
		end_of_block();
		assert_eq!(balances(), [usd(602), usd(1_005), usd(2), usd(1)]);
	});
}

#[test]
fn what_crosses_the_target_is_divided_for_the_part_beyond() {
	ExtBuilder::default().provided(1_000).insured(500).build_and_execute(|| {
		set_fund_rules(rules(540));
		penalty(100);
		end_of_block();
		assert_eq!(balances(), [usd(552), usd(1_030), usd(12), usd(6)]);
	});
}

#[test]
fn gifts_are_not_revenue() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		set_fund_rules(rules(0));
		assert_ok!(RiskPool::donate_insurance(by(BOB), usd(300)));
		end_of_block();
		assert_eq!(balances(), [usd(300), usd(1_000), usd(0), usd(0)]);
	});
}

#[test]
fn the_deficit_account_comes_first() {
	ExtBuilder::default().provided(1_000).insured(500).build_and_execute(|| {
		set_fund_rules(rules(500));
		DeficitAccount::<Test>::put(usd(-70));
		let before = all_money();
		penalty(100);
		assert_eq!(DeficitAccount::<Test>::get(), usd(0));
		assert_eq!(Undivided::<Test>::get(), usd(30));
		end_of_block();
		assert_eq!(balances(), [usd(506), usd(1_015), usd(6), usd(3)]);
		// A deficit that opens between the two is owed out of what was to be divided.
		penalty(100);
		DeficitAccount::<Test>::put(usd(-86));
		end_of_block();
		assert_eq!(balances(), [usd(590), usd(1_025), usd(10), usd(5)]);
		DeficitAccount::<Test>::put(usd(0));
		assert_eq!(all_money(), before);
	});
}

#[test]
fn an_open_event_window_keeps_everything_together() {
	ExtBuilder::default().provided(1_000).insured(500).build_and_execute(|| {
		set_fund_rules(rules(100));
		assert_ok!(RiskPool::cover(&DAVE, usd(10)));
		penalty(100);
		tick(DAY - 1);
		end_of_block();
		assert_eq!(balances(), [usd(590), usd(1_000), usd(0), usd(0)]);
		tick(1);
		end_of_block();
		assert_eq!(balances(), [usd(510), usd(1_050), usd(20), usd(10)]);
	});
}

#[test]
fn without_a_provider_the_pools_part_stays_with_the_fund() {
	ExtBuilder::default().insured(500).build_and_execute(|| {
		set_fund_rules(rules(0));
		penalty(100);
		end_of_block();
		assert_eq!(balances(), [usd(570), usd(0), usd(20), usd(10)]);
	});
}

#[test]
fn small_revenue_waits_until_it_is_worth_the_writes() {
	ExtBuilder::default().provided(1_000).build_and_execute(|| {
		set_fund_rules(rules(0));
		let least = REVENUE_LEAST.into_inner();
		set_cash(insurance(), Usd::from_inner(least));
		assert_ok!(RiskPool::on_revenue(Usd::from_inner(least - 1)));
		end_of_block();
		assert_eq!(events(), []);
		assert_ok!(RiskPool::on_revenue(Usd::from_inner(1)));
		end_of_block();
		assert_eq!(cash(TREASURY), Usd::from_inner(least / 5));
	});
}

#[test]
fn whoever_cannot_receive_makes_all_wait_and_nothing_is_lost() {
	ExtBuilder::default().provided(1_000).insured(500).build_and_execute(|| {
		set_fund_rules(rules(500));
		penalty(100);
		set_refusing(TREASURY, true);
		end_of_block();
		assert_eq!(balances(), [usd(600), usd(1_000), usd(0), usd(0)]);
		assert_eq!(Undivided::<Test>::get(), usd(100));
		assert_eq!(events(), []);
		set_refusing(TREASURY, false);
		end_of_block();
		assert_eq!(balances(), [usd(520), usd(1_050), usd(20), usd(10)]);
	});
}

#[test]
fn nothing_less_than_nothing_is_revenue() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused!(RiskPool::on_revenue(usd(-1)), Error::<Test>::AmountNotPositive);
		assert_ok!(RiskPool::on_revenue(usd(0)));
		assert!(!Undivided::<Test>::exists());
	});
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

	/// Nothing is made or lost; the fund never falls below its target by a division, and each part is
	/// its share of what lies beyond, rounded down.
	#[test]
	fn divisions_conserve_money_and_leave_the_fund_its_target(
		fund in 0i128..2_000_000_000_000_000_000_000,
		target in 0i64..1_500,
		owed in 0i64..300,
		revenue in 1_000_000_000_000_000_000i128..900_000_000_000_000_000_000,
		cuts in prop::array::uniform3(0u32..=1_000),
	) {
		ExtBuilder::default().provided(1_000).build_and_execute(|| {
			let mut cuts = cuts;
			cuts.sort_unstable();
			let share = |from: u32, to: u32| Ratio::from_basis_points(10 * (to - from));
			let rules = FundRules {
				insurance_target: usd(target),
				pool_share: share(0, cuts[0]),
				treasury_share: share(cuts[0], cuts[1]),
				staker_share: share(cuts[1], cuts[2]),
				insurance_share: share(cuts[2], 1_000),
				..Default::default()
			};
			set_fund_rules(rules.clone());
			set_cash(insurance(), Usd::from_inner(fund));
			DeficitAccount::<Test>::put(usd(-owed));
			let (money, had) = (all_money(), cash(BOB));
			assert_ok!(RiskPool::collect_penalty(&BOB, Usd::from_inner(revenue)));
			assert_eq!(had.checked_sub(cash(BOB)).unwrap(), Usd::from_inner(revenue));
			let (before, waits) = (cash(insurance()), Undivided::<Test>::get());
			let left = DeficitAccount::<Test>::get();
			idle();
			let [after, pool, treasury, stakers] = balances();
			assert_eq!(all_money(), money);
			let needed = usd(target).checked_sub(left).unwrap();
			let beyond = before.checked_sub(needed).unwrap().max(Usd::ZERO);
			// What waits and is too little to be divided is not.
			let divided = if waits < REVENUE_LEAST { Usd::ZERO } else { waits.min(beyond) };
			let part = |share: Ratio| divided.times_floor(share).unwrap();
			assert_eq!(pool, usd(1_000).checked_add(part(rules.pool_share)).unwrap());
			assert_eq!(treasury, part(rules.treasury_share));
			assert_eq!(stakers, part(rules.staker_share));
			assert!(after >= needed.min(before));
			let insured = after.checked_sub(before.checked_sub(divided).unwrap()).unwrap();
			assert!(insured >= part(rules.insurance_share));
			let most = part(rules.insurance_share).into_inner() + 3;
			assert!(insured.into_inner() <= most);
			DeficitAccount::<Test>::put(usd(0));
		});
	}

	/// Many penalties divided one by one give nobody more than together, and the fund what rounding
	/// leaves.
	#[test]
	fn dividing_in_parts_loses_at_most_a_unit_a_part(
		amounts in prop::collection::vec(1_000_000_000_000_000_000i128..3_000_000_000_000_000_000, 1..20),
	) {
		ExtBuilder::default().provided(1_000).build_and_execute(|| {
			set_fund_rules(rules(0));
			for amount in &amounts {
				assert_ok!(RiskPool::collect_penalty(&BOB, Usd::from_inner(*amount)));
				idle();
			}
			let sum = Usd::from_inner(amounts.iter().sum());
			for (paid, share) in [(cash(TREASURY), 20), (cash(STAKERS), 10)] {
				let whole = sum.times_floor(percent(share)).unwrap();
				let lost = whole.checked_sub(paid).unwrap().into_inner();
				assert!((0..=amounts.len() as i128).contains(&lost));
			}
		});
	}
}
