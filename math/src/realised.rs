//! Realised volatility and the scan range that follows from it.
//!
//! The scan range says how far spot moves in the scenarios of the margin. It has to rise with
//! volatility, yet a rise must not by itself liquidate an account without warning: so the range of
//! maintenance margin moves towards its target at a bounded speed (both ways), while the range of
//! initial margin is at the target at once. A stressed range is always mixed in, which raises the
//! range in calm times and damps its rise in a storm.
//!
//! Variances are annualised (`sigma^2` per year of 365 days), times are seconds of market time.

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::{exp, ln, sqrt},
};

/// Seconds in a year of 365 days.
const YEAR: i128 = 31_536_000;
/// Seconds in an hour.
const HOUR: i128 = 3_600;
/// `ln 2`, to nearest.
const LN_2: Q64 = Q64::from_bits(12_786_308_645_202_655_660);
/// Half lives after which nothing is left of the past: `2^-64` is below the last place.
const HALF_LIVES_MAX: i64 = 64;

/// `ln(now / before)` of two positive prices in any common unit, error at most 2e-19 for ratios of
/// `1e-6` and above. A ratio out of range (9.2e18, 5.4e-20) is held at the end of the range, because
/// a return that large must raise the range, not stop the market. `OutOfDomain` unless both are
/// positive.
pub fn log_return(now: i128, before: i128) -> Result<Q64, MathError> {
	if now <= 0 || before <= 0 {
		return Err(MathError::OutOfDomain);
	}
	let ratio = Q64::from_ratio(now, before, Rounding::Nearest).unwrap_or(Q64::MAX);
	ln(ratio.max(Q64::from_bits(1)))
}

/// What is left of a weight after `elapsed`: `2^(-elapsed / half_life)`, in [0, 1], error at most
/// 2e-18. `OutOfDomain` for a half life of zero.
pub fn decay(elapsed: u64, half_life: u64) -> Result<Q64, MathError> {
	if half_life == 0 {
		return Err(MathError::OutOfDomain);
	}
	let lives = Q64::from_ratio(i128::from(elapsed), i128::from(half_life), Rounding::Nearest)
		.unwrap_or(Q64::MAX);
	if lives >= Q64::from_int(HALF_LIVES_MAX) {
		return Ok(Q64::ZERO);
	}
	let power = lives.checked_mul(LN_2, Rounding::Nearest).ok_or(MathError::Overflow)?;
	Ok(exp(power.checked_neg().ok_or(MathError::Overflow)?)?.clamp(Q64::ZERO, Q64::ONE))
}

/// Half lives of the two averages, in seconds of market time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfLives {
	/// Of the average that sees a storm first.
	pub fast: u64,
	/// Of the average that remembers it.
	pub slow: u64,
}

/// Two exponentially weighted averages of squared log returns, as annualised variances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RealisedVariance {
	/// The fast average.
	pub fast: Q64,
	/// The slow average.
	pub slow: Q64,
}

impl RealisedVariance {
	/// Both averages as if volatility had always been this. `OutOfDomain` if it is negative.
	pub fn from_volatility(volatility: Q64) -> Result<Self, MathError> {
		if volatility.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		let rate =
			volatility.checked_mul(volatility, Rounding::Nearest).ok_or(MathError::Overflow)?;
		Ok(Self { fast: rate, slow: rate })
	}

	/// After one more return, made in `elapsed` seconds: each average becomes
	/// `v d + (r^2 / elapsed) (1 - d)` with `d = 2^(-elapsed / half life)`, rounded to nearest.
	///
	/// Weights follow the time that has really passed, so a gap between samples weighs as much as
	/// the samples that are missing. `OutOfDomain` if no time has passed.
	pub fn update(
		self,
		log_return: Q64,
		elapsed: u64,
		half_lives: HalfLives,
	) -> Result<Self, MathError> {
		let rate = variance_rate(log_return, elapsed)?;
		Ok(Self {
			fast: mix(self.fast, rate, decay(elapsed, half_lives.fast)?)?,
			slow: mix(self.slow, rate, decay(elapsed, half_lives.slow)?)?,
		})
	}

	/// The two averages as volatilities (fast, slow).
	pub fn volatilities(self) -> Result<(Q64, Q64), MathError> {
		Ok((sqrt(self.fast)?, sqrt(self.slow)?))
	}

