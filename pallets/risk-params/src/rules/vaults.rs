//! Rules of [`VaultRules`].

use super::{ensure, limits, percent, seconds, whole, Group, Limit, Rule, Step, Violation, TOKEN};
use ballast_primitives::{
	params::VaultRules,
	time::{DAY, HOUR, MINUTE},
};

/// Amounts may double or fall to the least over several changes.
const AMOUNT: Step = Step::by(100, whole(1));
/// Fees: half of the value in force, or one per cent.
const FEE: Step = Step::by(50, percent(1));
/// Shares and deltas: a fifth of the value in force, or one per cent.
const SHARE: Step = Step::by(20, percent(1));
/// Distances and the start of an auction: half of the value in force, or five per cent.
const DISTANCE: Step = Step::by(50, percent(5));
/// Lengths of time: half of the value in force, or five minutes.
const TIME: Step = Step::by(50, seconds(5 * MINUTE));

impl Group for VaultRules {
	const LIMITS: &'static [Limit<Self>] = limits! { VaultRules but [];
		// Never nothing: whoever opens vaults without end must run out of bonds first.
		bond: TOKEN => TOKEN.saturating_mul(1_000_000), Step::by(100, TOKEN);
		deposit_min: whole(1) => whole(1_000_000), AMOUNT;
		management_fee_max: percent(0) => percent(10), FEE;
		performance_fee_max: percent(0) => percent(50), FEE;
		treasury_share: percent(0) => percent(100), SHARE;
		delta_min: percent(1) => percent(60), SHARE;
		delta_max: percent(1) => percent(60), SHARE;
		distance_min: percent(0) => percent(300), DISTANCE;
		distance_max: percent(0) => percent(300), DISTANCE;
		// What protects depositors from a manager who sells to friends; at most mark itself.
		reserve_min: percent(90) => percent(100), Step::by(0, percent(2));
		// At least mark: no auction starts below where the highest reserve may be.
		start_max: percent(100) => percent(1_000), DISTANCE;
		auction_min: seconds(5 * MINUTE) => seconds(DAY), TIME;
		auction_max: seconds(5 * MINUTE) => seconds(DAY), TIME;
		// As long as a listed series must live at least.
		life_min: seconds(HOUR) => seconds(7 * DAY), TIME;
	};

	fn ensure_consistent(&self) -> Result<(), Violation> {
		let between = |holds, field| ensure(holds, Rule::VaultBoundsCross, field);
		between(self.delta_min <= self.delta_max, "delta_min")?;
		between(self.distance_min <= self.distance_max, "distance_min")?;
		between(self.auction_min <= self.auction_max, "auction_min")
	}
}
