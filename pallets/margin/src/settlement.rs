//! Settlement: expired positions turn into cash or units at their account's next touch, and winners are
//! not paid before losers are found.

use crate::{
	pallet::{Event, Roundings, Settlements},
	Account, Config, Cover, Error, Pallet, Settling,
};
use ballast_primitives::{
	Amount, Price, Quantity, Series, SeriesId, SeriesState, Settlement, SideChange, Style, Usd,
};
use ballast_traits::{InspectMarket, InspectSeries, MutateSeries};
use frame_support::{dispatch::DispatchResult, storage::with_storage_layer};
use sp_runtime::{ArithmeticError, DispatchError};

use alloc::vec::Vec;

/// What a settlement left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
	/// Positions looked at.
	pub positions: u32,
	/// How many of them may be exercised early: those cost more to value.
	pub american: u32,
	/// Whether a position has expired and is still there (its series has no settlement price yet, or
	/// its payoff is not collected yet), a claim is not paid yet, or a debt waits for a price.
	pub waiting: bool,
}

/// What one contract of a settled series pays, in the asset that it settles in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payoff {
	/// As shorts owe it: rounded up.
	pub owed: Price,
	/// As longs receive it: rounded down.
	pub due: Price,
}

impl Payoff {
	/// `None` while the series is not settled.
	pub fn of(series: &Series) -> Result<Option<Self>, ArithmeticError> {
		let SeriesState::Settled { price, payoff } = series.state else { return Ok(None) };
		Ok(Some(match series.settlement {
			Settlement::Cash => Self { owed: payoff, due: payoff },
			// Nothing is nothing, also at a price of nothing.
			Settlement::InKind if payoff.is_zero() => Self { owed: payoff, due: payoff },
			Settlement::InKind => Self {
				owed: Price::from_inner(series.payoff_units(price, true)?.into_inner()),
				due: Price::from_inner(series.payoff_units(price, false)?.into_inner()),
			},
		}))
	}
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

	/// Folds positions, pays claims and turns settled positions into cash or units, as far as winners may
	/// be paid. Calls no other account, so it may run in the middle of anything.
	pub(crate) fn do_settle(who: &T::AccountId) -> Result<Outcome, DispatchError> {
		let mut account = Self::load(who);
		let mut changed = false;
		let mut outcome = Outcome::default();
		let mut due = Vec::new();
		let now = T::Market::now();
		let ids: Vec<_> = account.positions().map(|(id, _)| id).collect();
		for id in ids.iter().copied() {
			outcome.positions = outcome.positions.saturating_add(1);
			let Some(series) = T::Series::series(id) else { continue };
			outcome.american =
				outcome.american.saturating_add(u32::from(series.style == Style::American));
			changed |= Self::fold_in(who, &mut account, id, &series)?;
			let quantity = account.quantity_of(id);
			match Payoff::of(&series)? {
				Some(payoff) if !quantity.is_zero() => due.push((id, series, payoff, quantity)),
				Some(_) => {}
				None => outcome.waiting |= series.expiry <= now,
			}
		}
		changed |= !due.is_empty();
		// Longs first: what they bring may pay for the shorts.
		due.sort_by_key(|(_, _, _, quantity)| quantity.is_negative());
		for (id, series, payoff, quantity) in due {
			if quantity.is_negative() {
				Self::settle_short(who, &mut account, (id, &series), payoff, quantity)?;
			} else {
				Self::settle_long(who, &mut account, (id, &series), payoff, quantity)?;
				outcome.waiting |= !account.quantity_of(id).is_zero();
			}
		}
		for id in ids {
			changed |= Self::pay_claim(who, &mut account, id)?;
			outcome.waiting |= account.position(id).claim().is_positive();
		}
		if changed {
			Self::store(who, account);
		}
		Ok(outcome)
	}

	/// A short pays its payoff, rounded up. What its cover and its cash have is collected; the rest is a
	/// loan, or a deficit, and not money that could be paid to longs.
	fn settle_short(
		who: &T::AccountId,
		account: &mut Account,
		(id, series): (SeriesId, &Series),
		payoff: Payoff,
		quantity: Quantity,
	) -> DispatchResult {
		let contracts = quantity.checked_neg()?;
		let owed = Amount::ceil(payoff.owed, contracts)?;
		let mut position = account.position(id);
		let covered = match position.cover {
			Some(Cover::Units(locked)) => {
				// A cover is a unit per contract, and a contract pays less than a unit.
				let paid = owed.in_units().min(locked);
				Self::add_units(account, series, locked.checked_sub(paid)?)?;
				Amount::from_inner(paid.into_inner())
			}
			_ => {
				let covered = Self::charge(account, &mut position, owed.in_quote())?;
				if let Some(Cover::Cash(rest)) = position.cover {
					account.change_cash(rest)?;
				}
				Amount::of_quote(covered)
			}
		};
		position.cover = None;
		position.quantity = Quantity::ZERO;
		position.index = None;
		Self::put_position(account, id, position)?;
		let mut settling = Self::settling(id);
		settling.collected = settling.collected.checked_add(covered)?;
		let paid_for = contracts.min(settling.shorts_open);
		settling.shorts_open = settling.shorts_open.checked_sub(paid_for)?;
		// What folding rounded up has paid more than the total owes.
		Self::keep_rounding(Amount::ceil(payoff.owed, contracts.checked_sub(paid_for)?)?);
		let left = SideChange { left: 1, ..Default::default() };
		T::Series::change_sides(id, SideChange::default(), left)?;
		Self::book_settling(id, payoff, settling)?;
		Self::told_of(who, (id, series), quantity, owed.checked_neg()?);
		Ok(())
	}

