//! One option at a time.

use crate::{
	digest, entry,
	inputs::{list, millionths, pick, quotes, Quote, COUNT},
	Entry, Workload,
};
use ballast_math::{
	black76::{quote, Deviation, Kind, Option76, Prepared, Quote as Quoted},
	implied::implied_volatility,
	kernels, Rounding, Q64,
};

pub const WORKLOADS: &[Entry] = &[
	entry::<Price>("Black-76 price", None),
	entry::<Full>("Black-76 price, put, five Greeks", Some(500)),
	entry::<Again>("  price, put, five Greeks of a series made ready", None),
	entry::<Scenario>("  price of a series made ready, at another spot", None),
	entry::<Implied>("implied volatility", None),
];

/// A quote as the library takes it.
pub fn option(quote: Quote) -> Option<Option76> {
	let years = millionths(quote.years)?;
	let exponent = millionths(quote.rate)?.checked_mul(years, Rounding::Nearest)?;
	Some(Option76 {
		forward: millionths(quote.forward)?,
		strike: millionths(quote.strike)?,
		volatility: millionths(quote.volatility)?,
		years,
		discount: kernels::exp(exponent.checked_neg()?).ok()?,
	})
}

/// A list of options.
fn options() -> Option<[Option76; COUNT]> {
	let quotes = quotes()?;
	list(|index| option(quotes[index]))
}

/// Call, put and the call's delta, gamma, vega, theta and rho.
pub fn full(option: &Option76) -> Option<[Q64; 7]> {
	quote(option).ok().map(seven)
}

fn seven(quote: Quoted) -> [Q64; 7] {
	let Quoted { call, put, delta, gamma, vega, theta, rho } = quote;
	[call, put, delta, gamma, vega, theta, rho]
}

struct Price;
impl Workload for Price {
	type Inputs = [Option76; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		options()
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		let kind = if round & 64 == 0 { Kind::Call } else { Kind::Put };
		ballast_math::black76::price(&inputs[round % COUNT], kind).ok().map(digest::of)
	}
}

struct Full;
impl Workload for Full {
	type Inputs = [Option76; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		options()
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		full(&inputs[round % COUNT]).map(digest::of_all)
	}
}

/// Another forward and another volatility of a series whose strike, time and discount are ready.
struct Again;
impl Workload for Again {
	type Inputs = [(Prepared, Option76); COUNT];
	fn prepare() -> Option<Self::Inputs> {
		let options = options()?;
		list(|index| {
			let option = options[index];
			Some((Prepared::new(option.strike, option.years, option.discount).ok()?, option))
		})
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		let (series, option) = &inputs[round % COUNT];
		series.quote(option.forward, option.volatility).ok().map(seven).map(digest::of_all)
	}
}

/// A series whose strike, time, discount and shocked volatility are ready: what each further spot
/// move of a scenario set costs.
struct Scenario;
impl Workload for Scenario {
	type Inputs = [(Prepared, Deviation, Q64); COUNT];
	fn prepare() -> Option<Self::Inputs> {
		let options = options()?;
		list(|index| {
			let option = options[index];
			let series = Prepared::new(option.strike, option.years, option.discount).ok()?;
			Some((series, series.at_volatility(option.volatility).ok()?, option.forward))
		})
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		let (series, deviation, forward) = &inputs[round % COUNT];
		let money = series.at_forward(*forward).ok()?;
		series.value(&money, deviation, Kind::Put).ok().map(digest::of)
	}
}

struct Implied;
impl Workload for Implied {
	type Inputs = [(Q64, Option76); COUNT];
	fn prepare() -> Option<Self::Inputs> {
		let options = options()?;
		list(|index| {
			let option = options[index];
			Some((ballast_math::black76::price(&option, Kind::Call).ok()?, option))
		})
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		let (price, option) = pick(inputs, round);
		implied_volatility(
			price,
			option.forward,
			option.strike,
			option.years,
			option.discount,
			Kind::Call,
		)
		.ok()
		.map(digest::of)
	}
}
