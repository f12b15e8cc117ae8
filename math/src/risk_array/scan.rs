//! The worst loss of a book from the arrays of its series.

use super::{bit_length, entries, shift_right_nearest, RiskArray, MANTISSA_BITS, MAX_ENTRIES};
use crate::{
	error::MathError,
	fixed::Q64,
	requirement::{Moves, Worst},
	scenario::Scenario,
};

/// Bits of the low half of a mantissa.
const HALF: u32 = 28;
const LOW: i64 = (1 << HALF) - 1;
/// Legs that are added up before a carry, and at all: see [`Sums`].
const LEGS_AT_ONCE: u32 = 64;
const LEGS_MAX: u32 = 256;

/// A worst weighted loss, and the index of its scenario.
type Loss = (Q64, u8);

/// The worst weighted losses of quantities of risk arrays at the two ranges, maintenance first, and the
/// indexes of their scenarios; a loss is not below zero, and the first scenario is named if none loses.
///
/// Rounded up: see the [module](super). Collateral units are a leg with the array of one unit
/// ([`super::SideRisk::of_unit`]). `OutOfDomain` if an array is not one of this set (it has another number
/// of entries); `Overflow` for more than 256 legs, or a loss beyond 9.2e18.
pub fn scan_losses<'a>(
	legs: impl Iterator<Item = (Q64, &'a RiskArray)> + Clone,
	scenarios: &[Scenario],
) -> Result<(Loss, Loss), MathError> {
	let mut sums = Sums::new();
	let Some(allowance) = sums.add_up(legs, entries(scenarios), usize::MAX)? else {
		return Ok(((Q64::ZERO, 0), (Q64::ZERO, 0)));
	};
	let maintenance = worst(allowance, scenarios.iter().zip(sums.iter()))?;
	let mut moved = sums.iter().skip(scenarios.len());
	let initial = scenarios.iter().zip(sums.iter()).map(|(scenario, sum)| {
		let sum = if Moves::depends(scenario) { moved.next().unwrap_or(sum) } else { sum };
		(scenario, sum)
	});
	Ok((maintenance, worst(allowance, initial)?))
}

/// The same at the range of maintenance margin alone.
pub fn scan_loss<'a>(
	legs: impl Iterator<Item = (Q64, &'a RiskArray)> + Clone,
	scenarios: &[Scenario],
) -> Result<Loss, MathError> {
	let mut sums = Sums::new();
	match sums.add_up(legs, entries(scenarios), scenarios.len())? {
		Some(allowance) => worst(allowance, scenarios.iter().zip(sums.iter())),
		None => Ok((Q64::ZERO, 0)),
	}
}

/// Bits of `|quantity| ulp`, both in units of a [`Q64`].
fn top((quantity, array): (Q64, &RiskArray)) -> u32 {
	bit_length(quantity.to_bits().unsigned_abs()).wrapping_add(array.shift())
}

/// `quantity ulp` in units of `2^scale`, to nearest: at most 2^55 by the choice of the scale.
fn weight(quantity: Q64, array: &RiskArray, scale: i32) -> Result<i64, MathError> {
	let up = scale.checked_neg().and_then(|up| up.checked_add_unsigned(array.shift()));
	let up = up.ok_or(MathError::Overflow)?;
	let bits = quantity.to_bits();
	// Both fit: see the scale.
	Ok(if up.is_negative() {
		shift_right_nearest(bits, up.unsigned_abs())
	} else {
		(bits as i64).wrapping_shl(up.unsigned_abs())
	})
}

/// Sums of products over the legs, scenario by scenario, in units of `2^(scale - 128)`.
///
/// With `m = m1 2^28 + m0` and `w = w1 2^28 + w0` (the low halves not negative, the high ones at most
/// 2^27 in magnitude) the product is `m1 w1 2^56 + (m1 w0 + m0 w1) 2^28 + m0 w0`. The middle is below
/// 2^56, so [`LEGS_AT_ONCE`] of them fit 64 bits; the first is at most 2^54, so [`LEGS_MAX`] of them fit;
/// the last is left out. Nothing here can overflow, hence the wrapping operations: overflow checks
/// would make each 64-bit product a 128-bit one.
struct Sums {
	high: [i64; MAX_ENTRIES],
	middle: [i64; MAX_ENTRIES],
	legs: u32,
	/// The sum of the magnitudes of their weights.
	weights: u64,
}

/// The first and the middle part of a product with a weight in halves.
#[inline(always)]
fn product(mantissa: i64, (w1, w0): (i64, i64)) -> (i64, i64) {
	let (m1, m0) = (mantissa >> HALF, mantissa & LOW);
	(m1.wrapping_mul(w1), m1.wrapping_mul(w0).wrapping_add(m0.wrapping_mul(w1)))
}

impl Sums {
	fn new() -> Self {
		Self { high: [0; MAX_ENTRIES], middle: [0; MAX_ENTRIES], legs: 0, weights: 0 }
	}

	/// Adds the first `wanted` entries of every leg; what rounding took, `None` without legs.
	fn add_up<'a>(
		&mut self,
		legs: impl Iterator<Item = (Q64, &'a RiskArray)> + Clone,
		entries: usize,
		wanted: usize,
	) -> Result<Option<Allowance>, MathError> {
		let largest = legs.clone().filter(|(quantity, _)| !quantity.is_zero()).map(top).max();
		let Some(largest) = largest else { return Ok(None) };
		// Quantity times ulp in units of 2^(scale - 64) ulps of a `Q64` has at most 55 bits.
		let scale = i32::try_from(largest)
			.ok()
			.and_then(|largest| largest.checked_sub_unsigned(MANTISSA_BITS))
			.ok_or(MathError::Overflow)?;
		let mut legs = legs.map(|(quantity, array)| {
			let mantissas = array.mantissas();
			if mantissas.len() != entries {
				return Err(MathError::OutOfDomain);
			}
			let mantissas = mantissas.get(..wanted).unwrap_or(mantissas);
			Ok((weight(quantity, array, scale)?, mantissas))
		});
		while let Some(first) = legs.next().transpose()? {
			// A leg of weight nothing where there is none.
			let mut next = || legs.next().unwrap_or(Ok((0, first.1)));
			self.add([first, next()?, next()?, next()?])?;
		}
		self.allowance(scale).map(Some)
	}

