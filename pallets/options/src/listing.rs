//! Listing underlyings and series.

use crate::{pallet::*, types::*};
use ballast_primitives::{
	AssetId, Moment, OptionKind, Price, SeriesId, SeriesState, Settlement, Style, UnderlyingId,
	MAX_AMERICAN_SERIES,
};
use ballast_traits::{InspectMarket, MutateMarket, RiskParameters};
use frame_support::{
	dispatch::DispatchResult, ensure, pallet_prelude::DispatchError, storage::with_storage_layer,
};

impl<T: Config> Pallet<T> {
	/// See [`Pallet::add_underlying`].
	pub(crate) fn do_add_underlying(
		underlying: UnderlyingId,
		asset: AssetId,
		symbol: Symbol,
		grid: Grid,
	) -> DispatchResult {
		ensure!(!symbol.is_empty(), Error::<T>::SymbolEmpty);
		ensure!(grid.is_valid(), Error::<T>::GridInvalid);
		ensure!(!UnderlyingOfAsset::<T>::contains_key(asset), Error::<T>::AssetTaken);
		UnderlyingIds::<T>::try_mutate(|ids| {
			let Err(place) = ids.binary_search(&underlying) else {
				return Err(Error::<T>::UnderlyingExists);
			};
			ids.try_insert(place, underlying).map_err(|_| Error::<T>::TooManyUnderlyings)
		})?;
		UnderlyingOfAsset::<T>::insert(asset, underlying);
		let listing = Underlying { asset, symbol: symbol.clone(), grid, active: true };
		Underlyings::<T>::insert(underlying, listing);
		Self::deposit_event(Event::UnderlyingAdded { underlying, asset, symbol, grid });
		Ok(())
	}

	/// See [`Pallet::set_underlying`].
	pub(crate) fn do_set_underlying(
		underlying: UnderlyingId,
		grid: Grid,
		active: bool,
	) -> DispatchResult {
		ensure!(grid.is_valid(), Error::<T>::GridInvalid);
		let mut listing = Underlyings::<T>::get(underlying).ok_or(Error::<T>::UnderlyingUnknown)?;
		listing.grid = grid;
		listing.active = active;
		Underlyings::<T>::insert(underlying, listing);
		Self::deposit_event(Event::UnderlyingSet { underlying, grid, active });
		Ok(())
	}

	/// See [`Pallet::list_series`].
	pub(crate) fn do_list_series(terms: Terms) -> Result<SeriesId, DispatchError> {
		let grid = Self::active_grid(terms.underlying)?;
		Self::ensure_expiry(&grid, terms.expiry)?;
		Self::ensure_strike(&grid, terms.underlying, terms.strike)?;
		T::Market::watch_expiry(terms.underlying, terms.expiry)?;
		Self::list(terms)
	}

	/// The live European series that a fully covered writer sells: a call out of units, a put out of
	/// cash. Listed if it is not there; what was listed stays tradable whatever the grid is now.
	pub(crate) fn do_ensure_listed(
		underlying: UnderlyingId,
		kind: OptionKind,
		strike: Price,
		expiry: Moment,
	) -> Result<SeriesId, DispatchError> {
		let settlement = match kind {
			OptionKind::Call => Settlement::InKind,
			OptionKind::Put => Settlement::Cash,
		};
		let style = Style::European;
		let terms = Terms { underlying, kind, style, settlement, strike, expiry };
		if let Some(id) = SeriesByTerms::<T>::get(terms) {
			let series = SeriesOf::<T>::get(id).map(Self::with_state);
			if series.is_some_and(|series| series.state == SeriesState::Live) {
				return Ok(id);
			}
		}
		// Whoever may sell may list, so sellers never take more than half of the places.
		let here = SeriesAt::<T>::get(expiry, underlying).len();
		let room = here < (MAX_SERIES_PER_EXPIRY / 2) as usize
			&& UnsettledSeries::<T>::get() < MAX_SERIES / 2;
		ensure!(room, Error::<T>::TooManySeries);
		with_storage_layer(|| Self::do_list_series(terms))
	}

	/// See [`Pallet::list_grid`].
	pub(crate) fn do_list_grid(
		underlying: UnderlyingId,
		style: Style,
		settlement: Settlement,
		expiry: Moment,
		strikes: &[Price],
	) -> DispatchResult {
		ensure!(!strikes.is_empty(), Error::<T>::NoStrikes);
		let grid = Self::active_grid(underlying)?;
		Self::ensure_expiry(&grid, expiry)?;
		T::Market::watch_expiry(underlying, expiry)?;
		for strike in strikes.iter().copied() {
			Self::ensure_strike(&grid, underlying, strike)?;
			for kind in kinds_of(settlement).iter().copied() {
				Self::list(Terms { underlying, kind, style, settlement, strike, expiry })?;
			}
		}
		Ok(())
	}

	/// The grid of an underlying on which something may be listed: one that is active and has
	/// volatilities.
	fn active_grid(underlying: UnderlyingId) -> Result<Grid, Error<T>> {
		let listing = Underlyings::<T>::get(underlying).ok_or(Error::<T>::UnderlyingUnknown)?;
		ensure!(listing.active, Error::<T>::UnderlyingInactive);
		let spot_only = T::Parameters::oracle(underlying).spot_only;
		ensure!(!spot_only, Error::<T>::NoVolatilitySurface);
		Ok(listing.grid)
	}

