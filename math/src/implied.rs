//! Implied volatility: the volatility at which Black-76 gives a price.

use crate::{
	black76::{Deviation, Kind, Moneyness, Prepared},
	error::MathError,
	fixed::Q64,
	kernels::{logarithm::ln_mantissa, mantissa::Mantissa, root::sqrt_mantissa},
};

/// The range searched: 0.01 to 10.
const LOWEST: Q64 = Q64::from_bits((1 << 64) / 100);
const HIGHEST: Q64 = Q64::from_int(10);
/// A step of `sigma sqrt(T)` this small (2^-59), or a price within this many units of the target (2^-60),
/// ends the search: the price's own rounding can be as large.
const STEP_MIN: u64 = 32;
const DISTANCE_MIN: u128 = 16;
/// Bisection alone needs 68 steps from the width of the range to one unit, and at most as many of Newton's
/// are taken, since each is below half the one before.
const STEPS_MAX: u32 = 140;

/// The volatility (1.00 is 100% in a square-root year) at which [`crate::black76::price`] is `price`.
///
/// Arguments and ranges as there; `years` at least one second. `OutOfDomain` outside them.
/// `NoConvergence` where the price is outside the no-arbitrage bounds, needs a volatility outside
/// [0.01, 10], or (at an in-the-money price equal to parity) has no time value left.
///
/// Error: at most 1e-12 where well conditioned, that is 1e-17 + (error of the price, 1.4e-18 max(F, K) and
/// whatever error `price` itself carries) / vega: the best that any method can do.
///
/// Method: the out-of-the-money price, by parity if need be, from the inflection point
/// `v = sqrt(2 |ln(F/K)|)` (Manaster and Koehler 1982), where Newton's steps converge from either side:
/// on the price above it and on the price's logarithm below. A bracket is kept, and halved whenever a step
/// leaves it or is not below half the step before (at the price's own rounding Newton's steps would go to
/// and fro for ever). Used for quotes and tests, not in margin.
pub fn implied_volatility(
	price: Q64,
	forward: Q64,
	strike: Q64,
	years: Q64,
	discount: Q64,
	kind: Kind,
) -> Result<Q64, MathError> {
	Prepared::new(strike, years, discount)?.implied_volatility(price, forward, kind)
}

impl Prepared {
	/// [`implied_volatility`] for these contract terms.
	pub fn implied_volatility(
		&self,
		price: Q64,
		forward: Q64,
		kind: Kind,
	) -> Result<Q64, MathError> {
		if self.time().is_over() {
			return Err(MathError::OutOfDomain);
		}
		let money = self.at_forward(forward)?;
		let target = self.time_value(&money, price, kind)?;
		let per_root = self.time().root().reciprocal().ok_or(MathError::DivisionByZero)?;
		Search { series: self, money, target, per_root }.run()
	}

	/// The out-of-the-money price, undiscounted and over the smaller of forward and strike.
	fn time_value(&self, money: &Moneyness, price: Q64, kind: Kind) -> Result<Mantissa, MathError> {
		let value = if money.is_out_of_the_money(kind) {
			price
		} else {
			price.checked_sub(money.intrinsic()).ok_or(MathError::Overflow)?
		};
		if !value.is_positive() {
			return Err(MathError::NoConvergence);
		}
		let scale = money
			.smaller()
			.times(Mantissa::from_q64(self.discount()))
			.reciprocal()
			.ok_or(MathError::DivisionByZero)?;
		Ok(Mantissa::from_q64(value).times(scale))
	}
}

/// A search for the volatility that gives `target`.
struct Search<'a> {
	series: &'a Prepared,
	money: Moneyness,
	target: Mantissa,
	/// 1 / sqrt(T)
	per_root: Mantissa,
}

/// Where a trial volatility stands.
struct Trial {
	/// The price is below the target: more volatility is needed.
	below: bool,
	/// Newton's step, as a magnitude in 64 fractional bits; `None` where the slope is nothing.
	step: Option<u128>,
	/// The price is the target up to its rounding.
	met: bool,
}

