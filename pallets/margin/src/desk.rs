//! What accounts have in common at one tick: rules, markets, series and their risk arrays, each looked at once.
//! However many accounts are then valued, each of them is one storage read.

use crate::{
	arrays::{array_legs, Averages, Market},
	holdings::{Group, Sorted},
	pallet::Accounts,
	positions::index_on,
	requirement::Rules,
	settlement::{claim_of, Payoff},
	standing::Standing,
	Account, CashMarket, Config, Error, Pallet, UnderlyingRequirement,
};
use ballast_math::{
	requirement::{value_range, Book, Leg, Margins},
	risk_array::{requirement_from_arrays, scan_loss, SeriesRisk},
};
use ballast_primitives::{
	arithmetic, AccountHealth, MarketState, Quantity, Series, SeriesId, Sides, UnderlyingId, Usd,
};
use ballast_traits::{InspectMarket, InspectSeries};
use frame_support::ensure;
use sp_runtime::{ArithmeticError, DispatchError};

use alloc::{collections::BTreeMap, vec::Vec};

/// See the module.
pub(crate) struct Desk<T: Config> {
	rules: Rules,
	cash: CashMarket,
	markets: BTreeMap<UnderlyingId, Option<Market>>,
	series: BTreeMap<SeriesId, Option<(Series, Sides)>>,
	risks: BTreeMap<SeriesId, SeriesRisk>,
	config: core::marker::PhantomData<T>,
}

impl<T: Config> Desk<T> {
	/// What is computed is stored for the next call.
	pub fn new() -> Result<Self, DispatchError> {
		Ok(Self::with(Rules::load::<T>()?))
	}

	/// For a look that leaves no trace.
	pub fn for_view() -> Result<Self, DispatchError> {
		Ok(Self::with(Rules::for_view::<T>()?))
	}

	fn with(rules: Rules) -> Self {
		Self {
			rules,
			cash: Pallet::<T>::cash_market(),
			markets: BTreeMap::new(),
			series: BTreeMap::new(),
			risks: BTreeMap::new(),
			config: core::marker::PhantomData,
		}
	}

	/// An account with the interest on its cash: one storage read.
	pub fn load(&self, who: &T::AccountId) -> Account {
		Accounts::<T>::get(who).map(|stored| stored.at(&self.cash)).unwrap_or_default()
	}

	fn series(&mut self, id: SeriesId) -> Option<(Series, Sides)> {
		*self
			.series
			.entry(id)
			.or_insert_with(|| T::Series::series(id).map(|series| (series, T::Series::sides(id))))
	}

	/// The market of an underlying; `None` if no tick was ever accepted.
	fn market(&mut self, id: UnderlyingId) -> Result<Option<&Market>, DispatchError> {
		if !self.markets.contains_key(&id) {
			let market = match T::Market::state(id) {
				Some(state) => Some(Market::new::<T>(id, state, &self.rules)?),
				None => None,
			};
			self.markets.insert(id, market);
		}
		Ok(self.markets.get(&id).and_then(Option::as_ref))
	}

	/// Makes sure that the risks of a group's series are known.
	fn learn(&mut self, group: &Group, market: &Market) -> Result<(), DispatchError> {
		let mut averages = Averages::<T>::new(group.underlying);
		for (id, series, _) in &group.legs {
			if self.risks.contains_key(id) {
				continue;
			}
			let averaging = averages.of(series.expiry);
			let traded = self.series(*id).is_some_and(|(_, sides)| sides.long.total.is_positive());
			let keep = self.rules.keeps_arrays() && traded;
			let risk = market.risk_of::<T>((*id, series), averaging, &self.rules, keep)?;
			self.risks.insert(*id, risk);
		}
		Ok(())
	}

	/// Sorts an account's holdings, with `change` contracts of a series added.
	///
	/// Something that is listed no more (an asset or series whose listing was removed while it was
	/// held, which the listing does not allow) counts for nothing rather than failing: an account
	/// must always have a value. Covered shorts and what covers them are not in it.
	pub fn sorted(
		&mut self,
		account: &Account,
		change: Option<(SeriesId, Quantity)>,
	) -> Result<Sorted, DispatchError> {
		let mut sorted = Sorted::default();
		for (asset, units) in account.collateral() {
			let group = T::Series::underlying_of(asset).map(|id| sorted.group(id));
			if let Some(group) = group {
				group.units = group.units.checked_add(units)?;
			}
		}
		let mut positions: Vec<_> = account.positions().collect();
		if let Some((id, change)) = change {
			let mut position = account.position(id);
			let sides = self.series(id).ok_or(Error::<T>::SeriesUnknown)?.1;
			let (folded, _) = Pallet::<T>::folded(id, &position, &sides)?;
			position.quantity = folded.quantity.checked_add(change)?;
			position.index = index_on(&sides, position.quantity);
			positions.retain(|(other, _)| *other != id);
			positions.push((id, position));
		}
		for (id, position) in positions {
			sorted.claims = sorted.claims.checked_add(position.claim())?;
			let Some((series, sides)) = self.series(id) else { continue };
			let (position, money) = Pallet::<T>::folded(id, &position, &sides)?;
			if position.cover.is_some() {
				continue;
			}
			sorted.claims = sorted.claims.checked_add(money)?;
			sorted.add(id, series, position.quantity)?;
		}
		for group in &mut sorted.groups {
			group.legs.sort_by_key(|(_, series, _)| (series.expiry, series.strike));
		}
		Ok(sorted)
	}

