//! The two sides of a series: how many contracts are open, how many accounts hold them, and what was
//! taken from all of them at once. The kernel is `ballast_math::fold`.
//!
//! Nothing of this is a call of its own: the clearing ledger reports what happened to positions and
//! pays for it. No event tells of it but [`Event::SideFolded`], which concerns accounts that the ledger's
//! own event does not name.

use crate::pallet::*;
use ballast_math::{fold::Ended, MathError};
use ballast_primitives::{
	units::arithmetic, Price, Quantity, Series, SeriesId, SeriesState, Side, SideChange, SideState,
	Sides, Usd,
};
use ballast_traits::{InspectMarket, RiskParameters};
use frame_support::{dispatch::DispatchResult, ensure, pallet_prelude::DispatchError};
use sp_runtime::ArithmeticError;

/// The magnitude of a quantity that is not negative.
fn magnitude(quantity: Quantity) -> Result<u128, ArithmeticError> {
	u128::try_from(quantity.into_inner()).map_err(|_| ArithmeticError::Underflow)
}

impl<T: Config> Pallet<T> {
	/// Books what happened to the positions of both sides of a series.
	///
	/// Reads: the series and its sides; if contracts moved, market time; if the total changed, the
	/// underlying's; if it rose, the underlying and its risk parameters. Writes: the sides; the
	/// underlying's total.
	pub(crate) fn do_change_sides(
		id: SeriesId,
		long: SideChange,
		short: SideChange,
	) -> DispatchResult {
		let series = SeriesOf::<T>::get(id).ok_or(Error::<T>::SeriesUnknown)?;
		if long.is_nothing() && short.is_nothing() {
			return Ok(());
		}
		let quantities = [long.opened, long.closed, short.opened, short.closed];
		if quantities.iter().any(|quantity| !quantity.is_zero()) {
			Self::ensure_live(&series)?;
		}
		let before = SidesOf::<T>::get(id).unwrap_or_default();
		let sides = Sides {
			long: Self::changed(&before.long, Side::Long, &long)?,
			short: Self::changed(&before.short, Side::Short, &short)?,
		};
		ensure!(sides.long.total == sides.short.total, Error::<T>::SidesDiffer);
		let change = sides.long.total.checked_sub(before.long.total)?;
		if change.is_positive() {
			Self::ensure_may_rise(&series, change)?;
		}
		Self::change_total_of(&series, change)?;
		SidesOf::<T>::insert(id, sides);
		Ok(())
	}

	/// A side after a change. What is opened counts before what is closed: shorts together may hold some
	/// units more than the total, and whoever closes such a unit buys it from a new short.
	fn changed(
		state: &SideState,
		side: Side,
		change: &SideChange,
	) -> Result<SideState, DispatchError> {
		let opened = magnitude(change.opened)?;
		let closed = magnitude(change.closed)?;
		let kernel = state.kernel(side)?.traded(opened, closed).map_err(Self::unless_too_many)?;
		let mut after = state.after(&kernel)?;
		after.holders = state
			.holders
			.checked_add(change.joined)
			.ok_or(ArithmeticError::Overflow)?
			.checked_sub(change.left)
			.ok_or(Error::<T>::OpenInterestNegative)?;
		after.due = Self::due_after(state, side, change.brought)?;
		Ok(after)
	}

	/// What is due after touches have brought money. Longs together never bring more than there is;
	/// shorts, who are rounded up, may.
	fn due_after(state: &SideState, side: Side, brought: Usd) -> Result<Usd, DispatchError> {
		ensure!(!brought.is_negative(), ArithmeticError::Underflow);
		if brought.is_zero() {
			return Ok(state.due);
		}
		let due = state.due.checked_sub(brought)?;
		let covered = side == Side::Short || !due.is_negative();
		ensure!(state.index.is_some() && covered, Error::<T>::DueExceeded);
		Ok(due)
	}

