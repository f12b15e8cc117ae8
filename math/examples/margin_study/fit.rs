//! How the modelled volatility compares with an index of 30-day volatility, where a folder has one.

use crate::{
	defaults::RISKS,
	history::{Implied, FITTED},
	number::{f, math, Failure},
};
use ballast_math::realised::log_return;
use std::{collections::BTreeMap, fs, path::Path};

const DAY: u64 = 86_400;
const MONTH: f64 = 30.0 / 365.0;

/// Days, root mean square of the error, and standard deviation of the index, the latter two in
/// volatility points.
pub struct Fit {
	pub days: usize,
	pub error: f64,
	pub deviation: f64,
}

/// Column `column` of lines `seconds,...`, by day.
fn daily(path: &Path, column: usize) -> Option<BTreeMap<u64, f64>> {
	let text = fs::read_to_string(path).ok()?;
	let row = |line: &str| {
		let mut fields = line.split(',');
		let day = fields.next()?.trim().parse::<u64>().ok()? / DAY;
		Some((day, fields.nth(column - 1)?.trim().parse().ok()?))
	};
	Some(text.lines().filter_map(row).collect())
}

/// Compares where `DIR/dvol/BTC_DVOL_*.csv` (`seconds,close`) and `DIR/daily/BTC_1d.csv` are there.
pub fn fit(dir: &Path) -> Result<Option<Fit>, Failure> {
	let Ok(entries) = fs::read_dir(dir.join("dvol")) else { return Ok(None) };
	let is_index = |path: &std::path::PathBuf| {
		path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("BTC"))
	};
	let index = entries.filter_map(|entry| Some(entry.ok()?.path())).find(is_index);
	let index = index.and_then(|path| daily(&path, 1));
	let closes = daily(&dir.join("daily/BTC_1d.csv"), 4);
	let (Some(index), Some(closes)) = (index, closes) else { return Ok(None) };
	let mut implied = Implied::new(FITTED, RISKS[0].level);
	let mut last: Option<(u64, i128)> = None;
	let (mut errors, mut seen) = (Vec::new(), Vec::new());
	for (day, close) in &closes {
		let close = (close * 1e8).round() as i128;
		if let Some((before, last)) = last {
			let moved = f(log_return(close, last).map_err(math)?);
			implied.update(moved, ((day - before) * DAY) as f64);
		}
		last = Some((*day, close));
		if let Some(index) = index.get(day) {
			errors.push(100.0 * implied.at(MONTH) - index);
			seen.push(*index);
		}
	}
	if seen.is_empty() {
		return Ok(None);
	}
	let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
	let squares = |values: &[f64], from: f64| {
		values.iter().map(|value| (value - from).powi(2)).collect::<Vec<f64>>()
	};
	Ok(Some(Fit {
		days: seen.len(),
		error: mean(&squares(&errors, 0.0)).sqrt(),
		deviation: mean(&squares(&seen, mean(&seen))).sqrt(),
	}))
}