	/// The volatility that the scan range is made of: the greatest of both averages and what
	/// options imply.
	pub fn volatility(self, implied: Q64) -> Result<Q64, MathError> {
		let (fast, slow) = self.volatilities()?;
		Ok(fast.max(slow).max(implied))
	}
}

/// Annualised variance of one return. `OutOfDomain` if no time has passed.
fn variance_rate(log_return: Q64, elapsed: u64) -> Result<Q64, MathError> {
	if elapsed == 0 {
		return Err(MathError::OutOfDomain);
	}
	let square =
		log_return.checked_mul(log_return, Rounding::Nearest).ok_or(MathError::Overflow)?;
	let per_year =
		Q64::from_ratio(YEAR, i128::from(elapsed), Rounding::Nearest).ok_or(MathError::Overflow)?;
	square.checked_mul(per_year, Rounding::Nearest).ok_or(MathError::Overflow)
}

/// `old d + new (1 - d)`, written so that equal values stay what they are.
fn mix(old: Q64, new: Q64, d: Q64) -> Result<Q64, MathError> {
	let gap = old.checked_sub(new).ok_or(MathError::Overflow)?;
	let kept = gap.checked_mul(d, Rounding::Nearest).ok_or(MathError::Overflow)?;
	new.checked_add(kept).ok_or(MathError::Overflow)
}

/// What makes a scan range out of a volatility. All shares are shares of spot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanRule {
	/// Least range.
	pub floor: Q64,
	/// Range of a stressed market.
	pub stressed: Q64,
	/// Greatest range; above one it counts as one, since a greater fall takes spot below zero.
	pub cap: Q64,
	/// Standard deviations `k` that the range covers.
	pub multiple: Q64,
	/// Weight `beta` of the stressed range, in [0, 1].
	pub stressed_weight: Q64,
	/// Horizon `h` in seconds of market time.
	pub horizon: u64,
}

impl ScanRule {
	/// `min(cap, max(floor, (1 - beta) k sigma sqrt(h / 365 d) + beta stressed))`.
	///
	/// Non-decreasing in sigma. A product that does not fit counts as beyond the cap. Rounded
	/// upwards within 4 units in the last place. `OutOfDomain` for a negative figure or `beta` above
	/// one.
	pub fn target(&self, sigma: Q64) -> Result<Q64, MathError> {
		let figures = [self.floor, self.stressed, self.cap, self.multiple, self.stressed_weight];
		if sigma.is_negative() || figures.iter().any(|figure| figure.is_negative()) {
			return Err(MathError::OutOfDomain);
		}
		let cap = self.cap.min(Q64::ONE);
		let calm = Q64::ONE.checked_sub(self.stressed_weight).ok_or(MathError::Overflow)?;
		if calm.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		let wanted = self.unbounded(sigma, calm)?.unwrap_or(cap);
		Ok(wanted.max(self.floor).min(cap))
	}

	/// The target before floor and cap; `None` if it does not fit.
	fn unbounded(&self, sigma: Q64, calm: Q64) -> Result<Option<Q64>, MathError> {
		let Some(horizon) = Q64::from_ratio(i128::from(self.horizon), YEAR, Rounding::Ceil) else {
			return Ok(None);
		};
		let root = sqrt(horizon)?;
		let times = |a: Q64, b: Q64| a.checked_mul(b, Rounding::Ceil);
		Ok((|| {
			let moved = times(times(times(calm, self.multiple)?, sigma)?, root)?;
			moved.checked_add(times(self.stressed_weight, self.stressed)?)
		})())
	}
}

/// The scan range of maintenance margin after `elapsed` seconds: moved from `current` towards
/// `target` by at most `per_hour` an hour, either way. The step is rounded down, so that the bound
/// holds exactly. `OutOfDomain` if `per_hour` is negative.
pub fn ramp(current: Q64, target: Q64, per_hour: Q64, elapsed: u64) -> Result<Q64, MathError> {
	if per_hour.is_negative() {
		return Err(MathError::OutOfDomain);
	}
	let hours = Q64::from_ratio(i128::from(elapsed), HOUR, Rounding::Floor).unwrap_or(Q64::MAX);
	let step = per_hour.checked_mul(hours, Rounding::Floor).unwrap_or(Q64::MAX);
	let gap = target.checked_sub(current).ok_or(MathError::Overflow)?;
	if gap.checked_abs().ok_or(MathError::Overflow)? <= step {
		return Ok(target);
	}
	let moved =
		if gap.is_negative() { current.checked_sub(step) } else { current.checked_add(step) };
	moved.ok_or(MathError::Overflow)
}
