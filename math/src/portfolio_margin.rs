//! Scenario margin whose behaviour is all data.
//!
//! A set of [`Shift`]s (spot, volatility, smile, weight, relief) and [`Rules`] (term structure of the
//! volatility move, discounts, contingencies, factors) say what the requirement is; other venues'
//! published models are tables of these numbers ([`sets`]), and no code asks which venue it is.
//!
//! # Formula
//!
//! With `V_e` the value of expiry `e`'s legs at today's market, `V_e(s)` at scenario `s` and `g_e` the
//! static discount of its sign,
//!
//! ```text
//! P_e(s) = (g_e(s) V_e(s) - V_e) weight(s)       minus its magnitude where the smile moves
//! P(s)   = relieved(sum of P_e(s) + perpetuals and collateral that move with spot x (move - 1) weight(s))
//! L      = max(0, max over s of -P(s), the basis charge where it counts as a scenario)
//!
//! MM     = f_mm L + c_mm                         f_mm L capped by what the book can lose, if so ruled
//! IM     = max(f_mm L, f_im L') + c_mm + c_im    L' at the initial range; f_im grows on a depeg
//! ```
//!
//! - Forward in a scenario: `fixed + (F - fixed) move`; only what is not yet averaged of it moves. (The
//!   chain's own model also takes the volatility to be that of the part that moves; here it is the forward's.)
//! - Volatility: `max(least_up, sigma (1 + up m))` up, `sigma max(least_left, 1 - down m)` down,
//!   times the smile's factor ([`crate::scenario::SkewShock`]).
//! - A smile that moves counts as `-|P_e|` in each expiry: the loss of the rotation or of its opposite, to
//!   first order.
//! - `relieved` brings a profit or loss towards zero by at most the shift's relief.
//! - `c_mm`, `c_im`: shares of the notional of perpetuals and net shorts, haircuts, the basis charge where
//!   it is added, and (initial only) doubt about prices ([`crate::contingency`]).
//!
//! Rounding: profits and marks down, requirements up.

mod rules;
mod scan;
pub mod sets;

#[cfg(test)]
mod tests;

pub use rules::{
	BasisRole, CollateralRule, Factors, Netting, Rates, Rules, Shift, VolRule, MAX_SHIFTS,
};

use crate::{
	contingency::of_notional,
	error::MathError,
	fixed::Q64,
	margin_model::{
		groups,
		number::{add, mul_up, negated, sub},
		Book, Leg, MarginModel, Requirement, UNDERLYING,
	},
	requirement::{self, greatest_loss},
};
use scan::{scan, Scan};

/// A scenario model: set and rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortfolioModel<'a> {
	/// Scenarios, at most [`MAX_SHIFTS`].
	pub shifts: &'a [Shift],
	/// Everything else.
	pub rules: Rules<'a>,
}

/// Mark and requirement of a book, in quote currency, with what they are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Margins {
	/// Mark of everything, cash included.
	pub mark: Q64,
	/// Of that, the options.
	pub options: Q64,
	/// Basis charge, not negative.
	pub basis: Q64,
	/// Worst loss at the maintenance range, not negative, before its factor.
	pub loss_mm: Q64,
	/// The same at the initial range.
	pub loss_im: Q64,
	/// Scenario of that loss; `None` where it is the basis charge or nothing is lost.
	pub binding_mm: Option<u8>,
	/// The same at the initial range.
	pub binding_im: Option<u8>,
	/// Contingencies of maintenance margin.
	pub contingency_mm: Q64,
	/// What initial margin adds to them.
	pub contingency_im: Q64,
	/// Maintenance margin.
	pub maintenance: Q64,
	/// Initial margin.
	pub initial: Q64,
}

impl MarginModel for PortfolioModel<'_> {
	fn margins(&self, book: &Book<'_>) -> Result<Requirement, MathError> {
		let margins = self.evaluate(book)?;
		Ok(Requirement {
			mark: margins.mark,
			maintenance: margins.maintenance,
			initial: margins.initial,
		})
	}
}

