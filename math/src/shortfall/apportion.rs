//! Shares of an amount that add up to it exactly, by largest remainders.

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
};

/// One of several parts of an amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
	/// Before [`apportion`] a numerator, afterwards the amount, in units of the caller's.
	pub amount: i128,
	rest: i128,
}

impl Part {
	/// With this numerator.
	pub const fn new(numerator: i128) -> Self {
		Self { amount: numerator, rest: 0 }
	}
}

/// Divides `total` in proportions that are already known: `parts` (numerators over `denominator`,
/// together about `total`) become amounts that add up to `total` to the last unit.
///
/// Each part is rounded down; what is left over goes, one unit each, to the parts with the largest
/// remainders (of equal ones to the first), and evenly to all as often as there are more units than
/// parts. `OutOfDomain` without parts (unless the total is zero) or for a denominator that is not positive;
/// `Overflow` if a sum does not fit.
pub fn apportion(total: i128, denominator: i128, parts: &mut [Part]) -> Result<(), MathError> {
	if denominator <= 0 {
		return Err(MathError::OutOfDomain);
	}
	for part in parts.iter_mut() {
		part.rest = part.amount.checked_rem_euclid(denominator).ok_or(MathError::Overflow)?;
		part.amount = part.amount.checked_div_euclid(denominator).ok_or(MathError::Overflow)?;
	}
	hand_out(total, parts)
}

/// Turns parts in bits of a [`Q64`] into amounts in units of 1e-18 that add up to `total`: each rounded
/// down, what is left over handed out as in [`apportion`]. Errors as there.
pub fn ledger_shares(total: i128, parts: &mut [Part]) -> Result<(), MathError> {
	for part in parts.iter_mut() {
		let exact = Q64::from_bits(part.amount);
		part.amount = exact.to_e18(Rounding::Floor).ok_or(MathError::Overflow)?;
		let counted = Q64::from_e18(part.amount).ok_or(MathError::Overflow)?;
		part.rest = exact.checked_sub(counted).ok_or(MathError::Overflow)?.to_bits();
	}
	hand_out(total, parts)
}

/// Adds to `parts` what they lack of `total`.
fn hand_out(total: i128, parts: &mut [Part]) -> Result<(), MathError> {
	let sum = parts
		.iter()
		.try_fold(0i128, |sum, part| sum.checked_add(part.amount))
		.ok_or(MathError::Overflow)?;
	let lacking = total.checked_sub(sum).ok_or(MathError::Overflow)?;
	let count = i128::try_from(parts.len()).map_err(|_| MathError::Overflow)?;
	if count == 0 {
		return if lacking == 0 { Ok(()) } else { Err(MathError::OutOfDomain) };
	}
	let each = lacking.checked_div_euclid(count).ok_or(MathError::Overflow)?;
	let more = lacking.checked_rem_euclid(count).ok_or(MathError::Overflow)?;
	for part in parts.iter_mut() {
		part.amount = part.amount.checked_add(each).ok_or(MathError::Overflow)?;
	}
	let mut served: Option<(i128, usize)> = None;
	for _ in 0..more {
		// The largest remainder after the one that was served last.
		let behind = |rest: i128, index: usize| {
			served.is_none_or(|(last, at)| rest < last || (rest == last && index > at))
		};
		let mut next: Option<(i128, usize)> = None;
		for (index, part) in parts.iter().enumerate() {
			let larger = next.is_none_or(|(rest, _)| part.rest > rest);
			if larger && behind(part.rest, index) {
				next = Some((part.rest, index));
			}
		}
		served = next;
		let part = next.and_then(|(_, index)| parts.get_mut(index));
		let Some(part) = part else { break };
		part.amount = part.amount.checked_add(1).ok_or(MathError::Overflow)?;
	}
	Ok(())
}
