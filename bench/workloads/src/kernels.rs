//! The elementary functions.

use crate::{
	digest, entry,
	inputs::{list, pick, Random, COUNT},
	Entry, Workload,
};
use ballast_math::{kernels, Q64};

pub const WORKLOADS: &[Entry] = &[
	entry::<Exp>("exp(x)", None),
	entry::<Ln>("ln(x)", None),
	entry::<Sqrt>("sqrt(x)", None),
	entry::<Cdf>("normal cdf", None),
	entry::<Pdf>("normal density", None),
	entry::<Inverse>("inverse normal cdf", None),
];

/// A list of numbers in a range, given in millionths.
fn numbers(seed: u64, low: i64, high: i64) -> Option<[Q64; COUNT]> {
	let mut random = Random::new(seed);
	list(|_| random.between(low, high))
}

struct Exp;
impl Workload for Exp {
	type Inputs = [Q64; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		numbers(1, -20_000_000, 2_000_000)
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		kernels::exp(pick(inputs, round)).ok().map(digest::of)
	}
}

struct Ln;
impl Workload for Ln {
	type Inputs = [Q64; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		numbers(2, 100_000, 10_000_000)
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		kernels::ln(pick(inputs, round)).ok().map(digest::of)
	}
}

struct Sqrt;
impl Workload for Sqrt {
	type Inputs = [Q64; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		numbers(3, 1, 100_000_000)
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		kernels::sqrt(pick(inputs, round)).ok().map(digest::of)
	}
}

struct Cdf;
impl Workload for Cdf {
	type Inputs = [Q64; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		numbers(4, -6_000_000, 6_000_000)
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		Some(digest::of(kernels::norm_cdf(pick(inputs, round))))
	}
}

struct Pdf;
impl Workload for Pdf {
	type Inputs = [Q64; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		numbers(5, -6_000_000, 6_000_000)
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		Some(digest::of(kernels::norm_pdf(pick(inputs, round))))
	}
}

struct Inverse;
impl Workload for Inverse {
	type Inputs = [Q64; COUNT];
	fn prepare() -> Option<Self::Inputs> {
		numbers(6, 100, 999_900)
	}
	fn run(inputs: &mut Self::Inputs, round: usize) -> Option<u64> {
		kernels::inverse_cdf(pick(inputs, round)).ok().map(digest::of)
	}
}
