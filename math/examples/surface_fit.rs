//! How well a published surface gives an option chain back: the integer surface evaluated at every liquid
//! strike, against the chain's own volatilities.
//!
//! ```text
//! cargo run --release -p ballast-math --example surface_fit SLICES.csv CHAIN.csv
//! ```
//!
//! `SLICES.csv` has the columns `underlying,days,theta,rho,psi,carry,rate`, one row per tenor in order
//! (`math/tools/fit_surface.py` writes it). Of `CHAIN.csv` these columns are read: `snapshot_utc,
//! instrument, kind, underlying_price` (the expiry's forward)`, strike, expiry_utc, mark_iv_pct, delta,
//! index_price, bid_price, ask_price, open_interest`; lines that start with `#` are notes.
//!
//! Liquid: the out-of-the-money side of a strike, 2 to 365 days before expiry, delta of 5% to 95%, with
//! bid, ask and open interest. Floating point only reads and prints.

use ballast_math::{
	surface::{ensure_admissible, Node, Slice, Surface},
	MathError, Rounding, E18, Q64,
};
use std::{collections::HashMap, env, error::Error, fs};

/// Volatility points within which a strike counts as met.
const POINTS: f64 = 1.5;

type Row = HashMap<String, String>;

/// An underlying and its surface.
type Named = (String, Vec<Node>);

/// Rows of a file by column.
fn rows(path: &str) -> Result<Vec<Row>, Box<dyn Error>> {
	let text = fs::read_to_string(path)?;
	let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
	let header: Vec<&str> = lines.next().ok_or("empty file")?.split(',').collect();
	let row = |line: &str| {
		header.iter().zip(line.split(',')).map(|(k, v)| (k.to_string(), v.to_string())).collect()
	};
	Ok(lines.map(row).collect())
}

fn text<'a>(row: &'a Row, column: &str) -> Result<&'a str, String> {
	row.get(column).map(String::as_str).ok_or_else(|| format!("no column {column}"))
}

/// A number that may be missing.
fn number(row: &Row, column: &str) -> Result<f64, String> {
	Ok(text(row, column)?.parse().unwrap_or(0.0))
}

/// A decimal, digits beyond the eighteenth cut off.
fn decimal(text: &str) -> Option<Q64> {
	let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
	let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
	let fraction = fraction.get(..fraction.len().min(18))?;
	let whole: i128 = whole.parse().ok()?;
	let fraction: i128 = format!("{fraction:0<18}").parse().ok()?;
	let value = whole.checked_mul(E18)?.checked_add(fraction)?;
	Q64::from_e18(if negative { -value } else { value })
}

fn q64(row: &Row, column: &str) -> Result<Q64, String> {
	decimal(text(row, column)?).ok_or_else(|| format!("{column} is not a decimal"))
}

