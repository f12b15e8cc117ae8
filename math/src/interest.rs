//! Interest on negative cash, paid to positive cash: rates by utilisation and the two indexes.
//!
//! A negative balance is a loan from all positive balances. The yearly rate is a
//! [`Kinked`](crate::utilisation::Kinked) curve of utilisation `U = debt / credit`. In one accrual over
//! `dt`
//!
//! - what is owed grows by `r(U) dt`;
//! - the *margin*, a governed share of that interest, goes to the insurance fund;
//! - the rest is earned by positive balances, pro rata, at most at the rate of the loans (debts beyond
//!   all credit bring margin).
//!
//! Within an accrual interest is simple, from one accrual to the next it is compounded: a year at rate
//! `r` in `n` equal accruals gives `(1 + r/n)^n`, which is never more than `e^r`. Accruing more often
//! therefore costs a borrower at most `e^(r dt) - 1 - r dt` more (1e-14 of a debt in a block of three
//! seconds at 150% a year), and brings lenders nothing that borrowers do not pay.
//!
//! # Indexes
//!
//! An account remembers the [`Indexes`] at which its cash was last brought up to date; its cash now is
//! `cash x index / index then`. An [`Index`] is a number with 96 fractional bits in [1, 2) and a count
//! of doublings: as a plain 128-bit number it would overflow after fifteen years at 150% (32 bits before
//! the point), so it never does.
//!
//! # Rounding
//!
//! | quantity | rounded |
//! |---|---|
//! | utilisation, rate, growth of what is owed, debts | up |
//! | interest of an accrual, total of debts | down |
//! | margin | up |
//! | what is earned, growth of what is lent, balances | down |
//! | total of credits | up |
//!
//! Hence at every accrual, and from any accrual to any other, borrowers together pay at least what
//! lenders together earn and the margin, to the last unit, if `debt` is at most the sum of debts and
//! `credit` at least the sum of credits. The totals of [`accrue`] keep it so. An index is off by less
//! than `2^-96` of itself an accrual: 1e-20 after a billion of them (a century of three-second blocks).
//! A balance loses, and a debt gains, less than one unit each time that it is brought up to date.

use crate::{
	division::{mul_div_ceil, mul_div_floor},
	error::MathError,
	fixed::E18,
	utilisation::{Kinked, YEAR_SECONDS},
};

#[cfg(test)]
mod tests;

/// One in 18 decimals.
const ONE: u128 = E18.unsigned_abs();
/// One with 96 fractional bits.
pub const INDEX_ONE: u128 = 1 << 96;

/// What one unit has grown to: `mantissa x 2^doublings`, the mantissa with 96 fractional bits in
/// [1, 2). Never falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
	doublings: u32,
	mantissa: u128,
}

impl Index {
	/// Nothing has grown yet.
	pub const ONE: Self = Self { doublings: 0, mantissa: INDEX_ONE };

	/// The index of stored parts; `None` unless the mantissa lies in [1, 2).
	pub const fn from_parts(mantissa: u128, doublings: u32) -> Option<Self> {
		if mantissa >> 96 == 1 {
			Some(Self { doublings, mantissa })
		} else {
			None
		}
	}

	/// Mantissa (96 fractional bits) and doublings.
	pub const fn parts(self) -> (u128, u32) {
		(self.mantissa, self.doublings)
	}

	/// Grown by the share `growth` (96 fractional bits), rounded down: error below 2^-96 of it.
	/// [`MathError::Overflow`] if it grows to 2^32 times itself at once.
	pub fn grown_floor(self, growth: u128) -> Result<Self, MathError> {
		let grown = mul_div_floor(self.mantissa, growth, INDEX_ONE)?;
		self.normalised(grown, false)
	}

	/// As [`Index::grown_floor`], rounded up.
	pub fn grown_ceil(self, growth: u128) -> Result<Self, MathError> {
		let grown = mul_div_ceil(self.mantissa, growth, INDEX_ONE)?;
		self.normalised(grown, true)
	}

	/// With `grown` added to the mantissa, which is brought back to [1, 2).
	fn normalised(self, grown: u128, up: bool) -> Result<Self, MathError> {
		let sum = add(self.mantissa, grown)?;
		// sum >= 2^96.
		let shift = sum.ilog2().saturating_sub(96);
		let floor = sum.checked_shr(shift).ok_or(MathError::Overflow)?;
		let doublings = self.doublings.checked_add(shift).ok_or(MathError::Overflow)?;
		if !up || floor.checked_shl(shift) == Some(sum) {
			return Ok(Self { mantissa: floor, doublings });
		}
		match add(floor, 1)? {
			// Rounded up to two.
			mantissa if mantissa >> 97 != 0 => Ok(Self {
				mantissa: INDEX_ONE,
				doublings: doublings.checked_add(1).ok_or(MathError::Overflow)?,
			}),
			mantissa => Ok(Self { mantissa, doublings }),
		}
	}

	/// `amount x self / since`, rounded down. [`MathError::OutOfDomain`] if `since` is later,
	/// [`MathError::Overflow`] if the result may exceed 2^127.
	pub fn amount_floor(self, amount: u128, since: Self) -> Result<u128, MathError> {
		mul_div_floor(self.doubled(amount, since)?, self.mantissa, since.mantissa)
	}

