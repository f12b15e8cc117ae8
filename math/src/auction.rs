//! The liquidation auction: one curve for both sides of zero equity.
//!
//! An account under auction has equity `E`, maintenance requirement `M`, and the governed buffer `b`
//! and penalty rate `pi`. At time `t` a bidder is compensated with the share `g(t)` of the requirement
//! that it takes over ([`Curve`]); `g` rises from a few per cent to one. With `X = E - M` and
//! `BX = X - b M` ([`State::buffered_excess`]):
//!
//! | quantity | formula | rounding |
//! |---|---|---|
//! | price of the whole ([`State::price_of_whole`]) | `(E - R) - g M` | up: the bidder pays |
//! | penalty on the whole | `P = min(pi M, max(0, E - g M))` | down |
//! | largest share that a bid may take ([`State::largest_share`]) | `f = min(1, -BX / ((1 + b) M - g M - P))` | up |
//! | compensation of a bid of share `p` | `p g M` | down |
//! | payment of a bid for assets worth `V` | `V - p g M` | up |
//! | deficit of a bid | `max(0, p g M - max(E, 0)) + p max(-E, 0)` | down |
//!
//! **Which cash moves.** In the presentation of the first row a bidder takes the share `p` of
//! everything, the account's free cash `c - R` included (`R` is what earlier bidders have paid in, set
//! aside), and pays `p ((E - R) - g M)`. Net of the cash that it takes it pays
//! `p (E - R - g M - (c - R)) = p (V - g M)`, where `V = E - c` is the mark value of positions and
//! collateral. That is what [`State::fill`] computes: cash stays where it is, `R` cancels out, and
//! afterwards in both readings
//!
//! `E' = E - p (g M + P) + deficit`, `M' = (1 - p) M`.
//!
//! **Why `f` restores the buffer.** Without a deficit `BX' = BX + p ((1 + b) M - g M - P)`, which is
//! zero at `p = f`; it rises with every bid if and only if `1 + b > g + P / M`. `f < 1` means
//! `E > g M + P`, hence `P = pi M` and no bid up to `f` leaves a deficit.
//!
//! **Deficit.** While `E >= 0` the account's own equity bears the compensation first, so a deficit is
//! what exceeds it, and `E' >= 0`. At `E < 0` a bid of share `p` settles that share of the account's
//! debt as well: `E' = (1 - p) E`, `M' = (1 - p) M`, so what remains is no worse pro rata and
//! `BX' = (1 - p) BX`. The two meet at `E = 0`. The payment for the whole, cash included, runs from
//! `E` (at `g = 0`) to `X` (at `g = 1`): below zero the bidder receives `-E` to `-X`.
//!
//! The rates are nearest `Q64` values themselves, so every amount besides carries up to 2^-65 of what
//! the rate multiplies (2.7e-11 of a billion). Amounts that leave these functions for the ledger
//! (compensation, penalty, deficit) are whole units of `1e-18`, so that sums of them round back to the
//! ledger's scale without a loose unit.

use crate::{
	fixed::{Rounding, Q64},
	MathError,
};

#[cfg(test)]
mod tests;

/// The bidder's compensation as a share of the requirement that it takes over, against time:
/// piecewise linear from `start` to `fast` over `fast_length`, from there to one at `full_length`
/// (both measured from the start), and one ever after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
	/// Compensation at the start; in [0, 1].
	pub start: Q64,
	/// Compensation at the end of the fast part; in [`start`, 1].
	pub fast: Q64,
	/// Length of the fast part, in seconds.
	pub fast_length: u64,
	/// Time at which the compensation is one, in seconds from the start.
	pub full_length: u64,
}

impl Curve {
	/// `g` after `elapsed` seconds, rounded down; never decreases with time if
	/// `start <= fast <= 1`. Error below 3 units of 2^-64.
	pub fn compensation(&self, elapsed: u64) -> Result<Q64, MathError> {
		if elapsed < self.fast_length {
			return line(self.start, self.fast, elapsed, self.fast_length);
		}
		if elapsed < self.full_length {
			let past = elapsed.saturating_sub(self.fast_length);
			let length = self.full_length.saturating_sub(self.fast_length);
			return line(self.fast, Q64::ONE, past, length);
		}
		Ok(Q64::ONE)
	}
}

