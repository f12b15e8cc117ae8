//! A bound from above that holds, unlike the approximations: the premium as the income from exercise,
//!
//! ```text
//! V = European + int_0^T [ q S exp(-q t) Phi(d1) - r K exp(-r t) Phi(d2) ] dt,
//! d1 = (ln(S / B(T - t)) + (b + sigma^2/2) t) / (sigma sqrt t),    d2 = d1 - sigma sqrt t
//! ```
//!
//! (Kim 1990; Jacka 1991; Carr, Jarrow and Myneni 1992) for the option as a call. With the true boundary `B`
//! it is the value. With a boundary that is too low it is more than the value, as long as exercise
//! there has an income, `q B >= r K`: the added region only adds income. Where the European option is worth
//! less than exercise no holder waits, and where it is worth more every holder does: the price at which
//! the two are equal is below the true boundary, and so is every one of Newton's steps towards it from
//! below, since the difference is concave. Two to six steps are taken.
//!
//! The integral is taken in `sqrt t` by eight Gauss-Legendre nodes; their error, below 1e-4 max(S, K), is
//! far below the bound's own distance from the value (measured in the cross-check). Where the spot drifts
//! towards the boundary by more than four deviations the income sets in too suddenly for eight nodes,
//! and half the largest node's is added.
#![allow(clippy::arithmetic_side_effects, reason = "the operators of `Real` are checked")]

use super::{
	market::{Market, Spread},
	normal::cdf,
	real::Real,
};

/// Drifts of more deviations than this are strong.
const STRONG: Real = Real::from_bits(4 << 64);
const STEPS_MAX: usize = 6;
/// A step of a 1024th ends the search for a node's boundary.
const STEP_MIN: Real = Real::from_bits(1 << 54);

/// Nodes `z` in (0, 1) of time `t = z^2 T`, from the last to the first, so that the boundaries rise:
/// `z`, and the weight times `2 z`.
#[rustfmt::skip]
const NODES: [(u64, u64); 8] = [
	(18_080_482_646_549_436_928, 1_830_260_793_733_747_866),
	(16_571_323_347_331_217_515, 3_685_148_028_240_872_240),
	(14_070_552_970_937_946_066, 4_414_025_978_160_085_143),
	(10_915_257_989_039_604_965, 3_958_787_064_015_775_123),
	(7_531_486_084_669_946_651, 2_731_547_867_649_582_567),
	(4_376_191_102_771_605_550, 1_372_840_232_571_133_114),
	(1_875_420_726_378_334_101, 417_058_001_167_312_891),
	(366_261_427_160_114_688, 37_076_108_171_042_671),
];

/// One node, all that does not depend on the spot.
#[derive(Clone, Copy, Debug)]
struct Node {
	/// `b t / (sigma sqrt t) - ln(B/K) / (sigma sqrt t) + sigma sqrt(t) / 2`.
	offset: Real,
	/// `1 / (sigma sqrt t)` and `sigma sqrt t`.
	inverse: Real,
	deviation: Real,
	/// Weighted `q exp(-q t)` and `r exp(-r t)`.
	income: Real,
	interest: Real,
}

impl Node {
	fn is_lost(&self) -> bool {
		(self.offset + self.inverse + self.deviation + self.income + self.interest).is_lost()
	}
}

/// The income from exercise of one option at one volatility.
#[derive(Clone, Copy, Debug)]
pub(super) struct Income {
	nodes: [Node; 8],
	/// Half the largest weighted income of a node where the drift is strong, else zero; and `d1` at expiry
	/// against the boundary there, which is the highest.
	allowance: Real,
	last: Node,
}

/// The European call over the strike with part of the life ahead, against exercise.
struct Waiting {
	inverse: Real,
	deviation: Real,
	drift: Real,
	spot: Real,
	strike: Real,
}

