//! Settlement and removal of series: bounded work per block, and none that anything depends on.
//!
//! Reading a series gives its true state without any of this. What is done here makes the state
//! durable, so that the price feed may forget the settlement price, and frees storage.

use crate::{pallet::*, types::*, weights::WeightInfo};
use ballast_primitives::{
	time::WEEK, Moment, Price, Series, SeriesId, SeriesState, Style, UnderlyingId,
};
use ballast_traits::{InspectMarket, MutateMarket};
use frame_support::{
	dispatch::DispatchResult,
	ensure,
	pallet_prelude::{DispatchError, Get},
	storage::with_storage_layer,
	weights::{Weight, WeightMeter},
	BoundedVec,
};
use sp_runtime::{traits::ConstU32, Perbill};

/// Market time for which a settled series is kept after its expiry, even if nothing is open in it.
///
/// Accounts are settled one by one, in no fixed order of longs and shorts: while some account still
/// holds the series, it must be readable.
pub const RETENTION: Moment = WEEK;

/// Share of a block that `on_idle` may use.
const IDLE_SHARE: Perbill = Perbill::from_percent(20);
/// Series settled in one step, at most.
const SETTLE_BATCH: u64 = 32;
/// Series looked at per block in search of removable ones.
const REMOVAL_LOOKS: u32 = 4;
/// Ends of epochs removed in one step, at most.
pub(crate) const EPOCHS_PER_STEP: usize = 8;

type Unsettled = BoundedVec<SeriesId, ConstU32<MAX_SERIES_PER_EXPIRY>>;

/// The most that `on_idle` may use of blocks of this weight.
fn idle_limit(block: Weight) -> Weight {
	Weight::from_parts(
		IDLE_SHARE.mul_floor(block.ref_time()),
		IDLE_SHARE.mul_floor(block.proof_size()),
	)
}

impl<T: Config> Pallet<T> {
	/// Settles what has expired and removes what is not needed any more, within the weight left.
	pub(crate) fn do_on_idle(remaining: Weight) -> Weight {
		let limit = remaining.min(idle_limit(T::BlockWeights::get().max_block));
		let mut spent = T::WeightInfo::on_idle_base();
		if !spent.all_lte(limit) {
			return Weight::zero();
		}
		let now = T::Market::now();
		let mut due = Expiries::<T>::get().into_inner();
		due.retain(|(expiry, _)| *expiry <= now);
		if !due.is_empty() {
			// The tick of this block may complete a settlement window.
			spent = spent.saturating_add(T::Market::accept_ticks());
		}
		let mut meter = WeightMeter::with_limit(limit.saturating_sub(spent));
		Self::settle_due(&due, &mut meter);
		Self::remove_some(now, &mut meter);
		spent.saturating_add(meter.consumed())
	}

	/// Settles series of these expiries, in order, as far as their prices are known.
	fn settle_due(due: &[(Moment, UnderlyingId)], meter: &mut WeightMeter) {
		let one = T::WeightInfo::settle_series();
		for (expiry, underlying) in due.iter().copied() {
			if meter.try_consume(T::WeightInfo::on_idle_expiry()).is_err() {
				return;
			}
			let Some(price) = T::Market::settlement_price(underlying, expiry) else {
				continue;
			};
			let waiting = SeriesAt::<T>::decode_len(expiry, underlying).unwrap_or(0) as u64;
			let room = meter.remaining().checked_div_per_component(&one).unwrap_or(0);
			let count = waiting.min(room).min(SETTLE_BATCH);
			if count == 0 || meter.try_consume(one.saturating_mul(count)).is_err() {
				return;
			}
			let step =
				with_storage_layer(|| Self::settle_last(expiry, underlying, price, count as usize));
			if let Err(error) = step {
				log::error!(
					target: "runtime::options",
					"settlement of {underlying:?} at {expiry}: {error:?}",
				);
			}
		}
	}

	/// Settles the last `count` series of an expiry.
	fn settle_last(
		expiry: Moment,
		underlying: UnderlyingId,
		price: Price,
		count: usize,
	) -> DispatchResult {
		let mut waiting = SeriesAt::<T>::get(expiry, underlying);
		let kept = waiting.len().saturating_sub(count);
		for id in waiting.iter().skip(kept) {
			Self::settle(*id, price)?;
		}
		waiting.truncate(kept);
		Self::put_waiting(expiry, underlying, waiting);
		Ok(())
	}

	/// See [`Pallet::settle_series`].
	pub(crate) fn do_settle_series(id: SeriesId) -> DispatchResult {
		let series = SeriesOf::<T>::get(id).ok_or(Error::<T>::SeriesUnknown)?;
		let Series { underlying, expiry, .. } = series;
		ensure!(matches!(series.state, SeriesState::Live), Error::<T>::SeriesAlreadySettled);
		ensure!(T::Market::now() >= expiry, Error::<T>::SeriesNotExpired);
		let price = T::Market::settlement_price(underlying, expiry)
			.ok_or(Error::<T>::SettlementPriceUnknown)?;
		Self::settle(id, price)?;
		let mut waiting = SeriesAt::<T>::get(expiry, underlying);
		waiting.retain(|waits| *waits != id);
		Self::put_waiting(expiry, underlying, waiting);
		Ok(())
	}

