//! The chain's own model behind the trait.

use super::{
	number::{add, mul_down},
	Book, MarginModel, Requirement, UNDERLYING,
};
use crate::{
	error::MathError,
	fixed::Q64,
	requirement::{self, Contingencies, Grid},
};

/// The chain's own requirement: see [`crate::requirement`].
///
/// It margins options and units of the underlying; cash is marked. Perpetuals and other collateral are not
/// its matter (`OutOfDomain`): on the chain each other asset is an underlying with a book of its own.
/// Confidence and the price of the quote currency are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnModel<'a> {
	/// Scenarios and ranges.
	pub grid: Grid<'a>,
	/// Contingencies.
	pub contingencies: Contingencies,
}

impl MarginModel for OwnModel<'_> {
	fn margins(&self, book: &Book<'_>) -> Result<Requirement, MathError> {
		book.check()?;
		if !book.perpetual.quantity.is_zero() {
			return Err(MathError::OutOfDomain);
		}
		let mut units = Q64::ZERO;
		for holding in book.holdings {
			if holding.asset != UNDERLYING {
				return Err(MathError::OutOfDomain);
			}
			units = add(units, holding.quantity)?;
		}
		let own = requirement::Book { spot: book.spot, units, legs: book.legs };
		let margins = requirement::requirement(&own, &self.grid, &self.contingencies)?;
		let settled = add(book.cash, book.perpetual.unsettled)?;
		Ok(Requirement {
			mark: add(settled, add(margins.mark, mul_down(units, book.spot)?)?)?,
			maintenance: margins.maintenance,
			initial: margins.initial,
		})
	}
}
