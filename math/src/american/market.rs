//! The option seen as a call: Bjerksund and Stensland's symmetry
//! `P(S, K, T, r, b, sigma) = C(K, S, T, r - b, -b, sigma)`.
#![allow(clippy::arithmetic_side_effects, reason = "the operators of `Real` are checked")]

use super::real::Real;
use crate::black76::Kind;

/// Interest `rate`, `carry` and `yield_ = rate - carry` of the call that the option is, per year. For a put
/// the rate is the underlying's yield and may be negative; the yield is the interest rate and is not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Market {
	pub(super) rate: Real,
	pub(super) carry: Real,
	pub(super) yield_: Real,
	pub(super) years: Real,
}

/// The volatility over the option's life.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
	pub(super) volatility: Real,
	/// 1 / sigma^2
	pub(super) inverse_variance: Real,
	/// v = sigma sqrt(T)
	pub(super) deviation: Real,
	/// 1 / v
	pub(super) inverse: Real,
}

impl Market {
	pub(super) fn new(kind: Kind, rate: Real, carry: Real, years: Real) -> Self {
		let dividend = rate - carry;
		match kind {
			Kind::Call => Self { rate, carry, yield_: dividend, years },
			Kind::Put => Self { rate: dividend, carry: -carry, yield_: rate, years },
		}
	}

	/// Exercise before expiry never gains: what it would earn, the yield, is nothing (or costs), and what
	/// it would cost, interest on the strike, is not negative.
	pub(super) fn is_european(&self) -> bool {
		!self.yield_.is_positive() && !self.rate.is_negative()
	}

	/// Where exercise begins to pay just before expiry, over the strike: `max(1, rate / yield)`. `None`
	/// where that is out of reach (beyond 2^20).
	pub(super) fn boundary_at_expiry(&self) -> Option<Real> {
		const REACH: Real = Real::from_bits(1 << 84);
		if self.rate.bits() <= self.yield_.bits() {
			return Some(Real::ONE);
		}
		let start = self.rate * self.yield_.recip();
		(!start.is_lost() && start.bits() <= REACH.bits()).then_some(start.at_least(Real::ONE))
	}

	/// `b t / v`, the drift of the forward in deviations.
	pub(super) fn drift(&self, spread: &Spread) -> Real {
		self.carry * self.years * spread.inverse
	}
}
