//! Rules of the mutual pool.

use super::group;
use crate::{
	time::{DAY, HOUR},
	Moment, Ratio, Usd, Volatility,
};

group! {
	/// What the pool charges, and how much risk it takes.
	pub struct PoolRules {
		/// Least spread on either side of mark, as a share of mark.
		pub spread_of_mark: Ratio,
		/// Least spread in volatility: this many points times vega.
		pub spread_of_volatility: Volatility,
		/// Least spread as a share of spot.
		pub spread_of_spot: Ratio,
		/// Worst scenario loss of the pool's book, as a share of its capital.
		pub stress_cap: Ratio,
		/// Least |delta| that the pool quotes.
		pub delta_min: Ratio,
		/// Greatest |delta| that the pool quotes.
		pub delta_max: Ratio,
		/// Time before expiry at which the pool stops quoting, in seconds of market time.
		pub quote_until: Moment,
		/// Time between the request of a withdrawal and its payment, in seconds of market time.
		pub cooldown: Moment,
		/// Least deposit.
		pub deposit_min: Usd,
		/// Virtual offset `v` of the share price: makes first-depositor inflation unprofitable.
		pub virtual_offset: Usd,
		/// Largest requirement that the pool takes over from auctions, as a share of its capital.
		pub takeover_cap: Ratio,
	}
}

impl Default for PoolRules {
	fn default() -> Self {
		Self {
			spread_of_mark: Ratio::from_percent(2),
			spread_of_volatility: Volatility::from_percent(1),
			spread_of_spot: Ratio::from_basis_points(3),
			stress_cap: Ratio::from_percent(50),
			delta_min: Ratio::from_percent(3),
			delta_max: Ratio::from_percent(97),
			quote_until: HOUR,
			cooldown: 7 * DAY,
			deposit_min: Usd::from_int(10),
			virtual_offset: Usd::from_int(1_000),
			takeover_cap: Ratio::from_percent(25),
		}
	}
}
