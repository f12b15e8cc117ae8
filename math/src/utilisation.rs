//! Kinked utilisation curves, and what the mutual pool charges for its capital.
//!
//! A [`Kinked`] curve is linear from zero utilisation to the kink, and linear, usually steeper, beyond
//! it. As a yearly rate it prices loans (`interest`); as the multiplier `phi` of the cost of
//! capital it prices the pool's risk. Trades are charged by its integral
//!
//! `PHI(u) = integral of phi from 0 to u`,
//!
//! not by `phi` after the trade: the charges of the parts of a trade then add up to the charge of the
//! whole, so that splitting never pays. With `u_b` the pool's utilisation by the book that still lives
//! after expiry bucket `b` begins, and `dt_b` the length of the bucket, a trade is charged
//!
//! `coc x sum over b of dt_b x capital x es_cap x max(0, PHI(u_b after) - PHI(u_b before))`
//!
//! ([`Terms::charge_ceil`]), and the charge vests into the pool's value linearly to the series' expiry
//! ([`Vesting`]).
//!
//! All numbers are 18-decimal integers, years have 365 days.
//!
//! | quantity | rounded | error |
//! |---|---|---|
//! | value of a curve | up | below 1e-18 |
//! | `PHI` | down | below 3e-18 |
//! | charge | up | below 3e-18 (cost and cap at most one), beside that of `PHI` on the capital |
//! | money that has not vested | up | below 1e-18 each time |

use crate::{
	division::{mul_div_ceil, mul_div_floor},
	error::MathError,
	fixed::E18,
};

#[cfg(test)]
mod tests;

/// One in 18 decimals.
const ONE: u128 = E18.unsigned_abs();
/// Seconds in a year of 365 days.
pub const YEAR_SECONDS: u64 = 31_536_000;
/// Largest value of a curve, in 18 decimals: one thousand.
pub const VALUE_MAX: u128 = 1_000 * ONE;
/// The kink is at least this, in 18 decimals: 1%.
pub const KINK_LEAST: u128 = ONE / 100;
/// The kink is at most this, in 18 decimals: 99%.
pub const KINK_MOST: u128 = ONE / 100 * 99;
/// Largest utilisation of [`Kinked::integral_floor`], in 18 decimals: 16.
pub const UTILISATION_MAX: u128 = 16 * ONE;

/// A curve over utilisation that never falls: linear to the kink, linear beyond it. Beyond one it goes
/// on with the same slope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinked {
	kink: u128,
	at_zero: u128,
	at_kink: u128,
	at_one: u128,
}

impl Kinked {
	/// The curve through `(0, at_zero)`, `(kink, at_kink)` and `(1, at_one)`, in 18 decimals.
	///
	/// [`MathError::OutOfDomain`] unless [`KINK_LEAST`]` <= kink <= `[`KINK_MOST`] and
	/// `at_zero <= at_kink <= at_one <=` [`VALUE_MAX`].
	pub fn new(kink: u128, at_zero: u128, at_kink: u128, at_one: u128) -> Result<Self, MathError> {
		let ordered = at_zero <= at_kink && at_kink <= at_one && at_one <= VALUE_MAX;
		if !(KINK_LEAST..=KINK_MOST).contains(&kink) || !ordered {
			return Err(MathError::OutOfDomain);
		}
		Ok(Self { kink, at_zero, at_kink, at_one })
	}

	/// Utilisation at the kink.
	pub const fn kink(&self) -> u128 {
		self.kink
	}

	/// The curve at `utilisation`, rounded up: error below one unit (1e-18). Never falls.
	/// [`MathError::Overflow`] beyond the type.
	pub fn value_ceil(&self, utilisation: u128) -> Result<u128, MathError> {
		let (from, rise, part, length) = match utilisation.checked_sub(self.kink) {
			None => (self.at_zero, sub(self.at_kink, self.at_zero)?, utilisation, self.kink),
			Some(past) => {
				(self.at_kink, sub(self.at_one, self.at_kink)?, past, sub(ONE, self.kink)?)
			}
		};
		add(from, mul_div_ceil(rise, part, length)?)
	}

