//! What other pallets and the runtime API ask.

use crate::{
	market::Scan, runtime_api::MarketView, ClosedSlices, Config, Markets, Pallet, RunningSlices,
	SettlementPrices, Watched,
};
use alloc::vec::Vec;
use ballast_math::fixed::Rounding;
use ballast_primitives::{
	params::UnderlyingRisk, time::years_between, Averaging, MarketState, Moment, Price, Ratio,
	UnderlyingId, Volatility,
};
use ballast_traits::{InspectMarket, MutateMarket, RiskParameters};
use frame_support::{dispatch::DispatchResult, weights::Weight};

impl<T: Config> InspectMarket for Pallet<T> {
	fn now() -> Moment {
		Self::market_now()
	}

	fn state(underlying: UnderlyingId) -> Option<MarketState> {
		let rules = T::Parameters::oracle(underlying);
		Markets::<T>::get(underlying)?.state(Self::market_now(), &rules)
	}

	fn block_length() -> Moment {
		Self::block_length()
	}

	fn scan_target(underlying: UnderlyingId, risk: &UnderlyingRisk) -> Option<Ratio> {
		let rules = T::Parameters::oracle(underlying);
		Markets::<T>::get(underlying)?.target_under(risk, &rules).ok()?
	}

	fn average(underlying: UnderlyingId) -> Option<MarketState> {
		let rules = T::Parameters::oracle(underlying);
		let now = Self::market_now();
		let market = Markets::<T>::get(underlying).filter(|_| !rules.spot_only)?;
		let state = market.state(now, &rules).filter(MarketState::is_usable)?;
		let running = RunningSlices::<T>::get(underlying)?;
		let closed = ClosedSlices::<T>::get(underlying);
		let mean = running.average(&closed, &rules, now).ok()??;
		Some(MarketState { spot: mean.spot, volatility: mean.surface, ..state })
	}

	fn settlement_price(underlying: UnderlyingId, expiry: Moment) -> Option<Price> {
		SettlementPrices::<T>::get(underlying, expiry)
	}

	fn averaging(underlying: UnderlyingId, expiry: Moment) -> Option<Averaging> {
		let watched = Watched::<T>::get(underlying);
		watched.iter().find(|watch| watch.expiry() == expiry)?.averaging(Self::market_now())
	}
}

impl<T: Config> MutateMarket for Pallet<T> {
	/// The weight is that of a look: `on_initialize` has charged for the acceptance itself.
	fn accept_ticks() -> Weight {
		Self::do_accept_ticks()
	}

	fn watch_expiry(underlying: UnderlyingId, expiry: Moment) -> DispatchResult {
		Self::do_watch_expiry(underlying, expiry)
	}

	fn forget_expiry(underlying: UnderlyingId, expiry: Moment) {
		Self::do_forget_expiry(underlying, expiry);
	}
}

/// For the runtime API.
impl<T: Config> Pallet<T> {
	/// Puts every scan range where it is bound for under the risk in force, at once. For a look at what
	/// that would mean, in a transaction that is rolled back.
	pub fn finish_scan_ranges() {
		for (underlying, mut market) in Markets::<T>::iter().collect::<Vec<_>>() {
			let risk = T::Parameters::underlying(underlying);
			let target = risk.and_then(|risk| Self::scan_target(underlying, &risk));
			if let Some(target) = target {
				market.scan = Some(Scan { maintenance: target, target });
				Markets::<T>::insert(underlying, market);
			}
		}
	}

	/// Everything about a market that one may want to see.
	pub fn market_view(underlying: UnderlyingId) -> Option<MarketView> {
		let market = Markets::<T>::get(underlying)?;
		let now = Self::market_now();
		let rules = T::Parameters::oracle(underlying);
		let state = market.state(now, &rules)?;
		let realised = market.realised?;
		let watched: Vec<Moment> =
			Watched::<T>::get(underlying).iter().map(|watch| watch.expiry()).collect();
		Some(MarketView {
			state,
			spot_age: now.saturating_sub(state.spot_at),
			volatility_age: now.saturating_sub(state.volatility_at),
			realised_fast: realised.fast,
			realised_slow: realised.slow,
			scan_target: market.scan?.target,
			unconfirmed_spot: market.spot.pending().map(|pending| pending.value()),
			watched,
			spot_only: rules.spot_only,
		})
	}

	/// Volatility for an option of this strike and expiry; `None` if the market is unknown, only spot
	/// is fed or the expiry is past.
	pub fn volatility_view(
		underlying: UnderlyingId,
		strike: Price,
		expiry: Moment,
	) -> Option<Volatility> {
		let now = Self::market_now();
		let state = Self::state_with_surface(underlying).filter(|_| expiry > now)?;
		let volatility = state.volatility_at(strike, years_between(now, expiry)).ok()?;
		Volatility::from_q64(volatility, Rounding::Nearest).ok()
	}

	/// The market of an underlying, if its surface is one that operators feed.
	pub(crate) fn state_with_surface(underlying: UnderlyingId) -> Option<MarketState> {
		let rules = T::Parameters::oracle(underlying);
		let market = Markets::<T>::get(underlying).filter(|_| !rules.spot_only)?;
		market.state(Self::market_now(), &rules)
	}
}
