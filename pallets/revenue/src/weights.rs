//! Weights of `pallet-revenue`: upper estimates until its benchmarks (`src/benchmarking.rs`) have been run.
//!
//! Calls that move money add what touches of accounts cost (`MutateAccounts::touch_weight`).

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{constants::ParityDbWeight, Weight},
};

/// What the calls and hooks of this pallet weigh.
pub trait WeightInfo {
	/// A transfer, and what is owed.
	fn claim() -> Weight;
	/// A pot and its pages, as many as are forgotten in a block.
	fn forget() -> Weight;
	/// A look at the eras.
	fn idle() -> Weight;
	/// A page of `n` nominators, each of whom named another account.
	fn payout(n: u32) -> Weight;
	/// A block in which no era ends.
	fn same_era() -> Weight;
	/// A transfer, and the margin of the treasury's account.
	fn spend_cash() -> Weight;
	/// The same, in units.
	fn spend_units() -> Weight;
	/// A block in which an era ends.
	fn turn_of_era() -> Weight;
}

macro_rules! estimated {
	($db:ty) => {
		fn claim() -> Weight {
			Weight::from_parts(100_000_000, 0)
				.saturating_add(<$db>::get().reads(7))
				.saturating_add(<$db>::get().writes(5))
		}
		fn forget() -> Weight {
			Weight::from_parts(300_000_000, 0)
				.saturating_add(<$db>::get().reads(68))
				.saturating_add(<$db>::get().writes(67))
		}
		fn idle() -> Weight {
			Weight::from_parts(20_000_000, 0).saturating_add(<$db>::get().reads(2))
		}
		fn payout(n: u32) -> Weight {
			Weight::from_parts(200_000_000, 0)
				.saturating_add(Weight::from_parts(40_000_000, 0).saturating_mul(n.into()))
				.saturating_add(<$db>::get().reads(10))
				.saturating_add(<$db>::get().reads(3).saturating_mul(n.into()))
				.saturating_add(<$db>::get().writes(3))
				.saturating_add(<$db>::get().writes(1).saturating_mul(n.into()))
		}
		fn same_era() -> Weight {
			Weight::from_parts(15_000_000, 0).saturating_add(<$db>::get().reads(2))
		}
		fn spend_cash() -> Weight {
			Weight::from_parts(1_000_000_000, 0)
				.saturating_add(<$db>::get().reads(60))
				.saturating_add(<$db>::get().writes(4))
		}
		fn spend_units() -> Weight {
			Weight::from_parts(1_000_000_000, 0)
				.saturating_add(<$db>::get().reads(60))
				.saturating_add(<$db>::get().writes(4))
		}
		fn turn_of_era() -> Weight {
			Weight::from_parts(100_000_000, 0)
				.saturating_add(<$db>::get().reads(8))
				.saturating_add(<$db>::get().writes(4))
		}
	};
}

/// With the database weights of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	estimated!(T::DbWeight);
}

/// For tests: with the weights of ParityDB.
impl WeightInfo for () {
	estimated!(ParityDbWeight);
}
