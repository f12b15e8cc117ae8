//! Two tranches over one pool: a senior claim that accrues a coupon, and a junior that has the rest.
//!
//! The senior tranche has a claim `C` that grows at a governed coupon and changes otherwise only by
//! senior deposits and withdrawals. With `N` the pool's net asset value, at any time
//!
//! `senior = min(N, C)`, `junior = N - senior` (nothing below zero).
//!
//! Nothing is divided tick by tick: a split of every profit would pump value out of the junior, who
//! bears the losses alone (fifty ticks of 1% up and fifty down turn 100 and 100 into 130 and 70 if
//! profits are divided 30 to 70). A senior that a loss has reached keeps its claim: it is made whole before the
//! junior is worth anything again.
//!
//! Rules ([`Tranches::deposit_senior`] and the like):
//!
//! - after a senior deposit or a junior withdrawal the junior is at least a governed share (25%) of `N`;
//! - while `N < C` neither tranche takes deposits: junior money would be the senior's at once, and a
//!   senior deposit could not be worth what it adds to the claim.
//!
//! The price of a share of either is [`Fund`]'s, with the virtual offset.
//!
//! All amounts are 18-decimal integers in quote units.
//!
//! | quantity | rounded |
//! |---|---|
//! | coupon, claim after a withdrawal | down |
//! | least junior | up |

use crate::{
	division::{mul_div_ceil, mul_div_floor},
	error::MathError,
	fixed::E18,
	shares::Fund,
	utilisation::YEAR_SECONDS,
};
use core::fmt;

#[cfg(test)]
mod tests;

/// One in 18 decimals.
const ONE: u128 = E18.unsigned_abs();

/// Why money does not move into or out of a tranche.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrancheError {
	/// The junior would be less than its least share of the pool. Move less, or wait for junior money
	/// or profits.
	JuniorTooThin,
	/// The senior claim is not covered, so there is no fair price to deposit at. Wait for profits.
	SeniorNotCovered,
	/// More than the tranche is worth was to be withdrawn.
	AmountAboveValue,
	/// The calculation has no result.
	Math(MathError),
}

impl From<MathError> for TrancheError {
	fn from(error: MathError) -> Self {
		Self::Math(error)
	}
}

impl fmt::Display for TrancheError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::JuniorTooThin => f.write_str("the junior tranche would be below its least share"),
			Self::SeniorNotCovered => f.write_str("the senior claim is not covered"),
			Self::AmountAboveValue => f.write_str("the tranche is not worth that much"),
			Self::Math(error) => error.fmt(f),
		}
	}
}

impl core::error::Error for TrancheError {}

/// What each tranche is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
	/// `min(N, C)`.
	pub senior: u128,
	/// `N - senior`.
	pub junior: u128,
}

/// The division of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tranches {
	/// The senior claim `C`, in quote units.
	pub claim: u128,
	/// Least junior share of the net asset value after a senior deposit or a junior withdrawal, in 18
	/// decimals.
	pub junior_least: u128,
}

impl Tranches {
	/// After `elapsed` seconds at the yearly `coupon` (18 decimals): `C (1 + coupon dt)`, rounded down.
	/// Simple within one accrual, compounded from one to the next.
	pub fn accrued(self, coupon: u128, elapsed: u64) -> Result<Self, MathError> {
		let rate = coupon.checked_mul(u128::from(elapsed)).ok_or(MathError::Overflow)?;
		let year = ONE.checked_mul(u128::from(YEAR_SECONDS)).ok_or(MathError::Overflow)?;
		self.with_claim_added(mul_div_floor(self.claim, rate, year)?)
	}

	/// What each tranche is worth at the net asset value `nav`. Exact; the two are `max(0, nav)`.
	pub fn split(&self, nav: i128) -> Split {
		let nav = u128::try_from(nav).unwrap_or(0);
		let senior = nav.min(self.claim);
		Split { senior, junior: nav.saturating_sub(senior) }
	}

	/// The senior's and the junior's [`Fund`], which price their shares: `(value + v) / (shares + v)`.
	///
	/// There is no money behind the offset: shares of a tranche that is worth nothing still have a
	/// price, but nothing can be withdrawn at it ([`TrancheError::AmountAboveValue`]).
	pub fn funds(
		&self,
		nav: i128,
		senior_shares: u128,
		junior_shares: u128,
		offset: u128,
	) -> Result<(Fund, Fund), MathError> {
		let Split { senior, junior } = self.split(nav);
		let fund = |value: u128, shares: u128| {
			let nav = i128::try_from(value).map_err(|_| MathError::Overflow)?;
			Ok(Fund { nav, shares, offset })
		};
		Ok((fund(senior, senior_shares)?, fund(junior, junior_shares)?))
	}

	/// Whether the junior has its least share at `nav`.
	pub fn junior_suffices(&self, nav: i128) -> Result<bool, MathError> {
		let Split { senior, junior } = self.split(nav);
		let all = senior.checked_add(junior).ok_or(MathError::Overflow)?;
		Ok(junior >= mul_div_ceil(all, self.junior_least, ONE)?)
	}

	/// After a senior deposit of `amount` into a pool worth `nav` before it: the claim rises by it.
	pub fn deposit_senior(self, nav: i128, amount: u128) -> Result<Self, TrancheError> {
		self.ensure_covered(nav)?;
		let after = self.with_claim_added(amount)?;
		after.ensure_junior(moved(nav, amount, true)?)?;
		Ok(after)
	}

	/// After a senior withdrawal of `amount` from a pool worth `nav` before it: the claim falls in the
	/// proportion in which the senior's value does, which is by `amount` while the claim is covered.
	pub fn withdraw_senior(self, nav: i128, amount: u128) -> Result<Self, TrancheError> {
		let Split { senior, .. } = self.split(nav);
		let left = senior.checked_sub(amount).ok_or(TrancheError::AmountAboveValue)?;
		if amount == 0 {
			return Ok(self);
		}
		Ok(Self { claim: mul_div_floor(self.claim, left, senior)?, ..self })
	}

	/// Whether the junior may deposit into a pool worth `nav`: the claim does not change.
	pub fn ensure_junior_deposit(&self, nav: i128) -> Result<(), TrancheError> {
		self.ensure_covered(nav)
	}

	/// Whether the junior may withdraw `amount` from a pool worth `nav` before it.
	pub fn ensure_junior_withdrawal(&self, nav: i128, amount: u128) -> Result<(), TrancheError> {
		if amount > self.split(nav).junior {
			return Err(TrancheError::AmountAboveValue);
		}
		self.ensure_junior(moved(nav, amount, false)?)
	}

	fn ensure_covered(&self, nav: i128) -> Result<(), TrancheError> {
		match i128::try_from(self.claim) {
			Ok(claim) if nav >= claim => Ok(()),
			_ => Err(TrancheError::SeniorNotCovered),
		}
	}

	fn ensure_junior(&self, nav: i128) -> Result<(), TrancheError> {
		if self.junior_suffices(nav)? {
			Ok(())
		} else {
			Err(TrancheError::JuniorTooThin)
		}
	}

	fn with_claim_added(self, amount: u128) -> Result<Self, MathError> {
		let claim = self.claim.checked_add(amount).ok_or(MathError::Overflow)?;
		Ok(Self { claim, ..self })
	}
}

/// `nav` after money came in or went out.
fn moved(nav: i128, amount: u128, into: bool) -> Result<i128, MathError> {
	let after =
		if into { nav.checked_add_unsigned(amount) } else { nav.checked_sub_unsigned(amount) };
	after.ok_or(MathError::Overflow)
}
