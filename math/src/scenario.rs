//! Scenarios: joint moves of spot and volatility, and how far volatility moves at each tenor.
//!
//! Short-dated volatility moves further than long-dated: with `T' = max(T, floor)` the move is scaled by
//! `m(T) = min(cap, (30 days / T')^p)`, `p` being one power up to 30 days and another above.

mod skew;

pub use skew::{Skew, SkewAtTenor, SkewCap, SkewShock};

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::{exp, ln},
};

/// The tenor at which the volatility moves are quoted: 30 of 365 days, to nearest.
const REFERENCE_YEARS: Q64 = ratio(30, 365);
/// One second, the shortest tenor that is told apart, in years.
const SECOND_YEARS: Q64 = ratio(1, 31_536_000);
/// The least that a move down leaves of volatility.
const LEAST_LEFT: Q64 = ratio(5, 100);
/// The least that a move leaves of spot.
const LEAST_SPOT: Q64 = ratio(1, 100);

/// How spot moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpotMove {
	/// By a multiple of the scan range: -1 is one scan range down.
	ScanRanges(Q64),
	/// To a multiple of today's spot.
	Multiple(Q64),
}

impl SpotMove {
	/// Spot after the move over spot before it, at a scan range. To nearest.
	///
	/// Never below 0.01: a fall of 100% or more has no Black-76 value, and nothing is gained by
	/// telling a loss of 99% from one of 100%.
	pub fn factor(self, range: Q64) -> Result<Q64, MathError> {
		let factor = match self {
			Self::ScanRanges(ranges) => ranges
				.checked_mul(range, Rounding::Nearest)
				.and_then(|shift| shift.checked_add(Q64::ONE))
				.ok_or(MathError::Overflow)?,
			Self::Multiple(multiple) => multiple,
		};
		Ok(factor.max(LEAST_SPOT))
	}
}

/// How volatility moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolMove {
	/// Up.
	Up,
	/// Not at all.
	None,
	/// Down.
	Down,
}

/// One scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scenario {
	/// How spot moves.
	pub spot: SpotMove,
	/// How volatility moves.
	pub volatility: VolMove,
	/// Share of the loss that counts.
	pub weight: Q64,
}

/// How far volatility moves, and at which tenor how much of it. All in ratios; times in years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VolShock {
	/// Relative rise at 30 days.
	pub up: Q64,
	/// Relative fall at 30 days.
	pub down: Q64,
	/// Power of the term structure up to 30 days.
	pub short_power: Q64,
	/// Power of the term structure above 30 days.
	pub long_power: Q64,
	/// Time to expiry below which a move does not grow.
	pub floor_years: Q64,
	/// Greatest multiple of the move.
	pub cap: Q64,
	/// Least volatility after a move up.
	pub least_up: Q64,
}

impl VolShock {
	/// `m(T) = min(cap, (30 days / max(T, floor))^p)`; the base is taken at one second if floor and
	/// time are shorter, so that every time to expiry has a multiple. Error at most 1e-17 of it.
	pub fn multiple(&self, years: Q64) -> Result<Q64, MathError> {
		let tenor = years.max(self.floor_years).max(SECOND_YEARS);
		let power = if tenor <= REFERENCE_YEARS { self.short_power } else { self.long_power };
		let quotient =
			REFERENCE_YEARS.checked_div(tenor, Rounding::Nearest).ok_or(MathError::Overflow)?;
		if !quotient.is_positive() {
			return Ok(Q64::ZERO);
		}
		let exponent =
			ln(quotient)?.checked_mul(power, Rounding::Nearest).ok_or(MathError::Overflow)?;
		// The only way `exp` fails is that the result is too large: then the cap holds.
		Ok(exp(exponent).map_or(self.cap, |multiple| multiple.min(self.cap)))
	}

	/// Volatility after a move whose [`Self::multiple`] is known. To nearest.
	pub fn shocked_by(
		&self,
		volatility: Q64,
		multiple: Q64,
		direction: VolMove,
	) -> Result<Q64, MathError> {
		let times = |a: Q64, b: Q64| a.checked_mul(b, Rounding::Nearest);
		match direction {
			VolMove::None => Some(volatility),
			VolMove::Up => times(self.up, multiple)
				.and_then(|rise| rise.checked_add(Q64::ONE))
				.and_then(|factor| times(volatility, factor))
				.map(|shocked| shocked.max(self.least_up)),
			VolMove::Down => times(self.down, multiple)
				.and_then(|fall| Q64::ONE.checked_sub(fall))
				.and_then(|factor| times(volatility, factor.max(LEAST_LEFT))),
		}
		.ok_or(MathError::Overflow)
	}

