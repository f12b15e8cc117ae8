//! Rules of [`LiquidationRules`].

use super::{ensure, limits, percent, seconds, whole, Group, Limit, Rule, Step, Violation};
use ballast_primitives::{
	params::LiquidationRules,
	time::{DAY, MINUTE},
};

/// Shares: a fifth of the value in force, or one per cent.
const SHARE: Step = Step::by(20, percent(1));
/// Lengths of time: half of the value in force, or a minute.
const TIME: Step = Step::by(50, seconds(MINUTE));
/// Amounts may double or fall to nothing over several changes.
const AMOUNT: Step = Step::by(100, whole(1));

impl Group for LiquidationRules {
	const LIMITS: &'static [Limit<Self>] = limits! { LiquidationRules but [];
		compensation_start: percent(0) => percent(100), SHARE;
		compensation_fast: percent(1) => percent(100), SHARE;
		fast_length: seconds(MINUTE) => seconds(DAY), TIME;
		full_length: seconds(2 * MINUTE) => seconds(7 * DAY), TIME;
		buffer: percent(1) => percent(100), SHARE;
		penalty: percent(0) => percent(50), SHARE;
		keeper_share: percent(0) => percent(100), SHARE;
		keeper_reward_min: whole(0) => whole(1_000), AMOUNT;
		keeper_rewards_per_block: whole(0) => whole(100_000), AMOUNT;
		dust: 0 => whole(1_000), AMOUNT;
		whole_below_equity: whole(0) => whole(100_000), AMOUNT;
		bid_share_min: percent(0) => percent(50), SHARE;
		takeover_after: seconds(MINUTE) => seconds(7 * DAY), TIME;
		// At least one: liquidation must not need a keeper.
		idle_checks: 1 => 10_000, Step::by(100, 1);
	};

	fn ensure_consistent(&self) -> Result<(), Violation> {
		ensure(self.penalty < self.buffer, Rule::PenaltyNotBelowBuffer, "penalty")?;
		ensure(
			self.compensation_start <= self.compensation_fast,
			Rule::CompensationFalls,
			"compensation_start",
		)?;
		ensure(self.fast_length < self.full_length, Rule::FastPartNotShorter, "fast_length")?;
		ensure(
			self.keeper_reward_min <= self.keeper_rewards_per_block,
			Rule::RewardAboveBlockLimit,
			"keeper_reward_min",
		)?;
		ensure(self.dust <= self.whole_below_equity, Rule::DustAboveWholeAccount, "dust")
	}
}
