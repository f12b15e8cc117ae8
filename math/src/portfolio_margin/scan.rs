//! The book in every scenario.

use super::{Rules, Shift, MAX_SHIFTS};
use crate::{
	black76::Deviation,
	error::MathError,
	fixed::Q64,
	kernels::ln,
	margin_model::{
		groups,
		number::{add, div, magnitude, mul_down, negated, sub},
		pricing::{Contract, Money},
		Book, Group, Leg,
	},
	scenario::{Skew, SkewAtTenor, VolMove},
};

/// What one scan finds.
#[derive(Clone, Copy)]
pub(super) struct Scan {
	/// Mark of the options, rounded down.
	pub options: Q64,
	/// Profit in each scenario, rounded down.
	pub profits: [Q64; MAX_SHIFTS],
	/// Basis charge, rounded up.
	pub basis: Q64,
}

/// Revalues a book at a scan range.
pub(super) fn scan(
	book: &Book<'_>,
	shifts: &[Shift],
	rules: &Rules<'_>,
	range: Q64,
) -> Result<Scan, MathError> {
	if shifts.len() > MAX_SHIFTS {
		return Err(MathError::OutOfDomain);
	}
	book.check()?;
	let mut moves = [Q64::ONE; MAX_SHIFTS];
	for (shift, factor) in shifts.iter().zip(&mut moves) {
		*factor = shift.spot.factor(range)?;
	}
	let market = Market { book, shifts, rules, moves: &moves };
	let mut scan = Scan { options: Q64::ZERO, profits: [Q64::ZERO; MAX_SHIFTS], basis: Q64::ZERO };
	for group in groups(book.legs) {
		market.add_expiry(group, &mut scan)?;
	}
	let delta_one = market.delta_one()?;
	for ((shift, factor), profit) in shifts.iter().zip(&moves).zip(&mut scan.profits) {
		let linear = mul_down(delta_one, sub(*factor, Q64::ONE)?)?;
		let total = add(*profit, mul_down(linear, shift.weight)?)?;
		*profit = relieved(total, shift.relief)?;
	}
	Ok(scan)
}

/// A profit or loss brought towards zero by at most `relief`.
fn relieved(profit: Q64, relief: Q64) -> Result<Q64, MathError> {
	if profit.is_negative() {
		Ok(add(profit, relief)?.min(Q64::ZERO))
	} else {
		Ok(sub(profit, relief)?.max(Q64::ZERO))
	}
}

/// A book and what happens to it.
struct Market<'a> {
	book: &'a Book<'a>,
	shifts: &'a [Shift],
	rules: &'a Rules<'a>,
	/// Spot after each shift over spot before it.
	moves: &'a [Q64; MAX_SHIFTS],
}

/// One expiry under the rules.
struct Tenor {
	/// [`super::VolRule::multiple`].
	multiple: Q64,
	skew: SkewAtTenor,
}

/// Value of an expiry's legs: now, at the two forwards of the basis charge, and in each scenario.
struct Values {
	now: Q64,
	at_up: Q64,
	at_down: Q64,
	shifted: [Q64; MAX_SHIFTS],
}

