//! Accepted prices, market time and settlement prices.

use ballast_primitives::{
	params::UnderlyingRisk, Averaging, MarketState, Moment, Price, Ratio, UnderlyingId,
};
use frame_support::{dispatch::DispatchResult, weights::Weight};

/// What the chain believes about prices in this block.
pub trait InspectMarket {
	/// Market time of this block, in seconds.
	fn now() -> Moment;

	/// The market of an underlying with its quality now; `None` if no tick was ever accepted.
	/// One storage read or two.
	fn state(underlying: UnderlyingId) -> Option<MarketState>;

	/// Seconds of market time from one block to the next, if none is late.
	fn block_length() -> Moment;

	/// Where the scan range of an underlying would go under another risk, at the volatility that is known
	/// now. `None` if there is no range yet, or where arithmetic fails. One storage read or two.
	fn scan_target(underlying: UnderlyingId, risk: &UnderlyingRisk) -> Option<Ratio>;

	/// The market as it was on average over the last window as long as a settlement window: each part of
	/// spot and surface averaged over the time for which the market was usable. `None` while less than the
	/// governed share of the window was, or if the market is not usable now. Time, operators and scan
	/// range are those of now. A few storage reads.
	fn average(underlying: UnderlyingId) -> Option<MarketState>;

	/// The settlement price for an expiry that is being watched, once it is known; it never
	/// changes again.
	fn settlement_price(underlying: UnderlyingId, expiry: Moment) -> Option<Price>;

	/// What is known so far of the settlement price of a watched expiry, from the beginning of its
	/// window until the price is set; `None` before, after, and while nothing of the window is
	/// covered. One storage read.
	fn averaging(underlying: UnderlyingId, expiry: Moment) -> Option<Averaging>;
}

/// What moves the market forward.
pub trait MutateMarket {
	/// Accepts this block's tick of every underlying, if that has not happened in this block yet.
	/// Prices do not change between this call and the end of the block. Whatever uses prices
	/// outside a user's call (hooks) calls it first; before user calls the transaction extension
	/// does. Returns the weight it used.
	fn accept_ticks() -> Weight;

	/// Opens the settlement window of an expiry: from `expiry - window` on its time-weighted
	/// average price is recorded. Idempotent. Fails if too many expiries are watched or `expiry`
	/// is not in the future.
	fn watch_expiry(underlying: UnderlyingId, expiry: Moment) -> DispatchResult;

	/// Forgets the settlement price of an expiry that nobody needs any more.
	fn forget_expiry(underlying: UnderlyingId, expiry: Moment);
}
