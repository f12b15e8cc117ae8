//! What the calls cost.
//!
//! Upper bounds by argument, until they are benchmarked.
//!
//! - *Touch*: all positions are settled: each reads its series and the
//!   sides, the end of an epoch, progress and open interest of its settlement, and writes progress, sides and the
//!   listing's series and its underlying's total. Cash: the lending market and its rules. Then the deficit: collateral prices (8), successor, waterfall
//!   ([`COVER_READS`], [`COVER_WRITES`]).
//! - *Requirement*: as if no array were of this tick: each series is computed ([`ARRAY`], and [`EARLY`] if it
//!   may be exercised early) and stored, for which its terms, its array, its open interest and the average of its expiry are read; then its
//!   product with the position ([`PRODUCT`]). Plus 4 reads per underlying, of which an account has at most
//!   one per leg and asset, and one array of units each ([`UNITS`]). The second account of a block
//!   that holds the same series reads what the first one stored, and is charged all the same.
//! - *Custody*: two balances, the asset's details, its decimals, two system accounts.

use crate::MAX_POSITIONS;
use ballast_primitives::MAX_AMERICAN_SERIES;
use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::RocksDbWeight, RuntimeDbWeight, Weight},
};

/// The risk of one series in Wasm, in picoseconds: 120 microseconds, of which 40 for 81 values (40
/// scenarios x 2 ranges and the mark; 12 measured for 31 scenarios), 60 for forward, discount factor and
/// volatility, 20 for encoding.
const ARRAY: u64 = 120_000_000;
/// What early exercise adds to the risk of a series, in picoseconds: 2.5 milliseconds for both bounds of
/// 81 values (1.8 measured for 31 scenarios).
const EARLY: u64 = 2_500_000_000;
/// One position from its array, in picoseconds: 10 microseconds, of which 5 for decoding 660 bytes, the
/// rest for 80 products and its part of the greatest loss.
const PRODUCT: u64 = 10_000_000;
/// What an underlying takes besides its legs, in picoseconds: 20 microseconds for the grid, the digest
/// of 2 kB and the array of one unit.
const UNITS: u64 = 20_000_000;
/// Decoding, sorting, hashing, events per position, in picoseconds: 20 microseconds.
const PER_POSITION: u64 = 20_000_000;
/// The fixed part of a call, in picoseconds: 100 microseconds.
const FIXED: u64 = 100_000_000;
/// Proof of one value with its path in the trie, in bytes; an account has up to 2 kB more.
const PROOF: u64 = 3_600;
/// Collateral assets of the largest account.
const COLLATERALS: u64 = 8;
/// Reads of the waterfall's largest answer.
const COVER_READS: u64 = 30;
/// Writes of the waterfall's largest answer.
const COVER_WRITES: u64 = 15;

/// What the calls cost, by the positions of the account that is touched, and where they are valued by how
/// many of them are American. A call is charged for the largest account with all American series that there may be, and refunded what
/// the account at hand did not need.
pub trait WeightInfo {
	/// Touch, and the way in of `pallet-assets`.
	fn deposit(positions: u32) -> Weight;
	/// Touch, requirement, and the way out.
	fn withdraw(positions: u32, american: u32) -> Weight;
	/// Touch, risk of the underlying, and the way in.
	fn deposit_collateral(positions: u32) -> Weight;
	/// Touch, requirement, and the way out.
	fn withdraw_collateral(positions: u32, american: u32) -> Weight;
	/// Touch.
	fn settle(positions: u32) -> Weight;
	/// Touch, requirement before and after, the queue.
	fn request_exercise(positions: u32) -> Weight;
	/// Touch, requirement before and after.
	fn release_put(positions: u32, american: u32) -> Weight;
	/// A permit.
	fn set_transfer_permit() -> Weight;
	/// Two largest accounts, their requirements before and after, and so many positions moved.
	fn transfer_positions(moved: u32) -> Weight;
	/// So many requests to exercise that are met by a tick: of each the account, one position, its series, market,
	/// sides, end of an epoch, pot and cash.
	fn exercises(requests: u32) -> Weight;
	/// What the sweep costs in a block in which nothing is due.
	fn sweep_base() -> Weight;
	/// A visit of the sweep: a touch, and the key of the next account.
	fn visit(positions: u32) -> Weight;
	/// Marks and requirement: for calls of other pallets that are guarded.
	fn requirement(positions: u32, american: u32) -> Weight;
}

