//! Early exercise: a request now, done at the first tick accepted after it.
//!
//! An exercise at the price that everybody sees already would be a free look: so a request names no price
//! and cannot be taken back or put off, and the contracts cannot be sold meanwhile. It is done at the beginning of the block
//! after the one that accepted the tick, before any other price can be accepted, at that tick's spot price.

use crate::{
	pallet::{Event, ExerciseRequests},
	Account, Config, Error, ExerciseQueue, ExerciseRequest, Pallet, WeightInfo,
};
use ballast_primitives::{
	MarketState, Moment, Price, Quantity, Series, SeriesId, SeriesState, Side, Style, UnderlyingId,
};
use ballast_traits::{InspectMarket, InspectSeries, RiskParameters};
use frame_support::{
	dispatch::DispatchResult, ensure, storage::with_storage_layer, traits::Get, weights::Weight,
};
use sp_runtime::DispatchError;

/// Exercises may use one part in so many of a block.
const BLOCK_PARTS: u64 = 5;
/// What is read to see whether a request waits: its series and the market.
const LOOK_READS: u64 = 3;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_exercise(
		who: &T::AccountId,
		id: SeriesId,
		quantity: Quantity,
	) -> Result<u32, DispatchError> {
		ensure!(quantity.is_positive(), Error::<T>::AmountZero);
		let series = T::Series::series(id).ok_or(Error::<T>::SeriesUnknown)?;
		let now = T::Market::now();
		let live = series.state == SeriesState::Live && now < series.expiry;
		ensure!(live, Error::<T>::SeriesNotLive);
		ensure!(series.style == Style::American, Error::<T>::NotAmerican);
		let market = T::Market::state(series.underlying).filter(MarketState::is_usable);
		let spot_at = market.ok_or(Error::<T>::PriceNotUsable)?.spot_at;
		let positions = Self::do_touch(who)?.positions;
		Self::do_guarded(who, || {
			let requested = Self::add_request(who, (id, series.underlying), quantity)?;
			Self::queue_request(who, id, now, spot_at)?;
			let who = who.clone();
			Self::deposit_event(Event::ExerciseRequested { who, series: id, quantity, requested });
			Ok(())
		})?;
		Ok(positions)
	}

	/// Marks contracts as being exercised; returns how many are in all.
	fn add_request(
		who: &T::AccountId,
		(id, underlying): (SeriesId, UnderlyingId),
		quantity: Quantity,
	) -> Result<Quantity, DispatchError> {
		let mut account = Self::load(who);
		let mut position = account.position(id);
		let requested = position.requested().checked_add(quantity)?;
		ensure!(requested <= position.quantity, Error::<T>::InsufficientPosition);
		// The queue has room for few: dust goes with the rest of a position, or not at all.
		let least = T::Parameters::underlying(underlying).map(|risk| risk.quantity_min);
		let enough = quantity >= least.unwrap_or_default() || requested == position.quantity;
		ensure!(enough, Error::<T>::QuantityTooSmall);
		position.set_exercising(requested, position.claim());
		Self::put_position(&mut account, id, position)?;
		Self::store(who, account);
		Ok(requested)
	}

	/// Queues a request, with what waits of the same contracts already: what is added must not meet a
	/// tick that its owner has seen. Nor may what waits be put off by it: once it has met a tick, nothing
	/// is added.
	fn queue_request(
		who: &T::AccountId,
		id: SeriesId,
		now: Moment,
		spot_at: Moment,
	) -> DispatchResult {
		ExerciseRequests::<T>::try_mutate(|queue| {
			let same = |request: &ExerciseRequest<T::AccountId>| {
				request.who == *who && request.series == id
			};
			let met = queue.iter().any(|request| same(request) && spot_at > request.at);
			ensure!(!met, Error::<T>::BeingExercised);
			queue.retain(|request| !same(request));
			queue
				.try_push(ExerciseRequest { who: who.clone(), series: id, at: now })
				.map_err(|_| Error::<T>::TooManyExerciseRequests.into())
		})
	}

	/// The account as if what waits were exercised at the price in force: money instead of contracts, which
	/// hedge nothing any more. `None` if nothing waits. It must be up to date.
	pub(crate) fn as_exercised(account: &Account) -> Result<Option<Account>, DispatchError> {
		let mut exercised = account.clone();
		for (id, mut position) in account.positions() {
			let requested = position.requested();
			let series = T::Series::series(id).filter(|series| series.state == SeriesState::Live);
			let (true, Some(series)) = (requested.is_positive(), series) else { continue };
			let Some(market) = T::Market::state(series.underlying) else { continue };
			let payoff = series.payoff(market.spot)?;
			if !payoff.is_zero() {
				let claim = position.claim().checked_add(payoff.value_floor(requested)?)?;
				position.quantity = position.quantity.checked_sub(requested)?;
				position.set_exercising(Quantity::ZERO, claim);
				Self::put_position(&mut exercised, id, position)?;
			}
		}
		Ok((exercised != *account).then_some(exercised))
	}

	/// Does what waits and has met a tick. Part of `on_initialize`: no tick of this block is accepted
	/// yet, so the price in force is that of the block before. All requests fit into the part of a block that they
	/// may use; should weights ever say otherwise, the rest is done in the next block.
	pub(crate) fn do_exercises() -> Weight {
		let queue = ExerciseRequests::<T>::get();
		let mut used = T::WeightInfo::exercises(0);
		if queue.is_empty() {
			return used;
		}
		let most = T::BlockWeights::get().max_block.saturating_div(BLOCK_PARTS);
		let one = T::WeightInfo::exercises(1);
		let mut left = ExerciseQueue::<T::AccountId>::default();
		let mut any = false;
		for request in queue {
			used.saturating_accrue(T::DbWeight::get().reads(LOOK_READS));
			// One is done in any case.
			let room = !any || used.saturating_add(one).all_lte(most);
			let waits = !room || {
				let (waits, weight) = Self::meet_or_wait(&request);
				used.saturating_accrue(weight);
				any |= !waits;
				waits
			};
			if waits {
				// The queue that is left is no longer than the queue.
				let _ = left.try_push(request);
			}
		}
		ExerciseRequests::<T>::put(left);
		used
	}

	/// Whether a request goes on waiting, and what it took to do it if it does not.
	fn meet_or_wait(request: &ExerciseRequest<T::AccountId>) -> (bool, Weight) {
		match with_storage_layer(|| Self::meet(request)) {
			Ok(true) => (true, Weight::zero()),
			Ok(false) => (false, T::WeightInfo::exercises(1)),
			Err(error) => {
				log::error!(target: crate::LOG_TARGET, "exercise of {request:?}: {error:?}");
				(true, T::WeightInfo::exercises(1))
			}
		}
	}

	/// Whether a request goes on waiting. At an expired series it lapses: what is in the money is
	/// exercised by itself there.
	fn meet(request: &ExerciseRequest<T::AccountId>) -> Result<bool, DispatchError> {
		let ExerciseRequest { who, series: id, at } = request;
		let series = T::Series::series(*id);
		let live = series.filter(|series| series.state == SeriesState::Live);
		let Some(series) = live else {
			return Self::lapse(who, *id).map(|()| false);
		};
		let market = T::Market::state(series.underlying);
		let Some(market) = market.filter(|market| market.is_usable() && market.spot_at > *at)
		else {
			return Ok(true);
		};
		let payoff = series.payoff(market.spot)?;
		if payoff.is_zero() {
			return Self::lapse(who, *id).map(|()| false);
		}
		Self::exercise(who, (*id, &series), market.spot, payoff).map(|()| false)
	}

	fn exercise(
		who: &T::AccountId,
		(id, series): (SeriesId, &Series),
		price: Price,
		payoff: Price,
	) -> DispatchResult {
		let mut account = Self::load(who);
		// The account's other positions wait: what is mandatory must not depend on how many there are.
		Self::fold_in(who, &mut account, id, series)?;
		let mut position = account.position(id);
		let quantity = position.requested();
		if !quantity.is_positive() {
			return Ok(());
		}
		position.set_exercising(Quantity::ZERO, position.claim());
		Self::put_position(&mut account, id, position)?;
		let amount = Self::end_against_side(who, &mut account, (id, series), quantity, payoff)?;
		Self::store(who, account);
		let who = who.clone();
		Self::deposit_event(Event::Exercised { who, series: id, quantity, price, amount });
		Ok(())
	}

	/// The contracts are the owner's again.
	fn lapse(who: &T::AccountId, id: SeriesId) -> DispatchResult {
		let mut account = Self::load(who);
		let mut position = account.position(id);
		let quantity = position.requested();
		if quantity.is_zero() {
			return Ok(());
		}
		position.set_exercising(Quantity::ZERO, position.claim());
		Self::put_position(&mut account, id, position)?;
		Self::store(who, account);
		Self::deposit_event(Event::ExerciseLapsed { who: who.clone(), series: id, quantity });
		Ok(())
	}

	/// See [`ballast_traits::MutateAccounts::deleverage`].
	pub(crate) fn do_deleverage(
		who: &T::AccountId,
		id: SeriesId,
		quantity: Quantity,
		price: Price,
	) -> DispatchResult {
		ensure!(quantity.is_positive(), Error::<T>::AmountZero);
		let series = T::Series::series(id).ok_or(Error::<T>::SeriesUnknown)?;
		let live = series.state == SeriesState::Live && T::Market::now() < series.expiry;
		ensure!(live, Error::<T>::SeriesNotLive);
		Self::do_settle(who)?;
		let mut account = Self::load(who);
		let position = account.position(id);
		let held = position.quantity.checked_abs()?;
		ensure!(quantity <= held, Error::<T>::InsufficientPosition);
		// A covered short can always pay; and what an in-kind series pays is units, not money.
		ensure!(position.cover.is_none() && !series.is_in_kind(), Error::<T>::Covered);
		// Folding rounds shorts up: they may hold some units more than there are.
		let taken = quantity.min(T::Series::open_interest(id));
		let side = Side::of(position.quantity);
		let amount = Self::end_against_side(who, &mut account, (id, &series), taken, price)?;
		Self::store(who, account);
		let who = who.clone();
		let quantity = side.signed(taken.into_inner().unsigned_abs())?;
		Self::deposit_event(Event::Deleveraged { who, series: id, quantity, price, amount });
		Ok(())
	}
}
