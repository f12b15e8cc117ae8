//! Accepted prices and volatilities, with their age and quality.

use crate::{arithmetic, Moment, Price, Ratio, SurfaceQuote};
use ballast_math::{
	fixed::{Rounding, Q64},
	surface::Surface,
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::ArithmeticError;

/// Largest quotient of strike and forward, either way, that a surface tells apart.
const MONEYNESS_MAX: i64 = 1_000;

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

/// What is known of a settlement price while its window is open: it will be
/// `fixed + share x (average of what is left of the window)`.
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
pub struct Averaging {
	/// The part that is known, in quote currency.
	pub fixed: Price,
	/// The share of the window that is left, in [0, 1]. Rounded up, `fixed` down.
	pub share: Ratio,
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
	/// Accepted volatility surface, with carry and rate.
	pub volatility: SurfaceQuote,
	/// Market time at which the surface was accepted.
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

	/// Volatility of an option at a strike, `years` before its expiry (years of 365 days). Strikes
	/// beyond a thousand times the forward, or a thousandth of it, have the volatility there.
	/// [`ArithmeticError::Overflow`] above 9.2e18.
	pub fn volatility_at(&self, strike: Price, years: Q64) -> Result<Q64, ArithmeticError> {
		let nodes = self.volatility.nodes()?;
		let surface = Surface::new(&nodes).map_err(arithmetic)?;
		let forward = surface.forward(self.spot.to_q64()?, years).map_err(arithmetic)?;
		Self::volatility_on(&surface, strike, forward, years)
	}

	/// The same on its surface made ready, with the forward price known.
	pub(crate) fn volatility_on(
		surface: &Surface<'_>,
		strike: Price,
		forward: Q64,
		years: Q64,
	) -> Result<Q64, ArithmeticError> {
		let strike = within_moneyness(strike.to_q64()?, forward)?;
		surface.volatility(strike, forward, years).map_err(arithmetic)
	}

	/// Forward price `years` from now, `spot e^(carry years)`. [`ArithmeticError::Overflow`] above
	/// 9.2e18.
	pub fn forward(&self, years: Q64) -> Result<Q64, ArithmeticError> {
		let nodes = self.volatility.nodes()?;
		let surface = Surface::new(&nodes).map_err(arithmetic)?;
		surface.forward(self.spot.to_q64()?, years).map_err(arithmetic)
	}

	/// What one unit of quote currency paid in `years` is worth today, `e^(-rate years)`.
	pub fn discount(&self, years: Q64) -> Result<Q64, ArithmeticError> {
		let nodes = self.volatility.nodes()?;
		let surface = Surface::new(&nodes).map_err(arithmetic)?;
		surface.discount(years).map_err(arithmetic)
	}
}

/// The strike, held within the range of moneyness that a surface has.
fn within_moneyness(strike: Q64, forward: Q64) -> Result<Q64, ArithmeticError> {
	let most = Q64::from_int(MONEYNESS_MAX);
	let least = forward.checked_div(most, Rounding::Ceil).ok_or(ArithmeticError::Overflow)?;
	// a forward so high that a thousand times it does not fit is no bound on the strike
	let highest = forward.checked_mul(most, Rounding::Floor).unwrap_or(Q64::MAX);
	Ok(strike.clamp(least, highest))
}
