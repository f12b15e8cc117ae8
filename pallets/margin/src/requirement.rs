//! The margin requirement of one underlying's holdings: what `ballast_math::requirement` is asked, in
//! its numbers, and the answer in the ledger's.

use crate::{
	arrays::{array_legs, Arrays, Averages},
	holdings::Group,
	types::UnderlyingRequirement,
	Config, Error, Pallet,
};
use ballast_math::{
	fixed::{Rounding, Q64},
	requirement::{value_range, Book, Contingencies, Leg, Margins, ValueRange},
	risk_array::{requirement_from_arrays, scan_loss},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
};
use ballast_primitives::{
	arithmetic,
	params::{self, ScenarioRule, UnderlyingRisk},
	time::YEAR,
	MarketState, Moment, Usd,
};
use ballast_traits::{InspectMarket, RiskParameters};
use frame_support::{Blake2_128, StorageHasher};
use parity_scale_codec::Encode;
use sp_runtime::{ArithmeticError, DispatchError, FixedI128};

use alloc::vec::Vec;

/// The margin rules in the numbers of the kernel, and the time: loaded once per account.
pub(crate) struct Rules {
	scenarios: Vec<Scenario>,
	initial_factor: Q64,
	digest: [u8; 16],
	now: Moment,
	keep_arrays: bool,
}

impl Rules {
	/// The rules in force. What is computed under them is stored for the next account.
	pub fn load<T: Config>() -> Result<Self, DispatchError> {
		Ok(Self { keep_arrays: true, ..Self::for_view::<T>()? })
	}

	/// The same for a look that leaves no trace.
	pub fn for_view<T: Config>() -> Result<Self, DispatchError> {
		let rules = T::Parameters::margin();
		Ok(Self {
			scenarios: rules.scenarios.iter().map(scenario).collect::<Result<_, _>>()?,
			initial_factor: rules.initial_factor.to_q64()?,
			digest: Blake2_128::hash(&rules.encode()),
			now: T::Market::now(),
			keep_arrays: false,
		})
	}

	/// The scenarios.
	pub fn scenarios(&self) -> &[Scenario] {
		&self.scenarios
	}

	/// Blake2-128 of the rules.
	pub const fn digest(&self) -> [u8; 16] {
		self.digest
	}

	/// Market time.
	pub const fn now(&self) -> Moment {
		self.now
	}

	/// Whether arrays that are computed are stored.
	pub const fn keeps_arrays(&self) -> bool {
		self.keep_arrays
	}

	/// What is added to scan losses, in the numbers of the kernel.
	pub fn contingencies(&self, risk: &UnderlyingRisk) -> Result<Contingencies, ArithmeticError> {
		Ok(Contingencies {
			short_mm: risk.short_contingency_maintenance.to_q64()?,
			short_im: risk.short_contingency_initial.to_q64()?,
			initial_factor: self.initial_factor,
		})
	}
}

fn scenario(rule: &ScenarioRule) -> Result<Scenario, ArithmeticError> {
	let signed =
		|value: FixedI128| Q64::from_e18(value.into_inner()).ok_or(ArithmeticError::Overflow);
	let spot = match rule.spot {
		params::SpotMove::ScanRanges(ranges) => SpotMove::ScanRanges(signed(ranges)?),
		params::SpotMove::Multiple(multiple) => SpotMove::Multiple(multiple.to_q64()?),
	};
	let volatility = match rule.volatility {
		params::VolMove::Up => VolMove::Up,
		params::VolMove::None => VolMove::None,
		params::VolMove::Down => VolMove::Down,
	};
	Ok(Scenario { spot, volatility, weight: rule.weight.to_q64()? })
}

pub(crate) fn shock(risk: &UnderlyingRisk) -> Result<VolShock, ArithmeticError> {
	let floor = i128::from(risk.volatility_floor_time);
	Ok(VolShock {
		up: risk.volatility_up.to_q64()?,
		down: risk.volatility_down.to_q64()?,
		short_power: risk.short_term_power.to_q64()?,
		long_power: risk.long_term_power.to_q64()?,
		floor_years: Q64::from_ratio(floor, i128::from(YEAR), Rounding::Nearest)
			.ok_or(ArithmeticError::Overflow)?,
		cap: risk.volatility_move_cap.to_q64()?,
		least_up: risk.least_shocked_volatility.to_q64()?,
	})
}

/// A mark: the ledger's number.
fn mark(value: Q64) -> Result<Usd, ArithmeticError> {
	Usd::from_q64(value, Rounding::Nearest)
}

/// A requirement: rounded up.
fn up(value: Q64) -> Result<Usd, ArithmeticError> {
	Usd::from_q64(value, Rounding::Ceil)
}

impl UnderlyingRequirement {
	fn nothing(group: &Group) -> Self {
		Self {
			underlying: group.underlying,
			usable: false,
			collateral: Usd::ZERO,
			options: Usd::ZERO,
			least: Usd::ZERO,
			greatest: Usd::ZERO,
			loss: Usd::ZERO,
			scan_maintenance: Usd::ZERO,
			scan_initial: Usd::ZERO,
			greatest_loss: None,
			contingency_maintenance: Usd::ZERO,
			contingency_initial: Usd::ZERO,
			maintenance: Usd::ZERO,
			initial: Usd::ZERO,
			binding_maintenance: 0,
			binding_initial: 0,
		}
	}

