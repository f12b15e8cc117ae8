//! What validators and their nominators earn: newly issued BLST, era by era.
//!
//! The chain issues [`INFLATION`] a year, whatever is staked: the less is staked, the more each stake
//! earns. Stakers have [`STAKERS_SHARE`] of it, split by what each validator has authored, the treasury
//! has the rest. Fees of transactions are the author's besides.

use crate::Balance;
use sp_runtime::{Perbill, Perquintill};

/// What is issued in a year, as a share of all there is when an era ends.
pub const INFLATION: Perbill = Perbill::from_percent(6);
/// The stakers' share of it. The treasury has the rest.
pub const STAKERS_SHARE: Perbill = Perbill::from_percent(85);
/// A year of 365.25 days, in milliseconds.
pub const MILLISECS_PER_YEAR: u64 = 31_557_600_000;

/// Pays a year's share by the clock. An era never pays more than a year, however long the chain stood
/// still. Both amounts are rounded down.
pub struct Inflation;
impl pallet_staking::EraPayout<Balance> for Inflation {
	fn era_payout(_: Balance, issuance: Balance, era_millisecs: u64) -> (Balance, Balance) {
		let of_the_year = Perquintill::from_rational(era_millisecs, MILLISECS_PER_YEAR);
		let issued = of_the_year.mul_floor(INFLATION.mul_floor(issuance));
		let to_stakers = STAKERS_SHARE.mul_floor(issued);
		(to_stakers, issued.saturating_sub(to_stakers))
	}
}
