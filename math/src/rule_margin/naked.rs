//! Naked margin: what the option could be worth after a shock of spot, by table.

use super::mark;
use crate::{
	black76::Kind,
	error::MathError,
	fixed::Q64,
	margin_model::{
		number::{add, div_down, magnitude, mul_down, mul_up, sub},
		Book, MarginModel, Requirement,
	},
};

/// The naked rule of one kind of option.
///
/// With `s` spot after a shock over spot before it (below one: for calls the inverse is what spot rises
/// to) and `u(T)` the greatest value of an option at the money over spot,
///
/// ```text
/// put:  u min(K, s S) + max(K - s S, 0)                 in quote currency
/// call: u min(1, s K / S) + max(1 - s K / S, 0)         in units of the underlying
/// ```
///
/// Source: Opyn's Gamma protocol, `MarginCalculator._getNakedMarginRequired`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NakedRule<'a> {
	/// Spot after the shock over spot before it, above zero.
	pub spot_shock: Q64,
	/// Times to expiry in years, ascending, and the greatest value up to each.
	pub bounds: &'a [(Q64, Q64)],
}

impl NakedRule<'_> {
	/// The greatest value at a time to expiry: that of the first time in the table not below it. `OutOfDomain`
	/// above the last.
	pub fn bound(&self, years: Q64) -> Result<Q64, MathError> {
		self.bounds
			.iter()
			.find(|(last, _)| years <= *last)
			.map(|(_, bound)| *bound)
			.ok_or(MathError::OutOfDomain)
	}

	/// Margin of one contract at a value bound, in the asset that the formula says. Rounded up, as what is
	/// shocked away is for a bound of at most one; error at most four units in the last place for those. `OutOfDomain` for a spot not above zero.
	pub fn margin(&self, kind: Kind, strike: Q64, spot: Q64, bound: Q64) -> Result<Q64, MathError> {
		if !spot.is_positive() {
			return Err(MathError::OutOfDomain);
		}
		let (whole, shocked) = match kind {
			Kind::Put => (strike, mul_down(self.spot_shock, spot)?),
			Kind::Call => (Q64::ONE, div_down(mul_down(strike, self.spot_shock)?, spot)?),
		};
		add(mul_up(bound, whole.min(shocked))?, sub(whole, shocked)?.max(Q64::ZERO))
	}
}

/// A book under naked rules: each short by its rule, longs lend nothing, cash and collateral count in full.
///
/// Maintenance and initial requirement are the same. Margin in units of the underlying counts at spot. The
/// requirement is the margin less the mark of the short, which the book's mark has already: it is below zero
/// where the table understates the mark. Perpetuals are not known (`OutOfDomain`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NakedModel<'a> {
	/// Short calls.
	pub calls: NakedRule<'a>,
	/// Short puts.
	pub puts: NakedRule<'a>,
}

impl MarginModel for NakedModel<'_> {
	fn margins(&self, book: &Book<'_>) -> Result<Requirement, MathError> {
		book.check()?;
		if !book.perpetual.quantity.is_zero() {
			return Err(MathError::OutOfDomain);
		}
		let (mut options, mut needed) = (Q64::ZERO, Q64::ZERO);
		for leg in book.legs {
			options = add(options, mark(leg)?)?;
			if !leg.quantity.is_negative() {
				continue;
			}
			let (rule, price) = match leg.kind {
				Kind::Call => (&self.calls, book.spot),
				Kind::Put => (&self.puts, Q64::ONE),
			};
			let each = rule.margin(leg.kind, leg.strike, book.spot, rule.bound(leg.years)?)?;
			needed = add(needed, mul_up(mul_up(each, magnitude(leg.quantity)?)?, price)?)?;
		}
		let required = add(options, needed)?;
		Ok(Requirement {
			mark: add(book.mark_without_options()?, options)?,
			maintenance: required,
			initial: required,
		})
	}
}
