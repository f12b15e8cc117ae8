//! Black-Scholes integrity: the relations that prices of one market must keep whatever model made
//! them.

use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
};

/// The prices of one strike, in the quote currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrikePrices {
	/// Strike, above zero.
	pub strike: Q64,
	/// Price of the European call.
	pub call: Q64,
	/// Price of the European put.
	pub put: Q64,
}

/// The prices of one expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryPrices<'a> {
	/// Forward price, above zero.
	pub forward: Q64,
	/// Discount factor, above zero.
	pub discount: Q64,
	/// Strikes, increasing.
	pub strikes: &'a [StrikePrices],
}

/// The largest violation of each relation, in the quote currency: what a trader could take from the
/// prices for one unit. Zero where none is violated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Integrity {
	/// `|call - put - D (F - K)|`.
	pub parity: Q64,
	/// A vertical spread below nothing or above its largest payoff: calls fall in strike by at most `D`
	/// per unit, puts rise by at most that.
	pub monotonicity: Q64,
	/// A butterfly below nothing: a price above the line between its neighbours in strike.
	pub convexity: Q64,
	/// A calendar spread below nothing: at one `K / F`, the price over `D F` falls from one expiry to
	/// the next. In units of the earlier `D F`.
	pub calendar: Q64,
}

impl Integrity {
	/// The largest of all.
	pub fn worst(&self) -> Q64 {
		self.parity.max(self.monotonicity).max(self.convexity).max(self.calendar)
	}
}

/// Measures the prices of expiries in order of time.
///
/// A later price at the earlier strike's `K / F` is not in the chain as a rule. The line between the
/// later strikes around it lies above it, so an earlier price above that line is a violation whatever
/// happens between the strikes; where no later strikes are around it there is nothing to compare.
///
/// Range: forwards, discount factors and strikes above zero, strikes increasing; else `OutOfDomain`.
/// Error: 1e-17 of the largest of forward and strikes. Prices of an admissible surface show nothing
/// beyond that and the error of the prices.
pub fn integrity(chain: &[ExpiryPrices]) -> Result<Integrity, MathError> {
	let mut found = Integrity::default();
	let mut before: Option<&ExpiryPrices> = None;
	for expiry in chain {
		expiry.ensure_in_range()?;
		expiry.measure(&mut found)?;
		if let Some(near) = before {
			for row in near.strikes {
				let violation = near.above(row, expiry)?;
				found.calendar = found.calendar.max(violation);
			}
		}
		before = Some(expiry);
	}
	Ok(found)
}

impl ExpiryPrices<'_> {
	fn ensure_in_range(&self) -> Result<(), MathError> {
		let increasing =
			self.strikes.iter().zip(self.strikes.iter().skip(1)).all(|(a, b)| a.strike < b.strike);
		let positive = self.strikes.first().is_none_or(|row| row.strike.is_positive());
		if increasing && positive && self.forward.is_positive() && self.discount.is_positive() {
			Ok(())
		} else {
			Err(MathError::OutOfDomain)
		}
	}

	/// What is violated within the expiry.
	fn measure(&self, found: &mut Integrity) -> Result<(), MathError> {
		let rows = self.strikes;
		for row in rows {
			let parity = mul(self.discount, sub(self.forward, row.strike)?)?;
			let gap = sub(sub(row.call, row.put)?, parity)?;
			found.parity = found.parity.max(gap.checked_abs().ok_or(MathError::Overflow)?);
		}
		for (low, high) in rows.iter().zip(rows.iter().skip(1)) {
			let most = mul(self.discount, sub(high.strike, low.strike)?)?;
			for spread in [sub(low.call, high.call)?, sub(high.put, low.put)?] {
				let short = sub(Q64::ZERO, spread)?.max(sub(spread, most)?);
				found.monotonicity = found.monotonicity.max(short);
			}
		}
		for ((low, middle), high) in rows.iter().zip(rows.iter().skip(1)).zip(rows.iter().skip(2)) {
			let call = line((low.strike, low.call), (high.strike, high.call), middle.strike)?;
			let put = line((low.strike, low.put), (high.strike, high.put), middle.strike)?;
			let short = sub(middle.call, call)?.max(sub(middle.put, put)?);
			found.convexity = found.convexity.max(short);
		}
		Ok(())
	}

	/// By how much a row's call and put are dearer than those of a later expiry at the same `K / F`.
	fn above(&self, row: &StrikePrices, far: &ExpiryPrices) -> Result<Q64, MathError> {
		let scale = div(far.forward, self.forward)?;
		let strike = mul(row.strike, scale)?;
		let pairs = far.strikes.iter().zip(far.strikes.iter().skip(1));
		let mut around =
			pairs.into_iter().filter(|(low, high)| (low.strike..=high.strike).contains(&strike));
		let Some((low, high)) = around.next() else { return Ok(Q64::ZERO) };
		let worth = mul(scale, div(far.discount, self.discount)?)?;
		let call = line((low.strike, low.call), (high.strike, high.call), strike)?;
		let put = line((low.strike, low.put), (high.strike, high.put), strike)?;
		let short = sub(row.call, div(call, worth)?)?.max(sub(row.put, div(put, worth)?)?);
		Ok(short.max(Q64::ZERO))
	}
}

/// The line through two points at a place between them.
fn line(low: (Q64, Q64), high: (Q64, Q64), at: Q64) -> Result<Q64, MathError> {
	let share = div(sub(at, low.0)?, sub(high.0, low.0)?)?;
	low.1.checked_add(mul(sub(high.1, low.1)?, share)?).ok_or(MathError::Overflow)
}

fn sub(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_sub(b).ok_or(MathError::Overflow)
}

fn mul(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_mul(b, Rounding::Nearest).ok_or(MathError::Overflow)
}

fn div(a: Q64, b: Q64) -> Result<Q64, MathError> {
	a.checked_div(b, Rounding::Nearest).ok_or(MathError::Overflow)
}
