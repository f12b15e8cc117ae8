//! Rules of option vaults.

use super::group;
use crate::{time::DAY, Moment, Ratio, Usd};

group! {
	/// Bounds within which managers set up their vaults, and what a vault costs.
	pub struct VaultRules {
		/// Held of a manager for each vault, in the smallest unit of the native token.
		pub bond: u128,
		/// Least deposit into a vault, at the last price of its asset.
		pub deposit_min: Usd,
		/// Highest management fee, as a share a year of what was locked.
		pub management_fee_max: Ratio,
		/// Highest performance fee, as a share of what the price per share rose above its high-water mark.
		pub performance_fee_max: Ratio,
		/// The treasury's share of both fees; the rest is the manager's.
		pub treasury_share: Ratio,
		/// Least delta of a call or a put (its magnitude) that a strike rule may aim at.
		pub delta_min: Ratio,
		/// Greatest delta.
		pub delta_max: Ratio,
		/// Least distance of a strike from spot, out of the money, as a share of spot.
		pub distance_min: Ratio,
		/// Greatest distance.
		pub distance_max: Ratio,
		/// Lowest reserve price of a premium auction, as a share of mark.
		pub reserve_min: Ratio,
		/// Highest price at which a premium auction starts, as a share of mark.
		pub start_max: Ratio,
		/// Shortest premium auction, in seconds of market time.
		pub auction_min: Moment,
		/// Longest.
		pub auction_max: Moment,
		/// Shortest life of a round's options after its auction, in seconds of market time.
		pub life_min: Moment,
	}
}

impl Default for VaultRules {
	/// A bond of a hundred tokens (12 decimals); deposits from ten dollars; at most 2% a year and 20% of
	/// gains, a fifth of which is the treasury's; deltas of 0.15 to 0.35 or strikes 2% to 50% out of the
	/// money; auctions of 10 minutes to 4 hours from at most three times mark down to no less than 90%,
	/// of options that live a day or longer.
	fn default() -> Self {
		Self {
			bond: 100_000_000_000_000,
			deposit_min: Usd::from_int(10),
			management_fee_max: Ratio::from_percent(2),
			performance_fee_max: Ratio::from_percent(20),
			treasury_share: Ratio::from_percent(20),
			delta_min: Ratio::from_percent(15),
			delta_max: Ratio::from_percent(35),
			distance_min: Ratio::from_percent(2),
			distance_max: Ratio::from_percent(50),
			reserve_min: Ratio::from_percent(90),
			start_max: Ratio::from_percent(300),
			auction_min: 600,
			auction_max: 14_400,
			life_min: DAY,
		}
	}
}
