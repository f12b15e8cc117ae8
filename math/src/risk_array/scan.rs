//! The worst loss of a book from the arrays of its series.

use super::{
	bit_length, scenario_entries, shift_right_nearest, RiskArray, APART, MANTISSA_BITS, MAX_ENTRIES,
};
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
pub(super) const LEGS_AT_ONCE: u32 = 64;
const LEGS_MAX: u32 = 256;

/// A worst weighted loss, and the index of its scenario.
pub(super) type Loss = (Q64, u8);

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
	match Scale::of(legs.clone())? {
		Some(scale) => scan_both(legs, scale, scenarios, |_, _| Ok(())),
		None => Ok(((Q64::ZERO, 0), (Q64::ZERO, 0))),
	}
}

/// The same at a scale that is known; `each` is given every leg's weight and its last entries, those
/// that no scenario shows, in turn.
#[inline(always)]
pub(super) fn scan_both<'a>(
	legs: impl Iterator<Item = (Q64, &'a RiskArray)>,
	scale: Scale,
	scenarios: &[Scenario],
	each: impl FnMut(Weight, &[i64]) -> Result<(), MathError>,
) -> Result<(Loss, Loss), MathError> {
	let mut sums = Sums::new();
	let own = scenario_entries(scenarios);
	let allowance = sums.add_up(legs, scale, own, own, each)?;
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
	let Some(scale) = Scale::of(legs.clone())? else { return Ok((Q64::ZERO, 0)) };
	let mut sums = Sums::new();
	let own = scenario_entries(scenarios);
	let allowance = sums.add_up(legs, scale, own, scenarios.len(), |_, _| Ok(()))?;
	worst(allowance, scenarios.iter().zip(sums.iter()))
}

/// Bits of `|quantity| ulp`, both in units of a [`Q64`].
fn top((quantity, array): (Q64, &RiskArray)) -> u32 {
	bit_length(quantity.to_bits().unsigned_abs()).wrapping_add(array.shift())
}

/// The exponent of every weight of a book: quantity times ulp, in units of `2^(scale - 64)` ulps of a
/// [`Q64`], has at most 55 bits.
#[derive(Clone, Copy)]
pub(super) struct Scale(i32);

impl Scale {
	/// That of these legs; `None` without any.
	pub fn of<'a>(
		legs: impl Iterator<Item = (Q64, &'a RiskArray)>,
	) -> Result<Option<Self>, MathError> {
		let largest = legs.filter(|(quantity, _)| !quantity.is_zero()).map(top).max();
		let Some(largest) = largest else { return Ok(None) };
		i32::try_from(largest)
			.ok()
			.and_then(|largest| largest.checked_sub_unsigned(MANTISSA_BITS))
			.map(|scale| Some(Self(scale)))
			.ok_or(MathError::Overflow)
	}

	/// `quantity ulp` in units of `2^scale`, to nearest: at most 2^55.
	fn weight(self, quantity: Q64, array: &RiskArray) -> Result<Weight, MathError> {
		let up = self.0.checked_neg().and_then(|up| up.checked_add_unsigned(array.shift()));
		let up = up.ok_or(MathError::Overflow)?;
		let bits = quantity.to_bits();
		// Both fit: see the scale.
		Ok(Weight(if up.is_negative() {
			shift_right_nearest(bits, up.unsigned_abs())
		} else {
			(bits as i64).wrapping_shl(up.unsigned_abs())
		}))
	}
}

/// What a mantissa is multiplied by.
#[derive(Clone, Copy)]
pub(super) struct Weight(i64);

impl Weight {
	const NONE: Self = Self(0);

	pub fn magnitude(self) -> u64 {
		self.0.unsigned_abs()
	}

	/// High and low half.
	#[inline(always)]
	pub fn halves(self) -> (i64, i64) {
		(self.0 >> HALF, self.0 & LOW)
	}
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
pub(super) fn product(mantissa: i64, (w1, w0): (i64, i64)) -> (i64, i64) {
	let (m1, m0) = (mantissa >> HALF, mantissa & LOW);
	(m1.wrapping_mul(w1), m1.wrapping_mul(w0).wrapping_add(m0.wrapping_mul(w1)))
}

impl Sums {
	fn new() -> Self {
		Self { high: [0; MAX_ENTRIES], middle: [0; MAX_ENTRIES], legs: 0, weights: 0 }
	}

