//! Rules of [`UnderlyingRisk`].

use super::{ensure, limits, percent, points, seconds, whole, Group, Limit, Rule, Step, Violation};
use ballast_primitives::{
	params::UnderlyingRisk,
	time::{DAY, HOUR, MINUTE},
	units::ACCURACY,
};

/// Margin factors: a fifth of the value in force, or one basis point.
const FACTOR: Step = Step::by(20, points(1));
/// Lengths of time: half of the value in force.
const TIME: Step = Step::by(50, seconds(MINUTE));
/// Moves of the forward, and what they weigh: a fifth of the value in force, or half a per cent.
const BASIS: Step = Step::by(20, points(50));
/// Slopes, factors and shares that may be nothing: a fifth of the value in force, or five per cent.
const WEIGHT: Step = Step::by(20, percent(5));
/// Caps may double, and fall by any amount: a lower cap refuses new risk and liquidates nobody.
const CAP: Step = Step::up_by(100, whole(1));
/// Order sizes may move by a factor of ten up, or to a tenth.
const SIZE: Step = Step::up_by(900, 1);

/// Least order size and step, 10^-8 of a contract.
const SIZE_LEAST: u128 = ACCURACY / 100_000_000;
/// More contracts or units than exist of any underlying that is worth clearing.
const CAP_GREATEST: u128 = whole(1_000_000_000_000);

impl Group for UnderlyingRisk {
	const LIMITS: &'static [Limit<Self>] = limits! { UnderlyingRisk but [];
		scan_floor: percent(1) => percent(95), FACTOR, Up;
		scan_stressed: percent(1) => percent(95), FACTOR, Up;
		// Below one: a full range down must leave a price.
		scan_cap: percent(1) => percent(95), FACTOR, Up;
		scan_multiple: percent(50) => percent(1_000), FACTOR, Up;
		scan_stressed_weight: percent(10) => percent(100), FACTOR;
		scan_horizon: seconds(HOUR) => seconds(30 * DAY), TIME, Up;
		scan_ramp_per_hour: points(10) => percent(100), Step::by(50, points(10));
		fast_half_life: seconds(10 * MINUTE) => seconds(7 * DAY), TIME;
		slow_half_life: seconds(HOUR) => seconds(90 * DAY), TIME;
		volatility_up: percent(5) => percent(300), FACTOR, Up, Gradual;
		volatility_down: percent(0) => percent(95), FACTOR, Up, Gradual;
		short_term_power: percent(0) => percent(100), Step::by(20, percent(1)), Fixed, Gradual;
		long_term_power: percent(0) => percent(100), Step::by(20, percent(1)), Fixed, Gradual;
		volatility_floor_time: seconds(MINUTE) => seconds(30 * DAY), TIME, Fixed, Gradual;
		volatility_move_cap: percent(100) => percent(1_000), FACTOR, Up, Gradual;
		least_shocked_volatility: percent(1) => percent(300), FACTOR, Up, Gradual;
		short_contingency_maintenance: points(5) => percent(10), FACTOR, Up, Gradual;
		// Not gradual: initial margin follows at once, as its scan range does.
		short_contingency_initial: points(0) => percent(10), Step::by(20, points(5)), Up;
		basis_up: percent(0) => percent(50), BASIS, Up, Gradual;
		// Below one: a forward moved down must stay a price.
		basis_down: percent(0) => percent(50), BASIS, Up, Gradual;
		basis_weight: percent(0) => percent(200), WEIGHT, Up, Gradual;
		basis_weight_per_year: percent(0) => percent(1_000), WEIGHT, Up, Gradual;
		// Below one: what is scaled begins before the cap.
		open_interest_start: percent(0) => percent(99), WEIGHT, Down;
		// At least one: open interest must not lower a requirement.
		open_interest_factor: percent(100) => percent(500), WEIGHT, Up;
		// At most one: an asset that is worth its peg has not lost it.
		peg_threshold: 0 => whole(1), Step::by(20, percent(1)), Up, Gradual;
		// At a hundred, one cent below the threshold requires all of the value.
		peg_slope: percent(0) => percent(10_000), WEIGHT, Up, Gradual;
		position_cap: SIZE_LEAST => CAP_GREATEST, CAP, Down;
		open_interest_cap: SIZE_LEAST => CAP_GREATEST, CAP, Down;
		// Zero: not eligible.
		collateral_cap: 0 => CAP_GREATEST, CAP, Down;
		quantity_min: SIZE_LEAST => whole(1_000_000), SIZE, Fixed, AtOnce;
		quantity_step: SIZE_LEAST => whole(1_000_000), SIZE, Fixed, AtOnce;
	};

	fn ensure_consistent(&self) -> Result<(), Violation> {
		ensure(self.scan_floor <= self.scan_stressed, Rule::FloorAboveStressed, "scan_floor")?;
		ensure(self.scan_stressed <= self.scan_cap, Rule::StressedAboveCap, "scan_stressed")?;
		ensure(
			self.fast_half_life < self.slow_half_life,
			Rule::FastHalfLifeNotBelowSlow,
			"fast_half_life",
		)?;
		let contingencies =
			self.short_contingency_maintenance.checked_add(self.short_contingency_initial);
		ensure(
			contingencies.is_ok_and(|sum| sum < self.scan_floor),
			Rule::ContingencyNotBelowFloor,
			"short_contingency_maintenance",
		)?;
		ensure(
			self.peg_threshold.is_zero() == self.peg_slope.is_zero(),
			Rule::PegHalfSet,
			"peg_threshold",
		)?;
		let rest = self.quantity_min.into_inner().checked_rem(self.quantity_step.into_inner());
		ensure(rest == Some(0), Rule::StepDoesNotDivideMinimum, "quantity_min")?;
		ensure(
			self.quantity_min <= self.position_cap,
			Rule::MinimumAbovePositionCap,
			"quantity_min",
		)?;
		ensure(
			self.position_cap <= self.open_interest_cap,
			Rule::PositionCapAboveOpenInterestCap,
			"position_cap",
		)
	}
}
