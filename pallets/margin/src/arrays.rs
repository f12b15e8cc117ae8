//! Risk arrays of series: computed once per tick, stored, read by every account that holds them.

use crate::{
	holdings::Group,
	pallet::SeriesRisks,
	requirement::{shock, Rules},
	stored_risk::{StoredRisk, Tick},
	Config, Pallet,
};
use ballast_math::{
	requirement::{Grid, Moves},
	risk_array::{ArrayLeg, SeriesRisk, SideRisk},
};
use ballast_primitives::{
	arithmetic, params::UnderlyingRisk, Averaging, MarketState, Moment, Quantity, Series, SeriesId,
	UnderlyingId,
};
use ballast_traits::{InspectMarket, InspectSeries};
use frame_support::{Blake2_128, StorageHasher};
use parity_scale_codec::Encode;
use sp_runtime::ArithmeticError;

use alloc::vec::Vec;

/// One underlying's series at this block's tick.
pub(crate) struct Arrays<'a> {
	state: &'a MarketState,
	rules: &'a Rules,
	moves: Moves<'a>,
	market: [u8; 16],
}

impl<'a> Arrays<'a> {
	/// With everything that values depend on; [`Tick`] names the same things.
	pub fn new(
		state: &'a MarketState,
		risk: &UnderlyingRisk,
		rules: &'a Rules,
	) -> Result<Self, ArithmeticError> {
		let grid = Grid {
			scenarios: rules.scenarios(),
			range_mm: state.scan.maintenance.to_q64()?,
			range_im: state.scan.initial.to_q64()?,
			shock: shock(risk)?,
		};
		let key = (rules.now(), rules.digest(), state.spot, state.volatility, state.scan, risk);
		Ok(Self {
			state,
			rules,
			moves: Moves::new(&grid).map_err(arithmetic)?,
			market: Blake2_128::hash(&key.encode()),
		})
	}

	/// One unit of the underlying.
	pub fn unit(&self) -> Result<SideRisk, ArithmeticError> {
		SideRisk::of_unit(self.state.spot.to_q64()?, &self.moves).map_err(arithmetic)
	}

	/// What a series' array is computed from now.
	pub fn tick(&self, averaging: Option<Averaging>) -> Tick {
		Tick { market: self.market, averaging }
	}

	/// The risk of a series, computed.
	pub fn compute(
		&self,
		series: &Series,
		averaging: Option<Averaging>,
	) -> Result<SeriesRisk, ArithmeticError> {
		let leg = self.state.leg(self.rules.now(), series, averaging, Quantity::ONE)?;
		SeriesRisk::new(&leg, &self.moves).map_err(arithmetic)
	}

	/// The risk of a series: what is stored if it was computed from this very tick, else computed,
	/// and stored if the rules say so.
	///
	/// Only a series with open contracts is stored: the array goes with the last of them
	/// ([`Pallet::forget_array`]).
	fn risk_of<T: Config>(
		&self,
		id: SeriesId,
		series: &Series,
		averaging: Option<Averaging>,
	) -> Result<SeriesRisk, ArithmeticError> {
		let tick = self.tick(averaging);
		let stored = SeriesRisks::<T>::get(id).filter(|stored| stored.tick == tick);
		if let Some(Ok(risk)) = stored.map(|stored| stored.risk()) {
			return Ok(risk);
		}
		let risk = self.compute(series, averaging)?;
		if self.rules.keeps_arrays() && T::Series::open_interest(id).is_positive() {
			SeriesRisks::<T>::insert(id, StoredRisk::new(tick, &risk));
		}
		Ok(risk)
	}

	/// The risks of all series of a group, in its order.
	pub fn risks_of<T: Config>(&self, group: &Group) -> Result<Vec<SeriesRisk>, ArithmeticError> {
		let mut averages = Averages::<T>::new(group.underlying);
		group
			.legs
			.iter()
			.map(|(id, series, _)| self.risk_of::<T>(*id, series, averages.of(series.expiry)))
			.collect()
	}
}

/// What is averaged of the settlement prices of one underlying: legs of one expiry follow each other.
pub(crate) struct Averages<T> {
	underlying: UnderlyingId,
	last: Option<(Moment, Option<Averaging>)>,
	config: core::marker::PhantomData<T>,
}

impl<T: Config> Averages<T> {
	pub fn new(underlying: UnderlyingId) -> Self {
		Self { underlying, last: None, config: core::marker::PhantomData }
	}

	/// Of the expiry at this moment.
	pub fn of(&mut self, expiry: Moment) -> Option<Averaging> {
		match self.last {
			Some((known, averaging)) if known == expiry => averaging,
			_ => {
				let averaging = T::Market::averaging(self.underlying, expiry);
				self.last = Some((expiry, averaging));
				averaging
			}
		}
	}
}

/// A group's positions with their risks, which are in its order.
pub(crate) fn array_legs<'a>(
	group: &Group,
	risks: &'a [SeriesRisk],
) -> Result<Vec<ArrayLeg<'a>>, ArithmeticError> {
	let leg = |((_, series, quantity), risk): (&(SeriesId, Series, Quantity), &'a SeriesRisk)| {
		Ok(ArrayLeg {
			kind: series.kind.into(),
			strike: series.strike.to_q64()?,
			expiry: series.expiry,
			quantity: quantity.to_q64()?,
			risk,
		})
	};
	group.legs.iter().zip(risks).map(leg).collect()
}

impl<T: Config> Pallet<T> {
	/// Forgets the array of a series in which nothing is open any more.
	pub(crate) fn forget_array(id: SeriesId) {
		if T::Series::open_interest(id).is_zero() {
			SeriesRisks::<T>::remove(id);
		}
	}
}
