//! Risk arrays: what one contract gains or loses in each scenario.
//!
//! A series is revalued once per accepted tick; an account's worst loss is then a sum of products of
//! its quantities with the arrays of its series, and its requirement ([`requirement_from_arrays`]) the
//! one that [`crate::requirement::requirement`] finds from scratch.
//!
//! # Numbers
//!
//! An array is one exponent and a mantissa of at most [`MANTISSA_BITS`] bits per entry: the change is
//! `mantissa 2^exponent`, to nearest. It has an entry for each scenario at the range of maintenance
//! margin, then one at the range of initial margin for each scenario that [depends on the
//! range](entries), then the [`APART`] that no scenario shows. Products of such mantissas with quantities of as many bits are made of 28-bit
//! halves, because WebAssembly has no 64 x 64 -> 128 bit multiply: three 64-bit products each, the
//! fourth (low times low) left out.
//!
//! # Rounding
//!
//! One rounded mantissa cannot favour the house for longs and shorts alike. So the sum is made as it
//! comes, and everything that rounding can have taken is added to the loss, for each leg
//!
//! - `|q| ulp`, twice what rounding the mantissas takes (`ulp = 2^exponent`),
//! - what rounding the quantity takes,
//!
//! while the product left out is not negative, so that without it the loss is larger. The loss is
//! therefore *never below* the one from scratch, which itself is rounded against the account. With `n`
//! legs, and weights of at most one, it is above it by at most `10 n max(|q| ulp)`, the largest over the
//! legs, and `2 (n + 3)` units of 2^-64; and `ulp` is at most one unit or 2^-54 of the greatest change of
//! its series: 32 legs of which none changes by more than a million are off by less than 2e-8.
//!
//! The same holds for each expiry's change in the basis moves and, on either side, with volatility. So the
//! charge for basis is above the one from scratch by at most its largest share times that bound and four
//! units per expiry, the vol-term charge by at most its share times that bound and a unit.

mod contributions;
mod expiries;
mod margins;
mod scan;
mod series;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use contributions::{contributions, Explained, Range};
pub use margins::{requirement_from_arrays, ArrayLeg};
pub use scan::{scan_loss, scan_losses};
pub use series::{SeriesRisk, SideRisk};

use crate::{
	error::MathError,
	fixed::Q64,
	requirement::{Moves, MAX_SCENARIOS},
	scenario::Scenario,
};

/// Entries of what no scenario shows, after those of the scenarios and the same at both ranges: the
/// forward moved up, the forward moved down, volatility moved up at unmoved spot.
pub const APART: usize = 3;
/// Most entries of an array: two ranges, and what no scenario shows.
pub const MAX_ENTRIES: usize = 2 * MAX_SCENARIOS + APART;
/// Bits of the largest mantissa; its magnitude is at most `2^MANTISSA_BITS`.
pub const MANTISSA_BITS: u32 = 55;
/// The exponent of an array in units of a [`Q64`], the finest there is.
pub const EXPONENT_MIN: i8 = -64;
/// The exponent of an array of the largest changes that a [`Q64`] holds.
pub const EXPONENT_MAX: i8 = 9;

/// Entries of the arrays of a scenario set: one per scenario, a second one for those that move spot by
/// multiples of the scan range, and [`APART`].
pub fn entries(scenarios: &[Scenario]) -> usize {
	scenario_entries(scenarios).saturating_add(APART)
}

/// The entries of the scenarios alone.
fn scenario_entries(scenarios: &[Scenario]) -> usize {
	let twice = scenarios.iter().filter(|scenario| Moves::depends(scenario)).count();
	scenarios.len().saturating_add(twice)
}

/// Changes of value of one contract, in quote currency, over the entries of a scenario set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskArray {
	exponent: i8,
	len: u8,
	mantissas: [i64; MAX_ENTRIES],
}

impl RiskArray {
	/// Without entries.
	const EMPTY: Self = Self { exponent: EXPONENT_MIN, len: 0, mantissas: [0; MAX_ENTRIES] };

	/// From changes in the order of the entries, rounded to nearest: error at most half of
	/// [`RiskArray::ulp`]. `OutOfDomain` for more than [`MAX_ENTRIES`].
	pub fn from_changes(changes: &[Q64]) -> Result<Self, MathError> {
		let mut array = Self::EMPTY;
		array.set(changes)?;
		Ok(array)
	}

