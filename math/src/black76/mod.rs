//! Black-76: European options on a forward.
//!
//! With `v = sigma sqrt(T)`, `d1 = ln(F/K) / v + v/2`, `d2 = d1 - v` (Black 1976, "The pricing of
//! commodity contracts", equation 16):
//!
//! ```text
//! call = D (F Phi(d1) - K Phi(d2))        put = D (K Phi(-d2) - F Phi(-d1))
//! ```
//!
//! # How it is computed
//!
//! Only the out-of-the-money option is evaluated; the other one is parity, `call - put = D (F - K)`.
//! With `m = min(F, K)`, `M = max(F, K)`, `x = ln(M/m)`, `a1 = -x/v + v/2`, `a2 = -x/v - v/2` and the
//! scaled tail `R(z) = exp(z^2/2) Phi(-z)` the out-of-the-money price is, since
//! `m exp(-a1^2/2) = M exp(-a2^2/2)`,
//!
//! ```text
//! a1 < 0:   D m exp(-a1^2/2) (R(-a1) - R(-a2))
//! a1 >= 0:  D m (1 - exp(-a1^2/2) (R(a1) + R(-a2)))
//! ```
//!
//! one exponential and two table look-ups, accurate relative to the price in the tail, and insensitive
//! to the error of `x/v` to first order.
//!
//! # Range
//!
//! | argument | range |
//! |---|---|
//! | forward, strike | above 0 up to 9.2e18, `K/F` in [1e-3, 1e3] |
//! | volatility | 0, or [0.01, 10] (1.00 is 100% a year) |
//! | time | [0, 3] years of 365 days |
//! | discount factor | [0.001, 2] |
//!
//! Below one second, or with volatility 0, every function gives the intrinsic value (and the moneyness
//! is not limited); otherwise, outside the range: `OutOfDomain`.
//!
//! # Error
//!
//! Against the exact value for the given arguments; `u` is 2^-64 = 5.4e-20, the last place of the result.
//!
//! | value | error at most |
//! |---|---|
//! | price | 1.4e-18 D max(F, K) + 2u |
//! | price out of the money, `a1 < 0` | 1.6e-18 D min(F, K) exp(-a1^2/2) + u: falls with the price |
//! | delta | 1.6e-18 D + u |
//! | vega | 1.8e-18 D F + u |
//! | rho | 1.7e-18 T D max(F, K) + (2 T + 1) u |
//! | gamma | 2.3e-17 max(1, gamma F) / F + u; `gamma_forward` 2.3e-17 max(1, gamma F) + u |
//! | theta | 1.9e-17 max(F, decay) + 2.1e-18 abs(r) D max(F, K) + (2 + 2 abs(r)) u, decay = D F phi(d1) sigma / (2 sqrt T) |
//! | vanna | 4.9e-18 D max(1, 1 / sigma) + u |
//! | volga | 1.4e-17 D F max(1, 1 / sigma) + u |
//!
//! The bounds hold for arguments as [`Q64`]. A decimal argument rounded to `Q64` is a slightly different
//! argument: half a unit of the forward moves `d1` by `2.7e-20 / (F v)`. [`Prepared::from_e18`] takes
//! 18-decimal arguments exactly (but for the amounts F and K themselves, one more u in a price).
//!
//! Absolute bounds on `gamma F` and `theta / F` cannot hold for short times, where these grow to 2e5 and
//! 1e4: the bounds above are relative there. Values are truncated, so the error is one-sided in the last
//! place but not before it: use the bound, not the sign.
//!
//! # How the bounds follow
//!
//! Let `c = x/v`, `h = v/2`, so that `a1 = h - c` and `-a2 = h + c =: b`, and `k = 1 / sqrt(2 pi)`. The
//! out-of-the-money price over `D m` is `g = Phi(a1) - exp(2ch) Phi(-b)`, with
//!
//! ```text
//! dg/dc = -2h exp(-a1^2/2) R(b)      dg/dh = 2 exp(-a1^2/2) (k - c R(b)), between 0 and 2 phi(a1)
//! ```
//!
//! 1. The arguments of the kernels. `v` has a relative error of 4.7u (sigma 1.125u, sqrt(T) 1.5625u, their
//!    product 2u). It moves `c` down as it moves `h` up, so that `g` sees only `v phi(a1)` of it, the vega. `c`
//!    has besides the logarithm's relative error (3.6u and 1u in 64 bits) and the reciprocal's (2.6u), which `g`
//!    sees times `2ch exp(-a1^2/2) R(b)`; both are rounded to 60 fractional bits (8u), seen times the
//!    derivatives above.
//! 2. The kernels at those arguments. exp(-a1^2/2) has a relative error of 8.1u, `R` an absolute one of -0.8u
//!    to 1.6u. Below `a1 = 0` that makes `exp(-a1^2/2) (8.1u (R1 - R2) + 2.4u)`, above it
//!    `exp(-a1^2/2) (8.1u (R1 + R2) + 3.2u)`.
//! 3. The products with `m` and `D`, 3u each, and the last place.
//!
//! Over `max(F, K)` the sum is multiplied by `m/M = exp(-x)`. The Greeks are `exp(-a1^2/2)` and `R` in the same
//! way, with `a1` and `b` moved by 4.7u of each other and the rest of 1, and one rounding per product.
//! `tools/black76_bounds.py` bounds these sums over the whole range, cell by cell, from the proven bounds of
//! the kernels; the results are in `kernels/certified.rs`, and a test asserts that the table above is not
//! below them.
//!
//! # Properties
//!
//! - `intrinsic <= price <= D F` (call), `<= D K` (put), exactly.
//! - `call - put` equals `D (F - K)` to one unit in the last place.
//! - Falling in strike (call), rising in volatility, and rising in time at `D = 1`: up to twice the
//!   bound of the price, that is wherever the true change is larger than the error.

