//! Weights of this pallet, until they are benchmarked: upper bounds that are argued for.
//!
//! | part | bound | argument |
//! |---|---|---|
//! | value an account | 9 ms, 160 reads | 64 legs x 31 scenarios x 2 ranges x 2 us in Wasm, 64 marks and greeks at 4 us, sums; the account, 64 series, 8 collaterals and underlyings with two price and three rule values each |
//! | stress loss | 5 ms, 160 reads | 64 legs x 31 scenarios at one range |
//! | a queue step | 40 us, 12 reads, 12 writes | request, link, two neighbours, ends, cohorts, shares, total, two accounts, event; the division of equity between 128 levels |
//! | grid | 4 ms, 200 reads, 1 write | 64 series at 22 us for 99 values and 40 us for volatility, forward and discount; the pool's account, 64 series, 64 averages, market, rules and the grid of 4 kB |
//! | early exercise | 2.5 ms each | what it adds to the risk arrays of all American series that there may be, once in a block |
//! | quote | 30 us, 8 reads | series, market, two rules; one set of Greeks |
//!
//! The storage of a solo chain needs no proof: proof sizes are zero.

use ballast_primitives::MAX_AMERICAN_SERIES;
use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::ParityDbWeight, constants::WEIGHT_REF_TIME_PER_MICROS, Weight},
};

/// Weights of this pallet's calls and of the steps of its hook.
pub trait WeightInfo {
	/// `deposit`.
	fn deposit() -> Weight;
	/// `cancel_deposit`.
	fn cancel_deposit() -> Weight;
	/// `request_withdrawal`.
	fn request_withdrawal() -> Weight;
	/// `cancel_withdrawal`.
	fn cancel_withdrawal() -> Weight;
	/// `process_queue` with at most `n` of each queue.
	fn process_queue(n: u32) -> Weight;
	/// `buy`.
	fn buy() -> Weight;
	/// `sell`.
	fn sell() -> Weight;
	/// `donate_insurance`.
	fn donate_insurance() -> Weight;
	/// What `on_idle` looks at in every block.
	fn idle() -> Weight;
	/// Closing an event window.
	fn close_window() -> Weight;
	/// Recording net asset value.
	fn record_nav() -> Weight;
}

fn micros(micros: u64) -> Weight {
	Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS.saturating_mul(micros), 0)
}

/// A part of a call: compute, reads and writes.
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

	fn weight(self, db: frame_support::weights::RuntimeDbWeight) -> Weight {
		micros(self.micros).saturating_add(db.reads_writes(self.reads, self.writes))
	}
}

/// Decoding the call, its event, and the like.
const BASE: Part = Part::new(20, 4, 1);
/// Equity and requirements of an account of 64 legs.
const HEALTH: Part = Part::new(9_000, 160, 0);
/// Worst scenario loss of such an account.
const STRESS: Part = Part::new(5_000, 160, 0);
/// One request executed, or put in or taken out of a queue.
const STEP: Part = Part::new(40, 12, 12);
/// One series quoted.
const QUOTE: Part = Part::new(30, 8, 0);
/// What early exercise adds to the risk arrays of all American series that there may be.
const EARLY: Part = Part::new(2_500 * MAX_AMERICAN_SERIES as u64, 0, 0);
/// The grid of an underlying on which the pool has 64 series, made anew.
const GRID: Part = Part::new(4_000, 200, 1);
/// A trade: touch and change two accounts of 64 legs, open interest of one series.
const TRADE: Part = Part::new(500, 140, 6);
/// A transfer between two accounts.
const TRANSFER: Part = Part::new(50, 4, 2);
/// Settling the expired legs of an account.
const TOUCH: Part = Part::new(300, 130, 65);

fn sum(db: frame_support::weights::RuntimeDbWeight, parts: &[Part]) -> Weight {
	parts.iter().fold(Weight::zero(), |sum, part| sum.saturating_add(part.weight(db)))
}

macro_rules! calls {
	($db:expr) => {
		/// The payer's free cash, and its margin before and after.
		fn deposit() -> Weight {
			sum($db, &[BASE, HEALTH, HEALTH, HEALTH, EARLY, TRANSFER, STEP])
		}
		fn cancel_deposit() -> Weight {
			sum($db, &[BASE, TRANSFER, STEP])
		}
		/// The pool is valued.
		fn request_withdrawal() -> Weight {
			sum($db, &[BASE, HEALTH, EARLY, STEP])
		}
		fn cancel_withdrawal() -> Weight {
			sum($db, &[BASE, HEALTH, EARLY, STEP])
		}
		/// The pool is touched and valued, its free cash and stress loss found.
		fn process_queue(n: u32) -> Weight {
			let steps = sum($db, &[STEP, TRANSFER]).saturating_mul(u64::from(n).saturating_mul(2));
			sum($db, &[BASE, TOUCH, HEALTH, HEALTH, STRESS, EARLY]).saturating_add(steps)
		}
		/// Quote, stress loss of the pool before and after, its capital, margin of the trader
		/// before and after, the pool's grid.
		fn buy() -> Weight {
			let valued = [STRESS, STRESS, HEALTH, HEALTH, HEALTH, EARLY];
			sum($db, &[BASE, QUOTE, TRADE, GRID, EARLY]).saturating_add(sum($db, &valued))
		}
		fn sell() -> Weight {
			Self::buy()
		}
		/// The giver's margin before and after, and a repayment.
		fn donate_insurance() -> Weight {
			sum($db, &[BASE, HEALTH, HEALTH, EARLY, TRANSFER, TRANSFER])
		}
		fn idle() -> Weight {
			sum($db, &[Part::new(20, 12, 0)])
		}
		fn close_window() -> Weight {
			sum($db, &[BASE, TRANSFER])
		}
		fn record_nav() -> Weight {
			sum($db, &[BASE, HEALTH, EARLY])
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
