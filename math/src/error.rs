//! What can go wrong in a calculation. Every function of this crate is total: it returns a value within
//! its stated bound or one of these conditions, and never wraps, saturates silently or panics.

use core::fmt;

/// Why a calculation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MathError {
	/// The result does not fit its type. Use smaller quantities, or quote in a larger unit.
	Overflow,
	/// An argument lies outside the range for which the error bound is proven (each function states
	/// its range). Clamp the argument to the range if an approximate answer is acceptable.
	OutOfDomain,
	/// The divisor is zero. Treat the quotient as undefined: there is no safe substitute.
	DivisionByZero,
	/// No argument in the searched range gives the wanted value, or it is not determined well enough
	/// to be found. For an implied volatility: the price lies outside the no-arbitrage bounds or
	/// carries no information about volatility.
	NoConvergence,
}

impl fmt::Display for MathError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let text = match self {
			Self::Overflow => "result does not fit",
			Self::OutOfDomain => "argument outside the supported range",
			Self::DivisionByZero => "division by zero",
			Self::NoConvergence => "no solution in the searched range",
		};
		f.write_str(text)
	}
}

impl core::error::Error for MathError {}
