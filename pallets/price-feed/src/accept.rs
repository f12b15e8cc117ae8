//! Accepting this block's ticks.

use crate::{
	average::{keep, RunningSlice},
	feed::{Limits, Outcome, Round},
	market::Market,
	observation::Observation,
	oracle::{RawFeeds, RawValue},
	AcceptedIn, ClosedSlices, Config, Event, Markets, Pallet, PriceSource, RunningSlices, Watched,
	WeightInfo, MAX_UNDERLYINGS, SETTLEMENTS_PER_TICK,
};
use alloc::vec::Vec;
use ballast_primitives::{params::OracleRules, Moment, SurfaceQuote, UnderlyingId};
use ballast_traits::{InspectSeries, RiskParameters};
use frame_support::{
	dispatch::DispatchResult, storage::with_storage_layer, traits::Get, weights::Weight,
};

impl<T: Config> Pallet<T> {
	/// Accepts this block's ticks if that has not happened yet. The weight is that of finding out:
	/// acceptance itself is charged once a block, by `on_initialize`.
	pub(crate) fn do_accept_ticks() -> Weight {
		let block = frame_system::Pallet::<T>::block_number();
		if AcceptedIn::<T>::get() == Some(block) {
			return T::WeightInfo::look_whether_accepted();
		}
		AcceptedIn::<T>::put(block);
		let now = Self::market_now();
		for underlying in Self::underlyings() {
			// one market's failure must not hold up the others
			if let Err(error) = with_storage_layer(|| Self::accept_tick(underlying, now)) {
				log::error!(
					target: "runtime::price-feed",
					"tick of {underlying:?} failed: {error:?}",
				);
				Self::deposit_event(Event::TickFailed { underlying, error });
			}
		}
		T::WeightInfo::look_whether_accepted()
	}

	/// What `on_initialize` charges for accepting the ticks of this block, whoever does it.
	pub(crate) fn weight_of_ticks() -> Weight {
		let keys = u32::try_from(Self::underlyings().len()).unwrap_or(u32::MAX);
		let operators = T::Spot::operators().max(T::Volatilities::operators());
		T::WeightInfo::accept_tick(operators.min(T::MaxOperators::get()))
			.saturating_mul(keys.into())
			.saturating_add(T::WeightInfo::accept_ticks_base())
	}

	/// The underlyings whose ticks are accepted.
	fn underlyings() -> Vec<UnderlyingId> {
		let mut all = T::Series::underlyings();
		all.truncate(MAX_UNDERLYINGS as usize);
		all
	}

	/// Brings one market to now: first what the price in force has meant until now, then the new
	/// tick, then what the new tick means.
	pub(crate) fn accept_tick(underlying: UnderlyingId, now: Moment) -> DispatchResult {
		let mut market = Markets::<T>::get(underlying).unwrap_or_default();
		let rules = T::Parameters::oracle(underlying);
		Self::advance_windows(underlying, &market, &rules, now);
		Self::advance_average(underlying, &market, &rules, now);
		Self::close_day(underlying, &market, &rules, now)?;
		Self::observe_spot(underlying, &mut market, &rules, now);
		let repriced =
			!rules.spot_only && Self::observe_volatility(underlying, &mut market, &rules, now);
		if let Some(risk) = T::Parameters::underlying(underlying) {
			let update = market.update_scan(&risk, &rules, now)?;
			// a range on its way moves every block; that is told on the clock and at its end
			let told = update.moved && (update.notable || repriced);
			if let Some(scan) = market.scan.filter(|_| told) {
				Self::deposit_event(Event::ScanRangeMoved {
					underlying,
					maintenance: scan.maintenance,
					initial: scan.initial(),
					target: scan.target,
				});
			}
		}
		market.updated_at = Some(now);
		Markets::<T>::insert(underlying, market);
		Ok(())
	}

	/// Looks at the operators' prices.
	fn observe_spot(
		underlying: UnderlyingId,
		market: &mut Market,
		rules: &OracleRules,
		now: Moment,
	) {
		let values = Self::plausible(underlying, T::Spot::raw(&underlying), market.spot.round());
		let feed = &mut market.spot;
		match feed.observe(&values, &Limits::of_spot(rules), now) {
			Outcome::Unchanged => {}
			Outcome::Accepted(price) => Self::deposit_event(Event::TickAccepted {
				underlying,
				price,
				operators: feed.operators(),
				dispersion: feed.dispersion(),
			}),
			Outcome::Refused(price, reason) => {
				Self::deposit_event(Event::TickRefused { underlying, price, reason });
			}
		}
	}

