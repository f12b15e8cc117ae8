//! [`Series`]: an American option's contract terms, made ready to be valued at many spots and volatilities.
#![allow(clippy::arithmetic_side_effects, reason = "the operators of `Real` are checked")]

use super::{
	bjerksund::Boundary,
	ceiling::Income,
	market::{Market, Spread},
	real::Real,
	whaley::{Critical, Terms},
	Bounds,
};
use crate::{
	black76::{Deviation, Kind, Moneyness, Prepared, TimeToExpiry},
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::{self, mantissa::Mantissa},
};

/// The largest rate and the largest carry either way, per year.
const RATE_MAX: Q64 = Q64::from_int(10);
const CARRY_MAX: Q64 = Q64::from_int(100);
/// The largest quotient of spot and strike, either way, as a logarithm: ln 1000, rounded up.
const LOG_MAX: Q64 = Q64::from_bits(127_425_593_755_199_607_060);

/// The largest `|b T|` with spot and forward both within a thousand times the strike: 2 ln 1000, rounded up.
const DRIFT_MAX: i128 = 14 << 64;

/// Strike, time, rate and carry of a series with what follows from them alone. One series under many
/// scenarios:
///
/// ```
/// use ballast_math::{american::Series, black76::{Kind, TimeToExpiry}, Q64, Rounding};
/// # fn main() -> Result<(), ballast_math::MathError> {
/// let quarter = TimeToExpiry::from_seconds(91 * 86_400)?;
/// let percent = |n| Q64::from_ratio(n, 100, Rounding::Nearest).unwrap();
/// let series = Series::new(Q64::from_int(60_000), quarter, percent(5), percent(2))?;
/// let exercises = [40, 60].map(|n| series.at_volatility(percent(n), Kind::Put));
/// for spot in [45_000, 60_000, 75_000] {
///     let spot = series.at_spot(Q64::from_int(spot))?;
///     for exercise in &exercises {
///         let bounds = series.bounds(&spot, exercise.as_ref().unwrap())?;
///         assert!(bounds.lower <= bounds.upper);
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Series {
	european: Prepared,
	rate: Real,
	carry: Real,
	years: Real,
	/// exp(b T): the forward over the spot.
	growth: Q64,
	/// exp((b - r) T)
	spot_discount: Real,
}

/// A spot against the strike of the [`Series`] that made it: belongs to that one alone.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
	spot: Q64,
	money: Moneyness,
	/// ln(spot / strike)
	log: Real,
	/// spot / strike and strike / spot
	ratio: Real,
	inverse: Real,
}

/// A volatility and a right over the time of the [`Series`] that made it: belongs to that one alone.
#[derive(Clone, Copy, Debug)]
pub struct Exercise {
	kind: Kind,
	deviation: Deviation,
	market: Market,
	riskless: bool,
	boundary: Option<Boundary>,
	income: Option<Income>,
	critical: Option<Critical>,
}

impl Series {
	/// Strike in the quote currency, time to expiry, continuous rate and carry per year. Ranges: see the
	/// module; `OutOfDomain` outside them, and for a negative rate.
	pub fn new(strike: Q64, time: TimeToExpiry, rate: Q64, carry: Q64) -> Result<Self, MathError> {
		let carry_size = carry.checked_abs().ok_or(MathError::OutOfDomain)?;
		if rate.is_negative() || rate > RATE_MAX || carry_size > CARRY_MAX {
			return Err(MathError::OutOfDomain);
		}
		let years = Real::from_mantissa(time.years());
		let (rate, carry) = (Real::from(rate), Real::from(carry));
		let discount = (-(rate * years)).exp().value()?;
		let drift = (carry * years).value()?;
		if !(-DRIFT_MAX..=DRIFT_MAX).contains(&drift.to_bits()) {
			return Err(MathError::OutOfDomain);
		}
		let growth = kernels::exp(drift)?;
		Ok(Self {
			european: Prepared::with_time(strike, time, discount)?,
			rate,
			carry,
			years,
			growth,
			spot_discount: ((carry - rate) * years).exp(),
		})
	}

	/// The European option of the same terms, on the forward.
	pub const fn european(&self) -> &Prepared {
		&self.european
	}

	/// The forward of a spot, `S exp(b T)`, to nearest.
	pub fn forward(&self, spot: Q64) -> Result<Q64, MathError> {
		spot.checked_mul(self.growth, Rounding::Nearest).ok_or(MathError::Overflow)
	}

