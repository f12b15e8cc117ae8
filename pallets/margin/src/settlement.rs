//! Settlement: expired positions turn into cash at their account's next touch, and winners are not
//! paid before losers are found.

use crate::{
	pallet::{Event, Roundings, Settlements},
	Account, Config, Error, Full, Pallet, Settling,
};
use ballast_primitives::{Price, Quantity, SeriesId, SeriesState, Style, Usd};
use ballast_traits::{InspectMarket, InspectSeries, MutateSeries};
use frame_support::{dispatch::DispatchResult, ensure, storage::with_storage_layer};
use sp_runtime::DispatchError;

use alloc::vec::Vec;

/// What a settlement left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
	/// Positions looked at.
	pub positions: u32,
	/// How many of them may be exercised early: those cost more to value.
	pub american: u32,
	/// Whether a position has expired and is still there (its series has no settlement price yet, or
	/// its payoff is not collected yet), or a debt waits for a price.
	pub waiting: bool,
}

impl<T: Config> Pallet<T> {
	/// Settles, and books the deficit of an account that has nothing left but a debt.
	///
	/// If the waterfall fails its part is undone and the account keeps its debt until the next touch:
	/// what is wrong there must not keep winners from their money or anyone from depositing.
	pub(crate) fn do_touch(who: &T::AccountId) -> Result<Outcome, DispatchError> {
		let mut outcome = Self::do_settle(who)?;
		let resolved = with_storage_layer(|| Self::resolve_bankruptcy(who));
		outcome.waiting |= resolved.unwrap_or_else(|error| {
			log::error!(target: crate::LOG_TARGET, "deficit of {who:?} not covered: {error:?}");
			true
		});
		Ok(outcome)
	}

	/// Turns settled positions into cash, as far as winners may be paid. Calls no other account, so
	/// it may run in the middle of anything.
	pub(crate) fn do_settle(who: &T::AccountId) -> Result<Outcome, DispatchError> {
		let mut account = Self::load(who);
		let now = T::Market::now();
		let mut outcome = Outcome { positions: 0, american: 0, waiting: false };
		let mut due = Vec::new();
		for (id, quantity) in account.positions() {
			outcome.positions = outcome.positions.saturating_add(1);
			let Some(series) = T::Series::series(id) else { continue };
			if series.style == Style::American {
				outcome.american = outcome.american.saturating_add(1);
			}
			match series.state {
				SeriesState::Settled { payoff, .. } => due.push((id, payoff, quantity)),
				_ => outcome.waiting |= series.expiry <= now,
			}
		}
		if due.is_empty() {
			return Ok(outcome);
		}
		// Longs first: what they bring may pay for the shorts.
		due.sort_by_key(|(_, _, quantity)| quantity.is_negative());
		for (id, payoff, quantity) in due {
			let left = if quantity.is_negative() {
				Self::settle_short(who, &mut account, id, payoff, quantity)?;
				Quantity::ZERO
			} else {
				Self::settle_long(who, &mut account, id, payoff, quantity)?
			};
			outcome.waiting |= !left.is_zero();
		}
		Self::store(who, account);
		Ok(outcome)
	}

	/// A short pays its payoff, rounded up. What its cash covers is collected; the rest is a loan, or
	/// a deficit, and not money that could be paid to longs.
	fn settle_short(
		who: &T::AccountId,
		account: &mut Account,
		id: SeriesId,
		payoff: Price,
		quantity: Quantity,
	) -> DispatchResult {
		let owed = payoff.value_ceil(quantity.checked_neg()?)?;
		let covered = owed.min(account.cash().max(Usd::ZERO));
		account.change_cash(owed.checked_neg()?)?;
		Self::set_settled(account, id, Quantity::ZERO)?;
		let mut settling = Self::settling(id);
		settling.collected = settling.collected.checked_add(covered)?;
		settling.shorts_open = settling.shorts_open.checked_add(quantity)?;
		Self::book_settling(id, settling)?;
		let amount = owed.checked_neg()?;
		let who = who.clone();
		Self::deposit_event(Event::PositionSettled { who, series: id, quantity, amount });
		Ok(())
	}

	/// A long receives the payoff of as many contracts as are paid for by what was collected, all of
	/// them once every short has paid; rounded down. Returns the contracts that are left.
	fn settle_long(
		who: &T::AccountId,
		account: &mut Account,
		id: SeriesId,
		payoff: Price,
		quantity: Quantity,
	) -> Result<Quantity, DispatchError> {
		let mut settling = Self::settling(id);
		let paid_now = if settling.shorts_open.is_zero() || payoff.is_zero() {
			quantity
		} else {
			let available = settling.collected.checked_sub(settling.paid)?;
			quantity.min(available.max(Usd::ZERO).quantity_at_floor(payoff)?)
		};
		let left = quantity.checked_sub(paid_now)?;
		if paid_now.is_zero() {
			return Ok(left);
		}
		let amount = payoff.value_floor(paid_now)?;
		account.change_cash(amount)?;
		Self::set_settled(account, id, left)?;
		settling.paid = settling.paid.checked_add(amount)?;
		settling.longs_open = settling.longs_open.checked_sub(paid_now)?;
		Self::book_settling(id, settling)?;
		let who = who.clone();
		Self::deposit_event(Event::PositionSettled { who, series: id, quantity: paid_now, amount });
		Ok(left)
	}

	fn set_settled(account: &mut Account, id: SeriesId, left: Quantity) -> DispatchResult {
		account.set_quantity(id, left).map_err(|Full| Error::<T>::TooManyPositions.into())
	}

	/// Progress of a series; at its first touch both sides are the whole open interest.
	fn settling(id: SeriesId) -> Settling {
		Settlements::<T>::get(id).unwrap_or_else(|| {
			let open = T::Series::open_interest(id);
			Settling { longs_open: open, shorts_open: open, ..Default::default() }
		})
	}

	/// Books progress. When nobody is left the series is done: the listing may forget it.
	fn book_settling(id: SeriesId, settling: Settling) -> DispatchResult {
		Roundings::<T>::mutate(|count| *count = count.saturating_add(1));
		ensure!(
			!settling.longs_open.is_negative() && !settling.shorts_open.is_negative(),
			Error::<T>::OpenInterestMismatch
		);
		if !settling.longs_open.is_zero() || !settling.shorts_open.is_zero() {
			Settlements::<T>::insert(id, settling);
			return Ok(());
		}
		Settlements::<T>::remove(id);
		let open = T::Series::open_interest(id);
		T::Series::change_open_interest(id, open.checked_neg()?)?;
		Self::forget_array(id);
		let (collected, paid) = (settling.collected, settling.paid);
		Self::deposit_event(Event::SeriesCompleted { series: id, collected, paid });
		Ok(())
	}
}
