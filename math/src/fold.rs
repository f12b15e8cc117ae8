//! Fold indexes: one side of a series is reduced for everybody, pro rata, without visiting an account.
//!
//! American exercise is assigned to all shorts, deleveraging takes from all longs. Each side of a
//! series keeps a *survival* `s` (what is left of a contract that was there when the epoch began) and a
//! *payout* `P` (the money that such a contract has brought). A position remembers the pair at which
//! it was last brought up to date, `(s0, P0)`, and is worth now
//!
//! `quantity x s / s0` contracts and `quantity x (P - P0) / s0` of money.
//!
//! - **Event** ([`Side::event`]): `x` of `total` at amount `a` per contract.
//!   `s' = s (total - x) / total`, `P' = P + a s x / total`, `due += x a`. If nothing is left, or
//!   `s' <= 2^-32`, the epoch ends at `(s', P')` (the caller keeps that) and the next begins at `(1, 0)`.
//! - **Touch** ([`Side::touch`]): a position goes through the ends of the epochs that have passed, then
//!   to the present. `due` falls by the money that it brings.
//!
//! Both are to be done in this order: touch a position before every change of it, let it continue at
//! the [`Index`] of the side that it ends on.
//!
//! # Rounding
//!
//! | quantity | long | short |
//! |---|---|---|
//! | survival, quantity | down | up |
//! | `s x / total` of the payout, money of a touch | down | up |
//! | `x a` of an event ([`Event::money`]) | up | down |
//!
//! Hence, whatever the history:
//!
//! - `total` is an exact integer, and `sum of folded longs <= total <= sum of folded shorts`;
//! - the longs together receive at most the money of the events, the shorts together pay at least
//!   that: what is left in `due` when all are touched is the house's (`>= 0` of longs, `<= 0` of
//!   shorts).
//!
//! The payout does not use `s - s'`: that is `s x / total` rounded the other way, so a long side would
//! pay more than it owes whenever amounts fall from one event to the next.
//!
//! # Error
//!
//! An event is off by less than `2^-96` of a survival above `2^-32`, so by less than `2^-64` of a
//! position and of its money; a touch by less than one unit (1e-18) of the quantity and of the money
//! per epoch that it goes through. A unit of quantity lost is worth `a` units of money at a later event.
//!
//! # Steps
//!
//! A whole epoch leaves `2^-32` of a quantity or less. So a long below `2^91` units (2.4e9 contracts)
//! is nothing after the end that it sees first and three more. A short, being rounded up, would remain
//! one unit for ever: one unit or less before a whole epoch is nothing after it (one more step), and pays one unit of
//! money for what is forgone, which covers amounts up to `2^32` of money per contract. Less than
//! `2^-32` of a unit is given up by each, so that sums of integers are still on the house's side for up
//! to `2^32` shorts.

use crate::{
	division::{mul_div_ceil, mul_div_floor},
	error::MathError,
	fixed::E18,
};

mod payout;
#[cfg(test)]
mod tests;

pub use payout::Payout;

/// A survival of one: nothing has been taken since the epoch began. 96 fractional bits.
pub const SURVIVAL_ONE: u128 = 1 << 96;
/// An epoch ends at this survival or below: 2^-32.
pub const SURVIVAL_LEAST: u128 = 1 << 64;

/// Which way a side of a series points: what it receives, and how it is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
	/// Owners: events pay them; everything of theirs is rounded down.
	Long,
	/// Writers: events charge them; everything of theirs is rounded up.
	Short,
}

impl Direction {
	/// `a b / c`, rounded for the house.
	fn mul_div(self, a: u128, b: u128, c: u128) -> Result<u128, MathError> {
		match self {
			Self::Long => mul_div_floor(a, b, c),
			Self::Short => mul_div_ceil(a, b, c),
		}
	}

	/// `a b / c`, rounded against the house: what it owes to longs, what it asks of shorts.
	fn mul_div_owed(self, a: u128, b: u128, c: u128) -> Result<u128, MathError> {
		match self {
			Self::Long => mul_div_ceil(a, b, c),
			Self::Short => mul_div_floor(a, b, c),
		}
	}
}

/// Where a side is, and where a position was when it was last touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
	/// Number of epochs that have ended before.
	pub epoch: u32,
	/// What is left of a contract since the epoch began; 96 fractional bits, in (2^-32, 1].
	pub survival: u128,
	/// Money that such a contract has brought since.
	pub payout: Payout,
}

impl Index {
	/// The beginning of an epoch.
	pub const fn start_of(epoch: u32) -> Self {
		Self { epoch, survival: SURVIVAL_ONE, payout: Payout::ZERO }
	}
}

/// How an epoch ended: kept by the caller under the epoch's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
	/// What was left of a contract; 96 fractional bits, in [0, 2^-32].
	pub survival: u128,
	/// Money that a contract had brought.
	pub payout: Payout,
}

/// A position of one side: magnitudes, the side says the sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
	/// Contracts, in 18 decimals, at `index`.
	pub quantity: u128,
	/// Where it was last brought up to date.
	pub index: Index,
}

/// A position brought up to date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
	/// Contracts now, in 18 decimals: rounded down of a long, up of a short.
	pub quantity: u128,
	/// Money that a long receives (rounded down) or a short pays (rounded up), in 18 decimals.
	pub money: u128,
	/// Ends of epochs that were looked up.
	pub steps: u32,
}

/// What an event leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
	/// The side after it.
	pub side: Side,
	/// What was added to `due`, in 18 decimals: `x a`, rounded up of longs, down of shorts. The account
	/// against which a long side is closed pays exactly this; the one that exercises against a short
	/// side receives exactly this.
	pub money: u128,
	/// How the epoch before ended, if this event ended it.
	pub ended: Option<Ended>,
}

