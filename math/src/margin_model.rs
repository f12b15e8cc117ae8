//! What every margin model is asked and answers: a book of one underlying in, its mark and two
//! requirements out.
//!
//! [`MarginModel`] is implemented by the chain's own model ([`OwnModel`], over
//! [`crate::requirement`]), by the scenario model whose behaviour is all data
//! ([`crate::portfolio_margin::PortfolioModel`]), and by the models that are rules per position
//! ([`crate::rule_margin`]). An account is sound when `mark >= maintenance`, and may open when
//! `mark >= initial`.

pub(crate) mod number;
mod own;
pub(crate) mod pricing;

pub use crate::requirement::Leg;
pub use own::OwnModel;

use crate::{error::MathError, fixed::Q64};
use number::{add, div_down, mul_down};

/// Number of the asset that is the underlying itself.
pub const UNDERLYING: u32 = 0;

/// A book of one underlying, and the market it is margined in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Book<'a> {
	/// Spot price, above zero.
	pub spot: Q64,
	/// Confidence in the spot price, 0 to 1 (1: none of it is in doubt).
	pub spot_confidence: Q64,
	/// Price of one unit of the quote currency in the currency that spot and collateral are priced in,
	/// above zero; one where they are the same.
	pub quote_price: Q64,
	/// Quote currency; negative is a loan.
	pub cash: Q64,
	/// Perpetual futures.
	pub perpetual: Perpetual,
	/// Collateral other than the quote currency.
	pub holdings: &'a [Holding],
	/// Options.
	pub legs: &'a [Leg],
	/// What is known of expiries beyond what their legs say.
	pub expiries: &'a [Expiry],
}

/// A position in a perpetual future on the underlying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Perpetual {
	/// Contracts of one unit; negative is short.
	pub quantity: Q64,
	/// Its price.
	pub price: Q64,
	/// Confidence in it, 0 to 1.
	pub confidence: Q64,
	/// Profit and funding not yet booked to cash.
	pub unsettled: Q64,
}

impl Perpetual {
	/// No position.
	pub const NONE: Self =
		Self { quantity: Q64::ZERO, price: Q64::ZERO, confidence: Q64::ONE, unsettled: Q64::ZERO };
}

/// Collateral in one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
	/// Which asset; [`UNDERLYING`] is the underlying.
	pub asset: u32,
	/// Units, not negative.
	pub quantity: Q64,
	/// Its price.
	pub price: Q64,
	/// Confidence in it, 0 to 1.
	pub confidence: Q64,
}

/// An expiry: what its legs do not say. An expiry that is not listed has full confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
	/// The number that its legs carry.
	pub expiry: u64,
	/// Least confidence in forward, rate and volatility, 0 to 1.
	pub confidence: Q64,
}

/// What a book is worth and what it must have, in quote currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
	/// Mark of everything in the book, cash included.
	pub mark: Q64,
	/// Maintenance requirement.
	pub maintenance: Q64,
	/// Initial requirement.
	pub initial: Q64,
}

impl Requirement {
	/// Mark over maintenance requirement: below zero the account is to be liquidated. Exact.
	pub fn maintenance_excess(&self) -> Result<Q64, MathError> {
		number::sub(self.mark, self.maintenance)
	}

	/// Mark over initial requirement: below zero nothing may be opened. Exact.
	pub fn initial_excess(&self) -> Result<Q64, MathError> {
		number::sub(self.mark, self.initial)
	}
}

/// A margin model with its parameters.
pub trait MarginModel {
	/// Marks a book and states its requirements. `OutOfDomain` for a book of what the model does not
	/// know (each says what) or a market that makes no sense; `Overflow` beyond 9.2e18.
	fn margins(&self, book: &Book<'_>) -> Result<Requirement, MathError>;
}

impl Book<'_> {
	/// `OutOfDomain` for prices not above zero, negative holdings, a confidence outside 0 to 1 or a fixed
	/// part outside 0 to its forward.
	pub(crate) fn check(&self) -> Result<(), MathError> {
		let certain = |confidence: Q64| (Q64::ZERO..=Q64::ONE).contains(&confidence);
		let sound = self.spot.is_positive()
			&& self.quote_price.is_positive()
			&& certain(self.spot_confidence)
			&& certain(self.perpetual.confidence)
			&& !self.perpetual.price.is_negative()
			&& self.holdings.iter().all(|holding| {
				!holding.quantity.is_negative()
					&& !holding.price.is_negative()
					&& certain(holding.confidence)
			}) && self.expiries.iter().all(|expiry| certain(expiry.confidence))
			&& self.legs.iter().all(|leg| !leg.fixed.is_negative() && leg.fixed <= leg.forward);
		if sound {
			Ok(())
		} else {
			Err(MathError::OutOfDomain)
		}
	}

	/// Value of a holding in quote currency, rounded down.
	pub fn value_of(&self, holding: &Holding) -> Result<Q64, MathError> {
		div_down(mul_down(holding.quantity, holding.price)?, self.quote_price)
	}

	/// Value of cash, unsettled profit and collateral, rounded down.
	pub(crate) fn mark_without_options(&self) -> Result<Q64, MathError> {
		let settled = add(self.cash, self.perpetual.unsettled)?;
		self.holdings.iter().try_fold(settled, |sum, holding| add(sum, self.value_of(holding)?))
	}

	/// Confidence in an expiry's forward, rate and volatility.
	pub(crate) fn confidence_of(&self, expiry: u64) -> Q64 {
		let known = self.expiries.iter().find(|known| known.expiry == expiry);
		known.map_or(Q64::ONE, |known| known.confidence)
	}

	/// Confidence in spot and, with a position in it, in the perpetual.
	pub(crate) fn confidence(&self) -> Q64 {
		if self.perpetual.quantity.is_zero() {
			self.spot_confidence
		} else {
			self.spot_confidence.min(self.perpetual.confidence)
		}
	}
}

/// Legs of one expiry.
#[derive(Clone, Copy)]
pub(crate) struct Group<'a> {
	/// The first of them.
	pub leg: &'a Leg,
	legs: &'a [Leg],
}

impl<'a> Group<'a> {
	/// The legs.
	pub fn iter(self) -> impl Iterator<Item = &'a Leg> {
		self.legs.iter().filter(move |other| other.expiry == self.leg.expiry)
	}
}

/// The expiries of a book, in the order in which they first appear.
pub(crate) fn groups(legs: &[Leg]) -> impl Iterator<Item = Group<'_>> {
	legs.iter().enumerate().filter_map(move |(index, leg)| {
		let known = legs.iter().take(index).any(|other| other.expiry == leg.expiry);
		(!known).then_some(Group { leg, legs })
	})
}
