//! What a book is worth at a moved spot and volatility.
//!
//! An account must have a value in every market, so arguments outside the domain of Black-76 are
//! brought to its edge and the rest is added at its limit:
//!
//! - `F > 1000 K`: the put as at `1000 K`, the call that put by parity;
//! - `F < K / 1000`: the call the lesser of its value at `K / 1000` and `D F`, the put by parity;
//! - volatility, time and discount factor are held within [0.01, 10], [0, 3] and [0.001, 2].
//!
//! At both edges of the forward the option that is out of the money is the one that is approximated,
//! and from above: `K / 1000` or less, next to nothing at `sigma sqrt(T) < 1.5`.

use super::{add, ledger_floor, mul_down, sub, Book, Leg};
use crate::{
	black76::{Deviation, Kind, Moneyness, Prepared},
	error::MathError,
	fixed::{Rounding, Q64},
	scenario::{VolMove, VolShock},
};

/// Largest quotient of forward and strike that is priced as it is.
const MONEYNESS_MAX: i64 = 1_000;
/// Longest time to expiry that is priced as it is, in years.
const YEARS_MAX: i64 = 3;
/// Highest volatility that is priced as it is.
const VOLATILITY_MAX: i64 = 10;
/// Steps of spot at which the value of a book on an unusable price is looked up, on either side.
const RANGE_STEPS: i128 = 8;

/// Value of the collateral units when spot is `factor` times today's. Rounded down.
pub(super) fn units_value(book: &Book<'_>, factor: Q64) -> Result<Q64, MathError> {
	mul_down(book.units, mul_down(book.spot, factor)?)
}

/// A leg made ready to be valued many times.
#[derive(Clone)]
pub(super) struct Valued<'a> {
	leg: &'a Leg,
	prepared: Prepared,
	up: Deviation,
	unmoved: Deviation,
	down: Deviation,
	/// The forward looked up last: scenarios of one spot move follow each other.
	last: Option<(Q64, Money)>,
}

/// A forward within the domain, and what it is in truth.
#[derive(Clone, Copy)]
struct Money {
	inside: Moneyness,
	edge: Q64,
	forward: Q64,
}

impl<'a> Valued<'a> {
	/// With the three volatilities of a shock. `OutOfDomain` for a strike or forward not above zero.
	pub(super) fn new(leg: &'a Leg, shock: &VolShock) -> Result<Self, MathError> {
		let multiple = shock.multiple(leg.years)?;
		let at = |direction| shock.shocked_by(leg.volatility, multiple, direction);
		Self::with(leg, [at(VolMove::Up)?, leg.volatility, at(VolMove::Down)?])
	}

	/// With its own volatility only.
	pub(super) fn unmoved(leg: &'a Leg) -> Result<Self, MathError> {
		Self::with(leg, [leg.volatility; 3])
	}

	fn with(leg: &'a Leg, volatilities: [Q64; 3]) -> Result<Self, MathError> {
		if !leg.strike.is_positive() || !leg.forward.is_positive() {
			return Err(MathError::OutOfDomain);
		}
		let years = leg.years.clamp(Q64::ZERO, Q64::from_int(YEARS_MAX));
		let least = Q64::from_ratio(1, 1_000, Rounding::Ceil).ok_or(MathError::Overflow)?;
		let discount = leg.discount.clamp(least, Q64::from_int(2));
		let prepared = Prepared::new(leg.strike, years, discount)?;
		let least = Q64::from_ratio(1, 100, Rounding::Ceil).ok_or(MathError::Overflow)?;
		let most = Q64::from_int(VOLATILITY_MAX);
		let [up, unmoved, down] =
			volatilities.map(|volatility| prepared.at_volatility(volatility.clamp(least, most)));
		Ok(Self { leg, prepared, up: up?, unmoved: unmoved?, down: down?, last: None })
	}

	/// Value of the whole position when spot is `factor` times today's and volatility has moved.
	/// Rounded down: less for a long, more against a short.
	pub(super) fn value(&mut self, factor: Q64, direction: VolMove) -> Result<Q64, MathError> {
		let money = match self.last {
			Some((known, money)) if known == factor => money,
			_ => self.money(factor)?,
		};
		self.last = Some((factor, money));
		let deviation = match direction {
			VolMove::Up => &self.up,
			VolMove::None => &self.unmoved,
			VolMove::Down => &self.down,
		};
		mul_down(self.leg.quantity, self.price(&money, deviation)?)
	}