/// One side of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
	/// Longs or shorts.
	pub direction: Direction,
	/// Contracts, in 18 decimals. Exact: the two sides of a series always have the same.
	pub total: u128,
	/// Where the side is now.
	pub index: Index,
	/// Money of events that no position has brought into an account yet, in 18 decimals: owed to longs,
	/// to be collected from shorts. What remains when all are touched is the house's.
	pub due: i128,
}

impl Side {
	/// A side without positions.
	pub const fn new(direction: Direction) -> Self {
		Self { direction, total: 0, index: Index::start_of(0), due: 0 }
	}

	/// A position of `quantity` (18 decimals) that is up to date.
	pub const fn position(&self, quantity: u128) -> Position {
		Position { quantity, index: self.index }
	}

	/// After `opened` and `closed` (18 decimals) of one trade: both at once, because shorts together
	/// may hold some units more than the total, so the total alone may not cover what one closes.
	///
	/// [`MathError::OutOfDomain`] if more is closed than there is.
	pub fn traded(self, opened: u128, closed: u128) -> Result<Self, MathError> {
		let all = self.total.checked_add(opened).ok_or(MathError::Overflow)?;
		let total = all.checked_sub(closed).ok_or(MathError::OutOfDomain)?;
		Ok(Self { total, ..self })
	}

	/// Takes `taken` contracts from all positions pro rata, at `amount` of money per contract (both in
	/// 18 decimals). Taking nothing changes nothing.
	///
	/// [`MathError::OutOfDomain`] if the side has less than `taken`.
	pub fn event(&self, taken: u128, amount: u128) -> Result<Event, MathError> {
		let total = self.total.checked_sub(taken).ok_or(MathError::OutOfDomain)?;
		if taken == 0 {
			return Ok(Event { side: *self, money: 0, ended: None });
		}
		let Index { epoch, survival, payout } = self.index;
		let money = self.direction.mul_div_owed(taken, amount, E18.unsigned_abs())?;
		let due = i128::try_from(money)
			.ok()
			.and_then(|money| self.due.checked_add(money))
			.ok_or(MathError::Overflow)?;
		let part = self.direction.mul_div(survival, taken, self.total)?;
		let payout = payout.checked_add_product(part, amount)?;
		let survival = self.direction.mul_div(survival, total, self.total)?;
		let (index, ended) = if survival <= SURVIVAL_LEAST {
			let next = epoch.checked_add(1).ok_or(MathError::Overflow)?;
			(Index::start_of(next), Some(Ended { survival, payout }))
		} else {
			(Index { epoch, survival, payout }, None)
		};
		Ok(Event { side: Self { total, index, due, ..*self }, money, ended })
	}

	/// A position as it is now; changes nothing. `ended` says how an epoch ended.
	///
	/// [`MathError::OutOfDomain`] if the position is ahead of the side, or if the end of an epoch that it
	/// goes through is not known.
	pub fn fold(
		&self,
		position: &Position,
		mut ended: impl FnMut(u32) -> Option<Ended>,
	) -> Result<Folded, MathError> {
		let Position { quantity, mut index } = *position;
		let mut folded = Folded { quantity, ..Folded::default() };
		while folded.quantity > 0 && index.epoch < self.index.epoch {
			let end = ended(index.epoch).ok_or(MathError::OutOfDomain)?;
			folded = self.step(folded, &index, &end)?;
			folded.steps = folded.steps.checked_add(1).ok_or(MathError::Overflow)?;
			index = Index::start_of(index.epoch.checked_add(1).ok_or(MathError::Overflow)?);
		}
		if folded.quantity == 0 || index == self.index {
			return Ok(folded);
		}
		if index.epoch != self.index.epoch {
			return Err(MathError::OutOfDomain);
		}
		let Index { survival, payout, .. } = self.index;
		self.advance(folded, &index, &Ended { survival, payout })
	}

	/// Brings a position up to date: the side after it, with `due` less by the money, and the position
	/// as it is now. Errors as [`Side::fold`].
	pub fn touch(
		&self,
		position: &Position,
		ended: impl FnMut(u32) -> Option<Ended>,
	) -> Result<(Self, Folded), MathError> {
		let folded = self.fold(position, ended)?;
		let due = i128::try_from(folded.money)
			.ok()
			.and_then(|money| self.due.checked_sub(money))
			.ok_or(MathError::Overflow)?;
		Ok((Self { due, ..*self }, folded))
	}

	/// To the end of an epoch. A short of at most one unit that has seen all of it is nothing after it,
	/// and pays a unit for what is forgone.
	fn step(&self, folded: Folded, from: &Index, end: &Ended) -> Result<Folded, MathError> {
		let after = self.advance(folded, from, end)?;
		let whole_epoch = *from == Index::start_of(from.epoch);
		if folded.quantity <= 1 && after.quantity > 0 && whole_epoch {
			let money = after.money.checked_add(1).ok_or(MathError::Overflow)?;
			return Ok(Folded { quantity: 0, money, ..after });
		}
		Ok(after)
	}

	/// From one point of an epoch to a later one.
	fn advance(&self, folded: Folded, from: &Index, to: &Ended) -> Result<Folded, MathError> {
		let Folded { quantity, money, steps } = folded;
		if to.survival > from.survival {
			return Err(MathError::OutOfDomain);
		}
		let payout = to.payout.since(from.payout)?;
		let brought = payout.money(quantity, from.survival, self.direction)?;
		Ok(Folded {
			quantity: self.direction.mul_div(quantity, to.survival, from.survival)?,
			money: money.checked_add(brought).ok_or(MathError::Overflow)?,
			steps,
		})
	}
}
