//! Margin requirement of one account's book on one underlying.
//!
//! The book is revalued in every scenario, collateral units included (a covered call is hedged in the
//! grid). The worst weighted loss is the *scan loss*. Charges on the options join it for what no scenario
//! shows, the sum is capped by what the book can lose at all ([`greatest_loss`]), and net shorts and
//! units add contingencies:
//!
//! - `extras = basis + vol_term + discount` (below);
//! - `scan_mm = min(loss(R_MM) + extras, L_max)`,
//!   `scan_im = max(scan_mm, min(factor oi loss(R_IM) + extras + confidence, L_max))`;
//! - `c_mm = short_mm notional + peg units_value`, `c_im = short_im notional`;
//! - `maintenance = scan_mm + c_mm`, `initial = scan_im + c_mm + c_im`.
//!
//! The cap covers the extras because they estimate a loss of value, and no estimate may exceed what there is to
//! lose: an option bought with exactly its premium would be below initial margin at once.
//!
//! The `max` keeps initial margin from falling below maintenance: the nodes of the two grids are not
//! nested, and a butterfly can lose less at the wider range.
//!
//! The short contingency is on *net short contracts per strike*: calls and puts of all expiries at one
//! strike are netted (a long put against a short call is a forward, which spot moves alone price; a
//! calendar spread is in the grid), strikes are not. A book with any has its initial loss raised by the
//! factor `oi` of open interest.
//!
//! # Extras
//!
//! Of options alone; units take no part.
//!
//! - `basis`, per expiry: the loss `max(0, V - min(V(up), V(down)))` counts `m0 + m1 T`. The forward
//!   moves and spot does not, the volatility at a strike stays; in the settlement window only the open part of
//!   the forward moves. An American option moves as if spot went with its forward, so that options of
//!   one expiry hedge each other whatever their style: what exercise pays is on spot, which basis leaves
//!   where it is, so this is what the option would lose if all of its value hung on the forward.
//! - `vol_term`: what the options of each bucket of expiries ([`crate::contingency::vol_bucket`]) change by as
//!   volatility moves up at unmoved spot; `vol_term` of the smaller of the sum of gains and the sum of losses.
//! - `confidence`: a share of contracts of either sign times spot. Of initial margin only: one source of
//!   prices that lies must not be able to liquidate anybody.
//! - `discount`, per expiry whose options are together worth something: `V (1 - long_value exp(-T (r + rate)))`.
//!
//! Rounding: marks down for longs and against shorts, requirements up. Every amount handed out is
//! a mark rounded to the ledger's 18 decimals (`to_e18` to nearest gives the ledger's number back),
//! or a requirement that `to_e18` rounds up.

mod bounded;
mod charges;
mod contract;
mod range;
pub(crate) mod valuation;
mod worst;

#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod tests;

pub use bounded::greatest_loss;
pub use charges::Contingencies;
pub use contract::{Contract, Exercise, Leg, Terms};
pub use range::{value_range, ValueRange};

pub(crate) use charges::{Charges, Expiry, Scan};
pub(crate) use worst::Worst;

use crate::{
	error::MathError,
	fixed::{Rounding, E18, Q64},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
};
use bounded::groups;
use valuation::{units_value, American, Priced, Side, Valued};
use worst::worst;

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
	/// How far an expiry's forward rises while spot stays: 0.045 is to 1.045 times it. Not negative.
	pub basis_up: Q64,
	/// How far it falls. To at least a hundredth of it.
	pub basis_down: Q64,
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
	/// Charge for spot and forward moving apart. Each of these four is not negative and rounded up.
	pub basis: Q64,
	/// Charge for volatility moving at one tenor and not at another.
	pub vol_term: Q64,
	/// Charge for prices that their sources doubt.
	pub confidence: Q64,
	/// What net long option value counts for less.
	pub discount: Q64,
	/// Scan part of maintenance margin: the loss and the four charges, capped.
	pub scan_mm: Q64,
	/// Scan part of initial margin.
	pub scan_im: Q64,
	/// The most that the book can lose, where that is bounded.
	pub l_max: Option<Q64>,
	/// Required of the units for having lost their peg: a part of `contingency_mm`.
	pub peg: Q64,
	/// Contingencies of maintenance margin: net shorts, and the peg.
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
	let mut charges = Charges::new(contingencies);
	let (at_mm, at_im) = revalue(book, &moves, &mut charges)?;
	let units_value = units_value(book.units, book.spot, Q64::ONE)?;
	let before = add(charges.mark(), units_value)?;
	let loss_mm = worst(grid.scenarios, &at_mm, before)?;
	let loss_im = worst(grid.scenarios, &at_im, before)?;
	Scan { units_value, loss_mm, loss_im, charges }.margins(book)
}

