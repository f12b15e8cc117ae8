//! Bounds of American options read from standard input, so that anyone can compare with another library.
//!
//! Input: one option per line, `spot,strike,volatility,years,rate,carry,kind` with `kind` one of `call` and
//! `put`, numbers in decimal with up to 18 decimals. A header line and blank lines are skipped.
//! Output: one line each, `european,whaley,flat,lower,upper` with 18 decimals (to nearest), or
//! `error:<Condition>`: the European value, Barone-Adesi and Whaley (1987), Bjerksund and Stensland (1993),
//! and the bounds of `ballast_math::american`.
//!
//! `--time` after the program's name: prices the lines, then says on standard error how long each step took
//! on average (in the fastest of several rounds).
//!
//! ```text
//! echo 100,100,0.25,1,0.05,0,put | cargo run --release -p ballast-math --example american
//! ```

use ballast_math::{
	american::{Exercise, Series, Spot},
	black76::{Kind, TimeToExpiry},
	MathError, Rounding, E18, Q64,
};
use std::{
	hint::black_box,
	io::{self, BufRead, BufWriter, Write},
	time::Instant,
};

/// Why a line has no result.
enum Refusal {
	/// Not seven fields, or a field is not what it should be.
	BadInput,
	Math(MathError),
}

impl From<MathError> for Refusal {
	fn from(error: MathError) -> Self {
		Self::Math(error)
	}
}

/// What a line says, made ready.
struct Ready {
	series: Series,
	spot: Spot,
	spot_price: Q64,
	volatility: Q64,
	kind: Kind,
	exercise: Exercise,
}

/// A decimal with an optional sign and at most 18 digits after a point.
fn decimal(text: &str) -> Option<Q64> {
	let text = text.trim();
	let (negative, digits) = match text.strip_prefix('-') {
		Some(rest) => (true, rest),
		None => (false, text),
	};
	let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
	let is_number = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
	if (whole.is_empty() && fraction.is_empty()) || fraction.len() > 18 {
		return None;
	}
	if !is_number(whole) || !is_number(fraction) {
		return None;
	}
	let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
	let fraction: i128 = format!("{fraction:0<18}").parse().ok()?;
	let value = whole.checked_mul(E18)?.checked_add(fraction)?;
	Q64::from_e18(if negative { -value } else { value })
}

fn ready(line: &str) -> Result<Ready, Refusal> {
	let fields: Vec<&str> = line.split(',').collect();
	let &[spot, strike, volatility, years, rate, carry, kind] = fields.as_slice() else {
		return Err(Refusal::BadInput);
	};
	let number = |text| decimal(text).ok_or(Refusal::BadInput);
	let kind = match kind.trim().to_ascii_lowercase().as_str() {
		"call" => Kind::Call,
		"put" => Kind::Put,
		_ => return Err(Refusal::BadInput),
	};
	let time = TimeToExpiry::from_years(number(years)?)?;
	let series = Series::new(number(strike)?, time, number(rate)?, number(carry)?)?;
	let (volatility, spot_price) = (number(volatility)?, number(spot)?);
	let exercise = series.at_volatility(volatility, kind)?;
	Ok(Ready { series, spot: series.at_spot(spot_price)?, spot_price, volatility, kind, exercise })
}

fn text(value: Q64) -> Result<String, MathError> {
	let scaled = value.to_e18(Rounding::Nearest).ok_or(MathError::Overflow)?;
	let one = E18.unsigned_abs();
	let magnitude = scaled.unsigned_abs();
	let sign = if scaled < 0 { "-" } else { "" };
	Ok(format!("{sign}{}.{:018}", magnitude / one, magnitude % one))
}

fn answer(ready: &Ready) -> Result<String, MathError> {
	let Ready { series, spot, spot_price, volatility, kind, exercise } = ready;
	let bounds = series.bounds(spot, exercise)?;
	let values = [
		series.european().price(series.forward(*spot_price)?, *volatility, *kind)?,
		series.barone_adesi_whaley(spot, exercise)?,
		series.bjerksund_stensland_1993(spot, exercise)?,
		bounds.lower,
		bounds.upper,
	];
	let texts: Result<Vec<String>, MathError> = values.into_iter().map(text).collect();
	Ok(texts?.join(","))
}

/// A step to be timed.
type Step = fn(&Ready);

/// How often the lines are valued: the fastest round counts, since others share the machine.
const ROUNDS: usize = 50;

/// Average nanoseconds of each step over the lines.
fn report(ready: &[Ready]) {
	let steps: [(&str, Step); 6] = [
		("at_spot", |r| {
			let _ = black_box(r.series.at_spot(black_box(r.spot_price)));
		}),
		("at_volatility", |r| {
			let _ = black_box(r.series.at_volatility(black_box(r.volatility), r.kind));
		}),
		("barone_adesi_whaley", |r| {
			let _ = black_box(r.series.barone_adesi_whaley(black_box(&r.spot), &r.exercise));
		}),
		("bjerksund_stensland_1993", |r| {
			let _ = black_box(r.series.bjerksund_stensland_1993(black_box(&r.spot), &r.exercise));
		}),
		("lower", |r| {
			let _ = black_box(r.series.lower(black_box(&r.spot), &r.exercise));
		}),
		("bounds", |r| {
			let _ = black_box(r.series.bounds(black_box(&r.spot), &r.exercise));
		}),
	];
	let calls = ready.len() as u128;
	for (name, step) in steps {
		let rounds = (0..ROUNDS).map(|_| {
			let start = Instant::now();
			ready.iter().for_each(step);
			start.elapsed().as_nanos()
		});
		eprintln!("{name}: {} ns", rounds.min().unwrap_or(0) / calls);
	}
}

fn main() -> io::Result<()> {
	let timed = std::env::args().any(|argument| argument == "--time");
	let mut out = BufWriter::new(io::stdout().lock());
	let mut kept = Vec::new();
	for (number, line) in io::stdin().lock().lines().enumerate() {
		let line = line?;
		let is_header = number == 0 && line.trim_start().starts_with(|c: char| c.is_alphabetic());
		if line.trim().is_empty() || is_header {
			continue;
		}
		let result = ready(&line).and_then(|ready| {
			let text = answer(&ready)?;
			kept.push(ready);
			Ok(text)
		});
		match result {
			Ok(text) => writeln!(out, "{text}")?,
			Err(Refusal::BadInput) => writeln!(out, "error:BadInput")?,
			Err(Refusal::Math(error)) => writeln!(out, "error:{error:?}")?,
		}
	}
	out.flush()?;
	if timed && kept.is_empty() {
		return Err(io::Error::other(
			"nothing to time: give options on standard input, one a line",
		));
	}
	if timed {
		report(&kept);
	}
	Ok(())
}