	/// Value and requirement of one underlying's holdings.
	///
	/// An underlying without any tick has no options, since none could be traded; its units are worth
	/// nothing to the clearing house. One whose risk was never set counts as unusable, over
	/// the whole range from nothing to twice its price.
	pub fn requirement_of(
		&mut self,
		group: &Group,
	) -> Result<UnderlyingRequirement, DispatchError> {
		let Some(market) = self.market(group.underlying)?.cloned() else {
			return Ok(UnderlyingRequirement::nothing(group));
		};
		// The ledger's product is exact where the kernel's binary one is not.
		let collateral = market.state.spot.value_floor(group.units)?;
		if market.is_margined() {
			let margins = self.margins(group, &market)?;
			return Ok(UnderlyingRequirement::usable(group, collateral, &margins, &market)?);
		}
		let legs = Self::legs_of(group, &market.state, &self.rules)?;
		let (spot, units) = (market.state.spot.to_q64()?, group.units.to_q64()?);
		let range =
			value_range(&Book { spot, units, legs: &legs }, market.reach()?).map_err(arithmetic)?;
		Ok(UnderlyingRequirement::unusable(group, collateral, &range)?)
	}

	/// Mark and requirement in the numbers of the kernel, at a usable price.
	pub fn margins(&mut self, group: &Group, market: &Market) -> Result<Margins, DispatchError> {
		self.learn(group, market)?;
		let legs = array_legs(group, &self.risks, self.rules.now())?;
		let (spot, units) = (market.state.spot.to_q64()?, group.units.to_q64()?);
		let unit = if units.is_zero() { None } else { Some(market.unit(&self.rules)?) };
		let book = Book { spot, units, legs: &legs };
		let margins = requirement_from_arrays(
			&book,
			unit.as_ref(),
			self.rules.scenarios(),
			market.contingencies(),
		);
		Ok(margins.map_err(arithmetic)?)
	}

	/// Worst weighted loss of one underlying's holdings at the maintenance range, not capped. At an
	/// unusable price, the loss down to their least value: what depends on one price must not keep
	/// its owner (the mutual pool) from trading on all others.
	pub fn scan_loss(&mut self, group: &Group) -> Result<Usd, DispatchError> {
		let market = self.market(group.underlying)?.ok_or(Error::<T>::PriceNotUsable)?.clone();
		if !market.state.is_usable() {
			let part = self.requirement_of(group)?;
			let value = part.collateral.checked_add(part.options)?;
			return Ok(value.checked_sub(part.least)?.max(Usd::ZERO));
		}
		ensure!(market.is_margined(), Error::<T>::NotTradable);
		self.learn(group, &market)?;
		let unit = market.unit(&self.rules)?;
		let legs = array_legs(group, &self.risks, self.rules.now())?;
		let legs = legs.iter().map(|leg| (leg.quantity, &leg.risk.side(leg.quantity).array));
		let units = core::iter::once((group.units.to_q64()?, &unit.array));
		let (loss, _) = scan_loss(units.chain(legs), self.rules.scenarios()).map_err(arithmetic)?;
		Ok(crate::requirement::up(loss)?)
	}

	/// The legs of a group, to be valued from scratch.
	pub fn legs_of(
		group: &Group,
		state: &MarketState,
		rules: &Rules,
	) -> Result<Vec<Leg>, ArithmeticError> {
		let mut averages = Averages::<T>::new(group.underlying);
		let legs = group.legs.iter().map(|(_, series, quantity)| {
			state.leg(rules.now(), series, averages.of(series.expiry), *quantity)
		});
		legs.collect()
	}

	/// Marks an account and computes its requirement.
	pub fn standing(&mut self, account: &Account) -> Result<Standing, DispatchError> {
		let sorted = self.sorted(account, None)?;
		let mut standing = Standing::of_cash(account.cash(), sorted.claims);
		for group in sorted.groups {
			let part = self.requirement_of(&group)?;
			let spot_move = self.rules.spot_move(part.binding_maintenance);
			standing.add(group, &part, spot_move)?;
		}
		standing.diversify(&self.rules)?;
		Ok(standing)
	}

	/// Equity, requirements and status.
	pub fn health(&mut self, who: &T::AccountId) -> Result<AccountHealth, DispatchError> {
		let account = self.load(who);
		Ok(self.standing(&account)?.health()?)
	}
}

impl Sorted {
	/// Adds contracts that nothing covers.
	fn add(
		&mut self,
		id: SeriesId,
		series: Series,
		quantity: Quantity,
	) -> Result<(), ArithmeticError> {
		if quantity.is_zero() {
			return Ok(());
		}
		let Some(payoff) = Payoff::of(&series)? else {
			self.group(series.underlying).legs.push((id, series, quantity));
			return Ok(());
		};
		if !series.is_in_kind() {
			self.claims = self.claims.checked_add(claim_of(payoff, quantity)?)?;
		} else if quantity.is_positive() {
			// What is owed in units moves with their price.
			let units = payoff.due.value_floor(quantity)?;
			let group = self.group(series.underlying);
			group.units = group.units.checked_add(Quantity::from_inner(units.into_inner()))?;
		}
		Ok(())
	}
}
