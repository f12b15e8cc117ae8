//! Whether the prices of a chain of options keep the relations that prices must keep, whatever made
//! them: what anybody can ask to check the chain's mark prices.

use crate::{runtime_api::IntegrityView, Config, Pallet};
use alloc::vec::Vec;
use ballast_math::{
	black76::{price_both, Option76},
	fixed::Rounding,
	surface::{integrity, ExpiryPrices, StrikePrices},
	MathError, Q64,
};
use ballast_primitives::{
	arithmetic, time::years_between, MarketState, Moment, Price, Ratio, UnderlyingId, Usd,
};
use sp_runtime::ArithmeticError;

/// The marks of one expiry.
struct Expiry {
	forward: Q64,
	discount: Q64,
	strikes: Vec<StrikePrices>,
}

impl Expiry {
	/// The marks at these strikes, which are brought into order. Strikes beyond a thousand times the
	/// forward or a thousandth of it have no Black-76 price of their own and are left out.
	fn marked(
		state: &MarketState,
		years: Q64,
		mut strikes: Vec<Price>,
	) -> Result<Self, ArithmeticError> {
		strikes.sort();
		strikes.dedup();
		let (forward, discount) = (state.forward(years)?, state.discount(years)?);
		let mut marked = Vec::with_capacity(strikes.len());
		for price in strikes {
			let (volatility, strike) = (state.volatility_at(price, years)?, price.to_q64()?);
			let option = Option76 { forward, strike, volatility, years, discount };
			match price_both(&option) {
				Ok((call, put)) => marked.push(StrikePrices { strike, call, put }),
				Err(MathError::OutOfDomain) => {}
				Err(error) => return Err(arithmetic(error)),
			}
		}
		Ok(Self { forward, discount, strikes: marked })
	}
}

impl<T: Config> Pallet<T> {
	/// The largest violation of parity, monotonicity, convexity and calendar order over the marks of a
	/// chain of options; `None` if the market is unknown, out of range, or has no surface because only
	/// spot is fed. Expiries that have passed are left out.
	pub fn integrity_view(
		underlying: UnderlyingId,
		mut chain: Vec<(Moment, Vec<Price>)>,
	) -> Option<IntegrityView> {
		let state = Self::state_with_surface(underlying)?;
		let now = Self::market_now();
		chain.sort();
		let marked = chain
			.into_iter()
			.filter(|(expiry, _)| *expiry > now)
			.map(|(expiry, strikes)| Expiry::marked(&state, years_between(now, expiry), strikes))
			.collect::<Result<Vec<_>, _>>()
			.ok()?;
		let prices: Vec<ExpiryPrices<'_>> = marked
			.iter()
			.map(|expiry| ExpiryPrices {
				forward: expiry.forward,
				discount: expiry.discount,
				strikes: &expiry.strikes,
			})
			.collect();
		let found = integrity(&prices).ok()?;
		let strikes = marked.iter().map(|expiry| expiry.strikes.len()).sum::<usize>();
		Some(IntegrityView {
			strikes: u32::try_from(strikes).ok()?,
			parity: Usd::from_q64(found.parity, Rounding::Ceil).ok()?,
			monotonicity: Usd::from_q64(found.monotonicity, Rounding::Ceil).ok()?,
			convexity: Usd::from_q64(found.convexity, Rounding::Ceil).ok()?,
			calendar: Ratio::from_q64(found.calendar, Rounding::Ceil).ok()?,
		})
	}
}
