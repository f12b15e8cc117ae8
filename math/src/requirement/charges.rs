//! What is added to the scan loss, and the requirement that comes of it.

use super::{
	add, greatest_loss, ledger_floor, mul_down, mul_up, sub, Book, Contract, Margins, Terms,
};
use crate::{
	contingency::{vol_bucket, vol_term_within, Basis, VOL_BUCKETS},
	error::MathError,
	fixed::Q64,
	kernels::exp,
};

/// What is added to, or multiplied onto, the scan loss. Not negative; ratios, but where it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contingencies {
	/// Maintenance requirement of net short contracts, as a share of spot.
	pub short_mm: Q64,
	/// What initial margin adds to it, as a share of spot.
	pub short_im: Q64,
	/// Initial scan margin over the scan loss, at least one.
	pub initial_factor: Q64,
	/// Share of the loss of an expiry's options in its worse basis move that counts at expiry.
	pub basis_weight: Q64,
	/// What a year to expiry adds to that share.
	pub basis_weight_per_year: Q64,
	/// Share of what one bucket of expiries gains and another loses as volatility rises that counts.
	pub vol_term: Q64,
	/// Charge per unit of notional, contracts of either sign times spot.
	pub confidence: Q64,
	/// What net long option value of an expiry counts for at the expiry. At most one.
	pub long_value: Q64,
	/// Rate a year by which it is discounted besides the interest rate. With a rate of zero and a
	/// `long_value` of one it counts as it is, without interest.
	pub long_value_rate: Q64,
	/// Factor on the initial scan margin of a book with net short contracts, at least one.
	pub open_interest: Q64,
	/// Share of the value of the units that is required.
	pub peg: Q64,
}

impl Contingencies {
	/// The scan loss as it is.
	pub const NONE: Self = Self {
		short_mm: Q64::ZERO,
		short_im: Q64::ZERO,
		initial_factor: Q64::ONE,
		basis_weight: Q64::ZERO,
		basis_weight_per_year: Q64::ZERO,
		vol_term: Q64::ZERO,
		confidence: Q64::ZERO,
		long_value: Q64::ONE,
		long_value_rate: Q64::ZERO,
		open_interest: Q64::ONE,
		peg: Q64::ZERO,
	};

	/// What net long value of an expiry counts for: `long_value D exp(-T rate)`, at most one, rounded
	/// down but for the error of the exponential, 4.4e-19.
	fn long_factor(&self, years: Q64, discount: Q64) -> Result<Q64, MathError> {
		let faded = if self.long_value_rate.is_positive() {
			let exponent = mul_up(years.max(Q64::ZERO), self.long_value_rate)?;
			exp(exponent.checked_neg().ok_or(MathError::Overflow)?)?
		} else {
			Q64::ONE
		};
		if faded == Q64::ONE && self.long_value >= Q64::ONE {
			return Ok(Q64::ONE);
		}
		let factor = mul_down(mul_down(self.long_value, discount)?, faded)?;
		Ok(factor.clamp(Q64::ZERO, Q64::ONE))
	}
}

/// The options of one expiry.
pub(crate) struct Expiry {
	/// Time to it.
	pub years: Q64,
	/// Value today of one quote unit at it.
	pub discount: Q64,
	/// Value now.
	pub mark: Q64,
	/// Change of value as the forward rises, and as it falls: the least that either can be.
	pub basis: [Q64; 2],
	/// Change of value as volatility rises: the least and the greatest that it can be.
	pub volatility: [Q64; 2],
}

/// Charges on options, added up expiry by expiry. Legs of one expiry that come as several are charged
/// for each, which is never less: basis and discount are subadditive, the rest does not ask.
pub(crate) struct Charges<'a> {
	contingencies: &'a Contingencies,
	/// Mark of all options.
	mark: Q64,
	basis: Q64,
	discount: Q64,
	/// Contracts of either sign.
	contracts: Q64,
	/// Least and greatest change of each bucket as volatility rises.
	least: [Q64; VOL_BUCKETS],
	greatest: [Q64; VOL_BUCKETS],
}

impl<'a> Charges<'a> {
	pub fn new(contingencies: &'a Contingencies) -> Self {
		let none = [Q64::ZERO; VOL_BUCKETS];
		Self {
			contingencies,
			mark: Q64::ZERO,
			basis: Q64::ZERO,
			discount: Q64::ZERO,
			contracts: Q64::ZERO,
			least: none,
			greatest: none,
		}
	}

	/// Counts contracts of one series.
	pub fn count(&mut self, quantity: Q64) -> Result<(), MathError> {
		self.contracts = add(self.contracts, quantity.checked_abs().ok_or(MathError::Overflow)?)?;
		Ok(())
	}

