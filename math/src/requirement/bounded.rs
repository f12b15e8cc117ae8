//! The most that a book can lose.

use super::{add, mul_down, mul_up, sub, Book, Contract, Terms};
use crate::{
	black76::Kind,
	error::MathError,
	fixed::{Rounding, Q64},
};

/// The most that a book of this value can lose, or `None` where nothing bounds it.
///
/// `L_max = V - sum over expiries of D x min over P in {fixed, strikes} of payoff`, `V` with the
/// units; `P` is the settlement price, never below the part `fixed` of it that is averaged already
/// (zero outside the settlement window).
///
/// Why that is a bound: options of one expiry are worth at least `D x min payoff` at any time before
/// it, in any market without arbitrage. With several expiries the minima are added, since they
/// need not fall together; that can only raise `L_max`. The payoff of an expiry has a minimum at a
/// kink only if its slope at infinity, the sum of its calls, is not negative. A negative
/// slope is made good by collateral units: the part `P - fixed` that is still open can be had, in
/// cash at the expiry, for `g = D (F - fixed) / S` units now, so `n` calls short at the top need `n g`
/// units, which are taken from the book and joined to that expiry. What is left over joins the
/// first expiry (any split is a bound; with one expiry this one is exact). If the units do not
/// suffice there is no bound.
///
/// Long calls of *another* expiry do not make a slope good: a call that expires first leaves the
/// other naked. So a calendar spread of calls is scanned without a cap.
///
/// Nor is there a bound with a short that may be exercised early: each is exercised when that is worst for
/// its writer, a call high and a put low, and no single price says what all of them cost.
///
/// Rounded up: payoffs are rounded down, and so are the units that can be joined to an expiry. Errors
/// as [`super::requirement`].
pub fn greatest_loss<L: Contract>(
	book: &Book<'_, L>,
	value: Q64,
) -> Result<Option<Q64>, MathError> {
	let exercised = |leg: Terms| leg.early && leg.quantity.is_negative();
	if book.legs.iter().map(Contract::terms).any(exercised) {
		return Ok(None);
	}
	let mut free = book.units;
	for group in groups(book.legs) {
		free = sub(free, units_needed(book.spot, group)?)?;
		if free.is_negative() {
			return Ok(None);
		}
	}
	let mut least = Q64::ZERO;
	for group in groups(book.legs) {
		let minimum = if group.is_known() {
			payoff(group, Q64::ZERO, group.first.fixed)?
		} else {
			let bare = slope(group)?;
			// Exactly what the slope lacks, and the free units on top of it.
			let mut joined = bare.min(Q64::ZERO).checked_neg().ok_or(MathError::Overflow)?;
			if !free.is_zero() {
				let rest = free.checked_div(carried(book.spot, group)?, Rounding::Floor);
				// With as many units as contracts no price is worse than the lowest: more change
				// nothing, and may be more than a number holds.
				let most = group.iter().try_fold(Q64::ZERO, |sum, leg| {
					add(sum, leg.quantity.checked_abs().ok_or(MathError::Overflow)?)
				})?;
				joined = add(joined, rest.map_or(most, |rest| rest.min(most)))?;
				free = Q64::ZERO;
			}
			least_payoff(group, joined)?
		};
		least = add(least, mul_down(minimum, group.first.discount)?)?;
	}
	Ok(Some(sub(value, least)?.max(Q64::ZERO)))
}

/// The legs of one expiry are those of `legs` that have the expiry of `first`. Of a book sorted by
/// expiry `legs` has no others.
pub(super) struct Group<'a, L> {
	first: Terms,
	legs: &'a [L],
}

impl<L> Clone for Group<'_, L> {
	fn clone(&self) -> Self {
		*self
	}
}

impl<L> Copy for Group<'_, L> {}

impl<'a, L: Contract> Group<'a, L> {
	#[inline(always)]
	fn iter(self) -> impl Iterator<Item = Terms> + 'a
	where
		L: 'a,
	{
		let expiry = self.first.expiry;
		self.legs.iter().map(Contract::terms).filter(move |other| other.expiry == expiry)
	}

	/// The legs.
	pub fn legs(self) -> impl Iterator<Item = &'a L> {
		let expiry = self.first.expiry;
		self.legs.iter().filter(move |other| other.terms().expiry == expiry)
	}

	/// Whether the settlement price is known: nothing of the forward is open.
	fn is_known(self) -> bool {
		self.first.forward <= self.first.fixed
	}
}

