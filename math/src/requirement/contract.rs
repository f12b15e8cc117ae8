//! One option position, and what of it a bound on the loss needs to know.

use crate::{black76::Kind, fixed::Q64};

/// When an option may be exercised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exercise {
	/// At expiry only: Black-76.
	European,
	/// At any time up to expiry, for what it pays at spot: a long counts the lower and a short the
	/// upper bound of [`crate::american`].
	American {
		/// Spot price, above zero: the forward is `spot exp(carry years)`.
		spot: Q64,
		/// Continuous interest rate a year: the discount factor is `exp(-rate years)`.
		rate: Q64,
		/// Continuous growth of the forward a year.
		carry: Q64,
	},
}

/// One option position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
	/// Call or put.
	pub kind: Kind,
	/// When it may be exercised.
	pub exercise: Exercise,
	/// Strike price, above zero.
	pub strike: Q64,
	/// Which expiry it belongs to: legs with the same number settle at the same price.
	pub expiry: u64,
	/// Time to expiry in years; zero once expired (then the value is what it would pay at spot).
	pub years: Q64,
	/// Forward price for the expiry, the fixed part included.
	pub forward: Q64,
	/// The part of the forward that no move of spot changes, in [0, forward]: what an average over
	/// a settlement window has fixed so far. The rest moves with spot in proportion. Zero outside
	/// the window.
	pub fixed: Q64,
	/// Value today of one quote unit at the expiry.
	pub discount: Q64,
	/// Annualised volatility of the part that moves.
	pub volatility: Q64,
	/// Contracts; negative is short.
	pub quantity: Q64,
}

/// What a position pays at its expiry, and what the expiry is worth now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
	/// Call or put.
	pub kind: Kind,
	/// Strike price, above zero.
	pub strike: Q64,
	/// Which expiry it belongs to.
	pub expiry: u64,
	/// Contracts; negative is short.
	pub quantity: Q64,
	/// Forward price for the expiry, the fixed part included; the same in one expiry.
	pub forward: Q64,
	/// The part of the forward that spot does not move; the same in one expiry.
	pub fixed: Q64,
	/// Value today of one quote unit at the expiry; the same in one expiry.
	pub discount: Q64,
	/// Whether it may be exercised before it expires.
	pub early: bool,
}

/// An option position, valued or to be valued.
pub trait Contract {
	/// Its terms.
	fn terms(&self) -> Terms;
}

impl Contract for Leg {
	#[inline(always)]
	fn terms(&self) -> Terms {
		Terms {
			kind: self.kind,
			strike: self.strike,
			expiry: self.expiry,
			quantity: self.quantity,
			forward: self.forward,
			fixed: self.fixed,
			discount: self.discount,
			early: matches!(self.exercise, Exercise::American { .. }),
		}
	}
}
