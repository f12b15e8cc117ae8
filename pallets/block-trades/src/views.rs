//! What the runtime API shows.

use crate::{
	pallet::*,
	types::{OfferId, OfferView},
	BalanceOf, OfferOf,
};
use alloc::vec::Vec;
use ballast_primitives::SeriesId;

type ViewOf<T> = OfferView<<T as frame_system::Config>::AccountId, BalanceOf<T>>;

impl<T: Config> Pallet<T> {
	fn view((id, offer): (OfferId, OfferOf<T>)) -> ViewOf<T> {
		OfferView { id, open: Self::is_open(&offer), offer }
	}

	/// Open offers that pass a test, in order of their numbers.
	fn open_offers(wanted: impl Fn(&OfferOf<T>) -> bool) -> Vec<ViewOf<T>> {
		let mut views: Vec<_> = Offers::<T>::iter()
			.filter(|(_, offer)| wanted(offer))
			.map(Self::view)
			.filter(|view| view.open)
			.collect();
		views.sort_by_key(|view| view.id);
		views
	}

	/// The open offers on a series.
	pub fn offers_on(series: SeriesId) -> Vec<ViewOf<T>> {
		Self::open_offers(|offer| offer.series == series)
	}

	/// The open offers that only this account may accept.
	pub fn offers_to(who: &T::AccountId) -> Vec<ViewOf<T>> {
		Self::open_offers(|offer| offer.counterparty.as_ref() == Some(who))
	}

	/// Everything that an account has offered and that is stored, open or not.
	pub fn offers_of(maker: &T::AccountId) -> Vec<ViewOf<T>> {
		let ids = OffersBy::<T>::get(maker);
		ids.iter().filter_map(|id| Some(Self::view((*id, Offers::<T>::get(id)?)))).collect()
	}
}
