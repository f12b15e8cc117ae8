//! Bjerksund and Stensland's lower bounds: the exact value of the rule "exercise at the first touch of a
//! flat boundary" (1993, "Closed-form approximation of American options") and of a boundary that steps
//! down once (2002, "Closed form valuation of American options"). The holder may follow a better rule, so
//! the American option is worth at least as much.
//!
//! Everything is in units of the strike, and logarithms in units of `v = sigma sqrt(T)`: with
//! `delta_g = (b/sigma^2 + g - 1/2) v` the drift of the logarithm under the measure of `S^g`, the two
//! functions of the papers are, with `h = ln(H/S)/v` and `l_i = ln(I_i/S)/v`,
//!
//! ```text
//! phi(S, T, g, H, I)          S^g exp(lambda T) [ Phi(h - delta) - exp(2 delta l) Phi(h - 2 l - delta) ]
//! psi(S, T, g, H, I2, I1, t1) S^g exp(lambda T) [ four bivariate terms ]
//! lambda = -r + g b + g (g - 1) sigma^2 / 2, which is 0 at g = beta, -r at 0 and b - r at 1
//! ```
//!
//! and every product of an exponential and a probability is computed as one, bounded by one.
#![allow(clippy::arithmetic_side_effects, reason = "the operators of `Real` are checked")]

use super::{
	bivariate::{tilted, Correlation, INV_RHO, RHO, RHO_SQUARED},
	market::{Market, Spread},
	normal::{below, tilted_cdf},
	real::Real,
};

/// The flat boundary is used up to drifts of this many deviations, and boundaries up to this many away:
/// beyond, the European and the intrinsic value remain, bounds as well, and all but exact there.
const FLAT_DRIFT_MAX: Real = Real::from_bits(64 << 64);
const FLAT_REACH_MAX: Real = Real::from_bits(256 << 64);
/// The same of the stepping one, which keeps the bivariate function within its range.
const STEP_DRIFT_MAX: Real = Real::from_bits(8 << 64);
const STEP_REACH_MAX: Real = Real::from_bits(24 << 64);

/// The boundaries of one option at one volatility, and what follows from them alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boundary {
	/// The flat boundary (1993), and the stepping one (2002) before and after its step.
	flat: Level,
	early: Level,
	late: Level,
	/// The drift is small enough for the stepping boundary.
	steps: bool,
	/// beta of the papers, times v: `S^beta` over a distance of `l` deviations is `exp(-beta v l)`.
	beta_deviation: Real,
	/// delta at g = beta, 1 and 0.
	drift_beta: Real,
	drift_one: Real,
	drift_zero: Real,
	/// 1 / v
	inverse: Real,
	/// exp(-r t) and exp((b - r) t) at the step and at expiry.
	at_step: Discounts,
	at_expiry: Discounts,
}

#[derive(Clone, Copy, Debug)]
struct Level {
	/// The boundary over the strike, less one: what exercise there pays.
	gain: Real,
	log: Real,
}

#[derive(Clone, Copy, Debug)]
struct Discounts {
	strike: Real,
	spot: Real,
}

impl Boundary {
	/// `None` where the formula does not apply: see [`FLAT_DRIFT_MAX`].
	pub(super) fn new(market: &Market, spread: &Spread) -> Option<Self> {
		let start = market.boundary_at_expiry()?;
		let drift = market.drift(spread);
		if drift.is_lost() || drift.abs().bits() > FLAT_DRIFT_MAX.bits() {
			return None;
		}
		let tilt = market.carry * spread.inverse_variance;
		let half = Real::ONE.half();
		let shifted = tilt - half;
		let root = (shifted * shifted + (market.rate * spread.inverse_variance).double()).sqrt();
		let beyond = beta_less_one(market, spread, tilt, root);
		// 1 / (perpetual boundary - boundary at expiry)
		let scale = Real::ONE - (start - Real::ONE) * beyond;
		if !scale.is_positive() {
			return None;
		}
		let per_room = beyond * scale.recip();
		let root_years = spread.deviation * spread.volatility.recip();
		// the push off the boundary at expiry grows with the volatility; 1993 it is times that boundary,
		// 2002 over it
		let level = |share: Real, root_share: Real, factor: Real| {
			let push = market.carry * market.years * share
				+ (spread.volatility * root_years * root_share).double();
			let push = push.at_least(Real::ZERO) * factor;
			let gain = (start - Real::ONE) + push * Real::mean_discount(push * per_room);
			Level { gain, log: (gain + Real::ONE).ln() }
		};
		let inverse = start.recip();
		let late = level(RHO_SQUARED, RHO, inverse);
		let early = level(Real::ONE, Real::ONE, inverse);
		// a strong negative carry bends the boundary: the rule needs one that does not rise
		let early = if early.gain.bits() < late.gain.bits() { late } else { early };
		let v = spread.deviation;
		let boundary = Self {
			flat: level(Real::ONE, Real::ONE, start),
			early,
			late,
			steps: drift.abs().bits() <= STEP_DRIFT_MAX.bits(),
			beta_deviation: (beyond + Real::ONE) * v,
			drift_beta: root * v,
			drift_one: (tilt + half) * v,
			drift_zero: shifted * v,
			inverse: spread.inverse,
			at_step: Discounts::new(market, market.years * RHO_SQUARED),
			at_expiry: Discounts::new(market, market.years),
		};
		(!boundary.is_lost()).then_some(boundary)
	}