	/// Four legs at once: each sum is read and written once for all of them.
	fn add(&mut self, legs: [(i64, &[i64]); 4]) -> Result<(), MathError> {
		let [(_, a), (_, b), (_, c), (_, d)] = legs;
		let [wa, wb, wc, wd] = legs.map(|(weight, _)| (weight >> HALF, weight & LOW));
		let mantissas = a.iter().zip(b).zip(c).zip(d);
		let sums = self.high.iter_mut().zip(&mut self.middle);
		for ((((a, b), c), d), (high, middle)) in mantissas.zip(sums) {
			for (h, m) in [product(*a, wa), product(*b, wb), product(*c, wc), product(*d, wd)] {
				*high = high.wrapping_add(h);
				*middle = middle.wrapping_add(m);
			}
		}
		for (weight, _) in legs {
			// At most 256 times 2^55.
			self.weights = self.weights.wrapping_add(weight.unsigned_abs());
		}
		self.legs = self.legs.wrapping_add(4);
		if self.legs > LEGS_MAX {
			return Err(MathError::Overflow);
		}
		if self.legs.is_multiple_of(LEGS_AT_ONCE) {
			self.carry();
		}
		Ok(())
	}

	/// Moves what does not fit its low half out of the middle.
	fn carry(&mut self) {
		for (high, middle) in self.high.iter_mut().zip(&mut self.middle) {
			*high = high.wrapping_add(*middle >> HALF);
			*middle &= LOW;
		}
	}

	/// Everything that rounding can have taken.
	fn allowance(&self, scale: i32) -> Result<Allowance, MathError> {
		// Of each leg: one ulp of its array, half a unit of its weight times the largest mantissa.
		let taken = i128::from(self.legs)
			.checked_mul(1 | 1 << (MANTISSA_BITS - 1))
			.and_then(|taken| taken.checked_add(self.weights.into()))
			.ok_or(MathError::Overflow)?;
		// Values from scratch are rounded to units of a `Q64`, leg by leg.
		let units = i128::from(self.legs).saturating_add(1);
		Ok(Allowance { taken, units, up: scale.checked_sub(64).ok_or(MathError::Overflow)? })
	}

	/// The sums, entry by entry.
	fn iter(&self) -> impl Iterator<Item = Sum> + '_ {
		let sum = |(high, middle): (&i64, &i64)| Sum { high: *high, middle: *middle };
		self.high.iter().zip(&self.middle).map(sum)
	}
}

/// `high 2^56 + middle 2^28`.
#[derive(Clone, Copy)]
struct Sum {
	high: i64,
	middle: i64,
}

impl Sum {
	fn exact(self) -> i128 {
		(i128::from(self.high) << HALF).wrapping_add(i128::from(self.middle)) << HALF
	}

	/// In whole multiples of `2^56`, rounded down.
	fn floor(self) -> i64 {
		self.high.wrapping_add(self.middle >> HALF)
	}
}

/// What is added to a loss: `taken 2^up` and `units`, in units of a [`Q64`].
#[derive(Clone, Copy)]
struct Allowance {
	taken: i128,
	units: i128,
	up: i32,
}

impl Allowance {
	/// The greatest [`Sum::floor`] with which there may be a loss.
	fn greatest(&self) -> i64 {
		shifted(self.units, self.up.wrapping_neg())
			.and_then(|units| units.checked_add(self.taken)?.checked_add(1))
			.and_then(|sum| i64::try_from(sum >> (2 * HALF)).ok())
			.unwrap_or(i64::MAX)
	}

	/// The loss of a sum, rounded up.
	fn loss(&self, sum: Sum) -> Result<Q64, MathError> {
		sum.exact()
			.checked_sub(self.taken)
			.and_then(|gain| shifted(gain, self.up))
			.and_then(|gain| self.units.checked_sub(gain))
			.map(Q64::from_bits)
			.ok_or(MathError::Overflow)
	}
}

/// The worst weighted loss over the sums of one range.
fn worst<'a>(
	allowance: Allowance,
	scenarios: impl Iterator<Item = (&'a Scenario, Sum)>,
) -> Result<Loss, MathError> {
	let mut worst = Worst::default();
	// A scenario with a weight of at most one and more than this is not the worst: most need not be
	// looked at in all their bits.
	let mut greatest = allowance.greatest();
	for (scenario, sum) in scenarios {
		if sum.floor() > greatest && scenario.weight <= Q64::ONE {
			worst.pass();
		} else if worst.look(scenario, allowance.loss(sum)?)? && scenario.weight == Q64::ONE {
			greatest = sum.floor();
		}
	}
	Ok(worst.found())
}

/// `value 2^power`, rounded down; `None` where it does not fit.
fn shifted(value: i128, power: i32) -> Option<i128> {
	if power.is_negative() {
		return Some(value >> power.unsigned_abs().min(127));
	}
	let room = if value.is_negative() { value.leading_ones() } else { value.leading_zeros() };
	(power.unsigned_abs() < room).then(|| value.wrapping_shl(power.unsigned_abs()))
}
