//! What must hold of the storage after every call. Numbers are those of the README.

use crate::{pallet::*, types::*};
use alloc::collections::BTreeMap;
use ballast_math::fold::{SURVIVAL_LEAST, SURVIVAL_ONE};
use ballast_primitives::{
	EndedEpoch, FoldIndex, Quantity, SeriesId, SeriesState, Side, SideState, Sides, Style,
	UnderlyingId, MAX_AMERICAN_SERIES,
};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant of the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_underlyings()?;
		Self::try_state_terms()?;
		Self::try_state_states()?;
		Self::try_state_queue()?;
		Self::try_state_interest()?;
		Self::try_state_sides()?;
		Self::try_state_epochs()
	}

	/// I1: ids are ascending and those of the map; each asset belongs to one underlying.
	fn try_state_underlyings() -> Result<(), TryRuntimeError> {
		let ids = UnderlyingIds::<T>::get();
		let ascending = ids.iter().zip(ids.iter().skip(1)).all(|(left, right)| left < right);
		ensure!(ascending, "I1: ids of underlyings are not ascending");
		ensure!(Underlyings::<T>::iter_keys().count() == ids.len(), "I1: ids and underlyings");
		ensure!(UnderlyingOfAsset::<T>::iter_keys().count() == ids.len(), "I1: ids and assets");
		for id in ids {
			let listing = Underlyings::<T>::get(id).ok_or("I1: an id without underlying")?;
			ensure!(listing.grid.is_valid(), "I1: grid");
			let owner = UnderlyingOfAsset::<T>::get(listing.asset);
			ensure!(owner == Some(id), "I1: an asset of another underlying");
		}
		Ok(())
	}

	/// I2: terms and series name each other, no two series have the same terms, ids are below the
	/// next one; only European calls pay in the underlying.
	fn try_state_terms() -> Result<(), TryRuntimeError> {
		let next = NextSeriesId::<T>::get();
		for (id, series) in SeriesOf::<T>::iter() {
			ensure!(id < next, "I2: an id that was not given out");
			ensure!(
				SeriesByTerms::<T>::get(Terms::from(&series)) == Some(id),
				"I2: a series that its terms do not name"
			);
			ensure!(Underlyings::<T>::contains_key(series.underlying), "I2: underlying unknown");
			ensure!(Terms::from(&series).is_possible(), "I2: not a call, or American, in kind");
			ensure!(
				!series.strike.is_zero() && series.strike <= STRIKE_MAX,
				"I2: strike out of range"
			);
		}
		let series = SeriesOf::<T>::iter_keys().count();
		ensure!(series == SeriesByTerms::<T>::iter_keys().count(), "I2: terms without series");
		ensure!(series == SeriesOf::<T>::count() as usize, "I2: count of series");
		Ok(())
	}

	/// I3: a stored series is live, or settled at exactly its payoff.
	fn try_state_states() -> Result<(), TryRuntimeError> {
		for series in SeriesOf::<T>::iter_values() {
			match series.state {
				SeriesState::Live => {}
				SeriesState::Expired => return Err("I3: an expired state is stored".into()),
				SeriesState::Settled { price, payoff } => {
					ensure!(series.payoff(price) == Ok(payoff), "I3: payoff of a settled series")
				}
			}
		}
		Ok(())
	}

	/// I4: exactly the series that are not settled wait in the queue, each at its own expiry; the
	/// queue is ascending and has no empty place.
	fn try_state_queue() -> Result<(), TryRuntimeError> {
		let queue = Expiries::<T>::get();
		let ascending = queue.iter().zip(queue.iter().skip(1)).all(|(left, right)| left < right);
		ensure!(ascending, "I4: the queue is not ascending");
		ensure!(SeriesAt::<T>::iter_keys().count() == queue.len(), "I4: queue and expiries");
		let mut waiting = 0usize;
		for (expiry, underlying) in queue {
			let ids = SeriesAt::<T>::get(expiry, underlying);
			ensure!(!ids.is_empty(), "I4: an empty place in the queue");
			let ascending = ids.iter().zip(ids.iter().skip(1)).all(|(left, right)| left < right);
			ensure!(ascending, "I4: ids of an expiry are not ascending");
			waiting = waiting.saturating_add(ids.len());
			for id in ids {
				let series = SeriesOf::<T>::get(id).ok_or("I4: an unknown series waits")?;
				ensure!(
					(series.expiry, series.underlying) == (expiry, underlying)
						&& matches!(series.state, SeriesState::Live),
					"I4: a series waits at a wrong place"
				);
			}
		}
		// Those that wait are live and none waits twice: if they are as many, they are all.
		let live = SeriesOf::<T>::iter_values()
			.filter(|series| matches!(series.state, SeriesState::Live))
			.count();
		ensure!(live == waiting, "I4: a live series does not wait");
		ensure!(live == UnsettledSeries::<T>::get() as usize, "I4: count of unsettled series");
		ensure!(live <= MAX_SERIES as usize, "I4: too many series");
		let american = SeriesOf::<T>::iter_values()
			.filter(|series| matches!(series.state, SeriesState::Live))
			.filter(|series| series.style == Style::American)
			.count();
		let counted = UnsettledAmericanSeries::<T>::get();
		ensure!(american == counted as usize, "I4: count of unsettled American series");
		ensure!(counted <= MAX_AMERICAN_SERIES, "I4: too many American series");
		Ok(())
	}

	/// I5: both sides of a series have the same contracts, not less than none; an underlying's total is
	/// the sum over its series that are not settled.
	fn try_state_interest() -> Result<(), TryRuntimeError> {
		let mut totals = BTreeMap::<UnderlyingId, Quantity>::new();
		for (id, sides) in SidesOf::<T>::iter() {
			let open = sides.long.total;
			ensure!(!open.is_negative(), "I5: negative open interest");
			ensure!(sides.short.total == open, "I5: longs and shorts differ");
			let series = SeriesOf::<T>::get(id).ok_or("I5: sides without series")?;
			if matches!(series.state, SeriesState::Live) {
				let total = totals.entry(series.underlying).or_default();
				*total = total.checked_add(open).map_err(|_| "I5: sum of open interest")?;
			}
		}
		for (underlying, total) in OpenInterestOf::<T>::iter() {
			let sum = totals.remove(&underlying).unwrap_or_default();
			ensure!(sum == total, "I5: total open interest of an underlying");
		}
		ensure!(totals.values().all(|total| total.is_zero()), "I5: a total is missing");
		Ok(())
	}

	/// I8: fold indexes are well-formed, money is due only where something was taken, and what rounding
	/// leaves is the house's. A live series with open contracts has shorts: they are rounded up.
	fn try_state_sides() -> Result<(), TryRuntimeError> {
		for (id, sides) in SidesOf::<T>::iter() {
			Self::try_state_side(&sides.long)?;
			Self::try_state_side(&sides.short)?;
			let Sides { long, short } = sides;
			ensure!(!long.due.is_negative(), "I8: longs have brought more than was due");
			ensure!(short.holders > 0 || !short.due.is_positive(), "I8: due from no short");
			let live = SeriesOf::<T>::get(id).map(Self::with_state);
			let live = live.is_some_and(|series| matches!(series.state, SeriesState::Live));
			ensure!(!live || short.total.is_zero() || short.holders > 0, "I8: open without shorts");
		}
		Ok(())
	}

	fn try_state_side(state: &SideState) -> Result<(), TryRuntimeError> {
		let Some(FoldIndex { survival, .. }) = state.index else {
			ensure!(state.due.is_zero(), "I8: money is due of which nothing was taken");
			return Ok(());
		};
		ensure!(SURVIVAL_LEAST < survival && survival <= SURVIVAL_ONE, "I8: survival");
		Ok(())
	}

	/// I9: ended epochs are those below a side's; as long as somebody holds the side, all of them are
	/// there.
	fn try_state_epochs() -> Result<(), TryRuntimeError> {
		let mut counts = BTreeMap::<(SeriesId, Side), u32>::new();
		for (id, (side, epoch), EndedEpoch { survival, .. }) in EndedEpochs::<T>::iter() {
			ensure!(SeriesOf::<T>::contains_key(id), "I9: an epoch without series");
			let sides = SidesOf::<T>::get(id).ok_or("I9: an epoch without sides")?;
			ensure!(epoch < Self::epoch_of(sides.side(side)), "I9: an epoch that has not ended");
			ensure!(survival <= SURVIVAL_LEAST, "I9: survival at the end of an epoch");
			let count = counts.entry((id, side)).or_default();
			*count = count.saturating_add(1);
		}
		for (id, sides) in SidesOf::<T>::iter() {
			for side in [Side::Long, Side::Short] {
				let state = sides.side(side);
				let known = counts.get(&(id, side)).copied().unwrap_or(0);
				let all = known == Self::epoch_of(state);
				ensure!(state.holders == 0 || all, "I9: the end of an epoch is missing");
			}
		}
		Ok(())
	}

	fn epoch_of(state: &SideState) -> u32 {
		state.index.map_or(0, |index| index.epoch)
	}
}
