//! Pricing points: deposits become shares and withdrawals are paid, first come first served.

use crate::{
	pallet::*,
	providers::{DepositFifo, WithdrawalFifo},
	types::{magnitude, shares, usd, PendingDeposit, QueuedWithdrawal, Ticket, Ticks},
	LOG_TARGET,
};
use ballast_math::shares::{Claim, Valuation};
use ballast_primitives::{arithmetic, Usd};
use ballast_traits::{CoverDeficit, InspectMarket, MutateAccounts, RiskParameters};
use frame_support::{pallet_prelude::*, storage::with_storage_layer};
use frame_system::pallet_prelude::BlockNumberFor;

type PendingOf<T> = PendingDeposit<BlockNumberFor<T>>;
type QueuedOf<T> = QueuedWithdrawal<BlockNumberFor<T>>;

/// What a step did to the pool's equity.
enum Step {
	/// Executed; equity afterwards.
	Done(Usd),
	/// Cannot be executed now, and nothing behind it may be.
	Wait,
}

impl<T: Config> Pallet<T> {
	/// Executes at most `limit` deposits and `limit` withdrawals that are ready; returns how many.
	pub(crate) fn do_process_queue(limit: u32) -> Result<u32, DispatchError> {
		let waiting = DepositFifo::<T>::length().saturating_add(WithdrawalFifo::<T>::length());
		ensure!(waiting > 0, Error::<T>::NothingQueued);
		ensure!(!Self::withdrawals_blocked(), Error::<T>::WithdrawalsBlocked);
		T::Accounts::touch(&Self::pool())?;
		let (equity, ticks) = Self::appraise()?;
		let (equity, priced) = Self::price_deposits(equity, ticks, limit)?;
		let paid = Self::pay_withdrawals(equity, ticks, limit)?;
		Ok(priced.saturating_add(paid))
	}

	/// Returns equity afterwards and how many were priced.
	fn price_deposits(
		mut equity: Usd,
		ticks: Ticks,
		limit: u32,
	) -> Result<(Usd, u32), DispatchError> {
		let mut done = 0u32;
		while done < limit {
			let Some((ticket, who)) = DepositFifo::<T>::first() else { break };
			let deposit = Deposits::<T>::get(&who, ticket).ok_or(Error::<T>::TicketUnknown)?;
			let later = Self::is_later_than(deposit.requested_in);
			if !ticks.newer_than(deposit.requested_at, T::Market::now(), later) {
				break;
			}
			let valuation = Self::value_of(equity)?;
			if !Self::takes_deposits(&valuation) {
				break;
			}
			let price = || Self::price_deposit(ticket, &who, &deposit, &valuation);
			match with_storage_layer(price) {
				Ok(after) => equity = after,
				// Deposits may wait, but they must not hold up withdrawals.
				Err(error) => {
					log::error!(target: LOG_TARGET, "deposit {ticket} not priced: {error:?}");
					break;
				}
			}
			done = done.saturating_add(1);
		}
		Ok((equity, done))
	}

	/// Turns one deposit into shares; gives it back if it is too small for the smallest part of a
	/// share. Returns the pool's equity afterwards.
	fn price_deposit(
		ticket: Ticket,
		who: &T::AccountId,
		deposit: &PendingOf<T>,
		valuation: &Valuation,
	) -> Result<Usd, DispatchError> {
		let amount = deposit.amount;
		let minted = valuation.fund.shares_floor(magnitude(amount.into_inner())?);
		let minted = shares(minted.map_err(arithmetic)?)?;
		if minted.is_zero() {
			Self::do_cancel_deposit(who, ticket)?;
			return Ok(Usd::from_inner(valuation.equity));
		}
		Deposits::<T>::remove(who, ticket);
		DepositFifo::<T>::leave(ticket).ok_or(Error::<T>::TicketUnknown)?;
		T::Accounts::transfer(&Self::queue_account(), &Self::pool(), amount)?;
		Self::mint(who, minted)?;
		let who = who.clone();
		Self::deposit_event(Event::DepositPriced { ticket, who, amount, shares: minted });
		Ok(Usd::from_inner(valuation.equity).checked_add(amount)?)
	}

