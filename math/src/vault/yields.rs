//! What a vault has yielded, as a rate a year.

use super::Pot;
use crate::{
	error::MathError,
	fixed::Q64,
	kernels::{exp, ln},
	utilisation::YEAR_SECONDS,
};
use core::cmp::Ordering;

/// Yield a year at which the price per share went from `first` to `last` in so many seconds, compounded:
/// `(last / first)^(year / seconds) - 1`. 0.05 is 5%; -1 is everything.
///
/// Error: with the exact yield `y` at most `(1 + y) (1.3e-19 year / seconds + 4.5e-19) + 4.5e-19` (four
/// logarithms of 3e-20 each and a unit, and the exponential's own). Never of the wrong sign, and exact where the
/// price is the same or zero. Range: assets and shares below 2^127.
///
/// [`MathError::DivisionByZero`] if no time has passed or there is no price to grow from (no assets first, or
/// no shares in one of them); [`MathError::Overflow`] beyond the range, or from a yield of 9.2e18 upwards.
pub fn annualised(first: Pot, last: Pot, seconds: u64) -> Result<Q64, MathError> {
	if seconds == 0 || first.assets == 0 || first.shares == 0 || last.shares == 0 {
		return Err(MathError::DivisionByZero);
	}
	if last.assets == 0 {
		return Ok(Q64::from_int(-1));
	}
	let grown = log(last.assets)?
		.checked_sub(log(first.assets)?)
		.and_then(|assets| assets.checked_add(log(first.shares).ok()?))
		.and_then(|price| price.checked_sub(log(last.shares).ok()?))
		.ok_or(MathError::Overflow)?;
	// |grown| < 2^8 in 64 fractional bits, and a year has fewer than 2^25 seconds
	let yearly = grown
		.checked_mul(i128::from(YEAR_SECONDS))
		.and_then(|product| product.checked_div(i128::from(seconds)))
		.ok_or(MathError::Overflow)?;
	let yielded = exp(Q64::from_bits(yearly))?.checked_sub(Q64::ONE).ok_or(MathError::Overflow)?;
	Ok(match last.cmp_price(&first) {
		Ordering::Less => yielded.min(Q64::ZERO),
		Ordering::Equal => Q64::ZERO,
		Ordering::Greater => yielded.max(Q64::ZERO),
	})
}

/// `ln(x / 2^64)` in bits: of the power of two nothing is left in a ratio.
fn log(x: u128) -> Result<i128, MathError> {
	let bits = i128::try_from(x).map_err(|_| MathError::Overflow)?;
	Ok(ln(Q64::from_bits(bits))?.to_bits())
}
