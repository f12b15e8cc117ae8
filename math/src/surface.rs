//! The volatility surface between the tenors at which it is quoted.
//!
//! What is interpolated is total variance `w = sigma^2 T`, because it is what may not fall with time:
//! if `w` fell, a calendar spread would cost less than nothing. Every function takes and gives
//! annualised volatilities and times in years of 365 days.

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::sqrt,
};

/// The least volatility of the pricing domain, 0.01 (to the nearest place).
pub const VOLATILITY_MIN: Q64 = Q64::from_bits(184_467_440_737_095_516);
/// The greatest volatility of the pricing domain, 10.
pub const VOLATILITY_MAX: Q64 = Q64::from_int(10);

/// Volatility at a time to expiry, from volatilities quoted at tenors.
///
/// - Up to the first tenor volatility is constant (`w` proportional to `T`), and so it is at zero.
/// - Between two tenors `w` is linear in `T`.
/// - Above the last tenor `w` goes on at the last forward variance; a single tenor goes on flat.
/// - A quote whose `w` falls from one tenor to the next is raised to the running maximum, so that
///   `w` never falls.
/// - The result is held within [`VOLATILITY_MIN`] and [`VOLATILITY_MAX`], which keeps `w`
///   non-decreasing.
///
/// Range: as many tenors as volatilities, at least one; tenors positive and increasing, at most
/// 1,000 years; volatilities within the pricing domain; `years >= 0`; else `OutOfDomain`.
/// Error: at most 1e-17 for volatilities of 0.1 and above at tenors of a day and above (the rounding
/// of `w`, 2^-65, over `T` and twice the volatility). At a tenor of quotes that need no raising the
/// quote itself comes back, within the same bound; at and below the first, exactly.
/// `years` is any length: no step overflows.
pub fn volatility(tenor_years: &[Q64], vols: &[Q64], years: Q64) -> Result<Q64, MathError> {
	let (Some(&first_tenor), Some(&first_vol)) = (tenor_years.first(), vols.first()) else {
		return Err(MathError::OutOfDomain);
	};
	if tenor_years.len() != vols.len() || years.is_negative() || !first_tenor.is_positive() {
		return Err(MathError::OutOfDomain);
	}
	let mut near = Node::quoted(first_tenor, first_vol)?;
	if years <= first_tenor {
		return Ok(first_vol);
	}
	let mut forward = near.rate;
	for (&tenor, &vol) in tenor_years.iter().zip(vols).skip(1) {
		let next = Node::quoted(tenor, vol)?.after(&near)?;
		forward = near.forward_rate(&next)?;
		if years <= next.tenor {
			return near.at(forward, years);
		}
		near = next;
	}
	near.at(forward, years)
}

/// One tenor of the surface: its variance rate `sigma^2` and total variance `w = sigma^2 T`.
struct Node {
	tenor: Q64,
	rate: Q64,
	total: Q64,
}

impl Node {
	/// The node of a quote.
	fn quoted(tenor: Q64, vol: Q64) -> Result<Self, MathError> {
		if !(VOLATILITY_MIN..=VOLATILITY_MAX).contains(&vol) || tenor > Q64::from_int(1_000) {
			return Err(MathError::OutOfDomain);
		}
		let rate = vol.checked_mul(vol, Rounding::Nearest).ok_or(MathError::Overflow)?;
		let total = rate.checked_mul(tenor, Rounding::Nearest).ok_or(MathError::Overflow)?;
		Ok(Self { tenor, rate, total })
	}

	/// This node raised to the total variance of the one before it.
	fn after(self, before: &Self) -> Result<Self, MathError> {
		if self.tenor <= before.tenor {
			return Err(MathError::OutOfDomain);
		}
		if self.total >= before.total {
			return Ok(self);
		}
		let rate =
			before.total.checked_div(self.tenor, Rounding::Nearest).ok_or(MathError::Overflow)?;
		Ok(Self { tenor: self.tenor, rate, total: before.total })
	}

	/// Variance rate between this node and a later one: `(w2 - w1) / (T2 - T1)`.
	fn forward_rate(&self, next: &Self) -> Result<Q64, MathError> {
		let gained = next.total.checked_sub(self.total).ok_or(MathError::Overflow)?;
		let time = next.tenor.checked_sub(self.tenor).ok_or(MathError::Overflow)?;
		gained.checked_div(time, Rounding::Nearest).ok_or(MathError::Overflow)
	}

	/// Volatility at a later time when variance accrues at `forward` after this node:
	/// `sigma^2 = rate + (forward - rate) (T - T1) / T`, which loses less than dividing `w` by `T`.
	fn at(&self, forward: Q64, years: Q64) -> Result<Q64, MathError> {
		let beyond = years.checked_sub(self.tenor).ok_or(MathError::Overflow)?;
		let share = beyond.checked_div(years, Rounding::Nearest).ok_or(MathError::Overflow)?;
		let change = forward.checked_sub(self.rate).ok_or(MathError::Overflow)?;
		let change = change.checked_mul(share, Rounding::Nearest).ok_or(MathError::Overflow)?;
		let rate = self.rate.checked_add(change).ok_or(MathError::Overflow)?;
		Ok(sqrt(rate.max(Q64::ZERO))?.clamp(VOLATILITY_MIN, VOLATILITY_MAX))
	}
}
