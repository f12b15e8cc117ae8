//! Replays an option vault's rule over a history of prices.
//!
//! ```text
//! cargo run --release -p ballast-math --example vault_backtest -- --csv FILE --underlying BTC [OPTION VALUE] ...
//! ```
//!
//! | option | |
//! |---|---|
//! | `--csv FILE` | history of one underlying, which `--underlying` names: lines `seconds,open,high,low,close` or `seconds,close`, the time being the candle's opening, UTC |
//! | `--data DIR` | instead: every `DIR/daily/NAME_1d.csv`, or those that `--underlying A,B` names |
//! | `--dvol FILE` | index of 30-day volatility in per cent, lines `seconds,close`; with `--data` every `DIR/dvol/NAME_DVOL*.csv` is taken unless `--volatility` is given |
//! | `--volatility V` | flat instead (0.7 is 70% a year), or `realised`: as it turned out over the whole history (hindsight: the mark is then fair on average); 0.7 where there is no index |
//! | `--strategy NAME` | `covered-call`, `cash-secured-put` or `both` (default) |
//! | `--delta D`, `--distance D` | strike rule: the nearest strike with at most this delta (default 0.25), or this share of spot out of the money |
//! | `--expiry CYCLE` | `weekly` (default; Fridays 08:00 UTC) or `monthly` (the last one of a month) |
//! | `--step DOLLARS` | of the strike grid; known for BTC, ETH, DOT and SOL |
//! | `--sold A,B` | what the auction brought, as shares of mark (default 0.95,0.90: the second is the reserve) |
//! | `--rho R`, `--psi P` | smile of the 30-day slice (default: none) |
//! | `--management`, `--performance`, `--treasury-share` | fees; default 0.02 a year, 0.20, and 0.20 of both |
//! | `--from`, `--to` | days, `2021-01-31` |
//! | `--by-year yes` | also a table by calendar year |
//! | `--plot FILE` | value per share in dollars beside holding, as SVG |
//!
//! One round: at an expiry the rule picks a strike on the grid from the last close and the surface; options on all
//! of the vault's assets are sold until the next expiry at the named share of the model's mark; there they are paid
//! out of the vault's own assets, at the last close. Strikes, shares, fees and yields are those of
//! `ballast_math::vault`, marks those of `surface` and `black76`; floating point reads, and prints.

mod calendar;
mod history;
mod market;
mod number;
mod options;
mod plot;
mod replay;
mod report;

use market::{Market, Volatility};
use number::Failure;
use options::{Options, Source};
use replay::{Replay, Rule};
use report::Entry;
use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
	match run() {
		Ok(()) => ExitCode::SUCCESS,
		Err(failure) => {
			eprintln!("error: {failure}");
			ExitCode::FAILURE
		}
	}
}

fn run() -> Result<(), Failure> {
	let options = Options::parse(env::args().skip(1))?;
	let mut entries = Vec::new();
	for source in Source::all(&options)? {
		replay_source(&options, &source, &mut entries)?;
	}
	report::print(&entries);
	if options.by_year {
		report::print_years(&entries);
	}
	if let Some(path) = &options.plot {
		fs::write(path, plot::svg(&entries)).map_err(|error| format!("{path}: {error}"))?;
		println!("\nplot: {path}");
	}
	Ok(())
}

/// Every strategy and price of one underlying.
fn replay_source(
	options: &Options,
	source: &Source,
	entries: &mut Vec<Entry>,
) -> Result<(), Failure> {
	let prices = source.prices()?.between(options.from, options.to);
	let volatility = match source.volatility(options, &prices)? {
		Some(volatility) => volatility,
		None => Volatility::Flat(options::VOLATILITY_DEFAULT),
	};
	let market = Market::new(prices, volatility, options.smile)?;
	for &strategy in options.strategies() {
		for &sold in &options.sold {
			let rule = Rule {
				strategy,
				strike: options.strike,
				cycle: options.cycle,
				step: source.step,
				sold,
				fees: options.fees,
			};
			let replay =
				Replay::run(&market, &rule).map_err(|error| format!("{}: {error}", source.name))?;
			entries.push(Entry::new(&source.name, &market, &rule, replay)?);
		}
	}
	Ok(())
}