mod decimal;
mod greeks;
mod prepared;
mod terms;
mod time;

pub use greeks::{Greeks, Quote};
pub use prepared::{Deviation, Moneyness, Prepared};
pub use time::{TimeToExpiry, SECONDS_PER_YEAR};

use crate::{error::MathError, fixed::Q64};

/// The right of the option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
	/// To receive the forward for the strike.
	Call,
	/// To deliver the forward for the strike.
	Put,
}

/// A European option on a forward. Ranges: see the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Option76 {
	/// Forward price of the underlying at expiry, in the quote currency.
	pub forward: Q64,
	/// Strike price, in the quote currency.
	pub strike: Q64,
	/// Volatility of the logarithm of the forward; 1.00 is 100% in a square-root year.
	pub volatility: Q64,
	/// Time to expiry in years of 365 days. A [`Q64`] of years resolves one second to 1e-12 of itself
	/// only: to reach the error bounds against a whole number of seconds use
	/// [`TimeToExpiry::from_seconds`] with [`Prepared::with_time`].
	pub years: Q64,
	/// Value today of one unit of the quote currency at expiry.
	pub discount: Q64,
}

impl Option76 {
	fn prepared(&self) -> Result<Prepared, MathError> {
		Prepared::new(self.strike, self.years, self.discount)
	}

	fn for_prices(&self) -> Result<Prepared, MathError> {
		Prepared::for_prices(self.strike, self.years, self.discount)
	}
}

/// Present value of one option on one unit, in the quote currency. Range, error: see the module.
pub fn price(option: &Option76, kind: Kind) -> Result<Q64, MathError> {
	option.for_prices()?.price(option.forward, option.volatility, kind)
}

/// Present values of the call and the put, for little more than the cost of one.
pub fn price_both(option: &Option76) -> Result<(Q64, Q64), MathError> {
	option.for_prices()?.price_both(option.forward, option.volatility)
}

/// Present value and its derivatives. Range, error: see the module; definitions: [`Greeks`].
pub fn greeks(option: &Option76, kind: Kind) -> Result<Greeks, MathError> {
	option.prepared()?.greeks(option.forward, option.volatility, kind)
}

/// Present values of call and put with delta, gamma, vega, theta and rho. Definitions: [`Quote`].
pub fn quote(option: &Option76) -> Result<Quote, MathError> {
	option.prepared()?.quote(option.forward, option.volatility)
}

/// Discounted intrinsic value, `D max(F - K, 0)` for a call and `D max(K - F, 0)` for a put, truncated
/// (error below one unit). Forward and strike 0 and above; the volatility is not looked at.
pub fn intrinsic(option: &Option76, kind: Kind) -> Result<Q64, MathError> {
	option.for_prices()?.intrinsic(option.forward, kind)
}
