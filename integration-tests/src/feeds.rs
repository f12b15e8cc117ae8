//! What the oracle's operators feed.

use crate::{calls, Actor};
use ballast_primitives::{
	Correlation, Price, Rate, Ratio, SliceQuote, SurfaceQuote, UnderlyingId, Volatility, TENORS,
	TENOR_DAYS,
};
use ballast_runtime::{genesis::accounts::OPERATORS, RuntimeCall};
use std::collections::{BTreeMap, BTreeSet};

/// Blocks between two feeds of volatilities: half a day.
const VOLATILITY_EVERY: u32 = 24;

/// The operators and the market that they see. They feed every block, volatilities now and then.
pub struct Feeds {
	operators: Vec<Actor>,
	spot: BTreeMap<UnderlyingId, Price>,
	volatility: BTreeMap<UnderlyingId, [Volatility; TENORS]>,
	silent: BTreeSet<UnderlyingId>,
	/// How many operators feed; nobody if zero.
	pub active: usize,
	/// Whether surfaces have a skew, carry and a rate, or are flat.
	pub skewed: bool,
	volatility_fed_in: Option<u32>,
}

impl Default for Feeds {
	fn default() -> Self {
		let operators: Vec<Actor> = OPERATORS.iter().map(Actor::named).collect();
		Self {
			active: operators.len(),
			skewed: false,
			operators,
			spot: BTreeMap::new(),
			volatility: BTreeMap::new(),
			silent: BTreeSet::new(),
			volatility_fed_in: None,
		}
	}
}

impl Feeds {
	/// Sets spot; operators feed it from the next block on.
	pub fn set(&mut self, underlying: UnderlyingId, spot: Price) {
		self.spot.insert(underlying, spot);
	}

	/// Spot as the operators see it.
	pub fn spot(&self, underlying: UnderlyingId) -> Price {
		self.spot[&underlying]
	}

	/// Sets volatility, the same at every tenor.
	pub fn set_volatility(&mut self, underlying: UnderlyingId, volatility: Volatility) {
		self.set_term_structure(underlying, [volatility; TENORS]);
	}

	/// Sets the volatility of each tenor.
	pub fn set_term_structure(
		&mut self,
		underlying: UnderlyingId,
		volatility: [Volatility; TENORS],
	) {
		self.volatility.insert(underlying, volatility);
		self.volatility_fed_in = None;
	}

	/// The surface with these volatilities at the money. The wings of the skewed one rise with the root of
	/// time, as steep as 0.6 standard deviations: a slice and the next one never cross.
	fn surface(&self, volatilities: &[Volatility; TENORS]) -> SurfaceQuote {
		let mut surface = SurfaceQuote { tenors: volatilities.map(SliceQuote::flat) };
		if self.skewed {
			for (slice, days) in surface.tenors.iter_mut().zip(TENOR_DAYS) {
				let sigma = slice.volatility.into_inner() as f64 / 1e18;
				let deviation = sigma * (f64::from(days) / 365.0).sqrt();
				slice.rho = Correlation::from_percent(-30);
				slice.psi = Ratio::from_inner((0.6 * deviation * 1e18) as u128);
				slice.carry = Rate::from_basis_points(500);
				slice.rate = Rate::from_basis_points(800);
			}
		}
		surface
	}

	/// Nobody feeds this underlying any more.
	pub fn silence(&mut self, underlying: UnderlyingId) {
		self.silent.insert(underlying);
	}

	/// Everybody feeds this underlying again.
	pub fn resume(&mut self, underlying: UnderlyingId) {
		self.silent.remove(&underlying);
		self.volatility_fed_in = None;
	}

	/// The operators.
	pub fn operators(&self) -> &[Actor] {
		&self.operators
	}

	/// The calls with which operators feed in this block. Operators differ by a basis point, and
	/// the one in the middle is right.
	pub fn calls(&mut self, block: u32) -> Vec<(Actor, RuntimeCall)> {
		let spot: Vec<_> = self.spot.iter().filter(|(id, _)| !self.silent.contains(id)).collect();
		let volatility: Vec<_> = self
			.volatility
			.iter()
			.filter(|(id, _)| !self.silent.contains(id))
			.map(|(id, volatility)| (*id, self.surface(volatility)))
			.collect();
		let due = self.volatility_fed_in.is_none_or(|last| block >= last + VOLATILITY_EVERY);
		let mut feeds = Vec::new();
		for (place, operator) in self.operators.iter().take(self.active).enumerate() {
			if !spot.is_empty() {
				let seen = spot.iter().map(|(id, price)| (**id, seen_by(place, **price))).collect();
				feeds.push((operator.clone(), calls::feed_spot(seen)));
			}
			if due && !volatility.is_empty() {
				feeds.push((operator.clone(), calls::feed_volatility(volatility.clone())));
			}
		}
		feeds
	}

	/// Tells that what was fed in this block is in it.
	pub fn fed(&mut self, block: u32) {
		let due = self.volatility_fed_in.is_none_or(|last| block >= last + VOLATILITY_EVERY);
		if due {
			self.volatility_fed_in = Some(block);
		}
	}
}

/// Spot as the operator in this place sees it: two, one and no basis points below, then above.
fn seen_by(place: usize, price: Price) -> Price {
	let points = 10_000 + place as u128 - 2;
	Price::from_inner(price.into_inner() / 10_000 * points)
}
