//! Charges from arrays: the changes of each expiry's options in the moves that no scenario shows.

use super::{
	scan::{product, Allowance, Scale, Sum, Weight, LEGS_AT_ONCE},
	ArrayLeg, APART,
};
use crate::{
	error::MathError,
	fixed::Q64,
	requirement::{add, mul_down, Charges, Contingencies, Expiry},
};
use core::slice::Iter;

/// Adds up the legs of a book in turn, a run of legs of one expiry at a time.
pub(super) struct Expiries<'a> {
	legs: Iter<'a, ArrayLeg<'a>>,
	scale: Scale,
	charges: Charges<'a>,
	run: Option<Run>,
}

/// Legs of one expiry that follow each other.
struct Run {
	expiry: u64,
	years: Q64,
	discount: Q64,
	mark: Q64,
	sums: [Sum; APART],
	legs: u32,
	weights: u64,
}

impl<'a> Expiries<'a> {
	pub fn new(legs: &'a [ArrayLeg<'a>], scale: Scale, contingencies: &'a Contingencies) -> Self {
		Self { legs: legs.iter(), scale, charges: Charges::new(contingencies), run: None }
	}

	/// The next leg, its weight and its entries. What comes after the last leg is nothing of its
	/// concern: the units.
	#[inline(always)]
	pub fn add(&mut self, weight: Weight, apart: &[i64]) -> Result<(), MathError> {
		let Some(leg) = self.legs.next() else { return Ok(()) };
		let mark = mul_down(leg.quantity, leg.risk.side(leg.quantity).mark)?;
		self.charges.count(leg.quantity)?;
		if self.run.as_ref().is_some_and(|run| run.expiry != leg.expiry) {
			self.close()?;
		}
		let run = self.run.get_or_insert_with(|| Run::new(leg));
		run.mark = add(run.mark, mark)?;
		run.add(weight, apart);
		Ok(())
	}

	/// Charges the run that has ended.
	fn close(&mut self) -> Result<(), MathError> {
		match self.run.take() {
			Some(run) => self.charges.add(&run.expiry(self.scale)?),
			None => Ok(()),
		}
	}

	/// The charges of all of them.
	pub fn charges(mut self) -> Result<Charges<'a>, MathError> {
		self.close()?;
		Ok(self.charges)
	}
}

impl Run {
	fn new(first: &ArrayLeg<'_>) -> Self {
		Self {
			expiry: first.expiry,
			years: first.years,
			discount: first.risk.discount,
			mark: Q64::ZERO,
			sums: [Sum::default(); APART],
			legs: 0,
			weights: 0,
		}
	}

	#[inline(always)]
	fn add(&mut self, weight: Weight, apart: &[i64]) {
		let halves = weight.halves();
		for (sum, mantissa) in self.sums.iter_mut().zip(apart) {
			sum.add(product(*mantissa, halves));
		}
		// At most 256 times 2^55.
		self.weights = self.weights.wrapping_add(weight.magnitude());
		self.legs = self.legs.wrapping_add(1);
		if self.legs.is_multiple_of(LEGS_AT_ONCE) {
			self.sums.iter_mut().for_each(Sum::carry);
		}
	}

	/// What is charged for.
	fn expiry(&self, scale: Scale) -> Result<Expiry, MathError> {
		let allowance = Allowance::new(self.legs, self.weights, scale)?;
		let [up, down, risen] = self.sums;
		let least = |sum| allowance.loss(sum)?.checked_neg().ok_or(MathError::Overflow);
		Ok(Expiry {
			years: self.years,
			discount: self.discount,
			mark: self.mark,
			basis: [least(up)?, least(down)?],
			volatility: [least(risen)?, allowance.gain(risen)?],
		})
	}
}
