//! Margin requirement of one account's book on one underlying.
//!
//! The book is revalued in every scenario, collateral units included (a covered call is hedged in the
//! grid). The worst weighted loss is the *scan loss*; it is capped by what the book can lose at all
//! ([`greatest_loss`]), and net shorts add a contingency per strike:
//!
//! - `scan_mm = min(loss(R_MM), L_max)`, `scan_im = max(scan_mm, min(factor loss(R_IM), L_max))`;
//! - `maintenance = scan_mm + c_mm`, `initial = scan_im + c_mm + c_im`.
//!
//! The `max` keeps initial margin from falling below maintenance: the nodes of the two grids are not
//! nested, and a butterfly can lose less at the wider range.
//!
//! The short contingency is on *net short contracts per strike*: calls and puts of all expiries at one
//! strike are netted (a long put against a short call is a forward, which spot moves alone price; a
//! calendar spread is in the grid), strikes are not.
//!
//! Rounding: marks down for longs and against shorts, requirements up. Every amount handed out is
//! a mark rounded to the ledger's 18 decimals (`to_e18` to nearest gives the ledger's number back),
//! or a requirement that `to_e18` rounds up.

mod bounded;
mod contract;
mod range;
pub(crate) mod valuation;

#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod tests;

pub use bounded::greatest_loss;
pub use contract::{Contract, Exercise, Leg, Terms};
pub use range::{value_range, ValueRange};

use crate::{
	error::MathError,
	fixed::{Rounding, E18, Q64},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
};
use valuation::{units_value, American, Priced, Side, Valued};

/// Most scenarios in a set.
pub const MAX_SCENARIOS: usize = 40;

/// What an account holds of one underlying. The legs are [`Leg`]s to be valued here, or positions of
/// series that were valued before ([`crate::risk_array::ArrayLeg`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Book<'a, L = Leg> {
	/// Spot price, above zero.
	pub spot: Q64,
	/// Units of the underlying held as collateral, not negative.
	pub units: Q64,
	/// Options.
	pub legs: &'a [L],
}

/// The scenarios and how far they reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid<'a> {
	/// The scenarios, at most [`MAX_SCENARIOS`].
	pub scenarios: &'a [Scenario],
	/// Scan range of maintenance margin.
	pub range_mm: Q64,
	/// Scan range of initial margin.
	pub range_im: Q64,
	/// How far volatility moves.
	pub shock: VolShock,
}

/// What is added to, or multiplied onto, the scan loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contingencies {
	/// Maintenance requirement of net short contracts, as a share of spot.
	pub short_mm: Q64,
	/// What initial margin adds to it, as a share of spot.
	pub short_im: Q64,
	/// Initial scan margin over the scan loss, at least one.
	pub initial_factor: Q64,
}

/// Mark and requirement of a book, in quote currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Margins {
	/// Mark of the options.
	pub mark: Q64,
	/// Mark of the collateral units.
	pub units_value: Q64,
	/// Worst weighted loss over the scenarios at the maintenance range, not capped.
	pub loss_mm: Q64,
	/// The same at the initial range.
	pub loss_im: Q64,
	/// Scan part of maintenance margin.
	pub scan_mm: Q64,
	/// Scan part of initial margin.
	pub scan_im: Q64,
	/// The most that the book can lose, where that is bounded.
	pub l_max: Option<Q64>,
	/// Contingencies of maintenance margin.
	pub contingency_mm: Q64,
	/// What initial margin adds to them.
	pub contingency_im: Q64,
	/// Maintenance margin.
	pub maintenance: Q64,
	/// Initial margin.
	pub initial: Q64,
	/// Index of the worst scenario at the maintenance range; the first if none loses.
	pub binding_mm: u8,
	/// The same at the initial range.
	pub binding_im: u8,
}

/// Marks a book and computes its requirement.
///
/// `OutOfDomain`: more than [`MAX_SCENARIOS`] scenarios, a spot or strike that is not above zero,
/// negative units, or a fixed part outside [0, forward]. `Overflow` beyond 9.2e18 of quote currency.
/// Prices, times and volatilities outside the domain of Black-76 have values all the same (see
/// `valuation`), so that no market can make an account's requirement uncomputable.
pub fn requirement(
	book: &Book<'_>,
	grid: &Grid<'_>,
	contingencies: &Contingencies,
) -> Result<Margins, MathError> {
	let moves = Moves::new(grid)?;
	book.ensure_meaningful()?;
	let revalued = revalue(book, &moves)?;
	let units_value = units_value(book.units, book.spot, Q64::ONE)?;
	let before = add(revalued.mark, units_value)?;
	let scan = Scan {
		mark: revalued.mark,
		units_value,
		loss_mm: worst(grid.scenarios, &revalued.at_mm, before)?,
		loss_im: worst(grid.scenarios, &revalued.at_im, before)?,
	};
	scan.margins(book, contingencies)
}

