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

mod appraisal;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod idle;
mod insurance;
mod pricing;
mod providers;
mod queue;
mod quotes;
mod revenue;
mod risk;
mod takeover;
mod trading;
mod try_state;
mod types;
mod views;
mod waterfall;

pub mod runtime_api;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use queue::{Ends, Link, Queue};
pub use risk::{PoolGrid, PoolRisk, SeriesShare, TermStructure, UnderlyingShare, GRID_SERIES_MAX};
pub use types::{
	Cohort, Cohorts, EventWindow, NavRecord, OwnAccounts, PendingDeposit, PoolView, ProviderView,
	QueuedView, QueuedWithdrawal, Quote, TakenOver, Ticket, WaterfallStep,
};
pub use waterfall::{InsuranceFund, PoolBacking};
pub use weights::WeightInfo;

/// Target of log lines.
pub(crate) const LOG_TARGET: &str = "runtime::risk-pool";

#[allow(
	clippy::expect_used,
	reason = "what FRAME's macros expand to; this module has no code of ours that could"
)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use ballast_primitives::{Moment, Quantity, SeriesId, UnderlyingId, Usd};
	use ballast_traits::{
		BearLoss, InspectAccounts, InspectHistory, InspectMarket, InspectSeries, MutateAccounts,
		MutateMarket, RiskParameters,
	};
	use frame_support::{pallet_prelude::*, PalletId};
	use frame_system::pallet_prelude::*;

	/// Most deposits and most withdrawals that one call of `process_queue` executes.
	pub const QUEUE_STEPS: u32 = 16;

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
		type Market: InspectMarket + MutateMarket;
		/// How underlyings moved, day by day.
		type History: InspectHistory;
		/// The underlying whose volatility is known longest: its changes serve where another has no
		/// history of its own.
		#[pallet::constant]
		type VolatilityReference: Get<UnderlyingId>;
		/// The thresholds in force.
		type Parameters: RiskParameters;
		/// Who bears a deficit, in order: a tuple of [`InsuranceFund`], [`PoolBacking`] and others.
		type Waterfall: BearLoss<Self::AccountId>;
		/// Names the pool's account at the clearing house.
		#[pallet::constant]
		type PoolId: Get<PalletId>;
		/// Names the insurance fund's account at the clearing house.
		#[pallet::constant]
		type InsuranceId: Get<PalletId>;
		/// Names the account at the clearing house that holds deposits until they are priced.
		#[pallet::constant]
		type QueueId: Get<PalletId>;
		/// Receives the treasury's share of revenue, in its account at the clearing house.
		type Treasury: Get<Self::AccountId>;
		/// Receives the stakers' share of revenue, in its account at the clearing house.
		type Stakers: Get<Self::AccountId>;
		/// Most deposits and most withdrawals that may wait.
		#[pallet::constant]
		type MaxQueued: Get<u32>;
		/// What benchmarks cannot do by themselves.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::BenchmarkHelper<Self::AccountId>;
		/// Weights of this pallet's calls.
		type WeightInfo: WeightInfo;
	}

	/// Earning shares of each provider.
	#[pallet::storage]
	pub type Shares<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, Quantity, ValueQuery>;

	/// All earning shares.
	#[pallet::storage]
	pub type TotalShares<T: Config> = StorageValue<_, Quantity, ValueQuery>;

	/// Deposits that wait to be priced, by owner and ticket. Their money is in the queue account.
	#[pallet::storage]
	pub type Deposits<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		Ticket,
		PendingDeposit<BlockNumberFor<T>>,
	>;

	/// Ends of the queue of deposits.
	#[pallet::storage]
	pub type DepositQueue<T: Config> = StorageValue<_, Ends, ValueQuery>;

	/// Links of the queue of deposits.
	#[pallet::storage]
	pub type DepositLinks<T: Config> = StorageMap<_, Twox64Concat, Ticket, Link<T::AccountId>>;

	/// Withdrawals that wait to be paid, by owner and ticket.
	#[pallet::storage]
	pub type Withdrawals<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		Ticket,
		QueuedWithdrawal<BlockNumberFor<T>>,
	>;

	/// Ends of the queue of withdrawals.
	#[pallet::storage]
	pub type WithdrawalQueue<T: Config> = StorageValue<_, Ends, ValueQuery>;

	/// Links of the queue of withdrawals.
	#[pallet::storage]
	pub type WithdrawalLinks<T: Config> = StorageMap<_, Twox64Concat, Ticket, Link<T::AccountId>>;

	/// Queued withdrawals added up by value per share.
	#[pallet::storage]
	pub type QueuedCohorts<T: Config> = StorageValue<_, Cohorts, ValueQuery>;

	/// Net asset value when it was last computed from usable prices.
	#[pallet::storage]
	pub type LastNav<T: Config> = StorageValue<_, NavRecord, ValueQuery>;

	/// What the waterfall has credited to defaulters and nobody has paid yet; never positive.
	#[pallet::storage]
	pub type DeficitAccount<T: Config> = StorageValue<_, Usd, ValueQuery>;

	/// The open event window: deficits that share one set of caps.
	#[pallet::storage]
	pub type Window<T: Config> = StorageValue<_, EventWindow>;

	/// Revenue that has come into the insurance fund and is not divided yet.
	#[pallet::storage]
	pub type Undivided<T: Config> = StorageValue<_, Usd, ValueQuery>;

	/// What the insurance fund has paid to keepers, and in which block.
	#[pallet::storage]
	pub type KeeperRewards<T: Config> = StorageValue<_, (BlockNumberFor<T>, Usd), ValueQuery>;

	/// Requirements taken over from auctions in the current period.
	#[pallet::storage]
	pub type TakeOvers<T: Config> = StorageValue<_, TakenOver, ValueQuery>;

	/// What the pool gains or loses at every node of spot and volatility, by underlying, at the tick
	/// at which a trade last needed it.
	#[pallet::storage]
	pub type Grids<T: Config> = StorageMap<_, Twox64Concat, UnderlyingId, PoolGrid>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A deposit waits to be priced.
		DepositQueued { ticket: Ticket, who: T::AccountId, amount: Usd },
		/// A deposit was given back before it was priced.
		DepositCancelled { ticket: Ticket, who: T::AccountId, amount: Usd },
		/// A deposit became shares.
		DepositPriced { ticket: Ticket, who: T::AccountId, amount: Usd, shares: Quantity },
		/// Shares left the earning set and wait to be paid `value` at most, after `payable_at`.
		WithdrawalRequested {
			ticket: Ticket,
			who: T::AccountId,
			shares: Quantity,
			value: Usd,
			payable_at: Moment,
		},
		/// A queued withdrawal became `shares` earning shares again.
		WithdrawalCancelled { ticket: Ticket, who: T::AccountId, shares: Quantity },
		/// A queued withdrawal was paid; `shares_left` still wait (none: it is complete).
		WithdrawalPaid {
			ticket: Ticket,
			who: T::AccountId,
			amount: Usd,
			shares: Quantity,
			shares_left: Quantity,
		},
		/// The pool sold an option.
		Bought { who: T::AccountId, series: SeriesId, quantity: Quantity, premium: Usd },
		/// The pool bought an option.
		Sold { who: T::AccountId, series: SeriesId, quantity: Quantity, premium: Usd },
		/// Somebody gave to the insurance fund.
		InsuranceDonated { from: T::AccountId, amount: Usd },
		/// A liquidation penalty became revenue and came into the insurance fund.
		PenaltyCollected { from: T::AccountId, amount: Usd },
		/// Revenue was divided; the insurance fund keeps `insurance`, which is all of it below its target.
		RevenueDivided { insurance: Usd, pool: Usd, treasury: Usd, stakers: Usd },
		/// The insurance fund paid a keeper.
		KeeperPaid { keeper: T::AccountId, amount: Usd },
		/// The pool took over positions with this maintenance requirement from an auction.
		TookOver { requirement: Usd },
		/// The first deficit of an event window came; these caps hold until the window closes.
		WindowOpened { insurance_cap: Usd, pool_cap: Usd },
		/// No deficit came for the length of a window.
		WindowClosed { insurance_paid: Usd, pool_paid: Usd },
		/// A step of the waterfall bore part of a deficit.
		LossBorne { step: WaterfallStep, defaulter: T::AccountId, amount: Usd },
		/// A deficit was brought to zero: `deficit = insurance + pool + pledged + uncovered`.
		DeficitCovered {
			defaulter: T::AccountId,
			deficit: Usd,
			insurance: Usd,
			pool: Usd,
			pledged: Usd,
			uncovered: Usd,
		},
		/// Part of a deficit found nobody to bear it and is carried by the deficit account.
		DeficitUncovered { defaulter: T::AccountId, amount: Usd, deficit_account: Usd },
		/// The insurance fund repaid part of the deficit account.
		DeficitRepaid { amount: Usd, deficit_account: Usd },
		/// The waterfall failed and bore nothing; the deficit is carried by the deficit account.
		WaterfallFailed { defaulter: T::AccountId, error: DispatchError },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The amount is zero or negative. Name a positive amount.
		AmountNotPositive,
		/// The deposit is below the least deposit. Deposit more.
		DepositTooSmall,
		/// The withdrawal is worth less than the least deposit and is not all that you have.
		/// Withdraw more, or everything.
		WithdrawalTooSmall,
		/// You do not have that many earning shares. Shares that are queued do not count.
		InsufficientShares,
		/// Your account at the clearing house cannot spare that much cash: deposit more there, or
		/// close positions first.
		InsufficientCash,
		/// You have no such ticket in the queue: it was executed or cancelled, or is not yours.
		TicketUnknown,
		/// Nothing is queued.
		NothingQueued,
		/// Something is queued, but nothing can be executed now: deposits wait for a newer price,
		/// withdrawals for the cooldown and for capital. It is done without your help.
		NothingReady,
		/// Too many requests wait. Try again later.
		QueueFull,
		/// The deficit account exceeds the insurance fund: deposits and withdrawals wait until it
		/// is repaid.
		WithdrawalsBlocked,
		/// The pool's net asset value is not positive: shares cannot be priced. Wait for recovery.
		PoolWithoutValue,
		/// A price that is needed is stale, unconfirmed or has too few operators behind it, or a
		/// settlement price is not known yet. Wait for the next accepted tick.
		PriceStale,
		/// No such series is listed. Look at the list of series.
		SeriesUnknown,
		/// The series is past its expiry. Choose a later one.
		SeriesExpired,
		/// The pool no longer quotes this series because it expires soon. Choose a later one, or
		/// hold it to settlement.
		TooCloseToExpiry,
		/// The option is too far in or out of the money for the pool to quote. Choose another
		/// strike.
		OutsideQuotedDelta,
		/// The option is outside the range of the pricing model. Choose another series.
		OutsidePricingRange,
		/// The underlying has no risk rules in force, so it cannot be traded.
		UnderlyingWithoutRules,
		/// The quantity is zero, negative, or below the least quantity of an order that opens.
		QuantityTooSmall,
		/// The quantity of an order that opens is not a multiple of the step.
		QuantityOffStep,
		/// The premium is beyond your limit. Ask for a new quote or widen the limit.
		SlippageExceeded,
		/// The deadline of the order has passed. Submit it again.
		DeadlinePassed,
		/// The pool's capital does not carry that much more risk. Trade less, or the other way.
		PoolCapacityExceeded,
		/// The waterfall answered more than it was asked to bear. Nothing was borne.
		BoreTooMuch,
		/// The pool's underlyings have too few joint days of history for a forecast. Ask again when
		/// more days have closed.
		HistoryTooShort,
		/// The pool holds options of more series than its risk is computed for.
		TooManySeries,
		/// The guardian has halted the underlying, or everything is in safe mode: nothing can be opened on
		/// it, even where the pool would close. Trade no more than closes what you have, or wait;
		/// `riskParams.halts` and `safeMode.enteredUntil` say until which block.
		UnderlyingHalted,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Closes the event window, divides revenue, executes queued deposits and withdrawals, and keeps
		/// the record of the last net asset value: each step in its own storage layer, all of it within a
		/// fifth of a block.
		fn on_idle(_now: BlockNumberFor<T>, remaining: Weight) -> Weight {
			Self::do_idle(remaining)
		}

		fn integrity_test() {
			let own = Self::own_accounts();
			assert!(own.pool != own.insurance, "pool and insurance fund share an account");
			assert!(own.pool != own.queue, "pool and queue share an account");
			assert!(own.insurance != own.queue, "insurance fund and queue share an account");
			let receivers = [T::Treasury::get(), T::Stakers::get()];
			let known = [&own.pool, &own.insurance, &own.queue];
			assert!(
				!receivers.iter().any(|who| known.contains(&who)),
				"a share of revenue is lost"
			);
			assert!(receivers.first() != receivers.last(), "treasury and stakers share an account");
			assert!(T::MaxQueued::get() > 0, "nobody could deposit");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Puts cash of your clearing account into the pool.
		///
		/// The amount waits, without risk, until the first price newer than this request; it then
		/// becomes shares at the price of that moment. Until then you may cancel it.
		///
		/// Emits `DepositQueued`, and later `DepositPriced`.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::deposit())]
		pub fn deposit(origin: OriginFor<T>, amount: Usd) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_deposit(&who, amount)
		}

		/// Takes a deposit back that has not been priced yet, in full.
		///
		/// Emits `DepositCancelled`.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::cancel_deposit().saturating_add(T::Accounts::touch_weight()))]
		pub fn cancel_deposit(origin: OriginFor<T>, ticket: Ticket) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_cancel_deposit(&who, ticket)
		}

		/// Asks for the value of earning shares.
		///
		/// The shares stop earning now, at their value of now. After the cooldown the chain pays
		/// by itself, first come first served and in parts if need be, as soon as the pool's
		/// capital allows: that value, or what the shares are worth then if it is less. The money
		/// arrives in your clearing account.
		///
		/// Emits `WithdrawalRequested`, and later `WithdrawalPaid`.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::request_withdrawal())]
		pub fn request_withdrawal(origin: OriginFor<T>, shares: Quantity) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_request_withdrawal(&who, shares)
		}

		/// Makes a queued withdrawal earning shares again: as many as were queued, or as many as
		/// its value buys at today's price if that is less.
		///
		/// Emits `WithdrawalCancelled`.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::cancel_withdrawal())]
		pub fn cancel_withdrawal(origin: OriginFor<T>, ticket: Ticket) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_cancel_withdrawal(&who, ticket)
		}

		/// Executes what is ready: at most `max` deposits and `max` withdrawals, at most 16 each.
		///
		/// Every block does this by itself with the time it has left; anybody may help.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::process_queue((*max).min(QUEUE_STEPS)))]
		pub fn process_queue(origin: OriginFor<T>, max: u32) -> DispatchResult {
			ensure_signed(origin)?;
			let executed = Self::do_process_queue(max.min(QUEUE_STEPS))?;
			ensure!(executed > 0, Error::<T>::NothingReady);
			Ok(())
		}

		/// Buys options from the pool at its ask, from cash of your clearing account.
		///
		/// `max_premium` is the most you pay in all, `deadline` the last moment of market time
		/// (seconds) at which you still want it. Your account must be above initial margin
		/// afterwards, unless the trade makes it safer. While the underlying is halted only what closes
		/// contracts that you are short is accepted.
		///
		/// Emits `Bought`.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::buy())]
		pub fn buy(
			origin: OriginFor<T>,
			series: SeriesId,
			quantity: Quantity,
			max_premium: Usd,
			deadline: Moment,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_buy(&who, series, quantity, max_premium, deadline)
		}

		/// Sells options to the pool at its bid: options that you hold, or short.
		///
		/// `min_premium` is the least you accept in all, `deadline` the last moment of market time
		/// (seconds) at which you still want it. Your account must be above initial margin
		/// afterwards, unless the trade makes it safer. While the underlying is halted only what closes
		/// contracts that you hold is accepted.
		///
		/// Emits `Sold`.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::sell())]
		pub fn sell(
			origin: OriginFor<T>,
			series: SeriesId,
			quantity: Quantity,
			min_premium: Usd,
			deadline: Moment,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_sell(&who, series, quantity, min_premium, deadline)
		}

		/// Gives cash of your clearing account to the insurance fund, for good.
		///
		/// If the deficit account is open the gift repays it first. Emits `InsuranceDonated`.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::donate_insurance())]
		pub fn donate_insurance(origin: OriginFor<T>, amount: Usd) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_donate_insurance(&who, amount)
		}
	}
}
