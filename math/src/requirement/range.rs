//! What a book is worth while its price may not be used.

use super::{
	add, ledger_floor, mul_down, sub,
	valuation::{units_value, American, Priced, Side, Valued},
	Book, Exercise, Leg,
};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	scenario::VolMove,
};

/// Steps of spot at which the value of a book on an unusable price is looked up, on either side.
const RANGE_STEPS: i128 = 8;

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
	book.ensure_meaningful()?;
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
		// Where the part of the forward that moves is at the strike less the part that does not.
		let open = (sub(leg.strike, leg.fixed)?, sub(leg.forward, leg.fixed)?);
		if !open.0.is_positive() || !open.1.is_positive() {
			continue;
		}
		let factor = open.0.checked_div(open.1, Rounding::Nearest);
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
		options = add(options, mul_down(leg.quantity, price_at(leg, factor)?)?)?;
	}
	Ok((units_value(book.units, book.spot, factor)?, options))
}

/// Value of one contract at a moved spot.
fn price_at(leg: &Leg, factor: Q64) -> Result<Q64, MathError> {
	fn unmoved<P: Priced>(contract: &P, factor: Q64) -> Result<Q64, MathError> {
		contract.price(&mut P::Memo::default(), factor, VolMove::None)
	}
	match leg.exercise {
		Exercise::European => unmoved(&Valued::unmoved(leg)?, factor),
		Exercise::American { .. } => {
			unmoved(&American::unmoved(leg, Side::of(leg.quantity))?, factor)
		}
	}
}
