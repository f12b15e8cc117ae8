//! Rules of trades between two accounts.

use super::group;
use crate::{time::WEEK, Moment, Ratio, Volatility};

group! {
	/// How far from mark two accounts may trade, and what an offer costs and how long it lives.
	pub struct TradeRules {
		/// Half the width of the collar as a share of mark; the widest of three counts.
		pub collar_share: Ratio,
		/// The same as a move of volatility: 0.02 is two points.
		pub collar_volatility: Volatility,
		/// The same as a share of spot: what an option that is worth next to nothing may be traded at.
		pub collar_tick: Ratio,
		/// Longest life of an offer, in seconds of market time.
		pub offer_life_max: Moment,
		/// Held of a maker for each offer, in the smallest unit of the native token.
		pub offer_deposit: u128,
	}
}

impl Default for TradeRules {
	/// A tenth of mark, two points of volatility or a basis point of spot; a week; 0.216 tokens (12
	/// decimals), which is what the chain asks for two storage items and the 160 bytes of an offer.
	fn default() -> Self {
		Self {
			collar_share: Ratio::from_percent(10),
			collar_volatility: Volatility::from_percent(2),
			collar_tick: Ratio::from_basis_points(1),
			offer_life_max: WEEK,
			offer_deposit: 216_000_000_000,
		}
	}
}
