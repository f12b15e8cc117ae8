use super::assert_refused;
use crate::{mock::*, Error, Event};
use ballast_primitives::{params::LiquidationRules, Ratio, Usd};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(rules: LiquidationRules) -> sp_runtime::DispatchResult {
	RiskParams::set_liquidation_rules(RuntimeOrigin::root(), rules)
}

#[test]
fn a_value_takes_effect_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = LiquidationRules {
			buffer: Ratio::from_percent(18),
			keeper_reward_min: Usd::ZERO,
			..Default::default()
		};
		assert_ok!(set(rules.clone()));
		assert_eq!(RiskParams::liquidation(), rules);
		assert_eq!(last_event(), Event::LiquidationRulesSet { rules });
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(
			|| {
				RiskParams::set_liquidation_rules(
					RuntimeOrigin::signed(1),
					LiquidationRules::default(),
				)
			},
			DispatchError::BadOrigin,
		);
	});
}

#[test]
fn a_field_outside_its_range_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = LiquidationRules { idle_checks: 0, ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(13));
		let rules = LiquidationRules { dust: Usd::from_inner(-1), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(9));
	});
}

#[test]
fn a_step_too_large_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = LiquidationRules { buffer: Ratio::from_percent(19), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::StepTooLarge(4));
	});
}

#[test]
fn a_penalty_that_reaches_the_buffer_is_refused_however_small_the_steps() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = |penalty, buffer| LiquidationRules {
			penalty: Ratio::from_percent(penalty),
			buffer: Ratio::from_percent(buffer),
			..Default::default()
		};
		for (penalty, buffer) in [(6, 12), (7, 10), (8, 9)] {
			assert_ok!(set(rules(penalty, buffer)));
			next_block();
		}
		assert_refused(|| set(rules(9, 9)), Error::<Test>::PenaltyNotBelowBuffer);
	});
}

#[test]
fn a_second_change_in_a_block_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(LiquidationRules::default()));
		assert_refused(|| set(LiquidationRules::default()), Error::<Test>::ChangedInThisBlock);
	});
}
