//! What the days of the past would do to the pool tomorrow.

use super::{grid::Pricing, Book, PoolGrid};
use crate::pallet::*;
use alloc::{vec, vec::Vec};
use ballast_math::shortfall::{align, filter, Interpolant, Move, Shock, DAYS_MAX, DAYS_MIN};
use ballast_primitives::{arithmetic, UnderlyingId};
use ballast_traits::InspectHistory;
use frame_support::pallet_prelude::*;

/// The pool's risk on one underlying, ready to be simulated.
pub(super) struct Simulated {
	pub(super) underlying: UnderlyingId,
	pub(super) book: Book,
	pub(super) pricing: Pricing,
	pub(super) read: Interpolant,
	pub(super) shocks: Vec<Shock>,
}

impl<T: Config> Pallet<T> {
	/// Every underlying that the pool has risk on, with the shocks of the days that all of them have.
	/// `HistoryTooShort` if these are too few.
	pub(super) fn simulated() -> Result<Vec<Simulated>, DispatchError> {
		let reference = Self::moves(T::VolatilityReference::get())?;
		let mut all = Vec::new();
		for (underlying, book) in Self::books() {
			let (grid, pricing): (PoolGrid, Pricing) = Self::grid_of(underlying, &book)?;
			let read = Interpolant::new(&grid.grid()).map_err(arithmetic)?;
			let moves = Self::moves(underlying)?;
			let mut shocks = vec![Shock::default(); DAYS_MAX];
			let days = filter(&moves, &reference, &mut shocks).map_err(arithmetic)?;
			shocks.truncate(days);
			all.push(Simulated { underlying, book, pricing, read, shocks });
		}
		let mut lists: Vec<&mut [Shock]> =
			all.iter_mut().map(|one| one.shocks.as_mut_slice()).collect();
		let days = align(&mut lists);
		ensure!(all.is_empty() || days >= DAYS_MIN, Error::<T>::HistoryTooShort);
		all.iter_mut().for_each(|one| one.shocks.truncate(days));
		Ok(all)
	}

	fn moves(underlying: UnderlyingId) -> Result<Vec<Move>, DispatchError> {
		let days = T::History::daily_moves(underlying);
		Ok(days.iter().map(|day| day.to_move()).collect::<Result<_, _>>()?)
	}
}
