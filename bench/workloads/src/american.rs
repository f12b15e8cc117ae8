//! American options.

use crate::{
	digest, entry,
	inputs::{list, millionths, quotes, COUNT},
	Entry, Workload,
};
use ballast_math::{
	american::{bounds, American},
	black76::Kind,
};

pub const WORKLOADS: &[Entry] = &[entry::<Bounds>("American option, lower and upper value", None)];

struct Bounds;
impl Workload for Bounds {
	type Inputs = [American; COUNT];

	fn prepare() -> Option<Self::Inputs> {
		let quotes = quotes()?;
		list(|index| {
			let quote = quotes[index];
			Some(American {
				spot: millionths(quote.forward)?,
				strike: millionths(quote.strike)?,
				volatility: millionths(quote.volatility)?,
				years: millionths(quote.years)?,
				rate: millionths(quote.rate)?,
				// A yield of 3%, so that both rights have something to exercise early for.
				carry: millionths(quote.rate - 30_000)?,
			})
		})
	}

	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		let kind = if round & COUNT == 0 { Kind::Call } else { Kind::Put };
		let value = bounds(&inputs[round % COUNT], kind).ok()?;
		Some(digest::of_all([value.lower, value.upper]))
	}
}
