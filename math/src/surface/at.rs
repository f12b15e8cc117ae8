//! [`SliceAt`]: the surface at one expiry.

use super::{slice::Slice, smile::Smile, VOLATILITY_MAX, VOLATILITY_MIN};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::{logarithm::minus_ln, mantissa::Mantissa, reciprocal::ratio, root::sqrt_mantissa},
};

/// The largest quotient of strike and forward, either way.
const MONEYNESS_MAX: u128 = 1000;

/// The surface at one time to expiry, made ready for many strikes.
///
/// Kept as variance per year against `k / sqrt(T)`: in those units a slice of a second and one of
/// three years have numbers of the same size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceAt {
	/// `theta / T`, `u / sqrt(T)` and `v / sqrt(T)`.
	pub(super) smile: Smile,
	/// `T`.
	pub(super) years: Mantissa,
	/// `sqrt(T)`.
	pub(super) root: Mantissa,
	/// `1 / sqrt(T)`.
	pub(super) per_root: Mantissa,
}

impl SliceAt {
	/// Volatility of an option (1.00 is 100% in a square-root year), held within
	/// [`VOLATILITY_MIN`] and [`VOLATILITY_MAX`].
	///
	/// Range: strike and forward above 0, `K/F` in [1e-3, 1e3]; else `OutOfDomain`. Error: 2e-17 of
	/// the result plus one unit, for the slices and the time as given.
	#[inline]
	pub fn volatility(&self, strike: Q64, forward: Q64) -> Result<Q64, MathError> {
		if !strike.is_positive() || !forward.is_positive() {
			return Err(MathError::OutOfDomain);
		}
		let (k, f) = (strike.to_bits().unsigned_abs(), forward.to_bits().unsigned_abs());
		let (smaller, larger) = (k.min(f), k.max(f));
		if smaller.saturating_mul(MONEYNESS_MAX) < larger {
			return Err(MathError::OutOfDomain);
		}
		if smaller == larger {
			return self.atm_volatility();
		}
		let distance = Mantissa::from_u128(minus_ln(ratio(smaller, larger)), 8);
		volatility(self.smile.at(distance.times(self.per_root), k < f)?)
	}

	/// Volatility at the money, as [`SliceAt::volatility`].
	pub fn atm_volatility(&self) -> Result<Q64, MathError> {
		volatility(self.smile.level)
	}

	/// The slice in total variance. Parameters are truncated, which counts where `theta` is small:
	/// at one second and 10% a unit is 1.7e-10 of it. `rho` of a flat slice is 0.
	pub fn slice(&self) -> Result<Slice, MathError> {
		let right = self.smile.right.times(self.root).to_q64(false)?;
		let left = self.smile.left.times(self.root).to_q64(false)?;
		let theta = self.smile.level.times(self.years).to_q64(false)?;
		let total = right.checked_add(left).ok_or(MathError::Overflow)?;
		let difference = right.checked_sub(left).ok_or(MathError::Overflow)?;
		let rho = difference.checked_div(total, Rounding::Nearest).unwrap_or(Q64::ZERO);
		Ok(Slice { theta, rho, psi: Q64::from_bits(total.to_bits() >> 1) })
	}
}

/// The root of a variance rate, within the domain of pricing.
#[inline]
fn volatility(variance: Mantissa) -> Result<Q64, MathError> {
	// from 2^20 upwards the clamp decides, and the root fits in any case
	Ok(sqrt_mantissa(variance).to_q64(false)?.clamp(VOLATILITY_MIN, VOLATILITY_MAX))
}
