//! What would happen to an account at other prices.

use super::{
	part::{Ask, Part},
	search::{crossing, places, Crossing},
	types::{Direction, LiquidationPoint, Outlook, UnderlyingExplanation},
};
use crate::{
	desk::Desk, holdings::Group, requirement::Rules, standing::Standing, Config,
	UnderlyingRequirement,
};
use ballast_primitives::{MarketState, Price, Ratio, UnderlyingId, Usd};
use sp_runtime::{ArithmeticError, DispatchError};

use alloc::{collections::BTreeMap, vec::Vec};

/// How far prices are moved, how far apart they are looked up first and how close at last: four, a
/// quarter and a 64th of a scan range.
const REACH: u128 = 4_000_000_000_000_000_000;
const STEP: u128 = 250_000_000_000_000_000;
const WIDTH: u128 = 15_625_000_000_000_000;
/// With options that may be exercised early the first look is at every second step.
const AMERICAN_STEP: u128 = 2 * STEP;
/// How far down at most, as a share of spot.
const FALL: Ratio = Ratio::from_percent(95);

/// What changes, underlying by underlying.
pub(super) type Changes = BTreeMap<UnderlyingId, UnderlyingRequirement>;

/// An account as a whole, to be looked at with some of its parts changed.
pub(super) struct Whole<'a, T> {
	pub rules: &'a Rules,
	pub parts: Vec<Part>,
	cash: Usd,
	claims: Usd,
	/// Equity and excess now.
	equity: Usd,
	pub excess: Usd,
	config: core::marker::PhantomData<T>,
}

impl<'a, T: Config> Whole<'a, T> {
	/// With what it is now.
	pub fn new(
		rules: &'a Rules,
		cash: Usd,
		claims: Usd,
		parts: Vec<Part>,
	) -> Result<Self, ArithmeticError> {
		let (equity, excess) = (Usd::ZERO, Usd::ZERO);
		let config = core::marker::PhantomData;
		let mut whole = Self { rules, parts, cash, claims, equity, excess, config };
		whole.equity = whole.equity(&Changes::new())?;
		whole.excess = whole.excess(&Changes::new())?;
		Ok(whole)
	}

	fn standing(&self, changes: &Changes) -> Result<Standing, ArithmeticError> {
		self.standing_under(self.rules, changes)
	}

	/// Under other margin rules than those in force.
	fn standing_under(
		&self,
		rules: &Rules,
		changes: &Changes,
	) -> Result<Standing, ArithmeticError> {
		let mut standing = Standing::of_cash(self.cash, self.claims);
		for part in &self.parts {
			let underlying = part.group.underlying;
			let requirement = changes.get(&underlying).unwrap_or(&part.requirement);
			let spot_move = rules.spot_move(requirement.binding_maintenance);
			// Only sums are wanted, not what was summed up.
			let group = Group { underlying, units: part.group.units, legs: Vec::new() };
			standing.add(group, requirement, spot_move)?;
		}
		standing.diversify(rules)?;
		Ok(standing)
	}

	/// With what is on unusable prices at its greatest value, as the status sees it.
	fn equity(&self, changes: &Changes) -> Result<Usd, ArithmeticError> {
		self.standing(changes)?.equity_greatest()
	}

	/// That less maintenance margin: negative if the account may be liquidated.
	fn excess(&self, changes: &Changes) -> Result<Usd, ArithmeticError> {
		self.excess_under(self.rules, changes)
	}

	/// The same under other margin rules than those in force.
	pub fn excess_under(&self, rules: &Rules, changes: &Changes) -> Result<Usd, ArithmeticError> {
		let standing = self.standing_under(rules, changes)?;
		standing.equity_greatest()?.checked_sub(standing.maintenance())
	}

	/// One underlying, with its outlook.
	pub fn explain(
		&self,
		desk: &mut Desk<T>,
		part: &Part,
	) -> Result<UnderlyingExplanation, DispatchError> {
		let requirement = part.requirement.clone();
		let Some(market) = &part.market else {
			return Ok(UnderlyingExplanation { requirement, reasons: None });
		};
		let mut reasons = part.reasons(desk, market, self.rules)?;
		reasons.up = self.outlook(part, &market.state, Direction::Up)?;
		reasons.down = self.outlook(part, &market.state, Direction::Down)?;
		Ok(UnderlyingExplanation { requirement, reasons: Some(reasons) })
	}

	/// If this underlying's price alone moves.
	fn outlook(
		&self,
		part: &Part,
		state: &MarketState,
		direction: Direction,
	) -> Result<Outlook, ArithmeticError> {
		let path = Path { spot: state.spot, range: state.scan.maintenance, direction };
		let changes = |place: u128, ask: Ask| -> Result<Changes, ArithmeticError> {
			let moved = MarketState { spot: path.spot_at(place)?, ..*state };
			let changed = part.at::<T>(moved, self.rules, ask)?;
			Ok(Changes::from([(part.group.underlying, changed)]))
		};
		let step = if part.is_american() { AMERICAN_STEP } else { STEP };
		let search = |start: Usd, figure: &dyn Fn(u128) -> Result<Usd, ArithmeticError>| {
			crossing((0, start), places(path.reach(), step), WIDTH, figure)
		};
		let liquidation = if self.excess.is_negative() {
			Some(LiquidationPoint { ranges: Ratio::ZERO, spot: state.spot })
		} else {
			let excess = |place| self.excess(&changes(place, Ask::Maintenance)?);
			let found = search(self.excess, &excess)?;
			found.map(|found| path.point(&found)).transpose()?
		};
		// Whichever side of zero it is on, equity is followed to where it changes sides.
		let bankrupt = self.equity.is_negative();
		let turned = |equity: Usd| if bankrupt { equity.checked_neg() } else { Ok(equity) };
		let equity = |place| turned(self.equity(&changes(place, Ask::Value)?)?);
		let found = search(turned(self.equity)?, &equity)?;
		let bankruptcy = found.map(|found| path.point(&found)).transpose()?;
		Ok(Outlook { liquidation, bankruptcy: bankruptcy.map(|point| point.spot) })
	}
}

/// A price that moves one way. Places on it are scan ranges in units of 1e-18.
struct Path {
	spot: Price,
	range: Ratio,
	direction: Direction,
}

impl Path {
	/// The farthest place.
	fn reach(&self) -> u128 {
		let fall = Price::from_inner(FALL.into_inner());
		let most = fall.share_of_floor(Price::from_inner(self.range.into_inner()));
		match (self.direction, most) {
			(Direction::Down, Ok(most)) => most.into_inner().min(REACH),
			_ => REACH,
		}
	}

	/// The price at a place, rounded down.
	fn spot_at(&self, place: u128) -> Result<Price, ArithmeticError> {
		let shift = self.range.times_floor(Ratio::from_inner(place))?;
		let factor = match self.direction {
			Direction::Up => Ratio::ONE.checked_add(shift)?,
			Direction::Down => Ratio::ONE.checked_sub(shift)?,
		};
		// A price of nothing at all has no logarithm.
		Ok(self.spot.times_floor(factor)?.max(Price::from_inner(1)))
	}

	fn point(&self, found: &Crossing) -> Result<LiquidationPoint, ArithmeticError> {
		let place = found.place()?;
		Ok(LiquidationPoint { ranges: Ratio::from_inner(place), spot: self.spot_at(place)? })
	}
}
