//! Contingencies: what is added to, or multiplied onto, the worst scenario, for what no scenario shows.
//!
//! | contingency | formula |
//! |---|---|
//! | [`Basis`] | per expiry `-min(0, V(up) - V, V(down) - V) (m0 + m1 T)` |
//! | [`vol_term`] | `psi min(sum of gains, sum of losses)` over the buckets of [`vol_bucket`] |
//! | [`Confidence`] | `(1 - c) slope` of the notional when `c` is below a threshold |
//! | [`Depeg`] | `(threshold - price) slope` added to the initial factor |
//! | [`StaticDiscount`] | long value at `base exp(-T (r m + a))`, short value at its like above one |
//! | [`OpenInterest`] | requirement times `1 + clamp((OI - lo) / (hi - lo), 0, 1) (m - 1)` |
//! | [`diversification`] | a credit: `share min(sum of losses of one sign of spot, of the other)` |
//!
//! Charges are not negative and rounded up, credits rounded down. Shapes of basis, confidence, depeg and
//! discount: Derive's portfolio margin managers; of the vol-term charge: Deribit's early portfolio
//! margin, which charged vega offset between expiries.

#[cfg(test)]
mod tests;

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::{exp, ln},
	margin_model::number::{add, div_up, magnitude, mul, mul_down, mul_up, negated, sub},
};

/// Seconds in a day.
const DAY_SECONDS: i128 = 86_400;

/// What spot and forward moving apart may cost: each expiry at two forwards, its worse side charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
	/// Forward after the move up over the forward before it.
	pub up: Q64,
	/// The same for the move down.
	pub down: Q64,
	/// Share of the loss that counts at expiry.
	pub base: Q64,
	/// What a year adds to that share.
	pub per_year: Q64,
}

impl Basis {
	/// No charge.
	pub const NONE: Self =
		Self { up: Q64::ONE, down: Q64::ONE, base: Q64::ZERO, per_year: Q64::ZERO };

	/// The charge of one expiry from its value now and at both forwards. Not negative, rounded up.
	pub fn charge(&self, now: Q64, at_up: Q64, at_down: Q64, years: Q64) -> Result<Q64, MathError> {
		let loss = sub(now, at_up.min(at_down))?.max(Q64::ZERO);
		let share = add(self.base, mul_up(self.per_year, years)?)?;
		mul_up(loss, share)
	}
}

/// Last day of each bucket of times to expiry but the last, which is open.
pub const VOL_BUCKET_DAYS: [u16; 6] = [7, 14, 30, 60, 90, 180];
/// Buckets of times to expiry.
pub const VOL_BUCKETS: usize = 7;

/// The bucket of a time to expiry, to the second: 0 up to 7 days, 6 above 180.
pub fn vol_bucket(years: Q64) -> usize {
	VOL_BUCKET_YEARS.iter().position(|end| years < *end).unwrap_or(VOL_BUCKETS.saturating_sub(1))
}

/// Half a second after the end of each bucket but the last, in years.
const VOL_BUCKET_YEARS: [Q64; 6] = {
	let [a, b, c, d, e, f] = VOL_BUCKET_DAYS;
	[
		half_second_after(a),
		half_second_after(b),
		half_second_after(c),
		half_second_after(d),
		half_second_after(e),
		half_second_after(f),
	]
};

/// Half a second more than so many days, in years of 365 days: what two roundings of a time may
/// differ by, and far more.
#[allow(clippy::arithmetic_side_effects, reason = "evaluated by the compiler")]
const fn half_second_after(days: u16) -> Q64 {
	let half_seconds = days as i128 * 2 * DAY_SECONDS + 1;
	Q64::from_bits((half_seconds << 64) / (2 * 365 * DAY_SECONDS))
}

/// Charge for volatility moving at one tenor and not at another: `changes` are the changes of value of each
/// bucket under its own up-shock, and what one gains the other may fail to make good. Rounded up.
pub fn vol_term(changes: &[Q64; VOL_BUCKETS], share: Q64) -> Result<Q64, MathError> {
	vol_term_within(changes, changes, share)
}

/// The same where each change is only known to lie between two bounds: the most that it can be.
pub fn vol_term_within(
	least: &[Q64; VOL_BUCKETS],
	greatest: &[Q64; VOL_BUCKETS],
	share: Q64,
) -> Result<Q64, MathError> {
	let (mut gains, mut losses) = (Q64::ZERO, Q64::ZERO);
	for (least, greatest) in least.iter().zip(greatest) {
		gains = add(gains, (*greatest).max(Q64::ZERO))?;
		losses = sub(losses, (*least).min(Q64::ZERO))?;
	}
	mul_up(gains.min(losses), share)
}

/// Charge for prices that their sources doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confidence {
	/// Confidence below which there is a charge, 0 to 1.
	pub threshold: Q64,
	/// Share of the notional per unit of doubt.
	pub slope: Q64,
}

impl Confidence {
	/// No charge.
	pub const NONE: Self = Self { threshold: Q64::ZERO, slope: Q64::ZERO };

	/// `(1 - c) slope notional` below the threshold, else nothing. Rounded up.
	pub fn charge(&self, confidence: Q64, notional: Q64) -> Result<Q64, MathError> {
		if confidence >= self.threshold {
			return Ok(Q64::ZERO);
		}
		let doubt = sub(Q64::ONE, confidence)?.max(Q64::ZERO);
		mul_up(mul_up(doubt, self.slope)?, notional)
	}
}

/// What is added to the initial factor while the quote currency trades below its peg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depeg {
	/// Price of the quote currency below which something is added.
	pub threshold: Q64,
	/// How much per unit of price.
	pub slope: Q64,
}