	/// A spot, ready to be valued at many volatilities. `OutOfDomain` outside `K/S` and `K/F` in
	/// [1e-3, 1e3] (unless the time is over).
	pub fn at_spot(&self, spot: Q64) -> Result<Spot, MathError> {
		let money = self.european.at_forward(self.forward(spot)?)?;
		if self.european.time().is_over() {
			let (log, ratio, inverse) = (Real::ZERO, Real::ONE, Real::ONE);
			return Ok(Spot { spot, money, log, ratio, inverse });
		}
		let distance = Real::from_mantissa(money.log());
		let distance = if money.is_out_of_the_money(Kind::Call) { -distance } else { distance };
		let log = distance - self.carry * self.years;
		if log.abs().value()? > LOG_MAX {
			return Err(MathError::OutOfDomain);
		}
		let (above, below) = (Mantissa::from_q64(spot), Mantissa::from_q64(self.european.strike()));
		let over = |num: Mantissa, den: Mantissa| {
			den.reciprocal().map(|inverse| Real::from_mantissa(num.times(inverse)))
		};
		Ok(Spot {
			spot,
			money,
			log,
			ratio: over(above, below).ok_or(MathError::OutOfDomain)?,
			inverse: over(below, above).ok_or(MathError::OutOfDomain)?,
		})
	}

	/// A volatility (0, or 0.01 to 10, else `OutOfDomain`), ready to be valued at many spots: finds the
	/// boundaries of exercise. Takes a little longer than a pair of bounds.
	pub fn at_volatility(&self, volatility: Q64, kind: Kind) -> Result<Exercise, MathError> {
		let deviation = self.european.at_volatility(volatility)?;
		let market = Market::new(kind, self.rate, self.carry, self.years);
		let riskless = volatility.is_zero() || self.european.time().is_over();
		let mut exercise = Exercise {
			kind,
			deviation,
			market,
			riskless,
			boundary: None,
			income: None,
			critical: None,
		};
		if riskless || market.is_european() {
			return Ok(exercise);
		}
		let spread = self.spread(volatility);
		exercise.boundary = Boundary::new(&market, &spread);
		exercise.income = Income::new(&market, &spread);
		let terms = Terms {
			kind,
			rate: self.rate,
			carry: self.carry,
			years: self.years,
			discount: Real::from(self.european.discount()),
			spot_discount: self.spot_discount,
		};
		// the boundary of the other approximation is a good place to begin
		let start = exercise.boundary.map_or(spread.deviation, |boundary| boundary.log());
		let start = if matches!(kind, Kind::Call) { start } else { -start };
		exercise.critical = Critical::new(&terms, &spread, start);
		Ok(exercise)
	}

	fn spread(&self, volatility: Q64) -> Spread {
		let sigma = Mantissa::from_q64(volatility);
		let deviation = sigma.times(self.european.time().root());
		let inverse = |value: Mantissa| Real::from_mantissa(value).recip();
		let exact = deviation.reciprocal().map_or(inverse(deviation), Real::from_mantissa);
		Spread {
			volatility: Real::from(volatility),
			inverse_variance: inverse(sigma.times(sigma)),
			deviation: Real::from_mantissa(deviation),
			inverse: exact,
		}
	}

	/// What holds for certain: never below the European nor the intrinsic value.
	fn floor(&self, spot: &Spot, exercise: &Exercise) -> Result<Q64, MathError> {
		let intrinsic = self.intrinsic(spot, exercise.kind)?;
		if self.european.time().is_over() {
			return Ok(intrinsic);
		}
		let european = if exercise.riskless {
			self.european.intrinsic(self.forward(spot.spot)?, exercise.kind)?
		} else {
			self.european.value(&spot.money, &exercise.deviation, exercise.kind)?
		};
		Ok(european.max(intrinsic))
	}

	/// `max(S - K, 0)` or `max(K - S, 0)`.
	fn intrinsic(&self, spot: &Spot, kind: Kind) -> Result<Q64, MathError> {
		let strike = self.european.strike();
		let gain = match kind {
			Kind::Call => spot.spot.checked_sub(strike),
			Kind::Put => strike.checked_sub(spot.spot),
		};
		Ok(gain.ok_or(MathError::Overflow)?.max(Q64::ZERO))
	}

	/// The spot over the strike of the call that the option is, its logarithm, and that call's strike.
	fn mirrored(&self, spot: &Spot, kind: Kind) -> (Real, Real, Real) {
		match kind {
			Kind::Call => (spot.ratio, spot.log, Real::from(self.european.strike())),
			Kind::Put => (spot.inverse, -spot.log, Real::from(spot.spot)),
		}
	}

	/// Lower and upper bound: [`Series::lower`] and [`Series::upper`] for less than both.
	pub fn bounds(&self, spot: &Spot, exercise: &Exercise) -> Result<Bounds, MathError> {
		let lower = self.lower(spot, exercise)?;
		Ok(Bounds { lower, upper: self.upper_above(spot, exercise, lower)? })
	}

