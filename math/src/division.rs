//! Quotients of 256-bit numbers, for the ledger's `a b / c`: exact in between, rounded once.
#![allow(
	clippy::arithmetic_side_effects,
	reason = "every difference, product and shift below is bounded by the widths stated beside it"
)]

use crate::{
	error::MathError,
	wide::{join, mul_wide_u128, split},
};

/// One quotient word of a long division: `(rest 2^64 + word) / divisor` and what is left over, for
/// `rest < divisor` and a divisor whose leading bit is set.
///
/// Knuth's algorithm D (The Art of Computer Programming 2, 4.3.1): the estimate from the leading words
/// is at most two too large.
fn div_word(rest: u128, word: u64, divisor: u128) -> (u64, u128) {
	let (d1, d0) = split(divisor);
	let (d1, d0) = (u128::from(d1), u128::from(d0));
	// rest < divisor, so the estimate is at most one beyond a word. d1 >= 2^63 is not zero.
	let mut quotient = (rest / d1).min(u128::from(u64::MAX));
	let mut above = rest - quotient * d1;
	// `above` is compared only while it is a word, so nothing is shifted out.
	while above >> 64 == 0 && quotient * d0 > ((above << 64) | u128::from(word)) {
		quotient -= 1;
		above += d1;
	}
	// The true remainder is below the divisor: its low 128 bits are all of it.
	let left = ((above << 64) | u128::from(word)).wrapping_sub(quotient * d0);
	(quotient as u64, left)
}

/// `floor(high_low / divisor)` and the rest; `None` for a zero divisor or a quotient beyond 128 bits.
pub(crate) fn div_wide((high, low): (u128, u128), divisor: u128) -> Option<(u128, u128)> {
	if high >= divisor {
		return None;
	}
	// divisor > high >= 0, so the shift is below 128; high < divisor stays within 128 bits.
	let shift = divisor.leading_zeros();
	let carried = if shift == 0 { 0 } else { low >> (128 - shift) };
	let (divisor, high, low) = (divisor << shift, (high << shift) | carried, low << shift);
	let (word1, word0) = split(low);
	let (q1, rest) = div_word(high, word1, divisor);
	let (q0, rest) = div_word(rest, word0, divisor);
	Some((join(q1, q0), rest >> shift))
}

/// `a b / c`, rounded down. Exact in between.
pub fn mul_div_floor(a: u128, b: u128, c: u128) -> Result<u128, MathError> {
	if c == 0 {
		return Err(MathError::DivisionByZero);
	}
	div_wide(mul_wide_u128(a, b), c).map(|(quotient, _)| quotient).ok_or(MathError::Overflow)
}

/// `a b / c`, rounded up. Exact in between.
pub fn mul_div_ceil(a: u128, b: u128, c: u128) -> Result<u128, MathError> {
	if c == 0 {
		return Err(MathError::DivisionByZero);
	}
	let (quotient, rest) = div_wide(mul_wide_u128(a, b), c).ok_or(MathError::Overflow)?;
	if rest == 0 {
		Ok(quotient)
	} else {
		quotient.checked_add(1).ok_or(MathError::Overflow)
	}
}

#[cfg(test)]
mod tests;
