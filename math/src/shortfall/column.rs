//! [`Column`]: what one contract of a series gains or loses at every node.

use super::nodes::{LAYERS, NODES, SPOT_NODES, VOLATILITY_MOVES};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::exp,
	requirement::{
		valuation::{American, Priced, Side, Valued},
		Exercise, Leg,
	},
	scenario::{VolMove, VolShock},
};

/// The order of volatility in a grid.
const MOVES: [VolMove; LAYERS] = [VolMove::Down, VolMove::None, VolMove::Up];

/// Spot over today's at every node, and how far volatility moves in the outer layers at each tenor. Made
/// once for all series of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lattice {
	factors: [Q64; SPOT_NODES],
	shock: VolShock,
}

impl Lattice {
	/// With the term structure of volatility moves ([`VolShock::multiple`]) of `shock`. The 30-day volatility
	/// moves by [`super::VOLATILITY_UP_PERCENT`] and [`super::VOLATILITY_DOWN_PERCENT`], and not by
	/// `up` and `down`; `least_up` is set aside: a floor under shocked volatilities is prudence of
	/// margin, here it would count every rise of a low volatility as a large one.
	pub fn new(shock: &VolShock) -> Result<Self, MathError> {
		let mut factors = [Q64::ONE; SPOT_NODES];
		for (factor, node) in factors.iter_mut().zip(NODES) {
			*factor = exp(node)?;
		}
		let (down, up) = VOLATILITY_MOVES;
		Ok(Self { factors, shock: VolShock { up, down, least_up: Q64::ZERO, ..*shock } })
	}
}

/// Change of the value of one contract at every node, in quote currency, in the order of
/// [`super::Grid`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
	pub(super) values: [[Q64; SPOT_NODES]; LAYERS],
}

impl Column {
	/// Of an option: its price at every node less its price now, each within the error of a price
	/// ([`crate::black76`]). Outside the domain values continue as in the margin requirement: forwards
	/// beyond a thousand times the strike (either way) at their limits, volatility, time and discount
	/// held at the edges, and within a settlement window only the open part of the forward moves.
	///
	/// Of the quantity only the sign counts: a price that is known to lie between two bounds is the lower
	/// one for a long, the upper one for a short. `OutOfDomain` for a strike or forward that is not above
	/// zero, or a fixed part outside [0, forward].
	pub fn new(leg: &Leg, lattice: &Lattice) -> Result<Self, MathError> {
		match leg.exercise {
			Exercise::European => Self::of(&Valued::new(leg, &lattice.shock)?, lattice),
			Exercise::American { .. } => {
				let side = Side::of(leg.quantity);
				Self::of(&American::new(leg, &lattice.shock, side)?, lattice)
			}
		}
	}

	fn of<P: Priced>(contract: &P, lattice: &Lattice) -> Result<Self, MathError> {
		let mut memo = P::Memo::default();
		let now = contract.price(&mut memo, Q64::ONE, VolMove::None)?;
		Self::from_values(lattice, |factor, direction| {
			let moved = contract.price(&mut memo, factor, direction)?;
			moved.checked_sub(now).ok_or(MathError::Overflow)
		})
	}

	/// Of one unit of the underlying, worth `spot`.
	pub fn of_unit(lattice: &Lattice, spot: Q64) -> Result<Self, MathError> {
		Self::from_values(lattice, |factor, _| {
			let change = factor.checked_sub(Q64::ONE).ok_or(MathError::Overflow)?;
			spot.checked_mul(change, Rounding::Nearest).ok_or(MathError::Overflow)
		})
	}

	/// Of any instrument: `change` says by how much its value changes when spot is `factor` times
	/// today's and volatility moves to an outer layer.
	pub fn from_values(
		lattice: &Lattice,
		mut change: impl FnMut(Q64, VolMove) -> Result<Q64, MathError>,
	) -> Result<Self, MathError> {
		let mut values = [[Q64::ZERO; SPOT_NODES]; LAYERS];
		// Node by node, since the logarithm of the forward is shared by the three volatilities.
		for (node, factor) in lattice.factors.iter().enumerate() {
			for (layer, direction) in values.iter_mut().zip(MOVES) {
				if let Some(value) = layer.get_mut(node) {
					*value = change(*factor, direction)?;
				}
			}
		}
		Ok(Self { values })
	}

	/// The nodes.
	pub const fn values(&self) -> &[[Q64; SPOT_NODES]; LAYERS] {
		&self.values
	}
}
