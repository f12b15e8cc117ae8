//! Shares of a fund with a virtual offset, and the claims that are queued to leave it.
//!
//! All amounts are 18-decimal integers: money in quote units, shares in shares. With `N` the net
//! asset value of the earning shares, `S` their number and `v` the offset (so many shares that
//! nobody holds, and as much money that nobody put in):
//!
//! `price = (N + v) / (S + v)`.
//!
//! The offset makes the price of an empty fund one, and a donation before the first deposit a gift
//! of which a depositor of `d` loses at most one unit: whoever inflates the price pays `v / (S + v)`
//! of the donation to nobody.
//!
//! A *claim* is a number of shares that has left the earning set at a value: it is worth
//! `min(value, shares x price)`, so it shares losses and not profits. Since that depends on the
//! price and the price on `N = equity - claims`, [`Valuation::of`] solves for both at once.
//!
//! | quantity | rounded |
//! |---|---|
//! | shares for money | down |
//! | money for shares | down |
//! | what claims are worth together | up |
pub use crate::division::{mul_div_ceil, mul_div_floor};
use crate::{error::MathError, fixed::E18, wide::mul_wide_u128};
use core::cmp::Ordering;

/// The part of a signed amount above zero.
fn positive(amount: i128) -> u128 {
	u128::try_from(amount).unwrap_or(0)
}

/// A magnitude as a signed amount.
fn signed(amount: u128) -> Result<i128, MathError> {
	i128::try_from(amount).map_err(|_| MathError::Overflow)
}

/// Shares that have left the earning set, and the most that they will be paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claim {
	/// Shares.
	pub shares: u128,
	/// Their value when they left, in quote units.
	pub value: u128,
}

impl Claim {
	/// Orders by value per share, the dearest first; claims of no shares last (they have none).
	fn dearest_first(&self, other: &Self) -> Ordering {
		(self.shares == 0).cmp(&(other.shares == 0)).then_with(|| {
			mul_wide_u128(other.value, self.shares).cmp(&mul_wide_u128(self.value, other.shares))
		})
	}

	/// What is left of a claim of which `paid` of `due` was paid: both parts shrink alike and round
	/// down. Nothing if all was paid.
	pub fn rest_after(self, paid: u128, due: u128) -> Result<Self, MathError> {
		let open = due.checked_sub(paid).ok_or(MathError::OutOfDomain)?;
		Ok(Self {
			shares: mul_div_floor(self.shares, open, due)?,
			value: mul_div_floor(self.value, open, due)?,
		})
	}

	/// Sum of two.
	pub fn checked_add(self, other: Self) -> Result<Self, MathError> {
		Ok(Self {
			shares: self.shares.checked_add(other.shares).ok_or(MathError::Overflow)?,
			value: self.value.checked_add(other.value).ok_or(MathError::Overflow)?,
		})
	}

	/// Difference of two.
	pub fn checked_sub(self, other: Self) -> Result<Self, MathError> {
		Ok(Self {
			shares: self.shares.checked_sub(other.shares).ok_or(MathError::Overflow)?,
			value: self.value.checked_sub(other.value).ok_or(MathError::Overflow)?,
		})
	}

	/// A number that grows with the value per share and is the same for values per share that
	/// differ by less than one part in 512 (at most one in 256): claims of one level may be added
	/// up and their sum treated as one claim. The level is the value per share in 18 decimals as a
	/// small floating-point number with 8 bits after the leading one.
	pub fn level(self) -> Result<u16, MathError> {
		let price = mul_div_floor(self.value, E18.unsigned_abs(), self.shares)?;
		let Some(exponent) = price.checked_ilog2() else {
			return Ok(0);
		};
		// One of the two shifts is by nothing, and 8 bits are left after the leading one.
		let mantissa = price
			.checked_shr(exponent.saturating_sub(8))
			.and_then(|price| price.checked_shl(8u32.saturating_sub(exponent)))
			.ok_or(MathError::Overflow)?;
		u16::try_from((u128::from(exponent) << 8) | (mantissa & 0xff))
			.map_err(|_| MathError::Overflow)
	}
}

/// The earning shares of a fund and what stands behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fund {
	/// Net asset value, in quote units; negative if the fund owes more than it has.
	pub nav: i128,
	/// Earning shares.
	pub shares: u128,
	/// Virtual offset, in shares and in quote units alike.
	pub offset: u128,
}

impl Fund {
	/// `N + v`, nothing if negative.
	fn backing(&self) -> Result<u128, MathError> {
		Ok(positive(self.nav.checked_add(signed(self.offset)?).ok_or(MathError::Overflow)?))
	}