	/// Adds the first `wanted` entries of every leg, of the `own` of the scenarios; what rounding took.
	#[inline(always)]
	fn add_up<'a>(
		&mut self,
		legs: impl Iterator<Item = (Q64, &'a RiskArray)>,
		scale: Scale,
		own: usize,
		wanted: usize,
		mut each: impl FnMut(Weight, &[i64]) -> Result<(), MathError>,
	) -> Result<Allowance, MathError> {
		let mut legs = legs.map(|(quantity, array)| {
			let weight = scale.weight(quantity, array)?;
			let Some((mantissas, apart)) = array.mantissas().split_at_checked(own) else {
				return Err(MathError::OutOfDomain);
			};
			if apart.len() != APART {
				return Err(MathError::OutOfDomain);
			}
			each(weight, apart)?;
			Ok((weight, mantissas.get(..wanted).unwrap_or(mantissas)))
		});
		while let Some(first) = legs.next().transpose()? {
			// A leg of weight nothing where there is none.
			let mut next = || legs.next().unwrap_or(Ok((Weight::NONE, first.1)));
			self.add([first, next()?, next()?, next()?])?;
		}
		Allowance::new(self.legs, self.weights, scale)
	}

	/// Four legs at once: each sum is read and written once for all of them.
	fn add(&mut self, legs: [(Weight, &[i64]); 4]) -> Result<(), MathError> {
		let [(_, a), (_, b), (_, c), (_, d)] = legs;
		let [wa, wb, wc, wd] = legs.map(|(weight, _)| weight.halves());
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
			self.weights = self.weights.wrapping_add(weight.magnitude());
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

	/// The sums, entry by entry.
	fn iter(&self) -> impl Iterator<Item = Sum> + '_ {
		let sum = |(high, middle): (&i64, &i64)| Sum { high: *high, middle: *middle };
		self.high.iter().zip(&self.middle).map(sum)
	}
}

/// `high 2^56 + middle 2^28`.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
	high: i64,
	middle: i64,
}

impl Sum {
	/// Adds a product.
	#[inline(always)]
	pub fn add(&mut self, (high, middle): (i64, i64)) {
		self.high = self.high.wrapping_add(high);
		self.middle = self.middle.wrapping_add(middle);
	}

	/// Moves what does not fit its low half out of the middle: at least every [`LEGS_AT_ONCE`] products.
	pub fn carry(&mut self) {
		self.high = self.floor();
		self.middle &= LOW;
	}

	fn exact(self) -> i128 {
		(i128::from(self.high) << HALF).wrapping_add(i128::from(self.middle)) << HALF
	}

	/// In whole multiples of `2^56`, rounded down.
	fn floor(self) -> i64 {
		self.high.wrapping_add(self.middle >> HALF)
	}
}

/// What is added to a loss: `taken 2^up` and `units`, in units of a [`Q64`]; a gain may lack `left_out` too.
#[derive(Clone, Copy)]
pub(super) struct Allowance {
	taken: i128,
	/// What the products that were left out can come to.
	left_out: i128,
	units: i128,
	up: i32,
}

impl Allowance {
	/// Everything that rounding can have taken of so many legs, whose weights' magnitudes add up to
	/// `weights`.
	pub fn new(legs: u32, weights: u64, scale: Scale) -> Result<Self, MathError> {
		let legs = i128::from(legs);
		// Of each leg: one ulp of its array, half a unit of its weight times the largest mantissa.
		let taken = legs
			.checked_mul(1 | 1 << (MANTISSA_BITS - 1))
			.and_then(|taken| taken.checked_add(weights.into()))
			.ok_or(MathError::Overflow)?;
		let left_out = legs.checked_mul(1 << (2 * HALF)).ok_or(MathError::Overflow)?;
		// Values from scratch are rounded to units of a `Q64`, leg by leg.
		let units = legs.saturating_add(1);
		let up = scale.0.checked_sub(64).ok_or(MathError::Overflow)?;
		Ok(Self { taken, left_out, units, up })
	}

	/// The greatest [`Sum::floor`] with which there may be a loss.
	fn greatest(&self) -> i64 {
		shifted(self.units, self.up.wrapping_neg())
			.and_then(|units| units.checked_add(self.taken)?.checked_add(1))
			.and_then(|sum| i64::try_from(sum >> (2 * HALF)).ok())
			.unwrap_or(i64::MAX)
	}

	/// The gain of a sum, rounded up.
	pub fn gain(&self, sum: Sum) -> Result<Q64, MathError> {
		sum.exact()
			.checked_add(self.taken)
			.and_then(|gain| gain.checked_add(self.left_out))
			.and_then(|gain| shifted(gain, self.up))
			.and_then(|gain| gain.checked_add(self.units)?.checked_add(1))
			.map(Q64::from_bits)
			.ok_or(MathError::Overflow)
	}

	/// The loss of a sum, rounded up.
	pub fn loss(&self, sum: Sum) -> Result<Q64, MathError> {
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
