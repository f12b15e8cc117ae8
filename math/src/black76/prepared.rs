//! [`Prepared`]: an option's contract terms, made ready to be valued at many forwards and volatilities.

use super::{terms::Terms, time::TimeToExpiry, Kind};
use crate::{
	error::MathError,
	fixed::{Rounding, Q64},
	kernels::{logarithm::minus_ln, mantissa::Mantissa, reciprocal::ratio},
	wide::{mul_hi, mul_wide, split},
};

/// 0.01 and 10.
const VOLATILITY_MIN: Q64 = Q64::from_bits((1 << 64) / 100);
const VOLATILITY_MAX: Q64 = Q64::from_int(10);
/// 0.001 and 2.
const DISCOUNT_MIN: Q64 = Q64::from_bits((1 << 64) / 1000);
const DISCOUNT_MAX: Q64 = Q64::from_int(2);
/// The largest quotient of forward and strike, either way.
const MONEYNESS_MAX: u128 = 1000;

/// Strike, time and discount factor with what follows from them alone. One series under many scenarios:
///
/// ```
/// use ballast_math::{black76::{Kind, Prepared, TimeToExpiry}, Q64};
/// # fn main() -> Result<(), ballast_math::MathError> {
/// let month = TimeToExpiry::from_seconds(30 * 86_400)?;
/// let series = Prepared::with_time(Q64::from_int(60_000), month, Q64::ONE)?;
/// let vols = [Q64::from_bits(1 << 63), Q64::ONE].map(|v| series.at_volatility(v));
/// for forward in [45_000, 60_000, 75_000] {
///     let forward = series.at_forward(Q64::from_int(forward))?;
///     for vol in vols {
///         let value = series.value(&forward, &vol?, Kind::Call)?;
///         assert!(value.is_positive());
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepared {
	strike: Q64,
	/// The strike in units of 1e-18 if it was given so.
	pub(super) strike_e18: Option<u128>,
	discount: Q64,
	time: TimeToExpiry,
	pub(super) discount_factor: Mantissa,
	/// Sign and magnitude of the rate `r = -ln(D) / T`, zero when the time is over. `None` where only prices are
	/// asked ([`Prepared::for_prices`]).
	rate: Option<(bool, Mantissa)>,
}

/// A forward against the strike of the [`Prepared`] that made it: belongs to that one alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moneyness {
	pub(super) forward: Q64,
	/// Forward at most the strike: the call is the out-of-the-money side.
	pub(super) call_is_out: bool,
	/// The smaller of forward and strike.
	pub(super) smaller: Mantissa,
	/// Smaller over larger, in (0, 1].
	pub(super) ratio: Mantissa,
	/// |ln(forward / strike)|.
	pub(super) log: Mantissa,
	/// D |forward - strike|, truncated.
	pub(super) intrinsic: Q64,
}

/// A volatility over the time of the [`Prepared`] that made it: belongs to that one alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deviation {
	pub(super) volatility: Mantissa,
	/// 1 / (volatility sqrt(T)); zero where the intrinsic value applies.
	pub(super) inverse: Mantissa,
	/// volatility sqrt(T) / 2 in 60 fractional bits: at most 8.7.
	pub(super) half: u64,
}

impl Moneyness {
	/// Whether an option of this kind is worth time value alone.
	#[inline(always)]
	pub(crate) const fn is_out_of_the_money(&self, kind: Kind) -> bool {
		matches!(kind, Kind::Call) == self.call_is_out
	}

	/// D |forward - strike|.
	pub(crate) const fn intrinsic(&self) -> Q64 {
		self.intrinsic
	}

	/// The smaller of forward and strike.
	pub(crate) const fn smaller(&self) -> Mantissa {
		self.smaller
	}

	/// |ln(forward / strike)|.
	pub(crate) const fn log(&self) -> Mantissa {
		self.log
	}
}

impl Deviation {
	/// The derivative of [`Prepared::out_of_the_money`] with respect to `sigma sqrt(T)`.
	pub(crate) fn slope(&self, money: &Moneyness) -> Mantissa {
		Terms::new(money, self).map_or(Mantissa::ZERO, |terms| terms.slope())
	}

	/// Volatility 0 or time over: the intrinsic value applies.
	#[inline(always)]
	pub(super) const fn is_flat(&self) -> bool {
		self.inverse.is_zero()
	}
}

impl Prepared {
	/// Strike in the quote currency, time in years of 365 days, discount factor. `OutOfDomain` for a
	/// negative strike, or a time or discount factor outside the module's range.
	pub fn new(strike: Q64, years: Q64, discount: Q64) -> Result<Self, MathError> {
		Self::with_time(strike, TimeToExpiry::from_years(years)?, discount)
	}

