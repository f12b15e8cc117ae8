//! Prices options read from standard input, so that anyone can compare with another library.
//!
//! Input: one option per line, `forward,strike,volatility,years,discount,kind` with `kind` one of `call`
//! and `put`, numbers in decimal with up to 18 decimals. A header line and blank lines are skipped.
//! Output: one line each, `price,delta,gamma,vega,theta,rho` with 18 decimals (to nearest), or
//! `error:<Condition>`. Definitions: `ballast_math::black76::Greeks`.
//!
//! ```text
//! echo 60000,70000,0.65,0.25,0.99,call | cargo run --release -p ballast-math --example price
//! ```

use ballast_math::{
	black76::{Greeks, Kind, Prepared, TimeToExpiry},
	MathError, Rounding, E18, Q64,
};
use std::io::{self, BufRead, BufWriter, Write};

/// Why a line has no result.
enum Refusal {
	/// Not six fields, or a field is not what it should be.
	BadInput,
	Math(MathError),
}

impl From<MathError> for Refusal {
	fn from(error: MathError) -> Self {
		Self::Math(error)
	}
}

/// An exact decimal in units of 1e-18: an optional sign, digits, and at most 18 digits after a point.
fn decimal(text: &str) -> Option<i128> {
	let text = text.trim();
	let (negative, digits) = match text.strip_prefix('-') {
		Some(rest) => (true, rest),
		None => (false, text.strip_prefix('+').unwrap_or(text)),
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
	Some(if negative { -value } else { value })
}

fn value(line: &str) -> Result<Greeks, Refusal> {
	let fields: Vec<&str> = line.split(',').collect();
	let &[forward, strike, volatility, years, discount, kind] = fields.as_slice() else {
		return Err(Refusal::BadInput);
	};
	let number = |text| decimal(text).ok_or(Refusal::BadInput);
	let kind = match kind.trim().to_ascii_lowercase().as_str() {
		"call" => Kind::Call,
		"put" => Kind::Put,
		_ => return Err(Refusal::BadInput),
	};
	let time = TimeToExpiry::from_years_e18(number(years)?)?;
	let series = Prepared::from_e18(number(strike)?, time, number(discount)?)?;
	Ok(series.greeks_e18(number(forward)?, number(volatility)?, kind)?)
}

fn text(value: Q64) -> Result<String, MathError> {
	let scaled = value.to_e18(Rounding::Nearest).ok_or(MathError::Overflow)?;
	let sign = if scaled < 0 { "-" } else { "" };
	let magnitude = scaled.unsigned_abs();
	let one = E18.unsigned_abs();
	Ok(format!("{sign}{}.{:018}", magnitude / one, magnitude % one))
}

fn answer(line: &str) -> Result<String, Refusal> {
	let g = value(line)?;
	let fields = [g.price, g.delta, g.gamma, g.vega, g.theta, g.rho];
	let texts: Result<Vec<String>, MathError> = fields.into_iter().map(text).collect();
	Ok(texts?.join(","))
}

fn is_header(line: &str) -> bool {
	line.trim_start().starts_with(|c: char| c.is_ascii_alphabetic())
}

fn main() -> io::Result<()> {
	let mut out = BufWriter::new(io::stdout().lock());
	for (number, line) in io::stdin().lock().lines().enumerate() {
		let line = line?;
		if line.trim().is_empty() || (number == 0 && is_header(&line)) {
			continue;
		}
		match answer(&line) {
			Ok(text) => writeln!(out, "{text}")?,
			Err(Refusal::BadInput) => writeln!(out, "error:BadInput")?,
			Err(Refusal::Math(error)) => writeln!(out, "error:{error:?}")?,
		}
	}
	out.flush()
}
