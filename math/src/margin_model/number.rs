//! Checked arithmetic whose failure is a condition.

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
};

pub(crate) fn add(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_add(b).ok_or(MathError::Overflow)
}

pub(crate) fn sub(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_sub(b).ok_or(MathError::Overflow)
}

pub(crate) fn negated(a: Q64) -> Result<Q64, MathError> {
	a.checked_neg().ok_or(MathError::Overflow)
}

pub(crate) fn magnitude(a: Q64) -> Result<Q64, MathError> {
	a.checked_abs().ok_or(MathError::Overflow)
}

pub(crate) fn mul_up(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Ceil).ok_or(MathError::Overflow)
}

pub(crate) fn mul_down(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Floor).ok_or(MathError::Overflow)
}

pub(crate) fn mul(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Nearest).ok_or(MathError::Overflow)
}

pub(crate) fn div_down(a: Q64, b: Q64) -> Result<Q64, MathError> {
	divided(a, b, Rounding::Floor)
}

pub(crate) fn div_up(a: Q64, b: Q64) -> Result<Q64, MathError> {
	divided(a, b, Rounding::Ceil)
}

pub(crate) fn div(a: Q64, b: Q64) -> Result<Q64, MathError> {
	divided(a, b, Rounding::Nearest)
}

fn divided(a: Q64, b: Q64, rounding: Rounding) -> Result<Q64, MathError> {
	if b.is_zero() {
		return Err(MathError::DivisionByZero);
	}
	a.checked_div(b, rounding).ok_or(MathError::Overflow)
}
