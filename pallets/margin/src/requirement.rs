//! The margin requirement of one underlying's holdings: what `ballast_math::requirement` is asked, in
//! its numbers, and the answer in the ledger's.

use crate::{holdings::Group, types::UnderlyingRequirement, Config, Error, Pallet};
use ballast_math::{
	fixed::{Rounding, Q64},
	requirement::{requirement, value_range, Book, Contingencies, Grid, Leg, Margins, ValueRange},
	scenario::{Scenario, SpotMove, VolMove, VolShock},
};
use ballast_primitives::{
	arithmetic,
	params::{self, ScenarioRule, UnderlyingRisk},
	time::{years_between, YEAR},
	MarketState, Moment, Quantity, Series, SeriesId, Usd,
};
use ballast_traits::{InspectMarket, RiskParameters};
use sp_runtime::{ArithmeticError, DispatchError, FixedI128};

use alloc::vec::Vec;

/// The margin rules in the numbers of the kernel, and the time: loaded once per account.
pub(crate) struct Rules {
	scenarios: Vec<Scenario>,
	initial_factor: Q64,
	now: Moment,
}

impl Rules {
	/// The rules in force.
	pub fn load<T: Config>() -> Result<Self, DispatchError> {
		let rules = T::Parameters::margin();
		Ok(Self {
			scenarios: rules.scenarios.iter().map(scenario).collect::<Result<_, _>>()?,
			initial_factor: rules.initial_factor.to_q64()?,
			now: T::Market::now(),
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

fn shock(risk: &UnderlyingRisk) -> Result<VolShock, ArithmeticError> {
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

/// A position as the kernel sees it.
fn leg(
	state: &MarketState,
	now: Moment,
	(_, series, quantity): &(SeriesId, Series, Quantity),
) -> Result<Leg, ArithmeticError> {
	let years = years_between(now, series.expiry);
	Ok(Leg {
		kind: series.kind.into(),
		strike: series.strike.to_q64()?,
		expiry: series.expiry,
		years,
		forward: state.forward(years)?,
		discount: state.discount(years)?,
		volatility: state.volatility_at(series.strike, years)?,
		quantity: quantity.to_q64()?,
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
		let legs = Self::legs_of(group, &state, rules)?;
		// The ledger's product is exact where the kernel's binary one is not.
		let collateral = state.spot.value_floor(group.units)?;
		let (spot, units) = (state.spot.to_q64()?, group.units.to_q64()?);
		let book = Book { spot, units, legs: &legs };
		let risk = T::Parameters::underlying(group.underlying);
		match risk {
			Some(risk) if state.is_usable() => {
				let margins = Self::margins(&book, &state, &risk, rules, state.scan.initial)?;
				Ok(UnderlyingRequirement::usable(group, collateral, &margins)?)
			}
			risk => {
				let reach = risk.map_or(Ok(Q64::ONE), |risk| risk.scan_cap.to_q64())?;
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
		let legs = Self::legs_of(group, &state, rules)?;
		let book = Book { spot: state.spot.to_q64()?, units: group.units.to_q64()?, legs: &legs };
		// The range of initial margin is not asked for: with one range the grid is valued once.
		let margins = Self::margins(&book, &state, &risk, rules, state.scan.maintenance)?;
		Ok(up(margins.loss_mm)?)
	}

	fn legs_of(
		group: &Group,
		state: &MarketState,
		rules: &Rules,
	) -> Result<Vec<Leg>, ArithmeticError> {
		group.legs.iter().map(|entry| leg(state, rules.now, entry)).collect()
	}

	fn margins(
		book: &Book<'_>,
		state: &MarketState,
		risk: &UnderlyingRisk,
		rules: &Rules,
		initial_range: ballast_primitives::Ratio,
	) -> Result<Margins, ArithmeticError> {
		let grid = Grid {
			scenarios: &rules.scenarios,
			range_mm: state.scan.maintenance.to_q64()?,
			range_im: initial_range.to_q64()?,
			shock: shock(risk)?,
		};
		let contingencies = Contingencies {
			short_mm: risk.short_contingency_maintenance.to_q64()?,
			short_im: risk.short_contingency_initial.to_q64()?,
			initial_factor: rules.initial_factor,
		};
		requirement(book, &grid, &contingencies).map_err(arithmetic)
	}
}
