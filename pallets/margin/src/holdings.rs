//! What an account holds, sorted by underlying.

use crate::{Account, Config, Error, Pallet};
use ballast_primitives::{AssetId, Quantity, Series, SeriesId, SeriesState, UnderlyingId, Usd};
use ballast_traits::{InspectMarket, InspectSeries};
use sp_runtime::DispatchError;

use alloc::vec::Vec;

/// Everything of one account that depends on one underlying's price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
	pub underlying: UnderlyingId,
	/// Units held as collateral.
	pub units: Quantity,
	/// Options that are not settled, sorted by expiry and strike: what is computed per expiry
	/// or strike then meets its legs side by side.
	pub legs: Vec<(SeriesId, Series, Quantity)>,
}

/// An account sorted by underlying.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sorted {
	pub groups: Vec<Group>,
	/// Value of settled positions that are still there: what longs are owed less what shorts owe.
	pub claims: Usd,
}

impl Sorted {
	fn group(&mut self, underlying: UnderlyingId) -> Option<&mut Group> {
		if !self.groups.iter().any(|group| group.underlying == underlying) {
			self.groups.push(Group { underlying, units: Quantity::ZERO, legs: Vec::new() });
		}
		self.groups.iter_mut().find(|group| group.underlying == underlying)
	}
}

impl<T: Config> Pallet<T> {
	/// Sorts an account's holdings, with `change` contracts of a series added.
	///
	/// Something that is listed no more (an asset or series whose listing was removed while it was
	/// held, which the listing does not allow) counts for nothing rather than failing: an account
	/// must always have a value.
	pub(crate) fn sorted(
		account: &Account,
		change: Option<(SeriesId, Quantity)>,
	) -> Result<Sorted, DispatchError> {
		let mut sorted = Sorted::default();
		for (asset, units) in account.collateral() {
			let group = Self::underlying_of(asset).and_then(|id| sorted.group(id));
			if let Some(group) = group {
				group.units = group.units.checked_add(units)?;
			}
		}
		for (id, quantity) in Self::changed(account, change)? {
			let Some(series) = T::Series::series(id) else { continue };
			if let SeriesState::Settled { payoff, .. } = series.state {
				sorted.claims = sorted.claims.checked_add(payoff.value_floor(quantity)?)?;
			} else if let Some(group) = sorted.group(series.underlying) {
				group.legs.push((id, series, quantity));
			}
		}
		for group in &mut sorted.groups {
			group.legs.sort_by_key(|(_, series, _)| (series.expiry, series.strike));
		}
		Ok(sorted)
	}

	/// Positions with a change applied.
	fn changed(
		account: &Account,
		change: Option<(SeriesId, Quantity)>,
	) -> Result<Vec<(SeriesId, Quantity)>, DispatchError> {
		let mut positions: Vec<_> = account.positions().collect();
		if let Some((series, change)) = change {
			let quantity = account.quantity_of(series).checked_add(change)?;
			positions.retain(|(id, _)| *id != series);
			if !quantity.is_zero() {
				frame_support::ensure!(
					T::Series::series(series).is_some(),
					Error::<T>::SeriesUnknown
				);
				positions.push((series, quantity));
			}
		}
		Ok(positions)
	}

	/// The underlying that an asset is a unit of; never one for the quote currency.
	pub(crate) fn underlying_of(asset: AssetId) -> Option<UnderlyingId> {
		T::Series::underlying_of(asset)
	}

	/// Whether trades, transfers and bids on an underlying are allowed now.
	pub(crate) fn is_usable(underlying: UnderlyingId) -> bool {
		T::Market::state(underlying).is_some_and(|state| state.is_usable())
	}
}
