//! Strikes on the listing grid: the positive multiples of a step.

use super::ONE;
use crate::{
	black76::Kind,
	division::{mul_div_ceil, mul_div_floor},
};

/// The furthest strike of [`strike_for_delta`]: so many times spot (calls) or spot over it (puts).
pub const REACH: u128 = 10;
/// The most evaluations of [`strike_for_delta`].
pub const EVALUATIONS_MAX: u32 = 64;

/// The strike out of the money (calls: at or above spot, puts: at or below it) and nearest to it whose delta is
/// at most `target_e18` in magnitude; `None` if even the furthest, ten times spot or a tenth of it, has more, or
/// if there is no strike on the grid between the two.
///
/// `delta_at` gives the magnitude of a strike's delta in 18 decimals; it is asked at most
/// [`EVALUATIONS_MAX`] times, by bisection over the grid, and its first error ends the search. Spot, step and
/// strike have one unit, such as 18 decimals.
///
/// The strike returned is always out of the money and within the target: it was asked. So long as the range has
/// fewer than 2^62 strikes, the next one towards spot was asked too and had more, or there is none. That it is
/// the *nearest* of all takes a delta that falls with distance from spot, as it does at one volatility; where a
/// smile makes it rise somewhere, a strike nearer to spot may be within the target too.
pub fn strike_for_delta<E>(
	kind: Kind,
	spot: u128,
	step: u128,
	target_e18: u128,
	mut delta_at: impl FnMut(u128) -> Result<u128, E>,
) -> Result<Option<u128>, E> {
	let Some(range) = Range::of(kind, spot, step) else {
		return Ok(None);
	};
	let mut within = |distance: u128| Ok(delta_at(range.strike(distance))? <= target_e18);
	if !within(range.width)? {
		return Ok(None);
	}
	// Distances from the strike at the money, counted from one: `near` has more than the target or is in the
	// money, `far` is within it.
	let (mut near, mut far) = (0u128, range.width.saturating_add(1));
	for _ in 1..EVALUATIONS_MAX {
		let gap = far.saturating_sub(near);
		if gap <= 1 {
			break;
		}
		let middle = near.saturating_add(gap >> 1);
		if within(middle.saturating_sub(1))? {
			far = middle;
		} else {
			near = middle;
		}
	}
	Ok(Some(range.strike(far.saturating_sub(1))))
}

/// The strikes of one search, by their distance from the first out of the money, in steps.
struct Range {
	kind: Kind,
	step: u128,
	/// The strike at or next to spot, in steps.
	first: u128,
	/// Distance of the furthest.
	width: u128,
}

impl Range {
	/// `None` without a strike.
	fn of(kind: Kind, spot: u128, step: u128) -> Option<Self> {
		let (first, width) = match kind {
			Kind::Call => {
				let first = spot.checked_next_multiple_of(step)?.checked_div(step)?.max(1);
				// where ten times spot does not fit, what fits is the furthest
				let last = spot.saturating_mul(REACH).checked_div(step)?;
				(first, last.checked_sub(first)?)
			}
			Kind::Put => {
				let first = spot.checked_div(step)?;
				let last = spot.div_ceil(REACH).div_ceil(step).max(1);
				(first, first.checked_sub(last)?)
			}
		};
		Some(Self { kind, step, first, width })
	}

	/// The strike at a distance of at most the width: positive, and no further than the last, so it fits.
	fn strike(&self, distance: u128) -> u128 {
		let number = match self.kind {
			Kind::Call => self.first.saturating_add(distance),
			Kind::Put => self.first.saturating_sub(distance),
		};
		number.saturating_mul(self.step)
	}
}

/// The strike at a share `distance_e18` of spot out of the money, `spot x (1 + distance)` for a call and
/// `spot x (1 - distance)` for a put, rounded to the grid away from the money. `None` if there is none: no
/// step, a put at or below zero, or a call beyond 128 bits.
pub fn strike_at_distance(kind: Kind, spot: u128, step: u128, distance_e18: u128) -> Option<u128> {
	match kind {
		Kind::Call => {
			let wanted = mul_div_ceil(spot, ONE.checked_add(distance_e18)?, ONE).ok()?;
			wanted.max(1).checked_next_multiple_of(step)
		}
		Kind::Put => {
			let wanted = mul_div_floor(spot, ONE.checked_sub(distance_e18)?, ONE).ok()?;
			let rest = wanted.checked_rem(step)?;
			wanted.checked_sub(rest).filter(|strike| *strike > 0)
		}
	}
}
