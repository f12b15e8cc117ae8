//! What the rounds add up to, as tables.

use crate::{
	calendar,
	market::{Market, Volatility},
	number::{f, math, of_e18, Failure},
	replay::{Replay, Rule, Settled, Strategy},
};
use ballast_math::vault::annualised;

/// A vault at a price, replayed.
pub struct Entry {
	pub name: String,
	pub strategy: Strategy,
	/// Share of mark at which it sold.
	pub sold: f64,
	/// Where volatility came from.
	source: &'static str,
	/// At which options were sold, on average, and what the underlying then had.
	implied: f64,
	realised: f64,
	pub replay: Replay,
	/// Yield a year in the vault's asset.
	yielded: f64,
}

/// Value of a share and of holding, at the start and after each round.
pub struct Point {
	pub time: u64,
	/// One share in its asset, whose first price is one.
	pub asset: f64,
	/// One share in dollars, and one unit of the underlying.
	pub dollars: f64,
	pub spot: f64,
}

impl Entry {
	pub fn new(name: &str, market: &Market, rule: &Rule, replay: Replay) -> Result<Self, Failure> {
		let start = replay.start;
		let last = *replay.rounds.last().ok_or("no rounds")?;
		let seconds = last.time - start.time;
		let yielded = annualised(start.pot, last.pot, seconds).map_err(math)?;
		let implied = mean(replay.rounds.iter().filter_map(|round| Some(round.sale?.volatility)));
		let realised = market.prices.realised(start.time, last.time).ok_or("too few candles")?;
		Ok(Self {
			name: name.into(),
			strategy: rule.strategy,
			sold: of_e18(rule.sold),
			source: match market.volatility {
				Volatility::Flat(_) => "flat",
				Volatility::Realised(_) => "realised",
				Volatility::Index(_) => "index",
			},
			implied,
			realised,
			replay,
			yielded: f(yielded),
		})
	}

	pub fn points(&self) -> Vec<Point> {
		let moments = std::iter::once(&self.replay.start).chain(&self.replay.rounds);
		let first = price(&self.replay.start);
		let point = |settled: &Settled| {
			let (asset, spot) = (price(settled) / first, of_e18(settled.spot));
			let dollars = match self.strategy {
				Strategy::CoveredCall => asset * spot,
				Strategy::CashSecuredPut => asset,
			};
			Point { time: settled.time, asset, dollars, spot }
		};
		moments.map(point).collect()
	}

	pub const fn vault(&self) -> &'static str {
		match self.strategy {
			Strategy::CoveredCall => "covered call",
			Strategy::CashSecuredPut => "cash-secured put",
		}
	}

	/// Assets at the start of each round that sold, beside the round.
	fn sold_rounds(&self) -> impl Iterator<Item = (u128, &Settled)> + '_ {
		let before = std::iter::once(&self.replay.start).chain(&self.replay.rounds);
		let rounds = before.map(|round| round.pot.assets).zip(&self.replay.rounds);
		rounds.filter(|(_, round)| round.sale.is_some())
	}
}

fn price(settled: &Settled) -> f64 {
	settled.pot.assets as f64 / settled.pot.shares as f64
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
	let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
	sum / f64::from(count)
}

/// Growth a year.
fn yearly(growth: f64, seconds: u64) -> f64 {
	growth.powf((365 * calendar::DAY) as f64 / seconds as f64) - 1.0
}

/// The deepest fall from a high, as a share of it.
fn drawdown(values: impl Iterator<Item = f64>) -> f64 {
	let (mut high, mut worst) = (0f64, 0f64);
	for value in values {
		high = high.max(value);
		worst = worst.max(1.0 - value / high);
	}
	worst
}

fn percent(value: f64) -> String {
	// zero has no sign
	format!("{:.1}%", (1000.0 * value).round() / 10.0 + 0.0)
}

fn row(cells: &[String]) {
	println!("| {} |", cells.join(" | "));
}

/// Heading of a table: two columns of text, the rest numbers.
fn heading(columns: &[&str]) {
	println!("\n| {} |", columns.join(" | "));
	println!("|---|---|{}", "---:|".repeat(columns.len().saturating_sub(2)));
}

