//! Histories of prices and of volatility, from CSV.

use crate::{calendar, number::Failure};
use std::fs;

/// A close counts for so many seconds: three days.
const AGE_MAX: u64 = 3 * calendar::DAY;
/// The last second of the year 9999. Times beyond are not in seconds.
const TIME_MAX: u64 = 253_402_300_799;

/// Closes in order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
	/// When a candle closed, and at what.
	closes: Vec<(u64, f64)>,
	/// Seconds of a candle.
	step: u64,
}

impl History {
	/// Reads a file: see [`History::parse`].
	pub fn read(path: &str) -> Result<Self, Failure> {
		let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
		Self::parse(&text).map_err(|error| format!("{path}: {error}"))
	}

	/// Lines `seconds,open,high,low,close` (more columns are passed over) or `seconds,close`, the time being
	/// that at which the candle opens. Lines that are empty or begin with `#`, and a heading, are passed over.
	/// A candle lasts as long as the shortest time from one to the next.
	pub fn parse(text: &str) -> Result<Self, Failure> {
		let mut rows: Vec<(u64, f64)> = Vec::new();
		let lines = text.lines().map(str::trim).enumerate();
		let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
		let mut heading = true;
		for (index, line) in &mut lines {
			let first = std::mem::take(&mut heading);
			if first && line.starts_with(|first: char| first.is_alphabetic() || first == '"') {
				continue;
			}
			let row = row(line).map_err(|error| format!("line {}: {error}: {line}", index + 1))?;
			if rows.last().is_some_and(|before| before.0 >= row.0) {
				return Err(format!("line {}: not later than the line before: {line}", index + 1));
			}
			rows.push(row);
		}
		let steps = rows.windows(2).map(|pair| pair[1].0 - pair[0].0);
		let step = steps.min().ok_or("fewer than two candles")?;
		let closes = rows.into_iter().map(|(time, close)| (time + step, close)).collect();
		Ok(Self { closes, step })
	}

	/// What closed within a span of time.
	pub fn between(mut self, from: u64, to: u64) -> Self {
		self.closes.retain(|(time, _)| (from..=to).contains(time));
		self
	}

	/// When the first and the last candle closed; `None` if there is none.
	pub fn span(&self) -> Option<(u64, u64)> {
		Some((self.closes.first()?.0, self.closes.last()?.0))
	}

	/// The last close at a moment, if it is not older than three days.
	pub fn at(&self, time: u64) -> Option<f64> {
		let known = self.closes.partition_point(|(closed, _)| *closed <= time);
		let (closed, close) = self.closes.get(known.checked_sub(1)?)?;
		(time - closed <= AGE_MAX).then_some(*close)
	}

	/// Whether the history goes on at least until the candle in which a moment lies.
	pub fn reaches(&self, time: u64) -> bool {
		self.span().is_some_and(|(_, last)| time < last + self.step)
	}

	/// Root of the mean square of log returns from close to close, a year of 365 days, over the closes from
	/// one moment to another.
	pub fn realised(&self, from: u64, to: u64) -> Option<f64> {
		let within = || self.closes.iter().filter(|(time, _)| (from..=to).contains(time));
		let squares = within().zip(within().skip(1)).map(|(a, b)| (b.1 / a.1).ln().powi(2));
		let elapsed = within().next_back()?.0 - within().next()?.0;
		let years = elapsed as f64 / (365 * calendar::DAY) as f64;
		(elapsed > 0).then(|| (squares.sum::<f64>() / years).sqrt())
	}
}

/// Opening time and close of a line.
fn row(line: &str) -> Result<(u64, f64), Failure> {
	let fields: Vec<&str> = line.split(',').map(|field| field.trim().trim_matches('"')).collect();
	let price = |field: &str| match field.parse::<f64>() {
		Ok(price) if price.is_finite() && price > 0.0 => Ok(price),
		_ => Err(format!("not a price above zero: {field}")),
	};
	let time = match fields.first().and_then(|time| time.parse().ok()) {
		Some(time @ 0..=TIME_MAX) => time,
		Some(_) => return Err("times are in seconds since 1970, these are not".into()),
		None => return Err("the first column is not a time in seconds since 1970".into()),
	};
	match fields[..] {
		[_, close] => Ok((time, price(close)?)),
		[_, open, high, low, close, ..] => {
			let (open, high, low, close) = (price(open)?, price(high)?, price(low)?, price(close)?);
			if low > open.min(close) || high < open.max(close) {
				return Err("not a candle open,high,low,close".into());
			}
			Ok((time, close))
		}
		_ => Err("expected seconds,open,high,low,close or seconds,close".into()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::calendar::DAY;

	#[test]
	fn candles_close_when_the_next_one_opens() {
		let text = "# source\nseconds,open,high,low,close\n0,1,3,1,2\n\n86400,2,4,1,3,99\n259200,3,5,3,5\n";
		let history = History::parse(text).unwrap();
		assert_eq!(history.closes, [(DAY, 2.0), (2 * DAY, 3.0), (4 * DAY, 5.0)]);
		assert_eq!(history.span(), Some((DAY, 4 * DAY)));
		assert_eq!(
			[DAY - 1, DAY, 3 * DAY, 4 * DAY].map(|time| history.at(time)),
			[None, Some(2.0), Some(3.0), Some(5.0)]
		);
		assert_eq!((history.at(7 * DAY), history.at(7 * DAY + 1)), (Some(5.0), None));
		assert!(history.reaches(5 * DAY - 1) && !history.reaches(5 * DAY));
		assert_eq!(history.clone().between(2 * DAY, 3 * DAY).span(), Some((2 * DAY, 2 * DAY)));
		assert_eq!(history.between(9, 8).span(), None);
	}

	#[test]
	fn two_columns_are_times_and_closes() {
		let history = History::parse("\"time\",\"close\"\r\n3600,56.76\r\n7200,59.48").unwrap();
		assert_eq!(history.closes, [(7_200, 56.76), (10_800, 59.48)]);
	}

	#[test]
	fn what_is_wrong_is_named_with_its_line() {
		let refused = |text: &str, words: &str| {
			let error = History::parse(text).unwrap_err();
			assert!(error.contains(words), "{error}");
		};
		refused("", "fewer than two");
		refused("0,1\n", "fewer than two");
		refused("time,close\n0,1\nsoon,2\n", "line 3: the first column is not a time");
		refused("0,1\n1600000000000,2\n", "line 2: times are in seconds");
		refused("0,1\n10,2\n10,3\n", "line 3: not later");
		refused("0,1\n10,-2\n", "line 2: not a price above zero: -2");
		refused("0,1\n10,NaN\n", "line 2: not a price");
		refused("0,1,2\n", "line 1: expected seconds,open,high,low,close");
		refused("0,5,4,3,4\n", "line 1: not a candle");
	}

	#[test]
	fn realised_volatility_is_that_of_its_returns() {
		// one per cent up and down day by day
		let day = |index: u64| if index.is_multiple_of(2) { 100.0 } else { 100.0 * 0.01f64.exp() };
		let text: String = (0..101).map(|d| format!("{},{}\n", d * DAY, day(d))).collect();
		let found = History::parse(&text).unwrap().realised(0, u64::MAX).unwrap();
		assert!((found - 0.01 * 365f64.sqrt()).abs() < 1e-9, "{found}");
		assert_eq!(History::parse(&text).unwrap().realised(0, DAY), None);
	}
}
