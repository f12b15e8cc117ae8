//! Barone-Adesi and Whaley (1987), "Efficient analytic approximation of American option values": the
//! European value plus a premium `A (S/S*)^q` that solves the equation of the premium with its time
//! derivative left out, where `S*` is the critical price.
//!
//! With `e = 1` for a call and `-1` for a put, `N = 2b/sigma^2`, `M/k = 2r / (sigma^2 (1 - exp(-rT)))`,
//! `q = (1 - N + e sqrt((N - 1)^2 + 4 M/k)) / 2`, `D = 1 - exp((b-r)T) Phi(e d1(S*))` and
//! `E = 1 - exp(-rT) Phi(e d2(S*))`, the condition of equal value and slope at `S* = K e^y` is
//!
//! ```text
//! G(y) = e^y D (1 - 1/q) - E = 0,    G'(y) = e^y D (1 - 1/q) + exp(-rT) phi(d2) / (|q| v)
//! ```
//!
//! and the premium `K E / |q - 1| (S/S*)^q`. `M/k` has a limit at `r = 0`, so nothing divides by zero.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "the operators of `Real` are checked; the shifts are by constants"
)]

use super::{
	market::Spread,
	normal::{cdf, density},
	real::Real,
};
use crate::{black76::Kind, kernels::mantissa::Mantissa};

/// The critical price of a call is searched up to e^44 times the strike, that of a put down to the strike over
/// e^20, where the terms of `G` are still well above their rounding. One beyond is out of reach.
const CALL_SPAN: Real = Real::from_bits(44 << 64);
const PUT_SPAN: Real = Real::from_bits(20 << 64);
/// Bisection of the span down to 2^-60 takes 66 steps; Newton's are taken only where each is below half the
/// one before, so there are at most as many of them.
const STEPS_MAX: u32 = 140;

/// Interest, carry and life of the option as it is (not as the call that it mirrors).
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
	pub(super) kind: Kind,
	pub(super) rate: Real,
	pub(super) carry: Real,
	pub(super) years: Real,
	/// exp(-r T)
	pub(super) discount: Real,
	/// exp((b - r) T)
	pub(super) spot_discount: Real,
}

/// The critical price and the premium there, of one option at one volatility.
#[derive(Clone, Copy, Debug)]
pub(super) struct Critical {
	/// `ln(S*/K)`.
	log: Real,
	/// `|q|`.
	exponent: Real,
	/// The premium at the critical price over the strike.
	premium: Mantissa,
	kind: Kind,
}

/// `G`, `G'` (both over `e^y` for a call) and `E`.
struct Trial {
	gap: Real,
	slope: Real,
	strike_part: Real,
}

/// What the search needs of the exponent.
struct Equation<'a> {
	terms: &'a Terms,
	spread: &'a Spread,
	/// `1 - 1/q` and `1/(|q| v)`.
	share: Real,
	per_slope: Real,
}

impl Critical {
	/// The critical price, searched from `start` (its logarithm over the strike). `None` where there is
	/// none in the span: the premium is nothing there.
	pub(super) fn new(terms: &Terms, spread: &Spread, start: Real) -> Option<Self> {
		let (exponent, distance) = exponents(terms, spread);
		let inverse = exponent.recip();
		let equation = Equation {
			terms,
			spread,
			// 1 - 1/q is (q - 1)/q for a call and (|q| + 1)/|q| for a put
			share: distance * inverse,
			per_slope: inverse * spread.inverse,
		};
		let log = equation.root(start)?;
		let strike_part = equation.trial(log).strike_part.at_least(Real::ZERO);
		let distance = distance.magnitude().reciprocal()?;
		let critical = Self {
			log,
			exponent,
			premium: strike_part.magnitude().times(distance),
			kind: terms.kind,
		};
		(!(log + exponent + strike_part).is_lost()).then_some(critical)
	}

	/// The logarithm of the critical price over the strike.
	#[cfg(test)]
	pub(super) const fn log(&self) -> Real {
		self.log
	}

	/// Whether exercise is due at a spot of this logarithm over the strike.
	pub(super) fn is_reached(&self, log: Real) -> bool {
		match self.kind {
			Kind::Call => log.bits() >= self.log.bits(),
			Kind::Put => log.bits() <= self.log.bits(),
		}
	}

