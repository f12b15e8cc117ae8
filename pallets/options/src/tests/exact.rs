//! What positions and their money are without rounding: every account by itself, as numbers between two
//! bounds that are less than a millionth of a unit apart. Knows nothing of indexes or epochs.

use sp_core::U512;

/// Fractional bits.
const BITS: usize = 128;

/// A signed number of units with 128 fractional bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wide {
	negative: bool,
	magnitude: U512,
}

impl Wide {
	pub fn units(units: i128) -> Self {
		Self { negative: units < 0, magnitude: U512::from(units.unsigned_abs()) << BITS }
	}

	fn plus(self, other: Self) -> Self {
		if self.negative == other.negative {
			let magnitude = self.magnitude + other.magnitude;
			return Self { magnitude, ..self };
		}
		if self.magnitude >= other.magnitude {
			let magnitude = self.magnitude - other.magnitude;
			return Self { magnitude, ..self };
		}
		Self { magnitude: other.magnitude - self.magnitude, ..other }
	}

	pub fn minus(self, other: Self) -> Self {
		self.plus(Self { negative: !other.negative, ..other })
	}

	/// `self x a / b`, towards minus (`up = false`) or plus infinity.
	fn times(self, a: U512, b: U512, up: bool) -> Self {
		let product = self.magnitude.checked_mul(a).expect("within 512 bits");
		let (quotient, rest) = product.div_mod(b);
		let away = !rest.is_zero() && up != self.negative;
		Self { magnitude: quotient + U512::from(u8::from(away)), ..self }
	}

	/// Whether it is at most this many units.
	pub fn at_most(self, units: i128) -> bool {
		let rest = self.minus(Self::units(units));
		rest.negative || rest.magnitude.is_zero()
	}

	pub fn not_below_zero(self) -> bool {
		!self.negative || self.magnitude.is_zero()
	}

	/// Whether it is at most `2^-20` of a unit.
	pub fn next_to_nothing(self) -> bool {
		self.negative || self.magnitude <= U512::one() << (BITS - 20)
	}
}

/// A number that is not known better than this.
#[derive(Clone, Copy, Debug, Default)]
pub struct Between {
	pub low: Wide,
	pub high: Wide,
}

impl Between {
	fn plus(self, other: Self) -> Self {
		Self { low: self.low.plus(other.low), high: self.high.plus(other.high) }
	}

	fn times(self, a: U512, b: U512) -> Self {
		Self { low: self.low.times(a, b, false), high: self.high.times(a, b, true) }
	}

	/// Whether it is this many units, as far as one knows, and whether one knows it well.
	pub fn is(self, units: i128) -> bool {
		let known = self.high.minus(self.low).next_to_nothing();
		known && self.low.at_most(units) && self.high.minus(Wide::units(units)).not_below_zero()
	}
}

/// The positions of one side.
#[derive(Debug)]
pub struct Exact {
	pub quantity: Vec<Between>,
	pub money: Vec<Between>,
}

impl Exact {
	pub fn new(accounts: usize) -> Self {
		let zeros = || vec![Between::default(); accounts];
		Self { quantity: zeros(), money: zeros() }
	}

	pub fn change(&mut self, who: u8, units: i128) {
		let by = Between { low: Wide::units(units), high: Wide::units(units) };
		let held = &mut self.quantity[usize::from(who)];
		*held = held.plus(by);
	}

	/// Everybody loses `taken / total` of a position, at `amount` of money (18 decimals) each.
	pub fn take(&mut self, taken: i128, total: i128, amount: u128) {
		let [taken, total] = [taken, total].map(|units| U512::from(units.unsigned_abs()));
		let one = U512::from(1_000_000_000_000_000_000u128);
		for (held, money) in self.quantity.iter_mut().zip(&mut self.money) {
			*money = money.plus(held.times(taken * U512::from(amount), total * one));
			*held = held.times(total - taken, total);
		}
	}

	pub fn sum(&self) -> Between {
		self.quantity.iter().fold(Between::default(), |sum, held| sum.plus(*held))
	}
}
