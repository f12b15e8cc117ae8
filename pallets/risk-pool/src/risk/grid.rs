//! The stored grid of a book, and what it is priced with.

use super::Book;
use crate::pallet::*;
use alloc::vec::Vec;
use ballast_math::{
	fixed::{Rounding, Q64},
	scenario::VolShock,
	shortfall::{Column, Grid, Lattice, LAYERS, SPOT_NODES},
};
use ballast_primitives::{
	arithmetic,
	params::UnderlyingRisk,
	time::{HOUR, YEAR},
	MarketState, Moment, Quantity, Ratio, Series, SeriesId, UnderlyingId,
};
use ballast_traits::{InspectMarket, InspectSeries, RiskParameters};
use frame_support::{pallet_prelude::*, BoundedVec};
use sp_runtime::ArithmeticError;

/// Most series that a grid knows: as many as an account of the clearing house may hold.
pub const GRID_SERIES_MAX: u32 = 64;

/// Age at which a grid is made anew although no tick came: options lose time value.
const AGE_MAX: Moment = HOUR;

/// How volatility moves at each tenor: the governed figures that a grid depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct TermStructure {
	/// Power up to 30 days.
	pub short_term_power: Ratio,
	/// Power above 30 days.
	pub long_term_power: Ratio,
	/// Time to expiry below which a move does not grow, in seconds.
	pub floor_time: Moment,
	/// Greatest multiple of the move.
	pub cap: Ratio,
}

impl TermStructure {
	fn of(risk: &UnderlyingRisk) -> Self {
		Self {
			short_term_power: risk.short_term_power,
			long_term_power: risk.long_term_power,
			floor_time: risk.volatility_floor_time,
			cap: risk.volatility_move_cap,
		}
	}

	fn lattice(&self) -> Result<Lattice, ArithmeticError> {
		let floor_years =
			Q64::from_ratio(i128::from(self.floor_time), i128::from(YEAR), Rounding::Nearest);
		let shock = VolShock {
			// What the lattice brings itself.
			up: Q64::ZERO,
			down: Q64::ZERO,
			least_up: Q64::ZERO,
			short_power: self.short_term_power.to_q64()?,
			long_power: self.long_term_power.to_q64()?,
			floor_years: floor_years.ok_or(ArithmeticError::Overflow)?,
			cap: self.cap.to_q64()?,
		};
		Lattice::new(&shock).map_err(arithmetic)
	}
}

/// What a book's options are priced with: one tick, one moment, one term structure.
pub(crate) struct Pricing {
	underlying: UnderlyingId,
	market: MarketState,
	as_of: Moment,
	term: TermStructure,
	lattice: Lattice,
	/// Length of the window over which settlement prices are averaged.
	window: Moment,
}

impl Pricing {
	/// The accepted tick, whatever its quality, as of a moment.
	pub(crate) fn load<T: Config>(
		underlying: UnderlyingId,
		as_of: Moment,
	) -> Result<Self, DispatchError> {
		let market = T::Market::state(underlying).ok_or(Error::<T>::PriceStale)?;
		let risk =
			T::Parameters::underlying(underlying).ok_or(Error::<T>::UnderlyingWithoutRules)?;
		let term = TermStructure::of(&risk);
		let lattice = term.lattice()?;
		let window = T::Parameters::oracle(underlying).settlement_window;
		Ok(Self { underlying, market, as_of, term, lattice, window })
	}

	/// Market time at which its spot price was accepted.
	pub(crate) const fn spot_at(&self) -> Moment {
		self.market.spot_at
	}

	/// Whether a settlement price of this expiry is already being averaged: then the forward changes
	/// from block to block without a tick.
	pub(crate) fn is_averaged(&self, expiry: Moment, now: Moment) -> bool {
		expiry.saturating_sub(now) <= self.window
	}

	/// One contract of a series, as it counts for a holder of `quantity`.
	///
	/// In the settlement window of its expiry the forward is what is averaged already and the share of
	/// today's forward that is not: only the latter moves with spot.
	pub(crate) fn column<T: Config>(
		&self,
		series: &Series,
		quantity: Quantity,
	) -> Result<Column, DispatchError> {
		let averaging = if self.is_averaged(series.expiry, self.as_of) {
			T::Market::averaging(self.underlying, series.expiry)
		} else {
			None
		};
		let leg = self.market.leg(self.as_of, series, averaging, quantity)?;
		Ok(Column::new(&leg, &self.lattice).map_err(arithmetic)?)
	}
}

