//! Backtest of one-day value at risk and expected shortfall on a folder of daily candles.
//!
//! ```text
//! cargo run --release -p ballast-math --example backtest -- DIR
//! ```
//!
//! Reads every `DIR/daily/*_1d.csv` (or `DIR/*_1d.csv`): lines `seconds,open,high,low,close`, others
//! are passed over. For each day that has 560 days before it, forecasts the loss of one unit of the
//! underlying held long, and of one sold short, from those days alone by the library's integer
//! code, and compares it with what the day brought. Prints
//!
//! - days, and how many lost more than value at risk at 97.5% and 99% (2.5% and 1% are right), with Kupiec's
//!   proportion-of-failures test (likelihood ratio, p-value by the chi-square law of one degree);
//! - Acerbi and Szekely's Z2 on expected shortfall 97.5%: zero if it is right, negative if losses beyond
//!   value at risk are more or larger than it says; below -0.70 is rejected at 5%;
//! - the share of days worse than expected shortfall: about 1%.
//!
//! Then the worst day of each position, as loss over the expected shortfall forecast for it.

use ballast_math::{
	kernels::exp,
	realised::log_return,
	shortfall::{filter, Move, Shock, Shortfall, DAYS_MAX, WARM_UP},
	Q64,
};
use std::{env, error::Error, fs, path::Path, path::PathBuf};

/// Days of history behind each forecast.
const WINDOW: usize = DAYS_MAX + WARM_UP;

fn main() -> Result<(), Box<dyn Error>> {
	let dir = PathBuf::from(env::args().nth(1).ok_or("usage: backtest DIR")?);
	println!(
		"{:<12} {:>5} | {:>5} {:>6} {:>6} {:>6} | {:>5} {:>6} {:>6} {:>6} | {:>6} {:>7} | {:>5}",
		"position",
		"days",
		"97.5",
		"share",
		"LR",
		"p",
		"99",
		"share",
		"LR",
		"p",
		"Z2",
		"> ES",
		"worst"
	);
	for file in candles(&dir)? {
		let name = file.file_stem().and_then(|stem| stem.to_str()).ok_or("file name")?;
		let name = name.trim_end_matches("_1d").to_owned();
		let moves = read(&file)?;
		if moves.len() <= WINDOW {
			println!("{name}: only {} days, {} are needed", moves.len(), WINDOW + 1);
			continue;
		}
		for (side, sign) in [("long", 1.0), ("short", -1.0)] {
			Backtest::of(&moves, sign)?.print(&format!("{name} {side}"));
		}
	}
	Ok(())
}

/// The daily candles of a folder, in order of their names.
fn candles(dir: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
	let daily = dir.join("daily");
	let folder = if daily.is_dir() { daily } else { dir.to_owned() };
	let mut files = Vec::new();
	for entry in fs::read_dir(&folder)? {
		let path = entry?.path();
		if path.to_str().is_some_and(|path| path.ends_with("_1d.csv")) {
			files.push(path);
		}
	}
	files.sort();
	if files.is_empty() {
		return Err(format!("no *_1d.csv in {}", folder.display()).into());
	}
	Ok(files)
}

/// Log returns from close to close.
fn read(file: &Path) -> Result<Vec<Move>, Box<dyn Error>> {
	let mut moves = Vec::new();
	let mut before: Option<i128> = None;
	for line in fs::read_to_string(file)?.lines() {
		let fields: Vec<&str> = line.split(',').map(str::trim).collect();
		let Some(Ok(seconds)) = fields.first().map(|field| field.parse::<u64>()) else { continue };
		let [_, _, _, _, close] = fields[..] else {
			return Err(format!("{}: not a candle: {line}", file.display()).into());
		};
		// Prices have few decimals: in units of 1e-12 they are whole numbers.
		let close = (close.parse::<f64>()? * 1e12).round() as i128;
		if let Some(before) = before {
			let spot = log_return(close, before).map_err(|error| error.to_string())?;
			let day = u32::try_from(seconds / 86_400)?;
			moves.push(Move { day, spot, volatility: None });
		}
		before = Some(close);
	}
	Ok(moves)
}

