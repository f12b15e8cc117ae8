//! What became of the accounts.

use crate::{
	defaults::RISKS,
	fit::fit,
	history::{History, Modelled, FITTED, QUICK, SLOW},
	number::Failure,
	portfolios::{replayed, standard, Standard},
	replay::{replay, Looks, Outcome, Row},
	table::header,
	venues::Venue,
};
use std::{fs, path::Path};

/// The candles of a folder whose underlying has start values, in order of their names.
fn histories(dir: &Path, model: Modelled) -> Result<Vec<History>, Failure> {
	let stress = dir.join("stress");
	let folder = if stress.is_dir() { stress } else { dir.to_owned() };
	let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
	let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
	files.sort();
	let mut histories = Vec::new();
	for file in files {
		let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
		let parts: Vec<&str> = stem.split('_').collect();
		let [period, name, _] = parts[..] else { continue };
		let Some(risk) = RISKS.iter().find(|risk| risk.name == name) else { continue };
		histories.push(History::read(&file, format!("{period} {name}"), risk, model)?);
	}
	if histories.is_empty() {
		return Err(format!("no PERIOD_NAME_STEP.csv in {}", folder.display()));
	}
	Ok(histories)
}

/// The replay: every venue on every portfolio, and on the eight short positions the chain's own model, with
/// its scan and short contingency alone, and with a horizon of a quarter of an hour.
pub fn print(
	dir: &Path,
	looks: Looks,
	venues: &[(&str, Venue<'_>)],
	variants: &[(&str, Venue<'_>)],
) -> Result<(), Failure> {
	let fitted = histories(dir, FITTED)?;
	println!("\n## Candles\n");
	header(
		&["candles", "closes"],
		[
			"least spot / first",
			"implied 7 d, 30 d, greatest",
			"R_MM, first, greatest",
			"R_IM, greatest",
		]
		.into_iter(),
	);
	fitted.iter().for_each(|history| println!("{}", history.summary()));
	if let Some(fit) = fit(dir)? {
		println!(
			"\nModelled against the index of BTC's 30-day volatility: {} days, root mean square error \
			 {:.1} points (the index's standard deviation is {:.1}).",
			fit.days, fit.error, fit.deviation
		);
	}

	let eight = replayed();
	let twelve = once();
	let both: Vec<Standard> = eight.iter().chain(&twelve).copied().collect();
	let others: Vec<&Venue<'_>> = venues.iter().map(|(_, venue)| venue).collect();
	let rows = replay(&fitted, &both, looks, &others)?;
	let (of_eight, of_rest) = rows.split_at(eight.len());

	println!("\n## Safety: eight short positions, 7 and 30 days\n");
	header(&["margin", "volatility"], OUTCOME.into_iter());
	print_sums(venues, "fitted", of_eight);
	for (name, model, which) in
		[("fitted", FITTED, 1..2), ("slow", SLOW, 0..3), ("quick", QUICK, 0..1)]
	{
		let own = variants.get(which).ok_or("a variant")?;
		let models: Vec<&Venue<'_>> = own.iter().map(|(_, venue)| venue).collect();
		print_sums(own, name, &replay(&histories(dir, model)?, &eight, looks, &models)?);
	}

	println!("\n## Safety: the twelve portfolios\n");
	println!("Bankrupt at the close / at the worst price, least equity at the close.\n");
	let names = venues.iter().map(|(name, _)| *name);
	header(&["portfolio", "days"], ["opened"].into_iter().chain(names));
	let shown = eight.iter().zip(of_eight).filter(|(portfolio, _)| is_once(portfolio));
	for (portfolio, row) in shown.chain(twelve.iter().zip(of_rest)) {
		print_row(portfolio, row);
	}
	Ok(())
}

/// Whether a portfolio of [`replayed`] is one of the twelve.
fn is_once(portfolio: &Standard) -> bool {
	portfolio.days == 30 && standard().iter().any(|other| other.name == portfolio.name)
}

/// Those of the twelve that [`replayed`] has not, each at its own time to expiry.
fn once() -> Vec<Standard> {
	let eight = replayed();
	let known = |name| eight.iter().any(|portfolio| portfolio.name == name);
	let calendar = |portfolio: &Standard| portfolio.name.contains("calendar");
	standard()
		.into_iter()
		.filter(|portfolio| (portfolio.days == 30 || calendar(portfolio)) && !known(portfolio.name))
		.collect()
}

const OUTCOME: [&str; 6] = [
	"opened",
	"sold",
	"bankrupt at the close",
	"... at the worst price",
	"least equity at the close",
	"... at the worst price",
];

/// Each model over all portfolios.
fn print_sums(venues: &[(&str, Venue<'_>)], volatility: &str, rows: &[Row]) {
	for (index, (name, _)) in venues.iter().enumerate() {
		let mut sum = Outcome::NONE;
		rows.iter().filter_map(|row| *row.get(index)?).for_each(|outcome| sum.join(&outcome));
		let Outcome { opened, breached, at_close, at_tick, least_close, least_tick } = sum;
		println!(
			"| {name} | {volatility} | {opened} | {breached} | {at_close} | {at_tick} | {:+.1}% | {:+.1}% |",
			100.0 * least_close,
			100.0 * least_tick
		);
	}
}

/// One portfolio under all models.
fn print_row(portfolio: &Standard, row: &Row) {
	let opened = row.iter().flatten().map(|outcome| outcome.opened).max().unwrap_or(0);
	print!("| {} | {} | {opened} |", portfolio.name, portfolio.days);
	for outcome in row {
		match outcome {
			Some(o) if o.least_close.is_finite() => {
				print!(" {} / {}, {:+.1}% |", o.at_close, o.at_tick, 100.0 * o.least_close);
			}
			Some(_) => print!(" none sold |"),
			None => print!(" |"),
		}
	}
	println!();
}
