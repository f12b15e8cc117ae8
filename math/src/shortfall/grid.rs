//! [`Grid`]: what a book gains or loses at every node.

use super::{
	column::Column,
	nodes::{LAYERS, SPOT_NODES},
};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
};

/// Change of a book's value on one underlying at every node, in quote currency: by volatility (down,
/// unmoved, up), then by spot in the order of [`super::NODE_BASIS_POINTS`].
///
/// A trade adds its quantity times the [`Column`] of its series, in whatever order trades come; taking
/// the same quantity off again gives the same grid, to the last unit. After `n` additions the grid is
/// within `n/2` units in the last place of the exact sum of quantities times columns, so two ways of `n` and `m`
/// additions to one book differ by at most `(n + m)/2` units (2.7e-20 of quote currency each).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
	pub(super) values: [[Q64; SPOT_NODES]; LAYERS],
}

impl Default for Grid {
	fn default() -> Self {
		Self::ZERO
	}
}

impl Grid {
	/// The grid of an empty book.
	pub const ZERO: Self = Self { values: [[Q64::ZERO; SPOT_NODES]; LAYERS] };

	/// From stored nodes.
	pub const fn from_values(values: [[Q64; SPOT_NODES]; LAYERS]) -> Self {
		Self { values }
	}

	/// The nodes.
	pub const fn values(&self) -> &[[Q64; SPOT_NODES]; LAYERS] {
		&self.values
	}

	/// Adds `quantity` contracts of a series; negative takes them off. Each node to nearest, half a unit
	/// at most. `Overflow` beyond 9.2e18 of quote currency: the grid is then not changed.
	pub fn add(&mut self, column: &Column, quantity: Q64) -> Result<(), MathError> {
		let mut next = *self;
		for (layer, changes) in next.values.iter_mut().zip(&column.values) {
			for (value, change) in layer.iter_mut().zip(changes) {
				let moved = change.checked_mul(quantity, Rounding::Nearest);
				*value =
					moved.and_then(|moved| value.checked_add(moved)).ok_or(MathError::Overflow)?;
			}
		}
		*self = next;
		Ok(())
	}

	/// Adds `units` of the underlying itself, worth `spot` each: `units spot (e^x - 1)` at log return
	/// `x`, whatever volatility does. Errors as [`Grid::add`].
	pub fn add_units(
		&mut self,
		lattice: &super::Lattice,
		spot: Q64,
		units: Q64,
	) -> Result<(), MathError> {
		self.add(&Column::of_unit(lattice, spot)?, units)
	}
}
