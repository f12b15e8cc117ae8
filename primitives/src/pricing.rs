//! What an option is worth at a market, and how that moves.

use crate::{arithmetic, time::years_between, MarketState, Moment, OptionKind, Price};
use ballast_math::{
	black76::{greeks, Greeks, Option76},
	fixed::Q64,
};
use sp_runtime::ArithmeticError;

impl MarketState {
	/// Mark of a European option and its derivatives, by Black-76 at the forward price and the volatility of
	/// its expiry, and that volatility: the numbers that margin is computed with too.
	/// [`ArithmeticError::Underflow`] for what the model has no error bound for.
	pub fn greeks(
		&self,
		now: Moment,
		kind: OptionKind,
		strike: Price,
		expiry: Moment,
	) -> Result<(Greeks, Q64), ArithmeticError> {
		let years = years_between(now, expiry);
		let volatility = self.volatility_at(strike, years)?;
		let option = Option76 {
			forward: self.forward(years)?,
			strike: strike.to_q64()?,
			volatility,
			years,
			discount: self.discount(years)?,
		};
		let greeks = greeks(&option, kind.into()).map_err(arithmetic)?;
		Ok((greeks, volatility))
	}
}