	/// Takes contracts from all positions of a side pro rata and from the total of the other one.
	///
	/// Reads: the series, market time, its sides, the underlying's total. Writes: the sides, the
	/// underlying's total, the end of an epoch; an event.
	pub(crate) fn do_fold(
		id: SeriesId,
		side: Side,
		taken: Quantity,
		amount: Price,
	) -> Result<Usd, DispatchError> {
		let series = SeriesOf::<T>::get(id).ok_or(Error::<T>::SeriesUnknown)?;
		Self::ensure_live(&series)?;
		let contracts = magnitude(taken)?;
		if contracts == 0 {
			return Ok(Usd::ZERO);
		}
		let mut sides = SidesOf::<T>::get(id).unwrap_or_default();
		let event = sides
			.side(side)
			.kernel(side)?
			.event(contracts, amount.into_inner())
			.map_err(Self::unless_too_many)?;
		let other = side.other();
		let against =
			sides.side(other).kernel(other)?.traded(0, contracts).map_err(Self::unless_too_many)?;
		Self::note_end(id, side, sides.side(side), event.ended);
		let states = (sides.side(side).after(&event.side)?, sides.side(other).after(&against)?);
		(*sides.side_mut(side), *sides.side_mut(other)) = states;
		ensure!(sides.long.total == sides.short.total, Error::<T>::SidesDiffer);
		Self::change_total_of(&series, taken.checked_neg()?)?;
		SidesOf::<T>::insert(id, sides);
		let left = sides.long.total;
		Self::deposit_event(Event::SideFolded { series: id, side, taken, amount, left });
		let money = i128::try_from(event.money).map_err(|_| ArithmeticError::Overflow)?;
		Ok(Usd::from_inner(money))
	}

	/// Keeps how an epoch ended, for the positions that have not seen it.
	fn note_end(id: SeriesId, side: Side, before: &SideState, ended: Option<Ended>) {
		if let Some(ended) = ended {
			let epoch = before.index.map_or(0, |index| index.epoch);
			EndedEpochs::<T>::insert(
				id,
				(side, epoch),
				ballast_primitives::EndedEpoch::from(ended),
			);
		}
	}

	/// Closes the books of a series that no account holds any more: nothing is open and nothing is due.
	/// Returns what rounding left to the house.
	///
	/// Contracts may only be open if the series is settled. A live one in which everybody has closed may
	/// give up its remainder, too, and be traded again.
	///
	/// Reads: the series, its sides; if contracts were open, market time, the settlement price, the
	/// underlying's total. Writes: the sides, the underlying's total.
	pub(crate) fn do_complete(id: SeriesId) -> Result<Usd, DispatchError> {
		let series = SeriesOf::<T>::get(id).ok_or(Error::<T>::SeriesUnknown)?;
		let Some(mut sides) = SidesOf::<T>::get(id) else {
			return Ok(Usd::ZERO);
		};
		let holders = [sides.long.holders, sides.short.holders];
		ensure!(holders == [0, 0], Error::<T>::SeriesInUse);
		let open = sides.long.total;
		if !open.is_zero() {
			let state = Self::with_state(series).state;
			let settled = matches!(state, SeriesState::Settled { .. });
			ensure!(settled, Error::<T>::SeriesNotSettled);
			Self::change_total_of(&series, open.checked_neg()?)?;
		}
		let left = sides.long.due.checked_sub(sides.short.due)?;
		for side in [Side::Long, Side::Short] {
			let state = sides.side_mut(side);
			(state.total, state.due) = (Quantity::ZERO, Usd::ZERO);
		}
		SidesOf::<T>::insert(id, sides);
		Ok(left)
	}

	/// The open interest of an underlying changes by that of a series, unless the series is settled in
	/// storage and does not count any more.
	fn change_total_of(series: &Series, change: Quantity) -> DispatchResult {
		if change.is_zero() || !matches!(series.state, SeriesState::Live) {
			return Ok(());
		}
		let total = OpenInterestOf::<T>::get(series.underlying).checked_add(change)?;
		OpenInterestOf::<T>::insert(series.underlying, total);
		Ok(())
	}

	fn ensure_live(series: &Series) -> DispatchResult {
		let live = matches!(series.state, SeriesState::Live) && T::Market::now() < series.expiry;
		ensure!(live, Error::<T>::SeriesExpired);
		Ok(())
	}

	/// A rise of a live series needs an active underlying that is not halted, and room under its cap.
	fn ensure_may_rise(series: &Series, change: Quantity) -> DispatchResult {
		let active = Underlyings::<T>::get(series.underlying).is_some_and(|listing| listing.active);
		ensure!(active, Error::<T>::UnderlyingInactive);
		ensure!(!T::Parameters::is_halted(series.underlying), Error::<T>::UnderlyingHalted);
		let risk = T::Parameters::underlying(series.underlying).ok_or(Error::<T>::RiskUnset)?;
		let total = OpenInterestOf::<T>::get(series.underlying).checked_add(change)?;
		ensure!(total <= risk.open_interest_cap, Error::<T>::OpenInterestCapExceeded);
		Ok(())
	}

	/// An error of the kernel, where out of its domain means that more is taken than there is.
	fn unless_too_many(error: MathError) -> DispatchError {
		match error {
			MathError::OutOfDomain => Error::<T>::OpenInterestNegative.into(),
			other => arithmetic(other).into(),
		}
	}
}
