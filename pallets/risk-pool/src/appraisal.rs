//! What the pool is worth, at which prices, and how much risk its capital carries.

use crate::{
	pallet::*,
	types::{magnitude, usd, Change, NavRecord, OwnAccounts, Ticks},
};
use alloc::collections::BTreeSet;
use ballast_math::shares::{equity_needed_ceil, Valuation};
use ballast_primitives::{arithmetic, Moment, SeriesState, Usd};
use ballast_traits::{InspectAccounts, InspectMarket, InspectSeries, RiskParameters};
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::traits::AccountIdConversion;

impl Ticks {
	/// Whether every price is newer than `at`; without risk, whether that time has come in a later
	/// block than the request.
	pub(crate) fn newer_than(self, at: Moment, now: Moment, later_block: bool) -> bool {
		match self {
			Self::NoRisk => now >= at && later_block,
			Self::Oldest(accepted) => accepted > at,
		}
	}
}

impl<T: Config> Pallet<T> {
	/// The accounts of the clearing house that this pallet owns.
	pub fn own_accounts() -> OwnAccounts<T::AccountId> {
		OwnAccounts {
			pool: T::PoolId::get().into_account_truncating(),
			insurance: T::InsuranceId::get().into_account_truncating(),
			queue: T::QueueId::get().into_account_truncating(),
		}
	}

	/// Holds deposits until they are priced.
	pub fn queue_account() -> T::AccountId {
		T::QueueId::get().into_account_truncating()
	}

	/// The pool's account.
	pub(crate) fn pool() -> T::AccountId {
		T::PoolId::get().into_account_truncating()
	}

	/// The insurance fund's account.
	pub(crate) fn insurance() -> T::AccountId {
		T::InsuranceId::get().into_account_truncating()
	}

	/// Equity of the pool and the age of the prices behind it, if all of them are usable
	/// (`PriceStale`). Records the net asset value.
	pub(crate) fn appraise() -> Result<(Usd, Ticks), DispatchError> {
		let health = T::Accounts::health(&Self::pool())?;
		let ticks = Self::ticks()?;
		let nav = Usd::from_inner(Self::value_of(health.equity)?.fund.nav);
		LastNav::<T>::put(NavRecord { nav, at: T::Market::now() });
		Ok((health.equity, ticks))
	}

	/// How old the prices are that the pool's value depends on: those of every underlying that it
	/// has live options on, and of the units that it holds (from takeovers).
	/// `PriceStale` if one of them, or a settlement price, is not usable or not known.
	pub(crate) fn ticks() -> Result<Ticks, Error<T>> {
		let pool = Self::pool();
		ensure!(T::Accounts::unusable(&pool).is_empty(), Error::<T>::PriceStale);
		let mut underlyings = BTreeSet::new();
		for (id, _) in T::Accounts::positions(&pool) {
			let series = T::Series::series(id).ok_or(Error::<T>::PriceStale)?;
			match series.state {
				SeriesState::Settled { .. } => {}
				SeriesState::Live if T::Market::now() < series.expiry => {
					underlyings.insert(series.underlying);
				}
				SeriesState::Live | SeriesState::Expired => return Err(Error::<T>::PriceStale),
			}
		}
		underlyings.extend(T::Accounts::collaterals(&pool));
		let mut oldest: Option<Moment> = None;
		for underlying in underlyings {
			let market = T::Market::state(underlying).ok_or(Error::<T>::PriceStale)?;
			let accepted = market.spot_at.min(market.volatility_at);
			oldest = Some(oldest.map_or(accepted, |oldest| oldest.min(accepted)));
		}
		Ok(oldest.map_or(Ticks::NoRisk, Ticks::Oldest))
	}

	/// Divides the pool's equity between earning shares and queued withdrawals.
	pub(crate) fn value_of(equity: Usd) -> Result<Valuation, DispatchError> {
		let offset = magnitude(T::Parameters::pool().virtual_offset.into_inner())?;
		let earning = magnitude(TotalShares::<T>::get().into_inner())?;
		let mut claims = QueuedCohorts::<T>::get().claims()?;
		let valuation = Valuation::of(equity.into_inner(), earning, offset, &mut claims);
		Ok(valuation.map_err(arithmetic)?)
	}

	/// Capital that carries risk: net asset value (equity less queued withdrawals), with legs on
	/// unusable underlyings at their worst.
	pub(crate) fn capital() -> Result<Usd, DispatchError> {
		let pool = Self::pool();
		let health = T::Accounts::health(&pool)?;
		let equity = if T::Accounts::unusable(&pool).is_empty() {
			health.equity
		} else {
			health.equity.min(health.excess_worst.checked_add(health.maintenance)?)
		};
		Ok(Usd::from_inner(Self::value_of(equity)?.fund.nav))
	}

	/// The capital rule: after `change` the worst scenario loss is within its share of capital, or
	/// is not greater than without it. Whatever lowers risk is never refused.
	pub(crate) fn ensure_capacity(change: Change) -> DispatchResult {
		let pool = Self::pool();
		let before = T::Accounts::stress_loss(&pool, None)?;
		let after = T::Accounts::stress_loss(&pool, Some(change))?;
		Self::ensure_stress_within_cap(before, after)
	}

	/// The capital rule for a worst scenario loss that was `before`.
	pub(crate) fn ensure_stress_within_cap(before: Usd, after: Usd) -> DispatchResult {
		if after <= before {
			return Ok(());
		}
		ensure!(after <= Self::stress_limit()?, Error::<T>::PoolCapacityExceeded);
		Ok(())
	}

	/// The greatest worst scenario loss that the pool's capital carries, rounded down.
	pub(crate) fn stress_limit() -> Result<Usd, DispatchError> {
		let capital = Self::capital()?.max(Usd::ZERO);
		Ok(capital.times_floor(T::Parameters::pool().stress_cap)?)
	}

	/// What may leave the pool now, never negative: cash that the clearing house lets go, and of
	/// the equity what its worst scenario loss does not need.
	///
	/// Claims that go on waiting count as equity here: they share losses until they are paid.
	/// (Were they subtracted, one large claim would keep itself from being paid even in part.)
	pub(crate) fn payable(equity: Usd) -> Result<Usd, DispatchError> {
		let pool = Self::pool();
		let stress = T::Accounts::stress_loss(&pool, None)?.max(Usd::ZERO);
		let cap = T::Parameters::pool().stress_cap.into_inner();
		let stress = magnitude(stress.into_inner())?;
		let needed = usd(equity_needed_ceil(stress, cap).map_err(arithmetic)?)?;
		let spare = equity.checked_sub(needed)?.max(Usd::ZERO);
		Ok(spare.min(T::Accounts::withdrawable(&pool)?))
	}

	/// Whether this block is later than that of a request.
	pub(crate) fn is_later_than(requested_in: BlockNumberFor<T>) -> bool {
		frame_system::Pallet::<T>::block_number() > requested_in
	}
}
