//! An option position as the margin mathematics sees it.

use crate::{
	arithmetic, time::years_between, Averaging, MarketState, Moment, Quantity, Series, Style,
};
use ballast_math::{
	fixed::{Rounding, Q64},
	requirement::{Exercise, Leg},
	surface::Surface,
};
use sp_runtime::ArithmeticError;

impl MarketState {
	/// A position in a series at this market, `now`.
	///
	/// In the settlement window of its expiry the forward is what is averaged already and the share of
	/// today's forward that is not: only the latter moves with spot.
	/// [`ArithmeticError::Overflow`] for a price or quantity above 9.2e18.
	pub fn leg(
		&self,
		now: Moment,
		series: &Series,
		averaging: Option<Averaging>,
		quantity: Quantity,
	) -> Result<Leg, ArithmeticError> {
		let years = years_between(now, series.expiry);
		let nodes = self.volatility.nodes()?;
		let surface = Surface::new(&nodes).map_err(arithmetic)?;
		let spot = self.spot.to_q64()?;
		let unfixed = surface.forward(spot, years).map_err(arithmetic)?;
		let (fixed, forward) = match averaging {
			None => (Q64::ZERO, unfixed),
			Some(Averaging { fixed, share }) => {
				let open = unfixed.checked_mul(share.to_q64()?, Rounding::Nearest);
				let fixed = fixed.to_q64()?;
				let forward = open.and_then(|open| fixed.checked_add(open));
				// A price of nothing at all has no logarithm.
				(fixed, forward.ok_or(ArithmeticError::Overflow)?.max(Q64::from_bits(1)))
			}
		};
		let exercise = match series.style {
			Style::European => Exercise::European,
			Style::American => Exercise::American {
				spot,
				rate: surface.rate_at(years).map_err(arithmetic)?,
				carry: surface.carry_at(years).map_err(arithmetic)?,
			},
		};
		Ok(Leg {
			kind: series.kind.into(),
			exercise,
			strike: series.strike.to_q64()?,
			expiry: series.expiry,
			years,
			forward,
			fixed,
			discount: surface.discount(years).map_err(arithmetic)?,
			volatility: Self::volatility_on(&surface, series.strike, unfixed, years)?,
			quantity: quantity.to_q64()?,
		})
	}
}
