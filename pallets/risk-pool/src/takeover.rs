//! The pool as buyer of last resort in auctions and of vaults, and the funds as the other pallets see them.

use crate::{pallet::*, types::TakenOver};
use ballast_primitives::{Price, Quantity, SeriesId, Usd};
use ballast_traits::{InspectAccounts, InspectMarket, MutualPool, RiskParameters};
use frame_support::{pallet_prelude::*, storage::with_storage_layer};

impl<T: Config> Pallet<T> {
	/// Counts a requirement against the ring fence: all that the pool takes over within the length
	/// of an event window is at most `takeover_cap` of its capital. A cap on each alone would let a
	/// cascade hand it the whole market.
	fn fence(requirement: Usd) -> DispatchResult {
		let (now, rules) = (T::Market::now(), T::Parameters::pool());
		let mut taken = TakeOvers::<T>::get();
		let window_length = T::Parameters::funds().window_length;
		if now >= taken.since.saturating_add(window_length) {
			taken = TakenOver { since: now, requirement: Usd::ZERO };
		}
		taken.requirement = taken.requirement.checked_add(requirement)?;
		let cap = Self::capital()?.max(Usd::ZERO).times_floor(rules.takeover_cap)?;
		ensure!(taken.requirement <= cap, Error::<T>::PoolCapacityExceeded);
		TakeOvers::<T>::put(taken);
		Ok(())
	}
}

impl<T: Config> MutualPool<T::AccountId> for Pallet<T> {
	fn pool_account() -> T::AccountId {
		Self::pool()
	}

	fn insurance_account() -> T::AccountId {
		Self::insurance()
	}

	fn take_over<R>(
		requirement: Usd,
		take: impl FnOnce(&T::AccountId) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		with_storage_layer(|| {
			ensure!(!requirement.is_negative(), Error::<T>::AmountNotPositive);
			let pool = Self::pool();
			Self::fence(requirement)?;
			let before = T::Accounts::stress_loss(&pool, None)?;
			let result = take(&pool)?;
			let after = T::Accounts::stress_loss(&pool, None)?;
			Self::ensure_stress_within_cap(before, after)?;
			Self::deposit_event(Event::TookOver { requirement });
			Ok(result)
		})
	}

	fn bid(series: SeriesId, quantity: Quantity) -> Option<Price> {
		Self::price(series, quantity).ok().map(|(_, quote)| quote.bid)
	}

	fn buy_from(
		seller: &T::AccountId,
		series: SeriesId,
		quantity: Quantity,
		min_premium: Usd,
	) -> Result<Usd, DispatchError> {
		Self::do_buy_from(seller, series, quantity, min_premium)
	}

	fn pay_keeper(keeper: &T::AccountId, amount: Usd) -> Result<Usd, DispatchError> {
		Self::do_pay_keeper(keeper, amount)
	}

	fn collect_penalty(from: &T::AccountId, amount: Usd) -> DispatchResult {
		Self::do_collect_penalty(from, amount)
	}
}