impl PortfolioModel<'_> {
	/// Mark and requirements. `OutOfDomain`: more than [`MAX_SHIFTS`] shifts, a holding without a
	/// [`CollateralRule`], or a market that makes no sense; `Overflow` beyond 9.2e18 of quote currency.
	pub fn evaluate(&self, book: &Book<'_>) -> Result<Margins, MathError> {
		let rules = &self.rules;
		let at_mm = scan(book, self.shifts, rules, rules.range_mm)?;
		let nested = rules.range_im == rules.range_mm;
		let at_im = if nested { at_mm } else { scan(book, self.shifts, rules, rules.range_im)? };
		let (loss_mm, binding_mm) = self.worst(&at_mm)?;
		let (loss_im, binding_im) = self.worst(&at_im)?;
		let (contingency_mm, contingency_im) = self.contingencies(book, &at_mm)?;
		let mark = add(book.mark_without_options()?, at_mm.options)?;

		let l_max = if rules.bounded { greatest(book, rules, at_mm.options)? } else { None };
		let capped = |loss: Q64| l_max.map_or(loss, |l_max| loss.min(l_max));
		let depeg = rules.factors.depeg.added(book.quote_price)?;
		let factor = add(rules.factors.initial, depeg)?;
		let scan_mm = capped(mul_up(rules.factors.maintenance, loss_mm)?);
		let scan_im = capped(mul_up(factor, loss_im)?).max(scan_mm);
		let static_im = if rules.factors.on_contingencies {
			mul_up(factor, contingency_mm)?.max(contingency_mm)
		} else {
			contingency_mm
		};
		Ok(Margins {
			mark,
			options: at_mm.options,
			basis: at_mm.basis,
			loss_mm,
			loss_im,
			binding_mm,
			binding_im,
			contingency_mm,
			contingency_im,
			maintenance: add(scan_mm, contingency_mm)?,
			initial: add(add(scan_im, static_im)?, contingency_im)?,
		})
	}

	/// Profit of the book in each scenario at the maintenance range, in the set's order. Rounded down.
	pub fn profits<'b>(
		&self,
		book: &Book<'_>,
		into: &'b mut [Q64; MAX_SHIFTS],
	) -> Result<&'b [Q64], MathError> {
		*into = scan(book, self.shifts, &self.rules, self.rules.range_mm)?.profits;
		into.get(..self.shifts.len()).ok_or(MathError::OutOfDomain)
	}

	/// The worst loss and the scenario it is in.
	fn worst(&self, scan: &Scan) -> Result<(Q64, Option<u8>), MathError> {
		let mut worst = match self.rules.basis_role {
			BasisRole::Scenario => (scan.basis, None),
			BasisRole::Added => (Q64::ZERO, None),
		};
		for ((_, profit), index) in self.shifts.iter().zip(&scan.profits).zip(0u8..) {
			let loss = negated(*profit)?;
			if loss > worst.0 {
				worst = (loss, Some(index));
			}
		}
		Ok(worst)
	}

	/// Contingencies of maintenance margin, and what initial margin adds.
	fn contingencies(&self, book: &Book<'_>, scan: &Scan) -> Result<(Q64, Q64), MathError> {
		let rules = &self.rules;
		let (mut mm, mut im) = (Q64::ZERO, Q64::ZERO);
		let mut charge = |to_mm: Q64, to_im: Q64| -> Result<(), MathError> {
			mm = add(mm, to_mm)?;
			im = add(im, to_im)?;
			Ok(())
		};
		if rules.basis_role == BasisRole::Added {
			charge(scan.basis, Q64::ZERO)?;
		}
		let shares = |quantity: Q64, price: Q64, rates: &Rates| -> Result<_, MathError> {
			Ok((
				of_notional(quantity, price, rates.maintenance)?,
				of_notional(quantity, price, rates.initial)?,
			))
		};
		let perpetual = book.perpetual.quantity;
		let (to_mm, to_im) = shares(perpetual, book.spot, &rules.perpetuals)?;
		let notional = of_notional(perpetual, book.spot, Q64::ONE)?;
		charge(to_mm, add(to_im, rules.confidence.charge(book.confidence(), notional)?)?)?;

		let (to_mm, to_im) =
			shares(net_shorts(book.legs, rules.netting)?, book.spot, &rules.shorts)?;
		charge(to_mm, to_im)?;
		for group in groups(book.legs) {
			let doubt = book.confidence().min(book.confidence_of(group.leg.expiry));
			let mut notional = Q64::ZERO;
			for leg in group.iter() {
				notional = add(notional, of_notional(leg.quantity, book.spot, Q64::ONE)?)?;
			}
			charge(Q64::ZERO, rules.confidence.charge(doubt, notional)?)?;
		}
		for holding in book.holdings {
			let rule = rules.collateral(holding.asset)?;
			let value = book.value_of(holding)?;
			let (to_mm, to_im) = shares(value, Q64::ONE, &rule.haircut)?;
			// Doubt about the perpetual's price is no doubt about collateral.
			let doubt = holding.confidence.min(book.spot_confidence);
			charge(to_mm, add(to_im, rules.confidence.charge(doubt, value)?)?)?;
		}
		Ok((mm, im))
	}
}

/// What the book can lose at all, where that is bounded: options with the units of the underlying that
/// move with spot, and all of the other collateral that does.
fn greatest(book: &Book<'_>, rules: &Rules<'_>, options: Q64) -> Result<Option<Q64>, MathError> {
	if !book.perpetual.quantity.is_zero() {
		return Ok(None);
	}
	let (mut units, mut value, mut other) = (Q64::ZERO, options, Q64::ZERO);
	for holding in book.holdings {
		if !rules.collateral(holding.asset)?.moves_with_spot {
			continue;
		}
		if holding.asset == UNDERLYING {
			units = add(units, holding.quantity)?;
			value = add(value, book.value_of(holding)?)?;
		} else {
			other = add(other, book.value_of(holding)?)?;
		}
	}
	let own = requirement::Book { spot: book.spot, units, legs: book.legs };
	greatest_loss(&own, value)?.map(|loss| add(loss, other)).transpose()
}

/// Net short contracts, strike by strike, added up.
fn net_shorts(legs: &[Leg], netting: Netting) -> Result<Q64, MathError> {
	let mut total = Q64::ZERO;
	for (index, leg) in legs.iter().enumerate() {
		let same = |other: &&Leg| {
			other.strike == leg.strike && (netting == Netting::Strike || other.expiry == leg.expiry)
		};
		if legs.iter().take(index).any(|other| same(&other)) {
			continue;
		}
		let mut net = Q64::ZERO;
		for other in legs.iter().filter(same) {
			net = add(net, other.quantity)?;
		}
		total = sub(total, net.min(Q64::ZERO))?;
	}
	Ok(total)
}