	fn money(&self, factor: Q64) -> Result<Money, MathError> {
		let forward = self
			.leg
			.forward
			.checked_mul(factor, Rounding::Nearest)
			.ok_or(MathError::Overflow)?
			.max(Q64::from_bits(1));
		let most = Q64::from_int(MONEYNESS_MAX);
		let least = self.leg.strike.checked_div(most, Rounding::Ceil).ok_or(MathError::Overflow)?;
		// A strike so high that a thousand times it does not fit is no bound on the forward.
		let edge = self
			.leg
			.strike
			.checked_mul(most, Rounding::Floor)
			.map_or(forward, |highest| forward.min(highest))
			.max(least);
		let edge = if self.prepared.time().is_over() { forward } else { edge };
		Ok(Money { inside: self.prepared.at_forward(edge)?, edge, forward })
	}

	/// Value of one contract.
	fn price(&self, money: &Money, deviation: &Deviation) -> Result<Q64, MathError> {
		let kind = self.leg.kind;
		if money.edge == money.forward {
			return self.prepared.value(&money.inside, deviation, kind);
		}
		let out = if money.forward < money.edge { Kind::Call } else { Kind::Put };
		let approximate = self.prepared.value(&money.inside, deviation, out)?;
		let most = mul_down(self.prepared.discount(), money.forward)?;
		let out_value = if out == Kind::Call { approximate.min(most) } else { approximate };
		if kind == out {
			return Ok(out_value);
		}
		add(out_value, self.prepared.intrinsic(money.forward, kind)?)
	}
}

/// Value of a book whose price may not be used: at the last price, and the extremes over a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueRange {
	/// Mark of the options at the last price, rounded as in [`super::Margins`].
	pub mark: Q64,
	/// Mark of the collateral units at the last price.
	pub units_value: Q64,
	/// Least value of options and units together.
	pub least: Q64,
	/// Greatest value of options and units together.
	pub greatest: Q64,
}

/// What a book is worth over spot times `1 +- reach`, at its last volatility.
///
/// Looked up at both ends, at sixteen steps between them and at every strike inside. An option's value
/// is convex in spot, so between two nodes a book strays from the chord by less than its gamma times
/// the square of the step: this is an estimate for telling safe from unsafe, not a bound.
/// Errors as [`super::requirement`].
pub fn value_range(book: &Book<'_>, reach: Q64) -> Result<ValueRange, MathError> {
	if !book.spot.is_positive() || book.units.is_negative() {
		return Err(MathError::OutOfDomain);
	}
	let (units, mark) = value_at(book, Q64::ONE)?;
	let now = add(units, mark)?;
	let mut range = (now, now);
	let mut look = |factor: Q64| -> Result<(), MathError> {
		let least = Q64::from_ratio(1, 100, Rounding::Nearest).ok_or(MathError::Overflow)?;
		let (units, options) = value_at(book, factor.max(least))?;
		let value = add(units, options)?;
		range = (range.0.min(value), range.1.max(value));
		Ok(())
	};
	for step in RANGE_STEPS.wrapping_neg()..=RANGE_STEPS {
		let share = Q64::from_ratio(step, RANGE_STEPS, Rounding::Nearest);
		let shift = share.and_then(|share| share.checked_mul(reach, Rounding::Nearest));
		look(add(Q64::ONE, shift.ok_or(MathError::Overflow)?)?)?;
	}
	for leg in book.legs {
		let factor = leg.strike.checked_div(leg.forward, Rounding::Nearest);
		let factor = factor.ok_or(MathError::OutOfDomain)?;
		if sub(factor, Q64::ONE)?.checked_abs().ok_or(MathError::Overflow)? <= reach {
			look(factor)?;
		}
	}
	Ok(ValueRange {
		mark: ledger_floor(mark)?,
		units_value: ledger_floor(units)?,
		least: ledger_floor(range.0)?,
		greatest: ledger_floor(range.1)?,
	})
}

/// Units and options at a moved spot, volatility unmoved.
fn value_at(book: &Book<'_>, factor: Q64) -> Result<(Q64, Q64), MathError> {
	let mut options = Q64::ZERO;
	for leg in book.legs {
		options = add(options, Valued::unmoved(leg)?.value(factor, VolMove::None)?)?;
	}
	Ok((units_value(book, factor)?, options))
}