	/// `S + v`.
	fn all_shares(&self) -> Result<u128, MathError> {
		self.shares.checked_add(self.offset).ok_or(MathError::Overflow)
	}

	/// Price of a share in 18 decimals, rounded down; zero if the fund owes more than the offset.
	pub fn price_floor(&self) -> Result<u128, MathError> {
		mul_div_floor(self.backing()?, E18.unsigned_abs(), self.all_shares()?)
	}

	/// Value of shares, rounded down.
	pub fn value_floor(&self, shares: u128) -> Result<u128, MathError> {
		mul_div_floor(shares, self.backing()?, self.all_shares()?)
	}

	/// Shares for money, rounded down. [`MathError::DivisionByZero`] if the price is zero.
	pub fn shares_floor(&self, value: u128) -> Result<u128, MathError> {
		mul_div_floor(value, self.all_shares()?, self.backing()?)
	}

	/// Shares that a cancelled claim gets back: `min(shares, value / price)`, rounded down. All of
	/// them if the price is zero.
	pub fn shares_back(&self, claim: Claim) -> Result<u128, MathError> {
		if self.backing()? == 0 {
			return Ok(claim.shares);
		}
		Ok(claim.shares.min(self.shares_floor(claim.value)?))
	}
}

/// What a fund's equity is worth to its earning shares and to the claims on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Valuation {
	/// The earning shares.
	pub fund: Fund,
	/// What all claims are worth together, rounded up.
	pub claims: u128,
	/// Shares of all claims.
	pub claimed_shares: u128,
	/// Equity that the two divide.
	pub equity: i128,
}

impl Valuation {
	/// Divides `equity` between `shares` earning shares and the `queued` claims, which it sorts.
	///
	/// The price `p` solves `(S + v) p - v + sum min(value_i, shares_i p) = equity`. The left side
	/// rises with `p` and is linear between the claims' values per share, so taking the claims from
	/// the dearest down, each shares the loss if it is dearer than the price without it. A claim of
	/// no shares is worth nothing.
	pub fn of(
		equity: i128,
		shares: u128,
		offset: u128,
		queued: &mut [Claim],
	) -> Result<Self, MathError> {
		queued.sort_unstable_by(Claim::dearest_first);
		let claims = || queued.iter().take_while(|claim| claim.shares > 0);
		let sum = claims().try_fold(Claim::default(), |sum, claim| sum.checked_add(*claim))?;
		let mut backing = equity
			.checked_add(signed(offset)?)
			.and_then(|all| all.checked_sub(signed(sum.value).ok()?))
			.ok_or(MathError::Overflow)?;
		let mut sharing = shares.checked_add(offset).ok_or(MathError::Overflow)?;
		let mut fixed = sum;
		for claim in claims() {
			let cheaper = mul_wide_u128(claim.value, sharing)
				<= mul_wide_u128(claim.shares, positive(backing));
			if backing > 0 && cheaper {
				break;
			}
			backing = backing.checked_add(signed(claim.value)?).ok_or(MathError::Overflow)?;
			sharing = sharing.checked_add(claim.shares).ok_or(MathError::Overflow)?;
			fixed = fixed.checked_sub(*claim)?;
		}
		let losing = sum.checked_sub(fixed)?;
		let losing = mul_div_ceil(losing.shares, positive(backing), sharing)?.min(losing.value);
		let claims = fixed.value.checked_add(losing).ok_or(MathError::Overflow)?;
		let nav = equity.checked_sub(signed(claims)?).ok_or(MathError::Overflow)?;
		Ok(Self { fund: Fund { nav, shares, offset }, claims, claimed_shares: sum.shares, equity })
	}

	/// What a claim is paid now: `min(value, shares x price)`, rounded down, and never more than its
	/// shares' part of the equity. (The offset bears losses like shares, but there is no money
	/// behind it: without that last bound the first to leave after a loss would be paid by the
	/// last.)
	pub fn due(&self, claim: Claim) -> Result<u128, MathError> {
		let held = self.fund.shares.checked_add(self.claimed_shares).ok_or(MathError::Overflow)?;
		let part = mul_div_floor(claim.shares, positive(self.equity), held)?;
		Ok(claim.value.min(self.fund.value_floor(claim.shares)?).min(part))
	}
}

/// Equity that a stress loss asks for if it may be at most the share `cap` (18 decimals) of it,
/// rounded up. A cap of zero allows no loss: [`MathError::DivisionByZero`] unless there is none.
pub fn equity_needed_ceil(stress_loss: u128, cap: u128) -> Result<u128, MathError> {
	if stress_loss == 0 {
		return Ok(0);
	}
	mul_div_ceil(stress_loss, E18.unsigned_abs(), cap)
}

#[cfg(test)]
mod tests;