	/// Volatility of an option with `years` to expiry after a move:
	/// up `max(least_up, sigma (1 + up m))`, down `sigma max(0.05, 1 - down m)`.
	pub fn shocked(
		&self,
		volatility: Q64,
		years: Q64,
		direction: VolMove,
	) -> Result<Q64, MathError> {
		self.shocked_by(volatility, self.multiple(years)?, direction)
	}
}

/// `num / den` for small positive numbers, to nearest.
#[allow(clippy::arithmetic_side_effects, reason = "evaluated by the compiler")]
const fn ratio(num: i128, den: i128) -> Q64 {
	Q64::from_bits(((num << 65) / den + 1) >> 1)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn q(value: f64) -> Q64 {
		Q64::from_e18((value * 1e18) as i128).unwrap()
	}

	fn f(value: Q64) -> f64 {
		value.to_bits() as f64 / 2f64.powi(64)
	}

	fn shock() -> VolShock {
		VolShock {
			up: q(0.5),
			down: q(0.3),
			short_power: q(0.3),
			long_power: q(0.13),
			floor_years: q(1.0 / 365.0),
			cap: q(3.0),
			least_up: q(0.4),
		}
	}

	/// The formula in floating point.
	fn expected(sigma: f64, years: f64, direction: VolMove) -> f64 {
		let tenor = years.max(1.0 / 365.0);
		let power = if tenor <= 30.0 / 365.0 { 0.3 } else { 0.13 };
		let m = (30.0 / 365.0 / tenor).powf(power).min(3.0);
		match direction {
			VolMove::Up => (sigma * (1.0 + 0.5 * m)).max(0.4),
			VolMove::None => sigma,
			VolMove::Down => sigma * (1.0 - 0.3 * m).max(0.05),
		}
	}

	#[test]
	fn a_month_moves_by_exactly_the_quoted_move() {
		let month = Q64::from_ratio(30, 365, Rounding::Nearest).unwrap();
		assert_eq!(shock().multiple(month).unwrap(), Q64::ONE);
		assert_eq!(shock().shocked(q(1.0), month, VolMove::Up).unwrap(), q(1.5));
	}

	#[test]
	fn moves_follow_the_formula_at_every_tenor() {
		for hours in [0u32, 1, 23, 24, 25, 48, 168, 719, 720, 721, 2_000, 8_760, 26_280] {
			let years = f64::from(hours) / 8_760.0;
			for sigma in [0.05, 0.2, 0.8, 2.5] {
				for direction in [VolMove::Up, VolMove::None, VolMove::Down] {
					let got = f(shock().shocked(q(sigma), q(years), direction).unwrap());
					let want = expected(sigma, years, direction);
					assert!(
						(got - want).abs() < 1e-12,
						"{hours} h {sigma} {direction:?}: {got} {want}"
					);
				}
			}
		}
	}

	#[test]
	fn the_multiple_is_capped_and_does_not_grow_below_the_floor() {
		let mut shock = shock();
		let day = shock.multiple(q(1.0 / 365.0)).unwrap();
		assert_eq!(shock.multiple(Q64::ZERO).unwrap(), day);
		shock.floor_years = Q64::ZERO;
		assert_eq!(shock.multiple(Q64::ZERO).unwrap(), q(3.0));
		shock.short_power = Q64::from_int(1_000);
		assert_eq!(shock.multiple(Q64::ZERO).unwrap(), q(3.0));
	}

	#[test]
	fn a_fall_beyond_everything_leaves_a_hundredth_of_spot() {
		let crash = SpotMove::ScanRanges(Q64::from_int(-6));
		assert_eq!(f(crash.factor(q(0.5)).unwrap()), 0.01);
		assert_eq!(f(crash.factor(q(0.1)).unwrap()), 0.4);
		assert_eq!(f(SpotMove::Multiple(Q64::ZERO).factor(q(0.5)).unwrap()), 0.01);
		assert_eq!(f(SpotMove::Multiple(q(3.0)).factor(q(0.5)).unwrap()), 3.0);
	}

	#[test]
	fn a_fall_of_volatility_leaves_a_twentieth() {
		let mut shock = shock();
		shock.down = Q64::from_int(2);
		assert_eq!(f(shock.shocked(q(1.0), q(0.5), VolMove::Down).unwrap()), 0.05);
	}
}