/// A grid with the spot of each scenario: what is the same for every series and account.
#[derive(Clone, Debug)]
pub struct Moves<'a> {
	pub(crate) scenarios: &'a [Scenario],
	pub(crate) shock: VolShock,
	/// Spot over today's at the maintenance and the initial range, one pair per scenario.
	factors: [(Q64, Q64); MAX_SCENARIOS],
}

impl<'a> Moves<'a> {
	/// `OutOfDomain` for more than [`MAX_SCENARIOS`] scenarios.
	pub fn new(grid: &Grid<'a>) -> Result<Self, MathError> {
		if grid.scenarios.len() > MAX_SCENARIOS {
			return Err(MathError::OutOfDomain);
		}
		let mut factors = [(Q64::ONE, Q64::ONE); MAX_SCENARIOS];
		for (scenario, factor) in grid.scenarios.iter().zip(&mut factors) {
			*factor = (scenario.spot.factor(grid.range_mm)?, scenario.spot.factor(grid.range_im)?);
		}
		Ok(Self { scenarios: grid.scenarios, shock: grid.shock, factors })
	}

	/// Whether each scenario depends on the range: those that set spot itself, or do not move it,
	/// do not.
	pub(crate) fn depends(scenario: &Scenario) -> bool {
		matches!(scenario.spot, SpotMove::ScanRanges(ranges) if !ranges.is_zero())
	}

	/// The factors of spot at both ranges and the move of volatility, scenario by scenario.
	pub(crate) fn iter(&self) -> impl Iterator<Item = ((Q64, Q64), VolMove)> + '_ {
		self.factors.iter().copied().zip(self.scenarios.iter().map(|scenario| scenario.volatility))
	}
}

impl<L> Book<'_, L> {
	pub(crate) fn ensure_meaningful(&self) -> Result<(), MathError> {
		if !self.spot.is_positive() || self.units.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		Ok(())
	}
}

/// Mark and worst loss of a book, however they were found.
pub(crate) struct Scan {
	/// Mark of the options.
	pub mark: Q64,
	/// Mark of the units.
	pub units_value: Q64,
	/// Worst weighted loss at the maintenance range and its scenario.
	pub loss_mm: (Q64, u8),
	/// The same at the initial range.
	pub loss_im: (Q64, u8),
}

impl Scan {
	/// Caps the losses and adds the contingencies.
	pub fn margins<L: Contract>(
		&self,
		book: &Book<'_, L>,
		contingencies: &Contingencies,
	) -> Result<Margins, MathError> {
		let mark = ledger_floor(self.mark)?;
		let units_value = ledger_floor(self.units_value)?;
		let (loss_mm, binding_mm) = self.loss_mm;
		let (loss_im, binding_im) = self.loss_im;
		let l_max = greatest_loss(book, add(mark, units_value)?)?;
		let capped = |loss: Q64| l_max.map_or(loss, |l_max| loss.min(l_max));
		let scan_mm = capped(loss_mm);
		let scan_im = capped(mul_up(contingencies.initial_factor, loss_im)?).max(scan_mm);
		let notional = mul_up(short_contracts(book.legs)?, book.spot)?;
		let contingency_mm = mul_up(notional, contingencies.short_mm)?;
		let contingency_im = mul_up(notional, contingencies.short_im)?;
		Ok(Margins {
			mark,
			units_value,
			loss_mm,
			loss_im,
			scan_mm,
			scan_im,
			l_max,
			contingency_mm,
			contingency_im,
			maintenance: add(scan_mm, contingency_mm)?,
			initial: add(add(scan_im, contingency_mm)?, contingency_im)?,
			binding_mm,
			binding_im,
		})
	}
}

/// Value of a book now, and in each scenario at each of the two ranges.
struct Revalued {
	/// Options only.
	mark: Q64,
	/// Options and units, by scenario.
	at_mm: [Q64; MAX_SCENARIOS],
	at_im: [Q64; MAX_SCENARIOS],
}

fn revalue(book: &Book<'_>, moves: &Moves<'_>) -> Result<Revalued, MathError> {
	let mut at_mm = [Q64::ZERO; MAX_SCENARIOS];
	let mut at_im = [Q64::ZERO; MAX_SCENARIOS];
	let sums = at_mm.iter_mut().zip(at_im.iter_mut());
	for ((factors, _), (mm, im)) in moves.iter().zip(sums) {
		*mm = units_value(book.units, book.spot, factors.0)?;
		*im = units_value(book.units, book.spot, factors.1)?;
	}
	let mut revalued = Revalued { mark: Q64::ZERO, at_mm, at_im };
	for leg in book.legs {
		match leg.exercise {
			Exercise::European => {
				revalued.add(leg.quantity, &Valued::new(leg, &moves.shock)?, moves)?;
			}
			Exercise::American { .. } => {
				let side = Side::of(leg.quantity);
				revalued.add(leg.quantity, &American::new(leg, &moves.shock, side)?, moves)?;
			}
		}
	}
	Ok(revalued)
}