/// A line for every entry.
pub fn print(entries: &[Entry]) {
	println!(
		"Yields are a year, after fees; drawdowns from settlement to settlement. That options sell at these \
		shares of a modelled mark is an assumption: no market's trades were replayed."
	);
	heading(&[
		"underlying, days",
		"vault",
		"sold at, of mark",
		"volatility sold, realised",
		"rounds (skipped)",
		"out of the money",
		"premium a round",
		"fees a year (treasury)",
		"yield, asset",
		"yield, USD",
		"holding, USD",
		"drawdown, asset",
		"drawdown, USD",
		"of holding",
	]);
	for entry in entries {
		print_entry(entry);
	}
}

fn print_entry(entry: &Entry) {
	let points = entry.points();
	let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
	let seconds = last.time - first.time;
	let rounds: Vec<_> = entry.sold_rounds().collect();
	let out = rounds.iter().filter(|(_, round)| round.payoff == 0).count();
	let premium =
		|(before, round): &(u128, &Settled)| Some(round.sale?.premium as f64 / *before as f64);
	let part = |of: &dyn Fn(&Settled) -> u128| {
		let parts = rounds.iter().map(|(before, round)| of(round) as f64 / *before as f64);
		parts.sum::<f64>() * (365 * calendar::DAY) as f64 / seconds as f64
	};
	let [sold, implied, realised] =
		[entry.sold, entry.implied, entry.realised].map(|value| format!("{:.0}%", 100.0 * value));
	row(&[
		format!("{}, {} to {}", entry.name, calendar::text(first.time), calendar::text(last.time)),
		entry.vault().into(),
		sold,
		format!("{implied} ({}), {realised}", entry.source),
		format!("{} ({})", rounds.len(), entry.replay.rounds.len() - rounds.len()),
		percent(out as f64 / rounds.len() as f64),
		format!("{:.2}%", 100.0 * mean(rounds.iter().filter_map(premium))),
		format!(
			"{} ({})",
			percent(part(&|round| round.fees)),
			percent(part(&|round| round.treasury))
		),
		percent(entry.yielded),
		percent(yearly(last.dollars / first.dollars, seconds)),
		percent(yearly(last.spot / first.spot, seconds)),
		percent(drawdown(points.iter().map(|point| point.asset))),
		percent(drawdown(points.iter().map(|point| point.dollars))),
		percent(drawdown(points.iter().map(|point| point.spot))),
	]);
}

/// A line for every entry and calendar year, of the rounds that settled in it. Not annualised.
pub fn print_years(entries: &[Entry]) {
	heading(&[
		"underlying, vault, sold at",
		"year",
		"rounds settled",
		"out of the money",
		"change, asset",
		"change, USD",
		"holding, USD",
	]);
	for entry in entries {
		let points = entry.points();
		let name = format!("{}, {}, {:.0}%", entry.name, entry.vault(), 100.0 * entry.sold);
		let mut from = 0;
		while let Some(next) = points.get(from + 1) {
			let year = calendar::year_of(next.time);
			let to = points.partition_point(|point| calendar::year_of(point.time) <= year) - 1;
			let rounds = &entry.replay.rounds[from..to];
			let sold = rounds.iter().filter(|round| round.sale.is_some()).count();
			let lost = rounds.iter().filter(|round| round.payoff > 0).count();
			let (first, last) = (&points[from], &points[to]);
			row(&[
				name.clone(),
				year.to_string(),
				sold.to_string(),
				percent((sold - lost) as f64 / sold.max(1) as f64),
				percent(last.asset / first.asset - 1.0),
				percent(last.dollars / first.dollars - 1.0),
				percent(last.spot / first.spot - 1.0),
			]);
			from = to;
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_drawdown_is_from_the_highest_before() {
		assert_eq!(drawdown([1.0, 2.0, 1.0, 3.0, 2.0].into_iter()), 0.5);
		assert_eq!(drawdown([1.0, 1.0, 2.0].into_iter()), 0.0);
	}

	#[test]
	fn growth_is_compounded_over_a_year() {
		let year = 365 * calendar::DAY;
		assert!((yearly(1.21, 2 * year) - 0.1).abs() < 1e-12);
		assert!((yearly(0.5, year / 2) + 0.75).abs() < 1e-12);
	}
}
