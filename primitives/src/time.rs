//! Market time: seconds since 1970-01-01 UTC as the chain's markets see them (`u64`).
//!
//! On production presets market time is the block's timestamp. Development presets may let one
//! block stand for many minutes (see `price-feed`); everything that measures time (ages, expiries,
//! cooldowns, auctions) uses market time, so that it stretches alike.

use ballast_math::fixed::{Rounding, Q64};

/// A point in market time, in seconds since 1970-01-01 UTC.
pub type Moment = u64;

/// Seconds in a minute.
pub const MINUTE: Moment = 60;
/// Seconds in an hour.
pub const HOUR: Moment = 3_600;
/// Seconds in a day.
pub const DAY: Moment = 86_400;
/// Seconds in a week.
pub const WEEK: Moment = 604_800;
/// Seconds in a year of 365 days: the year of every formula (ACT/365).
pub const YEAR: Moment = 31_536_000;

/// The time between two moments as years of 365 days; zero if `to` is not after `from`.
/// Rounded to nearest (2^-64 of a year is 1.7 picoseconds).
pub fn years_between(from: Moment, to: Moment) -> Q64 {
	let seconds = to.saturating_sub(from);
	Q64::from_ratio(i128::from(seconds), i128::from(YEAR), Rounding::Nearest).unwrap_or(Q64::MAX)
}
