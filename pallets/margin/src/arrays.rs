//! One underlying at this block's tick, and the risk arrays of its series: computed once per tick, stored, read
//! by every account that holds them.

use crate::{
	holdings::Group,
	pallet::SeriesRisks,
	requirement::{shock, Rules},
	stored_risk::{StoredRisk, Tick},
	Config, Pallet,
};
use ballast_math::{
	contingency::{Confidence, OpenInterest},
	fixed::{Rounding, Q64},
	requirement::{Contingencies, Grid, Moves},
	risk_array::{ArrayLeg, SeriesRisk, SideRisk},
};
use ballast_primitives::{
	arithmetic, params::UnderlyingRisk, time::years_between, Averaging, MarketState, Moment,
	Quantity, Ratio, Series, SeriesId, UnderlyingId,
};
use ballast_traits::{InspectMarket, InspectSeries, RiskParameters};
use frame_support::{Blake2_128, StorageHasher};
use parity_scale_codec::Encode;
use sp_runtime::ArithmeticError;

use alloc::{collections::BTreeMap, vec::Vec};

/// One underlying: its market, its risk, what is added to the scan losses of books on it.
#[derive(Clone, Debug)]
pub(crate) struct Market {
	pub state: MarketState,
	risk: Option<UnderlyingRisk>,
	digest: [u8; 16],
	contingencies: Contingencies,
	pub open_interest_factor: Ratio,
}

impl Market {
	/// With everything that values depend on; [`Tick`] names the same things.
	pub fn new<T: Config>(
		id: UnderlyingId,
		state: MarketState,
		rules: &Rules,
	) -> Result<Self, ArithmeticError> {
		Self::under::<T>(id, state, T::Parameters::underlying(id), rules)
	}

	/// The same under any risk.
	pub fn under<T: Config>(
		id: UnderlyingId,
		state: MarketState,
		risk: Option<UnderlyingRisk>,
		rules: &Rules,
	) -> Result<Self, ArithmeticError> {
		let key = (rules.now(), rules.digest(), state.spot, state.volatility, state.scan, &risk);
		let digest = Blake2_128::hash(&key.encode());
		let mut market = Self {
			state,
			risk,
			digest,
			contingencies: rules.base(),
			open_interest_factor: Ratio::ONE,
		};
		if let Some(risk) = &market.risk {
			let factor = open_interest_factor(risk, T::Series::open_interest_of(id))?;
			market.contingencies = contingencies(risk, &market.state, rules, factor)?;
			market.open_interest_factor = Ratio::from_q64(factor, Rounding::Ceil)?;
		}
		Ok(market)
	}

	/// Whether requirements can be computed: the price is usable and the risk is set.
	pub fn is_margined(&self) -> bool {
		self.state.is_usable() && self.risk.is_some()
	}

	/// How far an unusable price may be from the last one, as a share of it.
	pub fn reach(&self) -> Result<Q64, ArithmeticError> {
		self.risk.as_ref().map_or(Ok(Q64::ONE), |risk| risk.scan_cap.to_q64())
	}

	/// What is added to scan losses.
	pub const fn contingencies(&self) -> &Contingencies {
		&self.contingencies
	}

	/// Factor on the initial scan loss, without that of open interest.
	pub fn initial_factor(&self) -> Result<Ratio, ArithmeticError> {
		Ratio::from_q64(self.contingencies.initial_factor, Rounding::Nearest)
	}

