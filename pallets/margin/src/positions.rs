//! Changing positions: every change ends at the fold index of the side it ends on, keeps its cover, and is
//! told to the listing.

use crate::{Account, Config, Cover, Error, Full, Pallet, Position};
use ballast_primitives::{Quantity, Series, SeriesId, Settlement, Side, SideChange, Sides, Usd};
use ballast_traits::{InspectSeries, MutateSeries, RiskParameters};
use frame_support::{dispatch::DispatchResult, ensure, traits::Contains};
use sp_runtime::{ArithmeticError, DispatchError};

/// What a position's change is to each side.
pub(crate) fn side_changes(
	before: Quantity,
	after: Quantity,
) -> Result<(SideChange, SideChange), ArithmeticError> {
	let one = |side: Side| -> Result<SideChange, ArithmeticError> {
		let part = |quantity: Quantity| {
			if Side::of(quantity) == side {
				quantity.checked_abs()
			} else {
				Ok(Quantity::ZERO)
			}
		};
		let (before, after) = (part(before)?, part(after)?);
		let grown = after.checked_sub(before)?;
		Ok(SideChange {
			opened: grown.max(Quantity::ZERO),
			closed: grown.checked_neg()?.max(Quantity::ZERO),
			joined: u32::from(before.is_zero() && !after.is_zero()),
			left: u32::from(!before.is_zero() && after.is_zero()),
			brought: Usd::ZERO,
		})
	};
	Ok((one(Side::Long)?, one(Side::Short)?))
}

/// What moves from one position to another neither opens nor closes anything: an expired series, whose
/// totals stay, can still change hands.
fn net(change: SideChange) -> Result<SideChange, ArithmeticError> {
	let moved = change.opened.min(change.closed);
	Ok(SideChange {
		opened: change.opened.checked_sub(moved)?,
		closed: change.closed.checked_sub(moved)?,
		..change
	})
}

/// Where a position of this quantity stands that is up to date.
pub(crate) fn index_on(sides: &Sides, quantity: Quantity) -> Option<ballast_primitives::FoldIndex> {
	sides.side(Side::of(quantity)).index.filter(|_| !quantity.is_zero())
}

impl<T: Config> Pallet<T> {
	/// Stores a position in the account.
	pub(crate) fn put_position(
		account: &mut Account,
		id: SeriesId,
		position: Position,
	) -> DispatchResult {
		account.set_position(id, position).map_err(|Full| Error::<T>::TooManyPositions.into())
	}

	/// Moves contracts (negative: shorts) of a series that is not settled, checks the caps of whoever
	/// grows by it, moves covers, and tells the listing. Both positions must be up to date.
	pub(crate) fn move_contracts(
		(from, from_account): (&T::AccountId, &mut Account),
		(to, to_account): (&T::AccountId, &mut Account),
		id: SeriesId,
		series: &Series,
		quantity: Quantity,
	) -> DispatchResult {
		let sides = T::Series::sides(id);
		let before = [from_account.quantity_of(id), to_account.quantity_of(id)];
		let after = [before[0].checked_sub(quantity)?, before[1].checked_add(quantity)?];
		Self::ensure_position_cap(from, series, before[0], after[0])?;
		Self::ensure_position_cap(to, series, before[1], after[1])?;
		Self::reposition(from_account, id, series, &sides, after[0])?;
		Self::reposition(to_account, id, series, &sides, after[1])?;
		let (from, to) = (side_changes(before[0], after[0])?, side_changes(before[1], after[1])?);
		let (long, short) = (net(from.0.and(to.0)?)?, net(from.1.and(to.1)?)?);
		if long.is_nothing() && short.is_nothing() {
			return Ok(());
		}
		T::Series::change_sides(id, long, short)?;
		if sides.is_folded() {
			Self::close_if_empty(id, series)?;
		}
		if long.closed.is_positive() {
			Self::forget_array(id);
		}
		Ok(())
	}

	/// Sets the contracts of a position, with the index and the cover that go with them. A request to
	/// exercise shrinks with what is left.
	fn reposition(
		account: &mut Account,
		id: SeriesId,
		series: &Series,
		sides: &Sides,
		quantity: Quantity,
	) -> DispatchResult {
		let mut position = account.position(id);
		position.quantity = quantity;
		position.index = index_on(sides, quantity);
		let requested = position.requested().min(quantity.max(Quantity::ZERO));
		position.set_exercising(requested, position.claim());
		Self::cover(account, series, &mut position)?;
		Self::put_position(account, id, position)
	}

