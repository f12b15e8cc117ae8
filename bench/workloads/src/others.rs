//! The work of [`crate::pricing::full`] by other libraries: call, put and five Greeks.
//!
//! - `solmath`: decimal fixed point with 12 decimals in and out and 15 inside, for Solana's processor.
//! - f64: the formulas of Black (1976) in floating point, elementary functions by `libm`. A chain may not
//!   compute so: it is here as the yardstick.

use crate::{
	digest,
	inputs::{list, pick, quotes, Quote, COUNT},
	repeat, Entry, Source, Workload,
};

pub const WORKLOADS: &[Entry] = &[
	Entry {
		name: "  price, put, five Greeks by solmath (12 decimals)",
		source: Source::Other,
		units: 1,
		goal: None,
		run: repeat::<Solmath>,
	},
	Entry {
		name: "  price, put, five Greeks by f64 and libm",
		source: Source::Other,
		units: 1,
		goal: None,
		run: repeat::<Float>,
	},
];

/// `solmath` counts in 1e-12.
const PICO_PER_MICRO: u128 = 1_000_000;

/// Arguments of `solmath::bs_full_hp`: spot, strike, rate, volatility, years.
pub type Fixed = [u128; 5];

/// A quote as `solmath` takes it: the spot price that has this forward.
pub fn fixed(quote: Quote) -> Fixed {
	let micro = |value: i64| u128::from(value.unsigned_abs()) * PICO_PER_MICRO;
	let discount = libm::exp(-float(quote.rate) * float(quote.years));
	let spot = (float(quote.forward) * discount * 1e12) as u128;
	[spot, micro(quote.strike), micro(quote.rate), micro(quote.volatility), micro(quote.years)]
}

/// Call, put and the call's delta (with respect to spot), gamma, vega, theta and rho.
pub fn by_solmath([spot, strike, rate, volatility, years]: Fixed) -> Option<[i128; 7]> {
	let full = solmath::bs_full_hp(spot, strike, rate, volatility, years).ok()?;
	Some([
		full.call as i128,
		full.put as i128,
		full.call_delta,
		full.gamma,
		full.vega,
		full.call_theta,
		full.call_rho,
	])
}

/// A number of millionths as a float.
pub fn float(millionths: i64) -> f64 {
	millionths as f64 / 1e6
}

/// Arguments of [`by_float`]: forward, strike, volatility, years, discount factor.
pub type Floats = [f64; 5];

/// A quote in floats.
pub fn floats(quote: Quote) -> Floats {
	let (rate, years) = (float(quote.rate), float(quote.years));
	let discount = libm::exp(-rate * years);
	[float(quote.forward), float(quote.strike), float(quote.volatility), years, discount]
}

/// Call, put and the call's delta (with respect to the forward), gamma, vega, theta and rho.
pub fn by_float([forward, strike, volatility, years, discount]: Floats) -> [f64; 7] {
	/// 1 / sqrt(2 pi)
	const DENSITY: f64 = 0.398_942_280_401_432_7;
	let cdf = |x: f64| 0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2);
	let root = libm::sqrt(years);
	let deviation = volatility * root;
	let d1 = libm::log(forward / strike) / deviation + 0.5 * deviation;
	let d2 = d1 - deviation;
	let density = DENSITY * libm::exp(-0.5 * d1 * d1);
	let (above, below) = (cdf(d1), cdf(d2));
	let call = discount * (forward * above - strike * below);
	let put = call - discount * (forward - strike);
	let rate = -libm::log(discount) / years;
	let cash_density = discount * forward * density;
	[
		call,
		put,
		discount * above,
		discount * density / (forward * deviation),
		cash_density * root,
		rate * call - cash_density * volatility / (2.0 * root),
		-years * call,
	]
}

struct Solmath;
impl Workload for Solmath {
	type Inputs = [Fixed; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		let quotes = quotes()?;
		list(|index| Some(fixed(quotes[index])))
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		let values = by_solmath(pick(inputs, round))?;
		Some(digest::of_words(values.map(|value| value as u64)))
	}
}

struct Float;
impl Workload for Float {
	type Inputs = [Floats; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		let quotes = quotes()?;
		list(|index| Some(floats(quotes[index])))
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		Some(digest::of_words(by_float(pick(inputs, round)).map(f64::to_bits)))
	}
}
