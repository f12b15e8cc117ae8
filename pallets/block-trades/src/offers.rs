//! Offers: made, withdrawn, removed.

use crate::{
	pallet::*,
	types::{Offer, OfferId, Side},
	BalanceOf, OfferOf,
};
use ballast_primitives::{Moment, Price, Quantity, SeriesId};
use ballast_traits::{InspectMarket, RiskParameters};
use frame_support::{
	pallet_prelude::*,
	traits::{fungible::MutateHold, tokens::Precision},
};

/// The terms that a maker names.
pub(crate) struct Terms<AccountId> {
	pub series: SeriesId,
	pub side: Side,
	pub quantity: Quantity,
	pub price: Price,
	pub counterparty: Option<AccountId>,
	pub expires: Moment,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_offer(maker: &T::AccountId, terms: Terms<T::AccountId>) -> DispatchResult {
		let Terms { series: id, side, quantity, price, counterparty, expires } = terms;
		ensure!(counterparty.as_ref() != Some(maker), Error::<T>::SelfTrade);
		ensure!(quantity.is_positive(), Error::<T>::QuantityTooSmall);
		let series = Self::live_series(id)?;
		let rules = T::Parameters::trades();
		Self::ensure_expiry(expires, series.expiry, rules.offer_life_max)?;
		if !Self::closes(maker, id, side.change(quantity)?)? {
			let risk = T::Parameters::underlying(series.underlying);
			Self::ensure_openable(quantity, &risk.ok_or(Error::<T>::UnderlyingWithoutRules)?)?;
		}
		let deposit = rules.offer_deposit;
		let offer = Offer {
			maker: maker.clone(),
			series: id,
			side,
			quantity,
			price,
			counterparty: counterparty.clone(),
			expires,
			deposit,
		};
		let offer_id = Self::store(offer)?;
		let maker = maker.clone();
		Self::deposit_event(Event::OfferMade {
			offer: offer_id,
			maker,
			series: id,
			side,
			quantity,
			price,
			counterparty,
			expires,
			deposit,
		});
		Ok(())
	}

	fn ensure_expiry(
		expires: Moment,
		series_expiry: Moment,
		life_max: Moment,
	) -> Result<(), Error<T>> {
		let now = T::Market::now();
		ensure!(expires > now, Error::<T>::ExpiryInPast);
		let latest = now.saturating_add(life_max);
		ensure!(expires <= latest, Error::<T>::ExpiryTooFar);
		ensure!(expires <= series_expiry, Error::<T>::ExpiryAfterSeries);
		Ok(())
	}

	/// Holds the deposit and gives the offer its number.
	fn store(offer: OfferOf<T>) -> Result<OfferId, DispatchError> {
		ensure!(Offers::<T>::count() < T::MaxOffers::get(), Error::<T>::TooManyOffers);
		let id = NextOfferId::<T>::get();
		let next = id.checked_add(1).ok_or(Error::<T>::TooManyOffers)?;
		OffersBy::<T>::try_mutate(&offer.maker, |ids| ids.try_push(id))
			.map_err(|_| Error::<T>::TooManyOffersOfAccount)?;
		T::Currency::hold(&HoldReason::Offer.into(), &offer.maker, offer.deposit)
			.map_err(|_| Error::<T>::DepositNotAffordable)?;
		NextOfferId::<T>::put(next);
		Offers::<T>::insert(id, offer);
		Ok(id)
	}

	/// Forgets an offer and gives its deposit back.
	pub(crate) fn remove(
		id: OfferId,
		maker: &T::AccountId,
		deposit: BalanceOf<T>,
	) -> DispatchResult {
		Offers::<T>::remove(id);
		OffersBy::<T>::mutate_exists(maker, |ids| {
			let mut left = ids.take().unwrap_or_default();
			left.retain(|other| *other != id);
			*ids = (!left.is_empty()).then_some(left);
		});
		T::Currency::release(&HoldReason::Offer.into(), maker, deposit, Precision::BestEffort)?;
		Ok(())
	}

	pub(crate) fn do_cancel(maker: &T::AccountId, id: OfferId) -> DispatchResult {
		let offer = Offers::<T>::get(id).ok_or(Error::<T>::OfferUnknown)?;
		ensure!(*maker == offer.maker, Error::<T>::NotMaker);
		Self::remove(id, maker, offer.deposit)?;
		let (maker, quantity) = (offer.maker, offer.quantity);
		Self::deposit_event(Event::OfferCancelled { offer: id, maker, quantity });
		Ok(())
	}

	pub(crate) fn do_clean(id: OfferId) -> DispatchResult {
		let offer = Offers::<T>::get(id).ok_or(Error::<T>::OfferUnknown)?;
		ensure!(!Self::is_open(&offer), Error::<T>::OfferOpen);
		Self::expire(id, offer)
	}

	/// Removes an offer that nobody can accept any more.
	pub(crate) fn expire(id: OfferId, offer: OfferOf<T>) -> DispatchResult {
		let Offer { maker, quantity, deposit, .. } = offer;
		Self::remove(id, &maker, deposit)?;
		Self::deposit_event(Event::OfferExpired { offer: id, maker, quantity });
		Ok(())
	}

	/// Whether an offer may still be accepted, at some price and margin.
	pub(crate) fn is_open(offer: &OfferOf<T>) -> bool {
		T::Market::now() < offer.expires && Self::live_series(offer.series).is_ok()
	}
}
