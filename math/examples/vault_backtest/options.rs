//! The command line, and the files it names.

use crate::{
	calendar::{self, Cycle},
	history::History,
	market::{Smile, Volatility},
	number::{e18, Failure},
	replay::{Fees, Strategy, StrikeRule},
};
use std::{fs, path::Path};

/// Flat volatility where nothing else is known.
pub const VOLATILITY_DEFAULT: f64 = 0.7;

/// Steps of strike grids in dollars.
const STEPS: [(&str, f64); 4] = [("BTC", 250.0), ("ETH", 5.0), ("DOT", 0.1), ("SOL", 1.0)];

const NO_HISTORY: &str = "no history: name a CSV and its underlying (--csv FILE --underlying BTC; lines \
	seconds,open,high,low,close or seconds,close), or a folder with daily/NAME_1d.csv in it (--data DIR)";

/// What `--volatility` says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Level {
	Flat(f64),
	Realised,
}

#[derive(Debug)]
pub struct Options {
	csv: Option<String>,
	data: Option<String>,
	underlyings: Vec<String>,
	dvol: Option<String>,
	volatility: Option<Level>,
	strategy: Option<Strategy>,
	pub strike: StrikeRule,
	pub cycle: Cycle,
	step: Option<f64>,
	pub sold: Vec<u128>,
	pub smile: Smile,
	pub fees: Fees,
	pub from: u64,
	pub to: u64,
	pub by_year: bool,
	pub plot: Option<String>,
}

impl Default for Options {
	fn default() -> Self {
		Self {
			csv: None,
			data: None,
			underlyings: Vec::new(),
			dvol: None,
			volatility: None,
			strategy: None,
			strike: StrikeRule::Delta(e18(0.25)),
			cycle: Cycle::Weekly,
			step: None,
			sold: vec![e18(0.95), e18(0.90)],
			smile: Smile::default(),
			fees: Fees { management: e18(0.02), performance: e18(0.20), treasury: e18(0.20) },
			from: 0,
			to: u64::MAX,
			by_year: false,
			plot: None,
		}
	}
}

/// A number within a range.
fn number(value: &str, least: f64, most: f64) -> Result<f64, Failure> {
	match value.parse::<f64>() {
		Ok(number) if (least..=most).contains(&number) => Ok(number),
		_ => Err(format!("expected a number from {least} to {most}, not {value}")),
	}
}

/// A share in 18 decimals.
fn share(value: &str) -> Result<u128, Failure> {
	number(value, 0.0, 1.0).map(e18)
}

impl Options {
	pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
		let mut options = Self::default();
		while let Some(name) = arguments.next() {
			let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
			options.set(&name, value).map_err(|error| format!("{name}: {error}"))?;
		}
		match (&options.csv, &options.data) {
			(None, None) => Err(NO_HISTORY.into()),
			(Some(_), Some(_)) => Err("--csv or --data, not both".into()),
			(Some(_), None) if options.underlyings.len() != 1 => {
				Err("--csv needs the name of its underlying: --underlying BTC".into())
			}
			(None, Some(_)) if options.dvol.is_some() => {
				Err("--dvol goes with --csv; with --data it is DIR/dvol/NAME_DVOL*.csv".into())
			}
			_ => Ok(options),
		}
	}

	fn set(&mut self, name: &str, value: String) -> Result<(), Failure> {
		let list = || value.split(',').map(str::trim);
		match name {
			"--csv" => self.csv = Some(value),
			"--data" => self.data = Some(value),
			"--underlying" => self.underlyings = list().map(str::to_uppercase).collect(),
			"--dvol" => self.dvol = Some(value),
			"--volatility" if value == "realised" => self.volatility = Some(Level::Realised),
			"--volatility" => self.volatility = Some(Level::Flat(number(&value, 0.01, 10.0)?)),
			"--strategy" => {
				self.strategy = match value.as_str() {
					"covered-call" => Some(Strategy::CoveredCall),
					"cash-secured-put" => Some(Strategy::CashSecuredPut),
					"both" => None,
					_ => return Err("covered-call, cash-secured-put or both".into()),
				}
			}
			"--delta" => self.strike = StrikeRule::Delta(share(&value)?),
			"--distance" => self.strike = StrikeRule::Distance(share(&value)?),
			"--expiry" => {
				self.cycle = match value.as_str() {
					"weekly" => Cycle::Weekly,
					"monthly" => Cycle::Monthly,
					_ => return Err("weekly or monthly".into()),
				}
			}
			"--step" => self.step = Some(number(&value, 1e-6, 1e6)?),
			"--sold" => {
				let sold = list().map(|value| number(value, 0.01, 3.0).map(e18));
				self.sold = sold.collect::<Result<_, _>>()?;
			}
			"--rho" => self.smile.rho = number(&value, -0.999, 0.999)?,
			"--psi" => self.smile.psi = number(&value, 0.0, 4.0)?,
			"--management" => self.fees.management = share(&value)?,
			"--performance" => self.fees.performance = share(&value)?,
			"--treasury-share" => self.fees.treasury = share(&value)?,
			"--from" => self.from = calendar::parse(&value)?,
			"--to" => self.to = calendar::parse(&value)?,
			"--by-year" => {
				self.by_year = match value.as_str() {
					"yes" => true,
					"no" => false,
					_ => return Err("yes or no".into()),
				}
			}
			"--plot" => self.plot = Some(value),
			_ => return Err("unknown option".into()),
		}
		Ok(())
	}

	pub fn strategies(&self) -> &[Strategy] {
		match self.strategy {
			Some(Strategy::CoveredCall) => &[Strategy::CoveredCall],
			Some(Strategy::CashSecuredPut) => &[Strategy::CashSecuredPut],
			None => &[Strategy::CoveredCall, Strategy::CashSecuredPut],
		}
	}
}

