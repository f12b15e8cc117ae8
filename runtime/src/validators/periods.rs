//! How long epochs and eras are.

pub use pallet_validator_periods::*;

use crate::Runtime;
use frame_support::parameter_types;
use sp_staking::SessionIndex;

/// Lengths on a production chain: an epoch is an hour, an era a day. New session keys are in use after
/// one to two hours, and one block in 1,200 carries no transactions.
pub const PRODUCTION: Lengths = Lengths { epoch: 1_200, era: 24 };

parameter_types! {
	/// Slots of an epoch, which is also a session.
	pub EpochDuration: u64 = Periods::<Runtime>::get().epoch;
	/// Sessions of an era.
	pub SessionsPerEra: SessionIndex = Periods::<Runtime>::get().era;
}

/// Keeps how long epochs and eras are. What the chain is born with it keeps for ever: nodes that
/// computed epochs of another length would fork off.
#[frame_support::pallet]
pub mod pallet_validator_periods {
	use super::PRODUCTION;
	use crate::validators::election::CHILL_THRESHOLD;
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;
	use sp_staking::SessionIndex;

	/// Fewest slots of an epoch. Its first block carries no transactions.
	pub const SHORTEST_EPOCH: u64 = 10;

	#[pallet::config]
	pub trait Config: frame_system::Config + pallet_staking::Config {}

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// Lengths of epochs and eras.
	#[derive(
		Clone,
		Copy,
		Debug,
		PartialEq,
		Eq,
		Encode,
		Decode,
		MaxEncodedLen,
		TypeInfo,
		serde::Serialize,
		serde::Deserialize,
	)]
	pub struct Lengths {
		/// Slots of an epoch, which is also a session.
		pub epoch: u64,
		/// Sessions of an era: validators are elected once in each.
		pub era: SessionIndex,
	}

	impl Default for Lengths {
		fn default() -> Self {
			PRODUCTION
		}
	}

	/// Lengths of epochs and eras. Written at genesis, and by nothing else.
	#[pallet::storage]
	pub type Periods<T> = StorageValue<_, Lengths, ValueQuery>;

	/// The lengths with which the chain starts.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Lengths of epochs and eras.
		pub lengths: Lengths,
		/// Nothing.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let Lengths { epoch, era } = self.lengths;
			assert!(epoch >= SHORTEST_EPOCH, "an epoch has at least {SHORTEST_EPOCH} slots");
			assert!(era >= 1, "an era has at least one session");
			Periods::<T>::put(self.lengths);
			// The genesis of `pallet-staking` has no field for it.
			pallet_staking::ChillThreshold::<T>::put(CHILL_THRESHOLD);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Consensus reads the lengths in every block and counts no weight for what it takes for
		/// constants.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			T::DbWeight::get().reads(1)
		}
	}
}
