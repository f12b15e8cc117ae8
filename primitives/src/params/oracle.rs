//! Rules of the price feed, per underlying.

use super::group;
use crate::{
	time::{DAY, HOUR, MINUTE},
	Moment, Ratio,
};

group! {
	/// When an operators' median becomes an accepted tick, and how long it may be used.
	pub struct OracleRules {
		/// Whether only spot is fed: the asset is collateral, and no options can be listed on it.
		pub spot_only: bool,
		/// Age above which a spot price is stale, in seconds of market time.
		pub spot_age_max: Moment,
		/// Age above which a volatility is stale, in seconds of market time.
		pub volatility_age_max: Moment,
		/// Least number of operators with a fresh value.
		pub operators_min: u32,
		/// Age above which an operator's raw value no longer counts, in seconds of market time.
		pub raw_age_max: Moment,
		/// Greatest deviation of spot from the last accepted value in one tick.
		pub spot_deviation_max: Ratio,
		/// Greatest relative deviation of a volatility from the last accepted value in one tick.
		pub volatility_deviation_max: Ratio,
		/// Consecutive full-quorum rounds outside the band that confirm a new level.
		pub confirming_rounds: u32,
		/// Period of the clock on which realised volatility samples spot, in seconds of market
		/// time.
		pub sample_period: Moment,
		/// Length of the settlement window before expiry, in seconds of market time.
		pub settlement_window: Moment,
		/// Share of the settlement window that must be covered by fresh prices.
		pub settlement_coverage: Ratio,
		/// Time after expiry from which on a settlement price that no window has given may be set by
		/// governance, in seconds of market time.
		pub settlement_overdue: Moment,
	}
}

impl Default for OracleRules {
	fn default() -> Self {
		Self {
			spot_only: false,
			spot_age_max: 2 * MINUTE,
			volatility_age_max: HOUR,
			operators_min: 3,
			raw_age_max: 2 * MINUTE,
			spot_deviation_max: Ratio::from_percent(10),
			volatility_deviation_max: Ratio::from_percent(50),
			confirming_rounds: 3,
			sample_period: 5 * MINUTE,
			settlement_window: 30 * MINUTE,
			settlement_coverage: Ratio::from_percent(80),
			settlement_overdue: DAY,
		}
	}
}
