//! When rounds expire: Fridays, and last Fridays of months, at the time of day of the underlying's grid.
//!
//! Days are counted from 1970-01-01, a Thursday, in UTC; months are those of the Gregorian calendar.

use crate::types::ExpiryRule;
use ballast_primitives::{
	time::{DAY, WEEK},
	Moment,
};

/// Days from a Thursday to the Friday after it.
const FRIDAY: Moment = 1;
const DAYS_OF_WEEK: Moment = 7;
/// Fridays between two last Fridays of months, at most.
const FRIDAYS_OF_MONTH: u32 = 6;

impl ExpiryRule {
	/// The first expiry at or after `least`, at `time` seconds after midnight.
	pub fn next(self, least: Moment, time: Moment) -> Moment {
		let mut friday = first_friday(least, time);
		if self == Self::Monthly {
			for _ in 0..FRIDAYS_OF_MONTH {
				if is_last_of_month(friday) {
					break;
				}
				friday = friday.saturating_add(WEEK);
			}
		}
		friday
	}
}

/// The first Friday at this time of day that is not before `least`.
fn first_friday(least: Moment, time: Moment) -> Moment {
	// The first day whose moment `time` is not before `least`.
	let day = least.saturating_sub(time).div_ceil(DAY);
	let to_friday = FRIDAY
		.saturating_add(DAYS_OF_WEEK)
		.saturating_sub(day.checked_rem(DAYS_OF_WEEK).unwrap_or_default())
		.checked_rem(DAYS_OF_WEEK)
		.unwrap_or_default();
	day.saturating_add(to_friday).saturating_mul(DAY).saturating_add(time)
}

/// Whether a week later it is another month.
fn is_last_of_month(at: Moment) -> bool {
	month_of(at) != month_of(at.saturating_add(WEEK))
}

/// Month of a moment, in [1, 12], by the days of an era of 400 years that begins in March (H. Hinnant,
/// "chrono-compatible low-level date algorithms", `civil_from_days`).
fn month_of(at: Moment) -> Moment {
	/// Days from 0000-03-01 to 1970-01-01.
	const TO_EPOCH: Moment = 719_468;
	const ERA: Moment = 146_097;
	let days = at.checked_div(DAY).unwrap_or_default().saturating_add(TO_EPOCH);
	let of_era = days.checked_rem(ERA).unwrap_or_default();
	let leap_days = (of_era / 36_524).saturating_sub(of_era / 146_096);
	let year = of_era.saturating_sub(of_era / 1_460).saturating_add(leap_days) / 365;
	let before = year.saturating_mul(365).saturating_add(year / 4).saturating_sub(year / 100);
	let of_year = of_era.saturating_sub(before);
	let from_march = of_year.saturating_mul(5).saturating_add(2) / 153;
	if from_march < 10 {
		from_march.saturating_add(3)
	} else {
		from_march.saturating_sub(9)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const EIGHT: Moment = 8 * 3_600;

	fn day(days: Moment) -> Moment {
		days * DAY
	}

	#[test]
	fn months_are_those_of_the_calendar() {
		// 1970-01-01, 2000-02-29, 2000-03-01, 2024-02-29, 2024-12-31, 2100-02-28, 2100-03-01
		let known =
			[(0, 1), (11_016, 2), (11_017, 3), (19_782, 2), (20_088, 12), (47_540, 2), (47_541, 3)];
		for (days, month) in known {
			assert_eq!(month_of(day(days)), month, "{days}");
		}
	}

	#[test]
	fn a_week_ends_on_friday() {
		// 2020-03-12 is Thursday, day 18,333; 2020-03-13 at 08:00 is the expiry that followed.
		let friday = day(18_334) + EIGHT;
		assert_eq!(ExpiryRule::Weekly.next(day(18_333), EIGHT), friday);
		assert_eq!(ExpiryRule::Weekly.next(friday, EIGHT), friday);
		assert_eq!(ExpiryRule::Weekly.next(friday + 1, EIGHT), friday + WEEK);
		for hour in 0..24 * 21 {
			let at = day(18_333) + hour * 3_600 + 17;
			let next = ExpiryRule::Weekly.next(at, EIGHT);
			assert!(next >= at && next - at < WEEK);
			assert_eq!((next / DAY) % 7, FRIDAY);
			assert_eq!(next % DAY, EIGHT);
		}
	}

	#[test]
	fn a_month_ends_on_its_last_friday() {
		// Last Fridays of 2020: 2020-01-31, 02-28, 03-27, 04-24, 05-29.
		let last = [18_292, 18_320, 18_348, 18_376, 18_411].map(|days| day(days) + EIGHT);
		for pair in last.windows(2) {
			assert_eq!(ExpiryRule::Monthly.next(pair[0] + 1, EIGHT), pair[1]);
			assert_eq!(ExpiryRule::Monthly.next(pair[1], EIGHT), pair[1]);
		}
	}
}
