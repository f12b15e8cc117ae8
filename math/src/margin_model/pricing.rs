//! What one contract is worth at any forward and any volatility.
//!
//! Other venues' shocks leave the domain of Black-76 (a volatility of 3,000%, a strike of one on
//! a forward of 100,000), so arguments are brought into it:
//!
//! - the price depends on `sigma` and `T` through `v = sigma sqrt(T)` alone, so a volatility outside
//!   [0.01, 10] or a time above three years is exchanged for the pair inside with the same `v`. `v` above
//!   17.3 counts as 17.3, where a call is worth `D F` and a put `D K` to 1e-15 of the larger of
//!   forward and strike; `v` below 1.8e-6 counts as zero, which is off by at most `0.4 v D F`;
//! - `F > 1000 K`: the put as at `1000 K`, the call that put by parity; `F < K / 1000`: the call the lesser
//!   of its value at `K / 1000` and `D F`, the put by parity. The side out of the money is approximated,
//!   from above;
//! - the discount factor is held within [0.001, 2].

use super::{
	number::{add, div, div_up, mul, mul_down},
	Leg,
};
use crate::{
	black76::{Deviation, Kind, Moneyness, Prepared},
	error::MathError,
	fixed::Q64,
	kernels::sqrt,
	requirement::Exercise,
};

/// 0.01 and 10.
const VOLATILITY_MIN: Q64 = Q64::from_bits((1 << 64) / 100);
const VOLATILITY_MAX: Q64 = Q64::from_int(10);
/// A volatility that no time above a second tells from a higher one.
const VOLATILITY_CEILING: Q64 = Q64::from_int(1_000_000);
/// Longest time, in years.
const YEARS_MAX: Q64 = Q64::from_int(3);
/// 0.001, rounded up, and 2.
const DISCOUNT_MIN: Q64 = Q64::from_bits((1 << 64) / 1000 + 1);
const DISCOUNT_MAX: Q64 = Q64::from_int(2);
/// Largest quotient of forward and strike, either way.
const MONEYNESS_MAX: Q64 = Q64::from_int(1_000);

/// One contract, ready to be valued many times.
#[derive(Clone, Copy)]
pub(crate) struct Contract {
	kind: Kind,
	years: Q64,
	prepared: Prepared,
	/// Forwards at the edges of the domain; none above for a strike a thousand times which does not fit.
	least: Q64,
	most: Option<Q64>,
}

/// A forward for the [`Contract`] that made it.
#[derive(Clone, Copy)]
pub(crate) struct Money {
	/// The forward brought into the domain, ready to be valued at.
	inside: Moneyness,
	/// The forward, and where it was brought to.
	forward: Q64,
	edge: Q64,
}

impl Contract {
	/// `OutOfDomain` for a strike that is not above zero, a negative time, or an option that may be
	/// exercised before expiry: no model here prices that.
	pub fn new(leg: &Leg) -> Result<Self, MathError> {
		let european = leg.exercise == Exercise::European;
		if !european || !leg.strike.is_positive() || leg.years.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		let discount = leg.discount.clamp(DISCOUNT_MIN, DISCOUNT_MAX);
		let prepared = Prepared::new(leg.strike, leg.years.min(YEARS_MAX), discount)?;
		Ok(Self {
			kind: leg.kind,
			years: leg.years,
			prepared,
			least: div_up(leg.strike, MONEYNESS_MAX)?,
			most: mul_down(leg.strike, MONEYNESS_MAX).ok(),
		})
	}

	/// A forward, ready to be valued at. `OutOfDomain` if it is negative.
	pub fn at_forward(&self, forward: Q64) -> Result<Money, MathError> {
		if forward.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		let edge = if self.prepared.time().is_over() {
			forward
		} else {
			forward.min(self.most.unwrap_or(forward)).max(self.least)
		};
		Ok(Money { inside: self.prepared.at_forward(edge)?, forward, edge })
	}

	/// A volatility, ready to be valued at. `OutOfDomain` if it is negative.
	pub fn at_volatility(&self, volatility: Q64) -> Result<Deviation, MathError> {
		let inside = (VOLATILITY_MIN..=VOLATILITY_MAX).contains(&volatility);
		if volatility.is_zero() || (inside && self.years <= YEARS_MAX) {
			return self.prepared.at_volatility(volatility);
		}
		if volatility.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		// A deviation is all that the price takes of time and volatility.
		let (years, volatility) = equivalent(self.years, volatility.min(VOLATILITY_CEILING))?;
		let (strike, discount) = (self.prepared.strike(), self.prepared.discount());
		Prepared::new(strike, years, discount)?.at_volatility(volatility)
	}

	/// Present value of one contract; the error of Black-76 (4e-18 of the larger of forward and strike)
	/// inside its domain, outside as the module says.
	pub fn value(&self, money: &Money, deviation: &Deviation) -> Result<Q64, MathError> {
		if money.edge == money.forward {
			return self.prepared.value(&money.inside, deviation, self.kind);
		}
		let out = if money.forward < money.edge { Kind::Call } else { Kind::Put };
		let above = self.prepared.value(&money.inside, deviation, out)?;
		let above = match out {
			Kind::Call => above.min(mul_down(self.prepared.discount(), money.forward)?),
			Kind::Put => above,
		};
		if self.kind == out {
			return Ok(above);
		}
		add(above, self.prepared.intrinsic(money.forward, self.kind)?)
	}

	/// [`Self::value`] at a forward and a volatility.
	pub fn price(&self, forward: Q64, volatility: Q64) -> Result<Q64, MathError> {
		self.value(&self.at_forward(forward)?, &self.at_volatility(volatility)?)
	}
}

/// Time and volatility inside the domain with the same deviation, as far as there are any.
fn equivalent(years: Q64, volatility: Q64) -> Result<(Q64, Q64), MathError> {
	let bounded = volatility.clamp(VOLATILITY_MIN, VOLATILITY_MAX);
	let share = div(volatility, bounded)?;
	// At most 3e10 squared-volatility years for any time of less than three years; longer times are
	// beyond the ceiling either way.
	let years = years.min(Q64::from_int(1_000));
	let years = mul(years, mul(share, share)?)?;
	if years <= YEARS_MAX {
		return Ok((years, bounded));
	}
	let longer = sqrt(div(years, YEARS_MAX)?)?;
	Ok((YEARS_MAX, mul(bounded, longer)?.min(VOLATILITY_MAX)))
}

#[cfg(test)]
mod tests;
