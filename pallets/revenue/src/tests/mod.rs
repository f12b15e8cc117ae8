//! One file per call, and per behaviour that is not a call.

/// The call gives this error and changes nothing: calls run in a storage layer.
macro_rules! assert_refused {
	($call:expr, $error:expr $(,)?) => {
		frame_support::assert_noop!(
			frame_support::storage::with_storage_layer(
				|| -> Result<_, sp_runtime::DispatchError> { $call }
			),
			$error
		)
	};
}

mod claim;
mod eras;
mod payout;
mod random_walk;
mod shares;
mod spend;

pub use crate::{mock::*, pallet::*, Error, Event, Pot};
pub use ballast_primitives::{Quantity, Ratio, Usd};
pub use ballast_traits::{EraIndex, PageIndex};
pub use frame_support::assert_ok;
pub use sp_runtime::{DispatchError, DispatchResult};

/// A signed origin.
pub fn by(who: u64) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Anybody pays out a page.
pub fn pay(era: EraIndex, validator: u64, page: PageIndex) -> DispatchResult {
	Revenue::payout(by(EVE), era, validator, page).map(|_| ()).map_err(|error| error.error)
}

pub fn owed(who: u64) -> Usd {
	Owed::<Test>::get(who).unwrap_or(Usd::ZERO)
}

pub fn percent(value: u32) -> Ratio {
	Ratio::from_percent(value)
}

/// The pot of the first era was closed with this.
pub fn closed_with(amount: i64) {
	earn(usd(amount));
	next_era();
	System::reset_events();
}
