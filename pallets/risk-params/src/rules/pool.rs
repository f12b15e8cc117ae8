//! Rules of [`PoolRules`].

use super::{ensure, limits, percent, points, seconds, whole, Group, Limit, Rule, Step, Violation};
use ballast_primitives::{
	params::PoolRules,
	time::{DAY, MINUTE},
};

/// Shares of capital: a fifth of the value in force, or one per cent.
const SHARE: Step = Step::by(20, percent(1));
/// Spreads: half of the value in force, or one basis point.
const SPREAD: Step = Step::by(50, points(1));
/// Lengths of time: half of the value in force, or ten minutes.
const TIME: Step = Step::by(50, seconds(10 * MINUTE));
/// Amounts may double or fall to nothing over several changes.
const AMOUNT: Step = Step::by(100, whole(1));

impl Group for PoolRules {
	const LIMITS: &'static [Limit<Self>] = limits! { PoolRules but [];
		spread_of_mark: points(0) => percent(25), SPREAD, Up;
		spread_of_volatility: points(0) => percent(25), SPREAD, Up;
		spread_of_spot: points(0) => percent(2), SPREAD, Up;
		stress_cap: percent(1) => percent(100), SHARE, Down;
		delta_min: percent(0) => percent(50), SHARE, Up;
		delta_max: percent(50) => percent(100), SHARE, Down;
		quote_until: seconds(MINUTE) => seconds(2 * DAY), TIME, Up;
		cooldown: seconds(10 * MINUTE) => seconds(90 * DAY), TIME;
		deposit_min: whole(1) => whole(1_000_000), AMOUNT;
		virtual_offset: whole(1) => whole(1_000_000), AMOUNT;
		takeover_cap: percent(0) => percent(100), SHARE;
	};

	fn ensure_consistent(&self) -> Result<(), Violation> {
		ensure(self.delta_min < self.delta_max, Rule::DeltaBandEmpty, "delta_min")
	}
}
