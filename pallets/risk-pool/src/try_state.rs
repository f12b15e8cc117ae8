//! The invariants of the README, checked after every test and on demand.

use crate::{
	pallet::*,
	providers::{DepositFifo, WithdrawalFifo},
	types::{Cohort, Ticket},
};
use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};
use ballast_math::{shares::mul_div_floor, E18};
use ballast_primitives::{Quantity, Usd};
use ballast_traits::InspectAccounts;
use frame_support::ensure;
use sp_runtime::{DispatchError, TryRuntimeError};

impl<T: Config> Pallet<T> {
	/// Checks every invariant of the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_shares()?;
		Self::try_state_queues()?;
		Self::try_state_cohorts()?;
		Self::try_state_pending_money()?;
		Self::try_state_deficit_account()?;
		Self::try_state_window()?;
		Self::try_state_price()?;
		Self::try_state_revenue()?;
		Self::try_state_grids()
	}

	/// I1: the earning shares of all providers add up to the total; none is zero or negative.
	fn try_state_shares() -> Result<(), TryRuntimeError> {
		let mut sum = Quantity::ZERO;
		for (_, held) in Shares::<T>::iter() {
			ensure!(held.is_positive(), "I1: a provider's shares are not positive");
			sum = sum.checked_add(held).map_err(DispatchError::from)?;
		}
		ensure!(sum == TotalShares::<T>::get(), "I1: shares do not add up to their total");
		Ok(())
	}

	/// I2: both queues are linked from end to end, and hold exactly the stored requests.
	fn try_state_queues() -> Result<(), TryRuntimeError> {
		let known: BTreeSet<(Ticket, Vec<u8>)> =
			Deposits::<T>::iter_keys().map(|(who, ticket)| Self::named(ticket, &who)).collect();
		let queued = DepositFifo::<T>::walk().map_err(TryRuntimeError::Other)?;
		ensure!(queued.len() == known.len(), "I2: deposits and their queue differ in number");
		let named = queued.iter().map(|(ticket, who)| Self::named(*ticket, who)).collect();
		ensure!(known == named, "I2: deposits and their queue differ");

		let known: BTreeSet<(Ticket, Vec<u8>)> =
			Withdrawals::<T>::iter_keys().map(|(who, ticket)| Self::named(ticket, &who)).collect();
		let queued = WithdrawalFifo::<T>::walk().map_err(TryRuntimeError::Other)?;
		ensure!(queued.len() == known.len(), "I2: withdrawals and their queue differ in number");
		let named = queued.iter().map(|(ticket, who)| Self::named(*ticket, who)).collect();
		ensure!(known == named, "I2: withdrawals and their queue differ");
		Ok(())
	}

	fn named(ticket: Ticket, who: &T::AccountId) -> (Ticket, Vec<u8>) {
		use parity_scale_codec::Encode;
		(ticket, who.encode())
	}

	/// I3: queued withdrawals add up, level by level, to the cohorts they are counted in.
	fn try_state_cohorts() -> Result<(), TryRuntimeError> {
		let mut sums: BTreeMap<u16, Cohort> = BTreeMap::new();
		for (_, _, queued) in Withdrawals::<T>::iter() {
			ensure!(queued.shares.is_positive(), "I3: a withdrawal has no shares");
			ensure!(queued.value.is_positive(), "I3: a withdrawal has no value");
			let sum = sums.entry(queued.level).or_default();
			sum.shares = sum.shares.checked_add(queued.shares).map_err(DispatchError::from)?;
			sum.value = sum.value.checked_add(queued.value).map_err(DispatchError::from)?;
		}
		let stored: BTreeMap<u16, Cohort> = QueuedCohorts::<T>::get().levels().collect();
		ensure!(stored == sums, "I3: withdrawals do not add up to their cohorts");
		Ok(())
	}

	/// I4: deposits that wait are covered by the cash of the queue account. (It may hold more: what
	/// somebody sends there unasked belongs to nobody.)
	fn try_state_pending_money() -> Result<(), TryRuntimeError> {
		let mut sum = Usd::ZERO;
		for (_, _, deposit) in Deposits::<T>::iter() {
			ensure!(deposit.amount.is_positive(), "I4: a deposit is not positive");
			sum = sum.checked_add(deposit.amount).map_err(DispatchError::from)?;
		}
		let cash = T::Accounts::cash(&Self::queue_account());
		ensure!(sum <= cash, "I4: deposits that wait are not covered");
		Ok(())
	}

	/// I5: the deficit account is never positive.
	fn try_state_deficit_account() -> Result<(), TryRuntimeError> {
		ensure!(!DeficitAccount::<T>::get().is_positive(), "I5: the deficit account is positive");
		Ok(())
	}

	/// I6: neither step has borne more in the open window than its cap.
	fn try_state_window() -> Result<(), TryRuntimeError> {
		let Some(window) = Window::<T>::get() else { return Ok(()) };
		ensure!(window.insurance_paid <= window.insurance_cap, "I6: insurance fund above its cap");
		ensure!(window.pool_paid <= window.pool_cap, "I6: pool above its cap");
		ensure!(
			!window.insurance_paid.is_negative(),
			"I6: insurance fund has borne less than zero"
		);
		ensure!(!window.pool_paid.is_negative(), "I6: pool has borne less than zero");
		ensure!(window.opened_at <= window.last_deficit_at, "I6: window ends before it opens");
		Ok(())
	}

	/// I7: net asset value and claims are the equity, and `(shares + v) x price = nav + v` to the
	/// rounding of the price.
	fn try_state_price() -> Result<(), TryRuntimeError> {
		let health = T::Accounts::health(&Self::pool())?;
		let value = Self::value_of(health.equity)?;
		let claims = i128::try_from(value.claims).map_err(|_| "I7: claims out of range")?;
		let sum = value.fund.nav.checked_add(claims).ok_or("I7: equity out of range")?;
		ensure!(sum == value.equity, "I7: net asset value and claims are not the equity");
		let offset = i128::try_from(value.fund.offset).map_err(|_| "I7: offset out of range")?;
		let backing = value.fund.nav.checked_add(offset).ok_or("I7: backing out of range")?;
		let Ok(backing) = u128::try_from(backing) else { return Ok(()) };
		let all = value.fund.shares.checked_add(value.fund.offset).ok_or("I7: too many shares")?;
		let price = value.fund.price_floor().map_err(|_| "I7: no price")?;
		let whole = mul_div_floor(all, price, E18.unsigned_abs()).map_err(|_| "I7: overflow")?;
		// The price is rounded by less than one unit, times so many shares.
		let slack = mul_div_floor(all, 1, E18.unsigned_abs()).map_err(|_| "I7: overflow")?;
		let gap =
			backing.checked_sub(whole).ok_or("I7: shares are worth more than their backing")?;
		ensure!(gap <= slack.saturating_add(2), "I7: shares are worth less than their backing");
		Ok(())
	}

	/// I9: what waits to be divided is not negative.
	fn try_state_revenue() -> Result<(), TryRuntimeError> {
		ensure!(!Undivided::<T>::get().is_negative(), "I9: undivided revenue is negative");
		Ok(())
	}

	/// I8: a grid knows positions on its underlying, none of them empty, in order; and if its tick is still
	/// the accepted one it is the grid of these positions from scratch, within half a unit for each
	/// column that was added to either.
	fn try_state_grids() -> Result<(), TryRuntimeError> {
		for (underlying, stored) in Grids::<T>::iter() {
			let ids = stored.book.iter().map(|(id, _)| id);
			ensure!(
				ids.clone().zip(ids.skip(1)).all(|(a, b)| a < b),
				"I8: a grid's book is not in order"
			);
			ensure!(!stored.book.is_empty(), "I8: a grid without positions");
			ensure!(stored.book.iter().all(|(_, held)| !held.is_zero()), "I8: an empty position");
			let Some(scratch) = Self::from_scratch(underlying, &stored)? else { continue };
			let bound = u128::from(stored.additions).saturating_add(scratch.additions.into());
			let pairs = stored.nodes.iter().flatten().zip(scratch.nodes.iter().flatten());
			for (kept, made) in pairs {
				let gap = kept.abs_diff(*made).saturating_mul(2);
				ensure!(gap <= bound, "I8: a grid differs from its book's");
			}
		}
		Ok(())
	}
}
