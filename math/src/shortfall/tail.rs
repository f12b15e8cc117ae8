//! The tail of a distribution of losses: its worst days and what is measured on them.

use super::{DAYS_MAX, DAYS_MIN};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
};

/// Most days that the worst fortieth of [`DAYS_MAX`] days touches, and the day after them.
pub const TAIL_MAX: usize = DAYS_MAX / 40 + 2;

/// One of `1 - 0.975`.
pub(super) const ES_PARTS: usize = 40;
/// One of `1 - 0.99`.
const HUNDREDTHS: usize = 100;

/// A day in the tail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TailDay {
	/// Place of the day in the list of shocks.
	pub index: u16,
	/// How much of it counts in expected shortfall, in fortieths of a day.
	pub weight: u8,
	/// Loss of the book on it; negative is a gain.
	pub loss: Q64,
}

/// The worst days seen so far, worst first; of equal losses the earlier day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worst {
	days: [TailDay; TAIL_MAX],
	kept: usize,
	seen: usize,
}

impl Worst {
	pub(super) const fn new() -> Self {
		let none = TailDay { index: 0, weight: 0, loss: Q64::MIN };
		Self { days: [none; TAIL_MAX], kept: 0, seen: 0 }
	}

	/// Takes note of the next day. `OutOfDomain` beyond [`DAYS_MAX`] days.
	#[inline]
	pub(super) fn push(&mut self, loss: Q64) -> Result<(), MathError> {
		if self.seen >= DAYS_MAX {
			return Err(MathError::OutOfDomain);
		}
		let index = u16::try_from(self.seen).map_err(|_| MathError::Overflow)?;
		self.seen = self.seen.saturating_add(1);
		if self.kept == TAIL_MAX && self.days.last().is_some_and(|least| loss <= least.loss) {
			return Ok(());
		}
		self.insert(TailDay { index, weight: 0, loss });
		Ok(())
	}

	#[cold]
	fn insert(&mut self, day: TailDay) {
		let days = self.days.get(..self.kept).unwrap_or_default();
		let place = days.partition_point(|other| other.loss >= day.loss);
		self.kept = self.kept.saturating_add(1).min(TAIL_MAX);
		if let Some(rest) = self.days.get_mut(place..self.kept) {
			rest.rotate_right(1);
			if let Some(first) = rest.first_mut() {
				*first = day;
			}
		}
	}

	/// Days seen.
	pub(super) const fn seen(&self) -> usize {
		self.seen
	}

	/// The days of expected shortfall with their weights: the worst fortieth, the last of them with the
	/// part that is left. `OutOfDomain` for fewer than [`DAYS_MIN`] days.
	pub(super) fn weighted(&self) -> Result<([TailDay; TAIL_MAX], usize), MathError> {
		if self.seen < DAYS_MIN {
			return Err(MathError::OutOfDomain);
		}
		let mut days = self.days;
		let mut left = self.seen;
		let mut count = 0usize;
		for day in &mut days {
			let weight = left.min(ES_PARTS);
			day.weight = u8::try_from(weight).map_err(|_| MathError::Overflow)?;
			left = left.saturating_sub(weight);
			count = count.saturating_add(usize::from(weight > 0));
		}
		Ok((days, count))
	}

	/// Value at risk at 97.5%.
	pub(super) fn value_at_risk_975(&self) -> Result<Q64, MathError> {
		self.quantile(ES_PARTS)
	}

	/// Value at risk at 99%.
	pub(super) fn value_at_risk_99(&self) -> Result<Q64, MathError> {
		self.quantile(HUNDREDTHS)
	}

	/// The loss at place `N / parts + 1/2` from the worst. Rounded up.
	fn quantile(&self, parts: usize) -> Result<Q64, MathError> {
		if self.seen < DAYS_MIN {
			return Err(MathError::OutOfDomain);
		}
		let place = self.seen.saturating_add(parts.checked_div(2).unwrap_or(0));
		let whole = place.checked_div(parts).ok_or(MathError::DivisionByZero)?;
		let rest = place.checked_rem(parts).ok_or(MathError::DivisionByZero)?;
		let at = |place: usize| {
			let index = place.checked_sub(1).ok_or(MathError::OutOfDomain)?;
			Ok::<_, MathError>(self.days.get(index).ok_or(MathError::OutOfDomain)?.loss)
		};
		let above = at(whole)?;
		if rest == 0 {
			return Ok(above);
		}
		let below = at(whole.saturating_add(1))?;
		let parts = i128::try_from(parts).map_err(|_| MathError::Overflow)?;
		let rest = i128::try_from(rest).map_err(|_| MathError::Overflow)?;
		let share = Q64::from_ratio(rest, parts, Rounding::Floor).ok_or(MathError::Overflow)?;
		below
			.checked_sub(above)
			.and_then(|gap| gap.checked_mul(share, Rounding::Ceil))
			.and_then(|gap| above.checked_add(gap))
			.ok_or(MathError::Overflow)
	}
}
