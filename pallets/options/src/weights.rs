//! What the calls and hooks cost.
//!
//! Upper bounds by argument, until they are benchmarked. The work is decoding and encoding of small
//! values, searching lists of at most 256 entries, and at most one event per series: [`CALL`] and
//! [`SERIES`] cover it several times over. The number of reads and writes is counted from the code,
//! the price feed's share included (market time and rules: 3 reads; a market: 3; watching or
//! forgetting an expiry: 5 reads, 3 writes).

use crate::pallet::Config;
use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{
		constants::RocksDbWeight,
		{RuntimeDbWeight, Weight},
	},
};

/// Computation of a call, in picoseconds: 40 microseconds.
const CALL: u64 = 40_000_000;
/// Computation per series, in picoseconds: 40 microseconds.
const SERIES: u64 = 40_000_000;
/// Proof of one value with its path in the trie, in bytes.
const PROOF: u64 = 3_600;

/// What the calls and hooks cost.
pub trait WeightInfo {
	/// Ids, underlying and asset, both ways.
	fn add_underlying() -> Weight;
	/// The underlying, both ways.
	fn set_underlying() -> Weight;
	/// Once: underlying, the feed's rules, time, market, watched expiries. Per series: terms, counts,
	/// ids, queue and the series itself.
	fn list_grid(series: u32) -> Weight;
	/// Series, time, price, sides, the underlying's total, counts, terms, ends of epochs, queue, and the
	/// feed's expiry.
	fn settle_series() -> Weight;
	/// The next key, series, sides, time; series, terms, count, sides, cursor; eight ends of epochs with
	/// their keys.
	fn remove_series() -> Weight;
	/// The queue, time, counts and cursor.
	fn on_idle_base() -> Weight;
	/// A settlement price and the length of a list.
	fn on_idle_expiry() -> Weight;
}

/// Computation and database of a piece of work.
fn priced<W: Get<RuntimeDbWeight>>(compute: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(compute, reads.saturating_mul(PROOF))
		.saturating_add(W::get().reads_writes(reads, writes))
}

macro_rules! weights {
	($db:ty) => {
		fn add_underlying() -> Weight {
			priced::<$db>(CALL, 3, 3)
		}
		fn set_underlying() -> Weight {
			priced::<$db>(CALL, 1, 1)
		}
		fn list_grid(series: u32) -> Weight {
			priced::<$db>(CALL, 13, 3)
				.saturating_add(priced::<$db>(SERIES, 10, 7).saturating_mul(series.into()))
		}
		fn settle_series() -> Weight {
			priced::<$db>(CALL.saturating_add(SERIES), 17, 11)
		}
		fn remove_series() -> Weight {
			priced::<$db>(CALL, 24, 13)
		}
		fn on_idle_base() -> Weight {
			priced::<$db>(CALL, 7, 1)
		}
		fn on_idle_expiry() -> Weight {
			priced::<$db>(SERIES, 2, 0)
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
