//! Mock of the market.

use ballast_primitives::{
	params::UnderlyingRisk, Averaging, MarketState, Moment, Price, Ratio, UnderlyingId,
};
use ballast_traits::{InspectMarket, MutateMarket};
use frame_support::{dispatch::DispatchResult, weights::Weight};

/// Settable [`InspectMarket`] and [`MutateMarket`].
pub struct MockMarket;

slots! { MockMarket:
	now / mock_now() -> Moment;
	state / mock_state(underlying: UnderlyingId) -> Option<MarketState>;
	block_length / mock_block_length() -> Moment;
	scan_target / mock_scan_target(underlying: UnderlyingId, risk: UnderlyingRisk) -> Option<Ratio>;
	average / mock_average(underlying: UnderlyingId) -> Option<MarketState>;
	settlement_price / mock_settlement_price(underlying: UnderlyingId, expiry: Moment) -> Option<Price>;
	averaging / mock_averaging(underlying: UnderlyingId, expiry: Moment) -> Option<Averaging>;
	accept_ticks / mock_accept_ticks() -> Weight;
	watch_expiry / mock_watch_expiry(underlying: UnderlyingId, expiry: Moment) -> DispatchResult;
	forget_expiry / mock_forget_expiry(underlying: UnderlyingId, expiry: Moment) -> ();
}

impl InspectMarket for MockMarket {
	fn now() -> Moment {
		call::now()
	}
	fn state(underlying: UnderlyingId) -> Option<MarketState> {
		call::state(underlying)
	}
	fn block_length() -> Moment {
		call::block_length()
	}
	fn scan_target(underlying: UnderlyingId, risk: &UnderlyingRisk) -> Option<Ratio> {
		call::scan_target(underlying, risk.clone())
	}
	fn average(underlying: UnderlyingId) -> Option<MarketState> {
		call::average(underlying)
	}
	fn settlement_price(underlying: UnderlyingId, expiry: Moment) -> Option<Price> {
		call::settlement_price(underlying, expiry)
	}
	fn averaging(underlying: UnderlyingId, expiry: Moment) -> Option<Averaging> {
		call::averaging(underlying, expiry)
	}
}

impl MutateMarket for MockMarket {
	fn accept_ticks() -> Weight {
		call::accept_ticks()
	}
	fn watch_expiry(underlying: UnderlyingId, expiry: Moment) -> DispatchResult {
		call::watch_expiry(underlying, expiry)
	}
	fn forget_expiry(underlying: UnderlyingId, expiry: Moment) {
		call::forget_expiry(underlying, expiry)
	}
}
