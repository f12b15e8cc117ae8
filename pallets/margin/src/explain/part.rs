//! An underlying's holdings, to be valued at other markets than the present one.

use crate::{
	arrays::{Averages, Market},
	desk::Desk,
	holdings::Group,
	requirement::Rules,
	Config, UnderlyingRequirement,
};
use ballast_math::requirement::{requirement, Book, Grid};
use ballast_primitives::{arithmetic, params::UnderlyingRisk, Averaging, MarketState, Style};
use ballast_traits::InspectMarket;
use sp_runtime::{ArithmeticError, DispatchError};

use alloc::vec::Vec;

/// See the module.
pub(super) struct Part {
	pub group: Group,
	/// `None` while there is no requirement.
	pub market: Option<Market>,
	/// As it is now.
	pub requirement: UnderlyingRequirement,
	/// What is averaged of each leg's settlement price.
	averages: Vec<Option<Averaging>>,
}

/// What is asked of a revaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
	/// Value alone.
	Value,
	/// Value and maintenance margin. Initial margin is not asked: what is answered in its place is one
	/// at the range of maintenance margin.
	Maintenance,
}

impl Part {
	/// As it is now.
	pub fn new<T: Config>(
		desk: &mut Desk<T>,
		rules: &Rules,
		group: Group,
	) -> Result<Self, DispatchError> {
		let id = group.underlying;
		let market = match T::Market::state(id) {
			Some(state) => Some(Market::new::<T>(id, state, rules)?),
			None => None,
		};
		let mut averages = Averages::<T>::new(id);
		let averages = group.legs.iter().map(|(_, series, _)| averages.of(series.expiry)).collect();
		let requirement = desk.requirement_of(&group)?;
		Ok(Self { market: market.filter(Market::is_margined), group, requirement, averages })
	}

	/// What is averaged of each leg's settlement price.
	pub fn averages(&self) -> impl Iterator<Item = Option<Averaging>> + '_ {
		self.averages.iter().copied()
	}

	/// Whether any leg may be exercised early: those cost far more to value.
	pub fn is_american(&self) -> bool {
		self.group.legs.iter().any(|(_, series, _)| series.style == Style::American)
	}

	/// At another market, from scratch.
	pub fn at<T: Config>(
		&self,
		state: MarketState,
		rules: &Rules,
		ask: Ask,
	) -> Result<UnderlyingRequirement, ArithmeticError> {
		self.valued(&Market::new::<T>(self.group.underlying, state, rules)?, rules, ask)
	}

	/// At another market and under another risk, from scratch.
	pub fn under<T: Config>(
		&self,
		state: MarketState,
		risk: UnderlyingRisk,
		rules: &Rules,
	) -> Result<UnderlyingRequirement, ArithmeticError> {
		let market = Market::under::<T>(self.group.underlying, state, Some(risk), rules)?;
		self.valued(&market, rules, Ask::Maintenance)
	}

	fn valued(
		&self,
		market: &Market,
		rules: &Rules,
		ask: Ask,
	) -> Result<UnderlyingRequirement, ArithmeticError> {
		let state = &market.state;
		let legs = self.group.legs.iter().zip(self.averages());
		let legs: Result<Vec<_>, ArithmeticError> = legs
			.map(|((_, series, quantity), averaging)| {
				state.leg(rules.now(), series, averaging, *quantity)
			})
			.collect();
		let legs = legs?;
		let grid = market.grid(rules)?;
		let scenarios = match ask {
			Ask::Value => &[],
			Ask::Maintenance => grid.scenarios,
		};
		let grid = Grid { scenarios, range_im: grid.range_mm, ..grid };
		let (spot, units) = (state.spot.to_q64()?, self.group.units.to_q64()?);
		let book = Book { spot, units, legs: &legs };
		let margins = requirement(&book, &grid, market.contingencies()).map_err(arithmetic)?;
		let collateral = state.spot.value_floor(self.group.units)?;
		UnderlyingRequirement::usable(&self.group, collateral, &margins, market)
	}
}
