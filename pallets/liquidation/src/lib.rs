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

mod auction;
mod authorize;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod bid;
mod idle;
pub mod offchain;
pub mod runtime_api;
mod try_state;
pub mod types;
mod views;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::{Auction, Stage, Standing, Started, TradeId};
pub use weights::WeightInfo;

/// The auction of an account of this runtime.
pub type AuctionOf<T> = Auction<<T as frame_system::Config>::AccountId>;

/// Positions of the largest account.
pub const MAX_LEGS: u32 = 64;
const LOG_TARGET: &str = "runtime::liquidation";

#[allow(clippy::expect_used, reason = "in what the macros of FRAME generate, nowhere else")]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use ballast_primitives::{Ratio, Usd};
	use ballast_traits::{
		CoverDeficit, InspectAccounts, InspectMarket, MutateAccounts, MutateMarket, MutualPool,
		RiskParameters,
	};
	use frame_support::{pallet_prelude::*, traits::Contains};
	use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config:
		frame_system::Config<RuntimeEvent: From<Event<Self>>>
		+ CreateAuthorizedTransaction<Call<Self>>
	{
		/// Market time and the block's tick.
		type Market: InspectMarket + MutateMarket;
		/// The governed thresholds.
		type Parameters: RiskParameters;
		/// The clearing ledger.
		type Accounts: InspectAccounts<Self::AccountId> + MutateAccounts<Self::AccountId>;
		/// The mutual pool, which takes over what nobody bids for, and the insurance fund.
		type Pool: MutualPool<Self::AccountId>;
		/// Where deficits go.
		type Deficits: CoverDeficit<Self::AccountId>;
		/// Accounts that are never put under auction: the pool's and the insurance fund's.
		type Exempt: Contains<Self::AccountId>;
		/// Priority of a transaction of the offchain worker: below price feeds, above users' calls.
		#[pallet::constant]
		type LiquidationPriority: Get<TransactionPriority>;
		/// What benchmarks cannot do by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::AccountId>;
		/// Weights of the calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// The accounts under auction.
	#[pallet::storage]
	pub type Auctions<T: Config> =
		CountedStorageMap<_, Blake2_128Concat, T::AccountId, AuctionOf<T>, OptionQuery>;

	/// The last identifier that a trade or the start of an auction was given.
	#[pallet::storage]
	pub type LastTrade<T: Config> = StorageValue<_, TradeId, ValueQuery>;

	/// The account that the round robin over all accounts looked at last.
	#[pallet::storage]
	pub type AccountCursor<T: Config> = StorageValue<_, T::AccountId, OptionQuery>;

	/// The account that the round robin over auctions looked at last.
	#[pallet::storage]
	pub type AuctionCursor<T: Config> = StorageValue<_, T::AccountId, OptionQuery>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An account failed its maintenance margin and is under auction now.
		LiquidationStarted {
			/// The account.
			account: T::AccountId,
			/// Who started it by a signed call and is rewarded.
			keeper: Option<T::AccountId>,
			/// Its equity at that moment.
			equity: Usd,
			/// Its maintenance requirement at that moment.
			maintenance: Usd,
		},
		/// An account that failed needed no auction: settling what had expired, or covering a debt
		/// that nothing was left to be sold for, resolved it.
		LiquidationResolved {
			/// The account.
			account: T::AccountId,
		},
		/// A share of an account was sold to a bidder.
		BidAccepted {
			/// The account under auction.
			account: T::AccountId,
			/// Who took the share over.
			bidder: T::AccountId,
			/// The share of its usable positions and collateral.
			share: Ratio,
			/// Cash from bidder to account; negative: from account to bidder.
			payment: Usd,
			/// Cash from account to insurance fund and keeper.
			penalty: Usd,
			/// Cash from the loss waterfall to the account.
			deficit: Usd,
		},
		/// A share of an account was taken over by the mutual pool.
		TakenOver {
			/// The account under auction.
			account: T::AccountId,
			/// The share of its usable positions and collateral.
			share: Ratio,
			/// Cash from pool to account; negative: from account to pool.
			payment: Usd,
			/// Cash from account to insurance fund and keeper.
			penalty: Usd,
			/// Cash from the loss waterfall to the account.
			deficit: Usd,
		},
		/// An auction ended: its account has its buffer again, or nothing is left of it.
		AuctionEnded {
			/// The account.
			account: T::AccountId,
		},
		/// A keeper was paid for having started an auction.
		KeeperPaid {
			/// The account under auction.
			account: T::AccountId,
			/// The keeper.
			keeper: T::AccountId,
			/// What it received in its margin account.
			amount: Usd,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The account meets its maintenance margin (or lacks less than the governed dust), or
		/// whether it does depends on a price that is not usable now. Look again after the next
		/// prices.
		NotLiquidatable,
		/// The mutual pool and the insurance fund are resolved in other ways. Choose another account.
		ExemptAccount,
		/// The account is under auction already. Bid on it.
		AlreadyInAuction,
		/// The account is not under auction. Start one with `liquidate` if the account fails.
		NotInAuction,
		/// Somebody has bid since the state that you named. Read the auction and bid again with its
		/// `last_bid`.
		AuctionChanged,
		/// The account has its buffer again. Nothing is for sale; `end_auction` ends the auction.
		AuctionOver,
		/// The account is still below its buffer. Bid on it, or wait.
		AuctionNotOver,
		/// The share is zero. Name the share that you want, at most 1.
		ShareZero,
		/// The bid would pay more (or receive less) than your limit. Raise `max_payment`, or wait:
		/// the price falls with time.
		PriceLimitExceeded,
		/// Whether the account fails depends on a price that is not usable now. Wait for the price.
		PriceNotUsable,
		/// An account cannot bid on itself. Deposit instead.
		SelfBid,
		/// The share moves nothing: it is too small, or nothing with a usable price is left. Bid for
		/// more, or wait for the price.
		NothingToSell,
		/// Somebody may still bid. The pool takes over after the governed time without a bid.
		TakeOverTooEarly,
		/// The bid would not bring the account closer to its buffer. Bid for a larger share.
		NoImprovement,
		/// The share is a smaller part of what is for sale than one bid may take
		/// (`bid_share_min` of `liquidationRules`). Bid for more; `largest_share` is never too small.
		ShareTooSmall,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_idle(block: BlockNumberFor<T>, remaining: Weight) -> Weight {
			Self::do_idle(block, remaining)
		}

		fn offchain_worker(block: BlockNumberFor<T>) {
			if Self::run_offchain().is_none() {
				log::debug!(target: LOG_TARGET, "{block:?}: the previous run is not over");
			}
		}

		fn integrity_test() {
			let least = T::WeightInfo::idle_base()
				.saturating_add(T::WeightInfo::idle_check(MAX_LEGS))
				.saturating_add(
					Self::weight_of_take_over().max(T::WeightInfo::liquidate_authorized()),
				);
			assert!(
				least.all_lte(Self::idle_limit()),
				"on_idle could not do the heaviest step: {least:?} of {:?}",
				Self::idle_limit(),
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_block: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Puts a failing account under auction. Submitted by the offchain workers of block authors;
		/// it has no signature, costs nothing, and is refused from anybody else. To do the same
		/// yourself use `liquidate`.
		///
		/// - `account`: an account whose equity is below its maintenance margin.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::liquidate_authorized())]
		#[pallet::authorize(Self::authorize_liquidation)]
		#[pallet::weight_of_authorize(T::WeightInfo::authorize_liquidation())]
		pub fn liquidate_authorized(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			ensure_authorized(origin)?;
			Self::do_start(&account, None)?;
			Ok(())
		}

		/// Puts a failing account under auction and makes you its keeper: you receive a reward from
		/// the insurance fund now, and a share of the penalties that the account pays beyond it. On
		/// your own account you may call it, without reward.
		///
		/// - `account`: an account whose equity is below its maintenance margin (see
		///   `LiquidationApi_candidates`).
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::liquidate())]
		pub fn liquidate(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			let signer = ensure_signed(origin)?;
			Self::do_liquidate(signer, &account)
		}

		/// Takes over a share of an account under auction, at the auction's price now (see
		/// `LiquidationApi_auction`). Each of its positions and collaterals with a usable price
		/// moves to your margin account in that share; you pay for it, or are paid if the price is
		/// negative. Afterwards your account must be above its initial margin.
		///
		/// - `account`: the account under auction.
		/// - `share`: the share that you want, above 0; what exceeds the share that restores the
		///   account's buffer is cut off.
		/// - `max_payment`: the most that you pay; negative: the least that you want to be paid.
		/// - `last_bid`: the auction's `last_bid` that you have seen, so that nobody can change the
		///   auction before you.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::bid())]
		pub fn bid(
			origin: OriginFor<T>,
			account: T::AccountId,
			share: Ratio,
			max_payment: Usd,
			last_bid: TradeId,
		) -> DispatchResult {
			let bidder = ensure_signed(origin)?;
			Self::do_bid(&bidder, &account, share, max_payment, last_bid)
		}

		/// Ends an auction whose account has its buffer again, because of new prices, a deposit or a
		/// bid. Anyone may call it; the chain does it by itself in time.
		///
		/// - `account`: the account under auction.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::end_auction())]
		pub fn end_auction(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_end(&account)
		}

		/// Lets the mutual pool take over what is for sale of an account that nobody has bid on for
		/// the governed time, at the auction's price now and as far as the pool's own capital rule
		/// allows. Anyone may call it; the chain does it by itself in time.
		///
		/// - `account`: the account under auction.
		#[pallet::call_index(4)]
		#[pallet::weight(Pallet::<T>::weight_of_take_over())]
		pub fn take_over(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_take_over(&account)
		}
	}
}
