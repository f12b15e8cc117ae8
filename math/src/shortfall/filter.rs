//! [`filter`]: what the days of the past would do tomorrow.

use super::{DAYS_MAX, WARM_UP};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::{exp, mantissa::Mantissa, root::sqrt_mantissa},
};

/// What a day weighs in the forecast for the next: 0.06 (lambda is 0.94).
const NEWS: Q64 = Q64::from_bits((1 << 64) * 6 / 100);

/// Least variance of a forecast, 2^-40: a standard deviation of one millionth, the unit of the data.
const VARIANCE_MIN: Q64 = Q64::from_bits(1 << 24);

/// Largest log change that is told apart; a hundred times the volatility is beyond every grid.
const LOG_MAX: Q64 = Q64::from_int(5);

/// How an underlying moved in a day, in logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
	/// Number of the day.
	pub day: u32,
	/// Log return of spot, at most 2,148 either way.
	pub spot: Q64,
	/// Log change of the 30-day at-the-money volatility, if known; at most 2,148 either way.
	pub volatility: Option<Q64>,
}

/// What a day of the past would do tomorrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shock {
	/// Number of the day.
	pub day: u32,
	/// Log return of spot.
	pub spot: Q64,
	/// Relative change of the 30-day volatility: 0.1 is a tenth more.
	pub volatility: Q64,
}

/// A series of log changes with the forecasts that were made for them.
struct Filtered<'a, F> {
	moves: core::slice::Iter<'a, Move>,
	of: F,
	/// Values that only warm up, still to come.
	warming: usize,
	/// Forecast of the variance of the next value.
	variance: Q64,
	/// Forecast after the last value.
	last: Mantissa,
}

impl<'a, F: Fn(&Move) -> Option<Q64>> Filtered<'a, F> {
	/// `None` if the values suffice for no forecast that excludes what it is for.
	fn new(moves: &'a [Move], of: F) -> Result<Option<Self>, MathError> {
		let mut sum = Q64::ZERO;
		let mut count = 0usize;
		for value in moves.iter().filter_map(&of) {
			count = count.saturating_add(1);
			if count <= WARM_UP {
				sum = sum.checked_add(square(value)?).ok_or(MathError::Overflow)?;
			}
		}
		if count <= WARM_UP {
			return Ok(None);
		}
		let variance = sum
			.checked_div(Q64::from_int(WARM_UP as i64), Rounding::Nearest)
			.ok_or(MathError::Overflow)?
			.max(VARIANCE_MIN);
		let mut last = variance;
		for value in moves.iter().filter_map(&of) {
			last = next_variance(last, value)?;
		}
		let last = Mantissa::from_q64(last);
		Ok(Some(Self { moves: moves.iter(), of, warming: WARM_UP, variance, last }))
	}

	/// The value of a day, scaled from its forecast to the last one: `None` if the day has no value, or
	/// no forecast yet. Days must be asked for in order.
	fn at(&mut self, day: u32) -> Result<Option<Q64>, MathError> {
		while let Some(moved) = self.moves.as_slice().first().filter(|moved| moved.day <= day) {
			self.moves.next();
			let Some(value) = (self.of)(moved) else { continue };
			let forecast = self.variance;
			self.variance = next_variance(forecast, value)?;
			if self.warming > 0 {
				self.warming = self.warming.saturating_sub(1);
			} else if moved.day == day {
				return self.scaled(value, forecast).map(Some);
			}
		}
		Ok(None)
	}

	/// `value sqrt(last / forecast)`.
	fn scaled(&self, value: Q64, forecast: Q64) -> Result<Q64, MathError> {
		let inverse = Mantissa::from_q64(forecast).reciprocal().ok_or(MathError::DivisionByZero)?;
		let ratio = sqrt_mantissa(self.last.times(inverse)).to_q64(false)?;
		value.checked_mul(ratio, Rounding::Nearest).ok_or(MathError::Overflow)
	}
}

fn square(value: Q64) -> Result<Q64, MathError> {
	value.checked_mul(value, Rounding::Nearest).ok_or(MathError::Overflow)
}

