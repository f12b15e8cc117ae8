//! The way of a group from the value in force to a new one.
//!
//! A figure moves on a straight line, rounded down. With `a` and `b` whole, `a <= b`, `a < b` and
//! `a + b < c` at both ends then hold on the way too: the difference of the exact figures is at least one
//! wherever it is so at both ends, and rounding all of them down takes less than one from it.

use super::{Course, Group, Rule, Tighter, Violation};

/// A place on the way: after so many of so many steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
	/// Steps made.
	pub step: u32,
	/// Steps to make.
	pub steps: u32,
}

impl Place {
	/// The figure at this place, rounded down. At the ends exactly the figures there.
	pub fn between(self, from: u128, to: u128) -> Option<u128> {
		let left = self.steps.checked_sub(self.step)?;
		let sum = from.checked_mul(left.into())?.checked_add(to.checked_mul(self.step.into())?)?;
		sum.checked_div(self.steps.into())
	}

	/// Whether this is the end.
	pub const fn is_end(self) -> bool {
		self.step >= self.steps
	}
}

/// What is in force at the beginning of a change: of `target` whatever may come at once, the rest as it
/// is `in_force`. If the change is ramped as a `whole`, only what cannot be ramped comes at once.
pub fn beginning<G: Group>(in_force: &G, target: &G, whole: bool) -> G {
	let mut value = target.clone();
	for limit in G::LIMITS {
		let (Some(old), Some(new)) = ((limit.get)(in_force), (limit.get)(target)) else { continue };
		let tightens = limit.tighter == Tighter::Fixed || limit.tighter.allows(old, new);
		let stays = match limit.course {
			Course::Free => whole,
			Course::Gradual => whole || tightens,
			Course::AtOnce => false,
		};
		if stays {
			(limit.set)(&mut value, old);
		}
	}
	value.begin_others(in_force, whole);
	value
}

/// The value at a place on the way from `from` to `to`; exactly these at its ends.
pub fn on_the_way<G: Group>(from: &G, to: &G, place: Place) -> Result<G, Violation> {
	if place.step == 0 {
		return Ok(from.clone());
	}
	let mut value = to.clone();
	if place.is_end() {
		return Ok(value);
	}
	for (limit, position) in G::LIMITS.iter().zip(0u8..) {
		let (old, new) = ((limit.get)(from), (limit.get)(to));
		let figure = old.zip(new).and_then(|(old, new)| place.between(old, new));
		let rule = Rule::OutOfRange;
		let figure = figure.ok_or(Violation { rule, field: limit.field, position })?;
		(limit.set)(&mut value, figure);
	}
	value.move_others(from, place)?;
	Ok(value)
}

/// Checks every value on the way, the first included. The last one is the new value, which is checked by
/// itself.
pub fn ensure_passable<G: Group>(from: &G, to: &G, steps: u32) -> Result<(), Violation> {
	if from == to {
		return Ok(());
	}
	for step in 0..steps {
		let value = on_the_way(from, to, Place { step, steps })?;
		value
			.validate()
			.map_err(|violation| Violation { rule: Rule::InvalidOnTheWay, ..violation })?;
	}
	Ok(())
}

/// What is in force under a guard: of each figure for which it `asks` something else than `target`, to which
/// governance is going, the tighter of what the `guard` has come to and what is `governed`; of every
/// other what is governed.
pub fn guarded<G: Group>(governed: &G, guard: &G, asks: &G, target: &G) -> Result<G, Violation> {
	let mut value = governed.clone();
	for limit in G::LIMITS {
		let figures = [governed, guard, asks, target].map(|group| (limit.get)(group));
		let [Some(governed), Some(guard), Some(asks), Some(target)] = figures else { continue };
		let guards = limit.tighter != Tighter::Fixed && asks != target;
		if guards && limit.tighter.allows(governed, guard) {
			(limit.set)(&mut value, guard);
		}
	}
	if !asks.are_others_equal(target) {
		value.guard_others(guard)?;
	}
	Ok(value)
}
