//! The collar: how far from mark two accounts may trade.
//!
//! Mark is the number that margin counts: the same function of the same tick, an average in the
//! settlement window and early exercise included. A long American position counts a lower and a short
//! one an upper bound of the value: the collar reaches from below the one to above the other.
//!
//! The move of volatility is repriced, not taken as vega times points: the two agree to the second
//! order, but repricing has a value wherever margin has one and needs no derivative of an American
//! option.

use crate::{pallet::*, types::Collar};
use ballast_math::{
	fixed::{Rounding, Q64},
	requirement::{Grid, Leg, Moves},
	risk_array::{SeriesRisk, SideRisk},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
	MathError,
};
use ballast_primitives::{
	arithmetic, params::TradeRules, MarketState, Price, Quantity, Series, SeriesId, SeriesState,
};
use ballast_traits::{InspectMarket, InspectSeries, RiskParameters};
use frame_support::pallet_prelude::*;
use sp_runtime::ArithmeticError;

/// The lowest volatility that anything is priced at: 0.01, rounded up.
const VOLATILITY_MIN: Q64 = Q64::from_bits((1 << 64) / 100 + 1);

/// The two scenarios that move volatility alone.
const APART: [Scenario; 2] = [in_scenario(VolMove::Up), in_scenario(VolMove::Down)];

const fn in_scenario(volatility: VolMove) -> Scenario {
	Scenario { spot: SpotMove::ScanRanges(Q64::ZERO), volatility, weight: Q64::ONE }
}

/// What one contract counts on one side.
struct Values {
	mark: Q64,
	/// At a volatility that is higher.
	wild: Q64,
	/// At one that is lower.
	calm: Q64,
}

impl Values {
	fn of(side: &SideRisk) -> Result<Self, MathError> {
		let mut changes = side.array.changes();
		let mut next = || -> Result<Q64, MathError> {
			let change = changes.next().ok_or(MathError::OutOfDomain)??;
			// The kernel's error may leave a worthless option one unit below zero.
			let moved = side.mark.checked_add(change).ok_or(MathError::Overflow)?;
			Ok(moved.max(Q64::ZERO))
		};
		let (wild, calm) = (next()?, next()?);
		Ok(Self { mark: side.mark.max(Q64::ZERO), wild, calm })
	}
}

/// What one contract counts now and when volatility moves by so much: held, and owed. The moved ones are
/// within 2^-54 of the greater move.
fn values(leg: &Leg, points: Q64) -> Result<(Values, Values), MathError> {
	let volatility = leg.volatility.max(VOLATILITY_MIN);
	let share = points.checked_div(volatility, Rounding::Nearest).ok_or(MathError::Overflow)?;
	let shock = VolShock {
		up: share,
		down: share,
		// The same move at every tenor.
		short_power: Q64::ZERO,
		long_power: Q64::ZERO,
		floor_years: Q64::ZERO,
		cap: Q64::ONE,
		least_up: Q64::ZERO,
	};
	let grid = Grid {
		scenarios: &APART,
		range_mm: Q64::ZERO,
		range_im: Q64::ZERO,
		shock,
		basis_up: Q64::ZERO,
		basis_down: Q64::ZERO,
	};
	let risk = SeriesRisk::new(&Leg { volatility, ..*leg }, &Moves::new(&grid)?)?;
	let held = Values::of(&risk.long)?;
	let owed = Values::of(risk.short.as_ref().unwrap_or(&risk.long))?;
	Ok((held, owed))
}

/// The collar of a contract. Both edges are rounded inwards, but for the last place of [`values`].
pub(crate) fn collar(
	leg: &Leg,
	spot: Price,
	rules: &TradeRules,
) -> Result<Collar, ArithmeticError> {
	let (held, owed) = values(leg, rules.collar_volatility.to_q64()?).map_err(arithmetic)?;
	let tick = spot.times_floor(rules.collar_tick)?;

	let mark = Price::from_q64(held.mark, Rounding::Ceil)?;
	let width = mark.times_floor(rules.collar_share)?.max(tick);
	let low = Price::from_inner(mark.into_inner().saturating_sub(width.into_inner()));
	let low = low.min(Price::from_q64(held.calm, Rounding::Ceil)?);

	let mark = Price::from_q64(owed.mark, Rounding::Floor)?;
	let width = mark.times_floor(rules.collar_share)?.max(tick);
	let high = mark.checked_add(width)?.max(Price::from_q64(owed.wild, Rounding::Floor)?);
	Ok(Collar { low, high })
}

impl<T: Config> Pallet<T> {
	/// A series that can be traded at this moment, whatever prices are.
	pub(crate) fn live_series(id: SeriesId) -> Result<Series, Error<T>> {
		let series = T::Series::series(id).ok_or(Error::<T>::SeriesUnknown)?;
		let live = series.state == SeriesState::Live && T::Market::now() < series.expiry;
		ensure!(live, Error::<T>::SeriesExpired);
		Ok(series)
	}

	/// A live series with its collar at this block's tick.
	pub(crate) fn collared(id: SeriesId) -> Result<(Series, Collar), DispatchError> {
		let series = Self::live_series(id)?;
		let market = T::Market::state(series.underlying)
			.filter(MarketState::is_usable)
			.ok_or(Error::<T>::PriceStale)?;
		let averaging = T::Market::averaging(series.underlying, series.expiry);
		let leg = market.leg(T::Market::now(), &series, averaging, Quantity::ONE)?;
		Ok((series, collar(&leg, market.spot, &T::Parameters::trades())?))
	}

	/// The premiums per contract at which a series may be traded between accounts now. Fails with the
	/// error that `accept` would give.
	pub fn collar(id: SeriesId) -> Result<Collar, DispatchError> {
		Self::collared(id).map(|(_, collar)| collar)
	}
}
