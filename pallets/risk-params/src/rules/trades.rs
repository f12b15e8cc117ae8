//! Rules of [`TradeRules`].

use super::{limits, percent, points, seconds, Group, Limit, Step, Violation, TOKEN};
use ballast_primitives::{
	params::TradeRules,
	time::{DAY, HOUR, MINUTE},
};

/// Widths of the collar: half of the value in force, or a tenth of a per cent.
const WIDTH: Step = Step::by(50, points(10));

impl Group for TradeRules {
	const LIMITS: &'static [Limit<Self>] = limits! { TradeRules but [];
		// Below one: the collar is what keeps equity from being carried away by a trade.
		collar_share: percent(1) => percent(50), WIDTH;
		collar_volatility: points(10) => percent(20), WIDTH;
		// Below the least requirement of a short option, which is five basis points: see `ensure_spread`.
		collar_tick: 0 => points(4), Step::by(50, points(1));
		offer_life_max: seconds(HOUR) => seconds(90 * DAY), Step::by(50, seconds(10 * MINUTE));
		// Never nothing: whoever fills the book of offers must run out of deposits first.
		offer_deposit: TOKEN / 100 => TOKEN.saturating_mul(1_000), Step::by(100, TOKEN / 100);
	};

	/// Its fields do not bind each other: the widest term of the collar counts.
	fn ensure_consistent(&self) -> Result<(), Violation> {
		Ok(())
	}
}
