//! Rules of [`OracleRules`].

use super::{
	ensure, ensure_same_kind, limits, percent, seconds, Group, Limit, Rule, Step, Violation,
};
use ballast_primitives::{
	params::OracleRules,
	time::{DAY, HOUR, MINUTE},
};

/// Ages and periods: half of the value in force, or a minute.
const TIME: Step = Step::by(50, seconds(MINUTE));
/// Bands of the circuit breaker.
const BAND: Step = Step::by(50, percent(1));
/// Counts move by one.
const COUNT: Step = Step::by(0, 1);

impl Group for OracleRules {
	/// The greatest ages leave room for presets in which one block is half an hour of market time.
	const LIMITS: &'static [Limit<Self>] = limits! { OracleRules but [spot_only];
		spot_age_max: seconds(6) => seconds(6 * HOUR), TIME;
		volatility_age_max: seconds(6) => seconds(2 * DAY), TIME;
		operators_min: 1 => 100, COUNT;
		raw_age_max: seconds(6) => seconds(6 * HOUR), TIME;
		spot_deviation_max: percent(1) => percent(50), BAND;
		volatility_deviation_max: percent(5) => percent(500), BAND;
		confirming_rounds: 1 => 20, COUNT;
		sample_period: seconds(3) => seconds(6 * HOUR), TIME;
		settlement_window: seconds(MINUTE) => seconds(6 * HOUR), TIME;
		settlement_coverage: percent(10) => percent(100), Step::by(20, percent(1));
		settlement_overdue: seconds(HOUR) => seconds(7 * DAY), TIME;
	};

	fn ensure_consistent(&self) -> Result<(), Violation> {
		ensure(self.raw_age_max <= self.spot_age_max, Rule::RawOlderThanSpot, "raw_age_max")
	}

	fn ensure_other_steps(&self, old: &Self) -> Result<(), Violation> {
		ensure_same_kind(self, old)
	}
}