/// The expiries of a book, in the order in which they first appear.
pub(super) fn groups<L: Contract>(legs: &[L]) -> impl Iterator<Item = Group<'_, L>> {
	legs.iter().enumerate().filter_map(move |(index, leg)| {
		let first = leg.terms();
		let same = |other: &L| other.terms().expiry == first.expiry;
		if legs.iter().take(index).rev().any(same) {
			return None;
		}
		let last = legs.iter().rposition(same)?;
		Some(Group { first, legs: legs.get(index..=last)? })
	})
}

/// Slope of the payoff at infinity: the calls, net.
fn slope<L: Contract>(group: Group<'_, L>) -> Result<Q64, MathError> {
	group
		.iter()
		.filter(|leg| leg.kind == Kind::Call)
		.try_fold(Q64::ZERO, |sum, leg| add(sum, leg.quantity))
}

/// What the open part of one unit delivered at the expiry costs in units held now:
/// `D (F - fixed) / S`, rounded up. Above zero unless the settlement price is known.
fn carried<L: Contract>(spot: Q64, group: Group<'_, L>) -> Result<Q64, MathError> {
	let open = sub(group.first.forward, group.first.fixed)?;
	mul_up(group.first.discount, open)?
		.checked_div(spot, Rounding::Ceil)
		.filter(|share| share.is_positive())
		.ok_or(MathError::OutOfDomain)
}

/// Units that make a negative slope good, rounded up.
fn units_needed<L: Contract>(spot: Q64, group: Group<'_, L>) -> Result<Q64, MathError> {
	let slope = slope(group)?;
	if group.is_known() || !slope.is_negative() {
		return Ok(Q64::ZERO);
	}
	mul_up(slope.checked_neg().ok_or(MathError::Overflow)?, carried(spot, group)?)
}

/// The least payoff of an expiry with so many units joined to it, which leave no slope at infinity
/// negative.
///
/// The payoff is linear between its kinks, so it is least where its slope changes from negative to
/// not negative. Slopes are sums of quantities, hence exact: only there is it computed.
fn least_payoff<L: Contract>(group: Group<'_, L>, joined: Q64) -> Result<Q64, MathError> {
	let mut at = group.first.fixed;
	let mut slope = joined;
	for leg in group.iter() {
		slope = match leg.kind {
			Kind::Call if leg.strike <= at => add(slope, leg.quantity)?,
			Kind::Put if leg.strike > at => sub(slope, leg.quantity)?,
			_ => slope,
		};
	}
	let mut least = None;
	if !slope.is_negative() {
		least = Some(payoff(group, joined, at)?);
	}
	// From kink to kink upwards; a call begins to gain at its strike, a put has lost all of it.
	while let Some((next, quantity)) = next_kink(group, at)? {
		let before = slope;
		slope = add(slope, quantity)?;
		at = next;
		if before.is_negative() && !slope.is_negative() {
			let here = payoff(group, joined, at)?;
			least = Some(least.map_or(here, |least: Q64| least.min(here)));
		}
	}
	least.ok_or(MathError::OutOfDomain)
}

/// The least strike above a price, and the contracts of all legs there.
fn next_kink<L: Contract>(
	group: Group<'_, L>,
	above: Q64,
) -> Result<Option<(Q64, Q64)>, MathError> {
	let mut next: Option<(Q64, Q64)> = None;
	for leg in group.iter().filter(|leg| leg.strike > above) {
		next = match next {
			Some((strike, _)) if leg.strike > strike => next,
			Some((strike, sum)) if leg.strike == strike => Some((strike, add(sum, leg.quantity)?)),
			_ => Some((leg.strike, leg.quantity)),
		};
	}
	Ok(next)
}

/// Payoff of an expiry with units joined to it, at a settlement price not below the fixed part.
/// Rounded down.
fn payoff<L: Contract>(group: Group<'_, L>, joined: Q64, price: Q64) -> Result<Q64, MathError> {
	let open = sub(price, group.first.fixed)?;
	group.iter().try_fold(mul_down(joined, open)?, |sum, leg| {
		let gain = match leg.kind {
			Kind::Call => sub(price, leg.strike)?,
			Kind::Put => sub(leg.strike, price)?,
		};
		add(sum, mul_down(leg.quantity, gain.max(Q64::ZERO))?)
	})
}
