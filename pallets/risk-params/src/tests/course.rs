//! The way of a group to a new value, without a chain.

use crate::rules::{beginning, ensure_passable, on_the_way, Course, Group, Place, Rule, Tighter};
use ballast_primitives::{
	params::{
		CashRules, MarginRules, PoolRules, ScenarioRule, ScenarioSet, SpotMove, UnderlyingRisk,
		VolMove, MAX_SCENARIOS,
	},
	Price, Quantity, Ratio,
};
use proptest::prelude::*;
use sp_runtime::FixedI128;

/// Ramps of these many steps.
const STEPS: [u32; 4] = [1, 3, 10, 100];

/// A value with its figures moved by so many per cent each, if it can follow the old one.
fn nudged<G: Group>(old: &G, moves: &[i128]) -> Option<G> {
	let mut new = old.clone();
	for (limit, percent) in G::LIMITS.iter().zip(moves) {
		// Order sizes must fit each other, and do not move in steps.
		if limit.course == Course::AtOnce {
			continue;
		}
		let figure = (limit.get)(old)? as i128;
		let moved =
			if figure == 0 { percent.max(&0) * 10_i128.pow(15) } else { figure * percent / 100 };
		(limit.set)(&mut new, (figure + moved) as u128);
	}
	(new.validate().is_ok() && new.ensure_step(old).is_ok()).then_some(new)
}

/// Every value on the way is valid, lies between both ends, moves one way, and arrives.
fn check_way<G: Group + core::fmt::Debug>(old: &G, new: &G, whole: bool) {
	let from = beginning(old, new, whole);
	for steps in STEPS {
		assert_eq!(ensure_passable(&from, new, steps), Ok(()));
		let at = |step| on_the_way(&from, new, Place { step, steps }).unwrap();
		assert_eq!((at(0), at(steps)), (from.clone(), new.clone()));
		for step in 1..=steps {
			let (before, now) = (at(step - 1), at(step));
			assert_eq!(now.validate(), Ok(()));
			for limit in G::LIMITS {
				let of = |value: &G| (limit.get)(value).unwrap();
				let rises = of(new) >= of(&from);
				let (before, now, end) = (of(&before), of(&now), of(new));
				let moves_one_way =
					if rises { before <= now && now <= end } else { before >= now && now >= end };
				assert!(moves_one_way, "{}: {before} {now} {end}", limit.field);
				// On the line, rounded down.
				let exact = of(&from) as f64
					+ (end as f64 - of(&from) as f64) * f64::from(step) / f64::from(steps);
				let error = now as f64 - exact;
				assert!(error.abs() <= 1.0 + exact * 1e-14, "{}: {error}", limit.field);
			}
		}
	}
}

/// What begins at once and what does not.
fn check_beginning<G: Group>(old: &G, new: &G) {
	let (quick, whole) = (beginning(old, new, false), beginning(old, new, true));
	for limit in G::LIMITS {
		let of = |value: &G| (limit.get)(value).unwrap();
		let tighter = match limit.tighter {
			Tighter::Up => of(new) > of(old),
			Tighter::Down => of(new) < of(old),
			Tighter::Fixed => true,
		};
		let waits = limit.course == Course::Gradual && tighter;
		assert_eq!(of(&quick), if waits { of(old) } else { of(new) }, "{}", limit.field);
		let waits = limit.course != Course::AtOnce;
		assert_eq!(of(&whole), if waits { of(old) } else { of(new) }, "{}", limit.field);
	}
}

fn check<G: Group + core::fmt::Debug>(old: &G, moves: &[i128]) -> Result<(), TestCaseError> {
	let new = nudged(old, moves);
	prop_assume!(new.is_some());
	let new = new.unwrap();
	check_beginning(old, &new);
	check_way(old, &new, false);
	check_way(old, &new, true);
	Ok(())
}

/// Per cent by which each field moves; most do not.
fn moves() -> impl Strategy<Value = Vec<i128>> {
	proptest::collection::vec(prop_oneof![3 => Just(0), 2 => -20i128..=20], 31)
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 300, max_global_rejects: 60_000, ..Default::default() })]

	#[test]
	fn every_risk_on_the_way_is_valid_and_on_the_line(
		start in 0usize..4, first in moves(), second in moves(),
	) {
		let starts =
			[UnderlyingRisk::btc(), UnderlyingRisk::eth(), UnderlyingRisk::dot(), UnderlyingRisk::stable()];
		let old = nudged(&starts[start], &first);
		prop_assume!(old.is_some());
		check(&old.unwrap(), &second)?;
	}

	#[test]
	fn so_are_margin_cash_and_pool_rules(moves in moves()) {
		check(&MarginRules::default(), &moves)?;
	}

	#[test]
	fn so_are_rules_of_cash(moves in moves()) {
		check(&CashRules::default(), &moves)?;
	}

	#[test]
	fn so_are_rules_of_the_pool(moves in moves()) {
		check(&PoolRules::default(), &moves)?;
	}

	/// From any set to any other: what gets heavier grows, what gets lighter or goes stays until the end.
	#[test]
	fn scenarios_gain_their_weight_on_the_way(old in set(), new in set(), whole: bool) {
		let (old, new) = (rules_of(old), rules_of(new));
		let from = beginning(&old, &new, whole);
		let grows = new.scenarios.iter().any(|scenario| scenario.weight > weight(&old, scenario));
		prop_assert_eq!(&from.scenarios, if grows || whole { &old.scenarios } else { &new.scenarios });
		for steps in STEPS {
			prop_assert_eq!(ensure_passable(&from, &new, steps), Ok(()));
			for step in 0..=steps {
				let now = on_the_way(&from, &new, Place { step, steps }).unwrap();
				prop_assert_eq!(now.validate(), Ok(()));
				for scenario in from.scenarios.iter().chain(&new.scenarios) {
					let [old, at, new] = [&from, &now, &new].map(|it| weight(it, scenario).into_inner());
					let expected = match (step == steps, new > old) {
						(true, _) => new,
						(false, true) => {
							(old * u128::from(steps - step) + new * u128::from(step)) / u128::from(steps)
						}
						(false, false) => old,
					};
					prop_assert_eq!(at, expected);
				}
			}
			prop_assert_eq!(on_the_way(&from, &new, Place { step: steps, steps }).unwrap(), new.clone());
		}
	}
}

