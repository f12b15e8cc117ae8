//! What the chain would have known, close by close: candles, realised volatility, scan ranges, and a
//! modelled implied volatility.
//!
//! No history of option prices covers these days, so implied volatility is modelled, by two exponentially
//! weighted averages of squared log returns, `s` (half life 14 days) and `f` (one day), annualised, and
//! what a variance that reverts to a level `l^2` averages to over the time to expiry, `g(T; H)` with half life `H`:
//!
//! ```text
//! sigma(T)^2 = l^2 + (s - l^2) g(T; 27 days) + (f - s) g(T; 1 day)
//! g(T; H)    = (1 - exp(-x)) / x,  x = T ln 2 / H
//! ```
//!
//! It is the same at every strike, and answers to a fall within one candle as to a rise.

use crate::{
	defaults::{Risk, HALF_LIVES, HORIZON},
	number::{f, math, q, Failure},
	portfolios::Market,
};
use ballast_math::{
	realised::{log_return, ramp, RealisedVariance},
	Q64,
};
use std::{fs, path::Path};

/// Candles are put together to so many seconds, where they are shorter.
const STEP: u64 = 300;
const YEAR: f64 = 31_536_000.0;
const DAY: f64 = 86_400.0;

/// Scan ranges of maintenance and initial margin.
#[derive(Clone, Copy, Default)]
pub struct Ranges {
	pub mm: Q64,
	pub im: Q64,
}

/// How implied volatility is modelled: half lives in days.
#[derive(Clone, Copy)]
pub struct Modelled {
	/// Of the averages of squared returns: the slow and the fast.
	slow: f64,
	fast: f64,
	/// Of what is expected to be left of the slow one over the calm level, and of the fast one over the slow.
	slow_reverts: f64,
	fast_reverts: f64,
}

/// As the index of bitcoin's 30-day volatility answers to daily returns ([`crate::fit`]).
pub const FITTED: Modelled =
	Modelled { slow: 14.0, fast: 1.0, slow_reverts: 27.0, fast_reverts: 1.0 };
/// The same without the fast average.
pub const SLOW: Modelled = Modelled { fast: 14.0, ..FITTED };
/// Too quick: what thirty days imply is made of the last one.
pub const QUICK: Modelled = Modelled { slow: 1.0, fast: 1.0, slow_reverts: 7.0, fast_reverts: 1.0 };

/// Implied volatility at a time.
#[derive(Clone, Copy)]
pub struct Implied {
	model: Modelled,
	level: f64,
	slow: f64,
	fast: f64,
}

impl Implied {
	/// As if it had always been at a level.
	pub fn new(model: Modelled, level: f64) -> Self {
		let variance = level * level;
		Self { model, level: variance, slow: variance, fast: variance }
	}

	/// One more return, made in so many seconds.
	pub fn update(&mut self, log_return: f64, elapsed: f64) {
		let rate = log_return * log_return * YEAR / elapsed;
		for (variance, days) in
			[(&mut self.slow, self.model.slow), (&mut self.fast, self.model.fast)]
		{
			*variance = rate + (*variance - rate) * (-elapsed / DAY / days).exp2();
		}
	}

	/// Volatility at a time to expiry in years.
	pub fn at(&self, years: f64) -> f64 {
		let days = years * YEAR / DAY;
		let share = |half_life: f64| {
			let x = days * std::f64::consts::LN_2 / half_life;
			if x < 1e-9 {
				1.0
			} else {
				-(-x).exp_m1() / x
			}
		};
		let slow = (self.slow - self.level) * share(self.model.slow_reverts);
		let fast = (self.fast - self.slow) * share(self.model.fast_reverts);
		(self.level + slow + fast).sqrt()
	}
}

/// The end of a candle.
#[derive(Clone, Copy)]
pub struct Tick {
	/// When it closed, in seconds since 1970.
	pub time: u64,
	pub low: Q64,
	pub high: Q64,
	pub close: Q64,
	pub implied: Implied,
	/// Scan ranges at the horizon of one day, and of a quarter of an hour.
	pub ranges: [Ranges; 2],
}

impl Market for Tick {
	fn time(&self) -> u64 {
		self.time
	}

	fn spot(&self) -> Q64 {
		self.close
	}

	fn volatility(&self, years: f64) -> Q64 {
		q(self.implied.at(years))
	}
}

/// One file of candles.
pub struct History {
	/// Such as `2020-03 BTC`.
	pub name: String,
	pub risk: &'static Risk,
	/// Seconds from one tick to the next.
	pub step: u64,
	pub ticks: Vec<Tick>,
}

struct Candle {
	time: u64,
	low: f64,
	high: f64,
	close: f64,
}

/// Lines `seconds,open,high,low,close`; others are passed over.
fn candles(path: &Path) -> Result<Vec<Candle>, Failure> {
	let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
	let candle = |line: &str| {
		let fields: Vec<&str> = line.split(',').collect();
		let number = |index: usize| fields.get(index)?.trim().parse::<f64>().ok();
		Some(Candle {
			time: fields.first()?.trim().parse().ok()?,
			high: number(2)?,
			low: number(3)?,
			close: number(4)?,
		})
	};
	Ok(text.lines().filter_map(candle).collect())
}