/// Where the history of one underlying is.
pub struct Source {
	pub name: String,
	/// Of the strike grid, in 18 decimals.
	pub step: u128,
	prices: String,
	index: Option<String>,
}

impl Source {
	pub fn all(options: &Options) -> Result<Vec<Self>, Failure> {
		if let (Some(csv), [name]) = (&options.csv, &options.underlyings[..]) {
			return Ok(vec![Self::new(options, name, csv.clone(), options.dvol.clone())?]);
		}
		let dir = Path::new(options.data.as_deref().ok_or(NO_HISTORY)?);
		let found = files(&dir.join("daily"), "_1d.csv")?;
		let indexes =
			if dir.join("dvol").is_dir() { files(&dir.join("dvol"), ".csv")? } else { Vec::new() };
		let mut names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
		if !options.underlyings.is_empty() {
			names.clone_from(&options.underlyings);
		}
		let source = |name: &String| {
			let file = found.iter().find(|(file, _)| file == name);
			let (_, prices) = file.ok_or_else(|| {
				format!("no {}", dir.join(format!("daily/{name}_1d.csv")).display())
			})?;
			let prefix = format!("{name}_DVOL");
			let index = indexes.iter().find(|(file, _)| file.starts_with(&prefix));
			Self::new(options, name, prices.clone(), index.map(|(_, path)| path.clone()))
		};
		names.iter().map(source).collect()
	}

	fn new(
		options: &Options,
		name: &str,
		prices: String,
		index: Option<String>,
	) -> Result<Self, Failure> {
		let known = STEPS.iter().find(|(known, _)| *known == name).map(|(_, step)| *step);
		let step = options.step.or(known);
		let step = step.ok_or_else(|| format!("{name}: --step names the step of its strikes"))?;
		Ok(Self { name: name.into(), step: e18(step), prices, index })
	}

	pub fn prices(&self) -> Result<History, Failure> {
		History::read(&self.prices)
	}

	/// `None` if the command line and the folder say nothing.
	pub fn volatility(
		&self,
		options: &Options,
		prices: &History,
	) -> Result<Option<Volatility>, Failure> {
		Ok(match (options.volatility, &self.index) {
			(Some(Level::Flat(level)), _) => Some(Volatility::Flat(level)),
			(Some(Level::Realised), _) => {
				let level = prices.realised(0, u64::MAX).ok_or("too few candles")?;
				Some(Volatility::Realised(level))
			}
			(None, Some(index)) => Some(Volatility::Index(History::read(index)?)),
			(None, None) => None,
		})
	}
}

/// Files of a folder with this ending, in order: names without it, and paths.
fn files(dir: &Path, ending: &str) -> Result<Vec<(String, String)>, Failure> {
	let wrong = |error: std::io::Error| format!("{}: {error}", dir.display());
	let mut files = Vec::new();
	for entry in fs::read_dir(dir).map_err(wrong)? {
		let path = entry.map_err(wrong)?.path();
		let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
		if let (Some(name), Some(path)) = (name.strip_suffix(ending), path.to_str()) {
			files.push((name.to_owned(), path.to_owned()));
		}
	}
	files.sort();
	if files.is_empty() {
		return Err(format!("no *{ending} in {}", dir.display()));
	}
	Ok(files)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn parse(line: &str) -> Result<Options, Failure> {
		Options::parse(line.split_whitespace().map(str::to_owned))
	}

	#[test]
	fn without_a_history_the_message_says_what_to_name() {
		assert!(parse("").unwrap_err().contains("--csv FILE --underlying BTC"));
		assert!(parse("--csv x").unwrap_err().contains("--underlying BTC"));
		assert!(parse("--csv x --data y").unwrap_err().contains("not both"));
		let missing = parse("--csv /no/such.csv --underlying btc").unwrap();
		let sources = Source::all(&missing).unwrap();
		assert_eq!(sources[0].name, "BTC");
		assert!(sources[0].prices().unwrap_err().starts_with("/no/such.csv: "));
	}

	#[test]
	fn values_are_checked() {
		let with = |rest: &str| parse(&format!("--csv x --underlying BTC {rest}"));
		for wrong in [
			"--delta 2",
			"--delta x",
			"--expiry daily",
			"--strategy straddle",
			"--sold 0.95,",
			"--from 2021-02-30",
			"--volatility NaN",
			"--colour red",
			"--by-year maybe",
			"--plot",
		] {
			assert!(with(wrong).is_err(), "{wrong}");
		}
		let options = with("--sold 1,0.9 --volatility realised --strategy covered-call").unwrap();
		assert_eq!(options.sold, [e18(1.0), e18(0.9)]);
		assert_eq!(options.volatility, Some(Level::Realised));
		assert_eq!(options.strategies(), [Strategy::CoveredCall]);
		let unknown = parse("--csv x --underlying KSM").unwrap();
		assert!(Source::all(&unknown).is_err_and(|error| error.contains("--step")));
	}
}
