//! The shape of one slice in the numbers it is computed with, and sums of such numbers.

use crate::{
	error::MathError,
	kernels::{mantissa::Mantissa, root::sqrt_mantissa},
};

/// Bits after the point of a sum that can cancel.
const FRACTION_BITS: i32 = 96;

/// `w(z) = (x + sqrt(x^2 + u v z^2)) / 2` with `x = level + (u - v) z / 2`: the slice of the module's
/// documentation with `u = psi (1 + rho)` and `v = psi (1 - rho)`, twice the slopes of its wings.
///
/// In these terms nothing is divided by `psi`, so that a flat slice is a slice like any other; and
/// `w` rises in each of `level`, `u` and `v`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Smile {
	/// Value at `z = 0`.
	pub(super) level: Mantissa,
	/// `u`.
	pub(super) right: Mantissa,
	/// `v`.
	pub(super) left: Mantissa,
}

impl Smile {
	/// The value at `z`, given as its magnitude and whether it is negative. `Overflow` where a wing
	/// is beyond 2^32.
	///
	/// Relative error: `x` is off by at most 2^-61 of `(u + v) |z| / 2` and of `level`, which is at
	/// most `2^-61 / sqrt(1 - rho^2)` of the root, and `w` is off by that share of itself; the root,
	/// the products and the quotient add less than 2^-60. For |rho| <= 0.999 together 1.2e-17.
	#[inline]
	pub(super) fn at(&self, distance: Mantissa, negative: bool) -> Result<Mantissa, MathError> {
		let right = self.right.times(distance);
		let left = self.left.times(distance);
		if right.is_zero() && left.is_zero() {
			return Ok(self.level);
		}
		let (gain, loss) = if negative { (left, right) } else { (right, left) };
		let fixed = |m: Mantissa| m.to_fixed(FRACTION_BITS).ok_or(MathError::Overflow);
		let up = fixed(self.level.scaled(1))?;
		let up = up.checked_add(fixed(gain)?).ok_or(MathError::Overflow)?;
		let down = fixed(loss)?;
		// 2 x, and 4 w = 2 x + sqrt((2 x)^2 + 4 u v z^2)
		let twice = Mantissa::from_u128(up.abs_diff(down), 128i32.wrapping_sub(FRACTION_BITS));
		let bend = right.times(left);
		let root = sqrt_mantissa(sum(twice.times(twice), bend.scaled(2)));
		if up >= down {
			return Ok(sum(twice, root).scaled(-2));
		}
		// x below zero: the same without a difference
		let inverse = sum(twice, root).reciprocal().ok_or(MathError::DivisionByZero)?;
		Ok(bend.times(inverse))
	}
}

/// `a + b`, relative error below 2^-62.
#[allow(clippy::arithmetic_side_effects, reason = "shifts and sums are bounded as stated")]
#[inline]
pub(super) fn sum(a: Mantissa, b: Mantissa) -> Mantissa {
	if a.is_zero() {
		return b;
	}
	if b.is_zero() {
		return a;
	}
	// exponents of the numbers here are within a few hundred of zero
	let (large, small) = if a.exponent() >= b.exponent() { (a, b) } else { (b, a) };
	let shift = large.exponent() - small.exponent();
	if shift > 126 {
		return large;
	}
	// both below 2^127
	let bits = ((large.word() as u128) << 63) + (((small.word() as u128) << 63) >> shift);
	Mantissa::from_u128(bits, large.exponent() + 1)
}
