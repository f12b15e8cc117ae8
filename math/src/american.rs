//! American options: what they are worth at least and at most.
//!
//! No formula gives the value of an American option. Margin needs two numbers that enclose it: long
//! positions count at [`Bounds::lower`], short positions owe [`Bounds::upper`].
//!
//! | value | what it is | against the true value |
//! |---|---|---|
//! | [`Series::lower`] | exercise at a stepping boundary, Bjerksund and Stensland (2002) | never above |
//! | [`Series::bjerksund_stensland_1993`] | exercise at a flat boundary, Bjerksund and Stensland (1993) | never above |
//! | [`Series::barone_adesi_whaley`] | quadratic approximation, Barone-Adesi and Whaley (1987) | on either side |
//! | [`Series::upper`] | the larger of that and the income from exercise at too low a boundary | never below |
//!
//! The two of Bjerksund and Stensland are the values of rules that the holder may follow, so they are bounds
//! by construction. Barone-Adesi and Whaley's value is *not* a bound: it lies below the true one for
//! about a quarter of all options, the more the stronger the carry. [`Series::upper`] therefore also takes
//! the premium as the income from exercise above a boundary that is known to be too low, which is a
//! bound. Measured distances: `docs/math.md`.
//!
//! # When exercise pays
//!
//! With rate `r`, carry `b` (the forward is `S exp(b T)`) and yield `q = r - b`, early exercise of a call
//! earns `q S - r K` per year and that of a put `r K - q S`. So a call is European for `q <= 0`, a put for
//! `r = 0` and `q >= 0`, and both are for `r = b = 0`: the options on a forward that is not discounted.
//! At `r = 0` with `b < 0` a call, with `b > 0` a put has a premium all the same, and it is counted.
//!
//! # Range
//!
//! | argument | range |
//! |---|---|
//! | spot, strike | above 0 up to 9.2e18, `K/S` and `K/F` in [1e-3, 1e3] |
//! | volatility | 0, or [0.01, 10] |
//! | time | [0, 3] years of 365 days |
//! | rate | [0, 10] a year, and `exp(-r T)` at least 0.001 |
//! | carry | [-100, 100] a year |
//!
//! Outside: `OutOfDomain`; a negative rate is outside. Below one second the value is the intrinsic one.
//! Without volatility the value is that of the best moment, exactly.
//!
//! # Error
//!
//! Of the arithmetic, against the named formula evaluated exactly: at most 1e-10 max(S, K), most of it
//! the quadrature of the bivariate distribution. [`Series::lower`] can be above the true value by that
//! much and no more. How far the formulas are from the true value is theirs, and measured.
//!
//! # Properties
//!
//! - `max(intrinsic, European) <= lower <= upper`, exactly; also for the two approximations alone.
//! - `P(S, K, r, b) = C(K, S, r - b, -b)` for the lower bounds, up to rounding.

mod bivariate;
mod bjerksund;
mod ceiling;
mod market;
mod normal;
mod real;
mod series;
mod whaley;

pub use series::{Exercise, Series, Spot};

use crate::{
	black76::{Kind, TimeToExpiry},
	error::MathError,
	fixed::Q64,
};

/// An American option on a spot. Ranges: see the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct American {
	/// Price of the underlying now, in the quote currency.
	pub spot: Q64,
	/// Strike price, in the quote currency.
	pub strike: Q64,
	/// Volatility of the logarithm of the spot; 1.00 is 100% in a square-root year.
	pub volatility: Q64,
	/// Time to expiry in years of 365 days.
	pub years: Q64,
	/// Continuous interest rate of the quote currency per year: the discount factor is `exp(-r T)`.
	pub rate: Q64,
	/// Continuous growth of the forward per year: the forward is `S exp(b T)`.
	pub carry: Q64,
}

/// What an option is worth at least and at most, in the quote currency, per unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
	/// Never above the true value (but for 1e-10 max(S, K)): for what an account owns.
	pub lower: Q64,
	/// Never below the true value (as measured: see the module): for what an account owes.
	pub upper: Q64,
}

/// Lower and upper bound of one option. Several options of a series: [`Series`].
pub fn bounds(option: &American, kind: Kind) -> Result<Bounds, MathError> {
	let time = TimeToExpiry::from_years(option.years)?;
	let series = Series::new(option.strike, time, option.rate, option.carry)?;
	let exercise = series.at_volatility(option.volatility, kind)?;
	series.bounds(&series.at_spot(option.spot)?, &exercise)
}

#[cfg(test)]
mod tests;
