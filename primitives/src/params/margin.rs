//! Margin rules common to every underlying.

use super::group;
use crate::Ratio;
use alloc::vec::Vec;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::ConstU32;
use sp_runtime::{BoundedVec, FixedI128};

/// Most scenarios in a set.
pub const MAX_SCENARIOS: u32 = 40;

/// How spot moves in a scenario.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum SpotMove {
	/// By a multiple of the scan range: -1 is one scan range down.
	ScanRanges(FixedI128),
	/// To a multiple of today's spot: 0.34 is a fall to 34% of it.
	Multiple(Ratio),
}

/// How volatility moves in a scenario.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum VolMove {
	/// Up.
	Up,
	/// Not at all.
	None,
	/// Down.
	Down,
}

/// One scenario: a joint move of spot and volatility and the share of its loss that counts.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct ScenarioRule {
	/// How spot moves.
	pub spot: SpotMove,
	/// How volatility moves.
	pub volatility: VolMove,
	/// Share of the loss that counts.
	pub weight: Ratio,
}

/// The scenarios over which the worst loss is taken.
pub type ScenarioSet = BoundedVec<ScenarioRule, ConstU32<MAX_SCENARIOS>>;

group! {
	/// Rules of the margin requirement.
	pub struct MarginRules {
		/// Initial scan margin over the scan loss: 1.25 is a quarter more. At least one.
		pub initial_factor: Ratio,
		/// Share of what one bucket of expiries gains and another loses when only one volatility
		/// rises, that is required.
		pub vol_term: Ratio,
		/// What net long option value of an expiry counts for at expiry, as a share of it.
		pub long_value: Ratio,
		/// Rate a year by which it is discounted on top of the interest rate.
		pub long_value_rate: Ratio,
		/// Agreement of the operators' prices (one less their dispersion) below which notional is
		/// charged.
		pub confidence_threshold: Ratio,
		/// Share of notional charged per unit of disagreement then.
		pub confidence_slope: Ratio,
		/// Price of the quote currency below which initial margin is raised.
		pub depeg_threshold: Ratio,
		/// What is added to `initial_factor` per unit of price below it.
		pub depeg_slope: Ratio,
		/// Share of the smaller of two underlyings' losses that is given back when one's worst
		/// scenario is a rise and the other's a fall; at most 20%.
		pub diversification: Ratio,
		/// The scenarios.
		pub scenarios: ScenarioSet,
	}
}

/// Damped tails with volatility up: spot multiple and weight, in basis points.
const TAILS: [(u32, u32); 8] = [
	(3_400, 1_680),
	(6_700, 3_360),
	(15_000, 2_220),
	(20_000, 1_110),
	(30_000, 550),
	(40_000, 370),
	(50_000, 280),
	(60_000, 220),
];

impl Default for MarginRules {
	/// 21 scenarios (spot 0, +-1/3, +-2/3, +-1 scan ranges; volatility up, unmoved, down), two
	/// scan ranges at weight 1/3 with volatility up, and eight damped tails.
	fn default() -> Self {
		let thirds = |n: i128| {
			FixedI128::from_inner(n.saturating_mul(1_000_000_000_000_000_000).saturating_div(3))
		};
		let mut set = Vec::new();
		for n in [0i128, 1, -1, 2, -2, 3, -3] {
			for volatility in [VolMove::Up, VolMove::None, VolMove::Down] {
				let spot = SpotMove::ScanRanges(thirds(n));
				set.push(ScenarioRule { spot, volatility, weight: Ratio::ONE });
			}
		}
		for n in [6i128, -6] {
			set.push(ScenarioRule {
				spot: SpotMove::ScanRanges(thirds(n)),
				volatility: VolMove::Up,
				weight: Ratio::from_inner(333_333_333_333_333_333),
			});
		}
		for (multiple, weight) in TAILS {
			set.push(ScenarioRule {
				spot: SpotMove::Multiple(Ratio::from_basis_points(multiple)),
				volatility: VolMove::Up,
				weight: Ratio::from_basis_points(weight),
			});
		}
		Self {
			initial_factor: Ratio::from_percent(125),
			vol_term: Ratio::from_percent(35),
			long_value: Ratio::from_percent(95),
			long_value_rate: Ratio::from_percent(16),
			confidence_threshold: Ratio::from_percent(95),
			confidence_slope: Ratio::ONE,
			depeg_threshold: Ratio::from_percent(98),
			depeg_slope: Ratio::from_percent(400),
			diversification: Ratio::ZERO,
			scenarios: BoundedVec::truncate_from(set),
		}
	}
}
