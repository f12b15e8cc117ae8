//! Workloads: pieces of work whose time per piece is of interest, each over inputs that vary.
//!
//! The crate is linked into the benchmark natively and compiled to Wasm with the settings of the
//! runtime, so that both run the same source. [`repeat`] folds every result into a checksum: nothing
//! can be optimised away, and the two targets must agree on it to the bit.
//!
//! The lists of inputs are made before the first piece of work, so that a run of no pieces measures
//! what is to be subtracted.
#![no_std]

mod american;
mod digest;
#[cfg(target_arch = "wasm32")]
mod exported;
mod fold;
mod inputs;
mod kernels;
mod margin;
mod others;
mod pricing;
mod shortfall;
mod surface;

/// Something to time.
trait Workload {
	/// Inputs, made once per run.
	type Inputs;

	/// Makes the inputs.
	fn prepare() -> Option<Self::Inputs>;

	/// One piece of work on the `round`th input; a digest of its result. `None` if it has none, which
	/// is a fault of the inputs.
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64>;
}

/// Who computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
	/// `ballast-math`.
	Ballast,
	/// Somebody else's library, for comparison.
	Other,
}

/// A workload of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
	/// What is timed.
	pub name: &'static str,
	/// Who computes.
	pub source: Source,
	/// How many of the named thing one piece of work contains.
	pub units: u32,
	/// Nanoseconds in Wasm to be reached, per unit.
	pub goal: Option<u32>,
	run: fn(u32) -> Option<u64>,
}

/// Every workload, in the order of the table.
pub const WORKLOADS: &[&[Entry]] = &[
	kernels::WORKLOADS,
	pricing::WORKLOADS,
	others::WORKLOADS,
	american::WORKLOADS,
	margin::WORKLOADS,
	surface::WORKLOADS,
	shortfall::WORKLOADS,
	fold::WORKLOADS,
];

/// Every workload with its number.
pub fn workloads() -> impl Iterator<Item = (u32, &'static Entry)> {
	(0..).zip(WORKLOADS.iter().copied().flatten())
}

/// Runs the workload of this number so many times; the checksum of the results. `None` if there is no
/// such workload or it fails.
pub fn run(number: u32, times: u32) -> Option<u64> {
	let (_, entry) = workloads().find(|(known, _)| *known == number)?;
	(entry.run)(times)
}

/// Does a piece of work `times` times, on one input after the other.
fn repeat<W: Workload>(times: u32) -> Option<u64> {
	let mut inputs = W::prepare()?;
	let mut sum = 0u64;
	for round in 0..times {
		let digest = W::run(core::hint::black_box(&mut inputs), round as usize)?;
		sum = sum.rotate_left(7) ^ digest;
	}
	Some(sum)
}

/// An entry of the table.
const fn entry<W: Workload>(name: &'static str, goal: Option<u32>) -> Entry {
	Entry { name, source: Source::Ballast, units: 1, goal, run: repeat::<W> }
}

#[cfg(test)]
mod tests;