	/// The scenarios with how far they reach here.
	pub fn grid<'a>(&self, rules: &'a Rules) -> Result<Grid<'a>, ArithmeticError> {
		// Whoever asks has seen that there is a risk.
		let risk = self.risk.as_ref().ok_or(ArithmeticError::Underflow)?;
		Ok(Grid {
			scenarios: rules.scenarios(),
			range_mm: self.state.scan.maintenance.to_q64()?,
			range_im: self.state.scan.initial.to_q64()?,
			shock: shock(risk)?,
			basis_up: risk.basis_up.to_q64()?,
			basis_down: risk.basis_down.to_q64()?,
		})
	}

	/// One unit of the underlying.
	pub fn unit(&self, rules: &Rules) -> Result<SideRisk, ArithmeticError> {
		let moves = Moves::new(&self.grid(rules)?).map_err(arithmetic)?;
		SideRisk::of_unit(self.state.spot.to_q64()?, &moves).map_err(arithmetic)
	}

	/// What a series' array is computed from now.
	pub fn tick(&self, averaging: Option<Averaging>) -> Tick {
		Tick { market: self.digest, averaging }
	}

	/// The risk of a series, computed.
	pub fn compute(
		&self,
		series: &Series,
		averaging: Option<Averaging>,
		rules: &Rules,
	) -> Result<SeriesRisk, ArithmeticError> {
		let moves = Moves::new(&self.grid(rules)?).map_err(arithmetic)?;
		let leg = self.state.leg(rules.now(), series, averaging, Quantity::ONE)?;
		SeriesRisk::new(&leg, &moves).map_err(arithmetic)
	}

	/// The risk of a series: what is stored if it was computed from this very tick, else computed,
	/// and stored if it is to be kept.
	///
	/// Only a series with open contracts is stored: the array goes with the last of them
	/// ([`Pallet::forget_array`]).
	pub fn risk_of<T: Config>(
		&self,
		(id, series): (SeriesId, &Series),
		averaging: Option<Averaging>,
		rules: &Rules,
		keep: bool,
	) -> Result<SeriesRisk, ArithmeticError> {
		let tick = self.tick(averaging);
		let stored = SeriesRisks::<T>::get(id).filter(|stored| stored.tick == tick);
		if let Some(Ok(risk)) = stored.map(|stored| stored.risk()) {
			return Ok(risk);
		}
		let risk = self.compute(series, averaging, rules)?;
		if keep {
			SeriesRisks::<T>::insert(id, StoredRisk::new(tick, &risk));
		}
		Ok(risk)
	}
}

/// What raises the initial margin of net shorts while open interest nears its cap.
fn open_interest_factor(risk: &UnderlyingRisk, open: Quantity) -> Result<Q64, ArithmeticError> {
	let high = risk.open_interest_cap.to_q64()?;
	let low = risk.open_interest_cap.times_floor(risk.open_interest_start)?.to_q64()?;
	if low >= high || risk.open_interest_factor <= Ratio::ONE {
		return Ok(Q64::ONE);
	}
	let scale = OpenInterest { low, high, most: risk.open_interest_factor.to_q64()? };
	scale.factor(open.to_q64()?).map_err(arithmetic)
}

/// The governed contingencies in the numbers of the kernel.
fn contingencies(
	risk: &UnderlyingRisk,
	state: &MarketState,
	rules: &Rules,
	open_interest: Q64,
) -> Result<Contingencies, ArithmeticError> {
	let agreement = Ratio::ONE.checked_sub(state.dispersion.min(Ratio::ONE))?;
	let confidence: &Confidence = rules.confidence();
	let below = risk.peg_threshold.into_inner().saturating_sub(state.spot.into_inner());
	let peg = Ratio::from_inner(below).to_q64()?;
	let peg = peg.checked_mul(risk.peg_slope.to_q64()?, Rounding::Ceil);
	Ok(Contingencies {
		short_mm: risk.short_contingency_maintenance.to_q64()?,
		short_im: risk.short_contingency_initial.to_q64()?,
		basis_weight: risk.basis_weight.to_q64()?,
		basis_weight_per_year: risk.basis_weight_per_year.to_q64()?,
		confidence: confidence.charge(agreement.to_q64()?, Q64::ONE).map_err(arithmetic)?,
		open_interest,
		peg: peg.ok_or(ArithmeticError::Overflow)?.min(Q64::ONE),
		..rules.base()
	})
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

/// A group's positions with their risks, all of which are known.
pub(crate) fn array_legs<'a>(
	group: &Group,
	risks: &'a BTreeMap<SeriesId, SeriesRisk>,
	now: Moment,
) -> Result<Vec<ArrayLeg<'a>>, ArithmeticError> {
	let leg = |(id, series, quantity): &(SeriesId, Series, Quantity)| {
		Ok(ArrayLeg {
			kind: series.kind.into(),
			strike: series.strike.to_q64()?,
			expiry: series.expiry,
			years: years_between(now, series.expiry),
			quantity: quantity.to_q64()?,
			risk: risks.get(id).ok_or(ArithmeticError::Underflow)?,
		})
	};
	group.legs.iter().map(leg).collect()
}

impl<T: Config> Pallet<T> {
	/// Forgets the array of a series in which nothing is open any more.
	pub(crate) fn forget_array(id: SeriesId) {
		if T::Series::open_interest(id).is_zero() {
			SeriesRisks::<T>::remove(id);
		}
	}
}
