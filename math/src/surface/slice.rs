//! One expiry's slice of the surface.

use super::{smile::Smile, PSI_MAX, RHO_MAX, THETA_MAX, TOLERANCE};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::mantissa::Mantissa,
	wide::mul_wide_u128,
};

/// The largest `|k|` of [`Slice::total_variance`]: strikes a thousand times the forward have 6.9.
const LOG_MONEYNESS_MAX: Q64 = Q64::from_int(1024);

/// Total implied variance against log moneyness at one expiry, by three parameters: see the module.
///
/// Range: `0 < theta <= 300`, `|rho| <= 0.999`, `0 <= psi <= 4`. With `psi = 0` the slice is flat and
/// `rho` says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
	/// Total variance at the money, `sigma^2 T`.
	pub theta: Q64,
	/// Correlation of the smile: its asymmetry.
	pub rho: Q64,
	/// Sum of the slopes of both wings: far to the right `w` rises by `psi (1 + rho) / 2` per unit of
	/// `k`, far to the left by `psi (1 - rho) / 2`, and at the money by `rho psi`.
	pub psi: Q64,
}

/// `theta`, `u = psi (1 + rho)` and `v = psi (1 - rho)` in bits of a [`Q64`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wings {
	pub(super) theta: i128,
	pub(super) right: i128,
	pub(super) left: i128,
}

impl Slice {
	/// A slice without a smile.
	pub const fn flat(theta: Q64) -> Self {
		Self { theta, rho: Q64::ZERO, psi: Q64::ZERO }
	}

	/// Whether the parameters are in range.
	pub fn is_in_range(&self) -> bool {
		self.theta.is_positive()
			&& self.theta <= THETA_MAX
			&& self.rho.checked_abs().is_some_and(|rho| rho <= RHO_MAX)
			&& !self.psi.is_negative()
			&& self.psi <= PSI_MAX
	}

	/// Total implied variance `w(k)` at log moneyness `k = ln(K / F)`.
	///
	/// Range: parameters in range, `|k| <= 1024`; else `OutOfDomain`. Error: 2e-17 of the result plus
	/// two units, and what rounding `rho psi` to a [`Q64`] does, half a unit times `|k|`. Truncated.
	pub fn total_variance(&self, k: Q64) -> Result<Q64, MathError> {
		if k.checked_abs().is_none_or(|k| k > LOG_MONEYNESS_MAX) {
			return Err(MathError::OutOfDomain);
		}
		let smile = self.wings()?.smile();
		smile.at(Mantissa::from_q64(k), k.is_negative())?.to_q64(false)
	}

	/// Whether no butterfly costs less than nothing: `psi (1 + |rho|) <= 4` and
	/// `psi^2 (1 + |rho|) <= 4 theta` (Gatheral and Jacquier 2014, theorem 4.2: sufficient; the first
	/// is necessary too). False outside the parameters' range. Each is tested to 1e-17, so that
	/// rounding to 18 decimals does not turn a slice on the bound into one beyond it.
	pub fn is_free_of_butterflies(&self) -> bool {
		let Ok(wings) = self.wings() else { return false };
		let steep = wings.right.max(wings.left);
		let slack = TOLERANCE.saturating_mul(4);
		if steep > PSI_MAX.to_bits().saturating_add(slack) {
			return false;
		}
		let Some(room) = self.theta.to_bits().saturating_mul(4).checked_add(slack) else {
			return false;
		};
		// psi (psi + |rho psi|) <= 4 theta, exactly
		let product = mul_wide_u128(self.psi.to_bits().unsigned_abs(), steep.unsigned_abs());
		let room = room.unsigned_abs();
		product <= (room >> 64, room << 64)
	}

	/// `theta`, `u` and `v`; `OutOfDomain` for parameters out of range. `rho psi` is to nearest.
	pub(super) fn wings(&self) -> Result<Wings, MathError> {
		if !self.is_in_range() {
			return Err(MathError::OutOfDomain);
		}
		let tilt = self.rho.checked_mul(self.psi, Rounding::Nearest).ok_or(MathError::Overflow)?;
		let right = self.psi.checked_add(tilt).ok_or(MathError::Overflow)?;
		let left = self.psi.checked_sub(tilt).ok_or(MathError::Overflow)?;
		let wing = |q: Q64| q.to_bits().max(0);
		Ok(Wings { theta: self.theta.to_bits(), right: wing(right), left: wing(left) })
	}

	/// The slice of wings in range: `psi` truncated, `rho` to nearest and within its range.
	pub(super) fn from_wings(wings: &Wings) -> Result<Self, MathError> {
		let total = wings.right.checked_add(wings.left).ok_or(MathError::Overflow)?;
		let theta = Q64::from_bits(wings.theta);
		if total <= 1 {
			return Ok(Self::flat(theta));
		}
		let difference = wings.right.checked_sub(wings.left).ok_or(MathError::Overflow)?;
		let rho = Q64::from_ratio(difference, total, Rounding::Nearest);
		let lowest = RHO_MAX.checked_neg().ok_or(MathError::Overflow)?;
		let rho = rho.ok_or(MathError::Overflow)?.clamp(lowest, RHO_MAX);
		Ok(Self { theta, rho, psi: Q64::from_bits(total >> 1) })
	}
}

impl Wings {
	pub(super) fn smile(&self) -> Smile {
		let mantissa = |bits: i128| Mantissa::from_q64(Q64::from_bits(bits));
		Smile {
			level: mantissa(self.theta),
			right: mantissa(self.right),
			left: mantissa(self.left),
		}
	}

	/// `rho psi`, the slope of total variance at the money, times two.
	pub(super) const fn tilt(&self) -> i128 {
		self.right.wrapping_sub(self.left)
	}
}
