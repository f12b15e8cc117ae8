//! Rotations and lifts of the smile: the third move of a scenario.
//!
//! With `k = ln(K / F)` volatility is multiplied by `1 + tilt(x)`, where `x = k` (linear: one wing up,
//! the other down) or `x = |k|` (absolute: both wings up), and
//!
//! ```text
//! tilt(x) = min(cap, x cap / width)   for x >= 0
//!         = max(-cap, x cap / width)  for x < 0
//! cap(T)   = cap_0 + c sqrt(T)
//! width(T) = max(least, scale sqrt(T) (level + slope sqrt(T)))
//! ```
//!
//! so that the smile moves in proportion to log-moneyness and no further than `width`, about where
//! it flattens out. Source: the skew scenarios of Derive's second portfolio margin manager.

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::sqrt,
};

/// How the smile moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Skew {
	/// Not at all.
	#[default]
	None,
	/// In proportion to `ln(K / F)`.
	Linear,
	/// In proportion to `|ln(K / F)|`.
	Absolute,
}

/// Greatest relative move of volatility: `cap + per_root_year sqrt(T)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SkewCap {
	/// At the instant of expiry.
	pub cap: Q64,
	/// What a year's root adds; usually negative.
	pub per_root_year: Q64,
}

/// How far the smile moves. All in ratios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkewShock {
	/// Cap of the linear move.
	pub linear: SkewCap,
	/// Cap of the absolute move.
	pub absolute: SkewCap,
	/// Least log-moneyness at which the cap is reached; above zero.
	pub least_width: Q64,
	/// Widths per deviation of the level below.
	pub width_scale: Q64,
	/// Level of volatility that the width is measured in, at the instant of expiry.
	pub level: Q64,
	/// What a year's root adds to the level.
	pub slope: Q64,
}

impl SkewShock {
	/// No move: every cap is zero.
	pub const NONE: Self = Self {
		linear: SkewCap { cap: Q64::ZERO, per_root_year: Q64::ZERO },
		absolute: SkewCap { cap: Q64::ZERO, per_root_year: Q64::ZERO },
		least_width: Q64::ONE,
		width_scale: Q64::ZERO,
		level: Q64::ZERO,
		slope: Q64::ZERO,
	};

	/// Caps and width at a time to expiry. `OutOfDomain` for a negative time or a width not above zero.
	pub fn at(&self, years: Q64) -> Result<SkewAtTenor, MathError> {
		let root = sqrt(years)?;
		let times = |a: Q64, b: Q64| a.checked_mul(b, Rounding::Nearest).ok_or(MathError::Overflow);
		let plus = |a: Q64, b: Q64| a.checked_add(b).ok_or(MathError::Overflow);
		let cap = |cap: &SkewCap| plus(cap.cap, times(cap.per_root_year, root)?);
		let level = plus(self.level, times(root, self.slope)?)?;
		let width = times(times(root, self.width_scale)?, level)?.max(self.least_width);
		if !width.is_positive() {
			return Err(MathError::OutOfDomain);
		}
		Ok(SkewAtTenor { linear: cap(&self.linear)?, absolute: cap(&self.absolute)?, width })
	}
}

/// The move of the smile at one time to expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkewAtTenor {
	linear: Q64,
	absolute: Q64,
	width: Q64,
}

impl SkewAtTenor {
	/// Volatility after the move over volatility before it, at `k = ln(K / F)`. Never below zero; to
	/// nearest, error at most two units in the last place for caps up to one.
	pub fn factor(&self, skew: Skew, log_moneyness: Q64) -> Result<Q64, MathError> {
		let overflow = MathError::Overflow;
		let (cap, x) = match skew {
			Skew::None => return Ok(Q64::ONE),
			Skew::Linear => (self.linear, log_moneyness),
			Skew::Absolute => (self.absolute, log_moneyness.checked_abs().ok_or(overflow)?),
		};
		let slope = cap.checked_div(self.width, Rounding::Nearest).ok_or(overflow)?;
		let tilt = x.checked_mul(slope, Rounding::Nearest).ok_or(overflow)?;
		let tilt = if x.is_negative() {
			tilt.max(cap.checked_neg().ok_or(overflow)?)
		} else {
			tilt.min(cap)
		};
		Ok(Q64::ONE.checked_add(tilt).ok_or(overflow)?.max(Q64::ZERO))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn q(value: f64) -> Q64 {
		Q64::from_bits((value * 2f64.powi(64)) as i128)
	}

	fn f(value: Q64) -> f64 {
		value.to_bits() as f64 / 2f64.powi(64)
	}

	fn shock() -> SkewShock {
		SkewShock {
			linear: SkewCap { cap: q(0.15), per_root_year: q(-0.05) },
			absolute: SkewCap { cap: q(0.2), per_root_year: q(-0.1) },
			least_width: q(0.01),
			width_scale: q(4.0),
			level: q(0.6),
			slope: q(-0.1),
		}
	}

	#[test]
	fn a_quarter_of_a_year_is_as_by_hand() {
		// sqrt(T) = 1/2: caps 0.125 and 0.15, width 4 x 0.5 x (0.6 - 0.05) = 1.1
		let at = shock().at(q(0.25)).unwrap();
		for (skew, k, want) in [
			(Skew::None, 0.3, 1.0),
			(Skew::Linear, 0.55, 1.0625),
			(Skew::Linear, -0.55, 0.9375),
			(Skew::Linear, 7.0, 1.125),
			(Skew::Linear, -7.0, 0.875),
			(Skew::Absolute, -0.55, 1.075),
			(Skew::Absolute, 0.55, 1.075),
			(Skew::Absolute, -2.0, 1.15),
		] {
			let got = f(at.factor(skew, q(k)).unwrap());
			assert!((got - want).abs() < 1e-15, "{skew:?} {k}: {got} {want}");
		}
	}

	#[test]
	fn a_width_of_nothing_is_refused() {
		let flat = SkewShock { least_width: Q64::ZERO, ..shock() };
		assert_eq!(flat.at(Q64::ZERO), Err(MathError::OutOfDomain));
		assert_eq!(shock().at(q(-1.0)), Err(MathError::OutOfDomain));
	}

	proptest! {
		#![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

		#[test]
		fn moves_keep_within_their_cap_and_opposite_strikes_mirror(
			years in 0.0f64..3.0,
			k in -7.0f64..7.0,
		) {
			let at = shock().at(q(years)).unwrap();
			let [up, down] = [k, -k].map(|k| f(at.factor(Skew::Linear, q(k)).unwrap()));
			prop_assert!((up + down - 2.0).abs() < 1e-15);
			prop_assert!((up - 1.0).abs() <= 0.15 && (up >= 1.0 || k < 0.0));
			let both = f(at.factor(Skew::Absolute, q(k)).unwrap());
			prop_assert!((1.0..=1.2).contains(&both));
		}
	}
}
