//! What wallets, keepers and explorers ask about prices.

use alloc::vec::Vec;
use ballast_primitives::{MarketState, Moment, Price, Ratio, UnderlyingId, Usd, Volatility};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// The market of one underlying with what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct MarketView {
	/// This block's accepted tick, its quality and the scan ranges.
	pub state: MarketState,
	/// Seconds of market time since the spot price was accepted (since 1970 if it was given at
	/// genesis and never fed).
	pub spot_age: Moment,
	/// The same for the volatilities; the age of spot where only spot is fed.
	pub volatility_age: Moment,
	/// Realised volatility with the short half life.
	pub realised_fast: Volatility,
	/// Realised volatility with the long half life.
	pub realised_slow: Volatility,
	/// Scan range towards which the range of maintenance margin moves.
	pub scan_target: Ratio,
	/// A price outside the band of the circuit breaker that is waiting to be confirmed.
	pub unconfirmed_spot: Option<Price>,
	/// Expiries whose settlement price is being waited for, in order.
	pub watched: Vec<Moment>,
	/// Whether only spot is fed: the surface in `state` is then a constant that nobody trades on, and
	/// as old as spot.
	pub spot_only: bool,
}

/// The largest violation, over the marks of a chain of options, of each relation that prices must keep
/// whatever made them. Zero, up to the rounding of prices, if there is no arbitrage.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct IntegrityView {
	/// Strikes looked at, each with its call and its put.
	pub strikes: u32,
	/// `|call - put - discount x (forward - strike)|`, per contract.
	pub parity: Usd,
	/// What a vertical spread is below nothing, or above its largest payoff.
	pub monotonicity: Usd,
	/// What a price is above the line between its neighbours in strike: a butterfly below nothing.
	pub convexity: Usd,
	/// What a price falls by from one expiry to the next at the same strike over forward, as a share
	/// of the discounted forward.
	pub calendar: Ratio,
}

sp_api::decl_runtime_apis! {
	/// Prices and market time.
	pub trait MarketApi {
		/// Market time of the block, in seconds since 1970.
		fn now() -> Moment;

		/// The market of an underlying; nothing until prices and, unless only spot is fed, volatilities
		/// are known.
		fn market(underlying: UnderlyingId) -> Option<MarketView>;

		/// The market as it was on average over the last window as long as a settlement window; nothing
		/// while too little of it is covered by usable prices and volatilities, if the market is not
		/// usable now, or if only its spot is fed.
		fn average(underlying: UnderlyingId) -> Option<MarketState>;

		/// Annualised volatility that prices an option of this strike and expiry; nothing if the
		/// market is unknown, only its spot is fed or the expiry is past.
		fn volatility(
			underlying: UnderlyingId,
			strike: Price,
			expiry: Moment,
		) -> Option<Volatility>;

		/// Black-Scholes integrity of an underlying: whether the marks of all its live European series
		/// keep parity, monotonicity, convexity and calendar order. Nothing if the market is unknown or
		/// only its spot is fed.
		fn integrity(underlying: UnderlyingId) -> Option<IntegrityView>;

		/// The settlement price of an expiry, once it is known.
		fn settlement_price(underlying: UnderlyingId, expiry: Moment) -> Option<Price>;
	}
}