impl Depeg {
	/// Nothing.
	pub const NONE: Self = Self { threshold: Q64::ZERO, slope: Q64::ZERO };

	/// `max(0, threshold - price) slope`. Rounded up.
	pub fn added(&self, price: Q64) -> Result<Q64, MathError> {
		mul_up(sub(self.threshold, price)?.max(Q64::ZERO), self.slope)
	}
}

/// A discount that grows with time and with the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscountRule {
	/// At expiry.
	pub base: Q64,
	/// Multiple of the rate by which value is discounted on top.
	pub rate_multiple: Q64,
	/// Rate added.
	pub rate_added: Q64,
}

impl DiscountRule {
	/// No discount.
	pub const NONE: Self = Self { base: Q64::ONE, rate_multiple: Q64::ZERO, rate_added: Q64::ZERO };

	/// `exp(sign (T (r multiple + added)))` with `r T = -ln D`, to nearest.
	fn growth(&self, years: Q64, discount: Q64, sign: Q64) -> Result<Q64, MathError> {
		let rate_time = negated(ln(discount)?)?;
		let exponent = add(mul(rate_time, self.rate_multiple)?, mul(years, self.rate_added)?)?;
		exp(mul(exponent, sign)?)
	}
}

/// What net long and net short value of an expiry counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaticDiscount {
	/// Net long.
	pub long: DiscountRule,
	/// Net short: base at least one.
	pub short: DiscountRule,
}

impl StaticDiscount {
	/// Value counts as it is.
	pub const NONE: Self = Self { long: DiscountRule::NONE, short: DiscountRule::NONE };

	/// Factor on net long value, `base exp(-T (r m + a))`, the rate from the discount factor. Rounded down.
	/// Error at most 3e-18 of it. `OutOfDomain` for a discount factor that is not above zero.
	pub fn long_factor(&self, years: Q64, discount: Q64) -> Result<Q64, MathError> {
		let minus = Q64::from_int(-1);
		mul_down(self.long.base, self.long.growth(years, discount, minus)?)
	}

	/// Factor on net short value, `min(1 / D, base exp(T (r m + a)))`: a box owes its strikes and no more.
	/// Rounded up. Where the exponential does not fit, `1 / D`.
	pub fn short_factor(&self, years: Q64, discount: Q64) -> Result<Q64, MathError> {
		let most = div_up(Q64::ONE, discount)?;
		match self.short.growth(years, discount, Q64::ONE) {
			Ok(growth) => Ok(mul_up(self.short.base, growth)?.min(most)),
			Err(MathError::Overflow) => Ok(most),
			Err(error) => Err(error),
		}
	}

	/// Value of an expiry after the discount: rounded down.
	pub fn applied(&self, value: Q64, years: Q64, discount: Q64) -> Result<Q64, MathError> {
		let factor = if value.is_negative() {
			self.short_factor(years, discount)?
		} else {
			self.long_factor(years, discount)?
		};
		mul_down(value, factor)
	}
}

/// How the requirement of net shorts grows with the open interest of an underlying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenInterest {
	/// Open interest up to which nothing is added.
	pub low: Q64,
	/// Open interest from which all of it is added: the cap.
	pub high: Q64,
	/// The factor there, at least one.
	pub most: Q64,
}

impl OpenInterest {
	/// `1 + clamp((OI - low) / (high - low), 0, 1) (most - 1)`, rounded up. `OutOfDomain` unless
	/// `low < high` and `most >= 1`.
	pub fn factor(&self, open_interest: Q64) -> Result<Q64, MathError> {
		if self.low >= self.high || self.most < Q64::ONE {
			return Err(MathError::OutOfDomain);
		}
		if open_interest <= self.low {
			return Ok(Q64::ONE);
		}
		let beyond = sub(open_interest.min(self.high), self.low)?;
		let share = div_up(beyond, sub(self.high, self.low)?)?;
		add(Q64::ONE, mul_up(share, sub(self.most, Q64::ONE)?)?)
	}
}

/// The binding scenario of one underlying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
	/// Loss in it, not negative.
	pub loss: Q64,
	/// Move of spot in it, of which only the sign is used.
	pub spot_move: Q64,
}

/// Greatest share that is credited.
pub const DIVERSIFICATION_MAX_PERCENT: i64 = 20;

/// Credit for underlyings whose binding scenarios move spot in opposite directions:
/// `share min(sum of losses on rises, sum of losses on falls)`. Each loss offsets once, and one whose
/// scenario leaves spot where it is offsets nothing. Rounded down. `OutOfDomain` for a share above 20%
/// or below zero, or a negative loss.
pub fn diversification(bindings: &[Binding], share: Q64) -> Result<Q64, MathError> {
	let most = Q64::from_ratio(i128::from(DIVERSIFICATION_MAX_PERCENT), 100, Rounding::Nearest);
	if share.is_negative() || most.is_none_or(|most| share > most) {
		return Err(MathError::OutOfDomain);
	}
	let (mut rises, mut falls) = (Q64::ZERO, Q64::ZERO);
	for binding in bindings {
		if binding.loss.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		if binding.spot_move.is_positive() {
			rises = add(rises, binding.loss)?;
		} else if binding.spot_move.is_negative() {
			falls = add(falls, binding.loss)?;
		}
	}
	mul_down(rises.min(falls), share)
}

/// Charge on a position of either sign: `|quantity| price share`, rounded up.
pub(crate) fn of_notional(quantity: Q64, price: Q64, share: Q64) -> Result<Q64, MathError> {
	mul_up(mul_up(magnitude(quantity)?, price)?, share)
}
