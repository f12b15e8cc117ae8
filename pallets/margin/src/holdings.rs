//! What an account holds, sorted by underlying.

use crate::{Config, Pallet};
use ballast_primitives::{Quantity, Series, SeriesId, UnderlyingId, Usd};
use ballast_traits::InspectMarket;

use alloc::vec::Vec;

/// Everything of one account that depends on one underlying's price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
	pub underlying: UnderlyingId,
	/// Units held as collateral, and units that settled series owe.
	pub units: Quantity,
	/// Options that are neither settled nor covered, sorted by expiry and strike: what is computed per
	/// expiry or strike then meets its legs side by side.
	pub legs: Vec<(SeriesId, Series, Quantity)>,
}

/// An account sorted by underlying.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sorted {
	pub groups: Vec<Group>,
	/// Money of settled positions and folds that is not cash yet: what longs are owed less what shorts
	/// owe.
	pub claims: Usd,
}

impl Sorted {
	/// The group of an underlying, which is there from now on.
	pub fn group(&mut self, underlying: UnderlyingId) -> &mut Group {
		let known = self.groups.iter().position(|group| group.underlying == underlying);
		let at = known.unwrap_or_else(|| {
			self.groups.push(Group { underlying, units: Quantity::ZERO, legs: Vec::new() });
			self.groups.len().saturating_sub(1)
		});
		#[allow(clippy::indexing_slicing, reason = "the index was found, or pushed, above")]
		&mut self.groups[at]
	}
}

impl<T: Config> Pallet<T> {
	/// Whether trades, transfers and bids on an underlying are allowed now.
	pub(crate) fn is_usable(underlying: UnderlyingId) -> bool {
		T::Market::state(underlying).is_some_and(|state| state.is_usable())
	}
}