	fn usable(group: &Group, collateral: Usd, margins: &Margins) -> Result<Self, ArithmeticError> {
		let options = mark(margins.mark)?;
		let value = collateral.checked_add(options)?;
		Ok(Self {
			underlying: group.underlying,
			usable: true,
			collateral,
			options,
			least: value,
			greatest: value,
			loss: up(margins.loss_mm)?,
			scan_maintenance: up(margins.scan_mm)?,
			scan_initial: up(margins.scan_im)?,
			greatest_loss: margins.l_max.map(up).transpose()?,
			contingency_maintenance: up(margins.contingency_mm)?,
			contingency_initial: up(margins.contingency_im)?,
			maintenance: up(margins.maintenance)?,
			initial: up(margins.initial)?,
			binding_maintenance: margins.binding_mm,
			binding_initial: margins.binding_im,
		})
	}

	fn unusable(
		group: &Group,
		collateral: Usd,
		range: &ValueRange,
	) -> Result<Self, ArithmeticError> {
		Ok(Self {
			collateral,
			options: mark(range.mark)?,
			least: mark(range.least)?,
			greatest: mark(range.greatest)?,
			..Self::nothing(group)
		})
	}
}

impl<T: Config> Pallet<T> {
	/// Value and requirement of one underlying's holdings.
	///
	/// An underlying without any tick has no options, since none could be traded; its units are worth
	/// nothing to the clearing house. One whose risk was never set counts as unusable, over
	/// the whole range from nothing to twice its price.
	pub(crate) fn requirement_of(
		group: &Group,
		rules: &Rules,
	) -> Result<UnderlyingRequirement, DispatchError> {
		let Some(state) = T::Market::state(group.underlying) else {
			return Ok(UnderlyingRequirement::nothing(group));
		};
		// The ledger's product is exact where the kernel's binary one is not.
		let collateral = state.spot.value_floor(group.units)?;
		match T::Parameters::underlying(group.underlying) {
			Some(risk) if state.is_usable() => {
				let margins = Self::margins(group, &state, &risk, rules)?;
				Ok(UnderlyingRequirement::usable(group, collateral, &margins)?)
			}
			risk => {
				let reach = risk.map_or(Ok(Q64::ONE), |risk| risk.scan_cap.to_q64())?;
				let legs = Self::legs_of(group, &state, rules)?;
				let (spot, units) = (state.spot.to_q64()?, group.units.to_q64()?);
				let book = Book { spot, units, legs: &legs };
				let range = value_range(&book, reach).map_err(arithmetic)?;
				Ok(UnderlyingRequirement::unusable(group, collateral, &range)?)
			}
		}
	}

	/// Worst weighted loss of one underlying's holdings at the maintenance range, not capped. At an
	/// unusable price, the loss down to their least value: what depends on one price must not keep
	/// its owner (the mutual pool) from trading on all others.
	pub(crate) fn scan_loss(group: &Group, rules: &Rules) -> Result<Usd, DispatchError> {
		let state = T::Market::state(group.underlying).ok_or(Error::<T>::PriceNotUsable)?;
		if !state.is_usable() {
			let part = Self::requirement_of(group, rules)?;
			let value = part.collateral.checked_add(part.options)?;
			return Ok(value.checked_sub(part.least)?.max(Usd::ZERO));
		}
		let risk = T::Parameters::underlying(group.underlying).ok_or(Error::<T>::NotTradable)?;
		let arrays = Arrays::new(&state, &risk, rules)?;
		let risks = arrays.risks_of::<T>(group)?;
		let unit = arrays.unit()?;
		let legs = array_legs(group, &risks)?;
		let legs = legs.iter().map(|leg| (leg.quantity, &leg.risk.side(leg.quantity).array));
		let units = core::iter::once((group.units.to_q64()?, &unit.array));
		let (loss, _) = scan_loss(units.chain(legs), rules.scenarios()).map_err(arithmetic)?;
		Ok(up(loss)?)
	}

	/// The legs of a group, to be valued from scratch.
	pub(crate) fn legs_of(
		group: &Group,
		state: &MarketState,
		rules: &Rules,
	) -> Result<Vec<Leg>, ArithmeticError> {
		let mut averages = Averages::<T>::new(group.underlying);
		let legs = group.legs.iter().map(|(_, series, quantity)| {
			state.leg(rules.now, series, averages.of(series.expiry), *quantity)
		});
		legs.collect()
	}

	fn margins(
		group: &Group,
		state: &MarketState,
		risk: &UnderlyingRisk,
		rules: &Rules,
	) -> Result<Margins, ArithmeticError> {
		let arrays = Arrays::new(state, risk, rules)?;
		let risks = arrays.risks_of::<T>(group)?;
		let legs = array_legs(group, &risks)?;
		let (spot, units) = (state.spot.to_q64()?, group.units.to_q64()?);
		let unit = if units.is_zero() { None } else { Some(arrays.unit()?) };
		let book = Book { spot, units, legs: &legs };
		requirement_from_arrays(
			&book,
			unit.as_ref(),
			rules.scenarios(),
			&rules.contingencies(risk)?,
		)
		.map_err(arithmetic)
	}
}