impl Market<'_> {
	/// Value that moves in proportion to spot: perpetuals, and collateral that does.
	fn delta_one(&self) -> Result<Q64, MathError> {
		let perpetual = &self.book.perpetual;
		let mut sum = mul_down(perpetual.quantity, perpetual.price)?;
		for holding in self.book.holdings {
			if self.rules.collateral(holding.asset)?.moves_with_spot {
				sum = add(sum, self.book.value_of(holding)?)?;
			}
		}
		Ok(sum)
	}

	/// Adds what one expiry contributes.
	fn add_expiry(&self, group: Group<'_>, scan: &mut Scan) -> Result<(), MathError> {
		let years = group.leg.years;
		let tenor = Tenor {
			multiple: self.rules.volatility.multiple(years)?,
			skew: self.rules.skew.at(years)?,
		};
		let mut values = Values {
			now: Q64::ZERO,
			at_up: Q64::ZERO,
			at_down: Q64::ZERO,
			shifted: [Q64::ZERO; MAX_SHIFTS],
		};
		for leg in group.iter() {
			self.add_leg(leg, &tenor, &mut values)?;
		}
		scan.options = add(scan.options, values.now)?;
		let charge = self.rules.basis.charge(values.now, values.at_up, values.at_down, years)?;
		scan.basis = add(scan.basis, charge)?;

		let long = self.rules.discount.long_factor(years, group.leg.discount)?;
		let short = self.rules.discount.short_factor(years, group.leg.discount)?;
		let results = values.shifted.iter().zip(&mut scan.profits);
		for (shift, (value, profit)) in self.shifts.iter().zip(results) {
			let counted = mul_down(*value, if value.is_negative() { short } else { long })?;
			let own = mul_down(sub(counted, values.now)?, shift.weight)?;
			let own = match shift.skew {
				Skew::None => own,
				Skew::Linear | Skew::Absolute => negated(magnitude(own)?)?,
			};
			*profit = add(*profit, own)?;
		}
		Ok(())
	}

	/// Adds a leg to the values of its expiry.
	fn add_leg(&self, leg: &Leg, tenor: &Tenor, values: &mut Values) -> Result<(), MathError> {
		let levels = Levels::new(leg, tenor, self.rules)?;
		let contract = &levels.contract;
		let variable = sub(leg.forward, leg.fixed)?;
		let money = |factor: Q64| contract.at_forward(add(leg.fixed, mul_down(variable, factor)?)?);
		let worth = |money: &Money, level: &Deviation| {
			mul_down(leg.quantity, contract.value(money, level)?)
		};
		let here = money(Q64::ONE)?;
		values.now = add(values.now, worth(&here, &levels.none)?)?;
		let (up, down) = (money(self.rules.basis.up)?, money(self.rules.basis.down)?);
		values.at_up = add(values.at_up, worth(&up, &levels.none)?)?;
		values.at_down = add(values.at_down, worth(&down, &levels.none)?)?;

		// Scenarios of one spot move follow each other.
		let mut last = (Q64::ONE, here);
		let sums = self.moves.iter().zip(&mut values.shifted);
		for (shift, (factor, sum)) in self.shifts.iter().zip(sums) {
			if last.0 != *factor {
				last = (*factor, money(*factor)?);
			}
			*sum = add(*sum, worth(&last.1, &levels.of(shift)?)?)?;
		}
		Ok(())
	}
}

/// A leg's volatilities.
struct Levels<'a> {
	contract: Contract,
	tenor: &'a Tenor,
	log_moneyness: Q64,
	/// Up, unmoved and down: as numbers, for the smile to move, and ready to be valued at.
	volatilities: [Q64; 3],
	up: Deviation,
	none: Deviation,
	down: Deviation,
}

impl<'a> Levels<'a> {
	fn new(leg: &Leg, tenor: &'a Tenor, rules: &Rules<'_>) -> Result<Self, MathError> {
		let contract = Contract::new(leg)?;
		let moved =
			|direction| rules.volatility.shocked_by(leg.volatility, tenor.multiple, direction);
		let (up, none, down) = (moved(VolMove::Up)?, leg.volatility, moved(VolMove::Down)?);
		Ok(Self {
			contract,
			tenor,
			log_moneyness: ln(div(leg.strike, leg.forward)?)?,
			volatilities: [up, none, down],
			up: contract.at_volatility(up)?,
			none: contract.at_volatility(none)?,
			down: contract.at_volatility(down)?,
		})
	}

	/// The volatility in a scenario.
	fn of(&self, shift: &Shift) -> Result<Deviation, MathError> {
		let [up, none, down] = self.volatilities;
		let (level, ready) = match shift.volatility {
			VolMove::Up => (up, self.up),
			VolMove::None => (none, self.none),
			VolMove::Down => (down, self.down),
		};
		match shift.skew {
			Skew::None => Ok(ready),
			skew => {
				let factor = self.tenor.skew.factor(skew, self.log_moneyness)?;
				self.contract.at_volatility(mul_down(level, factor)?)
			}
		}
	}
}
