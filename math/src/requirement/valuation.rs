//! What one contract is worth at a moved spot and volatility.
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
//!
//! # The settlement window
//!
//! An expiry settles at an average of spot over the last minutes before it. Once the window has begun
//! the forward is `fixed + open`: what is averaged already, and what still moves with spot. Since
//! `max(fixed + X - K, 0) = max(X - (K - fixed), 0)`, the option is one on the open part with strike
//! `K - fixed`; where that is not above zero, the call is the linear `D (F - K)` and the put nothing.
//!
//! # American options
//!
//! The greater of that and a bound of [`crate::american`] on spot: see `early`.

mod early;

pub(crate) use early::American;

use super::{add, mul_down, sub, Leg, Moves};
use crate::{
	black76::{Deviation, Kind, Moneyness, Prepared},
	error::MathError,
	fixed::{Rounding, Q64},
	scenario::{VolMove, VolShock},
};
use core::cmp::Ordering;

/// Largest quotient of forward and strike that is priced as it is.
const MONEYNESS_MAX: i64 = 1_000;
/// Longest time to expiry that is priced as it is, in years.
const YEARS_MAX: i64 = 3;
/// Lowest and highest volatility that is priced as it is: 0.01, rounded up, and 10.
const VOLATILITY_MIN: Q64 = Q64::from_bits((1 << 64) / 100 + 1);
const VOLATILITY_MAX: Q64 = Q64::from_int(10);
/// Lowest and highest discount factor: 0.001, rounded up, and 2.
const DISCOUNT_MIN: Q64 = Q64::from_bits((1 << 64) / 1_000 + 1);
const DISCOUNT_MAX: Q64 = Q64::from_int(2);

/// Value of collateral units when spot is `factor` times today's. Rounded down.
pub(crate) fn units_value(units: Q64, spot: Q64, factor: Q64) -> Result<Q64, MathError> {
	mul_down(units, mul_down(spot, factor)?)
}

/// For which side of a contract a value is asked: where a value is only known to lie between two
/// bounds, a long counts the lower and a short the upper one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
	Long,
	Short,
}

impl Side {
	/// The side of a quantity.
	pub fn of(quantity: Q64) -> Self {
		if quantity.is_negative() {
			Self::Short
		} else {
			Self::Long
		}
	}
}

/// Values of one contract in one scenario at the two ranges.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InScenario {
	pub mm: Q64,
	pub im: Q64,
}

/// Something that has a value per contract in every scenario.
pub(crate) trait Priced {
	/// What was looked up last: scenarios of one spot move follow each other.
	type Memo: Default;

	/// Value of one contract when spot is `factor` times today's and volatility has moved. Truncated.
	fn price(
		&self,
		memo: &mut Self::Memo,
		factor: Q64,
		direction: VolMove,
	) -> Result<Q64, MathError>;

	/// Value of one contract with its forward moved up, moved down, and with volatility moved up alone.
	/// The value unmoved was looked up last.
	fn apart(&self, memo: &mut Self::Memo, moves: &Moves<'_>) -> Result<[Q64; 3], MathError> {
		let risen = self.price(memo, Q64::ONE, VolMove::Up)?;
		let [up, down] = moves.basis;
		let at = |factor| self.price(&mut Self::Memo::default(), factor, VolMove::None);
		Ok([at(up)?, at(down)?, risen])
	}

	/// Value of one contract in every scenario in turn, at both ranges.
	///
	/// Scenarios that set spot itself, or do not move it, are the same at both ranges and computed
	/// once. The value unmoved is known, and with it what was looked up last.
	fn in_scenarios(
		&self,
		(unmoved, memo): (Q64, Self::Memo),
		moves: &Moves<'_>,
		mut each: impl FnMut(InScenario) -> Result<(), MathError>,
	) -> Result<(), MathError> {
		let mut memos = (memo, Self::Memo::default());
		for (factors, direction) in moves.iter() {
			let mm = if factors.0 == Q64::ONE && direction == VolMove::None {
				unmoved
			} else {
				self.price(&mut memos.0, factors.0, direction)?
			};
			let im = if factors.1 == factors.0 {
				mm
			} else {
				self.price(&mut memos.1, factors.1, direction)?
			};
			each(InScenario { mm, im })?;
		}
		Ok(())
	}
}

/// The forward looked up last.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memo(Option<(Q64, Money)>);

/// A European contract, or any without its right to early exercise, made ready to be valued many times.
pub(crate) struct Valued {
	kind: Kind,
	/// The part of the forward that moves with spot.
	open: Q64,
	worth: Worth,
}

#[allow(clippy::large_enum_variant, reason = "one at a time, on the stack: there is no allocator")]
enum Worth {
	/// The fixed part alone reaches the strike: a call is worth `D (gain + open)`, a put nothing.
	Linear { gain: Q64, discount: Q64 },
	/// An option on the open part.
	Option { prepared: Prepared, up: Deviation, unmoved: Deviation, down: Deviation },
}

/// A forward within the domain, and what it is in truth.
#[derive(Clone, Copy)]
struct Money {
	inside: Moneyness,
	edge: Q64,
	forward: Q64,
}

impl Valued {
	/// With the three volatilities of a shock. `OutOfDomain` for a strike or forward not above zero,
	/// or a fixed part outside [0, forward].
	#[inline(always)]
	pub fn new(leg: &Leg, shock: &VolShock) -> Result<Self, MathError> {
		Self::with(leg, volatilities(leg, shock)?)
	}

