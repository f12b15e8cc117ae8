//! The beginning of a round: deposits and withdrawals that wait, the strike, the auction.

use crate::{
	pallet::*,
	purse::{amount_floor, quantity_of},
	types::*,
	VaultOf, WeightInfo,
};
use ballast_math::{fixed::Rounding, vault};
use ballast_primitives::{
	params::UnderlyingRisk, Grid, MarketState, Moment, Price, Quantity, Ratio, Usd,
};
use ballast_traits::{InspectMarket, InspectSeries, MutateSeries, RiskParameters};
use frame_support::pallet_prelude::*;

/// What is to be sold.
struct Plan {
	strike: Price,
	expiry: Moment,
	mark: Price,
}

/// An evaluation of the search for a strike takes less than 50 us (`docs/math.md` times Greeks), and there are
/// at most as many as the kernel allows.
const SEARCH: Weight = Weight::from_parts(50_000_000 * vault::EVALUATIONS_MAX as u64, 0);

impl<T: Config> Pallet<T> {
	/// What opening a round costs at most. The benchmark's turn has deposits alone and its strike is found
	/// soon: besides them withdrawals, a surplus, and the longest search.
	pub(crate) fn weight_of_opening() -> Weight {
		T::WeightInfo::open_round()
			.saturating_add(T::WeightInfo::turn())
			.saturating_add(T::WeightInfo::turn())
			.saturating_add(SEARCH)
	}

	pub(crate) fn do_open_round(id: VaultId) -> DispatchResult {
		let mut vault = Self::vault(id)?;
		ensure!(!vault.closed, Error::<T>::VaultIsClosed);
		let State::Idle(idle) = vault.state else {
			return Err(Error::<T>::RoundRunning.into());
		};
		let now = T::Market::now();
		ensure!(now >= idle.not_before, Error::<T>::TooEarly);
		// Nobody could buy, and the next round would begin at the next expiry only.
		Self::ensure_not_halted(&vault)?;
		let market = T::Market::average(vault.underlying).ok_or(Error::<T>::MarketNotUsable)?;
		Self::take_turn(id, &mut vault)?;
		// Roundings and interest that nobody's shares stand for are not worth a round.
		ensure!(vault.shares > 0, Error::<T>::NothingToSell);
		Self::change_terms(id, &mut vault);
		let rules = T::Parameters::vaults();
		let terms = vault.terms.within(&rules);
		let earliest = now.saturating_add(terms.auction).saturating_add(rules.life_min);
		let plan = Self::plan(&vault, &terms, &market, now, earliest)?;
		let kind = vault.strategy.kind();
		let series = T::Series::ensure_listed(vault.underlying, kind, plan.strike, plan.expiry)?;
		let assets = Self::free_assets(id, &vault)?;
		let offered = Self::offered_contracts(&vault, assets, plan.strike)?;
		let auction = Auction {
			start: plan.mark.times_ceil(terms.start)?,
			reserve: plan.mark.times_ceil(terms.reserve)?,
			began: now,
			ends: now.saturating_add(terms.auction),
		};
		ensure!(!auction.reserve.is_zero(), Error::<T>::NothingToSell);
		let Plan { strike, expiry, mark } = plan;
		let (sold, premium) = (Quantity::ZERO, 0);
		vault.state = State::Selling(Selling {
			series,
			strike,
			expiry,
			offered,
			sold,
			premium,
			assets,
			auction,
		});
		let round = vault.round;
		Vaults::<T>::insert(id, vault);
		let Auction { start, reserve, ends, .. } = auction;
		Self::deposit_event(Event::RoundOpened {
			vault: id,
			round,
			series,
			strike,
			expiry,
			offered,
			mark,
			start,
			reserve,
			ends,
		});
		Ok(())
	}

	/// Terms whose notice is over come into force.
	fn change_terms(id: VaultId, vault: &mut VaultOf<T>) {
		if let Some(Scheduled { terms, from }) = vault.scheduled {
			if vault.round >= from {
				vault.terms = terms;
				vault.scheduled = None;
				Self::deposit_event(Event::TermsChanged { vault: id, terms });
			}
		}
	}

	/// Strike and expiry by the vault's rule and the mark of a contract, all on the average market.
	fn plan(
		vault: &VaultOf<T>,
		terms: &VaultTerms,
		market: &MarketState,
		now: Moment,
		earliest: Moment,
	) -> Result<Plan, DispatchError> {
		let grid = T::Series::grid(vault.underlying).ok_or(Error::<T>::UnderlyingNotListed)?;
		let expiry = terms.expiry.next(earliest, grid.expiry_time);
		let strike = Self::strike(vault, terms, market, &grid, now, expiry)?;
		let kind = vault.strategy.kind();
		let (greeks, _) =
			market.greeks(now, kind, strike, expiry).map_err(|_| Error::<T>::MarketNotUsable)?;
		let mark = Price::from_q64(greeks.price.max(Default::default()), Rounding::Nearest)?;
		Ok(Plan { strike, expiry, mark })
	}

	/// The strike of a vault's rule.
	fn strike(
		vault: &VaultOf<T>,
		terms: &VaultTerms,
		market: &MarketState,
		grid: &Grid,
		now: Moment,
		expiry: Moment,
	) -> Result<Price, DispatchError> {
		let kind = vault.strategy.kind();
		let (spot, step) = (market.spot.into_inner(), grid.strike_step.into_inner());
		let strike = match terms.strike {
			StrikeRule::Distance(distance) => {
				vault::strike_at_distance(kind.into(), spot, step, distance.into_inner())
			}
			StrikeRule::Delta(target) => {
				let delta = |strike| -> Result<u128, DispatchError> {
					let strike = Price::from_inner(strike);
					let (greeks, _) = market
						.greeks(now, kind, strike, expiry)
						.map_err(|_| Error::<T>::MarketNotUsable)?;
					let size = greeks.delta.checked_abs().ok_or(Error::<T>::MarketNotUsable)?;
					Ok(Ratio::from_q64(size, Rounding::Ceil)?.into_inner())
				};
				vault::strike_for_delta(kind.into(), spot, step, target.into_inner(), delta)?
			}
		};
		Ok(strike.map(Price::from_inner).ok_or(Error::<T>::NoStrike)?)
	}

	/// As many contracts as the assets cover and one account may hold, in whole steps.
	fn offered_contracts(
		vault: &VaultOf<T>,
		assets: AssetAmount,
		strike: Price,
	) -> Result<Quantity, DispatchError> {
		let risk: UnderlyingRisk =
			T::Parameters::underlying(vault.underlying).ok_or(Error::<T>::UnderlyingNotListed)?;
		let held = quantity_of(assets, vault.decimals)?;
		let covered = match vault.strategy {
			Strategy::CoveredCall => held,
			Strategy::CashSecuredPut => {
				Usd::from_inner(held.into_inner()).quantity_at_floor(strike)?
			}
		};
		let offered = risk.in_whole_steps(covered.min(risk.position_cap));
		ensure!(risk.opening_fault(offered).is_none(), Error::<T>::NothingToSell);
		Ok(offered)
	}

	/// What is locked behind so many contracts, in the vault's asset, rounded down.
	pub(crate) fn locked_behind(
		vault: &VaultOf<T>,
		strike: Price,
		contracts: Quantity,
	) -> Result<AssetAmount, DispatchError> {
		let locked = match vault.strategy {
			Strategy::CoveredCall => contracts,
			Strategy::CashSecuredPut => {
				Quantity::from_inner(strike.value_floor(contracts)?.into_inner())
			}
		};
		Ok(amount_floor(locked, vault.decimals)?)
	}
}
