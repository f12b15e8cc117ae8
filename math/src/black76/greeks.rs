//! Derivatives of the present value.

use super::{
	prepared::{Deviation, Moneyness, Prepared},
	terms::Terms,
	Kind,
};
use crate::{error::MathError, fixed::Q64, kernels::mantissa::Mantissa};

/// Present value `V` and its derivatives, of one option on one unit. `phi` is the standard normal density,
/// `r = -ln(D) / T` the rate that the discount factor stands for. Errors: see the module.
///
/// Where the intrinsic value applies (time over or volatility 0) the derivatives in volatility and the
/// second derivatives are zero, and delta at the money is half of its jump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Greeks {
	/// `V`, quote currency.
	pub price: Q64,
	/// `dV/dF`: `D Phi(d1)` for a call, `-D Phi(-d1)` for a put. Between -D and D.
	pub delta: Q64,
	/// `d2V/dF2 = D phi(d1) / (F v)`, per unit of quote currency. Never negative. Its last place is
	/// coarse for a large forward: use `gamma_forward` there.
	pub gamma: Q64,
	/// `F gamma`: the change of delta for a change of the forward by its own size.
	pub gamma_forward: Q64,
	/// `dV/dsigma = D F phi(d1) sqrt(T)`, quote currency per 1.00 of volatility (a hundredth of it per
	/// volatility point). Never negative.
	pub vega: Q64,
	/// `-dV/dT` at constant forward, volatility and rate: `r V - D F phi(d1) sigma / (2 sqrt(T))`,
	/// quote currency per year of 365 days. What the option gains as time passes: usually negative.
	pub theta: Q64,
	/// `dV/dr = -T V` at constant forward, quote currency per 1.00 of rate. Never positive.
	pub rho: Q64,
	/// `d2V/dF dsigma = -D phi(d1) d2 / sigma`: the change of delta per 1.00 of volatility.
	pub vanna: Q64,
	/// `d2V/dsigma2 = D F phi(d1) sqrt(T) d1 d2 / sigma`: the change of vega per 1.00 of volatility.
	pub volga: Q64,
}

/// Call and put of one series with the derivatives that a book of options is run by. Those of the put
/// follow by parity: delta less `D`, the same gamma and vega, theta less `r D (F - K)`, rho plus
/// `T D (F - K)`. Definitions, units and errors: [`Greeks`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quote {
	/// Present value of the call, quote currency.
	pub call: Q64,
	/// Present value of the put, quote currency.
	pub put: Q64,
	/// `dV/dF` of the call, between 0 and D.
	pub delta: Q64,
	/// `d2V/dF2`, per unit of quote currency.
	pub gamma: Q64,
	/// `dV/dsigma`, quote currency per 1.00 of volatility.
	pub vega: Q64,
	/// `-dV/dT` of the call at constant forward, volatility and rate, quote currency per year.
	pub theta: Q64,
	/// `dV/dr` of the call at constant forward, quote currency per 1.00 of rate.
	pub rho: Q64,
}

impl Quote {
	const fn new(call: Greeks, put: Q64) -> Self {
		let Greeks { price, delta, gamma, vega, theta, rho, .. } = call;
		Self { call: price, put, delta, gamma, vega, theta, rho }
	}
}

/// What gamma, vega and theta have in common.
struct Densities {
	/// `D phi(d1)`
	density: Mantissa,
	/// `D F phi(d1)`
	cash: Mantissa,
	/// `D phi(d1) / v`
	gamma_forward: Mantissa,
	/// `D phi(d1) / (F v)`
	gamma: Mantissa,
	/// `D F phi(d1) sigma^2 / (2 v)`, below zero: `sigma / (2 sqrt T) = sigma^2 / (2 v)`.
	decay: Q64,
}

impl Prepared {
	/// Present value and its derivatives. Range, error: see the module.
	pub fn greeks(&self, forward: Q64, volatility: Q64, kind: Kind) -> Result<Greeks, MathError> {
		let deviation = self.at_volatility(volatility)?;
		if deviation.is_flat() {
			return self.greeks_at_rest(forward, kind);
		}
		self.greeks_at(&self.at_forward(forward)?, &deviation, kind)
	}

	/// The same at a forward and a volatility made ready by this `Prepared`.
	pub fn greeks_at(
		&self,
		money: &Moneyness,
		deviation: &Deviation,
		kind: Kind,
	) -> Result<Greeks, MathError> {
		if deviation.is_flat() {
			return self.greeks_at_rest(money.forward, kind);
		}
		let Some(terms) = Terms::new(money, deviation) else {
			return self.greeks_far(money, kind);
		};
		let price = self.value_of(money, terms.value(), kind)?;
		let (above, below) = terms.probabilities(money);
		let delta = match kind {
			Kind::Call => self.discount_factor.times(above).to_q64(false)?,
			Kind::Put => self.discount_factor.times(below).to_q64(true)?,
		};
		let d = self.densities(&terms, money, deviation)?;
		let (vanna, volga) = self.volatility_seconds(&terms, money, deviation, d.density)?;
		Ok(Greeks {
			price,
			delta,
			gamma: d.gamma.to_q64(false)?,
			gamma_forward: d.gamma_forward.to_q64(false)?,
			vega: d.cash.times(self.time().root()).to_q64(false)?,
			theta: self.carry(price)?.checked_add(d.decay).ok_or(MathError::Overflow)?,
			rho: self.rho(price)?,
			vanna,
			volga,
		})
	}

