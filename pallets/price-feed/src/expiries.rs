//! Which expiries are watched, and their settlement prices.

use crate::{
	observation::Observation, Config, Error, Event, Markets, Pallet, PriceSource, SettlementPrices,
	Watch, Watched,
};
use ballast_primitives::{Moment, Price, UnderlyingId};
use ballast_traits::{InspectSeries, RiskParameters};
use frame_support::{dispatch::DispatchResult, ensure};

impl<T: Config> Pallet<T> {
	/// Watches an expiry; nothing happens if it is watched or settled already. Without a risk it is
	/// not settled yet whether the underlying has options at all.
	pub(crate) fn do_watch_expiry(underlying: UnderlyingId, expiry: Moment) -> DispatchResult {
		ensure!(T::Series::underlyings().contains(&underlying), Error::<T>::UnderlyingUnknown);
		ensure!(T::Parameters::underlying(underlying).is_some(), Error::<T>::UnderlyingUnknown);
		ensure!(!T::Parameters::oracle(underlying).spot_only, Error::<T>::SpotOnly);
		if SettlementPrices::<T>::contains_key(underlying, expiry) {
			return Ok(());
		}
		let mut watched = Watched::<T>::get(underlying);
		let Err(place) = watched.binary_search_by_key(&expiry, |watch| watch.expiry()) else {
			return Ok(());
		};
		ensure!(expiry > Self::market_now(), Error::<T>::ExpiryNotInFuture);
		watched.try_insert(place, Watch::new(expiry)).map_err(|_| Error::<T>::TooManyExpiries)?;
		Watched::<T>::insert(underlying, watched);
		Self::deposit_event(Event::ExpiryWatched { underlying, expiry });
		Ok(())
	}

	/// Forgets an expiry, watched or settled; nothing happens if it is neither.
	pub(crate) fn do_forget_expiry(underlying: UnderlyingId, expiry: Moment) {
		let settled = SettlementPrices::<T>::take(underlying, expiry).is_some();
		let watched = Self::unwatch(underlying, expiry);
		if settled || watched {
			Self::deposit_event(Event::ExpiryForgotten { underlying, expiry });
		}
	}

	/// Sets a settlement price that no window has given.
	pub(crate) fn do_set_settlement_price(
		underlying: UnderlyingId,
		expiry: Moment,
		price: Price,
	) -> DispatchResult {
		ensure!(
			!SettlementPrices::<T>::contains_key(underlying, expiry),
			Error::<T>::SettlementPriceKnown
		);
		let overdue_after = T::Parameters::oracle(underlying).settlement_overdue;
		let overdue = Self::market_now() >= expiry.saturating_add(overdue_after);
		let is_watched = Watched::<T>::get(underlying).iter().any(|watch| watch.expiry() == expiry);
		ensure!(is_watched, Error::<T>::ExpiryNotWatched);
		ensure!(overdue, Error::<T>::SettlementNotOverdue);
		let risk = T::Parameters::underlying(underlying).ok_or(Error::<T>::UnderlyingUnknown)?;
		let last = Markets::<T>::get(underlying)
			.and_then(|market| market.spot.value())
			.ok_or(Error::<T>::PriceNeverAccepted)?;
		let within = price.is_plausible() && price.gap(&last, &last) <= risk.scan_cap;
		ensure!(within, Error::<T>::PriceOutsideCap);
		Self::unwatch(underlying, expiry);
		Self::settle(underlying, expiry, price, PriceSource::Governance);
		Ok(())
	}

	/// Records a settlement price. The caller has made sure that there is none and takes the expiry
	/// off the watched ones.
	pub(crate) fn settle(
		underlying: UnderlyingId,
		expiry: Moment,
		price: Price,
		source: PriceSource,
	) {
		SettlementPrices::<T>::insert(underlying, expiry, price);
		Self::deposit_event(Event::SettlementPriceSet { underlying, expiry, price, source });
	}

	/// Takes an expiry off the watched ones; whether it was among them.
	fn unwatch(underlying: UnderlyingId, expiry: Moment) -> bool {
		let mut watched = Watched::<T>::get(underlying);
		let before = watched.len();
		watched.retain(|watch| watch.expiry() != expiry);
		let found = watched.len() != before;
		if watched.is_empty() {
			Watched::<T>::remove(underlying);
		} else if found {
			Watched::<T>::insert(underlying, watched);
		}
		found
	}
}