impl Revalued {
	/// Adds contracts of one series.
	fn add<P: Priced>(
		&mut self,
		quantity: Q64,
		contract: &P,
		moves: &Moves<'_>,
	) -> Result<(), MathError> {
		let mut memo = P::Memo::default();
		let unmoved = contract.price(&mut memo, Q64::ONE, VolMove::None)?;
		self.mark = add(self.mark, mul_down(quantity, unmoved)?)?;
		let mut sums = self.at_mm.iter_mut().zip(self.at_im.iter_mut());
		contract.in_scenarios((unmoved, memo), moves, |at| {
			let Some((mm, im)) = sums.next() else { return Ok(()) };
			let value = mul_down(quantity, at.mm)?;
			*mm = add(*mm, value)?;
			*im = add(*im, if at.im == at.mm { value } else { mul_down(quantity, at.im)? })?;
			Ok(())
		})
	}
}

/// The worst weighted loss, not below zero, and the index of its scenario.
fn worst(scenarios: &[Scenario], values: &[Q64], before: Q64) -> Result<(Q64, u8), MathError> {
	let mut worst = Worst::default();
	for (scenario, value) in scenarios.iter().zip(values) {
		worst.look(scenario, sub(before, *value)?)?;
	}
	Ok(worst.found())
}

/// Looks for the worst weighted loss, scenario by scenario.
#[derive(Default)]
pub(crate) struct Worst {
	loss: Q64,
	at: u8,
	next: u8,
}

impl Worst {
	/// The next scenario's loss; whether it is the worst so far. A weighted loss is rounded up.
	pub fn look(&mut self, scenario: &Scenario, loss: Q64) -> Result<bool, MathError> {
		let index = self.next;
		self.pass();
		// With a weight of at most one a loss that is not the worst unweighted is not so weighted.
		if !loss.is_positive() || (loss <= self.loss && scenario.weight <= Q64::ONE) {
			return Ok(false);
		}
		let counted =
			if scenario.weight == Q64::ONE { loss } else { mul_up(loss, scenario.weight)? };
		if counted <= self.loss {
			return Ok(false);
		}
		(self.loss, self.at) = (counted, index);
		Ok(true)
	}

	/// The next scenario is not the worst.
	pub fn pass(&mut self) {
		self.next = self.next.wrapping_add(1);
	}

	/// The worst loss, zero if there is none, and the index of its scenario (then the first).
	pub fn found(&self) -> (Q64, u8) {
		(self.loss, self.at)
	}
}

/// Net short contracts, strike by strike, added up.
fn short_contracts<L: Contract>(legs: &[L]) -> Result<Q64, MathError> {
	let mut total = Q64::ZERO;
	for (index, leg) in legs.iter().enumerate() {
		let Terms { strike, quantity, .. } = leg.terms();
		let shorts_before = legs.iter().take(index).map(Contract::terms);
		// A strike has net shorts only if it has a short; the first of them finds them all.
		if !quantity.is_negative()
			|| shorts_before.rev().any(|leg| leg.strike == strike && leg.quantity.is_negative())
		{
			continue;
		}
		let same = legs.iter().map(Contract::terms).filter(|leg| leg.strike == strike);
		let net = same.map(|leg| leg.quantity).try_fold(Q64::ZERO, add)?;
		if net.is_negative() {
			total = sub(total, net)?;
		}
	}
	Ok(total)
}

/// Rounded down to the ledger's 18 decimals, as the largest `Q64` not above it: rounded up to 18
/// decimals it gives the ledger's number back, as it does rounded to nearest.
fn ledger_floor(value: Q64) -> Result<Q64, MathError> {
	let inner = value.to_e18(Rounding::Floor).ok_or(MathError::Overflow)?;
	Q64::from_ratio(inner, E18, Rounding::Floor).ok_or(MathError::Overflow)
}

pub(crate) fn add(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_add(b).ok_or(MathError::Overflow)
}

pub(crate) fn sub(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_sub(b).ok_or(MathError::Overflow)
}

pub(crate) fn mul_up(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Ceil).ok_or(MathError::Overflow)
}

pub(crate) fn mul_down(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Floor).ok_or(MathError::Overflow)
}
