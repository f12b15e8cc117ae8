//! What a series is worth, now and in every scenario.

use super::{RiskArray, APART, MAX_ENTRIES};
use crate::{
	error::MathError,
	fixed::Q64,
	requirement::{
		mul_down, sub,
		valuation::{American, Priced, Side, Valued},
		Exercise, Leg, Moves,
	},
	scenario::{Scenario, VolMove},
};

/// Mark and risk array of one contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideRisk {
	/// Value now, to the last unit that of [`crate::requirement::requirement`].
	pub mark: Q64,
	/// Changes of it.
	pub array: RiskArray,
}

impl SideRisk {
	/// Of nothing.
	const NONE: Self = Self { mark: Q64::ZERO, array: RiskArray::EMPTY };

	/// One unit of the underlying at this spot. What no scenario shows does not change it. Errors as [`crate::requirement::requirement`].
	pub fn of_unit(spot: Q64, moves: &Moves<'_>) -> Result<Self, MathError> {
		if !spot.is_positive() {
			return Err(MathError::OutOfDomain);
		}
		let mut changes = Changes::new(moves);
		for (factors, _) in moves.iter() {
			let at = |factor| sub(mul_down(spot, factor)?, spot);
			changes.push(at(factors.0)?, at(factors.1)?)?;
		}
		for _ in 0..APART {
			changes.push_apart(Q64::ZERO)?;
		}
		Ok(Self { mark: spot, array: RiskArray::from_changes(changes.entries()?)? })
	}

	/// A contract's, put where it is to be: arrays are large, and copies of them not cheap.
	fn set<P: Priced>(&mut self, contract: &P, moves: &Moves<'_>) -> Result<(), MathError> {
		let mut memo = P::Memo::default();
		let mark = contract.price(&mut memo, Q64::ONE, VolMove::None)?;
		let apart = contract.apart(&mut memo, moves)?;
		let mut changes = Changes::new(moves);
		contract.in_scenarios((mark, memo), moves, |at| {
			changes.push(sub(at.mm, mark)?, sub(at.im, mark)?)
		})?;
		for value in apart {
			changes.push_apart(sub(value, mark)?)?;
		}
		self.mark = mark;
		self.array.set(changes.entries()?)
	}
}

/// Changes, scenario by scenario, put where their entries are.
struct Changes<'a> {
	entries: [Q64; MAX_ENTRIES],
	scenarios: &'a [Scenario],
	next_mm: usize,
	next_im: usize,
}

impl<'a> Changes<'a> {
	fn new(moves: &Moves<'a>) -> Self {
		let scenarios = moves.scenarios;
		Self { entries: [Q64::ZERO; MAX_ENTRIES], scenarios, next_mm: 0, next_im: scenarios.len() }
	}

	fn push(&mut self, mm: Q64, im: Q64) -> Result<(), MathError> {
		let scenario = self.scenarios.get(self.next_mm).ok_or(MathError::OutOfDomain)?;
		*self.entries.get_mut(self.next_mm).ok_or(MathError::OutOfDomain)? = mm;
		self.next_mm = self.next_mm.wrapping_add(1);
		if Moves::depends(scenario) {
			*self.entries.get_mut(self.next_im).ok_or(MathError::OutOfDomain)? = im;
			self.next_im = self.next_im.wrapping_add(1);
		}
		Ok(())
	}

	/// What no scenario shows, once all of them were pushed.
	fn push_apart(&mut self, change: Q64) -> Result<(), MathError> {
		*self.entries.get_mut(self.next_im).ok_or(MathError::OutOfDomain)? = change;
		self.next_im = self.next_im.wrapping_add(1);
		Ok(())
	}

	fn entries(&self) -> Result<&[Q64], MathError> {
		self.entries.get(..self.next_im).ok_or(MathError::OutOfDomain)
	}
}

/// Everything that the requirement of any account needs to know of a series at one tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesRisk {
	/// Forward price for the expiry, the fixed part included.
	pub forward: Q64,
	/// The part of the forward that spot does not move.
	pub fixed: Q64,
	/// Value today of one quote unit at the expiry.
	pub discount: Q64,
	/// One contract held.
	pub long: SideRisk,
	/// One contract owed, of a series that may be exercised early; else it is the same.
	pub short: Option<SideRisk>,
}

impl SeriesRisk {
	/// Of the series of a leg; its quantity is not looked at. Errors as
	/// [`crate::requirement::requirement`].
	pub fn new(leg: &Leg, moves: &Moves<'_>) -> Result<Self, MathError> {
		let Leg { forward, fixed, discount, .. } = *leg;
		let mut risk = Self { forward, fixed, discount, long: SideRisk::NONE, short: None };
		match leg.exercise {
			Exercise::European => risk.long.set(&Valued::new(leg, &moves.shock)?, moves)?,
			Exercise::American { .. } => {
				let american = |side| American::new(leg, &moves.shock, side);
				risk.long.set(&american(Side::Long)?, moves)?;
				risk.short.insert(SideRisk::NONE).set(&american(Side::Short)?, moves)?;
			}
		}
		Ok(risk)
	}

	/// Of one contract on the side of a quantity.
	pub fn side(&self, quantity: Q64) -> &SideRisk {
		match &self.short {
			Some(short) if quantity.is_negative() => short,
			_ => &self.long,
		}
	}
}