/// Candles of at least [`STEP`] seconds.
fn joined(candles: Vec<Candle>, step: u64) -> Vec<Candle> {
	let mut joined: Vec<Candle> = Vec::new();
	for candle in candles {
		let time = candle.time / step * step;
		match joined.last_mut().filter(|last| last.time == time) {
			Some(last) => {
				last.low = last.low.min(candle.low);
				last.high = last.high.max(candle.high);
				last.close = candle.close;
			}
			None => joined.push(Candle { time, ..candle }),
		}
	}
	joined
}

impl History {
	/// Reads a file of an underlying with start values.
	pub fn read(
		path: &Path,
		name: String,
		risk: &'static Risk,
		model: Modelled,
	) -> Result<Self, Failure> {
		let candles = candles(path)?;
		let steps = candles.windows(2).map(|pair| pair[1].time.saturating_sub(pair[0].time));
		let step = steps.min().filter(|step| *step > 0).ok_or("too few candles")?.max(STEP);
		let mut state = State::new(risk, model)?;
		let mut ticks: Vec<Tick> = Vec::new();
		for candle in joined(candles, step) {
			ticks.push(state.close(&candle, candle.time + step)?);
		}
		Ok(Self { name, risk, step, ticks })
	}
}

/// Seven and thirty days.
const TENORS: [f64; 2] = [7.0 / 365.0, 30.0 / 365.0];

impl History {
	/// A line of a table: what there was to go through.
	pub fn summary(&self) -> String {
		let most = |of: &dyn Fn(&Tick) -> f64| self.ticks.iter().map(of).fold(0.0, f64::max);
		let lowest = self.ticks.iter().map(|tick| f(tick.low)).fold(f64::INFINITY, f64::min);
		let first = self.ticks.first().map_or(f64::NAN, |tick| f(tick.close));
		let [week, month] = TENORS.map(|years| 100.0 * most(&|tick| tick.implied.at(years)));
		let [mm, im] = [|r: &Ranges| r.mm, |r: &Ranges| r.im]
			.map(|range| 100.0 * most(&|tick| f(range(&tick.ranges[0]))));
		let start = self.ticks.first().map_or(f64::NAN, |tick| 100.0 * f(tick.ranges[0].mm));
		format!(
			"| {} | {} | {:.0}% | {week:.0}%, {month:.0}% | {start:.1}% / {mm:.1}% | {im:.1}% |",
			self.name,
			self.ticks.len(),
			100.0 * lowest / first,
		)
	}
}

/// Realised volatility, ranges and implied volatility as they go.
struct State {
	risk: &'static Risk,
	realised: RealisedVariance,
	implied: Implied,
	ranges: [Ranges; 2],
	/// Time and close of the candle before.
	last: Option<(u64, i128)>,
}

/// One day, and a quarter of an hour.
const HORIZONS: [u64; 2] = [HORIZON, 900];

impl State {
	fn new(risk: &'static Risk, model: Modelled) -> Result<Self, Failure> {
		let realised = RealisedVariance::from_volatility(q(risk.level)).map_err(math)?;
		let implied = Implied::new(model, risk.level);
		let mut ranges = [Ranges::default(); 2];
		for (range, horizon) in ranges.iter_mut().zip(HORIZONS) {
			*range = steady_ranges(risk, risk.level, horizon)?;
		}
		Ok(Self { risk, realised, implied, ranges, last: None })
	}

	fn close(&mut self, candle: &Candle, time: u64) -> Result<Tick, Failure> {
		let price = (candle.close * 1e8).round() as i128;
		if let Some((before, last)) = self.last {
			let elapsed = time - before;
			let moved = log_return(price, last).map_err(math)?;
			self.realised = self.realised.update(moved, elapsed, HALF_LIVES).map_err(math)?;
			self.implied.update(f(moved), elapsed as f64);
			let sigma = self.realised.volatility(q(self.implied.at(TENORS[0]))).map_err(math)?;
			for (range, horizon) in self.ranges.iter_mut().zip(HORIZONS) {
				let target = self.risk.scan_rule(horizon)?.target(sigma).map_err(math)?;
				let mm = ramp(range.mm, target, self.risk.ramp_per_hour()?, elapsed);
				let mm = mm.map_err(math)?;
				*range = Ranges { mm, im: target.max(mm) };
			}
		}
		self.last = Some((time, price));
		Ok(Tick {
			time,
			low: q(candle.low),
			high: q(candle.high),
			close: q(candle.close),
			implied: self.implied,
			ranges: self.ranges,
		})
	}
}

/// Ranges of a market whose volatility has always been the same.
pub fn steady_ranges(risk: &Risk, volatility: f64, horizon: u64) -> Result<Ranges, Failure> {
	let target = risk.scan_rule(horizon)?.target(q(volatility)).map_err(math)?;
	Ok(Ranges { mm: target, im: target })
}