fn float(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

/// What one unit of a position gains when spot moves by a log return: a simple return.
fn gain(log: Q64, sign: f64) -> Result<Q64, Box<dyn Error>> {
	let factor = exp(log).map_err(|error| error.to_string())?;
	let change = factor.checked_sub(Q64::ONE).ok_or("overflow")?;
	Ok(if sign < 0.0 { change.checked_neg().ok_or("overflow")? } else { change })
}

#[derive(Default)]
struct Backtest {
	days: usize,
	beyond_975: usize,
	beyond_99: usize,
	beyond_shortfall: usize,
	/// Sum of loss over expected shortfall on days beyond value at risk at 97.5%.
	excess: f64,
	worst: f64,
}

impl Backtest {
	fn of(moves: &[Move], sign: f64) -> Result<Self, Box<dyn Error>> {
		let mut test = Self::default();
		let mut shocks = vec![Shock::default(); DAYS_MAX];
		for window in moves.windows(WINDOW + 1) {
			let (today, past) = window.split_last().ok_or("empty window")?;
			let count = filter(past, &[], &mut shocks).map_err(|error| error.to_string())?;
			let mut losses = Vec::with_capacity(count);
			for shock in &shocks[..count] {
				losses.push(gain(shock.spot, -sign)?);
			}
			let forecast = Shortfall::of_losses(losses).map_err(|error| error.to_string())?;
			test.count(&forecast, gain(today.spot, -sign)?);
		}
		Ok(test)
	}

	fn count(&mut self, forecast: &Shortfall, loss: Q64) {
		let ratio = float(loss) / float(forecast.expected_shortfall);
		self.days += 1;
		self.beyond_99 += usize::from(loss > forecast.value_at_risk_99);
		self.beyond_shortfall += usize::from(loss > forecast.expected_shortfall);
		self.worst = self.worst.max(ratio);
		if loss > forecast.value_at_risk_975 {
			self.beyond_975 += 1;
			self.excess += ratio;
		}
	}

	fn print(&self, name: &str) {
		let days = self.days as f64;
		let (lr_975, p_975) = kupiec(self.days, self.beyond_975, 0.025);
		let (lr_99, p_99) = kupiec(self.days, self.beyond_99, 0.01);
		let z2 = 1.0 - self.excess / (days * 0.025);
		println!(
			"{:<12} {:>5} | {:>5} {:>5.2}% {:>6.2} {:>6.3} | {:>5} {:>5.2}% {:>6.2} {:>6.3} | {:>6.3} {:>6.2}% | {:>5.2}",
			name,
			self.days,
			self.beyond_975,
			100.0 * self.beyond_975 as f64 / days,
			lr_975,
			p_975,
			self.beyond_99,
			100.0 * self.beyond_99 as f64 / days,
			lr_99,
			p_99,
			z2,
			100.0 * self.beyond_shortfall as f64 / days,
			self.worst,
		);
	}
}

/// Kupiec's likelihood ratio of `failures` in `days` against probability `p`, and its p-value.
fn kupiec(days: usize, failures: usize, p: f64) -> (f64, f64) {
	let (n, x) = (days as f64, failures as f64);
	let log_likelihood = |p: f64| {
		let kept = if n > x { (n - x) * (1.0 - p).ln() } else { 0.0 };
		let failed = if x > 0.0 { x * p.ln() } else { 0.0 };
		kept + failed
	};
	let ratio = (2.0 * (log_likelihood(x / n) - log_likelihood(p))).max(0.0);
	(ratio, chi_square_tail(ratio))
}

/// Probability that a chi-square variable of one degree exceeds `x`: `2 Phi(-sqrt x)`.
fn chi_square_tail(x: f64) -> f64 {
	let root = Q64::from_e18((-x.sqrt() * 1e18) as i128).unwrap_or(Q64::MIN);
	2.0 * float(ballast_math::kernels::norm_cdf(root))
}