/// A touch of an account with so many positions, of which all are settled.
fn touch(db: RuntimeDbWeight, positions: u64) -> Weight {
	let reads = positions.saturating_mul(6).saturating_add(COVER_READS + 12);
	let writes = positions.saturating_mul(4).saturating_add(COVER_WRITES + 4);
	priced(db, FIXED.saturating_add(positions.saturating_mul(PER_POSITION)), reads, writes)
}

/// Marks and requirement of an account with so many positions, of which so many American, and every
/// collateral.
fn requirement(db: RuntimeDbWeight, positions: u64, american: u64) -> Weight {
	let underlyings = positions.saturating_add(COLLATERALS);
	let reads = positions.saturating_mul(5).saturating_add(COLLATERALS + 3);
	let reads = reads.saturating_add(underlyings.saturating_mul(5));
	// Twice: as it is, and with what waits for its exercise exercised.
	let legs = positions.saturating_mul(ARRAY + 2 * PRODUCT);
	let legs = legs.saturating_add(american.saturating_mul(EARLY));
	let compute = FIXED.saturating_add(legs).saturating_add(underlyings.saturating_mul(2 * UNITS));
	priced(db, compute, reads, positions)
}

/// A transfer into or out of custody.
fn custody(db: RuntimeDbWeight) -> Weight {
	priced(db, FIXED, 11, 8)
}

fn priced(db: RuntimeDbWeight, compute: u64, reads: u64, writes: u64) -> Weight {
	Weight::from_parts(compute, reads.saturating_mul(PROOF))
		.saturating_add(db.reads_writes(reads, writes))
}

macro_rules! weights {
	($db:ty) => {
		fn deposit(positions: u32) -> Weight {
			touch(<$db>::get(), positions.into()).saturating_add(custody(<$db>::get()))
		}
		fn withdraw(positions: u32, american: u32) -> Weight {
			Self::deposit(positions).saturating_add(Self::requirement(positions, american))
		}
		fn deposit_collateral(positions: u32) -> Weight {
			Self::deposit(positions).saturating_add(<$db>::get().reads(2))
		}
		fn withdraw_collateral(positions: u32, american: u32) -> Weight {
			Self::withdraw(positions, american)
		}
		fn settle(positions: u32) -> Weight {
			touch(<$db>::get(), positions.into())
		}
		fn request_exercise(positions: u32) -> Weight {
			Self::release_put(positions, MAX_AMERICAN_SERIES).saturating_add(priced(
				<$db>::get(),
				FIXED,
				3,
				1,
			))
		}
		fn release_put(positions: u32, american: u32) -> Weight {
			Self::settle(positions)
				.saturating_add(Self::requirement(positions, american).saturating_mul(2))
		}
		fn set_transfer_permit() -> Weight {
			priced(<$db>::get(), FIXED, 1, 1)
		}
		fn transfer_positions(moved: u32) -> Weight {
			let moved = u64::from(moved);
			let one = Self::release_put(MAX_POSITIONS, MAX_AMERICAN_SERIES);
			let reads = moved.saturating_mul(8);
			let writes = moved.saturating_mul(2);
			let compute = moved.saturating_mul(PER_POSITION);
			// What bounds the cash: the same arrays once more before and once after.
			let products = u64::from(MAX_POSITIONS).saturating_mul(4 * PRODUCT);
			let compute = compute.saturating_add(products);
			one.saturating_mul(2).saturating_add(priced(<$db>::get(), compute, reads, writes))
		}
		fn exercises(requests: u32) -> Weight {
			let one = priced(<$db>::get(), FIXED.saturating_mul(2), 14, 9);
			one.saturating_mul(requests.into()).saturating_add(<$db>::get().reads_writes(1, 1))
		}
		fn sweep_base() -> Weight {
			priced(<$db>::get(), FIXED, 8, 4)
		}
		fn visit(positions: u32) -> Weight {
			Self::settle(positions).saturating_add(<$db>::get().reads(1))
		}
		fn requirement(positions: u32, american: u32) -> Weight {
			requirement(<$db>::get(), positions.into(), american.into())
		}
	};
}

/// The bounds at the runtime's database weights.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	weights!(T::DbWeight);
}

/// The bounds at RocksDB's weights, for tests.
impl WeightInfo for () {
	weights!(RocksDbWeight);
}
