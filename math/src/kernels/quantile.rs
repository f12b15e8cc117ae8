//! The inverse of the standard normal distribution.
//!
//! In `y = -ln p` the quantile is smooth up to the last tail, where it grows like `sqrt(2 y)` (that is why
//! Wichura's AS241 takes the root of the logarithm): with `M = Phi(-x) / phi(x)`, `dx/dy = M` and
//! `dM/dy = (x M - 1) M`. A table of short polynomials in `y`, sixteen cells to each power of two, serves every
//! `p` that a [`Q64`] can hold, without a start to refine: the error is of the last place, less than
//! what one step of Newton's method against [`super::norm_cdf`] would leave.

use super::{
	logarithm::minus_ln,
	product::minus,
	tables::{QUANTILE, QUANTILE_FIRST},
};
use crate::{
	error::MathError,
	fixed::Q64,
	wide::{mul_hi, normalised},
};

/// One half.
const HALF: u64 = 1 << 63;

/// The distance `x` with `Phi(-x) = exp(-y)` in 64 fractional bits, for `y` in 120 fractional bits between
/// ln 2 and 64 ln 2. `None` beyond the table.
///
/// A cell's sum is taken in steps of 2^-65 or 2^-67, finer where the quantile is flat, so that
/// neighbouring arguments keep their order.
#[inline(always)]
pub(super) fn distance(y: u128) -> Option<i128> {
	let (lead, zeros) = normalised(y);
	// y in [1/2, 1) has eight zeros before its 120 digits
	let octave = 8usize.checked_sub(zeros as usize)?;
	let cell = octave.wrapping_shl(4).wrapping_add(((lead >> 123) & 15) as usize);
	let &(start, [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10]) =
		QUANTILE.get(cell.checked_sub(QUANTILE_FIRST)?)?;
	// the place within the cell, in 64 fractional bits, and a sixteenth of it
	let s = (lead >> 59) as u64;
	let t = s >> 4;
	let p = minus(c9, t, c10);
	let p = minus(c8, t, p);
	let p = minus(c7, t, p);
	let p = minus(c6, t, p);
	let p = minus(c5, t, p);
	let p = minus(c4, t, p);
	let p = minus(c3, t, p);
	let p = minus(c2, t, p);
	let p = minus(c1, t, p);
	let p = c0.wrapping_sub(mul_hi(t, p));
	let shift = if octave < 4 { 3 } else { 1 };
	// in 80 fractional bits, half a step for the product's truncation
	let step = ((mul_hi(s, p) as u128) << 16).wrapping_add(1 << 15) >> shift;
	let x = start.wrapping_add(step as i128).wrapping_add(1 << 15) >> 16;
	// the first cell begins below zero
	Some(x.max(0))
}

/// The quantile of the standard normal distribution: `x` with `Phi(x) = p`.
///
/// Range: `0 < p < 1`, else `OutOfDomain`; a [`Q64`] holds `p` from 5.4e-20, so results lie within +-9.0802.
/// Error: at most 8.4e-20 (1.6 units). Strictly rising in `p`; `inverse_cdf(1 - p) = -inverse_cdf(p)`
/// exactly, and zero for one half.
///
/// Round trip: [`super::norm_cdf`] of the result is `p` within its own error, 5.3e-19, and 3.4e-20 more. The
/// other way, `x` comes back as well as `Phi(x)` determines it: within 6.2e-19 / phi(x).
///
/// Method: table of polynomials in `-ln p` (see the module). No division, no iteration.
pub fn inverse_cdf(p: Q64) -> Result<Q64, MathError> {
	let bits = p.to_bits();
	if !p.is_positive() || p >= Q64::ONE {
		return Err(MathError::OutOfDomain);
	}
	let below = bits as u64;
	if below == HALF {
		return Ok(Q64::ZERO);
	}
	let tail = below.min(below.wrapping_neg());
	let y = minus_ln((tail as u128) << 64);
	let x = distance(y).ok_or(MathError::OutOfDomain)?;
	Ok(Q64::from_bits(if below < HALF { x.wrapping_neg() } else { x }))
}
