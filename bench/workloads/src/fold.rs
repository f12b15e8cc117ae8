//! Positions that events have touched meanwhile.

use crate::{
	digest, entry,
	inputs::{list, Random, COUNT},
	Entry, Workload,
};
use ballast_math::{
	fold::{Direction, Position, Side},
	E18,
};

pub const WORKLOADS: &[Entry] = &[
	entry::<Event>("fold index: an event", None),
	entry::<Touch>("fold index: touch of a position", None),
];

const ONE: u128 = E18.unsigned_abs();

/// A part of one, in 18 decimals.
fn part(random: &mut Random) -> u128 {
	u128::from(random.word()) % ONE
}

struct Event;
impl Workload for Event {
	type Inputs = ([(u128, u128); COUNT], Side);

	fn prepare() -> Option<Self::Inputs> {
		let mut random = Random::new(96);
		let side = Side { total: 10_000 * ONE, ..Side::new(Direction::Long) };
		Some((list(|_| Some((part(&mut random), 1_000 * part(&mut random))))?, side))
	}

	/// Takes up to one of 10,000 contracts at up to 1,000 of money.
	fn run((events, side): &mut Self::Inputs, round: usize) -> Option<u64> {
		let (taken, amount) = events[round % COUNT];
		let after = side.event(taken, amount).ok()?;
		Some(digest::of_words([after.side.index.survival as u64, after.money as u64]))
	}
}

struct Touch;
impl Workload for Touch {
	type Inputs = ([Position; COUNT], Side);

	/// A position after each of 64 events, all of which are over.
	fn prepare() -> Option<Self::Inputs> {
		let mut random = Random::new(97);
		let mut side = Side { total: 10_000 * ONE, ..Side::new(Direction::Short) };
		let positions = list(|_| {
			let position = side.position(10 * part(&mut random));
			side = side.event(part(&mut random), 1_000 * part(&mut random)).ok()?.side;
			Some(position)
		})?;
		Some((positions, side))
	}

	fn run((positions, side): &mut Self::Inputs, round: usize) -> Option<u64> {
		let (after, folded) = side.touch(&positions[round % COUNT], |_| None).ok()?;
		Some(digest::of_words([after.due as u64, folded.quantity as u64, folded.money as u64]))
	}
}