/// An account under auction at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
	/// Equity `E`, quote currency.
	pub equity: Q64,
	/// Maintenance requirement `M >= 0`, quote currency.
	pub maintenance: Q64,
	/// Cash set aside from earlier bids `R >= 0`, quote currency. It matters for
	/// [`State::price_of_whole`] only: no cash that moves and no share depends on it.
	pub reserved: Q64,
	/// Buffer `b >= 0`.
	pub buffer: Q64,
	/// Penalty rate `pi >= 0`.
	pub penalty: Q64,
	/// The bidder's compensation `g` now, in [0, 1].
	pub compensation: Q64,
}

/// What one bid moves. Every amount is a whole number of ledger units plus the value that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
	/// Cash from bidder to account; negative: from account to bidder.
	pub payment: Q64,
	/// What the bidder gains at mark (>= 0).
	pub compensation: Q64,
	/// Cash from account to insurance fund and keeper (>= 0); zero if there is a deficit.
	pub penalty: Q64,
	/// Cash from the loss waterfall to the account (>= 0).
	pub deficit: Q64,
}

impl State {
	/// `X = E - M`. Exact.
	pub fn excess(&self) -> Result<Q64, MathError> {
		sub(self.equity, self.maintenance)
	}

	/// `BX = E - M - b M`, rounded down: an auction ends when it is not negative.
	pub fn buffered_excess(&self) -> Result<Q64, MathError> {
		sub(self.excess()?, mul(self.buffer, self.maintenance, Rounding::Ceil)?)
	}

	/// What a bidder pays for everything, free cash included: `(E - R) - g M`, rounded up.
	pub fn price_of_whole(&self) -> Result<Q64, MathError> {
		sub(sub(self.equity, self.reserved)?, self.compensation_of_whole()?)
	}

	/// Cash set aside after a bid of `share`: what its bidder pays in the reading of
	/// [`State::price_of_whole`] is added. Nothing is set aside in an insolvent account.
	pub fn reserved_after(&self, share: Q64) -> Result<Q64, MathError> {
		if self.equity.is_negative() {
			return Ok(Q64::ZERO);
		}
		let paid = mul(share, self.price_of_whole()?, Rounding::Floor)?;
		Ok(add(self.reserved, paid)?.max(Q64::ZERO))
	}

	/// The largest share that a bid may take: after it the buffer is just restored. In [0, 1],
	/// rounded up; zero if the buffer is intact, one if no smaller share can restore it.
	pub fn largest_share(&self) -> Result<Q64, MathError> {
		let missing = neg(self.buffered_excess()?)?;
		if !missing.is_positive() {
			return Ok(Q64::ZERO);
		}
		// What BX gains if the whole is taken.
		let taken = add(self.compensation_of_whole()?, self.penalty_of_whole()?)?;
		let buffered = add(self.maintenance, mul(self.buffer, self.maintenance, Rounding::Ceil)?)?;
		let gain = sub(buffered, taken)?;
		if gain <= missing {
			return Ok(Q64::ONE);
		}
		missing.checked_div(gain, Rounding::Ceil).ok_or(MathError::Overflow)
	}

	/// What a bid moves that takes `share` (in [0, 1]) of the account, by which assets worth `value`
	/// at mark and the maintenance requirement `requirement` (in [0, M]) change hands. In exact
	/// arithmetic these are `p V` and `p M`; given as measured, no rounding of theirs is lost.
	pub fn fill(&self, share: Q64, value: Q64, requirement: Q64) -> Result<Fill, MathError> {
		let product = mul(self.compensation, requirement, Rounding::Floor)?;
		let compensation = whole_units(product)?;
		let own = self.equity.max(Q64::ZERO);
		let beyond_own = sub(compensation, own)?.max(Q64::ZERO);
		let debt = self.debt_of(share)?;
		let left = sub(own, compensation)?.max(Q64::ZERO);
		let penalty = self.penalty_of(requirement)?.min(left);
		Ok(Fill {
			payment: sub(value, compensation)?,
			compensation,
			penalty: whole_units(penalty)?,
			deficit: add(beyond_own, debt)?,
		})
	}

