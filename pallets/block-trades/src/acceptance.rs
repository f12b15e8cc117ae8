//! Offers accepted: what has to hold for a trade to be cleared.

use crate::{
	pallet::*,
	types::{Offer, OfferId},
	OfferOf,
};
use ballast_primitives::{
	params::{OpeningFault, UnderlyingRisk},
	Quantity, SeriesId, UnderlyingId, Usd,
};
use ballast_traits::{InspectAccounts, InspectMarket, MutateAccounts, RiskParameters};
use frame_support::pallet_prelude::*;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_accept(
		taker: &T::AccountId,
		id: OfferId,
		quantity: Quantity,
	) -> DispatchResult {
		let offer = Offers::<T>::get(id).ok_or(Error::<T>::OfferUnknown)?;
		ensure!(T::Market::now() < offer.expires, Error::<T>::OfferExpired);
		ensure!(*taker != offer.maker, Error::<T>::SelfTrade);
		ensure!(offer.is_for(taker), Error::<T>::NotCounterparty);
		ensure!(quantity.is_positive(), Error::<T>::QuantityTooSmall);
		ensure!(quantity <= offer.quantity, Error::<T>::QuantityTooLarge);
		let (series, collar) = Self::collared(offer.series)?;
		ensure!(collar.contains(offer.price), Error::<T>::OutsideCollar);
		Self::ensure_quantity(&offer, taker, series.underlying, quantity)?;
		let premium = offer.premium(quantity)?;
		Self::clear(&offer, taker, quantity, premium)?;
		let remaining = Self::fill(id, &offer, quantity)?;
		let Offer { maker, series, side, price, .. } = offer;
		let taker = taker.clone();
		Self::deposit_event(Event::OfferAccepted {
			offer: id,
			maker,
			taker,
			series,
			side,
			quantity,
			price,
			premium,
			remaining,
		});
		Ok(())
	}

	/// Trades under the margin rule of both accounts.
	///
	/// One rule inside the other is right: each compares its own account before and after the same
	/// trade, and what the other one does besides (touching its account) changes nobody else's equity
	/// or requirement. If either refuses, the error leaves both closures and the call's storage layer takes
	/// everything back. The maker's is outside, so that a refusal after the taker's has passed is known to
	/// be the maker's.
	fn clear(
		offer: &OfferOf<T>,
		taker: &T::AccountId,
		quantity: Quantity,
		premium: Usd,
	) -> DispatchResult {
		let (buyer, seller) = offer.parties(taker);
		let mut taker_passed = false;
		let cleared = T::Accounts::guarded(&offer.maker, || {
			T::Accounts::guarded(taker, || {
				T::Accounts::trade(buyer, seller, offer.series, quantity, premium)
			})?;
			taker_passed = true;
			Ok(())
		});
		cleared.map_err(|error| match error {
			DispatchError::Arithmetic(_) => error,
			_ if taker_passed => Error::<T>::MakerBelowMargin.into(),
			_ => error,
		})
	}

	/// Takes a quantity off an offer; removes it with the last of it. Returns what is left.
	fn fill(
		id: OfferId,
		offer: &OfferOf<T>,
		quantity: Quantity,
	) -> Result<Quantity, DispatchError> {
		let remaining = offer.quantity.checked_sub(quantity)?;
		if remaining.is_zero() {
			Self::remove(id, &offer.maker, offer.deposit)?;
		} else {
			Offers::<T>::insert(id, Offer { quantity: remaining, ..offer.clone() });
		}
		Ok(remaining)
	}

	/// The least quantity and the step bind a trade that opens for either account, and it needs an underlying
	/// that is not halted. One that only closes, for both, is not bound: folding leaves odd quantities, and
	/// a halt is there so that risk falls.
	fn ensure_quantity(
		offer: &OfferOf<T>,
		taker: &T::AccountId,
		underlying: UnderlyingId,
		quantity: Quantity,
	) -> DispatchResult {
		let risk =
			T::Parameters::underlying(underlying).ok_or(Error::<T>::UnderlyingWithoutRules)?;
		for (who, side) in [(&offer.maker, offer.side), (taker, offer.side.other())] {
			if !Self::closes(who, offer.series, side.change(quantity)?)? {
				ensure!(!T::Parameters::is_halted(underlying), Error::<T>::UnderlyingHalted);
				Self::ensure_openable(quantity, &risk)?;
			}
		}
		Ok(())
	}

	/// Whether a change of a position leaves fewer contracts of the same sign, or none.
	pub(crate) fn closes(
		who: &T::AccountId,
		id: SeriesId,
		change: Quantity,
	) -> Result<bool, DispatchError> {
		let positions = T::Accounts::positions(who);
		let held = positions.iter().find(|(series, _)| *series == id);
		let held = held.map_or(Quantity::ZERO, |(_, quantity)| *quantity);
		let after = held.checked_add(change)?;
		let turned = held.is_negative() != after.is_negative() && !after.is_zero();
		Ok(!turned && after.checked_abs()? < held.checked_abs()?)
	}

	/// Whether a quantity may be opened.
	pub(crate) fn ensure_openable(
		quantity: Quantity,
		risk: &UnderlyingRisk,
	) -> Result<(), Error<T>> {
		match risk.opening_fault(quantity) {
			None => Ok(()),
			Some(OpeningFault::TooSmall) => Err(Error::<T>::QuantityTooSmall),
			Some(OpeningFault::OffStep) => Err(Error::<T>::QuantityOffStep),
		}
	}
}
