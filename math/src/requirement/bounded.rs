//! The most that a book can lose.

use super::{add, mul_down, mul_up, sub, Book, Leg};
use crate::{
	black76::Kind,
	error::MathError,
	fixed::{Rounding, Q64},
};

/// The most that a book of this value can lose, or `None` where nothing bounds it.
///
/// `L_max = V - sum over expiries of D x min over S in {0, strikes} of payoff`, `V` with the units.
///
/// Why that is a bound: options of one expiry are worth at least `D x min payoff` at any time before
/// it, in any market without arbitrage. With several expiries the minima are added, since they
/// need not fall together; that can only raise `L_max`. The payoff of an expiry has a minimum at a
/// strike or at zero only if its slope at infinity, the sum of its calls, is not negative. A negative
/// slope is made good by collateral units: one unit of the underlying is worth `g = D F / S` of one
/// unit delivered at the expiry, so `n` calls short at the top need `n g` units, which are taken from
/// the book and joined to that expiry. What is left over joins the first expiry (any split is
/// a bound; with one expiry this one is exact). If the units do not suffice there is no bound.
///
/// Long calls of *another* expiry do not make a slope good: a call that expires first leaves the
/// other naked. So a calendar spread of calls is scanned without a cap.
pub fn greatest_loss(book: &Book<'_>, value: Q64) -> Result<Option<Q64>, MathError> {
	let mut free = book.units;
	for group in groups(book.legs) {
		free = sub(free, units_needed(book, group)?)?;
		if free.is_negative() {
			return Ok(None);
		}
	}
	let mut least = Q64::ZERO;
	for group in groups(book.legs) {
		let bare = slope(group)?;
		// Exactly what the slope lacks, and the free units on top of it.
		let mut delivered = bare.min(Q64::ZERO).checked_neg().ok_or(MathError::Overflow)?;
		if !free.is_zero() {
			let rest = free.checked_div(carried(book, group)?, Rounding::Floor);
			delivered = add(delivered, rest.ok_or(MathError::Overflow)?)?;
			free = Q64::ZERO;
		}
		let minimum = least_payoff(group, delivered)?;
		least = add(least, mul_down(minimum, group.leg.discount)?)?;
	}
	Ok(Some(sub(value, least)?.max(Q64::ZERO)))
}

/// The legs of one expiry: `leg` is the first of them in `legs`.
#[derive(Clone, Copy)]
struct Group<'a> {
	leg: &'a Leg,
	legs: &'a [Leg],
}

impl<'a> Group<'a> {
	fn iter(self) -> impl Iterator<Item = &'a Leg> {
		self.legs.iter().filter(move |other| other.expiry == self.leg.expiry)
	}
}

/// The expiries of a book, in the order in which they first appear.
fn groups(legs: &[Leg]) -> impl Iterator<Item = Group<'_>> {
	legs.iter().enumerate().filter_map(move |(index, leg)| {
		let known = legs.iter().take(index).any(|other| other.expiry == leg.expiry);
		(!known).then_some(Group { leg, legs })
	})
}

/// Slope of the payoff at infinity: the calls, net.
fn slope(group: Group<'_>) -> Result<Q64, MathError> {
	group
		.iter()
		.filter(|leg| leg.kind == Kind::Call)
		.try_fold(Q64::ZERO, |sum, leg| add(sum, leg.quantity))
}

/// What one unit held now is worth of one unit delivered at the expiry: `D F / S`, rounded up.
fn carried(book: &Book<'_>, group: Group<'_>) -> Result<Q64, MathError> {
	mul_up(group.leg.discount, group.leg.forward)?
		.checked_div(book.spot, Rounding::Ceil)
		.filter(|share| share.is_positive())
		.ok_or(MathError::OutOfDomain)
}

/// Units that make a negative slope good, rounded up.
fn units_needed(book: &Book<'_>, group: Group<'_>) -> Result<Q64, MathError> {
	let slope = slope(group)?;
	if !slope.is_negative() {
		return Ok(Q64::ZERO);
	}
	mul_up(slope.checked_neg().ok_or(MathError::Overflow)?, carried(book, group)?)
}

/// The least payoff of an expiry with so many units joined to it, over its kinks.
fn least_payoff(group: Group<'_>, delivered: Q64) -> Result<Q64, MathError> {
	let mut least = payoff(group, delivered, Q64::ZERO)?;
	for leg in group.iter() {
		least = least.min(payoff(group, delivered, leg.strike)?);
	}
	Ok(least)
}

/// Payoff of an expiry with units joined to it, at a price of the underlying. Rounded down.
fn payoff(group: Group<'_>, delivered: Q64, price: Q64) -> Result<Q64, MathError> {
	group.iter().try_fold(mul_down(delivered, price)?, |sum, leg| {
		let gain = match leg.kind {
			Kind::Call => sub(price, leg.strike)?,
			Kind::Put => sub(leg.strike, price)?,
		};
		add(sum, mul_down(leg.quantity, gain.max(Q64::ZERO))?)
	})
}
