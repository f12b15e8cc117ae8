//! What a vault knows at the start of a round: the last close and a surface, and from them marks and deltas.

use crate::{
	history::History,
	number::{magnitude_e18, math, q, q_of_e18, Failure},
};
use ballast_math::{
	black76::{Kind, Prepared, TimeToExpiry, SECONDS_PER_YEAR},
	surface::{is_admissible, Node, Slice, Surface},
	MathError, Rounding, Q64,
};

/// Where volatility comes from.
pub enum Volatility {
	/// The same always.
	Flat(f64),
	/// The same always: what the whole history realised.
	Realised(f64),
	/// An index of 30-day volatility, in per cent.
	Index(History),
}

/// The smile of the 30-day slice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Smile {
	pub rho: f64,
	pub psi: f64,
}

pub struct Market {
	pub prices: History,
	pub volatility: Volatility,
	smile: Smile,
}

/// One moment of it, with options that expire at another.
pub struct Quotes {
	/// Spot in 18 decimals; the forward is the same, and nothing is discounted.
	pub spot: u128,
	/// Volatility at the money.
	pub volatility: f64,
	node: Node,
	time: TimeToExpiry,
	years: Q64,
}

impl Market {
	/// Refuses a smile that allows arbitrage at the flat volatility.
	pub fn new(prices: History, volatility: Volatility, smile: Smile) -> Result<Self, Failure> {
		let market = Self { prices, volatility, smile };
		if let Volatility::Flat(level) | Volatility::Realised(level) = market.volatility {
			market.node(level)?;
		}
		Ok(market)
	}

	/// The tenor of 30 days at a volatility.
	fn node(&self, volatility: f64) -> Result<Node, Failure> {
		let years = Q64::from_ratio(30, 365, Rounding::Nearest).ok_or("overflow")?;
		let theta = q(volatility * volatility * 30.0 / 365.0);
		let slice = Slice { theta, rho: q(self.smile.rho), psi: q(self.smile.psi) };
		let node = Node { years, slice, carry: Q64::ZERO, rate: Q64::ZERO };
		if !node.is_in_range() {
			return Err(format!("volatility {volatility:.4} or its smile is out of range"));
		}
		if !is_admissible(&[slice]) {
			return Err(format!("the smile allows arbitrage at volatility {volatility:.4}"));
		}
		Ok(node)
	}

	/// `None` if there is no close or no volatility that is recent.
	pub fn quotes(&self, now: u64, expiry: u64) -> Result<Option<Quotes>, Failure> {
		let volatility = match &self.volatility {
			Volatility::Flat(level) | Volatility::Realised(level) => Some(*level),
			Volatility::Index(index) => index.at(now).map(|index| index / 100.0),
		};
		let (Some(spot), Some(volatility)) = (self.prices.at(now), volatility) else {
			return Ok(None);
		};
		let seconds = expiry - now;
		Ok(Some(Quotes {
			spot: crate::number::e18(spot),
			volatility,
			node: self.node(volatility)?,
			time: TimeToExpiry::from_seconds(seconds).map_err(math)?,
			years: Q64::from_ratio(seconds.into(), SECONDS_PER_YEAR.into(), Rounding::Nearest)
				.ok_or("overflow")?,
		}))
	}
}

impl Quotes {
	/// The option of a strike, and its volatility on the surface.
	fn option(&self, strike: Q64, spot: Q64) -> Result<(Prepared, Q64), MathError> {
		let nodes = [self.node];
		let volatility = Surface::new(&nodes)?.volatility(strike, spot, self.years)?;
		Ok((Prepared::with_time(strike, self.time, Q64::ONE)?, volatility))
	}

	/// Magnitude of a strike's delta, in 18 decimals.
	pub fn delta(&self, kind: Kind, strike: u128) -> Result<u128, Failure> {
		let spot = q_of_e18(self.spot)?;
		let (option, volatility) = self.option(q_of_e18(strike)?, spot).map_err(math)?;
		let greeks = option.greeks(spot, volatility, kind).map_err(math)?;
		magnitude_e18(greeks.delta).map_err(math)
	}

	/// Mark of one contract, in 18 decimals, rounded down.
	pub fn mark(&self, kind: Kind, strike: u128) -> Result<u128, Failure> {
		let spot = q_of_e18(self.spot)?;
		let (option, volatility) = self.option(q_of_e18(strike)?, spot).map_err(math)?;
		magnitude_e18(option.price(spot, volatility, kind).map_err(math)?).map_err(math)
	}
}