	/// The same from a [`TimeToExpiry`].
	pub fn with_time(strike: Q64, time: TimeToExpiry, discount: Q64) -> Result<Self, MathError> {
		let mut series = Self::without_rate(strike, time, discount)?;
		series.rate = Some(series.rate()?);
		Ok(series)
	}

	/// [`Prepared::new`] for half its cost, where prices alone are asked: Greeks are the same to the last bit, but
	/// each takes the logarithm of the discount factor anew.
	#[inline(always)]
	pub fn for_prices(strike: Q64, years: Q64, discount: Q64) -> Result<Self, MathError> {
		Self::without_rate(strike, TimeToExpiry::from_years(years)?, discount)
	}

	pub(super) fn without_rate(
		strike: Q64,
		time: TimeToExpiry,
		discount: Q64,
	) -> Result<Self, MathError> {
		if strike.is_negative() || discount < DISCOUNT_MIN || discount > DISCOUNT_MAX {
			return Err(MathError::OutOfDomain);
		}
		Ok(Self {
			strike,
			strike_e18: None,
			discount,
			time,
			discount_factor: Mantissa::from_q64(discount),
			rate: None,
		})
	}

	/// Sign and magnitude of the rate.
	pub(super) fn rate(&self) -> Result<(bool, Mantissa), MathError> {
		match self.rate {
			Some(rate) => Ok(rate),
			None => {
				let one = Q64::ONE.to_bits().unsigned_abs();
				self.rate_of(self.discount.to_bits().unsigned_abs(), one)
			}
		}
	}

	/// The same from a decimal discount factor.
	pub(super) fn set_rate(&mut self, discount: u128, one: u128) -> Result<(), MathError> {
		self.rate = Some(self.rate_of(discount, one)?);
		Ok(())
	}

	/// The rate of the discount factor `discount / one`, with 61 bits however close to one it is.
	fn rate_of(&self, discount: u128, one: u128) -> Result<(bool, Mantissa), MathError> {
		if self.time.is_over() || discount == one || discount == 0 {
			return Ok((false, Mantissa::ZERO));
		}
		// beside 2^64 itself a smaller one is its own fraction
		let quotient = if one == 1 << 64 && discount < one {
			discount << 64
		} else {
			ratio(discount.min(one), discount.max(one))
		};
		let log = minus_ln(quotient);
		let frequency = self.time.years().reciprocal().ok_or(MathError::DivisionByZero)?;
		Ok((discount > one, Mantissa::from_u128(log, 8).times(frequency)))
	}

	/// The strike.
	pub const fn strike(&self) -> Q64 {
		self.strike
	}

	/// The discount factor.
	pub const fn discount(&self) -> Q64 {
		self.discount
	}

	/// The time to expiry.
	pub const fn time(&self) -> TimeToExpiry {
		self.time
	}

	/// A forward, ready to be valued at many volatilities: takes the logarithm. `OutOfDomain` outside
	/// `K/F` in [1e-3, 1e3] (unless the time is over).
	#[inline(always)]
	pub fn at_forward(&self, forward: Q64) -> Result<Moneyness, MathError> {
		if forward.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		let (f, k) = (forward.to_bits().unsigned_abs(), self.strike.to_bits().unsigned_abs());
		self.moneyness(forward, f, k)
	}

	/// The same, with forward and strike in any common unit.
	#[inline(always)]
	pub(super) fn moneyness(&self, forward: Q64, f: u128, k: u128) -> Result<Moneyness, MathError> {
		let call_is_out = f <= k;
		let (smaller, larger) = if call_is_out { (f, k) } else { (k, f) };
		// Closer than a factor of 512 by their leading ones, or looked at: the product is slow.
		let inside = smaller != 0
			&& (smaller.leading_zeros().abs_diff(larger.leading_zeros()) <= 8
				|| smaller.saturating_mul(MONEYNESS_MAX) >= larger);
		if !inside && !self.time.is_over() {
			return Err(MathError::OutOfDomain);
		}
		let (ratio, log) = if !inside || smaller == larger {
			(Mantissa::ONE, Mantissa::ZERO)
		} else {
			let quotient = ratio(smaller, larger);
			(Mantissa::from_u128(quotient, 0), Mantissa::from_u128(minus_ln(quotient), 8))
		};
		Ok(Moneyness {
			forward,
			call_is_out,
			smaller: Mantissa::from_q64(forward.min(self.strike)),
			ratio,
			log,
			intrinsic: self.discounted(forward.to_bits().abs_diff(self.strike.to_bits()))?,
		})
	}

	/// A volatility, ready to be valued at many forwards: takes the reciprocal. `OutOfDomain` outside 0
	/// and [0.01, 10].
	pub fn at_volatility(&self, volatility: Q64) -> Result<Deviation, MathError> {
		if !volatility.is_zero() && !(VOLATILITY_MIN..=VOLATILITY_MAX).contains(&volatility) {
			return Err(MathError::OutOfDomain);
		}
		self.deviation(Mantissa::from_q64(volatility))
	}

