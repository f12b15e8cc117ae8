//! What early exercise and deleveraging left in a position: contracts that are gone, money that they
//! brought, and claims until it is collected.

use crate::{
	pallet::{Event, ExercisePots, UnsweptFolds},
	Account, Config, Cover, ExercisePot, Pallet, Position,
};
use ballast_primitives::{Price, Quantity, Series, SeriesId, Side, SideChange, Usd};
use ballast_traits::{InspectSeries, MutateSeries};
use frame_support::dispatch::DispatchResult;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Brings one position up to date. Returns whether anything changed.
	pub(crate) fn fold_in(
		who: &T::AccountId,
		account: &mut Account,
		id: SeriesId,
		series: &Series,
	) -> Result<bool, DispatchError> {
		let position = account.position(id);
		let sides = T::Series::sides(id);
		let side = Side::of(position.quantity);
		if position.quantity.is_zero() || sides.side(side).index == position.index {
			return Ok(false);
		}
		let (mut folded, money) = Self::folded(id, &position, &sides)?;
		let change = SideChange {
			brought: money.checked_abs()?,
			left: u32::from(folded.quantity.is_zero()),
			..Default::default()
		};
		let nothing = SideChange::default();
		match side {
			Side::Long => {
				account.change_cash(money)?;
				T::Series::change_sides(id, change, nothing)?;
			}
			Side::Short => {
				let covered = Self::charge(account, &mut folded, money.checked_neg()?)?;
				T::Series::change_sides(id, nothing, change)?;
				Self::collect(id, covered)?;
				Self::release_cover(account, series, &mut folded)?;
			}
		}
		Self::put_position(account, id, folded)?;
		if folded.quantity.is_zero() {
			Self::close_if_empty(id, series)?;
		}
		Self::deposit_event(Event::PositionFolded {
			who: who.clone(),
			series: id,
			before: position.quantity,
			after: folded.quantity,
			amount: money,
		});
		Ok(true)
	}

	/// Takes `owed` (>= 0) from a position's cash cover first, then from cash, which may become
	/// negative. Returns what was really there.
	pub(crate) fn charge(
		account: &mut Account,
		position: &mut Position,
		owed: Usd,
	) -> Result<Usd, DispatchError> {
		let locked = match position.cover {
			Some(Cover::Cash(locked)) => locked,
			_ => Usd::ZERO,
		};
		let from_cover = locked.min(owed);
		if from_cover.is_positive() {
			position.cover = Some(Cover::Cash(locked.checked_sub(from_cover)?));
		}
		let rest = owed.checked_sub(from_cover)?;
		let covered = rest.min(account.cash().max(Usd::ZERO)).checked_add(from_cover)?;
		account.change_cash(rest.checked_neg()?)?;
		Ok(covered)
	}

	/// What an assigned short could pay is there for those who exercised.
	fn collect(id: SeriesId, covered: Usd) -> DispatchResult {
		let mut pot = ExercisePots::<T>::get(id);
		pot.collected = pot.collected.checked_add(covered)?;
		Self::put_pot(id, pot);
		Ok(())
	}

	/// Ends `quantity` (> 0) contracts of an account that is up to date against the other side, at
	/// `amount` each. A long receives a claim, a short pays from cash.
	pub(crate) fn end_against_side(
		who: &T::AccountId,
		account: &mut Account,
		(id, series): (SeriesId, &Series),
		quantity: Quantity,
		amount: Price,
	) -> Result<Usd, DispatchError> {
		let mut position = account.position(id);
		let side = Side::of(position.quantity);
		let money = T::Series::fold(id, side.other(), quantity, amount)?;
		let signed = side.signed(quantity.into_inner().unsigned_abs())?;
		position.quantity = position.quantity.checked_sub(signed)?;
		position.index = position.index.filter(|_| !position.quantity.is_zero());
		if position.quantity.is_zero() {
			let change = SideChange { left: 1, ..Default::default() };
			let nothing = SideChange::default();
			let (long, short) =
				if side == Side::Long { (change, nothing) } else { (nothing, change) };
			T::Series::change_sides(id, long, short)?;
		}
		match side {
			Side::Long => {
				let requested = position.requested().min(position.quantity);
				position.set_exercising(requested, position.claim().checked_add(money)?);
				ExercisePots::<T>::try_mutate(id, |pot| {
					pot.claims = pot.claims.checked_add(money)?;
					Ok::<_, DispatchError>(())
				})?;
			}
			Side::Short => {
				Self::charge(account, &mut position, money)?;
				Self::release_cover(account, series, &mut position)?;
			}
		}
		let ended = position.quantity.is_zero();
		Self::put_position(account, id, position)?;
		if ended {
			Self::close_if_empty(id, series)?;
		}
		Self::forget_array(id);
		UnsweptFolds::<T>::put(true);
		log::debug!(target: crate::LOG_TARGET, "{who:?} ended {quantity:?} of {id:?}");
		Ok(money)
	}

	/// Pays a claim as far as it was collected; all of it once every short was found. Returns whether
	/// anything was paid.
	pub(crate) fn pay_claim(
		who: &T::AccountId,
		account: &mut Account,
		id: SeriesId,
	) -> Result<bool, DispatchError> {
		let mut position = account.position(id);
		let claim = position.claim();
		if !claim.is_positive() {
			return Ok(false);
		}
		let mut pot = ExercisePots::<T>::get(id);
		if !T::Series::sides(id).short.due.is_positive() {
			// Whatever shorts could not pay is their loans and deficits by now.
			pot.collected = pot.collected.max(pot.paid.checked_add(pot.claims)?);
		}
		let amount = pot.collected.checked_sub(pot.paid)?.max(Usd::ZERO).min(claim);
		if amount.is_zero() {
			return Ok(false);
		}
		account.change_cash(amount)?;
		position.set_exercising(position.requested(), claim.checked_sub(amount)?);
		Self::put_position(account, id, position)?;
		pot.paid = pot.paid.checked_add(amount)?;
		pot.claims = pot.claims.checked_sub(amount)?;
		Self::put_pot(id, pot);
		Self::deposit_event(Event::ClaimPaid { who: who.clone(), series: id, amount });
		Ok(true)
	}

	/// A pot out of which nothing is owed and into which nothing is due is forgotten.
	fn put_pot(id: SeriesId, pot: ExercisePot) {
		if pot.claims.is_zero() && !T::Series::sides(id).short.due.is_positive() {
			ExercisePots::<T>::remove(id);
		} else {
			ExercisePots::<T>::insert(id, pot);
		}
	}
}