	/// `p max(-E, 0)`, rounded down; the whole of it is exact.
	fn debt_of(&self, share: Q64) -> Result<Q64, MathError> {
		let debt = neg(self.equity.min(Q64::ZERO))?;
		if share >= Q64::ONE {
			return Ok(debt);
		}
		whole_units(mul(share, debt, Rounding::Floor)?)
	}

	/// `g M`, rounded down.
	fn compensation_of_whole(&self) -> Result<Q64, MathError> {
		mul(self.compensation, self.maintenance, Rounding::Floor)
	}

	/// `P = min(pi M, max(0, E - g M))`, rounded down: what is left of the account's own equity bounds
	/// it, so that the penalty never causes a deficit.
	fn penalty_of_whole(&self) -> Result<Q64, MathError> {
		let left = sub(self.equity, self.compensation_of_whole()?)?.max(Q64::ZERO);
		Ok(mul(self.penalty, self.maintenance, Rounding::Floor)?.min(left))
	}

	/// The penalty's part for `requirement` out of `M`, rounded down.
	fn penalty_of(&self, requirement: Q64) -> Result<Q64, MathError> {
		if !self.maintenance.is_positive() || !requirement.is_positive() {
			return Ok(Q64::ZERO);
		}
		let part = requirement
			.min(self.maintenance)
			.checked_div(self.maintenance, Rounding::Floor)
			.ok_or(MathError::Overflow)?;
		mul(self.penalty_of_whole()?, part, Rounding::Floor)
	}
}

/// The compensation `g = (1 - d) (E - R) / M` at which this auction equals one that sells at the
/// discount factor `d` on equity (the Dutch auction of Derive v2: `f = BX / (BX - E d - R (1 - d))`,
/// price `p d (E - R)`). To nearest; `DivisionByZero` if `M` is zero.
pub fn compensation_of_discount(
	equity: Q64,
	maintenance: Q64,
	reserved: Q64,
	discount: Q64,
) -> Result<Q64, MathError> {
	let given = mul(sub(Q64::ONE, discount)?, sub(equity, reserved)?, Rounding::Nearest)?;
	if maintenance.is_zero() {
		return Err(MathError::DivisionByZero);
	}
	given.checked_div(maintenance, Rounding::Nearest).ok_or(MathError::Overflow)
}

/// `from + (to - from) elapsed / length`, rounded down, for `elapsed < length`.
fn line(from: Q64, to: Q64, elapsed: u64, length: u64) -> Result<Q64, MathError> {
	let part = Q64::from_ratio(i128::from(elapsed), i128::from(length), Rounding::Floor)
		.ok_or(MathError::DivisionByZero)?;
	add(from, mul(sub(to, from)?, part, Rounding::Floor)?)
}

/// Rounded down to a whole number of ledger units of 1e-18 (a number that is one already may lose a
/// unit, because its `Q64` may lie just below it).
fn whole_units(value: Q64) -> Result<Q64, MathError> {
	value.to_e18(Rounding::Floor).and_then(Q64::from_e18).ok_or(MathError::Overflow)
}

fn add(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_add(b).ok_or(MathError::Overflow)
}

fn sub(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_sub(b).ok_or(MathError::Overflow)
}

fn neg(a: Q64) -> Result<Q64, MathError> {
	a.checked_neg().ok_or(MathError::Overflow)
}

fn mul(a: Q64, b: Q64, rounding: Rounding) -> Result<Q64, MathError> {
	a.checked_mul(b, rounding).ok_or(MathError::Overflow)
}
