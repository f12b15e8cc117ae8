//! The origins that referenda can have besides root, one per track, and the pace of their periods.

pub use pallet_custom_origins::*;

/// Origins of referenda. No pallet gives them but `pallet-referenda`, through the scheduler.
#[frame_support::pallet]
pub mod pallet_custom_origins {
	use crate::{constants::currency::BLST, Balance, BlockNumber};
	use frame_support::pallet_prelude::*;

	/// What a small spender may spend at once.
	pub const SMALL_SPEND: Balance = 1_000 * BLST;
	/// What a medium spender may spend at once.
	pub const MEDIUM_SPEND: Balance = 10_000 * BLST;
	/// What a big spender may spend at once.
	pub const BIG_SPEND: Balance = 100_000 * BLST;

	#[pallet::config]
	pub trait Config: frame_system::Config {}

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// How many times faster than on a production chain the periods of governance are. Written at
	/// genesis, and by nothing else.
	#[pallet::storage]
	pub type Pace<T> = StorageValue<_, BlockNumber, ValueQuery, ConstU32<1>>;

	/// The pace with which the chain starts.
	#[pallet::genesis_config]
	pub struct GenesisConfig<T: Config> {
		/// How many times faster than on a production chain periods are. At least one.
		pub pace: BlockNumber,
		/// Nothing.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	impl<T: Config> Default for GenesisConfig<T> {
		fn default() -> Self {
			Self { pace: 1, _config: PhantomData }
		}
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			assert!(self.pace >= 1, "the pace of governance is at least one");
			Pace::<T>::put(self.pace);
		}
	}

	/// Where a call comes from that a referendum has approved.
	#[pallet::origin]
	#[derive(
		Clone,
		Copy,
		PartialEq,
		Eq,
		Debug,
		Encode,
		Decode,
		DecodeWithMemTracking,
		MaxEncodedLen,
		TypeInfo,
	)]
	pub enum Origin {
		/// May dispatch calls that the technical collective has whitelisted, as root.
		WhitelistedCaller,
		/// May set thresholds inside hard ranges and steps.
		RiskAdmin,
		/// May tighten thresholds, halt an underlying and enter safe mode, for a while.
		RiskGuardian,
		/// May change oracle operators and oracle rules.
		OracleAdmin,
		/// May list underlyings and series and set the bounds of vaults.
		ListingAdmin,
		/// May cancel a referendum; its deposits are given back.
		ReferendumCanceller,
		/// May kill a referendum; its deposits go to the treasury.
		ReferendumKiller,
		/// May spend [`SMALL_SPEND`] of the treasury at once.
		SmallSpender,
		/// May spend [`MEDIUM_SPEND`] of the treasury at once.
		MediumSpender,
		/// May spend [`BIG_SPEND`] of the treasury at once.
		BigSpender,
	}

	impl Origin {
		/// What it may spend of the treasury at once; `None` if it is not a spender.
		pub const fn spend_cap(self) -> Option<Balance> {
			match self {
				Self::SmallSpender => Some(SMALL_SPEND),
				Self::MediumSpender => Some(MEDIUM_SPEND),
				Self::BigSpender => Some(BIG_SPEND),
				_ => None,
			}
		}
	}

	/// One type per origin, for the configurations that ask for one.
	macro_rules! ensures {
		($($name:ident),*) => {$(
			#[doc = concat!("Succeeds for [`Origin::", stringify!($name), "`].")]
			pub struct $name;

			impl<O: Into<Result<Origin, O>> + From<Origin>> EnsureOrigin<O> for $name {
				type Success = ();

				fn try_origin(origin: O) -> Result<(), O> {
					origin.into().and_then(|origin| match origin {
						Origin::$name => Ok(()),
						other => Err(O::from(other)),
					})
				}

				#[cfg(feature = "runtime-benchmarks")]
				fn try_successful_origin() -> Result<O, ()> {
					Ok(O::from(Origin::$name))
				}
			}
		)*};
	}
	ensures!(
		WhitelistedCaller,
		RiskAdmin,
		RiskGuardian,
		OracleAdmin,
		ListingAdmin,
		ReferendumCanceller,
		ReferendumKiller
	);

	/// Succeeds for the spenders with what they may spend.
	pub struct Spender;

	impl<O: Into<Result<Origin, O>> + From<Origin>> EnsureOrigin<O> for Spender {
		type Success = Balance;

		fn try_origin(origin: O) -> Result<Balance, O> {
			origin.into().and_then(|origin| origin.spend_cap().ok_or_else(|| O::from(origin)))
		}

		#[cfg(feature = "runtime-benchmarks")]
		fn try_successful_origin() -> Result<O, ()> {
			Ok(O::from(Origin::BigSpender))
		}
	}
}
