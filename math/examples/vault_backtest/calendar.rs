//! Days, and the expiries of options, in seconds since 1970, UTC.

use crate::number::Failure;

pub const DAY: u64 = 86_400;
/// 08:00, when options expire.
const EXPIRY_TIME: u64 = 8 * 3_600;
const FRIDAY: u64 = 5;

/// How often a vault's options expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cycle {
	/// Every Friday.
	Weekly,
	/// The last Friday of every month.
	Monthly,
}

/// Year, month and day of a number of days since 1970 (Hinnant's algorithm: years begin in March, so that a
/// leap day is the last).
pub fn date(days: u64) -> (u64, u64, u64) {
	// days since 0000-03-01, in eras of 400 years
	let days = days + 719_468;
	let (era, of_era) = (days / 146_097, days % 146_097);
	let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
	let of_year = of_era - (365 * year + year / 4 - year / 100);
	let month = (5 * of_year + 2) / 153;
	let day = of_year - (153 * month + 2) / 5 + 1;
	let month = if month < 10 { month + 3 } else { month - 9 };
	(era * 400 + year + u64::from(month <= 2), month, day)
}

/// Days since 1970 of a date from 1970 on: the inverse.
pub fn days_of(year: u64, month: u64, day: u64) -> u64 {
	let year = year - u64::from(month <= 2);
	let (era, of_era) = (year / 400, year % 400);
	let month = if month > 2 { month - 3 } else { month + 9 };
	let of_year = (153 * month + 2) / 5 + day - 1;
	era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The year of a moment.
pub fn year_of(time: u64) -> u64 {
	date(time / DAY).0
}

/// `2021-01-31`.
pub fn text(time: u64) -> String {
	let (year, month, day) = date(time / DAY);
	format!("{year:04}-{month:02}-{day:02}")
}

/// The first moment of a day written `2021-01-31`.
pub fn parse(written: &str) -> Result<u64, Failure> {
	let wrong = || format!("not a day like 2021-01-31: {written}");
	let parts: Vec<u64> =
		written.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
	let [year @ 1970..=9999, month @ 1..=12, day @ 1..=31] = parts[..] else {
		return Err(wrong());
	};
	let days = days_of(year, month, day);
	if date(days) == (year, month, day) {
		Ok(days * DAY)
	} else {
		Err(wrong())
	}
}

impl Cycle {
	/// The first expiry after a moment.
	pub fn next_after(self, time: u64) -> u64 {
		// the first 08:00 after it
		let first = match time / DAY * DAY + EXPIRY_TIME {
			today if today > time => today,
			today => today + DAY,
		};
		let mut days = first / DAY;
		while !self.expires_on(days) {
			days += 1;
		}
		days * DAY + EXPIRY_TIME
	}

	fn expires_on(self, days: u64) -> bool {
		// 1970-01-01 was a Thursday
		let is_friday = (days + 4) % 7 == FRIDAY;
		is_friday && (self == Self::Weekly || date(days).1 != date(days + 7).1)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn dates_are_those_of_the_calendar() {
		let known = [
			(0, (1970, 1, 1)),
			(59, (1970, 3, 1)),
			(11_016, (2000, 2, 29)),
			(18_321, (2020, 2, 29)),
			(18_322, (2020, 3, 1)),
			(20_361, (2025, 9, 30)),
		];
		for (days, expected) in known {
			assert_eq!(date(days), expected);
		}
		// every day of four centuries follows the one before
		for days in 0..146_097 {
			let (year, month, day) = date(days);
			assert_eq!(days_of(year, month, day), days);
			let next = date(days + 1);
			assert!(
				next == (year, month, day + 1)
					|| next == (year, month + 1, 1)
					|| next == (year + 1, 1, 1)
			);
		}
	}

	#[test]
	fn days_are_read_as_they_are_written() {
		assert_eq!(parse("2020-03-12"), Ok(1_583_971_200));
		assert_eq!(text(1_583_971_200 + DAY - 1), "2020-03-12");
		for wrong in ["2021-02-29", "2021-13-01", "2021-01", "1969-12-31", "01/02/2021", ""] {
			assert!(parse(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn options_expire_on_fridays_at_eight() {
		let next = |cycle: Cycle, day: &str, hour: u64| {
			cycle.next_after(parse(day).unwrap() + hour * 3_600)
		};
		let eight = |day: &str| parse(day).unwrap() + 8 * 3_600;
		// Friday, 28 March 2025 is the last of its month
		assert_eq!(next(Cycle::Weekly, "2025-03-27", 12), eight("2025-03-28"));
		assert_eq!(next(Cycle::Weekly, "2025-03-28", 7), eight("2025-03-28"));
		assert_eq!(next(Cycle::Weekly, "2025-03-28", 8), eight("2025-04-04"));
		assert_eq!(next(Cycle::Monthly, "2025-03-01", 0), eight("2025-03-28"));
		assert_eq!(next(Cycle::Monthly, "2025-03-28", 8), eight("2025-04-25"));
		// five weeks, across the end of a year
		assert_eq!(next(Cycle::Monthly, "2021-11-26", 8), eight("2021-12-31"));
		assert_eq!(next(Cycle::Monthly, "2021-12-31", 8), eight("2022-01-28"));
	}
}
