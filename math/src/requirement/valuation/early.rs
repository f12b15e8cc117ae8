//! American contracts: what early exercise adds to an option's value.
//!
//! A long counts [`Series::lower`], a short [`Series::upper`], neither below the European value (in the
//! settlement window, that on the average) nor what exercise pays now. Arguments for which the bounds are
//! not defined or cannot be computed leave what holds in any market:
//!
//! - beyond a thousand times the strike, either way: a long counts the European value or exercise now, a
//!   short a call at `max(S, D F)` and a put at `max(1, D) K`, which nothing can exceed;
//! - a negative rate: both are taken at a rate of zero, which is too little by at most the discount factor
//!   `D > 1`; a short counts `D` times that.

use super::{held, held_years, sub, volatilities, Priced, Side, Valued};
use crate::{
	american::{Exercise as Boundaries, Series, Spot},
	black76::{Kind, TimeToExpiry},
	error::MathError,
	fixed::{Rounding, Q64},
	requirement::{Exercise, Leg},
	scenario::{VolMove, VolShock},
};

/// An American contract on one side, made ready to be valued many times.
pub(crate) struct American {
	european: Valued,
	side: Side,
	kind: Kind,
	strike: Q64,
	spot: Q64,
	/// `D F / S`, rounded up.
	carried: Q64,
	/// The discount factor, not below one.
	stretch: Q64,
	bounds: Option<Bounds>,
}

/// The bounds of a series at its three volatilities.
struct Bounds {
	series: Series,
	up: Boundaries,
	unmoved: Boundaries,
	down: Boundaries,
}

impl American {
	/// With the three volatilities of a shock. Errors as [`Valued::new`], and for a spot not above zero
	/// or a leg that is not American.
	pub fn new(leg: &Leg, shock: &VolShock, side: Side) -> Result<Self, MathError> {
		Self::with(leg, volatilities(leg, shock)?, side)
	}

	/// With its own volatility only.
	pub fn unmoved(leg: &Leg, side: Side) -> Result<Self, MathError> {
		Self::with(leg, held([leg.volatility; 3]), side)
	}

	fn with(leg: &Leg, volatilities: [Q64; 3], side: Side) -> Result<Self, MathError> {
		let Exercise::American { spot, rate, carry } = leg.exercise else {
			return Err(MathError::OutOfDomain);
		};
		if !spot.is_positive() {
			return Err(MathError::OutOfDomain);
		}
		let carried = leg
			.discount
			.checked_mul(leg.forward, Rounding::Ceil)
			.and_then(|forward| forward.checked_div(spot, Rounding::Ceil))
			.ok_or(MathError::Overflow)?;
		Ok(Self {
			european: Valued::with(leg, volatilities)?,
			side,
			kind: leg.kind,
			strike: leg.strike,
			spot,
			carried,
			stretch: leg.discount.max(Q64::ONE),
			bounds: Bounds::new(leg, rate.max(Q64::ZERO), carry, volatilities).ok(),
		})
	}

	/// What exercise pays now.
	fn exercised(&self, spot: Q64) -> Result<Q64, MathError> {
		let gain = match self.kind {
			Kind::Call => sub(spot, self.strike)?,
			Kind::Put => sub(self.strike, spot)?,
		};
		Ok(gain.max(Q64::ZERO))
	}

	/// Where there are no bounds.
	fn beyond(&self, spot: Q64, least: Q64) -> Result<Q64, MathError> {
		Ok(match (self.side, self.kind) {
			(Side::Long, _) => least,
			(Side::Short, Kind::Call) => least.max(up(spot, self.carried.max(Q64::ONE))?),
			(Side::Short, Kind::Put) => least.max(up(self.strike, self.stretch)?),
		})
	}
}

impl Priced for American {
	/// Of the European value, and the spot looked up last; `None` if there are no bounds at it.
	type Memo = (<Valued as Priced>::Memo, Option<(Q64, Option<Spot>)>);

	fn price(
		&self,
		memo: &mut Self::Memo,
		factor: Q64,
		direction: VolMove,
	) -> Result<Q64, MathError> {
		let spot = self.spot.checked_mul(factor, Rounding::Nearest).ok_or(MathError::Overflow)?;
		let european = self.european.price(&mut memo.0, factor, direction)?;
		let least = european.max(self.exercised(spot)?);
		let Some(bounds) = &self.bounds else { return self.beyond(spot, least) };
		let at = match memo.1 {
			Some((known, at)) if known == factor => at,
			_ => {
				let at = bounds.series.at_spot(spot).ok();
				memo.1 = Some((factor, at));
				at
			}
		};
		let Some(at) = at else { return self.beyond(spot, least) };
		let boundaries = match direction {
			VolMove::Up => &bounds.up,
			VolMove::None => &bounds.unmoved,
			VolMove::Down => &bounds.down,
		};
		let bound = match self.side {
			Side::Long => bounds.series.lower(&at, boundaries),
			Side::Short => {
				bounds.series.upper(&at, boundaries).and_then(|upper| up(upper, self.stretch))
			}
		};
		match bound {
			Ok(bound) => Ok(least.max(bound)),
			Err(_) => self.beyond(spot, least),
		}
	}
}

impl Bounds {
	fn new(leg: &Leg, rate: Q64, carry: Q64, volatilities: [Q64; 3]) -> Result<Self, MathError> {
		let time = TimeToExpiry::from_years(held_years(leg))?;
		let series = Series::new(leg.strike, time, rate, carry)?;
		let [up, unmoved, down] = volatilities.map(|sigma| series.at_volatility(sigma, leg.kind));
		Ok(Self { series, up: up?, unmoved: unmoved?, down: down? })
	}
}

fn up(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Ceil).ok_or(MathError::Overflow)
}