	/// The premium over the strike at a spot of this logarithm over the strike, not beyond the critical one.
	pub(super) fn premium(&self, log: Real) -> Mantissa {
		let power = self.exponent * (log - self.log).abs();
		if power.is_lost() {
			return Mantissa::ZERO;
		}
		let decay = crate::kernels::exponential::exp_minus(power.bits().unsigned_abs());
		self.premium.times(decay)
	}
}

/// `(|q|, |q - 1|)`, each without cancellation.
fn exponents(terms: &Terms, spread: &Spread) -> (Real, Real) {
	let interest = terms.rate * terms.years;
	let annuity = terms.years * Real::mean_discount(interest);
	// M/k and N - 1
	let pull = (spread.inverse_variance * annuity.recip()).double();
	let tilt = (terms.carry * spread.inverse_variance).double();
	let lean = tilt - Real::ONE;
	let root = (lean * lean + pull.double().double()).sqrt();
	let (along, against) = match terms.kind {
		Kind::Call => (root - lean, root + lean),
		Kind::Put => (root + lean, root - lean),
	};
	// the two roots' product is -M/k
	let exponent =
		if against.bits() > along.bits() { pull.double() * against.recip() } else { along.half() };
	let distance = match terms.kind {
		Kind::Put => exponent + Real::ONE,
		Kind::Call if lean.bits() <= -Real::ONE.double().bits() => exponent - Real::ONE,
		// (q - 1) (1 - other root) = M/k - N
		Kind::Call => (pull - tilt) * (Real::ONE + against.half()).recip(),
	};
	(exponent, distance)
}

impl Equation<'_> {
	fn trial(&self, y: Real) -> Trial {
		let Terms { kind, discount, spot_discount, carry, years, .. } = *self.terms;
		let centre = (y + carry * years) * self.spread.inverse;
		let half = self.spread.deviation.half();
		let (d1, d2) = (centre + half, centre - half);
		let (spot_part, strike_part) = match kind {
			Kind::Call => (cdf(d1), cdf(d2)),
			Kind::Put => (cdf(-d1), cdf(-d2)),
		};
		let spot_part = (Real::ONE - spot_discount * spot_part) * self.share;
		let strike_part = Real::ONE - discount * strike_part;
		let curve = discount * density(d2) * self.per_slope;
		let (gap, slope) = match kind {
			Kind::Call => {
				let scale = (-y).exp();
				(spot_part - scale * strike_part, spot_part + scale * curve)
			}
			Kind::Put => {
				let spot_part = y.exp() * spot_part;
				(spot_part - strike_part, spot_part + curve)
			}
		};
		Trial { gap, slope, strike_part }
	}

	/// Newton's steps within a bracket that is halved whenever a step leaves it, or is not below half the
	/// step before. `None` where the bracket's outer end is on the wrong side.
	fn root(&self, start: Real) -> Option<Real> {
		let (mut low, mut high) = match self.terms.kind {
			Kind::Call => (Real::ZERO, CALL_SPAN),
			Kind::Put => (-PUT_SPAN, Real::ZERO),
		};
		let outer = self.trial(if low.is_negative() { low } else { high }).gap;
		if outer.is_negative() != low.is_negative() || outer.bits() == 0 || outer.is_lost() {
			return None;
		}
		let step_min = (self.spread.deviation.bits() >> 36).max(16);
		let mut y = start.at_least(low).at_most(high);
		let mut longest = (high - low).bits();
		for _ in 0..STEPS_MAX {
			let trial = self.trial(y);
			if trial.gap.is_negative() {
				low = y;
			} else {
				high = y;
			}
			let step = trial.gap * trial.slope.recip();
			let newton = y - step;
			let inside = newton.bits() > low.bits() && newton.bits() < high.bits();
			let next = if !newton.is_lost()
				&& inside && trial.slope.is_positive()
				&& step.bits().abs() <= longest
			{
				newton
			} else {
				(low + high).half()
			};
			let moved = (next - y).abs();
			longest = moved.bits() >> 1;
			y = next;
			if moved.bits() <= step_min {
				break;
			}
		}
		Some(y)
	}
}
