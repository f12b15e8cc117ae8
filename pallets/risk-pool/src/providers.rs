//! What liquidity providers do: pay in, ask to leave, change their minds.

use crate::{
	pallet::*,
	queue::Queue,
	types::{claim, shares, usd, PendingDeposit, QueuedWithdrawal, Ticket},
};
use ballast_math::shares::Valuation;
use ballast_primitives::{arithmetic, Quantity, Usd};
use ballast_traits::{
	CoverDeficit, InspectAccounts, InspectMarket, MutateAccounts, RiskParameters,
};
use frame_support::pallet_prelude::*;

/// Deposits, first come first served.
pub(crate) type DepositFifo<T> =
	Queue<DepositQueue<T>, DepositLinks<T>, <T as frame_system::Config>::AccountId>;
/// Withdrawals, first come first served.
pub(crate) type WithdrawalFifo<T> =
	Queue<WithdrawalQueue<T>, WithdrawalLinks<T>, <T as frame_system::Config>::AccountId>;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_deposit(who: &T::AccountId, amount: Usd) -> DispatchResult {
		ensure!(amount.is_positive(), Error::<T>::AmountNotPositive);
		ensure!(amount >= T::Parameters::pool().deposit_min, Error::<T>::DepositTooSmall);
		ensure!(!Self::withdrawals_blocked(), Error::<T>::WithdrawalsBlocked);
		ensure!(amount <= T::Accounts::withdrawable(who)?, Error::<T>::InsufficientCash);
		let queue = Self::queue_account();
		T::Accounts::guarded(who, || T::Accounts::transfer(who, &queue, amount))?;
		let ticket = DepositFifo::<T>::join(who.clone(), T::MaxQueued::get())
			.ok_or(Error::<T>::QueueFull)?;
		let deposit = PendingDeposit {
			amount,
			requested_at: T::Market::now(),
			requested_in: frame_system::Pallet::<T>::block_number(),
		};
		Deposits::<T>::insert(who, ticket, deposit);
		Self::deposit_event(Event::DepositQueued { ticket, who: who.clone(), amount });
		Ok(())
	}

	pub(crate) fn do_cancel_deposit(who: &T::AccountId, ticket: Ticket) -> DispatchResult {
		let deposit = Deposits::<T>::take(who, ticket).ok_or(Error::<T>::TicketUnknown)?;
		DepositFifo::<T>::leave(ticket).ok_or(Error::<T>::TicketUnknown)?;
		let amount = deposit.amount;
		T::Accounts::transfer(&Self::queue_account(), who, amount)?;
		Self::deposit_event(Event::DepositCancelled { ticket, who: who.clone(), amount });
		Ok(())
	}

	pub(crate) fn do_request_withdrawal(who: &T::AccountId, amount: Quantity) -> DispatchResult {
		ensure!(amount.is_positive(), Error::<T>::AmountNotPositive);
		let held = Shares::<T>::get(who);
		ensure!(amount <= held, Error::<T>::InsufficientShares);
		let (equity, _) = Self::appraise()?;
		let fund = Self::value_of(equity)?.fund;
		ensure!(fund.nav > 0, Error::<T>::PoolWithoutValue);
		let rules = T::Parameters::pool();
		let asked = claim(amount, Usd::ZERO)?.shares;
		let value = usd(fund.value_floor(asked).map_err(arithmetic)?)?;
		let enough = value >= rules.deposit_min || (amount == held && value.is_positive());
		ensure!(enough, Error::<T>::WithdrawalTooSmall);

		Self::burn(who, amount)?;
		let level = QueuedCohorts::<T>::try_mutate(|all| all.join(claim(amount, value)?))?;
		let ticket = WithdrawalFifo::<T>::join(who.clone(), T::MaxQueued::get())
			.ok_or(Error::<T>::QueueFull)?;
		let payable_at = T::Market::now().saturating_add(rules.cooldown);
		let requested_in = frame_system::Pallet::<T>::block_number();
		let withdrawal =
			QueuedWithdrawal { shares: amount, value, level, payable_at, requested_in };
		Withdrawals::<T>::insert(who, ticket, withdrawal);
		let who = who.clone();
		let event = Event::WithdrawalRequested { ticket, who, shares: amount, value, payable_at };
		Self::deposit_event(event);
		Ok(())
	}

	pub(crate) fn do_cancel_withdrawal(who: &T::AccountId, ticket: Ticket) -> DispatchResult {
		let withdrawal = Withdrawals::<T>::take(who, ticket).ok_or(Error::<T>::TicketUnknown)?;
		WithdrawalFifo::<T>::leave(ticket).ok_or(Error::<T>::TicketUnknown)?;
		let (equity, _) = Self::appraise()?;
		let fund = Self::value_of(equity)?.fund;
		let back = fund.shares_back(withdrawal.claim()?).map_err(arithmetic)?;
		let back = shares(back)?;
		QueuedCohorts::<T>::try_mutate(|all| all.leave(withdrawal.level, withdrawal.claim()?))?;
		Self::mint(who, back)?;
		let who = who.clone();
		Self::deposit_event(Event::WithdrawalCancelled { ticket, who, shares: back });
		Ok(())
	}

	/// Whether shares can be priced for a deposit: net asset value is positive, or nobody owns
	/// shares and the pool owes nothing.
	pub(crate) fn takes_deposits(valuation: &Valuation) -> bool {
		let fund = &valuation.fund;
		fund.nav > 0 || (fund.nav == 0 && fund.shares == 0)
	}

	/// New earning shares.
	pub(crate) fn mint(who: &T::AccountId, amount: Quantity) -> DispatchResult {
		let total = TotalShares::<T>::get().checked_add(amount)?;
		Shares::<T>::try_mutate_exists(who, |held| -> DispatchResult {
			let sum = held.unwrap_or_default().checked_add(amount)?;
			*held = (!sum.is_zero()).then_some(sum);
			Ok(())
		})?;
		TotalShares::<T>::put(total);
		Ok(())
	}

	/// Earning shares that earn no more.
	pub(crate) fn burn(who: &T::AccountId, amount: Quantity) -> DispatchResult {
		Self::mint(who, amount.checked_neg()?)
	}
}