	/// Adds the options of an expiry.
	pub fn add(&mut self, expiry: &Expiry) -> Result<(), MathError> {
		let Expiry { years, discount, mark, basis: [up, down], volatility: [least, greatest] } =
			*expiry;
		self.mark = add(self.mark, mark)?;
		let basis = Basis {
			base: self.contingencies.basis_weight,
			per_year: self.contingencies.basis_weight_per_year,
			..Basis::NONE
		};
		if up.min(down).is_negative() {
			let charge = basis.charge(Q64::ZERO, up, down, years.max(Q64::ZERO))?;
			self.basis = add(self.basis, charge)?;
		}
		if mark.is_positive() {
			let counted = mul_down(mark, self.contingencies.long_factor(years, discount)?)?;
			self.discount = add(self.discount, sub(mark, counted)?)?;
		}
		let bucket = vol_bucket(years);
		let buckets = (self.least.get_mut(bucket), self.greatest.get_mut(bucket));
		let (Some(sum_least), Some(sum_greatest)) = buckets else { return Ok(()) };
		*sum_least = add(*sum_least, least)?;
		*sum_greatest = add(*sum_greatest, greatest)?;
		Ok(())
	}

	pub fn mark(&self) -> Q64 {
		self.mark
	}
}

/// Worst losses of a book and the charges on its options, however they were found.
pub(crate) struct Scan<'a> {
	/// Mark of the units.
	pub units_value: Q64,
	/// Worst weighted loss at the maintenance range and its scenario.
	pub loss_mm: (Q64, u8),
	/// The same at the initial range.
	pub loss_im: (Q64, u8),
	/// Of the options; their mark.
	pub charges: Charges<'a>,
}

impl Scan<'_> {
	/// Adds the charges, caps the sums and adds the rest.
	pub fn margins<L: Contract>(&self, book: &Book<'_, L>) -> Result<Margins, MathError> {
		let Charges { contingencies, basis, discount, .. } = self.charges;
		let mark = ledger_floor(self.charges.mark)?;
		let units_value = ledger_floor(self.units_value)?;
		let (loss_mm, binding_mm) = self.loss_mm;
		let (loss_im, binding_im) = self.loss_im;
		let Charges { least, greatest, .. } = &self.charges;
		let vol_term = vol_term_within(least, greatest, contingencies.vol_term)?;
		let notional = mul_up(self.charges.contracts, book.spot)?;
		let confidence = mul_up(notional, contingencies.confidence)?;
		let extras = add(add(basis, vol_term)?, discount)?;
		let shorts = short_contracts(book.legs)?;
		let mut factor = contingencies.initial_factor;
		if shorts.is_positive() {
			factor = mul_up(factor, contingencies.open_interest)?;
		}
		// Whatever estimates a loss of value is within what the book can lose at all.
		let l_max = greatest_loss(book, add(mark, units_value)?)?;
		let capped = |loss: Q64| l_max.map_or(loss, |l_max| loss.min(l_max));
		let scan_mm = capped(add(loss_mm, extras)?);
		let extras_im = add(extras, confidence)?;
		let scan_im = capped(add(mul_up(factor, loss_im)?, extras_im)?).max(scan_mm);
		let short_notional = mul_up(shorts, book.spot)?;
		let peg = mul_up(units_value, contingencies.peg)?;
		let contingency_mm = add(mul_up(short_notional, contingencies.short_mm)?, peg)?;
		let contingency_im = mul_up(short_notional, contingencies.short_im)?;
		Ok(Margins {
			mark,
			units_value,
			loss_mm,
			loss_im,
			basis,
			vol_term,
			confidence,
			discount,
			scan_mm,
			scan_im,
			l_max,
			peg,
			contingency_mm,
			contingency_im,
			maintenance: add(scan_mm, contingency_mm)?,
			initial: add(add(scan_im, contingency_mm)?, contingency_im)?,
			binding_mm,
			binding_im,
		})
	}
}

/// Net short contracts, strike by strike, added up.
fn short_contracts<L: Contract>(legs: &[L]) -> Result<Q64, MathError> {
	let mut total = Q64::ZERO;
	// A strike has net shorts only if it has a short; the first of them finds them all.
	for (index, leg) in legs.iter().enumerate() {
		let Terms { strike, quantity, .. } = leg.terms();
		if quantity.is_negative() {
			if let Some(net) = net_at(legs, strike, index)? {
				total = sub(total, net.min(Q64::ZERO))?;
			}
		}
	}
	Ok(total)
}

/// Contracts at a strike, net; `None` if it has a short before the leg of this index.
#[inline(always)]
fn net_at<L: Contract>(legs: &[L], strike: Q64, index: usize) -> Result<Option<Q64>, MathError> {
	let mut net = Q64::ZERO;
	for (at, leg) in legs.iter().enumerate() {
		let leg = leg.terms();
		if leg.strike == strike {
			if at < index && leg.quantity.is_negative() {
				return Ok(None);
			}
			net = add(net, leg.quantity)?;
		}
	}
	Ok(Some(net))
}