	/// What the option is worth at least: the largest of the European value, the intrinsic value and the
	/// values of exercise at a flat and at a stepping boundary (Bjerksund and Stensland 1993 and 2002;
	/// usually, not always, the latter is the better rule). For long positions.
	pub fn lower(&self, spot: &Spot, exercise: &Exercise) -> Result<Q64, MathError> {
		let floor = self.floor(spot, exercise)?;
		if exercise.riskless {
			return self.riskless(spot, exercise, floor);
		}
		let Some(boundary) = &exercise.boundary else { return Ok(floor) };
		let (x, log, scale) = self.mirrored(spot, exercise.kind);
		let best = match (boundary.flat(x, log), boundary.stepping(x, log)) {
			(Some(flat), Some(stepping)) => flat.at_least(stepping),
			(Some(flat), None) => flat,
			_ => return Ok(floor),
		};
		Ok((best * scale).value()?.max(floor))
	}

	/// What the option is worth at most: the larger of Barone-Adesi and Whaley's value, which alone may be
	/// too low, and the bound by the income from exercise. For short positions.
	pub fn upper(&self, spot: &Spot, exercise: &Exercise) -> Result<Q64, MathError> {
		let lower = self.lower(spot, exercise)?;
		self.upper_above(spot, exercise, lower)
	}

	fn upper_above(&self, spot: &Spot, exercise: &Exercise, lower: Q64) -> Result<Q64, MathError> {
		let approximate = self.barone_adesi_whaley(spot, exercise)?;
		Ok(approximate.max(self.income_bound(spot, exercise)?).max(lower))
	}

	/// The European value and the income from exercise at a boundary that is too low, not below the intrinsic
	/// value: a bound from above by construction, up to its quadrature.
	pub fn income_bound(&self, spot: &Spot, exercise: &Exercise) -> Result<Q64, MathError> {
		let floor = self.floor(spot, exercise)?;
		if exercise.riskless {
			return self.riskless(spot, exercise, floor);
		}
		let Some(income) = &exercise.income else { return Ok(floor) };
		let (x, log, scale) = self.mirrored(spot, exercise.kind);
		let premium = (income.premium(x, log) * scale).value()?;
		let european = self.european.value(&spot.money, &exercise.deviation, exercise.kind)?;
		Ok(european.checked_add(premium).ok_or(MathError::Overflow)?.max(floor))
	}

	/// Barone-Adesi and Whaley's approximation (1987), not below the European nor the intrinsic value. A
	/// bound from neither side: see the module.
	pub fn barone_adesi_whaley(&self, spot: &Spot, exercise: &Exercise) -> Result<Q64, MathError> {
		let floor = self.floor(spot, exercise)?;
		if exercise.riskless {
			return self.riskless(spot, exercise, floor);
		}
		let Some(critical) = &exercise.critical else { return Ok(floor) };
		if critical.is_reached(spot.log) {
			return Ok(floor);
		}
		let strike = Mantissa::from_q64(self.european.strike());
		let premium = critical.premium(spot.log).times(strike).to_q64(false)?;
		let european = self.european.value(&spot.money, &exercise.deviation, exercise.kind)?;
		Ok(european.checked_add(premium).ok_or(MathError::Overflow)?.max(floor))
	}

	/// Bjerksund and Stensland's value of 1993, exercise at a flat boundary, not below the European nor the
	/// intrinsic value: a lower bound for a tenth of the work of [`Series::lower`].
	pub fn bjerksund_stensland_1993(
		&self,
		spot: &Spot,
		exercise: &Exercise,
	) -> Result<Q64, MathError> {
		let floor = self.floor(spot, exercise)?;
		if exercise.riskless {
			return self.riskless(spot, exercise, floor);
		}
		let Some(boundary) = &exercise.boundary else { return Ok(floor) };
		let (x, log, scale) = self.mirrored(spot, exercise.kind);
		match boundary.flat(x, log) {
			Some(value) => Ok((value * scale).value()?.max(floor)),
			None => Ok(floor),
		}
	}

	/// Without volatility the best moment is now, at expiry, or (for a positive carry of the call that the
	/// option is) when the spot reaches the boundary at expiry: `B = K r/q` after `ln(B/S)/b` years.
	fn riskless(&self, spot: &Spot, exercise: &Exercise, floor: Q64) -> Result<Q64, MathError> {
		let Market { rate, carry, years, .. } = exercise.market;
		if self.european.time().is_over() || !carry.is_positive() || !rate.is_positive() {
			return Ok(floor);
		}
		let Some(boundary) = exercise.market.boundary_at_expiry() else { return Ok(floor) };
		let (_, log, scale) = self.mirrored(spot, exercise.kind);
		let wait = (boundary.ln() - log) * carry.recip();
		if wait.is_lost() || wait.is_negative() || wait.bits() > years.bits() {
			return Ok(floor);
		}
		let value = (-(rate * wait)).exp() * (boundary - Real::ONE) * scale;
		Ok(value.value()?.max(floor))
	}
}
