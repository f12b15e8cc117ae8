//! The invariants of the README, checked after every test and by whoever asks.

use crate::{
	feed::Feed, market::Market, observation::Observation, AcceptedIn, ClosedSlices, Config,
	History, LastClose, Markets, Pallet, RunningSlices, SettlementPrices, Watched,
};
use ballast_primitives::{history::day_of, Ratio};
use ballast_traits::RiskParameters;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks every invariant.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_state_expiries()?;
		Self::try_state_windows()?;
		Self::try_state_settlement_prices()?;
		Self::try_state_history()?;
		Self::try_state_spot_only()?;
		Self::try_state_averages()?;
		for (_, market) in Markets::<T>::iter() {
			Self::try_state_values(&market)?;
			Self::try_state_scan(&market)?;
			Self::try_state_times(&market)?;
		}
		let block = frame_system::Pallet::<T>::block_number();
		ensure!(
			AcceptedIn::<T>::get().is_none_or(|accepted| accepted <= block),
			"I7: ticks were accepted in a block to come"
		);
		Ok(())
	}

	/// I1.
	fn try_state_expiries() -> Result<(), TryRuntimeError> {
		for (underlying, watched) in Watched::<T>::iter() {
			let expiries = watched.iter().map(|watch| watch.expiry());
			let ascending = expiries
				.clone()
				.zip(expiries.clone().skip(1))
				.all(|(earlier, later)| earlier < later);
			ensure!(ascending, "I1: watched expiries are not in order");
			for expiry in expiries {
				ensure!(
					!SettlementPrices::<T>::contains_key(underlying, expiry),
					"I1: a settled expiry is still watched"
				);
			}
		}
		Ok(())
	}

	/// I2.
	fn try_state_windows() -> Result<(), TryRuntimeError> {
		for (_, watched) in Watched::<T>::iter() {
			for watch in watched.iter() {
				let Some(window) = watch.window() else { continue };
				ensure!(window.is_sound(), "I2: a window is covered for longer than it lasts");
				ensure!(window.end() >= watch.expiry(), "I2: a window ends before its expiry");
				ensure!(
					window.start() <= Self::market_now(),
					"I2: a window is open before it starts"
				);
			}
		}
		Ok(())
	}

	/// I3.
	fn try_state_settlement_prices() -> Result<(), TryRuntimeError> {
		let now = Self::market_now();
		for (_, expiry, price) in SettlementPrices::<T>::iter() {
			ensure!(price.is_plausible(), "I3: a settlement price cannot be true");
			ensure!(expiry <= now, "I3: an expiry was settled before its time");
		}
		Ok(())
	}

	/// I8.
	fn try_state_history() -> Result<(), TryRuntimeError> {
		let today = day_of(Self::market_now());
		for (_, close) in LastClose::<T>::iter() {
			ensure!(close.day < today, "I8: a day closed that is not over");
			ensure!(close.spot.is_plausible(), "I8: a close cannot be true");
		}
		for (_, days) in History::<T>::iter() {
			let ascending = days.iter().zip(days.iter().skip(1)).all(|(a, b)| a.day < b.day);
			ensure!(ascending, "I8: daily moves are not in order");
		}
		Ok(())
	}

	/// I9.
	fn try_state_spot_only() -> Result<(), TryRuntimeError> {
		for underlying in Watched::<T>::iter_keys() {
			let has_options = !T::Parameters::oracle(underlying).spot_only;
			ensure!(has_options, "I9: an expiry is watched where only spot is fed");
		}
		Ok(())
	}

	/// I10.
	fn try_state_averages() -> Result<(), TryRuntimeError> {
		let now = Self::market_now();
		for (underlying, running) in RunningSlices::<T>::iter() {
			let closed = ClosedSlices::<T>::get(underlying);
			ensure!(running.is_sound(&closed, now), "I10: an average is made of what cannot be");
		}
		for underlying in ClosedSlices::<T>::iter_keys() {
			let is_running = RunningSlices::<T>::contains_key(underlying);
			ensure!(is_running, "I10: an average is over that never began");
		}
		Ok(())
	}

	/// I4.
	fn try_state_values(market: &Market) -> Result<(), TryRuntimeError> {
		fn is_sound<V: Observation>(feed: &Feed<V>) -> bool {
			let value = feed.value().is_none_or(|value| value.is_plausible());
			let accepted = feed.accepted_at().is_none() || feed.value().is_some();
			// a break is away from something
			let pending =
				feed.pending().is_none_or(|break_| break_.is_sound() && feed.value().is_some());
			value && accepted && pending
		}
		ensure!(is_sound(&market.spot), "I4: a price cannot be true");
		ensure!(is_sound(&market.volatility), "I4: a volatility cannot be true");
		Ok(())
	}

	/// I5.
	fn try_state_scan(market: &Market) -> Result<(), TryRuntimeError> {
		let Some(scan) = market.scan else { return Ok(()) };
		ensure!(scan.initial() >= scan.maintenance, "I5: initial range below maintenance");
		ensure!(scan.initial() >= scan.target, "I5: initial range below its target");
		ensure!(scan.initial() <= Ratio::ONE, "I5: a range takes spot below zero");
		ensure!(market.realised.is_some(), "I5: a range without realised volatility");
		Ok(())
	}

	/// I6.
	fn try_state_times(market: &Market) -> Result<(), TryRuntimeError> {
		let updated_at = market.updated_at.unwrap_or_default();
		let times = [
			market.spot.accepted_at(),
			market.volatility.accepted_at(),
			market.sample.map(|sample| sample.at),
		];
		ensure!(
			times.iter().flatten().all(|at| *at <= updated_at),
			"I6: something is newer than the market"
		);
		ensure!(updated_at <= Self::market_now(), "I6: a market is ahead of time");
		Ok(())
	}
}
