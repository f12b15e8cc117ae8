//! Between the library's numbers and those that are read and printed.

use ballast_math::{MathError, Rounding, Q64};

/// Anything that went wrong, as text: the library's errors do not need `std`.
pub type Failure = String;

pub fn math(error: MathError) -> Failure {
	error.to_string()
}

/// In 18 decimals, to the nearest of nine: what is written with no more, such as a strike, comes out exact.
/// Nothing below zero.
pub fn e18(value: f64) -> u128 {
	(value * 1e9).round() as u128 * 1_000_000_000
}

/// From 18 decimals.
pub fn of_e18(value: u128) -> f64 {
	value as f64 / 1e18
}

/// To nearest; what does not fit is the largest there is, which no check of the library passes.
pub fn q(value: f64) -> Q64 {
	Q64::from_e18((value * 1e18).round() as i128).unwrap_or(Q64::MAX)
}

/// From 18 decimals, where they fit.
pub fn q_of_e18(value: u128) -> Result<Q64, Failure> {
	i128::try_from(value).ok().and_then(Q64::from_e18).ok_or_else(|| math(MathError::Overflow))
}

/// The magnitude in 18 decimals, rounded down.
pub fn magnitude_e18(value: Q64) -> Result<u128, MathError> {
	let magnitude = value.checked_abs().and_then(|value| value.to_e18(Rounding::Floor));
	magnitude.map(i128::unsigned_abs).ok_or(MathError::Overflow)
}

pub fn f(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}