	/// The same from a volatility known to be in range.
	#[inline(always)]
	pub(super) fn deviation(&self, volatility: Mantissa) -> Result<Deviation, MathError> {
		if volatility.is_zero() || self.time.is_over() {
			return Ok(Deviation { volatility, inverse: Mantissa::ZERO, half: 0 });
		}
		let deviation = volatility.times(self.time.root());
		let inverse = deviation.reciprocal().ok_or(MathError::DivisionByZero)?;
		let half = deviation.scaled(-1).to_q60().ok_or(MathError::OutOfDomain)?;
		Ok(Deviation { volatility, inverse, half })
	}

	/// Present value at a forward and a volatility made ready by this `Prepared`. Error: see the module.
	#[inline(always)]
	pub fn value(
		&self,
		money: &Moneyness,
		deviation: &Deviation,
		kind: Kind,
	) -> Result<Q64, MathError> {
		self.value_of(money, Self::out_of_the_money(money, deviation), kind)
	}

	/// Present value of one option on one unit, in the quote currency. Range, error: see the module.
	pub fn price(&self, forward: Q64, volatility: Q64, kind: Kind) -> Result<Q64, MathError> {
		let deviation = self.at_volatility(volatility)?;
		if deviation.is_flat() {
			return self.intrinsic(forward, kind);
		}
		self.value(&self.at_forward(forward)?, &deviation, kind)
	}

	/// Present values of the call and the put.
	pub fn price_both(&self, forward: Q64, volatility: Q64) -> Result<(Q64, Q64), MathError> {
		let deviation = self.at_volatility(volatility)?;
		if deviation.is_flat() {
			return Ok((self.intrinsic(forward, Kind::Call)?, self.intrinsic(forward, Kind::Put)?));
		}
		let money = self.at_forward(forward)?;
		self.values_of(&money, Self::out_of_the_money(&money, &deviation))
	}

	/// Discounted intrinsic value, truncated: error below one unit. Any forward from 0 up.
	pub fn intrinsic(&self, forward: Q64, kind: Kind) -> Result<Q64, MathError> {
		if forward.is_negative() {
			return Err(MathError::OutOfDomain);
		}
		let (up, down) = match kind {
			Kind::Call => (forward, self.strike),
			Kind::Put => (self.strike, forward),
		};
		if up <= down {
			return Ok(Q64::ZERO);
		}
		self.discounted(up.to_bits().abs_diff(down.to_bits()))
	}

	/// `D amount`, truncated.
	#[inline(always)]
	fn discounted(&self, bits: u128) -> Result<Q64, MathError> {
		let bits = i128::try_from(bits).map_err(|_| MathError::Overflow)?;
		if self.discount == Q64::ONE {
			return Ok(Q64::from_bits(bits));
		}
		let (whole, fraction) = split(self.discount.to_bits().unsigned_abs());
		if whole == 0 {
			// Neither the high word's product nor its sum with the low one's leaves 127 bits.
			let (high, low) = split(bits.unsigned_abs());
			let product = mul_wide(high, fraction).wrapping_add(mul_hi(low, fraction) as u128);
			return Ok(Q64::from_bits(product as i128));
		}
		Q64::from_bits(bits).checked_mul(self.discount, Rounding::Floor).ok_or(MathError::Overflow)
	}

	/// Undiscounted value of the side that is out of the money, over the smaller of forward and strike.
	#[inline(always)]
	pub(crate) fn out_of_the_money(money: &Moneyness, deviation: &Deviation) -> Mantissa {
		if deviation.is_flat() {
			return Mantissa::ZERO;
		}
		Terms::new(money, deviation).map_or(Mantissa::ZERO, |terms| terms.value())
	}

	/// Present value from the out-of-the-money side, truncated.
	#[inline(always)]
	pub(super) fn value_of(
		&self,
		money: &Moneyness,
		out: Mantissa,
		kind: Kind,
	) -> Result<Q64, MathError> {
		let (call, put) = self.values_of(money, out)?;
		Ok(if matches!(kind, Kind::Call) { call } else { put })
	}

	/// Present values of call and put from the out-of-the-money side, truncated.
	#[inline(always)]
	pub(super) fn values_of(
		&self,
		money: &Moneyness,
		out: Mantissa,
	) -> Result<(Q64, Q64), MathError> {
		let out = out.times(money.smaller).times(self.discount_factor).to_q64(false)?;
		let inside = out.checked_add(money.intrinsic).ok_or(MathError::Overflow)?;
		Ok(if money.call_is_out { (out, inside) } else { (inside, out) })
	}
}
