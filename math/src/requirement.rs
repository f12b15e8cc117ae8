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
mod valuation;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use bounded::greatest_loss;
pub use valuation::{value_range, ValueRange};

use crate::{
	black76::Kind,
	error::MathError,
	fixed::{Rounding, E18, Q64},
	scenario::{Scenario, VolMove, VolShock},
};
use valuation::{units_value, Valued};

/// Most scenarios in a set.
pub const MAX_SCENARIOS: usize = 40;

/// One option position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
	/// Call or put.
	pub kind: Kind,
	/// Strike price, above zero.
	pub strike: Q64,
	/// Which expiry it belongs to: legs with the same number settle at the same price.
	pub expiry: u64,
	/// Time to expiry in years; zero once expired (then the value is what it would pay at spot).
	pub years: Q64,
	/// Forward price for the expiry; it moves with spot in proportion.
	pub forward: Q64,
	/// Value today of one quote unit at the expiry.
	pub discount: Q64,
	/// Annualised volatility.
	pub volatility: Q64,
	/// Contracts; negative is short.
	pub quantity: Q64,
}

/// What an account holds of one underlying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Book<'a> {
	/// Spot price, above zero.
	pub spot: Q64,
	/// Units of the underlying held as collateral, not negative.
	pub units: Q64,
	/// Options.
	pub legs: &'a [Leg],
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
/// `OutOfDomain`: more than [`MAX_SCENARIOS`] scenarios, a spot or strike that is not above zero, or
/// negative units. `Overflow` beyond 9.2e18 of quote currency. Prices, times and volatilities
/// outside the domain of Black-76 have values all the same (see `valuation`), so that no market can
/// make an account's requirement uncomputable.
pub fn requirement(
	book: &Book<'_>,
	grid: &Grid<'_>,
	contingencies: &Contingencies,
) -> Result<Margins, MathError> {
	if grid.scenarios.len() > MAX_SCENARIOS || !book.spot.is_positive() || book.units.is_negative()
	{
		return Err(MathError::OutOfDomain);
	}
	let revalued = revalue(book, grid)?;
	let mark = ledger_floor(revalued.mark)?;
	let units = ledger_floor(units_value(book, Q64::ONE)?)?;
	let before = add(revalued.mark, units_value(book, Q64::ONE)?)?;
	let (loss_mm, binding_mm) = worst(grid.scenarios, &revalued.at_mm, before)?;
	let (loss_im, binding_im) = worst(grid.scenarios, &revalued.at_im, before)?;
	let l_max = greatest_loss(book, add(mark, units)?)?;
	let capped = |loss: Q64| l_max.map_or(loss, |l_max| loss.min(l_max));
	let scan_mm = capped(loss_mm);
	let scan_im = capped(mul_up(contingencies.initial_factor, loss_im)?).max(scan_mm);
	let notional = mul_up(short_contracts(book.legs)?, book.spot)?;
	let contingency_mm = mul_up(notional, contingencies.short_mm)?;
	let contingency_im = mul_up(notional, contingencies.short_im)?;
	Ok(Margins {
		mark,
		units_value: units,
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

/// Value of a book now, and in each scenario at each of the two ranges.
struct Revalued {
	/// Options only.
	mark: Q64,
	/// Options and units, by scenario.
	at_mm: [Q64; MAX_SCENARIOS],
	at_im: [Q64; MAX_SCENARIOS],
}

fn revalue(book: &Book<'_>, grid: &Grid<'_>) -> Result<Revalued, MathError> {
	let mut factors = [(Q64::ONE, Q64::ONE); MAX_SCENARIOS];
	let mut at_mm = [Q64::ZERO; MAX_SCENARIOS];
	let mut at_im = [Q64::ZERO; MAX_SCENARIOS];
	let sums = at_mm.iter_mut().zip(at_im.iter_mut());
	for ((scenario, factor), (mm, im)) in grid.scenarios.iter().zip(&mut factors).zip(sums) {
		*factor = (scenario.spot.factor(grid.range_mm)?, scenario.spot.factor(grid.range_im)?);
		*mm = units_value(book, factor.0)?;
		*im = units_value(book, factor.1)?;
	}
	let mut mark = Q64::ZERO;
	for leg in book.legs {
		let mut valued = Valued::new(leg, &grid.shock)?;
		let mut wider = valued.clone();
		mark = add(mark, valued.value(Q64::ONE, VolMove::None)?)?;
		let sums = at_mm.iter_mut().zip(at_im.iter_mut());
		for ((scenario, factor), (mm, im)) in grid.scenarios.iter().zip(&factors).zip(sums) {
			let value = valued.value(factor.0, scenario.volatility)?;
			*mm = add(*mm, value)?;
			// Scenarios that set spot itself, or do not move it, are the same at both ranges.
			let value = if factor.1 == factor.0 {
				value
			} else {
				wider.value(factor.1, scenario.volatility)?
			};
			*im = add(*im, value)?;
		}
	}
	Ok(Revalued { mark, at_mm, at_im })
}

/// The worst weighted loss, not below zero, and the index of its scenario.
fn worst(scenarios: &[Scenario], values: &[Q64], before: Q64) -> Result<(Q64, u8), MathError> {
	let mut worst = (Q64::ZERO, 0u8);
	for ((scenario, value), index) in scenarios.iter().zip(values).zip(0u8..) {
		let loss = sub(before, *value)?;
		if loss.is_positive() {
			let counted = mul_up(loss, scenario.weight)?;
			if counted > worst.0 {
				worst = (counted, index);
			}
		}
	}
	Ok(worst)
}

/// Net short contracts, strike by strike, added up.
fn short_contracts(legs: &[Leg]) -> Result<Q64, MathError> {
	let mut total = Q64::ZERO;
	for (index, leg) in legs.iter().enumerate() {
		let same = |other: &&Leg| other.strike == leg.strike;
		if legs.iter().take(index).any(|other| same(&other)) {
			continue;
		}
		let mut net = Q64::ZERO;
		for other in legs.iter().filter(same) {
			net = add(net, other.quantity)?;
		}
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

fn add(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_add(b).ok_or(MathError::Overflow)
}

fn sub(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_sub(b).ok_or(MathError::Overflow)
}

fn mul_up(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Ceil).ok_or(MathError::Overflow)
}

fn mul_down(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Floor).ok_or(MathError::Overflow)
}