	fn ensure_expiry(grid: &Grid, expiry: Moment) -> Result<(), Error<T>> {
		let now = T::Market::now();
		ensure!(grid.has_expiry(expiry), Error::<T>::ExpiryOffGrid);
		ensure!(expiry >= now.saturating_add(LIFE_MIN), Error::<T>::ExpiryTooSoon);
		ensure!(expiry <= grid.last_expiry(now), Error::<T>::ExpiryTooFar);
		Ok(())
	}

	/// Without a usable price only the grid binds: an underlying may be listed before it is fed.
	fn ensure_strike(grid: &Grid, underlying: UnderlyingId, strike: Price) -> Result<(), Error<T>> {
		ensure!(grid.has_strike(strike), Error::<T>::StrikeOffGrid);
		ensure!(strike <= STRIKE_MAX, Error::<T>::StrikeTooFar);
		if let Some(market) = T::Market::state(underlying).filter(|market| market.is_usable()) {
			let (strike, spot) = (strike.into_inner(), market.spot.into_inner());
			let within = strike <= spot.saturating_mul(STRIKE_TO_SPOT_MAX)
				&& spot <= strike.saturating_mul(STRIKE_TO_SPOT_MAX);
			ensure!(within, Error::<T>::StrikeTooFar);
		}
		Ok(())
	}

	/// Stores a new series. Its strike and expiry were checked and its expiry is watched.
	fn list(terms: Terms) -> Result<SeriesId, DispatchError> {
		let Terms { underlying, kind, style, settlement, strike, expiry } = terms;
		ensure!(terms.is_possible(), Error::<T>::InKindMustBeEuropeanCall);
		ensure!(!SeriesByTerms::<T>::contains_key(terms), Error::<T>::SeriesExists);
		let unsettled = UnsettledSeries::<T>::get();
		ensure!(unsettled < MAX_SERIES, Error::<T>::TooManySeries);
		let series = NextSeriesId::<T>::get();
		let next = series.0.checked_add(1).ok_or(Error::<T>::TooManySeries)?;
		SeriesAt::<T>::try_append(expiry, underlying, series)
			.map_err(|_| Error::<T>::TooManySeries)?;
		Self::enqueue(expiry, underlying)?;
		NextSeriesId::<T>::put(SeriesId(next));
		UnsettledSeries::<T>::put(unsettled.saturating_add(1));
		if style == Style::American {
			let american = UnsettledAmericanSeries::<T>::get();
			ensure!(american < MAX_AMERICAN_SERIES, Error::<T>::TooManyAmericanSeries);
			UnsettledAmericanSeries::<T>::put(american.saturating_add(1));
		}
		SeriesByTerms::<T>::insert(terms, series);
		SeriesOf::<T>::insert(series, terms.list());
		Self::deposit_event(Event::SeriesListed {
			series,
			underlying,
			kind,
			style,
			settlement,
			strike,
			expiry,
		});
		Ok(series)
	}

	/// Puts an expiry into the queue of those that wait for settlement.
	fn enqueue(expiry: Moment, underlying: UnderlyingId) -> Result<(), Error<T>> {
		Expiries::<T>::try_mutate(|expiries| match expiries.binary_search(&(expiry, underlying)) {
			Ok(_) => Ok(()),
			Err(place) => expiries
				.try_insert(place, (expiry, underlying))
				.map_err(|_| Error::<T>::TooManyExpiries),
		})
	}

	/// Every series of an underlying, in order of ids.
	pub fn series_of(underlying: UnderlyingId) -> alloc::vec::Vec<SeriesInfo> {
		let mut all = SeriesOf::<T>::iter()
			.filter(|(_, series)| series.underlying == underlying)
			.map(|(id, series)| Self::info(id, Self::with_state(series)))
			.collect::<alloc::vec::Vec<_>>();
		all.sort_by_key(|info| info.id);
		all
	}

	/// The strikes of an underlying's live European series, by expiry.
	pub fn chain_of(underlying: UnderlyingId) -> alloc::vec::Vec<(Moment, alloc::vec::Vec<Price>)> {
		let mut chain = alloc::collections::BTreeMap::<Moment, alloc::vec::Vec<Price>>::new();
		for (_, series) in SeriesOf::<T>::iter() {
			let series = Self::with_state(series);
			let live = series.state == SeriesState::Live && series.style == Style::European;
			if live && series.underlying == underlying {
				chain.entry(series.expiry).or_default().push(series.strike);
			}
		}
		chain.into_iter().collect()
	}

	/// A series with its id and sides.
	pub(crate) fn info(id: SeriesId, series: ballast_primitives::Series) -> SeriesInfo {
		SeriesInfo::new(id, series, &SidesOf::<T>::get(id).unwrap_or_default())
	}

	/// A stored series with its state now: whatever has expired is frozen, and whatever has a
	/// settlement price is settled, before any hook has run.
	pub(crate) fn with_state(mut series: ballast_primitives::Series) -> ballast_primitives::Series {
		let live = matches!(series.state, SeriesState::Live);
		if live && T::Market::now() >= series.expiry {
			let price = T::Market::settlement_price(series.underlying, series.expiry);
			let settled = price.and_then(|price| {
				series.payoff(price).ok().map(|payoff| SeriesState::Settled { price, payoff })
			});
			series.state = settled.unwrap_or(SeriesState::Expired);
		}
		series
	}
}
