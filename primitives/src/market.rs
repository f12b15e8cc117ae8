//! Accepted prices and volatilities, with their age and quality.

use crate::{arithmetic, Moment, Price, Ratio, Volatility};
use ballast_math::{
	fixed::{Rounding, Q64},
	surface,
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::ArithmeticError;

/// Tenors at which operators quote volatility, in days.
pub const TENOR_DAYS: [u32; 6] = [7, 14, 30, 60, 90, 180];

/// Days in the year of every formula (ACT/365).
const DAYS_IN_YEAR: i128 = 365;

/// At-the-money volatility at each of [`TENOR_DAYS`]: what an operator feeds, and what is accepted
/// (component-wise median).
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct SurfaceQuote {
	/// One volatility per tenor.
	pub tenors: [Volatility; 6],
}

impl SurfaceQuote {
	/// The same volatility at every tenor.
	pub const fn flat(volatility: Volatility) -> Self {
		Self { tenors: [volatility; 6] }
	}

	/// At-the-money volatility at a time to expiry in years: total variance is linear in time
	/// between tenors, volatility is flat below the first, forward variance above the last
	/// ([`surface::volatility`] has the rules). [`ArithmeticError::Underflow`] if a volatility is
	/// outside the domain of pricing, [0.01, 10].
	pub fn at_years(&self, years: Q64) -> Result<Q64, ArithmeticError> {
		let mut tenors = [Q64::ZERO; TENOR_DAYS.len()];
		for (tenor, days) in tenors.iter_mut().zip(TENOR_DAYS) {
			*tenor = Q64::from_ratio(i128::from(days), DAYS_IN_YEAR, Rounding::Nearest)
				.ok_or(ArithmeticError::Overflow)?;
		}
		let mut vols = [Q64::ZERO; TENOR_DAYS.len()];
		for (vol, quoted) in vols.iter_mut().zip(self.tenors) {
			*vol = quoted.to_q64()?;
		}
		surface::volatility(&tenors, &vols, years).map_err(arithmetic)
	}
}

/// How far spot moves in the scenario grid, as a share of spot.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
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
pub struct ScanRange {
	/// For maintenance margin; follows its target at a bounded speed.
	pub maintenance: Ratio,
	/// For initial margin; never below the range of maintenance margin.
	pub initial: Ratio,
}

/// Whether an underlying's market may be used for trades and liquidations.
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
)]
pub enum Quality {
	/// Fresh, with a full quorum, inside the band.
	Good,
	/// The last accepted spot price or volatility is older than the governed age.
	Stale,
	/// Fewer operators than the quorum have fed a fresh value.
	TooFewOperators,
	/// The newest value is outside the band of the circuit breaker and is not confirmed yet.
	Unconfirmed,
}

/// The market of one underlying: this block's accepted tick.
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
)]
pub struct MarketState {
	/// Accepted spot price.
	pub spot: Price,
	/// Market time at which spot was accepted.
	pub spot_at: Moment,
	/// Accepted volatilities by tenor.
	pub volatility: SurfaceQuote,
	/// Market time at which the volatilities were accepted.
	pub volatility_at: Moment,
	/// Operators behind the spot price.
	pub operators: u32,
	/// `(highest - lowest) / median` of the operators' spot prices.
	pub dispersion: Ratio,
	/// Whether it may be used now.
	pub quality: Quality,
	/// How far spot moves in the scenario grid.
	pub scan: ScanRange,
}

impl MarketState {
	/// Whether trades, transfers and bids on this underlying are allowed.
	pub const fn is_usable(&self) -> bool {
		matches!(self.quality, Quality::Good)
	}

	/// Volatility of an option at a strike, `years` before its expiry (years of 365 days).
	///
	/// The surface is flat in strike: operators quote at-the-money volatility by tenor. The strike
	/// is asked for all the same, so that a surface with a smile changes nothing for its users.
	pub fn volatility_at(&self, _strike: Price, years: Q64) -> Result<Q64, ArithmeticError> {
		self.volatility.at_years(years)
	}

	/// Forward price `years` from now. Operators quote no carry, so it is the spot price.
	/// [`ArithmeticError::Overflow`] above 9.2e18.
	pub fn forward(&self, _years: Q64) -> Result<Q64, ArithmeticError> {
		self.spot.to_q64()
	}

	/// What one unit of quote currency paid in `years` is worth today. Operators quote no rate, so
	/// it is one.
	pub fn discount(&self, _years: Q64) -> Result<Q64, ArithmeticError> {
		Ok(Q64::ONE)
	}
}
