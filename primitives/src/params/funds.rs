//! Rules of the insurance fund, the loss waterfall, and what becomes of revenue.

use super::group;
use crate::{time::DAY, Moment, Ratio, Usd};

group! {
	/// How much the insurance fund shall have, what an event window may use of it and of the pool, and
	/// who receives the clearing house's revenue once it has that much.
	pub struct FundRules {
		/// What the insurance fund shall have: below it all revenue stays with it.
		pub insurance_target: Usd,
		/// What it keeps for losses: keepers are paid only from what it has beyond.
		pub insurance_floor: Usd,
		/// Most of the insurance fund's balance at the opening of an event window that the window
		/// may use.
		pub insurance_window_cap: Ratio,
		/// The same for the pool's net asset value.
		pub pool_window_cap: Ratio,
		/// Time after the last deficit at which an event window closes, in seconds of market time.
		pub window_length: Moment,
		/// Deficit beyond the insurance fund below which withdrawals are not blocked.
		pub deficit_dust: Usd,
		/// Share of the revenue beyond the target that is the mutual pool's.
		pub pool_share: Ratio,
		/// The insurance fund's, which also keeps what rounding leaves.
		pub insurance_share: Ratio,
		/// The treasury's.
		pub treasury_share: Ratio,
		/// The stakers'. The four shares are one together.
		pub staker_share: Ratio,
	}
}

impl Default for FundRules {
	/// A fall by a third within minutes, as DOT's of 10 October 2025, costs up to 13% of spot a contract
	/// beyond initial margin: half a million at DOT's cap on open interest and 4 dollars. The target is
	/// twice that.
	fn default() -> Self {
		Self {
			insurance_target: Usd::from_int(1_000_000),
			insurance_floor: Usd::ZERO,
			insurance_window_cap: Ratio::from_percent(60),
			pool_window_cap: Ratio::from_percent(20),
			window_length: DAY,
			deficit_dust: Usd::from_int(1),
			pool_share: Ratio::from_percent(30),
			insurance_share: Ratio::from_percent(20),
			treasury_share: Ratio::from_percent(20),
			staker_share: Ratio::from_percent(30),
		}
	}
}
