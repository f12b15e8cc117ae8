//! What each position adds to a scan loss: Euler's shares in the binding scenario.
//!
//! In one scenario the loss is linear in the quantities, so `-weight q change` of each leg adds up to it, and is
//! also what the loss grows by per leg as it grows: a hedge's share is negative.

#[cfg(test)]
mod tests;

use super::{entries, ArrayLeg, RiskArray, SideRisk};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	requirement::{sub, Book, Moves},
	scenario::Scenario,
	shortfall::{ledger_shares, Part},
};

/// One of the two scan ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
	/// Of maintenance margin.
	Maintenance,
	/// Of initial margin.
	Initial,
}

/// A scan loss to be explained, and what was made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
	/// The range at which it was found.
	pub range: Range,
	/// Index of the binding scenario.
	pub binding: u8,
	/// The loss in it, not capped: `loss_mm` or `loss_im` of [`crate::requirement::Margins`].
	pub loss: Q64,
	/// What is to be divided, in units of 1e-18: the loss, or a capped or multiplied one, whose shares are
	/// those of the loss in proportion.
	pub total: i128,
}

/// Divides a scan loss among the legs of a book, in their order, and its units, last: `parts`, one more than
/// there are legs, are set to amounts in units of 1e-18 that add up to the total exactly.
///
/// Each is rounded down, and what is left over (what the loss was rounded up by is part of it) handed out
/// by largest remainders, to the units only if there are any. If nothing loses (`loss` is not above
/// zero) the total is divided evenly. `OutOfDomain`: another number of parts, no such scenario, an array of
/// another set, no `unit` although there are units, or a total without any position to bear it. `Overflow`
/// for an amount beyond 9.2e18 of quote currency.
pub fn contributions(
	book: &Book<'_, ArrayLeg<'_>>,
	unit: Option<&SideRisk>,
	scenarios: &[Scenario],
	explained: &Explained,
	parts: &mut [Part],
) -> Result<(), MathError> {
	let Some((of_units, of_legs)) = parts.split_last_mut() else {
		return Err(MathError::OutOfDomain);
	};
	if of_legs.len() != book.legs.len() || (unit.is_none() && !book.units.is_zero()) {
		return Err(MathError::OutOfDomain);
	}
	let scenario = scenarios.get(usize::from(explained.binding)).ok_or(MathError::OutOfDomain)?;
	let entry = entry(scenarios, scenario, explained)?;
	let entries = entries(scenarios);
	let share = Share { entries, entry, weight: scenario.weight, factor: factor(explained)? };
	for (part, leg) in of_legs.iter_mut().zip(book.legs) {
		let array = &leg.risk.side(leg.quantity).array;
		*part = Part::new(share.of(leg.quantity, array)?.to_bits());
	}
	*of_units = match unit {
		Some(unit) => Part::new(share.of(book.units, &unit.array)?.to_bits()),
		None => Part::default(),
	};
	let bearers = if book.units.is_zero() { of_legs } else { parts };
	ledger_shares(explained.total, bearers)
}

/// The entry of the binding scenario.
fn entry(
	scenarios: &[Scenario],
	binding: &Scenario,
	explained: &Explained,
) -> Result<usize, MathError> {
	let index = usize::from(explained.binding);
	if explained.range == Range::Maintenance || !Moves::depends(binding) {
		return Ok(index);
	}
	let before = scenarios.iter().take(index).filter(|scenario| Moves::depends(scenario)).count();
	scenarios.len().checked_add(before).ok_or(MathError::Overflow)
}

/// Total over loss, to nearest.
fn factor(explained: &Explained) -> Result<Q64, MathError> {
	if !explained.loss.is_positive() {
		return Ok(Q64::ZERO);
	}
	Q64::from_e18(explained.total)
		.and_then(|total| total.checked_div(explained.loss, Rounding::Nearest))
		.ok_or(MathError::Overflow)
}

/// What turns a position into its share.
struct Share {
	entries: usize,
	entry: usize,
	weight: Q64,
	factor: Q64,
}

impl Share {
	/// To nearest.
	fn of(&self, quantity: Q64, array: &RiskArray) -> Result<Q64, MathError> {
		if array.mantissas().len() != self.entries {
			return Err(MathError::OutOfDomain);
		}
		let change = array.changes().nth(self.entry).ok_or(MathError::OutOfDomain)??;
		let times = |a: Q64, b: Q64| a.checked_mul(b, Rounding::Nearest).ok_or(MathError::Overflow);
		let gain = times(times(quantity, change)?, self.weight)?;
		sub(Q64::ZERO, times(gain, self.factor)?)
	}
}