	/// Returns how many were paid, in full or in part.
	fn pay_withdrawals(mut equity: Usd, ticks: Ticks, limit: u32) -> Result<u32, DispatchError> {
		let (mut done, mut tried) = (0u32, 0u32);
		let mut next = WithdrawalFifo::<T>::first();
		let mut free: Option<Usd> = None;
		while let Some((ticket, who)) = next.filter(|_| tried < limit) {
			tried = tried.saturating_add(1);
			next = WithdrawalFifo::<T>::after(ticket);
			let queued = Withdrawals::<T>::get(&who, ticket).ok_or(Error::<T>::TicketUnknown)?;
			let later = Self::is_later_than(queued.requested_in);
			if !ticks.newer_than(queued.payable_at, T::Market::now(), later) {
				break;
			}
			let left = match free {
				Some(left) => left,
				None => Self::payable(equity)?,
			};
			let pay = || Self::pay_withdrawal(ticket, &who, queued, equity, left);
			match with_storage_layer(pay) {
				Ok(Step::Done(after)) => {
					free = Some(left.checked_sub(equity.checked_sub(after)?)?);
					equity = after;
					done = done.saturating_add(1);
				}
				Ok(Step::Wait) => break,
				// A recipient that cannot be paid must not hold up those behind it.
				Err(error) => {
					log::error!(target: LOG_TARGET, "withdrawal {ticket} not paid: {error:?}");
					WithdrawalFifo::<T>::step_back(ticket);
				}
			}
		}
		Ok(done)
	}

	/// Pays what is due on one withdrawal, at most `free`; in part only if that part is not below
	/// the least deposit (or drops would trickle every block).
	fn pay_withdrawal(
		ticket: Ticket,
		who: &T::AccountId,
		queued: QueuedOf<T>,
		equity: Usd,
		free: Usd,
	) -> Result<Step, DispatchError> {
		// A pool that owes more than it has waits for recovery; nothing would be left of a claim.
		if !equity.is_positive() {
			return Ok(Step::Wait);
		}
		let whole = queued.claim()?;
		let due = Self::value_of(equity)?.due(whole).map_err(arithmetic)?;
		let amount = usd(due)?.min(free);
		if amount < usd(due)? && amount < T::Parameters::pool().deposit_min {
			return Ok(Step::Wait);
		}
		let paid = magnitude(amount.into_inner())?;
		let rest = Self::rest_of(whole, paid, due)?;
		let gone = whole.checked_sub(rest).map_err(arithmetic)?;
		QueuedCohorts::<T>::try_mutate(|all| all.leave(queued.level, gone))?;
		if rest == Claim::default() {
			Withdrawals::<T>::remove(who, ticket);
			WithdrawalFifo::<T>::leave(ticket).ok_or(Error::<T>::TicketUnknown)?;
		} else {
			let (shares, value) = (shares(rest.shares)?, usd(rest.value)?);
			Withdrawals::<T>::insert(who, ticket, QueuedWithdrawal { shares, value, ..queued });
		}
		if amount.is_positive() {
			T::Accounts::transfer(&Self::pool(), who, amount)?;
		}
		Self::deposit_event(Event::WithdrawalPaid {
			ticket,
			who: who.clone(),
			amount,
			shares: shares(gone.shares)?,
			shares_left: shares(rest.shares)?,
		});
		Ok(Step::Done(equity.checked_sub(amount)?))
	}

	/// What is left of a claim after a payment; nothing if no share or no value would be.
	fn rest_of(whole: Claim, paid: u128, due: u128) -> Result<Claim, DispatchError> {
		if paid == due {
			return Ok(Claim::default());
		}
		let rest = whole.rest_after(paid, due).map_err(arithmetic)?;
		let some = rest.shares > 0 && rest.value > 0;
		Ok(if some { rest } else { Claim::default() })
	}
}
