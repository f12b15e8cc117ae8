//! The volatility surface.

use crate::{
	digest, entry,
	inputs::{list, millionths, Random, COUNT},
	Entry, Workload,
};
use ballast_math::{
	surface::{Node, Slice, Surface},
	Rounding, Q64,
};

pub const WORKLOADS: &[Entry] = &[
	Entry {
		units: STRIKES as u32,
		..entry::<Volatilities>("surface volatility at a strike", None)
	},
	entry::<Ready>("surface of six tenors, made ready", None),
];

/// Tenors of the chain, in days.
const TENORS: [i128; 6] = [7, 14, 30, 60, 90, 180];
/// Strikes that one surface is asked for.
const STRIKES: usize = 32;

/// A surface with a smile, at 60 to 70% of volatility.
fn nodes() -> Option<[Node; TENORS.len()]> {
	let mut nodes = [Node::default(); TENORS.len()];
	for (node, days) in nodes.iter_mut().zip(TENORS) {
		let years = Q64::from_ratio(days, 365, Rounding::Nearest)?;
		let variance = millionths(420_000)?;
		let theta = years.checked_mul(variance, Rounding::Nearest)?;
		*node = Node {
			years,
			slice: Slice { theta, rho: millionths(-300_000)?, psi: psi(theta)? },
			carry: millionths(50_000)?,
			rate: millionths(40_000)?,
		};
	}
	Some(nodes)
}

/// `0.6 sqrt(theta)`: a smile of a market, well inside the butterfly bounds.
fn psi(theta: Q64) -> Option<Q64> {
	ballast_math::kernels::sqrt(theta).ok()?.checked_mul(millionths(600_000)?, Rounding::Nearest)
}

struct Asked {
	nodes: [Node; TENORS.len()],
	/// Strike, forward, years.
	options: [(Q64, Q64, Q64); COUNT],
}

fn asked() -> Option<Asked> {
	let mut random = Random::new(11);
	let options = list(|_| {
		Some((
			random.between(36_000_000_000, 96_000_000_000)?,
			random.between(59_000_000_000, 61_000_000_000)?,
			random.between(2_740, 700_000)?,
		))
	})?;
	Some(Asked { nodes: nodes()?, options })
}

struct Volatilities;
impl Workload for Volatilities {
	type Inputs = Asked;
	fn prepare() -> Option<Asked> {
		asked()
	}
	fn run(asked: &mut Asked, round: usize) -> Option<u64> {
		let surface = Surface::new(&asked.nodes).ok()?;
		let mut sum = 0u64;
		for place in 0..STRIKES {
			let (strike, forward, years) = asked.options[(round + place) % COUNT];
			let volatility = surface.volatility(strike, forward, years).ok()?;
			sum = sum.rotate_left(9) ^ digest::of(volatility);
		}
		Some(sum)
	}
}

/// What [`Surface::new`] looks at, told by the forward of one time.
struct Ready;
impl Workload for Ready {
	type Inputs = Asked;
	fn prepare() -> Option<Asked> {
		asked()
	}
	fn run(asked: &mut Asked, round: usize) -> Option<u64> {
		// Another rate each time.
		asked.nodes[0].rate = Q64::from_bits(i128::from(round as u32) << 24);
		let surface = Surface::new(&asked.nodes).ok()?;
		let (_, _, years) = asked.options[round % COUNT];
		surface.rate_at(years).ok().map(digest::of)
	}
}
