//! Days of a market, half hour by half hour.
//!
//! Files are named `PERIOD_NAME_STEP.csv` and have lines `seconds,open,high,low,close` with the time at
//! which a candle opens; others are passed over. Candles shorter than half an hour are put together: the
//! last close within a half hour is what operators see when it ends. Where there is no candle they see
//! nothing.

use crate::calls::{BTC, DOT, ETH};
use ballast_primitives::{Moment, UnderlyingId};
use std::{collections::BTreeMap, fs, path::Path};

/// Seconds of market time in a block.
pub const BLOCK: Moment = 1_800;

/// What files call an underlying.
const NAMES: [(&str, UnderlyingId); 3] = [("BTC", BTC), ("ETH", ETH), ("DOT", DOT)];

/// Closes of one underlying.
pub struct Closes {
	/// Which.
	pub id: UnderlyingId,
	/// One per block.
	pub closes: Vec<Option<f64>>,
}

/// Days that are gone through.
pub struct Period {
	/// Such as `2020-03`.
	pub name: String,
	/// When the first closes were.
	pub begins: Moment,
	/// The underlyings that were traded, all equally long.
	pub markets: Vec<Closes>,
}

impl Period {
	/// Blocks to go through.
	pub fn blocks(&self) -> usize {
		self.markets.first().map_or(0, |market| market.closes.len())
	}

	/// Reads what there is of a period in a folder, from the first to the last half hour that every
	/// one of its files has.
	pub fn read(folder: &Path, name: &str) -> Result<Self, String> {
		let entries = fs::read_dir(folder).map_err(|error| format!("{folder:?}: {error}"))?;
		let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
		files.sort();
		let mut markets = Vec::new();
		for (symbol, id) in NAMES {
			let begin = format!("{name}_{symbol}_");
			let is_ours = |path: &&std::path::PathBuf| {
				let file = path.file_name().and_then(|file| file.to_str());
				file.is_some_and(|file| file.starts_with(&begin) && file.ends_with(".csv"))
			};
			if let Some(path) = files.iter().find(is_ours) {
				let text =
					fs::read_to_string(path).map_err(|error| format!("{path:?}: {error}"))?;
				markets.push((id, half_hours(&text)));
			}
		}
		let first = |(_, rows): &(UnderlyingId, Rows)| rows.keys().next().copied();
		let last = |(_, rows): &(UnderlyingId, Rows)| rows.keys().next_back().copied();
		let from = markets.iter().filter_map(first).max();
		let to = markets.iter().filter_map(last).min();
		let (Some(from), Some(to)) = (from, to) else {
			return Err(format!("no candles of {name} in {folder:?}"));
		};
		let times = || (from..=to).step_by(BLOCK as usize);
		let closes = |(id, rows): (UnderlyingId, Rows)| {
			let closes = times().map(|time| rows.get(&time).copied()).collect();
			Closes { id, closes }
		};
		let markets = markets.into_iter().map(closes).collect();
		Ok(Self { name: name.into(), begins: from + BLOCK, markets })
	}
}

/// The last close of each half hour, by the time at which it begins.
type Rows = BTreeMap<Moment, f64>;

fn half_hours(text: &str) -> Rows {
	let candle = |line: &str| {
		let fields: Vec<&str> = line.split(',').collect();
		let time: Moment = fields.first()?.trim().parse().ok()?;
		let close: f64 = fields.get(4)?.trim().parse().ok()?;
		Some((time / BLOCK * BLOCK, close))
	};
	text.lines().filter_map(candle).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_last_close_of_a_half_hour_is_kept() {
		let text = "# source\ntimestamp,open,high,low,close\n\
			1800,1,9,1,2\n2100,2,9,1,3\n3600,3,9,1,4\n7200,4,9,1,5\n";
		let rows: Vec<_> = half_hours(text).into_iter().collect();
		assert_eq!(rows, [(1_800, 3.0), (3_600, 4.0), (7_200, 5.0)]);
	}
}