	/// The same, into an empty one.
	fn set(&mut self, changes: &[Q64]) -> Result<(), MathError> {
		// The leading one of all magnitudes together is that of the largest.
		let any = changes.iter().fold(0, |any, change| any | change.to_bits().unsigned_abs());
		let shift = bit_length(any).saturating_sub(MANTISSA_BITS);
		if changes.len() > MAX_ENTRIES {
			return Err(MathError::OutOfDomain);
		}
		for (mantissa, change) in self.mantissas.iter_mut().zip(changes) {
			*mantissa = shift_right_nearest(change.to_bits(), shift);
		}
		let exponent = i32::from(EXPONENT_MIN).saturating_add_unsigned(shift);
		self.exponent = i8::try_from(exponent).map_err(|_| MathError::Overflow)?;
		self.len = u8::try_from(changes.len()).map_err(|_| MathError::OutOfDomain)?;
		Ok(())
	}

	/// From its parts, as they were stored. `OutOfDomain` for more than [`MAX_ENTRIES`] mantissas,
	/// one above `2^MANTISSA_BITS`, or an exponent outside [`EXPONENT_MIN`], [`EXPONENT_MAX`].
	pub fn from_parts(exponent: i8, mantissas: &[i64]) -> Result<Self, MathError> {
		let fits = |mantissa: &i64| mantissa.unsigned_abs() <= 1 << MANTISSA_BITS;
		if !(EXPONENT_MIN..=EXPONENT_MAX).contains(&exponent)
			|| mantissas.len() > MAX_ENTRIES
			|| !mantissas.iter().all(fits)
		{
			return Err(MathError::OutOfDomain);
		}
		let len = u8::try_from(mantissas.len()).map_err(|_| MathError::OutOfDomain)?;
		let mut array = Self { exponent, len, ..Self::EMPTY };
		for (mantissa, given) in array.mantissas.iter_mut().zip(mantissas) {
			*mantissa = *given;
		}
		Ok(array)
	}

	/// The power of two of every mantissa.
	pub const fn exponent(&self) -> i8 {
		self.exponent
	}

	/// One mantissa per entry.
	pub fn mantissas(&self) -> &[i64] {
		self.mantissas.get(..usize::from(self.len)).unwrap_or(&self.mantissas)
	}

	/// One unit of a mantissa, `2^exponent`.
	pub fn ulp(&self) -> Q64 {
		Q64::from_bits(1i128.wrapping_shl(self.shift()))
	}

	/// The changes. `Overflow` only for parts that are no array's.
	pub fn changes(&self) -> impl Iterator<Item = Result<Q64, MathError>> + '_ {
		self.mantissas().iter().map(|mantissa| {
			i128::from(*mantissa)
				.checked_mul(self.ulp().to_bits())
				.map(Q64::from_bits)
				.ok_or(MathError::Overflow)
		})
	}

	/// The exponent over that of a [`Q64`]: 0 to 73.
	const fn shift(&self) -> u32 {
		self.exponent.abs_diff(EXPONENT_MIN) as u32
	}
}

/// Number of bits up to the leading one.
#[inline(always)]
fn bit_length(magnitude: u128) -> u32 {
	u128::BITS.wrapping_sub(magnitude.leading_zeros())
}

/// `value / 2^by`, to nearest, ties upwards, of a quotient that fits 64 bits. In words, since shifts of
/// 128 bits are calls in WebAssembly.
#[inline(always)]
fn shift_right_nearest(value: i128, by: u32) -> i64 {
	let (high, low) = ((value >> 64) as i64, value as u64);
	// The quotient, rounded down, and the highest bit cut off.
	let (floor, half) = match by {
		0 => (low as i64, 0),
		1..=63 => {
			let carried = (high as u64).wrapping_shl(64u32.wrapping_sub(by));
			let floor = low.wrapping_shr(by) | carried;
			(floor as i64, low.wrapping_shr(by.wrapping_sub(1)) & 1)
		}
		64 => (high, low >> 63),
		65..=127 => {
			let half = high.wrapping_shr(by.wrapping_sub(65)) as u64 & 1;
			(high.wrapping_shr(by.wrapping_sub(64)), half)
		}
		// Half the divisor is at least as much as any magnitude.
		_ => (0, 0),
	};
	floor.wrapping_add(half as i64)
}
