//! [`shortfall`]: the joint distribution of a book on several underlyings.

use super::{
	apportion::{apportion, Part},
	column::Column,
	filter::Shock,
	interpolant::Interpolant,
	tail::{TailDay, Worst, TAIL_MAX},
};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
};

/// A book's risk on one underlying.
#[derive(Clone, Copy, Debug)]
pub struct Exposure<'a> {
	/// The book's grid.
	pub book: &'a Interpolant,
	/// What the days of the past would do tomorrow; entry `i` of every underlying is the same day.
	pub shocks: &'a [Shock],
}

/// What a book could lose in a day, in quote currency; a negative figure is a gain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
	/// Value at risk at 97.5%.
	pub value_at_risk_975: Q64,
	/// Value at risk at 99%.
	pub value_at_risk_99: Q64,
	/// Expected shortfall at 97.5%.
	pub expected_shortfall: Q64,
	/// Days that were simulated.
	pub days: u16,
	tail: [TailDay; TAIL_MAX],
	tail_days: usize,
}

/// Value at risk and expected shortfall of a book over the joint days of its underlyings.
///
/// Rounded up: expected shortfall by less than a unit in the last place of what the grids say, values at
/// risk by less than two.
/// `OutOfDomain` if the lists of shocks differ in length, or for fewer than [`super::DAYS_MIN`] or more than
/// [`super::DAYS_MAX`] days. Without an exposure there is no day: `OutOfDomain`.
pub fn shortfall(exposures: &[Exposure<'_>]) -> Result<Shortfall, MathError> {
	let days = exposures.first().map_or(0, |exposure| exposure.shocks.len());
	if exposures.iter().any(|exposure| exposure.shocks.len() != days) {
		return Err(MathError::OutOfDomain);
	}
	let mut worst = Worst::new();
	for day in 0..days {
		let mut change = Q64::ZERO;
		for exposure in exposures {
			let shock = exposure.shocks.get(day).ok_or(MathError::OutOfDomain)?;
			let (value, _) = exposure.book.value(shock);
			change = change.checked_add(value).ok_or(MathError::Overflow)?;
		}
		worst.push(change.checked_neg().ok_or(MathError::Overflow)?)?;
	}
	Shortfall::of(&worst)
}

impl Shortfall {
	/// Of losses that are known day by day (negative is a gain), however they were computed. Errors as
	/// [`shortfall`].
	pub fn of_losses(losses: impl IntoIterator<Item = Q64>) -> Result<Self, MathError> {
		let mut worst = Worst::new();
		for loss in losses {
			worst.push(loss)?;
		}
		Self::of(&worst)
	}

	fn of(worst: &Worst) -> Result<Self, MathError> {
		let (tail, tail_days) = worst.weighted()?;
		let days = u16::try_from(worst.seen()).map_err(|_| MathError::Overflow)?;
		let mut shortfall = Self {
			value_at_risk_975: worst.value_at_risk_975()?,
			value_at_risk_99: worst.value_at_risk_99()?,
			expected_shortfall: Q64::ZERO,
			days,
			tail,
			tail_days,
		};
		let sum = shortfall.weighted_sum(|day| Some(day.loss.to_bits()))?;
		let mean = sum.checked_neg().ok_or(MathError::Overflow)?;
		let mean = mean.checked_div_euclid(i128::from(days)).ok_or(MathError::DivisionByZero)?;
		shortfall.expected_shortfall =
			Q64::from_bits(mean.checked_neg().ok_or(MathError::Overflow)?);
		Ok(shortfall)
	}

	/// The days of which expected shortfall is the mean, worst first.
	pub fn tail(&self) -> &[TailDay] {
		self.tail.get(..self.tail_days).unwrap_or_default()
	}

	/// Sum of bits over the tail, each day in fortieths: over the number of days it is the mean, since the
	/// weights add up to one for each day.
	fn weighted_sum(&self, bits: impl Fn(&TailDay) -> Option<i128>) -> Result<i128, MathError> {
		self.tail()
			.iter()
			.try_fold(0i128, |sum, day| {
				bits(day)?.checked_mul(i128::from(day.weight))?.checked_add(sum)
			})
			.ok_or(MathError::Overflow)
	}

	/// The share of each underlying: its own mean loss over the tail, in the order of `exposures`, in
	/// bits of a [`Q64`]; the shares add up to the expected shortfall exactly. `exposures` are those of
	/// [`shortfall`]. `OutOfDomain` if `shares` has another length.
	pub fn contributions(
		&self,
		exposures: &[Exposure<'_>],
		shares: &mut [Part],
	) -> Result<(), MathError> {
		if shares.len() != exposures.len() {
			return Err(MathError::OutOfDomain);
		}
		for (share, exposure) in shares.iter_mut().zip(exposures) {
			*share = Part::new(self.weighted_sum(|day| {
				let shock = exposure.shocks.get(usize::from(day.index))?;
				exposure.book.value(shock).0.to_bits().checked_neg()
			})?);
		}
		apportion(self.expected_shortfall.to_bits(), i128::from(self.days), shares)
	}

	/// The share of each series in `total`, the contribution of its underlying `exposure` in bits of a
	/// [`Q64`]: its quantity times the mean loss of its column over the tail, read as the book's grid is
	/// read. `columns` are all series of the grid with their quantities (units of the underlying
	/// included); the shares add up to `total` exactly. `OutOfDomain` if `shares` has another length.
	pub fn contributions_of_series(
		&self,
		exposure: &Exposure<'_>,
		total: i128,
		columns: &[(Column, Q64)],
		shares: &mut [Part],
	) -> Result<(), MathError> {
		if shares.len() != columns.len() {
			return Err(MathError::OutOfDomain);
		}
		let mut points = [None; TAIL_MAX];
		for (point, day) in points.iter_mut().zip(self.tail()) {
			let shock =
				exposure.shocks.get(usize::from(day.index)).ok_or(MathError::OutOfDomain)?;
			*point = Some((*day, exposure.book.value(shock).1));
		}
		for (share, (column, quantity)) in shares.iter_mut().zip(columns) {
			let read = exposure.book.following(column)?;
			let sum = points.iter().flatten().try_fold(0i128, |sum, (day, point)| {
				let value = read.at(point).checked_mul(*quantity, Rounding::Nearest)?;
				sum.checked_sub(value.to_bits().checked_mul(i128::from(day.weight))?)
			});
			*share = Part::new(sum.ok_or(MathError::Overflow)?);
		}
		apportion(total, i128::from(self.days), shares)
	}
}
