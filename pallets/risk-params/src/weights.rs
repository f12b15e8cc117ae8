//! What the calls cost.
//!
//! Upper bounds by argument, until they are benchmarked. Each call reads a handful of small values,
//! compares at most 31 figures (or 40 scenarios with each other: 780 comparisons of 33 bytes) and
//! writes one value of at most 1.6 kB: [`CHECK`] of computation covers hashing, decoding, checking
//! and the event, with a wide margin (a comparison takes nanoseconds, a 1.6 kB event microseconds).

use crate::{pallet::Config, MAX_UNDERLYINGS};
use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::RocksDbWeight, Weight},
};

/// Computation of one call, in picoseconds: 60 microseconds.
const CHECK: u64 = 60_000_000;
/// Proof of one value with its path in the trie, in bytes.
const PROOF: u64 = 3_800;

/// What the calls cost.
pub trait WeightInfo {
	/// Risk, its count, oracle rules, pool rules and the last change; risk, count and change.
	fn set_underlying_risk() -> Weight;
	/// Oracle rules, their count, risk and the last change; rules, count and change.
	fn set_oracle_rules() -> Weight;
	/// Rules and the last change, both ways.
	fn set_margin_rules() -> Weight;
	/// Rules and the last change, both ways.
	fn set_cash_rules() -> Weight;
	/// Rules and the last change, both ways.
	fn set_liquidation_rules() -> Weight;
	/// Rules, the last change and every underlying's risk; rules and change.
	fn set_pool_rules() -> Weight;
}

/// Computation and proof, without the database.
fn compute(reads: u64) -> Weight {
	Weight::from_parts(CHECK, reads.saturating_mul(PROOF))
}

/// Reads and writes at the runtime's database weights.
fn priced<W: Get<frame_support::weights::RuntimeDbWeight>>(reads: u64, writes: u64) -> Weight {
	compute(reads).saturating_add(W::get().reads_writes(reads, writes))
}

/// Reads of `set_pool_rules`: rules, last change, and the map with the key that ends it.
const POOL_READS: u64 = 3 + MAX_UNDERLYINGS as u64;

macro_rules! weights {
	($db:ty) => {
		fn set_underlying_risk() -> Weight {
			priced::<$db>(6, 3)
		}
		fn set_oracle_rules() -> Weight {
			priced::<$db>(5, 3)
		}
		fn set_margin_rules() -> Weight {
			priced::<$db>(2, 2)
		}
		fn set_cash_rules() -> Weight {
			priced::<$db>(2, 2)
		}
		fn set_liquidation_rules() -> Weight {
			priced::<$db>(2, 2)
		}
		fn set_pool_rules() -> Weight {
			priced::<$db>(POOL_READS, 2)
		}
	};
}

/// Weights at the runtime's own database costs.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: Config> WeightInfo for SubstrateWeight<T> {
	weights!(T::DbWeight);
}

impl WeightInfo for () {
	weights!(RocksDbWeight);
}
