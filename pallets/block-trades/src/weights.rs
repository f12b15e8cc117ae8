//! Weights of this pallet's calls and hook, until they are benchmarked: upper bounds that are argued
//! for.
//!
//! | part | bound | argument |
//! |---|---|---|
//! | margin of an account | 9 ms, 160 reads | 64 legs x 31 scenarios x 2 ranges x 2 us in Wasm, 64 marks at 4 us, sums; the account, 64 series, 8 collaterals and underlyings with two price and three rule values each |
//! | early exercise | 2.5 ms each | what it adds to the risk arrays of all American series that there may be, once in a block |
//! | trade | 500 us, 140 reads, 6 writes | touch and change two accounts of 64 legs, both sides of one series |
//! | touch | 300 us, 130 reads, 65 writes | settling the expired legs of an account of 64 |
//! | positions | 100 us, 66 reads | the account and both sides of 64 series |
//! | collar | 2.5 ms, 6 reads | series, time, market (3), average; both sides of one series at three volatilities, which is a small part of its risk array: that of an American series takes 2.5 ms |
//! | store | 60 us, 8 reads, 6 writes | offer, counter, list of its maker, next number, account and holds of the maker, event |
//!
//! The storage of a solo chain needs no proof: proof sizes are zero.

use ballast_primitives::MAX_AMERICAN_SERIES;
use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{
		constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_MICROS},
		RuntimeDbWeight, Weight,
	},
};

/// Weights of this pallet's calls and of the steps of its hook.
pub trait WeightInfo {
	/// `offer`.
	fn offer() -> Weight;
	/// `accept`.
	fn accept() -> Weight;
	/// `cancel`.
	fn cancel() -> Weight;
	/// `clean`.
	fn clean() -> Weight;
	/// What `on_idle` looks at in every block.
	fn idle_base() -> Weight;
	/// One offer looked at and removed by `on_idle`.
	fn idle_look() -> Weight;
}

/// A part of a call: compute in microseconds, reads and writes.
#[derive(Clone, Copy)]
struct Part {
	micros: u64,
	reads: u64,
	writes: u64,
}

impl Part {
	const fn new(micros: u64, reads: u64, writes: u64) -> Self {
		Self { micros, reads, writes }
	}

	fn weight(self, db: RuntimeDbWeight) -> Weight {
		Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(self.micros), 0)
			.saturating_add(db.reads_writes(self.reads, self.writes))
	}
}

/// Decoding the call, its event, and the like.
const BASE: Part = Part::new(20, 4, 1);
/// Equity and requirements of an account of 64 legs.
const MARGIN: Part = Part::new(9_000, 160, 0);
/// What early exercise adds to the risk arrays of all American series that there may be.
const EARLY: Part = Part::new(2_500 * MAX_AMERICAN_SERIES as u64, 0, 0);
/// A trade between two accounts of 64 legs.
const TRADE: Part = Part::new(500, 140, 6);
/// Settling the expired legs of an account.
const TOUCH: Part = Part::new(300, 130, 65);
/// The positions of an account.
const POSITIONS: Part = Part::new(100, 66, 0);
/// The collar of a series.
const COLLAR: Part = Part::new(2_500, 6, 0);
/// The terms of a series, market time and the underlying's rules.
const LISTING: Part = Part::new(20, 4, 0);
/// An offer and its deposit put into storage or taken out.
const STORE: Part = Part::new(60, 8, 6);

fn sum(db: RuntimeDbWeight, parts: &[Part]) -> Weight {
	parts.iter().fold(Weight::zero(), |sum, part| sum.saturating_add(part.weight(db)))
}

macro_rules! calls {
	($db:expr) => {
		fn offer() -> Weight {
			sum($db, &[BASE, LISTING, POSITIONS, STORE])
		}
		/// Collar, positions of both, margin of both before and after, the trade.
		fn accept() -> Weight {
			let margins = [TOUCH, TOUCH, MARGIN, MARGIN, MARGIN, MARGIN, EARLY];
			let trade = [BASE, LISTING, COLLAR, POSITIONS, POSITIONS, TRADE, STORE];
			sum($db, &margins).saturating_add(sum($db, &trade))
		}
		fn cancel() -> Weight {
			sum($db, &[BASE, STORE])
		}
		fn clean() -> Weight {
			sum($db, &[BASE, LISTING, STORE])
		}
		/// The counter and the cursor.
		fn idle_base() -> Weight {
			sum($db, &[Part::new(10, 2, 1)])
		}
		/// The next key, and what a cleaned offer takes.
		fn idle_look() -> Weight {
			sum($db, &[Part::new(10, 1, 0), LISTING, STORE])
		}
	};
}

/// The bounds above with the runtime's database weights.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	calls!(T::DbWeight::get());
}

/// The bounds above with ParityDB's weights.
impl WeightInfo for () {
	calls!(ParityDbWeight::get());
}
