//! Daily closes and the moves between them: what expected shortfall is simulated from.
//!
//! The close of a day (UTC, in market time) is the price that was in force when it ended, if that
//! price could be used when it was looked at last. A day without one has no close: the next move is
//! then over more than a day, as it was for everybody.

use crate::{market::Market, Config, Event, History, LastClose, Pallet};
use alloc::vec::Vec;
use ballast_math::{fixed::Q64, realised::log_return};
use ballast_primitives::{
	arithmetic,
	history::{day_of, DailyMove, Day},
	params::OracleRules,
	Moment, Price, UnderlyingId, Volatility, TENOR_DAYS,
};
use ballast_traits::InspectHistory;
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::ArithmeticError;

/// Days of the tenor whose at-the-money volatility is kept.
const VOLATILITY_TENOR: u32 = 30;

/// How a day ended.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Close {
	/// The day.
	pub day: Day,
	/// Spot price in force at its end.
	pub spot: Price,
	/// At-the-money volatility of 30 days in force at its end; none if none was ever accepted.
	pub volatility: Option<Volatility>,
}

impl Close {
	/// The close of the day in which the market was looked at last, if that day is over now and the
	/// price could be used at that look.
	fn of(market: &Market, rules: &OracleRules, now: Moment) -> Option<Self> {
		let looked_at = market.updated_at?;
		let day = day_of(looked_at);
		if day >= day_of(now) || !market.spot_is_usable(looked_at, rules) {
			return None;
		}
		let tenor = TENOR_DAYS.iter().position(|days| *days == VOLATILITY_TENOR)?;
		let accepted = market.volatility.accepted_at().and(market.volatility.value());
		let volatility = accepted.and_then(|surface| Some(surface.tenors.get(tenor)?.volatility));
		Some(Self { day, spot: market.spot.value()?, volatility })
	}

	/// The move from an earlier close to this one.
	fn since(&self, before: &Self) -> Result<DailyMove, ArithmeticError> {
		let spot = logarithm(self.spot.into_inner(), before.spot.into_inner())?;
		let volatility = match (self.volatility, before.volatility) {
			(Some(now), Some(then)) => Some(logarithm(now.into_inner(), then.into_inner())?),
			_ => None,
		};
		DailyMove::from_logs(self.day, spot, volatility)
	}
}

/// `ln(now / before)` of two 18-decimal integers.
fn logarithm(now: u128, before: u128) -> Result<Q64, ArithmeticError> {
	let signed = |value| i128::try_from(value).map_err(|_| ArithmeticError::Overflow);
	log_return(signed(now)?, signed(before)?).map_err(arithmetic)
}

impl<T: Config> Pallet<T> {
	/// Closes the day in which the market was looked at last, if it is over. Once a day this reads
	/// and writes the whole history; else it looks at nothing.
	pub(crate) fn close_day(
		underlying: UnderlyingId,
		market: &Market,
		rules: &OracleRules,
		now: Moment,
	) -> Result<(), ArithmeticError> {
		let Some(close) = Close::of(market, rules, now) else { return Ok(()) };
		let before = LastClose::<T>::get(underlying);
		if before.is_some_and(|before| before.day >= close.day) {
			return Ok(());
		}
		LastClose::<T>::insert(underlying, close);
		let moved = before.map(|before| close.since(&before)).transpose()?;
		if let Some(moved) = moved {
			History::<T>::mutate(underlying, |days| {
				// a history given at genesis may reach beyond the chain's first days
				if days.last().is_some_and(|last| last.day >= moved.day) {
					return;
				}
				if days.is_full() {
					days.remove(0);
				}
				// room was made: it cannot be refused
				let _ = days.try_push(moved);
			});
		}
		let Close { day, spot: price, volatility } = close;
		Self::deposit_event(Event::DayClosed { underlying, day, price, volatility, moved });
		Ok(())
	}
}

impl<T: Config> InspectHistory for Pallet<T> {
	fn daily_moves(underlying: UnderlyingId) -> Vec<DailyMove> {
		History::<T>::get(underlying).into_inner()
	}
}
