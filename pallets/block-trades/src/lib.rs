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

mod acceptance;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod collar;
mod idle;
mod offers;
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
pub use types::{Collar, Offer, OfferId, OfferView, Side};
pub use weights::WeightInfo;

use frame_support::traits::fungible;

/// Amounts of the native token.
pub type BalanceOf<T> =
	<<T as Config>::Currency as fungible::Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// A stored offer of this runtime.
pub type OfferOf<T> = Offer<<T as frame_system::Config>::AccountId, BalanceOf<T>>;

/// Target of log lines.
pub(crate) const LOG_TARGET: &str = "runtime::block-trades";

#[allow(clippy::expect_used, reason = "in what the macros of FRAME generate, nowhere else")]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::offers::Terms;
	use ballast_primitives::{Moment, Price, Quantity, SeriesId, Usd};
	use ballast_traits::{
		InspectAccounts, InspectMarket, InspectSeries, MutateAccounts, RiskParameters,
	};
	use frame_support::{pallet_prelude::*, traits::fungible::MutateHold};
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// The clearing house.
		type Accounts: InspectAccounts<Self::AccountId> + MutateAccounts<Self::AccountId>;
		/// What is listed.
		type Series: InspectSeries;
		/// Prices and market time.
		type Market: InspectMarket;
		/// Least quantity and step of what opens, collar, deposits and lives of offers.
		type Parameters: RiskParameters;
		/// Holds deposits.
		type Currency: MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>
			+ fungible::Inspect<Self::AccountId, Balance = u128>;
		/// Why native token is held, of all pallets.
		type RuntimeHoldReason: From<HoldReason>;
		/// Most offers of one account.
		#[pallet::constant]
		type MaxOffersPerAccount: Get<u32>;
		/// Most offers of all accounts.
		#[pallet::constant]
		type MaxOffers: Get<u32>;
		/// What benchmarks cannot do by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::AccountId>;
		/// Weights of this pallet's calls and hook.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds native token.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// An offer is stored.
		Offer,
	}

	/// The offers that are stored.
	#[pallet::storage]
	pub type Offers<T: Config> = CountedStorageMap<_, Twox64Concat, OfferId, OfferOf<T>>;

	/// The numbers of each maker's offers, ascending.
	#[pallet::storage]
	pub type OffersBy<T: Config> = StorageMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		BoundedVec<OfferId, T::MaxOffersPerAccount>,
		ValueQuery,
	>;

	/// The number that the next offer will have.
	#[pallet::storage]
	pub type NextOfferId<T: Config> = StorageValue<_, OfferId, ValueQuery>;

	/// The offer that the search for expired ones looked at last.
	#[pallet::storage]
	pub type SweepCursor<T: Config> = StorageValue<_, OfferId>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Somebody offers to trade.
		OfferMade {
			/// Its number.
			offer: OfferId,
			/// Who offers.
			maker: T::AccountId,
			/// The series.
			series: SeriesId,
			/// What the maker does.
			side: Side,
			/// How many contracts.
			quantity: Quantity,
			/// Premium per contract.
			price: Price,
			/// The only account that may accept it; `None`: anybody may.
			counterparty: Option<T::AccountId>,
			/// Market time from which on it cannot be accepted any more.
			expires: Moment,
			/// Native token held of the maker.
			deposit: BalanceOf<T>,
		},
		/// An offer, or part of it, was accepted and cleared.
		OfferAccepted {
			/// Its number.
			offer: OfferId,
			/// Who had made it.
			maker: T::AccountId,
			/// Who accepted it.
			taker: T::AccountId,
			/// The series.
			series: SeriesId,
			/// What the maker did.
			side: Side,
			/// Contracts traded.
			quantity: Quantity,
			/// Premium per contract.
			price: Price,
			/// What the buyer paid to the seller.
			premium: Usd,
			/// Contracts that are left of the offer; with none it is gone and its deposit released.
			remaining: Quantity,
		},
		/// An offer was withdrawn by its maker and its deposit released.
		OfferCancelled {
			/// Its number.
			offer: OfferId,
			/// Who had made it.
			maker: T::AccountId,
			/// Contracts that nobody had accepted.
			quantity: Quantity,
		},
		/// An offer that nobody could accept any more was removed and its deposit released.
		OfferExpired {
			/// Its number.
			offer: OfferId,
			/// Who had made it.
			maker: T::AccountId,
			/// Contracts that nobody had accepted.
			quantity: Quantity,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// No such series is listed. Look at the list of series.
		SeriesUnknown,
		/// The series is past its expiry. Choose a later one.
		SeriesExpired,
		/// A price that is needed is stale, unconfirmed or has too few operators behind it. Wait for
		/// the next accepted tick.
		PriceStale,
		/// The underlying has no risk rules in force, so it cannot be traded.
		UnderlyingWithoutRules,
		/// The quantity is zero, negative, or below the least quantity of a trade that opens for
		/// either account. Trade more, or only what closes for both.
		QuantityTooSmall,
		/// The quantity of a trade that opens for either account is not a multiple of the step. Round
		/// it, or trade only what closes for both.
		QuantityOffStep,
		/// The offer has less left than that. Accept at most what is left of it
		/// (`BlockTradesApi_offers`).
		QuantityTooLarge,
		/// The expiry of the offer is not in the future. Name a later moment, in seconds of market time.
		ExpiryInPast,
		/// The expiry of the offer is further ahead than `offer_life_max` of the trade rules. Name an earlier moment.
		ExpiryTooFar,
		/// The offer would outlive its series. Let it expire at the expiry of the series or before.
		ExpiryAfterSeries,
		/// An account cannot trade with itself. Name another counterparty, or cancel the offer.
		SelfTrade,
		/// You have as many offers as an account may. Cancel one, or wait until one is accepted.
		TooManyOffersOfAccount,
		/// The chain stores as many offers as it carries. Clean an expired one, or try again later.
		TooManyOffers,
		/// Your free native token does not cover the deposit (`offer_deposit` of the trade rules). Add some, or cancel
		/// another offer.
		DepositNotAffordable,
		/// No such offer is stored: it was accepted, cancelled or has expired. Look at the offers again.
		OfferUnknown,
		/// The offer has expired. Ask its maker for another one.
		OfferExpired,
		/// The offer can still be accepted. Only its maker may remove it, with `cancel`.
		OfferOpen,
		/// The offer is another account's. Only its maker may cancel it.
		NotMaker,
		/// The offer is for one counterparty, and that is not you. Choose another offer.
		NotCounterparty,
		/// The offer's premium is too far from mark at the present price. Ask for an offer inside
		/// `BlockTradesApi_collar`, or wait until the market is there.
		OutsideCollar,
		/// The maker's account does not carry the trade: it would be left below its initial margin, and
		/// worse than before. Accept less, or another offer; your own account would carry it.
		MakerBelowMargin,
		/// The guardian has halted the underlying: only what closes contracts of both accounts can be traded.
		/// Accept less, or wait; `riskParams.halts` says until which block.
		UnderlyingHalted,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Removes offers that nobody can accept any more: a few per block, round robin.
		fn on_idle(_block: BlockNumberFor<T>, remaining: Weight) -> Weight {
			Self::do_idle(remaining)
		}

		fn integrity_test() {
			assert!(T::MaxOffersPerAccount::get() > 0, "nobody could make an offer");
			assert!(
				T::MaxOffers::get() >= T::MaxOffersPerAccount::get(),
				"one account could not have as many offers as it may",
			);
			let least = T::WeightInfo::idle_base().saturating_add(T::WeightInfo::idle_look());
			assert!(least.all_lte(Self::idle_limit()), "on_idle could not do one step");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_block: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Offers to trade options with another account at a premium that you name.
		///
		/// Nothing moves and no margin is reserved: the offer is as good as your account is when
		/// somebody accepts it, and you may cancel it at any time before. Until then it is an option
		/// that you give away: watch the market, or let it expire soon. It can be accepted in parts.
		///
		/// - `series`: what is traded.
		/// - `side`: whether you buy or sell.
		/// - `quantity`: how many contracts; the underlying's least quantity and step hold unless it
		///   only closes what you have.
		/// - `price`: premium per contract. It must be inside the collar when it is accepted, not now.
		/// - `counterparty`: the only account that may accept; nothing: anybody may.
		/// - `expires`: market time (seconds) from which on it cannot be accepted; at most
		///   `offer_life_max` of the trade rules ahead and not after the expiry of the series.
		///
		/// Holds `offer_deposit` of the trade rules of your native token until the offer is gone. Emits `OfferMade`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::offer())]
		pub fn offer(
			origin: OriginFor<T>,
			series: SeriesId,
			side: Side,
			quantity: Quantity,
			price: Price,
			counterparty: Option<T::AccountId>,
			expires: Moment,
		) -> DispatchResult {
			let maker = ensure_signed(origin)?;
			let terms = Terms { series, side, quantity, price, counterparty, expires };
			Self::do_offer(&maker, terms)
		}

		/// Accepts an offer, or part of it: the trade is cleared at once, at the offer's premium.
		///
		/// Both accounts must be above initial margin afterwards, unless the trade makes them safer.
		/// The terms of an offer never change, so there is no limit to name. While the underlying is
		/// halted the trade must close contracts of both accounts.
		///
		/// - `offer`: its number.
		/// - `quantity`: how many contracts; the underlying's least quantity and step hold unless it
		///   only closes what both of you have.
		///
		/// Emits `OfferAccepted`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::accept())]
		pub fn accept(origin: OriginFor<T>, offer: OfferId, quantity: Quantity) -> DispatchResult {
			let taker = ensure_signed(origin)?;
			Self::do_accept(&taker, offer, quantity)
		}

		/// Withdraws an offer of yours, at any time and whatever prices are.
		///
		/// - `offer`: its number.
		///
		/// Releases its deposit. Emits `OfferCancelled`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::cancel())]
		pub fn cancel(origin: OriginFor<T>, offer: OfferId) -> DispatchResult {
			let maker = ensure_signed(origin)?;
			Self::do_cancel(&maker, offer)
		}

		/// Removes an offer that has expired, or whose series is not live. Anyone may call it; the
		/// chain does it by itself in time.
		///
		/// - `offer`: its number.
		///
		/// Releases its deposit to its maker. Emits `OfferExpired`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::clean())]
		pub fn clean(origin: OriginFor<T>, offer: OfferId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_clean(offer)
		}
	}
}
