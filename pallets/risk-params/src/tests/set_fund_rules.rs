use super::assert_refused;
use crate::{mock::*, rules::Group, Error, Event, Refusal, Rule};
use ballast_primitives::{params::FundRules, Ratio, Usd};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};
use proptest::prelude::*;

fn set(rules: FundRules) -> sp_runtime::DispatchResult {
	RiskParams::set_fund_rules(RuntimeOrigin::root(), rules)
}

fn percent(value: u32) -> Ratio {
	Ratio::from_percent(value)
}

/// The default rules with these shares: pool, insurance, treasury, stakers.
fn shared(shares: [u32; 4]) -> FundRules {
	let [pool_share, insurance_share, treasury_share, staker_share] = shares.map(percent);
	FundRules { pool_share, insurance_share, treasury_share, staker_share, ..Default::default() }
}

#[test]
fn a_value_takes_effect_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = FundRules {
			insurance_target: Usd::from_int(2_000_000),
			insurance_floor: Usd::from_int(10_000),
			window_length: 43_200,
			..shared([35, 20, 15, 30])
		};
		assert_ok!(set(rules.clone()));
		assert_eq!(RiskParams::funds(), rules);
		assert_eq!(last_event(), Event::FundRulesSet { rules });
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
			assert_refused(
				|| RiskParams::set_fund_rules(origin, FundRules::default()),
				DispatchError::BadOrigin,
			);
		}
	});
}

#[test]
fn a_field_outside_its_range_is_refused_with_its_position() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = FundRules { insurance_target: Usd::from_inner(-1), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(0));
		let rules = FundRules { pool_window_cap: percent(101), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(3));
		let rules = FundRules { window_length: 3_599, ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(4));
	});
}

#[test]
fn a_step_too_large_is_refused_and_named_by_the_dry_run() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = shared([37, 20, 15, 28]);
		let dry = RiskParams::check_fund_rules(&rules).map_err(Refusal::from);
		assert_eq!(dry, Err(Refusal { rule: Rule::StepTooLarge, field: "pool_share".into() }));
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(6));
		let rules = FundRules { insurance_target: Usd::from_int(2_000_001), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(0));
		// What is nothing can become something: ten thousand, or five per cent.
		let rules = FundRules { insurance_floor: Usd::from_int(10_001), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(1));
		let rules = FundRules { insurance_target: Usd::ZERO, ..Default::default() };
		assert_eq!(RiskParams::check_fund_rules(&rules), Ok(()));
		assert_ok!(set(rules));
	});
}

#[test]
fn a_floor_above_the_target_is_refused_and_an_equal_one_is_not() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = |floor| FundRules {
			insurance_target: Usd::from_int(10_000),
			insurance_floor: Usd::from_int(floor),
			..Default::default()
		};
		assert_eq!(
			rules(10_001).validate().map_err(|v| (v.rule, v.field)),
			Err((Rule::InsuranceFloorAboveTarget, "insurance_floor"))
		);
		assert_refused(|| set(rules(10_001)), Error::<Test>::InsuranceFloorAboveTarget);
		assert_ok!(set(rules(10_000)));
	});
}

#[test]
fn shares_that_are_not_one_are_refused_by_a_unit() {
	ExtBuilder::default().build_and_execute(|| {
		for off in [-1i128, 1] {
			let inner = percent(30).into_inner().checked_add_signed(off).unwrap();
			let rules = FundRules { staker_share: Ratio::from_inner(inner), ..Default::default() };
			assert_refused(|| set(rules), Error::<Test>::SharesNotOne);
		}
		assert_eq!(shared([100, 0, 0, 0]).validate(), Ok(()));
		assert_eq!(
			shared([100, 100, 100, 100]).validate().map_err(|v| v.rule),
			Err(Rule::SharesNotOne)
		);
	});
}

#[test]
fn a_second_change_in_a_block_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(FundRules::default()));
		assert_refused(|| set(FundRules::default()), Error::<Test>::ChangedInThisBlock);
		next_block();
		assert_ok!(set(FundRules::default()));
	});
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	/// Whatever is accepted divides all of the revenue, and no more.
	#[test]
	fn accepted_shares_are_one(
		pool in 0u32..=100, insurance in 0u32..=100, treasury in 0u32..=100,
		floor in 0i64..100, target in 0i64..100, closed in any::<bool>(),
	) {
		let stakers = 100u32.saturating_sub(pool + insurance + treasury);
		let stakers = if closed { stakers } else { pool };
		let rules = FundRules {
			insurance_target: Usd::from_int(target),
			insurance_floor: Usd::from_int(floor),
			..shared([pool, insurance, treasury, stakers])
		};
		let whole = pool + insurance + treasury + stakers == 100;
		prop_assert_eq!(rules.validate().is_ok(), whole && floor <= target);
	}
}
