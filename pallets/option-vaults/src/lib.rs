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

mod auctions;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
pub mod calendar;
mod errors;
mod events;
mod holders;
mod idle;
mod managers;
#[cfg(test)]
mod mock;
mod opening;
mod purse;
pub mod runtime_api;
mod settling;
#[cfg(test)]
mod tests;
mod try_state;
mod turning;
pub mod types;
mod views;
pub mod weights;

pub use pallet::*;
pub use types::{
	ExpiryRule, Holder, HolderView, OfferedPrice, Round, RoundRecord, SharePrice, State, Strategy,
	StrikeRule, Turn, Vault, VaultId, VaultTerms, VaultView, MAX_VAULTS, ROUNDS_KEPT,
};
pub use weights::WeightInfo;

use frame_support::{pallet_macros::import_section, traits::fungible};

/// Amounts of the native token.
pub type BalanceOf<T> =
	<<T as Config>::Currency as fungible::Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// A stored vault of this runtime.
pub type VaultOf<T> = Vault<<T as frame_system::Config>::AccountId, BalanceOf<T>>;

/// Target of log lines.
pub(crate) const LOG_TARGET: &str = "runtime::option-vaults";

#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
#[allow(clippy::expect_used, reason = "in what the macros of FRAME generate, nowhere else")]
pub mod pallet {
	use super::*;
	use crate::types::{AssetAmount, Outcome, ShareAmount};
	use ballast_primitives::{AssetId, Moment, Price, Quantity, SeriesId, UnderlyingId};
	use ballast_traits::{
		InspectAccounts, InspectMarket, InspectSeries, MutateAccounts, MutateMarket, MutateSeries,
		MutualPool, RiskParameters,
	};
	use frame_support::{pallet_prelude::*, traits::fungible::MutateHold, PalletId};
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The clearing house, in which every vault has two accounts.
		type Accounts: InspectAccounts<Self::AccountId> + MutateAccounts<Self::AccountId>;
		/// What is listed.
		type Series: InspectSeries + MutateSeries;
		/// Prices, averages and market time.
		type Market: InspectMarket + MutateMarket;
		/// Bounds of terms, least quantities and caps.
		type Parameters: RiskParameters;
		/// Buyer of last resort.
		type Pool: MutualPool<Self::AccountId>;
		/// Holds bonds.
		type Currency: MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>
			+ fungible::Inspect<Self::AccountId, Balance = u128>;
		/// Why native token is held, of all pallets.
		type RuntimeHoldReason: From<HoldReason>;
		/// The asset of cash-secured puts.
		#[pallet::constant]
		type QuoteAsset: Get<AssetId>;
		/// Names the vaults' accounts.
		#[pallet::constant]
		type PalletId: Get<PalletId>;
		/// Receives the treasury's part of fees, in its margin account.
		type Treasury: Get<Self::AccountId>;
		/// What benchmarks cannot do by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::AccountId>;
		/// Weights of this pallet's calls and hook.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds native token.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// A vault is open.
		VaultBond,
	}

	/// The vaults.
	#[pallet::storage]
	pub type Vaults<T: Config> = CountedStorageMap<_, Twox64Concat, VaultId, VaultOf<T>>;

	/// The number that the next vault will have.
	#[pallet::storage]
	pub type NextVaultId<T: Config> = StorageValue<_, VaultId, ValueQuery>;

	/// What everybody has in each vault, as of their last touch.
	#[pallet::storage]
	pub type Holders<T: Config> = StorageDoubleMap<
		_,
		Twox64Concat,
		VaultId,
		Blake2_128Concat,
		T::AccountId,
		Holder,
		ValueQuery,
	>;

	/// Turns of which somebody has not taken up what is theirs.
	#[pallet::storage]
	pub type Turns<T: Config> = StorageDoubleMap<_, Twox64Concat, VaultId, Twox64Concat, u32, Turn>;

	/// The last rounds of each vault.
	#[pallet::storage]
	pub type Rounds<T: Config> =
		StorageDoubleMap<_, Twox64Concat, VaultId, Twox64Concat, Round, RoundRecord>;

	/// The vault that was advanced last at the end of a block.
	#[pallet::storage]
	pub type IdleCursor<T: Config> = StorageValue<_, VaultId>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			Self::do_idle(remaining)
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Open a vault and manage it.
		///
		/// A bond of native token is held until the vault is removed. The terms must lie within the governed
		/// bounds (`riskParamsApi.vaultRules`). `covered call` takes deposits in the underlying,
		/// `cash-secured put` in the quote currency. Emits `VaultOpened`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::open_vault())]
		pub fn open_vault(
			origin: OriginFor<T>,
			strategy: Strategy,
			underlying: UnderlyingId,
			terms: VaultTerms,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_open_vault(who, strategy, underlying, terms)
		}

		/// Announce other terms for a vault that you manage.
		///
		/// They come into force after a notice of one full round, so that whoever disagrees can leave
		/// before. Announcing again replaces what was announced and starts the notice anew. Emits
		/// `TermsScheduled`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::schedule_terms())]
		pub fn schedule_terms(
			origin: OriginFor<T>,
			vault: VaultId,
			terms: VaultTerms,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_schedule_terms(&who, vault, terms)
		}

		/// Close a vault that you manage: no new round begins. Cannot be undone. Emits `VaultClosed`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::close_vault())]
		pub fn close_vault(origin: OriginFor<T>, vault: VaultId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_close_vault(&who, vault)
		}

		/// Remove a closed vault in which nobody has anything any more. Anyone may call it; the bond goes
		/// back to the manager. Emits `VaultRemoved`.
		#[pallet::call_index(3)]
		#[pallet::weight(Pallet::<T>::weight_of_removal())]
		pub fn remove_vault(origin: OriginFor<T>, vault: VaultId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_remove_vault(vault)
		}

		/// Deposit from your margin account into a vault.
		///
		/// `amount` is in the smallest unit of the vault's asset. It waits for the next turn (the end of the
		/// round that runs, or the beginning of the next one), becomes shares at the price of that turn, and
		/// can be cancelled until then. Emits `DepositQueued`.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::deposit())]
		pub fn deposit(
			origin: OriginFor<T>,
			vault: VaultId,
			#[pallet::compact] amount: AssetAmount,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_deposit(&who, vault, amount)
		}

		/// Take a deposit back, or part of it, before its turn. It goes to your margin account. Emits
		/// `DepositCancelled`.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::cancel_deposit().saturating_add(T::Accounts::touch_weight()))]
		pub fn cancel_deposit(
			origin: OriginFor<T>,
			vault: VaultId,
			#[pallet::compact] amount: AssetAmount,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_cancel_deposit(&who, vault, amount)
		}

		/// Queue shares to leave at the next turn, at the price of the round that is settled then. Claim
		/// what they have brought with `claim`. Emits `WithdrawalQueued`.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::request_withdrawal())]
		pub fn request_withdrawal(
			origin: OriginFor<T>,
			vault: VaultId,
			#[pallet::compact] shares: ShareAmount,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_request_withdrawal(&who, vault, shares)
		}

		/// Let shares stay that were queued to leave, before their turn. Emits `WithdrawalCancelled`.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::cancel_withdrawal())]
		pub fn cancel_withdrawal(
			origin: OriginFor<T>,
			vault: VaultId,
			#[pallet::compact] shares: ShareAmount,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_cancel_withdrawal(&who, vault, shares)
		}

		/// Withdraw shares at once, into your margin account: possible between rounds, while nothing is
		/// locked. Emits `WithdrawalPaid`.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::withdraw().saturating_add(T::Accounts::touch_weight()))]
		pub fn withdraw(
			origin: OriginFor<T>,
			vault: VaultId,
			#[pallet::compact] shares: ShareAmount,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw(&who, vault, shares)
		}

		/// Pay somebody what past turns have brought them: shares for a deposit, assets for a withdrawal. Of a closed
		/// vault, between rounds, everything that is theirs.
		///
		/// Anyone may call it for anyone; assets go to the holder's margin account. Emits `SharesIssued` or
		/// `WithdrawalPaid`.
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::claim().saturating_add(T::Accounts::touch_weight()))]
		pub fn claim(origin: OriginFor<T>, vault: VaultId, holder: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_claim(vault, &holder)
		}

		/// Begin a round: deposits and withdrawals that wait take place, the strike is set and the premium
		/// auction opens. Anyone may call it; the chain does it by itself. Emits `RoundOpened`.
		#[pallet::call_index(10)]
		#[pallet::weight(Pallet::<T>::weight_of_opening())]
		pub fn open_round(origin: OriginFor<T>, vault: VaultId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_open_round(vault)
		}

		/// Buy contracts in a vault's premium auction, at the price of now.
		///
		/// The premium is paid in the vault's asset from your margin account, which must meet initial margin
		/// afterwards. `max_premium` is in the asset's smallest unit, for all contracts; `deadline` in market
		/// time. Nothing is sold below the reserve, below the governed share of mark, or below what the
		/// mutual pool bids. Emits `ContractsSold`.
		#[pallet::call_index(11)]
		#[pallet::weight(T::WeightInfo::buy())]
		pub fn buy(
			origin: OriginFor<T>,
			vault: VaultId,
			quantity: Quantity,
			#[pallet::compact] max_premium: AssetAmount,
			deadline: Moment,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_buy(&who, vault, quantity, max_premium, deadline)
		}

		/// End a premium auction that is over. Of puts, the mutual pool buys the rest if it bids enough. Anyone
		/// may call it; the chain does it by itself. Emits `AuctionClosed`.
		#[pallet::call_index(12)]
		#[pallet::weight(T::WeightInfo::close_auction())]
		pub fn close_auction(origin: OriginFor<T>, vault: VaultId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_close_auction(vault)
		}

		/// Settle a round whose options have a settlement price: buyers are paid, fees are charged and the new
		/// price per share is known. Anyone may call it; the chain does it by itself. Emits `RoundSettled`.
		#[pallet::call_index(13)]
		#[pallet::weight(T::WeightInfo::settle_round())]
		pub fn settle_round(origin: OriginFor<T>, vault: VaultId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_settle_round(vault)
		}

		/// After a round was settled: withdrawals go out and deposits come in at its price. Anyone may call
		/// it; the chain does it by itself. Emits `Turned`.
		#[pallet::call_index(14)]
		#[pallet::weight(T::WeightInfo::turn())]
		pub fn turn(origin: OriginFor<T>, vault: VaultId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_turn(vault)
		}

		/// Pay a vault's fees into the margin accounts of its manager and of the treasury. Anyone may call it.
		/// Emits `FeesPaid`.
		#[pallet::call_index(15)]
		#[pallet::weight(
			T::WeightInfo::pay_fees().saturating_add(T::Accounts::touch_weight().saturating_mul(2))
		)]
		pub fn pay_fees(origin: OriginFor<T>, vault: VaultId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_pay_fees(vault)
		}
	}
}
