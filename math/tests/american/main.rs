//! Bounds of American options: published values, true values, and properties that hold for every option.

use ballast_math::{
	american::{American, Exercise, Series, Spot},
	black76::{Kind, TimeToExpiry},
	MathError, Q64,
};

mod limits;
mod properties;
mod published;

const KINDS: [Kind; 2] = [Kind::Call, Kind::Put];

/// A decimal such as "0.25" or "-0.1".
fn q(text: &str) -> Q64 {
	let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
	let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
	let digits: i128 = format!("{whole}{fraction:0<18}").parse().expect("a number");
	Q64::from_e18(if negative { -digits } else { digits }).expect("in range")
}

fn bits(value: f64) -> Q64 {
	Q64::from_bits((value * 2f64.powi(64)) as i128)
}

fn float(value: Q64) -> f64 {
	value.to_bits() as f64 / 2f64.powi(64)
}

fn ready(option: &American, kind: Kind) -> Result<(Series, Spot, Exercise), MathError> {
	let time = TimeToExpiry::from_years(option.years)?;
	let series = Series::new(option.strike, time, option.rate, option.carry)?;
	let spot = series.at_spot(option.spot)?;
	let exercise = series.at_volatility(option.volatility, kind)?;
	Ok((series, spot, exercise))
}

fn european(option: &American, kind: Kind) -> Q64 {
	let (series, _, _) = ready(option, kind).unwrap();
	let forward = series.forward(option.spot).unwrap();
	series.european().price(forward, option.volatility, kind).unwrap()
}

fn whaley(option: &American, kind: Kind) -> Q64 {
	let (series, spot, exercise) = ready(option, kind).unwrap();
	series.barone_adesi_whaley(&spot, &exercise).unwrap()
}

fn flat(option: &American, kind: Kind) -> Q64 {
	let (series, spot, exercise) = ready(option, kind).unwrap();
	series.bjerksund_stensland_1993(&spot, &exercise).unwrap()
}

fn intrinsic(option: &American, kind: Kind) -> Q64 {
	let gain = option.spot.checked_sub(option.strike).unwrap();
	match kind {
		Kind::Call => gain.max(Q64::ZERO),
		Kind::Put => gain.checked_neg().unwrap().max(Q64::ZERO),
	}
}

/// Spot 100, strike 100, rate and yield 5%, volatility 25%, one year.
fn usual() -> American {
	American {
		spot: q("100"),
		strike: q("100"),
		volatility: q("0.25"),
		years: q("1"),
		rate: q("0.05"),
		carry: Q64::ZERO,
	}
}