	/// With its own volatility only.
	pub fn unmoved(leg: &Leg) -> Result<Self, MathError> {
		Self::with(leg, held([leg.volatility; 3]))
	}

	#[inline(always)]
	fn with(leg: &Leg, volatilities: [Q64; 3]) -> Result<Self, MathError> {
		let fixed = leg.fixed;
		if !leg.strike.is_positive()
			|| !leg.forward.is_positive()
			|| fixed.is_negative()
			|| fixed > leg.forward
		{
			return Err(MathError::OutOfDomain);
		}
		let strike = sub(leg.strike, fixed)?;
		let discount = leg.discount.clamp(DISCOUNT_MIN, DISCOUNT_MAX);
		let worth = if strike.is_positive() {
			let prepared = Prepared::for_prices(strike, held_years(leg), discount)?;
			let [up, unmoved, down] = volatilities.map(|sigma| prepared.at_volatility(sigma));
			Worth::Option { prepared, up: up?, unmoved: unmoved?, down: down? }
		} else {
			Worth::Linear { gain: sub(fixed, leg.strike)?, discount }
		};
		Ok(Self { kind: leg.kind, open: sub(leg.forward, fixed)?, worth })
	}

	fn linear(&self, gain: Q64, discount: Q64, factor: Q64) -> Result<Q64, MathError> {
		match self.kind {
			Kind::Call => mul_down(discount, add(gain, mul_down(self.open, factor)?)?),
			Kind::Put => Ok(Q64::ZERO),
		}
	}

	fn money(&self, prepared: &Prepared, factor: Q64) -> Result<Money, MathError> {
		let forward = self
			.open
			.checked_mul(factor, Rounding::Nearest)
			.ok_or(MathError::Overflow)?
			.max(Q64::from_bits(1));
		let strike = prepared.strike();
		// The bounds are looked up only where a forward may lie beyond them: the division is slow.
		let edge = if prepared.time().is_over() || is_near(forward, strike) {
			forward
		} else {
			let most = Q64::from_int(MONEYNESS_MAX);
			let least = strike.checked_div(most, Rounding::Ceil).ok_or(MathError::Overflow)?;
			// A strike so high that a thousand times it does not fit is no bound on the forward.
			strike
				.checked_mul(most, Rounding::Floor)
				.map_or(forward, |highest| forward.min(highest))
				.max(least)
		};
		Ok(Money { inside: prepared.at_forward(edge)?, edge, forward })
	}

	/// Value of one contract of an option on the open part.
	fn option(
		&self,
		prepared: &Prepared,
		money: &Money,
		deviation: &Deviation,
	) -> Result<Q64, MathError> {
		let kind = self.kind;
		let out = match money.forward.cmp(&money.edge) {
			Ordering::Equal => kind,
			Ordering::Less => Kind::Call,
			Ordering::Greater => Kind::Put,
		};
		let approximate = prepared.value(&money.inside, deviation, out)?;
		if money.edge == money.forward {
			return Ok(approximate);
		}
		let most = mul_down(prepared.discount(), money.forward)?;
		let out_value = if out == Kind::Call { approximate.min(most) } else { approximate };
		if kind == out {
			return Ok(out_value);
		}
		add(out_value, prepared.intrinsic(money.forward, kind)?)
	}
}

impl Priced for Valued {
	type Memo = Memo;

	/// With the error of [`crate::black76`] inside its domain.
	fn price(&self, memo: &mut Memo, factor: Q64, direction: VolMove) -> Result<Q64, MathError> {
		let (prepared, deviation) = match &self.worth {
			Worth::Linear { gain, discount } => {
				return self.linear(*gain, *discount, factor);
			}
			Worth::Option { prepared, up, .. } if direction == VolMove::Up => (prepared, up),
			Worth::Option { prepared, down, .. } if direction == VolMove::Down => (prepared, down),
			Worth::Option { prepared, unmoved, .. } => (prepared, unmoved),
		};
		let money = match &memo.0 {
			Some((known, money)) if *known == factor => money,
			_ => &memo.0.insert((factor, self.money(prepared, factor)?)).1,
		};
		self.option(prepared, money, deviation)
	}
}

/// The three volatilities of a shock: up, unmoved, down.
fn volatilities(leg: &Leg, shock: &VolShock) -> Result<[Q64; 3], MathError> {
	let multiple = shock.multiple(leg.years)?;
	let at = |direction| shock.shocked_by(leg.volatility, multiple, direction);
	Ok(held([at(VolMove::Up)?, leg.volatility, at(VolMove::Down)?]))
}

/// Held within the domain.
fn held(volatilities: [Q64; 3]) -> [Q64; 3] {
	volatilities.map(|volatility| volatility.clamp(VOLATILITY_MIN, VOLATILITY_MAX))
}

/// The time to expiry, held within the domain.
fn held_years(leg: &Leg) -> Q64 {
	leg.years.clamp(Q64::ZERO, Q64::from_int(YEARS_MAX))
}

/// Whether two positive numbers differ by less than a factor of 512: certainly inside the domain.
fn is_near(a: Q64, b: Q64) -> bool {
	let magnitude = |value: Q64| value.to_bits().leading_zeros();
	magnitude(a).abs_diff(magnitude(b)) <= 8
}
