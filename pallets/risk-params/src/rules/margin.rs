//! Rules of [`MarginRules`].

use super::{ensure, limits, percent, Group, Limit, Place, Rule, Step, Violation};
use ballast_primitives::{
	params::{MarginRules, ScenarioRule, ScenarioSet, SpotMove, VolMove},
	Ratio,
};
use core::cmp::Ordering;
use sp_runtime::FixedI128;

/// Furthest move of spot in scan ranges, up or down.
pub const SCENARIO_SCAN_RANGES_MAX: FixedI128 = FixedI128::from_u32(3);
/// Least multiple of spot that a scenario may move to.
const SCENARIO_MULTIPLE_LEAST: Ratio = Ratio::from_percent(1);
/// Greatest multiple of spot that a scenario may move to.
const SCENARIO_MULTIPLE_GREATEST: Ratio = Ratio::from_percent(1_000);
/// Scenarios that one change may add, take away or make heavier; replacing one, or making it lighter, is two.
pub const SCENARIO_CHANGES_MAX: usize = 8;

/// Shares, slopes and rates: a fifth of the value in force, or one per cent.
const SHARE: Step = Step::by(20, percent(1));
/// Slopes that may be nothing: a fifth of the value in force, or ten per cent.
const SLOPE: Step = Step::by(20, percent(10));

impl Group for MarginRules {
	const LIMITS: &'static [Limit<Self>] = limits! { MarginRules but [scenarios];
		// At least one: what opens a position must suffice to be left alone.
		initial_factor: percent(100) => percent(500), SHARE, Up;
		// At one, all that a bucket gains is required where another loses as much.
		vol_term: percent(0) => percent(100), SHARE, Up, Gradual;
		// At most one: no option counts for more than it is worth. Zero: long value counts nothing.
		long_value: percent(0) => percent(100), SHARE, Down, Gradual;
		long_value_rate: percent(0) => percent(200), SHARE, Up, Gradual;
		confidence_threshold: percent(0) => percent(100), SHARE, Up;
		confidence_slope: percent(0) => percent(1_000), SLOPE, Up;
		// At most one: at its peg the quote currency raises nothing.
		depeg_threshold: percent(0) => percent(100), SHARE, Up;
		depeg_slope: percent(0) => percent(2_000), SLOPE, Up;
		// As far as `ballast_math::contingency::diversification` gives credit.
		diversification: percent(0) => percent(20), SHARE, Down, Gradual;
	};

	fn ensure_consistent(&self) -> Result<(), Violation> {
		for (position, scenario) in self.scenarios.iter().enumerate() {
			ensure_spot(scenario.spot)?;
			let weight = scenario.weight;
			ensure(
				!weight.is_zero() && weight <= Ratio::ONE,
				Rule::ScenarioWeightOutOfRange,
				"scenarios",
			)?;
			let twice = self.scenarios.iter().skip(position.saturating_add(1)).any(|other| {
				(other.spot, other.volatility) == (scenario.spot, scenario.volatility)
			});
			ensure(!twice, Rule::ScenarioTwice, "scenarios")?;
		}
		let some = |test: &dyn Fn(&ScenarioRule) -> bool| self.scenarios.iter().any(test);
		let full = |scenario: &ScenarioRule, way| {
			scenario.weight == Ratio::ONE && direction(scenario.spot) == way
		};
		ensure(
			some(&|scenario| direction(scenario.spot) == Ordering::Equal),
			Rule::SpotUnmovedMissing,
			"scenarios",
		)?;
		ensure(some(&|s| full(s, Ordering::Greater)), Rule::SpotUpMissing, "scenarios")?;
		ensure(some(&|s| full(s, Ordering::Less)), Rule::SpotDownMissing, "scenarios")?;
		ensure(some(&|s| s.volatility == VolMove::Up), Rule::VolatilityUpMissing, "scenarios")
	}

	fn ensure_other_steps(&self, old: &Self) -> Result<(), Violation> {
		let changes_by = |scenario: &ScenarioRule| match weight_in(&old.scenarios, scenario)
			.cmp(&scenario.weight)
		{
			Ordering::Less => 1,
			Ordering::Equal => 0,
			Ordering::Greater => 2usize,
		};
		let gone = |scenario: &&ScenarioRule| weight_in(&self.scenarios, scenario).is_zero();
		let changes: usize = self.scenarios.iter().map(changes_by).sum();
		let changes = changes.saturating_add(old.scenarios.iter().filter(gone).count());
		ensure(changes <= SCENARIO_CHANGES_MAX, Rule::TooManyScenarioChanges, "scenarios")
	}

	/// Scenarios may be added and weigh more; none may go or weigh less.
	fn ensure_others_no_looser(&self, old: &Self) -> Result<(), Violation> {
		let kept = !is_heavier(&old.scenarios, &self.scenarios);
		ensure(kept, Rule::Loosens, "scenarios")
	}

	/// The old set, if a scenario is new or weighs more; the new one at once if none does.
	fn begin_others(&mut self, in_force: &Self, whole: bool) {
		if whole || is_heavier(&self.scenarios, &in_force.scenarios) {
			self.scenarios = in_force.scenarios.clone();
		}
	}

	/// What is new gains its weight on the way, and so does what weighs more; what weighs less or is gone
	/// stays as it was until the end. The requirement moves without a jump, and is never less than both
	/// sets have in common.
	fn move_others(&mut self, from: &Self, place: Place) -> Result<(), Violation> {
		if self.scenarios == from.scenarios {
			return Ok(());
		}
		let mut scenarios = ScenarioSet::new();
		let mut push = |scenario| {
			let full = Violation::between(Rule::TooManyScenariosOnTheWay, "scenarios");
			scenarios.try_push(scenario).map_err(|_| full)
		};
		for after in &self.scenarios {
			let before = weight_in(&from.scenarios, after);
			let weight = before.max(place.weight(before, after.weight));
			if !weight.is_zero() {
				push(ScenarioRule { weight, ..*after })?;
			}
		}
		let gone = |before: &&ScenarioRule| weight_in(&self.scenarios, before).is_zero();
		for before in from.scenarios.iter().filter(gone) {
			push(*before)?;
		}
		self.scenarios = scenarios;
		Ok(())
	}

	/// Every scenario of both, at the greater of its weights.
	fn guard_others(&mut self, guard: &Self) -> Result<(), Violation> {
		for scenario in &guard.scenarios {
			let moves = (scenario.spot, scenario.volatility);
			let known = self.scenarios.iter_mut().find(|it| (it.spot, it.volatility) == moves);
			match known {
				Some(known) => known.weight = known.weight.max(scenario.weight),
				None => {
					let rule = Rule::TooManyScenariosOnTheWay;
					let full = Violation::between(rule, "scenarios");
					self.scenarios.try_push(*scenario).map_err(|_| full)?;
				}
			}
		}
		Ok(())
	}

	fn are_others_equal(&self, other: &Self) -> bool {
		self.scenarios == other.scenarios
	}
}