	/// As [`Index::amount_floor`], rounded up.
	pub fn amount_ceil(self, amount: u128, since: Self) -> Result<u128, MathError> {
		mul_div_ceil(self.doubled(amount, since)?, self.mantissa, since.mantissa)
	}

	/// `amount` times two for each doubling since: the mantissas' ratio, above one half, is left. What
	/// does not fit here is 2^127 or more with it.
	fn doubled(self, amount: u128, since: Self) -> Result<u128, MathError> {
		let doublings =
			self.doublings.checked_sub(since.doublings).ok_or(MathError::OutOfDomain)?;
		if doublings == 0 && self.mantissa < since.mantissa {
			return Err(MathError::OutOfDomain);
		}
		if amount == 0 {
			return Ok(0);
		}
		if doublings > amount.leading_zeros() {
			return Err(MathError::Overflow);
		}
		amount.checked_shl(doublings).ok_or(MathError::Overflow)
	}
}

/// Both indexes at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indexes {
	/// Of negative balances.
	pub borrow: Index,
	/// Of positive balances.
	pub supply: Index,
}

impl Indexes {
	/// Nothing has been accrued.
	pub const ONE: Self = Self { borrow: Index::ONE, supply: Index::ONE };

	/// Cash that was `cash` at `since`, in quote units: a balance rounded down, a debt up in magnitude.
	/// Errors as [`Index::amount_floor`].
	pub fn cash(&self, cash: i128, since: &Self) -> Result<i128, MathError> {
		let magnitude = cash.unsigned_abs();
		if cash < 0 {
			let debt = self.borrow.amount_ceil(magnitude, since.borrow)?;
			return 0i128.checked_sub_unsigned(debt).ok_or(MathError::Overflow);
		}
		let balance = self.supply.amount_floor(magnitude, since.supply)?;
		i128::try_from(balance).map_err(|_| MathError::Overflow)
	}
}

/// Sums over all accounts, brought up to date, in quote units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
	/// Of debts: not more than their sum.
	pub debt: u128,
	/// Of the positive balances that earn: not less than their sum.
	pub credit: u128,
}

impl Totals {
	/// `debt / credit` in 18 decimals, rounded up, at most one; one if debts have no credit behind
	/// them, zero without debts.
	pub fn utilisation_ceil(&self) -> Result<u128, MathError> {
		if self.debt == 0 {
			return Ok(0);
		}
		if self.debt >= self.credit {
			return Ok(ONE);
		}
		mul_div_ceil(self.debt, ONE, self.credit)
	}
}

/// Whose interest it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
	/// Rate per year by utilisation, in 18 decimals.
	pub rate: Kinked,
	/// Share of the interest that is not passed on, in 18 decimals, at most one.
	pub margin: u128,
}

/// What an accrual leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accrual {
	/// Indexes after it.
	pub indexes: Indexes,
	/// Totals after it; the margin is in neither (it is in `credit` once the insurance fund has it).
	pub totals: Totals,
	/// What all debts have grown by, at least, in quote units.
	pub interest: u128,
	/// What all balances have grown by, at most.
	pub earned: u128,
	/// What is the insurance fund's: `interest - earned`.
	pub margin: u128,
}

/// One accrual over `elapsed` seconds at the rate of the utilisation at its beginning.
///
/// [`MathError::OutOfDomain`] for a margin above one, [`MathError::Overflow`] if rate and time multiply
/// to 2^31 or an amount leaves its type.
pub fn accrue(
	indexes: &Indexes,
	totals: &Totals,
	terms: &Terms,
	elapsed: u64,
) -> Result<Accrual, MathError> {
	if terms.margin > ONE {
		return Err(MathError::OutOfDomain);
	}
	let rate = terms.rate.value_ceil(totals.utilisation_ceil()?)?;
	let growth = growth_ceil(rate, elapsed)?;
	let interest = mul_div_floor(totals.debt, growth, INDEX_ONE)?;
	let kept = mul_div_ceil(interest, terms.margin, ONE)?;
	// At most the borrowers' rate: debts beyond what is lent would otherwise bring any rate at all.
	let most = mul_div_floor(totals.credit, growth, INDEX_ONE)?;
	let earned = sub(interest, kept)?.min(most);
	let share = if earned == 0 { 0 } else { mul_div_floor(earned, INDEX_ONE, totals.credit)? };
	Ok(Accrual {
		indexes: Indexes {
			borrow: indexes.borrow.grown_ceil(growth)?,
			supply: indexes.supply.grown_floor(share)?,
		},
		totals: Totals { debt: add(totals.debt, interest)?, credit: add(totals.credit, earned)? },
		interest,
		earned,
		margin: sub(interest, earned)?,
	})
}

/// `rate dt / year` with 96 fractional bits, rounded up.
fn growth_ceil(rate: u128, elapsed: u64) -> Result<u128, MathError> {
	let product = rate.checked_mul(u128::from(elapsed)).ok_or(MathError::Overflow)?;
	let year = ONE.checked_mul(u128::from(YEAR_SECONDS)).ok_or(MathError::Overflow)?;
	mul_div_ceil(product, INDEX_ONE, year)
}

fn add(a: u128, b: u128) -> Result<u128, MathError> {
	a.checked_add(b).ok_or(MathError::Overflow)
}

fn sub(a: u128, b: u128) -> Result<u128, MathError> {
	a.checked_sub(b).ok_or(MathError::Overflow)
}
