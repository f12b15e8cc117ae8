//! Rules of [`FundRules`].

use super::{ensure, limits, percent, seconds, whole, Group, Limit, Rule, Step, Violation};
use ballast_primitives::{
	params::FundRules,
	time::{DAY, HOUR, MINUTE},
	Ratio,
};

/// Caps of an event window: a fifth of the value in force, or one per cent.
const CAP: Step = Step::by(20, percent(1));
/// Shares of revenue: a fifth of the value in force, or five per cent, of which one that is nothing can
/// leave it.
const SHARE: Step = Step::by(20, percent(5));
/// Lengths of time: half of the value in force, or ten minutes.
const TIME: Step = Step::by(50, seconds(10 * MINUTE));
/// What the fund shall have and keep may double, or fall to nothing.
const FUND: Step = Step::by(100, whole(10_000));
/// Amounts may double or fall to nothing over several changes.
const AMOUNT: Step = Step::by(100, whole(1));

impl Group for FundRules {
	const LIMITS: &'static [Limit<Self>] = limits! { FundRules but [];
		insurance_target: whole(0) => whole(10_000_000_000), FUND;
		insurance_floor: whole(0) => whole(10_000_000_000), FUND;
		insurance_window_cap: percent(1) => percent(100), CAP;
		pool_window_cap: percent(1) => percent(100), CAP;
		window_length: seconds(HOUR) => seconds(30 * DAY), TIME;
		deficit_dust: 0 => whole(100_000), AMOUNT;
		pool_share: percent(0) => percent(100), SHARE;
		insurance_share: percent(0) => percent(100), SHARE;
		treasury_share: percent(0) => percent(100), SHARE;
		staker_share: percent(0) => percent(100), SHARE;
	};

	fn ensure_consistent(&self) -> Result<(), Violation> {
		ensure(
			self.insurance_floor <= self.insurance_target,
			Rule::InsuranceFloorAboveTarget,
			"insurance_floor",
		)?;
		let shares =
			[self.pool_share, self.insurance_share, self.treasury_share, self.staker_share];
		let sum = shares.iter().try_fold(Ratio::ZERO, |sum, share| sum.checked_add(*share));
		ensure(sum == Ok(Ratio::ONE), Rule::SharesNotOne, "pool_share")
	}
}
