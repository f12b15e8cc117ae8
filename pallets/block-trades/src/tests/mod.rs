//! One file per call, and per behaviour that is not a call.

/// What the call gives is this error, and it changed nothing: calls run in a storage layer.
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

mod accept;
mod cancel;
mod clean;
mod collar;
mod idle;
mod offer;
mod random_walk;
mod try_state;
mod views;

pub use crate::{mock::*, pallet::*, Collar, Error, Event, Offer, OfferId, OfferView, Side};
pub use ballast_mocks::MockParameters;
pub use ballast_primitives::{
	time::DAY, Averaging, Moment, Price, Quantity, Ratio, SeriesId, SeriesState, Usd, Volatility,
};
pub use frame_support::assert_ok;
pub use sp_runtime::{DispatchError, DispatchResult};

/// A signed origin.
pub fn by(who: u64) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// Somewhere between the edges of the collar of the call, in whole units.
pub const FAIR: Price = Price::from_int(2_700);

/// Offers on the call to anybody at a fair premium, for a day; returns the number.
pub fn offer(maker: u64, side: Side, quantity: Quantity) -> OfferId {
	offer_at(maker, side, quantity, FAIR)
}

/// The same at a premium of one's own.
pub fn offer_at(maker: u64, side: Side, quantity: Quantity, price: Price) -> OfferId {
	let id = NextOfferId::<Test>::get();
	assert_ok!(BlockTrades::offer(by(maker), CALL, side, quantity, price, None, now() + DAY));
	id
}

/// Makes so many offers of one contract.
pub fn make_offers(maker: u64, count: usize) {
	for _ in 0..count {
		offer(maker, Side::Buy, contracts(1));
	}
}

/// A little more.
pub fn above(price: Price) -> Price {
	Price::from_inner(price.into_inner() + 1)
}

/// A little less.
pub fn below(price: Price) -> Price {
	Price::from_inner(price.into_inner() - 1)
}
