#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
	not(test),
	deny(
		clippy::unwrap_used,
		clippy::expect_used,
		clippy::indexing_slicing,
		clippy::arithmetic_side_effects
	)
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod eras;
mod payout;
pub mod shares;
mod treasury;
mod try_state;
mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::Pot;
pub use weights::WeightInfo;

/// Target of log lines.
pub(crate) const LOG_TARGET: &str = "runtime::revenue";

#[allow(
	clippy::expect_used,
	clippy::useless_conversion,
	reason = "in what the macros of FRAME generate, nowhere else"
)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use ballast_primitives::{AssetId, Quantity, Usd};
	use ballast_traits::{EraIndex, InspectAccounts, InspectStaking, MutateAccounts, PageIndex};
	use frame_support::pallet_prelude::*;
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The clearing house.
		type Accounts: InspectAccounts<Self::AccountId> + MutateAccounts<Self::AccountId>;
		/// Eras, and who earned what in them.
		type Staking: InspectStaking<Self::AccountId>;
		/// Receives the stakers' share of revenue, in its account at the clearing house.
		type Stakers: Get<Self::AccountId>;
		/// The treasury, which has an account at the clearing house.
		type Treasury: Get<Self::AccountId>;
		/// Who may spend what the treasury has at the clearing house.
		type SpendOrigin: EnsureOrigin<Self::RuntimeOrigin>;
		/// What benchmarks cannot do by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::AccountId>;
		/// Weights of this pallet's calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// The era that this pallet saw last: what comes in now is its pot.
	#[pallet::storage]
	pub type CurrentEra<T: Config> = StorageValue<_, EraIndex>;

	/// The first era of which something may still be stored.
	#[pallet::storage]
	pub type OldestEra<T: Config> = StorageValue<_, EraIndex, ValueQuery>;

	/// The pots of eras that are over.
	#[pallet::storage]
	pub type Pots<T: Config> = StorageMap<_, Twox64Concat, EraIndex, Pot>;

	/// Pages that were paid out, by era, validator and page.
	#[pallet::storage]
	pub type PaidPages<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		EraIndex,
		Blake2_128Concat,
		(T::AccountId, PageIndex),
		(),
	>;

	/// What is owed to each account and not claimed yet.
	#[pallet::storage]
	pub type Owed<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Usd>;

	/// Cash of the stakers' account that is spoken for: what pots have not paid out, and all that is owed.
	#[pallet::storage]
	pub type Reserved<T: Config> = StorageValue<_, Usd, ValueQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An era is over; `amount` is shared among those who staked in it.
		PotClosed { era: EraIndex, amount: Usd },
		/// What nobody asked for of an era's pot in time goes into the next pot.
		PotExpired { era: EraIndex, amount: Usd },
		/// A page of the stake behind a validator was paid out.
		PaidOut { era: EraIndex, validator: T::AccountId, page: PageIndex, amount: Usd },
		/// A staker's share was added to what is owed to `payee`.
		Rewarded { staker: T::AccountId, payee: T::AccountId, amount: Usd },
		/// What was owed came into the account at the clearing house.
		Claimed { who: T::AccountId, amount: Usd },
		/// The treasury paid cash at the clearing house.
		CashSpent { beneficiary: T::AccountId, amount: Usd },
		/// The treasury paid units of an asset at the clearing house.
		UnitsSpent { beneficiary: T::AccountId, asset: AssetId, quantity: Quantity },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The era is not over. Wait for its end.
		EraNotOver,
		/// The era is too long ago: what was not paid out of its pot went into a later one.
		EraForgotten,
		/// Nothing came in during the era, so there is nothing to pay out.
		NoPot,
		/// The validator earned no points in the era, so nobody behind it is paid.
		NothingEarned,
		/// The stake behind the validator has no such page in that era. Pages count from 0.
		PageUnknown,
		/// The page was paid out already. `owed` says what was not claimed yet.
		AlreadyPaid,
		/// Nothing is owed to this account. Its share is owed once somebody has called `payout`.
		NothingOwed,
		/// The stakers' account has not the cash. Try again later.
		InsufficientCash,
		/// The amount is zero or negative. Name a positive amount.
		AmountNotPositive,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Closes the pot when an era is over.
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			Self::follow_eras()
		}

		/// Forgets eras that are too long ago, some pages at a time.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			Self::do_idle(remaining)
		}

		fn integrity_test() {
			assert!(
				T::Stakers::get() != T::Treasury::get(),
				"stakers and treasury share an account"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Shares out one page of the stake behind a validator: of the era's pot the part of its
		/// points, first the validator's commission, then by stake.
		///
		/// Anyone may call it, once for each page, until the era is too long ago. What each staker
		/// earns is owed to the account that it named for its rewards, which gets it by `claim`.
		/// Emits `Rewarded` for each and `PaidOut`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::payout(T::Staking::page_size()))]
		pub fn payout(
			origin: OriginFor<T>,
			era: EraIndex,
			validator: T::AccountId,
			page: PageIndex,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let nominators = Self::do_payout(era, validator, page)?;
			Ok(Some(T::WeightInfo::payout(nominators)).into())
		}

		/// Pays what is owed to an account into its account at the clearing house, in the quote
		/// currency. Anyone may call it for anybody. Emits `Claimed`.
		#[pallet::call_index(1)]
		#[pallet::weight(
			T::WeightInfo::claim().saturating_add(T::Accounts::touch_weight().saturating_mul(2))
		)]
		pub fn claim(origin: OriginFor<T>, who: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_claim(who)
		}

		/// Pays cash of the treasury's account at the clearing house into the beneficiary's. Fails
		/// while losses that nobody has paid block withdrawals.
		///
		/// For governance. Emits `CashSpent`.
		#[pallet::call_index(2)]
		#[pallet::weight(
			T::WeightInfo::spend_cash().saturating_add(T::Accounts::touch_weight().saturating_mul(2))
		)]
		pub fn spend_cash(
			origin: OriginFor<T>,
			beneficiary: T::AccountId,
			amount: Usd,
		) -> DispatchResult {
			T::SpendOrigin::ensure_origin(origin)?;
			Self::do_spend_cash(beneficiary, amount)
		}

		/// The same with units of an asset, which vaults have paid as fees.
		///
		/// For governance. Emits `UnitsSpent`.
		#[pallet::call_index(3)]
		#[pallet::weight(
			T::WeightInfo::spend_units().saturating_add(T::Accounts::touch_weight().saturating_mul(2))
		)]
		pub fn spend_units(
			origin: OriginFor<T>,
			beneficiary: T::AccountId,
			asset: AssetId,
			quantity: Quantity,
		) -> DispatchResult {
			T::SpendOrigin::ensure_origin(origin)?;
			Self::do_spend_units(beneficiary, asset, quantity)
		}
	}
}
