use super::assert_refused;
use crate::{mock::*, Error, Event};
use ballast_primitives::{params::MarginRules, Ratio};
use ballast_traits::RiskParameters;
use frame_support::{assert_ok, pallet_prelude::DispatchError};

fn set(rules: MarginRules) -> sp_runtime::DispatchResult {
	RiskParams::set_margin_rules(RuntimeOrigin::root(), rules)
}

fn with_factor(percent: u32) -> MarginRules {
	MarginRules { initial_factor: Ratio::from_percent(percent), ..Default::default() }
}

/// The default set without its last `count` scenarios, the upward tails.
fn without(count: usize) -> MarginRules {
	let mut rules = MarginRules::default();
	rules.scenarios.truncate(rules.scenarios.len() - count);
	rules
}

#[test]
fn a_value_takes_effect_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(set(with_factor(150)));
		assert_eq!(RiskParams::margin(), with_factor(150));
		assert_eq!(last_event(), Event::MarginRulesSet { rules: with_factor(150) });
	});
}

#[test]
fn only_the_admin_origin_may_set() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(
			|| RiskParams::set_margin_rules(RuntimeOrigin::signed(1), with_factor(130)),
			DispatchError::BadOrigin,
		);
	});
}

#[test]
fn the_first_change_is_bound_by_the_step_from_the_default() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| set(with_factor(151)), Error::<Test>::StepTooLarge(0));
		assert_ok!(set(with_factor(100)));
	});
}

#[test]
fn an_initial_factor_below_one_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = MarginRules {
			initial_factor: Ratio::from_inner(Ratio::ONE.into_inner() - 1),
			..Default::default()
		};
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(0));
	});
}

#[test]
fn contingencies_are_bound_by_range_and_step() {
	ExtBuilder::default().build_and_execute(|| {
		let diversified = |percent| MarginRules {
			diversification: Ratio::from_percent(percent),
			..Default::default()
		};
		assert_refused(|| set(diversified(21)), Error::<Test>::OutOfRange(8));
		assert_refused(|| set(diversified(2)), Error::<Test>::StepTooLarge(8));
		assert_ok!(set(diversified(1)));
		assert_eq!(RiskParams::margin(), diversified(1));
		let rules = MarginRules { long_value: Ratio::from_percent(101), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::OutOfRange(2));
	});
}

#[test]
fn eight_scenarios_may_go_in_one_change_and_nine_may_not() {
	ExtBuilder::default().build_and_execute(|| {
		assert_refused(|| set(without(9)), Error::<Test>::TooManyScenarioChanges);
		assert_ok!(set(without(8)));
		assert_refused(|| set(without(8)), Error::<Test>::ChangedInThisBlock);
		next_block();
		assert_ok!(set(without(10)));
		assert_eq!(RiskParams::margin(), without(10));
	});
}

#[test]
fn an_empty_set_is_refused() {
	ExtBuilder::default().build_and_execute(|| {
		let rules = MarginRules { scenarios: Default::default(), ..Default::default() };
		assert_refused(|| set(rules), Error::<Test>::SpotUnmovedMissing);
	});
}