	/// Looks at the operators' volatilities; says whether others are accepted now.
	fn observe_volatility(
		underlying: UnderlyingId,
		market: &mut Market,
		rules: &OracleRules,
		now: Moment,
	) -> bool {
		let values = Self::plausible(
			underlying,
			T::Volatilities::raw(&underlying),
			market.volatility.round(),
		);
		let feed = &mut market.volatility;
		let before: Option<SurfaceQuote> = feed.value();
		match feed.observe(&values, &Limits::of_volatility(rules), now) {
			Outcome::Unchanged => {}
			Outcome::Accepted(volatility) => Self::deposit_event(Event::VolatilityAccepted {
				underlying,
				volatility,
				operators: feed.operators(),
			}),
			Outcome::Refused(volatility, reason) => {
				Self::deposit_event(Event::VolatilityRefused { underlying, volatility, reason });
			}
		}
		feed.value() != before
	}

	/// The operators' values with their times; those that cannot be true are told of once (they do
	/// not count, and keep their operator's earlier value from counting).
	fn plausible<V: Observation>(
		underlying: UnderlyingId,
		mut raw: Vec<RawValue<T::AccountId, V>>,
		seen: &Round,
	) -> Vec<(V, Moment)> {
		raw.truncate(T::MaxOperators::get() as usize);
		raw.into_iter()
			.map(|RawValue { operator, value, fed_at }| {
				if !value.is_plausible() && fed_at > seen.at() {
					Self::deposit_event(Event::ValueIgnored { underlying, operator });
				}
				(value, fed_at)
			})
			.collect()
	}

	/// Counts the market in force towards its average. Never fails: what cannot be counted starts the
	/// average anew.
	fn advance_average(
		underlying: UnderlyingId,
		market: &Market,
		rules: &OracleRules,
		now: Moment,
	) {
		let Some(held) = market.held_with_surface(now, rules) else { return };
		let known = RunningSlices::<T>::get(underlying).filter(|running| running.fits(rules));
		if known.is_none() {
			ClosedSlices::<T>::remove(underlying);
		}
		let mut running = known.unwrap_or_else(|| RunningSlice::at(held.from, rules));
		match running.record(&held) {
			Ok(closed) => {
				RunningSlices::<T>::insert(underlying, running);
				if !closed.is_empty() {
					ClosedSlices::<T>::mutate(underlying, |kept| keep(kept, closed));
				}
			}
			Err(error) => {
				log::error!(
					target: "runtime::price-feed",
					"average of {underlying:?} starts anew: {error:?}",
				);
				RunningSlices::<T>::remove(underlying);
				ClosedSlices::<T>::remove(underlying);
			}
		}
	}

	/// Counts the price in force towards the settlement windows that are open, and settles those
	/// that are complete.
	fn advance_windows(
		underlying: UnderlyingId,
		market: &Market,
		rules: &OracleRules,
		now: Moment,
	) {
		let mut watched = Watched::<T>::get(underlying);
		let held = market.held(now, rules);
		let mut changed = false;
		let mut settled: Vec<Moment> = Vec::new();
		for watch in watched.iter_mut() {
			let before = *watch;
			let complete = watch.advance(held, rules, now);
			changed |= *watch != before;
			let expiry = watch.expiry();
			if let Some(ends_at) = watch.moved_since(&before) {
				Self::deposit_event(Event::SettlementWindowMoved { underlying, expiry, ends_at });
			}
			// a complete window stays complete: what is above the limit is settled in the next block
			if let Some(average) = complete.filter(|_| settled.len() < SETTLEMENTS_PER_TICK) {
				let source = PriceSource::Average { covered: average.covered };
				Self::settle(underlying, expiry, average.price, source);
				settled.push(expiry);
			}
		}
		if !settled.is_empty() {
			watched.retain(|watch| !settled.contains(&watch.expiry()));
			changed = true;
		}
		if changed {
			Watched::<T>::insert(underlying, watched);
		}
	}
}
