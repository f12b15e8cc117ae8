//! Weights, argued until they are benchmarked.
//!
//! The unit is one *health*: equity and requirements of one account from the risk arrays of its series. It
//! reads the account, each leg's series and array, the markets and risks of at most 8 underlyings (four
//! values each) and three groups of thresholds. The *arrays* of an account's series are computed once in a
//! block and stored, by whoever needs them first: each call is charged for those of every account that it
//! looks at. American ones take milliseconds more, but there are at most so many on the chain: they are
//! charged once for every call, and once a block for the hook. A *transfer* of a portfolio reads and
//! writes two accounts and the totals of 64 series; a touch counts as one. A *cover* runs the loss
//! waterfall: the equity of the pool and the fund (two healths) and 20 reads and writes.

use ballast_primitives::MAX_AMERICAN_SERIES;
use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// Weights of the calls and hooks.
pub trait WeightInfo {
	/// Starting an auction: two healths, a touch, possibly a cover.
	fn liquidate_authorized() -> Weight;
	/// Judging a transaction of the offchain worker: one health.
	fn authorize_liquidation() -> Weight;
	/// As `liquidate_authorized`, one more health, and a reward.
	fn liquidate() -> Weight;
	/// A bid: three healths of the account, two of the bidder, a transfer, two touches and the
	/// bidder's, possibly a cover.
	fn bid() -> Weight;
	/// Ending an auction: one health, a touch, possibly a cover.
	fn end_auction() -> Weight;
	/// A takeover: four attempts, each a transfer, a health and the pool's capital rule (two
	/// healths); a health before and after, a touch, possibly a cover.
	fn take_over() -> Weight;
	/// What `on_idle` does before its first step, except accepting ticks; and the arrays of American series,
	/// whichever step needs them.
	fn idle_base() -> Weight;
	/// Looking at one account with this many legs in `on_idle`: one health, a touch.
	fn idle_check(legs: u32) -> Weight;
}

/// Legs of the largest account.
pub const MAX_LEGS: u32 = 64;
/// Time of the risk array of one series, in picoseconds: 120 us in Wasm, storing included.
const ARRAY_TIME: u64 = 120_000_000;
/// What early exercise adds to it, in picoseconds: 2.5 ms.
const EARLY_TIME: u64 = 2_500_000_000;
/// Time of one leg in one health, in picoseconds: 10 us for reading its array and the products.
const LEG_TIME: u64 = 10_000_000;
/// Time of the rest of one health, in picoseconds.
const HEALTH_TIME: u64 = 50_000_000;
/// Values read for one health besides one per leg: the account, 8 x 4 of markets and risks, 3 groups.
const HEALTH_READS: u64 = 36;
/// Proof size of one health: the account (about 5 kB) and 100 values of up to 200 bytes.
const HEALTH_PROOF: u64 = 25_000;
/// Values that a transfer of a portfolio or a touch reads and writes.
const TRANSFER_VALUES: u64 = 70;
/// Values that a cover reads and writes.
const COVER_VALUES: u64 = 20;
/// Values of this pallet's own that a step reads and writes.
const OWN_VALUES: u64 = 5;

/// One health of an account with this many legs.
fn health(db: RuntimeDbWeight, legs: u32) -> Weight {
	let legs = u64::from(legs);
	Weight::from_parts(LEG_TIME.saturating_mul(legs).saturating_add(HEALTH_TIME), HEALTH_PROOF)
		.saturating_add(db.reads(HEALTH_READS.saturating_add(legs)))
}

/// The arrays of so many series.
fn arrays(db: RuntimeDbWeight, series: u32) -> Weight {
	let series = u64::from(series);
	Weight::from_parts(ARRAY_TIME.saturating_mul(series), 0).saturating_add(db.writes(series))
}

/// What early exercise adds to the arrays of all American series that there may be.
fn early() -> Weight {
	Weight::from_parts(EARLY_TIME.saturating_mul(MAX_AMERICAN_SERIES.into()), 0)
}

/// A step that looks at so many accounts, the largest there may be, and at the pool if there is a cover.
fn step(db: RuntimeDbWeight, accounts: u64, healths: u64, transfers: u64, covers: u64) -> Weight {
	let healths = healths.saturating_add(covers.saturating_mul(2));
	let values = transfers
		.saturating_mul(TRANSFER_VALUES)
		.saturating_add(covers.saturating_mul(COVER_VALUES))
		.saturating_add(OWN_VALUES);
	health(db, MAX_LEGS)
		.saturating_mul(healths)
		.saturating_add(arrays(db, MAX_LEGS).saturating_mul(accounts.saturating_add(covers)))
		.saturating_add(early())
		.saturating_add(db.reads_writes(values, values))
}

macro_rules! argued {
	($db:ty) => {
		fn liquidate_authorized() -> Weight {
			step(<$db>::get(), 1, 2, 1, 1)
		}
		fn authorize_liquidation() -> Weight {
			step(<$db>::get(), 1, 1, 0, 0)
		}
		fn liquidate() -> Weight {
			step(<$db>::get(), 1, 3, 2, 1)
		}
		fn bid() -> Weight {
			step(<$db>::get(), 2, 5, 4, 1)
		}
		fn end_auction() -> Weight {
			step(<$db>::get(), 1, 1, 1, 1)
		}
		fn take_over() -> Weight {
			step(<$db>::get(), 2, 14, 5, 1)
		}
		fn idle_base() -> Weight {
			step(<$db>::get(), 0, 0, 0, 0)
		}
		fn idle_check(legs: u32) -> Weight {
			let values = u64::from(legs).saturating_add(OWN_VALUES);
			health(<$db>::get(), legs)
				.saturating_add(arrays(<$db>::get(), legs))
				.saturating_add(<$db>::get().reads_writes(values, values))
		}
	};
}

/// The weights on this runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	argued!(T::DbWeight);
}

/// For tests: over ParityDB.
impl WeightInfo for () {
	argued!(ParityDbWeight);
}
