//! Rules of scenario sets, without a chain.

use crate::rules::{Group, Rule, SCENARIO_CHANGES_MAX};
use ballast_primitives::{
	params::{MarginRules, ScenarioRule, ScenarioSet, SpotMove, VolMove},
	Ratio,
};
use proptest::prelude::*;
use sp_runtime::FixedI128;

fn percent(value: u32) -> Ratio {
	Ratio::from_percent(value)
}

fn scenario(spot: SpotMove, volatility: VolMove, weight: Ratio) -> ScenarioRule {
	ScenarioRule { spot, volatility, weight }
}

fn ranges(tenths: i64) -> SpotMove {
	SpotMove::ScanRanges(FixedI128::from_rational(1, 10) * FixedI128::from(tenths as i128))
}

fn rules_of(scenarios: Vec<ScenarioRule>) -> MarginRules {
	MarginRules { scenarios: ScenarioSet::truncate_from(scenarios), ..Default::default() }
}

/// The smallest set that is accepted.
fn smallest() -> Vec<ScenarioRule> {
	vec![
		scenario(ranges(0), VolMove::Up, Ratio::ONE),
		scenario(ranges(10), VolMove::None, Ratio::ONE),
		scenario(ranges(-10), VolMove::None, Ratio::ONE),
	]
}

/// The rule that refuses the smallest set after `change`.
fn set_refused(change: impl FnOnce(&mut Vec<ScenarioRule>)) -> Option<Rule> {
	let mut set = smallest();
	assert_eq!(rules_of(set.clone()).validate(), Ok(()));
	change(&mut set);
	rules_of(set).validate().err().map(|violation| violation.rule)
}

fn drop_at(set: &mut Vec<ScenarioRule>, position: usize) {
	set.remove(position);
}

#[test]
fn a_set_needs_every_direction_at_full_weight() {
	assert_eq!(set_refused(|set| set.clear()), Some(Rule::SpotUnmovedMissing));
	assert_eq!(set_refused(|set| drop_at(set, 0)), Some(Rule::SpotUnmovedMissing));
	assert_eq!(set_refused(|set| drop_at(set, 1)), Some(Rule::SpotUpMissing));
	assert_eq!(set_refused(|set| drop_at(set, 2)), Some(Rule::SpotDownMissing));
	assert_eq!(set_refused(|set| set[1].weight = percent(99)), Some(Rule::SpotUpMissing));
	assert_eq!(set_refused(|set| set[2].weight = percent(99)), Some(Rule::SpotDownMissing));
	assert_eq!(
		set_refused(|set| set[0].volatility = VolMove::Down),
		Some(Rule::VolatilityUpMissing)
	);
	// Moves to a multiple of spot serve as well.
	assert_eq!(set_refused(|set| set[1].spot = SpotMove::Multiple(percent(120))), None);
	assert_eq!(set_refused(|set| set[2].spot = SpotMove::Multiple(percent(80))), None);
	assert_eq!(set_refused(|set| set[0].spot = SpotMove::Multiple(percent(100))), None);
}

#[test]
fn each_scenario_must_leave_a_price_and_count() {
	let spot_out = Some(Rule::ScenarioSpotOutOfRange);
	let weight_out = Some(Rule::ScenarioWeightOutOfRange);
	assert_eq!(set_refused(|set| set[1].spot = ranges(31)), spot_out);
	assert_eq!(set_refused(|set| set[2].spot = ranges(-31)), spot_out);
	assert_eq!(set_refused(|set| set[2].spot = SpotMove::Multiple(Ratio::ZERO)), spot_out);
	assert_eq!(set_refused(|set| set[1].spot = SpotMove::Multiple(percent(1_001))), spot_out);
	assert_eq!(set_refused(|set| set[1].spot = ranges(30)), None);
	assert_eq!(set_refused(|set| set[1].spot = SpotMove::Multiple(percent(1_000))), None);
	assert_eq!(set_refused(|set| set[0].weight = Ratio::ZERO), weight_out);
	assert_eq!(set_refused(|set| set[0].weight = percent(101)), weight_out);
	let twice = |set: &mut Vec<ScenarioRule>| {
		set.push(ScenarioRule { weight: percent(50), ..set[1] });
	};
	assert_eq!(set_refused(twice), Some(Rule::ScenarioTwice));
}

#[test]
fn replacing_a_scenario_counts_twice() {
	let old = MarginRules::default();
	let reweighted = |count: usize| {
		let mut new = old.clone();
		for scenario in new.scenarios.iter_mut().rev().take(count) {
			scenario.weight = percent(1);
		}
		new.ensure_step(&old).map_err(|violation| violation.rule)
	};
	assert_eq!(reweighted(SCENARIO_CHANGES_MAX / 2), Ok(()));
	assert_eq!(reweighted(SCENARIO_CHANGES_MAX / 2 + 1), Err(Rule::TooManyScenarioChanges));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	/// Random sets: acceptance means weights in (0, 1], prices positive and every direction there.
	#[test]
	fn accepted_sets_satisfy_the_relations(
		set in proptest::collection::vec((-32i64..=32, 0u32..=4, 0u8..3), 0..12)
	) {
		let scenarios: Vec<_> = set.iter().map(|(tenths, quarters, volatility)| scenario(
			ranges(*tenths),
			[VolMove::Up, VolMove::None, VolMove::Down][*volatility as usize],
			percent(quarters * 25),
		)).collect();
		let valid = rules_of(scenarios).validate().is_ok();
		let moves: std::collections::BTreeSet<_> =
			set.iter().map(|(tenths, _, volatility)| (*tenths, *volatility)).collect();
		let expected = moves.len() == set.len()
			&& set.iter().all(|(tenths, quarters, _)| tenths.abs() <= 30 && *quarters > 0)
			&& set.iter().any(|(tenths, ..)| *tenths == 0)
			&& set.iter().any(|(tenths, quarters, _)| *tenths > 0 && *quarters == 4)
			&& set.iter().any(|(tenths, quarters, _)| *tenths < 0 && *quarters == 4)
			&& set.iter().any(|(.., volatility)| *volatility == 0);
		prop_assert_eq!(valid, expected);
	}
}
