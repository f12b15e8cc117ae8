//! The runtime API of auctions.

use crate::types::{Settlement, Stage, TradeId};
use alloc::vec::Vec;
use ballast_primitives::{Moment, Ratio, Usd};
use parity_scale_codec::{Codec, Decode, Encode};
use scale_info::TypeInfo;

/// An auction and what a bid would get at this block's prices.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AuctionView<AccountId> {
	/// Whether bids are taken.
	pub stage: Stage,
	/// Whether the account is still below its maintenance margin (it may be above, and below its
	/// buffer).
	pub failing: bool,
	/// Market time at which the auction started.
	pub started_at: Moment,
	/// Seconds of market time since then.
	pub elapsed: Moment,
	/// Market time of the last bid; the start if there was none.
	pub last_bid_at: Moment,
	/// The last trade: what a bid must name.
	pub last_bid: TradeId,
	/// `g`: what a bidder gains at mark, as a share of the maintenance requirement it takes over.
	pub compensation: Ratio,
	/// `f`: the largest share that one bid may take; zero if no bid is taken.
	pub largest_share: Ratio,
	/// `(E - R) - g M`: the price of everything, the account's free cash included.
	pub price_of_whole: Usd,
	/// What a bid of `largest_share` would move: its net payment (negative: to the bidder), the
	/// penalty, the deficit. None while a part of the account has no usable price.
	pub expected: Option<Settlement>,
	/// `E`: equity.
	pub equity: Usd,
	/// `M`: maintenance requirement.
	pub maintenance: Usd,
	/// `X = E - M`.
	pub excess: Usd,
	/// `BX = E - (1 + b) M`: the auction ends when it is not negative.
	pub buffered_excess: Usd,
	/// `R`: cash set aside from earlier bids.
	pub reserved: Usd,
	/// Whether equity is negative.
	pub insolvent: bool,
	/// Who started it by a signed call.
	pub keeper: Option<AccountId>,
}

sp_api::decl_runtime_apis! {
	/// Liquidations: who fails, what is for sale, at which price.
	pub trait LiquidationApi<AccountId> where AccountId: Codec {
		/// Every account under auction with its auction.
		fn auctions() -> Vec<(AccountId, AuctionView<AccountId>)>;

		/// The auction of an account; none if it is not under auction.
		fn auction(who: AccountId) -> Option<AuctionView<AccountId>>;

		/// Up to `limit` accounts that fail now and are not under auction yet: `liquidate` starts
		/// their auction and rewards the caller.
		fn candidates(limit: u32) -> Vec<AccountId>;
	}
}