	fn is_lost(&self) -> bool {
		let levels =
			self.flat.log + self.early.log + self.late.log + self.beta_deviation + self.inverse;
		let drifts = self.drift_beta + self.drift_one + self.drift_zero;
		let discounts =
			self.at_step.strike + self.at_step.spot + self.at_expiry.strike + self.at_expiry.spot;
		(levels + drifts + discounts).is_lost()
	}

	/// The logarithm of the boundary (over the strike) with the whole life ahead.
	pub(super) const fn log(&self) -> Real {
		self.early.log
	}

	/// The value over the strike of exercise at a flat boundary (1993), at `x = S/K`. `None` beyond reach.
	pub(super) fn flat(&self, x: Real, log: Real) -> Option<Real> {
		let l = (self.flat.log - log) * self.inverse;
		if !l.is_positive() {
			return Some(x - Real::ONE);
		}
		let to_strike = -(log * self.inverse);
		if l.bits() > FLAT_REACH_MAX.bits() {
			return None;
		}
		let touch = |drift: Real, h: Real| reach(drift, h, l, Real::ONE, Real::ONE);
		let held = |drift: Real| touch(drift, l) - touch(drift, to_strike);
		let exercised = Real::ONE - touch(self.drift_beta, l);
		Some(
			self.flat.gain * self.power(l) * exercised
				+ self.at_expiry.spot * x * held(self.drift_one)
				- self.at_expiry.strike * held(self.drift_zero),
		)
	}

	/// The value over the strike of exercise at the stepping boundary (2002), at `x = S/K`. `None`
	/// beyond reach.
	pub(super) fn stepping(&self, x: Real, log: Real) -> Option<Real> {
		let early = (self.early.log - log) * self.inverse;
		if !early.is_positive() {
			return Some(x - Real::ONE);
		}
		let late = (self.late.log - log) * self.inverse;
		if !self.steps || late.bits() > STEP_REACH_MAX.bits() {
			return None;
		}
		let to_strike = -(log * self.inverse);
		let before = |drift: Real, h: Real| reach(drift, h, early, RHO, INV_RHO);
		let path = Path { early, late };
		// exercised at the first boundary, at the step, at the second boundary, at expiry
		let first = Real::ONE - before(self.drift_beta, early);
		let at_step = |drift: Real| before(drift, early) - before(drift, late);
		let second = before(self.drift_beta, late) - path.survives(self.drift_beta, late);
		let at_expiry = |drift: Real| path.survives(drift, late) - path.survives(drift, to_strike);
		Some(
			self.early.gain * self.power(early) * first
				+ self.at_step.spot * x * at_step(self.drift_one)
				- self.at_step.strike * at_step(self.drift_zero)
				+ self.late.gain * self.power(late) * second
				+ self.at_expiry.spot * x * at_expiry(self.drift_one)
				- self.at_expiry.strike * at_expiry(self.drift_zero),
		)
	}

	/// `(S / I)^beta` for a boundary `l` deviations above the spot.
	fn power(&self, l: Real) -> Real {
		let exponent = -(self.beta_deviation * l);
		if below(exponent, super::normal::EXPONENT_MIN) {
			Real::ZERO
		} else {
			exponent.exp()
		}
	}
}

impl Discounts {
	fn new(market: &Market, years: Real) -> Self {
		Self { strike: (-(market.rate * years)).exp(), spot: (-(market.yield_ * years)).exp() }
	}
}

/// `beta - 1` without cancellation: `beta` is the positive root of
/// `sigma^2 b (b - 1) / 2 + carry b = rate`, and the other root gives
/// `beta - 1 = 2 yield / (sigma^2 (1 - other))`.
fn beta_less_one(market: &Market, spread: &Spread, tilt: Real, root: Real) -> Real {
	let lifted = tilt + Real::ONE.half();
	if lifted.is_positive() {
		(market.yield_ * spread.inverse_variance).double() * (lifted + root).recip()
	} else {
		root - lifted
	}
}

/// The probability that the logarithm ends below `h` without having touched `l`, after the share of the life
/// whose root is `root`: `Phi(h/root - root delta) - exp(2 delta l) Phi((h - 2 l)/root - root delta)`.
fn reach(drift: Real, h: Real, l: Real, root: Real, inverse_root: Real) -> Real {
	let shift = drift * root;
	let direct = tilted_cdf(Real::ZERO, h * inverse_root - shift);
	let image = tilted_cdf((drift * l).double(), (h - l.double()) * inverse_root - shift);
	direct - image
}

/// Distances to the boundary before and after the step, in deviations.
struct Path {
	early: Real,
	late: Real,
}

impl Path {
	/// The probability that the logarithm touches neither boundary and ends below `h`.
	fn survives(&self, drift: Real, h: Real) -> Real {
		let (early, late) = (self.early, self.late);
		let shift = drift * RHO;
		let near = late * INV_RHO;
		let far = (early.double() - late) * INV_RHO;
		let direct = tilted(Real::ZERO, near - shift, h - drift, Correlation::Plus);
		let image = tilted(
			(drift * early).double(),
			-far - shift,
			h - early.double() - drift,
			Correlation::Plus,
		);
		let late_image = tilted(
			(drift * late).double(),
			near + shift,
			h - late.double() - drift,
			Correlation::Minus,
		);
		let both = tilted(
			(drift * (late - early)).double(),
			shift - far,
			h + (early - late).double() - drift,
			Correlation::Minus,
		);
		direct - image - late_image + both
	}
}
