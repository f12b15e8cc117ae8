//! The requirement of a book from the risk arrays of its series.

use super::{
	expiries::Expiries,
	scan::{scan_both, Scale},
	SeriesRisk, SideRisk,
};
use crate::{
	black76::Kind,
	error::MathError,
	fixed::Q64,
	requirement::{mul_down, Book, Charges, Contingencies, Contract, Margins, Scan, Terms},
	scenario::Scenario,
};

/// A position of a series that was valued before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArrayLeg<'a> {
	/// Call or put.
	pub kind: Kind,
	/// Strike price, above zero.
	pub strike: Q64,
	/// Which expiry it belongs to: legs with the same number settle at the same price.
	pub expiry: u64,
	/// Time to it in years.
	pub years: Q64,
	/// Contracts; negative is short.
	pub quantity: Q64,
	/// Its series.
	pub risk: &'a SeriesRisk,
}

impl Contract for ArrayLeg<'_> {
	#[inline(always)]
	fn terms(&self) -> Terms {
		Terms {
			kind: self.kind,
			strike: self.strike,
			expiry: self.expiry,
			quantity: self.quantity,
			forward: self.risk.forward,
			fixed: self.risk.fixed,
			discount: self.risk.discount,
			early: self.risk.short.is_some(),
		}
	}
}

/// Marks a book and computes its requirement from risk arrays.
///
/// The same as [`crate::requirement::requirement`] of the same book at the tick, grid and ranges from
/// which the arrays were made: marks, `l_max`, notional charges, discount and contingencies to the last unit,
/// the two losses, basis and vol-term (and what is made of them) rounded up further, by no more than the
/// module states. Where two scenarios are equally bad within that, the other one may be named as binding.
///
/// Legs of one expiry should stand side by side: each run of them is charged for basis and discount by
/// itself, which is never less than what all of them together are.
///
/// `unit` is one unit of the underlying ([`SideRisk::of_unit`]), needed if there are units. `OutOfDomain`:
/// it is missing, an array is not of these scenarios, spot is not above zero, or the units are negative.
/// `Overflow` beyond 9.2e18 of quote currency, or for more than 256 legs and units.
pub fn requirement_from_arrays(
	book: &Book<'_, ArrayLeg<'_>>,
	unit: Option<&SideRisk>,
	scenarios: &[Scenario],
	contingencies: &Contingencies,
) -> Result<Margins, MathError> {
	book.ensure_meaningful()?;
	if unit.is_none() && !book.units.is_zero() {
		return Err(MathError::OutOfDomain);
	}
	let units = unit.map(|unit| (book.units, &unit.array)).into_iter();
	let legs = book.legs.iter().map(|leg| (leg.quantity, &leg.risk.side(leg.quantity).array));
	let legs = legs.chain(units);
	let mut losses = ((Q64::ZERO, 0), (Q64::ZERO, 0));
	let mut charges = Charges::new(contingencies);
	// Where nothing is held there is nothing to charge for.
	if let Some(scale) = Scale::of(legs.clone())? {
		let mut expiries = Expiries::new(book.legs, scale, contingencies);
		losses = scan_both(legs, scale, scenarios, |weight, apart| expiries.add(weight, apart))?;
		charges = expiries.charges()?;
	}
	let units_value = mul_down(book.units, book.spot)?;
	Scan { units_value, loss_mm: losses.0, loss_im: losses.1, charges }.margins(book)
}
