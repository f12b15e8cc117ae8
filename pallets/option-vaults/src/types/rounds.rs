//! The states of a round, each with what only it knows; a state turns into the next one and into no other.

use super::{AssetAmount, Round, SharePrice};
use ballast_math::vault::DutchCurve;
use ballast_primitives::{Moment, Price, Quantity, SeriesId};
use parity_scale_codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Where a vault stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum State {
	/// Nothing is locked; the next round waits for its time, or for prices.
	Idle(Idle),
	/// The premium auction is open.
	Selling(Selling),
	/// What was sold is locked until expiry.
	Locked(Locked),
	/// The round is over and its price per share known; deposits and withdrawals are about to take place.
	Settled(Settled),
}

/// Between rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Idle {
	/// The next round begins no earlier.
	pub not_before: Moment,
}

/// How the price of an auction falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Auction {
	/// Price per contract at the beginning.
	pub start: Price,
	/// Price at the end.
	pub reserve: Price,
	/// When it began.
	pub began: Moment,
	/// When it ends.
	pub ends: Moment,
}

impl Auction {
	/// Price per contract at a moment, rounded up; the start before the beginning, the reserve after the end.
	pub fn price_at(&self, now: Moment) -> Price {
		let curve = DutchCurve {
			start: self.start.into_inner(),
			end: self.reserve.into_inner(),
			length: self.ends.saturating_sub(self.began),
		};
		Price::from_inner(curve.price_at(now.saturating_sub(self.began)))
	}
}

/// A premium auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Selling {
	/// What is sold.
	pub series: SeriesId,
	/// Its strike.
	pub strike: Price,
	/// Its expiry.
	pub expiry: Moment,
	/// Contracts offered.
	pub offered: Quantity,
	/// Contracts sold so far.
	pub sold: Quantity,
	/// Premium received so far.
	pub premium: AssetAmount,
	/// Assets at the beginning of the round.
	pub assets: AssetAmount,
	/// How the price falls.
	pub auction: Auction,
}

impl Selling {
	/// Contracts not sold yet.
	pub fn unsold(&self) -> Quantity {
		// What is sold is never more than what is offered.
		self.offered.checked_sub(self.sold).unwrap_or(Quantity::ZERO)
	}

	/// Whether nobody can buy any more.
	pub fn is_over(&self, now: Moment) -> bool {
		now >= self.auction.ends || self.unsold().is_zero()
	}

	/// The auction ends with something sold.
	pub const fn lock(self) -> Locked {
		let Self { series, strike, expiry, sold, premium, assets, auction, .. } = self;
		Locked { series, strike, expiry, sold, premium, assets, began: auction.began }
	}

	/// The auction ends with nothing sold: there is nothing to wait for.
	pub const fn settle(self) -> Settled {
		Settled { expiry: self.expiry }
	}
}

/// Options written and not settled yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Locked {
	/// What was sold.
	pub series: SeriesId,
	/// Its strike.
	pub strike: Price,
	/// Its expiry.
	pub expiry: Moment,
	/// Contracts sold.
	pub sold: Quantity,
	/// Premium received.
	pub premium: AssetAmount,
	/// Assets at the beginning of the round.
	pub assets: AssetAmount,
	/// When the round began.
	pub began: Moment,
}

impl Locked {
	/// The options were settled.
	pub const fn settle(self) -> Settled {
		Settled { expiry: self.expiry }
	}
}

/// A round that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Settled {
	/// Its expiry: the next round begins no earlier, sold or not.
	pub expiry: Moment,
}

impl Settled {
	/// Deposits and withdrawals have taken place.
	pub const fn turn(self) -> Idle {
		Idle { not_before: self.expiry }
	}
}

/// What a round has brought.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Outcome {
	/// What the buyers of its options received, less the interest that the vault's cash has earned meanwhile.
	pub payoff: AssetAmount,
	/// Management fee.
	pub management_fee: AssetAmount,
	/// Performance fee.
	pub performance_fee: AssetAmount,
	/// Price per share after all of it.
	pub price: SharePrice,
}

/// A past round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RoundRecord {
	/// Its number.
	pub round: Round,
	/// What was offered.
	pub series: SeriesId,
	/// Its strike.
	pub strike: Price,
	/// Its expiry.
	pub expiry: Moment,
	/// Contracts sold.
	pub sold: Quantity,
	/// Assets at the beginning.
	pub assets: AssetAmount,
	/// Premium received.
	pub premium: AssetAmount,
	/// When it began.
	pub began: Moment,
	/// When it was settled.
	pub ended: Moment,
	/// What it brought.
	pub outcome: Outcome,
}
