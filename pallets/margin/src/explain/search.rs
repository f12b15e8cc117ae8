//! Where a figure becomes negative.

use ballast_primitives::{Price, Usd};
use sp_runtime::ArithmeticError;

/// A place and the figure there.
pub(crate) type Sample = (u128, Usd);

/// Two places between which a figure becomes negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Crossing {
	/// Not negative.
	pub before: Sample,
	/// Negative.
	pub after: Sample,
}

impl Crossing {
	/// The place between them at which a straight line is zero, rounded towards the first.
	pub fn place(&self) -> Result<u128, ArithmeticError> {
		let ((from, above), (to, below)) = (self.before, self.after);
		let share = above.share_of_floor(above.checked_sub(below)?)?;
		let width = Price::from_inner(to.saturating_sub(from));
		Ok(from.saturating_add(width.times_floor(share)?.into_inner()))
	}
}

/// Places up to `end`, this far apart but for the last.
pub(crate) fn places(end: u128, apart: u128) -> impl Iterator<Item = u128> {
	let next = move |place: u128| place.saturating_add(apart).min(end);
	core::iter::successors(Some(next(0)), move |place| (*place < end).then(|| next(*place)))
}

/// Walks along rising `places` from `start`, where the figure is not negative, to the first at which it is,
/// and halves the way from the one before until it is no wider than `width` (at least one). A dip below
/// zero that begins and ends between two places is not seen.
pub(crate) fn crossing(
	start: Sample,
	places: impl Iterator<Item = u128>,
	width: u128,
	mut figure: impl FnMut(u128) -> Result<Usd, ArithmeticError>,
) -> Result<Option<Crossing>, ArithmeticError> {
	let mut before = start;
	for place in places {
		let sample = (place, figure(place)?);
		if sample.1.is_negative() {
			return halved(Crossing { before, after: sample }, width.max(1), figure).map(Some);
		}
		before = sample;
	}
	Ok(None)
}

fn halved(
	mut crossing: Crossing,
	width: u128,
	mut figure: impl FnMut(u128) -> Result<Usd, ArithmeticError>,
) -> Result<Crossing, ArithmeticError> {
	while crossing.after.0.saturating_sub(crossing.before.0) > width {
		let middle = crossing.before.0.midpoint(crossing.after.0);
		let sample = (middle, figure(middle)?);
		if sample.1.is_negative() {
			crossing.after = sample;
		} else {
			crossing.before = sample;
		}
	}
	Ok(crossing)
}