fn rules_of(scenarios: Vec<ScenarioRule>) -> MarginRules {
	MarginRules { scenarios: ScenarioSet::truncate_from(scenarios), ..Default::default() }
}

fn weight(rules: &MarginRules, scenario: &ScenarioRule) -> Ratio {
	let mut set = rules.scenarios.iter();
	let found =
		set.find(|other| (other.spot, other.volatility) == (scenario.spot, scenario.volatility));
	found.map_or(Ratio::ZERO, |found| found.weight)
}

fn scenario(tenths: i64, volatility: VolMove, percent: u32) -> ScenarioRule {
	let ranges = FixedI128::from_rational(1, 10) * FixedI128::from(i128::from(tenths));
	ScenarioRule {
		spot: SpotMove::ScanRanges(ranges),
		volatility,
		weight: Ratio::from_percent(percent),
	}
}

/// Sets that every direction is in, and some more scenarios.
fn set() -> impl Strategy<Value = Vec<ScenarioRule>> {
	let more = proptest::collection::btree_map((-30i64..=30, 0u8..3), 1u32..=100, 0..6);
	(1i64..=30, 1i64..=30, more).prop_map(|(up, down, more)| {
		let needed = [(0, VolMove::Up), (up, VolMove::None), (-down, VolMove::None)];
		let mut all: Vec<_> =
			needed.iter().map(|(tenths, move_of)| scenario(*tenths, *move_of, 100)).collect();
		for ((tenths, volatility), percent) in more {
			let volatility = [VolMove::Up, VolMove::None, VolMove::Down][usize::from(volatility)];
			if !needed.contains(&(tenths, volatility)) {
				all.push(scenario(tenths, volatility, percent));
			}
		}
		all
	})
}

#[test]
fn two_sets_that_do_not_fit_one_are_refused() {
	let count = i64::from(MAX_SCENARIOS) - 1;
	let mut full: Vec<_> = (-10..count - 10).map(|it| scenario(it, VolMove::Up, 100)).collect();
	let rules = |set: &Vec<ScenarioRule>| rules_of(set.clone());
	let old = rules(&full);
	assert_eq!(old.validate(), Ok(()));
	// One of 39 is replaced: 40 on the way. Two are: 41.
	full[0] = scenario(0, VolMove::Down, 100);
	assert_eq!(ensure_passable(&old, &rules(&full), 10), Ok(()));
	full[1] = scenario(1, VolMove::Down, 100);
	let refused = ensure_passable(&old, &rules(&full), 10).unwrap_err();
	assert_eq!((refused.rule, refused.field), (Rule::TooManyScenariosOnTheWay, "scenarios"));
}

#[test]
fn half_a_peg_on_the_way_is_refused() {
	let old = UnderlyingRisk::btc();
	let with = |slope| UnderlyingRisk {
		peg_threshold: Price::from_inner(10_000_000_000_000_000),
		peg_slope: Ratio::from_inner(slope),
		..UnderlyingRisk::btc()
	};
	// A slope of one unit is none until the end.
	let refused = ensure_passable(&old, &with(1), 10).unwrap_err();
	assert_eq!((refused.rule, refused.field), (Rule::InvalidOnTheWay, "peg_threshold"));
	assert_eq!(ensure_passable(&old, &with(10), 10), Ok(()));
}

#[test]
fn an_order_size_above_a_cap_that_is_still_rising_is_refused() {
	let of = |minimum: i128, cap: i64| UnderlyingRisk {
		quantity_min: Quantity::from_inner(minimum * 1_000_000_000_000_000_000),
		position_cap: Quantity::from_int(cap),
		..UnderlyingRisk::btc()
	};
	let (old, new) = (of(1, 4), of(5, 8));
	assert_eq!((old.validate(), new.validate()), (Ok(()), Ok(())));
	// Both at once is no way at all.
	assert_eq!(ensure_passable(&beginning(&old, &new, false), &new, 10), Ok(()));
	let refused = ensure_passable(&beginning(&old, &new, true), &new, 10).unwrap_err();
	assert_eq!((refused.rule, refused.field), (Rule::InvalidOnTheWay, "quantity_min"));
}