/// `v + 0.06 (r^2 - v)`, not below the least.
fn next_variance(variance: Q64, value: Q64) -> Result<Q64, MathError> {
	let surprise = square(value)?.checked_sub(variance).ok_or(MathError::Overflow)?;
	let moved = surprise.checked_mul(NEWS, Rounding::Nearest).ok_or(MathError::Overflow)?;
	Ok(variance.checked_add(moved).ok_or(MathError::Overflow)?.max(VARIANCE_MIN))
}

/// What each day of an underlying's history would do tomorrow, the last [`DAYS_MAX`] days that have a
/// forecast, into `shocks`; returns how many.
///
/// - Spot: `r_t sigma_T / sigma_{t|t-1}`, forecasts by squared returns at 0.94 a day. The first
///   forecast is the mean square of the first [`WARM_UP`] days run through those same days; these days
///   are no scenarios, so no forecast contains the day that it is for.
/// - Volatility: its log changes by the same rule, as relative change `e^v - 1`. A day on which the
///   underlying has no change of volatility, or no forecast yet, takes that of `reference`
///   (the history of the underlying whose volatility is known longest; may be empty), and no change if
///   that has none either.
///
/// Rounding: variances are carried to 5e-19, so a shock is within `5e-19 / sigma^2` of itself: 5e-15 at a
/// daily volatility of 1%, and two units in the last place.
/// `OutOfDomain` if days are not in order. `shocks` that are too few hold the last days.
pub fn filter(
	moves: &[Move],
	reference: &[Move],
	shocks: &mut [Shock],
) -> Result<usize, MathError> {
	for history in [moves, reference] {
		let mut pairs = history.iter().zip(history.iter().skip(1));
		if pairs.any(|(before, after)| before.day >= after.day) {
			return Err(MathError::OutOfDomain);
		}
	}
	let Some(mut spot) = Filtered::new(moves, |moved| Some(moved.spot))? else { return Ok(0) };
	let mut own = Filtered::new(moves, |moved| moved.volatility)?;
	let mut borrowed = Filtered::new(reference, |moved| moved.volatility)?;
	let simulated = moves.len().saturating_sub(WARM_UP).min(DAYS_MAX).min(shocks.len());
	let days = moves.iter().skip(moves.len().saturating_sub(simulated));
	for (shock, day) in shocks.iter_mut().zip(days.map(|moved| moved.day)) {
		let spot = spot.at(day)?.ok_or(MathError::OutOfDomain)?;
		let own = own.as_mut().map_or(Ok(None), |own| own.at(day))?;
		let borrowed = borrowed.as_mut().map_or(Ok(None), |borrowed| borrowed.at(day))?;
		let log = own.or(borrowed).unwrap_or(Q64::ZERO);
		let least = LOG_MAX.checked_neg().ok_or(MathError::Overflow)?;
		let factor = exp(log.clamp(least, LOG_MAX))?;
		let volatility = factor.checked_sub(Q64::ONE).ok_or(MathError::Overflow)?;
		*shock = Shock { day, spot, volatility };
	}
	Ok(simulated)
}

/// Keeps of each list the days that all of them have, at the front and in order; returns how many.
/// Lists are in order of days.
pub fn align(lists: &mut [&mut [Shock]]) -> usize {
	let Some((first, others)) = lists.split_first_mut() else { return 0 };
	let mut kept = 0usize;
	for index in 0..first.len() {
		let Some(shock) = first.get(index).copied() else { break };
		// Where the day stands in each of the others; nothing moves unless all of them have it.
		let find = |list: &[Shock]| {
			let rest = list.get(kept..).unwrap_or_default();
			rest.binary_search_by_key(&shock.day, |other| other.day).ok()
		};
		if others.iter().any(|list| find(list).is_none()) {
			continue;
		}
		for list in others.iter_mut() {
			let Some(found) = find(list).and_then(|found| found.checked_add(kept)) else {
				continue;
			};
			list.swap(kept, found);
		}
		first.swap(kept, index);
		kept = kept.saturating_add(1);
	}
	kept
}