impl Place {
	/// A weight on the way, rounded down.
	fn weight(self, from: Ratio, to: Ratio) -> Ratio {
		let weight = self.between(from.into_inner(), to.into_inner());
		weight.map_or(to, Ratio::from_inner)
	}
}

/// Whether a scenario of the new set is not in the old one, or weighs more than in it.
fn is_heavier(new: &[ScenarioRule], old: &[ScenarioRule]) -> bool {
	new.iter().any(|scenario| scenario.weight > weight_in(old, scenario))
}

/// What a scenario weighs in a set; nothing if it is not in it.
fn weight_in(set: &[ScenarioRule], scenario: &ScenarioRule) -> Ratio {
	let moves = |it: &ScenarioRule| (it.spot, it.volatility);
	let found = set.iter().find(|other| moves(other) == moves(scenario));
	found.map_or(Ratio::ZERO, |found| found.weight)
}

/// Whether a scenario moves spot up, down, or not.
fn direction(spot: SpotMove) -> Ordering {
	match spot {
		SpotMove::ScanRanges(ranges) => ranges.into_inner().cmp(&0),
		SpotMove::Multiple(multiple) => multiple.cmp(&Ratio::ONE),
	}
}

/// Checks that a move of spot leaves a price and is one that the pricing can follow.
fn ensure_spot(spot: SpotMove) -> Result<(), Violation> {
	let inside = match spot {
		SpotMove::ScanRanges(ranges) => {
			ranges.into_inner().unsigned_abs()
				<= SCENARIO_SCAN_RANGES_MAX.into_inner().unsigned_abs()
		}
		SpotMove::Multiple(multiple) => {
			(SCENARIO_MULTIPLE_LEAST..=SCENARIO_MULTIPLE_GREATEST).contains(&multiple)
		}
	};
	ensure(inside, Rule::ScenarioSpotOutOfRange, "scenarios")
}
