//! Daily history of an underlying: what expected shortfall is simulated from.

use crate::{time::DAY, Moment};
use ballast_math::{
	fixed::{Rounding, Q64},
	shortfall::{Move, DAYS_MAX, WARM_UP},
};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::ArithmeticError;

/// Most days of history kept for an underlying: 500 that are simulated, and 60 before them from which
/// the first volatility forecast is made.
pub const HISTORY_DAYS: u32 = 560;

/// Parts of one in which log changes are kept.
const MILLION: i128 = 1_000_000;

/// A day, counted from 1970-01-01 UTC.
pub type Day = u32;

/// The day in which a moment of market time lies; the last representable day beyond 11 million years.
pub fn day_of(moment: Moment) -> Day {
	let day = moment.checked_div(DAY).unwrap_or_default();
	Day::try_from(day).unwrap_or(Day::MAX)
}

/// How an underlying moved in one day, from the close of the day before to its own close.
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
	Serialize,
	Deserialize,
)]
pub struct DailyMove {
	/// The day that closed.
	pub day: Day,
	/// Log return of spot, in millionths.
	pub spot: i32,
	/// Log change of the at-the-money volatility of 30 days, in millionths; `None` where no
	/// volatility was known at one of the two closes.
	pub volatility: Option<i32>,
}

impl DailyMove {
	/// From log changes, to nearest (half a millionth). [`ArithmeticError::Overflow`] beyond +-2,147.
	pub fn from_logs(
		day: Day,
		spot: Q64,
		volatility: Option<Q64>,
	) -> Result<Self, ArithmeticError> {
		let volatility = volatility.map(millionths).transpose()?;
		Ok(Self { day, spot: millionths(spot)?, volatility })
	}

	/// As a day of the simulation.
	pub fn to_move(&self) -> Result<Move, ArithmeticError> {
		Ok(Move { day: self.day, spot: self.spot_log()?, volatility: self.volatility_log()? })
	}

	/// Log return of spot, to nearest.
	pub fn spot_log(&self) -> Result<Q64, ArithmeticError> {
		log(self.spot)
	}

	/// Log change of volatility, to nearest.
	pub fn volatility_log(&self) -> Result<Option<Q64>, ArithmeticError> {
		self.volatility.map(log).transpose()
	}
}

/// As many as the simulation looks at.
const _: () = assert!(HISTORY_DAYS as usize == DAYS_MAX + WARM_UP);

fn log(millionths: i32) -> Result<Q64, ArithmeticError> {
	Q64::from_ratio(i128::from(millionths), MILLION, Rounding::Nearest)
		.ok_or(ArithmeticError::Overflow)
}

fn millionths(log: Q64) -> Result<i32, ArithmeticError> {
	const HALF: i128 = 1 << 63;
	let scaled = log.to_bits().checked_mul(MILLION).ok_or(ArithmeticError::Overflow)?;
	let rounded = scaled.checked_add(HALF).ok_or(ArithmeticError::Overflow)?;
	i32::try_from(rounded >> 64).map_err(|_| ArithmeticError::Overflow)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_move_comes_back_as_it_went_in() {
		for spot in [i32::MIN, -390_000, -1, 0, 1, 123_456, i32::MAX] {
			for volatility in [None, Some(i32::MIN), Some(-7), Some(i32::MAX)] {
				let moved = DailyMove { day: 20_360, spot, volatility };
				let logs = (moved.spot_log().unwrap(), moved.volatility_log().unwrap());
				assert_eq!(DailyMove::from_logs(20_360, logs.0, logs.1), Ok(moved));
			}
		}
	}

	#[test]
	fn a_change_is_rounded_to_the_nearest_millionth() {
		let at = |num| Q64::from_ratio(num, 10_000_000, Rounding::Nearest).unwrap();
		let millionths = |num| DailyMove::from_logs(0, at(num), None).unwrap().spot;
		assert_eq!([14, 16, -14, -16].map(millionths), [1, 2, -1, -2]);
	}

	#[test]
	fn a_change_that_does_not_fit_is_refused() {
		let beyond = Q64::from_int(2_148);
		assert_eq!(DailyMove::from_logs(0, beyond, None), Err(ArithmeticError::Overflow));
		let most = DailyMove::from_logs(0, Q64::ZERO, Some(Q64::MAX));
		assert_eq!(most, Err(ArithmeticError::Overflow));
	}

	#[test]
	fn a_day_begins_at_midnight() {
		assert_eq!([0, DAY - 1, DAY, 20_360 * DAY].map(day_of), [0, 0, 1, 20_360]);
		assert_eq!(day_of(Moment::MAX), Day::MAX);
	}
}