	/// Call, put, and the first derivatives and gamma of the call: [`Prepared::greeks`] and
	/// [`Prepared::price_both`] in one, to the last bit, for less than either of their sum. Range,
	/// error: see the module.
	pub fn quote(&self, forward: Q64, volatility: Q64) -> Result<Quote, MathError> {
		let deviation = self.at_volatility(volatility)?;
		if deviation.is_flat() {
			let call = self.greeks_at_rest(forward, Kind::Call)?;
			return Ok(Quote::new(call, self.intrinsic(forward, Kind::Put)?));
		}
		self.quote_at(&self.at_forward(forward)?, &deviation)
	}

	/// The same at a forward and a volatility made ready by this `Prepared`.
	pub fn quote_at(&self, money: &Moneyness, deviation: &Deviation) -> Result<Quote, MathError> {
		if deviation.is_flat() {
			let call = self.greeks_at_rest(money.forward, Kind::Call)?;
			return Ok(Quote::new(call, self.intrinsic(money.forward, Kind::Put)?));
		}
		let Some(terms) = Terms::new(money, deviation) else {
			let call = self.greeks_far(money, Kind::Call)?;
			return Ok(Quote::new(call, self.value_of(money, Mantissa::ZERO, Kind::Put)?));
		};
		let (call, put) = self.values_of(money, terms.value())?;
		let d = self.densities(&terms, money, deviation)?;
		Ok(Quote {
			call,
			put,
			delta: self.discount_factor.times(terms.probabilities(money).0).to_q64(false)?,
			gamma: d.gamma.to_q64(false)?,
			vega: d.cash.times(self.time().root()).to_q64(false)?,
			theta: self.carry(call)?.checked_add(d.decay).ok_or(MathError::Overflow)?,
			rho: self.rho(call)?,
		})
	}

	#[inline(always)]
	fn densities(
		&self,
		terms: &Terms,
		money: &Moneyness,
		deviation: &Deviation,
	) -> Result<Densities, MathError> {
		let forward = Mantissa::from_q64(money.forward);
		let per_forward = forward.reciprocal().ok_or(MathError::DivisionByZero)?;
		let density = self.discount_factor.times(terms.density(money));
		let cash = density.times(forward);
		let gamma_forward = density.times(deviation.inverse);
		let decay = cash
			.times(deviation.volatility)
			.times(deviation.volatility)
			.times(deviation.inverse)
			.scaled(-1)
			.to_q64(true)?;
		let gamma = gamma_forward.times(per_forward);
		Ok(Densities { density, cash, gamma_forward, gamma, decay })
	}

	/// Vanna and volga. `1 / sigma = sqrt(T) / v`.
	fn volatility_seconds(
		&self,
		terms: &Terms,
		money: &Moneyness,
		deviation: &Deviation,
		density: Mantissa,
	) -> Result<(Q64, Q64), MathError> {
		let ((d1_negative, d1), (d2_negative, d2)) = terms.distances(money);
		let per_volatility = density.times(d2).times(self.time().root()).times(deviation.inverse);
		let volga = per_volatility
			.times(d1)
			.times(self.time().root())
			.times(Mantissa::from_q64(money.forward));
		Ok((per_volatility.to_q64(!d2_negative)?, volga.to_q64(d1_negative != d2_negative)?))
	}

	/// Where the out-of-the-money side is worth nothing: the derivatives of the intrinsic value.
	fn greeks_far(&self, money: &Moneyness, kind: Kind) -> Result<Greeks, MathError> {
		let price = self.value_of(money, Mantissa::ZERO, kind)?;
		let delta = match (kind, money.call_is_out) {
			(Kind::Call, true) | (Kind::Put, false) => Q64::ZERO,
			(Kind::Call, false) => self.discount(),
			(Kind::Put, true) => self.discount().checked_neg().ok_or(MathError::Overflow)?,
		};
		Ok(Greeks {
			price,
			delta,
			theta: self.carry(price)?,
			rho: self.rho(price)?,
			..Greeks::default()
		})
	}

	/// Where the intrinsic value applies.
	fn greeks_at_rest(&self, forward: Q64, kind: Kind) -> Result<Greeks, MathError> {
		let price = self.intrinsic(forward, kind)?;
		let half = Q64::from_bits(self.discount().to_bits() >> 1);
		let size = match (forward.cmp(&self.strike()), kind) {
			(core::cmp::Ordering::Equal, _) => half,
			(core::cmp::Ordering::Greater, Kind::Call) | (core::cmp::Ordering::Less, Kind::Put) => {
				self.discount()
			}
			_ => Q64::ZERO,
		};
		let delta = match kind {
			Kind::Call => size,
			Kind::Put => size.checked_neg().ok_or(MathError::Overflow)?,
		};
		Ok(Greeks {
			price,
			delta,
			theta: self.carry(price)?,
			rho: self.rho(price)?,
			..Greeks::default()
		})
	}

	/// `r V`, truncated towards zero.
	fn carry(&self, price: Q64) -> Result<Q64, MathError> {
		let (negative, rate) = self.rate()?;
		Mantissa::from_q64(price).times(rate).to_q64(negative)
	}

	/// `-T V`, truncated towards zero.
	fn rho(&self, price: Q64) -> Result<Q64, MathError> {
		Mantissa::from_q64(price).times(self.time().years()).to_q64(true)
	}
}