fn float(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

/// Seconds since 1970 of `YYYY-MM-DDTHH:MM:SS[.fraction]Z`.
fn timestamp(text: &str) -> Option<f64> {
	let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
	let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
	let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
	let era = y.div_euclid(400);
	let of_era = y.rem_euclid(400);
	let leap = of_era * 365 + of_era / 4 - of_era / 100;
	let days = era * 146_097 + leap + (153 * m + 2) / 5 + day - 1 - 719_468;
	let seconds: f64 = text.get(17..)?.trim_end_matches('Z').parse().ok()?;
	Some((days * 86_400 + part(11..13)? * 3_600 + part(14..16)? * 60) as f64 + seconds)
}

/// The surfaces of a file by underlying.
fn surfaces(path: &str) -> Result<Vec<Named>, Box<dyn Error>> {
	let mut all: Vec<Named> = Vec::new();
	for row in rows(path)? {
		let days: i128 = text(&row, "days")?.parse()?;
		let node = Node {
			years: Q64::from_ratio(days, 365, Rounding::Nearest).ok_or("days")?,
			slice: Slice {
				theta: q64(&row, "theta")?,
				rho: q64(&row, "rho")?,
				psi: q64(&row, "psi")?,
			},
			carry: q64(&row, "carry")?,
			rate: q64(&row, "rate")?,
		};
		let name = text(&row, "underlying")?;
		match all.last_mut().filter(|(last, _)| last == name) {
			Some((_, nodes)) => nodes.push(node),
			None => all.push((name.to_string(), vec![node])),
		}
	}
	Ok(all)
}

/// One liquid strike: expiry, years, forward, strike, volatility, spot.
struct Strike {
	expiry: String,
	years: Q64,
	forward: Q64,
	strike: Q64,
	volatility: f64,
	spot: Option<Q64>,
}

/// The liquid strike of a row, if it is one.
fn liquid(row: &Row, underlying: &str) -> Result<Option<Strike>, String> {
	let seconds = |column| timestamp(text(row, column)?).ok_or_else(|| format!("bad {column}"));
	let seconds = seconds("expiry_utc")? - seconds("snapshot_utc")?;
	let is_call = text(row, "kind")?.to_ascii_lowercase().starts_with('c');
	let (strike, forward) = (number(row, "strike")?, number(row, "underlying_price")?);
	let delta = number(row, "delta")?.abs();
	let mut traded = true;
	for column in ["bid_price", "ask_price", "open_interest"] {
		traded &= number(row, column)? > 0.0;
	}
	let counts = text(row, "instrument")?.split('-').next() == Some(underlying)
		&& (2.0..=365.0).contains(&(seconds / 86_400.0))
		&& is_call == (strike >= forward)
		&& (0.05..=0.95).contains(&delta)
		&& traded
		&& number(row, "mark_iv_pct")? > 0.0;
	if !counts {
		return Ok(None);
	}
	Ok(Some(Strike {
		expiry: text(row, "expiry_utc")?.to_string(),
		years: Q64::from_bits((seconds / 31_536_000.0 * 2f64.powi(64)) as i128),
		forward: q64(row, "underlying_price")?,
		strike: q64(row, "strike")?,
		volatility: number(row, "mark_iv_pct")? / 100.0,
		spot: decimal(text(row, "index_price")?),
	}))
}

/// Mean, 95th percentile and largest of values.
fn summary(values: &mut [f64]) -> Option<(f64, f64, f64)> {
	values.sort_by(f64::total_cmp);
	let rank = ((values.len() as f64 * 0.95).ceil() as usize).saturating_sub(1);
	let mean = values.iter().sum::<f64>() / values.len() as f64;
	Some((mean, *values.get(rank)?, *values.last()?))
}

fn report(name: &str, nodes: &[Node], chain: &[Row]) -> Result<(), Box<dyn Error>> {
	let strikes: Result<Vec<_>, String> = chain.iter().map(|row| liquid(row, name)).collect();
	let strikes: Vec<Strike> = strikes?.into_iter().flatten().collect();
	let slices: Vec<Slice> = nodes.iter().map(|node| node.slice).collect();
	if let Err(violation) = ensure_admissible(&slices) {
		return Err(format!("{name}: {violation:?}").into());
	}
	let surface = Surface::new(nodes)?;
	let off = |s: &Strike| -> Result<f64, MathError> {
		let vol = surface.volatility(s.strike, s.forward, s.years)?;
		Ok((float(vol) - s.volatility).abs() * 100.0)
	};
	let off: Result<Vec<f64>, MathError> = strikes.iter().map(off).collect();
	let off = off?;
	let share = |part: &[f64]| {
		100.0 * part.iter().filter(|x| **x <= POINTS).count() as f64 / part.len().max(1) as f64
	};
	let mut expiries: Vec<&str> = strikes.iter().map(|s| s.expiry.as_str()).collect();
	expiries.dedup();
	expiries.sort_unstable();
	expiries.dedup();
	for expiry in expiries {
		let chosen = |(s, x): (&Strike, &f64)| (s.expiry == expiry).then_some(*x);
		let mut part: Vec<f64> = strikes.iter().zip(&off).filter_map(chosen).collect();
		let Some(one) = strikes.iter().find(|s| s.expiry == expiry) else { continue };
		let Some((mean, p95, most)) = summary(&mut part) else { continue };
		let forward = match one.spot {
			Some(spot) if spot.is_positive() => {
				float(surface.forward(spot, one.years)?) / float(one.forward) - 1.0
			}
			_ => f64::NAN,
		};
		println!(
			"{name} {} {:6.1} d {:4} strikes: mean {mean:.2}, p95 {p95:.2}, most {most:.2}, within {POINTS}: \
			 {:.1}%; forward off {:+.1} bp",
			expiry.get(..10).unwrap_or(expiry),
			float(one.years) * 365.0,
			part.len(),
			share(&part),
			forward * 1e4,
		);
	}
	let mut all = off.clone();
	let Some((mean, p95, most)) = summary(&mut all) else { return Err("no liquid strike".into()) };
	println!(
		"{name} all {} strikes: mean {mean:.2}, p95 {p95:.2}, most {most:.2}, within {POINTS}: {:.1}%",
		all.len(),
		share(&all)
	);
	Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
	let arguments: Vec<String> = env::args().skip(1).collect();
	let [slices, chain] = arguments.as_slice() else {
		return Err("usage: surface_fit SLICES.csv CHAIN.csv".into());
	};
	let chain = rows(chain)?;
	for (name, nodes) in surfaces(slices)? {
		report(&name, &nodes, &chain)?;
	}
	Ok(())
}