	/// `PHI`: the integral of the curve from zero to `utilisation`, rounded down: below the exact value
	/// by less than three units (3e-18). Never falls.
	///
	/// With `a`, `b`, `c` the values at zero, the kink `k` and one: `a u + (b - a) u^2 / (2 k)` up to
	/// the kink; beyond it `(a + b) k / 2 + b (u - k) + (c - b) (u - k)^2 / (2 (1 - k))`.
	///
	/// [`MathError::OutOfDomain`] beyond [`UTILISATION_MAX`].
	pub fn integral_floor(&self, utilisation: u128) -> Result<u128, MathError> {
		if utilisation > UTILISATION_MAX {
			return Err(MathError::OutOfDomain);
		}
		let past = match utilisation.checked_sub(self.kink) {
			None => {
				let rise = sub(self.at_kink, self.at_zero)?;
				return trapezoid(self.at_zero, rise, utilisation, self.kink);
			}
			Some(past) => past,
		};
		let twice_one = add(ONE, ONE)?;
		let to_kink = mul_div_floor(add(self.at_zero, self.at_kink)?, self.kink, twice_one)?;
		let rise = sub(self.at_one, self.at_kink)?;
		add(to_kink, trapezoid(self.at_kink, rise, past, sub(ONE, self.kink)?)?)
	}
}

/// `from x + rise x^2 / (2 length)`, each term rounded down. `x` is at most 16, so its square fits.
fn trapezoid(from: u128, rise: u128, x: u128, length: u128) -> Result<u128, MathError> {
	let square = x.checked_mul(x).ok_or(MathError::Overflow)?;
	let twice = length.checked_mul(2).and_then(|twice| twice.checked_mul(ONE));
	let bend = mul_div_floor(rise, square, twice.ok_or(MathError::Overflow)?)?;
	add(mul_div_floor(from, x, ONE)?, bend)
}

/// What a trade does to the utilisation of one expiry bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
	/// Length of the bucket that lies ahead, in seconds.
	pub seconds: u64,
	/// Utilisation before the trade, in 18 decimals.
	pub before: u128,
	/// Utilisation after it, in 18 decimals.
	pub after: u128,
}

/// What the pool's capital costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
	/// The pool's capital, in quote units.
	pub capital: u128,
	/// Largest expected shortfall as a share of the capital.
	pub shortfall_cap: u128,
	/// Cost of capital per year.
	pub cost: u128,
}

impl Terms {
	/// What a trade is charged for capital, in quote units, rounded up.
	///
	/// It is `f(sum)` of one number per trade that adds up over the parts of a trade, with `f(x + y) <=
	/// f(x) + f(y)`: at the same capital the charges of the parts are never less than that of the
	/// whole, and more by less than three units a part if cost and cap are at most one. A bucket whose utilisation does not rise
	/// adds nothing, whatever its utilisation: a trade that lowers risk is never refused here.
	///
	/// [`MathError::OutOfDomain`] if a utilisation rises beyond [`UTILISATION_MAX`].
	pub fn charge_ceil(&self, curve: &Kinked, buckets: &[Bucket]) -> Result<u128, MathError> {
		// PHI times seconds: exact.
		let weight = buckets.iter().try_fold(0u128, |sum, bucket| {
			if bucket.after <= bucket.before {
				return Ok(sum);
			}
			let after = curve.integral_floor(bucket.after)?;
			let rise = sub(after, curve.integral_floor(bucket.before)?)?;
			let weighted = rise.checked_mul(u128::from(bucket.seconds));
			add(sum, weighted.ok_or(MathError::Overflow)?)
		})?;
		let year = ONE.checked_mul(u128::from(YEAR_SECONDS)).ok_or(MathError::Overflow)?;
		let in_use = mul_div_ceil(self.capital, weight, year)?;
		mul_div_ceil(mul_div_ceil(in_use, self.cost, ONE)?, self.shortfall_cap, ONE)
	}
}

/// Money that vests linearly to one moment. Sums that vest to the same moment need one record,
/// whenever each began: what is left of each falls in the same proportion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vesting {
	/// What had not vested at `since`, in quote units.
	pub unvested: u128,
	/// When that was, in seconds.
	pub since: u64,
	/// When all has vested, in seconds.
	pub until: u64,
}

impl Vesting {
	/// What has not vested at `now`, rounded up; nothing from `until` on, all of it before `since`.
	pub fn unvested_ceil(&self, now: u64) -> Result<u128, MathError> {
		let Some(left) = self.until.checked_sub(now).filter(|left| *left > 0) else {
			return Ok(0);
		};
		if now <= self.since {
			return Ok(self.unvested);
		}
		let length = self.until.saturating_sub(self.since);
		mul_div_ceil(self.unvested, u128::from(left), u128::from(length))
	}

	/// At `now`, with `money` more that begins to vest.
	pub fn with(self, money: u128, now: u64) -> Result<Self, MathError> {
		let unvested = add(self.unvested_ceil(now)?, money)?;
		Ok(Self { unvested, since: now.max(self.since), ..self })
	}
}

fn add(a: u128, b: u128) -> Result<u128, MathError> {
	a.checked_add(b).ok_or(MathError::Overflow)
}

fn sub(a: u128, b: u128) -> Result<u128, MathError> {
	a.checked_sub(b).ok_or(MathError::Overflow)
}
