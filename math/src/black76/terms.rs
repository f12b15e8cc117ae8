//! What price and Greeks have in common: the out-of-the-money side in units of the smaller of forward
//! and strike.

use super::{Deviation, Moneyness};
use crate::kernels::{
	mantissa::Mantissa,
	normal::{bell, density, mills},
};

/// From here on (10.5, in 60 fractional bits) the tail counts as nothing: the density is below 5e-25,
/// which is below 3e-19 even divided by the smallest deviation, 1.8e-6.
const CUT: u64 = 21 << 59;

/// `a1` and `a2` of the module documentation with the functions evaluated there.
pub(super) struct Terms {
	/// exp(-a1^2 / 2)
	bell: Mantissa,
	/// Sign and magnitude of a1, in 60 fractional bits.
	a1_negative: bool,
	a1: u64,
	/// -a2, never negative.
	a2: u64,
	/// R(|a1|) and R(-a2), in 64 fractional bits.
	mills1: u64,
	mills2: u64,
}

impl Terms {
	/// `None` where the out-of-the-money side is worth nothing: a1 below -10.5.
	///
	/// Otherwise `-a2 = sqrt(a1^2 + 2 x) <= sqrt(10.5^2 + 2 ln 1000) < 11.25`, within the table.
	#[inline(always)]
	pub(super) fn new(money: &Moneyness, deviation: &Deviation) -> Option<Self> {
		let centre = money.log.product_q60(deviation.inverse)?;
		let half = deviation.half;
		let a1_negative = centre > half;
		let a1 = centre.abs_diff(half);
		if a1_negative && a1 > CUT {
			return None;
		}
		let a2 = centre.checked_add(half)?;
		Some(Self { bell: bell(a1), a1_negative, a1, a2, mills1: mills(a1), mills2: mills(a2) })
	}

	/// Undiscounted out-of-the-money price over the smaller of forward and strike, in [0, 1].
	#[inline(always)]
	pub(super) fn value(&self) -> Mantissa {
		if self.a1_negative {
			self.bell.times_fraction(self.mills1.saturating_sub(self.mills2))
		} else {
			Mantissa::complement(self.bell.of_fraction(self.mills1.saturating_add(self.mills2)))
		}
	}

	/// `(Phi(d1), Phi(-d1))`.
	///
	/// With the forward the smaller, d1 = a1; otherwise d1 = -a2 and
	/// exp(-a2^2/2) = exp(-a1^2/2) m/M.
	#[inline(always)]
	pub(super) fn probabilities(&self, money: &Moneyness) -> (Mantissa, Mantissa) {
		let (bell, mills, negative) = if money.call_is_out {
			(self.bell, self.mills1, self.a1_negative)
		} else {
			(self.bell.times(money.ratio), self.mills2, false)
		};
		let tail = bell.times_fraction(mills);
		let rest = Mantissa::complement(bell.of_fraction(mills));
		if negative {
			(tail, rest)
		} else {
			(rest, tail)
		}
	}

	/// The density at d1.
	#[inline(always)]
	pub(super) fn density(&self, money: &Moneyness) -> Mantissa {
		let own = density(self.bell);
		if money.call_is_out {
			own
		} else {
			own.times(money.ratio)
		}
	}

	/// The density at a1: the derivative of [`Terms::value`] with respect to the deviation.
	#[inline(always)]
	pub(super) fn slope(&self) -> Mantissa {
		density(self.bell)
	}

	/// `(negative, |d1|)` and `(negative, |d2|)`.
	#[inline(always)]
	pub(super) fn distances(&self, money: &Moneyness) -> ((bool, Mantissa), (bool, Mantissa)) {
		let a1 = Mantissa::new(self.a1, 4);
		let a2 = Mantissa::new(self.a2, 4);
		if money.call_is_out {
			((self.a1_negative, a1), (true, a2))
		} else {
			((false, a2), (!self.a1_negative, a1))
		}
	}
}