	/// Locks or releases what covers a position: an in-kind short always, a put if it was covered
	/// before. Fails with `NotCovered` if the account does not have it.
	pub(crate) fn cover(
		account: &mut Account,
		series: &Series,
		position: &mut Position,
	) -> DispatchResult {
		let shorts = position.quantity.checked_neg()?.max(Quantity::ZERO);
		let cover = match (series.settlement, position.cover) {
			(Settlement::InKind, before) => {
				let locked = match before {
					Some(Cover::Units(units)) => units,
					_ => Quantity::ZERO,
				};
				Self::lock_units(account, series, shorts.checked_sub(locked)?)?;
				Cover::Units(shorts)
			}
			(Settlement::Cash, Some(Cover::Cash(locked))) => {
				let need = series.strike.value_ceil(shorts)?;
				Self::lock_cash(account, need.checked_sub(locked)?)?;
				Cover::Cash(need)
			}
			(Settlement::Cash, _) => return Ok(()),
		};
		position.cover = Some(cover).filter(|_| !shorts.is_zero());
		Ok(())
	}

	/// Releases what a position that shrank no longer needs. Never fails for want of anything: folding
	/// rounds shorts up, so the cover of a put may be some units of its strike short of the need.
	pub(crate) fn release_cover(
		account: &mut Account,
		series: &Series,
		position: &mut Position,
	) -> DispatchResult {
		let shorts = position.quantity.checked_neg()?.max(Quantity::ZERO);
		if let Some(Cover::Cash(locked)) = position.cover {
			let kept = series.strike.value_ceil(shorts)?.min(locked);
			account.change_cash(locked.checked_sub(kept)?)?;
			position.cover = Some(Cover::Cash(kept)).filter(|_| !shorts.is_zero());
		}
		Ok(())
	}

	fn lock_units(account: &mut Account, series: &Series, more: Quantity) -> DispatchResult {
		if more.is_zero() {
			return Ok(());
		}
		let asset = T::Series::asset(series.underlying).ok_or(Error::<T>::AssetNotEligible)?;
		let left = account.collateral_of(asset).checked_sub(more)?;
		ensure!(!left.is_negative(), Error::<T>::NotCovered);
		account.set_collateral(asset, left).map_err(|Full| Error::<T>::TooManyCollaterals.into())
	}

	fn lock_cash(account: &mut Account, more: Usd) -> DispatchResult {
		account.change_cash(more.checked_neg()?)?;
		// A cover is never lent: what is released may repay a loan, what is locked must be there.
		ensure!(!more.is_positive() || !account.cash().is_negative(), Error::<T>::NotCovered);
		Ok(())
	}

	/// A position that grows must stay within the cap, unless its account is exempt.
	fn ensure_position_cap(
		who: &T::AccountId,
		series: &Series,
		before: Quantity,
		after: Quantity,
	) -> DispatchResult {
		let size = after.checked_abs()?;
		if size <= before.checked_abs()? || T::Exempt::contains(who) {
			return Ok(());
		}
		let risk = T::Parameters::underlying(series.underlying).ok_or(Error::<T>::NotTradable)?;
		ensure!(size <= risk.position_cap, Error::<T>::PositionCapExceeded);
		Ok(())
	}

	/// A position up to date, and the money that folds have brought it: positive for a long, negative
	/// for a short.
	pub(crate) fn folded(
		id: SeriesId,
		position: &Position,
		sides: &Sides,
	) -> Result<(Position, Usd), DispatchError> {
		let side = Side::of(position.quantity);
		let ended = |side, epoch| T::Series::ended(id, side, epoch);
		let (quantity, money) =
			ballast_primitives::fold::folded(position.quantity, position.index, sides, ended)?;
		let money = if side == Side::Short { money.checked_neg()? } else { money };
		let mut folded = Position { quantity, index: index_on(sides, quantity), ..*position };
		let requested = position.requested().min(quantity.max(Quantity::ZERO));
		folded.set_exercising(requested, position.claim());
		Ok((folded, money))
	}
}