	/// Makes the state of a series durable. A series that was never traded is removed at once.
	fn settle(id: SeriesId, price: Price) -> Result<(), DispatchError> {
		let mut series = SeriesOf::<T>::get(id).ok_or(Error::<T>::SeriesUnknown)?;
		let payoff = series.payoff(price)?;
		series.state = SeriesState::Settled { price, payoff };
		UnsettledSeries::<T>::mutate(|count| *count = count.saturating_sub(1));
		if series.style == Style::American {
			UnsettledAmericanSeries::<T>::mutate(|count| *count = count.saturating_sub(1));
		}
		Self::deposit_event(Event::SeriesSettled { series: id, price, payoff });
		let Some(sides) = SidesOf::<T>::get(id) else {
			Self::remove(id, &series);
			return Ok(());
		};
		let total = OpenInterestOf::<T>::get(series.underlying).checked_sub(sides.long.total)?;
		OpenInterestOf::<T>::insert(series.underlying, total);
		SeriesOf::<T>::insert(id, series);
		Ok(())
	}

	/// Stores which series of an expiry still wait. When none does, the settlement price stands in
	/// each of them and the price feed may forget it.
	fn put_waiting(expiry: Moment, underlying: UnderlyingId, waiting: Unsettled) {
		if !waiting.is_empty() {
			SeriesAt::<T>::insert(expiry, underlying, waiting);
			return;
		}
		SeriesAt::<T>::remove(expiry, underlying);
		Expiries::<T>::mutate(|expiries| {
			expiries.retain(|waits| *waits != (expiry, underlying));
		});
		T::Market::forget_expiry(underlying, expiry);
	}

	/// See [`Pallet::remove_series`].
	pub(crate) fn do_remove_series(id: SeriesId) -> DispatchResult {
		let series = SeriesOf::<T>::get(id).ok_or(Error::<T>::SeriesUnknown)?;
		Self::ensure_removable(id, &series, T::Market::now())?;
		Self::remove(id, &series);
		Ok(())
	}

	fn ensure_removable(id: SeriesId, series: &Series, now: Moment) -> Result<(), Error<T>> {
		let settled = matches!(series.state, SeriesState::Settled { .. });
		ensure!(settled, Error::<T>::SeriesNotSettled);
		let sides = SidesOf::<T>::get(id).unwrap_or_default();
		let empty = [&sides.long, &sides.short]
			.iter()
			.all(|side| side.total.is_zero() && side.holders == 0 && side.due.is_zero());
		ensure!(empty, Error::<T>::SeriesInUse);
		ensure!(now >= series.expiry.saturating_add(RETENTION), Error::<T>::SeriesRetained);
		Ok(())
	}

	/// Takes a settled series out of storage, the ends of its sides' epochs before it, a few in each
	/// step. Returns whether it is gone.
	fn remove(id: SeriesId, series: &Series) -> bool {
		let cleared = EndedEpochs::<T>::drain_prefix(id).take(EPOCHS_PER_STEP).count();
		if cleared == EPOCHS_PER_STEP {
			let cleared = u32::try_from(cleared).unwrap_or(u32::MAX);
			Self::deposit_event(Event::EpochsCleared { series: id, cleared });
			return false;
		}
		SeriesByTerms::<T>::remove(Terms::from(series));
		SidesOf::<T>::remove(id);
		SeriesOf::<T>::remove(id);
		Self::deposit_event(Event::SeriesRemoved { series: id });
		true
	}

	/// Looks at the next few series in the order of storage and removes those that may go.
	fn remove_some(now: Moment, meter: &mut WeightMeter) {
		if SeriesOf::<T>::count() <= UnsettledSeries::<T>::get() {
			return;
		}
		let mut cursor = RemovalCursor::<T>::get();
		for _ in 0..REMOVAL_LOOKS {
			if meter.try_consume(T::WeightInfo::remove_series()).is_err() {
				break;
			}
			let mut after = match cursor {
				Some(id) => SeriesOf::<T>::iter_from(SeriesOf::<T>::hashed_key_for(id)),
				None => SeriesOf::<T>::iter(),
			};
			let Some((id, series)) = after.next() else {
				cursor = None;
				break;
			};
			let removable = Self::ensure_removable(id, &series, now).is_ok();
			if removable && !Self::remove(id, &series) {
				// The next look goes on with the same one.
				continue;
			}
			cursor = Some(id);
		}
		RemovalCursor::<T>::set(cursor);
	}
}
