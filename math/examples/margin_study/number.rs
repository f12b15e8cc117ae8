//! Between the library's numbers and those that are read, printed and simulated with.

use ballast_math::{MathError, Rounding, Q64};

/// Anything that went wrong, as text: the library's errors do not need `std`.
pub type Failure = String;

pub fn math(error: MathError) -> Failure {
	error.to_string()
}

/// To nearest; what does not fit is the largest there is, which no check of the library passes.
pub fn q(value: f64) -> Q64 {
	Q64::from_e18((value * 1e18).round() as i128).unwrap_or(Q64::MAX)
}

pub fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

/// A ratio in basis points, to nearest.
pub fn bp(points: i128) -> Result<Q64, Failure> {
	Q64::from_ratio(points, 10_000, Rounding::Nearest).ok_or_else(|| math(MathError::Overflow))
}
