//! How much the pool could lose in a day: expected shortfall by joint filtered historical simulation
//! (`ballast_math::shortfall`).
//!
//! What the pool gains or loses at every node of spot and volatility is kept per underlying
//! ([`PoolGrid`]), priced at one tick. A trade brings in the difference between the positions that the
//! grid knows and those that the pool has: whatever changed them (trades, settlement, a takeover), the
//! grid cannot miss it. At a new tick the grid is made anew, when it is first needed.

mod grid;
mod simulate;
mod view;

pub use grid::{PoolGrid, TermStructure, GRID_SERIES_MAX};
pub use view::{PoolRisk, SeriesShare, UnderlyingShare};

use crate::{pallet::*, LOG_TARGET};
use alloc::{collections::BTreeSet, vec::Vec};
use ballast_primitives::{Quantity, Series, SeriesId, SeriesState, UnderlyingId};
use ballast_traits::{InspectAccounts, InspectMarket, InspectSeries};
use frame_support::pallet_prelude::*;
use grid::Pricing;

/// Positions on one underlying: id, terms, contracts.
pub(crate) type Book = Vec<(SeriesId, Series, Quantity)>;

impl<T: Config> Pallet<T> {
	/// Positions that the market can still move: what is past its expiry has no more risk, whether or
	/// not it is settled.
	fn live_positions() -> Book {
		let now = T::Market::now();
		T::Accounts::positions(&Self::pool())
			.into_iter()
			.filter_map(|(id, quantity)| Some((id, T::Series::series(id)?, quantity)))
			.filter(|(_, series, _)| series.state == SeriesState::Live && now < series.expiry)
			.collect()
	}

	/// The underlyings that the pool has risk on, in order, with its positions on each.
	pub(crate) fn books() -> Vec<(UnderlyingId, Book)> {
		let positions = Self::live_positions();
		let underlyings: BTreeSet<_> =
			positions.iter().map(|(_, series, _)| series.underlying).collect();
		let of = |underlying| {
			let mut book = positions.clone();
			book.retain(|(_, series, _)| series.underlying == underlying);
			(underlying, book)
		};
		underlyings.into_iter().map(of).collect()
	}

	/// The grid of a book at the accepted tick: the stored one brought up to date, or a new one. Nothing
	/// is stored.
	pub(crate) fn grid_of(
		underlying: UnderlyingId,
		book: &Book,
	) -> Result<(PoolGrid, Pricing), DispatchError> {
		let now = T::Market::now();
		if let Some(stored) = Grids::<T>::get(underlying) {
			let pricing = Pricing::load::<T>(underlying, stored.as_of)?;
			if stored.is_current(&pricing, now) {
				if let Some(grid) = stored.followed::<T>(&pricing, book)? {
					return Ok((grid, pricing));
				}
			}
		}
		let pricing = Pricing::load::<T>(underlying, now)?;
		Ok((PoolGrid::new::<T>(&pricing, book)?, pricing))
	}

	/// The grid of a stored grid's own book at its own tick; `None` if that tick has passed or one of its
	/// series cannot be priced any more.
	pub(crate) fn from_scratch(
		underlying: UnderlyingId,
		stored: &PoolGrid,
	) -> Result<Option<PoolGrid>, DispatchError> {
		let now = T::Market::now();
		let Ok(pricing) = Pricing::load::<T>(underlying, stored.as_of) else { return Ok(None) };
		if !stored.is_current(&pricing, now) {
			return Ok(None);
		}
		let mut book = Vec::new();
		for (id, quantity) in &stored.book {
			let Some(series) = T::Series::series(*id) else { return Ok(None) };
			ensure!(series.underlying == underlying, Error::<T>::SeriesUnknown);
			if pricing.is_averaged(series.expiry, now) {
				return Ok(None);
			}
			book.push((*id, series, *quantity));
		}
		PoolGrid::new::<T>(&pricing, &book).map(Some)
	}

	/// Brings the stored grid of an underlying up to date after the pool's positions changed. A book
	/// that cannot be priced leaves no grid behind, and the change stands: a grid says what the pool
	/// could lose, it does not decide what it does.
	pub(crate) fn follow_book(underlying: UnderlyingId) {
		let mut book = Self::live_positions();
		book.retain(|(_, series, _)| series.underlying == underlying);
		if book.is_empty() {
			Grids::<T>::remove(underlying);
			return;
		}
		match Self::grid_of(underlying, &book) {
			Ok((grid, _)) => Grids::<T>::insert(underlying, grid),
			Err(error) => {
				log::error!(target: LOG_TARGET, "no grid of {underlying:?}: {error:?}");
				Grids::<T>::remove(underlying);
			}
		}
	}
}