impl Search<'_> {
	fn run(&self) -> Result<Q64, MathError> {
		let inflection = self.inflection()?;
		let (mut low, mut high) = (LOWEST, HIGHEST);
		if !self.trial(low, inflection)?.below || self.trial(high, inflection)?.below {
			return self.at_end();
		}
		let step_min = Mantissa::new(STEP_MIN, 0).times(self.per_root).to_fixed(64);
		let step_min = step_min.ok_or(MathError::Overflow)?.max(STEP_MIN.into());
		let mut sigma = inflection;
		let mut last = u128::MAX;
		for _ in 0..STEPS_MAX {
			let trial = self.trial(sigma, inflection)?;
			if trial.met {
				return Ok(sigma);
			}
			if trial.below {
				low = sigma;
			} else {
				high = sigma;
			}
			let next = next(sigma, &trial, low, high, last >> 1)?;
			last = next.to_bits().abs_diff(sigma.to_bits());
			sigma = next;
			if last <= step_min {
				return Ok(sigma);
			}
		}
		Err(MathError::NoConvergence)
	}

	/// The price of a volatility at the end of the range is met up to rounding, or it is not.
	fn at_end(&self) -> Result<Q64, MathError> {
		for end in [LOWEST, HIGHEST] {
			let value = self.value(&self.series.at_volatility(end)?);
			let (_, distance) = difference(value, self.target);
			// the price's own bound, relative to the smaller of forward and strike
			if distance < 1 << 8 {
				return Ok(end);
			}
		}
		Err(MathError::NoConvergence)
	}

	/// `sqrt(2 |ln(F/K)| / T)`, within the range.
	fn inflection(&self) -> Result<Q64, MathError> {
		let root = sqrt_mantissa(self.money.log().scaled(1));
		let sigma = root.times(self.per_root).to_q64(false).unwrap_or(HIGHEST);
		Ok(sigma.clamp(LOWEST, HIGHEST))
	}

	fn value(&self, deviation: &Deviation) -> Mantissa {
		Prepared::out_of_the_money(&self.money, deviation)
	}

	/// Compares the price at `sigma` with the target and takes Newton's step: on the logarithm below
	/// the inflection point, where the price is log-concave, on the price itself above it.
	fn trial(&self, sigma: Q64, inflection: Q64) -> Result<Trial, MathError> {
		let deviation = self.series.at_volatility(sigma)?;
		let value = self.value(&deviation);
		let slope = deviation.slope(&self.money).times(self.series.time().root());
		let (Some(per_slope), Some(per_target)) = (slope.reciprocal(), self.target.reciprocal())
		else {
			return Ok(Trial { below: true, step: None, met: false });
		};
		if value.is_zero() {
			return Ok(Trial { below: true, step: None, met: false });
		}
		if sigma < inflection {
			let (below, distance) = ln_mantissa(value.times(per_target));
			let step = distance.times(value).times(per_slope).to_fixed(64);
			return Ok(Trial { below, step, met: false });
		}
		let (below, distance) = difference(value, self.target);
		let step = Mantissa::from_u128(distance, 64).times(per_slope).to_fixed(64);
		Ok(Trial { below, step, met: distance <= DISTANCE_MIN })
	}
}

/// `(a is below b, |a - b|)` in 64 fractional bits, for values below 2^63.
fn difference(a: Mantissa, b: Mantissa) -> (bool, u128) {
	let a = a.to_fixed(64).unwrap_or(u128::MAX);
	let b = b.to_fixed(64).unwrap_or(u128::MAX);
	(a < b, a.abs_diff(b))
}

/// Newton's step if it stays inside the bracket and is at most `longest`, the bracket's middle otherwise.
fn next(sigma: Q64, trial: &Trial, low: Q64, high: Q64, longest: u128) -> Result<Q64, MathError> {
	let stepped = trial.step.filter(|step| *step <= longest).and_then(|step| {
		let step = Q64::from_bits(i128::try_from(step).ok()?);
		if trial.below {
			sigma.checked_add(step)
		} else {
			sigma.checked_sub(step)
		}
	});
	match stepped {
		Some(next) if (low..=high).contains(&next) => Ok(next),
		_ => {
			let width = high.checked_sub(low).ok_or(MathError::Overflow)?;
			low.checked_add(Q64::from_bits(width.to_bits() >> 1)).ok_or(MathError::Overflow)
		}
	}
}