/// What the pool gains or loses on one underlying at every node of spot and volatility.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PoolGrid {
	/// Market time at which its spot price was accepted.
	pub spot_at: Moment,
	/// Market time at which its volatilities were accepted.
	pub volatility_at: Moment,
	/// Moment from which its times to expiry are counted.
	pub as_of: Moment,
	/// Its term structure of volatility moves.
	pub term: TermStructure,
	/// Positions that it knows, in order of series.
	pub book: BoundedVec<(SeriesId, Quantity), ConstU32<GRID_SERIES_MAX>>,
	/// Columns added since it was made: each node is within half as many units of 2^-64 of the sum of
	/// quantities times columns.
	pub additions: u32,
	/// The nodes in units of 2^-64 of quote currency, in the order of `ballast_math::shortfall::Grid`.
	pub nodes: [[i128; SPOT_NODES]; LAYERS],
}

impl PoolGrid {
	/// From scratch.
	pub(crate) fn new<T: Config>(pricing: &Pricing, book: &Book) -> Result<Self, DispatchError> {
		let empty = Self {
			spot_at: pricing.market.spot_at,
			volatility_at: pricing.market.volatility_at,
			as_of: pricing.as_of,
			term: pricing.term,
			book: BoundedVec::new(),
			additions: 0,
			nodes: [[0; SPOT_NODES]; LAYERS],
		};
		let made = empty.followed::<T>(pricing, book)?;
		// Nothing is taken out of an empty grid, so nothing can be unknown.
		Ok(made.ok_or(Error::<T>::SeriesUnknown)?)
	}

	/// Whether it can be brought up to date: its tick is the accepted one and its times to expiry are not
	/// old.
	pub(crate) fn is_current(&self, pricing: &Pricing, now: Moment) -> bool {
		let same_tick = self.spot_at == pricing.market.spot_at
			&& self.volatility_at == pricing.market.volatility_at;
		same_tick && self.term == pricing.term && now < self.as_of.saturating_add(AGE_MAX)
	}

	/// With the positions of `book`: the difference times each series' column is added. `None` if a series
	/// that it knows cannot be priced as it was: it is not listed any more, or its settlement price
	/// has begun to be averaged.
	pub(crate) fn followed<T: Config>(
		mut self,
		pricing: &Pricing,
		book: &Book,
	) -> Result<Option<Self>, DispatchError> {
		let mut grid = self.grid();
		let now = T::Market::now();
		let before = core::mem::take(&mut self.book);
		for (id, known) in &before {
			let Some(series) = T::Series::series(*id) else { return Ok(None) };
			if pricing.is_averaged(series.expiry, now) {
				return Ok(None);
			}
			if !book.iter().any(|(other, _, _)| other == id) {
				self.move_by::<T>(&mut grid, pricing, &series, (*known, Quantity::ZERO))?;
			}
		}
		for (id, series, quantity) in book {
			let known = before.iter().find(|(other, _)| other == id);
			let known = known.map_or(Quantity::ZERO, |(_, known)| *known);
			self.move_by::<T>(&mut grid, pricing, series, (known, *quantity))?;
		}
		let known: Vec<_> = book.iter().map(|(id, _, quantity)| (*id, *quantity)).collect();
		self.book = BoundedVec::try_from(known).map_err(|_| Error::<T>::TooManySeries)?;
		self.nodes = grid.values().map(|layer| layer.map(Q64::to_bits));
		Ok(Some(self))
	}

	/// Moves a position from one quantity to another. A long and a short of one series may count at
	/// different prices, so a position that turns is taken out and put in again.
	fn move_by<T: Config>(
		&mut self,
		grid: &mut Grid,
		pricing: &Pricing,
		series: &Series,
		(from, to): (Quantity, Quantity),
	) -> DispatchResult {
		let turns =
			(from.is_negative() && to.is_positive()) || (from.is_positive() && to.is_negative());
		let steps = if turns {
			[(from, from, Quantity::ZERO), (to, Quantity::ZERO, to)]
		} else {
			let side = if to.is_zero() { from } else { to };
			[(side, from, to), (side, to, to)]
		};
		for (side, from, to) in steps.into_iter().filter(|(_, from, to)| from != to) {
			// The difference of the rounded quantities, not the rounded difference: so that whatever
			// the steps, the book is in the grid with its rounded quantity.
			let change =
				to.to_q64()?.checked_sub(from.to_q64()?).ok_or(ArithmeticError::Overflow)?;
			let column = pricing.column::<T>(series, side)?;
			grid.add(&column, change).map_err(arithmetic)?;
			self.additions = self.additions.saturating_add(1);
		}
		Ok(())
	}

	/// In the numbers of the kernel.
	pub(crate) fn grid(&self) -> Grid {
		Grid::from_values(self.nodes.map(|layer| layer.map(Q64::from_bits)))
	}
}