/// A grid with the spot of each scenario: what is the same for every series and account.
#[derive(Clone, Debug)]
pub struct Moves<'a> {
	pub(crate) scenarios: &'a [Scenario],
	pub(crate) shock: VolShock,
	/// Spot over today's at the maintenance and the initial range, one pair per scenario.
	factors: [(Q64, Q64); MAX_SCENARIOS],
	/// Forward over today's in the two basis moves.
	basis: [Q64; 2],
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
		let forward = |multiple| SpotMove::Multiple(multiple).factor(Q64::ZERO);
		let basis =
			[forward(add(Q64::ONE, grid.basis_up)?)?, forward(sub(Q64::ONE, grid.basis_down)?)?];
		Ok(Self { scenarios: grid.scenarios, shock: grid.shock, factors, basis })
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

/// Values by scenario.
type Values = [Q64; MAX_SCENARIOS];

/// The value of a book, options and units, in each scenario at both ranges; the charges on its options.
fn revalue(
	book: &Book<'_>,
	moves: &Moves<'_>,
	charges: &mut Charges<'_>,
) -> Result<(Values, Values), MathError> {
	let mut values = ([Q64::ZERO; MAX_SCENARIOS], [Q64::ZERO; MAX_SCENARIOS]);
	let sums = values.0.iter_mut().zip(values.1.iter_mut());
	for ((factors, _), (mm, im)) in moves.iter().zip(sums) {
		*mm = units_value(book.units, book.spot, factors.0)?;
		*im = units_value(book.units, book.spot, factors.1)?;
	}
	for group in groups(book.legs) {
		let mut expiry = Revalued { values: &mut values, mark: Q64::ZERO, apart: [Q64::ZERO; 3] };
		for leg in group.legs() {
			charges.count(leg.quantity)?;
			match leg.exercise {
				Exercise::European => {
					expiry.add(leg.quantity, &Valued::new(leg, &moves.shock)?, moves)?;
				}
				Exercise::American { .. } => {
					let side = Side::of(leg.quantity);
					expiry.add(leg.quantity, &American::new(leg, &moves.shock, side)?, moves)?;
				}
			}
		}
		let Revalued { mark, apart: [up, down, risen], .. } = expiry;
		let Some(Leg { years, discount, .. }) = group.legs().next().copied() else { continue };
		let basis = [sub(up, mark)?, sub(down, mark)?];
		let volatility = [sub(risen, mark)?; 2];
		charges.add(&Expiry { years, discount, mark, basis, volatility })?;
	}
	Ok(values)
}

/// Value of the options of one expiry.
struct Revalued<'a> {
	/// The sums over all expiries, and the units, by scenario.
	values: &'a mut (Values, Values),
	/// Now.
	mark: Q64,
	/// In the moves of forward or volatility alone.
	apart: [Q64; 3],
}

impl Revalued<'_> {
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
		for (sum, price) in self.apart.iter_mut().zip(contract.apart(&mut memo, moves)?) {
			*sum = add(*sum, mul_down(quantity, price)?)?;
		}
		let mut sums = self.values.0.iter_mut().zip(self.values.1.iter_mut());
		contract.in_scenarios((unmoved, memo), moves, |at| {
			let Some((mm, im)) = sums.next() else { return Ok(()) };
			let value = mul_down(quantity, at.mm)?;
			*mm = add(*mm, value)?;
			*im = add(*im, if at.im == at.mm { value } else { mul_down(quantity, at.im)? })?;
			Ok(())
		})
	}
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
