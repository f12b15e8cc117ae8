//! Weights: upper bounds by argument, until they are measured.
//!
//! Compute, at the speed of the reference machine: decoding a value of storage and the FRAME
//! overhead around a call are below 20 us; one operator's values (decoding, the search for arbitrage,
//! sorting into 31 medians, comparing) below 4 us; one market's update (two logarithms and
//! exponentials, four square roots, a dozen 128-bit divisions, 64 watched expiries of six slices, the
//! projection of a median) below 150 us (less where only spot is
//! fed), and closing its day (560 moves decoded and encoded) below
//! 50 us more. `scripts/bench math` has the whole, measured.
//! Proof size is that of the values read at their greatest length.

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::RocksDbWeight, Weight},
};

const MICROSECOND: u64 = 1_000_000;

/// Greatest encoded length of what is read per market: the market, rules, 64 watched expiries and 560
/// daily moves.
const MARKET_PROOF: u64 = 24_576;
/// The same of an operator's price and volatilities, and of smaller values.
const VALUE_PROOF: u64 = 512;

/// What the calls and hooks of this pallet weigh.
pub trait WeightInfo {
	/// Accepting the ticks of so many underlyings from so many operators each, in both oracles.
	fn accept_ticks(underlyings: u32, operators: u32) -> Weight;
	/// Finding that the ticks of this block are accepted.
	fn look_whether_accepted() -> Weight;
	/// Finding whether the signer of a feed is an operator.
	fn prioritise_feed() -> Weight;
	/// `set_settlement_price`.
	fn set_settlement_price() -> Weight;
}

/// The bounds for a database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Reads: the block of the last acceptance, the time scale, the underlyings and both lists of
	/// operators (twice, as `on_initialize` counts them); per underlying the market, its rules and
	/// risk, the watched expiries, the last close and, if a day has ended, the history, and the
	/// operators again from memory; per operator two values (one where only spot is fed).
	/// Writes: the block; per underlying the market, the watched expiries, at most four settlement
	/// prices, and the close and history of a day.
	fn accept_ticks(underlyings: u32, operators: u32) -> Weight {
		let markets = u64::from(underlyings);
		let values = markets.saturating_mul(u64::from(operators));
		let reads =
			6u64.saturating_add(markets.saturating_mul(6)).saturating_add(values.saturating_mul(2));
		let writes = markets.saturating_mul(8).saturating_add(1);
		let compute = 50u64
			.saturating_add(markets.saturating_mul(200))
			.saturating_add(values.saturating_mul(4))
			.saturating_mul(MICROSECOND);
		let proof = markets
			.saturating_mul(MARKET_PROOF)
			.saturating_add(values.saturating_mul(VALUE_PROOF))
			.saturating_add(8 * VALUE_PROOF);
		Weight::from_parts(compute, proof)
			.saturating_add(T::DbWeight::get().reads_writes(reads, writes))
	}

	/// Reads: the block of the last acceptance.
	fn look_whether_accepted() -> Weight {
		Weight::from_parts(5 * MICROSECOND, VALUE_PROOF).saturating_add(T::DbWeight::get().reads(1))
	}

	/// Reads: the operators.
	fn prioritise_feed() -> Weight {
		Weight::from_parts(10 * MICROSECOND, 2 * VALUE_PROOF)
			.saturating_add(T::DbWeight::get().reads(1))
	}

	/// Reads: the settlement price, the time scale, the watched expiries, the risk, the market.
	/// Writes: the settlement price, the watched expiries.
	fn set_settlement_price() -> Weight {
		Weight::from_parts(60 * MICROSECOND, MARKET_PROOF)
			.saturating_add(T::DbWeight::get().reads_writes(5, 2))
	}
}

/// For tests: reads and writes alone, on RocksDB.
impl WeightInfo for () {
	fn accept_ticks(underlyings: u32, operators: u32) -> Weight {
		let count = u64::from(underlyings).saturating_mul(u64::from(operators));
		RocksDbWeight::get().reads_writes(count.saturating_add(1), count.saturating_add(1))
	}

	fn look_whether_accepted() -> Weight {
		RocksDbWeight::get().reads(1)
	}

	fn prioritise_feed() -> Weight {
		RocksDbWeight::get().reads(1)
	}

	fn set_settlement_price() -> Weight {
		RocksDbWeight::get().reads_writes(5, 2)
	}
}