	/// A long receives the payoff of as many contracts as are paid for by what was collected, all of
	/// them once every short has paid; rounded down.
	fn settle_long(
		who: &T::AccountId,
		account: &mut Account,
		(id, series): (SeriesId, &Series),
		payoff: Payoff,
		quantity: Quantity,
	) -> DispatchResult {
		let mut settling = Self::settling(id);
		let paid_now = if T::Series::sides(id).short.holders == 0 || payoff.due.is_zero() {
			quantity
		} else {
			let available = settling.collected.checked_sub(settling.paid)?;
			quantity.min(available.max(Amount::ZERO).quantity_at_floor(payoff.due)?)
		};
		if paid_now.is_zero() {
			return Ok(());
		}
		let amount = Amount::floor(payoff.due, paid_now)?;
		match series.settlement {
			Settlement::Cash => account.change_cash(amount.in_quote())?,
			Settlement::InKind => Self::add_units(account, series, amount.in_units())?,
		}
		let mut position = account.position(id);
		position.quantity = quantity.checked_sub(paid_now)?;
		position.index = position.index.filter(|_| !position.quantity.is_zero());
		// What waited for its exercise is exercised by this.
		position.set_exercising(Quantity::ZERO, position.claim());
		Self::put_position(account, id, position)?;
		settling.paid = settling.paid.checked_add(amount)?;
		settling.longs_open = settling.longs_open.checked_sub(paid_now)?;
		if position.quantity.is_zero() {
			let left = SideChange { left: 1, ..Default::default() };
			T::Series::change_sides(id, left, SideChange::default())?;
		}
		Self::book_settling(id, payoff, settling)?;
		Self::told_of(who, (id, series), paid_now, amount);
		Ok(())
	}

	/// Adds units of a series' underlying; there is always room for them.
	fn add_units(account: &mut Account, series: &Series, units: Quantity) -> DispatchResult {
		let asset = T::Series::asset(series.underlying).ok_or(Error::<T>::AssetNotEligible)?;
		Self::change_collateral(account, asset, units)
	}

	fn told_of(
		who: &T::AccountId,
		(id, series): (SeriesId, &Series),
		quantity: Quantity,
		amount: Amount,
	) {
		let who = who.clone();
		Self::deposit_event(match series.settlement {
			Settlement::Cash => {
				Event::PositionSettled { who, series: id, quantity, amount: amount.in_quote() }
			}
			Settlement::InKind => {
				Event::PositionDelivered { who, series: id, quantity, units: amount.in_units() }
			}
		});
	}

	/// Progress of a series; at its first touch both sides are the whole open interest.
	pub(crate) fn settling(id: SeriesId) -> Settling {
		Settlements::<T>::get(id).unwrap_or_else(|| {
			let open = T::Series::open_interest(id);
			Settling { longs_open: open, shorts_open: open, ..Default::default() }
		})
	}

	/// Books progress. When nobody is left the series is done: the listing may forget it, and what
	/// roundings left of it is the house's.
	fn book_settling(id: SeriesId, payoff: Payoff, settling: Settling) -> DispatchResult {
		// Owed rounded up and due rounded down differ by a unit per contract in kind.
		let gap = payoff.owed.checked_sub(payoff.due)?;
		Self::keep_rounding(Amount::ceil(gap, T::Series::open_interest(id))?);
		Self::keep_rounding(Amount::from_inner(1));
		let sides = T::Series::sides(id);
		if sides.long.holders > 0 || sides.short.holders > 0 {
			Settlements::<T>::insert(id, settling);
			return Ok(());
		}
		Settlements::<T>::remove(id);
		let nobodys = T::Series::complete(id)?;
		Self::keep_rounding(Amount::of_quote(nobodys));
		Self::keep_rounding(Amount::ceil(payoff.owed, settling.longs_open)?);
		Self::keep_rounding(Amount::ceil(payoff.owed, settling.shorts_open)?);
		Self::forget_array(id);
		let Settling { collected, paid, .. } = settling;
		Self::deposit_event(Event::SeriesCompleted { series: id, collected, paid });
		Ok(())
	}

	/// Nobody holds a series any more because its last positions were folded or closed: what rounding
	/// left of folds is the house's, and a settlement that has begun is done.
	pub(crate) fn close_if_empty(id: SeriesId, series: &Series) -> DispatchResult {
		let sides = T::Series::sides(id);
		if sides.long.holders > 0 || sides.short.holders > 0 {
			return Ok(());
		}
		match Payoff::of(series)? {
			Some(payoff) => Self::book_settling(id, payoff, Self::settling(id)),
			None => {
				Self::keep_rounding(Amount::of_quote(T::Series::complete(id)?));
				Ok(())
			}
		}
	}

	/// Counts what rounding has left with the house, in units of 1e-18.
	pub(crate) fn keep_rounding(most: Amount) {
		let units = u64::try_from(most.max(Amount::ZERO).into_inner()).unwrap_or(u64::MAX);
		Roundings::<T>::mutate(|count| *count = count.saturating_add(units));
	}
}

/// What settled positions that are still there are worth in quote currency: what longs are owed, less
/// what shorts owe.
pub(crate) fn claim_of(payoff: Payoff, quantity: Quantity) -> Result<Usd, ArithmeticError> {
	let each = if quantity.is_negative() { payoff.owed } else { payoff.due };
	Amount::floor(each, quantity).map(Amount::in_quote)
}
