//! Liquidation rules.

use super::group;
use crate::{
	time::{HOUR, MINUTE},
	Moment, Ratio, Usd,
};

group! {
	/// The auction's curve, who is paid for what, and when the pool takes over.
	pub struct LiquidationRules {
		/// The bidder's compensation at the start, as a share of the requirement it takes over.
		pub compensation_start: Ratio,
		/// The compensation at the end of the fast part.
		pub compensation_fast: Ratio,
		/// Length of the fast part, in seconds of market time.
		pub fast_length: Moment,
		/// Time after which the compensation is the whole requirement, in seconds of market time.
		pub full_length: Moment,
		/// Buffer `b`: an auction ends when equity is `b` times the requirement above it.
		pub buffer: Ratio,
		/// Penalty `pi`, as a share of the requirement that is taken over.
		pub penalty: Ratio,
		/// The keeper's share of the penalty; the rest goes to the insurance fund.
		pub keeper_share: Ratio,
		/// Least reward of a keeper for starting an auction by a signed call, from the insurance
		/// fund.
		pub keeper_reward_min: Usd,
		/// Most that the insurance fund pays to keepers in one block.
		pub keeper_rewards_per_block: Usd,
		/// Excess over the buffer within which an auction counts as ended.
		pub dust: Usd,
		/// Equity below which a bid may take the whole account.
		pub whole_below_equity: Usd,
		/// Least share of what an auction offers that one bid takes: dust bids would make every
		/// other bid out of date, and put off the pool's takeover, for the price of a fee.
		pub bid_share_min: Ratio,
		/// Time without a bid after which the mutual pool takes the remainder, in seconds of
		/// market time.
		pub takeover_after: Moment,
		/// Accounts re-checked in `on_idle` per block, at most.
		pub idle_checks: u32,
	}
}

impl Default for LiquidationRules {
	fn default() -> Self {
		Self {
			compensation_start: Ratio::from_percent(2),
			compensation_fast: Ratio::from_percent(15),
			fast_length: 15 * MINUTE,
			full_length: 2 * HOUR,
			buffer: Ratio::from_percent(15),
			penalty: Ratio::from_percent(5),
			keeper_share: Ratio::from_percent(10),
			keeper_reward_min: Usd::from_int(5),
			keeper_rewards_per_block: Usd::from_int(50),
			dust: Usd::from_inner(10_000_000_000_000_000),
			whole_below_equity: Usd::from_int(100),
			bid_share_min: Ratio::from_percent(5),
			takeover_after: HOUR,
			idle_checks: 20,
		}
	}
}