impl Income {
	/// `None` where exercise is out of reach: the premium is nothing there.
	pub(super) fn new(market: &Market, spread: &Spread) -> Option<Self> {
		let mut boundary = market.boundary_at_expiry()?;
		let horizon = horizon(market, spread);
		let horizon_squared = horizon * horizon;
		let nodes = NODES.map(|(z, weight)| {
			let z = Real::from_fraction(z) * horizon;
			let square = z * z;
			let (elapsed, ahead) = (market.years * square, market.years * (Real::ONE - square));
			let rest = (Real::ONE - square).sqrt();
			boundary = Waiting::new(market, ahead, spread.deviation * rest).boundary(boundary);
			let deviation = spread.deviation * z;
			let inverse = spread.inverse * z.recip();
			let weight = Real::from_fraction(weight) * horizon_squared * market.years;
			Node {
				offset: (market.carry * elapsed - boundary.ln()) * inverse + deviation.half(),
				inverse,
				deviation,
				income: weight * market.yield_ * (-(market.yield_ * elapsed)).exp(),
				interest: weight * market.rate * (-(market.rate * elapsed)).exp(),
			}
		});
		let start = market.boundary_at_expiry()?;
		let drift = market.drift(spread);
		let last = Node {
			offset: drift - start.ln() * spread.inverse + spread.deviation.half(),
			inverse: spread.inverse,
			deviation: spread.deviation,
			income: Real::ZERO,
			interest: Real::ZERO,
		};
		let largest = nodes.iter().fold(Real::ZERO, |most, node| most.at_least(node.income));
		let is_strong = drift.bits() > STRONG.bits();
		let allowance = if is_strong { largest.half() } else { Real::ZERO };
		let lost = nodes.iter().chain([&last]).any(Node::is_lost) || allowance.is_lost();
		(!lost).then_some(Self { nodes, allowance, last })
	}

	/// The bound on the premium over the strike at `x = S/K`, never negative.
	pub(super) fn premium(&self, x: Real, log: Real) -> Real {
		let mut sum = Real::ZERO;
		if self.allowance.is_positive() {
			sum = x * self.allowance * cdf(log * self.last.inverse + self.last.offset);
		}
		for node in &self.nodes {
			let d1 = log * node.inverse + node.offset;
			let d2 = d1 - node.deviation;
			sum = sum + x * node.income * cdf(d1) - node.interest * cdf(d2);
		}
		sum.at_least(Real::ZERO)
	}
}

/// The share of the life (its square root) that exercise can fall into: a spot at the boundary that drifts
/// away from it by nine deviations does not come back. `d1 <= (b + sigma^2/2) sqrt(t) / sigma` below the
/// boundary.
fn horizon(market: &Market, spread: &Spread) -> Real {
	const NINE: Real = Real::from_bits(9 << 64);
	let drift = market.drift(spread) + spread.deviation.half();
	if drift.is_negative() {
		(NINE * (-drift).recip()).at_most(Real::ONE)
	} else {
		Real::ONE
	}
}

impl Waiting {
	fn new(market: &Market, years: Real, deviation: Real) -> Self {
		Self {
			inverse: deviation.recip(),
			deviation,
			drift: market.carry * years,
			spot: (-(market.yield_ * years)).exp(),
			strike: (-(market.rate * years)).exp(),
		}
	}

	/// A price at most where exercise is worth as much as the European call, and at least `start`.
	fn boundary(&self, start: Real) -> Real {
		const REACH: Real = Real::from_bits(1 << 84);
		let mut price = start;
		for _ in 0..STEPS_MAX {
			let d1 = (price.ln() + self.drift) * self.inverse + self.deviation.half();
			let slope = Real::ONE - self.spot * cdf(d1);
			let gap = price * slope - (Real::ONE - self.strike * cdf(d1 - self.deviation));
			if !gap.is_negative() || !slope.is_positive() {
				break;
			}
			let next = price - gap * slope.recip();
			if next.is_lost() || next.bits() > REACH.bits() {
				break;
			}
			let step = next - price;
			price = next;
			if step.bits() <= (price * STEP_MIN).bits() {
				break;
			}
		}
		price
	}
}
