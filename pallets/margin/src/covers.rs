//! Cash-secured puts: an owner locks the strike of every contract and is left alone until expiry.

use crate::{pallet::Event, Config, Cover, Error, Pallet};
use ballast_primitives::{OptionKind, Series, SeriesId, SeriesState, Usd};
use ballast_traits::InspectSeries;
use frame_support::{dispatch::DispatchResult, ensure};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Locks the strike of every contract of a short put, out of cash. Later changes of the position lock
	/// and release by themselves.
	pub(crate) fn do_secure(who: &T::AccountId, id: SeriesId) -> Result<u32, DispatchError> {
		let series = Self::series_to_secure(id)?;
		let touched = Self::do_touch(who)?;
		// What is locked no longer stands behind anything else.
		Self::do_guarded(who, || Self::secure(who, id, &series))?;
		Ok(touched.positions)
	}

	/// The same without the margin rule: the caller knows what else the cash stands behind.
	pub(crate) fn do_lock_strikes(who: &T::AccountId, id: SeriesId) -> DispatchResult {
		let series = Self::series_to_secure(id)?;
		Self::do_settle(who)?;
		Self::secure(who, id, &series)
	}

	/// What is settled owes no more than its payoff.
	fn series_to_secure(id: SeriesId) -> Result<Series, Error<T>> {
		let series = T::Series::series(id).ok_or(Error::<T>::SeriesUnknown)?;
		let settled = matches!(series.state, SeriesState::Settled { .. });
		ensure!(!settled, Error::<T>::SeriesNotLive);
		Ok(series)
	}

	/// Locks what a short put lacks of its strike.
	fn secure(who: &T::AccountId, id: SeriesId, series: &Series) -> DispatchResult {
		let mut account = Self::load(who);
		let mut position = account.position(id);
		let short = position.quantity.is_negative();
		ensure!(short && series.kind == OptionKind::Put, Error::<T>::NotAShortPut);
		// What was locked may be short of the need by what folding rounded up.
		let locked = match position.cover {
			Some(Cover::Cash(locked)) => locked,
			_ => Usd::ZERO,
		};
		position.cover = Some(Cover::Cash(locked));
		Self::cover(&mut account, series, &mut position)?;
		Self::put_position(&mut account, id, position)?;
		Self::store(who, account);
		let amount = match position.cover {
			Some(Cover::Cash(amount)) => amount,
			_ => Usd::ZERO,
		};
		let who = who.clone();
		Self::deposit_event(Event::PutSecured { who, series: id, amount });
		Ok(())
	}

	/// Releases what is locked behind a short put, if the account meets its margin without it.
	pub(crate) fn do_unsecure(who: &T::AccountId, id: SeriesId) -> Result<u32, DispatchError> {
		let touched = Self::do_touch(who)?;
		Self::do_guarded(who, || {
			let mut account = Self::load(who);
			let mut position = account.position(id);
			let Some(Cover::Cash(amount)) = position.cover else {
				return Err(Error::<T>::NotCovered.into());
			};
			account.change_cash(amount)?;
			position.cover = None;
			Self::put_position(&mut account, id, position)?;
			Self::store(who, account);
			let who = who.clone();
			Self::deposit_event(Event::PutReleased { who, series: id, amount });
			Ok(())
		})?;
		Ok(touched.positions)
	}
}
